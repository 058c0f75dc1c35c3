"""The form of one source by itself; in the form of an agreement its sources are rows."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from partnerships.forms.agreements import ROWS_AT_MOST, SourceForm
from partnerships.models import Source
from sistercities.forms import RecordForm
from sistercities.text import figures


class SingleSourceForm(RecordForm):
    """One source of an agreement, which cannot be left in force by nobody's word."""

    layout = SourceForm.layout
    constraint_fields = SourceForm.constraint_fields

    class Meta(SourceForm.Meta):
        pass

    def clean(self) -> None:
        """Refuse what the form of the agreement could not show any more."""
        super().clean()
        if self.stored is None and self.instance.agreement.sources.count() >= ROWS_AT_MOST:
            raise ValidationError(
                _("An agreement has at most %(limit)s sources."), params={"limit": figures(ROWS_AT_MOST)}
            )

    def _post_clean(self) -> None:
        super()._post_clean()
        if self.stored is None or self.stored.stance != Source.Stance.SUPPORTS or "stance" in self.errors:
            return
        others = self.instance.agreement.sources.exclude(pk=self.instance.pk)
        try:
            self.instance.agreement.check_grounds([*others, self.instance])
        except ValidationError as error:
            self.add_error("stance", error.messages)

    def save(self, by: Any) -> Source:
        """Save the source. Raises StaleRecord also when somebody was quicker to take the agreement's other grounds."""
        with self.instance.keeping_grounds():
            return super().save(by)
