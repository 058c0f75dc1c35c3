"""The staff pages of what agreements rest on."""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property

from cities.models import City
from partnerships.forms.basis import AffinityForm
from partnerships.models import Affinity, Domain, Membership, Provision, Resolution
from sistercities.staff import RecordAdd, RecordDelete, RecordEdit, RecordHistoryView, RecordList, StaffMixin


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


class AffinityPage(StaffMixin):
    """A staff page of what a city shares with the home city. It is reached from the city's own and leads back there."""

    model = Affinity

    @cached_property
    def city(self) -> City:
        """The city that the page is about. Raises Http404 if there is none."""
        if "slug" in self.kwargs:
            return get_object_or_404(City, slug=self.kwargs["slug"])
        key = self.kwargs["pk"]
        affinity = Affinity.objects.filter(pk=key).first() or Affinity.history.filter(id=key).first()
        if affinity is None:
            raise Http404
        return get_object_or_404(City, pk=affinity.partner_id)

    def address(self, page: str, record: Affinity | None = None) -> str:
        """As everywhere; the city's own page takes the place of a list."""
        if page == "list":
            may_edit = self.request.user.has_perm("cities.change_city")
            return reverse(f"staff:city_{'edit' if may_edit else 'history'}", args=[self.city.slug])
        return reverse("staff:affinity_add", args=[self.city.slug]) if page == "add" else super().address(page, record)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(kinds=self.city, **kwargs)


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
