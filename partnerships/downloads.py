"""The open data: every column of a download, what it means, and the four formats.

`COLUMNS` is the one table of columns: CSV and XLSX write it as cells, JSON and GeoJSON as members, and the page about
the open data, the head of a JSON file and the second sheet of a workbook explain it. A column keeps its name and its
meaning for good; new ones are added at the end of their group.
"""

import datetime
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from cities.models import City
from partnerships.models import Agreement, Provision, Resolution, Source
from partnerships.models.dossier import day_in_words
from partnerships.models.evidence import Verification
from partnerships.querysets import AgreementQuerySet
from sistercities.addresses import page_of_one
from sistercities.dates import UncertainDate
from sistercities.spreadsheets import cell, csv_lines, xlsx_blocks
from sistercities.streaming import in_blocks

CHUNK = 500
"""Agreements fetched at once, each time with all that hangs on them."""

TYPES = {
    "integer": _("whole number"),
    "number": _("decimal number"),
    "text": _("text"),
    "code": _("code, one of a fixed list"),
    "uncertain_date": _("uncertain date"),
    "date": _("day"),
    "moment": _("moment in universal time"),
    "address": _("web address"),
    "list": _("list"),
    "objects": _("list of objects; not in the tables"),
}
"""What can stand in a column, by the word for machines."""

Site = str
"""The beginning of every address of the site, without a language: "https://example.org"."""


def site_of(request: HttpRequest) -> Site:
    """The beginning of every address of the site at which the request arrived."""
    return f"{request.scheme}://{request.get_host()}"


@dataclass(frozen=True)
class Column:
    """One column: its name, its type (one of TYPES), what it means and how it is read from an agreement.

    `aspect` tells columns of one meaning apart, as in "in Persian". `codes` are the codes that can stand in it, with
    their labels.
    """

    name: str
    type: str
    meaning: Promise
    read: Callable[[Agreement, Site], Any]
    example: Any = ""
    aspect: Promise | str = ""
    codes: Iterable[tuple[str, Promise]] = ()

    @property
    def is_nested(self) -> bool:
        """Whether it holds objects, which no cell of a table can."""
        return self.type == "objects"

    @property
    def explained(self) -> str:
        """Its meaning in the reader's language."""
        if not self.aspect:
            return str(self.meaning)
        return gettext("%(meaning)s, %(aspect)s") % {"meaning": self.meaning, "aspect": self.aspect}

    @property
    def shape(self) -> str:
        """Its type in the reader's language."""
        return str(TYPES[self.type])

    def value(self, agreement: Agreement, site: Site) -> Any:
        """What it says of the agreement; None where that is not known."""
        value = self.read(agreement, site)
        return None if value == "" else value

    @property
    def documentation(self) -> dict[str, Any]:
        """Name, type and meaning, for machines and for people of either language."""
        explained: dict[str, Any] = {"name": self.name, "type": self.type}
        for code, _name in settings.LANGUAGES:
            with override(code):
                explained[f"meaning_{code}"] = self.explained
        if self.codes:
            explained["codes"] = [code for code, _label in self.codes]
        return explained


# --- How columns are read ------------------------------------------------------------------------------

IN = {"fa": _("in Persian"), "en": _("in English")}


def _follow(path: str) -> Callable[[Agreement, Site], Any]:
    def read(agreement: Agreement, site: Site) -> Any:
        value: Any = agreement
        for name in path.split("."):
            value = getattr(value, name)
        return value

    return read


def _plain(name: str, kind: str, meaning: Promise, example: Any = "", of: str = "", codes: Iterable = ()) -> Column:
    return Column(name, kind, meaning, _follow(of or name), example, codes=codes)


def _paired(name: str, meaning: Promise, examples: tuple[str, str], of: str = "") -> list[Column]:
    """A column for each language."""
    return [
        Column(f"{name}_{code}", "text", meaning, _follow(f"{of or name}_{code}"), example, IN[code])
        for code, example in zip(IN, examples, strict=True)
    ]


def _names(name: str, meaning: Promise, of: str, relation: str, examples: tuple[str, str]) -> list[Column]:
    """A column for each language with what each of the related records is called."""

    def read(code: str) -> Callable[[Agreement, Site], list[str]]:
        column = f"{of}_{code}"
        return lambda agreement, site: [getattr(one, column) for one in agreement.related(relation)]

    return [
        Column(f"{name}_{code}", "list", meaning, read(code), [example], IN[code])
        for code, example in zip(IN, examples, strict=True)
    ]


DATE_PARTS: dict[str, tuple[str, Promise, Callable[[UncertainDate], Any]]] = {
    "": ("uncertain_date", _("as far as it is known"), lambda date: date.code),
    "_words": ("text", _("in the words it was given in"), lambda date: date.words),
    "_first": ("date", _("the first day it can be"), lambda date: date.first),
    "_last": ("date", _("the last day it can be"), lambda date: date.last),
    "_calendar": ("code", _("the calendar it was given in"), lambda date: date.calendar.value),
    "_precision": ("code", _("how exactly it is known"), lambda date: date.precision.name.lower()),
}
"""The columns of an uncertain date by the end of their name: type, what they say, and how they are read."""

CALENDARS = (("solar_hijri", _("Solar Hijri")), ("gregorian", _("Gregorian")))
PRECISIONS = (("year", _("year")), ("month", _("month")), ("day", _("day")))


def _dated(name: str, meaning: Promise, example: UncertainDate) -> list[Column]:
    """The columns of an uncertain date."""

    def read(part: Callable[[UncertainDate], Any]) -> Callable[[Agreement, Site], Any]:
        return lambda agreement, site: (date := getattr(agreement, name)) and part(date)

    codes = {"_calendar": CALENDARS, "_precision": PRECISIONS}
    return [
        Column(name + end, kind, meaning, read(part), part(example), aspect, codes.get(end, ()))
        for end, (kind, aspect, part) in DATE_PARTS.items()
    ]


def _address(code: str, of: str = "") -> Callable[[Agreement, Site], str]:
    """The address of the agreement's page, or of the page of what it names as `of`, in a language."""

    def read(agreement: Agreement, site: Site) -> str:
        return site + page_of(getattr(agreement, of) if of else agreement, code)

    return read


def page_of(record: Any, code: str) -> str:
    """The path of a record's public page in a language."""
    if isinstance(record, Agreement):
        return page_of_one("partnerships:agreement", record.number, code)
    if isinstance(record, City):
        return page_of_one("cities:city", record.slug, code)
    with override(code):
        return record.get_absolute_url()


def _date(name: str, date: UncertainDate | None) -> dict[str, Any]:
    """The members of an uncertain date, all None where it is not known."""
    return {name + end: (date and part(date)) or None for end, (_kind, _aspect, part) in DATE_PARTS.items()}


def _members(record: Any, *names: str) -> dict[str, Any]:
    values = {name: getattr(record, name) for name in names}
    return {name: None if value == "" else value for name, value in values.items()}


def _source(source: Source) -> dict[str, Any]:
    return {
        **_members(source, "nature", "publisher_fa", "publisher_en", "title_fa", "title_en", "reference", "url"),
        **_date("issued", source.issued),
        **_members(source, "says_fa", "says_en", "stance"),
        **_date("signed_claim", source.signed_claim),
    }


def _resolution(resolution: Resolution, site: Site) -> dict[str, Any]:
    return {
        **{f"url_{code}": site + page_of(resolution, code) for code in IN},
        **_members(resolution, "body_fa", "body_en", "number", "session"),
        **_date("decided", resolution.decided),
        **_members(resolution, "title_fa", "title_en", "text_fa", "text_en"),
    }


def _provision(provision: Provision) -> dict[str, Any]:
    names = ("plan_fa", "plan_en", "article_fa", "article_en", "text_fa", "text_en")
    return _members(provision, "key", *names)


def _keys(relation: str) -> Callable[[Agreement, Site], list[str]]:
    return lambda agreement, site: [one.key for one in agreement.related(relation)]


def _source_addresses(agreement: Agreement, site: Site) -> list[str]:
    return [one.url for one in agreement.related("sources") if one.url]


# --- The columns ---------------------------------------------------------------------------------------

_KHORDAD = UncertainDate.from_stored("SH 1395-03 خرداد ۱۳۹۵")
_DAY = UncertainDate.from_stored("AD 2013-04-13 13 April 2013")

COLUMNS = [
    _plain("number", "integer", _("Register number; permanent, never given to another agreement"), 12),
    *(
        Column(f"url_{code}", "address", _("Permanent page of the agreement"), _address(code), example, IN[code])
        for code, example in (("fa", "…/fa/partnerships/12/"), ("en", "…/en/partnerships/12/"))
    ),
    _plain("revision", "integer", _("Number of the revision; it grows with every change"), 3, "version"),
    _plain("changed", "moment", _("When the record was last changed"), "2026-11-24T08:49:03Z", "updated_at"),
    _plain("published", "moment", _("When the record was first published"), "2026-11-20T06:00:00Z", "published_at"),
    *_paired(
        "name",
        _("Name of the agreement"),
        ("پیمان دوستی و همکاری تبریز و ووهان", "Friendship and cooperation agreement of Tabriz and Wuhan"),
    ),
    _plain("kind", "code", _("Kind of relationship"), "friendship", codes=Agreement.Kind.choices),
    _plain(
        "status", "code", _("Status today; “expired” follows from the dates"), "in_force", "state", Agreement.STATES
    ),
    *_dated("status_since", _("Suspended or ended on"), _DAY),
    *_paired("status_reason", _("Reason for the suspension or the end"), ("", "")),
    _plain(
        "city", "text", _("Partner city: the end of its page’s address, which does not change"), "wuhan", "partner.slug"
    ),
    *_paired("city", _("Name of the partner city"), ("ووهان", "Wuhan"), "partner.name"),
    _plain("city_local", "text", _("Name of the partner city in its own language"), "武汉", "partner.name_local"),
    _plain("city_language", "text", _("Language of that name (BCP 47)"), "zh", "partner.language_local"),
    *(
        Column(
            f"city_url_{code}", "address", _("Page of the partner city"), _address(code, "partner"), example, IN[code]
        )
        for code, example in (("fa", "…/fa/cities/wuhan/"), ("en", "…/en/cities/wuhan/"))
    ),
    _plain(
        "city_latitude", "number", _("Latitude of the partner city, degrees north (WGS 84)"), 30.58, "partner.latitude"
    ),
    _plain(
        "city_longitude",
        "number",
        _("Longitude of the partner city, degrees east (WGS 84)"),
        114.27,
        "partner.longitude",
    ),
    _plain("city_geonames", "integer", _("Number of the partner city in GeoNames"), 1791247, "partner.geonames_id"),
    _plain("city_wikidata", "text", _("Identifier of the partner city in Wikidata"), "Q11746", "partner.wikidata_id"),
    _plain("country", "text", _("Country of the partner city (ISO 3166-1 alpha-2)"), "CN", "partner.country_id"),
    *_paired("country", _("Name of the country"), ("چین", "China"), "partner.country.name"),
    *_paired("title", _("Exact title on the instrument"), ("", "")),
    *_dated("signed", _("Date of signing"), _KHORDAD),
    *_paired("place_signed", _("Place of signing"), ("", "")),
    *_paired("signatories_home", _("Who signed for the home city"), ("", "")),
    *_paired("signatories_partner", _("Who signed for the partner city"), ("", "")),
    *_dated("in_force_from", _("Date of entry into force"), _DAY),
    *_dated("expires", _("Date of expiry"), _DAY),
    *_dated("notice_by", _("Date by which notice has to be given"), _DAY),
    *_paired("renewal_rule", _("How it is renewed"), ("", "")),
    Column(
        "authentic_languages",
        "list",
        _("Languages of the authentic texts (ISO 639)"),
        lambda agreement, site: agreement.authentic_languages.split(),
        ["fa", "zh"],
    ),
    Column("domains", "list", _("Keys of the domains of cooperation"), _keys("domains"), ["cultural"]),
    *_names("domains", _("Domains of cooperation"), "name", "domains", ("فرهنگی", "cultural")),
    *_names("resolutions", _("Titles of the council’s resolutions"), "title", "resolutions", ("", "")),
    Column("provisions", "list", _("Keys of the provisions of city plans"), _keys("provisions"), ["article-146"]),
    Column(
        "predecessor",
        "integer",
        _("Register number of the agreement that this one renews or upgrades"),
        lambda agreement, site: (before := agreement.dossier.predecessor) and before.number,
        4,
    ),
    Column(
        "successors",
        "list",
        _("Register numbers of the agreements that renew or upgrade this one"),
        lambda agreement, site: [one.number for one in agreement.dossier.successors],
        [16],
    ),
    *_paired("summary", _("Summary"), ("", "")),
    _plain("verification", "code", _("How well the record is proven"), "press", codes=Verification.choices),
    _plain("verified_on", "date", _("Day on which that was checked"), datetime.date(2026, 11, 20)),
    Column(
        "source_count",
        "integer",
        _("Number of sources"),
        lambda agreement, site: len(agreement.related("sources")),
        1,
    ),
    Column("source_urls", "list", _("Addresses of the sources"), _source_addresses, ["https://example.org/30993020"]),
    Column(
        "source_list",
        "objects",
        _("Sources in full: what each says, its date, and whether it supports or contradicts the record"),
        lambda agreement, site: [_source(one) for one in agreement.dossier.sources],
    ),
    Column(
        "resolution_list",
        "objects",
        _("Council resolutions in full"),
        lambda agreement, site: [_resolution(one, site) for one in agreement.dossier.resolutions],
    ),
    Column(
        "provision_list",
        "objects",
        _("Provisions of city plans in full"),
        lambda agreement, site: [_provision(one) for one in agreement.related("provisions")],
    ),
]
CELLS = [column for column in COLUMNS if not column.is_nested]
"""The columns of the tables: all but those that hold objects."""


@cache
def documentation() -> list[dict[str, Any]]:
    """The documentation of every column; nothing of it changes while the process runs."""
    return [column.documentation for column in COLUMNS]


@dataclass(frozen=True)
class Entry:
    """Columns of one meaning, as the documentation lists them: a name in each language, or the six of a date."""

    columns: list[Column]

    @property
    def names(self) -> list[str]:
        """The columns' names; of a date that of the first, and what the others begin with."""
        names = [column.name for column in self.columns]
        return [names[0], f"{names[0]}_…"] if self.is_date else names

    @property
    def is_date(self) -> bool:
        """Whether it is an uncertain date."""
        return self.columns[0].type == "uncertain_date"

    @property
    def meaning(self) -> str:
        """What they mean, in the reader's language."""
        return str(self.columns[0].meaning)

    @property
    def shape(self) -> str:
        """Their type, in the reader's language."""
        return self.columns[0].shape

    @property
    def codes(self) -> Iterable[tuple[str, Promise]]:
        """The codes that can stand in them, with their labels."""
        return self.columns[0].codes

    @property
    def examples(self) -> list[str]:
        """What can stand in them."""
        shown = [str(cell(column.example)) for column in self.columns]
        return [example for example in (shown[:1] if self.is_date else shown) if example]


def entries() -> list[Entry]:
    """The documentation of all columns."""
    return [Entry(list(columns)) for _meaning, columns in groupby(COLUMNS, lambda column: str(column.meaning))]


# --- What is said of the data as a whole -----------------------------------------------------------------


def title(home_city: City | None) -> str:
    """What the data are called, in the reader's language."""
    if not home_city:
        return gettext("Register of Sister Cities")
    return gettext("Register of Sister Cities of %(home)s") % {"home": home_city.name.plain}


def publisher(home_city: City | None) -> str:
    """Who publishes them, in the reader's language."""
    if not home_city:
        return gettext("Municipality")
    return gettext("Municipality of %(home)s") % {"home": home_city.name.plain}


def rights(home_city: City | None) -> str:
    """On what terms they may be used, in the reader's language."""
    if settings.DATA_LICENCE:
        return gettext("Licence: %(licence)s. Name the register as your source.") % {"licence": settings.DATA_LICENCE}
    return gettext(
        "The municipality has not stated a licence for these data. Name the register as your source, and ask the "
        "municipality before you publish its texts again as a whole."
    )


def origin(home_city: City | None) -> str:
    """Where they come from, in the reader's language."""
    return gettext(
        "What is said of an agreement is the word of the sources named with it. Positions, populations and identifiers "
        "of cities: GeoNames, CC BY 4.0. Names of countries: Unicode CLDR."
    )


def citation(home_city: City | None) -> str:
    """How to cite them today, in the reader's language; the address of the page about them belongs after it."""
    return gettext("%(publisher)s. “%(title)s: open data.” Retrieved %(day)s.") % {
        "publisher": publisher(home_city),
        "title": title(home_city),
        "day": day_in_words(timezone.localdate()),
    }


WORDS = {"title": title, "publisher": publisher, "rights": rights, "origin": origin}
"""What is said in words, by the member's name: each a function of the home city."""


@dataclass(frozen=True)
class Statement:
    """What is said of a download as a whole: whose it is, as of when, on what terms, and what was asked.

    `as_of` is when the newest public change was made; `asked` are the parameters that applied.
    """

    home_city: City | None
    site: Site
    address: str
    asked: dict[str, list[str]]
    as_of: datetime.datetime | None

    @property
    def members(self) -> dict[str, Any]:
        """The members of the head of a JSON file, the columns' documentation among them."""
        home = self.home_city
        members: dict[str, Any] = {}
        for name, say in WORDS.items():
            for code, _name in settings.LANGUAGES:
                with override(code):
                    members[f"{name}_{code}"] = say(home)
        licence = {"name": settings.DATA_LICENCE, "url": settings.DATA_LICENCE_URL or None}
        return {
            **members,
            "licence": licence if settings.DATA_LICENCE else None,
            "home_city": home and {**_members(home, *HOME_CITY), "country": home.country_id},
            **{f"documentation_{code}": f"{self.site}{documentation_page(code)}" for code, _name in settings.LANGUAGES},
            "address": self.address,
            "asked": self.asked,
            "as_of": self.as_of,
            "retrieved": timezone.localdate(),  # the day, as a citation says it: a file holds for as long
            "columns": documentation(),
        }


HOME_CITY = ("name_fa", "name_en", "latitude", "longitude")


def documentation_page(code: str) -> str:
    """The path of the page about the open data in a language."""
    with override(code):
        return reverse("open_data")


# --- The formats ---------------------------------------------------------------------------------------

Texts = Iterator[str]


def csv_file(rows: Iterable[Agreement], statement: Statement) -> Texts:
    """The lines of the CSV file."""
    return csv_lines(_cells(rows, statement.site))


def xlsx_file(rows: Iterable[Agreement], statement: Statement) -> Iterator[bytes]:
    """The bytes of the workbook: the agreements, and a second sheet that explains them."""
    return xlsx_blocks({"agreements": _cells(rows, statement.site), "about": _explanation(statement)})


def json_file(rows: Iterable[Agreement], statement: Statement) -> Texts:
    """The JSON file: the statement, the agreements, and last how many there are."""
    return _document(statement.members, "agreements", (_record(row, statement.site) for row in rows))


def geojson_file(rows: Iterable[Agreement], statement: Statement) -> Texts:
    """The GeoJSON file (RFC 7946): a feature for each agreement at its partner city, with the record as properties."""
    features = (_feature(row, statement.site) for row in rows)
    return _document({"type": "FeatureCollection", **statement.members}, "features", features)


def _cells(rows: Iterable[Agreement], site: Site) -> Iterator[list[Any]]:
    yield [column.name for column in CELLS]
    for row in rows:
        yield [column.value(row, site) for column in CELLS]


def _explanation(statement: Statement) -> Iterator[list[Any]]:
    members = statement.members
    columns = members.pop("columns")
    yield ["name", "value"]
    for name, value in members.items():
        yield [name, json.dumps(value, ensure_ascii=False, default=cell) if isinstance(value, dict) else value]
    yield []
    yield ["column", "type", *(f"meaning_{code}" for code, _name in settings.LANGUAGES), "codes"]
    for column, explained in zip(COLUMNS, columns, strict=True):
        if not column.is_nested:
            meanings = [explained[f"meaning_{code}"] for code, _name in settings.LANGUAGES]
            yield [column.name, column.type, *meanings, explained.get("codes")]


def _record(agreement: Agreement, site: Site) -> dict[str, Any]:
    return {column.name: column.value(agreement, site) for column in COLUMNS}


def _feature(agreement: Agreement, site: Site) -> dict[str, Any]:
    city = agreement.partner
    point = {"type": "Point", "coordinates": [city.longitude, city.latitude]}
    return {
        "type": "Feature",
        "id": agreement.number,
        "geometry": None if city.latitude is None else point,
        "properties": _record(agreement, site),
    }


def _document(head: dict[str, Any], name: str, records: Iterable[dict[str, Any]]) -> Texts:
    """A JSON object of the members `head`, then the records as the member `name`, then `count`."""
    yield f"{_json(head)[:-1]},\n{_json(name)}: ["
    count = 0
    for count, record in enumerate(records, start=1):
        yield f"{',' if count > 1 else ''}\n{_json(record)}"
    yield f'\n],\n"count": {count}}}\n'


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False, default=cell)


@dataclass(frozen=True)
class Format:
    """One of the formats: its name to people, its media type, how it is written, and for whom it is best."""

    label: str
    media_type: str
    write: Callable[[Iterable[Agreement], Statement], Iterator[str] | Iterator[bytes]]
    use: Promise
    is_attachment: bool = False
    is_json: bool = False

    def blocks(self, agreements: AgreementQuerySet, statement: Statement) -> Iterator[bytes]:
        """The file in blocks of bytes, made while it is sent: memory does not grow with the number of agreements.

        Costs one query, and at most six for every CHUNK agreements.
        """
        return in_blocks(self.write(agreements.in_lists().iterator(CHUNK), statement))


FORMATS = {
    "csv": Format("CSV", "text/csv; charset=utf-8", csv_file, _("A table, for every program"), is_attachment=True),
    "xlsx": Format(
        "Excel",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        xlsx_file,
        _("A workbook, with a second sheet that explains the columns"),
        is_attachment=True,
    ),
    "json": Format(
        "JSON", "application/json", json_file, _("For programs: everything, with each source in full"), is_json=True
    ),
    "geojson": Format(
        "GeoJSON",
        "application/geo+json",
        geojson_file,
        _("For maps: the same, placed at the partner city"),
        is_json=True,
    ),
}
"""The formats by the end of their address."""

EXAMPLES = [
    UncertainDate.from_stored("SH 1387 1387"),
    _KHORDAD,
    UncertainDate.from_stored("AD 2009 2009"),
    _DAY,
]
"""Uncertain dates that the documentation shows: a year and a month of one calendar, a year and a day of the other."""

REQUESTS = [
    ("/data/partnerships.csv", _("All agreements as a table")),
    ("/data/partnerships.json?kind=sister&status=in_force", _("The sister cities in force, with their sources")),
    (
        "/data/partnerships.geojson?signed_from=1390&signed_to=1399",
        _("What was certainly or possibly signed in the Solar Hijri years 1390 to 1399, as points for a map"),
    ),
    (
        "/data/partnerships.csv?sort=city&lang=en",
        _("In the order of the English names; without the last parameter, in that of the Persian ones"),
    ),
    (
        "/feeds/partnerships.atom?country=TR&lang=en",
        _("What changes in the agreements with Turkish cities, in English"),
    ),
]
"""Addresses that the documentation shows, with what they give."""
