"""Imports: tables that the office sends, row by row on their way into the register, and back out of it again.

An import goes through stages. Its columns are matched to fields; every row is checked and shown as it will be; then all
of it is taken or nothing; later it can be undone as a whole. Checking, taking and undoing are long work. Nothing but
the taking and the undoing writes to the register.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import connection, models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import get_language, gettext, gettext_noop, ngettext, override
from django.utils.translation import gettext_lazy as _

from partnerships.querysets.imports import ColumnMatchQuerySet, ImportQuerySet, ImportRowQuerySet
from sistercities.long_work import LongWork
from sistercities.tables import read_table
from sistercities.text import fold, number

ROWS_AT_MOST = 20_000
"""Rows of one import: all of them are held in memory, and written in one transaction."""

ON_SQLITE = 10_000
"""As above on SQLite, where nobody else can write meanwhile: so many new ones take some ten seconds of the twenty for
which others wait (`DATABASES` in the settings)."""

CHANGED_ON_SQLITE = 500
"""Agreements that one import changes there: it takes three seconds, and taking it back three times as long."""

REASONS = gettext_noop("What is wrong")
"""The heading of the column that is put before rows that are to be mended."""


def _engine() -> Any:
    from partnerships import imports  # it needs the models

    return imports


class Import(LongWork):
    """One table that somebody sent, with what is to be done with it and what was done."""

    class Stage(models.TextChoices):
        """Where it stands."""

        COLUMNS = "columns", _("columns to be matched")
        CHECKED = "checked", _("checked, not taken yet")
        TAKEN = "taken", _("taken")
        UNDONE = "undone", _("undone")

    class Task(models.TextChoices):
        """What its process does, or did last."""

        CHECK = "check", _("checking the rows")
        TAKE = "take", _("taking the rows")
        UNDO = "undo", _("undoing")

    stage = models.CharField(_("stage"), max_length=10, choices=Stage, default=Stage.COLUMNS)
    task = models.CharField(_("task"), max_length=10, choices=Task, default=Task.CHECK)
    name = models.CharField(_("name of the file"), max_length=255)
    encoding = models.CharField(_("encoding"), max_length=20, blank=True)
    delimiter = models.CharField(_("delimiter"), max_length=5, blank=True)
    sheet = models.CharField(_("sheet"), max_length=255, blank=True)
    headings = models.JSONField(_("headings"), default=list)
    """The table's first row: a list of text."""
    fields = models.JSONField(_("fields"), default=list)
    """For each heading the name of the field that its column fills; "" for a column that is left out."""
    defaults = models.JSONField(_("for all rows"), default=dict)
    """By field, what holds where a row says nothing: text as it would stand in a cell."""
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES, default="fa")
    reason = models.TextField(_("reason"), blank=True)
    """Written into the history of every record with the name of the file."""
    created_at = models.DateTimeField(_("sent"), auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,  # the import outlives the account
        verbose_name=_("sent by"),
        related_name="+",
        null=True,
    )
    taken_at = models.DateTimeField(_("taken on"), null=True)
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,  # as above
        verbose_name=_("taken by"),
        related_name="+",
        null=True,
    )
    undone_at = models.DateTimeField(_("undone on"), null=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,  # as above
        verbose_name=_("undone by"),
        related_name="+",
        null=True,
    )

    objects = ImportQuerySet.as_manager()

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="import_stage_is_known",
                condition=Q(stage__in=["columns", "checked", "taken", "undone"]),
                violation_error_message=_("Choose one of the stages."),
            ),
            models.CheckConstraint(
                name="import_taken_before_undone",
                condition=Q(undone_at__isnull=True) | Q(taken_at__isnull=False),
                violation_error_message=_("Only an import that was taken can be undone."),
            ),
        ]

    def __str__(self) -> str:
        return f"\u2068{self.name}\u2069"  # isolated: the name of a file is in no certain language

    @property
    def outcome(self) -> str:
        """What came of it, in words; "" before it is taken. `ImportQuerySet.with_counts` counts."""
        if self.taken_at is None:
            return ""
        if self.undone_at:
            return gettext("undone")
        new = ngettext("%(count)s new agreement", "%(count)s new agreements", self.new_count)
        changed = ngettext("%(count)s changed", "%(count)s changed", self.changed_count)
        told = [(self.new_count, new), (self.changed_count, changed)]
        written = [sentence % {"count": number(count)} for count, sentence in told if count]
        return gettext(", ").join(written) or gettext("nothing new")

    @classmethod
    def receive(cls, content: bytes, name: str, by: Any, language: str, **reading: str) -> "Import":
        """Keep the table in a file that came under `name`, with a first match of its columns.

        `reading` says what is guessed else, as in `read_table`. Raises ValidationError when the file cannot be read.
        """
        table = read_table(content, name, **reading)
        most = ON_SQLITE if connection.vendor == "sqlite" else ROWS_AT_MOST
        if len(table.rows) > most:
            counts = {"rows": number(len(table.rows)), "most": number(most)}
            raise ValidationError(
                gettext("The table has %(rows)s rows; one import takes %(most)s. Send it in parts.") % counts
            )
        import_ = cls(name=name[:255], headings=table.headings, language=language, created_by=by)
        import_.encoding, import_.delimiter, import_.sheet = table.encoding, table.delimiter, table.sheet
        import_.fields = _engine().first_match(table.headings)
        with transaction.atomic():
            import_.save()
            rows = [ImportRow(of=import_, number=at, cells=cells) for at, cells in table.rows]
            # Some programs leave out empty cells at the end of rows. Where most rows have all of theirs, a separator
            # is missing and the others have moved: the check then tells how many there are.
            are_cut = 2 * len(table.short) > len(rows)
            for row in rows:
                row.cells = [*row.cells, *table.excess.get(row.number, [])]
                if not are_cut:
                    row.cells = row.cells[: table.short.get(row.number)]
            ImportRow.objects.bulk_create(rows, batch_size=500)
        return import_

    def match(self, fields: list[str], defaults: dict[str, str]) -> None:
        """Say what each column means, and by field what holds where a row says nothing. What was checked is void.

        Raises ValidationError, by position of the column or by field of the default ("" where it is of neither).
        """
        _engine().check_match(self, fields, defaults)
        at_rest = type(self).objects.at_rest().filter(pk=self.pk, stage__in=[self.Stage.COLUMNS, self.Stage.CHECKED])
        if not at_rest.update(stage=self.Stage.COLUMNS, fields=fields, defaults=defaults):
            self._refuse()
        self.refresh_from_db()

    def check_rows(self, by: Any) -> None:
        """Have every row judged: see `partnerships.imports.Checking`. Raises ValidationError when it cannot be now.

        The import counts as not checked until the last row is.
        """
        self._have_done(self.Task.CHECK, self.Stage.COLUMNS, self.Stage.CHECKED, stage=self.Stage.COLUMNS)

    def take(self, by: Any, reason: str) -> None:
        """Have all of it written into the register by `by`, or nothing: see `partnerships.imports.Taking`.

        Raises ValidationError while rows stand against it, when it cannot be taken now, and when `by` may not publish
        and a row does.
        """
        if in_the_way := self.rows.in_the_way().count():
            told = ngettext(
                "%(rows)s row is wrong or not decided. Mend it, or leave it out.",
                "%(rows)s rows are wrong or not decided. Mend them, or leave them out.",
                in_the_way,
            )
            raise ValidationError(told % {"rows": number(in_the_way)})
        changed = self.rows.judged("changed").count()
        if connection.vendor == "sqlite" and changed > CHANGED_ON_SQLITE:
            told = gettext(
                "This table changes %(rows)s agreements; on SQLite one import changes up to %(most)s. Send it in parts."
            )
            raise ValidationError(told % {"rows": number(changed), "most": number(CHANGED_ON_SQLITE)})
        may_publish = by is None or by.has_perm("partnerships.publish_agreement")
        if not may_publish and self.rows.publishing().exists():
            raise ValidationError(gettext("Rows of this table publish agreements, which you may not."))
        self._have_done(self.Task.TAKE, self.Stage.CHECKED, taken_by=by, reason=reason.strip())

    def undo(self, by: Any, reason: str, leaving: bool = False) -> None:
        """Have all of it taken back by `by`, or nothing: see `partnerships.imports.Undoing`.

        What somebody has changed since stands against it; `leaving` leaves that as it is. Raises ValidationError when
        it cannot be undone now.
        """
        if leaving and self.stage == self.Stage.TAKEN:
            _engine().leave_standing(self)
        self._have_done(self.Task.UNDO, self.Stage.TAKEN, undone_by=by, reason=reason.strip())

    def carry_out(self) -> None:
        """Do what was asked for last."""
        imports = _engine()
        work = {self.Task.CHECK: imports.Checking, self.Task.TAKE: imports.Taking, self.Task.UNDO: imports.Undoing}
        with override(self.language):
            work[self.task](self).run()

    def decide(self, answers: Iterable[tuple["ImportRow", dict[str, str], bool]]) -> int:
        """As `ImportRow.decide`, for many rows at once: each with its answer, and whether it holds everywhere."""
        self.check_open()
        return _engine().decide(self, answers)

    def leave_out(self, *verdicts: str) -> int:
        """Leave out all rows of these verdicts, and tell how many. Raises ValidationError when it cannot be now."""
        self.check_open()
        return _engine().leave_out(self, verdicts)

    def wrong_rows(self) -> Iterator[list[str]]:
        """The table of what is wrong, headings first: the reasons in the reader's language, then the row as it came.

        Mended, it can be sent again; nobody takes the column of reasons for anything else.
        """
        language = get_language()
        yield [gettext(REASONS), *self.headings]
        for row in self.rows.wrong().in_order().iterator(500):
            reasons = [problem[language] for problem in row.problems]
            yield ["\n".join(dict.fromkeys(reasons)), *row.cells]

    def discard(self) -> None:
        """Delete it with its rows. Raises ValidationError once it was taken, and while something is done with it."""
        with transaction.atomic():
            untaken = type(self).objects.at_rest().filter(stage__in=[self.Stage.COLUMNS, self.Stage.CHECKED])
            # Locked, so that nobody takes it between look and deletion: with its rows its undoing would be lost.
            if not untaken.select_for_update().filter(pk=self.pk):
                self._refuse()
            self.delete()

    def check_open(self) -> None:
        """Raise ValidationError unless its rows can be decided on now."""
        if not type(self).objects.at_rest().filter(pk=self.pk, stage=self.Stage.CHECKED).exists():
            self._refuse()

    def _have_done(self, task: str, *stages: str, **values: Any) -> None:
        """Have a task begun, by whoever asks first: of two clicks, and of two people, one is refused."""
        with transaction.atomic():
            open_ = type(self).objects.at_rest().filter(pk=self.pk, stage__in=stages)
            if not open_.update(task=task, progress=self.Progress.WAITING, last_word=timezone.now(), **values):
                self._refuse()
            self.refresh_from_db()
            self.start()

    def _refuse(self) -> None:
        self.refresh_from_db()
        if self.is_going_on:
            raise ValidationError(gettext("Something is being done with this import. Wait until it is done."))
        told = {
            self.Stage.COLUMNS: _("Have the rows checked first."),
            self.Stage.CHECKED: _("This import was not taken."),
            self.Stage.TAKEN: _("This import was taken already."),
            self.Stage.UNDONE: _("This import was undone. Send the table again."),
        }
        raise ValidationError(told[self.stage])


class ImportRow(models.Model):
    """One row of the table, as it was read, as it was judged, and what came of it."""

    class Verdict(models.TextChoices):
        """What the check says of it. The last three keep the import from being taken."""

        NEW = "new", _("new")
        CHANGED = "changed", _("changed")
        UNCHANGED = "unchanged", _("unchanged")
        LEFT_OUT = "left_out", _("left out")
        DUPLICATE = "duplicate", _("duplicate suspected")
        QUESTION = "question", _("which city is meant?")
        WRONG = "wrong", _("wrong")

    of = models.ForeignKey(
        Import,
        models.CASCADE,  # a row is a part of its table
        verbose_name=_("import"),
        related_name="rows",
    )
    number = models.PositiveIntegerField(_("row"))
    """As a spreadsheet counts: the headings are row 1."""
    cells = models.JSONField(_("cells"), default=list)
    """A list of text, one for each heading."""
    verdict = models.CharField(_("verdict"), max_length=10, choices=Verdict, blank=True)
    differences = models.JSONField(_("differences"), default=list)
    """What would change: a list of {"field", "before", "after"}, the last two as text."""
    problems = models.JSONField(_("problems"), default=list)
    """What is wrong: a list of {"column", "fa", "en"}: the position of the heading (null: the row) and the reason."""
    candidates = models.JSONField(_("candidates"), default=list)
    """What the row may mean: a list of {"key", "fa", "en"}.

    A key is city:<pk>, place:<GeoNames id>, agreement:<number> or row:<number> of the same table.
    """
    answer = models.JSONField(_("answer"), default=dict)
    """What somebody decided: {"city": key, or "row" for a city of its own; "duplicate": "new", "leave" (whatever is
    said against the row) or "agreement:<number>"; "undo": "leave" for an agreement that stays as it is}."""
    found = models.JSONField(_("as it was found"), default=dict, editable=False)
    """What the taking holds against the register: {"city": key, "kind", "version", "publishes"}.

    The key is city:<pk>, place:<GeoNames id> or, for a city that is made of the row itself, row:<name>:<country>; the
    version is that of the agreement that would change.
    """
    agreement = models.ForeignKey(
        "partnerships.Agreement",
        models.SET_NULL,  # the import is remembered when what it made is gone
        verbose_name=_("agreement"),
        related_name="+",
        null=True,
    )
    undo = models.JSONField(_("for undoing"), default=dict)
    """What the undoing needs to know of a row that wrote something.

    {"made": whether it made the agreement, "before" and "after": its versions, "published": whether it published it,
    "sources": the keys of those that it made, "changed_sources": key and versions of those that it changed, "city": the
    key of the one that it made}.
    """

    objects = ImportRowQuerySet.as_manager()

    class Meta:
        verbose_name = _("row of an import")
        verbose_name_plural = _("rows of imports")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                name="importrow_number_once",
                fields=["of", "number"],
                violation_error_message=_("This row is there already."),
            ),
            models.CheckConstraint(
                name="importrow_verdict_is_known",
                condition=Q(
                    verdict__in=["", "new", "changed", "unchanged", "left_out", "duplicate", "question", "wrong"]
                ),
                violation_error_message=_("Choose one of the verdicts."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.of}: {self.number}"

    def decide(self, answer: dict[str, str], everywhere: bool = False) -> int:
        """Note what somebody decided of the row, and judge it anew; tells how many rows that was.

        `answer` is as in the column of that name. A city is taken for every row that names it alike, if that is
        wanted `everywhere`. Raises ValidationError for what is no answer, and when nothing can be decided now.
        """
        decided = self.of.decide([(self, answer, everywhere)])
        self.refresh_from_db()
        return decided


class ColumnMatch(models.Model):
    """What the columns of a table were said to mean, kept under a name for the next table of that kind."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    fields = models.JSONField(_("fields"), default=dict)
    """By heading, folded: the name of the field that its column fills, "" for one that is left out."""
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,  # the office goes on using it
        verbose_name=_("kept by"),
        related_name="+",
        null=True,
    )
    used_at = models.DateTimeField(_("last used"), auto_now=True)

    objects = ColumnMatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("match of columns")
        verbose_name_plural = _("matches of columns")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                name="columnmatch_has_a_name",
                condition=~Q(name=""),
                violation_error_message=_("Give the match a name."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def keep(cls, name: str, import_: Import, by: Any) -> "ColumnMatch":
        """Keep what the columns of an import mean under `name`, in place of what was kept under it."""
        fields = {fold(heading): field for heading, field in zip(import_.headings, import_.fields, strict=True)}
        return cls.objects.update_or_create(name=name, defaults={"fields": fields, "created_by": by})[0]

    def applied_to(self, headings: list[str]) -> list[str]:
        """For each of `headings` the field that it fills by this match, each field once; "" for one left out."""
        fields: list[str] = []
        for heading in headings:
            name = self.fields.get(fold(heading), "")
            fields.append("" if name in fields else name)
        return fields
