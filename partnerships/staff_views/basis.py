"""The staff pages of what agreements rest on."""

from typing import Any

from django.db.models import QuerySet

from partnerships.forms.basis import AffinityForm
from partnerships.models import Affinity, Domain, Membership, Provision, Resolution
from partnerships.staff_views.parts import CityPartPage
from sistercities.staff import RecordAdd, RecordDelete, RecordEdit, RecordHistoryView, RecordList


class ResolutionList(RecordList):
    """All resolutions, the newest decision first."""

    model = Resolution
    template_name = "partnerships/staff/resolution_list.html"

    def ordered(self, records: QuerySet) -> QuerySet:
        return records.by_date()


class DomainList(RecordList):
    """All domains, in the order in which pages list them."""

    model = Domain
    template_name = "partnerships/staff/domain_list.html"


class ProvisionList(RecordList):
    """All provisions, in the order in which pages list them."""

    model = Provision
    template_name = "partnerships/staff/provision_list.html"


class MembershipList(RecordList):
    """All memberships of the home city in international bodies."""

    model = Membership
    template_name = "partnerships/staff/membership_list.html"


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
