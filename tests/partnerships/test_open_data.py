"""The page about the open data, and the links to the downloads beside a list."""

import json
import re
from html import unescape

import pytest

from partnerships.downloads import COLUMNS, FORMATS
from tests import factories
from tests.pages import Page

pytestmark = pytest.mark.django_db


def page(client, address):
    """The page, parsed."""
    response = client.get(address)
    assert response.status_code == 200
    return Page(address, response.content.decode())


def links_to(parsed, beginning):
    """Where its links under an address lead."""
    return [unescape(one["href"]) for one in parsed.named("a") if one["href"].startswith(beginning)]


@pytest.mark.parametrize("language", ["fa", "en"])
def test_empty_register_explains_its_open_data(client, language):
    parsed = page(client, f"/{language}/open-data/")
    assert len(links_to(parsed, "/data/")) == 4


def test_page_of_a_register_without_a_home_city_speaks_of_the_municipality(client):
    assert "Municipality. “Register of Sister Cities: open data.”" in page(client, "/en/open-data/").document.words


@pytest.mark.parametrize("language", ["fa", "en"])
def test_page_explains_every_column(tabriz, client, language):
    (table,) = page(client, f"/{language}/open-data/").of_class("columns-of")
    listed = [one.words for row in table.all if row.name == "th" for one in row.all if one.name == "code"]
    dates = {name.removesuffix("_…") for name in listed if name.endswith("…")}
    expected = [
        column.name for column in COLUMNS if not re.match(rf"({'|'.join(dates)})_(?!fa|en|reason)", column.name)
    ]
    assert [name for name in listed if not name.endswith("…")] == expected
    assert dates == {"signed", "status_since", "in_force_from", "expires", "notice_by"}


def test_page_shows_how_dates_are_written(tabriz, client):
    parsed = page(client, "/en/open-data/")
    table = next(one for one in parsed.section("dates").all if one.name == "table")
    rows = [[cell.words for cell in row.all if cell.name in ("th", "td")] for row in table.all if row.name == "tr"]
    assert rows[0] == ["Column", "Meaning", "1387", "Khordad 1395", "2009", "13 April 2013"]
    assert {row[0]: row[3] for row in rows[1:]} == {
        "signed": "SH 1395-03",
        "signed_words": "خرداد ۱۳۹۵",
        "signed_first": "2016-05-21",
        "signed_last": "2016-06-20",
        "signed_calendar": "solar_hijri",
        "signed_precision": "month",
    }


@pytest.mark.parametrize(("language", "end"), [("fa", ""), ("en", "&lang=en")])
def test_downloads_of_the_page_carry_its_filters(tabriz, client, language, end):
    parsed = page(client, f"/{language}/open-data/?country=TR&kind=sister&page=1")
    asked = f"?kind=sister&country=TR{end}"
    assert links_to(parsed, "/data/") == [f"/data/partnerships.{extension}{asked}" for extension in FORMATS]
    assert links_to(parsed, "/feeds/") == [f"/feeds/partnerships.atom{asked}"]
    assert links_to(parsed, "/calendar/") == [f"/calendar/anniversaries.ics{asked}"]
    assert links_to(parsed, f"/{language}/partnerships/?") == [f"/{language}/partnerships/?kind=sister&country=TR"]
    (count,) = parsed.of_class("results__count")
    assert count.words.startswith({"fa": "۴ پیمان", "en": "4 partnerships"}[language])


def test_page_tells_what_it_does_not_understand_and_its_links_ask_for_the_rest(tabriz, client):
    parsed = page(client, "/en/open-data/?country=TR&country=XX&x=1")
    assert "“XX” is not a country code." in re.sub("[\u2068\u2069]", "", parsed.document.words)
    for link in links_to(parsed, "/data/"):
        assert link.endswith("?country=TR&lang=en")
        assert client.get(link).status_code == 200


@pytest.mark.parametrize("language", ["fa", "en"])
@pytest.mark.parametrize(
    "query", ["", "?country=TR&sort=city", "?signed_from=1387&signed_to=2009&page=1", "?view=timeline"]
)
def test_links_of_a_list_lead_to_the_files_of_the_same_agreements(tabriz, client, language, query):
    response = client.get(f"/{language}/partnerships/{query}")
    parsed = Page("/", response.content.decode())
    for link in links_to(parsed, "/data/partnerships.json"):
        rows = json.loads(client.get(link).getvalue())["agreements"]
        assert [row["number"] for row in rows] == [one.number for one in response.context["filter"].qs]
    assert len(links_to(parsed, "/data/partnerships.")) == 4


def test_list_of_nothing_offers_no_download(tabriz, client):
    assert links_to(page(client, "/en/partnerships/?q=zzz"), "/data/") == []


@pytest.mark.parametrize("language", ["fa", "en"])
def test_examples_of_addresses_are_answered(tabriz, client, language):
    parsed = page(client, f"/{language}/open-data/")
    addresses = [one.words for one in parsed.of_class("address")]
    assert len(addresses) == 5
    assert [address for address in addresses if client.get(address).status_code != 200] == []


def test_licence_stands_on_the_page_once_it_is_stated(tabriz, client, settings):
    settings.DATA_LICENCE = ""
    assert "The municipality has not stated a licence" in page(client, "/en/open-data/").document.words
    settings.DATA_LICENCE, settings.DATA_LICENCE_URL = "CC BY 4.0", "https://example.org/licence"
    parsed = page(client, "/en/open-data/")
    assert [one.words for one in parsed.named("a") if one["href"] == "https://example.org/licence"] == ["CC BY 4.0"]
    settings.DATA_LICENCE_URL = ""
    assert "CC BY 4.0 . Name the register" in page(client, "/en/open-data/").document.words.replace("4.0.", "4.0 .")


def test_drafts_are_in_no_count(tabriz, client):
    before = page(client, "/en/open-data/").of_class("results__count")[0].words
    factories.agreement()
    assert page(client, "/en/open-data/").of_class("results__count")[0].words == before
    assert before.startswith("12 partnerships, ")


@pytest.mark.parametrize("language", ["fa", "en"])
def test_navigation_leads_to_the_open_data(tabriz, client, language):
    found = [one for one in page(client, f"/{language}/").named("a") if one["href"] == f"/{language}/open-data/"]
    assert len(found) >= 3  # bar, menu and foot
    here = [one for one in page(client, f"/{language}/open-data/").named("a") if one["aria-current"] == "page"]
    assert {one["href"] for one in here} == {f"/{language}/open-data/"}
