"""The network of the world: its page, a city's other sisters, its figures and its files."""

import csv
import datetime
import io
import random
import zlib

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cities.maps.web import MOST_LINES, web
from cities.models import City, Tie
from cities.network import Network
from cities.statistics import NetworkStatistics
from tests import factories
from tests.pages import Page

pytestmark = pytest.mark.django_db


def see(client, address="/en/network/") -> Page:
    """A page at this address."""
    response = client.get(address)
    assert response.status_code == 200
    return Page(address, response.content.decode())


def rows(client, address) -> list[list[str]]:
    """The rows of a CSV file, its heads among them."""
    response = client.get(address)
    assert response.status_code == 200
    return list(csv.reader(io.StringIO(response.getvalue().decode("utf-8-sig"))))


@pytest.fixture
def ties() -> dict[str, City]:
    """Ties of Istanbul, a partner, with Baku, a partner, with Berlin, which is none, and with Bursa, a draft's."""
    berlin = factories.city(
        slug="berlin", name_en="Berlin", name_fa="برلین", country="DE", latitude=52.52, longitude=13.4
    )
    bursa = factories.city(slug="bursa", name_en="Bursa", name_fa="بورسا", latitude=40.19, longitude=29.06)
    istanbul, baku = factories.istanbul(), factories.baku()
    factories.agreement(True, partner=istanbul, status="in_force")
    factories.agreement(True, partner=baku)
    factories.agreement(partner=bursa)
    source = factories.tie_source(url="https://lists.example/", licence="CC BY-SA 4.0", as_of=datetime.date(2021, 6, 1))
    factories.tie(istanbul, baku, source=source, since="SH 1380")
    factories.tie(berlin, istanbul, source=source, since="AD 1989")
    factories.tie(istanbul, bursa, source=source, form="friendship")
    return {city.slug: city for city in (istanbul, baku, berlin, bursa)}


# --- The page of the network ---------------------------------------------------------------------------


def test_page_without_ties_says_so(client):
    factories.home_city()
    page = see(client)
    assert [one.words for one in page.of_class("empty__title")] == ["No ties of the world’s cities are recorded yet"]
    assert (page.of_class("network"), page.of_class("chart"), page.named("table")) == ([], [], [])


def test_page_without_a_home_city_has_figures_and_list(client):
    factories.tie(factories.city(), factories.city())
    page = see(client)
    assert page.of_class("network") == []
    assert [one["id"] for one in page.of_class("chart__title")] == [
        "chart-countries",
        "chart-country-pairs",
        "chart-cities",
        "chart-distances",
    ]
    assert [one.words for one in page.of_class("results__count")] == ["2 cities"]


@pytest.mark.parametrize(
    ("language", "figures", "source"),
    [
        ("en", ["3", "4", "3"], "List of sister cities, as of 1 June 2021 (11 Khordad 1400), licence CC BY-SA 4.0."),
        (
            "fa",
            ["۳", "۴", "۳"],
            "فهرست خواهرشهرهای جهان، تاریخ اعتبار ۱۱ خرداد ۱۴۰۰ (۱ ژوئن ۲۰۲۱)، مجوز CC BY-SA 4.0.",
        ),
    ],
)
def test_page_tells_how_much_is_known_and_by_whose_word(client, ties, language, figures, source):
    page = see(client, f"/{language}/network/")
    panel = page.of_class("network__figures")[0]
    assert [one.words for one in panel.all if one.name == "dd"] == figures
    [said] = [one for one in page.of_class("note") if "CC BY-SA" in one.words]
    assert said.words.endswith(source)
    assert [one["href"] for one in said.all if one.name == "a"] == ["https://lists.example/"]


def test_list_has_cities_with_most_ties_first(client, ties):
    page = see(client)
    table = page.of_class("ledger--stack")[0]
    names = [one for one in table.all if "ledger__name" in one["class"]]
    assert [one.children[0].words for one in names] == ["Istanbul", "Baku", "Berlin", "Bursa"]
    assert [one.words for one in table.all if one["class"] == "number"] == ["3", "1", "1", "1"]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("q=باكو", ["Baku"]),
        ("country=DE&country=AZ", ["Baku", "Berlin"]),
        ("city=istanbul", ["Baku", "Berlin", "Bursa"]),
        ("city=istanbul&country=TR", ["Bursa"]),
        ("city=baku", ["Istanbul"]),
    ],
)
def test_list_is_narrowed(client, ties, query, names):
    table = see(client, f"/en/network/?{query}").of_class("ledger--stack")[0]
    assert [one.children[0].words for one in table.all if "ledger__name" in one["class"]] == names


def test_wrong_parameters_are_told_and_the_rest_applies(client, ties):
    page = see(client, "/en/network/?city=atlantis&country=XX&country=DE&page=9")
    told = [one.words for one in page.of_class("message--warning")[0].all if one.name == "li"]
    assert told == [
        "“\u2068XX\u2069” is not the code of a country with a city here.",
        "No ties are known of a city called “\u2068atlantis\u2069”.",
        "There is no page 9: the last, 1, is shown.",
    ]
    assert [one.words for one in page.of_class("results__count")] == ["1 city"]


def test_page_of_one_city_dates_its_ties_and_draws_them(client, ties):
    page = see(client, "/en/network/?city=istanbul")
    assert page.one("h1").words == "The sister cities of Istanbul"
    dates = [one.words for one in page.of_class("ledger--stack")[0].all if one["data-label"] == "Since"]
    assert dates == ["1380 (March 2001 – March 2002)", "1989 (Dey 1367 – Dey 1368)", "date not known"]
    assert [one["d"].count("M") for one in page.of_class("web--own") if one.parent.name == "g"] == [3]
    # Whom the network alone knows has no page of its own: the map leads to its sisters.
    links = {one["href"] for one in page.of_class("map__place")}
    assert links <= {f"/en/network/?city={slug}" for slug in ties}


def test_suggestions_are_cities_with_ties(client, ties):
    factories.city(name_en="Berlin on the Moon")
    page = see(client, "/en/network/suggest/?q=berl")
    assert [(one["href"], one["data-city"]) for one in page.named("a")] == [
        ("/en/network/?city=berlin", str(ties["berlin"].pk))
    ]
    assert see(client, "/en/network/suggest/").named("a") == []


@pytest.mark.parametrize("address", ["/en/network/", "/data/network.en.json"])
def test_cities_of_drafts_are_no_partners(client, ties, address):
    partners = {city.pk for city in City.objects.public()}
    assert partners == {ties["istanbul"].pk, ties["baku"].pk}
    if address.endswith("json"):
        told = client.get(address).json()
        assert sorted(told["pages"]) == ["/en/cities/baku/", "/en/cities/istanbul/"]
        assert sorted(told["name"][position] for position in told["partners"]) == ["Baku", "Istanbul"]
    else:
        # One line and one dot for each partner.
        ends = [one["d"] for one in see(client, address).of_class("web--ours-ends")]
        assert [path.count("m") for path in ends] == [2]


# --- A city's other sisters ----------------------------------------------------------------------------


def test_city_page_names_its_other_sisters_and_links_those_with_a_page(client, ties):
    home = factories.home_city()
    factories.tie(home, ties["istanbul"])
    page = see(client, "/en/cities/istanbul/")
    section = page.section("sisters")
    assert [one.words for one in section.of_class("sister")] == [
        "Baku Azerbaijan · since 1380 (March 2001 – March 2002)",
        "Berlin Germany · since 1989 (Dey 1367 – Dey 1368)",
        "Bursa Türkiye · Friendship and cooperation",
    ]
    assert [one["href"] for sister in section.of_class("sister") for one in sister.all if one.name == "a"] == [
        "/en/cities/baku/"
    ]
    assert section.of_class("note")[0].words == (
        "These lists may be incomplete or out of date; no city has confirmed them here. "
        "List of sister cities, as of 1 June 2021 (11 Khordad 1400), licence CC BY-SA 4.0."
    )


def test_city_page_folds_what_is_beyond_twelve(client, ties):
    for _number in range(10):
        factories.tie(ties["istanbul"], factories.city())
    section = see(client, "/en/cities/istanbul/").section("sisters")
    [fold] = [one for one in section.all if one.name == "details"]
    assert (len(section.of_class("sister")), len(fold.of_class("sister"))) == (13, 1)
    assert next(one.words for one in fold.all if one.name == "summary") == "All 13"


def test_city_page_without_ties_has_no_such_section(client):
    factories.agreement(True, partner=factories.istanbul())
    page = see(client, "/en/cities/istanbul/")
    assert page.section("sisters") is None
    assert [one["href"] for one in page.named("a") if "network/?city" in one["href"]] == []


def test_city_page_costs_as_much_for_many_ties(ties):
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert Client().get("/en/cities/istanbul/").status_code == 200
        return len(queries)

    cost()  # what is remembered of the register is read at the first page after a write
    few = cost()
    for _number in range(20):
        factories.tie(ties["istanbul"], factories.city())
    cost()
    assert cost() == few


# --- Figures -------------------------------------------------------------------------------------------


def test_statistics_count_every_tie_once(ties):
    factories.tie(ties["baku"], factories.city(country="AZ", latitude=None, longitude=None))
    statistics = NetworkStatistics(Network(factories.home_city()), [], {})
    assert statistics.by_country == {"TR": 3, "AZ": 2, "DE": 1}
    assert statistics.pairs == {("AZ", "TR"): 1, ("DE", "TR"): 1, ("TR", "TR"): 1, ("AZ", "AZ"): 1}
    assert (statistics.network.ties, statistics.cities, statistics.within, statistics.share_within) == (4, 5, 2, "50%")
    # Istanbul to Bursa 92 km, to Berlin 1,736, to Baku 1,757: what has no place has no length.
    assert [round(km, -1) for km in sorted(statistics.lengths)] == [90, 1740, 1760]
    assert (statistics.home_ties, statistics.home_rank) == (0, 6)


def test_decades_tell_certain_from_possible(client, ties):
    # SH 1380 lies in 2001 and 2002; a day around new year 1990 is in one decade, SH 1368 in either.
    factories.tie(ties["berlin"], ties["bursa"], since="SH 1368")
    table = rows(client, "/data/network/decades.csv")
    gregorian = [row for row in table if row[0] == "gregorian"]
    assert [(row[1], *row[4:]) for row in gregorian] == [
        ("1980-1989", "1", "1", "0"),
        ("1990-1999", "0", "1", "0"),
        ("2000-2009", "1", "0", "0"),
    ]
    assert table[-1] == ["", "", "", "", "0", "0", "1"]


@pytest.mark.parametrize(
    ("chart", "first"),
    [
        ("countries", ["TR", "ترکیه", "Türkiye", "3"]),
        ("country-pairs", ["AZ TR", "جمهوری آذربایجان و ترکیه", "Azerbaijan and Türkiye", "1"]),
        ("cities", ["istanbul", "استانبول", "Istanbul", "TR", "3"]),
        ("distances", ["0-100", "1"]),
    ],
)
def test_figures_of_a_chart_are_a_file(client, ties, chart, first):
    assert rows(client, f"/data/network/{chart}.csv")[1] == first


@pytest.mark.parametrize("chart", ["home-country", "wrong"])
def test_chart_that_has_nothing_to_tell_is_no_file(client, ties, chart):
    assert client.get(f"/data/network/{chart}.csv").status_code == 404


# --- Files ---------------------------------------------------------------------------------------------


def test_ties_are_a_file_with_source_and_licence(client, ties):
    heads, *table = rows(client, "/data/ties.csv")
    first = dict(zip(heads, table[0], strict=True))
    assert len(table) == Tie.objects.count() == 3
    assert {first["city_1"], first["city_2"]} == {"istanbul", "baku"}
    assert (first["since"], first["since_first"], first["since_last"]) == ("SH 1380", "2001-03-21", "2002-03-20")
    assert (first["source_en"], first["source_licence"], first["source_as_of"]) == (
        "List of sister cities",
        "CC BY-SA 4.0",
        "2021-06-01",
    )


def test_file_of_the_map_has_each_tie_between_the_places_it_names(client, ties):
    factories.tie(ties["berlin"], factories.city(latitude=None, longitude=None))  # not on the map
    told = client.get("/data/network.fa.json").json()
    named = [
        {told["name"][here], told["name"][there]}
        for here, others in enumerate(told["sisters"])
        for there in others
        if here < there
    ]
    assert sorted(map(sorted, named)) == [["استانبول", "باکو"], ["استانبول", "برلین"], ["استانبول", "بورسا"]]
    keys, key = [], 0
    for step in told["key"]:
        key += step
        keys.append(key)
    assert set(keys) == {*(city.pk for city in ties.values()), factories.home_city().pk}
    at = keys.index(factories.home_city().pk)
    assert (told["home"], told["east"][at], told["north"][at]) == (at, 0, 0)
    assert sum(times for _name, times in told["country"]) == len(keys)


def test_drawing_stays_light_however_many_ties_there_are():
    chance = random.Random(5)
    points = {key: (chance.gauss(400, 110), chance.gauss(400, 110)) for key in range(12_596)}
    pairs = [(chance.randrange(12_596), chance.randrange(12_596)) for _tie in range(16_484)]
    strokes = web(points, pairs)
    lines = "".join(one.path for one in strokes if one.style in {"fine", "thin", "wide", "bold"})
    assert lines.count("M") == MOST_LINES
    assert len(zlib.compress("".join(one.path for one in strokes).encode())) < 40 * 1024


def test_files_cost_as_much_for_many_ties(ties):
    def cost() -> list[int]:
        found = []
        for address in ("/en/network/", "/data/ties.csv", "/data/network.en.json", "/en/network/?city=istanbul"):
            with CaptureQueriesContext(connection) as queries:
                response = Client().get(address)
                assert (response.getvalue(), response.status_code)[1] == 200
            found.append(len(queries))
        return found

    few = cost()
    with transaction.atomic():
        for _number in range(30):
            factories.tie(ties["istanbul"], factories.city())
    assert cost() == few
    assert max(few) <= 11
