"""Every question about milestones and their kinds."""

import datetime

from django.db.models import Case, CharField, Count, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone

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

    def in_use(self, *answers: str) -> "MilestoneKindQuerySet":
        """Those that checklists offer ("yes") or do not ("no"), whichever is asked."""
        return self.filter(is_active__in=[answer == "yes" for answer in answers])

    def in_publication(self, *answers: str) -> "MilestoneKindQuerySet":
        """Those whose milestones everybody may read ("yes") or may not ("no"), whichever is asked."""
        return self.filter(is_public__in=[answer == "yes" for answer in answers])

    def with_milestone_count(self) -> "MilestoneKindQuerySet":
        """Annotated with `milestone_count`: how many milestones are of each kind."""
        own = self.model.milestones.rel.related_model.objects.filter(kind=OuterRef("pk")).order_by().values("kind")
        return self.annotate(milestone_count=Coalesce(Subquery(own.annotate(times=Count("pk")).values("times")), 0))


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

    def with_standing(self, on: datetime.date | None = None) -> "MilestoneQuerySet":
        """Annotated with `standing_on`, the twin of `Milestone.standing` on the day `on` (today unless given)."""
        on = on or timezone.localdate()
        kinds = self.model.kind.field.related_model.objects.exclude(patience_days=None).order_by()
        late = Q(sent_first__isnull=True, planned_last__lt=on)
        for days in kinds.values_list("patience_days", flat=True).distinct():
            late |= Q(kind__patience_days=days, sent_last__lt=on - datetime.timedelta(days=days))
        return self.annotate(
            standing_on=Case(
                When(~Q(outcome=""), then=Value("done")),
                When(late, then=Value("overdue")),
                When(sent_first__isnull=False, then=Value("waiting")),
                default=Value("open"),
                output_field=CharField(),
            )
        )

    def in_standing(self, *standings: str) -> "MilestoneQuerySet":
        """Those that stand today as one of `standings` says."""
        return self.with_standing().filter(standing_on__in=standings)
