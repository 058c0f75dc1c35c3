"""Imports a table of agreements: a city's own list, from any spreadsheet."""

from argparse import ArgumentParser
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils.translation import get_language, ngettext, override
from django.utils.translation import gettext as _

from cities.matching import Matcher, city_from
from cities.models import City, Country, Place
from partnerships.headings import FIELDS
from partnerships.imports import offer
from partnerships.models import Import, ImportRow
from sistercities.spreadsheets import csv_lines
from sistercities.text import fold, number

IN_THE_WAY = ("wrong", "question", "duplicate")
"""The verdicts with which a row is not taken."""


class Command(BaseCommand):
    """Read a table, check every row, tell what is wrong, and write all of it into the register, or nothing."""

    help = (
        "Import agreements from a table (XLSX, CSV, TSV or a list of lines), as the pages of the desk do. With --home "
        "an empty register becomes that city's. All rows are taken or none."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare what can be asked for."""
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--home", metavar="PLACE", help="the home city, as in “Erfurt, DE”, or its number in GeoNames"
        )
        parser.add_argument("--country", help="of cities whose row names none")
        parser.add_argument("--kind", help="of agreements whose row names none")
        parser.add_argument("--publish", action="store_true", help="publish the new agreements")
        parser.add_argument(
            "--all", action="append", default=[], metavar="FIELD=VALUE", help="what holds where a row says nothing"
        )
        parser.add_argument(
            "--match", action="append", default=[], metavar="HEADING=FIELD", help="what a column means (FIELD empty: "
            "it is left out); the others are guessed"
        )  # fmt: skip
        parser.add_argument("--leave-out", action="store_true", help="take the other rows if some cannot be taken")
        parser.add_argument("--wrong", metavar="FILE", type=Path, help="write the rows that are wrong into a CSV file")
        parser.add_argument("--dry-run", action="store_true", help="check everything, keep nothing")
        parser.add_argument("--by", metavar="USERNAME", help="the account that the history names")
        parser.add_argument("--reason", default="", help="why, for the history")
        parser.add_argument(
            "--language", choices=[code for code, _name in settings.LANGUAGES], default="en", help="of the messages"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Import, in the language asked for."""
        with override(options["language"]):
            try:
                self.import_table(**options)
            except ValidationError as error:
                raise CommandError("\n".join(error.messages)) from error

    def import_table(self, file: Path, **options: Any) -> None:
        """Import the table in `file`. Raises CommandError when nothing was taken."""
        if not Country.objects.exists():
            raise CommandError(_("There are no countries yet: run load_countries first."))
        by = options["by"] and User.objects.filter(username=options["by"]).first()
        if options["by"] and not by:
            raise CommandError(_("There is no account “%(name)s”.") % {"name": options["by"]})
        try:
            content = file.read_bytes()
        except OSError as error:
            raise CommandError(_("The file cannot be opened.")) from error
        # A dry run keeps nothing, not even the home city: so it is one transaction.
        with transaction.atomic() if options["dry_run"] else nullcontext():
            with transaction.atomic():
                if options["home"]:
                    self.settle(options["home"], by or None)
                import_ = Import.receive(content, file.name, by or None, options["language"])
                import_.is_done_here, import_.show = True, self.show
                import_.match(self.fields(import_, options["match"]), self.defaults(**options))
            import_.check_rows(by or None)
            self.carry_out(import_)
            self.tell(import_, options)
            if options["dry_run"]:
                transaction.set_rollback(True)
            else:
                self.take(import_, options)

    def settle(self, wanted: str, by: User | None) -> None:
        """Make the place the home city, unless it is. Raises CommandError where it does not mean exactly one."""
        home = City.objects.home()
        name, _comma, country = wanted.rpartition(",")
        matcher = Matcher()
        found = matcher.countries.find(country.strip()) if name else None
        is_number = wanted.strip().isascii() and wanted.strip().isdigit()
        match = matcher.find(
            "" if is_number else (name or wanted).strip(), found, geonames_id=int(wanted) if is_number else None
        )
        if name and found is None:
            raise CommandError(str(matcher.countries.hint(country.strip())))
        if match.kind not in ("city", "place"):
            offered = [
                f"  {one.key.removeprefix('place:')}  {offer(one, match.doubt)[get_language()]}"
                for one in match.candidates
                if one.key.startswith("place:")
            ]
            told = _("“%(place)s” is no city of the gazetteer, or more than one. Give its number in GeoNames.")
            raise CommandError("\n".join([told % {"place": wanted}, *offered]))
        key = match.candidates[0].key
        if home is not None:
            if key not in (f"city:{home.pk}", f"place:{home.geonames_id}"):
                raise CommandError(_("The home city of this register is %(city)s.") % {"city": home.name})
            return
        place = match.kind == "place" and Place.objects.get(pk=key.removeprefix("place:"))
        city = city_from(place) if place else City.objects.get(pk=key.removeprefix("city:"))
        city.slug = city.slug or City.objects.free_slug(city.name_en)
        city.become_home(by, _("Chosen as the home city of this register."))
        self.stdout.write(_("The home city is %(city)s.") % {"city": city.name})

    def fields(self, import_: Import, wanted: list[str]) -> list[str]:
        """What each column means: as guessed, unless it was said."""
        fields = list(import_.fields)
        positions = {fold(heading): position for position, heading in enumerate(import_.headings)}
        for one in wanted:
            heading, _equals, field = one.rpartition("=")
            position = positions.get(fold(heading))
            if position is None or (field and field not in FIELDS):
                known = {"columns": _(", ").join(import_.headings), "fields": _(", ").join(FIELDS)}
                told = _(
                    "“%(match)s” matches no column with a field. The columns: %(columns)s. The fields: %(fields)s."
                )
                raise CommandError(told % ({"match": one} | known))
            fields = [("" if name and name == field else name) for name in fields]
            fields[position] = field
        for heading, field in zip(import_.headings, fields, strict=True):
            self.stdout.write(f"  {heading} → {field or _('left out')}")
        return fields

    def defaults(self, **options: Any) -> dict[str, str]:
        """What holds for all rows."""
        said = dict(one.partition("=")[::2] for one in options["all"])
        said |= {name: options[name] for name in ("country", "kind") if options[name]}
        if options["publish"]:
            said["published"] = "yes"
        if unknown := [name for name in said if name not in FIELDS]:
            raise CommandError(_("There is no such field: %(names)s.") % {"names": _(", ").join(unknown)})
        return said

    def show(self, done: int, total: int) -> None:
        """Write how far it is, over what stood there before."""
        if self.stdout.isatty():
            width = 40
            full = width * done // max(total, 1)
            self.stdout.write(f"\r[{'#' * full}{' ' * (width - full)}] {number(done)} / {number(total)} ", ending="")
            self.stdout.write("", ending="\n" if done >= total else "")
            self.stdout.flush()

    def tell(self, import_: Import, options: dict[str, Any]) -> None:
        """Write what the check found."""
        for row in import_.rows.judged(*IN_THE_WAY).in_order():
            self.tell_row(row, options["language"])
        if options["wrong"]:
            with options["wrong"].open("w", encoding="utf-8", newline="") as file:
                file.writelines(csv_lines(import_.wrong_rows()))
        labels = dict(ImportRow.Verdict.choices)
        tally = sorted(import_.rows.tally().items())
        self.stdout.write(_(", ").join(f"{labels[verdict]}: {number(rows)}" for verdict, rows in tally))
        if options["dry_run"]:
            self.stdout.write(_("This was a dry run. Nothing was taken."))

    def take(self, import_: Import, options: dict[str, Any]) -> None:
        """Take the rows, unless something stands against it."""
        if options["leave_out"]:
            import_.leave_out(*IN_THE_WAY)
        import_.take(import_.created_by, options["reason"])
        self.carry_out(import_)
        taken = import_.rows.with_effect().count()
        told = ngettext("%(rows)s row was taken.", "%(rows)s rows were taken.", taken)
        self.stdout.write(told % {"rows": number(taken)})

    def tell_row(self, row: ImportRow, language: str) -> None:
        """Write why a row cannot be taken as it is."""
        reasons = [problem[language] for problem in row.problems] or [str(row.get_verdict_display())]
        offered = [f"{offer['key']} {offer[language]}" for offer in row.candidates]
        cells = " | ".join(filter(None, row.cells))
        head = _("row %(number)s") % {"number": number(row.number)}
        self.stderr.write(f"{head}: {cells}\n  " + "\n  ".join(reasons + offered))

    def carry_out(self, import_: Import) -> None:
        """Have what was asked for done. Raises CommandError where it does not come to its end."""
        import_.run()
        if import_.progress != Import.Progress.DONE:
            raise CommandError(import_.failure or str(import_.get_progress_display()))
