"""A page as a test reads it: its elements, its words with the language they are marked with, and its links."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urldefrag, urljoin, urlsplit

from django.test import Client

DATA = "application/ld+json"
"""The type of the one sort of script that may stand in a page: data, which no browser runs."""

VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())
UNREAD = frozenset(["script", "style", "template"])
POLICY = {
    "default-src": "'self'",
    "img-src": "'self' data:",
    "object-src": "'none'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}
"""The content security policy of every answer."""

FILE_POLICY = {"default-src": "'none'", "style-src": "'unsafe-inline'", "sandbox": "", "frame-ancestors": "'none'"}
"""The content security policy of an uploaded file."""

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
"""What else every answer tells the browser."""

SPOKEN = ("alt", "aria-description", "aria-label", "data-label", "placeholder", "title")
"""Attributes that are read out or shown."""


@dataclass(eq=False)
class Element:
    """An element with its attributes; the document itself has no name and no parent."""

    name: str
    attributes: dict[str, str] = field(default_factory=dict)
    parent: "Element | None" = None
    children: list["Element | str"] = field(default_factory=list)

    def __getitem__(self, attribute: str) -> str:
        return self.attributes.get(attribute, "")

    def __str__(self) -> str:
        return f"<{' '.join([self.name, *(f'{name}={text!r}' for name, text in self.attributes.items())])}>"

    @property
    def all(self) -> Iterator["Element"]:
        """The element and everything in it, in the order of the page."""
        yield self
        for child in self.children:
            if isinstance(child, Element):
                yield from child.all

    @property
    def lineage(self) -> Iterator["Element"]:
        """The element and what it stands in, from the inside."""
        at: Element | None = self
        while at is not None:
            yield at
            at = at.parent

    @property
    def language(self) -> str:
        """The language that its words are marked with."""
        return next((one["lang"] for one in self.lineage if "lang" in one.attributes), "")

    def of_class(self, name: str) -> list["Element"]:
        """The elements of a class in it, itself included."""
        return [one for one in self.all if name in one["class"].split()]

    @property
    def words(self) -> str:
        """All text in it, with single spaces."""
        return " ".join("".join(text for _one, text in self.texts()).split())

    def texts(self) -> Iterator[tuple["Element", str]]:
        """Every piece of text that is read, with the element in which it stands."""
        for child in self.children:
            if isinstance(child, str):
                yield self, child
            elif child.name not in UNREAD:
                yield from child.texts()


class Page(HTMLParser):
    """The parsed page at `address`. `faults` are elements that were opened and closed out of order."""

    def __init__(self, address: str, html: str, status: int = 200) -> None:
        super().__init__()
        self.address, self.html, self.status = address, html, status
        self.document = Element("")
        self.faults: list[str] = []
        self._at = self.document
        self.feed(html)
        self.close()
        self.faults += [f"{one} is not closed" for one in self._at.lineage if one.name]
        self.elements = list(self.document.all)[1:]

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take up an element that has nothing in it."""
        attributes = {name: text or "" for name, text in attrs}
        if len(attributes) < len(attrs):
            names = [name for name, _text in attrs]
            twice = [name for name in attributes if names.count(name) > 1]
            self.faults += [f"{name} twice in {self.get_starttag_text()}" for name in twice]
        self._at.children.append(Element(tag, attributes, self._at))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open an element."""
        self.handle_startendtag(tag, attrs)
        if tag not in VOID:
            self._at = self._at.children[-1]

    def handle_endtag(self, tag: str) -> None:
        """Close the element that is open, or note that it is another one."""
        if self._at.name == tag:
            self._at = self._at.parent
        else:
            self.faults.append(f"</{tag}> closes {self._at}, line {self.getpos()[0]}")

    def handle_data(self, data: str) -> None:
        """Take up text."""
        self._at.children.append(data)

    def named(self, *names: str) -> list[Element]:
        """The elements with one of these names."""
        return [one for one in self.elements if one.name in names]

    def of_class(self, name: str) -> list[Element]:
        """The elements of a class."""
        return self.document.of_class(name)

    def section(self, name: str) -> Element | None:
        """The section under the heading with this id, if there is one."""
        return next((one for one in self.named("section") if one["aria-labelledby"] == name), None)

    def one(self, name: str) -> Element:
        """The only element with this name."""
        (found,) = self.named(name)
        return found

    def texts(self) -> Iterator[tuple[Element, str]]:
        """Every piece of text that is read, attributes and description included, with its element."""
        yield from self.document.texts()
        for one in self.elements:
            yield from ((one, one[name]) for name in SPOKEN if one[name])
            if one.name == "meta" and one["name"] == "description":
                yield one, one["content"]

    def links(self) -> Iterator[str]:
        """Where its links lead, as absolute addresses of this site or of others, fragments included."""
        for one in self.named("a", "area"):
            if "href" in one.attributes:
                yield urljoin(self.address, one["href"])

    @property
    def parts(self) -> list[str]:
        """The addresses of what a browser loads with the page."""
        loading = {"stylesheet", "icon", "preload", "manifest", "apple-touch-icon"}
        named = [one["href"] for one in self.named("link") if loading & set(one["rel"].split())]
        named += [one["src"] for one in self.named("script", "img", "source", "iframe", "video", "audio") if one["src"]]
        return named + [one["href"] for one in self.named("use", "image") if one["href"]]


class Guarded(Client):
    """A client that looks at the headers of every answer."""

    def request(self, **request):
        """As Django's."""
        response = super().request(**request)
        parts = (part.strip().partition(" ") for part in response["Content-Security-Policy"].split(";"))
        policy = {name: value for name, _space, value in parts}
        is_file = is_upload(request["PATH_INFO"]) and response.status_code in {200, 304}
        assert policy == (FILE_POLICY if is_file else POLICY), request["PATH_INFO"]
        assert {name: response.get(name) for name in HEADERS} == HEADERS, request["PATH_INFO"]
        return response


FILES = ("/static/", "/data/", "/documents/", "/feeds/", "/calendar/")
"""How addresses begin at which a file stands and no page."""


def is_upload(address: str) -> bool:
    """Whether an uploaded file stands at the address."""
    return bool(re.match(r"/documents/|/\w\w/staff/documents/\d+/versions/", address))


def is_ours(address: str) -> bool:
    """Whether the address is one of this site's pages."""
    parts = urlsplit(address)
    return not parts.scheme and not parts.netloc and not parts.path.startswith(FILES) and not is_upload(parts.path)


def crawl(client: Client, *starts: str, within: str = "", without: str = "^$") -> dict[str, Page]:
    """Every page that links lead to from `starts`, by address, whatever its status.

    Of addresses that differ only in where one comes back to, the first counts. Addresses with a query are opened, but
    the further queries they link to are not: else every combination of filters would be. Only pages whose address
    matches `within` are looked at for further links, and what matches `without` is not opened.
    """
    found: dict[str, Page] = {}
    seen: set[str] = set()
    waiting = list(starts)
    while waiting:
        address = waiting.pop(0)
        path, _mark, query = address.partition("?")
        asked = "&".join(part for part in query.split("&") if part and not part.startswith("next="))
        same = f"{path}?{asked}" if asked else path
        if same in seen or re.search(without, same):
            continue
        seen.add(same)
        response = client.get(address, follow=True)
        if response.streaming:
            continue  # a file and no page
        landed = response.redirect_chain[-1][0] if response.redirect_chain else address
        found[address] = Page(landed, response.content.decode(), response.status_code)
        for link in found[address].links() if re.search(within, path) else ():
            link = urldefrag(link).url
            if is_ours(link) and not (asked and "?" in link):
                waiting.append(link)
    return found
