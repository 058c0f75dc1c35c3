"""The form of the logs: one JSON object a line, for people with grep and for log collectors alike."""

import datetime
import json
import logging

from django.http import HttpRequest

# What every record carries; anything beyond it was given by the caller as `extra`.
_USUAL = {*vars(logging.makeLogRecord({})), "message", "asctime", "taskName"}


class JsonFormatter(logging.Formatter):
    """Writes a record as a JSON object on one line.

    Always there: `time` (ISO 8601, UTC), `level`, `logger`, `message`. Where they apply: `method`, `path` and
    `status_code` of a request, `exception` with its traceback, gunicorn's `address`, `bytes` and `milliseconds`,
    and whatever the caller gave as `extra`. A form's contents and cookies are never written.
    """

    def format(self, record: logging.LogRecord) -> str:
        """One line of JSON, without the line's end."""
        line = {
            "time": datetime.datetime.fromtimestamp(record.created, datetime.UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.name == "gunicorn.access":
            line |= _access(record.args)
        extra = {name: value for name, value in vars(record).items() if name not in _USUAL}
        request = extra.pop("request", None)
        if isinstance(request, HttpRequest):
            line |= {"method": request.method, "path": request.path}
        line |= extra
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        # Half a surrogate pair in an address must not stop the line from being written.
        return json.dumps(line, ensure_ascii=False, default=str).encode("utf-8", "backslashreplace").decode()


def _access(atoms: dict) -> dict:
    """What gunicorn's access log knows about a request, by readable names."""
    return {
        "address": atoms["h"],
        "method": atoms["m"],
        "path": atoms["U"],
        "query": atoms["q"],
        "status_code": int(atoms["s"]),
        "bytes": atoms["B"],
        "milliseconds": atoms["M"],
    }
