"""Work that takes longer than a request may: it is done by a process of its own, which tells how far it is.

`start` begins the process once the transaction that asked for it has been committed; the row of the work is all that
the process and the pages share, so that any number of hosts may show it. The process tells of itself only outside
of a transaction: within one nobody else would see it.
"""

import datetime
import subprocess
import sys
import time
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

SILENCE = datetime.timedelta(seconds=60)
"""How long a process may be silent before it is taken to have ended without a word."""

TOLD_EVERY = 0.5
"""Seconds between two words about progress."""


class Cancelled(Exception):
    """Somebody asked for the work to be stopped."""


class LongWorkQuerySet(models.QuerySet):
    """Questions about such work."""

    def at_rest(self) -> "LongWorkQuerySet":
        """That which no process has in hand, as far as is known: see `LongWork.is_going_on`."""
        return self.exclude(progress__in=["waiting", "running"], last_word__gte=timezone.now() - SILENCE)


class LongWork(models.Model):
    """The row of such work. Subclasses say what is done, in `carry_out`."""

    class Progress(models.TextChoices):
        """How far it is."""

        IDLE = "idle", _("not begun")
        WAITING = "waiting", _("about to begin")
        RUNNING = "running", _("under way")
        DONE = "done", _("done")
        CANCELLED = "cancelled", _("cancelled")
        FAILED = "failed", _("failed")

    progress = models.CharField(_("progress"), max_length=10, choices=Progress, default=Progress.IDLE, editable=False)
    done = models.PositiveIntegerField(_("rows done"), default=0, editable=False)
    total = models.PositiveIntegerField(_("rows in all"), default=0, editable=False)
    last_word = models.DateTimeField(_("last word of its process"), null=True, editable=False)
    cancel_asked = models.BooleanField(_("to be cancelled"), default=False, editable=False)
    failure = models.TextField(_("why it failed"), blank=True, editable=False)

    class Meta:
        abstract = True

    is_done_here = False
    """Whether no process is begun for it: a command that asks for the work calls `run` itself, and can wait."""

    def show(self, done: int, total: int) -> None:
        """Show somebody who waits how far it is; does nothing unless a command has put its own in this place."""

    def carry_out(self) -> None:
        """Do the work, calling `tell` between its steps. Raises ValidationError with what stands against it."""
        raise NotImplementedError

    def start(self) -> None:
        """Have it done: by a process of its own, or here and now where settings.LONG_WORK_HERE says so."""
        self._write(progress=self.Progress.WAITING, done=0, last_word=timezone.now(), cancel_asked=False, failure="")
        if not self.is_done_here:
            transaction.on_commit(self._begin)

    def tell(self, done: int, total: int) -> None:
        """Say that `done` rows of `total` are done.

        Raises Cancelled when somebody wants it stopped, and when another process has it in hand or has done it, since
        this one was silent for so long.
        """
        now = time.monotonic()
        if now - getattr(self, "_told_at", 0) < TOLD_EVERY and done < total:
            return
        self._told_at = now
        self.show(done, total)
        self._write(done=done, total=total, last_word=timezone.now())
        mine = type(self)._base_manager.filter(pk=self.pk, progress=self.Progress.RUNNING, cancel_asked=False)
        if not mine.exists():
            raise Cancelled

    def cancel(self) -> None:
        """Ask the process to stop at its next word."""
        self._write(cancel_asked=True)

    @property
    def is_going_on(self) -> bool:
        """Whether a process has it in hand, as far as is known."""
        return self.progress in {self.Progress.WAITING, self.Progress.RUNNING} and not self.is_silent

    @property
    def is_silent(self) -> bool:
        """Whether its process has ended without a word: killed, or with the machine. It can be started again."""
        unfinished = self.progress in {self.Progress.WAITING, self.Progress.RUNNING}
        return unfinished and timezone.now() - self.last_word > SILENCE

    @property
    def percent(self) -> int:
        """How much of it is done, in per cent."""
        return self.done * 100 // self.total if self.total else 0

    def run(self) -> None:
        """Carry the work out and note how it ended. Does nothing where another process has it in hand."""
        mine = type(self)._base_manager.filter(Q(progress=self.Progress.WAITING), pk=self.pk)
        if not mine.update(progress=self.Progress.RUNNING, last_word=timezone.now()):
            return
        self.refresh_from_db()
        try:
            self.carry_out()
        except Cancelled:
            self._end(progress=self.Progress.CANCELLED)
        except Exception as error:
            self._end(progress=self.Progress.FAILED, failure="\n".join(getattr(error, "messages", [""])))
            if not hasattr(error, "messages"):
                raise
        else:
            self._write(progress=self.Progress.DONE, done=models.F("total"))

    def _end(self, **values: Any) -> None:
        # A process that was silent for long may find that another, begun in its place, has done the work by now.
        if type(self)._base_manager.filter(pk=self.pk, progress=self.Progress.RUNNING).exists():
            self._write(**values)

    def _begin(self) -> None:
        if settings.LONG_WORK_HERE:
            self.run()
            return
        program = [sys.executable, settings.BASE_DIR / "manage.py", "carry_out", self._meta.label, str(self.pk)]
        subprocess.Popen(program, cwd=settings.BASE_DIR, stdin=subprocess.DEVNULL, start_new_session=True)

    def _write(self, **values: Any) -> None:
        # Not save(): the work's own columns alone, and nothing that somebody else may be writing to its row.
        type(self)._base_manager.filter(pk=self.pk).update(**values)
        for name, value in values.items():
            if not hasattr(value, "resolve_expression"):
                setattr(self, name, value)
