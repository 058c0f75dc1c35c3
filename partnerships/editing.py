"""Agreements as a table for editing: what the staff download, change in a spreadsheet program and import again.

There is a column for every field of an import (partnerships/headings.py) but one: the city's name in any language is
there as its names in both. Of the sources, of which an agreement has any number, the first stands in its row; the
others stay as they are.
"""

from collections.abc import Collection, Iterable, Iterator
from typing import Any

from django.conf import settings
from django.utils.text import capfirst
from django.utils.translation import override

from partnerships.exchange import values_of
from partnerships.headings import AGREEMENTS, CITY, FIELDS, OF_SOURCE, SOURCE, SOURCES, as_cell
from partnerships.models import Agreement
from partnerships.querysets import AgreementQuerySet
from sistercities.spreadsheets import csv_lines, xlsx_blocks
from sistercities.streaming import in_blocks

CHUNK = 500
"""Agreements fetched at once, with all that hangs on them in as many queries as for one."""

COLUMNS = [name for name in FIELDS if name != "city"]

MEDIA_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
"""The formats of the table by the end of its address."""


def table_of(agreements: AgreementQuerySet, extension: str, without: Collection[str] = ()) -> Iterator[bytes]:
    """The table of `agreements` as a file in blocks, made while it is sent; `without` are columns that are left out.

    A workbook has a second sheet that says what may stand in the columns.
    """
    columns = [name for name in COLUMNS if name not in without]
    rows = _rows(agreements.for_editing().iterator(CHUNK), columns)
    if extension == "csv":
        return in_blocks(csv_lines(rows))
    return xlsx_blocks({"agreements": rows, "columns": _explained(columns)})


def _rows(agreements: Iterable[Agreement], columns: list[str]) -> Iterator[list[Any]]:
    """The headings, which are the names of the fields, and a row for each agreement."""
    yield columns
    for agreement in agreements:
        said = said_of(agreement)
        yield [_written(said.get(name)) for name in columns]


def said_of(agreement: Agreement) -> dict[str, Any]:
    """What a row can say of an agreement as it stands, by field: values as `headings.read_cell` reads them."""
    partner = agreement.partner
    said = {field.name: "" for field in FIELDS.values() if field.group in (CITY, SOURCE)}
    said |= {"city_fa": partner.name_fa, "city_en": partner.name_en, "country": partner.country_id}
    said |= {name: getattr(partner, name) for name in ("latitude", "longitude", "geonames_id")}
    said |= values_of(AGREEMENTS, agreement, [name for name in AGREEMENTS.columns if name != "partner"])
    for source in list(agreement.sources.all())[:1]:  # they were fetched: a slice would ask again
        values = values_of(SOURCES, source, [name for name in SOURCES.columns if name != "agreement"])
        said |= {OF_SOURCE + name: value for name, value in values.items()}
    return said


def _written(value: Any) -> Any:
    """What stands in a cell: numbers as such, so that a spreadsheet program sorts by them."""
    return value if isinstance(value, int | float) and not isinstance(value, bool) else as_cell(value)


def _explained(columns: list[str]) -> Iterator[list[str]]:
    """The sheet that says of every column what it is called, what may stand in it, and an example."""
    languages = [code for code, _name in settings.LANGUAGES]
    yield ["column", *(f"{what}_{code}" for code in languages for what in ("name", "note")), "example"]
    for name in columns:
        field, told = FIELDS[name], []
        for code in languages:
            with override(code):
                told += [str(field.label), str(field.help)]
        yield [name, *map(capfirst, told), field.example]
