"""Where the names stand on a map.

Every mark has some seventy places where its name could stand: close by on eight sides, then farther off at the end of a
thin line. What would leave the frame, cover a mark that is not its own, or cover a part that is kept free is no
candidate. The names are placed one after the other, each where it costs least; a name that finds no room asks up to two
others to move. Then the names look round again for something better. A name that finds no room at all stays away, its
mark does not. Nothing here is random: the same map comes out every time.

A name is placed for the largest type of its shape (`TYPE`). On larger screens the drawing is set in smaller type, and
the name shrinks towards its own anchor, so that what is apart there stays apart on every screen.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cities.maps.frames import Frame
from cities.maps.lettering import ASCENT, DESCENT, OUTLINE, width

Box = tuple[float, float, float, float]
"""Left, top, right and bottom, in units of the drawing."""

Line = tuple[float, float, float, float]
"""From x, y to x, y, in units of the drawing."""

GAP = 5
"""Between a mark and its name, in units."""

EDGE = 8
"""Between a name and the edge of the drawing, in units."""

CELL = 12
"""How finely the lines of a map are remembered, in units."""

CLOSE = (
    # direction of the name seen from its mark (x, y), the side it is anchored at, and how far its line is lowered, in
    # type sizes, so that it stands level with the mark, above it or below it
    (1, 0, "start", 0.35),
    (-1, 0, "end", 0.35),
    (0, -1, "middle", -DESCENT),
    (0, 1, "middle", ASCENT),
    (0.75, -0.65, "start", 0.1),
    (-0.75, -0.65, "end", 0.1),
    (0.75, 0.65, "start", 0.6),
    (-0.75, 0.65, "end", 0.6),
)

FAR = (30, 46, 66, 90, 120)
"""The lengths of the thin line to a name that stands farther off, in units."""

DIRECTIONS = 16

CHEAPEST_FAR = 2.4
"""No place at the end of a line costs less."""


@dataclass(frozen=True, slots=True)
class Mark:
    """What has a name on the map: its middle and radius in units, its name, and how large that is set."""

    x: float
    y: float
    radius: float
    text: str
    factor: float = 1.0
    """The size of the name as a multiple of the drawing's type."""


@dataclass(frozen=True, slots=True)
class Name:
    """Where a name stands: its anchor in units, the side it is anchored at (of left-to-right text), and how far its
    line is lowered, in its own type size."""

    x: float
    y: float
    side: str
    lowered: float
    box: Box
    leader: Line | None
    cost: float
    bounds: Box
    """What the name and its line lie within."""

    @classmethod
    def at(cls, x: float, y: float, side: str, lowered: float, box: Box, leader: Line | None = None, cost: float = 0):
        """The name with its bounds."""
        bounds = box
        if leader:
            bounds = (
                min(box[0], leader[0], leader[2]),
                min(box[1], leader[1], leader[3]),
                max(box[2], leader[0], leader[2]),
                max(box[3], leader[1], leader[3]),
            )
        return cls(x, y, side, lowered, box, leader, cost, bounds)


class Ground:
    """What names must keep clear of on a map: the edge, the marks, parts kept free; and the lines they had better
    avoid."""

    def __init__(self, frame: Frame, marks: Sequence[Mark], kept_free: Iterable[Box] = ()) -> None:
        self.frame, self.marks, self.kept_free = frame, marks, list(kept_free)
        self.lines: dict[tuple[int, int], int] = {}
        self.near: dict[tuple[int, int], list[int]] = {}
        for index, mark in enumerate(marks):
            reach = mark.radius + 3
            for cell in _cells((mark.x - reach, mark.y - reach, mark.x + reach, mark.y + reach), 64):
                self.near.setdefault(cell, []).append(index)

    def draw(self, points: Iterable[tuple[float, float]]) -> set[tuple[int, int]]:
        """Remember a line by points along it, no farther than CELL apart; the cells that it goes through."""
        cells = {(int(x // CELL), int(y // CELL)) for x, y in points}
        for cell in cells:
            self.lines[cell] = self.lines.get(cell, 0) + 1
        return cells

    def crossed(self, box: Box, but: set[tuple[int, int]]) -> bool:
        """Whether a line goes through the box other than the one that goes through the cells `but`."""
        return any(self.lines.get(cell, 0) > (cell in but) for cell in _cells(box, CELL))

    def crossings(self, box: Box) -> int:
        """How many cells with a line in them a box covers; a cell with two counts twice."""
        lines = self.lines
        return sum(lines[cell] for cell in _cells(box, CELL) if cell in lines)

    def admits(self, box: Box) -> bool:
        """Whether a box lies within the edge and off everything that is kept free."""
        left, top, right, bottom = box
        shape = self.frame.shape
        if left < EDGE or top < EDGE or right > shape.width - EDGE or bottom > shape.height - EDGE:
            return False
        if shape.name == "disc" and not all(
            self.frame.shows(x, y, margin=24) for x in (left, right) for y in (top, bottom)
        ):
            return False
        return not any(overlap(box, other) for other in self.kept_free)

    def covers_mark(self, box: Box, own: int = -1, distance: float = 2) -> bool:
        """Whether a box comes nearer than so many units to a mark other than `own`."""
        left, top, right, bottom = box
        around = (left - distance, top - distance, right + distance, bottom + distance)
        for cell in _cells(around, 64):
            for index in self.near.get(cell, ()):
                if index != own:
                    mark = self.marks[index]
                    across = max(left - mark.x, 0, mark.x - right)
                    down = max(top - mark.y, 0, mark.y - bottom)
                    if across * across + down * down < (mark.radius + distance) ** 2:
                        return True
        return False

    def passes_mark(self, line: Line, own: int, distance: float) -> bool:
        """Whether a line comes nearer than so many units to a mark other than `own`."""
        x1, y1, x2, y2 = line
        for cell in _cells((min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2)), 64):
            for index in self.near.get(cell, ()):
                if index != own and _distance(self.marks[index], line) < self.marks[index].radius + distance:
                    return True
        return False


def candidates(ground: Ground, index: int, size: float, far: bool) -> list[Name]:
    """Where the name of a mark may stand by itself, close by or `far` off at the end of a line, the cheapest first.

    `size` is the drawing's type in units.
    """
    mark, (home_x, home_y) = ground.marks[index], ground.frame.home
    type_size = size * mark.factor
    wide = width(mark.text) * type_size
    away_x, away_y = mark.x - home_x, mark.y - home_y
    from_home = math.hypot(away_x, away_y)
    if from_home > 1:
        away_x, away_y = away_x / from_home, away_y / from_home
    else:
        away_x, away_y = 0.6, 0.8
    found = []

    def consider(x: float, y: float, side: str, lowered: float, leader: Line | None, cost: float) -> None:
        box = _box(x, y, side, lowered, wide, type_size)
        if not ground.admits(box) or ground.covers_mark(box, -1 if leader else index):
            return
        if leader:
            if ground.passes_mark(leader, index, 3):
                return
            cost += 1.2 * ground.passes_mark(leader, index, 14)
        # Beside the mark of another city it would be taken for that city's name.
        cost += 0.9 * ground.covers_mark(box, index, 9)
        found.append(Name.at(x, y, side, lowered, box, leader, cost + 0.4 * ground.crossings(box)))

    for place, (dx, dy, side, lowered) in enumerate(() if far else CLOSE):
        # A name had better not stand in the way of its own line: on the side away from home.
        turn = 1 - (dx * away_x + dy * away_y)
        reach = mark.radius + GAP
        cost = 0.7 * turn + (0.25 if dx == 0 else 0.4 if place > 3 else 0)
        consider(mark.x + dx * reach, mark.y + dy * reach, side, lowered, None, cost)
    for length in FAR if far else ():
        for direction in range(DIRECTIONS):
            angle = 2 * math.pi * direction / DIRECTIONS
            dx, dy = math.sin(angle), -math.cos(angle)
            reach = mark.radius + length
            x, y = mark.x + dx * reach, mark.y + dy * reach
            cost = 1.6 + length / 38 + 0.5 * (1 - (dx * away_x + dy * away_y))
            leader = (mark.x, mark.y, x, y)
            if abs(dx) > 0.3:
                sign, side = (1, "start") if dx > 0 else (-1, "end")
                consider(x + sign * 4, y, side, 0.35, leader, cost)
            else:
                sign, lowered = (1, ASCENT) if dy > 0 else (-1, -DESCENT)
                consider(x, y + sign * 2, "middle", lowered, leader, cost)
    return sorted(found, key=lambda name: name.cost)


def placed(ground: Ground, wanted: Sequence[int], size: float, fixed: Iterable[Name] = ()) -> dict[int, Name]:
    """The names of the marks `wanted` (by index, the most important first) that find room, clear of those `fixed`."""
    return _Placing(ground, wanted, size, list(fixed)).standing


class _Placing:
    """Names on their way to their places: what each may choose from, and where those stand that have chosen."""

    def __init__(self, ground: Ground, wanted: Sequence[int], size: float, fixed: list[Name]) -> None:
        self.ground, self.size, self.fixed = ground, size, fixed
        self.options = {index: self._candidates(index, far=False) for index in wanted}
        self.has_far: set[int] = set()
        self.standing: dict[int, Name] = {}
        for index in wanted:
            # Far places are many, so they are looked at only where those close by are none or dear.
            if not self.options[index] or self.options[index][0].cost > CHEAPEST_FAR:
                self._look_far(index)
            if not self._settle(index):
                self._look_far(index)
                self._settle(index)
        missing = [index for index in wanted if index not in self.standing]
        if missing:
            for index in wanted:
                self._look_far(index)
        for _round in range(3):
            if not any([self._improve(index) for index in wanted]):
                break

    def _candidates(self, index: int, far: bool) -> list[Name]:
        found = candidates(self.ground, index, self.size, far)
        return [name for name in found if not any(collide(name, other) for other in self.fixed)]

    def _look_far(self, index: int) -> None:
        if index not in self.has_far:
            self.has_far.add(index)
            self.options[index] += self._candidates(index, far=True)
            self.options[index].sort(key=lambda name: name.cost)

    def _improve(self, index: int) -> bool:
        # Whether something moved.
        now = self.standing.pop(index, None)
        if now is None:
            return self._settle(index)
        best = _free(self.options[index], self.standing.values()) or now
        self.standing[index] = best
        return best is not now

    def _settle(self, index: int) -> bool:
        # Where there is room, else where one or two others can make it. Whether there was.
        best, cost, moves = None, math.inf, {}
        for name in self.options[index]:
            if name.cost >= cost:
                break
            in_the_way = [other for other, stood in self.standing.items() if collide(name, stood)]
            if len(in_the_way) > 2:
                continue
            rest = {other: stood for other, stood in self.standing.items() if other not in in_the_way}
            rest[index] = name
            new, dearer = {}, name.cost
            for other in in_the_way:
                elsewhere = _free(self.options[other], rest.values())
                if elsewhere is None:
                    break
                rest[other] = new[other] = elsewhere
                dearer += elsewhere.cost - self.standing[other].cost
            else:
                if dearer < cost:
                    best, cost, moves = name, dearer, new
        if best is None:
            return False
        self.standing |= moves
        self.standing[index] = best
        return True


def _free(options: list[Name], others: Iterable[Name]) -> Name | None:
    # The cheapest that touches none of the others.
    others = list(others)
    return next((name for name in options if not any(collide(name, other) for other in others)), None)


def collide(one: Name, other: Name) -> bool:
    """Whether two names, or the lines that lead to them, touch."""
    here, there = one.bounds, other.bounds
    if here[0] >= there[2] or there[0] >= here[2] or here[1] >= there[3] or there[1] >= here[3]:
        return False
    if overlap(one.box, other.box):
        return True
    if one.leader and (cuts(one.leader, other.box) or (other.leader and _cross(one.leader, other.leader))):
        return True
    return bool(other.leader) and cuts(other.leader, one.box)


def overlap(one: Box, other: Box) -> bool:
    """Whether two boxes share more than an edge."""
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def cuts(line: Line, box: Box) -> bool:
    """Whether a part of the line lies within the box."""
    x1, y1, x2, y2 = line
    left, top, right, bottom = box
    if max(x1, x2) < left or min(x1, x2) > right or max(y1, y2) < top or min(y1, y2) > bottom:
        return False
    enter, leave = 0.0, 1.0
    for start, step, low, high in ((x1, x2 - x1, left, right), (y1, y2 - y1, top, bottom)):
        if abs(step) < 1e-9:
            continue
        first, last = sorted(((low - start) / step, (high - start) / step))
        enter, leave = max(enter, first), min(leave, last)
    return enter < leave


def _cross(one: Line, other: Line) -> bool:
    def side(line: Line, x: float, y: float) -> float:
        return (line[2] - line[0]) * (y - line[1]) - (line[3] - line[1]) * (x - line[0])

    return (
        side(one, other[0], other[1]) * side(one, other[2], other[3]) < 0
        and side(other, one[0], one[1]) * side(other, one[2], one[3]) < 0
    )


def text_box(x: float, y: float, side: str, lowered: float, text: str, size: float) -> Box:
    """What a text covers that is anchored at a point and set in `size` units."""
    return _box(x, y, side, lowered, width(text) * size, size)


def _box(x: float, y: float, side: str, lowered: float, wide: float, size: float) -> Box:
    left = x if side == "start" else x - wide if side == "end" else x - wide / 2
    edge = OUTLINE * size
    return (
        left - edge,
        y + (lowered - ASCENT) * size,
        left + wide + edge,
        y + (lowered + DESCENT) * size,
    )


def _cells(box: Box, size: int) -> list[tuple[int, int]]:
    left, top, right, bottom = box
    rows = range(int(top // size), int(bottom // size) + 1)
    return [(column, row) for column in range(int(left // size), int(right // size) + 1) for row in rows]


def _distance(mark: Mark, line: Line) -> float:
    x1, y1, x2, y2 = line
    dx, dy = x2 - x1, y2 - y1
    share = ((mark.x - x1) * dx + (mark.y - y1) * dy) / (dx * dx + dy * dy or 1)
    share = min(1, max(0, share))
    return math.hypot(x1 + share * dx - mark.x, y1 + share * dy - mark.y)
