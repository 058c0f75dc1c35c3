"""What a page is about, said in the vocabulary of schema.org (JSON-LD).

Only what the register knows is said, and nothing is sharpened to fit: a date of signing that is not known to the day is
left out, since schema.org has no word for a month of the Solar Hijri calendar.
"""

import datetime
from collections.abc import Iterable
from typing import Any
from urllib.parse import urljoin

from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language, gettext

from cities.models import City
from partnerships.downloads import FORMATS, Site, publisher, title
from partnerships.models import Activity, Agreement
from partnerships.querysets import EXPIRED
from sistercities.dates import Precision
from sistercities.text import other

CONTEXT = "https://schema.org"

LEGAL_FORCE = {
    "in_force": f"{CONTEXT}/InForce",
    EXPIRED: f"{CONTEXT}/NotInForce",
    "ended": f"{CONTEXT}/NotInForce",
}
"""Whether an agreement in this state is in force, where schema.org has a word for it."""


def website(home: City | None, site: Site) -> dict[str, Any]:
    """The site as a whole."""
    return {
        "@context": CONTEXT,
        "@type": "WebSite",
        "name": title(home),
        "url": urljoin(site, reverse("home")),
        "inLanguage": get_language(),
        "publisher": organisation(home),
    }


def organisation(home: City | None) -> dict[str, Any]:
    """The municipality that keeps the register."""
    told = {"@type": "GovernmentOrganization", "name": publisher(home), "url": home and home.website}
    return {name: value for name, value in told.items() if value}


def city(city: City, site: Site) -> dict[str, Any]:
    """A city with its position, its country and its identifiers elsewhere."""
    names = [name.plain for name in (other(city, "name"), *city.further_names) if name]
    country = {"@type": "Country", "name": city.country.name.plain, "identifier": city.country_id}
    same = [
        f"https://www.wikidata.org/entity/{city.wikidata_id}" if city.wikidata_id else "",
        f"https://sws.geonames.org/{city.geonames_id}/" if city.geonames_id else "",
    ]
    told = {
        "@context": CONTEXT,
        "@type": "City",
        "name": city.name.plain,
        "alternateName": names,
        "url": urljoin(site, city.get_absolute_url()),
        "containedInPlace": country,
        "sameAs": [address for address in same if address],
    }
    if city.latitude is not None:
        told["geo"] = {"@type": "GeoCoordinates", "latitude": city.latitude, "longitude": city.longitude}
    return {name: value for name, value in told.items() if value}


def legislation(agreement: Agreement, site: Site) -> dict[str, Any] | None:
    """An agreement that was certainly signed; None for one that is not, and for a contact, which has no instrument."""
    if agreement.kind == Agreement.Kind.CONTACT or not agreement.dossier.was_signed:
        return None
    told: dict[str, Any] = {
        "@context": CONTEXT,
        "@type": "Legislation",
        "name": (agreement.title or agreement.name).plain,
        "url": urljoin(site, agreement.get_absolute_url()),
        "legislationType": agreement.get_kind_display(),
        "about": [{"@type": "City", "name": one.name.plain} for one in (agreement.home_city, agreement.partner)],
        "inLanguage": agreement.authentic_languages.split(),
        "legislationLegalForce": LEGAL_FORCE.get(agreement.state),
        "isPartOf": {
            "@type": "Dataset",
            "name": title(agreement.home_city),
            "url": urljoin(site, reverse("open_data")),
        },
    }
    if agreement.signed and agreement.signed.precision == Precision.DAY:
        told["legislationDate"] = agreement.signed.first.isoformat()
    return {name: value for name, value in told.items() if value}


def events(activities: Iterable[Activity], agreement: Agreement, site: Site) -> list[dict[str, Any]]:
    """The activities under an agreement that began on a certain day; letters are no event."""
    address = urljoin(site, agreement.get_absolute_url())
    told = []
    for activity in activities:
        begun, finished = activity.begun, activity.finished
        if not begun or begun.precision != Precision.DAY or activity.kind == Activity.Kind.CORRESPONDENCE:
            continue
        event = {
            "@context": CONTEXT,
            "@type": "Event",
            "name": activity.title.plain,
            "url": f"{address}#activity-{activity.pk}",
            "startDate": begun.first.isoformat(),
            "endDate": finished.first.isoformat() if finished and finished.precision == Precision.DAY else "",
            "location": {"@type": "Place", "name": activity.place.plain} if activity.place else "",
            "eventAttendanceMode": f"{CONTEXT}/OnlineEventAttendanceMode" if activity.direction == "online" else "",
            "about": [{"@type": "City", "name": one.name.plain} for one in (agreement.home_city, agreement.partner)],
        }
        told.append({name: value for name, value in event.items() if value})
    return told


def dataset(home: City | None, site: Site, as_of: datetime.datetime | None) -> dict[str, Any]:
    """The open data with their downloads."""
    told = {
        "@context": CONTEXT,
        "@type": "Dataset",
        "name": title(home),
        "description": gettext(
            "The published agreements with partner cities: with which city, of what kind, since when, on what basis, "
            "and who says so."
        ),
        "url": urljoin(site, reverse("open_data")),
        "inLanguage": [code for code, _name in settings.LANGUAGES],
        "creator": organisation(home),
        "license": settings.DATA_LICENCE_URL,
        "isAccessibleForFree": True,
        "dateModified": as_of and as_of.isoformat(timespec="seconds"),
        "distribution": [
            {
                "@type": "DataDownload",
                "name": one.label,
                "encodingFormat": one.media_type.partition(";")[0],
                "contentUrl": urljoin(site, reverse(f"data:{extension}")),
            }
            for extension, one in FORMATS.items()
        ],
    }
    return {name: value for name, value in told.items() if value}
