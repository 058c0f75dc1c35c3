"""The agenda: what is due between two days and what is to be completed, on days that the tests name."""

import datetime
from types import SimpleNamespace

import pytest
from django.contrib.auth.models import User
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.translation import override

from partnerships.agenda import Agenda
from partnerships.models import Activity, Agreement, Commitment, Contact, Desk, Milestone
from partnerships.querysets.agreements import years_before
from sistercities.dates import UncertainDate
from tests import factories
from tests.desk import page

pytestmark = pytest.mark.django_db

ON = datetime.date(2026, 11, 24)
"""3 Azar 1405, a Tuesday."""


def may(*permissions, publishes=False):
    """Somebody with these permissions."""
    held = {f"partnerships.{one}" for one in permissions} | ({"partnerships.publish_agreement"} if publishes else set())
    return SimpleNamespace(pk=0, has_perm=lambda name: name in held)


OFFICE = may("view_contact", "change_agreement", "change_commitment")


def told(on=ON, user=OFFICE, language="en"):
    """What is due: (kind, group, first day, last day, what)."""
    with override(language):
        agenda = Agenda(user, on)
        groups = {"overdue": agenda.overdue, "week": agenda.week, "later": agenda.later}
        assert sum(map(len, groups.values())) == len(agenda.items)
        return [
            (item.kind, group, item.first.isoformat(), item.last.isoformat())
            for group, items in groups.items()
            for item in items
        ]


def signed(partner=None, **given):
    """An agreement in force, signed in 2009, with Baku or another city."""
    fields = {"status": "in_force", "signed": "AD 2009", "partner": partner or factories.baku()} | given
    return factories.agreement(**fields)


# --- What is due -----------------------------------------------------------------------------------------


def test_expiry_known_to_the_month_is_due_by_its_first_day_and_overdue_after_its_last():
    signed(expires="SH 1406-03")  # 22 May to 21 June 2027
    days = ["2027-02-21", "2027-02-22", "2027-05-15", "2027-05-16", "2027-06-21", "2027-06-22"]
    found = {day: [group for _kind, group, *_days in told(datetime.date.fromisoformat(day))] for day in days}
    assert found == {
        "2027-02-21": [],
        "2027-02-22": ["later"],
        "2027-05-15": ["later"],
        "2027-05-16": ["week"],
        "2027-06-21": ["week"],
        "2027-06-22": ["overdue"],
    }


def test_expiry_is_shown_at_its_own_precision():
    made = signed(expires="SH 1406-03")
    for language, day, sentence in [
        ("fa", "خرداد ۱۴۰۶", "باکو: پایان اعتبار: پیمان خواهرخواندگی تبریز و باکو"),
        ("en", "Khordad 1406", "Baku: Expires: Sister-city agreement of Tabriz and Baku"),
    ]:
        with override(language):
            (item,) = Agenda(OFFICE, datetime.date(2027, 5, 20)).items
            assert (item.day, item.sentence) == (day, sentence)
            assert item.address == f"/{language}/staff/partnerships/{made.number}/"


def test_expiry_that_an_agreement_in_force_has_followed_asks_for_nothing():
    old = signed(expires="AD 2026-11-20")
    assert told() == [("expiry", "overdue", "2026-11-20", "2026-11-20")]
    follower = signed(predecessor=old, status="negotiation", signed=None)
    assert len(told()) == 1
    follower.status, follower.signed = "in_force", UncertainDate.from_stored("AD 2026-11-19")
    follower.save()
    assert told() == []


def test_notice_deadline_is_told_until_it_has_passed():
    signed(notice_by="AD 2026-11-25", expires="AD 2028")
    assert told() == [("notice", "week", "2026-11-25", "2026-11-25")]
    assert told(datetime.date(2026, 11, 26)) == []


def test_withdrawn_ended_and_unsigned_agreements_have_no_dates():
    for given in ({"withdrawn": True}, {"status": "ended", "status_reason_en": "by notice"}, {"status": "negotiation"}):
        made = signed(**{"expires": "AD 2026-11-20", "notice_by": "AD 2026-11-20", "signed": "AD 2017-11-27"} | given)
        if "withdrawn" in given:
            factories.commitment(made, due="AD 2026-11-20")
            factories.milestone(made, planned="AD 2026-11-20")
    assert told() == [("anniversary", "week", "2026-11-27", "2026-11-27")]  # of the last, whose signing is on record


def test_commitment_is_due_while_it_is_open():
    made = factories.commitment(signed(), due="AD 2026-11-23", text_en="To plant a tree", side="partner")
    factories.commitment(made.agreement, due="AD 2026-11-23", status="kept")
    factories.commitment(made.agreement)
    with override("en"):
        (item,) = Agenda(OFFICE, ON).items
        assert (item.sentence, item.late) == ("Baku: Promised by the partner: To plant a tree", "1 day late")


def test_letter_is_overdue_when_it_has_certainly_waited_longer_than_its_kind_is_waited_for():
    kind = factories.milestone_kind("clearance", patience_days=30)
    made = factories.agreement()
    factories.milestone(made, kind, sent="AD 2026-10-25")
    factories.milestone(made, kind, sent="AD 2026-10", planned="AD 2026-12-01")  # perhaps only on the 31st
    factories.milestone(made, kind, sent="AD 2026-01-01", answered="AD 2026-02-01", outcome="approved")
    factories.milestone(made, factories.milestone_kind("report"), sent="AD 2026-01-01")  # nobody waits
    assert told() == [
        ("answer", "week", "2026-11-24", "2026-11-24"),
        ("answer", "week", "2026-11-30", "2026-11-30"),
    ]
    assert [group for _kind, group, *_days in told(datetime.date(2026, 11, 25))] == ["overdue", "week"]


def test_planned_step_is_due_until_it_is_done_or_sent():
    made = factories.agreement()
    factories.milestone(made, planned="SH 1405-10")
    factories.milestone(made, planned="AD 2026-11-01", outcome="not_needed")
    assert told() == [("step", "later", "2026-12-22", "2027-01-20")]


@pytest.mark.parametrize(
    ("day", "both", "when"),
    [
        ("AD 2016-11-26", ("2026-11-26", "2026-11-27"), "Gregorian: 26 November 2026 · Solar Hijri: 6 Azar 1405"),
        ("AD 2017-11-27", ("2026-11-27", "2026-11-27"), "27 November 2026 (6 Azar 1405)"),
        # 20 March 2009; 1405 ends with 29 Esfand
        ("SH 1387-12-30", ("2027-03-20", "2027-03-20"), "20 March 2027 (29 Esfand 1405)"),
    ],
)
def test_anniversary_of_both_calendars_is_one_item(day, both, when):
    signed(signed=day)
    with override("en"):
        (item,) = Agenda(OFFICE, datetime.date.fromisoformat(both[0])).items
        assert item.when == when
    assert told(datetime.date(2026, 12, 30) if day.startswith("SH") else ON) == [
        ("anniversary", "week" if day.startswith("AD") else "later", *both)
    ]


@pytest.mark.parametrize(("years", "marks"), [(3, 0), (5, 1), (10, 2), (15, 1), (25, 2), (26, 0)])
def test_round_anniversaries_are_marked(years, marks):
    signed(signed=f"AD {2026 - years}-11-26")
    with override("en"):
        (item,) = Agenda(OFFICE, ON).items
        assert (item.marks, item.label.split()[0]) == (marks, str(years))
        assert "26 November 2026" in item.when


def test_contact_is_looked_at_again_by_who_may_see_contacts_and_has_no_name_here():
    contact = factories.contact(factories.baku(), review_on=datetime.date(2026, 11, 24))
    with override("en"), CaptureQueriesContext(connection) as queries:
        (item,) = Agenda(OFFICE, ON).items
        assert item.sentence == "Baku: Look whether it still holds: a contact of Baku"
    assert not [query for query in queries if "contact" in query["sql"] and "email" in query["sql"]]
    assert contact.name_en not in repr(item)
    assert told(user=may("view_agreement")) == []


def test_day_outside_the_years_of_the_register_breaks_nothing():
    factories.contact(factories.baku(), review_on=datetime.date(202, 1, 1))
    assert [group for _kind, group, *_days in told()] == ["overdue"]


def test_months_are_those_of_the_readers_calendar():
    for due in ("AD 2026-12-01", "AD 2026-12-21", "AD 2026-12-22"):
        factories.commitment(signed(), due=due)
    months = {}
    for language in ("fa", "en"):
        with override(language):
            months[language] = [(month.title, len(month.items)) for month in Agenda(OFFICE, ON).months]
    assert months == {"fa": [("آذر ۱۴۰۵", 2), ("دی ۱۴۰۵", 1)], "en": [("December 2026", 3)]}


# --- What waits without a day ------------------------------------------------------------------------------


def test_only_on_paper_is_what_is_two_years_old_and_rests_for_two():
    def active(**given):
        made = signed(factories.city())
        factories.activity(made, **given)
        return made

    never, unknown = signed(), signed(factories.city(), signed=None)
    old, undated = active(begun="SH 1403-09-03"), active()  # 23 November 2024: a day too long ago
    active(begun="AD 2024-11-24")
    active(begun="AD 2020", finished="SH 1404")
    signed(factories.city(), signed="AD 2024-11-24")
    signed(factories.city(), expires="AD 2020")
    signed(factories.city(), status="suspended", status_reason_en="by notice")
    assert list(Agreement.objects.on_paper(ON).by_number()) == [never, unknown, old, undated]
    agenda = Agenda(OFFICE, ON)
    assert agenda.on_paper_count == 4
    assert [(one.number, one.is_active, one.last_active) for one in agenda.on_paper] == [
        (never.number, False, None),
        (unknown.number, False, None),
        (undated.number, True, None),
        (old.number, True, UncertainDate.from_stored("SH 1403-09-03")),
    ]


def test_two_years_before_a_leap_day_is_the_last_of_february():
    signed(signed="AD 2026-02-27")
    assert Agreement.objects.on_paper(datetime.date(2028, 2, 29)).count() == 1
    assert Agreement.objects.on_paper(datetime.date(2028, 2, 27)).count() == 0


def test_record_lacks_what_such_a_record_should_hold():
    bare = factories.agreement(status="suspended", status_reason_en="by notice")
    draft = factories.agreement(status="prospect", summary_fa="خلاصه", summary_en="Summary")
    whole = signed(authentic_languages="az fa", summary_fa="خلاصه", summary_en="Summary", verification="disputed")
    whole.resolutions.add(factories.resolution())
    factories.source(whole)
    factories.document(agreement=whole)
    factories.activity(whole, begun="AD 2026")
    factories.agreement(withdrawn=True, status="ended", status_reason_en="by notice")
    found = {what: set(Agreement.objects.lacking(what, on=ON)) for what in Agreement.objects.to_complete(ON)}
    assert found == {
        "date": {bare},
        "resolution": {bare},
        "text": {bare},
        "translation": {bare},
        "summary": {bare},
        "source": {bare, draft},
        "activity": set(),
    }
    assert Agreement.objects.to_complete(ON) == {what: len(those) for what, those in found.items()}


def test_counts_of_tabriz_lead_to_lists_of_as_many(client):
    factories.tabriz()
    client.force_login(factories.manager())
    for language in ("fa", "en"):
        first = page(client.get(f"/{language}/staff/"))
        tasks = [one for one in first.named("li") if one["class"] == "tasks__item"]
        assert len(tasks) == 7
        for task in tasks:
            (link,) = [one["href"] for one in task.all if one.name == "a"]
            (count,) = [one.words for one in task.all if one["class"] == "tasks__count"]
            found = client.get(link).context["filter"]
            assert (found.complaints, found.total) == ([], int(count)), link


def test_drafts_wait_for_those_who_can_go_on_with_them(client):
    editor, manager = factories.editor(), factories.manager()
    factories.home_city()
    mine = Agreement(partner=factories.city())
    mine._history_user = editor
    mine.save()
    ready = factories.agreement()
    factories.source(ready)
    assigned = factories.agreement(reviewer=editor)
    factories.agreement(published=True)
    with override("en"):
        assert [(one.agreement, one.lacks, one.waits) for one in Agenda(editor, ON).drafts] == [
            (assigned, ["source"], True),
            (mine, ["source"], False),
        ]
        drafts = Agenda(manager, ON).drafts
        assert [(one.agreement, one.waits) for one in drafts] == [(ready, True), (assigned, False), (mine, False)]
        assert [one.address for one in drafts] == [
            f"/en/staff/partnerships/{ready.number}/publish/",
            f"/en/staff/partnerships/{assigned.number}/edit/",
            f"/en/staff/partnerships/{mine.number}/edit/",
        ]
        assert Agenda(may("view_agreement"), ON).drafts == []


# --- The desk's first page ---------------------------------------------------------------------------------


def test_auditor_sees_days_and_changes_and_no_buttons(client):
    factories.contact(factories.baku(), review_on=timezone.localdate())
    made = factories.commitment(signed(), due=f"AD {timezone.localdate().isoformat()}")
    client.force_login(factories.user("auditor", "Auditors"))
    first = page(client.get("/en/staff/"))
    links = [
        one["href"] for item in first.named("li") if item["class"] == "due__item" for one in item.all if one["href"]
    ]
    assert links == [f"/en/staff/partnerships/{made.agreement.number}/?next=/en/staff/"]
    assert [one for one in first.named("a") if "button" in one["class"].split()] == []
    assert [one.words for one in first.named("h2") if "drafts" in one["id"]] == []


def test_empty_desk_says_so(client):
    factories.home_city()
    client.force_login(factories.editor())
    said = {
        "fa": "نه این هفته موعدی هست و نه در هفته‌های پیش رو. روز خوبی است برای تکمیل یک پرونده.",
        "en": "Nothing is due this week, nor in the weeks to come. A good day to complete a record.",
    }
    for language, sentence in said.items():
        first = page(client.get(f"/{language}/staff/"))
        assert [one.words for one in first.named("p") if one["class"] == "calm"][:1] == [sentence]


def record(count):
    """`count` agreements in force with ten activities each, and for each of them everything is due, and a draft."""
    today = timezone.localdate()
    soon = UncertainDate.on(today + datetime.timedelta(days=20))
    old = UncertainDate.on(years_before(today + datetime.timedelta(days=10), 10))
    baku, home, numbers = factories.baku(), factories.home_city(), range(1, count + 1)
    kind = factories.milestone_kind("clearance", patience_days=30)
    names = {"home_city": home, "partner": baku, "name_fa": "پیمان", "name_en": "Agreement"}
    dates = {"signed": old, "expires": soon, "notice_by": soon, "published_at": timezone.now()}
    made = Agreement.objects.bulk_create(Agreement(number=one, status="in_force", **names, **dates) for one in numbers)
    Agreement.objects.bulk_create(Agreement(number=count + one, **names) for one in numbers)
    promises = Commitment.objects.bulk_create(Commitment(agreement=one, text_en="A tree", due=soon) for one in made)
    letters = Milestone.objects.bulk_create(Milestone(agreement=one, kind=kind, sent=old) for one in made)
    Milestone.objects.bulk_create(Milestone(agreement=one, kind=kind, planned=soon) for one in made)
    Contact.objects.bulk_create(Contact(partner=baku, name_en="Aydın", review_on=today) for _one in made)
    activities = Activity.objects.bulk_create(Activity(title_en="Visit") for _number in range(10 * count))
    links = Activity.agreements.through
    links.objects.bulk_create(
        links(activity=one, agreement=made[number % count]) for number, one in enumerate(activities)
    )
    for one in (made[0], promises[0], letters[0], activities[0], factories.resolution()):
        one.save()  # these have a history
    factories.document(agreement=made[0])


@pytest.fixture(scope="module", params=[1, 300])
def recorded(request, django_db_setup, django_db_blocker):
    """A register of one agreement, then one of three hundred with three thousand activities: their number."""
    with django_db_blocker.unblock(), transaction.atomic():
        record(request.param)
        factories.manager()
        yield request.param
        transaction.set_rollback(True)


def test_first_page_costs_the_same_queries_for_any_number(recorded, django_db_blocker):
    with django_db_blocker.unblock():
        client = Client()
        client.force_login(User.objects.get())
        with CaptureQueriesContext(connection) as queries:
            response = client.get("/en/staff/")
        assert response.status_code == 200
        assert len(response.context["agenda"].items) == 7 * recorded
    assert len(queries) == 50


def test_calendar_costs_the_same_queries_for_any_number(recorded, django_db_blocker):
    with django_db_blocker.unblock():
        key = Desk.objects.of(User.objects.get()).calendar_key
        with CaptureQueriesContext(connection) as queries:
            response = Client().get(f"/calendar/desk/{key}.ics")
        assert response.content.count(b"BEGIN:VEVENT") > 6 * recorded
    assert len(queries) == 11
