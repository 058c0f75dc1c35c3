"""Every question about activities, commitments and notes."""

import datetime
from typing import Any

from django.db.models import Case, CharField, Exists, F, Max, OuterRef, Prefetch, Q, QuerySet, Value, When
from django.utils import timezone

from cities.querysets import matching
from partnerships.querysets.agreements import published
from sistercities.records import RecordQuerySet
from sistercities.text import fold_terms

OVERDUE = "overdue"


def commitment_public(path: str = "") -> Q:
    """The condition that everybody may read a commitment; `path` leads to it, as in "commitment__"."""
    return Q(**{f"{path}is_public": True}) & published(f"{path}agreement__")


class ActivityQuerySet(RecordQuerySet):
    """Questions about activities."""

    def published(self) -> "ActivityQuerySet":
        """Those that everybody may read: published, and under at least one agreement that is public."""
        links = self.model.agreements.through.objects.filter(activity=OuterRef("pk"))
        return self.filter(Exists(links.filter(published("agreement__"))), published_at__isnull=False)

    def cleared(self) -> "ActivityQuerySet":
        """Those that a manager has published, whatever their agreements: for the page of one agreement."""
        return self.filter(published_at__isnull=False)

    def with_agreements(self) -> "ActivityQuerySet":
        """With the agreements of each and their partners."""
        agreements = self.model.agreements.rel.model.objects.with_partner().by_number()
        return self.prefetch_related(Prefetch("agreements", agreements))

    def for_desk(self) -> "ActivityQuerySet":
        """The latest first, with what the office's pages tell of each beside its own columns."""
        return self.by_date().with_agreements().select_related("follows")

    def latest_under(self, agreements: QuerySet, count: int) -> list:
        """The latest `count` published ones under `agreements`, which are public, each with those as `shown_under`.

        One query: it reads the links between the two.
        """
        links = self.model.agreements.through.objects.filter(agreement__in=agreements.order_by().values("pk"))
        latest = self.cleared().under(agreements).by_date().values("pk")[:count]
        found: dict[int, Any] = {}
        for link in (
            links.filter(activity__in=latest)
            .select_related("activity", "agreement__partner")
            .order_by(
                F("activity__begun_first").desc(nulls_last=True),
                F("activity__begun_last").asc(nulls_last=True),
                "-activity_id",
                "agreement__number",
            )
        ):
            activity = found.setdefault(link.activity_id, link.activity)
            activity.shown_under = [*getattr(activity, "shown_under", []), link.agreement]
        return list(found.values())

    def likely_same(self, kind: str, agreements: Any, begun: Any) -> "ActivityQuerySet":
        """Those of the kind, under one of `agreements`, that may have begun on the same day as `begun` (or unknown)."""
        found = self.filter(kind=kind).under(agreements)
        undated = Q(begun_first__isnull=True)
        same = undated | Q(begun_first__lte=begun.last, begun_last__gte=begun.first) if begun else undated
        return found.filter(same).by_date()

    def by_date(self) -> "ActivityQuerySet":
        """The latest first, undated ones last."""
        return self.order_by(F("begun_first").desc(nulls_last=True), F("begun_last").asc(nulls_last=True), "-pk")

    def in_time(self) -> "ActivityQuerySet":
        """The earliest first, undated ones last."""
        return self.order_by(F("begun_first").asc(nulls_last=True), F("begun_last").asc(nulls_last=True), "pk")

    def under(self, agreements: QuerySet) -> "ActivityQuerySet":
        """Those under at least one of these agreements, each once."""
        links = self.model.agreements.through.objects.filter(activity=OuterRef("pk"))
        return self.filter(Exists(links.filter(agreement__in=agreements.order_by().values("pk"))))

    def latest_begun_by_agreement(self, agreements: QuerySet, until: datetime.date) -> dict[int, datetime.date]:
        """The last day on which anything can have begun under each of these agreements by `until`, by its key."""
        links = self.model.agreements.through.objects.filter(agreement__in=agreements.order_by().values("pk"))
        rows = links.filter(activity__begun_first__lte=until).values_list("agreement")
        return dict(rows.annotate(latest=Max("activity__begun_last")))

    def search(self, text: str) -> "ActivityQuerySet":
        """Those of which every word of `text` stands in a title, an account, a place, an outcome or a partner."""
        links = self.model.agreements.through.objects.filter(activity=OuterRef("pk"))
        found = self
        for term in fold_terms(text):
            with_partner = Exists(links.filter(agreement__partner__search_text__contains=term))
            found = found.filter(Q(search_text__contains=term) | with_partner)
        return found

    def in_domains(self, *keys: str) -> "ActivityQuerySet":
        """Those in one of the domains of cooperation, each once."""
        links = self.model.domains.through.objects
        return self.filter(Exists(links.filter(activity=OuterRef("pk"), domain__key__in=keys)))

    def with_domains(self) -> "ActivityQuerySet":
        """With the domains of cooperation of each."""
        return self.prefetch_related("domains")

    def in_publication(self, *answers: str) -> "ActivityQuerySet":
        """Those that a manager has published ("yes") or not ("no"), whichever is asked."""
        wanted = Q(pk__in=[])
        for answer in answers:
            wanted |= Q(published_at__isnull=answer == "no")
        return self.filter(wanted)

    def by_publication(self, descending: bool = False) -> "ActivityQuerySet":
        """What is not published first, then what was published earliest."""
        key = F("published_at")
        return self.order_by(key.desc(nulls_last=True) if descending else key.asc(nulls_first=True), "pk")


class CommitmentQuerySet(RecordQuerySet):
    """Questions about commitments."""

    def public(self) -> "CommitmentQuerySet":
        """Those that everybody may read: published, and of an agreement that is public."""
        return self.filter(commitment_public())

    def cleared(self) -> "CommitmentQuerySet":
        """Those that are published, whatever their agreement: for the page of one agreement."""
        return self.filter(is_public=True)

    def with_agreement(self) -> "CommitmentQuerySet":
        """With the agreement of each and its partner, in the same query."""
        return self.select_related("agreement__partner__country")

    def with_state(self, on: datetime.date | None = None) -> "CommitmentQuerySet":
        """Annotated with `state_on`: the status, or "overdue" while it is open and its day has certainly passed.

        The twin of `Commitment.state`; `on` is the day asked about, today unless given.
        """
        return self.annotate(
            state_on=Case(
                When(status="open", due_last__lt=on or timezone.localdate(), then=Value(OVERDUE)),
                default=F("status"),
                output_field=CharField(),
            )
        )

    def in_state(self, *states: str, on: datetime.date | None = None) -> "CommitmentQuerySet":
        """Those whose status, or "overdue", is one of `states` on the day `on` (today unless given)."""
        return self.with_state(on).filter(state_on__in=states)

    def in_order(self) -> "CommitmentQuerySet":
        """Those still open first, then by the day on which they are due, unknown days last."""
        is_settled = Case(When(status="open", then=0), default=1)
        return self.order_by(is_settled, F("due_last").asc(nulls_last=True), "pk")

    def for_desk(self) -> "CommitmentQuerySet":
        """In order, with the activity at which each was promised."""
        return self.in_order().select_related("activity")

    def of_agreements(self, agreements: QuerySet) -> "CommitmentQuerySet":
        """Those of these agreements."""
        return self.filter(agreement__in=agreements.order_by().values("pk"))

    def by_due(self) -> "CommitmentQuerySet":
        """By the day on which they are certainly due, undated ones last."""
        return self.order_by(F("due_last").asc(nulls_last=True), "pk")

    def open(self) -> "CommitmentQuerySet":
        """Those that are neither kept nor settled."""
        return self.filter(status="open")

    def due_between(self, first: datetime.date, last: datetime.date) -> "CommitmentQuerySet":
        """Those still open whose day can lie in the period, the earliest first."""
        within = self.open().filter(due_first__lte=last, due_last__gte=first)
        return within.order_by("due_first", "due_last", "pk")

    def overdue(self, on: datetime.date | None = None) -> "CommitmentQuerySet":
        """Those still open whose day has certainly passed on the day `on` (today unless given)."""
        return self.filter(status="open", due_last__lt=on or timezone.localdate())

    def search(self, text: str) -> "CommitmentQuerySet":
        """Those of which every word of `text` stands in the commitment or in its agreement's names."""
        columns = ("search_text", "agreement__search_text", "agreement__partner__search_text")
        return self.filter(matching(fold_terms(text), *columns))

    def in_publication(self, *answers: str) -> "CommitmentQuerySet":
        """Those that are published with their agreement ("yes") or not ("no"), whichever is asked."""
        return self.filter(is_public__in=[answer == "yes" for answer in answers])


class NoteQuerySet(RecordQuerySet):
    """Questions about notes."""

    def with_agreement(self) -> "NoteQuerySet":
        """With the agreement of each and its partner, in the same query."""
        return self.select_related("agreement__partner__country")

    def with_author(self) -> "NoteQuerySet":
        """With who wrote each, in the same query."""
        return self.select_related("written_by")

    def for_desk(self) -> "NoteQuerySet":
        """The newest first, with who wrote each."""
        return self.select_related("written_by").order_by("-created_at", "-pk")

    def search(self, text: str) -> "NoteQuerySet":
        """Those of which every word of `text` stands in the note or in its agreement's names."""
        columns = ("search_text", "agreement__search_text", "agreement__partner__search_text")
        return self.filter(matching(fold_terms(text), *columns))
