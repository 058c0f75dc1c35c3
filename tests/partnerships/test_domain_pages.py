"""The pages of the domains of cooperation."""

import pytest

from partnerships.models import Domain
from tests import factories
from tests.pages import Page

pytestmark = pytest.mark.django_db


def see(client, address, language="en", status=200):
    """The page at the address in a language."""
    response = client.get(f"/{language}{address}")
    assert response.status_code == status
    return Page(f"/{language}{address}", response.content.decode())


@pytest.fixture
def domains() -> dict[str, Domain]:
    """Culture with two published agreements, a draft and a withdrawn one; sport with a draft alone."""
    culture = factories.domain(
        "culture", name_fa="فرهنگ", name_en="culture", text_fa="هنر.", text_en="The arts.", position=1
    )
    sport = factories.domain("sport", name_fa="ورزش", name_en="sport", position=2)
    for agreement in (
        factories.agreement(True, partner=factories.istanbul()),
        factories.agreement(True, partner=factories.baku()),
        factories.agreement(partner=factories.city(name_en="Bursa")),
        factories.agreement(withdrawn=True, partner=factories.city(name_en="Izmir")),
    ):
        agreement.domains.add(culture)
    factories.agreement(partner=factories.city(name_en="Konya")).domains.add(sport)
    return {"culture": culture, "sport": sport}


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", ["Culture", "The arts."]), ("fa", ["فرهنگ", "هنر."])],
)
def test_page_says_what_the_domain_is(client, domains, language, words):
    page = see(client, "/domains/culture/", language)
    assert [page.one("h1").words, *(one.words for one in page.of_class("lead"))] == words


def test_page_shows_published_agreements_and_their_cities_alone(client, domains):
    page = see(client, "/domains/culture/")
    links = [one["href"] for one in page.section("agreements").all if one.name == "a"]
    assert links == ["/en/partnerships/1/", "/en/partnerships/2/", "/en/partnerships/?domain=culture"]
    assert [one.words for one in page.of_class("entry__name")] == ["Baku", "Istanbul"]
    assert [name for name in ("Bursa", "Izmir", "Konya") if name in page.html] == []


def test_page_counts_what_is_published_and_leads_to_the_other_domains(client, domains):
    page = see(client, "/domains/sport/")
    assert [one.words for one in page.section("agreements").all if one["class"] == "date--unknown"] == [
        "No source places a published agreement in this domain. That does not mean that nothing has been done."
    ]
    assert page.section("cities") is None
    others = [one for one in page.section("others").all if one.name == "li"]
    assert [one.words for one in others] == ["Culture 2 agreements"]
    assert [one["href"] for one in page.section("others").all if one.name == "a"] == ["/en/domains/culture/"]


def test_many_agreements_are_left_to_the_list(client):
    domain = factories.domain()
    for _number in range(51):
        factories.agreement(True).domains.add(domain)
    page = see(client, "/domains/cultural/")
    assert len(page.of_class("ledger__number")) == 50
    assert len(page.of_class("entry")) == 12
    (more,) = [one for one in page.section("agreements").all if one["class"] == "more"]
    assert more.words == "All 51 in the list, with filters"


@pytest.mark.parametrize(
    ("language", "lines"),
    [
        ("en", ["Culture The arts. 2 agreements", "Sport none on record"]),
        ("fa", ["فرهنگ هنر. ۲ پیمان", "ورزش هنوز ثبت نشده"]),
    ],
)
def test_list_counts_what_is_published(client, domains, language, lines):
    page = see(client, "/domains/", language)
    (box,) = page.of_class("glossary")
    parts = [one for one in box.children if not isinstance(one, str)]
    assert [f"{one.children[0].words} {one.children[1].words}" for one in parts] == lines


def test_empty_list_says_so(client):
    assert [one.words for one in see(client, "/domains/").of_class("empty__title")] == [
        "No domain of cooperation is recorded yet"
    ]


def test_unknown_domain_is_not_there(client):
    see(client, "/domains/nothing/", status=404)


def test_agreement_and_city_lead_to_the_domain(client, domains):
    for address in ("/partnerships/1/", "/cities/istanbul/"):
        assert "/en/domains/culture/" in [one["href"] for one in see(client, address).named("a")]
