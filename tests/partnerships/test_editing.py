"""The table for editing: what the staff download says every field of an agreement, and comes back as it was."""

import datetime
from typing import Any

import pytest
from django.test import Client
from django.utils.translation import override

from partnerships.editing import COLUMNS, said_of, table_of
from partnerships.headings import FIELDS, guess, read_cell
from partnerships.models import Agreement
from sistercities.dates import UncertainDate
from sistercities.tables import TableFile, read_table
from tests import factories

pytestmark = pytest.mark.django_db

TEXTS = {
    "name_fa": "پیمانِ «خواهرخواندگی»؛ تبریز، استانبول",
    "name_en": "=HYPERLINK(1)",
    "title_fa": "می‌شود ۱۲۳ — كي",
    "title_en": "+1; -2, @x",
    "status_reason_fa": "- دلیل\n= دوم",
    "status_reason_en": 'He said "no"',
    "place_signed_fa": "تالار شهر",
    "place_signed_en": "007",
    "signatories_home_fa": "شهردار (۱)",
    "signatories_home_en": "-Mayor",
    "signatories_partner_fa": "_x0041_",
    "signatories_partner_en": "1e5",
    "renewal_rule_fa": "هر ۵ سال",
    "renewal_rule_en": "TRUE",
    "authentic_languages": "fa tr en",
    "summary_fa": "سطر نخست\n\nسطر دوم\tپس از تب ; , |",
    "summary_en": "@SUM(A1)\n=1+1",
    "internal_note": "=cmd|' /C calc'!A0",
}
DATES = {
    "signed": "SH 1395-03 خرداد ۹۵",
    "status_since": "AD 2020 2020",
    "in_force_from": "SH 1395-04-01 1 4 1395",
    "expires": "AD 2031-05-22 [May 22, 2031]",
    "notice_by": "AD 2030",
}
SOURCE = {
    "nature": "official",
    "publisher_fa": "خبرگزاری «مهر»",
    "publisher_en": "=News",
    "title_fa": "تیتر",
    "title_en": "Title, with; separators",
    "reference": "+12/34",
    "url": "https://example.org/?a=1&b=2",
    "issued": UncertainDate.from_stored("SH 1399-11-25 ۲۵ بهمن ۱۳۹۹"),
    "says_fa": "گفت:\n«امضا شد»",
    "says_en": "@it was signed",
    "stance": "contradicts",
    "signed_claim": UncertainDate.from_stored("SH 1394 سال ۱۳۹۴"),
}


LONE = {"number", "city_fa", "city_en", "country", "latitude", "longitude", "kind", "status", "verification"} | {
    *("name_fa", "name_en", "published")
}
"""The fields that are filled of an agreement of which nothing else is known."""


@pytest.fixture
def rich() -> Agreement:
    """An agreement with something in every field, beside one of which nothing is known."""
    predecessor = factories.agreement(number=4)
    partner = factories.istanbul()
    partner.geonames_id = 745044
    partner.save()
    dates = {name: UncertainDate.from_stored(stored) for name, stored in DATES.items()}
    given = {"partner": partner, "kind": "friendship", "status": "ended", "predecessor": predecessor, "number": 12}
    given |= {"verification": "disputed", "verified_on": datetime.date(2026, 11, 20)}
    agreement = factories.agreement(published=True, **given, **TEXTS, **dates)
    agreement.domains.set([factories.domain("tourism"), factories.domain("cultural")])
    agreement.provisions.set([factories.provision()])
    agreement.resolutions.set([factories.resolution(key="council-1387"), factories.resolution(title_fa="بی کلید")])
    factories.source(agreement, **SOURCE)
    factories.source(agreement, url="https://example.org/second")
    return agreement


def told(agreement: Agreement) -> dict[str, Any]:
    """What a row says of the agreement, dates in full."""
    fresh = Agreement.objects.for_editing().get(pk=agreement.pk)
    return {name: value for name, value in in_full(said_of(fresh)).items() if name != "city"}


def in_full(said: dict[str, Any]) -> dict[str, Any]:
    """The values with the words of their dates, by which two dates are not told apart; nothing is nothing."""
    stored = {name: value.stored for name, value in said.items() if isinstance(value, UncertainDate)}
    return said | stored | {name: "" for name, value in said.items() if value is None or value == ()}


def read_back(table: TableFile) -> list[dict[str, Any]]:
    """What each row says, read as an import reads it."""
    fields = guess(table.headings)
    assert fields == table.headings
    return [
        in_full({name: text and read_cell(name, text) for name, text in zip(fields, cells, strict=True)})
        for _row, cells in table.rows
    ]


@pytest.mark.parametrize("extension", ["csv", "xlsx"])
@pytest.mark.parametrize("language", ["fa", "en"])
def test_every_field_comes_back_as_it_was(rich: Agreement, extension: str, language: str) -> None:
    with override(language):
        file = b"".join(table_of(Agreement.objects.by_number(), extension))
        table = read_table(file, f"agreements.{extension}")
        lone, whole = read_back(table)
    assert table.headings == COLUMNS == [name for name in FIELDS if name != "city"]
    assert whole == told(rich)
    assert [name for name, value in whole.items() if value == ""] == []
    assert lone == told(rich.predecessor)
    assert {name for name, value in lone.items() if value != ""} == LONE
    assert (table.excess, table.short) == ({}, {})


def test_what_programs_make_of_the_table_comes_back_too(rich: Agreement) -> None:
    """Excel saves a CSV file with semicolons, in UTF-16 or with the line ends of Windows."""
    text = b"".join(table_of(Agreement.objects.by_number(), "csv")).decode("utf-8-sig")
    assert read_back(read_table(text.encode("utf-16"), "x.txt"))[1] == told(rich)


def test_no_cell_of_the_table_is_a_formula(rich: Agreement) -> None:
    text = b"".join(table_of(Agreement.objects.by_number(), "csv")).decode("utf-8-sig")
    assert "=HYPERLINK" in text
    assert ",=" not in text
    assert '"=' not in text


def test_workbook_explains_its_columns_in_both_languages(rich: Agreement) -> None:
    file = b"".join(table_of(Agreement.objects.by_number(), "xlsx"))
    table = read_table(file, "x.xlsx", sheet="columns")
    assert table.headings == ["column", "name_fa", "note_fa", "name_en", "note_en", "example"]
    assert [cells[0] for _row, cells in table.rows] == COLUMNS
    number = ["number", "شماره ثبت", "برای پیمان تازه خالی: دفتر خود شماره می‌دهد.", "Register number"]
    assert table.rows[COLUMNS.index("number")][1] == [
        *number,
        "Empty for a new agreement: the register gives it.",
        "12",
    ]


# --- The addresses ---------------------------------------------------------------------------------------------


def download(client: Client, query: str = "", extension: str = "csv", language: str = "en") -> TableFile:
    response = client.get(f"/{language}/staff/partnerships/export.{extension}{query}")
    assert response.status_code == 200
    assert response["Content-Disposition"] == f'attachment; filename="tabriz-agreements.{extension}"'
    assert response["Cache-Control"].startswith("private")
    return read_table(b"".join(response.streaming_content), "x")


def numbers(table: TableFile) -> list[str]:
    return [cells[table.headings.index("number")] for _row, cells in table.rows]


@pytest.mark.parametrize("extension", ["csv", "xlsx"])
def test_staff_download_what_their_list_finds(client: Client, rich: Agreement, extension: str) -> None:
    factories.agreement(number=20, withdrawn=True)
    client.force_login(factories.editor())
    assert numbers(download(client, extension=extension)) == ["4", "12", "20"]
    assert numbers(download(client, "?kind=friendship", extension)) == ["12"]
    assert numbers(download(client, "?publication=draft&sort=-number", extension, "fa")) == ["4"]


def test_who_may_not_see_internal_notes_gets_none(client: Client, rich: Agreement) -> None:
    client.force_login(factories.auditor())
    table = download(client)
    assert table.headings == [name for name in COLUMNS if name != "internal_note"]
    assert "calc" not in str(table.rows)


def test_what_the_address_asks_in_vain_is_told(client: Client, rich: Agreement) -> None:
    client.force_login(factories.editor())
    response = client.get("/en/staff/partnerships/export.csv?kind=cousin")
    assert (response.status_code, response["Content-Type"]) == (400, "text/plain; charset=utf-8")
    assert response.content.decode() == "“\u2068cousin\u2069” is not a kind of agreement.\n"


def test_list_leads_to_its_table(client: Client, rich: Agreement) -> None:
    client.force_login(factories.editor())
    page = client.get("/en/staff/partnerships/?kind=friendship").content.decode()
    assert 'href="/en/staff/partnerships/export.csv?kind=friendship"' in page
    assert 'href="/en/staff/partnerships/export.xlsx?kind=friendship"' in page


def test_table_costs_the_same_queries_for_one_and_for_many(rich: Agreement, django_assert_num_queries: Any) -> None:
    for agreements in (Agreement.objects.filter(pk=rich.pk), Agreement.objects.by_number()):
        with django_assert_num_queries(5):
            assert b"".join(table_of(agreements, "csv"))
