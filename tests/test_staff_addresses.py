"""Every staff address, swept: a visitor is asked to sign in, whoever may not is refused, by GET and by POST."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.urls.converters import IntConverter, SlugConverter
from django.utils.translation import override

from sistercities.staff import StaffMixin
from tests import factories
from tests.desk import fields

pytestmark = pytest.mark.django_db

EDITORS_MAY = {
    "dashboard",
    "components",
    "agreement_list",
    "agreement_add",
    "agreement_work",
    "report",
    "report_file",
    "source_add",
    "source_edit",
    "source_delete",
    "source_history",
    "note_add",
    "note_edit",
    "note_history",
    "agreement_edit",
    "agreement_preview",
    "agreement_history",
    "city_list",
    "city_add",
    "city_edit",
    "city_history",
    "place_suggest",
    "resolution_list",
    "resolution_add",
    "resolution_edit",
    "resolution_history",
    "domain_list",
    "domain_history",
    "provision_list",
    "provision_history",
    "membership_list",
    "membership_history",
    "affinity_add",
    "affinity_edit",
    "affinity_history",
}
MANAGERS_ONLY = {
    "agreement_publish",
    "agreement_withdraw",
    "agreement_delete",
    "note_delete",
    "city_delete",
    "resolution_delete",
    "domain_add",
    "domain_edit",
    "domain_delete",
    "provision_add",
    "provision_edit",
    "provision_delete",
    "membership_add",
    "membership_edit",
    "membership_delete",
    "affinity_delete",
}
SAMPLES: dict[type, Any] = {IntConverter: 1, SlugConverter: "tabriz"}


def staff_patterns(resolver: URLResolver | None = None, is_staff: bool = False) -> Iterator[URLPattern]:
    """Every pattern of the namespace "staff", however deep it stands."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            yield from staff_patterns(pattern, is_staff or pattern.namespace == "staff")
        elif is_staff:
            yield pattern


PATTERNS = {pattern.name: pattern for pattern in staff_patterns()}


def address(name: str, language: str = "fa") -> str:
    """A staff address of that name, of records that need not exist."""
    samples = {key: SAMPLES[type(one)] for key, one in PATTERNS[name].pattern.converters.items()}
    with override(language):
        return reverse(f"staff:{name}", kwargs=samples)


def test_every_staff_address_is_swept():
    assert set(PATTERNS) == EDITORS_MAY | MANAGERS_ONLY


@pytest.mark.parametrize("name", sorted(PATTERNS))
def test_every_staff_view_has_the_base(name):
    assert issubclass(PATTERNS[name].callback.view_class, StaffMixin)


@pytest.mark.parametrize("language", ["fa", "en"])
@pytest.mark.parametrize("name", sorted(PATTERNS))
def test_visitor_is_sent_to_sign_in(client, name, language):
    asked = address(name, language) + "?q=1&page=2"

    response = client.get(asked)

    assert response.status_code == 302
    assert response["Location"] == f"/{language}/accounts/login/?{urlencode({'next': asked}, safe='/')}"


@pytest.mark.parametrize("name", sorted(PATTERNS))
def test_visitor_who_sends_a_form_is_asked_to_sign_in_and_keeps_it(client, name):
    asked = address(name)

    response = client.post(asked, {"reason": "written for an hour"})

    assert response.status_code == 403
    form = fields(response, "sign-in__form")
    assert (form["next"], form["held"]) == ([asked], ['{"reason": ["written for an hour"]}'])


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("name", sorted(PATTERNS))
def test_account_without_rights_is_refused(client, name, method):
    client.force_login(factories.user())

    assert getattr(client, method)(address(name)).status_code == 403


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("name", sorted(MANAGERS_ONLY))
def test_editor_is_refused_what_managers_do(client, name, method):
    client.force_login(factories.editor())

    assert getattr(client, method)(address(name)).status_code == 403


@pytest.mark.parametrize("name", sorted(EDITORS_MAY))
def test_editor_is_let_in(client, name):
    factories.home_city()
    client.force_login(factories.editor())

    assert client.get(address(name)).status_code in {200, 302, 404}


@pytest.mark.parametrize("name", sorted(PATTERNS))
def test_manager_is_let_in(client, name):
    factories.home_city()
    client.force_login(factories.manager())

    assert client.get(address(name)).status_code in {200, 302, 404}
