"""The downloads as a test reads them."""

import csv
import io

from openpyxl import load_workbook


def fetched(client, extension, query=""):
    """The body of a download of agreements."""
    response = client.get(f"/data/partnerships.{extension}{query}")
    assert response.status_code == 200
    return response.getvalue()


def csv_rows(body):
    """The rows of a CSV file, each by its columns."""
    return list(csv.DictReader(io.StringIO(body.decode("utf-8-sig"), newline="")))


def xlsx_rows(body):
    """The rows of a workbook's first sheet, each by its columns."""
    head, *rows = load_workbook(io.BytesIO(body), read_only=True)["agreements"].iter_rows(values_only=True)
    return [dict(zip(head, row, strict=True)) for row in rows]
