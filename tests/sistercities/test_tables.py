"""Tables that people send: whatever program saved them, every cell is read as it stands, or the file is refused."""

import datetime
import io
import zipfile

import pytest
from django.utils import translation
from openpyxl import Workbook, load_workbook

from sistercities.spreadsheets import csv_lines, xlsx_blocks
from sistercities.tables import TableError, TableFile, read_table

PERSIAN = "شهر;کشور;تاریخ\r\nاستانبول;تركيه;خرداد ۱۳۹۵\r\nگنجه;جمهوري آذربايجان;۱۳۹۴/۳/۱\r\n"
PERSIAN_ROWS = [(2, ["استانبول", "تركيه", "خرداد ۱۳۹۵"]), (3, ["گنجه", "جمهوري آذربايجان", "۱۳۹۴/۳/۱"])]
ENGLISH = 'city,country,"said, in full"\nWuhan,China,"two\nlines, and ""quotes"""\n\nKöln,Germany,x\n'
ENGLISH_ROWS = [(2, ["Wuhan", "China", 'two\nlines, and "quotes"']), (4, ["Köln", "Germany", "x"])]


@pytest.fixture(autouse=True)
def english():
    """Messages are compared in English."""
    with translation.override("en"):
        yield


def workbook(*rows: list, title: str = "Sheet", **more: list) -> bytes:
    """The bytes of a workbook with these rows; `more` are further sheets by their title."""
    book = Workbook()
    book.active.title = title
    for name, lines in {title: rows, **more}.items():
        sheet = book[name] if name in book.sheetnames else book.create_sheet(name)
        for line in lines:
            sheet.append(line)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def refused(content: bytes, **said: str) -> tuple[str, int | None]:
    with pytest.raises(TableError) as caught:
        read_table(content, "list.csv", **said)
    (message,) = caught.value.messages
    return message, caught.value.row


# --- Encodings -------------------------------------------------------------------------------------------------

IN_1256 = PERSIAN.replace("ی", "ي").replace("۱۳۹۵", "1395").replace("۱۳۹۴/۳/۱", "1394/3/1")
"""Windows-1256 has neither Persian digits nor the Persian ی."""


@pytest.mark.parametrize(
    ("text", "saved_in", "encoding"),
    [
        (PERSIAN, "utf-8", "utf-8"),
        (PERSIAN, "utf-8-sig", "utf-8"),
        (PERSIAN, "utf-16", "utf-16-le"),
        (PERSIAN, "utf-16-le", "utf-16-le"),
        (PERSIAN, "utf-16-be", "utf-16-be"),
        (IN_1256, "windows-1256", "windows-1256"),
        ("city;note\nKöln;schöne Grüße, «Straße»\nCádiz;año\n", "windows-1252", "windows-1252"),
        ("ville;pays\nBesançon;Algérie\nOrléans;Égypte\n", "windows-1252", "windows-1252"),
        ("şehir;ülke\nEskişehir;Türkiye\nDiyarbakır;Türkiye\nÇağlayan;İran\n", "windows-1254", "windows-1254"),
        ("город;страна\nКазань;Россия\nМогилёв;Беларусь\n", "windows-1251", "windows-1251"),
        ("city;country\nWuhan;China\n", "ascii", "utf-8"),
    ],
    ids=map(str, range(11)),
)
def test_encoding_is_found_and_told(text: str, saved_in: str, encoding: str) -> None:
    table = read_table(text.encode(saved_in), "list.csv")
    lines = [line.split(";") for line in text.splitlines()]
    assert (table.encoding, table.delimiter, table.headings) == (encoding, ";", lines[0])
    assert table.rows == list(enumerate(lines[1:], 2))


def test_mark_of_utf_16_big_endian_is_taken_away() -> None:
    table = read_table(b"\xfe\xff" + PERSIAN.encode("utf-16-be"), "list.csv")
    assert (table.encoding, table.headings[0], table.rows) == ("utf-16-be", "شهر", PERSIAN_ROWS)


def test_encoding_that_is_said_is_taken() -> None:
    content = "city;country\nReykjavík;Ísland\nÞórshöfn;Færeyjar\n".encode("windows-1252")
    assert read_table(content, "x.csv", encoding="windows-1254").rows[1] == (3, ["Şórshöfn", "Færeyjar"])
    assert read_table(content, "x.csv", encoding="windows-1252").rows[1] == (3, ["Þórshöfn", "Færeyjar"])


def test_encoding_that_does_not_fit_is_told_with_the_place() -> None:
    assert refused(b"city\nK\xf6ln\n", encoding="utf-8") == (
        "Byte 7 of the file, in line 2, is not text in UTF-8. Choose another encoding, or save the file as a workbook "
        "(.xlsx) or as CSV in UTF-8.",
        None,
    )
    assert refused(b"city\n", encoding="klingon")[0] == (
        "“klingon” is none of the encodings that are read: utf-8, utf-16-le, utf-16-be, windows-1256, windows-1252, "
        "windows-1254, windows-1251."
    )


# --- Separators, quotes, rows ----------------------------------------------------------------------------------


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|", "،", "؛", ":", "^", "~"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_separator_is_found_whatever_ends_the_lines(delimiter: str, line_end: str) -> None:
    lines = [["number", "text, with a comma", "latitude"], ["1", "a, b, c", "48,5"], ["2", "", "7"]]
    written = line_end.join(delimiter.join(f'"{cell}"' for cell in line) for line in lines)
    table = read_table(written.encode(), "list.csv")
    assert (table.delimiter, table.headings, table.rows) == (delimiter, lines[0], list(enumerate(lines[1:], 2)))


def test_decimal_commas_are_no_separators() -> None:
    table = read_table(b"city;latitude;longitude\nA;48,5;11,25\nB;49,5;12,5\n", "list.csv")
    assert (table.delimiter, table.rows[0]) == (";", (2, ["A", "48,5", "11,25"]))


def test_separator_that_is_said_is_taken() -> None:
    table = read_table(b"a#b;c\n1#2;3\n", "list.csv", delimiter="#")
    assert (table.headings, table.rows) == (["a", "b;c"], [(2, ["1", "2;3"])])
    assert refused(b"a;b\n", delimiter=";;")[0] == (
        "The separator of the columns is one character, and neither a quotation mark nor a line end."
    )


def test_line_by_which_excel_knows_the_separator_is_no_row() -> None:
    table = read_table(b"sep=;\r\na;b\r\n1;2\r\n", "list.csv")
    assert (table.delimiter, table.headings, table.rows) == (";", ["a", "b"], [(2, ["1", "2"])])


def test_cells_with_line_ends_and_quotes_are_read_and_rows_counted_as_a_spreadsheet_does() -> None:
    table = read_table(ENGLISH.encode(), "list.csv")
    assert table == TableFile(["city", "country", "said, in full"], ENGLISH_ROWS, "utf-8", ",")


def test_cells_are_cleaned() -> None:
    table = read_table("a,b\n\u200b=1+1 , می‌شود\u200f\n".encode(), "list.csv")
    assert table.rows == [(2, ["=1+1", "می‌شود"])]


def test_rows_of_other_lengths_are_padded_and_what_is_beside_the_headings_is_told() -> None:
    table = read_table(b"a,b,c,\n1\n1,2,3,,\n1,2,3,,5,\n,,\n", "list.csv")
    assert table.headings == ["a", "b", "c"]
    assert table.rows == [(2, ["1", "", ""]), (3, ["1", "2", "3"]), (4, ["1", "2", "3"])]
    assert (table.excess, table.short) == ({4: ["", "5"]}, {2: 1})


def test_title_above_the_headings_is_passed_over() -> None:
    content = "Sister cities of Erfurt,,\n,,\ncity,country,since\nHaifa,Israel,2000\nKati,Mali,\n"
    table = read_table(content.encode(), "list.csv")
    assert (table.headings_row, table.headings) == (3, ["city", "country", "since"])
    assert table.rows == [(4, ["Haifa", "Israel", "2000"]), (5, ["Kati", "Mali", ""])]


def test_one_column_is_a_table() -> None:
    table = read_table("شهر\nاستانبول\nباکو\n".encode(), "list.csv")
    assert (table.headings, table.rows) == (["شهر"], [(2, ["استانبول"]), (3, ["باکو"])])


@pytest.mark.parametrize(
    ("content", "message", "row"),
    [
        (b"", "The file is empty. Its first row holds the names of the columns.", None),
        (b"\n ,\n", "The file is empty. Its first row holds the names of the columns.", None),
        (
            b'a,b\n1,"x\n2,y\n',
            "A quotation mark in this row is not closed, or stands alone within a cell: there it is written twice.",
            2,
        ),
        (b"a,b\n1," + b"x" * 131_073, "A cell of this row has more than 131,072 characters, or its quotation mark is "
         "not closed.", 2),
        (b"<html><table></table>", "This is a web page or another kind of document, not a table. Open it in a "
         "spreadsheet program and save it as a workbook (.xlsx) or as CSV.", None),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\xff\xfe", "This is not a table. Save it as a workbook (.xlsx) or as CSV in "
         "UTF-8.", None),
        (b"a,b\0c\n", "Byte 4 of the file, in line 1, is not text in UTF-8. Choose another encoding, or save the file "
         "as a workbook (.xlsx) or as CSV in UTF-8.", None),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "This is an office file of an old kind. Save it as .docx, "
         ".xlsx, .pptx or PDF and choose that.", None),
        (b"PK\3\4" + bytes(60), "The file is damaged and cannot be read to its end. Open it, save it anew and choose "
         "that.", None),
        (bytes(50_000_001), "The file is too large: it has more than 50,000,000 bytes.", None),
        (",".join(map(str, range(401))).encode(), "The table has more than 400 columns.", 1),
        (b"a\n" + b"x\n" * 300_001, "The table has more than 300,000 rows. Divide it.", 300_002),
    ],
    ids=map(str, range(12)),
)  # fmt: skip
def test_what_is_no_table_is_refused_with_the_reason(content: bytes, message: str, row: int | None) -> None:
    assert refused(content) == (message, row)


def test_what_is_said_is_said_in_the_readers_language() -> None:
    with translation.override("fa"):
        assert refused(b'a,b\n1,"x\n')[0].startswith("علامت نقل‌قولی")


# --- Lists of lines --------------------------------------------------------------------------------------------


def test_list_of_lines_is_a_table() -> None:
    content = """Sister cities of Istanbul

- Almaty, Kazakhstan [April 2, 1998]
- Houston, Texas, United States [1988]
- N’Djamena, Chad
* Busan, South Korea (June 04, 2002)
an afterthought
- باکو، جمهوری آذربایجان [۱۳۹۴/۳]
"""
    table = read_table(content.encode(), "list.txt")
    assert (table.headings_row, table.headings) == (0, ["City", "Region", "Country", "Date"])
    assert table.rows == [
        (3, ["Almaty", "", "Kazakhstan", "April 2, 1998"]),
        (4, ["Houston", "Texas", "United States", "1988"]),
        (5, ["N’Djamena", "", "Chad", ""]),
        (6, ["Busan", "", "South Korea", "June 04, 2002"]),
        (7, ["an afterthought", "", "", ""]),
        (8, ["باکو", "", "جمهوری آذربایجان", "۱۳۹۴/۳"]),
    ]
    assert read_table(b"Cairo, Egypt [1988]\nRabat, Morocco [1991]\n", "x.txt").rows[1] == (
        2,
        ["Rabat", "", "Morocco", "1991"],
    )


def test_table_with_dates_in_brackets_is_no_list_of_lines() -> None:
    table = read_table(b"city,country,signed\nCairo,Egypt,[1988]\nRabat,Morocco,[1991]\n", "list.csv")
    assert (table.delimiter, table.rows[0]) == (",", (2, ["Cairo", "Egypt", "[1988]"]))


# --- Workbooks -------------------------------------------------------------------------------------------------


def test_workbook_is_read_as_text_that_loses_nothing() -> None:
    day = datetime.datetime(2016, 5, 21)
    content = workbook(
        ["Our partners"],
        [],
        ["city", "year", "day", "moment", "degrees", "yes", "error", "formula"],
        [" ووهان\u200f", 2009.0, day, day.replace(hour=8), 48.8168, True, "#N/A", "=not one"],
        [None, None],
        ["a_x005F_x0041_b\n2", 1395, day.date(), None, -0.1, False, None, "x"],
    )
    book = load_workbook(io.BytesIO(content))
    book.active["H4"].data_type = "s"
    file = io.BytesIO()
    book.save(file)
    table = read_table(file.getvalue(), "list.xlsx")
    assert (table.sheet, table.sheets, table.encoding, table.delimiter) == ("Sheet", ["Sheet"], "", "")
    assert table.headings_row == 3
    assert table.rows == [
        (4, ["ووهان", "2009", "2016-05-21", "2016-05-21 08:00:00", "48.8168", "yes", "#N/A", "=not one"]),
        (6, ["a_x0041_b\n2", "1395", "2016-05-21", "", "-0.1", "no", "", "x"]),
    ]
    assert table.short == {}


@pytest.mark.parametrize(
    ("shape", "text"),
    [
        ("yyyy-mm-dd", "2016-05-01"),
        ("mmm-yy", "2016-05"),
        ("[$-409]mmmm\\ yyyy;@", "2016-05"),
        ("yyyy", "2016"),
        ('yyyy" (d)"', "2016"),
        ("[$-3000429]yyyy/mm/dd", "2016-05-01"),
    ],
)
def test_date_cell_says_no_more_than_it_shows(shape: str, text: str) -> None:
    book = Workbook()
    book.active.append(["signed"])
    book.active.append([datetime.datetime(2016, 5, 1)])
    book.active["A2"].number_format = shape
    file = io.BytesIO()
    book.save(file)
    assert read_table(file.getvalue(), "list.xlsx").rows == [(2, [text])]


def test_formula_counts_with_its_result_and_without_one_is_refused() -> None:
    content = workbook(["city", "year"], ["Wuhan", "=2000+9"])
    message = (
        "Cell B2 holds a formula without its result. Open the workbook in a spreadsheet program and save it there."
    )
    assert refused(content) == (message, 2)
    calculated = rewritten(content, b"<v></v>", b"<v>2009</v>")
    assert read_table(calculated, "list.xlsx").rows == [(2, ["Wuhan", "2009"])]


def rewritten(content: bytes, before: bytes, after: bytes) -> bytes:
    """The workbook with other bytes in its first sheet."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = old.read(name)
            if name == "xl/worksheets/sheet1.xml":
                part = part.replace(b"<v />", b"<v></v>").replace(b"<v/>", b"<v></v>")
                assert before in part
                part = part.replace(before, after)
            new.writestr(name, part)
    return file.getvalue()


def test_sheet_is_the_first_that_holds_anything_or_the_one_asked_for() -> None:
    content = workbook(title="Empty", Partners=[["city"], ["Wuhan"]], Notes=[["note"], ["x"]])
    table = read_table(content, "list.xlsx")
    assert (table.sheet, table.sheets, table.rows) == ("Partners", ["Empty", "Partners", "Notes"], [(2, ["Wuhan"])])
    assert read_table(content, "list.xlsx", sheet="Notes").rows == [(2, ["x"])]
    assert refused(content, sheet="Nots")[0] == "There is no sheet “Nots”. The sheets are: Empty, Partners, Notes."
    assert refused(content, sheet="Empty")[0] == "The file is empty. Its first row holds the names of the columns."


def test_cells_beside_the_headings_of_a_workbook_are_told() -> None:
    table = read_table(workbook(["city", "country"], ["Wuhan", None, None, "!"], ["Kazan"]), "list.xlsx")
    assert (table.rows, table.excess) == ([(2, ["Wuhan", ""]), (3, ["Kazan", ""])], {2: ["", "!"]})
    assert table.short == {}


def test_text_that_fills_its_cell_may_have_lost_its_end() -> None:
    blocks = xlsx_blocks({"Data": [["note"], ["x" * 40_000]]})
    message = "The text in cell A2 is as long as a cell can be, so its end may be lost. Send it as CSV."
    assert refused(b"".join(blocks)) == (message, 2)


def test_bomb_is_refused() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "x" * 20_000_000)
    assert refused(file.getvalue())[0] == "Unpacked, this file would grow beyond measure. Such files are not taken."


def test_file_made_to_keep_its_reader_busy_is_refused_at_once() -> None:
    """What takes long here, or much memory, took minutes and gigabytes."""
    assert refused(b"a," * 5_000 + b"a\n" + b"x\n" * 5_000) == ("The table has more than 400 columns.", 1)
    spaces = " " * 50_000
    lines = [
        f"- Almaty{spaces}, Kazakhstan{spaces}x",
        f"- Almaty, Kazakhstan ({'1' * 50_000}",
        f"- Almaty {'(' * 50_000}",
    ]
    assert len(read_table("\n".join(lines).encode(), "list.txt").rows) == 3
    content, file = workbook(["city"], ["Almaty"]), io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as after:
        for name in before.namelist():
            moved = before.read(name).replace(b'<row r="2"', b'<row r="9999999999"').replace(b'"A2"', b'"A9999999999"')
            after.writestr(name, moved)
    assert refused(file.getvalue())[0].startswith("The file is damaged and cannot be read to its end.")


def test_what_the_register_writes_comes_back_unchanged() -> None:
    texts = ["=1+1", "+1", "-1", "@SUM(A1)", "a;=1+1", "a\n-b", "۱۳۹۵/۳", "می‌شود", '"', "_x0041_", "a\tb", "'"]
    rows = [["text", "beside"], *([text, "x"] for text in texts)]
    expected = [(row, [text, "x"]) for row, text in enumerate(texts, 2)]
    assert read_table("".join(csv_lines(rows)).encode(), "list.csv").rows == expected
    assert read_table(b"".join(xlsx_blocks({"Data": rows})), "list.xlsx").rows == expected
