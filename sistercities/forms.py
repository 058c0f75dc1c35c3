"""The form of a record: nothing typed is lost, nothing unseen is overwritten, no rule is gone round.

A `RecordForm` is the whole of a page: the record, and as its `parts` the rows and the smaller forms that are saved
with it in one step. It knows the version that the person had before them. When the stored one is newer, nothing is
saved; `differences` then puts both side by side, field by field, and the next submit is of the newer version.
"""

import copy
import datetime
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ObjectDoesNotExist, ValidationError
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models.constraints import BaseConstraint
from django.forms.formsets import TOTAL_FORM_COUNT
from django.forms.models import BaseInlineFormSet, InlineForeignKeyField, construct_instance
from django.forms.utils import ErrorDict
from django.http import QueryDict
from django.utils.text import capfirst
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from sistercities.dates import Calendar, Precision, UncertainDate
from sistercities.fields import FirstDayField, UncertainDateFormField
from sistercities.history import Entry, RecordHistory, shown, value_in
from sistercities.records import Record, StaleRecord
from sistercities.text import clean_text, figures, number

LONGEST_TEXT = 20_000
"""Characters that a text without a length of its own may have."""

BUTTONS = frozenset({"csrfmiddlewaretoken", "go", "next", "owner"})
"""Parameters of a form that say nothing of the record."""

TAKEN = "take"
"""The parameter that names fields for which the stored value replaces what was typed."""


class Typed(QueryDict):
    """What was typed into a form, without the characters that nobody can see. It can be altered."""

    def __init__(self, data: QueryDict | dict[str, list[str]] | str = "", **kwargs: Any) -> None:
        super().__init__(**(kwargs | {"mutable": True}))
        for name, values in data.lists() if isinstance(data, QueryDict) else dict(data).items():
            self.setlist(name, [clean_text(value) for value in values])


@dataclass(frozen=True)
class Difference:
    """One field in which what is stored and what was typed differ. `mine`: the person changed it, not only others.

    `name` is the field's in the page, by which the stored value can be chosen; "" where that is decided elsewhere.
    """

    name: str
    label: str
    stored: str
    typed: str
    mine: bool
    entry: Entry | None
    """The step in which somebody else changed it since, if one did."""


class FitsIn(MaxLengthValidator):
    """Django's check of a text's length, which says the numbers as the reader writes them."""

    def __call__(self, value: str) -> None:
        """Raises ValidationError when the text is longer."""
        if len(value) > self.limit_value:
            raise ValidationError(
                _("At most %(limit)s characters fit here; these are %(count)s."),
                code="max_length",
                params={"limit": number(self.limit_value), "count": number(len(value))},
            )


class HiddenField(forms.Field):
    """Something that the page remembers. It has no errors: nobody could put them right."""

    widget = forms.HiddenInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**(kwargs | {"required": False}))


class RowForm(forms.ModelForm):
    """A record as a part of another one's form, and what it has in common with `RecordForm`.

    `layout` orders the fields on the page: sections, each a title and lines, each line one or several names of fields.
    `constraint_fields` says under which field the message of a constraint of the database stands, by its name.
    """

    version = HiddenField()

    layout: list[tuple[Any, list[str]]] = []
    constraint_fields: dict[str, str] = {}
    about_the_form = frozenset({"version", "id", "DELETE"})
    """Fields that are about the form and not about the record."""

    def __init__(self, data: Any = None, *args: Any, **kwargs: Any) -> None:
        if data is not None and not isinstance(data, Typed):
            data = Typed(data)
        super().__init__(data, *args, **kwargs)
        self.stored = None if self.instance._state.adding else copy.copy(self.instance)
        self.initial["version"] = self.instance.version if self.stored else None
        for field in self.fields.values():
            if isinstance(field, forms.CharField):
                # A browser would cut what is pasted without a word; our message says what is too long.
                field.widget.attrs.pop("maxlength", None)
                limit = field.max_length or (LONGEST_TEXT if isinstance(field.widget, forms.Textarea) else None)
                field.validators = [one for one in field.validators if not isinstance(one, MaxLengthValidator)]
                field.validators += [FitsIn(limit)] if limit else []
            elif isinstance(field, forms.ModelMultipleChoiceField):
                told = _("Choose from what is listed: a part of the choice does not exist any more.")
                field.error_messages |= {"invalid_choice": told, "invalid_pk_value": told}
        self._take_stored()

    @property
    def seen_version(self) -> int:
        """The version that the person had before them; 0 in a form for a new record."""
        return whole(self.data.get(self.add_prefix("version")))

    @property
    def is_old(self) -> bool:
        """Whether the record was changed since the person got the form."""
        return bool(self.stored) and self.is_bound and self.seen_version != self.stored.version

    @cached_property
    def submission_key(self) -> uuid.UUID | None:
        """What a second click on the same form has in common with the first; a form changed in between has another.

        In a row it speaks of what was typed into that row alone.
        """
        try:
            form = uuid.UUID(self.data.get("submission", ""))
        except ValueError:
            return None
        own = self.add_prefix("")
        typed = sorted(item for item in self.data.lists() if item[0] not in BUTTONS and item[0].startswith(own))
        return uuid.uuid5(form, repr(typed))

    @cached_property
    def is_recorded(self) -> bool:
        """Whether an earlier click on the same form has recorded this new row already."""
        key = None if self.stored else self.instance.submission
        return bool(key) and type(self.instance).objects.filter(submission=key).exists()

    @cached_property
    def changed_data(self) -> list[str]:
        """The names of the fields that differ from what is stored; those about the form itself do not count."""
        return [name for name in super().changed_data if name not in self.about_the_form]

    @property
    def sections(self) -> list[tuple[Any, list[list[forms.BoundField]]]]:
        """The fields by section and line, as `layout` says; without one, all in a single section."""
        layout = self.layout or [("", [name for name in self.fields if name not in self.about_the_form])]
        return [(title, [[self[name] for name in line.split()] for line in lines]) for title, lines in layout]

    @property
    def is_open(self) -> bool:
        """Whether a page that folds its rows shows this one unfolded: it is being worked on."""
        return self.is_bound and (bool(self.errors) or self.has_changed())

    def full_clean(self) -> None:
        """As Django's, with the errors in the order of the fields, whatever found them."""
        super().full_clean()
        order = [NON_FIELD_ERRORS, *self.fields]
        for name in sorted(self._errors, key=order.index):
            self._errors[name] = self._errors.pop(name)

    def forgive(self) -> None:
        """Show what was typed without judging it yet."""
        self._errors = ErrorDict(renderer=self.renderer)
        self.cleaned_data = {}

    def start_anew(self) -> None:
        """Make this a part of a new record: the one it belonged to is gone."""

    def write(self, parent: Record, by: Any, reason: str) -> None:
        """Save this part of `parent`. What belongs to it depends on the part."""
        raise NotImplementedError

    def differences(self, entries: list[Entry], heading: str = "") -> Iterator[Difference]:
        """The fields in which what was typed differs from what is stored, given what happened since."""
        base = self.model_history().filter(version=self.seen_version).order_by("-history_id").first()
        for name in self.changed_data:
            bound, column = self[name], self._column(name)
            if column is None:
                continue
            mine = base is None or bound.field.has_changed(value_in(base, column), bound.data)
            yield Difference(
                name=self.add_prefix(name),
                label=gettext(" – ").join(filter(None, [heading, capfirst(str(bound.label))])),
                stored=shown(column, self._stored_value(column)),
                typed=self._typed_text(bound, column),
                mine=mine,
                entry=next((entry for entry in entries if self._changed_in(entry, name)), None),
            )

    def model_history(self) -> models.QuerySet:
        """The historical rows of the stored record."""
        model = type(self.instance)
        return model.history.filter(**{model._meta.pk.attname: self.stored.pk})

    def catch_up(self) -> None:
        """Let the next submit be of the version that is stored now, which the person then has seen."""
        if self.stored:
            self.data[self.add_prefix("version")] = str(self.stored.version)

    def _column(self, name):
        columns = (*self.instance._meta.fields, *self.instance._meta.many_to_many)
        return next((column for column in columns if column.name == name), None)

    def _stored_value(self, column):
        return self.initial[column.name] if column.many_to_many else getattr(self.stored, column.name)

    def _typed_text(self, bound, column):
        if bound.name in self.cleaned_data:
            return shown(column, self.cleaned_data[bound.name])
        data = bound.data
        if hasattr(data, "typed"):  # several boxes for one value, which know how they read
            return data.typed
        return " ".join(filter(None, data if isinstance(data, list) else [data]))

    def in_words(self) -> str:
        """Everything that was typed, on one line."""
        texts = (self._typed_text(self[name], self._column(name)) for name in self.changed_data)
        return gettext(" – ").join(filter(None, texts))

    def is_about(self, entry: Entry) -> bool:
        """Whether the entry is of the history of this very record."""
        return type(entry.record) is type(self.instance) and entry.record.pk == self.stored.pk

    def _changed_in(self, entry, name):
        return self.is_about(entry) and any(change.name == name for change in entry.changes)

    def _take_stored(self):
        """Put the stored value where the person, having seen both, decided for it."""
        if not self.is_bound or not self.stored or self.is_old:
            return
        for full_name in self.data.getlist(TAKEN):
            name = next((name for name in self.fields if self.add_prefix(name) == full_name), None)
            if name is None or name in self.about_the_form:
                continue
            field, initial = self.fields[name], self.get_initial_for_field(self.fields[name], name)
            value = field.prepare_value(initial)
            if hasattr(field.widget, "fill"):  # several boxes for one value
                field.widget.fill(self.data, full_name, value)
            elif isinstance(field.widget, forms.CheckboxInput):
                self.data[full_name] = "true" if value else "false"
            else:
                value = field.widget.get_context(full_name, value, {})["widget"]["value"]
                self.data.setlist(full_name, value if isinstance(value, list) else [value or ""])

    def _update_errors(self, errors):
        # A rule of the model can speak of a field that this form does not have.
        if hasattr(errors, "error_dict"):
            absent = [name for name in errors.error_dict if name != NON_FIELD_ERRORS and name not in self.fields]
            for name in absent:
                errors.error_dict.setdefault(NON_FIELD_ERRORS, []).extend(errors.error_dict.pop(name))
        super()._update_errors(errors)

    def _post_clean(self):
        """As Django's, but with every constraint, the derived columns included, each message at its field."""
        exclude = self._get_validation_exclusions()
        exclude |= {name for name, field in self.fields.items() if isinstance(field, InlineForeignKeyField)}
        construct_instance(self, self.instance, self._meta.fields, self._meta.exclude)
        try:
            self.instance.full_clean(exclude=exclude, validate_unique=False, validate_constraints=False)
        except ValidationError as error:
            self._update_errors(error)
        if self._validate_unique:
            self.validate_unique()
            self._check_constraints()

    def _check_constraints(self):
        exclude = set()
        try:
            self.instance.derive()
        except ObjectDoesNotExist:
            pass  # a relation is missing, which the form says already
        if self.errors:
            exclude = self._get_validation_exclusions()
            exclude -= {
                column.name
                for column in self.instance._meta.fields
                if isinstance(column, FirstDayField) and column.of in self.fields and column.of not in self.errors
            }
        for model, constraints in self.instance.get_constraints():
            for constraint in constraints:
                try:
                    constraint.validate(model, self.instance, exclude=exclude)
                except ValidationError as error:
                    self.add_error(self._field_of(constraint), error)

    def _field_of(self, constraint: BaseConstraint) -> str | None:
        name = self.constraint_fields.get(constraint.name)
        if name is None and len(getattr(constraint, "fields", ())) == 1:
            name = constraint.fields[0]
        return name if name in self.fields else None


class RecordForm(RowForm):
    """The form of one record, with its parts, why it changed, and what guards against loss."""

    submission = HiddenField()
    distinct = forms.BooleanField(label=_("This is a different one: record it"), required=False)
    reason = forms.CharField(
        label=_("reason for this change"),
        required=False,
        max_length=500,
        help_text=_("Shown in the history, as in “council’s letter of 12 Khordad”. It can stay empty."),
    )

    about_the_form = frozenset({"version", "submission", "distinct", "reason"})

    def __init__(self, data: Any = None, *args: Any, **kwargs: Any) -> None:
        super().__init__(data, *args, **kwargs)
        if not self.is_bound:
            self.initial["submission"] = uuid.uuid4()
        self.parts: list[Any] = self.make_parts()
        self.matches: list[Record] = []
        self.is_stale = False
        self.entries: list[Entry] = []
        self.both: list[Difference] = []

    def make_parts(self) -> list[Any]:
        """The formsets and row forms that are saved with the record, each with the methods of `RecordFormSet`."""
        return []

    def find_matches(self) -> list[Record]:
        """Records that this new one may be a duplicate of. Asked only when nothing else is wrong."""
        return []

    def part_histories(self) -> list[tuple[type[models.Model], dict[str, Any]]]:
        """The histories that belong to the record's own; see `RecordHistory`."""
        return []

    @property
    def history(self) -> RecordHistory:
        """The history of the stored record and its parts."""
        own = (type(self.instance), {self.stored._meta.pk.attname: self.stored.pk})
        return RecordHistory(own, *self.part_histories())

    def start_anew(self) -> None:
        """Make this the form of a new record: the one it was about is gone."""
        self.data["submission"] = str(uuid.uuid4())
        for part in self.parts:
            part.start_anew()

    @property
    def removed(self) -> list[tuple[str, models.Model]]:
        """The parts that saving has deleted, see `RecordFormSet`."""
        return [one for part in self.parts for one in getattr(part, "removed", ())]

    @property
    def everything(self) -> list[Any]:
        """What was filled in, for the error summary: the form and its parts, or nothing yet."""
        return [self, *self.parts] if self.is_bound else []

    @property
    def has_errors(self) -> bool:
        """Whether anything on the page is wrong."""
        return self.is_bound and not self.is_valid()

    def is_valid(self) -> bool:
        """Whether the record and its parts can be saved."""
        return self.is_bound and not self.errors and all(part.is_valid() for part in self.parts)

    def has_changed(self) -> bool:
        """Whether anything typed differs from what is stored."""
        return super().has_changed() or any(part.has_changed() for part in self.parts)

    def forgive(self) -> None:
        """Show what was typed without judging it yet."""
        super().forgive()
        for part in self.parts:
            part.forgive()

    def full_clean(self) -> None:
        """As Django's; then, if somebody was quicker, the comparison, and if it is new, the likely duplicates."""
        super().full_clean()
        if not self.is_bound:
            return
        parts_are_valid = all([part.is_valid() for part in self.parts])
        if self.stored:
            self._compare()
        elif not self.errors and parts_are_valid and not self.cleaned_data["distinct"]:
            self.matches = list(self.find_matches())
            if self.matches:
                self.add_error("distinct", _("This may be recorded already. Compare, and say if it is not the same."))

    def already_made(self) -> Record | None:
        """The record that an earlier click on this form has made or, with the new rows of this form, changed.

        Of a stored record it can be said after `is_valid` only. What was typed after that click keeps it from being so.
        """
        if self.stored:
            rows = [row for part in self.parts for row in part.new_rows] if self.entries else []
            is_repeated = rows and all(row.is_recorded for row in rows) and not any(one.mine for one in self.both)
            return self.stored if is_repeated else None
        key = self.submission_key
        return key and type(self.instance).objects.filter(submission=key).first()

    def save(self, by: Any) -> Record:
        """Save the record and its parts as one step with one entry in its history.

        Raises StaleRecord when somebody was quicker, and IntegrityError when `already_made` has become true.
        """
        reason = self.cleaned_data["reason"]
        if self.stored is None:
            self.instance.submission = self.submission_key
        if self.cleaned_data["distinct"] and self.stored is None:
            reason = gettext(" – ").join(filter(None, [reason, gettext("recorded as no duplicate")]))
        with self.instance.one_entry(by=by, reason=reason):
            self.instance.save()
            self._save_m2m()
            for part in self.parts:
                part.write(self.instance, by, reason)
            try:
                self.instance.check_grounds()
            except ValidationError as error:  # they were there when the form was judged
                raise StaleRecord(self.instance) from error
        return self.instance

    def _compare(self):
        """If the stored record is newer than the one seen, put both side by side and refuse to save."""
        if not self.is_old and not any(part.is_old for part in self.parts):
            return
        self.entries = self.history.since(self.seen_version)
        self.both = list(self.differences(self.entries))
        for part in self.parts:
            self.both += part.differences(self.entries)
        for form in (self, *self.parts):
            form.catch_up()
        if self.both:
            self.is_stale = True
            self.data.setlist(TAKEN, [difference.name for difference in self.both if not difference.mine])
            self.add_error(
                None, _("Somebody else has changed this since you opened it. Nothing is saved: compare, then save.")
            )


class WebAddressField(forms.URLField):
    """An address in the web; without a scheme it is taken for https."""

    widget = forms.TextInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(assume_scheme="https", **kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {"inputmode": "url", "dir": "ltr", "autocomplete": "off"}


class RelatedField(forms.ModelMultipleChoiceField):
    """Records that this one is related to, chosen by their keys."""

    def clean(self, value: Any) -> models.QuerySet:
        """The records. Raises ValidationError for what is no key, also where a database could not even look it up."""
        for key in map(str, value or []):
            if len(key) >= len(str(models.BigAutoField.MAX_BIGINT)):
                raise ValidationError(
                    self.error_messages["invalid_choice"], code="invalid_choice", params={"value": f"{key[:20]}…"}
                )
        return super().clean(value)


class DayField(UncertainDateFormField):
    """A certain day, in the boxes of an uncertain date; the value is a datetime.date or None."""

    default_error_messages = {"imprecise": _("Give the day, the month and the year.")}

    def __init__(self, **kwargs: Any) -> None:
        kwargs["help_text"] = kwargs.get("help_text") or _("Day, month and year.")
        super().__init__(**kwargs)

    def prepare_value(self, value: Any) -> Any:
        """The day in the calendar of the reader's language; what was typed as it was typed."""
        if isinstance(value, datetime.date):
            return UncertainDate.on(value, Calendar.SOLAR_HIJRI if get_language() == "fa" else Calendar.GREGORIAN)
        return value

    def to_python(self, value: Any) -> datetime.date | None:
        """Raises ValidationError for a wrong date and for one that is not a certain day."""
        if isinstance(value, datetime.date):
            return value
        date = super().to_python(value)
        if date and date.precision != Precision.DAY:
            raise ValidationError(self.error_messages["imprecise"], code="imprecise")
        return date and date.first


class RecordFormSet(BaseInlineFormSet):
    """The rows of a record that belong to it alone, as a part of its form.

    A row that somebody deleted in the meantime comes back as a new one, ticked to be left out unless the person says
    otherwise: what they typed into it still stands there.
    """

    def __init__(self, data: Any = None, *args: Any, **kwargs: Any) -> None:
        self.vanished: dict[RowForm, str] = {}
        self.removed: list[tuple[str, models.Model]] = []
        """What `write` has deleted: how it read, and the historical row that tells so."""
        super().__init__(data, *args, **kwargs)

    def _construct_form(self, at, **kwargs):
        row = super()._construct_form(at, **kwargs)
        if self.is_bound and at < self.initial_form_count() and row.instance._state.adding:
            row.fields["id"].required = False
            row.empty_permitted = True
            if key := self.data.get(row.add_prefix("id")):
                self.data[row.add_prefix("id")] = ""
                if not self.data.get(row.add_prefix("DELETE")):
                    self.vanished[row] = key
                    self.data[row.add_prefix("DELETE")] = "on"
        if self.is_bound and not row.stored and not self.instance._state.adding:
            row.instance.submission = row.submission_key  # a new record has its own, and its rows come with it
        return row

    @property
    def rows(self) -> list[RowForm]:
        """The rows that will be there: neither left empty nor to be deleted."""
        return [row for row in self.forms if (row.stored or row.has_changed()) and not self._should_delete_form(row)]

    @property
    def new_rows(self) -> list[RowForm]:
        """Those of the rows that no stored one stands behind."""
        return [row for row in self.rows if not row.stored]

    def has_changed(self) -> bool:
        """Whether there is a row to be saved or to be removed."""
        return self.is_bound and any(
            bool(row.stored) if self._should_delete_form(row) else row.has_changed() and not row.is_recorded
            for row in self.forms
        )

    @property
    def is_old(self) -> bool:
        """Whether any row was changed or deleted since the person got the form."""
        return any(row.is_old for row in self.forms) or bool(self.vanished)

    def differences(self, entries: list[Entry]) -> Iterator[Difference]:
        """Where the rows that others changed or deleted differ from what was typed; see `RowForm.differences`."""
        name = capfirst(str(self.model._meta.verbose_name))
        for at, row in enumerate(self.forms, start=1):
            heading = f"{name} {figures(at)}"
            if row in self.vanished:
                gone = (entry for entry in entries if type(entry.record) is self.model and entry.type == "-")
                entry = next((entry for entry in gone if str(entry.record.pk) == self.vanished[row]), None)
                yield Difference("", heading, gettext("deleted"), row.in_words(), True, entry)
            elif row.is_old and self._should_delete_form(row):
                entry = next((entry for entry in entries if row.is_about(entry)), None)
                yield Difference("", heading, str(row.stored), gettext("to be deleted"), True, entry)
            elif row.is_old:
                yield from row.differences(entries, heading)

    def start_anew(self) -> None:
        """Let the rows be of a new record: the one they belonged to is gone, and not they alone."""
        for row in self.forms:
            self.data[row.add_prefix(self.fk.name)] = ""
            if row in self.vanished:
                del self.data[row.add_prefix("DELETE")]

    def offer_more(self) -> None:
        """Let the page that is made from this form's data have one empty row more."""
        name = self.management_form.add_prefix(TOTAL_FORM_COUNT)
        number = self.total_form_count()
        self.data[name] = str(min(number + 1, self.max_num))
        # What is chosen in an empty row from the first, so that leaving it so is no change.
        for name, field in self.empty_form.fields.items():
            if isinstance(field, forms.ChoiceField) and (chosen := self.empty_form.get_initial_for_field(field, name)):
                self.data.setdefault(f"{self.add_prefix(number)}-{name}", str(chosen))

    def catch_up(self) -> None:
        """Let the next submit be of the versions that are stored now."""
        for row in self.forms:
            row.catch_up()

    def forgive(self) -> None:
        """Show what was typed without judging it yet."""
        self._errors, self._non_form_errors = [], self.error_class(renderer=self.renderer)
        for row in self.forms:
            row.forgive()

    def write(self, parent: Record, by: Any, reason: str) -> None:
        """Save, add and delete the rows, each with its entry in its own history."""
        for row in self.forms:
            if self._should_delete_form(row):
                if row.stored:
                    row.stored._history_user, row.stored._change_reason = by, reason or None
                    name, traces = str(row.stored), row.model_history()
                    row.stored.delete()
                    self.removed.append((name, traces.latest("history_id")))
            elif row.has_changed() and not row.is_recorded:
                setattr(row.instance, self.fk.name, parent)
                with row.instance.one_entry(by=by, reason=reason):
                    row.instance.save()


class ConfirmForm(forms.Form):
    """Why something is done to a record as a whole, and which version of it the person had before them."""

    version = HiddenField()
    reason = forms.CharField(
        label=_("reason"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Stands in the history."),
    )

    @property
    def seen_version(self) -> int:
        """The version that the person had before them; 0 if the form does not say."""
        return whole(self.data.get("version"))


def whole(text: str | None) -> int:
    """The whole number that a hidden field holds; 0 for anything else, which nobody can have typed."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else 0
