"""Every question about our relationships, by name."""

import datetime

from django.db.models import Case, Count, F, Max, Q, QuerySet, Value, When
from django.db.models.fields import BooleanField, CharField
from django.utils import timezone
from django.utils.translation import get_language

from cities.querysets import matching
from sistercities.records import RecordQuerySet
from sistercities.text import fold_terms

EXPIRED = "expired"


def published(path: str = "") -> Q:
    """The condition that an agreement is published and not withdrawn; `path` leads to it, as in "agreement__"."""
    return Q(**{f"{path}published_at__isnull": False, f"{path}withdrawn_at__isnull": True})


class DomainQuerySet(RecordQuerySet):
    """Questions about domains of cooperation."""

    def search(self, text: str) -> "DomainQuerySet":
        """Those of which every word of `text` stands in the name or the key."""
        return self.filter(matching(fold_terms(text), "search_text"))


class ProvisionQuerySet(RecordQuerySet):
    """Questions about provisions of city plans."""

    def search(self, text: str) -> "ProvisionQuerySet":
        """Those of which every word of `text` stands in the plan, the article, the text or the key."""
        return self.filter(matching(fold_terms(text), "search_text"))


class AffinityQuerySet(RecordQuerySet):
    """Questions about affinities."""

    def search(self, text: str) -> "AffinityQuerySet":
        """Those of which every word of `text` stands in a name of the partner city."""
        return self.filter(matching(fold_terms(text), "partner__search_text"))


class AgreementQuerySet(RecordQuerySet):
    """Questions about agreements. Nothing is hidden by default: public code asks for `published()`."""

    def published(self) -> "AgreementQuerySet":
        """Those that everybody may read: published and not withdrawn."""
        return self.filter(published())

    def drafts(self) -> "AgreementQuerySet":
        """Those never published."""
        return self.filter(published_at__isnull=True)

    def withdrawn(self) -> "AgreementQuerySet":
        """Those published once and taken down."""
        return self.filter(withdrawn_at__isnull=False)

    def with_partner(self) -> "AgreementQuerySet":
        """With the partner city and its country, in the same query."""
        return self.select_related("partner__country")

    def with_state(self, on: datetime.date | None = None) -> "AgreementQuerySet":
        """Annotated with `state_on`: the status, or "expired" where an agreement in force has certainly run out.

        The twin of `Agreement.state`; `on` is the day asked about, today unless given.
        """
        on = on or timezone.localdate()
        return self.annotate(
            state_on=Case(
                When(status="in_force", expires_last__lt=on, then=Value(EXPIRED)),
                default=F("status"),
                output_field=CharField(),
            )
        )

    def in_state(self, *states: str, on: datetime.date | None = None) -> "AgreementQuerySet":
        """Those whose status, or "expired", is one of `states` on the day `on` (today unless given)."""
        return self.with_state(on).filter(state_on__in=states)

    def in_force(self, on: datetime.date | None = None) -> "AgreementQuerySet":
        """Those in force and not certainly expired on the day `on` (today unless given)."""
        return self.in_state("in_force", on=on)

    def search(self, text: str) -> "AgreementQuerySet":
        """Those of which every word of `text` stands in a name, a title, a summary or a name of the partner city."""
        return self.filter(matching(fold_terms(text), "search_text", "partner__search_text"))

    def signed_possibly_within(self, first: datetime.date, last: datetime.date) -> "AgreementQuerySet":
        """Those whose date of signing can lie in the period, annotated with `signed_certainly`: whether it must."""
        return self.filter(signed_first__lte=last, signed_last__gte=first).annotate(
            signed_certainly=Case(
                When(signed_first__gte=first, signed_last__lte=last, then=Value(True)),
                default=Value(False),
                output_field=BooleanField(),
            )
        )

    def signed_certainly_within(self, first: datetime.date, last: datetime.date) -> "AgreementQuerySet":
        """Those whose date of signing lies in the period whichever of its possible days it is."""
        return self.filter(signed_first__gte=first, signed_last__lte=last)

    def alphabetical(self, descending: bool = False) -> "AgreementQuerySet":
        """By the partner's name in the order of the reader's language, then by number."""
        key = F(f"partner__sort_{get_language()}")
        return self.order_by(key.desc() if descending else key.asc(), "number")

    def by_country(self) -> "AgreementQuerySet":
        """By the partner's country, then its name, in the order of the reader's language."""
        language = get_language()
        return self.order_by(f"partner__country__sort_{language}", f"partner__sort_{language}", "number")

    def by_number(self, descending: bool = False) -> "AgreementQuerySet":
        """By register number."""
        return self.order_by("-number" if descending else "number")

    def by_signing(self, descending: bool = False) -> "AgreementQuerySet":
        """By the first possible day of signing, then the more precise first, then number; unknown dates last."""
        first, last = F("signed_first"), F("signed_last")
        if descending:
            return self.order_by(first.desc(nulls_last=True), last.asc(nulls_last=True), "number")
        return self.order_by(first.asc(nulls_last=True), last.asc(nulls_last=True), "number")

    def likely_same(self, partner: int, kind: str) -> "AgreementQuerySet":
        """Those with the same partner (its key) and kind that have not ended: the likely duplicates of a new one."""
        return self.filter(partner=partner, kind=kind).exclude(status="ended")

    def latest_change(self) -> datetime.datetime | None:
        """When the newest change of any of these was made; None when there are none."""
        return self.aggregate(latest=Max("updated_at"))["latest"]

    def count_by(self, column: str) -> dict[str, int]:
        """How many there are of each value of `column` (a field, a relation's field, or `state_on`)."""
        rows = self.order_by().values_list(column).annotate(number=Count("pk", distinct=True))
        return {value: number for value, number in rows if value is not None}


class SourceQuerySet(RecordQuerySet):
    """Questions about sources."""

    def search(self, text: str) -> "SourceQuerySet":
        """Those of which every word of `text` stands in the source itself or in its agreement's names."""
        columns = ("search_text", "agreement__search_text", "agreement__partner__search_text")
        return self.filter(matching(fold_terms(text), *columns))

    def supporting(self) -> "SourceQuerySet":
        """Those that say what the record says."""
        return self.filter(stance="supports")

    def newest_first(self) -> "SourceQuerySet":
        """By date of the source, the newest first, undated ones last."""
        return self.order_by(F("issued_first").desc(nulls_last=True), "pk")

    def of_published(self) -> "SourceQuerySet":
        """Those of agreements that everybody may read."""
        return self.filter(published("agreement__"))


class ResolutionQuerySet(RecordQuerySet):
    """Questions about resolutions."""

    def public(self) -> "ResolutionQuerySet":
        """Those on which at least one published agreement rests."""
        return self.filter(published("agreements__")).distinct()

    def search(self, text: str) -> "ResolutionQuerySet":
        """Those of which every word of `text` stands in the number, the title or the council's name."""
        return self.filter(matching(fold_terms(text), "search_text"))

    def by_date(self) -> "ResolutionQuerySet":
        """The newest decision first, undated ones last."""
        return self.order_by(F("decided_first").desc(nulls_last=True), F("decided_last").asc(nulls_last=True), "pk")
