"""The page of the home city's memberships in international bodies, and that of the plans which ask for them."""

import pytest
from django.utils.translation import override

from partnerships.models import Membership, Provision
from tests import factories
from tests.pages import Page

pytestmark = pytest.mark.django_db


def see(client, address, language="en"):
    """The page at the address in a language."""
    response = client.get(f"/{language}{address}")
    assert response.status_code == 200
    return Page(f"/{language}{address}", response.content.decode())


def facts(page, section):
    """The particulars of a membership."""
    (box,) = [one for one in page.section(section).all if one["class"] == "facts"]
    names = [one.words for one in box.all if one.name == "dt"]
    return dict(zip(names, [one.words for one in box.all if one.name == "dd"], strict=True))


@pytest.fixture
def membership() -> Membership:
    """A published membership with all that can be known of it, beside one that is not published."""
    factories.home_city()
    factories.membership("secret", name_fa="نهاد پنهان", name_en="A secret body", note_en="Talks go on.")
    made = factories.membership(
        "association",
        is_public=True,
        kind="association",
        status="left",
        since="SH 1387",
        until="AD 2016-05",
        website="https://www.example.org/",
        note_en="Named on its site.",
        note_fa="در پایگاه آن نام برده شده است.",
        issued="AD 2021-02",
        url="https://example.com/?id=9",
    )
    made.provisions.add(factories.provision())
    return made


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        (
            "en",
            {
                "Status": "Left",
                "Since": "1387 (March 2008 – March 2009)",
                "Until": "May 2016 (Ordibehesht–Khordad 1395)",
                "Kind of body": "Association of cities",
                "Website": "example.org",
                "Serves": "Article 146, Strategic plan",
                "Verification": "Official",
                "Source": "Municipality February 2021 (Bahman–Esfand 1399) example.com",
            },
        ),
        (
            "fa",
            {
                "وضعیت": "خارج‌شده",
                "از تاریخ": "۱۳۸۷ (مارس ۲۰۰۸ – مارس ۲۰۰۹)",
                "تا تاریخ": "مه ۲۰۱۶ (اردیبهشت – خرداد ۱۳۹۵)",
                "نوع نهاد": "انجمن شهرها",
                "وبگاه": "example.org",
                "در راستای": "ماده ۱۴۶، برنامه راهبردی",
                "اعتبارسنجی": "رسمی",
                "منبع": "شهرداری فوریه ۲۰۲۱ (بهمن – اسفند ۱۳۹۹) example.com",
            },
        ),
    ],
)
def test_membership_is_told_by_the_word_of_its_source(client, membership, language, expected):
    page = see(client, "/memberships/", language)
    assert facts(page, "association") == expected
    assert [one["href"] for one in page.section("association").all if one.name == "a"] == [
        "https://www.example.org/",
        f"/{language}/provisions/#article-146",
        "https://example.com/?id=9",
    ]


def test_what_is_not_published_is_nowhere(client, membership):
    for address in ("/memberships/", "/provisions/"):
        for language in ("fa", "en"):
            html = see(client, address, language).html
            assert [secret for secret in ("secret", "نهاد پنهان", "Talks") if secret in html] == []


@pytest.mark.parametrize(
    ("language", "title"),
    [("en", "No membership is on public record"), ("fa", "عضویتی در دفتر عمومی نیست")],
)
def test_empty_page_says_what_that_means_and_leads_on(client, language, title):
    factories.membership()
    page = see(client, "/memberships/", language)
    assert [one.words for one in page.of_class("empty__title")] == [title]
    (empty,) = page.of_class("empty")
    assert [one["href"] for one in empty.all if one.name == "a"] == [f"/{language}/provisions/"]


def test_every_page_leads_to_the_memberships(client):
    assert "/en/memberships/" in [one["href"] for one in see(client, "/about/").named("a")]


def test_questions_about_memberships(membership):
    assert list(Membership.objects.public()) == [membership]
    assert list(Membership.objects.search("association AC").values_list("key", flat=True)) == ["association"]
    assert list(Membership.objects.search("پنهان").values_list("key", flat=True)) == ["secret"]
    for language, name in {"fa": "انجمن شهرها", "en": "Association of Cities"}.items():
        with override(language):
            assert str(membership) == name


def test_provisions_stand_with_what_serves_them(client, membership):
    article = Provision.objects.get()
    published = factories.agreement(True, partner=factories.istanbul())
    for agreement in (published, factories.agreement(), factories.agreement(withdrawn=True)):
        agreement.provisions.add(article)
    factories.provision("vision", article_en="", article_fa="", position=1)

    page = see(client, "/provisions/")

    served = page.section("article-146")
    assert [(one.words, one["href"]) for one in served.all if one.name == "a"] == [
        ("No. 1, Istanbul", "/en/partnerships/1/"),
        ("Association of Cities", "/en/memberships/#association"),
    ]
    assert "Served by 1 agreement Served" not in served.words
    assert page.section("vision").words == "Strategic plan No published entry cites it by name."


def test_provision_with_many_agreements_lists_the_first_and_says_so(client):
    article = factories.provision()
    for _number in range(51):
        factories.agreement(True).provisions.add(article)
    section = see(client, "/provisions/").section("article-146")
    assert len([one for one in section.all if one.name == "a"]) == 50
    assert "Served by 51 agreements" in section.words
    assert "and more" in section.words


def test_page_without_provisions_says_so(client):
    assert [one.words for one in see(client, "/provisions/").of_class("empty__title")] == [
        "No provision is recorded yet"
    ]
