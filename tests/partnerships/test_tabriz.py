"""Tabriz's register as it ships, held against what its sources say."""

import csv
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils.translation import override

import partnerships
from cities.models import City
from partnerships.exchange import load, read_register
from partnerships.models import (
    Affinity,
    Agreement,
    Domain,
    Membership,
    MilestoneKind,
    Provision,
    Resolution,
    Source,
    Verb,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tabriz")]

SHIPPED = Path(partnerships.__file__).parent / "data/tabriz"
MODELS = [City, Domain, Provision, MilestoneKind, Resolution, Agreement, Source, Affinity, Membership]

# Number, partner, country, kind, status, signed, resolution, verification, publication.
REGISTER = [
    (1, "Istanbul", "TR", "sister", "in_force", "", "", "official", "published"),
    (2, "Baku", "AZ", "sister", "in_force", "", "", "disputed", "published"),
    (3, "Trabzon", "TR", "sister", "in_force", "", "", "press", "published"),
    (4, "Kazan", "RU", "sister", "in_force", "AD 2009", "", "official", "published"),
    (5, "Khujand", "TJ", "sister", "in_force", "", "", "official", "published"),
    (6, "Erzurum", "TR", "sister", "in_force", "AD 2011", "", "official", "published"),
    (7, "Mogilev", "BY", "sister", "in_force", "", "", "official", "published"),
    (8, "Gaza", "PS", "sister", "in_force", "SH 1387", "SH 1387", "disputed", "published"),
    (9, "Ganja", "AZ", "sister", "in_force", "", "", "official", "published"),
    (10, "Konya", "TR", "sister", "in_force", "", "", "press", "published"),
    (11, "Karbala", "IQ", "sister", "in_force", "", "", "official", "published"),
    (12, "Wuhan", "CN", "friendship", "in_force", "SH 1395-03", "", "press", "published"),
    (13, "Bursa", "TR", "sister", "approved", "", "AD 2022-05-22", "official", "draft"),
    (14, "Almaty", "KZ", "sister", "prospect", "", "", "press", "draft"),
]
PERSIAN_NAMES = [
    *("استانبول", "باکو", "طرابوزان", "قازان", "خجند", "ارزروم", "ماگیلف"),
    *("غزه", "گنجه", "قونیه", "کربلا", "ووهان", "بورسا", "آلماتی"),
]

# Of each agreement, every source but the founding one: publisher, where it is found, date, stance, date of signing.
OFFICIAL_LIST = (
    "Municipality of Tabriz, English site",
    "https://en.tabriz.ir/News/281",
    "AD 2019-05-06",
    "supports",
    "",
)
OTHER_SOURCES = {
    1: [("Asr-e Iran", "https://asriran.com/fa/news/136833", "SH 1389-06-28", "supports", ""), OFFICIAL_LIST],
    2: [
        OFFICIAL_LIST,
        ("Report News Agency", "report.az", "AD 2025-10-17", "contradicts", ""),
        ("Azernews", "https://azernews.az/nation/248935", "AD 2025-10-17", "contradicts", ""),
    ],
    3: [],
    4: [("Inkazan", "inkazan.ru", "AD 2017-06-30", "supports", "AD 2009"), OFFICIAL_LIST],
    5: [OFFICIAL_LIST],
    6: [
        ("Municipality of Tabriz, English site", "https://en.tabriz.ir/News/28", "", "supports", "AD 2011"),
        OFFICIAL_LIST,
    ],
    7: [OFFICIAL_LIST],
    8: [
        ("Pars News", "https://parsnews.com/36950", "", "supports", ""),
        (
            "Islamic Republic News Agency (IRNA), Arabic service",
            "https://ar.irna.ir/news/80612947",
            "",
            "contradicts",
            "AD 2013-04-13",
        ),
        OFFICIAL_LIST,
    ],
    9: [OFFICIAL_LIST],
    10: [],
    11: [OFFICIAL_LIST],
    12: [],
    13: [("Young Journalists Club, Arabic service", "https://yjc.ir/ar/news/64378", "", "supports", "")],
    14: [("Araz News", "araznews.org", "", "supports", "")],
}
FOUNDING_CLAIMS = {number: "" for number in range(1, 13)} | {8: "SH 1387", 12: "SH 1395-03"}

CITIES = {
    "tabriz": (38.08, 46.2919, 1558693, 2016, "Asia/Tehran", 113646),
    "istanbul": (41.01384, 28.94966, 15701602, 2024, "Europe/Istanbul", 745044),
    "baku": (40.37767, 49.89201, 2336600, 2023, "Asia/Baku", 587084),
    "trabzon": (41.005, 39.72694, 322702, 2023, "Europe/Istanbul", 738648),
    "kazan": (55.78874, 49.12214, 1308660, 2021, "Europe/Moscow", 551487),
    "khujand": (40.28256, 69.62216, 181600, 2019, "Asia/Dushanbe", 1514879),
    "erzurum": (39.90861, 41.27694, 745005, 2024, "Europe/Istanbul", 315368),
    "mogilev": (53.90876, 30.34044, 353110, 2024, "Europe/Minsk", 625665),
    "gaza": (31.50161, 34.46672, 590481, 2017, "Asia/Gaza", 281133),
    "ganja": (40.68157, 46.36134, 335802, 2021, "Asia/Baku", 586523),
    "konya": (37.87135, 32.48464, 2330024, 2024, "Europe/Istanbul", 306571),
    "karbala": (32.61603, 44.02488, 1218732, None, "Asia/Baghdad", 94824),
    "wuhan": (30.58333, 114.26667, 12326518, 2020, "Asia/Shanghai", 1791247),
    "bursa": (40.19559, 29.06013, 3238618, 2024, "Europe/Istanbul", 750269),
    "almaty": (43.25249, 76.9115, 2347924, 2026, "Asia/Almaty", 1526384),
}


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with override("en"):
        yield


def code(date) -> str:
    """An uncertain date by its code; "" when it is not known."""
    return date.code if date else ""


def test_register_is_the_table() -> None:
    assert [
        (
            agreement.number,
            agreement.partner.name_en,
            agreement.partner.country_id,
            agreement.kind,
            agreement.status,
            code(agreement.signed),
            " ".join(code(resolution.decided) for resolution in agreement.resolutions.all()),
            agreement.verification,
            agreement.publication,
        )
        for agreement in Agreement.objects.by_number()
    ] == REGISTER
    assert [agreement.partner.name_fa for agreement in Agreement.objects.by_number()] == PERSIAN_NAMES


def test_what_is_not_known_is_not_made_up() -> None:
    for agreement in Agreement.objects.all():
        assert (agreement.title_fa, agreement.title_en, agreement.place_signed_en, agreement.signatories_home_en) == (
            *("", "", "", ""),
        )
        assert (agreement.expires, agreement.in_force_from, agreement.notice_by, agreement.status_since) == (None,) * 4
        assert (agreement.verified_on, agreement.verified_by, agreement.predecessor) == (None, None, None)
    assert [resolution.number for resolution in Resolution.objects.all()] == ["", ""]


def test_names_follow_from_the_cities() -> None:
    for agreement in Agreement.objects.all():
        usual = (agreement.usual_names("fa")[agreement.kind], agreement.usual_names("en")[agreement.kind])
        assert (agreement.name_fa, agreement.name_en) == usual
    assert Agreement.objects.get(number=12).name_en == "Friendship and cooperation agreement of Tabriz and Wuhan"


def test_signed_dates_keep_their_words() -> None:
    words = {agreement.number: agreement.signed.words for agreement in Agreement.objects.all() if agreement.signed}

    assert words == {4: "2009", 6: "2011", 8: "۱۳۸۷", 12: "خرداد ۱۳۹۵"}


def test_founding_source_is_attached_to_each_of_the_twelve() -> None:
    founding = Source.objects.filter(reference="30993020").order_by("agreement__number")

    assert {source.agreement.number: code(source.signed_claim) for source in founding} == FOUNDING_CLAIMS
    assert {
        (source.nature, source.publisher_en, source.title_fa, code(source.issued), source.stance) for source in founding
    } == {
        (
            "press",
            "Borna News Agency, East Azerbaijan",
            "خواهرخواندگی؛ گذار به دیپلماسی شهری",
            "SH 1399-11-25",
            "supports",
        )
    }


def test_every_other_source_is_attached_to_the_partner_it_speaks_of() -> None:
    found = {
        agreement.number: [
            (
                source.publisher_en,
                source.url or source.reference,
                code(source.issued),
                source.stance,
                code(source.signed_claim),
            )
            for source in agreement.sources.exclude(reference="30993020").order_by("pk")
        ]
        for agreement in Agreement.objects.by_number()
    }

    assert found == OTHER_SOURCES
    assert Source.objects.count() == 30


def test_sources_are_told_in_both_languages_and_found() -> None:
    for source in Source.objects.all():
        assert source.publisher_fa
        assert source.says_fa
        assert source.says_en
    official = {source.url for source in Source.objects.filter(nature="official")}
    assert official == {"https://en.tabriz.ir/News/281", "https://en.tabriz.ir/News/28"}


def test_only_the_sources_on_baku_and_gaza_contradict() -> None:
    contradicting = Source.objects.filter(stance="contradicts").values_list("agreement__number", flat=True)

    assert sorted(contradicting) == [2, 2, 8]
    assert sorted(Agreement.objects.filter(verification="disputed").values_list("number", flat=True)) == [2, 8]
    assert [source.agreement.number for source in Source.objects.all() if source.contradicts_signed] == [8]


def test_proof_is_what_the_sources_give() -> None:
    for agreement in Agreement.objects.published().exclude(verification="disputed"):
        natures = {source.nature for source in agreement.sources.all()}
        assert agreement.verification == ("official" if "official" in natures else "press")
        agreement.check_grounds()


def test_domains_are_the_vocabulary_and_claimed_for_two_partners_alone() -> None:
    assert [(domain.key, domain.name_fa) for domain in Domain.objects.all()] == [
        ("cultural", "فرهنگی"),
        ("social", "اجتماعی"),
        ("economic", "اقتصادی"),
        ("managerial", "مدیریتی"),
        ("technical", "فنی"),
        ("political", "سیاسی"),
        ("scientific", "علمی"),
        ("tourism", "گردشگری"),
    ]
    claimed = Agreement.objects.filter(domains__isnull=False).values_list("number", "domains__key")
    assert sorted(claimed) == [(1, "cultural"), (2, "cultural")]
    affinities = Affinity.objects.values_list("partner__slug", "ground", "attribution_en")
    assert sorted(affinities) == [
        ("baku", "cultural", "Borna News Agency, 25 Bahman 1399"),
        ("istanbul", "cultural", "Borna News Agency, 25 Bahman 1399"),
    ]


def test_article_146_serves_each_of_the_twelve_and_the_other_provisions_stand_in_the_list() -> None:
    assert [(provision.key, provision.article_fa) for provision in Provision.objects.all()] == [
        ("master-plan-vision", "چشم‌انداز بلندمدت"),
        ("strategic-vision", ""),
        ("article-146", "ماده ۱۴۶"),
        ("sister-city-interaction", "احکام اجتماعی-فرهنگی: شهرهای خواهرخوانده"),
        ("international-membership", "احکام اجتماعی-فرهنگی: مجامع بین‌المللی"),
    ]
    served = Agreement.objects.filter(provisions__isnull=False).values_list("number", "provisions__key")
    assert sorted(served) == [(number, "article-146") for number in range(1, 13)]


def test_populations_are_those_whose_source_is_told() -> None:
    told = (SHIPPED / "README.md").read_text(encoding="utf-8")
    rows = {
        row[0]: row[1:3] for row in re.findall(r"^\| ([\w]+) \| ([\d,]+) \| (\d+|not known) \|", told, re.MULTILINE)
    }

    assert rows == {
        city.name_en: (f"{city.population:,}", str(city.population_year or "not known")) for city in City.objects.all()
    }


def test_cities_have_their_coordinates_population_and_time_zone() -> None:
    assert {
        city.slug: (
            *(city.latitude, city.longitude, city.population, city.population_year),
            *(city.time_zone, city.geonames_id),
        )
        for city in City.objects.all()
    } == CITIES
    assert [city.slug for city in City.objects.filter(is_home=True)] == ["tabriz"]


def test_cities_have_names_in_their_own_language_and_others() -> None:
    assert {city.slug: (city.name_local, city.language_local) for city in City.objects.all()} == {
        "tabriz": ("تبریز", "fa"),
        "istanbul": ("İstanbul", "tr"),
        "baku": ("Bakı", "az"),
        "trabzon": ("Trabzon", "tr"),
        "kazan": ("Казань", "ru"),
        "khujand": ("Хуҷанд", "tg"),
        "erzurum": ("Erzurum", "tr"),
        "mogilev": ("Магілёў", "be"),
        "gaza": ("غزة", "ar"),
        "ganja": ("Gəncə", "az"),
        "konya": ("Konya", "tr"),
        "karbala": ("كربلاء", "ar"),
        "wuhan": ("武汉", "zh"),
        "bursa": ("Bursa", "tr"),
        "almaty": ("Алматы", "kk"),
    }
    assert {"مگیلف", "موگیلف", "Mahilyow", "Могилёв"} <= set(City.objects.get(slug="mogilev").other_names.splitlines())
    assert all(city.other_spellings for city in City.objects.all())


def test_memberships_are_those_that_a_page_of_the_municipality_states() -> None:
    columns = ("key", "status", "verification", "is_public", "since", "publisher_en", "url")
    assert list(Membership.objects.values_list(*columns)) == [
        (
            "metropolis",
            "member",
            "official",
            True,
            None,
            "Municipality of Tabriz",
            "https://en-2018.tabriz.ir/?MID=27&id=9",
        ),
        ("oicc", "member", "official", True, None, "Municipality of Tabriz", "https://en-2018.tabriz.ir/?MID=27&id=10"),
    ]
    served = Membership.objects.values_list("provisions__key", flat=True)
    assert list(served) == ["international-membership", "international-membership"]


def test_every_record_has_one_entry_of_history_and_says_why() -> None:
    for model in MODELS:
        assert model.history.count() == model.objects.count()
        assert {entry.history_change_reason for entry in model.history.all()} == {"فایل دفتر tabriz"}


def test_loading_it_again_changes_nothing() -> None:
    before = [(model.objects.count(), model.history.count()) for model in MODELS]

    report = load(read_register(SHIPPED))

    assert (report.made, report.changed, report.unchanged) == (0, 0, 98)
    assert (report.issues, report.differences, report.saved) == ([], [], True)
    assert [(model.objects.count(), model.history.count()) for model in MODELS] == before


def test_files_open_in_a_spreadsheet_and_read_as_text() -> None:
    for file in SHIPPED.glob("*.csv"):
        content = file.read_bytes()
        assert content.startswith(b"\xef\xbb\xbf"), file.name
        assert b"\r" not in content
        rows = list(csv.reader(content.decode("utf-8-sig").splitlines()))
        assert {len(row) for row in rows} == {len(rows[0])}, file.name


def test_persian_is_written_with_persian_letters_and_digits() -> None:
    for model in MODELS:
        persian = [field.name for field in model._meta.fields if field.name.endswith("_fa") and field.editable]
        for record in model.objects.all():
            for name in persian:
                text = getattr(record, name)
                assert not set(text) & set("يكىة0123456789٠١٢٣٤٥٦٧٨٩"), (str(record), name, text)


def test_shipped_kinds_stand_in_order_and_each_verb_once() -> None:
    kinds = list(MilestoneKind.objects.all())

    assert [kind.key for kind in kinds][:3] == ["proposal", "justification-report", "interior-ministry"]
    assert [kind.position for kind in kinds] == list(range(1, 21))
    assert sorted(kind.verb for kind in kinds if kind.verb) == sorted(Verb.values)
    assert {kind.key for kind in kinds if kind.is_public} == {
        *("signing", "exchange", "action-plan", "renewal", "suspension", "resumption", "end", "reopening"),
    }
    assert {kind.key: kind.patience_days for kind in kinds if kind.patience_days}["interior-ministry"] == 60
    assert all(kind.name_fa and kind.name_en and kind.text_fa and kind.authority_fa for kind in kinds)


def test_a_second_load_keeps_what_managers_edited() -> None:
    kind = MilestoneKind.objects.get(key="interior-ministry")
    kind.patience_days = 20
    kind.save()

    report = load(read_register(SHIPPED))

    assert [issue.column for issue in report.differences] == ["patience_days"]
    assert not report.saved
    kind.refresh_from_db()
    assert kind.patience_days == 20
