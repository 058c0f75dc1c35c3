"""Lists of ties that somebody sent: looked at row by row, then taken, and perhaps removed with what they brought."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from cities.querysets import TieImportQuerySet
from sistercities.long_work import LongWork
from sistercities.text import Bilingual


class TieImport(LongWork):
    """One list of ties, as it was sent, and what came of it. Its work is done chunk by chunk and can be continued."""

    class Stage(models.TextChoices):
        """Where it stands."""

        SENT = "sent", _("sent")
        CHECKED = "checked", _("checked, not taken yet")
        TAKEN = "taken", _("taken")
        REMOVED = "removed", _("removed")

    class Task(models.TextChoices):
        """What its process does, or did last."""

        CHECK = "check", _("checking the rows")
        TAKE = "take", _("taking the ties")
        REMOVE = "remove", _("removing what the list brought")

    stage = models.CharField(_("stage"), max_length=10, choices=Stage, default=Stage.SENT)
    task = models.CharField(_("task"), max_length=10, choices=Task, default=Task.CHECK)
    name = models.CharField(_("name of the file"), max_length=255, blank=True)
    content = models.BinaryField(_("content of the file"), default=b"")
    title_fa = models.CharField(_("title in Persian"), max_length=200, blank=True)
    title_en = models.CharField(_("title in English"), max_length=200, blank=True)
    url = models.CharField(_("address"), max_length=500, blank=True)
    licence = models.CharField(_("licence"), max_length=120, blank=True)
    as_of = models.DateField(_("as of"))
    country = models.ForeignKey(
        "cities.Country",
        models.SET_NULL,  # it is only where cities lie of which the table does not say so
        verbose_name=_("country of the first cities"),
        related_name="+",
        null=True,
        blank=True,
    )
    source = models.ForeignKey(
        "cities.TieSource",
        models.SET_NULL,  # the list is remembered when what it brought is gone
        verbose_name=_("source"),
        related_name="+",
        null=True,
    )
    counts = models.JSONField(_("rows by verdict"), default=dict)
    reasons = models.JSONField(_("rows by problem"), default=dict)
    origins = models.JSONField(_("cities by origin"), default=dict)
    reason = models.TextField(_("reason"), blank=True)
    """Why what it brought is removed; it stands in the history of each record."""
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES, default="fa")
    created_at = models.DateTimeField(_("sent"), auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,  # the list outlives the account
        verbose_name=_("sent by"),
        related_name="+",
        null=True,
    )

    title = Bilingual()

    objects = TieImportQuerySet.as_manager()

    class Meta:
        verbose_name = _("list of ties")
        verbose_name_plural = _("lists of ties")
        ordering = ["-pk"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                name="tieimport_stage_is_known",
                condition=Q(stage__in=["sent", "checked", "taken", "removed"]),
                violation_error_message=_("Choose one of the stages."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.title)

    def begin(self, task: str, **values: Any) -> None:
        """Have a task done, from the beginning: what an earlier run has written is found again.

        Raises ValidationError while something is being done with the list or with another of the same source.
        """
        with transaction.atomic():
            others = type(self).objects.filter(source=self.source_id) if self.source_id else type(self).objects.none()
            mine = type(self).objects.at_rest().filter(pk=self.pk)
            values |= {"task": task, "progress": self.Progress.WAITING, "last_word": timezone.now()}
            if others.exclude(pk__in=others.at_rest().values("pk")).exists() or not mine.update(**values):
                raise ValidationError(_("Something is being done with this list. Wait until it is done."))
            self.refresh_from_db()
            self.start()

    def carry_out(self) -> None:
        """Do the task. Raises ValidationError for a table that cannot be read."""
        with override(self.language):
            if self.task == self.Task.REMOVE:
                self._remove()
            else:
                self._read(taking=self.task == self.Task.TAKE)

    def _read(self, taking: bool) -> None:
        from cities.models.tie import TieSource
        from cities.ties import Ties
        from sistercities.tables import read_table

        said = {name: getattr(self, name) for name in ("title_fa", "title_en", "url", "licence", "as_of")}
        source = TieSource.objects.the_one(stored=taking, **said)
        if taking:
            type(self).objects.filter(pk=self.pk).update(source=source)
        ties = Ties(read_table(bytes(self.content), self.name), source, self.country, self.created_by)
        self.rows.all().delete()
        told: list[TieImportRow] = []

        def progress(done: int, total: int) -> None:
            TieImportRow.objects.bulk_create(told)
            told.clear()
            self.tell(done, total)

        for judged in ties.read(progress):
            if judged.problems:
                told.append(TieImportRow.of_judged(self, judged))
        stage = self.Stage.TAKEN if taking else self.Stage.CHECKED
        counted: dict[str, Any] = {name: dict(getattr(ties, name)) for name in ("counts", "reasons", "origins")}
        type(self).objects.filter(pk=self.pk).update(stage=stage, **counted)

    def _remove(self) -> None:
        from cities.ties import remove

        if self.source:
            remove(self.source, self.created_by, self.tell, self.reason)
        with transaction.atomic():
            type(self).objects.filter(pk=self.pk).update(stage=self.Stage.REMOVED)


class TieImportRow(models.Model):
    """A row of a list of which something is to be said: that it is not taken, and why, or what it contradicts."""

    of = models.ForeignKey(
        TieImport,
        models.CASCADE,  # a row is a part of its list
        verbose_name=_("list of ties"),
        related_name="rows",
    )
    number = models.PositiveIntegerField(_("row"))
    """As a spreadsheet counts: the headings are row 1."""
    verdict = models.CharField(_("verdict"), max_length=10)
    cells = models.JSONField(_("cells"), default=list)
    problems = models.JSONField(_("problems"), default=list)
    """A list of {"code", "city", "told"}; see `cities.ties.Problem`."""
    candidates = models.JSONField(_("candidates"), default=list)
    """For each of the two cities, a list of what may be meant, as text."""

    class Meta:
        verbose_name = _("row of a list of ties")
        verbose_name_plural = _("rows of lists of ties")
        ordering = ["number"]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.of}: {self.number}"

    @classmethod
    def of_judged(cls, of: TieImport, judged: Any) -> "TieImportRow":
        """The row, unsaved, that keeps what came of a row of the table."""
        problems = [{"code": one.code, "city": one.city, "told": one.told} for one in judged.problems]
        return cls(
            of=of,
            number=judged.number,
            verdict=judged.verdict,
            cells=judged.cells,
            problems=problems,
            candidates=list(judged.candidates),
        )

    @property
    def judged(self) -> Any:
        """What was said of the row, in the reader's language."""
        from cities.ties import Judged, Problem, Verdict

        said = [Problem(**problem) for problem in self.problems]
        return Judged(self.number, self.cells, Verdict(self.verdict), said, tuple(self.candidates))
