"""Maps of the world as the home city sees it: drawn by the server, without a script, for any home city.

`Projection` is the plane, `Frame` a window on it, `Map` the drawing that `templates/includes/map.html` shows; the land
below it is an SVG of its own (`land`).
"""

from cities.maps.drawing import Map, Place
from cities.maps.frames import SHAPES, Clear, Frame, Shape
from cities.maps.hero import Hero
from cities.maps.pages import city_map, country_map
from cities.maps.projection import FARTHEST_KM, Projection

__all__ = [
    "FARTHEST_KM",
    "SHAPES",
    "Clear",
    "Frame",
    "Hero",
    "Map",
    "Place",
    "Projection",
    "Shape",
    "country_map",
    "city_map",
]
