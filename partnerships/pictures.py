"""The picture that stands beside a link to a page, where people share it: a piece of our map and the page's name.

A `Picture` says everything that is drawn, so that two with the same `mark` are the same to the last dot: a picture is
drawn once and kept. The type is the site's own; Persian is shaped and set from the right by Raqm.
"""

import hashlib
import io
import math
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from django.conf import settings
from django.core.cache import cache
from django.utils.text import capfirst
from django.utils.translation import get_language, gettext, ngettext
from PIL import Image, ImageChops, ImageDraw, ImageFont

from cities.geography import Way
from cities.maps import Projection
from cities.maps.land import edition, projected
from cities.models import City
from partnerships.models import Agreement
from sistercities.browsing import one_line
from sistercities.text import figures, number

WIDTH, HEIGHT = 1200, 630
"""The size that networks show in full."""

FINE = 2
"""Everything is drawn so many times as large and made smaller, which smooths it."""

DRAWING = 1
"""Goes up when the same is drawn in another way."""

KEPT_SECONDS = 7 * 24 * 3600
COLOURS = (96, 48, 24)
"""As many as flat areas with smooth edges need; fewer where a long coast makes the file larger than LARGEST."""

LARGEST = 100_000
"""Bytes of a file."""

MOST_LINES = 200
"""So many cities have a line on the picture of the whole register."""

# The lapis panel as static/css/tokens.css paints it, and the land on it.
PANEL, INK, SOFT, RING, TURQUOISE = "#14275f", "#f7f1e3", "#bcc7e8", "#5a6ead", "#78d6d1"
LAND = "#2f437f"

MARGIN = 72
COLUMN = 500
"""The width of the words, which stand at the side where reading begins; the map has the rest to itself."""

MOST_ENLARGED = 0.8
"""Units to the kilometre, however near the two cities lie."""

RINGS_KM = (500, 1000, 2000, 4000, 6000)

# Each file of the typeface holds the letters of its `unicode-range` in tokens.css.
FONTS = (
    ("arabic", ((0x0600, 0x06FF), (0x0750, 0x077F), (0x08A0, 0x08FF), (0x200C, 0x200F), (0xFB50, 0xFEFC))),
    ("latin-tr-az", ((0x11E, 0x11F), (0x130, 0x130), (0x15E, 0x15F), (0x18F, 0x18F), (0x259, 0x259))),
    ("latin-ext", ((0x100, 0x12F), (0x132, 0x258), (0x25A, 0x2FF), (0x1E00, 0x1EFF), (0x20A0, 0x20C0))),
)


@dataclass(frozen=True)
class Line:
    """One line of words: its size, weight and colour."""

    text: str
    size: int
    weight: int = 400
    colour: str = INK
    space_above: int = 0


@dataclass(frozen=True)
class Picture:
    """What is drawn. `home` and `partners` are degrees (latitude, longitude); a picture without a home has no map."""

    language: str
    site: str
    lines: tuple[Line, ...]
    home: tuple[float, float] | None
    partners: tuple[tuple[float, float], ...] = ()
    names: tuple[str, ...] = ()
    """What stands beside home and the one partner on the map."""
    is_dashed: bool = False

    @property
    def mark(self) -> str:
        """What tells it from every other picture."""
        return hashlib.sha256(f"{self!r} {edition()} {DRAWING}".encode()).hexdigest()[:32]

    @property
    def png(self) -> bytes:
        """It as a PNG, drawn unless it was before."""
        key = f"picture-{self.mark}"
        drawn = cache.get(key)
        if drawn is None:
            drawn = _draw(self)
            cache.set(key, drawn, KEPT_SECONDS)
        return drawn


# --- What is on it -------------------------------------------------------------------------------------


def of_agreement(agreement: Agreement) -> Picture:
    """An agreement: the partner, the kind and since when."""
    partner = agreement.partner
    signed = agreement.signed
    since = [
        Line(gettext("Signed:"), 28, colour=SOFT, space_above=34),
        *([Line(signed.given(), 40, 500), Line(f"({signed.other()})", 26, colour=SOFT)] if signed else []),
    ]
    unknown = [Line(gettext("The date of signing is not known."), 28, colour=SOFT, space_above=34)]
    number_and_state = gettext("No. %(number)s, %(state)s") % {
        "number": figures(agreement.number),
        "state": agreement.get_state_display(),
    }
    return Picture(
        get_language(),
        _site(agreement.home_city),
        (
            Line(capfirst(agreement.get_kind_display()), 30, 500, TURQUOISE),
            Line(partner.name.plain, 104, 300),
            Line(partner.country.name.plain, 32, colour=SOFT),
            *(since if signed else unknown),
            Line(number_and_state, 26, colour=SOFT, space_above=18),
        ),
        _degrees(agreement.home_city),
        tuple(filter(None, [_degrees(partner)])),
        (agreement.home_city.name.plain, partner.name.plain),
        agreement.kind != Agreement.Kind.SISTER,
    )


def of_city(city: City, home: City | None) -> Picture:
    """A partner city: its name, its country and how it lies from home."""
    way = Way.between(home, city)
    kicker = gettext("Partner city of %(home)s") % {"home": home.name.plain} if home else gettext("Partner city")
    return Picture(
        get_language(),
        _site(home),
        (
            Line(kicker, 30, 500, TURQUOISE),
            Line(city.name.plain, 104, 300),
            Line(city.country.name.plain, 32, colour=SOFT),
            *([Line(way.from_place(home.name.plain), 30, space_above=34)] if way else []),
        ),
        _degrees(home) if home else None,
        tuple(filter(None, [_degrees(city)])),
        (home.name.plain if home else "", city.name.plain),
    )


def of_site(home: City | None) -> Picture:
    """The register: the home city, how many partners it has, and a line to each."""
    glance = Agreement.objects.published().at_a_glance()
    cities = City.objects.public().exclude(latitude=None).order_by("pk").values_list("latitude", "longitude")
    count = ngettext("%(number)s partner city", "%(number)s partner cities", glance["partners"])
    countries = ngettext("in %(number)s country", "in %(number)s countries", glance["countries"])
    told = [
        Line(count % {"number": number(glance["partners"])}, 40, 500, space_above=34),
        Line(countries % {"number": number(glance["countries"])}, 32, colour=SOFT),
    ]
    return Picture(
        get_language(),
        gettext("The public register"),
        (
            Line(gettext("Sister Cities"), 30, 500, TURQUOISE),
            Line(home.name.plain if home else gettext("Sister Cities"), 120, 300),
            *(told if glance["partners"] else []),
        ),
        _degrees(home) if home else None,
        tuple(cities[:MOST_LINES]),
    )


def _site(home: City | None) -> str:
    if not home:
        return gettext("Sister Cities")
    return gettext("Sister Cities of %(city)s") % {"city": home.name.plain}


def _degrees(city: City) -> tuple[float, float] | None:
    return None if city.latitude is None else (city.latitude, city.longitude)


# --- How it is drawn -----------------------------------------------------------------------------------

_ONE_AT_A_TIME = threading.Lock()
"""A font that is loaded serves one thread at a time."""


def _draw(picture: Picture) -> bytes:
    with _ONE_AT_A_TIME:
        canvas = Image.new("RGB", (WIDTH * FINE, HEIGHT * FINE), PANEL)
        from_the_right = picture.language == "fa"
        if picture.home:
            _draw_map(canvas, picture, from_the_right)
        pen = ImageDraw.Draw(canvas)
        _draw_words(pen, picture, from_the_right)
        small = canvas.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)
        return next((file for file in map(_png(small), COLOURS) if len(file) <= LARGEST), _png(small)(COLOURS[-1]))


def _draw_map(canvas: Image.Image, picture: Picture, from_the_right: bool) -> None:
    plane = Projection(*picture.home)
    partners = [plane.place(*degrees) for degrees in picture.partners]
    view = View.around([(0.0, 0.0), *partners], from_the_right)
    _draw_land(canvas, view, picture.home)
    pen = ImageDraw.Draw(canvas)
    x, y = view.point(0, 0)
    for km in RINGS_KM:
        radius = km * view.scale
        pen.ellipse((x - radius, y - radius, x + radius, y + radius), outline=RING, width=FINE)
    for east, north in partners:
        line = list(_arc((x, y), view.point(east, north)))
        for start, end, drawn in zip(line, line[1:], _dashes(line, picture.is_dashed), strict=False):
            if drawn:
                pen.line((start, end), fill=TURQUOISE, width=(3 if len(partners) == 1 else 2) * FINE)
    for east, north in partners:
        _dot(pen, view.point(east, north), (9 if len(partners) == 1 else 6) * FINE)
    _star(pen, (x, y), (24 if len(partners) == 1 else 15) * FINE)
    if picture.names and len(partners) == 1:
        end = view.point(*partners[0])
        _name(pen, picture.names[0], (x, y), end)
        _name(pen, picture.names[1], end, (x, y))


def _name(pen: ImageDraw.ImageDraw, name: str, at: tuple[float, float], away_from: tuple[float, float]) -> None:
    """A name over or under its mark, on the side that the line does not take."""
    line = Line(one_line(name), 26, 500)
    lettering = Lettering(line)
    below = at[1] >= away_from[1]
    y = at[1] + (26 if below else -26 - 1.35 * line.size) * FINE
    lettering.draw(pen, at[0] + lettering.width / 2 * (1 if lettering.is_from_the_right else -1), y, PANEL)


@dataclass(frozen=True)
class View:
    """A window on the plane round the home city: where home stands in the drawing, and units to the kilometre."""

    x: float
    y: float
    scale: float

    @classmethod
    def around(cls, places: list[tuple[float, float]], from_the_right: bool) -> "View":
        """The window in which the places (east, north, in kilometres) fill the half that the words leave free."""
        begin, end = MARGIN + COLUMN + 70, WIDTH - 80
        left, right = (WIDTH - end, WIDTH - begin) if from_the_right else (begin, end)
        top, bottom = 90, HEIGHT - 90
        easts, norths = [place[0] for place in places], [place[1] for place in places]
        wide, high = max(easts) - min(easts), max(norths) - min(norths)
        scale = min((right - left) / max(wide, 1), (bottom - top) / max(high, 1), MOST_ENLARGED)
        middle_east, middle_north = (max(easts) + min(easts)) / 2, (max(norths) + min(norths)) / 2
        x = (left + right) / 2 - scale * middle_east
        y = (top + bottom) / 2 + scale * middle_north
        return cls(x * FINE, y * FINE, scale * FINE)

    def point(self, east: float, north: float) -> tuple[float, float]:
        """Where a place stands in the drawing."""
        return self.x + self.scale * east, self.y - self.scale * north


def _draw_land(canvas: Image.Image, view: View, home: tuple[float, float]) -> None:
    land = Image.new("1", canvas.size, 0)
    for coast, (west, south, east, north) in projected(*home):
        left, top = map(math.floor, view.point(west, north))
        right, bottom = map(math.ceil, view.point(east, south))
        box = max(left, 0), max(top, 0), min(right + 1, canvas.width), min(bottom + 1, canvas.height)
        if box[0] >= box[2] or box[1] >= box[3] or right - left < FINE:
            continue
        # Land is what an odd number of coasts lies round.
        piece = Image.new("1", (box[2] - box[0], box[3] - box[1]), 0)
        outline = [(x - box[0], y - box[1]) for x, y in (view.point(*point) for point in coast)]
        ImageDraw.Draw(piece).polygon(outline, fill=1)
        land.paste(ImageChops.logical_xor(land.crop(box), piece), box)
    canvas.paste(LAND, mask=land)


def _arc(start: tuple[float, float], end: tuple[float, float]) -> Iterator[tuple[float, float]]:
    """A line that bends to the left seen from its start, like those of the site's maps."""
    (x1, y1), (x2, y2) = start, end
    bend = 0.085
    x, y = (x1 + x2) / 2 + bend * 2 * (y2 - y1), (y1 + y2) / 2 - bend * 2 * (x2 - x1)
    steps = 96
    for step in range(steps + 1):
        t = step / steps
        a, b, c = (1 - t) ** 2, 2 * t * (1 - t), t**2
        yield a * x1 + b * x + c * x2, a * y1 + b * y + c * y2


def _dashes(line: list[tuple[float, float]], is_dashed: bool) -> Iterator[bool]:
    """Whether each piece of the line is drawn."""
    travelled, dash, gap = 0.0, 16 * FINE, 11 * FINE
    for start, end in zip(line, line[1:], strict=False):
        yield not is_dashed or travelled % (dash + gap) < dash
        travelled += math.dist(start, end)


def _dot(pen: ImageDraw.ImageDraw, at: tuple[float, float], radius: float) -> None:
    x, y = at
    pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=PANEL, outline=INK, width=3 * FINE)


def _star(pen: ImageDraw.ImageDraw, at: tuple[float, float], radius: float) -> None:
    """The eight-pointed star of the home city: two squares."""
    for square in _squares(at, radius):
        pen.polygon(square, fill=INK)


def _mark(pen: ImageDraw.ImageDraw, at: tuple[float, float], radius: float) -> None:
    """The mark of the site: the two squares as thin lines, and a small star in their middle."""
    for square in _squares(at, radius):
        pen.line([*square, square[0]], fill=INK, width=2 * FINE, joint="curve")
    _star(pen, at, radius / 3)


def _squares(at: tuple[float, float], radius: float) -> Iterator[list[tuple[float, float]]]:
    for turn in (0.0, math.pi / 4):
        angles = [turn + corner * math.pi / 2 for corner in range(4)]
        yield [(at[0] + radius * math.sin(angle), at[1] - radius * math.cos(angle)) for angle in angles]


def _png(image: Image.Image) -> Callable[[int], bytes]:
    """The image as a PNG of so many colours."""

    def save(colours: int) -> bytes:
        file = io.BytesIO()
        image.quantize(colours, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).save(file, "PNG", optimize=True)
        return file.getvalue()

    return save


def _draw_words(pen: ImageDraw.ImageDraw, picture: Picture, from_the_right: bool) -> None:
    edge = (WIDTH - MARGIN if from_the_right else MARGIN) * FINE
    inwards = -1 if from_the_right else 1
    _mark(pen, (edge + inwards * 22 * FINE, 92 * FINE), 22 * FINE)
    _set(pen, Line(one_line(picture.site), 28, 500), edge + inwards * 62 * FINE, 74 * FINE, from_the_right)
    leading = 1.45 if from_the_right else 1.28
    lines = [fitted for line in picture.lines for fitted in _fitted(line)]
    height = sum(line.size * leading + line.space_above for line in lines)
    y = max(150, (HEIGHT + 60 - height) / 2) * FINE
    for line in lines:
        y += line.space_above * FINE
        _set(pen, line, edge, y, from_the_right)
        y += line.size * leading * FINE


def _set(pen: ImageDraw.ImageDraw, line: Line, edge: float, y: float, from_the_right: bool) -> None:
    """Draw the line at the edge where the page's reading begins, whichever way the line itself runs."""
    lettering = Lettering(line)
    if lettering.is_from_the_right != from_the_right:
        edge += lettering.width * (1 if lettering.is_from_the_right else -1)
    lettering.draw(pen, edge, y)


def _fitted(line: Line) -> list[Line]:
    """The line as it fits its column: smaller to three fifths, then in two lines, then cut."""
    line = replace(line, text=one_line(line.text))
    for size in (line.size, round(line.size * 0.8), round(line.size * 0.6)):
        smaller = replace(line, size=size)
        if _fits(smaller):
            return [smaller]
    words = line.text.split()
    first = next((n for n in range(len(words), 0, -1) if _fits(replace(smaller, text=" ".join(words[:n])))), 0)
    tail = rest = " ".join(words[first:])
    while not _fits(replace(smaller, text=rest)):
        tail = tail[:-1].rstrip()
        rest = f"{tail}…"
    if not first:
        return [replace(smaller, text=rest)]
    return [replace(smaller, text=" ".join(words[:first])), replace(smaller, text=rest, space_above=0)]


def _fits(line: Line) -> bool:
    return Lettering(line).width <= COLUMN * FINE


class Lettering:
    """A line of words in the site's typeface, piece by piece, each in the file that has its letters.

    It runs from the right when it has a Persian or Arabic letter; Latin words in it keep their own way.
    """

    ASCENT = 1.1

    def __init__(self, line: Line) -> None:
        self.line = line
        self.is_from_the_right = any(letter.isalpha() and _file(letter) == "arabic" for letter in line.text)
        self.pieces = list(self._split(line.text))
        self.width = sum(self._length(*piece) for piece in self.pieces)

    def draw(self, pen: ImageDraw.ImageDraw, x: float, y: float, outline: str = "") -> None:
        """Draw the line below `y`, from `x`: its end on the side where it begins to be read."""
        baseline = y + self.ASCENT * self.line.size * FINE
        x -= self.width if self.is_from_the_right else 0
        edge = {"stroke_width": 3 * FINE, "stroke_fill": outline} if outline else {}
        for text, file in self._in_sight():
            way = self._way(file, text)
            pen.text((x, baseline), text, self.line.colour, self._font(file), anchor="ls", direction=way, **edge)
            x += self._length(text, file)

    def _split(self, text: str) -> Iterator[tuple[str, str]]:
        piece, before = "", ""
        for letter in text:
            file = before if letter == " " and before in ("arabic", "latin") else _file(letter)
            if piece and file != before:
                yield piece, before
                piece = ""
            piece += letter
            before = file
        if piece:
            yield piece, before

    def _in_sight(self) -> list[tuple[str, str]]:
        """The pieces as they stand from left to right."""
        if not self.is_from_the_right:
            return self.pieces
        groups: list[list[tuple[str, str]]] = []
        for text, file in self.pieces:
            if groups and _is_latin(text) and _is_latin(groups[-1][-1][0]):
                groups[-1].append((text, file))
            else:
                groups.append([(text, file)])
        return [piece for group in reversed(groups) for piece in group]

    def _length(self, text: str, file: str) -> float:
        return self._font(file).getlength(text, direction=self._way(file, text))

    def _way(self, file: str, text: str) -> str:
        # A bracket or a dash of a Persian line stands in a Latin file and yet turns round.
        turns = file == "arabic" or (self.is_from_the_right and not _is_latin(text))
        return "rtl" if turns else "ltr"

    def _font(self, file: str) -> ImageFont.FreeTypeFont:
        return _font(file, self.line.size * FINE, self.line.weight)


def _is_latin(text: str) -> bool:
    return any(letter.isalnum() and _file(letter) != "arabic" for letter in text)


@lru_cache(maxsize=64)
def _font(file: str, size: int, weight: int) -> ImageFont.FreeTypeFont:
    path = settings.BASE_DIR / "static" / "fonts" / f"vazirmatn-{file}.woff2"
    font = ImageFont.truetype(path, size, layout_engine=ImageFont.Layout.RAQM)
    font.set_variation_by_axes([weight])
    return font


def _file(letter: str) -> str:
    code = ord(letter)
    return next((file for file, ranges in FONTS if any(a <= code <= b for a, b in ranges)), "latin")
