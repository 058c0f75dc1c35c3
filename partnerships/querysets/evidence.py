"""Every question about sources, by name."""

from django.db.models import Count, F, Min

from cities.querysets import matching
from partnerships.querysets.agreements import published
from sistercities.records import RecordQuerySet
from sistercities.text import fold_terms


class SourceQuerySet(RecordQuerySet):
    """Questions about sources."""

    def search(self, text: str) -> "SourceQuerySet":
        """Those of which every word of `text` stands in the source itself or in its agreement's names."""
        columns = ("search_text", "agreement__search_text", "agreement__partner__search_text")
        return self.filter(matching(fold_terms(text), *columns))

    def newest_first(self) -> "SourceQuerySet":
        """The newest first, undated ones last."""
        return self.order_by(F("issued_first").desc(nulls_last=True), "-pk")

    def supporting(self) -> "SourceQuerySet":
        """Those that say what the record says."""
        return self.filter(stance="supports")

    def latest_publications(self, count: int) -> list:
        """The newest `count` publications, each as one of its sources with `cited`: the number of agreements it is
        attached to. What one publication says of several agreements is so many sources."""
        columns = ("url", "publisher_fa", "publisher_en", "title_fa", "title_en", "reference", "issued", "issued_first")
        rows = (
            self.order_by()
            .values(*columns)
            .annotate(one=Min("pk"), cited=Count("agreement", distinct=True))
            .order_by(F("issued_first").desc(nulls_last=True), "-one")[:count]
        )
        cited = {row["one"]: row["cited"] for row in rows}
        sources = self.model.objects.select_related("agreement__partner").in_bulk(cited)
        for key, source in sources.items():
            source.cited = cited[key]
        return [sources[key] for key in cited]

    def of_published(self) -> "SourceQuerySet":
        """Those of agreements that everybody may read."""
        return self.filter(published("agreement__"))
