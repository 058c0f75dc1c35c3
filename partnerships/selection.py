"""What an address without a page of its own (a download, the feed, the calendar) asks for.

It takes the filters of browsing and finds exactly what browsing finds. How a page shows things (its number, its size,
the view, the part of the map) changes nothing here and is passed over. The address has no language: what depends on
one (the order of names, the words of the feed) is Persian, or English with `lang=en`.
"""

from django.conf import settings
from django.http import QueryDict
from django.utils.functional import cached_property
from django.utils.translation import get_language, gettext, override

from partnerships.filters import WINDOW, AgreementFilter
from partnerships.models import Agreement
from partnerships.querysets import AgreementQuerySet
from sistercities.browsing import one_line, quoted

SHOWING = ("page", "per_page", "view", *WINDOW)
"""Parameters of browsing that say how a page shows what was found."""

LANGUAGE = "lang"
"""The parameter that chooses the language."""


class Selection:
    """The published agreements that the parameters `data` (a QueryDict) ask for."""

    def __init__(self, data: QueryDict) -> None:
        self.data = data.copy()
        for name in SHOWING:
            self.data.pop(name, None)
        self._spoken = [one_line(text) for text in self.data.pop(LANGUAGE, []) if one_line(text)]
        known = [code for code in self._spoken if code in dict(settings.LANGUAGES)]
        self.language: str = known[-1] if known else settings.LANGUAGE_CODE
        with override(self.language):
            self.filter = self._filter()
            self.agreements: AgreementQuerySet = self.filter.qs

    def _filter(self) -> AgreementFilter:
        return AgreementFilter(self.data, Agreement.objects.published())

    @cached_property
    def complaints(self) -> dict[str, list[str]]:
        """What was not understood, by language; empty when all of it was."""
        with override(self.language):
            if not (self.filter.complaints or self._complaint_of_language()):
                return {}
        found = {}
        for code, _name in settings.LANGUAGES:
            with override(code):  # the choices of a filter are named once, in the language in which it was asked
                found[code] = [*self._filter().complaints, *self._complaint_of_language()]
        return found

    def _complaint_of_language(self) -> list[str]:
        unknown = [text for text in self._spoken if text not in dict(settings.LANGUAGES)]
        if unknown:
            return [gettext("%(text)s is not a language of this site: write fa or en.") % {"text": quoted(unknown)}]
        if len(set(self._spoken)) > 1:
            return [gettext("Only one language can be chosen: %(text)s.") % {"text": quoted(self._spoken)}]
        return []

    @property
    def query(self) -> str:
        """What of the parameters applies, as the end of an address ("?country=TR"); "" for everything."""
        return address_end(self.filter)


def address_end(asked: AgreementFilter | None, language: str | None = None) -> str:
    """The end of an address ("?country=TR&lang=en") that asks a download, the feed or the calendar for what is found.

    `asked` is None for everything. `language` is the one the answer is to be in: the reader's unless given. What was
    not understood is left out, so that the address is answered.
    """
    query = QueryDict(mutable=True)
    for name, value in asked.asked.items() if asked else ():
        if name == "signed" and value:
            ends = {"signed_from": value.since, "signed_to": value.until}
            query.update({end: str(year) for end, year in ends.items() if year})
        elif isinstance(value, list):
            query.setlist(name, value)
        elif name not in SHOWING and value and (name, value) != ("sort", "number"):
            query[name] = value
    for name in [name for name, values in query.lists() if not values]:
        del query[name]
    language = language or get_language()
    if language != settings.LANGUAGE_CODE:
        query[LANGUAGE] = language
    return f"?{query.urlencode()}" if query else ""
