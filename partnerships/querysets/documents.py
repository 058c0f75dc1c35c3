"""Every question about documents and their versions."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from cities.querysets import matching
from partnerships.querysets.activities import commitment_public
from partnerships.querysets.agreements import published
from partnerships.querysets.lifecycle import milestone_public
from sistercities.records import RecordQuerySet
from sistercities.text import fold_terms


class DocumentQuerySet(RecordQuerySet):
    """Questions about documents."""

    def public(self) -> "DocumentQuerySet":
        """Those that everybody may read: published, and what they belong to is public."""
        relation = self.model._meta.get_field
        of_resolution = relation("resolution").related_model.objects.public().filter(pk=OuterRef("resolution"))
        of_activity = relation("activity").related_model.objects.published().filter(pk=OuterRef("activity"))
        owner_public = (
            published("agreement__")
            | Q(Exists(of_resolution))
            | milestone_public("milestone__")
            | Q(Exists(of_activity))
            | commitment_public("commitment__")
        )
        return self.filter(owner_public, is_public=True)

    def search(self, text: str) -> "DocumentQuerySet":
        """Those of which every word of `text` stands in a title, a credit or what a picture shows."""
        return self.filter(matching(fold_terms(text), "search_text"))


class DocumentVersionQuerySet(QuerySet):
    """Questions about the versions of documents."""

    def newest_first(self) -> "DocumentVersionQuerySet":
        """The latest version first."""
        return self.order_by("-number")
