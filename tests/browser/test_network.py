"""The network of the world, drawn tie by tie: what only a browser can tell."""

import pytest
from playwright.sync_api import Page, expect

from cities.models import City
from tests import factories
from tests.browser.conftest import say

COLOURS = """(name) => {
    // How many pixels of the canvas have the colour of this token; it is read in a copy, which may be slow.
    const canvas = document.querySelector(".network__view canvas");
    if (!canvas?.width) return 0;
    const copy = Object.assign(document.createElement("canvas"), { width: canvas.width, height: canvas.height });
    const read = copy.getContext("2d", { willReadFrequently: true });
    read.fillStyle = getComputedStyle(canvas).getPropertyValue(name);
    read.fillRect(0, 0, 1, 1);
    const [red, green, blue] = read.getImageData(0, 0, 1, 1).data;
    read.clearRect(0, 0, 1, 1);
    read.drawImage(canvas, 0, 0);
    const { data } = read.getImageData(0, 0, canvas.width, canvas.height);
    let found = 0;
    for (let at = 0; at < data.length; at += 4) {
        const off = Math.abs(data[at] - red) + Math.abs(data[at + 1] - green) + Math.abs(data[at + 2] - blue);
        if (data[at + 3] > 200 && off < 12) found++;
    }
    return found;
}"""


@pytest.fixture
def ties(office) -> None:
    """Ties of Baku with a dozen cities that nobody has an agreement with."""
    baku = City.objects.get(slug="baku")
    for number in range(12):
        other = factories.city(latitude=60.0 - 9 * number, longitude=-120.0 + 20 * number, name_en=f"Town {number}")
        factories.tie(baku, other)


def draws(page: Page, colour: str) -> None:
    """Wait until the canvas shows something in this colour."""
    page.wait_for_function(f"(name) => ({COLOURS})(name) > 20", arg=colour)


@pytest.mark.parametrize("language", ["fa", "en"])
def test_every_tie_is_drawn_and_a_city_that_is_looked_for_is_lit(new_context, ties, language):
    page = new_context(reduced_motion="reduce").new_page()
    page.goto(f"/{language}/network/")
    page.get_by_role("button", name=say(language, "Draw every single tie")).click()
    draws(page, "--panel-turquoise")  # the home city's own partnerships
    assert page.evaluate(COLOURS, "--panel-brick") == 0
    page.locator("#find").fill("bakı")
    expect(page.locator(".suggestion")).to_have_count(1)
    page.locator("#find").press("ArrowDown")
    page.locator("#find").press("Enter")
    draws(page, "--panel-brick")
    expect(page.locator(".network__name")).to_contain_text({"fa": "باکو", "en": "Baku"}[language])
    expect(page.locator(".network__sisters button")).to_have_count(12)
    assert page.url.endswith(f"/{language}/network/")
    page.locator(".network__view").press("Escape")
    expect(page.locator(".network__sisters button")).to_have_count(0)
    page.wait_for_function(f"(name) => ({COLOURS})(name) === 0", arg="--panel-brick")


def test_without_a_script_the_search_leads_to_the_sisters(new_context, ties):
    page = new_context(java_script_enabled=False).new_page()
    page.goto("/en/network/")
    expect(page.locator(".network__tools")).to_be_hidden()
    page.locator("#find").fill("bakı")
    page.locator("#find").press("Enter")
    page.get_by_role("link", name="Baku").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("The sister cities of Baku")
    expect(page.locator("tbody tr")).to_have_count(12)
