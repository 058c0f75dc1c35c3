"""Links to the data behind a list of agreements."""

from dataclasses import dataclass

from django import template
from django.conf import settings
from django.urls import reverse

from partnerships.downloads import FORMATS
from partnerships.selection import address_end

register = template.Library()
register.simple_tag(address_end)


@dataclass(frozen=True)
class Link:
    """A download: the format's name, its use, its address, and its media type."""

    label: str
    use: str
    address: str
    media_type: str


@register.simple_tag
def download_links(asked):
    """The downloads of what the AgreementFilter `asked` finds."""
    end = address_end(asked)
    return [
        Link(one.label, str(one.use), reverse(f"data:{extension}") + end, one.media_type.partition(";")[0])
        for extension, one in FORMATS.items()
    ]


@register.simple_tag
def data_address(name, asked):
    """The address of the feed or the calendar ("data:feed", "data:anniversaries") of what `asked` finds."""
    return reverse(name) + address_end(asked)


@register.simple_tag
def page_address(name, asked):
    """The address of a page that takes the filters of browsing, for what `asked` finds."""
    return reverse(name) + address_end(asked, settings.LANGUAGE_CODE)
