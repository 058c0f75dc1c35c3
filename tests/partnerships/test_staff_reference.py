"""The staff pages of resolutions, domains, provisions and grounds of affinity: what agreements rest on."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.text import capfirst

from partnerships.models import Affinity, Domain, Membership, Provision, Resolution
from tests import factories
from tests.desk import dead_links, errors, fields, page, say

pytestmark = pytest.mark.django_db

BOTH = pytest.mark.parametrize("language", ["fa", "en"])


@pytest.fixture
def desk(client) -> Client:
    """The client of a manager."""
    factories.home_city()
    client.force_login(factories.manager())
    return client


def names(response: HttpResponse) -> list[str]:
    """The names that the lines of a list begin with."""
    links = [one for one in page(response).named("a") if "ledger__name" in one.parent["class"]]
    return [one.words for one in links]


def send(desk: Client, address: str, **typed: Any) -> HttpResponse:
    """Open a form, change some fields, and save."""
    return desk.post(address, fields(desk.get(address)) | typed)


def all_of_it() -> dict[str, Any]:
    """One record of each kind, by the word in its addresses."""
    return {
        "resolutions": factories.resolution(number="12", decided="SH 1387"),
        "domains": factories.domain(name_en="Culture"),
        "provisions": factories.provision(),
        "memberships": factories.membership(),
        "shared": factories.affinity(factories.istanbul()),
    }


# --- Lists ------------------------------------------------------------------------------------------------


@BOTH
def test_resolutions_stand_newest_first_with_what_is_not_known_in_words(desk, language):
    factories.resolution(title_fa="بی تاریخ", title_en="Undated")
    factories.resolution(title_fa="قدیم", title_en="Older", decided="SH 1387", number="12")
    factories.resolution(title_fa="جدید", title_en="Newer", decided="AD 2022-05-22")

    response = desk.get(f"/{language}/staff/resolutions/")

    assert names(response) == {"fa": ["جدید", "قدیم", "بی تاریخ"], "en": ["Newer", "Older", "Undated"]}[language]
    lines = [[one.words for one in row.all if one.name == "td"] for row in page(response).named("tr")[1:]]
    council = {"fa": "شورای اسلامی شهر تبریز", "en": "Islamic City Council of Tabriz"}[language]
    assert (
        lines
        == {
            "fa": [
                [say("fa", "not known"), "۲۲ مه ۲۰۲۲ (۱ خرداد ۱۴۰۱)", council],
                ["۱۲", "۱۳۸۷ (مارس ۲۰۰۸ – مارس ۲۰۰۹)", council],
                [say("fa", "not known"), say("fa", "date not known"), council],
            ],
            "en": [
                ["not known", "22 May 2022 (1 Khordad 1401)", council],
                ["12", "1387 (March 2008 – March 2009)", council],
                ["not known", "date not known", council],
            ],
        }[language]
    )


@pytest.mark.parametrize(
    ("word", "query", "name"),
    [
        ("resolutions", "خواهر خواندگي", "Sister-city tie"),
        ("resolutions", "۱۲", "Sister-city tie"),
        ("domains", "CULTURE", "Culture"),
        ("provisions", "ماده 146", "Article 146, Strategic plan"),
        ("memberships", "انجمن", "Association of Cities"),
    ],
)
def test_lists_are_searched_as_everything_is(desk, word, query, name):
    all_of_it()
    assert names(desk.get(f"/en/staff/{word}/", {"q": query})) == [name]
    assert names(desk.get(f"/en/staff/{word}/", {"q": "nothing of the kind"})) == []


def test_domains_stand_in_the_order_of_the_sites_lists(desk):
    factories.domain("sport", name_en="Sport", position=2)
    factories.domain("culture", name_en="Culture", position=1)
    assert names(desk.get("/en/staff/domains/")) == ["Culture", "Sport"]


@pytest.mark.parametrize("word", ["resolutions", "domains", "provisions", "memberships"])
def test_lists_cost_the_same_for_one_and_for_many(desk, word):
    def cost() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            desk.get(f"/en/staff/{word}/")
        return len(queries)

    all_of_it()
    cost()
    one = cost()
    for number in range(20):
        factories.resolution()
        factories.domain(f"domain-{number}")
        factories.provision(f"provision-{number}")
        factories.membership(f"body-{number}")
    cost()  # what is remembered of the register is read again after a write
    assert cost() == one


@pytest.mark.parametrize("word", ["resolutions", "domains", "provisions", "memberships"])
@BOTH
def test_empty_list_says_so(desk, language, word):
    response = desk.get(f"/{language}/staff/{word}/")
    assert names(response) == []
    assert [one["class"] for one in page(response).named("div") if "empty" in one["class"].split()] == ["empty"]


def test_editor_sees_the_reference_data_and_does_not_change_it(client):
    all_of_it()
    client.force_login(factories.editor())
    for word in ("domains", "provisions", "memberships"):
        response = client.get(f"/en/staff/{word}/")
        links = [one["href"] for one in page(response).named("a") if f"/staff/{word}/" in one["href"]]
        assert len(names(response)) == 1
        assert all("/history/" in one or one.endswith(f"/staff/{word}/") for one in links)


# --- Recording and changing -------------------------------------------------------------------------------


def test_resolution_is_recorded_with_what_is_known_of_it(desk):
    factories.resolution(body_fa="شورای شهر", body_en="The council")

    response = send(
        desk,
        "/en/staff/resolutions/add/",
        title_fa="خواهرخواندگی با غزه",
        decided_year="۱۳۸۷",
        decided_calendar="solar_hijri",
    )

    assert (response.status_code, response["Location"]) == (302, "/en/staff/resolutions/")
    made = Resolution.objects.get(title_fa="خواهرخواندگی با غزه")
    assert (made.body_fa, made.body_en, made.number, made.decided.code) == ("شورای شهر", "The council", "", "SH 1387")
    assert (made.history.get().history_type, str(made.history.get().history_user)) == ("+", "manager")


@pytest.mark.parametrize(
    ("existing", "typed", "is_shown"),
    [
        ({"number": "12"}, {"number": "12"}, True),
        ({"number": "12", "decided": "SH 1387"}, {"number": "12", "decided_year": "1387", "decided_month": "3"}, True),
        ({"number": "12", "decided": "SH 1387"}, {"number": "12", "decided_year": "1388"}, False),
        ({"title_fa": "خواهرخواندگی"}, {"title_fa": "خواهرخواندگی"}, True),
        ({"title_fa": "خواهرخواندگی"}, {"title_fa": "خواهرخواندگی", "number": "12"}, False),
    ],
)
def test_likely_duplicate_of_a_resolution_is_shown_first(desk, existing, typed, is_shown):
    factories.resolution(**({"body_fa": "شورای دیگر"} | existing))
    sent = {"title_fa": "پیمان", "body_fa": "شورای شهر", "decided_calendar": "solar_hijri"} | typed

    response = send(desk, "/en/staff/resolutions/add/", **sent)

    assert (response.status_code == 200, Resolution.objects.count()) == (is_shown, 1 if is_shown else 2)
    if is_shown:
        assert desk.post("/en/staff/resolutions/add/", fields(response) | {"distinct": "on"}).status_code == 302
        assert Resolution.objects.count() == 2


def test_domain_and_provision_are_recorded(desk):
    send(desk, "/en/staff/domains/add/", name_fa="ورزش", name_en="Sport", key="sport", position="۳")
    send(desk, "/en/staff/provisions/add/", plan_fa="طرح جامع", plan_en="Master plan", key="master-plan", position="1")
    assert list(Domain.objects.values_list("key", "name_fa", "position")) == [("sport", "ورزش", 3)]
    assert list(Provision.objects.values_list("key", "plan_en", "article_fa")) == [("master-plan", "Master plan", "")]


def test_ground_is_recorded_from_the_citys_page_and_leads_back_there(desk):
    factories.istanbul()
    back = "/en/staff/cities/istanbul/edit/"

    response = send(
        desk,
        "/en/staff/cities/istanbul/shared/add/",
        ground="linguistic",
        attribution_fa="خبرگزاری",
        attribution_en="An agency",
    )

    assert (response.status_code, response["Location"]) == (302, back)
    made = Affinity.objects.get()
    assert (made.partner.slug, made.ground, made.history.get().history_type) == ("istanbul", "linguistic", "+")
    response = send(desk, f"/en/staff/shared/{made.pk}/edit/", text_en="A language.")
    assert (response["Location"], Affinity.objects.get().text_en) == (back, "A language.")
    response = send(desk, f"/en/staff/shared/{made.pk}/delete/")
    assert (response["Location"], Affinity.objects.count()) == (back, 0)
    assert "linguistic" in page(desk.get(f"/en/staff/shared/{made.pk}/history/")).document.words.lower()


def test_ground_of_no_city_is_not_there(desk):
    assert desk.get("/en/staff/cities/nowhere/shared/add/").status_code == 404
    assert desk.get("/en/staff/shared/77/edit/").status_code == 404
    assert desk.get(f"/en/staff/shared/{'9' * 30}/history/").status_code == 404


@pytest.mark.parametrize(
    ("word", "typed"),
    [
        ("resolutions", {"number": "13", "reason": "letter 4"}),
        ("domains", {"name_en": "Arts", "reason": "letter 4"}),
        ("provisions", {"article_en": "Article 147", "reason": "letter 4"}),
        ("memberships", {"acronym": "MM", "reason": "letter 4"}),
        ("shared", {"text_en": "A language.", "reason": "letter 4"}),
    ],
)
def test_change_is_one_entry_with_who_and_why(desk, word, typed):
    record = all_of_it()[word]

    assert send(desk, f"/en/staff/{word}/{record.pk}/edit/", **typed).status_code == 302

    assert record.history.count() == 2
    newest = record.history.first()
    assert (newest.history_type, str(newest.history_user), newest.history_change_reason) == ("~", "manager", "letter 4")
    words = page(desk.get(f"/en/staff/{word}/{record.pk}/history/")).document.words
    assert "letter 4" in words
    assert typed[next(iter(typed))] in words


@pytest.mark.parametrize("word", ["resolutions", "domains", "provisions", "memberships", "shared"])
def test_stale_form_saves_nothing(desk, word):
    record = all_of_it()[word]
    name = {
        "resolutions": "title_en",
        "domains": "name_en",
        "provisions": "plan_en",
        "memberships": "note_en",
        "shared": "text_en",
    }[word]
    address = f"/en/staff/{word}/{record.pk}/edit/"
    opened = fields(desk.get(address))
    setattr(record, name, "As somebody else has it")
    record.save()

    response = desk.post(address, opened | {name: "As I have it"})

    assert response.status_code == 200
    assert getattr(type(record).objects.get(), name) == "As somebody else has it"
    cells = " ".join(one.words for one in page(response).named("td"))
    assert "As somebody else has it" in cells
    assert "As I have it" in cells


@pytest.mark.parametrize("word", ["domains", "provisions", "memberships"])
def test_key_is_given_once(desk, word):
    record = all_of_it()[word]
    key = record.key
    send(desk, f"/en/staff/{word}/{record.pk}/edit/", key="another", position="7")
    record.refresh_from_db()
    assert (record.key, record.position) == (key, 7)


# --- What is refused ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("word", "typed", "label", "message"),
    [
        (
            "resolutions",
            {"decided_day": "3", "decided_year": "1387", "decided_month": ""},
            "decided",
            "A day needs its month: add the month or remove the day",
        ),
        (
            "resolutions",
            {"decided_year": "", "decided_month": "3"},
            "decided",
            "A date needs its year: add the year or empty the other boxes",
        ),
        ("resolutions", {"title_fa": ""}, "title, in Persian", "This field is required."),
        ("domains", {"position": "first"}, "position in lists", "Write a whole number in digits."),
        ("shared", {"ground": "linguistic"}, "ground", "This ground is recorded for this city already."),
        (
            "memberships",
            {"publisher_fa": "", "publisher_en": "", "is_public": "on"},
            "publisher of the source, in Persian",
            "A published membership needs a source: its publisher or its address.",
        ),
        (
            "memberships",
            {"name_fa": "", "is_public": "on"},
            "name of the body, in Persian",
            "A published membership needs the body’s name in both languages.",
        ),
    ],
)
@BOTH
def test_mistakes_are_told_at_their_field_and_nothing_typed_is_lost(desk, language, word, typed, label, message):
    record = all_of_it()[word]
    factories.affinity(factories.istanbul(), ground="linguistic")
    address = f"/{language}/staff/{word}/{record.pk}/edit/"

    response = send(desk, address, **typed)

    told = f"{capfirst(say(language, label))}: {say(language, message)}"
    assert (response.status_code, errors(response)) == (200, [told])
    assert dead_links(response) == []
    kept = fields(response)
    assert {name: kept[name][0] for name in typed} == typed
    record.refresh_from_db()
    assert record.version == 1


@BOTH
def test_text_that_is_too_long_is_told_in_the_readers_digits_and_kept(desk, language):
    domain = factories.domain()
    address = f"/{language}/staff/domains/{domain.pk}/edit/"

    response = send(desk, address, name_en="x" * 10_000)

    told = say(language, "At most %(limit)s characters fit here; these are %(count)s.")
    digits = {"en": {"limit": "80", "count": "10,000"}, "fa": {"limit": "۸۰", "count": "۱۰٬۰۰۰"}}[language]
    assert errors(response) == [f"{capfirst(say(language, 'name in English'))}: {told % digits}"]
    assert fields(response)["name_en"] == ["x" * 10_000]


@pytest.mark.parametrize("key", ["Sport", "دو", "two words", "a/b", ""])
def test_key_is_of_plain_letters(desk, key):
    response = send(desk, "/en/staff/domains/add/", name_fa="ورزش", name_en="Sport", key=key)
    if key == "Sport":
        assert response.status_code == 302
    else:
        assert (response.status_code, len(errors(response)), Domain.objects.count()) == (200, 1, 0)


# --- Deleting ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("word", "relation", "sentence"),
    [
        ("resolutions", "resolutions", "Agreements rest on this resolution: %(names)s."),
        ("domains", "domains", "Agreements lie in this domain: %(names)s."),
        ("provisions", "provisions", "Agreements serve this provision: %(names)s."),
    ],
)
@BOTH
def test_what_agreements_rest_on_is_not_deleted_and_they_are_named(desk, language, word, relation, sentence):
    record = all_of_it()[word]
    agreement = factories.agreement(partner=factories.istanbul(), name_fa="پیمان", name_en="The tie")
    getattr(agreement, relation).add(record)
    factories.agreement(partner=factories.baku(), name_en="Another tie")
    address = f"/{language}/staff/{word}/{record.pk}/delete/"

    for response in (desk.get(address), desk.post(address, {"version": "1", "reason": "x"})):
        told = [one.replace("\u2068", "").replace("\u2069", "") for one in errors(response)]
        assert told == [say(language, sentence) % {"names": {"en": "1. The tie", "fa": "۱. پیمان"}[language]}]
    assert list(getattr(agreement, relation).all()) == [record]


def test_provision_that_a_membership_serves_is_not_deleted(desk):
    provision = factories.provision()
    factories.membership().provisions.add(provision)
    assert errors(desk.get(f"/en/staff/provisions/{provision.pk}/delete/")) == [
        "An international membership serves this provision."
    ]


def test_membership_is_recorded_with_its_source(desk):
    provision = factories.provision()
    response = send(
        desk,
        "/en/staff/memberships/add/",
        name_fa="انجمن شهرها",
        name_en="Association of Cities",
        status="member",
        since_year="۱۳۸۷",
        since_calendar="solar_hijri",
        publisher_en="Municipality",
        url="https://example.org/",
        verification="official",
        provisions=[str(provision.pk)],
        key="association",
        position="۱",
        is_public="on",
    )
    assert (errors(response) if response.status_code == 200 else [], response.status_code) == ([], 302)
    made = Membership.objects.get()
    assert (made.since.code, made.is_public, made.position) == ("SH 1387", True, 1)
    assert list(made.provisions.all()) == [provision]
    assert made.history.count() == 1


def test_only_the_first_five_agreements_are_named(desk):
    domain = factories.domain()
    for number in range(6):
        factories.agreement(name_en=f"Tie {number}").domains.add(domain)
    (told,) = errors(desk.get(f"/en/staff/domains/{domain.pk}/delete/"))
    assert told.replace("\u2068", "").replace("\u2069", "") == (
        "Agreements lie in this domain: 1. Tie 0, 2. Tie 1, 3. Tie 2, 4. Tie 3, 5. Tie 4, …."
    )


@pytest.mark.parametrize("word", ["resolutions", "domains", "provisions", "memberships"])
def test_what_nothing_rests_on_is_deleted_and_history_stays(desk, word):
    record = all_of_it()[word]
    factories.agreement()
    address = f"/en/staff/{word}/{record.pk}/"

    response = send(desk, f"{address}delete/", reason="recorded twice")

    assert (response.status_code, response["Location"]) == (302, f"/en/staff/{word}/")
    assert type(record).objects.count() == 0
    assert "recorded twice" in page(desk.get(f"{address}history/")).document.words
    assert desk.get(f"{address}edit/").status_code == 404


@pytest.mark.parametrize(
    ("make", "relation"),
    [
        (factories.resolution, "resolutions"),
        (factories.domain, "domains"),
        (factories.provision, "provisions"),
    ],
)
def test_whole_sets_are_not_deleted_either(make, relation):
    free, held = make(), make(key="held")
    getattr(factories.agreement(), relation).add(held)

    with pytest.raises(ValidationError):
        type(held).objects.all().delete()

    assert set(type(held).objects.all()) == {free, held}
