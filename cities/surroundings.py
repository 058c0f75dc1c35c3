"""Where a city's page leads on to: others of its country, the nearest ones, the one before it and the one after it."""

from functools import cached_property

from cities.atlas import Atlas
from cities.geography import Way
from cities.models import City

NEIGHBOURS = 12
"""Others of the same country."""

NEAREST = 6

ON_THE_DISC = 60
"""Other partners, the largest, that the map on a city's page shows."""


class Surroundings:
    """The surroundings of `city`, which has a page, among all that have one, fetched together; see `Atlas.around`."""

    def __init__(self, city: City, atlas: Atlas) -> None:
        self.city = city
        keys = atlas.around(city, NEIGHBOURS, NEAREST, ON_THE_DISC)
        self.found = list(City.objects.filter(pk__in=keys).with_country().with_kinds().alphabetical())

    @property
    def neighbours(self) -> list[City]:
        """Others of its country, in alphabetical order."""
        return [city for city in self.found if city.country_id == self.city.country_id][:NEIGHBOURS]

    @cached_property
    def nearest(self) -> list[tuple[City, Way]]:
        """The nearest, each with the way there; none where it is not known where the city lies."""
        ways = [(city, Way.between(self.city, city)) for city in self.found]
        return sorted(((city, way) for city, way in ways if way), key=lambda pair: pair[1].km)[:NEAREST]

    @property
    def previous(self) -> City | None:
        """The one before it in the alphabet."""
        return next((city for city in reversed(self.found) if city.alphabet < self.city.alphabet), None)

    @property
    def next(self) -> City | None:
        """The one after it in the alphabet."""
        return next((city for city in self.found if city.alphabet > self.city.alphabet), None)
