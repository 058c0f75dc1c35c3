"""What each public page costs: the same number of queries for one agreement and for three hundred, ten at most."""

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from partnerships.models import Agreement, Resolution
from sistercities import kept
from tests import factories

pytestmark = pytest.mark.django_db

AT_MOST = 11
"""Ten for what a page says, and one for the revision by which it is given out when it was seen before."""

SHARED = {"/en/cities/istanbul/": 1}
"""What the first such page after a public write reads for all of them: the atlas, which is kept with the revision."""

# With one agreement a city has no neighbours whose agreements could be fetched; else the figures are the same.
PAGES = {
    "/en/": (11, 11),
    "/en/about/": (3, 3),
    "/en/partnerships/": (7, 7),
    "/en/partnerships/?q=city&country=TR&kind=sister&status=in_force&domain=cultural&verification=press"
    "&signed_from=2009&signed_to=2009&sort=-signed": (10, 10),
    "/en/partnerships/?view=map": (8, 8),
    "/en/partnerships/?view=map&zoom=40&east=-500&north=200&q=city&country=TR&signed_from=2009&per_page=200": (10, 10),
    "/en/partnerships/?view=timeline": (10, 10),
    "/en/partnerships/?view=timeline&country=TR&signed_from=2009&sort=city&page=2": (10, 10),
    "/en/partnerships/suggest/?q=city": (3, 2),
    "/en/partnerships/?country=XX&kind=x&domain=x&page=7&x=1": (7, 7),
    "/en/open-data/": (3, 3),
    "/en/open-data/?q=city&country=TR&kind=sister&signed_from=2009&x=1": (4, 4),
    "/feeds/partnerships.atom?lang=en": (4, 4),
    "/sitemap.xml": (6, 6),
    "/robots.txt": (0, 0),
    "/pictures/en.png": (4, 4),
    "/pictures/partnerships/1.en.png": (1, 1),
    "/en/partnerships/1/": (11, 11),
    "/en/cities/istanbul/": (10, 12),
    "/en/countries/TR/": (7, 7),
    "/en/network/": (9, 9),
    "/en/network/?q=city&country=TR&page=2": (5, 6),
    "/en/network/?city=tabriz": (7, 7),
    "/en/network/suggest/?q=city": (2, 2),
    "/data/network.en.json": (6, 6),
    "/data/ties.csv": (1, 1),
    "/en/domains/": (3, 3),
    "/en/domains/cultural/": (8, 8),
    "/en/memberships/": (4, 4),
    "/en/provisions/": (5, 5),
    "/en/statistics/": (10, 10),
    "/en/statistics/?q=city&country=TR&kind=sister&status=in_force&domain=cultural&verification=press"
    "&signed_from=2009&signed_to=2009&record=date": (10, 10),
    "/data/statistics/country.csv": (6, 6),
    "/en/resolutions/": (5, 5),
    "/en/resolutions/1/": (6, 6),
}


def record(count):
    """Publish `count` agreements in Türkiye with everything that hangs on one."""
    domain, provision, resolution = factories.domain(), factories.provision(f"p-{count}"), factories.resolution()
    for number in range(count):
        factories.membership(f"body-{number}", is_public=True).provisions.add(provision)
    agreements = []
    for number in range(count):
        partner = factories.istanbul() if number == 0 else factories.city()
        made = factories.agreement(True, partner=partner, status="in_force", verification="press", signed="AD 2009")
        factories.tie(partner, factories.home_city())
        agreements.append(made)
        factories.source(made, issued="AD 2009", reference=str(number))
        factories.document(agreement=made, is_public=True)
        factories.affinity(partner)
        factories.commitment(made, is_public=True)
        factories.milestone(
            made, factories.milestone_kind("exchange", is_public=True), answered="AD 2010", outcome="done"
        )
        factories.activity(made, published=True, begun="SH 1403-02-07").domains.add(domain)
    for relation, one in (("domain", domain), ("provision", provision), ("resolution", resolution)):
        through = getattr(Agreement, f"{relation}s").through
        through.objects.bulk_create(through(agreement=made, **{relation: one}) for made in agreements)


@pytest.fixture(scope="module", params=[1, 300])
def published(request, django_db_setup, django_db_blocker):
    """A register of one agreement, then one of three hundred: their number."""
    with django_db_blocker.unblock(), transaction.atomic():
        assert connection.features.supports_json_field  # asked once in the life of a connection
        record(request.param)
        yield request.param
        transaction.set_rollback(True)


@pytest.mark.parametrize("address", PAGES)
def test_queries(published, address):
    resolution = Resolution.objects.get()
    kept.forget()
    with CaptureQueriesContext(connection) as queries:
        response = Client().get(address.replace("/resolutions/1/", f"/resolutions/{resolution.pk}/"))
    assert response.status_code == 200
    assert len(queries) == PAGES[address][published > 1]
    assert len(queries) <= AT_MOST + SHARED.get(address, 0)
