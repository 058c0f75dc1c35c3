"""The Django admin: everything can be found and put right in it, in both languages, and no rule is gone round."""

import copy
import datetime
import re
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group, User
from django.db import connection
from django.db.models import ManyToManyField
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import override

from cities.models import City, Country, Place, Tie, TieSource
from partnerships.forms.agreements import ROWS_AT_MOST
from partnerships.models import (
    Activity,
    Affinity,
    Agreement,
    Commitment,
    Contact,
    Domain,
    Membership,
    Milestone,
    MilestoneKind,
    Note,
    Provision,
    Register,
    Resolution,
    Source,
)
from sistercities.admin import RecordAdmin
from sistercities.dates import UncertainDate
from sistercities.records import Record, StaleRecord
from sistercities.roles import EDITORS
from tests import factories
from tests.desk import say, typed
from tests.pages import Page

pytestmark = pytest.mark.django_db

RECORDS = [
    Country,
    City,
    Agreement,
    Source,
    Resolution,
    Domain,
    Provision,
    Affinity,
    Membership,
    Activity,
    Commitment,
    Contact,
    Note,
    Milestone,
    MilestoneKind,
]
LOOKED_UP = [Place, Register]
BOTH = pytest.mark.parametrize("language", ["fa", "en"])


@pytest.fixture(autouse=True)
def forgiving_templates(settings) -> None:
    """Django's own admin templates count on a missing variable being empty."""
    settings.TEMPLATES = copy.deepcopy(settings.TEMPLATES)
    settings.TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = ""


@pytest.fixture
def desk(client) -> Client:
    """The client of an administrator who reads English."""
    client.force_login(factories.administrator())
    client.cookies["django_language"] = "en"
    return client


def address(model: type, page: str, record: Any = None) -> str:
    """The address of one of the admin's pages."""
    return reverse(f"admin:{model._meta.label_lower.replace('.', '_')}_{page}", args=[record.pk] if record else [])


def page(response: HttpResponse) -> Page:
    """The page that was answered."""
    return Page(response.request["PATH_INFO"], response.content.decode())


def form(response: HttpResponse) -> dict[str, list[str]]:
    """What a browser sends for the record's form when nothing is changed in it."""
    (found,) = [one for one in page(response).named("form") if one["id"].endswith("_form")]
    return typed(found)


def said(response: HttpResponse) -> list[str]:
    """What the page has against a form, and the messages on it."""
    lists = [one for one in page(response).named("ul") if {"errorlist", "messagelist"} & set(one["class"].split())]
    return [one.words for found in lists for one in found.all if one.name == "li"]


def shown(response: HttpResponse) -> str:
    """The words of what is in the middle of the page."""
    (content,) = [one for one in page(response).elements if one["id"] == "content"]
    return content.words


def found(response: HttpResponse) -> list[str]:
    """The first words of each line of a list."""
    lines = [one for one in page(response).named("th") if re.match("field-", one["class"])]
    return [one.words for one in lines]


def change(desk: Client, record: Any, **changed: Any) -> HttpResponse:
    """Open the record's form, change some fields, and save."""
    opened = desk.get(address(type(record), "change", record))
    return desk.post(address(type(record), "change", record), form(opened) | changed)


def add(desk: Client, model: type, **given: Any) -> HttpResponse:
    """Open the form for a new record, fill in some fields, and save."""
    return desk.post(address(model, "add"), form(desk.get(address(model, "add"))) | given)


def histories() -> dict[str, int]:
    """How many entries each history has."""
    return {model.__name__: model.history.count() for model in RECORDS}


# --- What there is --------------------------------------------------------------------------------------


def test_everything_is_there():
    ours = {model for model in admin.site._registry if model._meta.app_label in {"cities", "partnerships", "auth"}}
    assert ours == {*RECORDS, *LOOKED_UP, Tie, TieSource, User, Group}


@pytest.mark.parametrize("model", RECORDS + LOOKED_UP)
def test_nothing_is_edited_in_lists_and_no_relation_by_its_raw_key(model):
    desk = admin.site._registry[model]
    assert (desk.list_editable, desk.raw_id_fields) == ((), ())


@pytest.mark.parametrize("model", RECORDS)
def test_relations_are_chosen_by_typing(model, rf):
    desk = admin.site._registry[model]
    request = rf.get("/")
    request.user = factories.administrator()
    if not desk.has_change_permission(request):
        return
    edited = set(desk.get_form(request)().fields)
    relations = {
        one.name
        for one in (*model._meta.fields, *model._meta.many_to_many)
        if one.is_relation and (one.editable or isinstance(one, ManyToManyField))
    }
    assert relations & edited == set(desk.autocomplete_fields)


@BOTH
@pytest.mark.markup
@pytest.mark.parametrize("model", RECORDS + LOOKED_UP + [User, Group])
def test_pages_stand_in_both_languages_and_under_the_policy(client, model, language):
    client.force_login(factories.administrator())
    client.cookies["django_language"] = language
    record = everything()[model]
    pages = [address(model, "changelist"), address(model, "change", record), address(model, "history", record)]
    if model not in LOOKED_UP and model is not Source:
        pages += [address(model, "add"), address(model, "delete", record)]
    for one in pages:
        response = client.get(one)
        assert response.status_code == 200, one
        read = page(response)
        assert read.one("html").attributes["lang"] == language
        assert read.one("html").attributes["dir"] == {"fa": "rtl", "en": "ltr"}[language]
        inline = [str(tag) for tag in read.elements if tag["style"] or any(name[:2] == "on" for name in tag.attributes)]
        inline += [str(tag) for tag in read.named("script") if not tag["src"] and tag["type"] != "application/json"]
        assert (one, inline, len(read.named("style"))) == (one, [], 0)


def everything() -> dict[type, Any]:
    """One of each, which hang together."""
    home = factories.home_city()
    agreement = factories.agreement(partner=factories.istanbul(), signed="SH 1395-03")
    agreement.domains.add(factories.domain())
    return {
        Country: home.country,
        City: agreement.partner,
        Agreement: agreement,
        Source: factories.source(agreement),
        Resolution: factories.resolution(decided="SH 1387"),
        Domain: agreement.domains.get(),
        Provision: factories.provision(),
        Affinity: factories.affinity(agreement.partner),
        Membership: factories.membership(),
        Activity: factories.activity(agreement, title_en="Visit", begun="SH 1403-02-07", cost=12, currency="IRR"),
        Commitment: factories.commitment(agreement, due="AD 2026"),
        Contact: factories.contact(agreement.partner),
        Note: factories.note(agreement),
        MilestoneKind: factories.milestone_kind("clearance", patience_days=30),
        Milestone: factories.milestone(agreement, "clearance", sent="AD 2020", authority_en="Ministry"),
        Place: factories.place(),
        Register: Register.objects.get(),
        User: factories.user("another"),
        Group: Group.objects.get(name=EDITORS),
    }


@BOTH
def test_language_is_changed_from_the_header(client, language):
    client.force_login(factories.administrator())
    client.cookies["django_language"] = language
    other = {"fa": "en", "en": "fa"}[language]
    opened = client.get("/admin/cities/city/?q=b")
    (switch,) = [one for one in page(opened).named("form") if one["class"] == "languages"]
    (button,) = [one for one in switch.all if one.name == "button"]
    assert (button["value"], button.words) == (other, {"en": "English", "fa": "فارسی"}[other])

    answer = client.post(switch["action"], typed(switch) | {button["name"]: button["value"]}, follow=True)

    assert answer.request["PATH_INFO"] + "?" + answer.request["QUERY_STRING"] == "/admin/cities/city/?q=b"
    assert page(answer).one("html")["lang"] == other


def test_visitor_and_staff_without_rights_stay_outside(client):
    inside = address(City, "changelist")
    assert client.get(inside).status_code == 302
    client.force_login(factories.manager())
    assert client.get(inside).status_code == 302
    User.objects.update(is_staff=True)
    assert client.get(inside).status_code == 200
    assert client.get(address(User, "changelist")).status_code == 403


# --- Finding ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("words", ["باکو", "باكو", "baku", "BAKÜ", "bakı", "آذربايجان"])
def test_cities_are_found_however_they_are_spelt(desk, words):
    factories.baku()
    factories.istanbul()
    assert found(desk.get(address(City, "changelist"), {"q": words})) == ["Baku"]


@pytest.mark.parametrize(
    ("model", "words", "line"),
    [
        (Country, "turkiye", "TR"),
        (Agreement, "استانبول", "1"),
        (Agreement, "constantinople", "1"),
        (Agreement, "۱", "1"),
        (Source, "خبرگزاري", "News agency"),
        (Source, "istanbul", "News agency"),
        (Resolution, "خواهر خواندگی", "Sister-city tie"),
        (Domain, "حوزه cultural", "Domain cultural"),
        (Provision, "ماده 146", "Article 146, Strategic plan"),
        (Affinity, "ISTANBUL", "Istanbul"),
        (Membership, "انجمن شهرها", "Association of Cities"),
        (Activity, "VISIT", "Visit"),
        (Commitment, "هفته فرهنگي", "To hold a cultural week"),
        (Contact, "aydin yilmaz", "Aydın Yılmaz"),
        (Note, "embassy", "Ask the embassy again."),
        (MilestoneKind, "گام clearance", "Step clearance"),
        (Milestone, "ministry", "Step clearance"),
        (Place, "gence", "Gence"),
    ],
)
def test_search_folds_everywhere(desk, model, words, line):
    everything()
    factories.agreement(partner=factories.baku())

    assert found(desk.get(address(model, "changelist"), {"q": words}))[:1] == [line]
    assert found(desk.get(address(model, "changelist"), {"q": "nothing of the kind"})) == []


def test_completion_offers_what_the_search_finds(desk):
    factories.istanbul()
    factories.baku()
    asked = {"app_label": "partnerships", "model_name": "agreement", "field_name": "partner", "term": "ISTANBÜL"}

    answer = desk.get("/admin/autocomplete/", asked).json()

    assert answer == {
        "results": [{"id": str(City.objects.get(slug="istanbul").pk), "text": "Istanbul (Türkiye)"}],
        "pagination": {"more": False},
    }


@pytest.mark.parametrize(
    ("filters", "numbers"),
    [
        ({"publication": "published"}, ["1"]),
        ({"publication": "draft"}, ["2"]),
        ({"publication": "withdrawn"}, ["3"]),
        ({"kind__exact": "contact"}, ["2"]),
        ({"partner__country__code__exact": "AZ"}, ["1"]),
        ({}, ["1", "2", "3"]),
    ],
)
def test_agreements_are_filtered(desk, filters, numbers):
    factories.agreement(published=True, partner=factories.baku())
    factories.agreement(kind="contact")
    factories.agreement(withdrawn=True)

    assert found(desk.get(address(Agreement, "changelist"), filters)) == numbers


@BOTH
def test_lists_and_forms_show_dates_in_both_calendars(client, language):
    client.force_login(factories.administrator())
    client.cookies["django_language"] = language
    factories.agreement(signed="SH 1395-03")

    (cell,) = [
        one
        for one in page(client.get(address(Agreement, "changelist"))).named("td")
        if one["class"] == "field-signing nowrap" or one["class"] == "field-signing"
    ]

    assert cell.words == {"fa": "خرداد ۱۳۹۵ (مه – ژوئن ۲۰۱۶)", "en": "Khordad 1395 (May–June 2016)"}[language]


@pytest.mark.markup
@pytest.mark.parametrize("model", RECORDS + LOOKED_UP)
@pytest.mark.parametrize("name", ["changelist", "change"])
def test_pages_cost_the_same_for_one_and_for_many(desk, model, name):
    made = everything()
    made_address = address(model, name, made[model] if name == "change" else None)
    desk.get(made_address)
    with CaptureQueriesContext(
        connection,
    ) as for_one:
        desk.get(made_address)

    for number in range(7):
        agreement = factories.agreement(partner=factories.city(country=["TR", "AZ", "DE"][number % 3]))
        agreement.domains.add(factories.domain(f"domain-{number}"))
        for each in (made[Agreement], agreement):
            factories.source(each)
        factories.resolution()
        factories.provision(f"provision-{number}")
        factories.affinity(agreement.partner)
        factories.membership(f"body-{number}")
        factories.place()
    with CaptureQueriesContext(
        connection,
    ) as for_many:
        desk.get(made_address)

    assert len(for_many) == len(for_one)


@pytest.mark.parametrize(
    "query",
    [
        "q=%00",
        "p=x",
        "p=99999",
        "o=99.x",
        "kind__exact=x",
        "publication=x",
        "partner__country__code__exact=%00",
        "x=1",
        "e=1",
    ],
)
@pytest.mark.parametrize("model", [Agreement, City])
def test_list_takes_any_address(desk, model, query):
    factories.agreement()
    assert desk.get(f"{address(model, 'changelist')}?{query}", follow=True).status_code == 200


@pytest.mark.parametrize("model", RECORDS)
@pytest.mark.parametrize("name", ["change", "delete", "history"])
def test_no_record_no_failure(desk, model, name):
    keys = ["x", "0", "9" * 30, "%00", "_3A"]
    answers = {key: desk.get(f"{address(model, 'changelist')}{key}/{name}/").status_code for key in keys}
    assert {key: status for key, status in answers.items() if status not in {302, 403, 404}} == {}


# --- Writing ---------------------------------------------------------------------------------------------


def test_agreement_is_recorded_with_its_grounds_in_one_step(desk):
    factories.home_city()
    istanbul, domain, resolution = factories.istanbul(), factories.domain(), factories.resolution()
    before = histories()

    response = add(
        desk,
        Agreement,
        partner=istanbul.pk,
        kind="sister",
        status="in_force",
        signed_year="۱۳۹۵",
        signed_month="خرداد",
        signed_calendar="solar_hijri",
        domains=[domain.pk],
        resolutions=[resolution.pk],
        reason="letter 12",
        **{
            "sources-TOTAL_FORMS": "1",
            "sources-0-stance": "supports",
            "sources-0-nature": "press",
            "sources-0-publisher_en": "News agency",
            "sources-0-says_en": "It was signed.",
            "sources-0-issued_year": "2016",
            "sources-0-issued_calendar": "gregorian",
        },
    )

    assert response.status_code == 302, said(response)
    made = Agreement.objects.get()
    assert (made.number, made.partner, made.signed.code, made.publication) == (1, istanbul, "SH 1395-03", "draft")
    assert (list(made.domains.all()), list(made.resolutions.all())) == ([domain], [resolution])
    assert [str(one.issued) for one in made.sources.all()] == ["2016 (Dey 1394 – Dey 1395)"]
    assert histories() == before | {"Agreement": before["Agreement"] + 1, "Source": before["Source"] + 1}
    for entry in (made.history.get(), made.sources.get().history.get()):
        assert (entry.history_type, str(entry.history_user), entry.history_change_reason) == (
            "+",
            "administrator",
            "letter 12",
        )
    assert [one.domain for one in made.history.get().domains.all()] == [domain]


def test_change_with_its_relations_and_rows_is_one_entry(desk):
    made = factories.agreement()
    kept, dropped = factories.source(made), factories.source(made)
    before = histories()

    response = change(
        desk,
        made,
        summary_en="A tie.",
        domains=[factories.domain().pk],
        reason="put right",
        **{"sources-0-says_en": "It was proposed.", "sources-1-DELETE": "on"},
    )

    assert response.status_code == 302, said(response)
    made.refresh_from_db()
    assert (made.version, made.summary_en, made.domains.count()) == (2, "A tie.", 1)
    assert [(one.pk, one.says_en) for one in made.sources.all()] == [(kept.pk, "It was proposed.")]
    after = histories()
    assert (after["Agreement"] - before["Agreement"], after["Source"] - before["Source"]) == (1, 2)
    newest = [made.history.first(), kept.history.first(), Source.history.filter(id=dropped.pk).first()]
    assert [(one.history_type, one.history_change_reason) for one in newest] == [
        ("~", "put right"),
        ("~", "put right"),
        ("-", "put right"),
    ]


@pytest.mark.parametrize("model", [one for one in RECORDS if one is not Source])
def test_saving_without_a_change_leaves_no_trace(desk, model):
    record = everything()[model]
    before = histories()

    assert change(desk, record).status_code == 302

    record.refresh_from_db()
    assert (histories(), record.version) == (before, type(record).objects.get(pk=record.pk).version)
    assert record.version == 1


@pytest.mark.parametrize(
    ("model", "changed"),
    [
        (Country, {"name_fa": "آناتولی"}),
        (City, {"population": "۱۵٬۷۰۱٬۶۰۲", "latitude": "۴۱٫۰۱"}),
        (Resolution, {"number": "۱۲"}),
        (Domain, {"name_en": "Culture"}),
        (Provision, {"article_en": "Article 1"}),
        (Affinity, {"text_en": "A language."}),
        (Membership, {"acronym": "MM"}),
        (Activity, {"participants": "۱۲", "cost": "۱٬۲۵۰٫۵"}),
        (Commitment, {"article": "۷"}),
        (Contact, {"phone": "+90 1"}),
        (Note, {"text": "Ask them."}),
        (MilestoneKind, {"patience_days": "۴۵"}),
        (Milestone, {"letter_number": "۱۲/۳"}),
    ],
)
def test_records_are_changed_with_one_entry_each(desk, model, changed):
    record = everything()[model]
    before = histories()

    response = change(desk, record, **changed)

    assert response.status_code == 302, said(response)
    assert histories() == before | {model.__name__: before[model.__name__] + 1}
    assert model.objects.get(pk=record.pk).version == 2


def test_new_country_name_is_found_with_its_cities(desk):
    city = factories.istanbul()
    change(desk, city.country, name_en="Anatolia")
    assert list(City.objects.search("anatolia")) == [city]
    assert list(City.objects.search("Türkiye")) == []


def test_numbers_in_any_digits_are_taken(desk):
    city = factories.istanbul()
    change(desk, city, population="١٥٬٧٠١٬٦٠٢", population_year="۲۰۲۳", latitude="۴۱٫۵", longitude="−۷۰٫۲۵")
    city.refresh_from_db()
    assert (city.population, city.population_year, city.latitude, city.longitude) == (15_701_602, 2023, 41.5, -70.25)


def test_what_is_given_once_stays(desk):
    home, made = factories.home_city(), factories.agreement(partner=factories.istanbul())
    domain = factories.domain()
    forged = {"number": "99", "home_city": made.partner_id, "published_at": "2020-01-01", "version": "1"}

    change(desk, made, **forged, summary_en="A tie.")
    change(desk, made.partner, slug="constantinople", name_en="Constantinople")
    change(desk, domain, key="other", name_en="Culture")

    made.refresh_from_db()
    assert (made.number, made.home_city, made.published_at, made.summary_en) == (1, home, None, "A tie.")
    assert City.objects.get(pk=made.partner_id).slug == "istanbul"
    assert Domain.objects.get(pk=domain.pk).key == "cultural"


def test_form_shows_who_published_and_why_it_was_withdrawn(desk):
    made = factories.agreement(published=True)
    made.withdraw(by=User.objects.get(), reason="named the wrong city")
    words = shown(desk.get(address(Agreement, "change", made)))
    assert "withdrawn" in words
    assert "named the wrong city" in words


# --- No rule is gone round --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        (
            {
                "signed_year": "2016",
                "signed_calendar": "gregorian",
                "expires_year": "2015",
                "expires_calendar": "gregorian",
            },
            "An agreement cannot expire before it is signed.",
        ),
        (
            {"status": "in_force"},
            "An agreement in force needs a date of signing or a source that supports it.",
        ),
        ({"status": "ended"}, "Say why the agreement was suspended or ended."),
        (
            {"signed_year": "1404", "signed_day": "30", "signed_calendar": "solar_hijri"},
            "A day needs its month: add the month or remove the day",
        ),
    ],
)
@BOTH
def test_agreement_keeps_its_rules(desk, language, changed, message):
    made = factories.agreement()
    desk.cookies["django_language"] = language
    before = histories()

    response = change(desk, made, **changed)

    assert response.status_code == 200
    assert said(response) == [say(language, message)]
    assert histories() == before


def test_agreement_with_the_home_city_is_refused(desk):
    home = factories.home_city()
    response = add(desk, Agreement, partner=home.pk)
    assert "The home city cannot have an agreement with itself." in said(response)
    assert Agreement.objects.count() == 0


def test_agreement_before_there_is_a_home_city_is_refused(desk):
    response = add(desk, Agreement, partner=factories.istanbul().pk)
    assert "Choose the home city first: without it there can be no agreement." in said(response)


def test_published_agreement_keeps_names_in_both_languages(desk):
    made = factories.agreement(published=True, partner=factories.city(name_en=""), name_en="A tie")
    response = change(desk, made, name_en="")
    assert "A published agreement needs a name in both languages." in said(response)
    assert Agreement.objects.get().name_en == "A tie"


def test_status_of_a_published_agreement_changes_by_a_decision_here_too(desk):
    agreement = factories.agreement(published=True, status="in_force", signed="AD 2015")
    response = change(desk, agreement, status="ended", status_reason_en="Over")
    assert ["changes by a decision" in one for one in said(response)] == [True]
    assert Agreement.objects.get().status == "in_force"


def test_only_source_of_an_agreement_in_force_cannot_be_taken_away(desk):
    made = factories.agreement()
    factories.source(made)
    Agreement.objects.update(status="in_force")
    made.refresh_from_db()

    for taken in ({"sources-0-DELETE": "on"}, {"sources-0-stance": "contradicts"}):
        response = change(desk, made, **taken)
        assert "An agreement in force needs a date of signing or a source that supports it." in said(response)
    assert made.sources.supporting().count() == 1


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"latitude": "91"}, "A latitude lies between −90 and 90 degrees."),
        ({"longitude": "-180.1"}, "A longitude lies between −180 and 180 degrees."),
        ({"latitude": ""}, "Give both latitude and longitude, or neither."),
        ({"population": "many"}, "Write a whole number in digits."),
        ({"population": "9" * 20}, "This number is too large."),
        ({"latitude": "NaN"}, "Write a number in digits, as in 38.08."),
        ({"name_fa": "", "name_en": ""}, "Give the city a name in Persian or in English."),
        ({"time_zone": "Asia/Nowhere"}, "“Asia/Nowhere” is not a time zone. Write it as in Asia/Tehran."),
        ({"is_home": "on"}, "There is a home city already; a register has exactly one."),
        ({"name_en": "x" * 10_000}, "At most 120 characters fit here; these are 10,000."),
        ({"website": "javascript:alert(1)"}, "Enter a valid URL."),
        ({"country": "XX"}, "Select a valid choice. That choice is not one of the available choices."),
    ],
)
def test_city_keeps_its_rules(desk, changed, message):
    factories.home_city()
    city = factories.istanbul()

    response = change(desk, city, **changed)

    assert (response.status_code, said(response)) == (200, [message])
    assert City.objects.get(pk=city.pk).version == 1


def test_partner_city_cannot_become_the_home_city(desk):
    made = factories.agreement(partner=factories.istanbul())
    City.objects.filter(is_home=True).update(is_home=False)
    response = change(desk, made.partner, is_home="on")
    assert "A partner city of an agreement cannot be the home city." in said(response)


def test_likely_duplicate_is_shown_and_can_be_overridden(desk):
    istanbul = factories.istanbul()
    given = {"country": "TR", "name_en": "ISTANBUL", "slug": "istanbul-again", "level": "city"}

    response = add(desk, City, **given)

    assert City.objects.count() == 1
    assert address(City, "change", istanbul) in [one["href"] for one in page(response).named("a")]
    assert desk.post(address(City, "add"), form(response) | {"distinct": "on"}).status_code == 302
    assert City.objects.count() == 2


def test_what_nobody_sees_is_not_stored(desk):
    domain = factories.domain()
    change(desk, domain, name_en="Cul\u200b\u202eture\x00 ")
    assert Domain.objects.get().name_en == "Culture"


def test_tampered_rows_are_refused_without_a_failure(desk):
    made = factories.agreement()
    factories.source(made)
    opened = form(desk.get(address(Agreement, "change", made)))
    for broken in (
        {"sources-TOTAL_FORMS": "x"},
        {"sources-TOTAL_FORMS": "99999"},
        {"sources-INITIAL_FORMS": "5"},
        {"sources-0-id": "x"},
        {"sources-0-id": "9" * 30},
        {"sources-0-agreement": "77"},
        {"version": "x"},
        {"submission": "x"},
    ):
        response = desk.post(address(Agreement, "change", made), opened | {"summary_en": "A tie."} | broken)
        assert response.status_code in {200, 302}, broken
    assert made.sources.count() == 1


def test_no_more_rows_are_made_than_an_agreement_may_have(desk):
    made = factories.agreement()
    opened = form(desk.get(address(Agreement, "change", made)))
    answered = form(desk.post(address(Agreement, "change", made), opened | {"sources-TOTAL_FORMS": "99999"}))
    assert len([name for name in answered if re.fullmatch(r"sources-\d+-id", name)]) == ROWS_AT_MOST


# --- Nobody overwrites another unseen ---------------------------------------------------------------------


@BOTH
def test_stale_form_saves_nothing_and_shows_both_versions(desk, language):
    made = factories.agreement(summary_en="As it was.")
    desk.cookies["django_language"] = language
    opened = form(desk.get(address(Agreement, "change", made)))
    made.summary_en = "As somebody else has it."
    made.internal_note = "By somebody else."
    made.save()

    response = desk.post(address(Agreement, "change", made), opened | {"summary_en": "As I have it."})

    assert response.status_code == 200
    assert Agreement.objects.get().summary_en == "As somebody else has it."
    lines = [[cell.words for cell in one.all if cell.name == "td"][:2] for one in page(response).named("tr")]
    assert ["As somebody else has it.", "As I have it."] in lines
    assert ["By somebody else.", "–"] in lines

    response = desk.post(address(Agreement, "change", made), form(response))

    assert response.status_code == 302, said(response)
    stored = Agreement.objects.get()
    assert (stored.summary_en, stored.internal_note) == ("As I have it.", "By somebody else.")


def test_stale_row_saves_nothing(desk):
    made = factories.agreement()
    source = factories.source(made)
    opened = form(desk.get(address(Agreement, "change", made)))
    source.says_en = "As somebody else has it."
    source.save()

    response = desk.post(address(Agreement, "change", made), opened | {"sources-0-says_en": "As I have it."})

    assert response.status_code == 200
    assert Source.objects.get().says_en == "As somebody else has it."


def test_stale_form_of_another_record_saves_nothing(desk):
    domain = factories.domain(name_en="Culture")
    opened = form(desk.get(address(Domain, "change", domain)))
    domain.name_en = "Arts"
    domain.save()

    response = desk.post(address(Domain, "change", domain), opened | {"name_en": "Crafts"})

    assert (response.status_code, Domain.objects.get().name_en) == (200, "Arts")


def test_form_without_its_version_saves_nothing(desk):
    domain = factories.domain(name_en="Culture")
    opened = form(desk.get(address(Domain, "change", domain)))
    del opened["version"]

    assert desk.post(address(Domain, "change", domain), opened | {"name_en": "Crafts"}).status_code == 200
    assert Domain.objects.get().name_en == "Culture"


def test_somebody_quicker_between_check_and_write_is_told_of(desk, monkeypatch):
    domain = factories.domain(name_en="Culture")
    opened = form(desk.get(address(Domain, "change", domain)))
    view, attempts = admin.ModelAdmin._changeform_view, []

    def overtaken(self, request, *args):
        attempts.append(request)
        if len(attempts) == 1:
            raise StaleRecord(domain)
        quicker = Domain.objects.get()
        quicker.name_en = "Arts"
        quicker.save()
        return view(self, request, *args)

    monkeypatch.setattr(admin.ModelAdmin, "_changeform_view", overtaken)
    response = desk.post(address(Domain, "change", domain), opened | {"name_en": "Crafts"})

    assert (response.status_code, len(attempts), Domain.objects.get().name_en) == (200, 2, "Arts")
    assert ["Arts", "Crafts"] in [
        [cell.words for cell in one.all if cell.name == "td"][:2] for one in page(response).named("tr")
    ]


def test_second_click_makes_no_second_record(desk):
    opened = form(desk.get(address(Domain, "add"))) | {"key": "sport", "name_fa": "ورزش", "name_en": "Sport"}
    assert desk.post(address(Domain, "add"), opened).status_code == 302

    response = desk.post(address(Domain, "add"), opened)

    assert "This form has been saved already, as “Sport”." in said(response)
    assert Domain.objects.count() == 1


def test_save_overtaken_twice_loses_nothing_and_says_so(desk, monkeypatch):
    domain = factories.domain(name_en="Culture")

    def overtaken(self, *args, **kwargs):
        raise StaleRecord(self)

    there = address(Domain, "change", domain)
    opened = form(desk.get(there)) | {"name_en": "Crafts"}
    monkeypatch.setattr(Domain, "save", overtaken)
    response = desk.post(there, opened, follow=True)

    assert response.redirect_chain == [(there, 302)]
    assert "Others are saving here at this moment, so nothing was saved. Try again." in said(response)
    assert form(response)["name_en"] == ["Crafts"]
    assert Domain.objects.get().name_en == "Culture"


# --- Nothing typed is lost --------------------------------------------------------------------------------

PASSWORD = "a long word for tests"
SIGNED_OUT = "You were signed out. What you typed is here; it is not saved yet. Discard it"


def sign_in_again(desk: Client, response: HttpResponse, username: str = "administrator") -> HttpResponse:
    """Sign in on the page that was answered, and go where it leads."""
    (asked,) = [one for one in page(response).named("form") if "username" in typed(one)]
    return desk.post(asked["action"], typed(asked) | {"username": username, "password": PASSWORD}, follow=True)


def give_password(username: str) -> None:
    """Let the account sign in."""
    person = User.objects.get(username=username)
    person.set_password(PASSWORD)
    person.save()


def test_what_was_typed_survives_the_end_of_the_session(desk):
    made = factories.agreement(summary_en="As it was.")
    factories.source(made)
    there = address(Agreement, "change", made)
    written = form(desk.get(there)) | {"summary_en": "A tie.", "sources-0-says_en": "It was signed."}
    give_password("administrator")
    desk.cookies.pop("sessionid")

    response = sign_in_again(desk, desk.post(there, written))

    assert response.request["PATH_INFO"] == there
    assert said(response) == [SIGNED_OUT]
    again = form(response)
    assert (again["summary_en"], again["sources-0-says_en"]) == (["A tie."], ["It was signed."])
    assert Agreement.objects.get().summary_en == "As it was."
    assert desk.post(there, again).status_code == 302
    assert (Agreement.objects.get().summary_en, Source.objects.get().says_en) == ("A tie.", "It was signed.")
    assert form(desk.get(there))["summary_en"] == ["A tie."]


def fields_of_deletion(response: HttpResponse) -> dict[str, list[str]]:
    """What a browser sends for the page that asks whether to delete a record."""
    (found,) = [one for one in page(response).named("form") if "seen" in typed(one)]
    return typed(found)


def test_reason_of_a_deletion_survives_the_end_of_the_session(desk):
    made = factories.domain()
    there = address(Domain, "delete", made)
    written = fields_of_deletion(desk.get(there)) | {"reason": "recorded twice"}
    give_password("administrator")
    desk.cookies.pop("sessionid")

    response = sign_in_again(desk, desk.post(there, written))

    again = fields_of_deletion(response)
    assert (again["reason"], Domain.objects.count()) == (["recorded twice"], 1)
    desk.post(there, again)
    assert (Domain.objects.count(), Domain.history.latest("history_id").history_change_reason) == (0, "recorded twice")


def test_new_record_survives_the_end_of_the_session_or_is_discarded(desk):
    there = address(Domain, "add")
    written = form(desk.get(there)) | {"key": "sport", "name_en": "Sport"}
    give_password("administrator")
    desk.cookies.pop("sessionid")

    response = sign_in_again(desk, desk.post(there, written))

    assert (form(response)["name_en"], said(response)) == (["Sport"], [SIGNED_OUT])
    assert form(desk.get(f"{there}?discard", follow=True))["name_en"] == [""]
    assert Domain.objects.count() == 0


def test_what_somebody_else_typed_is_not_shown(desk):
    there = address(Domain, "add")
    written = form(desk.get(there)) | {"key": "sport", "name_en": "Sport"}
    User.objects.create_superuser("another", password=PASSWORD)
    desk.cookies.pop("sessionid")

    response = sign_in_again(desk, desk.post(there, written), "another")

    assert response.request["PATH_INFO"] == there
    assert form(response)["name_en"] == [""]


def test_new_account_is_not_carried_through_the_sign_in_page(desk):
    desk.cookies.pop("sessionid")
    response = desk.post(address(User, "add"), {"username": "new", "password1": PASSWORD, "password2": PASSWORD})
    assert (response.status_code, PASSWORD in response.content.decode()) == (302, False)


def test_what_was_typed_on_a_page_that_had_expired_is_shown_again():
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(factories.administrator())
    strict.cookies["django_language"] = "en"
    there = address(Domain, "add")
    written = form(strict.get(there)) | {"key": "sport", "name_en": "Sport", "csrfmiddlewaretoken": "old"}

    response = strict.post(there, written, follow=True, headers={"sec-fetch-site": "same-origin"})

    assert response.redirect_chain == [(there, 302)]
    assert form(response)["name_en"] == ["Sport"]
    assert Domain.objects.count() == 0


# --- Verification and warnings ----------------------------------------------------------------------------


def test_who_changes_the_level_stands_for_it(desk):
    made = factories.agreement(verified_by=factories.user("earlier"), verified_on=datetime.date(2020, 1, 1))

    assert change(desk, made, verification="press").status_code == 302

    stored = Agreement.objects.get()
    assert (str(stored.verified_by), stored.verified_on) == ("administrator", timezone.localdate())


def test_verifier_chosen_in_the_form_stays(desk):
    earlier, other = factories.user("earlier"), factories.user("other")
    made = factories.agreement(verified_by=earlier, verified_on=datetime.date(2020, 1, 1))

    change(desk, made, summary_en="A tie.")
    assert Agreement.objects.get().verified_by == earlier
    change(desk, made, verification="press", verified_by=str(other.pk))
    assert Agreement.objects.get().verified_by == other


def test_what_is_odd_about_an_agreement_is_said_after_saving(desk):
    made = factories.agreement(signed="SH 1395", expires="SH 1395")
    there = address(Agreement, "change", made)

    response = desk.post(there, form(desk.get(there)) | {"summary_en": "A tie."}, follow=True)

    with override("en"):
        odd = [str(one) for one in Agreement.objects.get().warnings()]
    assert (bool(odd), said(response)[: len(odd)]) == (True, odd)


# --- Deleting ---------------------------------------------------------------------------------------------


def delete(desk: Client, record: Any) -> HttpResponse:
    """Ask for the record to be deleted, and say yes if there is something to say yes to."""
    there = address(type(record), "delete", record)
    return desk.post(there, confirmation(desk.get(there)) | {"post": "yes", "reason": "recorded twice"})


def confirmation(response: HttpResponse) -> dict[str, list[str]]:
    """What a browser sends when somebody says yes to a deletion; nothing if the page does not ask."""
    return next((typed(one) for one in page(response).named("form") if "post" in typed(one)), {})


def delete_all(desk: Client, model: type) -> HttpResponse:
    """Select every record of the list, ask for them to be deleted, and say yes."""
    keys = [str(one.pk) for one in model.objects.all()]
    chosen = {"action": "delete_selected", "_selected_action": keys}
    asked = confirmation(desk.post(address(model, "changelist"), chosen, follow=True))
    return desk.post(address(model, "changelist"), chosen | asked | {"post": "yes"})


def test_draft_is_deleted_with_its_sources_and_history_stays(desk):
    made = factories.agreement()
    factories.source(made)

    assert delete(desk, made).status_code == 302

    assert (Agreement.objects.count(), Source.objects.count()) == (0, 0)
    assert [one.history_type for one in Agreement.history.all()] == ["-", "+"]
    newest = Agreement.history.first()
    assert (str(newest.history_user), newest.history_change_reason) == ("administrator", "recorded twice")
    assert "Deleted" in shown(desk.get(f"{address(Agreement, 'changelist')}{made.history.first().id}/history/"))


def test_several_are_deleted_with_one_reason(desk):
    for number in range(3):
        factories.domain(f"domain-{number}")
    opened = desk.post(
        address(Domain, "changelist"),
        {"action": "delete_selected", "_selected_action": [str(one.pk) for one in Domain.objects.all()]},
    )
    (asked,) = [one for one in page(opened).named("form") if "reason" in typed(one)]

    desk.post(address(Domain, "changelist"), typed(asked) | {"reason": "never used"})

    assert Domain.objects.count() == 0
    assert (
        list(Domain.history.filter(history_type="-").values_list("history_change_reason", flat=True))
        == ["never used"] * 3
    )


@pytest.mark.parametrize("state", [{"published": True}, {"withdrawn": True}])
def test_what_was_ever_published_is_not_deleted(desk, state):
    draft, made = factories.agreement(), factories.agreement(**state)

    for response in (delete(desk, made), delete_all(desk, Agreement)):
        assert response.status_code == 200
        assert "A published agreement is withdrawn, not deleted." in shown(response)
    assert set(Agreement.objects.all()) == {draft, made}


@pytest.mark.parametrize(
    ("model", "message"),
    [
        (Country, "Cities or places of the gazetteer lie in this country."),
        (City, "Agreements are with this city: 1. Sister-city agreement of Tabriz and Istanbul."),
        (Domain, "Agreements lie in this domain: 1. Sister-city agreement of Tabriz and Istanbul."),
        (Provision, "Agreements serve this provision: 1. Sister-city agreement of Tabriz and Istanbul."),
        (Resolution, "Agreements rest on this resolution: 1. Sister-city agreement of Tabriz and Istanbul."),
    ],
)
def test_what_agreements_rest_on_is_not_deleted(desk, model, message):
    made = everything()
    made[Agreement].provisions.add(made[Provision])
    made[Agreement].resolutions.add(made[Resolution])
    record = made[City].country if model is Country else made[model]
    number = model.objects.count()

    for response in (delete(desk, record), delete_all(desk, model)):
        assert response.status_code == 200
        assert message in shown(response).replace("\u2068", "").replace("\u2069", "")
    assert model.objects.count() == number


def test_home_city_is_not_deleted(desk):
    assert "The home city cannot be deleted." in shown(delete(desk, factories.home_city()))
    assert City.objects.home() is not None


@pytest.mark.parametrize("model", [Resolution, Domain, Provision, Affinity, Membership])
def test_what_nothing_rests_on_is_deleted(desk, model):
    record = everything()[model]
    Agreement.objects.all().delete()
    assert delete(desk, record).status_code == 302
    assert model.objects.count() == 0


def test_account_that_stands_in_the_history_is_not_deleted(desk):
    factories.home_city()
    writer, idler = factories.user("writer"), factories.user("idler")
    domain = factories.domain()
    with domain.one_entry(by=writer):
        domain.save()

    assert delete(desk, idler).status_code == 302
    assert "writer appears in the history of the register" in shown(delete(desk, writer))
    assert User.objects.filter(username__in=["writer", "idler"]).get() == writer
    assert str(Domain.history.first().history_user) == "writer"


@pytest.mark.parametrize("role", ["verified_by", "published_by", "withdrawn_by"])
def test_account_that_an_agreement_names_is_not_deleted(desk, role):
    named = factories.user("named")
    made = factories.agreement()
    Agreement.objects.filter(pk=made.pk).update(**{role: named})

    assert "named appears in the history of the register" in shown(delete(desk, named))
    assert getattr(Agreement.objects.get(), role) == named


def test_account_that_an_agreement_once_named_is_not_deleted(desk):
    named = factories.user("named")
    made = factories.agreement(verified_by=named)
    made.verified_by = None
    made.save()

    delete(desk, named)

    assert User.objects.filter(username="named").exists()


NOT_DELETED = "Others have changed something here since you opened the page, so nothing was deleted."


def test_version_that_nobody_saw_is_not_deleted(desk):
    domain = factories.domain(name_en="Culture")
    asked = confirmation(desk.get(address(Domain, "delete", domain)))
    domain.name_en = "Arts"
    domain.save()

    response = desk.post(address(Domain, "delete", domain), asked, follow=True)

    assert said(response) == [f"{NOT_DELETED} Look, and decide anew."]
    assert (Domain.objects.get().name_en, Domain.history.filter(history_type="-").count()) == ("Arts", 0)
    assert desk.post(address(Domain, "delete", domain), confirmation(response)).status_code == 302
    assert Domain.objects.count() == 0


def test_version_that_nobody_saw_is_not_deleted_with_others(desk):
    domain, other = factories.domain("culture"), factories.domain("sport")
    chosen = {"action": "delete_selected", "_selected_action": [str(domain.pk), str(other.pk)]}
    asked = confirmation(desk.post(address(Domain, "changelist"), chosen))
    other.name_en = "Games"
    other.save()

    response = desk.post(address(Domain, "changelist"), asked, follow=True)

    assert said(response) == [f"{NOT_DELETED} Look, and decide anew."]
    assert (Domain.objects.count(), Domain.history.filter(history_type="-").count()) == (2, 0)


def test_deletion_overtaken_twice_deletes_nothing_and_says_so(desk, monkeypatch):
    domain, other = factories.domain("culture"), factories.domain("sport")
    delete_one = Domain.delete

    def overtaken(self, *args, **kwargs):
        if self.pk == other.pk:
            raise StaleRecord(self)
        return delete_one(self, *args, **kwargs)

    monkeypatch.setattr(Domain, "delete", overtaken)
    response = delete_all(desk, Domain)

    assert (response.status_code, response["Location"]) == (302, address(Domain, "changelist"))
    assert set(Domain.objects.all()) == {domain, other}


# --- History ----------------------------------------------------------------------------------------------


@BOTH
def test_history_says_who_when_why_and_what(desk, language):
    domain = factories.domain(name_en="Culture")
    change(desk, domain, name_en="Arts", reason="the council’s wish")
    desk.cookies["django_language"] = language

    (table,) = [
        one for one in page(desk.get(address(Domain, "history", domain))).elements if one["id"] == "change-history"
    ]
    newest = [one.words for one in table.all if one.name in {"th", "td"}][5:8]

    label, done = capfirst(say(language, "name in English")), say(language, "Changed")
    assert newest == ["administrator", f"{done} {label}: Culture Arts", "the council’s wish"]


def test_history_cannot_be_written(desk):
    domain = factories.domain(name_en="Culture")
    domain.name_en = "Arts"
    domain.save()
    before = histories()

    for entry in Domain.history.all():
        desk.post(f"{address(Domain, 'history', domain)}{entry.pk}/", {"name_en": "Culture"})
    desk.post(address(Domain, "history", domain), {"name_en": "Culture"})

    assert (histories(), Domain.objects.get().name_en) == (before, "Arts")


def test_history_of_an_agreement_tells_of_its_sources(desk):
    made = factories.agreement()
    factories.source(made, says_en="It was signed.")
    assert "What it says, in English: It was signed." in shown(desk.get(address(Agreement, "history", made)))


# --- Who may ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("model", [Source, Place, Register])
def test_what_is_looked_up_is_not_written(desk, model):
    record = everything()[model]
    answers = [
        desk.get(address(model, "add")),
        desk.post(address(model, "add"), {}),
        desk.post(address(model, "change", record), {"version": "1"}),
        desk.post(address(model, "delete", record), {"post": "yes"}),
    ]
    assert [one.status_code for one in answers] == [403] * 4
    delete_all(desk, model)
    assert model.objects.filter(pk=record.pk).count() == 1


def test_publishing_is_offered_to_those_who_may(client):
    made, published = factories.agreement(), factories.agreement(published=True)
    person = factories.editor()
    User.objects.update(is_staff=True)
    client.force_login(person)
    client.cookies["django_language"] = "en"

    def verbs(record: Agreement) -> list[str]:
        links = page(client.get(address(Agreement, "change", record))).named("a")
        return [one["href"] for one in links if one.words in {"Publish", "Withdraw"}]

    assert (verbs(made), verbs(published)) == ([], [])
    person.groups.set(Group.objects.filter(name="Managers"))
    back = f"?next=/admin/partnerships/agreement/{made.pk}/change/"
    assert verbs(made) == [f"/en/staff/partnerships/{made.number}/publish/{back}"]
    back = f"?next=/admin/partnerships/agreement/{published.pk}/change/"
    assert verbs(published) == [f"/en/staff/partnerships/{published.number}/withdraw/{back}"]


def test_editor_in_the_admin_cannot_delete_nor_touch_reference_data(client):
    made = everything()
    person = factories.editor()
    User.objects.update(is_staff=True)
    client.force_login(person)

    assert delete(client, made[Agreement]).status_code == 403
    delete_all(client, Agreement)
    assert Agreement.objects.count() == 1
    assert client.get(address(Domain, "change", made[Domain])).status_code == 200
    assert client.post(address(Domain, "change", made[Domain]), {"name_en": "x", "version": "1"}).status_code == 403
    assert client.get(address(Country, "change", made[Country])).status_code == 200


def test_records_are_all_guarded():
    desks = {model: desk for model, desk in admin.site._registry.items() if issubclass(model, Record)}
    assert {model for model, desk in desks.items() if not isinstance(desk, RecordAdmin)} == {Source}
    assert all(desk.get_queryset is not None for desk in desks.values())


def test_uncertain_date_keeps_the_words_it_was_given_in(desk):
    made = factories.agreement(signed=UncertainDate.parse("خرداد ماه ۱۳۹۵"))
    change(desk, made, summary_en="A tie.")
    assert Agreement.objects.get().signed.words == "خرداد ماه ۱۳۹۵"
