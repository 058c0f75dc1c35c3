"""Loads a city's register from a folder of CSV files."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from cities.models import Country
from partnerships.exchange import Issue, Report, load, read_register
from partnerships.models import Agreement
from sistercities.text import number


class Command(BaseCommand):
    """Check a register file row by row and write all of it into the register, or nothing."""

    help = (
        "Load a register: a folder of CSV files, described in partnerships/data/README.md. All of it is loaded or "
        "nothing; loading it again changes nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare what can be asked for."""
        parser.add_argument("path", type=Path, help="the folder")
        parser.add_argument("--dry-run", action="store_true", help="check everything, write nothing")
        parser.add_argument("--if-empty", action="store_true", help="do nothing if the register has any agreement")
        parser.add_argument("--update", action="store_true", help="take over the rows that differ from the register")
        parser.add_argument("--by", metavar="USERNAME", help="the account that the history names")
        parser.add_argument(
            "--language", choices=[code for code, _name in settings.LANGUAGES], default="en", help="of the messages"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Load, in the language asked for."""
        with override(options["language"]):
            self.load(**options)

    def load(self, path: Path, **options: Any) -> None:
        """Load the folder at `path` and tell what was done. Raises CommandError when nothing could be loaded."""
        if options["if_empty"] and Agreement.objects.exists():
            self.stdout.write(_("The register has agreements already. Nothing was loaded."))
            return
        if not Country.objects.exists():
            raise CommandError(_("There are no countries yet: run load_countries first."))
        by = options["by"] and User.objects.filter(username=options["by"]).first()
        if options["by"] and not by:
            raise CommandError(_("There is no account “%(name)s”.") % {"name": options["by"]})
        report = load(
            read_register(path),
            by=by or None,
            update=options["update"],
            dry_run=options["dry_run"],
            progress=self.show,
        )
        self.tell(report, update=options["update"])

    def show(self, file: str, row: int, rows: int) -> None:
        """Write how far a large file is."""
        counts = {"file": file, "row": number(row), "rows": number(rows)}
        self.stdout.write(_("%(file)s: %(row)s of %(rows)s rows") % counts)
        self.stdout.flush()

    def tell(self, report: Report, update: bool) -> None:
        """Write what was loaded. Raises CommandError when something stood against it."""
        if report.issues:
            self.list(report.issues, self.stderr)
            raise CommandError(
                ngettext(
                    "%(number)s error. Nothing was loaded.",
                    "%(number)s errors. Nothing was loaded.",
                    len(report.issues),
                )
                % {"number": number(len(report.issues))}
            )
        if report.differences and not update:
            self.list(report.differences, self.stderr)
            raise CommandError(
                ngettext(
                    "%(number)s row differs from the register. Nothing was loaded. "
                    "With --update the register takes over what the file says.",
                    "%(number)s rows differ from the register. Nothing was loaded. "
                    "With --update the register takes over what the file says.",
                    report.changed,
                )
                % {"number": number(report.changed)}
            )
        self.list(report.differences, self.stdout)
        counts = {
            "made": number(report.made),
            "changed": number(report.changed),
            "unchanged": number(report.unchanged),
        }
        self.stdout.write(_("Rows: %(made)s made, %(changed)s changed, %(unchanged)s unchanged.") % counts)
        if not report.saved:
            self.stdout.write(_("This was a dry run. Nothing was loaded."))

    def list(self, issues: list[Issue], out: Any) -> None:
        """Write one issue a line."""
        for issue in issues:
            out.write(str(issue))
