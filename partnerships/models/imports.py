"""Imports: tables that the office sends, row by row on their way into the register, and back out of it again.

An import goes through stages. Its columns are matched to fields; every row is checked and shown as it will be; then all
of it is taken or nothing; later it can be undone as a whole. Checking, taking and undoing are long work. Nothing but
the taking and the undoing writes to the register.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from partnerships.querysets.imports import ColumnMatchQuerySet, ImportQuerySet, ImportRowQuerySet
from sistercities.long_work import LongWork


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
        return self.name


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

    A key is city:<pk>, place:<GeoNames id> or agreement:<number>.
    """
    answer = models.JSONField(_("answer"), default=dict)
    """What somebody decided: {"city": key} and {"duplicate": "new", "leave" or "agreement:<number>"}."""
    agreement = models.ForeignKey(
        "partnerships.Agreement",
        models.SET_NULL,  # the import is remembered when what it made is gone
        verbose_name=_("agreement"),
        related_name="+",
        null=True,
    )
    undo = models.JSONField(_("for undoing"), default=dict)
    """What the undoing needs to know: keys of what was made, versions, and the history entries from before."""

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
