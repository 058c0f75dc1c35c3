"""The public pages of agreements, and of what they are about and rest on."""

from typing import Any
from urllib.parse import urljoin

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language
from django.views.decorators.http import require_safe
from django.views.generic import DetailView, TemplateView

from cities.models import City, Tie
from partnerships.downloads import site_of
from partnerships.filters import AgreementFilter, PublishedFilter
from partnerships.models import (
    Activity,
    Agreement,
    Document,
    DocumentVersion,
    Domain,
    Membership,
    Provision,
    Resolution,
)
from partnerships.statistics import Statistics
from partnerships.suggestions import suggestions
from partnerships.timeline import Timeline
from partnerships.worldmap import WorldMap
from sistercities.browsing import LONGEST_SEARCH, ListFilter, one_line
from sistercities.context import home_city, remember_home_city
from sistercities.kept import memory

LISTED = 50
"""Agreements that a page about something else lists; beyond it the browsing page has them all."""

CARDS = 12
"""Cities that such a page shows."""

LATEST = 6
"""Activities that it shows."""


TOLD = (
    "agreement",
    "dossier",
    "shelf",
    "citation",
    "activities",
    "commitments",
    "previous",
    "following",
    "successors",
)
"""What the page of an agreement tells, by its names in the template."""


class Browse(TemplateView):
    """The agreements that the address asks for, as a list, on the map or in time."""

    template_name = "partnerships/browse.html"

    def get(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        """The page at the shortest address that asks for it; longer ones lead there."""
        agreements = PublishedFilter(request.GET, memory(request))
        if agreements.tidy_url:
            return redirect(urljoin(request.path, agreements.tidy_url))
        drawn = self.drawn(agreements)
        page = drawn.page if agreements.shown_as == "map" else agreements.shown
        return self.render_to_response(self.get_context_data(filter=agreements, drawn=drawn, page=page))

    def drawn(self, agreements: AgreementFilter) -> Timeline | WorldMap | None:
        """What is drawn of them in this view; a list has no drawing."""
        if agreements.shown_as == "timeline":
            return Timeline.of(agreements.shown.object_list.with_claims(), agreements.span)
        return WorldMap(home_city(self.request), agreements) if agreements.shown_as == "map" else None


@require_safe
def suggest(request: HttpRequest) -> HttpResponse:
    """Cities and agreements for what has been typed so far into the search box, as a part of its page."""
    text = one_line(request.GET.get("q"))[:LONGEST_SEARCH]
    return render(request, "partnerships/suggestions.html", {"query": text, "suggestions": suggestions(text)})


class AgreementDetail(DetailView):
    """One agreement. Staff see a draft on the same page, with `preview` set."""

    template_name = "partnerships/agreement_detail.html"
    slug_field = slug_url_kwarg = "number"
    preview = False

    def get_queryset(self):
        agreements = Agreement.objects.for_page().with_milestones()
        return agreements if self.preview else agreements.ever_published()

    def get(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        """The page; of a withdrawn agreement, that it was withdrawn."""
        if not self.preview and self.is_kept():
            return self.render_to_response(self.context_of_what_is_kept())
        self.object = agreement = self.get_object()
        if agreement.publication == "withdrawn" and not self.preview:
            known = {"number": agreement.number, "withdrawn_at": agreement.withdrawn_at}
            return render(request, "410.html", known, status=410)
        if not self.preview:
            self.is_kept(now=True)
        return self.render_to_response(self.get_context_data(object=agreement))

    def is_kept(self, now: bool = False) -> bool:
        """Whether the page has been made since something public changed; with `now` it is from here on."""
        key = "agreement", self.kwargs["number"], get_language(), site_of(self.request)
        if now:
            memory(self.request).put(key, True)
        return bool(memory(self.request).find(key))

    def context_of_what_is_kept(self) -> dict[str, Any]:
        """The names of the page's context. The template keeps what it says of them, so that nothing is looked up."""

        def told() -> dict[str, Any]:
            self.object = self.get_object()
            return self.get_context_data()

        context = SimpleLazyObject(told)
        names = {name: SimpleLazyObject(lambda name=name: context[name]) for name in TOLD}
        return names | {"view": self, "preview": False, "number": self.kwargs["number"], "site": site_of(self.request)}

    def get_context_data(self, **kwargs):
        agreement, dossier = self.object, self.object.dossier
        address = self.request.build_absolute_uri(agreement.get_absolute_url())
        around = list(Agreement.objects.published().around(agreement).by_number())
        remember_home_city(self.request, agreement.home_city)
        documents = Document.objects.of_agreement(agreement)
        documents = documents.to_be_public() if self.preview else documents.public()
        return super().get_context_data(
            dossier=dossier,
            shelf=DocumentVersion.objects.shelf_of(documents),
            citation=dossier.citation(address),
            as_of=agreement.register_changed,
            activities=list(agreement.activities.cleared().by_date()),
            commitments=agreement.commitments.cleared().in_order(),
            previous=next((one for one in reversed(around) if one.number < agreement.number), None),
            following=next((one for one in around if one.number > agreement.number), None),
            successors=[one for one in around if one.predecessor_id == agreement.pk],
            preview=self.preview,
            number=agreement.number,
            site=site_of(self.request),
            **kwargs,
        )


class Domains(TemplateView):
    """The domains of cooperation, with the number of agreements in each."""

    template_name = "partnerships/domains.html"

    def get_context_data(self, **kwargs):
        return super().get_context_data(domains=Domain.objects.with_published_count(), **kwargs)


class DomainDetail(DetailView):
    """One domain of cooperation: what it covers, which agreements lie in it and with which cities."""

    template_name = "partnerships/domain_detail.html"
    model = Domain
    slug_field = slug_url_kwarg = "key"

    def get_context_data(self, **kwargs):
        agreements = self.object.agreements.published()
        domains = list(Domain.objects.with_published_count())
        cities = City.objects.of_agreements(agreements).with_country().with_published_agreements().alphabetical()
        return super().get_context_data(
            agreements=agreements.by_number()[:LISTED],
            activities=Activity.objects.in_domains(self.object.key).latest_under(Agreement.objects.published(), LATEST),
            cities=cities[:CARDS],
            count=next(domain.published_count for domain in domains if domain == self.object),
            domains=[domain for domain in domains if domain != self.object],
            **kwargs,
        )


class Provisions(TemplateView):
    """The articles of city plans, with the agreements and memberships that serve them."""

    template_name = "partnerships/provisions.html"

    def get_context_data(self, **kwargs):
        provisions = Provision.objects.with_published_count().with_published_agreements(LISTED)
        return super().get_context_data(provisions=provisions.with_public_memberships(), **kwargs)


class Memberships(TemplateView):
    """The home city in international bodies."""

    template_name = "partnerships/memberships.html"

    def get_context_data(self, **kwargs):
        return super().get_context_data(memberships=Membership.objects.public().with_provisions(), **kwargs)


class StatisticsPage(TemplateView):
    """Figures and charts of the agreements, filtered by the address."""

    template_name = "partnerships/statistics.html"

    def get(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        """The page at the shortest address that asks for it; longer ones lead there."""
        statistics = Statistics.of(request.GET, home_city(request))
        if statistics.found.tidy_url:
            return redirect(urljoin(request.path, statistics.found.tidy_url))
        ties = memory(request).hold("ties", Tie.objects.count)
        context = {"filter": statistics.found, "statistics": statistics, "ties": ties}
        return self.render_to_response(self.get_context_data(**context))


class Resolutions(TemplateView):
    """The council's resolutions on which published agreements rest."""

    template_name = "partnerships/resolutions.html"

    def get_context_data(self, **kwargs):
        resolutions = Resolution.objects.public().with_published_agreements().by_date()
        return super().get_context_data(filter=ListFilter(self.request.GET, resolutions), **kwargs)


class ResolutionDetail(DetailView):
    """One resolution, with the published agreements that rest on it."""

    template_name = "partnerships/resolution_detail.html"

    def get_queryset(self):
        return Resolution.objects.public().with_published_agreements()

    def get_context_data(self, **kwargs):
        beside = list(Resolution.objects.public().beside(self.object))
        documents = Document.objects.public().filter(resolution=self.object)
        return super().get_context_data(
            shelf=DocumentVersion.objects.shelf_of(documents),
            previous=next((one for one in beside if one.pk < self.object.pk), None),
            following=next((one for one in beside if one.pk > self.object.pk), None),
            **kwargs,
        )
