"""What search engines are told: the sitemap, robots.txt, and what is not to be found."""

import re
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from partnerships.models import Agreement
from sistercities import sitemaps
from tests import factories
from tests.pages import Page

pytestmark = pytest.mark.django_db

NAMES = {"s": sitemaps.SITEMAP, "x": "http://www.w3.org/1999/xhtml"}


def xml(client, address):
    """The answer as XML."""
    response = client.get(address)
    assert response.status_code == 200
    assert response["Content-Type"] == "application/xml; charset=utf-8"
    return ElementTree.fromstring(response.getvalue())


def locations(root):
    """The addresses that a sitemap or an index names."""
    return [one.text for one in root.findall("*/s:loc", NAMES)]


def everything(client):
    """Every entry of every file: the address, its translations, and when it changed."""
    found = {}
    for file in locations(xml(client, "/sitemap.xml")):
        for url in xml(client, file).findall("s:url", NAMES):
            links = {one.get("hreflang"): one.get("href") for one in url.findall("x:link", NAMES)}
            found[url.findtext("s:loc", namespaces=NAMES)] = links, url.findtext("s:lastmod", namespaces=NAMES)
    return found


def test_empty_register_has_its_pages_alone(client):
    assert locations(xml(client, "/sitemap.xml")) == ["http://testserver/sitemap-pages-1.xml"]


def test_sections_are_bounded(client, monkeypatch):
    monkeypatch.setattr(sitemaps, "PER_FILE", 2)
    for _each in range(5):
        factories.agreement(published=True)
    files = [one for one in locations(xml(client, "/sitemap.xml")) if "partnerships" in one]
    assert files == [f"http://testserver/sitemap-partnerships-{number}.xml" for number in (1, 2, 3)]
    assert [len(locations(xml(client, file))) for file in files] == [4, 4, 2]
    assert client.get("/sitemap-partnerships-4.xml").status_code == 404


@pytest.mark.parametrize("number", ["0", "2", "9" * 18, "9" * 40, "9" * 5000])
def test_file_that_no_section_has_is_not_there(client, number):
    factories.agreement(published=True)
    assert client.get(f"/sitemap-partnerships-{number}.xml").status_code == 404


def test_full_file_is_no_larger_than_the_protocol_allows():
    assert sitemaps.PER_FILE * 2 <= 50_000


def test_sitemap_costs_the_same_for_many(client):
    costs = []
    for count in (1, 40):
        while Agreement.objects.count() < count:
            factories.agreement(published=True)
        with CaptureQueriesContext(connection) as queries:
            everything(client)
        costs.append(len([one for one in queries if not one["sql"].startswith(("DECLARE", "FETCH", "CLOSE"))]))
    assert costs[0] == costs[1] <= 18  # six files, each asked for by its revision


def test_lastmod_of_a_city_follows_its_agreements(client):
    made = factories.agreement(published=True, partner=factories.baku())
    made.save()
    (_links, changed) = everything(client)["http://testserver/en/cities/baku/"]
    made.refresh_from_db()
    assert changed == made.updated_at.isoformat(timespec="seconds")
    assert everything(client)[f"http://testserver/fa/partnerships/{made.number}/"][1] == changed


@pytest.mark.parametrize(
    "address", ["/sitemap-x-1.xml", "/sitemap-pages-2.xml", "/sitemap-cities-0.xml", "/sitemap-pages-1.xm"]
)
def test_there_is_no_other_file(client, address):
    assert client.get(address).status_code == 404


def test_sitemap_names_every_page_once_in_each_language(tabriz, client):
    found = everything(client)
    assert [address for address in found if client.get(address).status_code != 200] == []
    for address, (links, _changed) in found.items():
        page = Page(address, client.get(address).content.decode())
        named = {one["hreflang"]: one["href"] for one in page.named("link") if one["hreflang"]}
        assert links == named, address
    partnerships = [one for one in found if re.search(r"/fa/partnerships/\d+/$", one)]
    assert len(partnerships) == Agreement.objects.published().count() == 12
    assert len([one for one in found if "/en/cities/" in one]) == 12


@pytest.mark.parametrize(
    "hidden", ["/partnerships/13/", "/cities/bursa/", "/cities/tabriz/", "/staff/", "/accounts/login/"]
)
def test_what_is_not_public_stands_in_no_sitemap(tabriz, client, hidden):
    assert [address for address in everything(client) if address.endswith(hidden)] == []


def test_head_of_the_sitemap_sends_nothing(tabriz, client):
    for address in ("/sitemap.xml", "/sitemap-partnerships-1.xml"):
        response = client.head(address)
        assert (response.status_code, response.getvalue()) == (200, b"")
        assert client.post(address).status_code == 405


def test_robots_are_told_what_is_none_of_their_business(tabriz, client):
    response = client.get("/robots.txt")
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert response.content.decode().splitlines() == [
        "User-agent: *",
        "Disallow: /admin/",
        "Disallow: /language/",
        "Disallow: /fa/staff/",
        "Disallow: /fa/accounts/login/",
        "Disallow: /fa/accounts/logout/",
        "Disallow: /en/staff/",
        "Disallow: /en/accounts/login/",
        "Disallow: /en/accounts/logout/",
        "",
        "Sitemap: http://testserver/sitemap.xml",
    ]


@pytest.mark.parametrize(
    "address",
    ["/robots.txt", "/sitemap.xml", "/sitemap-pages-1.xml", "/feeds/partnerships.atom", "/data/partnerships.json"],
)
def test_addresses_are_those_of_the_host_that_was_asked(tabriz, client, address):
    for host in ("localhost", "127.0.0.1"):
        response = client.get(address, headers={"Host": host})
        body = (response.getvalue() if response.streaming else response.content).decode()
        assert f"http://{host}/" in body
        assert "http://testserver/" not in body
    assert client.get(address, headers={"Host": "evil.example"}).status_code == 400


@pytest.mark.parametrize("language", ["fa", "en"])
def test_filtered_lists_are_not_to_be_found_and_lead_to_the_whole(tabriz, client, language):
    def told(query):
        page = Page("/", client.get(f"/{language}/partnerships/{query}").content.decode())
        robots = [one["content"] for one in page.named("meta") if one["name"] == "robots"]
        return robots, [one["href"] for one in page.named("link") if one["rel"] == "canonical"]

    whole = f"http://testserver/{language}/partnerships/"
    assert told("") == ([], [whole])
    assert told("?country=TR") == (["noindex, follow"], [whole])


def test_staff_pages_are_not_to_be_found(accounts):
    for address in ("/en/staff/", "/fa/staff/partnerships/", "/fa/staff/partnerships/13/preview/"):
        assert accounts["manager"].get(address)["X-Robots-Tag"] == "noindex"
    assert "X-Robots-Tag" not in accounts["visitor"].get("/en/")
