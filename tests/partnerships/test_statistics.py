"""Statistics: every number of exactly what the filters find, in both languages, as table, drawing and file."""

import csv
import io
from urllib.parse import quote

import pytest
from django.http import QueryDict
from django.utils.translation import override

from cities.models import City, Country
from partnerships.filters import AgreementFilter
from partnerships.models import Agreement
from partnerships.statistics import CHARTS, Statistics, SummedFilter
from tests import factories
from tests.pages import Guarded, Page

pytestmark = pytest.mark.django_db

LABELLED = {"country", "continent", "kind", "status", "verification", "domain"}


def statistics(query="", language="en"):
    """The statistics that an address asks for."""
    with override(language):
        return Statistics(SummedFilter(QueryDict(query), Agreement.objects.published()), City.objects.home())


def table(chart):
    """The table of a chart, as lists of text."""
    return [[str(entry.label), *entry.cells] for entry in chart.entries]


def tables(query="", language="en"):
    """The table of every chart by its name."""
    with override(language):
        return {name: table(chart) for name, chart in statistics(query, language).charts.items()}


def titles(query="", language="en"):
    """The finding of every chart by its name."""
    with override(language):
        return {name: chart.title for name, chart in statistics(query, language).charts.items()}


def show(client, query="", language="en"):
    """The page for a query."""
    address = f"/{language}/statistics/{query}"
    response = client.get(address)
    assert response.status_code == 200
    return Page(address, response.content.decode())


def download(client, chart, query=""):
    """The rows of a chart's file, headings first."""
    response = client.get(f"/data/statistics/{chart}.csv{query}")
    assert response.status_code == 200
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"] == f'attachment; filename="statistics-{chart}.csv"'
    text = response.getvalue().decode()
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))


def listed(url):
    """How many agreements browsing lists at an address."""
    path, _mark, query = url.partition("?")
    assert path in {"/en/partnerships/", "/fa/partnerships/"}
    found = AgreementFilter(QueryDict(query), Agreement.objects.published())
    assert found.complaints == []
    return found.total


@pytest.fixture
def register():
    """Seven published agreements, and beside them a draft and a withdrawn one in a country of their own."""
    cultural, technical = factories.domain("cultural"), factories.domain("technical", position=1)
    resolution = factories.resolution()
    made = [
        factories.agreement(
            True, partner=factories.istanbul(), status="in_force", verification="official", signed="AD 2009"
        ),
        factories.agreement(
            True, partner=factories.baku(), status="in_force", verification="disputed", signed="SH 1379"
        ),
        factories.agreement(
            True,
            partner=factories.city(
                name_fa="قازان", name_en="Kazan", slug="kazan", country="RU", latitude=55.8, longitude=49.1
            ),
            kind="friendship",
            status="approved",
            verification="press",
            signed="SH 1388",
        ),
        factories.agreement(
            True,
            partner=factories.city(name_fa="قونیه", name_en="Konya", slug="konya", latitude=37.87, longitude=32.48),
            status="in_force",
            verification="press",
            signed="SH 1395-03",
            expires="AD 2020",
            title_en="Memorandum",
        ),
        factories.agreement(
            True,
            partner=factories.city(
                name_fa="ووهان", name_en="Wuhan", slug="wuhan", country="CN", latitude=None, longitude=None
            ),
            kind="project",
            status="prospect",
        ),
        factories.agreement(
            True,
            partner=factories.istanbul(),
            kind="contact",
            status="suspended",
            status_reason_en="war",
            signed="AD 2013-04-13",
        ),
        factories.agreement(True, partner=factories.istanbul(), status="ended", status_reason_en="done"),
    ]
    made[0].domains.set([cultural, technical])
    made[1].domains.set([cultural])
    made[1].resolutions.set([resolution])
    german = factories.city(name_fa="برلین", name_en="Berlin", country="DE")
    for hidden in (
        factories.agreement(partner=german, status="negotiation", signed="AD 1999", title_en="Draft"),
        factories.agreement(
            withdrawn=True, partner=german, verification="document", status="negotiation", signed="AD 1999-01-01"
        ),
    ):
        hidden.domains.set([cultural, factories.domain("secret")])
        hidden.resolutions.set([resolution])
    return made


@pytest.fixture
def english():
    """The reader reads English."""
    with override("en"):
        yield


# --- What is counted -----------------------------------------------------------------------------------


def test_every_chart_counts_what_is_published(register):
    assert tables() == {
        "decade": [
            ["2000–2009", "1378–1388", "2", "1", "0"],
            ["2010–2019", "1388–1398", "2", "1", "0"],
            ["Not known", "", "0", "0", "2"],
        ],
        "country": [
            ["Türkiye", "4", "57%"],
            ["Azerbaijan", "1", "14%"],
            ["China", "1", "14%"],
            ["Russia", "1", "14%"],
        ],
        "continent": [["Asia", "6", "86%"], ["Europe", "1", "14%"]],
        "kind": [
            ["Sister city", "4", "57%"],
            ["Friendship and cooperation", "1", "14%"],
            ["Project partnership", "1", "14%"],
            ["Contact", "1", "14%"],
        ],
        "status": [
            ["Prospect", "1", "14%"],
            ["Approved, not signed", "1", "14%"],
            ["In force", "2", "29%"],
            ["Expired", "1", "14%"],
            ["Suspended", "1", "14%"],
            ["Ended", "1", "14%"],
        ],
        "verification": [
            ["Document", "0", "0%"],
            ["Official", "1", "14%"],
            ["Press", "2", "29%"],
            ["Unverified", "3", "43%"],
            ["Disputed", "1", "14%"],
        ],
        "distance": [
            ["Baku", "Azerbaijan", "402"],
            ["Konya", "Türkiye", "1,210"],
            ["Istanbul", "Türkiye", "1,520"],
            ["Kazan", "Russia", "1,981"],
            ["Wuhan", "China", "not known"],
        ],
        "domain": [
            ["Domain cultural", "2", "29%"],
            ["Domain technical", "1", "14%"],
            ["No domain recorded", "5", "71%"],
        ],
        "record": [
            ["Date of signing", "5", "2"],
            ["… to the day", "1", "6"],
            ["… to the month only", "1", "6"],
            ["… to the year only", "3", "4"],
            ["Council resolution", "1", "6"],
            ["Domain of cooperation", "2", "5"],
            ["Title of the instrument", "1", "6"],
        ],
    }


def test_decades_are_those_of_the_readers_calendar(register):
    assert tables(language="fa")["decade"] == [
        ["۱۳۷۰–۱۳۷۹", "۱۹۹۱–۲۰۰۱", "۱", "۰", "۰"],
        ["۱۳۸۰–۱۳۸۹", "۲۰۰۱–۲۰۱۱", "۲", "۰", "۰"],
        ["۱۳۹۰–۱۳۹۹", "۲۰۱۱–۲۰۲۱", "۲", "۰", "۰"],
        ["نامعلوم", "", "۰", "۰", "۲"],
    ]


@pytest.mark.parametrize(
    ("signed", "english", "persian"),
    [
        ("AD 2009", [("2000–2009", 1, 0)], [("۱۳۸۰–۱۳۸۹", 1, 0)]),
        ("SH 1388", [("2000–2009", 0, 1), ("2010–2019", 0, 1)], [("۱۳۸۰–۱۳۸۹", 1, 0)]),
        ("AD 2011", [("2010–2019", 1, 0)], [("۱۳۸۰–۱۳۸۹", 0, 1), ("۱۳۹۰–۱۳۹۹", 0, 1)]),
        ("SH 1388-10", [("2000–2009", 0, 1), ("2010–2019", 0, 1)], [("۱۳۸۰–۱۳۸۹", 1, 0)]),
        ("SH 1388-10-11", [("2010–2019", 1, 0)], [("۱۳۸۰–۱۳۸۹", 1, 0)]),
        ("AD 2121-12-31", [("2120–2129", 1, 0)], [("۱۵۰۰–۱۵۰۹", 1, 0)]),
        ("SH 1000", [("1620–1629", 1, 0)], [("۱۰۰۰–۱۰۰۹", 1, 0)]),
    ],
)
def test_date_counts_certainly_where_it_lies_in_one_decade(signed, english, persian):
    factories.agreement(True, signed=signed)
    for language, expected in (("en", english), ("fa", persian)):
        with override(language):
            rows = statistics(language=language).chart("decade").drawing.rows
        assert [(row.label, row.count, row.possible) for row in rows] == expected


def test_decades_between_are_drawn_empty(english):
    factories.agreement(True, signed="AD 1985")
    factories.agreement(True, signed="AD 2013")
    rows = statistics().chart("decade").drawing.rows
    assert [(row.label, row.said, bool(row.url)) for row in rows] == [
        ("1980–1989", "1", True),
        ("1990–1999", "0", False),
        ("2000–2009", "0", False),
        ("2010–2019", "1", True),
    ]


@pytest.mark.parametrize(
    ("query", "country", "status"),
    [
        ("country=TR", {"TR": 4}, {"in_force": 1, "expired": 1, "suspended": 1, "ended": 1}),
        ("status=in_force&status=expired", {"TR": 2, "AZ": 1}, {"in_force": 2, "expired": 1}),
        ("domain=technical", {"TR": 1}, {"in_force": 1}),
        ("q=baku", {"AZ": 1}, {"in_force": 1}),
        ("signed_from=2016", {"TR": 1}, {"expired": 1}),
        ("record=no_date", {"CN": 1, "TR": 1}, {"prospect": 1, "ended": 1}),
        ("record=domain&record=resolution", {"AZ": 1}, {"in_force": 1}),
        ("record=title", {"TR": 1}, {"expired": 1}),
        ("record=no_title&kind=project", {"CN": 1}, {"prospect": 1}),
        ("record=day", {"TR": 1}, {"suspended": 1}),
        ("record=month", {"TR": 1}, {"expired": 1}),
        ("record=year", {"TR": 1, "AZ": 1, "RU": 1}, {"in_force": 2, "approved": 1}),
    ],
)
def test_filters_apply_to_every_chart(register, query, country, status):
    counted = statistics(query)
    assert {record[0]: record[2] for record in counted.chart("country").records} == country
    assert {record[0]: record[2] for record in counted.chart("status").records} == status
    total = listed(f"/en/partnerships/?{query}")
    assert sum(country.values()) == counted.total == total
    for name in ("continent", "kind", "verification"):
        assert sum(record[2] for record in counted.chart(name).records) == total


QUERIES = [
    "",
    "country=TR",
    "kind=sister&kind=contact",
    "status=in_force&status=expired&status=approved",
    "domain=cultural",
    "domain=cultural&domain=technical",
    "verification=press&verification=official&q=n",
    "signed_from=2005",
    "signed_from=1380&signed_to=1389",
    "signed_from=2000&signed_to=2019&kind=sister",
    "record=date&record=no_domain",
    "record=no_date",
]


@pytest.mark.parametrize("language", ["fa", "en"])
@pytest.mark.parametrize("query", QUERIES)
def test_every_number_leads_to_the_list_of_what_it_counts(register, query, language):
    with override(language):
        counted = statistics(query, language)
        rows = [row for name in CHARTS if name != "distance" for row in counted.chart(name).drawing.rows if row.url]
        expected = {row.url: row.count + row.possible for row in rows}
        expected |= {counted.all_url: counted.total, counted.dated_url: counted.dated}
        expected |= {counted.cities_url: counted.total, counted.countries_url: counted.total}
        assert {url: listed(url) for url in expected} == expected


def test_numbers_that_no_address_lists_lead_nowhere(register, english):
    domains = statistics("domain=technical").chart("domain").drawing.rows
    assert {row.key: bool(row.url) for row in domains} == {"cultural": False, "technical": True}
    decades = statistics("signed_from=2005").chart("decade").drawing.rows
    assert [(row.label, bool(row.url)) for row in decades] == [("2000–2009", False), ("2010–2019", True)]


def test_links_leave_out_what_was_not_understood(register, english):
    counted = statistics("kind=sister&kind=wrong&nothing=1&signed_from=x&page=7&sort=city")
    assert counted.all_url == "/en/partnerships/?kind=sister"
    assert counted.found.data_url("kind") == "/data/statistics/kind.csv?kind=sister"


# --- Findings ------------------------------------------------------------------------------------------


def test_findings(register):
    assert titles() == {
        "decade": "Five of the seven have a date of signing",
        "country": "Four of the seven are in Türkiye",
        "continent": "Six of the seven are in Asia",
        "kind": "Four of the seven are sister-city agreements",
        "status": "Two of the seven are in force",
        "verification": "No signed text has been seen yet",
        "distance": "Half of the partner cities lie within 1,365 km of \u2068Tabriz\u2069",
        "domain": "For five of the seven no domain is recorded",
        "record": "One of the seven is dated to the day",
    }


def test_findings_are_told_in_persian(register):
    assert titles(language="fa") == {
        "decade": "پنج پیمان از هفت پیمان تاریخ امضا دارد",
        "country": "چهار پیمان از هفت پیمان با شهرهایی در ترکیه است",
        "continent": "شش پیمان از هفت پیمان با شهرهایی در آسیا است",
        "kind": "چهار پیمان از هفت پیمان از نوع خواهرخواندگی است",
        "status": "دو پیمان از هفت پیمان جاری است",
        "verification": "متن امضاشده هیچ پیمانی هنوز دیده نشده است",
        "distance": "نیمی از شهرهای طرف پیمان تا ۱٬۳۶۵ کیلومتری \u2068تبریز\u2069 قرار دارند",
        "domain": "حوزه همکاریِ پنج پیمان از هفت پیمان ثبت نشده است",
        "record": "روز امضای یک پیمان از هفت پیمان معلوم است",
    }


def test_findings_of_the_only_one():
    made = factories.agreement(True, partner=factories.istanbul(), signed="AD 2009-05-01", verification="document")
    made.domains.set([factories.domain()])
    assert titles() == {
        "decade": "The only one has a date of signing",
        "country": "The only one is in Türkiye",
        "continent": "The only one is in Asia",
        "kind": "The only one is a sister-city agreement",
        "status": "The only one is a prospect",
        "verification": "The only one is proven by its signed text",
        "distance": "\u2068Istanbul\u2069 lies 1,520 km from \u2068Tabriz\u2069",
        "domain": "The only one has the domain “Domain cultural”",
        "record": "The only one is dated to the day",
    }


@pytest.mark.parametrize(
    ("countries", "finding"),
    [
        (["TR", "TR"], "Both are in Türkiye"),
        (["TR", "TR", "TR"], "All three are in Türkiye"),
        (["TR", "AZ", "RU"], "Each is in a country of its own"),
        (["TR", "TR", "AZ", "AZ", "RU"], "Azerbaijan and Türkiye come first, with two each"),
        (["TR", "TR", "AZ", "AZ", "RU", "RU"], "Three countries come first, with two each"),
        (["TR"] * 13, "All 13 are in Türkiye"),
    ],
)
def test_finding_says_whether_a_country_leads(countries, finding):
    for code in countries:
        factories.agreement(True, partner=factories.city(country=code))
    assert titles()["country"] == finding


def test_far_city_is_told_from_the_others():
    for name, longitude in (("Near", 47), ("Nearer", 46.5), ("Far", 120)):
        factories.agreement(True, partner=factories.city(name_en=name, latitude=38, longitude=longitude))
    assert titles()["distance"] == (
        "Two cities lie within 63 km of \u2068Tabriz\u2069; \u2068Far\u2069 is 6,269 km away"
    )


# --- The page ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["fa", "en"])
@pytest.mark.parametrize("query", ["", "country=TR&record=date", "signed_from=1380"])
def test_page_shows_every_chart_with_its_table_and_its_file(client, register, query, language):
    page = show(client, f"?{query}", language)
    figures = [one for one in page.named("figure")]
    with override(language):
        charts = statistics(query, language).charts
        assert [one["aria-labelledby"] for one in figures] == [
            f"chart-{name}"
            for name in (
                "decade",
                "country",
                "continent",
                "kind",
                "status",
                "distance",
                "record",
                "verification",
                "domain",
            )
        ]
        for one in figures:
            chart = charts[one["aria-labelledby"].removeprefix("chart-")]
            assert [row.words for row in one.all if row.name == "h2"] == [chart.title]
            rows = [
                [cell.words for cell in row.all if cell.name in ("th", "td")] for row in one.all if row.name == "tr"
            ]
            assert rows == [chart.heads, *([" ".join(cell.split()) for cell in row] for row in table(chart))]
            assert [link["href"] for link in one.of_class("chart__data")] == [chart.data_url]


def test_drawing_says_the_numbers_and_links_them(client, register):
    page = show(client)
    (chart,) = [one for one in page.named("figure") if one["aria-labelledby"] == "chart-country"]
    rows = [row for row in chart.of_class("chart__row")]
    assert [(row.name, row.words, row["href"]) for row in rows] == [
        ("a", "Türkiye 4", "/en/partnerships/?country=TR"),
        ("a", "Azerbaijan 1", "/en/partnerships/?country=AZ"),
        ("a", "China 1", "/en/partnerships/?country=CN"),
        ("a", "Russia 1", "/en/partnerships/?country=RU"),
    ]
    assert [(bar["x"], bar["width"]) for bar in chart.of_class("chart__bar")] == [
        ("0%", "82%"),
        ("0%", "20.5%"),
        ("0%", "20.5%"),
        ("0%", "20.5%"),
    ]


def test_drawing_runs_from_right_to_left_in_persian(client, register):
    page = show(client, language="fa")
    (chart,) = [one for one in page.named("figure") if one["aria-labelledby"] == "chart-country"]
    assert [row.words for row in chart.of_class("chart__row")] == ["ترکیه ۴", "جمهوری آذربایجان ۱", "چین ۱", "روسیه ۱"]
    assert [(bar["x"], bar["width"]) for bar in chart.of_class("chart__bar")][:2] == [
        ("18%", "82%"),
        ("79.5%", "20.5%"),
    ]


def test_page_says_what_it_counts(client, register):
    page = show(client, "?country=TR&kind=wrong&record=nonsense&record=date")
    assert [one.words for one in page.of_class("figure__value")] == ["3", "2", "1", "3 of 3"]
    assert [one.words for one in page.of_class("chip")] == [
        "Remove Country: Türkiye",
        "Remove On record: date of signing",
    ]
    complaints = [item.words for box in page.of_class("message--warning") for item in box.all if item.name == "li"]
    assert complaints == [
        "“\u2068wrong\u2069” is not a kind of agreement.",
        "“\u2068nonsense\u2069” is nothing that can be on record.",
    ]
    assert [(one["name"], one["value"]) for one in page.named("input") if one["type"] == "hidden"] == [
        ("record", "date")
    ]


def test_nothing_of_drafts_and_withdrawn_agreements_is_counted(client, register):
    for language, names in (
        ("en", ("Berlin", "Germany", "secret", "1990")),
        ("fa", ("برلین", "آلمان", "secret", "۱۹۹۹")),
    ):
        html = show(client, language=language).html
        assert [name for name in names if name in html] == []
    for chart in CHARTS:
        text = "".join(cell for row in download(client, chart) for cell in row)
        assert [name for name in ("Berlin", "DE", "secret", "negotiation", "1990-1999") if name in text] == []


@pytest.mark.parametrize("language", ["fa", "en"])
def test_register_without_agreements(client, language):
    page = show(client, language=language)
    assert page.named("figure") == []
    assert [one.words for one in page.of_class("empty__title")] == [
        {"en": "No partnership has been published yet", "fa": "هنوز پیمانی منتشر نشده است"}[language]
    ]


def test_filters_that_find_nothing(client, register):
    page = show(client, "?country=DE")
    assert page.named("figure") == []
    assert [one.words for one in page.of_class("empty__title")] == ["No partnership matches your search"]
    for chart in CHARTS:
        assert len(download(client, chart, "?country=DE")) == {"verification": 6, "record": 8}.get(chart, 1)


def test_many_countries_are_shortened_in_the_drawing_alone(client, english):
    codes = [f"{first}{second}" for first in "QVWX" for second in "ABCDE"]
    for position, code in enumerate(codes):
        country = Country.objects.create(code=code, name_fa=f"کشور {code}", name_en=f"Country {code}", continent="EU")
        for _one in range(1 + (position == 7)):
            factories.agreement(True, partner=factories.city(country=country))
    chart = statistics().chart("country")
    assert len(chart.entries) == len(chart.records) == 20
    last = chart.drawing.rows[-1]
    assert [(row.label, row.count) for row in chart.drawing.rows[:2]] == [("Country VC", 2), ("Country QA", 1)]
    assert (len(chart.drawing.rows), last.label, last.count, listed(last.url)) == (12, "9 more countries", 9, 9)
    assert len(download(client, "country")) == 21


# --- Files ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("query", QUERIES)
def test_files_hold_what_the_tables_hold(client, register, query):
    persian, english = tables(query, "fa"), tables(query)
    for name in LABELLED:
        (_heads, *rows) = download(client, name, f"?{query}")
        assert sorted([label, count] for _key, label, _other, count in rows) == sorted(
            [label, number.translate(str.maketrans("۰۱۲۳۴۵۶۷۸۹", "0123456789"))]
            for label, number, *_share in persian[name]
        )
        assert sorted([label, count] for _key, _other, label, count in rows) == sorted(row[:2] for row in english[name])
    (_heads, *rows) = download(client, "record", f"?{query}")
    assert [row[1:] for row in rows] == [row[1:] for row in english["record"]]
    (_heads, *rows) = download(client, "distance", f"?{query}")
    assert [[row[2], row[4] or "not known"] for row in rows] == [
        [city, km.replace(",", "")] for city, _country, km in english["distance"]
    ]
    (_heads, *rows) = download(client, "decade", f"?{query}")
    gregorian = [row for row in rows if row[0] in ("gregorian", "")]
    assert [row[4:] for row in gregorian] == [row[2:] for row in english["decade"]]
    assert [row[1].replace("-", "–") or "Not known" for row in gregorian] == [row[0] for row in english["decade"]]


def test_files_name_their_columns(client, register):
    assert {name: download(client, name)[0] for name in CHARTS} == {
        "decade": ["calendar", "decade", "first_day", "last_day", "certainly", "possibly", "not_known"],
        "country": ["country", "label_fa", "label_en", "agreements"],
        "continent": ["continent", "label_fa", "label_en", "agreements"],
        "kind": ["kind", "label_fa", "label_en", "agreements"],
        "status": ["status", "label_fa", "label_en", "agreements"],
        "verification": ["verification", "label_fa", "label_en", "agreements"],
        "distance": ["city", "name_fa", "name_en", "country", "kilometres"],
        "domain": ["domain", "label_fa", "label_en", "agreements"],
        "record": ["particular", "known", "not_known"],
    }


def test_file_of_decades_is_for_both_calendars(client, register):
    assert download(client, "decade")[1:] == [
        ["solar_hijri", "1370-1379", "1991-03-21", "2001-03-20", "1", "0", "0"],
        ["solar_hijri", "1380-1389", "2001-03-21", "2011-03-20", "2", "0", "0"],
        ["solar_hijri", "1390-1399", "2011-03-21", "2021-03-20", "2", "0", "0"],
        ["gregorian", "2000-2009", "2000-01-01", "2009-12-31", "2", "1", "0"],
        ["gregorian", "2010-2019", "2010-01-01", "2019-12-31", "2", "1", "0"],
        ["", "", "", "", "0", "0", "2"],
    ]


def test_file_has_no_formulas(client):
    factories.agreement(True, partner=factories.city(name_en="=1+1", name_fa="@SUM(A1)", slug="a"))
    assert download(client, "distance")[1][1:3] == ["\u200b@SUM(A1)", "\u200b=1+1"]


def test_file_refuses_what_it_does_not_understand(register):
    response = Guarded().get("/data/statistics/kind.csv", {"kind": "wrong", "country": "TR"})
    assert response.status_code == 400
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert response.content.decode().splitlines() == [
        "«\u2068wrong\u2069» نوع پیمان نیست.",
        "“\u2068wrong\u2069” is not a kind of agreement.",
    ]


@pytest.mark.parametrize("chart", ["nothing", "Country", "decades", "a" * 300])
def test_chart_that_does_not_exist_has_no_file(chart):
    assert Guarded().get(f"/data/statistics/{quote(chart)}.csv").status_code == 404


@pytest.mark.parametrize("query", ["?lang=en", "?view=map&zoom=44", "?page=7"])
def test_file_passes_over_how_a_page_is_shown(client, register, query):
    assert download(client, "kind", query) == download(client, "kind")


def test_scripts_of_other_sites_may_read_a_file(client, register):
    assert client.get("/data/statistics/kind.csv")["Access-Control-Allow-Origin"] == "*"
