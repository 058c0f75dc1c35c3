"""Sends everybody who asked for it what is due, by e-mail. For cron, once a day."""

import datetime
from smtplib import SMTPException
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import override

from partnerships.digest import Digest
from partnerships.models import Desk


class Command(BaseCommand):
    """Send each digest at most once.

    Before a digest leaves, its day is noted as begun; after it has left, as sent. A process that is killed in between
    leaves a note that says so: that digest may have arrived and may not, so it is told and not sent again. A digest
    that the mail server refuses was certainly not sent: it is told, and the next run tries again.
    """

    help = (
        "Send the digests of what is due. Run it once a day: daily ones go out each day, weekly ones on Saturday, when "
        "the week begins in Iran. None is sent twice, and none where there is nothing to tell. "
        "Ends with 1 when a digest could not be sent."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """The day, and whether anything is sent."""
        parser.add_argument(
            "--on", metavar="DATE", type=_day, help="the day to tell of, as in 2026-11-24; today if left out"
        )
        parser.add_argument("--dry-run", action="store_true", help="show what would be sent; send and note nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        """Send them one after the other; what one person's mail meets with keeps nobody else's back."""
        on = options["on"] or timezone.localdate()
        self.failed = 0
        if not options["dry_run"]:
            for desk in Desk.objects.with_user().interrupted():
                self._fail(desk, f"the digest of {desk.digest_begun_on} was begun and never finished: has it arrived?")
                Desk.objects.filter(pk=desk.pk).update(digest_sent_on=desk.digest_begun_on)
        for desk in Desk.objects.with_user().digest_due(on):
            if not desk.is_open:
                continue
            if not desk.user.email:
                self._fail(desk, "has no e-mail address")
                continue
            self._send(desk, on, options["dry_run"])
        if self.failed:
            raise CommandError(f"{self.failed} of the digests could not be sent, or may not have been.")

    def _send(self, desk: Desk, on: datetime.date, dry_run: bool) -> None:
        own = Desk.objects.filter(pk=desk.pk)
        with override(desk.language):
            digest = Digest(desk, on)
            message = None if digest.is_empty else digest.message(_site())
        if dry_run:
            self.stdout.write(f"{desk.user}: nothing to tell" if message is None else _shown(message))
            return
        if not own.claim(on):
            return
        try:
            if message is not None:
                message.send()
        except (SMTPException, OSError) as error:
            own.update(digest_begun_on=desk.digest_begun_on)
            self._fail(desk, f"{error.__class__.__name__}: {error}")
            return
        own.update(digest_sent_on=on)
        self.stdout.write(f"{desk.user}: {'nothing to tell' if message is None else 'sent'}")

    def _fail(self, desk: Desk, why: str) -> None:
        self.failed += 1
        self.stderr.write(f"{desk.user}: {why}")


def _site() -> str:
    if not settings.SITE_URL.startswith(("https://", "http://")):
        raise CommandError("Set SITE_URL in the environment to the site's address, https://… (see .env.example).")
    return settings.SITE_URL


def _day(text: str) -> datetime.date:
    day = datetime.date.fromisoformat(text)
    if not 1900 <= day.year <= 2100:
        raise ValueError(text)
    return day


def _shown(message: Any) -> str:
    return f"To: {', '.join(message.to)}\nSubject: {message.subject}\n\n{message.body}"
