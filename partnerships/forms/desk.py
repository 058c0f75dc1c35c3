"""The forms of what a person keeps at their desk."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from partnerships.models import Desk, SavedFilter
from sistercities.browsing import one_line


class DeskForm(forms.ModelForm):
    """How often the digest comes, and the language of the digest and the calendar."""

    class Meta:
        model = Desk
        fields = ["digest", "language"]
        widgets = {"digest": forms.RadioSelect, "language": forms.RadioSelect}

    def save(self) -> Desk:
        """Save these settings alone: a new address, or a digest that is being sent, stays as it is by now."""
        self.instance.save(update_fields=self.Meta.fields)
        return self.instance


class SavedFilterForm(forms.ModelForm):
    """What a saved filter is called. The instance says whose it is, of which list, and what it asks."""

    class Meta:
        model = SavedFilter
        fields = ["name"]
        help_texts = {"name": _("As in “drafts of this year”. Only you see it.")}

    def clean_name(self) -> str:
        """The name on one line. Raises ValidationError when another filter of this person and list has it."""
        name = one_line(self.cleaned_data["name"])
        if not name:
            raise ValidationError(_("Give the filter a name."))
        same = SavedFilter.objects.of(self.instance.user).of_list(self.instance.list).exclude(pk=self.instance.pk)
        if same.filter(name=name).exists():
            raise ValidationError(_("You have a filter of this name here already."))
        return name

    def already_made(self) -> SavedFilter | None:
        """The filter that an earlier click on this form has saved: of the same name, and it asks the same."""
        name = one_line(self.data.get("name"))
        mine = SavedFilter.objects.of(self.instance.user).of_list(self.instance.list)
        return mine.filter(name=name, query=self.instance.query).first() if self.instance.pk is None else None
