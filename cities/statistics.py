"""Statistics of the network of the world: what is counted of the ties, and the finding in words.

As in the statistics of our own partnerships nothing is guessed: a date that lies in one of two decades is possible in
both and certain in neither, and a city whose place is not known has no distance.
"""

import datetime
import math
from collections import Counter
from collections.abc import Callable, Iterable
from functools import cached_property
from heapq import nsmallest
from statistics import median
from typing import Any

from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language, gettext, ngettext

from cities.geography import EARTH_RADIUS_KM
from cities.maps.projection import vector
from cities.models import TieSource
from cities.network import Network, Spot
from sistercities.charts import Bars, Chart, Columns, Entry, Row
from sistercities.dates import Calendar, Decade
from sistercities.text import figures, number, percentage

SHOWN = 10
"""Countries, pairs and cities in a drawing."""

TABLED = 25
"""Of them in the table below it; the file has all."""

LENGTHS = (100, 500, 1000, 2000, 5000, 10_000)
"""The kilometres at which one column of lengths ends and the next begins."""


class NetworkStatistics:
    """What can be counted of a network; `sources` are the lists it comes from and `countries` names by code."""

    def __init__(self, network: Network, sources: Iterable[TieSource], countries: dict[str, str]) -> None:
        self.network, self.labels = network, countries
        self.sources = list(sources)

    @cached_property
    def charts(self) -> list[Chart]:
        """Every chart that has something to show, in the order of the page."""
        return [self.chart(name) for name in CHARTS if self.tells(name)]

    @property
    def narrow(self) -> list[Chart]:
        """Those of bars, two of which stand side by side."""
        return [chart for chart in self.charts if isinstance(chart.drawing, Bars)]

    @property
    def broad(self) -> list[Chart]:
        """Those of columns, which take the width of the page."""
        return [chart for chart in self.charts if isinstance(chart.drawing, Columns)]

    def tells(self, name: str) -> bool:
        """Whether a chart has something to show."""
        if not self.network.ties:
            return False
        if name == "decades":
            return bool(self.dated)
        return bool(self._of_home_country) if name == "home-country" else True

    def chart(self, name: str) -> Chart:
        """One of CHARTS."""
        return CHARTS[name](self)

    # --- Figures of the whole -----------------------------------------------------------------------------

    @property
    def cities(self) -> int:
        """How many cities have a tie."""
        return len(self.network.spots)

    @cached_property
    def pairs(self) -> Counter[tuple[str, str]]:
        """How many ties join each two countries, by their codes in order; one country twice for ties within it."""
        spots = self.network.spots
        return Counter(
            tuple(sorted((spots[one].country_id, spots[other].country_id)))
            for one, other, *_dates in self.network.facts
        )

    @cached_property
    def by_country(self) -> Counter[str]:
        """How many ties each country has; one within it counts once."""
        counts: Counter[str] = Counter()
        for pair, times in self.pairs.items():
            for code in set(pair):
                counts[code] += times
        return counts

    @property
    def within(self) -> int:
        """How many ties join two cities of one country."""
        return sum(times for (one, other), times in self.pairs.items() if one == other)

    @property
    def share_within(self) -> str:
        """Which share of all that is."""
        return percentage(self.within, self.network.ties)

    @cached_property
    def lengths(self) -> list[float]:
        """The length of each tie along the great circle, in kilometres, where the place of both cities is known."""
        points = {
            key: vector(spot.latitude, spot.longitude)
            for key, spot in self.network.spots.items()
            if spot.latitude is not None
        }
        chords = [
            math.dist(points[one], points[other])
            for one, other, *_dates in self.network.facts
            if one in points and other in points
        ]
        return [2 * EARTH_RADIUS_KM * math.asin(min(chord / 2, 1)) for chord in chords]

    @property
    def median_length(self) -> int | None:
        """The length in whole kilometres that as many ties exceed as fall short of."""
        return round(median(self.lengths)) if self.lengths else None

    @cached_property
    def dated(self) -> int:
        """How many ties have a date."""
        return sum(first is not None for *_ends, first, _last in self.network.facts)

    @property
    def home_ties(self) -> int:
        """How many ties of the home city are known."""
        return self.network.degree[self.network.home.pk] if self.network.home else 0

    @property
    def home_rank(self) -> int:
        """Its place among all cities; cities with as many ties share it."""
        return 1 + sum(times > self.home_ties for times in self.network.degree.values())

    @property
    def as_of(self) -> datetime.date | None:
        """The day of the oldest list: nothing is claimed for a later one."""
        return min((source.as_of for source in self.sources), default=None)

    # --- Charts -------------------------------------------------------------------------------------------

    def countries(self) -> Chart:
        """The countries with the most ties."""
        rows = [
            Row(code, self.labels[code], times, url=f"{reverse('cities:network')}?country={code}")
            for code, times in self._ranked(self.by_country)
        ]
        words = {"name": rows[0].label, "count": number(rows[0].count)}
        return self._chart(
            "countries",
            gettext("First among the countries: %(name)s, with %(count)s ties") % words,
            gettext("Ties by country; one between two cities of a country counts once"),
            gettext("Country"),
            rows,
            ["country", "label", "ties"],
            [(row.key, str(row.label), row.count) for row in rows],
        )

    def country_pairs(self) -> Chart:
        """The pairs of countries with the most ties."""
        rows = [Row(" ".join(pair), self._pair(*pair), times) for pair, times in self._ranked(self.pairs)]
        words = {"name": rows[0].label, "count": number(rows[0].count)}
        return self._chart(
            "country-pairs",
            gettext("First among the pairs: %(name)s, with %(count)s ties") % words,
            gettext("Ties by the two countries that they join"),
            gettext("Countries"),
            rows,
            ["country_pair", "label", "ties"],
            [(row.key, str(row.label), row.count) for row in rows],
        )

    def most_tied(self) -> Chart:
        """The cities with the most ties."""
        return self._cities(
            "cities",
            gettext("First among the cities: %(name)s, with %(count)s sister cities"),
            gettext("Cities by the number of their known sister cities"),
            self.network.degree,
        )

    def home_country(self) -> Chart:
        """The cities of the home city's country with the most ties."""
        country = {"country": self.labels[self.network.home.country_id]}
        return self._cities(
            "home-country",
            gettext("In the home city’s own country: %(name)s, with %(count)s sister cities"),
            gettext("Cities of %(country)s by the number of their known sister cities") % country,
            self._of_home_country,
        )

    @cached_property
    def _of_home_country(self) -> Counter[int]:
        code = self.network.home.country_id if self.network.home else None
        spots = self.network.spots
        return Counter({key: times for key, times in self.network.degree.items() if spots[key].country_id == code})

    def distances(self) -> Chart:
        """How far apart the two cities of a tie lie."""
        counts = Counter(sum(km >= length for length in LENGTHS) for km in self.lengths)
        ends = [0, *LENGTHS]
        rows = []
        for position, least in enumerate(ends):
            most = ends[position + 1] if position < len(LENGTHS) else None
            label = f"{number(least)}–{number(most)}" if most else gettext("%(km)s and more") % {"km": number(least)}
            rows.append(Row(f"{least}-{most or ''}", label, counts[position], said=number(counts[position])))
        title = gettext("No length of a tie is known")
        if self.lengths:
            title = gettext("Half of the ties are shorter than %(km)s km") % {"km": number(self.median_length)}
        missing = self.network.ties - len(self.lengths)
        note = gettext("Along the great circle, between the places that the register has of the two cities.")
        if missing:
            told = ngettext(
                "The length of %(count)s tie is not known.", "The length of %(count)s ties is not known.", missing
            ) % {"count": number(missing)}
            note = f"{told} {note}"
        return self._chart(
            "distances",
            title,
            gettext("Ties by their length in kilometres"),
            gettext("Kilometres"),
            rows,
            ["kilometres", "ties"],
            [(row.key, row.count) for row in rows],
            drawing=Columns(rows),
            note=note,
        )

    def decades(self) -> Chart:
        """By the decade in which they began, in the reader's calendar: certainly, possibly, or not known."""
        calendar = Calendar.SOLAR_HIJRI if get_language() == "fa" else Calendar.GREGORIAN
        certain, possible = Counter(), Counter()
        dates = Counter((first, last) for *_ends, first, last in self.network.facts if first)
        for (first, last), times in dates.items():
            both = Decade.of(first, calendar), Decade.of(last, calendar)
            for decade in dict.fromkeys(both):
                (certain if both[0] == both[1] else possible)[decade] += times
        since = [decade.since for decade in {**certain, **possible}]
        found = [Decade(calendar, year) for year in range(min(since), max(since) + 1, 10)] if since else []
        rows = [
            Row(
                figures(decade.since),
                decade.years,
                certain[decade],
                possible[decade],
                said=_range(certain[decade], certain[decade] + possible[decade]),
                note=decade.other_years,
            )
            for decade in found
        ]
        unknown = self.network.ties - self.dated
        records = [
            (str(one.calendar), f"{one.since}-{one.until}", one.first, one.last, certain[one], possible[one], 0)
            for one in found
        ]
        entries = [Entry(row.label, "", [number(row.count), number(row.possible), number(0)]) for row in rows]
        if unknown:
            label = gettext("Not known")
            records.append((None, None, None, None, 0, 0, unknown))
            entries.append(Entry(label, "", [number(0), number(0), number(unknown)]))
        words = {"count": number(self.dated), "total": number(self.network.ties)}
        return Chart(
            "decades",
            gettext("Of %(total)s ties the beginning of %(count)s is known") % words,
            gettext("Ties by the decade in which they began"),
            Columns(rows),
            [gettext("Decade"), gettext("Certainly"), gettext("Possibly"), gettext("Not known")],
            entries,
            ["calendar", "decade", "first_day", "last_day", "certainly", "possibly", "not_known"],
            records,
            self._data_url("decades"),
            gettext("Hatched: by its date a tie may belong to either of two decades; it counts in both as possible.")
            if possible
            else "",
            self._source,
            self.as_of,
        )

    # --- What they share ----------------------------------------------------------------------------------

    def _chart(
        self,
        name: str,
        title: str,
        subtitle: str,
        head: str,
        rows: list[Row],
        columns: list[str],
        records: list[tuple],
        drawing: Any = None,
        note: str = "",
    ) -> Chart:
        return Chart(
            name,
            title,
            subtitle,
            drawing or Bars(rows[:SHOWN]),
            [head, gettext("Ties")],
            [Entry(row.label, row.url, [number(row.count)]) for row in rows[:TABLED]],
            columns,
            records,
            self._data_url(name),
            note,
            self._source,
            self.as_of,
        )

    def _cities(self, name: str, title: str, subtitle: str, counts: Counter[int]) -> Chart:
        spots = self.network.spots
        rows = [
            Row(spot.slug, spot.name, times, url=spot.get_absolute_url(), note=self.labels[spot.country_id])
            for spot, times in ((Spot(spots[key]), times) for key, times in self._ranked(counts, TABLED))
        ]
        first = rows[0]

        def records() -> list[tuple]:
            ranked = ((spots[key], times) for key, times in self._ranked(counts))
            return [(spot.slug, spot.name_fa, spot.name_en, spot.country_id, times) for spot, times in ranked]

        return self._chart(
            name,
            title % {"name": _isolated(first.label), "count": number(first.count)},
            subtitle,
            gettext("City"),
            rows,
            ["city", "name_fa", "name_en", "country", "ties"],
            SimpleLazyObject(records),  # twelve thousand lines, for the file alone
        )

    @staticmethod
    def _ranked(counts: Counter, most: int | None = None) -> list[tuple[Any, int]]:
        """The most frequent first, of as many as each other in the order of their keys; all or the first `most`."""

        def order(one: tuple[Any, int]) -> tuple[int, Any]:
            return -one[1], one[0]

        return sorted(counts.items(), key=order) if most is None else nsmallest(most, counts.items(), key=order)

    def _pair(self, one: str, other: str) -> str:
        if one == other:
            return gettext("within %(country)s") % {"country": self.labels[one]}
        return gettext("%(one)s and %(other)s") % {"one": self.labels[one], "other": self.labels[other]}

    def _data_url(self, name: str) -> str:
        return reverse("world:chart", args=[name])

    @property
    def _source(self) -> str:
        return gettext(", ").join(source.title for source in self.sources)


def _isolated(name: str) -> str:
    """A name to stand in a sentence, whichever way it is written."""
    return f"\u2068{name}\u2069"


def _range(least: int, most: int) -> str:
    return number(least) if least == most else f"{number(least)}–{number(most)}"


CHARTS: dict[str, Callable[[NetworkStatistics], Chart]] = {
    "countries": NetworkStatistics.countries,
    "country-pairs": NetworkStatistics.country_pairs,
    "cities": NetworkStatistics.most_tied,
    "home-country": NetworkStatistics.home_country,
    "distances": NetworkStatistics.distances,
    "decades": NetworkStatistics.decades,
}
"""The charts by name, in the order of the page."""
