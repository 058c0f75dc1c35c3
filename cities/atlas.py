"""The atlas of the cities that have a page: where each one leads on to, without asking the database.

Which cities are the nearest, the largest and the next in the alphabet is a question about all of them. So what tells it
is read once for each revision of the public data (see `sistercities.kept`), and a page fetches only what it shows.
"""

import math
from bisect import bisect_left, bisect_right
from collections import defaultdict
from itertools import islice
from typing import NamedTuple

from django.utils.translation import get_language

from cities.models import City
from sistercities.kept import Memory

BANDS = (1, 4, 16, 180)
"""Degrees of latitude to either side in which the nearest are looked for, as long as a nearer one can lie farther."""

ROUNDING = 1e-12
"""By how much a cosine may be wrong."""


class Place(NamedTuple):
    """Where a city lies, in degrees."""

    latitude: float
    longitude: float
    key: int


class Atlas:
    """The cities that have a page, by their keys, in the alphabetical order of the reader's language."""

    def __init__(self) -> None:
        columns = ("pk", "country", "latitude", "longitude", "population")
        rows = list(City.objects.public().alphabetical().values_list(*columns))
        self.alphabet: list[int] = [row[0] for row in rows]
        self.position = {key: position for position, key in enumerate(self.alphabet)}
        self.of_country: dict[str, list[int]] = defaultdict(list)
        for key, country, *_rest in rows:
            self.of_country[country].append(key)
        placed = (row for row in rows if row[2] is not None)
        self.places = sorted(Place(latitude, longitude, key) for key, _country, latitude, longitude, _people in placed)
        by_size = sorted((people is None, -(people or 0), key) for key, *_place, people in rows)
        self.by_size: list[int] = [key for *_size, key in by_size]

    @classmethod
    def present(cls, memory: Memory) -> "Atlas":
        """The atlas under the revision of `memory`, in the reader's language."""
        return memory.hold(("atlas", get_language()), cls)

    def around(self, city: City, in_country: int, nearest: int, largest: int) -> set[int]:
        """The keys of those that `city` leads on to: `in_country` others of its country, the `nearest` ones, those
        beside it in the alphabet, and the `largest` ones, which its map shows. It has to have a page itself."""
        at = self.position[city.pk]
        beside = self.alphabet[max(at - 1, 0) : at + 2]
        others = (key for key in self.of_country[city.country_id] if key != city.pk)
        large = (key for key in self.by_size if key != city.pk)
        found = {*beside, *islice(others, in_country), *self.nearest_to(city, nearest), *islice(large, largest)}
        return found - {city.pk}

    def nearest_to(self, city: City, count: int) -> list[int]:
        """The keys of the nearest to `city`, along the great circle; none where it is not known where that lies."""
        if city.latitude is None:
            return []
        sine, cosine = math.sin(math.radians(city.latitude)), math.cos(math.radians(city.latitude))

        def closeness(place: Place) -> float:
            """The cosine of the angle between the two: the greater, the nearer."""
            latitude, turn = math.radians(place.latitude), math.radians(place.longitude - city.longitude)
            return math.sin(latitude) * sine + math.cos(latitude) * cosine * math.cos(turn)

        found: list[tuple[float, int]] = []
        for band in BANDS:
            start = bisect_left(self.places, (city.latitude - band,))
            end = bisect_right(self.places, (city.latitude + band, math.inf))
            found = sorted((-closeness(place), place.key) for place in self.places[start:end] if place.key != city.pk)
            found = found[:count]
            if len(found) == count and -found[-1][0] > math.cos(math.radians(band)) + ROUNDING:
                break
        return [key for _cosine, key in found]
