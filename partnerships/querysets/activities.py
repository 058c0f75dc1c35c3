"""Every question about activities, commitments and notes."""

import datetime

from django.db.models import Exists, F, Max, OuterRef, Q, QuerySet
from django.utils import timezone

from cities.querysets import matching
from partnerships.querysets.agreements import published
from sistercities.records import RecordQuerySet
from sistercities.text import fold_terms


def commitment_public(path: str = "") -> Q:
    """The condition that everybody may read a commitment; `path` leads to it, as in "commitment__"."""
    return Q(**{f"{path}is_public": True}) & published(f"{path}agreement__")


class ActivityQuerySet(RecordQuerySet):
    """Questions about activities."""

    def published(self) -> "ActivityQuerySet":
        """Those that everybody may read: published, and under at least one agreement that is public."""
        links = self.model.agreements.through.objects.filter(activity=OuterRef("pk"))
        return self.filter(Exists(links.filter(published("agreement__"))), published_at__isnull=False)

    def by_date(self) -> "ActivityQuerySet":
        """The latest first, undated ones last."""
        return self.order_by(F("begun_first").desc(nulls_last=True), F("begun_last").asc(nulls_last=True), "-pk")

    def in_time(self) -> "ActivityQuerySet":
        """The earliest first, undated ones last."""
        return self.order_by(F("begun_first").asc(nulls_last=True), F("begun_last").asc(nulls_last=True), "pk")

    def begun_possibly_within(self, first: datetime.date, last: datetime.date) -> "ActivityQuerySet":
        """Those that can have begun in the period."""
        return self.filter(begun_first__lte=last, begun_last__gte=first)

    def under(self, agreements: QuerySet) -> "ActivityQuerySet":
        """Those under at least one of these agreements, each once."""
        links = self.model.agreements.through.objects.filter(activity=OuterRef("pk"))
        return self.filter(Exists(links.filter(agreement__in=agreements.order_by().values("pk"))))

    def with_links(self) -> "ActivityQuerySet":
        """With the domains of each, and its agreements with their partners."""
        return self.prefetch_related("domains", "agreements__partner")

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

    def with_agreement(self) -> "CommitmentQuerySet":
        """With the agreement of each and its partner, in the same query."""
        return self.select_related("agreement__partner__country")

    def of_agreements(self, agreements: QuerySet) -> "CommitmentQuerySet":
        """Those of these agreements."""
        return self.filter(agreement__in=agreements.order_by().values("pk"))

    def by_due(self) -> "CommitmentQuerySet":
        """By the day on which they are certainly due, undated ones last."""
        return self.order_by(F("due_last").asc(nulls_last=True), "pk")

    def open(self) -> "CommitmentQuerySet":
        """Those that are neither kept nor settled."""
        return self.filter(status="open")

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

    def search(self, text: str) -> "NoteQuerySet":
        """Those of which every word of `text` stands in the note or in its agreement's names."""
        columns = ("search_text", "agreement__search_text", "agreement__partner__search_text")
        return self.filter(matching(fold_terms(text), *columns))
