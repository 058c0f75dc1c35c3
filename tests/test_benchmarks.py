"""The benchmarks, so that they do not rot: what they fill a database with, what they ask for, how they ask."""

import socket

import pytest
from django.apps import apps

from benchmarks.clients import Line as Connection
from benchmarks.fill import FIRST_PARTNERS, HOME, Register
from benchmarks.lines import LINES, asked, named
from cities.exchange import load_countries, shipped_places
from cities.models import City, Place, Tie
from partnerships.models import Agreement
from sistercities.records import Record


@pytest.fixture
def filled(db):
    """A register of twelve agreements with cities from a small part of the gazetteer."""
    load_countries()
    known = {HOME, *FIRST_PARTNERS}
    Place.objects.bulk_create(
        place for number, place in enumerate(shipped_places()) if number % 500 == 0 or place.pk in known
    )
    Register(12, told=str).write()


def test_register_of_the_benchmarks_holds_what_the_application_would_write(filled):
    records = [record for model in apps.get_models() if issubclass(model, Record) for record in model.objects.all()]
    for record in records:
        record.full_clean()
        record.check_grounds()
        before = {field.attname: getattr(record, field.attname) for field in record._meta.concrete_fields}
        record.derive()
        assert {field.attname: getattr(record, field.attname) for field in record._meta.concrete_fields} == before
        assert record.history.count() == 1
    assert (Agreement.objects.count(), Tie.objects.count(), City.objects.home().name_en) == (12, 105, "Tabriz")
    assert [one.partner.slug for one in Agreement.objects.with_partner()[:2]] == ["istanbul", "baku"]
    remembered = {row.domain for row in Agreement.history.get(number=12).domains.all()}
    assert remembered == set(Agreement.objects.get(number=12).domains.all())
    assert len(remembered) == 3


def test_lines_of_the_bench_are_there(filled):
    assert {line.name: asked(line)["status"] for line in LINES} == {line.name: 200 for line in LINES}


def test_lines_are_chosen_by_their_beginnings():
    assert [line.name for line in named(["filter", "feed"])] == [
        "filter: country",
        "filter: year",
        "filter: five at once",
        "feed",
    ]
    with pytest.raises(LookupError, match="No line is called nothing: home, browse"):
        named(["nothing"])


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabcde",
        b"HTTP/1.1 404 Not Found\r\nContent-Type: text/plain\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n10\r\n0123456789abcdef\r\n0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    ],
)
@pytest.mark.parametrize("at_once", [1, 7, 1_000])
def test_client_finds_the_end_of_an_answer(answer, at_once):
    connection = Connection(port=0)
    connection.socket, server = socket.socketpair()
    with server, connection.socket:
        connection.socket.settimeout(5)
        for start in range(0, len(answer), at_once):
            server.sendall(answer[start : start + at_once])
        assert connection.ask(b"GET") == (int(answer[9:12]), answer)
