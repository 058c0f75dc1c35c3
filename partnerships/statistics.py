"""Statistics of agreements: what is counted, the finding in words, the figures for people and for machines.

Every number is of exactly the agreements that a filter finds, and leads to the list of them. Nothing is guessed: a date
that lies in one of two decades is possible in both and certain in neither, and what is not known is counted as such.
"""

import datetime
import math
import re
from collections import Counter
from collections.abc import Callable, Iterable
from functools import cached_property
from statistics import median
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import get_language, gettext, ngettext, ngettext_lazy

from cities.geography import Way
from cities.models import City, Country
from partnerships.filters import AgreementFilter, Period, Tally
from partnerships.models import Agreement
from partnerships.models.evidence import Verification
from sistercities.charts import Bars, Chart, Columns, Entry, Line, Row
from sistercities.dates import YEARS, Calendar, Decade
from sistercities.text import Bilingual, figures, number, percentage, spelt

KINDS = {
    "sister": ngettext_lazy("%(part)s is a sister-city agreement", "%(part)s are sister-city agreements", "count"),
    "friendship": ngettext_lazy(
        "%(part)s is of friendship and cooperation", "%(part)s are of friendship and cooperation", "count"
    ),
    "project": ngettext_lazy("%(part)s is a project partnership", "%(part)s are project partnerships", "count"),
    "contact": ngettext_lazy("%(part)s is a contact", "%(part)s are contacts", "count"),
}
"""What is said of the most frequent kind."""

STATES = {
    "prospect": ngettext_lazy("%(part)s is a prospect", "%(part)s are prospects", "count"),
    "negotiation": ngettext_lazy("%(part)s is being negotiated", "%(part)s are being negotiated", "count"),
    "approved": ngettext_lazy("%(part)s is approved but not signed", "%(part)s are approved but not signed", "count"),
    "in_force": ngettext_lazy("%(part)s is in force", "%(part)s are in force", "count"),
    "expired": ngettext_lazy("%(part)s has expired", "%(part)s have expired", "count"),
    "suspended": ngettext_lazy("%(part)s is suspended", "%(part)s are suspended", "count"),
    "ended": ngettext_lazy("%(part)s has ended", "%(part)s have ended", "count"),
}
"""What is said of the most frequent status."""

ARTICLE = re.compile("Republic|Islands|Kingdom|States|Emirates|Territories|Netherlands|Philippines|Bahamas|Maldives")
"""What the English names of those countries hold that have an article in a sentence."""

SHOWN = 12
"""Countries in the drawing; the table has all."""

LONGEST_MONTH = datetime.timedelta(days=30)
"""The time between the first and the last day of the longest month of either calendar."""


class SummedFilter(AgreementFilter):
    """What of `queryset` is summed for the parameters `data`: what browsing lists for the same."""

    @cached_property
    def facts(self) -> list[tuple]:
        """What is counted of each agreement found; see `AgreementQuerySet.facts`."""
        return self.qs.facts()

    @cached_property
    def tally(self) -> Tally:
        """How many were found, and with a period, how surely."""
        certain = len(self.facts)
        if self.period:
            certain = sum(
                self.period.first <= one.signed_first and one.signed_last <= self.period.last for one in self.facts
            )
        return Tally(len(self.facts), certain)

    def listed(self, **instead: Iterable[str]) -> str:
        """The address that lists what is summed here, with these parameters `instead` of those asked for."""
        return self._address(reverse("partnerships:browse"), **instead)

    def data_url(self, chart: str) -> str:
        """The address of a chart's figures as a file."""
        return self._address(reverse("data:statistics", args=[chart]))

    def _address(self, path: str, **instead: Iterable[str]) -> str:
        # Of what was asked only what applies, so that no list complains of what was complained of here.
        period = self.period or Period()
        asked = {"q": [self.asked["q"]]} | {name: self.asked[name] for name in [*self.groups, "record"]}
        asked |= {"signed_from": [period.since], "signed_to": [period.until]} | instead
        query = urlencode([(name, value) for name, values in asked.items() for value in values if value])
        return f"{path}?{query}" if query else path


def _range(least: int, most: int) -> str:
    return number(least) if least == most else f"{number(least)}–{number(most)}"


def _precision(first: datetime.date, last: datetime.date) -> str:
    """How much is known of a date that can mean any day from `first` to `last`: "day", "month" or "year"."""
    if first == last:
        return "day"
    return "month" if last - first <= LONGEST_MONTH else "year"


def _with_article(name: Any) -> str:
    """The name of a country as it stands in a sentence: in English some have an article."""
    return f"the {name}" if get_language() == "en" and ARTICLE.search(str(name)) else str(name)


def _isolated(name: str) -> str:
    """A name to stand in a sentence, whichever way it is written."""
    return f"\u2068{name}\u2069"


def _rounded_up(km: float) -> int:
    """A distance within which another lies, in round figures: 2,138 km lie within 2,200."""
    step = 10 ** max(len(str(int(km))) - 2, 0)
    return math.ceil(km / step) * step


class Partner:
    """A partner city as far as statistics know it; what the way to it, its name and its page are made of."""

    name = Bilingual()

    def __init__(self, fact: Any) -> None:
        self.slug, self.name_fa, self.name_en = fact.partner__slug, fact.partner__name_fa, fact.partner__name_en
        self.latitude, self.longitude = fact.partner__latitude, fact.partner__longitude
        self.country = fact.partner__country

    @property
    def url(self) -> str:
        """The city's page."""
        return reverse("cities:city", args=[self.slug])


def part(count: int, total: int) -> str:
    """So many agreements of all, as the subject of a sentence; its verb is in the number of `count`."""
    if count == total:
        if total == 1:
            return gettext("The only one")
        return gettext("Both") if total == 2 else gettext("All %(total)s") % {"total": spelt(total)}
    return gettext("%(count)s of the %(total)s") % {"count": spelt(count), "total": spelt(total)}


class Statistics:
    """What can be counted of the agreements that `found` finds; `home` is the home city or None.

    `charts` are all there are, in the order of the page, by their names.
    """

    def __init__(self, found: SummedFilter, home: City | None) -> None:
        self.found, self.home = found, home

    @classmethod
    def of(cls, data: QueryDict, home: City | None) -> "Statistics":
        """What can be counted of the published agreements that the parameters `data` ask for."""
        return cls(SummedFilter(data, Agreement.objects.published()), home)

    @property
    def facts(self) -> list[tuple]:
        """What is counted of each agreement."""
        return self.found.facts

    @property
    def total(self) -> int:
        """How many agreements there are."""
        return len(self.facts)

    @cached_property
    def charts(self) -> dict[str, Chart]:
        """Every chart by its name."""
        return {name: self.chart(name) for name in CHARTS}

    def chart(self, name: str) -> Chart:
        """One of CHARTS."""
        return CHARTS[name](self)

    # --- Figures of the whole -----------------------------------------------------------------------------

    @cached_property
    def partners(self) -> list[Partner]:
        """The partner cities."""
        return list({one.partner__slug: Partner(one) for one in self.facts}.values())

    @property
    def countries(self) -> int:
        """How many countries the partner cities lie in."""
        return len({partner.country for partner in self.partners})

    @property
    def dated(self) -> int:
        """How many agreements have a date of signing."""
        return sum(one.signed_first is not None for one in self.facts)

    @property
    def all_url(self) -> str:
        """The list of all of them."""
        return self.found.listed()

    @property
    def cities_url(self) -> str:
        """The list of all of them by city."""
        return self.found.listed(sort=["city"])

    @property
    def countries_url(self) -> str:
        """The list of all of them by country."""
        return self.found.listed(sort=["country"])

    @property
    def dated_url(self) -> str:
        """The list of those with a date."""
        return self._recorded("date")

    def _recorded(self, particular: str) -> str:
        return self.found.listed(record=dict.fromkeys([*self.found.asked["record"], particular]))

    # --- Agreements by what they are ------------------------------------------------------------------------

    def _by_choice(
        self,
        name: str,
        head: str,
        title: str,
        subtitle: str,
        rows: list[Row],
        drawn: Bars,
        note: str = "",
    ) -> Chart:
        return Chart(
            name,
            capfirst(title),
            subtitle,
            drawn,
            [head, gettext("Partnerships"), gettext("Share")],
            [Entry(row.label, row.url, [number(row.count), percentage(row.count, self.total)]) for row in rows],
            [name, "label", "agreements"],
            [(row.key, str(row.label), row.count) for row in rows],
            self.found.data_url(name),
            note,
        )

    def _ranked(self, counts: Counter, labels: dict[str, Any], url: Callable[[str], str]) -> list[Row]:
        """The choices that occur, the most frequent first, else in the order of `labels`."""
        order = list(labels)
        keys = sorted(counts, key=lambda key: (-counts[key], order.index(key)))
        return [Row(key, labels[key], counts[key], url=url(key)) for key in keys]

    def _in_order(self, name: str, column: str) -> list[Row]:
        """The choices of a group that occur, in the order of the group."""
        counts = Counter(getattr(one, column) for one in self.facts)
        labels = self.found.groups[name].labels
        return [
            Row(key, capfirst(label), counts[key], url=self.found.listed(**{name: [key]}))
            for key, label in labels.items()
            if counts[key]
        ]

    def by_country(self) -> Chart:
        """By the country of the partner city."""
        counts = Counter(one.partner__country for one in self.facts)
        labels = self.found.groups["country"].labels
        rows = self._ranked(counts, labels, lambda code: self.found.listed(country=[code]))
        return self._by_choice(
            "country",
            gettext("Country"),
            self._where(
                rows,
                gettext("Each is in a country of its own"),
                gettext("%(count)s countries come first, with %(each)s each"),
            ),
            gettext("Partnerships by the country of the partner city"),
            rows,
            Bars(self._shortened(rows)),
        )

    def by_continent(self) -> Chart:
        """By the continent of the partner city's country."""
        countries = {one.partner__country: one.partner__country__continent for one in self.facts}
        counts = Counter(one.partner__country__continent for one in self.facts)

        def url(continent: str) -> str:
            return self.found.listed(country=sorted(code for code, lies in countries.items() if lies == continent))

        rows = self._ranked(counts, dict(Country.Continent.choices), url)
        return self._by_choice(
            "continent",
            gettext("Continent"),
            self._where(
                rows,
                gettext("Each is on a continent of its own"),
                gettext("%(count)s continents come first, with %(each)s each"),
            ),
            gettext("Partnerships by the continent of the partner’s country"),
            rows,
            Bars(rows),
            gettext("A country counts for one continent, the one that GeoNames gives it."),
        )

    def _shortened(self, rows: list[Row]) -> list[Row]:
        """The first countries, and those for which a drawing has no room as one row."""
        if len(rows) <= SHOWN:
            return rows
        others = rows[SHOWN - 1 :]
        count = len(others)
        label = ngettext("%(count)s more country", "%(count)s more countries", count) % {"count": number(count)}
        url = self.found.listed(country=[row.key for row in others])
        return [*rows[: SHOWN - 1], Row("", label, sum(row.count for row in others), url=url, style="rest")]

    def _where(self, rows: list[Row], apart: str, tied: str) -> str:
        """The finding of ranked rows that are places; `tied` and `apart` if there is no first among them."""
        most = rows[0].count if rows else 0
        leaders = [row.label for row in rows if row.count == most]
        if len(leaders) == 1:
            words = {"part": part(most, self.total), "place": _with_article(leaders[0])}
            return ngettext("%(part)s is in %(place)s", "%(part)s are in %(place)s", most) % words
        if most <= 1:
            return apart
        words = {"first": leaders[0], "second": leaders[1], "count": spelt(len(leaders)), "each": spelt(most)}
        if len(leaders) == 2:
            return gettext("%(first)s and %(second)s come first, with %(each)s each") % words
        return tied % words

    def _mostly(self, findings: dict[str, Any], rows: list[Row]) -> str:
        """The finding of the most frequent of the rows, as `findings` word it."""
        most = max(rows, key=lambda row: row.count, default=None)
        if most is None:
            return gettext("Nothing is recorded.")
        return findings[most.key] % {"count": most.count, "part": part(most.count, self.total)}

    def by_kind(self) -> Chart:
        """By kind."""
        rows = self._in_order("kind", "kind")
        return self._by_choice(
            "kind",
            gettext("Kind"),
            self._mostly(KINDS, rows),
            gettext("Partnerships by kind"),
            rows,
            Bars(rows),
        )

    def by_status(self) -> Chart:
        """By status today; one in force that has run out counts as expired."""
        rows = self._in_order("status", "state_on")
        return self._by_choice(
            "status",
            gettext("Status"),
            self._mostly(STATES, rows),
            gettext("Partnerships by their status today"),
            rows,
            Bars(rows),
            gettext("An agreement in force whose last day has certainly passed counts as expired."),
        )

    def by_verification(self) -> Chart:
        """By how well it is proven; every level stands, also that which none has reached."""
        counts = Counter(one.verification for one in self.facts)
        rows = [
            Row(
                level,
                capfirst(label),
                counts[level],
                url=self.found.listed(verification=[level]) if counts[level] else "",
                style=level,
            )
            for level, label in Verification.choices
        ]
        proven = counts[Verification.DOCUMENT]
        title = gettext("No signed text has been seen yet")
        if proven:
            title = ngettext(
                "%(part)s is proven by its signed text", "%(part)s are proven by their signed text", proven
            ) % {"part": part(proven, self.total)}
        return self._by_choice(
            "verification",
            gettext("Verification"),
            title,
            gettext("Partnerships by how well they are proven"),
            rows,
            Bars(rows, counted=True),
        )

    @cached_property
    def _domains(self) -> dict[str | None, int]:
        """How many agreements lie in each domain; under None those for which none is recorded."""
        return {key: count for (key,), count in self.found.qs.cross_count("domains__key").items()}

    def by_domain(self) -> Chart:
        """By domain of cooperation: an agreement can lie in several, or none may be recorded."""
        counts = Counter(self._domains)
        none = counts.pop(None, 0)
        asked = self.found.asked["domain"]

        def url(key: str) -> str:
            # "Any of these domains" can be asked for, "this one and one of those" cannot.
            return self.found.listed(domain=[key]) if not asked or key in asked else ""

        labels = {key: capfirst(name) for key, name in self.found.groups["domain"].labels.items()}
        rows = self._ranked(counts, labels, url)
        title = gettext("No domain of cooperation is recorded")
        if rows and 2 * none >= self.total:
            title = ngettext(
                "For %(count)s of the %(total)s no domain is recorded",
                "For %(count)s of the %(total)s no domain is recorded",
                none,
            ) % {"count": spelt(none), "total": spelt(self.total)}
        elif rows:
            title = self._most_named(rows)
        if none:
            rows.append(Row("", gettext("No domain recorded"), none, url=self._recorded("no_domain"), style="none"))
        return self._by_choice(
            "domain",
            gettext("Domain of cooperation"),
            title,
            gettext("Partnerships by domain of cooperation"),
            rows,
            Bars(rows),
            gettext("A partnership can lie in several domains; then it counts in each."),
        )

    def _most_named(self, rows: list[Row]) -> str:
        """The finding of ranked domains."""
        first = rows[0]
        if first.count == self.total:
            title = ngettext(
                "%(part)s has the domain “%(domain)s”", "%(part)s have the domain “%(domain)s”", self.total
            )
            return title % {"part": part(self.total, self.total), "domain": first.label}
        if len(rows) > 1 and rows[1].count == first.count:
            return gettext("No domain stands out from the others")
        words = {"domain": first.label, "count": spelt(first.count), "total": spelt(self.total)}
        return gettext("Most often named: %(domain)s, in %(count)s of the %(total)s") % words

    # --- When ---------------------------------------------------------------------------------------------

    def by_decade(self) -> Chart:
        """By decade of signing in the reader's calendar: certainly, possibly, or not known."""
        calendar = Calendar.SOLAR_HIJRI if get_language() == "fa" else Calendar.GREGORIAN
        certain, possible = Counter(), Counter()
        for (first, last), count in Counter((one.signed_first, one.signed_last) for one in self.facts).items():
            if first:
                decades = Decade.of(first, calendar), Decade.of(last, calendar)
                for decade in dict.fromkeys(decades):
                    (certain if decades[0] == decades[1] else possible)[decade] += count
        unknown = self.total - self.dated
        since = [decade.since for decade in {**certain, **possible}]
        decades = [Decade(calendar, year) for year in range(min(since), max(since) + 1, 10)] if since else []
        rows = [self._decade_row(decade, certain[decade], possible[decade]) for decade in decades]
        records = [
            (str(one.calendar), f"{one.since}-{one.until}", one.first, one.last, certain[one], possible[one], 0)
            for one in decades
        ]
        entries = [
            Entry(row.label, row.url, [row.note, number(row.count), number(row.possible), number(0)]) for row in rows
        ]
        if unknown:
            url, label = self._recorded("no_date"), gettext("Not known")
            rows.append(Row(label, label, unknown, url=url, said=number(unknown), style="none"))
            records.append((None, None, None, None, 0, 0, unknown))
            entries.append(Entry(label, url, ["", number(0), number(0), number(unknown)]))
        title = gettext("No date of signing is known")
        if self.dated:
            words = {"part": part(self.dated, self.total)}
            title = ngettext("%(part)s has a date of signing", "%(part)s have a date of signing", self.dated) % words
        note = gettext(
            "Hatched: by its date a partnership may belong to either of two decades. It counts in both as possible, so "
            "that %(example)s means at least one and at most two."
        ) % {"example": _range(1, 2)}
        subtitle = gettext("Partnerships by decade of signing, with the years of the Gregorian calendar")
        head = gettext("Gregorian years")
        if calendar is Calendar.GREGORIAN:
            subtitle = gettext("Partnerships by decade of signing, with the years of the Solar Hijri calendar")
            head = gettext("Solar Hijri years")
        return Chart(
            "decade",
            capfirst(title),
            subtitle,
            Columns(rows),
            [
                gettext("Decade"),
                head,
                gettext("Certainly"),
                gettext("Possibly"),
                gettext("Not known"),
            ],
            entries,
            ["calendar", "decade", "first_day", "last_day", "certainly", "possibly", "not_known"],
            records,
            self.found.data_url("decade"),
            note if possible else "",
        )

    def _decade_row(self, decade: Decade, certain: int, possible: int) -> Row:
        return Row(
            figures(decade.since),
            decade.years,
            certain,
            possible,
            url=self._signed_within(decade) if certain or possible else "",
            said=_range(certain, certain + possible),
            note=decade.other_years,
        )

    def _signed_within(self, decade: Decade) -> str:
        """The list of those possibly signed in the decade; "" where one period cannot ask for these alone."""
        period = self.found.period
        years = YEARS[decade.calendar]
        if decade.since not in years or (period and not (period.first <= decade.first and decade.last <= period.last)):
            return ""
        return self.found.listed(signed_from=[str(decade.since)], signed_to=[str(min(decade.until, years[-1]))])

    # --- Where --------------------------------------------------------------------------------------------

    def distances(self) -> Chart:
        """The distances of the partner cities from the home city along the great circle."""
        ways = [(partner, Way.between(self.home, partner)) for partner in self.partners]
        near = sorted(((way.km, partner) for partner, way in ways if way), key=lambda one: (one[0], one[1].slug))
        unplaced = sorted((partner for partner, way in ways if not way), key=lambda partner: partner.slug)
        stops = [(partner.name, km, partner.url) for km, partner in near]
        labels = self.found.groups["country"].labels
        note = gettext("Distances are as the crow flies (great circle). Positions: GeoNames.")
        if unplaced:
            missing = ngettext(
                "The position of %(count)s city is not known.",
                "The positions of %(count)s cities are not known.",
                len(unplaced),
            ) % {"count": number(len(unplaced))}
            note = f"{missing} {note}"
        return Chart(
            "distance",
            capfirst(self._how_far(near)),
            gettext("Distance of each partner city from %(home)s, in kilometres") % {"home": self._home_name},
            Line(stops, gettext("nearest"), gettext("Median"), gettext("farthest")),
            [gettext("City"), gettext("Country"), gettext("Distance (km)")],
            [Entry(partner.name, partner.url, [labels[partner.country], number(round(km))]) for km, partner in near]
            + [
                Entry(partner.name, partner.url, [labels[partner.country], gettext("not known")])
                for partner in unplaced
            ],
            ["city", "name_fa", "name_en", "country", "kilometres"],
            [(one.slug, one.name_fa, one.name_en, one.country, round(km)) for km, one in near]
            + [(one.slug, one.name_fa, one.name_en, one.country, None) for one in unplaced],
            self.found.data_url("distance"),
            note,
        )

    @property
    def _home_name(self) -> str:
        return _isolated(self.home.name) if self.home else gettext("the home city")

    def _how_far(self, near: list[tuple[float, Partner]]) -> str:
        """The finding of the distances."""
        home = {"home": self._home_name}
        if not near:
            return gettext("No distance is known")
        if len(near) == 1:
            words = home | {"city": _isolated(near[0][1].name), "km": number(round(near[0][0]))}
            return gettext("%(city)s lies %(km)s km from %(home)s") % words
        second, last = near[-2], near[-1]
        if len(near) > 2 and last[0] >= 2 * second[0]:
            words = home | {
                "count": spelt(len(near) - 1),
                "km": number(_rounded_up(second[0])),
                "city": _isolated(last[1].name),
                "far": number(round(last[0])),
            }
            return gettext("%(count)s cities lie within %(km)s km of %(home)s; %(city)s is %(far)s km away") % words
        middle = median(km for km, _partner in near)
        words = home | {"km": number(math.ceil(middle))}
        return gettext("Half of the partner cities lie within %(km)s km of %(home)s") % words

    # --- How much is known --------------------------------------------------------------------------------

    def record(self) -> Chart:
        """How much of the agreements is on record."""
        spans = Counter(_precision(one.signed_first, one.signed_last) for one in self.facts if one.signed_first)
        known = {
            "date": (gettext("Date of signing"), self.dated),
            "day": (gettext("… to the day"), spans["day"]),
            "month": (gettext("… to the month only"), spans["month"]),
            "year": (gettext("… to the year only"), spans["year"]),
            "resolution": (gettext("Council resolution"), sum(one.is_resolved for one in self.facts)),
            "domain": (gettext("Domain of cooperation"), self.total - self._domains.get(None, 0)),
            "title": (gettext("Title of the instrument"), sum(one.is_titled for one in self.facts)),
        }
        rows = [
            Row(
                key,
                label,
                count,
                whole=self.total,
                url=self._recorded(key) if count else "",
                said=gettext("%(count)s of %(total)s") % {"count": number(count), "total": number(self.total)},
            )
            for key, (label, count) in known.items()
        ]
        title = gettext("Not one day of signing is known")
        if spans["day"]:
            title = ngettext("%(part)s is dated to the day", "%(part)s are dated to the day", spans["day"])
            title %= {"part": part(spans["day"], self.total)}
        return Chart(
            "record",
            capfirst(title),
            gettext("What is on record, and how much of it is not"),
            Bars(rows, room=0.7),
            [gettext("On record"), gettext("Known"), gettext("Not known")],
            [Entry(row.label, row.url, [number(row.count), number(self.total - row.count)]) for row in rows],
            ["particular", "known", "not_known"],
            [(row.key, row.count, self.total - row.count) for row in rows],
            self.found.data_url("record"),
        )


CHARTS: dict[str, Callable[[Statistics], Chart]] = {
    "decade": Statistics.by_decade,
    "country": Statistics.by_country,
    "continent": Statistics.by_continent,
    "kind": Statistics.by_kind,
    "status": Statistics.by_status,
    "verification": Statistics.by_verification,
    "distance": Statistics.distances,
    "domain": Statistics.by_domain,
    "record": Statistics.record,
}
"""The charts by name, in the order of the page."""
