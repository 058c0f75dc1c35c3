"""What monitors are told."""

import os
import subprocess
import sys

import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

NEVER_CACHED = "max-age=0, no-cache, no-store, must-revalidate, private"


def test_live_asks_nothing_of_the_database(client):
    # Without the mark django_db any query is an error.
    response = client.get("/health/live")
    assert (response.status_code, response.content) == (200, b"ok")


@pytest.mark.django_db
def test_ready_when_the_database_is_migrated(client):
    response = client.get("/health/ready")
    assert response.status_code == 200
    assert response.json() == {"status": "ok", "database": "ok", "migrations": "ok"}


@pytest.mark.django_db
def test_not_ready_while_a_migration_is_missing(client):
    MigrationRecorder(connection).record_unapplied("sistercities", "0001_revision")
    response = client.get("/health/ready")
    assert response.status_code == 503
    assert response.json() == {"status": "unavailable", "database": "ok", "migrations": "pending"}


def test_not_ready_without_a_database(tmp_path):
    # Another process, since this one's database cannot be taken away.
    program = """
import sys, django; django.setup()
from django.test import Client
for address in "/health/ready", "/health/live":
    response = Client(headers={"host": "localhost"}).get(address)
    print(response.status_code, response.content.decode(), file=sys.stderr)
"""
    environment = os.environ | {
        "DATABASE_URL": f"sqlite:///{tmp_path}",  # a folder is no database
        "DJANGO_SETTINGS_MODULE": "tests.settings",
    }
    told = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True)
    assert told.stderr.splitlines() == [
        '503 {"status": "unavailable", "database": "unreachable", "migrations": "unknown"}',
        "200 ok",
    ]


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/health/live", "/health/ready"])
def test_health_is_never_cached(client, address):
    assert client.get(address).headers["Cache-Control"] == NEVER_CACHED


@pytest.mark.parametrize("address", ["/health/live", "/health/ready"])
def test_health_is_read_only(client, address):
    assert client.post(address).status_code == 405


@pytest.mark.django_db
def test_health_needs_no_https_while_every_page_does(client, settings):
    settings.SECURE_SSL_REDIRECT = True
    assert client.get("/").status_code == 301
    assert client.get("/health/live").status_code == 200
    assert client.get("/health/ready").status_code == 200
