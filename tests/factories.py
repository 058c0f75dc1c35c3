"""Records for tests: each function makes one valid record, with whatever the test cares about given by name."""

import datetime
import hashlib
import itertools
from pathlib import Path
from typing import Any

from django.contrib.auth.models import Group, User
from django.core.files.base import ContentFile
from django.utils import timezone
from django.utils.translation import override

from cities.exchange import load_countries
from cities.models import City, Country, Place, Tie, TieSource
from partnerships.exchange import load, read_register
from partnerships.models import (
    Activity,
    Affinity,
    Agreement,
    Commitment,
    Contact,
    Document,
    DocumentVersion,
    Domain,
    Membership,
    Milestone,
    MilestoneKind,
    Note,
    Provision,
    Resolution,
    Source,
)
from sistercities.dates import UncertainDate
from sistercities.roles import AUDITORS, EDITORS, MANAGERS

_serial = itertools.count(1)

TABRIZ = Path(__file__).resolve().parent.parent / "partnerships/data/tabriz"

COUNTRIES = {
    "IR": ("ایران", "Iran", "AS"),
    "TR": ("ترکیه", "Türkiye", "AS"),
    "AZ": ("جمهوری آذربایجان", "Azerbaijan", "AS"),
    "RU": ("روسیه", "Russia", "EU"),
    "PS": ("فلسطین", "Palestine", "AS"),
    "CN": ("چین", "China", "AS"),
    "DE": ("آلمان", "Germany", "EU"),
}


def country(code: str = "TR") -> Country:
    """The country with this code, made at its first use."""
    name_fa, name_en, continent = COUNTRIES[code]
    found = Country.objects.filter(code=code).first()
    return found or Country.objects.create(code=code, name_fa=name_fa, name_en=name_en, continent=continent)


def home_city() -> City:
    """Tabriz as the home city, made at its first use."""
    return City.objects.home() or city(
        slug="tabriz",
        country="IR",
        name_fa="تبریز",
        name_en="Tabriz",
        latitude=38.08,
        longitude=46.2919,
        time_zone="Asia/Tehran",
        is_home=True,
    )


def city(**given: Any) -> City:
    """A city in Türkiye, or as given; `country` may be a code."""
    number = next(_serial)
    fields = {
        "country": "TR",
        "name_fa": f"شهر {number}",
        "name_en": f"City {number}",
        "slug": f"city-{number}",
        "latitude": 41.0,
        "longitude": 29.0,
        "population": 100_000,
        "population_year": 2020,
        "time_zone": "Europe/Istanbul",
    } | given
    if isinstance(fields["country"], str):
        fields["country"] = country(fields["country"])
    return City.objects.create(**fields)


def istanbul() -> City:
    """Istanbul with its names, made at its first use."""
    return City.objects.filter(slug="istanbul").first() or city(
        slug="istanbul",
        name_fa="استانبول",
        name_en="Istanbul",
        name_local="İstanbul",
        language_local="tr",
        other_names="Constantinople\nقسطنطنیه",
        latitude=41.01384,
        longitude=28.94966,
    )


def baku() -> City:
    """Baku with its names, made at its first use."""
    return City.objects.filter(slug="baku").first() or city(
        slug="baku",
        country="AZ",
        name_fa="باکو",
        name_en="Baku",
        name_local="Bakı",
        language_local="az",
        other_names="Bakü",
        latitude=40.37767,
        longitude=49.89201,
        time_zone="Asia/Baku",
    )


def place(**given: Any) -> Place:
    """A place of the gazetteer."""
    fields = {
        "geonames_id": 1_000_000 + next(_serial),
        "name": "Gence",
        "country": "TR",
        "latitude": 40.0,
        "longitude": 30.0,
        "population": 50_000,
        "time_zone": "Europe/Istanbul",
    } | given
    if isinstance(fields["country"], str):
        fields["country"] = country(fields["country"])
    return Place.objects.create(**fields)


def tie_source(**given: Any) -> TieSource:
    """A list of ties as it was on a day."""
    fields = {
        "title_fa": "فهرست خواهرشهرهای جهان",
        "title_en": "List of sister cities",
        "as_of": datetime.date(2026, 11, 1),
    }
    return TieSource.objects.create(**{**fields, **given})


def tie(city: City, sister: City, **given: Any) -> Tie:
    """A tie of two cities; they may be given in either order."""
    fields = dated(given, "since")
    fields["source"] = fields.get("source") or TieSource.objects.first() or tie_source()
    made = Tie.between(city, sister, **fields)
    made.save()
    return made


def agreement(published: bool = False, withdrawn: bool = False, **given: Any) -> Agreement:
    """A prospect with a city of its own, or as given; `signed` and other dates may be text, as in "SH 1395-03"."""
    home_city()
    fields = {"kind": "sister", "status": "prospect"} | given
    if "partner" not in fields:
        fields["partner"] = city()
    for name in ("signed", "expires", "in_force_from", "notice_by", "status_since"):
        if isinstance(fields.get(name), str):
            fields[name] = UncertainDate.from_stored(fields[name])
    if published or withdrawn:
        fields["published_at"] = timezone.now()
    if withdrawn:
        fields |= {"withdrawn_at": timezone.now(), "withdrawal_reason": "named the wrong city"}
    return Agreement.objects.create(**fields)


def source(agreement: Agreement, **given: Any) -> Source:
    """A press source that supports the agreement, or as given; dates may be text."""
    fields = {
        "publisher_fa": "خبرگزاری",
        "publisher_en": "News agency",
        "says_fa": "پیمان امضا شد.",
        "says_en": "The agreement was signed.",
    } | given
    for name in ("issued", "signed_claim"):
        if isinstance(fields.get(name), str):
            fields[name] = UncertainDate.from_stored(fields[name])
    return Source.objects.create(agreement=agreement, **fields)


def domain(key: str = "cultural", **given: Any) -> Domain:
    """The domain with this key, made at its first use."""
    fields = {"name_fa": f"حوزه {key}", "name_en": f"Domain {key}"} | given
    return Domain.objects.filter(key=key).first() or Domain.objects.create(key=key, **fields)


def provision(key: str = "article-146", **given: Any) -> Provision:
    """A provision of a city plan."""
    fields = {
        "plan_fa": "برنامه راهبردی",
        "plan_en": "Strategic plan",
        "article_fa": "ماده ۱۴۶",
        "article_en": "Article 146",
    }
    return Provision.objects.create(key=key, **(fields | given))


def resolution(**given: Any) -> Resolution:
    """A resolution of Tabriz's council."""
    fields = {
        "body_fa": "شورای اسلامی شهر تبریز",
        "body_en": "Islamic City Council of Tabriz",
        "title_fa": "خواهرخواندگی",
        "title_en": "Sister-city tie",
    } | given
    if isinstance(fields.get("decided"), str):
        fields["decided"] = UncertainDate.from_stored(fields["decided"])
    return Resolution.objects.create(**fields)


def membership(key: str = "metropolis", **given: Any) -> Membership:
    """A membership that is not published, by an official source; dates may be text."""
    fields = {
        "name_fa": "انجمن شهرها",
        "name_en": "Association of Cities",
        "acronym": "AC",
        "verification": "official",
        "publisher_fa": "شهرداری",
        "publisher_en": "Municipality",
    } | given
    for name in ("since", "until", "issued"):
        if isinstance(fields.get(name), str):
            fields[name] = UncertainDate.from_stored(fields[name])
    return Membership.objects.create(key=key, **fields)


def affinity(partner: City, **given: Any) -> Affinity:
    """A cultural affinity of a partner city, on a news agency's word."""
    fields = {"ground": "cultural", "attribution_fa": "خبرگزاری", "attribution_en": "News agency"} | given
    return Affinity.objects.create(partner=partner, **fields)


def milestone_kind(key: str = "proposal", **given: Any) -> MilestoneKind:
    """The kind of milestone with this key, made at its first use."""
    fields = {"name_fa": f"گام {key}", "name_en": f"Step {key}"} | given
    return MilestoneKind.objects.filter(key=key).first() or MilestoneKind.objects.create(key=key, **fields)


def dated(fields: dict[str, Any], *names: str) -> dict[str, Any]:
    """The fields, with dates that are text, as in "SH 1395-03", read."""
    read = {name: UncertainDate.from_stored(fields[name]) for name in names if isinstance(fields.get(name), str)}
    return fields | read


def milestone(agreement: Agreement, kind: MilestoneKind | str = "proposal", **given: Any) -> Milestone:
    """A milestone of that kind (or of the kind with that key) that nobody has begun, or as given; dates may be text."""
    made = milestone_kind(kind) if isinstance(kind, str) else kind
    fields = dated(given, "planned", "sent", "answered")
    return Milestone.objects.create(agreement=agreement, kind=made, **fields)


def activity(*agreements: Agreement, published: bool = False, **given: Any) -> Activity:
    """A delegation under these agreements, or as given; dates may be text."""
    number = next(_serial)
    fields = {"title_fa": f"سفر هیئت {number}", "title_en": f"Visit of a delegation {number}"} | given
    if published:
        fields["published_at"] = timezone.now()
    made = Activity.objects.create(**dated(fields, "begun", "finished"))
    made.agreements.set(agreements)
    return made


def commitment(agreement: Agreement, **given: Any) -> Commitment:
    """Something that the home city promised, or as given; dates may be text."""
    fields = {"text_fa": "برگزاری هفته فرهنگی", "text_en": "To hold a cultural week"} | given
    return Commitment.objects.create(agreement=agreement, **dated(fields, "due", "settled"))


def contact(partner: City, **given: Any) -> Contact:
    """Somebody at a partner city's municipality, to be looked at again in a year; dates may be text."""
    fields = {
        "name_fa": "آیدین یلماز",
        "name_en": "Aydın Yılmaz",
        "email": "aydin.yilmaz@belediye.example",
        "phone": "+90 212 000 00 00",
        "review_on": timezone.localdate() + datetime.timedelta(days=365),
    } | given
    return Contact.objects.create(partner=partner, **dated(fields, "since", "until"))


def note(agreement: Agreement, text: str = "Ask the embassy again.", **given: Any) -> Note:
    """A note of the office on an agreement."""
    return Note.objects.create(agreement=agreement, text=text, **given)


def document(content: bytes = b"%PDF-1.4 a signed text", **given: Any) -> Document:
    """A document with one version of that content; name what it belongs to, as in `document(agreement=…)`.

    Its title and its file's name hold "planted", so that tests can look for what must not be seen.
    """
    fields = {"title_fa": "متن planted", "title_en": "Planted text"} | given
    made = Document.objects.create(**fields)
    DocumentVersion.objects.create(
        document=made,
        file=ContentFile(content, name="planted.pdf"),
        name="planted.pdf",
        media_type="application/pdf",
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        pages=1,
    )
    return made


def user(name: str = "visitor", group: str = "") -> User:
    """An account, in a group if one is given."""
    made = User.objects.create_user(name, password="a long enough password")
    if group:
        made.groups.add(Group.objects.get(name=group))
    return made


def auditor() -> User:
    """An account that may read what is recorded, drafts included, and write nothing."""
    return user("auditor", AUDITORS)


def editor() -> User:
    """An account that may record and edit."""
    return user("editor", EDITORS)


def manager() -> User:
    """An account that may also publish, delete and keep the reference data."""
    return user("manager", MANAGERS)


def administrator() -> User:
    """An account that may use the Django admin for everything."""
    return User.objects.create_superuser("administrator", password="a long enough password")


def tabriz() -> None:
    """Every country and Tabriz's register, as they ship."""
    load_countries()
    with override("fa"):
        report = load(read_register(TABRIZ))
    assert report.saved, "\n".join(map(str, report.issues + report.differences))
