"""A partner city's page."""

import pytest
from django.utils.translation import override

from tests import factories
from tests.pages import Page

pytestmark = [pytest.mark.django_db, pytest.mark.markup]


def see(client, slug, language="en", status=200):
    """The page of the city with this address name."""
    address = f"/{language}/cities/{slug}/"
    response = client.get(address)
    assert response.status_code == status
    return Page(address, response.content.decode())


def facts(page):
    """The particulars: what is said of each."""
    (box,) = page.one("h1").parent.of_class("facts")
    names = [one.words for one in box.all if one.name == "dt"]
    return dict(zip(names, [one.words for one in box.all if one.name == "dd"], strict=True))


def test_head_gives_all_names_with_their_languages(client):
    factories.agreement(True, partner=factories.istanbul())
    page = see(client, "istanbul")
    assert page.one("title").words == "Istanbul, Türkiye – Sister Cities of Tabriz"
    assert page.one("h1").words == "Istanbul"
    (names,) = page.of_class("city-head__other")
    assert [(one["lang"], one["dir"], one.words) for one in names.all if one.name == "bdi"] == [
        ("fa", "rtl", "استانبول"),
        ("tr", "ltr", "İstanbul"),
    ]


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        (
            "en",
            [
                "In Persian استانبول",
                "In English Istanbul",
                "In its own language, Turkish İstanbul",
                "Former names and other spellings Constantinopleقسطنطنیه",
            ],
        ),
        (
            "fa",
            [
                "به فارسی استانبول",
                "به انگلیسی Istanbul",
                "به زبان خودش، ترکی استانبولی İstanbul",
                "نام‌های پیشین و نگارش‌های دیگر Constantinopleقسطنطنیه",
            ],
        ),
    ],
)
def test_names_stand_in_all_their_forms(client, language, expected):
    factories.agreement(True, partner=factories.istanbul())
    box = see(client, "istanbul", language).section("names")
    assert [
        f"{one.children[0].words} {one.children[-1].words}" for one in box.all if one.name == "div" and not one["class"]
    ] == expected


def test_name_in_a_language_that_is_not_recorded_says_no_language(client):
    factories.agreement(True, partner=factories.city(slug="some", name_local="Gence"))
    words = see(client, "some").section("names").words
    assert "In its own languageGence" in words
    assert "Former names" not in words


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        (
            "en",
            {
                "Country": "Türkiye",
                "From Tabriz": "1,520 km, west of Tabriz",
                "Population": "100,000 (2020)",
                "Coordinates": "41.01° north, 28.95° east",
                "Local time": "now , half an hour behind Tabriz Europe/Istanbul",
            },
        ),
        (
            "fa",
            {
                "کشور": "ترکیه",
                "از تبریز": "۱٬۵۲۰ کیلومتر، در غرب تبریز",
                "جمعیت": "۱۰۰٬۰۰۰ (۲۰۲۰)",
                "مختصات": "۴۱٫۰۱ درجه شمالی، ۲۸٫۹۵ درجه شرقی",
                "ساعت محلی": "اکنون ، نیم ساعت عقب‌تر از تبریز Europe/Istanbul",
            },
        ),
    ],
)
def test_particulars(client, language, expected):
    factories.agreement(True, partner=factories.istanbul())
    assert facts(see(client, "istanbul", language)) == expected


def test_unknown_particulars_are_said_in_words(client):
    bare = factories.city(
        slug="bare", latitude=None, longitude=None, population=None, population_year=None, time_zone=""
    )
    factories.agreement(True, partner=bare)
    page = see(client, "bare")
    assert facts(page) == {
        "Country": "Türkiye",
        "From Tabriz": "not known",
        "Population": "not known",
        "Coordinates": "not known",
        "Local time": "not known",
    }
    assert page.of_class("bearing") == []


def test_population_without_a_year_says_so(client):
    factories.agreement(True, partner=factories.city(slug="some", population_year=None))
    assert facts(see(client, "some"))["Population"] == "100,000 (year not known)"


@pytest.mark.parametrize(
    ("latitude", "longitude", "position"),
    [
        (-33.8688, 151.2093, "33.87° south, 151.21° east"),
        (-34.6, -58.38, "34.6° south, 58.38° west"),
        (40.71, -74.0, "40.71° north, 74.0° west"),
        (0.0, 0.0, "0.0° north, 0.0° east"),
    ],
)
def test_position_in_each_quarter_of_the_globe(latitude, longitude, position):
    city = factories.city(latitude=latitude, longitude=longitude)
    with override("en"):
        assert city.position == position


@pytest.mark.parametrize(
    ("language", "label", "said", "length"),
    [
        ("en", "Istanbul as seen from Tabriz", "Istanbul, 1,520 km, west of Tabriz", "1,520 km"),
        ("fa", "جای استانبول نسبت به تبریز", "استانبول، ۱٬۵۲۰ کیلومتر، در غرب تبریز", "۱٬۵۲۰ کیلومتر"),
    ],
)
def test_map_shows_the_city_with_its_distance_and_the_other_partners(client, language, label, said, length):
    factories.agreement(True, partner=factories.istanbul())
    factories.agreement(True, partner=factories.baku())
    factories.agreement(partner=factories.city(slug="draft"))
    (drawing,) = see(client, "istanbul", language).of_class("map__drawing")
    assert (drawing["role"], drawing["aria-label"]) == ("group", label)
    assert [one["href"] for one in drawing.of_class("map__place")] == [
        f"/{language}/cities/istanbul/",
        f"/{language}/cities/baku/",
    ]
    assert drawing.of_class("map__place")[0]["aria-label"] == said
    assert [one["href"] for one in drawing.of_class("map__place--quiet")] == [f"/{language}/cities/baku/"]
    assert [one.words for one in drawing.of_class("map__length")] == [length]
    assert len(drawing.of_class("map__tick")) == 36


def test_city_without_a_place_has_no_map(client):
    factories.agreement(True, partner=factories.city(slug="some", latitude=None, longitude=None))
    assert see(client, "some").of_class("map") == []


@pytest.mark.parametrize("website", ["javascript:alert(1)", "ftp://example.org"])
def test_website_with_another_scheme_is_no_link(client, website):
    factories.agreement(True, partner=factories.city(slug="some", website=website))
    page = see(client, "some")
    assert [one["href"] for one in page.named("a") if one["href"] == website] == []
    assert "Website" not in facts(page)


def test_website_is_linked_safely(client):
    factories.agreement(True, partner=factories.city(slug="some", website="https://www.example.org/"))
    page = see(client, "some")
    assert [(one.words, one["rel"]) for one in page.named("a") if "example.org" in one["href"]] == [
        ("example.org", "nofollow noopener noreferrer")
    ]


def test_only_published_agreements_are_listed(client):
    partner = factories.istanbul()
    factories.agreement(True, partner=partner, kind="friendship", status="ended", status_reason_en="raised")
    factories.agreement(True, partner=partner, status="in_force")
    draft = factories.agreement(partner=partner, kind="project")
    withdrawn = factories.agreement(withdrawn=True, partner=partner, kind="contact")
    factories.source(draft, says_en="A draft’s source", issued="AD 2020")
    factories.source(withdrawn, says_en="A withdrawn source", issued="AD 2020")
    page = see(client, "istanbul")
    assert [one.words for one in page.of_class("ledger__name")] == [
        "Friendship and cooperation agreement of Tabriz and Istanbul Friendship and cooperation",
        "Sister-city agreement of Tabriz and Istanbul Sister city",
    ]
    assert [secret for secret in ("A draft’s source", "A withdrawn source") if secret in page.html] == []


@pytest.mark.parametrize("state", [{}, {"withdrawn": True}])
def test_city_without_a_published_agreement_is_not_found(client, state):
    factories.agreement(partner=factories.istanbul(), **state)
    factories.agreement(True, partner=factories.baku())
    assert see(client, "istanbul", status=404).html.replace("istanbul", "") == see(
        client, "nowhere", status=404
    ).html.replace("nowhere", "")


def test_home_city_leads_to_the_first_page(client):
    factories.home_city()
    response = client.get("/fa/cities/tabriz/")
    assert (response.status_code, response["Location"]) == (302, "/fa/")


def test_common_ground_names_who_says_so(client):
    partner = factories.istanbul()
    factories.agreement(True, partner=partner)
    factories.affinity(partner, text_en="Much in common", text_fa="اشتراکات")
    assert see(client, "istanbul").section("grounds").words == (
        "Common ground Cultural Much in common According to News agency"
    )


def test_no_common_ground_is_said(client):
    factories.agreement(True, partner=factories.istanbul())
    assert see(client, "istanbul").section("grounds").words == (
        "Common ground No common ground is on record for this partnership."
    )


def test_story_tells_steps_and_reports_in_time(client):
    made = factories.agreement(True, partner=factories.istanbul(), status="in_force", signed="AD 2013")
    factories.source(made, says_en="A report", issued="SH 1389-06-28", publisher_en="Asr-e Iran")
    factories.source(made, says_en="Undated", publisher_en="Nobody")
    story = see(client, "istanbul").section("story-1")
    assert [one.words for one in story.all if one["class"] == "chronicle__item"] == [
        "28 Shahrivar 1389 (19 September 2010) A report Asr-e Iran",
        "2013 (Dey 1391 – Dey 1392) Signing",
    ]


def test_story_shows_the_dates_between_which_sources_disagree(client):
    made = factories.agreement(True, partner=factories.istanbul(), status="in_force", signed="SH 1387")
    factories.source(made, stance="contradicts", says_en="Signed in 2013.", signed_claim="AD 2013-04-13")
    story = see(client, "istanbul").section("story-1")
    assert [one.words for one in story.all if one["class"] == "conflict__value"] == ["1387", "13 April 2013"]
    made.sources.get().delete()
    assert [one for one in see(client, "istanbul").section("story-1").all if one["class"] == "conflict"] == []


def test_unknowns_are_listed(client):
    factories.agreement(True, partner=factories.istanbul(), status="approved")
    box = see(client, "istanbul").section("unknown-1")
    assert [one.words for one in box.all if one.name == "li"] == ["The council’s resolution"]


def test_neighbours_are_the_other_public_partners_of_the_country(client):
    factories.agreement(True, partner=factories.istanbul())
    for name in ("Trabzon", "Konya"):
        factories.agreement(True, partner=factories.city(name_en=name, name_fa=name))
    factories.agreement(partner=factories.city(name_en="Bursa", name_fa="بورسا"))
    factories.agreement(withdrawn=True, partner=factories.city(name_en="Izmir", name_fa="ازمیر"))
    factories.agreement(True, partner=factories.baku())
    page = see(client, "istanbul")
    near = page.section("near")
    assert near.children[1].words == "Others in Türkiye These partnerships in the list"
    assert [one["href"] for one in near.children[1].all if one.name == "a"] == ["/en/partnerships/?country=TR"]
    assert [one.words for one in page.of_class("entry__name")] == ["Konya", "Trabzon"]


def test_nearest_partners_stand_with_their_distance(client):
    factories.agreement(True, partner=factories.istanbul())
    factories.agreement(True, partner=factories.baku())
    factories.agreement(True, partner=factories.city(name_en="Ankara", latitude=39.92, longitude=32.85))
    factories.agreement(partner=factories.city(name_en="Bursa", latitude=40.19, longitude=29.06))
    factories.agreement(True, partner=factories.city(name_en="Nowhere", latitude=None, longitude=None))
    section = see(client, "istanbul").section("nearest")
    assert [one.words for one in section.all if one.name == "li"] == ["Ankara 352 km, east", "Baku 1,763 km, east"]


def test_city_without_a_place_has_no_nearest(client):
    factories.agreement(True, partner=factories.istanbul())
    factories.agreement(True, partner=factories.city(slug="bare", latitude=None, longitude=None))
    assert see(client, "bare").section("nearest") is None


@pytest.mark.parametrize(
    ("slug", "ways"),
    [
        ("baku", [("next", "/en/cities/ganja/")]),
        ("ganja", [("prev", "/en/cities/baku/"), ("next", "/en/cities/istanbul/")]),
        ("istanbul", [("prev", "/en/cities/ganja/")]),
    ],
)
def test_cities_lead_on_in_alphabetical_order(client, slug, ways):
    factories.agreement(True, partner=factories.istanbul())
    factories.agreement(True, partner=factories.baku())
    factories.agreement(True, partner=factories.city(slug="ganja", name_en="Ganja", country="AZ"))
    factories.agreement(partner=factories.city(slug="erzurum", name_en="Erzurum"))
    page = see(client, slug)
    assert [(one["rel"], one["href"]) for one in page.of_class("turn__page")] == ways


def test_particulars_of_the_agreement_are_told_as_far_as_they_are_known(client):
    made = factories.agreement(True, partner=factories.istanbul(), signatories_home_en="The mayor", signed="AD 2013")
    made.domains.add(factories.domain())
    made.resolutions.add(factories.resolution(number="41"))
    (box,) = [one for one in see(client, "istanbul").section("story-1").all if one["class"] == "facts"]
    assert [one.words for one in box.children if not isinstance(one, str)] == [
        "ResolutionNo. 41, date not known",
        "Signed for TabrizThe mayor",
        "DomainsDomain cultural",
    ]


def test_lonely_partner_has_no_neighbours(client):
    factories.agreement(True, partner=factories.baku())
    assert see(client, "baku").section("near") is None
