"""How forms are drawn: one field template for all of them, and what it asks of a field."""

from django.forms import BoundField
from django.forms.renderers import TemplatesSetting

LANGUAGE_BY_SUFFIX = {"_fa": ("fa", "rtl"), "_en": ("en", "ltr")}
"""The paired columns of bilingual text: language and direction of what is typed into each."""

LEFT_TO_RIGHT = {"url", "email", "password"}
"""Input types whose content runs from left to right in every language."""


class RegisterField(BoundField):
    """A field of a form that knows the language of its input and how its label is marked."""

    def build_widget_attrs(self, attrs: dict, widget=None) -> dict:
        """Add `lang` and `dir` to the inputs of bilingual columns, addresses and names of unknown language."""
        attrs = super().build_widget_attrs(attrs, widget)
        widget = widget or self.field.widget
        known = widget.attrs.keys() | attrs.keys()
        if self.name[-3:] in LANGUAGE_BY_SUFFIX:
            language, direction = LANGUAGE_BY_SUFFIX[self.name[-3:]]
            own = {"lang": language, "dir": direction}
        elif getattr(widget, "input_type", "") in LEFT_TO_RIGHT:
            own = {"dir": "ltr"}
        elif self.name.endswith("_local"):
            own = {"dir": "auto"}
        else:
            own = {}
        return attrs | {name: value for name, value in own.items() if name not in known}

    @property
    def is_choices(self) -> bool:
        """Whether the field is a list of radio buttons or checkboxes, which the template draws one by one."""
        return self.use_fieldset and getattr(self.field.widget, "input_type", "") in {"radio", "checkbox"}

    @property
    def is_tick(self) -> bool:
        """Whether the field is a single checkbox, which stands before its label."""
        return not self.use_fieldset and getattr(self.field.widget, "input_type", "") == "checkbox"

    @property
    def is_marked_required(self) -> bool:
        """Whether the label says that the field is required: where it is and some other of the form is not."""
        return self.field.required and not all(field.required for field in self.form.fields.values())

    @property
    def anchor(self) -> str:
        """The id to which the error summary leads: the first box at fault, the first of several choices."""
        drawn = self.subwidgets
        if not drawn:
            return self.auto_id
        boxes = drawn[0].data.get("subwidgets") or [drawn[0].data]
        box = next((box for box in boxes if box["attrs"].get("aria-invalid")), boxes[0])
        return box["attrs"].get("id", self.auto_id)


class FormRenderer(TemplatesSetting):
    """Django's renderer with our field template; widgets keep Django's templates, so the admin is untouched."""

    field_template_name = "includes/field.html"
    bound_field_class = RegisterField
