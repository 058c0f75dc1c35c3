"""Filters and tags of the register's pages, loaded in every template (see TEMPLATES in the settings)."""

import datetime
import re

from babel import Locale
from django import template
from django.forms import BaseForm
from django.forms.formsets import BaseFormSet
from django.utils import timezone
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import get_language, gettext, ngettext

from cities.geography import Dial, Way
from sistercities import text, uploads
from sistercities.dates import Calendar, UncertainDate
from sistercities.kept import memory
from sistercities.navigation import ALWAYS, DAILY, REFERENCE, places

register = template.Library()


class Kept(template.Node):
    """A part of a page that is kept in memory, see `kept`."""

    def __init__(self, nodelist, parts):
        self.nodelist, self.parts = nodelist, parts

    def render(self, context):
        """The part as it was rendered first."""
        request = context.get("request")
        if request is None:
            return self.nodelist.render(context)
        key = ("part", get_language(), *(part.resolve(context) for part in self.parts))
        return memory(request).get(key, lambda: self.nodelist.render(context))


@register.tag
def kept(parser, token):
    """`{% kept "name" … %}` to `{% endkept %}`: what is rendered once, until something public changes.

    Behind its name stands everything that it depends on beside public data and the language.
    """
    parts = [parser.compile_filter(part) for part in token.split_contents()[1:]]
    nodelist = parser.parse(("endkept",))
    parser.delete_first_token()
    return Kept(nodelist, parts)


@register.filter
def figures(value):
    """A year or a record's number: the language's digits, never grouped."""
    return text.figures(value)


@register.filter
def number(value):
    """A quantity: the language's digits, grouped by thousands."""
    return text.number(value)


@register.filter
def digits(value):
    """Text with its digits as the language writes them."""
    return text.localize_digits(str(value))


@register.filter
def filesize(value):
    """A number of bytes as people say it."""
    return uploads.in_words(value)


@register.filter
def language_name(code):
    """The name of a language in the reader's own; "" for none."""
    return Locale(get_language()).languages.get(code, code)


@register.filter
def unbroken(value):
    """Text in which no line ends before a number: "no. 8" stays together."""
    return re.sub(r" (?=\d)", "\N{NO-BREAK SPACE}", value)


@register.filter
def plain(value):
    """Text without the marks of its language: for attributes and titles, where no element may stand."""
    return getattr(value, "plain", str(value))


@register.filter
def other(record, name):
    """The bilingual `name` of a record in the language that `record.name` does not show; "" where there is none."""
    return text.other(record, name)


@register.filter
def site(url):
    """An address as a person reads it, without scheme and query; "" for one that a page must not link to."""
    scheme, _separator, address = url.partition("://")
    if scheme.lower() not in ("http", "https"):
        return ""
    address = address.partition("?")[0].removeprefix("www.").rstrip("/")
    return address if len(address) <= 60 else f"{address[:60]}…"


@register.inclusion_tag("includes/date.html")
def uncertain(date):
    """An UncertainDate in both calendars; None is said to be unknown."""
    return {"date": date}


@register.simple_tag
def day(value, clock=False):
    """A date or a moment in both calendars, the language's own first; with `clock` the time of day too.

    «۲ آذر ۱۴۰۵ (۲۳ نوامبر ۲۰۲۶)», "23 November 2026 (2 Azar 1405)". A moment is told in the site's time zone.
    """
    moment = timezone.localtime(value) if isinstance(value, datetime.datetime) else None
    date = moment.date() if moment else value
    own = Calendar.SOLAR_HIJRI if get_language() == "fa" else Calendar.GREGORIAN
    words, machine = UncertainDate.on(date, own).display(), date.isoformat()
    if moment and clock:
        time = text.localize_digits(f"{moment:%H:%M}")
        words, machine = gettext("%(day)s, %(time)s") % {"day": words, "time": time}, moment.isoformat("T", "minutes")
    return format_html('<time datetime="{}">{}</time>', machine, words)


@register.inclusion_tag("includes/bearing.html", takes_context=True)
def bearing(context, city):
    """The bearing dial of `city` as seen from the home city; nothing where either has no coordinates."""
    home = context["home_city"]
    way = Way.between(home, city)
    return {"way": way, "dial": way and way.dial, "label": way and way.from_place(home.name), "rim": Dial.RIM}


@register.simple_tag(takes_context=True)
def distance(context, city):
    """Where `city` lies from the home city, in words: "1,520 km, west of Tabriz"; "" where it is not known."""
    home = context["home_city"]
    way = Way.between(home, city)
    return way.from_place(home.name) if way else ""


@register.simple_tag(takes_context=True)
def current(context, view, *beginnings):
    """`aria-current` of a link in a navigation: "page" on the page of `view` itself, "true" within its section.

    The section is every view whose name begins with one of `beginnings`.
    """
    match = getattr(context.get("request"), "resolver_match", None)
    here = match.view_name if match else ""
    if here == view:
        return format_html(' aria-current="{}"', "page")
    return format_html(' aria-current="{}"', "true") if here.startswith(beginnings) else ""


@register.inclusion_tag("staff/includes/nav.html", takes_context=True)
def staff_navigation(context):
    """The sections of the staff desk that the reader may see: the daily ones, and the others folded away."""
    match = getattr(context.get("request"), "resolver_match", None)
    here = match.view_name if match else ""
    daily, others = (places(sections, context["user"], here) for sections in (DAILY, REFERENCE))
    return {
        "always": daily[:ALWAYS],
        "daily": daily[ALWAYS:],
        "others": others,
        "here_daily": next((place for place in daily[ALWAYS:] if place.current), None),
        "here_other": next((place for place in others if place.current), None),
    }


@register.inclusion_tag("includes/crumbs.html")
def crumbs(*parts, label=""):
    """Where the page stands: words and address by turns; last words without an address are the page itself.

    `label` names this way among others on the page.
    """
    return {
        "label": label,
        "crumbs": [(parts[at], parts[at + 1] if at + 1 < len(parts) else "") for at in range(0, len(parts), 2)],
    }


@register.inclusion_tag("includes/turn.html")
def turn(label, previous, following):
    """The way to the records before and after this one, as in a book; `label` says in what order."""
    names = [record and (getattr(record, "name", "") or record.title) for record in (previous, following)]
    return {
        "label": label,
        "previous": previous,
        "next": following,
        "previous_name": names[0],
        "next_name": names[1],
    }


@register.inclusion_tag("includes/pagination.html", takes_context=True)
def pagination(context, page, label=""):
    """Links to the first, the last and the neighbouring pages of `page`; every other parameter is kept.

    `label` names them among others on the page.
    """
    return {
        "label": label,
        "page": page,
        "gap": page.paginator.ELLIPSIS,
        "numbers": list(page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)),
    }


@register.inclusion_tag("includes/error_summary.html")
def error_summary(*sources, title=""):
    """All errors of `sources` (forms, formsets and lists of them), each with a link to its field.

    `title` replaces the sentence that counts them and says that nothing typed is lost.
    """
    errors = [error for source in sources for error in _errors(source)]
    return {
        "errors": errors,
        "title": title
        or ngettext(
            "There is one thing to put right. Nothing you typed is lost.",
            "There are %(count)s things to put right. Nothing you typed is lost.",
            len(errors),
        )
        % {"count": text.number(len(errors))},
    }


def _errors(source):
    """(anchor, label, message) of every error; the anchor and the label are "" where an error is of no field."""
    if isinstance(source, BaseForm):
        yield from _form_errors(source)
    elif isinstance(source, BaseFormSet):
        yield from (("", "", message) for message in source.non_form_errors())
        for position, form in enumerate(source, start=1):
            if not (source.can_delete and source._should_delete_form(form)):
                yield from _form_errors(form, _row_name(source, position))
    else:
        for one in source or ():
            yield from _errors(one)


def _form_errors(form, row=""):
    first = next((field.anchor for field in form.visible_fields()), "") if row else ""
    for name, messages in form.errors.items():
        field = form[name] if name in form.fields else None
        label = " – ".join(filter(None, [row, capfirst(str(field.label)) if field else ""]))
        for message in messages:
            yield field.anchor if field else first, label, message


def _row_name(formset, position):
    model = getattr(formset, "model", None)
    name = capfirst(str(model._meta.verbose_name)) if model else gettext("Row")
    return f"{name} {text.figures(position)}"
