"""Every question about what people keep at their desks."""

import datetime
from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils.translation import get_language


class DeskQuerySet(QuerySet):
    """Questions about desks."""

    def of(self, user: Any) -> Any:
        """The desk of `user`, made at its first use, in the language of that use."""
        return self.get_or_create(user=user, defaults={"language": get_language()})[0]

    def with_user(self) -> "DeskQuerySet":
        """With the account of each, in the same query."""
        return self.select_related("user")

    def in_use(self) -> "DeskQuerySet":
        """Those of people who can sign in."""
        return self.filter(user__is_active=True)

    def digest_due(self, on: datetime.date) -> "DeskQuerySet":
        """Those of which a digest is to be looked into on the day `on`, by user name.

        Daily ones each day; weekly ones on Saturday, when the week begins in Iran, or on the first day after it on
        which anything is sent at all.
        """
        saturday = on - datetime.timedelta(days=(on.weekday() - 5) % 7)
        first_time = Q(digest_sent_on=None) if on == saturday else Q(pk__in=[])
        weekly = Q(digest="weekly") & (first_time | Q(digest_sent_on__lt=saturday))
        daily = Q(digest="daily") & (Q(digest_sent_on=None) | Q(digest_sent_on__lt=on))
        return self.in_use().filter(daily | weekly).order_by("user__username")

    def claim(self, on: datetime.date) -> bool:
        """Take the digest of the day `on` to be sent by this process; False where another has begun it.

        What was begun and never finished stays so: nobody can tell whether it has left, so it is not sent again.
        """
        free = Q(digest_begun_on=None) | Q(digest_begun_on__lt=on)
        return bool(self.filter(free).update(digest_begun_on=on))

    def interrupted(self) -> "DeskQuerySet":
        """Those of which a digest was begun and never finished: it may have left, and it may not."""
        return self.filter(
            Q(digest_sent_on=None) | Q(digest_sent_on__lt=F("digest_begun_on")), ~Q(digest_begun_on=None)
        )


class SavedFilterQuerySet(QuerySet):
    """Questions about saved filters."""

    def of(self, user: Any) -> "SavedFilterQuerySet":
        """Those of `user`; nobody sees another's."""
        return self.filter(user=user)

    def of_list(self, name: str) -> "SavedFilterQuerySet":
        """Those of the list of that name."""
        return self.filter(list=name)
