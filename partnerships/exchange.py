"""Register files: a city's register as a folder of CSV files, which people read and edit, on its way into the database.

`read_register` reads a folder and says what is wrong with it by itself. `load` checks every row against the register
and the models and writes all of it or nothing. partnerships/data/README.md describes the files for those who write
them; `TABLES` below is the whole of what the code knows about them.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from cities.models import City, Country
from partnerships.models import (
    Affinity,
    Agreement,
    Domain,
    Membership,
    MilestoneKind,
    Provision,
    Resolution,
    Source,
)
from sistercities.dates import Precision, UncertainDate
from sistercities.fields import UncertainDateField
from sistercities.records import Record, StaleRecord
from sistercities.spreadsheets import SEPARATOR
from sistercities.tables import LARGEST_FILE, TableFile, read_table
from sistercities.text import clean_text, figures, fold, latin_digits, number

PROGRESS_EVERY = 1_000

PUBLISHED = "published"
"""The one column that is no field of its model: whether everybody may read the agreement."""

SEVERAL = {"other_names"}
"""Text columns that hold several values: one a line in the database, with `SEPARATOR` in a file."""

YES = frozenset(map(fold, ("yes", "y", "true", "1", "بله", "بلی", "آری", "دارد")))
NO = frozenset(map(fold, ("no", "n", "false", "0", "خیر", "نه", "ندارد")))

MORE_SPELLINGS = {
    "partnerships.Agreement.kind": {
        "sister": "sister cities, sister town, twin city, twin town, twinning, partnership, Partnerschaft, "
        "Städtepartnerschaft, p, jumelage, kardeş şehir, خواهرخوانده, خواهر شهر, خواهرشهری, پیمان خواهرخواندگی",
        "friendship": "friendship, cooperation, friendship city, Freundschaft, Städtefreundschaft, f, amitié, dostluk, "
        "دوستی, همکاری, تفاهم‌نامه دوستی, تفاهم‌نامه همکاری, یادداشت تفاهم",
        "project": "project, Projekt, Projektpartnerschaft, پروژه, پروژه‌ای, همکاری پروژه ای",
        "contact": "contacts, Kontakt, k, تماس",
    },
    "partnerships.Agreement.status": {
        "in_force": "active, valid, current, aktiv, فعال, معتبر, برقرار",
        "negotiation": "negotiating, under negotiation, مذاکره",
        "approved": "approved, مصوب, تصویب شده",
        "prospect": "proposed, proposal, پیشنهادی",
        "ended": "terminated, dissolved, beendet, پایان یافته, لغو شده, فسخ شده",
    },
    "partnerships.Agreement.verification": {"press": "media, رسانه, مطبوعات, خبر"},
    "partnerships.Source.nature": {"press": "media, رسانه, مطبوعات, خبر"},
    "partnerships.Source.stance": {
        "supports": "تأیید, تأیید می‌کند",
        "contradicts": "رد می‌کند, مخالف",
        "mentions": "اشاره, اشاره می‌کند",
    },
}
"""How else lists write the choices of a field (by its name): its value, then its spellings."""


@dataclass(frozen=True)
class Table:
    """One file of a register: its name, the model of its rows, and its columns, which are fields of the model.

    A row is recognised by its `key` and, where one record has many such rows, also by the first of `told_by` that
    is filled. `key` is what other files write to refer to a row.
    """

    file: str
    model: type[Record]
    key: tuple[str, ...]
    columns: tuple[str, ...]
    told_by: tuple[str, ...] = ()
    obligatory: bool = False

    def field(self, column: str) -> models.Field:
        """The model's field that `column` fills; a yes-or-no field for the one column that fills none."""
        return models.BooleanField(default=False) if column == PUBLISHED else self.model._meta.get_field(column)

    def many(self, column: str) -> bool:
        """Whether `column` refers to any number of records."""
        return self.field(column).many_to_many

    def needs(self, column: str) -> bool:
        """Whether no row can do without `column`."""
        field = self.field(column)
        return column in self.key or not (field.blank or field.has_default())

    def identity(self, values: dict[str, Any]) -> tuple[Any, ...] | None:
        """That by which a row, or a record given by its columns, is recognised; None where it is not known."""
        identity = [values.get(column) for column in self.key]
        if self.told_by:
            identity.append(next(filter(None, map(values.get, self.told_by)), None))
        return None if None in identity else tuple(identity)

    def stored(self) -> models.QuerySet:
        """The records of the register, with all that they refer to: the columns derived from it are compared too."""
        one = [field.name for field in self.model._meta.fields if field.is_relation]
        return self.model.objects.select_related(*one).prefetch_related(*filter(self.many, self.columns))


# In the order in which they are loaded: each file refers only to those above it (and to rows above in itself).
TABLES = (
    Table(
        "cities.csv",
        City,
        key=("slug",),
        columns=(
            *("slug", "is_home", "country", "name_fa", "name_en", "name_local", "language_local", "other_names"),
            *("level", "region_fa", "region_en", "latitude", "longitude", "population", "population_year", "time_zone"),
            *("website", "geonames_id", "wikidata_id", "text_fa", "text_en"),
        ),
        obligatory=True,
    ),
    Table("domains.csv", Domain, key=("key",), columns=("key", "name_fa", "name_en", "text_fa", "text_en", "position")),
    Table(
        "provisions.csv",
        Provision,
        key=("key",),
        columns=("key", "plan_fa", "plan_en", "article_fa", "article_en", "text_fa", "text_en", "position"),
    ),
    Table(
        "milestone_kinds.csv",
        MilestoneKind,
        key=("key",),
        columns=(
            *("key", "name_fa", "name_en", "authority_fa", "authority_en", "text_fa", "text_en"),
            *("agreement_kinds", "patience_days", "verb", "is_public", "is_active", "position"),
        ),
    ),
    Table(
        "resolutions.csv",
        Resolution,
        key=("key",),
        columns=(
            *("key", "body_fa", "body_en", "number", "session", "decided"),
            *("title_fa", "title_en", "text_fa", "text_en"),
        ),
    ),
    Table(
        "agreements.csv",
        Agreement,
        key=("number",),
        columns=(
            *("number", "partner", "kind", "status", "status_since", "status_reason_fa", "status_reason_en"),
            *("name_fa", "name_en", "title_fa", "title_en", "signed", "place_signed_fa", "place_signed_en"),
            *("signatories_home_fa", "signatories_home_en", "signatories_partner_fa", "signatories_partner_en"),
            *("in_force_from", "expires", "notice_by", "renewal_rule_fa", "renewal_rule_en", "authentic_languages"),
            *("domains", "resolutions", "provisions", "predecessor", "summary_fa", "summary_en"),
            *("verification", "verified_on", "internal_note", PUBLISHED),
        ),
        obligatory=True,
    ),
    Table(
        "sources.csv",
        Source,
        key=("agreement",),
        told_by=("url", "reference", "title_fa", "title_en", "publisher_fa", "publisher_en"),
        columns=(
            *("agreement", "nature", "publisher_fa", "publisher_en", "title_fa", "title_en", "reference", "url"),
            *("issued", "says_fa", "says_en", "stance", "signed_claim"),
        ),
    ),
    Table(
        "affinities.csv",
        Affinity,
        key=("partner", "ground"),
        columns=("partner", "ground", "text_fa", "text_en", "attribution_fa", "attribution_en"),
    ),
    Table(
        "memberships.csv",
        Membership,
        key=("key",),
        columns=(
            *("key", "name_fa", "name_en", "acronym", "kind", "status", "since", "until", "website"),
            *("note_fa", "note_en", "provisions", "verification", "publisher_fa", "publisher_en"),
            *("url", "reference", "issued", "is_public", "position"),
        ),
    ),
)
FILES = {table.model: table.file for table in TABLES}
KEYS = {Country: "code"} | {table.model: table.key[0] for table in TABLES}
"""The field by which a file refers to a record of a model."""


@dataclass(frozen=True)
class Issue:
    """Something to say about a place in a register file, in the language that was active when it was found.

    `row` counts as a spreadsheet does: the row of headings is 1. What concerns the whole row has no column, what
    concerns the whole file no row. `value` is the beginning of what stands there.
    """

    file: str
    reason: str
    row: int | None = None
    column: str = ""
    value: str = ""

    def __str__(self) -> str:
        row = self.row and _("row %(number)s") % {"number": figures(self.row)}
        value = self.value and _("“%(text)s”") % {"text": self.value}
        return _(", ").join(filter(None, [self.file, row, self.column, value])) + f": {self.reason}"


@dataclass
class Row:
    """A row as it was read: what stands in its cells, and the values of those that could be read.

    A value that refers to other records is their key, or a tuple of keys in order. `wrong` are the columns that
    an issue was found with; "" when it was found with the row as such.
    """

    number: int
    cells: dict[str, str]
    values: dict[str, Any] = field(default_factory=dict)
    wrong: set[str] = field(default_factory=set)


@dataclass
class RegisterFile:
    """A folder as it was read. Of the `incomplete` files it is not known which rows they have."""

    name: str
    rows: dict[str, list[Row]] = field(default_factory=dict)
    issues: list[Issue] = field(default_factory=list)
    incomplete: set[str] = field(default_factory=set)


def read_register(path: Path) -> RegisterFile:
    """Read the register file (a folder) at `path`. Nothing is raised: what is wrong with it is among its issues."""
    register = RegisterFile(path.absolute().name)
    known = [table.file for table in TABLES]
    try:
        present = {file.name for file in path.iterdir()}
    except OSError as error:
        if isinstance(error, NotADirectoryError):
            reason = _("A register is a folder of CSV files; this is a single file.")
        else:
            reason = _("There is no such folder, or it cannot be opened.")
        register.issues.append(Issue(_shown(path), reason))
        register.incomplete.update(known)
        return register
    for name in sorted(present - set(known)):
        if name.lower().endswith(".csv"):
            reason = _("This is not one of the files of a register. They are: %(files)s.")
            register.issues.append(Issue(_shown(name), reason % {"files": _(", ").join(known)}))
    for table in TABLES:
        register.rows[table.file] = []
        if table.file in present:
            try:
                _read_table(table, _table_in(path / table.file), register)
            except ValidationError as error:
                register.incomplete.add(table.file)
                row = getattr(error, "row", None)
                register.issues += [Issue(table.file, reason, row) for reason in error.messages]
        elif table.obligatory:
            register.incomplete.add(table.file)
            register.issues.append(Issue(table.file, _("This file is missing.")))
    return register


def _table_in(file: Path) -> TableFile:
    """The table in a file. Raises ValidationError when it cannot be read."""
    try:
        with file.open("rb") as opened:
            return read_table(opened.read(LARGEST_FILE + 1), file.name)
    except OSError as error:
        raise ValidationError(_("The file cannot be opened.")) from error


def _read_table(table: Table, read: TableFile, register: RegisterFile) -> None:
    """Add the rows of a file to `register`. Raises ValidationError when its columns cannot be told apart."""
    headings = _headings(table, read, register)
    seen: dict[tuple[Any, ...], int] = {}
    for line, cells in read.rows:
        row = _read_row(table, headings, line, cells, register, _count(read, line))
        identity = table.identity(row.values)
        first = identity and seen.setdefault(identity, line)
        if first and first != line:
            row.wrong.add("")
            reason = _("This row and row %(row)s are about the same: keep one of them.")
            register.issues.append(Issue(table.file, reason % {"row": figures(first)}, line))
        register.rows[table.file].append(row)


def _count(read: TableFile, line: int) -> int:
    """How many cells a row has in its file."""
    return read.short.get(line, len(read.headings) + len(read.excess.get(line, [])))


def _headings(table: Table, read: TableFile, register: RegisterFile) -> list[str]:
    """The columns of a file in their order; what is said of unknown ones is said here."""
    headings = [heading.lower() for heading in read.headings]
    reasons = []
    for heading in dict.fromkeys(headings):
        if headings.count(heading) > 1:
            reasons.append(_("The column “%(column)s” stands there more than once.") % {"column": _shown(heading)})
        elif heading not in table.columns:
            reason = _("There is no column “%(column)s”. The columns are: %(columns)s.")
            names = {"column": _shown(heading), "columns": _(", ").join(table.columns)}
            register.issues.append(Issue(table.file, reason % names, read.headings_row))
    for column in table.columns:
        if table.needs(column) and column not in headings:
            reasons.append(_("The column “%(column)s” is missing.") % {"column": column})
    if reasons:
        raise ValidationError(reasons)
    return headings


def _read_row(
    table: Table, headings: list[str], line: int, cells: list[str], register: RegisterFile, count: int
) -> Row:
    """The row of `cells`; `count` is how many it has in its file."""
    row = Row(line, {heading: cell for heading, cell in zip(headings, cells, strict=False) if heading in table.columns})
    ragged = count != len(headings)
    if ragged:
        # A separator too many or too few moves values into other columns: nothing is said of these but the key.
        row.wrong.add("")
        reason = ngettext(
            "This row has %(cells)s cell, and there are %(columns)s columns.",
            "This row has %(cells)s cells, and there are %(columns)s columns.",
            count,
        )
        counts = {"cells": number(count), "columns": number(len(headings))}
        register.issues.append(Issue(table.file, reason % counts, line))
    for column, cell in row.cells.items():
        try:
            row.values[column] = read_cell(table, column, cell)
        except ValidationError as error:
            row.wrong.add(column)
            if not ragged:
                register.issues += [Issue(table.file, reason, line, column, _shown(cell)) for reason in error.messages]
    return row


def read_cell(table: Table, column: str, text: str) -> Any:
    """The value that the `text` of a cell is in `column`. Raises ValidationError."""
    field = table.field(column)
    if field.many_to_many:
        return tuple(sorted(_several(text)))
    if not text:
        if table.needs(column):
            raise ValidationError(_("A value is needed here."))
        return field.get_default()
    if field.is_relation:
        key = field.related_model._meta.get_field(KEYS[field.related_model])
        return _whole_number(text) if isinstance(key, models.IntegerField) else text
    if field.choices:
        return read_choice(field, text)
    if column in SEVERAL:
        return "\n".join(_several(text))
    return next((read(text) for kind, read in READERS.items() if isinstance(field, kind)), text)


def read_choice(field: models.Field, text: str) -> Any:
    """The choice of `field` that `text` names: its value, its label in a language of the site, or another spelling.

    Case, spaces, half-spaces and the shapes of letters do not count. Raises ValidationError for what names none.
    """
    value = _choices(field).get(fold(text))
    if value is None:
        labels = [_("“%(text)s”") % {"text": label} for _value, label in field.flatchoices]
        raise ValidationError(_("Write one of these: %(values)s.") % {"values": _(", ").join(labels)})
    return value


@cache
def _choices(field: models.Field) -> dict[str, Any]:
    """The choices of a field by their folded spellings."""
    spelt = {}
    more = MORE_SPELLINGS.get(str(field), {})
    for code, _name in settings.LANGUAGES:
        with override(code):
            for value, label in field.flatchoices:
                for spelling in (value, str(label), *more.get(value, "").split(",")):
                    spelt.setdefault(fold(spelling), value)
    spelt.pop("", None)
    return spelt


def domain_spellings() -> dict[str, str]:
    """The keys of the domains of cooperation by their folded spellings: the key and the names in both languages."""
    spelt: dict[str, str] = {}
    doubtful = set()
    for domain in Domain.objects.all():
        for spelling in map(fold, (domain.key, domain.name_fa, domain.name_en)):
            if spelt.setdefault(spelling, domain.key) != domain.key:
                doubtful.add(spelling)
    return {spelling: key for spelling, key in spelt.items() if spelling not in doubtful}


def domain_keys(written: Iterable[str], spellings: dict[str, str]) -> tuple[str, ...]:
    """The keys, in order, of the domains that a cell names (as `read_cell` has it); what is not known stays as it is.

    `spellings` are those of `domain_spellings`. Names may stand with commas between.
    """
    keys: set[str] = set()
    for one in written:
        parts = [one] if fold(one) in spellings else [part for part in re.split(r"\s*[,،;؛/]\s*", one) if part]
        keys |= {spellings.get(fold(part), part) for part in parts}
    return tuple(sorted(keys))


def _several(text: str) -> list[str]:
    """The distinct values of a cell that holds several."""
    parts = (part.strip() for part in text.replace("\n", "|").split("|"))
    return list(dict.fromkeys(filter(None, parts)))


def _yes_or_no(text: str) -> bool:
    word = fold(text)
    if word not in YES | NO:
        raise ValidationError(_("Write yes or no."))
    return word in YES


def _whole_number(text: str) -> int:
    digits = latin_digits(text)
    if not re.fullmatch(r"[0-9]{1,18}(\.0+)?", digits):  # some programs write a whole number as 12.0
        raise ValidationError(_("Write a whole number, in digits alone."))
    return int(digits.partition(".")[0])


def _decimal(text: str) -> float:
    digits = re.sub("[٫,]", ".", latin_digits(text).replace("−", "-"), count=1)  # no degree has thousands
    if not re.fullmatch(r"-?[0-9]{1,18}(\.[0-9]{1,18})?", digits):
        raise ValidationError(_("Write a number in digits, with a point before the decimals."))
    return float(digits)


def _day(text: str) -> Any:
    date = UncertainDate.parse(text)
    if date.precision != Precision.DAY:
        raise ValidationError(_("Write year, month and day."))
    return date.first


READERS: dict[type[models.Field], Callable[[str], Any]] = {
    models.BooleanField: _yes_or_no,
    models.IntegerField: _whole_number,
    models.FloatField: _decimal,
    models.DateField: _day,
    UncertainDateField: UncertainDate.read,
}


def _shown(value: Any) -> str:
    """The beginning of a value, for a message."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, UncertainDate):
        return value.given()
    if isinstance(value, tuple):
        return SEPARATOR.join(map(str, value))
    text = "" if value is None else SEPARATOR.join(clean_text(str(value)).splitlines())
    return text if len(text) <= 60 else text[:59].rstrip() + "…"


@dataclass
class Report:
    """What a load did, or would have done: in rows, and in words about the rows it stumbled on.

    `differences` are the rows that say something else than the register. Unless these were to be taken over, they
    are refused like the rows with `issues`, and nothing at all is written.
    """

    made: int = 0
    changed: int = 0
    unchanged: int = 0
    issues: list[Issue] = field(default_factory=list)
    differences: list[Issue] = field(default_factory=list)
    saved: bool = False


def load(
    register: RegisterFile,
    by: Any = None,
    update: bool = False,
    dry_run: bool = False,
    progress: Callable[[str, int, int], None] = lambda file, row, rows: None,
) -> Report:
    """Write a register file as it was read into the register: all of it, or nothing.

    Rows that the register does not have are added, those that it has alike are left untouched, and those that
    differ are changed with `update` and refused without. What the file does not name stays. `by` is the user whom
    the history names; `progress` is told the file, the rows done and the rows there are, after every thousand.
    """
    with transaction.atomic():
        report = _Loading(register, by, update).run(progress)
        report.saved = not (dry_run or report.issues or (report.differences and not update))
        if not report.saved:
            transaction.set_rollback(True)
    return report


class _Loading:
    """One load as it goes on: what is known by now, what is wrong, and the report."""

    def __init__(self, register: RegisterFile, by: Any, update: bool) -> None:
        self.register, self.by, self.update = register, by, update
        self.report = Report(issues=list(register.issues))
        self.now = timezone.now()
        self.home = City.objects.home()
        self.numbers_given = set(Agreement.history.order_by().values_list("number", flat=True).distinct())
        self.known: dict[type[models.Model], dict[Any, Any]] = {}
        self.wrong: dict[type[models.Model], set[Any]] = defaultdict(set)
        self.to_ground: dict[int, tuple[Table, Row, Agreement]] = {}

    def run(self, progress: Callable[[str, int, int], None]) -> Report:
        """Take every row of every file, then ask what no single row can tell."""
        for table in TABLES:
            rows = self.register.rows.get(table.file, [])
            for done, row in enumerate(rows, 1):
                self.take(table, replace(row, wrong=set(row.wrong)))
                if done % PROGRESS_EVERY == 0:
                    progress(table.file, done, len(rows))
            if table.model is City:
                self.check_home(table, rows)
        self.check_grounds()
        order = [table.file for table in TABLES]
        for issues in (self.report.issues, self.report.differences):
            issues.sort(key=lambda issue: (order.index(issue.file) if issue.file in order else -1, issue.row or 0))
        return self.report

    def take(self, table: Table, row: Row) -> None:
        """Check one row and, unless something is wrong with it, write what it says."""
        identity = table.identity(row.values)
        if "" in row.wrong:
            self.wrong[table.model].add(identity)
            return
        if "domains" in row.values:
            row.values = row.values | {"domains": domain_keys(row.values["domains"], self.domain_spellings)}
        stored = self.records(table.model).get(identity)
        record = stored or table.model()
        before = values_of(table, record, row.values) if stored else {}
        referred = {
            column: self.referred(table, row, column) for column in row.values if table.field(column).is_relation
        }
        self.assign(table, row, record, referred)
        # What is assigned only after the record is written; all else is compared as it will be stored, so that an
        # empty name equals the usual one.
        later = {column: row.values[column] for column in before if table.many(column)}
        after = values_of(table, record, before.keys() - later) | later
        differing = [column for column in before if before[column] != after[column]]
        if row.wrong or differing or not stored:
            self.check(table, row, record)
            if row.wrong or (stored and not self.update):
                self.check_constraints(table, row, record)
            else:
                self.write(table, row, record, referred)
        if row.wrong:
            self.wrong[table.model].add(identity)
            return
        if not stored:
            self.report.made += 1
            self.records(table.model)[identity] = record
        elif not differing:
            self.report.unchanged += 1
        else:
            self.report.changed += 1
            for column in differing:
                reason = _("the register has “%(text)s”.") % {"text": _shown(before[column])}
                self.report.differences.append(Issue(table.file, reason, row.number, column, _shown(after[column])))
        if table.model is Agreement:
            self.to_ground[record.number] = (table, row, record)
        elif table.model is Source:
            self.to_ground.setdefault(record.agreement.number, (table, row, record.agreement))

    @cached_property
    def domain_spellings(self) -> dict[str, str]:
        """How agreements may call the domains, those that were loaded before them included."""
        return domain_spellings()

    def records(self, model: type[models.Model]) -> dict[Any, Any]:
        """The records of `model` by their identity: those of the register and those made by now."""
        if model not in self.known:
            if model is Country:
                self.known[model] = {(country.code,): country for country in Country.objects.all()}
            else:
                table = next(table for table in TABLES if table.model is model)
                self.known[model] = {
                    identity: record for record in table.stored() if (identity := _identity(table, record))
                }
        return self.known[model]

    def issue(self, table: Table, row: Row, reason: str, column: str = "") -> None:
        """Note what is wrong with a row, or with one of its cells."""
        row.wrong.add(column)
        value = _shown(row.cells.get(column, ""))
        self.report.issues.append(Issue(table.file, reason, row.number, column, value))

    def referred(self, table: Table, row: Row, column: str) -> Any:
        """The record to which a cell refers, or the list of them. What cannot be found is an issue."""
        model, value = table.field(column).related_model, row.values[column]
        keys = value if table.many(column) else [value] * (value is not None)
        found = []
        for key in keys:
            if record := self.records(model).get((key,)):
                found.append(record)
            elif (key,) in self.wrong[model] or FILES.get(model) in self.register.incomplete:
                row.wrong.add(column)  # the reason is told where that record stands
            else:
                if model is Country:
                    reason = _("“%(key)s” is not the code of a country (two capitals, as in IR).")
                elif model is table.model:
                    reason = _("“%(key)s” is neither in the register nor above this row.")
                else:
                    reason = _("“%(key)s” is neither in the register nor in %(file)s.")
                self.issue(table, row, reason % {"key": _shown(key), "file": FILES.get(model)}, column)
        return found if table.many(column) else next(iter(found), None)

    def assign(self, table: Table, row: Row, record: Any, referred: dict[str, Any]) -> None:
        """Set the fields of `record` to what the row says, and derive those that follow from them."""
        for column, value in row.values.items():
            if column == PUBLISHED:
                self.set_published(table, row, record)
            elif column not in row.wrong and not table.many(column):
                setattr(record, column, referred.get(column, value))
        if table.model is Agreement and record.pk is None and record.number in self.numbers_given:
            self.issue(
                table,
                row,
                _("This number belonged to an agreement that was deleted. A number is never given again."),
                "number",
            )
        if self.derivable(table, row):
            record.derive()

    def derivable(self, table: Table, row: Row) -> bool:
        """Whether all is known from which the model derives columns: what the row refers to, and the home city."""
        unknown = any(table.field(column).many_to_one for column in filter(None, row.wrong))
        return not unknown and (table.model is not Agreement or self.home is not None)

    def set_published(self, table: Table, row: Row, record: Agreement) -> None:
        """Let a draft be published by the write that is to come."""
        try:
            if is_published_by(row.values[PUBLISHED], record):
                record.published_at, record.published_by = self.now, self.by
        except ValidationError as error:
            for reason in error.messages:
                self.issue(table, row, reason, PUBLISHED)

    def check(self, table: Table, row: Row, record: Any) -> None:
        """Ask the model about every column with which nothing is wrong by now, constraints aside."""
        if self.derivable(table, row):
            self.ask(table, row, record.full_clean, validate_constraints=False)
        else:
            self.ask(table, row, record.clean_fields)
            row.wrong.add("")  # it cannot be written; what it lacks is told elsewhere

    def check_constraints(self, table: Table, row: Row, record: Any) -> None:
        """Let the model put into words what its database refuses, or would refuse."""
        self.ask(table, row, record.validate_constraints)

    def ask(self, table: Table, row: Row, check: Callable[..., None], **options: Any) -> None:
        """Note the reasons that a model's `check` gives against what it was not told to exclude."""
        without = set(row.wrong)
        if not self.derivable(table, row):
            without.add("published_at")  # its constraint asks for names that could not be derived
        try:
            check(exclude=without, **options)
        except ValidationError as error:
            for column, reasons in error.message_dict.items():
                for reason in dict.fromkeys(reasons):
                    self.issue(table, row, reason, column if column in table.columns else "")

    def write(self, table: Table, row: Row, record: Any, referred: dict[str, Any]) -> None:
        """Save the record with its relations, as one entry of its history."""
        try:
            with record.one_entry(by=self.by, reason=_("Register file %(name)s") % {"name": self.register.name}):
                record.save()
                for column in filter(table.many, referred):
                    getattr(record, column).set(referred[column])
        except (IntegrityError, StaleRecord):
            self.check_constraints(table, row, record)
            if not row.wrong:
                reason = _("Somebody else changed this record at the same time. Load the file again.")
                self.issue(table, row, reason)

    def check_home(self, table: Table, rows: list[Row]) -> None:
        """See that there is a home city now, before the agreements need it."""
        self.home = City.objects.home()
        named = any(row.values.get("is_home") or "is_home" in row.wrong for row in rows)
        if not (self.home or named or table.file in self.register.incomplete):
            reason = _("No city is the home city: write yes in its column is_home.")
            self.report.issues.append(Issue(table.file, reason))

    def check_grounds(self) -> None:
        """See that no agreement is in force by nobody's word, now that all sources are there."""
        if FILES[Source] in self.register.incomplete:
            return
        unsure = {identity[0] for identity in self.wrong[Source] if identity}
        for key, (table, row, agreement) in self.to_ground.items():
            try:
                if key not in unsure:
                    agreement.check_grounds()
            except ValidationError as error:
                for reason in error.messages:
                    self.issue(table, row, reason, "status" if table.model is Agreement else "stance")


def is_published_by(wanted: bool, agreement: Agreement) -> bool:
    """Whether a row that says so publishes the agreement: only a draft is published by one.

    Raises ValidationError where it would be taken down or brought back, which need a reason.
    """
    if wanted and agreement.publication == "withdrawn":
        raise ValidationError(
            _("This agreement was withdrawn. Bring it back on its own page, where the reason is asked.")
        )
    if not wanted and agreement.publication == "published":
        raise ValidationError(_("This agreement is published. Withdraw it on its own page, where the reason is asked."))
    return wanted and agreement.publication == "draft"


def _identity(table: Table, record: Any) -> tuple[Any, ...] | None:
    """That by which a record of the register is recognised."""
    if table.model is Resolution:
        return (key_of(record),)
    return table.identity(values_of(table, record, (*table.key, *table.told_by)))


def values_of(table: Table, record: Any, columns: Iterable[str]) -> dict[str, Any]:
    """What a file would say of `record` in `columns`, as in `Row.values`."""
    return {column: _value(table, record, column) for column in columns}


def _value(table: Table, record: Any, column: str) -> Any:
    if column == PUBLISHED:
        return record.publication == "published"
    value = getattr(record, column)
    if not table.field(column).is_relation or value is None:
        return value
    key = KEYS[table.field(column).related_model]
    if table.many(column):
        return tuple(sorted(map(key_of, value.all())))
    return getattr(value, key)


def key_of(record: Record) -> str:
    """What a file writes for a record to which any number of others refer.

    A resolution that was recorded here may have no key: it goes by the number in its page's address, as in "#12".
    """
    return record.key or f"#{record.pk}"
