"""The downloads of registers that are empty or large: valid, and sent while they are made."""

import datetime
import json
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from partnerships.downloads import FORMATS
from partnerships.models import Agreement
from sistercities.dates import UncertainDate
from tests import factories
from tests.downloads import csv_rows, fetched, xlsx_rows

pytestmark = pytest.mark.django_db


def test_empty_register_has_valid_downloads(client):
    assert csv_rows(fetched(client, "csv")) == []
    assert xlsx_rows(fetched(client, "xlsx")) == []
    told = json.loads(fetched(client, "json"))
    assert (told["agreements"], told["count"], told["as_of"], told["home_city"]) == ([], 0, None, None)
    assert json.loads(fetched(client, "geojson"))["features"] == []
    assert client.get("/data/partnerships.csv")["Content-Disposition"] == 'attachment; filename="partnerships.csv"'


@pytest.mark.parametrize("extension", FORMATS)
def test_queries_depend_on_the_chunks_and_not_on_the_rows(client, monkeypatch, extension):
    factories.agreement(published=True)
    counts = {}
    for rows, chunks in ((1, 1), (30, 3)):
        monkeypatch.setattr("partnerships.downloads.CHUNK", 10)
        while Agreement.objects.count() < rows:
            made = factories.agreement(published=True)
            factories.source(made)
            made.domains.add(factories.domain())
        with CaptureQueriesContext(connection) as queries:
            client.get(f"/data/partnerships.{extension}").getvalue()
        counts[chunks] = len(
            [one for one in queries if not re.match("(DECLARE|FETCH|CLOSE|SAVEPOINT|RELEASE)", one["sql"])]
        )
    assert counts[3] - counts[1] == 2 * 5
    assert counts[1] <= 9  # PostgreSQL's cursors are not counted


def test_two_thousand_rows_are_sent_while_they_are_made(client):
    home, country = factories.home_city(), factories.country("TR")
    partner = factories.city(country=country)
    now = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
    Agreement.objects.bulk_create(
        Agreement(
            number=number,
            home_city=home,
            partner=partner,
            name_fa="پیمان",
            name_en="Agreement",
            signed=UncertainDate.from_stored("AD 2009"),
            published_at=now,
            search_text="",
        )
        for number in range(1, 2001)
    )
    response = client.get("/data/partnerships.csv")
    with CaptureQueriesContext(connection) as queries:
        first = next(iter(response.streaming_content))
        begun = len(queries)
        rest = list(response.streaming_content)
    assert len(csv_rows(first + b"".join(rest))) == 2000
    assert len(first) < 100_000
    assert max(map(len, rest)) < 100_000
    assert begun <= 7 < len(queries)
