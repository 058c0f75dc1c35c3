"""Every question about documents and their versions."""

from typing import Any, NamedTuple

from django.db.models import Case, Exists, OuterRef, Prefetch, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import JSONObject

from cities.querysets import matching
from partnerships.querysets.activities import commitment_public
from partnerships.querysets.agreements import published
from partnerships.querysets.lifecycle import milestone_public
from sistercities.records import RecordQuerySet
from sistercities.text import fold_terms

PHOTO = ("id", "alt_fa", "alt_en", "credit_fa", "credit_en")
"""The columns of a photo's document that a page needs in order to show it."""


class Shelf(NamedTuple):
    """The documents that a page shows, each as its latest version: photos are looked at, files are opened."""

    files: list
    photos: list


class DocumentQuerySet(RecordQuerySet):
    """Questions about documents."""

    def _owner_is_public(self) -> Q:
        relation = self.model._meta.get_field
        of_resolution = relation("resolution").related_model.objects.public().filter(pk=OuterRef("resolution"))
        of_activity = relation("activity").related_model.objects.published().filter(pk=OuterRef("activity"))
        return (
            published("agreement__")
            | Q(Exists(of_resolution))
            | milestone_public("milestone__")
            | Q(Exists(of_activity))
            | commitment_public("commitment__")
            | Q(Exists(relation("city").related_model.objects.public().filter(pk=OuterRef("city"))))
        )

    def public(self) -> "DocumentQuerySet":
        """Those that everybody may read: published, and what they belong to is public."""
        return self.filter(self._owner_is_public(), is_public=True)

    def to_be_public(self) -> "DocumentQuerySet":
        """Those that everybody may read as soon as what they belong to is public."""
        return self.filter(is_public=True)

    def for_desk(self) -> "DocumentQuerySet":
        """As the staff's pages list them: with the latest version and who sent it (see `Document.latest`), and with
        `is_read_by_everybody`, the twin of `public`."""
        versions = self.model.versions.rel.related_model.objects
        latest = Prefetch("versions", versions.current().with_uploader(), to_attr="latest_versions")
        is_read = Case(When(self._owner_is_public(), is_public=True, then=Value(True)), default=Value(False))
        return self.annotate(is_read_by_everybody=is_read).prefetch_related(latest)

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

    def with_owner(self) -> "DocumentQuerySet":
        """With the record that each belongs to, in the same query."""
        return self.select_related(
            "agreement__partner",
            "resolution",
            "milestone__kind",
            "milestone__agreement__partner",
            "activity",
            "commitment__agreement__partner",
            "city",
        )

    def search(self, text: str) -> "DocumentQuerySet":
        """Those of which every word of `text` stands in a title, a credit or what a picture shows."""
        return self.filter(matching(fold_terms(text), "search_text"))

    def belonging_to_a(self, *owners: str) -> "DocumentQuerySet":
        """Those that belong to an agreement, a resolution …, whichever `owners` name."""
        wanted = Q(pk__in=[])
        for owner in owners:
            wanted |= Q(**{f"{owner}__isnull": False})
        return self.filter(wanted)

    def in_publication(self, *answers: str) -> "DocumentQuerySet":
        """Those that everybody may read as soon as what they belong to is public ("yes"), or never ("no")."""
        return self.filter(is_public__in=[answer == "yes" for answer in answers])

    def with_latest_facts(self) -> "DocumentQuerySet":
        """Annotated with `size`, `pages` and `versions_sent` of the latest version, and when it was `uploaded`."""
        newest = self.model.versions.rel.related_model.objects.filter(document=OuterRef("pk")).newest_first()
        return self.annotate(
            size=Subquery(newest.values("size")[:1]),
            pages=Subquery(newest.values("pages")[:1]),
            versions_sent=Subquery(newest.values("number")[:1]),
            uploaded=Subquery(newest.values("uploaded_at")[:1]),
        )


class DocumentVersionQuerySet(QuerySet):
    """Questions about the versions of documents."""

    def newest_first(self) -> "DocumentVersionQuerySet":
        """The latest version first."""
        return self.order_by("-number")

    def with_uploader(self) -> "DocumentVersionQuerySet":
        """With who uploaded each, in the same query."""
        return self.select_related("uploaded_by")

    def current(self) -> "DocumentVersionQuerySet":
        """The latest of each document."""
        later = self.model.objects.filter(document=OuterRef("document"), number__gt=OuterRef("number"))
        return self.filter(~Exists(later))

    def shelf_of(self, documents: DocumentQuerySet) -> Shelf:
        """The latest version of each of `documents`, with its document, in the order of their kinds: one query."""
        found = self.current().filter(document__in=documents).select_related("document")
        order = [kind for kind, _name in self.model.document.field.related_model.Kind.choices]
        sorted_ = sorted(found, key=lambda version: (order.index(version.document.kind), version.document_id))
        is_photo = [version.document.kind == "photo" and bool(version.thumbnail) for version in sorted_]
        return Shelf(
            files=[version for version, photo in zip(sorted_, is_photo, strict=True) if not photo],
            photos=[version for version, photo in zip(sorted_, is_photo, strict=True) if photo],
        )

    def photo_of_city(self, city: OuterRef) -> Subquery:
        """What a city's page tells of its photo, the newest public one, as part of the query for the city `city`."""
        photos = self.current().filter(document__city=city, document__is_public=True).exclude(thumbnail="")
        columns = {"width": "width", "height": "height"} | {name: f"document__{name}" for name in PHOTO}
        return Subquery(photos.order_by("-document").values(told=JSONObject(**columns))[:1])
