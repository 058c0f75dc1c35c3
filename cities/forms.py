"""The form of a city, and what the gazetteer fills in."""

import unicodedata
from difflib import SequenceMatcher
from typing import Any

from babel import Locale
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from cities.geography import Way
from cities.models import City, Country, Place
from sistercities.forms import RecordForm, WebAddressField
from sistercities.quantities import RealNumberField, WholeNumberField
from sistercities.text import fold

NEARBY_KM = 30
"""Two cities of one name that lie no farther apart are likely to be one."""

ALIKE = 0.6
"""The share of letters in common from which on two names count as spellings of one: Gandja and Ganja, not Gence."""

READ_HERE = ("LATIN", "ARABIC")
"""Scripts of which other names are taken from the gazetteer, as Unicode calls them."""


class CityForm(RecordForm):
    """A city. The end of its page's address follows from its English name and does not change any more."""

    layout = [
        (_("Names"), ["name_fa name_en", "name_local language_local", "other_names"]),
        (_("Place"), ["country level", "region_fa region_en", "latitude longitude", "time_zone"]),
        (_("Facts"), ["population population_year", "website", "geonames_id wikidata_id"]),
        (_("About the city"), ["text_fa text_en"]),
    ]
    constraint_fields = {
        "city_has_a_name": "name_fa",
        "city_latitude_on_the_globe": "latitude",
        "city_longitude_on_the_globe": "longitude",
        "city_both_coordinates_or_none": "latitude",
        "city_population_year_is_plausible": "population_year",
        "city_level_is_known": "level",
    }

    class Meta:
        model = City
        fields = [
            "country",
            "name_fa",
            "name_en",
            "name_local",
            "language_local",
            "other_names",
            "level",
            "region_fa",
            "region_en",
            "latitude",
            "longitude",
            "population",
            "population_year",
            "time_zone",
            "website",
            "geonames_id",
            "wikidata_id",
            "text_fa",
            "text_en",
        ]
        field_classes = {
            "latitude": RealNumberField,
            "longitude": RealNumberField,
            "population": WholeNumberField,
            "population_year": WholeNumberField,
            "geonames_id": WholeNumberField,
            "website": WebAddressField,
        }
        widgets = {
            "other_names": forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
            "language_local": forms.TextInput(attrs={"dir": "ltr", "autocapitalize": "none"}),
            "time_zone": forms.TextInput(attrs={"dir": "ltr", "autocapitalize": "none"}),
            "wikidata_id": forms.TextInput(attrs={"dir": "ltr"}),
        }
        error_messages = {
            "geonames_id": {"unique": _("The city with this GeoNames id is recorded already.")},
            "slug": {"invalid": _("Write it in Latin letters, digits and hyphens, without spaces.")},
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "country" in self.fields:
            self.fields["country"].queryset = Country.objects.alphabetical()

    def clean_language_local(self) -> str:
        """The code in small letters. Raises ValidationError for what is no language's."""
        code = self.cleaned_data["language_local"].lower()
        if code and code not in Locale("en").languages:
            raise ValidationError(_("This is not a language code. Write it as in tr, az, ru, ar or zh."))
        return code

    def clean(self) -> dict[str, Any]:
        """Give a new city its place among the addresses."""
        cleaned = super().clean()
        if self.stored is None and "slug" not in self.fields:
            names = (cleaned.get("name_en", ""), cleaned.get("name_local", ""))
            self.instance.slug = City.objects.free_slug(*names)
        return cleaned

    def find_matches(self) -> list[City]:
        """Cities that bear one of the names, in the same country or near by."""
        city = self.instance
        named = City.objects.called([city.name_fa, city.name_en, city.name_local]).with_country().alphabetical()
        return [other for other in named[:100] if other.country == city.country or lies_near(other, city)][:20]


def lies_near(city: City, other: City) -> bool:
    """Whether two cities are known to lie within NEARBY_KM of each other."""
    way = Way.between(city, other)
    return way is not None and way.km <= NEARBY_KM


def from_gazetteer(place: Place) -> dict[str, Any]:
    """What the gazetteer knows of a place, as a new city's form takes it.

    Of what year its population is, the gazetteer does not say. Of its other names those are taken that readers here
    can read and that differ from each other by more than their spelling.
    """
    others: list[str] = []
    for name in filter(is_read_here, place.other_names.splitlines()):
        if not any(are_alike(name, known) for known in (place.name, place.name_fa, *others)):
            others.append(name)
    return {
        "country": place.country_id,
        "name_fa": place.name_fa,
        "name_en": place.name,
        "other_names": "\n".join(others),
        "latitude": place.latitude,
        "longitude": place.longitude,
        "population": place.population,
        "time_zone": place.time_zone,
        "geonames_id": place.geonames_id,
    }


def is_read_here(name: str) -> bool:
    """Whether every letter is of a script that this register's readers read."""
    return all(unicodedata.name(letter, "").startswith(READ_HERE) for letter in name if letter.isalpha())


def are_alike(name: str, known: str) -> bool:
    """Whether two names may be spellings of one: more than ALIKE of what the search sees of them is the same."""
    return SequenceMatcher(None, fold(name), fold(known)).ratio() >= ALIKE
