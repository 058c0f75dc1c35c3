"""The timeline: where a date stands on it, what is drawn of it, and what has no place on it."""

import datetime

import pytest
from django.utils.translation import override

from partnerships.timeline import MARGIN, NAMED_AT_MOST, NARROWEST, Axis, Claim
from sistercities.dates import YEARS, Calendar, UncertainDate
from tests import factories
from tests.pages import Page

pytestmark = pytest.mark.django_db


def timeline(client, query="", language="en"):
    """The page of the timeline for a query."""
    address = f"/{language}/partnerships/?view=timeline{query}"
    response = client.get(address)
    assert response.status_code == 200
    return Page(address, response.content.decode())


def entries(page):
    """Every entry with a date: its city and the dates in words."""
    return {
        entry.of_class("timeline__name")[0].words: [line.words for line in entry.of_class("timeline__date")]
        for entry in page.of_class("timeline__entry")
    }


def drawings(page):
    """What is drawn of each entry: the classes of the shapes."""
    return {
        entry.of_class("timeline__name")[0].words: [
            (one.name, one["class"]) for one in entry.all if one.name in ("path", "rect", "line")
        ]
        for entry in page.of_class("timeline__entry")
    }


def undated(page):
    """The cities in the lane of what has no date."""
    return [link.words for lane in page.of_class("undated") for link in lane.all if link.name == "a"]


def per_cent(text):
    """The number of an SVG percentage."""
    assert text.endswith("%")
    return float(text[:-1])


@pytest.fixture
def register():
    """Agreements with a day, a month, a year, two without a date, and one whose sources differ; and hidden ones."""

    def made(name_fa, name_en, **given):
        return factories.agreement(True, partner=factories.city(name_fa=name_fa, name_en=name_en), **given)

    made("باکو", "Baku")
    made("کازان", "Kazan", signed="AD 2009")
    made("ووهان", "Wuhan", signed="SH 1395-03")
    made("پراگ", "Prague", signed="AD 2013-04-13")
    gaza = made("غزه", "Gaza", signed="SH 1387")
    factories.source(gaza, signed_claim="AD 2013-04-13", stance="contradicts")
    factories.source(gaza, signed_claim="AD 2008", stance="supports")
    made("قونیه", "Konya")
    factories.agreement(signed="AD 1990")
    factories.agreement(withdrawn=True, signed="AD 1991")


# --- The page ------------------------------------------------------------------------------------------


def test_entries_stand_in_the_order_of_their_first_possible_day(client, register):
    page = timeline(client)
    assert entries(page) == {
        "Gaza": ["1387 (March 2008 – March 2009)", "Another claim: 13 April 2013 (24 Farvardin 1392)"],
        "Kazan": ["2009 (Dey 1387 – Dey 1388)"],
        "Prague": ["13 April 2013 (24 Farvardin 1392)"],
        "Wuhan": ["Khordad 1395 (May–June 2016)"],
    }
    assert list(entries(page)) == ["Gaza", "Kazan", "Prague", "Wuhan"]


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("-signed", ["Wuhan", "Prague", "Kazan", "Gaza"]),
        ("city", ["Gaza", "Kazan", "Prague", "Wuhan"]),
        ("-number", ["Gaza", "Prague", "Wuhan", "Kazan"]),
    ],
)
def test_another_order_can_be_asked_for(client, register, sort, order):
    assert list(entries(timeline(client, f"&sort={sort}"))) == order


@pytest.mark.parametrize(
    ("language", "names", "titles"),
    [
        ("en", ["Baku", "Konya"], ["4 of 6 have a date of signing", "2 without a known date"]),
        ("fa", ["باکو", "قونیه"], ["از ۶ پیمان، ۴ پیمان تاریخ امضا دارد", "۲ پیمان بی‌تاریخ"]),
    ],
)
def test_what_has_no_date_stands_in_a_lane_of_its_own(client, register, language, names, titles):
    page = timeline(client, language=language)
    assert undated(page) == names
    assert [one.words for one in page.of_class("chart__title")] == titles


def test_day_is_a_star_and_what_is_less_known_a_bar(client, register):
    assert drawings(timeline(client)) == {
        "Gaza": [("line", "chart__link"), ("path", "timeline__claim"), ("rect", "chart__hatch")],
        "Kazan": [("rect", "chart__hatch")],
        "Prague": [("path", "chart__star")],
        "Wuhan": [("rect", "chart__hatch")],
    }


def test_key_names_only_what_is_drawn(client, register):
    def key(query):
        return [one.words for key in timeline(client, query).of_class("key") for one in key.all if one.name == "li"]

    day, span, claim = "The day is known", "Only the year or the month is known", "Another claim by a source"
    assert key("") == [day, span, claim]
    assert key("&q=prague") == [day]
    assert key("&q=kazan") == [span]
    assert key("&q=baku") == []


def test_entries_lead_to_the_agreements(client, register):
    assert [one["href"] for one in timeline(client).of_class("timeline__name")] == [
        f"/en/partnerships/{number}/" for number in (5, 2, 4, 3)
    ]


def test_years_of_both_calendars_are_named(client, register):
    def years(language):
        above, below = timeline(client, language=language).of_class("timeline__years")
        return above.words.split() or above, below

    page = timeline(client)
    above, below = page.of_class("timeline__years")
    assert [one.words for one in above.all if one.name == "text"] == [str(year) for year in range(1387, 1396)]
    assert [one.words for one in below.all if one.name == "text"] == [str(year) for year in range(2008, 2017)]
    persian, _below = timeline(client, language="fa").of_class("timeline__years")
    assert [one.words for one in persian.all if one.name == "text"][0] == "۱۳۸۷"


def test_time_runs_with_the_reading(client, register):
    places = {}
    for language in ("fa", "en"):
        _above, below = timeline(client, language=language).of_class("timeline__years")
        places[language] = [per_cent(one["x"]) for one in below.all if one.name == "text"]
    assert places["en"] == sorted(places["en"])
    assert places["fa"] == [pytest.approx(100 - place, abs=0.011) for place in places["en"]]


def test_possible_dates_of_a_period_say_so(client, register):
    assert entries(timeline(client, "&signed_from=2009&signed_to=2009")) == {
        "Gaza": [
            "1387 (March 2008 – March 2009) possibly in that period",
            "Another claim: 13 April 2013 (24 Farvardin 1392)",
        ],
        "Kazan": ["2009 (Dey 1387 – Dey 1388)"],
    }


def test_axis_is_that_of_all_pages(client):
    for year in range(1960, 2020):
        factories.agreement(True, signed=f"AD {year}")
    for _number in range(3):
        factories.agreement(True)
    first, second = (timeline(client, f"&per_page=25&page={page}") for page in (1, 2))
    for page in (first, second):
        assert [one.words for one in page.of_class("chart__title")] == ["60 of 63 have a date of signing"]
        _above, below = page.of_class("timeline__years")
        assert [one.words for one in below.all if one.name == "text"] == [
            "1960",
            "1970",
            "1980",
            "1990",
            "2000",
            "2010",
        ]
    last = timeline(client, "&per_page=25&page=3")
    assert len(entries(last)) == 10
    assert len(undated(last)) == 3


def test_only_undated_agreements_have_no_axis(client):
    factories.agreement(True, partner=factories.baku())
    page = timeline(client)
    assert page.of_class("chart") == []
    assert undated(page) == ["Baku"]


# --- The axis ------------------------------------------------------------------------------------------


def date(text):
    """The date that is stored so."""
    return UncertainDate.from_stored(text)


def test_single_date_still_stands_in_time():
    axis = Axis.around(date("AD 2009").first, date("AD 2009").last)
    assert (axis.first, axis.last) == (datetime.date(2007, 1, 1), datetime.date(2011, 12, 31))


def test_mark_covers_every_day_that_the_date_can_mean():
    axis = Axis.around(datetime.date(2001, 1, 1), datetime.date(2010, 12, 31))
    mark = axis.mark(date("AD 2003"))
    days = (axis.last - axis.first).days + 1
    room = 1 - 2 * MARGIN
    assert mark.begins == pytest.approx(MARGIN + room * 730 / days)
    assert mark.ends == pytest.approx(MARGIN + room * (730 + 365) / days)
    whole = axis.mark(date("AD 2001")), axis.mark(date("AD 2010"))
    assert (whole[0].begins, whole[1].ends) == (pytest.approx(MARGIN), pytest.approx(1 - MARGIN))


def test_short_bar_can_be_seen_and_begins_where_it_must():
    axis = Axis.around(datetime.date(1900, 1, 1), datetime.date(2010, 12, 31))
    mark = axis.mark(date("AD 1950-05"))
    assert mark.begins == pytest.approx(axis.place(datetime.date(1950, 5, 1)))
    assert mark.ends - mark.begins == pytest.approx(NARROWEST)


@pytest.mark.parametrize("language", ["fa", "en"])
def test_bar_lies_between_its_ends_in_both_directions(language):
    axis = Axis.around(datetime.date(2001, 1, 1), datetime.date(2010, 12, 31))
    mark = axis.mark(date("SH 1385"))
    with override(language):
        begins, ends = per_cent(mark.span.x), per_cent(mark.span.x) + per_cent(mark.span.width)
        middle = per_cent(mark.middle)
    expected = (mark.begins, mark.ends) if language == "en" else (1 - mark.ends, 1 - mark.begins)
    assert (begins, ends) == (pytest.approx(100 * expected[0], abs=0.01), pytest.approx(100 * expected[1], abs=0.02))
    assert middle == pytest.approx((begins + ends) / 2, abs=0.02)


@pytest.mark.parametrize(("own", "other"), [("SH 1387", "AD 2013-04-13"), ("AD 2013-04-13", "SH 1387")])
def test_line_joins_the_near_ends_of_differing_dates(own, other):
    axis = Axis.around(datetime.date(2005, 1, 1), datetime.date(2015, 12, 31))
    claim = Claim.beside(axis.mark(date(own)), axis.mark(date(other)))
    with override("en"):
        assert [per_cent(end) for end in claim.line] == [
            pytest.approx(100 * axis.mark(date("SH 1387")).ends, abs=0.01),
            pytest.approx(100 * axis.mark(date("AD 2013-04-13")).begins, abs=0.01),
        ]


@pytest.mark.parametrize("calendar", Calendar)
@pytest.mark.parametrize("span", [1, 7, 12, 30, 70, 200, 421, 500])
@pytest.mark.parametrize("begins", [1621, 1700, 1900, 2009])
def test_named_years_are_few_and_on_the_axis(calendar, span, begins):
    ends = min(begins + span - 1, 2122)
    axis = Axis.around(datetime.date(begins, 3, 21), datetime.date(ends, 3, 20))
    with override("en"):
        ticks = axis.ticks(calendar)
        places = [per_cent(tick.x) for tick in ticks]
    assert len(ticks) <= NAMED_AT_MOST + 1
    assert {int(tick.label) for tick in ticks} <= {*YEARS[calendar]}
    assert places == sorted(places)
    assert all(100 * MARGIN <= place <= 100 * (1 - MARGIN) for place in places)
    coarse = [tick for tick in ticks if not tick.is_fine]
    assert len(coarse) <= len(ticks) // 2 + 1
