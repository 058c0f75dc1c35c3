"""Every question about the world's cities, by name."""

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from django.utils.translation import get_language

from sistercities.records import RecordQuerySet
from sistercities.text import fold, fold_terms


def matching(terms: list[str], *columns: str) -> Q:
    """The condition that every one of the folded `terms` stands in one of the search `columns`."""
    condition = Q()
    for term in terms:
        anywhere = Q()
        for column in columns:
            anywhere |= Q(**{f"{column}__contains": term})
        condition &= anywhere
    return condition


class CountryQuerySet(RecordQuerySet):
    """Questions about countries."""

    def search(self, text: str) -> "CountryQuerySet":
        """Countries of which every word of `text` stands in a name or the code."""
        return self.filter(matching(fold_terms(text), "search_text"))

    def alphabetical(self) -> "CountryQuerySet":
        """In the order of the reader's language."""
        return self.order_by(f"sort_{get_language()}", "code")


class CityQuerySet(RecordQuerySet):
    """Questions about cities."""

    def home(self):
        """The home city, or None before one is chosen."""
        return self.filter(is_home=True).first()

    def partners(self) -> "CityQuerySet":
        """Every city but the home city."""
        return self.filter(is_home=False)

    def with_country(self) -> "CityQuerySet":
        """With the country of each, in the same query."""
        return self.select_related("country")

    def search(self, text: str) -> "CityQuerySet":
        """Cities of which every word of `text` stands in some name, whatever the script or spelling."""
        return self.filter(matching(fold_terms(text), "search_text"))

    def alphabetical(self) -> "CityQuerySet":
        """In the order of the reader's language, the same on every database."""
        return self.order_by(f"sort_{get_language()}", "pk")

    def likely_same(self, names: list[str], country: str) -> "CityQuerySet":
        """Cities of `country` (its code) that bear one of `names` in some spelling: the likely duplicates."""
        condition = Q()
        for phrase in {fold(name) for name in names} - {""}:
            condition |= Q(search_text=phrase)
            condition |= Q(search_text__startswith=f"{phrase}\n")
            condition |= Q(search_text__contains=f"\n{phrase}\n")
        return self.filter(condition, country=country) if condition else self.none()


class PlaceQuerySet(QuerySet):
    """Questions about the gazetteer."""

    def suggest(self, text: str) -> "PlaceQuerySet":
        """Places that match `text`, those whose name begins with it first, then by population."""
        terms = fold_terms(text)
        if not terms:
            return self.none()
        begins = Q(search_text__startswith=terms[0]) | Q(search_text__contains=f"\n{terms[0]}")
        return (
            self.filter(matching(terms, "search_text"))
            .annotate(rank=Case(When(begins, then=Value(0)), default=Value(1), output_field=IntegerField()))
            .select_related("country")
            .order_by("rank", "-population", "geonames_id")
        )
