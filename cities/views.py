"""The public pages of partner cities, of their countries, and of the network of the world."""

from urllib.parse import urljoin

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.cache import cache_control
from django.views.decorators.http import condition, require_safe
from django.views.generic import DetailView, TemplateView

from cities.atlas import Atlas
from cities.clocks import Clock
from cities.filters import NetworkFilter
from cities.maps import Frame, Projection, city_map, country_map
from cities.maps import land as the_land
from cities.models import City, Country, TieSource
from cities.network import Network, Sisters, Spot
from cities.statistics import NetworkStatistics
from cities.surroundings import Surroundings
from sistercities.browsing import LONGEST_SEARCH, one_line
from sistercities.context import home_city, remember_home_city
from sistercities.kept import memory
from sistercities.text import other

CARDS = 24
"""Cities that a country's page shows."""

LISTED = 50
"""Agreements that it lists; beyond it the browsing page has them all."""

LATEST = 6
"""Activities that a city's page shows."""

OFFERED = 8
"""Cities that the search box of the network offers."""


class CityDetail(DetailView):
    """A partner city: what it is, how it lies from home, what has been agreed with it and why."""

    template_name = "cities/city_detail.html"

    def get_object(self, queryset=None) -> City:
        """The city, which comes with the agreements that everybody may read: one without any has no page."""
        # Asked of the relation: the world's cities do not know the register that names them.
        agreements = City.agreements.rel.related_model.objects.published().filter(partner__slug=self.kwargs["slug"])
        told = agreements.with_partner().with_story().with_register_change().with_photo_of_partner()
        found = list(told.by_number())
        if not found:
            raise Http404
        city = found[0].partner
        city.published_agreements, city.photo_columns = found, found[0].photo_columns
        return city

    def get(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        """The page; the home city's own page is the first."""
        try:
            return super().get(request, *args, **kwargs)
        except Http404:
            home = home_city(request)
            if home and home.slug == kwargs["slug"]:
                return redirect("home")
            raise

    def get_context_data(self, **kwargs):
        city, agreements = self.object, self.object.published_agreements
        home = remember_home_city(self.request, agreements[0].home_city)
        around = Surroundings(city, Atlas.present(memory(self.request)))
        return super().get_context_data(
            map=city_map(home, city, around.found),
            names=[name for name in (other(city, "name"), city.local_name) if name],
            clock=Clock.of(city, home),
            around=around,
            sisters=Sisters(city),
            agreements=agreements,
            dossiers=[agreement.dossier for agreement in agreements],
            affinities=city.affinities.all(),
            activities=self.activities(),
            as_of=agreements[0].register_changed,
            **kwargs,
        )

    def activities(self) -> list:
        """The latest activities with the city that everybody may read."""
        # Asked of the relation: the world's cities do not know the register that names them.
        activities = City.agreements.rel.related_model.activities.rel.related_model.objects
        return activities.latest_under(self.object.agreements.published(), LATEST)


class CountryDetail(DetailView):
    """The partner cities of a country."""

    template_name = "cities/country_detail.html"

    def get(self, request: HttpRequest, code: str, *args, **kwargs) -> HttpResponse:
        """The page at the code in capitals; other spellings lead there."""
        if code != code.upper():
            return redirect("cities:country", code=code.upper(), permanent=True)
        return super().get(request, *args, **kwargs)

    def get_object(self, queryset=None) -> Country:
        country = Country.objects.public().with_partner_count().filter(code=self.kwargs["code"]).first()
        if country is None:
            raise Http404
        return country

    def get_context_data(self, **kwargs):
        cities = self.object.cities.public().with_published_agreements().alphabetical()[:CARDS]
        countries = Country.objects.public().with_partner_count().alphabetical()
        return super().get_context_data(
            map=country_map(home_city(self.request), self.object, cities),
            cities=cities,
            agreements=self.object.published_agreements().by_signing()[:LISTED],
            total=self.object.partner_count,
            countries=countries.exclude(pk=self.object.pk),
            **kwargs,
        )


class NetworkPage(TemplateView):
    """The ties of the world's cities: all of them, the cities that the address asks for, or the sisters of one."""

    template_name = "cities/network.html"

    def get(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        """The page at the shortest address that asks for it; longer ones lead there."""
        found = NetworkFilter(request.GET, City.objects.tied().with_country().with_tie_count().by_tie_count())
        if found.tidy_url:
            return redirect(urljoin(request.path, found.tidy_url))
        drawn = self.whole(found) if found.is_whole else self.part(found)
        sources = drawn.pop("sources")
        rows = [(city, drawn["sisters"].tie_of(city) if drawn["sisters"] else None) for city in found.shown]
        return self.render_to_response(
            self.get_context_data(filter=found, page=found.shown, rows=rows, sources=sources, **drawn)
        )

    def whole(self, found: NetworkFilter) -> dict:
        """The map and the figures of the whole network."""
        network, home = Network(home_city(self.request) or None), home_city(self.request)
        statistics = NetworkStatistics(network, TieSource.objects.in_use(), found.countries)
        partners = City.objects.public().for_maps() if home else []
        return {
            "statistics": statistics,
            "sisters": None,
            "map": network.map(partners),
            "map_file": reverse("world:network", args=[get_language()]),
            "sources": statistics.sources,
        }

    def part(self, found: NetworkFilter) -> dict:
        """The sisters of the city that is asked for, with their map."""
        if found.asked["city"] is None:
            return {"statistics": None, "sisters": None, "map": None, "sources": TieSource.objects.in_use()}
        sisters = Sisters(found.asked["city"])
        drawn = sisters.map(home_city(self.request) or None)
        return {"statistics": None, "sisters": sisters, "map": drawn, "sources": sisters.sources}


@require_safe
def network_suggest(request: HttpRequest) -> HttpResponse:
    """Cities of the network for what has been typed so far into its search box, as a part of its page."""
    text = one_line(request.GET.get("q"))[:LONGEST_SEARCH]
    found = City.objects.with_country().suggest_tied(text)[:OFFERED] if text else []
    cities = [(city, Spot(city).get_absolute_url()) for city in found]
    return render(request, "cities/network_suggestions.html", {"query": text, "cities": cities})


def _land_tag(request: HttpRequest, version: str, frame: str) -> str:
    # The address says everything that the land depends on.
    return f'"{version}-{frame}"'


@require_safe
@cache_control(public=True, max_age=31_536_000, immutable=True)
@condition(etag_func=_land_tag)
def land(request: HttpRequest, version: str, frame: str) -> HttpResponse:
    """The land in a frame of the map round the home city, as an SVG without a language.

    `version` is that of the land and of the home city: another one has another address, so an answer holds for a year.
    """
    projection = Projection.of(home_city(request))
    if projection is None or version != the_land.version(projection):
        raise Http404
    try:
        window = Frame.named(frame)
    except ValueError as error:
        raise Http404 from error
    drawn = the_land.drawing(projection.latitude, projection.longitude, window)
    return HttpResponse(drawn, content_type="image/svg+xml")
