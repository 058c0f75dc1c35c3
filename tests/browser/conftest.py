"""A real browser: the machine's own Chromium, before Tabriz's register as this process serves it.

The register is loaded once and stays from test to test. A test that writes takes the fixture `office`, after which
the register is as it was. Whatever a test does, its pages may not complain: no error or warning in the console, no
breach of the content security policy, no request to another host, no part that is missing.
"""

import os
import shutil
from collections.abc import Callable, Iterator

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.contrib.contenttypes.models import ContentType
from django.core.management.color import no_style
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from django.utils.translation import gettext, override
from playwright.sync_api import BrowserContext, Page
from pytest_django.live_server_helper import LiveServer

from cities.exchange import load_countries, load_places
from cities.models import Country, Place
from tests import factories

# Playwright keeps an event loop in this thread, where Django would refuse to ask the database.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

# --- The register, served -------------------------------------------------------------------------------

MIGRATED = {
    *(model._meta.db_table for model in (ContentType, Group, Permission, MigrationRecorder.Migration)),
    Group.permissions.through._meta.db_table,
}
"""Tables that are full as soon as the database is migrated."""


def empty(*kept: str) -> None:
    """Empty every table but those of MIGRATED and `kept`."""
    tables = sorted({*connection.introspection.table_names()} - MIGRATED - {*kept})
    connection.ops.execute_sql_flush(connection.ops.sql_flush(no_style(), tables, reset_sequences=True))


def begin_anew() -> None:
    """Make the register what it is at first: Tabriz's, with an editor, a manager and an administrator."""
    empty(Country._meta.db_table, Place._meta.db_table)
    factories.tabriz()
    for make in (factories.editor, factories.manager, factories.administrator):
        make()


@pytest.fixture(scope="package")
def register(django_db_setup, django_db_blocker) -> Iterator[None]:
    """Tabriz's register and the whole gazetteer, for this process and the server in it."""
    with django_db_blocker.unblock():
        load_countries()
        load_places()
        begin_anew()
        yield
        empty()
        # While Playwright's event loop runs, Django keeps this thread's connection apart from the one of before and
        # after it, and nobody else closes it: PostgreSQL would not drop the test database.
        connection.close()


@pytest.fixture(scope="package")
def live_server(register) -> Iterator[LiveServer]:
    """The project, served."""
    server = LiveServer("localhost")
    yield server
    server.stop()


@pytest.fixture
def transactional_db() -> None:
    """Nothing: pytest-django would empty the database after each test that uses `live_server`."""


@pytest.fixture
def office(register) -> Iterator[None]:
    """For tests that write: the register is as it was afterwards."""
    yield
    begin_anew()


# --- The browser ----------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict) -> dict:
    """Start the Chromium that CHROMIUM names, or else the one on the path; nothing is downloaded."""
    # Chromium's sandbox refuses to run as root; nothing but our own pages is loaded.
    own = ["--no-sandbox"] if os.geteuid() == 0 else []
    quiet = ["--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"]
    alone = ["--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost"]
    return browser_type_launch_args | {
        "executable_path": os.environ.get("CHROMIUM") or shutil.which("chromium"),
        "args": [*own, *quiet, *alone],
    }


@pytest.fixture(scope="session")
def base_url() -> None:
    """None for the whole session: the project is served for these tests alone, see `browser_context_args`."""


@pytest.fixture(scope="package")
def browser_context_args(browser_context_args: dict, live_server: LiveServer) -> dict:
    """`page.goto("/fa/")` goes to the project as served in this process."""
    return browser_context_args | {"base_url": live_server.url}


def watch(context: BrowserContext, home: str) -> list[str]:
    """The complaints of the context's pages: a list that grows while they are used."""
    complaints: list[str] = []

    def hear(message) -> None:
        # What could not be loaded is seen below, where the page itself may be a 404.
        if message.type in {"error", "warning"} and not message.text.startswith("Failed to load resource"):
            complaints.append(f"{message.page and message.page.url}: {message.text}")

    def see(response) -> None:
        if response.status >= 500 or (response.status >= 400 and not response.request.is_navigation_request()):
            complaints.append(f"{response.status}: {response.url}")

    def ask(request) -> None:
        if not request.url.startswith((f"{home}/", "data:", "blob:")):
            complaints.append(f"another host: {request.url}")

    context.on("console", hear)
    context.on("weberror", lambda error: complaints.append(str(error.error)))
    context.on("response", see)
    context.on("request", ask)
    return complaints


@pytest.fixture
def new_context(new_context, live_server: LiveServer) -> Iterator[Callable[..., BrowserContext]]:
    """As pytest-playwright's, with the complaints of all pages told at the end."""
    heard: list[list[str]] = []

    def watched(**options) -> BrowserContext:
        context = new_context(**options)
        context.set_default_timeout(10_000)
        heard.append(watch(context, live_server.url))
        return context

    yield watched
    assert [complaint for complaints in heard for complaint in complaints] == []


def sign_in(context: BrowserContext, name: str, home: str) -> None:
    """Let the context's reader be signed in under this name, without the detour over the sign-in page."""
    client = Client()
    client.force_login(User.objects.get(username=name))
    context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": home}])


def say(language: str, text: str) -> str:
    """How the pages in this language say it."""
    with override(language):
        return gettext(text)


@pytest.fixture
def desk(new_context, live_server: LiveServer) -> Callable[..., Page]:
    """A page of somebody who is signed in: `desk("manager")`."""

    def page_of(name: str, **options) -> Page:
        context = new_context(**options)
        sign_in(context, name, live_server.url)
        return context.new_page()

    return page_of
