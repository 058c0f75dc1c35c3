"""The page of work of an agreement: everything about it, and the ways to add to each part of it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from partnerships.facts import facts_of
from partnerships.models import Agreement, Document, Note, Source
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


def part_add(agreement: Agreement, name: str) -> str:
    """Where a part of an agreement is added."""
    return reverse(f"staff:{name}_add", args=[agreement.number])


SECTIONS = [
    Section(
        Document,
        _("Documents"),
        _("Add a document"),
        "staff/includes/documents.html",
        lambda agreement: Document.objects.of_agreement(agreement).for_desk(),
        documents.add_address,
    ),
    Section(
        Source,
        _("Sources"),
        _("Add a source"),
        "staff/includes/sources.html",
        lambda agreement: agreement.sources.newest_first(),
        lambda agreement: part_add(agreement, "source"),
    ),
    Section(
        Note,
        _("Notes of the office"),
        _("Add a note"),
        "staff/includes/notes.html",
        lambda agreement: agreement.notes.newest_first(),
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
        user = self.request.user
        history = RecordHistory.as_seen_by(user, (Agreement, {"id": record.pk}), *parts_of(record.pk))
        sections = [self.shown(section, record) for section in SECTIONS if self.sees(section)]
        return super().get_context_data(
            record=record,
            dossier=record.dossier,
            pages=self.pages_of(record),
            groups=facts_of(record, unseen_by(user)),
            change=f"{self.address('edit', record)}?{self.way_back('facts')}" if self.may("change") else "",
            sections=sections,
            **{section["key"]: section["records"] for section in sections},
            latest=history.headlines(LATEST),
            **kwargs,
        )

    def sees(self, section: Section) -> bool:
        """Whether the person may look at what a section lists."""
        return self.request.user.has_perm(f"partnerships.view_{section.model._meta.model_name}")

    def shown(self, section: Section, agreement: Agreement) -> dict[str, Any]:
        """A section as the page draws it: its records, how many there are of them all, and the ways on."""
        name, key = section.model._meta.model_name, section_of(section.model)
        records = list(section.records(agreement).with_total()[:LISTED])
        user, way_back = self.request.user, self.way_back(key)
        may_add = user.has_perm(f"partnerships.add_{name}")
        return {
            "key": key,
            "title": section.title,
            "template": section.template,
            "records": records,
            "count": records[0].total if records else 0,
            "add_label": section.add,
            "add": f"{section.add_address(agreement)}?{way_back}" if may_add else "",
            "may_change": user.has_perm(f"partnerships.change_{name}"),
            "way_back": way_back,
        }
