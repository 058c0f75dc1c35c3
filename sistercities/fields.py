"""Uncertain dates in the database and in forms (what they are: see `sistercities.dates`).

A model keeps the date in one text column and, where it is compared or sorted, its bounds beside it:

    signed = UncertainDateField(_("signed"))
    signed_first = FirstDayField(of="signed")
    signed_last = LastDayField(of="signed")

`filter(signed=date)` compares the words too; to ask what a date means, ask its bounds.
"""

import datetime
from collections.abc import Callable
from functools import lru_cache
from typing import Any, NamedTuple

from django import forms
from django.core import checks
from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db import models
from django.db.models.query_utils import DeferredAttribute
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from sistercities.dates import (
    KEPT,
    STORED_LENGTH,
    Calendar,
    DateError,
    UncertainDate,
    month_name,
    parse_day,
    parse_month,
    parse_year,
    visible,
)
from sistercities.text import figures

# Of what the database gives alone: what people send has no bounds.
_from_stored = lru_cache(maxsize=KEPT)(UncertainDate.from_stored)


class UncertainDateField(models.Field):
    """An UncertainDate, or None where the date is not known; the column then holds "" and never NULL."""

    description = _("Uncertain date")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"blank": True, **kwargs, "max_length": STORED_LENGTH})

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        name, path, args, kwargs = super().deconstruct()
        del kwargs["max_length"]
        if not kwargs.pop("blank", False):
            kwargs["blank"] = False
        return name, path, args, kwargs

    def get_internal_type(self) -> str:
        return "CharField"

    def get_default(self) -> UncertainDate | None:
        return self.to_python(super().get_default())

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> UncertainDate | None:
        return _from_stored(value) if value else None

    def to_python(self, value: UncertainDate | str | None) -> UncertainDate | None:
        """The date that `value` is: as stored, or else in a source's words. Raises DateError."""
        if not value or isinstance(value, UncertainDate):
            return value or None
        try:
            return UncertainDate.from_stored(value)
        except DateError:
            return UncertainDate.parse(value)

    def validate(self, value: UncertainDate | None, model_instance: models.Model | None) -> None:
        """Raise ValidationError when the date is required and not known."""
        if value is None and not self.blank:
            raise ValidationError(self.error_messages["blank"], code="blank")

    def get_prep_value(self, value: Any) -> str:
        date = self.to_python(super().get_prep_value(value))
        return date.stored if date else ""

    def value_to_string(self, obj: models.Model) -> str:
        return self.get_prep_value(self.value_from_object(obj))

    def formfield(self, **kwargs: Any) -> forms.Field:
        return super().formfield(**{"form_class": UncertainDateFormField, **kwargs})


class _Bound(DeferredAttribute):
    """A bound as an attribute: it follows the date at once, so that constraints can be checked before saving."""

    def __get__(self, instance: models.Model | None, cls: type | None = None) -> Any:
        if instance is None or self.field.of not in instance.__dict__:
            return super().__get__(instance, cls)
        try:
            date = instance._meta.get_field(self.field.of).to_python(instance.__dict__[self.field.of])
        except DateError:
            return None  # it is for the date's own field to tell
        return getattr(date, self.field.bound, None)

    def __set__(self, instance: models.Model, value: datetime.date | None) -> None:
        instance.__dict__[self.field.attname] = value


class FirstDayField(models.DateField):
    """The first day that the UncertainDateField `of` can mean; None where it is not known. Never set by hand."""

    descriptor_class = _Bound
    bound = "first"

    def __init__(self, *args: Any, of: str, **kwargs: Any) -> None:
        self.of = of
        super().__init__(*args, **{**kwargs, "null": True, "editable": False})

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        name, path, args, kwargs = super().deconstruct()
        del kwargs["null"], kwargs["editable"]
        return name, path, args, {**kwargs, "of": self.of}

    def check(self, **kwargs: Any) -> list[checks.CheckMessage]:
        """Django's checks, and that the model has the date whose bound this is."""
        return [*super().check(**kwargs), *self._check_of()]

    def _check_of(self) -> list[checks.CheckMessage]:
        try:
            if isinstance(self.model._meta.get_field(self.of), UncertainDateField):
                return []
        except FieldDoesNotExist:
            pass
        return [checks.Error(f"'{self.of}' is not an UncertainDateField of this model.", obj=self, id="dates.E001")]


class LastDayField(FirstDayField):
    """The last day that the UncertainDateField `of` can mean; None where it is not known. Never set by hand."""

    bound = "last"


def dates_bounded(of: str, name: str) -> models.CheckConstraint:
    """The constraint that the uncertain date `name` of the model `of` is known together with its bounds, in order."""
    first, last = f"{name}_first", f"{name}_last"
    unknown = models.Q(**{name: "", f"{first}__isnull": True, f"{last}__isnull": True})
    known = ~models.Q(**{name: ""}) & models.Q(
        **{f"{first}__isnull": False, f"{last}__isnull": False, f"{first}__lte": models.F(last)}
    )
    return models.CheckConstraint(
        name=f"{of}_{name}_has_its_bounds",
        condition=unknown | known,
        violation_error_message=_("A date and its first and last possible day are known together."),
    )


def in_order(name: str, earlier: str, later: str, message: str) -> models.CheckConstraint:
    """The constraint that the date `later` does not certainly lie before `earlier`."""
    first, last = f"{earlier}_first", f"{later}_last"
    unknown = models.Q(**{f"{first}__isnull": True}) | models.Q(**{f"{last}__isnull": True})
    return models.CheckConstraint(
        name=name, condition=unknown | models.Q(**{f"{last}__gte": models.F(first)}), violation_error_message=message
    )


class Boxes(NamedTuple):
    """A date as it stands in a form: what was typed, in any script, and the date that stood there before."""

    day: str = ""
    month: str = ""
    year: str = ""
    calendar: str = ""
    words: str = ""
    """`UncertainDate.stored` of the date before: its words stay as long as the boxes still mean it."""

    @classmethod
    def of(cls, date: UncertainDate | None) -> "Boxes":
        """The boxes that show `date` to a reader of the active language."""
        if date is None:
            return cls()
        month = month_name(date.calendar, date.month) if date.month else ""
        return cls(figures(date.day), month, figures(date.year), date.calendar.value, date.stored)

    @property
    def typed(self) -> str:
        """What was typed, as one line: day, month, year."""
        return " ".join(filter(None, (self.day, self.month, self.year)))

    def read(self) -> UncertainDate | None:
        """The date that the boxes mean; None when they are empty. The calendar alone is no date.

        Raises ValidationError with a DateError for each box that is wrong.
        """
        if not any(map(visible, (self.day, self.month, self.year))):
            return None
        if self.calendar and self.calendar not in Calendar.values:
            raise DateError(_("Choose one of the two calendars"), "no_calendar", part="calendar")
        errors: list[DateError] = []
        chosen = Calendar(self.calendar) if self.calendar else None
        year = _attempt(errors, parse_year, self.year, chosen)
        calendar = (chosen or Calendar.of_year(year)) if year else None
        month = _attempt(errors, parse_month, self.month, calendar) if visible(self.month) else None
        day = _attempt(errors, parse_day, self.day) if visible(self.day) else None
        if errors:
            raise ValidationError(errors)
        date = UncertainDate(calendar, year, month, day, words=self.typed)
        try:
            before = UncertainDate.from_stored(self.words)
        except DateError:
            return date
        return before if before == date else date


def _attempt(errors: list[DateError], parse: Callable[..., int], *given: Any) -> int | None:
    """What `parse` makes of what is given; None, and one more of the errors, when that is nothing."""
    try:
        return parse(*given)
    except DateError as error:
        errors.append(error)
        return None


class UncertainDateWidget(forms.Widget):
    """Three boxes, of which day and month may stay empty, the calendar, and what the register understands.

    They are named `<field>_day`, `_month`, `_year`, `_calendar` and, hidden, `_words`; so are the ids of the boxes.
    The template gets `subwidgets` (the boxes, each with its attributes), `calendars`, `words` and `reading`.
    """

    template_name = "includes/date_input.html"
    use_fieldset = True
    LABELS = {"day": _("Day"), "month": _("Month"), "year": _("Year")}

    def get_context(
        self, name: str, value: Boxes | UncertainDate | None, attrs: dict[str, Any] | None
    ) -> dict[str, Any]:
        boxes = value if isinstance(value, Boxes) else Boxes.of(value)
        date, wrong = None, set()
        try:
            date = boxes.read()
        except ValidationError as error:
            wrong = {part.part for part in error.error_list}
        context = super().get_context(name, None, attrs)
        widget = context["widget"]
        given = widget["attrs"]
        given.setdefault("id", f"id_{name}")
        if given.get("aria-invalid") and not wrong:
            wrong = set(self.LABELS)  # each box is right, and yet the date is not: it is missing, or conflicts
        widget["subwidgets"] = [
            {
                "part": part,
                "label": label,
                "name": f"{name}_{part}",
                "value": getattr(boxes, part),
                "attrs": self._box_attrs(part, given, part in wrong),
            }
            for part, label in self.LABELS.items()
        ]
        chosen = boxes.calendar or (Calendar.SOLAR_HIJRI if get_language() == "fa" else Calendar.GREGORIAN)
        widget["calendars"] = [
            {"value": calendar.value, "label": calendar.label, "checked": calendar == chosen} for calendar in Calendar
        ]
        widget["words"] = boxes.words
        widget["reading"] = date.reading() if date else ""
        return context

    def fill(self, data: Any, name: str, value: UncertainDate | None) -> None:
        """Write into `data`, which can be altered, what a browser sends for `value`."""
        for part, text in Boxes.of(value)._asdict().items():
            data[f"{name}_{part}"] = text

    def _box_attrs(self, part: str, given: dict[str, Any], wrong: bool) -> dict[str, Any]:
        attrs = {"id": f"{given['id']}_{part}", "autocomplete": "off", "disabled": given.get("disabled", False)}
        if part != "month":
            attrs["inputmode"] = "numeric"
        if part == "year":
            attrs["required"] = given.get("required", False)
        if wrong:
            attrs |= {"aria-invalid": "true", "aria-describedby": f"{given['id']}_error"}
        return attrs

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Boxes:
        return Boxes(*(str(data.get(f"{name}_{part}") or "") for part in Boxes._fields))

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return not any(f"{name}_{part}" in data for part in self.LABELS)

    def id_for_label(self, id_: str) -> str:
        return f"{id_}_day" if id_ else ""


class UncertainDateAdminWidget(UncertainDateWidget):
    """The same boxes as Django's admin draws its own."""

    template_name = "includes/date_input_admin.html"


class UncertainDateFormField(forms.Field):
    """Reads the boxes; the value is an UncertainDate, or None when they are empty."""

    widget = UncertainDateWidget

    def __init__(self, **kwargs: Any) -> None:
        kwargs["help_text"] = kwargs.get("help_text") or _("Leave day and month empty if they are not known.")
        super().__init__(**kwargs)

    def to_python(self, value: Boxes | UncertainDate | None) -> UncertainDate | None:
        """Raises ValidationError with a DateError for each box that is wrong."""
        return value.read() if isinstance(value, Boxes) else value or None

    def has_changed(self, initial: UncertainDate | None, data: Boxes | None) -> bool:
        """Whether the boxes mean another date than `initial`, however it was typed; wrong ones do."""
        if self.disabled:
            return False
        try:
            return self.to_python(data) != self.to_python(initial)
        except ValidationError:
            return True
