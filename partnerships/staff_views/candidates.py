"""The network as the office uses it: candidates for a partnership, and what our partners share with each other."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext, ngettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView, View

from cities.filters import by_country
from cities.models import City, Country, Tie, TieSource
from partnerships.candidates import GROUNDS, HEAVIEST, USUAL, Candidates
from partnerships.models import Agreement, Domain
from sistercities.browsing import ChoicesFilter, Display, Facet, ListFilter, Misread, one_line, quoted
from sistercities.context import home_city
from sistercities.staff import StaffMixin
from sistercities.text import figures, latin_digits

COMMON = 50
"""Common sisters on their page."""


class WeightField(forms.Field):
    """How much a ground counts: a whole number from 0 to HEAVIEST, in digits of any script."""

    def __init__(self, usual: int, label: Promise, **kwargs: Any) -> None:
        super().__init__(label=label, **kwargs)
        self.usual = usual

    def clean(self, value: str | None) -> int:
        """The weight, the usual one where none is given. Raises Misread about anything else."""
        asked = one_line(value)
        weights = {str(weight): weight for weight in range(HEAVIEST + 1)}
        if asked and latin_digits(asked) not in weights:
            told = gettext("%(text)s is no weight: from 0 to %(heaviest)s. For “%(ground)s” the usual one holds.")
            words = {"text": quoted([asked]), "heaviest": figures(HEAVIEST), "ground": self.label}
            raise Misread(told % words, self.usual)
        return weights.get(latin_digits(asked), self.usual)


class DomainsAskedFor(ChoicesFilter):
    """Domains that count in the comparison; no city is left out for the want of one."""

    def filter(self, queryset: Any, value: list[str]) -> Any:
        """`queryset` as it is."""
        return queryset


def domains() -> dict[str, str]:
    """The names of the domains of cooperation by their key."""
    return {one.key: one.name for one in Domain.objects.all()}


class CandidateFilter(ListFilter):
    """The candidates that the address asks for, and what counts how much in their order."""

    page_size = 25
    kept_when_cleared = tuple(GROUNDS)

    country = by_country()
    continent = ChoicesFilter(
        label=_("continent"),
        ask="in_continents",
        choices=Country.Continent.choices,
        unknown=ngettext_lazy("%(values)s is not a continent.", "%(values)s are not continents.", "count"),
    )
    domain = DomainsAskedFor(
        label=_("domain"),
        choices=domains,
        unknown=ngettext_lazy(
            "%(values)s is not a domain of cooperation.", "%(values)s are not domains of cooperation.", "count"
        ),
    )
    ties, region, size, language, domains = (Display(GROUNDS[name], WeightField, usual=USUAL[name]) for name in GROUNDS)

    def __init__(self, data: Any, home: City) -> None:
        super().__init__(data, City.objects.all())
        self.home = home

    @property
    def weights(self) -> dict[str, int]:
        """How much each ground counts."""
        return {name: self.asked[name] for name in GROUNDS}

    def usual(self, query: Any) -> dict[str, str]:
        """The weights where none are given."""
        return {name: str(weight) for name, weight in USUAL.items()}

    @cached_property
    def candidates(self) -> Candidates:
        """All that were found, the best first."""
        return Candidates(self.home, self.weights, self.asked["domain"], self.qs)

    @property
    def total(self) -> int:
        """How many were found."""
        return len(self.candidates)

    @cached_property
    def shown(self) -> Page:
        """The page of them that is asked for, or the last one."""
        return Paginator(self.candidates, self.page_size).get_page(self.asked["page"])

    @property
    def scales(self) -> list[tuple[str, Promise, list[tuple[int, bool]]]]:
        """The weights to choose from, by ground: parameter, label, and each weight with whether it is chosen."""
        weights = self.weights
        return [
            (name, label, [(weight, weight == weights[name]) for weight in range(HEAVIEST + 1)])
            for name, label in GROUNDS.items()
        ]

    @property
    def facets(self) -> list[Facet]:
        """What else can be asked for."""
        names = ("domain", "continent", "country")
        return [self.filters[name].piece(name, self.asked[name], self.data) for name in names]


class CandidatePage(StaffMixin):
    """A page of the network for the office."""

    model = Agreement
    holds_what_was_typed = False


class CandidateList(CandidatePage, TemplateView):
    """The candidates, each with the reasons for its place."""

    template_name = "staff/candidates.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        home = home_city(request)
        candidates = CandidateFilter(request.GET, home) if home else None
        if candidates and candidates.tidy_url:
            return redirect(candidates.tidy_url)
        return self.render_to_response(self.get_context_data(filter=candidates, page=candidates and candidates.shown))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            sources=TieSource.objects.in_use(), may_add=self.may("add"), heaviest=HEAVIEST, **kwargs
        )


class CandidateTake(CandidatePage, View):
    """One click: the candidate becomes a prospect, a draft that says in its internal note why."""

    action = "add"
    http_method_names = ["post"]

    @transaction.atomic
    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        # The lock lets of two people who click at once one make the prospect, and the other find it.
        city = get_object_or_404(City.objects.partners().select_for_update(), slug=slug)
        if not home_city(request):
            raise Http404
        known = city.agreements.by_number().first()
        if known:
            messages.info(request, gettext("There is an agreement with this city already: it is this one."))
            return redirect("staff:agreement_work", known.number)
        candidate = Candidates(home_city(request), USUAL, cities=City.objects.filter(pk=city.pk)).of(city)
        agreement = Agreement(partner=city, home_city=home_city(request), status=Agreement.Status.PROSPECT)
        agreement.internal_note = gettext("From the candidates:\n%(reasons)s") % {"reasons": candidate.told}
        with agreement.one_entry(by=request.user, reason=gettext("From the candidates")):
            agreement.save()
        told = gettext("%(city)s is a prospect now: a draft that nobody but the office sees.") % {"city": city.name}
        messages.success(request, told)
        return redirect("staff:agreement_work", agreement.number)


class Network(CandidatePage, TemplateView):
    """Which of our partners are tied to each other, and which cities are tied to several of them."""

    template_name = "staff/network.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        home = home_city(self.request)
        partners = City.objects.of_agreements(Agreement.objects.standing())
        return super().get_context_data(
            ties=Tie.objects.within(partners).with_cities().with_source(),
            common=Candidates(home, USUAL).common_sisters(COMMON) if home else [],
            candidates=reverse("staff:candidate_list"),
            sources=TieSource.objects.in_use(),
            **kwargs,
        )
