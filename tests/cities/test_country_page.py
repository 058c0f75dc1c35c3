"""A country's page: the partners in it."""

import pytest

from tests import factories
from tests.pages import Page

pytestmark = pytest.mark.django_db


def see(client, code, language="en", status=200):
    """The page of the country with this code."""
    address = f"/{language}/countries/{code}/"
    response = client.get(address)
    assert response.status_code == status
    return Page(address, response.content.decode())


@pytest.fixture
def partners():
    """Two published partners in Türkiye, a draft and a withdrawn one there, and a draft alone in Germany."""
    factories.agreement(True, partner=factories.istanbul(), status="in_force", verification="official")
    factories.agreement(True, partner=factories.city(name_en="Konya", name_fa="قونیه"))
    factories.agreement(partner=factories.city(name_en="Bursa", name_fa="بورسا"))
    factories.agreement(withdrawn=True, partner=factories.city(name_en="Izmir", name_fa="ازمیر"))
    factories.agreement(partner=factories.city(name_en="Berlin", name_fa="برلین", country="DE"))


@pytest.mark.parametrize(
    ("language", "heading", "lead", "names"),
    [
        ("en", "Türkiye", "2 partner cities of Tabriz in this country", ["Istanbul", "Konya"]),
        ("fa", "ترکیه", "۲ شهر طرف پیمان تبریز در این کشور", ["استانبول", "قونیه"]),
    ],
)
def test_page_shows_public_partners_alone(client, partners, language, heading, lead, names):
    page = see(client, "TR", language)
    assert page.one("h1").words == heading
    assert [one.words for one in page.of_class("lead")] == [lead]
    assert [one.words for one in page.of_class("entry__name")] == names


def test_entry_names_number_kind_date_and_proof(client, partners):
    page = see(client, "TR")
    assert [part.words for part in page.of_class("entry")[0].children if not isinstance(part, str)] == [
        "No. 1",
        "Istanbul",
        "استانبول",
        "",
        "Sister city, date not known Official",
    ]


def test_single_partner_is_counted_as_one(client):
    factories.agreement(True, partner=factories.baku())
    assert [one.words for one in see(client, "AZ").of_class("lead")] == ["1 partner city of Tabriz in this country"]


def test_drafts_of_a_partner_are_not_in_its_entry(client):
    partner = factories.baku()
    factories.agreement(partner=partner)
    factories.agreement(True, partner=partner)
    factories.agreement(withdrawn=True, partner=partner)
    assert [one.words for one in see(client, "AZ").of_class("entry__number")] == ["No. 2"]


@pytest.mark.parametrize("code", ["DE", "XX", "ABC", "A", "IR"])
def test_country_without_public_partners_is_as_unknown_as_a_wrong_code(client, partners, code):
    unknown = see(client, "QQ", status=404).html
    assert see(client, code, status=404).html.replace(f"/countries/{code}/", "/countries/QQ/") == unknown


@pytest.mark.parametrize(("code", "capitals"), [("tr", "TR"), ("Tr", "TR"), ("de", "DE"), ("qq", "QQ")])
def test_small_letters_lead_to_capitals(client, partners, code, capitals):
    response = client.get(f"/fa/countries/{code}/")
    assert (response.status_code, response["Location"]) == (301, f"/fa/countries/{capitals}/")
