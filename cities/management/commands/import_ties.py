"""Reads a list of ties into the register."""

import datetime
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import override

from cities.matching import find_country
from cities.models import Country, TieSource
from cities.ties import PROBLEMS, Judged, Ties, Verdict, report_rows
from sistercities.spreadsheets import csv_lines
from sistercities.tables import read_table
from sistercities.text import number

BAR = 40


class Command(BaseCommand):
    """Read a table with two cities in each row, and tell what came of each row."""

    help = (
        "Read a list of ties between cities: a table with two cities in each row, described in the README. What is not "
        "clear is left out and told. Safe to stop and to repeat: a second run writes nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare what can be asked for."""
        parser.add_argument("file", type=Path, help="the table: CSV, TSV or XLSX")
        parser.add_argument("--title", default="", help="what the list is called, in English")
        parser.add_argument("--title-fa", default="", help="what it is called in Persian")
        parser.add_argument("--url", default="", help="where it is found")
        parser.add_argument("--licence", default="", help="under which its ties may be shown")
        parser.add_argument(
            "--as-of",
            type=datetime.date.fromisoformat,
            required=True,
            help="the day of which it is, as in 2026-11-01",
        )
        parser.add_argument("--country", default="", help="where the first cities lie, where the table does not say")
        parser.add_argument("--report", type=Path, help="a CSV file for the rows of which something is to be said")
        parser.add_argument("--dry-run", action="store_true", help="check everything, write nothing")
        parser.add_argument("--by", metavar="USERNAME", help="the account that the history names")
        parser.add_argument(
            "--language", choices=[code for code, _name in settings.LANGUAGES], default="en", help="of the messages"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Read, in the language asked for."""
        with override(options["language"]):
            try:
                self.read(**options)
            except ValidationError as error:
                raise CommandError(" ".join(error.messages)) from error

    def read(self, file: Path, **options: Any) -> None:
        """Read the table and tell what was done. Raises CommandError or ValidationError when it cannot be read."""
        if not Country.objects.exists():
            raise CommandError(_("There are no countries yet: run load_countries first."))
        by = options["by"] and User.objects.filter(username=options["by"]).first()
        if options["by"] and not by:
            raise CommandError(_("There is no account “%(name)s”.") % {"name": options["by"]})
        country = options["country"] and find_country(options["country"])
        if options["country"] and not country:
            raise CommandError(_("“%(country)s” is not known as a country.") % {"country": options["country"]})
        if not file.is_file():
            raise CommandError(_("There is no file “%(name)s”.") % {"name": file})
        table = read_table(file.read_bytes(), file.name)
        source = TieSource.objects.the_one(
            stored=not options["dry_run"],
            title_fa=options["title_fa"],
            title_en=options["title"],
            url=options["url"],
            licence=options["licence"],
            as_of=options["as_of"],
        )
        ties = Ties(table, source, country or None, by or None)
        self.began = time.monotonic()
        told: list[Judged] = [judged for judged in ties.read(self.show) if judged.problems]
        self.tell(ties, dry_run=options["dry_run"])
        if options["report"]:
            with options["report"].open("w", encoding="utf-8", newline="") as report:
                report.writelines(csv_lines(report_rows(table.headings, told)))
            self.stdout.write(_("The rows about which something is to be said: %(file)s") % {"file": options["report"]})

    def show(self, done: int, total: int) -> None:
        """Draw how far it is over itself on a terminal; a log gets the result alone."""
        if not self.stdout.isatty():
            return
        filled = BAR * done // (total or 1)
        bar = "█" * filled + "░" * (BAR - filled)
        self.stdout.write(f"\r{bar} {number(done)} / {number(total)}", ending="\n" if done == total else "")
        self.stdout.flush()

    def tell(self, ties: Ties, dry_run: bool) -> None:
        """Write what came of the rows, of their cities, and what there is to be said."""
        for verdict in Verdict:
            self.stdout.write(f"{number(ties.counts[verdict]):>9}  {_('rows')}: {verdict.label}")
        origins = {
            "recorded": _("cities recorded before"),
            "gazetteer": _("cities taken from the gazetteer"),
            "row": _("cities made of their row"),
        }
        for origin, label in origins.items():
            self.stdout.write(f"{number(ties.origins[origin]):>9}  {label}")
        for code, times in ties.reasons.most_common():
            self.stdout.write(f"{number(times):>9}  {PROBLEMS[code] % Ellipses()}")
        seconds = round(time.monotonic() - self.began, 1)
        self.stdout.write(_("%(seconds)s seconds.") % {"seconds": number(seconds)})
        if dry_run:
            self.stdout.write(_("This was a dry run. Nothing was written."))


class Ellipses(dict):
    """What stands in a sentence for whatever it is about."""

    def __missing__(self, name: str) -> str:
        return "…"
