"""The staff pages of a single source."""

from django.core.exceptions import ValidationError

from partnerships.models import Source
from partnerships.staff_views.parts import PartDelete


class SourceDelete(PartDelete):
    """Takes a source off an agreement, unless that would be in force by nobody's word without it."""

    model = Source

    def obstacles(self, record: Source) -> list[str]:
        try:
            record.agreement.check_grounds(record.agreement.sources.exclude(pk=record.pk))
        except ValidationError as error:
            return error.messages
        return super().obstacles(record)

    def act(self, record: Source, reason: str) -> None:
        with record.keeping_grounds():
            super().act(record, reason)
