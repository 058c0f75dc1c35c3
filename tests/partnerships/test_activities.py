"""What comes of an agreement: activities, what was promised, notes; at the desk and on the public pages."""

import datetime
import json
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import connection
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.translation import override

from partnerships.models import Activity, Agreement, Commitment, Note
from partnerships.querysets import OVERDUE
from sistercities.dates import UncertainDate
from sistercities.quantities import AmountField
from tests import factories
from tests.constraints import Case, Rule
from tests.desk import errors, fields, messages, page, say
from tests.pages import DATA, Page, crawl

pytestmark = pytest.mark.django_db

BOTH = pytest.mark.parametrize("language", ["fa", "en"])
DAY = datetime.date(2024, 5, 22)


def dated(**codes: str) -> dict[str, Any]:
    """Dates together with their bounds, as an update has to give them."""
    values: dict[str, Any] = {}
    for name, code in codes.items():
        date = UncertainDate.from_stored(code)
        values |= {name: date, f"{name}_first": date.first, f"{name}_last": date.last}
    return values


# --- What the database refuses (see tests/test_constraints.py) ----------------------------------------

RULES = {
    Activity: [
        Rule(
            "activity_has_a_title",
            "Give the activity a title in Persian or in English.",
            "برای فعالیت عنوانی به فارسی یا انگلیسی بنویسید.",
            {"title_fa": "", "title_en": ""},
        ),
        Rule(
            "activity_published_in_both_languages",
            "A published activity needs a title in both languages.",
            "فعالیت منتشرشده باید به هر دو زبان عنوان داشته باشد.",
            {"published_at": timezone.now(), "title_fa": ""},
            {"published_at": timezone.now(), "title_en": ""},
        ),
        Rule(
            "activity_kind_is_known",
            "Choose one of the kinds of activity.",
            "یکی از نوع‌های فعالیت را برگزینید.",
            {"kind": "party"},
        ),
        Rule(
            "activity_direction_is_known",
            "Choose one of the directions.",
            "یکی از سمت‌وسوها را برگزینید.",
            {"direction": "sideways"},
        ),
        Rule(
            "activity_young_are_among_the_participants",
            "There cannot be more young people than participants.",
            "شمار جوانان نمی‌تواند از شمار شرکت‌کنندگان بیشتر باشد.",
            {"young_participants": 13},
        ),
        Rule(
            "activity_cost_has_a_currency",
            "Say in which currency the cost is.",
            "بنویسید هزینه به چه واحد پولی است.",
            {"currency": ""},
        ),
        Rule("activity_cost_is_not_negative", "A cost is not negative.", "هزینه منفی نمی‌شود.", {"cost": Decimal("-1")}),
        Rule(
            "activity_follows_another",
            "An activity cannot follow up itself.",
            "هیچ فعالیتی دنباله خودش نیست.",
            {"follows_id": lambda activity: activity.pk},
        ),
        Rule(
            "activity_finished_after_begun",
            "It cannot finish before it begins.",
            "پایان نمی‌تواند پیش از آغاز باشد.",
            dated(begun="AD 2021", finished="AD 2020"),
        ),
    ],
    Commitment: [
        Rule(
            "commitment_says_what",
            "Write what was promised, in Persian or in English.",
            "موضوع تعهد را به فارسی یا انگلیسی بنویسید.",
            {"text_fa": "", "text_en": ""},
        ),
        Rule(
            "commitment_published_in_both_languages",
            "A published commitment says what was promised in both languages.",
            "موضوع تعهد منتشرشده باید به هر دو زبان نوشته شود.",
            {"is_public": True, "text_fa": ""},
            {"is_public": True, "text_en": ""},
        ),
        Rule(
            "commitment_side_is_known",
            "Say who promised it.",
            "بنویسید چه کسی تعهد کرده است.",
            {"side": "nobody"},
        ),
        Rule(
            "commitment_status_is_known",
            "Choose one of the statuses.",
            "یکی از وضعیت‌ها را برگزینید.",
            {"status": "overdue"},
        ),
        Rule(
            "commitment_settled_when_not_open",
            "It has a date on which it was settled: say what became of it.",
            "تاریخ تعیین تکلیف دارد: بنویسید کار به کجا رسید.",
            {"status": "open"},
        ),
    ],
    Note: [Rule("note_is_written", "Write the note.", "یادداشت را بنویسید.", {"text": ""})],
}


def _activity() -> Case:
    return Case(factories.activity(participants=12, young_participants=3, cost=Decimal(5), currency="IRR"), {})


def _commitment() -> Case:
    return Case(factories.commitment(factories.agreement(), status="kept", settled="AD 2024"), {})


CASES = {
    Activity: _activity,
    Commitment: _commitment,
    Note: lambda: Case(factories.note(factories.agreement()), {}),
}
"""How a record of each model is made that breaks no rule."""


# --- Publishing ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", ["It has no title in English.", "It stands under no agreement."]),
        ("fa", ["عنوان انگلیسی ندارد.", "زیر هیچ پیمانی نیست."]),
    ],
)
def test_activity_is_published_only_with_both_titles_and_an_agreement(language, said):
    activity = factories.activity(title_en="")

    with override(language):
        with pytest.raises(ValidationError) as caught:
            activity.publish(by=None)
        assert caught.value.messages == said
    assert Activity.objects.get().published_at is None


def test_activity_is_published_and_taken_down_with_who_and_why_in_its_history():
    manager, activity = factories.manager(), factories.activity(factories.agreement(True))

    activity.publish(by=manager, reason="the mayor agreed")
    shown = list(Activity.objects.published())
    with pytest.raises(ValidationError):
        activity.publish(by=manager)
    with pytest.raises(ValidationError):
        activity.delete()
    with pytest.raises(ValidationError):
        activity.unpublish(by=manager, reason=" ")
    activity.unpublish(by=manager, reason="a wrong photo")

    assert (shown, list(Activity.objects.published())) == ([activity], [])
    told = activity.history.order_by("history_id").values_list("history_user__username", "history_change_reason")
    assert list(told)[2:] == [("manager", "the mayor agreed"), ("manager", "a wrong photo")]


@BOTH
def test_manager_publishes_at_the_desk_and_is_told_what_is_missing(client, language):
    client.force_login(factories.manager())
    draft = factories.agreement()
    ready, lacking = factories.activity(draft), factories.activity(title_fa="")

    refused = page(client.get(f"/{language}/staff/activities/{lacking.pk}/publish/"))
    asked = client.get(f"/{language}/staff/activities/{ready.pk}/publish/")
    client.post(f"/{language}/staff/activities/{ready.pk}/publish/", fields(asked))

    assert say(language, "It has no title in Persian.") in [one.words for one in refused.named("li")]
    assert refused.named("textarea") == []
    assert [one.words for one in page(asked).of_class("unknowns")] != []
    assert [Activity.objects.get(pk=one.pk).publication for one in (ready, lacking)] == ["published", "draft"]


# --- The form of an activity ---------------------------------------------------------------------------


def log(client: Client, language: str = "en", address: str = "", **typed: Any) -> HttpResponse:
    """Send the form of a new activity as a browser would, with what is typed."""
    asked = f"/{language}/staff/activities/add/{address}"
    return client.post(asked, fields(client.get(asked)) | typed, follow=True)


def test_delegation_is_logged_as_an_office_writes_it_with_what_was_promised_there(client):
    client.force_login(factories.editor())
    agreement, domain = factories.agreement(), factories.domain()

    log(
        client,
        "fa",
        f"?agreement={agreement.number}",
        title_fa="سفر هیئت استانبول",
        direction="incoming",
        begun_day="۷",
        begun_month="اردیبهشت",
        begun_year="۱۴۰۳",
        domains=str(domain.pk),
        participants="۱٬۲۰۰",
        young_participants="٤٠",
        cost="۲٬۵۰۰٬۰۰۰٫۵",
        currency="IRR",
        **{"commitments-0-text_fa": "برگزاری هفته فرهنگی", "commitments-0-due_year": "1404"},
    )

    made, promise = Activity.objects.get(), Commitment.objects.get()
    assert (list(made.agreements.all()), list(made.domains.all())) == ([agreement], [domain])
    assert (made.participants, made.young_participants, made.cost) == (1200, 40, Decimal("2500000.50"))
    assert (made.begun.stored.split()[:2], made.publication) == (["SH", "1403-02-07"], "draft")
    assert (promise.agreement, promise.activity, promise.side, promise.due.year) == (agreement, made, "home", 1404)
    assert (made.history.count(), promise.history.count()) == (1, 1)


def test_promise_without_an_agreement_is_refused_and_nothing_typed_is_lost(client):
    client.force_login(factories.editor())
    factories.agreement()

    response = log(client, title_en="A visit", **{"commitments-0-text_en": "To plant trees"})

    assert errors(response) == ["Agreements: Choose the agreement under which the promise was made."]
    assert fields(response)["commitments-0-text_en"] == ["To plant trees"]
    assert Activity.objects.count() == 0


def test_promise_belongs_to_the_first_agreement_unless_another_is_chosen(client):
    client.force_login(factories.editor())
    first, second = factories.agreement(), factories.agreement()
    activity = factories.activity(first, second)
    address = f"/en/staff/activities/{activity.pk}/edit/"

    client.post(address, fields(client.get(address)) | {"commitments-0-text_en": "Trees"})
    chosen = {"commitments-1-text_en": "Books", "commitments-1-agreement": str(second.pk)}
    client.post(address, fields(client.get(address)) | chosen)

    assert dict(Commitment.objects.values_list("text_en", "agreement")) == {"Trees": first.pk, "Books": second.pk}


def test_published_activity_keeps_an_agreement(client):
    client.force_login(factories.manager())
    activity = factories.activity(factories.agreement(True), published=True)
    address = f"/en/staff/activities/{activity.pk}/edit/"

    response = client.post(address, fields(client.get(address)) | {"agreements": []})

    assert errors(response) == ["Agreements: A published activity lies under an agreement. Take it down first."]


@pytest.mark.parametrize("words", ["باكو", "BAKÜ", "۲۵", "25"])
def test_agreement_is_found_among_many_by_city_or_number_and_those_chosen_stay(client, words):
    client.force_login(factories.editor())
    for number in range(24):
        factories.agreement(partner=factories.istanbul() if number == 0 else factories.city())
    baku = factories.agreement(partner=factories.baku())
    opened = client.get("/en/staff/activities/add/?agreement=1")

    # Enter in the box of the search presses the form's first button, which saves.
    found = client.post("/en/staff/activities/add/", fields(opened) | {"find": words, "title_en": "A visit"})
    offered = [one["value"] for one in page(found).named("input") if one["name"] == "agreements"]
    istanbul = str(Agreement.objects.get(number=1).pk)
    client.post("/en/staff/activities/add/", fields(found) | {"agreements": [istanbul, str(baku.pk)]})

    assert [one["value"] for one in page(opened).named("input") if one["name"] == "agreements"] == [istanbul]
    assert offered == [istanbul, str(baku.pk)]
    assert [one.number for one in Activity.objects.get(title_en="A visit").agreements.by_number()] == [1, 25]


def test_follow_up_begins_with_what_it_follows(client):
    client.force_login(factories.editor())
    agreement = factories.agreement()
    earlier = factories.activity(agreement)
    earlier.domains.add(factories.domain())

    log(client, address=f"?follows={earlier.pk}", title_en="The second visit")

    made = Activity.objects.get(title_en="The second visit")
    assert (made.follows, list(made.agreements.all())) == (earlier, [agreement])
    assert list(made.domains.all()) == list(earlier.domains.all())


@pytest.mark.parametrize("query", ["agreement=999", "agreement=x", "follows=12", "agreement=" + "9" * 40])
def test_address_that_names_nothing_is_told(client, query):
    client.force_login(factories.editor())
    factories.agreement()

    said = messages(client.get(f"/en/staff/activities/add/?{query}"))

    assert said == ["What the address names does not exist. Choose it in the form."]


@pytest.mark.parametrize(
    ("calendar", "year", "is_shown"),
    [
        ("gregorian", "2024", True),
        ("solar_hijri", "۱۴۰۳", True),
        ("gregorian", "2023", False),
        ("gregorian", "", False),
    ],
)
def test_likely_duplicate_is_shown_and_can_be_overridden(client, calendar, year, is_shown):
    client.force_login(factories.editor())
    agreement = factories.agreement()
    factories.activity(agreement, title_en="Visit of May", begun="AD 2024-05-22")
    typed = {"title_en": "The same?", "begun_year": year, "begun_calendar": calendar}

    response = log(client, address=f"?agreement={agreement.number}", **typed)

    assert ["Visit of May" in one.words for one in page(response).of_class("matches")] == [True] * is_shown
    if is_shown:
        client.post("/en/staff/activities/add/", fields(response) | {"distinct": "on"})
    assert Activity.objects.filter(title_en="The same?").count() == 1


@pytest.mark.parametrize(
    ("typed", "amount"),
    [("۱۲٬۵۰۰٫۷۵", "12500.75"), ("12,500.5", "12500.5"), ("٣٠", "30"), (" 1000 ", "1000"), ("", None)],
)
def test_amount_is_read_exactly_in_any_digits(typed, amount):
    assert AmountField(required=False).clean(typed) == (amount and Decimal(amount))


@pytest.mark.parametrize("typed", ["12.345", "1,2", "a", "1e5", "NaN", "Infinity", "9" * 17, "-1"])
def test_what_is_no_amount_is_refused(typed):
    with pytest.raises(ValidationError):
        AmountField(max_digits=18, min_value=0).clean(typed)


def test_stale_promise_in_the_form_of_its_activity_is_not_overwritten(client):
    client.force_login(factories.editor())
    activity = factories.activity(factories.agreement())
    promise = factories.commitment(activity.agreements.get(), activity=activity)
    address = f"/en/staff/activities/{activity.pk}/edit/"
    opened = fields(client.get(address))
    promise.text_en = "As somebody else has it"
    promise.save()

    response = client.post(address, opened | {"commitments-0-text_en": "As I have it"})

    assert len(page(response).of_class("versions")) == 1
    assert Commitment.objects.get().text_en == "As somebody else has it"


def test_promise_is_not_deleted_by_a_forged_tick(client):
    client.force_login(factories.editor())
    activity = factories.activity(factories.agreement())
    factories.commitment(activity.agreements.get(), activity=activity)
    address = f"/en/staff/activities/{activity.pk}/edit/"

    client.post(address, fields(client.get(address)) | {"commitments-0-DELETE": "on", "title_en": "Changed"})

    assert (Commitment.objects.count(), Activity.objects.get().title_en) == (1, "Changed")


# --- Promises ------------------------------------------------------------------------------------------


def test_state_and_its_queryset_agree():
    agreement = factories.agreement()
    for status in Commitment.Status.values:
        for due in ("", "AD 2024", "AD 2024-05", "AD 2024-05-21", "AD 2024-05-22", "SH 1402"):
            factories.commitment(agreement, status=status, **({"due": due} if due else {}))

    for day in (DAY, DAY + datetime.timedelta(days=10), datetime.date(2025, 1, 1)):
        found = Commitment.objects.with_state(day)
        assert {one.pk: one.state_on for one in found} == {one.pk: one.state_at(day) for one in found}
        overdue = set(Commitment.objects.in_state(OVERDUE, on=day))
        assert overdue == set(Commitment.objects.overdue(day)) != set()


def test_promises_due_are_those_open_whose_day_can_lie_in_the_period():
    agreement = factories.agreement()
    for due, status in [("AD 2024", "open"), ("AD 2024-06-30", "open"), ("AD 2024-06", "kept"), ("AD 2023", "open")]:
        factories.commitment(agreement, due=due, status=status)
    factories.commitment(agreement)

    due = Commitment.objects.due_between(DAY, DAY + datetime.timedelta(days=90)).in_order()

    assert [one.due.iso for one in due] == ["2024-06-30", "2024"]


@BOTH
def test_promise_is_settled_in_one_step_with_today_and_evidence(client, language):
    client.force_login(factories.editor())
    promise = factories.commitment(factories.agreement())
    address = f"/{language}/staff/commitments/{promise.pk}/settle/?as=broken"

    client.post(address, fields(client.get(address)) | {"evidence_en": "Their letter."})

    settled = Commitment.objects.get()
    assert (settled.status, settled.settled.first, settled.evidence_en) == (
        "broken",
        timezone.localdate(),
        "Their letter.",
    )


@pytest.mark.parametrize(("who", "is_public"), [(factories.editor, False), (factories.manager, True)])
def test_promise_is_published_by_managers_alone(client, who, is_public):
    agreement = factories.agreement(published=True, status="in_force", signed="AD 2016")
    client.force_login(who())
    add = f"/en/staff/partnerships/{agreement.number}/commitments/add/"
    client.post(add, fields(client.get(add)) | {"text_fa": "هفته", "text_en": "A week", "is_public": ["on"]})
    made = Commitment.objects.get()
    assert made.is_public == is_public
    edit = f"/en/staff/commitments/{made.pk}/edit/"
    client.post(edit, fields(client.get(edit)) | {"article": "4", "is_public": ["on"]})
    made.refresh_from_db()
    assert (made.article, made.is_public) == ("4", is_public)


def test_editor_leaves_a_published_promise_published(client):
    client.force_login(factories.editor())
    public = factories.commitment(factories.agreement(published=True), is_public=True)
    address = f"/en/staff/commitments/{public.pk}/edit/"
    client.post(address, fields(client.get(address)) | {"article": "4"})
    public.refresh_from_db()
    assert (public.article, public.is_public) == ("4", True)


def test_note_says_who_wrote_it(client):
    client.force_login(factories.editor())
    agreement = factories.agreement()
    address = f"/en/staff/partnerships/{agreement.number}/notes/add/"

    client.post(address, fields(client.get(address)) | {"text": "Ask again."})

    assert [str(one.written_by) for one in Note.objects.for_desk()] == ["editor"]


# --- What the workspace of an agreement includes --------------------------------------------------------


def drawn(rf: Any, user: Any, name: str, **context: Any) -> tuple[Page, int]:
    """The part of a page, and the number of queries that it costs."""
    request = rf.get("/en/staff/")
    request.user = user
    with CaptureQueriesContext(connection) as queries:
        html = render_to_string(f"staff/includes/{name}.html", context | {"back": "/en/staff/"}, request)
    return Page("/en/staff/", html), len(queries)


@BOTH
def test_parts_of_the_workspace_cost_the_same_for_one_and_for_many(rf, language):
    user, agreement = User.objects.get(pk=factories.administrator().pk), factories.agreement()
    counts = []
    for number in (1, 8):
        for _one in range(number):
            activity = factories.activity(agreement, begun="AD 2024", cost=Decimal("12.5"), currency="EUR")
            factories.commitment(agreement, activity=activity, due="AD 2020")
            factories.contact(agreement.partner)
        parts = {
            "activities": agreement.activities.for_desk(),
            "commitments": agreement.commitments.for_desk(),
            "contacts": agreement.partner.contacts.in_order(),
        }
        with override(language):
            found = {
                name: drawn(rf, user, name, agreement=agreement, city=agreement.partner, **{name: records})
                for name, records in parts.items()
            }
        counts.append([queries for _page, queries in found.values()])
        total = len(agreement.commitments.all())
        assert {name: len(one.of_class("deed")) for name, (one, _queries) in found.items()} == dict.fromkeys(
            parts, total
        )
        assert [one.faults for one, _queries in found.values()] == [[]] * 3

    assert counts == [[2, 1, 1]] * 2


# --- The public pages ----------------------------------------------------------------------------------


@pytest.fixture
def told(client) -> Agreement:
    """A public agreement with what may be told of it, and beside that everything that may not."""
    istanbul = factories.istanbul()
    agreement, draft = factories.agreement(True, partner=istanbul, status="prospect"), factories.agreement()
    domain = factories.domain()
    shown = factories.activity(
        agreement,
        draft,
        published=True,
        title_en="Week of Istanbul",
        title_fa="هفته استانبول",
        account_fa="روایت هفته",
        begun="AD 2024-05-22",
        direction="incoming",
        participants=40,
        cost=Decimal(987654321),
        currency="IRR",
        payer_en="Planted payer",
        payer_fa="پرداخت planted",
        internal_note="planted note",
    )
    shown.domains.add(domain)
    factories.activity(agreement, title_en="Planted draft", title_fa="پیش‌نویس planted").domains.add(domain)
    hidden = factories.activity(draft, published=True, title_en="Planted elsewhere", title_fa="جای دیگر planted")
    hidden.domains.add(domain)
    factories.commitment(
        agreement, is_public=True, due="AD 2020", article="Article 7", note="planted note", evidence_en="See the photos"
    )
    factories.commitment(agreement, text_en="Planted promise", text_fa="تعهد planted")
    factories.commitment(draft, is_public=True, text_en="Planted public promise", text_fa="تعهد planted")
    factories.note(agreement, "planted for the office")
    return agreement


def test_what_came_of_an_agreement_stands_on_its_page(client, told):
    found = page(client.get(f"/en/partnerships/{told.number}/"))

    assert [one.words for one in found.section("came").of_class("came__title")] == ["Week of Istanbul"]
    assert found.section("came").of_class("came__facts")[0].words == "Delegation, incoming · 40 participants"
    assert "روایت هفته" in found.section("came").words
    assert [one.words for one in found.section("promised").of_class("status")] == ["Overdue"]
    assert "Promised by: Tabriz · Article 7" in found.section("promised").words


@BOTH
@pytest.mark.parametrize(
    ("address", "section"),
    [("/", "activities-title"), ("/cities/istanbul/", "activities"), ("/domains/cultural/", "activities")],
)
def test_latest_activities_lead_to_the_agreement(client, told, language, address, section):
    found = page(client.get(f"/{language}{address}")).section(section)
    activity = Activity.objects.get(title_en="Week of Istanbul")

    assert [one["href"] for one in found.all if one.name == "a"][0] == (
        f"/{language}/partnerships/{told.number}/#activity-{activity.pk}"
    )
    assert len(found.of_class("changes__item")) == 1


def test_sections_are_absent_where_there_is_nothing(client):
    factories.activity(factories.agreement(True, partner=factories.istanbul()))

    for address, names in [("/partnerships/1/", ("came", "promised")), ("/", ("activities-title",))]:
        found = page(client.get(f"/en{address}"))
        assert [found.section(name) for name in names] == [None] * len(names)


FILES = [
    "/data/partnerships.csv",
    "/data/partnerships.json",
    "/data/partnerships.geojson",
    "/feeds/partnerships.atom",
    "/calendar/anniversaries.ics",
    "/sitemap.xml",
]


def test_nothing_of_the_office_is_found_in_public(client, told):
    pages = crawl(client, "/fa/", "/en/")
    texts = {address: one.html for address, one in pages.items()}
    texts |= {file: b"".join(client.get(file)).decode() for file in FILES}

    for planted in ("planted", "987,654,321", "987654321", "۹۸۷٬۶۵۴٬۳۲۱"):
        assert [address for address, text in texts.items() if planted in text.lower()] == []
    assert any("Week of Istanbul" in text for text in texts.values())


def test_events_are_told_to_machines_only_with_a_certain_day(client, told):
    factories.activity(told, published=True, begun="AD 2024-05")
    factories.activity(told, published=True, begun="AD 2024-05-23", kind="letters")

    script = next(one for one in page(client.get("/en/partnerships/1/")).named("script") if one["type"] == DATA)

    assert [(one["@type"], one.get("startDate")) for one in json.loads(script.children[0])] == [("Event", "2024-05-22")]


def test_desk_page_of_an_activity_costs_the_same_for_few_and_many(client):
    client.force_login(factories.manager())
    agreement = factories.agreement()
    activity, counts = factories.activity(agreement), []
    for more in (0, 30):
        for _one in range(more):
            factories.activity(factories.agreement(), agreement)
        with CaptureQueriesContext(connection) as queries:
            client.get(f"/en/staff/activities/{activity.pk}/edit/")
        counts.append(len(queries))

    assert counts[0] + 1 >= counts[1]
