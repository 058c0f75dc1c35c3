"""Each kind of page in a real browser: it fits every screen, is accessible, prints, is light and has no complaints."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import brotli
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Response

from tests.browser.conftest import sign_in, watch

PUBLIC = [
    "/",
    "/about/",
    "/open-data/",
    "/open-data/?country=TR&kind=wrong",
    "/partnerships/",
    "/partnerships/?country=TR&kind=sister&kind=wrong&signed_from=1387&signed_to=%DB%B1%DB%B3%DB%B9%DB%B5&page=99",
    "/partnerships/?q=zzz",
    "/partnerships/?view=map",
    "/partnerships/?view=map&zoom=44&east=-400&north=0&q=a",
    "/partnerships/?view=timeline",
    "/partnerships/8/",
    "/cities/baku/",
    "/countries/TR/",
    "/statistics/",
    "/statistics/?country=TR&record=date&kind=wrong",
    "/statistics/?q=zzz",
    "/resolutions/",
    "/resolutions/1/",
    "/network/",
    "/domains/",
    "/domains/cultural/",
    "/domains/technical/",
    "/provisions/",
    "/memberships/",
    "/accounts/login/",
    "/nowhere/",
]
DESK = [
    "/staff/",
    "/staff/partnerships/",
    "/staff/partnerships/add/",
    "/staff/partnerships/8/",
    "/staff/partnerships/8/edit/",
    "/staff/partnerships/8/suspend/",
    "/staff/partnerships/8/documents/add/",
    "/staff/partnerships/8/milestones/add/",
    "/staff/partnerships/8/history/",
    "/staff/partnerships/13/preview/",
    "/staff/partnerships/13/publish/",
    "/staff/partnerships/14/delete/",
    "/staff/activities/add/?agreement=8",
    "/staff/commitments/",
    "/staff/report/",
    "/staff/desk/",
    "/staff/cities/",
    "/staff/cities/add/?q=gence",
    "/staff/cities/add/?by_hand=1",
    "/staff/cities/baku/edit/",
    "/staff/resolutions/1/edit/",
    "/staff/domains/",
    "/staff/provisions/add/",
    "/staff/memberships/",
    "/staff/memberships/add/",
]
SHEET = "/fa/staff/components/"
"""The sheet of components shows both languages in both themes: it says the same in either."""
WIDTHS = (320, 360, 768, 1280)

WEIGHT = 150 * 1024
"""Bytes of a first visit to any public page (DESIGN.md, section 8)."""

SCRIPT = 40 * 1024
"""Bytes of script among them."""

PACKED = ("font/", "image/png", "image/jpeg")
"""What is compressed in itself and goes over the wire as it is."""


@dataclass
class Opened:
    """A page as it was opened, and since then: the complaints that were heard of it, and all that came with it."""

    page: Page
    complaints: list[str]
    came: list[Response] = field(default_factory=list)


@pytest.fixture(scope="module")
def readers(browser: Browser, browser_context_args: dict, live_server) -> Iterator[dict[str, Opened]]:
    """A window for a visitor and one for a manager."""
    windows = {}
    for name in ("visitor", "manager"):
        # Without motion, so that no colour is measured on its way from one theme to the other.
        context = browser.new_context(**browser_context_args, reduced_motion="reduce")
        window = windows[name] = Opened(context.new_page(), watch(context, live_server.url))
        window.page.on("response", lambda response, came=window.came: came.append(response))
        # Each visit is a first one.
        context.new_cdp_session(window.page).send("Network.setCacheDisabled", {"cacheDisabled": True})
        if name != "visitor":
            sign_in(context, name, live_server.url)
    yield windows
    for window in windows.values():
        window.page.context.close()


def both(addresses: list[str]) -> list[str]:
    """The addresses in each language."""
    return [f"/{language}{address}" for address in addresses for language in ("fa", "en")]


def by_turns(addresses: list[str]) -> list[str]:
    """The addresses in one language each, by turns: the desk has many pages of few patterns."""
    return [f"/{('fa', 'en')[number % 2]}{address}" for number, address in enumerate(addresses)]


def spoken(language: str) -> list[str]:
    """Those of the pages that are opened in this language, and the sheet."""
    return [address for address in EVERY_PAGE if address.startswith(f"/{language}/") or address == SHEET]


EVERY_PAGE = [*both(PUBLIC), *by_turns(DESK), SHEET]


@pytest.fixture(scope="module", params=EVERY_PAGE)
def opened(request, readers) -> Opened:
    """Each kind of page, opened once for all tests of it."""
    window = readers["manager" if "/staff/" in request.param else "visitor"]
    window.page.goto("about:blank")  # the page before asks for nothing more
    window.page.emulate_media(media="screen", color_scheme="light")
    window.page.set_viewport_size({"width": 1280, "height": 900})
    window.complaints.clear()
    window.came.clear()
    window.page.goto(request.param)
    assert window.page.url.endswith(request.param)  # not the sign-in page instead
    return window


def overflow(page: Page) -> list[str]:
    """What stands out of the page at its side; nothing where the page does not scroll that way."""
    return page.evaluate("""() => {
        const root = document.documentElement, width = root.clientWidth;
        if (root.scrollWidth <= width) return [];
        const out = [...document.body.querySelectorAll("*")].filter((one) => {
            const box = one.getBoundingClientRect();
            return box.width && (box.right > width + 1 || box.left < -1);
        });
        return [`${root.scrollWidth} > ${width}`, ...out.slice(0, 5).map((one) => `${one.localName}.${one.className}`)];
    }""")


def violations(page: Page) -> list[str]:
    """What axe finds, each with the element and why."""
    if not page.evaluate("() => 'axe' in window"):  # it stays for as long as the page does
        page.evaluate(Axe().axe_script)
    found = page.evaluate(
        "() => axe.run({resultTypes: ['violations'], preload: false}).then((found) => found.violations)"
    )
    return [
        f"{one['id']}: {' '.join(map(str, node['target']))}: {node['failureSummary']}"
        for one in found
        for node in one["nodes"]
    ]


def test_page_fits_every_width(opened):
    found = {}
    for width in WIDTHS:
        opened.page.set_viewport_size({"width": width, "height": 900})
        if out := overflow(opened.page):
            found[width] = out
    assert found == {}


# What axe looks at follows from the markup, which is the same in both languages, from the theme and from the width: the
# light theme of a desk is looked at in Persian, the dark one of a phone in English.


@pytest.mark.parametrize("opened", spoken("fa"), indirect=True)
def test_page_is_accessible_in_the_light(opened):
    opened.page.emulate_media(media="screen", color_scheme="light")
    opened.page.set_viewport_size({"width": 1280, "height": 900})
    assert violations(opened.page) == []


@pytest.mark.parametrize("opened", spoken("en"), indirect=True)
def test_page_is_accessible_in_the_dark_on_a_phone(opened):
    opened.page.emulate_media(media="screen", color_scheme="dark")
    opened.page.set_viewport_size({"width": 360, "height": 760})
    assert violations(opened.page) == []


def test_page_prints_its_content_alone(opened):
    opened.page.set_viewport_size({"width": 680, "height": 960})  # A4 less its margins
    opened.page.emulate_media(media="print", color_scheme="dark")
    assert overflow(opened.page) == []
    shown = {name: opened.page.locator(name).first.is_visible() for name in ("h1", "nav.nav", ".tools")}
    assert shown == {"h1": True, "nav.nav": False, ".tools": False}
    ink_and_paper = opened.page.evaluate(
        "() => { const root = getComputedStyle(document.documentElement); return [root.color, root.backgroundColor]; }"
    )
    assert ink_and_paper == ["rgb(0, 0, 0)", "rgb(255, 255, 255)"]


@pytest.mark.parametrize("opened", both(PUBLIC), indirect=True)
def test_first_visit_is_light(opened):
    # Last but one, so that whatever a page may fetch later has come too; compressed as the server compresses it.
    weights = {}
    for response in opened.came:
        body = b"" if 300 <= response.status < 400 else response.body()  # a redirect has none that could be read
        packed = response.headers.get("content-type", "").startswith(PACKED)
        weights[response.url] = len(body) if packed else len(brotli.compress(body, quality=5))
    scripts = sum(weight for url, weight in weights.items() if url.endswith(".js"))
    assert scripts <= SCRIPT
    assert sum(weights.values()) <= WEIGHT
    assert {url.rpartition(".")[2] for url in weights} >= {"css", "js", "woff2"}  # else nothing was weighed


def test_page_is_quiet(opened):
    assert opened.complaints == []
