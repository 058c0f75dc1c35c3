"""The staff pages of what agreements rest on."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from partnerships.forms.basis import AffinityForm
from partnerships.models import Affinity, Domain, Membership, Provision, Resolution
from partnerships.models.evidence import Verification
from partnerships.staff_filters import MembershipFilter, ResolutionFilter
from partnerships.staff_views.documents import WithDocuments
from partnerships.staff_views.parts import CityPartPage
from sistercities.lists import (
    CHANGED,
    Beginning,
    BothNames,
    Choice,
    Code,
    Column,
    Figure,
    Given,
    Name,
    NameAndSign,
    Proof,
    RecordList,
    YesNo,
    counted,
    uncertain,
)
from sistercities.staff import RecordAdd, RecordDelete, RecordEdit, RecordHistoryView


class ResolutionList(RecordList):
    """All resolutions, the newest decision first."""

    model = Resolution
    filter_class = ResolutionFilter
    order = "-decided"
    columns = (
        Name("title", _("title")),
        Given("number", _("number"), sort=("number",)),
        uncertain("decided", _("decided")),
        Column("council", _("council"), of="body"),
        Given("session", _("session"), is_usual=False),
        counted("agreement", _("agreements")),
        CHANGED,
    )


class ResolutionEdit(WithDocuments, RecordEdit):
    """A resolution with its documents, above all the scan of it."""


class DomainList(RecordList):
    """All domains, in the order in which pages list them."""

    model = Domain
    order = "position"
    columns = (
        BothNames("name", _("name")),
        Code("key", _("key"), sort=("key",)),
        Figure("position", _("position in lists"), sort=("position", "key")),
        counted("agreement", _("agreements")),
        CHANGED,
    )


class ProvisionList(RecordList):
    """All provisions, in the order in which pages list them."""

    model = Provision
    order = "position"
    columns = (
        Name("provision", _("provision"), of="__str__"),
        Beginning("text", _("what it says"), nothing=_("not recorded")),
        Code("key", _("key"), sort=("key",)),
        Figure("position", _("position in lists"), sort=("position", "key")),
        counted("agreement", _("agreements")),
        CHANGED,
    )


class MembershipList(RecordList):
    """All memberships of the home city in international bodies."""

    model = Membership
    order = "position"
    filter_class = MembershipFilter
    columns = (
        NameAndSign("body", _("body"), of="name", under="acronym"),
        Choice("status", _("status"), choices=Membership.Status.choices, sort=("status",)),
        uncertain("since", _("since")),
        uncertain("until", _("until"), is_usual=False),
        Proof("verification", _("verification"), choices=Verification.choices, sort=("verification",)),
        YesNo("published", pgettext_lazy("publication", "published"), of="is_public", sort=("is_public",)),
        Choice("kind", _("kind of body"), choices=Membership.Kind.choices, sort=("kind",), is_usual=False),
        Figure("position", _("position in lists"), sort=("position", "key"), is_usual=False),
        CHANGED,
    )


class AffinityPage(CityPartPage):
    """A staff page of what a city shares with the home city."""

    model = Affinity


class AffinityAdd(AffinityPage, RecordAdd):
    """Something more that a city shares with the home city."""

    form_class = AffinityForm

    def get_form(self, data: Any = None) -> AffinityForm:
        return self.form_class(data, instance=Affinity(partner=self.city))


class AffinityEdit(AffinityPage, RecordEdit):
    """What a city shares with the home city, already recorded."""

    form_class = AffinityForm


class AffinityDelete(AffinityPage, RecordDelete):
    """Deletes what a city was said to share with the home city."""


class AffinityHistory(AffinityPage, RecordHistoryView):
    """What happened to it."""
