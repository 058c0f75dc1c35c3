"""The revision of what the public sees: what moves it, what does not, and what two at a time make of it."""

import threading

import pytest
from django.apps import apps
from django.contrib.auth.models import User
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cities.models import City, Country
from partnerships.models import Activity, Agreement, Note
from sistercities import revision
from sistercities.records import FixedRow
from tests import factories

OURS = ("cities", "partnerships", "sistercities")


# --- Which tables -------------------------------------------------------------------------------------------------


def test_every_model_is_public_or_private_with_a_reason():
    models = apps.get_models(include_auto_created=True)
    ours = {model._meta.label_lower: model for model in models if model._meta.app_label in OURS}
    private = {name for name, model in ours.items() if not revision.is_public(model)}

    assert private == {*revision.PRIVATE} | {name for name, model in ours.items() if issubclass(model, FixedRow)}
    assert all(revision.PRIVATE.values())
    assert {model._meta.app_label for model in models} == {*OURS, *revision.FOREIGN}


@pytest.mark.django_db
def test_every_write_to_a_public_table_moves_it_and_no_other():
    for model in apps.get_models(include_auto_created=True):
        before = revision.current()
        with connection.cursor() as cursor:
            cursor.execute(f'DELETE FROM "{model._meta.db_table}" WHERE 1 = 0')
        assert (revision.current() != before) == revision.is_public(model), model._meta.label


# --- Which writes -------------------------------------------------------------------------------------------------

WRITES = {
    "create": lambda one: factories.city(),
    "save": lambda one: one.partner.save(),
    "one_entry": lambda one: one.publish(by=None, reason="a test"),
    "delete": lambda one: one.delete(),
    "update": lambda one: Agreement.objects.update(summary_en="Other words."),
    "update_of_none": lambda one: Country.objects.filter(code="XX").update(name_en="Nowhere"),
    "bulk_create": lambda one: Country.objects.bulk_create([Country(code="FR", name_fa="فرانسه", name_en="France")]),
    "bulk_update": lambda one: City.objects.bulk_update([one.partner], ["population"]),
    "delete_of_many": lambda one: Agreement.objects.all().delete(),
    "add": lambda one: one.domains.add(factories.domain()),
    "set": lambda one: one.domains.set([]) or one.domains.set([factories.domain()]),
    "clear": lambda one: factories.activity(one) and Activity.objects.get().agreements.clear(),
    "get_or_create": lambda one: Country.objects.get_or_create(code="FR", name_fa="فرانسه", name_en="France"),
    "file": lambda one: factories.document(agreement=one),
    "sql": lambda one: connection.cursor().execute("update cities_city set population = 1"),
}


@pytest.mark.django_db
@pytest.mark.parametrize("write", WRITES)
def test_it_moves_with(write):
    one = factories.agreement(summary_fa="خلاصه", title_fa="عنوان", title_en="Title")
    before = revision.current()
    WRITES[write](one)
    assert revision.current() != before


@pytest.mark.django_db
def test_it_stays_while_the_office_works_for_itself(client):
    one, editor = factories.agreement(published=True), factories.editor()
    before = revision.current()

    client.force_login(editor)
    client.get("/en/staff/")
    factories.note(one)
    Note.objects.all().delete()
    factories.contact(one.partner)
    User.objects.update(first_name="Anna")

    assert revision.current() == before


HIDDEN = {
    "agreement": (lambda: factories.agreement(), {"published_at": timezone.now()}),
    "activity": (lambda: factories.activity(factories.agreement(True)), {"published_at": timezone.now()}),
    "commitment": (lambda: factories.commitment(factories.agreement(True)), {"is_public": True}),
    "document": (lambda: factories.document(agreement=factories.agreement(True)), {"is_public": True}),
    "membership": (lambda: factories.membership(), {"is_public": True}),
}
"""Records of which the public sees nothing at first, with what lets it see them."""


@pytest.mark.django_db
@pytest.mark.parametrize("kind", HIDDEN)
def test_work_on_what_nobody_sees_yet_does_not_move_it(kind):
    make, shown = HIDDEN[kind]
    record = make()
    hidden = {name: getattr(record, name) for name in shown}
    before = revision.current()

    record.save()
    with record.one_entry(reason="a test"):
        record.save()
    assert revision.current() == before

    for values in (shown, shown, hidden):  # it appears, it changes, it disappears
        for name, value in values.items():
            setattr(record, name, value)
        record.save()
        assert revision.current() != before
        before = revision.current()
    record.save()
    assert revision.current() == before


@pytest.mark.django_db
def test_a_draft_that_is_begun_does_not_move_it_and_one_that_is_published_at_once_does():
    partner = factories.agreement().partner
    before = revision.current()
    factories.agreement(partner=partner)
    assert revision.current() == before
    factories.agreement(True, partner=partner)
    assert revision.current() != before


@pytest.mark.django_db(transaction=True)
def test_what_fails_while_it_is_written_leaves_nothing_behind():
    draft = factories.agreement()
    draft.kind = "no kind"
    with pytest.raises(IntegrityError):
        draft.save()
    before = revision.current()
    Agreement.objects.update(summary_en="Other words.")
    assert revision.current() != before


@pytest.mark.django_db
def test_it_never_comes_back():
    seen = {revision.current()}
    for number in range(5):
        City.objects.update(population=number)
        seen.add(revision.current())
    assert len(seen) == 6


# --- Once in a transaction, and never in vain ---------------------------------------------------------------------


def moves(queries: CaptureQueriesContext) -> int:
    """How many statements moved the revision."""
    own = revision._parts("default").model._meta.db_table
    return sum(one["sql"].startswith((f'UPDATE "{own}"', f'INSERT INTO "{own}"')) for one in queries)


@pytest.mark.django_db
def test_a_transaction_moves_it_once():
    factories.agreement()
    revision.current()
    with CaptureQueriesContext(connection) as queries, transaction.atomic():
        for _ in range(3):
            City.objects.get(slug="tabriz").save()
    assert moves(queries) == 1


@pytest.mark.django_db
def test_what_is_written_after_it_was_read_moves_it_again():
    factories.home_city()
    with transaction.atomic():
        City.objects.update(population=1)
        before = revision.current()
        City.objects.update(population=2)
        assert revision.current() != before


@pytest.mark.django_db
@pytest.mark.parametrize("looks", [True, False])
def test_a_savepoint_takes_its_move_back(looks):
    factories.home_city()
    before = revision.current()
    with transaction.atomic():
        with transaction.atomic():
            City.objects.update(population=1)
            transaction.set_rollback(True)
        if looks:
            assert revision.current() == before
        City.objects.update(population=2)
    assert revision.current() != before


@pytest.mark.django_db(transaction=True)
def test_a_transaction_takes_its_move_back():
    factories.home_city()
    before = revision.current()
    with transaction.atomic():
        City.objects.update(population=1)
        transaction.set_rollback(True)
    assert revision.current() == before

    with pytest.raises(IntegrityError):
        City.objects.update(latitude=91)
    assert revision.current() == before

    City.objects.update(population=1)
    assert revision.current() != before


@pytest.mark.django_db(transaction=True)
def test_a_row_outside_a_transaction_is_refused():
    agreement, domain = factories.agreement(), factories.domain()
    before = revision.current()
    with pytest.raises(transaction.TransactionManagementError, match="partnerships_agreement_domains"):
        Agreement.domains.through.objects.create(agreement=agreement, domain=domain)
    assert (agreement.domains.count(), revision.current()) == (0, before)


# --- Two at a time ------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_writers_wait_for_none_and_each_commit_is_seen_in_whichever_order():
    first, second = factories.city(), factories.city()
    seen = [revision.current()]
    has_written, may_commit = threading.Event(), threading.Event()

    def import_for_long() -> None:
        with transaction.atomic():
            City.objects.filter(pk=first.pk).update(population=1)
            has_written.set()
            may_commit.wait(20)
        connection.close()

    def save_quickly() -> None:
        City.objects.filter(pk=second.pk).update(population=2)
        connection.close()

    threads = [threading.Thread(target=import_for_long), threading.Thread(target=save_quickly)]
    threads[0].start()
    assert has_written.wait(20)
    assert revision.current() == seen[0]  # nothing is committed
    threads[1].start()
    threads[1].join(1)
    # SQLite has one writer at a time.
    assert threads[1].is_alive() != connection.features.has_select_for_update_skip_locked
    seen.append(revision.current())
    may_commit.set()
    for thread in threads:
        thread.join()
    seen.append(revision.current())

    assert (seen[1] != seen[0]) == connection.features.has_select_for_update_skip_locked
    assert seen[2] not in seen[:2]
