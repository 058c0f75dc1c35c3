"""Anniversaries of signing, in both calendars, as a calendar to subscribe to (iCalendar, RFC 5545).

Only a signing known to the day has any. The Solar Hijri and the Gregorian anniversary are different days and both
stand, each a single event: no rule of recurrence can count Solar Hijri years. A day that a year does not have
(30 Esfand, 29 February) is kept on the last day of its month. What has ended, or has expired by then, has
none.
"""

import datetime
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext, ngettext, override
from icalendar import Calendar as Document
from icalendar import Event, Timezone, vDuration

from cities.models import City
from partnerships.downloads import page_of, site_of
from partnerships.models import Agreement
from partnerships.querysets import EXPIRED
from partnerships.selection import Selection
from sistercities.context import home_city
from sistercities.dates import Calendar, UncertainDate, year_of
from sistercities.text import clean_text, figures

YEARS = 5
"""Years of each calendar that the events cover: the present one and those after it."""

CHUNK = 500

BEGIN, END = b"BEGIN:VEVENT\r\n", b"END:VEVENT\r\n"


@dataclass(frozen=True)
class Anniversary:
    """The day in a year of `calendar` on which an agreement has been signed for so many `years`."""

    agreement: Agreement
    calendar: Calendar
    year: int
    years: int
    day: datetime.date

    @property
    def mark(self) -> str:
        """What stands before the tenth, twentieth … ("★★"), the fifth, fifteenth … ("★"), and the others ("")."""
        return "★★ " if self.years % 10 == 0 else "★ " if self.years % 5 == 0 else ""

    @property
    def categories(self) -> list[str]:
        """Its categories for programs that show them."""
        round_one = "TEN YEARS" if self.years % 10 == 0 else "FIVE YEARS"
        return ["ANNIVERSARY", round_one] if self.mark else ["ANNIVERSARY"]

    @property
    def words(self) -> str:
        """It in the reader's language: "10 years since the signing: Tabriz and Baku (Solar Hijri)"."""
        told = ngettext(
            "%(years)s year since the signing: %(home)s and %(partner)s (%(calendar)s)",
            "%(years)s years since the signing: %(home)s and %(partner)s (%(calendar)s)",
            self.years,
        )
        return told % {
            "years": figures(self.years),
            "home": self.agreement.home_city.name.plain,
            "partner": self.agreement.partner.name.plain,
            "calendar": self.calendar.label,
        }


def anniversaries(agreement: Agreement, today: datetime.date) -> Iterator[Anniversary]:
    """The anniversaries of a signing known to the day, in this year of each calendar and the next ones."""
    for calendar in Calendar:
        this_year = year_of(today, calendar)
        yield from _in_years(agreement, calendar, this_year, this_year + YEARS - 1)


def anniversaries_between(agreement: Agreement, first: datetime.date, last: datetime.date) -> list[Anniversary]:
    """The anniversaries of a signing known to the day that fall in the period, the first of them first."""
    found = [
        one
        for calendar in Calendar
        for one in _in_years(agreement, calendar, year_of(first, calendar), year_of(last, calendar))
        if first <= one.day <= last
    ]
    return sorted(found, key=lambda one: one.day)


def _in_years(agreement: Agreement, calendar: Calendar, first: int, last: int) -> Iterator[Anniversary]:
    signed = UncertainDate.on(agreement.signed.first, calendar)
    for year in range(max(first, signed.year + 1), last + 1):
        end_of_month = UncertainDate.on(UncertainDate(calendar, year, signed.month).last, calendar)
        day = UncertainDate(calendar, year, signed.month, min(signed.day, end_of_month.day)).first
        if agreement.state_at(day) != EXPIRED:
            yield Anniversary(agreement, calendar, year, year - signed.year, day)


def anniversary_calendar(request: HttpRequest, selection: Selection) -> Iterator[bytes]:
    """The calendar of the agreements that `selection` asks for, in pieces; each event is told in every language."""
    languages = [selection.language, *(code for code, _name in settings.LANGUAGES if code != selection.language)]
    site = site_of(request)
    host, today = request.get_host(), timezone.localdate()
    begin, end = _frame(languages, home_city(request) or None, today)
    agreements = selection.agreements.signed_to_the_day().exclude(status=Agreement.Status.ENDED)

    def pieces() -> Iterator[bytes]:
        yield begin
        for agreement in agreements.with_partner().select_related("home_city").iterator(CHUNK):
            yield from _events(agreement, today, languages, site, host)
        yield end

    return pieces()


def _frame(languages: list[str], home: City | None, today: datetime.date) -> tuple[bytes, bytes]:
    """What stands before the events and after them. The time zone is the one component that an empty calendar has."""
    document = Document()
    document.add("prodid", "-//Sister Cities//Anniversaries//EN")
    document.add("version", "2.0")
    document.add("calscale", "GREGORIAN")
    document.add("method", "PUBLISH")
    name = " · ".join(_in_each(languages, lambda: title(home)))
    document.add("name", name)
    document.add("x-wr-calname", name)
    document.add("refresh-interval", vDuration(datetime.timedelta(days=1)), parameters={"value": "DURATION"})
    document.add("x-published-ttl", "P1D")
    document.add_component(
        Timezone.from_tzid(settings.TIME_ZONE, first_date=today, last_date=today.replace(today.year + YEARS, 1, 1))
    )
    begin, mark, end = document.to_ical().partition(b"END:VCALENDAR")
    return begin, mark + end


def title(home: City | None) -> str:
    """What the calendar is called, in the reader's language."""
    if not home:
        return gettext("Sister Cities: anniversaries")
    return gettext("Sister Cities of %(city)s: anniversaries") % {"city": home.name.plain}


def _events(agreement: Agreement, today: datetime.date, languages: list[str], site: str, host: str) -> Iterator[bytes]:
    """The events of an agreement. What they have in common is written once: the library takes its time."""
    address = site + page_of(agreement, languages[0])
    told = _in_each(languages, lambda: gettext("Signed: %(day)s") % {"day": agreement.signed.display()})
    common = _lines(
        dtstamp=agreement.updated_at.astimezone(datetime.UTC),
        sequence=agreement.version - 1,
        description=clean_text("\n".join([*told, address])),
        url=address,
        transp="TRANSPARENT",
    )
    for anniversary in anniversaries(agreement, today):
        own = _lines(
            uid=f"partnership-{agreement.number}-{anniversary.calendar}-{anniversary.year}@{host}",
            dtstart=anniversary.day,
            dtend=anniversary.day + datetime.timedelta(days=1),
            summary=clean_text(anniversary.mark + " · ".join(_in_each(languages, lambda one=anniversary: one.words))),
            categories=anniversary.categories,
        )
        yield BEGIN + own + common + END


def _lines(**properties: Any) -> bytes:
    """The properties as lines of an event."""
    event = Event()
    for name, value in properties.items():
        event.add(name, value)
    return event.to_ical().removeprefix(BEGIN).removesuffix(END)


def _in_each(languages: list[str], say: Callable[[], str]) -> list[str]:
    """What `say` says in each of the languages."""
    told = []
    for code in languages:
        with override(code):
            told.append(say())
    return told
