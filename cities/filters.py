"""Browsing cities in the staff pages: by words and by country."""

from typing import Any

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_filters import Filter

from cities.models import Country
from sistercities.browsing import Chip, ListFilter, Misread, SearchFilter, one_line, quoted


class CountryField(forms.Field):
    """A country by its code."""

    def clean(self, value: str | None) -> Country | None:
        """The country, or None. Raises Misread about what is no country's code."""
        asked = one_line(value)
        if not asked:
            return None
        found = Country.objects.filter(code=asked.upper()).first()
        if found is None:
            raise Misread(gettext("%(text)s is not the code of a country.") % {"text": quoted([asked])})
        return found


class CountryFilter(Filter):
    """Cities of a country."""

    field_class = CountryField

    def filter(self, queryset: Any, value: Country | None) -> Any:
        """Those of `queryset` in the country."""
        return queryset.filter(country=value) if value else queryset


class CityFilter(ListFilter):
    """What the list of cities shows for the parameters of its address."""

    q = SearchFilter(label=_("search"))
    country = CountryFilter(label=_("country"))

    @cached_property
    def countries(self) -> list[Country]:
        """The countries to choose from: those with a city."""
        return list(Country.objects.with_cities().alphabetical())

    @cached_property
    def chips(self) -> list[Chip]:
        """The words and the country, each with the address that asks for the rest."""
        country = self.asked.get("country")
        return super().chips + ([self.chip(_("country"), country.name.plain, "country")] if country else [])
