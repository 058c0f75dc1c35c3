"""Every question about what agreements rest on: domains, provisions, affinities, resolutions, memberships."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db.models import Count, F, OuterRef, Prefetch, Q, Subquery
from django.db.models.functions import Coalesce

from cities.querysets import matching
from partnerships.querysets.agreements import published
from sistercities.records import RecordQuerySet
from sistercities.text import fold_terms


def links_to(relation: Any, of: str) -> Coalesce:
    """How many rows a relation to many holds for the record, whose model the relation calls `of`."""
    links = relation.through.objects.filter(**{of: OuterRef("pk")}).order_by().values(of)
    return Coalesce(Subquery(links.annotate(times=Count("pk")).values("times")), 0)


class DomainQuerySet(RecordQuerySet):
    """Questions about domains of cooperation."""

    def with_agreement_count(self) -> "DomainQuerySet":
        """Annotated with `agreement_count`: the number of agreements in each, published or not."""
        return self.annotate(agreement_count=links_to(self.model.agreements, "domain"))

    def search(self, text: str) -> "DomainQuerySet":
        """Those of which every word of `text` stands in the name or the key."""
        return self.filter(matching(fold_terms(text), "search_text"))

    def with_published_count(self) -> "DomainQuerySet":
        """Annotated with `published_count`: the number of agreements in each that everybody may read."""
        counted = self.annotate(published_count=Count("agreements", filter=published("agreements__"), distinct=True))
        return counted.order_by("position", "key")  # Django forgets the usual order of what it groups


class ProvisionQuerySet(RecordQuerySet):
    """Questions about provisions of city plans."""

    def with_agreement_count(self) -> "ProvisionQuerySet":
        """Annotated with `agreement_count`: the number of agreements that serve each, published or not."""
        return self.annotate(agreement_count=links_to(self.model.agreements, "provision"))

    def with_published_count(self) -> "ProvisionQuerySet":
        """Annotated with `published_count`: the number of agreements serving each that everybody may read."""
        counted = self.annotate(published_count=Count("agreements", filter=published("agreements__"), distinct=True))
        return counted.order_by("position", "key")  # Django forgets the usual order of what it groups

    def with_published_agreements(self, at_most: int) -> "ProvisionQuerySet":
        """With the first `at_most` agreements serving each that everybody may read, as `published_agreements`."""
        agreements = self.model.agreements.rel.related_model.objects.published().with_partner().by_number()
        return self.prefetch_related(Prefetch("agreements", agreements[:at_most], to_attr="published_agreements"))

    def links_to(self, agreements: Iterable[int]) -> dict[int, list[int]]:
        """The keys of those of `agreements` (keys) that serve each of these, by the provision's key."""
        wanted, found = set(agreements), defaultdict(list)
        for provision, agreement in self.order_by("pk").values_list("pk", "agreements"):
            if agreement in wanted:
                found[provision].append(agreement)
        return found

    def with_public_memberships(self) -> "ProvisionQuerySet":
        """With those memberships serving each that everybody may read, as `public_memberships`."""
        memberships = self.model.memberships.rel.related_model.objects
        return self.prefetch_related(Prefetch("memberships", memberships.public(), to_attr="public_memberships"))

    def search(self, text: str) -> "ProvisionQuerySet":
        """Those of which every word of `text` stands in the plan, the article, the text or the key."""
        return self.filter(matching(fold_terms(text), "search_text"))


class MembershipQuerySet(RecordQuerySet):
    """Questions about memberships in international bodies."""

    def in_publication(self, *answers: str) -> "MembershipQuerySet":
        """Those that everybody may read ("yes") or may not ("no"), whichever is asked."""
        return self.filter(is_public__in=[answer == "yes" for answer in answers])

    def public(self) -> "MembershipQuerySet":
        """Those that everybody may read."""
        return self.filter(is_public=True)

    def with_provisions(self) -> "MembershipQuerySet":
        """With the provisions that each serves."""
        return self.prefetch_related("provisions")

    def search(self, text: str) -> "MembershipQuerySet":
        """Those of which every word of `text` stands in a name, the acronym, a note, the source or the key."""
        return self.filter(matching(fold_terms(text), "search_text"))


class AffinityQuerySet(RecordQuerySet):
    """Questions about affinities."""

    def search(self, text: str) -> "AffinityQuerySet":
        """Those of which every word of `text` stands in a name of the partner city."""
        return self.filter(matching(fold_terms(text), "partner__search_text"))


class ResolutionQuerySet(RecordQuerySet):
    """Questions about resolutions."""

    def with_agreement_count(self) -> "ResolutionQuerySet":
        """Annotated with `agreement_count`: the number of agreements that rest on each, published or not."""
        return self.annotate(agreement_count=links_to(self.model.agreements, "resolution"))

    def public(self) -> "ResolutionQuerySet":
        """Those on which at least one published agreement rests."""
        return self.filter(published("agreements__")).distinct()

    def search(self, text: str) -> "ResolutionQuerySet":
        """Those of which every word of `text` stands in the number, the title or the council's name."""
        return self.filter(matching(fold_terms(text), "search_text"))

    def with_published_agreements(self) -> "ResolutionQuerySet":
        """With those agreements resting on each that everybody may read, as `published_agreements`."""
        agreements = self.model.agreements.rel.related_model.objects
        return self.prefetch_related(
            Prefetch("agreements", agreements.published().with_partner().by_number(), to_attr="published_agreements")
        )

    def likely_same(self, resolution: Any) -> "ResolutionQuerySet":
        """Those with the number (or, without one, the title) of `resolution`, decided on what may be the same day."""
        same = Q(number=resolution.number) if resolution.number else Q(title_fa=resolution.title_fa)
        found = self.filter(same)
        if resolution.decided:
            first, last = resolution.decided.first, resolution.decided.last
            found = found.filter(Q(decided_first=None) | Q(decided_first__lte=last, decided_last__gte=first))
        return found.by_date()

    def beside(self, resolution: Any) -> "ResolutionQuerySet":
        """The ones recorded before and after `resolution`, as far as there are any, in this order."""
        before = self.filter(pk__lt=resolution.pk).order_by("-pk")[:1]
        after = self.filter(pk__gt=resolution.pk).order_by("pk")[:1]
        return self.model.objects.filter(Q(pk__in=before.values("pk")) | Q(pk__in=after.values("pk"))).order_by("pk")

    def by_date(self) -> "ResolutionQuerySet":
        """The newest decision first, undated ones last."""
        return self.order_by(F("decided_first").desc(nulls_last=True), F("decided_last").asc(nulls_last=True), "pk")
