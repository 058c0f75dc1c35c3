"""What every page's frame needs. All of it is lazy: a page that does not print a thing does not pay for it."""

import datetime
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Subquery
from django.http import HttpRequest
from django.urls import get_script_prefix, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import (
    check_for_language,
    get_language,
    get_language_from_path,
    get_language_info,
    override,
)

from cities.models import City
from partnerships.models import Agreement
from sistercities.kept import memory


@dataclass(frozen=True)
class Language:
    """One of the site's languages and where the present page stands in it."""

    code: str
    address: str
    """The page in this language, its query string included."""

    @property
    def label(self) -> str:
        """The language's own name for itself."""
        return get_language_info(self.code)["name_local"]

    @property
    def page(self) -> str:
        """The page in this language without its query string."""
        return self.address.partition("?")[0]

    @property
    def is_current(self) -> bool:
        """Whether the reader has this language before them."""
        return self.code == get_language()


def home_city(request: HttpRequest):
    """The home city or None, read when it is first needed, however many ask."""
    if not hasattr(request, "_home_city"):
        request._home_city = SimpleLazyObject(lambda: memory(request).hold("home city", _home_city))
    return request._home_city


def _home_city() -> City | None:
    # Nearly every page that names it also says as of when the register is: asked together, they are one query.
    latest = Agreement.objects.published().by_change().values("updated_at")[:1]
    return City.objects.annotate(register_changed=Subquery(latest)).home()


def as_of(request: HttpRequest) -> datetime.datetime | None:
    """When the newest public change was made; None before anything is published."""
    home = home_city(request)
    return home.register_changed if hasattr(home, "register_changed") else Agreement.objects.published().latest_change()


def remember_home_city(request: HttpRequest, city: City) -> City:
    """Spare the rest of the request the reading of the home city, which came with other records; returns it."""
    request._home_city = city
    return city


def languages(request: HttpRequest) -> list[Language]:
    """The site's languages in the order of the settings, each with the present page's address in it."""
    return [Language(code, _address_in(request, code)) for code, _name in settings.LANGUAGES]


def frame(request: HttpRequest) -> dict:
    """Context of every page: `home_city`, `as_of`, `languages`, `other_language`, `contact` and `view_name`."""
    every = SimpleLazyObject(lambda: languages(request))
    match = request.resolver_match
    return {
        "view_name": match.view_name if match else "",
        "home_city": home_city(request),
        "as_of": SimpleLazyObject(lambda: as_of(request)),
        "contact": {"email": settings.CONTACT_EMAIL, "url": settings.CONTACT_URL},
        "languages": every,
        "other_language": SimpleLazyObject(lambda: next(one for one in every if not one.is_current)),
    }


def _address_in(request, code):
    # Addresses differ in their prefix alone (DESIGN, section 3), so the prefix is exchanged as it stands: that also
    # serves pages that do not exist, which have to offer the other language too.
    spoken = request.path_info.split("/")[1]
    if not (check_for_language(spoken) and get_language_from_path(request.path_info)):
        with override(code):
            return reverse("home")
    prefix = get_script_prefix()
    return prefix + code + request.get_full_path()[len(prefix) + len(spoken) :]
