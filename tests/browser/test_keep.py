"""What is typed is not lost in a real browser: leaving warns, without a connection nothing is sent, drafts wait."""

import re

import pytest
from playwright.sync_api import Page, expect

from partnerships.models import Agreement, Resolution
from tests.browser.conftest import say
from tests.browser.test_desk import save
from tests.browser.test_pages import violations

pytestmark = pytest.mark.usefixtures("office")

EDIT = "/staff/partnerships/14/edit/"
NOTE = "متنی که یک ساعت کار برده است"
KEPT = "Object.keys(localStorage).filter((key) => key.startsWith('draft ')).length"


def warnings_of(page: Page) -> list[str]:
    """The warnings that the page gives on being left, a list that grows; none of them keeps anybody."""
    heard: list[str] = []

    def hear(dialog) -> None:
        heard.append(dialog.type)
        dialog.accept()

    page.on("dialog", hear)
    return heard


def write(page: Page, text: str = NOTE, box: str = "#id_internal_note") -> None:
    """Type as people do, so that the browser knows that somebody is there."""
    page.locator(box).click()
    page.keyboard.insert_text(text)
    page.locator(box).blur()


def test_leaving_a_changed_form_warns_and_a_clean_one_never_does(desk):
    page = desk("editor")
    heard = warnings_of(page)
    page.goto(f"/fa{EDIT}")
    page.locator("#id_internal_note").click()
    page.locator(".crumbs a").first.click()
    expect(page).to_have_url(re.compile("/fa/staff/partnerships/$"))
    assert heard == []

    # Changed and changed back is clean; changed is not, nor is it on the way back to it.
    page.goto(f"/fa{EDIT}")
    write(page, "x")
    page.locator("#id_internal_note").fill("")
    page.locator("#id_internal_note").blur()
    page.locator(".crumbs a").first.click()
    expect(page).to_have_url(re.compile("/fa/staff/partnerships/$"))
    assert heard == []
    page.goto(f"/fa{EDIT}")
    write(page)
    page.locator(".crumbs a").first.click()
    expect(page).to_have_url(re.compile("/fa/staff/partnerships/$"))
    assert heard == ["beforeunload"]
    page.go_back()
    expect(page.locator("#id_internal_note")).to_have_value(NOTE)
    page.locator("#id_summary_en").click()
    page.locator(".crumbs a").first.click()
    expect(page).to_have_url(re.compile("/fa/staff/partnerships/$"))
    assert heard == ["beforeunload"] * 2

    # A form that came back with errors is changed, and saving one is no leaving.
    page.goto("/fa/staff/resolutions/add/")
    write(page, "۱۲", "#id_number")
    save(page)
    expect(page.get_by_role("alert")).to_be_visible()
    page.locator("#id_number").click()
    page.locator(".crumbs a").first.click()
    expect(page).to_have_url(re.compile("/fa/staff/resolutions/$"))
    assert heard == ["beforeunload"] * 3
    page.goto(f"/fa{EDIT}")
    write(page)
    save(page)
    expect(page.locator(".message--success")).to_be_visible()
    assert heard == ["beforeunload"] * 3
    assert Agreement.objects.get(number=14).internal_note == NOTE


@pytest.mark.parametrize("language", ["fa", "en"])
def test_without_a_connection_nothing_is_sent_and_nothing_lost(desk, language):
    page = desk("editor")
    page.goto(f"/{language}{EDIT}")
    write(page)
    page.context.set_offline(True)
    page.locator(".form__foot button").first.click()
    lost = page.get_by_role("alert")
    expect(lost).to_contain_text(say(language, "The register cannot be reached, so nothing was sent."))
    expect(page.locator("#id_internal_note")).to_have_value(NOTE)
    assert violations(page) == []
    assert Agreement.objects.get(number=14).internal_note == ""
    page.context.set_offline(False)
    page.get_by_role("button", name=say(language, "Save and see the page")).click()
    expect(page).to_have_url(re.compile(f"/{language}/staff/partnerships/14/preview/"))
    assert Agreement.objects.get(number=14).internal_note == NOTE


@pytest.mark.parametrize("language", ["fa", "en"])
def test_tab_that_crashed_loses_nothing(desk, language):
    """Of two tabs with one form neither overwrites the other's draft; a third finds the newer one, with its rows."""
    first = desk("editor")
    context = first.context
    first.goto(f"/{language}{EDIT}")
    write(first, "older")
    second = context.new_page()
    second.goto(f"/{language}{EDIT}")
    with second.expect_navigation():
        second.get_by_role("button", name=say(language, "One more source")).click()
    rows = second.locator("[name=sources-TOTAL_FORMS]").input_value()
    write(second)
    assert second.evaluate(KEPT) == 2
    agreement = Agreement.objects.get(number=14)
    agreement.summary_en = "Somebody else wrote this"
    agreement.save()
    for page in (first, second):
        page.close()

    third = context.new_page()
    third.goto(f"/{language}{EDIT}")
    said = third.get_by_role("status").filter(has_text=say(language, "Bring it back"))
    expect(said).to_be_visible()
    assert violations(third) == []
    said.get_by_role("button").first.click()
    expect(third.locator("#id_internal_note")).to_have_value(NOTE)
    expect(third.locator("[name=sources-TOTAL_FORMS]")).to_have_value(rows)
    assert Agreement.objects.get(number=14).internal_note == ""
    save(third)
    expect(third.locator(".versions")).to_contain_text("Somebody else wrote this")
    with third.expect_navigation():
        third.locator(".versions").get_by_role("button").click()

    expect(third.locator(".message--success")).to_be_visible()
    again = Agreement.objects.get(number=14)
    assert (again.internal_note, again.summary_en) == (NOTE, "Somebody else wrote this")
    third.goto(f"/{language}{EDIT}")
    said = third.get_by_role("status").filter(has_text=say(language, "Bring it back"))
    expect(said).to_be_visible()  # the other tab's
    said.get_by_role("button").last.click()
    assert third.evaluate(KEPT) == 0


def test_new_record_whose_answer_never_came_is_recorded_once(desk):
    page = desk("editor")
    page.goto("/fa/staff/resolutions/add/")
    for name, text in (("title_fa", "مصوبه"), ("body_fa", "شورا")):
        write(page, text, f"#id_{name}")
    before = Resolution.objects.count()
    page.route("**/resolutions/add/", lambda route: (route.fetch(max_redirects=0), route.abort())[1])
    page.locator(".form__foot button").first.click(no_wait_after=True)
    expect(page.locator("#id_title_fa")).to_have_count(0)
    assert Resolution.objects.count() == before + 1
    page.unroute("**/resolutions/add/")
    page.context.clear_cookies(name="messages")  # it came with the answer

    page.goto("/fa/staff/resolutions/add/")
    page.locator("[data-take]").click()
    expect(page.locator("#id_title_fa")).to_have_value("مصوبه")
    save(page)
    expect(page.locator(".message--success")).to_be_visible()
    assert Resolution.objects.count() == before + 1
    assert page.evaluate(KEPT) == 0


def test_signing_out_leaves_no_draft(desk):
    page = desk("editor")
    warnings_of(page)
    page.goto(f"/fa{EDIT}")
    write(page)
    assert page.evaluate(KEPT) == 1
    page.locator(".person__out").click()
    expect(page).to_have_url(re.compile("/fa/$"))
    assert page.evaluate(KEPT) == 0
