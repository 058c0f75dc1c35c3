"""Pages that are kept: given out at once while nothing public has changed, never afterwards, and to visitors alone."""

import threading
from collections.abc import Callable

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, get_resolver, resolve
from django.utils.translation import override

from cities.models import City
from partnerships.models import Agreement
from sistercities import page_cache
from sistercities.page_cache import Answer, PublicPages, Store, gathering
from tests import factories

PAGES = [
    "/en/",
    "/fa/",
    "/fa/about/",
    "/fa/partnerships/",
    "/en/partnerships/?country=TR",
    "/en/partnerships/?view=map",
    "/fa/partnerships/?view=timeline",
    "/en/partnerships/suggest/?q=istanbul",
    "/en/partnerships/1/",
    "/fa/cities/istanbul/",
    "/en/countries/TR/",
    "/en/network/",
    "/data/ties.csv",
    "/data/network.fa.json",
    "/fa/domains/",
    "/en/domains/cultural/",
    "/fa/memberships/",
    "/en/provisions/",
    "/fa/statistics/",
    "/en/resolutions/",
    "/en/open-data/",
    "/sitemap.xml",
    "/sitemap-partnerships-1.xml",
    "/feeds/partnerships.atom?lang=en",
    "/calendar/anniversaries.ics",
    "/data/statistics/country.csv",
    "/data/partnerships.csv",
    "/data/partnerships.json",
    "/data/partnerships.geojson",
    "/data/partnerships.xlsx",
]
"""Every sort of answer that is kept, in one language or the other."""


@pytest.fixture(autouse=True)
def kept(settings) -> None:
    """A store for each client, which thereby is a host of its own."""
    settings.PAGE_CACHE_BYTES = 8 * 1024**2


@pytest.fixture
def register(db) -> Agreement:
    """One published agreement with Istanbul, and what is told with it."""
    one = factories.agreement(published=True, partner=factories.istanbul(), signed="AD 2009-04-13", status="in_force")
    one.domains.add(factories.domain())
    one.resolutions.add(factories.resolution())
    return one


def told(response: HttpResponse) -> bytes:
    """The whole of an answer, whether it was sent while it was made or not."""
    return response.getvalue()


def cost(client: Client, address: str, **headers: str) -> tuple[int, HttpResponse]:
    """How many queries an answer takes, and the answer, read to its end."""
    with CaptureQueriesContext(connection) as queries:
        response = client.get(address, headers=headers)
        told(response)
    return len(queries), response


# --- Given out at once, and marked --------------------------------------------------------------------------------


@pytest.mark.parametrize("address", PAGES)
def test_a_page_seen_before_costs_one_query_and_is_the_same(register, client, address):
    first = client.get(address, headers={"accept-encoding": "gzip"})
    body = told(first)

    queries, again = cost(client, address, accept_encoding="gzip")

    assert (queries, told(again)) == (1, body)
    assert dict(again.items()) == dict(first.items()) | {"Content-Length": str(len(body))}
    assert again["Cache-Control"] == "no-cache"


@pytest.mark.parametrize("address", PAGES)
def test_whoever_has_a_page_is_told_so_on_every_host(register, client, address):
    mark = client.get(address)["ETag"]

    queries, again = cost(Client(), address, if_none_match=f'"other", {mark}')

    assert (queries, again.status_code, told(again)) == (1, 304, b"")
    assert (again["ETag"], again["Cache-Control"]) == (mark, "no-cache")
    assert {*again["Vary"].split(", ")} == {*client.get(address)["Vary"].split(", ")}
    assert "Content-Security-Policy" in again


@pytest.mark.parametrize("address", ["/en/", "/data/partnerships.csv"])
def test_head_tells_what_get_would(register, client, address):
    fresh = client.head(address)
    answer = client.get(address)
    body = told(answer)

    again = client.head(address)

    assert fresh["ETag"] == answer["ETag"] == again["ETag"]
    assert (told(again), again["Content-Length"]) == (b"", str(len(body)))
    assert told(client.get(address)) == body


def test_a_mark_is_that_of_one_address_language_encoding_host_scheme_and_day(register, client, settings, monkeypatch):
    settings.ALLOWED_HOSTS = ["testserver", "other.example"]
    asked: list[Callable[[], HttpResponse]] = [
        lambda: client.get("/en/"),
        lambda: client.get("/fa/"),
        lambda: client.get("/en/?x=1"),
        lambda: client.get("/en/?x=2"),
        lambda: client.get("/en/", headers={"accept-encoding": "gzip"}),
        lambda: client.get("/en/", headers={"hx-request": "true"}),
        lambda: client.get("/en/", headers={"host": "other.example"}),
        lambda: client.get("/en/", secure=True),
        lambda: client.get("/sitemap.xml", headers={"accept-language": "en"}),
        lambda: client.get("/sitemap.xml", headers={"accept-language": "fa"}),
    ]
    marks = [ask()["ETag"] for ask in asked]
    assert len({*marks}) == len(marks)
    assert [ask()["ETag"] for ask in asked] == marks

    tomorrow = page_cache.timezone.localdate() + page_cache.timezone.timedelta(days=1)
    monkeypatch.setattr(page_cache.timezone, "localdate", lambda *moment: tomorrow)
    assert {*marks}.isdisjoint(ask()["ETag"] for ask in asked)


def test_another_release_has_other_marks(register, client, settings):
    before = client.get("/en/")["ETag"]
    settings.CONTACT_EMAIL = "office@example.org"
    page_cache.release.cache_clear()
    try:
        assert client.get("/en/")["ETag"] != before
    finally:
        settings.CONTACT_EMAIL = ""
        page_cache.release.cache_clear()


# --- Never out of date --------------------------------------------------------------------------------------------

CHANGES: dict[str, Callable[[Agreement], object]] = {
    "published": lambda one: factories.agreement(published=True, partner=one.partner, signed="AD 2010"),
    "corrected": lambda one: City.objects.filter(pk=one.partner_id).update(name_en="Byzantium", name_fa="بیزانس"),
    "withdrawn": lambda one: one.withdraw(by=None, reason="a test"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_what_is_published_is_seen_at_once_everywhere(register, client, change):
    for address in PAGES:
        told(client.get(address))

    CHANGES[change](register)

    another = Client()
    for address in PAGES:
        response, fresh = client.get(address), another.get(address)
        assert response.status_code == fresh.status_code
        # A workbook, and a feed of nothing, say in which second they were made.
        if not (address.endswith(".xlsx") or (change == "withdrawn" and "/feeds/" in address)):
            assert told(response) == told(fresh), address


def test_a_draft_never_shows(register, client):
    before = {address: told(client.get(address)) for address in PAGES[:16]}
    factories.agreement(partner=register.partner, title_fa="پیش‌نویس نهان", title_en="A hidden draft")
    assert {address: told(client.get(address)) for address in PAGES[:16]} == before


class Meanwhile:
    """A middleware behind the kept pages that lets somebody write while a page is made, once it was made."""

    write: Callable[[], object] | None = None

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if Meanwhile.write:
            writer = threading.Thread(target=Meanwhile.write)
            Meanwhile.write = None
            writer.start()
            writer.join()
        return response


@pytest.mark.django_db(transaction=True)
def test_what_is_published_while_a_page_is_made_is_seen_by_the_next(client, settings):
    factories.agreement(published=True, partner=factories.istanbul())
    place = settings.MIDDLEWARE.index("sistercities.page_cache.PublicPages")
    settings.MIDDLEWARE = [
        *settings.MIDDLEWARE[: place + 1],
        f"{__name__}.{Meanwhile.__name__}",
        *settings.MIDDLEWARE[place + 1 :],
    ]

    def rename() -> None:
        City.objects.filter(slug="istanbul").update(name_en="Byzantium")
        connection.close()

    Meanwhile.write = rename
    assert "Istanbul" in client.get("/en/cities/istanbul/").content.decode()
    assert "Byzantium" in client.get("/en/cities/istanbul/").content.decode()
    assert cost(client, "/en/cities/istanbul/")[0] == 1


# --- For visitors alone -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", ["/en/", "/data/partnerships.csv"])
def test_what_a_member_of_staff_gets_is_kept_by_nobody(register, client, address):
    client.force_login(factories.editor())
    for _ in range(2):
        response = client.get(address)
        assert response.streaming or response.templates
        assert "ETag" not in response
        assert {*response["Cache-Control"].split(", ")} == {"private", "no-cache"}
    client.logout()
    response = client.get(address)
    assert response.streaming or response.templates
    assert response["Cache-Control"] == "no-cache"


def test_staff_are_not_told_that_they_have_what_visitors_have(register, client):
    mark = client.get("/en/")["ETag"]
    client.force_login(factories.editor())
    assert client.get("/en/", headers={"if-none-match": mark}).status_code == 200


@pytest.mark.parametrize("sent", [{"cookie": "messages=x"}, {"authorization": "Basic x"}])
def test_who_may_be_told_something_gets_a_page_of_their_own(register, client, sent):
    client.get("/en/")
    response = Client().get("/en/", headers=sent)
    assert ("ETag" in response, response["Cache-Control"]) == (False, "private, no-cache")


def test_other_cookies_change_nothing(register, client):
    mark = client.get("/en/")["ETag"]
    client.cookies["csrftoken"] = "x"
    client.cookies["django_language"] = "fa"
    assert cost(client, "/en/")[0] == 1
    assert client.get("/en/")["ETag"] == mark


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/en/nowhere/", 404),
        ("/en/partnerships/2/", 410),
        ("/data/partnerships.csv?x=1", 400),
        ("/fa/partnerships/?q=", 302),
    ],
)
def test_only_what_is_there_is_kept(register, client, address, status):
    factories.agreement(withdrawn=True)
    for _ in range(2):
        response = client.get(address)
        assert (response.status_code, "ETag" in response) == (status, False)


PERSONAL: dict[str, Callable[[HttpResponse], object]] = {
    "cookie": lambda response: response.set_cookie("a", "b"),
    "vary": lambda response: response.headers.__setitem__("Vary", "Cookie"),
    "private": lambda response: response.headers.__setitem__("Cache-Control", "private"),
    "failed": lambda response: setattr(response, "status_code", 500),
}


@pytest.mark.django_db
@pytest.mark.parametrize("kind", PERSONAL)
def test_what_says_that_it_is_for_one_person_is_not_kept(kind):
    def make(request):
        with override("en"):
            request.resolver_match = resolve("/en/about/")
        response = HttpResponse("x")
        PERSONAL[kind](response)
        return response

    pages = PublicPages(make)
    response = pages(RequestFactory().get("/en/about/"))
    assert ("ETag" in response, len(pages.store.plain)) == (False, 0)


def test_no_kept_page_holds_a_token_or_an_account(register, client):
    factories.manager()
    for address in PAGES:
        body = told(client.get(address))
        assert b"csrfmiddlewaretoken" not in body
        assert b"manager" not in body


NOT_KEPT = {
    "start": "leads to the language of whoever asks",
    "set_language": "answers a form",
    "login": "a form with a token",
    "logout": "answers a form",
    "live": "asks nothing of the database",
    "ready": "tells of the process",
    "robots": "says the same always",
    "land": "its address says all that it depends on",
}
"""The addresses outside of the desk and the administration that are not kept, with the reason."""


def test_it_is_decided_of_every_address_whether_it_is_kept():
    named = {
        pattern.name
        for resolver in get_resolver().url_patterns
        for pattern in ([resolver] if isinstance(resolver, URLPattern) else resolver.url_patterns)
        if isinstance(pattern, URLPattern)
        and getattr(resolver, "app_name", None) not in {*page_cache.KEPT_APPS, "admin"}
    }
    assert named == {*page_cache.KEPT, *NOT_KEPT}


# --- Within bounds ------------------------------------------------------------------------------------------------


def test_ten_thousand_queries_take_no_more_memory_and_no_page_away(rf):
    store, plain = Store(1024**2), rf.get("/en/")
    store.put(plain, "page", Answer({}, b"x" * 50_000))
    for number in range(10_000):
        store.put(rf.get("/en/", {"x": number}), str(number), Answer({}, b"x" * 10_000))
    assert store.get(plain, "page") is not None
    assert store.queried.size <= 256 * 1024
    assert len(store.queried) == 256 * 1024 // (10_000 + page_cache.OVERHEAD)


def test_an_answer_that_is_too_large_is_marked_and_not_kept(register, settings):
    settings.PAGE_CACHE_BYTES = 8_000
    client = Client()
    for address in ("/en/", "/data/partnerships.csv"):
        mark = client.get(address)["ETag"]
        again = client.get(address)
        assert again.streaming or again.templates
        assert client.get(address, headers={"if-none-match": mark}).status_code == 304


@pytest.mark.parametrize(("taken", "limit", "kept"), [(3, 2, [b"ab"]), (1, 2, []), (3, 1, [])])
def test_what_is_sent_while_it_is_made_is_kept_once_all_of_it_was_taken(taken, limit, kept):
    finished: list[bytes] = []
    blocks = gathering([b"a", b"b"], limit, finished.append)
    for _ in range(taken):
        next(blocks, None)
    blocks.close()
    assert finished == kept


def test_a_query_that_is_too_long_is_not_kept(register, client):
    address = f"/en/domains/?{'x' * page_cache.LONGEST_QUERY}y"
    client.get(address)
    assert client.get(address).templates


def test_what_one_process_has_made_is_given_out_by_the_others(register, settings, tmp_path):
    settings.CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.filebased.FileBasedCache", "LOCATION": tmp_path}
    }
    made = told(Client().get("/en/"))
    queries, response = cost(Client(), "/en/")
    assert (queries, told(response)) == (1, made)


def test_two_who_ask_at_once_have_it_made_once():
    store, made, waited = Store(1024**2), threading.Event(), []

    def second() -> None:
        with store.one_at_a_time("/en/", "page") as has_waited:
            waited.append((has_waited, made.is_set()))

    with store.one_at_a_time("/en/", "page") as has_waited:
        thread = threading.Thread(target=second)
        thread.start()
        made.set()
    thread.join()
    assert (has_waited, waited) == (False, [(True, True)])
    assert store._being_made == {}


def test_nobody_waits_for_what_is_not_kept():
    store, entered = Store(1024**2), []
    store.never_waits_for("/en/nowhere/")
    with store.one_at_a_time("/en/nowhere/", "page"), store.one_at_a_time("/en/nowhere/", "page") as has_waited:
        entered.append(has_waited)
    assert entered == [False]
    for number in range(page_cache.ADDRESSES * 2):
        store.never_waits_for(str(number))
    assert len(store._not_waited_for) <= page_cache.ADDRESSES
