"""The timeline of agreements: every date of signing with all the days it can mean, on one axis in both calendars.

A day is a star, a year or a month a bar over all its days; what is not known has no place on the axis and stands in a
lane of its own. Places along the axis are shares of its length, so that one drawing serves every width: time runs with
the reading, from left to right or from right to left.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Self

from partnerships.models import Agreement
from sistercities.charts import Span, across
from sistercities.dates import YEARS, Calendar, Precision, UncertainDate, year_bounds
from sistercities.text import figures

MARGIN = 0.025
"""The share of the axis left free at either end, so that a mark or a year at the end is whole."""

NARROWEST = 0.006
"""The share of the axis that a bar takes at least: less could not be seen."""

FEWEST_YEARS = 5
"""Years that an axis has at least, so that a single date still stands in time and not across the whole of it."""

STEPS = (1, 2, 5, 10, 20, 50)
"""Years from one named year to the next; on narrow screens every second one is named."""

NAMED_AT_MOST = 11
"""Years of one calendar that are named on wide screens."""

BEHIND = {Calendar.SOLAR_HIJRI: 621, Calendar.GREGORIAN: 0}
"""What to take from a Gregorian year to get the year of the calendar that begins in it."""


@dataclass(frozen=True)
class Tick:
    """A named year: where it begins, what it is called, and whether there is room for it on wide screens only."""

    x: str
    label: str
    is_fine: bool


@dataclass(frozen=True)
class Mark:
    """A date on the axis, drawn from `begins` to `ends` (shares of the axis, from where reading begins).

    A day is a star in the middle of them, a year or a month a bar over all of them.
    """

    date: UncertainDate
    begins: float
    ends: float

    @property
    def is_day(self) -> bool:
        """Whether it is a star."""
        return self.date.precision == Precision.DAY

    @property
    def span(self) -> Span:
        """The bar as SVG draws it."""
        return Span.of(self.begins, self.ends - self.begins)

    @property
    def middle(self) -> str:
        """Where the star stands as SVG counts, from the left."""
        return across((self.begins + self.ends) / 2)


@dataclass(frozen=True)
class Axis:
    """The days from `first` to `last`, both included."""

    first: datetime.date
    last: datetime.date

    @classmethod
    def around(cls, first: datetime.date, last: datetime.date) -> Self:
        """Whole Gregorian years that hold both days, and at least FEWEST_YEARS of them."""
        begins, ends = first.year, last.year
        lacking = max(0, FEWEST_YEARS - (ends - begins + 1))
        return cls(
            datetime.date(begins - (lacking + 1) // 2, 1, 1),
            datetime.date(ends + lacking // 2, 12, 31),
        )

    def place(self, day: datetime.date) -> float:
        """Where `day` begins, as a share of the axis from the side where reading begins."""
        days = (self.last - self.first).days + 1
        return MARGIN + (1 - 2 * MARGIN) * (day - self.first).days / days

    def mark(self, date: UncertainDate) -> Mark:
        """The date on the axis."""
        begins, ends = self.place(date.first), self.place(date.last + datetime.timedelta(days=1))
        return Mark(date, begins, max(ends, begins + NARROWEST))

    def ticks(self, calendar: Calendar) -> list[Tick]:
        """The years of a calendar to name; each begins on the axis."""
        begins, ends = self.first.year - BEHIND[calendar], self.last.year - BEHIND[calendar]
        step = next((one for one in STEPS if (ends - begins) // one < NAMED_AT_MOST), STEPS[-1])
        return [
            Tick(across(self.place(year_bounds(year)[0])), figures(year), bool(year // step % 2))
            for year in range(begins, ends + 1)
            if year in YEARS[calendar] and not year % step
        ]


@dataclass(frozen=True)
class Claim:
    """A differing date that a source gives, and the line from the record's own date to it."""

    mark: Mark
    line: tuple[str, str]

    @classmethod
    def beside(cls, own: Mark, other: Mark) -> Self:
        """The claim `other` beside the record's `own` date. Dates that contradict each other lie apart."""
        earlier, later = sorted((own, other), key=lambda mark: mark.begins)
        return cls(other, (across(earlier.ends), across(later.begins)))


@dataclass(frozen=True)
class Entry:
    """An agreement on the axis: its own date, and the differing ones that sources give."""

    agreement: Agreement
    mark: Mark
    claims: list[Claim]


@dataclass(frozen=True)
class Timeline:
    """A page of agreements in time: `entries` with a date in their order, `undated` those without.

    `total` and `dated` count what was found, of which this is a page.
    """

    total: int
    dated: int
    axis: Axis | None = None
    entries: list[Entry] = field(default_factory=list)
    undated: list[Agreement] = field(default_factory=list)

    @classmethod
    def of(cls, agreements: Iterable[Agreement], span: dict[str, Any]) -> Self:
        """The timeline of `agreements`, with their sources, on the axis of all that were found.

        `span` is what `AgreementQuerySet.span_of_signing` tells of these.
        """
        agreements = list(agreements)
        undated = [one for one in agreements if not one.signed]
        dated = [(one, [side.date for side in one.dossier.sides[1:]]) for one in agreements if one.signed]
        if not span["dated"]:
            return cls(span["total"], 0, undated=undated)
        claimed = [date for _agreement, dates in dated for date in dates]
        axis = Axis.around(
            min([span["first"], *(date.first for date in claimed)]),
            max([span["last"], *(date.last for date in claimed)]),
        )
        entries = []
        for agreement, dates in dated:
            own = axis.mark(agreement.signed)
            entries.append(Entry(agreement, own, [Claim.beside(own, axis.mark(date)) for date in dates]))
        return cls(span["total"], span["dated"], axis, entries, undated)

    @property
    def without_date(self) -> int:
        """How many of those found have no date."""
        return self.total - self.dated

    @property
    def solar(self) -> list[Tick]:
        """The years of the Solar Hijri calendar on the axis."""
        return self.axis.ticks(Calendar.SOLAR_HIJRI)

    @property
    def common(self) -> list[Tick]:
        """The years of the Gregorian calendar on the axis."""
        return self.axis.ticks(Calendar.GREGORIAN)

    @property
    def has_claims(self) -> bool:
        """Whether a source gives a date that differs from the record's."""
        return any(entry.claims for entry in self.entries)

    @property
    def has_days(self) -> bool:
        """Whether any date of signing is known to the day."""
        return any(entry.mark.is_day for entry in self.entries)

    @property
    def has_spans(self) -> bool:
        """Whether of any date of signing only the year or the month is known."""
        return any(not entry.mark.is_day for entry in self.entries)
