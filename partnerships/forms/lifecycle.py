"""The forms of what makes up the life of an agreement: kinds of milestones, and milestones."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from partnerships.forms.agreements import CodesField
from partnerships.forms.basis import DomainForm, KeyedForm
from partnerships.models import Agreement, Milestone, MilestoneKind
from sistercities.forms import RecordForm


class MilestoneKindForm(KeyedForm):
    """A kind of milestone: a line of the checklist."""

    agreement_kinds = CodesField(
        label=_("kinds of agreement"),
        required=False,
        choices=Agreement.Kind.choices,
        help_text=_("The kinds of agreement that take this step; all of them if none is chosen."),
    )

    layout = [
        ("", ["name_fa name_en", "text_fa text_en", "authority_fa authority_en"]),
        (_("In the checklist"), ["agreement_kinds", "patience_days", "is_active", "key position"]),
        (_("For the public"), ["is_public"]),
    ]
    constraint_fields = {"milestonekind_has_both_names": "name_fa"}

    class Meta:
        model = MilestoneKind
        fields = [
            "name_fa",
            "name_en",
            "text_fa",
            "text_en",
            "authority_fa",
            "authority_en",
            "agreement_kinds",
            "patience_days",
            "is_active",
            "key",
            "position",
            "is_public",
        ]
        field_classes = DomainForm.Meta.field_classes | {
            "patience_days": DomainForm.Meta.field_classes["position"],
        }
        widgets = DomainForm.Meta.widgets | dict.fromkeys(("text_fa", "text_en"), forms.Textarea(attrs={"rows": 2}))
        error_messages = DomainForm.Meta.error_messages


class MilestoneForm(RecordForm):
    """A step in the life of an agreement."""

    layout = [
        ("", ["kind"]),
        (_("When"), ["planned", "sent", "answered", "outcome"]),
        (_("Who decides, and on what paper"), ["authority_fa authority_en", "letter_number"]),
        (_("What came of it"), ["account_fa account_en"]),
        (_("For the office"), ["note"]),
    ]
    constraint_fields = {
        "milestone_outcome_is_known": "outcome",
        "milestone_answered_with_an_outcome": "outcome",
        "milestone_answered_after_sent": "answered",
    }

    class Meta:
        model = Milestone
        fields = [
            "kind",
            "planned",
            "sent",
            "answered",
            "outcome",
            "authority_fa",
            "authority_en",
            "letter_number",
            "account_fa",
            "account_en",
            "note",
        ]
        widgets = {
            "account_fa": forms.Textarea(attrs={"rows": 3}),
            "account_en": forms.Textarea(attrs={"rows": 3}),
            "note": forms.Textarea(attrs={"rows": 3}),
        }
        help_texts = {
            "answered": _("Say the outcome as well."),
            "account_fa": _("Stands on the public page of a published agreement, if milestones of this kind do."),
        }

    def __init__(self, data: Any = None, *args: Any, **kwargs: Any) -> None:
        super().__init__(data, *args, **kwargs)
        kinds = MilestoneKind.objects
        offered = kinds.active().applying_to(self.instance.agreement.kind)
        self.fields["kind"].queryset = offered | kinds.filter(pk=self.instance.kind_id)
