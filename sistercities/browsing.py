"""Lists that are browsed by their address: what it asks, what that finds, and how a page says so.

An address is never refused. What is right in it applies; what is not is left out and told (`complaints`). A list is
a `ListFilter` with its filters; `partnerships.filters.AgreementFilter` is the largest.
"""

import datetime
from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.functional import Promise, cached_property
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst
from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django_filters import Filter, FilterSet
from django_filters.widgets import SuffixedMultiWidget

from sistercities.dates import DateError, parse_year, year_bounds
from sistercities.text import clean_text, figures, fold_terms, latin_digits, number

LONGEST_SEARCH = 200
"""Characters of a search that count."""

LONGEST_REDIRECT = 1_500
"""Characters of an address that is led on to; Django refuses to lead to one of more than 2,048 with its path."""

TOLD_AT_MOST = 5
"""Wrong values that a complaint names; of more it gives the number."""

PAGE_SIZES = (25, 50, 100, 200)
"""How many records may stand on a page."""

USUAL_PAGE_SIZE = 50
"""How many stand there where nothing else is asked for."""

FOREIGN = ("utm_", "gclid", "fbclid")
"""How parameters begin that other sites hang on their links; nobody here asked for them."""


class Misread(ValidationError):
    """Something in a parameter that means nothing here; `kept` is what of the parameter still applies."""

    def __init__(self, message: str | Promise, kept: Any = None) -> None:
        super().__init__(message)
        self.kept = kept


class ForgivingForm(forms.Form):
    """A form that keeps the right part of a field beside the error about the rest."""

    def add_error(self, field: str | None, error: ValidationError) -> None:
        """Note the error; unlike Django's, a Misread leaves its field what was right."""
        super().add_error(field, error)
        if field and isinstance(error, Misread):
            self.cleaned_data[field] = error.kept


def one_line(text: str | None) -> str:
    """What was typed, without what nobody can see and with single spaces."""
    return " ".join(clean_text(text or "").split())


def quoted(texts: Iterable[str]) -> str:
    """What was typed, to stand in a sentence: the beginning of each of the first few, and how many more there are."""
    texts = list(texts)
    # Isolated, since a word of the other direction would reorder the sentence round it.
    begun = [text if len(text) <= 40 else f"{text[:40]}…" for text in texts[:TOLD_AT_MOST]]
    words = [gettext("“%(text)s”") % {"text": f"\u2068{text}\u2069"} for text in begun]
    rest = len(texts) - len(words)
    if rest:
        words.append(ngettext("%(count)s more", "%(count)s more", rest) % {"count": figures(rest)})
    return gettext(", ").join(words)


class SearchField(forms.Field):
    """Words to search for."""

    def clean(self, value: str | None) -> str:
        """The words, at most LONGEST_SEARCH characters. Raises Misread about more, and about signs alone."""
        asked = one_line(value)
        text = asked[:LONGEST_SEARCH]
        if text and not fold_terms(text):
            raise Misread(gettext("%(text)s has no letter or digit to search for.") % {"text": quoted([asked])}, "")
        if len(asked) > LONGEST_SEARCH:
            raise Misread(
                gettext("A search takes at most %(count)s characters; the rest was left out.")
                % {"count": figures(LONGEST_SEARCH)},
                text,
            )
        return text


class SearchFilter(Filter):
    """Records in which every word occurs: those that the queryset's `search` finds."""

    field_class = SearchField

    def filter(self, queryset: QuerySet, value: str) -> QuerySet:
        """Those of `queryset` that match."""
        return queryset.search(value) if value else queryset

    def told(self, name: str, value: str) -> list[tuple[Any, Any, str, str]]:
        """What was asked, for the chips: label, value, parameter, and the one value of it ("" for all)."""
        return [(self.label, quoted([value]), name, "")] if value else []


class ChoicesField(forms.Field):
    """Values that are choices of a filter."""

    widget = forms.SelectMultiple

    def __init__(self, choices: "ChoicesFilter", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.choices = choices

    def clean(self, value: list[str] | None) -> list[str]:
        """The values, each once. Raises Misread about those that are none of the choices."""
        asked = list(dict.fromkeys(filter(None, map(one_line, value or []))))
        known = self.choices.labels if asked else {}
        unknown = [text for text in asked if text not in known]
        if unknown:
            complaint = self.choices.unknown % {"values": quoted(unknown), "count": len(unknown)}
            raise Misread(complaint, [text for text in asked if text in known])
        return asked


@dataclass(frozen=True)
class Choice:
    """One choice: its value in the address, its label, how many it would find (None: not counted), if it is chosen."""

    value: str
    label: str
    count: int | None
    is_chosen: bool


@dataclass(frozen=True)
class Facet:
    """Choices that belong together, as they stand on the page."""

    name: str
    legend: str
    choices: list[Choice]
    template = "staff/includes/choices.html"

    @property
    def is_long(self) -> bool:
        """Whether the choices need a frame of their own to scroll in."""
        return len(self.choices) > 12

    @cached_property
    def boxes(self) -> SafeString:
        """The boxes of the choices, each with how many it would find, in the reader's language.

        They are put together here: of two hundred countries a template would make half of the work of a page.
        """
        language = get_language()
        return mark_safe("\n".join([_box(self.name, one, language) for one in self.choices]))


def _box(name: str, choice: Choice, language: str) -> str:
    box, label = _words_of_box(name, choice.value, choice.label, language)
    none = "" if choice.count else " choice--none"
    checked = " checked" if choice.is_chosen else ""
    return f'<label class="choice{none}">{box}{checked}>{label}{number(choice.count, language)}</span></label>'


@lru_cache(maxsize=2_048)
def _words_of_box(name: str, value: str, label: str, language: str) -> tuple[SafeString, SafeString]:
    """What stands in a box before whether it is checked, and from there to the number, of which neither knows."""
    return (
        format_html('<input type="checkbox" name="{}" value="{}"', name, value),
        format_html('<span>{}</span> <span class="choice__count">', capfirst(label)),
    )


class ChoicesFilter(Filter):
    """Choices, any of which may hold.

    `of` is the column that holds them; where that is not enough, `ask` names the QuerySet method that takes the values.
    `choices` are all there are, with their labels, or a function that knows them. `unknown` is the complaint about
    wrong values, an ngettext_lazy over %(count)s with %(values)s.
    """

    def __init__(self, label: Promise, unknown: Promise, choices: Any, of: str = "", ask: str = "") -> None:
        super().__init__(label=label)
        self.of, self.ask, self.unknown, self.choices = of, ask, unknown, choices

    @property
    def field(self) -> ChoicesField:
        """The form field, which asks this filter what it knows."""
        if not hasattr(self, "_field"):
            self._field = ChoicesField(self, label=self.label, required=False)
        return self._field

    @cached_property
    def labels(self) -> dict[str, str]:
        """The label of each choice, in the order of the page."""
        return dict(self.choices() if callable(self.choices) else self.choices)

    def filter(self, queryset: QuerySet, value: list[str]) -> QuerySet:
        """Those of `queryset` to which the values apply."""
        if not value:
            return queryset
        return queryset.among(self.of, value) if self.of else getattr(queryset, self.ask)(*value)

    def told(self, name: str, value: list[str]) -> list[tuple[Any, Any, str, str]]:
        """A chip for each value; see `SearchFilter.told`."""
        return [(self.label, self.labels[one], name, one) for one in self.labels if one in value] if value else []

    def piece(self, name: str, value: list[str], data: QueryDict) -> Facet:
        """The choices as they stand in the form of the list."""
        choices = [Choice(one, label, None, one in value) for one, label in self.labels.items()]
        return Facet(name, capfirst(self.label), choices)


@dataclass(frozen=True)
class Period:
    """Years from and to, as asked for; either end may be open."""

    since: int | None = None
    until: int | None = None

    @property
    def first(self) -> datetime.date:
        """The first day of the period."""
        return year_bounds(self.since)[0] if self.since else datetime.date.min

    @property
    def last(self) -> datetime.date:
        """The last day of the period."""
        return year_bounds(self.until)[1] if self.until else datetime.date.max


class PeriodWidget(SuffixedMultiWidget):
    """Two parameters, as in `signed_from` and `signed_to`."""

    suffixes = ["from", "to"]

    def __init__(self) -> None:
        super().__init__([forms.TextInput, forms.TextInput])


class PeriodField(forms.Field):
    """Two years, from and to, of either calendar."""

    widget = PeriodWidget

    def clean(self, value: list[str | None]) -> Period | None:
        """The period, or None. Raises Misread about what is no year, and about an end before the beginning."""
        years, errors = [], []
        for name, text in zip((gettext("From year"), gettext("To year")), map(one_line, value), strict=True):
            try:
                years.append(parse_year(text) if text else None)
            except DateError as error:
                years.append(None)
                errors.append(gettext("%(name)s: %(error)s.") % {"name": name, "error": " ".join(error.messages)})
        period = Period(*years) if any(years) else None
        if period and period.first > period.last:
            years = {"since": figures(period.since), "until": figures(period.until)}
            errors.append(gettext("%(since)s begins after %(until)s ends: no year lies from one to the other.") % years)
            period = None
        if errors:
            raise Misread(" ".join(errors), period)
        return period


@dataclass(frozen=True)
class Years:
    """Two boxes for years, as they stand on the page, with what stands in them."""

    name: str
    legend: str
    since: str
    until: str
    template = "staff/includes/years.html"


class PeriodFilter(Filter):
    """Records of which a date can lie in a period of years; an unknown date is in none.

    `of` is the date; where more is wanted, `ask` names the QuerySet method that takes the first and the last day.
    `since` and `until` are what the two ends are called.
    """

    field_class = PeriodField

    def __init__(self, label: Promise, since: Promise, until: Promise, of: str = "", ask: str = "") -> None:
        super().__init__(label=label)
        self.since, self.until, self.of, self.ask = since, until, of, ask

    def filter(self, queryset: QuerySet, value: Period | None) -> QuerySet:
        """Those of `queryset` whose date can lie in the period."""
        if not value:
            return queryset
        days = value.first, value.last
        return queryset.possibly_within(self.of, *days) if self.of else getattr(queryset, self.ask)(*days)

    def told(self, name: str, value: Period | None) -> list[tuple[Any, Any, str, str]]:
        """A chip for each end; see `SearchFilter.told`."""
        ends = ((self.since, value.since, "from"), (self.until, value.until, "to")) if value else ()
        return [(label, figures(year), f"{name}_{end}", "") for label, year, end in ends if year]

    def piece(self, name: str, value: Period | None, data: QueryDict) -> Years:
        """The two boxes as they stand in the form of the list."""
        return Years(name, capfirst(self.label), *(one_line(data.get(f"{name}_{end}")) for end in ("from", "to")))


class PageField(forms.Field):
    """The number of a page, in digits of any script."""

    def clean(self, value: str | None) -> int:
        """The number, at least 1. Raises Misread about anything else."""
        asked = one_line(value)
        digits = latin_digits(asked)
        if not asked:
            return 1
        if not (digits.isascii() and digits.isdigit() and digits.strip("0")):
            raise Misread(
                gettext("%(text)s is not the number of a page: the first is shown.") % {"text": quoted([asked])}, 1
            )
        # Nine digits are past every list; int() refuses to read thousands of them.
        return int(digits[-9:] if len(digits.lstrip("0")) <= 9 else "9" * 9)


class PageSizeField(forms.Field):
    """One of PAGE_SIZES, in digits of any script. `wrong` is the complaint about any other number."""

    def __init__(self, wrong: Promise, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.wrong = wrong

    def clean(self, value: str | None) -> int:
        """The number. Raises Misread about any other."""
        asked = one_line(value)
        sizes = {str(size): size for size in PAGE_SIZES}
        if asked and latin_digits(asked) not in sizes:
            choice = {"sizes": gettext(", ").join(map(figures, PAGE_SIZES)), "usual": figures(USUAL_PAGE_SIZE)}
            raise Misread(self.wrong % (choice | {"text": quoted([asked])}), USUAL_PAGE_SIZE)
        return sizes.get(latin_digits(asked), USUAL_PAGE_SIZE)


class Display(Filter):
    """A parameter that says how a list is shown and changes nothing of what is in it."""

    def __init__(self, label: Promise, field_class: type[forms.Field], **kwargs: Any) -> None:
        super().__init__(label=label, **kwargs)
        self.field_class = field_class

    def filter(self, queryset: QuerySet, value: Any) -> QuerySet:
        """`queryset` as it is."""
        return queryset


@dataclass(frozen=True)
class Order:
    """One of the orders to choose from."""

    value: str
    label: str
    is_chosen: bool


@dataclass(frozen=True)
class PageSize:
    """One of the numbers of records on a page to choose from."""

    size: int
    is_chosen: bool


@dataclass(frozen=True)
class Chip:
    """One thing that was asked for, and the address without it."""

    label: str
    url: str


class ListFilter(FilterSet):
    """What a list shows of `queryset` for the parameters `data` (a QueryDict).

    `qs` is everything found, in order; `shown` the page of it to show. Subclasses declare their filters.
    """

    page_size = 50

    page = Display(_("page"), PageField)

    class Meta:
        form = ForgivingForm

    kept_when_cleared = ()
    """Parameters that say how the list is shown, not what is in it."""

    places = ("page",)
    """Parameters that say where in the list one stands: they end with the list that they are of."""

    @cached_property
    def asked(self) -> dict[str, Any]:
        """What of the parameters applies, by filter."""
        self.form.is_valid()  # what is not valid is told in `complaints`
        return self.form.cleaned_data

    @property
    def parameters(self) -> set[str]:
        """The names of the parameters that mean something here."""
        periods = [name for name, one in self.filters.items() if isinstance(one, PeriodFilter)]
        return set(self.filters) - {*periods} | {f"{name}_{end}" for name in periods for end in PeriodWidget.suffixes}

    @property
    def repeatable(self) -> set[str]:
        """Those that may be given more than once."""
        return {name for name, one in self.filters.items() if isinstance(one, ChoicesFilter)}

    def without(self, *names: str) -> QuerySet:
        """What would be found if nothing were asked of these filters."""
        queryset = self.queryset.all()
        for name, value in self.asked.items():
            if name not in names:
                queryset = self.filters[name].filter(queryset, value)
        return queryset

    @cached_property
    def total(self) -> int:
        """How many were found."""
        return self.qs.count()

    @cached_property
    def shown(self) -> Page:
        """The page asked for, or the last one where there are not so many."""
        paginator = Paginator(self.qs, self.page_size)
        paginator.count = self.total  # counted already
        return paginator.get_page(self.asked["page"])

    @property
    def last_page(self) -> int:
        """The number of the last page."""
        return self.shown.paginator.num_pages

    @cached_property
    def complaints(self) -> list[str]:
        """What in the address was not understood, each a sentence."""
        said = [message for messages in self.form.errors.values() for message in messages]
        unknown = [one_line(name) for name in self.data if name not in self.parameters and not name.startswith(FOREIGN)]
        if unknown:
            complaint = ngettext(
                "%(names)s is not a filter of this page.", "%(names)s are not filters of this page.", len(unknown)
            )
            said.append(complaint % {"names": quoted(unknown)})
        repeated = [
            name
            for name in self.parameters - self.repeatable
            if len(set(filter(None, map(one_line, self.data.getlist(name))))) > 1
        ]
        if repeated:
            complaint = gettext("Given more than once, so that only the last value counts: %(names)s.")
            said.append(complaint % {"names": quoted(sorted(repeated))})
        if self.asked["page"] > self.last_page:
            complaint = gettext("There is no page %(page)s: the last, %(last)s, is shown.")
            said.append(complaint % {"page": figures(self.asked["page"]), "last": figures(self.last_page)})
        return said

    @cached_property
    def chips(self) -> list[Chip]:
        """Everything asked for, each with the address that asks for the rest."""
        asked = [(one, name) for name, one in self.filters.items() if hasattr(one, "told")]
        return [self.chip(*told) for one, name in asked for told in one.told(name, self.asked[name])]

    def chip(self, label: str, value: str, name: str, one: str = "") -> Chip:
        """A chip that takes the parameter `name` out of the address, or only its value `one`."""
        query = copy(self.data)
        query.setlist(name, [text for text in query.getlist(name) if one and one_line(text) != one])
        return Chip(format_html("{}: {}", capfirst(label), value), self.address(query))

    @property
    def clear_url(self) -> str:
        """The address that asks for everything, in the same order."""
        query = copy(self.data)
        for name in set(query) - set(self.kept_when_cleared):
            del query[name]
        return self.address(query)

    def address(self, query: QueryDict) -> str:
        """The address of this list with the parameters `query`, from its beginning; relative to the present one."""
        for name in self.places:
            query.pop(name, None)
        return self.written(query)

    def written(self, query: QueryDict) -> str:
        """The shortest address that asks what `query` asks, relative to the present one."""
        asks = self.tidied(query).urlencode()
        return f"?{asks}" if asks else "."

    def usual(self, query: QueryDict) -> dict[str, str]:
        """What holds beside `query` where a parameter is not given."""
        return {}

    def tidied(self, query: QueryDict) -> QueryDict:
        """`query` without what says nothing: values that are empty, and those that hold anyway."""
        tidy, usual = copy(query), self.usual(query)
        for name in self.parameters & set(query):
            values = [one_line(text) for text in query.getlist(name)]
            if name in self.repeatable:
                tidy.setlist(name, [text for text, seen in zip(query.getlist(name), values, strict=True) if seen])
            # Of several values the last counts; to take only one of them out could change which that is.
            if set(values) <= {""} or set(values) == {usual.get(name)}:
                del tidy[name]
        return tidy

    @property
    def tidy_url(self) -> str:
        """The shorter address that asks the same; "" when this is the shortest.

        A form sends its boxes whether or not anything stands in them. The address that is shown and shared is to say
        what was asked and nothing else.
        """
        tidy = "" if self.tidied(self.data) == self.data else self.written(self.data)
        return tidy if len(tidy) <= LONGEST_REDIRECT else ""

    @property
    def typed(self) -> dict[str, str]:
        """What stands in the boxes of single values, right or wrong, so that it can be put right."""
        return {name: one_line(self.data.get(name))[:LONGEST_SEARCH] for name in self.parameters - self.repeatable}
