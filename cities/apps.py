"""The world: countries, cities, the gazetteer."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CitiesConfig(AppConfig):
    """Knows the world and nothing of our agreements; `partnerships` imports it, never the reverse."""

    name = "cities"
    verbose_name = _("Cities of the world")
