"""The map of what was found: every frame has an address, every city is on it or named below it."""

import re

import pytest

from cities.maps import FARTHEST_KM, Frame
from partnerships.worldmap import SHAPE
from tests import factories
from tests.pages import Page

pytestmark = pytest.mark.django_db

CITIES = {
    "Istanbul": ("استانبول", 41.01, 28.95, 15_000_000),
    "Ankara": ("آنکارا", 39.92, 32.85, 5_000_000),
    "Erzurum": ("ارزروم", 39.91, 41.28, 400_000),
    "Ganja": ("گنجه", 40.68, 46.36, 300_000),
    "Shamkir": ("شمکیر", 40.83, 46.02, 40_000),
    "Karbala": ("کربلا", 32.62, 44.02, 700_000),
    "Kazan": ("قازان", 55.79, 49.12, 1_200_000),
    "Konya": ("قونیه", 37.87, 32.48, 1_000_000),
    "Khujand": ("خجند", 40.28, 69.63, 180_000),
    "Gaza": ("غزه", 31.5, 34.47, 600_000),
    "Mogilev": ("ماگیلف", 53.9, 30.33, 350_000),
    "Wuhan": ("ووهان", 30.58, 114.27, 10_000_000),
}


def browse(client, query="", language="en"):
    """The page of the map for a query."""
    address = f"/{language}/partnerships/?view=map{query}"
    response = client.get(address)
    assert response.status_code == 200
    return Page(address, response.content.decode())


def complaints(page):
    """What the page says was not understood."""
    return [item.words for box in page.of_class("message--warning") for item in box.all if item.name == "li"]


def lists(page):
    """The lists below the map by their headings: each city with what is said beside it."""
    heads = [one.words for one in page.of_class("place-head")]
    listed = [
        {item.children[0].words: item.words for item in one.children if getattr(item, "name", "") == "li"}
        for one in page.of_class("place-list")
    ]
    return dict(zip(heads, listed, strict=True))


def marks(page):
    """The marks on the map and the names at its edge: what is said of each, and where it leads."""
    return {one["aria-label"]: one["href"] for one in page.of_class("map__place")}


def steps(page):
    """The links round the map by what they are called."""
    return {link.of_class("visually-hidden")[0].words: link["href"] for link in page.of_class("map-steps__step")}


def ways_back(page):
    """The links that lead out of a part of the map."""
    return {link.words: link["href"] for link in page.of_class("map-steps__back") if link["href"] != "#places"}


def window(page):
    """The frame that the page shows."""
    (view,) = page.of_class("map-view")
    return Frame.at(SHAPE, int(view["data-zoom"]), float(view["data-east"]), float(view["data-north"]))


@pytest.fixture
def register():
    """An agreement with each of CITIES, a second one with Konya, and cities of hidden agreements."""
    made = {}
    for name, (name_fa, latitude, longitude, population) in CITIES.items():
        made[name] = factories.city(
            name_en=name, name_fa=name_fa, latitude=latitude, longitude=longitude, population=population
        )
        factories.agreement(True, partner=made[name])
    factories.agreement(True, partner=made["Konya"], kind="friendship")
    for name, given in (("Draftville", {}), ("Goneville", {"withdrawn": True})):
        factories.agreement(partner=factories.city(name_en=name, name_fa="نهان", latitude=35, longitude=45), **given)
    factories.agreement(partner=made["Ganja"], kind="contact")
    return made


# --- What is on it -------------------------------------------------------------------------------------


def test_every_city_found_is_on_the_map_or_named_at_its_edge(client, register):
    page = browse(client)
    assert [one.words for one in page.of_class("results__count")] == ["13 partnerships"]
    text = " ".join(marks(page))
    # Two that lie too close together at this scale are one mark with a number.
    assert {name for name in CITIES if name not in text} == set()
    assert "Draftville" not in page.html
    assert "Goneville" not in page.html


def test_list_below_is_the_equal_of_the_map(client, register):
    found = lists(browse(client, "&sort=city"))
    assert list(found) == ["In this frame", "Beyond this frame"]
    assert list(found["In this frame"]) == sorted(set(CITIES) - {"Wuhan"})
    assert found["Beyond this frame"] == {"Wuhan": "Wuhan 6,160 km"}
    assert found["In this frame"]["Konya"] == "Konya 1,210 km · 2 agreements"
    assert found["In this frame"]["Ganja"] == "Ganja 289 km"


def test_list_is_in_persian_too(client, register):
    found = lists(browse(client, "&q=%D9%82%D9%88%D9%86%DB%8C%D9%87", "fa"))
    assert found == {"در این قاب": {"قونیه": "قونیه ۱٬۲۱۰ کیلومتر · ۲ پیمان"}}


def test_filters_apply_and_the_first_frame_holds_what_is_found(client, register):
    page = browse(client, "&q=wuhan")
    assert lists(page) == {"In this frame": {"Wuhan": "Wuhan 6,160 km"}}
    assert ways_back(page) == {}
    closer = browse(client, "&kind=friendship")
    assert list(lists(closer)["In this frame"]) == ["Konya"]
    assert window(closer).step > window(page).step


def test_order_of_the_list_can_be_asked_for(client, register):
    found = lists(browse(client, "&sort=-number"))
    assert list(found["In this frame"])[:3] == ["Konya", "Mogilev", "Gaza"]


def test_city_without_coordinates_is_named_below_the_map(client, register):
    factories.agreement(
        True, partner=factories.city(name_en="Nowhere", name_fa="هیچ‌کجا", latitude=None, longitude=None)
    )
    page = browse(client)
    assert lists(page)["Without coordinates, so not on the map"] == {"Nowhere": "Nowhere"}
    assert "In this frame: 11 of 13 cities." in page.of_class("map-view__said")[0].words


def test_without_coordinates_of_the_home_city_there_is_the_list_alone(client, register):
    home = factories.home_city()
    home.latitude = home.longitude = None
    home.save()
    page = browse(client)
    assert page.of_class("map") == []
    assert {heading: {*found} for heading, found in lists(page).items()} == {"Cities": {*CITIES}}
    (view,) = page.of_class("map-view")
    assert view["data-zoom"] == ""


def test_nothing_found_has_no_map(client, register):
    page = browse(client, "&q=atlantis")
    assert page.of_class("map") == []
    assert [one.words for one in page.of_class("results__count")] == ["0 partnerships"]


def test_long_list_has_pages_of_cities(client):
    for number in range(60):
        city = factories.city(latitude=30 + number / 4, longitude=40 + number / 4)
        factories.agreement(True, partner=city)
        factories.agreement(True, partner=city, kind="friendship")
    pages = [browse(client, f"&per_page=25&page={number}") for number in (1, 2, 3)]
    named = [name for page in pages for found in lists(page).values() for name in found]
    assert len(named) == len(set(named)) == 60
    assert [complaints(page) for page in pages] == [[], [], []]
    beyond = browse(client, "&per_page=25&page=4")
    assert complaints(beyond) == ["There is no page 4: the last, 3, is shown."]
    assert "page 3" in beyond.one("title").words


# --- From frame to frame -------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["fa", "en"])
def test_links_lead_to_the_neighbouring_frames(client, register, language):
    page = browse(client, "&kind=sister&per_page=25", language)
    frame = window(page)
    names = {
        "en": ["Closer", "Wider", "To the west", "To the north", "To the south", "To the east"],
        "fa": ["نزدیک‌تر", "دورتر", "به سوی غرب", "به سوی شمال", "به سوی جنوب", "به سوی شرق"],
    }[language]
    expected = [
        frame.closer(),
        frame.wider(),
        frame.moved(-1, 0),
        frame.moved(0, 1),
        frame.moved(0, -1),
        frame.moved(1, 0),
    ]
    assert list(steps(page)) == names
    for (_name, url), neighbour in zip(steps(page).items(), expected, strict=True):
        assert url.startswith("?view=map&kind=sister&per_page=25&zoom=")
        assert window(browse(client, url.removeprefix("?view=map"), language)) == neighbour


def test_every_frame_leads_back(client, register):
    page = browse(client, "&kind=sister&zoom=50&east=0&north=0")
    back = ways_back(page)
    assert back["Back to the first view"] == "?view=map&kind=sister"
    everything = browse(client, back["All cities"].removeprefix("?view=map"))
    assert lists(everything).keys() == {"In this frame"}
    assert set(lists(everything)["In this frame"]) == {*CITIES}


def test_what_lies_close_comes_apart(client, register):
    def cluster(page):
        return {said: url for said, url in marks(page).items() if "Ganja" in said and "Shamkir" in said}

    far = browse(client, "&zoom=24&east=0&north=0")
    ((_said, opening),) = cluster(far).items()
    near = browse(client, opening.removeprefix("?view=map"))
    assert cluster(near) == {}
    assert set(lists(near)["In this frame"]) >= {"Ganja", "Shamkir"}


def test_cluster_that_nothing_opens_is_no_link(client):
    for name in ("Twin", "Other twin"):
        factories.agreement(True, partner=factories.city(name_en=name, name_fa="همزاد", latitude=38.9, longitude=47.1))
    page = browse(client)
    for _time in range(20):
        (link,) = page.of_class("map__place--cluster")
        if not link["href"]:
            break
        page = browse(client, link["href"].removeprefix("?view=map"))
    assert (link.name, link["role"], link["aria-label"]) == ("g", "img", "2 cities: Twin, Other twin")
    assert set(lists(page)["In this frame"]) == {"Twin", "Other twin"}


def test_frame_of_an_address_is_the_one_nearest_to_it(client, register):
    page = browse(client, "&zoom=40&east=-101&north=57")
    frame = window(page)
    assert frame.step == 40
    assert frame.middle == (pytest.approx(-101, abs=81), pytest.approx(57, abs=81))
    assert page.of_class("map-view")[0]["data-address"] == (
        f"?view=map&zoom=40&east={round(frame.middle[0])}&north={round(frame.middle[1])}"
    )


def test_what_the_address_leaves_open_is_as_in_the_first_frame(client, register):
    first = window(browse(client))
    assert window(browse(client, "&zoom=44")) == Frame.at(SHAPE, 44, *first.middle)
    assert window(browse(client, "&east=1000")) == Frame.at(SHAPE, first.step, 1000, first.middle[1])


@pytest.mark.parametrize(
    ("zoom", "east", "north"),
    [("۴۰", "-۱۰۰", "٥٠"), ("40", "\u2212100", "50"), (" 40 ", "-100\u200e", "0050")],
)
def test_digits_of_any_script_are_understood(client, register, zoom, east, north):
    page = Page(
        "", client.get("/en/partnerships/", dict(view="map", zoom=zoom, east=east, north=north)).content.decode()
    )
    assert complaints(page) == []
    assert window(page) == Frame.at(SHAPE, 40, -100, 50)


def said(text):
    """A value as a complaint quotes it."""
    return f"“\u2068{text}\u2069”"


@pytest.mark.parametrize("zoom", ["6", "65", "0", "-1", "1e3", "40.5", "close", "9" * 4000, "½", "--7"])
def test_wrong_scale_is_told_and_the_rest_applies(client, register, zoom):
    page = browse(client, f"&zoom={zoom}&east=1000&north=0&kind=sister")
    shown = zoom if len(zoom) <= 40 else f"{zoom[:40]}…"
    assert complaints(page) == [f"{said(shown)} is no scale of the map: they go from 7 to 64."]
    assert window(page).middle == (pytest.approx(1000, abs=120), pytest.approx(0, abs=120))


@pytest.mark.parametrize("name", ["east", "north"])
@pytest.mark.parametrize("km", ["20016", "-20016", "1.5", "far", "NaN", "-"])
def test_wrong_distance_is_told_and_the_rest_applies(client, register, name, km):
    page = browse(client, f"&zoom=40&{name}={km}")
    assert complaints(page) == [
        f"{said(km)} is no distance from the home city: they go from −20,015 to 20,015 kilometres."
    ]
    assert window(page).step == 40


@pytest.mark.parametrize("language", ["fa", "en"])
def test_beyond_the_rim_of_the_world_is_told(client, register, language):
    page = browse(client, "&zoom=40&east=19000&north=-19000", language)
    assert complaints(page) == [
        {
            "en": "East and north together lie beyond the rim of the world: neither applies.",
            "fa": "این دو فاصله با هم از کرانه جهان می‌گذرد؛ هیچ‌یک به کار نمی‌رود.",
        }[language]
    ]
    assert window(page) == Frame.at(SHAPE, 40, *window(browse(client)).middle)


def test_other_views_and_filters_leave_the_frame(client, register):
    page = browse(client, "&kind=sister&zoom=40&east=100&north=0")
    assert [link["href"] for link in page.of_class("tab")] == [
        "?kind=sister",
        "?view=map&kind=sister",
        "?view=timeline&kind=sister",
    ]
    assert [link["href"] for link in page.of_class("chip")] == ["?view=map"]
    hidden = {one["name"] for one in page.named("input") if one["type"] == "hidden"}
    assert hidden == {"view"}


@pytest.mark.parametrize("zoom", [7, 64])
def test_last_steps_have_no_link_further(client, register, zoom):
    absent = {7: "Wider", 64: "Closer"}[zoom]
    assert absent not in steps(browse(client, f"&zoom={zoom}&east=0&north=0"))


def test_rim_of_the_world_can_be_reached_and_left(client, register):
    far = int(FARTHEST_KM)
    page = browse(client, f"&zoom=30&east={far}&north=0")
    assert complaints(page) == []
    assert "To the east" not in steps(page)
    assert "To the west" in steps(page)


def test_land_of_the_frame_is_there(client, register):
    (land,) = browse(client, "&zoom=44&east=-500&north=200").of_class("map__land")
    assert re.fullmatch(r"/maps/[0-9a-f]+/near-44-[0-9]+w-[0-9]+n\.svg", land["src"])
    assert client.get(land["src"]).status_code == 200


def test_steps_and_the_way_to_the_list_come_before_the_marks(client, register):
    page = browse(client)
    stops = [one for one in page.of_class("map-frame")[0].all if one.name == "a"]
    classes = [one["class"].split()[0] for one in stops]
    assert classes[:6] == ["map-steps__step"] * 6
    assert classes.index("map__place") == 8
    assert stops[7]["href"] == "#places"
    assert [one["id"] for one in page.elements if one["id"] == "places"] == ["places"]


@pytest.mark.parametrize(("count", "is_crowded"), [(60, False), (61, True)])
def test_lines_step_back_when_they_are_many(client, count, is_crowded):
    for number in range(count):
        factories.agreement(
            True, partner=factories.city(latitude=20 + 6 * (number // 8), longitude=20 + 7 * (number % 8))
        )
    page = browse(client)
    assert len(page.of_class("map__dot")) == count
    assert len(page.of_class("map-view--crowded")) == is_crowded
