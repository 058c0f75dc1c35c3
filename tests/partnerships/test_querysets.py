"""Questions about agreements, sources and resolutions: each against what the records themselves say."""

import datetime
import itertools
from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import timezone
from django.utils.translation import override

from partnerships.models import Affinity, Agreement, Domain, Provision, Resolution, Source
from sistercities.dates import Calendar, UncertainDate, year_bounds
from tests import factories

pytestmark = pytest.mark.django_db

STATUSES = ["prospect", "negotiation", "approved", "in_force", "suspended", "ended"]
DATES = [
    *(None, "SH 1387", "SH 1395-03", "SH 1403-12-30", "AD 2009", "AD 2016-05", "AD 2025-03-20", "AD 2025-03-21"),
    *("SH 1404", "AD 2025", "AD 2024-12-31", "SH 1403"),
]


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    """Names and orders are in English unless a test says otherwise."""
    with override("en"):
        yield


def numbers(agreements: Any) -> list[int]:
    """The register numbers, in order of the query set."""
    return [agreement.number for agreement in agreements]


def partners(agreements: Any, language: str = "en") -> list[str]:
    """The partners' names in a language, in order of the query set."""
    return [getattr(agreement.partner, f"name_{language}") for agreement in agreements]


# --- Publication --------------------------------------------------------------------------------------


@pytest.fixture
def three() -> list[Agreement]:
    """A draft, a published and a withdrawn agreement, numbers 1 to 3."""
    return [factories.agreement(), factories.agreement(published=True), factories.agreement(withdrawn=True)]


def test_default_hides_nothing(three: list[Agreement]) -> None:
    assert numbers(Agreement.objects.all()) == [1, 2, 3]


def test_publication_in_parts(three: list[Agreement]) -> None:
    agreements = Agreement.objects.by_number()

    assert numbers(agreements.drafts()) == [1]
    assert numbers(agreements.published()) == [2]
    assert numbers(agreements.withdrawn()) == [3]
    assert numbers(agreements.ever_published()) == [2, 3]
    assert numbers(agreements.in_publication("draft", "withdrawn")) == [1, 3]


def test_publication_has_a_twin(three: list[Agreement]) -> None:
    found = [(agreement.publication_state, agreement.publication) for agreement in Agreement.objects.with_publication()]

    assert found == [("draft", "draft"), ("published", "published"), ("withdrawn", "withdrawn")]


def test_sources_and_resolutions_are_public_with_their_agreement(three: list[Agreement]) -> None:
    for agreement in three:
        factories.source(agreement, title_en=agreement.publication)
        agreement.resolutions.add(factories.resolution(title_en=agreement.publication))
    shared = factories.resolution(title_en="shared")
    for agreement in [*three, factories.agreement(published=True)]:
        agreement.resolutions.add(shared)

    assert [source.title_en for source in Source.objects.of_published()] == ["published"]
    public = Resolution.objects.public().order_by("pk")
    assert [resolution.title_en for resolution in public] == ["published", "shared"]
    shown = public.with_published_agreements()
    assert [numbers(resolution.published_agreements) for resolution in shown] == [[2], [2, 4]]


# --- State --------------------------------------------------------------------------------------------


def test_state_has_a_twin_on_many_days() -> None:
    for status, expires in itertools.product(STATUSES, DATES):
        factories.agreement(status=status, expires=expires, status_reason_en="It stopped.")
    bounds = [day for text in DATES if text for day in bounds_of(text)]
    near = [day + datetime.timedelta(days=offset) for day in bounds for offset in (-1, 0, 1)]

    for day in sorted({*near, datetime.date(1900, 1, 1), timezone.localdate()}):
        found = Agreement.objects.with_state(day)
        assert [(one.number, one.state_on) for one in found] == [(one.number, one.state_at(day)) for one in found]
    assert [one.state_on for one in Agreement.objects.with_state()] == [one.state for one in Agreement.objects.all()]


def bounds_of(text: str) -> tuple[datetime.date, datetime.date]:
    """The first and last day that a date given by its code can mean."""
    date = UncertainDate.from_stored(text)
    return date.first, date.last


def test_in_force_leaves_out_what_has_certainly_run_out() -> None:
    factories.agreement(status="in_force")
    factories.agreement(status="in_force", expires="SH 1403")
    factories.agreement(status="approved", expires="SH 1390")

    assert numbers(Agreement.objects.in_force(on=datetime.date(2025, 3, 20))) == [1, 2]
    assert numbers(Agreement.objects.in_force(on=datetime.date(2025, 3, 21))) == [1]
    assert numbers(Agreement.objects.in_force()) == [1]
    on = datetime.date(2025, 3, 21)
    assert numbers(Agreement.objects.in_state("expired", on=on)) == [2]
    assert numbers(Agreement.objects.in_state("expired", "approved", on=on)) == [2, 3]
    assert numbers(Agreement.objects.in_state(on=on)) == []


# --- Years --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("signed", "year", "possibly", "certainly"),
    [
        ("SH 1403", 1403, True, True),
        ("SH 1403", 2024, True, False),
        ("SH 1403", 2025, True, False),
        ("SH 1403", 2023, False, False),
        ("SH 1403", 1404, False, False),
        ("AD 2009", 2009, True, True),
        ("AD 2009", 1387, True, False),
        ("AD 2009", 1388, True, False),
        ("AD 2009", 1389, False, False),
        ("SH 1395-03", 1395, True, True),
        ("SH 1395-03", 2016, True, True),
        ("SH 1395-10", 2016, True, False),
        ("SH 1395-10", 2017, True, False),
        ("AD 2013-04-13", 1392, True, True),
        ("AD 2013-04-13", 1391, False, False),
        ("SH 1403-12-30", 2025, True, True),
        (None, 2025, False, False),
    ],
)
def test_a_year_holds_a_date_possibly_or_certainly(
    signed: str | None, year: int, possibly: bool, certainly: bool
) -> None:
    factories.agreement(signed=signed)
    first, last, _calendar = year_bounds(year)

    found = list(Agreement.objects.signed_possibly_within(first, last))

    assert [agreement.signed_certainly for agreement in found] == [certainly] * possibly
    assert Agreement.objects.signed_certainly_within(first, last).count() == certainly
    assert Agreement.objects.tally_signed(first, last) == {
        "total": int(possibly),
        "certain": int(certainly),
        "undated": int(signed is None),
        "first": found[0].signed.first if possibly else None,
        "last": found[0].signed.last if possibly else None,
    }


def test_periods_have_their_twins_in_the_dates_themselves() -> None:
    for text in DATES:
        factories.agreement(signed=text)
    dated = [agreement for agreement in Agreement.objects.all() if agreement.signed]
    days = sorted({day for agreement in dated for day in (agreement.signed.first, agreement.signed.last)})

    for first, last in itertools.combinations_with_replacement(days, 2):
        assert numbers(Agreement.objects.signed_possibly_within(first, last)) == numbers(
            agreement for agreement in dated if agreement.signed.possibly_within(first, last)
        )
        assert numbers(Agreement.objects.signed_certainly_within(first, last)) == numbers(
            agreement for agreement in dated if agreement.signed.certainly_within(first, last)
        )


# --- Search -------------------------------------------------------------------------------------------


def test_search_finds_no_internal_note_and_no_percent_sign() -> None:
    factories.agreement(internal_note="Ankara")

    assert numbers(Agreement.objects.search("ankara")) == []
    assert numbers(Agreement.objects.search("100%")) == []


def test_search_of_what_agreements_rest_on() -> None:
    source = factories.source(factories.agreement(partner=factories.istanbul()), reference="12/۳۴", says_en="Nothing.")
    other = factories.source(factories.agreement(partner=factories.baku()))
    resolution = factories.resolution(number="۱۲", title_fa="خواهر‌خواندگی")
    domain, provision = factories.domain("cultural", name_fa="فرهنگی"), factories.provision()
    affinity = factories.affinity(factories.istanbul())

    assert list(Source.objects.search("1234")) == list(Source.objects.search("İstanbul")) == [source]
    assert list(Source.objects.search("baku")) == [other]
    for query in ("12", "خواهر خواندگی", "council TABRIZ"):
        assert list(Resolution.objects.search(query)) == [resolution]
    assert list(Domain.objects.search("فرهنگي")) == [domain]
    assert list(Provision.objects.search("146")) == [provision]
    assert list(Affinity.objects.search("قسطنطنیه")) == [affinity]
    for model in (Source, Resolution, Domain, Provision, Affinity):
        assert list(model.objects.search("ناکجاآباد")) == []


# --- Order --------------------------------------------------------------------------------------------


def test_order_by_signing_is_by_first_day_then_precision_then_number() -> None:
    for signed in ("AD 2016", "AD 2016-01-01", None, "AD 2016-01", "SH 1394-12", "AD 2016-01", "AD 2015-12-31"):
        factories.agreement(signed=signed)

    assert numbers(Agreement.objects.by_signing()) == [7, 2, 4, 6, 1, 5, 3]
    assert numbers(Agreement.objects.by_signing(descending=True)) == [5, 2, 4, 6, 1, 7, 3]


def test_order_by_number() -> None:
    for number in (12, 2, 1):
        factories.agreement(number=number)

    assert numbers(Agreement.objects.by_number()) == [1, 2, 12]
    assert numbers(Agreement.objects.by_number(descending=True)) == [12, 2, 1]


def test_resolutions_stand_newest_first_and_undated_last() -> None:
    for decided in ("AD 2010", None, "SH 1399-11-25", "AD 2019-05-06"):
        factories.resolution(decided=decided)

    newest = ["SH 1399-11-25", "AD 2019-05-06", "AD 2010", None]
    assert [one.decided and one.decided.code for one in Resolution.objects.by_date()] == newest


# --- Filters, duplicates, figures ---------------------------------------------------------------------


def test_an_agreement_in_two_domains_is_found_once() -> None:
    agreement = factories.agreement()
    agreement.domains.add(factories.domain("cultural"), factories.domain("economic"))

    assert numbers(Agreement.objects.in_domains("cultural", "economic")) == [1]


def test_likely_same_are_of_one_partner_and_kind_and_not_ended() -> None:
    partner = factories.istanbul()
    factories.agreement(partner=partner)
    factories.agreement(partner=partner, kind="friendship")
    factories.agreement(partner=partner, status="ended", status_reason_en="It stopped.")
    factories.agreement(partner=factories.baku())

    assert numbers(Agreement.objects.likely_same(partner.pk, "sister")) == [1]


def test_resolutions_are_likely_the_same_by_number_or_title_on_what_may_be_one_day() -> None:
    same = factories.resolution(number="12", decided="SH 1387")
    undated = factories.resolution(number="12")
    factories.resolution(number="12", decided="SH 1388")
    factories.resolution(number="13", decided="SH 1387")
    titled = factories.resolution(title_fa="پیوند")

    def likely(**given: Any) -> set[Resolution]:
        return set(Resolution.objects.likely_same(Resolution(**given)))

    assert likely(number="12", decided=UncertainDate(Calendar.GREGORIAN, 2008, 6, 1)) == {same, undated}
    assert likely(title_fa="پیوند") == {titled}


def test_expired_agreements_wait_for_somebody() -> None:
    factories.agreement(status="in_force", expires="SH 1403")

    assert Agreement.objects.to_do(on=datetime.date(2025, 3, 20))["expired"] == 0
    assert Agreement.objects.to_do(on=datetime.date(2025, 3, 21))["expired"] == 1


def test_figures_of_nothing() -> None:
    assert set(Agreement.objects.at_a_glance().values()) == {0}
    assert (Agreement.objects.count_by("kind"), Agreement.objects.latest_change()) == ({}, None)


def test_latest_change_is_that_of_the_newest() -> None:
    first, second = factories.agreement(), factories.agreement()
    first.summary_en = "Changed."
    first.save()

    assert Agreement.objects.latest_change() == first.updated_at > second.updated_at


def test_named_says_the_first_few_and_that_there_are_more() -> None:
    for number in range(1, 5):
        factories.agreement(name_en=f"Pact {number}")

    named = Agreement.objects.named(at_most=2).replace("\u2068", "").replace("\u2069", "")
    assert named == "1. Pact 1, 2. Pact 2, …"
    assert Agreement.objects.filter(number=4).named(at_most=1).strip("\u2068\u2069") == "4. Pact 4"
    assert Agreement.objects.none().named() == ""


def test_the_page_of_an_agreement_costs_the_same_queries_with_many_parts(django_assert_num_queries) -> None:
    agreement = factories.agreement(predecessor=factories.agreement())
    for number in range(3):
        factories.source(agreement)
        agreement.resolutions.add(factories.resolution())
        agreement.domains.add(factories.domain(f"domain-{number}"))
        agreement.provisions.add(factories.provision(f"provision-{number}"))

    with django_assert_num_queries(6):
        full = Agreement.objects.in_full().get(pk=agreement.pk)
        _everything = (
            full.partner.country.name,
            full.home_city.name,
            full.predecessor.partner.name,
            [str(part) for part in (*full.sources.all(), *full.resolutions.all(), *full.domains.all())],
            [str(part) for part in (*full.provisions.all(), *full.successors.all())],
        )


@pytest.mark.parametrize("make", [factories.domain, factories.provision])
def test_counting_published_agreements_keeps_the_usual_order(make) -> None:
    for key, position in (("b", 2), ("c", 1), ("a", 2)):
        make(key, position=position)

    found = type(make("z", position=3)).objects.with_published_count()
    assert [(one.key, one.published_count) for one in found] == [("c", 0), ("a", 0), ("b", 0), ("z", 0)]
