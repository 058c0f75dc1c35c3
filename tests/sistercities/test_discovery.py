"""What a page tells those who link to it: its preview, and what it is about in the words of schema.org."""

import json
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from partnerships.models import Agreement
from tests import factories
from tests.pages import DATA, Page

pytestmark = [pytest.mark.django_db, pytest.mark.markup]

VOCABULARY = {
    "City": {"name", "alternateName", "url", "containedInPlace", "sameAs", "geo"},
    "Country": {"name", "identifier"},
    "GeoCoordinates": {"latitude", "longitude"},
    "Legislation": {
        *("name", "url", "about", "inLanguage", "isPartOf"),
        *("legislationType", "legislationLegalForce", "legislationDate"),
    },
    "Dataset": {
        *("name", "description", "url", "inLanguage", "creator", "license", "isAccessibleForFree"),
        *("dateModified", "distribution"),
    },
    "DataDownload": {"name", "encodingFormat", "contentUrl"},
    "WebSite": {"name", "url", "inLanguage", "publisher"},
    "GovernmentOrganization": {"name", "url"},
}
"""The types that the register uses, each with those of its properties at schema.org (its parents' too) that it uses."""

FORCES = {"https://schema.org/InForce", "https://schema.org/NotInForce", "https://schema.org/PartiallyInForce"}


def page(client, address):
    """The page, parsed."""
    response = client.get(address)
    assert response.status_code == 200
    return Page(address, response.content.decode())


def linked(parsed):
    """What a page is about, or None."""
    found = [one for one in parsed.named("script") if one["type"] == DATA]
    assert len(found) <= 1
    return json.loads("".join(found[0].children)) if found else None


def strange(told):
    """What of it schema.org does not know."""
    if isinstance(told, list):
        return [one for each in told for one in strange(each)]
    if not isinstance(told, dict):
        return []
    known = VOCABULARY.get(told.get("@type"), set())
    own = [f"{told.get('@type')}.{name}" for name in told if not name.startswith("@") and name not in known]
    return own + [one for value in told.values() for one in strange(value)]


def meta(parsed):
    """The page's properties for previews."""
    return {one["property"] or one["name"]: one["content"] for one in parsed.named("meta") if one["content"]}


# --- schema.org ----------------------------------------------------------------------------------------


def test_day_of_signing_is_told_only_where_it_is_known(client):
    for signed, day in (("SH 1387", None), ("SH 1395-03", None), ("AD 2009", None), ("SH 1392-01-24", "2013-04-13")):
        made = factories.agreement(published=True, status="in_force", signed=signed)
        told = linked(page(client, f"/en/partnerships/{made.number}/"))
        assert told["@type"] == "Legislation"
        assert told.get("legislationDate") == day
        assert [year for year in ("1387", "1395", "2009", "2016") if year in json.dumps(told)] == []


@pytest.mark.parametrize(
    ("given", "force"),
    [
        ({"status": "in_force"}, "https://schema.org/InForce"),
        ({"status": "in_force", "expires": "AD 2019"}, "https://schema.org/NotInForce"),
        ({"status": "ended", "status_reason_en": "by decision"}, "https://schema.org/NotInForce"),
        ({"status": "suspended", "status_reason_en": "by decision"}, None),
    ],
)
def test_legal_force_follows_the_state(client, given, force):
    made = factories.agreement(published=True, signed="AD 2009", **given)
    told = linked(page(client, f"/en/partnerships/{made.number}/"))
    assert told.get("legislationLegalForce") == force
    assert force is None or force in FORCES


@pytest.mark.parametrize(
    "given",
    [
        {"status": "prospect"},
        {"status": "approved"},
        {"status": "ended", "status_reason_en": "never signed"},
        {"status": "in_force", "kind": "contact", "signed": "AD 2009"},
    ],
)
def test_what_was_not_signed_is_called_no_instrument(client, given):
    made = factories.agreement(published=True, **given)
    assert linked(page(client, f"/en/partnerships/{made.number}/")) is None


def test_words_in_the_data_cannot_end_it(client):
    city = factories.city(name_en="</script><script>alert(1)</script>&amp;", name_fa="«</script>»")
    factories.agreement(published=True, partner=city, name_en="A", name_fa="ب")
    parsed = page(client, f"/en/cities/{city.slug}/")
    assert linked(parsed)["name"] == "</script><script>alert(1)</script>&amp;"
    assert [one for one in parsed.named("script") if not one["src"] and one["type"] != DATA] == []
    assert parsed.faults == []


def test_city_without_coordinates_has_no_position(client):
    city = factories.city(latitude=None, longitude=None)
    factories.agreement(published=True, partner=city)
    assert "geo" not in linked(page(client, f"/fa/cities/{city.slug}/"))


def test_city_says_its_names_and_where_it_lies(client):
    factories.agreement(published=True, partner=factories.istanbul())
    assert linked(page(client, "/en/cities/istanbul/")) == {
        "@context": "https://schema.org",
        "@type": "City",
        "name": "Istanbul",
        "alternateName": ["استانبول", "İstanbul", "Constantinople", "قسطنطنیه"],
        "url": "http://testserver/en/cities/istanbul/",
        "containedInPlace": {"@type": "Country", "name": "Türkiye", "identifier": "TR"},
        "geo": {"@type": "GeoCoordinates", "latitude": 41.01384, "longitude": 28.94966},
    }


def test_empty_register_says_nothing_it_does_not_know(client):
    told = linked(page(client, "/en/open-data/"))
    assert "dateModified" not in told
    assert strange(told) == []


def test_linked_data_costs_no_query(client):
    made = factories.agreement(published=True, status="in_force", signed="AD 2009")
    address = f"/en/partnerships/{made.number}/"
    with CaptureQueriesContext(connection) as with_data:
        client.get(address)
    Agreement.objects.filter(pk=made.pk).update(kind="contact")
    with CaptureQueriesContext(connection) as without:
        client.get(address)
    assert len(with_data) == len(without)


@pytest.mark.parametrize("language", ["fa", "en"])
@pytest.mark.parametrize(
    ("address", "kind"),
    [
        ("/", "WebSite"),
        ("/open-data/", "Dataset"),
        ("/cities/baku/", "City"),
        ("/partnerships/8/", "Legislation"),
        ("/about/", None),
        ("/partnerships/", None),
        ("/countries/TR/", None),
    ],
)
def test_pages_speak_the_words_of_schema_org(tabriz, client, language, address, kind):
    told = linked(page(client, f"/{language}{address}"))
    assert (told and told["@type"]) == kind
    assert strange(told) == []
    assert told is None or told["url"] == f"http://testserver/{language}{address}"


def test_dataset_names_its_downloads_and_its_licence(tabriz, client, settings):
    settings.DATA_LICENCE, settings.DATA_LICENCE_URL = "CC BY 4.0", "https://creativecommons.org/licenses/by/4.0/"
    told = linked(page(client, "/en/open-data/"))
    assert told["license"] == "https://creativecommons.org/licenses/by/4.0/"
    assert 50 <= len(told["description"]) <= 5000
    for download in told["distribution"]:
        response = client.get(download["contentUrl"])
        assert response["Content-Type"].partition(";")[0] == download["encodingFormat"]
    assert len(told["distribution"]) == 4
    settings.DATA_LICENCE_URL = ""
    assert "license" not in linked(page(client, "/en/open-data/"))


# --- Previews ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "picture"),
    [
        ("/", "/pictures/{}.png"),
        ("/open-data/", "/pictures/{}.png"),
        ("/partnerships/8/", "/pictures/partnerships/8.{}.png"),
        ("/cities/baku/", "/pictures/cities/baku.{}.png"),
    ],
)
@pytest.mark.parametrize("language", ["fa", "en"])
def test_preview_names_the_page(tabriz, client, language, address, picture):
    parsed = page(client, f"/{language}{address}")
    told = meta(parsed)
    assert told["og:title"] == parsed.one("title").words
    assert told["og:description"] == told["description"]
    assert told["og:url"] == f"http://testserver/{language}{address}"
    assert (told["og:locale"], told["og:locale:alternate"]) == (
        ("fa_IR", "en_GB") if language == "fa" else ("en_GB", "fa_IR")
    )
    assert told["og:image"] == f"http://testserver{picture.format(language)}"
    assert (told["og:image:width"], told["og:image:height"]) == ("1200", "630")
    assert client.get(told["og:image"]).status_code == 200


def test_preview_of_a_strange_name_stays_text(client):
    city = factories.city(name_en='"><script>x</script> & <b>', name_fa="نام")
    factories.agreement(published=True, partner=city, name_en="A", name_fa="ب")
    parsed = page(client, f"/en/cities/{city.slug}/")
    assert parsed.faults == []
    assert 'content="&quot;&gt;&lt;script&gt;' in parsed.html
    assert meta(parsed)["og:title"].startswith('"><script>x</script> & <b>')


@pytest.mark.parametrize("address", ["/nowhere/", "/accounts/login/", "/partnerships/13/"])
def test_pages_that_are_not_to_be_found_have_no_preview(tabriz, client, address):
    html = client.get(f"/en{address}").content.decode()
    assert "og:" not in html
    assert re.findall('<meta name="robots" content="([^"]*)">', html) == ["noindex"]
