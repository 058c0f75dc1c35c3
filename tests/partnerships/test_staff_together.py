"""What is done to many agreements at once: chosen in the list, looked at, done to each with an entry, taken back."""

import threading
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client

from partnerships.models import Agreement
from sistercities import together
from tests import factories
from tests.desk import errors, fields, page, say

pytestmark = pytest.mark.django_db

LIST = "/en/staff/partnerships/"
PAGE = f"{LIST}together/"
BOTH = pytest.mark.parametrize("language", ["fa", "en"])


@pytest.fixture
def desk(client) -> Client:
    """The client of a manager."""
    factories.home_city()
    client.force_login(factories.manager())
    return client


def make(*names: str, **given: Any) -> list[Agreement]:
    """Agreements with cities of these names."""
    return [factories.agreement(partner=factories.city(name_en=name, name_fa=name), **given) for name in names]


def look(desk: Client, verb: str, *agreements: Agreement, **asked: Any) -> HttpResponse:
    """The preview of a verb for these agreements."""
    return desk.get(PAGE, {"verb": verb, "of": [one.number for one in agreements]} | asked)


def do(desk: Client, preview: HttpResponse, **typed: Any) -> HttpResponse:
    """Send the preview, and the page that gives account of it."""
    return desk.post(preview.request["PATH_INFO"], fields(preview) | typed, follow=True)


def told(response: HttpResponse, heading: str) -> list[str]:
    """The lines under the heading with this id."""
    section = page(response).section(heading)
    return [one.words for one in section.all if one.name == "li"] if section else []


def publications(*agreements: Agreement) -> list[str]:
    """How each is published now."""
    return [Agreement.objects.get(pk=one.pk).publication for one in agreements]


# --- Preview --------------------------------------------------------------------------------------------------------


def test_preview_names_each_with_what_hinders_and_changes_nothing(desk):
    made = [
        *make("Ankara"),
        *make("Baku", published=True),
        *make("Gaza", status="in_force"),
        *make("Konya", withdrawn=True),
    ]
    Agreement.objects.filter(pk=make("Kazan")[0].pk).update(name_fa="")
    made.append(Agreement.objects.latest("number"))

    preview = look(desk, "publish", *made)

    assert told(preview, "will") == [
        "1. Sister-city agreement of Tabriz and Ankara",
        "4. Sister-city agreement of Tabriz and Konya It was withdrawn and comes back.",
    ]
    assert told(preview, "refused") == [
        "2. Sister-city agreement of Tabriz and Baku This agreement is published already.",
        "3. Sister-city agreement of Tabriz and Gaza "
        "An agreement in force needs a date of signing or a source that supports it.",
        "5. Sister-city agreement of Tabriz and Kazan A published agreement needs a name in both languages.",
    ]
    assert publications(*made) == ["draft", "published", "draft", "withdrawn", "draft"]
    assert page(preview).faults == []


@BOTH
def test_preview_is_of_all_that_the_filter_finds(desk, language):
    make("Ankara", "Baku")
    make("Gaza", published=True)
    address = f"/{language}/staff/partnerships/"
    asked = {"verb": "publish", "all": "on", "filter": "publication=draft&sort=-number", "of": ["3"]}

    preview = desk.get(f"{address}together/", asked)

    assert len(told(preview, "will")) == 2
    assert told(preview, "refused") == []
    assert say(language, "Do nothing") in page(preview).document.words
    assert [one["href"] for one in page(preview).named("a") if one.words == say(language, "Do nothing")] == [
        f"{address}?publication=draft&sort=-number"
    ]


def test_preview_takes_a_thousand_at_most_and_says_so(desk, monkeypatch):
    monkeypatch.setattr(together, "AT_MOST", 2)
    monkeypatch.setattr(together, "NAMED", 1)
    make("Ankara", "Baku", "Gaza")

    preview = desk.get(PAGE, {"verb": "publish", "all": "on", "filter": ""})

    assert told(preview, "will") == ["1. Sister-city agreement of Tabriz and Ankara"]
    words = page(preview).document.words
    assert "At most 2 records can be done at once: these are the first." in words
    assert "and 1 more" in words
    assert "Done to 2 records." in page(do(desk, preview)).document.words


@pytest.mark.parametrize("count", [1, 60])
def test_preview_and_account_cost_the_same_for_one_and_for_many(desk, django_assert_max_num_queries, count):
    made = make(*(f"City {number}" for number in range(count)))
    with django_assert_max_num_queries(10):
        look(desk, "publish", *made)
    with django_assert_max_num_queries(11):
        look(desk, "assign_reviewer:nobody", *made)


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({}, "Choose what is to be done with them."),
        ({"verb": "burn", "of": "1"}, "Choose what is to be done with them."),
        ({"verb": "publish:cultural", "of": "1"}, "Choose what is to be done with them."),
        ({"verb": "add_domain", "of": "1"}, "Choose what is to be done with them."),
        ({"verb": "add_domain:x", "of": "1"}, "Choose what is to be done with them."),
        ({"verb": "publish"}, "Tick the records to which it is to be done, or choose all."),
        ({"verb": "publish", "of": ["99", "x", "9" * 4000, "\0"]}, "Tick the records to which it is to be done"),
        ({"account": "x"}, "The account of this is not kept any more."),
        ({"undo": "x"}, "It cannot be taken back from here any more."),
    ],
)
def test_nothing_to_show_leads_back_to_the_list_and_says_why(desk, asked, sentence):
    make("Ankara")
    response = desk.get(PAGE, asked | {"filter": "kind=sister&x=\0"}, follow=True)
    assert response.redirect_chain[0][0].startswith(f"{LIST}?kind=sister")
    assert sentence in page(response).document.words


@pytest.mark.parametrize("asked", ["status=signde", "agreement=7", "signed_from=x"])
def test_all_of_a_filter_that_is_not_understood_is_not_everything(desk, asked):
    make("Ankara", "Baku")
    response = desk.get(PAGE, {"verb": "publish", "all": "1", "filter": asked}, follow=True)
    assert response.request["PATH_INFO"] == LIST
    assert len(page(response).of_class("message--error")) == 1


def test_all_on_a_page_that_is_not_there_any_more_are_all_of_the_filter(desk):
    make("Ankara", "Baku")
    response = desk.get(PAGE, {"verb": "publish", "all": "1", "filter": "page=9"})
    assert len(told(response, "will")) == 2


# --- Doing ----------------------------------------------------------------------------------------------------------


def test_each_has_its_entry_with_who_and_why(desk):
    made = make("Ankara", "Baku")

    account = do(desk, look(desk, "publish", *made), reason="council’s letter 12")

    assert publications(*made) == ["published", "published"]
    for one in made:
        entries = Agreement.history.filter(id=one.pk).values_list("version", "history_user__username")
        assert list(entries) == [(2, "manager"), (1, None)]
        assert Agreement.history.filter(id=one.pk).first().history_change_reason == "council’s letter 12"
    assert "Done to 2 records." in page(account).document.words
    assert page(account).faults == []


@BOTH
def test_withdrawing_needs_its_reason_and_keeps_the_choice(desk, language):
    made = make("Ankara", published=True)
    address = f"/{language}/staff/partnerships/together/"
    preview = desk.get(address, {"verb": "withdraw", "of": made[0].number})

    refused = do(desk, preview, reason=" ")
    assert len(errors(refused)) == 1
    assert publications(*made) == ["published"]

    do(desk, refused, reason="wrong city")
    assert publications(*made) == ["withdrawn"]
    assert Agreement.objects.get().withdrawal_reason == "wrong city"


def test_domain_is_added_to_those_that_lack_it_and_taken_back_from_these_alone(desk):
    domain, other = factories.domain(name_en="Culture"), factories.domain("sport")
    had, lacked = make("Ankara", "Baku")
    had.domains.add(domain)
    lacked.domains.add(other)

    account = do(desk, look(desk, "add_domain:cultural", had, lacked), reason="plan of the year")

    assert told(account, "refused") == [f"{had} It is in this domain already."]
    assert {*lacked.domains.all()} == {domain, other}
    entry = lacked.history.first()
    assert (entry.version, {link.domain_id for link in entry.domains.all()}) == (2, {domain.pk, other.pk})
    assert page(account).one("h1").words == "Add a domain: Culture"

    (undo,) = [one["href"] for one in page(account).named("a") if one.words == "Take it back …"]
    preview = desk.get(undo)
    assert told(preview, "will") == [str(lacked)]
    do(desk, preview)
    assert ({*had.domains.all()}, {*lacked.domains.all()}) == ({domain}, {other})


def test_reviewers_are_assigned_and_each_gets_back_the_one_before(desk):
    anna, omid = (factories.user(name, "Editors") for name in ("anna", "omid"))
    made = [*make("Ankara"), *make("Baku", reviewer=anna)]

    account = do(desk, look(desk, f"assign_reviewer:{omid.pk}", *made))
    assert [Agreement.objects.get(pk=one.pk).reviewer for one in made] == [omid, omid]

    (undo,) = [one["href"] for one in page(account).named("a") if one.words == "Take it back …"]
    do(desk, desk.get(undo))
    assert [Agreement.objects.get(pk=one.pk).reviewer for one in made] == [None, anna]


def test_second_click_does_nothing_more_and_says_the_same(desk):
    made = make("Ankara", "Baku")
    preview = look(desk, "publish", *made)
    first, second = (do(desk, preview, reason="once") for _ in range(2))

    assert told(first, "done") == told(second, "done") == [str(one) for one in made]
    assert told(second, "refused") == []
    assert [Agreement.history.filter(id=one.pk).count() for one in made] == [2, 2]


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_the_same_moment_do_it_once_and_both_say_so():
    factories.home_city()
    client = Client()
    client.force_login(factories.manager())
    made = make("Ankara", "Baku")
    preview = look(client, "publish", *made)
    barrier, answers = threading.Barrier(2), []

    def click() -> None:
        second = Client()
        second.cookies = client.cookies
        barrier.wait()
        answers.append(told(do(second, preview), "done"))
        connection.close()

    threads = [threading.Thread(target=click) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert answers == [[str(one) for one in made]] * 2
    assert [Agreement.history.filter(id=one.pk).count() for one in made] == [2, 2]


def test_second_click_of_a_reviewer_still_knows_who_was_before(desk):
    anna, omid = (factories.user(name, "Editors") for name in ("anna", "omid"))
    (agreement,) = make("Ankara", reviewer=anna)
    preview = look(desk, f"assign_reviewer:{omid.pk}", agreement)
    do(desk, preview)
    session = desk.session
    session.pop(together.ACCOUNTS)
    session.save()

    account = do(desk, preview)

    (undo,) = [one["href"] for one in page(account).named("a") if one.words == "Take it back …"]
    do(desk, desk.get(undo))
    assert Agreement.objects.get().reviewer == anna


@BOTH
def test_record_that_somebody_changed_since_the_preview_is_left_and_told(desk, language):
    changed, deleted, same = make("Ankara", "Baku", "Gaza")
    preview = desk.get(f"/{language}/staff/partnerships/together/", {"verb": "publish", "of": [1, 2, 3]})
    changed.summary_en = "Theirs"
    changed.save()
    deleted.delete()

    account = do(desk, preview)

    assert publications(changed, same) == ["draft", "published"]
    assert len(told(account, "done")) == 1
    refused = " ".join(told(account, "refused"))
    assert say(language, "Somebody has changed it since this was shown.") in refused
    assert say(language, "It was deleted meanwhile.") in refused


def test_record_overtaken_between_look_and_write_is_left_and_the_others_are_done(desk, monkeypatch):
    made = make("Ankara", "Baku")
    preview = look(desk, "publish", *made)
    plain = Agreement.publish

    def slower(agreement: Agreement, **how: Any) -> None:
        if agreement.pk == made[0].pk:
            other = Agreement.objects.get(pk=agreement.pk)
            other.summary_en = "Theirs"
            other.save()
        plain(agreement, **how)

    monkeypatch.setattr(Agreement, "publish", slower)
    account = do(desk, preview)

    assert told(account, "refused") == [f"{made[0]} Somebody has changed it since this was shown."]
    assert publications(*made) == ["draft", "published"]
    assert Agreement.objects.get(pk=made[0].pk).summary_en == "Theirs"


def test_failure_in_the_middle_leaves_nothing_half_done(desk, monkeypatch):
    made = make("Ankara", "Baku")
    preview = look(desk, "publish", *made)
    plain = Agreement.publish

    def failing(agreement: Agreement, **how: Any) -> None:
        if agreement.pk == made[1].pk:
            raise MemoryError
        plain(agreement, **how)

    monkeypatch.setattr(Agreement, "publish", failing)
    with pytest.raises(MemoryError):
        do(desk, preview)

    assert publications(*made) == ["draft", "draft"]


# --- Who may --------------------------------------------------------------------------------------------------------


def test_editor_changes_domains_and_reviewers_and_publishes_nothing(client, desk):
    factories.domain()
    (agreement,) = make("Ankara")
    managers = look(desk, "publish", agreement)
    client.force_login(factories.editor())

    offered = [one["value"] for one in page(client.get(LIST)).named("option") if ":" in one["value"]]
    names = {one["value"].partition(":")[0] for one in page(client.get(LIST)).named("option")}

    assert "add_domain:cultural" in offered
    assert names & {"publish", "withdraw"} == set()
    assert look(client, "publish", agreement).status_code == 403
    assert client.post(PAGE, fields(managers)).status_code == 403
    assert publications(agreement) == ["draft"]


def test_preview_of_another_account_or_altered_is_refused(client, desk):
    factories.domain()
    (agreement,) = make("Ankara")
    mine = fields(look(desk, "add_domain:cultural", agreement))
    altered = do(desk, look(desk, "add_domain:cultural", agreement), selection="x" + mine["selection"][0])
    assert "The preview is not complete." in page(altered).document.words

    client.force_login(factories.editor())
    foreign = client.post(PAGE, mine, follow=True)
    assert "The preview was made for another account." in page(foreign).document.words
    assert list(agreement.domains.all()) == []


def test_auditor_is_offered_no_boxes(client):
    make("Ankara")
    client.force_login(factories.user("auditor", "Auditors"))
    assert [one for one in page(client.get(LIST)).named("input") if one["name"] == "of"] == []
