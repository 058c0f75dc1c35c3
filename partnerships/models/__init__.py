"""Agreements of the home city with its partners, and what they rest on."""

from partnerships.models.agreement import Agreement, Register
from partnerships.models.basis import Affinity, Domain, Provision
from partnerships.models.evidence import Source
from partnerships.models.membership import Membership
from partnerships.models.resolution import Resolution

__all__ = ["Affinity", "Agreement", "Domain", "Membership", "Provision", "Register", "Resolution", "Source"]
