"""Candidates: what is compared, how it is weighed, and the click that makes a prospect of one."""

import pytest
from django.contrib.messages import get_messages
from django.utils.translation import override

from cities.models import City
from partnerships.candidates import USUAL, Candidates
from partnerships.models import Agreement
from tests import factories

pytestmark = pytest.mark.django_db

ALONE = dict.fromkeys(USUAL, 0)


@pytest.fixture
def home() -> City:
    """Tabriz, of which the population is known."""
    city = factories.home_city()
    city.population = 1_600_000
    city.save()
    return city


@pytest.fixture
def partners(home) -> tuple[City, City]:
    """Istanbul, in force and cultural, and Baku, approved and without a domain."""
    istanbul, baku = factories.istanbul(), factories.baku()
    factories.agreement(partner=istanbul, status="in_force", signed="AD 2010").domains.add(factories.domain())
    factories.agreement(partner=baku, status="approved")
    factories.domain("tourism")
    return istanbul, baku


def candidate(**given) -> City:
    """A city in Azerbaijan as large as a quarter of Tabriz, where it is said to lie."""
    fields = {
        "name_fa": "شکی",
        "name_en": "Shaki",
        "country": factories.country("AZ"),
        "latitude": 38.0667,
        "longitude": 46.3,
        "population": 400_000,
        "language_local": "az",
    }
    return factories.city(**fields | given)


def shares(home: City, city: City) -> dict[str, float]:
    """How much of each ground a city has."""
    found = Candidates(home, USUAL).of(city)
    return {reason.ground: round(reason.share, 3) for reason in found.reasons}


def test_shares_are_those_of_the_definition(home, partners):
    city = candidate(latitude=home.latitude, longitude=home.longitude)
    factories.tie(city, partners[0])
    factories.tie(city, partners[1])
    assert shares(home, city) == {"ties": 0.4, "region": 1.0, "size": 0.25, "language": 1.0, "domains": 1.0}
    Agreement.objects.get(partner=partners[1]).domains.add(factories.domain("tourism"))
    assert round(Candidates(home, ALONE | {"ties": 1, "size": 1}).of(city).score, 6) == 32.5
    assert [one.points for one in Candidates(home, USUAL, ["tourism"]).of(city).reasons][-1] == pytest.approx(200 / 14)


def test_what_is_not_known_counts_as_nothing_and_says_so(home, partners):
    city = candidate(
        country=factories.country("CN"), latitude=None, longitude=None, population=None, language_local="zh"
    )
    with override("en"):
        found = Candidates(home, USUAL).of(city)
    assert found.score == 0
    assert [reason.words for reason in found.reasons] == [
        "no tie to a partner of ours is known",
        "where it lies is not recorded",
        "its population is not recorded",
        "none is known",
        "none of those asked for",
    ]


def test_weights_change_the_order(home, partners):
    near = candidate(name_fa="اردبیل", name_en="Ardabil")
    tied = candidate(latitude=-33.0, longitude=151.0)
    factories.tie(tied, partners[0])
    ranks = {name: [one.city for one in Candidates(home, ALONE | {name: 1})[:2]] for name in ("ties", "region")}
    assert ranks == {"ties": [tied, near], "region": [near, tied]}


@pytest.mark.parametrize("given", [{}, {"published": True}, {"withdrawn": True}])
def test_city_with_any_agreement_is_no_candidate(home, given):
    city = candidate()
    assert len(Candidates(home, USUAL)) == 1
    factories.agreement(partner=city, **given)
    assert len(Candidates(home, USUAL)) == 0


def test_ended_partner_is_no_partner_of_ours(home):
    istanbul, city = factories.istanbul(), candidate()
    factories.agreement(partner=istanbul, status="ended", status_reason_fa="…", status_reason_en="…")
    factories.tie(city, istanbul)
    assert shares(home, city)["ties"] == 0


def test_common_sisters_are_tied_to_more_than_one_partner(home, partners):
    both, one = candidate(), candidate(name_fa="قم", name_en="Qom")
    for partner in partners:
        factories.tie(both, partner)
    factories.tie(one, partners[0])
    with override("en"):
        assert Candidates(home, USUAL).common_sisters(10) == [(both, [partners[1], partners[0]])]


# --- Pages ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "complaint"),
    [
        ("en", "“\u2068many\u2069” is no weight: from 0 to 5. For “ties to our partners” the usual one holds."),
        ("fa", "«\u2068many\u2069» وزن نیست: از ۰ تا ۵. برای «پیوند با شهرهای طرف پیمان ما» مقدار معمول به کار رفت."),
    ],
)
def test_wrong_weight_is_told_and_the_usual_one_holds(client, home, partners, language, complaint):
    candidate()
    client.force_login(factories.auditor())
    response = client.get(f"/{language}/staff/candidates/?ties=many&region=۴")
    assert response.context["filter"].complaints == [complaint]
    assert response.context["filter"].weights == USUAL | {"region": 4}
    assert "candidates/shaki" not in response.content.decode()  # who only reads makes nothing


def test_click_makes_one_prospect_however_often(client, home, partners):
    city = candidate()
    factories.tie(city, partners[0])
    client.force_login(factories.editor())
    answers = [client.post(f"/en/staff/candidates/{city.slug}/") for _click in range(2)]
    made = Agreement.objects.get(partner=city)
    assert {answer["Location"] for answer in answers} == {f"/en/staff/partnerships/{made.number}/"}
    assert (made.status, made.publication, made.kind) == ("prospect", "draft", "sister")
    assert "tied to 1 of our partners: Istanbul" in made.internal_note
    entry = made.history.get()
    assert (entry.history_user.username, entry.history_change_reason) == ("editor", "From the candidates")
    assert [str(one) for one in get_messages(answers[1].wsgi_request)][-1].startswith("There is an agreement")


@pytest.mark.parametrize(("address", "queries"), [("candidates", 15), ("network", 13)])
def test_pages_cost_the_same_for_one_city_and_for_hundreds(
    client, home, partners, django_assert_num_queries, address, queries
):
    client.force_login(factories.manager())
    for count in (2, 60):
        for _number in range(count):
            city = candidate()
            for partner in partners:
                factories.tie(city, partner)
        with django_assert_num_queries(queries):
            assert client.get(f"/en/staff/{address}/").status_code == 200


def test_click_without_a_home_city_finds_nothing(client):
    client.force_login(factories.editor())

    assert client.post(f"/en/staff/candidates/{candidate().slug}/").status_code == 404
    assert not Agreement.objects.exists()
