"""What is downloaded for editing, edited and imported again: nothing is lost on the way, and nothing else changes."""

import csv
import io

import pytest

from partnerships import editing
from partnerships.headings import FIELDS
from partnerships.models import Agreement
from sistercities.dates import UncertainDate
from sistercities.spreadsheets import csv_lines
from tests import factories
from tests.partnerships.test_imports import checked, done, verdicts

pytestmark = pytest.mark.django_db


def exported(extension: str = "csv") -> bytes:
    return b"".join(editing.table_of(Agreement.objects.by_number(), extension))


@pytest.mark.parametrize("extension", ["csv", "xlsx"])
def test_an_export_that_nobody_edited_changes_nothing(tabriz: None, extension: str) -> None:
    factories.agreement(
        summary_en="=SUM(A1)\n-2+3",
        internal_note="@a; b\tc",
        signed="SH 1395-03 خرداد ۹۵",
        expires="AD 2030",
        authentic_languages="fa tr",
    )

    import_ = checked(exported(extension))

    assert set(verdicts(import_).values()) == {"unchanged"}


EDITED: dict[str, str] = {
    "kind": "friendship",
    "status": "ended",
    "status_since": "1399/2",
    "status_reason_fa": "پایان مدت",
    "status_reason_en": "It ran out",
    "name_fa": "پیمان ما",
    "name_en": "Our agreement",
    "title_fa": "تفاهم‌نامه",
    "title_en": "=Memorandum",
    "signed": "13 April 2013",
    "place_signed_fa": "تبریز",
    "place_signed_en": "Tabriz",
    "signatories_home_fa": "شهردار",
    "signatories_home_en": "Mayor",
    "signatories_partner_fa": "شهردار آنجا",
    "signatories_partner_en": "Their mayor",
    "in_force_from": "2014",
    "expires": "1405/3",
    "notice_by": "2025",
    "renewal_rule_fa": "خودبه‌خود",
    "renewal_rule_en": "By itself",
    "authentic_languages": "fa tr",
    "domains": "cultural | scientific",
    "resolutions": "",
    "provisions": "",
    "predecessor": "2",
    "summary_fa": "خلاصه\nدو خط",
    "summary_en": "Two\nlines",
    "verification": "press",
    "verified_on": "2026-11-01",
    "internal_note": "+98 41",
    "published": "no",
    "source_nature": "official",
    "source_publisher_fa": "شهرداری",
    "source_publisher_en": "Municipality",
    "source_title_fa": "نامه",
    "source_title_en": "Letter",
    "source_reference": "-12/34",
    "source_url": "https://example.org/letter",
    "source_issued": "۲۵ بهمن ۱۳۹۹",
    "source_says_fa": "چنین است",
    "source_says_en": "So it is",
    "source_stance": "mentions",
    "source_signed_claim": "2012",
}


def test_every_field_of_an_export_can_be_edited(tabriz: None) -> None:
    agreement = factories.agreement(summary_en="before", signed="AD 2012")
    factories.source(agreement, url="https://example.org/letter")
    rows = list(csv.DictReader(io.StringIO(exported().decode("utf-8-sig"))))
    mine = next(one for one in rows if one["number"] == str(agreement.number))
    fixed = {"number", "city_fa", "city_en", "country", "latitude", "longitude", "geonames_id"}
    assert {*mine} == fixed | {*EDITED} == {*FIELDS} - {"city"}

    table = [[*mine], *([EDITED.get(name, one[name]) if one is mine else one[name] for name in mine] for one in rows)]
    import_ = checked("".join(csv_lines(table)))
    assert [*import_.rows.wrong()] == []
    assert import_.rows.tally() == {"changed": 1, "unchanged": len(rows) - 1}
    done(import_, import_.take, None, "")

    after = editing.said_of(Agreement.objects.get(pk=agreement.pk))
    asked = {name: FIELDS[name].read(text) if text else after[name] for name, text in EDITED.items()}
    assert {name: after[name] for name in EDITED} == asked
    dates = {name: after[name].words for name in EDITED if isinstance(after[name], UncertainDate)}
    assert dates == {name: text for name, text in EDITED.items() if name in dates}
    assert [*agreement.sources.values_list("pk", flat=True)] == [agreement.sources.get().pk]


def test_an_emptied_cell_of_an_export_empties(tabriz: None) -> None:
    agreement = Agreement.objects.exclude(summary_en="").exclude(domains=None).first()
    table = f"number,kind,summary_en,domains,signed\n{agreement.number},,,,\n"

    import_ = checked(table)
    done(import_, import_.take, None, "")

    after = Agreement.objects.get(pk=agreement.pk)
    assert (after.kind, after.summary_en, after.domains.count()) == (agreement.kind, "", 0)
