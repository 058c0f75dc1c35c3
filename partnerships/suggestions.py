"""What the search box offers while somebody types: partner cities by any of their names, and agreements by their own.

Only what everybody may read is offered, and a few of it: the whole answer is the search itself.
"""

from dataclasses import dataclass

from cities.models import City, Country
from partnerships.models import Agreement
from sistercities.text import LocalText, fold, fold_terms, marked

OFFERED = 8
"""Suggestions at most."""


@dataclass(frozen=True)
class Name:
    """A name with what was found in it: `pieces` are (text, whether it was found), `lang` is "" where not known."""

    pieces: list[tuple[str, bool]]
    lang: str
    dir: str

    @classmethod
    def of(cls, name: LocalText, terms: list[str]) -> "Name":
        """The name with the folded `terms` marked."""
        return cls(marked(name.plain, terms), name.lang, name.dir)


@dataclass(frozen=True)
class Suggestion:
    """A page to go to: its name, the other name by which it was found if it was by another, and where it belongs."""

    url: str
    name: Name
    also: Name | None
    where: Name | None
    number: int | None = None
    """The register number of an agreement; None for a city."""

    @property
    def is_by_text(self) -> bool:
        """Whether it was found by what is not shown: the title or the summary of an agreement."""
        return not any(
            is_found for name in (self.name, self.also, self.where) if name for _text, is_found in name.pieces
        )


def suggestions(text: str) -> list[Suggestion]:
    """What to offer for `text`, cities first; nothing for a text without a letter or digit. Two queries at most."""
    terms = fold_terms(text)
    if not terms:
        return []
    cities = City.objects.public().with_country().suggest(text)[:OFFERED]
    offered = [_of_city(city, terms) for city in cities]
    if len(offered) < OFFERED:
        agreements = Agreement.objects.published().with_partner().suggest(text)[: OFFERED - len(offered)]
        offered += [_of_agreement(agreement, terms) for agreement in agreements]
    return offered


def _of_city(city: City, terms: list[str]) -> Suggestion:
    names = _written(city, "name") + city.further_names
    places = _written(city.country, "name") + _written(city, "region")
    found = _found(city.name, names, terms)
    also = Name.of(found, terms) if found.plain != city.name.plain else None
    rest = [term for term in terms if term not in fold(found)]
    where = Name.of(_found(city.country.name, places, rest), rest)
    return Suggestion(city.get_absolute_url(), Name.of(city.name, terms), also, where)


def _of_agreement(agreement: Agreement, terms: list[str]) -> Suggestion:
    return Suggestion(agreement.get_absolute_url(), Name.of(agreement.name, terms), None, None, agreement.number)


def _written(record: City | Country, name: str) -> list[LocalText]:
    """The bilingual `name` in both languages."""
    return [LocalText(getattr(record, f"{name}_{lang}"), lang) for lang in ("fa", "en")]


def _found(shown: LocalText, others: list[LocalText], terms: list[str]) -> LocalText:
    """The first name in which something was found; `shown` where nothing was."""
    return next((name for name in (shown, *others) if any(term in fold(name) for term in terms)), shown)
