"""The pictures of previews: their size, their type in both languages, and whose there are."""

import io

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from PIL import Image

from partnerships import pictures
from partnerships.models import Agreement
from partnerships.pictures import Lettering, Line, Picture
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.markup]


def drawn(client, address):
    """The picture at an address."""
    response = client.get(address)
    assert response.status_code == 200
    assert response["Content-Type"] == "image/png"
    assert len(response.content) <= pictures.LARGEST
    image = Image.open(io.BytesIO(response.content))
    assert (image.format, image.size) == ("PNG", (1200, 630))
    return image.convert("RGB")


def inked(image, box):
    """How many dots of a part of the picture are as light as its words."""
    return sum(count for count, colour in image.crop(box).getcolors(1 << 20) if min(colour) > 200)


WORDS_AT_THE_LEFT, WORDS_AT_THE_RIGHT = (60, 150, 560, 600), (640, 150, 1140, 600)


@pytest.mark.parametrize(
    "address",
    ["/pictures/fa.png", "/pictures/en.png", "/pictures/partnerships/1.fa.png", "/pictures/cities/baku.en.png"],
)
def test_empty_register_has_the_picture_of_the_site_alone(client, address):
    status = 200 if address.count("/") == 2 else 404
    assert client.get(address).status_code == status


@pytest.mark.parametrize("language", ["fa", "en"])
def test_words_stand_where_reading_begins(client, language):
    made = factories.agreement(published=True, partner=factories.istanbul(), signed="SH 1387", status="in_force")
    image = drawn(client, f"/pictures/partnerships/{made.number}.{language}.png")
    left, right = inked(image, WORDS_AT_THE_LEFT), inked(image, WORDS_AT_THE_RIGHT)
    assert (left > right) == (language == "en")
    assert max(left, right) > 2000


def test_only_what_is_public_has_a_picture(client):
    draft, withdrawn = factories.agreement(partner=factories.baku()), factories.agreement(withdrawn=True)
    addresses = [f"/pictures/partnerships/{one.number}.fa.png" for one in (draft, withdrawn)]
    addresses += [f"/pictures/cities/{one.partner.slug}.fa.png" for one in (draft, withdrawn)]
    addresses += ["/pictures/cities/tabriz.fa.png", "/pictures/partnerships/999.en.png", "/pictures/de.png"]
    assert {client.get(address).status_code for address in addresses} == {404}


def test_picture_is_drawn_once_and_told_by_its_mark(client, monkeypatch):
    cache.clear()
    made = factories.agreement(published=True, signed="AD 2009")
    address = f"/pictures/partnerships/{made.number}.en.png"
    first = client.get(address)
    assert first["Cache-Control"] == "public, no-cache"
    monkeypatch.setattr(pictures, "_draw", lambda picture: b"drawn again")
    assert client.get(address).content == first.content
    again = client.get(address, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    made.status = "in_force"
    made.save()
    changed = client.get(address, headers={"If-None-Match": first["ETag"]})
    assert (changed.status_code, changed.content) == (200, b"drawn again")
    cache.clear()


def test_head_draws_nothing(client, monkeypatch):
    monkeypatch.setattr(pictures, "_draw", lambda picture: pytest.fail("drawn"))
    made = factories.agreement(published=True)
    response = client.head(f"/pictures/partnerships/{made.number}.en.png")
    assert (response.status_code, response.content) == (200, b"")
    assert response["ETag"]


def test_city_without_coordinates_has_a_picture(client):
    city = factories.city(latitude=None, longitude=None)
    made = factories.agreement(published=True, partner=city)
    drawn(client, f"/pictures/partnerships/{made.number}.fa.png")
    drawn(client, f"/pictures/cities/{city.slug}.en.png")


def test_home_city_without_coordinates_has_a_picture(client):
    factories.city(
        slug="home", country="IR", is_home=True, latitude=None, longitude=None, name_fa="خانه", name_en="Home"
    )
    made = factories.agreement(published=True)
    drawn(client, f"/pictures/partnerships/{made.number}.en.png")
    drawn(client, "/pictures/fa.png")


@pytest.mark.parametrize("kind", ["agreement", "city", "site"])
def test_picture_costs_the_same_for_many(client, kind):
    cache.clear()
    first = factories.agreement(published=True)
    address = {
        "agreement": f"/pictures/partnerships/{first.number}.en.png",
        "city": f"/pictures/cities/{first.partner.slug}.en.png",
        "site": "/pictures/en.png",
    }[kind]
    costs = []
    for count in (1, 20):
        while Agreement.objects.count() < count:
            factories.agreement(published=True, partner=factories.city(latitude=10 + Agreement.objects.count()))
        with CaptureQueriesContext(connection) as queries:
            drawn(client, address)
        costs.append(len(queries))
    assert costs[0] == costs[1] <= 4


def test_long_and_mixed_names_fit():
    names = [
        "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch",
        "شهر " * 40,
        "İstanbul (تهران) ٢",
        "",
        "\u202e",
        "北京",
        "two\nlines\r\x85\u2028\tof them",
    ]
    for language in ("fa", "en"):
        for name in names:
            lines = tuple(Line(name, size) for size in (104, 40))
            picture = Picture(language, name, lines, (38.0, 46.0), ((38.001, 46.001),), (name, name))
            assert Image.open(io.BytesIO(picture.png)).size == (1200, 630)


@pytest.mark.parametrize("home", [(38.08, 46.29), (50.98, 11.03), (35.68, 139.69), (-36.85, 174.76), (89.9, 0.0)])
def test_any_home_city_has_a_picture(home):
    partners = ((51.5, -0.1), (-34.6, -58.4), (64.1, -21.9), (-home[0], (home[1] + 360) % 360 - 180))
    picture = Picture("en", "Sister Cities", (Line("Home", 104, 300),), home, partners)
    assert len(picture.png) <= pictures.LARGEST


def test_every_letter_is_drawn_from_the_file_that_has_it():
    missing = Lettering(Line("\uffff", 60)).width
    for letter in "ابپتثجچحخدذرزژسشصضطظعغفقکگلمنوهیء۰۹،؛؟ABZabz019.,–()’İŞĞƏışğəčžřłő":
        assert Lettering(Line(letter, 60)).pieces
        assert Lettering(Line(letter, 60)).width != missing, letter


def test_latin_words_keep_their_way_in_a_persian_line():
    line = Lettering(Line("شهر İstanbul در ترکیه", 40))
    assert line.is_from_the_right
    assert [text.strip() for text, _file in line._in_sight()] == ["در ترکیه", "İ", "stanbul", "شهر"]
    assert not Lettering(Line("İstanbul", 40)).is_from_the_right


def test_panel_is_painted_as_on_the_site():
    tokens = (pictures.settings.BASE_DIR / "static/css/tokens.css").read_text(encoding="utf-8")
    for name, colour in (("panel", pictures.PANEL), ("panel-ink", pictures.INK), ("panel-soft", pictures.SOFT)):
        assert f"--{name}: {colour};" in tokens
    assert f"--panel-turquoise: {pictures.TURQUOISE};" in tokens
    assert f"--panel-ring: {pictures.RING};" in tokens
