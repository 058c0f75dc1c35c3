"""The form of one source by itself; in the form of an agreement its sources are rows."""

from django.core.exceptions import ValidationError

from partnerships.forms.agreements import SourceForm
from partnerships.models import Source
from sistercities.forms import RecordForm


class SingleSourceForm(RecordForm):
    """One source of an agreement, which cannot be left in force by nobody's word."""

    layout = SourceForm.layout
    constraint_fields = SourceForm.constraint_fields

    class Meta(SourceForm.Meta):
        pass

    def _post_clean(self) -> None:
        super()._post_clean()
        if self.stored is None or self.stored.stance != Source.Stance.SUPPORTS or "stance" in self.errors:
            return
        others = self.instance.agreement.sources.exclude(pk=self.instance.pk)
        try:
            self.instance.agreement.check_grounds([*others, self.instance])
        except ValidationError as error:
            self.add_error("stance", error.messages)
