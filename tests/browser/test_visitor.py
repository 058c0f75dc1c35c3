"""A visitor's way through the register, in both languages, with and without JavaScript."""

import re

import pytest
from django.utils.translation import gettext, override
from playwright.sync_api import Page, expect

WORDS = {
    "fa": {"erzurum": "ارزروم", "turkiye": "ترکیه", "from": "۱۳۸۷", "to": "۱۳۹۰"},
    "en": {"erzurum": "Erzurum", "turkiye": "Türkiye", "from": "۱۳۸۷", "to": "٢٠١١"},
}


def say(language: str, msgid: str) -> str:
    """What the pages call it."""
    with override(language):
        return gettext(msgid)


def partners(page: Page) -> list[str]:
    """The cities that the list shows, in its order."""
    return page.locator("table.ledger tbody th a").all_inner_texts()


@pytest.mark.parametrize("language", ["fa", "en"])
def test_visitor_finds_a_city_by_country_and_year(any_page, language):
    page, words = any_page, WORDS[language]
    page.goto(f"/{language}/")
    page.get_by_role("link", name=say(language, "Browse the partnerships")).click()
    expect(page).to_have_url(re.compile(f"/{language}/partnerships/$"))
    assert len(partners(page)) == 12

    page.get_by_label(words["turkiye"]).check()
    page.get_by_label(say(language, "From"), exact=True).fill(words["from"])
    page.get_by_label(say(language, "To"), exact=True).fill(words["to"])
    page.get_by_role("button", name=say(language, "Show partnerships")).click()
    assert partners(page) == [words["erzurum"]]

    chips = page.locator(".chip")
    assert chips.count() == 3
    for left in (2, 1, 0):
        chips.first.click()
        expect(chips).to_have_count(left)
    assert len(partners(page)) == 12
    expect(page).to_have_url(re.compile(rf"/{language}/partnerships/(\?sort=number)?$"))

    page.get_by_role("link", name=words["erzurum"]).click()
    expect(page).to_have_url(re.compile(f"/{language}/partnerships/6/$"))
    expect(page.get_by_role("heading", level=1)).to_contain_text(words["erzurum"])
    page.locator(".facts").get_by_role("link", name=words["erzurum"]).click()
    expect(page).to_have_url(re.compile(f"/{language}/cities/erzurum/$"))
    page.locator(".facts").get_by_role("link", name=words["turkiye"]).click()
    expect(page).to_have_url(re.compile(f"/{language}/countries/TR/$"))
    expect(page.get_by_role("heading", level=1)).to_contain_text(words["turkiye"])
