"""Who may do what, as one table of role, address and verb. An address that has no line here fails the tests.

A new address gets its line in STAFF (or in PUBLIC, if it is not the staff's); that is all.
"""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import User
from django.db.models import Model
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, resolve, reverse
from django.utils.translation import override

from partnerships.models import Agreement
from sistercities.records import Record
from sistercities.roles import ROLES, TABLE
from sistercities.staff import StaffMixin
from tests import factories
from tests.desk import fields
from tests.pages import Guarded, Page, is_ours

pytestmark = [pytest.mark.django_db, pytest.mark.markup]

RANKS = ["visitor", "account", "auditor", "editor", "manager", "administrator"]
"""Everybody who comes, from who may least to who may most; "account" is one without any rights."""

VISITOR, ACCOUNT, AUDITOR, EDITOR, MANAGER, ADMINISTRATOR = RANKS
NOBODY = ""

STAFF: dict[str, tuple[str, str]] = {
    # address: the least who may look at it (GET), the least who may send its form (POST); NOBODY where it has none
    "dashboard": (AUDITOR, NOBODY),
    "components": (AUDITOR, NOBODY),
    "desk_settings": (AUDITOR, AUDITOR),
    "savedfilter_list": (AUDITOR, NOBODY),
    "savedfilter_add": (AUDITOR, AUDITOR),
    "savedfilter_edit": (AUDITOR, AUDITOR),
    "agreement_list": (AUDITOR, NOBODY),
    "agreement_together": (EDITOR, EDITOR),
    "agreement_table_csv": (AUDITOR, NOBODY),
    "agreement_table_xlsx": (AUDITOR, NOBODY),
    "agreement_add": (EDITOR, EDITOR),
    "agreement_work": (AUDITOR, NOBODY),
    "report": (AUDITOR, NOBODY),
    "report_file": (AUDITOR, NOBODY),
    "agreement_edit": (EDITOR, EDITOR),
    "agreement_preview": (AUDITOR, NOBODY),
    "agreement_publish": (MANAGER, MANAGER),
    "agreement_withdraw": (MANAGER, MANAGER),
    "agreement_delete": (MANAGER, MANAGER),
    "agreement_history": (AUDITOR, NOBODY),
    "document_list": (AUDITOR, NOBODY),
    "document_add": (EDITOR, EDITOR),
    "document_detail": (AUDITOR, NOBODY),
    "document_edit": (EDITOR, EDITOR),
    "document_delete": (MANAGER, MANAGER),
    "document_history": (AUDITOR, NOBODY),
    "document_version": (AUDITOR, NOBODY),
    "document_picture": (AUDITOR, NOBODY),
    "activity_list": (AUDITOR, NOBODY),
    "activity_together": (EDITOR, EDITOR),
    "activity_add": (EDITOR, EDITOR),
    "activity_edit": (EDITOR, EDITOR),
    "activity_publish": (MANAGER, MANAGER),
    "activity_unpublish": (MANAGER, MANAGER),
    "activity_delete": (MANAGER, MANAGER),
    "activity_history": (AUDITOR, NOBODY),
    "commitment_list": (AUDITOR, NOBODY),
    "commitment_add": (EDITOR, EDITOR),
    "commitment_edit": (EDITOR, EDITOR),
    "commitment_settle": (EDITOR, EDITOR),
    "commitment_delete": (MANAGER, MANAGER),
    "commitment_history": (AUDITOR, NOBODY),
    "city_contacts": (EDITOR, NOBODY),
    "contact_list": (EDITOR, NOBODY),
    "contact_add": (EDITOR, EDITOR),
    "contact_edit": (EDITOR, EDITOR),
    "contact_confirm": (EDITOR, EDITOR),
    "contact_delete": (MANAGER, MANAGER),
    "contact_history": (EDITOR, NOBODY),
    "source_add": (EDITOR, EDITOR),
    "source_edit": (EDITOR, EDITOR),
    "source_delete": (EDITOR, EDITOR),
    "source_history": (AUDITOR, NOBODY),
    "note_list": (EDITOR, NOBODY),
    "note_add": (EDITOR, EDITOR),
    "note_edit": (EDITOR, EDITOR),
    "note_delete": (MANAGER, MANAGER),
    "note_history": (EDITOR, NOBODY),
    # of a draft; of what was published: managers, see tests/partnerships/test_lifecycle.py
    "agreement_sign": (EDITOR, EDITOR),
    "agreement_suspend": (EDITOR, EDITOR),
    "agreement_resume": (EDITOR, EDITOR),
    "agreement_renew": (EDITOR, EDITOR),
    "agreement_end": (EDITOR, EDITOR),
    "agreement_reopen": (EDITOR, EDITOR),
    "agreement_status": (MANAGER, MANAGER),
    "milestone_list": (AUDITOR, NOBODY),
    "milestone_add": (EDITOR, EDITOR),
    "milestone_edit": (EDITOR, EDITOR),
    "milestone_delete": (MANAGER, MANAGER),
    "milestone_history": (AUDITOR, NOBODY),
    "milestonekind_list": (AUDITOR, NOBODY),
    "milestonekind_add": (MANAGER, MANAGER),
    "milestonekind_edit": (MANAGER, MANAGER),
    "milestonekind_delete": (MANAGER, MANAGER),
    "milestonekind_history": (AUDITOR, NOBODY),
    "candidate_list": (AUDITOR, NOBODY),
    "candidate_take": (NOBODY, EDITOR),
    "network": (AUDITOR, NOBODY),
    "city_list": (AUDITOR, NOBODY),
    "city_add": (EDITOR, EDITOR),
    "place_suggest": (EDITOR, NOBODY),
    "city_edit": (EDITOR, EDITOR),
    "city_delete": (MANAGER, MANAGER),
    "city_history": (AUDITOR, NOBODY),
    "tie_list": (AUDITOR, NOBODY),
    "tie_add": (MANAGER, MANAGER),
    "tie_edit": (MANAGER, MANAGER),
    "tie_delete": (MANAGER, MANAGER),
    "tie_history": (AUDITOR, NOBODY),
    "tiesource_list": (AUDITOR, NOBODY),
    "tiesource_add": (MANAGER, MANAGER),
    "tiesource_edit": (MANAGER, MANAGER),
    "tiesource_delete": (MANAGER, MANAGER),
    "tiesource_remove": (MANAGER, MANAGER),
    "tiesource_history": (AUDITOR, NOBODY),
    "tieimport_add": (MANAGER, MANAGER),
    "tieimport_detail": (MANAGER, MANAGER),
    "tieimport_report": (MANAGER, NOBODY),
    "tieimport_delete": (MANAGER, MANAGER),
    "home_city": (MANAGER, MANAGER),
    "import_list": (MANAGER, NOBODY),
    "import_add": (MANAGER, MANAGER),
    "import_template": (MANAGER, NOBODY),
    "import_detail": (MANAGER, MANAGER),
    "import_columns": (MANAGER, MANAGER),
    "import_cancel": (NOBODY, MANAGER),
    "import_again": (NOBODY, MANAGER),
    "import_take": (MANAGER, MANAGER),
    "import_undo": (MANAGER, MANAGER),
    "import_delete": (MANAGER, MANAGER),
    "import_wrong": (MANAGER, NOBODY),
    "resolution_list": (AUDITOR, NOBODY),
    "resolution_add": (EDITOR, EDITOR),
    "resolution_edit": (EDITOR, EDITOR),
    "resolution_delete": (MANAGER, MANAGER),
    "resolution_history": (AUDITOR, NOBODY),
    "domain_list": (AUDITOR, NOBODY),
    "domain_add": (MANAGER, MANAGER),
    "domain_edit": (MANAGER, MANAGER),
    "domain_delete": (MANAGER, MANAGER),
    "domain_history": (AUDITOR, NOBODY),
    "provision_list": (AUDITOR, NOBODY),
    "provision_add": (MANAGER, MANAGER),
    "provision_edit": (MANAGER, MANAGER),
    "provision_delete": (MANAGER, MANAGER),
    "provision_history": (AUDITOR, NOBODY),
    "membership_list": (AUDITOR, NOBODY),
    "membership_add": (MANAGER, MANAGER),
    "membership_edit": (MANAGER, MANAGER),
    "membership_delete": (MANAGER, MANAGER),
    "membership_history": (AUDITOR, NOBODY),
    "affinity_add": (EDITOR, EDITOR),
    "affinity_edit": (EDITOR, EDITOR),
    "affinity_delete": (MANAGER, MANAGER),
    "affinity_history": (AUDITOR, NOBODY),
    "agreement_restore": (MANAGER, MANAGER),
    "source_restore": (EDITOR, EDITOR),
    "city_restore": (MANAGER, MANAGER),
    "country_restore": (MANAGER, MANAGER),
    "tie_restore": (MANAGER, MANAGER),
    "tiesource_restore": (MANAGER, MANAGER),
    "resolution_restore": (MANAGER, MANAGER),
    "affinity_restore": (MANAGER, MANAGER),
    "domain_restore": (MANAGER, MANAGER),
    "provision_restore": (MANAGER, MANAGER),
    "membership_restore": (MANAGER, MANAGER),
    "milestonekind_restore": (MANAGER, MANAGER),
    "milestone_restore": (MANAGER, MANAGER),
    "activity_restore": (MANAGER, MANAGER),
    "commitment_restore": (MANAGER, MANAGER),
    "document_restore": (MANAGER, MANAGER),
    "note_restore": (MANAGER, MANAGER),
    "contact_restore": (MANAGER, MANAGER),
}

PUBLIC: dict[str, tuple[str, str]] = {
    # the same for everything else but the administration
    "start": (VISITOR, NOBODY),
    "live": (VISITOR, NOBODY),
    "ready": (VISITOR, NOBODY),
    "land": (VISITOR, NOBODY),
    "cities:network": (VISITOR, NOBODY),
    "cities:network_suggest": (VISITOR, NOBODY),
    "world:network": (VISITOR, NOBODY),
    "world:chart": (VISITOR, NOBODY),
    "world:ties": (VISITOR, NOBODY),
    "set_language": (VISITOR, VISITOR),
    "login": (VISITOR, VISITOR),
    "home": (VISITOR, NOBODY),
    "about": (VISITOR, NOBODY),
    "open_data": (VISITOR, NOBODY),
    "sitemap": (VISITOR, NOBODY),
    "sitemap_section": (VISITOR, NOBODY),
    "robots": (VISITOR, NOBODY),
    "partnerships:browse": (VISITOR, NOBODY),
    "partnerships:suggest": (VISITOR, NOBODY),
    "partnerships:agreement": (VISITOR, NOBODY),
    "partnerships:domains": (VISITOR, NOBODY),
    "partnerships:domain": (VISITOR, NOBODY),
    "partnerships:memberships": (VISITOR, NOBODY),
    "partnerships:provisions": (VISITOR, NOBODY),
    "partnerships:statistics": (VISITOR, NOBODY),
    "partnerships:resolutions": (VISITOR, NOBODY),
    "partnerships:resolution": (VISITOR, NOBODY),
    "cities:city": (VISITOR, NOBODY),
    "cities:country": (VISITOR, NOBODY),
    "data:csv": (VISITOR, NOBODY),
    "data:xlsx": (VISITOR, NOBODY),
    "data:json": (VISITOR, NOBODY),
    "data:geojson": (VISITOR, NOBODY),
    "data:statistics": (VISITOR, NOBODY),
    "data:feed": (VISITOR, NOBODY),
    "data:anniversaries": (VISITOR, NOBODY),
    "data:document": (VISITOR, NOBODY),
    "data:document_picture": (VISITOR, NOBODY),
    "data:desk_calendar": (VISITOR, NOBODY),  # whoever has its key; of any other it gives nothing
    "data:agreement_picture": (VISITOR, NOBODY),
    "data:city_picture": (VISITOR, NOBODY),
    "data:site_picture": (VISITOR, NOBODY),
    "logout": (NOBODY, VISITOR),  # the last: whoever has signed out is a visitor
}

SAMPLES: dict[str, Any] = {
    # what stands in an address: a draft of Tabriz's register, and what belongs to it
    "number": 13,
    "owner": "agreement",
    "slug": "bursa",
    "key": "cultural",
    "code": "TR",
    "language": "fa",
    "chart": "country",
    "version": "x",
    "frame": "x",
    "name": "pages",
    "ending": "csv",
}


def patterns(resolver: URLResolver | None = None, space: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every address of the site with its name, as in "staff:city_edit"; those of the administration are its own."""
    for one in (resolver or get_resolver()).url_patterns:
        if isinstance(one, URLResolver):
            if one.namespace != "admin":
                yield from patterns(one, f"{one.namespace}:" if one.namespace else space)
        else:
            yield f"{space}{one.name}", one


PATTERNS = dict(patterns())
EXPECTED = {f"staff:{name}": who for name, who in STAFF.items()} | PUBLIC


def model_of(pattern: URLPattern) -> type[Model] | None:
    """The model that a view is about, if it says."""
    view = pattern.callback
    return getattr(view, "view_initkwargs", {}).get("model") or getattr(
        getattr(view, "view_class", None), "model", None
    )


def address(name: str, language: str = "fa") -> str:
    """The address of that name, of a record of the register if there is one."""
    pattern = PATTERNS[name]
    samples = dict(SAMPLES)
    model = model_of(pattern)
    if model and model._meta.concrete_model and not model._meta.abstract:
        one = model._default_manager.first()
        samples["pk"] = one.pk if one else 1
        if hasattr(model, "history"):
            samples["entry"] = model.history.values_list("history_id", flat=True).first() or 1
    given = {key: samples.get(key, 1) for key in pattern.pattern.converters}
    with override(language):
        return reverse(name, kwargs=given)


def outcome(response: HttpResponse) -> str:
    """What became of a request, in one word."""
    status = response.status_code
    to_sign_in = status == 302 and "/accounts/login/" in response["Location"]
    if to_sign_in or (status == 403 and b"sign-in__form" in response.content):
        return "asked to sign in"
    if status >= 500:
        return "failed"
    return {403: "refused", 405: "not to be had"}.get(status, "let in")


def expected(role: str, may: str, may_anything: str) -> str:
    """What should become of it, if `may` is the least who may, and `may_anything` who may at all."""
    rank = RANKS.index(role)
    if rank < RANKS.index(may or may_anything):
        return "asked to sign in" if role == VISITOR else "refused"
    return "let in" if may else "not to be had"


@pytest.fixture
def everybody(accounts) -> dict[str, Client]:
    """A client for each of RANKS."""
    clients = {role: Guarded() for role in RANKS}
    factories.user(ACCOUNT)
    for account in User.objects.filter(username__in=RANKS):
        clients[account.username].force_login(account)
    return clients


def test_every_address_has_its_line():
    assert set(PATTERNS) == set(EXPECTED)


def test_every_staff_view_has_the_base():
    without = [
        name
        for name, one in PATTERNS.items()
        if name.startswith("staff:") and not issubclass(getattr(one.callback, "view_class", object), StaffMixin)
    ]
    assert without == []


def offered(page: Page) -> Iterator[tuple[str, str]]:
    """What links and forms of a page lead to: the name of the address, and "get" or "post"."""
    ways = [(one["href"], "get") for one in page.named("a")]
    ways += [(one["action"], one["method"] or "get") for one in page.named("form")]
    for way, verb in ways:
        path = urlsplit(urljoin(page.address, way)).path
        if is_ours(way) and not path.startswith("/admin/"):
            with override(path[1:3]):  # a page links to itself in the other language
                yield resolve(path).view_name, verb


def words(response: HttpResponse) -> str:
    """The page, or the text of a file, that was answered."""
    return (response.getvalue() if response.streaming else response.content).decode(errors="replace")


@pytest.mark.parametrize(("role", "language"), list(zip(RANKS, ["fa", "en"] * 3, strict=True)))
def test_role_looks_at_an_address(everybody, role, language):
    """The whole table for GET; and no page of the staff has a link or a form for which the role lacks the right."""
    found, wanted, refused = {}, {}, {}
    for name, (look, send) in EXPECTED.items():
        asked = address(name, language)
        response = everybody[role].get(asked)
        found[name], wanted[name] = outcome(response), expected(role, look, look or send)
        if name.startswith("staff:") and response.status_code == 200 and "text/html" in response["Content-Type"]:
            ways = set(offered(Page(asked, words(response))))
            least = {way: EXPECTED[way[0]][way[1] == "post"] for way in ways}
            refused[name] = {way for way in ways if expected(role, least[way], VISITOR) != "let in"}

    assert found == wanted
    assert refused == dict.fromkeys(refused, set())


@pytest.mark.parametrize("role", RANKS)
def test_role_sends_a_form_to_an_address(everybody, role):
    """The whole table for POST."""
    found, wanted = {}, {}
    for name, (look, send) in EXPECTED.items():
        found[name] = outcome(everybody[role].post(address(name)))
        wanted[name] = expected(role, send, look or send)

    assert found == wanted


@pytest.mark.parametrize("verb", ["put", "patch", "delete"])
def test_other_verbs_are_answered_nowhere(everybody, verb):
    # Django's way to another language, and the sign-in page for who is signed in, lead elsewhere and do nothing.
    ours = [name for name in EXPECTED if name not in {"set_language", "login"}]
    found = {name: outcome(getattr(everybody[ADMINISTRATOR], verb)(address(name))) for name in ours}

    assert found == dict.fromkeys(ours, "not to be had")


@pytest.mark.parametrize("language", ["fa", "en"])
def test_visitor_who_asks_comes_back_after_signing_in(everybody, language):
    for name in EXPECTED:
        if name.startswith("staff:") and EXPECTED[name][0]:
            asked = address(name, language) + "?q=1&page=2"
            response = everybody[VISITOR].get(asked)
            assert response["Location"] == f"/{language}/accounts/login/?{urlencode({'next': asked}, safe='/')}"


def test_visitor_who_sends_a_form_keeps_what_was_typed(everybody):
    for name in EXPECTED:
        if name.startswith("staff:"):
            asked = address(name)
            form = fields(everybody[VISITOR].post(asked, {"reason": "written for an hour"}), "sign-in__form")
            assert (form["next"], form["held"]) == ([asked], ['{"reason": ["written for an hour"]}']), name


# --- The administration ------------------------------------------------------------------------------------------


def pages_of_administration(model: type[Model]) -> dict[str, tuple[str, tuple[str, ...]]]:
    """Page -> its address, and the actions of which one lets in."""
    options = model._meta
    one = model._default_manager.first()
    with_key = [] if one is None else [one.pk]
    pages = {"changelist": ([], ("view", "change")), "add": ([], ("add",))}
    if with_key:
        pages |= {
            "change": (with_key, ("view", "change")),
            "delete": (with_key, ("delete",)),
            "history": (with_key, ("view", "change")),
        }
    return {
        page: (reverse(f"admin:{options.app_label}_{options.model_name}_{page}", args=arguments), actions)
        for page, (arguments, actions) in pages.items()
    }


@pytest.mark.parametrize("role", [VISITOR, ACCOUNT, AUDITOR, EDITOR, MANAGER])
def test_administration_is_closed_to_all_but_administrators(everybody, role):
    pages = [pages_of_administration(model) for model in admin.site._registry]
    addresses = [reverse("admin:index"), *(page for one in pages for page, _actions in one.values())]
    answers = [everybody[role].get(one) for one in addresses]

    assert {response.status_code for response in answers} == {302}
    assert {urlsplit(response["Location"]).path for response in answers} <= {"/admin/login/", "/fa/accounts/login/"}


IN_THE_AGREEMENT = [("partnerships.source", "add"), ("partnerships.source", "delete")]


@pytest.mark.parametrize("role", ROLES)
def test_administration_lets_nobody_do_more_than_the_role(everybody, role):
    """If an administrator lets somebody of a role into the administration, the same table holds there."""
    account = factories.user("let in", role)
    account.is_staff = True
    account.save()
    client = Client()
    client.force_login(account)
    found, wanted = {}, {}
    for model in admin.site._registry:
        name = model._meta.label_lower
        for page, (asked, actions) in pages_of_administration(model).items():
            found[name, page] = client.get(asked).status_code == 200
            permissions = {f"{model._meta.app_label}.{action}_{model._meta.model_name}" for action in actions}
            wanted[name, page] = bool(permissions & ROLES[role])

    differing = {where for where in found if found[where] != wanted[where]}
    # Sources come and go with their agreement, on its page.
    assert differing == {where for where in IN_THE_AGREEMENT if wanted[where]}


# --- The table of the roles ----------------------------------------------------------------------------------------


def test_every_record_has_its_line_in_the_roles():
    records = {model._meta.label_lower for model in apps.get_models() if issubclass(model, Record)}

    assert set(TABLE) == records | {"cities.place", "partnerships.import"}


def test_each_role_may_what_the_one_before_it_may():
    auditors, editors, managers = ROLES.values()

    assert auditors < editors < managers


def test_auditors_write_nothing_and_see_nothing_of_the_offices_own():
    assert {name.split(".")[1].split("_")[0] for name in ROLES["Auditors"]} == {"view"}


def test_auditor_finds_nothing_of_what_the_office_keeps_for_itself(everybody):
    """Internal notes, notes and contacts are planted on all that has them, and changed once."""
    agreement = Agreement.objects.get(number=SAMPLES["number"])
    made = [
        factories.milestone(agreement, note="planted-note"),
        factories.commitment(agreement, note="planted-note"),
        factories.document(agreement=agreement, title_en="Text", title_fa="متن", note="planted-note"),
        factories.activity(agreement, internal_note="planted-note"),
        factories.note(agreement, "planted-note"),
        factories.contact(agreement.partner, name_en="planted-note", name_fa="planted-note", note="planted-note"),
    ]
    agreement.internal_note = "planted-note"
    for one in (agreement, *made):
        with one.one_entry(reason=""):
            one.save()
    found = {}
    for role in (AUDITOR, EDITOR):
        looks = [name for name, (look, _send) in EXPECTED.items() if name.startswith("staff:") and look == AUDITOR]
        found[role] = {name for name in looks if "planted-note" in words(everybody[role].get(address(name)))}

    assert found[AUDITOR] == set()
    assert "staff:agreement_history" in found[EDITOR]
