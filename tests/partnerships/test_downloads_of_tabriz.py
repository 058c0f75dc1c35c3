"""The downloads of Tabriz's register: what a row says, and what is answered to a wrong address."""

import json
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from partnerships.downloads import CELLS, FORMATS
from tests.downloads import csv_rows, fetched, xlsx_rows

pytestmark = pytest.mark.django_db


def test_every_format_says_the_same(tabriz, client):
    rows = json.loads(fetched(client, "json"))["agreements"]
    features = json.loads(fetched(client, "geojson"))["features"]
    assert [feature["properties"] for feature in features] == rows
    as_text = [
        {name: "" if row[name] is None else row[name] for name in row if name in {one.name for one in CELLS}}
        for row in rows
    ]
    joined = [
        {name: " | ".join(map(str, value)) if isinstance(value, list) else str(value) for name, value in row.items()}
        for row in as_text
    ]
    assert [
        {name: text.replace("\u200b", "") for name, text in row.items()} for row in csv_rows(fetched(client, "csv"))
    ] == joined
    sheet = [
        {name: "" if value is None else str(value) for name, value in row.items()}
        for row in xlsx_rows(fetched(client, "xlsx"))
    ]
    assert sheet == joined


def test_row_of_gaza_says_what_the_register_knows(tabriz, client):
    (gaza,) = json.loads(fetched(client, "json", "?q=gaza"))["agreements"]
    assert {name: gaza[name] for name in gaza if name.startswith("signed")} == {
        "signed": "SH 1387",
        "signed_words": "۱۳۸۷",
        "signed_first": "2008-03-20",
        "signed_last": "2009-03-20",
        "signed_calendar": "solar_hijri",
        "signed_precision": "year",
    }
    assert (gaza["number"], gaza["kind"], gaza["status"], gaza["verification"]) == (8, "sister", "in_force", "disputed")
    assert (gaza["city_fa"], gaza["city_en"], gaza["country"]) == ("غزه", "Gaza", "PS")
    assert gaza["url_fa"] == "http://testserver/fa/partnerships/8/"
    assert gaza["city_url_en"] == "http://testserver/en/cities/gaza/"
    assert gaza["source_count"] == len(gaza["source_list"]) > 1
    assert {source["stance"] for source in gaza["source_list"]} == {"supports", "contradicts"}
    claims = {source["signed_claim"]: source["signed_claim_first"] for source in gaza["source_list"]}
    assert claims["AD 2013-04-13"] == "2013-04-13"
    (resolution,) = gaza["resolution_list"]
    assert (resolution["decided"], resolution["number"]) == ("SH 1387", None)
    assert client.get(resolution["url_en"]).status_code == 200
    assert gaza["provisions"] == [one["key"] for one in gaza["provision_list"]]
    assert gaza["expires"] is None


# --- Wrong addresses -----------------------------------------------------------------------------------

WRONG = [
    "?country=XX",
    "?kind=sister&kind=x",
    "?x=1",
    "?signed_from=5",
    "?signed_from=1399&signed_to=1390",
    "?sort=x",
    "?lang=de",
    "?lang=fa&lang=en",
    "?q=!",
    "?sort=city&sort=number",
]


@pytest.mark.parametrize("query", WRONG)
def test_wrong_parameter_is_refused_in_both_languages(tabriz, client, query):
    with override("en"):
        sentence = "“\u2068XX\u2069” is not a country code."
    for extension in ("csv", "xlsx"):
        response = client.get(f"/data/partnerships.{extension}{query}")
        assert response.status_code == 400
        assert response["Content-Type"] == "text/plain; charset=utf-8"
        lines = response.content.decode().splitlines()
        assert len(lines) == 2
        assert re.search("[\u0600-\u06ff]", lines[0])
        assert not re.search("[\u0600-\u06ff]", lines[1])
        if query == "?country=XX":
            assert lines[1] == sentence
    for extension in ("json", "geojson"):
        response = client.get(f"/data/partnerships.{extension}{query}")
        assert response.status_code == 400
        told = json.loads(response.content)
        assert {name: len(sentences) for name, sentences in told.items()} == {"complaints_fa": 1, "complaints_en": 1}


@pytest.mark.parametrize("address", ["/feeds/partnerships.atom", "/calendar/anniversaries.ics"])
def test_feed_and_calendar_refuse_wrong_parameters_too(tabriz, client, address):
    response = client.get(f"{address}?country=XX&x=1")
    assert response.status_code == 400
    assert len(response.content.decode().splitlines()) == 4


def test_every_wrong_thing_is_named(tabriz, client):
    told = json.loads(client.get("/data/partnerships.json?country=XX&kind=y&x=1&lang=de").content)
    assert [len(told["complaints_fa"]), len(told["complaints_en"])] == [4, 4]


@pytest.mark.parametrize("extension", FORMATS)
def test_head_answers_as_get_and_sends_nothing(tabriz, client, extension):
    got, asked = client.get(f"/data/partnerships.{extension}"), client.head(f"/data/partnerships.{extension}")
    assert asked.status_code == 200
    assert asked.getvalue() == b""
    assert dict(asked.headers) == dict(got.headers)
    assert len(got.getvalue()) > 1000
    assert client.head(f"/data/partnerships.{extension}?x=1").status_code == 400


def test_head_asks_the_database_for_no_agreement(tabriz, client):
    with CaptureQueriesContext(connection) as queries:
        client.head("/data/partnerships.csv").getvalue()
    assert [query["sql"] for query in queries if "partnerships_source" in query["sql"]] == []


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_downloads_are_only_read(tabriz, client, method):
    assert getattr(client, method)("/data/partnerships.csv").status_code == 405


def test_scripts_of_other_sites_may_ask(tabriz, client):
    assert client.get("/data/partnerships.json")["Access-Control-Allow-Origin"] == "*"
    assert client.get("/data/partnerships.json?x=1")["Access-Control-Allow-Origin"] == "*"
