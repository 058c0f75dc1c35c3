"""The first page, and the way to it."""

import datetime

import pytest

from partnerships.models import Agreement
from tests import factories
from tests.pages import Page

pytestmark = [pytest.mark.django_db, pytest.mark.markup]


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


@pytest.mark.parametrize(
    ("language", "dated", "disputed", "lead"),
    [
        ("en", 0, 0, "In three countries. No date of signing is known."),
        (
            "en",
            1,
            1,
            "In three countries. The date of signing is known for one of three agreements. Sources disagree on one.",
        ),
        (
            "en",
            2,
            2,
            "In three countries. The date of signing is known for two of three agreements. Sources disagree on two.",
        ),
        ("en", 3, 0, "In three countries. Every date of signing is known."),
        ("fa", 2, 1, "در سه کشور. تاریخ امضای دو پیمان از سه پیمان معلوم است. منابع درباره یک پیمان اختلاف دارند."),
    ],
)
def test_lead_tells_where_and_how_much_is_known(client, language, dated, disputed, lead):
    for number, country in enumerate(("TR", "AZ", "DE")):
        signed = {"status": "in_force", "signed": "AD 2009"} if number < dated else {}
        verification = "disputed" if number < disputed else "press"
        factories.agreement(True, partner=factories.city(country=country), verification=verification, **signed)
    factories.agreement(status="in_force", signed="AD 2011", verification="disputed")
    (told,) = see(client, language).of_class("hero__lead")
    assert told.words == lead


def test_lead_of_one_country(client):
    partner = factories.istanbul()
    factories.agreement(True, partner=partner)
    (told,) = see(client).of_class("hero__lead")
    assert told.words == "In one country. No date of signing is known."


def test_lead_of_an_empty_register_says_what_it_will_hold(client):
    (told,) = see(client).of_class("hero__lead")
    assert told.words == "With which city, since when, on what basis, and who says so."


def test_figures_count_what_is_published(client, register):
    (figures,) = see(client).of_class("figures")
    assert [one.words for one in figures.all if one.name == "dd"] == [
        "2 partner cities",
        "2 countries",
        "2 of 3 are sister-city agreements, the other is of another kind",
        "1 of 3 have a date of signing given by a source",
        "1389 the earliest signing whose date no source disputes: Istanbul, 1389 (March 2010 – March 2011)",
    ]


def test_figures_in_persian(client, register):
    (figures,) = see(client, "fa").of_class("figures")
    assert [one.words for one in figures.all if one.name == "dd"] == [
        "۲ شهر طرف پیمان",
        "۲ کشور",
        "۲ از ۳ خواهرخواندگی‌اند و یکی از نوعی دیگر است",
        "۱ از ۳ تاریخ امضایشان به گفته یک منبع معلوم است",
        "۱۳۸۹ نخستین امضایی که منابع در تاریخ آن اختلافی ندارند: استانبول، ۱۳۸۹ (مارس ۲۰۱۰ – مارس ۲۰۱۱)",
    ]


@pytest.mark.parametrize(
    ("language", "others", "words"),
    [
        ("en", 0, "1 of 1 are sister-city agreements"),
        ("en", 1, "1 of 2 are sister-city agreements, the other is of another kind"),
        ("en", 2, "1 of 3 are sister-city agreements, the others are of another kind"),
        ("fa", 2, "۱ از ۳ خواهرخواندگی‌اند و باقی از نوعی دیگرند"),
    ],
)
def test_kinds_are_told_by_their_number(client, language, others, words):
    factories.agreement(True)
    for _number in range(others):
        factories.agreement(True, kind="friendship")
    (figures,) = see(client, language).of_class("figures")
    assert [one.words for one in figures.all if one.name == "dd"][2] == words


def test_first_signing_is_the_first_that_no_source_disputes(client):
    factories.agreement(True, status="in_force", signed="SH 1387", verification="disputed")
    factories.agreement(True, status="in_force", signed="AD 2011")
    kazan = factories.city(name_en="Kazan", name_fa="قازان")
    factories.agreement(True, partner=kazan, status="in_force", signed="AD 2009")
    factories.agreement(partner=kazan, kind="project", status="in_force", signed="AD 1990")
    (figures,) = see(client).of_class("figures")
    assert [one.words for one in figures.all if one.name == "dd"][-1] == (
        "2009 the earliest signing whose date no source disputes: Kazan, 2009 (Dey 1387 – Dey 1388)"
    )


# --- The map -------------------------------------------------------------------------------------------


def test_map_shows_every_partner_with_its_way_and_its_page(client, register):
    wide, near = see(client).of_class("map__drawing")
    for drawing in (wide, near):
        assert (drawing["role"], drawing["aria-label"]) == ("group", "Map of the partner cities of Tabriz")
        places = drawing.of_class("map__place")
        assert [(one["href"], one["aria-label"], one.words) for one in places] == [
            ("/en/cities/baku/", "Baku, 402 km, north-east of Tabriz", "Baku"),
            ("/en/cities/istanbul/", "Istanbul, 1,520 km, west of Tabriz", "Istanbul"),
        ]
        assert [one.words for one in drawing.of_class("map__home-label")] == ["Tabriz"]
        assert len(drawing.of_class("map__arc")) == 2


def test_partners_too_close_to_tell_apart_lead_to_the_map_that_does(client, register):
    factories.agreement(True, partner=factories.city(name_en="Üsküdar", latitude=41.02, longitude=29.0))
    wide, _near = see(client, "fa").of_class("map__drawing")
    (cluster,) = wide.of_class("map__place--cluster")
    assert (cluster.words, cluster["aria-label"].partition(":")[0]) == ("۲", "۲ شهر")
    assert cluster["href"].startswith("/fa/partnerships/?view=map&zoom=")


def test_land_below_the_map_is_found(client, register):
    lands = see(client).of_class("map__land")
    assert [(one["alt"], one["loading"], one["width"], one["height"]) for one in lands] == [
        ("", "lazy", "2240", "780"),
        ("", "lazy", "800", "680"),
    ]
    assert [client.get(one["src"]).status_code for one in lands] == [200, 200]


def test_key_explains_what_the_map_shows_and_no_more(client):
    factories.agreement(True, partner=factories.istanbul())
    (key,) = see(client).of_class("map__key")
    assert [one.words for one in key.all if one.name == "li"] == [
        "Sister city",
        "Distances and directions are true from Tabriz",
    ]
    factories.agreement(True, partner=factories.baku(), kind="friendship", verification="disputed")
    (key,) = see(client, "fa").of_class("map__key")
    assert [one.words for one in key.all if one.name == "li"] == [
        "خواهرخواندگی",
        "دوستی و همکاری",
        "منابع اختلاف دارند",
        "فاصله و جهت هر شهر از تبریز درست است",
    ]
    wide = see(client).of_class("map__drawing")[0]
    assert len(wide.of_class("map__arc--friendship")) == 1
    assert len(wide.of_class("map__dot--disputed")) == 1


def test_register_without_places_keeps_its_ornament(client):
    factories.agreement(True, partner=factories.city(latitude=None, longitude=None))
    page = see(client)
    assert (len(page.of_class("map")), len(page.of_class("hero__ornament"))) == (0, 1)


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
    assert [one.words for one in page.section("partners-title").of_class("more")] == [
        "All partnerships, with search and filters"
    ]


def test_of_more_partners_the_first_are_shown_with_a_way_to_all(client):
    for _number in range(31):
        factories.agreement(True)
    page = see(client)
    assert len(page.of_class("entry")) == 24
    assert [one.words for one in page.section("partners-title").of_class("more")] == [
        "All partnerships, with search and filters",
        "All 31 partner cities",
    ]


# --- The rest ------------------------------------------------------------------------------------------


def test_domains_come_from_the_register_and_lead_to_their_pages(client, register):
    factories.domain("tourism", name_en="tourism", position=2)
    factories.domain("cultural", name_en="cultural", position=1)
    (domains,) = see(client).of_class("words")
    assert [(one["href"], one.words) for one in domains.all if one.name == "a"] == [
        ("/en/domains/cultural/", "Cultural"),
        ("/en/domains/tourism/", "Tourism"),
    ]


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


def test_latest_publications_are_at_most_three(client, register):
    for number in range(7):
        factories.source(register[0], publisher_en=f"Paper {number}", issued=f"AD 201{number}")
    latest = see(client).section("latest-title")
    assert [one.words.split(" Paper ")[1] for one in latest.all if one["class"] == "changes__item"] == list("654")


def changed(agreement, day, published=None):
    """Let the agreement be published and changed last at noon of a day."""
    at = datetime.datetime.fromisoformat(f"{day}T12:00+00:00")
    first = datetime.datetime.fromisoformat(f"{published}T12:00+00:00") if published else at
    Agreement.objects.filter(pk=agreement.pk).update(updated_at=at, published_at=first)


def test_latest_changes_tell_what_was_published_and_what_was_corrected(client, register):
    first, second, third = register
    changed(first, "2026-11-20", published="2026-01-01")
    changed(second, "2026-11-18")
    changed(third, "2026-11-18")
    changes = see(client).section("changes-title")
    assert [one.words for one in changes.all if one["class"] == "changes__item"] == [
        "20 November 2026 (29 Aban 1405) Corrected: Istanbul",
        "18 November 2026 (27 Aban 1405) Published: Baku, Baku",
    ]
    changes = see(client, "fa").section("changes-title")
    assert [one.words for one in changes.all if one["class"] == "changes__item"] == [
        "۲۹ آبان ۱۴۰۵ (۲۰ نوامبر ۲۰۲۶) اصلاح شد: استانبول",
        "۲۷ آبان ۱۴۰۵ (۱۸ نوامبر ۲۰۲۶) منتشر شد: باکو، باکو",
    ]


def test_of_many_changes_of_a_day_the_first_are_named(client):
    for number in range(8):
        made = factories.agreement(True, partner=factories.city(name_en=f"City {number}", name_fa=f"شهر {number}"))
        changed(made, "2026-11-18")
    changes = see(client).section("changes-title")
    assert [one.words for one in changes.all if one["class"] == "changes__item"] == [
        "18 November 2026 (27 Aban 1405) Published: City 7, City 6, City 5, City 4, City 3, City 2 and others"
    ]


def test_latest_changes_are_at_most_three(client):
    for day in range(10, 16):
        changed(factories.agreement(True), f"2026-11-{day}")
    changes = see(client).section("changes-title")
    days = [one.words[:2] for one in changes.all if one["class"] == "changes__item"]
    assert days == ["15", "14", "13"]


def test_first_page_leads_on(client, register):
    (doors,) = see(client).of_class("doors")
    assert [one["href"] for one in doors.all if one.name == "a"] == [
        "/en/partnerships/",
        "/en/statistics/",
        "/en/open-data/",
        "/en/about/",
    ]


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
