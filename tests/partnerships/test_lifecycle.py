"""The life of an agreement: kinds of milestones, the checklist, and the verbs that change its status."""

import datetime
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone
from django.utils.translation import override

from partnerships.models import Agreement, Decision, Milestone, MilestoneKind, Verb
from partnerships.models.decisions import REFUSALS
from sistercities.dates import Calendar, UncertainDate
from sistercities.records import StaleRecord
from tests import factories
from tests.constraints import Case, Rule
from tests.desk import dead_links, errors, fields, messages, page
from tests.pages import Guarded

pytestmark = pytest.mark.django_db


def dated(**codes: str) -> dict[str, Any]:
    """Dates together with their bounds, as an update has to give them."""
    values: dict[str, Any] = {}
    for name, code in codes.items():
        date = UncertainDate.from_stored(code)
        values |= {name: date, f"{name}_first": date.first, f"{name}_last": date.last}
    return values


# --- What the database refuses (see tests/test_constraints.py) ----------------------------------------

RULES = {
    MilestoneKind: [
        Rule(
            "milestonekind_has_both_names",
            "A kind of milestone has a name in Persian and in English.",
            "نوع گام به فارسی و انگلیسی نام دارد.",
            {"name_fa": ""},
            {"name_en": ""},
        ),
        Rule(
            "milestonekind_waits_ten_years_at_most",
            "An answer is waited for ten years at most: 3,650 days.",
            "انتظار پاسخ بیش از ده سال نمی‌کشد: ۳٬۶۵۰ روز.",
            {"patience_days": 3_651},
        ),
        Rule(
            "milestonekind_verb_is_known",
            "Choose one of the verbs.",
            "یکی از کنش‌ها را برگزینید.",
            {"verb": "marry"},
        ),
        Rule(
            "milestonekind_verb_once",
            "Another kind of milestone stands for this change of status.",
            "نوع دیگری از گام برای این تغییر وضعیت هست.",
            {"verb": "sign"},
            columns="verb",
        ),
    ],
    Milestone: [
        Rule(
            "milestone_outcome_is_known",
            "Choose one of the outcomes.",
            "یکی از نتیجه‌ها را برگزینید.",
            {"outcome": "forgotten"},
        ),
        Rule(
            "milestone_status_before_is_known",
            "Choose one of the statuses.",
            "یکی از وضعیت‌ها را برگزینید.",
            {"status_before": "expired"},
        ),
        Rule(
            "milestone_answered_with_an_outcome",
            "It has a date on which it was answered or done: say with what outcome.",
            "تاریخ پاسخ یا انجام دارد: نتیجه آن را هم بنویسید.",
            {"outcome": ""},
        ),
        Rule(
            "milestone_answered_after_sent",
            "It cannot be answered or done before it was sent or begun.",
            "پاسخ یا انجام نمی‌تواند پیش از ارسال یا آغاز باشد.",
            dated(sent="AD 2021", answered="AD 2020"),
        ),
    ],
}


def _kind() -> Case:
    factories.milestone_kind("signing", verb="sign")
    return Case(factories.milestone_kind("justification"), {"key": "another"})


def _milestone() -> Case:
    return Case(factories.milestone(factories.agreement(), answered="AD 2020", outcome="done"), {})


CASES = {MilestoneKind: _kind, Milestone: _milestone}
"""How a record of each model is made that breaks no rule."""


def date(text: str) -> UncertainDate:
    """The date of a code, as in "SH 1395-03"."""
    return UncertainDate.from_stored(text)


def ago(days: int) -> UncertainDate:
    """The day that many days before today."""
    return UncertainDate.on(timezone.localdate() - datetime.timedelta(days=days), Calendar.GREGORIAN)


@pytest.fixture
def manager() -> Any:
    """The account of a manager."""
    return factories.manager()


@pytest.fixture
def desk(manager: Any) -> Client:
    """A manager at the staff pages."""
    client = Guarded()
    client.force_login(manager)
    return client


# --- Kinds of milestones, and the checklist -----------------------------------------------------------


def test_a_kind_of_agreement_that_does_not_exist_is_told():
    kind = factories.milestone_kind(agreement_kinds="sister twin")

    with override("en"), pytest.raises(ValidationError) as caught:
        kind.full_clean()

    assert caught.value.message_dict == {"agreement_kinds": ["These are not kinds of agreements: twin."]}


def test_checklist_has_what_applies_in_order_with_what_was_done(django_assert_num_queries):
    agreement = factories.agreement(kind="friendship")
    bill, proposal, _other, retired, _unused = (
        factories.milestone_kind("bill", position=2, agreement_kinds="sister friendship"),
        factories.milestone_kind("proposal", position=1),
        factories.milestone_kind("commission", position=3, agreement_kinds="sister"),
        factories.milestone_kind("clearance", position=4, is_active=False),
        factories.milestone_kind("old", position=5, is_active=False),
    )
    factories.milestone_kind("signing", position=6, verb="sign", agreement_kinds="sister")
    factories.milestone_kind("end", position=7, verb="end")
    later = factories.milestone(agreement, bill, sent="AD 2021-03")
    first = factories.milestone(agreement, bill, answered="AD 2020", outcome="refused")
    undated = factories.milestone(agreement, bill)
    old = factories.milestone(agreement, retired)
    factories.milestone(factories.agreement(), proposal)

    with django_assert_num_queries(2):
        checklist = [(kind, kind.steps) for kind in MilestoneKind.objects.checklist(agreement)]

    assert checklist == [
        (proposal, []),
        (bill, [first, later, undated]),
        (retired, [old]),
    ]


@pytest.mark.parametrize(
    ("given", "standing", "english", "persian"),
    [
        ({}, "noted", "noted", "یادداشت‌شده"),
        ({"planned": ago(-5)}, "planned", "planned", "برنامه‌ریزی‌شده"),
        ({"planned": ago(5)}, "overdue", "planned for a time that is over", "از زمان برنامه گذشته است"),
        ({"sent": ago(30)}, "waiting", "waiting for 30 days", "۳۰ روز در انتظار پاسخ"),
        (
            {"sent": ago(31), "planned": ago(60)},
            "waiting_long",
            "waiting for 31 days (more than 30)",
            "۳۱ روز در انتظار پاسخ (بیش از ۳۰)",
        ),
        ({"sent": ago(31), "outcome": "done"}, "done", "done", "انجام شد"),
        ({"outcome": "approved"}, "done", "approved", "تأیید شد"),
        ({"outcome": "refused"}, "refused", "refused", "رد شد"),
        ({"outcome": "not_needed"}, "not_needed", "not needed", "لازم نیست"),
    ],
)
def test_standing_of_a_milestone_and_the_questions_that_find_it(given, standing, english, persian):
    kind = factories.milestone_kind(patience_days=30)
    made = factories.milestone(factories.agreement(), kind, **given)
    today = timezone.localdate()
    questions = {
        "waiting": Milestone.objects.waiting(),
        "waiting_long": Milestone.objects.waiting_long(),
        "planned": Milestone.objects.planned_between(today, today + datetime.timedelta(days=5)),
    }

    with override("en"):
        said = made.get_standing_display()
    with override("fa"):
        in_persian = made.get_standing_display()

    assert (made.standing, said, in_persian) == (standing, english, persian)
    assert {name for name, found in questions.items() if found.exists()} == (
        {"waiting", "waiting_long"} if standing == "waiting_long" else {standing} & questions.keys()
    )


def test_what_no_answer_is_waited_for_is_under_way():
    made = factories.milestone(factories.agreement(), sent="AD 2020")

    assert made.standing == "begun"
    assert not Milestone.objects.waiting().exists()


def test_a_year_waits_from_its_last_day_at_least():
    kind = factories.milestone_kind(patience_days=30)
    made = factories.milestone(factories.agreement(), kind, sent="AD 2020")

    assert made.days_waiting == (timezone.localdate() - datetime.date(2020, 12, 31)).days
    with override("en"):
        assert made.get_standing_display().startswith("waiting for at least ")
    assert list(Milestone.objects.waiting_long(datetime.date(2021, 1, 30))) == []
    assert list(Milestone.objects.waiting_long(datetime.date(2021, 1, 31))) == [made]


# --- The verbs ----------------------------------------------------------------------------------------


def test_signing_puts_it_in_force_and_leaves_a_milestone_and_one_entry(manager):
    agreement = factories.agreement(status="approved")

    made = agreement.sign(
        by=manager,
        date=date("SH 1395-03-02"),
        reason_en="As the council asked",
        decider_fa="شهرداران",
        letter_number="12",
    )

    agreement.refresh_from_db()
    assert (agreement.status, agreement.signed) == ("in_force", date("SH 1395-03-02"))
    assert (made.kind.verb, made.kind.name_fa, made.kind.is_public) == ("sign", "امضا", True)
    assert (
        made.answered,
        made.outcome,
        made.authority_fa,
        made.letter_number,
        made.account_en,
        made.status_before,
    ) == (*(agreement.signed, "done", "شهرداران", "12", "As the council asked", "approved"),)
    entries = agreement.history.all()
    assert [(entry.history_type, entry.history_user, entry.history_change_reason) for entry in entries] == [
        ("~", manager, "As the council asked"),
        ("+", None, None),
    ]
    assert made.history.get().history_user == manager


def test_signing_completes_what_was_planned_and_adopts_a_kind_of_the_same_key(manager):
    kind = factories.milestone_kind("signing", name_en="Ceremony", authority_en="Mayors")
    agreement = factories.agreement()
    planned = factories.milestone(agreement, kind, planned="AD 2020", authority_en="Mayors", note="flags")

    made = agreement.sign(by=manager, date=date("AD 2020-05-01"))

    kind.refresh_from_db()
    assert (made, kind.verb, kind.name_en) == (planned, "sign", "Ceremony")
    assert (made.authority_en, made.note, made.outcome) == ("Mayors", "flags", "done")
    assert agreement.milestones.count() == 1


@pytest.mark.parametrize("verb", Verb)
@pytest.mark.parametrize("status", Agreement.Status)
def test_verb_is_possible_or_refused_in_words(verb, status, manager):
    agreement = factories.agreement(status=status, signed="AD 2010", status_reason_en="Why", expires="AD 2020")
    given = {"reason_en": "Because", "expires": date("AD 2030")} if verb == Verb.RENEW else {"reason_en": "Because"}
    if verb == Verb.REOPEN:
        given["status"] = "in_force"
    expected = {
        "sign": {"prospect", "negotiation", "approved"},
        "suspend": {"in_force"},
        "resume": {"suspended"},
        "renew": {"in_force"},
        "end": set(Agreement.Status.values) - {"ended"},
        "reopen": {"ended"},
    }

    if status in expected[verb]:
        assert verb in agreement.verbs
        getattr(agreement, verb)(by=manager, **given)
        assert agreement.milestones.get().status_before == status
    else:
        assert verb not in agreement.verbs
        with pytest.raises(ValidationError) as caught:
            getattr(agreement, verb)(by=manager, **given)
        assert caught.value.messages == [str(REFUSALS[verb][status])]
        assert (agreement.status, agreement.milestones.count()) == (status, 0)


def halted(agreement: Agreement) -> tuple[Any, ...]:
    """The status with its day and its reason in Persian."""
    return agreement.status, agreement.status_since, agreement.status_reason_fa


def test_suspension_and_its_reason_go_when_it_is_resumed(manager):
    agreement = factories.agreement(status="in_force", signed="AD 2010")

    agreement.suspend(by=manager, date=date("AD 2020"), reason_fa="جنگ", decider_en="Council")
    assert (agreement.status, agreement.status_since, agreement.status_reason_fa) == (
        "suspended",
        date("AD 2020"),
        "جنگ",
    )

    agreement.resume(by=manager, date=date("AD 2022"))
    agreement.refresh_from_db()
    assert halted(agreement) == ("in_force", None, "")
    assert [one.kind.verb for one in agreement.milestones.order_by("pk")] == ["suspend", "resume"]


def test_renewal_gives_a_new_term(manager):
    agreement = factories.agreement(status="in_force", signed="AD 2010", expires="AD 2020", notice_by="AD 2019-06")
    assert agreement.state == "expired"

    agreement.renew(by=manager, expires=date("AD 2099"))
    assert (agreement.state, agreement.expires, agreement.notice_by) == ("in_force", date("AD 2099"), None)

    agreement.renew(by=manager, renewal_rule_en="It goes on year by year")
    assert (agreement.expires, agreement.renewal_rule_en) == (None, "It goes on year by year")


def test_reopening_returns_to_the_status_before_the_end(manager):
    agreement = factories.agreement(status="in_force", signed="AD 2010")
    agreement.suspend(by=manager, date=date("AD 2015"), reason_en="War")
    agreement.end(by=manager, date=date("AD 2016"), reason_en="War")

    agreement.reopen(by=manager, reason_en="Peace")

    agreement.refresh_from_db()
    assert (agreement.status, agreement.status_since, agreement.status_reason_en) == (
        "suspended",
        date("AD 2015"),
        "War",
    )


def test_another_end_that_is_only_planned_or_was_refused_tells_nothing_of_the_status_before(manager):
    agreement = factories.agreement(status="in_force", signed="AD 2010")
    agreement.end(by=manager, date=date("AD 2016"), reason_en="War")
    kind = MilestoneKind.objects.get(verb="end")
    factories.milestone(agreement, kind, planned="AD 2030")
    factories.milestone(agreement, kind, answered="AD 2018", outcome="refused")

    assert agreement.status_before_the_end == "in_force"


def test_signing_that_was_refused_is_told_by_itself():
    agreement = factories.agreement(True, status="in_force", signed="AD 2015")
    kind = factories.milestone_kind("signing", verb="sign", is_public=True)
    factories.milestone(agreement, kind, answered="AD 2014", outcome="refused", account_en="Nobody came")

    with override("en"):
        steps = [(step.what, step.details or "") for step in agreement.dossier.steps]

    assert steps == [("Step signing: refused", "Nobody came"), ("Signing", "")]


AHEAD = UncertainDate.on(timezone.localdate() + datetime.timedelta(days=2), Calendar.GREGORIAN)


@pytest.mark.parametrize(
    ("given", "verb", "decision", "field", "told"),
    [
        (
            {"status": "in_force", "signed": "AD 2005", "expires": "AD 2010"},
            "suspend",
            {"date": "AD 2011", "reason_en": "War"},
            "date",
            "It had expired by then: ",
        ),
        ({"status": "approved"}, "sign", {}, "date", "An agreement in force needs a date of signing or a source that "),
        (
            {"status": "approved", "expires": "AD 2010"},
            "sign",
            {"date": "AD 2011"},
            "date",
            "It would have expired before",
        ),
        ({"status": "in_force"}, "suspend", {"date": "AD 2012"}, "reason_fa", "Say why, in Persian or in English."),
        ({"status": "in_force"}, "end", {"date": "AD 2009", "reason_en": "x"}, "date", "It was signed later: "),
        ({"status": "in_force"}, "end", {"date": AHEAD, "reason_en": "x"}, "date", "This day has not come yet."),
        ({"status": "suspended"}, "resume", {"date": "AD 2011"}, "date", "It was suspended later: "),
        ({"status": "ended"}, "reopen", {"reason_en": "x"}, "status", "Say to which status it returns."),
        (
            {"status": "ended"},
            "reopen",
            {"reason_en": "x", "status": "suspended"},
            "status",
            "Nothing tells since when",
        ),
        ({"status": "in_force"}, "renew", {}, "expires", "Say until when it is renewed, or by which rule it goes on."),
        (
            {"status": "in_force", "expires": "AD 2030"},
            "renew",
            {"expires": "AD 2029"},
            "expires",
            "The present term ends later: ",
        ),
        (
            {"status": "in_force", "expires": "AD 2030"},
            "renew",
            {"expires": "AD 2030"},
            "expires",
            "The present term ends then already.",
        ),
        (
            {"status": "in_force"},
            "renew",
            {"expires": "AD 2030", "notice_by": "AD 2031"},
            "notice_by",
            "Notice has to be given before the agreement expires.",
        ),
    ],
)
def test_what_is_certainly_wrong_is_refused_at_its_field(given, verb, decision, field, told, manager):
    base = {} if given["status"] == "approved" else {"signed": "AD 2010", "status_since": "AD 2015"}
    agreement = factories.agreement(status_reason_en="Why", **(base | given))
    typed = {
        name: date(value) if isinstance(value, str) and value.startswith("AD") else value
        for name, value in decision.items()
    }
    before = {column.name: getattr(agreement, column.name) for column in Agreement._meta.concrete_fields}

    with override("en"):
        with pytest.raises(ValidationError) as caught:
            getattr(agreement, verb)(by=manager, **typed)
        said = [(name, words[0].startswith(told)) for name, words in caught.value.message_dict.items()]

    assert said == [(field, True)]
    assert {name: getattr(agreement, name) for name in before} == before
    assert not MilestoneKind.objects.exists()


def test_what_is_only_possibly_wrong_is_taken(manager):
    agreement = factories.agreement(status="in_force", signed="AD 2010-06")

    agreement.suspend(by=manager, date=date("AD 2010"), reason_en="Quarrel")

    assert agreement.status == "suspended"


def test_a_verb_on_an_old_version_is_refused_whole(manager):
    agreement = factories.agreement(status="in_force", signed="AD 2010")
    old = Agreement.objects.get(pk=agreement.pk)
    agreement.save()

    with pytest.raises(StaleRecord):
        old.carry_out(Decision(Verb.END, reason_en="Late"), manager)

    agreement.refresh_from_db()
    assert (agreement.status, Milestone.objects.count(), MilestoneKind.objects.count()) == ("in_force", 0, 0)


# --- The staff pages ----------------------------------------------------------------------------------


def fill(response: Any, **typed: str) -> dict[str, Any]:
    """What a browser sends for the page's form when these are typed."""
    return fields(response) | {name: [value] for name, value in typed.items()}


def links(response: Any) -> dict[str, str]:
    """The addresses to which the page's links lead, by their words."""
    return {link.words: link["href"] for link in page(response).named("a")}


def words(response: Any) -> str:
    """What stands on the page."""
    return " ".join(text.strip() for _element, text in page(response).texts())


def test_a_published_agreement_is_suspended_on_its_page(desk):
    agreement = factories.agreement(True, status="in_force", signed="AD 2010")
    address = f"/en/staff/partnerships/{agreement.number}/suspend/"

    empty = desk.post(address, fill(desk.get(address), answered_year="2020", authority_en="Council"))
    assert (errors(empty), dead_links(empty)) == (["Reason, in Persian: Say why, in Persian or in English."], [])
    assert (fields(empty)["answered_year"], fields(empty)["authority_en"]) == (["2020"], ["Council"])

    sent = fill(empty, account_fa="جنگ", letter_number="۱۲/۳")
    done = desk.post(address, sent, follow=True)
    again = desk.post(address, sent, follow=True)

    assert messages(done) == [f"“{agreement}” is suspended."] == messages(again)
    agreement.refresh_from_db()
    assert halted(agreement) == ("suspended", date("AD 2020"), "جنگ")
    assert agreement.milestones.get().letter_number == "۱۲/۳"
    assert agreement.history.count() == 2


@pytest.mark.parametrize(
    ("language", "told"),
    [("en", "It is suspended: resume it first."), ("fa", "معلق است: نخست آن را از سر بگیرید.")],
)
def test_what_is_impossible_is_told_and_not_asked(desk, language, told):
    agreement = factories.agreement(status="suspended", status_reason_en="War")
    address = f"/{language}/staff/partnerships/{agreement.number}/renew/"

    shown = desk.get(address)
    sent = desk.post(address, {"seen": str(agreement.version), "account_en": "Because"})

    for response in (shown, sent):
        assert told in words(response)
        assert not page(response).named("textarea")
    assert not agreement.milestones.exists()


def test_a_decision_on_what_was_changed_meanwhile_shows_both_and_waits(desk):
    agreement = factories.agreement(status="in_force", signed="AD 2010", expires="AD 2030")
    address = f"/en/staff/partnerships/{agreement.number}/end/"
    sent = fill(desk.get(address), account_en="No interest")
    agreement.refresh_from_db()
    agreement.expires = date("AD 2040")
    agreement.save()

    refused = desk.post(address, sent)

    assert errors(refused)[0].startswith("Somebody else has changed this agreement since you opened the page.")
    table = [[cell.words for cell in row.all if cell.name in {"th", "td"}] for row in page(refused).named("tr")]
    assert [cell[:7] for cell in table[1]] == ["Expires", "2030 (D", "2040 (D"]
    assert fields(refused)["account_en"] == ["No interest"]
    assert not agreement.milestones.exists()

    desk.post(address, fields(refused))
    agreement.refresh_from_db()
    assert (agreement.status, agreement.expires) == ("ended", date("AD 2040"))


def test_what_was_typed_waits_until_one_has_signed_in_again(desk):
    agreement = factories.agreement(True, status="in_force", signed="AD 2010")
    address = f"/en/staff/partnerships/{agreement.number}/end/"
    sent = fill(desk.get(address), account_en="No interest", answered_year="2020")
    desk.logout()

    asked = desk.post(address, sent)
    known = {"username": ["manager"], "password": ["a long enough password"]}
    back = desk.post("/en/accounts/login/", fields(asked, "sign-in__form") | known, follow=True)

    assert back.request["PATH_INFO"] == address
    assert (fields(back)["account_en"], fields(back)["answered_year"]) == (["No interest"], ["2020"])
    assert not agreement.milestones.exists()
    desk.post(address, fields(back))
    agreement.refresh_from_db()
    assert halted(agreement)[:2] == ("ended", date("AD 2020"))


def test_renewal_and_reopening_ask_what_they_need(desk):
    agreement = factories.agreement(status="in_force", signed="AD 2010", expires="AD 2020")
    renewal = f"/en/staff/partnerships/{agreement.number}/renew/"
    desk.post(renewal, fill(desk.get(renewal), expires_year="2099"))
    agreement.refresh_from_db()
    assert agreement.expires == date("AD 2099")

    agreement.end(by=None, reason_en="Quarrel")
    reopening = f"/en/staff/partnerships/{agreement.number}/reopen/"
    asked = desk.get(reopening)
    assert fields(asked)["status"] == ["in_force"]
    desk.post(reopening, fill(asked, account_en="Peace", status="negotiation"))
    agreement.refresh_from_db()
    assert agreement.status == "negotiation"


def test_editors_decide_on_drafts_and_managers_on_what_is_public():
    client = Guarded()
    client.force_login(factories.editor())
    draft = factories.agreement(status="approved")
    public = factories.agreement(True, status="in_force", signed="AD 2010")
    withdrawn = factories.agreement(withdrawn=True, status="in_force", signed="AD 2010")

    for agreement in (public, withdrawn):
        for method in (client.get, client.post):
            assert method(f"/en/staff/partnerships/{agreement.number}/end/").status_code == 403
    address = f"/en/staff/partnerships/{draft.number}/sign/"
    client.post(address, fill(client.get(address), answered_year="2020"))

    draft.refresh_from_db()
    assert draft.status == "in_force"
    work = f"/en/staff/partnerships/{public.number}/"
    offered = {link.split("?")[0] for link in links(client.get(work)).values()}
    assert not offered & {f"{work}{verb}/" for verb in (*Verb.values, "status")}


@pytest.mark.parametrize(
    ("before", "after", "published", "is_taken"),
    [
        ("prospect", "approved", True, True),
        ("in_force", "ended", True, False),
        ("approved", "in_force", True, False),
        ("in_force", "prospect", False, True),
    ],
)
def test_editing_moves_the_status_of_drafts_and_of_what_is_not_signed(desk, before, after, published, is_taken):
    agreement = factories.agreement(published, status=before, signed="AD 2010")
    address = f"/en/staff/partnerships/{agreement.number}/edit/"

    response = desk.post(address, fill(desk.get(address), status=after, status_reason_en="Why"))

    agreement.refresh_from_db()
    assert agreement.status == (after if is_taken else before)
    if not is_taken:
        (told,) = errors(response)
        assert told.startswith("Status: The status of a published agreement changes by a decision: ")


def test_a_mistaken_status_is_corrected_by_managers_with_a_reason_and_without_a_milestone(desk):
    agreement = factories.agreement(
        True, status="ended", signed="AD 2010", status_reason_en="Mixed up", status_since="AD 2015"
    )
    address = f"/en/staff/partnerships/{agreement.number}/status/"

    silent = desk.post(address, fill(desk.get(address), status="in_force"))
    assert errors(silent) == ["Reason for this change: Say what was wrong."]
    desk.post(address, fill(silent, reason="It was another city"))

    agreement.refresh_from_db()
    assert (agreement.status, agreement.status_since, agreement.status_reason_en) == ("in_force", None, "")
    assert agreement.history.first().history_change_reason == "It was another city"
    assert not agreement.milestones.exists()


def test_a_friendship_is_raised_by_a_new_agreement_and_its_end_suggested(desk):
    partner = factories.istanbul()
    friendship = factories.agreement(partner=partner, kind="friendship", status="in_force", signed="AD 2009")
    factories.agreement(partner=factories.city(), status="approved")
    ways = links(desk.get(f"/en/staff/partnerships/{friendship.number}/"))

    asked = desk.get(ways["Raise to a sister-city agreement"])
    sent = fields(asked)
    assert (sent["kind"], sent["predecessor"]) == (["sister"], [str(friendship.number)])
    assert sent["partner"][0].startswith("Istanbul")
    desk.post(ways["Raise to a sister-city agreement"], sent)
    raised = Agreement.objects.get(predecessor=friendship)
    assert (raised.kind, raised.partner) == ("sister", partner)

    again = desk.get(ways["Renew by a new agreement"])
    desk.post(ways["Renew by a new agreement"], fields(again))
    assert Agreement.objects.filter(predecessor=friendship, kind="friendship").count() == 1  # no likely duplicate of it

    address = f"/en/staff/partnerships/{raised.number}/sign/"
    done = desk.post(address, fill(desk.get(address), answered_year="2011"), follow=True)
    assert f"It continues “{friendship}”, which has not ended. End that one…" in messages(done)
    friendship.refresh_from_db()
    assert friendship.status == "in_force"


def test_a_milestone_begins_with_its_kind_and_usual_authority(desk):
    agreement = factories.agreement()
    kind = factories.milestone_kind(
        "clearance", authority_en="Interior Ministry", authority_fa="وزارت کشور", patience_days=30
    )
    address = f"/en/staff/partnerships/{agreement.number}/milestones/add/?kind=clearance"

    asked = desk.get(address)
    sent = fields(asked)
    assert (sent["kind"], sent["authority_en"], sent["authority_fa"]) == (
        [str(kind.pk)],
        ["Interior Ministry"],
        ["وزارت کشور"],
    )
    wrong = desk.post(address, fill(asked, answered_year="2020", sent_year="2021"))
    assert errors(wrong) == [
        "Answered or done: It cannot be answered or done before it was sent or begun.",
        "Outcome: It has a date on which it was answered or done: say with what outcome.",
    ]
    desk.post(address, fill(wrong, answered_year="", note="Ask again"))
    made = agreement.milestones.get()
    assert (made.kind, made.sent, made.authority_en, made.note) == (
        kind,
        date("AD 2021"),
        "Interior Ministry",
        "Ask again",
    )

    work = words(desk.get(f"/en/staff/partnerships/{agreement.number}/"))
    assert [said for said in ("Waiting for at least", "Ask again") if said not in work] == []
    unknown = desk.get(address.replace("clearance", "x\0'"))
    assert messages(unknown) == ["There is no kind of milestone “x'”."]


# --- What everybody reads -----------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["fa", "en"])
def test_decisions_stand_in_the_public_chronicle_once_and_nothing_else(client, manager, language):
    agreement = factories.agreement(True, partner=factories.istanbul(), status="approved")
    council = factories.resolution(number="۱۲", decided="AD 2009")
    agreement.resolutions.add(council)
    public, internal = factories.milestone_kind("exchange", is_public=True), factories.milestone_kind("clearance")
    shown = {"answered": "AD 2012", "outcome": "refused", "account_en": "No copy", "account_fa": "نسخه‌ای نیست"}
    factories.milestone(agreement, public, **shown, note="planted-note")
    factories.milestone(agreement, public, sent="AD 2013", account_en="planted-unfinished")
    factories.milestone(
        agreement, public, answered="AD 2009", outcome="done", letter_number="12", account_en="planted-twice"
    )
    factories.milestone(agreement, internal, answered="AD 2010", outcome="done", account_en="planted-internal")
    agreement.sign(
        by=manager, date=date("AD 2011"), decider_fa="شهرداران", decider_en="Mayors", letter_number="planted-letter"
    )
    agreement.suspend(by=manager, date=date("AD 2014"), reason_fa="جنگ", reason_en="War", decider_en="Council")
    agreement.resume(by=manager, date=date("AD 2015"))
    agreement.end(by=manager, date=date("AD 2016"), reason_en="Over", decider_fa="شورا", decider_en="Council")

    expected = {
        "en": [
            ("Resolution of the Islamic City Council of Tabriz", ""),
            ("Signing", "Mayors"),
            ("Step exchange: refused", ""),
            ("Suspension", "Council"),
            ("Resumption", ""),
            ("End", "Council"),
        ],
        "fa": [
            ("مصوبه شورای اسلامی شهر تبریز", ""),
            ("امضا", "شهرداران"),
            ("گام exchange: رد شد", ""),
            ("تعلیق", "Council"),
            ("ازسرگیری", ""),
            ("خاتمه", "شورا"),
        ],
    }
    with override(language):
        read = Agreement.objects.for_page().with_milestones().get().dossier
        assert [(step.what, str(step.by or "")) for step in read.steps] == expected[language]
    for address in (f"/{language}/partnerships/{agreement.number}/", f"/{language}/cities/istanbul/"):
        text = client.get(address).content.decode()
        assert [what for what, _by in expected[language] if what not in text] == []
        assert ("War" if language == "en" else "جنگ") in text
    for address in ("/feeds/partnerships.atom", "/data/partnerships.json", "/data/partnerships.csv"):
        assert "planted" not in b"".join(client.get(address)).decode()
    ends = ("", f"partnerships/{agreement.number}/", "cities/istanbul/")
    assert [end for end in ends if "planted" in client.get(f"/{language}/{end}").content.decode()] == []
