"""The two maps of the first page: the wide one, on which the title stands, and the near one of narrower screens."""

from dataclasses import dataclass

from cities.maps.drawing import Map
from cities.maps.frames import SHAPES, Clear, Frame
from cities.maps.lettering import width
from cities.maps.projection import Projection

TITLE = Clear(above=235, below=60)
"""What the title and its lead take of the wide map, and the key at its foot, in units, on every screen from 64rem."""

LINE = 15.9
"""The widest title that stays one line on the wide map, in type sizes; see .hero__title in components.css."""

LEAVING = 0.2
"""So many of the places the near map may leave to its edge, where the others gain by it."""


@dataclass(frozen=True)
class Hero:
    """The head of the first page, for whatever city is home and whatever partners it has."""

    wide: Map
    near: Map
    is_stacked: bool
    """Whether the title stands above the wide map, because on it it would take two lines or cover a partner."""

    @classmethod
    def of(cls, home, cities, title: str, **options) -> "Hero | None":
        """The maps of `cities` round `home`; None where no city or not the home city has coordinates.

        `options` go to both maps.
        """
        projection = Projection.of(home)
        points = projection and [
            projection.place(city.latitude, city.longitude) for city in cities if city.latitude is not None
        ]
        if not points:
            return None
        frame = Frame.around("wide", points, TITLE)
        is_stacked = width(title) > LINE or any(frame.point(*point)[1] < TITLE.above for point in points)
        if is_stacked:
            frame = Frame.around("wide", points, Clear(below=TITLE.below))
        shape = SHAPES["wide"]
        kept_free = [(0, shape.height - TITLE.below, shape.width, shape.height)]
        if not is_stacked:
            kept_free.append((0, 0, shape.width, TITLE.above - 15))
        return cls(
            wide=Map(frame, home, cities, kept_free=kept_free, **options),
            near=Map(Frame.around("near", points, leaving=LEAVING), home, cities, **options),
            is_stacked=is_stacked,
        )
