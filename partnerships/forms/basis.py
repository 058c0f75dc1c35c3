"""The forms of what agreements rest on: resolutions, domains, provisions, memberships, affinities."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from partnerships.forms.agreements import latest_council
from partnerships.models import Affinity, Domain, Membership, Provision, Resolution
from sistercities.forms import (
    RecordForm,
    RelatedField,
    WebAddressField,
)
from sistercities.quantities import WholeNumberField


class ResolutionForm(RecordForm):
    """A decision of the council."""

    layout = [
        ("", ["title_fa title_en", "body_fa body_en", "number session", "decided"]),
        (_("Text"), ["text_fa text_en"]),
    ]
    constraint_fields = {
        "resolution_has_a_title_and_a_council": "title_fa",
        "resolution_number_once_per_day": "number",
        "resolution_number_once_without_a_date": "number",
    }

    class Meta:
        model = Resolution
        fields = ["title_fa", "title_en", "body_fa", "body_en", "number", "session", "decided", "text_fa", "text_en"]

    def __init__(self, data: Any = None, *args: Any, **kwargs: Any) -> None:
        super().__init__(data, *args, **kwargs)
        if self.stored is None:
            self.initial = latest_council() | self.initial

    def find_matches(self) -> list[Resolution]:
        return list(Resolution.objects.likely_same(self.instance)[:20])


class KeyedForm(RecordForm):
    """A record with a key, which addresses and register files use: it is given once."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.stored and "key" in self.fields:
            self.fields["key"].disabled = True


class DomainForm(KeyedForm):
    """A domain of cooperation."""

    layout = [("", ["name_fa name_en", "text_fa text_en", "key", "position"])]
    constraint_fields = {"domain_has_both_names": "name_fa"}

    class Meta:
        model = Domain
        fields = ["name_fa", "name_en", "text_fa", "text_en", "key", "position"]
        field_classes = {"position": WholeNumberField}
        widgets = {"key": forms.TextInput(attrs={"dir": "ltr", "autocapitalize": "none"})}
        error_messages = {"key": {"invalid": _("Write the key in Latin letters, digits and hyphens, without spaces.")}}


class ProvisionForm(KeyedForm):
    """An article of a city plan."""

    layout = [
        ("", ["plan_fa plan_en", "article_fa article_en", "text_fa text_en"]),
        ("", ["key", "position"]),
    ]
    constraint_fields = {"provision_names_its_plan": "plan_fa"}

    class Meta:
        model = Provision
        fields = ["plan_fa", "plan_en", "article_fa", "article_en", "text_fa", "text_en", "key", "position"]
        field_classes = DomainForm.Meta.field_classes
        widgets = DomainForm.Meta.widgets
        error_messages = DomainForm.Meta.error_messages


class MembershipForm(KeyedForm):
    """The home city in an international body."""

    layout = [
        ("", ["name_fa name_en", "acronym kind", "website", "status", "since", "until", "note_fa note_en"]),
        (_("Source"), ["publisher_fa publisher_en", "url reference", "issued", "verification"]),
        (_("On the page"), ["provisions", "key position", "is_public"]),
    ]
    constraint_fields = {
        "membership_names_its_body": "name_fa",
        "membership_published_in_both_languages": "name_fa",
        "membership_published_by_the_word_of_a_source": "publisher_fa",
        "membership_kind_is_known": "kind",
        "membership_status_is_known": "status",
        "membership_verification_is_known": "verification",
        "membership_ends_after_it_began": "until",
    }

    class Meta:
        model = Membership
        fields = [
            "name_fa",
            "name_en",
            "acronym",
            "kind",
            "website",
            "status",
            "since",
            "until",
            "note_fa",
            "note_en",
            "publisher_fa",
            "publisher_en",
            "url",
            "reference",
            "issued",
            "verification",
            "provisions",
            "key",
            "position",
            "is_public",
        ]
        field_classes = DomainForm.Meta.field_classes | {
            "website": WebAddressField,
            "url": WebAddressField,
            "provisions": RelatedField,
        }
        widgets = DomainForm.Meta.widgets | {
            "status": forms.RadioSelect,
            "verification": forms.RadioSelect,
            "provisions": forms.CheckboxSelectMultiple,
        }
        error_messages = DomainForm.Meta.error_messages


class AffinityForm(RecordForm):
    """What a partner city shares with the home city, by somebody's word."""

    layout = [("", ["ground", "text_fa text_en", "attribution_fa attribution_en"])]
    constraint_fields = {"affinity_once_per_partner_and_ground": "ground", "affinity_ground_is_known": "ground"}

    class Meta:
        model = Affinity
        fields = ["ground", "text_fa", "text_en", "attribution_fa", "attribution_en"]
        widgets = {"ground": forms.RadioSelect}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "ground" in self.fields:
            self.fields["ground"].choices = Affinity.Ground.choices  # no button for none of them
