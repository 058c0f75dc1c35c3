"""Uncertain dates in the database and in forms (what they are: see `sistercities.dates`).

A model keeps the date in one text column and, where it is compared or sorted, its bounds beside it:

    signed = UncertainDateField(_("signed"))
    signed_first = FirstDayField(of="signed")
    signed_last = LastDayField(of="signed")

`filter(signed=date)` compares the words too; to ask what a date means, ask its bounds.
"""

import datetime
from typing import Any, NamedTuple

from django import forms
from django.core import checks
from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db import models
from django.db.models.query_utils import DeferredAttribute
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from sistercities.dates import (
    STORED_LENGTH,
    Calendar,
    DateError,
    UncertainDate,
    month_name,
    parse_day,
    parse_month,
    parse_year,
)
from sistercities.text import clean_text, figures


class UncertainDateField(models.Field):
    """An UncertainDate, or None where the date is not known; the column then holds "" and never NULL."""

    description = _("Uncertain date")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"max_length": STORED_LENGTH, "blank": True, **kwargs})

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        name, path, args, kwargs = super().deconstruct()
        for option, own in (("max_length", STORED_LENGTH), ("blank", True)):
            if kwargs.get(option) == own:
                del kwargs[option]
            elif option == "blank":
                kwargs[option] = self.blank
        return name, path, args, kwargs

    def get_internal_type(self) -> str:
        return "CharField"

    def get_default(self) -> UncertainDate | None:
        return self.to_python(super().get_default())

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> UncertainDate | None:
        return UncertainDate.from_stored(value) if value else None

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
        date = instance._meta.get_field(self.field.of).to_python(instance.__dict__[self.field.of])
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

    def pre_save(self, model_instance: models.Model, add: bool) -> datetime.date | None:
        """Derive the day from the date, and leave it on the instance."""
        day = getattr(model_instance, self.attname)
        setattr(model_instance, self.attname, day)
        return day


class LastDayField(FirstDayField):
    """The last day that the UncertainDateField `of` can mean; None where it is not known. Never set by hand."""

    bound = "last"


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
        return " ".join(filter(None, (clean_text(text) for text in (self.day, self.month, self.year))))

    def read(self) -> UncertainDate | None:
        """The date that the boxes mean; None when they are empty. The calendar alone is no date.

        Raises ValidationError with a DateError for each box that is wrong.
        """
        if not self.typed:
            return None
        ...
