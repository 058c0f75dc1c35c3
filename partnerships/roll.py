"""The roll of the published agreements: what browsing counts and finds among them, without asking the database.

Over sixteen thousand agreements it is counting that costs: every choice of a list's filter says how many it would find.
So what lists ask about (kind, status, country, domain …) is read once for each revision of the public data and kept as
sets of agreements. A set is one whole number with a bit for each agreement, in the order of the register numbers; what
two sets have in common is their bitwise "and", and counting its bits takes microseconds however many there are.

What it answers is what the methods of AgreementQuerySet of the same names answer of `published()`.
"""

import datetime
import re
from array import array
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from operator import itemgetter

from django.utils.translation import get_language

from cities.models import City
from partnerships.models import Agreement
from partnerships.querysets import AgreementQuerySet
from sistercities.kept import Memory
from sistercities.text import fold_terms

Bits = int
"""A set of agreements: the bit of each that is in it is set."""

SPARSE = 2_000
"""Agreements of a set up to which it is cheaper to sort them than to go through all in order."""

WINDOW = 64
"""Bytes of a set that are passed over at once."""

ENDS = 200
"""Ends of periods whose sets are kept."""

COLUMNS = ("kind", "state_on", "verification", "partner__country")
"""The columns of an agreement whose values are counted; beside them stand its domains."""


def bits_of(positions: Iterable[int], size: int) -> Bits:
    """The set of the agreements at these positions, of `size` in all."""
    octets = bytearray(size // 8 + 1)
    for position in positions:
        octets[position >> 3] |= 1 << (position & 7)
    return int.from_bytes(octets, "little")


class Texts:
    """Search texts, put one behind the other so that a word is looked for in all of them at once."""

    def __init__(self, texts: Iterable[str]) -> None:
        self.text = "".join(f"{text}\0" for text in texts)
        ends = (match.end() for match in re.finditer("\0", self.text))
        self.starts = array("Q", [0, *ends])

    def holding(self, term: str) -> Iterator[int]:
        """The places of the texts in which the folded `term` stands."""
        text, starts = self.text, self.starts
        at = text.find(term)
        while at >= 0:
            place = bisect_right(starts, at)
            yield place - 1
            at = text.find(term, starts[place])


class Roll:
    """The published agreements as they are now. `keys` are their primary keys by register number."""

    def __init__(self) -> None:
        published = Agreement.objects.published()
        rows = list(
            published.with_state().by_number().values_list("pk", *COLUMNS, "signed_first", "signed_last", named=False)
        )
        self.keys: list[int] = [row[0] for row in rows]
        self.size = len(rows)
        self.all: Bits = (1 << self.size) - 1
        self.sets: dict[str, dict[str, Bits]] = {
            column: self._grouped((row[place], at) for at, row in enumerate(rows))
            for place, column in enumerate(COLUMNS, start=1)
        }
        links = Agreement.domains.through.objects.values_list("domain__key", "agreement")
        self.sets["domains__key"] = self._grouped(
            (key, self.places[pk]) for key, pk in links.iterator(5_000) if pk in self.places
        )
        dated = [(row[-2], row[-1], at) for at, row in enumerate(rows) if row[-2] is not None]
        self._firsts = sorted((first, at) for first, _last, at in dated)
        self._lasts = sorted((last, at) for _first, last, at in dated)
        self.dated = bits_of((at for *_days, at in dated), self.size)
        self._orders: dict[tuple[str, bool, str | None], Sequence[int]] = {}
        self._records: dict[str, Bits] = {}
        self._ends: dict[tuple[str, datetime.date], Bits] = {}

    @classmethod
    def present(cls, memory: Memory) -> "Roll":
        """The roll under the revision of `memory`."""
        return memory.hold("roll", cls)

    @cached_property
    def places(self) -> dict[int, int]:
        """The position of each agreement by its primary key."""
        return {key: position for position, key in enumerate(self.keys)}

    def _grouped(self, pairs: Iterable[tuple[str, int]]) -> dict[str, Bits]:
        groups: dict[str, list[int]] = defaultdict(list)
        for value, position in pairs:
            groups[value].append(position)
        return {value: bits_of(positions, self.size) for value, positions in groups.items()}

    @cached_property
    def _texts(self) -> tuple[Texts, Texts, list[list[int]]]:
        """The search texts of the agreements and of their partners, and the positions of each partner's agreements."""
        own, partners = [""] * self.size, {}
        published = Agreement.objects.published().order_by()
        for key, partner, text in published.values_list("pk", "partner", "search_text").iterator(5_000):
            if key in self.places:
                own[self.places[key]] = text
                partners.setdefault(partner, []).append(self.places[key])
        texts = City.objects.of_agreements(published).order_by().values_list("pk", "search_text")
        cities = [(text, partners[city]) for city, text in texts if city in partners]
        return Texts(own), Texts(text for text, _positions in cities), [positions for _text, positions in cities]

    def search(self, text: str) -> Bits:
        """The set of those that `AgreementQuerySet.search` finds."""
        own, cities, with_city = self._texts
        found = self.all
        for term in fold_terms(text):
            positions = [*own.holding(term), *(at for city in cities.holding(term) for at in with_city[city])]
            found &= bits_of(positions, self.size)
        return found

    def of(self, agreements: AgreementQuerySet) -> Bits:
        """The set of those among `agreements`, which the database finds."""
        places = self.places
        keys = agreements.order_by().values_list("pk", flat=True)
        return bits_of((places[key] for key in keys if key in places), self.size)

    def among(self, column: str, values: Iterable[str]) -> Bits:
        """The set of those that have one of `values` in `column`."""
        found, groups = 0, self.sets[column]
        for value in values:
            found |= groups.get(value, 0)
        return found

    def on_record(self, particulars: Iterable[str]) -> Bits:
        """The set of those of which all `particulars` are known, or are not; see `AgreementQuerySet.on_record`."""
        found = self.all
        for particular in particulars:
            if particular not in self._records:
                self._records[particular] = self.of(Agreement.objects.published().on_record(particular))
            found &= self._records[particular]
        return found

    def signed_possibly_within(self, first: datetime.date, last: datetime.date) -> Bits:
        """The set of those whose date of signing can lie in the period."""
        return self._begun_by(last) & ~self._over_before(first)

    def signed_certainly_within(self, first: datetime.date, last: datetime.date) -> Bits:
        """The set of those whose date of signing lies in the period whichever of its possible days it is."""
        before = self._kept_end("before", first)
        return self._kept_end("over by", last) & ~before

    def _begun_by(self, day: datetime.date) -> Bits:
        return self._kept_end("begun by", day)

    def _over_before(self, day: datetime.date) -> Bits:
        return self._kept_end("over before", day)

    def _kept_end(self, end: str, day: datetime.date) -> Bits:
        """The set of those whose signing, at the latest or at the earliest, lies before `day`, or by it.

        Periods are whole years, so that there are few such days.
        """
        if (end, day) not in self._ends:
            if len(self._ends) >= ENDS:
                self._ends.clear()
            days = self._firsts if end in ("begun by", "before") else self._lasts
            cut = bisect_right if end in ("begun by", "over by") else bisect_left
            upto = cut(days, day, key=itemgetter(0))
            found = self._ends[end, day] = bits_of((at for _day, at in days[:upto]), self.size)
            return found
        return self._ends[end, day]

    def order(self, method: str, descending: bool) -> Sequence[int]:
        """All positions in the order that this method of AgreementQuerySet gives them."""
        key = method, descending, get_language()
        if key not in self._orders:
            ordered = getattr(Agreement.objects.published(), method)(descending=descending)
            places = self.places
            keys = ordered.values_list("pk", flat=True)
            self._orders[key] = array("I", [places[pk] for pk in keys if pk in places])
        return self._orders[key]

    def page(self, found: Bits, method: str, descending: bool, start: int, end: int) -> list[int]:
        """The primary keys of those of the set `found` that stand from `start` to before `end` in that order."""
        if method == "by_number" and not descending:
            return [self.keys[at] for at in self._from(found, start, end)]
        order = self.order(method, descending)
        if found.bit_count() <= SPARSE:
            rank = self._rank(method, descending)
            chosen = sorted(self._from(found, 0, SPARSE), key=rank.__getitem__)[start:end]
        elif found == self.all:
            chosen = order[start:end]
        else:
            chosen = self._through(order, found, start, end)
        return [self.keys[at] for at in chosen]

    def _rank(self, method: str, descending: bool) -> Sequence[int]:
        """The place of each position in that order."""
        key = f"rank {method}", descending, get_language()
        if key not in self._orders:
            ranks = array("I", bytes(4 * self.size))
            for rank, at in enumerate(self.order(method, descending)):
                ranks[at] = rank
            self._orders[key] = ranks
        return self._orders[key]

    def _through(self, order: Sequence[int], found: Bits, start: int, end: int) -> list[int]:
        octets = found.to_bytes(self.size // 8 + 1, "little")
        chosen, seen = [], 0
        for at in order:
            if octets[at >> 3] >> (at & 7) & 1:
                if seen >= start:
                    chosen.append(at)
                seen += 1
                if seen == end:
                    break
        return chosen

    def _from(self, found: Bits, start: int, end: int) -> Iterator[int]:
        """The positions of the set from its member number `start` to before number `end`."""
        octets = found.to_bytes(self.size // 8 + 1, "little")
        seen = 0
        for begin in range(0, len(octets), WINDOW):
            window = octets[begin : begin + WINDOW]
            count = int.from_bytes(window, "little").bit_count()
            if seen + count <= start:
                seen += count
                continue
            for place, octet in enumerate(window, start=begin):
                while octet:
                    lowest = octet & -octet
                    octet ^= lowest
                    if seen >= start:
                        yield (place << 3) + lowest.bit_length() - 1
                    seen += 1
                    if seen == end:
                        return
