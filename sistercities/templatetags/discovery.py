"""What a page's head tells those who link to it: its title and picture for a preview, and what it is about."""

import json

from django import template
from django.urls import reverse
from django.utils.html import format_html, strip_tags
from django.utils.safestring import mark_safe
from django.utils.translation import get_language, gettext

from partnerships.downloads import site_of
from partnerships.selection import address_end
from sistercities import linked_data as said
from sistercities.kept import memory

register = template.Library()

LOCALES = {"fa": "fa_IR", "en": "en_GB"}
"""The languages as Open Graph writes them."""

PICTURES = {"partnerships:agreement": "agreement", "cities:city": "city"}
"""Pages with a picture of their own: the page's view, and whose picture it is."""

FEEDS = {"home", "partnerships:browse", "open_data"}
"""Pages that have a feed, filtered as they are."""

ABOUT = {"home", "open_data", "cities:city", "partnerships:agreement"}
"""Pages that are about something that schema.org has a word for."""

_ESCAPED = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


@register.simple_block_tag(takes_context=True)
def remember(context, content, name):
    """Its content where it stands, and from there on as the variable `name`, as plain words."""
    # It was escaped when it was drawn; without its elements it fits an attribute too.
    context[name] = mark_safe(" ".join(strip_tags(content).split()))
    return content


@register.simple_tag(takes_context=True)
def page_addresses(context):
    """The links and marks of the head that say where the page stands, in which languages, and how it is previewed.

    They are put together here, since every page has them and a template takes a millisecond for it.
    """
    request, title, description = context["request"], context["page_title"], context["page_description"]
    site, view, spoken = site_of(request), context["view_name"], context["languages"]
    here = next(language for language in spoken if language.is_current)
    usual = reverse("start") if view == "home" else spoken[0].page
    alternate = '<link rel="alternate" hreflang="{}" href="{}{}">'
    lines = []
    for language in spoken:
        if language is here:
            lines.append(format_html('<link rel="canonical" href="{}{}">', site, here.page))
        lines.append(format_html(alternate, language.code, site, language.page))
        if language is spoken[0]:
            lines.append(format_html(alternate, "x-default", site, usual))
    if request.GET:
        lines.append('<meta name="robots" content="noindex, follow">')
    if view in FEEDS:
        feed = reverse("data:feed") + address_end(context.get("filter"))
        pattern = '<link rel="alternate" type="application/atom+xml" title="{}" href="{}">'
        lines.append(format_html(pattern, gettext("Latest changes"), feed))
    told = [("type", "website"), ("title", title), ("description", description), ("url", f"{site}{here.page}")]
    told += [("locale" if one.is_current else "locale:alternate", LOCALES[one.code]) for one in spoken]
    told += [("image", f"{site}{picture(request, view)}"), ("image:type", "image/png")]
    told += [("image:width", "1200"), ("image:height", "630"), ("image:alt", title)]
    lines += [format_html('<meta property="og:{}" content="{}">', name, content) for name, content in told]
    lines.append('<meta name="twitter:card" content="summary_large_image">')
    return mark_safe("\n  ".join(lines))


def picture(request, view):
    """The path of the page's picture for previews."""
    whose = PICTURES.get(view)
    args = [*request.resolver_match.kwargs.values(), get_language()] if whose else [get_language()]
    return reverse(f"data:{whose or 'site'}_picture", args=args)


@register.simple_tag(takes_context=True)
def linked_data(context):
    """What the page is about, for machines; nothing where schema.org has no word for it."""
    request, view = context["request"], context["view_name"]
    if view not in ABOUT:
        return ""
    site = site_of(request)
    if view not in PICTURES:
        return _about(view, context, site)
    return memory(request).get(("linked data", get_language(), request.path, site), lambda: _about(view, context, site))


def _about(view, context, site):
    home = context["home_city"] or None
    if view == "home":
        told = said.website(home, site)
    elif view == "open_data":
        told = said.dataset(home, site, context["as_of"] or None)
    elif view == "cities:city":
        told = said.city(context["city"], site)
    else:
        agreement = context["agreement"]
        instrument, events = said.legislation(agreement, site), said.events(context["activities"], agreement, site)
        told = [*filter(None, [instrument]), *events] if events else instrument
    if not told:
        return ""
    # A block of data that no browser runs. What could end it is escaped, as in Django's json_script.
    data = json.dumps(told, ensure_ascii=False).translate(_ESCAPED)
    return format_html('<script type="application/ld+json">{}</script>', mark_safe(data))
