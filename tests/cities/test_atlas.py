"""The atlas leads on from a city to those to which the database would, asked about all of them."""

import math

import pytest
from django.db.models import F
from django.db.models.functions import Cos, Radians, Sin
from django.utils.translation import override

from cities.atlas import Atlas
from cities.models import City
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    """Cities in rings about a few places, far north and either side of the date line among them, some unknown."""
    centres = [(41.0, 29.0, "TR"), (40.4, 49.9, "AZ"), (89.0, 10.0, "DE"), (-17.0, 179.9, "CN")]
    for at in range(44):
        latitude, longitude, country = centres[at % 4]
        east = (longitude + at // 8 * 0.7 + 180) % 360 - 180
        known = at % 9 != 8
        city = factories.city(
            country=country,
            name_en=f"City {at % 13}",
            name_fa=f"شهر {at % 11}",
            latitude=latitude - at // 4 * 0.1 if known else None,
            longitude=east if known else None,
            population=None if at % 6 == 5 else at % 10 * 1000,
        )
        factories.agreement(published=at % 7 != 6, partner=city)


def nearest(others, city, count):
    """The keys of the nearest, reckoned by the database."""
    if city.latitude is None:
        return []
    latitude, turn = Radians("latitude"), Radians(F("longitude") - city.longitude)
    here = math.radians(city.latitude)
    closeness = Sin(latitude) * math.sin(here) + Cos(latitude) * math.cos(here) * Cos(turn)
    found = others.filter(latitude__isnull=False).annotate(closeness=closeness).order_by("-closeness", "pk")
    return list(found.values_list("pk", flat=True)[:count])


@pytest.mark.parametrize("language", ["fa", "en"])
def test_a_city_leads_on_to_those_that_the_database_finds(world, language):
    with override(language):
        atlas, alphabet = Atlas(), list(City.objects.public().alphabetical())
        assert len(alphabet) == 38
        for at, city in enumerate(alphabet):
            others = City.objects.public().exclude(pk=city.pk)
            beside = {one.pk for one in alphabet[max(at - 1, 0) : at + 2]} - {city.pk}
            in_country = others.filter(country=city.country_id).alphabetical().values_list("pk", flat=True)[:3]
            large = others.for_maps().values_list("pk", flat=True)[:5]
            assert atlas.nearest_to(city, 4) == nearest(others, city, 4)
            assert atlas.around(city, 3, 4, 5) == beside | {*in_country} | {*nearest(others, city, 4)} | {*large}


def test_the_nearest_beyond_the_pole_are_found():
    cities = [factories.city(latitude=lat, longitude=lon) for lat, lon in ((89, 0), (89, 180), (86, 0), (60, 0))]
    for city in cities:
        factories.agreement(published=True, partner=city)
    assert Atlas().nearest_to(cities[0], 3) == [city.pk for city in cities[1:]]
