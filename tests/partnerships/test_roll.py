"""The roll finds and counts what the database does: for every filter, in every order."""

import itertools

import pytest
from django.http import QueryDict
from django.utils import translation

from partnerships.filters import ORDERS, AgreementFilter, PublishedFilter
from partnerships.models import Agreement
from sistercities import kept
from tests import factories

pytestmark = pytest.mark.django_db

QUERIES = [
    "",
    "q=باکو",
    "q=city",
    "q=tabriz&kind=sister",
    "country=TR",
    "country=TR&country=DE&kind=friendship&status=expired",
    "status=in_force&verification=press",
    "domain=cultural",
    "domain=cultural&domain=economic&country=TR",
    "signed_from=2009",
    "signed_to=1387",
    "signed_from=2008&signed_to=2008&domain=cultural",
    "signed_from=1395&signed_to=1395&q=city",
    "record=date&record=no_domain",
    "record=month",
    "record=no_date&record=title",
    "country=AZ&q=zzz",
]
DATES = [None, "AD 2008", "SH 1387", "SH 1395-03", "AD 2016-05-21", "AD 2009-01-01", "SH 1387-12-30", "AD 2008-12"]


@pytest.fixture
def published():
    """A register in which each of the filters finds some and leaves out others, withdrawn ones and drafts beside it."""
    domains = [factories.domain("cultural"), factories.domain("economic")]
    partners = [factories.istanbul(), factories.baku(), *(factories.city(country=code) for code in ("TR", "DE", "DE"))]
    statuses = itertools.cycle(["approved", "in_force", "negotiation"])
    for number in range(24):
        made = factories.agreement(
            published=number % 6 != 5,
            withdrawn=number % 11 == 7,
            partner=partners[number % 5],
            kind=Agreement.Kind.values[number % 4],
            status=next(statuses),
            verification="press" if number % 2 else "official",
            signed=DATES[number % 8],
            expires="AD 2020" if number % 8 == 5 else None,
            title_fa="پیمان" if number % 7 == 2 else "",
        )
        made.domains.set(domains[: number % 3])


def told(found: AgreementFilter) -> dict:
    """What a page tells of it."""
    return {
        "tally": found.tally,
        "facets": {one.name: [(box.value, box.count) for box in one.choices] for one in found.facets},
        "numbers": [one.number for one in found.shown.object_list],
        "pages": found.last_page,
    }


@pytest.mark.parametrize("query", QUERIES)
def test_roll_finds_and_counts_as_the_database(published, query):
    for language, order, sign in itertools.product(("fa", "en"), ORDERS, ("", "-")):
        data = QueryDict(f"{query}&sort={sign}{order}&per_page=25")
        with translation.override(language):
            on_roll = PublishedFilter(data, kept.of_revision())
            in_database = AgreementFilter(data, Agreement.objects.published())
            assert told(on_roll) == told(in_database)
            keys = list(in_database.qs.values_list("pk", flat=True))
            assert on_roll.keys == keys[:25]
            roll, method = on_roll.roll, ORDERS[order][0]
            assert roll.page(on_roll.found, method, sign == "-", 3, 8) == keys[3:8]


def test_roll_in_every_way_of_finding_a_page(published, monkeypatch):
    """A set of many is passed through in order, one of few sorted, all of them taken as they are."""
    monkeypatch.setattr("partnerships.roll.SPARSE", 1)
    for query in ("", "country=TR", "kind=sister&sort=-city"):
        data = QueryDict(query)
        on_roll = PublishedFilter(data, kept.of_revision())
        keys = list(AgreementFilter(data, Agreement.objects.published()).qs.values_list("pk", flat=True))
        assert on_roll.roll.page(on_roll.found, *ordered(on_roll), 2, 5) == keys[2:5]


def ordered(found: PublishedFilter) -> tuple[str, bool]:
    """The method of the order that is asked for, and whether it is turned round."""
    sort = found.asked["sort"]
    return ORDERS[sort.removeprefix("-")][0], sort.startswith("-")


def test_roll_is_read_anew_when_something_public_is_written(published):
    before = PublishedFilter(QueryDict(""), kept.of_revision())
    assert PublishedFilter(QueryDict(""), kept.of_revision()).roll is before.roll
    Agreement.objects.published().first().withdraw(by=None, reason="named the wrong city")
    assert PublishedFilter(QueryDict(""), kept.of_revision()).total == before.total - 1


def test_roll_asks_the_database_once_for_a_revision(published, django_assert_num_queries):
    PublishedFilter(QueryDict(""), kept.of_revision()).facets  # noqa: B018
    with django_assert_num_queries(1):
        found = PublishedFilter(QueryDict("country=TR&signed_from=2008"), kept.of_revision())
        assert found.facets
        assert found.keys
