"""The page of work of an agreement, the check before publishing and what can be added from there."""

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from partnerships.forms.agreements import ROWS_AT_MOST
from partnerships.models import Agreement, Note, Source
from sistercities.dates import UncertainDate
from sistercities.roles import EDITORS
from tests import factories
from tests.desk import errors, fields, messages, page, say

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(client):
    """An editor, signed in."""
    account = factories.editor()
    client.force_login(account)
    return account


def work(agreement: Agreement, language: str = "en") -> str:
    """The address of an agreement's page of work."""
    return f"/{language}/staff/partnerships/{agreement.number}/"


def part(response, key: str):
    """The section of the page with that id."""
    return next(one for one in page(response).named("section") if one["id"] == key)


def facts(response) -> dict[str, str]:
    """What the page says of each thing that is asked, by its label."""
    rows = [one for one in page(response).named("div") if "fact" in one["class"].split()]
    cells = [[cell.words for cell in row.all if cell.name in {"dt", "dd"}] for row in rows]
    return {label: said for label, said, *_change in cells}


# --- The page ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "labels", "lacks"),
    [
        ("en", ("Signed", "Name"), "not provided change: Predecessor"),
        ("fa", ("امضا", "نام"), "نیامده است تغییر: پیمان پیشین"),
    ],
)
def test_facts_are_told_and_what_lacks_is_said_in_words(client, editor, language, labels, lacks):
    agreement = factories.agreement(partner=factories.istanbul(), signed="SH 1395-03", summary_fa="خلاصه")

    answer = client.get(work(agreement, language))
    told = facts(answer)

    assert page(answer).of_class("fact-group")[0].of_class("fact")[-1].words == lacks
    assert [told[label] for label in labels] == [
        {"en": "Khordad 1395 (May–June 2016)", "fa": "خرداد ۱۳۹۵ (مه – ژوئن ۲۰۱۶)"}[language],
        "پیمان خواهرخواندگی تبریز و استانبول Sister-city agreement of Tabriz and Istanbul",
    ]
    assert told[say(language, "Text")] == f"خلاصه {say(language, 'not provided in English')}"


@pytest.mark.parametrize("given", [{}, {"status": "ended", "status_reason_en": "over"}])
def test_every_change_leads_to_its_field_and_back(client, editor, given):
    agreement = factories.agreement(**given)
    links = [one for one in page(client.get(work(agreement))).links() if "/edit/" in one and "#" in one]
    form = page(client.get(links[0]))

    ids = {one["id"] for one in form.elements}
    assert len(links) == (25 if given else 23)
    assert [link for link in links if link.partition("#")[2] not in ids] == []
    response = client.post(links[0].partition("#")[0], fields(client.get(links[0])) | {"summary_en": "Changed"})
    assert response["Location"] == f"{work(agreement)}#facts"


def test_contents_count_what_there_is_and_lead_to_it(client, editor):
    agreement = factories.agreement()
    factories.note(agreement), factories.note(agreement), factories.source(agreement)
    answer = client.get(work(agreement))

    (contents,) = [one for one in page(answer).named("nav") if one["class"] == "work__contents"]
    told = {one["href"]: one.words for one in contents.all if one.name == "a"}
    assert told["#notes"] == "Notes of the office 2"
    assert told["#sources"] == "Sources 1"
    assert {link[1:] for link in told} == {one["id"] for one in page(answer).of_class("work__part")}


def test_long_section_shows_the_first_and_leads_to_all_of_them(client, editor):
    agreement = factories.agreement()
    for _ in range(21):
        factories.note(agreement)

    notes = part(client.get(work(agreement)), "notes")

    assert len(notes.of_class("item")) == 20
    assert [one["href"] for one in notes.of_class("more")[0].all if one.name == "a"] == [
        f"/en/staff/notes/?agreement={agreement.number}"
    ]


def test_history_tells_the_latest_steps_of_the_agreement_and_its_parts(client, editor):
    agreement = factories.agreement()
    note = factories.note(agreement)
    with note.one_entry(by=editor, reason="a slip of the pen"):
        note.save()

    told = [one.words for one in part(client.get(work(agreement)), "history").all if one.name == "li"]

    assert [one.split(" ·")[0] for one in told] == [
        "Note: changed editor",
        "Note: recorded the system",
        "Agreement: recorded the system",
    ]
    assert told[0].endswith("Reason: a slip of the pen")


def test_auditor_sees_no_notes_and_no_way_to_change(client):
    client.force_login(factories.auditor())
    agreement = factories.agreement(internal_note="Call them.")
    factories.note(agreement, "Ask the embassy."), factories.source(agreement)

    answer = client.get(work(agreement))

    assert [
        text for text in ("Call them.", "Ask the embassy.", "Note: ", "/edit/", "/add/") if text in answer.text
    ] == []
    parts = [one["id"] for one in page(answer).of_class("work__part")]
    assert parts == ["facts", "milestones", "documents", "activities", "commitments", "sources", "history"]


@pytest.mark.parametrize("language", ["fa", "en"])
def test_history_of_one_fact_tells_who_entered_it_and_who_changed_it(client, editor, language):
    agreement = factories.agreement(signed="AD 2009")
    for column, value in (("signed", UncertainDate.parse("2008")), ("summary_en", "Changed")):
        with agreement.one_entry(by=editor):
            setattr(agreement, column, value)
            agreement.save()
    link = next(one for one in page(client.get(work(agreement, language))).links() if one.endswith("of=signed"))

    answer = client.get(link)

    steps = page(answer).of_class("step")
    assert [[one.words for one in step.all if one.name == "dt"] for step in steps] == [[say(language, "Signed")]] * 2
    assert [step.of_class("note")[0].words.split(" ·")[0] for step in steps] == ["editor", say(language, "the system")]
    assert messages(client.get(f"{work(agreement, language)}history/?of=nothing")) == [
        say(language, "The address asks for a field that does not exist: all changes are shown.")
    ]


@pytest.mark.parametrize(("make", "unseen"), [(factories.auditor, {"Contacts", "Notes"}), (factories.editor, set())])
def test_navigation_offers_what_one_may_see_and_says_where_one_is(client, make, unseen):
    client.force_login(make())
    daily = ["Work", "Agreements", "Activities", "Commitments", "Milestones", "Documents", "Contacts", "Report"]
    reference = [
        "Candidates",
        "Cities",
        "Ties",
        "Resolutions",
        "Domains",
        "Provisions",
        "Memberships",
        "Notes",
        "Kinds of milestones",
    ]

    answer = client.get("/en/staff/cities/")

    (nav,) = page(answer).of_class("staff-nav")
    links = [one for one in nav.all if one.name == "a"]
    assert [one.words for one in links] == [one for one in [*daily, *daily[2:], *reference] if one not in unseen]
    assert [one.words for one in links if one["aria-current"]] == ["Cities"]
    assert [one.words for one in nav.all if one.name == "summary"] == ["More: Cities"]


# --- Adding and editing from there -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "typed"),
    [
        ("notes", {"text": "Ask the embassy."}),
        ("sources", {"publisher_en": "Borna", "says_en": "It was signed."}),
    ],
)
def test_what_is_added_leads_back_to_its_section(client, editor, key, typed):
    agreement = factories.agreement()
    here = f"{work(agreement)}?next=%2Fen%2Fstaff%2Fpartnerships%2F%3Fq%3Dx"
    (add,) = [one for one in part(client.get(here), key).all if one["href"].startswith("/") and "add/" in one["href"]]

    response = client.post(add["href"], fields(client.get(add["href"])) | typed)

    assert "data-inline" in add.attributes
    assert response["Location"] == f"{here}#{key}"
    assert part(client.get(here), key).of_class("work__count")[0].words == "1"


def test_adding_twice_by_a_double_click_adds_one(client, editor):
    agreement = factories.agreement()
    address = f"{work(agreement)}sources/add/"
    typed = fields(client.get(address)) | {"publisher_en": "Borna", "says_en": "It was signed."}

    client.post(address, typed), client.post(address, typed)

    assert Source.objects.count() == 1


def test_agreement_has_no_more_sources_than_its_form_can_show(client, editor):
    agreement = factories.agreement()
    Source.objects.bulk_create(Source(agreement=agreement, title_en="x", says_en="x") for _ in range(ROWS_AT_MOST))
    address = f"{work(agreement)}sources/add/"

    response = client.post(address, fields(client.get(address)) | {"publisher_en": "Borna", "says_en": "Signed."})

    assert errors(response) == ["An agreement has at most 60 sources."]


@pytest.mark.parametrize("language", ["fa", "en"])
def test_last_support_of_an_agreement_in_force_is_neither_turned_nor_taken(client, editor, language):
    agreement = factories.agreement(status="in_force")
    kept = factories.source(agreement)
    address = f"/{language}/staff/sources/{kept.pk}/edit/"
    sentence = say(language, "An agreement in force needs a date of signing or a source that supports it.")

    response = client.post(address, fields(client.get(address)) | {"stance": "mentions"})
    taken = client.post(address.replace("edit", "delete"), {"version": kept.version})

    assert [one.endswith(sentence) for one in errors(response)] == [True]
    assert sentence in page(taken).document.words
    assert Source.objects.get().stance == "supports"


def test_source_is_taken_off_and_its_history_says_by_whom(client, editor):
    taken = factories.source(factories.agreement())

    client.post(f"/en/staff/sources/{taken.pk}/delete/", {"version": taken.version, "reason": "attached by mistake"})

    last = Source.history.filter(id=taken.pk).first()
    assert (Source.objects.count(), last.history_type, last.history_user) == (0, "-", editor)
    assert last.history_change_reason == "attached by mistake"


# --- The check before publishing ----------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["fa", "en"])
def test_check_tells_what_lacks_and_every_item_with_its_change(client, language):
    client.force_login(factories.manager())
    agreement = factories.agreement()
    address = f"{work(agreement, language)}publish/"

    answer = client.get(address)

    assert facts(answer)[say(language, "Signed")] == say(language, "not provided")
    headings = [one.words for one in page(answer).named("h2")]
    assert headings == [say(language, "What it lacks"), say(language, "What the page will say")]
    change = next(one for one in page(answer).links() if "/edit/" in one)
    response = client.post(change, fields(client.get(change)) | {"summary_en": "Changed"})
    assert response["Location"] == address
    client.post(address, fields(client.get(address)))
    assert Agreement.objects.get().publication == "published"


# --- What it costs -------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module", params=[1, 300])
def busy(request, django_db_setup, django_db_blocker):
    """A client of an editor, and an agreement with one or three hundred of everything."""
    with django_db_blocker.unblock(), transaction.atomic():
        account = factories.user("clerk", EDITORS)
        agreement = factories.agreement(published=True, reviewer=account)
        agreement.resolutions.add(factories.resolution())
        Note.objects.bulk_create(Note(agreement=agreement, text="x", written_by=account) for _ in range(request.param))
        for number in range(request.param):
            if number < ROWS_AT_MOST:
                factories.source(agreement)
            factories.activity(agreement)
            factories.commitment(agreement)
            factories.contact(agreement.partner)
            factories.document(agreement=agreement)
            factories.milestone(agreement)
        client = Client()
        client.force_login(account)
        yield client, agreement
        transaction.set_rollback(True)


def test_page_of_work_costs_the_same_for_one_part_and_for_three_hundred(busy, django_db_blocker):
    client, agreement = busy
    with django_db_blocker.unblock(), CaptureQueriesContext(connection) as queries:
        assert client.get(work(agreement)).status_code == 200
    assert len(queries) == 24


def test_messages_of_what_was_added_stand_on_the_page(client, editor):
    agreement = factories.agreement()
    address = f"{work(agreement)}notes/add/"

    response = client.post(address, fields(client.get(address)) | {"text": "Ask."}, follow=True)

    assert messages(response) == ["“Ask.” is recorded."]
