"""Lists of ties between the world's cities, on their way into the register.

A list is a table with two cities in each row. `Ties` reads it chunk by chunk: what each row comes to is told as a
`Judged`, and what can be taken is written in a short transaction of its own. A run that was stopped is continued by
running again, and a run over a list that was taken already writes nothing. README.md says how to get such a list.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import TextChoices
from django.utils import timezone
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _
from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from cities.matching import DOUBTS, HINTS, LONGEST_ID, Doubt, Match, Matcher, Name, Point, city_from
from cities.models import City, Country, Place, Tie, TieSource
from cities.querysets import free, slug_wanted
from sistercities.dates import DateError, UncertainDate
from sistercities.tables import TableFile
from sistercities.text import clean_text, fold, latin_digits

CHUNK = 200
"""Rows that are written in one transaction: it holds SQLite's lock for some tenths of a second."""

HEADINGS = {
    "city": ("city1", "citylabel", "cityname", "municipality", "gemeinde", "city", "cityone", "شهر۱", "شهر"),
    "country": ("country1", "countrycode", "citycountry", "country_code", "کشور۱"),
    "latitude": ("lat1", "latitude1", "latitude", "عرض۱"),
    "longitude": ("lng1", "lon1", "longitude1", "longitude", "طول۱"),
    "point": ("coord1", "coord", "coordinates"),
    "geonames_id": ("geonames1", "geonames", "geonamesid"),
    "choice": ("city1choice",),
    "sister": ("city2", "sisterlabel", "sistername", "partnergemeinde", "partner", "sister", "sistercity", "شهر۲"),
    "sister_country": ("country2", "sistercountrycode", "sistercountry", "land", "partnercountry", "کشور۲"),
    "sister_latitude": ("lat2", "latitude2", "partnerlatitude", "sisterlatitude", "عرض۲"),
    "sister_longitude": ("lng2", "lon2", "longitude2", "partnerlongitude", "sisterlongitude", "طول۲"),
    "sister_point": ("coord2", "sistercoord", "sistercoordinates"),
    "sister_geonames_id": ("geonames2", "sistergeonames", "sistergeonamesid"),
    "sister_choice": ("city2choice",),
    "since": ("since", "seit", "date", "year", "از", "تاریخ", "سال"),
    "form": ("form", "kind", "type", "art", "نوع"),
}
"""Field → the headings under which it stands, the first of them that a table has."""

FORMS = {
    Tie.Form.SISTER: "sister p partnership partnerschaft partnercity sistercity twintown twincity twinning "
    "städtepartnerschaft jumelage خواهرخواندگی خواهرشهری خواهرخوانده",
    Tie.Form.FRIENDSHIP: "friendship f freundschaft friendshipcity cooperation friendshipandcooperation دوستی "
    "دوستیوهمکاری همکاری",
    Tie.Form.CONTACT: "contact k kontakt contacts تماس ارتباط",
}
_FORMS = {fold(word): form for form, words in FORMS.items() for word in words.split()}

PROBLEMS = (
    DOUBTS
    | {f"country_{why}": hint for why, hint in HINTS.items()}
    | {
        "no_name": _("The city has no name."),
        "long_name": _("The name is longer than 120 characters."),
        "no_country": _("Its country is not given."),
        "several": _("More than one place is called so."),
        "alike": _("No place is called so; some are spelt alike."),
        "not_found": _("The gazetteer knows no such place, and without coordinates none is made."),
        "not_a_number": _("“%(text)s” is no coordinate in degrees."),
        "choice": _("“%(text)s” is none of the choices: write city:…, place:… or new."),
        "self": _("Both are the same city."),
        "date": _("“%(text)s” is no date."),
        "form": _("“%(text)s” is not a known form: sister, friendship or contact."),
        "other_date": _("Recorded as since %(recorded)s, here %(read)s."),
        "other_form": _("Recorded as %(recorded)s, here %(read)s."),
    }
)
"""What can be said of a row, by its code."""

ASKED = {"several", "alike", "far", "abroad", "apart", "part", "nowhere"}
"""What somebody has to decide; whatever else is said of a row that is not taken has to be mended."""

_POINT = re.compile(r"point\s*\(\s*(\S+)\s+(\S+)\s*\)", re.IGNORECASE)
_FIGURE = re.compile(r"[\s\u200b−-]*[\d.,٫]+")
_WIKIDATA_ID = re.compile(r"Q\d+")
"""What a Wikidata query gives for a city without a name in the languages asked for."""

_SIGNS = str.maketrans({",": ".", "٫": ".", "−": "-"})
_ARABIC = re.compile("[\u0600-\u06ff]")


class Verdict(TextChoices):
    """What a row comes to."""

    NEW = "new", _("new")
    DATED = "dated", _("its date is new")
    KNOWN = "known", _("known")
    ASKED = "asked", _("to be decided")
    REFUSED = "refused", _("wrong")


@dataclass(frozen=True)
class Problem:
    """What is to be said of a row; as text, it is in the reader's language."""

    code: str
    city: str = ""
    """The name of the city that it is about, as written; "" where it is about the row."""
    told: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, doubt: Doubt, city: str) -> "Problem":
        """A doubt of the matcher about a city."""
        return cls(doubt.code, city, dict(doubt.told))

    def __str__(self) -> str:
        return f"{self.city}: {self.said}" if self.city else self.said

    @property
    def said(self) -> str:
        """What is to be said, without the name of the city."""
        if self.code == "date":
            try:
                UncertainDate.parse(self.told["text"])
            except DateError as error:
                return " ".join(error.messages)
        if self.code in DOUBTS:
            return str(Doubt(self.code, tuple(self.told.items())))
        if self.code == "other_form":
            return PROBLEMS[self.code] % {name: Tie.Form(form).label for name, form in self.told.items()}
        return PROBLEMS[self.code] % self.told


class Side(NamedTuple):
    """One of the two cities of a row, as its cells say."""

    is_first: bool
    name: str
    country: str
    point: str
    latitude: str
    longitude: str
    geonames: str
    choice: str

    @classmethod
    def of(cls, cell: dict[str, str], prefix: str) -> "Side":
        """The side of which the fields begin so."""
        name = cell["sister" if prefix else "city"]
        columns = ("country", "point", "latitude", "longitude", "geonames_id", "choice")
        return cls(not prefix, name, *(cell.get(f"{prefix}{column}", "") for column in columns))

    @property
    def geonames_id(self) -> int | None:
        """The GeoNames id, where one is given."""
        digits = latin_digits(self.geonames)
        return int(digits) if digits.isdecimal() and len(digits) <= LONGEST_ID else None

    def read_point(self) -> Point | None:
        """The coordinates, None where there are none. Raises Wrong for what is no number."""
        found = _POINT.fullmatch(self.point)
        longitude, latitude = found.groups() if found else (self.longitude, self.latitude)
        if not latitude and not longitude:
            return None
        return Point(self._degrees(latitude), self._degrees(longitude))

    def _degrees(self, text: str) -> float:
        try:
            return float(latin_digits(text).translate(_SIGNS))
        except ValueError:
            raise Wrong(Problem("not_a_number", self.name, {"text": text})) from None


class Wrong(Exception):
    """A row that cannot be taken, with the problem."""

    def __init__(self, problem: Problem, match: Match | None = None) -> None:
        super().__init__(str(problem))
        self.problem = problem
        self.match = match


@dataclass
class Judged:
    """One row, and what it comes to."""

    number: int
    cells: list[str]
    verdict: Verdict = Verdict.NEW
    problems: list[Problem] = field(default_factory=list)
    candidates: tuple[list[str], list[str]] = field(default_factory=lambda: ([], []))
    """For each of the two cities, those that may be meant, as `key name (country, division)`."""
    pair: tuple["Known", "Known"] | None = None
    since: UncertainDate | None = None
    form: str = Tie.Form.SISTER
    tie: Tie | None = None

    @property
    def brief(self) -> str:
        """What stands in the row, in one line, without its figures."""
        return " · ".join(cell for cell in self.cells if cell and not _FIGURE.fullmatch(cell))[:160]


@dataclass(eq=False)
class Known:
    """A city that a row means: stored, or to be made with the next chunk."""

    city: City | None = None
    place: int | None = None
    """GeoNames id of the place it will be made of."""
    at: int | None = None
    """Where the matcher knows it, if it is made of the row itself."""
    is_counted: bool = False

    @property
    def origin(self) -> str:
        """Where it comes from; asked before it is stored."""
        return "gazetteer" if self.place else "recorded" if self.at is None else "row"


def columns_of(headings: list[str]) -> dict[str, int]:
    """Field of HEADINGS → position of its column. Raises ValidationError when the two cities have none."""
    folded = [fold(heading) for heading in headings]
    columns = {}
    for name, known in HEADINGS.items():
        if found := next((word for word in map(fold, known) if word in folded), None):
            columns[name] = folded.index(found)
    if columns.get("sister", None) is None or columns.get("city", None) is None:
        raise ValidationError(
            _("The table needs a column for each of the two cities, headed city1 and city2 or as the README says.")
        )
    return columns


class Ties:
    """A list of ties on its way into the register, or only looked at where `source` is not stored.

    `country` is where the first cities lie where the table does not say.
    """

    def __init__(
        self, table: TableFile, source: TieSource, country: Country | None = None, by: User | None = None
    ) -> None:
        self.table = table
        self.columns = columns_of(table.headings)
        self.source = source
        self.country = country
        self.by = by
        self.reason = reason_of(source)
        self.matcher = Matcher()
        self.counts: Counter[str] = Counter()
        """How many rows came to each verdict."""
        self.reasons: Counter[str] = Counter()
        """How often each problem was said."""
        self.origins: Counter[str] = Counter()
        """How many cities were recorded already, taken from the gazetteer, or made of a row."""
        self._slugs = set(City.objects.values_list("slug", flat=True))
        self._known: dict[str, Known] = {}
        self._sides: dict[Side, tuple[Known, Problem | None] | Wrong] = {}
        self._pending: list[Known] = []
        self._pairs: dict[frozenset[int], Judged] = {}

    def read(self, progress: Callable[[int, int], None] = lambda done, total: None) -> Iterator[Judged]:
        """Judge every row, writing what is new chunk by chunk if `source` is stored. `progress` is told between chunks,
        outside of a transaction; what it raises ends the run, and what was written stays."""
        rows = self.table.rows
        progress(0, len(rows))
        for start in range(0, len(rows), CHUNK):
            chunk = [self._judge(number, cells) for number, cells in rows[start : start + CHUNK]]
            if self.source.pk:
                making = self._make_cities(chunk)
                with transaction.atomic():
                    self._store_cities(making)
                    self._weigh(chunk)
                    self._write(chunk)
            else:
                self._weigh(chunk)
            for judged in chunk:
                self.counts[judged.verdict] += 1
                self.reasons.update(problem.code for problem in judged.problems)
            yield from chunk
            progress(min(start + CHUNK, len(rows)), len(rows))

    # What a row says

    def _judge(self, number: int, cells: list[str]) -> Judged:
        judged = Judged(number, cells)
        cell = {name: clean_text(cells[at]) for name, at in self.columns.items()}
        meant = []
        for position, prefix in enumerate(("", "sister_")):
            try:
                known, remark = self._meant(Side.of(cell, prefix))
            except Wrong as wrong:
                judged.problems.append(wrong.problem)
                if wrong.match:
                    judged.candidates[position].extend(map(described, wrong.match.candidates))
            else:
                meant.append(known)
                judged.problems += [remark] if remark else []
        try:
            judged.since = UncertainDate.parse(cell["since"]) if cell.get("since") else None
        except DateError:
            judged.problems.append(Problem("date", told={"text": cell["since"]}))
        if form := cell.get("form", ""):
            judged.form = _FORMS.get(fold(form), "")
            if not judged.form:
                judged.problems.append(Problem("form", told={"text": form}))
        if len(meant) == 2 and meant[0] is meant[1]:
            judged.problems.append(Problem("self", cell["city"]))
        stopping = {problem.code for problem in judged.problems} - {"off"}
        if stopping:
            judged.verdict = Verdict.ASKED if stopping <= ASKED else Verdict.REFUSED
        else:
            judged.pair = (meant[0], meant[1])
        return judged

    def _meant(self, side: "Side") -> tuple["Known", Problem | None]:
        """The city that one half of a row means, and what is to be said of it. Raises Wrong."""
        if side not in self._sides:
            try:
                self._sides[side] = self._find(side)
            except Wrong as wrong:
                self._sides[side] = wrong
        meant = self._sides[side]
        if isinstance(meant, Wrong):
            raise meant
        return meant

    def _find(self, side: "Side") -> tuple["Known", Problem | None]:
        name, choice = side.name, side.choice
        if not name or _WIKIDATA_ID.fullmatch(name):
            raise Wrong(Problem("no_name"))
        countries = self.matcher.countries
        country = countries.find(side.country) if side.country else self.country if side.is_first else None
        if side.country and country is None:
            raise Wrong(Problem(f"country_{countries.why_not(side.country)}", name, {"country": side.country}))
        if choice and fold(choice) != "new":
            if record := self.matcher.chosen(choice):
                return self._of_record(record), None
            raise Wrong(Problem("choice", name, {"text": choice}))
        point = side.read_point()
        if not choice:
            match = self.matcher.find(name, country, *(point or (None, None)), geonames_id=side.geonames_id)
            if match.record:
                return self._of_record(match.record), match.doubt and Problem.of(match.doubt, name)
            if match.doubt:
                raise Wrong(Problem.of(match.doubt, name), match)
            if match.candidates:
                raise Wrong(Problem(match.kind if match.kind == "several" else "alike", name), match)
        if country is None:
            raise Wrong(Problem("no_country", name))
        if point is None or not point.is_on_the_globe:
            raise Wrong(Problem("not_found", name))
        written = Name.read(name)
        if before := self.matcher.without_id(written, country, point):
            return self._of_record(before), None
        return self._of_row(written, country, point), None

    def _of_record(self, record: City | Place) -> Known:
        if isinstance(record, Place):
            key = f"place:{record.pk}"
        else:
            key = f"city:{record.pk or id(record)}"
        known = self._known.get(key)
        if known is None:
            known = Known(place=record.pk) if isinstance(record, Place) else Known(city=record)
            self._known[key] = known
            if known.place:
                self._pending.append(known)
        return known

    def _of_row(self, name: Name, country: Country, point: Point) -> Known:
        """A city of which nothing more is known than what stands in the row."""
        if len(name.shown) > City._meta.get_field("name_en").max_length:
            raise Wrong(Problem("long_name", name.shown[:40]))
        column = "name_fa" if _ARABIC.search(name.shown) else "name_en"
        city = City(
            country=country,
            **{column: name.shown},
            other_names="" if name.shown == name.whole else name.whole,
            level=name.level,
            latitude=point.latitude,
            longitude=point.longitude,
        )
        city.derive()
        known = Known(city=city)
        known.at = self.matcher.add(city)
        self._known[f"city:{id(city)}"] = known
        self._pending.append(known)
        return known

    # What the register knows of it, and what is written

    def _weigh(self, chunk: list[Judged]) -> None:
        """Find the ties that are recorded, or stand in the list already, in one query for the chunk."""
        wanted = [judged for judged in chunk if judged.pair]
        for known in {id(known): known for judged in wanted for known in judged.pair}.values():
            if not known.is_counted:
                known.is_counted = True
                self.origins[known.origin] += 1
        stored = {
            known.city.pk for judged in wanted for known in judged.pair if known.city is not None and known.city.pk
        }
        ties = Tie.objects.filter(one__in=stored, other__in=stored)
        if self.source.pk:
            ties = ties.select_for_update()
        recorded = {frozenset((tie.one_id, tie.other_id)): tie for tie in ties}
        for judged in wanted:
            one, other = judged.pair
            pair = frozenset((id(one), id(other)))
            first = self._pairs.setdefault(pair, judged)
            keys = frozenset(known.city.pk if known.city else None for known in judged.pair)
            judged.tie = recorded.get(keys) or (first.tie if first is not judged else None)
            since, form = (judged.tie.since, judged.tie.form) if judged.tie else (first.since, first.form)
            if judged.tie is None and first is judged:
                continue
            judged.verdict = Verdict.KNOWN
            if judged.since and not since:
                judged.verdict = Verdict.DATED
                if judged.tie:
                    judged.tie.since = judged.since
                else:
                    first.since = judged.since
            elif judged.since and judged.since.contradicts(since):
                told = {"recorded": since.code, "read": judged.since.code}
                judged.problems.append(Problem("other_date", told=told))
            if "form" in self.columns and judged.form != form:
                judged.problems.append(Problem("other_form", told={"recorded": form, "read": judged.form}))

    def _make_cities(self, chunk: list[Judged]) -> list[Known]:
        """The cities that the ties of the chunk need and that are not stored, made ready before anything is locked."""
        needed = {id(known) for judged in chunk if judged.pair for known in judged.pair}
        making = [known for known in self._pending if id(known) in needed]
        self._pending = [known for known in self._pending if id(known) not in needed]
        of_places = {known.place: known for known in making if known.place}
        for key, place in Place.objects.select_related("country").in_bulk(of_places).items():
            city = of_places[key].city = city_from(place)
            city.country = place.country
            city.derive()
        for known in making:
            city = known.city
            city.slug = free(slug_wanted(city.name_en, city.name_fa), self._slugs)
            self._slugs.add(city.slug)
        return making

    def _store_cities(self, making: list[Known]) -> None:
        cities = [known.city for known in making]
        bulk_create_with_history(cities, City, default_user=self.by, default_change_reason=self.reason)
        for known in making:
            self._known[f"city:{known.city.pk}"] = known
            if known.at is None:
                self.matcher.add(known.city)
            else:
                self.matcher.stored(known.at)
                del self._known[f"city:{id(known.city)}"]
            known.city = City(pk=known.city.pk)

    def _write(self, chunk: list[Judged]) -> None:
        """Store the new ties of the chunk, and the dates that were not known."""
        new = [judged for judged in chunk if judged.pair and judged.verdict == Verdict.NEW]
        for judged in new:
            one, other = (known.city for known in judged.pair)
            judged.tie = Tie.between(one, other, source=self.source, since=judged.since, form=judged.form)
        made = [judged.tie for judged in new]
        bulk_create_with_history(made, Tie, default_user=self.by, default_change_reason=self.reason)
        dated = {judged.tie.pk: judged.tie for judged in chunk if judged.verdict == Verdict.DATED and judged.tie}
        for tie in dated.values():
            tie.version += 1
            tie.updated_at = timezone.now()
        columns = ["since", "since_first", "since_last", "version", "updated_at"]
        if dated:
            bulk_update_with_history(
                list(dated.values()), Tie, columns, default_user=self.by, default_change_reason=self.reason
            )


REMOVED_AT_ONCE = 25
"""Records that are removed in one transaction."""


def remove(
    source: TieSource,
    by: User | None,
    progress: Callable[[int, int], None] = lambda done, total: None,
    why: str = "",
) -> None:
    """Remove the ties that a list brought, then the cities that it brought, as long as nobody has changed them and
    nothing rests on them, and the source itself. What is stopped can be continued."""
    reason = gettext("Removed: %(reason)s") % {"reason": ": ".join(filter(None, [reason_of(source), why]))}
    ties = Tie.objects.filter(source=source)
    brought = City.history.filter(history_type="+", history_change_reason__in=reasons_of(source)).values("id")
    cities = City.objects.filter(pk__in=brought, version=1)
    total = ties.count() + cities.count()
    progress(0, total)
    done = 0
    while removed := _remove_some(ties, by, reason):
        done += removed
        progress(done, total)
    while removed := _remove_some(cities.without_relations(), by, reason):
        done += removed
        progress(done, total)
    source._history_user, source._change_reason = by, reason
    source.delete()
    progress(total, total)


def _remove_some(records: Any, by: User | None, reason: str) -> int:
    with transaction.atomic():
        some = list(records.order_by("pk")[:REMOVED_AT_ONCE])
        for record in some:
            record._history_user, record._change_reason = by, reason
            record.delete()
    return len(some)


def described(candidate: Any) -> str:
    """A candidate as a report writes it: its key, its name, and where it lies."""
    record = candidate.record
    where = ", ".join(filter(None, (record.country_id, getattr(record, "admin1", ""))))
    return f"{candidate.key} {candidate.label} ({where})"


def reason_of(source: TieSource) -> str:
    """What the history of all that a list brought says; by it the cities are found again that only it brought."""
    return gettext("List of ties: %(title)s") % {"title": source.title}


def reasons_of(source: TieSource) -> set[str]:
    """`reason_of` in each of the languages in which a list may have been read."""
    reasons = set()
    for language, _name in settings.LANGUAGES:
        with override(language):
            reasons.add(reason_of(source))
    return reasons


REPORT_COLUMNS = ["city1_choice", "city1_candidates", "city2_choice", "city2_candidates", "verdict", "problems"]


def report_rows(headings: list[str], rows: Iterable[Judged]) -> Iterator[list[Any]]:
    """The table of the rows about which something is to be said, headings first; mended, it can be read in again.

    Its columns are those of the list, then for each of the two cities an empty one for the choice and one that names
    the candidates, then the verdict and the problems.
    """
    own = [at for at, heading in enumerate(headings) if heading not in REPORT_COLUMNS and heading != "row"]
    yield ["row", *(headings[at] for at in own), *REPORT_COLUMNS]
    for judged in rows:
        if not judged.problems:
            continue
        first, second = (" | ".join(candidates) for candidates in judged.candidates)
        said = " ".join(map(str, judged.problems))
        yield [judged.number, *(judged.cells[at] for at in own), "", first, "", second, judged.verdict.label, said]
