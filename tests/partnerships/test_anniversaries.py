"""The calendar of anniversaries: which days stand in it, and that calendar programs can read it."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from icalendar import Calendar as Document
from persiantools.jdatetime import JalaliDate

from partnerships.anniversaries import YEARS, anniversaries
from partnerships.models import Agreement
from sistercities.dates import Calendar, UncertainDate
from tests import factories

pytestmark = pytest.mark.django_db


def events(client, query=""):
    """The events of the calendar by their id."""
    response = client.get(f"/calendar/anniversaries.ics{query}")
    assert response.status_code == 200
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    return {str(event["uid"]): event for event in read(response).walk("VEVENT")}


def read(response):
    """The calendar as the library reads it; lines are no longer than the standard allows."""
    body = response.getvalue()
    assert [line for line in body.split(b"\r\n") if len(line) > 75] == []
    return Document.from_ical(body)


def days(signed, today, calendar):
    """The anniversaries in one calendar of an agreement signed on a day: (years, day) of each."""
    made = factories.agreement(published=True, signed=signed)
    found = anniversaries(made, datetime.date.fromisoformat(today))
    return [(one.years, one.day.isoformat()) for one in found if one.calendar == calendar]


def test_anniversaries_of_both_calendars_are_different_days():
    # 25 Bahman 1399 was 13 February 2021.
    assert days("SH 1399-11-25", "2026-06-01", Calendar.SOLAR_HIJRI) == [
        (6, "2027-02-14"),
        (7, "2028-02-14"),
        (8, "2029-02-13"),
        (9, "2030-02-13"),
        (10, "2031-02-14"),
    ]
    assert days("AD 2021-02-13", "2026-06-01", Calendar.GREGORIAN) == [
        (5, "2026-02-13"),
        (6, "2027-02-13"),
        (7, "2028-02-13"),
        (8, "2029-02-13"),
        (9, "2030-02-13"),
    ]


def test_day_that_a_year_does_not_have_falls_on_the_last_of_its_month():
    leap = days("AD 2024-02-29", "2026-01-01", Calendar.GREGORIAN)
    assert [day for _years, day in leap] == ["2026-02-28", "2027-02-28", "2028-02-29", "2029-02-28", "2030-02-28"]
    # 30 Esfand 1403 was 20 March 2025; the next leap year is 1408.
    solar = days("SH 1403-12-30", "2026-01-01", Calendar.SOLAR_HIJRI)
    assert [JalaliDate(datetime.date.fromisoformat(day)).isoformat() for _years, day in solar] == [
        "1404-12-29",
        "1405-12-29",
        "1406-12-29",
        "1407-12-29",
        "1408-12-30",
    ]


def test_day_of_the_signing_itself_is_no_anniversary():
    assert days("AD 2025-05-01", "2025-06-01", Calendar.GREGORIAN)[0] == (1, "2026-05-01")


def test_signing_in_the_future_has_no_anniversary_before_it():
    assert days("AD 2027-05-01", "2026-06-01", Calendar.GREGORIAN) == [
        (1, "2028-05-01"),
        (2, "2029-05-01"),
        (3, "2030-05-01"),
    ]


def test_event_says_it_in_both_languages(client):
    year = timezone.localdate().year
    made = factories.agreement(
        published=True, partner=factories.baku(), signed=f"AD {year - 9}-04-13", status="in_force"
    )
    found = events(client)
    assert len(found) == 2 * YEARS
    event = found[f"partnership-{made.number}-gregorian-{year + 1}@testserver"]
    assert event["dtstart"].dt == datetime.date(year + 1, 4, 13)
    assert event["dtend"].dt == datetime.date(year + 1, 4, 14)
    assert event["dtstart"].params["VALUE"] == "DATE"
    assert str(event["summary"]) == (
        "★★ ۱۰ سال از امضا: تبریز و باکو (میلادی) · 10 years since the signing: Tabriz and Baku (Gregorian)"
    )
    assert str(event["description"]).splitlines()[1].startswith(f"Signed: 13 April {year - 9} (")
    assert str(event["url"]) == f"http://testserver/fa/partnerships/{made.number}/"
    assert event["categories"].cats == ["ANNIVERSARY", "TEN YEARS"]
    english = events(client, "?lang=en")
    assert set(english) == set(found)
    assert str(english[str(event["uid"])]["summary"]).startswith("★★ 10 years since the signing: Tabriz and Baku")
    assert str(english[str(event["uid"])]["url"]) == f"http://testserver/en/partnerships/{made.number}/"


def test_five_and_ten_years_are_marked(client):
    year = timezone.localdate().year
    factories.agreement(published=True, signed=f"AD {year - 3}-04-13")
    marks = {}
    for event in events(client, "?lang=en").values():
        years = int(str(event["summary"]).strip("★ ").split()[0])
        marks[years] = str(event["summary"]).count("★")
    assert marks == {3: 0, 4: 0, 5: 1, 6: 0, 7: 0}
    factories.agreement(published=True, signed=f"AD {year - 18}-04-13")
    assert {str(one["summary"]).count("★") for one in events(client).values()} == {0, 1, 2}


def test_only_signings_known_to_the_day_stand_in_it(client):
    for signed in ("SH 1387", "SH 1395-03", "AD 2009", None):
        factories.agreement(published=True, signed=signed)
    assert events(client) == {}
    made = factories.agreement(published=True, signed="AD 2013-04-13")
    assert {uid.split("-")[1] for uid in events(client)} == {str(made.number)}


def test_what_is_not_public_or_has_ended_has_no_anniversary(client):
    factories.agreement(signed="AD 2013-04-13")
    factories.agreement(withdrawn=True, signed="AD 2013-04-13")
    factories.agreement(published=True, signed="AD 2013-04-13", status="ended", status_reason_en="by decision")
    factories.agreement(published=True, signed="AD 2013-04-13", status="in_force", expires="AD 2019")
    assert events(client) == {}


def test_agreement_has_no_anniversary_after_it_expires():
    made = factories.agreement(published=True, signed="AD 2013-04-13", status="in_force", expires="AD 2027-12-31")
    found = [one for one in anniversaries(made, datetime.date(2026, 1, 1)) if one.calendar == Calendar.GREGORIAN]
    assert [one.day.year for one in found] == [2026, 2027]


def test_calendar_follows_the_filters(client):
    in_turkey = factories.agreement(published=True, signed="AD 2013-04-13")
    factories.agreement(published=True, partner=factories.baku(), signed="AD 2013-04-13")
    assert {uid.split("-")[1] for uid in events(client, "?country=TR")} == {str(in_turkey.number)}


def test_event_keeps_its_id_when_the_date_is_put_right(client):
    made = factories.agreement(published=True, signed="AD 2013-04-13")
    before = events(client)
    made.signed = UncertainDate.from_stored("AD 2013-04-14")
    made.save()
    after = events(client)
    assert set(after) == set(before)
    uid = next(iter(after))
    assert (int(before[uid]["sequence"]), int(after[uid]["sequence"])) == (0, 1)
    assert after[uid]["dtstart"].dt - before[uid]["dtstart"].dt == datetime.timedelta(days=1)


def test_calendar_costs_the_same_for_many(client):
    costs = []
    for count in (1, 30):
        while Agreement.objects.count() < count:
            factories.agreement(published=True, signed="AD 2013-04-13")
        with CaptureQueriesContext(connection) as queries:
            assert len(events(client)) == count * 2 * YEARS
        costs.append(len([one for one in queries if not one["sql"].startswith(("DECLARE", "FETCH", "CLOSE"))]))
    assert costs[0] == costs[1] <= 4  # PostgreSQL's cursors are not counted


def test_empty_calendar_is_valid(tabriz, client):
    response = client.get("/calendar/anniversaries.ics")
    document = read(response)
    assert (str(document["version"]), str(document["method"])) == ("2.0", "PUBLISH")
    assert [str(zone["tzid"]) for zone in document.walk("VTIMEZONE")] == ["Asia/Tehran"]  # one component at least
    assert document.walk("VEVENT") == []
    assert Agreement.objects.published().exclude(signed_first=None).exists()


def test_head_of_the_calendar_sends_nothing(tabriz, client):
    response = client.head("/calendar/anniversaries.ics")
    assert (response.status_code, response.getvalue()) == (200, b"")
