"""Tables for spreadsheet programs: what stands in a cell, and that nothing becomes a formula."""

import csv
import datetime
import io
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from sistercities.spreadsheets import cell, csv_lines, safe_cell, xlsx_blocks
from sistercities.text import clean_text

FORMULAS = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "＝1+1",
    '=HYPERLINK("http://x")',
    "a;=1+1",
    "a\n-b",
    "a\t@b",
]


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (None, None),
        (-7.5, -7.5),
        (0, 0),
        ("استانبول", "استانبول"),
        (datetime.date(2016, 5, 21), "2016-05-21"),
        (datetime.datetime(2016, 5, 21, 12, 0, 30, 5, tzinfo=ZoneInfo("Asia/Tehran")), "2016-05-21T07:30:30Z"),
        (["cultural", "social"], "cultural | social"),
        ([2, datetime.date(2016, 5, 21)], "2 | 2016-05-21"),
        ([], ""),
        (True, "True"),
    ],
)
def test_cell_is_a_number_or_text(value, written):
    assert cell(value) == written
    assert safe_cell(value) == written


@pytest.mark.parametrize("text", FORMULAS)
def test_csv_cell_is_no_formula_and_reads_the_same(text):
    safe = safe_cell(text)
    parts = [part for split in safe.split(";") for part in split.splitlines()]
    assert [part for part in parts if part.startswith(("=", "+", "-", "@", "\t", "\r", "＝"))] == []
    assert safe.replace("\u200b", "") == text
    assert clean_text(safe) == clean_text(text)


@given(st.text())
def test_csv_gives_back_every_text(text):
    (line,) = csv.reader(io.StringIO("".join(csv_lines([[text, 5]])).removeprefix("\ufeff"), newline=""))
    assert line[0].replace("\u200b", "") == text.replace("\u200b", "")
    assert not line[0].startswith(("=", "+", "-", "@", "\t", "\r"))


def test_csv_begins_with_a_mark_and_is_written_line_by_line():
    read = []

    def rows():
        for number in range(3):
            read.append(number)
            yield ["a,b", -number]

    lines = csv_lines(rows())
    assert (next(lines), read) == ("\ufeff", [])
    assert (next(lines), read) == ('"a,b",0\r\n', [0])
    assert list(lines) == ['"a,b",-1\r\n', '"a,b",-2\r\n']


def test_workbook_holds_text_as_text_and_numbers_as_numbers():
    rows = [["name", "longitude"], *([text, -7.5] for text in FORMULAS)]
    book = load_workbook(io.BytesIO(b"".join(xlsx_blocks({"Data": rows, "داده‌ها": [["=1"]]}))))
    assert book.sheetnames == ["Data", "داده‌ها"]
    data, notes = book
    assert [[one.data_type for one in row] for row in data.iter_rows(min_row=2)] == [["s", "n"]] * len(FORMULAS)
    read = [one.value.replace("_x000D_", "\r") for one in data["A"][1:]]
    assert [text.replace("\r", "\n") for text in read] == [text.replace("\r", "\n") for text in FORMULAS]
    assert data["A2"].quotePrefix
    assert not data["A1"].quotePrefix
    assert (data["A1"].font.bold, data["A2"].font.bold) == (True, False)
    assert notes["A1"].data_type == "s"


def test_workbook_leaves_out_what_excel_cannot_hold():
    (sheet,) = load_workbook(io.BytesIO(b"".join(xlsx_blocks({"Data": [["a\x00b"], ["x" * 40_000], [None]]}))))
    assert [len(one.value or "") for one in sheet["A"]] == [2, 32_767]
