"""Distance, direction and the bearing dial."""

import math

import pytest
from django.utils.translation import override

from cities.geography import EARTH_RADIUS_KM, Dial, Way, compass_word
from cities.models import City

TABRIZ = (38.08, 46.2919)
ISTANBUL = (41.01384, 28.94966)
BAKU = (40.37767, 49.89201)
WUHAN = (30.58333, 114.26667)
SYDNEY = (-33.86785, 151.20732)
QUARTER = EARTH_RADIUS_KM * math.pi / 2


def named(latitude, longitude):
    return City(latitude=latitude, longitude=longitude)


def haversine(start, end):
    """The textbook formula, as a second opinion."""
    (phi, lam), (phi_to, lam_to) = [tuple(map(math.radians, point)) for point in (start, end)]
    part = math.sin((phi_to - phi) / 2) ** 2 + math.cos(phi) * math.cos(phi_to) * math.sin((lam_to - lam) / 2) ** 2
    return 2 * EARTH_RADIUS_KM * math.asin(math.sqrt(part))


# --- Distance ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("place", [ISTANBUL, BAKU, WUHAN, SYDNEY])
def test_distance_is_the_great_circle(place):
    assert Way.along(*TABRIZ, *place).km == pytest.approx(haversine(TABRIZ, place), rel=1e-9)


@pytest.mark.parametrize(("place", "km"), [(ISTANBUL, 1520), (BAKU, 402), (WUHAN, 6160)])
def test_distance_from_tabriz(place, km):
    assert round(Way.along(*TABRIZ, *place).km) == km


def test_distance_is_the_same_both_ways():
    assert Way.along(*TABRIZ, *SYDNEY).km == pytest.approx(Way.along(*SYDNEY, *TABRIZ).km, rel=1e-12)


def test_distance_across_the_date_line_is_the_short_way():
    assert Way.along(0, 179, 0, -179).km == pytest.approx(2 * QUARTER / 90)


def test_distance_to_the_antipode_is_half_the_earth():
    assert Way.along(*TABRIZ, -TABRIZ[0], TABRIZ[1] - 180).km == pytest.approx(2 * QUARTER)


def test_distance_of_a_few_metres_keeps_its_figures():
    assert Way.along(38.08, 46.2919, 38.08001, 46.2919).km == pytest.approx(0.001112, rel=1e-3)


# --- Direction -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("to", "bearing"), [((1, 0), 0), ((0, 1), 90), ((-1, 0), 180), ((0, -1), 270)], ids=["N", "E", "S", "W"]
)
def test_bearing_is_clockwise_from_north(to, bearing):
    assert Way.along(0, 0, *to).bearing == pytest.approx(bearing)


def test_bearing_is_that_of_the_great_circle_at_its_beginning():
    # 40° N to 40° N a quarter round the globe: the great circle sets out well to the north of east.
    assert Way.along(40, 0, 40, 90).bearing == pytest.approx(math.degrees(math.atan2(1, math.sin(math.radians(40)))))


def test_bearing_across_the_date_line_is_the_short_way():
    assert Way.along(0, 179, 0, -179).bearing == pytest.approx(90)


@pytest.mark.parametrize("to", [TABRIZ, (-38.08, -133.7081)], ids=["same place", "antipode"])
def test_bearing_does_not_exist_to_the_same_place_and_its_antipode(to):
    way = Way.along(*TABRIZ, *to)
    assert (way.bearing, way.direction) == (None, "")


@pytest.mark.parametrize(
    ("bearing", "word"),
    [
        (0, "north"),
        (22.4, "north"),
        (22.6, "north-east"),
        (90, "east"),
        (180, "south"),
        (270, "west"),
        (337.4, "north-west"),
        (337.6, "north"),
        (359.9, "north"),
    ],
)
def test_compass_word_of_eight(bearing, word):
    with override("en"):
        assert str(compass_word(bearing)) == word


@pytest.mark.parametrize(
    ("bearing", "word"), [(11.3, "north-north-east"), (348.7, "north-north-west"), (348.8, "north")]
)
def test_compass_word_of_sixteen(bearing, word):
    with override("en"):
        assert str(compass_word(bearing, points=16)) == word


@pytest.mark.parametrize(("bearing", "word"), [(46, "east"), (316, "north")])
def test_compass_word_of_four(bearing, word):
    with override("en"):
        assert str(compass_word(bearing, points=4)) == word


def test_compass_words_in_persian():
    with override("fa"):
        words = [str(compass_word(bearing)) for bearing in range(0, 360, 45)]
    assert words == ["شمال", "شمال شرقی", "شرق", "جنوب شرقی", "جنوب", "جنوب غربی", "غرب", "شمال غربی"]


# --- Between two cities --------------------------------------------------------------------------------


def test_way_between_cities_is_that_of_their_coordinates():
    assert Way.between(named(*TABRIZ), named(*BAKU)) == Way.along(*TABRIZ, *BAKU)


def test_way_on_the_equator_and_the_prime_meridian_counts():
    # Zero is a coordinate, not a missing one.
    assert Way.between(named(0, 0), named(0, 1)) == Way.along(0, 0, 0, 1)


@pytest.mark.parametrize(
    ("home", "city"),
    [(None, named(*BAKU)), (named(None, None), named(*BAKU)), (named(*TABRIZ), named(None, None))],
    ids=["no home city", "home without coordinates", "city without coordinates"],
)
def test_way_is_not_known_without_coordinates(home, city):
    assert Way.between(home, city) is None


def test_way_in_words_in_english():
    with override("en"):
        assert Way.along(*TABRIZ, *ISTANBUL).from_place("Tabriz") == "1,520 km, west of Tabriz"


def test_way_in_words_in_persian():
    with override("fa"):
        assert Way.along(*TABRIZ, *ISTANBUL).from_place("تبریز") == "۱٬۵۲۰ کیلومتر، در غرب تبریز"


def test_way_in_words_without_a_direction():
    with override("en"):
        assert Way.along(*TABRIZ, *TABRIZ).from_place("Tabriz") == "0 km from Tabriz"


# --- The dial ------------------------------------------------------------------------------------------


def test_dial_has_north_above_and_east_to_the_right_of_home():
    north, east = Way(1700, 0).dial, Way(1700, 90).dial
    # A quarter of 6,800 km stands at 4 + 21 / 2 units.
    assert (north.x, north.y, east.x, east.y) == (28, 13.5, 42.5, 28)


def test_dial_keeps_every_city_within_its_rim():
    farthest = Way.along(*TABRIZ, -38, -133)
    assert farthest.km > 19_900
    assert math.hypot(farthest.dial.x - 28, farthest.dial.y - 28) == pytest.approx(25, abs=0.1)


def test_dial_shows_a_city_without_direction_in_the_middle():
    assert Way(0, None).dial == Dial(28, 28)


def test_dial_ring_stands_at_a_thousand_kilometres():
    way = Way(1000, 90)
    assert way.dial.ring == pytest.approx(way.dial.x - 28)
