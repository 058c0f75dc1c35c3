"""Every question about our relationships, by name; a module for each subject, as in `models`."""

from partnerships.querysets.agreements import EXPIRED, FACTS, ON_RECORD, AgreementQuerySet, Change, Pact, published
from partnerships.querysets.basis import (
    AffinityQuerySet,
    DomainQuerySet,
    MembershipQuerySet,
    ProvisionQuerySet,
    ResolutionQuerySet,
)
from partnerships.querysets.evidence import SourceQuerySet

__all__ = [
    "EXPIRED",
    "FACTS",
    "ON_RECORD",
    "AffinityQuerySet",
    "AgreementQuerySet",
    "Change",
    "DomainQuerySet",
    "MembershipQuerySet",
    "Pact",
    "ProvisionQuerySet",
    "ResolutionQuerySet",
    "SourceQuerySet",
    "published",
]
