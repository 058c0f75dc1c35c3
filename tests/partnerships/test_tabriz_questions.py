"""The questions of querysets.py, asked of Tabriz's register: search, order and figures on real names and dates."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.utils.translation import override

from partnerships.models import Agreement, Source

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tabriz")]


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


ALL_SISTERS = [*range(1, 12), 13, 14]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        *((query, [2]) for query in ("باکو", "باكو", "baku", "BAKÜ", "bakı", "Bakı", "Баку", "بادکوبه")),
        *((query, [1]) for query in ("استانبول", "İSTANBUL", "istanbul", "Constantinople", "قسطنطنيه", "стамбул")),
        *(
            (query, [7])
            for query in ("ماگیلف", "موگیلف", "مگیلف", "Mahilyow", "mahilou", "Могилёв", "МОГИЛЕВ", "Магілёў")
        ),
        *((query, [9]) for query in ("گنجه", "گنجة", "Gəncə", "gence", "Ganja", "Гянджа", "kirovabad")),
        *((query, [12]) for query in ("ووهان", "武汉", "wuhan", "دوستی و همکاری", "friendship cooperation wuhan")),
        *((query, [3]) for query in ("طرابوزان", "ترابزون", "Trebizond", "trabzon türkiye", "طرابوزان ترکیه")),
        *((query, ALL_SISTERS) for query in ("خواهرخواندگی", "خواهر خواندگی", "خواهر\u200cخواندگی", "خواهرخواندگي")),
        ("خواهرخواندگی قونیه", [10]),
        ("konya istanbul", []),
        ("!!!", list(range(1, 15))),
        ("", list(range(1, 15))),
        ("ناکجاآباد", []),
    ],
)
def test_search_in_the_register_of_tabriz(query: str, found: list[int]) -> None:
    assert numbers(Agreement.objects.search(query).by_number()) == found


def test_persian_order_of_the_partners_of_tabriz() -> None:
    order = [
        *("آلماتی", "ارزروم", "استانبول", "باکو", "بورسا", "خجند", "طرابوزان"),
        *("غزه", "قازان", "قونیه", "کربلا", "گنجه", "ماگیلف", "ووهان"),
    ]

    with override("fa"):
        assert partners(Agreement.objects.with_partner().alphabetical(), "fa") == order
        assert partners(Agreement.objects.with_partner().alphabetical(descending=True), "fa") == order[::-1]


def test_english_order_of_the_partners_of_tabriz() -> None:
    assert partners(Agreement.objects.with_partner().published().alphabetical()) == [
        *("Baku", "Erzurum", "Ganja", "Gaza", "Istanbul", "Karbala", "Kazan", "Khujand", "Konya", "Mogilev"),
        *("Trabzon", "Wuhan"),
    ]


def test_order_by_country_then_partner() -> None:
    public = Agreement.objects.with_partner().published()

    assert partners(public.by_country()) == [
        *("Baku", "Ganja", "Mogilev", "Wuhan", "Karbala", "Gaza", "Kazan", "Khujand"),
        *("Erzurum", "Istanbul", "Konya", "Trabzon"),
    ]
    descending = public.by_country(descending=True)
    assert [agreement.partner.country_id for agreement in descending][:5] == ["TR", "TR", "TR", "TR", "TJ"]


def test_order_by_signing_puts_unknown_dates_last_either_way() -> None:
    assert numbers(Agreement.objects.published().by_signing()) == [8, 4, 6, 12, 1, 2, 3, 5, 7, 9, 10, 11]
    assert numbers(Agreement.objects.published().by_signing(descending=True)) == [12, 6, 4, 8, 1, 2, 3, 5, 7, 9, 10, 11]


def test_filters_of_tabriz() -> None:
    agreements = Agreement.objects.by_number()

    assert numbers(agreements.of_kind("friendship", "project")) == [12]
    assert numbers(agreements.verified_as("press")) == [3, 10, 12, 14]
    assert numbers(agreements.in_countries("TR", "CN")) == [1, 3, 6, 10, 12, 13]
    assert numbers(agreements.in_domains("cultural", "economic")) == [1, 2]


def test_figures_of_tabriz() -> None:
    public = Agreement.objects.published()

    assert public.at_a_glance() == {
        "agreements": 12,
        "partners": 12,
        "countries": 8,
        "sisters": 11,
        "others": 1,
        "dated": 4,
        "disputed": 2,
    }
    assert Agreement.objects.to_do() == {"drafts": 2, "disputed": 2, "unverified": 0, "approved": 1, "expired": 0}
    assert public.count_by("kind") == {"sister": 11, "friendship": 1}
    assert public.count_by("domains__key") == {"cultural": 2}
    assert public.with_state().count_by("state_on") == {"in_force": 12}
    assert public.cross_count("kind", "verification") == {
        ("sister", "official"): 7,
        ("sister", "press"): 2,
        ("sister", "disputed"): 2,
        ("friendship", "press"): 1,
    }


def test_a_publication_that_speaks_of_several_agreements_is_one() -> None:
    found = Source.objects.of_published().latest_publications(3)

    assert [(one.publisher_en, one.issued.code, one.cited) for one in found] == [
        ("Azernews", "AD 2025-10-17", 1),
        ("Report News Agency", "AD 2025-10-17", 1),
        ("Borna News Agency, East Azerbaijan", "SH 1399-11-25", 12),
    ]
