"""The page about the register."""

import pytest

from partnerships.models import Agreement
from partnerships.models.evidence import Verification
from tests import factories
from tests.pages import Page

pytestmark = [pytest.mark.django_db, pytest.mark.markup]


def see(client, language="en"):
    """The page."""
    response = client.get(f"/{language}/about/")
    assert response.status_code == 200
    return Page(f"/{language}/about/", response.content.decode())


def terms(page, name):
    """What is explained in the section under this heading."""
    (section,) = [one for one in page.named("section") if one["aria-labelledby"] == name]
    return [one.words for one in section.all if one.name == "dt"]


def test_every_kind_status_and_level_is_explained_in_the_words_of_the_register(client):
    page = see(client)
    assert [term.lower() for term in terms(page, "kinds")] == Agreement.Kind.labels
    assert [term.lower() for term in terms(page, "states")] == [str(label) for _value, label in Agreement.STATES]
    assert [term.lower() for term in terms(page, "verification")] == Verification.labels


@pytest.mark.parametrize(
    ("language", "examples"),
    [
        (
            "en",
            [
                "1387 (March 2008 – March 2009)",
                "Khordad 1395 (May–June 2016)",
                "13 April 2013 (24 Farvardin 1392)",
            ],
        ),
        (
            "fa",
            [
                "۱۳۸۷ (مارس ۲۰۰۸ – مارس ۲۰۰۹)",
                "خرداد ۱۳۹۵ (مه – ژوئن ۲۰۱۶)",
                "۱۳ آوریل ۲۰۱۳ (۲۴ فروردین ۱۳۹۲)",
            ],
        ),
    ],
)
def test_dates_are_explained_by_examples_in_both_calendars(client, language, examples):
    assert terms(see(client, language), "dates") == examples


def test_licences_of_the_data_are_linked(client):
    (section,) = [one for one in see(client).named("section") if one["aria-labelledby"] == "licences"]
    assert [(one.words, one["href"]) for one in section.all if one.name == "a"] == [
        ("GeoNames", "https://www.geonames.org/"),
        ("CC BY 4.0", "https://creativecommons.org/licenses/by/4.0/"),
        ("Unicode CLDR", "https://cldr.unicode.org/"),
        ("Unicode License", "https://www.unicode.org/license.txt"),
        ("SIL Open Font License 1.1", "/static/fonts/OFL.txt"),
    ]


@pytest.mark.parametrize(
    ("language", "lead"),
    [
        (
            "en",
            "The public register of the partnerships of Tabriz: what has been agreed with which city, and how well it "
            "is proven.",
        ),
        ("fa", "دفتر عمومی پیمان‌های تبریز: با کدام شهر چه پیمانی بسته شده و تا چه اندازه مستند است."),
    ],
)
def test_page_names_the_city(client, language, lead):
    factories.home_city()
    assert [one.words for one in see(client, language).elements if one["class"] == "lead"] == [lead]


def test_every_kind_status_and_level_has_an_anchor_for_its_badge(client):
    ids = {one["id"] for one in see(client).elements if one["id"]}
    wanted = (
        {f"kind-{value}" for value in Agreement.Kind.values}
        | {f"status-{value}" for value, _label in Agreement.STATES}
        | {f"verification-{value}" for value in Verification.values}
        | {"kinds", "states", "verification", "dates", "conflicts", "citing", "corrections"}
    )
    assert wanted <= ids


@pytest.mark.parametrize(
    ("language", "explained"),
    [
        ("en", "Known to the month: any day from 1 to 31 Khordad 1395 (21 May to 20 June 2016)"),
        ("fa", "با دقت ماه: هر روزی از ۱ تا ۳۱ خرداد ۱۳۹۵ (۲۱ مه تا ۲۰ ژوئن ۲۰۱۶)"),
    ],
)
def test_precision_is_explained_in_words(client, language, explained):
    (section,) = [one for one in see(client, language).named("section") if one["aria-labelledby"] == "dates"]
    assert [one.words for one in section.all if one.name == "dd"][1] == explained


def test_way_to_send_a_correction_is_named_only_if_there_is_one(client, settings):
    def links():
        (section,) = [one for one in see(client).named("section") if one["aria-labelledby"] == "corrections"]
        return [one["href"] for one in section.all if one.name == "a"]

    assert links() == []
    settings.CONTACT_URL = "https://example.org/contact"
    assert links() == ["https://example.org/contact"]


def test_page_leads_to_all_that_agreements_rest_on(client):
    (section,) = [one for one in see(client).named("section") if one["aria-labelledby"] == "basis"]
    assert [one["href"] for one in section.all if one.name == "a"] == [
        "/en/domains/",
        "/en/provisions/",
        "/en/resolutions/",
        "/en/memberships/",
    ]
