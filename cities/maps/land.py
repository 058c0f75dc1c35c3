"""The land of the world, read from cities/data/land.json.gz, projected round a city and clipped to a frame.

The land is projected first and clipped then, on the plane: a clip in degrees would tear open every coast that crosses
the antimeridian or goes round a pole. Which side of a coast is land is told by counting (even-odd), so it does not
matter how often a coast winds round the frame; where the point opposite the city is land, the rim of the map counts as
one more coast.
"""

import gzip
import hashlib
import json
import math
from functools import cache, lru_cache
from pathlib import Path

from cities.maps.frames import Frame
from cities.maps.projection import FARTHEST_KM, Projection, Vector, vector

SHIPPED = Path(__file__).resolve().parent.parent / "data" / "land.json.gz"

DRAWING = 1
"""Goes up when the same land is drawn in another way, so that no browser keeps the old drawing."""

AT_SEA = ((0.0, -30.0), (0.0, -140.0))
"""Two points far from every coast and from each other's opposite, in degrees: one of them is far from any rim."""

NEAR_OPPOSITE = -0.94
"""Cosine of the distance, about 160 degrees, beyond which a straight edge would be drawn too short."""

DETAIL = 1.5
"""Corners that take less than half of this from the land are not drawn, in square units of the drawing."""

ISLET = 1.5
"""Islands narrower and lower than this are not drawn, in units of the drawing."""

Ring = list[tuple[float, float]]


@cache
def rings() -> list[list[Vector]]:
    """Every coast as a closed line of vectors; its first point is not repeated at the end."""
    shipped = json.loads(gzip.decompress(SHIPPED.read_bytes()))
    per_degree, found = shipped["per_degree"], []
    for steps in shipped["rings"]:
        longitude = latitude = 0
        ring = []
        for step in range(0, len(steps), 2):
            longitude += steps[step]
            latitude += steps[step + 1]
            ring.append(vector(latitude / per_degree, longitude / per_degree))
        found.append(ring)
    return found


@cache
def edition() -> str:
    """What tells this land, and the way it is drawn, from any other."""
    return hashlib.sha256(SHIPPED.read_bytes() + str(DRAWING).encode()).hexdigest()


def version(projection: Projection) -> str:
    """The part of an address that changes when the land would be drawn otherwise: another home city, other data."""
    return hashlib.sha256(f"{edition()} {projection.key}".encode()).hexdigest()[:12]


@lru_cache(maxsize=2)
def projected(latitude: float, longitude: float) -> list[tuple[Ring, tuple[float, float, float, float]]]:
    """Every coast on the plane round a point, each with its bounds (west, south, east, north), in kilometres."""
    projection = Projection(latitude, longitude)
    coasts = [_dense(projection, ring) for ring in rings()]
    sea = next(point for point in AT_SEA if math.dist(vector(*point), projection.up) < 1.9)
    if contains(coasts, projection.place(*sea)):
        # The count is wrong everywhere, because the land holds the point that the whole rim stands for.
        coasts.append([_at(math.radians(bearing), 1.001 * FARTHEST_KM) for bearing in range(0, 360, 2)])
    return [(coast, _bounds(coast)) for coast in coasts]


def is_land(projection: Projection, latitude: float, longitude: float) -> bool:
    """Whether the point at these degrees is on land."""
    coasts = [coast for coast, _limits in projected(projection.latitude, projection.longitude)]
    return contains(coasts, projection.place(latitude, longitude))


def contains(coasts: list[Ring], point: tuple[float, float]) -> bool:
    """Whether an odd number of `coasts` lie round the point."""
    x, y = point
    inside = False
    for coast in coasts:
        x1, y1 = coast[-1]
        for x2, y2 in coast:
            if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
                inside = not inside
            x1, y1 = x2, y2
    return inside


def outlines(projection: Projection, frame: Frame) -> list[Ring]:
    """The coasts within a frame, in units of its drawing, closed along its edge."""
    west, south, east, north = frame.window
    found = []
    for coast, limits in projected(projection.latitude, projection.longitude):
        if limits[0] > east or limits[2] < west or limits[1] > north or limits[3] < south:
            continue
        if (limits[2] - limits[0]) * frame.scale < ISLET > (limits[3] - limits[1]) * frame.scale:
            continue
        drawn = _sparse([frame.point(*point) for point in coast])
        if limits[0] < west or limits[2] > east or limits[1] < south or limits[3] > north:
            drawn = _clipped(drawn, frame.box)
        if len(drawn) > 2:
            found.append(drawn)
    return found


@lru_cache(maxsize=64)
def drawing(latitude: float, longitude: float, frame: Frame) -> bytes:
    """The land of a frame of the map round a point as an SVG: one translucent fill, which suits either theme."""
    path = "".join(map(_path, outlines(Projection(latitude, longitude), frame)))
    left, top, right, bottom = frame.box
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{left} {top} {right - left} {bottom - top}">'
        f'<path fill="#9db4ff" fill-opacity=".2" fill-rule="evenodd" d="{path}"/></svg>\n'
    ).encode()


def _dense(projection: Projection, ring: list[Vector]) -> Ring:
    # A straight edge on the plane is close enough to the coast's, but not where the plane is stretched: towards the rim
    # the edge follows the great circle, and past the opposite point it goes along the rim.
    placed = projection.places(ring)
    ups = [sum(p * q for p, q in zip(projection.up, point, strict=True)) for point in ring]
    if min(ups) > NEAR_OPPOSITE:
        return placed
    dense: Ring = []
    for i, point in enumerate(placed):
        if min(ups[i - 1], ups[i]) < NEAR_OPPOSITE and dense:
            dense += _along(projection, ring[i - 1], ring[i], 6)
        dense.append(point)
    if min(ups[-1], ups[0]) < NEAR_OPPOSITE:
        dense += _along(projection, ring[-1], ring[0], 6)
    return _round_the_rim(dense)


def _along(projection: Projection, start: Vector, end: Vector, depth: int) -> Ring:
    # The points between two, as many as the plane needs to show the great circle.
    (x1, y1), (x2, y2) = projection.places([start, end])
    if depth == 0 or math.hypot(x2 - x1, y2 - y1) < 150:
        return []
    middle = [(p + q) / 2 for p, q in zip(start, end, strict=True)]
    length = math.hypot(*middle)
    half = (middle[0] / length, middle[1] / length, middle[2] / length)
    return (
        _along(projection, start, half, depth - 1)
        + projection.places([half])
        + _along(projection, half, end, depth - 1)
    )


def _round_the_rim(ring: Ring) -> Ring:
    # Whoever passes the opposite point closely comes out at the other side of the rim: not across the map, but along
    # it.
    whole: Ring = []
    x1, y1 = ring[-1]
    for x2, y2 in ring:
        start, end = math.atan2(x1, y1), math.atan2(x2, y2)
        turn = (end - start + math.pi) % (2 * math.pi) - math.pi
        if abs(turn) > 0.1 and math.hypot(x1, y1) > 0.9 * FARTHEST_KM and math.hypot(x2, y2) > 0.9 * FARTHEST_KM:
            far1, far2 = math.hypot(x1, y1), math.hypot(x2, y2)
            parts = math.ceil(abs(turn) / 0.05)
            whole += [_at(start + turn * part / parts, far1 + (far2 - far1) * part / parts) for part in range(1, parts)]
        whole.append((x2, y2))
        x1, y1 = x2, y2
    return whole


def _at(bearing: float, km: float) -> tuple[float, float]:
    return km * math.sin(bearing), km * math.cos(bearing)


def _bounds(ring: Ring) -> tuple[float, float, float, float]:
    easts, norths = [point[0] for point in ring], [point[1] for point in ring]
    return min(easts), min(norths), max(easts), max(norths)


def _sparse(ring: Ring) -> Ring:
    # A corner goes that hardly shows: the triangle it makes with the last one kept and the next is too small.
    kept = ring[:1]
    (x1, y1), (x2, y2) = ring[0], ring[0]
    for x3, y3 in ring[1:]:
        if abs((x2 - x1) * (y3 - y1) - (x3 - x1) * (y2 - y1)) > DETAIL:
            kept.append((x2, y2))
            x1, y1 = x2, y2
        x2, y2 = x3, y3
    kept.append((x2, y2))
    return kept


def _clipped(ring: Ring, box: tuple[float, float, float, float]) -> Ring:
    # Sutherland and Hodgman: one edge after the other. What runs along the edge of the frame is never stroked.
    left, top, right, bottom = box
    for axis, limit, sign in ((0, left, 1), (0, right, -1), (1, top, 1), (1, bottom, -1)):
        if not ring:
            break
        kept: Ring = []
        before = ring[-1]
        was_in = (before[axis] - limit) * sign >= 0
        for point in ring:
            is_in = (point[axis] - limit) * sign >= 0
            if is_in != was_in:
                share = (limit - before[axis]) / (point[axis] - before[axis])
                across = before[1 - axis] + share * (point[1 - axis] - before[1 - axis])
                kept.append((limit, across) if axis == 0 else (across, limit))
            if is_in:
                kept.append(point)
            before, was_in = point, is_in
        ring = kept
    return ring


def _path(ring: Ring) -> str:
    # Tenths of a unit, each point relative to the one before as it was rounded, so that no error adds up.
    points = [(round(x * 10), round(y * 10)) for x, y in ring]
    (x1, y1), parts = points[0], []
    for x2, y2 in points[1:]:
        if (x2, y2) != (x1, y1):
            parts.append(f"{_short(x2 - x1)} {_short(y2 - y1)}")
            x1, y1 = x2, y2
    return f"M{_short(points[0][0])} {_short(points[0][1])}l{' '.join(parts)}z" if len(parts) > 1 else ""


def _short(tenths: int) -> str:
    whole, tenth = divmod(abs(tenths), 10)
    sign = "-" if tenths < 0 else ""
    return f"{sign}{whole or ''}.{tenth}" if tenth else f"{sign}{whole}"
