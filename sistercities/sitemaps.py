"""What search engines are told: which pages there are, in both languages, and which are none of their business."""

import math
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from django.conf import settings
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import reverse
from django.utils.translation import override
from django.views.decorators.http import require_safe

from cities.models import City, Country
from partnerships.downloads import site_of
from partnerships.models import Agreement, Domain, Resolution
from sistercities.streaming import in_blocks

PER_FILE = 10_000
"""Records in one file, each with an address in every language. The protocol allows 50,000 addresses."""

PAGES = (
    "home",
    "partnerships:browse",
    "partnerships:domains",
    "partnerships:provisions",
    "partnerships:resolutions",
    "partnerships:memberships",
    "partnerships:statistics",
    "cities:network",
    "open_data",
    "about",
)
"""Pages that stand for no record."""

RECORDS: dict[str, Callable[[], QuerySet]] = {
    "partnerships": lambda: Agreement.objects.published().by_number(),
    "cities": lambda: City.objects.public().with_latest_change().order_by("pk"),
    "countries": lambda: Country.objects.public().order_by("pk"),
    "resolutions": lambda: Resolution.objects.public().order_by("pk"),
    "domains": lambda: Domain.objects.order_by("pk"),
}
"""The records that have pages, by the section of the sitemap in which they stand."""

CLOSED = ("staff:dashboard", "login", "logout")
"""Where nothing is for search engines, by the view at its beginning."""

SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """robots.txt (RFC 9309)."""
    closed = [reverse("admin:index"), reverse("set_language")]
    for code, _name in settings.LANGUAGES:
        closed += _addresses(code, lambda: [reverse(name) for name in CLOSED])
    sitemap = request.build_absolute_uri(reverse("sitemap"))
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in closed), "", f"Sitemap: {sitemap}", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The index of the sitemap: its sections, in as many files as they need."""
    files = [("pages", 1)]
    for section in RECORDS:
        files += [(section, number) for number in range(1, _files(section) + 1)]
    named = [
        f"<sitemap><loc>{escape(request.build_absolute_uri(reverse('sitemap_section', args=file)))}</loc></sitemap>"
        for file in files
    ]
    return _xml(request, "sitemapindex", named)


@require_safe
def section(request: HttpRequest, name: str, number: int) -> HttpResponse:
    """One file of a section: every page in every language, each with its translations."""
    if name == "pages" and number == 1:
        return _xml(request, "urlset", _entries(request, _pages()))
    # Counted rather than tried: no database skips as many rows as a number in an address can ask for.
    if name not in RECORDS or not 1 <= number <= max(1, _files(name)):
        raise Http404
    records = RECORDS[name]()[(number - 1) * PER_FILE : number * PER_FILE]
    return _xml(request, "urlset", _entries(request, _record_pages(records)))


def _files(section: str) -> int:
    return math.ceil(RECORDS[section]().count() / PER_FILE)


Page = tuple[dict[str, str], str, datetime | None]
"""A page's address in each language, the one for readers of no certain language, and when it last changed if known."""


def _pages() -> Iterator[Page]:
    latest = Agreement.objects.published().latest_change()
    for name in PAGES:
        addresses = {code: _addresses(code, lambda name=name: reverse(name)) for code, _label in settings.LANGUAGES}
        default = reverse("start") if name == "home" else addresses[settings.LANGUAGE_CODE]
        yield addresses, default, latest if name in ("home", "partnerships:browse") else None


def _record_pages(records: QuerySet) -> Iterator[Page]:
    for record in records.iterator():
        addresses = {code: _addresses(code, record.get_absolute_url) for code, _label in settings.LANGUAGES}
        yield addresses, addresses[settings.LANGUAGE_CODE], _last_change(record)


def _last_change(record: Model) -> datetime | None:
    """When the page of the record last changed; None where its own row does not tell."""
    if isinstance(record, City):
        return max(record.updated_at, record.latest_change)
    return record.updated_at if isinstance(record, Agreement) else None


def _addresses(code: str, ask: Callable[[], Any]) -> Any:
    with override(code):
        return ask()


def _entries(request: HttpRequest, pages: Iterator[Page]) -> Iterator[str]:
    site = site_of(request)
    for addresses, default, changed in pages:
        links = "".join(
            f'<xhtml:link rel="alternate" hreflang="{code}" href={quoteattr(site + path)}/>'
            for code, path in [*addresses.items(), ("x-default", default)]
        )
        lastmod = f"<lastmod>{changed.isoformat(timespec='seconds')}</lastmod>" if changed else ""
        for path in addresses.values():
            yield f"<url><loc>{escape(site + path)}</loc>{lastmod}{links}</url>"


def _xml(request: HttpRequest, root: str, entries: Iterator[str] | list[str]) -> StreamingHttpResponse:
    def parts() -> Iterator[str]:
        yield '<?xml version="1.0" encoding="UTF-8"?>\n'
        yield f'<{root} xmlns="{SITEMAP}" xmlns:xhtml="http://www.w3.org/1999/xhtml">\n'
        for entry in entries:
            yield f"{entry}\n"
        yield f"</{root}>\n"

    content = iter(()) if request.method == "HEAD" else in_blocks(parts())
    return StreamingHttpResponse(content, content_type="application/xml; charset=utf-8")
