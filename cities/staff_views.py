"""The staff pages of cities: found in the gazetteer, recorded, changed, deleted."""

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode, urlsplit, urlunsplit

from django.contrib import messages
from django.db import models
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from cities.filters import CityFilter
from cities.forms import CityForm
from cities.matching import from_gazetteer
from cities.models import City, Place
from sistercities.browsing import one_line
from sistercities.lists import BothNames, Cell, Column, Given, Moment, Quantity, RecordList, YesNo, counted
from sistercities.sign_in import is_held
from sistercities.staff import RecordAdd, RecordDelete, RecordEdit, RecordHistoryView, StaffMixin
from sistercities.text import figures, latin_digits

SUGGESTED = 20
"""Places that are offered at once."""


class CityPage(StaffMixin):
    """A staff page of cities, which go by the end of their public address."""

    model = City
    lookup = "slug"

    def pages_of(self, record: City) -> dict[str, str]:
        """The pages of a city that the person may see; the home city cannot be deleted."""
        pages = super().pages_of(record)
        if record.is_home:
            pages.pop("delete", None)
        return pages


class Population(Quantity):
    """How many people live there, and under it the year of the figure."""

    def cell(self, record: City) -> Cell:
        cell = super().cell(record)
        if record.population is None:
            return cell
        return replace(cell, second=figures(record.population_year) or gettext("year not known"))


class CityList(CityPage, RecordList):
    """All cities, searched by their names in any script."""

    filter_class = CityFilter
    order = "name"
    columns = (
        BothNames("name", _("city"), sort=("sort_{language}",)),
        Column(
            "country",
            _("country"),
            of="country.name",
            sort=("country__sort_{language}", "sort_{language}"),
            needs=("with_country",),
        ),
        Population("population", _("population"), sort=("population",)),
        counted("agreement", _("agreements"), is_usual=True),
        YesNo("home", _("home city"), of="is_home", sort=("is_home",), is_usual=False),
        Given("time_zone", _("time zone"), is_usual=False),
        Moment("changed", _("last changed"), of="updated_at", sort=("updated_at",)),
    )


class Gazetteer(CityPage):
    """What the gazetteer offers for the words `q`, each place with the city that is recorded of it, if one is."""

    action = "add"

    @property
    def query(self) -> str:
        """The words to look for."""
        return one_line(self.request.GET.get("q"))[:200]

    def suggestions(self) -> dict[str, Any]:
        """The places for the page, and whether there are more than it shows."""
        found = list(Place.objects.suggest(self.query)[: SUGGESTED + 1])
        places = found[:SUGGESTED]
        cities = City.objects.filter(geonames_id__in=[place.pk for place in places])
        recorded = {city.geonames_id: self.address("edit", city) for city in cities}
        return {
            "query": self.query,
            "places": [
                {"place": place, "recorded": recorded.get(place.pk), "address": self.by(place=place.pk)}
                for place in places
            ],
            "has_more": len(found) > SUGGESTED,
            "by_hand": self.by(by_hand=1),
        }

    def by(self, **how: Any) -> str:
        """The address of the form for a new city, with the way back."""
        return f"{self.address('add')}?{urlencode(how | self.way_back)}"

    @property
    def way_back(self) -> dict[str, str]:
        """The parameter that leads back to where the person came from, if that is not the list."""
        return {"next": self.back} if self.back != self.address("list") else {}


class PlaceSuggest(Gazetteer, TemplateView):
    """The places for what has been typed so far, as a part of the page that asks."""

    template_name = "cities/staff/places.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**self.suggestions(), **kwargs)


class CityAdd(Gazetteer, RecordAdd):
    """A new city: first looked up in the gazetteer (`q`), then its form, filled in from there (`place`) or by hand."""

    template_name = "cities/staff/form.html"
    form_class = CityForm

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        by_form = self.place or "by_hand" in request.GET or is_held(request)
        return super().get(request, *args, **kwargs) if by_form else self.find()

    def find(self) -> HttpResponse:
        """The page on which the city is looked up."""
        return render(self.request, "cities/staff/find.html", self.get_context_data(**self.suggestions()))

    @cached_property
    def place(self) -> Place | None:
        """The place of the gazetteer that was picked; of a number that no place has, the person is told."""
        asked = latin_digits(one_line(self.request.GET.get("place")))
        if not asked:
            return None
        is_number = asked.isascii() and asked.isdigit() and len(asked) < 10
        found = Place.objects.filter(pk=int(asked)).first() if is_number else None
        if found is None:
            messages.warning(self.request, _("There is no such place in the gazetteer. Look it up by its name."))
        return found

    def get_form(self, data: Any = None) -> CityForm:
        return self.form_class(data, initial=from_gazetteer(self.place) if data is None and self.place else None)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**({"picked": self.place, "find": self.by()} | kwargs))

    def success_address(self, record: City) -> str:
        """Where the person came from; a form there gets the new city as its `partner`."""
        parts = urlsplit(self.back)
        if parts.path == self.address("list"):
            return self.back
        query = QueryDict(parts.query, mutable=True)
        query["partner"] = record.slug
        return urlunsplit(parts._replace(query=query.urlencode()))


class CityEdit(CityPage, RecordEdit):
    """A city that is recorded already, with what it shares with the home city."""

    template_name = "cities/staff/form.html"
    form_class = CityForm


class CityDelete(CityPage, RecordDelete):
    """Deletes a city that no agreement is with."""


class CityHistory(CityPage, RecordHistoryView):
    """What happened to a city and to what it shares with the home city."""

    def parts(self, pk: Any) -> list[tuple[type[models.Model], dict[str, Any]]]:
        # Asked of the relation: the world's cities do not know the register that names them.
        return [(City.affinities.rel.related_model, {"partner_id": pk})]
