"""Where one city lies from another: how far, which way, and the little dial that shows both.

Distances and directions follow the great circle on a sphere of the Earth's mean radius, as the map does.
"""

import math
from dataclasses import dataclass

from django.utils.translation import gettext, gettext_lazy, pgettext_lazy

from sistercities.text import number

EARTH_RADIUS_KM = 6371.0088
"""The mean radius of the Earth (IUGG), in kilometres."""

COMPASS = (
    pgettext_lazy("compass", "north"),
    gettext_lazy("north-north-east"),
    gettext_lazy("north-east"),
    gettext_lazy("east-north-east"),
    pgettext_lazy("compass", "east"),
    gettext_lazy("east-south-east"),
    gettext_lazy("south-east"),
    gettext_lazy("south-south-east"),
    pgettext_lazy("compass", "south"),
    gettext_lazy("south-south-west"),
    gettext_lazy("south-west"),
    gettext_lazy("west-south-west"),
    pgettext_lazy("compass", "west"),
    gettext_lazy("west-north-west"),
    gettext_lazy("north-west"),
    gettext_lazy("north-north-west"),
)
"""The sixteen winds, clockwise from north, in the reader's language."""


def compass_word(bearing: float, points: int = 8):
    """The wind nearest to `bearing` (degrees clockwise from north) on a rose of 4, 8 or 16 `points`, as lazy text."""
    step = len(COMPASS) // points
    return COMPASS[round(bearing / 360 * points) % points * step]


@dataclass(frozen=True)
class Way:
    """How a place lies from another: `km` along the great circle, `bearing` in degrees clockwise from north.

    `bearing` is None where no direction exists: to the same place and to its antipode.
    """

    km: float
    bearing: float | None

    @classmethod
    def along(cls, latitude: float, longitude: float, to_latitude: float, to_longitude: float) -> "Way":
        """The way from one point to another, all four in degrees."""
        start, end = math.radians(latitude), math.radians(to_latitude)
        turn = math.radians(to_longitude - longitude)
        east = math.cos(end) * math.sin(turn)
        north = math.cos(start) * math.sin(end) - math.sin(start) * math.cos(end) * math.cos(turn)
        up = math.sin(start) * math.sin(end) + math.cos(start) * math.cos(end) * math.cos(turn)
        across = math.hypot(east, north)
        # Below a millimetre the direction is only the rounding of the sines.
        bearing = math.degrees(math.atan2(east, north)) % 360 if across > 1e-10 else None
        return cls(EARTH_RADIUS_KM * math.atan2(across, up), bearing)

    @classmethod
    def between(cls, home, city) -> "Way | None":
        """The way from `home` to `city`, or None where either is missing or has no coordinates."""
        points = [(place.latitude, place.longitude) for place in (home, city) if place]
        if len(points) < 2 or any(degrees is None for point in points for degrees in point):
            return None
        return cls.along(*points[0], *points[1])

    @property
    def direction(self) -> str:
        """The direction in words on the eight-point rose, "" where there is none."""
        return "" if self.bearing is None else str(compass_word(self.bearing))

    @property
    def distance(self) -> str:
        """The distance in whole kilometres as the reader's language writes it, without its unit."""
        return number(round(self.km))

    def from_place(self, name: str) -> str:
        """The way as a phrase: "1,520 km, west of Tabriz"."""
        phrase = {"distance": self.distance, "direction": self.direction, "place": name}
        if not self.direction:
            return gettext("%(distance)s km from %(place)s") % phrase
        return gettext("%(distance)s km, %(direction)s of %(place)s") % phrase

    @property
    def dial(self) -> "Dial":
        """The way as a drawing."""
        return Dial.of(self)


@dataclass(frozen=True)
class Dial:
    """The bearing dial: home in the middle of a box of 56 units, the other city at (`x`, `y`), north up.

    The distance from the middle grows with the root of the kilometres, so that near cities keep apart, and ends
    at the rim: whatever lies farther than 6,800 km stands there. A ring marks 1,000 km.
    """

    SIZE = 56
    MIDDLE = SIZE / 2
    RIM = 26.5

    x: float
    y: float

    @staticmethod
    def radius(km: float) -> float:
        """How far from the middle of the dial a distance of `km` stands."""
        return 4 + 21 * math.sqrt(min(km, 6800) / 6800)

    @classmethod
    def of(cls, way: Way) -> "Dial":
        """The dial of `way`; a city without a direction stands in the middle."""
        if way.bearing is None:
            return cls(cls.MIDDLE, cls.MIDDLE)
        angle, radius = math.radians(way.bearing), cls.radius(way.km)
        return cls(round(cls.MIDDLE + radius * math.sin(angle), 1), round(cls.MIDDLE - radius * math.cos(angle), 1))

    @property
    def ring(self) -> float:
        """The radius of the ring at 1,000 km."""
        return round(self.radius(1000), 1)
