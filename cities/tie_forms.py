"""The forms of ties, of the lists that they come from, and of a list that is sent."""

import re
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import models
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from cities.city_field import LISTED_AT_MOST, CityField, city_label
from cities.models import City, Country, Tie, TieImport, TieSource
from cities.ties import columns_of
from sistercities.browsing import one_line
from sistercities.forms import DayField, RecordForm, WebAddressField
from sistercities.tables import read_table
from sistercities.uploads import in_words, refusal

UNDER_LICENCE = _("Under which its ties may be shown.")


class TieForm(RecordForm):
    """A tie between two recorded cities, which may be named in either order."""

    layout = [("", ["one other", "form", "since", "source"])]
    constraint_fields = {"tie_pair_once": "other", "tie_pair_in_order": "other", "tie_form_is_known": "form"}

    one = CityField(label=_("one city"), help_text=_("Its name in Persian, English or its own language."))
    other = CityField(label=_("the other city"), help_text=_("Its name in Persian, English or its own language."))

    class Meta:
        model = Tie
        fields = ["one", "other", "form", "since", "source"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = City.objects.with_country().alphabetical()[: LISTED_AT_MOST + 1]
        offered = [city_label(city) for city in names] if len(names) <= LISTED_AT_MOST else []
        for name in ("one", "other"):
            self.fields[name].widget.offered = offered

    def clean(self) -> dict[str, Any]:
        """Put the two cities in the order in which a tie names them. Raises ValidationError for one city twice."""
        cleaned = super().clean()
        one, other = cleaned.get("one"), cleaned.get("other")
        if one and other:
            if one == other:
                raise ValidationError({"other": _("A tie is between two different cities.")})
            cleaned["one"], cleaned["other"] = sorted((one, other), key=lambda city: city.pk)
        return cleaned


class TieSourceForm(RecordForm):
    """A list that somebody keeps, as it was on a certain day."""

    layout = [("", ["title_fa title_en", "url", "licence", "as_of"])]
    constraint_fields = {"tiesource_has_a_title": "title_fa"}

    class Meta:
        model = TieSource
        fields = ["title_fa", "title_en", "url", "licence", "as_of"]
        field_classes = {"url": WebAddressField, "as_of": DayField}
        help_texts = {"licence": UNDER_LICENCE}


class TieImportForm(forms.ModelForm):
    """A list of ties that is sent, with what is to be known of it."""

    field_order = ["file", "country"]

    file = forms.FileField(
        label=_("the table"),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv,.tsv,.txt"}),
        error_messages={"required": _("Choose a file."), "empty": _("The file is empty: it has 0 bytes.")},
    )
    country = forms.ModelChoiceField(
        Country.objects.none(),
        label=_("country of the first cities"),
        required=False,
        empty_label=_("as each row says"),
        help_text=_("Where they lie of which the table does not say so, as in a list of one country’s cities."),
    )

    class Meta:
        model = TieImport
        fields = ["title_fa", "title_en", "url", "licence", "as_of", "country"]
        field_classes = {"url": WebAddressField, "as_of": DayField}
        help_texts = {"licence": UNDER_LICENCE}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["country"].queryset = Country.objects.alphabetical()
        self.fields["file"].help_text = _(
            "A workbook (XLSX) or text in columns, with two cities in each row, up to %(limit)s."
        ) % {"limit": in_words(settings.UPLOAD_BYTES)}

    def clean_file(self) -> UploadedFile:
        """Raises ValidationError for a file that is too large, or that holds no list of ties."""
        file = self.cleaned_data["file"]
        if file.size > settings.UPLOAD_BYTES:
            raise refusal("too_large", size=in_words(file.size), limit=in_words(settings.UPLOAD_BYTES))
        self.content = file.read()
        columns_of(read_table(self.content, file.name).headings)
        return file

    def clean(self) -> dict[str, Any]:
        """Raises ValidationError for a list without a title."""
        cleaned = super().clean()
        if not (cleaned.get("title_fa") or cleaned.get("title_en")):
            raise ValidationError({"title_fa": _("Give the list a title in Persian or in English.")})
        return cleaned

    def send(self, by: models.Model) -> TieImport:
        """The list as it was sent; its rows are being checked."""
        sent = self.save(commit=False)
        sent.name = one_line(re.split(r"[\\/]", self.cleaned_data["file"].name)[-1])[:255] or gettext("table")
        sent.content, sent.created_by, sent.language = self.content, by, get_language()
        sent.save()
        sent.begin(TieImport.Task.CHECK)
        return sent
