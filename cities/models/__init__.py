"""Countries, cities, the gazetteer, and what ties the cities of the world to each other."""

from cities.models.city import City
from cities.models.country import Country
from cities.models.place import Place
from cities.models.tie import Tie, TieSource
from cities.models.tie_import import TieImport, TieImportRow

__all__ = ["City", "Country", "Place", "Tie", "TieImport", "TieImportRow", "TieSource"]
