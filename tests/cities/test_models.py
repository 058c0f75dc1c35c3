"""Cities, countries and places: what the database refuses, and what the models derive."""

from collections.abc import Iterator

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils.translation import override

from cities.models import City, Country
from tests import factories
from tests.constraints import Case, Rule

pytestmark = pytest.mark.django_db

RULES = {
    City: [
        Rule(
            "city_one_home",
            "There is a home city already; a register has exactly one.",
            "شهر خانه پیش‌تر برگزیده شده است؛ هر دفتر تنها یکی دارد.",
            {"is_home": True},
            columns="is_home",
        ),
        Rule(
            "city_has_a_name",
            "Give the city a name in Persian or in English.",
            "نام شهر را به فارسی یا انگلیسی بنویسید.",
            {"name_fa": "", "name_en": ""},
        ),
        Rule(
            "city_latitude_on_the_globe",
            "A latitude lies between −90 and 90 degrees.",
            "عرض جغرافیایی میان منفی ۹۰ و ۹۰ درجه است.",
            {"latitude": 90.001},
            {"latitude": -90.001},
            {"latitude": float("inf")},
        ),
        Rule(
            "city_longitude_on_the_globe",
            "A longitude lies between −180 and 180 degrees.",
            "طول جغرافیایی میان منفی ۱۸۰ و ۱۸۰ درجه است.",
            {"longitude": 180.001},
            {"longitude": -180.001},
        ),
        Rule(
            "city_both_coordinates_or_none",
            "Give both latitude and longitude, or neither.",
            "عرض و طول جغرافیایی را یا هر دو بنویسید یا هیچ‌کدام.",
            {"latitude": None},
            {"longitude": None},
        ),
        Rule(
            "city_population_year_is_plausible",
            "The year of the population is Gregorian, between 1800 and 2200.",
            "سال جمعیت میلادی است، میان ۱۸۰۰ و ۲۲۰۰.",
            {"population_year": 1395},
            {"population_year": 2201},
        ),
        Rule("city_level_is_known", "Choose one of the levels.", "یکی از سطح‌ها را برگزینید.", {"level": "village"}),
    ],
    Country: [
        Rule(
            "country_code_is_two_capitals",
            "A country's code is two Latin capitals, as in IR.",
            "کد کشور دو حرف بزرگ لاتین است، مانند IR.",
            {"code": "tr"},
            {"code": "T"},
            {"code": "T1"},
            {"code": ""},
        )
    ],
}


def _city() -> Case:
    factories.home_city()
    return Case(factories.istanbul(), {"slug": "another"})


CASES = {City: _city, Country: lambda: Case(factories.country("TR"), {})}
"""How a record of each model is made that breaks no rule."""


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    """The messages are in English unless a test says otherwise."""
    with override("en"):
        yield


@pytest.fixture
def istanbul() -> City:
    factories.home_city()
    return factories.istanbul()


def test_a_coordinate_that_is_no_number_is_refused(istanbul: City) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        City.objects.filter(pk=istanbul.pk).update(latitude=float("nan"))


def test_the_edge_of_the_globe_is_on_the_globe(istanbul: City) -> None:
    City.objects.filter(pk=istanbul.pk).update(latitude=-90, longitude=180)


def test_a_form_shows_the_message_of_a_rule(istanbul: City) -> None:
    istanbul.latitude, istanbul.population_year = None, 1387

    with pytest.raises(ValidationError) as caught:
        istanbul.full_clean()

    assert caught.value.message_dict == {
        "__all__": [
            "Give both latitude and longitude, or neither.",
            "The year of the population is Gregorian, between 1800 and 2200.",
        ]
    }


def test_slug_and_geonames_id_are_of_one_city_alone(istanbul: City) -> None:
    istanbul.geonames_id = 745044
    istanbul.save()

    for given in ({"slug": "istanbul"}, {"geonames_id": 745044}):
        with pytest.raises(IntegrityError), transaction.atomic():
            factories.city(**given)


@pytest.mark.parametrize("name", ["Mars/Olympus", "GMT+3:30", "Asia/Tehran ", "../../etc/passwd"])
def test_time_zone_is_one_of_the_iana_database(istanbul: City, name: str) -> None:
    istanbul.time_zone = name

    with pytest.raises(ValidationError) as caught:
        istanbul.full_clean()

    assert caught.value.message_dict == {"time_zone": [f"“{name}” is not a time zone. Write it as in Asia/Tehran."]}


@pytest.mark.parametrize("url", ["ftp://example.org", "javascript:alert(1)", "data:text/html,x"])
def test_website_is_on_the_web(istanbul: City, url: str) -> None:
    istanbul.website = url

    with pytest.raises(ValidationError) as caught:
        istanbul.full_clean()

    assert set(caught.value.message_dict) == {"website"}


def test_the_home_city_of_agreements_has_to_remain_it() -> None:
    factories.agreement()
    home = City.objects.home()
    home.is_home = False

    with pytest.raises(ValidationError) as caught:
        home.full_clean()

    assert caught.value.message_dict == {"is_home": ["This city has agreements as the home city and has to remain it."]}


def test_the_home_city_can_change_before_the_first_agreement() -> None:
    home = factories.home_city()
    home.is_home = False

    home.full_clean()


def test_a_partner_city_cannot_become_the_home_city() -> None:
    partner = factories.agreement().partner
    partner.is_home = True

    with pytest.raises(ValidationError) as caught:
        partner.full_clean()

    assert caught.value.message_dict["is_home"] == ["A partner city of an agreement cannot be the home city."]


def delete_round_every_check(city: City) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM cities_city WHERE id = %s", [city.pk])
        connection.check_constraints()


def test_a_city_with_agreements_cannot_be_deleted() -> None:
    partner = factories.agreement().partner

    for delete in (partner.delete, City.objects.filter(pk=partner.pk).delete):
        with pytest.raises(ValidationError) as caught:
            delete()
        assert [message.split(":")[0] for message in caught.value.messages] == ["Agreements are with this city"]
    with pytest.raises(IntegrityError), transaction.atomic():
        delete_round_every_check(partner)
    assert City.objects.filter(pk=partner.pk).exists()


def test_the_home_city_cannot_be_deleted() -> None:
    home = factories.home_city()

    with pytest.raises(ValidationError) as caught:
        home.delete()

    assert caught.value.messages == ["The home city cannot be deleted."]


def test_a_city_without_agreements_can_be_deleted_and_its_history_stays(istanbul: City) -> None:
    istanbul.delete()

    assert not City.objects.filter(slug="istanbul").exists()
    assert [entry.history_type for entry in City.history.filter(slug="istanbul")] == ["-", "+"]


def test_a_country_with_cities_cannot_be_deleted(istanbul: City) -> None:
    with pytest.raises(ValidationError) as caught:
        istanbul.country.delete()

    assert caught.value.messages == ["Cities or places of the gazetteer lie in this country."]
    assert Country.objects.filter(code="TR").exists()


def test_search_finds_a_city_by_its_region_and_that_is_no_name_of_it(istanbul: City) -> None:
    wuhan = factories.city(name_fa="ووهان", name_en="Wuhan", region_fa="هوبئی", region_en="Hubei")

    assert list(City.objects.search("ووهان هوبئی")) == list(City.objects.search("hubei")) == [wuhan]
    assert list(City.objects.called(["Hubei"])) == []


def test_search_text_holds_every_name_folded_and_the_country(istanbul: City) -> None:
    assert istanbul.search_text == ("استانبول\nistanbul\nconstantinople\nقسطنطنیه\nترکیه\tturkiye")
    assert istanbul.spellings == {"استانبول", "istanbul", "constantinople", "قسطنطنیه"}


def test_what_is_derived_follows_every_save(istanbul: City) -> None:
    istanbul.name_fa, istanbul.other_names = "اسلامبول", ""
    istanbul.save()

    assert istanbul.spellings == {"اسلامبول", "istanbul"}
    assert City.objects.get(pk=istanbul.pk).sort_fa == istanbul.sort_fa != istanbul.sort_en


def test_name_is_that_of_the_language_else_the_other(istanbul: City) -> None:
    names = {}
    for language in ("fa", "en"):
        with override(language):
            names[language] = (istanbul.name, istanbul.name.lang, str(istanbul))
    assert names == {"fa": ("استانبول", "fa", "استانبول"), "en": ("Istanbul", "en", "Istanbul")}

    istanbul.name_en = ""
    with override("en"):
        assert (istanbul.name, istanbul.name.lang) == ("استانبول", "fa")


def test_further_names_are_those_that_the_name_does_not_say(istanbul: City) -> None:
    istanbul.other_names = "Istanbul\nİstanbul\nConstantinople\nConstantinople\nقسطنطنیه"

    assert (istanbul.local_name.plain, istanbul.local_name.lang) == ("İstanbul", "tr")
    assert [(name.plain, name.lang) for name in istanbul.other_spellings] == [
        ("Constantinople", ""),
        ("قسطنطنیه", ""),
    ]
    assert istanbul.further_names == ["İstanbul", "Constantinople", "قسطنطنیه"]


@pytest.mark.parametrize(
    ("latitude", "longitude", "english", "persian"),
    [
        (41.01384, 28.94966, "41.01° north, 28.95° east", "۴۱٫۰۱ درجه شمالی، ۲۸٫۹۵ درجه شرقی"),
        (-33.87, 151.21, "33.87° south, 151.21° east", "۳۳٫۸۷ درجه جنوبی، ۱۵۱٫۲۱ درجه شرقی"),
        (40.71, -74.01, "40.71° north, 74.01° west", "۴۰٫۷۱ درجه شمالی، ۷۴٫۰۱ درجه غربی"),
        (-22.91, -43.2, "22.91° south, 43.2° west", "۲۲٫۹۱ درجه جنوبی، ۴۳٫۲ درجه غربی"),
    ],
    ids=["north east", "south east", "north west", "south west"],
)
def test_position_in_words(latitude: float, longitude: float, english: str, persian: str) -> None:
    city = City(latitude=latitude, longitude=longitude)

    with override("en"):
        assert city.position == english
    with override("fa"):
        assert city.position == persian


def test_position_is_empty_where_it_is_not_known() -> None:
    assert City().position == ""


# --- Questions ----------------------------------------------------------------------------------------


def test_home_is_none_before_one_is_chosen() -> None:
    factories.istanbul()

    assert City.objects.home() is None
    assert list(City.objects.partners()) == [factories.istanbul()]


def test_home_and_partners_are_apart(istanbul: City) -> None:
    assert City.objects.home() == factories.home_city()
    assert list(City.objects.partners()) == [istanbul]


@pytest.mark.parametrize(
    "query",
    [
        *("باکو", "باكو", "بَاکو", "باكـو", "baku", "Baku", "BAKU", "BAKÜ", "bakı", "Bakı", "BAKI", "ba ku"),
        *("\u200fباکو", "بادکوبه", "باد کوبه", "باد\u200cکوبه", "آذربایجان باکو", "azerbaijan baku"),
    ],
)
def test_search_finds_a_city_in_every_spelling(istanbul: City, query: str) -> None:
    baku = factories.baku()
    baku.other_names = "Bakü\nبادکوبه"
    baku.save()

    found = City.objects.search("".join(query.split()) if query == "ba ku" else query)

    assert list(found) == [baku]


def test_search_wants_every_word_and_finds_none_across_two_names(istanbul: City) -> None:
    assert list(City.objects.search("istanbul constantinople")) == [istanbul]
    assert list(City.objects.search("istanbul paris")) == []
    assert list(City.objects.search("istanbulconstantinople")) == []


def test_persian_names_sort_as_persian_readers_expect() -> None:
    names = [
        "گنجه",
        "کربلا",
        "پاریس",
        "باکو",
        "تبریز",
        "آلماتی",
        "ارزروم",
        "ژنو",
        "زنجان",
        "یزد",
        "هرات",
        "ووهان",
        "چنگدو",
        "حلب",
        "جده",
    ]
    for number, name in enumerate(names):
        factories.city(slug=f"s{number}", name_fa=name)

    with override("fa"):
        assert [city.name_fa for city in City.objects.alphabetical()] == [
            *("آلماتی", "ارزروم", "باکو", "پاریس", "تبریز", "جده", "چنگدو", "حلب", "زنجان", "ژنو"),
            *("کربلا", "گنجه", "ووهان", "هرات", "یزد"),
        ]


def test_english_names_sort_without_regard_to_diacritics_and_case() -> None:
    for number, name in enumerate(["Zagreb", "İzmir", "iasi", "Çorum", "Dakar", "Éibar"]):
        factories.city(slug=f"s{number}", name_en=name)

    with override("en"):
        names = [city.name_en for city in City.objects.alphabetical()]
    assert names == ["Çorum", "Dakar", "Éibar", "iasi", "İzmir", "Zagreb"]


def test_public_cities_are_those_with_a_published_agreement(istanbul: City) -> None:
    factories.agreement(partner=istanbul, published=True)
    factories.agreement(partner=istanbul)
    factories.agreement(partner=factories.baku())
    factories.agreement(partner=factories.city(slug="gone"), withdrawn=True)

    assert list(City.objects.public()) == [istanbul]
    [shown] = City.objects.public().with_published_agreements()
    assert [agreement.publication for agreement in shown.published_agreements] == ["published"]
    assert [country.code for country in Country.objects.public()] == ["TR"]


def test_free_slug_is_the_first_that_no_city_has(istanbul: City) -> None:
    assert City.objects.free_slug("İstanbul") == "istanbul-2"
    assert City.objects.free_slug("گنجه", "Gəncə") == "gence"
    assert City.objects.free_slug("گنجه") == "city"
