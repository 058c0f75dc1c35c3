"""What the lists of the staff can be asked: of agreements more than visitors ask, and what every other one takes."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.text import capfirst
from django.utils.translation import gettext, ngettext_lazy, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django_filters import Filter

from partnerships.filters import AgreementFilter, Group, domains
from partnerships.models import (
    Activity,
    Agreement,
    Commitment,
    Contact,
    Document,
    Membership,
    Milestone,
    MilestoneKind,
)
from partnerships.models.documents import OWNERS
from partnerships.models.evidence import Verification
from partnerships.models.lifecycle import Standing
from partnerships.querysets import LACKS
from sistercities.browsing import ChoicesFilter, Misread, PeriodFilter, one_line, quoted
from sistercities.history import person
from sistercities.lists import RecordSearch, TableFilter
from sistercities.text import latin_digits

PUBLISHED = [("yes", pgettext_lazy("publication", "published")), ("no", _("not published"))]
"""Whether everybody can read a record, where nothing more is to be said of it."""


def one_of(label: Any, of: str, choices: Any, ask: str = "") -> ChoicesFilter:
    """The filter of a column's choices; see `ChoicesFilter`."""
    return ChoicesFilter(
        label=label,
        of="" if ask else of,
        ask=ask,
        choices=choices,
        unknown=ngettext_lazy("%(values)s cannot be chosen here.", "%(values)s cannot be chosen here.", "count"),
    )


def milestone_kinds() -> dict[str, str]:
    """The names of the kinds of milestones by their key, in the order of checklists."""
    return {kind.key: kind.name for kind in MilestoneKind.objects.all()}


def reviewers() -> dict[str, str]:
    """The names of those who review agreements, by their user name."""
    return {user.get_username(): person(user) for user in Agreement.objects.reviewers()}


class RegisterNumberField(forms.Field):
    """The register number of an agreement, in digits of any script."""

    def clean(self, value: str | None) -> Agreement | None:
        """The agreement, None where none is asked for. Raises Misread about what is no agreement's number."""
        asked = one_line(value)
        if not asked:
            return None
        digits = latin_digits(asked)
        is_number = digits.isascii() and digits.isdigit() and len(digits) < 10
        found = Agreement.objects.filter(number=int(digits)).first() if is_number else None
        if found is None:
            raise Misread(gettext("No agreement has the number %(text)s.") % {"text": quoted([asked])})
        return found


@dataclass(frozen=True)
class Box:
    """A box for a number as it stands on the page, with what stands in it."""

    name: str
    legend: str
    typed: str
    template = "staff/includes/box.html"


class AgreementNumberFilter(Filter):
    """What belongs to one agreement; `of` leads to the agreement."""

    field_class = RegisterNumberField

    def __init__(self, of: str = "agreement") -> None:
        super().__init__(label=_("agreement no."))
        self.of = of

    def filter(self, queryset: QuerySet, value: Agreement | None) -> QuerySet:
        """Those of `queryset` that belong to it."""
        return queryset.among(self.of, [value]) if value else queryset

    def told(self, name: str, value: Agreement | None) -> list[tuple[Any, Any, str, str]]:
        """The chip; see `SearchFilter.told`."""
        return [(_("agreement"), value, name, "")] if value else []

    def piece(self, name: str, value: Agreement | None, data: QueryDict) -> Box:
        """The box as it stands in the form of the list."""
        return Box(name, capfirst(self.label), one_line(data.get(name)))


class OfficeFilter(AgreementFilter):
    """The public filters, and whether everybody can read the agreement. There is no other view."""

    view = zoom = east = north = None
    publication = Group(
        label=_("publication"),
        ask="in_publication",
        column="publication_state",
        prepare="with_publication",
        choices=Agreement.PUBLICATION,
        unknown=ngettext_lazy(
            "%(values)s is not a status of publication.", "%(values)s are not statuses of publication.", "count"
        ),
    )
    lacks = one_of(_("to complete, without"), "", LACKS, ask="lacking")


class StaffAgreementFilter(TableFilter, OfficeFilter):
    """What the list of agreements can be asked."""

    reviewer = one_of(_("reviewer"), "reviewer__username", reviewers)
    expires = PeriodFilter(label=_("year of expiry"), since=_("expires from"), until=_("expires to"), of="expires")

    @property
    def panel(self) -> list[Any]:
        """As of every list, but with how many each choice would find."""
        counted = {facet.name: facet for facet in self.facets}
        return [counted.get(piece.name, piece) for piece in super().panel]


class ResolutionFilter(RecordSearch):
    """What the list of resolutions can be asked."""

    decided = PeriodFilter(label=_("year decided"), since=_("decided from"), until=_("decided to"), of="decided")


class MembershipFilter(RecordSearch):
    """What the list of memberships can be asked."""

    status = one_of(_("status"), "status", Membership.Status.choices)
    verification = one_of(_("verification"), "verification", Verification.choices)
    publication = one_of(_("publication"), "", PUBLISHED, ask="in_publication")


class MilestoneFilter(RecordSearch):
    """What the list of milestones can be asked."""

    standing = one_of(_("standing"), "", Standing.choices, ask="in_standing")
    kind = one_of(_("kind of milestone"), "kind__key", milestone_kinds)
    outcome = one_of(_("outcome"), "outcome", Milestone.Outcome.choices)
    agreement = AgreementNumberFilter()
    sent = PeriodFilter(label=_("year sent"), since=_("sent from"), until=_("sent to"), of="sent")
    planned = PeriodFilter(label=_("year planned for"), since=_("planned from"), until=_("planned to"), of="planned")


class MilestoneKindFilter(RecordSearch):
    """What the list of kinds of milestones can be asked."""

    use = one_of(_("in use"), "", [("yes", _("in use")), ("no", _("not in use"))], ask="in_use")
    publication = one_of(_("publication"), "", PUBLISHED, ask="in_publication")


class ActivityFilter(RecordSearch):
    """What the list of activities can be asked."""

    kind = one_of(_("kind"), "kind", Activity.Kind.choices)
    direction = one_of(_("direction"), "direction", Activity.Direction.choices)
    domain = one_of(_("domain of cooperation"), "", domains, ask="in_domains")
    publication = one_of(_("publication"), "", PUBLISHED, ask="in_publication")
    agreement = AgreementNumberFilter("agreements")
    begun = PeriodFilter(label=_("year begun"), since=_("begun from"), until=_("begun to"), of="begun")


class CommitmentFilter(RecordSearch):
    """What the list of commitments can be asked."""

    status = one_of(_("status"), "", Commitment.STATES, ask="in_state")
    side = one_of(_("who promised"), "side", Commitment.Side.choices)
    publication = one_of(_("publication"), "", PUBLISHED, ask="in_publication")
    agreement = AgreementNumberFilter()
    due = PeriodFilter(label=_("year due"), since=_("due from"), until=_("due to"), of="due")


class ContactFilter(RecordSearch):
    """What the list of contacts can be asked."""

    kind = one_of(_("where they belong"), "kind", Contact.Kind.choices)
    office = one_of(_("term of office"), "", [("now", _("in office")), ("former", _("former"))], ask="in_terms")
    review = one_of(_("to be looked at again"), "", [("due", _("due"))], ask="due_for_review")
    agreement = AgreementNumberFilter("partner__agreements")


class DocumentFilter(RecordSearch):
    """What the list of documents can be asked."""

    kind = one_of(_("kind"), "kind", Document.Kind.choices)
    owner = one_of(
        _("belongs to"),
        "",
        [(name, Document._meta.get_field(name).verbose_name) for name in OWNERS],
        ask="belonging_to_a",
    )
    publication = one_of(_("publication"), "", PUBLISHED, ask="in_publication")
    agreement = AgreementNumberFilter()


class NoteFilter(RecordSearch):
    """What the list of notes can be asked."""

    agreement = AgreementNumberFilter()
