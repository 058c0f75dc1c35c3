"""The lists of the desk: milestones, activities, promises, contacts, documents and notes across all agreements."""

import datetime
from collections.abc import Iterable
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from partnerships.models import Activity, Agreement, Commitment, Contact, Milestone, Note
from sistercities.dates import Calendar, UncertainDate
from sistercities.records import Record
from tests import factories
from tests.desk import fields, page
from tests.pages import Guarded, Page

LISTS = {
    # the list, and what it asks of the database with every column that it has
    "partnerships": 18,
    "milestones": 10,
    "milestone-kinds": 8,
    "activities": 11,
    "commitments": 8,
    "contacts": 8,
    "documents": 8,
    "notes": 8,
    "resolutions": 8,
    "domains": 8,
    "provisions": 8,
    "memberships": 8,
    "cities": 9,
}
HARD = {
    "milestones": "q=city&standing=waiting_long&standing=noted&kind=proposal&sort=standing&agreement=1",
    "activities": "q=city&kind=delegation&domain=cultural&publication=no&agreement=1&begun_from=2009&sort=partners",
    "commitments": "q=week&status=overdue&status=open&side=home&agreement=1&due_from=1380&sort=-state",
    "contacts": "q=aydin&office=now&review=due&kind=partner&sort=-review",
    "documents": "q=planted&owner=agreement&publication=no&kind=text&sort=-size",
    "notes": "q=embassy&agreement=1&sort=agreement",
}


def many(model: type[Record], rows: Iterable[dict[str, Any]]) -> list[Any]:
    """Records of the model, made at once."""
    made = [model(**row) for row in rows]
    for one in made:
        one.derive()
    return model.objects.bulk_create(made)


def record(count: int, activities: int) -> None:
    """Record `count` agreements with everything that belongs to one, and so many activities under them."""
    home, domain, kind = factories.home_city(), factories.domain(), factories.milestone_kind(patience_days=30)
    cities = [factories.istanbul(), *(factories.city() for _ in range(min(count, 20) - 1))]
    numbers = range(1, count + 1)
    agreements = many(
        Agreement,
        (
            {"number": at, "home_city": home, "partner": cities[at % len(cities)], "status": "prospect"}
            for at in numbers
        ),
    )
    for number in numbers if count == 1 else range(20):
        factories.provision(f"p-{number}")
        factories.membership(f"b-{number}")
        factories.milestone_kind(f"k-{number}")
        factories.resolution()
        factories.domain(f"d-{number}")
        factories.document(agreement=agreements[number % count])
    long_ago = UncertainDate.from_stored("AD 2020-01-01")
    belonging = [{"agreement": one} for one in agreements]
    many(Milestone, (one | {"kind": kind, "sent": long_ago} for one in belonging))
    many(Commitment, (one | {"text_en": "To hold a week", "due": long_ago} for one in belonging))
    many(Note, (one | {"text": "Ask the embassy"} for one in belonging))
    many(Contact, ({"partner": one.partner, "name_en": "Aydın", "review_on": long_ago.first} for one in agreements))
    made = many(Activity, ({"title_fa": f"سفر {at}", "title_en": f"Visit {at}"} for at in range(activities)))
    under, about = Activity.agreements.through, Activity.domains.through
    under.objects.bulk_create(under(activity=one, agreement=agreements[at % count]) for at, one in enumerate(made))
    about.objects.bulk_create(about(activity=one, domain=domain) for one in made)
    within = Agreement.domains.through
    within.objects.bulk_create(within(agreement=one, domain=domain) for one in agreements)


@pytest.fixture(scope="module", params=[(1, 1), (300, 3000)], ids=["one", "many"])
def office(request, django_db_setup, django_db_blocker):
    """A client of a manager, before one record of each kind and then before 300 agreements with 3,000 activities."""
    with django_db_blocker.unblock(), transaction.atomic():
        record(*request.param)
        client = Guarded()
        client.force_login(factories.manager())
        yield client
        transaction.set_rollback(True)


@pytest.mark.parametrize("word", LISTS)
def test_list_with_every_column_costs_the_same_for_one_and_for_many(office, django_db_blocker, word):
    with django_db_blocker.unblock():
        listed = page(office.get(f"/en/staff/{word}/"))
        columns = [one["value"] for one in listed.named("input") if one["name"] == "columns"]
        with CaptureQueriesContext(connection) as queries:
            response = office.get(f"/en/staff/{word}/", {"columns": columns})
    assert response.status_code == 200
    assert len(queries) == LISTS[word]


@pytest.mark.parametrize("word", HARD)
def test_list_that_is_asked_everything_costs_the_same(office, django_db_blocker, word):
    with django_db_blocker.unblock(), CaptureQueriesContext(connection) as queries:
        response = office.get(f"/en/staff/{word}/?{HARD[word]}")
    assert response.status_code == 200
    assert len(queries) <= 14


# --- What they say --------------------------------------------------------------------------------------------------


@pytest.fixture
def desk(client, db) -> Client:
    """The client of a manager."""
    client.force_login(factories.manager())
    return client


def names(listed: Page) -> list[str]:
    """The names that the rows begin with."""
    return [one.words for one in listed.named("a") if "ledger__name" in one.parent["class"]]


def ask(desk: Client, word: str, query: str = "") -> list[str]:
    """The names in the list of that word for the query."""
    response = desk.get(f"/en/staff/{word}/?{query}", follow=True)
    assert response.status_code == 200
    return names(page(response))


def days_ago(days: int) -> UncertainDate:
    """The day that was so many days ago."""
    return UncertainDate.on(timezone.localdate() - datetime.timedelta(days=days), Calendar.GREGORIAN)


def test_standing_of_milestones_and_its_queryset_twin_agree(desk):
    agreement = factories.agreement()
    waits, plain = factories.milestone_kind("letter", patience_days=30), factories.milestone_kind("bill")
    for given in (
        {},
        {"planned": days_ago(-9)},
        {"planned": days_ago(9)},
        {"sent": days_ago(9)},
        {"sent": days_ago(40)},
        {"sent": days_ago(-9), "planned": days_ago(50)},
        {"sent": UncertainDate(Calendar.GREGORIAN, timezone.localdate().year)},
        *({"outcome": outcome} for outcome in Milestone.Outcome.values),
    ):
        for kind in (waits, plain):
            Milestone.objects.create(agreement=agreement, kind=kind, **given)
    found = Milestone.objects.with_kind().with_standing()
    assert {one.pk: one.standing_today for one in found} == {one.pk: one.standing for one in found}
    assert len({one.standing for one in found}) == 10
    late = ask(desk, "milestones", "standing=waiting_long&standing=overdue")
    assert late == ["Step letter", "Step letter", "Step bill"]


def test_activities_are_found_by_a_partner_and_told_once(desk):
    first, second = (
        factories.agreement(partner=factories.city(name_en=name, name_fa=fa))
        for name, fa in [("Kazan", "قازان"), ("Baku", "باکو")]
    )
    factories.activity(first, second, title_en="Week of both", begun="AD 2020")
    factories.activity(second, title_en="Fair", begun="AD 2019", published=True)
    assert ask(desk, "activities", "q=قازان") == ["Week of both"]
    assert ask(desk, "activities", "q=both kazan") == ["Week of both"]
    assert ask(desk, "activities") == ["Week of both", "Fair"]
    assert ask(desk, "activities", "agreement=۲") == ["Week of both", "Fair"]
    assert ask(desk, "activities", "agreement=2&publication=yes") == ["Fair"]
    assert ask(desk, "activities", "begun_from=1399") == ["Week of both"]


def test_promises_are_found_by_partner_and_by_what_became_of_them(desk):
    agreement = factories.agreement(partner=factories.city(name_en="Kazan"))
    for text, given in {
        "Kept": {"status": "kept", "settled": "AD 2020"},
        "Late": {"due": "AD 2020"},
        "Coming": {"due": "AD 2100"},
    }.items():
        factories.commitment(agreement, text_en=text, **given)
    factories.commitment(factories.agreement(), text_en="Another’s")
    assert ask(desk, "commitments", "q=kazan") == ["Late", "Coming", "Kept"]
    assert ask(desk, "commitments", "q=kazan&status=overdue") == ["Late"]
    assert ask(desk, "commitments", "status=open&agreement=1") == ["Coming"]
    assert Commitment.objects.count() == 4


def test_contacts_are_told_by_their_term_and_their_review(desk):
    city = factories.istanbul()
    factories.contact(city, name_en="Now")
    factories.contact(city, name_en="Former", until="AD 2020")
    factories.contact(city, name_en="Due", review_on=timezone.localdate())
    assert ask(desk, "contacts", "office=now&sort=-review") == ["Now", "Due"]
    assert ask(desk, "contacts", "office=former") == ["Former"]
    assert ask(desk, "contacts", "review=due") == ["Due"]


def test_contacts_are_not_for_auditors(client, db):
    factories.contact(factories.istanbul())
    client.force_login(factories.user("auditor", "Auditors"))
    assert client.get("/en/staff/contacts/").status_code == 403
    assert client.get("/en/staff/notes/").status_code == 403


def test_documents_of_everything_lead_to_what_they_belong_to(desk):
    agreement = factories.agreement()
    activity = factories.activity(agreement)
    factories.document(agreement=agreement, title_en="Text")
    factories.document(activity=activity, title_en="Picture", content=b"x" * 5000)
    response = desk.get("/en/staff/documents/?sort=-size")
    assert names(page(response)) == ["Picture", "Text"]
    links = list(page(response).links())
    assert f"/en/staff/partnerships/{agreement.number}/" in links
    assert f"/en/staff/activities/{activity.pk}/history/" in links
    assert ask(desk, "documents", "owner=activity") == ["Picture"]


def test_number_of_no_agreement_is_told(desk):
    listed = page(desk.get("/en/staff/notes/?agreement=99"))
    assert "No agreement has the number “\u206899\u2069”." in listed.document.words


def test_activities_are_published_together_but_those_that_cannot_be(desk):
    agreement = factories.agreement(published=True)
    good = factories.activity(agreement)
    alone = factories.activity(title_en="Alone")
    address = "/en/staff/activities/together/"

    preview = desk.get(address, {"verb": "publish", "all": "on", "filter": ""})
    account = desk.post(address, fields(preview) | {"reason": "yearly report"}, follow=True)

    assert [one.publication for one in (Activity.objects.get(pk=good.pk), Activity.objects.get(pk=alone.pk))] == [
        "published",
        "draft",
    ]
    assert good.history.first().history_change_reason == "yearly report"
    assert "Alone It stands under no agreement." in page(account).document.words
