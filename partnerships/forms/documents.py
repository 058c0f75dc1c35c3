"""The form of a document: what it is, who may read it, and its file or the next version of it."""

import uuid
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from partnerships.forms.agreements import language_choices
from partnerships.models import Document, DocumentVersion
from sistercities.forms import HiddenField, RecordForm, whole
from sistercities.inspection import IMAGES
from sistercities.text import figures
from sistercities.uploads import Accepted, UploadField, forget

PUBLISH = "partnerships.publish_agreement"
"""The permission to decide what everybody may read."""


class DocumentForm(RecordForm):
    """A document with its file. Of one that is stored already the file is its next version, and may stay away."""

    file = UploadField(label=_("file"))
    language = forms.ChoiceField(
        label=_("language"), required=False, help_text=_("In which the document is written; of a photo, none.")
    )
    latest = HiddenField()

    about_the_form = RecordForm.about_the_form | {"latest"}
    layout = [
        ("", ["file", "kind", "title_fa title_en", "language"]),
        (_("Of a picture"), ["alt_fa alt_en", "credit_fa credit_en"]),
        (_("Who may read it"), ["is_public"]),
        (_("For the office"), ["note"]),
    ]
    constraint_fields = {
        "document_kind_is_known": "kind",
        "document_public_photo_says_what_it_shows": "alt_fa",
    }

    class Meta:
        model = Document
        fields = [
            "kind",
            "title_fa",
            "title_en",
            "language",
            "alt_fa",
            "alt_en",
            "credit_fa",
            "credit_en",
            "is_public",
            "note",
        ]
        widgets = {"kind": forms.RadioSelect, "note": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, data: Any = None, *args: Any, by: Any, **kwargs: Any) -> None:
        self.before = None if kwargs["instance"]._state.adding else kwargs["instance"].latest
        self.added: DocumentVersion | None = None
        super().__init__(data, *args, **kwargs)
        self.order_fields(["file", *self.Meta.fields])
        self.fields["kind"].choices = Document.Kind.choices  # no button for none of them
        if self.instance.city_id:
            self.fields["kind"].choices = [(Document.Kind.PHOTO, Document.Kind.PHOTO.label)]
            self.initial["kind"] = Document.Kind.PHOTO
        self.fields["language"].choices = [("", _("not given")), *language_choices()]
        self.fields["alt_fa"].help_text = self.fields["alt_en"].help_text = _(
            "For those who cannot see it: who is to be seen, where, doing what."
        )
        self.fields["is_public"].label = _("everybody may read it")
        self.fields["is_public"].help_text = _(
            "Everybody can then read its latest version, as soon as what it belongs to is public. A picture is given "
            "out without what a camera writes into it (place, time, device); every other file as it is, with the "
            "names of authors and editors that it may hold."
        )
        if not by.has_perm(PUBLISH):
            self.fields["is_public"].disabled = True
            self.fields["is_public"].help_text = _("A manager decides which documents everybody may read.")
        self.fields["file"].for_person(by)
        if self.before:
            self.fields["file"].required = False
            self.fields["file"].label = _("new version of the file")
            self.initial["latest"] = self.before.number

    @property
    def new_file(self) -> Accepted | None:
        """The file that is to be the next version; None for none, and for the very one that is stored already."""
        accepted = self.cleaned_data.get("file")
        is_stored = accepted and self.before and accepted.sha256 == self.before.sha256
        return None if is_stored else accepted

    @cached_property
    def changed_data(self) -> list[str]:
        """As everywhere; a file that is stored already changes nothing."""
        return [name for name in super().changed_data if name != "file" or self.new_file or "file" in self.errors]

    @cached_property
    def submission_key(self) -> uuid.UUID | None:
        """As everywhere; with another file it is another form."""
        key, accepted = super().submission_key, self.cleaned_data.get("file")
        return uuid.uuid5(key, accepted.sha256) if key and accepted else key

    def clean(self) -> dict[str, Any]:
        """Raises ValidationError for a photo that is no picture, and where somebody else has added a version."""
        cleaned = super().clean()
        shown = self.new_file or self.before
        if cleaned.get("kind") == Document.Kind.PHOTO and shown and shown.media_type not in IMAGES:
            self.add_error("kind", _("A photo is a picture, and this file is none."))
        seen = whole(self.data.get("latest"))
        if self.before and self.new_file and seen != self.before.number:
            self.data["latest"] = str(self.before.number)
            raise ValidationError(
                _("Somebody else has added version %(number)s, “%(name)s”. Look at it: saving adds yours after it."),
                params={"number": figures(self.before.number), "name": self.before.name},
            )
        return cleaned

    @property
    def has_waiting_file(self) -> bool:
        """Whether a file waits for this form."""
        return bool(self["file"].subwidgets[0].data["held"])

    def keep_file(self) -> None:
        """Let a file that is taken wait while the rest is put right."""
        accepted = self.cleaned_data.get("file") if self.is_bound and hasattr(self, "cleaned_data") else None
        if accepted:
            self.fields["file"].keep_waiting(accepted)

    def save(self, by: Any) -> Document:
        """As everywhere. The file is written before the row that names it, and removed again if that fails."""
        accepted = self.new_file
        number = self.before.number + 1 if self.before else 1
        if accepted and self.before:
            told = gettext("version %(number)s: %(name)s") % {"number": figures(number), "name": accepted.name}
            self.cleaned_data["reason"] = gettext(" – ").join(filter(None, [self.cleaned_data["reason"], told]))
        try:
            with transaction.atomic():
                if accepted:
                    self.added = DocumentVersion.of(self.instance, accepted, number, by)
                    transaction.on_commit(lambda: forget([accepted.held_as]))
                return super().save(by)
        except BaseException:
            forget(self.added.stored_names if self.added else [])
            raise

    def _save_m2m(self):
        super()._save_m2m()
        if self.added:
            self.added.document = self.instance
            self.added.save()
