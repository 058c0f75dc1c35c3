"""Questions about imports of tables."""

from collections.abc import Iterable

from django.db import models
from django.db.models.functions import Coalesce

from sistercities.long_work import LongWorkQuerySet


class ImportQuerySet(LongWorkQuerySet):
    """Questions about imports."""

    def with_people(self) -> "ImportQuerySet":
        """Each with who sent, took and undid it, in the same query."""
        return self.select_related("created_by", "taken_by", "undone_by")

    def with_counts(self) -> "ImportQuerySet":
        """Annotated with how many rows each has, and how many make or change an agreement."""
        rows = self.model.rows.rel.related_model.objects.filter(of=models.OuterRef("pk")).order_by().values("of")

        def count(counted: models.QuerySet) -> Coalesce:
            return Coalesce(models.Subquery(counted.annotate(times=models.Count("pk")).values("times")), 0)

        return self.annotate(
            row_count=count(rows),
            new_count=count(rows.filter(verdict="new")),
            changed_count=count(rows.filter(verdict="changed")),
        )

    def search(self, text: str) -> "ImportQuerySet":
        """Those in the name of whose file every word stands."""
        found = self
        for word in text.split():
            found = found.filter(name__icontains=word)
        return found

    def in_order_of(self, *columns: str, descending: bool = False) -> "ImportQuerySet":
        """By these columns, then by key, so that pages never overlap."""
        first, *others = columns
        return self.order_by(f"-{first}" if descending else first, *others, "-pk" if descending else "pk")


class ImportRowQuerySet(models.QuerySet):
    """Questions about the rows of an import."""

    def in_order(self) -> "ImportRowQuerySet":
        """As they stand in the file."""
        return self.order_by("number")

    def after(self, number: int) -> "ImportRowQuerySet":
        """Those that stand below the row of that number."""
        return self.filter(number__gt=number)

    def about(self, ties: Iterable[tuple[str, str]], agreements: Iterable[int]) -> "ImportRowQuerySet":
        """Those found to be about one of these agreements, by key, or about one of `ties`: a city's key and a kind."""
        wanted = models.Q(agreement__in=list(agreements))
        for city, kind in ties:
            wanted |= models.Q(found__city=city, found__kind=kind)
        return self.filter(wanted)

    def with_effect(self) -> "ImportRowQuerySet":
        """Those that wrote something, with the agreement of each."""
        return self.exclude(undo={}).select_related("agreement")

    def in_the_way(self) -> "ImportRowQuerySet":
        """Those that keep their import from being taken."""
        return self.judged("", "duplicate", "question", "wrong")

    def wrong(self) -> "ImportRowQuerySet":
        """Those with which something is wrong, left out or not."""
        return self.exclude(problems=[])

    def publishing(self) -> "ImportRowQuerySet":
        """Those that would publish an agreement."""
        return self.filter(found__publishes=True)

    def numbered(self, numbers: Iterable[int]) -> "ImportRowQuerySet":
        """Those with these numbers."""
        return self.filter(number__in=list(numbers))

    def with_agreement(self) -> "ImportRowQuerySet":
        """Each with its agreement, in the same query."""
        return self.select_related("agreement")

    def making_cities(self) -> int:
        """How many cities have to be made for them."""
        new = self.judged("new").order_by().values_list("found__city", flat=True).distinct()
        return sum(1 for key in new if key and not key.startswith("city:"))

    def judged(self, *verdicts: str) -> "ImportRowQuerySet":
        """Those of which the check says one of `verdicts`."""
        return self.filter(verdict__in=verdicts)

    def tally(self) -> dict[str, int]:
        """How many there are of each verdict."""
        counts = self.order_by().values_list("verdict").annotate(rows=models.Count("pk"))
        return dict(counts)


class ColumnMatchQuerySet(models.QuerySet):
    """Questions about what the columns of tables were said to mean."""
