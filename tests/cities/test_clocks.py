"""What the clocks of two cities differ by, in words."""

import datetime

import pytest
from django.utils.translation import override

from cities.clocks import Clock, differences
from cities.models import City

DAY = datetime.date(2026, 11, 24)


def clock(zone: str, home: str = "Asia/Tehran") -> Clock | None:
    """The clock of a city in `zone` beside that of Tabriz in `home`."""
    return Clock.of(City(time_zone=zone), City(name_fa="تبریز", name_en="Tabriz", time_zone=home))


@pytest.mark.parametrize(
    ("zone", "english", "persian"),
    [
        ("Europe/Istanbul", "half an hour behind Tabriz", "نیم ساعت عقب‌تر از تبریز"),
        ("Asia/Baku", "half an hour ahead of Tabriz", "نیم ساعت جلوتر از تبریز"),
        ("Asia/Tehran", "the same time as Tabriz", "هم‌زمان با تبریز"),
        ("Asia/Dushanbe", "one and a half hours ahead of Tabriz", "یک ساعت و نیم جلوتر از تبریز"),
        ("Asia/Shanghai", "4½ hours ahead of Tabriz", "۴ ساعت و نیم جلوتر از تبریز"),
        ("Asia/Kathmandu", "2 hours and 15 minutes ahead of Tabriz", "۲ ساعت و ۱۵ دقیقه جلوتر از تبریز"),
        (
            "Europe/Berlin",
            "2½ hours behind Tabriz or one and a half hours behind Tabriz, depending on the season",
            "بسته به فصل، ۲ ساعت و نیم عقب‌تر از تبریز یا یک ساعت و نیم عقب‌تر از تبریز",
        ),
    ],
)
def test_difference_in_words(zone, english, persian):
    with override("en"):
        assert clock(zone).words == english
    with override("fa"):
        assert clock(zone).words == persian


@pytest.mark.parametrize(
    ("home", "words"),
    [
        ("Asia/Kolkata", "15 minutes ahead of Tabriz"),
        ("Asia/Karachi", "45 minutes ahead of Tabriz"),
        ("Asia/Dhaka", "15 minutes behind Tabriz"),
        ("Asia/Yangon", "45 minutes behind Tabriz"),
    ],
)
def test_minutes_alone(home, words):
    with override("en"):
        assert clock("Asia/Kathmandu", home).words == words


def test_whole_hours():
    with override("en"):
        assert clock("Asia/Tokyo", "Asia/Shanghai").words == "one hour ahead of Tabriz"
        assert clock("Asia/Tokyo", "Asia/Dubai").words == "5 hours ahead of Tabriz"


def test_all_differences_of_a_year_are_known_whenever_it_is_asked():
    assert differences("Europe/Berlin", "Asia/Tehran", DAY) == (-150, -90)
    assert differences("Europe/Berlin", "Asia/Tehran", datetime.date(2026, 6, 1)) == (-150, -90)
    assert differences("Europe/Berlin", "Europe/Paris", DAY) == (0,)


@pytest.mark.parametrize(("zone", "home"), [("", "Asia/Tehran"), ("Asia/Baku", "")])
def test_no_clock_where_a_zone_is_not_known(zone, home):
    assert clock(zone, home) is None


def test_no_clock_before_there_is_a_home_city():
    assert Clock.of(City(time_zone="Asia/Baku"), None) is None
