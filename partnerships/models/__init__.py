"""Agreements of the home city: what they rest on, what comes of them, and the work of keeping them."""

from partnerships.models.activities import Activity, Commitment, Note
from partnerships.models.agreement import Agreement, Register
from partnerships.models.basis import Affinity, Domain, Provision
from partnerships.models.contacts import Contact
from partnerships.models.decisions import Decision, Verb
from partnerships.models.desk import Desk, SavedFilter
from partnerships.models.documents import Document, DocumentVersion
from partnerships.models.evidence import Source
from partnerships.models.imports import ColumnMatch, Import, ImportRow
from partnerships.models.lifecycle import Milestone, MilestoneKind
from partnerships.models.membership import Membership
from partnerships.models.resolution import Resolution

__all__ = [
    "Activity",
    "Affinity",
    "Agreement",
    "ColumnMatch",
    "Commitment",
    "Contact",
    "Decision",
    "Desk",
    "Document",
    "DocumentVersion",
    "Domain",
    "Import",
    "ImportRow",
    "Membership",
    "Milestone",
    "MilestoneKind",
    "Note",
    "Provision",
    "Register",
    "Resolution",
    "SavedFilter",
    "Source",
    "Verb",
]
