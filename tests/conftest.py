"""What tests of several modules share; records are made by tests/factories.py."""

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


@pytest.fixture(scope="module")
def tabriz(django_db_setup, django_db_blocker):
    """Tabriz's register as it ships, loaded once for a module; what its tests write is undone after each."""
    with django_db_blocker.unblock(), transaction.atomic():
        factories.tabriz()
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def accounts(tabriz) -> dict[str, Guarded]:
    """A client for everybody who comes to Tabriz's register: visitor, editor, manager and administrator."""
    clients = {"visitor": Guarded()}
    for make in (factories.editor, factories.manager, factories.administrator):
        user = make()
        clients[user.username] = Guarded()
        clients[user.username].force_login(user)
    return clients
