"""Browsing in a real browser: suggestions by keyboard, the map with and without a script, going back, folding."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import say

WORDS = {
    "fa": {"typed": "طر", "city": "طرابوزان", "turkiye": "ترکیه", "search": "قونیه"},
    "en": {"typed": "tra", "city": "Trabzon", "turkiye": "Türkiye", "search": "konya"},
}


def box(page: Page):
    """The search box."""
    return page.locator("#q")


def options(page: Page):
    """What is suggested."""
    return page.locator(".suggestion")


# --- Suggestions ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["fa", "en"])
def test_suggestion_is_followed_by_keyboard(page, language):
    words = WORDS[language]
    page.goto(f"/{language}/partnerships/")
    expect(box(page)).to_have_role("combobox")
    box(page).press_sequentially(words["typed"])
    expect(options(page).first).to_contain_text(words["city"])
    expect(box(page)).to_have_attribute("aria-expanded", "true")
    expect(page.locator(".filters [role=status]")).to_have_text(re.compile(r"^[0-9۰-۹]+ "))
    assert box(page).get_attribute("aria-activedescendant") is None
    page.keyboard.press("ArrowDown")
    chosen = page.locator(f"#{box(page).get_attribute('aria-activedescendant')}")
    expect(chosen).to_have_attribute("aria-selected", "true")
    expect(chosen).to_contain_text(words["city"])
    expect(box(page)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(f"/{language}/cities/trabzon/$"))


def test_arrows_go_round_and_escape_closes(page):
    page.goto("/en/partnerships/")
    box(page).press_sequentially("an")
    expect(options(page).first).to_be_visible()
    count = options(page).count()
    assert count > 1
    page.keyboard.press("ArrowUp")
    expect(options(page).nth(count - 1)).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowDown")
    expect(page.locator(".suggestion[aria-selected=true]")).to_have_count(0)
    page.keyboard.press("ArrowDown")
    expect(options(page).first).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Escape")
    expect(options(page).first).to_be_hidden()
    expect(box(page)).to_have_value("an")
    expect(box(page)).to_have_attribute("aria-expanded", "false")
    page.keyboard.press("ArrowDown")
    expect(options(page).first).to_be_visible()


@pytest.mark.parametrize("language", ["fa", "en"])
@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_enter_alone_searches(new_context, language, script):
    page = new_context(java_script_enabled=script).new_page()
    page.goto(f"/{language}/partnerships/?country=TR")
    box(page).press_sequentially(WORDS[language]["search"])
    if script:
        expect(options(page).first).to_be_visible()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/partnerships/\?q=[^&]+&country=TR$"))
    expect(page.locator("table.ledger tbody tr")).to_have_count(1)


@pytest.mark.parametrize("failure", ["broken off", "empty"])
def test_search_works_when_no_suggestion_comes(new_context, failure):
    page = new_context().new_page()
    page.route(
        "**/suggest/**",
        lambda route: route.abort() if failure == "broken off" else route.fulfill(status=204, body=""),
    )
    page.goto("/en/partnerships/")
    box(page).press_sequentially("konya")
    page.wait_for_timeout(400)
    expect(options(page)).to_have_count(0)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/partnerships/\?q=konya$"))


def test_late_answer_does_not_replace_a_newer_one(page):
    def answer(route):
        if route.request.url.endswith("q=kon"):
            page.wait_for_timeout(700)
        route.continue_()

    page.route("**/suggest/**", answer)
    page.goto("/en/partnerships/")
    box(page).fill("kon")
    page.wait_for_timeout(250)
    box(page).fill("kazan")
    expect(options(page)).to_have_text([re.compile("Kazan")])
    page.wait_for_timeout(800)
    expect(options(page)).to_have_text([re.compile("Kazan")])


# --- The panel -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["fa", "en"])
@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_panel_folds_on_a_phone_and_stands_open_elsewhere(new_context, language, script):
    page = new_context(java_script_enabled=script, viewport={"width": 360, "height": 740}).new_page()
    page.goto(f"/{language}/partnerships/?view=timeline")
    expect(box(page)).to_be_hidden()
    page.locator(".filters summary").press("Enter")
    expect(box(page)).to_be_visible()
    page.get_by_label(WORDS[language]["turkiye"]).check()
    page.locator("#per_page").select_option("25")
    page.get_by_role("button", name=say(language, "Show partnerships")).click()
    expect(page).to_have_url(re.compile(r"/partnerships/\?country=TR&per_page=25&view=timeline$"))
    expect(box(page)).to_be_hidden()
    page.set_viewport_size({"width": 1280, "height": 740})
    expect(box(page)).to_be_visible()
    expect(page.locator(".filters summary")).to_be_hidden()


# --- Views and the way back ----------------------------------------------------------------------------


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_back_leads_through_the_views(new_context, script):
    page = new_context(java_script_enabled=script).new_page()
    page.goto("/en/partnerships/?country=TR")
    tabs = page.locator(".tabs")
    tabs.get_by_role("link", name="Map").click()
    expect(page).to_have_url(re.compile(r"\?country=TR&view=map$"))
    page.locator("[data-step=closer]").click()
    expect(page).to_have_url(re.compile(r"zoom="))
    tabs.get_by_role("link", name="Timeline").click()
    expect(page).to_have_url(re.compile(r"\?country=TR&view=timeline$"))
    page.go_back()
    expect(page).to_have_url(re.compile(r"zoom="))
    page.go_back()
    expect(page).to_have_url(re.compile(r"\?country=TR&view=map$"))
    expect(page.locator(".map__place")).to_have_count(4)
    page.go_back()
    expect(page).to_have_url(re.compile(r"\?country=TR$"))
    expect(page.locator("table.ledger tbody tr")).to_have_count(4)


# --- The map -------------------------------------------------------------------------------------------


def zoom(page: Page) -> int:
    """The scale that the map shows."""
    return int(page.locator(".map-view").get_attribute("data-zoom"))


def middle(page: Page) -> tuple[float, float]:
    """Where the middle of the map lies, in kilometres east and north of home."""
    view = page.locator(".map-view")
    return float(view.get_attribute("data-east")), float(view.get_attribute("data-north"))


def until(page: Page, holds: Callable[[], bool]) -> None:
    """Wait until something holds; the policy of the pages lets no string be run in them."""
    for _time in range(100):
        if holds():
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"{page.url}: {zoom(page)}, {middle(page)}")


@pytest.mark.parametrize("language", ["fa", "en"])
def test_map_is_moved_by_links_without_a_script(new_context, language):
    page = new_context(java_script_enabled=False).new_page()
    page.goto(f"/{language}/partnerships/?view=map")
    first, (east, north) = zoom(page), middle(page)
    for step in ("closer", "closer"):
        page.locator(f"[data-step={step}]").press("Enter")
    assert zoom(page) == first + 8
    page.locator("[data-step=west]").press("Enter")
    assert middle(page)[0] < east
    page.locator("[data-step=north]").press("Enter")
    assert middle(page)[1] > north
    page.get_by_role("link", name=say(language, "Back to the first view")).press("Enter")
    expect(page).to_have_url(re.compile(r"\?view=map$"))
    assert (zoom(page), middle(page)) == (first, (east, north))


@pytest.mark.parametrize("language", ["fa", "en"])
def test_map_is_moved_by_keys(page, language):
    page.goto(f"/{language}/partnerships/?view=map")
    first, (east, north) = zoom(page), middle(page)
    page.locator(".map").focus()
    page.keyboard.press("+")
    expect(page).to_have_url(re.compile(rf"zoom={first + 4}&"))
    expect(page.locator(".map")).to_be_focused()
    page.keyboard.press("ArrowRight")  # east is on the right in every language
    until(page, lambda: middle(page)[0] > east + 50)
    page.keyboard.press("ArrowDown")
    until(page, lambda: middle(page)[1] < north - 50)
    page.keyboard.press("-")
    expect(page).to_have_url(re.compile(rf"zoom={first}&"))
    expect(page.locator(".map-view + [role=status]")).to_contain_text(re.compile(r"[0-9۰-۹]+ "))
    # What the address says is what stands there when it is opened anew.
    shown = zoom(page), middle(page)
    page.reload()
    assert (zoom(page), middle(page)) == shown


def test_link_of_the_map_keeps_the_focus(page):
    page.goto("/en/partnerships/?view=map")
    first = zoom(page)
    page.locator("[data-step=closer]").press("Enter")
    expect(page).to_have_url(re.compile(rf"zoom={first + 4}&"))
    expect(page.locator("[data-step=closer]")).to_be_focused()


@pytest.mark.parametrize("motion", ["reduce", "no-preference"])
def test_map_is_dragged_and_scaled_by_the_wheel(new_context, motion):
    page = new_context(reduced_motion=motion, viewport={"width": 1280, "height": 1000}).new_page()
    page.goto("/fa/partnerships/?view=map")
    first, (east, north) = zoom(page), middle(page)
    frame = page.locator(".map").bounding_box()
    x, y = frame["x"] + frame["width"] / 2, frame["y"] + frame["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 200, y + 100, steps=4)
    page.mouse.up()
    expect(page).to_have_url(re.compile("zoom="))
    until(page, lambda: middle(page)[0] < east - 300)
    assert middle(page)[1] > north
    assert zoom(page) == first
    page.keyboard.down("Control")
    page.mouse.wheel(0, -100)
    page.keyboard.up("Control")
    until(page, lambda: zoom(page) > first)
    assert page.evaluate("document.querySelector('.map__drawing').style.transform") == ""


def test_drag_that_ends_on_a_city_is_no_click(page):
    page.goto("/en/partnerships/?view=map")
    page.locator(".map").scroll_into_view_if_needed()
    city = page.locator(".map__place .map__dot").first.bounding_box()
    x, y = city["x"] + city["width"] / 2, city["y"] + city["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 60, y + 60, steps=4)
    page.mouse.up()
    expect(page).to_have_url(re.compile("zoom="))
    page.locator(".map__place").first.click(force=True)
    expect(page).to_have_url(re.compile("/cities/"))


def test_map_follows_the_link_when_no_answer_comes(new_context):
    page = new_context().new_page()
    page.goto("/en/partnerships/?view=map")
    page.route(
        "**/partnerships/?*",
        lambda route: route.continue_() if route.request.is_navigation_request() else route.abort(),
    )
    with page.expect_navigation():
        page.locator("[data-step=closer]").click()
    expect(page).to_have_url(re.compile("zoom="))
    expect(page.locator(".map-view")).to_have_attribute("data-zoom", re.compile("."))


def test_page_can_be_scrolled_over_the_map_with_one_finger(new_context):
    page = new_context(has_touch=True, viewport={"width": 360, "height": 740}).new_page()
    page.goto("/fa/partnerships/?view=map")
    assert page.locator(".map").evaluate("(map) => getComputedStyle(map).touchAction") == "pan-y"
