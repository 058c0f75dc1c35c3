"""What a name in somebody's table means."""

import pytest
from django.utils.translation import override

from cities.matching import Countries, Match, Matcher, Name, city_from, find_country
from cities.models import City, Country
from tests import factories

pytestmark = pytest.mark.django_db


def keys(match: Match) -> list[str]:
    """What it came to: the kind, then the candidates by name."""
    return [match.kind, *(candidate.label for candidate in match.candidates)]


@pytest.mark.parametrize(
    ("spelling", "code"),
    [
        *[(spelling, "TR") for spelling in ("TR", "tur", "Türkei", "TURKEY", "Turquie", "تركيا", "ترکیه", "Турция")],
        *[("Tschech. Republik", ""), ("USSR", ""), ("Korea", ""), ("Atlantis", ""), ("", ""), ("TRX", "")],
        *[(spelling, "DE") for spelling in ("Deutschland", "Almanya", "آلمان", "GERMANY ", "de")],
    ],
)
def test_a_country_is_found_by_whatever_spelling_is_known(spelling: str, code: str) -> None:
    factories.country("TR")
    factories.country("DE")
    assert getattr(find_country(spelling), "code", "") == code


@override("en")
def test_a_country_that_is_not_found_is_refused_with_what_to_write_instead() -> None:
    known = Countries()
    assert [known.hint(name).partition("”")[2] for name in ("شوروی", "Congo", "Kosovo", "Atlantis")] == [
        " is no country of today: write the one in which the city lies now.",
        " can mean more than one country: write which.",
        " has no code of ISO 3166-1: write the country by which it is counted there, "
        "or add it to the countries of this register.",
        " is not known as a country.",
    ]
    assert find_country("Kosovo") is None
    Country.objects.create(code="XK", name_fa="کوزوو", name_en="Kosovo", continent="EU")
    assert find_country("Kosova").code == "XK"


@pytest.mark.parametrize(
    ("written", "bare", "qualifiers", "level"),
    [
        ("Vratimov (Rattimau)", "Vratimov", ("Rattimau",), "city"),
        ("Springfield, Illinois", "Springfield", ("Illinois",), "city"),
        ("Krapkowice, Kreis (Krappitz)", "Krapkowice", ("Krappitz",), "county"),
        ("Alzey-Worms (Kreis) (Alzey, Stadt)", "Alzey-Worms", ("Alzey",), "county"),
        ("Province of Bolzano", "Bolzano", (), "province"),
        ("Cham (Kanton Zug)", "Cham", ("Kanton Zug",), "city"),
        ("شهر  تبریز", "تبریز", (), "city"),
    ],
)
def test_a_name_is_taken_apart(written: str, bare: str, qualifiers: tuple[str, ...], level: str) -> None:
    name = Name.read(written)
    assert (name.bare, name.qualifiers, str(name.level)) == (bare, qualifiers, level)


class TestPlaces:
    """The gazetteer and the register with homonyms in two countries."""

    @pytest.fixture
    def matcher(self) -> Matcher:
        """Two Springfields, the two Frankfurts, Istanbul, and Cádiz, known by an id of its own."""
        states = Country.objects.create(code="US", name_fa="آمریکا", name_en="United States", continent="NA")
        spain = Country.objects.create(code="ES", name_fa="اسپانیا", name_en="Spain", continent="EU")
        for admin1, latitude, longitude in (("IL", 39.8, -89.6), ("MO", 37.2, -93.3)):
            factories.place(name="Springfield", country=states, admin1=admin1, latitude=latitude, longitude=longitude)
        factories.place(name="Frankfurt am Main", other_names="Frankfurt", country="DE", latitude=50.1, longitude=8.7)
        factories.place(name="Frankfurt (Oder)", other_names="Frankfurt", country="DE", latitude=52.3, longitude=14.5)
        factories.place(name="Saint-Denis", country="DE", latitude=48.9, longitude=9.0)
        factories.place(name="Cádiz", name_fa="کادیس", country=spain, latitude=36.5, longitude=-6.3, geonames_id=7)
        factories.place(name="Beşiktaş", country="TR", latitude=41.04, longitude=29.0, population=5)
        factories.place(name="İstanbul", country="TR", latitude=41.01, longitude=28.95, geonames_id=8)
        factories.istanbul()
        return Matcher()

    def find(self, matcher: Matcher, name: str, code: str = "", *point: float, **given: int) -> Match:
        return matcher.find(name, matcher.countries.find(code) if code else None, *point, **given)

    @pytest.mark.parametrize(
        ("asked", "outcome"),
        [
            (("Cadiz", "ES"), ["place", "Cádiz"]),
            (("کادیس",), ["place", "Cádiz"]),
            (("Cádiz", "US"), ["unknown"]),
            (("قسطنطنیه", "TR"), ["city", "Istanbul"]),
            (("Istanbul",), ["city", "Istanbul"]),
            (("Frankfurt (Oder)", "DE"), ["place", "Frankfurt (Oder)"]),
            (("Frankfurt", "DE"), ["several", "Frankfurt (Oder)", "Frankfurt am Main"]),
            (("Frankfurt", "DE", 50.0, 8.6), ["place", "Frankfurt am Main"]),
            (("St. Denis", "DE"), ["place", "Saint-Denis"]),
            (("Springfield", "US"), ["several", "Springfield", "Springfield"]),
            (("Springfield, Illinois", "US"), ["place", "Springfield"]),
            (("Springfield", "US", 37.3, -93.2), ["place", "Springfield"]),
            (("Spingfield", "US"), ["unknown", "Springfield", "Springfield"]),
            (("Landkreis Cádiz", "ES", 36.5, -6.3), ["unknown"]),
            (("Istanbul (Beşiktaş)", "TR"), ["several", "Istanbul", "Beşiktaş"]),
        ],
    )
    @override("en")
    def test_a_name_means_one_or_is_asked(self, matcher: Matcher, asked: tuple, outcome: list[str]) -> None:
        assert sorted(keys(self.find(matcher, *asked))) == sorted(outcome)

    @pytest.mark.parametrize(
        ("point", "outcome", "doubt"),
        [
            ((36.6, -6.2), ["place", "Cádiz"], "None"),
            ((40.0, -89.0), ["several", "Cádiz"], "The point lies near Springfield in United States."),
            ((38.5, -1.0), ["several", "Cádiz"], "The point lies 518 km from Cádiz."),
            ((0.0, 0.0), ["place", "Cádiz"], "The point is not on the globe."),
        ],
    )
    @override("en")
    def test_a_point_that_contradicts_the_name_is_doubted(
        self, matcher: Matcher, point: tuple, outcome: list[str], doubt: str
    ) -> None:
        match = self.find(matcher, "Cádiz", "ES", *point)
        assert (keys(match), str(match.doubt)) == (outcome, doubt)

    def test_an_id_decides_and_a_city_stands_for_its_place(self, matcher: Matcher) -> None:
        assert keys(self.find(matcher, "Gades", geonames_id=7))[0] == "place"
        assert str(self.find(matcher, "Istanbul", "ES", geonames_id=7).doubt) == "None"
        made = city_from(self.find(matcher, "Cádiz").record)
        made.slug = "cadiz"
        made.save()
        matcher.add(made)
        assert self.find(matcher, "کادیس", "ES").candidates[0].key == f"city:{made.pk}"
        assert self.find(matcher, "x", geonames_id=7).record == made

    def test_reading_costs_the_same_queries_for_any_table(self, matcher: Matcher, django_assert_num_queries) -> None:
        with django_assert_num_queries(3):
            matcher = Matcher()
            for name in ("Cádiz", "Frankfurt", "Istanbul", "Nowhere") * 10:
                self.find(matcher, name)


def test_a_city_of_the_gazetteer_is_no_home_and_keeps_what_is_known() -> None:
    city = city_from(factories.place(name="Gəncə", name_fa="گنجه", country="AZ", other_names="Elizavetpol\nGence"))
    assert (city.pk, city.country_id, city.name_fa, city.name_en, city.other_names, city.is_home, city.level) == (
        None,
        "AZ",
        "گنجه",
        "Gəncə",
        "Elizavetpol",
        False,
        City.Level.CITY,
    )
