"""The feed of the latest changes, in Atom (RFC 4287)."""

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape
from django.utils.text import capfirst
from django.utils.translation import gettext

from cities.models import City
from partnerships.downloads import publisher, site_of
from partnerships.models import Agreement
from partnerships.selection import Selection, address_end
from sistercities.context import home_city
from sistercities.text import clean_text, figures

ENTRIES = 50
"""Entries at most."""


def agreement_feed(request: HttpRequest, selection: Selection) -> Atom1Feed:
    """The agreements that `selection` asks for, the one changed last first, in the reader's language.

    An entry keeps its id (RFC 4151) in each language for as long as the site keeps its host.
    """
    home = home_city(request) or None
    site, host = site_of(request), request.get_host().partition(":")[0]
    itself = site + request.path + address_end(selection.filter)
    feed = Atom1Feed(
        title=title(home),
        link=site + reverse("partnerships:browse") + address_end(selection.filter, settings.LANGUAGE_CODE),
        description=gettext("The newest changes of the published agreements"),
        language=selection.language,
        author_name=clean_text(publisher(home)),
        feed_url=itself,
        feed_guid=itself,
    )
    for agreement in selection.agreements.by_change().with_partner()[:ENTRIES]:
        address = site + agreement.get_absolute_url()
        feed.add_item(
            title=clean_text(agreement.name.plain),
            link=address,
            description=escape(clean_text(summary(agreement))),
            unique_id=f"tag:{host},{agreement.published_at.date()}:{agreement.get_absolute_url()}",
            pubdate=agreement.published_at,
            updateddate=agreement.updated_at,
            categories=[agreement.get_kind_display()],
        )
    return feed


def title(home: City | None) -> str:
    """What the feed is called."""
    if not home:
        return gettext("Sister Cities: latest changes")
    return gettext("Sister Cities of %(city)s: latest changes") % {"city": clean_text(home.name.plain)}


def summary(agreement: Agreement) -> str:
    """What the register says of the agreement now, in a line."""
    return gettext(
        "%(kind)s, %(status)s. Signed: %(signed)s. Verification: %(verification)s. Revision %(revision)s."
    ) % {
        "kind": capfirst(agreement.get_kind_display()),
        "status": agreement.get_state_display(),
        "signed": agreement.signed.display() if agreement.signed else gettext("date not known"),
        "verification": agreement.get_verification_display(),
        "revision": figures(agreement.version),
    }
