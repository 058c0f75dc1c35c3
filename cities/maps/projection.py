"""The plane of every map: azimuthal equidistant round the home city.

From the middle every distance and every direction is true, on the same sphere as `cities.geography.Way`.
"""

import math
from collections.abc import Iterable
from functools import cached_property

from cities.geography import EARTH_RADIUS_KM

FARTHEST_KM = math.pi * EARTH_RADIUS_KM
"""How far the point opposite the middle lies: the radius of the whole map, in kilometres."""

Vector = tuple[float, float, float]


def vector(latitude: float, longitude: float) -> Vector:
    """A point of the globe, given in degrees, as a vector of length 1: towards 0°, towards 90° east, towards north."""
    north, east = math.radians(latitude), math.radians(longitude)
    return math.cos(north) * math.cos(east), math.cos(north) * math.sin(east), math.sin(north)


class Projection:
    """The plane round the point at `latitude` and `longitude` (degrees), in kilometres east and north of it."""

    def __init__(self, latitude: float, longitude: float) -> None:
        self.latitude, self.longitude = latitude, longitude
        north, east = math.radians(latitude), math.radians(longitude)
        self.up = vector(latitude, longitude)
        self.east = (-math.sin(east), math.cos(east), 0.0)
        self.north = (-math.sin(north) * math.cos(east), -math.sin(north) * math.sin(east), math.cos(north))

    @classmethod
    def of(cls, city) -> "Projection | None":
        """The plane round `city`, or None where it is missing or has no coordinates."""
        return cls(city.latitude, city.longitude) if city and city.latitude is not None else None

    def place(self, latitude: float, longitude: float) -> tuple[float, float]:
        """The point at these degrees as (east, north) in kilometres. The opposite point lies due north, at the rim."""
        return self.places([vector(latitude, longitude)])[0]

    def places(self, vectors: Iterable[Vector]) -> list[tuple[float, float]]:
        """Many points, given as vectors, as (east, north) in kilometres."""
        (ux, uy, uz), (ex, ey, _), (nx, ny, nz) = self.up, self.east, self.north
        hypot, atan2, radius = math.hypot, math.atan2, EARTH_RADIUS_KM
        placed = []
        for x, y, z in vectors:
            east, north = ex * x + ey * y, nx * x + ny * y + nz * z
            across = hypot(east, north)
            up = ux * x + uy * y + uz * z
            if across < 1e-10:
                placed.append((0.0, 0.0 if up > 0 else FARTHEST_KM))
                continue
            stretch = radius * atan2(across, up) / across
            placed.append((east * stretch, north * stretch))
        return placed

    @cached_property
    def key(self) -> str:
        """What tells this plane from another: the degrees of its middle, to the metre."""
        return f"{self.latitude:.5f},{self.longitude:.5f}"
