"""Makes cities/data/land.json.gz, the land of every map of the register, out of Natural Earth.

    npm pack world-atlas@2.0.2 && tar -xzf world-atlas-2.0.2.tgz
    python scripts/build_land.py package/land-50m.json

It runs when the land is renewed, never on a server. The same input gives the same bytes.

The input is TopoJSON: Natural Earth's land at 1:50 million, its polygons joined across the antimeridian. A ring is
simplified on the sphere by the area of its corners (Visvalingam and Whyatt): again and again the corner goes that makes
the smallest triangle with its neighbours, until every triangle is as large as CORNER_KM2. What that costs a coast is
the same at every latitude, which degrees would not give. Islands below ISLAND_KM2 are left out.
"""

import gzip
import heapq
import json
import math
import sys
from pathlib import Path

TARGET = Path(__file__).resolve().parent.parent / "cities" / "data" / "land.json.gz"
RADIUS_KM = 6371.0088
CORNER_KM2 = 10.0
ISLAND_KM2 = 150.0
PER_DEGREE = 100
"""Units of the file: hundredths of a degree, about a kilometre."""

Point = tuple[float, float]


def rings(topology: dict) -> list[list[Point]]:
    """The closed rings of the land as (longitude, latitude), without their repeated last point."""
    scale, offset = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = []
    for deltas in topology["arcs"]:
        x = y = 0
        arc = []
        for dx, dy in deltas:
            x, y = x + dx, y + dy
            arc.append((x * scale[0] + offset[0], y * scale[1] + offset[1]))
        arcs.append(arc)
    found = []
    for polygon in topology["objects"]["land"]["geometries"][0]["arcs"]:
        for indexes in polygon:
            ring = []
            for index in indexes:
                ring += (arcs[index] if index >= 0 else arcs[~index][::-1])[:-1]
            # Where degrees end, at the South Pole, the source draws a line that no coast follows.
            ring = [point for point in ring if point[1] > -89.9]
            if ring:
                found.append(ring)
    return found


def vector(point: Point) -> tuple[float, float, float]:
    """A point of the globe as a vector of length 1."""
    longitude, latitude = map(math.radians, point)
    return (
        math.cos(latitude) * math.cos(longitude),
        math.cos(latitude) * math.sin(longitude),
        math.sin(latitude),
    )


def triangle(a, b, c) -> float:
    """The area between three vectors in square kilometres, as a flat triangle."""
    u = [q - p for p, q in zip(a, b, strict=True)]
    v = [q - p for p, q in zip(a, c, strict=True)]
    cross = (u[1] * v[2] - u[2] * v[1], u[2] * v[0] - u[0] * v[2], u[0] * v[1] - u[1] * v[0])
    return math.hypot(*cross) / 2 * RADIUS_KM**2


def area(ring: list[Point]) -> float:
    """The area within a ring in square kilometres, near enough to tell a rock from an island."""
    sum_ = 0.0
    for (west, south), (east, north) in zip(ring, ring[1:] + ring[:1], strict=True):
        width = (east - west + 180) % 360 - 180
        height = math.sin(math.radians(south)) + math.sin(math.radians(north))
        sum_ += math.radians(width) * height / 2
    return abs(sum_) * RADIUS_KM**2


def simplified(ring: list[Point], smallest: float) -> list[Point]:
    """The ring without the corners whose triangles are smaller than `smallest` square kilometres; never below four."""
    vectors = [vector(point) for point in ring]
    count = len(ring)
    before, after = [(i - 1) % count for i in range(count)], [(i + 1) % count for i in range(count)]
    areas = [triangle(vectors[before[i]], vectors[i], vectors[after[i]]) for i in range(count)]
    heap = [(size, i) for i, size in enumerate(areas)]
    heapq.heapify(heap)
    gone = [False] * count
    left = count
    while heap and left > 4:
        size, i = heapq.heappop(heap)
        if gone[i] or size != areas[i]:
            continue
        if size >= smallest:
            break
        gone[i], left = True, left - 1
        after[before[i]], before[after[i]] = after[i], before[i]
        for j in (before[i], after[i]):
            # A corner never counts less than the one that went for it, so that what goes first is least.
            areas[j] = max(size, triangle(vectors[before[j]], vectors[j], vectors[after[j]]))
            heapq.heappush(heap, (areas[j], j))
    return [point for point, dropped in zip(ring, gone, strict=True) if not dropped]


def steps(ring: list[Point]) -> list[int]:
    """The ring in the file's units: longitude and latitude of the first point, then the steps to each further one."""
    numbers, at = [], (0, 0)
    for longitude, latitude in ring:
        point = (round(longitude * PER_DEGREE), round(latitude * PER_DEGREE))
        if numbers and point == at:
            continue
        numbers += [point[0] - at[0], point[1] - at[1]]
        at = point
    return numbers


def main(source: str) -> None:
    """Write the file and print how large it is."""
    every = rings(json.loads(Path(source).read_text(encoding="utf-8")))
    kept = [ring for ring in every if area(ring) >= ISLAND_KM2 or len(ring) > 1000]
    kept.sort(key=lambda ring: (-len(ring), ring))
    written = [steps(simplified(ring, CORNER_KM2)) for ring in kept]
    text = json.dumps({"per_degree": PER_DEGREE, "rings": written}, separators=(",", ":"))
    TARGET.write_bytes(gzip.compress(text.encode(), mtime=0))
    points = sum(len(ring) for ring in written) // 2
    print(
        f"{TARGET.name}: {len(written)} of {len(every)} rings, {points:,} of {sum(map(len, every)):,} points,", end=" "
    )
    print(f"{len(text):,} bytes, {TARGET.stat().st_size:,} compressed")


if __name__ == "__main__":
    main(sys.argv[1])
