"""What a first visit to each public page weighs over the wire, compressed as the server compresses it."""

import brotli
import pytest

from tests.browser.test_pages import PUBLIC, both

PAGE = 150 * 1024
"""Bytes of a first visit to any public page (DESIGN.md, section 8)."""

SCRIPT = 40 * 1024
"""Bytes of script among them."""

PACKED = ("font/", "image/png", "image/jpeg")
"""What is compressed in itself and goes over the wire as it is."""


@pytest.mark.parametrize("address", both(PUBLIC))
def test_first_visit_is_light(new_context, address):
    page = new_context(viewport={"width": 1280, "height": 900}).new_page()
    came = []
    page.on("response", lambda response: came.append(response))
    page.goto(address, wait_until="networkidle")
    weights = {}
    for response in came:
        body = b"" if 300 <= response.status < 400 else response.body()  # a redirect has none that could be read
        packed = response.headers.get("content-type", "").startswith(PACKED)
        weights[response.url] = len(body) if packed else len(brotli.compress(body, quality=5))
    scripts = sum(weight for url, weight in weights.items() if url.endswith(".js"))
    assert scripts <= SCRIPT
    assert sum(weights.values()) <= PAGE
    assert weights  # a visit that loaded nothing would be light too
