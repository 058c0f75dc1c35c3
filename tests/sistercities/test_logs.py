"""The form of the logs."""

import json
import logging
import sys

from django.test import RequestFactory

from sistercities.logs import JsonFormatter


def line(**given):
    """What the formatter makes of a record: one line, read back."""
    record = logging.makeLogRecord(
        {"name": "partnerships", "levelname": "INFO", "msg": "Loaded", "created": 1_400_000_000.5} | given
    )
    text = JsonFormatter().format(record)
    assert "\n" not in text
    return json.loads(text)


def test_line_says_when_how_grave_and_who():
    assert line() == {
        "time": "2014-05-13T16:53:20.500+00:00",
        "level": "INFO",
        "logger": "partnerships",
        "message": "Loaded",
    }


def test_line_keeps_what_the_caller_gave_beside_the_message():
    told = line(msg="Loaded %d agreements\nof %s", args=(12, "تبریز"), file="agreements.csv")
    assert (told["message"], told["file"]) == ("Loaded 12 agreements\nof تبریز", "agreements.csv")


def test_line_of_a_request_names_its_address_and_nothing_that_was_sent():
    request = RequestFactory().post("/fa/accounts/login/?next=/fa/staff/", {"password": "secret"})
    told = line(request=request, status_code=500)
    assert told.keys() == {"time", "level", "logger", "message", "method", "path", "status_code"}
    assert (told["method"], told["path"], told["status_code"]) == ("POST", "/fa/accounts/login/", 500)


def test_line_of_an_error_holds_its_traceback():
    try:
        raise ValueError("a bad value")
    except ValueError:
        told = line(exc_info=sys.exc_info())
    assert told["exception"].startswith("Traceback (most recent call last):\n")
    assert told["exception"].endswith("\nValueError: a bad value")


def test_line_survives_half_a_character():
    assert line(msg="/\udce9")["message"] == "/\udce9"


def test_line_of_the_server_says_who_asked_for_what_and_how_long_it_took():
    atoms = {"h": "127.0.0.1", "m": "GET", "U": "/fa/", "q": "page=2", "s": "200", "B": 5120, "M": 12}
    told = line(name="gunicorn.access", msg="%(m)s %(U)s %(s)s", args=atoms)
    assert told["message"] == "GET /fa/ 200"
    assert {name: told[name] for name in list(told)[4:]} == {
        "address": "127.0.0.1",
        "method": "GET",
        "path": "/fa/",
        "query": "page=2",
        "status_code": 200,
        "bytes": 5120,
        "milliseconds": 12,
    }
