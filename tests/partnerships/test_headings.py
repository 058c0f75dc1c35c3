"""What columns are called, and how their cells are read: the first guess and the fields of an import."""

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import override

from partnerships.headings import FIELDS, SPELLINGS, as_cell, guess, read_cell
from sistercities.dates import UncertainDate
from sistercities.text import fold


def matched(*headings: str) -> dict[str, str]:
    """The headings that were guessed, by field."""
    return {field: heading for heading, field in zip(headings, guess([*headings]), strict=True) if field}


def test_every_field_is_known_by_its_name_and_by_its_label_in_both_languages() -> None:
    names = [*FIELDS]
    assert guess(names) == names
    for code, _language in settings.LANGUAGES:
        with override(code):
            labels = [str(field.label) for field in FIELDS.values()]
        assert len({*map(fold, labels)}) == len(labels)
        assert guess(labels) == names


def test_no_heading_stands_for_two_fields() -> None:
    spelt = [fold(spelling) for spellings in SPELLINGS.values() for spelling in spellings.split(",")]
    assert sorted(spelt) == sorted({*spelt})
    assert SPELLINGS.keys() <= FIELDS.keys()


@pytest.mark.parametrize(
    ("headings", "fields"),
    [
        (
            ["ردیف", "شهر خواهرخوانده", "کشور", "تاريخ امضاء", "نوع رابطه", "وضعیت", "ملاحظات"],
            ["", "city", "country", "signed", "kind", "status", "internal_note"],
        ),
        (["No.", "Sister City", "Country", "Since", "Notes"], ["", "city", "country", "signed", "internal_note"]),
        (["شهر / City", "City (English)", "كشور"], ["city", "city_en", "country"]),
        (["CITY*", " country_name ", "Date:"], ["city", "country", "signed"]),
        (["City", "Region", "Country", "Date"], ["city", "", "country", "signed"]),
        (["city", "city", "name", "state", ""], ["city", "", "", "", ""]),
    ],
)
def test_headings_of_lists_are_guessed(headings: list[str], fields: list[str]) -> None:
    assert guess(headings) == fields


def test_the_partners_column_is_taken_before_the_home_citys() -> None:
    german = (
        "municipality plz bundesland state latitude longitude municipality_place_name partnergemeinde land country "
        "kontinent continent seit form partner_latitude partner_longitude partner_place_name"
    )
    assert matched(*german.split()) == {
        "city": "partnergemeinde",
        "country": "country",
        "signed": "seit",
        "kind": "form",
        "latitude": "partner_latitude",
        "longitude": "partner_longitude",
    }


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("kind", "خواهر خواندگی", "sister"),
        ("kind", "p", "sister"),
        ("kind", "Friendship and Cooperation", "friendship"),
        ("status", "IN_FORCE", "in_force"),
        ("status", "جارى", "in_force"),
        ("verification", "مطبوعات", "press"),
        ("published", "بلي", True),
        ("number", "۱۲", 12),
        ("geonames_id", "745044.0", 745044),
        ("latitude", "48,8168", 48.8168),
        ("longitude", "−۴۶٫۳", -46.3),
        ("signed", "خرداد ۹۵", UncertainDate.from_stored("SH 1395-03 خرداد ۹۵")),
        ("domains", "tourism | cultural", ("cultural", "tourism")),
        ("source_stance", "تأیید می‌کند", "supports"),
        ("city", "Wuhan", "Wuhan"),
    ],
)
def test_cells_are_read(name: str, text: str, value: object) -> None:
    assert read_cell(name, text) == value


@pytest.mark.parametrize(("name", "text"), [("kind", "cousin"), ("signed", "c. 1980"), ("latitude", "1,234.5")])
def test_cells_that_say_nothing_certain_are_refused(name: str, text: str) -> None:
    with pytest.raises(ValidationError):
        read_cell(name, text)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (True, "yes"),
        (False, "no"),
        (12, "12"),
        (("a", "b"), "a | b"),
        (UncertainDate.from_stored("SH 1395-03 خرداد ۹۵"), "خرداد ۹۵"),
        (UncertainDate.from_stored("AD 2009"), "AD 2009"),
    ],
)
def test_cells_are_written_as_they_are_read(value: object, text: str) -> None:
    assert as_cell(value) == text
