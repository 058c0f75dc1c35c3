"""Our relationships: agreements and what they rest on."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PartnershipsConfig(AppConfig):
    """Agreements of the home city, their resolutions, domains, provisions and sources."""

    name = "partnerships"
    verbose_name = _("Partnerships")
