"""Questions about imports of tables."""

from django.db import models


class ImportQuerySet(models.QuerySet):
    """Questions about imports."""

    def latest_first(self) -> "ImportQuerySet":
        """The newest first, each with who began it."""
        return self.select_related("created_by").order_by("-pk")


class ImportRowQuerySet(models.QuerySet):
    """Questions about the rows of an import."""

    def in_order(self) -> "ImportRowQuerySet":
        """As they stand in the file."""
        return self.order_by("number")

    def judged(self, *verdicts: str) -> "ImportRowQuerySet":
        """Those of which the check says one of `verdicts`."""
        return self.filter(verdict__in=verdicts)

    def tally(self) -> dict[str, int]:
        """How many there are of each verdict."""
        counts = self.order_by().values_list("verdict").annotate(rows=models.Count("pk"))
        return dict(counts)


class ColumnMatchQuerySet(models.QuerySet):
    """Questions about what the columns of tables were said to mean."""
