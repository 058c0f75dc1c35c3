"""A record's history as people read it."""

import pytest
from django.utils.translation import override

from partnerships.models import Agreement, Source
from sistercities.dates import UncertainDate
from sistercities.history import Change, RecordHistory, person
from tests import factories

pytestmark = pytest.mark.django_db


def change(agreement: Agreement, by=None, reason: str = "", **values) -> Agreement:
    """The agreement with other values, saved as one step."""
    agreement = Agreement.objects.get(pk=agreement.pk)
    with agreement.one_entry(by=by, reason=reason):
        for name, value in values.items():
            setattr(agreement, name, value)
        agreement.save()
    return agreement


def told(history: RecordHistory, at: int = 0) -> dict[str, tuple[str, str]]:
    """Label -> (was, now) of one entry."""
    return {one.label: (str(one.was), str(one.now)) for one in history[:50][at].changes}


def history_of(agreement: Agreement) -> RecordHistory:
    """The history of an agreement with its sources."""
    return RecordHistory((Agreement, {"id": agreement.pk}), (Source, {"agreement_id": agreement.pk}))


def test_values_read_as_they_do_elsewhere():
    agreement = factories.agreement()
    change(agreement, verification="press", signed=UncertainDate.parse("1395/3"), summary_en="A summary.")

    with override("en"):
        assert told(history_of(agreement)) == {
            "Signed": ("", "Khordad 1395 (May–June 2016)"),
            "Summary in English": ("", "A summary."),
            "Verification": ("Unverified", "Press"),
        }


def test_dates_read_in_the_language_of_the_reader():
    agreement = factories.agreement()
    change(agreement, signed=UncertainDate.parse("1395/3"))

    with override("fa"):
        (one,) = history_of(agreement)[:1][0].changes
        assert (one.was, one.now) == ("", "خرداد ۱۳۹۵ (مه – ژوئن ۲۰۱۶)")


def test_columns_that_serve_the_machine_do_not_show():
    agreement = factories.agreement()
    change(agreement, signed=UncertainDate.parse("1395/3"))

    with override("en"):
        assert list(told(history_of(agreement))) == ["Signed"]


def test_entry_says_who_why_and_that_it_was_changed():
    author = factories.editor()
    author.first_name, author.last_name = "Sara", "Tabrizi"
    author.save()
    agreement = factories.agreement()
    change(agreement, by=author, reason="a letter of the council", status="approved")

    latest, first = history_of(agreement)[:50]

    assert (latest.type, latest.by, latest.reason, latest.version) == (
        "~",
        "Sara Tabrizi",
        "a letter of the council",
        2,
    )
    assert (first.type, first.by, first.reason, first.version) == ("+", "", "", 1)


def test_account_without_a_name_stands_by_its_username():
    assert person(factories.editor()) == "editor"
    assert person(None) == ""


def test_related_records_stand_by_their_names():
    agreement = factories.agreement(partner=factories.baku())
    domain = factories.domain("cultural", name_en="Culture")
    with agreement.one_entry():
        agreement.partner = factories.istanbul()
        agreement.save()
        agreement.domains.set([domain, factories.domain("social", name_en="Society")])

    with override("en"):
        assert told(history_of(agreement)) == {
            "Partner city": ("Baku", "Istanbul"),
            "Name in Persian": ("پیمان خواهرخواندگی تبریز و باکو", "پیمان خواهرخواندگی تبریز و استانبول"),
            "Name in English": (
                "Sister-city agreement of Tabriz and Baku",
                "Sister-city agreement of Tabriz and Istanbul",
            ),
            "Domains of cooperation": ("", "Culture, Society"),
        }


def test_related_record_that_was_deleted_since_is_said_to_be():
    agreement = factories.agreement()
    domain = factories.domain("cultural")
    with agreement.one_entry():
        agreement.save()
        agreement.domains.set([domain])
    with agreement.one_entry():
        agreement.save()
        agreement.domains.clear()
    key = domain.pk
    domain.delete()

    with override("en"):
        assert told(history_of(agreement)) == {"Domains of cooperation": (f"deleted since (no. {key})", "")}


def test_parts_stand_among_the_record_without_naming_it():
    agreement = factories.agreement()
    source = factories.source(agreement, publisher_en="Borna")
    source.says_en = "Another thing."
    source.save()

    with override("en"):
        changed, recorded, own = history_of(agreement)[:50]

        assert [one.part for one in (changed, recorded, own)] == ["Source: Borna", "Source: Borna", ""]
        assert {one.label: (one.was, one.now) for one in changed.changes} == {
            "What it says, in English": ("The agreement was signed.", "Another thing.")
        }
        assert "Agreement" not in {one.label for one in recorded.changes}


def test_history_of_one_record_tells_nothing_of_another():
    agreement, other = factories.agreement(), factories.agreement()
    factories.source(other)
    change(other, status="approved")

    assert [entry.record.pk for entry in history_of(agreement)[:50]] == [agreement.pk]


def test_deleted_record_keeps_its_history():
    agreement = factories.agreement()
    key = agreement.pk
    agreement.delete()

    assert [entry.type for entry in RecordHistory((Agreement, {"id": key}))[:50]] == ["-", "+"]


def test_since_a_version_tells_what_came_after_it():
    agreement = factories.agreement()
    for status in ("negotiation", "approved"):
        change(agreement, status=status)

    assert [entry.version for entry in history_of(agreement).since(1)] == [3, 2]
    assert history_of(agreement).since(3) == []


def test_slices_are_those_of_the_whole():
    agreement = factories.agreement()
    for number in range(7):
        change(agreement, internal_note=str(number))
        if number % 2:
            factories.source(agreement)
    history = history_of(agreement)
    whole = [(entry.type, entry.part, entry.version) for entry in history[0:50]]

    pages = [history[at : at + 3] for at in range(0, len(history), 3)]

    assert len(history) == len(whole) == 11
    assert [(entry.type, entry.part, entry.version) for page in pages for entry in page] == whole


@pytest.mark.parametrize("entries", [1, 60])
def test_page_costs_the_same_however_long_the_history_is(entries, django_assert_num_queries):
    author = factories.editor()
    agreement = factories.agreement(published=True)
    for number in range(entries):
        with agreement.one_entry(by=author):
            agreement.internal_note = str(number)
            agreement.save()
            agreement.domains.set([factories.domain(f"domain-{number}")])
            agreement.resolutions.add(factories.resolution())
            agreement.provisions.add(factories.provision(f"key-{number}"))
        factories.source(agreement)

    with django_assert_num_queries(14):
        [str(one.record) for one in history_of(agreement)[:25]]


# --- Long texts ------------------------------------------------------------------------------------------------


def test_long_texts_are_compared_word_by_word():
    old = "The memorandum of understanding was signed in Tabriz by both mayors in 2009."
    new = "The memorandum of understanding was signed in Gaza by both mayors in 2009, in Arabic."

    pieces = Change("summary_en", "Summary", old, new).words

    assert [piece for piece in pieces if piece[0] != "same"] == [
        ("removed", "Tabriz "),
        ("added", "Gaza "),
        ("removed", "2009."),
        ("added", "2009, in Arabic."),
    ]
    assert "".join(text for how, text in pieces if how != "added") == old
    assert "".join(text for how, text in pieces if how != "removed") == new


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("short", "other"),
        (" ".join("abcdefgh" * 9), " ".join("ijklmnop" * 9)),
        ("", "x" * 100),
        ("x" * 100, ""),
        ("a " * 5000, "b " * 5000),
    ],
)
def test_short_new_and_endless_texts_stand_side_by_side(old, new):
    assert Change("summary_en", "Summary", old, new).words == []


def test_text_of_a_column_pair_has_its_language():
    assert [(one.lang, one.dir) for one in (Change("summary_fa", "", "", ""), Change("summary_en", "", "", ""))] == [
        ("fa", "rtl"),
        ("en", "ltr"),
    ]
    assert (Change("internal_note", "", "", "").lang, Change("internal_note", "", "", "").dir) == ("", "auto")
