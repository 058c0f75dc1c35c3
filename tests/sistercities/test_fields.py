"""Uncertain dates in the database, in forms and on pages."""

import datetime
import json
from html.parser import HTMLParser

import pytest
from django import forms
from django.core import serializers
from django.core.exceptions import ValidationError
from django.db import connection, models, transaction
from django.forms.models import model_to_dict
from django.template.loader import render_to_string
from django.test.utils import isolate_apps
from django.utils import translation
from django.utils.html import escape
from hypothesis import given
from hypothesis import strategies as st

from partnerships.models import Resolution
from sistercities.dates import Calendar, DateError, UncertainDate
from sistercities.fields import (
    Boxes,
    FirstDayField,
    LastDayField,
    UncertainDateAdminWidget,
    UncertainDateField,
    UncertainDateFormField,
    UncertainDateWidget,
)

SH, AD = Calendar.SOLAR_HIJRI, Calendar.GREGORIAN
KHORDAD = UncertainDate(SH, 1395, 3, words="خرداد ۹۵")
MAY_21, JUNE_20 = datetime.date(2016, 5, 21), datetime.date(2016, 6, 20)


def resolution(**fields) -> Resolution:
    return Resolution(body_fa="شورای اسلامی شهر تبریز", title_fa="مصوبه", **fields)


def stored_column(record: Resolution) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT decided FROM partnerships_resolution WHERE id = %s", [record.pk])
        return cursor.fetchone()[0]


# --- In the database ------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_date_is_stored_with_its_words_and_comes_back():
    record = resolution(decided=KHORDAD)
    record.save()
    assert stored_column(record) == "SH 1395-03 خرداد ۹۵"
    again = Resolution.objects.get()
    assert (again.decided, again.decided.words) == (KHORDAD, "خرداد ۹۵")
    assert (again.decided_first, again.decided_last) == (MAY_21, JUNE_20)
    assert list(Resolution.objects.values_list("decided", "decided_first")) == [(KHORDAD, MAY_21)]


@pytest.mark.django_db
def test_an_unknown_date_is_an_empty_text_and_none():
    record = resolution()
    assert record.decided is None
    record.save()
    assert stored_column(record) == ""
    again = Resolution.objects.get()
    assert (again.decided, again.decided_first, again.decided_last) == (None, None, None)
    assert Resolution.objects.filter(decided="").count() == 1
    assert Resolution.objects.filter(decided="SH 1395-03").count() == 0


@pytest.mark.django_db
def test_a_date_that_becomes_unknown_loses_its_bounds():
    record = resolution(decided=KHORDAD)
    record.save()
    record.decided = None
    record.save()
    assert list(Resolution.objects.values_list("decided", "decided_first", "decided_last")) == [(None, None, None)]


@pytest.mark.django_db
def test_bounds_are_stored_by_bulk_create_too():
    Resolution.objects.bulk_create([resolution(decided=KHORDAD, search_text="")])
    assert list(Resolution.objects.values_list("decided_first", "decided_last")) == [(MAY_21, JUNE_20)]


@pytest.mark.django_db
def test_bounds_are_stored_in_the_history():
    record = resolution(decided=KHORDAD)
    record.save()
    record.decided = UncertainDate(SH, 1387)
    record.save()
    assert [(entry.decided, entry.decided_first) for entry in record.history.order_by("history_id")] == [
        (KHORDAD, MAY_21),
        (UncertainDate(SH, 1387), datetime.date(2008, 3, 20)),
    ]
    [change] = [
        change
        for change in record.history.first().diff_against(record.history.last()).changes
        if change.field == "decided"
    ]
    assert (change.old, change.new) == (KHORDAD, UncertainDate(SH, 1387))


def test_bounds_follow_the_date_before_it_is_saved():
    record = resolution(decided=KHORDAD)
    assert (record.decided_first, record.decided_last) == (MAY_21, JUNE_20)
    record.decided = UncertainDate(AD, 2009)
    assert (record.decided_first, record.decided_last) == (datetime.date(2009, 1, 1), datetime.date(2009, 12, 31))
    record.decided = None
    assert (record.decided_first, record.decided_last) == (None, None)


def test_bounds_cannot_be_set_against_the_date():
    record = resolution(decided=KHORDAD, decided_first=datetime.date(1999, 1, 1))
    record.decided_last = datetime.date(1999, 1, 1)
    assert (record.decided_first, record.decided_last) == (MAY_21, JUNE_20)


@pytest.mark.django_db
def test_bounds_can_be_loaded_without_the_date(django_assert_num_queries):
    resolution(decided=KHORDAD).save()
    with django_assert_num_queries(1):
        assert Resolution.objects.only("decided_first").get().decided_first == MAY_21
    with django_assert_num_queries(2):
        assert Resolution.objects.defer("decided", "decided_first").get().decided_first == MAY_21


@pytest.mark.django_db
def test_text_given_to_a_date_is_read():
    record = resolution(decided="24 Farvardin 1392")
    record.full_clean(exclude=["body_en", "search_text"])
    assert record.decided == UncertainDate(SH, 1392, 1, 24)
    record.save()
    assert stored_column(record) == "SH 1392-01-24 24 Farvardin 1392"
    assert Resolution.objects.get().decided_first == datetime.date(2013, 4, 13)


@pytest.mark.django_db
@pytest.mark.parametrize("wrong", ["rubbish", "SH 1404-12-30", "1395/13", "c. 1980"])
def test_no_write_path_stores_what_is_no_date(wrong):
    resolution(decided=KHORDAD).save()
    with pytest.raises(DateError), transaction.atomic():
        resolution(decided=wrong).save()
    with pytest.raises(DateError), transaction.atomic():
        Resolution.objects.update(decided=wrong)
    with pytest.raises(ValidationError) as caught:
        resolution(decided=wrong).clean_fields(exclude=["body_en", "search_text"])
    assert list(caught.value.message_dict) == ["decided"]
    assert list(Resolution.objects.values_list("decided", flat=True)) == [KHORDAD]


@pytest.mark.django_db
@pytest.mark.parametrize("date", [KHORDAD, None])
def test_a_date_survives_serialization(date):
    record = resolution(decided=date)
    record.save()
    text = serializers.serialize("json", [record])
    assert json.loads(text)[0]["fields"]["decided"] == (date and date.stored)
    [again] = serializers.deserialize("json", text)
    assert again.object.decided == date
    assert (again.object.decided and again.object.decided.words) == (date and date.words)


def test_fields_are_written_to_migrations_with_what_differs_from_the_usual():
    assert UncertainDateField("signed").deconstruct()[1:] == (
        "sistercities.fields.UncertainDateField",
        [],
        {"verbose_name": "signed"},
    )
    assert UncertainDateField(blank=False).deconstruct()[3] == {"blank": False}
    assert FirstDayField(of="signed", db_index=True).deconstruct()[1:] == (
        "sistercities.fields.FirstDayField",
        [],
        {"of": "signed", "db_index": True},
    )
    assert LastDayField(of="signed").deconstruct()[1:] == ("sistercities.fields.LastDayField", [], {"of": "signed"})


def test_a_clone_of_a_field_is_like_it():
    assert UncertainDateField(blank=False).clone().blank is False
    assert UncertainDateField().clone().blank is True
    bound = LastDayField(of="signed").clone()
    assert (bound.of, bound.null, bound.editable) == ("signed", True, False)


@isolate_apps("partnerships")
def test_a_bound_of_something_else_is_an_error_of_the_model():
    class Wrong(models.Model):
        title = models.CharField(max_length=10)
        title_first = FirstDayField(of="title")
        signed_last = LastDayField(of="signed")

        class Meta:
            app_label = "partnerships"

        def __str__(self):
            return self.title

    assert [(error.id, error.obj.name) for error in Wrong.check()] == [
        ("dates.E001", "title_first"),
        ("dates.E001", "signed_last"),
    ]


def test_a_required_date_must_be_known():
    field = UncertainDateField(blank=False)
    assert field.clean(KHORDAD, None) == KHORDAD
    with pytest.raises(ValidationError) as caught:
        field.clean(None, None)
    assert caught.value.code == "blank"
    assert UncertainDateField().clean(None, None) is None


# --- In forms -------------------------------------------------------------------------------------------------


class SigningForm(forms.Form):
    signed = UncertainDateFormField(required=False)
    note = forms.CharField(required=False)


class RequiredForm(forms.Form):
    signed = UncertainDateFormField()


class ResolutionForm(forms.ModelForm):
    class Meta:
        model = Resolution
        fields = ["decided"]


class Inputs(HTMLParser):
    """The inputs of a page by name (radio buttons by name and value), and the text outside of tags."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.inputs, self.labels, self.text = {}, {}, []
        self.feed(str(html))
        self.text = " ".join(" ".join(self.text).split())

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag == "input":
            name = (attrs["name"], attrs["value"]) if attrs["type"] == "radio" else attrs["name"]
            assert name not in self.inputs
            self.inputs[name] = attrs
        assert "style" not in attrs

    def handle_data(self, data):
        self.text.append(data)

    def values(self, name: str = "signed") -> dict[str, str]:
        """What a browser would send back."""
        boxes = {f"{name}_{part}": self.inputs[f"{name}_{part}"]["value"] for part in ("day", "month", "year", "words")}
        [calendar] = [
            key[1] for key, attrs in self.inputs.items() if key[0] == f"{name}_calendar" and "checked" in attrs
        ]
        return {**boxes, f"{name}_calendar": calendar}

    @property
    def invalid(self) -> set[str]:
        return {name for name, attrs in self.inputs.items() if attrs.get("aria-invalid") == "true"}


def typed(day="", month="", year="", calendar="solar_hijri", words="") -> dict[str, str]:
    return {
        "signed_day": day,
        "signed_month": month,
        "signed_year": year,
        "signed_calendar": calendar,
        "signed_words": words,
    }


@pytest.mark.parametrize(
    ("data", "stored"),
    [
        (typed("۲۴", "فروردین", "۱۳۹۲"), "SH 1392-01-24 ۲۴ فروردین ۱۳۹۲"),
        (typed("24", "Farvardin", "1392"), "SH 1392-01-24 24 Farvardin 1392"),
        (typed("٢٤", "1", "١٣٩٢"), "SH 1392-01-24 ٢٤ 1 ١٣٩٢"),
        (typed("", "خرداد", "۱۳۹۵"), "SH 1395-03 خرداد ۱۳۹۵"),
        (typed("", "", "1387"), "SH 1387 1387"),
        (typed("13", "أبريل", "2013", "gregorian"), "AD 2013-04-13 13 أبريل 2013"),
        (typed("", "", "2009", "gregorian"), "AD 2009 2009"),
        (typed("", "", "2009", ""), "AD 2009 2009"),
        (typed("", "3", "1395", ""), "SH 1395-03 3 1395"),
        (typed("\u200b", "\u200f", " \ufeff1395\u200c "), "SH 1395 1395"),
    ],
)
def test_boxes_are_read_in_any_script(data, stored):
    form = SigningForm(data)
    assert form.is_valid()
    assert form.cleaned_data["signed"].stored == stored


@pytest.mark.parametrize(
    "data",
    [
        {},
        typed(),
        typed(calendar="gregorian"),
        typed(" ", "\u200c", "\t"),
        typed(words="SH 1395-03 خرداد ۹۵"),
        typed(calendar="x"),
    ],
)
def test_empty_boxes_are_no_date_whatever_the_calendar(data):
    form = SigningForm(data)
    assert form.is_valid()
    assert form.cleaned_data["signed"] is None


def test_a_required_date_is_missed_when_the_boxes_are_empty():
    form = RequiredForm(typed())
    assert form.errors.as_data()["signed"][0].code == "required"
    assert Inputs(form["signed"]).invalid == {"signed_day", "signed_month", "signed_year"}


def test_of_a_required_date_only_the_year_is_required():
    inputs = Inputs(RequiredForm()["signed"]).inputs
    assert [name for name, attrs in inputs.items() if "required" in attrs] == ["signed_year"]


@pytest.mark.parametrize("language", ["fa", "en"])
@pytest.mark.parametrize(
    "date",
    [
        KHORDAD,
        UncertainDate(SH, 1387, words="year 1387"),
        UncertainDate(AD, 2013, 4, 13),
        UncertainDate(SH, 1392, 1, 24),
    ],
)
def test_a_shown_date_sent_back_unchanged_keeps_its_words(date, language):
    with translation.override(language):
        data = Inputs(SigningForm(initial={"signed": date})["signed"]).values()
        form = SigningForm(data, initial={"signed": date})
        assert form.is_valid()
    assert form.cleaned_data["signed"].stored == date.stored
    assert form.changed_data == []


def test_the_same_date_typed_otherwise_keeps_the_words_of_the_source():
    form = SigningForm(typed("", "3", "1395", words=KHORDAD.stored), initial={"signed": KHORDAD})
    assert form.is_valid()
    assert form.cleaned_data["signed"].words == "خرداد ۹۵"
    assert form.changed_data == []


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (typed("", "تیر", "۱۳۹۵", words=KHORDAD.stored), "تیر ۱۳۹۵"),
        (typed("1", "خرداد", "1395", words=KHORDAD.stored), "1 خرداد 1395"),
        (typed("", "", "2016", "gregorian", words=KHORDAD.stored), "2016"),
        (typed("", "خرداد", "1395", words="forged"), "خرداد 1395"),
    ],
)
def test_another_date_gets_the_words_that_were_typed(data, words):
    form = SigningForm(data, initial={"signed": UncertainDate(AD, 2001)})
    assert form.is_valid()
    assert form.cleaned_data["signed"].words == words
    assert form.changed_data == ["signed"]


@pytest.mark.parametrize(
    ("initial", "data", "changed"),
    [
        (None, typed(), False),
        (None, typed(calendar="gregorian"), False),
        (KHORDAD, typed(words=KHORDAD.stored), True),
        (None, typed("", "", "1395"), True),
        (KHORDAD, typed("", "", "13950"), True),
        (KHORDAD, typed("", "خرداد", "1395"), False),
        (KHORDAD, typed("", "Khordad", "۱۳۹۵"), False),
        (UncertainDate(SH, 1392, 1, 24), typed("13", "4", "2013", "gregorian"), True),
    ],
)
def test_a_date_has_changed_when_it_means_something_else(initial, data, changed):
    assert SigningForm(data, initial={"signed": initial}).has_changed() is changed


@pytest.mark.parametrize(
    ("data", "wrong"),
    [
        (typed("", "13", "1395"), {"month": "There is no month 13: months are numbered from 1 to 12"}),
        (typed("12", "", "1404"), {"month": "A day needs its month: add the month or remove the day"}),
        (
            typed("30", "اسفند", "۱۴۰۴"),
            {"day": "30 Esfand 1404 does not exist; 1404 is not a leap year and its Esfand has 29 days"},
        ),
        (typed("31", "Mehr", "1395"), {"day": "31 Mehr 1395 does not exist; Mehr 1395 has 30 days"}),
        (typed("0", "Mehr", "1395"), {"day": "There is no day 0: days are counted from 1"}),
        (typed("", "", "87"), {"year": "Write the year with four digits, such as 1395 or 2016"}),
        (typed("", "خرداد", ""), {"year": "A date needs its year: add the year or empty the other boxes"}),
        (typed("13", "April", "2013"), {"year": "2013 looks Gregorian: choose the Gregorian calendar"}),
        (
            typed("", "", "1392", "gregorian"),
            {"year": "1392 looks Solar Hijri: choose the Solar Hijri calendar"},
        ),
        (
            typed("", "April", "1392"),
            {"month": "April is a Gregorian month: choose the Gregorian calendar"},
        ),
        (
            typed("", "April", "1392", ""),
            {"month": "April is a Gregorian month: choose the Gregorian calendar"},
        ),
        (typed("", "", "1395", "julian"), {"calendar": "Choose one of the two calendars"}),
        (
            typed("x", "y", "z"),
            {
                "day": "“\u2068x\u2069” is not a day: write a number from 1 to 31",
                "month": "“\u2068y\u2069” is not a month: write its name or a number from 1 to 12",
                "year": "“\u2068z\u2069” is not a year: write it in digits",
            },
        ),
        (typed("", "", "13\x0095"), {"year": "“\u206813\ufffd95\u2069” is not a year: write it in digits"}),
    ],
)
def test_each_wrong_box_is_marked_and_told(data, wrong):
    with translation.override("en"):
        form = SigningForm(data)
        assert not form.is_valid()
        errors = form.errors.as_data()["signed"]
        assert {error.part: message for error in errors for message in error.messages} == wrong
        page = Inputs(form["signed"])
    assert page.invalid == {f"signed_{part}" for part in wrong if part != "calendar"}
    assert {page.inputs[name]["aria-describedby"] for name in page.invalid} <= {"id_signed_error"}
    assert "The register reads" not in page.text


def test_errors_are_told_in_persian():
    with translation.override("fa"):
        form = SigningForm(typed("۱۲", "", "۱۴۰۴"))
        assert form.errors["signed"] == ["روز بدون ماه معنا ندارد؛ ماه را بنویسید یا روز را بردارید"]


@pytest.mark.parametrize("data", [typed("٣١", "Mehr ", "۱۳۹۵", "gregorian", "SH 1395 سال"), typed("<b>", '"', "'&")])
def test_after_an_error_the_boxes_keep_exactly_what_was_typed(data):
    form = SigningForm(data)
    assert not form.is_valid()
    assert Inputs(form["signed"]).values() == data


def test_an_error_elsewhere_in_the_form_keeps_what_was_typed_and_says_how_it_is_read():
    with translation.override("en"):
        form = SigningForm(typed("", "خرداد", "١٣٩٥"))
        form.add_error("note", "no")
        page = Inputs(form["signed"])
    assert page.values() == typed("", "خرداد", "١٣٩٥")
    assert page.invalid == set()
    assert "The register reads: any day from 1 to 31 Khordad 1395 (21 May to 20 June 2016)" in page.text


def test_an_error_about_a_right_date_marks_all_its_boxes():
    form = SigningForm(typed("", "", "1395"))
    form.add_error("signed", "It contradicts another.")
    page = Inputs(form["signed"])
    assert page.invalid == {"signed_day", "signed_month", "signed_year"}
    assert "any day from" in page.text or "هر روزی از" in page.text


@pytest.mark.parametrize(
    ("language", "date", "boxes"),
    [
        ("fa", KHORDAD, ("", "خرداد", "۱۳۹۵", "solar_hijri")),
        ("en", KHORDAD, ("", "Khordad", "1395", "solar_hijri")),
        ("fa", UncertainDate(AD, 2013, 4, 13), ("۱۳", "آوریل", "۲۰۱۳", "gregorian")),
        ("en", UncertainDate(AD, 2009), ("", "", "2009", "gregorian")),
        ("fa", None, ("", "", "", "solar_hijri")),
        ("en", None, ("", "", "", "gregorian")),
    ],
)
def test_a_stored_date_is_shown_in_the_readers_language(language, date, boxes):
    with translation.override(language):
        page = Inputs(SigningForm(initial={"signed": date})["signed"])
    assert page.values() == typed(*boxes, words=date.stored if date else "")
    assert page.invalid == set()


@pytest.mark.parametrize(
    ("language", "date", "reading"),
    [
        ("fa", UncertainDate(SH, 1392, 1, 24), "دفتر چنین می‌فهمد: شنبه ۲۴ فروردین ۱۳۹۲ (۱۳ آوریل ۲۰۱۳)"),
        ("en", UncertainDate(SH, 1392, 1, 24), "The register reads: Saturday 24 Farvardin 1392 (13 April 2013)"),
    ],
)
def test_the_reading_says_back_what_the_register_understands(language, date, reading):
    with translation.override(language):
        assert reading in Inputs(SigningForm(initial={"signed": date})["signed"]).text
        assert reading.split(":")[0] not in Inputs(SigningForm()["signed"]).text


@pytest.mark.parametrize("widget", [UncertainDateWidget, UncertainDateAdminWidget])
def test_boxes_have_names_ids_and_labels_and_no_number_inputs(widget):
    class Form(forms.Form):
        signed = UncertainDateFormField(widget=widget)

    with translation.override("en"):
        form = Form()
        html = str(form["signed"])
    inputs = Inputs(html).inputs
    boxes = {
        name: (attrs["id"], attrs["type"], attrs.get("inputmode")) for name, attrs in inputs.items() if "id" in attrs
    }
    assert boxes == {
        "signed_day": ("id_signed_day", "text", "numeric"),
        "signed_month": ("id_signed_month", "text", None),
        "signed_year": ("id_signed_year", "text", "numeric"),
    }
    assert set(inputs) - set(boxes) == {
        ("signed_calendar", "solar_hijri"),
        ("signed_calendar", "gregorian"),
        "signed_words",
    }
    for part, label in (("day", "Day"), ("month", "Month"), ("year", "Year")):
        assert f'for="id_signed_{part}">{label}</label>' in html
    assert form["signed"].id_for_label == "id_signed_day"
    assert form["signed"].use_fieldset is True


def test_the_hint_says_that_day_and_month_may_stay_empty():
    with translation.override("fa"):
        assert SigningForm()["signed"].help_text == "روز و ماه را اگر نمی‌دانید خالی بگذارید."
    assert UncertainDateFormField(help_text="Another").help_text == "Another"


def test_a_disabled_date_keeps_its_value():
    form = SigningForm(typed("", "", "1380"), initial={"signed": KHORDAD})
    form.fields["signed"].disabled = True
    assert form.is_valid()
    assert form.cleaned_data["signed"] == KHORDAD
    assert form.changed_data == []
    assert all("disabled" in attrs for name, attrs in Inputs(form["signed"]).inputs.items() if name != "signed_words")


def test_boxes_in_a_form_with_a_prefix_are_named_after_it():
    form = SigningForm({"row-0-signed_year": "1387", "row-0-signed_calendar": "solar_hijri"}, prefix="row-0")
    assert form.is_valid()
    assert form.cleaned_data["signed"].code == "SH 1387"
    assert Inputs(form["signed"]).inputs["row-0-signed_year"]["id"] == "id_row-0-signed_year"


def test_a_date_is_omitted_from_the_data_only_when_no_box_was_sent():
    widget = UncertainDateWidget()
    assert widget.value_omitted_from_data({"signed_calendar": "gregorian"}, {}, "signed")
    assert not widget.value_omitted_from_data({"signed_year": ""}, {}, "signed")


@pytest.mark.django_db
def test_a_model_form_writes_and_clears_a_date():
    record = resolution()
    form = ResolutionForm(
        {"decided_month": "خرداد", "decided_year": "۱۳۹۵", "decided_calendar": "solar_hijri"}, instance=record
    )
    assert isinstance(form.fields["decided"], UncertainDateFormField)
    assert not form.fields["decided"].required
    form.save()
    assert stored_column(record) == "SH 1395-03 خرداد ۱۳۹۵"
    assert model_to_dict(record, ["decided"]) == {"decided": KHORDAD}
    ResolutionForm({"decided_year": "", "decided_calendar": "solar_hijri"}, instance=record).save()
    assert stored_column(record) == ""


def test_a_model_form_requires_a_date_where_the_model_does():
    assert UncertainDateField(blank=False).formfield().required is True
    assert UncertainDateField().formfield(widget=UncertainDateAdminWidget).widget.template_name.endswith("_admin.html")


anything = st.one_of(
    st.text(max_size=20), st.sampled_from(["1395", "۱۳۹۵", "2016", "خرداد", "May", "12", "30", "31", "0", ""])
)


@given(anything, anything, anything, st.one_of(st.sampled_from(Calendar.values), anything), anything)
def test_hostile_boxes_are_read_or_refused_and_drawn_again(day, month, year, calendar, words):
    form = SigningForm(typed(day, month, year, calendar, words))
    if form.is_valid():
        date = form.cleaned_data["signed"]
        assert date is None or UncertainDate.from_stored(date.stored) == date
    else:
        assert {error.part for error in form.errors.as_data()["signed"]} <= {"day", "month", "year", "calendar"}
    assert f'value="{escape(year)}"' in str(form["signed"])


@given(
    st.dates(datetime.date(1700, 1, 1), datetime.date(2121, 12, 31)),
    st.sampled_from(Calendar),
    st.sampled_from(["fa", "en"]),
)
def test_boxes_of_a_date_read_as_that_date(day, calendar, language):
    date = UncertainDate.on(day, calendar)
    with translation.override(language):
        boxes = Boxes.of(date)
    assert boxes.read() == date
    assert boxes._replace(words="").read() == date


# --- On pages -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "date", "html"),
    [
        (
            "fa",
            KHORDAD,
            '<bdi class="date"><span class="date__given">خرداد ۱۳۹۵</span>'
            ' <span class="date__other">(مه – ژوئن ۲۰۱۶)</span></bdi>',
        ),
        (
            "en",
            UncertainDate(SH, 1392, 1, 24),
            '<bdi class="date"><time class="date__given" datetime="2013-04-13">24 Farvardin 1392</time>'
            ' <span class="date__other">(13 April 2013)</span></bdi>',
        ),
        (
            "fa",
            UncertainDate(AD, 2009),
            '<bdi class="date"><time class="date__given" datetime="2009">۲۰۰۹</time>'
            ' <span class="date__other">(دی ۱۳۸۷ – دی ۱۳۸۸)</span></bdi>',
        ),
        ("fa", None, '<span class="date date--unknown">تاریخ نامعلوم</span>'),
        ("en", None, '<span class="date date--unknown">date not known</span>'),
    ],
)
def test_a_date_on_a_page_is_given_and_explained_or_said_to_be_unknown(language, date, html):
    with translation.override(language):
        assert render_to_string("includes/date.html", {"date": date}) == html
