"""What a row of a table can say of an agreement: the fields, what their columns are called, how their cells are read.

`FIELDS` is the whole of it: an import offers these fields to match columns with, a download for editing has a column
for each (partnerships/editing.py), and `guess` knows them by many names. The columns are those of a register file's
agreements (partnerships/exchange.py), the partner city as people write it, and one source.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override, pgettext_lazy

from partnerships import exchange
from partnerships.exchange import PUBLISHED, TABLES, Table
from partnerships.models import Agreement, Source
from sistercities.dates import UncertainDate
from sistercities.spreadsheets import cell
from sistercities.text import fold

AGREEMENTS = next(table for table in TABLES if table.model is Agreement)
SOURCES = next(table for table in TABLES if table.model is Source)

OF_SOURCE = "source_"
"""How the names of the fields begin that are a source's."""

PUBLISHED_LABEL = pgettext_lazy("publication", "published")

CITY, AGREEMENT, SOURCE = _("Partner city"), _("Agreement"), _("Source")


@dataclass(frozen=True)
class ImportField:
    """Something that a column can say of an agreement, its partner city or a source.

    `name` stands for it in machine headings, `label` for people; `example` is a cell as people write it. `obligatory`:
    a new agreement cannot do without it, or without another field that says the same.
    """

    name: str
    label: Promise | str
    group: Promise
    read: Callable[[str], Any]
    help: Promise | str = ""
    example: str = ""
    obligatory: bool = False


SAID: dict[str, tuple[Promise | str, str]] = {
    # what has to be known to fill it, where the label does not tell; an example
    "number": (_("Empty for a new agreement: the register gives it."), "12"),
    "kind": (_("By its name in Persian or English, or by its code."), "خواهرخواندگی"),
    "status": (_("By its name in Persian or English, or by its code."), "جاری"),
    "status_since": ("", "1399"),
    "status_reason_fa": ("", ""),
    "name_fa": (_("Left empty, it becomes the usual name of the kind and the two cities."), ""),
    "name_en": (_("Left empty, it becomes the usual name of the kind and the two cities."), ""),
    "title_fa": (_("Exactly as it stands there, if it has been seen."), ""),
    "title_en": (_("Exactly as it stands there, if it has been seen."), ""),
    "signed": (_("As far as it is known, in either calendar: a year, a month or a day."), "خرداد ۱۳۹۵"),
    "place_signed_fa": ("", "تبریز"),
    "place_signed_en": ("", "Tabriz"),
    "in_force_from": ("", "2016-06-01"),
    "expires": ("", "1405/3"),
    "notice_by": ("", "2025"),
    "authentic_languages": (_("Codes with spaces between, as in: fa tr en"), "fa tr en"),
    "domains": (_("Keys or names, with “|” between."), "cultural | tourism"),
    "resolutions": (_("Keys, with “|” between; of a resolution without one the number of its page, as in #12."), ""),
    "provisions": (_("Keys, with “|” between."), "article-146"),
    "predecessor": (_("Register number of the agreement that this one renews or raises."), "4"),
    "verification": (_("By its name in Persian or English, or by its code."), "press"),
    "verified_on": ("", "2026-11-20"),
    "internal_note": (_("Never shown on a public page."), ""),
    PUBLISHED: (_("Yes publishes the agreement at once; it needs names in both languages."), "no"),
    "source_nature": (_("Document, official or press."), "press"),
    "source_reference": (_("A letter's number, a news code, a page"), ""),
    "source_url": ("", "https://example.org/30993020"),
    "source_issued": ("", "۲۵ بهمن ۱۳۹۹"),
    "source_says_fa": (_("What it says of this agreement; a source needs it in one language."), ""),
    "source_says_en": (_("What it says of this agreement; a source needs it in one language."), ""),
    "source_stance": (_("Supports, contradicts or mentions."), "supports"),
}


def _of_city() -> list[ImportField]:
    degree, whole_number = exchange.READERS[models.FloatField], exchange.READERS[models.IntegerField]
    degrees = _("In degrees; latitude and longitude are given together.")
    return [
        ImportField("city", _("name of the city"), CITY, str, _("In any language."), "استانبول", obligatory=True),
        ImportField("city_fa", _("name of the city in Persian"), CITY, str, "", "استانبول"),
        ImportField("city_en", _("name of the city in English"), CITY, str, "", "Istanbul"),
        ImportField("country", _("country"), CITY, str, _("Its name in any language, or its code."), "TR"),
        ImportField("latitude", _("latitude"), CITY, degree, degrees, "41.01"),
        ImportField("longitude", _("longitude"), CITY, degree, degrees, "28.95"),
        ImportField(
            "geonames_id",
            _("GeoNames number"),
            CITY,
            whole_number,
            _("Tells cities of one name apart for certain."),
            "745044",
        ),
    ]


def _of(table: Table, group: Promise, *without: str, prefix: str = "") -> list[ImportField]:
    """The fields that are columns of a register file's `table`."""

    def reader(column: str) -> Callable[[str], Any]:
        return lambda text: exchange.read_cell(table, column, text)

    fields = []
    for column in table.columns:
        if column not in without:
            name = prefix + column
            label = (
                pgettext_lazy("publication", "published") if column == PUBLISHED else table.field(column).verbose_name
            )
            if group is SOURCE:
                label = format_lazy(_("source: {field}"), field=label)
            hint, example = SAID.get(name, ("", ""))
            fields.append(ImportField(name, label, group, reader(column), hint, example))
    return fields


FIELDS: dict[str, ImportField] = {
    field.name: field
    for field in (
        *_of_city(),
        *_of(AGREEMENTS, AGREEMENT, "partner"),
        *_of(SOURCES, SOURCE, "agreement", prefix=OF_SOURCE),
    )
}
"""The fields by their names, in the order in which they are offered and written."""


def read_cell(name: str, text: str) -> Any:
    """The value that the `text` of a cell has for the field `name`; None, "", () or a default for an empty one.

    Raises ValidationError in the reader's language. Domains, provisions and resolutions are a tuple of what was
    written: see `exchange.domain_keys`.
    """
    return FIELDS[name].read(text)


def as_cell(value: Any) -> str:
    """The text of the cell that is read as `value`."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value.written if isinstance(value, UncertainDate) else str(cell(value))


# --- What columns are called ---------------------------------------------------------------------------

SPELLINGS: dict[str, str] = {
    # The likeliest first: of two columns that could fill a field, the one that is named earlier here does.
    "city": "partner city, partner, sister cities, twinned with, sister city, twin city, twin town, friend city, "
    "city name, name of city, city, town, partnergemeinde, partnerstadt, partnerort, ville jumelée, kardeş şehir, "
    "شهر طرف پیمان, شهر خواهرخوانده, نام شهر خواهرخوانده, شهرهای خواهرخوانده, شهر خواهر, "
    "خواهرخوانده, شهر شریک, شهر مقابل, شهر طرف قرارداد, نام شهر, شهر, عنوان شهر",
    "city_fa": "city in Persian, city (Persian), Persian name, Persian name of the city, نام فارسی شهر, نام شهر به "
    "فارسی, شهر (فارسی), نام فارسی",
    "city_en": "city in English, city (English), English name, English name of the city, نام انگلیسی شهر, نام شهر به "
    "انگلیسی, شهر (انگلیسی), نام انگلیسی, نام لاتین, نام لاتین شهر",
    "country": "partner country, country name, country of the partner, country, nation, country code, land, staat, "
    "pays, ülke, کشور, نام کشور, کشور طرف پیمان, کشور شهر خواهرخوانده, کد کشور, country_en, country_fa",
    "latitude": "partner latitude, city latitude, latitude, lat, partner lat, breite, breitengrad, عرض جغرافیایی, عرض",
    "longitude": "partner longitude, city longitude, longitude, lng, lon, long, partner lng, partner lon, länge, "
    "längengrad, طول جغرافیایی, طول",
    "geonames_id": "geonames, geoname id, city geonames, geonames number, شناسه geonames, شماره GeoNames",
    "number": "register number, register no, شماره پیمان, شماره ثبت, شماره در دفتر",
    "kind": "kind, kind of relationship, type, relationship, relationship type, form, art, type of agreement, نوع "
    "رابطه, نوع پیمان, نوع ارتباط, نوع تفاهم‌نامه, نوع قرارداد, نوع, عنوان همکاری",
    "status": "status, current status, state of the agreement, وضعیت, وضعیت پیمان, وضعیت فعلی, آخرین وضعیت",
    "status_since": "ended on, end date of status, suspended on, تاریخ خاتمه, تاریخ تعلیق, تاریخ لغو",
    "status_reason_fa": "دلیل خاتمه, دلیل تعلیق, علت خاتمه",
    "status_reason_en": "reason, reason for the end",
    "name_fa": "نام پیمان, عنوان پیمان, نام تفاهم‌نامه",
    "name_en": "name of the agreement",
    "title_fa": "عنوان سند, عنوان تفاهم‌نامه, عنوان قرارداد",
    "title_en": "title of the agreement, title on the instrument",
    "signed": "date of signing, signing date, signed on, date signed, signature date, signed, sister city since, "
    "since, year of signing, twinned since, established, year established, "
    "agreement date, date, year, seit, datum, jahr, depuis, année, tarih, yıl, "
    "تاریخ امضا, تاریخ امضای تفاهم‌نامه, تاریخ امضای پیمان, تاریخ عقد, تاریخ عقد قرارداد, "
    "تاریخ انعقاد, تاریخ انعقاد قرارداد, تاریخ تفاهم‌نامه, سال انعقاد, سال عقد, "
    "تاریخ خواهرخواندگی, امضا, سال امضا, سال خواهرخواندگی, تاریخ, سال, از سال",
    "place_signed_fa": "محل امضا, مکان امضا",
    "place_signed_en": "place of signing, place signed, signed in",
    "signatories_home_fa": "امضاکننده, امضاکنندگان, امضاکننده ایرانی, امضاکننده ما",
    "signatories_home_en": "signatories, signed by, our signatory",
    "signatories_partner_fa": "امضاکننده طرف مقابل, امضاکنندگان طرف مقابل, امضاکننده خارجی",
    "signatories_partner_en": "partner signatories, signed by the partner",
    "in_force_from": "in force since, effective, effective date, valid from, start date, start, تاریخ شروع, "
    "تاریخ آغاز, شروع اعتبار, تاریخ اجرا",
    "expires": "expiry, expiry date, date of expiry, expires on, valid until, end date, until, تاریخ پایان, تاریخ "
    "انقضا, پایان اعتبار, مدت اعتبار تا, تاریخ اتمام",
    "notice_by": "notice, notice date, مهلت اعلام",
    "renewal_rule_fa": "نحوه تمدید, شرایط تمدید, تمدید",
    "renewal_rule_en": "renewal, renewal rule",
    "authentic_languages": "languages, language, زبان, زبان‌ها, زبان سند",
    "domains": "domains, domain, fields, fields of cooperation, areas of cooperation, areas, topics, حوزه همکاری, "
    "حوزه‌های همکاری, زمینه همکاری, زمینه‌های همکاری, موضوع همکاری, حوزه",
    "resolutions": "resolutions, resolution, council resolution, مصوبه, مصوبات, مصوبه شورا, شماره مصوبه",
    "provisions": "provisions, حکم برنامه, احکام برنامه",
    "predecessor": "predecessor, پیمان پیشین",
    "summary_fa": "خلاصه, شرح, خلاصه پیمان",
    "summary_en": "summary, description",
    "verification": "verification, level of proof, اعتبارسنجی, درجه اعتبار",
    "verified_on": "checked on, تاریخ اعتبارسنجی",
    "internal_note": "internal note, internal notes, note, notes, remark, remarks, comment, comments, bemerkung, "
    "یادداشت, یادداشت داخلی, ملاحظات, توضیحات, توضیح",
    PUBLISHED: "published, public, منتشرشده, انتشار",
    "source_publisher_fa": "منبع, مأخذ, ناشر, خبرگزاری, نام منبع",
    "source_publisher_en": "source, publisher, source publisher, news agency, quelle",
    "source_title_fa": "عنوان منبع, عنوان خبر",
    "source_title_en": "source title, headline",
    "source_reference": "reference, letter number, شماره نامه, کد خبر",
    "source_url": "source url, url, link, web address, website of the source, لینک, پیوند, نشانی منبع, آدرس منبع",
    "source_issued": "source date, date of the source, تاریخ منبع, تاریخ خبر, تاریخ انتشار خبر",
    "source_says_fa": "گفته منبع, متن خبر, متن منبع",
    "source_says_en": "quotation, quote, what the source says",
}
"""What columns are called in lists that are about, by the field that they fill, beside its name and its labels.

Explicit, since a wrong guess costs more than none: what stands for many things (name, number, title of a person) is
left out.
"""

_PARTS = re.compile(r"[/|\n(),،–—:]|\s-\s")


def guess(headings: list[str]) -> list[str]:
    """For each heading the name of the field that its column is likely to fill, "" where that is not known.

    Each field is filled once, by the heading that is named first for it. A heading in two languages ("شهر / City")
    counts where its parts agree.
    """
    known = _known()
    best: dict[str, tuple[int, int]] = {}
    for position, heading in enumerate(headings):
        if found := _meant(heading, known):
            name, place = found
            best[name] = min(best.get(name, (place, position)), (place, position))
    fields = [""] * len(headings)
    for name, (_place, position) in best.items():
        fields[position] = name
    return fields


def _meant(heading: str, known: dict[str, tuple[str, int]]) -> tuple[str, int] | None:
    """The field that a heading names, and at which place of those that name it."""
    if found := known.get(fold(heading)):
        return found
    parts = [known.get(folded) for part in _PARTS.split(heading) if (folded := fold(part))]
    if None in parts or len({name for name, _place in parts}) != 1:
        return None
    return parts[0]


@cache
def _known() -> dict[str, tuple[str, int]]:
    """Every folded heading that names a field, with that field and its place among those that do.

    Labels come last. The name that a field has here comes first, unless SPELLINGS puts another before it.
    """
    known: dict[str, tuple[str, int]] = {}
    for name, spellings in SPELLINGS.items():
        for place, spelling in enumerate(spellings.split(","), 1):
            known.setdefault(fold(spelling), (name, place))
    for name in FIELDS:
        known.setdefault(fold(name), (name, 0))
    for code, _language in settings.LANGUAGES:
        with override(code):
            for place, field in enumerate(FIELDS.values(), 1_000):
                known.setdefault(fold(str(field.label)), (field.name, place))
    return known
