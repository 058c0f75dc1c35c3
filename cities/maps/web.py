"""The ties of the world as one drawing, for whoever has no script or has not asked for every line.

Sixteen thousand lines would be two megabytes of a page. So the ties between one region and another are one line, the
wider the more they are, and the cities are dots on a fine grid. Regions are squares of the drawing: they follow no
border and take no side. Whatever the number of ties, the drawing is not heavier than its bounds allow.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

REGION = 15
"""The side of a region, in units of the drawing."""

MOST_LINES = 700
"""So many lines are drawn, the widest; the rest would hardly show."""

FINE = 3.5
"""Cities that lie in one square of this side share a dot, in units of the drawing."""

PUSH = 0.12
"""How far a line is bent to the side, as a share of its length: a curve is followed more easily than a straight one."""

WIDTHS = ((0.06, "fine"), (0.18, "thin"), (0.45, "wide"), (1.0, "bold"))
"""The end of the class of a line that stands for at most such a share of the ties of the widest."""

SIZES = ((4, "small"), (24, "middle"))
"""The end of the class of a dot with at most so many ties; with more it is "large"."""

Point = tuple[float, float]


@dataclass(frozen=True)
class Stroke:
    """Many lines or dots that look alike, as one path; `style` is the end of their class."""

    style: str
    path: str


def web(points: dict[int, Point], ties: Iterable[tuple[int, int]]) -> list[Stroke]:
    """The ties between `points` (where each city lies in the drawing, by its key), from the finest line to the dots."""
    degree: Counter[int] = Counter()
    links: Counter[tuple[tuple[int, int], tuple[int, int]]] = Counter()
    cells = {key: (int(x // REGION), int(y // REGION)) for key, (x, y) in points.items()}
    for one, other in ties:
        if one in cells and other in cells:
            degree[one] += 1
            degree[other] += 1
            here, there = cells[one], cells[other]
            if here != there:
                links[(here, there) if here < there else (there, here)] += 1
    middles = _middles(points, cells, degree)
    return _lines(links, middles) + _dots(points, degree)


def arcs(style: str, start: Point, ends: Sequence[Point]) -> list[Stroke]:
    """The ties of one city: a line to each of `ends`."""
    return [Stroke(style, "".join(_curve(start, end) for end in ends))] if ends else []


def dots(style: str, points: Iterable[Point]) -> list[Stroke]:
    """A dot at each of `points`."""
    # In half units, each from the one before: so a thousand dots are a few kilobytes.
    path, x1, y1 = [], 0, 0
    for x2, y2 in ((round(2 * x), round(2 * y)) for x, y in points):
        path.append(f"m{_half(x2 - x1)} {_half(y2 - y1)}h0")
        x1, y1 = x2, y2
    return [Stroke(style, "".join(path))] if path else []


def _middles(points: dict[int, Point], cells: dict, degree: Counter[int]) -> dict[tuple[int, int], Point]:
    # Where the lines of a region begin: amid its cities, nearer to those with many ties.
    sums: dict[tuple[int, int], list[float]] = {}
    for key, times in degree.items():
        x, y = points[key]
        total = sums.setdefault(cells[key], [0.0, 0.0, 0.0])
        total[0] += times * x
        total[1] += times * y
        total[2] += times
    return {cell: (x / times, y / times) for cell, (x, y, times) in sums.items()}


def _lines(links: Counter, middles: dict[tuple[int, int], Point]) -> list[Stroke]:
    drawn: dict[str, list[str]] = {style: [] for _share, style in WIDTHS}
    # Of as many ties as each other, those that were met first: the same map comes out every time.
    widest = links.most_common(MOST_LINES)
    for (here, there), times in widest:
        style = next(style for share, style in WIDTHS if times <= share * widest[0][1])
        drawn[style].append(_curve(middles[here], middles[there]))
    return [Stroke(style, "".join(paths)) for style, paths in drawn.items() if paths]


def _dots(points: dict[int, Point], degree: Counter[int]) -> list[Stroke]:
    cells = {key: (int(points[key][0] // FINE), int(points[key][1] // FINE)) for key in degree}
    drawn: dict[str, list[Point]] = {"small": [], "middle": [], "large": []}
    times: Counter[tuple[int, int]] = Counter()
    for key, cell in cells.items():
        times[cell] += degree[key]
    # Amid the cities it stands for and not amid its square: no lattice is seen.
    for cell, middle in sorted(_middles(points, cells, degree).items()):
        drawn[next((style for most, style in SIZES if times[cell] <= most), "large")].append(middle)
    return [stroke for style, places in drawn.items() for stroke in dots(style, places)]


def _curve(start: Point, end: Point) -> str:
    x, y, across, down = start[0], start[1], end[0] - start[0], end[1] - start[1]
    bent = across / 2 + down * PUSH, down / 2 - across * PUSH
    return f"M{x:.0f} {y:.0f}q{bent[0]:.0f} {bent[1]:.0f} {across:.0f} {down:.0f}"


def _half(halves: int) -> str:
    whole, half = divmod(abs(halves), 2)
    sign = "-" if halves < 0 else ""
    return f"{sign}{whole or ''}.5" if half else f"{sign}{whole}"
