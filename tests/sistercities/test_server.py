"""The register as it is served in production: gunicorn with the project's settings, in a process of its own."""

import json
import os
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "sistercities.settings",
    "SECRET_KEY": "for this test alone",
    "ALLOWED_HOSTS": "register.example",
    "DEBUG": "False",
    "HTTPS": "True",
    "LOG_LEVEL": "INFO",
}


@pytest.fixture
def server(tmp_path):
    """A running gunicorn at a free port."""
    own = {"DATABASE_URL": f"sqlite:///{tmp_path}/register.sqlite3", "STATIC_ROOT": str(tmp_path)}
    with subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "--bind", "127.0.0.1:0"],
        cwd=ROOT,
        env=os.environ | PRODUCTION | own,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        yield process
        process.terminate()
        process.communicate(timeout=20)


def told(process, logger, start=""):
    """The next line of the log that comes from this logger and starts so; every line before it is JSON too."""
    for text in process.stdout:
        line = json.loads(text)
        if line["logger"] == logger and line["message"].startswith(start):
            return line
    raise AssertionError(f"The server stopped without a word from {logger}.")


def test_server_answers_logs_in_json_and_stops_cleanly(server):
    address = told(server, "gunicorn.error", "Listening at: ")["message"].split()[2]
    request = urllib.request.Request(f"{address}/health/live?deep=1", headers={"Host": "register.example"})
    with urllib.request.urlopen(request, timeout=20) as response:
        assert response.read() == b"ok"

    line = told(server, "gunicorn.access")
    assert (line["method"], line["path"], line["query"], line["status_code"]) == ("GET", "/health/live", "deep=1", 200)

    server.send_signal(signal.SIGINT)
    assert server.wait(timeout=20) == 0


def test_no_header_says_where_the_site_stands(server):
    address = told(server, "gunicorn.error", "Listening at: ")["message"].split()[2]
    claimed = {"Host": "register.example", "SCRIPT_NAME": "//evil.example", "PATH_INFO": "/admin/"}
    with urllib.request.urlopen(urllib.request.Request(f"{address}/health/live", headers=claimed), timeout=20) as found:
        assert found.read() == b"ok"


@pytest.mark.parametrize("command", ["check", "makemigrations", "prepare"])
@pytest.mark.parametrize("missing", ["SECRET_KEY", "ALLOWED_HOSTS"])
def test_register_refuses_to_start_without(missing, command):
    stopped = subprocess.run(
        [sys.executable, "manage.py", command],
        cwd=ROOT,
        env=os.environ | PRODUCTION | {missing: ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert stopped.returncode == 1
    (told,) = stopped.stderr.splitlines()
    assert told.startswith(f"Set {missing} in the environment")
