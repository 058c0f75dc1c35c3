"""Browsing cities in the staff pages: by words and by country."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from cities.models import Country, TieSource
from sistercities.browsing import ChoicesFilter
from sistercities.lists import RecordSearch


def countries() -> dict[str, str]:
    """The names of the countries with a city by their code, in the order of the reader's language."""
    return {country.code: country.name for country in Country.objects.with_cities().alphabetical()}


class CityFilter(RecordSearch):
    """What the list of cities shows for the parameters of its address."""

    country = ChoicesFilter(
        label=_("country"),
        ask="in_countries",
        choices=countries,
        unknown=ngettext_lazy(
            "%(values)s is not the code of a country with a city here.",
            "%(values)s are not codes of countries with a city here.",
            "count",
        ),
    )


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
