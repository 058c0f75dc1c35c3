"""Questions about imports of tables."""

from collections.abc import Iterable

from django.db import models
from django.utils import timezone

from sistercities.long_work import SILENCE


class ImportQuerySet(models.QuerySet):
    """Questions about imports."""

    def at_rest(self) -> "ImportQuerySet":
        """Those that no process has in hand, as far as is known: see `LongWork.is_going_on`."""
        busy = models.Q(progress__in=["waiting", "running"], last_word__gte=timezone.now() - SILENCE)
        return self.exclude(busy)

    def latest_first(self) -> "ImportQuerySet":
        """The newest first, each with who began it."""
        return self.select_related("created_by").order_by("-pk")


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

    def judged(self, *verdicts: str) -> "ImportRowQuerySet":
        """Those of which the check says one of `verdicts`."""
        return self.filter(verdict__in=verdicts)

    def tally(self) -> dict[str, int]:
        """How many there are of each verdict."""
        counts = self.order_by().values_list("verdict").annotate(rows=models.Count("pk"))
        return dict(counts)


class ColumnMatchQuerySet(models.QuerySet):
    """Questions about what the columns of tables were said to mean."""
