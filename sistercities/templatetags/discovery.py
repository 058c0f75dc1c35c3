"""What a page's head tells those who link to it: its title and picture for a preview, and what it is about."""

import json

from django import template
from django.urls import reverse
from django.utils.html import format_html, strip_tags
from django.utils.safestring import mark_safe
from django.utils.translation import get_language

from partnerships.downloads import site_of
from partnerships.selection import address_end
from sistercities import linked_data as said

register = template.Library()

LOCALES = {"fa": "fa_IR", "en": "en_GB"}
"""The languages as Open Graph writes them."""

PICTURES = {"partnerships:agreement": "agreement", "cities:city": "city"}
"""Pages with a picture of their own: the page's view, and whose picture it is."""

FEEDS = {"home", "partnerships:browse", "open_data"}
"""Pages that have a feed, filtered as they are."""

_ESCAPED = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


@register.simple_block_tag(takes_context=True)
def remember(context, content, name):
    """Its content where it stands, and from there on as the variable `name`, as plain words."""
    # It was escaped when it was drawn; without its elements it fits an attribute too.
    context[name] = mark_safe(" ".join(strip_tags(content).split()))
    return content


@register.simple_tag(takes_context=True)
def preview_picture(context):
    """The address of the page's picture for previews, with the host."""
    request = context["request"]
    match = request.resolver_match
    whose = PICTURES.get(match.view_name if match else "")
    args = [*match.kwargs.values(), get_language()] if whose else [get_language()]
    return request.build_absolute_uri(reverse(f"data:{whose or 'site'}_picture", args=args))


@register.simple_tag
def preview_locale(code):
    """The language `code` as Open Graph writes it."""
    return LOCALES[code]


@register.simple_tag(takes_context=True)
def feed_address(context):
    """The feed of what the page shows, in the page's language; "" where a page shows no agreements to choose from."""
    match = context["request"].resolver_match
    view = match.view_name if match else ""
    if view not in FEEDS:
        return ""
    return reverse("data:feed") + address_end(context.get("filter"))


@register.simple_tag(takes_context=True)
def linked_data(context):
    """What the page is about, for machines; nothing where schema.org has no word for it."""
    request, home = context["request"], context["home_city"] or None
    site = site_of(request)
    view = request.resolver_match.view_name if request.resolver_match else ""
    told = None
    if view == "home":
        told = said.website(home, site)
    elif view == "open_data":
        told = said.dataset(home, site, context["as_of"] or None)
    elif view == "cities:city":
        told = said.city(context["city"], site)
    elif view == "partnerships:agreement":
        agreement = context["agreement"]
        instrument, events = said.legislation(agreement, site), said.events(context["activities"], agreement, site)
        told = [*filter(None, [instrument]), *events] if events else instrument
    if not told:
        return ""
    # A block of data that no browser runs. What could end it is escaped, as in Django's json_script.
    data = json.dumps(told, ensure_ascii=False).translate(_ESCAPED)
    return format_html('<script type="application/ld+json">{}</script>', mark_safe(data))
