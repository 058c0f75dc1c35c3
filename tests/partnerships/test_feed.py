"""The feed of the latest changes."""

import re
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from partnerships.models import Agreement
from tests import factories

pytestmark = pytest.mark.django_db

ATOM = {"atom": "http://www.w3.org/2005/Atom"}


def feed(client, query=""):
    """The feed as XML."""
    response = client.get(f"/feeds/partnerships.atom{query}")
    assert response.status_code == 200
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    return ElementTree.fromstring(response.content)


def texts(root, path):
    """The texts of the elements at `path`."""
    return [one.text for one in root.findall(path, ATOM)]


def test_feed_ends_after_fifty_entries_and_costs_the_same(client):
    costs = []
    for count in (1, 60):
        while Agreement.objects.count() < count:
            factories.agreement(published=True)
        with CaptureQueriesContext(connection) as queries:
            root = feed(client)
        costs.append(len(queries))
        assert len(root.findall("atom:entry", ATOM)) == min(count, 50)
    assert costs == [4, 4]  # the revision among them


def test_feed_of_nothing_is_valid(client):
    root = feed(client)
    assert root.findall("atom:entry", ATOM) == []
    assert len(texts(root, "atom:updated")) == 1
    assert texts(root, "atom:author/atom:name")[0]


def test_markup_in_a_name_stays_text(client):
    factories.agreement(published=True, name_en="<b>&amp; ]]> \x0b", name_fa="«<i>»")
    (entry,) = feed(client, "?lang=en").findall("atom:entry", ATOM)
    assert texts(entry, "atom:title") == ["<b>&amp; ]]>"]


def test_feed_has_everything_that_atom_asks_for(tabriz, client):
    root = feed(client, "?country=TR&lang=en")
    assert texts(root, "atom:title") == ["Sister Cities of Tabriz: latest changes"]
    assert texts(root, "atom:author/atom:name") == ["Municipality of Tabriz"]
    links = {one.get("rel"): one.get("href") for one in root.findall("atom:link", ATOM)}
    assert links == {
        "self": "http://testserver/feeds/partnerships.atom?country=TR&lang=en",
        "alternate": "http://testserver/en/partnerships/?country=TR",
    }
    assert texts(root, "atom:id") == [links["self"]]
    for path in ("atom:entry", "atom:entry/atom:id", "atom:entry/atom:title", "atom:entry/atom:updated"):
        assert len(root.findall(path, ATOM)) == 4
    stamp = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?\+00:00"
    assert [text for text in texts(root, ".//atom:updated") if not re.fullmatch(stamp, text)] == []
    assert max(texts(root, "atom:entry/atom:updated")) == texts(root, "atom:updated")[0]


def test_entry_says_what_the_register_knows(tabriz, client):
    (entry,) = feed(client, "?q=wuhan&lang=en").findall("atom:entry", ATOM)
    assert texts(entry, "atom:title") == ["Friendship and cooperation agreement of Tabriz and Wuhan"]
    assert texts(entry, "atom:summary") == [
        "Friendship and cooperation, in force. Signed: Khordad 1395 (May–June 2016). Verification: press. Revision 1."
    ]
    (link,) = [one.get("href") for one in entry.findall("atom:link", ATOM)]
    assert link == "http://testserver/en/partnerships/12/"
    day = Agreement.objects.get(number=12).published_at.date()
    assert texts(entry, "atom:id") == [f"tag:testserver,{day}:/en/partnerships/12/"]


@pytest.mark.parametrize(
    ("query", "language", "title"), [("", "fa", "تبریز"), ("?lang=fa", "fa", "تبریز"), ("?lang=en", "en", "Tabriz")]
)
def test_feed_has_the_language_of_its_address_and_not_of_the_browser(tabriz, client, query, language, title):
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en" if language == "fa" else "fa"
    root = feed(client, query)
    assert root.get("{http://www.w3.org/XML/1998/namespace}lang") == language
    assert title in texts(root, "atom:title")[0]
    assert [title in text for text in texts(root, "atom:entry/atom:title")] == [True] * 12


def test_latest_change_stands_first_and_an_id_never_changes(tabriz, client):
    before = texts(feed(client), "atom:entry/atom:id")
    changed = Agreement.objects.get(number=3)
    changed.summary_fa = "تازه"
    changed.save()
    after = feed(client)
    assert texts(after, "atom:entry/atom:id")[0].endswith("/fa/partnerships/3/")
    assert sorted(texts(after, "atom:entry/atom:id")) == sorted(before)
    assert "ویرایش ۲" in texts(after, "atom:entry/atom:summary")[0]


def test_reader_that_has_the_feed_is_told_so(tabriz, client):
    mark = client.get("/feeds/partnerships.atom")["ETag"]
    again = client.get("/feeds/partnerships.atom", headers={"If-None-Match": mark})
    assert (again.status_code, again.content) == (304, b"")
    agreement = Agreement.objects.get(number=3)
    agreement.save()
    assert client.get("/feeds/partnerships.atom", headers={"If-None-Match": mark}).status_code == 200


@pytest.mark.parametrize("address", ["/", "/partnerships/", "/open-data/"])
def test_pages_lead_to_their_feed(tabriz, client, address):
    for language, end in (("fa", ""), ("en", "?lang=en")):
        page = client.get(f"/{language}{address}").content.decode()
        found = re.findall(r'<link rel="alternate" type="application/atom\+xml"[^>]* href="([^"]*)"', page)
        assert found == [f"/feeds/partnerships.atom{end}"]


def test_list_leads_to_the_feed_of_its_filters(tabriz, client):
    page = client.get("/en/partnerships/?country=TR&kind=sister&page=1").content.decode()
    (found,) = re.findall(r'<link rel="alternate" type="application/atom\+xml"[^>]* href="([^"]*)"', page)
    assert found.replace("&amp;", "&") == "/feeds/partnerships.atom?kind=sister&country=TR&lang=en"
