"""The countries and the gazetteer that ship with the project, and the commands that load them."""

import gzip
import io
import zoneinfo
from importlib import resources

import pytest
from django.core.management import CommandError, call_command
from django.utils.translation import override

from cities import exchange
from cities.models import City, Country, Place
from sistercities.text import fold
from tests import factories

pytestmark = pytest.mark.django_db

HEADER = "geonames_id name name_fa other_names country admin1 latitude longitude population time_zone".split()
KONYA = "306571 Konya قونیه Iconium|Конья TR 71 37.87135 32.48464 1433861 Europe/Istanbul".split(" ")
CASTLE = ["1", 'The "Old" Castle', "", "", "TR", "", "-0.5", "180.0", "", "Europe/Istanbul"]


def load_countries() -> str:
    """What `load_countries` prints."""
    out = io.StringIO()
    with override("en"):  # the language of the reason in the history
        call_command("load_countries", stdout=out)
    return out.getvalue()


def load_places(out: io.StringIO | None = None) -> str:
    """What `load_places` prints."""
    out = out or io.StringIO()
    call_command("load_places", stdout=out)
    return out.getvalue()


@pytest.fixture(scope="module")
def gazetteer():
    """The shipped places by their GeoNames id."""
    return {place.geonames_id: place for place in exchange.shipped_places()}


@pytest.fixture
def ship(tmp_path, monkeypatch):
    """Put a gazetteer of these rows in the place of the shipped one."""

    def ship(*rows):
        path = tmp_path / "places.tsv.gz"
        path.write_bytes(gzip.compress("".join("\t".join(row) + "\n" for row in (HEADER, *rows)).encode()))
        monkeypatch.setattr(exchange, "PLACES", path)

    return ship


# --- Countries ----------------------------------------------------------------------------------------


def test_countries_are_those_of_iso_3166():
    table = resources.files("tzdata.zoneinfo").joinpath("iso3166.tab").read_text(encoding="utf-8")
    codes = [line.split("\t")[0] for line in table.splitlines() if not line.startswith("#")]
    assert len(codes) == 249
    assert sorted(country.code for country in exchange.shipped_countries()) == sorted(codes)


def test_every_country_is_valid_and_named_in_each_script():
    for country in exchange.shipped_countries():
        country.full_clean()
        assert not set(country.name_fa) & set("abcdefghijklmnopqrstuvwxyz"), country.code
        assert fold(country.name_en).isascii(), country.code


@pytest.mark.parametrize("column", ["name_fa", "name_en"])
def test_no_two_countries_have_one_name(column):
    names = [fold(getattr(country, column)) for country in exchange.shipped_countries()]
    assert len(set(names)) == 249


@pytest.mark.parametrize(
    ("code", "fa", "en", "continent"),
    [
        ("PS", "فلسطین", "Palestine", "AS"),
        ("TR", "ترکیه", "Türkiye", "AS"),
        ("AZ", "جمهوری آذربایجان", "Azerbaijan", "AS"),
        ("IR", "ایران", "Iran", "AS"),
        ("BY", "بلاروس", "Belarus", "EU"),
        ("HK", "هنگ‌کنگ", "Hong Kong", "AS"),
        ("MM", "میانمار", "Myanmar", "AS"),
        ("CD", "جمهوری دموکراتیک کنگو", "Democratic Republic of the Congo", "AF"),
        ("US", "ایالات متحدهٔ آمریکا", "United States", "NA"),
        ("NZ", "نیوزیلند", "New Zealand", "OC"),
        ("BR", "برزیل", "Brazil", "SA"),
        ("AQ", "جنوبگان", "Antarctica", "AN"),
    ],
)
def test_country_is_loaded_as_we_name_it(code, fa, en, continent):
    load_countries()
    country = Country.objects.get(code=code)
    assert (country.name_fa, country.name_en, country.continent) == (fa, en, continent)


def test_no_country_name_is_a_dictionary_form_of_cldr():
    names = {name for country in exchange.shipped_countries() for name in (country.name_fa, country.name_en)}
    assert [n for n in names if " & " in n or " - " in n or " SAR " in n or "منطقهٔ ویژه" in n or "St. " in n] == []


def test_load_countries_says_what_it_did_and_does_it_once():
    assert load_countries() == "Countries: 249 in all, 249 added, 0 changed, 0 removed.\n"
    assert load_countries() == "Countries: 249 in all, nothing to change.\n"
    assert Country.objects.count() == 249
    assert Country.history.count() == 249


def test_load_countries_renews_what_differs_and_leaves_its_history():
    load_countries()
    Country.objects.filter(code="PS").update(name_fa="سرزمین‌های فلسطینی")
    gaza = factories.city(country=Country.objects.get(code="PS"), name_en="Gaza", name_fa="غزه")
    assert "فلسطینی" in gaza.search_text
    assert load_countries() == "Countries: 249 in all, 0 added, 1 changed, 0 removed.\n"
    assert Country.objects.get(code="PS").name_fa == "فلسطین"
    columns = ["history_type", "version", "name_fa", "history_change_reason"]
    assert list(Country.history.filter(code="PS").values_list(*columns)) == [
        ("~", 2, "فلسطین", "Loaded from the reference data"),
        ("+", 1, "فلسطین", "Loaded from the reference data"),
    ]
    assert City.objects.get(pk=gaza.pk).search_text == "غزه\ngaza\nفلسطین\tpalestine"


def test_load_countries_keeps_what_somebody_edited():
    load_countries()
    country = Country.objects.get(code="CZ")
    country.name_fa = "چکیا"
    country._history_user = factories.user()
    country.save()
    assert load_countries() == "Countries: 249 in all, nothing to change, 1 kept as edited here.\n"
    assert Country.objects.get(code="CZ").name_fa == "چکیا"


def test_load_countries_leaves_a_country_of_our_own():
    Country.objects.create(code="XK", name_fa="کوزوو", name_en="Kosovo", continent="EU")
    load_countries()
    assert Country.objects.count() == 250


@pytest.mark.parametrize(
    ("language", "names"),
    [
        ("fa", ["بلاروس", "پاکستان", "پرتغال"]),
        ("fa", ["جمهوری آذربایجان", "روسیه", "کرهٔ جنوبی", "گرجستان", "لهستان"]),
        ("fa", ["ویتنام", "هند", "یمن"]),
        ("en", ["Åland Islands", "Albania", "Côte d’Ivoire", "Croatia", "Réunion", "Romania"]),
    ],
)
def test_countries_are_alphabetical_on_this_database(language, names):
    load_countries()
    found = Country.objects.filter(**{f"name_{language}__in": names})
    with override(language):
        assert [str(country) for country in found.alphabetical()] == names


# --- The gazetteer ------------------------------------------------------------------------------------


def test_every_shipped_place_is_valid(gazetteer):
    countries = {country.code for country in exchange.shipped_countries()}
    zones = zoneinfo.available_timezones()
    for place in gazetteer.values():
        place.clean_fields(exclude=["country", "search_text"])
        assert place.country_id in countries
        assert place.time_zone in zones
        assert -90 <= place.latitude <= 90
        assert -180 <= place.longitude <= 180
        assert not set(place.name_fa) & set("يىكةأإٹڈڑںےہۆێە"), place.name_fa
    assert len(gazetteer) == 33985


def test_no_name_of_a_place_stands_twice(gazetteer):
    for place in gazetteer.values():
        names = [fold(name) for name in (place.name, *place.other_names.splitlines())]
        assert len(set(names)) == len(names), place
        assert fold(place.name_fa) not in names, place


@pytest.mark.parametrize(
    ("geonames_id", "country", "fa", "en"),
    [
        (113646, "IR", "تبریز", "Tabriz"),
        (745044, "TR", "استانبول", "Istanbul"),
        (587084, "AZ", "باکو", "Baku"),
        (738648, "TR", "طرابوزان", "Trabzon"),
        (551487, "RU", "قازان", "Kazan"),
        (1514879, "TJ", "خجند", "Khujand"),
        (315368, "TR", "ارزروم", "Erzurum"),
        (625665, "BY", "ماگیلف", "Mahilyow"),
        (281133, "PS", "غزه", "Gaza"),
        (586523, "AZ", "گنجه", "Ganja"),
        (306571, "TR", "قونیه", "Konya"),
        (94824, "IQ", "کربلا", "Karbala"),
        (1791247, "CN", "ووهان", "Wuhan"),
        (750269, "TR", "بورسا", "Bursa"),
        (1526384, "KZ", "آلماتی", "Almaty"),
    ],
)
def test_cities_of_the_register_are_in_the_gazetteer(geonames_id, country, fa, en, gazetteer):
    place = gazetteer[geonames_id]
    assert (place.country_id, place.name_fa, place.name) == (country, fa, en)


def test_load_places_loads_the_whole_gazetteer_once():
    load_countries()
    assert load_places() == "Places: 33985 in all, 33985 added, 0 changed, 0 removed.\n"
    assert load_places() == "Places: 33985 in all, nothing to change.\n"
    assert Place.objects.count() == 33985
    for query in ("مگیلف", "موگیلف", "Mogilev", "Могилёв", "MAHILYOW", "ماگیلف"):
        found = [place.geonames_id for place in Place.objects.suggest(query)[:1]]
        assert found == ([] if query == "مگیلف" else [625665]), query
    assert [place.geonames_id for place in Place.objects.suggest("باكو")[:1]] == [587084]
    assert [place.geonames_id for place in Place.objects.suggest("bakı")[:1]] == [587084]


def test_load_places_stores_a_row_as_it_is(ship):
    factories.country("TR")
    ship(KONYA, CASTLE)
    load_places()
    columns = ["geonames_id", *exchange.PLACE_COLUMNS]
    assert list(Place.objects.order_by("pk").values_list(*columns)) == [
        (1, 'The "Old" Castle', "", "", "TR", "", -0.5, 180.0, None, "Europe/Istanbul", "theoldcastle"),
        (
            306571,
            "Konya",
            "قونیه",
            "Iconium\nКонья",
            "TR",
            "71",
            37.87135,
            32.48464,
            1433861,
            "Europe/Istanbul",
            "konya\nقونیه\niconium\nконья",
        ),
    ]


def test_load_places_brings_the_table_to_a_new_extract(ship):
    factories.country("TR")
    ship(KONYA, CASTLE)
    load_places()
    ship([*KONYA[:2], "قونيه", *KONYA[3:]], ["2", *CASTLE[1:]])
    assert load_places() == "Places: 2 in all, 1 added, 1 changed, 1 removed.\n"
    assert list(Place.objects.order_by("pk").values_list("geonames_id", "name_fa")) == [(2, ""), (306571, "قونيه")]


def test_load_places_mends_a_row_that_was_changed(ship):
    factories.country("TR")
    ship(KONYA)
    load_places()
    Place.objects.update(search_text="")
    assert load_places() == "Places: 1 in all, 0 added, 1 changed, 0 removed.\n"
    assert Place.objects.get().search_text == "konya\nقونیه\niconium\nконья"


def test_load_places_is_all_or_nothing(ship, monkeypatch):
    monkeypatch.setattr(exchange, "BATCH", 1)
    factories.country("TR")
    ship(CASTLE, ["2", *CASTLE[1:6], "north", *CASTLE[7:]])
    with pytest.raises(ValueError, match="north"):
        load_places()
    assert not Place.objects.exists()


def test_load_places_needs_the_countries():
    with pytest.raises(CommandError, match="run load_countries first"):
        load_places()
    assert not Place.objects.exists()


def test_load_places_shows_how_far_it_is_on_a_terminal(ship):
    class Terminal(io.StringIO):
        def isatty(self):
            return True

    factories.country("TR")
    ship(KONYA)
    assert load_places(Terminal()) == "\rPlaces: 100 %\rPlaces: 1 in all, 1 added, 0 changed, 0 removed.\n"


def test_gazetteer_file_is_light_and_carries_no_time_of_its_making():
    packed = exchange.PLACES.read_bytes()
    assert len(packed) < 2_000_000
    assert packed[4:8] == b"\0\0\0\0"
