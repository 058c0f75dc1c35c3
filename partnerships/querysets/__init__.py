"""Every question about our relationships, by name; a module for each subject, as in `models`."""

from partnerships.querysets.activities import OVERDUE, ActivityQuerySet, CommitmentQuerySet, NoteQuerySet
from partnerships.querysets.agreements import (
    ESSENTIAL,
    EXPIRED,
    FACTS,
    LACKS,
    ON_RECORD,
    AgreementQuerySet,
    Change,
    Pact,
    published,
)
from partnerships.querysets.basis import (
    AffinityQuerySet,
    DomainQuerySet,
    MembershipQuerySet,
    ProvisionQuerySet,
    ResolutionQuerySet,
)
from partnerships.querysets.contacts import ContactQuerySet
from partnerships.querysets.desk import DeskQuerySet, SavedFilterQuerySet
from partnerships.querysets.documents import DocumentQuerySet, DocumentVersionQuerySet
from partnerships.querysets.evidence import SourceQuerySet
from partnerships.querysets.imports import ColumnMatchQuerySet, ImportQuerySet, ImportRowQuerySet
from partnerships.querysets.lifecycle import MilestoneKindQuerySet, MilestoneQuerySet

__all__ = [
    "ESSENTIAL",
    "EXPIRED",
    "FACTS",
    "LACKS",
    "ON_RECORD",
    "OVERDUE",
    "ActivityQuerySet",
    "AffinityQuerySet",
    "AgreementQuerySet",
    "Change",
    "ColumnMatchQuerySet",
    "CommitmentQuerySet",
    "ContactQuerySet",
    "DeskQuerySet",
    "DocumentQuerySet",
    "DocumentVersionQuerySet",
    "DomainQuerySet",
    "ImportQuerySet",
    "ImportRowQuerySet",
    "MembershipQuerySet",
    "MilestoneKindQuerySet",
    "MilestoneQuerySet",
    "NoteQuerySet",
    "Pact",
    "ProvisionQuerySet",
    "ResolutionQuerySet",
    "SavedFilterQuerySet",
    "SourceQuerySet",
    "published",
]
