"""Every question about documents and their versions."""

from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

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

    def of_agreement(self, agreement: Any) -> "DocumentQuerySet":
        """Those of an agreement, its milestones, its commitments and the activities under it, in that order."""
        links = self.model._meta.get_field("activity").related_model.agreements.through.objects
        under_it = links.filter(agreement=agreement, activity=OuterRef("activity"))
        return self.filter(
            Q(agreement=agreement)
            | Q(milestone__agreement=agreement)
            | Q(commitment__agreement=agreement)
            | Exists(under_it)
        )

    def with_latest(self) -> "DocumentQuerySet":
        """With the latest version of each and who uploaded it; see `Document.latest`."""
        versions = self.model.versions.rel.related_model.objects
        latest = versions.current().select_related("uploaded_by")
        return self.prefetch_related(Prefetch("versions", latest, to_attr="latest_versions"))

    def with_owner(self) -> "DocumentQuerySet":
        """With the record that each belongs to, in the same query."""
        return self.select_related(
            "agreement__partner",
            "resolution",
            "milestone__kind",
            "milestone__agreement__partner",
            "activity",
            "commitment__agreement__partner",
        )

    def search(self, text: str) -> "DocumentQuerySet":
        """Those of which every word of `text` stands in a title, a credit or what a picture shows."""
        return self.filter(matching(fold_terms(text), "search_text"))


class DocumentVersionQuerySet(QuerySet):
    """Questions about the versions of documents."""

    def newest_first(self) -> "DocumentVersionQuerySet":
        """The latest version first."""
        return self.order_by("-number")

    def current(self) -> "DocumentVersionQuerySet":
        """The latest of each document."""
        return self.filter(~Exists(self.model.objects.filter(document=OuterRef("document"), number__gt=OuterRef("number"))))

    def current_of(self, documents: DocumentQuerySet) -> "DocumentVersionQuerySet":
        """The latest of each of `documents`, with its document and all in one query: texts first, photos last."""
        found = self.current().filter(document__in=documents).select_related("document")
        return found.order_by("document__kind", "document")
