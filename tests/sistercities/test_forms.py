"""The form of a record: what is typed into it, what the register's rules say, and what happens when two people edit."""

import datetime
import uuid

import pytest
from django import forms
from django.db import IntegrityError
from django.utils.translation import override

from partnerships.models import Agreement, Resolution, Source
from sistercities.dates import UncertainDate
from sistercities.forms import ConfirmForm, DayField, RecordForm, RecordFormSet, RowForm, Typed, WebAddressField
from sistercities.records import StaleRecord
from tests import factories

pytestmark = pytest.mark.django_db


class NoteForm(RecordForm):
    """A resolution, with some of its fields."""

    constraint_fields = {"resolution_has_a_title_and_a_council": "title_fa"}

    class Meta:
        model = Resolution
        fields = ["body_fa", "number", "decided", "title_fa", "text_fa"]


class SourceRow(RowForm):
    """A source, with some of its fields."""

    class Meta:
        model = Source
        fields = ["publisher_en", "says_en"]


SourceRows = forms.inlineformset_factory(
    Agreement, Source, form=SourceRow, formset=RecordFormSet, extra=1, max_num=5, absolute_max=5, validate_max=True
)


class DraftForm(RecordForm):
    """An agreement with its sources, with some of their fields."""

    class Meta:
        model = Agreement
        fields = ["status", "signed", "expires", "summary_fa", "summary_en", "domains"]

    constraint_fields = {"agreement_expires_after_signing": "expires"}

    def make_parts(self):
        self.sources = SourceRows(self.data if self.is_bound else None, instance=self.instance, prefix="sources")
        return [self.sources]

    def part_histories(self):
        return [(Source, {"agreement_id": self.stored.pk})]


def sent(form: RecordForm, **changes: str | list[str]) -> Typed:
    """What a browser sends for the form, unless changed by `changes`."""
    data = Typed({})
    for one in [form, *(row for part in form.parts for row in part)]:
        for bound in one:
            name, value = one.add_prefix(bound.name), bound.value()
            if isinstance(value, list):
                data.setlist(name, [str(item) for item in value])
            elif isinstance(value, UncertainDate) or bound.name in {"decided", "signed", "expires"}:
                given = value and (value.day, value.month, value.year, value.calendar.value)
                for part, text in zip(("day", "month", "year", "calendar"), given or ("", "", "", ""), strict=True):
                    data[f"{name}_{part}"] = str(text or "")
            else:
                data[name] = "" if value is None else str(value)
    for part in form.parts:
        for bound in part.management_form:
            data[bound.html_name] = str(bound.value())
    for name, value in changes.items():
        data.setlist(name, value if isinstance(value, list) else [value])
    return data


def fresh(record):
    """The record as it is stored now."""
    return type(record).objects.get(pk=record.pk)


def edited(agreement, **changes: str | list[str]) -> DraftForm:
    """The form of the agreement as stored now, filled in from the page that showed it as `agreement` is."""
    return DraftForm(sent(DraftForm(instance=agreement), **changes), instance=fresh(agreement))


def again(form: DraftForm) -> DraftForm:
    """The same page sent once more."""
    return DraftForm(form.data, instance=fresh(form.instance))


def in_english(form: RecordForm) -> list[tuple[str, str, str, bool]]:
    """What the comparison shows: label, stored, typed, whether the person changed it."""
    return [(one.label, str(one.stored), str(one.typed), one.mine) for one in form.both]


# --- What is typed ---------------------------------------------------------------------------------------------


def test_what_nobody_can_see_is_dropped():
    form = NoteForm({"body_fa": ["شورا"], "title_fa": ["\u202eخواهر\u200cخواندگی\u200b\0\ufeff "]})

    assert form.is_valid()
    assert form.cleaned_data["title_fa"] == "خواهر\u200cخواندگی"


@pytest.mark.parametrize("typed", ["\0", "\u200b\u200b", " \u202e "])
def test_text_that_nobody_can_see_counts_as_none(typed):
    form = NoteForm({"body_fa": ["شورا"], "title_fa": [typed]})

    assert list(form.errors) == ["title_fa"]


@pytest.mark.parametrize(
    ("field", "length", "is_taken"),
    [("title_fa", 300, True), ("title_fa", 301, False), ("text_fa", 20_000, True), ("text_fa", 20_001, False)],
)
def test_length_is_limited_and_said(field, length, is_taken):
    form = NoteForm({"body_fa": ["شورا"], "title_fa": ["ع"], field: ["ب" * length]})

    assert form.is_valid() is is_taken
    assert list(form.errors) == ([] if is_taken else [field])


def test_browser_does_not_cut_what_is_too_long():
    assert "maxlength" not in str(NoteForm()["title_fa"])


def test_pairs_have_their_language_and_direction():
    assert 'lang="fa" dir="rtl"' in str(NoteForm()["title_fa"])
    assert 'lang="en" dir="ltr"' in str(DraftForm()["summary_en"])


@pytest.mark.parametrize("typed", ["", "x", "-1", "99999999999999999999", "\0"])
def test_hidden_version_that_is_no_number_is_no_version(typed):
    assert ConfirmForm(Typed({"version": [typed]})).seen_version == 0


def test_copy_of_what_was_typed_stays_what_it_is():
    typed = Typed({"a": ["1", "2"]})

    assert (typed.copy().getlist("a"), type(typed.copy())) == (["1", "2"], Typed)


# --- Fields ----------------------------------------------------------------------------------------------------


def day(**parts: str) -> datetime.date | None:
    """What a DayField reads from its boxes."""
    field = DayField(required=False)
    return field.clean(field.widget.value_from_datadict({f"on_{part}": text for part, text in parts.items()}, {}, "on"))


def test_day_is_read_in_either_calendar():
    assert day(day="۳", month="آذر", year="۱۴۰۵", calendar="solar_hijri") == datetime.date(2026, 11, 24)
    assert day(day="24", month="November", year="2026") == datetime.date(2026, 11, 24)
    assert day() is None


@pytest.mark.parametrize("parts", [{"year": "2026"}, {"year": "1405", "month": "9"}])
def test_day_has_to_be_certain(parts):
    with override("en"), pytest.raises(forms.ValidationError, match="Give the day, the month and the year."):
        day(**parts)


@pytest.mark.parametrize(("language", "calendar"), [("fa", "solar_hijri"), ("en", "gregorian")])
def test_day_is_shown_in_the_calendar_of_the_reader(language, calendar):
    with override(language):
        assert DayField().prepare_value(datetime.date(2026, 11, 24)).calendar == calendar


def test_web_address_without_a_scheme_is_taken_for_https():
    assert WebAddressField().clean("tabriz.ir/news") == "https://tabriz.ir/news"


# --- The database's rules ----------------------------------------------------------------------------------------


def test_constraint_on_derived_columns_is_told_at_its_field():
    form = DraftForm(instance=factories.agreement())
    typed = sent(
        form, signed_year="1395", signed_calendar="solar_hijri", expires_year="1394", expires_calendar="solar_hijri"
    )

    form = DraftForm(typed, instance=fresh(form.instance))

    with override("en"):
        assert form.errors == {"expires": ["An agreement cannot expire before it is signed."]}


def test_constraint_is_told_beside_errors_in_other_fields():
    form = DraftForm(instance=factories.agreement())
    dates = {
        "signed_year": "1395",
        "signed_calendar": "solar_hijri",
        "expires_year": "1394",
        "expires_calendar": "solar_hijri",
    }

    form = DraftForm(sent(form, status="nonsense", **dates), instance=fresh(form.instance))

    assert sorted(form.errors) == ["expires", "status"]


def test_constraint_without_a_field_is_told_above_the_form():
    factories.resolution(number="12", body_fa="شورا", decided="SH 1387")
    decided = {"decided_year": ["1387"], "decided_calendar": ["solar_hijri"]}

    form = NoteForm({"body_fa": ["شورا"], "title_fa": ["عنوان"], "number": ["12"], **decided})

    assert list(form.errors) == ["__all__"]


def test_unknown_dates_are_as_equal_to_the_form_as_to_the_database():
    factories.resolution(number="12", body_fa="شورا")

    form = NoteForm({"body_fa": ["شورا"], "title_fa": ["عنوان"], "number": ["12"]})

    assert list(form.errors) == ["__all__"]  # this form does not say which field its constraint is about


def test_rule_about_a_field_that_the_form_lacks_is_told_above_it():
    class StatusForm(RecordForm):
        class Meta:
            model = Agreement
            fields = ["status"]

    agreement = factories.agreement()
    Agreement.objects.filter(pk=agreement.pk).update(authentic_languages="nonsense")
    form = StatusForm(sent(StatusForm(instance=agreement), version="1"), instance=fresh(agreement))

    with override("en"):
        assert form.errors == {"__all__": ["These are not language codes: nonsense."]}


# --- A record made once ------------------------------------------------------------------------------------------


def new_note(**changes: str) -> Typed:
    """A new resolution as a browser sends it."""
    return sent(NoteForm(), body_fa="شورا", title_fa="عنوان", **changes)


def save(form: RecordForm, by=None):
    """The record that a valid form saves."""
    assert form.is_valid(), form.errors
    return form.save(by=by)


def test_second_click_finds_the_record_of_the_first():
    typed = new_note()
    made = save(NoteForm(typed))

    assert NoteForm(typed).already_made() == made
    assert NoteForm(new_note()).already_made() is None


def test_second_click_cannot_make_a_second_record():
    typed = new_note()
    save(NoteForm(typed))

    form = NoteForm(typed)
    assert form.is_valid()
    with pytest.raises(IntegrityError):
        form.save(by=None)


def test_form_that_was_changed_after_going_back_makes_another_record():
    typed = new_note()
    save(NoteForm(typed))
    typed["title_fa"] = "عنوان دیگر"

    assert NoteForm(typed).already_made() is None


def test_button_that_was_pressed_makes_no_other_record():
    typed = new_note()
    made = save(NoteForm(typed))
    typed["go"] = "preview"

    assert NoteForm(typed).already_made() == made


@pytest.mark.parametrize("submission", ["", "x", "\0"])
def test_form_without_its_mark_is_saved_all_the_same(submission):
    assert save(NoteForm(new_note(submission=submission))).submission is None


def test_each_empty_form_has_a_mark_of_its_own():
    first, second = (NoteForm()["submission"].value() for _ in range(2))

    assert isinstance(first, uuid.UUID)
    assert first != second


def test_reason_goes_to_the_history():
    author = factories.editor()
    made = save(NoteForm(new_note(reason="a letter")), by=author)

    (entry,) = made.history.all()
    assert (entry.history_user, entry.history_change_reason) == (author, "a letter")


# --- Two people -------------------------------------------------------------------------------------------------


@pytest.fixture
def agreement():
    """A draft with a domain, a source and two summaries."""
    made = factories.agreement(summary_fa="خلاصه", summary_en="Summary", signed="SH 1387")
    made.domains.add(factories.domain("cultural"))
    factories.source(made, publisher_en="Borna", says_en="It was signed.")
    return made


def write(agreement: Agreement, **values) -> None:
    """Somebody else saves the agreement with other values."""
    record, author = fresh(agreement), factories.user(f"colleague{fresh(agreement).version}")
    with record.one_entry(by=author, reason="a letter"):
        for name, value in values.items():
            setattr(record, name, value)
        record.save()


def test_form_of_the_newest_version_is_saved(agreement):
    form = edited(agreement, summary_en="Mine")

    assert save(form).version == 2
    assert fresh(agreement).summary_en == "Mine"


def test_old_form_is_refused_and_shows_both_versions(agreement):
    typed = sent(DraftForm(instance=agreement), summary_en="Mine")
    write(agreement, summary_en="Theirs", signed=UncertainDate.parse("1395/3"))

    form = DraftForm(typed, instance=fresh(agreement))

    with override("en"):
        assert not form.is_valid()
        assert form.is_stale
        assert in_english(form) == [
            ("Signed", "Khordad 1395 (May–June 2016)", "1387 (March 2008 – March 2009)", False),
            ("Summary in English", "Theirs", "Mine", True),
        ]
        assert [(one.entry.by, one.entry.reason) for one in form.both] == [("colleague1", "a letter")] * 2
    assert fresh(agreement).summary_en == "Theirs"


def test_each_difference_names_who_changed_it_last(agreement):
    typed = sent(DraftForm(instance=agreement), summary_en="Mine", summary_fa="از من")
    write(agreement, summary_en="Theirs")
    write(agreement, signed=None)

    form = DraftForm(typed, instance=fresh(agreement))
    form.is_valid()

    assert {one.name: one.entry and one.entry.by for one in form.both} == {
        "signed": "colleague2",
        "summary_fa": None,
        "summary_en": "colleague1",
    }


def test_form_is_kept_as_typed_and_can_be_saved_over(agreement):
    typed = sent(DraftForm(instance=agreement), summary_en="Mine")
    write(agreement, summary_en="Theirs")
    form = DraftForm(typed, instance=fresh(agreement))
    form.is_valid()

    assert save(again(form)).summary_en == "Mine"


def test_what_only_others_changed_is_kept_unless_one_decides_otherwise(agreement):
    domain = factories.domain("social")
    typed = sent(DraftForm(instance=agreement), summary_en="Mine")
    record = fresh(agreement)
    with record.one_entry():
        record.signed, record.summary_fa, record.status = UncertainDate.parse("1395/3/2"), "تازه", "approved"
        record.save()
        record.domains.set([domain])
    form = DraftForm(typed, instance=fresh(agreement))
    form.is_valid()
    assert form.data.getlist("take") == ["status", "signed", "summary_fa", "domains"]

    save(again(form))

    stored = fresh(agreement)
    assert (stored.signed, stored.summary_fa, stored.status) == (UncertainDate.parse("1395/3/2"), "تازه", "approved")
    assert list(stored.domains.all()) == [domain]
    assert stored.summary_en == "Mine"


def test_untaken_value_is_saved_over(agreement):
    typed = sent(DraftForm(instance=agreement), summary_en="Mine")
    write(agreement, summary_fa="تازه")
    form = DraftForm(typed, instance=fresh(agreement))
    form.is_valid()
    form.data.setlist("take", [])

    save(again(form))

    assert fresh(agreement).summary_fa == "خلاصه"


def test_third_person_between_is_shown_again(agreement):
    typed = sent(DraftForm(instance=agreement), summary_en="Mine")
    write(agreement, summary_en="Theirs")
    form = DraftForm(typed, instance=fresh(agreement))
    form.is_valid()
    write(agreement, summary_en="Somebody else's")

    form = again(form)

    assert not form.is_valid()
    assert [(str(one.stored), str(one.typed)) for one in form.both] == [("Somebody else's", "Mine")]


def test_old_form_that_says_what_is_stored_is_no_conflict(agreement):
    typed = sent(DraftForm(instance=agreement), summary_en="Theirs")
    write(agreement, summary_en="Theirs")

    form = DraftForm(typed, instance=fresh(agreement))

    assert form.is_valid()
    assert not form.has_changed()


def test_form_without_a_version_overwrites_nothing(agreement):
    form = edited(agreement, summary_en="Mine", version="")

    assert not form.is_valid()
    assert [one.name for one in form.both] == ["summary_en"]


def test_wrong_value_in_an_old_form_is_shown_as_typed(agreement):
    typed = sent(DraftForm(instance=agreement), signed_year="1404", signed_month="13", signed_day="2")
    write(agreement, signed=None)

    form = DraftForm(typed, instance=fresh(agreement))

    assert not form.is_valid()
    assert [(str(one.stored), str(one.typed)) for one in form.both] == [("", "2 13 1404")]


def test_write_between_check_and_save_is_refused(agreement):
    form = edited(agreement, summary_en="Mine")
    assert form.is_valid()
    write(agreement, summary_en="Theirs")

    with pytest.raises(StaleRecord):
        form.save(by=None)
    assert fresh(agreement).summary_en == "Theirs"


# --- Rows -------------------------------------------------------------------------------------------------------


def test_rows_are_saved_with_the_record_in_one_step(agreement):
    author = factories.editor()
    typed = sent(
        DraftForm(instance=agreement),
        **{
            "sources-0-says_en": "Changed.",
            "sources-1-publisher_en": "New",
            "sources-1-says_en": "News.",
            "reason": "a letter",
        },
    )

    save(DraftForm(typed, instance=fresh(agreement)), by=author)

    assert list(agreement.sources.values_list("publisher_en", "says_en")) == [("Borna", "Changed."), ("New", "News.")]
    steps = [*agreement.history.all()[:1], *(source.history.first() for source in agreement.sources.all())]
    assert [(one.history_user, one.history_change_reason) for one in steps] == [(author, "a letter")] * 3


def test_row_is_deleted_with_its_entry(agreement):
    author = factories.editor()
    (source,) = agreement.sources.all()

    save(edited(agreement, **{"sources-0-DELETE": "on"}), by=author)

    assert agreement.sources.count() == 0
    last = Source.history.filter(id=source.pk).first()
    assert (last.history_type, last.history_user) == ("-", author)


def test_row_marked_for_removal_alone_is_a_change(agreement):
    form = edited(agreement, **{"sources-0-DELETE": "on"})

    assert form.is_valid()
    assert form.has_changed()


def test_new_row_that_is_left_out_again_is_no_change(agreement):
    form = edited(agreement, **{"sources-1-publisher_en": "New", "sources-1-DELETE": "on"})

    assert form.is_valid()
    assert not form.has_changed()


def test_wrong_row_keeps_all_from_being_saved(agreement):
    form = edited(agreement, **{"summary_en": "Mine", "sources-1-publisher_en": "New"})

    assert not form.is_valid()
    assert form.errors == {}
    assert [list(row.errors) for row in form.sources] == [[], ["__all__"]]


def test_row_that_others_changed_is_shown_with_both_versions(agreement):
    typed = sent(DraftForm(instance=agreement), **{"sources-0-says_en": "Mine."})
    other = edited(agreement, **{"sources-0-says_en": "Theirs."})
    save(other, by=factories.user("colleague"))

    form = DraftForm(typed, instance=fresh(agreement))

    with override("en"):
        assert not form.is_valid()
        assert in_english(form) == [("Source 1 – What it says, in English", "Theirs.", "Mine.", True)]
        assert form.both[0].entry.by == "colleague"
    save(again(form))
    assert agreement.sources.get().says_en == "Mine."


def test_row_that_others_changed_can_be_kept_as_stored(agreement):
    typed = sent(DraftForm(instance=agreement), summary_en="Mine", **{"sources-0-says_en": "Mine."})
    save(edited(agreement, **{"sources-0-says_en": "Theirs."}))
    form = DraftForm(typed, instance=fresh(agreement))
    form.is_valid()
    form.data.setlist("take", ["sources-0-says_en"])

    save(again(form))

    assert agreement.sources.get().says_en == "Theirs."
    assert fresh(agreement).summary_en == "Mine"


def test_row_that_others_deleted_is_told_and_stays_out(agreement):
    typed = sent(DraftForm(instance=agreement), summary_en="Mine", **{"sources-0-says_en": "Mine."})
    gone = edited(agreement, **{"sources-0-DELETE": "on"})
    save(gone, by=factories.user("colleague"))

    form = DraftForm(typed, instance=fresh(agreement))

    with override("en"):
        assert not form.is_valid()
        assert in_english(form) == [
            ("Summary in English", "Summary", "Mine", True),
            ("Source 1", "deleted", "Borna – Mine.", True),
        ]
        assert form.both[1].entry.by == "colleague"
    save(again(form))
    assert agreement.sources.count() == 0
    assert fresh(agreement).summary_en == "Mine"


def test_row_that_others_deleted_can_be_recorded_anew(agreement):
    typed = sent(DraftForm(instance=agreement), **{"sources-0-says_en": "Mine."})
    save(edited(agreement, **{"sources-0-DELETE": "on"}))
    form = DraftForm(typed, instance=fresh(agreement))
    form.is_valid()
    del form.data["sources-0-DELETE"]

    save(again(form))

    assert agreement.sources.get().says_en == "Mine."


def test_row_that_others_changed_is_not_deleted_unseen(agreement):
    typed = sent(DraftForm(instance=agreement), **{"sources-0-DELETE": "on"})
    save(edited(agreement, **{"sources-0-says_en": "Theirs."}))

    form = DraftForm(typed, instance=fresh(agreement))

    with override("en"):
        assert not form.is_valid()
        assert in_english(form) == [("Source 1", "Borna", "to be deleted", True)]
    save(again(form))
    assert agreement.sources.count() == 0


def test_row_that_others_added_stays(agreement):
    typed = sent(DraftForm(instance=agreement), summary_en="Mine")
    added = {"sources-1-publisher_en": "New", "sources-1-says_en": "News."}
    save(edited(agreement, **added))
    form = DraftForm(typed, instance=fresh(agreement))
    form.is_valid()

    save(again(form))

    assert list(agreement.sources.values_list("publisher_en", flat=True)) == ["Borna", "New"]


def test_row_of_another_record_cannot_be_reached(agreement):
    theirs = factories.source(factories.agreement(), says_en="Theirs.")
    typed = sent(DraftForm(instance=agreement), **{"sources-0-id": str(theirs.pk), "sources-0-says_en": "Mine."})

    form = DraftForm(typed, instance=fresh(agreement))

    assert not form.is_valid()
    theirs.refresh_from_db()
    assert theirs.says_en == "Theirs."


NEW_ROW = {"sources-1-publisher_en": "New", "sources-1-says_en": "News."}


def test_second_click_adds_a_row_once(agreement):
    form = edited(agreement, summary_en="Mine", **NEW_ROW)
    save(form)

    second = again(form)

    assert second.is_valid()
    assert second.already_made() == agreement
    assert not second.has_changed()
    assert agreement.sources.count() == 2


def test_first_click_is_not_taken_for_a_second(agreement):
    typed = sent(DraftForm(instance=agreement), **NEW_ROW)
    write(agreement, summary_en="Theirs")

    form = DraftForm(typed, instance=fresh(agreement))

    assert not form.is_valid()
    assert form.already_made() is None


def test_what_was_typed_after_going_back_is_saved_and_the_row_is_not_added_again(agreement):
    form = edited(agreement, **NEW_ROW)
    save(form)
    form.data["summary_en"] = "Mine"

    second = again(form)
    assert not second.is_valid()
    assert second.already_made() is None
    save(again(second))

    assert fresh(agreement).summary_en == "Mine"
    assert list(agreement.sources.values_list("publisher_en", flat=True)) == ["Borna", "New"]


def test_row_that_was_changed_after_going_back_is_another_one(agreement):
    form = edited(agreement, **NEW_ROW)
    save(form)
    form.data["sources-1-publisher_en"] = "Newer"

    second = again(form)
    assert second.is_valid()
    assert second.already_made() is None
    save(second)

    assert list(agreement.sources.values_list("publisher_en", flat=True)) == ["Borna", "New", "Newer"]


def test_same_row_typed_into_another_form_is_another_one(agreement):
    save(edited(agreement, **NEW_ROW))
    typed = sent(DraftForm(instance=fresh(agreement)), **{name.replace("1", "2"): NEW_ROW[name] for name in NEW_ROW})

    save(DraftForm(typed, instance=fresh(agreement)))

    assert agreement.sources.count() == 3


def test_second_click_that_removed_a_row_is_no_conflict(agreement):
    form = edited(agreement, **{"sources-0-DELETE": "on"})
    save(form)

    second = again(form)

    assert second.is_valid()
    assert not second.has_changed()


def test_one_more_row_that_is_left_empty_is_no_row(agreement):
    form = edited(agreement)
    form.sources.offer_more()

    form = DraftForm(form.data, instance=fresh(agreement))

    assert form.is_valid(), form.sources.errors
    assert len(form.sources.new_rows) == 0


def test_one_more_row_is_offered_up_to_the_limit(agreement):
    form = edited(agreement)
    totals = []
    for _ in range(5):
        form.sources.offer_more()
        form = DraftForm(form.data, instance=fresh(agreement))
        totals.append(len(form.sources.forms))

    assert totals == [3, 4, 5, 5, 5]


@pytest.mark.parametrize("total", ["", "x", "-3", "1000000000", "6"])
def test_impossible_number_of_rows_is_refused(agreement, total):
    form = edited(agreement, **{"sources-TOTAL_FORMS": total})

    assert form.is_valid() is (total == "-3")
    assert len(form.sources.forms) <= 5
