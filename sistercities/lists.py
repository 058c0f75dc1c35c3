"""The lists of the staff: one page for all models, whose columns, orders and filters are declared.

A list is a `RecordList` with its `columns`; what can be asked of it is a `TableFilter`, in which the columns are chosen
(`columns`), sorted by (`sort`) and counted out (`per_page`) beside whatever filters it declares. Its address says
everything, and every row carries it along, so that an edit leads back to the same filter, order and page.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar
from urllib.parse import urlencode, urljoin

from django import forms
from django.core.paginator import Page, Paginator
from django.db import models
from django.db.models import Case, Value, When
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import Promise, cached_property
from django.utils.html import format_html, format_html_join
from django.utils.text import capfirst
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from django_filters import Filter

from sistercities.browsing import (
    PAGE_SIZES,
    USUAL_PAGE_SIZE,
    Display,
    ListFilter,
    Misread,
    Order,
    PageSize,
    PageSizeField,
    SearchFilter,
    one_line,
    quoted,
)
from sistercities.history import person
from sistercities.staff import StaffMixin
from sistercities.templatetags.register import day
from sistercities.text import LocalText, figures, localize_digits, number, other


@dataclass(frozen=True)
class Column:
    """A column of a list, with plain words in it.

    `of` leads from the record to what is shown, as in "partner.country.name"; a method at its end is called. `under`
    leads to a second, smaller line. `sort` names the QuerySet method that sorts by it (and takes `descending`), or
    gives the columns of the database, in which `{language}` is the reader's; empty: the list is not sorted by it.
    `needs` names the QuerySet methods that fetch what it shows. `nothing` is said where there is nothing.
    """

    template: ClassVar[str] = ""
    is_name: ClassVar[bool] = False
    is_number: ClassVar[bool] = False
    ways: ClassVar[tuple[Promise, Promise]] = (_("from the first letter"), _("from the last letter"))

    name: str
    heading: Promise
    of: str = ""
    under: str = ""
    sort: str | tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    is_usual: bool = True
    nothing: Promise = _("not known")

    def read(self, record: models.Model) -> Any:
        """What the record holds in this column; None, "" and [] for nothing."""
        return follow(record, self.of or self.name)

    def shown(self, value: Any) -> Any:
        """What the record holds, as people read it."""
        return value

    def cell(self, record: models.Model) -> "Cell":
        """What stands in the record's row."""
        value = self.read(record)
        second = follow(record, self.under) if self.under else ""
        if value is None or value == "" or value == []:
            return Cell(self, None, second or "")
        return Cell(self, self.shown(value), second or "")

    def prepared(self, records: models.QuerySet) -> models.QuerySet:
        """`records` with what the column shows and sorts by."""
        for method in self.needs:
            records = getattr(records, method)()
        return records

    def ordered(self, records: models.QuerySet, descending: bool) -> models.QuerySet:
        """`records` sorted by the column."""
        if isinstance(self.sort, str):
            return getattr(records, self.sort)(descending=descending)
        return self.prepared(records).in_order_of(*self.sort, descending=descending)


def follow(record: Any, path: str) -> Any:
    """What the attributes in `path` lead to from the record; None where the way breaks off at a None."""
    for name in path.split("."):
        record = getattr(record, name)
        if record is None:
            return None
    return record() if callable(record) else record


@dataclass(frozen=True)
class Cell:
    """What stands in one row under one column: `value`, None for nothing; `second`, the smaller line.

    `mark` is what a mark's look goes by.
    """

    column: Column
    value: Any
    second: Any = ""
    mark: str = ""


class Name(Column):
    """What a record is called: the head of its row, which leads to its page. It is always shown."""

    is_name = True


class BothNames(Name):
    """What a record is called, and under it the name in the other language."""

    def cell(self, record: models.Model) -> Cell:
        return replace(super().cell(record), second=other(record, self.of or self.name))


class NameAndSign(Name):
    """What a record is called, and under it a short sign of no certain language."""

    def cell(self, record: models.Model) -> Cell:
        cell = super().cell(record)
        return replace(cell, second=format_html('<bdi dir="auto">{}</bdi>', cell.second)) if cell.second else cell


class Figure(Column):
    """The number of a record, a year, a place in an order: never grouped."""

    ways = (_("ascending"), _("descending"))

    def shown(self, value: int) -> str:
        return figures(value)


class RegisterNumber(Figure):
    """The number by which a record goes, before its name."""

    is_number = True


class Quantity(Figure):
    """How many or how much: grouped by thousands."""

    def shown(self, value: Any) -> str:
        return number(value)


class Code(Column):
    """A key, as machines read it."""

    def shown(self, value: str) -> str:
        return format_html("<code>{}</code>", value)


class Person(Column):
    """An account by its name."""

    def shown(self, value: Any) -> str:
        return format_html("<bdi>{}</bdi>", person(value))


class Given(Column):
    """A text as somebody typed it, in whatever language; its digits are the reader's."""

    def shown(self, value: str) -> str:
        return format_html('<bdi dir="auto">{}</bdi>', localize_digits(value))


class Latin(Column):
    """What reads from left to right whatever the reader's language: a telephone number, an e-mail address."""

    def shown(self, value: str) -> str:
        return format_html('<bdi dir="ltr">{}</bdi>', value)


def opening(text: LocalText) -> LocalText:
    """The first words of a long text."""
    words = text.split()
    return LocalText(" ".join(words[:18]) + " …", text.lang) if len(words) > 18 else text


class Beginning(Column):
    """The first words of a long text."""

    def shown(self, value: LocalText) -> LocalText:
        return opening(value)


class Opening(Name):
    """A record that goes by what it says: the first words lead to its page."""

    def shown(self, value: LocalText) -> LocalText:
        return opening(value)


class Uncertain(Column):
    """A date at its own precision, or that it is not known."""

    template = "includes/date.html"
    ways = (_("the oldest first"), _("the newest first"))


def uncertain(name: str, heading: Promise, **given: Any) -> Uncertain:
    """The column of the uncertain date `name`, sorted by its first and last possible day."""
    return Uncertain(
        name, heading, nothing=_("date not known"), **({"sort": (f"{name}_first", f"{name}_last")} | given)
    )


class Moment(Column):
    """A certain day, or the day of a moment."""

    ways = Uncertain.ways

    def shown(self, value: datetime.date) -> str:
        return day(value)


CHANGED = Moment("changed", _("last changed"), of="updated_at", sort=("updated_at",), is_usual=False)
"""When anything in the record was changed last."""


def counted(one: str, heading: Promise, **given: Any) -> Quantity:
    """The column of how many of something a record has, as in `counted("activity", _("activities"))`.

    The QuerySet's `with_activity_count` annotates `activity_count`. It is not shown unless chosen.
    """
    name = f"{one}_count"
    return Quantity(one, heading, of=name, sort=(name,), needs=(f"with_{name}",), **({"is_usual": False} | given))


@dataclass(frozen=True)
class Choice(Column):
    """One of a field's choices by its label. Given the `choices`, it sorts in their order."""

    ways: ClassVar[tuple[Promise, Promise]] = (_("in their order"), _("in reverse order"))

    choices: Iterable[tuple[str, Any]] = field(default=(), kw_only=True)

    def cell(self, record: models.Model) -> Cell:
        path, _dot, name = (self.of or self.name).rpartition(".")
        owner = follow(record, path) if path else record
        label = "" if owner is None else getattr(owner, f"get_{name}_display")()
        second = follow(record, self.under) if self.under else ""
        return Cell(self, capfirst(label) or None, second or "", getattr(owner, name, ""))

    def ordered(self, records: models.QuerySet, descending: bool) -> models.QuerySet:
        if isinstance(self.sort, str):
            return super().ordered(records, descending)
        (column,) = self.sort
        place = Case(*(When(**{column: value}, then=Value(at)) for at, (value, _label) in enumerate(self.choices)))
        return self.prepared(records).in_order_of(place, descending=descending)


class Mark(Choice):
    """A choice whose value has a look of its own."""

    template = "includes/status.html"


class Proof(Choice):
    """How well a record is proven."""

    template = "includes/verification.html"


class YesNo(Column):
    """Whether something holds of a record."""

    ways = (_("no first"), _("yes first"))

    def shown(self, value: bool) -> str:
        return capfirst(gettext("yes") if value else gettext("no"))


@dataclass(frozen=True)
class Many(Column):
    """Related records by what `each` leads to."""

    each: str = field(default="name", kw_only=True)

    def read(self, record: models.Model) -> list[Any]:
        return [follow(one, self.each) for one in super().read(record)]

    def shown(self, value: list[Any]) -> str:
        return format_html_join(gettext(", "), "{}", ((one,) for one in value))


@dataclass(frozen=True)
class Linked(Column):
    """Another record, which leads to its own staff page `page`; `key` leads from the row's record to what names it."""

    page: str = field(default="", kw_only=True)
    key: str = field(default="", kw_only=True)

    def cell(self, record: models.Model) -> Cell:
        cell, key = super().cell(record), follow(record, self.key)
        if key is None:
            return cell
        address = reverse(f"staff:{self.page}", args=[key])
        return replace(cell, value=format_html('<a href="{}">{}</a>', address, cell.value))


class ColumnsField(forms.Field):
    """Names of columns to be shown."""

    widget = forms.SelectMultiple

    def __init__(self, columns: dict[str, Column], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.columns = columns

    def clean(self, value: list[str] | None) -> list[str]:
        """Those asked for, or the usual ones. Raises Misread about what is no column here."""
        asked = list(dict.fromkeys(filter(None, map(one_line, value or []))))
        unknown = [name for name in asked if name not in self.columns]
        chosen = [name for name in self.columns if name in asked]
        shown = chosen or [name for name, column in self.columns.items() if column.is_usual]
        if unknown:
            told = ngettext(
                "%(names)s is not a column of this list.", "%(names)s are not columns of this list.", len(unknown)
            )
            raise Misread(told % {"names": quoted(unknown)}, shown)
        return shown


class OrderField(forms.Field):
    """The name of a column to sort by, with "-" before it for the other way round."""

    def __init__(self, columns: dict[str, Column], usual: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.columns, self.usual = columns, usual

    def clean(self, value: str | None) -> str:
        """The order, the usual one where none is asked for. Raises Misread about any other."""
        asked = one_line(value) or self.usual
        column = self.columns.get(asked.removeprefix("-"))
        if column is None or not column.sort:
            complaint = gettext("The list cannot be sorted by %(text)s; its usual order stands.")
            raise Misread(complaint % {"text": quoted([asked])}, self.usual)
        return asked


class OrderFilter(Filter):
    """The order of a list."""

    field_class = OrderField

    def filter(self, queryset: models.QuerySet, value: str) -> models.QuerySet:
        """`queryset` in that order."""
        return self.extra["columns"][value.removeprefix("-")].ordered(queryset, value.startswith("-"))


@dataclass(frozen=True)
class Head:
    """The head of a column: the address that sorts by it, and how it is sorted now; both "" where it is not."""

    column: Column
    url: str
    direction: str


@dataclass(frozen=True)
class Offer:
    """A column to choose."""

    name: str
    label: str
    is_chosen: bool


class TableFilter(ListFilter):
    """What a list with `columns` shows; `usual_order` is its order where none is asked for ("-" turns it round)."""

    kept_when_cleared = ("sort", "per_page", "columns")

    def __init__(
        self, data: QueryDict, queryset: models.QuerySet, columns: tuple[Column, ...], usual_order: str
    ) -> None:
        super().__init__(data, queryset)
        self.declared = {column.name: column for column in columns}
        self.usual_order = usual_order
        self.filters["sort"] = OrderFilter(label=_("order"), columns=self.declared, usual=usual_order, required=False)
        self.filters["columns"] = Display(_("columns"), ColumnsField, columns=self.choosable, required=False)
        self.filters["per_page"] = Display(
            _("records on a page"),
            PageSizeField,
            wrong=_("A page can show %(sizes)s records, not %(text)s: it shows %(usual)s."),
            required=False,
        )

    @property
    def choosable(self) -> dict[str, Column]:
        """The columns that can be shown or not."""
        return {name: column for name, column in self.declared.items() if not column.is_name}

    @property
    def repeatable(self) -> set[str]:
        """Those parameters that may be given more than once."""
        return super().repeatable | {"columns"}

    @property
    def page_size(self) -> int:
        """How many records stand on a page."""
        return self.asked["per_page"]

    @cached_property
    def columns(self) -> list[Column]:
        """The columns shown, in their order."""
        shown = self.asked["columns"]
        return [column for name, column in self.declared.items() if column.is_name or name in shown]

    @cached_property
    def shown(self) -> Page:
        """The page asked for, with what its columns need."""
        records = self.qs
        for method in dict.fromkeys(method for column in self.columns for method in column.needs):
            records = getattr(records, method)()
        paginator = Paginator(records, self.page_size)
        paginator.count = self.total  # counted already
        return paginator.get_page(self.asked["page"])

    def usual(self, query: QueryDict) -> dict[str, str]:
        """The order and the number on a page that hold where none is given."""
        return {"sort": self.usual_order, "per_page": str(USUAL_PAGE_SIZE)}

    def tidied(self, query: QueryDict) -> QueryDict:
        """As everywhere; the usual columns need not be said either."""
        tidy = super().tidied(query)
        usual = {name for name, column in self.choosable.items() if column.is_usual}
        if {one_line(name) for name in tidy.getlist("columns")} == usual:
            del tidy["columns"]
        return tidy

    @property
    def panel(self) -> list[Any]:
        """The filters as they stand in the form, but for the search, which stands before them."""
        asked = [(name, one) for name, one in self.filters.items() if hasattr(one, "piece")]
        return [one.piece(name, self.asked[name], self.data) for name, one in asked]

    @property
    def heads(self) -> list[Head]:
        """The heads of the columns shown: ascending at first, descending when chosen again."""
        now = self.asked["sort"]
        heads = []
        for column in self.columns:
            query = self.data.copy()
            query["sort"] = f"-{column.name}" if now == column.name else column.name
            direction = {column.name: "ascending", f"-{column.name}": "descending"}.get(now, "")
            heads.append(Head(column, self.address(query) if column.sort else "", direction))
        return heads

    @property
    def offers(self) -> list[Offer]:
        """The columns to choose from."""
        shown = self.asked["columns"]
        return [Offer(name, capfirst(column.heading), name in shown) for name, column in self.choosable.items()]

    @property
    def orders(self) -> list[Order]:
        """The orders to choose from."""
        return [
            Order(
                sign + name,
                gettext("%(column)s, %(way)s") % {"column": capfirst(column.heading), "way": way},
                sign + name == self.asked["sort"],
            )
            for name, column in self.declared.items()
            if column.sort
            for sign, way in zip(("", "-"), column.ways, strict=True)
        ]

    @property
    def sizes(self) -> list[PageSize]:
        """The numbers of records on a page to choose from."""
        return [PageSize(size, size == self.page_size) for size in PAGE_SIZES]


class RecordSearch(TableFilter):
    """The parameters of a simple list: words to search for, beside what every list has."""

    q = SearchFilter(label=_("search"))


@dataclass(frozen=True)
class Row:
    """A record as it stands in the list, with where its name leads."""

    record: models.Model
    key: Any
    address: str
    cells: list[Cell]


class RecordList(StaffMixin, TemplateView):
    """The list of a model's records with its `columns`, by `order` unless asked otherwise."""

    template_name = "staff/list.html"
    filter_class: type[TableFilter] = RecordSearch
    columns: tuple[Column, ...] = ()
    order = ""
    verbs: tuple[Any, ...] = ()
    """What can be done to many of the records at once; see `sistercities.together`."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The page at the shortest address that asks for it; longer ones lead there."""
        self.found = self.filter_class(request.GET, self.records(), self.columns, self.order)
        if self.found.tidy_url:
            return redirect(urljoin(request.path, self.found.tidy_url))
        return super().get(request, *args, **kwargs)

    def rows(self, records: Iterable[models.Model]) -> list[Row]:
        """A row for each record, which carries the way back."""
        here = urlencode({"next": self.request.get_full_path()})
        page = self.main_page
        return [
            Row(
                record,
                getattr(record, self.lookup),
                f"{self.address(page, record)}?{here}",
                [column.cell(record) for column in self.found.columns],
            )
            for record in records
        ]

    @property
    def deeds(self) -> list[tuple[str, str]]:
        """What the person may do to many of the records, each by its name in the address and its label."""
        verbs = [verb() for verb in self.verbs if self.may(verb.action)]
        return [
            (f"{verb.name}:{value}" if value else verb.name, verb.called(value))
            for verb in verbs
            for value in (verb.values if verb.needs_value else [""])
        ]

    files: list[tuple[str, str]] = []  # noqa: RUF012
    """What the list finds as files, each by its name and its address."""

    @cached_property
    def saved_filters(self) -> list[Any]:
        """The filters of this list that the person has saved."""
        return list(self.request.user.saved_filters.of_list(self.model._meta.model_name))

    @property
    def save_address(self) -> str:
        """Where what the list is asked can be saved; "" where nothing is asked, or it is saved already."""
        asked = self.request.GET.copy()
        asked.pop("page", None)
        query = asked.urlencode()
        if not query or any(one.query == query for one in self.saved_filters):
            return ""
        return f"{reverse('staff:savedfilter_add')}?{urlencode({'list': self.model._meta.model_name, 'query': query})}"

    @property
    def other_beginnings(self) -> list[tuple[str, str]]:
        """Further ways in which records begin, beside the form for a new one: label and address."""
        return []

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        here = urlencode({"next": self.request.get_full_path()})
        return super().get_context_data(
            other_beginnings=self.other_beginnings,
            filter=self.found,
            rows=self.rows(self.found.shown),
            deeds=self.deeds,
            files=self.files,
            saved_filters=self.saved_filters,
            save_address=self.save_address,
            together_address=self.address("together"),
            add_address=f"{self.address('add')}?{here}" if self.may("add") and self.address("add") else "",
            **kwargs,
        )
