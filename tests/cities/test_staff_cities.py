"""The staff pages of cities: found in the gazetteer in any script, recorded, changed and deleted without loss."""

from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.text import capfirst

from cities.matching import from_gazetteer
from cities.models import City, Place
from partnerships.models import Affinity
from tests import factories
from tests.desk import dead_links, errors, fields, messages, page, say

pytestmark = pytest.mark.django_db

BOTH = pytest.mark.parametrize("language", ["fa", "en"])
LIST, ADD = "/en/staff/cities/", "/en/staff/cities/add/"


@pytest.fixture
def desk(client) -> Client:
    """The client of an editor."""
    factories.home_city()
    client.force_login(factories.editor())
    return client


@pytest.fixture
def managers_desk(client) -> Client:
    """The client of a manager."""
    factories.home_city()
    client.force_login(factories.manager())
    return client


def ganja() -> Place:
    """Ganja as the gazetteer has it."""
    return factories.place(
        geonames_id=586523,
        name="Ganja",
        name_fa="گنجه",
        other_names="Gence\nGanca\nGəncə\nKirovabad\nГянджа\nكنجه",
        country="AZ",
        admin1="20",
        latitude=40.68278,
        longitude=46.36056,
        population=330_663,
        time_zone="Asia/Baku",
    )


def names(response: HttpResponse) -> list[str]:
    """The names that the lines of a list begin with."""
    return [
        next(part for one in line.all if one.name == "a" for part in [one.words])
        for line in page(response).named("th")
        if "ledger__name" in line["class"]
    ]


def places(response: HttpResponse) -> list[tuple[str, str, str]]:
    """Name, whereabouts and address of each place that is offered."""
    offered = [one for one in page(response).named("a") if "picker__place" in one["class"]]
    return [
        (part["picker__name"], part["picker__where"], one["href"])
        for one in offered
        for part in [{each["class"]: each.words for each in reversed(list(one.all))}]
    ]


def add(desk: Client, address: str = f"{ADD}?by_hand=1", **typed: Any) -> HttpResponse:
    """Open the form for a new city, fill in some fields, and save."""
    return desk.post(address, fields(desk.get(address)) | typed)


def change(desk: Client, city: City, **typed: Any) -> HttpResponse:
    """Open a city's form, change some fields, and save."""
    address = f"/en/staff/cities/{city.slug}/edit/"
    return desk.post(address, fields(desk.get(address)) | typed)


# --- The list --------------------------------------------------------------------------------------------


@BOTH
def test_list_is_alphabetical_in_the_readers_language(desk, language):
    for name_fa, name_en in [("پکن", "Beijing"), ("بورسا", "Bursa"), ("آنکارا", "Ankara"), ("گنجه", "Ganja")]:
        factories.city(name_fa=name_fa, name_en=name_en)

    expected = {
        "fa": ["آنکارا", "بورسا", "پکن", "تبریز", "گنجه"],
        "en": ["Ankara", "Beijing", "Bursa", "Ganja", "Tabriz"],
    }
    assert names(desk.get(f"/{language}/staff/cities/")) == expected[language]


@pytest.mark.parametrize("words", ["باکو", "باكو", "BAKÜ", "bakı", "آذربایجان"])
def test_list_is_searched_in_any_script(desk, words):
    factories.baku()
    factories.istanbul()
    assert names(desk.get(LIST, {"q": words})) == ["Baku"]


def test_list_is_narrowed_to_a_country_among_those_with_cities(desk):
    factories.baku()
    factories.istanbul()
    factories.country("CN")

    response = desk.get(LIST, {"country": "AZ"})

    assert names(response) == ["Baku"]
    boxes = [one for one in page(response).named("input") if one["name"] == "country"]
    assert [(one["value"], "checked" in one.attributes) for one in boxes] == [
        ("AZ", True),
        ("IR", False),
        ("TR", False),
    ]
    assert [one.words for one in page(response).named("a") if one["class"] == "chip"] == ["Remove Country: Azerbaijan"]


@pytest.mark.parametrize(
    ("query", "complaint"),
    [
        ("country=XX", "“XX” is not the code of a country with a city here."),
        ("country=%00", None),
        ("page=99999", "There is no page 99999: the last, 1, is shown."),
        ("partner=x", "“partner” is not a filter of this page."),
    ],
)
def test_list_says_what_in_its_address_it_did_not_understand(desk, query, complaint):
    response = desk.get(f"{LIST}?{query}", follow=True)
    told = [one.words.replace("\u2068", "").replace("\u2069", "") for one in page(response).named("li")]
    assert names(response) == ["Tabriz"]
    assert complaint is None or complaint in told


def test_list_costs_the_same_for_one_and_for_many(desk):
    def cost() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            desk.get(LIST)
        return len(queries)

    cost()
    one = cost()
    for number in range(60):
        factories.city(country=["TR", "AZ", "DE"][number % 3])
    cost()  # what is remembered of the register is read again after a write
    assert cost() == one


# --- The gazetteer ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", [ADD, "/en/staff/cities/places/"])
@pytest.mark.parametrize("words", ["گنجه", "گنجة", "gəncə", "GANJA", "Kirovabad", "Гянджа", "gence azerbaijan"])
def test_place_is_found_in_any_script_without_and_with_a_script(desk, address, words):
    ganja()
    factories.place(name="Gaziantep")

    ((name, where, way),) = places(desk.get(address, {"q": words}))

    assert (name, where) == ("Ganja · گنجه", "Azerbaijan, region 20 · 289 km, north of Tabriz")
    assert way == f"{ADD}?place=586523"


def test_exact_names_come_first_then_beginnings_each_by_size(desk):
    for name, others, population in [
        ("Ganjam", "", 900),
        ("Ganja", "", 500),
        ("Kirovabad", "Ganja", 100),
        ("Kaliganja", "", 999),
    ]:
        factories.place(name=name, other_names=others, population=population)
    offered = [name for name, _where, _way in places(desk.get(ADD, {"q": "ganja"}))]
    assert offered == ["Ganja", "Kirovabad", "Ganjam", "Kaliganja"]


def test_place_that_is_recorded_already_leads_to_its_city(desk):
    ganja()
    factories.city(slug="ganja", geonames_id=586523)
    response = desk.get(ADD, {"q": "ganja"})
    assert [way for _name, _where, way in places(response)] == ["/en/staff/cities/ganja/edit/"]
    assert "Recorded already: open it" in page(response).document.words


def test_only_twenty_places_are_offered_at_once(desk):
    for _number in range(21):
        factories.place(name="San José")
    response = desk.get(ADD, {"q": "san jose"})
    assert len(places(response)) == 20
    assert "The first 20 places; add a word to narrow them down" in page(response).document.words


@pytest.mark.parametrize("words", ["", "نیست", "\0", "—", "x" * 10_000, "%", "'"])
@BOTH
def test_nothing_found_leads_to_the_form_by_hand(desk, language, words):
    ganja()
    for one in ("add", "places"):
        response = desk.get(f"/{language}/staff/cities/{one}/", {"q": words})
        assert (response.status_code, places(response)) == (200, [])
        by_hand = [link["href"] for link in page(response).named("a") if "by_hand" in link["href"]]
        assert by_hand == [f"/{language}/staff/cities/add/?by_hand=1"]


def test_looking_up_costs_the_same_for_one_and_for_many(desk):
    def cost() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            desk.get(ADD, {"q": "ganja"})
        return len(queries)

    factories.place(name="Ganja")
    cost()
    one = cost()
    for number in range(15):
        place = factories.place(name="Ganja", country=["TR", "AZ", "DE"][number % 3])
        factories.city(geonames_id=place.pk)
    cost()  # what is remembered of the register is read again after a write
    assert cost() == one


def test_gazetteer_fills_in_the_form(desk):
    ganja()
    filled = fields(desk.get(ADD, {"place": "۵۸۶۵۲۳"}))
    expected = {
        "country": ["AZ"],
        "name_fa": ["گنجه"],
        "name_en": ["Ganja"],
        "name_local": [""],
        "other_names": ["Gence\nKirovabad"],
        "latitude": ["40.68278"],
        "longitude": ["46.36056"],
        "population": ["330663"],
        "population_year": [""],
        "time_zone": ["Asia/Baku"],
        "geonames_id": ["586523"],
    }
    assert {name: filled[name] for name in expected} == expected


def test_names_that_readers_here_cannot_read_and_mere_spellings_are_left_out():
    taken = from_gazetteer(
        Place(name="Gəncə", name_fa="گنجه", other_names="Gandja\nКировабад\n占贾\nGəncə\nگنجة\nKirovabad\nKirowabad")
    )
    assert taken["other_names"] == "Gandja\nKirovabad"


@pytest.mark.parametrize("asked", ["0", "x", "9" * 40, "\0", "586524"])
def test_place_that_is_not_there_is_told(desk, asked):
    ganja()
    response = desk.get(ADD, {"place": asked})
    assert response.status_code == 200
    if asked != "\0":
        assert messages(response) == ["There is no such place in the gazetteer. Look it up by its name."]


# --- Recording ---------------------------------------------------------------------------------------------


def test_picked_city_is_recorded(desk):
    ganja()

    response = add(desk, f"{ADD}?place=586523", name_local="Gəncə", language_local="AZ", reason="new partner")

    assert (response.status_code, response["Location"]) == (302, LIST)
    city = City.objects.get(slug="ganja")
    assert (city.country_id, city.name_fa, city.name_local, city.language_local) == ("AZ", "گنجه", "Gəncə", "az")
    assert (city.latitude, city.longitude, city.time_zone) == (40.68278, 46.36056, "Asia/Baku")
    assert (city.population, city.population_year, city.geonames_id) == (330_663, None, 586_523)
    entry = city.history.get()
    assert (entry.history_type, str(entry.history_user), entry.history_change_reason) == ("+", "editor", "new partner")


def test_city_is_recorded_by_hand_in_digits_of_any_script(desk):
    response = add(
        desk,
        country=factories.country("CN").code,
        name_fa="ووهان",
        name_en="Wuhan",
        latitude="۳۰٫۵۸",
        longitude="١١٤.٢٧",
        population="۱۲٬۳۲۶٬۵۰۰",
        population_year="۲۰۲۰",
    )

    assert response.status_code == 302, errors(response)
    city = City.objects.get(slug="wuhan")
    assert (city.latitude, city.longitude, city.population, city.population_year) == (30.58, 114.27, 12_326_500, 2020)


@pytest.mark.parametrize(
    ("typed", "slug"),
    [
        ({"name_en": "New York"}, "new-york"),
        ({"name_en": "Xi’an"}, "xian"),
        ({"name_en": "İstanbul Büyükşehir"}, "istanbul-buyuksehir"),
        ({"name_en": "Stratford-upon-Avon"}, "stratford-upon-avon"),
        ({"name_fa": "گنجه", "name_local": "Gəncə"}, "gence"),
        ({"name_fa": "گنجه"}, "city"),
        ({"name_en": "Tabriz"}, "tabriz-2"),
        ({"name_en": "x" * 120}, "x" * 70),
    ],
)
def test_address_follows_from_the_name_and_is_free(desk, typed, slug):
    assert add(desk, country=factories.country("AZ").code, **typed).status_code == 302
    assert City.objects.exclude(is_home=True).get().slug == slug


def test_third_city_of_a_name_gets_a_third_address(desk):
    for number in (1, 2, 3):
        code = factories.country(["TR", "AZ", "DE"][number - 1]).code
        assert add(desk, country=code, name_en="San Jose").status_code == 302
    assert sorted(City.objects.exclude(is_home=True).values_list("slug", flat=True)) == [
        "san-jose",
        "san-jose-2",
        "san-jose-3",
    ]


def test_address_stays_when_the_name_changes(desk):
    city = factories.istanbul()
    assert change(desk, city, name_en="Constantinople").status_code == 302
    assert City.objects.get(pk=city.pk).slug == "istanbul"


def test_home_city_is_not_chosen_here(desk):
    city = factories.istanbul()
    change(desk, city, is_home="on", name_en="Constantinople")
    assert City.objects.home().slug == "tabriz"


def test_new_city_is_brought_back_to_the_form_that_asked_for_it(desk):
    ganja()
    asked = f"{ADD}?q=ganja&next=/en/staff/partnerships/add/%3Fx%3D1"
    ((_name, _where, way),) = places(desk.get(asked))

    response = add(desk, way)

    assert response["Location"] == "/en/staff/partnerships/add/?x=1&partner=ganja"


@pytest.mark.parametrize("away", ["https://example.org/", "//example.org/", "javascript:alert(1)", "/\\example.org"])
def test_nobody_is_led_away_from_the_site(desk, away):
    response = desk.post(
        f"{ADD}?by_hand=1", fields(desk.get(f"{ADD}?by_hand=1")) | {"country": "IR", "name_en": "Yazd", "next": away}
    )
    assert response["Location"] == LIST


@pytest.mark.parametrize(
    ("existing", "typed"),
    [
        ({"name_en": "Ganja"}, {"name_en": "GANJA"}),
        ({"name_fa": "گنجه"}, {"name_fa": "گنجة"}),
        ({"other_names": "Kirovabad"}, {"name_en": "Kirovabad"}),
        (
            {"country": "TR", "latitude": 40.7, "longitude": 46.4},
            {"name_en": "Ganja", "latitude": "40.6", "longitude": "46.3"},
        ),
    ],
    ids=["same name", "same folded name", "former name", "across the border and near by"],
)
def test_likely_duplicate_is_shown_first_and_can_be_overridden(desk, existing, typed):
    factories.country("AZ")
    factories.city(**({"slug": "first", "country": "AZ", "name_en": "Ganja"} | existing))

    response = add(desk, country="AZ", **typed)

    assert response.status_code == 200
    assert City.objects.exclude(is_home=True).count() == 1
    assert "/en/staff/cities/first/edit/" in [one["href"] for one in page(response).named("a")]
    assert desk.post(f"{ADD}?by_hand=1", fields(response) | {"distinct": "on"}).status_code == 302
    assert City.objects.exclude(is_home=True).count() == 2


@pytest.mark.parametrize(
    "existing",
    [
        {"country": "TR", "name_en": "Ganja", "latitude": 41.0, "longitude": 29.0},
        {"country": "TR", "name_en": "Ganja", "latitude": None, "longitude": None},
        {"country": "AZ", "name_en": "Ganjam"},
        {"country": "AZ", "name_en": "Azerbaijan"},
    ],
    ids=["far away", "nowhere known", "longer name", "name of the country"],
)
def test_other_cities_are_no_duplicates(desk, existing):
    factories.city(**existing)
    name = "Azerbaijan City" if existing["name_en"] == "Azerbaijan" else "Ganja"
    assert (
        add(desk, country=factories.country("AZ").code, name_en=name, latitude="40.6", longitude="46.3").status_code
        == 302
    )


def test_city_named_as_a_country_is_no_duplicate_of_all_its_cities(desk):
    factories.baku()
    assert add(desk, country="AZ", name_en="Azerbaijan").status_code == 302


def test_second_click_makes_no_second_city(desk):
    factories.country("AZ")
    sent = fields(desk.get(f"{ADD}?by_hand=1")) | {"country": "AZ", "name_en": "Ganja"}
    for _click in range(2):
        assert desk.post(f"{ADD}?by_hand=1", sent).status_code == 302
    assert City.objects.filter(name_en="Ganja").count() == 1


# --- What is refused ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "label", "message"),
    [
        ({"latitude": "91"}, "latitude", "A latitude lies between −90 and 90 degrees."),
        ({"longitude": "۱۸۰٫۵"}, "longitude", "A longitude lies between −180 and 180 degrees."),
        ({"latitude": "north"}, "latitude", "Write a number in digits, as in 38.08."),
        ({"latitude": "1e400"}, "latitude", "Write a number in digits, as in 38.08."),
        ({"latitude": ""}, "latitude", "Give both latitude and longitude, or neither."),
        ({"population": "۱۲ هزار"}, "population", "Write a whole number in digits."),
        ({"population": "-5"}, "population", "This number is too small."),
        ({"population": "9" * 20}, "population", "This number is too large."),
        (
            {"population_year": "1387"},
            "year of that population",
            "The year of the population is Gregorian, between 1800 and 2200.",
        ),
        ({"name_fa": "", "name_en": ""}, "name in Persian", "Give the city a name in Persian or in English."),
        (
            {"language_local": "klingon"},
            "language of that name",
            "This is not a language code. Write it as in tr, az, ru, ar or zh.",
        ),
        ({"geonames_id": "586523"}, "GeoNames id", "The city with this GeoNames id is recorded already."),
    ],
)
@BOTH
def test_mistakes_are_told_at_their_field_and_nothing_typed_is_lost(desk, language, typed, label, message):
    factories.city(geonames_id=586523)
    city = factories.istanbul()
    address = f"/{language}/staff/cities/istanbul/edit/"
    sent = fields(desk.get(address)) | {"text_en": "Typed for an hour."} | typed

    response = desk.post(address, sent)

    told = f"{capfirst(say(language, label))}: {say(language, message)}"
    assert (response.status_code, errors(response)) == (200, [told])
    assert dead_links(response) == []
    kept = fields(response)
    assert {name: kept[name][0] for name in typed} == typed
    assert kept["text_en"] == ["Typed for an hour."]
    city.refresh_from_db()
    assert (city.version, city.text_en, city.history.count()) == (1, "", 1)


@pytest.mark.parametrize("field", ["name_fa", "name_en", "name_local", "time_zone", "website", "wikidata_id"])
@pytest.mark.parametrize("text", ["x" * 10_000, "\0" * 10_000, "\u202e\u200b", "<script>alert(1)</script>", "'; --"])
def test_any_text_gets_an_answer(desk, field, text):
    city = factories.istanbul()
    response = change(desk, city, **{field: text})
    assert response.status_code in {200, 302}
    assert "<script>alert" not in response.content.decode()


def test_what_nobody_sees_is_not_stored(desk):
    city = factories.istanbul()
    change(desk, city, name_en="\u202eIst\u200ban\0bul ", other_names="A\r\nB\u2028C")
    city.refresh_from_db()
    assert (city.name_en, city.other_names) == ("Istanbul", "A\nB\nC")


def test_stale_form_shows_both_versions_and_saves_nothing(desk):
    city = factories.istanbul()
    address = "/en/staff/cities/istanbul/edit/"
    opened = fields(desk.get(address))
    city.population = 15_000_000
    city.save()

    response = desk.post(address, opened | {"population": "16,000,000"})

    assert response.status_code == 200
    assert City.objects.get(pk=city.pk).population == 15_000_000
    cells = [cell.words for cell in page(response).named("td")]
    assert any(words.startswith("15,000,000") for words in cells)
    assert any(words.startswith("16,000,000") for words in cells)
    assert desk.post(address, fields(response)).status_code == 302
    assert City.objects.get(pk=city.pk).population == 16_000_000


def test_saving_without_a_change_leaves_no_trace(desk):
    city = factories.istanbul()
    change(desk, city)
    city.refresh_from_db()
    assert (city.version, city.history.count()) == (1, 1)


# --- The city's own page ------------------------------------------------------------------------------------


def test_page_leads_to_the_citys_agreements_and_grounds(desk):
    agreement = factories.agreement(partner=factories.istanbul())
    factories.agreement(partner=factories.baku())
    ground = factories.affinity(agreement.partner)
    factories.affinity(factories.baku(), ground="linguistic")

    links = [one["href"] for one in page(desk.get("/en/staff/cities/istanbul/edit/")).named("a")]

    assert [one for one in links if "/partnerships/" in one and "/edit/" in one] == [
        f"/en/staff/partnerships/{agreement.number}/edit/"
    ]
    assert [one for one in links if "/shared/" in one] == [
        f"/en/staff/shared/{ground.pk}/edit/",
        "/en/staff/cities/istanbul/shared/add/",
    ]


def test_page_costs_the_same_for_one_and_for_many(desk):
    city = factories.istanbul()

    def cost() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            desk.get("/en/staff/cities/istanbul/edit/")
        return len(queries)

    factories.agreement(partner=city)
    factories.affinity(city)
    cost()
    one = cost()
    for ground in ("linguistic", "historical", "economic", "academic"):
        factories.agreement(partner=city)
        factories.affinity(city, ground=ground)
    cost()  # what is remembered of the register is read again after a write
    assert cost() == one


# --- Deleting -----------------------------------------------------------------------------------------------


def test_city_with_agreements_is_not_deleted_and_they_are_named(managers_desk):
    factories.agreement(partner=factories.istanbul())
    factories.agreement(partner=factories.baku())
    address = "/en/staff/cities/istanbul/delete/"

    for response in (managers_desk.get(address), managers_desk.post(address, {"version": "1"})):
        assert response.status_code == 200
        told = [one.replace("\u2068", "").replace("\u2069", "") for one in errors(response)]
        assert told == ["Agreements are with this city: 1. Sister-city agreement of Tabriz and Istanbul."]
        assert page(response).named("textarea") == []
    assert City.objects.filter(slug="istanbul").exists()


def test_home_city_is_not_deleted(managers_desk):
    response = managers_desk.post("/en/staff/cities/tabriz/delete/", {"version": "1"})
    assert errors(response) == ["The home city cannot be deleted."]
    links = [one["href"] for one in page(managers_desk.get("/en/staff/cities/tabriz/edit/")).named("a")]
    assert not any(link.endswith("/delete/") for link in links)


def test_city_without_agreements_is_deleted_with_its_grounds_and_history_stays(managers_desk):
    city = factories.istanbul()
    factories.affinity(city)
    address = "/en/staff/cities/istanbul/delete/"

    response = managers_desk.post(address, fields(managers_desk.get(address)) | {"reason": "recorded twice"})

    assert (response.status_code, response["Location"]) == (302, LIST)
    assert (City.objects.filter(slug="istanbul").count(), Affinity.objects.count()) == (0, 0)
    words = page(managers_desk.get("/en/staff/cities/istanbul/history/")).document.words
    assert "recorded twice" in words
    assert "Cultural" in words
