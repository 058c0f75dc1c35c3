"""What was made of public data, kept in memory for as long as none of it changes: parts of pages, names, counts.

A page rendered anew need not make everything anew. Its frame, a row of a list, the names of the countries are the same
for whoever asks until something public is written, and every such write moves the revision (see
`sistercities.revision`). So each process has one memory, of one revision and one day, and starts another as soon as
either has changed. The revision is read before the data: what is kept is at least as new as it says.
"""

import threading
from collections.abc import Callable, Hashable
from datetime import date
from typing import Any

from django.db import Error
from django.http import HttpRequest
from django.utils import timezone

from sistercities import revision

LARGEST = 8_000_000
"""Characters of all parts that a memory keeps; what was made first gives way."""

USUAL_SIZE = 1_000
"""What a part that is no text takes of that, unless its size is given."""


class Memory:
    """What was made under one revision on one day."""

    def __init__(self, revision: tuple[int, ...] | None, day: date) -> None:
        self.revision, self.day = revision, day
        self._held: dict[Hashable, Any] = {}
        self._parts: dict[Hashable, tuple[int, Any]] = {}
        self._size = 0
        self._lock = threading.Lock()

    def hold(self, key: Hashable, make: Callable[[], Any]) -> Any:
        """What is held under `key` to the end; if nothing is, what `make` makes now.

        For what the code has few of, whatever people ask for: the home city, the names of the countries, the roll.
        """
        try:
            return self._held[key]
        except KeyError:
            return self._held.setdefault(key, make())

    def get(self, key: Hashable, make: Callable[[], Any], size: int = USUAL_SIZE) -> Any:
        """The part kept under `key`; if there is none, what `make` makes now.

        It is given to everybody who asks under this key: what depends on more than public data has that in its key.
        """
        found = self._parts.get(key)
        if found is not None:
            return found[1]
        made = make()
        self.put(key, made, size)
        return made

    def find(self, key: Hashable) -> Any:
        """The part kept under `key`, or None."""
        found = self._parts.get(key)
        return found and found[1]

    def put(self, key: Hashable, made: Any, size: int = USUAL_SIZE) -> None:
        """Keep a part under `key`; `size` is asked for where it is no text."""
        size = len(made) if isinstance(made, str) else size
        with self._lock:
            self._size += size - self._parts.pop(key, (0, None))[0]
            self._parts[key] = size, made
            while self._size > LARGEST:
                self._size -= self._parts.pop(next(iter(self._parts)))[0]


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
