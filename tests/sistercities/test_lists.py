"""The lists of the staff: columns, orders, filters and pages that the address says, the same on every list."""

import pytest
from django.test import Client

from tests import factories
from tests.desk import page, say
from tests.pages import Page

pytestmark = pytest.mark.django_db

BOTH = pytest.mark.parametrize("language", ["fa", "en"])
LIST = "/en/staff/partnerships/"


@pytest.fixture
def desk(client) -> Client:
    """The client of an editor, before three agreements."""
    client.force_login(factories.editor())
    for name, signed in [("Gaza", "SH 1387"), ("Ankara", None), ("Baku", "AD 2013-04-13")]:
        factories.agreement(partner=factories.city(name_en=name, name_fa=name), signed=signed)
    return client


def at(desk: Client, query: str = "") -> Page:
    """The list that the query asks for."""
    return page(desk.get(f"{LIST}?{query}", follow=True))


def heads(listed: Page) -> list[str]:
    """The heads of the columns."""
    return [one.words for one in listed.named("th") if one["scope"] == "col" and not one["class"]]


def cities(listed: Page) -> list[str]:
    """The cities in the order of the rows."""
    return [one.words for one in listed.named("a") if "ledger__name" in one.parent["class"]]


# --- Columns --------------------------------------------------------------------------------------------------------


def test_columns_are_the_usual_ones_unless_chosen(desk):
    assert heads(at(desk)) == ["No.", "City", "Kind", "Status", "Signed", "Verification", "Publication"]


def test_chosen_columns_stand_in_their_order_beside_the_name(desk):
    listed = at(desk, "columns=activity&columns=country&columns=signed")
    assert heads(listed) == ["City", "Country", "Signed", "Activities"]
    boxes = [one["value"] for one in listed.named("input") if one["name"] == "columns" and "checked" in one.attributes]
    assert boxes == ["country", "signed", "activity"]


def test_numbers_of_related_records_are_of_each(desk):
    for number in (1, 1, 3):
        factories.activity(*factories.Agreement.objects.filter(number=number))
    cells = [one.words for one in at(desk, "columns=activity&sort=-activity").named("td") if one["data-label"]]
    assert cells == ["2", "1", "0"]


@pytest.mark.parametrize(
    ("language", "sentence"),
    [("fa", "«colour»، «city» از ستون‌های این فهرست نیستند."), ("en", "“colour”, “city” are not columns of this list.")],
)
def test_what_is_no_column_is_told_and_the_others_show(desk, language, sentence):
    listed = page(desk.get(f"/{language}/staff/partnerships/?columns=signed&columns=colour&columns=city"))
    told = [one.words.replace("\u2068", "").replace("\u2069", "") for one in listed.named("li")]
    assert sentence in told
    assert len(heads(listed)) == 2


def test_usual_columns_need_not_be_said(desk):
    usual = ["number", "kind", "state", "signed", "verification", "publication"]
    response = desk.get(LIST, {"columns": usual, "q": "", "sort": "number", "per_page": "50", "kind": "sister"})
    assert response["Location"] == f"{LIST}?kind=sister"


# --- Order and page -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ("", ["Gaza", "Ankara", "Baku"]),
        ("-number", ["Baku", "Ankara", "Gaza"]),
        ("city", ["Ankara", "Baku", "Gaza"]),
        ("signed", ["Gaza", "Baku", "Ankara"]),
        ("-signed", ["Baku", "Gaza", "Ankara"]),
    ],
)
def test_list_is_sorted_by_a_column_and_what_is_not_known_comes_last(desk, order, expected):
    listed = at(desk, f"sort={order}")
    assert cities(listed) == expected
    sorted_by = {one.words: one["aria-sort"] for one in listed.named("th") if one["aria-sort"]}
    name = {"": "No.", "number": "No.", "city": "City", "signed": "Signed"}[order.removeprefix("-")]
    assert sorted_by == {name: "descending" if order.startswith("-") else "ascending"}


def test_head_of_a_column_sorts_by_it_and_then_the_other_way_round(desk):
    def link(listed: Page) -> str:
        return next(one["href"] for one in listed.named("a") if one.words == "Signed")

    assert link(at(desk, "kind=sister&page=2")) == "?kind=sister&sort=signed"
    assert link(at(desk, "kind=sister&sort=signed")) == "?kind=sister&sort=-signed"


def test_choices_sort_in_their_order_and_not_by_their_keys(desk):
    for status in ("suspended", "approved", "negotiation"):
        reason = {"status_reason_en": "war"} if status == "suspended" else {}
        factories.agreement(partner=factories.city(name_en=status), status=status, **reason)
    assert cities(at(desk, "sort=-state"))[:3] == ["suspended", "approved", "negotiation"]


@pytest.mark.parametrize("query", ["sort=colour", "sort=domains", "per_page=7", "decided_from=1387"])
def test_wrong_parameter_is_told_and_the_rest_applies(desk, query):
    listed = at(desk, f"q=gaza&{query}")
    assert cities(listed) == ["Gaza"]
    assert len([one for one in listed.named("h2") if "not understood" in one.words]) == 1


def test_edit_leads_back_to_filter_order_columns_and_page(desk):
    asked = f"{LIST}?kind=sister&sort=-signed&columns=signed&columns=country&per_page=25"
    work = next(one for one in page(desk.get(asked)).links() if "?next=" in one and "/add/" not in one)
    links = list(page(desk.get(work)).links())
    edit = next(one for one in links if "/edit/" in one)
    back = [one["href"] for one in page(desk.get(edit)).named("a") if one.words == "Leave without saving"]
    assert back == [work]
    assert asked in links


@BOTH
def test_empty_list_and_list_without_matches_say_so_differently(client, language):
    client.force_login(factories.editor())
    address = f"/{language}/staff/partnerships/"
    titles = [page(client.get(one)).of_class("empty__title")[0].words for one in (address, f"{address}?q=gaza")]
    assert titles == [say(language, "Nothing is recorded yet"), say(language, "Nothing matches your search")]
