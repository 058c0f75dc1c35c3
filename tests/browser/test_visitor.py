"""A visitor's way through the register: in both languages, without JavaScript, by keyboard, in either theme."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import say

WORDS = {
    "fa": {"erzurum": "ارزروم", "turkiye": "ترکیه", "from": "۱۳۸۷", "to": "۱۳۹۰"},
    "en": {"erzurum": "Erzurum", "turkiye": "Türkiye", "from": "1387", "to": "٢٠١١"},
}
OTHER = {"fa": "en", "en": "fa"}


def partners(page: Page) -> list[str]:
    """The cities that the list shows, in its order."""
    return page.locator("table.ledger tbody th a").all_inner_texts()


def focused(page: Page) -> str:
    """The element that has the focus, as a short selector."""
    return page.evaluate("""() => {
        const one = document.activeElement;
        return one.localName + (one.id && `#${one.id}`) + [...one.classList].slice(0, 1).map((name) => `.${name}`);
    }""")


@pytest.mark.parametrize("language", ["fa", "en"])
@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_visitor_finds_a_city_by_country_and_year(new_context, language, script):
    page, words = new_context(java_script_enabled=script).new_page(), WORDS[language]
    page.goto(f"/{language}/")
    page.get_by_role("link", name=say(language, "Browse the partnerships")).first.click()
    expect(page).to_have_url(re.compile(f"/{language}/partnerships/$"))
    assert len(partners(page)) == 12

    page.get_by_label(words["turkiye"]).check()
    page.get_by_label(say(language, "From"), exact=True).fill(words["from"])
    page.get_by_label(say(language, "To"), exact=True).fill(words["to"])
    page.get_by_role("button", name=say(language, "Show partnerships")).click()
    assert partners(page) == [words["erzurum"]]

    chips = page.locator(".chip")
    expect(chips).to_have_count(3)
    for left in (2, 1, 0):
        chips.first.click()
        expect(chips).to_have_count(left)
    assert len(partners(page)) == 12

    page.get_by_role("link", name=words["erzurum"]).click()
    expect(page).to_have_url(re.compile(f"/{language}/partnerships/6/$"))
    expect(page.get_by_role("heading", level=1)).to_contain_text(words["erzurum"])
    page.locator(".facts").get_by_role("link", name=words["erzurum"]).click()
    expect(page).to_have_url(re.compile(f"/{language}/cities/erzurum/$"))
    expect(page.get_by_role("heading", level=1)).to_have_text(words["erzurum"])
    page.locator(".facts").get_by_role("link", name=words["turkiye"]).click()
    expect(page).to_have_url(re.compile(f"/{language}/countries/TR/$"))
    expect(page.get_by_role("heading", level=1)).to_contain_text(words["turkiye"])


@pytest.mark.parametrize("language", ["fa", "en"])
@pytest.mark.parametrize(
    "address", ["/", "/partnerships/?country=TR&q=%D9%82%D9%88%D9%86%DB%8C%D9%87", "/partnerships/8/", "/nowhere/?x=1"]
)
def test_other_language_has_the_same_address(page, language, address):
    page.goto(f"/{language}{address}")
    page.locator(f".tools a[hreflang={OTHER[language]}]").click()
    expect(page).to_have_url(re.compile(re.escape(f"/{OTHER[language]}{address}") + "$"))
    expect(page.locator("html")).to_have_attribute("lang", OTHER[language])
    expect(page.locator("html")).to_have_attribute("dir", {"fa": "rtl", "en": "ltr"}[OTHER[language]])


@pytest.mark.parametrize(("locale", "language"), [("en-GB", "en"), ("fa-IR", "fa"), ("tr-TR", "fa")])
def test_first_page_is_in_the_language_of_the_browser(new_context, locale, language):
    page = new_context(locale=locale).new_page()
    page.goto("/")
    expect(page).to_have_url(re.compile(f"/{language}/$"))


# --- By keyboard ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["fa", "en"])
def test_first_key_leads_past_the_header(page, language):
    page.goto(f"/{language}/partnerships/")
    page.keyboard.press("Tab")
    skip = page.locator(".skip")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport(ratio=1)
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


@pytest.mark.parametrize("language", ["fa", "en"])
def test_keys_go_through_the_header_as_it_reads(page, language):
    page.goto(f"/{language}/")
    stops = []
    for _stop in range(10):
        page.keyboard.press("Tab")
        stops.append(focused(page))
        outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert outline == "solid", stops
    assert stops == ["a.skip", "a.wordmark", *["a.nav__link"] * 6, "a.tools__link", "button.theme-switch"]
    # What comes later stands further on in the line of the header: leftwards in Persian.
    steps = [page.locator(one).first.bounding_box()["x"] for one in (".wordmark", ".nav--bar", ".tools__link")]
    assert steps == sorted(steps, reverse=language == "fa")


@pytest.mark.parametrize("language", ["fa", "en"])
@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_menu_of_a_phone_opens_by_keyboard(new_context, language, script):
    page = new_context(java_script_enabled=script, viewport={"width": 360, "height": 740}).new_page()
    page.goto(f"/{language}/")
    link = page.locator(".nav--menu").get_by_role("link", name=say(language, "Council resolutions"))
    expect(link).to_be_hidden()
    page.locator(".nav--menu summary").press("Enter")
    expect(link).to_be_in_viewport(ratio=1)
    link.press("Enter")
    expect(page).to_have_url(re.compile(f"/{language}/resolutions/$"))


def test_every_stop_of_the_keyboard_can_be_seen(page):
    page.goto("/fa/partnerships/?country=TR")
    stops = page.locator("a[href], button, input, select, summary").count()
    for _stop in range(stops):
        page.keyboard.press("Tab")
        if focused(page) == "body":
            break
        box = page.evaluate("(({width, height}) => [width, height])(document.activeElement.getBoundingClientRect())")
        assert min(box) > 10, focused(page)
    assert _stop > 30


# --- Themes --------------------------------------------------------------------------------------------


def paper(page: Page) -> str:
    """The colour of the page."""
    return page.evaluate("getComputedStyle(document.documentElement).backgroundColor")


@pytest.mark.parametrize("width", [360, 1280])
def test_theme_is_chosen_and_stays(new_context, width):
    page = new_context(color_scheme="light", viewport={"width": width, "height": 740}).new_page()
    page.goto("/fa/")
    light = paper(page)
    if width == 360:
        page.locator(".nav--menu summary").click()
    page.locator(".theme-switch:visible").click()
    dark = paper(page)
    assert dark != light
    page.goto("/en/about/")
    assert paper(page) == dark
    page.emulate_media(color_scheme="dark")
    assert paper(page) == dark
    if width == 360:
        page.locator(".nav--menu summary").click()
    page.locator(".theme-switch:visible").click()
    assert paper(page) == light


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_theme_follows_the_system_without_script(new_context, scheme):
    page = new_context(java_script_enabled=False, color_scheme=scheme).new_page()
    page.goto("/fa/")
    darkness = page.locator("html").evaluate(
        "(one) => getComputedStyle(one).backgroundColor.match(/\\d+/g).map(Number)"
    )
    assert (max(darkness) < 60) == (scheme == "dark")
    assert page.locator(".theme-switch:visible").count() == 0


@pytest.mark.parametrize("language", ["fa", "en"])
def test_citation_is_copied_by_a_button_and_can_be_selected_without_it(new_context, language):
    context = new_context(permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(f"/{language}/partnerships/8/")
    buttons = page.get_by_role("button", name=say(language, "Copy"), exact=True)
    expect(buttons).to_have_count(3)
    buttons.nth(1).click()
    expect(page.get_by_role("button", name=say(language, "Copied"))).to_have_count(1)
    assert page.evaluate("navigator.clipboard.readText()") == page.locator("#cite-short").inner_text()

    page = new_context(java_script_enabled=False).new_page()
    page.goto(f"/{language}/partnerships/8/")
    expect(page.locator(".citation__copy").first).to_be_hidden()
    expect(page.locator("#cite-full")).to_have_css("user-select", "all")


@pytest.mark.parametrize(("language", "clock"), [("fa", "[۰-۹]{2}:[۰-۹]{2}"), ("en", r"\d{2}:\d{2}")])
def test_clock_of_a_city_is_the_readers_own_and_nothing_without_it(new_context, language, clock):
    page = new_context().new_page()
    page.goto(f"/{language}/cities/istanbul/")
    expect(page.locator("[data-zone] time")).to_have_text(re.compile(f"^{clock}$"))

    page = new_context(java_script_enabled=False).new_page()
    page.goto(f"/{language}/cities/istanbul/")
    expect(page.locator("[data-zone]")).to_be_hidden()
    expect(page.get_by_text("Europe/Istanbul")).to_be_visible()
