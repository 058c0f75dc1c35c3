"""A table on its way into the register, in a real browser: with a town of many names' sakes, and stopped on its way."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from cities.models import City
from partnerships.models import Agreement, Import
from tests.browser.conftest import say
from tests.browser.test_pages import overflow, violations

pytestmark = pytest.mark.usefixtures("office")

LIST = """فهرست شهرهای خواهرخوانده
شهر;کشور;نوع;تاریخ امضا;یادداشت تلفنی
Springfield;US;خواهرخواندگی;خرداد ۹۵;
باكو;جمهوری آذربایجان;خواهرخواندگی;;09141234567
Kazan;Russia;دوستی;c. 1980;
ارفورت;آلمان;دوستی;2009;
"""


def sound(page: Page) -> None:
    """Nothing is wrong with the page for whoever reads it otherwise, and it fits its window."""
    assert violations(page) == []
    assert overflow(page) == []


def test_table_is_sent_decided_taken_and_undone(desk):
    page = desk("manager", viewport={"width": 390, "height": 844})
    page.goto("/fa/staff/partnerships/")
    page.get_by_role("link", name=say("fa", "Send a table")).click()
    content = LIST.encode("utf-16")
    page.locator("#id_file").set_input_files({"name": "فهرست.csv", "mimeType": "text/csv", "buffer": content})
    sound(page)
    page.get_by_role("button", name=say("fa", "Read the table")).click()

    guesses = page.locator(".match__field select")
    assert [one.input_value() for one in guesses.all()] == ["city", "country", "kind", "signed", ""]
    expect(page.locator(".match__guess:visible")).to_have_count(4)
    guesses.nth(3).select_option("")
    expect(page.locator(".match__guess:visible")).to_have_count(3)
    guesses.nth(3).select_option("signed")
    sound(page)
    page.get_by_role("button", name=say("fa", "Check the rows")).click()

    expect(page.get_by_role("heading", level=1)).to_have_text(say("fa", "Look at the rows"))
    sound(page)
    page.locator("#row-3 input[value^='place:']").first.check()
    page.locator("#row-5 input[value=leave]").check()
    page.get_by_role("button", name=say("fa", "Keep the answers of this page")).click()
    page.get_by_role("link", name=say("fa", "Take all…")).click()
    page.get_by_label(say("fa", "reason")).fill("نامه شورا")
    page.get_by_role("button", name=say("fa", "Take all")).click()

    expect(page.locator(".figure__value").first).to_have_text("۲")
    sound(page)
    assert City.objects.filter(name_en__in=["Springfield", "Erfurt"]).count() == 2
    before = Agreement.objects.count()
    page.get_by_role("link", name=say("fa", "Undo this import…")).click()
    sound(page)
    page.get_by_label(say("fa", "reason")).fill("فهرست دیگری بود")
    page.get_by_role("button", name=say("fa", "Undo all")).click()
    expect(page.locator("main")).to_contain_text(
        say("fa", "It was undone: what it made is gone, and what it changed is as it was before.")
    )
    assert Agreement.objects.count() == before - 2


def test_work_tells_how_far_it_is_and_is_stopped(desk):
    record = Import.objects.create(name="list.csv", headings=["city"], fields=["city"], total=200)
    at_work = Import.objects.filter(pk=record.pk)
    at_work.update(progress="running", done=40, last_word=timezone.now())
    page = desk("manager")
    page.goto(f"/en/staff/imports/{record.pk}/")
    expect(page.locator("main")).to_contain_text("40 of 200 rows")
    sound(page)

    at_work.update(done=120, last_word=timezone.now())
    expect(page.locator(".how-far")).to_contain_text("120 of 200 rows")
    page.get_by_role("button", name="Stop it").click()
    expect(page.get_by_role("button", name="It will stop in a moment")).to_be_disabled()
    record.refresh_from_db()
    assert record.cancel_asked
    at_work.update(progress="cancelled")
    expect(page.get_by_role("alert")).to_contain_text("It was stopped.")

    at_work.update(progress="done", stage="checked")
    page.goto(f"/en/staff/imports/{record.pk}/")
    expect(page).to_have_url(re.compile(f"/en/staff/imports/{record.pk}/$"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Look at the rows")
