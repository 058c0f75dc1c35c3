"""The staff pages of agreements: recording, correcting, publishing and withdrawing them, as the office does."""

import re
import threading

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from django.utils.translation import override

from cities.city_field import CityField, NamedCity
from cities.models import City
from partnerships.forms.agreements import AgreementForm, AgreementNumberField
from partnerships.forms.sources import SingleSourceForm
from partnerships.models import Agreement, Resolution, Source
from sistercities.dates import UncertainDate
from sistercities.forms import Typed
from sistercities.records import StaleRecord
from tests import factories
from tests.desk import dead_links, errors, fields, messages, page, row

pytestmark = pytest.mark.django_db

ADD = "/en/staff/partnerships/add/"
LIST = "/en/staff/partnerships/"


@pytest.fixture
def editor(client):
    """An editor, signed in, in a register with two cities to choose from."""
    factories.home_city(), factories.istanbul(), factories.baku()
    account = factories.editor()
    client.force_login(account)
    return account


@pytest.fixture
def manager(client):
    """A manager, signed in."""
    factories.home_city()
    account = factories.manager()
    client.force_login(account)
    return account


def at(agreement: Agreement, name: str, language: str = "en") -> str:
    """The address of one of an agreement's staff pages."""
    return f"/{language}/staff/partnerships/{agreement.number}/{name}/"


def source(number: int, **typed: str) -> dict[str, str]:
    """A source as typed into the row of that number."""
    typed = {"publisher_en": "Borna", "says_en": "It was signed."} | typed
    return {f"sources-{number}-{name}": text for name, text in typed.items()}


RESOLUTION = {
    "new_resolution-number": "12",
    "new_resolution-title_fa": "مصوبه تازه",
    "new_resolution-body_fa": "شورا",
    "new_resolution-body_en": "Council",
}
"""A new resolution as typed into the form of an agreement."""


def record(client: Client, **typed):
    """The answer to a new agreement with Istanbul, with whatever else was typed."""
    return client.post(ADD, fields(client.get(ADD)) | {"partner": "Istanbul"} | typed)


def edit(client: Client, agreement: Agreement, follow: bool = False, **typed):
    """The answer to the form of an agreement, with whatever was typed into it."""
    return client.post(at(agreement, "edit"), fields(client.get(at(agreement, "edit"))) | typed, follow=follow)


# --- Recording ---------------------------------------------------------------------------------------------------


def test_whole_agreement_is_recorded_in_one_step(client, editor):
    factories.domain("cultural"), factories.domain("economic")
    resolution = factories.resolution(title_en="An older tie")
    provision = factories.provision()

    response = record(
        client,
        kind="friendship",
        status="in_force",
        signed_year="۱۳۹۵",
        signed_month="خرداد",
        signed_calendar="solar_hijri",
        place_signed_en="Istanbul",
        authentic_languages=["fa", "tr"],
        domains=[str(factories.domain("cultural").pk)],
        resolutions=[str(resolution.pk)],
        provisions=[str(provision.pk)],
        summary_fa="خلاصه",
        internal_note="Call them.",
        **{"new_resolution-number": "12", "new_resolution-title_fa": "مصوبه تازه", "new_resolution-body_en": "Council"},
        **{"new_resolution-body_fa": "شورا", "new_resolution-decided_year": "1394"},
        **{"new_resolution-decided_calendar": "solar_hijri"},
        **source(0),
        **source(1, stance="contradicts", signed_claim_year="2016", says_en="Not before 2017."),
    )

    agreement = Agreement.objects.get()
    assert (response.status_code, response["Location"]) == (302, f"{LIST}{agreement.number}/")
    assert (agreement.partner, agreement.kind, agreement.status) == (factories.istanbul(), "friendship", "in_force")
    assert agreement.signed == UncertainDate.parse("1395/3")
    assert agreement.signed.words == "خرداد ۱۳۹۵"
    assert agreement.authentic_languages == "fa tr"
    assert (agreement.summary_fa, agreement.internal_note) == ("خلاصه", "Call them.")
    assert agreement.name_en == "Friendship and cooperation agreement of Tabriz and Istanbul"
    assert [one.key for one in agreement.domains.all()] == ["cultural"]
    assert list(agreement.provisions.all()) == [provision]
    assert [(one.number, one.title_fa) for one in agreement.resolutions.all()] == [
        ("", "خواهرخواندگی"),
        ("12", "مصوبه تازه"),
    ]
    assert list(agreement.sources.values_list("publisher_en", "stance")) == [
        ("Borna", "supports"),
        ("Borna", "contradicts"),
    ]
    assert agreement.publication == "draft"
    (entry,) = agreement.history.all()
    assert (entry.history_type, entry.history_user) == ("+", editor)
    assert entry.resolutions.count() == 2


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "“1. Sister-city agreement of Tabriz and Istanbul” is recorded."),
        ("fa", "«۱. پیمان خواهرخواندگی تبریز و استانبول» ثبت شد."),
    ],
)
def test_recording_is_confirmed(client, editor, language, sentence):
    address = f"/{language}/staff/partnerships/add/"

    response = client.post(address, fields(client.get(address)) | {"partner": "استانبول"}, follow=True)

    assert messages(response) == [sentence]


def test_empty_rows_and_an_untouched_resolution_are_not_recorded(client, editor):
    record(client)

    assert (Source.objects.count(), Resolution.objects.count()) == (0, 0)


def test_second_click_records_nothing_more(client, editor):
    typed = fields(client.get(ADD)) | {"partner": "Istanbul"} | source(0)

    answers = [client.post(ADD, typed) for _ in range(2)]

    assert [one.status_code for one in answers] == [302, 302]
    assert (Agreement.objects.count(), Source.objects.count()) == (1, 1)


def test_errors_lead_to_their_fields_and_nothing_is_saved(client, editor):
    response = record(
        client,
        partner="",
        signed_day="30",
        signed_month="12",
        signed_year="1404",
        signed_calendar="solar_hijri",
        summary_en="Typed for an hour",
        **{"sources-0-publisher_en": "Borna", "sources-1-url": "no address", "new_resolution-number": "12"},
    )

    assert response.status_code == 200
    assert page(response).one("title").words == "Error: New agreement – Staff desk"
    assert errors(response) == [
        "Partner city: This field is required.",
        "Signed: 30 Esfand 1404 does not exist; 1404 is not a leap year and its Esfand has 29 days",
        "Source 1 – What it says, in Persian: Write what the source says, in Persian or in English.",
        "Source 2 – Address: Enter a valid URL.",
        "Source 2 – What it says, in Persian: Write what the source says, in Persian or in English.",
        "Title, in Persian: This field is required.",
    ]
    assert dead_links(response) == []
    assert fields(response)["summary_en"] == ["Typed for an hour"]
    assert Agreement.objects.count() == 0


def test_error_in_a_row_alone_is_told_in_the_title(client, editor):
    response = record(client, **{"sources-0-publisher_en": "Borna"})

    assert page(response).one("title").words == "Error: New agreement – Staff desk"


def test_errors_are_told_in_persian(client, editor):
    address = "/fa/staff/partnerships/add/"
    wrong = {
        "partner": "تبریز",
        "signed_year": "۱۴۰۴",
        "signed_month": "۱۳",
        "expires_day": "3",
        "expires_year": "1404",
    }

    response = client.post(address, fields(client.get(address)) | wrong | {"status": "ended"})

    assert page(response).one("title").words == "خطا: پیمان تازه – میز کار"
    told = errors(response)
    assert [one.split(":")[0] for one in told] == [
        "شهر طرف پیمان",
        "دلیل تعلیق یا خاتمه، به فارسی",
        "امضا",
        "پایان اعتبار",
    ]
    assert re.findall("[A-Za-z0-9]", " ".join(told)) == []


def test_agreement_with_the_home_city_is_refused(client, editor):
    response = record(client, partner="تبریز")

    assert errors(response) == ["Partner city: The home city cannot have an agreement with itself."]


def test_expiry_before_the_signing_is_refused_at_its_field(client, editor):
    response = record(client, signed_year="2016", expires_year="2015")

    assert errors(response) == ["Expires: An agreement cannot expire before it is signed."]


def test_possible_conflict_of_dates_is_a_warning(client, editor):
    response = record(client, status="in_force", signed_year="2016", expires_year="2016", expires_month="3")

    assert messages(client.get(response["Location"])) == [
        "“1. Sister-city agreement of Tabriz and Istanbul” is recorded.",
        "“expires” may lie before “signed”: the dates do not rule that out.",
    ]


def test_source_that_gives_another_date_is_a_warning(client, editor):
    response = record(client, status="in_force", signed_year="2016", **source(0, signed_claim_year="2017"))

    assert messages(client.get(response["Location"]))[1:] == [
        "“Borna” gives another date of signing: 2017 (Dey 1395 – Dey 1396). Both stand, and both are shown."
    ]


@pytest.mark.parametrize(
    ("typed", "is_refused"),
    [
        ({}, True),
        ({"signed_year": "2016"}, False),
        (source(0), False),
        (source(0, stance="contradicts"), True),
        (source(0) | {"sources-0-DELETE": "on"}, True),
    ],
)
def test_agreement_in_force_needs_a_date_or_a_source(client, editor, typed, is_refused):
    response = record(client, status="in_force", **typed)

    sentence = "Status: An agreement in force needs a date of signing or a source that supports it."
    assert (errors(response) if response.status_code == 200 else []) == ([sentence] if is_refused else [])


def test_last_supporting_source_of_an_agreement_in_force_stays(client, editor):
    record(client, status="in_force", **source(0))

    response = edit(client, Agreement.objects.get(), **{"sources-0-DELETE": "on"})

    assert errors(response) == ["Status: An agreement in force needs a date of signing or a source that supports it."]
    assert Source.objects.count() == 1


def test_source_that_goes_after_the_form_was_judged_is_missed_when_it_is_saved(client, editor):
    agreement = factories.agreement(status="prospect")
    own, other = factories.source(agreement), factories.source(agreement)
    with agreement.one_entry():
        agreement.status = "in_force"
        agreement.save()
    address = f"/en/staff/partnerships/{agreement.number}/edit/"
    whole = AgreementForm(Typed(fields(client.get(address)) | {"sources-0-DELETE": ["on"]}), instance=agreement)
    address = f"/en/staff/sources/{own.pk}/edit/"
    single = SingleSourceForm(Typed(fields(client.get(address)) | {"stance": ["mentions"]}), instance=own)
    assert (whole.is_valid(), single.is_valid()) == (True, True)
    Source.objects.get(pk=other.pk).delete()

    for form in (whole, single):
        with pytest.raises(StaleRecord):
            form.save(by=editor)

    assert [one.stance for one in agreement.sources.all()] == ["supports"]


def test_suspension_needs_its_reason(client, editor):
    response = record(client, status="suspended")

    assert errors(response) == [
        "Reason for suspension or end, in Persian: Say why the agreement was suspended or ended."
    ]
    assert record(client, status="suspended", status_reason_en="The war").status_code == 302


@pytest.mark.parametrize("given", [{}, {"published": True}])
def test_editor_takes_a_source_off_an_agreement(client, editor, given):
    agreement = factories.agreement(**given)
    taken = factories.source(agreement)

    response = edit(client, agreement, follow=True, **{"sources-0-DELETE": "on"})

    assert messages(response) == ["“News agency” was removed. Undo", f"“{agreement}” is saved."]
    assert agreement.sources.count() == 0
    last = Source.history.filter(id=taken.pk).first()
    assert (last.history_type, last.history_user) == ("-", editor)


def test_roles_say_that_editors_delete_sources_and_nothing_else(editor):
    assert [one for one in sorted(editor.get_all_permissions()) if ".delete_" in one] == ["partnerships.delete_source"]


def test_second_click_on_an_edit_adds_source_and_resolution_once(client, editor):
    agreement = factories.agreement(summary_en="As it was")
    typed = fields(client.get(at(agreement, "edit"))) | source(0) | RESOLUTION | {"verification": "press"}

    said = [messages(client.post(at(agreement, "edit"), typed, follow=True)) for _ in range(2)]

    assert said == [[f"“{agreement}” is saved."]] * 2
    assert (agreement.sources.count(), Resolution.objects.count()) == (1, 1)
    assert agreement.history.count() == 2
    assert list(agreement.resolutions.all()) == list(Resolution.objects.all())


def test_what_was_typed_after_going_back_is_saved_without_a_second_resolution(client, editor):
    agreement = factories.agreement(status="in_force", signed="AD 2016")
    typed = fields(client.get(at(agreement, "edit"))) | RESOLUTION
    client.post(at(agreement, "edit"), typed)

    response = client.post(at(agreement, "edit"), typed | {"summary_en": "Mine"})
    assert row(response, "Summary in English")[1] == "Mine"
    client.post(at(agreement, "edit"), fields(response))

    agreement.refresh_from_db()
    assert agreement.summary_en == "Mine"
    assert (Resolution.objects.count(), agreement.resolutions.count()) == (1, 1)


@pytest.mark.parametrize("opened", ["add", "edit"])
def test_untouched_fold_is_no_resolution_when_the_council_has_another_name_meanwhile(client, editor, opened):
    agreement = factories.agreement()
    address = ADD if opened == "add" else at(agreement, "edit")
    typed = fields(client.get(address)) | {"partner": "Istanbul", "summary_en": "Mine"}
    factories.resolution(body_fa="شورای دیگر", body_en="Another council")

    assert client.post(address, typed).status_code == 302
    assert Resolution.objects.count() == 1


def test_stored_partner_can_be_kept(client, editor):
    agreement = factories.agreement(partner=factories.baku())
    opened = fields(client.get(at(agreement, "edit")))
    edit(client, agreement, partner="Istanbul", partner_key=str(factories.istanbul().pk))
    response = client.post(at(agreement, "edit"), opened | {"summary_en": "Mine"})
    assert fields(response)["take"] == ["partner", "name_fa", "name_en"]

    response = client.post(at(agreement, "edit"), fields(response))

    assert response.status_code == 302
    agreement.refresh_from_db()
    assert (agreement.partner, agreement.summary_en) == (factories.istanbul(), "Mine")


def test_one_more_row_of_sources_keeps_what_was_typed(client, editor):
    response = record(client, go="more_sources", summary_en="Kept", signed_month="13", **source(1))

    kept = fields(response)
    assert response.status_code == 200
    assert kept["sources-TOTAL_FORMS"] == ["3"]
    assert (kept["summary_en"], kept["sources-1-publisher_en"], kept["signed_month"]) == (["Kept"], ["Borna"], ["13"])
    assert errors(response) == []
    assert Agreement.objects.count() == 0


def test_enter_saves_and_does_not_press_another_button(client, editor):
    (form,) = [one for one in page(client.get(ADD)).named("form") if one["class"] == "form"]

    first = next(one for one in form.all if one.name == "button")

    assert (first.words, first["name"]) == ("Save", "")


@pytest.mark.parametrize("typed", ["\0", "\u200b", "ب" * 10_000, "<script>", "'; --"])
def test_odd_text_is_answered(client, editor, typed):
    said = ["partner", "name_fa", "summary_en", "predecessor", "signed_year", "sources-0-url", "status", "domains"]
    held = ["version", "submission", "sources-0-id", "sources-0-version", "take", "next", "go", "find", "distinct"]

    for names in (said, held, ["sources-TOTAL_FORMS"], ["sources-INITIAL_FORMS"]):
        assert record(client, **dict.fromkeys(names, typed)).status_code in {200, 302}, names


# --- The partner ---------------------------------------------------------------------------------------------------


def meant(typed: str, key: str = "") -> City:
    """The city that the field reads."""
    return CityField().clean(NamedCity(typed, key))


@pytest.mark.parametrize("typed", ["استانبول", "ISTANBUL", "İstanbul", "istanbul", "Constantinople", " استانبول "])
def test_partner_is_found_in_any_script_and_spelling(typed):
    city = factories.istanbul()

    assert meant(typed) == city


@pytest.mark.parametrize("language", ["fa", "en"])
def test_partner_is_found_by_what_the_box_says(language):
    city = factories.istanbul()

    with override(language):
        assert meant(CityField().prepare_value(city.pk).name) == city


def test_part_of_a_name_is_offered_and_not_guessed(client, editor):
    response = record(client, partner="Istan")

    assert errors(response) == ["Partner city: No city is called exactly this. Choose one, or add the city."]
    assert [one["value"] for one in page(response).named("input") if one["name"] == "partner_key"] == [
        str(factories.istanbul().pk)
    ]


def test_name_of_several_cities_is_asked(client, editor):
    first = factories.city(name_en="Tripoli", country="TR")
    second = factories.city(name_en="Tripoli", country="DE")

    response = record(client, partner="Tripoli")

    assert errors(response) == ["Partner city: Several cities go by this name. Choose one."]
    offered = [one["value"] for one in page(response).named("input") if one["name"] == "partner_key"]
    assert offered == [str(first.pk), str(second.pk)]
    client.post(ADD, fields(response) | {"partner_key": str(second.pk)})
    assert Agreement.objects.get().partner == second


@pytest.mark.parametrize("chosen", ["Istanbul", "Old Baku"])
def test_choice_made_before_does_not_hold_for_another_name(chosen):
    city, baku = factories.city(name_en=chosen), factories.baku()

    assert meant("Baku", str(city.pk)) == baku


def test_city_of_the_same_name_in_the_same_country_stays_itself():
    factories.city(name_en="Sarıyer")
    second = factories.city(name_en="Sarıyer")

    with override("en"):
        assert meant(*CityField().prepare_value(second.pk)) == second


def test_name_of_a_country_is_no_city():
    factories.istanbul()

    with override("en"), pytest.raises(Exception, match="No city is called exactly this"):
        meant("Türkiye")


def test_unknown_city_is_told(client, editor):
    assert errors(record(client, partner="Atlantis")) == [
        "Partner city: No city with this name is recorded. Check the spelling, or add the city."
    ]


def test_names_of_cities_are_offered_until_there_are_too_many(client, editor):
    def offered() -> list[str]:
        return [one["value"] for one in page(client.get(ADD)).named("option")]

    assert offered() == ["Baku (Azerbaijan)", "Istanbul (Türkiye)"]
    for _ in range(299):
        factories.city()
    assert offered() == []


def test_city_can_be_added_first_without_losing_what_was_typed(client, editor):
    way = record(client, go="add_city", partner="Konya", summary_en="Typed for an hour")["Location"]
    assert way == "/en/staff/cities/add/?q=Konya&next=%2Fen%2Fstaff%2Fpartnerships%2Fadd%2F"

    city = client.get("/en/staff/cities/add/?by_hand=1&next=/en/staff/partnerships/add/")
    back = client.post(
        city.request["PATH_INFO"] + "?next=/en/staff/partnerships/add/",
        fields(city) | {"name_en": "Konya", "name_fa": "قونیه", "country": "TR"},
    )["Location"]
    response = client.get(back)

    assert fields(response)["summary_en"] == ["Typed for an hour"]
    assert "What you typed before is here; it is not saved yet." in page(response).document.words
    client.post(back, fields(response))
    assert Agreement.objects.get().partner.name_en == "Konya"


# --- Other fields ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("typed", ["{}", "۱", " 1 "])
def test_predecessor_is_named_by_its_number(typed):
    agreement = factories.agreement()

    assert AgreementNumberField(required=False).clean(typed.format(agreement.number)) == agreement


@pytest.mark.parametrize("typed", ["2", "0", "-1", "x", "9" * 30])
def test_number_of_no_agreement_is_told(typed):
    factories.agreement()

    with pytest.raises(Exception, match=r"شماره|number"):
        AgreementNumberField().clean(typed)


def test_agreement_is_not_its_own_predecessor(client, editor):
    agreement = factories.agreement()

    assert errors(edit(client, agreement, predecessor=str(agreement.number))) == [
        "Predecessor: An agreement cannot be its own predecessor."
    ]


def test_languages_that_the_page_does_not_list_are_kept(client, editor):
    agreement = factories.agreement(authentic_languages="fa la")

    edit(client, agreement, summary_en="Changed")

    agreement.refresh_from_db()
    assert (agreement.authentic_languages, agreement.summary_en) == ("fa la", "Changed")


def test_who_changes_the_level_of_verification_stands_for_it(client, editor):
    agreement = factories.agreement()

    edit(client, agreement, verification="press")

    agreement.refresh_from_db()
    assert (agreement.verified_by, agreement.verified_on) == (editor, timezone.localdate())


def test_level_left_as_it_is_leaves_who_verified_it(client, editor):
    verifier = factories.user("verifier")
    agreement = factories.agreement(verification="press", verified_by=verifier, verified_on="2020-01-01")

    edit(client, agreement, summary_en="Changed")

    agreement.refresh_from_db()
    assert (agreement.verified_by, str(agreement.verified_on)) == (verifier, "2020-01-01")


def test_resolutions_are_found_when_there_are_too_many_for_a_page(client, editor):
    old = factories.resolution(number="77", title_en="The old one", decided="SH 1350")
    linked = factories.resolution(title_en="The linked one", decided="SH 1351")
    for number in range(101):
        factories.resolution(number=str(number), decided="SH 1400")
    agreement = factories.agreement()
    agreement.resolutions.add(linked)

    def offered(response) -> set[str]:
        return {one["value"] for one in page(response).named("input") if one["name"] == "resolutions"}

    first = client.get(at(agreement, "edit"))
    assert str(linked.pk) in offered(first)
    assert str(old.pk) not in offered(first)
    found = client.post(at(agreement, "edit"), fields(first) | {"find": "old one", "go": "find_resolution"})
    assert offered(found) == {str(linked.pk), str(old.pk)}
    client.post(at(agreement, "edit"), fields(found) | {"resolutions": [str(linked.pk), str(old.pk)]})
    assert set(agreement.resolutions.all()) == {linked, old}


# --- Likely duplicates ----------------------------------------------------------------------------------------------


def test_likely_duplicate_is_shown_before_saving(client, editor):
    existing = factories.agreement(partner=factories.istanbul())

    response = record(client, summary_en="Kept")

    assert errors(response) == [
        "This is a different one: record it: This may be recorded already. Compare, and say if it is not the same."
    ]
    assert at(existing, "edit") in [one["href"] for one in page(response).named("a")]
    assert fields(response)["summary_en"] == ["Kept"]
    assert Agreement.objects.count() == 1


def test_likely_duplicate_can_be_overridden_and_the_history_says_so(client, editor):
    existing = factories.agreement(partner=factories.istanbul())

    client.post(ADD, fields(record(client)) | {"distinct": "on"})

    made = Agreement.objects.exclude(pk=existing.pk).get()
    assert made.history.get().history_change_reason == "recorded as no duplicate"


@pytest.mark.parametrize("given", [{"kind": "friendship"}, {"status": "ended", "status_reason_en": "over"}])
def test_other_kinds_and_ended_ones_are_no_duplicates(client, editor, given):
    factories.agreement(partner=factories.istanbul(), **given)

    assert record(client).status_code == 302


# --- Editing ---------------------------------------------------------------------------------------------------------


def test_published_agreement_warns_that_everybody_sees_the_change(client, editor):
    published, draft = factories.agreement(published=True), factories.agreement()
    sentence = "This agreement is published. What you save changes its public page at once."

    assert sentence in page(client.get(at(published, "edit"))).document.words
    assert sentence not in page(client.get(at(draft, "edit"))).document.words


def test_list_leads_to_the_page_of_work_and_editing_back_there_with_the_list_as_it_was(client, editor):
    agreement = factories.agreement(partner=factories.baku())
    listed = LIST + "?q=baku&status=prospect"
    (work,) = [one for one in page(client.get(listed)).links() if f"/{agreement.number}/" in one]
    links = [*page(client.get(work)).links()]
    edit = next(one for one in links if "/edit/" in one)

    response = client.post(edit, fields(client.get(edit)) | {"summary_en": "Changed"})

    assert listed in links
    assert response["Location"] == work
    agreement.refresh_from_db()
    assert agreement.summary_en == "Changed"


def test_save_and_see_leads_to_the_preview_and_keeps_the_way_back(client, editor):
    agreement = factories.agreement()
    address = at(agreement, "edit") + "?next=" + LIST + "%3Fpage%3D2"

    response = client.post(address, fields(client.get(address)) | {"summary_en": "Changed", "go": "preview"})

    assert response["Location"] == at(agreement, "preview") + "?next=%2Fen%2Fstaff%2Fpartnerships%2F%3Fpage%3D2"


@pytest.mark.parametrize("language", ["fa", "en"])
def test_form_left_as_it_is_changes_nothing(client, editor, language):
    agreement = factories.agreement(
        partner=factories.istanbul(),
        signed="SH 1395-03",
        expires="AD 2030",
        authentic_languages="fa tr",
        verified_on="2020-01-02",
        predecessor=factories.agreement(partner=factories.istanbul(), kind="friendship"),
        summary_fa="خلاصه\nدو سطر",
    )
    agreement.domains.add(factories.domain("cultural"))
    factories.source(agreement, issued="SH 1399-11-25", signed_claim="AD 2016")
    address, steps = at(agreement, "edit", language), agreement.history.count()

    response = client.post(address, fields(client.get(address)))

    assert response.status_code == 302
    assert agreement.history.count() == steps
    assert Source.history.count() == 1


def test_reason_stands_in_the_history_of_the_agreement_and_its_sources(client, editor):
    agreement = factories.agreement()

    edit(client, agreement, reason="council’s letter", **source(0))

    told = [agreement.history.first(), Source.history.first()]
    assert [(one.history_user, one.history_change_reason) for one in told] == [(editor, "council’s letter")] * 2


# --- Two at once ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["fa", "en"])
def test_stale_save_is_refused_with_both_versions(client, editor, language):
    agreement = factories.agreement(summary_en="As it was")
    opened = fields(client.get(at(agreement, "edit", language)))
    edit(client, agreement, summary_en="Theirs", status="negotiation", reason="a letter")

    response = client.post(at(agreement, "edit", language), opened | {"summary_en": "Mine"})

    agreement.refresh_from_db()
    assert (response.status_code, agreement.summary_en) == (200, "Theirs")
    assert fields(response)["summary_en"] == ["Mine"]
    assert dead_links(response) == []
    (sentence,) = errors(response)
    begins = {
        "en": "Somebody else has changed this",
        "fa": "پس از آنکه این را باز کردید شخص دیگری آن را تغییر داده است.",
    }
    assert sentence.startswith(begins[language])
    if language == "en":
        stored, typed = row(response, "Summary in English")
        assert (stored.split(" ")[0], typed) == ("Theirs", "Mine")
        assert "editor · " in stored
        stored, typed = row(response, "Status")
        assert (stored.split(" ")[0], typed.split(" ")[0]) == ("Negotiation", "Prospect")


def test_decided_conflict_is_saved(client, editor):
    agreement = factories.agreement(summary_en="As it was")
    opened = fields(client.get(at(agreement, "edit")))
    edit(client, agreement, summary_en="Theirs", status="negotiation")
    response = client.post(at(agreement, "edit"), opened | {"summary_en": "Mine"})

    client.post(at(agreement, "edit"), fields(response))

    agreement.refresh_from_db()
    assert (agreement.summary_en, agreement.status) == ("Mine", "negotiation")


def test_mine_can_be_discarded(client, editor):
    agreement = factories.agreement()
    opened = fields(client.get(at(agreement, "edit")))
    edit(client, agreement, summary_en="Theirs")

    response = client.post(at(agreement, "edit"), opened | {"summary_en": "Mine"})
    (link,) = [one["href"] for one in page(response).named("a") if one.words == "Discard mine and show what is stored"]

    assert fields(client.get(link))["summary_en"] == ["Theirs"]


@pytest.mark.django_db(transaction=True)
def test_two_who_save_at_the_same_moment_do_not_overwrite_each_other():
    account, agreement = factories.editor(), factories.agreement(summary_en="As it was")
    names = ["first", "second"]
    barrier, answers = threading.Barrier(2), {}
    clients = {name: Client() for name in names}
    for client in clients.values():
        client.force_login(account)
    opened = {name: fields(client.get(at(agreement, "edit"))) for name, client in clients.items()}

    def save(name: str) -> None:
        barrier.wait()
        answers[name] = clients[name].post(at(agreement, "edit"), opened[name] | {"summary_en": name}).status_code
        connection.close()

    threads = [threading.Thread(target=save, args=[name]) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(answers.values()) == [200, 302]
    agreement.refresh_from_db()
    assert answers[agreement.summary_en] == 302
    assert agreement.version == 2


@pytest.mark.django_db(transaction=True)
def test_double_click_at_the_same_moment_records_once():
    factories.home_city(), factories.istanbul()
    client = Client()
    client.force_login(factories.editor())
    typed = fields(client.get(ADD)) | {"partner": "Istanbul"} | source(0)
    barrier, answers = threading.Barrier(2), []

    def click() -> None:
        second = Client()
        second.cookies = client.cookies
        barrier.wait()
        answers.append(second.post(ADD, typed).status_code)
        connection.close()

    threads = [threading.Thread(target=click) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert answers == [302, 302]
    assert (Agreement.objects.count(), Source.objects.count()) == (1, 1)


def test_save_overtaken_between_check_and_write_shows_both_versions(client, editor, monkeypatch):
    agreement = factories.agreement(summary_en="As it was")
    save, overtaken = AgreementForm.save, []

    def overtake(form, by):
        if not overtaken:
            overtaken.append(Agreement.objects.get(pk=agreement.pk))
            overtaken[0].summary_en = "Theirs"
            overtaken[0].save()
        return save(form, by)

    typed = fields(client.get(at(agreement, "edit"))) | {"summary_en": "Mine"}
    monkeypatch.setattr(AgreementForm, "save", overtake)
    response = client.post(at(agreement, "edit"), typed)

    agreement.refresh_from_db()
    assert (response.status_code, agreement.summary_en) == (200, "Theirs")
    assert row(response, "Summary in English")[1] == "Mine"


def test_deleted_draft_keeps_what_was_typed_and_its_sources(client, editor):
    agreement = factories.agreement(partner=factories.istanbul())
    factories.source(agreement, says_en="It was signed.")
    typed = fields(client.get(at(agreement, "edit"))) | {"summary_en": "Typed for an hour"}
    agreement.delete()

    response = client.post(at(agreement, "edit"), typed)
    assert response.status_code == 409
    client.post(ADD, fields(response))

    made = Agreement.objects.get()
    assert (made.number, made.summary_en) == (agreement.number + 1, "Typed for an hour")
    assert [one.says_en for one in made.sources.all()] == ["It was signed."]


# --- Publishing ------------------------------------------------------------------------------------------------------


def test_publishing_is_asked_with_what_is_missing(client, manager):
    agreement = factories.agreement(status="in_force", signed="SH 1395-03")

    response = client.get(at(agreement, "publish"))

    assert [one.words for one in page(response).named("li") if one.parent["class"] == "unknowns"] == [
        *agreement.dossier.unknowns,
        "A source",
        "A summary in both languages",
    ]
    assert Agreement.objects.published().count() == 0


def test_manager_publishes(client, manager):
    agreement = factories.agreement()
    address = at(agreement, "publish")

    response = client.post(address, fields(client.get(address)) | {"reason": "the council agreed"}, follow=True)

    agreement.refresh_from_db()
    assert (agreement.publication, agreement.published_by) == ("published", manager)
    assert messages(response) == [f"“{agreement.number}. {agreement.name_en}” is published. Undo"]
    assert agreement.history.first().history_change_reason == "the council agreed"
    assert Client().get(f"/en/partnerships/{agreement.number}/").status_code == 200


def test_second_click_on_publish_is_told_that_it_is_done(client, manager):
    agreement = factories.agreement()
    typed = fields(client.get(at(agreement, "publish")))
    client.post(at(agreement, "publish"), typed)

    response = client.post(at(agreement, "publish"), typed)

    assert response.status_code == 302
    assert agreement.history.count() == 2


def test_what_may_not_be_published_is_told(client, manager):
    agreement = factories.agreement()
    Agreement.objects.filter(pk=agreement.pk).update(status="in_force")

    response = client.post(at(agreement, "publish"), fields(client.get(at(agreement, "publish"))))

    assert errors(response) == ["An agreement in force needs a date of signing or a source that supports it."]


def test_agreement_changed_meanwhile_is_not_published_unseen(client, manager):
    agreement = factories.agreement()
    typed = fields(client.get(at(agreement, "publish")))
    agreement.summary_en = "Changed"
    agreement.save()

    response = client.post(at(agreement, "publish"), typed)

    assert messages(response) == ["Somebody has changed this since you opened the page. Look at it once more."]
    assert Agreement.objects.published().count() == 0


def test_withdrawing_needs_its_reason(client, manager):
    agreement = factories.agreement(published=True)
    address = at(agreement, "withdraw")

    response = client.post(address, fields(client.get(address)) | {"reason": " \u200b "})

    assert errors(response) == ["Reason: Say why the agreement is withdrawn."]
    assert Agreement.objects.published().count() == 1


def test_withdrawn_agreement_says_so_to_visitors_and_can_come_back(client, manager):
    agreement = factories.agreement(published=True)
    address = at(agreement, "withdraw")
    public = f"/en/partnerships/{agreement.number}/"

    client.post(address, fields(client.get(address)) | {"reason": "It named the wrong city, " * 15})
    agreement.refresh_from_db()
    assert (agreement.publication, agreement.withdrawn_by) == ("withdrawn", manager)
    assert Client().get(public).status_code == 410

    client.post(at(agreement, "publish"), fields(client.get(at(agreement, "publish"))))
    assert Client().get(public).status_code == 200


def test_draft_is_deleted_and_its_number_is_not_given_again(client, manager):
    agreement = factories.agreement()
    number = agreement.number
    address = at(agreement, "delete")

    response = client.post(address, fields(client.get(address)), follow=True)

    assert messages(response) == [f"“{number}. {agreement.name_en}” is deleted. Undo"]
    assert factories.agreement().number == number + 1


@pytest.mark.parametrize("given", [{"published": True}, {"withdrawn": True}])
def test_agreement_that_was_ever_published_is_not_deleted(client, manager, given):
    agreement = factories.agreement(**given)

    client.post(at(agreement, "delete"), {"version": agreement.version})

    assert Agreement.objects.count() == 1
    assert (
        "A published agreement is withdrawn, not deleted." in page(client.get(at(agreement, "delete"))).document.words
    )


def test_agreement_that_another_one_renews_is_not_deleted(client, manager):
    first = factories.agreement()
    second = factories.agreement(predecessor=first)

    response = client.post(at(first, "delete"), fields(client.get(at(first, "delete"))))

    assert errors(response) == [
        f"It cannot be deleted, since other records rest on it: {second.number}. {second.name_en}."
    ]
    assert Agreement.objects.count() == 2


# --- Previews, lists, histories -------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["fa", "en"])
@pytest.mark.parametrize("given", [{}, {"published": True}, {"withdrawn": True}])
def test_preview_shows_the_public_page_whatever_its_status(client, editor, language, given):
    agreement = factories.agreement(partner=factories.istanbul(), summary_fa="خلاصه", summary_en="Summary", **given)

    response = client.get(at(agreement, "preview", language))

    assert response.status_code == 200
    assert "partnerships/agreement_detail.html" in [one.name for one in response.templates]
    assert {"fa": "خلاصه", "en": "Summary"}[language] in page(response).document.words


def test_preview_leads_back_and_on(client, manager):
    agreement = factories.agreement()
    back = "?next=%2Fen%2Fstaff%2Fpartnerships%2F%3Fq%3Dx"

    links = set(page(client.get(at(agreement, "preview") + back)).links())

    assert {at(agreement, "edit") + back, at(agreement, "publish") + back} <= links


def test_pages_that_make_sense_are_linked(client, manager):
    draft, published, withdrawn = (
        factories.agreement(**given) for given in ({}, {"published": True}, {"withdrawn": True})
    )

    def linked(agreement: Agreement) -> set[str]:
        links = [one.split("?")[0] for one in page(client.get(at(agreement, "edit"))).links() if "#" not in one]
        own = f"/staff/partnerships/{agreement.number}/"
        return {link.rstrip("/").rsplit("/", 1)[1] for link in links if own in link} - {"edit"}

    assert linked(draft) == {"preview", "publish", "delete", "history", "sign", "end"}
    assert linked(published) == {"preview", "withdraw", "history", "sign", "end", "status"}
    assert linked(withdrawn) == {"preview", "publish", "history", "sign", "end", "status"}


def test_editor_is_offered_nothing_that_managers_do(client, editor):
    agreement = factories.agreement()

    links = " ".join(page(client.get(at(agreement, "edit"))).links())

    assert [name for name in ("publish", "withdraw", "delete") if f"/{name}/" in links] == []


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", {"draft", "published", "withdrawn"}),
        ("?publication=draft", {"draft"}),
        ("?publication=published&publication=withdrawn", {"published", "withdrawn"}),
    ],
)
def test_list_is_filtered_by_publication(client, editor, query, expected):
    made = {
        "draft": factories.agreement(),
        "published": factories.agreement(published=True),
        "withdrawn": factories.agreement(withdrawn=True),
    }

    links = page(client.get(LIST + query)).links()
    listed = {int(number) for link in links for number in re.findall(rf"^{LIST}(\d+)/", link)}

    assert listed == {made[name].number for name in expected}


def test_publication_and_its_queryset_twin_agree():
    for given in ({}, {"published": True}, {"withdrawn": True}):
        factories.agreement(**given)

    for agreement in Agreement.objects.with_publication():
        assert agreement.publication_state == agreement.publication
        assert agreement in Agreement.objects.in_publication(agreement.publication)
    assert len({one.publication for one in Agreement.objects.all()}) == 3


@pytest.mark.parametrize("count", [1, 300])
def test_list_costs_the_same_for_one_agreement_and_for_hundreds(client, editor, django_assert_num_queries, count):
    for _ in range(count):
        factories.agreement()

    with django_assert_num_queries(18):
        client.get(LIST)


@pytest.mark.parametrize("count", [1, 40])
def test_form_costs_the_same_for_one_source_and_for_many(client, editor, django_assert_num_queries, count):
    agreement = factories.agreement(partner=factories.istanbul())
    for _ in range(count):
        factories.source(agreement)
        factories.agreement().resolutions.add(factories.resolution())

    with django_assert_num_queries(19):
        client.get(at(agreement, "edit"))


def test_history_tells_of_the_agreement_and_its_sources(client, manager):
    agreement = factories.agreement(partner=factories.istanbul())
    edit(client, agreement, signed_year="2016", **source(0))

    steps = [
        one.words for one in page(client.get(at(agreement, "history"))).named("h2") if one["class"] == "step__what"
    ]

    assert steps == ["Changed", "Recorded · Source: Borna", "Recorded"]


@pytest.mark.parametrize("count", [1, 30])
def test_history_costs_the_same_however_long_it_is(client, manager, django_assert_num_queries, count):
    agreement = factories.agreement()
    for number in range(count):
        with agreement.one_entry(by=manager):
            agreement.internal_note = str(number)
            agreement.save()
            agreement.domains.add(factories.domain(f"domain-{number}"))
        factories.source(agreement)

    with django_assert_num_queries(39):
        client.get(at(agreement, "history"))


def test_internal_note_stays_with_the_office(client, editor):
    agreement = factories.agreement(published=True, internal_note="Call them.")

    assert "Call them." in page(client.get(at(agreement, "edit"))).html
    for address in (f"/en/partnerships/{agreement.number}/", at(agreement, "preview")):
        assert "Call them." not in client.get(address).content.decode()


def test_form_without_a_home_city_says_what_to_do_first(client):
    factories.istanbul()
    client.force_login(factories.editor())

    assert errors(record(client)) == ["Choose the home city first: without it there can be no agreement."]


def test_take_names_fields_of_this_form_only():
    agreement = factories.agreement(summary_en="Stored")
    form = AgreementForm(Typed({"version": ["1"], "take": ["version", "nothing", "summary_en"]}), instance=agreement)

    assert form.data["summary_en"] == "Stored"
    assert form.data["version"] == "1"
