"""The form of a contact at a partner city."""

from typing import Any

from babel import Locale
from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from partnerships.forms.agreements import LANGUAGES, CodesField, language_choices
from partnerships.models import Contact
from partnerships.models.contacts import next_review
from sistercities.forms import DayField, RecordForm, WebAddressField


class ContactForm(RecordForm):
    """Somebody to write to about a partner city."""

    languages = CodesField(label=_("languages"), required=False, choices=language_choices)
    review_on = DayField(
        label=_("look again on"),
        help_text=_("Personal data is kept no longer than it is needed. Somebody looks on this day, or earlier."),
    )

    layout = [
        (_("Who"), ["kind", "name_fa name_en", "role_fa role_en", "organisation_fa organisation_en"]),
        (_("How to reach them"), ["email phone", "website", "address", "languages"]),
        (_("Term of office"), ["since", "until"]),
        (_("For the office"), ["review_on", "note"]),
    ]
    constraint_fields = {
        "contact_is_somebody": "name_fa",
        "contact_kind_is_known": "kind",
        "contact_term_ends_after_it_began": "until",
    }

    class Meta:
        model = Contact
        fields = [
            "kind",
            "name_fa",
            "name_en",
            "role_fa",
            "role_en",
            "organisation_fa",
            "organisation_en",
            "email",
            "phone",
            "website",
            "address",
            "languages",
            "since",
            "until",
            "review_on",
            "note",
        ]
        field_classes = {"website": WebAddressField}
        widgets = {
            "kind": forms.RadioSelect,
            "email": forms.TextInput(attrs={"dir": "ltr", "inputmode": "email", "autocapitalize": "none"}),
            "phone": forms.TextInput(attrs={"dir": "ltr", "inputmode": "tel"}),
            "address": forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
            "note": forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = Locale(get_language()).languages
        others = [code for code in self.instance.languages.split() if code not in LANGUAGES]
        self.fields["languages"].choices = [*language_choices(), *((code, names.get(code, code)) for code in others)]
        if self.stored is None:
            self.initial["review_on"] = next_review()

    def find_matches(self) -> list[Contact]:
        return list(Contact.objects.likely_same(self.instance).in_order()[:20])
