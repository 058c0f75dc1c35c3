"""The maps: projection, land, frames, names, and what a drawing tells."""

import csv
import gzip
import io
import itertools
import math
import re
from functools import cache
from types import SimpleNamespace

import pytest
from django.utils.translation import override
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import ImageFont, features

from cities.exchange import PLACES
from cities.geography import Way
from cities.maps import FARTHEST_KM, Clear, Frame, Hero, Map, Projection, city_map
from cities.maps import land as the_land
from cities.maps.drawing import STAR, TYPE
from cities.maps.lettering import width
from sistercities.text import LocalText
from tests import factories
from tests.test_repository import ROOT

TABRIZ, ERFURT, TOKYO = (38.08, 46.2919), (50.9787, 11.03283), (35.6895, 139.69171)
HOMES = {"Tabriz": TABRIZ, "Erfurt": ERFURT, "Tokyo": TOKYO}
NAMES_FA = {"Tabriz": "تبریز", "Erfurt": "ارفورت", "Tokyo": "توکیو"}

PARTNERS = {
    "Istanbul": ("استانبول", 41.01384, 28.94966),
    "Baku": ("باکو", 40.37767, 49.89201),
    "Trabzon": ("طرابوزان", 41.005, 39.72694),
    "Kazan": ("قازان", 55.78874, 49.12214),
    "Khujand": ("خجند", 40.28256, 69.62216),
    "Erzurum": ("ارزروم", 39.90861, 41.27694),
    "Mogilev": ("ماگیلف", 53.9168, 30.3449),
    "Gaza": ("غزه", 31.50161, 34.46672),
    "Ganja": ("گنجه", 40.68278, 46.36056),
    "Konya": ("قونیه", 37.87135, 32.48464),
    "Karbala": ("کربلا", 32.61603, 44.02488),
    "Wuhan": ("ووهان", 30.58333, 114.26667),
}

ON_LAND = {
    "Baku": (40.37767, 49.89201),
    "Gaza": (31.50161, 34.46672),
    "Erzurum": (39.90861, 41.27694),
    "Trabzon, a little inland": (40.9, 39.72),
    "Ganja": (40.68278, 46.36056),
    "Istanbul, a little inland": (41.1, 28.8),
    "Kazan": (55.78874, 49.12214),
    "Wuhan": (30.58333, 114.26667),
    "Vladivostok's country": (44.0, 132.5),
    "Chukotka beyond the antimeridian": (66.5, -175.0),
    "Alice Springs": (-23.7, 133.88),
    "Brasília": (-15.8, -47.9),
    "Christchurch": (-43.53, 172.5),
    "South Pole": (-90.0, 0.0),
}
AT_SEA = {
    "Caspian": (42.0, 50.5),
    "Black Sea": (43.0, 34.0),
    "Persian Gulf": (27.0, 51.5),
    "off Gaza": (31.6, 33.9),
    "east of Absheron": (40.4, 51.0),
    "opposite Tabriz": (-38.08, -133.7081),
    "North Pole": (90.0, 0.0),
    "Bering Strait": (65.8, -169.0),
    "Gulf of Guinea": (0.0, 0.0),
}


@cache
def gazetteer():
    """The places that ship with the register, the largest first."""
    with gzip.open(PLACES, "rt", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(io.StringIO(file.read()), delimiter="\t", quoting=csv.QUOTE_NONE))
    return sorted(rows, key=lambda row: (-int(row["population"] or 0), int(row["geonames_id"])))


def city(key, name_fa, name_en, latitude, longitude, language, *agreements):
    """A city as a map sees it."""
    name = LocalText(name_fa, "fa") if language == "fa" and name_fa else LocalText(name_en, "en")
    return SimpleNamespace(
        pk=key,
        name=name,
        latitude=latitude,
        longitude=longitude,
        get_absolute_url=lambda: f"/cities/{key}/",
        published_agreements=list(agreements),
    )


def agreement(kind="sister", verification="press", words="sister city"):
    return SimpleNamespace(kind=kind, verification=verification, get_kind_display=lambda: words)


def home_of(name, language):
    return city(0, NAMES_FA[name], name, *HOMES[name], language)


def real_cities(count, language):
    """The `count` largest cities of every third place of the gazetteer."""
    rows = itertools.islice(gazetteer(), 0, 3 * count, 3)
    return [
        city(row["geonames_id"], row["name_fa"], row["name"], float(row["latitude"]), float(row["longitude"]), language)
        for row in rows
    ]


def partners_of_tabriz(language):
    return [
        city(name.lower(), name_fa, name, latitude, longitude, language, agreement())
        for name, (name_fa, latitude, longitude) in PARTNERS.items()
    ]


def framed(shape, home, cities, clear=None, leaving=0.0):
    """The map of the cities in the frame that is put round them."""
    projection = Projection.of(home)
    points = [projection.place(one.latitude, one.longitude) for one in cities]
    return Map(Frame.around(shape, points, clear, leaving), home, cities)


# --- The plane -----------------------------------------------------------------------------------------


@given(st.floats(-90, 90), st.floats(-180, 180), st.floats(-90, 90), st.floats(-180, 180))
@settings(max_examples=200, derandomize=True, deadline=None, database=None)
def test_distance_and_direction_on_the_map_are_the_true_ones(latitude, longitude, to_latitude, to_longitude):
    east, north = Projection(latitude, longitude).place(to_latitude, to_longitude)
    way = Way.along(latitude, longitude, to_latitude, to_longitude)
    assert math.hypot(east, north) == pytest.approx(way.km, abs=1e-5)
    if way.bearing is not None and 0.01 < way.km < FARTHEST_KM - 0.01:
        turn = math.degrees(math.atan2(east, north)) - way.bearing
        assert (turn + 180) % 360 - 180 == pytest.approx(0, abs=1e-4)


def test_home_is_the_middle_and_its_opposite_lies_on_the_rim():
    projection = Projection(*TABRIZ)
    assert projection.place(*TABRIZ) == (0, 0)
    assert projection.place(-TABRIZ[0], TABRIZ[1] - 180) == (0, FARTHEST_KM)


def test_city_without_coordinates_has_no_plane():
    assert Projection.of(None) is None
    assert Projection.of(city(1, "", "Nowhere", None, None, "en")) is None


# --- Land ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("home", HOMES)
def test_land_and_sea_are_where_they_are(home):
    projection = Projection(*HOMES[home])
    told = {name: the_land.is_land(projection, *point) for name, point in (ON_LAND | AT_SEA).items()}
    assert told == dict.fromkeys(ON_LAND, True) | dict.fromkeys(AT_SEA, False)


@pytest.mark.parametrize(
    "home", [(90.0, 0.0), (-90.0, 0.0), (40.4, -3.7), (-40.4, 176.3), (0.0, 180.0), (-15.0, -55.0), (15.0, 125.0)]
)
def test_land_is_right_where_the_opposite_point_is_land_and_at_the_ends_of_the_degrees(home):
    projection = Projection(*home)
    told = {name: the_land.is_land(projection, *point) for name, point in (ON_LAND | AT_SEA).items()}
    assert told == dict.fromkeys(ON_LAND, True) | dict.fromkeys(AT_SEA, False)


@pytest.mark.parametrize("coast", [0, 1, 2, 3, 5, 8])
@pytest.mark.parametrize("aside", [0.0, 0.002, 0.3])
def test_land_is_right_where_a_coast_passes_the_opposite_point(coast, aside):
    x, y, z = the_land.rings()[coast][7]
    latitude, longitude = math.degrees(math.asin(z)), math.degrees(math.atan2(y, x))
    projection = Projection(-latitude + aside, (longitude + 360) % 360 - 180)
    told = {name: the_land.is_land(projection, *point) for name, point in (ON_LAND | AT_SEA).items()}
    assert told == dict.fromkeys(ON_LAND, True) | dict.fromkeys(AT_SEA, False)


@pytest.mark.parametrize("home", [*HOMES.values(), (40.4, -3.7), (-90.0, 0.0)])
@pytest.mark.parametrize("name", ["wide-33-8e-4n", "near-36-1e-3s", "disc-10-0-0", "near-52-12w-9n", "wide-7-0-0"])
def test_clipped_land_is_land_where_the_globe_has_it(home, name):
    projection, frame = Projection(*home), Frame.named(name)
    outlines = the_land.outlines(projection, frame)
    coasts = [coast for coast, _bounds in the_land.projected(*home)]
    left, top, right, bottom = frame.box
    wrong = checked = 0
    for column, row in itertools.product(range(1, 12, 2), range(1, 12, 2)):
        x, y = left + (right - left) * column / 12, top + (bottom - top) * row / 12
        (east, north), (west, south, *_rest) = frame.place(x, y), frame.window
        assert west < east
        assert south < north
        checked += 1
        wrong += the_land.contains(outlines, (x, y)) != the_land.contains(coasts, (east, north))
    # A point within half a unit of a coast may fall on its other side: that is less than a line's width.
    assert (checked, wrong <= 2) == (36, True)


@pytest.mark.parametrize("home", [*HOMES.values(), (40.4, -3.7)])
def test_no_outline_leaves_its_frame(home):
    for name in ("wide-33-8e-4n", "near-36-1e-3s", "disc-10-0-0"):
        frame = Frame.named(name)
        left, top, right, bottom = frame.box
        points = [point for outline in the_land.outlines(Projection(*home), frame) for point in outline]
        assert points
        assert all(left - 1e-6 <= x <= right + 1e-6 and top - 1e-6 <= y <= bottom + 1e-6 for x, y in points)


def test_coast_has_no_edge_across_the_map():
    for home in (*HOMES.values(), (90.0, 0.0)):
        for coast, _bounds in the_land.projected(*home):
            for (x1, y1), (x2, y2) in zip(coast, coast[1:] + coast[:1], strict=True):
                # What passes the opposite point goes along the rim, in steps.
                assert math.hypot(x2 - x1, y2 - y1) < 2500


def test_land_is_the_same_every_time():
    frame = Frame.named("near-36-1e-3s")
    first = the_land.drawing(*TABRIZ, frame)
    the_land.drawing.cache_clear()
    the_land.projected.cache_clear()
    assert the_land.drawing(*TABRIZ, frame) == first


def test_version_changes_with_home_and_with_the_land():
    versions = {the_land.version(Projection(*home)) for home in HOMES.values()}
    assert len(versions) == 3
    assert the_land.version(Projection(38.08001, 46.2919)) != the_land.version(Projection(*TABRIZ))


# --- Frames --------------------------------------------------------------------------------------------


@given(
    st.sampled_from(["wide", "near"]),
    st.integers(7, 64),
    st.floats(-14_000, 14_000),
    st.floats(-14_000, 14_000),
)
@settings(max_examples=200, derandomize=True, deadline=None, database=None)
def test_frame_is_found_again_by_its_name(shape, step, east, north):
    frame = Frame.at(shape, step, east, north)
    assert Frame.named(str(frame)) == frame
    x, y = frame.point(east, north)
    assert frame.place(x, y) == pytest.approx((east, north), abs=1e-6)


@pytest.mark.parametrize(
    "name",
    [
        "",
        "near",
        "near-36",
        "near-36-1e-3",
        "near-036-1e-3s",
        "near-36-01e-3s",
        "near-36-0e-3s",
        "near-36-1n-3s",
        "near-6-0-0",
        "near-65-0-0",
        "near-7-9e-9n",
        "near-36-9999e-0",
        "disc-36-1e-0",
        "tall-36-0-0",
        "near-36-1e-3s ",
        "near-۳۶-0-0",
    ],
)
def test_other_names_are_no_frames(name):
    with pytest.raises(ValueError, match=r"."):
        Frame.named(name)


@pytest.mark.parametrize("home", HOMES)
@pytest.mark.parametrize("shape", ["wide", "near", "disc"])
@pytest.mark.parametrize("count", [1, 12, 100])
def test_frame_round_places_shows_them_all(home, shape, count):
    projection = Projection(*HOMES[home])
    points = [projection.place(one.latitude, one.longitude) for one in real_cities(count, "en")]
    frame = Frame.around(shape, points)
    assert all(frame.shows(*frame.point(*point)) for point in [(0, 0), *points])


def test_title_keeps_its_part_of_the_wide_map():
    projection = Projection(*TABRIZ)
    points = [projection.place(latitude, longitude) for _name, latitude, longitude in PARTNERS.values()]
    frame = Frame.around("wide", points, Clear(above=235, below=60))
    drawn = [frame.point(*point) for point in points]
    assert min(y for _x, y in drawn) > 235
    assert max(y for _x, y in drawn) < 780 - 60


def test_near_map_leaves_the_one_far_partner_to_its_edge():
    projection = Projection(*TABRIZ)
    points = {name: projection.place(*place[1:]) for name, place in PARTNERS.items()}
    frame = Frame.around("near", points.values(), leaving=0.2)
    assert [name for name, point in points.items() if not frame.shows(*frame.point(*point))] == ["Wuhan"]


def test_zooming_keeps_the_middle_and_ends_at_both_ends():
    frame = Frame.named("near-36-40e-10n")
    closer = frame.closer()
    assert closer.step == 40
    assert closer.middle == pytest.approx(frame.middle, abs=40 / closer.scale)
    assert frame.closer().wider().step == 36
    assert Frame.named("near-64-0-0").closer() is None
    assert Frame.named("near-7-0-0").wider() is None


def test_moving_goes_a_quarter_of_the_frame_and_not_beyond_the_world():
    frame = Frame.named("near-36-0-0")
    assert frame.moved(1, 0).middle == pytest.approx((200 / frame.scale, 0))
    assert frame.moved(0, -1).middle[1] == pytest.approx(-170 / frame.scale, abs=20 / frame.scale)
    for _step in range(200):
        frame = frame.moved(1, 1)
    assert math.hypot(*frame.middle) <= FARTHEST_KM


# --- Lettering -----------------------------------------------------------------------------------------


def test_no_name_is_wider_than_its_room():
    assert features.check("raqm")
    fonts = {name: ROOT / f"static/fonts/vazirmatn-{name}.woff2" for name in ("arabic", "latin")}
    for name, words in {
        "arabic": ["استانبول", "طرابوزان", "ماگیلف", "کربلا", "سن پترزبورگ", "لوس‌آنجلس", "۱٬۰۰۰"],
        "latin": ["Istanbul", "Mogilev", "Karbala", "1,000 km", "São Paulo", "Ho Chi Minh City"],
    }.items():
        font = ImageFont.truetype(fonts[name], 1000, layout_engine=ImageFont.Layout.RAQM)
        font.set_variation_by_axes([400])
        for word in words:
            set_in = font.getlength(word) / 1000
            assert set_in <= width(word) <= 1.09 * set_in, word


def test_letters_that_the_typeface_lacks_have_a_width():
    assert (round(width("武汉"), 2), width("")) == (2.06, 0)


# --- Names ---------------------------------------------------------------------------------------------


def overlap(one, other):
    """Whether two boxes share more than an edge: a second opinion."""
    return min(min(one[2], other[2]) - max(one[0], other[0]), min(one[3], other[3]) - max(one[1], other[1])) > 0


def cuts(line, box):
    """Whether one of many points along the line lies in the box."""
    x1, y1, x2, y2 = line
    left, top, right, bottom = box
    points = ((x1 + (x2 - x1) * part / 200, y1 + (y2 - y1) * part / 200) for part in range(201))
    return any(left < x < right and top < y < bottom for x, y in points)


def boxes(drawn, roomy):
    """(what, box) of every name that shows; where `roomy`, as the smallest type sets it, else as the largest does."""
    share = TYPE[drawn.shape.name][1] / TYPE[drawn.shape.name][0]
    labels = [("home", drawn.home_label), ("length", drawn.length)]
    labels += [(place.city.name.plain, place.label) for place in [*drawn.places, *drawn.beyond]]
    labels += [(f"ring {ring.km}", ring.label) for ring in drawn.rings]
    found = []
    for what, label in labels:
        if label is None or (label.roomy and not roomy):
            continue
        left, top, right, bottom = label.box
        if roomy and not label.roomy:
            left, right = (label.x + (edge - label.x) * share for edge in (left, right))
            top, bottom = (label.y + (edge - label.y) * share for edge in (top, bottom))
        found.append((what, (left, top, right, bottom)))
    return found


def leaders(drawn, roomy):
    """(city, line) of every thin line that shows."""
    found = []
    for place in drawn.places:
        if place.label and place.label.leader and (roomy or not place.label.roomy):
            numbers = place.label.leader.replace("M", "").replace("L", " ").split()
            found.append((place.city.name.plain, tuple(map(float, numbers))))
    return found


def faults(drawn):
    """Everything that touches what it must not, for the largest and the smallest type."""
    found = []
    home_x, home_y = drawn.frame.home
    marks = [(place.city.name.plain, place.x, place.y, place.radius) for place in drawn.places]
    if drawn.has_home:
        marks.append(("home", home_x, home_y, STAR[drawn.shape.name]))
    for roomy in (False, True):
        shown = boxes(drawn, roomy)
        for (one, box), (other, other_box) in itertools.combinations(shown, 2):
            if overlap(box, other_box):
                found.append(f"{one} on {other}")
        for what, (left, top, right, bottom) in shown:
            if left < 0 or top < 0 or right > drawn.shape.width or bottom > drawn.shape.height:
                found.append(f"{what} leaves the frame")
            for name, x, y, radius in marks:
                if name != what:
                    away = math.hypot(max(left - x, 0, x - right), max(top - y, 0, y - bottom))
                    if away < radius:
                        found.append(f"{what} covers the mark of {name}")
        for what, line in leaders(drawn, roomy):
            found += [f"the line of {what} cuts {one}" for one, box in shown if one != what and cuts(line, box)]
    return found


@pytest.mark.parametrize("language", ["fa", "en"])
@pytest.mark.parametrize("home", HOMES)
@pytest.mark.parametrize("count", [12, 50, 100])
@pytest.mark.parametrize("shape", ["wide", "near", "disc"])
def test_no_names_collide(shape, count, home, language):
    with override(language):
        drawn = framed(shape, home_of(home, language), real_cities(count, language))
        assert faults(drawn) == []
        assert sum(len(place.cities) for place in drawn.places) == count
        named = [place for place in drawn.places if place.label]
        alone = [place for place in drawn.places if not place.is_cluster]
        assert len(named) >= 0.6 * len(alone)
        assert drawn.home_label is not None


@pytest.mark.parametrize("language", ["fa", "en"])
def test_every_partner_of_tabriz_is_named_on_both_maps_of_the_first_page(language):
    with override(language):
        title = "تبریز و دوازده شهر هم‌پیمانش" if language == "fa" else "Tabriz and its twelve partner cities"
        hero = Hero.of(home_of("Tabriz", language), partners_of_tabriz(language), title)
        assert not hero.is_stacked
        for drawn in (hero.wide, hero.near):
            assert faults(drawn) == []
            assert [place.count for place in drawn.places if place.is_cluster] == []
            assert drawn.unnamed == []
            assert [place.label.roomy for place in drawn.places if place.label.roomy] == []
        assert len(hero.wide.places) == 12
        assert [place.label.text for place in hero.near.beyond] == [
            "ووهان، ۶٬۱۶۰ کیلومتر" if language == "fa" else "Wuhan, 6,160 km"
        ]
        # None stands under the title or the key.
        assert [what for what, box in boxes(hero.wide, False) if box[1] < 220 or box[3] > 720] == []


def within(drawn, place):
    """Points along a place's line, read from its path, as far as they lie in the drawing."""
    x1, y1, cx, cy, x2, y2 = map(float, re.findall(r"-?[\d.]+", place.arc))
    shares = [part / 5000 for part in range(5001)]
    points = [
        ((1 - t) ** 2 * x1 + 2 * (1 - t) * t * cx + t * t * x2, (1 - t) ** 2 * y1 + 2 * (1 - t) * t * cy + t * t * y2)
        for t in shares
    ]
    return [(x, y) for x, y in points if 0 <= x <= drawn.shape.width and 0 <= y <= drawn.shape.height]


@pytest.mark.parametrize("language", ["fa", "en"])
@pytest.mark.parametrize("name", ["near-44-0-0", "near-44-3e-2n", "near-52-5e-6n", "near-56-7e-5n", "wide-40-0-0"])
def test_name_at_the_edge_stands_beside_its_own_line(language, name):
    with override(language):
        drawn = Map(Frame.named(name), home_of("Tabriz", language), partners_of_tabriz(language))
        lines = {place.city.name.plain: within(drawn, place) for place in [*drawn.places, *drawn.beyond]}
        named = [place for place in drawn.beyond if place.label]
        assert named
        for place in named:
            left, top, right, bottom = place.label.box
            city = place.city.name.plain
            ends = {other.city.name.plain: lines[other.city.name.plain][-1] for other in drawn.beyond}
            away = {
                other: math.hypot(max(left - x, 0, x - right), max(top - y, 0, y - bottom))
                for other, (x, y) in ends.items()
            }
            assert min(away, key=away.get) == city
            assert away[city] < 2 * TYPE[drawn.shape.name][0]
            crossing = {
                other
                for other, points in lines.items()
                if any(left < x < right and top < y < bottom for x, y in points)
            }
            assert crossing <= {city}


@pytest.mark.parametrize("kept_free", [[(0, 0, 1440, 220)], [(300, 300, 900, 500)]])
def test_no_name_stands_where_room_is_kept(kept_free):
    with override("en"):
        drawn = Map(Frame.named("wide-24-0-0"), home_of("Tabriz", "en"), real_cities(50, "en"), kept_free=kept_free)
        names = boxes(drawn, True)
        assert len(names) > 15
        assert [what for what, box in names if any(overlap(box, free) for free in kept_free)] == []


def test_same_map_comes_out_every_time():
    with override("en"):
        made = [framed("near", home_of("Tokyo", "en"), real_cities(50, "en")) for _time in range(2)]
        assert [place.label for place in made[0].places] == [place.label for place in made[1].places]


def test_first_cities_are_the_first_to_be_named():
    with override("en"):
        crowd = [city(i, "", f"A rather long name {i}", 20 + i % 10 * 4, 30 + i // 10 * 5, "en") for i in range(80)]
        drawn = framed("near", home_of("Tabriz", "en"), crowd)
        alone = [place for place in drawn.places if not place.is_cluster]
        named = [bool(place.label) for place in alone]
        assert sum(named) < len(named)
        assert sum(named[:10]) >= sum(named[-10:])


# --- Marks ---------------------------------------------------------------------------------------------


def test_thousands_of_cities_are_gathered():
    with override("en"):
        every = [
            city(row["geonames_id"], "", row["name"], float(row["latitude"]), float(row["longitude"]), "en")
            for row in gazetteer()[:12_596]
        ]
        drawn = framed("near", home_of("Tabriz", "en"), every)
        assert len(drawn.places) <= 150
        assert sum(len(place.cities) for place in drawn.places) == 12_596
        for one, other in itertools.combinations(drawn.places, 2):
            if one.is_cluster or other.is_cluster:
                assert math.hypot(one.x - other.x, one.y - other.y) > max(one.radius, other.radius)


def test_what_lies_too_close_is_one_mark_with_its_number_and_the_frame_that_opens_it():
    with override("en"):
        near = [
            city("a", "", "Aleph", 41.0, 29.0, "en", agreement()),
            city("b", "", "Beth", 41.05, 29.05, "en", agreement("friendship")),
            city("c", "", "Gimel", 55.0, 49.0, "en", agreement("friendship")),
        ]
        projection = Projection(*TABRIZ)
        frame = Frame.around("near", [projection.place(one.latitude, one.longitude) for one in near])
        drawn = Map(frame, home_of("Tabriz", "en"), near, opening=lambda frame: f"/map/{frame}/")
        cluster, alone = drawn.places
        assert (cluster.count, cluster.said, cluster.kind) == ("2", "2 cities: Aleph, Beth", "sister")
        assert (alone.said, alone.kind, alone.url) == ("Gimel, 1,892 km, north of Tabriz", "friendship", "/cities/c/")
        assert cluster.url == f"/map/{cluster.frame}/"
        assert cluster.frame.step >= frame.step + 8
        inside = [cluster.frame.point(*projection.place(one.latitude, one.longitude)) for one in cluster.cities]
        assert all(cluster.frame.shows(*point) for point in inside)


def test_opening_clusters_again_and_again_tells_their_cities_apart():
    with override("en"):
        pair = [city("a", "", "Aleph", 41.0, 29.0, "en"), city("b", "", "Beth", 41.0, 29.4, "en")]
        frame, rounds = Frame.named("near-7-0-0"), 0
        while True:
            drawn = Map(frame, home_of("Tabriz", "en"), pair, opening=str)
            if not any(place.is_cluster for place in drawn.places):
                break
            frame, rounds = drawn.places[0].frame, rounds + 1
        assert (len(drawn.places), rounds <= 4) == (2, True)


def test_cluster_without_an_address_leads_nowhere():
    with override("en"):
        pair = [city("a", "", "Aleph", 41.0, 29.0, "en"), city("b", "", "Beth", 41.0, 29.01, "en")]
        (cluster,) = framed("near", home_of("Tabriz", "en"), pair).places
        assert (cluster.url, cluster.frame, cluster.classes) == ("", None, "map__place map__place--cluster")


def test_city_without_coordinates_is_left_out():
    with override("en"):
        drawn = Map(Frame.named("near-36-0-0"), home_of("Tabriz", "en"), [city("x", "", "Nowhere", None, None, "en")])
        assert (drawn.places, drawn.beyond) == ([], [])


def test_lines_all_turn_the_same_way():
    with override("en"):
        drawn = framed("wide", home_of("Tabriz", "en"), partners_of_tabriz("en"))
        turns = []
        for place in drawn.places:
            start, bend, end = [tuple(map(float, part.split())) for part in _points(place.arc)]
            turns.append((end[0] - start[0]) * (bend[1] - start[1]) - (end[1] - start[1]) * (bend[0] - start[0]) < 0)
        assert turns == [True] * 12


def _points(arc):
    start, rest = arc.removeprefix("M").split("Q")
    numbers = rest.split()
    return [start, " ".join(numbers[:2]), " ".join(numbers[2:])]


@pytest.mark.parametrize(("language", "sides"), [("en", {"start": 1, "end": -1}), ("fa", {"start": -1, "end": 1})])
def test_names_stand_on_their_side_in_either_direction_of_writing(language, sides):
    with override(language):
        drawn = framed("wide", home_of("Tabriz", language), partners_of_tabriz(language))
        for place in drawn.places:
            left, _top, right, _bottom = place.label.box
            if place.label.anchor != "middle":
                assert ((left + right) / 2 > place.label.x) == (sides[place.label.anchor] > 0), place.label


def test_rings_are_true_distances():
    with override("en"):
        drawn = framed("wide", home_of("Tabriz", "en"), partners_of_tabriz("en"))
        assert [ring.radius for ring in drawn.rings] == [
            pytest.approx(ring.km * drawn.scale, abs=0.05) for ring in drawn.rings
        ]
        assert {ring.km % 1000 for ring in drawn.rings} == {0}
        assert [ring.label.text for ring in drawn.rings if ring.label][:2] == ["1,000 km", "2,000 km"]


def test_key_names_the_one_other_kind_or_all_of_them():
    with override("en"):
        kinds = [agreement("friendship", words="friendship"), agreement("project", words="project partnership")]
        cities = [city(i, "", f"City {i}", 41, 29 + 3 * i, "en", one) for i, one in enumerate(kinds)]
        one = framed("wide", home_of("Tabriz", "en"), cities[:1])
        assert (one.kinds, one.other_kind) == ({"friendship"}, "Friendship")
        assert framed("wide", home_of("Tabriz", "en"), cities).other_kind == "Partnership of another kind"


# --- The first page's and a city's map ------------------------------------------------------------------


@pytest.mark.parametrize("count", [12, 50, 100])
@pytest.mark.parametrize("home", HOMES)
def test_first_page_never_hides_a_partner_under_its_title(home, count):
    with override("en"):
        hero = Hero.of(home_of(home, "en"), real_cities(count, "en"), f"{home} and its {count} partner cities")
        assert faults(hero.wide) == [] == faults(hero.near)
        if not hero.is_stacked:
            assert min(place.y for place in hero.wide.places) > 235


def test_long_title_stands_above_the_map():
    with override("en"):
        title = "Thiruvananthapuram and its twelve partner cities"
        assert Hero.of(home_of("Tabriz", "en"), partners_of_tabriz("en"), title).is_stacked


def test_no_map_without_places():
    with override("en"):
        nowhere = city("x", "", "Nowhere", None, None, "en")
        assert Hero.of(home_of("Tabriz", "en"), [nowhere], "Tabriz") is None
        assert Hero.of(nowhere, partners_of_tabriz("en"), "Nowhere") is None
        assert city_map(home_of("Tabriz", "en"), nowhere, []) is None


@pytest.mark.parametrize(("name", "length"), [("Istanbul", "1,520 km"), ("Wuhan", "6,160 km"), ("Mogilev", "2,138 km")])
def test_disc_is_about_one_city(name, length):
    with override("en"):
        partners = partners_of_tabriz("en")
        focus = next(one for one in partners if one.name == name)
        drawn = city_map(home_of("Tabriz", "en"), focus, partners)
        assert faults(drawn) == []
        assert [place.city.name.plain for place in drawn.places if place.arc] == [name]
        assert (drawn.places[0].label.text, drawn.length.text) == (name, length)
        assert len(drawn.rim) == 36


# --- The address of the land ----------------------------------------------------------------------------


@pytest.fixture
def version(db):
    """The version of the land round the home city."""
    return the_land.version(Projection.of(factories.home_city()))


def test_land_is_an_image_that_may_be_kept_for_a_year(client, version):
    response = client.get(f"/maps/{version}/near-36-1e-3s.svg")
    assert response.status_code == 200
    assert response["Content-Type"] == "image/svg+xml"
    assert response["Cache-Control"] == "public, max-age=31536000, immutable"
    assert response.content.startswith(b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 800 680"><path')
    again = client.get(f"/maps/{version}/near-36-1e-3s.svg", headers={"if-none-match": response["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "trace"])
def test_land_is_for_reading(client, version, method):
    assert getattr(client, method)(f"/maps/{version}/near-36-1e-3s.svg").status_code == 405


def test_wide_land_goes_on_beyond_its_drawing(client, version):
    assert b'viewBox="-400 0 2240 780"' in client.get(f"/maps/{version}/wide-33-0-0.svg").content


@pytest.mark.parametrize(
    "address",
    ["near-36-1e-3s.svg/", "near-36-1e-3.svg", "near-99-0-0.svg", "near-07-0-0.svg", "near-36-9999e-0.svg", "x.svg"],
)
def test_other_frames_are_not_found(client, version, address):
    assert client.get(f"/maps/{version}/{address}").status_code == 404


def test_other_version_is_not_found(client, version):
    assert client.get("/maps/000000000000/near-36-1e-3s.svg").status_code == 404


def test_register_without_a_home_city_has_no_land(client, db):
    assert client.get("/maps/000000000000/near-36-1e-3s.svg").status_code == 404
