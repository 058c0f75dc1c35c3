"""A map as its template draws it: rings, arcs, marks and names, all placed.

    map = Map(Frame.around("near", points), home, cities)

A city is anything with `name`, `latitude`, `longitude` and `get_absolute_url()`; with `published_agreements` (see
`CityQuerySet.with_published_agreements`) its line and its mark say of what kind the partnership is and whether its
sources agree.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import get_language_bidi, gettext, ngettext

from cities.geography import Way
from cities.maps.frames import Frame
from cities.maps.land import version
from cities.maps.lettering import ASCENT, DESCENT
from cities.maps.names import CELL, Box, Ground, Mark, Name, overlap, placed, text_box
from cities.maps.projection import FARTHEST_KM, Projection
from cities.maps.web import Stroke
from sistercities.text import figures, number

TYPE = {"wide": (19.0, 16.5), "near": (29.0, 17.0), "disc": (34.0, 21.0)}
"""The largest and the smallest type of each shape in units of its drawing, as static/css/components.css sets it.

Every name is placed for the largest, so it has room on every screen; what finds none there is tried for the smallest
and shown only where the drawing is so set (class map__place--roomy).
"""

SMALL, QUIET, HOME = 0.8, 0.85, 1.25
"""The type of numbers, of names that stand back and of the home city's name, as shares of the drawing's."""

DOT = {"wide": 4.5, "near": 8.0, "disc": 8.0}
"""The radius of a mark in each shape, in units."""

STAR = {"wide": 13.0, "near": 24.0, "disc": 24.0}
"""The radius of the home city's star in each shape, in units."""

MOST_MARKS = 150
"""More marks than this are gathered until they are fewer, however many cities there are."""

MOST_NAMES = 120
"""So many marks, the first, have their names placed; the rest are marks without a name."""

MOST_EDGE_NAMES = 8
"""So many places beyond the frame are named at its edge."""

LISTED = 3
"""Cities that a cluster names."""

RING_KM = (50, 100, 200, 250, 500, 1000, 2000, 5000)
RING_APART = 80
"""Rings stand at least so many units apart."""


@dataclass(frozen=True)
class Label:
    """A text with its place: `anchor` as SVG means it in a page of the reader's direction."""

    text: str
    lang: str
    x: float
    y: float
    anchor: str
    dy: str
    leader: str = ""
    """The path of the thin line that leads to it, or ""."""
    roomy: bool = False
    """Whether it has room only where the drawing is set in its smallest type."""
    box: Box = (0, 0, 0, 0)
    """What it covers in the drawing, at the type it is placed for."""


@dataclass(frozen=True)
class Ring:
    """A circle of true distance round the home city."""

    km: int
    radius: float
    label: Label | None = None


@dataclass
class Place:
    """A mark on the map: one city, or a cluster of `cities` too close together to be told apart at this scale."""

    cities: list
    x: float
    y: float
    radius: float
    said: str
    """What it is, for who cannot see it: "Istanbul, 1,520 km, west of Tabriz"."""
    url: str
    arc: str
    """The path of its line from the home city, or ""."""
    kind: str
    """"sister" or "friendship" (any other kind), as the lines tell apart; "" where no agreement is known."""
    disputed: bool
    quiet: bool
    """Whether it stands back because the map is about another."""
    label: Label | None = None
    frame: Frame | None = None
    """The frame that opens a cluster, or None where none does."""

    @property
    def city(self):
        """The city, or the first of a cluster."""
        return self.cities[0]

    @property
    def is_cluster(self) -> bool:
        """Whether several cities are gathered in it."""
        return len(self.cities) > 1

    @property
    def count(self) -> str:
        """How many cities are gathered in it, in the reader's digits."""
        return figures(len(self.cities))

    @property
    def strike(self) -> str:
        """The path of the stroke through a disputed mark, so that it is told apart without its colour."""
        reach = 1.2 * self.radius
        x1, y1, x2, y2 = self.x - reach, self.y + reach, self.x + reach, self.y - reach
        return f"M{_short(x1)} {_short(y1)}L{_short(x2)} {_short(y2)}"

    @property
    def classes(self) -> str:
        """What the stylesheet needs to know of it."""
        states = {"quiet": self.quiet, "cluster": self.is_cluster, "roomy": self.label and self.label.roomy}
        return " ".join(["map__place", *(f"map__place--{name}" for name, holds in states.items() if holds)])


@dataclass
class _Spot:
    """Cities that share a mark, while marks are gathered."""

    x: float
    y: float
    cities: list = field(default_factory=list)


@dataclass(frozen=True)
class _Exit:
    """Where a line leaves the drawing: its last point within, the edge it crosses, and the cells it goes through."""

    x: float
    y: float
    edge: str
    cells: set


class Map:
    """The drawing of `cities` in a `frame` of the world round `home`.

    The largest cities get their names first. Those without coordinates are left out. `focus` is the one city that the
    map is about: it alone has a line, the others stand back. `kept_free` are parts of the drawing where no name may
    stand. `opening` gives the address at which a frame is shown, for clusters; without it a cluster leads nowhere.
    `web` is drawn below everything else; see `cities.maps.web`.
    """

    def __init__(
        self,
        frame: Frame,
        home,
        cities: Iterable,
        *,
        focus=None,
        kept_free: Sequence[Box] = (),
        opening: Callable[[Frame], str] | None = None,
        label: str = "",
        web: Sequence[Stroke] = (),
    ) -> None:
        self.web = web
        self.frame, self.home_city, self.focus, self.opening = frame, home, focus, opening
        self.label = label or gettext("Map of the partner cities of %(home)s") % {"home": home.name.plain}
        self.kept_free = list(kept_free)
        self.projection = Projection(home.latitude, home.longitude)
        self.scale, self.shape = frame.scale, frame.shape
        # The largest are named first.
        self.cities = sorted(
            (city for city in cities if city.latitude is not None),
            key=lambda city: -(getattr(city, "population", 0) or 0),
        )
        if focus is not None:
            self.cities = [focus, *(city for city in self.cities if city.pk != focus.pk)]
        self.type, self.small_type = TYPE[self.shape.name]
        self._lay_out()

    @property
    def land(self) -> str:
        """The address of the land below the drawing."""
        return reverse("land", args=[self.land_version, str(self.frame)])

    @property
    def land_version(self) -> str:
        """The part of that address which says what the land depends on; see `cities.maps.land.version`."""
        return version(self.projection)

    @property
    def land_width(self) -> int:
        """The width of the land in units: that of the drawing and its bleed."""
        return self.shape.width + 2 * self.shape.bleed

    @property
    def unnamed(self) -> list[Place]:
        """The marks whose names found no room."""
        return [place for place in self.places if place.label is None and not place.is_cluster]

    @property
    def kinds(self) -> set[str]:
        """The kinds of its lines, for the key: "sister", "friendship"."""
        return {place.kind for place in [*self.places, *self.beyond] if place.arc}

    @property
    def other_kind(self) -> str:
        """What the dashed lines are, for the key: the name of the one kind they all are, or that of them all."""
        names = {
            str(agreement.get_kind_display())
            for place in [*self.places, *self.beyond]
            if place.kind == "friendship"
            for city in place.cities
            for agreement in _agreements(city)
        }
        return capfirst(names.pop()) if len(names) == 1 else gettext("Partnership of another kind")

    @property
    def is_disputed(self) -> bool:
        """Whether some mark says that sources disagree, for the key."""
        return any(place.disputed for place in self.places)

    @cached_property
    def star(self) -> str:
        """The path of the home city's star."""
        x, y = self.frame.home
        radius = STAR[self.shape.name]
        inner = radius * 0.7654
        points = []
        for corner in range(16):
            angle, reach = math.pi * corner / 8, radius if corner % 2 == 0 else inner
            points.append(f"{_short(x + reach * math.sin(angle))} {_short(y - reach * math.cos(angle))}")
        return f"M{'L'.join(points)}z"

    @cached_property
    def rim(self) -> list[str]:
        """The ticks of a compass rose round a disc, every ten degrees from north; none on other shapes."""
        if self.shape.name != "disc":
            return []
        ticks = []
        for degrees in range(0, 360, 10):
            angle, inner = math.radians(degrees), 377 if degrees % 90 == 0 else 387
            sin, cos = math.sin(angle), math.cos(angle)
            ticks.append(
                f"M{_short(400 + 397 * sin)} {_short(400 - 397 * cos)}L{_short(400 + inner * sin)}"
                f" {_short(400 - inner * cos)}"
            )
        return ticks

    def _lay_out(self) -> None:
        projected = [self.frame.point(*self.projection.place(city.latitude, city.longitude)) for city in self.cities]
        inside, outside = [], []
        for city, (x, y) in zip(self.cities, projected, strict=True):
            (inside if self.frame.shows(x, y) else outside).append((city, x, y))
        self.places = [self._place(spot) for spot in self._gathered(inside)]
        home_x, home_y = self.frame.home
        self.has_home = self.frame.shows(home_x, home_y)
        marks = [
            Mark(place.x, place.y, place.radius, _text(place), QUIET if place.quiet else 1) for place in self.places
        ]
        if self.has_home:
            marks.append(Mark(home_x, home_y, STAR[self.shape.name], self.home_city.name.plain, HOME))
        ground = Ground(self.frame, marks, self.kept_free)
        if self.shape.name == "disc":
            ground.kept_free.append((370, 0, 430, 54))
        for place in self.places:
            if place.arc:
                ground.draw(_along(self.frame.home, (place.x, place.y), self._push(place.x, place.y)))
        self.beyond = self._edge_places(outside, ground)
        self.length = self._length(ground)
        labels = [self.length, *(place.label for place in self.beyond)]
        self._name(ground, [label for label in labels if label])
        self.rings = self._rings(ground)

    def _gathered(self, inside: list) -> list[_Spot]:
        # First come, first marked; who comes too close to a mark joins it. Coarser and coarser, until they are few.
        apart = 1.5 * DOT[self.shape.name]
        while True:
            spots: list[_Spot] = []
            cells: dict[tuple[int, int], list[_Spot]] = {}
            for city, x, y in inside:
                column, row = int(x // apart), int(y // apart)
                spot = next(
                    (
                        spot
                        for i in (column - 1, column, column + 1)
                        for j in (row - 1, row, row + 1)
                        for spot in cells.get((i, j), ())
                        if (spot.x - x) ** 2 + (spot.y - y) ** 2 < apart * apart
                    ),
                    None,
                )
                if spot is None:
                    spot = _Spot(x, y)
                    spots.append(spot)
                    if city is not self.focus:  # what the map is about stands alone
                        cells.setdefault((column, row), []).append(spot)
                    if len(spots) > MOST_MARKS:
                        break
                spot.cities.append(city)
            else:
                return self._merged(spots)
            apart *= 1.4

    def _merged(self, spots: list[_Spot]) -> list[_Spot]:
        # The number of a cluster takes room: what it would touch joins it, until nothing touches.
        merged = True
        while merged:
            merged = False
            kept: list[_Spot] = []
            for spot in spots:
                radius = self._radius(len(spot.cities))
                for other in kept:
                    if other.cities[0] is not self.focus and len(spot.cities) + len(other.cities) > 2:
                        reach = radius + self._radius(len(other.cities)) + 3
                        if (spot.x - other.x) ** 2 + (spot.y - other.y) ** 2 < reach * reach:
                            other.cities += spot.cities
                            merged = True
                            break
                else:
                    kept.append(spot)
            spots = kept
        about = next((spot for spot in spots if spot.cities[0] is self.focus), None)
        for spot in spots:
            if about and spot is not about:
                self._aside(spot, about.x, about.y, DOT[self.shape.name])
            self._aside(spot, *self.frame.home, STAR[self.shape.name])
        return spots

    def _aside(self, spot: _Spot, x: float, y: float, radius: float) -> None:
        # A single mark stands where its city lies; a cluster stands for a region and may step aside from a mark.
        reach = radius + self._radius(len(spot.cities)) + 2
        away = math.hypot(spot.x - x, spot.y - y)
        if len(spot.cities) > 1 and away < reach:
            across, down = ((spot.x - x) / away, (spot.y - y) / away) if away else (0, 1)
            spot.x, spot.y = x + across * reach, y + down * reach

    def _radius(self, count: int) -> float:
        # That of a dot, or as large as the number of cities needs.
        return DOT[self.shape.name] if count == 1 else round(self.type * (0.2 + 0.25 * len(str(count))), 1)

    def _place(self, spot: _Spot) -> Place:
        city, count = spot.cities[0], len(spot.cities)
        kinds = {agreement.kind for one in spot.cities for agreement in _agreements(one)}
        place = Place(
            cities=spot.cities,
            x=round(spot.x, 1),
            y=round(spot.y, 1),
            radius=DOT[self.shape.name],
            said="",
            url="",
            arc="",
            kind="sister" if "sister" in kinds else "friendship" if kinds else "",
            disputed=count == 1 and any(agreement.verification == "disputed" for agreement in _agreements(city)),
            quiet=self.focus is not None and city is not self.focus,
        )
        if count == 1:
            place.said, place.url = self._said(city), city.get_absolute_url()
            if place.quiet:
                place.radius = round(place.radius * 0.625, 1)
        else:
            place.radius = self._radius(count)
            named = gettext(", ").join(one.name.plain for one in spot.cities[:LISTED])
            more = count - LISTED
            place.said = ngettext("%(count)s city: %(names)s", "%(count)s cities: %(names)s", count) % {
                "count": number(count),
                "names": named + ("…" if more > 0 else ""),
            }
            if self.opening:
                place.frame = self._opened(spot)
                place.url = self.opening(place.frame)
        if not place.quiet:
            place.arc = _arc(self.frame.home, (place.x, place.y), self._push(place.x, place.y))
        return place

    def _opened(self, spot: _Spot) -> Frame:
        # At least an octave closer, round the cities of the cluster and not round the home city.
        points = [self.projection.place(city.latitude, city.longitude) for city in spot.cities]
        return self.frame.into(points)

    def _said(self, city) -> str:
        way = Way.between(self.home_city, city)
        return gettext("%(city)s, %(way)s") % {
            "city": city.name.plain,
            "way": way.from_place(self.home_city.name.plain),
        }

    def _push(self, x: float, y: float) -> float:
        # A great circle through the home city would be straight here; the curve is for the eye.
        home_x, home_y = self.frame.home
        return 0.11 if math.hypot(x - home_x, y - home_y) / self.scale > 5000 else 0.085

    def _edge_places(self, outside: list, ground: Ground) -> list[Place]:
        # What lies beyond the frame keeps its line, which leaves over the edge; the first few are named there.
        if self.focus is not None or not self.has_home:
            return []
        found = [self._place(_Spot(x, y, [city])) for city, x, y in outside[:MOST_MARKS]]
        exits = [self._exit(place, ground) for place in found]
        named: list[Box] = []
        for place, own in zip(found, exits, strict=True):
            if len(named) < MOST_EDGE_NAMES:
                place.label = self._edge_label(place.city, own, exits, ground, named)
                if place.label:
                    named.append(place.label.box)
        return found

    def _exit(self, place: Place, ground: Ground) -> _Exit:
        points = list(_along(self.frame.home, (place.x, place.y), self._push(place.x, place.y)))
        first = next((i for i, point in enumerate(points) if not self.frame.shows(*point)), len(points) - 1)
        (x, y), (beyond_x, beyond_y) = points[max(first - 1, 0)], points[first]
        if beyond_x < 0 or beyond_x > self.shape.width:
            edge = "left" if beyond_x < 0 else "right"
        else:
            edge = "top" if beyond_y < 0 else "bottom"
        return _Exit(x, y, edge, ground.draw(point for point in points if self.frame.shows(*point)))

    def _edge_label(self, city, own: _Exit, exits: list[_Exit], ground: Ground, taken: list[Box]) -> Label | None:
        # Beside its own line and no other: a name of which a reader could think that it is another line's stays away.
        km = number(round(Way.between(self.home_city, city).km))
        text = gettext("%(city)s, %(distance)s km") % {"city": city.name.plain, "distance": km}
        best: Label | None = None
        fewest = math.inf
        for at_x, at_y, side in self._beside(own):
            box = text_box(at_x, at_y, side, 0, text, self.type)
            if (
                not ground.admits(box)
                or ground.covers_mark(box)
                or ground.crossed(box, but=own.cells)
                or any(overlap(box, other) for other in taken)
                or min(exits, key=lambda one: _apart(box, one.x, one.y)) is not own
            ):
                continue
            cost = ground.crossings(box)
            if cost < fewest:
                fewest = cost
                best = self._label(Name.at(at_x, at_y, side, 0, box), text, city.name.lang)
        return best

    def _beside(self, own: _Exit) -> list[tuple[float, float, str]]:
        # Where a name may stand beside the end of its line: the anchor of its base line and the side of that.
        size, width, height = self.type, self.shape.width, self.shape.height
        if own.edge in ("left", "right"):
            at_x, side = (16, "start") if own.edge == "left" else (width - 16, "end")
            lines = [own.y + shift * size for shift in (-0.6, 1.2, -1.1, 1.7)]
            return [(at_x, min(max(y, 1.2 * size), height - 0.6 * size), side) for y in lines]
        at_y = 1.2 * size if own.edge == "top" else height - 0.6 * size
        return [(own.x + apart, at_y, "start" if apart > 0 else "end") for apart in (10, -10, 24, -24)]

    def _length(self, ground: Ground) -> Label | None:
        # The distance of the city that the map is about, beside the middle of its line.
        place = next((place for place in self.places if not place.quiet and place.city is self.focus), None)
        if place is None:
            return None
        (home_x, home_y), push = self.frame.home, self._push(place.x, place.y)
        points = list(_along(self.frame.home, (place.x, place.y), push))
        long = math.hypot(place.x - home_x, place.y - home_y) or 1
        # Square to the line, to the side of its curve first.
        across, down = (place.y - home_y) / long, -(place.x - home_x) / long
        text, size = self._kilometres(place.city), SMALL * self.type
        for share in (0.5, 0.4, 0.6, 0.7, 0.3, 0.8):
            x, y = points[int(len(points) * share)]
            for side, apart in ((1, 8), (-1, 8), (1, 18), (-1, 18), (1, 30), (-1, 30)):
                at_x, at_y = x + side * across * apart, y + side * down * apart
                if abs(across) > 0.5:
                    anchor, lowered = ("start" if side * across > 0 else "end"), 0.3
                else:
                    anchor, lowered = "middle", (ASCENT if side * down > 0 else -DESCENT)
                box = text_box(at_x, at_y, anchor, lowered, text, size)
                on_line = any(box[0] - 3 < x < box[2] + 3 and box[1] < y < box[3] for x, y in points)
                if ground.admits(box) and not ground.covers_mark(box) and not on_line:
                    return self._label(Name.at(at_x, at_y, anchor, lowered, box), text, "")
        return None

    def _kilometres(self, city) -> str:
        return gettext("%(distance)s km") % {"distance": number(round(Way.between(self.home_city, city).km))}

    def _name(self, ground: Ground, edge: list[Label]) -> None:
        fixed = [Name.at(label.x, label.y, "", 0, label.box) for label in edge]
        wanted = [i for i, place in enumerate(self.places) if not place.is_cluster][:MOST_NAMES]
        home = len(self.places)
        first = placed(ground, ([home] if self.has_home else []) + wanted, self.type, fixed)
        self.home_label = None
        for index, name in first.items():
            if index == home:
                self.home_label = self._label(name, self.home_city.name.plain, self.home_city.name.lang)
            else:
                self.places[index].label = self._label(name, *_words(self.places[index]))
        rest = [index for index in wanted if index not in first]
        smaller = [self._shrunk(name) for name in [*first.values(), *fixed]]
        for index, name in placed(ground, rest, self.small_type, smaller).items():
            self.places[index].label = self._label(name, *_words(self.places[index]), roomy=True)

    def _shrunk(self, name: Name) -> Name:
        # The same name as the smallest type sets it: its box drawn in towards its anchor.
        share = self.small_type / self.type
        left, top, right, bottom = name.box
        box = (
            name.x + (left - name.x) * share,
            name.y + (top - name.y) * share,
            name.x + (right - name.x) * share,
            name.y + (bottom - name.y) * share,
        )
        return Name.at(name.x, name.y, name.side, name.lowered, box, name.leader, name.cost)

    def _label(self, name: Name, text: str, lang: str, roomy: bool = False) -> Label:
        leader = name.leader
        return Label(
            text=text,
            lang=lang,
            x=round(name.x, 1),
            y=round(name.y, 1),
            anchor=_anchor(name.side),
            dy=f"{name.lowered:g}em",
            leader=f"M{_short(leader[0])} {_short(leader[1])}L{_short(leader[2])} {_short(leader[3])}"
            if leader
            else "",
            roomy=roomy,
            box=name.box,
        )

    def _rings(self, ground: Ground) -> list[Ring]:
        home_x, home_y = self.frame.home
        step = next((km for km in RING_KM if km * self.scale >= RING_APART), RING_KM[-1])
        corners = [(x, y) for x in (0, self.shape.width) for y in (0, self.shape.height)]
        farthest = max(math.hypot(x - home_x, y - home_y) for x, y in corners)
        nearest = math.hypot(max(-home_x, 0, home_x - self.shape.width), max(-home_y, 0, home_y - self.shape.height))
        if self.shape.name == "disc":
            farthest = 396
        kms = [km for km in range(step, math.floor(FARTHEST_KM) + 1, step) if nearest <= km * self.scale <= farthest]
        taken = [place.label for place in [*self.places, *self.beyond] if place.label]
        taken += [label for label in (self.home_label, self.length) if label]
        best: dict[int, Label] = {}
        for bearing in (
            104,
            112,
            96,
            120,
            128,
            88,
            136,
            76,
            144,
            64,
            152,
            164,
            196,
            208,
            232,
            256,
            284,
            52,
            36,
            20,
            340,
            320,
        ):
            labels = self._ring_labels(kms, bearing, ground, [label.box for label in taken])
            # Three numbers say it; one clean direction is worth more than a fourth.
            if min(len(labels), 3) > min(len(best), 3):
                best = labels
        return [Ring(km, round(km * self.scale, 1), best.get(km)) for km in kms]

    def _ring_labels(self, kms: list[int], bearing: int, ground: Ground, taken: list[Box]) -> dict[int, Label]:
        home_x, home_y = self.frame.home
        size, angle, found = SMALL * self.type, math.radians(bearing), {}
        side = "start" if bearing < 180 else "end"
        for km in kms:
            reach = km * self.scale
            x, y = home_x + reach * math.sin(angle), home_y - reach * math.cos(angle)
            x += 5 if side == "start" else -5
            text = gettext("%(distance)s km") % {"distance": number(km)}
            box = text_box(x, y, side, 0.3, text, size)
            if not ground.admits(box) or ground.covers_mark(box) or ground.crossings(box):
                continue
            if any(overlap(box, other) for other in taken) or any(overlap(box, label.box) for label in found.values()):
                continue
            found[km] = self._label(Name.at(x, y, side, 0.3, box), text, "")
        return found


def _agreements(city) -> list:
    return getattr(city, "published_agreements", [])


def _text(place: Place) -> str:
    return "" if place.is_cluster else place.city.name.plain


def _words(place: Place) -> tuple[str, str]:
    return place.city.name.plain, place.city.name.lang


def _anchor(side: str) -> str:
    # In a page from right to left the start of a text is its right end; the map itself is never mirrored.
    swapped = {"start": "end", "end": "start"}
    return swapped.get(side, side) if get_language_bidi() else side


def _curve(start: tuple[float, float], end: tuple[float, float], push: float) -> tuple[float, float]:
    # The control point: the middle, pushed to the left as seen from the start.
    (x1, y1), (x2, y2) = start, end
    return (x1 + x2) / 2 + (y2 - y1) * push, (y1 + y2) / 2 - (x2 - x1) * push


def _arc(start: tuple[float, float], end: tuple[float, float], push: float) -> str:
    (x1, y1), (x2, y2), (cx, cy) = start, end, _curve(start, end, push)
    return f"M{_short(x1)} {_short(y1)}Q{_short(cx)} {_short(cy)} {_short(x2)} {_short(y2)}"


def _along(start: tuple[float, float], end: tuple[float, float], push: float) -> Iterable[tuple[float, float]]:
    (x1, y1), (x2, y2), (cx, cy) = start, end, _curve(start, end, push)
    parts = max(2, math.ceil(math.hypot(x2 - x1, y2 - y1) / (CELL * 0.8)))
    for part in range(1, parts + 1):
        share = part / parts
        rest = 1 - share
        yield (
            rest * rest * x1 + 2 * rest * share * cx + share * share * x2,
            rest * rest * y1 + 2 * rest * share * cy + share * share * y2,
        )


def _apart(box: Box, x: float, y: float) -> float:
    left, top, right, bottom = box
    return math.hypot(max(left - x, 0, x - right), max(top - y, 0, y - bottom))


def _short(units: float) -> str:
    return f"{units:.1f}".removesuffix(".0")
