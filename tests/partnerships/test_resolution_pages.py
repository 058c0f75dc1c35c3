"""The council's resolutions: which are public, and what their pages say."""

import pytest

from tests import factories
from tests.pages import Page

pytestmark = pytest.mark.django_db


def see(client, path, language="en", status=200):
    """The page at a path."""
    response = client.get(f"/{language}{path}")
    assert response.status_code == status
    return Page(path, response.content.decode())


def rows(page):
    """The words of each row's cells, and where its links lead."""
    (body,) = page.named("tbody")
    return [
        (
            [cell.words for cell in row.children if not isinstance(cell, str)],
            [a["href"] for a in row.all if a.name == "a"],
        )
        for row in body.all
        if row.name == "tr"
    ]


@pytest.fixture
def resolutions():
    """Two public resolutions; one of a draft, one of a withdrawn agreement, one of none."""
    old = factories.resolution(title_en="Old", title_fa="کهن", decided="SH 1387")
    new = factories.resolution(title_en="New", title_fa="نو", number="41", session="3", decided="AD 2022-05-22")
    drafted, taken_down = factories.resolution(title_en="Drafted"), factories.resolution(title_en="Taken down")
    factories.resolution(title_en="Of nothing")
    istanbul = factories.agreement(True, partner=factories.istanbul())
    baku = factories.agreement(True, partner=factories.baku(), status="in_force", verification="official")
    draft = factories.agreement(partner=factories.city(name_en="Berlin", name_fa="برلین"))
    withdrawn = factories.agreement(withdrawn=True, partner=factories.city(name_en="Bonn", name_fa="بن"))
    for agreement, ground in (
        (istanbul, [old, new]),
        (baku, [old]),
        (draft, [old, drafted]),
        (withdrawn, [new, taken_down]),
    ):
        agreement.resolutions.set(ground)
    return {"old": old, "new": new, "drafted": drafted, "taken down": taken_down}


def test_list_shows_public_resolutions_with_public_agreements_alone(client, resolutions):
    assert rows(see(client, "/resolutions/")) == [
        (
            ["41", "New Islamic City Council of Tabriz", "22 May 2022 (1 Khordad 1401)", "Istanbul"],
            [f"/en/resolutions/{resolutions['new'].pk}/", "/en/partnerships/1/"],
        ),
        (
            ["not known", "Old Islamic City Council of Tabriz", "1387 (March 2008 – March 2009)", "Istanbul, Baku"],
            [f"/en/resolutions/{resolutions['old'].pk}/", "/en/partnerships/1/", "/en/partnerships/2/"],
        ),
    ]


def test_list_in_persian(client, resolutions):
    page = see(client, "/resolutions/", "fa")
    assert page.one("h1").words == "مصوبه‌های شورا"
    assert [cells for cells, _links in rows(page)] == [
        ["۴۱", "نو شورای اسلامی شهر تبریز", "۲۲ مه ۲۰۲۲ (۱ خرداد ۱۴۰۱)", "استانبول"],
        ["نامعلوم", "کهن شورای اسلامی شهر تبریز", "۱۳۸۷ (مارس ۲۰۰۸ – مارس ۲۰۰۹)", "استانبول، باکو"],
    ]


def test_list_without_public_resolutions_says_so(client):
    factories.resolution()
    page = see(client, "/resolutions/")
    assert page.named("table") == []
    assert page.one("h2").words == "No resolution is on public record yet"


@pytest.mark.parametrize(
    ("query", "complaint"),
    [
        ("?page=7", "There is no page 7: the last, 1, is shown."),
        ("?country=TR", "“\u2068country\u2069” is not a filter of this page."),
    ],
)
def test_wrong_parameter_is_told(client, resolutions, query, complaint):
    page = see(client, f"/resolutions/{query}")
    assert [one.words for box in page.of_class("message--warning") for one in box.all if one.name == "li"] == [
        complaint
    ]
    assert len(rows(page)) == 2


def test_page_says_what_is_known(client, resolutions):
    page = see(client, f"/resolutions/{resolutions['new'].pk}/")
    assert page.one("title").words == "Council resolution no. 41 – Sister Cities of Tabriz"
    assert page.one("h1").words == "New"
    (facts,) = page.of_class("facts")
    assert [one.words for one in facts.all if one.name == "dd"] == [
        "22 May 2022 (1 Khordad 1401) Known to the day, a Sunday",
        "41",
        "3",
        "Islamic City Council of Tabriz",
    ]
    assert rows(page) == [
        (
            [
                "1",
                "Sister-city agreement of Tabriz and Istanbul Sister city",
                "date not known",
                "Prospect",
                "Unverified",
            ],
            ["/en/partnerships/1/"],
        )
    ]


def test_page_says_what_is_not_known(client, resolutions):
    page = see(client, f"/resolutions/{resolutions['old'].pk}/")
    (facts,) = page.of_class("facts")
    assert [one.words for one in facts.all if one.name == "dd"] == [
        "1387 (March 2008 – March 2009) Known to the year: any day from 1 Farvardin to 30 Esfand 1387 "
        "(20 March 2008 to 20 March 2009)",
        "not known",
        "not known",
        "Islamic City Council of Tabriz",
    ]
    assert [one.words for one in page.of_class("date--unknown")] == [
        "not known",
        "not known",
        "The register does not hold its text.",
        "date not known",
        "date not known",
    ]


@pytest.mark.parametrize("which", ["drafted", "taken down"])
def test_resolution_without_a_public_agreement_is_not_found(client, resolutions, which):
    see(client, f"/resolutions/{resolutions[which].pk}/", status=404)


@pytest.mark.parametrize("number", ["0", "9" * 30])
def test_resolution_that_cannot_be_is_not_found(client, number):
    see(client, f"/resolutions/{number}/", status=404)


def test_text_in_the_other_language_is_marked(client):
    made = factories.agreement(True)
    made.resolutions.add(factories.resolution(title_en="", text_fa="متن مصوبه"))
    page = see(client, f"/resolutions/{made.resolutions.get().pk}/")
    (text,) = page.of_class("prose")[:1]
    assert (text["lang"], text["dir"], text.words) == ("fa", "rtl", "متن مصوبه")
    assert [(one["lang"], one.words) for one in page.one("h1").all if one.name == "bdi"] == [("fa", "خواهرخواندگی")]
