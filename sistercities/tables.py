"""Tables that people send, read whatever program saved them: workbooks, text with any separator, lists of lines.

The content decides what a file is, never its name. What had to be guessed, the encoding and the separator, is told,
and can be said by whoever knows better. Nothing is mended and nothing made up: a cell comes as the text that stands in
it, and a file that cannot be read to its end is refused with the place.
"""

import csv
import datetime
import io
import math
import re
import tempfile
import unicodedata
import warnings
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import chain, islice, pairwise
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from openpyxl import load_workbook

from sistercities import inspection
from sistercities.text import clean_text, number
from sistercities.uploads import look_into, refusal

LARGEST_FILE = 50_000_000
"""The size in bytes above which a file is not read: some three hundred thousand rows."""

ROWS_AT_MOST = 300_000
COLUMNS_AT_MOST = 400

LAST_ROW = 1_048_576
"""The last row of a sheet; a file that names one below it was made to keep its reader busy."""

LONGEST_CELL = 32_767
"""Characters that a cell of a workbook holds at most; a text of so many has probably lost its end."""

ENCODINGS = {
    "utf-8": gettext_lazy("UTF-8"),
    "utf-16-le": gettext_lazy("UTF-16 (little-endian)"),
    "utf-16-be": gettext_lazy("UTF-16 (big-endian)"),
    "windows-1256": gettext_lazy("Windows-1256 (Persian, Arabic)"),
    "windows-1252": gettext_lazy("Windows-1252 (Western Europe)"),
    "windows-1254": gettext_lazy("Windows-1254 (Turkish)"),
    "windows-1251": gettext_lazy("Windows-1251 (Cyrillic)"),
}
"""The encodings that are read, each with its name for people."""

DELIMITERS = {
    ",": gettext_lazy("comma"),
    ";": gettext_lazy("semicolon"),
    "\t": gettext_lazy("tab"),
    "|": gettext_lazy("vertical bar"),
    "،": gettext_lazy("Persian comma"),
    "؛": gettext_lazy("Persian semicolon"),
    ":": gettext_lazy("colon"),
    "^": gettext_lazy("caret"),
    "~": gettext_lazy("tilde"),
}
"""The separators that are looked for, each with its name; any other character can be given."""

_MARKS = (("utf-8", b"\xef\xbb\xbf"), ("utf-16-le", b"\xff\xfe"), ("utf-16-be", b"\xfe\xff"))
_ONE_BYTE = ("windows-1252", "windows-1254", "windows-1256", "windows-1251")
"""The encodings of one byte a letter; of two that read a text equally well the first is taken."""

_LOOKED_AT = 100_000
"""How much of a file is looked at to guess what it is, in bytes or characters."""

_ROWS_LOOKED_AT = 60

_ITEM = re.compile(r"\s*(?:(?:[-*•·‣◦–—]|[0-9۰-۹٠-٩]{1,4}\s?[.)-])\s+)(?P<text>\S.*)")
_BRACKETS = {"]": "[", ")": "("}
_COMMA = re.compile("[,،]")
_SEPARATED = re.compile(r'[\t;|"]')

_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
_FORMULA = re.compile(rb"<(?:\w+:)?f[ />]")
_BESIDE_THE_FORMAT = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')


class _Cleaned(dict[str, str]):
    """What a cell of a text holds → its cleaned text. What is short is kept: in most tables much stands many times."""

    def __missing__(self, cell: str) -> str:
        text = clean_text(cell)
        if len(cell) <= 60 and len(self) < 50_000:
            self[cell] = text
        return text


class TableError(ValidationError):
    """A file that cannot be read as a table, said in the reader's language.

    `row` is the number of the row where reading ended, None where the file as a whole is meant.
    """

    def __init__(self, message: Any, row: int | None = None) -> None:
        super().__init__(message)
        self.row = row


@dataclass(frozen=True)
class TableFile:
    """A table as it stands in a file, as text.

    `rows` are the rows below the headings that hold anything, each with its number as a spreadsheet program counts
    and a cell for every heading. `encoding` (a key of ENCODINGS) and `delimiter` are those of a text, "" of a
    workbook; `sheet` is the one that was read of the `sheets` of a workbook. A list of lines ("- Almaty, Kazakhstan
    [April 2, 1998]") has the delimiter "".
    """

    headings: list[str]
    rows: list[tuple[int, list[str]]]
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    sheets: list[str] = field(default_factory=list)
    headings_row: int = 1
    """The number of the row of headings; 0 where the file has none (a list of lines)."""
    excess: dict[int, list[str]] = field(default_factory=dict)
    """The cells that stand beside the headings, by the number of their row: they belong to no column."""
    short: dict[int, int] = field(default_factory=dict)
    """How many cells the rows of a text have that have fewer than there are headings, by their number. Some programs
    leave out the last ones; else a separator is missing, and the cells have moved."""


def read_table(content: bytes, name: str, *, encoding: str = "", delimiter: str = "", sheet: str = "") -> TableFile:
    """The table in a file that came under `name`.

    `encoding`, `delimiter` and `sheet` say what would be guessed else: the first sheet that holds anything is read.
    Lines above the headings, such as a title, are passed over. Raises TableError.
    """
    if len(content) > LARGEST_FILE:
        raise TableError(
            _("The file is too large: it has more than %(bytes)s bytes.") % {"bytes": number(LARGEST_FILE)}
        )
    if content.startswith((b"PK\3\4", b"\xd0\xcf\x11\xe0")):
        return _read_workbook(content, sheet)
    encoding, text = _decoded(content, encoding)
    return _read_text(text, name, encoding, delimiter)


# --- Text ------------------------------------------------------------------------------------------------------


def _decoded(content: bytes, encoding: str) -> tuple[str, str]:
    """The encoding of a text (a key of ENCODINGS) and the text without its byte order mark."""
    if encoding and encoding not in ENCODINGS:
        raise TableError(
            _("“%(text)s” is none of the encodings that are read: %(known)s.")
            % {"text": clean_text(encoding)[:40], "known": _(", ").join(ENCODINGS)}
        )
    marked = next((name for name, mark in _MARKS if content.startswith(mark)), "")
    encoding = encoding or marked or _guessed_encoding(content)
    mark = dict(_MARKS).get(encoding, b"")
    skipped = len(mark) if mark and content.startswith(mark) else 0
    try:
        text = content[skipped:].decode(encoding)
    except UnicodeDecodeError as error:
        raise _not_text(content, error.start + skipped, encoding) from None
    text = text.rstrip("\x1a\0")  # with which old programs end a file
    if "\0" in text:
        place = len(text[: text.index("\0")].encode(encoding)) + skipped
        raise _not_text(content, place, encoding)
    return encoding, text


def _not_text(content: bytes, place: int, encoding: str) -> TableError:
    return TableError(
        _(
            "Byte %(byte)s of the file, in line %(line)s, is not text in %(encoding)s. Choose another encoding, or "
            "save the file as a workbook (.xlsx) or as CSV in UTF-8."
        )
        % {
            "byte": number(place + 1),
            "line": number(content.count(b"\n", 0, place) + 1),
            "encoding": ENCODINGS[encoding],
        }
    )


def _guessed_encoding(content: bytes) -> str:
    """The encoding of a text without a mark.

    In UTF-16 every second byte of Latin, Persian or Cyrillic letters is below 7, which is in no other text. What is not
    UTF-8 then has one byte a letter: that is taken in which the letters of a word fit together best.
    """
    sample = content[:_LOOKED_AT]
    low = [sum(map(sample[start::2].count, range(7))) for start in (0, 1)]
    if max(low) > len(sample) / 4 and max(low) > 4 * min(low):
        return "utf-16-be" if low[0] > low[1] else "utf-16-le"
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as error:
        if b"\0" in content:
            raise TableError(_("This is not a table. Save it as a workbook (.xlsx) or as CSV in UTF-8.")) from error
        # Only the bytes beyond ASCII tell the encodings apart: they are looked for in the whole file.
        words = b" ".join(re.findall(rb"[A-Za-z\x80-\xff]*[\x80-\xff][A-Za-z\x80-\xff]*", content)[:20_000])
        return min(_ONE_BYTE, key=lambda name: (_misfits(words, name), _ONE_BYTE.index(name)))
    return "utf-8"


def _misfits(words: bytes, encoding: str) -> float:
    """How many pairs of neighbours in `words` are odd when read in `encoding`.

    Odd are two scripts in one word, signs within a word, and two Latin letters with accents side by side, as are the
    letters of Iceland in which the old Turkish encoding has ğ, ı and ş.
    """
    try:
        text = words.decode(encoding)
    except UnicodeDecodeError:
        return float("inf")
    kinds = {letter: _kind(letter) for letter in set(text)}
    odd = 0
    for (first, second), times in Counter(pairwise(text)).items():
        one, other = kinds[first], kinds[second]
        if " " not in (one, other) and (one != other or one == "sign") and {one, other} != {"latin", "accented"}:
            odd += times
        elif one == other == "accented":
            odd += times
    # ð, þ and ý are seldom in a file from these parts; ğ, ş and ı are not.
    return odd + sum(map(text.count, "ÐÞÝðþý")) / 2


def _kind(letter: str) -> str:
    """Of which script a letter is, "accented" for a Latin one beyond ASCII, "sign" for what is no letter."""
    if letter == " " or letter.isascii():
        return " " if letter == " " else "latin"
    if letter in "\u200c\u200d،؛؟" or "\u0600" <= letter <= "\u06ff":
        return "arabic"
    if "\u0400" <= letter <= "\u04ff":
        return "cyrillic"
    return "accented" if unicodedata.category(letter).startswith("L") else "sign"


def _read_text(text: str, name: str, encoding: str, delimiter: str) -> TableFile:
    """The table in a text."""
    if text.lstrip()[:200].lower().startswith(("<!doctype", "<html", "<?xml", "<table", "{", "%pdf-", "{\\rtf")):
        raise TableError(
            _(
                "This is a web page or another kind of document, not a table. Open it in a spreadsheet program and "
                "save it as a workbook (.xlsx) or as CSV."
            )
        )
    if not delimiter and (lines := _listed(text)):
        return _table(lines, encoding=encoding)
    said = re.match(r"sep=(.)\r?\n?", text, re.IGNORECASE)  # Excel takes this line and does not show it
    if said:
        text = text[said.end() :]
    delimiter = delimiter or (said[1] if said else "") or _guessed_delimiter(text, name)
    if len(delimiter) != 1 or delimiter in '"\r\n':
        raise TableError(
            _("The separator of the columns is one character, and neither a quotation mark nor a line end.")
        )
    return _table(_records(text, delimiter), encoding=encoding, delimiter=delimiter)


def _listed(text: str) -> list[tuple[int, list[str]]]:
    """The rows of a list of lines, as in "- Almaty, Kazakhstan [April 2, 1998]", headings first; empty if it is none.

    Each line begins with a mark or a number, or ends with a date in brackets; lines above the first such one are a
    title. What stands between city and country is the region.
    """
    lines = [(row, line) for row, line in enumerate(text.splitlines(), 1) if line.strip()]
    looked_at = [line for _row, line in lines[:_ROWS_LOOKED_AT]]
    marked, dated = (sum(map(bool, map(told, looked_at))) for told in (_ITEM.fullmatch, _dated))
    if max(marked, dated) < max(2, len(looked_at) * 0.7) or any(_SEPARATED.search(line) for line in looked_at):
        return []
    if marked < dated and not _dated(looked_at[0]) and _COMMA.search(looked_at[0]):
        return []  # the names of columns, with commas between
    rows = []
    for row, line in lines:
        item = _ITEM.fullmatch(line)
        text = item["text"] if item else line
        found = _dated(text)
        if rows or item or found:
            place, date = found or (text, "")
            parts = [part.strip() for part in _COMMA.split(clean_text(place))]
            city, *region, country = parts if len(parts) > 1 else (*parts, "")
            rows.append((row, [city, ", ".join(region), country, clean_text(date)]))
    return [(0, ["City", "Region", "Country", "Date"]), *rows]


def _dated(line: str) -> tuple[str, str] | None:
    """The place and the date of a line that ends with a date in brackets, round ones only round a figure."""
    line = line.rstrip()
    place, bracket, date = line[:-1].rpartition(_BRACKETS.get(line[-1:], "\n"))
    if not bracket or line[-1] in date or (bracket == "(" and not any(map(str.isdecimal, date))):
        return None
    return place.rstrip(" \t,،"), date


def _guessed_delimiter(text: str, name: str) -> str:
    """That of DELIMITERS which divides the most rows into the same and the largest number of cells."""
    usual = "\t" if name.lower().endswith((".tsv", ".tab")) else ","
    sample = text[:_LOOKED_AT]
    scores = {}
    for delimiter in DELIMITERS:
        rows = csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter)
        widths = [len(cells) for cells in islice(rows, _ROWS_LOOKED_AT) if any(cells)]
        width, times = Counter(widths).most_common(1)[0] if widths else (1, 0)
        scores[delimiter] = times * math.log(width) / (len(widths) or 1), delimiter == usual
    return max(scores, key=scores.__getitem__)


def _records(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """The rows of a text with separators, each with its number."""
    row, cleaned = 0, _Cleaned()
    try:
        for cells in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True):
            row += 1
            yield row, [cleaned[cell] for cell in cells]
    except csv.Error as error:
        if "field limit" in str(error):
            reason = _("A cell of this row has more than %(number)s characters, or its quotation mark is not closed.")
        else:
            reason = _(
                "A quotation mark in this row is not closed, or stands alone within a cell: there it is written twice."
            )
        raise TableError(reason % {"number": number(csv.field_size_limit())}, row + 1) from None


# --- Headings and rows -----------------------------------------------------------------------------------------


def _table(records: Iterable[tuple[int, list[str]]], *, is_text: bool = True, **facts: Any) -> TableFile:
    """The table whose rows are `records`: the first that is filled like those below it has the headings."""
    filled = ((row, cells) for row, cells in records if any(cells))
    first = list(islice(filled, _ROWS_LOOKED_AT))
    if not first:
        raise TableError(_("The file is empty. Its first row holds the names of the columns."))
    counts = [sum(map(bool, cells)) for _row, cells in first]
    enough = max(counts) / 2 if max(counts) > 2 else max(counts)
    place = next(place for place, count in enumerate(counts) if count >= enough)
    headings = list(first[place][1])
    while not headings[-1]:
        headings.pop()
    width = len(headings)
    if width > COLUMNS_AT_MOST:
        raise TableError(
            _("The table has more than %(number)s columns.") % {"number": number(COLUMNS_AT_MOST)}, first[place][0]
        )
    table = TableFile(headings, [], headings_row=first[place][0], **facts)
    for row, cells in chain(first[place + 1 :], filled):
        if len(table.rows) == ROWS_AT_MOST:
            raise TableError(
                _("The table has more than %(number)s rows. Divide it.") % {"number": number(ROWS_AT_MOST)}, row
            )
        if len(cells) > width:
            if any(cells[width:]):
                table.excess[row] = cells[width : max(place for place, cell in enumerate(cells, 1) if cell)]
            cells = cells[:width]
        elif len(cells) < width:
            if is_text:
                table.short[row] = len(cells)
            cells = cells + [""] * (width - len(cells))
        table.rows.append((row, cells))
    return table


# --- Workbooks -------------------------------------------------------------------------------------------------


def _read_workbook(content: bytes, sheet: str) -> TableFile:
    """The table in a sheet of an Excel workbook, once another process has found nothing harmful in the file."""
    with tempfile.NamedTemporaryFile() as file:
        file.write(content)
        file.flush()
        try:
            facts, *_pictures = look_into(Path(file.name))
        except ValidationError as error:
            raise TableError(error.messages[0]) from None
    if facts["media_type"] != inspection.XLSX:
        raise TableError(_("This is not an Excel workbook. Save the table as a workbook (.xlsx) or as CSV in UTF-8."))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about what a workbook holds beside its cells
            return _sheet_of(content, sheet)
    except (ParseError, zipfile.BadZipFile, zlib.error, EOFError, LookupError, TypeError, AttributeError, ValueError):
        raise TableError(refusal("damaged").messages[0]) from None


def _sheet_of(content: bytes, asked: str) -> TableFile:
    """The table in the sheet that is asked for, else in the first that holds anything."""
    with closing(load_workbook(io.BytesIO(content), read_only=True, data_only=True)) as book:
        visible = [sheet.title for sheet in book.worksheets if sheet.sheet_state == "visible"]
        sheets = visible or [sheet.title for sheet in book.worksheets]
        if asked and asked not in sheets:
            raise TableError(
                _("There is no sheet “%(text)s”. The sheets are: %(sheets)s.")
                % {"text": clean_text(asked)[:40], "sheets": _(", ").join(sheets)}
            )
        for title in [asked] if asked else sheets:
            rows = _sheet_rows(book[title])
            first = next(rows, None)
            if first:
                if _has_formulas(content):
                    _check_results(content, title, book[title])
                return _table(chain([first], rows), is_text=False, sheet=title, sheets=sheets)
    return _table([])


def _sheet_rows(sheet: Any) -> Iterator[tuple[int, list[str]]]:
    """The rows of a sheet that hold anything, as text, each with its number."""
    sheet.reset_dimensions()  # what the file says of its size need not be so
    for row, cells in enumerate(sheet.iter_rows(), 1):
        if row > LAST_ROW:
            raise TableError(refusal("damaged").messages[0])
        texts = [_cell_text(cell) for cell in cells]
        while texts and not texts[-1]:
            texts.pop()
        if texts:
            yield row, texts


def _cell_text(cell: Any) -> str:
    """What stands in a cell of a workbook, as text that says all of it and no more."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, str):
        if len(value) >= LONGEST_CELL:
            raise TableError(
                _("The text in cell %(cell)s is as long as a cell can be, so its end may be lost. Send it as CSV.")
                % {"cell": cell.coordinate},
                cell.row,
            )
        return clean_text(_ESCAPED.sub(lambda found: chr(int(found[1], 16)), value))
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else format(Decimal(repr(value)), "f")
    if isinstance(value, datetime.datetime):
        return _date_text(value, cell.number_format)
    return str(value)


def _date_text(moment: datetime.datetime, shape: str) -> str:
    """A date as far as its cell shows it: a cell that shows "May 2016" holds the first of May, which nobody said."""
    shown = _BESIDE_THE_FORMAT.sub("", shape.partition(";")[0]).lower()
    if moment.time() != datetime.time():
        return moment.isoformat(" ")
    if "d" in shown or "h" in shown or not set("ym") & set(shown):
        return moment.date().isoformat()
    return f"{moment:%Y-%m}" if "m" in shown else f"{moment:%Y}"


def _has_formulas(content: bytes) -> bool:
    """Whether any sheet of a workbook has a formula."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for part in archive.namelist():
            if part.startswith("xl/worksheets/") and part.endswith(".xml"):
                with archive.open(part) as file:
                    end = b""
                    while block := file.read(1_000_000):
                        if _FORMULA.search(end + block):
                            return True
                        end = block[-40:]
    return False


def _check_results(content: bytes, title: str, results: Any) -> None:
    """Raise TableError where a formula stands without the result that it last had: nobody knows what it says."""
    with closing(load_workbook(io.BytesIO(content), read_only=True)) as book:
        formulas = book[title]
        formulas.reset_dimensions()
        for shown, written in zip(*(one.iter_rows(max_row=LAST_ROW) for one in (results, formulas)), strict=True):
            for result, cell in zip(shown, written, strict=True):
                # A result that is an empty text has another type.
                if cell.data_type == "f" and result.value is None and result.data_type == "n":
                    raise TableError(
                        _(
                            "Cell %(cell)s holds a formula without its result. Open the workbook in a spreadsheet "
                            "program and save it there."
                        )
                        % {"cell": cell.coordinate},
                        cell.row,
                    )
