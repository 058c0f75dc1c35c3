"""Documents: files that prove or show something, each with all its versions; none is ever overwritten."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from partnerships.querysets import DocumentQuerySet, DocumentVersionQuerySet
from sistercities.inspection import IMAGES, JPEG
from sistercities.records import History, Record
from sistercities.text import Bilingual, fold_phrases
from sistercities.uploads import KINDS, Accepted, forget, storage_name

OWNERS = ("agreement", "resolution", "milestone", "activity", "commitment", "city")
"""What a document can belong to: exactly one of them."""


def one_owner() -> Q:
    """The condition that exactly one of OWNERS is given."""
    condition = Q()
    for owner in OWNERS:
        others = {f"{other}__isnull": True for other in OWNERS if other != owner}
        condition |= Q(**{f"{owner}__isnull": False}, **others)
    return condition


class Document(Record):
    """One document: what it is, to what it belongs, and whether everybody may read it."""

    class Kind(models.TextChoices):
        """What sort of document it is."""

        TEXT = "text", _("signed text")
        TRANSLATION = "translation", _("translation")
        RESOLUTION = "resolution", _("scan of a resolution")
        LETTER = "letter", _("letter")
        PHOTO = "photo", _("photo")
        OTHER = "other", pgettext_lazy("document", "other")

    agreement = models.ForeignKey(
        "partnerships.Agreement",
        models.CASCADE,  # only a draft can be deleted, and its documents go with it
        verbose_name=_("agreement"),
        related_name="documents",
        null=True,
        blank=True,
        editable=False,
    )
    resolution = models.ForeignKey(
        "partnerships.Resolution",
        models.CASCADE,  # a resolution is deleted only while nothing rests on it
        verbose_name=_("council resolution"),
        related_name="documents",
        null=True,
        blank=True,
        editable=False,
    )
    milestone = models.ForeignKey(
        "partnerships.Milestone",
        models.CASCADE,  # its letters have no meaning without it
        verbose_name=_("milestone"),
        related_name="documents",
        null=True,
        blank=True,
        editable=False,
    )
    activity = models.ForeignKey(
        "partnerships.Activity",
        models.CASCADE,  # its photos have no meaning without it
        verbose_name=_("activity"),
        related_name="documents",
        null=True,
        blank=True,
        editable=False,
    )
    commitment = models.ForeignKey(
        "partnerships.Commitment",
        models.CASCADE,  # its evidence has no meaning without it
        verbose_name=_("commitment"),
        related_name="documents",
        null=True,
        blank=True,
        editable=False,
    )
    city = models.ForeignKey(
        "cities.City",
        models.CASCADE,  # a city is deleted only while no agreement is with it
        verbose_name=_("city"),
        related_name="documents",
        null=True,
        blank=True,
        editable=False,
    )
    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.TEXT)
    title_fa = models.CharField(_("title, in Persian"), max_length=300, blank=True)
    title_en = models.CharField(_("title, in English"), max_length=300, blank=True)
    language = models.CharField(_("language"), max_length=8, blank=True)
    credit_fa = models.CharField(_("credit, in Persian"), max_length=200, blank=True)
    credit_en = models.CharField(_("credit, in English"), max_length=200, blank=True)
    alt_fa = models.CharField(_("what the picture shows, in Persian"), max_length=300, blank=True)
    alt_en = models.CharField(_("what the picture shows, in English"), max_length=300, blank=True)
    is_public = models.BooleanField(
        _("published"), default=False, help_text=_("Everybody can read it as soon as what it belongs to is public.")
    )
    note = models.TextField(_("internal note"), blank=True, help_text=_("Never shown on a public page."))
    search_text = models.TextField(editable=False)

    title = Bilingual()
    credit = Bilingual()
    alt = Bilingual()

    history = History(excluded_fields=["search_text", "submission"])
    objects = DocumentQuerySet.as_manager()

    public_when = Q(is_public=True)

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="document_belongs_to_one",
                condition=one_owner(),
                violation_error_message=_("A document belongs to exactly one record."),
            ),
            models.CheckConstraint(
                name="document_kind_is_known",
                condition=Q(kind__in=["text", "translation", "resolution", "letter", "photo", "other"]),
                violation_error_message=_("Choose one of the kinds of document."),
            ),
            models.CheckConstraint(
                name="document_of_a_city_is_a_photo",
                condition=Q(city__isnull=True) | Q(kind="photo"),
                violation_error_message=_("Of a city there are photos alone."),
            ),
            models.CheckConstraint(
                name="document_public_photo_says_what_it_shows",
                condition=~Q(kind="photo", is_public=True) | (~Q(alt_fa="") & ~Q(alt_en="")),
                violation_error_message=_("A published photo says in both languages what it shows."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.heading)

    @property
    def heading(self) -> str:
        """Its title with the mark of its language, else what sort of document it is."""
        return self.title or capfirst(self.get_kind_display())

    def derive(self) -> None:
        """Fill the search text."""
        self.search_text = fold_phrases(
            self.title_fa, self.title_en, self.credit_fa, self.credit_en, self.alt_fa, self.alt_en
        )

    @property
    def owner(self) -> Record:
        """The record that it belongs to."""
        return next(getattr(self, name) for name in OWNERS if getattr(self, f"{name}_id") is not None)

    @property
    def latest(self) -> "DocumentVersion | None":
        """Its newest version; see `DocumentQuerySet.for_desk`."""
        if hasattr(self, "latest_versions"):
            return next(iter(self.latest_versions), None)
        return self.versions.newest_first().first()

    def check_deletable(self) -> None:
        """Raise ValidationError while everybody can read the document: it is taken down first."""
        if Document.objects.public().filter(pk=self.pk).exists():
            raise ValidationError(
                _("Everybody can read “%(document)s”. Take it down first: edit it and take away the tick."),
                params={"document": self},
                code="public",
            )

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Delete the document with all its versions; their files go when that is certain. Raises as `Record.delete`."""
        names = [name for version in self.versions.all() for name in version.stored_names]
        with transaction.atomic():
            deleted = super().delete(*args, **kwargs)
            transaction.on_commit(lambda: forget(names))
        return deleted

    def get_absolute_url(self) -> str:
        """Where everybody gets its latest version, while it is public."""
        return reverse("data:document", args=[self.pk])


def stored_name(version: "DocumentVersion", name: str) -> str:
    """Where a file is kept: a name that nobody chose and nobody can guess; the content decides its ending."""
    return storage_name("documents", name.rpartition(".")[2])


class DocumentVersion(models.Model):
    """One file of a document. It is written once and never changed; a better scan is the next version."""

    document = models.ForeignKey(Document, models.CASCADE, verbose_name=_("document"), related_name="versions")
    number = models.PositiveSmallIntegerField(_("version"), default=1)
    file = models.FileField(_("file"), upload_to=stored_name, max_length=120)
    name = models.CharField(_("name of the file"), max_length=200)
    media_type = models.CharField(_("type"), max_length=100)
    size = models.PositiveBigIntegerField(_("size"), help_text=_("In bytes"))
    sha256 = models.CharField(_("checksum"), max_length=64, help_text=_("SHA-256"))
    pages = models.PositiveIntegerField(_("pages"), null=True, blank=True)
    width = models.PositiveIntegerField(_("width"), null=True, blank=True)
    height = models.PositiveIntegerField(_("height"), null=True, blank=True)
    thumbnail = models.FileField(_("thumbnail"), upload_to=stored_name, max_length=120, blank=True)
    rendition = models.FileField(
        _("picture for everybody"),
        upload_to=stored_name,
        max_length=120,
        blank=True,
        help_text=_("Of an image the pixels alone: nothing about where, when and with what it was taken."),
    )
    rendition_size = models.PositiveBigIntegerField(_("size of that picture"), null=True, blank=True)
    rendition_sha256 = models.CharField(_("checksum of that picture"), max_length=64, blank=True)
    uploaded_at = models.DateTimeField(_("uploaded"), auto_now_add=True)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,  # the file outlives the account
        verbose_name=_("uploaded by"),
        related_name="+",
        null=True,
        blank=True,
    )

    objects = DocumentVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("version of a document")
        verbose_name_plural = _("versions of documents")
        ordering = ["document", "-number"]
        constraints = [
            models.UniqueConstraint(
                name="documentversion_number_once",
                fields=["document", "number"],
                violation_error_message=_("Somebody else has added this version."),
            ),
            models.CheckConstraint(
                name="documentversion_is_not_empty",
                condition=Q(size__gte=1),
                violation_error_message=_("The file is empty."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def of(cls, document: Document, accepted: Accepted, number: int, by: Any) -> "DocumentVersion":
        """The version `number` of a document, from a file that was looked into; its files are written with the row."""
        version = cls(
            document=document,
            number=number,
            name=accepted.name,
            media_type=accepted.media_type,
            size=accepted.size,
            sha256=accepted.sha256,
            pages=accepted.pages,
            width=accepted.width,
            height=accepted.height,
            rendition_size=len(accepted.rendition) or None,
            rendition_sha256=accepted.rendition_sha256,
            uploaded_by=by,
        )
        try:
            with accepted.open() as content:
                version.file.save(accepted.name, content, save=False)
            if accepted.thumbnail:
                version.thumbnail.save("thumbnail.webp", ContentFile(accepted.thumbnail), save=False)
            if accepted.rendition:
                version.rendition.save("rendition.jpg", ContentFile(accepted.rendition), save=False)
        except BaseException:
            forget(version.stored_names)
            raise
        return version

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write the version, in a transaction: pages show it."""
        with transaction.atomic(savepoint=False):
            super().save(*args, **kwargs)

    @property
    def stored_names(self) -> list[str]:
        """The names of its files in the storage."""
        return [field.name for field in (self.file, self.thumbnail, self.rendition) if field]

    @property
    def checksums(self) -> dict[str, str]:
        """The checksum of each of its files that has one, by the file's name in the storage."""
        found = {self.file.name: self.sha256}
        return found | ({self.rendition.name: self.rendition_sha256} if self.rendition else {})

    @property
    def is_image(self) -> bool:
        """Whether it is a picture."""
        return self.media_type in IMAGES

    @property
    def public_size(self) -> int:
        """The bytes that everybody gets."""
        return self.rendition_size or self.size

    @property
    def public_sha256(self) -> str:
        """The checksum of what everybody gets."""
        return self.rendition_sha256 or self.sha256

    @property
    def public_type(self) -> str:
        """The type of what everybody gets."""
        return JPEG if self.rendition else self.media_type

    @property
    def public_name(self) -> str:
        """The name under which everybody gets it."""
        return f"{self.name.rpartition('.')[0]}.jpg" if self.rendition else self.name

    def get_type_display(self) -> str:
        """What sort of file it is, in the reader's language."""
        return KINDS.get(self.media_type, self.media_type)

    def get_public_type_display(self) -> str:
        """What sort of file everybody gets, in the reader's language."""
        return KINDS.get(self.public_type, self.public_type)
