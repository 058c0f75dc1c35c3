"""What was made of public data, kept in memory for as long as none of it changes: parts of pages, names, counts.

A page rendered anew need not make everything anew. Its frame, a row of a list, the names of the countries are the same
for whoever asks until something public is written, and every such write moves the revision (see
`sistercities.revision`). So each process has one memory, of one revision and one day, and starts another as soon as
either has changed. The revision is read before the data: what is kept is at least as new as it says.
"""

from collections.abc import Callable, Hashable
from datetime import date
from typing import Any

from django.db import Error
from django.http import HttpRequest
from django.utils import timezone

from sistercities import revision

MOST = 20_000
"""Things that a memory holds; when there are more it starts afresh."""


class Memory:
    """What was made under one revision on one day."""

    def __init__(self, revision: tuple[int, ...] | None, day: date) -> None:
        self.revision, self.day = revision, day
        self._kept: dict[Hashable, Any] = {}

    def get(self, key: Hashable, make: Callable[[], Any]) -> Any:
        """What is kept under `key`; if nothing is, what `make` makes now.

        It is given to everybody who asks under this key: what depends on more than public data has that in its key.
        """
        try:
            return self._kept[key]
        except KeyError:
            made = make()
            self.put(key, made)
            return made

    def find(self, key: Hashable) -> Any:
        """What is kept under `key`, or None."""
        return self._kept.get(key)

    def put(self, key: Hashable, made: Any) -> None:
        """Keep something under `key`."""
        if len(self._kept) >= MOST:
            self._kept = {}
        self._kept[key] = made


_present = Memory(None, date.min)


def memory(request: HttpRequest) -> Memory:
    """The memory that holds for `request`; the revision is asked for once in a request."""
    found = getattr(request, "_memory", None)
    if found is None:
        found = request._memory = of_revision(getattr(request, "revision", None))
    return found


def of_revision(present: tuple[int, ...] | None = None) -> Memory:
    """The memory of the revision `present`, which is asked for unless it is known already."""
    global _present
    day = timezone.localdate()
    try:
        present = present or revision.current()
    except Error:
        return Memory(None, day)  # the database does not answer: nothing can be known to be up to date
    kept = _present
    if not present or (kept.revision, kept.day) != (present, day):
        kept = Memory(present, day)
        if present:
            _present = kept
    return kept


def forget() -> None:
    """Start afresh, as a new process does."""
    global _present
    _present = Memory(None, date.min)
