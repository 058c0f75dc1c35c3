"""Anniversaries of signing, in both calendars, as a calendar to subscribe to (iCalendar, RFC 5545).

Only a signing known to the day has any. The Solar Hijri and the Gregorian anniversary are different days and both
stand, each a single event: no rule of recurrence can count Solar Hijri years. A day that a year does not have
(30 Esfand, 29 February) is kept on the last day of its month. What has ended, or has expired by then, has
none.
"""

import datetime
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext, ngettext, override
from icalendar import Calendar as Document
from icalendar import Timezone, vDuration

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

WIDEST = 74
"""Octets of a line of the file, as the library folds them."""

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
    signed = agreement.signed
    if signed.calendar != calendar:
        signed = UncertainDate.on(signed.first, calendar)
    for year in range(max(first, signed.year + 1), last + 1):
        day = _kept_on(calendar, year, signed.month, signed.day)
        if agreement.state_at(day) != EXPIRED:
            yield Anniversary(agreement, calendar, year, year - signed.year, day)


@lru_cache(maxsize=8_192)
def _kept_on(calendar: Calendar, year: int, month: int, day: int) -> datetime.date:
    """The day on which an anniversary is kept in a year: one that the year has not, on the last of its month."""
    end_of_month = UncertainDate.on(UncertainDate(calendar, year, month).last, calendar)
    return UncertainDate(calendar, year, month, min(day, end_of_month.day)).first


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
    """The events of an agreement; what they have in common is written once."""
    address = site + page_of(agreement, languages[0])
    found = list(anniversaries(agreement, today))
    told = _in_each(languages, lambda: gettext("Signed: %(day)s") % {"day": agreement.signed.display()})
    words = zip(*_in_each(languages, lambda: [one.words for one in found]), strict=True)
    common = b"".join(
        (
            _line("DTSTAMP", agreement.updated_at.astimezone(datetime.UTC).strftime("%Y%m%dT%H%M%SZ")),
            _line("SEQUENCE", agreement.version - 1),
            _line("DESCRIPTION", _text("\n".join([*told, address]))),
            _line("TRANSP", "TRANSPARENT"),
            _line("URL", address),
        )
    )
    for anniversary, said in zip(found, words, strict=True):
        following = anniversary.day + datetime.timedelta(days=1)
        uid = f"partnership-{agreement.number}-{anniversary.calendar}-{anniversary.year}@{host}"
        yield BEGIN
        yield _line("SUMMARY", _text(anniversary.mark + " · ".join(said)))
        yield _line("DTSTART;VALUE=DATE", f"{anniversary.day:%Y%m%d}")
        yield _line("DTEND;VALUE=DATE", f"{following:%Y%m%d}")
        yield _line("UID", _text(uid))
        yield _line("CATEGORIES", ",".join(map(_text, anniversary.categories)))
        yield common
        yield END


# The library that writes the frame takes a millisecond for each event; a register has a hundred thousand of them.


def _text(words: str) -> str:
    """Words as the value of a property (RFC 5545, section 3.3.11)."""
    return clean_text(words).replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def _line(name: str, value: Any) -> bytes:
    """A property as a line, folded after at most 74 octets (section 3.1), never within a character or an escape."""
    octets = f"{name}:{value}".encode()
    folded, start = [], 0
    while len(octets) - start > WIDEST:
        end = start + WIDEST
        while octets[end] & 0xC0 == 0x80:
            end -= 1
        if octets[end - 1] in b"\\^":
            end -= 1
        folded.append(octets[start:end])
        start = end
    return b"\r\n ".join([*folded, octets[start:]]) + b"\r\n"


def _in_each(languages: list[str], say: Callable[[], Any]) -> list[Any]:
    """What `say` says in each of the languages."""
    told = []
    for code in languages:
        with override(code):
            told.append(say())
    return told
