"""Windows on the plane round the home city: which part of the world a drawing shows, and how large.

A frame is one of a bounded number, so that its land can be made once and kept: its scale is one of a few steps, and its
middle stands on a grid.
"""

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from cities.maps.projection import FARTHEST_KM


@dataclass(frozen=True)
class Shape:
    """The form of a drawing: its size in units, and what else depends on it."""

    name: str
    width: int
    height: int
    bleed: int = 0
    """By how much the land goes on beyond the drawing on either side, in units."""
    margin: tuple[int, int] = (0, 0)
    """What stays free at each side, and above and below, when a frame is put round places: room for their names."""


SHAPES = {
    "wide": Shape("wide", 1440, 780, bleed=400, margin=(110, 40)),
    "near": Shape("near", 800, 680, margin=(70, 62)),
    "disc": Shape("disc", 800, 800, margin=(64, 64)),
}
"""The forms of the register's maps by name."""

OCTAVE = 8
"""Steps of scale from one to twice as large."""

GAIN = 5
"""Steps by which the other places have to come closer for every one that is left outside."""

SMALLEST, LARGEST = 7, 64
"""The first and the last step: the whole world in every shape, and two units to the kilometre."""

GRID = 40
"""How far apart the possible middles of a frame are, in units of its drawing."""

_NAME = re.compile(r"(wide|near|disc)-([1-9][0-9]?)-(0|[1-9][0-9]{0,3}[ew])-(0|[1-9][0-9]{0,3}[ns])")


@dataclass(frozen=True)
class Clear:
    """What of a drawing is kept free of places, in units: `above` for a title, `below` for a key."""

    above: int = 0
    below: int = 0


@dataclass(frozen=True)
class Frame:
    """One window. Its middle lies `column` grid steps east and `row` grid steps north of the home city."""

    shape: Shape
    step: int
    column: int = 0
    row: int = 0

    def __post_init__(self) -> None:
        if not SMALLEST <= self.step <= LARGEST:
            raise ValueError(f"step {self.step} is not of {SMALLEST} to {LARGEST}")
        if self.shape.name == "disc" and (self.column or self.row):
            raise ValueError("a disc has the home city in its middle")
        if math.hypot(*self.middle) > FARTHEST_KM:
            raise ValueError("the middle lies beyond the rim of the world")

    def __str__(self) -> str:
        return f"{self.shape.name}-{self.step}-{_signed(self.column, 'ew')}-{_signed(self.row, 'ns')}"

    @classmethod
    def named(cls, name: str) -> "Frame":
        """The frame that `str()` writes so. ValueError where none is."""
        if not (found := _NAME.fullmatch(name)):
            raise ValueError(f"{name!r} names no frame")
        shape, step, column, row = found.groups()
        return cls(SHAPES[shape], int(step), _number(column), _number(row))

    @classmethod
    def around(
        cls,
        shape: str,
        points: Iterable[tuple[float, float]],
        clear: Clear | None = None,
        leaving: float = 0,
        closest: int = LARGEST,
    ) -> "Frame":
        """The closest frame with the home city and every one of `points` (kilometres east and north) well within it.

        `clear` keeps parts of the drawing free. With `leaving`, up to that share of the points, the farthest ones, may
        be left outside where the others gain much by it. `closest` is the largest step taken.
        """
        form, clear = SHAPES[shape], clear or Clear()
        by_distance = sorted(points, key=lambda point: (math.hypot(*point), point))
        frame = cls._round(form, by_distance, clear, closest)
        # To leave one place out has to make the others larger by half, two of them by half again, and so on.
        most = (LARGEST - frame.step) / GAIN
        for left_out in range(1, int(min(most, len(by_distance) * leaving)) + 1):
            nearer = cls._round(form, by_distance[:-left_out], clear, closest)
            if nearer.step - frame.step >= left_out * GAIN:
                return nearer
        return frame

    @classmethod
    def at(cls, shape: str, step: int, east: float, north: float) -> "Frame":
        """The frame of this step whose middle is nearest to a point (kilometres east and north of the home city).

        Beyond the rim of the world it is the one at the rim.
        """
        return cls._at(SHAPES[shape], step, east, north)

    @classmethod
    def _round(cls, shape: Shape, points: list[tuple[float, float]], clear: Clear, closest: int) -> "Frame":
        easts, norths = [0.0, *(point[0] for point in points)], [0.0, *(point[1] for point in points)]
        width = shape.width - 2 * shape.margin[0] - GRID
        height = shape.height - 2 * shape.margin[1] - GRID - clear.above - clear.below
        if shape.name == "disc":
            farthest = max((math.hypot(*point) for point in points), default=0)
            return cls(shape, _step(shape.width / 2 - shape.margin[0], farthest, closest))
        step = min(
            _step(width, max(easts) - min(easts), closest),
            _step(height, max(norths) - min(norths), closest),
        )
        scale = _scale(step)
        east, north = (max(easts) + min(easts)) / 2, (max(norths) + min(norths)) / 2
        north += (clear.above - clear.below) / 2 / scale
        return cls._at(shape, step, east, north)

    @classmethod
    def _at(cls, shape: Shape, step: int, east: float, north: float) -> "Frame":
        # The frame of this step whose middle is nearest to a point; beyond the rim of the world, to the rim.
        scale, away = _scale(step), math.hypot(east, north)
        if away > FARTHEST_KM:
            east, north = east * FARTHEST_KM / away, north * FARTHEST_KM / away
        column, row = (0, 0) if shape.name == "disc" else (round(east * scale / GRID), round(north * scale / GRID))
        while math.hypot(column, row) * GRID / scale > FARTHEST_KM:
            column, row = _towards_nought(column), _towards_nought(row)
        return cls(shape, step, column, row)

    @property
    def scale(self) -> float:
        """Units of the drawing to the kilometre."""
        return _scale(self.step)

    @cached_property
    def middle(self) -> tuple[float, float]:
        """The middle in kilometres east and north of the home city."""
        return self.column * GRID / self.scale, self.row * GRID / self.scale

    @cached_property
    def home(self) -> tuple[float, float]:
        """Where the home city lies in the drawing, in units: whole numbers, by the grid. It may be outside."""
        return self.shape.width / 2 - self.column * GRID, self.shape.height / 2 + self.row * GRID

    @property
    def box(self) -> tuple[int, int, int, int]:
        """Left, top, right and bottom of the land's drawing, in units: the drawing and its bleed."""
        return -self.shape.bleed, 0, self.shape.width + self.shape.bleed, self.shape.height

    @property
    def window(self) -> tuple[float, float, float, float]:
        """West, south, east and north of the land's drawing, in kilometres from home."""
        left, top, right, bottom = self.box
        x, y = self.home
        return (left - x) / self.scale, (y - bottom) / self.scale, (right - x) / self.scale, (y - top) / self.scale

    def point(self, east: float, north: float) -> tuple[float, float]:
        """Where a place of the plane lies in the drawing: kilometres in, units right and down out."""
        scale, (across, up) = self.scale, self.middle
        return self.shape.width / 2 + (east - across) * scale, self.shape.height / 2 - (north - up) * scale

    def place(self, x: float, y: float) -> tuple[float, float]:
        """Which place of the plane a point of the drawing shows: units in, kilometres east and north of home out."""
        scale, (across, up) = self.scale, self.middle
        return across + (x - self.shape.width / 2) / scale, up - (y - self.shape.height / 2) / scale

    def shows(self, x: float, y: float, margin: float = 0) -> bool:
        """Whether a point of the drawing lies in it, at least `margin` units from its edge."""
        if self.shape.name == "disc":
            return math.hypot(x - 400, y - 400) <= 397 - margin
        return margin <= x <= self.shape.width - margin and margin <= y <= self.shape.height - margin

    def closer(self) -> "Frame | None":
        """The same middle half an octave larger; None at the last step."""
        return self._scaled(OCTAVE // 2)

    def wider(self) -> "Frame | None":
        """The same middle half an octave smaller; None at the first step."""
        return self._scaled(-OCTAVE // 2)

    def moved(self, right: int, up: int) -> "Frame":
        """The frame next to this one by so many quarters of its size; at the rim of the world, no farther."""
        east, north = self.middle
        return self._at(
            self.shape,
            self.step,
            east + right * self.shape.width / 4 / self.scale,
            north + up * self.shape.height / 4 / self.scale,
        )

    def into(self, points: Iterable[tuple[float, float]]) -> "Frame":
        """The frame of this shape round `points` (kilometres east and north), at least an octave closer where one is.

        A disc keeps the home city in its middle and comes only as close as they allow.
        """
        points = list(points)
        if self.shape.name == "disc":
            return self.around("disc", points)
        easts, norths = [point[0] for point in points], [point[1] for point in points]
        width, height = self.shape.width - 2 * self.shape.margin[0], self.shape.height - 2 * self.shape.margin[1]
        fits = min(
            _step(width - GRID, max(easts) - min(easts), LARGEST),
            _step(height - GRID, max(norths) - min(norths), LARGEST),
        )
        # Not so close at once that nobody knows any more where they are.
        step = min(max(fits, self.step + OCTAVE), self.step + 3 * OCTAVE, LARGEST)
        return self._at(self.shape, step, (max(easts) + min(easts)) / 2, (max(norths) + min(norths)) / 2)

    def _scaled(self, steps: int) -> "Frame | None":
        step = min(max(self.step + steps, SMALLEST), LARGEST)
        return None if step == self.step else self._at(self.shape, step, *self.middle)


def _scale(step: int) -> float:
    return 2 ** (step / OCTAVE) / 128


def _step(units: float, km: float, closest: int) -> int:
    # The largest step at which so many kilometres fit into so many units.
    if km <= 0:
        return closest
    return max(SMALLEST, min(closest, math.floor(OCTAVE * math.log2(units / km * 128) + 1e-9)))


def _signed(number: int, letters: str) -> str:
    return f"{abs(number)}{letters[number < 0]}" if number else "0"


def _number(text: str) -> int:
    return 0 if text == "0" else int(text[:-1]) * (-1 if text[-1] in "ws" else 1)


def _towards_nought(number: int) -> int:
    return number - (number > 0) + (number < 0)
