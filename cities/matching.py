"""Which city of the register, or place of the gazetteer, a name in somebody's table means.

Nothing is guessed: what a name, its country and its coordinates do not settle comes back as candidates to choose from,
and so does what is only spelt alike. Spellings of countries stand in cities/data/country_spellings.csv, the names by
which first-order divisions tell towns of one name apart in cities/data/divisions.csv.
"""

import csv
import math
import re
import unicodedata
from array import array
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from functools import cache
from pathlib import Path
from typing import Any, Literal, NamedTuple

from babel import Locale
from babel.core import get_global
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cities.geography import EARTH_RADIUS_KM
from cities.models import City, Country, Place
from sistercities.text import clean_text, fold, latin_digits, number

DATA = Path(__file__).resolve().parent / "data"

LANGUAGES = (
    "ar",
    "az",
    "ckb",
    "cs",
    "de",
    "es",
    "fr",
    "hy",
    "it",
    "ja",
    "nl",
    "pl",
    "pt",
    "ru",
    "tr",
    "uk",
    "ur",
    "zh",
)
"""The languages in which countries are known beside Persian and English, as CLDR names them."""

NEAR_KM = 30
"""A point that lies no farther from a place agrees with it."""

BESIDE_KM = 10
"""No farther off lies a place whose name is spelt a little differently; towns farther apart are two."""

FAR_KM = 100
"""A point that lies farther from a place contradicts it."""

ALIKE = 0.6
"""The share of letters in common from which on two names count as spellings of one: Gandja and Ganja, not Gence."""

NEARLY = 0.8
"""The share from which on a place is offered whose name was not written so."""

OFFERED = 10
"""Candidates that are named at most."""

LONGEST_ID = 18
"""Digits that an id has at most; longer ones Python does not even read."""

READ_HERE = ("LATIN", "ARABIC")
"""Scripts of which other names are taken from the gazetteer, as Unicode calls them."""

HINTS = {
    "historical": _("“%(country)s” is no country of today: write the one in which the city lies now."),
    "several": _("“%(country)s” can mean more than one country: write which."),
    "no_code": _(
        "“%(country)s” has no code of ISO 3166-1: write the country by which it is counted there, or add it to the "
        "countries of this register."
    ),
    "unknown": _("“%(country)s” is not known as a country."),
}


# Countries


@cache
def spellings() -> tuple[dict[str, str], dict[str, str]]:
    """Folded spelling → code, and folded spelling → key of HINTS, of all that is known beside the register's own names.

    The table of spellings goes before CLDR; of what means one country in one language and another in the next,
    neither is taken.
    """
    codes: dict[str, str] = {}
    for alias, meant in get_global("territory_aliases").items():
        if len(meant) == 1 and len(alias) == 3 and alias.isalpha():
            codes[fold(alias)] = meant[0]
    named: dict[str, set[str]] = defaultdict(set)
    for language in LANGUAGES:
        for code, name in Locale(language).territories.items():
            if len(code) == 2 and code.isalpha():
                named[fold(name)].add(code)
    codes |= {name: min(meant) for name, meant in named.items() if len(meant) == 1}
    refused: dict[str, str] = {}
    with (DATA / "country_spellings.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            spelling = fold(row["spelling"])
            codes.pop(spelling, None)
            if row["code"]:
                codes[spelling] = row["code"]
            if row["note"]:
                refused[spelling] = row["note"]
    return codes, refused


class Countries:
    """The countries of the register by every spelling that is known; read once."""

    def __init__(self) -> None:
        self.by_code = Country.objects.in_bulk()
        self._codes, self._refused = spellings()
        self._own = {
            name: country.code for country in self.by_code.values() for name in country.search_text.splitlines()
        }

    def find(self, text: str) -> Country | None:
        """The country that `text` names or codes, in whatever spelling; None where it does not mean exactly one."""
        spelling = fold(text)
        return self.by_code.get(self._own.get(spelling) or self._codes.get(spelling, ""))

    def hint(self, text: str) -> str:
        """Why `find` knows no such country, and what to write instead."""
        return HINTS[self.why_not(text)] % {"country": text}

    def why_not(self, text: str) -> str:
        """The key of HINTS that says why `find` knows no such country."""
        return self._refused.get(fold(text), "unknown")


def find_country(text: str) -> Country | None:
    """The country that `text` names or codes; see `Countries`, which is for a whole table."""
    return Countries().find(text)


# Places of the gazetteer as cities


def city_from(place: Place) -> City:
    """A city, unsaved and without an address, of what the gazetteer knows of a place."""
    known = from_gazetteer(place)
    return City(country_id=known.pop("country"), **known)


def from_gazetteer(place: Place) -> dict[str, Any]:
    """What the gazetteer knows of a place, as a new city's form takes it.

    Of what year its population is, the gazetteer does not say. Of its other names those are taken that readers here
    can read and that differ from each other by more than their spelling.
    """
    others: list[str] = []
    for name in filter(is_read_here, place.other_names.splitlines()):
        if not any(are_alike(name, known) for known in (place.name, place.name_fa, *others)):
            others.append(name)
    return {
        "country": place.country_id,
        "name_fa": place.name_fa,
        "name_en": place.name,
        "other_names": "\n".join(others),
        "latitude": place.latitude,
        "longitude": place.longitude,
        "population": place.population,
        "time_zone": place.time_zone,
        "geonames_id": place.geonames_id,
    }


def is_read_here(name: str) -> bool:
    """Whether every letter is of a script that this register's readers read."""
    return all(unicodedata.name(letter, "").startswith(READ_HERE) for letter in name if letter.isalpha())


def are_alike(name: str, known: str) -> bool:
    """Whether two names may be spellings of one: at least ALIKE of what the search sees of them is the same."""
    return is_like(SequenceMatcher(None, fold(name), fold(known)), ALIKE)


def is_like(comparison: SequenceMatcher, share: float) -> bool:
    """Whether so much of both is the same; what certainly is not is told without looking closely."""
    return comparison.real_quick_ratio() >= share and comparison.quick_ratio() >= share and comparison.ratio() >= share


# Names as they are written

_PARENTHESES = re.compile(r"\s*\(\s*([^()]*?)\s*\)")
_ENDS = re.compile(r"\s*[,،/]\s*")
_SAINTS = ("St", "Saint", "Sankt", "Sint", "Szent", "Sv")
_SAINT = re.compile(rf"(?<!\w)(?:{'|'.join(_SAINTS)})\b\.?[\s-]*(?=\w)", re.IGNORECASE)

_BODIES = {
    City.Level.CITY: "city town municipality commune stadt gemeinde markt ville comune ciudad شهر شهرداری مدينة",
    City.Level.COUNTY: (
        "county kreis landkreis okres okresni powiat judet comté verbandsgemeinde samtgemeinde amt gmina ruralgmina "
        "communauté microregion district bezirksverband شهرستان"
    ),
    City.Level.PROVINCE: (
        "province provincia provinz provincie voivodeship wojewodschaft województwo bezirk region región région oblast "
        "prefecture department département departement kanton canton استان محافظة"
    ),
    City.Level.DISTRICT: "borough raion rayon arrondissement ward stadtbezirk منطقه",
}
_LEVELS = {fold(word): level for level, words in _BODIES.items() for word in words.split()}
_LEVELS_BEFORE = _LEVELS | {"district": City.Level.DISTRICT}
_OF = {"of", "de", "di", "del", "von", "des", "der"}


class Name(NamedTuple):
    """A city's name as somebody wrote it, taken apart: "Arlington (Texas)", "Krapkowice, Kreis", "City of London"."""

    whole: str
    shown: str
    """Without what stands in parentheses or behind a comma or a stroke."""
    bare: str
    """Without the word for what body it is, either."""
    qualifiers: tuple[str, ...] = ()
    level: City.Level = City.Level.CITY

    @classmethod
    def read(cls, text: str) -> "Name":
        """Take `text` apart."""
        whole = " ".join(clean_text(text).split())
        shown, *qualifiers = _ENDS.split(" ".join(_PARENTHESES.sub(" ", whole).split()))
        for inner in _PARENTHESES.findall(whole):
            qualifiers += _ENDS.split(inner)
        level = City.Level.CITY
        kept = []
        for qualifier in filter(None, qualifiers):
            if said := _LEVELS.get(fold(qualifier)):
                level = level if said == City.Level.CITY else said
            else:
                kept.append(qualifier)
        words = shown.split()
        if len(words) > 1 and (said := _LEVELS_BEFORE.get(fold(words[0]))):
            words = words[2:] if len(words) > 2 and words[1].casefold() in _OF else words[1:]
            level = said
        elif len(words) > 1 and (said := _LEVELS.get(fold(words[-1]))):
            words, level = words[:-1], said
        return cls(whole, shown or whole, " ".join(words) or whole, tuple(kept), level)

    @property
    def spellings(self) -> list[str]:
        """Its folded spellings, the most exact first, each once."""
        written = [self.whole, self.shown, self.bare]
        if _SAINT.search(self.bare):
            written += [_SAINT.sub(f"{saint} ", self.bare) for saint in _SAINTS]
        return [spelling for spelling in dict.fromkeys(map(fold, written)) if spelling]


# Matching

WHY = {
    "id": _("has this GeoNames id"),
    "name": _("is called so"),
    "other_name": _("is also called so"),
    "alike": _("is spelt alike"),
}

DOUBTS = {
    "far": _("The point lies %(km)s km from %(place)s."),
    "abroad": _("The point lies near %(place)s in %(country)s."),
    "nowhere": _("The point lies %(km)s km from the nearest place in %(country)s."),
    "off": _("The point is not on the globe."),
    "apart": _("%(place)s lies %(km)s km from %(other)s."),
    "part": _("%(place)s may be meant, or %(other)s."),
    "other_id": _("The GeoNames id is that of %(place)s."),
}


@dataclass(frozen=True)
class Candidate:
    """A city or place that may be meant. `key` is how it is chosen: "city:<pk>" or "place:<geonames_id>"."""

    key: str
    record: City | Place
    """With the columns that a list shows; others are fetched when asked for."""
    why: str | Promise
    km: float | None = field(default=None, compare=False)
    """How far from the point that was given."""

    @property
    def label(self) -> str:
        """The name by which it is offered."""
        return self.record.name


@dataclass(frozen=True)
class Doubt:
    """Why coordinates or ids do not go with a name; as text, it is in the reader's language."""

    code: str
    told: tuple[tuple[str, Any], ...] = ()

    @classmethod
    def of(cls, code: str, **told: Any) -> "Doubt":
        """The doubt `code` of DOUBTS."""
        return cls(code, tuple(told.items()))

    def __str__(self) -> str:
        told = {name: number(round(value)) if name == "km" else str(value) for name, value in self.told}
        return str(DOUBTS[self.code]) % told


Kind = Literal["city", "place", "several", "unknown"]


@dataclass(frozen=True)
class Match:
    """What a name means: one `city` of the register, one `place` of the gazetteer, `several` of them, or nothing known.

    Of `several` somebody has to choose; of an `unknown` name the candidates are those spelt alike near by.
    """

    kind: Kind
    name: Name
    candidates: tuple[Candidate, ...] = ()
    doubt: Doubt | None = None

    @property
    def record(self) -> City | Place | None:
        """The city or place, where it is settled."""
        return self.candidates[0].record if self.kind in {"city", "place"} else None


class Point(NamedTuple):
    """A point on the globe, in degrees."""

    latitude: float
    longitude: float

    @classmethod
    def given(cls, latitude: float | None, longitude: float | None) -> "Point | None":
        """The point; None where it is not given."""
        return None if latitude is None or longitude is None else cls(latitude, longitude)

    @property
    def is_on_the_globe(self) -> bool:
        """Whether it can be meant: 0, 0 is where a table's empty cells lie."""
        return abs(self.latitude) <= 90 and abs(self.longitude) <= 180 and tuple(self) != (0, 0)

    def km(self, latitude: float, longitude: float) -> float:
        """Kilometres along the great circle to another point."""
        north, other = math.radians(self.latitude), math.radians(latitude)
        half = math.sin((other - north) / 2) ** 2
        half += math.cos(north) * math.cos(other) * math.sin(math.radians(longitude - self.longitude) / 2) ** 2
        return 2 * EARTH_RADIUS_KM * math.asin(min(1, math.sqrt(half)))


class Row(NamedTuple):
    """A city or place as the matcher keeps it."""

    key: str
    country: str
    names: tuple[str, ...]
    """The names by which it is called first."""
    latitude: float | None
    longitude: float | None
    population: int
    admin1: str
    level: str
    geonames_id: int | None
    columns: tuple
    made: City | None = None
    """The city itself, as long as it is not stored."""

    @property
    def record(self) -> City | Place:
        """The city or place, without the columns that were not fetched."""
        if self.made:
            return self.made
        model, names = (City, CITY_COLUMNS) if self.key.startswith("city:") else (Place, PLACE_COLUMNS)
        return model.from_db(None, names, self.columns)

    def is_called(self, spelling: str) -> bool:
        """Whether the folded spelling is its first name in some language."""
        return spelling in map(fold, self.names)


# In the order of the model's columns, by which `from_db` reads.
CITY_COLUMNS = tuple(
    column.attname
    for column in City._meta.concrete_fields
    if column.attname
    in {
        *("id", "country_id", "name_fa", "name_en", "name_local", "slug", "level"),
        *("latitude", "longitude", "population", "geonames_id", "is_home"),
    }
)
PLACE_COLUMNS = tuple(
    column.attname for column in Place._meta.concrete_fields if column.attname not in {"other_names", "search_text"}
)


def _columns(city: City) -> tuple:
    return tuple(getattr(city, column) for column in CITY_COLUMNS)


class Matcher:
    """Finds what a table's names mean. It reads the register's cities and the gazetteer once: as much for any table."""

    def __init__(self) -> None:
        self.countries = Countries()
        self._rows: list[Row] = []
        self._of_cities: dict[str, list[int]] = defaultdict(list)
        self._by_id: dict[int, int] = {}
        self._by_pk: dict[int, int] = {}
        self._grid: dict[tuple[int, int], array] = defaultdict(lambda: array("I"))
        self._by_letter: dict[tuple[str, str], array] = defaultdict(lambda: array("I"))
        self._divisions = read_divisions()
        columns = (*CITY_COLUMNS, "search_text")
        for *city, search_text in City.objects.order_by("pk").values_list(*columns).iterator(2_000):
            self._take_city(tuple(city), search_text.splitlines()[:-1])
        self._read_gazetteer()

    def add(self, city: City) -> int:
        """Know a city that was made after the matcher was built, stored or not. Returns its place for `stored`."""
        return self._take_city(_columns(city), city.search_text.splitlines()[:-1], None if city.pk else city)

    def stored(self, at: int) -> None:
        """The city that stands there is stored now."""
        city = self._rows[at].made
        self._by_pk[city.pk] = at
        self._rows[at] = self._rows[at]._replace(key=f"city:{city.pk}", columns=_columns(city), made=None)

    def chosen(self, key: str) -> City | Place | None:
        """The city or place whose `Candidate.key` somebody chose; None where there is none."""
        kind, _colon, number = latin_digits(key).strip().partition(":")
        known = {"place": self._by_id, "city": self._by_pk}.get(kind, {})
        at = known.get(int(number)) if number.isdecimal() and len(number) <= LONGEST_ID else None
        return None if at is None else self._rows[at].record

    def find(
        self,
        name: str,
        country: Country | None = None,
        latitude: float | None = None,
        longitude: float | None = None,
        geonames_id: int | None = None,
    ) -> Match:
        """What `name` means, in `country` where that is known.

        Coordinates decide between those of one name. Without them, or where they agree with none, several stay so.
        """
        written = Name.read(name)
        point = Point.given(latitude, longitude)
        if point and not point.is_on_the_globe:
            found = self._find(written, country, None)
            return Match(found.kind, written, found.candidates, found.doubt or Doubt.of("off"))
        if geonames_id in self._by_id:
            row = self._rows[self._by_id[geonames_id]]
            fits = not country or row.country == country.code
            doubt = None if fits else Doubt.of("other_id", place=self._label(row))
            return self._settled(row, written, WHY["id"], point, doubt)
        return self._find(written, country, point)

    def without_id(self, name: Name, country: Country, point: Point) -> City | None:
        """The city beside the point that bears the name and is no place of the gazetteer: made of such a row before."""
        for spelling in name.spellings:
            for row in self._lookup(spelling, country):
                if row.geonames_id is None and self._agrees(row, point, BESIDE_KM) and row.level == name.level:
                    return row.record
        return None

    def near(self, written: Name, country: Country | None, point: Point | None) -> list[Candidate]:
        """Places of the country whose first name is spelt nearly so: round the point, where one is given."""
        if country is None or written.level != City.Level.CITY:
            return []
        wanted = fold(written.bare)
        comparison = SequenceMatcher(b=wanted)
        alike = []
        for at in self._by_letter.get((country.code, wanted[:1]), ()):
            row = self._current(self._rows[at])
            if row in alike or row.made or (point and not self._is_beside(row, point)):
                continue
            for called in map(fold, row.names):
                comparison.set_seq1(called)
                if called[:1] == wanted[:1] and is_like(comparison, NEARLY):
                    alike.append(row)
                    break
        return [self._candidate(row, WHY["alike"], point) for row in self._largest(alike)]

    def _find(self, written: Name, country: Country | None, point: Point | None) -> Match:
        spelling, rows = self._named(written, country, all_spellings=point is not None)
        if not rows:
            doubt = self._doubt(country, point) if point else None
            return Match("unknown", written, tuple(self.near(written, country, point)), doubt)
        same = [row for row in rows if row.level == written.level]
        if not same:
            # The county is not the city of its name, nor the other way round.
            other = self._several(rows, written, spelling, point)
            doubt = self._doubt(country, point) if point else None
            return Match("unknown", written, () if point else other.candidates, doubt)
        rows = self._in_division(same, written) if len(same) > 1 else same
        if point is None:
            return self._without_point(rows, written, spelling, country)
        near = [row for row in rows if self._agrees(row, point)]
        # What the gazetteer knows goes first: a row must not mean another city once the rows behind it are recorded.
        for better in (
            near,
            [row for row in near if row.geonames_id is not None],
            [row for row in near if row.is_called(spelling)],
        ):
            if len(better) == 1:
                if part := self._part_of(better[0], written, country):
                    return part
                if better[0].geonames_id is None and (alike := self.near(written, country, point)):
                    # Whether it was recorded before or after this row, the row says no more than it said then.
                    own = self._candidate(better[0], self._why(better[0], spelling), point)
                    return Match("several", written, (own, *alike))
                return self._settled(better[0], written, self._why(better[0], spelling), point)
        if near:
            return self._several(near, written, spelling, point)
        known = [row for row in rows if row.geonames_id is not None and row.latitude is not None]
        doubt = self._doubt(country, point)
        if not known:
            # What others have recorded elsewhere under this name says nothing about this one.
            return Match("unknown", written, tuple(self.near(written, country, point)), doubt)
        if len(known) > 1:
            return self._several(known, written, spelling, point, doubt)
        km = point.km(known[0].latitude, known[0].longitude)
        if km <= FAR_KM:
            return self._settled(known[0], written, self._why(known[0], spelling), point)
        doubt = doubt or Doubt.of("far", km=km, place=self._label(known[0]))
        return self._several(known, written, spelling, point, doubt)

    def _without_point(self, rows: list[Row], written: Name, spelling: str, country: Country | None) -> Match:
        if len(rows) > 1:
            return self._several(rows, written, spelling, None)
        row = rows[0]
        if part := self._part_of(row, written, country):
            return part
        for qualifier in written.qualifiers:
            others = self._lookup(fold(qualifier), country) if country and row.latitude is not None else []
            if len(others) == 1 and others[0].latitude is not None:
                km = Point(row.latitude, row.longitude).km(others[0].latitude, others[0].longitude)
                if km > FAR_KM:
                    apart = Doubt.of("apart", km=km, place=self._label(row), other=self._label(others[0]))
                    return self._several(rows, written, spelling, None, apart)
        return self._settled(row, written, self._why(row, spelling), None)

    def _part_of(self, row: Row, written: Name, country: Country | None) -> Match | None:
        """The choice between a city and a part of it, where "Istanbul (Beşiktaş)" can mean both; None elsewhere."""
        if row.latitude is None or fold(written.whole) in map(fold, row.names):
            return None
        here = Point(row.latitude, row.longitude)
        for qualifier in written.qualifiers:
            for other in self._lookup(fold(qualifier), country):
                if other.key == row.key or other.latitude is None or other.population >= row.population:
                    continue
                if here.km(other.latitude, other.longitude) <= NEAR_KM:
                    both = Doubt.of("part", place=self._label(row), other=self._label(other))
                    return self._several([row, other], written, "", None, both)
        return None

    def _named(self, written: Name, country: Country | None, all_spellings: bool) -> tuple[str, list[Row]]:
        """The most exact spelling that somebody bears, and who bears it; or who bears any of them."""
        found: dict[str, Row] = {}
        first = ""
        for spelling in written.spellings:
            for row in self._lookup(spelling, country):
                found.setdefault(row.key, row)
                first = first or spelling
            if found and not all_spellings:
                break
        return first, list(found.values())

    def _lookup(self, spelling: str, country: Country | None) -> list[Row]:
        """All that bear the folded spelling, each once: a city of the register stands for its place."""
        rows = [self._rows[at] for at in self._of_cities.get(spelling, ())]
        key = hash(spelling)
        at = bisect_left(self._hashes, key)
        while at < len(self._hashes) and self._hashes[at] == key:
            rows.append(self._rows[self._owners[at]])
            at += 1
        found = {row.key: row for row in map(self._current, rows)}
        rows = [row for row in found.values() if not country or row.country == country.code]
        cities = [row for row in rows if row.key.startswith("city:")]
        return [row for row in rows if row in cities or not self._is_one_of(row, cities)]

    def _current(self, row: Row) -> Row:
        """The city of the register that is this place of the gazetteer; the row itself where none is."""
        return self._rows[self._by_id[row.geonames_id]] if row.geonames_id is not None else row

    def _is_one_of(self, place: Row, cities: Iterable[Row]) -> bool:
        """Whether one of the cities that bear its name lies there and has no id by which to tell."""
        return any(
            city.geonames_id is None
            and city.country == place.country
            and self._agrees(city, Point(place.latitude, place.longitude))
            for city in cities
        )

    def _in_division(self, rows: list[Row], written: Name) -> list[Row]:
        """Those in the division that stands behind the name, as in "Springfield, Illinois"; all where none does."""
        for qualifier in map(fold, written.qualifiers):
            inside = [row for row in rows if qualifier in self._divisions.get((row.country, row.admin1), ())]
            if inside:
                return inside
        return rows

    def _doubt(self, country: Country | None, point: Point) -> Doubt | None:
        """Why the point cannot well lie in the country: a place of another one is near, and none of its own is."""
        if country is None:
            return None
        foreign: tuple[float, Row] | None = None
        for row, km in self._around(point):
            if row.country == country.code:
                return None
            if foreign is None or km < foreign[0]:
                foreign = km, row
        if foreign:
            abroad = self.countries.by_code[foreign[1].country].name
            return Doubt.of("abroad", place=self._label(foreign[1]), country=abroad)
        places = (row for row in self._rows if row.country == country.code and row.latitude is not None)
        km = min((point.km(row.latitude, row.longitude) for row in places), default=0)
        return Doubt.of("nowhere", km=km, country=country.name) if km > 10 * FAR_KM else None

    def _around(self, point: Point) -> Iterator[tuple[Row, float]]:
        """Rows within FAR_KM of the point, with how far each is."""
        south, west = math.floor(point.latitude), math.floor(point.longitude)
        width = min(180, math.ceil(1 / max(0.01, math.cos(math.radians(min(89.0, abs(point.latitude) + 1))))))
        for latitude in range(south - 1, south + 2):
            for longitude in range(west - width, west + width + 1):
                for at in self._grid.get((latitude, (longitude + 180) % 360 - 180), ()):
                    row = self._rows[at]
                    if (km := point.km(row.latitude, row.longitude)) <= FAR_KM:
                        yield row, km

    def _is_beside(self, row: Row, point: Point) -> bool:
        """Whether a place of the gazetteer, recorded or not, lies so near that it may be the same."""
        return row.geonames_id is not None and self._agrees(row, point, BESIDE_KM)

    def _agrees(self, row: Row, point: Point, within: float = NEAR_KM) -> bool:
        return (
            row.latitude is not None
            and abs(row.latitude - point.latitude) < 1
            and point.km(row.latitude, row.longitude) <= within
        )

    def _why(self, row: Row, spelling: str) -> str | Promise:
        return WHY["name"] if row.is_called(spelling) else WHY["other_name"]

    def _candidate(self, row: Row, why: str | Promise, point: Point | None) -> Candidate:
        km = point.km(row.latitude, row.longitude) if point and row.latitude is not None else None
        record = row.record
        record.country = self.countries.by_code[row.country]
        return Candidate(row.key, record, why, km)

    def _settled(
        self, row: Row, written: Name, why: str | Promise, point: Point | None, doubt: Doubt | None = None
    ) -> Match:
        return Match(row.key.partition(":")[0], written, (self._candidate(row, why, point),), doubt)

    def _several(
        self, rows: list[Row], written: Name, spelling: str, point: Point | None, doubt: Doubt | None = None
    ) -> Match:
        offered = tuple(self._candidate(row, self._why(row, spelling), point) for row in self._largest(rows))
        return Match("several", written, offered, doubt)

    def _largest(self, rows: list[Row]) -> list[Row]:
        """The cities of the register first, then by population; no more than are offered."""
        return sorted(rows, key=lambda row: (not row.key.startswith("city:"), -row.population, row.key))[:OFFERED]

    def _label(self, row: Row) -> str:
        return str(row.record.name)

    def _take_city(self, columns: tuple, spellings: Iterable[str], made: City | None = None) -> int:
        told = dict(zip(CITY_COLUMNS, columns, strict=True))
        names = tuple(filter(None, (told["name_en"], told["name_fa"], told["name_local"])))
        row = Row(
            f"city:new {len(self._rows)}" if made else f"city:{told['id']}",
            told["country_id"],
            names,
            told["latitude"],
            told["longitude"],
            told["population"] or 0,
            "",
            told["level"],
            told["geonames_id"],
            columns,
            made,
        )
        at = self._keep(row)
        for spelling in spellings:
            self._of_cities[spelling].append(at)
        if not made:
            self._by_pk[told["id"]] = at
        if told["geonames_id"] is not None:
            self._by_id[told["geonames_id"]] = at
        return at

    def _read_gazetteer(self) -> None:
        # A name is kept as its hash: some 400,000 of them would be the better part of the memory.
        hashes, owners = array("q"), array("I")
        for *place, search_text in Place.objects.values_list(*PLACE_COLUMNS, "search_text").iterator(2_000):
            told = dict(zip(PLACE_COLUMNS, place, strict=True))
            row = Row(
                f"place:{told['geonames_id']}",
                told["country_id"],
                tuple(filter(None, (told["name"], told["name_fa"]))),
                told["latitude"],
                told["longitude"],
                told["population"] or 0,
                told["admin1"],
                City.Level.CITY,
                told["geonames_id"],
                tuple(place),
            )
            at = self._keep(row)
            self._by_id.setdefault(told["geonames_id"], at)
            for spelling in search_text.splitlines():
                hashes.append(hash(spelling))
                owners.append(at)
        order = sorted(range(len(hashes)), key=hashes.__getitem__)
        self._hashes = array("q", map(hashes.__getitem__, order))
        self._owners = array("I", map(owners.__getitem__, order))

    def _keep(self, row: Row) -> int:
        self._rows.append(row)
        at = len(self._rows) - 1
        for letter in {fold(name)[:1] for name in row.names}:
            self._by_letter[row.country, letter].append(at)
        if row.latitude is not None:
            self._grid[math.floor(row.latitude), (math.floor(row.longitude) + 180) % 360 - 180].append(at)
        return at


@cache
def read_divisions() -> dict[tuple[str, str], frozenset[str]]:
    """Country and code of a first-order division → its folded names."""
    names: dict[tuple[str, str], set[str]] = defaultdict(set)
    with (DATA / "divisions.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            names[row["country"], row["admin1"]] |= {fold(row["name"]), fold(row["admin1"])}
    return {division: frozenset(spelt) for division, spelt in names.items()}
