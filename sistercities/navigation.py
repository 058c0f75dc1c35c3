"""The sections of the staff desk: what its navigation offers to whom, and in which of them a page stands."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

DAILY = [
    ("dashboard", _("Work"), "partnerships.view_agreement", ()),
    ("agreement_list", _("Agreements"), "partnerships.view_agreement", ("agreement",)),
    ("activity_list", _("Activities"), "partnerships.view_activity", ("activity",)),
    ("commitment_list", _("Commitments"), "partnerships.view_commitment", ("commitment",)),
    ("milestone_list", _("Milestones"), "partnerships.view_milestone", ("milestone",)),
    ("document_list", _("Documents"), "partnerships.view_document", ("document",)),
    ("contact_list", _("Contacts"), "partnerships.view_contact", ("contact",)),
    ("report", pgettext_lazy("section", "Report"), "partnerships.view_agreement", ("report",)),
]
"""What the office opens daily: the name of the address, the label, who may, and the models whose pages these are."""

REFERENCE = [
    ("import_list", _("Imports"), "partnerships.view_import", ("import",)),
    ("candidate_list", _("Candidates"), "partnerships.view_agreement", ("candidate", "network")),
    ("city_list", _("Cities"), "cities.view_city", ("city", "affinity")),
    ("tie_list", pgettext_lazy("section", "Ties"), "cities.view_tie", ("tie", "tiesource", "tieimport")),
    ("resolution_list", _("Resolutions"), "partnerships.view_resolution", ("resolution",)),
    ("domain_list", _("Domains"), "partnerships.view_domain", ("domain",)),
    ("provision_list", _("Provisions"), "partnerships.view_provision", ("provision",)),
    ("membership_list", _("Memberships"), "partnerships.view_membership", ("membership",)),
    ("note_list", _("Notes"), "partnerships.view_note", ("note",)),
    ("milestonekind_list", _("Kinds of milestones"), "partnerships.view_milestonekind", ("milestonekind",)),
]
"""What is looked up and seldom changed."""

ALWAYS = 2
"""Sections that stand in sight on the narrowest screen; the others are folded away there."""


@dataclass(frozen=True)
class Place:
    """A section in the navigation. `current` is "page" on the section's own page, "true" within it, else ""."""

    address: str
    label: str
    current: str


def places(sections: list[tuple], user: Any, here: str) -> list[Place]:
    """Those of the sections that `user` may see; `here` is the name of the present page's view."""
    found = []
    for name, label, permission, models in sections:
        if not user.has_perm(permission):
            continue
        is_within = here.startswith(tuple(f"staff:{model}_" for model in models))
        current = "page" if here == f"staff:{name}" else "true" if is_within else ""
        found.append(Place(reverse(f"staff:{name}"), label, current))
    return found
