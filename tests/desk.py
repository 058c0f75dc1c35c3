"""A form of the staff pages as a browser fills it in and sends it, and what the page then says."""

from django.http import HttpResponse
from django.utils.translation import gettext, override

from tests.pages import Element, Page

UNTYPED = frozenset(["submit", "button", "reset", "image", "file"])


def say(language: str, text: str) -> str:
    """How the pages in this language say it."""
    with override(language):
        return gettext(text)


def page(response: HttpResponse) -> Page:
    """The page that was answered."""
    return Page(response.request["PATH_INFO"], response.content.decode())


def fields(response: HttpResponse, css_class: str = "form") -> dict[str, list[str]]:
    """What a browser sends for the page's form (of that class) when nothing is changed in it."""
    (form,) = [one for one in page(response).named("form") if css_class in one["class"].split()]
    return typed(form)


def typed(form: Element) -> dict[str, list[str]]:
    """What a browser sends for a form when nothing is changed in it."""
    sent: dict[str, list[str]] = {}
    for one in form.all:
        if not one["name"] or "disabled" in one.attributes:
            continue
        if one.name == "input" and one["type"] not in UNTYPED:
            is_choice = one["type"] in {"radio", "checkbox"}
            if not is_choice or "checked" in one.attributes:
                sent.setdefault(one["name"], []).append(one.attributes.get("value", "on" if is_choice else ""))
        elif one.name == "textarea":
            sent.setdefault(one["name"], []).append("".join(text for _, text in one.texts()).removeprefix("\n"))
        elif one.name == "select":
            sent.setdefault(one["name"], []).extend(_chosen(one))
    return sent


def _chosen(select: Element) -> list[str]:
    options = [one for one in select.all if one.name == "option"]
    chosen = [one["value"] for one in options if "selected" in one.attributes]
    return chosen or ([] if "multiple" in select.attributes else [options[0]["value"]] if options else [])


def errors(response: HttpResponse) -> list[str]:
    """The lines of the error summary."""
    found = [one for one in page(response).named("div") if one["role"] == "alert" and "message--error" in one["class"]]
    return [line.words for one in found for line in one.all if line.name == "li"]


def dead_links(response: HttpResponse) -> list[str]:
    """Links of the error summary that lead to no element of the page."""
    whole = page(response)
    ids = {one["id"] for one in whole.elements if one["id"]}
    found = [one for one in whole.named("div") if one["role"] == "alert"]
    links = [one["href"] for alert in found for one in alert.all if one.name == "a"]
    return [link for link in links if link.startswith("#") and link[1:] not in ids]


def messages(response: HttpResponse) -> list[str]:
    """What the page says of what was done."""
    return [
        one.words
        for box in page(response).named("div")
        if "messages" in box["class"].split()
        for one in box.all
        if one.name == "div" and "message" in one["class"].split()
    ]


def row(response: HttpResponse, label: str) -> list[str]:
    """The cells of the line that begins with `label` in a table of the page."""
    for one in page(response).named("tr"):
        cells = [cell.words for cell in one.all if cell.name in {"th", "td"}]
        if cells and cells[0] == label:
            return cells[1:]
    raise LookupError(label)
