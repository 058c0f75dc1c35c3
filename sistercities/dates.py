"""Uncertain dates: what sources say of when ("1387", "Khordad 1395", "13 April 2013"), and nothing beyond it.

An `UncertainDate` keeps its calendar, its precision and the words it was given in. From these follow the
first and the last day it can mean, and from those everything that is ever compared. Nothing is rounded:
Solar Hijri 1380 is any day from 2001-03-21 to 2002-03-20, never "2001".

Years have four digits: Solar Hijri 1000 to 1500, where persiantools follows the 33-year rule of leap years
throughout, and Gregorian 1700 to 2121, all within them. So a bare year tells its calendar.
"""

import calendar as gregorian
import datetime
import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.db.models import IntegerChoices, TextChoices
from django.utils import translation
from django.utils.functional import lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from persiantools.jdatetime import JalaliDate

from sistercities.text import clean_text, figures, fold, latin_digits

KEPT = 8_192
"""Dates of which each process remembers how they were stored or are spelt."""

STORED_LENGTH = 160
"""The longest `UncertainDate.stored`, in characters."""


class Calendar(TextChoices):
    """The calendar a date was given in."""

    SOLAR_HIJRI = "solar_hijri", _("Solar Hijri")
    GREGORIAN = "gregorian", _("Gregorian")

    @property
    def other(self) -> "Calendar":
        """The calendar in which the date is shown as well."""
        return Calendar.GREGORIAN if self is Calendar.SOLAR_HIJRI else Calendar.SOLAR_HIJRI

    @classmethod
    def of_year(cls, year: int) -> "Calendar":
        """The calendar that a bare year belongs to: below 1700 it is Solar Hijri."""
        return cls.SOLAR_HIJRI if year < 1700 else cls.GREGORIAN


class Precision(IntegerChoices):
    """How much of a date is known."""

    YEAR = 1, _("year")
    MONTH = 2, _("month")
    DAY = 3, _("day")


YEARS = {Calendar.SOLAR_HIJRI: range(1000, 1501), Calendar.GREGORIAN: range(1700, 2122)}
ERAS = {Calendar.SOLAR_HIJRI: "SH", Calendar.GREGORIAN: "AD"}

MONTHS = {
    Calendar.SOLAR_HIJRI: {
        "fa": "فروردین اردیبهشت خرداد تیر مرداد شهریور مهر آبان آذر دی بهمن اسفند".split(),
        "en": "Farvardin Ordibehesht Khordad Tir Mordad Shahrivar Mehr Aban Azar Dey Bahman Esfand".split(),
    },
    Calendar.GREGORIAN: {
        "fa": "ژانویه فوریه مارس آوریل مه ژوئن ژوئیه اوت سپتامبر اکتبر نوامبر دسامبر".split(),
        "en": "January February March April May June July August September October November December".split(),
    },
}

# Monday first, as datetime.date.weekday() counts.
WEEKDAYS = {
    "fa": "دوشنبه سه‌شنبه چهارشنبه پنجشنبه جمعه شنبه یکشنبه".split(),
    "en": "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split(),
}

# Other names of the months, by their number: other spellings and abbreviations, the Afghan names of the Solar
# Hijri months, and the Gregorian months as Afghans, Egyptians and the Levant, Germans, the French, Turks and Russians
# call them.
_MORE_MONTHS = {
    Calendar.SOLAR_HIJRI: [
        "Farwardin, حمل",
        "Ordibehest, Ordibihisht, Ardibehesht, Urdibehesht, ثور",
        "Khurdad, Xordad, جوزا",
        "Teer, سرطان",
        "Amordad, Murdad, امرداد, اسد",
        "Shahriwar, Shahrevar, Sharivar, سنبله",
        "Mihr, میزان",
        "Abaan, عقرب",
        "Aazar, قوس",
        "Dei, جدی",
        "دلو",
        "Isfand, Espand, Esphand, حوت",
    ],
    Calendar.GREGORIAN: [
        "Jan, Januar, Jänner, janvier, Ocak, январь, января, جنوری, يناير, كانون الثاني",
        "Feb, Februar, février, Şubat, февраль, февраля, فبروری, فبراير, شباط",
        "Mar, März, Maerz, mars, Mart, март, марта, مارچ, آذار",
        "Apr, avril, Nisan, апрель, апреля, اپریل, أبريل, نيسان",
        "Mai, Mayıs, май, мая, می, مئی, مايو, أيار",
        "Jun, Juni, juin, Haziran, июнь, июня, جون, يونيو, يونيه, حزيران",
        "Jul, Juli, juillet, Temmuz, июль, июля, ژولای, جولای, يوليو, يوليه, تموز",
        "Aug, août, Ağustos, август, августа, آگوست, اگست, أغسطس, آب",
        "Sep, Sept, septembre, Eylül, сентябрь, сентября, سپتمبر, سبتمبر, أيلول",
        "Oct, Okt, Oktober, octobre, Ekim, октябрь, октября, اکتوبر, أكتوبر, تشرين الأول",
        "Nov, novembre, Kasım, ноябрь, ноября, نومبر, نوفمبر, تشرين الثاني",
        "Dec, Dez, Dezember, décembre, Aralık, декабрь, декабря, دسمبر, ديسمبر, كانون الأول",
    ],
}
_MONTHS_BY_NAME = {
    fold(name) + suffix: (calendar, number)
    for calendar, languages in MONTHS.items()
    for number, (persian, english, more) in enumerate(zip(*languages.values(), _MORE_MONTHS[calendar], strict=True), 1)
    for name in (persian, english, *more.split(","))
    for suffix in ("", fold("ماه"))
}

_UNSURE = (
    "c ca circa about approx approximately around early mid late before after since from between until to or s spring "
    "summer autumn winter er ab um etwa gegen seit vor nach vers environ avant après depuis yaklaşık"
)
_UNSURE_PERSIAN = (
    "حدود حدودا حوالی تقریبا احتمالا دهه اوایل اواسط اواخر پیش قبل پس بعد از بین میان تا یا بهار تابستان پاییز زمستان"
)
_UNKNOWN = "unknown na nd unbekannt inconnu bilinmiyor نامعلوم نامشخص ندارد"
_LUNAR = "AH Lunar Qamari Muharram Safar Rabi Jumada Rajab Shaban Ramadan Shawwal"
_LUNAR_PERSIAN = "ق هق قمری محرم صفر ربیع جمادی رجب شعبان رمضان شوال ذیقعده ذیحجه"
_SILENT = "year month day the of in on st nd rd th سال ماه روز مورخ مورخه تاریخ در ام ه"

# What a word of a date can be, by its folded form.
_WORDS: dict[str, tuple[str, Any]] = {
    **{fold(word): ("silent", None) for word in _SILENT.split()},
    **{fold(word): ("unsure", None) for word in f"{_UNSURE} {_UNSURE_PERSIAN}".split()},
    **{fold(word): ("lunar", None) for word in f"{_LUNAR} {_LUNAR_PERSIAN}".split()},
    **{fold(word): ("unknown", None) for word in _UNKNOWN.split()},
    # Alone it does not say which of the two Hijri calendars is meant.
    **{fold(word): ("hijri", None) for word in "هجری Hijri Hejri".split()},
    **{fold(word): ("calendar", Calendar.SOLAR_HIJRI) for word in "شمسی خورشیدی ش هش Solar Shamsi SH".split()},
    **{fold(word): ("calendar", Calendar.GREGORIAN) for word in "میلادی م Gregorian AD CE".split()},
    **{
        fold(name): ("weekday", number)
        for number, (persian, english) in enumerate(zip(*WEEKDAYS.values(), strict=True))
        for name in (persian, english, english[:3])
    },
    **{name: ("month", month) for name, month in _MONTHS_BY_NAME.items()},
}

_DASHES = str.maketrans("‐‑‒–—−؍⁄", "------//")
_FRENCH_FIRST = re.compile(r"(?<!\d)1er\b", re.IGNORECASE)
_STOP_AFTER_LETTER = re.compile(r"(?<=[^\W\d_])\.(?!\d)")
_TOKEN = re.compile(r"\d+(?:\s*[/.-]\s*\d+)+|\d+|[^\W\d_]+|\S")
_PUNCTUATION = frozenset("[](){}«»“”‘’\"'.,،;؛:-/")
_DOUBT = frozenset("?؟~≈±<>")
_YEAR_FIRST = re.compile(r"(\d{4})([/.-])(\d{1,2})(?:\2(\d{1,2}))?")
_DAY_FIRST = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")
_MONTH_FIRST = re.compile(r"(\d{1,2})[/.-](\d{4})")
# How a program writes a day that it keeps as a moment, and a year that it keeps as a decimal.
_MIDNIGHT = re.compile(r"(?<=\d{4}-\d\d-\d\d) 00:00(:00(\.0+)?)?$")
_DECIMAL_YEAR = re.compile(r"(\d{4})\.0")
_STORED = re.compile(r"(SH|AD) (\d{4})(?:-(\d\d)(?:-(\d\d))?)?(?: (.*))?", re.ASCII | re.DOTALL)


class DateError(ValidationError):
    """Text or numbers that are no date the register takes, said in the reader's language.

    `part` is the box it concerns: "year", "month", "day" or "calendar". `code` names the reason.
    """

    def __init__(self, message: Any, code: str = "", params: dict[str, Any] | None = None, part: str = "year") -> None:
        super().__init__(message, code=code, params=params)
        self.part = part


def _language(language: str | None = None) -> str:
    """ "fa" or "en": in which of the two to write for a reader of `language` (by default the active one)."""
    return "fa" if (language or translation.get_language() or "").startswith("fa") else "en"


def month_name(calendar: Calendar, month: int, language: str | None = None) -> str:
    """The name of a month (1 to 12)."""
    return MONTHS[calendar][_language(language)][month - 1]


def weekday_name(weekday: int, language: str | None = None) -> str:
    """The name of a day of the week, as `datetime.date.weekday()` counts: 0 is Monday."""
    return WEEKDAYS[_language(language)][weekday]


# For errors: put into words when somebody reads them, in that reader's language.
_figures = lazy(figures, str)
_month_name = lazy(month_name, str)
_weekday_name = lazy(weekday_name, str)
_FOUR_DIGITS = _("Write the year with four digits, such as %(first)s or %(second)s")
_EXAMPLES = {"first": _figures(1395), "second": _figures(2016)}


def _quoted(text: str) -> str:
    """The beginning of what was typed, fit to stand in a sentence of either direction."""
    seen = "".join("\ufffd" if unicodedata.category(letter) == "Cc" else letter for letter in text[:31])
    return f"\u2068{clean_text(seen[:30])}{'…' if len(seen) > 30 else ''}\u2069"


def visible(text: str) -> str:
    """`text` in NFC with Latin digits, without the format characters that nobody sees (zero-width, marks)."""
    composed = unicodedata.normalize("NFC", latin_digits(text))
    return "".join(letter for letter in composed if unicodedata.category(letter) != "Cf").strip()


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit()


def parse_year(text: str, calendar: Calendar | None = None) -> int:
    """The year that `text` is, in digits of any script.

    Raises DateError when the register does not take it, or not in `calendar` when that is given.
    """
    shown = visible(text)
    if not shown:
        raise DateError(_("A date needs its year: add the year or empty the other boxes"), "no_year")
    if not _is_number(shown):
        raise DateError(_("“%(text)s” is not a year: write it in digits"), "not_a_year", {"text": _quoted(text)})
    if len(shown) != 4:
        raise DateError(_FOUR_DIGITS, "four_digits", _EXAMPLES)
    _check_year(int(shown), calendar)
    return int(shown)


def parse_month(text: str, calendar: Calendar | None = None) -> int:
    """The number of the month that `text` is: digits or a name, of any script.

    Raises DateError for anything else, and for a month of the other calendar when `calendar` is given.
    """
    shown = visible(text)
    if _is_number(shown):
        month = int(shown[:4])
        _check_month(month)
        return month
    spelt = all(letter.isalpha() or unicodedata.category(letter)[0] in "MZ" or letter in ".-'’" for letter in shown)
    own, month = (spelt and _MONTHS_BY_NAME.get(fold(shown))) or (None, 0)
    if own is None:
        raise DateError(
            _("“%(text)s” is not a month: write its name or a number from 1 to 12"),
            "not_a_month",
            {"text": _quoted(text)},
            part="month",
        )
    if calendar:
        _check_month_calendar(own, month, calendar)
    return month


def parse_day(text: str) -> int:
    """The day that `text` is, in digits of any script; whether its month has that day is not known here.

    Raises DateError for anything else.
    """
    shown = visible(text)
    if not _is_number(shown) or len(shown) > 2:
        raise DateError(
            _("“%(text)s” is not a day: write a number from 1 to 31"),
            "not_a_day",
            {"text": _quoted(text)},
            part="day",
        )
    return int(shown)


def _check_year(year: int, calendar: Calendar | None = None) -> None:
    """Raise DateError unless the register takes `year`, in `calendar` if that is given."""
    looks_like = Calendar.of_year(year)
    if year not in YEARS[looks_like]:
        solar, common = YEARS[Calendar.SOLAR_HIJRI], YEARS[Calendar.GREGORIAN]
        raise DateError(
            _(
                "%(year)s is outside the years of the register: %(solar_first)s to %(solar_last)s Solar Hijri, "
                "%(common_first)s to %(common_last)s Gregorian"
            ),
            "year_range",
            {
                "year": _figures(year),
                "solar_first": _figures(solar[0]),
                "solar_last": _figures(solar[-1]),
                "common_first": _figures(common[0]),
                "common_last": _figures(common[-1]),
            },
        )
    if calendar and calendar != looks_like:
        message = {
            Calendar.GREGORIAN: _("%(year)s looks Gregorian: choose the Gregorian calendar"),
            Calendar.SOLAR_HIJRI: _("%(year)s looks Solar Hijri: choose the Solar Hijri calendar"),
        }[looks_like]
        raise DateError(message, "calendar", {"year": _figures(year)})


def _check_month(month: int) -> None:
    if not 1 <= month <= 12:
        raise DateError(
            _("There is no month %(month)s: months are numbered from 1 to 12"),
            "month_range",
            {"month": _figures(month)},
            part="month",
        )


def _check_month_calendar(own: Calendar, month: int, calendar: Calendar) -> None:
    if own != calendar:
        message = {
            Calendar.GREGORIAN: _("%(month)s is a Gregorian month: choose the Gregorian calendar"),
            Calendar.SOLAR_HIJRI: _("%(month)s is a Solar Hijri month: choose the Solar Hijri calendar"),
        }[own]
        raise DateError(message, "calendar", {"month": _month_name(own, month)}, part="month")


def _check_day(calendar: Calendar, year: int, month: int, day: int) -> None:
    length = _month_length(calendar, year, month)
    if 1 <= day <= length:
        return
    leap_day = {Calendar.SOLAR_HIJRI: (12, 30), Calendar.GREGORIAN: (2, 29)}[calendar]
    if day < 1:
        message = _("There is no day %(day)s: days are counted from 1")
    elif (month, day) == leap_day:
        message = _(
            "%(day)s %(month)s %(year)s does not exist; %(year)s is not a leap year and its %(month)s has "
            "%(length)s days"
        )
    else:
        message = _("%(day)s %(month)s %(year)s does not exist; %(month)s %(year)s has %(length)s days")
    raise DateError(
        message,
        "day_range",
        {
            "day": _figures(day),
            "month": _month_name(calendar, month),
            "year": _figures(year),
            "length": _figures(length),
        },
        part="day",
    )


def _month_length(calendar: Calendar, year: int, month: int) -> int:
    if calendar is Calendar.SOLAR_HIJRI:
        return JalaliDate.days_in_month(month, year)
    return gregorian.monthrange(year, month)[1]


def _day(calendar: Calendar, year: int, month: int, day: int) -> datetime.date:
    if calendar is Calendar.SOLAR_HIJRI:
        return JalaliDate(year, month, day).to_gregorian()
    return datetime.date(year, month, day)


def _numbers(calendar: Calendar, day: datetime.date) -> tuple[int, int, int]:
    """Year, month and day of a day in `calendar`."""
    if calendar is Calendar.SOLAR_HIJRI:
        day = JalaliDate(day)
    return day.year, day.month, day.day


def _spelt(calendar: Calendar, language: str, *numbers: int, leave_out: int = 0) -> str:
    """Year, month, day (as many as are given) in words, without the `leave_out` greatest of them."""
    year, month, day = (*numbers, None, None)[:3]
    parts = [figures(year, language), month and month_name(calendar, month, language), figures(day, language)]
    return " ".join(filter(None, reversed(parts[leave_out:])))


def _example(calendar: Calendar, *numbers: int) -> str:
    return _spelt(calendar, _language(), *numbers)


_spelt_example = lazy(_example, str)


def _ends(calendar: Calendar, language: str, first: tuple[int, ...], last: tuple[int, ...]) -> tuple[str, str, bool]:
    """Two dates of one period in words, and whether the first leaves out what the second says as well."""
    shared = next(place for place, (one, other) in enumerate(zip(first, last, strict=True)) if one != other)
    return (
        _spelt(calendar, language, *first, leave_out=shared),
        _spelt(calendar, language, *last),
        bool(shared),
    )


class _Said(NamedTuple):
    """What the words of a date say, before it is known whether there is such a date."""

    year: int
    month: int | None
    day: int | None
    month_calendar: Calendar | None
    calendar: Calendar | None
    weekday: int | None


def _read(text: str) -> _Said:
    """What the words say. Raises DateError where they do not say one date, or not for certain."""
    found = _sorted(text)
    if "unknown" in found or (visible(text) and not any(found.values())):
        raise DateError(
            _("“%(text)s” is no date: leave the place empty if the date is not known"),
            "unknown",
            {"text": _quoted(text)},
        )
    if "unsure" in found:
        raise DateError(
            _(
                "“%(text)s” is not certain: give only what is, or leave the date unknown and quote the source "
                "in the note"
            ),
            "uncertain",
            {"text": _quoted(text)},
        )
    if "lunar" in found or ("hijri" in found and Calendar.SOLAR_HIJRI not in found["calendar"]):
        raise DateError(_("This is a lunar Hijri date, or may be one: give it in Solar Hijri or Gregorian"), "lunar")
    numeric, month, calendar, weekday = (found[kind] for kind in ("numeric", "month", "calendar", "weekday"))
    if max(map(len, (numeric, month, calendar, weekday))) > 1 or (numeric and (month or found["number"])):
        raise _unreadable(text)
    month_calendar, number = month[0] if month else (None, None)
    if numeric:
        year, number, day = numeric[0]
    else:
        year, day = _year_and_day(found["number"], month_calendar, text)
    if weekday and day is None:
        raise _unreadable(text)
    return _Said(year, number, day, month_calendar, *(kind[0] if kind else None for kind in (calendar, weekday)))


def _sorted(text: str) -> dict[str, list[Any]]:
    """The words of the text by their kind; a number with whether the month stands before it."""
    found: dict[str, list[Any]] = defaultdict(list)
    letters = _STOP_AFTER_LETTER.sub("", visible(text[:1000]).translate(_DASHES))
    if len(text) > 1000 or re.match(r"-+\s*\d", letters):  # the register has no negative years
        raise _unreadable(text)
    letters = _MIDNIGHT.sub("", _FRENCH_FIRST.sub("1", letters))
    tokens = _TOKEN.findall("".join(letter for letter in letters if unicodedata.category(letter) != "Mn"))
    while tokens:
        token = tokens.pop(0)
        if _is_number(token):
            found["number"].append((token, "month" in found))
        elif _is_number(token[0]):
            found["numeric"].append(_numeric(token))
        elif token in _DOUBT:
            found["unsure"].append(token)
        elif token not in _PUNCTUATION:
            pair = _WORDS.get(fold(token + tokens[0])) if tokens else None
            if pair:
                tokens.pop(0)
            kind, value = pair or _WORDS.get(fold(token)) or (None, None)
            if kind is None:
                raise _unreadable(token)
            found[kind].append(value)
    return found


def _kinds(text: str) -> set[str]:
    """The kinds of the words in a text, as far as they can be read."""
    try:
        return {*_sorted(text)}
    except DateError:
        return set()


def _year_and_day(
    numbers: list[tuple[str, bool]], month_calendar: Calendar | None, text: str
) -> tuple[int, int | None]:
    """Tell the year from the day among the numbers that stand alone."""
    years = [number for number, _after_month in numbers if len(number) == 4]
    days = [number for number, _after_month in numbers if len(number) <= 2]
    if not years and days and month_calendar is Calendar.SOLAR_HIJRI:
        last, after_month = numbers[-1]
        if after_month and len(last) == 2 and int(last) > 31:
            years = [f"13{days.pop()}"]
    if not years:
        raise DateError(_FOUR_DIGITS, "four_digits", _EXAMPLES)
    if len(years) > 1 or len(days) > 1 or len(years) + len(days) < len(numbers):
        raise _unreadable(text)
    return int(years[0]), int(days[0]) if days else None


def _numeric(text: str) -> tuple[int, int | None, int | None]:
    """Year, month and day of a date in figures alone."""
    figures_only = re.sub(r"\s", "", text)
    day = None
    if match := _DECIMAL_YEAR.fullmatch(figures_only):
        return int(match[1]), None, None
    if match := _YEAR_FIRST.fullmatch(figures_only):
        year, _separator, month, day = match.groups()
    elif match := _MONTH_FIRST.fullmatch(figures_only):
        month, year = match.groups()
    elif match := _DAY_FIRST.fullmatch(figures_only):
        day, month, year = match.groups()
    else:
        raise DateError(
            _("Write the year first with four digits, such as %(example)s, or the month by its name"),
            "order",
            {"example": _figures("2016/5/21")},
        )
    return int(year), int(month), int(day) if day else None


def _unreadable(text: str) -> DateError:
    return DateError(
        _("The register cannot read “%(text)s” in a date: write, for example, %(month)s or %(day)s"),
        "unreadable",
        {
            "text": _quoted(text),
            "month": _spelt_example(Calendar.SOLAR_HIJRI, 1395, 3),
            "day": _spelt_example(Calendar.GREGORIAN, 2013, 4, 13),
        },
    )


@dataclass(frozen=True)
class UncertainDate:
    """A date as far as it is known: a year, a month or a day of one of the two calendars.

    Two dates are equal when they say the same in the same calendar, whatever words they were given in. Words
    too long to be stored lose their end. Raises DateError when there is no such date.
    """

    calendar: Calendar
    year: int
    month: int | None = None
    day: int | None = None
    words: str = field(default="", compare=False)

    def __post_init__(self) -> None:
        if self.calendar not in Calendar.values:
            raise DateError(_("Choose one of the two calendars"), "no_calendar", part="calendar")
        object.__setattr__(self, "calendar", Calendar(self.calendar))
        for part in ("year", "month", "day"):
            value = getattr(self, part)
            if type(value) is not int and (value is not None or part == "year"):
                raise DateError(_("“%(text)s” is not a number"), "not_a_number", {"text": _quoted(str(value))}, part)
        _check_year(self.year, self.calendar)
        if self.month is not None:
            _check_month(self.month)
        if self.day is not None:
            if self.month is None:
                raise DateError(_("A day needs its month: add the month or remove the day"), "no_month", part="month")
            _check_day(self.calendar, self.year, self.month, self.day)
        words = " ".join(clean_text(self.words).split()).strip(" \u200c")  # a half-space at the edge joins nothing
        room = STORED_LENGTH - len(self.code) - 1
        object.__setattr__(self, "words", words if len(words) <= room else words[: room - 1].rstrip() + "…")

    @classmethod
    def on(cls, day: datetime.date, calendar: Calendar = Calendar.GREGORIAN) -> "UncertainDate":
        """The date that is certainly `day`, given in `calendar`."""
        return cls(calendar, *_numbers(calendar, day))

    @classmethod
    def from_stored(cls, text: str) -> "UncertainDate":
        """The date that `stored` made `text` of. Raises DateError for any other text."""
        match = _STORED.fullmatch(text)
        if not match:
            raise DateError(
                _("“%(text)s” is not a date as the register stores it"), "not_stored", {"text": _quoted(text)}
            )
        era, *numbers, words = match.groups()
        calendar = next(calendar for calendar in Calendar if ERAS[calendar] == era)
        return cls(calendar, *(number and int(number) for number in numbers), words=words or "")

    @classmethod
    def parse(cls, text: str, calendar: Calendar | None = None) -> "UncertainDate":
        """The date that a source's words give; they are kept.

        Taken are digits and month names of any script: "1395", "1395/3", "2013-04-13", "13.04.2013", "5/1997",
        "۲۴ فروردین ۱۳۹۲", "[January 5, 1997]", "13. März 2013", "SH 1395-03". The calendar is `calendar`, else the one
        that the words name, else that of the year. A day of the week must be right.

        A year has four figures. Two of them are a year only behind the name of a Solar Hijri month, which tells the
        calendar, and only from 32 to 99, which no day of a month can be: خرداد ۹۵ is 1395. Below that they may be a
        day, or a year of the 1400s.

        Raises DateError, with a hint, for what is not certain ("c. 1980", "1980s", "3/4/1997", "5/95"), for what says
        that nothing is known, for lunar dates, and for whatever else does not say one date.
        """
        if calendar is not None and calendar not in Calendar.values:
            raise DateError(_("Choose one of the two calendars"), "no_calendar", part="calendar")
        said = _read(text)
        own = said.month_calendar
        calendar = Calendar(calendar or said.calendar or own or Calendar.of_year(said.year))
        if said.calendar and said.calendar != calendar:
            raise DateError(_("These words name the other calendar"), "calendar", part="calendar")
        if own:
            _check_month_calendar(own, said.month, calendar)
        date = cls(calendar, said.year, said.month, said.day, words=text)
        if said.weekday is not None and said.weekday != date.first.weekday():
            raise DateError(
                _("%(date)s is a %(weekday)s, not a %(given)s"),
                "weekday",
                {
                    "date": _given(date),
                    "weekday": _weekday_name(date.first.weekday()),
                    "given": _weekday_name(said.weekday),
                },
                part="day",
            )
        return date

    @classmethod
    def read(cls, text: str) -> "UncertainDate":
        """The date in a cell of a table: a source's words, or as `UncertainDate.written` has it.

        Raises DateError as `parse`; the words behind a code must be certain as well.
        """
        try:
            date = cls.from_stored(text)
        except DateError:
            return cls.parse(text)
        if "unsure" in _kinds(date.words):
            return cls.parse(text)
        return date

    @property
    def written(self) -> str:
        """The date for a cell of a table: its words where they say all of it, else code and words."""
        try:
            is_said = bool(self.words) and UncertainDate.read(self.words).stored == self.stored
        except DateError:
            is_said = False
        return self.words if is_said else self.stored

    @property
    def precision(self) -> Precision:
        """How much of the date is known."""
        return Precision(1 + (self.month is not None) + (self.day is not None))

    @cached_property
    def first(self) -> datetime.date:
        """The first day the date can mean."""
        return _day(self.calendar, self.year, self.month or 1, self.day or 1)

    @cached_property
    def last(self) -> datetime.date:
        """The last day the date can mean."""
        month = self.month or 12
        return _day(self.calendar, self.year, month, self.day or _month_length(self.calendar, self.year, month))

    def certainly_within(self, first: datetime.date, last: datetime.date) -> bool:
        """Whether every day the date can mean lies in the period."""
        return first <= self.first and self.last <= last

    def possibly_within(self, first: datetime.date, last: datetime.date) -> bool:
        """Whether some day the date can mean lies in the period."""
        return first <= self.last and self.first <= last

    def certainly_before(self, other: "UncertainDate") -> bool:
        """Whether each day this date can mean comes before each of the other's."""
        return self.last < other.first

    def possibly_before(self, other: "UncertainDate") -> bool:
        """Whether some day this date can mean comes before some of the other's."""
        return self.first < other.last

    def contradicts(self, other: "UncertainDate") -> bool:
        """Whether the two cannot mean the same day. What merely differs in precision does not contradict."""
        return not self.possibly_within(other.first, other.last)

    def given(self, language: str | None = None) -> str:
        """The date in its own calendar: "Khordad 1395", «خرداد ۱۳۹۵»."""
        return _in_own_calendar(self, _language(language))

    def other(self, language: str | None = None) -> str:
        """The date in the other calendar, as exactly as it is known: "May–June 2016", "Dey 1387 – Dey 1388"."""
        return _in_other_calendar(self, _language(language))

    def display(self, language: str | None = None) -> str:
        """The date in both calendars, its own first: "Khordad 1395 (May–June 2016)"."""
        return f"{self.given(language)} ({self.other(language)})"

    def reading(self, language: str | None = None) -> str:
        """What the register understands, for whoever typed the date: its weekday, or the days it can mean."""
        language = _language(language)
        if self.day:
            return f"{weekday_name(self.first.weekday(), language)} {self.display(language)}"
        with translation.override(language):
            own, other = (self._period(calendar, language) for calendar in (self.calendar, self.calendar.other))
            return gettext("any day from %(own)s (%(other)s)") % {"own": own, "other": other}

    def certainty(self, language: str | None = None) -> str:
        """How exactly the date is known: "known to the month: any day from …", "known to the day, a Sunday"."""
        with translation.override(_language(language)):
            if self.day:
                return gettext("known to the day, a %(weekday)s") % {"weekday": weekday_name(self.first.weekday())}
            pattern = (
                gettext("known to the month: %(reading)s") if self.month else gettext("known to the year: %(reading)s")
            )
            return pattern % {"reading": self.reading()}

    def _period(self, calendar: Calendar, language: str) -> str:
        first, last, _shortened = _ends(
            calendar, language, _numbers(calendar, self.first), _numbers(calendar, self.last)
        )
        return gettext("%(first)s to %(last)s") % {"first": first, "last": last}

    @property
    def iso(self) -> str:
        """The date in its own calendar for machines: "1395", "1395-03", "1395-03-12"."""
        return "-".join(f"{number:02}" for number in self._numbers)

    @property
    def code(self) -> str:
        """The date with its calendar for machines: "SH 1395-03", "AD 2009"."""
        return f"{ERAS[self.calendar]} {self.iso}"

    @property
    def stored(self) -> str:
        """What the database keeps: the code, then the words. At most `STORED_LENGTH` characters."""
        return f"{self.code} {self.words}".rstrip()

    @property
    def html_datetime(self) -> str:
        """The `datetime` of a `<time>`: Gregorian; "" for a Solar Hijri year or month, which have none."""
        if self.day:
            return self.first.isoformat()
        return self.iso if self.calendar is Calendar.GREGORIAN else ""

    @property
    def _numbers(self) -> tuple[int, ...]:
        return tuple(number for number in (self.year, self.month, self.day) if number is not None)

    def __str__(self) -> str:
        return self.display()


# What a date reads like follows from the date: a register has far fewer of them than records, and a page says each
# several times.


@lru_cache(maxsize=KEPT)
def _in_own_calendar(date: UncertainDate, language: str) -> str:
    return _spelt(date.calendar, language, *date._numbers)


@lru_cache(maxsize=KEPT)
def _in_other_calendar(date: UncertainDate, language: str) -> str:
    calendar = date.calendar.other
    if date.day:
        return _spelt(calendar, language, *_numbers(calendar, date.first))
    # A year or month of one calendar is a row of months of the other, never just one.
    months = _numbers(calendar, date.first)[:2], _numbers(calendar, date.last)[:2]
    first, last, shortened = _ends(calendar, language, *months)
    # English sets the dash close between single words; Persian always leaves it room.
    return f"{first}–{last}" if shortened and language == "en" else f"{first} – {last}"


_given = lazy(UncertainDate.given, str)


def year_of(day: datetime.date, calendar: Calendar) -> int:
    """The year of `calendar` in which the day lies."""
    return _numbers(calendar, day)[0]


def first_day(year: int, calendar: Calendar) -> datetime.date:
    """The first day of a year of `calendar`."""
    return _day(calendar, year, 1, 1)


def year_bounds(year: int) -> tuple[datetime.date, datetime.date, Calendar]:
    """The first and last day of a year and its calendar: below 1700 it is Solar Hijri.

    Raises DateError when the year is not one of the register's.
    """
    date = UncertainDate(Calendar.of_year(year), year)
    return date.first, date.last, date.calendar


@dataclass(frozen=True)
class Decade:
    """Ten years of a calendar, from `since` on."""

    calendar: Calendar
    since: int

    @classmethod
    def of(cls, day: datetime.date, calendar: Calendar) -> "Decade":
        """The decade in which a day lies."""
        return cls(calendar, year_of(day, calendar) // 10 * 10)

    @property
    def until(self) -> int:
        """Its last year."""
        return self.since + 9

    @property
    def first(self) -> datetime.date:
        """Its first day."""
        return first_day(self.since, self.calendar)

    @property
    def last(self) -> datetime.date:
        """Its last day."""
        return first_day(self.until + 1, self.calendar) - datetime.timedelta(days=1)

    @property
    def years(self) -> str:
        """Its first and last year in words."""
        return _years(self.since, self.until)

    @property
    def other_years(self) -> str:
        """The years of the other calendar in which its first and its last day lie."""
        other = self.calendar.other
        return _years(year_of(self.first, other), year_of(self.last, other))


def _years(since: int, until: int) -> str:
    return f"{figures(since)}–{figures(until)}"
