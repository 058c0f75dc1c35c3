"""Countries, cities and the gazetteer."""

from cities.models.city import City
from cities.models.country import Country
from cities.models.place import Place

__all__ = ["City", "Country", "Place"]
