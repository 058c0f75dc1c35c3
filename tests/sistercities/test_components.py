"""The component sheet: it shows every class of the stylesheets, in four frames that differ in language and theme."""

import re

import pytest
from django.conf import settings

from sistercities.components import FRAMES, PAIRS, contrast, palette
from tests import factories
from tests.pages import Page

pytestmark = [pytest.mark.django_db, pytest.mark.markup]

CSS = settings.BASE_DIR / "static/css"

ELSEWHERE = {
    "charts__halves": "an arrangement of the page of statistics, which is wider than a frame",
    "country-head": "the head of a country’s page: its name and its map side by side",
    "country-head__map": "the place of that map",
    "fold__form": "the filters of the statistics, of the same fields as those of browsing",
    "statistics__figures": "the distance above the figures of one page",
    "hero--map": "the first page’s head with its map, which fills the window",
    "map__place--cluster": "places that lie too close together: the map draws them where there are many",
    "map__count": "the number in such a cluster",
    "map__place--roomy": "a place that the finger can hit: the map draws it where there is room",
    "map-view--crowded": "paler lines where there are hundreds",
    "is-gliding": "a map on its way, while a script moves it",
    "is-live": "the map of the network, once a script draws every tie",
    "is-over": "that map, while a city is pointed at",
    "has-chosen": "the network’s page, once a city is chosen",
    "network__view": "what a script draws in the place of the gathered ties",
    "network__land": "the land below it",
    "is-moving": "a map in the hand, while a script moves it",
    "hero__map": "holds the maps of the first page, which fill the window",
    "map--near": "a frame of the same map, for narrow windows of the first page",
    "map--wide": "a frame of the same map, as wide as the window",
    "staff--report": "the whole body of the report, which names its pages on paper",
    "sheet": "the frame of this page itself",
}
"""Classes that need no place on the sheet, and why."""


@pytest.fixture
def sheet(client) -> Page:
    """The sheet as a manager sees it."""
    factories.home_city()
    client.force_login(factories.manager())
    response = client.get("/fa/staff/components/")
    assert response.status_code == 200
    return Page("/fa/staff/components/", response.content.decode())


def classes(name: str) -> set[str]:
    """The classes that a stylesheet knows."""
    css = re.sub(r"/\*.*?\*/", "", (CSS / f"{name}.css").read_text(encoding="utf-8"), flags=re.DOTALL)
    selectors = [one for one in re.findall(r"([^{}]+)\{", css) if not one.strip().startswith("@")]
    return {found for one in selectors for found in re.findall(r"\.([a-zA-Z][\w-]*)", one)}


def test_every_class_stands_on_the_sheet(sheet):
    shown = {name for one in sheet.elements for name in one["class"].split()}
    assert classes("components") | classes("staff") | classes("sheet") <= shown | ELSEWHERE.keys()


def test_exceptions_are_classes_that_are_not_on_the_sheet(sheet):
    shown = {name for one in sheet.elements for name in one["class"].split()}
    assert {name for name in ELSEWHERE if name in shown} == {"sheet"} & shown
    assert ELSEWHERE.keys() <= classes("components") | classes("staff") | classes("sheet")


def test_four_frames_have_each_language_in_each_theme(sheet):
    frames = [(one["lang"], one["dir"], one["data-theme"]) for one in sheet.of_class("frame")]
    assert sorted(frames) == [
        ("en", "ltr", "dark"),
        ("en", "ltr", "light"),
        ("fa", "rtl", "dark"),
        ("fa", "rtl", "light"),
    ]


def test_frames_are_written_in_their_language(sheet):
    words = {one["data-theme"] + one["lang"]: one.children[1].words for one in sheet.of_class("frame")}
    assert words == {"lightfa": "روشن", "lighten": "In the light", "darkfa": "تیره", "darken": "In the dark"}


def test_every_colour_has_its_swatch(sheet):
    names = {name for one in sheet.of_class("swatch") for name in one["class"].split()}
    assert names == {"swatch"} | {f"swatch--{name}" for name in palette("light")}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_colours_that_meet_keep_their_contrast(theme):
    colours = palette(theme)
    weak = [(one, other) for one, other, needed in PAIRS if contrast(colours[one], colours[other]) < needed]
    assert weak == []


def test_contrast_is_that_of_wcag():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
    assert contrast("#ffffff", "#ffffff") == 1


def test_palettes_are_those_of_the_stylesheet():
    assert palette("light")["paper"] == "#fbf8f1"
    assert palette("dark")["paper"] == "#0e1322"
    assert palette("light").keys() == palette("dark").keys()
    assert palette("dark")["panel-ink"] == palette("light")["panel-ink"]


def test_dark_colours_stand_alike_in_both_their_places():
    css = (CSS / "tokens.css").read_text(encoding="utf-8")
    blocks = re.findall(
        r'(?:not\(\[data-theme="light"\]\)|^\[data-theme="dark"\]) \{(.*?)\}', css, re.DOTALL | re.MULTILINE
    )
    first, second = ([line.strip() for line in block.strip().splitlines()] for block in blocks)
    assert first == second


def test_marks_of_frames_are_their_own():
    assert len({frame.mark for frame in FRAMES}) == 4


def test_dashboard_leads_to_the_sheet(client):
    factories.home_city()
    client.force_login(factories.editor())
    page = Page("/en/staff/", client.get("/en/staff/").content.decode())
    assert "/en/staff/components/" in [one["href"] for one in page.named("a")]
