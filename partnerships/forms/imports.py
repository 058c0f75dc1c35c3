"""The forms of an import: the file, how it is read, what its columns mean, and why it is taken."""

import re
from collections import Counter
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from partnerships.headings import FIELDS, ImportField
from partnerships.held_tables import HeldTable
from partnerships.models import Agreement, ColumnMatch, Import, Source
from sistercities.browsing import one_line
from sistercities.forms import ConfirmForm, HiddenField
from sistercities.tables import DELIMITERS, ENCODINGS
from sistercities.text import figures
from sistercities.uploads import in_words, refusal

TAKEN = ".xlsx,.xlsm,.csv,.tsv,.txt,.tab"
"""The endings that a browser offers first; what a file is follows from its content."""

OF_AGREEMENT = ("kind", "status")
OF_SOURCE = (
    "source_publisher_fa",
    "source_publisher_en",
    "source_title_fa",
    "source_title_en",
    "source_url",
    "source_issued",
    "source_nature",
    "source_says_fa",
    "source_says_en",
)
DEFAULTS = (*OF_AGREEMENT, *OF_SOURCE)
"""The fields that can hold for all rows: of the agreements, and the list itself as their source."""


_HELP = {
    "status": _("Lists of partnerships seldom say so: of those that hold today, in force."),
    "source_says_fa": _("What it says of each of them; a source needs it in one language."),
    "source_issued": _("The day, month or year of the list, in either calendar."),
}


def plain_name(name: str) -> str:
    """The name of a file as it is shown: without its folders and without what nobody can see."""
    return one_line(re.split(r"[\\/]", name)[-1])[:255] or gettext("table")


class TableForm(forms.Form):
    """The box by which a table is sent."""

    file = forms.FileField(
        label=_("the table"),
        widget=forms.FileInput(attrs={"accept": TAKEN, "class": "drop"}),
        error_messages={"required": _("Choose a file."), "empty": _("The file is empty: it has 0 bytes.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].help_text = _(
            "A workbook (XLSX), or text in columns (CSV, TSV) with any separator and in any encoding, up to %(limit)s. "
            "The first row holds the headings, in Persian or English; a title above it is passed over."
        ) % {"limit": in_words(settings.UPLOAD_BYTES)}

    def clean_file(self) -> UploadedFile:
        """Raises ValidationError for a file that is too large."""
        file = self.cleaned_data["file"]
        if file.size > settings.UPLOAD_BYTES:
            raise refusal("too_large", size=in_words(file.size), limit=in_words(settings.UPLOAD_BYTES))
        return file

    def receive(self, by: Any) -> Import | None:
        """The import of the table; None where it cannot be read, which is then told at the box."""
        file = self.cleaned_data["file"]
        try:
            return Import.receive(file.read(), plain_name(file.name), by, get_language())
        except ValidationError as error:
            self.add_error("file", error)
            return None


class ReadingForm(forms.Form):
    """How the file is read, where the guess is wrong."""

    encoding = forms.ChoiceField(label=_("encoding"), required=False, widget=forms.Select(attrs={"dir": "ltr"}))
    delimiter = forms.ChoiceField(label=_("separator of the columns"), required=False)
    sheet = forms.ChoiceField(label=_("sheet"), required=False)

    def __init__(self, data: Any, import_: Import, held: HeldTable) -> None:
        self.import_, self.held = import_, held
        super().__init__(data, initial={name: getattr(import_, name) for name in ("encoding", "delimiter", "sheet")})
        if import_.encoding:
            del self.fields["sheet"]
            known = {import_.delimiter: import_.delimiter} | DELIMITERS
            self.fields["encoding"].choices = ENCODINGS.items()
            self.fields["delimiter"].choices = [*({"": _("found by itself")} | known).items()]
        else:
            del self.fields["encoding"], self.fields["delimiter"]
            self.fields["sheet"].choices = [(name, name) for name in held.sheets]

    def read(self, by: Any) -> Import | None:
        """The import of the table as it is read so, in place of this one; None where it cannot be, which is told.

        The columns are matched anew, since other headings may have come out.
        """
        anew = None
        try:
            anew = Import.receive(self.held.content, self.import_.name, by, get_language(), **self.cleaned_data)
            self.import_.discard()
        except ValidationError as error:
            if anew:  # somebody has had this one checked or taken meanwhile
                anew.discard()
            self.add_error(next(iter(self.fields)), ValidationError(error.messages))
            return None
        return anew


class MatchForm(forms.Form):
    """What each column of a table means, what holds for all rows, and under which name the match is kept.

    The fields `column_0`, `column_1` … are the columns in their order; `default_<field>` is what holds for all rows.
    """

    keep = forms.CharField(
        label=_("keep this match as"),
        required=False,
        max_length=80,
        help_text=_("As in “the ministry’s list”. The next table with these headings is then matched so."),
    )

    def __init__(self, data: Any, import_: Import, fields: list[str]) -> None:
        self.import_ = import_
        super().__init__(data)
        for position, (heading, field) in enumerate(zip(import_.headings, fields, strict=True)):
            self.fields[f"column_{position}"] = forms.ChoiceField(
                label=heading or gettext("column %(number)s") % {"number": figures(position + 1)},
                choices=self.choices,
                required=False,
                initial=field,
            )
        for name in DEFAULTS:
            self.fields[f"default_{name}"] = self._default(name, import_.defaults.get(name, ""))

    @cached_property
    def groups(self) -> list[tuple[str, list[ImportField]]]:
        """The fields in their groups."""
        groups: dict[str, list[ImportField]] = {}
        for field in FIELDS.values():
            groups.setdefault(str(field.group), []).append(field)
        return [*groups.items()]

    @cached_property
    def choices(self) -> list[tuple[Any, Any]]:
        """The fields in their groups, each by what it is called; first that the column is left out."""
        offered = [(group, [(one.name, capfirst(one.label)) for one in fields]) for group, fields in self.groups]
        return [("", _("— left out —")), *offered]

    def _default(self, name: str, value: str) -> forms.Field:
        given = {"label": _label(name), "required": False, "initial": value, "help_text": _HELP.get(name, "")}
        model, column = (Source, name.removeprefix("source_")) if name in OF_SOURCE else (Agreement, name)
        choices = model._meta.get_field(column).choices
        if choices:
            return forms.ChoiceField(choices=[("", _("as each row says")), *choices], **given)
        return forms.CharField(max_length=500, **given)

    @property
    def columns(self) -> list[forms.BoundField]:
        """The boxes of the columns, in the order of the table."""
        return [self[f"column_{position}"] for position in range(len(self.import_.headings))]

    @property
    def of_agreement(self) -> list[forms.BoundField]:
        """The boxes of what holds of all agreements."""
        return [self[f"default_{name}"] for name in OF_AGREEMENT]

    @property
    def of_source(self) -> list[list[forms.BoundField]]:
        """The boxes of the source that holds for all rows, those of the two languages in one line."""
        pairs = [("publisher_fa", "publisher_en"), ("title_fa", "title_en"), ("url",), ("issued", "nature")]
        lines = [*pairs, ("says_fa", "says_en")]
        return [[self[f"default_source_{name}"] for name in line] for line in lines]

    def clean(self) -> dict[str, Any]:
        """Raises ValidationError, at each of its columns, for a field that is filled by two."""
        cleaned = super().clean()
        filled = Counter(filter(None, self.matched))
        for position, name in enumerate(self.matched):
            if filled[name] > 1:
                told = _("Two columns cannot both fill “%(field)s”: leave one of them out.")
                self.add_error(f"column_{position}", ValidationError(told, params={"field": FIELDS[name].label}))
        return cleaned

    @property
    def matched(self) -> list[str]:
        """For each column the field that it fills; "" for one that is left out."""
        return [self.cleaned_data.get(f"column_{position}", "") for position in range(len(self.import_.headings))]

    def save(self, by: Any) -> bool:
        """Note what the columns mean, keep that under its name if it got one, and have the rows checked.

        False where something stands against it, which is then told.
        """
        defaults = {name: text for name in DEFAULTS if (text := self.cleaned_data[f"default_{name}"])}
        try:
            self.import_.match(self.matched, defaults)
            if name := one_line(self.cleaned_data["keep"]):
                ColumnMatch.keep(name, self.import_, by)
            self.import_.check_rows(by)
        except ValidationError as error:
            self._tell(error)
        return not self.errors

    def _tell(self, error: ValidationError) -> None:
        told = error.message_dict if hasattr(error, "error_dict") else {NON_FIELD_ERRORS: error.messages}
        for where, reasons in told.items():
            name = f"column_{where}" if where.isdecimal() else f"default_{where}"
            self.add_error(name if name in self.fields else None, ValidationError(reasons))


def _label(name: str) -> Any:
    """What a field of a source or an agreement is called where it is clear whose it is."""
    if name in OF_SOURCE:
        return Source._meta.get_field(name.removeprefix("source_")).verbose_name
    return FIELDS[name].label


class ReasonForm(ConfirmForm):
    """Why something is done to an import as a whole: it stands in the history of every record."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reason = self.fields["reason"]
        reason.required, reason.help_text = True, _("Stands in the history of each record, with the name of the file.")
        reason.error_messages["required"] = _("Say why: it stands in the history of each record.")


class UndoForm(ReasonForm):
    """Why an import is undone, and what becomes of that which somebody has changed since."""

    leaving = forms.BooleanField(
        label=_("Leave as it is what somebody has changed since"),
        required=False,
        help_text=_("Otherwise nothing is undone as long as there is such a record."),
    )


class DiscardForm(ConfirmForm):
    """Asks for no reason: nothing is left in whose history it could stand."""

    reason = HiddenField()
