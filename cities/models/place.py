"""The gazetteer: what autocompletion offers when a city is added."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from cities.querysets import PlaceQuerySet
from sistercities.text import fold_phrases


class Place(models.Model):
    """A populated place of the GeoNames extract that ships with the project (CC BY 4.0). Read only."""

    geonames_id = models.PositiveIntegerField(_("GeoNames id"), primary_key=True)
    name = models.CharField(_("name"), max_length=200)
    name_fa = models.CharField(_("name in Persian"), max_length=200, blank=True)
    other_names = models.TextField(_("other names"), blank=True, help_text=_("One a line"))
    country = models.ForeignKey("cities.Country", models.PROTECT, verbose_name=_("country"), related_name="places")
    admin1 = models.CharField(_("first-order division"), max_length=20, blank=True)
    latitude = models.FloatField(_("latitude"), help_text=_("degrees north"))
    longitude = models.FloatField(_("longitude"), help_text=_("degrees east"))
    population = models.PositiveBigIntegerField(_("population"), null=True, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=64, blank=True)
    search_text = models.TextField(editable=False)

    objects = PlaceQuerySet.as_manager()

    class Meta:
        verbose_name = _("place of the gazetteer")
        verbose_name_plural = _("places of the gazetteer")
        ordering = ["geonames_id"]

    def __str__(self) -> str:
        return f"{self.name} ({self.country_id})"

    def derive(self) -> None:
        """Fill the search text from the names."""
        self.search_text = fold_phrases(self.name, self.name_fa, *self.other_names.splitlines())

    def save(self, *args, **kwargs) -> None:
        """Write the place with its derived columns."""
        self.derive()
        super().save(*args, **kwargs)
