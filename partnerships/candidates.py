"""Candidates: cities with which there is no agreement yet, by what they share with the home city and its partners.

Each city is compared on five grounds, and each comparison gives a share between 0 and 1:

- ties: with how many of our partners it is known to be tied, five and more being the most;
- region: how near it lies, from 1 at no distance down to 0 at REACH_KM;
- size: the smaller of the two populations as a part of the larger;
- language: 1 if a language of the home city is spoken there (see `languages_of`), else 0;
- domains: how many of the domains of cooperation that are asked for stand in our agreements with the partners to which
  it is tied, as a part of those asked for.

The score is the mean of the shares, each counting as often as its weight says. What is not known of a city counts as
nothing, and says so. It is an aid to a conversation and decides nothing: the office does.
"""

import heapq
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

from babel import Locale
from babel.languages import get_official_languages, get_territory_language_info
from django.utils.text import capfirst
from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _

from cities.geography import Way
from cities.models import City, Tie
from partnerships.models import Agreement, Domain
from sistercities.text import number

GROUNDS = {
    "ties": _("ties to our partners"),
    "region": _("nearness"),
    "size": _("similar size"),
    "language": _("a common language"),
    "domains": _("domains of cooperation"),
}
"""What is compared, by the parameter that weighs it."""

USUAL = {"ties": 5, "region": 2, "size": 2, "language": 3, "domains": 2}
"""The weights where none are asked for."""

HEAVIEST = 5

MOST_TIES = 5
"""Ties to our partners from which on more make no difference."""

REACH_KM = 5_000

SPOKEN_BY = 20
"""Per cent of a country's people who speak a language, by CLDR, from which on it counts as spoken in its cities."""

NAMED = 6
"""Partners that are named as the reason; of more it is said how many."""


@cache
def _languages_of_country(code: str) -> frozenset[str]:
    spoken = get_territory_language_info(code)
    official = get_official_languages(code, de_facto=True)
    wide = (name for name, told in spoken.items() if told["population_percent"] >= SPOKEN_BY)
    return frozenset(name.split("_")[0] for name in (*official, *wide))


def languages_of(country: str, local: str) -> frozenset[str]:
    """The languages of a city: its own, and those that are official or widely spoken in its country, by CLDR."""
    return _languages_of_country(country) | {local.split("-")[0]} - {""}


@dataclass(frozen=True)
class Reason:
    """One ground on which a candidate was compared: what was found, in words, and what it adds to the score."""

    ground: str
    words: str
    share: float
    points: float
    """Per cent of the whole score that this ground gives."""

    @property
    def label(self) -> str:
        """What was compared."""
        return capfirst(GROUNDS[self.ground])

    @property
    def per_cent(self) -> int:
        """The share, in whole per cent."""
        return round(self.share * 100)


@dataclass(frozen=True)
class Candidate:
    """A city with its score in per cent and the reasons for it."""

    city: City
    score: float
    reasons: list[Reason]

    @property
    def per_cent(self) -> int:
        """The score, in whole per cent."""
        return round(self.score)

    @property
    def told(self) -> str:
        """The reasons that speak for it, a line each, as a note keeps them."""
        return "\n".join(f"{reason.label}: {reason.words}" for reason in self.reasons if reason.share)


class Candidates:
    """The candidates for `home`, the best first. `weights` are those of GROUNDS, `domains` the keys asked for (all if
    there are none), `cities` those to choose among.

    Costs five queries however many cities there are, and three more for those that are shown.
    """

    def __init__(self, home: City, weights: dict[str, int], domains: Iterable[str] = (), cities: Any = None) -> None:
        self.home, self.weights = home, weights
        self.partners_of = self._partners_by_city()
        self.domains_of = self._domains_by_partner()
        self.domains = set(domains) or set().union(*self.domains_of.values())
        self.languages = languages_of(home.country_id, home.language_local)
        everywhere = City.objects.all() if cities is None else cities
        self._shares = {facts.pk: self._compared(facts) for facts in everywhere.without_agreement().for_comparison()}

    def _partners_by_city(self) -> dict[int, list[int]]:
        """The keys of our partners to which each city is tied, by the city's key."""
        ours = set(Agreement.objects.standing().partner_keys())
        found = defaultdict(list)
        for one, other in Tie.objects.pairs():
            if one in ours:
                found[other].append(one)
            if other in ours:
                found[one].append(other)
        return found

    def _domains_by_partner(self) -> dict[int, set[str]]:
        """The keys of the domains in which we have agreed to cooperate with each partner, by the partner's key."""
        found = defaultdict(set)
        for partner, key in Agreement.objects.standing().domain_keys():
            found[partner].add(key)
        return found

    def _compared(self, city: Any) -> dict[str, float]:
        """The shares of a city, given by the columns of `CityQuerySet.for_comparison`."""
        partners = self.partners_of.get(city.pk, ())
        way = Way.between(self.home, city)
        sizes = sorted((city.population or 0, self.home.population or 0))
        shared = self.domains & set().union(*(self.domains_of[one] for one in partners))
        return {
            "ties": min(len(partners), MOST_TIES) / MOST_TIES,
            "region": max(0.0, 1 - way.km / REACH_KM) if way else 0.0,
            "size": sizes[0] / sizes[1] if sizes[0] else 0.0,
            "language": float(bool(self.languages & languages_of(city.country_id, city.language_local))),
            "domains": len(shared) / len(self.domains) if self.domains else 0.0,
        }

    def _score(self, shares: dict[str, float]) -> float:
        total = sum(self.weights.values())
        return sum(shares[name] * weight for name, weight in self.weights.items()) * 100 / total if total else 0.0

    def __len__(self) -> int:
        return len(self._shares)

    @cached_property
    def _ranked(self) -> list[int]:
        scores = {key: self._score(shares) for key, shares in self._shares.items()}
        return heapq.nsmallest(len(scores), scores, key=lambda key: (-scores[key], key))

    def __getitem__(self, wanted: slice) -> list[Candidate]:
        """Some of them, by rank, with their cities and reasons."""
        keys = self._ranked[wanted]
        partners = {one for key in keys for one in self.partners_of.get(key, ())}
        cities = City.objects.with_country().in_bulk([*keys, *partners])
        domains = {one.key: str(one.name) for one in Domain.objects.all()}
        return [self._candidate(cities[key], cities, domains) for key in keys]

    def common_sisters(self, at_most: int) -> list[tuple[City, list[City]]]:
        """The cities that are tied to most of our partners, ours among them, each with these partners by name.

        Those of one partner alone are none. Costs one query.
        """
        known = {key: keys for key, keys in self.partners_of.items() if len(keys) > 1 and key != self.home.pk}
        keys = heapq.nsmallest(at_most, known, key=lambda key: (-len(known[key]), key))
        cities = City.objects.with_country().in_bulk({*keys, *(one for key in keys for one in known[key])})
        return [
            (cities[key], sorted((cities[one] for one in known[key]), key=lambda one: one.alphabet)) for key in keys
        ]

    def of(self, city: City) -> Candidate | None:
        """One of them; None where the city is none."""
        if city.pk not in self._shares:
            return None
        position = self._ranked.index(city.pk)
        return self[position : position + 1][0]

    def _candidate(self, city: City, cities: dict[int, City], domains: dict[str, str]) -> Candidate:
        shares, total = self._shares[city.pk], sum(self.weights.values())
        partners = sorted((cities[key] for key in self.partners_of.get(city.pk, ())), key=lambda one: one.alphabet)
        words = {
            "ties": self._told_of_ties(partners),
            "region": self._told_of_region(city),
            "size": self._told_of_size(city),
            "language": self._told_of_language(city),
            "domains": self._told_of_domains(partners, domains),
        }
        reasons = [
            Reason(ground, words[ground], share, share * self.weights[ground] * 100 / total if total else 0.0)
            for ground, share in shares.items()
        ]
        return Candidate(city, self._score(shares), reasons)

    def _told_of_ties(self, partners: list[City]) -> str:
        if not partners:
            return gettext("no tie to a partner of ours is known")
        names = gettext(", ").join(str(one.name) for one in partners[:NAMED])
        if len(partners) > NAMED:
            names = gettext("%(names)s and others") % {"names": names}
        told = ngettext(
            "tied to %(count)s of our partners: %(names)s",
            "tied to %(count)s of our partners: %(names)s",
            len(partners),
        )
        return told % {"count": number(len(partners)), "names": names}

    def _told_of_region(self, city: City) -> str:
        way = Way.between(self.home, city)
        return way.from_place(str(self.home.name)) if way else gettext("where it lies is not recorded")

    def _told_of_size(self, city: City) -> str:
        if not (city.population and self.home.population):
            return (
                gettext("its population is not recorded") if self.home.population else gettext("ours is not recorded")
            )
        told = gettext("%(theirs)s people; %(home)s has %(ours)s")
        sizes = {"theirs": number(city.population), "ours": number(self.home.population)}
        return told % {**sizes, "home": self.home.name}

    def _told_of_language(self, city: City) -> str:
        shared = self.languages & languages_of(city.country_id, city.language_local)
        names = Locale(get_language()).languages
        known = sorted(names[code] for code in shared if code in names)
        if not known:
            return gettext("none is known")
        return gettext("spoken in both: %(languages)s") % {"languages": gettext(", ").join(known)}

    def _told_of_domains(self, partners: list[City], domains: dict[str, str]) -> str:
        shared = self.domains & set().union(*(self.domains_of[one.pk] for one in partners))
        if not shared:
            return gettext("none of those asked for")
        names = gettext(", ").join(name for key, name in domains.items() if key in shared)
        return gettext("those of our partners tied to it: %(domains)s") % {"domains": names}
