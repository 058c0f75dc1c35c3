"""Countries of ISO 3166-1."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cities.querysets import CountryQuerySet
from sistercities.records import History, Record
from sistercities.text import Bilingual, fold_phrases, sort_key


class Country(Record):
    """A country or territory with an ISO 3166-1 code; loaded from CLDR, see `load_countries`."""

    class Continent(models.TextChoices):
        """The seven continents, by the two letters that GeoNames uses."""

        AFRICA = "AF", _("Africa")
        ANTARCTICA = "AN", _("Antarctica")
        ASIA = "AS", _("Asia")
        EUROPE = "EU", _("Europe")
        NORTH_AMERICA = "NA", _("North America")
        OCEANIA = "OC", _("Oceania")
        SOUTH_AMERICA = "SA", _("South America")

    code = models.CharField(_("code"), max_length=2, primary_key=True, help_text=_("ISO 3166-1 alpha-2"))
    name_fa = models.CharField(_("name in Persian"), max_length=100)
    name_en = models.CharField(_("name in English"), max_length=100)
    continent = models.CharField(_("continent"), max_length=2, choices=Continent)
    search_text = models.TextField(editable=False)
    sort_fa = models.CharField(max_length=250, editable=False)
    sort_en = models.CharField(max_length=250, editable=False)

    name = Bilingual()

    history = History(excluded_fields=["search_text", "sort_fa", "sort_en", "submission"])
    objects = CountryQuerySet.as_manager()

    class Meta:
        verbose_name = _("country")
        verbose_name_plural = _("countries")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                name="country_code_is_two_capitals",
                condition=models.Q(code__regex=r"^[A-Z][A-Z]$"),
                violation_error_message=_("A country's code is two Latin capitals, as in IR."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.name)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write the country, and its names into the search text of its cities. Raises StaleRecord as `Record.save`."""
        with transaction.atomic():
            super().save(*args, **kwargs)
            cities = list(self.cities.all())
            for city in cities:
                city.derive()
            self.cities.bulk_update(cities, ["search_text"])

    def check_deletable(self) -> None:
        """Raise ValidationError while a city or a place of the gazetteer lies in the country."""
        if self.cities.exists() or self.places.exists():
            raise ValidationError(_("Cities or places of the gazetteer lie in this country."), code="held")

    def derive(self) -> None:
        """Fill the search text and the sort keys from the names."""
        self.search_text = fold_phrases(self.name_fa, self.name_en, self.code)
        self.sort_fa = sort_key(self.name_fa)
        self.sort_en = sort_key(self.name_en)

    def published_agreements(self) -> models.QuerySet:
        """The agreements with cities of the country that everybody may read."""
        # Asked of the relation: the world's countries do not know the register that names them.
        return self.cities.model.agreements.rel.related_model.objects.published().in_countries(self.code)

    def get_absolute_url(self) -> str:
        """The country's public page."""
        return reverse("cities:country", args=[self.code])
