"""Browsing the partnerships: what each filter finds, how it is counted and told, and what a wrong address gets."""

from urllib.parse import parse_qsl

import pytest
from django.http import QueryDict

from partnerships.filters import AgreementFilter, Tally
from partnerships.models import Agreement
from sistercities.dates import UncertainDate
from tests import factories
from tests.pages import Page

pytestmark = pytest.mark.django_db


def browse(client, query="", language="en"):
    """The page for a query, at the shortest address that asks for it."""
    address = f"/{language}/partnerships/{query}"
    response = client.get(address, follow=True)
    assert response.status_code == 200
    assert len(response.redirect_chain) < 2
    return Page(address, response.content.decode())


def links(element):
    """The links in an element."""
    return [one for one in element.all if one.name == "a"]


def numbers(page):
    """The register numbers of the rows, in their order."""
    return [int(one.words) for one in page.of_class("ledger__number")]


def count(page):
    """The line that says how many were found."""
    (line,) = page.of_class("results__count")
    return line.words


def complaints(page):
    """What the page says was not understood."""
    return [item.words for box in page.of_class("message--warning") for item in box.all if item.name == "li"]


def facets(page):
    """The groups of choices with the count of each: {"Country": {"Türkiye": 2}}."""
    return {
        group.children[1].words: {
            choice.children[1].words: int(choice.children[3].words) for choice in group.of_class("choice")
        }
        for group in page.named("fieldset")
        if group.of_class("choice")
    }


def chips(page):
    """What stands in the chips, with the parameters that each leaves."""
    return {
        chip.words: parse_qsl(chip["href"].partition("?")[2], keep_blank_values=True) for chip in page.of_class("chip")
    }


@pytest.fixture
def register():
    """Six published agreements in four countries, and beside them a draft and a withdrawn one like them."""
    cultural, technical = factories.domain("cultural"), factories.domain("technical")
    made = [
        factories.agreement(
            True, partner=factories.istanbul(), status="in_force", verification="official", signed="AD 2009"
        ),
        factories.agreement(True, partner=factories.baku(), status="in_force", verification="disputed"),
        factories.agreement(
            True,
            partner=factories.city(name_fa="قازان", name_en="Kazan", country="RU"),
            kind="friendship",
            status="approved",
            verification="press",
            signed="SH 1387",
        ),
        factories.agreement(
            True,
            partner=factories.city(name_fa="قونیه", name_en="Konya"),
            status="in_force",
            verification="press",
            signed="SH 1395-03",
            expires="AD 2020",
        ),
        factories.agreement(
            True,
            partner=factories.city(name_fa="ووهان", name_en="Wuhan", country="CN"),
            kind="project",
            status="prospect",
        ),
        factories.agreement(
            True,
            partner=factories.city(name_fa="پراگ", name_en="Prague", country="RU"),
            status="suspended",
            status_reason_fa="جنگ",
            status_reason_en="war",
            signed="AD 2013-04-13",
        ),
    ]
    made[0].domains.set([cultural, technical])
    made[1].domains.set([cultural])
    german = factories.city(name_fa="برلین", name_en="Berlin", country="DE")
    for hidden in (
        factories.agreement(partner=german, status="ended", status_reason_en="none", signed="AD 2009", kind="contact"),
        factories.agreement(
            withdrawn=True, partner=german, verification="document", status="negotiation", signed="AD 2009"
        ),
    ):
        hidden.domains.set([cultural, factories.domain("secret")])
    return made


# --- What is found -------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["fa", "en"])
def test_list_shows_published_agreements_alone(client, register, language):
    page = browse(client, language=language)
    names = [one.words for name in page.of_class("ledger__name") for one in links(name)]
    assert (
        names
        == {
            "en": ["Istanbul", "Baku", "Kazan", "Konya", "Wuhan", "Prague"],
            "fa": ["استانبول", "باکو", "قازان", "قونیه", "ووهان", "پراگ"],
        }[language]
    )
    assert count(page) == {"en": "6 partnerships", "fa": "۶ پیمان"}[language]


def test_rows_lead_to_the_agreements(client, register):
    names = [link["href"] for name in browse(client).of_class("ledger__name") for link in links(name)]
    assert names == [f"/en/partnerships/{number}/" for number in range(1, 7)]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?q=baku", [2]),
        ("?q=" + "باكو", [2]),
        ("?q=constantinople", [1]),
        ("?q=berlin", []),
        ("?country=TR", [1, 4]),
        ("?country=TR&country=RU", [1, 3, 4, 6]),
        ("?country=DE", []),
        ("?kind=friendship&kind=project", [3, 5]),
        ("?status=in_force", [1, 2]),
        ("?status=expired", [4]),
        ("?status=prospect&status=suspended", [5, 6]),
        ("?domain=cultural", [1, 2]),
        ("?domain=cultural&domain=technical", [1, 2]),
        ("?verification=press", [3, 4]),
        ("?country=TR&status=expired&verification=press", [4]),
        ("?country=RU&status=expired", []),
        ("?signed_from=2016", [4]),
        ("?signed_to=1386", []),
        ("?signed_to=1387", [1, 3]),
        ("?signed_from=2009&signed_to=2009", [1, 3]),
        ("?signed_from=1392&signed_to=2013", [6]),
        ("?signed_from=" + "۱۳۹۲" + "&signed_to=" + "٢٠١٣", [6]),
        ("?kind=&q=&signed_from=&signed_to=&sort=&view=&page=", [1, 2, 3, 4, 5, 6]),
        ("?view=list", [1, 2, 3, 4, 5, 6]),
    ],
)
def test_filter_finds(client, register, query, found):
    page = browse(client, query)
    assert numbers(page) == found
    assert complaints(page) == []


# --- Counts --------------------------------------------------------------------------------------------


def test_facets_count_what_each_choice_would_find(client, register):
    assert facets(browse(client)) == {
        "Status": {"Prospect": 1, "Approved, not signed": 1, "In force": 2, "Expired": 1, "Suspended": 1},
        "Kind": {"Sister city": 4, "Friendship and cooperation": 1, "Project partnership": 1},
        "Country": {"Azerbaijan": 1, "China": 1, "Russia": 2, "Türkiye": 2},
        "Domain of cooperation": {"Domain cultural": 2, "Domain technical": 1},
        "Verification": {"Official": 1, "Press": 2, "Unverified": 2, "Disputed": 1},
    }


def test_facets_count_with_all_filters_but_their_own(client, register):
    assert facets(browse(client, "?country=TR&country=RU&status=in_force&signed_from=2009")) == {
        "Status": {"Approved, not signed": 1, "In force": 1, "Expired": 1, "Suspended": 1},
        "Kind": {"Sister city": 1},
        "Country": {"Russia": 0, "Türkiye": 1},
        "Domain of cooperation": {"Domain cultural": 1, "Domain technical": 1},
        "Verification": {"Official": 1},
    }


@pytest.mark.parametrize(
    ("query", "legend", "expected"),
    [
        ("?country=AZ", "Country", {"Azerbaijan": 1, "China": 1, "Russia": 2, "Türkiye": 2}),
        ("?domain=technical", "Domain of cooperation", {"Domain cultural": 2, "Domain technical": 1}),
        ("?kind=project", "Kind", {"Sister city": 4, "Friendship and cooperation": 1, "Project partnership": 1}),
    ],
)
def test_choice_does_not_narrow_its_own_group(client, register, query, legend, expected):
    assert facets(browse(client, query))[legend] == expected


def test_facets_of_several_own_columns_count_across_each_other(client, register):
    found = facets(browse(client, "?kind=sister&verification=press&verification=official"))
    assert found["Status"] == {"In force": 1, "Expired": 1}
    assert found["Kind"] == {"Sister city": 2, "Friendship and cooperation": 1}
    assert found["Verification"] == {"Official": 1, "Press": 1, "Unverified": 1, "Disputed": 1}


def test_countries_stand_in_the_order_of_the_language(client, register):
    choices = browse(client, language="fa").of_class("choice")
    countries = [one.children[1].words for one in choices if one.children[0]["name"] == "country"]
    assert countries == ["ترکیه", "جمهوری آذربایجان", "چین", "روسیه"]


def test_chosen_choices_are_ticked_and_kept_when_they_find_nothing(client, register):
    page = browse(client, "?country=DE&country=TR&status=in_force")
    boxes = [one for one in page.named("input") if one["type"] == "checkbox" and "checked" in one.attributes]
    assert [(one["name"], one["value"]) for one in boxes] == [
        ("status", "in_force"),
        ("country", "DE"),
        ("country", "TR"),
    ]
    assert [one.words for one in page.of_class("choice--none")] == ["Germany 0"]


def test_counts_do_not_grow_with_the_domains_of_an_agreement(client, register):
    assert count(browse(client, "?domain=cultural&domain=technical")) == "2 partnerships"


# --- Years ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "line", "aside"),
    [
        (
            "?signed_from=2009&signed_to=2009",
            "2 partnerships: 1 certainly, 1 possibly signed in that period",
            "2 without a known date are not among them.",
        ),
        (
            "?signed_from=2016&country=TR",
            "1 partnership: certainly signed in that period",
            "",
        ),
        (
            "?signed_from=2008&signed_to=2008&status=approved",
            "1 partnership: possibly signed in that period",
            "",
        ),
        (
            "?signed_from=2016&kind=sister",
            "1 partnership: certainly signed in that period",
            "1 without a known date is not among them.",
        ),
        ("?signed_from=2030", "0 partnerships", "2 without a known date are not among them."),
    ],
)
def test_period_says_how_surely(client, register, query, line, aside):
    page = browse(client, query)
    assert count(page) == line
    assert " ".join(one.words for one in page.of_class("results__aside")) == aside


def test_period_is_told_in_persian(client, register):
    page = browse(client, "?signed_from=2009&signed_to=2009", "fa")
    assert count(page) == "۲ پیمان؛ ۱ پیمان به‌یقین و ۱ پیمان شاید در این بازه امضا شده است"
    assert [one.words for one in page.of_class("results__aside")] == ["۲ پیمان با تاریخ نامعلوم در این شمار نیست."]


def test_rows_that_are_possible_say_so(client, register):
    page = browse(client, "?signed_from=2009&signed_to=2009")
    assert [cell.words for cell in page.named("td") if cell["data-label"] == "Signed"] == [
        "2009 (Dey 1387 – Dey 1388)",
        "1387 (March 2008 – March 2009) possibly in that period",
    ]


def test_unknown_date_is_said_in_words(client, register):
    page = browse(client, "?q=baku")
    assert [cell.words for cell in page.named("td") if cell["data-label"] == "Signed"] == ["date not known"]


# --- Order ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sort", "language", "order"),
    [
        ("", "en", [1, 2, 3, 4, 5, 6]),
        ("number", "en", [1, 2, 3, 4, 5, 6]),
        ("-number", "en", [6, 5, 4, 3, 2, 1]),
        ("city", "en", [2, 1, 3, 4, 6, 5]),
        ("-city", "en", [5, 6, 4, 3, 1, 2]),
        ("city", "fa", [1, 2, 6, 3, 4, 5]),
        ("country", "en", [2, 5, 3, 6, 1, 4]),
        ("-country", "en", [1, 4, 3, 6, 5, 2]),
        ("country", "fa", [1, 4, 2, 5, 6, 3]),
        ("signed", "en", [3, 1, 6, 4, 2, 5]),
        ("-signed", "en", [4, 6, 1, 3, 2, 5]),
    ],
)
def test_order(client, register, sort, language, order):
    assert numbers(browse(client, f"?sort={sort}", language)) == order


def test_heads_of_columns_sort_and_say_how(client, register):
    heads = {one.words: one for one in browse(client, "?sort=city&kind=sister&page=1").named("th") if links(one)}
    assert {name: head["aria-sort"] for name, head in heads.items() if head["scope"] == "col"} == {
        "No.": "",
        "City": "ascending",
        "Signed": "",
    }
    assert links(heads["City"])[0]["href"] == "?sort=-city&kind=sister"
    assert links(heads["Signed"])[0]["href"] == "?sort=signed&kind=sister"


def test_order_can_be_chosen_in_the_form(client, register):
    (box,) = [one for one in browse(client, "?sort=-signed").named("select") if one["name"] == "sort"]
    options = [one for one in box.all if one.name == "option"]
    assert [one["value"] for one in options] == [
        "number",
        "-number",
        "city",
        "-city",
        "country",
        "-country",
        "signed",
        "-signed",
    ]
    assert [one["value"] for one in options if "selected" in one.attributes] == ["-signed"]


# --- Chips ---------------------------------------------------------------------------------------------


def test_each_chip_takes_away_one_thing(client, register):
    page = browse(client, "?q=n&country=TR&country=RU&status=expired&signed_from=1387&signed_to=2016&sort=city&page=1")
    everything = [
        ("q", "n"),
        ("country", "TR"),
        ("country", "RU"),
        ("status", "expired"),
        ("signed_from", "1387"),
        ("signed_to", "2016"),
        ("sort", "city"),
    ]

    def without(*gone):
        return [pair for pair in everything if pair not in gone]

    assert chips(page) == {
        "Remove Search: “\u2068n\u2069”": without(("q", "n")),
        "Remove Status: expired": without(("status", "expired")),
        "Remove Country: Russia": without(("country", "RU")),
        "Remove Country: Türkiye": without(("country", "TR")),
        "Remove Signed from: 1387": without(("signed_from", "1387")),
        "Remove Signed to: 2016": without(("signed_to", "2016")),
    }
    assert [one["href"] for one in page.of_class("chips__clear")] == ["?sort=city"]


def test_chips_are_told_in_persian(client, register):
    page = browse(client, "?country=TR&status=expired&signed_from=1387", "fa")
    assert list(chips(page)) == ["برداشتن وضعیت: منقضی", "برداشتن کشور: ترکیه", "برداشتن امضا از سال: ۱۳۸۷"]


def test_last_chip_leads_to_the_bare_address(client, register):
    page = browse(client, "?country=TR")
    assert [one["href"] for one in page.of_class("chip")] == ["."]


def test_nothing_asked_has_no_chips(client, register):
    assert browse(client, "?sort=city&page=1").of_class("chips") == []


def test_what_was_typed_stays_in_the_boxes(client, register):
    page = browse(client, "?q=b%3Cu&signed_from=%DB%B1%DB%B3%DB%B8%DB%B7&signed_to=soon")
    assert {one["name"]: one["value"] for one in page.named("input") if one["type"] != "checkbox"} == {
        "q": "b<u",
        "signed_from": "۱۳۸۷",
        "signed_to": "soon",
    }


# --- What is wrong in an address -----------------------------------------------------------------------


def said(text):
    """A value as a complaint quotes it."""
    return f"“\u2068{text}\u2069”"


@pytest.mark.parametrize(
    ("query", "complaint", "found"),
    [
        ("?country=XX", f"{said('XX')} is not a country code.", [1, 2, 3, 4, 5, 6]),
        ("?country=XX&country=TR", f"{said('XX')} is not a country code.", [1, 4]),
        ("?country=tr&country=X", f"{said('tr')}, {said('X')} are not country codes.", [1, 2, 3, 4, 5, 6]),
        ("?status=alive&kind=project", f"{said('alive')} is not a status.", [5]),
        ("?kind=twin", f"{said('twin')} is not a kind of agreement.", [1, 2, 3, 4, 5, 6]),
        ("?domain=war&domain=technical", f"{said('war')} is not a domain of cooperation.", [1]),
        ("?verification=sure", f"{said('sure')} is not a level of verification.", [1, 2, 3, 4, 5, 6]),
        (
            "?sort=name",
            f"The partnerships cannot be sorted by {said('name')}; their usual order stands.",
            [1, 2, 3, 4, 5, 6],
        ),
        (
            "?sort=--city",
            f"The partnerships cannot be sorted by {said('--city')}; their usual order stands.",
            [1, 2, 3, 4, 5, 6],
        ),
        ("?view=globe&country=CN", f"{said('globe')} is not a view of this page: the list is shown.", [5]),
        ("?page=99999&country=CN", "There is no page 99999: the last, 1, is shown.", [5]),
        ("?page=abc&country=CN", f"{said('abc')} is not the number of a page: the first is shown.", [5]),
        ("?page=0&country=CN", f"{said('0')} is not the number of a page: the first is shown.", [5]),
        ("?page=-1&country=CN", f"{said('-1')} is not the number of a page: the first is shown.", [5]),
        ("?page=1.5&country=CN", f"{said('1.5')} is not the number of a page: the first is shown.", [5]),
        ("?colour=red&country=CN", f"{said('colour')} is not a filter of this page.", [5]),
        ("?colour=red&size=1", f"{said('colour')}, {said('size')} are not filters of this page.", [1, 2, 3, 4, 5, 6]),
        ("?signed=2009", f"{said('signed')} is not a filter of this page.", [1, 2, 3, 4, 5, 6]),
        ("?q=%21%3F", f"{said('!?')} has no letter or digit to search for.", [1, 2, 3, 4, 5, 6]),
        ("?q=baku&q=kazan", f"Given more than once, so that only the last value counts: {said('q')}.", [3]),
        (
            "?signed_from=2016&signed_to=1387",
            "2016 begins after 1387 ends: no year lies from one to the other.",
            [1, 2, 3, 4, 5, 6],
        ),
        ("?signed_from=soon&signed_to=1387", f"From year: {said('soon')} is not a year: write it in digits.", [1, 3]),
        (
            "?signed_to=95",
            "To year: Write the year with four digits, such as 1395 or 2016.",
            [1, 2, 3, 4, 5, 6],
        ),
    ],
)
def test_wrong_parameter_is_told_and_the_rest_applies(client, register, query, complaint, found):
    page = browse(client, query)
    assert complaints(page) == [complaint]
    assert numbers(page) == found


def test_several_wrong_parameters_are_told_in_persian(client, register):
    page = browse(client, "?country=XX&status=alive&signed_from=soon&colour=red&page=12&kind=project", "fa")
    assert complaints(page) == [
        "«\u2068alive\u2069» وضعیت پیمان نیست.",
        "«\u2068XX\u2069» کد کشور نیست.",
        "از سال: «\u2068soon\u2069» سال نیست؛ سال را با رقم بنویسید.",
        "«\u2068colour\u2069» از پالایه‌های این صفحه نیست.",
        "صفحه ۱۲ وجود ندارد؛ صفحه آخر، ۱، نشان داده می‌شود.",
    ]
    assert numbers(page) == [5]


def test_parameters_of_other_sites_pass_in_silence(client, register):
    page = browse(client, "?utm_source=news&gclid=1&fbclid=2")
    assert complaints(page) == []


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?q=ba%00ku", [2]),
        ("?q=ba%E2%80%8Bku", [2]),
        ("?q=BAK%C3%9C", [2]),
        ("?country=%00TR%E2%80%8B", [1, 4]),
        ("?signed_from=%E2%80%8E2016", [4]),
        ("?page=%DB%B1", [1, 2, 3, 4, 5, 6]),
        ("?page=" + "0" * 5000 + "1", [1, 2, 3, 4, 5, 6]),
    ],
)
def test_what_cannot_be_seen_does_not_count(client, register, query, found):
    page = browse(client, query)
    assert numbers(page) == found
    assert complaints(page) == []


def test_long_search_is_cut_and_told(client, register):
    page = browse(client, "?q=" + "baku+" * 2000)
    assert complaints(page) == ["A search takes at most 200 characters; the rest was left out."]
    assert numbers(page) == [2]
    assert {len(one["value"]) for one in page.named("input") if one["name"] == "q"} == {200}


def test_many_wrong_values_are_counted_and_not_listed(client, register):
    page = browse(client, "?" + "&".join(f"country=X{number}" for number in range(900)))
    assert complaints(page) == [
        ", ".join(said(f"X{number}") for number in range(5)) + ", 895 more are not country codes."
    ]


def test_far_page_number_of_thousands_of_digits_is_told(client, register):
    page = browse(client, "?country=CN&page=" + "9" * 5000)
    assert complaints(page) == ["There is no page 999999999: the last, 1, is shown."]


# --- Pages ---------------------------------------------------------------------------------------------


def test_fifty_agreements_stand_on_a_page(client):
    for _number in range(52):
        factories.agreement(True)
    page = browse(client, "?kind=sister&sort=-number")
    assert numbers(page) == list(range(52, 2, -1))
    (pages,) = page.of_class("pages")
    assert {link.words: link["href"] for link in links(pages)} == {
        "Page 1": "?kind=sister&sort=-number&page=1",
        "Page 2": "?kind=sister&sort=-number&page=2",
        "Next": "?kind=sister&sort=-number&page=2",
    }
    second = browse(client, "?kind=sister&sort=-number&page=%DB%B2")
    assert numbers(second) == [2, 1]
    beyond = browse(client, "?kind=sister&sort=-number&page=3")
    assert numbers(beyond) == [2, 1]
    assert complaints(beyond) == ["There is no page 3: the last, 2, is shown."]


def test_number_on_a_page_can_be_chosen(client):
    for _number in range(101):
        factories.agreement(True)
    for query, shown, last in (
        ("?per_page=25", 25, ["Page 5"]),
        ("", 50, ["Page 3"]),
        ("?per_page=100", 100, ["Page 2"]),
        ("?per_page=%DB%B2%DB%B0%DB%B0", 101, []),
    ):
        page = browse(client, query)
        assert numbers(page) == list(range(1, shown + 1))
        assert [one.words for one in page.of_class("pages__number")][-1:] == last
        assert complaints(page) == []


def test_number_on_a_page_is_kept_and_chosen_in_the_form(client, register):
    page = browse(client, "?per_page=25&kind=sister")
    (box,) = [one for one in page.named("select") if one["name"] == "per_page"]
    options = {one["value"]: "selected" in one.attributes for one in box.all if one.name == "option"}
    assert options == {"25": True, "50": False, "100": False, "200": False}
    assert chips(page) == {"Remove Kind: sister city": [("per_page", "25")]}
    assert [one["href"] for one in page.of_class("chips__clear")] == ["?per_page=25"]


@pytest.mark.parametrize("size", ["0", "-25", "10", "51", "1000000000", "many", "25.0", "²⁵"])
def test_wrong_number_on_a_page_is_told(client, register, size):
    page = browse(client, f"?per_page={size}&kind=sister")
    assert complaints(page) == [f"A page can show 25, 50, 100, 200 partnerships, not {said(size)}: it shows 50."]
    assert numbers(page) == [1, 2, 4, 6]


# --- The shortest address ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "shortest"),
    [
        ("?q=&sort=number", ""),
        ("?q=baku&sort=number&signed_from=&signed_to=&per_page=50", "?q=baku"),
        ("?country=&country=TR&country=", "?country=TR"),
        ("?q=%00%E2%80%8B+&kind=sister", "?kind=sister"),
        ("?view=list&page=1", "?page=1"),
        ("?view=timeline&sort=signed", "?view=timeline"),
        ("?view=timeline&sort=number&q=", "?view=timeline&sort=number"),
        ("?view=map&sort=number", "?view=map"),
    ],
)
@pytest.mark.parametrize("language", ["fa", "en"])
def test_address_that_says_more_than_it_asks_leads_to_the_shortest(client, register, language, asked, shortest):
    response = client.get(f"/{language}/partnerships/{asked}")
    assert (response.status_code, response["Location"]) == (302, f"/{language}/partnerships/{shortest}")
    assert client.get(response["Location"]).status_code == 200


@pytest.mark.parametrize(
    "query",
    [
        "",
        "?sort=city",
        "?sort=signed",
        "?view=globe&sort=signed",
        "?per_page=25",
        "?q=baku&q=",
        "?view=map&view=list",
        "?sort=city&sort=number",
        "?colour=",
        "?utm_source=&gclid=",
        "?=&&;",
    ],
)
def test_address_in_which_every_word_counts_stays(client, register, query):
    assert client.get(f"/en/partnerships/{query}").status_code == 200


def test_form_sends_on_what_is_not_in_its_boxes(client, register):
    def hidden(query):
        return {one["name"]: one["value"] for one in browse(client, query).named("input") if one["type"] == "hidden"}

    assert hidden("?sort=city&kind=sister") == {}
    assert hidden("?view=timeline&kind=sister&page=1") == {"view": "timeline"}
    assert hidden("?view=map&kind=sister") == {"view": "map"}
    assert hidden("?view=globe") == {}


# --- Three views ---------------------------------------------------------------------------------------

COMBINATIONS = {
    "": 6,
    "?q=baku": 1,
    "?country=TR": 2,
    "?country=TR&country=RU&status=in_force": 1,
    "?kind=friendship&kind=project": 2,
    "?domain=cultural&domain=technical": 2,
    "?verification=press": 2,
    "?signed_from=2009&signed_to=2009": 2,
    "?status=expired&signed_from=1390": 1,
    "?q=a&kind=sister&sort=-signed&per_page=25": 4,
    "?country=XX&kind=sister": 4,
    "?q=atlantis": 0,
}


@pytest.mark.parametrize("query", COMBINATIONS)
@pytest.mark.parametrize("language", ["fa", "en"])
def test_three_views_find_the_same(client, register, language, query):
    listed, mapped, in_time = (
        browse(client, f"{query or '?'}&view={view}", language) for view in ("list", "map", "timeline")
    )
    assert int(count(listed).split()[0]) == COMBINATIONS[query]
    assert count(listed) == count(mapped) == count(in_time)
    assert facets(listed) == facets(mapped) == facets(in_time)
    assert list(chips(listed)) == list(chips(mapped)) == list(chips(in_time))
    assert complaints(listed) == complaints(mapped) == complaints(in_time)


@pytest.mark.parametrize("query", COMBINATIONS)
def test_timeline_shows_what_the_list_shows(client, register, query):
    page = browse(client, f"{query or '?'}&view=timeline")
    shown = [link["href"] for name in ("timeline", "undated") for box in page.of_class(name) for link in links(box)]
    listed = [link["href"] for name in browse(client, query).of_class("ledger__name") for link in links(name)]
    assert sorted(shown) == sorted(listed)
    assert len(shown) == COMBINATIONS[query]


@pytest.mark.parametrize(
    ("language", "labels"),
    [("en", ["List", "Map", "Timeline"]), ("fa", ["فهرست", "نقشه", "خط زمان"])],
)
def test_tabs_lead_to_the_views_with_everything_that_was_asked(client, register, language, labels):
    page = browse(client, "?q=n&country=TR&sort=city&per_page=25&page=1&view=timeline", language)
    (tabs,) = page.of_class("tabs")
    assert {link.words: (link["href"], link["aria-current"]) for link in links(tabs)} == {
        labels[0]: ("?q=n&country=TR&sort=city&per_page=25", ""),
        labels[1]: ("?q=n&country=TR&sort=city&per_page=25&view=map", ""),
        labels[2]: ("?q=n&country=TR&sort=city&per_page=25&view=timeline", "page"),
    }


# --- Nothing -------------------------------------------------------------------------------------------


def test_nothing_found_offers_the_way_back(client, register):
    page = browse(client, "?q=atlantis&sort=city")
    assert count(page) == "0 partnerships"
    (empty,) = page.of_class("empty")
    assert [one.words for one in empty.all if one.name == "h2"] == ["No partnership matches your search"]
    assert [link["href"] for link in links(empty)] == ["?sort=city"]


@pytest.mark.parametrize(
    ("language", "title"), [("en", "No partnership has been published yet"), ("fa", "هنوز پیمانی منتشر نشده است")]
)
def test_empty_register_says_so(client, language, title):
    factories.agreement()
    page = browse(client, language=language)
    (empty,) = page.of_class("empty")
    assert [one.words for one in empty.all if one.name == "h2"] == [title]
    assert page.named("table") == []


# --- The filter by itself ------------------------------------------------------------------------------


def test_filter_serves_whichever_agreements_it_is_given(register):
    found = AgreementFilter(QueryDict("country=DE"), Agreement.objects.all())
    assert [agreement.number for agreement in found.qs] == [7, 8]
    assert found.tally == Tally(2)


def test_period_is_counted_as_the_dates_themselves_say(register):
    first, last = UncertainDate.parse("2009").first, UncertainDate.parse("2009").last
    published = list(Agreement.objects.published())
    found = AgreementFilter(QueryDict("signed_from=2009&signed_to=2009"), Agreement.objects.published())
    assert found.tally == Tally(
        total=sum(bool(one.signed and one.signed.possibly_within(first, last)) for one in published),
        certain=sum(bool(one.signed and one.signed.certainly_within(first, last)) for one in published),
        undated=sum(not one.signed for one in published),
    )
    assert {one.number: one.signed_certainly for one in found.qs} == {
        one.number: one.signed.certainly_within(first, last)
        for one in published
        if one.signed and one.signed.possibly_within(first, last)
    }
