"""Every question about milestones and their kinds."""

from django.db.models import F, Q, QuerySet

from cities.querysets import matching
from partnerships.querysets.agreements import published
from sistercities.records import RecordQuerySet
from sistercities.text import fold_terms


def milestone_public(path: str = "") -> Q:
    """The condition that everybody may read a milestone; `path` leads to it, as in "milestone__"."""
    return Q(**{f"{path}kind__is_public": True}) & published(f"{path}agreement__")


class MilestoneKindQuerySet(RecordQuerySet):
    """Questions about kinds of milestones."""

    def search(self, text: str) -> "MilestoneKindQuerySet":
        """Those of which every word of `text` stands in the name, the usual authority, the text or the key."""
        return self.filter(matching(fold_terms(text), "search_text"))


class MilestoneQuerySet(RecordQuerySet):
    """Questions about milestones."""

    def public(self) -> "MilestoneQuerySet":
        """Those that everybody may read: of a published kind, and of an agreement that is public."""
        return self.filter(milestone_public())

    def with_kind(self) -> "MilestoneQuerySet":
        """With the kind of each, in the same query."""
        return self.select_related("kind")

    def with_agreement(self) -> "MilestoneQuerySet":
        """With the agreement of each and its partner, in the same query."""
        return self.select_related("agreement__partner__country")

    def status_changes(self) -> "MilestoneQuerySet":
        """Those that a verb made, whose day is known: they changed the status of their agreement."""
        return self.exclude(kind__verb="").filter(answered_first__isnull=False)

    def of_agreements(self, agreements: QuerySet) -> "MilestoneQuerySet":
        """Those of these agreements."""
        return self.filter(agreement__in=agreements.order_by().values("pk"))

    def by_day(self) -> "MilestoneQuerySet":
        """By the first possible day of the answer, then the more precise first, then as recorded."""
        return self.order_by(F("answered_first").asc(nulls_last=True), "answered_last", "pk")

    def search(self, text: str) -> "MilestoneQuerySet":
        """Those of which every word of `text` stands in the milestone, its kind or its agreement's names."""
        columns = ("search_text", "kind__search_text", "agreement__search_text", "agreement__partner__search_text")
        return self.filter(matching(fold_terms(text), *columns))
