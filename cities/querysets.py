"""Every question about the world's cities, by name."""

import datetime
from collections.abc import Container, Iterable
from functools import reduce
from itertools import chain, count
from operator import or_

from django.db.models import Case, Count, Exists, F, IntegerField, OuterRef, Prefetch, Q, QuerySet, Subquery, When
from django.db.models.functions import Coalesce
from django.utils.text import slugify
from django.utils.translation import get_language

from sistercities.long_work import LongWorkQuerySet
from sistercities.records import RecordQuerySet
from sistercities.text import fold, fold_terms

SLUG_LENGTH = 70
"""Characters of a city's name that its address takes; the column has room for a number behind them."""

ON_A_MAP = ("country", "name_fa", "name_en", "slug", "latitude", "longitude", "population")
"""The columns of a city that a map or a card reads."""

OF_AN_AGREEMENT = ("partner", "number", "kind", "signed", "verification")
"""The columns of an agreement that a map or a card reads."""


def matching(terms: list[str], *columns: str) -> Q:
    """The condition that every one of the folded `terms` stands in one of the search `columns`."""
    condition = Q()
    for term in terms:
        anywhere = Q()
        for column in columns:
            anywhere |= Q(**{f"{column}__contains": term})
        condition &= anywhere
    return condition


def spelt(phrases: Iterable[str]) -> Q:
    """The condition that one of the folded `phrases` is a whole line of the search text."""
    condition = Q()
    for phrase in phrases:
        condition |= Q(search_text=phrase)
        condition |= Q(search_text__startswith=f"{phrase}\n")
        condition |= Q(search_text__endswith=f"\n{phrase}")
        condition |= Q(search_text__contains=f"\n{phrase}\n")
    return condition


def nearness(text: str) -> Case:
    """How near a name of a record is to `text`: 0 is called exactly so, 1 begins so, 2 has it somewhere."""
    phrase = fold(text)
    begins = Q(search_text__startswith=phrase) | Q(search_text__contains=f"\n{phrase}")
    return Case(When(spelt([phrase]), then=0), When(begins, then=1), default=2, output_field=IntegerField())


def slug_wanted(*names: str) -> str:
    """The end of an address, made of the first of `names` that can be written in Latin letters."""
    readings = (slugify(" ".join(fold_terms(name.replace("-", " ")))) for name in names)
    return next(filter(None, readings), "city")[:SLUG_LENGTH]


def free(wanted: str, taken: Container[str]) -> str:
    """`wanted`, or with the first number behind it by which it is none of those that are taken."""
    return next(slug for slug in chain([wanted], (f"{wanted}-{number}" for number in count(2))) if slug not in taken)


class CountryQuerySet(RecordQuerySet):
    """Questions about countries."""

    def search(self, text: str) -> "CountryQuerySet":
        """Countries of which every word of `text` stands in a name or the code."""
        return self.filter(matching(fold_terms(text), "search_text"))

    def public(self) -> "CountryQuerySet":
        """Those with a city that has a page."""
        cities = self.model.cities.rel.related_model.objects
        return self.filter(Exists(cities.public().filter(country=OuterRef("pk"))))

    def with_partner_count(self) -> "CountryQuerySet":
        """Annotated with `partner_count`: the number of cities in each that have a page."""
        cities = self.model.cities.rel.related_model.objects.public()
        return self.annotate(partner_count=Count("cities", filter=Q(cities__in=cities)))

    def with_cities(self) -> "CountryQuerySet":
        """Those of which a city is recorded."""
        return self.filter(Exists(self.model.cities.rel.related_model.objects.filter(country=OuterRef("pk"))))

    def alphabetical(self) -> "CountryQuerySet":
        """In the order of the reader's language."""
        return self.order_by(f"sort_{get_language()}", "code")


class CityQuerySet(RecordQuerySet):
    """Questions about cities."""

    def home(self):
        """The home city, or None before one is chosen."""
        return self.filter(is_home=True).first()

    def partners(self) -> "CityQuerySet":
        """Every city but the home city."""
        return self.filter(is_home=False)

    def in_countries(self, *codes: str) -> "CityQuerySet":
        """Those in one of the countries."""
        return self.filter(country__in=codes)

    def with_agreement_count(self) -> "CityQuerySet":
        """Annotated with `agreement_count`: the number of agreements with each, published or not."""
        own = self._agreements().filter(partner=OuterRef("pk")).order_by().values("partner")
        return self.annotate(agreement_count=Coalesce(Subquery(own.annotate(times=Count("pk")).values("times")), 0))

    def public(self) -> "CityQuerySet":
        """Those with an agreement that everybody may read: the cities that have a page."""
        return self.filter(Exists(self._agreements().published().filter(partner=OuterRef("pk"))))

    def of_agreements(self, agreements: QuerySet) -> "CityQuerySet":
        """Those that one of `agreements` is with."""
        return self.filter(pk__in=agreements.order_by().values("partner"))

    def with_published_agreements(self) -> "CityQuerySet":
        """With those agreements of each that everybody may read, by number, as `published_agreements`."""
        agreements = self._agreements().published().by_number()
        return self.prefetch_related(Prefetch("agreements", agreements, to_attr="published_agreements"))

    def with_latest_change(self) -> "CityQuerySet":
        """Those with a page, with when the newest change of their published agreements was made: `latest_change`."""
        agreements = self._agreements().published().filter(partner=OuterRef("pk")).by_change()
        return self.annotate(latest_change=Subquery(agreements.values("updated_at")[:1]))

    def _agreements(self) -> QuerySet:
        # Asked of the relation: the world's cities do not know the register that names them.
        return self.model.agreements.rel.related_model.objects

    def for_maps(self) -> "CityQuerySet":
        """With no more of each than a map or a card tells; the largest first."""
        return self.only(*ON_A_MAP).order_by(F("population").desc(nulls_last=True), "pk")

    def with_kinds(self) -> "CityQuerySet":
        """As `with_published_agreements`, but with no more of each agreement than a map or a card tells."""
        agreements = self._agreements().published().by_number().only(*OF_AN_AGREEMENT)
        return self.prefetch_related(Prefetch("agreements", agreements, to_attr="published_agreements"))

    def without_agreement(self) -> "CityQuerySet":
        """Every city with which no agreement is recorded, whatever its status, save the home city."""
        return self.partners().filter(~Exists(self._agreements().filter(partner=OuterRef("pk"))))

    def for_comparison(self):
        """The columns by which candidates are compared, as rows with their names, the key first."""
        columns = ("pk", "country_id", "latitude", "longitude", "population", "language_local")
        return self.order_by("pk").values_list(*columns, named=True)

    def in_continents(self, *codes: str) -> "CityQuerySet":
        """Those in a country of one of the continents."""
        return self.filter(country__continent__in=codes)

    def with_country(self) -> "CityQuerySet":
        """With the country of each, in the same query."""
        return self.select_related("country")

    def with_photo(self) -> "CityQuerySet":
        """Annotated with `photo_columns`, what a page tells of the photo of each; see `City.photo`."""
        versions = self.model.documents.rel.related_model.versions.rel.related_model.objects
        return self.annotate(photo_columns=versions.photo_of_city(OuterRef("pk")))

    def search(self, text: str) -> "CityQuerySet":
        """Cities of which every word of `text` stands in some name, whatever the script or spelling."""
        return self.filter(matching(fold_terms(text), "search_text"))

    def suggest(self, text: str) -> "CityQuerySet":
        """Those that `search` finds: first those called exactly so, then those whose name begins so."""
        return self.search(text).annotate(rank=nearness(text)).order_by("rank", f"sort_{get_language()}", "pk")

    def alphabetical(self) -> "CityQuerySet":
        """In the order of the reader's language, the same on every database."""
        return self.order_by(f"sort_{get_language()}", "pk")

    def tied(self) -> "CityQuerySet":
        """Those of which a tie is known."""
        ties = self._ties()
        return self.filter(Exists(ties.filter(one=OuterRef("pk"))) | Exists(ties.filter(other=OuterRef("pk"))))

    def sisters_of(self, city) -> "CityQuerySet":
        """Those that a tie joins to `city`."""
        ties = self._ties()
        here, there = ties.filter(one=city, other=OuterRef("pk")), ties.filter(other=city, one=OuterRef("pk"))
        return self.filter(Exists(here) | Exists(there))

    def with_tie_count(self) -> "CityQuerySet":
        """Annotated with `tie_count`: how many ties are known of each."""

        def times(end: str) -> Coalesce:
            own = self._ties().filter(**{end: OuterRef("pk")}).order_by().values(end)
            return Coalesce(Subquery(own.annotate(times=Count("pk")).values("times")), 0)

        return self.annotate(tie_count=times("one") + times("other"))

    def suggest_tied(self, text: str) -> "CityQuerySet":
        """As `suggest`, but of those that a tie is known of, and among those as near to `text` the best tied first."""
        found = self.tied().with_tie_count().suggest(text)
        return found.order_by("rank", "-tie_count", f"sort_{get_language()}", "pk")

    def by_tie_count(self) -> "CityQuerySet":
        """Those with the most ties first; see `with_tie_count`."""
        return self.order_by("-tie_count", f"sort_{get_language()}", "pk")

    def spots(self) -> list[tuple]:
        """What a map of the world says of each, as named tuples: key, country, degrees, names, end of address."""
        columns = ("pk", "country_id", "latitude", "longitude", "name_fa", "name_en", "slug")
        return list(self.order_by().values_list(*columns, named=True))

    def _ties(self) -> QuerySet:
        return self.model.ties_as_one.rel.related_model.objects.order_by()

    def without_relations(self) -> "CityQuerySet":
        """Those on which nothing rests: no agreement, tie, contact, document or whatever else refers to a city."""
        relations = [one for one in self.model._meta.related_objects if not one.hidden]
        return self.exclude(is_home=True).exclude(
            reduce(
                or_,
                (
                    Exists(one.related_model._base_manager.filter(**{one.field.name: OuterRef("pk")}))
                    for one in relations
                ),
            )
        )

    def called(self, names: Iterable[str]) -> "CityQuerySet":
        """Cities that bear one of `names` in some spelling, whatever the script."""
        phrases = {fold(name) for name in names} - {""}
        return self.filter(spelt(phrases)) if phrases else self.none()

    def free_slug(self, *names: str) -> str:
        """The end of an address that no city has, made of the first of `names` that can be written in Latin letters."""
        wanted = slug_wanted(*names)
        return free(wanted, set(self.model.objects.filter(slug__startswith=wanted).values_list("slug", flat=True)))


class PlaceQuerySet(QuerySet):
    """Questions about the gazetteer."""

    def suggest(self, text: str) -> "PlaceQuerySet":
        """Places of the names in `text`, the name of a country among them if need be.

        First those called exactly so, then those whose name begins so, each by population.
        """
        terms = fold_terms(text)
        if not terms:
            return self.none()
        return (
            self.filter(matching(terms[:1], "search_text"), matching(terms[1:], "search_text", "country__search_text"))
            .annotate(rank=nearness(text))
            .select_related("country")
            .order_by("rank", "-population", "geonames_id")
        )


class TieSourceQuerySet(RecordQuerySet):
    """Questions about the lists that ties come from."""

    def search(self, text: str) -> "TieSourceQuerySet":
        """Those of which every word of `text` stands in a title, the address or the licence."""
        found = self
        for word in text.split():
            named = Q(title_fa__icontains=word) | Q(title_en__icontains=word)
            found = found.filter(named | Q(url__icontains=word) | Q(licence__icontains=word))
        return found

    def with_tie_count(self) -> "TieSourceQuerySet":
        """Annotated with `tie_count`: how many ties rest on each."""
        return self.annotate(tie_count=Count("ties"))

    def the_one(self, stored: bool, **values):
        """The list of which all this is said, so that a run that was stopped finds it again; recorded now if it is not.

        Unless it is to be `stored` it stays a mere object. Raises ValidationError for what a list must not say.
        """
        found = self.filter(**values).first() if stored else None
        if found is None:
            found = self.model(**values)
            found.full_clean()
            if stored:
                found.save()
        return found

    def in_use(self) -> "TieSourceQuerySet":
        """Those on which a tie rests, each annotated with `tie_count`; the one with most first."""
        return self.with_tie_count().filter(tie_count__gt=0).order_by("-tie_count", "pk")


class TieQuerySet(RecordQuerySet):
    """Questions about the network of ties."""

    def of(self, *cities) -> "TieQuerySet":
        """Those of any of these cities."""
        return self.filter(Q(one__in=cities) | Q(other__in=cities))

    def with_cities(self) -> "TieQuerySet":
        """With both cities of each and their countries, in the same query."""
        return self.select_related("one__country", "other__country")

    def with_source(self) -> "TieQuerySet":
        """With the list that each comes from, in the same query."""
        return self.select_related("source")

    def with_pages(self) -> "TieQuerySet":
        """Annotated with whether its cities have a page: `one_is_public`, `other_is_public`."""
        # Asked of the relation: the world's cities do not know the register that names them.
        agreements = self.model.one.field.related_model.agreements.rel.related_model.objects.published()
        return self.annotate(
            one_is_public=Exists(agreements.filter(partner=OuterRef("one"))),
            other_is_public=Exists(agreements.filter(partner=OuterRef("other"))),
        )

    def facts(self) -> list[tuple[int, int, datetime.date | None, datetime.date | None]]:
        """What is counted of each: the keys of its two cities, and the first and last day on which it can begin."""
        return list(self.order_by("pk").values_list("one_id", "other_id", "since_first", "since_last"))

    def pairs(self):
        """The keys of the two cities of each."""
        return self.order_by("pk").values_list("one_id", "other_id")

    def within(self, cities: QuerySet) -> "TieQuerySet":
        """Those of which both cities are in `cities`."""
        return self.filter(one__in=cities.order_by().values("pk"), other__in=cities.order_by().values("pk"))

    def written(self) -> "TieQuerySet":
        """As a file has them: with cities, countries and source, in the order in which they were recorded."""
        return self.with_cities().with_source().order_by("pk")

    def search(self, text: str) -> "TieQuerySet":
        """Those of which every word of `text` stands in a name of one of the two cities, or of its country."""
        return self.filter(matching(fold_terms(text), "one__search_text", "other__search_text"))

    def in_countries(self, *codes: str) -> "TieQuerySet":
        """Those of which one of the two cities lies in one of the countries."""
        return self.filter(Q(one__country__in=codes) | Q(other__country__in=codes))


class TieImportQuerySet(LongWorkQuerySet):
    """Questions about lists of ties that were sent."""

    def with_people(self) -> "TieImportQuerySet":
        """With who sent each, and the source that it became."""
        return self.select_related("created_by", "source", "country")
