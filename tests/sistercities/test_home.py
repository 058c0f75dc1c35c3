"""The first page, and the way to it."""

import pytest

from tests import factories
from tests.pages import Page

pytestmark = pytest.mark.django_db


def see(client, language="en"):
    """The first page."""
    response = client.get(f"/{language}/")
    assert response.status_code == 200
    return Page(f"/{language}/", response.content.decode())


@pytest.fixture
def register():
    """Three published agreements with two partners in two countries; a draft and a withdrawn one elsewhere."""
    istanbul, baku = factories.istanbul(), factories.baku()
    made = [
        factories.agreement(True, partner=istanbul, status="in_force", signed="SH 1389", verification="official"),
        factories.agreement(True, partner=baku, status="in_force"),
        factories.agreement(True, partner=baku, kind="project"),
    ]
    german = factories.city(name_en="Berlin", name_fa="برلین", country="DE")
    for hidden in (
        factories.agreement(partner=german, signed="AD 2009"),
        factories.agreement(withdrawn=True, partner=german, signed="AD 2009"),
    ):
        factories.source(hidden, says_en="A secret", publisher_en="Secret", issued="AD 2030")
    return made


# --- The bare address ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cookie", "accepts", "language"),
    [
        ("", "", "fa"),
        ("", "de-DE,de;q=0.9", "fa"),
        ("", "en-GB,en;q=0.9,fa;q=0.8", "en"),
        ("", "de,fa;q=0.5,en;q=0.1", "fa"),
        ("en", "fa", "en"),
        ("fa", "en", "fa"),
        ("xx", "en", "en"),
        ("", "*", "fa"),
        ("", "a" * 10_000, "fa"),
    ],
)
def test_start_leads_to_the_visitors_language(client, cookie, accepts, language):
    if cookie:
        client.cookies["django_language"] = cookie
    response = client.get("/", headers={"accept-language": accepts})
    assert (response.status_code, response["Location"]) == (302, f"/{language}/")
    assert {part.strip() for part in response["Vary"].split(",")} == {"Accept-Language", "Cookie"}


# --- The head ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "partners", "title"),
    [
        ("fa", 1, "تبریز و شهر هم‌پیمانش"),
        ("fa", 2, "تبریز و دو شهر هم‌پیمانش"),
        ("fa", 12, "تبریز و دوازده شهر هم‌پیمانش"),
        ("fa", 21, "تبریز و ۲۱ شهر هم‌پیمانش"),
        ("en", 1, "Tabriz and its partner city"),
        ("en", 12, "Tabriz and its twelve partner cities"),
        ("en", 20, "Tabriz and its twenty partner cities"),
        ("en", 21, "Tabriz and its 21 partner cities"),
    ],
)
def test_title_counts_the_partners(client, language, partners, title):
    for _number in range(partners):
        factories.agreement(True)
    factories.agreement()
    factories.agreement(withdrawn=True)
    page = see(client, language)
    assert page.one("h1").words == title
    assert page.one("title").words.startswith(title)


def test_figures_count_what_is_published(client, register):
    (figures,) = see(client).of_class("figures")
    assert [one.words for one in figures.all if one.name == "dd"] == [
        "2 partner cities",
        "2 countries",
        "2 of 3 are sister cities, the others partners of another kind",
        "1 of 3 have a date of signing that a source gives",
    ]


def test_figures_in_persian(client, register):
    (figures,) = see(client, "fa").of_class("figures")
    assert [one.words for one in figures.all if one.name == "dd"] == [
        "۲ شهر طرف پیمان",
        "۲ کشور",
        "۲ از ۳ خواهرخوانده‌اند و باقی، پیمانی از نوع دیگر دارند",
        "۱ از ۳ تاریخ امضایی دارند که منبعی آن را گفته است",
    ]


# --- The cards -----------------------------------------------------------------------------------------


def test_each_partner_has_one_card(client, register):
    cards = see(client).of_class("entry")
    assert [[part.words for part in card.children if not isinstance(part, str)] for card in cards] == [
        [
            "No. 2, No. 3",
            "Baku",
            "Azerbaijan باکو",
            "",
            "Sister city, date not known Unverified Project partnership, date not known Unverified",
        ],
        [
            "No. 1",
            "Istanbul",
            "Türkiye استانبول",
            "",
            "Sister city, 1389 (March 2010 – March 2011) Official",
        ],
    ]
    assert [one["aria-label"] for one in see(client).of_class("bearing")] == [
        "402 km, north-east of Tabriz",
        "1,520 km, west of Tabriz",
    ]


def test_up_to_thirty_partners_are_all_shown(client):
    for _number in range(30):
        factories.agreement(True)
    page = see(client)
    assert len(page.of_class("entry")) == 30
    assert [one.words for one in page.of_class("more")] == ["All partnerships, with filters"]


def test_of_more_partners_the_first_are_shown_with_a_way_to_all(client):
    for _number in range(31):
        factories.agreement(True)
    page = see(client)
    assert len(page.of_class("entry")) == 24
    assert [one.words for one in page.of_class("more")] == ["All partnerships, with filters", "All 31 partner cities"]


# --- The rest ------------------------------------------------------------------------------------------


def test_domains_and_plans_come_from_the_register(client, register):
    factories.domain("tourism", name_en="tourism", position=2)
    factories.domain("cultural", name_en="cultural", position=1)
    factories.provision(text_en="Strengthen its standing.")
    page = see(client)
    (domains,) = page.of_class("words")
    assert [one.words for one in domains.all if one.name == "li"] == ["Cultural", "Tourism"]
    (plans,) = page.of_class("provisions")
    assert plans.words == "Article 146, Strategic plan Strengthen its standing."


def test_latest_publications_are_named_once_each(client, register):
    first, second, third = register
    for agreement in register:
        factories.source(agreement, publisher_en="Borna", reference="30993020", issued="SH 1399-11-25")
    factories.source(
        second, publisher_en="Report", says_en="Being discussed.", issued="AD 2025-10-17", url="https://report.az/1"
    )
    factories.source(first, publisher_en="Undated")
    latest = see(client).section("latest-title")
    assert [one.words for one in latest.all if one["class"] == "changes__item"] == [
        "17 October 2025 (25 Mehr 1404) Baku: Being discussed. Report report.az/1",
        "25 Bahman 1399 (13 February 2021) About 3 partnerships Borna 30993020",
        "date not known Istanbul: The agreement was signed. Undated",
    ]


def test_latest_publications_are_at_most_five(client, register):
    for number in range(7):
        factories.source(register[0], publisher_en=f"Paper {number}", issued=f"AD 201{number}")
    latest = see(client).section("latest-title")
    assert [one.words.split(" Paper ")[1] for one in latest.all if one["class"] == "changes__item"] == list("65432")


@pytest.mark.parametrize(
    ("language", "heading", "empty"),
    [
        ("en", "The sister cities of Tabriz", "No partnership has been published yet"),
        ("fa", "شهرهای خواهرخوانده تبریز", "هنوز پیمانی منتشر نشده است"),
    ],
)
def test_empty_register_is_friendly(client, language, heading, empty):
    factories.agreement()
    page = see(client, language)
    assert page.one("h1").words == heading
    assert [one.words for one in page.of_class("empty__title")] == [empty]
    assert page.of_class("figures") == []


@pytest.mark.parametrize(("language", "heading"), [("en", "Sister cities"), ("fa", "شهرهای خواهرخوانده")])
def test_register_without_a_home_city_has_a_first_page(client, language, heading):
    assert see(client, language).one("h1").words == heading
