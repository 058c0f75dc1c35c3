"""Every question about what people keep at their desks."""

from typing import Any

from django.db.models import QuerySet


class DeskQuerySet(QuerySet):
    """Questions about desks."""

    def of(self, user: Any) -> Any:
        """The desk of `user`, made at its first use."""
        return self.get_or_create(user=user)[0]


class SavedFilterQuerySet(QuerySet):
    """Questions about saved filters."""

    def of(self, user: Any) -> "SavedFilterQuerySet":
        """Those of `user`; nobody sees another's."""
        return self.filter(user=user)
