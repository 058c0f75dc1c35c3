"""Browsing agreements: by words, by groups of choices with a count each, by the year of signing, in any order.

Public pages, staff lists and downloads ask through the same `AgreementFilter`, over whichever agreements they may
show. What holds for every list, wrong parameters above all, is in `sistercities.browsing`.
"""

import datetime
import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.paginator import Page
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.functional import Promise, cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext, ngettext_lazy
from django.utils.translation import gettext_lazy as _
from django_filters import Filter
from django_filters.widgets import SuffixedMultiWidget

from cities.maps import FARTHEST_KM
from cities.maps.frames import LARGEST, SMALLEST
from cities.models import City, Country
from partnerships.models import Agreement, Domain
from partnerships.models.evidence import Verification
from partnerships.querysets import LACKS
from sistercities.browsing import Chip, Display, ForgivingForm, ListFilter, Misread, SearchFilter, one_line, quoted
from sistercities.dates import DateError, parse_year, year_bounds
from sistercities.text import figures, latin_digits, number

VIEWS = {"list": "number", "map": "number", "timeline": "signed"}
"""The ways of showing what was found, each with the order that holds where none is asked for."""

PAGE_SIZES = (25, 50, 100, 200)
"""How many agreements may stand on a page."""

USUAL_PAGE_SIZE = 50
"""How many stand there where nothing else is asked for."""

ORDERS = {
    "number": ("by_number", _("register number, ascending"), _("register number, descending")),
    "city": ("alphabetical", _("city, from the first letter"), _("city, from the last letter")),
    "country": ("by_country", _("country, from the first letter"), _("country, from the last letter")),
    "signed": ("by_signing", _("signed, the oldest first"), _("signed, the newest first")),
}
"""The orders of a list: the AgreementQuerySet method, and what it is called ascending and descending."""


WINDOW = ("zoom", "east", "north")
"""The parameters that say which part of the world the map shows: its scale, and where its middle lies from home."""

KILOMETRES = {
    "least": -math.floor(FARTHEST_KM),
    "most": math.floor(FARTHEST_KM),
    "wrong": _("%(text)s is no distance from the home city: they go from %(least)s to %(most)s kilometres."),
}


@dataclass(frozen=True)
class Period:
    """The years in which an agreement was signed, as asked for; either end may be open."""

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


class GroupField(forms.Field):
    """Values that are choices of a group."""

    widget = forms.SelectMultiple

    def __init__(self, group: "Group", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.group = group

    def clean(self, value: list[str] | None) -> list[str]:
        """The values, each once. Raises Misread about those that are none of the group's."""
        asked = list(dict.fromkeys(filter(None, map(one_line, value or []))))
        known = self.group.labels if asked else {}
        unknown = [text for text in asked if text not in known]
        if unknown:
            complaint = self.group.unknown % {"values": quoted(unknown), "count": len(unknown)}
            raise Misread(complaint, [text for text in asked if text in known])
        return asked


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


class SortField(forms.Field):
    """One of ORDERS, with "-" before it for the other way round."""

    def clean(self, value: str | None) -> str:
        """The order, "" where none is asked for. Raises Misread about any other."""
        asked = one_line(value)
        if asked and asked.removeprefix("-") not in ORDERS:
            complaint = gettext("The partnerships cannot be sorted by %(text)s; their usual order stands.")
            raise Misread(complaint % {"text": quoted([asked])}, "")
        return asked


class PageSizeField(forms.Field):
    """One of PAGE_SIZES, in digits of any script."""

    def clean(self, value: str | None) -> int:
        """The number. Raises Misread about any other."""
        asked = one_line(value)
        sizes = {str(size): size for size in PAGE_SIZES}
        if asked and latin_digits(asked) not in sizes:
            complaint = gettext("A page can show %(sizes)s partnerships, not %(text)s: it shows %(usual)s.")
            choice = {"sizes": gettext(", ").join(map(figures, PAGE_SIZES)), "usual": figures(USUAL_PAGE_SIZE)}
            raise Misread(complaint % (choice | {"text": quoted([asked])}), USUAL_PAGE_SIZE)
        return sizes.get(latin_digits(asked), USUAL_PAGE_SIZE)


class ViewField(forms.Field):
    """One of VIEWS."""

    def clean(self, value: str | None) -> str:
        """The view. Raises Misread about any other."""
        asked = one_line(value) or "list"
        if asked not in VIEWS:
            complaint = gettext("%(text)s is not a view of this page: the list is shown.")
            raise Misread(complaint % {"text": quoted([asked])}, "list")
        return asked


class WholeNumberField(forms.Field):
    """A whole number from `least` to `most`, in digits of any script, below nought with a minus sign.

    `wrong` is the complaint about anything else, lazy text over %(text)s, %(least)s and %(most)s.
    """

    def __init__(self, least: int, most: int, wrong: Promise, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.least, self.most, self.wrong = least, most, wrong

    def clean(self, value: str | None) -> int | None:
        """The number, or None where none is given. Raises Misread about anything else."""
        asked = one_line(value)
        if not asked:
            return None
        written = latin_digits(asked).replace("\u2212", "-")
        digits = written.removeprefix("-")
        # Nine digits are past every bound; int() refuses to read thousands of them.
        is_number = digits.isascii() and digits.isdigit() and len(digits) < 10
        if not (is_number and self.least <= int(written) <= self.most):
            bounds = {"least": number(self.least), "most": number(self.most)}
            raise Misread(str(self.wrong) % (bounds | {"text": quoted([asked])}))
        return int(written)


class BrowsingForm(ForgivingForm):
    """The parameters of a list of agreements, in which each view has its usual order."""

    def clean(self) -> None:
        """Put in the order of the view where none was asked for."""
        self.cleaned_data["sort"] = self.cleaned_data["sort"] or VIEWS[self.cleaned_data.get("view", "list")]
        middle = [self.cleaned_data.get(name) or 0 for name in ("east", "north")]
        if math.hypot(*middle) > FARTHEST_KM:
            self.cleaned_data |= {"east": None, "north": None}
            raise Misread(gettext("East and north together lie beyond the rim of the world: neither applies."))


class Group(Filter):
    """A group of choices, any of which may hold, and each of which is counted.

    `ask` names the AgreementQuerySet method that takes the values, `column` what is counted; where that is no plain
    column, `prepare` names the method that annotates it. `unknown` is the complaint about wrong values, an
    ngettext_lazy over %(count)s with %(values)s. `choices` are all there are, with their labels.
    """

    def __init__(
        self, label: Promise, ask: str, column: str, unknown: Promise, choices: Iterable = (), prepare: str = ""
    ) -> None:
        super().__init__(label=label)
        self.ask, self.column, self.unknown, self.choices, self.prepare = ask, column, unknown, choices, prepare

    @property
    def field(self) -> GroupField:
        """The form field, which asks this group what it knows."""
        if not hasattr(self, "_field"):
            self._field = GroupField(self, label=self.label, required=False)
        return self._field

    @property
    def is_own(self) -> bool:
        """Whether it is a column of the agreement itself, so that such groups can be counted together."""
        return "__" not in self.column

    @cached_property
    def labels(self) -> dict[str, str]:
        """The label of each choice, in the order of the page."""
        return dict(self.choices)

    def filter(self, queryset: QuerySet, value: list[str]) -> QuerySet:
        """Those of `queryset` to which one of the values applies."""
        return getattr(queryset, self.ask)(*value) if value else queryset


class CountryGroup(Group):
    """Countries by their code, in the order of the reader's language."""

    @cached_property
    def labels(self) -> dict[str, str]:
        """The names of all countries."""
        countries = Country.objects.only("code", "name_fa", "name_en").alphabetical()
        return {country.code: country.name for country in countries}


class DomainGroup(Group):
    """The managed list of domains by their key."""

    @cached_property
    def labels(self) -> dict[str, str]:
        """The names of all domains."""
        return {domain.key: domain.name for domain in Domain.objects.all()}


class RecordFilter(Filter):
    """What is on record of an agreement and what is not; everything asked has to hold."""

    labels = {
        "date": _("date of signing"),
        "no_date": _("no date of signing"),
        "day": _("date known to the day"),
        "month": _("date known to the month only"),
        "year": _("date known to the year only"),
        "domain": _("domain of cooperation"),
        "no_domain": _("no domain of cooperation"),
        "resolution": _("council resolution"),
        "no_resolution": _("no council resolution"),
        "title": _("title of the instrument"),
        "no_title": _("no title of the instrument"),
    }
    unknown = ngettext_lazy(
        "%(values)s is nothing that can be on record.", "%(values)s are nothing that can be on record.", "count"
    )

    @property
    def field(self) -> GroupField:
        """The form field, which asks this filter what it knows."""
        if not hasattr(self, "_field"):
            self._field = GroupField(self, label=self.label, required=False)
        return self._field

    def filter(self, queryset: QuerySet, value: list[str]) -> QuerySet:
        """Those of `queryset` of which all that is known or not known."""
        return queryset.on_record(*value) if value else queryset


class LackFilter(RecordFilter):
    """What a record lacks that it should hold; any of what is asked. It tells of what is not public: for the staff."""

    labels = LACKS
    unknown = ngettext_lazy(
        "%(values)s is nothing that a record can lack.", "%(values)s are nothing that a record can lack.", "count"
    )

    def filter(self, queryset: QuerySet, value: list[str]) -> QuerySet:
        """Those of `queryset` that lack any of it."""
        return queryset.lacking(*value) if value else queryset


class PeriodFilter(Filter):
    """Agreements that were possibly signed in the period; each is annotated with whether certainly."""

    field_class = PeriodField

    def filter(self, queryset: QuerySet, value: Period | None) -> QuerySet:
        """Those of `queryset` whose date can lie in the period; an unknown date is in none."""
        return queryset.signed_possibly_within(value.first, value.last) if value else queryset


class SortFilter(Filter):
    """The order of the list."""

    field_class = SortField

    def filter(self, queryset: QuerySet, value: str) -> QuerySet:
        """`queryset` in that order."""
        method, *_labels = ORDERS[value.removeprefix("-")]
        return getattr(queryset, method)(descending=value.startswith("-"))


@dataclass(frozen=True)
class Choice:
    """One choice of a group: its value in the address, its label, how many it would find, whether it is chosen."""

    value: str
    label: str
    count: int
    is_chosen: bool


@dataclass(frozen=True)
class Facet:
    """A group as it stands on the page."""

    name: str
    legend: str
    choices: list[Choice]

    @property
    def is_long(self) -> bool:
        """Whether the choices need a frame of their own to scroll in."""
        return len(self.choices) > 12


@dataclass(frozen=True)
class Column:
    """The head of a column: the address that sorts by it, and how it is sorted now ("" when it is not)."""

    url: str
    direction: str


@dataclass(frozen=True)
class Order:
    """One of the orders to choose from."""

    value: str
    label: str
    is_chosen: bool


@dataclass(frozen=True)
class PageSize:
    """One of the numbers of agreements on a page to choose from."""

    size: int
    is_chosen: bool


@dataclass(frozen=True)
class Tab:
    """One of the ways of showing what was found, and the address that shows it so."""

    view: str
    label: str
    url: str
    is_chosen: bool


@dataclass(frozen=True)
class Tally:
    """How many were found; in a period, how many of them certainly lie in it, and how many more have no date."""

    total: int
    certain: int = 0
    undated: int = 0

    @property
    def possible(self) -> int:
        """How many of those found possibly, but not certainly, lie in the period."""
        return self.total - self.certain


class AgreementFilter(ListFilter):
    """What a list of agreements shows of `queryset` (an AgreementQuerySet) for the parameters `data` (a QueryDict).

    A staff list adds a group of its own in a subclass.
    """

    kept_when_cleared = ("sort", "view", "per_page")

    class Meta:
        form = BrowsingForm

    q = SearchFilter(label=_("search"))
    status = Group(
        label=_("status"),
        ask="in_state",
        column="state_on",
        prepare="with_state",
        choices=Agreement.STATES,
        unknown=ngettext_lazy("%(values)s is not a status.", "%(values)s are not statuses.", "count"),
    )
    kind = Group(
        label=_("kind"),
        ask="of_kind",
        column="kind",
        choices=Agreement.Kind.choices,
        unknown=ngettext_lazy(
            "%(values)s is not a kind of agreement.", "%(values)s are not kinds of agreement.", "count"
        ),
    )
    country = CountryGroup(
        label=_("country"),
        ask="in_countries",
        column="partner__country",
        unknown=ngettext_lazy("%(values)s is not a country code.", "%(values)s are not country codes.", "count"),
    )
    domain = DomainGroup(
        label=_("domain of cooperation"),
        ask="in_domains",
        column="domains__key",
        unknown=ngettext_lazy(
            "%(values)s is not a domain of cooperation.", "%(values)s are not domains of cooperation.", "count"
        ),
    )
    verification = Group(
        label=_("verification"),
        ask="verified_as",
        column="verification",
        choices=Verification.choices,
        unknown=ngettext_lazy(
            "%(values)s is not a level of verification.", "%(values)s are not levels of verification.", "count"
        ),
    )
    record = RecordFilter(label=_("on record"))
    signed = PeriodFilter(label=_("year signed"))
    sort = SortFilter(label=_("order"))
    per_page = Display(_("partnerships on a page"), PageSizeField)
    view = Display(_("view"), ViewField)
    zoom = Display(
        _("scale of the map"),
        WholeNumberField,
        least=SMALLEST,
        most=LARGEST,
        wrong=_("%(text)s is no scale of the map: they go from %(least)s to %(most)s."),
    )
    east = Display(_("kilometres east"), WholeNumberField, **KILOMETRES)
    north = Display(_("kilometres north"), WholeNumberField, **KILOMETRES)

    places = ("page", *WINDOW)

    @property
    def groups(self) -> dict[str, Group]:
        """The groups of choices by name, in the order of the page."""
        return {name: one for name, one in self.filters.items() if isinstance(one, Group)}

    @property
    def particulars(self) -> dict[str, RecordFilter]:
        """The filters of what is on record and what is not, by name."""
        return {name: one for name, one in self.filters.items() if isinstance(one, RecordFilter)}

    @property
    def parameters(self) -> set[str]:
        """The names of the parameters that mean something here."""
        return super().parameters - {"signed"} | {"signed_from", "signed_to"}

    @property
    def repeatable(self) -> set[str]:
        """Those that may be given more than once."""
        return {*self.groups, *self.particulars}

    @property
    def period(self) -> Period | None:
        """The years asked for."""
        return self.asked["signed"]

    @property
    def shown_as(self) -> str:
        """How what was found is shown: one of VIEWS."""
        return self.asked.get("view", "list")

    @property
    def page_size(self) -> int:
        """How many agreements stand on a page."""
        return self.asked["per_page"]

    @property
    def last_page(self) -> int:
        """The number of the last page; the map's are of cities."""
        return -(-len(self.cities) // self.page_size) or 1 if self.shown_as == "map" else super().last_page

    @cached_property
    def cities(self) -> list[City]:
        """The partner cities of what was found, in its order, each with its `published_agreements` among it."""
        found = self.qs.by_partner()
        cities = {city.pk: city for city in City.objects.of_agreements(self.qs).for_maps()}
        # What is published or withdrawn between the two queries is in one of them only.
        both = [key for key in found if key in cities]
        for key in both:
            cities[key].published_agreements = found[key]
        return [cities[key] for key in both]

    def at(self, zoom: int | None = None, east: int | None = None, north: int | None = None) -> str:
        """The address of what was found on this part of the map; without one, on the map as it is first shown."""
        query = self.data.copy()
        query["view"] = "map"
        for name, value in zip(WINDOW, (zoom, east, north), strict=True):
            query.pop(name, None)
            if value is not None:
                query[name] = str(value)
        query.pop("page", None)
        return self.written(query)

    def usual(self, query: QueryDict) -> dict[str, str]:
        """The view, its order and the number on a page that hold where none is given."""
        view = one_line(query.get("view")) or "list"
        return {"view": "list", "sort": VIEWS.get(view, VIEWS["list"]), "per_page": str(USUAL_PAGE_SIZE)}

    @cached_property
    def tally(self) -> Tally:
        """How many were found, and with a period, how surely."""
        return Tally(*(self._counted.get(name, 0) for name in ("total", "certain", "undated")))

    @property
    def span(self) -> dict[str, Any]:
        """How far what was found reaches in time; see `AgreementQuerySet.span_of_signing`."""
        return {"dated": self._counted["total"]} | self._counted  # in a period everything has a date

    @cached_property
    def _counted(self) -> dict[str, Any]:
        # One query, which asks no more than the view has to tell.
        if self.period:
            return self.without("signed").tally_signed(self.period.first, self.period.last)
        return self.qs.span_of_signing() if self.shown_as == "timeline" else {"total": self.qs.count()}

    @property
    def total(self) -> int:
        """How many were found."""
        return self.tally.total

    @cached_property
    def shown(self) -> Page:
        """The page to show, with partners and countries."""
        page = super().shown
        page.object_list = page.object_list.with_partner()
        return page

    @cached_property
    def facets(self) -> list[Facet]:
        """The groups with the choices that would find something, or are chosen.

        Each choice is counted with all filters but its own group's.
        """
        counts = self._counts()
        return [
            Facet(name, capfirst(group.label), self._choices(group, counts[name], self.asked[name]))
            for name, group in self.groups.items()
        ]

    def _choices(self, group: Group, counts: dict[str, int], chosen: list[str]) -> list[Choice]:
        return [
            Choice(value, label, counts.get(value, 0), value in chosen)
            for value, label in group.labels.items()
            if counts.get(value) or value in chosen
        ]

    def _counts(self) -> dict[str, dict[str, int]]:
        counts: dict[str, dict[str, int]] = {}
        own = {}
        for name, group in self.groups.items():
            if group.is_own:
                own[name], counts[name] = group, Counter()
            else:
                counts[name] = self.without(name).count_by(group.column)
        queryset = self.without(*own)
        for group in own.values():
            if group.prepare:
                queryset = getattr(queryset, group.prepare)()
        # One table of all combinations serves every column of the agreement itself: a combination counts for a
        # group when what is chosen in the other groups lets it pass.
        for values, times in queryset.cross_count(*(group.column for group in own.values())).items():
            combination = dict(zip(own, values, strict=True))
            barred = {name for name, value in combination.items() if self.asked[name] and value not in self.asked[name]}
            for name, value in combination.items():
                if barred <= {name}:
                    counts[name][value] += times
        return counts

    @cached_property
    def chips(self) -> list[Chip]:
        """Everything asked for, each with the address that asks for the rest."""
        chips = list(super().chips)
        for facet in self.facets:
            chips += [
                self.chip(facet.legend, one.label, facet.name, one.value) for one in facet.choices if one.is_chosen
            ]
        for name, one in self.particulars.items():
            chips += [self.chip(one.label, one.labels[value], name, value) for value in self.asked[name]]
        if self.period and self.period.since:
            chips.append(self.chip(gettext("signed from"), figures(self.period.since), "signed_from"))
        if self.period and self.period.until:
            chips.append(self.chip(gettext("signed to"), figures(self.period.until), "signed_to"))
        return chips

    @property
    def orders(self) -> list[Order]:
        """The orders to choose from."""
        return [
            Order(sign + name, label, sign + name == self.asked["sort"])
            for name, (_method, *labels) in ORDERS.items()
            for sign, label in zip(("", "-"), labels, strict=True)
        ]

    @property
    def sizes(self) -> list[PageSize]:
        """The numbers of agreements on a page to choose from."""
        return [PageSize(size, size == self.page_size) for size in PAGE_SIZES]

    @property
    def tabs(self) -> list[Tab]:
        """The ways of showing what was found; each keeps everything that was asked."""
        labels = {"list": gettext("List"), "map": gettext("Map"), "timeline": gettext("Timeline")}
        return [Tab(view, labels[view], self._url_of(view), view == self.shown_as) for view in VIEWS]

    def _url_of(self, view: str) -> str:
        query = self.data.copy()
        query["view"] = view
        return self.address(query)

    @property
    def order(self) -> Order:
        """The order of the list."""
        return next(order for order in self.orders if order.is_chosen)

    @property
    def columns(self) -> dict[str, Column]:
        """The heads of the columns that sort: ascending at first, descending when chosen again."""
        now = self.asked["sort"]
        columns = {}
        for name in ORDERS:
            query = self.data.copy()
            query["sort"] = f"-{name}" if now == name else name
            direction = {name: "ascending", f"-{name}": "descending"}.get(now, "")
            columns[name] = Column(self.address(query), direction)
        return columns
