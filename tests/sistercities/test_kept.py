"""What is kept in memory: until something public changes, in each language, for the public alone, within bounds."""

import pytest
from django.test import Client
from django.utils import timezone

from cities.models import City
from sistercities import kept
from sistercities.kept import Memory
from tests import factories

pytestmark = pytest.mark.django_db


def test_a_part_is_made_once():
    memory, made = Memory((1,), timezone.localdate()), iter("ab")
    assert [memory.get("part", lambda: next(made)) for _again in range(3)] == ["a", "a", "a"]
    assert [memory.hold("part", lambda: next(made)) for _again in range(3)] == ["b", "b", "b"]


def test_what_was_made_first_gives_way(monkeypatch):
    monkeypatch.setattr(kept, "LARGEST", 10)
    memory = Memory((1,), timezone.localdate())
    for key in "abc":
        memory.put(key, 4 * key)
    assert [memory.find(key) for key in "abc"] == [None, "bbbb", "cccc"]
    memory.put("b", "b")
    memory.put("d", "d" * 5)
    assert [memory.find(key) for key in "bcd"] == ["b", "cccc", "ddddd"]


def test_a_memory_ends_with_its_revision_and_with_its_day():
    factories.home_city()
    memory = kept.of_revision()
    assert kept.of_revision() is memory
    City.objects.update(name_en="Tauris")
    assert kept.of_revision() is not memory


def test_pages_say_what_is_recorded_now():
    made = factories.agreement(published=True, partner=factories.istanbul(), status="in_force", signed="AD 2009")
    address, client = f"/en/partnerships/{made.number}/", Client()
    for _again in range(2):
        assert "Where it was signed" in client.get(address).content.decode()
        assert "Istanbul" in client.get("/en/").content.decode()
    made.place_signed_en = "Kaleidoscope Hall"
    made.save()
    assert "Kaleidoscope Hall" in client.get(address).content.decode()
    made.withdraw(by=None, reason="named the wrong city")
    assert client.get(address).status_code == 410
    assert "Istanbul" not in client.get("/en/").content.decode()


def test_a_page_is_kept_in_each_language_and_a_preview_is_not():
    made = factories.agreement(published=True, partner=factories.istanbul(), name_en="Planted name", signed="AD 2009")
    desk = Client()
    desk.force_login(factories.manager())
    draft = factories.agreement(name_en="A draft", partner=factories.baku())
    preview = desk.get(f"/en/staff/partnerships/{draft.number}/preview/").content.decode()
    assert "A draft" in preview
    assert Client().get(f"/en/partnerships/{draft.number}/").status_code == 404
    english, persian = (Client().get(f"/{code}/partnerships/{made.number}/").content.decode() for code in ("en", "fa"))
    assert 'lang="en" dir="ltr"' in english
    assert 'lang="fa" dir="rtl"' in persian
    own = desk.get(f"/en/staff/partnerships/{made.number}/preview/").content.decode()
    assert "Preview" in own
    assert "Preview" not in Client().get(f"/en/partnerships/{made.number}/").content.decode()


def test_an_agreement_that_is_kept_asks_for_nothing_but_the_revision(django_assert_num_queries):
    made = factories.agreement(published=True)
    address = f"/en/partnerships/{made.number}/"
    first, _second = Client().get(address), Client().get(address)
    with django_assert_num_queries(1):
        assert Client().get(address).content == first.content
