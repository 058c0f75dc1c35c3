"""Uncertain dates: what they mean, how they are read, shown, compared and refused."""

import datetime
import pickle
from itertools import pairwise

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation
from hypothesis import example, given
from hypothesis import strategies as st

from sistercities.dates import (
    MONTHS,
    STORED_LENGTH,
    YEARS,
    Calendar,
    DateError,
    Precision,
    UncertainDate,
    month_name,
    parse_day,
    parse_month,
    parse_year,
    weekday_name,
    year_bounds,
)

SH, AD = Calendar.SOLAR_HIJRI, Calendar.GREGORIAN
DAY = datetime.timedelta(days=1)


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


def solar_leap(year: int) -> bool:
    """The 33-year rule, stated apart from the code: eight leap years in every 33."""
    return (25 * year + 11) % 33 < 8


@st.composite
def uncertain_dates(draw: st.DrawFn) -> UncertainDate:
    calendar = draw(st.sampled_from(Calendar))
    numbers = [draw(st.sampled_from(YEARS[calendar]))]
    if draw(st.booleans()):
        numbers.append(draw(st.integers(1, 12)))
        if draw(st.booleans()):
            numbers.append(draw(st.integers(1, UncertainDate(calendar, *numbers).last.day if calendar == AD else 29)))
    return UncertainDate(calendar, *numbers, words=draw(st.text(max_size=40)))


def refusal(make, *given, **named) -> DateError:
    with pytest.raises(DateError) as caught:
        make(*given, **named)
    return caught.value


def read_or_refused(make, *given):
    """What `make` makes of what is given, or its DateError; any other error is a failure."""
    try:
        return make(*given)
    except DateError as error:
        return error


def said(error: DateError, language: str) -> str:
    with translation.override(language):
        [message] = error.messages
    return message


# --- What a date means ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stored", "first", "last"),
    [
        ("SH 1380", "2001-03-21", "2002-03-20"),
        ("SH 1387", "2008-03-20", "2009-03-20"),
        ("SH 1395-03", "2016-05-21", "2016-06-20"),
        ("SH 1395-12", "2017-02-19", "2017-03-20"),
        ("SH 1403-12", "2025-02-19", "2025-03-20"),
        ("SH 1392-01-24", "2013-04-13", "2013-04-13"),
        ("SH 1403-12-30", "2025-03-20", "2025-03-20"),
        ("SH 1399-12-30", "2021-03-20", "2021-03-20"),
        ("SH 1389-06-28", "2010-09-19", "2010-09-19"),
        ("AD 2009", "2009-01-01", "2009-12-31"),
        ("AD 2016-02", "2016-02-01", "2016-02-29"),
        ("AD 2015-02", "2015-02-01", "2015-02-28"),
        ("AD 2016-02-29", "2016-02-29", "2016-02-29"),
    ],
)
def test_bounds_are_the_first_and_the_last_day_it_can_mean(stored, first, last):
    date = UncertainDate.from_stored(stored)
    assert (date.first, date.last) == (day(first), day(last))


def test_solar_hijri_years_follow_the_33_year_rule_throughout():
    expected = day("2024-03-20")  # 1 Farvardin 1403
    for year in range(1403, YEARS[SH][-1] + 1):
        date = UncertainDate(SH, year)
        assert (year, date.first) == (year, expected)
        expected += (366 if solar_leap(year) else 365) * DAY
        assert (year, date.last) == (year, expected - DAY)
    expected = day("2024-03-20")
    for year in reversed(range(YEARS[SH][0], 1403)):
        expected -= (366 if solar_leap(year) else 365) * DAY
        assert (year, UncertainDate(SH, year).first) == (year, expected)


@pytest.mark.parametrize("calendar", Calendar)
def test_months_follow_each_other_without_gap_or_overlap(calendar):
    for year in YEARS[calendar]:
        months = [UncertainDate(calendar, year, month) for month in range(1, 13)]
        assert months[0].first == UncertainDate(calendar, year).first
        assert months[-1].last == UncertainDate(calendar, year).last
        assert all(month.last + DAY == following.first for month, following in pairwise(months))


@pytest.mark.parametrize("calendar", Calendar)
def test_years_follow_each_other_without_gap_or_overlap(calendar):
    years = [UncertainDate(calendar, year) for year in YEARS[calendar]]
    assert all(year.last + DAY == following.first for year, following in pairwise(years))


def test_30_esfand_exists_in_leap_years_alone():
    for year in YEARS[SH]:
        if solar_leap(year):
            assert UncertainDate(SH, year, 12, 30).first == UncertainDate(SH, year).last
        else:
            assert refusal(UncertainDate, SH, year, 12, 30).code == "day_range"


def test_every_gregorian_year_of_the_register_lies_in_solar_hijri_years_of_the_register():
    assert UncertainDate(SH, YEARS[SH][0]).first < UncertainDate(AD, YEARS[AD][0]).first
    assert UncertainDate(AD, YEARS[AD][-1]).last < UncertainDate(SH, YEARS[SH][-1]).last


@given(st.dates(day("1700-01-01"), day("2121-12-31")), st.sampled_from(Calendar))
def test_a_known_day_is_that_day_in_either_calendar(known, calendar):
    date = UncertainDate.on(known, calendar)
    assert (date.calendar, date.precision, date.first, date.last) == (calendar, Precision.DAY, known, known)


@given(uncertain_dates())
def test_a_date_lies_within_its_month_and_its_year(date):
    for numbers in ((date.year,), (date.year, date.month)):
        wider = UncertainDate(date.calendar, *numbers)
        assert wider.first <= date.first <= date.last <= wider.last
        assert date.certainly_within(wider.first, wider.last)


@pytest.mark.parametrize(
    ("stored", "precision"),
    [("SH 1387", Precision.YEAR), ("AD 2013-04", Precision.MONTH), ("SH 1392-01-24", Precision.DAY)],
)
def test_precision_is_what_is_known(stored, precision):
    assert UncertainDate.from_stored(stored).precision is precision


@given(uncertain_dates())
def test_a_stored_date_comes_back_with_its_words(date):
    again = UncertainDate.from_stored(date.stored)
    assert (again, again.words, again.stored) == (date, date.words, date.stored)


@given(uncertain_dates())
def test_code_and_iso_keep_calendar_and_precision(date):
    assert date.code == {SH: "SH ", AD: "AD "}[date.calendar] + date.iso
    assert [int(number) for number in date.iso.split("-")] == list(filter(None, (date.year, date.month, date.day)))
    assert UncertainDate.from_stored(date.code) == date


def test_code_has_two_digits_for_month_and_day():
    assert UncertainDate(SH, 1395, 3).code == "SH 1395-03"
    assert UncertainDate(AD, 2013, 4, 3).code == "AD 2013-04-03"


@pytest.mark.parametrize(
    ("stored", "expected"),
    [
        ("SH 1392-01-24", "2013-04-13"),
        ("AD 2013-04-13", "2013-04-13"),
        ("AD 2013-04", "2013-04"),
        ("AD 2009", "2009"),
        ("SH 1395-03", ""),
        ("SH 1387", ""),
    ],
)
def test_html_datetime_is_gregorian_and_never_rounded(stored, expected):
    assert UncertainDate.from_stored(stored).html_datetime == expected


# --- Words ----------------------------------------------------------------------------------------------------


def test_dates_are_equal_when_they_say_the_same_in_other_words():
    one, other = UncertainDate(SH, 1395, 3, words="خرداد ۹۵"), UncertainDate(SH, 1395, 3, words="Khordad 1395")
    assert one == other
    assert hash(one) == hash(other)


def test_dates_of_the_same_day_in_two_calendars_are_not_equal():
    assert UncertainDate(SH, 1392, 1, 24) != UncertainDate(AD, 2013, 4, 13)


@pytest.mark.parametrize(
    ("given_words", "kept"),
    [
        ("  year   1387 ", "year 1387"),
        ("year\t1387\n(approved)", "year 1387 (approved)"),
        ("\u200c1387 \u200c", "1387"),
        ("1387\x00\x07", "1387"),
        ("\u202e1387\u200f", "1387"),
        ("فروردین\u200cماه ۱۳۹۲", "فروردین\u200cماه ۱۳۹۲"),
        ("", ""),
    ],
)
def test_words_keep_what_shows(given_words, kept):
    assert UncertainDate(SH, 1387, words=given_words).words == kept


@given(uncertain_dates(), st.text(min_size=100, max_size=300))
def test_words_are_trimmed_so_that_the_date_can_be_stored(date, words):
    date = UncertainDate(date.calendar, date.year, date.month, date.day, words=words)
    assert len(date.stored) <= STORED_LENGTH
    assert UncertainDate.from_stored(date.stored).words == date.words


def test_words_too_long_lose_their_end_visibly():
    date = UncertainDate(SH, 1387, words="x" * 500)
    assert date.stored == "SH 1387 " + "x" * (STORED_LENGTH - 9) + "…"


# --- Comparing ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stored", "year", "certainly", "possibly"),
    [
        ("SH 1403", 2024, False, True),
        ("SH 1403", 2025, False, True),
        ("SH 1403", 2023, False, False),
        ("SH 1403", 1403, True, True),
        ("SH 1403-07", 2024, True, True),
        ("SH 1403-10", 2024, False, True),
        ("AD 2024", 1403, False, True),
        ("AD 2024", 1402, False, True),
        ("AD 2024-05-01", 1403, True, True),
        ("AD 2024-03-19", 1403, False, False),
        ("AD 2024-03-20", 1403, True, True),
    ],
)
def test_within_a_year_certainly_or_possibly(stored, year, certainly, possibly):
    first, last, _calendar = year_bounds(year)
    date = UncertainDate.from_stored(stored)
    assert (date.certainly_within(first, last), date.possibly_within(first, last)) == (certainly, possibly)


@pytest.mark.parametrize(
    ("one", "other", "certainly", "possibly"),
    [
        ("SH 1387", "AD 2013-04-13", True, True),
        ("AD 2013-04-13", "SH 1387", False, False),
        ("SH 1403", "AD 2024", False, True),
        ("AD 2024", "SH 1403", False, True),
        ("AD 2013-04-13", "SH 1392-01-24", False, False),
        ("AD 2013-04-12", "SH 1392-01-24", True, True),
        ("SH 1392", "AD 2013-03-21", False, False),
    ],
)
def test_before_certainly_or_possibly(one, other, certainly, possibly):
    one, other = UncertainDate.from_stored(one), UncertainDate.from_stored(other)
    assert (one.certainly_before(other), one.possibly_before(other)) == (certainly, possibly)


@pytest.mark.parametrize(
    ("one", "other", "contradicts"),
    [
        ("SH 1387", "AD 2013-04-13", True),
        ("SH 1392", "AD 2013-04-13", False),
        ("AD 2013-04-13", "SH 1392-01-24", False),
        ("AD 2013-04-13", "SH 1392-01-25", True),
        ("AD 2008", "SH 1387", False),
        ("SH 1387", "AD 2009-03-20", False),
        ("SH 1387", "AD 2009-03-21", True),
    ],
)
def test_dates_contradict_only_if_they_certainly_do(one, other, contradicts):
    one, other = UncertainDate.from_stored(one), UncertainDate.from_stored(other)
    assert one.contradicts(other) is contradicts
    assert other.contradicts(one) is contradicts


@given(uncertain_dates(), uncertain_dates())
def test_what_is_certain_is_possible(one, other):
    assert not one.certainly_before(other) or one.possibly_before(other)
    assert not one.certainly_within(other.first, other.last) or one.possibly_within(other.first, other.last)
    assert one.contradicts(other) is (one.certainly_before(other) or other.certainly_before(one))
    assert not one.contradicts(one)


# --- Showing --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stored", "persian", "english"),
    [
        ("SH 1387", "۱۳۸۷ (مارس ۲۰۰۸ – مارس ۲۰۰۹)", "1387 (March 2008 – March 2009)"),
        ("SH 1395-03", "خرداد ۱۳۹۵ (مه – ژوئن ۲۰۱۶)", "Khordad 1395 (May–June 2016)"),
        (
            "SH 1395-10",
            "دی ۱۳۹۵ (دسامبر ۲۰۱۶ – ژانویه ۲۰۱۷)",
            "Dey 1395 (December 2016 – January 2017)",
        ),
        ("SH 1392-01-24", "۲۴ فروردین ۱۳۹۲ (۱۳ آوریل ۲۰۱۳)", "24 Farvardin 1392 (13 April 2013)"),
        ("AD 2009", "۲۰۰۹ (دی ۱۳۸۷ – دی ۱۳۸۸)", "2009 (Dey 1387 – Dey 1388)"),
        ("AD 2013-04", "آوریل ۲۰۱۳ (فروردین – اردیبهشت ۱۳۹۲)", "April 2013 (Farvardin–Ordibehesht 1392)"),
        (
            "AD 2013-03",
            "مارس ۲۰۱۳ (اسفند ۱۳۹۱ – فروردین ۱۳۹۲)",
            "March 2013 (Esfand 1391 – Farvardin 1392)",
        ),
        ("AD 2013-04-13", "۱۳ آوریل ۲۰۱۳ (۲۴ فروردین ۱۳۹۲)", "13 April 2013 (24 Farvardin 1392)"),
        ("AD 2019-05-06", "۶ مه ۲۰۱۹ (۱۶ اردیبهشت ۱۳۹۸)", "6 May 2019 (16 Ordibehesht 1398)"),
    ],
)
def test_display_has_both_calendars_its_own_first(stored, persian, english):
    date = UncertainDate.from_stored(stored)
    assert (date.display("fa"), date.display("en")) == (persian, english)
    assert f"{date.given('fa')} ({date.other('fa')})" == persian
    assert f"{date.given('en')} ({date.other('en')})" == english


@pytest.mark.parametrize(
    ("stored", "persian", "english"),
    [
        (
            "SH 1387",
            "هر روزی از ۱ فروردین تا ۳۰ اسفند ۱۳۸۷ (۲۰ مارس ۲۰۰۸ تا ۲۰ مارس ۲۰۰۹)",
            "any day from 1 Farvardin to 30 Esfand 1387 (20 March 2008 to 20 March 2009)",
        ),
        (
            "SH 1395-03",
            "هر روزی از ۱ تا ۳۱ خرداد ۱۳۹۵ (۲۱ مه تا ۲۰ ژوئن ۲۰۱۶)",
            "any day from 1 to 31 Khordad 1395 (21 May to 20 June 2016)",
        ),
        (
            "AD 2009",
            "هر روزی از ۱ ژانویه تا ۳۱ دسامبر ۲۰۰۹ (۱۲ دی ۱۳۸۷ تا ۱۰ دی ۱۳۸۸)",
            "any day from 1 January to 31 December 2009 (12 Dey 1387 to 10 Dey 1388)",
        ),
        (
            "SH 1392-01-24",
            "شنبه ۲۴ فروردین ۱۳۹۲ (۱۳ آوریل ۲۰۱۳)",
            "Saturday 24 Farvardin 1392 (13 April 2013)",
        ),
    ],
)
def test_reading_says_which_days_the_register_understands(stored, persian, english):
    date = UncertainDate.from_stored(stored)
    assert (date.reading("fa"), date.reading("en")) == (persian, english)


@pytest.mark.parametrize(
    "show", [UncertainDate.given, UncertainDate.other, UncertainDate.display, UncertainDate.reading]
)
def test_the_active_language_is_the_default(show):
    date = UncertainDate(SH, 1395, 3)
    for language in ("fa", "en"):
        with translation.override(language):
            assert show(date) == show(date, language)
    assert show(date, "fa") != show(date, "en")


def test_another_language_than_persian_reads_english():
    with translation.override(None):
        assert str(UncertainDate(SH, 1395, 3)) == "Khordad 1395 (May–June 2016)"
    assert UncertainDate(SH, 1395, 3).display("tr") == "Khordad 1395 (May–June 2016)"


@given(uncertain_dates(), st.sampled_from(["fa", "en"]))
def test_what_is_shown_is_of_one_script(date, language):
    shown = date.display(language) + date.reading(language)
    letters = [letter for letter in shown if letter.isalnum()]
    assert all(letter.isascii() is (language == "en") for letter in letters)


@given(uncertain_dates(), st.sampled_from(["fa", "en"]))
def test_what_is_given_reads_as_the_same_date(date, language):
    again = UncertainDate.parse(date.given(language))
    assert (again, again.words) == (date, date.given(language))


@given(st.dates(day("1700-01-01"), day("2121-12-31")), st.sampled_from(Calendar), st.sampled_from(["fa", "en"]))
def test_the_other_calendar_of_a_day_reads_as_the_same_day(known, calendar, language):
    date = UncertainDate.on(known, calendar)
    assert UncertainDate.parse(date.other(language)) == UncertainDate.on(known, calendar.other)


def test_weekdays_begin_with_monday():
    assert [weekday_name(number, "en")[:3] for number in range(7)] == "Mon Tue Wed Thu Fri Sat Sun".split()
    assert weekday_name(5, "fa") == "شنبه"
    assert weekday_name(4, "fa") == "جمعه"


# --- Reading --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("1395", "SH 1395"),
        ("2009", "AD 2009"),
        ("۱۳۸۷", "SH 1387"),
        ("١٣٨٧", "SH 1387"),
        ("سال ۱۳۸۷", "SH 1387"),
        ("year 1387", "SH 1387"),
        ("1395/3", "SH 1395-03"),
        ("۱۳۹۵/۳", "SH 1395-03"),
        ("1395-03-12", "SH 1395-03-12"),
        ("1395 / 3 / 12", "SH 1395-03-12"),
        ("2013-04-13", "AD 2013-04-13"),
        ("2013.04.13", "AD 2013-04-13"),
        ("2013–04–13", "AD 2013-04-13"),
        ("١٣٩٥؍٣", "SH 1395-03"),
        ("13.04.2013", "AD 2013-04-13"),
        ("۲۰۱۳/۴/۱۳ میلادی", "AD 2013-04-13"),
        ("خرداد ۱۳۹۵", "SH 1395-03"),
        ("خرداد ۹۵", "SH 1395-03"),
        ("12 Khordad 95", "SH 1395-03-12"),
        ("خرداد ماه سال ۱۳۹۵", "SH 1395-03"),
        ("خردادماه ۱۳۹۵", "SH 1395-03"),
        ("خرداد\u200cماه ۱۳۹۵ ه\u200d.ش.", "SH 1395-03"),
        ("۱۳۹۵ هجری شمسی", "SH 1395"),
        ("۱۳۹۵ خورشیدی", "SH 1395"),
        ("1395 SH", "SH 1395"),
        ("Khordad 1395", "SH 1395-03"),
        ("khurdad, 1395", "SH 1395-03"),
        ("24 Farvardin 1392", "SH 1392-01-24"),
        ("۲۴ فروردین ۱۳۹۲", "SH 1392-01-24"),
        ("24 حمل 1392", "SH 1392-01-24"),
        ("شنبه ۲۴ فروردین ۱۳۹۲", "SH 1392-01-24"),
        ("سه شنبه ۲۴ اردیبهشت ۱۳۹۲", "SH 1392-02-24"),
        ("سه\u200cشنبه، ۲۴ اردیبهشت ۱۳۹۲", "SH 1392-02-24"),
        ("13 April 2013", "AD 2013-04-13"),
        ("Saturday, 13 April 2013", "AD 2013-04-13"),
        ("April 13th, 2013", "AD 2013-04-13"),
        ("the 13th of April 2013", "AD 2013-04-13"),
        ("13-Apr-2013", "AD 2013-04-13"),
        ("2013 April 13", "AD 2013-04-13"),
        ("April 2013", "AD 2013-04"),
        ("Sept. 2010", "AD 2010-09"),
        ("A.D. 2009", "AD 2009"),
        ("[January 5, 1997]", "AD 1997-01-05"),
        ("«۵ ژانویهٔ ۱۹۹۷»", "AD 1997-01-05"),
        ("٥ كانون الثاني ١٩٩٧", "AD 1997-01-05"),
        ("٥ يناير ١٩٩٧", "AD 1997-01-05"),
        ("تشرين الأول ٢٠١٠", "AD 2010-10"),
        ("۱۵ اوت ۲۰۱۰", "AD 2010-08-15"),
        ("۱۵ آگوست ۲۰۱۰", "AD 2010-08-15"),
        ("SH 1395-03", "SH 1395-03"),
        ("AD 2009", "AD 2009"),
        ("\ufeff1395\u200f", "SH 1395"),
        ("مِهر ۱۳۸۹", "SH 1389-07"),
        ("  1395\n", "SH 1395"),
        ("خرداد ۳۲", "SH 1332-03"),
        ("فروردين ۱۳۹۵", "SH 1395-01"),
        ("13. März 2013", "AD 2013-03-13"),
        ("1er mai 1998", "AD 1998-05-01"),
        ("3 Ağustos 2001", "AD 2001-08-03"),
        ("5 октября 1999", "AD 1999-10-05"),
        ("03/2016", "AD 2016-03"),
        ("2009.0", "AD 2009"),
        ("2013-04-13 00:00:00", "AD 2013-04-13"),
    ],
)
def test_parse_reads_what_sources_write(text, code):
    date = UncertainDate.parse(text)
    assert date.code == code
    assert date.words == " ".join(text.replace("\ufeff", "").replace("\u200f", "").split())


@pytest.mark.parametrize("language", ["fa", "en"])
@pytest.mark.parametrize("calendar", Calendar)
def test_parse_month_reads_each_name_of_both_languages(calendar, language):
    names = MONTHS[calendar][language]
    assert [parse_month(name, calendar) for name in names] == list(range(1, 13))
    assert [parse_month(name.upper()) for name in names] == list(range(1, 13))
    assert [month_name(calendar, month, language) for month in range(1, 13)] == names


@pytest.mark.parametrize(
    ("calendar", "names"),
    [
        (SH, "حمل ثور جوزا سرطان اسد سنبله میزان عقرب قوس جدی دلو حوت"),
        (SH, "Farwardin Ordibehest Khurdad Teer Amordad Sharivar Mihr Abaan Aazar Dei Bahman Isfand"),
        (SH, "فروردین‌ماه اردیبهشت‌ماه خردادماه تیرماه امرداد شهریورماه مهرماه آبان‌ماه آذرماه دی‌ماه بهمن‌ماه اسفندماه"),
        (AD, "Jan Feb Mar Apr May Jun Jul Aug Sept Oct Nov Dec"),
        (AD, "يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر"),
        (AD, "كانون‌الثاني شباط آذار نيسان أيار حزيران تموز آب أيلول تشرين‌الأول تشرين‌الثاني كانون‌الأول"),
        (AD, "Januar Februar März April Mai Juni Juli August September Oktober November Dezember"),
        (AD, "janvier février mars avril mai juin juillet août septembre octobre novembre décembre"),
        (AD, "Ocak Şubat Mart Nisan Mayıs Haziran Temmuz Ağustos Eylül Ekim Kasım Aralık"),
        (AD, "января февраля марта апреля мая июня июля августа сентября октября ноября декабря"),
        (AD, "جنوری فبروری مارچ اپریل می جون جولای اگست سپتمبر اکتوبر نومبر دسمبر"),
    ],
)
def test_parse_month_reads_the_names_of_the_neighbours(calendar, names):
    assert [parse_month(name, calendar) for name in names.split()] == list(range(1, 13))


@pytest.mark.parametrize("text", ["3", "03", "۳", "٣", " 3 ", "\u200e3", "خرداد", "khordad.", "خُرداد"])
def test_parse_month_reads_digits_and_names_of_any_script(text):
    assert parse_month(text, SH) == 3


def test_parse_takes_the_calendar_given():
    assert UncertainDate.parse("1395/3", SH).code == "SH 1395-03"
    assert UncertainDate.parse("2016/3", AD).code == "AD 2016-03"
    assert UncertainDate.parse("2016/3", "gregorian").calendar is AD


@pytest.mark.parametrize(
    ("text", "calendar", "part"),
    [
        ("2013", SH, "year"),
        ("1392", AD, "year"),
        ("April 2013", SH, "month"),
        ("Khordad 1395", AD, "month"),
        ("Khordad 2016", None, "year"),
        ("April 1392", None, "year"),
        ("1395 میلادی", None, "year"),
        ("Khordad 1395 AD", None, "month"),
        ("1395 AD", SH, "calendar"),
    ],
)
def test_parse_tells_when_the_calendar_does_not_fit(text, calendar, part):
    error = refusal(UncertainDate.parse, text, calendar)
    assert (error.code, error.part) == ("calendar", part)


@pytest.mark.parametrize(
    ("text", "code", "part"),
    [
        ("c. 1980", "uncertain", "year"),
        ("ca 1980", "uncertain", "year"),
        ("1980s", "uncertain", "year"),
        ("حدود ۱۳۸۰", "uncertain", "year"),
        ("دهه ۱۳۸۰", "uncertain", "year"),
        ("پیش از ۱۳۸۷", "uncertain", "year"),
        ("1387 or 1388", "uncertain", "year"),
        ("۱۳۸۷ یا ۱۳۸۸", "uncertain", "year"),
        ("early 2009", "uncertain", "year"),
        ("رمضان ۱۴۳۴", "lunar", "year"),
        ("۱۴۳۴ قمری", "lunar", "year"),
        ("۱۴۳۴ ه.ق", "lunar", "year"),
        ("1395 AH", "lunar", "year"),
        ("1395 Hijri", "lunar", "year"),
        ("3/4/1997", "order", "year"),
        ("13/04/2013", "order", "year"),
        ("95/3/12", "order", "year"),
        ("1387-1388", "order", "year"),
        ("1395/3-12", "order", "year"),
        ("2013-04-13T10:00", "unreadable", "year"),
        ("May–June 2016", "unreadable", "year"),
        ("2016 2017", "unreadable", "year"),
        ("1 2 May 2016", "unreadable", "year"),
        ("123 May 2016", "unreadable", "year"),
        ("May 2016/5", "unreadable", "year"),
        ("Saturday 2013", "unreadable", "year"),
        ("1387?", "uncertain", "year"),
        ("۱۳۸۷؟", "uncertain", "year"),
        ("since 1387", "uncertain", "year"),
        ("~1387", "uncertain", "year"),
        ("foo 1387", "unreadable", "year"),
        ("-1387", "unreadable", "year"),
        ("−1387", "unreadable", "year"),
        ("1387\x00", "unreadable", "year"),
        ("²013", "unreadable", "year"),
        ("² خرداد ۱۳۹۵", "unreadable", "year"),
        ("1" * 5000, "unreadable", "year"),
        ("خرداد " + "۱" * 900, "four_digits", "year"),
        ("", "four_digits", "year"),
        ("\u200b", "four_digits", "year"),
        ("خرداد", "four_digits", "year"),
        ("۲۴ فروردین", "four_digits", "year"),
        ("خرداد ۲۴", "four_digits", "year"),
        ("خرداد ۵", "four_digits", "year"),
        ("April 95", "four_digits", "year"),
        ("87", "four_digits", "year"),
        ("خرداد ۳۱", "four_digits", "year"),
        ("5/95", "order", "year"),
        ("1980er", "uncertain", "year"),
        ("seit 1990", "uncertain", "year"),
        ("حدود ۱۳۷۰", "uncertain", "year"),
        ("بهار ۱۳۹۵", "uncertain", "year"),
        ("?", "uncertain", "year"),
        ("—", "unknown", "year"),
        ("نامعلوم", "unknown", "year"),
        ("2013-04-13T00:00:00Z", "unreadable", "year"),
        ("13950312", "four_digits", "year"),
        ("0000", "year_range", "year"),
        ("0999", "year_range", "year"),
        ("1501", "year_range", "year"),
        ("1699", "year_range", "year"),
        ("2122", "year_range", "year"),
        ("1395/13", "month_range", "month"),
        ("1395/0", "month_range", "month"),
        ("12 1395", "no_month", "month"),
        ("1395/3/0", "day_range", "day"),
        ("31 مهر ۱۳۹۵", "day_range", "day"),
        ("30 Esfand 1404", "day_range", "day"),
        ("29 February 2015", "day_range", "day"),
        ("یکشنبه ۲۴ فروردین ۱۳۹۲", "weekday", "day"),
        ("Sunday, 13 April 2013", "weekday", "day"),
    ],
)
def test_parse_tells_what_it_cannot_read(text, code, part):
    error = refusal(UncertainDate.parse, text)
    assert (error.code, error.part) == (code, part)


@pytest.mark.parametrize(
    "stored",
    [
        "SH 1395-03 خرداد ۹۵",
        "AD 1997-01-05 [January 5, 1997]",
        "SH 1395-03",
        "AD 2009 AD 2009",
        "AD 2009",
        "SH 1395-03-12 12 3 1395",
        "AD 2013-04-13 2013-04-13 00:00:00",
    ],
)
def test_what_is_written_into_a_table_is_read_as_the_same_date_with_the_same_words(stored):
    assert UncertainDate.read(UncertainDate.from_stored(stored).written).stored == stored


def test_a_date_is_written_in_its_words_where_they_say_all_of_it():
    assert UncertainDate.from_stored("SH 1395-03 خرداد ۹۵").written == "خرداد ۹۵"
    assert UncertainDate.from_stored("SH 1395-03-12 12 3 1395").written == "SH 1395-03-12 12 3 1395"


def test_a_code_with_doubtful_words_is_no_certain_date():
    assert refusal(UncertainDate.read, "AD 2009 or 2010").code == "uncertain"


def test_parse_refuses_a_calendar_that_there_is_not():
    assert refusal(UncertainDate.parse, "1395", "julian").part == "calendar"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1387",
        "SH 87",
        "SH 1387-3",
        "SH 1387-3-1",
        "SH ۱۳۸۷",
        "XX 1387",
        "SH 1387-13",
        "SH 1404-12-30",
        "AD 1387",
        "SH1387",
    ],
)
def test_from_stored_refuses_what_was_not_stored(text):
    refusal(UncertainDate.from_stored, text)


@pytest.mark.parametrize(("text", "year"), [("1395", 1395), ("۱۳۹۵", 1395), ("٢٠١٦", 2016), (" 1395\u200c", 1395)])
def test_parse_year_reads_digits_of_any_script(text, year):
    assert parse_year(text) == year


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "no_year"),
        ("\u200b \u200f", "no_year"),
        ("87", "four_digits"),
        ("02", "four_digits"),
        ("01395", "four_digits"),
        ("9" * 10_000, "four_digits"),
        ("-1395", "not_a_year"),
        ("1395.0", "not_a_year"),
        ("13 95", "not_a_year"),
        ("13\x0095", "not_a_year"),
        ("½", "not_a_year"),
        ("²", "not_a_year"),
        ("abcd", "not_a_year"),
        ("هزار", "not_a_year"),
        ("0", "four_digits"),
        ("0000", "year_range"),
        ("9999", "year_range"),
        ("1600", "year_range"),
    ],
)
def test_parse_year_tells_what_is_no_year(text, code):
    error = refusal(parse_year, text)
    assert (error.code, error.part) == (code, "year")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("13", "month_range"),
        ("0", "month_range"),
        ("00", "month_range"),
        ("9" * 10_000, "month_range"),
        ("-5", "not_a_month"),
        ("5.5", "not_a_month"),
        ("Khor5dad", "not_a_month"),
        ("Khordad!", "not_a_month"),
        ("خرداد\x00", "not_a_month"),
        ("خرداد تیر", "not_a_month"),
        ("رمضان", "not_a_month"),
        ("ماه", "not_a_month"),
        ("", "not_a_month"),
        ("²", "not_a_month"),
    ],
)
def test_parse_month_tells_what_is_no_month(text, code):
    error = refusal(parse_month, text, SH)
    assert (error.code, error.part) == (code, "month")


@pytest.mark.parametrize(("text", "number"), [("1", 1), ("01", 1), ("۳۱", 31), ("٣٠", 30), ("\u200f7", 7)])
def test_parse_day_reads_digits_of_any_script(text, number):
    assert parse_day(text) == number


@pytest.mark.parametrize("text", ["", "-1", "1st", "1.5", "001", "9" * 10_000, "۱\x00", "²", "یکم"])
def test_parse_day_tells_what_is_no_day(text):
    error = refusal(parse_day, text)
    assert (error.code, error.part) == ("not_a_day", "day")


@pytest.mark.parametrize(
    ("year", "first", "last", "calendar"),
    [
        (1387, "2008-03-20", "2009-03-20", SH),
        (2009, "2009-01-01", "2009-12-31", AD),
        (1700, "1700-01-01", "1700-12-31", AD),
    ],
)
def test_year_bounds_below_1700_are_solar_hijri(year, first, last, calendar):
    assert year_bounds(year) == (day(first), day(last), calendar)


def test_a_bare_year_tells_its_calendar():
    assert [Calendar.of_year(year) for year in (1000, 1395, 1699)] == [SH, SH, SH]
    assert [Calendar.of_year(year) for year in (1700, 2016, 2121)] == [AD, AD, AD]


@pytest.mark.parametrize("year", [0, -1, 999, 1501, 1699, 2122, 10**30])
def test_year_bounds_refuse_years_outside_the_register(year):
    assert refusal(year_bounds, year).code == "year_range"


# --- Refusing -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("numbers", "part", "english", "persian"),
    [
        (
            (SH, 1404, 12, 30),
            "day",
            "30 Esfand 1404 does not exist; 1404 is not a leap year and its Esfand has 29 days",
            "۳۰ اسفند ۱۴۰۴ وجود ندارد؛ ۱۴۰۴ سال کبیسه نیست و اسفند آن ۲۹ روز دارد",
        ),
        (
            (AD, 2015, 2, 29),
            "day",
            "29 February 2015 does not exist; 2015 is not a leap year and its February has 28 days",
            "۲۹ فوریه ۲۰۱۵ وجود ندارد؛ ۲۰۱۵ سال کبیسه نیست و فوریه آن ۲۸ روز دارد",
        ),
        (
            (SH, 1395, 7, 31),
            "day",
            "31 Mehr 1395 does not exist; Mehr 1395 has 30 days",
            "۳۱ مهر ۱۳۹۵ وجود ندارد؛ مهر ۱۳۹۵، ۳۰ روز دارد",
        ),
        (
            (SH, 1403, 12, 31),
            "day",
            "31 Esfand 1403 does not exist; Esfand 1403 has 30 days",
            "۳۱ اسفند ۱۴۰۳ وجود ندارد؛ اسفند ۱۴۰۳، ۳۰ روز دارد",
        ),
        (
            (SH, 1395, 7, 0),
            "day",
            "There is no day 0: days are counted from 1",
            "روز ۰ وجود ندارد؛ روزها از ۱ شمرده می‌شوند",
        ),
        (
            (SH, 1395, None, 12),
            "month",
            "A day needs its month: add the month or remove the day",
            "روز بدون ماه معنا ندارد؛ ماه را بنویسید یا روز را بردارید",
        ),
        (
            (SH, 1395, 13),
            "month",
            "There is no month 13: months are numbered from 1 to 12",
            "ماه ۱۳ وجود ندارد؛ ماه‌ها از ۱ تا ۱۲ شماره دارند",
        ),
        (
            (SH, 2013),
            "year",
            "2013 looks Gregorian: choose the Gregorian calendar",
            "۲۰۱۳ به سال میلادی می‌ماند؛ تقویم میلادی را برگزینید",
        ),
        (
            (AD, 1392),
            "year",
            "1392 looks Solar Hijri: choose the Solar Hijri calendar",
            "۱۳۹۲ به سال هجری شمسی می‌ماند؛ تقویم هجری شمسی را برگزینید",
        ),
        (
            (AD, 2500),
            "year",
            "2500 is outside the years of the register: 1000 to 1500 Solar Hijri, 1700 to 2121 Gregorian",
            "۲۵۰۰ بیرون از سال‌های دفتر است: ۱۰۰۰ تا ۱۵۰۰ هجری شمسی، ۱۷۰۰ تا ۲۱۲۱ میلادی",
        ),
        (
            ("julian", 1395),
            "calendar",
            "Choose one of the two calendars",
            "یکی از دو تقویم را برگزینید",
        ),
        ((SH, "1395"), "year", "“\u20681395\u2069” is not a number", "«\u20681395\u2069» عدد نیست"),
        ((SH, 1395, True), "month", "“\u2068True\u2069” is not a number", "«\u2068True\u2069» عدد نیست"),
        ((SH, None), "year", "“\u2068None\u2069” is not a number", "«\u2068None\u2069» عدد نیست"),
    ],
)
def test_an_impossible_date_is_told_at_the_right_part_in_the_readers_language(numbers, part, english, persian):
    error = refusal(UncertainDate, *numbers)
    assert error.part == part
    assert (said(error, "en"), said(error, "fa")) == (english, persian)


@pytest.mark.parametrize(
    ("make", "text", "english", "persian"),
    [
        (
            parse_year,
            "۸۷",
            "Write the year with four digits, such as 1395 or 2016",
            "سال را با چهار رقم بنویسید، مانند ۱۳۹۵ یا ۲۰۱۶",
        ),
        (
            parse_month,
            "Frimaire",
            "“\u2068Frimaire\u2069” is not a month: write its name or a number from 1 to 12",
            "«\u2068Frimaire\u2069» ماه نیست؛ نام ماه یا عددی از ۱ تا ۱۲ بنویسید",
        ),
        (
            UncertainDate.parse,
            "یکشنبه ۲۴ فروردین ۱۳۹۲",
            "24 Farvardin 1392 is a Saturday, not a Sunday",
            "۲۴ فروردین ۱۳۹۲ شنبه است، نه یکشنبه",
        ),
        (
            UncertainDate.parse,
            "foo 1395",
            "The register cannot read “\u2068foo\u2069” in a date: write, for example, Khordad 1395 or 13 April 2013",
            "دفتر «\u2068foo\u2069» را در تاریخ نمی‌خواند؛ برای نمونه بنویسید خرداد ۱۳۹۵ یا ۱۳ آوریل ۲۰۱۳",
        ),
        (
            UncertainDate.parse,
            "3/4/1997",
            "Write the year first with four digits, such as 2016/5/21, or the month by its name",
            "سال را اول و با چهار رقم بنویسید، مانند ۲۰۱۶/۵/۲۱، یا ماه را به نام",
        ),
        (
            UncertainDate.parse,
            "c. 1980",
            "“\u2068c. 1980\u2069” is not certain: give only what is, or leave the date unknown "
            "and quote the source in the note",
            "«\u2068c. 1980\u2069» قطعی نیست؛ تنها آنچه را قطعی است بنویسید، "
            "یا تاریخ را نامعلوم بگذارید و گفته منبع را در یادداشت بیاورید",
        ),
    ],
)
def test_unreadable_text_is_told_in_the_readers_language(make, text, english, persian):
    error = refusal(make, text)
    assert (said(error, "en"), said(error, "fa")) == (english, persian)


def test_an_error_quotes_only_the_beginning_and_shows_what_cannot_be_seen():
    error = refusal(parse_day, "\x00" + "x" * 10_000)
    assert said(error, "en") == f"“\u2068\ufffd{'x' * 29}…\u2069” is not a day: write a number from 1 to 31"


def test_an_error_is_a_validation_error_that_survives_being_sent_between_processes():
    error = pickle.loads(pickle.dumps(DateError("no", "code", None, part="day")))
    assert isinstance(error, ValidationError)
    assert (error.messages, error.code, error.part) == (["no"], "code", "day")


hostile = st.one_of(
    st.text(),
    st.text(alphabet="0123456789۰۱۲۳۴۵۶۷۸۹/-.² \u200c\u200f\x00", max_size=12),
    st.lists(st.sampled_from(["خرداد", "May", "۱۳۹۵", "2016", "5", "-", "/", "ش", "AD", "یا", "Sat", ",", "²"])).map(
        " ".join
    ),
)


@example("² خرداد ۱۳۹۵")
@example("1395/" + "9" * 5000)
@example("\ud800")
@given(hostile)
def test_hostile_text_is_read_or_refused_and_nothing_else(text):
    for read in (UncertainDate.parse, UncertainDate.from_stored, parse_year, parse_month, parse_day):
        result = read_or_refused(read, text)
        if isinstance(result, DateError):
            assert result.part in {"year", "month", "day", "calendar"}
            assert said(result, "fa") != said(result, "en")
        elif isinstance(result, UncertainDate):
            assert UncertainDate.from_stored(result.stored) == result


numbers = st.one_of(st.integers(-5, 2600), st.integers(), st.none(), st.text(max_size=3), st.floats(), st.booleans())


@given(st.one_of(st.sampled_from(Calendar), st.text()), numbers, numbers, numbers)
def test_hostile_numbers_make_a_date_or_are_refused_and_nothing_else(calendar, year, month, number):
    result = read_or_refused(UncertainDate, calendar, year, month, number)
    if isinstance(result, DateError):
        assert said(result, "fa") != said(result, "en")
    else:
        assert result.first <= result.last
