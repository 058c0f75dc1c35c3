"""The private calendar: whose address answers, what stands in it, and what never does."""

import datetime

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone
from icalendar import Calendar as Document

from partnerships.models import Desk
from tests import factories
from tests.constraints import Case, Rule
from tests.desk import fields, messages, page
from tests.pages import Guarded

pytestmark = pytest.mark.django_db

RULES = {
    Desk: [Rule("desk_digest_is_known", "Choose how often.", "بگویید هر چند وقت یک بار.", {"digest": "hourly"})],
}
CASES = {
    Desk: lambda: Case(
        Desk.objects.of(factories.user()),
        {"user": factories.user("another"), "calendar_key": "another"},
    )
}


def desk(user, **given):
    """The desk of an account."""
    made = Desk.objects.of(user)
    Desk.objects.filter(pk=made.pk).update(**given)
    return Desk.objects.get(pk=made.pk)


def address(key):
    return f"/calendar/desk/{key}.ics"


def events(key):
    """The events of a calendar by their id; whoever asks has no account here."""
    response = Guarded().get(address(key))
    assert (response.status_code, response["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    assert (response["Cache-Control"], response["X-Robots-Tag"]) == ("private, no-store", "noindex")
    assert "Access-Control-Allow-Origin" not in response
    assert not response.cookies
    assert [line for line in response.content.split(b"\r\n") if len(line) > 75] == []
    return {str(event["uid"]): event for event in Document.from_ical(response.content).walk("VEVENT")}


def plant(**given):
    """An agreement with Baku that may expire on any day of a month and was signed ten years before."""
    today = timezone.localdate()
    signed = f"AD {today.year - 10}-{today.month:02}-{min(today.day, 28):02}"
    return factories.agreement(
        partner=factories.baku(), status="in_force", signed=signed, expires=f"AD {today.year + 1}-01", **given
    )


@pytest.mark.parametrize(
    ("language", "summary"),
    [
        ("fa", "باکو: پایان اعتبار: پیمان خواهرخواندگی تبریز و باکو"),
        ("en", "Baku: Expires: Sister-city agreement of Tabriz and Baku"),
    ],
)
def test_event_of_an_uncertain_date_spans_its_days_in_the_language_of_its_owner(language, summary):
    made = plant()
    year = timezone.localdate().year + 1
    event = events(desk(factories.editor(), language=language).calendar_key)[f"expiry-{made.pk}@testserver"]
    assert (event["dtstart"].dt, event["dtend"].dt) == (datetime.date(year, 1, 1), datetime.date(year, 2, 1))
    assert str(event["summary"]) == summary
    assert str(event["url"]) == f"http://testserver/{language}/staff/partnerships/{made.number}/"
    assert event.walk("VALARM") == []


def test_event_keeps_its_id_when_it_moves_and_goes_when_it_is_settled():
    promise = factories.commitment(factories.agreement(), due=f"AD {timezone.localdate().isoformat()}")
    key = desk(factories.editor()).calendar_key
    (before,) = events(key).values()
    promise.due = None
    promise.save()
    assert events(key) == {}
    promise = factories.commitment(promise.agreement, due=f"AD {timezone.localdate().isoformat()}")
    uid = f"commitment-{promise.pk}@testserver"
    sequence = events(key)[uid]["sequence"]
    promise.text_en = "To plant two trees"
    promise.save()
    assert (events(key)[uid]["sequence"], sequence) == (1, 0)
    assert before["uid"] != uid


def test_contact_has_no_name_in_any_calendar():
    contact = factories.contact(factories.baku(), review_on=timezone.localdate(), role_en="Planted role")
    key = desk(factories.editor(), language="en").calendar_key
    (event,) = events(key).values()
    assert str(event["summary"]) == "Baku: Look whether it still holds: a contact of Baku"
    body = Client().get(address(key)).content.decode()
    planted = (contact.name_fa, contact.name_en, contact.email, contact.phone, contact.role_en)
    assert [one for one in planted if one in body] == []
    assert events(desk(factories.user("auditor", "Auditors")).calendar_key) == {}


def test_key_of_nobody_and_of_whoever_may_not_see_the_desk_answers_404():
    made = {
        "editor": desk(factories.editor()),
        "left": desk(factories.user("left", "Editors")),
        "moved": desk(factories.user("moved")),
    }
    User.objects.filter(username="left").update(is_active=False)
    found = {name: Client().get(address(one.calendar_key)).status_code for name, one in made.items()}
    assert found == {"editor": 200, "left": 404, "moved": 404}
    for wrong in ("x", "x" * 5000, made["editor"].calendar_key[:-1]):
        assert Client().get(address(wrong)).status_code == 404


@pytest.mark.parametrize("language", ["fa", "en"])
def test_new_address_makes_the_old_one_useless(client, language):
    factories.home_city()
    user = factories.editor()
    client.force_login(user)
    first = client.get(f"/{language}/staff/desk/")
    key = Desk.objects.get().calendar_key
    shown = [one.words for one in page(first).named("code")]
    assert shown == [f"http://testserver{address(key)}"]
    assert Desk.objects.get().language == language
    client.post(f"/{language}/staff/desk/", {"go": "new_address"})
    renewed = Desk.objects.get().calendar_key
    assert renewed != key
    assert [Client().get(address(one)).status_code for one in (key, renewed)] == [404, 200]


def test_digest_and_language_are_set_on_the_persons_own_page(client):
    user, other = factories.editor(), factories.manager()
    desk(other)
    client.force_login(user)
    sent = fields(client.get("/en/staff/desk/"))
    assert (sent["digest"], sent["language"]) == (["never"], ["en"])
    answer = client.post("/en/staff/desk/", sent | {"digest": ["weekly"], "language": ["fa"]}, follow=True)
    assert messages(answer) == ["Saved."]
    rows = Desk.objects.order_by("user__username").values_list("user__username", "digest", "language")
    assert list(rows)[0] == ("editor", "weekly", "fa")
    assert list(rows)[1][1] == "never"
    wrong = client.post("/en/staff/desk/", sent | {"digest": ["hourly"]})
    assert wrong.status_code == 200
    assert Desk.objects.get(user=user).digest == "weekly"
