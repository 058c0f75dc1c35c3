"""The page of work of an agreement: everything about it, and the ways to add to each part of it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from cities.models import City
from partnerships.facts import facts_of
from partnerships.forms.agreements import ROWS_AT_MOST
from partnerships.models import (
    Activity,
    Agreement,
    Commitment,
    Contact,
    Document,
    Milestone,
    MilestoneKind,
    Note,
    Source,
    Verb,
)
from partnerships.staff_views import documents
from partnerships.staff_views.agreements import AgreementPage, parts_of
from partnerships.staff_views.parts import section_of
from sistercities.history import RecordHistory
from sistercities.records import Record
from sistercities.roles import unseen_by

LISTED = 20
"""Records of one sort that the page shows; beyond it their list has them all."""

LATEST = 10
"""Steps of the history that it tells."""


@dataclass(frozen=True)
class Section:
    """One sort of what belongs to an agreement: how the page calls it, and the first of which it shows.

    `template` draws them by the name of the section; `records` is a function from the agreement to all of them, in
    their order; `add` says how one more is added, and `add_address` is a function from the agreement to where.
    """

    model: type[Record]
    title: Any
    add: Any
    template: str
    records: Callable[[Agreement], QuerySet]
    add_address: Callable[[Agreement], str]
    at_most: int = LISTED

    @property
    def key(self) -> str:
        """The id of the section on the page."""
        return section_of(self.model)

    @property
    def name(self) -> str:
        """What the template calls the records."""
        return self.key

    def fetch(self, agreement: Agreement) -> tuple[list[Record], int]:
        """The first of the records, and how many there are of them all: one query, and those of what comes along."""
        records = list(self.records(agreement).with_total()[: self.at_most])
        return records, records[0].total if records else 0


class Checklist(Section):
    """The milestones, in the order of their kinds; those that are not begun stand there too."""

    name = "checklist"

    def fetch(self, agreement: Agreement) -> tuple[list[Record], int]:
        """Every kind of milestone that the agreement takes with its milestones, and how many of these there are."""
        kinds = list(self.records(agreement))
        return kinds, sum(len(kind.steps) for kind in kinds)


def part_add(agreement: Agreement, name: str) -> str:
    """Where a part of an agreement is added."""
    return reverse(f"staff:{name}_add", args=[agreement.number])


SECTIONS = [
    Checklist(
        Milestone,
        _("Milestones"),
        _("Add a milestone"),
        "staff/includes/checklist.html",
        MilestoneKind.objects.checklist,
        lambda agreement: part_add(agreement, "milestone"),
    ),
    Section(
        Document,
        _("Documents"),
        _("Add a document"),
        "staff/includes/documents.html",
        lambda agreement: Document.objects.of_agreement(agreement).for_desk(),
        documents.add_address,
    ),
    Section(
        Activity,
        _("Activities"),
        _("Record an activity"),
        "staff/includes/activities.html",
        lambda agreement: agreement.activities.for_desk(),
        lambda agreement: f"{reverse('staff:activity_add')}?{urlencode({'agreement': agreement.number})}",
    ),
    Section(
        Commitment,
        _("Commitments"),
        _("Record a promise"),
        "staff/includes/commitments.html",
        lambda agreement: agreement.commitments.for_desk(),
        lambda agreement: part_add(agreement, "commitment"),
    ),
    Section(
        Contact,
        _("Contacts"),
        _("Add a contact"),
        "staff/includes/contacts.html",
        lambda agreement: agreement.partner.contacts.in_order(),
        lambda agreement: reverse("staff:contact_add", args=[agreement.partner.slug]),
    ),
    Section(
        Source,
        _("Sources"),
        _("Add a source"),
        "staff/includes/sources.html",
        lambda agreement: agreement.sources.newest_first(),
        lambda agreement: part_add(agreement, "source"),
        at_most=ROWS_AT_MOST,
    ),
    Section(
        Note,
        _("Notes of the office"),
        _("Add a note"),
        "staff/includes/notes.html",
        lambda agreement: agreement.notes.for_desk(),
        lambda agreement: part_add(agreement, "note"),
    ),
]
"""The sections between the facts and the history, in the order of the page."""


class AgreementWork(AgreementPage, TemplateView):
    """Everything about one agreement on one page, and from there the way to add to each part of it."""

    template_name = "staff/agreement_work.html"

    def records(self) -> QuerySet:
        return Agreement.objects.for_work()

    def carrying_back(self, address: str) -> str:
        """`address` with the way back to this page in it."""
        return f"{address}?{self.way_back()}"

    def way_back(self, section: str = "") -> str:
        """The parameter that leads back to this page, or to a section of it."""
        here = self.request.get_full_path()
        return urlencode({"next": f"{here}#{section}" if section else here})

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        record = self.get_record()
        pages, user = self.pages_of(record), self.request.user
        steps = RecordHistory.as_seen_by(user, (Agreement, {"id": record.pk}), *parts_of(record.pk))
        sections = [self.shown(section, record) for section in SECTIONS if self.sees(section)]
        return super().get_context_data(
            record=record,
            dossier=record.dossier,
            sisters=City.objects.of_agreements(Agreement.objects.standing()).sisters_of(record.partner).alphabetical(),
            pages=pages,
            groups=facts_of(record, unseen_by(user)),
            change=f"{self.address('edit', record)}?{self.way_back('facts')}" if self.may("change") else "",
            history=f"{self.address('history', record)}?{self.way_back('facts')}",
            sections=sections,
            **{section["name"]: section["records"] for section in sections},
            verbs=[(label, pages[verb]) for verb, label in Verb.choices if verb in pages],
            latest=steps.headlines(LATEST),
            **kwargs,
        )

    def sees(self, section: Section) -> bool:
        """Whether the person may look at what a section lists."""
        return self.request.user.has_perm(f"partnerships.view_{section.model._meta.model_name}")

    def shown(self, section: Section, agreement: Agreement) -> dict[str, Any]:
        """A section as the page draws it: its records, how many there are of them all, and the ways on."""
        name, user = section.model._meta.model_name, self.request.user
        records, count = section.fetch(agreement)
        way_back, add = self.way_back(section.key), section.add_address(agreement)
        listed = reverse(f"staff:{name}_list") if count > section.at_most else ""
        return {
            "key": section.key,
            "name": section.name,
            "title": section.title,
            "template": section.template,
            "records": records,
            "count": count,
            "add_label": section.add,
            "add": f"{add}{'&' if '?' in add else '?'}{way_back}" if user.has_perm(f"partnerships.add_{name}") else "",
            "all": f"{listed}?{urlencode({'agreement': agreement.number})}" if listed else "",
            "back": f"{self.request.get_full_path()}#{section.key}",
            "may_change": user.has_perm(f"partnerships.change_{name}"),
            "way_back": way_back,
        }
