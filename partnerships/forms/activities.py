"""The forms of activities, and of what was promised."""

from typing import Any

from babel.numbers import get_currency_name
from django import forms
from django.forms.models import inlineformset_factory
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from partnerships.models import Activity, Agreement, Commitment
from sistercities.dates import Calendar, UncertainDate
from sistercities.forms import ConfirmForm, RecordForm, RecordFormSet, RelatedField, RowForm
from sistercities.history import shown
from sistercities.quantities import AmountField, WholeNumberField
from sistercities.records import Record

AGREEMENTS_AT_MOST = 20
"""Agreements up to which all of them stand in the form; beyond it those chosen, and those that are searched for."""

FOUND_AT_MOST = 30
"""Agreements that a search in the form shows, and earlier activities that it offers to follow up."""

ROWS_AT_MOST = 30
"""Commitments made at one activity."""

CURRENCIES = "IRR EUR USD TRY AED AZN CNY GBP IQD RUB".split()
"""Currencies in which the office is likely to pay, by ISO 4217; one that is stored already is added."""


def currency_choices(stored: str = "") -> list[tuple[str, str]]:
    """Code and name of the likely currencies, the home city's own first, and of `stored`."""
    language = get_language()
    codes = [*CURRENCIES, *([stored] if stored and stored not in CURRENCIES else [])]
    return [("", "—"), *((code, get_currency_name(code, locale=language)) for code in codes)]


class CommitmentRow(RowForm):
    """Something that was promised at an activity. `agreements` are those that it can belong to, the first by itself."""

    constraint_fields = {
        "commitment_says_what": "text_fa",
        "commitment_published_in_both_languages": "text_fa",
        "commitment_side_is_known": "side",
    }

    class Meta:
        model = Commitment
        fields = ["text_fa", "text_en", "side", "responsible_fa", "responsible_en", "due", "article", "agreement"]
        widgets = {
            "text_fa": forms.Textarea(attrs={"rows": 2}),
            "text_en": forms.Textarea(attrs={"rows": 2}),
            "side": forms.RadioSelect,
        }

    def __init__(self, *args: Any, agreements: list[Agreement], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if len(agreements) > 1:
            own = [self.stored.agreement_id] if self.stored else []
            field = self.fields["agreement"]
            field.queryset = Agreement.objects.filter(pk__in=[*(one.pk for one in agreements), *own]).by_number()
            field.required = bool(self.stored)
            field.empty_label = None if self.stored else gettext("the first of those above")
        else:
            del self.fields["agreement"]

    @property
    def layout(self) -> list[tuple[Any, list[str]]]:
        """The agreement is asked for where there are several."""
        lines = ["text_fa text_en", "side", "responsible_fa responsible_en", "due", "article"]
        return [("", [*lines, *(["agreement"] if "agreement" in self.fields else [])])]


class CommitmentFormSet(RecordFormSet):
    """What was promised at an activity. A row that is recorded is not deleted here: the promise has its own page."""

    def _should_delete_form(self, form: RowForm) -> bool:
        return not form.stored and super()._should_delete_form(form)

    def write(self, parent: Record, by: Any, reason: str) -> None:
        """Save the rows; what names no agreement belongs to the first of the activity's."""
        first = parent.agreements.by_number().first()
        for row in self.rows:
            if row.instance.agreement_id is None:
                row.instance.agreement = first
        super().write(parent, by, reason)


CommitmentRows = inlineformset_factory(
    Activity,
    Commitment,
    form=CommitmentRow,
    formset=CommitmentFormSet,
    extra=1,
    max_num=ROWS_AT_MOST,
    absolute_max=ROWS_AT_MOST,
    validate_max=True,
)


class ActivityForm(RecordForm):
    """An activity with the agreements that it lies under and what was promised there.

    There may be hundreds of agreements: `find` looks for some by city, name or number, and those chosen stay.
    """

    currency = forms.ChoiceField(label=_("currency"), required=False)
    find = forms.CharField(
        label=_("find an agreement"),
        required=False,
        max_length=200,
        help_text=_("By city, name or register number."),
    )
    found = forms.CharField(required=False, widget=forms.HiddenInput)

    about_the_form = RecordForm.about_the_form | {"find", "found"}
    constraint_fields = {
        "activity_has_a_title": "title_fa",
        "activity_published_in_both_languages": "title_fa",
        "activity_kind_is_known": "kind",
        "activity_direction_is_known": "direction",
        "activity_young_are_among_the_participants": "young_participants",
        "activity_cost_has_a_currency": "currency",
        "activity_cost_is_not_negative": "cost",
        "activity_follows_another": "follows",
        "activity_finished_after_begun": "finished",
    }

    class Meta:
        model = Activity
        fields = [
            "agreements",
            "kind",
            "direction",
            "title_fa",
            "title_en",
            "begun",
            "finished",
            "place_fa",
            "place_en",
            "domains",
            "account_fa",
            "account_en",
            "participants",
            "young_participants",
            "outcome_fa",
            "outcome_en",
            "cost",
            "currency",
            "payer_fa",
            "payer_en",
            "follows",
            "internal_note",
        ]
        field_classes = {
            "agreements": RelatedField,
            "domains": RelatedField,
            "participants": WholeNumberField,
            "young_participants": WholeNumberField,
            "cost": AmountField,
        }
        widgets = {
            "agreements": forms.CheckboxSelectMultiple,
            "domains": forms.CheckboxSelectMultiple,
            "kind": forms.RadioSelect,
            "direction": forms.RadioSelect,
            "account_fa": forms.Textarea(attrs={"rows": 5}),
            "account_en": forms.Textarea(attrs={"rows": 5}),
            "outcome_fa": forms.Textarea(attrs={"rows": 3}),
            "outcome_en": forms.Textarea(attrs={"rows": 3}),
            "internal_note": forms.Textarea(attrs={"rows": 3}),
        }

    def __init__(self, data: Any = None, *args: Any, **kwargs: Any) -> None:
        super().__init__(data, *args, **kwargs)
        self.fields["direction"].choices = [("", _("not said")), *Activity.Direction.choices]
        self.fields["currency"].choices = currency_choices(self.instance.currency)

    def make_parts(self) -> list[Any]:
        chosen = self._offer_agreements()
        self._offer_earlier(chosen)
        data = self.data if self.is_bound else None
        given = {"agreements": chosen}
        self.commitments = CommitmentRows(data, instance=self.instance, prefix="commitments", form_kwargs=given)
        return [self.commitments]

    def part_histories(self) -> list[tuple[Any, dict[str, Any]]]:
        return [(Commitment, {"activity_id": self.stored.pk})]

    def find_matches(self) -> list[Activity]:
        kind, agreements, begun = (self.cleaned_data[name] for name in ("kind", "agreements", "begun"))
        followed = self.instance.follows_id
        return list(Activity.objects.likely_same(kind, agreements, begun).exclude(pk=followed)[:20])

    @property
    def is_searching(self) -> bool:
        """Whether words stand in the box that agreements have not been looked for by yet."""
        return self.is_bound and self.data.get("find", "") not in {"", self.data.get("found", "")}

    def _offer_agreements(self) -> list[Agreement]:
        """Let every agreement be chosen, but show no more than a phone bears; returns those that are chosen."""
        field = self.fields["agreements"]
        field.queryset = Agreement.objects.with_partner().by_number()
        first = list(field.queryset[: AGREEMENTS_AT_MOST + 1])
        self.has_more_agreements = len(first) > AGREEMENTS_AT_MOST
        linked = [one.pk for one in self.initial.get("agreements", [])]
        keys = self._keys("agreements") if self.is_bound else set(linked)
        chosen = [one for one in first if one.pk in keys]
        if self.has_more_agreements:
            words = self.data.get("find", "") if self.is_bound else ""
            chosen = list(field.queryset.filter(pk__in=keys))
            found = list(field.queryset.find(words).exclude(pk__in=keys)[:FOUND_AT_MOST]) if words else []
            field.widget.choices = [(one.pk, str(one)) for one in [*chosen, *found]]
            self.found_none = bool(words) and not found
        return chosen

    def _offer_earlier(self, agreements: list[Agreement]) -> None:
        """Offer to follow up the latest activities under the same agreements, beside the one that is chosen."""
        field = self.fields["follows"]
        field.queryset = Activity.objects.by_date()
        keys = self._keys("follows") if self.is_bound else {self.initial.get("follows")} - {None}
        related = Agreement.objects.filter(pk__in=[one.pk for one in agreements])
        latest = field.queryset.under(related).exclude(pk=self.instance.pk)
        earlier = list(latest.exclude(pk__in=keys)[:FOUND_AT_MOST]) + list(field.queryset.filter(pk__in=keys))
        field.widget.choices = [("", "—"), *((one.pk, earlier_label(one)) for one in earlier)]

    def _keys(self, name: str) -> set[int]:
        """The keys that were sent for a field."""
        sent = map(str, self.data.getlist(name))
        return {int(key) for key in sent if key.isascii() and key.isdigit() and len(key) < 10}

    def _post_clean(self) -> None:
        super()._post_clean()
        if "agreements" in self.errors or self.cleaned_data["agreements"]:
            return
        if any(part.is_valid() and part.rows for part in self.parts):
            self.add_error("agreements", _("Choose the agreement under which the promise was made."))
        elif self.instance.published_at:
            self.add_error("agreements", _("A published activity lies under an agreement. Take it down first."))


def earlier_label(activity: Activity) -> str:
    """An activity as one chooses it: its date and title."""
    date = shown(Activity._meta.get_field("begun"), activity.begun) or gettext("date not known")
    return gettext("%(date)s – %(activity)s") % {"date": date, "activity": activity}


class CommitmentForm(RecordForm):
    """Something that was promised under an agreement, and what became of it."""

    layout = [
        (_("The promise"), ["text_fa text_en", "side", "responsible_fa responsible_en", "due", "article", "activity"]),
        (_("What became of it"), ["status", "settled", "evidence_fa evidence_en"]),
        (_("On the page"), ["is_public", "note"]),
    ]
    constraint_fields = {
        "commitment_says_what": "text_fa",
        "commitment_published_in_both_languages": "text_fa",
        "commitment_side_is_known": "side",
        "commitment_status_is_known": "status",
        "commitment_settled_when_not_open": "status",
    }

    class Meta:
        model = Commitment
        fields = [
            "text_fa",
            "text_en",
            "side",
            "responsible_fa",
            "responsible_en",
            "due",
            "article",
            "activity",
            "status",
            "settled",
            "evidence_fa",
            "evidence_en",
            "is_public",
            "note",
        ]
        widgets = CommitmentRow.Meta.widgets | {
            "status": forms.RadioSelect,
            "evidence_fa": forms.Textarea(attrs={"rows": 3}),
            "evidence_en": forms.Textarea(attrs={"rows": 3}),
            "note": forms.Textarea(attrs={"rows": 3}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "activity" in self.fields:
            field = self.fields["activity"]
            field.queryset = Activity.objects.filter(agreements=self.instance.agreement_id).by_date()
            field.label_from_instance = earlier_label

    def leave_publication(self) -> None:
        """Leave as it is whether everybody may read it: the person may not decide that."""
        self.fields["is_public"].disabled = True
        self.fields["is_public"].help_text = _("A manager decides which promises everybody may read.")


class SettleForm(RecordForm):
    """What became of a promise: kept, not kept or released, when, and what shows it."""

    constraint_fields = CommitmentForm.constraint_fields

    class Meta:
        model = Commitment
        fields = ["status", "settled", "evidence_fa", "evidence_en"]
        widgets = {name: CommitmentForm.Meta.widgets[name] for name in ("status", "evidence_fa", "evidence_en")}

    layout = [("", ["status", "settled", "evidence_fa evidence_en"])]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["status"].choices = Commitment.Status.choices[1:]
        self.fields["settled"].label = _("when")


def settled_today(outcome: str) -> dict[str, Any]:
    """What the form is filled in with for an outcome that was chosen beforehand: the outcome, and today."""
    calendar = Calendar.SOLAR_HIJRI if get_language() == "fa" else Calendar.GREGORIAN
    known = {"settled": UncertainDate.on(timezone.localdate(), calendar)}
    return known | ({"status": outcome} if outcome in Commitment.Status.values[1:] else {})


class TakingDownForm(ConfirmForm):
    """Why an activity is taken down, which has to be said."""

    reason = forms.CharField(
        label=_("reason"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say why the activity is taken down.")},
        help_text=_("For the history and the office; visitors do not see it."),
    )
