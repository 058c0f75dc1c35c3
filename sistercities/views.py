"""The first page, the page about the register, and the way from the bare address to the visitor's language."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language, get_language_from_request, gettext, ngettext, override
from django.views.decorators.http import require_safe
from django.views.generic import TemplateView

from cities.maps import Frame, Hero
from cities.models import City, TieSource
from partnerships.models import Activity, Affinity, Agreement, Domain, Source
from sistercities.context import home_city, remember_home_city
from sistercities.dates import Calendar, UncertainDate
from sistercities.kept import memory
from sistercities.text import in_words

CARDS = 24
"""Partners on the first page once there are more than MANY."""

MANY = 30

LATEST = 3
"""Activities, changes and publications on the first page."""


@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """To the first page in the visitor's language: the one chosen before, else the browser's, else Persian."""
    with override(get_language_from_request(request)):
        response = redirect("home")
    patch_vary_headers(response, ["Accept-Language", "Cookie"])
    return response


class Home(TemplateView):
    """The first page: who the partners are, how much is known of them, and what a sister city is."""

    template_name = "home.html"

    def get_context_data(self, **kwargs):
        told = memory(self.request).hold(("home", get_language()), self.told)
        return super().get_context_data(**told, **kwargs)

    def told(self) -> dict[str, Any]:
        """What the page tells, which is the same until something public changes."""
        published = Agreement.objects.published()
        glance = published.at_a_glance()
        first_signed = published.with_partner().select_related("home_city").first_signed()
        if first_signed:
            remember_home_city(self.request, first_signed.home_city)
        # The map takes all of them, so that it gets no more of each than it draws.
        pacts = published.by_number().by_partner()
        cities = [city for city in City.objects.of_agreements(published).for_maps().alphabetical() if city.pk in pacts]
        for city in cities:
            city.published_agreements = pacts[city.pk]
        title = self.title(glance["partners"])
        changes = published.latest_changes(LATEST)
        domains = list(Domain.objects.with_published_count())
        return {
            "title": title,
            "lead": title and self.lead(**glance),
            "hero": title and Hero.of(home_city(self.request), cities, title, opening=self.opening),
            "glance": glance,
            "first_signed": first_signed,
            "partners": published.partners(cities[: CARDS if glance["partners"] > MANY else MANY]),
            "domains": domains,
            "domains_on_record": sum(1 for domain in domains if domain.published_count),
            "changes": changes,
            # The newest change of all: what the frame of every other page asks for itself.
            "as_of": changes[0].agreements[0].updated_at if changes else None,
            "activities": Activity.objects.latest_under(published, LATEST),
            "latest": Source.objects.of_published().latest_publications(LATEST),
        }

    def opening(self, frame: Frame) -> str:
        """The address of the map of the partnerships that shows a frame: where a cluster comes apart."""
        east, north = map(round, frame.middle)
        return f"{reverse('partnerships:browse')}?view=map&zoom={frame.step}&east={east}&north={north}"

    def title(self, partners: int) -> str:
        """The heading: the home city and the number of its partners; "" while there are none."""
        home = home_city(self.request)
        if not (home and partners):
            return ""
        title = ngettext("%(city)s and its partner city", "%(city)s and its %(count)s partner cities", partners)
        return title % {"city": home.name, "count": in_words(partners)}

    def lead(self, countries: int, agreements: int, dated: int, disputed: int, **_others: int) -> str:
        """Below the heading: in how many countries, how many signings have a date, on how many the sources disagree."""
        told = [ngettext("In one country.", "In %(count)s countries.", countries) % {"count": in_words(countries)}]
        if dated == agreements:
            told.append(gettext("Every date of signing is known."))
        elif dated:
            words = {"dated": in_words(dated), "total": in_words(agreements)}
            known = ngettext(
                "The date of signing is known for one of %(total)s agreements.",
                "The date of signing is known for %(dated)s of %(total)s agreements.",
                dated,
            )
            told.append(known % words)
        else:
            told.append(gettext("No date of signing is known."))
        if disputed:
            differ = ngettext("Sources disagree on one.", "Sources disagree on %(count)s.", disputed)
            told.append(differ % {"count": in_words(disputed)})
        return " ".join(told)


class About(TemplateView):
    """What the register is, and how to read it."""

    template_name = "about.html"
    extra_context = {
        "grounds": Affinity.Ground,
        "examples": [
            UncertainDate(Calendar.SOLAR_HIJRI, 1387),
            UncertainDate(Calendar.SOLAR_HIJRI, 1395, 3),
            UncertainDate(Calendar.GREGORIAN, 2013, 4, 13),
        ],
    }

    def get_context_data(self, **kwargs):
        return super().get_context_data(tie_sources=TieSource.objects.in_use(), **kwargs)
