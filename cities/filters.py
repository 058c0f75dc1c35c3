"""Browsing cities by words and by country: those of the staff pages, and those of the network of the world."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext, ngettext_lazy
from django.utils.translation import gettext_lazy as _
from django_filters import Filter

from cities.models import City, Country, TieSource
from sistercities.browsing import ChoicesFilter, ListFilter, Misread, SearchFilter, one_line, quoted
from sistercities.lists import RecordSearch


def countries() -> dict[str, str]:
    """The names of the countries with a city by their code, in the order of the reader's language."""
    return {country.code: country.name for country in Country.objects.with_cities().alphabetical()}


def by_country() -> ChoicesFilter:
    """A filter of cities by the countries in which they lie."""
    return ChoicesFilter(
        label=_("country"),
        ask="in_countries",
        choices=countries,
        unknown=ngettext_lazy(
            "%(values)s is not the code of a country with a city here.",
            "%(values)s are not codes of countries with a city here.",
            "count",
        ),
    )


class CityFilter(RecordSearch):
    """What the list of cities shows for the parameters of its address."""

    country = by_country()


def sources() -> dict[str, str]:
    """The titles of the lists that ties come from, by their keys."""
    return {str(source.pk): source.title for source in TieSource.objects.all()}


class TieFilter(RecordSearch):
    """What the list of ties shows for the parameters of its address."""

    country = CityFilter.base_filters["country"]
    source = ChoicesFilter(
        label=_("source"),
        of="source",
        choices=sources,
        unknown=ngettext_lazy("%(values)s cannot be chosen here.", "%(values)s cannot be chosen here.", "count"),
    )


class SisterField(forms.Field):
    """A city of the network by the end of its address."""

    def clean(self, value: str | None) -> City | None:
        """The city with its country, or None where none is given. Raises Misread about what is no city."""
        asked = one_line(value)
        if not asked:
            return None
        city = City.objects.tied().with_country().filter(slug=asked[:80]).first()
        if city is None:
            raise Misread(gettext("No ties are known of a city called %(text)s.") % {"text": quoted([asked])})
        return city


class SisterFilter(Filter):
    """Cities that a tie joins to the one asked for."""

    field_class = SisterField

    def filter(self, queryset: QuerySet, value: City | None) -> QuerySet:
        """Those of `queryset` that are its sisters."""
        return queryset.sisters_of(value) if value else queryset

    def told(self, name: str, value: City | None) -> list[tuple[Any, Any, str, str]]:
        """What was asked, for the chips; see `SearchFilter.told`."""
        return [(self.label, value.name, name, "")] if value else []


class NetworkFilter(ListFilter):
    """What the list of the network's cities shows of `queryset` for the parameters of its address."""

    page_size = 25

    q = SearchFilter(label=_("search"))
    country = by_country()
    city = SisterFilter(label=_("sister city of"))

    @property
    def countries(self) -> dict[str, str]:
        """The names of countries by code, in the order of the reader's language."""
        return self.filters["country"].labels

    @property
    def choices(self) -> list[tuple[str, str, bool]]:
        """The countries to choose from: code, name, and whether it is chosen."""
        return [(code, name, code in self.asked["country"]) for code, name in self.countries.items()]

    @property
    def is_whole(self) -> bool:
        """Whether nothing narrows the list, and its first page is asked for."""
        return not self.chips and self.asked["page"] == 1
