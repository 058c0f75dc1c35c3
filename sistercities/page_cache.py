"""Public pages and downloads, kept ready to send for as long as nothing that the public sees has changed.

Every answer that is the same for everybody bears a mark (ETag) that follows from what it rests on: the revision of the
public data, the day, the release of the code, and the address with what else decides what stands there. Whoever
shows the mark again is told that nothing has changed, without anything being made; whoever comes without it gets the
answer as it was made and compressed for the first who asked. So one small query is the whole work of a page that has
been seen before, and since the revision is read before the data, no page can be out of date, on any number of hosts.

Only visitors are served so. Who has a session gets every page made anew, and no cache keeps it.
"""

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any, NamedTuple

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.core.cache import cache as shared
from django.core.cache import caches
from django.core.cache.backends.dummy import DummyCache
from django.core.cache.backends.locmem import LocMemCache
from django.core.exceptions import MiddlewareNotUsed
from django.db import Error
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.http.response import HttpResponseBase
from django.middleware.gzip import re_accepts_gzip
from django.utils import timezone
from django.utils.cache import cc_delim_re, patch_cache_control, patch_vary_headers
from django.utils.translation import get_language_from_path, get_language_from_request

from sistercities import revision

KEPT = frozenset({"home", "about", "open_data", "sitemap", "sitemap_section"})
"""The views whose answers are the same for everybody, by name; of KEPT_APPS it is all of them."""

KEPT_APPS = frozenset({"cities", "partnerships", "data", "world"})
"""The apps of addresses whose answers are the same for everybody, save what says itself how it may be kept."""

APART = (
    "/health/",
    "/admin/",
    "/language/",
    "/robots.txt",
    "/maps/",
    "/pictures/",
    "/documents/",
    "/calendar/desk/",
)
"""How addresses begin of which the revision says nothing: no public pages, or such as have marks of their own."""

TOLD_BY = frozenset({"accept-encoding", "accept-language", "hx-request"})
"""What a kept answer may depend on beside its address (Vary), all of which is in its mark."""

LONGEST_QUERY = 1_000
"""Bytes of a query with which an answer is kept; longer ones have a mark alone."""

LARGEST_SHARE = 8
"""An answer that would take more than this part of the memory is not kept."""

OVERHEAD = 1_000
"""Bytes that a kept answer takes beside its body, about."""

ADDRESSES = 1_000
"""Addresses of which a process remembers that nothing is kept there."""

PATIENCE = 10
"""Seconds for which a second visitor waits for the page that is being made for the first."""

VISIBLE_SETTINGS = (
    "CONTACT_EMAIL",
    "CONTACT_URL",
    "DATA_LICENCE",
    "DATA_LICENCE_URL",
    "LANGUAGE_CODE",
    "SITE_URL",
    "STATIC_URL",
    "TIME_ZONE",
)
"""Settings that show on public pages."""


class Answer(NamedTuple):
    """What was answered with 200: the headers, Content-Length and Content-Encoding among them, and the body."""

    headers: dict[str, str]
    body: bytes

    @property
    def size(self) -> int:
        """The memory that it takes, in bytes."""
        return len(self.body) + OVERHEAD

    def response(self) -> HttpResponse:
        """It once more."""
        return HttpResponse(self.body, headers=self.headers)


class Shelf:
    """Answers by their marks, in at most `limit` bytes: what was not asked for the longest gives way."""

    def __init__(self, limit: int) -> None:
        self.limit, self.size = limit, 0
        self._answers: OrderedDict[str, Answer] = OrderedDict()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._answers)

    def get(self, mark: str) -> Answer | None:
        """The answer with this mark, if it is here."""
        with self._lock:
            answer = self._answers.get(mark)
            if answer is not None:
                self._answers.move_to_end(mark)
            return answer

    def put(self, mark: str, answer: Answer) -> None:
        """Keep an answer, unless it is too large."""
        if answer.size * LARGEST_SHARE > self.limit:
            return
        with self._lock:
            before = self._answers.pop(mark, None)
            self.size += answer.size - (before.size if before else 0)
            self._answers[mark] = answer
            while self.size > self.limit:
                self.size -= self._answers.popitem(last=False)[1].size


class Store:
    """The answers of this process and, where CACHE_URL names a cache that is shared, of all processes.

    Addresses with a query, of which there is no end, have a quarter of the memory to themselves: whoever asks for ten
    thousand of them pushes out no page that everybody reads.
    """

    def __init__(self, limit: int) -> None:
        self.plain, self.queried = Shelf(limit * 3 // 4), Shelf(limit // 4)
        self.is_shared = not isinstance(caches["default"], (LocMemCache, DummyCache))
        self._being_made: dict[str, threading.Event] = {}
        self._not_waited_for: set[str] = set()

    def shelf(self, request: HttpRequest) -> Shelf:
        """Where the answer to a request stands."""
        return self.queried if request.META.get("QUERY_STRING") else self.plain

    def get(self, request: HttpRequest, mark: str) -> Answer | None:
        """The answer with this mark, if it is kept."""
        answer = self.shelf(request).get(mark)
        if answer is None and self.is_shared and (found := shared.get(f"page:{mark}")):
            answer = Answer(*found)
            self.shelf(request).put(mark, answer)
        return answer

    def put(self, request: HttpRequest, mark: str, answer: Answer) -> None:
        """Keep an answer."""
        shelf = self.shelf(request)
        shelf.put(mark, answer)
        if self.is_shared and answer.size * LARGEST_SHARE <= shelf.limit:
            shared.set(f"page:{mark}", tuple(answer), timeout=24 * 3600)  # the mark is that of one day

    def never_waits_for(self, path: str) -> None:
        """Note an address at which nothing was found that is kept."""
        if len(self._not_waited_for) >= ADDRESSES:
            self._not_waited_for = set()
        self._not_waited_for.add(path)

    @contextmanager
    def one_at_a_time(self, path: str, mark: str) -> Iterator[bool]:
        """Let one thread make an answer while others wait for it; tells whether this one has waited."""
        if path in self._not_waited_for or not self.plain.limit:
            yield False
            return
        made = threading.Event()
        other = self._being_made.setdefault(mark, made)
        if other is not made:
            other.wait(PATIENCE)
            yield True
            return
        try:
            yield False
        finally:
            del self._being_made[mark]
            made.set()


@cache
def release() -> str:
    """What tells this code, with its texts, its parts and its settings, from any other that would answer otherwise."""
    told = hashlib.sha256(repr([(name, getattr(settings, name)) for name in VISIBLE_SETTINGS]).encode())
    files = [settings.BASE_DIR / "requirements.txt"]
    for folder in ("cities", "partnerships", "sistercities", "templates", "locale", "static"):
        files += (settings.BASE_DIR / folder).rglob("*")
    for file in sorted(file for file in files if file.is_file() and file.suffix not in {".pyc", ".po"}):
        told.update(repr((str(file.relative_to(settings.BASE_DIR)), file.stat().st_size)).encode())
        told.update(file.read_bytes())
    return told.hexdigest()


def is_for_everybody(request: HttpRequest) -> bool:
    """Whether somebody asks of whom nothing is known, at an address at which such answers stand."""
    return (
        request.method in ("GET", "HEAD") and not request.path_info.startswith(APART) and not is_of_one_person(request)
    )


def is_of_one_person(request: HttpRequest) -> bool:
    """Whether the request says who asks, or that something is to be told to whoever asks."""
    cookies = request.META.get("HTTP_COOKIE", "")
    return "HTTP_AUTHORIZATION" in request.META or (
        bool(cookies) and (settings.SESSION_COOKIE_NAME in cookies or CookieStorage.cookie_name in cookies)
    )


class PublicPages:
    """The middleware. It stands outside of everything that knows who asks, and inside of what guards every answer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        if settings.DEBUG:
            raise MiddlewareNotUsed  # there the code changes while it runs
        self.get_response = get_response
        self.store = Store(settings.PAGE_CACHE_BYTES)
        self.key = hashlib.sha256(f"page {settings.SECRET_KEY}".encode()).digest()

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """The answer: that nothing has changed, what is kept, or what is made now."""
        if not is_for_everybody(request):
            response = self.get_response(request)
            if request.method in ("GET", "HEAD") and is_of_one_person(request) and "Cache-Control" not in response:
                patch_cache_control(response, private=True, no_cache=True)
            return response
        try:
            request.revision = revision.current()
            mark = self.mark(request, request.revision)
        except Error:
            return self.get_response(request)  # without the database nothing is known of what is kept
        if mark in request.META.get("HTTP_IF_NONE_MATCH", ""):
            return self.marked(request, mark, HttpResponseNotModified())
        if answer := self.store.get(request, mark):
            return answer.response()
        with self.store.one_at_a_time(request.path, mark) as has_waited:
            if has_waited and (answer := self.store.get(request, mark)):
                return answer.response()
            return self.made(request, mark)

    def mark(self, request: HttpRequest, revision: tuple[int, ...]) -> str:
        """What an answer to this request rests on, as 32 characters that nobody else can make up."""
        meta = request.META
        rests_on = (
            release(),
            revision,
            timezone.localdate(),
            request.scheme,
            request.get_host(),
            request.path,
            meta.get("QUERY_STRING", ""),
            bool(re_accepts_gzip.search(meta.get("HTTP_ACCEPT_ENCODING", ""))),
            "HTTP_HX_REQUEST" in meta,
            "" if get_language_from_path(request.path_info) else get_language_from_request(request),
        )
        return hashlib.blake2b(
            repr(rests_on).encode("utf-8", "surrogatepass"), key=self.key, digest_size=16
        ).hexdigest()

    def marked(self, request: HttpRequest, mark: str, response: HttpResponseBase) -> HttpResponseBase:
        """The answer with its mark, to be asked for again each time."""
        # Weak: an answer made twice says the same, but compressing it twice gives different bytes.
        response["ETag"] = f'W/"{mark}"'
        response["Cache-Control"] = "no-cache"
        patch_vary_headers(response, ["Accept-Encoding"])
        if not get_language_from_path(request.path_info):
            patch_vary_headers(response, ["Accept-Language"])
        return response

    def made(self, request: HttpRequest, mark: str) -> HttpResponseBase:
        """The answer, made now; it is kept if it is one that everybody gets."""
        response = self.get_response(request)
        if not self.is_everybodys(request, response):
            self.store.never_waits_for(request.path)
            if response.status_code in (200, 404, 410) and "Cache-Control" not in response:
                patch_cache_control(response, no_cache=True)
            return response
        self.marked(request, mark, response)
        if request.method == "GET" and len(request.META.get("QUERY_STRING", "")) <= LONGEST_QUERY:
            self.keep(request, mark, response)
        return response

    def is_everybodys(self, request: HttpRequest, response: HttpResponseBase) -> bool:
        """Whether what was made is the same for everybody who asks so."""
        match = request.resolver_match
        vary = {name.lower() for name in cc_delim_re.split(response.get("Vary", "")) if name}
        return (
            response.status_code == 200
            and "Cache-Control" not in response  # else it says itself how it may be kept
            and match is not None
            and (match.view_name in KEPT or match.app_name in KEPT_APPS)
            and not response.cookies
            and vary <= TOLD_BY
        )

    def keep(self, request: HttpRequest, mark: str, response: HttpResponseBase) -> None:
        """Keep what was made; what is sent while it is made once all of it was."""
        headers = dict(response.items())
        if not response.streaming:
            self.store.put(request, mark, Answer(headers, response.content))
            return
        limit = self.store.shelf(request).limit // LARGEST_SHARE
        finished = lambda body: self.store.put(  # noqa: E731
            request, mark, Answer(headers | {"Content-Length": str(len(body))}, body)
        )
        response.streaming_content = gathering(response.streaming_content, limit, finished)


def gathering(blocks: Iterable[bytes], limit: int, finished: Callable[[bytes], Any]) -> Iterator[bytes]:
    """The blocks as they come; once all of them were taken, `finished` gets them as one, if they are within `limit`."""
    gathered: bytearray | None = bytearray()
    for block in blocks:
        if gathered is not None:
            gathered += block
            if len(gathered) > limit:
                gathered = None
        yield block
    if gathered is not None:
        finished(bytes(gathered))
