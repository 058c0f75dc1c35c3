"""The form of a note on an agreement."""

from typing import Any

from django import forms

from partnerships.models import Note
from sistercities.forms import RecordForm


class NoteForm(RecordForm):
    """What somebody in the office wants the others to know."""

    constraint_fields = {"note_is_written": "text"}

    class Meta:
        model = Note
        fields = ["text"]
        widgets = {"text": forms.Textarea(attrs={"rows": 4})}

    def save(self, by: Any) -> Note:
        """Save the note; whoever wrote it first stays its author."""
        if self.stored is None:
            self.instance.written_by = by
        return super().save(by)
