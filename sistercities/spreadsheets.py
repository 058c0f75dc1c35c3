"""Tables for spreadsheet programs, in which nothing that somebody typed becomes a formula.

Cells are text, numbers, dates, moments, lists of these, or None for what is not known. A date is written as
2016-05-21, a moment as 2016-05-21T08:30:00Z, a list with " | " between its values.
"""

import csv
import datetime
import re
import tempfile
from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO

from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font
from openpyxl.worksheet.worksheet import Worksheet

SEPARATOR = " | "
"""Stands between the values of a cell that holds several."""

# A program that splits at semicolons or tabs makes cells of its own of what stands behind them.
_FORMULA = re.compile(r"(^|[;\t\r\n])(?=[=+\-@\t\r\n＝＋－＠])")
_SHIELD = "\\1\u200b"
# A workbook writes a letter that XML cannot hold as its number; who writes the same by hand means these signs.
_ESCAPE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
_LONGEST_CELL = 32_767
_BLOCK = 65_536


def cell(value: Any) -> str | int | float | None:
    """What stands in a cell for `value`: a number as it is, everything else as text."""
    if value is None or (isinstance(value, int | float) and not isinstance(value, bool)):
        return value
    if isinstance(value, datetime.datetime):
        return value.astimezone(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return SEPARATOR.join(str(cell(one)) for one in value)
    return str(value)


def safe_cell(value: Any) -> str | int | float | None:
    """As `cell`, for a CSV file: text that would be read as a formula has a zero-width space before it.

    Nobody sees that character, and the register takes it away from whatever is typed or loaded (`clean_text`).
    Numbers, negative ones too, stay numbers.
    """
    written = cell(value)
    return _FORMULA.sub(_SHIELD, written) if isinstance(written, str) else written


class _Line:
    """A file that hands each line back to whoever wrote it."""

    def write(self, line: str) -> str:
        return line


def csv_lines(rows: Iterable[Iterable[Any]]) -> Iterator[str]:
    """The lines of a CSV file (RFC 4180, with the mark by which Excel knows UTF-8), one row at a time."""
    writer = csv.writer(_Line())
    yield "\ufeff"
    for row in rows:
        yield writer.writerow([safe_cell(value) for value in row])


def xlsx_blocks(sheets: dict[str, Iterable[Iterable[Any]]]) -> Iterator[bytes]:
    """The bytes of an Excel workbook, in blocks.

    `sheets` gives the rows of each sheet, headings first, by its title. They are written one by one into a temporary
    file, so that memory does not grow with them. Text longer than a cell of Excel holds (32,767 characters) loses its
    end.
    """
    book = Workbook(write_only=True)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        sheet.freeze_panes = "A2"
        for position, row in enumerate(rows):
            sheet.append([_xlsx_cell(sheet, value, bold=position == 0) for value in row])
    with tempfile.TemporaryFile() as file:
        book.save(file)
        yield from _blocks(file)


def _xlsx_cell(sheet: Worksheet, value: Any, bold: bool) -> Cell | int | float | None:
    written = cell(value)
    if not isinstance(written, str):
        return written
    held = _ESCAPE.sub("_x005F_", ILLEGAL_CHARACTERS_RE.sub("", written))
    made = WriteOnlyCell(sheet, held[:_LONGEST_CELL])
    made.data_type = "s"  # never a formula
    made.quotePrefix = written.startswith(("=", "+", "-", "@"))  # nor when somebody edits the cell
    if bold:
        made.font = Font(bold=True)
        made.alignment = Alignment(vertical="top")
    return made


def _blocks(file: BinaryIO) -> Iterator[bytes]:
    file.seek(0)
    while block := file.read(_BLOCK):
        yield block
