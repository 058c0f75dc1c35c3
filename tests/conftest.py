"""What tests of several modules share; records are made by tests/factories.py."""

import hypothesis
import pytest
from django.db import transaction
from django.test import override_settings
from django.test.signals import setting_changed

from sistercities import kept
from tests import factories
from tests.pages import Guarded

# The same examples in every run, and no clock: a busy machine is no failure.
hypothesis.settings.register_profile("register", deadline=None, derandomize=True)
hypothesis.settings.load_profile("register")


def begin_anew(**_change: object) -> None:
    """Settings show on pages, and in one process they never change but here."""
    kept.forget()


setting_changed.connect(begin_anew)


@pytest.fixture(autouse=True)
def nothing_kept() -> None:
    """Each test begins as a new process does, with nothing made already."""
    kept.forget()


@pytest.fixture(scope="session", autouse=True)
def media(tmp_path_factory):
    """A folder for what the tests upload."""
    folder = tmp_path_factory.mktemp("media")
    with override_settings(MEDIA_ROOT=folder):
        yield folder


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what touches a database, which pytest-django keeps every other test from: that runs on each of them."""
    for item in items:
        if item.get_closest_marker("django_db") or {"db", "transactional_db"} & {*item.fixturenames}:
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
