"""The map of what was found, which can be brought closer and moved without a script.

Every frame has an address: `zoom` is the step of its scale, `east` and `north` are the kilometres of its middle from
the home city, on the grid of `cities.maps.Frame`. The links round the map lead to the neighbouring frames, so that it
works by keyboard, without a script, in a shared link and with the back button; the server places the names anew in each
frame, so that what lies close together comes apart. static/js/map.js makes the way from one frame to the next smooth.

It is not Leaflet, although that is the usual choice: our plane is round the home city and not Mercator's, so that its
tiles and its arithmetic would be in the way, and with 42 KB compressed it alone is more script than a first visit to
a page may load (40 KB). Its pictures would be one map for those who run scripts, and none for the others.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.paginator import Page, Paginator
from django.utils.functional import cached_property
from django.utils.translation import gettext

from cities.geography import Way
from cities.maps import FARTHEST_KM, Frame, Map, Projection
from cities.maps.frames import GRID, LARGEST, SMALLEST
from cities.models import City

if TYPE_CHECKING:
    from partnerships.filters import AgreementFilter

SHAPE = "near"
"""The form of the map; see `cities.maps.SHAPES`."""

LEFT_OUTSIDE = 0.1
"""The share of the cities that may lie beyond the first frame, where that makes the others much larger."""

CROWD = 60
"""Lines on the map that can each still be followed by eye."""


@dataclass(frozen=True)
class Step:
    """A link to a neighbouring frame: what it is called, the sign that it shows, and its address."""

    name: str
    label: str
    sign: str
    url: str


@dataclass(frozen=True)
class Listed:
    """A city below the map, with how many of the agreements found are with it and how far it lies from home."""

    city: City
    agreements: int
    km: int | None

    @classmethod
    def of(cls, city: City, home: City | None) -> "Listed":
        """The city as seen from `home`."""
        way = Way.between(home, city)
        return cls(city, len(city.published_agreements), round(way.km) if way else None)


class WorldMap:
    """The cities of the agreements that were found, on the part of the map that the address asks for.

    Without a home city that has coordinates there is no map, but still its list.
    """

    def __init__(self, home: City | None, found: "AgreementFilter") -> None:
        self.home, self.found = home, found
        self.projection = Projection.of(home)

    @cached_property
    def positions(self) -> dict[int, tuple[float, float]]:
        """Where each city with coordinates lies, in kilometres east and north of the home city."""
        if self.projection is None:
            return {}
        placed = (city for city in self.found.cities if city.latitude is not None)
        return {city.pk: self.projection.place(city.latitude, city.longitude) for city in placed}

    @cached_property
    def first(self) -> Frame:
        """The frame that is shown where none is asked for."""
        return Frame.around(SHAPE, self.positions.values(), leaving=LEFT_OUTSIDE)

    @cached_property
    def whole(self) -> Frame:
        """The frame that holds everything."""
        return Frame.around(SHAPE, self.positions.values())

    @cached_property
    def frame(self) -> Frame:
        """The frame that is asked for; what the address leaves open is as in the first."""
        zoom, *middle = (self.found.asked[name] for name in ("zoom", "east", "north"))
        if zoom is None and middle == [None, None]:
            return self.first
        east, north = (asked if asked is not None else km for asked, km in zip(middle, self.first.middle, strict=True))
        return Frame.at(SHAPE, zoom or self.first.step, east, north)

    @cached_property
    def map(self) -> Map | None:
        """The drawing, in which the larger cities get their names first; None without a home city to draw it round."""
        if self.projection is None:
            return None
        largest = sorted(self.found.cities, key=lambda city: (-(city.population or 0), city.pk))
        label = gettext("Map of the cities found")
        return Map(self.frame, self.home, largest, opening=self.opening, label=label)

    @property
    def is_crowded(self) -> bool:
        """Whether so many lines lead from home that they have to step back behind the marks and the names."""
        return bool(self.map) and len(self.map.places) + len(self.map.beyond) > CROWD

    def address(self, frame: Frame) -> str:
        """The address that shows `frame`."""
        if frame == self.first:
            return self.found.at()
        return self.found.at(frame.step, *map(round, frame.middle))

    def opening(self, frame: Frame) -> str:
        """The address that opens a cluster; "" where nothing comes any closer."""
        return "" if frame == self.frame else self.address(frame)

    @property
    def steps(self) -> list[Step]:
        """The frames next to this one, as far as there are any. A map is never mirrored: west is on the left."""
        neighbours = [
            ("closer", gettext("Closer"), "+", self.frame.closer()),
            ("wider", gettext("Wider"), "\u2212", self.frame.wider()),
            ("west", gettext("To the west"), "←", self.frame.moved(-1, 0)),
            ("north", gettext("To the north"), "↑", self.frame.moved(0, 1)),
            ("south", gettext("To the south"), "↓", self.frame.moved(0, -1)),
            ("east", gettext("To the east"), "→", self.frame.moved(1, 0)),
        ]
        return [
            Step(name, label, sign, self.address(frame))
            for name, label, sign, frame in neighbours
            if frame and frame != self.frame
        ]

    @property
    def ways_back(self) -> list[Step]:
        """From a part of the map to the first frame, and from that to the whole."""
        frames = {self.first: gettext("Back to the first view"), self.whole: gettext("All cities")}
        return [Step("", label, "", self.address(frame)) for frame, label in frames.items() if frame != self.frame]

    @property
    def window(self) -> dict[str, str]:
        """What the script has to know of the frame: its step, the kilometres of its middle, units to the kilometre;
        and of all frames: the first and the last step, the grid in units, the rim of the world in kilometres."""
        east, north = self.frame.middle
        return {
            "zoom": f"{self.frame.step}",
            "east": f"{east:.3f}",
            "north": f"{north:.3f}",
            "scale": f"{self.frame.scale:.6f}",
            "least": f"{SMALLEST}",
            "most": f"{LARGEST}",
            "grid": f"{GRID}",
            "rim": f"{FARTHEST_KM:.0f}",
            "address": self.address(self.frame),
        }

    @cached_property
    def shown(self) -> set[int]:
        """The keys of the cities in the frame."""
        if self.projection is None:
            return set()
        return {key for key, position in self.positions.items() if self.frame.shows(*self.frame.point(*position))}

    @cached_property
    def page(self) -> Page:
        """The page of the list: what the map shows first, then what lies beyond, then what has no coordinates."""
        rank = [city.pk not in self.shown for city in self.found.cities]
        rank = [is_out + (city.latitude is None) for is_out, city in zip(rank, self.found.cities, strict=True)]
        ordered = [city for _rank, city in sorted(zip(rank, self.found.cities, strict=True), key=lambda one: one[0])]
        return Paginator(ordered, self.found.page_size).get_page(self.found.asked["page"])

    @property
    def inside(self) -> list[Listed]:
        """The cities of the page that the map shows."""
        return list(self._listed(lambda city: city.pk in self.shown))

    @property
    def beyond(self) -> list[Listed]:
        """The cities of the page that lie beyond the frame."""
        return list(self._listed(lambda city: city.latitude is not None and city.pk not in self.shown))

    @property
    def unplaced(self) -> list[Listed]:
        """The cities of the page whose coordinates are not known."""
        return list(self._listed(lambda city: city.latitude is None))

    def _listed(self, belongs) -> Iterator[Listed]:
        return (Listed.of(city, self.home) for city in self.page if belongs(city))
