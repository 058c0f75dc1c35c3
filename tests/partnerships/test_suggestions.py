"""What the search box offers: found in any script, marked, published, few, and cheap."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from partnerships.suggestions import suggestions
from sistercities.text import fold_terms, marked
from tests import factories
from tests.pages import Page

pytestmark = pytest.mark.django_db


def offered(client, text, language="en"):
    """The options for a text: each its words and where it leads."""
    address = f"/{language}/partnerships/suggest/"
    response = client.get(address, {"q": text})
    assert response.status_code == 200
    page = Page(address, response.content.decode())
    assert page.faults == []
    return [(one.words, one["href"]) for one in page.of_class("suggestion")]


def marks(client, text, language="en"):
    """What is marked as found."""
    response = client.get(f"/{language}/partnerships/suggest/", {"q": text})
    return [one.words for one in Page("", response.content.decode()).named("mark")]


@pytest.fixture
def register():
    """Istanbul and Baku with an agreement each, and cities of a draft and of a withdrawn one."""
    factories.agreement(True, partner=factories.istanbul(), summary_fa="پل میان دو قاره", summary_en="A bridge")
    factories.agreement(True, partner=factories.baku(), status="in_force", signed="AD 2009")
    factories.agreement(partner=factories.city(name_fa="باتومی", name_en="Batumi"))
    factories.agreement(withdrawn=True, partner=factories.city(name_fa="باری", name_en="Bari"))
    factories.agreement(partner=factories.istanbul(), kind="contact", summary_en="A secret bridge")


@pytest.mark.parametrize("text", ["baku", "BAKÜ", "bakı", "باکو", "باكو", "ba‌ku", "  ba  "])
@pytest.mark.parametrize(("language", "words"), [("en", "Baku{} Azerbaijan"), ("fa", "باکو{} جمهوری آذربایجان")])
def test_city_is_offered_in_any_script_and_spelling(client, register, language, words, text):
    (found,) = offered(client, text, language)
    shown = words.split("{}")
    assert found[0].startswith(shown[0])
    assert found[0].endswith(shown[1])
    assert found[1] == f"/{language}/cities/baku/"


@pytest.mark.parametrize(
    ("text", "words", "found"),
    [
        ("constan", "Istanbul · Constantinople Türkiye", ["Constan"]),
        ("قسطن", "Istanbul · قسطنطنیه Türkiye", ["قسطن"]),
        ("istan", "Istanbul Türkiye", ["Istan"]),
        ("stan", "Istanbul Türkiye", ["stan"]),
        ("turkiye", "Istanbul Türkiye", ["Türkiye"]),
        ("ist turk", "Istanbul Türkiye", ["Ist", "Türk"]),
    ],
)
def test_name_that_was_found_is_shown_and_marked(client, register, text, words, found):
    assert offered(client, text) == [(words, "/en/cities/istanbul/")]
    assert marks(client, text) == found


def test_agreement_is_offered_by_its_own_words(client, register):
    assert offered(client, "sister-city agreement baku") == [
        ("Sister-city agreement of Tabriz and Baku Agreement no. 2", "/en/partnerships/2/")
    ]
    assert marks(client, "sister-city agreement baku") == ["Sister-city", "agreement", "Baku"]
    assert offered(client, "bridge") == [
        ("Sister-city agreement of Tabriz and Istanbul Agreement no. 1, found in its text", "/en/partnerships/1/")
    ]


@pytest.mark.parametrize("text", ["batumi", "باتومی", "bari", "secret", "contact"])
@pytest.mark.parametrize("language", ["fa", "en"])
def test_drafts_and_withdrawn_agreements_are_not_offered(client, register, language, text):
    assert offered(client, text, language) == []


def test_names_that_begin_so_come_first(client):
    for name in ("Upper Konya", "Konyaalti", "Konya", "Bekonya"):
        factories.agreement(True, partner=factories.city(name_en=name, name_fa=f"شهر {name}"))
    assert [words.split(" · ")[0] for words, _url in offered(client, "konya")] == [
        "Konya Türkiye",
        "Konyaalti Türkiye",
        "Bekonya Türkiye",
        "Upper Konya Türkiye",
    ]


@pytest.mark.parametrize("text", ["", " ", "\0", "!?", "‌"])
def test_nothing_to_search_for_offers_nothing(client, register, text):
    assert offered(client, text) == []


@pytest.mark.parametrize(
    ("language", "words"), [("en", ["1 suggestion", "0 suggestions"]), ("fa", ["۱ پیشنهاد", "۰ پیشنهاد"])]
)
def test_number_is_told(client, register, language, words):
    for text, told in zip(("baku", "atlantis"), words, strict=True):
        page = Page("", client.get(f"/{language}/partnerships/suggest/", {"q": text}).content.decode())
        assert page.one("p").words == told


def test_endless_text_is_cut(client, register):
    assert offered(client, "baku " * 5000) == offered(client, "baku")


def test_only_reading_is_answered(client):
    assert client.post("/en/partnerships/suggest/").status_code == 405


@pytest.mark.parametrize("count", [1, 40])
def test_few_are_offered_for_few_queries(count):
    for number in range(count):
        factories.agreement(True, partner=factories.city(name_en=f"Nova {number}", name_fa=f"نوا {number}"))
    with override("en"), CaptureQueriesContext(connection) as queries:
        found = suggestions("nov")
    assert len(found) == min(count, 8)
    assert len(queries) == (2 if count == 1 else 1)


@pytest.mark.parametrize(
    ("text", "query", "pieces"),
    [
        ("Istanbul", "stan", [("I", False), ("stan", True), ("bul", False)]),
        ("BAKÜ", "baku", [("BAKÜ", True)]),
        ("خواهر\u200cخواندگی", "خواهرخوا", [("خواهر\u200cخوا", True), ("ندگی", False)]),
        ("Straße", "ss", [("Stra", False), ("ß", True), ("e", False)]),
        ("Sister city", "city sis", [("Sis", True), ("ter ", False), ("city", True)]),
        ("Baku", "kazan", [("Baku", False)]),
        ("", "kazan", []),
        ("e\u0301tude", "etu", [("e\u0301tu", True), ("de", False)]),
    ],
)
def test_marked_pieces_are_what_was_found(text, query, pieces):
    assert marked(text, fold_terms(query)) == pieces
