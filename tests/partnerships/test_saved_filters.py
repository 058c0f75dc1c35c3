"""The filters that people save for themselves, above any list and on the desk's first page."""

import pytest
from django.http import HttpResponse
from django.test import Client

from partnerships.forms.desk import SavedFilterForm
from partnerships.models import SavedFilter
from tests import factories
from tests.constraints import Case, Rule
from tests.desk import errors, fields, messages, page, say

pytestmark = pytest.mark.django_db

RULES = {
    SavedFilter: [
        Rule("savedfilter_has_a_name", "Give the filter a name.", "برای پالایه نامی بنویسید.", {"name": ""}),
        Rule(
            "savedfilter_name_once",
            "You have a filter of this name here already.",
            "در اینجا پالایه‌ای به همین نام دارید.",
            {"name": "mine"},
            columns="name",
        ),
    ],
}


def _filter() -> Case:
    user = factories.user()
    SavedFilter.objects.create(user=user, list="agreement", name="mine")
    return Case(SavedFilter.objects.create(user=user, list="agreement", name="another"), {"name": "a third"})


CASES = {SavedFilter: _filter}

LIST = "/en/staff/partnerships/"
ALL = "/en/staff/saved-filters/"
BOTH = pytest.mark.parametrize("language", ["fa", "en"])


@pytest.fixture
def desk(client) -> Client:
    """The client of an auditor: saving filters for oneself changes no record."""
    factories.agreement()
    client.force_login(factories.user("auditor", "Auditors"))
    return client


def save(desk: Client, name: str, asked: str = "kind=sister&sort=-signed&page=1", listed: str = LIST) -> HttpResponse:
    """Save what a list is asked, by the link above it."""
    (link,) = [one["href"] for one in page(desk.get(f"{listed}?{asked}")).named("a") if one.words == "Save this filter"]
    return desk.post(link, fields(desk.get(link)) | {"name": name}, follow=True)


def saved(desk: Client, address: str = LIST) -> list[tuple[str, str]]:
    """The saved filters that a page names, and where they lead."""
    return [(one.words, one["href"]) for one in page(desk.get(address)).of_class("saved__link")]


def test_filter_is_saved_and_found_above_the_list_and_on_the_first_page(desk):
    response = save(desk, " Oldest   sister cities ")

    asked = f"{LIST}?kind=sister&sort=-signed"
    assert response.redirect_chain == [(asked, 302)]
    assert messages(response) == ["The filter “\u2068Oldest sister cities\u2069” is saved."]
    assert saved(desk) == saved(desk, "/en/staff/") == [("Oldest sister cities", asked)]
    assert saved(desk, "/en/staff/cities/") == []
    words = [one.words for one in page(desk.get(asked)).named("a")]
    assert "Save this filter" not in words
    assert [one["aria-current"] for one in page(desk.get(asked)).of_class("saved__link")] == ["page"]


def test_list_that_is_asked_nothing_offers_nothing_to_save(desk):
    assert page(desk.get(LIST)).of_class("saved") == []


def test_second_click_saves_one(desk):
    first = save(desk, "Mine")
    link = f"{ALL}add/?list=agreement&query=kind%3Dsister%26sort%3D-signed"
    second = desk.post(link, fields(desk.get(link)) | {"name": "Mine"}, follow=True)
    assert messages(first) == messages(second)
    assert SavedFilter.objects.count() == 1


def test_second_click_at_the_same_moment_saves_one(desk, monkeypatch):
    plain = SavedFilterForm.is_valid

    def overtaken(form: SavedFilterForm) -> bool:
        is_valid, one = plain(form), form.instance
        SavedFilter.objects.create(user=one.user, list=one.list, name="Mine", query=one.query)
        return is_valid

    monkeypatch.setattr(SavedFilterForm, "is_valid", overtaken)
    assert messages(save(desk, "Mine")) == ["The filter “\u2068Mine\u2069” is saved."]
    assert SavedFilter.objects.count() == 1


@BOTH
def test_name_is_given_once_in_each_list(desk, language):
    save(desk, "Mine")
    save(desk, "Mine", "country=IR", "/en/staff/cities/")
    link = f"/{language}/staff/saved-filters/add/?list=agreement&query=kind%3Dcontact"
    for name, sentence in [
        ("Mine", "You have a filter of this name here already."),
        ("\u200b", "Give the filter a name."),
    ]:
        told = errors(desk.post(link, fields(desk.get(link)) | {"name": name}))
        assert len(told) == 1
        if name == "Mine":
            assert say(language, sentence) in told[0]
    assert SavedFilter.objects.count() == 2


def test_filter_gets_another_name_and_is_deleted(desk):
    save(desk, "Mine")
    one = SavedFilter.objects.get()
    address = f"{ALL}{one.pk}/"
    assert [link for link in page(desk.get(ALL)).links() if link == address] == [address]

    desk.post(address, fields(desk.get(address)) | {"name": "Ours"})
    assert saved(desk) == [("Ours", f"{LIST}?kind=sister&sort=-signed")]

    desk.post(address, fields(desk.get(address)) | {"go": "delete"})
    assert (saved(desk), SavedFilter.objects.count()) == ([], 0)


def test_only_ones_own_are_seen_and_changed(client, desk):
    save(desk, "Mine")
    address = f"{ALL}{SavedFilter.objects.get().pk}/"
    client.force_login(factories.manager())

    assert saved(client) == saved(client, "/en/staff/") == []
    assert "Mine" not in page(client.get(ALL)).document.words
    assert client.get(address).status_code == 404
    assert client.post(address, {"name": "Theirs"}).status_code == 404
    assert client.post(address, {"go": "delete"}).status_code == 404
    assert SavedFilter.objects.get().name == "Mine"
    assert "saved" in messages(save(client, "Mine"))[0]
    assert SavedFilter.objects.count() == 2


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("", 404),
        ("list=x", 404),
        ("list=dashboard", 404),
        ("list=contact&query=q%3Dx", 403),
        ("list=city&query=%00", 200),
    ],
)
def test_filter_is_of_a_list_that_the_person_may_see(desk, query, status):
    assert desk.get(f"{ALL}add/?{query}").status_code == status


def test_filter_with_wrong_parameters_still_opens_its_list(desk):
    user = SavedFilter._meta.get_field("user").related_model.objects.get()
    SavedFilter.objects.create(user=user, list="agreement", name="Old", query="colour=blue&kind=sister")
    SavedFilter.objects.create(user=user, list="gone", name="Gone", query="x=1")
    (found,) = saved(desk)
    assert desk.get(found[1]).status_code == 200
    assert saved(desk, "/en/staff/") == [found]
    assert "Gone" not in page(desk.get(ALL)).document.words
