"""Drawings of figures, worked out here so that a template only walks them: bars, columns of time, a line.

Across, everything is a share of the drawing's width ("37.5%"), so that one drawing serves every screen and its
lettering keeps its size; down, it is in pixels. Where the page runs from right to left, so do the drawings.
"""

import datetime
import math
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.conf import settings
from django.utils.translation import get_language_bidi


def percent(share: float) -> str:
    """A share of the width as SVG writes it."""
    return f"{round(100 * share, 2):g}%"


def across(share: float) -> str:
    """The place at this share of the width, counted from where reading begins."""
    return percent(1 - share if get_language_bidi() else share)


def beside(pixels: float) -> float:
    """So many pixels further in the direction of reading, as a `dx`."""
    return -pixels if get_language_bidi() else pixels


@dataclass(frozen=True)
class Span:
    """A stretch of the width: `x` and `width` as SVG writes them, `style` the end of its class."""

    x: str
    width: str
    style: str = ""

    @classmethod
    def of(cls, start: float, length: float, style: str = "") -> "Span":
        """The stretch that begins at the share `start` and is `length` long."""
        return cls(percent(1 - start - length if get_language_bidi() else start), percent(length), style)


@dataclass(frozen=True)
class Row:
    """One line of figures: in the table of a chart, and as a rule in its drawing.

    `key` is the value for machines, `count` how many there are certainly and `possible` how many more there may be.
    `whole` is what `count` is a part of, where that is drawn as well. `said` replaces the count in words. `url` lists
    what was counted; "" where no address does. `style` is the end of a class.
    """

    key: str
    label: Any
    count: int
    possible: int = 0
    whole: int = 0
    url: str = ""
    said: str = ""
    note: str = ""
    style: str = ""


@dataclass(frozen=True)
class Bar:
    """One row as it is drawn: its `row`, its top `y`, its `spans`, where its number stands and how far behind that."""

    row: Row
    y: int
    spans: list[Span]
    number_x: str
    number_dx: float
    number_y: int
    marks: list[float] = field(default_factory=list)
    """Where each mark begins, in pixels from the start, if the row is drawn as marks to be counted."""


class Bars:
    """Rows of bars, each with its label above it, so that no name is too long for its place.

    `room` is the share of the width that the longest bar takes; the rest is for its number. With `counted` and no row
    of more than COUNTED, each row is so many marks.
    """

    template = "charts/bars.html"
    PITCH = 57
    COUNTED = 10
    MARK = 28

    def __init__(self, rows: Sequence[Row], room: float = 0.82, counted: bool = False) -> None:
        self.rows, self.room = rows, room
        drawn = (row.whole or row.count + row.possible for row in rows if row.style != "rest")
        self.scale = max(drawn, default=0) or 1
        self.is_counted = counted and all(row.count <= self.COUNTED for row in rows)

    @property
    def height(self) -> int:
        """The height of the drawing."""
        return self.PITCH * len(self.rows)

    @property
    def start(self) -> str:
        """Where the bars begin."""
        return across(0)

    @cached_property
    def bars(self) -> list[Bar]:
        """The rows as they are drawn."""
        return [self._bar(row, position * self.PITCH) for position, row in enumerate(self.rows)]

    def _bar(self, row: Row, y: int) -> Bar:
        if self.is_counted:
            # A mark is drawn from its left edge, so from the right it begins a whole mark further.
            shift = self.MARK if get_language_bidi() else 0
            marks = [beside(self.MARK * place) - shift for place in range(row.count)]
            return Bar(row, y, [], across(0), beside(self.MARK * row.count + 6 * bool(row.count)), 42, marks)
        if row.style == "rest":
            # A bar of many things beside bars of one would say that these are few.
            return Bar(row, y, [], across(0), 0, 39)
        certain, possible, whole = (
            self.room * number / self.scale for number in (row.count, row.possible, row.whole or row.count)
        )
        spans = [Span.of(0, certain, row.style)] if certain else []
        if possible:
            spans.append(Span.of(certain, possible, "possible"))
        if whole > certain:
            spans.append(Span.of(certain, whole - certain, "none"))
        return Bar(row, y, spans, across(max(certain + possible, whole)), beside(9), 39)


@dataclass(frozen=True)
class Stack:
    """A column as it is drawn: its `row`, its middle `x`, its `blocks` from the ground up, the foot of its number."""

    row: Row
    x: str
    span: Span
    blocks: list[tuple[float, float, str]]
    """Of each block the top, the height and the end of its class."""
    number_y: float
    is_labelled: bool


class Columns:
    """Rows as columns along a line of time; few are drawn as blocks to be counted.

    What has no time (a row of style "none") stands at the end, a little apart. On narrow screens the same rows are
    `bars`. The highest column has HIGHEST pixels, one thing BLOCK at most.
    """

    template = "charts/columns.html"
    TOP = 30
    HIGHEST = 206
    BLOCK = 34
    COUNTED = 12
    LABELLED = 8
    """So many columns have room for their label and their note; more are labelled by their key alone."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self.rows = rows
        self.scale = max((row.count + row.possible for row in rows), default=0) or 1
        self.unit = min(self.HIGHEST / self.scale, self.BLOCK)
        self.ground = round(self.TOP + self.unit * self.scale)
        self.bars = Bars(rows, room=0.6)

    @property
    def is_roomy(self) -> bool:
        """Whether each column has its label and its note."""
        return len(self.rows) <= self.LABELLED

    @property
    def label_y(self) -> int:
        """The foot of a label."""
        return self.ground + 24

    @property
    def note_y(self) -> int:
        """The foot of a note."""
        return self.ground + 46

    @property
    def height(self) -> int:
        """The height of the drawing."""
        return self.ground + (54 if self.is_roomy else 32)

    @cached_property
    def stacks(self) -> list[Stack]:
        """The rows as they are drawn."""
        apart = any(row.style == "none" for row in self.rows) and len(self.rows) > 1
        slot = 1 / max(len(self.rows) + 0.5 * apart, 4.5)
        width = slot * 0.5
        every = math.ceil(len(self.rows) / 20)
        stacks = []
        for position, row in enumerate(self.rows):
            start = slot * (position + 0.5 * (apart and row.style == "none"))
            blocks = self._blocks(row)
            number_y = min([top for top, _height, _style in blocks], default=self.ground) - 8
            span = Span.of(start + (slot - width) / 2, width)
            labelled = row.style == "none" or position % every == 0
            stacks.append(Stack(row, across(start + slot / 2), span, blocks, number_y, labelled))
        return stacks

    def _blocks(self, row: Row) -> list[tuple[float, float, str]]:
        parts = [(row.count, row.style), (row.possible, "possible")]
        if self.scale <= self.COUNTED and row.style != "none":
            styles = [style for number, style in parts for _one in range(number)]
            height = round(self.unit - 3, 1)
            return [(round(self.ground - self.unit * (at + 1), 1), height, style) for at, style in enumerate(styles)]
        blocks, ground = [], float(self.ground)
        for number, style in parts:
            if number:
                ground -= self.unit * number
                blocks.append((round(ground, 1), round(self.unit * number, 1), style))
        return blocks


@dataclass(frozen=True)
class Tick:
    """A place on a scale: where, and what it is."""

    x: str
    value: int


@dataclass(frozen=True)
class Stop:
    """Something on a line: `x` where it stands, its row from `top` with the middle `y`, and its label.

    The label begins, or where `ends` is true comes to its end, `dx` beside it, on the foot `label_y`; `said` follows.
    """

    label: Any
    value: int
    url: str
    x: str
    top: int
    y: int
    ends: bool
    dx: float
    label_y: int
    said: str = ""


class Line:
    """Things along a line from nothing to the farthest, each with its name while they are few, else a band of strokes.

    `stops` are (label, value, address) from the nearest to the farthest. The median is drawn and called `middle`; of a
    band the first and the last are named as well, with the words `nearest` and `farthest`.
    """

    template = "charts/line.html"
    NAMED = 16
    PITCH = 31
    HEAD = 26
    BAND = 88
    BAND_HEIGHT = 52

    def __init__(
        self, stops: Sequence[tuple[Any, float, str]], nearest: str = "", middle: str = "", farthest: str = ""
    ) -> None:
        self.places, self.nearest, self.middle, self.farthest = stops, nearest, middle, farthest
        longest = max((value for _label, value, _url in stops), default=0) or 1
        self.step = self._step(longest)
        self.end = longest / (0.86 if self.is_named else 0.98)

    @staticmethod
    def _step(longest: float) -> int:
        """The distance between two ticks: 1, 2 or 5 and noughts, so that there are five of them at most."""
        magnitude = 10 ** max(math.floor(math.log10(longest)) - 1, 0)
        return next(step for step in (magnitude * factor for factor in (1, 2, 5, 10, 20, 50)) if longest / step < 5)

    @property
    def is_named(self) -> bool:
        """Whether every stop has its own row."""
        return len(self.places) <= self.NAMED

    @property
    def start(self) -> str:
        """Where the line begins."""
        return across(0)

    @property
    def ticks(self) -> list[Tick]:
        """The scale, from nothing on."""
        return [Tick(across(at / self.end), at) for at in range(0, int(self.end) + 1, self.step)]

    @property
    def foot(self) -> int:
        """Where the rows or the band end."""
        return self.HEAD + self.PITCH * len(self.places) + 4 if self.is_named else self.BAND + self.BAND_HEIGHT

    @property
    def tick_y(self) -> int:
        """The foot of the scale's numbers."""
        return self.foot + 20

    @property
    def height(self) -> int:
        """The height of the drawing."""
        return self.foot + 26

    @cached_property
    def stops(self) -> list[Stop]:
        """The stops as they are drawn, a row for each."""
        stops = []
        for position, (label, value, url) in enumerate(self.places):
            top = self.HEAD + self.PITCH * position
            middle, ends = top + self.PITCH // 2, value / self.end > 0.45
            # A label that stands before its mark keeps clear of the line to it.
            label_y, dx = middle - 6 if ends else middle + 5, beside(-14 if ends else 14)
            stops.append(Stop(label, round(value), url, across(value / self.end), top, middle, ends, dx, label_y))
        return stops

    @property
    def strokes(self) -> str:
        """The band as a path in a frame 2,000 wide and 1 high: a stroke at each distance."""
        places = {round(2000 * value / self.end) for _label, value, _url in self.places}
        if get_language_bidi():
            places = {2000 - place for place in places}
        return "".join(f"M{place} 0V1" for place in sorted(places))

    @cached_property
    def named(self) -> list[Stop]:
        """What is named beside the scale, each on a row of its own: the median; round a band also its ends."""
        if len(self.places) < 3:
            return []
        median = (self.middle, statistics.median(value for _label, value, _url in self.places), "")
        if self.is_named:
            return [self._name(*median)]
        return [
            self._name(*self.places[0], said=self.nearest),
            self._name(*median, top=26),
            self._name(*self.places[-1], top=52, said=self.farthest),
        ]

    def _name(self, label: Any, value: float, url: str, top: int = 0, said: str = "") -> Stop:
        ends = value / self.end > 0.5
        dx = beside(-7 if ends else 7)
        return Stop(label, round(value), url, across(value / self.end), top, top + 13, ends, dx, top + 14, said)


LISTED = 250
"""Lines of a chart's table on a page: of twelve thousand cities they would be three megabytes."""


@dataclass(frozen=True)
class Entry:
    """One line of a chart's table: its head, the address of what it counts ("" for none), its further cells."""

    label: Any
    url: str
    cells: list[str]


@dataclass(frozen=True)
class Chart:
    """Figures with their finding: `title` says it, `subtitle` what was counted, `note` what to mind.

    `drawing` is one of sistercities.charts. `heads` and `entries` are the table. `columns` and `records` are the same
    for machines; a column "label" is in the reader's language. `source` and `as_of` are said below it where they are
    not the register's.
    """

    name: str
    title: str
    subtitle: str
    drawing: Any
    heads: list[str]
    entries: list[Entry]
    columns: list[str]
    records: list[tuple]
    data_url: str
    note: str = ""
    source: Any = ""
    as_of: datetime.date | None = None

    @property
    def listed(self) -> list[Entry]:
        """The entries that a page lists; the file has them all."""
        return self.entries[:LISTED]


def file_rows(*charts: Chart) -> Iterable[list]:
    """The rows of the file of one chart, `charts` being that chart in each language of the site; headings first.

    A column "label" becomes one of each language, as in label_fa and label_en. What the languages share stands once,
    behind what only one of them has.
    """
    columns = charts[0].columns
    if "label" not in columns:
        shared = set.intersection(*(set(chart.records) for chart in charts))
        own = [record for chart in charts for record in chart.records if record not in shared]
        return [columns, *own, *(record for record in charts[0].records if record in shared)]
    at = columns.index("label")
    labels = [{record[0]: record[at] for record in chart.records} for chart in charts]
    rows = [[*record[:at], *(one[record[0]] for one in labels), *record[at + 1 :]] for record in charts[0].records]
    return [[*columns[:at], *(f"label_{code}" for code, _name in settings.LANGUAGES), *columns[at + 1 :]], *rows]
