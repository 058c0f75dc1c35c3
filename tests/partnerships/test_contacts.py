"""Contacts: personal data that never leaves the office, and that is erased for good."""

import datetime
import logging
from typing import Any

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.utils import timezone
from django.utils.translation import override

from partnerships.models import Contact
from sistercities.dates import UncertainDate
from sistercities.roles import AUDITORS
from tests import factories
from tests.constraints import Case, Rule
from tests.desk import fields, page
from tests.pages import crawl

pytestmark = pytest.mark.django_db

BOTH = pytest.mark.parametrize("language", ["fa", "en"])

TERM = {
    name: value
    for which, code in (("since", "AD 2021"), ("until", "AD 2020"))
    for name, value in {
        which: UncertainDate.from_stored(code),
        f"{which}_first": UncertainDate.from_stored(code).first,
        f"{which}_last": UncertainDate.from_stored(code).last,
    }.items()
}

RULES = {
    Contact: [
        Rule(
            "contact_is_somebody",
            "Give a name, or the office or role.",
            "نام یا سمت را بنویسید.",
            {"name_fa": "", "name_en": ""},
        ),
        Rule("contact_kind_is_known", "Say where they belong.", "بنویسید به کجا وابسته است.", {"kind": "friend"}),
        Rule(
            "contact_term_ends_after_it_began",
            "A term cannot end before it began.",
            "دوره خدمت نمی‌تواند پیش از آغاز پایان یابد.",
            TERM,
        ),
    ],
}
CASES = {Contact: lambda: Case(factories.contact(factories.istanbul()), {})}

PLANTED = {
    "name_fa": "زربانوی ناپیدا",
    "name_en": "Zarbanu Napeyda",
    "role_en": "Quartermaster of Lanterns",
    "role_fa": "فانوس‌دار ناپیدا",
    "organisation_en": "House of Lanterns",
    "organisation_fa": "خانه فانوس",
    "email": "zarbanu@lanterns.example",
    "phone": "+90 555 777 99 11",
    "website": "https://lanterns.example/zarbanu",
    "address": "Lantern Lane 77",
    "note": "fond of saffron",
}
TRACES = [*PLANTED.values(), "555 777", "Zarbanu", "lanterns.example"]
"""What cannot stand anywhere else."""


@pytest.fixture
def planted() -> Contact:
    """Somebody at Istanbul, whose agreement is public; what they are called has been changed since."""
    istanbul = factories.istanbul()
    factories.agreement(True, partner=istanbul)
    contact = factories.contact(istanbul, **(PLANTED | {"name_en": "Zarbanu the First"}))
    contact.name_en = PLANTED["name_en"]
    contact.save()
    return contact


def leaks(texts: dict[str, str]) -> dict[str, list[str]]:
    """What of the contact stands where."""
    found = {where: [trace for trace in TRACES if trace in text] for where, text in texts.items()}
    return {where: traces for where, traces in found.items() if traces}


FILES = [
    *(f"/data/partnerships.{ending}" for ending in ("csv", "json", "geojson", "xlsx")),
    "/feeds/partnerships.atom?lang=en",
    "/feeds/partnerships.atom?lang=fa",
    "/calendar/anniversaries.ics",
    "/sitemap.xml",
    "/robots.txt",
    "/en/partnerships/suggest/?q=zarbanu",
    "/en/partnerships/suggest/?q=istanbul",
    "/en/partnerships/?q=zarbanu",
    "/en/nowhere/",
    "/fa/partnerships/?view=map",
    "/en/partnerships/?view=timeline",
]


def test_nothing_personal_is_found_anywhere_public(client, planted):
    pages = crawl(client, "/fa/", "/en/")
    texts = {address: one.html for address, one in pages.items()}
    for address in FILES:
        response = client.get(address)
        content = b"".join(response) if response.streaming else response.content
        texts[address] = content.decode(errors="replace")
    # What was asked for stands in the box of the search.
    asked = {address: text.replace("zarbanu", "") for address, text in texts.items()}

    assert len(pages) > 20
    assert leaks(asked) == {}


def test_auditor_finds_nothing_personal(client, planted):
    client.force_login(factories.user("auditor", AUDITORS))
    for_editors = [f"contacts/{planted.pk}/{page}/" for page in ("edit", "history", "confirm", "delete")]
    for_editors += ["cities/istanbul/contacts/", "cities/istanbul/contacts/add/"]

    pages = crawl(
        client, "/en/staff/", "/fa/staff/", "/en/staff/cities/istanbul/history/", within="/staff/", without=r"\.xlsx$"
    )

    assert {client.get(f"/en/staff/{one}").status_code for one in for_editors} == {403}
    assert leaks({address: one.html for address, one in pages.items()}) == {}


@BOTH
def test_office_finds_it_and_former_ones_apart(client, planted, language):
    client.force_login(factories.editor())
    factories.contact(planted.partner, name_fa="پیشین", name_en="Former", until="AD 2020")

    found = page(client.get(f"/{language}/staff/cities/istanbul/contacts/"))

    now, former = found.of_class("deeds")
    assert [len(part.of_class("deed")) for part in (now, former)] == [1, 1]
    assert PLANTED[f"name_{language}"] in now.words
    assert any(outer.name == "details" for outer in former.lineage)


def test_nothing_personal_is_written_to_the_log(client, planted, caplog):
    client.force_login(factories.manager())
    with caplog.at_level(logging.INFO):
        address = f"/en/staff/contacts/{planted.pk}/edit/"
        client.post(address, fields(client.get(address)) | {"phone": "+90 555 777 99 22", "since_month": "none such"})
        client.post(address, fields(client.get(address)) | {"phone": "+90 555 777 99 22"})
        address = f"/en/staff/contacts/{planted.pk}/delete/"
        client.post(address, fields(client.get(address)))

    assert not Contact.objects.exists()
    assert leaks({"log": caplog.text}) == {}


@BOTH
def test_contact_is_erased_with_everything_personal_in_its_history(client, planted, language):
    client.force_login(factories.manager())
    LogEntry.objects.create(
        user=factories.administrator(),
        content_type=ContentType.objects.get_for_model(Contact),
        object_id=str(planted.pk),
        object_repr=str(planted),
        action_flag=CHANGE,
    )
    address = f"/{language}/staff/contacts/{planted.pk}/delete/"

    client.post(address, fields(client.get(address)) | {"reason": "asked for it"})

    (line,) = Contact.history.filter(id=planted.pk)
    stored = {column.attname: str(getattr(line, column.attname)) for column in line._meta.concrete_fields}
    assert leaks(stored | {"log": LogEntry.objects.get().object_repr}) == {}
    assert (line.history_type, line.history_user.username, line.history_change_reason) == (
        "-",
        "manager",
        "asked for it",
    )
    told = page(client.get(f"/{language}/staff/contacts/{planted.pk}/history/"))
    with override(language):
        assert planted.partner.name.plain in told.one("h1").words
    assert "asked for it" in told.one("main").words


@pytest.mark.parametrize("way", ["record", "queryset"])
def test_every_way_of_deleting_erases(planted, way):
    (planted.delete if way == "record" else Contact.objects.all().delete)()

    assert [(one.history_type, one.name_en, one.email) for one in Contact.history.all()] == [("-", "", "")]


def test_editor_erases_nobody(client, planted):
    client.force_login(factories.editor())

    assert client.post(f"/en/staff/contacts/{planted.pk}/delete/", {"version": "2"}).status_code == 403
    assert Contact.objects.count() == 1


def test_contact_looked_at_is_looked_at_again_in_a_year(client, planted):
    client.force_login(factories.editor())
    today = timezone.localdate()
    planted.review_on = today
    planted.save()
    address = f"/en/staff/contacts/{planted.pk}/confirm/"
    asked = fields(client.get(address))

    before = [(one.is_to_review, one in Contact.objects.to_review()) for one in Contact.objects.all()]
    for _click in range(2):
        client.post(address, asked)

    assert before == [(True, True)]
    assert Contact.objects.get().review_on == today + datetime.timedelta(days=365)
    assert Contact.history.count() == 4


def test_new_contact_is_looked_at_in_a_year_unless_said_otherwise(client):
    client.force_login(factories.editor())
    factories.istanbul()
    address = "/fa/staff/cities/istanbul/contacts/add/"

    client.post(address, fields(client.get(address)) | {"name_fa": "آیدین", "languages": ["tr", "en"]})

    made = Contact.objects.get()
    assert made.review_on == timezone.localdate() + datetime.timedelta(days=365)
    assert set(made.languages.split()) == {"en", "tr"}


@pytest.mark.parametrize(
    ("typed", "is_shown"),
    [
        ({"name_en": "AYDIN YILMAZ"}, True),
        ({"email": "Aydin.Yilmaz@belediye.example"}, True),
        ({"name_en": "Aydın"}, False),
    ],
)
def test_likely_duplicate_in_the_city_is_shown(client, typed: dict[str, Any], is_shown):
    client.force_login(factories.editor())
    factories.contact(factories.istanbul())
    address = "/en/staff/cities/istanbul/contacts/add/"

    response = client.post(address, fields(client.get(address)) | {"role_en": "Mayor"} | typed)

    assert ["Aydın Yılmaz" in one.words for one in page(response).of_class("matches")] == [True] * is_shown
    assert Contact.objects.count() == 2 - is_shown


def test_former_and_its_queryset_agree():
    city = factories.istanbul()
    today = timezone.localdate()
    for until in (None, f"AD {today.year}", f"AD {today.isoformat()}", "AD 2020-05"):
        factories.contact(city, **({"until": until} if until else {}))

    assert {one for one in Contact.objects.all() if not one.is_former} == set(Contact.objects.in_office())
    assert [one.is_former for one in city.contacts.in_order()] == [False, False, False, True]
