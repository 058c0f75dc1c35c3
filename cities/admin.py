"""Countries, cities and the gazetteer in the Django admin."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from cities.forms import CityForm
from cities.models import City, Country, Place, Tie, TieSource
from cities.tie_forms import TieForm, TieSourceForm
from sistercities.admin import ReadOnlyAdmin, RecordAdmin, in_admin
from sistercities.text import number


@admin.register(Country)
class CountryAdmin(RecordAdmin):
    """A country: its names can be put right, and then stay so when the countries are loaded anew."""

    list_display = ("code", "name_fa", "name_en", "continent", "changed")
    list_filter = ("continent",)
    fields = ("code", "name_fa", "name_en", "continent")
    fixed_fields = ("code",)

    def get_ordering(self, request: HttpRequest) -> list[str]:
        """Alphabetical in the reader's language."""
        return [f"sort_{get_language()}", "code"]


@admin.register(City)
class CityAdmin(RecordAdmin):
    """A city; here alone the home city is chosen."""

    form = in_admin(CityForm)
    list_display = ("__str__", "name_fa", "name_en", "country", "level", "people", "is_home", "changed")
    list_filter = ("is_home", "level", "country__continent", ("country", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("country",)
    autocomplete_fields = ("country",)
    fixed_fields = ("slug",)
    prepopulated_fields = {"slug": ("name_en",)}
    fieldsets = (
        (_("Names"), {"fields": (("name_fa", "name_en"), ("name_local", "language_local"), "other_names", "slug")}),
        (_("Place"), {"fields": ("country", ("region_fa", "region_en"), ("latitude", "longitude"), "time_zone")}),
        (_("Facts"), {"fields": ("level", ("population", "population_year"), "website")}),
        (_("Elsewhere"), {"fields": (("geonames_id", "wikidata_id"),)}),
        (_("Text"), {"fields": ("text_fa", "text_en")}),
        (_("Role"), {"fields": ("is_home",)}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """Each with its country."""
        return super().get_queryset(request).with_country()

    def completion(self, city: City) -> str:
        """The city with its region and country, which tell it from others of its name."""
        rest = gettext(", ").join(str(part) for part in (city.region, city.country.name) if part)
        return gettext("%(city)s (%(country)s)") % {"city": city.name, "country": rest}

    def get_ordering(self, request: HttpRequest) -> list[str]:
        """Alphabetical in the reader's language."""
        return [f"sort_{get_language()}", "pk"]

    def get_prepopulated_fields(self, request: HttpRequest, obj: City | None = None) -> dict[str, Any]:
        """The address name is proposed while a city is made; afterwards it does not change."""
        return {} if obj else super().get_prepopulated_fields(request, obj)

    @admin.display(description=_("population"), ordering="population")
    def people(self, city: City) -> str:
        """The population with its digits grouped."""
        return number(city.population)


@admin.register(Place)
class PlaceAdmin(ReadOnlyAdmin):
    """The gazetteer, to be looked up."""

    list_display = ("name", "name_fa", "country", "admin1", "people", "geonames_id")
    list_filter = (("country", admin.RelatedOnlyFieldListFilter),)
    list_select_related = ("country",)
    list_per_page = 50
    ordering = ("-population", "geonames_id")
    search_fields = ("name",)
    show_full_result_count = False

    def get_search_results(self, request: HttpRequest, queryset: QuerySet, search_term: str) -> tuple[QuerySet, bool]:
        """What the register would suggest for the words."""
        return (queryset.suggest(search_term) if search_term else queryset), False

    @admin.display(description=_("population"), ordering="population")
    def people(self, place: Place) -> str:
        """The population with its digits grouped."""
        return number(place.population)


@admin.register(TieSource)
class TieSourceAdmin(RecordAdmin):
    """A list that ties come from."""

    form = in_admin(TieSourceForm)
    list_display = ("__str__", "as_of", "licence", "changed")
    fields = (("title_fa", "title_en"), "url", "licence", "as_of")


@admin.register(Tie)
class TieAdmin(RecordAdmin):
    """A tie between two cities."""

    form = in_admin(TieForm)
    list_display = ("__str__", "form", "since", "source", "changed")
    fields = ("one", "other", "form", "since", "source")
    list_filter = ("form", "source")
    list_select_related = ("one", "other", "source")
    show_full_result_count = False
