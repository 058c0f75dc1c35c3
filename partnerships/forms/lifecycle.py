"""The forms of the life of an agreement: kinds of milestones, milestones, and the decisions that change its status."""

import copy
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from partnerships.forms.agreements import CodesField
from partnerships.forms.basis import DomainForm, KeyedForm
from partnerships.models import Agreement, Decision, Milestone, MilestoneKind, Source, Verb
from partnerships.models.decisions import HALTED, NEEDS_A_REASON
from sistercities.fields import UncertainDateFormField
from sistercities.forms import HiddenField, RecordForm, whole
from sistercities.history import Entry, RecordHistory


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
    constraint_fields = {
        "milestonekind_has_both_names": "name_fa",
        "milestonekind_waits_ten_years_at_most": "patience_days",
    }

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
        self.fields["outcome"].choices = [("", _("none yet")), *Milestone.Outcome.choices]
        self.fields["kind"].queryset = offered | kinds.filter(pk=self.instance.kind_id)


class DecisionForm(RecordForm):
    """A decision on the status of an agreement: the milestone that it leaves, and what else it changes.

    A decision rests on what the person saw of the agreement: if that was changed since, nothing is done, and the
    changes are shown.
    """

    seen = HiddenField()

    layout = [
        ("", ["answered", "account_fa account_en"]),
        (_("Who decided, and on what paper"), ["authority_fa authority_en", "letter_number"]),
    ]
    about_the_form = RecordForm.about_the_form | {"seen"}
    told_as = {
        "date": "answered",
        "reason_fa": "account_fa",
        "reason_en": "account_en",
        "decider_fa": "authority_fa",
        "decider_en": "authority_en",
        "letter_number": "letter_number",
    }
    """Where each field of the decision stands in the form."""

    class Meta:
        model = Milestone
        fields = ["answered", "account_fa", "account_en", "authority_fa", "authority_en", "letter_number"]
        labels = {
            "answered": _("date"),
            "account_fa": _("reason, in Persian"),
            "account_en": _("reason, in English"),
            "authority_fa": _("who decided, in Persian"),
            "authority_en": _("who decided, in English"),
        }
        help_texts = {
            "answered": _("As exactly as it is known; empty if it is not."),
            "letter_number": _("Of the letter or the minutes that say so."),
        }
        widgets = {
            "account_fa": forms.Textarea(attrs={"rows": 3}),
            "account_en": forms.Textarea(attrs={"rows": 3}),
        }

    def __init__(self, data: Any = None, *args: Any, verb: Verb, **kwargs: Any) -> None:
        super().__init__(data, *args, **kwargs)
        self.verb, self.agreement = verb, self.instance.agreement
        self.initial["seen"] = self.agreement.version
        self.instance.outcome = Milestone.Outcome.DONE
        if verb in NEEDS_A_REASON:
            self.fields["account_fa"].help_text = _("Needed in one language; the public page shows it, best in both.")
        elif self.agreement.publication == "published":
            self.fields["account_fa"].help_text = _("The public page shows it, best in both languages.")

    @property
    def changed_since(self) -> list[Entry]:
        """What others did to the agreement since the person opened the page."""
        pk = self.agreement.pk
        history = RecordHistory(
            (Agreement, {"id": pk}), (Source, {"agreement_id": pk}), (Milestone, {"agreement_id": pk})
        )
        return history.since(self.seen_agreement)

    @property
    def seen_agreement(self) -> int:
        """The version of the agreement that the person had before them."""
        return whole(self.data.get("seen"))

    def decision(self) -> Decision:
        """What was typed, as a decision."""
        return Decision(self.verb, **{name: self.cleaned_data.get(field) for name, field in self.told_as.items()})

    def _post_clean(self) -> None:
        super()._post_clean()
        if self.seen_agreement != self.agreement.version:
            self.instance.submission = self.submission_key  # of what was sent, before another version is put into it
            self.entries = self.changed_since
            self.data["seen"] = str(self.agreement.version)
            told = _(
                "Somebody else has changed this agreement since you opened the page. Nothing is done: look, and decide."
            )
            self.add_error(None, told)
        if self.errors:
            return
        try:
            copy.copy(self.agreement).apply(self.decision())
        except ValidationError as error:
            told = getattr(error, "error_dict", {None: error})
            for name, errors in told.items():
                field = self.told_as.get(name)
                self.add_error(field if field in self.fields else None, errors)

    def save(self, by: Any) -> Milestone:
        """Carry the decision out. Raises StaleRecord when somebody was quicker."""
        return self.agreement.carry_out(self.decision(), by, self.submission_key)


class RenewalForm(DecisionForm):
    """A renewal, with the new term."""

    expires = UncertainDateFormField(label=_("new term ends"), required=False, help_text=_("Empty if it has no end."))
    notice_by = UncertainDateFormField(label=_("notice by"), required=False)
    renewal_rule_fa = forms.CharField(label=_("renewal rule, in Persian"), required=False, max_length=300)
    renewal_rule_en = forms.CharField(label=_("renewal rule, in English"), required=False, max_length=300)

    layout = [
        ("", ["answered"]),
        (_("The new term"), ["expires", "notice_by", "renewal_rule_fa renewal_rule_en"]),
        ("", ["account_fa account_en"]),
        DecisionForm.layout[1],
    ]
    told_as = DecisionForm.told_as | {
        name: name for name in ("expires", "notice_by", "renewal_rule_fa", "renewal_rule_en")
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("renewal_rule_fa", "renewal_rule_en"):
            self.initial[name] = getattr(self.agreement, name)


class ReopeningForm(DecisionForm):
    """A reopening, with the status to which the agreement returns."""

    status = forms.ChoiceField(label=_("status to which it returns"), widget=forms.RadioSelect)

    layout = [("", ["status", *DecisionForm.layout[0][1]]), DecisionForm.layout[1]]
    told_as = DecisionForm.told_as | {"status": "status"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ended = Agreement.Status.ENDED
        self.fields["status"].choices = [one for one in Agreement.Status.choices if one[0] != ended]
        self.initial["status"] = self.agreement.status_before_the_end


class CorrectionForm(RecordForm):
    """The status of a published agreement where it was recorded wrongly: nothing was decided, no milestone is left."""

    reason = forms.CharField(
        label=_("reason for this change"),
        max_length=500,
        error_messages={"required": _("Say what was wrong.")},
        help_text=_("Stands in the history."),
    )

    layout = [("", ["status", "status_since", "status_reason_fa status_reason_en"])]
    constraint_fields = {
        "agreement_status_is_known": "status",
        "agreement_halted_after_signing": "status_since",
        "agreement_halted_for_a_reason": "status_reason_fa",
    }

    class Meta:
        model = Agreement
        fields = ["status", "status_since", "status_reason_fa", "status_reason_en"]
        widgets = {
            "status": forms.RadioSelect,
            "status_reason_fa": forms.Textarea(attrs={"rows": 2}),
            "status_reason_en": forms.Textarea(attrs={"rows": 2}),
        }

    def clean(self) -> dict[str, Any]:
        """What is neither suspended nor ended has no day and no reason for it."""
        cleaned = super().clean()
        if cleaned.get("status") not in (None, *HALTED):
            cleaned |= {"status_since": None, "status_reason_fa": "", "status_reason_en": ""}
        return cleaned

    def _post_clean(self) -> None:
        super()._post_clean()
        try:
            self.instance.check_grounds()
        except ValidationError as error:
            self._update_errors(error)
