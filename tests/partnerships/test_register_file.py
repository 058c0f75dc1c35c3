"""Register files: what a folder of CSV files does to the register, and what is said of a wrong one."""

import csv
import datetime
import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils.translation import override

from cities.models import City
from partnerships.exchange import TABLES, Issue, load, read_register
from partnerships.models import Affinity, Agreement, Domain, Membership, Provision, Register, Resolution, Source
from sistercities.dates import UncertainDate
from sistercities.tables import LARGEST_FILE
from tests import factories

pytestmark = pytest.mark.django_db

MODELS = [City, Domain, Provision, Resolution, Agreement, Source, Affinity, Membership]

CITIES = """\
slug,is_home,country,name_fa,name_en,other_names,latitude,longitude,population,time_zone
tabriz,yes,IR,تبریز,Tabriz,Tauris | Tebriz,38.08,46.2919,1424641,Asia/Tehran
istanbul,no,TR,استانبول,Istanbul,,41.01384,28.94966,,Europe/Istanbul
ganja,,AZ,گنجه,Ganja,,۴۰٫۶۸۱۵۷,46.36134,,
"""
DOMAINS = """\
key,name_fa,name_en,position
cultural,فرهنگی,cultural,1
economic,اقتصادی,economic,2
"""
PROVISIONS = """\
key,plan_fa,plan_en,article_fa,article_en
article-146,برنامه راهبردی,Strategic plan,ماده ۱۴۶,Article 146
"""
RESOLUTIONS = """\
key,body_fa,body_en,decided,title_fa
ganja-1387,شورای شهر,City council,1387,خواهرخواندگی با گنجه
"""
AGREEMENTS = """\
number,partner,kind,status,signed,domains,resolutions,provisions,predecessor,verified_on,published
1,istanbul,sister,in_force,خرداد 1395,cultural | economic,,article-146,,۱۴۰۳/۱/۲,yes
2,ganja,friendship,in_force,,,,,,,no
7,ganja,sister,approved,,economic,ganja-1387,,2,,
"""
SOURCES = """\
agreement,nature,publisher_en,reference,url,issued,says_en,stance,signed_claim
1,press,News agency,,,2010,The agreement was signed.,supports,2016-05-22
2,official,Municipality,a letter,,,It is in force.,supports,
2,press,Daily,,https://example.org/1,,It was never signed.,contradicts,
"""
AFFINITIES = """\
partner,ground,text_en,attribution_fa,attribution_en
istanbul,cultural,One culture,خبرگزاری,News agency
"""
MEMBERSHIPS = """\
key,name_fa,name_en,acronym,kind,status,since,provisions,verification,publisher_en,url,issued,is_public,position
metropolis,انجمن,Association,M,association,member,1387,article-146,official,City,https://example.org/m,2021-02,yes,2
"""
WHOLE = {
    "cities": CITIES,
    "domains": DOMAINS,
    "provisions": PROVISIONS,
    "resolutions": RESOLUTIONS,
    "agreements": AGREEMENTS,
    "sources": SOURCES,
    "affinities": AFFINITIES,
    "memberships": MEMBERSHIPS,
}
SMALL = {
    "cities": """\
slug,is_home,country,name_fa,name_en
tabriz,yes,IR,تبریز,Tabriz
istanbul,no,TR,استانبول,Istanbul
""",
    "agreements": """\
number,partner
1,istanbul
""",
}


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    """The messages are in English unless a test says otherwise."""
    with override("en"):
        yield


@pytest.fixture(autouse=True)
def _countries() -> None:
    for code in ("IR", "TR", "AZ"):
        factories.country(code)


def write(folder: Path, files: dict[str, str | bytes]) -> Path:
    """A register file in `folder`; a text is written in UTF-8, bytes as they are."""
    folder = folder / "register"
    folder.mkdir(exist_ok=True)
    for name, content in files.items():
        content = content.encode() if isinstance(content, str) else content
        (folder / f"{name}.csv").write_bytes(content)
    return folder


def issues(folder: Path, files: dict[str, str | bytes]) -> list[tuple[str, int | None, str, str]]:
    """What is said of these files, as file, row, column and reason. Nothing was written, or this fails."""
    before = counts()
    report = load(read_register(write(folder, files)))
    assert not report.saved
    assert counts() == before
    return [(issue.file, issue.row, issue.column, issue.reason) for issue in report.issues]


def counts() -> list[int]:
    """How many rows and entries of history there are of each model, and the last number given."""
    numbers = [number for model in MODELS for number in (model.objects.count(), model.history.count())]
    return [*numbers, *Register.objects.values_list("last_number", flat=True)]


def versions() -> list[tuple[str, int, int]]:
    """Each record with its version."""
    return [
        (model.__name__, pk, version) for model in MODELS for pk, version in model.objects.values_list("pk", "version")
    ]


def changed(text: str, old: str, new: str) -> str:
    """`text` with `old`, which stands there once, replaced by `new`."""
    assert text.count(old) == 1
    return text.replace(old, new)


# --- What a right file does ---------------------------------------------------------------------------


def test_load_fills_every_model(tmp_path: Path) -> None:
    report = load(read_register(write(tmp_path, WHOLE)))

    assert (report.issues, report.differences, report.saved) == ([], [], True)
    assert (report.made, report.changed, report.unchanged) == (15, 0, 0)
    tabriz, istanbul, ganja = City.objects.order_by("pk")
    assert (tabriz.slug, tabriz.is_home, tabriz.other_names) == ("tabriz", True, "Tauris\nTebriz")
    assert (tabriz.latitude, tabriz.population, tabriz.time_zone) == (38.08, 1424641, "Asia/Tehran")
    assert (istanbul.is_home, istanbul.population, istanbul.level) == (False, None, "city")
    assert (ganja.country_id, ganja.latitude, ganja.is_home) == ("AZ", 40.68157, False)
    one, two, seven = Agreement.objects.order_by("number")
    assert (one.number, one.partner, one.home_city, one.kind, one.status) == (1, istanbul, tabriz, "sister", "in_force")
    assert (one.signed.code, one.signed.words) == ("SH 1395-03", "خرداد 1395")
    assert one.name_en == "Sister-city agreement of Tabriz and Istanbul"
    assert [domain.key for domain in one.domains.order_by("key")] == ["cultural", "economic"]
    assert [provision.key for provision in one.provisions.all()] == ["article-146"]
    assert one.verified_on == datetime.date(2024, 3, 21)
    assert [agreement.publication for agreement in (one, two, seven)] == ["published", "draft", "draft"]
    assert (seven.predecessor, seven.verified_on) == (two, None)
    assert [resolution.key for resolution in seven.resolutions.all()] == ["ganja-1387"]
    assert [(source.publisher_en, source.stance) for source in two.sources.order_by("pk")] == [
        ("Municipality", "supports"),
        ("Daily", "contradicts"),
    ]
    assert one.sources.get().signed_claim.code == "AD 2016-05-22"
    assert [(affinity.ground, affinity.text_en) for affinity in istanbul.affinities.all()] == [
        ("cultural", "One culture")
    ]
    membership = Membership.objects.get()
    assert (membership.key, membership.name_en, membership.since.code) == ("metropolis", "Association", "SH 1387")
    assert (membership.issued.code, membership.is_public, membership.position) == ("AD 2021-02", True, 2)
    assert [provision.key for provision in membership.provisions.all()] == ["article-146"]


def test_load_makes_one_entry_of_history_for_each_record_with_user_and_reason(tmp_path: Path) -> None:
    user = factories.manager()

    load(read_register(write(tmp_path, WHOLE)), by=user)

    entries = [entry for model in MODELS for entry in model.history.all()]
    assert len(entries) == 15
    assert {(entry.history_type, entry.history_user, entry.history_change_reason) for entry in entries} == {
        ("+", user, "Register file register")
    }
    one = Agreement.objects.get(number=1)
    assert (one.published_by, one.history.get().published_at) == (user, one.published_at)
    assert one.history.get().domains.count() == 2


def test_load_without_a_user_names_none(tmp_path: Path) -> None:
    load(read_register(write(tmp_path, WHOLE)))

    assert Agreement.objects.get(number=1).published_by is None
    assert Agreement.history.filter(history_user__isnull=False).count() == 0


def test_load_takes_the_numbers_so_that_the_next_agreement_gets_a_new_one(tmp_path: Path) -> None:
    load(read_register(write(tmp_path, WHOLE)))

    assert factories.agreement().number == 8


def test_load_again_changes_nothing(tmp_path: Path) -> None:
    folder = write(tmp_path, WHOLE)
    load(read_register(folder))
    before = counts(), versions()

    report = load(read_register(folder), update=True)

    assert (report.made, report.changed, report.unchanged, report.saved) == (0, 0, 15, True)
    assert (counts(), versions()) == before


def test_the_same_reading_can_be_loaded_twice(tmp_path: Path) -> None:
    register = read_register(write(tmp_path, SMALL | {"agreements": "number,partner,status\n1,istanbul,ended\n"}))

    first, second = load(register), load(register)

    assert [str(issue) for issue in first.issues] == [str(issue) for issue in second.issues]
    assert (len(first.issues), second.saved) == (1, False)


def test_load_adds_new_rows_beside_known_ones(tmp_path: Path) -> None:
    load(read_register(write(tmp_path, WHOLE)))

    report = load(read_register(write(tmp_path, {"agreements": AGREEMENTS + "9,istanbul,contact,prospect,,,,,,,\n"})))

    assert (report.made, report.unchanged, report.saved) == (1, 15, True)
    assert Agreement.objects.get(number=9).kind == "contact"


def test_rows_that_a_file_does_not_name_stay(tmp_path: Path) -> None:
    load(read_register(write(tmp_path, WHOLE)))
    without = {"agreements": "".join(AGREEMENTS.splitlines(keepends=True)[:2]), "sources": SOURCES.splitlines()[0]}

    report = load(read_register(write(tmp_path, without)), update=True)

    assert (report.saved, report.unchanged) == (True, 10)
    assert (Agreement.objects.count(), Source.objects.count()) == (3, 3)


def test_columns_that_a_file_does_not_have_stay(tmp_path: Path) -> None:
    load(read_register(write(tmp_path, SMALL)))
    Agreement.objects.update(internal_note="Call the mayor.")

    report = load(read_register(write(tmp_path, SMALL)), update=True)

    assert (report.unchanged, report.differences) == (3, [])
    assert Agreement.objects.get().internal_note == "Call the mayor."


def test_two_files_are_enough(tmp_path: Path) -> None:
    assert load(read_register(write(tmp_path, SMALL))).saved
    assert Agreement.objects.get().status == "prospect"


def test_an_empty_cell_means_the_default(tmp_path: Path) -> None:
    agreements = "number,partner,kind,status,verification,published,name_en,domains\n1,istanbul,,,,,,\n"

    load(read_register(write(tmp_path, SMALL | {"agreements": agreements})))

    agreement = Agreement.objects.get()
    assert (agreement.kind, agreement.status, agreement.verification) == ("sister", "prospect", "unverified")
    assert (agreement.publication, agreement.name_en) == ("draft", "Sister-city agreement of Tabriz and Istanbul")


def test_an_empty_name_equals_the_usual_one_and_not_another(tmp_path: Path) -> None:
    files = SMALL | {"agreements": "number,partner,name_en\n1,istanbul,\n"}
    load(read_register(write(tmp_path, files)))

    assert load(read_register(write(tmp_path, files))).unchanged == 3

    Agreement.objects.update(name_en="The Istanbul Charter")
    report = load(read_register(write(tmp_path, files)))
    assert [str(difference) for difference in report.differences] == [
        "agreements.csv, row 2, name_en, “Sister-city agreement of Tabriz and Istanbul”: "
        "the register has “The Istanbul Charter”."
    ]


@pytest.mark.parametrize(
    "form",
    [
        pytest.param(lambda text: text.encode("utf-8-sig"), id="byte order mark"),
        pytest.param(lambda text: text.replace("\n", "\r\n").encode(), id="Windows line ends"),
        pytest.param(lambda text: text.rstrip("\n").encode(), id="no last line end"),
        pytest.param(lambda text: text.replace("\n", "\n\n").encode(), id="blank lines"),
        pytest.param(lambda text: text.replace("\n", ",,\n").encode(), id="empty columns at the end"),
        pytest.param(
            lambda text: text.replace("number,partner", " Number ,PARTNER").encode(), id="headings in capitals"
        ),
        pytest.param(lambda text: text.replace(",", ";").encode(), id="semicolons"),
        pytest.param(lambda text: text.replace(",", "\t").encode("utf-16"), id="tabs, UTF-16"),
        pytest.param(lambda text: text.replace("ی", "ي").encode("cp1256"), id="Windows-1256"),
        pytest.param(lambda text: text.replace("istanbul", "\u200eistanbul\u200f ").encode(), id="unseen characters"),
    ],
)
def test_forms_in_which_programs_save_are_taken(tmp_path: Path, form) -> None:
    files = {name: form(text) for name, text in SMALL.items()}

    report = load(read_register(write(tmp_path, files)))

    assert ([str(issue) for issue in report.issues], report.made) == ([], 3)


def test_yes_and_no_are_taken_in_several_spellings(tmp_path: Path) -> None:
    cities = SMALL["cities"].replace("tabriz,yes", "tabriz,TRUE").replace("istanbul,no", "istanbul,خیر")

    assert load(read_register(write(tmp_path, SMALL | {"cities": cities}))).saved
    assert City.objects.home().slug == "tabriz"


def test_a_cell_with_several_values_takes_them_on_lines_of_their_own(tmp_path: Path) -> None:
    files = WHOLE | {"agreements": changed(AGREEMENTS, "cultural | economic", '"economic\ncultural\n"')}

    assert load(read_register(write(tmp_path, files))).saved
    assert load(read_register(write(tmp_path, WHOLE))).unchanged == 15


# --- Differences --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "domains"),
    [
        ("خواهر خواندگی", "فرهنگي | اقتصادی"),
        ("Sister City", "Economic، Cultural"),
        ("Partnerschaft", "economic\ncultural"),
    ],
)
def test_choices_and_domains_go_by_their_names_in_any_spelling(tmp_path: Path, kind: str, domains: str) -> None:
    named = changed(AGREEMENTS, "1,istanbul,sister,in_force", f"1,istanbul,{kind},جاری")
    named = changed(named, "cultural | economic", f'"{domains}"')
    assert load(read_register(write(tmp_path, WHOLE))).saved

    assert load(read_register(write(tmp_path, WHOLE | {"agreements": named}))).unchanged == 15


def test_a_row_that_differs_is_refused_with_both_values(tmp_path: Path) -> None:
    load(read_register(write(tmp_path, WHOLE)))
    before = counts(), versions()
    agreements = changed(AGREEMENTS, "خرداد 1395,cultural | economic", "2016,cultural")
    sources = changed(SOURCES, "It was never signed.,contradicts", "Some say so.,mentions")

    report = load(read_register(write(tmp_path, {"agreements": agreements, "sources": sources})))

    assert [str(difference) for difference in report.differences] == [
        "agreements.csv, row 2, signed, “2016”: the register has “Khordad 1395”.",
        "agreements.csv, row 2, domains, “cultural”: the register has “cultural | economic”.",
        "sources.csv, row 4, says_en, “Some say so.”: the register has “It was never signed.”.",
        "sources.csv, row 4, stance, “mentions”: the register has “contradicts”.",
    ]
    assert (report.changed, report.unchanged, report.saved) == (2, 13, False)
    assert (counts(), versions()) == before


def test_a_row_that_differs_is_taken_over_with_update(tmp_path: Path) -> None:
    user = factories.manager()
    load(read_register(write(tmp_path, WHOLE)))
    agreements = changed(AGREEMENTS, "خرداد 1395,cultural | economic", "2016,cultural")

    report = load(read_register(write(tmp_path, {"agreements": agreements})), by=user, update=True)

    agreement = Agreement.objects.get(number=1)
    assert (report.made, report.changed, report.unchanged, report.saved) == (0, 1, 14, True)
    assert (agreement.signed.code, [domain.key for domain in agreement.domains.all()]) == ("AD 2016", ["cultural"])
    newest, oldest = agreement.history.all()
    assert (newest.history_type, newest.history_user, newest.history_change_reason) == (
        "~",
        user,
        "Register file register",
    )
    assert (newest.domains.count(), oldest.domains.count(), agreement.version) == (1, 2, 2)


def test_a_date_in_other_words_is_no_difference(tmp_path: Path) -> None:
    load(read_register(write(tmp_path, WHOLE)))

    report = load(read_register(write(tmp_path, {"agreements": changed(AGREEMENTS, "خرداد 1395", "1395/3")})))

    assert (report.differences, report.unchanged) == ([], 15)


def test_a_new_row_beside_one_that_differs_is_not_saved_either(tmp_path: Path) -> None:
    load(read_register(write(tmp_path, SMALL)))
    agreements = "number,partner,kind\n1,istanbul,contact\n2,istanbul,sister\n"

    assert not load(read_register(write(tmp_path, {"agreements": agreements}))).saved
    assert Agreement.objects.count() == 1


def test_a_resolution_linked_here_without_a_key_counts_as_a_difference(tmp_path: Path) -> None:
    load(read_register(write(tmp_path, WHOLE)))
    other = factories.resolution(number="12", title_en="Second thoughts")
    Agreement.objects.get(number=7).resolutions.add(other)

    report = load(read_register(write(tmp_path, WHOLE)))

    assert [str(difference) for difference in report.differences] == [
        f"agreements.csv, row 4, resolutions, “ganja-1387”: the register has “#{other.pk} | ganja-1387”."
    ]


def test_a_source_is_known_by_its_address_else_its_reference_else_its_title(tmp_path: Path) -> None:
    load(read_register(write(tmp_path, WHOLE)))
    renamed = changed(changed(SOURCES, "Daily,", "Daily News,"), "Municipality,", "City Hall,")

    report = load(read_register(write(tmp_path, {"sources": renamed})), update=True)

    assert (report.made, report.changed) == (0, 2)
    assert sorted(Source.objects.values_list("publisher_en", flat=True)) == ["City Hall", "Daily News", "News agency"]


# --- Publication --------------------------------------------------------------------------------------


def test_a_draft_is_published_with_update(tmp_path: Path) -> None:
    user = factories.manager()
    load(read_register(write(tmp_path, WHOLE)))
    agreements = changed(AGREEMENTS, "friendship,in_force,,,,,,,no", "friendship,in_force,,,,,,,yes")

    refused = load(read_register(write(tmp_path, {"agreements": agreements})))
    assert [str(difference) for difference in refused.differences] == [
        "agreements.csv, row 3, published, “yes”: the register has “no”."
    ]
    assert load(read_register(write(tmp_path, {"agreements": agreements})), by=user, update=True).saved
    agreement = Agreement.objects.get(number=2)
    assert (agreement.publication, agreement.published_by, agreement.history.count()) == ("published", user, 2)


def test_a_published_agreement_is_not_taken_down_by_a_file(tmp_path: Path) -> None:
    load(read_register(write(tmp_path, WHOLE)))
    agreements = changed(AGREEMENTS, "۱۴۰۳/۱/۲,yes", "۱۴۰۳/۱/۲,no")

    report = load(read_register(write(tmp_path, {"agreements": agreements})), update=True)

    assert [str(issue) for issue in report.issues] == [
        "agreements.csv, row 2, published, “no”: "
        "This agreement is published. Withdraw it on its own page, where the reason is asked."
    ]
    assert Agreement.objects.get(number=1).publication == "published"


def test_a_withdrawn_agreement_is_not_brought_back_by_a_file(tmp_path: Path) -> None:
    load(read_register(write(tmp_path, WHOLE)))
    Agreement.objects.get(number=1).withdraw(by=None, reason="named the wrong city")

    report = load(read_register(write(tmp_path, WHOLE)), update=True)

    assert [(issue.row, issue.column, issue.reason) for issue in report.issues] == [
        (2, "published", "This agreement was withdrawn. Bring it back on its own page, where the reason is asked.")
    ]
    kept = load(read_register(write(tmp_path, {"agreements": changed(AGREEMENTS, "۱۴۰۳/۱/۲,yes", "۱۴۰۳/۱/۲,no")})))
    assert (kept.issues, kept.unchanged) == ([], 15)
    assert Agreement.objects.get(number=1).publication == "withdrawn"


def test_a_published_agreement_needs_names_in_both_languages(tmp_path: Path) -> None:
    cities = changed(SMALL["cities"], "استانبول,Istanbul", "استانبول,")

    assert issues(tmp_path, {"cities": cities, "agreements": "number,partner,published\n1,istanbul,yes\n"}) == [
        ("agreements.csv", 2, "", "A published agreement needs a name in both languages.")
    ]


# --- Wrong files --------------------------------------------------------------------------------------


def test_a_folder_that_does_not_exist_is_told(tmp_path: Path) -> None:
    [issue] = load(read_register(tmp_path / "nowhere")).issues

    assert issue.reason == "There is no such folder, or it cannot be opened."


def test_a_file_instead_of_a_folder_is_told(tmp_path: Path) -> None:
    [issue] = load(read_register(write(tmp_path, SMALL) / "cities.csv")).issues

    assert issue.reason == "A register is a folder of CSV files; this is a single file."


def test_files_that_are_missing_or_misspelt_are_told(tmp_path: Path) -> None:
    assert issues(tmp_path, {"agreement": SMALL["agreements"], "cities": SMALL["cities"]}) == [
        (
            "agreement.csv",
            None,
            "",
            "This is not one of the files of a register. They are: cities.csv, domains.csv, provisions.csv, "
            "milestone_kinds.csv, "
            "resolutions.csv, agreements.csv, sources.csv, affinities.csv, memberships.csv.",
        ),
        ("agreements.csv", None, "", "This file is missing."),
    ]


def test_a_folder_in_place_of_a_file_is_told(tmp_path: Path) -> None:
    folder = write(tmp_path, SMALL)
    (folder / "domains.csv").mkdir()

    assert [str(issue) for issue in read_register(folder).issues] == ["domains.csv: The file cannot be opened."]


NOT_UTF_8 = (
    "Byte %s of the file, in line %s, is not text in UTF-8. Choose another encoding, or save the file as a workbook "
    "(.xlsx) or as CSV in UTF-8."
)
DAMAGED = "The file is damaged and cannot be read to its end. Open it, save it anew and choose that."
EMPTY = "The file is empty. Its first row holds the names of the columns."
QUOTES = "A quotation mark in this row is not closed, or stands alone within a cell: there it is written twice."


@pytest.mark.parametrize(
    ("content", "row", "reason"),
    [
        (b"\xef\xbb\xbf" + b"key,name_fa,name_en\ncultural," + b"\xc7,x\n", None, NOT_UTF_8 % (33, 2)),
        (b"key,name_fa,name_en\nx,y\0,z\n", None, NOT_UTF_8 % (24, 2)),
        (b"PK\x03\x04\x14\0\x06\0\x08\0", None, DAMAGED),
        (b"", None, EMPTY),
        (b"\xef\xbb\xbf", None, EMPTY),
        (b"\n\n", None, EMPTY),
        (b",,,\n", None, EMPTY),
        (DOMAINS.replace("name_en", "name_fa").encode(), None, "The column “name_fa” stands there more than once."),
        (DOMAINS.replace("name_en", "").encode(), None, "The column “name_en” is missing."),
        (b'key,name_fa,name_en\n"x"y,y,z\n', 2, QUOTES),
        (b'key,name_fa,name_en\nx,y,z\n\n"u,v,w\n', 4, QUOTES),
        (
            b"key,name_fa,name_en\nx,y,%s\n" % (b"z" * 200_000),
            2,
            "A cell of this row has more than 131,072 characters, or its quotation mark is not closed.",
        ),
    ],
    ids=range(12),
)
def test_a_file_that_cannot_be_read_is_told(tmp_path: Path, content: bytes, row: int | None, reason: str) -> None:
    found = issues(tmp_path, SMALL | {"domains": content})

    assert ("domains.csv", row, "", reason) in found
    assert {file for file, *_rest in found} == {"domains.csv"}


def test_an_unreadable_file_is_not_blamed_on_the_rows_that_need_it(tmp_path: Path) -> None:
    files = WHOLE | {"domains": b"", "cities": b"\0"}

    assert [file for file, *_rest in issues(tmp_path, files)] == ["cities.csv", "domains.csv"]


@pytest.mark.parametrize("sources", [b"", SOURCES.replace("in force.,supports", "in force.,doubts").encode()])
def test_sources_that_cannot_be_read_are_not_blamed_on_their_agreements(tmp_path: Path, sources: bytes) -> None:
    assert {file for file, *_rest in issues(tmp_path, WHOLE | {"sources": sources})} == {"sources.csv"}


def test_a_huge_file_is_not_read(tmp_path: Path) -> None:
    folder = write(tmp_path, SMALL)
    with (folder / "domains.csv").open("wb") as file:
        file.truncate(LARGEST_FILE + 1)

    assert [str(issue) for issue in read_register(folder).issues] == [
        "domains.csv: The file is too large: it has more than 50,000,000 bytes."
    ]


def test_an_unknown_column_is_told_with_the_known_ones(tmp_path: Path) -> None:
    assert issues(tmp_path, SMALL | {"domains": changed(DOMAINS, "position", "rank")}) == [
        (
            "domains.csv",
            1,
            "",
            "There is no column “rank”. The columns are: key, name_fa, name_en, text_fa, text_en, position.",
        )
    ]


def test_of_a_row_that_is_shifted_nothing_else_is_told(tmp_path: Path) -> None:
    agreements = "number,kind,partner,published\n1,istanbul,sister,yes,no\n"

    assert issues(tmp_path, SMALL | {"agreements": agreements}) == [
        ("agreements.csv", 2, "", "This row has 5 cells, and there are 4 columns.")
    ]


def test_a_value_beside_the_columns_is_told(tmp_path: Path) -> None:
    rows = "key,name_fa,name_en\na,b\nc,d,e,,\nf,g,h,,i\nj\n"

    assert issues(tmp_path, SMALL | {"domains": rows}) == [
        ("domains.csv", 2, "", "This row has 2 cells, and there are 3 columns."),
        ("domains.csv", 4, "", "This row has 5 cells, and there are 3 columns."),
        ("domains.csv", 5, "", "This row has 1 cell, and there are 3 columns."),
    ]


# --- Wrong rows ---------------------------------------------------------------------------------------


def test_every_wrong_row_is_listed_and_nothing_is_saved(tmp_path: Path) -> None:
    cities = "".join(
        f"city-{number},,{'TR' if number % 2 else 'XX'},شهر,City,{number if number % 2 else 95}\n"
        for number in range(200)
    )
    agreements = "".join(
        f"{number + 1},city-{number},{'sister' if number % 2 else 'cousin'}\n" for number in range(200)
    )

    found = issues(
        tmp_path,
        {
            "cities": "slug,is_home,country,name_fa,name_en,longitude\ntabriz,yes,IR,تبریز,Tabriz,\n" + cities,
            "agreements": "number,partner,kind\n" + agreements,
        },
    )

    assert {row for file, row, *_rest in found if file == "agreements.csv"} == set(range(2, 202, 2))
    assert {row for file, row, column, _reason in found if column == "country"} == set(range(3, 203, 2))
    halved = "Give both latitude and longitude, or neither."
    assert {row for _file, row, _column, reason in found if reason == halved} == set(range(3, 203))


def test_all_that_is_wrong_with_a_row_is_told_at_once(tmp_path: Path) -> None:
    cities = (
        "slug,is_home,country,name_fa,name_en,latitude,longitude,population,population_year,time_zone,website\n"
        "tabriz,yes,IR,تبریز,Tabriz,,,,,,\n"
        "Two words,maybe,TR,,,91,−181.5,many,1387,Mars/Olympus,ftp://example.org\n"
    )

    assert issues(tmp_path, SMALL | {"cities": cities, "agreements": "number,partner\n"}) == [
        ("cities.csv", 3, "is_home", "Write yes or no."),
        ("cities.csv", 3, "population", "Write a whole number, in digits alone."),
        (
            "cities.csv",
            3,
            "slug",
            "Enter a valid “slug” consisting of letters, numbers, underscores or hyphens.",
        ),
        ("cities.csv", 3, "time_zone", "“Mars/Olympus” is not a time zone. Write it as in Asia/Tehran."),
        ("cities.csv", 3, "website", "Enter a valid URL."),
        ("cities.csv", 3, "", "Give the city a name in Persian or in English."),
        ("cities.csv", 3, "", "A latitude lies between −90 and 90 degrees."),
        ("cities.csv", 3, "", "A longitude lies between −180 and 180 degrees."),
        ("cities.csv", 3, "", "The year of the population is Gregorian, between 1800 and 2200."),
    ]


def test_the_row_is_the_one_that_a_spreadsheet_shows(tmp_path: Path) -> None:
    domains = 'key,name_fa,name_en\n\na,"first\nsecond\nthird",x\n\nb,,y\n'

    assert issues(tmp_path, SMALL | {"domains": domains}) == [("domains.csv", 5, "name_fa", "A value is needed here.")]


def test_an_issue_says_file_row_column_value_and_reason() -> None:
    issue = Issue("agreements.csv", "There is no such day.", 5, "signed", "1404-12-30")

    assert str(issue) == "agreements.csv, row 5, signed, “1404-12-30”: There is no such day."
    with override("fa"):
        assert str(issue) == "agreements.csv، ردیف ۵، signed، «1404-12-30»: There is no such day."


def test_values_in_messages_are_shortened_and_harmless(tmp_path: Path) -> None:
    files = SMALL | {"agreements": f"number,partner\n\x1b[2J{'9' * 500},istanbul\n"}

    [issue] = read_register(write(tmp_path, files)).issues

    assert issue.value == "[2J" + "9" * 56 + "…"


@pytest.mark.parametrize(
    ("cells", "column", "reason"),
    [
        ("number,partner\n1,", "partner", "A value is needed here."),
        ("number,partner\n,istanbul", "number", "A value is needed here."),
        ("number,partner\n-1,istanbul", "number", "Write a whole number, in digits alone."),
        ("number,partner\n1.5,istanbul", "number", "Write a whole number, in digits alone."),
        (f"number,partner\n{'9' * 5000},istanbul", "number", "Write a whole number, in digits alone."),
        ("number,partner\n0,istanbul", "", "Register numbers begin at 1."),
        ("number,partner\n1,Istanbul", "partner", "“Istanbul” is neither in the register nor in cities.csv."),
        ("number,partner\n1,tabriz", "partner", "The home city cannot have an agreement with itself."),
        (
            "number,partner,kind\n1,istanbul,twin",
            "kind",
            "Write one of these: “sister city”, “friendship and cooperation”, “project partnership”, “contact”.",
        ),
        (
            "number,partner,status\n1,istanbul,expired",
            "status",
            "Write one of these: “prospect”, “negotiation”, “approved, not signed”, “in force”, “suspended”, “ended”.",
        ),
        (
            "number,partner,domains\n1,istanbul,cultural | no-such",
            "domains",
            "“cultural” is neither in the register nor in domains.csv.",
        ),
        (
            "number,partner,predecessor\n1,istanbul,1",
            "predecessor",
            "“1” is neither in the register nor above this row.",
        ),
        (
            "number,partner,signed\n1,istanbul,1404-12-30",
            "signed",
            "30 Esfand 1404 does not exist; 1404 is not a leap year and its Esfand has 29 days",
        ),
        (
            "number,partner,signed\n1,istanbul,2016-13",
            "signed",
            "There is no month 13: months are numbered from 1 to 12",
        ),
        ("number,partner,verified_on\n1,istanbul,خرداد 1395", "verified_on", "Write year, month and day."),
        ("number,partner,published\n1,istanbul,perhaps", "published", "Write yes or no."),
        (
            "number,partner,signed,expires\n1,istanbul,2016,2015",
            "",
            "An agreement cannot expire before it is signed.",
        ),
        (
            "number,partner,status\n1,istanbul,ended",
            "",
            "Say why the agreement was suspended or ended.",
        ),
        (
            "number,partner,authentic_languages\n1,istanbul,fa klingon",
            "authentic_languages",
            "These are not language codes: klingon.",
        ),
        (
            "number,partner,status\n1,istanbul,in_force",
            "status",
            "An agreement in force needs a date of signing or a source that supports it.",
        ),
        (
            f"number,partner,title_fa\n1,istanbul,{'ت' * 10_000}",
            "title_fa",
            "Ensure this value has at most 300 characters (it has 10000).",
        ),
    ],
    ids=range(21),
)
def test_a_wrong_agreement_is_told(tmp_path: Path, cells: str, column: str, reason: str) -> None:
    assert ("agreements.csv", 2, column, reason) in issues(tmp_path, SMALL | {"agreements": cells + "\n"})


@pytest.mark.parametrize(
    ("file", "old", "new", "row", "column", "reason"),
    [
        (
            "sources",
            "\n1,press,",
            "\n9,press,",
            2,
            "agreement",
            "“9” is neither in the register nor in agreements.csv.",
        ),
        (
            "sources",
            "It was never signed.",
            "",
            4,
            "",
            "Write what the source says, in Persian or in English.",
        ),
        ("sources", "https://example.org/1", "javascript:alert(1)", 4, "url", "Enter a valid URL."),
        (
            "sources",
            "News agency,,,2010",
            ",,,2010",
            2,
            "",
            "A source has a publisher, a title or an address by which it can be found.",
        ),
        (
            "affinities",
            "cultural",
            "magical",
            2,
            "ground",
            "Write one of these: “historical”, “cultural”, “linguistic”, “symbolic”, “economic”, “geographic”, "
            "“academic”.",
        ),
        (
            "memberships",
            ",member,",
            ",honorary,",
            2,
            "status",
            "Write one of these: “applied for”, “member”, “suspended”, “left”.",
        ),
        (
            "memberships",
            "City,https://example.org/m",
            ",",
            2,
            "",
            "A published membership needs a source: its publisher or its address.",
        ),
        ("resolutions", "1387,خ", "1387/7/31,خ", 2, "decided", "31 Mehr 1387 does not exist; Mehr 1387 has 30 days"),
        ("cities", "گنجه,Ganja", ",", 4, "", "Give the city a name in Persian or in English."),
        ("cities", "istanbul,no", "istanbul,yes", 3, "", "There is a home city already; a register has exactly one."),
        ("cities", "۴۰٫۶۸۱۵۷", "nan", 4, "latitude", "Write a number in digits, with a point before the decimals."),
        (
            "cities",
            "ganja,,AZ",
            "ganja,,az",
            4,
            "country",
            "“az” is not the code of a country (two capitals, as in IR).",
        ),
    ],
    ids=range(12),
)
def test_a_wrong_row_of_another_file_is_told(
    tmp_path: Path, file: str, old: str, new: str, row: int, column: str, reason: str
) -> None:
    assert issues(tmp_path, WHOLE | {file: changed(WHOLE[file], old, new)}) == [(f"{file}.csv", row, column, reason)]


def test_the_same_row_twice_is_told(tmp_path: Path) -> None:
    files = {
        "agreements": AGREEMENTS + "۷,istanbul,sister,,,,,,,,\n",
        "sources": SOURCES + "2,press,Weekly,,https://example.org/1,,Never.,mentions,\n",
        "affinities": AFFINITIES + "istanbul,cultural,Again,خبرگزاری,News agency\n",
    }

    assert issues(tmp_path, WHOLE | files) == [
        ("agreements.csv", 5, "", "This row and row 4 are about the same: keep one of them."),
        ("sources.csv", 5, "", "This row and row 4 are about the same: keep one of them."),
        ("affinities.csv", 3, "", "This row and row 2 are about the same: keep one of them."),
    ]


def test_a_wrong_row_is_not_blamed_on_the_rows_that_refer_to_it(tmp_path: Path) -> None:
    assert issues(tmp_path, WHOLE | {"cities": changed(CITIES, "istanbul,no,TR", "istanbul,no,XX")}) == [
        ("cities.csv", 3, "country", "“XX” is not the code of a country (two capitals, as in IR).")
    ]


def test_a_wrong_home_city_does_not_hide_what_is_wrong_with_agreements(tmp_path: Path) -> None:
    files = {
        "cities": changed(CITIES, "tabriz,yes,IR", "tabriz,yes,XX"),
        "agreements": changed(AGREEMENTS, "approved", "ended"),
    }

    assert issues(tmp_path, WHOLE | files) == [
        ("cities.csv", 2, "country", "“XX” is not the code of a country (two capitals, as in IR)."),
        ("agreements.csv", 4, "", "Say why the agreement was suspended or ended."),
    ]


def test_a_register_without_a_home_city_is_told_once(tmp_path: Path) -> None:
    assert issues(tmp_path, WHOLE | {"cities": changed(CITIES, "tabriz,yes", "tabriz,no")}) == [
        ("cities.csv", None, "", "No city is the home city: write yes in its column is_home.")
    ]


def test_the_home_city_of_the_register_needs_no_row(tmp_path: Path) -> None:
    home = factories.home_city()
    cities = "".join(line for line in SMALL["cities"].splitlines(keepends=True) if "tabriz" not in line)

    assert load(read_register(write(tmp_path, SMALL | {"cities": cities}))).saved
    assert Agreement.objects.get().home_city == home


def test_another_home_city_than_the_one_of_the_register_is_told(tmp_path: Path) -> None:
    factories.city(slug="shiraz", country="IR", is_home=True)

    assert ("cities.csv", 2, "", "There is a home city already; a register has exactly one.") in issues(tmp_path, SMALL)


def test_the_number_of_a_deleted_agreement_is_never_given_again(tmp_path: Path) -> None:
    load(read_register(write(tmp_path, SMALL)))
    Agreement.objects.get().delete()

    assert issues(tmp_path, SMALL) == [
        (
            "agreements.csv",
            2,
            "number",
            "This number belonged to an agreement that was deleted. A number is never given again.",
        )
    ]


def test_an_update_cannot_take_the_last_support_from_an_agreement_in_force(tmp_path: Path) -> None:
    load(read_register(write(tmp_path, WHOLE)))
    sources = changed(SOURCES, "It is in force.,supports", "It is in force.,mentions")

    report = load(read_register(write(tmp_path, {"sources": sources})), update=True)

    assert [(issue.file, issue.row, issue.column, issue.reason) for issue in report.issues] == [
        (
            "agreements.csv",
            3,
            "status",
            "An agreement in force needs a date of signing or a source that supports it.",
        )
    ]
    assert Source.objects.get(publisher_en="Municipality").stance == "supports"


def test_an_update_of_the_sources_of_an_agreement_that_the_file_does_not_name(tmp_path: Path) -> None:
    load(read_register(write(tmp_path, WHOLE)))
    files = {
        "agreements": "number,partner\n1,istanbul\n",
        "sources": changed(SOURCES, "It is in force.,supports", "It is in force.,mentions"),
    }

    report = load(read_register(write(tmp_path, files)), update=True)

    assert [(issue.file, issue.row, issue.column, issue.reason) for issue in report.issues] == [
        (
            "sources.csv",
            3,
            "stance",
            "An agreement in force needs a date of signing or a source that supports it.",
        )
    ]
    assert not report.saved


def test_rows_without_a_key_are_not_taken_for_one_another(tmp_path: Path) -> None:
    files = SMALL | {"agreements": "number,partner\n,istanbul\n,istanbul\n"}

    assert issues(tmp_path, files) == [
        ("agreements.csv", 2, "number", "A value is needed here."),
        ("agreements.csv", 3, "number", "A value is needed here."),
    ]


def test_issues_stand_in_the_order_of_files_and_rows(tmp_path: Path) -> None:
    files = {
        "cities": changed(CITIES, "گنجه,Ganja", ","),
        "agreements": changed(AGREEMENTS, "approved", "ended") + "8,ganja,twin,,,,,,,,\n",
        "sources": changed(SOURCES, "2010", "1404/12/30"),
    }

    assert [(file, row) for file, row, *_rest in issues(tmp_path, WHOLE | files)] == [
        ("cities.csv", 4),
        ("agreements.csv", 4),
        ("agreements.csv", 5),
        ("sources.csv", 2),
    ]


def test_what_is_said_is_said_in_the_readers_language(tmp_path: Path) -> None:
    files = SMALL | {"agreements": "number,partner,status,signed\n1,istanbul,ended,1404-12-30\n"}

    with override("fa"):
        found = issues(tmp_path, files)

    assert found == [
        (
            "agreements.csv",
            2,
            "signed",
            "۳۰ اسفند ۱۴۰۴ وجود ندارد؛ ۱۴۰۴ سال کبیسه نیست و اسفند آن ۲۹ روز دارد",
        ),
        ("agreements.csv", 2, "", "بنویسید پیمان چرا معلق شده یا خاتمه یافته است."),
    ]


# --- The table of columns -----------------------------------------------------------------------------

NOT_IN_FILES = {
    # Kept by the program, or of this installation alone.
    *("id", "version", "submission", "created_at", "updated_at", "search_text", "sort_fa", "sort_en", "home_city"),
    *("verified_by", "reviewer", "published_at", "published_by", "withdrawn_at", "withdrawn_by", "withdrawal_reason"),
}


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.file)
def test_every_field_that_people_fill_has_a_column(table) -> None:
    fields = {field.name for field in [*table.model._meta.fields, *table.model._meta.many_to_many]}
    bounds = {name for name in fields if name.endswith(("_first", "_last"))}

    assert fields - bounds - NOT_IN_FILES == set(table.columns) - {"published"}


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.file)
def test_the_readme_describes_every_column_in_order_with_what_it_takes(table) -> None:
    readme = (Path(read_register.__code__.co_filename).parent / "data/README.md").read_text(encoding="utf-8")
    section = readme.split(f"### {table.file}\n")[1].split("\n##")[0]
    rows = re.findall(r"^\| `(\w+)`( ●)? \|(.*)\|$", section, re.MULTILINE)

    assert [column for column, _mark, _text in rows] == list(table.columns)
    assert {column for column, mark, _text in rows if mark} == {
        column for column in table.columns if table.needs(column)
    }
    for column, _mark, text in rows:
        if choices := table.field(column).choices:
            assert re.findall("`(.+?)`", text) == [value for value, _label in choices]


# --- Size ---------------------------------------------------------------------------------------------


def test_a_repeated_load_asks_the_same_number_of_queries_for_any_number_of_rows(
    tmp_path: Path, django_assert_num_queries
) -> None:
    def numbers(rows: int) -> dict[str, str]:
        out = io.StringIO()
        writer = csv.writer(out)
        writer.writerow(["number", "partner", "signed", "domains"])
        writer.writerows([number, "istanbul", "2016", "cultural"] for number in range(1, rows + 1))
        return WHOLE | {"agreements": out.getvalue(), "sources": SOURCES.splitlines()[0]}

    asked = []
    for rows in (1, 30):
        folder = write(tmp_path, numbers(rows))
        assert load(read_register(folder)).saved
        with django_assert_num_queries(100, exact=False) as queries:
            assert load(read_register(folder)).made == 0
        asked.append(len(queries))
    assert asked[0] == asked[1]


def test_progress_is_told_after_every_thousand_rows(tmp_path: Path) -> None:
    rows = "".join(f"key-{number},نام,name\n" for number in range(2_500))
    told = []

    load(
        read_register(write(tmp_path, SMALL | {"domains": "key,name_fa,name_en\n" + rows})),
        progress=lambda *args: told.append(args),
    )

    assert told == [("domains.csv", 1000, 2500), ("domains.csv", 2000, 2500)]


# --- The command --------------------------------------------------------------------------------------


def run(*arguments: object, **options: object) -> tuple[str, str]:
    """What the command writes, on its two outputs."""
    out, errors = io.StringIO(), io.StringIO()
    try:
        call_command("load_register", *map(str, arguments), stdout=out, stderr=errors, **options)
    except CommandError as error:
        errors.write(f"CommandError: {error}")
    return out.getvalue(), errors.getvalue()


def test_command_loads_and_sums_up(tmp_path: Path) -> None:
    user = factories.manager()

    assert run(write(tmp_path, WHOLE), by="manager") == ("Rows: 15 made, 0 changed, 0 unchanged.\n", "")
    assert run(write(tmp_path, WHOLE)) == ("Rows: 0 made, 0 changed, 15 unchanged.\n", "")
    assert {entry.history_user for entry in Agreement.history.all()} == {user}


def test_command_fails_with_every_error(tmp_path: Path) -> None:
    files = SMALL | {"agreements": "number,partner,kind\n1,istanbul,twin\n2,,sister\n"}

    assert run(write(tmp_path, files)) == (
        "",
        "agreements.csv, row 2, kind, “twin”: Write one of these: “sister city”, “friendship and cooperation”, "
        "“project partnership”, “contact”.\n"
        "agreements.csv, row 3, partner: A value is needed here.\n"
        "CommandError: 2 errors. Nothing was loaded.",
    )


def test_command_speaks_persian_when_asked(tmp_path: Path) -> None:
    files = SMALL | {"agreements": "number,partner,published\n1,istanbul,شاید\n"}

    assert run(write(tmp_path, files), language="fa") == (
        "",
        "agreements.csv، ردیف ۲، published، «شاید»: yes یا no (بله یا خیر) بنویسید.\n"
        "CommandError: ۱ خطا. چیزی بارگذاری نشد.",
    )
    assert run(write(tmp_path, SMALL), language="fa") == ("ردیف‌ها: ۳ تازه، ۰ تغییریافته، ۰ بی‌تغییر.\n", "")


def test_command_speaks_english_whatever_the_language_round_it(tmp_path: Path) -> None:
    with override("fa"):
        assert run(write(tmp_path, SMALL)) == ("Rows: 3 made, 0 changed, 0 unchanged.\n", "")


def test_dry_run_says_what_would_be_done_and_does_nothing(tmp_path: Path) -> None:
    before = counts()

    assert run(write(tmp_path, WHOLE), dry_run=True) == (
        "Rows: 15 made, 0 changed, 0 unchanged.\nThis was a dry run. Nothing was loaded.\n",
        "",
    )
    assert counts() == before


def test_dry_run_fails_where_the_load_would(tmp_path: Path) -> None:
    assert run(write(tmp_path, SMALL | {"agreements": "number,partner\n1,\n"}), dry_run=True) == (
        "",
        "agreements.csv, row 2, partner: A value is needed here.\nCommandError: 1 error. Nothing was loaded.",
    )


def test_command_refuses_differences_and_takes_them_over_with_update(tmp_path: Path) -> None:
    run(write(tmp_path, SMALL))
    folder = write(tmp_path, {"agreements": "number,partner,kind\n1,istanbul,contact\n"})
    difference = "agreements.csv, row 2, kind, “contact”: the register has “sister”.\n"

    assert run(folder) == (
        "",
        f"{difference}CommandError: 1 row differs from the register. Nothing was loaded. "
        "With --update the register takes over what the file says.",
    )
    assert Agreement.objects.get().kind == "sister"
    assert run(folder, update=True) == (f"{difference}Rows: 0 made, 1 changed, 2 unchanged.\n", "")
    assert Agreement.objects.get().kind == "contact"


def test_if_empty_loads_into_an_empty_register_only(tmp_path: Path) -> None:
    assert run(write(tmp_path, SMALL), if_empty=True) == ("Rows: 3 made, 0 changed, 0 unchanged.\n", "")

    assert run(write(tmp_path, WHOLE), if_empty=True) == (
        "The register has agreements already. Nothing was loaded.\n",
        "",
    )
    assert Agreement.objects.count() == 1


def test_command_refuses_an_account_that_does_not_exist(tmp_path: Path) -> None:
    assert run(write(tmp_path, SMALL), by="nobody") == ("", "CommandError: There is no account “nobody”.")
    assert Agreement.objects.count() == 0


def test_command_asks_for_the_countries_first(tmp_path: Path) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM cities_country")

    assert run(write(tmp_path, SMALL)) == (
        "",
        "CommandError: There are no countries yet: run load_countries first.",
    )


def test_a_change_by_somebody_else_during_the_load_is_told_and_nothing_is_written(tmp_path: Path, monkeypatch) -> None:
    load(read_register(write(tmp_path, SMALL)))
    save = Agreement.save

    def late(self, *args, **kwargs) -> None:
        Agreement.objects.filter(pk=self.pk).update(version=9)
        save(self, *args, **kwargs)

    monkeypatch.setattr(Agreement, "save", late)
    report = load(
        read_register(write(tmp_path, {"agreements": "number,partner,kind\n1,istanbul,contact\n"})), update=True
    )

    assert [(issue.row, issue.reason) for issue in report.issues] == [
        (2, "Somebody else changed this record at the same time. Load the file again.")
    ]
    assert (Agreement.objects.get().kind, report.saved) == ("sister", False)


def test_dates_of_both_calendars_stand_side_by_side(tmp_path: Path) -> None:
    agreements = (
        "number,partner,signed\n1,istanbul,1387\n2,istanbul,خرداد ۱۳۹۵\n3,istanbul,2009\n4,istanbul,2022-05-22\n"
    )

    load(read_register(write(tmp_path, SMALL | {"agreements": agreements})))

    assert [agreement.signed for agreement in Agreement.objects.order_by("number")] == [
        UncertainDate("solar_hijri", 1387),
        UncertainDate("solar_hijri", 1395, 3),
        UncertainDate("gregorian", 2009),
        UncertainDate("gregorian", 2022, 5, 22),
    ]
