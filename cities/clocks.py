"""What the clocks of two cities differ by, in words.

A page is kept for days, so it never says what time it is: that is for the reader's own clock (static/js/clock.js). What
it says holds for the year to come: one difference, or several where one of the two cities changes its clocks.
"""

import datetime
import zoneinfo
from dataclasses import dataclass
from functools import lru_cache

from django.utils import timezone
from django.utils.translation import gettext, ngettext

from sistercities.text import number

DAYS = 366
"""How far ahead the clocks are compared: every season is among these days."""


@lru_cache(maxsize=512)
def differences(zone: str, home: str, first: datetime.date) -> tuple[int, ...]:
    """By how many minutes clocks in `zone` are ahead of those in `home` in the year from `first`, least first.

    Both are names of the IANA database. Raises ZoneInfoNotFoundError for others.
    """
    there, here = zoneinfo.ZoneInfo(zone), zoneinfo.ZoneInfo(home)
    noon = datetime.datetime.combine(first, datetime.time(12), datetime.UTC)
    moments = (noon + datetime.timedelta(days=day) for day in range(DAYS))
    found = {moment.astimezone(there).utcoffset() - moment.astimezone(here).utcoffset() for moment in moments}
    return tuple(sorted(round(difference.total_seconds() / 60) for difference in found))


@dataclass(frozen=True)
class Clock:
    """The clocks of a city beside those of the home city: its zone, the home city's name, the year's `differences`."""

    zone: str
    home: str
    differences: tuple[int, ...]

    @classmethod
    def of(cls, city, home) -> "Clock | None":
        """The clock of `city`, or None where its time zone or that of `home` is not known."""
        if not (city and home and city.time_zone and home.time_zone):
            return None
        return cls(city.time_zone, home.name.plain, differences(city.time_zone, home.time_zone, timezone.localdate()))

    @property
    def words(self) -> str:
        """The differences as a phrase: "half an hour behind Tabriz"."""
        phrases = [_beside(minutes, self.home) for minutes in self.differences]
        if len(phrases) == 1:
            return phrases[0]
        return gettext("%(one)s or %(other)s, depending on the season") % {"one": phrases[0], "other": phrases[-1]}


def _beside(minutes: int, name: str) -> str:
    if minutes == 0:
        return gettext("the same time as %(city)s") % {"city": name}
    parts = {"time": _length(abs(minutes)), "city": name}
    return (gettext("%(time)s ahead of %(city)s") if minutes > 0 else gettext("%(time)s behind %(city)s")) % parts


def _length(minutes: int) -> str:
    """A length of time in words: "half an hour", "one and a half hours", "5 hours and 45 minutes"."""
    hours, rest = divmod(minutes, 60)
    if minutes == 30:
        return gettext("half an hour")
    if rest == 0:
        return ngettext("one hour", "%(hours)s hours", hours) % {"hours": number(hours)}
    if rest == 30:
        return ngettext("one and a half hours", "%(hours)s½ hours", hours) % {"hours": number(hours)}
    if hours == 0:
        return gettext("%(minutes)s minutes") % {"minutes": number(rest)}
    whole = ngettext("one hour", "%(hours)s hours", hours) % {"hours": number(hours)}
    return gettext("%(hours)s and %(minutes)s minutes") % {"hours": whole, "minutes": number(rest)}
