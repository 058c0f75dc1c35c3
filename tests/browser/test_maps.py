"""The maps as a browser sets them: whatever type the screen asks for, no name touches another or a foreign mark."""

import pytest

from tests.browser.test_pages import both

WIDTHS = (320, 440, 640, 1024, 1200, 1440)

MEASURE = """() => [...document.querySelectorAll(".map")].filter(map => map.checkVisibility()).map(map => {
  const box = one => {
    const {left, top, right, bottom} = one.getBoundingClientRect();
    return [left, top, right, bottom];
  };
  const shown = name => [...map.querySelectorAll(name)].filter(one => one.checkVisibility());
  const of = one => one.closest("a, g").getAttribute("aria-label") || one.textContent;
  return {
    frame: box(map.querySelector(".map__drawing")),
    names: shown("text:not(.map__count)").map(one => [of(one), one.textContent, box(one)]),
    marks: shown(".map__dot").map(one => [of(one), box(one)]),
  };
})"""


def touching(maps):
    """Everything that touches on the maps of a page, letters only: the lines of type have air above and below."""
    found = []
    for measured in maps:
        left, top, right, bottom = measured["frame"]
        names = [(owner, text, inner(box)) for owner, text, box in measured["names"]]
        for place, (owner, text, box) in enumerate(names):
            if box[0] < left - 1 or box[2] > right + 1 or box[1] < top - 1 or box[3] > bottom + 1:
                found.append(f"{text} leaves the map")
            found += [f"{text} on {other}" for _other, other, there in names[place + 1 :] if overlap(box, there)]
            found += [
                f"{text} on the mark of {other}"
                for other, there in measured["marks"]
                if other != owner and overlap(box, there)
            ]
    return found


def inner(box):
    """The part of a line of type that letters fill: the box of a text is as high as its font's metrics."""
    left, top, right, bottom = box
    high = bottom - top
    return left, top + 0.2 * high, right, bottom - 0.15 * high


def overlap(one, other):
    return min(one[2], other[2]) - max(one[0], other[0]) > 0.5 and min(one[3], other[3]) - max(one[1], other[1]) > 0.5


@pytest.mark.parametrize("address", both(["/", "/cities/istanbul/", "/cities/wuhan/", "/countries/TR/"]))
def test_names_on_maps_touch_nothing_on_any_screen(new_context, address):
    page = new_context().new_page()
    page.goto(address)
    found = {}
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        page.evaluate("document.fonts.ready")
        maps = page.evaluate(MEASURE)
        assert [len(measured["names"]) > 5 for measured in maps] == [True]
        if touch := touching(maps):
            found[width] = touch
    assert found == {}
