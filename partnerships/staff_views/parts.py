"""The bases of the staff pages of what belongs to one agreement, or to one partner city."""

from typing import Any

from django.db import models
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property

from cities.models import City
from partnerships.models import Agreement
from partnerships.staff_views.documents import WithDocuments
from sistercities.forms import RecordForm
from sistercities.staff import RecordAdd, RecordDelete, RecordEdit, RecordHistoryView, StaffMixin


def section_of(model: type[models.Model]) -> str:
    """The id of the section in which the page of an agreement lists records of `model`, as in "activities"."""
    name = model._meta.model_name
    return f"{name.removesuffix('y')}ies" if name.endswith("y") else f"{name}s"


class PartPage(StaffMixin):
    """A staff page of a record that belongs to one agreement. It is reached from the agreement's and leads back there.

    The agreement's number stands in the address on which a part is added; the others name the part by its key.
    """

    @cached_property
    def agreement(self) -> Agreement:
        """The agreement that the page is about. Raises Http404 if there is none."""
        agreements = Agreement.objects.with_partner()
        if "number" in self.kwargs:
            return get_object_or_404(agreements, number=self.kwargs["number"])
        key = self.kwargs["pk"]
        part = self.model.objects.filter(pk=key).first() or self.model.history.filter(id=key).first()
        if part is None:
            raise Http404
        return get_object_or_404(agreements, pk=part.agreement_id)

    def address(self, page: str, record: models.Model | None = None) -> str:
        """As everywhere; the part's place on the agreement's own page stands for a list."""
        name = self.model._meta.model_name
        if page == "list":
            return f"{reverse('staff:agreement_work', args=[self.agreement.number])}#{section_of(self.model)}"
        if page == "add":
            return reverse(f"staff:{name}_add", args=[self.agreement.number])
        return super().address(page, record)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(kinds=self.agreement, **kwargs)


class PartAdd(PartPage, RecordAdd):
    """A new part of an agreement."""

    def get_form(self, data: Any = None) -> RecordForm:
        return self.form_class(data, instance=self.model(agreement=self.agreement))


class PartEdit(WithDocuments, PartPage, RecordEdit):
    """A part of an agreement that is recorded already."""


class PartDelete(PartPage, RecordDelete):
    """Deletes a part of an agreement; its history stays."""


class PartHistory(PartPage, RecordHistoryView):
    """What happened to a part of an agreement."""


class CityPartPage(StaffMixin):
    """A staff page of a record that belongs to a city. It is reached from the city's own and leads back there."""

    @cached_property
    def city(self) -> City:
        """The city that the page is about. Raises Http404 if there is none."""
        if "slug" in self.kwargs:
            return get_object_or_404(City, slug=self.kwargs["slug"])
        key = self.kwargs["pk"]
        part = self.model.objects.filter(pk=key).first() or self.model.history.filter(id=key).first()
        if part is None:
            raise Http404
        return get_object_or_404(City, pk=part.partner_id)

    def address(self, page: str, record: models.Model | None = None) -> str:
        """As everywhere; the city's own page takes the place of a list."""
        if page == "list":
            may_edit = self.request.user.has_perm("cities.change_city")
            return reverse(f"staff:city_{'edit' if may_edit else 'history'}", args=[self.city.slug])
        if page == "add":
            return reverse(f"staff:{self.model._meta.model_name}_add", args=[self.city.slug])
        return super().address(page, record)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(kinds=self.city, **kwargs)
