"""What every record has in common: nobody overwrites what they have not seen, and each step is one entry of history."""

import datetime
import threading
from collections.abc import Iterator

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils.translation import override

from cities.models import City, Country
from partnerships.models import Affinity, Agreement, Domain, Membership, Provision, Resolution, Source
from sistercities.records import StaleRecord
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with override("en"):
        yield


def make(model: type) -> object:
    """A record of each kind."""
    return {
        Country: factories.country,
        City: factories.istanbul,
        Domain: factories.domain,
        Provision: factories.provision,
        Resolution: factories.resolution,
        Agreement: factories.agreement,
        Source: lambda: factories.source(factories.agreement()),
        Affinity: lambda: factories.affinity(factories.istanbul()),
        Membership: factories.membership,
    }[model]()


MODELS = [Country, City, Domain, Provision, Resolution, Agreement, Source, Affinity, Membership]


# --- Versions -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("model", MODELS)
def test_each_save_is_the_next_version_with_its_entry(model: type) -> None:
    record = make(model)
    record.save()
    record.save()

    assert model.objects.get(pk=record.pk).version == record.version == 3
    assert [(entry.version, entry.history_type) for entry in model.history.filter(pk__gte=0)[:3]] == [
        (3, "~"),
        (2, "~"),
        (1, "+"),
    ]


@pytest.mark.parametrize("model", MODELS)
def test_a_stale_record_is_not_saved(model: type) -> None:
    record = make(model)
    mine, theirs = model.objects.get(pk=record.pk), model.objects.get(pk=record.pk)
    theirs.save()
    before, entries = model.objects.filter(pk=record.pk).values().get(), model.history.count()

    with pytest.raises(StaleRecord) as caught:
        mine.save()

    assert (caught.value.record, mine.version) == (mine, 1)
    assert model.objects.filter(pk=record.pk).values().get() == before
    assert model.history.count() == entries
    with pytest.raises(StaleRecord):  # still, however often it is tried
        mine.save()


def test_a_deleted_record_is_stale_and_does_not_come_back() -> None:
    agreement = factories.agreement()
    Agreement.objects.get().delete()

    with pytest.raises(StaleRecord):
        agreement.save()
    assert Agreement.objects.count() == 0


def test_a_record_read_anew_can_be_saved() -> None:
    agreement = factories.agreement()
    Agreement.objects.get().save()
    agreement.refresh_from_db()
    agreement.summary_en = "Read anew."
    agreement.save()

    assert (Agreement.objects.get().version, Agreement.objects.get().summary_en) == (3, "Read anew.")


def test_saving_some_fields_alone_writes_the_whole_row_and_its_version() -> None:
    city = factories.istanbul()
    city.name_en, city.population = "Stamboul", 5
    city.save(update_fields=["name_en"])

    stored = City.objects.get(pk=city.pk)
    assert (stored.name_en, stored.population, stored.version) == ("Stamboul", 5, 2)
    assert "stamboul" in stored.search_text.splitlines()


def test_a_save_that_the_database_refuses_leaves_the_version() -> None:
    agreement = factories.agreement()
    agreement.status = "ended"

    with pytest.raises(IntegrityError), transaction.atomic():
        agreement.save()

    assert (agreement.version, Agreement.objects.get().version) == (1, 1)
    agreement.status_reason_en = "It stopped."
    agreement.save()
    assert Agreement.objects.get().version == 2


@pytest.mark.django_db(transaction=True)
def test_of_two_who_save_at_the_same_time_one_is_refused() -> None:
    city = factories.istanbul()
    start, outcomes = threading.Barrier(2), []

    def edit(name: str) -> None:
        try:
            mine = City.objects.get(pk=city.pk)
            mine.name_en = name
            start.wait()
            mine.save()
            outcomes.append(name)
        except StaleRecord:
            outcomes.append("refused")
        except Exception as failure:
            outcomes.append(repr(failure))
        finally:
            connection.close()

    threads = [threading.Thread(target=edit, args=[name]) for name in ("Stamboul", "Estambul")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    stored = City.objects.get(pk=city.pk)
    assert sorted(outcomes) == sorted([stored.name_en, "refused"])
    assert (stored.version, City.history.count()) == (2, 2)


# --- One entry ----------------------------------------------------------------------------------------


def test_one_entry_of_a_new_record_with_its_relations() -> None:
    user, home, partner = factories.editor(), factories.home_city(), factories.istanbul()
    agreement = Agreement(home_city=home, partner=partner)

    with agreement.one_entry(by=user, reason="a letter came"):
        agreement.save()
        agreement.domains.add(factories.domain("cultural"))
        agreement.provisions.add(factories.provision())
        agreement.domains.add(factories.domain("economic"))
        agreement.save()

    entry = Agreement.history.get()
    assert (entry.history_type, entry.history_user, entry.history_change_reason) == ("+", user, "a letter came")
    assert (entry.domains.count(), entry.provisions.count(), entry.version) == (2, 1, 2)


def test_one_entry_of_a_change_with_its_relations() -> None:
    agreement, user = factories.agreement(), factories.editor()

    with agreement.one_entry(by=user, reason="corrected"):
        agreement.summary_en = "Corrected."
        agreement.save()
        agreement.domains.set([factories.domain()])

    newest, oldest = Agreement.history.all()
    assert (newest.history_type, newest.history_user, newest.history_change_reason) == ("~", user, "corrected")
    assert (newest.domains.count(), oldest.domains.count()) == (1, 0)


def test_one_entry_without_user_and_reason() -> None:
    agreement = factories.agreement()
    with agreement.one_entry():
        agreement.save()

    entry = Agreement.history.first()
    assert (entry.history_user, entry.history_change_reason) == (None, None)


def test_user_and_reason_of_one_entry_do_not_cling_to_the_next() -> None:
    agreement = factories.agreement()
    with agreement.one_entry(by=factories.editor(), reason="first"):
        agreement.save()
    agreement.save()

    assert [(entry.history_user, entry.history_change_reason) for entry in Agreement.history.all()[:1]] == [
        (None, None)
    ]
    assert Agreement.history.count() == 3


def test_one_entry_takes_a_reason_of_any_length() -> None:
    agreement = factories.agreement()
    with agreement.one_entry(reason="because " * 500):
        agreement.save()

    assert Agreement.history.first().history_change_reason == "because " * 500


def test_a_failure_within_one_entry_undoes_all_of_it() -> None:
    agreement = factories.agreement()
    before = Agreement.history.count()

    with pytest.raises(RuntimeError), agreement.one_entry(by=factories.editor(), reason="in vain"):
        fail_after_writing(agreement)

    stored = Agreement.objects.get()
    assert (stored.summary_en, stored.version, stored.domains.count()) == ("", 1, 0)
    assert Agreement.history.count() == before
    assert not hasattr(agreement, "skip_history_when_saving")


def fail_after_writing(agreement: Agreement) -> None:
    agreement.summary_en = "Half."
    agreement.save()
    agreement.domains.add(factories.domain())
    raise RuntimeError


def test_a_stale_record_within_one_entry_undoes_all_of_it() -> None:
    agreement = factories.agreement()
    Agreement.objects.get().save()
    before = Agreement.history.count()

    with pytest.raises(StaleRecord), agreement.one_entry(reason="too late"):
        agreement.save()

    assert Agreement.history.count() == before


# --- Deleting many ------------------------------------------------------------------------------------


def test_deleting_many_is_all_or_nothing() -> None:
    factories.agreement()
    factories.agreement(published=True)

    with pytest.raises(ValidationError):
        Agreement.objects.all().delete()
    assert Agreement.objects.count() == 2


@pytest.mark.parametrize("model", [Domain, Provision, Resolution])
def test_deleting_many_that_nothing_rests_on(model: type) -> None:
    make(model)
    model.objects.all().delete()

    assert (model.objects.count(), [entry.history_type for entry in model.history.all()]) == (0, ["-", "+"])


def test_times_of_making_and_changing_are_kept() -> None:
    city = factories.istanbul()
    made, changed = city.created_at, city.updated_at
    city.save()

    stored = City.objects.get(pk=city.pk)
    assert stored.created_at == made
    assert changed < stored.updated_at
    assert stored.updated_at - made < datetime.timedelta(minutes=1)
