"""What tests of several modules share; records are made by tests/factories.py."""

from collections.abc import Callable

import hypothesis
import pytest
from django.db import transaction
from django.test import override_settings

from tests import factories
from tests.pages import Guarded

# The same examples in every run, and no clock: a busy machine is no failure.
hypothesis.settings.register_profile("register", deadline=None, derandomize=True)
hypothesis.settings.load_profile("register")


@pytest.fixture(scope="session", autouse=True)
def media(tmp_path_factory):
    """A folder for what the tests upload."""
    folder = tmp_path_factory.mktemp("media")
    with override_settings(MEDIA_ROOT=folder):
        yield folder


def touches_database(item: pytest.Item) -> bool:
    """Whether the test may use a database at all: pytest-django keeps every other one from it.

    It may if it is marked so, or if it or one of its fixtures asks for one or lifts that ban.
    """
    fixtures = item._fixtureinfo.name2fixturedefs.values()
    asked = [item._fixtureinfo.argnames, *(one[-1].argnames for one in fixtures if is_ours(one[-1].func))]
    asking = {"db", "transactional_db", "django_db_blocker"}
    return item.get_closest_marker("django_db") is not None or any(asking & {*names} for names in asked)


def is_ours(fixture: Callable) -> bool:
    """Whether a fixture is defined by these tests: pytest-django's own ask for the ban in order to impose it."""
    return fixture.__module__.startswith("tests.")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what touches a database: pure functions need no second run on another one."""
    for item in items:
        if touches_database(item):
            item.add_marker("database")


@pytest.fixture(scope="module")
def tabriz(django_db_setup, django_db_blocker):
    """Tabriz's register as it ships, loaded once for a module; what its tests write is undone after each."""
    with django_db_blocker.unblock(), transaction.atomic():
        factories.tabriz()
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def accounts(tabriz) -> dict[str, Guarded]:
    """A client for everybody who comes to Tabriz's register: visitor, auditor, editor, manager, administrator."""
    clients = {"visitor": Guarded()}
    for make in (factories.auditor, factories.editor, factories.manager, factories.administrator):
        user = make()
        clients[user.username] = Guarded()
        clients[user.username].force_login(user)
    return clients
