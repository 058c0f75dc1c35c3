"""Adding to an agreement and editing on its page of work, without leaving it."""

import pytest
from playwright.sync_api import Page, expect

from partnerships.models import Document, Note
from tests.browser.conftest import say
from tests.browser.test_pages import overflow, violations
from tests.files import pdf

pytestmark = pytest.mark.usefixtures("office")


def save(page: Page) -> None:
    """Press the form's own button; the page stays."""
    page.locator(".inline-form .form__foot button").first.click()


def opened(page: Page, language: str, label: str):
    """The form that comes in place when the link with that label is followed by the keyboard."""
    page.get_by_role("link", name=say(language, label)).press("Enter")
    return page.locator(".inline-form form")


@pytest.mark.parametrize("language", ["fa", "en"])
def test_note_is_added_and_changed_in_place_by_the_keyboard(desk, language):
    page = desk("editor", viewport={"width": 360, "height": 800})
    page.goto(f"/{language}/staff/partnerships/4/")
    form = opened(page, language, "Add a note")
    box = form.locator("textarea[name=text]")
    expect(box).to_be_focused()
    assert (violations(page), overflow(page)) == ([], [])

    page.keyboard.press("Escape")
    expect(form).to_have_count(0)
    expect(page.get_by_role("link", name=say(language, "Add a note"))).to_be_focused()

    opened(page, language, "Add a note")
    save(page)
    expect(form.get_by_role("alert")).to_be_focused()
    box.fill("Ask the embassy.")
    box.press("Escape")
    expect(form).to_have_count(1)  # something is typed
    save(page)

    expect(form).to_have_count(0)
    note = Note.objects.get()
    expect(page.locator(f"#note-{note.pk}")).to_be_focused()
    expect(page.locator("[data-said]")).to_have_text(say(language, "“%(record)s” is recorded.") % {"record": note})
    expect(page.locator("#notes h2 .work__count")).to_have_text({"fa": "۱", "en": "1"}[language])
    expect(page.locator(".work__contents a[href='#notes'] .work__count")).to_have_text({"fa": "۱", "en": "1"}[language])

    page.locator(f"#note-{note.pk} a").press("Enter")
    box.fill("Ask the embassy again.")
    save(page)
    expect(page.locator(f"#note-{note.pk}")).to_be_focused()
    expect(page.locator(f"#note-{note.pk} .fact__text")).to_have_text("Ask the embassy again.")
    assert page.url.endswith(f"/{language}/staff/partnerships/4/")


def test_what_is_typed_stays_when_no_answer_comes(desk):
    page = desk("editor")
    page.goto("/en/staff/partnerships/4/")
    form = opened(page, "en", "Add a note")
    form.locator("textarea[name=text]").fill("Typed for an hour")
    page.route("**/notes/add/**", lambda route: route.abort())
    save(page)

    expect(form.get_by_role("alert")).to_contain_text("What you typed stays on this page.")
    assert "Typed for an hour" in page.evaluate("Object.values(localStorage)[0]")
    page.unroute("**/notes/add/**")
    save(page)
    expect(form).to_have_count(0)
    assert [note.text for note in Note.objects.all()] == ["Typed for an hour"]
    assert page.evaluate("localStorage.length") == 0


def test_document_is_sent_in_place(desk):
    page = desk("editor")
    page.goto("/en/staff/partnerships/4/")
    form = opened(page, "en", "Add a document")
    form.locator("input[type=file]").set_input_files(
        {"name": "agreement.pdf", "mimeType": "application/pdf", "buffer": pdf()}
    )
    save(page)

    expect(form).to_have_count(0)
    document = Document.objects.get()
    expect(page.locator(f"#document-{document.pk}")).to_be_focused()
    assert document.versions.get().name == "agreement.pdf"
