"""A city in a form: its name is typed, in any script and spelling."""

from typing import Any, NamedTuple

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cities.models import City
from sistercities.text import fold

LISTED_AT_MOST = 300
"""Cities up to which their names are offered while one types; beyond it the list would be heavier than the page."""


class NamedCity(NamedTuple):
    """A city as it stands in a form: the name that was typed, and the key of one that was chosen among several."""

    name: str = ""
    key: str = ""

    @property
    def typed(self) -> str:
        """What was typed."""
        return self.name


class CityWidget(forms.Widget):
    """A box for the name, with names to choose from, and, where it means several cities, those to choose from."""

    template_name = "staff/includes/city_input.html"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.offered: list[str] = []
        self.matches: list[City] = []

    def get_context(self, name: str, value: NamedCity | None, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, None, attrs)
        value = value or NamedCity()
        matches = [{"key": city.pk, "label": city_label(city)} for city in self.matches]
        context["widget"] |= {"typed": value.name, "key": value.key, "offered": self.offered, "matches": matches}
        return context

    def fill(self, data: Any, name: str, value: NamedCity) -> None:
        """Write into `data`, which can be altered, what a browser sends for `value`."""
        data[name], data[f"{name}_key"] = value

    def value_from_datadict(self, data: Any, files: Any, name: str) -> NamedCity:
        return NamedCity(str(data.get(name) or ""), str(data.get(f"{name}_key") or ""))

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return name not in data


class CityField(forms.Field):
    """A city by its name in any script and spelling; of several with one name, the one that is chosen.

    The value is a City. A name that means several cities is an error that offers them.
    """

    widget = CityWidget
    default_error_messages = {
        "unknown": _("No city with this name is recorded. Check the spelling, or add the city."),
        "several": _("Several cities go by this name. Choose one."),
        "similar": _("No city is called exactly this. Choose one, or add the city."),
    }

    def prepare_value(self, value: Any) -> NamedCity:
        """What stands in the boxes for a key, a city, or what was typed."""
        if value is None or isinstance(value, NamedCity):
            return value or NamedCity()
        city = value if isinstance(value, City) else City.objects.with_country().filter(pk=value).first()
        return NamedCity(city_label(city), str(city.pk)) if city else NamedCity()

    def to_python(self, value: Any) -> City | None:
        """Raises ValidationError unless the name means exactly one city."""
        if value is None or isinstance(value, City):
            return value
        typed = fold(value.name)
        if not typed:
            return None
        cities = City.objects.with_country().alphabetical()
        similar = list(cities.search(value.name)[:LISTED_AT_MOST])
        found = {city.pk: city for city in [*cities.called([value.name])[:LISTED_AT_MOST], *similar]}.values()
        named = [city for city in found if typed in {fold(city_label(city)), *map(fold, city_names(city))}]
        chosen = [city for city in found if str(city.pk) == value.key]
        if chosen and (chosen[0] in named or not named):
            return chosen[0]
        if len(named) == 1:
            return named[0]
        self.widget.matches = (named or similar)[:20]
        raise ValidationError(
            self.error_messages["several" if named else "similar" if found else "unknown"],
            code="several" if found else "unknown",
        )

    def has_changed(self, initial: Any, data: NamedCity | None) -> bool:
        """Whether the name means another city than the one with the key `initial`."""
        try:
            city = self.to_python(data)
        except ValidationError:
            return True
        return (city and city.pk) != (initial.pk if isinstance(initial, City) else initial)


def city_names(city: City) -> list[str]:
    """Every name of a city, in any script."""
    return [city.name_fa, city.name_en, city.name_local, *city.other_names.splitlines()]


def city_label(city: City) -> str:
    """A city's name with what tells it from others of its name: its region and country."""
    rest = gettext(", ").join(str(part) for part in (city.region, city.country.name) if part)
    return gettext("%(city)s (%(country)s)") % {"city": city.name, "country": rest}
