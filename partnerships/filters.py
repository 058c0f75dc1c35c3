"""Browsing agreements: by words, by groups of choices with a count each, by the year of signing, in any order.

Public pages, staff lists and downloads ask through the same `AgreementFilter`, over whichever agreements they may
show. What holds for every list, wrong parameters above all, is in `sistercities.browsing`.
"""

import math
from collections import Counter
from copy import copy
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.functional import Promise, SimpleLazyObject, cached_property
from django.utils.text import capfirst
from django.utils.translation import get_language, gettext, ngettext_lazy
from django.utils.translation import gettext_lazy as _
from django_filters import Filter

from cities.maps import FARTHEST_KM
from cities.maps.frames import LARGEST, SMALLEST
from cities.models import City, Country
from partnerships.models import Agreement, Domain
from partnerships.models.evidence import Verification
from partnerships.roll import Bits, Roll
from sistercities.browsing import (
    PAGE_SIZES,
    USUAL_PAGE_SIZE,
    Choice,
    ChoicesFilter,
    Display,
    Facet,
    ForgivingForm,
    ListFilter,
    Misread,
    Order,
    PageSize,
    PageSizeField,
    Period,
    PeriodFilter,
    SearchFilter,
    one_line,
    quoted,
)
from sistercities.kept import Memory
from sistercities.text import latin_digits, number

VIEWS = {"list": "number", "map": "number", "timeline": "signed"}
"""The ways of showing what was found, each with the order that holds where none is asked for."""

ORDERS = {
    "number": ("by_number", _("register number, ascending"), _("register number, descending")),
    "city": ("alphabetical", _("city, from the first letter"), _("city, from the last letter")),
    "country": ("by_country", _("country, from the first letter"), _("country, from the last letter")),
    "signed": ("by_signing", _("signed, the oldest first"), _("signed, the newest first")),
}
"""The orders of a list: the AgreementQuerySet method, and what it is called ascending and descending."""


CHOICE = 400
"""What a choice of a facet takes of the memory, in characters, its box included."""

WINDOW = ("zoom", "east", "north")
"""The parameters that say which part of the world the map shows: its scale, and where its middle lies from home."""

KILOMETRES = {
    "least": -math.floor(FARTHEST_KM),
    "most": math.floor(FARTHEST_KM),
    "wrong": _("%(text)s is no distance from the home city: they go from %(least)s to %(most)s kilometres."),
}


class SortField(forms.Field):
    """One of ORDERS, with "-" before it for the other way round."""

    def clean(self, value: str | None) -> str:
        """The order, "" where none is asked for. Raises Misread about any other."""
        asked = one_line(value)
        if asked and asked.removeprefix("-") not in ORDERS:
            complaint = gettext("The partnerships cannot be sorted by %(text)s; their usual order stands.")
            raise Misread(complaint % {"text": quoted([asked])}, "")
        return asked


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


class Group(ChoicesFilter):
    """A group of choices, each of which is counted.

    `column` is what is counted; where that is no plain column, `prepare` names the method that annotates it.
    """

    def __init__(self, column: str, prepare: str = "", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.column, self.prepare = column, prepare

    @property
    def is_own(self) -> bool:
        """Whether it is a column of the agreement itself, so that such groups can be counted together."""
        return "__" not in self.column


def countries() -> dict[str, str]:
    """The names of all countries by their code, in the order of the reader's language."""
    found = Country.objects.only("code", "name_fa", "name_en").alphabetical()
    return {country.code: country.name for country in found}


def domains() -> dict[str, str]:
    """The names of the managed list of domains by their key."""
    return {domain.key: domain.name for domain in Domain.objects.all()}


ON_RECORD = {
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
"""What can be on record of an agreement, and what can lack."""


class SortFilter(Filter):
    """The order of the list."""

    field_class = SortField

    def filter(self, queryset: QuerySet, value: str) -> QuerySet:
        """`queryset` in that order."""
        method, *_labels = ORDERS[value.removeprefix("-")]
        return getattr(queryset, method)(descending=value.startswith("-"))


@dataclass(frozen=True)
class Column:
    """The head of a column: the address that sorts by it, and how it is sorted now ("" when it is not)."""

    url: str
    direction: str


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
    country = Group(
        label=_("country"),
        choices=countries,
        ask="in_countries",
        column="partner__country",
        unknown=ngettext_lazy("%(values)s is not a country code.", "%(values)s are not country codes.", "count"),
    )
    domain = Group(
        label=_("domain of cooperation"),
        choices=domains,
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
    record = ChoicesFilter(
        label=_("on record"),
        ask="on_record",
        choices=ON_RECORD,
        unknown=ngettext_lazy(
            "%(values)s is nothing that can be on record.", "%(values)s are nothing that can be on record.", "count"
        ),
    )
    signed = PeriodFilter(
        label=_("year signed"), since=_("signed from"), until=_("signed to"), ask="signed_possibly_within"
    )
    sort = SortFilter(label=_("order"))
    per_page = Display(
        _("partnerships on a page"),
        PageSizeField,
        wrong=_("A page can show %(sizes)s partnerships, not %(text)s: it shows %(usual)s."),
    )
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
        query = copy(self.data)
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

    @cached_property
    def tabs(self) -> list[Tab]:
        """The ways of showing what was found; each keeps everything that was asked."""
        labels = {"list": gettext("List"), "map": gettext("Map"), "timeline": gettext("Timeline")}
        return [Tab(view, labels[view], self._url_of(view), view == self.shown_as) for view in VIEWS]

    def _url_of(self, view: str) -> str:
        query = copy(self.data)
        query["view"] = view
        return self.address(query)

    @property
    def order(self) -> Order:
        """The order of the list."""
        return next(order for order in self.orders if order.is_chosen)

    @cached_property
    def columns(self) -> dict[str, Column]:
        """The heads of the columns that sort: ascending at first, descending when chosen again."""
        now = self.asked["sort"]
        columns = {}
        for name in ORDERS:
            query = copy(self.data)
            query["sort"] = f"-{name}" if now == name else name
            direction = {name: "ascending", f"-{name}": "descending"}.get(now, "")
            columns[name] = Column(self.address(query), direction)
        return columns


class PublishedFilter(AgreementFilter):
    """What a list of the published agreements shows for the parameters `data`.

    It finds and counts what AgreementFilter does over `Agreement.objects.published()`, on the roll that `memory` keeps.
    """

    def __init__(self, data: QueryDict, memory: Memory) -> None:
        super().__init__(data, memory.hold("published", Agreement.objects.published))
        self.memory, self.roll = memory, Roll.present(memory)
        for name, group in self.groups.items():
            group.labels = memory.hold(("labels", name, get_language()), lambda group=group: worded(group.choices))

    @cached_property
    def found(self) -> Bits:
        """The set of those found."""
        return self._found_without()

    def _found_without(self, *names: str) -> Bits:
        found = self.roll.all
        for name, bits in self._asked_bits.items():
            if name not in names:
                found &= bits
        return found

    @cached_property
    def _asked_bits(self) -> dict[str, Bits]:
        """The set of those that each of the filters finds, by its name; of those of which nothing is asked none."""
        asked, roll = self.asked, self.roll
        found = {name: roll.among(group.column, asked[name]) for name, group in self.groups.items() if asked[name]}
        if asked["q"]:
            found["q"] = roll.search(asked["q"])
        if asked["record"]:
            found["record"] = roll.on_record(asked["record"])
        if self.period:
            found["signed"] = roll.signed_possibly_within(self.period.first, self.period.last)
        return found

    @cached_property
    def _counted(self) -> dict[str, Any]:
        if self.shown_as == "timeline":
            return super()._counted
        counted = {"total": self.found.bit_count()}
        if self.period:
            certain = self.roll.signed_certainly_within(self.period.first, self.period.last)
            counted["certain"] = (self.found & certain).bit_count()
            counted["undated"] = (self._found_without("signed") & ~self.roll.dated).bit_count()
        return counted

    @cached_property
    def facets(self) -> list[Facet]:
        """As AgreementFilter's; a facet is kept by what it rests on: what is chosen in it, and who is counted."""
        return [
            self.memory.get(
                ("facet", get_language(), name, tuple(self.asked[name]), others := self._found_without(name)),
                lambda name=name, group=group, others=others: self._facet(name, group, others),
                size=CHOICE * len(group.labels),
            )
            for name, group in self.groups.items()
        ]

    def _facet(self, name: str, group: Group, others: Bits) -> Facet:
        counts = {value: (bits & others).bit_count() for value, bits in self.roll.sets[group.column].items()}
        return Facet(name, capfirst(group.label), self._choices(group, counts, self.asked[name]))

    @cached_property
    def shown(self) -> Page:
        """The page to show, with partners and countries."""
        page = Paginator(range(self.total), self.page_size).get_page(self.asked["page"])
        page.object_list = SimpleLazyObject(lambda: self.qs.filter(pk__in=self.keys).with_partner())
        return page

    @cached_property
    def keys(self) -> list[int]:
        """The primary keys of what stands on the page, in its order."""
        last = -(-self.total // self.page_size) or 1
        start = (min(self.asked["page"], last) - 1) * self.page_size
        method, *_labels = ORDERS[self.asked["sort"].removeprefix("-")]
        is_descending = self.asked["sort"].startswith("-")
        return self.roll.page(self.found, method, is_descending, start, start + self.page_size)


def worded(choices: Any) -> dict[str, str]:
    """Choices with their labels in the reader's language."""
    labels = dict(choices() if callable(choices) else choices)
    return {value: str(label) if isinstance(label, Promise) else label for value, label in labels.items()}
