"""Earlier versions are restored as new ones, and what was deleted is brought back; the history itself is fixed."""

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import override

from cities.models import City
from partnerships.models import Agreement, Commitment, Document, Domain, Milestone, Resolution, Source
from sistercities.dates import UncertainDate
from sistercities.records import HistoryIsFixed, StaleRecord
from sistercities.restoring import Version
from tests import factories
from tests.desk import errors, fields, messages, page, row, say

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(client) -> User:
    """A manager, signed in."""
    account = factories.manager()
    client.force_login(account)
    return account


def changed(record, **values):
    """The record, read anew and saved with other values as one step."""
    record = type(record).objects.get(pk=record.pk)
    with record.one_entry(reason="as the letter says"):
        for name, value in values.items():
            setattr(record, name, value)
        record.save()
    return record


def entries(record) -> list:
    """The historical rows of a record, oldest first."""
    return list(type(record).history.filter(id=record.pk).order_by("history_id"))


def restore(client, entry, language: str = "en", **typed):
    """The answer to the page of a historical row, sent as it stands but for what is typed."""
    address = reverse_in(language, entry)
    return client.post(address, fields(client.get(address)) | typed)


def undo_of(response) -> str:
    """The address to which the page's "Undo" leads."""
    (undo,) = [one["href"] for one in page(response).named("a") if one.words == "Undo"]
    return undo


def reverse_in(language: str, entry) -> str:
    """The address at which the version of a historical row is restored."""
    with override(language):
        return reverse(f"staff:{entry.instance_type._meta.model_name}_restore", args=[entry.history_id])


# --- An earlier version ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["fa", "en"])
def test_page_shows_what_restoring_changes(client, manager, language):
    agreement = factories.agreement(signed="SH 1395-03", summary_en="As it was.")
    changed(agreement, signed=None, summary_en="As it is.", verification="press")

    found = client.get(reverse_in(language, entries(agreement)[0]))

    with override(language):
        columns = [Agreement._meta.get_field(name) for name in ("signed", "summary_en", "verification")]
        labels = [capfirst(str(column.verbose_name)) for column in columns]
        assert sorted(one.words for one in page(found).named("th") if one["scope"] == "row") == sorted(labels)
        then = UncertainDate.parse("1395/3").display()
    assert row(found, labels[0]) == [say(language, "empty"), then]
    assert row(found, labels[1]) == ["As it is.", "As it was."]


def test_earlier_version_becomes_a_new_one_with_one_entry(client, manager):
    domains = [factories.domain("cultural"), factories.domain("social")]
    agreement = factories.agreement(signed="SH 1395-03", summary_en="As it was.")
    with agreement.one_entry():
        agreement.save()
        agreement.domains.set(domains)
    wanted = entries(agreement)[-1]
    agreement = changed(agreement, signed=UncertainDate.parse("1399"), summary_en="As it is.")
    with agreement.one_entry():
        agreement.save()
        agreement.domains.set(domains[:1])
    number = len(entries(agreement))

    response = restore(client, wanted, reason="the old text was right")

    assert messages(client.get(response["Location"])) != []
    again = Agreement.objects.get(pk=agreement.pk)
    assert (again.signed.stored, again.summary_en, again.version) == ("SH 1395-03", "As it was.", agreement.version + 1)
    assert set(again.domains.all()) == set(domains)
    last = entries(agreement)[-1]
    assert (len(entries(agreement)), last.history_type, last.history_user) == (number + 1, "~", manager)
    assert last.history_change_reason.startswith("restored as of ")
    assert last.history_change_reason.endswith(" – the old text was right")
    assert {one.domain for one in last.domains.all()} == set(domains)


@pytest.mark.parametrize("language", ["fa", "en"])
def test_history_leads_to_earlier_versions_and_not_to_what_is_so_now(client, manager, language):
    agreement = factories.agreement(number=5)
    changed(agreement, summary_en="New.")

    found = page(client.get(f"/{language}/staff/partnerships/5/history/"))

    first, last = entries(agreement)
    links = [one["href"].partition("?")[0] for one in found.named("a") if "/staff/history/" in one["href"]]
    assert links == [reverse_in(language, first)]
    assert (first.history_type, last.history_type) == ("+", "~")


def test_publication_is_not_restored(client, manager):
    agreement = factories.agreement(summary_en="As it was.", name_fa="نام", name_en="Name")
    draft = entries(agreement)[0]
    agreement = Agreement.objects.get(pk=agreement.pk)
    agreement.publish(by=manager)
    changed(agreement, summary_en="As it is.")

    restore(client, draft)

    agreement = Agreement.objects.get(pk=agreement.pk)
    assert (agreement.publication, agreement.summary_en, agreement.number) == ("published", "As it was.", draft.number)


def test_rules_of_today_hold_for_earlier_versions(client, manager):
    """In force by the word of a source that has gone since."""
    agreement = factories.agreement()
    source = factories.source(agreement)
    agreement = changed(agreement, status="in_force")
    wanted = entries(agreement)[-1]
    agreement = changed(agreement, status="prospect")
    source.delete()

    response = restore(client, wanted)

    assert errors(response) == ["An agreement in force needs a date of signing or a source that supports it."]
    assert Agreement.objects.get(pk=agreement.pk).status == "prospect"


def test_broken_constraint_says_why(client, manager):
    first = factories.resolution(number="12", decided="SH 1390-01-01")
    changed(first, number="13")
    factories.resolution(number="12", decided="SH 1390-01-01")

    response = restore(client, entries(first)[0])

    assert errors(response) == ["This resolution, by its number and date, is recorded already."]


def test_source_cannot_be_restored_so_that_its_agreement_stands_on_nothing():
    agreement = factories.agreement()
    source = factories.source(agreement, stance="mentions")
    changed(source, stance="supports")
    changed(agreement, status="in_force")

    with pytest.raises(ValidationError, match="in force needs"), override("en"):
        Version(entries(source)[0]).restore(None)
    assert Source.objects.get().stance == "supports"


def test_stale_page_restores_nothing(client, manager):
    agreement = factories.agreement(summary_en="First.")
    changed(agreement, summary_en="Second.")
    address = reverse_in("en", entries(agreement)[0])
    typed = fields(client.get(address))
    changed(agreement, summary_en="Third.")

    response = client.post(address, typed | {"reason": "kept"})

    assert Agreement.objects.get(pk=agreement.pk).summary_en == "Third."
    assert messages(response) == [
        say("en", "Somebody has changed this since you opened the page. Look at it once more.")
    ]
    assert fields(response)["reason"] == ["kept"]
    assert row(response, "Summary in English") == ["Third.", "First."]


def test_second_click_restores_once(client, manager):
    agreement = factories.agreement(summary_en="First.")
    changed(agreement, summary_en="Second.")
    address = reverse_in("en", entries(agreement)[0])
    typed = fields(client.get(address))

    answers = [client.post(address, typed) for _ in range(2)]

    assert [one.status_code for one in answers] == [302, 302]
    assert len(entries(agreement)) == 3


def test_what_does_not_exist_any_more_is_told_and_left_out(client, manager):
    kept, gone = factories.domain("cultural"), factories.domain("social")
    agreement = factories.agreement()
    with agreement.one_entry():
        agreement.save()
        agreement.domains.set([kept, gone])
    wanted = entries(agreement)[-1]
    with agreement.one_entry():
        agreement.save()
        agreement.domains.clear()
    gone.delete()

    said = page(client.get(reverse_in("en", wanted))).of_class("unknowns")[0].words
    restore(client, wanted)

    assert said == "“domains of cooperation” of that time does not exist any more."
    assert list(agreement.domains.all()) == [kept]


def test_partner_that_is_gone_stands_in_the_way(client, manager):
    agreement = factories.agreement(partner=factories.city())
    before = agreement.partner
    changed(agreement, partner=factories.city())
    before.delete()

    response = client.get(reverse_in("en", entries(agreement)[0]))

    assert errors(response) == ["“partner city” of that time does not exist any more."]
    assert not [one for one in page(response).named("textarea") if one["name"] == "reason"]


# --- What was deleted ------------------------------------------------------------------------------------------------


def test_draft_comes_back_with_its_number_and_its_parts(client, manager):
    domain = factories.domain()
    agreement = factories.agreement(number=7, summary_en="A draft.")
    with agreement.one_entry():
        agreement.save()
        agreement.domains.set([domain])
    kept = factories.source(agreement, publisher_en="Kept")
    removed = factories.source(agreement, publisher_en="Removed before")
    milestone = factories.milestone(agreement, letter_number="12")
    factories.commitment(agreement)
    factories.document(agreement=agreement)
    removed.delete()
    response = client.get("/en/staff/partnerships/7/delete/")
    typed = fields(response)
    assert page(response).of_class("unknowns")[0].words == "“Planted text” goes with it for good, since its file does."
    response = client.post("/en/staff/partnerships/7/delete/", typed, follow=True)
    assert Agreement.objects.count() == 0
    (undo,) = [one["href"] for one in page(response).named("a") if one.words == "Undo"]

    response = client.get(undo)
    assert page(response).of_class("unknowns")[0].words == "“Planted text” went with it for good."
    response = client.post(undo, fields(response) | {"reason": "deleted by mistake"}, follow=True)

    assert messages(response) == [f"“{Agreement.objects.get()}” is back. It is not published."]
    again = Agreement.objects.get()
    assert (again.pk, again.number, again.summary_en, again.publication) == (agreement.pk, 7, "A draft.", "draft")
    assert list(again.domains.all()) == [domain]
    assert [one.publisher_en for one in again.sources.all()] == ["Kept"]
    assert (Milestone.objects.get().pk, Commitment.objects.count()) == (milestone.pk, 1)
    assert [one.history_type for one in entries(agreement)] == ["+", "~", "-", "+"]
    assert entries(agreement)[-1].history_change_reason.startswith("brought back as of ")
    assert [one.history_type for one in entries(kept)] == ["+", "-", "+"]
    assert factories.agreement().number == 8


def test_form_that_was_open_when_the_record_was_deleted_and_came_back_is_stale():
    resolution = factories.resolution()
    held = Resolution.objects.get()
    changed(resolution)
    Resolution.objects.get().delete()
    Version(Resolution.history.latest("history_id")).restore(None)

    with pytest.raises(StaleRecord):
        held.save()


def test_part_without_its_agreement_does_not_come_back(client, manager):
    agreement = factories.agreement()
    source = factories.source(agreement)
    agreement.delete()

    response = client.get(reverse_in("en", entries(source)[-1]))

    assert errors(response) == ["“agreement” of that time does not exist any more."]


def test_document_does_not_come_back_without_its_file(client, manager):
    factories.document(resolution=factories.resolution()).delete()

    response = client.get(reverse_in("en", Document.history.latest("history_id")))

    assert errors(response) == ["What it consisted of was destroyed with it. Record it anew."]
    assert Document.objects.count() == 0


def test_what_had_a_document_comes_back_without_it_and_says_so_beforehand(client, manager):
    agreement = factories.agreement(number=7)
    milestone = factories.milestone(agreement)
    factories.document(milestone=milestone, title_en="Letter of the ministry")
    address = "/en/staff/partnerships/7/delete/"
    asked = client.get(address)
    assert "“Letter of the ministry” goes with it for good, since its file does." in page(asked).named("main")[0].words
    undo = undo_of(client.post(address, fields(asked), follow=True))
    offered = client.get(undo)
    assert "“Letter of the ministry” went with it for good." in page(offered).named("main")[0].words

    client.post(undo, fields(offered))

    assert (Milestone.objects.get().pk, Document.objects.count()) == (milestone.pk, 0)


def test_deleted_document_is_not_offered_to_be_brought_back(client, manager):
    document = factories.document(agreement=factories.agreement(number=7))
    address = f"/en/staff/documents/{document.pk}/delete/"
    asked = client.get(address)
    assert "can be brought back" not in page(asked).named("main")[0].words
    response = client.post(address, fields(asked), follow=True)
    assert [one for one in page(response).named("a") if one.words == "Undo"] == []
    history = client.get(f"/en/staff/documents/{document.pk}/history/")
    assert [one for one in page(history).named("a") if "/staff/history/" in one["href"]] == []


def test_number_taken_by_another_stands_in_the_way():
    """Of a city, the end of its address: another has it by now."""
    city = factories.city(slug="baku")
    city.delete()
    factories.city(slug="baku")

    with pytest.raises(ValidationError), override("en"):
        Version(City.history.filter(slug="baku", history_type="-").get()).restore(None)


def test_brought_back_twice_at_once_is_one_record():
    domain = factories.domain()
    domain.delete()
    first, second = (Version(Domain.history.latest("history_id")) for _ in range(2))
    first.restore(None)

    with pytest.raises((IntegrityError, ValidationError)):
        second.restore(None)


def test_editor_restores_nothing_but_sources(client):
    client.force_login(factories.editor())
    agreement = factories.agreement(number=5)
    source = factories.source(agreement)
    changed(agreement, summary_en="New.")
    changed(source, reference="12")

    links = {one["href"].partition("?")[0] for one in page(client.get("/en/staff/partnerships/5/history/")).named("a")}

    assert reverse_in("en", entries(source)[0]) in links
    assert reverse_in("en", entries(agreement)[0]) not in links
    assert client.get(reverse_in("en", entries(agreement)[0])).status_code == 403


# --- Undo ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["fa", "en"])
def test_withdrawal_is_undone_with_one_click_more(client, manager, language):
    name = "<b>Bonn</b> & “Baku”"
    agreement = factories.agreement(published=True, number=5, name_fa=name, name_en=name)
    address = f"/{language}/staff/partnerships/5/withdraw/"

    response = client.post(address, fields(client.get(address)) | {"reason": "wrong city"}, follow=True)

    assert Agreement.objects.get().publication == "withdrawn"
    assert "<b>Bonn" not in response.content.decode()
    (undo,) = [one["href"] for one in page(response).named("a") if one.words == say(language, "Undo")]
    client.post(undo, fields(client.get(undo)))
    assert Agreement.objects.get(pk=agreement.pk).publication == "published"


def test_removed_source_is_undone_with_one_click_more(client, manager):
    agreement = factories.agreement(number=5)
    source = factories.source(agreement)
    address = "/en/staff/partnerships/5/edit/"

    response = client.post(address, fields(client.get(address)) | {"sources-0-DELETE": "on"}, follow=True)

    assert Source.objects.count() == 0
    (undo,) = [one["href"] for one in page(response).named("a") if one.words == "Undo"]
    response = client.post(undo, fields(client.get(undo)), follow=True)
    assert Source.objects.get().pk == source.pk
    assert response.request["PATH_INFO"] == "/en/staff/partnerships/"


# --- The history itself ----------------------------------------------------------------------------------------------


def test_history_is_neither_changed_nor_deleted():
    agreement = factories.agreement()
    with agreement.one_entry():
        agreement.save()
        agreement.domains.set([factories.domain()])
    one = entries(agreement)[-1]
    link = one.domains.get()
    attempts = [
        one.save,
        one.delete,
        link.save,
        link.delete,
        lambda: agreement.history.all().delete(),
        lambda: agreement.history.update(history_date=timezone.now()),
        lambda: Agreement.history.filter(pk=one.pk).delete(),
        lambda: Agreement.history.bulk_update([one], ["summary_en"]),
        lambda: type(one).objects.all().delete(),
        lambda: type(one).objects.update(summary_en=""),
        lambda: type(link).objects.all().delete(),
    ]

    for attempt in attempts:
        with pytest.raises(HistoryIsFixed):
            attempt()
    assert len(entries(agreement)) == 2
