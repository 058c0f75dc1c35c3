"""The form of what a person sets at their desk."""

from django import forms

from partnerships.models import Desk


class DeskForm(forms.ModelForm):
    """How often the digest comes, and the language of the digest and the calendar."""

    class Meta:
        model = Desk
        fields = ["digest", "language"]
        widgets = {"digest": forms.RadioSelect, "language": forms.RadioSelect}
