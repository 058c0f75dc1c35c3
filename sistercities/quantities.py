"""Numbers in forms, as people type them: digits of any script, «٬» or "," between thousands, «٫» or "." for decimals.

All of them are text boxes that ask phones for their digits, since a browser's number box takes 0-9 alone.
"""

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from sistercities.text import clean_text, figures, latin_digits, number

_THOUSANDS = "[,٬،]"
_WHOLE = re.compile(rf"[+-]?(?:\d{{1,20}}|\d{{1,3}}(?:{_THOUSANDS}\d{{3}}){{1,6}})", re.ASCII)
_REAL = re.compile(rf"{_WHOLE.pattern}(?:[.٫]\d{{1,18}})?", re.ASCII)


def _latin(text: str) -> str:
    """`text` with Latin digits, a plain minus sign and nothing invisible."""
    return latin_digits(clean_text(text)).replace("−", "-")


class WholeNumberField(forms.IntegerField):
    """A whole number; thousands may be set apart."""

    widget = forms.TextInput
    default_error_messages = {
        "invalid": _("Write a whole number in digits."),
        "min_value": _("This number is too small."),
        "max_value": _("This number is too large."),
    }

    def to_python(self, value: Any) -> int | None:
        """Raises ValidationError for what is not a whole number."""
        text = "" if value is None else _latin(str(value))
        if not text:
            return None
        if not _WHOLE.fullmatch(text):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return int(re.sub(_THOUSANDS, "", text))

    def prepare_value(self, value: Any) -> Any:
        """A stored number in the reader's digits; what was typed as it was typed."""
        return figures(value) if isinstance(value, int) else value

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {"inputmode": "numeric", "dir": "ltr", "autocomplete": "off"}


class RealNumberField(forms.FloatField):
    """A number with or without decimals; thousands may be set apart."""

    widget = forms.TextInput
    default_error_messages = {
        "invalid": _("Write a number in digits, as in 38.08."),
        "min_value": _("This number is too small."),
        "max_value": _("This number is too large."),
    }

    def to_python(self, value: Any) -> float | None:
        """Raises ValidationError for what is not a number."""
        text = "" if value is None else _latin(str(value))
        if not text:
            return None
        if not _REAL.fullmatch(text):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return float(re.sub(_THOUSANDS, "", text).replace("٫", "."))

    def prepare_value(self, value: Any) -> Any:
        """A stored number in the reader's digits; what was typed as it was typed."""
        return number(value) if isinstance(value, float) else value

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {"inputmode": "decimal", "dir": "ltr", "autocomplete": "off"}


class AmountField(forms.DecimalField):
    """A sum of money, exact: a Decimal with at most two decimals; thousands may be set apart."""

    widget = forms.TextInput
    default_error_messages = {
        "invalid": _("Write the amount in digits, as in 1,250,000."),
        "min_value": _("This number is too small."),
        "decimals": _("At most two decimals."),
        "digits": _("This number is too large."),
    }

    def to_python(self, value: Any) -> Decimal | None:
        """Raises ValidationError for what is not an amount."""
        if value is None or isinstance(value, Decimal):
            return value
        text = _latin(str(value))
        if not text:
            return None
        if not _REAL.fullmatch(text):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return Decimal(re.sub(_THOUSANDS, "", text).replace("٫", "."))

    def validate(self, value: Decimal | None) -> None:
        """Raises ValidationError for more than two decimals, and for what the register has no room for."""
        super().validate(value)
        if value is None:
            return
        if value != round(value, 2):
            raise ValidationError(self.error_messages["decimals"], code="decimals")
        if self.max_digits and abs(value) >= Decimal(10) ** (self.max_digits - 2):
            raise ValidationError(self.error_messages["digits"], code="digits")

    def prepare_value(self, value: Any) -> Any:
        """A stored amount in the reader's digits, a round one without decimals; what was typed as it was typed."""
        if not isinstance(value, Decimal):
            return value
        return number(int(value) if value == int(value) else value)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {"inputmode": "decimal", "dir": "ltr", "autocomplete": "off"}
