"""The report to the council: how things stood, what happened in the year, what it came to, as a page and a workbook."""

import datetime
import io
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override
from openpyxl import load_workbook

from partnerships.models import Activity, Agreement
from partnerships.report import Report
from sistercities.dates import DateError
from tests import factories
from tests.pages import Page

pytestmark = pytest.mark.django_db

TODAY = datetime.date(2026, 11, 24)


def report(year: int = 1404, today: datetime.date = TODAY) -> Report:
    """The report on all agreements."""
    return Report(Agreement.objects.all(), year, today)


def lines(made: Report, key: str) -> list[list[str]]:
    """The lines of one of its tables as people read them."""
    return [line.shown for table in made.tables if table.key == key for line in table.lines]


@pytest.fixture
def year():
    """A year (SH 1404, 21 March 2025 to 20 March 2026) in which something of everything happened."""
    factories.home_city()
    named = {"name_fa": "قازان", "name_en": "Kazan", "slug": "kazan", "country": "RU"}
    kazan, istanbul = factories.city(**named), factories.istanbul()
    ended = factories.agreement(
        True, partner=factories.baku(), status="ended", status_reason_en="By consent", signed="AD 2000"
    )
    end = factories.milestone_kind("end", verb="end", name_en="End")
    factories.milestone(
        ended,
        end,
        answered="AD 2025-06-01",
        outcome="done",
        authority_en="Council",
        account_en="By consent",
        status_before="in_force",
    )
    old = factories.agreement(True, partner=istanbul, status="in_force", signed="AD 2005")
    new = factories.agreement(partner=kazan, status="in_force", signed="AD 2025")
    cultural, economic = factories.domain("cultural"), factories.domain("economic")
    week = factories.activity(
        new, begun="SH 1404-07", participants=40, young_participants=15, cost=Decimal("1200.50"), currency="EUR"
    )
    week.domains.set([cultural, economic])
    factories.activity(new, begun="AD 2026-01-10", participants=2)
    factories.activity(old, begun="AD 2022-01-10", participants=1_000)
    factories.activity(old, participants=1_000)
    factories.provision("article-146").agreements.add(old)
    factories.provision("vision", article_en="", article_fa="", plan_en="Vision", plan_fa="چشم‌انداز")
    factories.commitment(new, text_en="A list", due="AD 2025-09-01")
    factories.commitment(
        new, text_en="A week", due="AD 2025-09-01", status="kept", settled="AD 2025-08-20", side="partner"
    )
    factories.commitment(new, text_en="Later", due="AD 2026-09-01")
    return {"old": old, "new": new, "ended": ended}


@override("en")
def test_statuses_are_those_of_the_last_day(year):
    assert lines(report(), "status") == [
        ["In force", "2", "Istanbul, Kazan"],
        ["Ended", "1", "Baku"],
        ["Together", "3", ""],
    ]


@override("en")
def test_statuses_take_later_changes_back(year):
    assert lines(report(1402), "status") == [["In force", "2", "Baku, Istanbul"], ["Together", "2", ""]]


@override("en")
def test_certain_expiry_counts_on_the_last_day(year):
    factories.agreement(
        partner=factories.city(name_en="Bonn"), status="in_force", signed="AD 2001", expires="AD 2025-05"
    )

    assert lines(report(), "status")[1] == ["Expired", "1", "Bonn"]
    assert [line[0] for line in lines(report(1403), "status")] == ["In force", "Together"]


@override("en")
def test_events_say_when_why_and_by_whom(year):
    assert lines(report(), "events") == [
        ["Kazan (no. 3)", "new", "2025 (Dey 1403 – Dey 1404), possibly in this year", "", ""],
        ["Baku (no. 1)", "ended", "1 June 2025 (11 Khordad 1404)", "By consent", "Council"],
    ]


@override("en")
@pytest.mark.parametrize(("outcome", "told"), [("refused", []), ("not_needed", []), ("conditional", ["renewed"])])
def test_renewal_that_did_not_come_about_is_no_event(outcome, told):
    agreement = factories.agreement(status="in_force", signed="AD 2001")
    kind = factories.milestone_kind("renewal", verb="renew")
    factories.milestone(agreement, kind, answered="SH 1404-05", outcome=outcome)

    assert [cells[1] for cells in lines(report(), "events")] == told


@override("en")
def test_end_without_a_milestone_is_an_event_too(year):
    factories.agreement(
        partner=factories.city(name_en="Bonn"),
        status="ended",
        status_reason_en="War",
        signed="AD 2001",
        status_since="SH 1404-10",
    )

    assert lines(report(), "events")[-1] == [
        "Bonn (no. 4)",
        "ended",
        "Dey 1404 (December 2025 – January 2026)",
        "War",
        "",
    ]


@override("en")
def test_activities_by_domain_and_partner(year):
    assert lines(report(), "domains") == [
        ["Domain cultural", "1", "40", "15", "1,200.5 euros"],
        ["Domain economic", "1", "40", "15", "1,200.5 euros"],
        ["no domain given", "1", "2", "0", ""],
        ["Together", "2", "42", "15", "1,200.5 euros"],
    ]
    assert lines(report(), "partners") == [
        ["Kazan (no. 3)", "2", "42", "15", "1,200.5 euros"],
        ["Together", "2", "42", "15", "1,200.5 euros"],
    ]


@override("en")
def test_commitments_kept_and_overdue(year):
    assert [line[:1] + line[1:3] + line[4:5] for line in lines(report(), "commitments")] == [
        ["Kazan (no. 3)", "A week", "the partner", "kept, 20 August 2025 (29 Mordad 1404)"],
        ["Kazan (no. 3)", "A list", "the home city", "overdue"],
    ]


@override("en")
def test_commitment_kept_after_the_year_was_overdue_at_its_end(year):
    factories.commitment(year["new"], text_en="Late", due="AD 2025-04-01", status="kept", settled="AD 2026-06-01")

    assert {line[1]: line[4] for line in lines(report(), "commitments")}["Late"] == "overdue"


@override("en")
def test_provisions_served_and_not_served(year):
    assert lines(report(), "provisions") == [
        ["Article 146, Strategic plan", "served", "1", "Istanbul"],
        ["Vision", "not served", "0", ""],
    ]


@override("en")
def test_on_paper_only_are_those_in_force_without_an_activity_for_two_years(year):
    assert lines(report(), "paper") == [
        ["Istanbul (no. 2)", "2005 (Dey 1383 – Dey 1384)", "20 Dey 1400 (10 January 2022)"]
    ]


@override("en")
def test_on_paper_only_is_none_that_was_signed_within_two_years(year):
    factories.agreement(partner=factories.city(name_en="Bonn"), status="in_force", signed="AD 2025-02")
    factories.agreement(partner=factories.city(name_en="Graz"), status="in_force", signed="AD 2024-06")

    assert [line[0] for line in lines(report(), "paper")] == ["Istanbul (no. 2)"]
    assert [line[0] for line in lines(report(1405), "paper")] == ["Graz (no. 5)", "Istanbul (no. 2)"]


@override("en")
def test_on_paper_only_agrees_with_the_desk_today(year):
    factories.agreement(partner=factories.city(name_en="Bonn"), status="in_force", signed="AD 2003")
    told = {int(line[0].split("no. ")[1].rstrip(")")) for line in lines(report(1405), "paper")}

    assert told == set(Agreement.objects.on_paper(TODAY).values_list("number", flat=True)) == {2, 4}


@pytest.mark.parametrize(("language", "first"), [("fa", [2, "پیمان جاری"]), ("en", [2, "partnerships in force"])])
def test_figures_at_the_head(year, language, first):
    with override(language):
        made = report().figures

    assert list(made[0]) == first
    assert [count for count, _what in made] == [2, 2, 1, 2, 42, 1, 1]


def test_running_year_goes_as_far_as_today():
    made = report(1405)

    assert (made.until, made.has_ended, made.is_ahead) == (TODAY, False, False)
    assert report(1406).is_ahead


def test_year_of_no_calendar_is_refused():
    with pytest.raises(DateError):
        report(99)


# --- The page and the file -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "heading"), [("fa", "سال ۱۴۰۴ (مارس ۲۰۲۵ – مارس ۲۰۲۶)"), ("en", "Year 1404 (March 2025 – March 2026)")]
)
def test_page_names_the_year_in_both_calendars(client, year, language, heading):
    client.force_login(factories.editor())

    page = Page("/", client.get(f"/{language}/staff/report/?year=۱۴۰۴").content.decode())

    assert [one.words for one in page.named("p") if one["class"] == "report__period"] == [heading]


def test_filter_limits_the_report_and_stands_on_it(client, year):
    client.force_login(factories.editor())

    page = Page("/", client.get("/en/staff/report/?year=1404&publication=published").content.decode())

    figures = [one.words for one in page.named("dd")]
    assert "Publication: published" in figures
    assert "Kazan" not in page.named("article")[0].words


def test_wrong_year_is_told_and_this_year_shown(client, year):
    client.force_login(factories.editor())

    response = client.get("/en/staff/report/?year=soon")

    assert response.status_code == 200
    words = Page("/", response.content.decode()).named("main")[0].words
    assert "“soon” is not a year: write it in digits. The report is on this year." in words.replace(
        "\u2068", ""
    ).replace("\u2069", "")


@pytest.mark.parametrize("language", ["fa", "en"])
def test_workbook_holds_every_table(client, year, language):
    client.force_login(factories.editor())

    response = client.get(f"/{language}/staff/report/report.xlsx?year=1404")

    book = load_workbook(io.BytesIO(b"".join(response.streaming_content)))
    with override(language):
        expected = report()
        for table in expected.tables:
            rows = [
                [cell if cell is not None else "" for cell in row]
                for row in book[table.sheet].iter_rows(values_only=True)
            ]
            wanted = [[cell if cell is not None else "" for cell in line.exported] for line in table.lines]
            assert rows == [table.headings, *wanted]
    assert response["Content-Disposition"] == 'attachment; filename="report-1404.xlsx"'


@pytest.mark.parametrize("count", [1, 40])
def test_queries_do_not_grow(client, count):
    kind = factories.milestone_kind("renewal", verb="renew")
    for number in range(count):
        agreement = factories.agreement(True, partner=factories.city(), status="in_force", signed="AD 2025")
        factories.provision(f"p-{number}").agreements.add(agreement)
        factories.milestone(agreement, kind, answered="AD 2025-06", outcome="done")
        factories.commitment(agreement, due="AD 2025-06")
        activity = factories.activity(agreement, begun="AD 2025-06")
        activity.domains.add(factories.domain())
    client.force_login(factories.editor())

    with CaptureQueriesContext(connection) as queries:
        client.get("/en/staff/report/?year=2025")

    assert Activity.objects.count() == count
    assert len(queries) == 22
