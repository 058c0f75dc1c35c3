"""Ties between the world's cities: their rules, and lists of them on their way into the register."""

import csv
import datetime
import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.translation import override

from cities import ties as reading
from cities.models import City, Country, Tie, TieImport, TieSource
from cities.ties import Judged, Ties, columns_of, remove, report_rows
from sistercities.spreadsheets import csv_lines
from sistercities.tables import read_table
from tests import factories
from tests.constraints import Case, Rule
from tests.desk import errors

pytestmark = pytest.mark.django_db

RULES = {
    TieSource: [
        Rule(
            "tiesource_has_a_title",
            "Give the list a title in Persian or in English.",
            "برای فهرست عنوانی فارسی یا انگلیسی بنویسید.",
            {"title_fa": "", "title_en": ""},
        )
    ],
    Tie: [
        Rule(
            "tie_pair_once",
            "The tie of these two cities is recorded already.",
            "پیوند این دو شهر پیش‌تر ثبت شده است.",
            {"one_id": lambda tie: _first_pair().one_id, "other_id": lambda tie: _first_pair().other_id},
            columns="cities_tie.one_id, cities_tie.other_id",
        ),
        Rule(
            "tie_pair_in_order",
            "A tie is between two different cities, the one recorded first standing first.",
            "پیوند میان دو شهر متفاوت است و شهری که زودتر ثبت شده است نخست می‌آید.",
            {"one_id": lambda tie: tie.other_id},
            {"one_id": lambda tie: tie.other_id, "other_id": lambda tie: tie.one_id},
        ),
        Rule("tie_form_is_known", "Choose one of the forms.", "یکی از گونه‌ها را برگزینید.", {"form": "twin"}),
    ],
    TieImport: [
        Rule("tieimport_stage_is_known", "Choose one of the stages.", "یکی از مرحله‌ها را برگزینید.", {"stage": "lost"})
    ],
}


def _first_pair() -> Tie:
    return Tie.objects.earliest("pk")


def _tie() -> Case:
    cities = [factories.city() for _number in range(4)]
    factories.tie(cities[0], cities[1])
    return Case(factories.tie(cities[1], cities[2]), {"one_id": cities[0].pk, "other_id": cities[3].pk})


CASES = {
    TieSource: lambda: Case(factories.tie_source(), {}),
    Tie: _tie,
    TieImport: lambda: Case(TieImport.objects.create(title_en="A list", as_of=datetime.date(2026, 11, 1)), {}),
}
"""How a record of each model is made that breaks no rule."""

HEAD = "city1,country1,lat1,lng1,city2,country2,lat2,lng2,since,form\n"
TRIER = "Trier,Germany,49.7567,6.6414"
LEUVEN = "Leuven,Belgien,50.8833,4.7"


@pytest.fixture(autouse=True)
def _world() -> Iterator[None]:
    """Four countries; of their cities the gazetteer knows Trier, two Springfields and Paris. In English."""
    states = Country.objects.create(code="US", name_fa="آمریکا", name_en="United States", continent="NA")
    belgium = Country.objects.create(code="BE", name_fa="بلژیک", name_en="Belgium", continent="EU")
    france = Country.objects.create(code="FR", name_fa="فرانسه", name_en="France", continent="EU")
    factories.place(name="Trier", name_fa="تریر", country="DE", latitude=49.76, longitude=6.64, geonames_id=11)
    factories.place(name="Leuven", country=belgium, latitude=50.88, longitude=4.7, geonames_id=12)
    factories.place(name="Paris", country=france, latitude=48.85, longitude=2.35, geonames_id=13)
    factories.place(name="Springfield", country=states, latitude=39.8, longitude=-89.6, geonames_id=14)
    factories.place(name="Springfield", country=states, latitude=37.2, longitude=-93.3, geonames_id=15)
    with override("en"):
        yield


def read(rows: str, source: TieSource | None = None, head: str = HEAD) -> tuple[Ties, list[Judged]]:
    """What comes of the rows, which are taken unless there is no `source`."""
    table = read_table((head + rows).encode(), "ties.csv")
    ties = Ties(table, source or TieSource(title_en="List", as_of=datetime.date(2026, 11, 1)))
    return ties, list(ties.read())


def said(judged: list[Judged]) -> list[tuple[str, list[str]]]:
    """Of each row its verdict and the codes of its problems."""
    return [(str(one.verdict), [problem.code for problem in one.problems]) for one in judged]


def test_a_pair_stands_once_however_it_is_written() -> None:
    rows = f"{TRIER},{LEUVEN},1990,p\n{LEUVEN},{TRIER},,\nتریر,آلمان,,,LEUVEN,BE,,,,\n"
    ties, judged = read(rows, factories.tie_source())

    assert [verdict for verdict, _problems in said(judged)] == ["new", "known", "known"]
    (tie,) = Tie.objects.all()
    assert {tie.one.name_en, tie.other.name_en, tie.since.iso, tie.form} == {"Trier", "Leuven", "1990", "sister"}
    assert (dict(ties.origins), City.objects.get(geonames_id=11).name_fa) == ({"gazetteer": 2}, "تریر")
    assert [tie.history.count(), tie.one.history.count(), tie.one.slug] == [1, 1, "trier"]


@pytest.mark.parametrize(
    ("row", "verdict", "problems"),
    [
        (f"{TRIER},Springfield,USA,,,,", "asked", ["several"]),
        (f"{TRIER},Springfield,USA,37.3,-93.2,,", "new", []),
        (f"{TRIER},Trier,DE,,,,", "refused", ["self"]),
        (f"{TRIER},Leuven,Atlantis,,,,", "refused", ["country_unknown"]),
        (f"{TRIER},Kyiv,UdSSR,,,,", "refused", ["country_historical"]),
        (f"{TRIER},Paris,France,40.0,-89.0,,", "asked", ["abroad"]),
        (f"{TRIER},Nirgendwo,Frankreich,,,,", "refused", ["not_found"]),
        (f"{TRIER},Nulle Part (Rien),France,48.0,2.0,,", "new", []),
        (f"{TRIER},Pariss,France,48.85,2.36,,", "asked", ["alike"]),
        (f"{TRIER},{LEUVEN},c. 1980,", "refused", ["date"]),
        (f"{TRIER},{LEUVEN},1990,x", "refused", ["form"]),
        (f"{TRIER},{LEUVEN[:6]},BE,fifty,4.7,,", "refused", ["not_a_number"]),
        (f"{TRIER},,BE,,,,", "refused", ["no_name"]),
        (f"{TRIER},Q12345,BE,50.1,4.2,,", "refused", ["no_name"]),
    ],
)
def test_a_row_is_taken_or_told_why_not(row: str, verdict: str, problems: list[str]) -> None:
    _ties, judged = read(f"{row}\n", factories.tie_source())
    assert said(judged) == [(verdict, problems)]
    assert (Tie.objects.count(), City.objects.count()) == ((1, 2) if verdict == "new" else (0, 0))


def test_a_city_is_made_of_its_row_where_the_gazetteer_has_none() -> None:
    read(f'{TRIER},"Altdorf, Kreis (Uri)",France,48.0,2.0,,\n', factories.tie_source())
    made = City.objects.get(geonames_id=None)
    assert (made.name_en, made.name_fa, made.level, made.other_names, made.is_home) == (
        "Altdorf",
        "",
        "county",
        "Altdorf, Kreis (Uri)",
        False,
    )


def test_a_second_list_adds_a_date_and_overwrites_nothing() -> None:
    read(f"{TRIER},{LEUVEN},,\nParis,FR,,,Trier,DE,,,1960,\n", factories.tie_source())
    second = factories.tie_source(title_en="Another list")
    _ties, judged = read(f"{LEUVEN},{TRIER},1990,\nParis,FR,,,Trier,DE,,,1961,f\n", second)

    assert said(judged) == [("dated", []), ("known", ["other_date", "other_form"])]
    assert [str(problem) for problem in judged[1].problems] == [
        "Recorded as since AD 1960, here AD 1961.",
        "Recorded as sister city, here friendship and cooperation.",
    ]
    dated, kept = Tie.objects.order_by("pk")
    assert (dated.since.iso, dated.version, dated.source == second, dated.history.count()) == ("1990", 2, False, 2)
    assert (kept.since.iso, kept.form, kept.version) == ("1960", "sister", 1)


def test_a_run_that_was_stopped_goes_on_and_a_second_one_writes_nothing(monkeypatch) -> None:
    monkeypatch.setattr(reading, "CHUNK", 1)
    table = read_table(f"{HEAD}{TRIER},{LEUVEN},,\n{TRIER},Paris,FR,,,,\n".encode(), "ties.csv")
    source = factories.tie_source()

    def stop(done: int, total: int) -> None:
        if done == 1:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        list(Ties(table, source).read(stop))
    assert Tie.objects.count() == 1
    assert said(Ties(table, source).read()) == [("known", []), ("new", [])]
    with CaptureQueriesContext(connection) as queries:
        assert said(Ties(table, source).read()) == [("known", []), ("known", [])]
    assert not [one for one in queries if one["sql"].startswith(("INSERT", "UPDATE"))]


def test_the_report_is_mended_and_read_again() -> None:
    source = factories.tie_source()
    rows = f"{TRIER},Springfield,USA,,,1990,\n{TRIER},{LEUVEN},,\n{TRIER},Pariss,France,48.85,2.36,,\n"
    ties, judged = read(rows, source)
    lines = list(csv.DictReader(io.StringIO("".join(csv_lines(report_rows(ties.table.headings, judged)))[1:])))
    assert [(line["row"], line["city2"]) for line in lines] == [("2", "Springfield"), ("4", "Pariss")]
    assert lines[0]["city2_candidates"] == "place:14 Springfield (US) | place:15 Springfield (US)"

    lines[0]["city2_choice"], lines[1]["city2_choice"] = "place:15", "new"
    mended = io.StringIO()
    writer = csv.DictWriter(mended, lines[0])
    writer.writeheader()
    writer.writerows(lines)
    _ties, judged = read(mended.getvalue(), source, head="")
    assert said(judged) == [("new", []), ("new", [])]
    assert [one[0] for one in said(read(mended.getvalue(), source, head="")[1])] == ["known", "known"]
    assert said(read(rows, source)[1])[2] == ("asked", ["several"])
    assert {City.objects.get(geonames_id=15).name_en, City.objects.get(geonames_id=None).name_en} == {
        "Springfield",
        "Pariss",
    }


def test_endless_figures_are_no_ids() -> None:
    head = "city1,country1,geonames1,city1_choice,city2,country2\n"
    endless = "9" * 5000
    rows = f"Trier,DE,{endless},,Leuven,BE\nTrier,DE,,city:{endless},Leuven,BE\nTrier,DE,,place:{endless},Leuven,BE\n"
    assert said(read(rows, head=head)[1]) == [("new", []), ("refused", ["choice"]), ("refused", ["choice"])]


def test_a_table_of_wikidata_is_read() -> None:
    head = "city,cityLabel,countryCode,coord,geonames,sister,sisterLabel,sisterCountryCode,sisterCoord,since\n"
    row = "http://x,Augusta Treverorum,DE,Point(6.64 49.75),11,http://y,Leuven,BE,Point(4.7 50.9),1961-05\n"
    _ties, judged = read(row, head=head)
    assert (said(judged), judged[0].since.iso, Tie.objects.count()) == ([("new", [])], "1961-05", 0)
    with pytest.raises(ValidationError):
        columns_of(["city", "country"])


def test_what_a_list_brought_is_removed_unless_something_rests_on_it() -> None:
    source, other = factories.tie_source(), factories.tie_source(title_en="Another list")
    read(f"{TRIER},{LEUVEN},,\nParis,FR,,,Trier,DE,,,,\n", source)
    read("Paris,FR,,,Springfield,USA,37.3,-93.2,,\n", other)
    remove(source, None)
    assert [str(tie.source.title) for tie in Tie.objects.all()] == ["Another list"]
    assert sorted(City.objects.values_list("name_en", flat=True)) == ["Paris", "Springfield"]
    assert [*TieSource.objects.all()] == [other]
    assert City.history.filter(name_en="Trier", history_type="-").count() == 1


def test_the_command_reads_a_file_and_writes_a_report(tmp_path: Path) -> None:
    file, report = tmp_path / "ties.csv", tmp_path / "report.csv"
    file.write_text(f"{HEAD}{TRIER},{LEUVEN},,\n{TRIER},Springfield,USA,,,,\n")
    told = io.StringIO()
    given = {"title": "List", "as_of": datetime.date(2026, 11, 1), "report": report, "stdout": told}
    call_command("import_ties", file, dry_run=True, **given)
    assert (Tie.objects.count(), TieSource.objects.count(), len(report.read_text().splitlines())) == (0, 0, 2)
    for _run in range(2):
        call_command("import_ties", file, **given)
    assert (Tie.objects.count(), TieSource.objects.count()) == (1, 1)
    assert "        1  cities taken from the gazetteer" not in told.getvalue()
    with pytest.raises(CommandError, match="Give the list a title"):
        call_command("import_ties", file, as_of=datetime.date(2026, 11, 1))


class TestDesk:
    """The pages of a manager."""

    @pytest.fixture
    def desk(self, client):
        """The client of a manager."""
        factories.home_city()
        client.force_login(factories.manager())
        return client

    def test_a_list_is_sent_looked_at_taken_and_removed(self, desk, django_capture_on_commit_callbacks) -> None:
        content = f"{HEAD}{TRIER},{LEUVEN},1990,\n{TRIER},Springfield,USA,,,,\n".encode()
        sent = {"title_en": "List", "as_of_day": "1", "as_of_month": "11", "as_of_year": "2026"}
        with django_capture_on_commit_callbacks(execute=True):
            answer = desk.post("/en/staff/ties/lists/add/", sent | {"file": SimpleUploadedFile("ties.csv", content)})
        assert answer.status_code == 302, errors(answer)
        detail = answer["Location"]
        shown = desk.get(detail)
        assert (Tie.objects.count(), TieImport.objects.get().counts) == (0, {"new": 1, "asked": 1})
        assert "More than one place is called so." in shown.content.decode()
        assert b"place:14 Springfield (US)" in desk.get(f"{detail}report.csv").getvalue()
        for _click in range(2):
            with django_capture_on_commit_callbacks(execute=True):
                desk.post(detail, {"go": "take"})
        tie = Tie.objects.get()
        assert (str(tie.source.title), tie.history.get().history_user.username) == ("List", "manager")
        assert desk.get(detail).status_code == 200
        removal = f"/en/staff/ties/sources/{tie.source_id}/remove/"
        assert "1 tie is deleted." in desk.get(removal).content.decode()
        with django_capture_on_commit_callbacks(execute=True):
            desk.post(removal, {"version": tie.source.version, "reason": "sent twice"})
        assert (Tie.objects.count(), TieSource.objects.count()) == (0, 0)
        gone = Tie.history.get(history_type="-")
        assert gone.history_change_reason == "Removed: List of ties: List: sent twice"
        assert [*City.objects.values_list("name_en", flat=True)] == ["Tabriz"]
        assert desk.get(detail).status_code == 200

    def test_nobody_interferes_with_what_is_under_way(self, desk) -> None:
        source = factories.tie_source()
        said = {"as_of": datetime.date(2026, 11, 1), "title_en": "List", "source": source}
        work = TieImport.objects.create(stage="checked", **said)
        TieImport.objects.update(task="take", progress="running", last_word=timezone.now())
        before = TieImport.objects.values().get()
        detail = f"/en/staff/ties/lists/{work.pk}/"

        desk.post(detail, {"go": "take"})
        removal = desk.post(f"/en/staff/ties/sources/{source.pk}/remove/", {"version": source.version})
        discard = desk.post(f"{detail}delete/", {"version": 1})

        told = "Something is being done with this list. Wait until it is done."
        assert [errors(answer) for answer in (removal, discard)] == [[told], [told]]
        assert TieImport.objects.values().get() == before

    def test_a_file_that_is_no_list_is_refused_at_its_box(self, desk) -> None:
        answer = desk.post(
            "/en/staff/ties/lists/add/", {"title_en": "x", "file": SimpleUploadedFile("x.csv", b"a,b\n1,2\n")}
        )
        assert errors(answer)[0].endswith("headed city1 and city2 or as the README says.")

    def test_a_tie_is_recorded_in_either_order_and_only_once(self, desk) -> None:
        one, other = factories.istanbul(), factories.baku()
        source = factories.tie_source()
        typed = {"one": "Baku", "other": "استانبول", "form": "sister", "source": source.pk, "since_year": "2001"}
        desk.post("/en/staff/ties/add/", typed)
        tie = Tie.objects.get()
        assert (tie.one, tie.other, tie.since.iso) == (one, other, "2001")
        again = desk.post("/en/staff/ties/add/", typed | {"one": "Istanbul", "other": "باکو"})
        assert errors(again)[0].endswith("The tie of these two cities is recorded already.")
        same = desk.post("/en/staff/ties/add/", typed | {"one": "استانبول"})
        assert errors(same)[0].endswith("A tie is between two different cities.")

    def test_the_list_of_ties_costs_the_same_for_one_and_for_many(self, desk) -> None:
        factories.tie(factories.istanbul(), factories.baku())
        counts = []
        for _size in range(2):
            with CaptureQueriesContext(connection) as queries:
                assert desk.get("/en/staff/ties/?q=baku&country=TR").status_code == 200
            counts.append(len(queries))
            for _number in range(5):
                factories.tie(factories.city(), factories.baku())
        assert counts[0] == counts[1]
