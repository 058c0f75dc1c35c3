"""Imports of tables on the desk: a table is sent, its columns are matched, its rows looked at and decided; then taken.

An import has one address, which shows what is to be done at the stage where it stands.
"""

import zlib
from collections.abc import Iterable, Iterator
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView, View
from django_htmx.http import HttpResponseClientRedirect

from partnerships.forms.imports import DiscardForm, MatchForm, ReadingForm, ReasonForm, TableForm, UndoForm
from partnerships.headings import FIELDS
from partnerships.held_tables import HeldTable
from partnerships.models import ColumnMatch, Import, ImportRow
from partnerships.preview import AGAINST, STEPS, Preview, answer_of, figures_of, is_new, losses, promises
from sistercities.browsing import quoted
from sistercities.forms import Typed, whole
from sistercities.lists import Column, Mark, Moment, Name, Person, Quantity, RecordList, RecordSearch
from sistercities.sign_in import WHY_HELD, drop, held_here
from sistercities.spreadsheets import csv_lines, xlsx_blocks
from sistercities.staff import Confirm, StaffMixin
from sistercities.streaming import in_blocks
from sistercities.tables import ENCODINGS
from sistercities.text import number

FORMATS = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}

IN_THE_EXAMPLE = ("city", "country", "kind", "status", "signed", "place_signed_fa", "place_signed_en", "published")
"""The fields that the example fills: what any register can take."""

VALUES_SHOWN = 3
"""Values that stand beside a heading."""

ROWS_READ_ALOUD = 5
"""Rows of the table that are shown as they were read."""

LOOKED_THROUGH = 200
"""Rows in which the values that stand beside a heading are looked for."""


def table_file(rows: Iterable[list[str]], name: str, ending: str) -> HttpResponse:
    """The rows as a file to keep, in one of FORMATS."""
    parts: Iterator[Any] = xlsx_blocks({gettext("rows"): rows}) if ending == "xlsx" else in_blocks(csv_lines(rows))
    response = StreamingHttpResponse(parts, content_type=FORMATS[ending])
    response["Content-Disposition"] = f'attachment; filename="{name}.{ending}"'
    return response


class ImportPage(StaffMixin):
    """A staff page of imports."""

    model = Import
    main_page = "detail"

    def records(self) -> QuerySet:
        return Import.objects.with_people()

    def pages_of(self, record: Import) -> dict[str, str]:
        """The pages of an import that the person may see and that make sense now."""
        if not self.may("add") or record.is_going_on:
            return {}
        is_open = record.stage in {Import.Stage.COLUMNS, Import.Stage.CHECKED}
        in_the_way = record.stage == Import.Stage.CHECKED and record.rows.in_the_way().exists()
        wanted = {
            "columns": is_open,
            "take": record.stage == Import.Stage.CHECKED and not in_the_way,
            "undo": record.stage == Import.Stage.TAKEN,
            "delete": is_open,
        }
        return {page: self.address(page, record) for page, is_wanted in wanted.items() if is_wanted}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        record = kwargs.get("record")
        context = {"steps": STEPS, "may_act": self.may("add")}
        if record is not None:
            context |= {"pages": self.pages_of(record), "detail_address": self.address("detail", record)}
        return super().get_context_data(**(context | kwargs))


class FileName(Name):
    """The name of a file, in whatever language."""

    def shown(self, value: str) -> str:
        return format_html('<bdi dir="auto">{}</bdi>', value)


class ImportList(ImportPage, RecordList):
    """The tables that were sent, the newest first, with what came of each."""

    filter_class = RecordSearch
    order = "-sent"
    columns = (
        FileName("name", _("file"), sort=("name",)),
        Person("sender", _("sent by"), of="created_by", nothing=_("nobody")),
        Moment("sent", _("sent"), of="created_at", sort=("created_at",)),
        Quantity("rows", _("rows"), of="row_count", sort=("row_count",), needs=("with_counts",)),
        Mark("stage", _("stage"), choices=Import.Stage.choices, sort=("stage",)),
        Column("outcome", _("what came of it"), of="outcome", needs=("with_counts",), nothing=_("nothing yet")),
    )


class ImportAdd(ImportPage, TemplateView):
    """The page on which a table is sent."""

    action = "add"
    template_name = "staff/imports/send.html"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = TableForm(Typed(request.POST), request.FILES)
        if form.is_valid() and (sent := form.receive(by=request.user)):
            HeldTable.keep(request, sent, form.cleaned_data["file"])
            return redirect("staff:import_columns", sent.pk)
        return self.render_to_response(self.get_context_data(form=form))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**({"form": TableForm()} | kwargs))


def template_rows() -> Iterator[list[str]]:
    """The headings of every field in the reader's language, and a row as an example."""
    yield [capfirst(field.label) for field in FIELDS.values()]
    yield [field.example if field.name in IN_THE_EXAMPLE else "" for field in FIELDS.values()]


class ImportTemplate(ImportPage, View):
    """A table to fill in: all headings in the reader's language, and one row as an example."""

    action = "add"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return table_file(template_rows(), "agreements", self.kwargs["ending"])


class ImportColumns(ImportPage, TemplateView):
    """What each column means: the first guess or a `kept` match, to be corrected; and how the file is read."""

    action = "add"
    template_name = "staff/imports/columns.html"

    @cached_property
    def record(self) -> Import:
        """The import of the address."""
        return self.get_record()

    @cached_property
    def chosen(self) -> ColumnMatch | None:
        """The kept match that the address asks for."""
        return ColumnMatch.objects.filter(pk=whole(self.request.GET.get("kept"))).first()

    @property
    def fields(self) -> list[str]:
        """For each column the field that it fills, before anybody corrects it here."""
        return self.chosen.applied_to(self.record.headings) if self.chosen else self.record.fields

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.record.is_going_on or self.record.taken_at:
            return redirect(self.address("detail", self.record))
        held = held_here(request)
        if held is None:
            return super().get(request, *args, **kwargs)
        form = MatchForm(Typed(held["data"]), self.record, self.fields)
        return self.render_to_response(self.get_context_data(form=form, held=WHY_HELD.get(held["why"], "")))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        drop(request, request.path)
        data = Typed(request.POST)
        if data.get("go") == "read":
            return self.read_anew(data)
        form = MatchForm(data, self.record, self.fields)
        if form.is_valid() and form.save(by=request.user):
            return redirect(self.address("detail", self.record))
        return self.render_to_response(self.get_context_data(form=form))

    def read_anew(self, data: Typed) -> HttpResponse:
        """The table read in another way takes the place of this import."""
        held = HeldTable.of(self.request, self.record)
        form = ReadingForm(data, self.record, held) if held else None
        if form is None:
            messages.error(self.request, _("The file itself is not here any more. Send it again."))
            return redirect("staff:import_add")
        if form.is_valid() and (anew := form.read(by=self.request.user)):
            held.belongs_to(self.request, anew)
            messages.success(self.request, _("The table was read anew."))
            return redirect("staff:import_columns", anew.pk)
        return self.render_to_response(self.get_context_data(reading=form))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        record = self.record
        held = HeldTable.of(self.request, record)
        form = kwargs.pop("form", None) or MatchForm(None, record, self.fields)
        reading = kwargs.pop("reading", None) or (ReadingForm(None, record, held) if held else None)
        looked_at = list(record.rows.in_order()[:LOOKED_THROUGH])
        return super().get_context_data(
            record=record,
            form=form,
            reading=reading,
            columns=[
                {
                    "field": field,
                    "values": first_values(looked_at, position),
                    "guess": self.fields[position] if not self.chosen else "",
                }
                for position, field in enumerate(form.columns)
            ],
            beginning=looked_at[:ROWS_READ_ALOUD],
            row_count=record.rows.count(),
            encoding_name=ENCODINGS.get(record.encoding, ""),
            kept=ColumnMatch.objects.all(),
            chosen=self.chosen,
            **({"held": ""} | kwargs),
        )


def first_values(rows: list[ImportRow], position: int) -> list[str]:
    """The first values that differ in one column."""
    cells = (row.cells[position] for row in rows if position < len(row.cells))
    return list(dict.fromkeys(filter(None, cells)))[:VALUES_SHOWN]


class ImportDetail(ImportPage, TemplateView):
    """An import at the stage where it stands: its columns, how far its process is, its rows, or what came of it."""

    @cached_property
    def record(self) -> Import:
        """The import of the address."""
        return self.get_record()

    typed: Typed | None = None
    """Answers that were given and could not be kept."""

    @property
    def is_at_work(self) -> bool:
        """Whether a process has it in hand, or ended before it was done."""
        ended_early = {Import.Progress.CANCELLED, Import.Progress.FAILED}
        unfinished = self.record.is_silent or self.record.progress in ended_early
        return self.record.is_going_on or (unfinished and "rows" not in self.request.GET)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.is_at_work:
            return super().get(request, *args, **kwargs)
        if request.htmx:
            return HttpResponseClientRedirect(request.path)
        if self.record.stage == Import.Stage.COLUMNS and self.may("add"):
            return redirect(self.address("columns", self.record))
        if held := held_here(request):
            self.typed = Typed(held["data"])
            messages.warning(request, WHY_HELD.get(held["why"], ""))
        return super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Keep the answers that were given to rows of the page."""
        if not self.may("add"):
            raise Http404
        drop(request, request.path)
        data = Typed(request.POST)
        try:
            decided = self.decide(data)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            self.typed = data
            return self.get(request, *args, **kwargs)
        told = ngettext("%(count)s row is decided.", "%(count)s rows are decided.", decided)
        nothing = gettext("Nothing was answered.")
        messages.success(request, told % {"count": number(decided)} if decided else nothing)
        return redirect(request.get_full_path())

    def decide(self, data: Typed) -> int:
        """Decide what was answered anew; tells how many rows that was. Raises ValidationError for what is no answer."""
        wish, _colon, verdict = data.get("go", "").partition(":")
        if wish == "leave" and verdict in AGAINST:
            return self.record.leave_out(verdict)
        given = {whole(name.removeprefix("answer-")): name for name in data if name.startswith("answer-")}
        rows = self.record.rows.numbered(given).in_order()
        answers = [(row, answer_of(data[given[row.number]]), f"alike-{row.number}" in data) for row in rows]
        return self.record.decide(one for one in answers if is_new(one[0], one[1]))

    def get_template_names(self) -> list[str]:
        """The page of the stage."""
        if self.is_at_work:
            return ["staff/imports/how_far.html" if self.request.htmx else "staff/imports/progress.html"]
        return ["staff/imports/result.html" if self.record.taken_at else "staff/imports/rows.html"]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        record = self.record
        if self.is_at_work:
            return super().get_context_data(
                record=record,
                step="rows" if record.task == Import.Task.CHECK else "taken",
                failure=record.failure.splitlines(),
                cancel_address=self.address("cancel", record),
                again_address=self.address("again", record),
                **kwargs,
            )
        asked = self.request.GET.get("verdict", "")
        preview = Preview(record, asked, self.request.GET.get("page"), self.typed)
        unknown = gettext("%(text)s is none of the verdicts: all rows are shown.") % {"text": quoted([asked])}
        return super().get_context_data(
            record=record,
            preview=preview,
            complaint=unknown if asked != preview.verdict else "",
            has_wrong=record.rows.wrong().exists(),
            figures=figures_of(preview.tally),
            story=story_of(record),
            drafts=f"{reverse('staff:agreement_list')}?publication=draft" if preview.tally.get("new") else "",
            **kwargs,
        )


def story_of(record: Import) -> list[tuple[str, Any, Any]]:
    """What happened to an import: what, who, when."""
    steps = [
        (gettext("sent"), record.created_by, record.created_at),
        (gettext("taken"), record.taken_by, record.taken_at),
        (gettext("undone"), record.undone_by, record.undone_at),
    ]
    return [step for step in steps if step[2]]


class ImportVerb(ImportPage, View):
    """Something that is done to an import by a button alone."""

    action = "add"

    def act(self, record: Import) -> None:
        """Do it. Raises ValidationError when it cannot be done now."""
        raise NotImplementedError

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        record = self.get_record()
        try:
            self.act(record)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        return redirect(self.address("detail", record))


class ImportCancel(ImportVerb):
    """Asks the process to stop."""

    def act(self, record: Import) -> None:
        record.cancel()


class ImportAgain(ImportVerb):
    """Starts again what was stopped, failed, or ended without a word."""

    def act(self, record: Import) -> None:
        again = {
            Import.Task.CHECK: lambda: record.check_rows(self.request.user),
            Import.Task.TAKE: lambda: record.take(self.request.user, record.reason),
            Import.Task.UNDO: lambda: record.undo(self.request.user, record.reason),
        }
        again[record.task]()


class ImportConfirm(ImportPage, Confirm):
    """Asks once more before something is done to an import as a whole."""

    action = "add"
    form_class = ReasonForm
    template_name = "staff/imports/confirm.html"

    def version_of(self, record: Import) -> int:
        """What the page says that will be done, as a number: if it differs by then, the person is asked again."""
        return zlib.crc32(repr(sorted(record.rows.tally().items())).encode()) % 10**9

    def obstacles(self, record: Import) -> list[str]:
        """What stands against it, each a sentence: the page then says so and asks nothing."""
        return []

    def success_address(self, record: Import) -> str:
        return self.address("detail", record)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(obstacles=self.obstacles(kwargs["record"]), **kwargs)


class ImportTake(ImportConfirm):
    """Takes all rows, or none."""

    title = _("Take “%(record)s”?")
    explanation = _("All of it is written in one step, or nothing. Later it can be undone as a whole.")
    button = _("Take all")

    def points(self, record: Import) -> list[str]:
        return promises(record)

    def obstacles(self, record: Import) -> list[str]:
        try:
            record.check_open()
        except ValidationError as error:
            return error.messages
        if record.rows.in_the_way().exists():
            return [gettext("Rows are wrong or not decided yet: answer them, or leave them out.")]
        return []

    def is_done(self, record: Import) -> bool:
        return record.taken_at is not None or (record.is_going_on and record.task == Import.Task.TAKE)

    def act(self, record: Import, reason: str) -> None:
        record.take(self.request.user, reason)

    def done(self, record: Import) -> str:
        record.refresh_from_db()
        told = gettext("“%(record)s” is taken.") if record.taken_at else gettext("“%(record)s” is being taken.")
        return told % {"record": record}


class ImportUndo(ImportConfirm):
    """Takes back all that an import wrote, or nothing."""

    title = _("Undo “%(record)s”?")
    explanation = _(
        "All of it is taken back in one step, or nothing. What was published meanwhile is not deleted but withdrawn: "
        "its page then says so."
    )
    button = _("Undo all")
    form_class = UndoForm
    is_dangerous = True

    def points(self, record: Import) -> list[str]:
        return losses(record)

    def obstacles(self, record: Import) -> list[str]:
        return [] if record.taken_at and not record.undone_at else [gettext("There is nothing to undo.")]

    def is_done(self, record: Import) -> bool:
        return record.undone_at is not None or (record.is_going_on and record.task == Import.Task.UNDO)

    def act(self, record: Import, reason: str) -> None:
        record.undo(self.request.user, reason, leaving="leaving" in self.request.POST)

    def done(self, record: Import) -> str:
        record.refresh_from_db()
        told = gettext("“%(record)s” is undone.") if record.undone_at else gettext("“%(record)s” is being undone.")
        return told % {"record": record}


class ImportDelete(ImportConfirm):
    """Discards an import that was not taken, with all its rows."""

    action = "delete"
    form_class = DiscardForm
    title = _("Discard “%(record)s”?")
    explanation = _("Its rows and the answers go for good. The register stays as it is.")
    button = _("Discard")
    is_dangerous = True

    def obstacles(self, record: Import) -> list[str]:
        if record.is_going_on:
            return [gettext("Something is being done with this import. Wait until it is done.")]
        if record.taken_at:
            return [
                gettext("This import was taken: it remains, so that everybody can see where its records come from.")
            ]
        return []

    def act(self, record: Import, reason: str) -> None:
        record.discard()

    def done(self, record: Import) -> str:
        return gettext("“%(record)s” is discarded.") % {"record": record}

    def success_address(self, record: Import) -> str:
        return self.address("list")

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return super().post(request, *args, **kwargs)
        except Http404:  # a second click
            return redirect(self.address("list"))


class ImportWrong(ImportPage, View):
    """The rows in which something is wrong, with the reasons, to be mended and sent again."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        record = self.get_record()
        return table_file(record.wrong_rows(), f"wrong-rows-{record.pk}", self.kwargs["ending"])
