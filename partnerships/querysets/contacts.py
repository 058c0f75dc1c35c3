"""Every question about contacts. None of them is for a public page."""

import datetime
from typing import Any

from django.db.models import Case, Q, When
from django.utils import timezone

from cities.querysets import matching, spelt
from sistercities.records import RecordQuerySet
from sistercities.text import fold, fold_terms


class ContactQuerySet(RecordQuerySet):
    """Questions about contacts."""

    def in_office(self, on: datetime.date | None = None) -> "ContactQuerySet":
        """Those whose term has not certainly ended on the day `on` (today unless given)."""
        return self.filter(Q(until_last__isnull=True) | Q(until_last__gte=on or timezone.localdate()))

    def in_order(self) -> "ContactQuerySet":
        """Those in office first, of these the partner's own, the oldest record first; with the partner city."""
        is_former = Case(When(until_last__lt=timezone.localdate(), then=1), default=0)
        is_elsewhere = Case(When(kind="partner", then=0), default=1)
        return self.select_related("partner").order_by(is_former, is_elsewhere, "kind", "pk")

    def likely_same(self, contact: Any) -> "ContactQuerySet":
        """Those of the same city with a name or the e-mail address of `contact`, however written."""
        phrases = {fold(text) for text in (contact.name_fa, contact.name_en, contact.email)} - {""}
        return self.filter(spelt(phrases), partner=contact.partner_id) if phrases else self.none()

    def to_review(self, on: datetime.date | None = None) -> "ContactQuerySet":
        """Those to be looked at again by the day `on` (today unless given)."""
        return self.filter(review_on__lte=on or timezone.localdate())

    def without_person(self) -> "ContactQuerySet":
        """With the partner city and the day to look again alone: nothing personal is read."""
        columns = ("review_on", "version", "updated_at", "partner__slug", "partner__name_fa", "partner__name_en")
        return self.select_related("partner").only(*columns).order_by("review_on", "pk")

    def search(self, text: str) -> "ContactQuerySet":
        """Those of which every word of `text` stands in the contact or in a name of the partner city."""
        return self.filter(matching(fold_terms(text), "search_text", "partner__search_text"))

    def with_partner(self) -> "ContactQuerySet":
        """With the partner city of each, in the same query."""
        return self.select_related("partner")

    def in_terms(self, *terms: str) -> "ContactQuerySet":
        """Those in office today ("now") or certainly no more ("former"), whichever is asked."""
        now = self.model.objects.in_office().values("pk")
        wanted = Q(pk__in=[])
        for term in terms:
            wanted |= Q(pk__in=now) if term == "now" else ~Q(pk__in=now)
        return self.filter(wanted)

    def due_for_review(self, *_answers: str) -> "ContactQuerySet":
        """Those to be looked at again by today, as a filter asks for them."""
        return self.to_review()
