"""Every question about milestones and their kinds."""

import datetime
from typing import TYPE_CHECKING

from django.db.models import Case, CharField, Count, F, OuterRef, Prefetch, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from cities.querysets import matching
from partnerships.querysets.agreements import published
from sistercities.records import RecordQuerySet
from sistercities.text import fold_terms

if TYPE_CHECKING:
    from partnerships.models import Agreement


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

    def active(self) -> "MilestoneKindQuerySet":
        """Those that checklists offer."""
        return self.filter(is_active=True)

    def applying_to(self, agreement_kind: str) -> "MilestoneKindQuerySet":
        """Those that an agreement of this kind takes: those for all kinds, and those that name it."""
        # No code of a kind is a part of another one, so that the words need not be told apart.
        return self.filter(Q(agreement_kinds="") | Q(agreement_kinds__contains=agreement_kind))

    def checklist(self, agreement: "Agreement") -> "MilestoneKindQuerySet":
        """The checklist of an agreement: each kind that it takes or has taken, in order, with those in `steps`.

        Two queries. What is not in use any more, not for agreements of this kind, or may befall an agreement but is
        no task (suspension, end …), stands there only with the milestones that the agreement has of it.
        """
        own = agreement.milestones.in_time()
        tasks = self.model.objects.active().applying_to(agreement.kind).filter(verb__in=["", "sign", "renew"])
        offered = Q(pk__in=tasks.values("pk"))
        taken = Q(pk__in=own.order_by().values("kind"))
        return self.filter(offered | taken).prefetch_related(Prefetch("milestones", own, to_attr="steps"))


class MilestoneQuerySet(RecordQuerySet):
    """Questions about milestones."""

    def public(self) -> "MilestoneQuerySet":
        """Those that everybody may read: of a published kind, and of an agreement that is public."""
        return self.filter(milestone_public())

    def open(self) -> "MilestoneQuerySet":
        """Those without an outcome yet: planned, begun or waiting for an answer."""
        return self.filter(outcome="")

    def waiting(self, on: datetime.date | None = None) -> "MilestoneQuerySet":
        """Those sent by the day `on` (today) of a kind whose answer is waited for, and which has not come."""
        return self.open().filter(kind__patience_days__isnull=False, sent_first__lte=on or timezone.localdate())

    def waiting_long(self, on: datetime.date | None = None) -> "MilestoneQuerySet":
        """Those of them that have certainly waited for more days than their kind is given, the longest first."""
        on = on or timezone.localdate()
        waiting = self.waiting(on)
        given = set(waiting.order_by().values_list("kind__patience_days", flat=True))
        past = Q(pk__in=())
        for days in given:
            past |= Q(kind__patience_days=days, sent_last__lt=on - datetime.timedelta(days=days))
        return waiting.filter(past).order_by("sent_last", "pk")

    def told(self) -> "MilestoneQuerySet":
        """Those that the chronicle of their agreement tells whoever may read that: of a published kind, and over."""
        return self.filter(kind__is_public=True).exclude(outcome__in=["", "not_needed"]).with_kind().order_by("pk")

    def in_time(self) -> "MilestoneQuerySet":
        """The earliest first, by the day on which each was done, else begun, else planned; undated ones last."""
        day = Coalesce("answered_first", "sent_first", "planned_first")
        return self.order_by(day.asc(nulls_last=True), "pk")

    def with_kind(self) -> "MilestoneQuerySet":
        """With the kind of each, in the same query."""
        return self.select_related("kind")

    def with_agreement(self) -> "MilestoneQuerySet":
        """With the agreement of each and its partner, in the same query."""
        return self.select_related("agreement__partner__country")

    def status_changes(self) -> "MilestoneQuerySet":
        """Those of a verb's kind, whose day is known: they changed the status of their agreement.

        What was refused, or not needed after all, changed nothing.
        """
        carried_out = self.filter(outcome__in=["done", "approved", "conditional"], answered_first__isnull=False)
        return carried_out.exclude(kind__verb="")

    def left_by(self, verb: str) -> "MilestoneQuerySet":
        """Those that the verb itself has left, the latest last: they know the status that was before it."""
        known = self.filter(kind__verb=verb).exclude(status_before="")
        return known.order_by(F("answered_first").asc(nulls_first=True), "pk")

    def of_agreements(self, agreements: QuerySet) -> "MilestoneQuerySet":
        """Those of these agreements."""
        return self.filter(agreement__in=agreements.order_by().values("pk"))

    def by_day(self) -> "MilestoneQuerySet":
        """By the first possible day of the answer, then the more precise first, then as recorded."""
        return self.order_by(F("answered_first").asc(nulls_last=True), "answered_last", "pk")

    def planned_between(self, first: datetime.date, last: datetime.date) -> "MilestoneQuerySet":
        """Those planned for what can be a day of the period and not done yet, the earliest first.

        Of one that is sent, where an answer is waited for, the plan is fulfilled: see `waiting_long`.
        """
        open_in = self.filter(outcome="", planned_first__lte=last, planned_last__gte=first)
        unsent = Q(sent_first__isnull=True) | Q(kind__patience_days__isnull=True)
        return open_in.filter(unsent).order_by("planned_first", "planned_last", "pk")

    def search(self, text: str) -> "MilestoneQuerySet":
        """Those of which every word of `text` stands in the milestone, its kind or its agreement's names."""
        columns = ("search_text", "kind__search_text", "agreement__search_text", "agreement__partner__search_text")
        return self.filter(matching(fold_terms(text), *columns))

    def with_standing(self) -> "MilestoneQuerySet":
        """Annotated with `standing_today`, the twin of `Milestone.standing`."""
        today = timezone.localdate()
        begun, planned = Q(sent_first__lte=today), Q(sent="", planned_first__isnull=False)
        return self.annotate(
            standing_today=Case(
                When(outcome__in=["conditional", "refused", "not_needed"], then=F("outcome")),
                When(~Q(outcome=""), then=Value("done")),
                When(begun & Q(kind__patience_days__isnull=True), then=Value("begun")),
                When(Q(pk__in=self.model.objects.waiting_long().values("pk")), then=Value("waiting_long")),
                When(begun, then=Value("waiting")),
                When(planned & Q(planned_last__lt=today), then=Value("overdue")),
                When(planned, then=Value("planned")),
                default=Value("noted"),
                output_field=CharField(),
            )
        )

    def in_standing(self, *standings: str) -> "MilestoneQuerySet":
        """Those that stand today as one of `standings` says."""
        return self.with_standing().filter(standing_today__in=standings)
