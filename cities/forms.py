"""The form of a city."""

from typing import Any

from babel import Locale
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cities.geography import Way
from cities.matching import city_from
from cities.models import City, Country, Place
from sistercities.forms import RecordForm, WebAddressField
from sistercities.quantities import RealNumberField, WholeNumberField

NEARBY_KM = 30
"""Two cities of one name that lie no farther apart are likely to be one."""


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


class HomeCityForm(forms.Form):
    """What a place of the gazetteer is called as the home city; the site takes its name from it, in each language."""

    name_fa = forms.CharField(label=_("name in Persian"), max_length=120)
    name_en = forms.CharField(label=_("name in English"), max_length=120)

    def __init__(self, data: Any, place: Place) -> None:
        self.place = place
        recorded = City.objects.filter(geonames_id=place.pk).first()
        self.city = recorded or city_from(place)
        super().__init__(data, initial={"name_fa": self.city.name_fa, "name_en": self.city.name_en})

    def save(self, by: Any) -> City:
        """The home city. Raises ValidationError when it cannot become that, see `City.become_home`."""
        self.city.name_fa, self.city.name_en = (self.cleaned_data[name] for name in ("name_fa", "name_en"))
        self.city.slug = self.city.slug or City.objects.free_slug(self.city.name_en, self.place.name)
        self.city.become_home(by, gettext("Chosen as the home city of this register."))
        return self.city


def lies_near(city: City, other: City) -> bool:
    """Whether two cities are known to lie within NEARBY_KM of each other."""
    way = Way.between(city, other)
    return way is not None and way.km <= NEARBY_KM
