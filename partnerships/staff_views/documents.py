"""The staff pages of documents: of agreements, resolutions, milestones, activities and commitments."""

from typing import Any

from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import NoReverseMatch, reverse
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView, View

from partnerships.forms.documents import DocumentForm
from partnerships.models import Agreement, Document, DocumentVersion
from partnerships.models.documents import OWNERS
from sistercities.staff import RecordAdd, RecordDelete, RecordEdit, RecordHistoryView, StaffMixin
from sistercities.uploads import give_out


class DocumentPage(StaffMixin):
    """A staff page of a document. It is reached from the page of what it belongs to and leads back there.

    That owner stands in the address on which a document is added; the others name the document by its key.
    """

    model = Document

    def records(self) -> QuerySet:
        return Document.objects.with_owner().for_desk()

    @cached_property
    def owner(self) -> Model | None:
        """The record that the document belongs to; None if both are gone. Raises Http404 if there never was one."""
        if "owner" in self.kwargs:
            related = Document._meta.get_field(self.kwargs["owner"]).related_model
            lookup = "number" if related is Agreement else "pk"
            return get_object_or_404(related, **{lookup: self.kwargs["number"]})
        key = self.kwargs["pk"]
        document = self.records().filter(pk=key).first() or Document.history.filter(id=key).first()
        if document is None:
            raise Http404
        name = next(name for name in OWNERS if getattr(document, f"{name}_id") is not None)
        related = Document._meta.get_field(name).related_model
        return related.objects.filter(pk=getattr(document, f"{name}_id")).first()

    def address(self, page: str, record: Model | None = None) -> str:
        """As everywhere; the page of the document's owner takes the place of a list."""
        if page == "list":
            return place_of(self.owner)
        if page == "add":
            return add_address(self.owner) if self.owner else ""
        return super().address(page, record)

    def pages_of(self, record: Document) -> dict[str, str]:
        pages = super().pages_of(record) | {"detail": self.carrying_back(self.address("detail", record))}
        if record.is_read_by_everybody:
            pages["public"] = record.get_absolute_url()
        return pages

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(kinds=self.owner or Document._meta.verbose_name_plural, **kwargs)


def add_address(owner: Model) -> str:
    """Where a document is added to an agreement, a resolution, a milestone, an activity or a commitment."""
    key = owner.number if isinstance(owner, Agreement) else owner.pk
    return reverse("staff:document_add", args=[owner._meta.model_name, key])


def place_of(owner: Model | None) -> str:
    """The staff page on which the documents of `owner` stand."""
    agreement = owner if isinstance(owner, Agreement) else getattr(owner, "agreement", None)
    if agreement:
        return f"{reverse('staff:agreement_work', args=[agreement.number])}#documents"
    try:
        return reverse(f"staff:{owner._meta.model_name}_edit", args=[getattr(owner, "slug", owner.pk)])
    except (NoReverseMatch, AttributeError):
        return reverse("staff:document_list")


class WithDocuments:
    """The form of a record that may have documents, with the list of them beside it."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        owner = kwargs.get("record")
        if owner and owner._meta.model_name in OWNERS and self.request.user.has_perm("partnerships.view_document"):
            kwargs["documents"] = Document.objects.filter(**{owner._meta.model_name: owner}).for_desk()
            if self.request.user.has_perm("partnerships.add_document"):
                kwargs["add_document"] = add_address(owner)
        return super().get_context_data(**kwargs)


class DocumentFormPage(DocumentPage):
    """What adding and editing a document have in common."""

    template_name = "staff/document_form.html"
    form_class = DocumentForm

    def get_form(self, data: Any = None) -> DocumentForm:
        """The form, with the file that was sent; what was held before has none."""
        files = self.request.FILES if data is not None and self.request.method == "POST" else None
        document = self.record or Document(**{self.owner._meta.model_name: self.owner})
        return self.form_class(data, files, instance=document, by=self.request.user)

    def show(self, form: DocumentForm, held: str = "", status: int = 200) -> HttpResponse:
        form.keep_file()
        return super().show(form, held, status)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        is_interrupted = bool(kwargs["held"]) or "gone" in kwargs
        versions = kwargs["record"].versions.newest_first().with_uploader() if kwargs["record"] else []
        return super().get_context_data(
            must_choose_again=is_interrupted and not kwargs["form"].has_waiting_file, versions=versions, **kwargs
        )


class DocumentAdd(DocumentFormPage, RecordAdd):
    """A new document with its file."""


class DocumentEdit(DocumentFormPage, RecordEdit):
    """A document that is recorded already; here it also gets its next version."""


class DocumentDetail(DocumentPage, TemplateView):
    """A document with all its versions, for those who may look and not change."""

    template_name = "staff/document_detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        record = self.get_record()
        versions = record.versions.newest_first().with_uploader()
        return super().get_context_data(record=record, versions=versions, pages=self.pages_of(record), **kwargs)


class DocumentDelete(DocumentPage, RecordDelete):
    """Deletes a document with every version of its file."""

    explanation = _(
        "Every version of its file goes with it, and nothing brings it back; of a better scan, add a new version "
        "instead. Who deleted it, when and why stays in the history."
    )

    def points(self, record: Document) -> list[str]:
        names = record.versions.newest_first().values_list("name", flat=True)
        return [format_html('<bdi dir="ltr">{}</bdi>', name) for name in names]


class DocumentHistory(DocumentPage, RecordHistoryView):
    """What happened to a document."""


class DocumentFile(DocumentPage, View):
    """One version of a document as it was sent, or the small picture of it (`picture`)."""

    picture = False

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        version = get_object_or_404(DocumentVersion, document__pk=self.kwargs["pk"], number=self.kwargs["number"])
        if not self.picture:
            return give_out(request, version.file.name, version.media_type, version.sha256, offered=version.name)
        if not version.thumbnail:
            raise Http404
        return give_out(request, version.thumbnail.name, "image/webp", f"{version.sha256}-small")
