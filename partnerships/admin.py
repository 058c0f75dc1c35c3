"""Agreements and what they rest on in the Django admin."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from partnerships.forms.activities import ActivityForm, CommitmentForm
from partnerships.forms.agreements import ROWS_AT_MOST, AgreementForm, SourceForm
from partnerships.forms.basis import AffinityForm, DomainForm, MembershipForm, ProvisionForm, ResolutionForm
from partnerships.forms.contacts import ContactForm
from partnerships.forms.documents import PUBLISH
from partnerships.forms.lifecycle import MilestoneForm, MilestoneKindForm
from partnerships.forms.notes import NoteForm
from partnerships.models import (
    Activity,
    Affinity,
    Agreement,
    Commitment,
    Contact,
    Domain,
    Membership,
    Milestone,
    MilestoneKind,
    Note,
    Provision,
    Register,
    Resolution,
    Source,
)
from sistercities.admin import InAdmin, ReadOnlyAdmin, RecordAdmin, RowInline, in_admin
from sistercities.forms import RecordForm
from sistercities.history import person
from sistercities.templatetags.register import day
from sistercities.text import figures, latin_digits


class PublicationFilter(admin.SimpleListFilter):
    """Whether everybody can read the agreement."""

    title = _("publication")
    parameter_name = "publication"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, Any]]:
        """The three answers."""
        return Agreement.PUBLICATION

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        """Those of the chosen answer."""
        chosen = {"published": queryset.published, "draft": queryset.drafts, "withdrawn": queryset.withdrawn}
        return chosen.get(self.value(), queryset.all)()


class SourceInline(RowInline):
    """The sources of an agreement."""

    model = Source
    form = SourceForm
    max_num = ROWS_AT_MOST
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("nature", "stance"),
                    ("publisher_fa", "publisher_en"),
                    ("title_fa", "title_en"),
                    ("url", "reference"),
                    "issued",
                    ("says_fa", "says_en"),
                    "signed_claim",
                    "version",
                )
            },
        ),
    )


class AgreementAdminForm(InAdmin, RecordForm):
    """An agreement in the admin: the rules of its staff form, with the admin's ways of choosing."""

    constraint_fields = AgreementForm.constraint_fields
    part_histories = AgreementForm.part_histories
    find_matches = AgreementForm.find_matches
    _refuse_a_decision = AgreementForm._refuse_a_decision

    def _post_clean(self) -> None:
        super()._post_clean()
        self._refuse_a_decision()
        if {"status", "signed"} & self.errors.keys() or not all(part.is_valid() for part in self.parts):
            return
        try:
            self.instance.check_grounds([row.instance for part in self.parts for row in part.rows])
        except ValidationError as error:
            self._update_errors(error)

    def save(self, by: Any) -> Agreement:
        """Save the agreement; who changed its level of verification stands for it, unless the form says otherwise."""
        changed = set(self.changed_data)
        if {"verification", "verified_on"} & changed and "verified_by" not in changed:
            self.instance.verified_by = by
        if "verification" in changed and "verified_on" not in changed:
            self.instance.verified_on = timezone.localdate()
        return super().save(by)


@admin.register(Agreement)
class AgreementAdmin(RecordAdmin):
    """An agreement with its sources. Publishing and withdrawing are verbs of their own, beside the history."""

    form = AgreementAdminForm
    change_form_template = "admin/agreement_form.html"
    list_display = (
        "register_number",
        "partner",
        "kind",
        "current",
        "signing",
        "verification",
        "publication",
    )
    list_display_links = ("register_number", "partner")
    list_filter = (
        PublicationFilter,
        "kind",
        "status",
        "verification",
        ("domains", admin.RelatedOnlyFieldListFilter),
        ("partner__country", admin.RelatedOnlyFieldListFilter),
    )
    list_select_related = ("partner",)
    ordering = ("number",)
    autocomplete_fields = ("partner", "predecessor", "verified_by", "domains", "resolutions", "provisions")
    readonly_fields = ("register_number", "home_city", "published")
    inlines = (SourceInline,)
    fieldsets = (
        (None, {"fields": ("register_number", "home_city", "partner", "kind", "predecessor")}),
        (_("Status"), {"fields": ("status", "status_since", ("status_reason_fa", "status_reason_en"))}),
        (_("Name and title"), {"fields": (("name_fa", "name_en"), ("title_fa", "title_en"), "authentic_languages")}),
        (
            _("Signing"),
            {
                "fields": (
                    "signed",
                    ("place_signed_fa", "place_signed_en"),
                    ("signatories_home_fa", "signatories_home_en"),
                    ("signatories_partner_fa", "signatories_partner_en"),
                )
            },
        ),
        (
            _("Term"),
            {"fields": ("in_force_from", "expires", "notice_by", ("renewal_rule_fa", "renewal_rule_en"))},
        ),
        (_("Grounds"), {"fields": ("domains", "resolutions", "provisions")}),
        (_("Summary"), {"fields": (("summary_fa", "summary_en"),)}),
        (_("Verification"), {"fields": ("verification", "verified_on", "verified_by")}),
        (_("Internal"), {"fields": ("internal_note",)}),
        (_("Publication"), {"fields": ("published",)}),
    )

    def part_histories(self, pk: Any) -> list[tuple[type[models.Model], dict[str, Any]]]:
        """The history of its sources."""
        return [(Source, {"agreement_id": pk})]

    def get_search_results(self, request: HttpRequest, queryset: QuerySet, search_term: str) -> tuple[QuerySet, bool]:
        """Those that the register's own search finds, or the one with that number."""
        found, duplicates = super().get_search_results(request, queryset, search_term)
        number = latin_digits(search_term).strip()
        if number.isascii() and number.isdigit() and len(number) < 10:
            found = found | queryset.filter(number=int(number))
        return found, duplicates

    @admin.display(description=_("register number"), ordering="number")
    def register_number(self, agreement: Agreement) -> str:
        """The number in the reader's digits; a new agreement has none yet."""
        return figures(agreement.number) or _("given when it is saved")

    @admin.display(description=_("status"), ordering="status")
    def current(self, agreement: Agreement) -> str:
        """The status today, "expired" included."""
        return agreement.get_state_display()

    @admin.display(description=_("signed"), ordering="signed_first")
    def signing(self, agreement: Agreement) -> Any:
        """The date of signing in both calendars."""
        return agreement.signed

    @admin.display(description=_("publication"))
    def publication(self, agreement: Agreement) -> Any:
        """Whether everybody can read it."""
        return agreement.get_publication_display()

    @admin.display(description=_("publication"))
    def published(self, agreement: Agreement) -> Any:
        """Whether everybody can read it; since when, by whom and why."""
        label = dict(agreement.PUBLICATION)
        if agreement.publication == "draft":
            return label["draft"]
        steps = [(label["published"], agreement.published_at, agreement.published_by, "")]
        if agreement.withdrawn_at:
            withdrawn = (agreement.withdrawn_at, agreement.withdrawn_by, agreement.withdrawal_reason)
            steps.append((label["withdrawn"], *withdrawn))
        return format_html_join(
            mark_safe("<br>"),
            "{}: {} <bdi>{}</bdi> {}",
            [(what, day(when, clock=True), person(who), why) for what, when, who, why in steps],
        )


@admin.register(Resolution)
class ResolutionAdmin(RecordAdmin):
    """A decision of the council."""

    form = in_admin(ResolutionForm)
    list_display = ("__str__", "body", "decision", "changed")
    fields = (
        ("body_fa", "body_en"),
        ("number", "session"),
        "decided",
        ("title_fa", "title_en"),
        ("text_fa", "text_en"),
        "key",
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """The newest decision first."""
        return super().get_queryset(request).by_date()

    @admin.display(description=_("council"))
    def body(self, resolution: Resolution) -> str:
        """The council's name."""
        return resolution.body.plain

    @admin.display(description=_("decided"), ordering="decided_first")
    def decision(self, resolution: Resolution) -> Any:
        """The date of the decision in both calendars."""
        return resolution.decided


@admin.register(Domain)
class DomainAdmin(RecordAdmin):
    """A domain of cooperation."""

    form = in_admin(DomainForm)
    list_display = ("__str__", "name_fa", "name_en", "key", "position")
    fields = ("key", ("name_fa", "name_en"), ("text_fa", "text_en"), "position")
    fixed_fields = ("key",)


@admin.register(Provision)
class ProvisionAdmin(RecordAdmin):
    """An article of a city plan."""

    form = in_admin(ProvisionForm)
    list_display = ("__str__", "key", "position", "changed")
    fields = ("key", ("plan_fa", "plan_en"), ("article_fa", "article_en"), ("text_fa", "text_en"), "position")
    fixed_fields = ("key",)


@admin.register(Membership)
class MembershipAdmin(RecordAdmin):
    """The home city in an international body."""

    form = in_admin(MembershipForm)
    list_display = ("__str__", "acronym", "status", "verification", "is_public", "changed")
    list_filter = ("status", "verification", "is_public")
    autocomplete_fields = ("provisions",)
    fields = (
        "key",
        ("name_fa", "name_en"),
        ("acronym", "kind"),
        "website",
        "status",
        "since",
        "until",
        ("note_fa", "note_en"),
        ("publisher_fa", "publisher_en"),
        ("url", "reference"),
        "issued",
        "verification",
        "provisions",
        ("position", "is_public"),
    )
    fixed_fields = ("key",)


@admin.register(Affinity)
class AffinityAdmin(RecordAdmin):
    """What a partner city shares with the home city, by somebody's word."""

    form = in_admin(AffinityForm)
    list_display = ("partner", "ground", "attribution", "changed")
    list_display_links = ("partner", "ground")
    list_filter = ("ground",)
    list_select_related = ("partner",)
    autocomplete_fields = ("partner",)
    fields = ("partner", "ground", ("text_fa", "text_en"), ("attribution_fa", "attribution_en"))

    def get_ordering(self, request: HttpRequest) -> list[str]:
        """By the partner's name in the reader's language."""
        return [f"partner__sort_{get_language()}", "ground"]

    @admin.display(description=_("who says so"))
    def attribution(self, affinity: Affinity) -> str:
        """By whose word."""
        return affinity.attribution.plain


@admin.register(Source)
class SourceAdmin(ReadOnlyAdmin):
    """All sources, to be searched. They are edited with their agreement, whose grounds they are."""

    list_display = ("__str__", "where", "nature", "stance", "issue")
    list_filter = ("nature", "stance")
    list_select_related = ("agreement",)
    ordering = ("agreement__number", "pk")
    search_fields = ("pk",)
    fields = (
        "where",
        ("nature", "stance"),
        ("publisher_fa", "publisher_en"),
        ("title_fa", "title_en"),
        ("url", "reference"),
        "issued",
        ("says_fa", "says_en"),
        "signed_claim",
    )
    readonly_fields = ("where",)

    def has_delete_permission(self, request: HttpRequest, obj: Source | None = None) -> bool:
        """Nobody here; whoever may delete sources deletes them with their agreement or on its page."""
        here = request.resolver_match.view_name.startswith("admin:partnerships_source_")
        return not here and request.user.has_perm("partnerships.delete_source")

    def get_search_results(self, request: HttpRequest, queryset: QuerySet, search_term: str) -> tuple[QuerySet, bool]:
        """Those that the register's own search finds."""
        return (queryset.search(search_term) if search_term else queryset), False

    @admin.display(description=_("agreement"), ordering="agreement__number")
    def where(self, source: Source) -> Any:
        """The agreement, with the way to its page in the admin."""
        page = reverse("admin:partnerships_agreement_change", args=[source.agreement_id])
        return format_html('<a href="{}">{}</a>', page, source.agreement)

    @admin.display(description=_("date of the source"), ordering="issued_first")
    def issue(self, source: Source) -> Any:
        """The date of the source in both calendars."""
        return source.issued


@admin.register(Register)
class RegisterAdmin(ReadOnlyAdmin):
    """The last register number given."""


class ActivityAdminForm(InAdmin, RecordForm):
    """An activity in the admin: the rules of its staff form, with the admin's ways of choosing."""

    constraint_fields = ActivityForm.constraint_fields
    find_matches = ActivityForm.find_matches


@admin.register(Activity)
class ActivityAdmin(RecordAdmin):
    """An activity. Publishing and taking down are verbs of the staff pages."""

    form = ActivityAdminForm
    list_display = ("__str__", "kind", "direction", "beginning", "publication", "changed")
    list_filter = ("kind", "direction", ("domains", admin.RelatedOnlyFieldListFilter))
    autocomplete_fields = ("agreements", "domains", "follows")
    readonly_fields = ("publication",)
    fields = (
        "agreements",
        ("kind", "direction"),
        ("title_fa", "title_en"),
        "begun",
        "finished",
        ("place_fa", "place_en"),
        "domains",
        ("account_fa", "account_en"),
        ("participants", "young_participants"),
        ("outcome_fa", "outcome_en"),
        ("cost", "currency"),
        ("payer_fa", "payer_en"),
        "follows",
        "internal_note",
        "publication",
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """The latest first."""
        return super().get_queryset(request).by_date()

    @admin.display(description=_("begun"), ordering="begun_first")
    def beginning(self, activity: Activity) -> Any:
        """The date in both calendars."""
        return activity.begun

    @admin.display(description=_("publication"))
    def publication(self, activity: Activity) -> Any:
        """Whether a manager has published it."""
        return activity.get_publication_display()


@admin.register(Commitment)
class CommitmentAdmin(RecordAdmin):
    """Something that was promised."""

    form = in_admin(CommitmentForm)
    list_display = ("__str__", "agreement", "side", "status", "is_public", "changed")
    list_filter = ("status", "side", "is_public")
    list_select_related = ("agreement",)
    autocomplete_fields = ("agreement", "activity")
    fields = (
        "agreement",
        "activity",
        ("text_fa", "text_en"),
        "side",
        ("responsible_fa", "responsible_en"),
        ("article", "due"),
        ("status", "settled"),
        ("evidence_fa", "evidence_en"),
        "is_public",
        "note",
    )

    def get_readonly_fields(self, request: HttpRequest, obj: Commitment | None = None) -> list[str]:
        """As at the desk: who may not publish does not decide what everybody may read."""
        decided = [] if request.user.has_perm(PUBLISH) else ["is_public"]
        return [*super().get_readonly_fields(request, obj), *decided]


@admin.register(Contact)
class ContactAdmin(RecordAdmin):
    """Somebody to write to about a partner city. Deleting a contact erases its history too."""

    form = in_admin(ContactForm)
    list_display = ("__str__", "partner", "kind", "changed")
    list_filter = ("kind",)
    list_select_related = ("partner",)
    autocomplete_fields = ("partner",)
    fields = (
        ("partner", "kind"),
        ("name_fa", "name_en"),
        ("role_fa", "role_en"),
        ("organisation_fa", "organisation_en"),
        ("email", "phone"),
        "website",
        "address",
        "languages",
        ("since", "until"),
        "review_on",
        "note",
    )


@admin.register(Note)
class NoteAdmin(RecordAdmin):
    """What somebody in the office wants the others to know of an agreement."""

    form = in_admin(NoteForm)
    list_display = ("__str__", "agreement", "written_by", "changed")
    list_select_related = ("agreement", "written_by")
    autocomplete_fields = ("agreement",)
    fields = ("agreement", "text")


@admin.register(MilestoneKind)
class MilestoneKindAdmin(RecordAdmin):
    """A kind of milestone: a line of the checklist."""

    form = in_admin(MilestoneKindForm)
    list_display = ("__str__", "key", "verb", "patience_days", "is_public", "is_active", "position")
    list_filter = ("is_active", "is_public")
    fields = (
        "key",
        ("name_fa", "name_en"),
        ("text_fa", "text_en"),
        ("authority_fa", "authority_en"),
        "agreement_kinds",
        "patience_days",
        "is_public",
        "is_active",
        "position",
    )
    fixed_fields = ("key",)


class MilestoneAdminForm(InAdmin, RecordForm):
    """A milestone in the admin: the rules of its staff form, of any agreement and kind."""

    constraint_fields = MilestoneForm.constraint_fields


@admin.register(Milestone)
class MilestoneAdmin(RecordAdmin):
    """A step in the life of an agreement. The status of the agreement changes on its staff pages."""

    form = MilestoneAdminForm
    list_display = ("__str__", "agreement", "outcome", "changed")
    list_filter = ("outcome", "kind")
    list_select_related = ("agreement", "kind")
    autocomplete_fields = ("agreement", "kind")
    fields = (
        ("agreement", "kind"),
        "planned",
        "sent",
        "answered",
        "outcome",
        ("authority_fa", "authority_en"),
        "letter_number",
        ("account_fa", "account_en"),
        "note",
    )
