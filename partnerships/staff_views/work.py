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
from partnerships.models import Agreement, Note, Source
from partnerships.staff_views.agreements import AgreementPage
from partnerships.staff_views.parts import section_of
from sistercities.history import RecordHistory
from sistercities.records import Record

LISTED = 20
"""Records of one sort that the page shows; beyond it their list has them all."""

LATEST = 10
"""Steps of the history that it tells."""


@dataclass(frozen=True)
class Section:
    """One sort of what belongs to an agreement: how the page calls it, and the first of which it shows.

    `template` draws them as `records`; `records` is a function from the agreement to all of them, in their order.
    """

    model: type[Record]
    title: Any
    add: Any
    template: str
    records: Callable[[Agreement], QuerySet]


SECTIONS = [
    Section(
        Source,
        _("Sources"),
        _("Add a source"),
        "staff/includes/sources.html",
        lambda agreement: agreement.sources.newest_first(),
    ),
    Section(
        Note,
        _("Notes of the office"),
        _("Add a note"),
        "staff/includes/notes.html",
        lambda agreement: agreement.notes.newest_first(),
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
        history = RecordHistory((Agreement, {"id": record.pk}), *self.parts_of(record.pk))
        return super().get_context_data(
            record=record,
            dossier=record.dossier,
            pages=self.pages_of(record),
            groups=facts_of(record),
            change=f"{self.address('edit', record)}?{self.way_back('facts')}" if self.may("change") else "",
            sections=[self.shown(section, record) for section in SECTIONS if self.sees(section)],
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
        for record in records:
            record.agreement = agreement
        user, way_back = self.request.user, self.way_back(key)
        may_add = user.has_perm(f"partnerships.add_{name}")
        return {
            "key": key,
            "title": section.title,
            "template": section.template,
            "records": records,
            "count": records[0].total if records else 0,
            "add_label": section.add,
            "add": f"{reverse(f'staff:{name}_add', args=[agreement.number])}?{way_back}" if may_add else "",
            "may_change": user.has_perm(f"partnerships.change_{name}"),
            "way_back": way_back,
        }
