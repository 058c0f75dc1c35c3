"""The public pages of partner cities and of their countries."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.generic import DetailView

from cities.clocks import Clock
from cities.models import City, Country
from cities.surroundings import Surroundings
from sistercities.context import home_city
from sistercities.text import other

CARDS = 24
"""Cities that a country's page shows."""

LISTED = 50
"""Agreements that it lists; beyond it the browsing page has them all."""


class CityDetail(DetailView):
    """A partner city: what it is, how it lies from home, what has been agreed with it and why."""

    template_name = "cities/city_detail.html"

    def get_queryset(self):
        return City.objects.public().with_country()

    def get(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        """The page; the home city's own page is the first."""
        home = home_city(request)
        if home and home.slug == kwargs["slug"]:
            return redirect("home")
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        city = self.object
        agreements = city.agreements.published().with_story().by_number()
        return super().get_context_data(
            names=[name for name in (other(city, "name"), city.local_name) if name],
            clock=Clock.of(city, home_city(self.request)),
            around=Surroundings(city, City.objects.public()),
            agreements=agreements,
            dossiers=[agreement.dossier for agreement in agreements],
            affinities=city.affinities.all(),
            **kwargs,
        )


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
        countries = Country.objects.public().with_partner_count().alphabetical()
        return super().get_context_data(
            cities=self.object.cities.public().with_published_agreements().alphabetical()[:CARDS],
            agreements=self.object.published_agreements().by_signing()[:LISTED],
            total=self.object.partner_count,
            countries=countries.exclude(pk=self.object.pk),
            **kwargs,
        )
