"""What the lists of the staff can be asked: of agreements more than visitors ask, and what every other one takes."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from partnerships.filters import AgreementFilter, Group
from partnerships.models import Agreement, Membership
from partnerships.models.evidence import Verification
from partnerships.querysets import LACKS
from sistercities.browsing import ChoicesFilter, PeriodFilter
from sistercities.lists import RecordSearch, TableFilter

PUBLISHED = [("yes", _("published")), ("no", _("not published"))]
"""Whether everybody can read a record, where nothing more is to be said of it."""


def published() -> ChoicesFilter:
    """The filter of what is published and what is not."""
    return ChoicesFilter(
        label=_("publication"),
        ask="in_publication",
        choices=PUBLISHED,
        unknown=ngettext_lazy(
            "%(values)s is not a status of publication.", "%(values)s are not statuses of publication.", "count"
        ),
    )


def one_of(label: Any, ask: str, choices: Any) -> ChoicesFilter:
    """The filter of a field's choices."""
    return ChoicesFilter(
        label=label,
        ask=ask,
        choices=choices,
        unknown=ngettext_lazy("%(values)s cannot be chosen here.", "%(values)s cannot be chosen here.", "count"),
    )


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
    lacks = one_of(_("to complete, without"), "lacking", list(LACKS.items()))


class StaffAgreementFilter(TableFilter, OfficeFilter):
    """What the list of agreements can be asked."""

    @property
    def panel(self) -> list[Any]:
        """As of every list, but with how many each choice would find."""
        counted = {facet.name: facet for facet in self.facets}
        return [counted.get(piece.name, piece) for piece in super().panel]


class ResolutionFilter(RecordSearch):
    """What the list of resolutions can be asked."""

    decided = PeriodFilter(
        label=_("year decided"), since=_("decided from"), until=_("decided to"), ask="decided_possibly_within"
    )


class MembershipFilter(RecordSearch):
    """What the list of memberships can be asked."""

    status = one_of(_("status"), "in_status", Membership.Status.choices)
    verification = one_of(_("verification"), "verified_as", Verification.choices)
    publication = published()
