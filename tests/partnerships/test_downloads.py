"""The downloads: the rows that browsing lists, in four formats, and nothing that is not public."""

import datetime
import io
import json
import re

import pytest
from django.db import transaction
from django.http import QueryDict
from django.utils.translation import override
from openpyxl import load_workbook

from partnerships.downloads import CELLS, COLUMNS, FORMATS, TYPES
from partnerships.filters import AgreementFilter
from partnerships.models import Agreement
from tests import factories
from tests.downloads import csv_rows, fetched, xlsx_rows

pytestmark = pytest.mark.django_db

HUSHED = "Quicksilver"
"""Stands in everything that is nobody's business, and nowhere else."""

QUERIES = [
    "",
    "?country=TR&country=AZ",
    "?kind=sister",
    "?kind=friendship&status=in_force",
    "?status=expired",
    "?status=ended&status=suspended&sort=-number",
    "?domain=cultural&sort=city",
    "?verification=disputed",
    "?signed_from=1387&signed_to=2009&sort=-signed",
    "?signed_from=1403",
    "?q=%DA%AF%D9%86%D8%AC%D9%87",
    "?q=baku&country=TR",
    "?record=day",
    "?sort=-country",
]


@pytest.fixture(scope="module")
def register(django_db_setup, django_db_blocker):
    """A varied register: every kind and status, dates of every precision, and what must not leak."""
    with django_db_blocker.unblock(), transaction.atomic():
        varied()
        yield
        transaction.set_rollback(True)


def varied():
    """Record it."""
    cultural, social = factories.domain("cultural"), factories.domain("social")
    resolution = factories.resolution(number="12", decided="SH 1387-02")
    cities = [
        factories.istanbul(),
        factories.baku(),
        factories.city(country="AZ", name_fa="گنجه", name_en="Ganja", latitude=40.68, longitude=46.36),
        factories.city(country="CN", name_fa="ووهان", name_en="Wuhan", latitude=None, longitude=None),
        factories.city(country="DE", name_fa="لیما", name_en="=cmd|' /C calc'!A0", latitude=-12.5, longitude=-77.25),
        factories.city(country="RU", name_fa="قازان", name_en="Kazan"),
    ]
    dates = [None, "SH 1387 1387", "SH 1395-03 خرداد ۱۳۹۵", "AD 2009", "AD 2013-04-13", "SH 1403-12-30", "AD 2024-05"]
    statuses = ["in_force", "suspended", "ended", "approved", "prospect", "in_force"]
    for at in range(24):
        status = statuses[at % 6]
        made = factories.agreement(
            published=True,
            partner=cities[at % 6],
            kind=["sister", "friendship", "project", "contact"][at % 4],
            status=status,
            status_reason_fa="دلیل" if status in ("suspended", "ended") else "",
            signed=dates[at % 7],
            expires="AD 2020-01" if at == 11 else None,
            verification=["press", "official", "disputed"][at % 3],
            summary_en="-1 is no formula; =2 neither\n+3",
            internal_note=f"{HUSHED} note",
            verified_by=None,
        )
        made.domains.add(*([social] if at % 2 else [cultural, social]))
        made.resolutions.add(resolution)
        factories.source(made, issued="AD 2010-09-19", url=f"https://example.org/{at}", signed_claim="SH 1387")
    kept = Agreement.objects.order_by("number").first()
    draft = factories.agreement(
        partner=factories.istanbul(), kind="sister", summary_en=HUSHED, name_en=f"{HUSHED} draft", predecessor=kept
    )
    withdrawn = factories.agreement(withdrawn=True, partner=factories.baku(), title_fa=HUSHED, signed="AD 2009")
    Agreement.objects.filter(pk=kept.pk).update(predecessor=withdrawn)
    for hidden in (draft, withdrawn):
        factories.source(hidden, says_en=HUSHED)
        hidden.domains.add(cultural)


def numbers(client, extension, query):
    """The register numbers in a download, in its order."""
    body = fetched(client, extension, query)
    if extension == "csv":
        return [int(row["number"]) for row in csv_rows(body)]
    if extension == "xlsx":
        return [row["number"] for row in xlsx_rows(body)]
    if extension == "json":
        return [row["number"] for row in json.loads(body)["agreements"]]
    return [feature["id"] for feature in json.loads(body)["features"]]


# --- The same rows -------------------------------------------------------------------------------------


@pytest.mark.parametrize("query", QUERIES)
@pytest.mark.parametrize("language", ["fa", "en"])
def test_downloads_hold_the_rows_that_browsing_lists(register, client, query, language):
    listed = client.get(f"/{language}/partnerships/{query}", follow=True).context["filter"]
    expected = [agreement.number for agreement in listed.qs]
    asked = query if language == "fa" else f"{query}{'&' if query else '?'}lang=en"
    assert {extension: numbers(client, extension, asked) for extension in FORMATS} == dict.fromkeys(FORMATS, expected)


def test_filters_of_this_test_tell_agreements_apart(register):
    found = [len(AgreementFilter(QueryDict(query[1:]), Agreement.objects.published()).qs) for query in QUERIES]
    assert found[0] == 24
    assert all(count < 24 for count in found[1:-1])
    assert sum(count == 0 for count in found) == 1


@pytest.mark.parametrize(
    "query",
    [
        "?page=2",
        "?page=x",
        "?view=map",
        "?view=x",
        "?per_page=1",
        "?utm_source=a",
        "?view=map&zoom=44&east=9",
        "?zoom=x",
    ],
)
def test_how_a_page_is_shown_changes_nothing_in_a_download(register, client, query):
    assert numbers(client, "csv", query) == numbers(client, "csv", "")


def test_links_of_a_page_ask_for_what_it_shows(register, client):
    page = client.get("/en/partnerships/?country=TR&country=XX&sort=-signed&x=1&view=map&zoom=44&east=9&north=9")
    link = re.search(r'href="(/data/partnerships\.csv[^"]*)"', page.content.decode()).group(1).replace("&amp;", "&")
    assert link == "/data/partnerships.csv?country=TR&sort=-signed&lang=en"
    assert numbers(client, "csv", link.partition("?")[1] + link.partition("?")[2]) == [
        one.number for one in page.context["filter"].qs
    ]


@pytest.mark.parametrize("address", [*(f"/data/partnerships.{one}" for one in FORMATS), "/feeds/partnerships.atom"])
def test_nothing_leaks(register, client, address):
    body = client.get(address)
    text = body.getvalue() if body.streaming else body.content
    if address.endswith("xlsx"):
        book = load_workbook(io.BytesIO(text))
        text = repr([[cell.value for cell in row] for sheet in book for row in sheet.iter_rows()]).encode()
    hidden = set(Agreement.objects.exclude(pk__in=Agreement.objects.published()).values_list("number", flat=True))
    assert len(hidden) == 2
    assert HUSHED.encode() not in text
    assert [number for number in hidden if f"/partnerships/{number}/".encode() in text] == []
    assert HUSHED in str(list(Agreement.objects.values_list("internal_note", "summary_en", "title_fa")))


def test_predecessor_and_successor_that_are_not_public_are_left_out(register, client):
    first = json.loads(fetched(client, "json"))["agreements"][0]
    assert (first["predecessor"], first["successors"]) == (None, [])
    assert Agreement.objects.order_by("number").first().predecessor is not None


# --- What stands in a row ------------------------------------------------------------------------------


def test_columns_have_names_and_types_of_their_own():
    names = [column.name for column in COLUMNS]
    assert len(set(names)) == len(names)
    assert {column.type for column in COLUMNS} <= set(TYPES)
    assert [column.name for column in COLUMNS if column not in CELLS] == [
        "source_list",
        "resolution_list",
        "provision_list",
    ]
    assert all(re.fullmatch("[a-z_]+", name) for name in names)


def test_columns_are_explained_in_both_languages():
    with override("fa"):
        persian = [column.explained for column in COLUMNS]
    with override("en"):
        english = [column.explained for column in COLUMNS]
    assert len(set(english)) == len(english)
    explained = [column.documentation for column in COLUMNS]
    assert [(one["meaning_fa"], one["meaning_en"]) for one in explained] == list(zip(persian, english, strict=True))


def test_examples_are_what_their_column_says():
    shapes = {"integer": int, "number": float, "list": list, "date": datetime.date}
    wrong = [
        column.name
        for column in COLUMNS
        if column.example and not isinstance(column.example, shapes.get(column.type, str))
    ]
    assert wrong == []
    assert [column.name for column in COLUMNS if column.codes and column.example not in dict(column.codes)] == []


def test_row_names_no_one_of_the_staff(register, client):
    row = json.loads(fetched(client, "json"))["agreements"][0]
    assert [name for name in row if "internal" in name or name.endswith("_by") and name != "notice_by"] == []


def test_cells_are_no_formulas_and_numbers_stay_numbers(register, client):
    rows = csv_rows(fetched(client, "csv"))
    assert [cell for row in rows for cell in row.values() if cell[:1] in tuple("=+@\t\r")] == []
    assert {row["city_longitude"] for row in rows} >= {"-77.25", ""}
    assert {row["city_en"].replace("\u200b", "") for row in rows} >= {"=cmd|' /C calc'!A0"}
    book = load_workbook(io.BytesIO(fetched(client, "xlsx")))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "inlineStr", "n"}
    assert {cell.value for cell in cells} >= {-77.25, "=cmd|' /C calc'!A0"}


def test_status_follows_from_the_dates(register, client):
    (expired,) = csv_rows(fetched(client, "csv", "?status=expired"))
    assert (expired["status"], expired["expires"], expired["expires_last"]) == ("expired", "AD 2020-01", "2020-01-31")


def test_csv_is_for_spreadsheets(register, client):
    response = client.get("/data/partnerships.csv")
    body = response.getvalue()
    assert body.startswith("\ufeffnumber,url_fa,url_en,".encode())
    assert body.count(b"\r\n") == 25  # a line end within a cell is a bare newline
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"] == 'attachment; filename="tabriz-partnerships.csv"'
    assert response["Link"] == '<http://testserver/fa/open-data/>; rel="describedby"'


def test_workbook_explains_itself(register, client):
    book = load_workbook(io.BytesIO(fetched(client, "xlsx", "?country=TR")))
    assert book.sheetnames == ["agreements", "about"]
    rows = [[cell.value for cell in row] for row in book["about"].iter_rows()]
    head = next(at for at, row in enumerate(rows) if row[0] == "column")
    about = {row[0]: row[1] for row in rows[:head]}
    assert about["title_en"] == "Register of Sister Cities of Tabriz"
    assert about["address"] == "http://testserver/data/partnerships.xlsx?country=TR"
    assert about["asked"] == '{"country": ["TR"]}'
    assert [row[0] for row in rows[head + 1 :]] == [column.name for column in CELLS]


def test_json_says_whose_it_is_and_on_what_terms(register, client, settings):
    settings.DATA_LICENCE, settings.DATA_LICENCE_URL = "CC BY 4.0", "https://creativecommons.org/licenses/by/4.0/"
    told = json.loads(fetched(client, "json", "?country=TR&kind=sister"))
    assert told["licence"] == {"name": "CC BY 4.0", "url": "https://creativecommons.org/licenses/by/4.0/"}
    assert told["rights_en"] == "Licence: CC BY 4.0. Name the register as your source."
    assert told["publisher_en"] == "Municipality of Tabriz"
    assert told["home_city"] == {
        "name_fa": "تبریز",
        "name_en": "Tabriz",
        "latitude": 38.08,
        "longitude": 46.2919,
        "country": "IR",
    }
    assert told["asked"] == {"kind": ["sister"], "country": ["TR"]}
    assert told["count"] == len(told["agreements"])
    latest = Agreement.objects.published().latest_change()
    assert told["as_of"] == latest.astimezone(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    assert [column["name"] for column in told["columns"]] == list(told["agreements"][0])
    assert client.get(told["documentation_fa"]).status_code == 200


def test_no_licence_is_claimed_where_none_was_stated(register, client, settings):
    settings.DATA_LICENCE = ""
    told = json.loads(fetched(client, "json"))
    assert told["licence"] is None
    assert told["rights_en"].startswith("The municipality has not stated a licence")


def test_geojson_is_valid(register, client):
    told = json.loads(fetched(client, "geojson"))
    assert told["type"] == "FeatureCollection"
    assert {"coordinates", "geometries", "geometry", "properties", "crs"} & set(told) == set()
    assert len(told["features"]) == told["count"] == 24
    for feature in told["features"]:
        assert set(feature) == {"type", "id", "geometry", "properties"}
        assert feature["type"] == "Feature"
        row = feature["properties"]
        if row["city_en"] == "Wuhan":
            assert feature["geometry"] is None
        else:
            position = [row["city_longitude"], row["city_latitude"]]
            assert feature["geometry"] == {"type": "Point", "coordinates": position}
    assert client.get("/data/partnerships.geojson")["Content-Type"] == "application/geo+json"
