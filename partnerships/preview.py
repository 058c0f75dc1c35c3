"""The rows of an import as people look at them before anything is written: what will be, what changes, what is asked.

`Preview` is one page of them. Whatever its rows need beyond themselves is fetched at once, for one row as for fifty.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import zip_longest
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.core.paginator import Page, Paginator
from django.utils.text import capfirst
from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _

from cities.geography import Way
from cities.models import City, Place
from partnerships.headings import FIELDS, OF_SOURCE
from partnerships.models import Agreement, Import, ImportRow, Source
from sistercities.dates import DateError
from sistercities.fields import UncertainDateField
from sistercities.text import localize_digits, number

STEPS = [
    ("send", _("Send the table")),
    ("columns", _("Match the columns")),
    ("rows", _("Look at the rows")),
    ("taken", _("Take all")),
]
"""The steps of an import, as pages show them."""

ROWS_ON_A_PAGE = 50

AGAINST = (ImportRow.Verdict.WRONG, ImportRow.Verdict.QUESTION, ImportRow.Verdict.DUPLICATE)
"""The verdicts that keep the import from being taken; first what cannot be answered on the page."""

IN_ORDER = (
    *AGAINST,
    ImportRow.Verdict.NEW,
    ImportRow.Verdict.CHANGED,
    ImportRow.Verdict.UNCHANGED,
    ImportRow.Verdict.LEFT_OUT,
)

CITY_NAMES = ("city", "city_en", "city_fa")
"""The fields that name the partner city; the first that is filled is what the row is called by."""

OF_THE_CITY = (*CITY_NAMES, "country", "latitude", "longitude", "geonames_id")
"""The fields by which a city is looked for."""


@dataclass(frozen=True)
class Tab:
    """A verdict with how many rows have it."""

    value: str
    label: Any
    count: int
    is_chosen: bool


@dataclass(frozen=True)
class Cell:
    """A cell as it was read, under its heading, with what is wrong with it."""

    heading: str
    text: str
    reasons: list[str]


@dataclass(frozen=True)
class Change:
    """A field that would change; `before` is "" where nothing stood, `after` is "" where nothing will."""

    label: Any
    before: str
    after: str


@dataclass(frozen=True)
class Offer:
    """Something that a row may mean, or what may be done with it; `facts` tell it from others of its name."""

    value: str
    label: Any
    is_chosen: bool
    facts: str = ""


@dataclass
class Card:
    """A row of the table as the preview shows it.

    `is_change` tells that the agreement is recorded already. `folded` is what stands in its place until it is opened.
    """

    row: ImportRow
    title: str
    where: str
    cells: list[Cell] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)
    question: str = ""
    offers: list[Offer] = field(default_factory=list)
    alike: int = 0
    """How many other rows say the same of their city."""
    alike_rows: list[str] = field(default_factory=list)
    """The rows of the same table that are about the same city and kind, each in words."""
    asked_at: int = 0
    """The number of a row above on the page that asks the same; 0 for the first that does."""

    @property
    def anchor(self) -> str:
        """Its id in the page."""
        return f"row-{self.row.number}"

    @property
    def is_decided(self) -> bool:
        """Whether somebody has answered already."""
        return bool(self.row.answer) and any(offer.is_chosen for offer in self.offers)

    @property
    def is_single(self) -> bool:
        """Whether there is but one thing that can be done with it."""
        return len(self.offers) == 1

    @property
    def chosen(self) -> Any:
        """What was answered."""
        return next(offer.label for offer in self.offers if offer.is_chosen)

    @property
    def is_change(self) -> bool:
        """Whether the agreement is recorded already."""
        return self.row.verdict == ImportRow.Verdict.CHANGED

    @property
    def folded(self) -> str:
        """What is said in place of the row until somebody opens it; "" for one that stands open."""
        said = {
            ImportRow.Verdict.UNCHANGED: gettext("as the register has it already"),
            ImportRow.Verdict.LEFT_OUT: gettext("it will not be taken"),
        }
        return said.get(self.row.verdict, "")


class Preview:
    """One page of the rows of `import_`: those of `verdict`, or all of them (""); `page` is its number as text.

    `typed` are answers that were given and could not be kept: they are shown again.
    """

    def __init__(
        self, import_: Import, verdict: str = "", page: str | None = None, typed: Mapping[str, str] | None = None
    ) -> None:
        self.import_, self.asked_page, self.typed = import_, page, typed or {}
        self.verdict = verdict if verdict in IN_ORDER else ""

    @cached_property
    def tally(self) -> dict[str, int]:
        """How many rows have each verdict."""
        return {value: count for value, count in self.import_.rows.tally().items() if value}

    @property
    def total(self) -> int:
        """How many rows there are."""
        return sum(self.tally.values())

    @property
    def tabs(self) -> list[Tab]:
        """All rows, and the verdicts that some have."""
        every = Tab("", _("all rows"), self.total, not self.verdict)
        judged = [Tab(one.value, one.label, self.tally.get(one, 0), one == self.verdict) for one in IN_ORDER]
        return [every, *(tab for tab in judged if tab.count or tab.is_chosen)]

    @property
    def against(self) -> list[Tab]:
        """What keeps the import from being taken."""
        return [tab for tab in self.tabs if tab.value in AGAINST and tab.count]

    @cached_property
    def page(self) -> Page:
        """The rows asked for."""
        rows = self.import_.rows.with_agreement().in_order()
        rows = rows.judged(self.verdict) if self.verdict else rows
        paginator = Paginator(rows, ROWS_ON_A_PAGE)
        paginator.count = self.tally.get(self.verdict, 0) if self.verdict else self.total
        return paginator.get_page(self.asked_page)

    @cached_property
    def cards(self) -> list[Card]:
        """The rows of the page as they are shown."""
        rows = list(self.page)
        known = self._known(rows)
        cards = [self._card(row, known) for row in rows]
        first: dict[tuple[str, ...], int] = {}
        for card in cards:
            if card.alike:
                number = first.setdefault(self._says(card.row), card.row.number)
                card.asked_at = number if number != card.row.number else 0
        return cards

    def _known(self, rows: list[ImportRow]) -> dict[str, Any]:
        """The cities, places and agreements that the rows name, by their keys."""
        keys = [one["key"].split(":") for row in rows for one in row.candidates]
        asked: dict[str, set[int]] = {"city": set(), "place": set(), "agreement": set()}
        for kind, *rest in keys:
            if kind in asked and rest and rest[0].isdigit():
                asked[kind].add(int(rest[0]))
        cities = City.objects.with_country().in_bulk(asked["city"])
        places = Place.objects.select_related("country").in_bulk(asked["place"])
        agreements = Agreement.objects.with_partner().among("number", asked["agreement"])
        return {
            **{f"city:{pk}": city for pk, city in cities.items()},
            **{f"place:{pk}": place for pk, place in places.items()},
            **{f"agreement:{one.number}": one for one in agreements},
        }

    @cached_property
    def common(self) -> set[str]:
        """The fields that no column fills: of a new agreement they are the same in every row, and said once."""
        given = {*self.import_.defaults} - {*self.import_.fields}
        is_source_given = given and not any(name.startswith(OF_SOURCE) for name in self.import_.fields)
        return given | ({name for name in FIELDS if name.startswith(OF_SOURCE)} if is_source_given else set())

    @property
    def for_all(self) -> list[Change]:
        """What holds for all rows."""
        said = self.import_.defaults.items()
        return [Change(label_of(name), "", shown(name, text)) for name, text in said if name in self.common]

    @property
    def has_questions(self) -> bool:
        """Whether a row of the page can be answered."""
        return any(card.offers for card in self.cards)

    @cached_property
    def alike(self) -> dict[tuple[str, ...], int]:
        """How many rows wait to be told which city they mean, by what they say of it."""
        return Counter(map(self._says, self.import_.rows.judged(ImportRow.Verdict.QUESTION)))

    def _card(self, row: ImportRow, known: dict[str, Any]) -> Card:
        card = Card(row, title=self._said(row, *CITY_NAMES), where=self._said(row, "country"))
        if row.problems:
            card.cells = self._cells(row)
        card.reasons = [self._reason(one) for one in row.problems if one["column"] is None]
        if not row.problems:
            card.changes = [change_of(one) for one in row.differences if one["field"] not in self.common]
        keys = [one["key"] for one in row.candidates]
        if row.verdict == ImportRow.Verdict.QUESTION or row.answer.get("city"):
            card.question = gettext("Which city is meant?")
            card.offers = [self._city(one, row, known) for one in row.candidates if not is_of_an_agreement(one["key"])]
            card.alike = self.alike.get(self._says(row), 1) - 1 if row.verdict == ImportRow.Verdict.QUESTION else 0
        elif any(map(is_of_an_agreement, keys)):
            same = [one for one in row.candidates if one["key"].startswith("agreement:")]
            card.alike_rows = [one[get_language()] for one in row.candidates if one["key"].startswith("row:")]
            card.question = gettext("Is it this one?") if same else gettext("What is to be done with it?")
            card.offers = [self._agreement(one, row, known) for one in same]
            another = gettext("No, another agreement: record it") if same else gettext("It is another one: record it")
            card.offers.append(self._offer("new", another, row))
        if row.verdict in AGAINST or row.verdict == ImportRow.Verdict.LEFT_OUT:
            card.question = card.question or gettext("What is to be done with it?")
            if not card.offers and row.verdict == ImportRow.Verdict.LEFT_OUT:
                card.offers.append(self._offer("", gettext("Take it after all"), row))
            card.offers.append(self._offer("leave", gettext("Leave this row out"), row))
        return card

    def _said(self, row: ImportRow, *fields: str) -> str:
        """What the row says in the first of `fields` that it fills."""
        texts = dict(zip(self.import_.fields, row.cells, strict=False))
        return next(filter(None, map(texts.get, fields)), "")

    def _says(self, row: ImportRow) -> tuple[str, ...]:
        """What the row says of its city."""
        return tuple(self._said(row, name) for name in OF_THE_CITY)

    def _cells(self, row: ImportRow) -> list[Cell]:
        wrong: dict[int, list[str]] = {}
        for one in row.problems:
            if one["column"] is not None:
                wrong.setdefault(one["column"], []).append(self._reason(one))
        pairs = zip_longest(self.import_.headings, row.cells, fillvalue="")
        return [
            Cell(heading, text, wrong.get(position, []))
            for position, (heading, text) in enumerate(pairs)
            if text or position in wrong
        ]

    def _reason(self, problem: dict[str, Any]) -> str:
        return problem[get_language()]

    def _offer(self, value: str, label: str, row: ImportRow, facts: str = "") -> Offer:
        given = self.typed.get(f"answer-{row.number}")
        chosen = {given} if given is not None else {*row.answer.values()} or {""}
        return Offer(value, label, value in chosen, facts)

    def _city(self, one: dict[str, str], row: ImportRow, known: dict[str, Any]) -> Offer:
        """A city that may be meant: as the check names it, and what else tells it from others of its name."""
        record = known.get(one["key"])
        if record is None:
            return self._offer(one["key"], one[get_language()], row)
        way = Way.between(self.home, record)
        facts = [
            _region(record),
            way.from_place(self.home.name) if way else "",
            gettext("recorded already") if isinstance(record, City) else "",
        ]
        return self._offer(one["key"], one[get_language()], row, _beside_each_other(facts))

    def _agreement(self, one: dict[str, str], row: ImportRow, known: dict[str, Any]) -> Offer:
        """An agreement that the row may be about."""
        record = known.get(one["key"])
        if record is None:
            return self._offer(one["key"], one[get_language()], row)
        signed = record.signed.display() if record.signed else gettext("date not known")
        facts = [record.get_kind_display(), record.get_status_display(), gettext("signed: %(date)s") % {"date": signed}]
        label = gettext("Yes: %(agreement)s") % {"agreement": record}
        return self._offer(one["key"], label, row, _beside_each_other(facts))

    @cached_property
    def home(self) -> City:
        """The home city, from which distances are told."""
        return City.objects.home()


def is_of_an_agreement(key: str) -> bool:
    """Whether a key is an agreement's, or a row's of the same table that is about one."""
    return key.startswith(("agreement:", "row:"))


def answer_of(value: str) -> dict[str, str]:
    """What the value of an offer decides, as `ImportRow.answer` keeps it."""
    return {"city": value} if value.startswith(("city:", "place:")) else {"duplicate": value}


def is_new(row: ImportRow, answer: dict[str, str]) -> bool:
    """Whether an answer is not what was decided of the row already."""
    return any(row.answer.get(name, "") != chosen for name, chosen in answer.items())


def _beside_each_other(facts: list[Any]) -> str:
    """Those of `facts` that are known, each isolated: a word of the other direction would reorder the line round it."""
    return " · ".join(f"\u2068{fact}\u2069" for fact in facts if fact)


def _region(record: City | Place) -> str:
    if isinstance(record, City):
        return record.region
    return gettext("region %(code)s") % {"code": localize_digits(record.admin1)} if record.admin1 else ""


def change_of(difference: dict[str, str]) -> Change:
    """A difference, as it is kept beside a row, in the reader's words."""
    name = difference["field"]
    return Change(label_of(name), shown(name, difference["before"]), shown(name, difference["after"]))


def label_of(name: str) -> str:
    """What a field is called at the beginning of a line."""
    return capfirst(FIELDS[name].label) if name in FIELDS else name


def shown(name: str, text: str) -> str:
    """The text of a cell as people read it: choices by their labels, dates in the reader's calendars."""
    model, column = (Source, name.removeprefix("source_")) if name.startswith("source_") else (Agreement, name)
    try:
        found = model._meta.get_field(column)
    except FieldDoesNotExist:
        return text
    if found.choices:
        return str(dict(found.flatchoices).get(text, text))
    if isinstance(found, UncertainDateField) and text:
        try:
            return found.to_python(text).display()
        except DateError:
            return text
    return text


def figures_of(tally: dict[str, int]) -> list[tuple[int, str]]:
    """What an import wrote, in figures: how many, of what; `tally` is how many rows have each verdict."""
    new, changed, quiet = _counts(tally)
    return [
        (new, ngettext("new agreement", "new agreements", new)),
        (changed, ngettext("agreement changed", "agreements changed", changed)),
        (quiet, ngettext("row changed nothing", "rows changed nothing", quiet)),
    ]


def promises(record: Import) -> list[str]:
    """What will happen when an import is taken, each a sentence."""
    new, changed, quiet = _counts(record.rows.tally())
    cities, published = record.rows.making_cities(), record.rows.publishing().count()
    told = [
        (new, ngettext("%(count)s new agreement is recorded.", "%(count)s new agreements are recorded.", new)),
        (changed, ngettext("%(count)s agreement is changed.", "%(count)s agreements are changed.", changed)),
        (cities, ngettext("%(count)s city is made for it.", "%(count)s cities are made for it.", cities)),
        (published, ngettext("%(count)s is published at once.", "%(count)s are published at once.", published)),
        (quiet, ngettext("%(count)s row changes nothing.", "%(count)s rows change nothing.", quiet)),
    ]
    sentences = _sentences(told)
    if new > published:
        sentences.append(gettext("New ones are drafts: nobody sees them before somebody who may publish does so."))
    return sentences if new or changed else [gettext("Nothing is written: no row says anything new."), *sentences]


def losses(record: Import) -> list[str]:
    """What will happen when an import is undone, each a sentence."""
    new, changed, _quiet = _counts(record.rows.tally())
    told = [
        (new, ngettext("%(count)s agreement that it made goes.", "%(count)s agreements that it made go.", new)),
        (
            changed,
            ngettext(
                "%(count)s agreement that it changed is as it was before.",
                "%(count)s agreements that it changed are as they were before.",
                changed,
            ),
        ),
    ]
    return [*_sentences(told), gettext("Cities that it made go with them, unless something else needs them by now.")]


def _counts(tally: dict[str, int]) -> tuple[int, int, int]:
    """How many rows make an agreement, change one, and do nothing."""
    return tally.get("new", 0), tally.get("changed", 0), tally.get("unchanged", 0) + tally.get("left_out", 0)


def _sentences(told: list[tuple[int, str]]) -> list[str]:
    return [sentence % {"count": number(count)} for count, sentence in told if count]
