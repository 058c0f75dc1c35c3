"""The form of an agreement, with its sources and a new resolution in one place."""

from typing import Any

from babel import Locale
from django import forms
from django.core.exceptions import ValidationError
from django.forms.models import inlineformset_factory
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from cities.city_field import LISTED_AT_MOST, CityField, city_label
from cities.models import City
from partnerships.models import Agreement, Resolution, Source
from partnerships.models.dossier import GROUNDS
from sistercities.forms import (
    ConfirmForm,
    DayField,
    RecordForm,
    RecordFormSet,
    RelatedField,
    RowForm,
    WebAddressField,
)
from sistercities.history import shown
from sistercities.records import Record
from sistercities.text import figures, latin_digits, sort_key

RESOLUTIONS_AT_MOST = 100
"""Resolutions up to which all of them stand on the page; beyond it the newest, and those that are searched for."""

ROWS_AT_MOST = 60
"""Sources of one agreement."""

LANGUAGES = "ar az be de en es fa fr hi hy it ja ka kk ko ku ky ps ru tg tk tr uk ur uz zh".split()
"""Languages that instruments of this register are likely to be written in; one that is stored already is added."""


class AgreementNumberField(forms.CharField):
    """An agreement by its register number, in digits of any script."""

    default_error_messages = {
        "unknown": _("There is no agreement with this number."),
        "invalid": _("Write its register number."),
    }

    def prepare_value(self, value: Any) -> Any:
        """The number of the agreement with the key `value`; what was typed as it was typed."""
        if isinstance(value, int):
            return figures(Agreement.objects.filter(pk=value).values_list("number", flat=True).first())
        return value

    def to_python(self, value: Any) -> Agreement | None:
        """Raises ValidationError unless there is an agreement of the number."""
        digits = latin_digits(super().to_python(value))
        if not digits:
            return None
        if not (digits.isascii() and digits.isdigit() and len(digits) < 10):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        found = Agreement.objects.filter(number=int(digits)).first()
        if found is None:
            raise ValidationError(self.error_messages["unknown"], code="unknown")
        return found

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether the number is of another agreement than the one with the key `initial`."""
        try:
            found = self.to_python(data)
        except ValidationError:
            return True
        return (found and found.pk) != initial


class CodesField(forms.MultipleChoiceField):
    """Things by their names; the value is their codes with spaces between, as the models keep them."""

    widget = forms.CheckboxSelectMultiple

    def prepare_value(self, value: Any) -> Any:
        """The codes as a list."""
        return value.split() if isinstance(value, str) else value

    def clean(self, value: Any) -> str:
        """The codes as text. Raises ValidationError for one that is not offered."""
        return " ".join(super().clean(self.prepare_value(value) or []))

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether others are meant."""
        return set(self.prepare_value(initial) or []) != set(self.prepare_value(data) or [])


def language_choices() -> list[tuple[str, str]]:
    """Code and name of the likely languages, those of the site first, the others by name."""
    names = Locale(get_language()).languages
    order = sorted(LANGUAGES, key=lambda code: (code not in {"fa", "en"}, sort_key(names[code])))
    return [(code, names[code]) for code in order]


class SourceForm(RowForm):
    """One source of an agreement."""

    layout = [
        ("", ["stance nature", "publisher_fa publisher_en", "title_fa title_en", "url reference", "issued"]),
        ("", ["says_fa says_en", "signed_claim"]),
    ]
    constraint_fields = {
        "source_can_be_found": "publisher_fa",
        "source_says_something": "says_fa",
        "source_stance_is_known": "stance",
        "source_nature_is_known": "nature",
    }

    class Meta:
        model = Source
        fields = [
            "stance",
            "nature",
            "publisher_fa",
            "publisher_en",
            "title_fa",
            "title_en",
            "url",
            "reference",
            "issued",
            "says_fa",
            "says_en",
            "signed_claim",
        ]
        widgets = {
            "stance": forms.RadioSelect,
            "nature": forms.RadioSelect,
            "says_fa": forms.Textarea(attrs={"rows": 3}),
            "says_en": forms.Textarea(attrs={"rows": 3}),
        }
        field_classes = {"url": WebAddressField}


SourceRows = inlineformset_factory(
    Agreement,
    Source,
    form=SourceForm,
    formset=RecordFormSet,
    extra=2,
    max_num=ROWS_AT_MOST,
    absolute_max=ROWS_AT_MOST,
    validate_max=True,
)


class NewResolution(RowForm):
    """A resolution that is recorded together with the agreement that rests on it; left empty, there is none."""

    layout = [("", ["number session", "decided", "title_fa title_en", "body_fa body_en"])]
    constraint_fields = {
        "resolution_has_a_title_and_a_council": "title_fa",
        "resolution_number_once_per_day": "number",
        "resolution_number_once_without_a_date": "number",
    }

    class Meta:
        model = Resolution
        fields = ["number", "session", "decided", "title_fa", "title_en", "body_fa", "body_en"]

    is_old = False

    def __init__(self, data: Any, agreement: Agreement) -> None:
        super().__init__(
            data,
            prefix="new_resolution",
            initial=latest_council(),
            empty_permitted=True,
            use_required_attribute=False,
        )
        if self.is_bound and not agreement._state.adding:
            self.instance.submission = self.submission_key

    @property
    def new_rows(self) -> list[RowForm]:
        """The form itself, if anything was typed: the council's name stands there of itself, whichever it was."""
        return [self] if set(self.changed_data) - {"body_fa", "body_en"} else []

    def has_changed(self) -> bool:
        """Whether there is a resolution to be recorded."""
        return bool(self.new_rows) and not self.is_recorded

    def differences(self, entries: list[Any], heading: str = "") -> list[Any]:
        """None: nobody else can have changed what is not recorded yet."""
        return []

    def write(self, parent: Record, by: Any, reason: str) -> None:
        """Record the resolution, if anything was typed, and let the agreement rest on it."""
        if self.has_changed():
            with self.instance.one_entry(by=by, reason=reason):
                self.instance.save()
            parent.resolutions.add(self.instance)


def latest_council() -> dict[str, str]:
    """The council's name as the latest resolution has it, else as it follows from the home city."""
    latest = Resolution.objects.order_by("-pk").values("body_fa", "body_en").first()
    home = City.objects.home()
    if latest or not home:
        return latest or {}
    return {"body_fa": f"شورای اسلامی شهر {home.name_fa}", "body_en": f"Islamic City Council of {home.name_en}"}


class AgreementForm(RecordForm):
    """An agreement with its sources, what it rests on and, if need be, a resolution that is recorded with it."""

    partner = CityField(
        label=_("partner city"),
        help_text=_("Its name in Persian, English or its own language."),
    )
    predecessor = AgreementNumberField(
        label=_("predecessor"),
        required=False,
        help_text=_("The register number of the agreement that this one renews or raises to a higher kind."),
    )
    authentic_languages = CodesField(label=_("authentic languages"), required=False, choices=language_choices)
    verified_on = DayField(
        label=_("verified on"),
        required=False,
        help_text=_("Left empty when the level changes, it becomes today."),
    )
    find = forms.CharField(
        label=_("find a resolution"), required=False, max_length=200, help_text=_("By number, title or council.")
    )

    about_the_form = RecordForm.about_the_form | {"find"}
    constraint_fields = {
        "agreement_not_with_the_home_city": "partner",
        "agreement_kind_is_known": "kind",
        "agreement_status_is_known": "status",
        "agreement_verification_is_known": "verification",
        "agreement_expires_after_signing": "expires",
        "agreement_expires_after_beginning": "expires",
        "agreement_notice_before_expiry": "notice_by",
        "agreement_halted_for_a_reason": "status_reason_fa",
        "agreement_not_its_own_predecessor": "predecessor",
        "agreement_published_in_both_languages": "name_fa",
    }

    class Meta:
        model = Agreement
        fields = [
            "partner",
            "kind",
            "predecessor",
            "status",
            "status_since",
            "status_reason_fa",
            "status_reason_en",
            "name_fa",
            "name_en",
            "title_fa",
            "title_en",
            "signed",
            "place_signed_fa",
            "place_signed_en",
            "signatories_home_fa",
            "signatories_home_en",
            "signatories_partner_fa",
            "signatories_partner_en",
            "in_force_from",
            "expires",
            "notice_by",
            "renewal_rule_fa",
            "renewal_rule_en",
            "authentic_languages",
            "domains",
            "resolutions",
            "provisions",
            "summary_fa",
            "summary_en",
            "verification",
            "verified_on",
            "internal_note",
        ]
        field_classes = dict.fromkeys(("domains", "resolutions", "provisions"), RelatedField)
        widgets = {
            "kind": forms.RadioSelect,
            "status": forms.RadioSelect,
            "verification": forms.RadioSelect,
            "status_reason_fa": forms.Textarea(attrs={"rows": 2}),
            "status_reason_en": forms.Textarea(attrs={"rows": 2}),
            "domains": forms.CheckboxSelectMultiple,
            "resolutions": forms.CheckboxSelectMultiple,
            "provisions": forms.CheckboxSelectMultiple,
            "internal_note": forms.Textarea(attrs={"rows": 3}),
        }

    def __init__(self, data: Any = None, *args: Any, **kwargs: Any) -> None:
        super().__init__(data, *args, **kwargs)
        names = City.objects.partners().with_country().alphabetical()[: LISTED_AT_MOST + 1]
        if len(names) <= LISTED_AT_MOST:
            self.fields["partner"].widget.offered = [city_label(city) for city in names]
        languages = self.fields["authentic_languages"]
        others = [code for code in self.instance.authentic_languages.split() if code not in LANGUAGES]
        languages.choices = [*language_choices(), *((code, Locale(get_language()).languages[code]) for code in others)]
        self._offer_resolutions()

    @property
    def levels(self) -> list[tuple[Any, str, Any]]:
        """The levels of verification to choose from: the button, the level, and what it means."""
        return [(one, one.data["value"], GROUNDS[one.data["value"]]) for one in self["verification"]]

    def make_parts(self) -> list[Any]:
        data = self.data if self.is_bound else None
        self.sources = SourceRows(data, instance=self.instance, prefix="sources")
        self.new_resolution = NewResolution(data, self.instance)
        return [self.sources, self.new_resolution]

    def part_histories(self) -> list[tuple[Any, dict[str, Any]]]:
        return [(Source, {"agreement_id": self.stored.pk})]

    def find_matches(self) -> list[Agreement]:
        partner, kind = self.cleaned_data["partner"], self.cleaned_data["kind"]
        before = self.cleaned_data["predecessor"]
        others = Agreement.objects.exclude(pk=before.pk) if before else Agreement.objects.all()
        return list(others.likely_same(partner.pk, kind).with_partner().by_number()[:20])

    def _offer_resolutions(self) -> None:
        """Let every resolution be chosen, but show only as many as a page bears: the newest, found and chosen ones."""
        field = self.fields["resolutions"]
        field.queryset = Resolution.objects.by_date()
        field.label_from_instance = resolution_label
        newest = list(field.queryset[: RESOLUTIONS_AT_MOST + 1])
        self.has_more_resolutions = len(newest) > RESOLUTIONS_AT_MOST
        if not self.has_more_resolutions:
            return
        words = self.data.get("find", "") if self.is_bound else ""
        shown_ones = list(field.queryset.search(words)[:RESOLUTIONS_AT_MOST]) if words else newest[:20]
        linked = [one.pk for one in self.initial.get("resolutions", [])]
        wanted = self.data.getlist("resolutions") if self.is_bound else linked
        keys = {int(key) for key in map(str, wanted) if key.isascii() and key.isdigit() and len(key) < 10}
        chosen = list(field.queryset.filter(pk__in=keys - {one.pk for one in shown_ones}))
        field.widget.choices = [(one.pk, resolution_label(one)) for one in [*chosen, *shown_ones]]

    def _post_clean(self) -> None:
        super()._post_clean()
        self._refuse_a_decision()
        if {"status", "signed"} & self.errors.keys() or not self.sources.is_valid():
            return
        try:
            self.instance.check_grounds([row.instance for row in self.sources.rows])
        except ValidationError as error:
            self._update_errors(error)

    def _refuse_a_decision(self) -> None:
        """Of an agreement that was ever published, the status changes by a verb."""
        if not self.stored or self.is_old:
            return
        try:
            self.stored.check_moves_to(self.cleaned_data.get("status", self.stored.status))
        except ValidationError as error:
            self.add_error("status", error)

    def save(self, by: Any) -> Agreement:
        """Save the agreement; who changed its level of verification, or the day of it, stands for it."""
        if {"verification", "verified_on"} & set(self.changed_data):
            self.instance.verified_by = by
            if "verified_on" not in self.changed_data:
                self.instance.verified_on = timezone.localdate()
        return super().save(by)


def resolution_label(resolution: Resolution) -> str:
    """A resolution as one chooses it: number, title and date."""
    date = shown(Resolution._meta.get_field("decided"), resolution.decided) or gettext("date not known")
    return gettext("%(resolution)s – %(date)s") % {"resolution": resolution, "date": date}


class WithdrawalForm(ConfirmForm):
    """Why an agreement is withdrawn, which has to be said."""

    reason = forms.CharField(
        label=_("reason"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say why the agreement is withdrawn.")},
        help_text=_("For the history and the office; visitors do not see it."),
    )
