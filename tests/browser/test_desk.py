"""The office at work in a real browser: recording, publishing, withdrawing, and nothing lost on the way."""

import re

import pytest
from playwright.sync_api import Page, expect

from cities.models import City
from partnerships.models import Agreement
from tests.browser.conftest import say
from tests.browser.test_pages import overflow, violations

pytestmark = pytest.mark.usefixtures("office")

PASSWORD = "a long enough password"


def save(page: Page) -> None:
    """Press the form's own button, and wait for the answer: the page first asks whether the server is there."""
    with page.expect_navigation():
        page.locator(".form__foot button").first.click()


# --- An agreement from its first draft to its withdrawal ----------------------------------------------------


@pytest.mark.parametrize("language", ["fa", "en"])
def test_agreement_is_recorded_published_and_withdrawn(new_context, language):
    words = {
        "fa": {"city": "بورسا", "day": "۱۲", "month": "خرداد", "year": "۱۴۰۰", "number": "۴۵۶"},
        "en": {"city": "Bursa", "day": "12", "month": "khordad", "year": "1400", "number": "456"},
    }[language]
    page, visitor = new_context().new_page(), new_context().new_page()

    page.goto(f"/{language}/staff/")
    expect(page).to_have_url(re.compile(f"/{language}/accounts/login/"))
    page.locator("#id_username").fill("manager")
    page.locator("#id_password").fill("another password")
    page.locator("main button[type=submit]").click()
    expect(page.get_by_role("alert")).to_contain_text(say(language, "You could not be signed in"))
    page.locator("#id_password").fill(PASSWORD)
    page.locator("main button[type=submit]").click()
    expect(page).to_have_url(re.compile(f"/{language}/staff/$"))

    # Nothing filled in: the summary leads to the box.
    page.get_by_role("link", name=say(language, "New agreement")).click()
    page.locator("#id_summary_fa").fill("خلاصه‌ای که نباید گم شود")
    save(page)
    expect(page).to_have_title(re.compile(f"^{re.escape(say(language, 'Error:'))}"))
    summary = page.get_by_role("alert")
    expect(summary.locator("a[href='#id_partner']")).to_have_count(1)
    assert violations(page) == []
    summary.locator("a[href='#id_partner']").click()
    expect(page.locator("#id_partner")).to_be_focused()
    expect(page.locator("#id_partner")).to_have_attribute("aria-invalid", "true")

    page.locator("#id_partner").fill(words["city"])
    page.locator("[name=kind][value=friendship]").check()
    page.locator("[name=status][value=in_force]").check()
    page.locator("#id_signed_day").fill(words["day"])
    page.locator("#id_signed_month").fill(words["month"])
    page.locator("#id_signed_year").fill(words["year"])
    page.locator("[name=signed_calendar][value=solar_hijri]").check()
    page.locator("[name=domains]").nth(0).check()
    page.locator("[name=domains]").nth(7).check()
    page.locator("#part-basis summary").click()
    page.locator("#id_new_resolution-number").fill(words["number"])
    page.locator("#id_new_resolution-title_fa").fill("دوستی با بورسا")
    page.locator("#id_new_resolution-title_en").fill("Friendship with Bursa")
    for row, says in enumerate(["پیمان امضا شد.", "پیمان امضا نشد."]):
        page.locator("#part-sources summary").nth(row).click()
        page.locator(f"#id_sources-{row}-publisher_fa").fill(f"خبرگزاری {'اب'[row]}")
        page.locator(f"#id_sources-{row}-publisher_en").fill(f"Agency {'AB'[row]}")
        page.locator(f"#id_sources-{row}-says_fa").fill(says)
    page.locator("[name='sources-1-stance'][value=contradicts]").check()
    page.get_by_role("button", name=say(language, "Save and see the page")).click()

    # The preview is the page as it will be, and nobody else can see it.
    expect(page).to_have_url(re.compile(f"/{language}/staff/partnerships/15/preview/"))
    expect(page.get_by_role("heading", level=1)).to_contain_text(words["city"])
    date = {"fa": "۱۲ خرداد ۱۴۰۰ (۲ ژوئن ۲۰۲۱)", "en": "12 Khordad 1400 (2 June 2021)"}[language]
    expect(page.locator(".facts")).to_contain_text(date)
    expect(page.locator(".claim")).to_have_count(2)
    expect(page.locator(".prose").first).to_contain_text("خلاصه‌ای که نباید گم شود")
    agreement = Agreement.objects.get(number=15)
    assert (agreement.publication, agreement.domains.count(), agreement.sources.count()) == ("draft", 2, 2)
    assert [one.number for one in agreement.resolutions.all()] == [words["number"]]
    public = f"/{language}/partnerships/15/"
    assert visitor.goto(public).status == 404

    page.goto(f"/{language}/staff/partnerships/15/edit/")
    page.locator(".page-list").get_by_role("link", name=say(language, "Publish"), exact=True).click()
    save(page)
    expect(page.locator(".messages")).to_contain_text(words["city"])
    assert visitor.goto(public).status == 200
    expect(visitor.locator(".facts")).to_contain_text(date)
    visitor.goto(f"/{language}/partnerships/")
    expect(visitor.locator("table.ledger tbody tr")).to_have_count(13)

    page.goto(f"/{language}/staff/partnerships/15/edit/")
    page.locator(".page-list").get_by_role("link", name=say(language, "Withdraw"), exact=True).click()
    save(page)
    expect(page.get_by_role("alert")).to_be_visible()  # it wants a reason
    page.locator("#id_reason").fill("شهر دیگری بود")
    save(page)
    assert visitor.goto(public).status == 410
    expect(visitor.get_by_role("heading", level=1)).to_contain_text({"fa": "۱۵", "en": "15"}[language])
    assert (violations(visitor), overflow(visitor)) == ([], [])
    visitor.goto(f"/{language}/partnerships/")
    expect(visitor.locator("table.ledger tbody tr")).to_have_count(12)

    page.goto(f"/{language}/staff/partnerships/15/history/")
    steps = page.locator(".step")
    expect(steps.first).to_contain_text("شهر دیگری بود")
    expect(steps.first).to_contain_text("manager")
    assert steps.count() >= 3


# --- A city out of the gazetteer ----------------------------------------------------------------------------


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
@pytest.mark.parametrize(("language", "typed"), [("fa", "باتومي"), ("en", "Batumi")])
def test_city_is_picked_from_the_gazetteer(desk, language, typed, script):
    page = desk("editor", java_script_enabled=script)
    page.goto(f"/{language}/staff/cities/add/")
    if script:
        page.locator("#q").press_sequentially(typed)
    else:
        page.locator("#q").fill(typed)
        page.locator("#q").press("Enter")
    found = page.locator(".picker__place")
    expect(found).to_have_count(1)
    assert overflow(page) == []
    found.click()
    expect(page.locator("#id_name_fa")).to_have_value("باتومی")
    expect(page.locator("#id_name_en")).to_have_value("Batumi")
    expect(page.locator("#id_time_zone")).to_have_value("Asia/Tbilisi")
    save(page)
    expect(page.locator(".messages")).to_contain_text({"fa": "باتومی", "en": "Batumi"}[language])
    city = City.objects.get(slug="batumi")
    assert (city.country_id, city.geonames_id, city.population > 100_000) == ("GE", 615532, True)
    assert (round(city.latitude, 1), round(city.longitude, 1)) == (41.6, 41.6)


def test_city_is_added_in_the_midst_of_an_agreement(desk):
    page = desk("editor")
    page.goto("/fa/staff/partnerships/add/")
    page.locator("#id_partner").fill("باتومی")
    page.locator("#id_internal_note").fill("نامه‌ای در راه است")
    page.get_by_role("button", name=say("fa", "Add a city first")).click()
    page.locator(".picker__place").click()
    save(page)
    expect(page).to_have_url(re.compile("/fa/staff/partnerships/add/"))
    expect(page.locator("#id_internal_note")).to_have_value("نامه‌ای در راه است")
    save(page)
    assert Agreement.objects.get(number=15).partner.name_en == "Batumi"


# --- Nothing is lost ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("lost", [["sessionid"], ["sessionid", "csrftoken"]], ids=["session", "all-cookies"])
def test_expired_session_keeps_what_was_typed(desk, lost):
    page = desk("editor")
    page.goto("/fa/staff/partnerships/14/edit/")
    page.locator("#id_summary_fa").fill("متنی که یک ساعت کار برده است")
    for name in lost:
        page.context.clear_cookies(name=name)
    save(page)
    expect(page.locator("#id_username")).to_be_visible()
    assert violations(page) == []
    page.locator("#id_username").fill("editor")
    page.locator("#id_password").fill(PASSWORD)
    page.locator("main button[type=submit]").click()
    expect(page).to_have_url(re.compile("/fa/staff/partnerships/14/edit/"))
    expect(page.locator("#id_summary_fa")).to_have_value("متنی که یک ساعت کار برده است")
    assert Agreement.objects.get(number=14).summary_fa != "متنی که یک ساعت کار برده است"
    save(page)
    assert Agreement.objects.get(number=14).summary_fa == "متنی که یک ساعت کار برده است"


@pytest.mark.parametrize("language", ["fa", "en"])
def test_stale_save_shows_both_versions(desk, language):
    first, second = desk("editor"), desk("manager")
    for page in (first, second):
        page.goto(f"/{language}/staff/partnerships/3/edit/")
    first.locator("#id_summary_en").fill("What the editor wrote")
    save(first)
    second.locator("#id_summary_en").fill("What the manager wrote")
    second.locator("#id_internal_note").fill("Only the manager wrote this")
    save(second)
    versions = second.locator(".versions")
    expect(versions).to_contain_text("What the editor wrote")
    expect(versions).to_contain_text("What the manager wrote")
    expect(versions).to_contain_text("editor")
    assert Agreement.objects.get(number=3).summary_en == "What the editor wrote"
    assert violations(second) == []
    second.set_viewport_size({"width": 320, "height": 700})
    assert overflow(second) == []
    with second.expect_navigation():
        versions.get_by_role("button").click()
    agreement = Agreement.objects.get(number=3)
    assert (agreement.summary_en, agreement.internal_note) == ("What the manager wrote", "Only the manager wrote this")


def new_project(page: Page) -> None:
    """Fill in the form for a project partnership with Almaty."""
    page.goto("/fa/staff/partnerships/add/")
    page.locator("#id_partner").fill("آلماتی")
    page.locator("[name=kind][value=project]").check()


def test_double_click_makes_one_record(desk):
    page = desk("editor")
    new_project(page)
    page.locator(".form__foot button").first.dblclick()
    expect(page.locator(".messages")).to_contain_text("آلماتی")
    assert Agreement.objects.filter(kind="project").count() == 1


def test_two_requests_of_one_form_at_once_make_one_record(desk):
    # What a slow double click sends; a quick one the browser itself makes into one.
    page = desk("editor")
    new_project(page)
    ends = page.evaluate("""() => {
        const send = () => fetch(location, {method: "POST", body: new FormData(document.querySelector("form.form"))});
        return Promise.all([send(), send()]).then((all) => all.map((one) => [one.status, new URL(one.url).pathname]));
    }""")
    assert ends == [[200, "/fa/staff/partnerships/15/"]] * 2
    assert Agreement.objects.filter(kind="project").count() == 1


def test_likely_duplicate_is_shown_and_can_be_overridden(desk):
    page = desk("editor")
    page.goto("/fa/staff/partnerships/add/")
    page.locator("#id_partner").fill("باكو")
    page.locator("[name=kind][value=sister]").check()
    save(page)
    expect(page.locator(".matches a")).to_have_count(1)
    assert Agreement.objects.count() == 14
    page.locator("#id_distinct").check()
    save(page)
    assert Agreement.objects.get(number=15).partner.slug == "baku"


# --- Administration -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["fa", "en"])
def test_administration_is_quiet_and_in_its_language(desk, language):
    page = desk("administrator", locale=language)
    for address in (
        "/admin/",
        "/admin/partnerships/agreement/",
        "/admin/partnerships/agreement/add/",
        "/admin/partnerships/agreement/8/change/",
        "/admin/partnerships/agreement/8/history/",
        "/admin/cities/city/",
        "/admin/cities/city/2/change/",
        "/admin/partnerships/resolution/add/",
        "/admin/auth/user/",
        "/admin/auth/user/add/",
    ):
        assert page.goto(address).status == 200, address
        expect(page.locator("html")).to_have_attribute("lang", language)
        expect(page.locator("html")).to_have_attribute("dir", {"fa": "rtl", "en": "ltr"}[language])
