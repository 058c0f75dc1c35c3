"""The maps of a single page: where one partner city lies as seen from home, and where those of a country do."""

from django.utils.translation import gettext

from cities.maps.drawing import Map
from cities.maps.frames import Frame
from cities.maps.projection import Projection

USUAL = 35
"""The scale of a disc: about 2,400 kilometres round the home city. What lies farther off has a disc that reaches it."""

CLOSEST = 52
"""The largest scale of a country's map: about a thousand kilometres from edge to edge, so that one knows the place."""


def city_map(home, city, others) -> Map | None:
    """The disc that shows `city` as seen from `home`, with the nearest of `others` standing back; None without
    places."""
    projection = Projection.of(home)
    if projection is None or city.latitude is None:
        return None
    frame = Frame.around("disc", [projection.place(city.latitude, city.longitude)], closest=USUAL)
    label = gettext("%(city)s as seen from %(home)s") % {"city": city.name.plain, "home": home.name.plain}
    return Map(frame, home, others, focus=city, label=label)


def country_map(home, country, cities) -> Map | None:
    """The near map with the partner cities of a country; None without places."""
    projection = Projection.of(home)
    points = projection and [
        projection.place(city.latitude, city.longitude) for city in cities if city.latitude is not None
    ]
    if not points:
        return None
    label = gettext("Map of the partner cities in %(country)s") % {"country": country.name.plain}
    return Map(Frame.around("near", points, closest=CLOSEST), home, cities, label=label)
