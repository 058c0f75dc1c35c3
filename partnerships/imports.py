"""Imports: how the rows of a table that somebody sent become agreements, and stop being so again.

`Checking` judges rows and writes nothing but what it says of them; `Taking` writes all of them into the register or
nothing; `Undoing` takes all of it back, or nothing. What a row may say, and in which words, stands in
partnerships/headings.py; what an import and its rows are, in partnerships/models/imports.py.

An empty cell says nothing of a new agreement; what holds for all rows is said in its place. Of an agreement that the
register has, the empty cell of a column that was matched says that there is nothing, unless there has to be something
(kind, status, verification): so an export that was edited comes back exactly. A source is never taken away.
"""

import datetime
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.conf import settings
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import IntegrityError, connection, models, transaction
from django.db.models import F, ProtectedError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from cities.forms import CityForm
from cities.matching import Candidate, Countries, Matcher, city_from
from cities.models import City, Place
from cities.querysets import free, slug_wanted
from partnerships.exchange import PUBLISHED, Table, domain_keys, domain_spellings, is_published_by, key_of, values_of
from partnerships.forms.agreements import AgreementForm, SourceForm
from partnerships.headings import AGREEMENTS, FIELDS, OF_SOURCE, SOURCES, as_cell, guess, read_cell
from partnerships.models import (
    Agreement,
    ColumnMatch,
    Domain,
    Import,
    ImportRow,
    Provision,
    Register,
    Resolution,
    Source,
)
from partnerships.models.imports import REASONS
from sistercities.conditions import holds
from sistercities.forms import whole
from sistercities.records import Record, StaleRecord
from sistercities.restoring import Version
from sistercities.text import figures, fold, number

CHUNK = 200
"""Rows that are judged together, with the same number of queries as one."""

BATCH = 500
"""Records that are written in one statement."""

NAMED = 10
"""Rows that a message names."""

NAMING = {f"{OF_SOURCE}{column}" for column in SOURCES.told_by}
"""The fields that say which source it is: where a row says one of them, none of them is said for it."""

ALWAYS_SAID = frozenset({"kind", "status", "verification", PUBLISHED, f"{OF_SOURCE}nature", f"{OF_SOURCE}stance"})
"""Fields that cannot be empty: where a cell of one is, it says nothing."""

CITY_NAMES = ("city", "city_en", "city_fa")
"""The fields that name the partner city; the first that is filled is looked for."""

RECOGNISED_BY = frozenset({"number", "partner"})
"""Columns of an agreement by which a row finds it, so that no row changes them."""


UNASKED = frozenset(
    {"number", "home_city", "partner", "predecessor", "verified_by", "reviewer", "published_by", "withdrawn_by"}
    | {"agreement", "country", "slug", "submission"}
)
"""Columns that need no check: what they refer to was fetched, or they are given by the register."""

AT_FIELD = AgreementForm.constraint_fields | SourceForm.constraint_fields | CityForm.constraint_fields
"""The name of a constraint → the column at which it is told."""


@dataclass
class Judged:
    """A row, what it says by field, and what would come of it: the agreement as it would be, not stored.

    `relations` are the records to which each of its relations to many would lead. `city` is stored, or to be made with
    the agreement; rows of one city that is to be made share it.
    """

    row: ImportRow
    said: dict[str, Any] = field(default_factory=dict)
    emptied: set[str] = field(default_factory=set)
    problems: list[dict[str, Any]] = field(default_factory=list)
    wrong: set[str] = field(default_factory=set)
    candidates: list[dict[str, str]] = field(default_factory=list)
    differences: list[dict[str, str]] = field(default_factory=list)
    verdict: str = ""
    agreement: Agreement | None = None
    relations: dict[str, list[Record]] = field(default_factory=dict)
    source: Source | None = None
    city: City | None = None
    city_key: str = ""
    publishes: bool = False
    verifies: bool = False

    @property
    def is_new(self) -> bool:
        """Whether it would make an agreement."""
        return self.verdict == ImportRow.Verdict.NEW

    @property
    def found(self) -> dict[str, Any]:
        """What the taking compares with what was found by then, see `ImportRow.found`."""
        agreement = self.agreement
        return {
            "city": self.city_key,
            "kind": agreement.kind if agreement else "",
            "version": agreement.version if agreement and agreement.pk else None,
            "publishes": self.publishes,
        }


class Checking:
    """Judges the rows of an import against the register as it stands. The rows come in their order."""

    def __init__(self, import_: Import, matcher: Matcher | None = None) -> None:
        self.import_, self._matcher = import_, matcher
        self.columns = {name: position for position, name in enumerate(import_.fields) if name}
        self.defaults = {name: self._value(name, text) for name, text in import_.defaults.items() if text}
        self.home = City.objects.home()
        if self.home is None:
            raise ValidationError(_("Choose the home city first: without it there can be no agreement."))
        self.matcher = Matcher()
        self.cities: dict[str, City] = {}
        self.numbers_seen: dict[int, int] = {}
        self.ties_seen: dict[tuple[str, str], int] = {}

    def run(self) -> None:
        """Judge every row and note it; the import is then checked."""
        rows = self.import_.rows.all()
        total = rows.count()
        for done, judged in self.in_chunks(rows):
            self.import_.tell(done, total)  # first: if another process has come so far, nothing of it is written over
            note(judged)
        Import.objects.filter(pk=self.import_.pk, stage=Import.Stage.COLUMNS).update(stage=Import.Stage.CHECKED)

    def in_chunks(self, rows: models.QuerySet) -> Iterator[tuple[int, list[Judged]]]:
        """The rows of the import, judged, CHUNK by CHUNK, each time with how many there were by then."""
        done, last = 0, 0
        while chunk := list(rows.after(last).in_order()[:CHUNK]):
            for row in chunk:
                row.of = self.import_
            done, last = done + len(chunk), chunk[-1].number
            yield done, self.judge(chunk)

    def judge(self, rows: list[ImportRow]) -> list[Judged]:
        """What these rows would do. As many queries for one as for many."""
        judged = [self._read(row) for row in rows]
        for one in judged:
            decided = {_is_of_a_city(key) for key in one.row.answer.values() if ":" in key or key == "row"}
            one.candidates = [offer for offer in one.row.candidates if _is_of_a_city(offer["key"]) in decided]
        self._find_agreements(judged)
        self._find_cities([one for one in judged if one.agreement is None])
        beside = self._agreements_with(one.city for one in judged)
        for one in judged:
            if one.agreement is None:
                self._weigh_new(one, beside)
            else:
                self._weigh_stored(one)
            self._give_verdict(one)
        return judged

    # --- What a row says -------------------------------------------------------------------------------

    def _read(self, row: ImportRow) -> Judged:
        one = Judged(row)
        if len(row.cells) != len(self.import_.headings):
            self._tell(one, "", lambda: _moved(len(row.cells), len(self.import_.headings)))
        for name, position in self.columns.items():
            text = row.cells[position] if position < len(row.cells) else ""
            try:
                if text:
                    one.said[name] = self._value(name, text)
                elif name not in ALWAYS_SAID:
                    one.emptied.add(name)
            except ValidationError:
                self._ask(one, name, lambda name=name, text=text: self._value(name, text))
        return one

    def _value(self, name: str, text: str) -> Any:
        value = read_cell(name, text)
        return domain_keys(value, self.domain_spellings) if name == "domains" else value

    def _tell(self, one: Judged, name: str, reason: Callable[[], str]) -> None:
        """Note a reason against the row, in both languages, at the column of the field `name`."""
        self._note(one, [(name, in_both_languages(reason))])

    def _ask(self, one: Judged, name: str, check: Callable[[], Any]) -> None:
        """Note all that `check` has against the row, where it is not told of which field at that of `name`."""
        self._note(one, [(field or name, reason) for field, reason in refusals(check)])

    def _note(self, one: Judged, reasons: list[tuple[str, dict[str, str]]]) -> None:
        for name, reason in reasons:
            one.wrong.add(name)
            problem = {"column": self._position(name)} | reason
            if problem not in one.problems:
                one.problems.append(problem)

    def _position(self, name: str) -> int | None:
        """Where what concerns a field is told: of the partner city, at the column that names it."""
        names = CITY_NAMES if name in ("city", "partner") else (name,)
        return next((self.columns[one] for one in names if one in self.columns), None)

    def _find_agreements(self, judged: list[Judged]) -> None:
        """Which agreement of the register each row is about, by its number or by what somebody decided."""
        wanted: dict[int, int] = {}
        for one in judged:
            chosen = one.row.answer.get("duplicate", "")
            given = int(chosen.partition(":")[2]) if chosen.startswith("agreement:") else one.said.get("number")
            if given is not None:
                wanted[one.row.pk] = given
        before = {one.said["predecessor"] for one in judged if "predecessor" in one.said}
        self.stored = {
            one.number: one for one in _in_full(Agreement.objects.among("number", {*wanted.values()} | before))
        }
        for one in judged:
            given = wanted.get(one.row.pk)
            if given is None:
                continue
            one.agreement = self.stored.get(given)
            if one.agreement is None:
                self._tell(one, "number", lambda given=given: _no_such_number(given))
            elif first := self.numbers_seen.get(given):
                self._tell(one, "", lambda first=first: _same_as(first))
            elif one.row.answer.get("duplicate") != "leave":
                self.numbers_seen[given] = one.row.number

    # --- Which city it means ---------------------------------------------------------------------------

    @cached_property
    def matcher(self) -> Matcher:
        """Read when the first city has to be found, and then kept: it holds the gazetteer."""
        return self._matcher or Matcher()

    def _find_cities(self, judged: list[Judged]) -> None:
        """Which city each row is about: by what somebody chose, else by what the row says of it."""
        for one in judged:
            one.city_key = one.row.answer.get("city") or self._match(one)
        keys = {one.city_key for one in judged} - self.cities.keys()
        cities = {key.removeprefix("city:") for key in keys if key.startswith("city:")}
        places = {key.removeprefix("place:") for key in keys if key.startswith("place:")}
        if cities:
            stored = City.objects.with_country().among("pk", cities)
            self.cities |= {f"city:{city.pk}": city for city in stored}
        if places:
            offered = Place.objects.filter(pk__in=places).select_related("country")
            self.cities |= {f"place:{place.pk}": self._made(city_from(place)) for place in offered}
        for one in judged:
            is_asked = one.candidates and one.city_key != "row"
            if one.city_key in {"", "row"} and not is_asked and not one.wrong & {"city", "country"}:
                self._take_city_of_row(one)
            one.city = self.cities.get(one.city_key)
            if one.city is not None and one.city.pk is None:
                self._complete(one.city, one.said)
            if one.city_key and one.city is None and not one.wrong:
                self._tell(one, "city", lambda: _("The city that was chosen is not there any more."))

    def _match(self, one: Judged) -> str:
        """The key of the city that the row means; "" where it is not settled, with the candidates or what is wrong."""
        country = None
        if text := self._country(one):
            country = self.countries.find(text)
            if country is None:
                self._tell(one, "country", lambda: str(self.countries.hint(text)))
                return ""
        name = next(filter(None, map(one.said.get, CITY_NAMES)), "")
        if not name and not one.said.get("geonames_id"):
            self._tell(one, "city", lambda: _("Name the city."))
            return ""
        point = (one.said.get("latitude"), one.said.get("longitude"))
        match = self.matcher.find(name, country, *point, one.said.get("geonames_id"))
        if match.kind in ("city", "place") and not match.doubt:
            return match.candidates[0].key
        one.candidates = [offer(candidate, match.doubt) for candidate in match.candidates]
        return ""

    def _country(self, one: Judged) -> str:
        return one.said.get("country") or self.defaults.get("country", "")

    def _take_city_of_row(self, one: Judged) -> None:
        """Make a city of what the row says, where that is enough to find it on a map."""
        said = one.said
        country = self.countries.find(self._country(one))
        if country is None or None in (said.get("latitude"), said.get("longitude")):
            if not one.wrong:
                self._tell(one, "city", _not_known)
            return
        name = next(filter(None, map(said.get, CITY_NAMES)), "")
        one.city_key = f"row:{fold(name)}:{country.code}"
        if one.city_key not in self.cities:
            point = {"latitude": said["latitude"], "longitude": said["longitude"]}
            self.cities[one.city_key] = self._made(City(country=country, **_names(said), **point))

    def _complete(self, city: City, said: dict[str, Any]) -> None:
        """Give a city that is to be made the name that the gazetteer does not know, where the row does."""
        for name, text in _names(said).items():
            if text and not getattr(city, name):
                setattr(city, name, text)
                city.derive()

    def _made(self, city: City) -> City:
        """A city that is to be made, with the end of its address."""
        city.slug = free(slug_wanted(city.name_en, city.name_local), self.slugs)
        self.slugs.add(city.slug)
        city.derive()
        return city

    @cached_property
    def slugs(self) -> set[str]:
        """The ends of addresses that are taken."""
        return set(City.objects.values_list("slug", flat=True))

    # --- What would come of it -------------------------------------------------------------------------

    def _agreements_with(self, cities: Iterable[City | None]) -> dict[int, list[Agreement]]:
        """The agreements with these cities, by the city's key."""
        found: dict[int, list[Agreement]] = {}
        for agreement in _in_full(Agreement.objects.among("partner", {city.pk for city in cities if city and city.pk})):
            found.setdefault(agreement.partner_id, []).append(agreement)
        return found

    def _weigh_new(self, one: Judged, beside: dict[int, list[Agreement]]) -> None:
        """Make the agreement that the row is about, unless the register or a row above has one like it."""
        one.agreement = agreement = Agreement(home_city=self.home)
        if one.city is not None:
            agreement.partner = one.city
            if one.city.pk is None:
                self._ask_model(one, one.city, "city")
        said = {name: value for name, value in self.defaults.items() if not name.startswith(OF_SOURCE)} | one.said
        self._assign(one, said)
        one.source = self._source(one, [])
        self._check(one, [one.source] if one.source else [])
        if one.city is None:
            return
        same = [other for other in beside.get(one.city.pk, []) if _is_like(other, agreement)]
        is_asked = not (one.problems or one.row.answer.get("duplicate"))
        if is_asked and len(same) == 1 and self._says_nothing_new(one, same[0]):
            one.agreement, one.source, one.verdict = same[0], None, ImportRow.Verdict.UNCHANGED
            one.relations = {}
            return
        one.differences = self._differences(one, {})
        one.candidates += [_named(f"agreement:{other.number}", lambda other=other: str(other)) for other in same]
        tie = (one.city_key, agreement.kind)
        if first := self.ties_seen.get(tie):
            one.candidates.append(
                _named(f"row:{first}", lambda: _("row %(number)s of this table") % {"number": figures(first)})
            )
        elif one.row.answer.get("duplicate") != "leave":
            self.ties_seen[tie] = one.row.number

    def _weigh_stored(self, one: Judged) -> None:
        """Let the agreement of the register say what the row says."""
        agreement = one.agreement
        if "number" in one.said:
            self._compare_city(one, agreement)
        empty = {name: _nothing(AGREEMENTS, name) for name in one.emptied & {*AGREEMENTS.columns}}
        said = empty | one.said
        before = values_of(AGREEMENTS, agreement, [name for name in AGREEMENTS.columns if name in said])
        if "status" in said:
            self._ask(one, "status", lambda: agreement.check_moves_to(said["status"]))
        stored = list(agreement.sources.all())
        self._assign(one, said)
        one.source = self._source(one, stored)
        self._check(one, stored if one.source in stored or one.source is None else [*stored, one.source])
        one.differences = self._differences(one, before)

    def _compare_city(self, one: Judged, agreement: Agreement) -> None:
        """Refuse what a row says otherwise of the city of the agreement that it names by number."""
        partner = agreement.partner
        for name in CITY_NAMES:
            if name in one.said and fold(one.said[name]) not in partner.spellings:
                self._tell(one, name, lambda: _another_city(agreement))
                return
        for name in ("latitude", "longitude", "geonames_id"):
            if one.said.get(name, getattr(partner, name)) != getattr(partner, name):
                self._tell(one, name, lambda: _of_the_city(agreement))
        if "country" in one.said and self.countries.find(one.said["country"]) != partner.country:
            self._tell(one, "country", lambda: _of_the_city(agreement))

    @cached_property
    def countries(self) -> Countries:
        """The countries by every spelling that is known."""
        return Countries()

    def _assign(self, one: Judged, said: dict[str, Any]) -> None:
        """Set the agreement to what is said of it."""
        agreement = one.agreement
        level = agreement.verification
        for name in AGREEMENTS.columns:
            if name not in said or name in RECOGNISED_BY:
                continue
            if name == PUBLISHED:
                self._ask(one, name, lambda: is_published_by(said[PUBLISHED], agreement))
                one.publishes = name not in one.wrong and is_published_by(said[PUBLISHED], agreement)
            elif AGREEMENTS.many(name):
                one.relations[name] = self._related(one, name, said[name])
            elif name == "predecessor":
                before = self.stored.get(said[name])
                if said[name] is not None and before is None:
                    self._tell(one, name, lambda: _("There is no agreement with this number."))
                agreement.predecessor = before
            else:
                setattr(agreement, name, said[name])
        one.verifies = agreement.verification != level or "verified_on" in one.said
        if agreement.verification != level and not said.get("verified_on"):
            agreement.verified_on = timezone.localdate()

    def _related(self, one: Judged, name: str, keys: Iterable[str]) -> list[Record]:
        """The records to which a relation to many leads, by their keys."""
        known = self.references[name]
        for key in keys:
            if key not in known:
                self._tell(one, name, lambda key=key: _("“%(key)s” is not in the register.") % {"key": key})
        return [known[key] for key in keys if key in known]

    @cached_property
    def references(self) -> dict[str, dict[str, Record]]:
        """For each relation to many of an agreement, what it can lead to, by key."""
        models_ = {"domains": Domain, "provisions": Provision, "resolutions": Resolution}
        return {name: {key_of(one): one for one in model.objects.all()} for name, model in models_.items()}

    @cached_property
    def domain_spellings(self) -> dict[str, str]:
        """How a row may call the domains."""
        return domain_spellings()

    def _source(self, one: Judged, stored: list[Source]) -> Source | None:
        """The source that the row names, new or of `stored` as it would be; None if that says nothing new."""
        usual = {name: value for name, value in self.defaults.items() if name.startswith(OF_SOURCE)}
        said = {name: value for name, value in one.said.items() if name.startswith(OF_SOURCE)}
        said = ({name: value for name, value in usual.items() if name not in NAMING} | said) if said else usual
        if not said:
            return None
        values = {_of_source(name): value for name, value in said.items()}
        source = next(
            (other for other in stored if _identity(other) == SOURCES.identity({"agreement": 0} | values)), None
        )
        if source is None:
            source = Source()
        else:
            source.was = values_of(SOURCES, source, [column for column in SOURCES.columns if column != "agreement"])
            emptied = [_of_source(name) for name in one.emptied if name.startswith(OF_SOURCE)]
            values |= {column: _nothing(SOURCES, column) for column in emptied}
            if values_of(SOURCES, source, values) == values:
                return None
        for column, value in values.items():
            setattr(source, column, value)
        self._ask_model(one, source, OF_SOURCE)
        return source

    def _check(self, one: Judged, sources: list[Source]) -> None:
        """Note what the model has against the agreement as it would be."""
        agreement = one.agreement
        if one.city is None and agreement.pk is None:
            self._ask(one, "", lambda: agreement.clean_fields(exclude=UNASKED | one.wrong))
            return
        self._ask_model(one, agreement)
        if not one.wrong & {"signed", "status"} and not any(name.startswith(OF_SOURCE) for name in one.wrong):
            self._ask(one, "", lambda: agreement.check_grounds(sources))
            if one.publishes and not one.wrong:
                self._ask(one, PUBLISHED, lambda: agreement.check_publishable(sources))

    def _ask_model(self, one: Judged, record: Record, prefix: str = "") -> None:
        """Note what the model has against a record as it would be, at the columns of the fields `prefix` + name."""
        record.derive()
        exclude = UNASKED | {name.removeprefix(prefix) for name in one.wrong if name.startswith(prefix)}
        found = refusals(lambda: record.full_clean(exclude=exclude, validate_unique=False, validate_constraints=False))
        for constraint in record._meta.constraints:
            if isinstance(constraint, models.CheckConstraint) and not holds(constraint.condition, record):
                told = refusals(lambda constraint=constraint: constraint.validate(type(record), record))
                found += [(AT_FIELD.get(constraint.name, ""), reason) for _name, reason in told]
        self._note(one, [("city" if prefix == "city" else name and prefix + name, reason) for name, reason in found])

    def _differences(self, one: Judged, before: dict[str, Any]) -> list[dict[str, str]]:
        """What is not as it was, as text: of a new agreement, all that is said of it.

        `before` is what the register has of it, by column.
        """
        columns = [name for name in AGREEMENTS.columns if name in (before or one.said | self.defaults)]
        after = values_of(AGREEMENTS, one.agreement, [name for name in columns if not AGREEMENTS.many(name)])
        after |= {name: tuple(sorted(map(key_of, records))) for name, records in one.relations.items()}
        after |= {PUBLISHED: True} if one.publishes else {}
        changes = {name: (before.get(name), after.get(name)) for name in columns}
        if one.source is not None:
            said = {column: getattr(one.source, column) for column in SOURCES.columns if column != "agreement"}
            was = one.source.was if one.source.pk else {}
            changes |= {f"{OF_SOURCE}{column}": (was.get(column), value) for column, value in said.items()}
        texts = {name: (as_cell(was), as_cell(now)) for name, (was, now) in changes.items() if was != now}
        return [
            {"field": name, "before": was, "after": now}
            for name, (was, now) in texts.items()
            if was != now and name not in RECOGNISED_BY
        ]

    def _says_nothing_new(self, one: Judged, other: Agreement) -> bool:
        """Whether all that the row says holds of another agreement by now."""
        said = {name: value for name, value in one.said.items() if name in AGREEMENTS.columns}
        sources = [{column: getattr(source, column) for column in SOURCES.columns} for source in other.sources.all()]
        quoted = {_of_source(name): value for name, value in one.said.items() if name.startswith(OF_SOURCE)}
        return values_of(AGREEMENTS, other, said) == said and (
            not quoted or any(quoted.items() <= source.items() for source in sources)
        )

    def _give_verdict(self, one: Judged) -> None:
        verdicts, answer = ImportRow.Verdict, one.row.answer.get("duplicate", "")
        if answer == "leave":
            one.verdict = verdicts.LEFT_OUT
        elif one.problems:
            one.verdict = verdicts.WRONG
        elif one.agreement.pk is None and one.city is None:
            one.verdict = verdicts.QUESTION
        elif one.agreement.pk is not None:
            one.verdict = verdicts.CHANGED if one.differences or one.source is not None else verdicts.UNCHANGED
        elif answer != "new" and any(not _is_of_a_city(offer["key"]) for offer in one.candidates):
            one.verdict = verdicts.DUPLICATE
        else:
            one.verdict = verdicts.NEW


def note(judged: Iterable[Judged]) -> None:
    """Write what was found of rows beside them, in one statement."""
    rows = []
    for one in judged:
        row = one.row
        row.verdict, row.differences, row.problems = one.verdict, one.differences, one.problems
        row.candidates, row.found = one.candidates, one.found
        row.agreement = one.agreement if one.agreement and one.agreement.pk else None
        rows.append(row)
    _write_rows(rows, "answer", "verdict", "differences", "problems", "candidates", "found", "agreement")


def _write_rows(rows: list[ImportRow], *columns: str) -> None:
    # Each row anew by its key: an update of many rows with a value of their own is slow on every database.
    ImportRow.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["id"], update_fields=columns, batch_size=CHUNK
    )


# --- Matching columns, deciding on rows ----------------------------------------------------------------

WHO = frozenset({"number", "geonames_id", *CITY_NAMES})
"""Fields of which a column has to fill one, so that it is known which agreement or which city a row is about."""


def first_match(headings: list[str]) -> list[str]:
    """For each heading the field that its column is likely to fill: by the kept match that knows most, else guessed.

    A match that knows less than half of the headings is of another kind of table. Reasons that were put before wrong
    rows fill nothing.
    """
    names, guessed = [fold(heading) for heading in headings], guess(headings)
    kept = max(
        ColumnMatch.objects.all(), key=lambda match: (len({*names} & {*match.fields}), match.used_at), default=None
    )
    knows = kept.fields if kept and 2 * len({*names} & {*kept.fields}) >= len({*names}) else {}
    reasons = {fold(text) for text in in_both_languages(lambda: _(REASONS)).values()}
    fields: list[str] = []
    for name, other in zip(names, guessed, strict=True):
        field_ = knows.get(name, other if other not in knows.values() else "")
        fields.append(field_ if field_ in FIELDS and field_ not in fields and name not in reasons else "")
    return fields


def check_match(import_: Import, fields: list[str], defaults: dict[str, str]) -> None:
    """Raise ValidationError with what is wrong with a match, as `Import.match` tells it."""
    wrong: dict[str, list[str]] = {}
    for position, name in enumerate(fields):
        if name and name not in FIELDS:
            wrong[str(position)] = [_("There is no such field.")]
        elif name and fields.index(name) != position:
            wrong[str(position)] = [_("Another column fills this field already.")]
    general = []
    if len(fields) != len(import_.headings):
        general.append(_("Say of every column what it means."))
    if not {*fields} & WHO:
        general.append(_("One column has to say which city a row is about, or which agreement."))
    for name, text in defaults.items():
        try:
            read_cell(name, text)
        except ValidationError as error:
            wrong[name] = error.messages
    if general:
        wrong[NON_FIELD_ERRORS] = general
    if wrong:
        raise ValidationError(wrong)


def decide(import_: Import, answers: Iterable[tuple[ImportRow, dict[str, str], bool]]) -> int:
    """Note what somebody decided of rows, and judge anew what hangs on it, all at once: see `Import.decide`."""
    decided: dict[int, ImportRow] = {}
    every: list[ImportRow] = []
    for row, answer, everywhere in answers:
        _check_answer(row, answer)
        rows = [row]
        if everywhere and answer.get("city"):
            row.of = import_
            every = every or list(import_.rows.all())
            rows = [other for other in every if _names_alike(row, other)]
        for one in rows:
            known = decided.setdefault(one.pk, one)
            known.answer = {name: text for name, text in (known.answer | answer).items() if text}
    if decided:
        judge_again(import_, list(decided.values()))
    return len(decided)


def _check_answer(row: ImportRow, answer: dict[str, str]) -> None:
    """Raise ValidationError for what is no answer to what is asked of a row."""
    offered = {offer["key"] for offer in row.candidates}
    city, duplicate = answer.get("city"), answer.get("duplicate")
    if not answer or answer.keys() - {"city", "duplicate"}:
        raise ValidationError(_("Choose one of the answers."))
    if city and city != "row" and city not in offered and not _exists(city):
        raise ValidationError(_("There is no such city."))
    if (
        duplicate
        and duplicate not in {"new", "leave"}
        and not (duplicate in offered and duplicate.startswith("agreement:"))
    ):
        raise ValidationError(_("Choose one of the answers."))


def judge_again(import_: Import, rows: list[ImportRow]) -> None:
    """Judge rows that were decided on, and with them those of the same city and kind, or of the same agreement."""
    for row in rows:
        row.of = import_
    first = Checking(import_)
    ties = {(one.found["city"], one.found["kind"]) for one in first.judge(rows) if one.city_key}
    ties |= {(row.found["city"], row.found["kind"]) for row in rows if row.found.get("city")}
    numbers = {row.agreement_id for row in rows if row.agreement_id}
    decided = {row.pk: row for row in rows}
    others = import_.rows.about(ties, numbers).exclude(pk__in=decided)
    again = sorted([*decided.values(), *others], key=lambda row: row.number)
    anew = Checking(import_, first.matcher)
    for start in range(0, len(again), CHUNK):
        note(anew.judge(again[start : start + CHUNK]))


def leave_out(import_: Import, verdicts: Iterable[str]) -> int:
    """Leave out all rows of these verdicts. Nothing else changes by it: who repeats them was asked about by then."""
    rows = list(import_.rows.judged(*verdicts))
    for row in rows:
        row.answer, row.verdict = row.answer | {"duplicate": "leave"}, ImportRow.Verdict.LEFT_OUT
    _write_rows(rows, "answer", "verdict")
    return len(rows)


def _names_alike(row: ImportRow, other: ImportRow) -> bool:
    """Whether two rows of a table say the same of their city."""
    fields = row.of.fields
    return all(
        one == two
        for name, one, two in zip(fields, row.cells, other.cells, strict=False)
        if name in {*CITY_NAMES, "country", "latitude", "longitude", "geonames_id"}
    )


def _exists(key: str) -> bool:
    kind, _colon, number_ = key.partition(":")
    model = {"city": City, "place": Place}.get(kind)
    return model is not None and model.objects.filter(pk=whole(number_)).exists()


# --- What is said, in both languages -------------------------------------------------------------------


def in_both_languages(text: Callable[[], Any]) -> dict[str, str]:
    """What `text` gives in each language of the site."""
    told = {}
    for code, _name in settings.LANGUAGES:
        with override(code):
            told[code] = str(text())
    return told


def refusals(check: Callable[[], Any]) -> list[tuple[str, dict[str, str]]]:
    """What `check` raises as ValidationErrors, each with the name of its field ("" where it has none)."""
    try:
        check()
    except ValidationError:
        pass
    else:
        return []
    told: list[tuple[str, dict[str, str]]] = []
    for code, _name in settings.LANGUAGES:
        with override(code):
            try:
                check()
            except ValidationError as error:
                by_field = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
                reasons = [(name, reason) for name, several in by_field.items() for reason in several]
                told = told or [("" if name == NON_FIELD_ERRORS else name, {}) for name, _reason in reasons]
                for (_name, texts), (_field, reason) in zip(told, reasons, strict=True):
                    texts[code] = reason
    return told


def _named(key: str, label: Callable[[], Any]) -> dict[str, str]:
    return {"key": key} | in_both_languages(label)


def offer(candidate: Candidate, doubt: Any) -> dict[str, str]:
    """A city or place that may be meant, with what tells it from others of its name."""

    def label() -> str:
        record = candidate.record
        name = _("%(city)s (%(country)s)") % {"city": record.name, "country": record.country.name}
        people = record.population and _("%(people)s inhabitants") % {"people": number(record.population)}
        return _(", ").join(filter(None, [name, people, str(doubt or "")]))

    return _named(candidate.key, label)


def _is_of_a_city(key: str) -> bool:
    return key == "row" or key.startswith(("city:", "place:"))


def _moved(cells: int, columns: int) -> str:
    reason = ngettext(
        "This row has %(cells)s cell, and there are %(columns)s columns.",
        "This row has %(cells)s cells, and there are %(columns)s columns.",
        cells,
    )
    return reason % {"cells": number(cells), "columns": number(columns)}


def _no_such_number(given: int) -> str:
    return _(
        "The register has no agreement %(number)s. Leave the number empty for a new one: the register gives it itself."
    ) % {"number": figures(given)}


def _same_as(row: int) -> str:
    return _("This row and row %(row)s are about the same: keep one of them.") % {"row": figures(row)}


def _another_city(agreement: Agreement) -> str:
    return _(
        "Agreement %(number)s is with %(city)s. Leave the number empty if the row is about another one; a wrong city "
        "is corrected on the page of the agreement."
    ) % {"number": figures(agreement.number), "city": agreement.partner.name.plain}


def _of_the_city(agreement: Agreement) -> str:
    return _("This belongs to the city %(city)s: it is corrected on the page of the city.") % {
        "city": agreement.partner.name.plain
    }


def _not_known() -> str:
    return _(
        "This city is neither in the register nor in the gazetteer. Check its name and its country, give its country, "
        "latitude and longitude in columns of their own, or add the city on its own page first."
    )


# --- What a row is compared with -----------------------------------------------------------------------


def _names(said: dict[str, Any]) -> dict[str, str]:
    """The names of a city that a row gives, by column; that in any language counts by its letters."""
    names = {"name_fa": said.get("city_fa", ""), "name_en": said.get("city_en", "")}
    name = said.get("city", "")
    own = "name_fa" if any("\u0600" <= letter <= "\u06ff" for letter in name) else "name_en"
    return names | {own: names[own] or name}


def _in_full(agreements: models.QuerySet) -> models.QuerySet:
    """Agreements with all that a row can be compared with; predecessors as far back as any chain is likely to go."""
    related = ("home_city", "partner__country", "predecessor__predecessor__predecessor__predecessor")
    return agreements.select_related(*related).prefetch_related("domains", "provisions", "resolutions", "sources")


def _is_like(other: Agreement, agreement: Agreement) -> bool:
    """Whether they may be one: of one kind, and both ended if one is, unless they were signed at the same time."""
    ended = Agreement.Status.ENDED
    if other.kind != agreement.kind:
        return False
    return other.status != ended or agreement.status == ended or (agreement.signed and agreement.signed == other.signed)


def _identity(source: Source) -> tuple[Any, ...] | None:
    return SOURCES.identity({"agreement": 0} | {column: getattr(source, column) for column in SOURCES.told_by})


def _of_source(name: str) -> str:
    """The column of a source that a field fills."""
    return name.removeprefix(OF_SOURCE)


def _nothing(table: Table, column: str) -> Any:
    """What stands in a column that holds nothing."""
    return () if table.many(column) else table.field(column).get_default()


# --- Taking and undoing --------------------------------------------------------------------------------


class Taking:
    """Writes the rows of a checked import into the register: all of them, or nothing.

    Everything is judged anew first, which takes as long as it takes and can be cancelled. Then it is written in one
    transaction that is as short as it can be, since on SQLite nobody else can write meanwhile.
    """

    def __init__(self, import_: Import) -> None:
        self.import_, self.by, self.now = import_, import_.taken_by, timezone.now()
        self.why = _reason(_("Import of %(file)s"), import_)

    def run(self) -> None:
        """Raises ValidationError, and writes nothing, when the register is not as it was when the rows were checked."""
        for is_last in (False, True):
            judged = self.prepare()
            try:
                with transaction.atomic():
                    self.claim()
                    self.write(judged)
            except (IntegrityError, StaleRecord) as error:
                if is_last:
                    raise ValidationError(_changed_meanwhile()) from error
            else:
                return

    def prepare(self) -> list[Judged]:
        """The rows that write something, judged anew."""
        self.last_number = Register.last()
        checking, writing, stale = Checking(self.import_), [], 0
        rows = self.import_.rows.exclude(verdict=ImportRow.Verdict.LEFT_OUT)
        total = rows.count()
        for done, judged in checking.in_chunks(rows):
            others = [one for one in judged if (one.verdict, one.found) != (one.row.verdict, one.row.found)]
            if others:
                self.check_open()
                for one in others:
                    one.problems.append({"column": None} | in_both_languages(_stale_row))
                note(others)
                stale += len(others)
            writing += [one for one in judged if one.verdict in (ImportRow.Verdict.NEW, ImportRow.Verdict.CHANGED)]
            self.import_.tell(done, total)
        if stale:
            told = ngettext(
                "%(rows)s row is not as it was checked, because the register has changed. Nothing was written: look at "
                "it again.",
                "%(rows)s rows are not as they were checked, because the register has changed. Nothing was written: "
                "look at them again.",
                stale,
            )
            raise ValidationError(told % {"rows": number(stale)})
        return writing

    def claim(self) -> None:
        """Mark the import as taken, so that nobody else takes it. Raises ValidationError when somebody has."""
        checked = Import.objects.filter(pk=self.import_.pk, stage=Import.Stage.CHECKED)
        if not checked.update(stage=Import.Stage.TAKEN, taken_at=self.now):
            raise ValidationError(_("This import was taken already."))

    def check_open(self) -> None:
        """Raise ValidationError when another process has taken the import: then its rows say what came of them."""
        if not Import.objects.filter(pk=self.import_.pk, stage=Import.Stage.CHECKED).exists():
            raise ValidationError(_("This import was taken already."))

    def write(self, judged: list[Judged]) -> None:
        """Write what the rows say, with the history of each, and what the undoing has to know.

        Raises StaleRecord when somebody has recorded an agreement since the rows were judged: it may be one of these.
        """
        new = [one for one in judged if one.is_new]
        cities: dict[int, tuple[City, Judged]] = {}
        for one in new:
            if one.city.pk is None:
                cities.setdefault(id(one.city), (one.city, one))
        self.create([city for city, _one in cities.values()])
        numbers = Register.next_numbers(len(new))
        if new and numbers[0] != self.last_number + 1:
            raise StaleRecord(new[0].agreement)
        for one, given in zip(new, numbers, strict=True):
            one.agreement.number = given
            self.sign(one)
        self.create([one.agreement for one in new])
        for name in filter(AGREEMENTS.many, AGREEMENTS.columns):
            self.relate(AGREEMENTS.field(name), new)
        with_source = [one for one in new if one.source is not None]
        for one in with_source:
            one.source.agreement = one.agreement
        self.create([one.source for one in with_source])
        for one in new:
            one.row.undo = {"made": True, "sources": [one.source.pk] if one.source else []}
        for city, one in cities.values():
            one.row.undo["city"] = city.pk
        for one in judged:
            if not one.is_new:
                one.row.undo = self.change(one)
            one.row.agreement = one.agreement
            one.row.undo |= {"after": one.agreement.version, "published": one.publishes}
        _write_rows([one.row for one in judged], "agreement", "undo")

    def create(self, records: list[Record]) -> None:
        """Store new records with the first entry of the history of each."""
        if records:
            type(records[0])._base_manager.bulk_create(records, batch_size=BATCH)
            tell_history(records, "+", self.by, self.why, self.now)

    def relate(self, relation: models.Field, new: list[Judged]) -> None:
        """Store where a relation to many of new agreements leads, and keep it with their history."""
        through = getattr(Agreement, relation.name).through
        to = relation.m2m_reverse_field_name()
        rows = [
            through(**{relation.m2m_field_name(): one.agreement, to: record})
            for one in new
            for record in one.relations.get(relation.name, ())
        ]
        if not rows:
            return
        through._base_manager.bulk_create(rows, batch_size=BATCH)
        entries = dict(Agreement.history.filter(history_date=self.now).values_list("id", "history_id"))
        owner, columns = f"{relation.m2m_field_name()}_id", [one.attname for one in through._meta.fields]
        insert_at_once(
            Agreement.history_keeper.m2m_models[relation],
            (
                {"history_id": entries[getattr(row, owner)]} | {column: getattr(row, column) for column in columns}
                for row in rows
            ),
        )

    def change(self, one: Judged) -> dict[str, Any]:
        """Store what a row changes, and tell what the undoing has to know of it. Raises StaleRecord."""
        agreement, source = one.agreement, one.source
        undo = {"made": False, "before": agreement.version, "sources": [], "changed_sources": []}
        if any(not change["field"].startswith(OF_SOURCE) for change in one.differences):
            with agreement.one_entry(by=self.by, reason=self.why):
                self.sign(one)
                agreement.save()
                for name, records in one.relations.items():
                    getattr(agreement, name).set(records)
        if source is not None:
            if source.pk:
                undo["changed_sources"] = [[source.pk, source.version, source.version + 1]]
            source.agreement = agreement
            with source.one_entry(by=self.by, reason=self.why):
                source.save()
            if not undo["changed_sources"]:
                undo["sources"] = [source.pk]
        return undo

    def sign(self, one: Judged) -> None:
        """Let whoever takes the import stand for what it publishes and how well it is proven."""
        if one.publishes:
            one.agreement.published_at, one.agreement.published_by = self.now, self.by
        if one.verifies:
            one.agreement.verified_by = self.by


class Undoing:
    """Takes an import back: deletes what it made, and makes what it changed as it was before; all of it, or nothing.

    What was published has stood at an address that people may have noted: it is withdrawn, so that its page says so,
    and keeps its number. A city that the import made goes if nothing else rests on it. What somebody has changed since
    stands against the undoing, unless it was said that it is to be left as it is.
    """

    def __init__(self, import_: Import) -> None:
        self.import_, self.by, self.now = import_, import_.undone_by, timezone.now()
        self.why = _reason(_("Undoing the import of %(file)s"), import_)

    def run(self) -> None:
        """Raises ValidationError, and undoes nothing, when something stands against it: the rows then say what."""
        rows = [row for row in self.import_.rows.with_effect() if row.answer.get("undo") != "leave"]
        if in_the_way := obstacles(rows):
            for row in in_the_way:
                row.problems = [{"column": None} | in_both_languages(in_the_way[row])]
            _write_rows(list(in_the_way), "problems")
            named = _(", ").join(figures(row.number) for row in list(in_the_way)[:NAMED])
            told = ngettext(
                "The agreement of row %(rows)s was changed after the import. Nothing was undone.",
                "The agreements of %(number)s rows were changed after the import (%(rows)s …). Nothing was undone.",
                len(in_the_way),
            )
            raise ValidationError(told % {"rows": named, "number": number(len(in_the_way))})
        try:
            with transaction.atomic():
                taken = Import.objects.filter(pk=self.import_.pk, stage=Import.Stage.TAKEN)
                if not taken.update(stage=Import.Stage.UNDONE, undone_at=self.now):
                    raise ValidationError(_("This import was undone already."))
                self.write(rows)
        except (IntegrityError, StaleRecord, ProtectedError) as error:
            raise ValidationError(_changed_meanwhile()) from error

    def write(self, rows: list[ImportRow]) -> None:
        """Undo what the rows did, those that were changed first."""
        changed = [row for row in rows if not row.undo["made"]]
        for portion in _portions(changed):
            self.hold(Agreement, {row.agreement_id: row.undo["after"] for row in portion})
            self.hold(Source, {key: after for row in portion for key, _before, after in row.undo["changed_sources"]})
        for row in changed:
            self.restore(row)
        self.delete(Source, [key for row in changed for key in row.undo["sources"]])
        made = [row for row in rows if row.undo["made"] and row.agreement is not None]
        self.withdraw([row.agreement for row in made if row.agreement.published_at])
        drafts = [row for row in made if not row.agreement.published_at]
        sources = [key for row in drafts for key in row.undo["sources"]]
        agreements = [row.agreement for row in drafts]
        for row in drafts:
            row.agreement = None
        _write_rows(drafts, "agreement")
        self.delete(Source, sources)
        for relation in Agreement._meta.many_to_many:
            through = getattr(Agreement, relation.name).through
            for keys in _portions([one.pk for one in agreements]):
                delete_at_once(through.objects.filter(**{f"{relation.m2m_field_name()}__in": keys}))
        for keys in _portions([one.pk for one in agreements]):
            ImportRow.objects.filter(agreement__in=keys).update(agreement=None)  # of other tables that found them
        self.delete(Agreement, [one.pk for one in agreements], {one.pk: one.version for one in agreements})
        cities = City.objects.filter(pk__in=[row.undo["city"] for row in rows if row.undo.get("city")], version=1)
        self.delete(City, list(cities.without_relations().values_list("pk", flat=True)))

    def restore(self, row: ImportRow) -> None:
        """Make an agreement, and its sources, what they were before the import."""
        undo, agreement = row.undo, row.agreement
        if undo["after"] != undo["before"]:
            entries = Agreement.history.filter(id=agreement.pk, version=undo["before"])
            Version(entries.latest("history_id")).restore(by=self.by, reason=self.why)
        for key, before, _after in undo["changed_sources"]:
            Version(Source.history.filter(id=key, version=before).latest("history_id")).restore(self.by, self.why)
        if undo["published"]:
            Agreement.objects.get(pk=agreement.pk).withdraw(by=self.by, reason=self.why)

    def withdraw(self, agreements: list[Agreement]) -> None:
        """Take down what the import published."""
        told = {"withdrawn_at": self.now, "withdrawn_by": self.by, "withdrawal_reason": self.why}
        for portion in _portions(agreements):
            self.hold(Agreement, {agreement.pk: agreement.version for agreement in portion})
            for agreement in portion:
                agreement.version += 1
                for name, value in told.items():
                    setattr(agreement, name, value)
            own = Agreement.objects.filter(pk__in=[agreement.pk for agreement in portion])
            own.update(version=F("version") + 1, updated_at=self.now, **told)
        tell_history(agreements, "~", self.by, self.why, self.now)

    def delete(self, model: type[Record], keys: list[int], versions: dict[int, int] | None = None) -> None:
        """Delete records at once, with the entry in the history of each. Raises StaleRecord for another version."""
        for portion in _portions(keys):
            if versions:
                self.hold(model, {key: versions[key] for key in portion})
            records = list(model.objects.filter(pk__in=portion))
            tell_history(records, "-", self.by, self.why, self.now)
            delete_at_once(model.objects.filter(pk__in=portion))

    def hold(self, model: type[Record], versions: dict[int, int]) -> None:
        """Keep others from writing to records until the end. Raises StaleRecord where somebody has."""
        for record in model.objects.select_for_update().filter(pk__in=versions):
            if record.version != versions[record.pk]:
                raise StaleRecord(record)


def obstacles(rows: list[ImportRow]) -> dict[ImportRow, Callable[[], str]]:
    """The rows whose agreements are not as the import left them, each with why, in the reader's language."""
    found: dict[ImportRow, Callable[[], str]] = {}
    for portion in _portions(rows):
        agreements = [row.agreement_id for row in portion if row.agreement_id]
        sources = dict(Source.objects.filter(agreement__in=agreements).values_list("pk", "version"))
        owners: dict[int, set[int]] = defaultdict(set)
        for key, owner in Source.objects.filter(agreement__in=agreements).values_list("pk", "agreement"):
            owners[owner].add(key)
        held = {
            key
            for relation in _relations_to(Agreement)
            if relation.related_model is not Source
            for key in _held_by(relation, agreements)
        }
        for row in portion:
            agreement, undo = row.agreement, row.undo
            if agreement is None:
                if not undo["made"]:
                    found[row] = _is_gone
            elif agreement.version != undo["after"]:
                found[row] = _was_changed
            elif undo["made"] and owners[agreement.pk] - {*undo["sources"]}:
                found[row] = _has_more
            elif any(sources.get(key) != 1 for key in undo["sources"]):
                found[row] = _was_changed
            elif any(sources.get(key) != after for key, _before, after in undo.get("changed_sources", ())):
                found[row] = _was_changed
            elif undo["made"] and agreement.pk in held:
                found[row] = _has_more
    return found


def leave_standing(import_: Import) -> None:
    """Let the undoing leave what stands against it as it is."""
    rows = list(obstacles(list(import_.rows.with_effect())))
    for row in rows:
        row.answer = row.answer | {"undo": "leave"}
    _write_rows(rows, "answer")


def tell_history(records: list[Record], kind: str, by: Any, why: str, now: datetime.datetime) -> None:
    """Write one entry ("+", "~" or "-") into the history of each record, without its relations to many."""
    if not records:
        return
    history = type(records[0]).history.model
    columns = [column.attname for column in history.tracked_fields]
    told = {"history_date": now, "history_user_id": by and by.pk, "history_change_reason": why, "history_type": kind}
    insert_at_once(history, (told | {name: getattr(record, name) for name in columns} for record in records))


def insert_at_once(model: type[models.Model], rows: Iterable[dict[str, Any]]) -> None:
    """Insert rows, by column, whose keys nobody asks for: by one statement, which spares most of what each costs."""
    columns = [one for one in model._meta.concrete_fields if not one.primary_key]
    quote = connection.ops.quote_name
    names, places = ", ".join(quote(one.column) for one in columns), ", ".join(["%s"] * len(columns))
    values = ([one.get_db_prep_save(row[one.attname], connection) for one in columns] for row in rows)
    with connection.cursor() as cursor:
        cursor.executemany(f"INSERT INTO {quote(model._meta.db_table)} ({names}) VALUES ({places})", values)


def delete_at_once(rows: models.QuerySet) -> None:
    """Delete rows of which it is known that nothing rests on them: without fetching each, and what may hang on it."""
    rows._raw_delete(rows.db)


def _relations_to(model: type[models.Model]) -> list[Any]:
    return [relation for relation in model._meta.related_objects if not relation.hidden]


def _held_by(relation: Any, keys: list[int]) -> Iterable[int]:
    name = relation.field.name
    return relation.related_model._base_manager.filter(**{f"{name}__in": keys}).values_list(name, flat=True)


def _portions(rows: list[Any]) -> Iterator[list[Any]]:
    for start in range(0, len(rows), BATCH):
        yield rows[start : start + BATCH]


def _reason(what: str, import_: Import) -> str:
    return ": ".join(filter(None, [what % {"file": import_.name}, import_.reason]))


def _stale_row() -> str:
    return _("The register was changed after this row was checked; it is shown as it stands now.")


def _changed_meanwhile() -> str:
    return _("Somebody changed the register at the same time. Nothing was written: try it again.")


def _is_gone() -> str:
    return _("The agreement was deleted after the import.")


def _was_changed() -> str:
    return _("The agreement or its source was changed after the import.")


def _has_more() -> str:
    return _("More was recorded of the agreement after the import.")
