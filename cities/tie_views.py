"""The staff pages of ties: their list and form, the lists that they come from, and a list that is sent and taken."""

from collections import Counter
from contextlib import suppress
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView, View
from django_htmx.http import HttpResponseClientRedirect

from cities.filters import TieFilter
from cities.models import Tie, TieImport, TieSource
from cities.tie_forms import TieImportForm, TieSourceForm
from cities.ties import Verdict, report_rows
from sistercities.browsing import one_line
from sistercities.forms import Typed
from sistercities.lists import (
    CHANGED,
    BothNames,
    Choice,
    Given,
    Latin,
    Linked,
    Moment,
    Name,
    RecordList,
    counted,
    uncertain,
)
from sistercities.sign_in import drop
from sistercities.spreadsheets import csv_lines
from sistercities.staff import Confirm, RecordEdit, StaffMixin
from sistercities.streaming import in_blocks
from sistercities.tables import read_table
from sistercities.text import number

ROWS_ON_A_PAGE = 50
"""Rows of a list of ties that are shown at once."""


class TieList(RecordList):
    """All ties that are known between the cities of the world."""

    model = Tie
    filter_class = TieFilter
    order = "cities"
    columns = (
        Name(
            "cities",
            _("cities"),
            of="__str__",
            sort=("one__sort_{language}", "other__sort_{language}"),
            needs=("with_cities",),
        ),
        Choice("form", _("form"), choices=Tie.Form.choices, sort=("form",)),
        uncertain("since", _("since")),
        Linked(
            "source",
            _("source"),
            of="source.title",
            needs=("with_source",),
            sort=("source",),
            page="tiesource_history",
            key="source_id",
        ),
        CHANGED,
    )

    @property
    def other_beginnings(self) -> list[tuple[str, str]]:
        ways = [(gettext("Sources of ties"), reverse("staff:tiesource_list"))]
        return [(gettext("Read a list of ties"), reverse("staff:tieimport_add")), *ways] if self.may("add") else ways


class TieSourceList(RecordList):
    """The lists that ties come from, the newest first."""

    model = TieSource
    order = "-as_of"
    columns = (
        BothNames("title", _("title"), sort=("title_{language}",)),
        Moment("as_of", _("as of"), sort=("as_of",)),
        Given("licence", _("licence"), sort=("licence",), nothing=_("not stated")),
        Latin("url", _("address"), is_usual=False),
        counted("tie", _("ties"), is_usual=True),
        CHANGED,
    )


class TieSourceEdit(RecordEdit):
    """A list that ties come from, with the way to remove everything that it brought."""

    model = TieSource
    form_class = TieSourceForm
    template_name = "cities/staff/tie_source.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        may_remove = self.may("delete")
        return super().get_context_data(
            removal=reverse("staff:tiesource_remove", args=[self.kwargs["pk"]]) if may_remove else "",
            ties=f"{reverse('staff:tie_list')}?{urlencode({'source': self.kwargs['pk']})}",
            **kwargs,
        )


class TieSourceRemove(Confirm):
    """Asks once more, and removes everything that a list brought."""

    model = TieSource
    action = "delete"
    title = _("Remove everything that “%(record)s” brought?")
    explanation = _(
        "Its ties are deleted, and the cities that came with them, unless somebody has changed them or something "
        "else rests on them. Who did it, when and why stays in the history."
    )
    button = _("Remove everything")
    is_dangerous = True

    def points(self, record: TieSource) -> list[str]:
        ties = record.ties.count()
        return [ngettext("%(count)s tie is deleted.", "%(count)s ties are deleted.", ties) % {"count": number(ties)}]

    def act(self, record: TieSource, reason: str) -> None:
        said = {name: getattr(record, name) for name in ("title_fa", "title_en", "url", "licence", "as_of")}
        with transaction.atomic():
            before = TieImport.objects.filter(source=record).first()
            self.work = before or TieImport.objects.create(source=record, stage=TieImport.Stage.TAKEN, **said)
            self.work.begin(TieImport.Task.REMOVE, created_by=self.request.user, reason=reason.strip())

    def done(self, record: TieSource) -> str:
        return gettext("It is being removed.")

    def success_address(self, record: TieSource) -> str:
        return reverse("staff:tieimport_detail", args=[self.work.pk])


class TieImportPage(StaffMixin):
    """A staff page of lists that were sent: for those who may record ties."""

    model = TieImport
    action = "add"

    def permission(self, action: str) -> str:
        return "cities.add_tie"

    def records(self) -> QuerySet:
        return TieImport.objects.with_people()

    def pages_of(self, record: TieImport) -> dict[str, str]:
        return {}

    def address(self, page: str, record: Any = None) -> str:
        """As everywhere; all lists that were sent stand beside the ties."""
        return reverse("staff:tie_list") if page == "list" else super().address(page, record)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**({"kinds": Tie._meta.verbose_name_plural} | kwargs))


class TieImportAdd(TieImportPage, TemplateView):
    """The page on which a list is sent."""

    template_name = "cities/staff/ties_send.html"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        drop(request, request.path)
        form = TieImportForm(Typed(request.POST), request.FILES)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form))
        return redirect("staff:tieimport_detail", form.send(by=request.user).pk)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        latest = TieImport.objects.with_people().defer("content")[:10]
        return super().get_context_data(**({"form": TieImportForm(), "latest": latest} | kwargs))


class TieImportDetail(TieImportPage, TemplateView):
    """A list that was sent: how far its process is, or what came of its rows."""

    @cached_property
    def record(self) -> TieImport:
        """The list of the address."""
        return self.get_record()

    def records(self) -> QuerySet:
        return super().records().defer("content")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.htmx and not self.is_at_work:
            return HttpResponseClientRedirect(request.path)
        return super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Take the list, stop what is under way, or begin it anew."""
        drop(request, request.path)
        deed = request.POST.get("go", "")
        record = self.record
        if deed == "stop" and record.is_going_on:
            record.cancel()
        with suppress(ValidationError):  # somebody was quicker: the page shows how far it is
            if deed == "again" and self.ended_early:
                record.begin(record.task)
            elif deed == "take" and record.stage == TieImport.Stage.CHECKED:
                record.begin(TieImport.Task.TAKE)
        return redirect("staff:tieimport_detail", record.pk)

    @property
    def ended_early(self) -> bool:
        """Whether its process came to an end before it was done."""
        return self.record.is_silent or self.record.progress in {"cancelled", "failed"}

    @property
    def is_at_work(self) -> bool:
        """Whether there is nothing to show yet but how far it is."""
        return self.record.is_going_on or self.ended_early

    def get_template_names(self) -> list[str]:
        if self.request.htmx:
            return ["cities/staff/ties_how_far.html"]
        return ["cities/staff/ties_progress.html" if self.is_at_work else "cities/staff/ties_rows.html"]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        record = self.record
        asked = one_line(self.request.GET.get("verdict"))
        verdict = asked if asked in Verdict.values else ""
        rows = record.rows.filter(verdict=verdict) if verdict else record.rows.all()
        page = Paginator(rows, ROWS_ON_A_PAGE).get_page(self.request.GET.get("page"))
        told = Counter(record.rows.values_list("verdict", flat=True))
        return super().get_context_data(
            record=record,
            ended_early=self.ended_early,
            page_obj=page,
            rows=[row.judged for row in page],
            tabs=[("", gettext("all"), sum(told.values()), not verdict)]
            + [(one.value, one.label, told[one], one == verdict) for one in Verdict if told[one]],
            figures=[
                (record.counts.get(one, 0), one.label)
                for one in Verdict
                if one != Verdict.DATED or record.counts.get(one)
            ],
            origins=[
                (record.origins.get("recorded", 0), gettext("cities recorded before")),
                (record.origins.get("gazetteer", 0), gettext("cities taken from the gazetteer")),
                (record.origins.get("row", 0), gettext("cities made of their row")),
            ],
            **kwargs,
        )


class TieImportReport(TieImportPage, View):
    """The rows of a list of which something is to be said, as a table to be mended and sent again."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        record = self.get_record()
        if not record.name:
            raise Http404
        headings = read_table(bytes(record.content), record.name).headings
        lines = csv_lines(report_rows(headings, (row.judged for row in record.rows.all().iterator())))
        response = StreamingHttpResponse(in_blocks(lines), content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="ties-{record.pk}.csv"'
        return response


class TieImportDelete(TieImportPage, Confirm):
    """Asks once more, and discards a list that was not taken, or the report of one that was."""

    title = _("Discard the list “%(record)s”?")
    explanation = _("The file and its report are deleted. What was taken of it stays.")
    button = _("Discard it")
    is_dangerous = True

    def version_of(self, record: TieImport) -> int:
        return 1

    def act(self, record: TieImport, reason: str) -> None:
        if not TieImport.objects.at_rest().filter(pk=record.pk).delete()[0]:
            raise ValidationError(_("Something is being done with this list. Wait until it is done."))

    def done(self, record: TieImport) -> str:
        return gettext("The list is discarded.")
