"""The network of the world: which cities are known to be sisters of each other, drawn, counted and given out.

What is known are ties (`cities.models.tie`), each by the word of a source. Who reads them is told from which lists they
come, as of when, and that they may be incomplete.
"""

import math
from collections import Counter
from collections.abc import Iterable
from functools import cached_property
from typing import Any

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext

from cities.maps import SHAPES, Frame, Map, Projection
from cities.maps.frames import LARGEST, SMALLEST
from cities.maps.projection import vector
from cities.maps.web import arcs, dots, web
from cities.models import City, Tie
from sistercities.text import Bilingual, LocalText

SHAPE = "disc"
"""The form of the map; see `cities.maps.SHAPES`."""

RIM = 8
"""Between the farthest city and the rim of the map of the whole network, in units of the drawing."""


class Spot:
    """A city as the network knows it: its place, its names, and the address of its sister cities.

    `city` is a City or the columns of one; see `CityQuerySet.spots`.
    """

    name = Bilingual()

    def __init__(self, city: Any) -> None:
        self.pk, self.country_id, self.slug = city.pk, city.country_id, city.slug
        self.latitude, self.longitude = city.latitude, city.longitude
        self.name_fa, self.name_en = city.name_fa, city.name_en

    def get_absolute_url(self) -> str:
        """The page of its sister cities."""
        return f"{reverse('cities:network')}?city={self.slug}"


class Network:
    """All ties that are known, with the cities that they join, read in two queries; `home` is the home city or None."""

    def __init__(self, home: City | None) -> None:
        self.home = home
        self.facts = Tie.objects.facts()
        self.spots = {columns.pk: columns for columns in City.objects.tied().spots()}

    @property
    def ties(self) -> int:
        """How many ties are known."""
        return len(self.facts)

    @cached_property
    def degree(self) -> Counter[int]:
        """How many ties are known of each city, by its key."""
        return Counter(end for one, other, *_dates in self.facts for end in (one, other))

    @cached_property
    def placed(self) -> dict[int, tuple[float, float]]:
        """Where each city with coordinates lies, in kilometres east and north of the home city, by its key."""
        projection = Projection.of(self.home)
        if projection is None:
            return {}
        keys = [key for key, spot in self.spots.items() if spot.latitude is not None]
        vectors = (vector(self.spots[key].latitude, self.spots[key].longitude) for key in keys)
        return dict(zip(keys, projection.places(vectors), strict=True))

    def map(self, partners: Iterable[City]) -> Map | None:
        """The map of the whole network with the home city and its `partners`; None without a city to draw it round."""
        if not self.placed:
            return None
        frame = self._frame
        points = {key: frame.point(*place) for key, place in self.placed.items()}
        label = gettext("The sister cities of the world as seen from %(home)s") % {"home": self.home.name.plain}
        drawn = web(points, (fact[:2] for fact in self.facts))
        projection = Projection.of(self.home)
        own = [
            frame.point(*projection.place(city.latitude, city.longitude))
            for city in partners
            if city.latitude is not None
        ]
        drawn += arcs("ours", frame.home, own) + dots("ours-ends", own)
        return Map(frame, self.home, [], label=label, web=drawn)

    @property
    def _frame(self) -> Frame:
        # The closest that shows every city: dots need no room for names, so they may come near the rim.
        farthest = max(math.hypot(*place) for place in self.placed.values())
        frames = (Frame.at(SHAPE, step, 0, 0) for step in range(LARGEST, SMALLEST, -1))
        reach = SHAPES[SHAPE].width / 2 - RIM
        return next((frame for frame in frames if farthest * frame.scale <= reach), Frame.at(SHAPE, SMALLEST, 0, 0))

    def file(self, partners: Iterable[City], countries: dict[str, str]) -> dict[str, Any]:
        """Every city and every tie for a script that draws them; `partners` are the home city's own.

        `countries` are the names of countries by code. In the answer `key`, `east`, `north` and `name` have a value
        for each city: how much its key is greater than that of the city before it, its whole kilometres east and north
        of the home city, and its name. `country` are names of countries with how many of the cities lie in each, in the
        same order. `sisters` has for each city the positions in these lists of those that a tie joins to it, as far as
        they stand behind it. `home` is the position of the home city, or None; `partners` are the positions of its
        partners, `pages` their pages.
        """
        projection = Projection.of(self.home)
        own = [city for city in [self.home, *partners] if projection and city.latitude is not None]
        at = {city.pk: projection.place(city.latitude, city.longitude) for city in own} | self.placed
        cities = [*({city.pk: city for city in own} | {key: Spot(self.spots[key]) for key in self.placed}).values()]
        cities.sort(key=lambda city: (city.country_id, city.pk))
        place = {city.pk: position for position, city in enumerate(cities)}
        sisters: list[list[int]] = [[] for _city in cities]
        for one, other, *_dates in self.facts:
            if one in place and other in place:
                first, second = sorted((place[one], place[other]))
                sisters[first].append(second)
        keys = [city.pk for city in cities]
        return {
            "key": [key - before for before, key in zip([0, *keys], keys, strict=False)],
            "east": [round(at[key][0]) for key in keys],
            "north": [round(at[key][1]) for key in keys],
            "name": [city.name.plain for city in cities],
            "country": [
                [countries[code], times] for code, times in Counter(city.country_id for city in cities).items()
            ],
            "sisters": sisters,
            "home": place[self.home.pk] if own else None,
            "partners": [place[city.pk] for city in own[1:]],
            "pages": [city.get_absolute_url() for city in own[1:]],
        }


class Sister:
    """The other end of a tie of `city`: a city, with what is known of the tie."""

    def __init__(self, tie: Tie, city: City) -> None:
        self.tie = tie
        self.city, self.is_public = (
            (tie.other, tie.other_is_public) if tie.one_id == city.pk else (tie.one, tie.one_is_public)
        )

    @property
    def name(self) -> LocalText:
        """Its name."""
        return self.city.name

    @property
    def form(self) -> str:
        """What the source calls the tie; "" for a sister city, as most are."""
        return "" if self.tie.form == Tie.Form.SISTER else capfirst(self.tie.get_form_display())

    @property
    def url(self) -> str:
        """Its page; "" where it has none."""
        return self.city.get_absolute_url() if self.is_public else ""


class Sisters:
    """The other sister cities of `city`, in alphabetical order, with the lists that say so. One query."""

    FIRST = 12
    """So many are shown before the rest is folded away."""

    def __init__(self, city: City) -> None:
        self.city = city
        ties = Tie.objects.of(city).with_cities().with_source().with_pages()
        self.all = sorted((Sister(tie, city) for tie in ties), key=lambda one: one.city.alphabet)

    @cached_property
    def others(self) -> list[Sister]:
        """All but the home city."""
        return [sister for sister in self.all if not sister.city.is_home]

    @property
    def first(self) -> list[Sister]:
        """The first few of the others."""
        return self.others[: self.FIRST]

    @property
    def rest(self) -> list[Sister]:
        """Those of the others that come after."""
        return self.others[self.FIRST :]

    def tie_of(self, city: City) -> Tie | None:
        """What is known of the tie with that city."""
        return self._ties.get(city.pk)

    @cached_property
    def _ties(self) -> dict[int, Tie]:
        return {sister.city.pk: sister.tie for sister in self.all}

    @property
    def sources(self) -> list:
        """The lists that they come from, each once."""
        return list({sister.tie.source_id: sister.tie.source for sister in self.all}.values())

    def map(self, home: City | None) -> Map | None:
        """Where they lie as seen from `home`, each joined to the city; None where the city or home has no place."""
        projection = Projection.of(home)
        if projection is None or self.city.latitude is None:
            return None
        cities = [Spot(sister.city) for sister in self.all if sister.city.latitude is not None]
        places = [projection.place(city.latitude, city.longitude) for city in cities]
        own = projection.place(self.city.latitude, self.city.longitude)
        frame = Frame.around(SHAPE, [own, *places])
        names = {"city": self.city.name.plain, "home": home.name.plain}
        label = gettext("The sister cities of %(city)s as seen from %(home)s") % names
        others = [city for city in cities if city.pk != home.pk]
        if self.city.pk == home.pk:
            return Map(frame, home, others, label=label)
        drawn = arcs("own", frame.point(*own), [frame.point(*place) for place in places])
        return Map(frame, home, others, focus=Spot(self.city), label=label, web=drawn)
