"""Agreements and what they rest on: what the database refuses, and what the models' rules and verbs do."""

import datetime
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.models import F, ProtectedError
from django.utils import timezone
from django.utils.translation import override

from cities.models import City
from partnerships.models import Affinity, Agreement, Domain, Membership, Provision, Register, Resolution, Source
from sistercities.dates import UncertainDate
from tests import factories
from tests.constraints import Case, Rule, bounded

pytestmark = pytest.mark.django_db

DAY = datetime.date(2016, 5, 22)


def date(text: str) -> UncertainDate:
    """The date of a code, as in "SH 1395-03"."""
    return UncertainDate.from_stored(text)


def dated(**codes: str) -> dict[str, Any]:
    """Dates together with their bounds, as an update has to give them."""
    values: dict[str, Any] = {}
    for name, code in codes.items():
        values |= {name: date(code), f"{name}_first": date(code).first, f"{name}_last": date(code).last}
    return values


# --- What the database refuses ------------------------------------------------------------------------

RULES = {
    Agreement: [
        Rule(
            "agreement_not_with_the_home_city",
            "The home city cannot have an agreement with itself.",
            "شهر خانه نمی‌تواند با خودش پیمان ببندد.",
            {"partner_id": lambda agreement: agreement.home_city_id},
            {"home_city_id": lambda agreement: agreement.partner_id},
        ),
        Rule(
            "agreement_number_is_positive",
            "Register numbers begin at 1.",
            "شماره‌های ثبت از ۱ آغاز می‌شوند.",
            {"number": 0},
        ),
        Rule(
            "agreement_kind_is_known",
            "Choose one of the kinds.",
            "یکی از انواع پیمان را برگزینید.",
            {"kind": "twin"},
            {"kind": ""},
        ),
        Rule(
            "agreement_status_is_known",
            "Choose one of the statuses.",
            "یکی از وضعیت‌ها را برگزینید.",
            {"status": "expired"},
            {"status": ""},
        ),
        Rule(
            "agreement_verification_is_known",
            "Choose one of the levels of verification.",
            "یکی از سطح‌های اعتبارسنجی را برگزینید.",
            {"verification": "certain"},
        ),
        Rule(
            "agreement_expires_after_signing",
            "An agreement cannot expire before it is signed.",
            "پایان پیمان نمی‌تواند پیش از امضای آن باشد.",
            dated(signed="AD 2016", expires="AD 2015-12-31"),
            dated(signed="SH 1395", expires="AD 2016-03-19"),
        ),
        Rule(
            "agreement_expires_after_beginning",
            "An agreement cannot expire before it comes into force.",
            "پایان پیمان نمی‌تواند پیش از آغاز اعتبار آن باشد.",
            dated(in_force_from="AD 2016-06", expires="AD 2016-05"),
        ),
        Rule(
            "agreement_notice_before_expiry",
            "Notice has to be given before the agreement expires.",
            "مهلت اعلام باید پیش از پایان پیمان باشد.",
            dated(notice_by="AD 2021", expires="AD 2020"),
        ),
        Rule(
            "agreement_halted_after_signing",
            "An agreement cannot be suspended or ended before it is signed.",
            "تعلیق یا خاتمه پیمان نمی‌تواند پیش از امضای آن باشد.",
            dated(signed="AD 2016", status_since="AD 2015-12-31"),
        ),
        Rule(
            "agreement_halted_for_a_reason",
            "Say why the agreement was suspended or ended.",
            "بنویسید پیمان چرا معلق شده یا خاتمه یافته است.",
            {"status": "suspended"},
            {"status": "ended"},
        ),
        Rule(
            "agreement_not_its_own_predecessor",
            "An agreement cannot be its own predecessor.",
            "هیچ پیمانی نمی‌تواند پیمان پیشین خودش باشد.",
            {"predecessor_id": lambda agreement: agreement.pk},
        ),
        Rule(
            "agreement_published_in_both_languages",
            "A published agreement needs a name in both languages.",
            "پیمان منتشرشده باید به هر دو زبان نام داشته باشد.",
            {"published_at": timezone.now(), "name_fa": ""},
            {"published_at": timezone.now(), "name_en": ""},
        ),
        Rule(
            "agreement_withdrawn_after_publication",
            "Only a published agreement can be withdrawn.",
            "تنها پیمان منتشرشده را می‌توان پس گرفت.",
            {"withdrawn_at": timezone.now(), "withdrawal_reason": "wrong city"},
        ),
        Rule(
            "agreement_withdrawn_for_a_reason",
            "Say why the agreement is withdrawn.",
            "بنویسید پیمان چرا پس گرفته می‌شود.",
            {"published_at": timezone.now(), "withdrawn_at": timezone.now()},
        ),
    ],
    Source: [
        Rule(
            "source_can_be_found",
            "A source has a publisher, a title or an address by which it can be found.",
            "هر منبع باید ناشر، عنوان یا نشانی‌ای داشته باشد که با آن پیدا شود.",
            {"publisher_fa": "", "publisher_en": ""},
        ),
        Rule(
            "source_says_something",
            "Write what the source says, in Persian or in English.",
            "بنویسید منبع چه می‌گوید، به فارسی یا انگلیسی.",
            {"says_fa": "", "says_en": ""},
        ),
        Rule(
            "source_stance_is_known",
            "Say whether the source supports or contradicts the record.",
            "بگویید منبع گواه این رکورد است یا با آن ناسازگار.",
            {"stance": "doubts"},
        ),
        Rule(
            "source_nature_is_known",
            "Choose what sort of source it is.",
            "گونه منبع را برگزینید.",
            {"nature": "rumour"},
        ),
    ],
    Resolution: [
        Rule(
            "resolution_has_a_title_and_a_council",
            "A resolution has at least the council's name and a title in Persian.",
            "مصوبه باید دست‌کم نام شورا و عنوانی به فارسی داشته باشد.",
            {"title_fa": ""},
            {"body_fa": ""},
        ),
        Rule(
            "resolution_number_once_per_day",
            "This resolution, by its number and date, is recorded already.",
            "این مصوبه، با همین شماره و تاریخ، پیش‌تر ثبت شده است.",
            {"number": "12", "decided": date("SH 1387-05-01"), "body_fa": "شورای اسلامی شهر تبریز"},
            columns="number",
        ),
        Rule(
            "resolution_number_once_without_a_date",
            "This resolution, by its number and date, is recorded already.",
            "این مصوبه، با همین شماره و تاریخ، پیش‌تر ثبت شده است.",
            {"number": "15", "decided": None, "body_fa": "شورای اسلامی شهر تبریز"},
            columns="number",
        ),
    ],
    Domain: [
        Rule(
            "domain_has_both_names",
            "A domain has a name in Persian and in English.",
            "هر حوزه باید به فارسی و انگلیسی نام داشته باشد.",
            {"name_fa": ""},
            {"name_en": ""},
        )
    ],
    Provision: [
        Rule(
            "provision_names_its_plan",
            "A provision names its plan in Persian and in English.",
            "هر حکم باید نام برنامه خود را به فارسی و انگلیسی داشته باشد.",
            {"plan_fa": ""},
            {"plan_en": ""},
        )
    ],
    Membership: [
        Rule(
            "membership_names_its_body",
            "Give the body’s name in Persian or in English.",
            "نام نهاد را به فارسی یا انگلیسی بنویسید.",
            {"name_fa": "", "name_en": ""},
        ),
        Rule(
            "membership_published_in_both_languages",
            "A published membership needs the body’s name in both languages.",
            "در عضویت منتشرشده، نام نهاد باید به هر دو زبان باشد.",
            {"is_public": True, "name_fa": ""},
            {"is_public": True, "name_en": ""},
        ),
        Rule(
            "membership_published_by_the_word_of_a_source",
            "A published membership needs a source: its publisher or its address.",
            "عضویت منتشرشده باید منبع داشته باشد: ناشر یا نشانی آن.",
            {"is_public": True, "publisher_fa": "", "publisher_en": "", "url": ""},
        ),
        Rule(
            "membership_kind_is_known",
            "Choose one of the kinds of body.",
            "یکی از انواع نهاد را برگزینید.",
            {"kind": "club"},
        ),
        Rule(
            "membership_status_is_known",
            "Choose one of the statuses.",
            "یکی از وضعیت‌ها را برگزینید.",
            {"status": "honorary"},
        ),
        Rule(
            "membership_verification_is_known",
            "Choose one of the levels of verification.",
            "یکی از سطح‌های اعتبارسنجی را برگزینید.",
            {"verification": "certain"},
        ),
        Rule(
            "membership_ends_after_it_began",
            "A membership cannot end before it began.",
            "عضویت نمی‌تواند پیش از آغاز خود پایان یابد.",
            dated(since="AD 2016", until="AD 2015"),
        ),
    ],
    Affinity: [
        Rule(
            "affinity_once_per_partner_and_ground",
            "This ground is recorded for this city already.",
            "این وجه برای این شهر پیش‌تر ثبت شده است.",
            {"ground": "historical"},
            columns="ground",
        ),
        Rule(
            "affinity_ground_is_known",
            "Choose one of the grounds.",
            "یکی از وجوه را برگزینید.",
            {"ground": "magical"},
        ),
    ],
}


def _resolution() -> Case:
    factories.resolution(number="12", decided="SH 1387-05-01")
    factories.resolution(number="15")
    return Case(factories.resolution(number="13", decided="SH 1387-05-01"), {"number": "14"})


def _affinity() -> Case:
    factories.affinity(factories.istanbul(), ground="historical")
    return Case(factories.affinity(factories.istanbul(), ground="cultural"), {"ground": "linguistic"})


CASES = {
    Agreement: lambda: Case(factories.agreement(), {"number": 1_000_000}),
    Source: lambda: Case(factories.source(factories.agreement()), {}),
    Resolution: _resolution,
    Domain: lambda: Case(factories.domain(), {"key": "another"}),
    Provision: lambda: Case(factories.provision(), {"key": "another"}),
    Membership: lambda: Case(factories.membership(), {"key": "another"}),
    Affinity: _affinity,
}
"""How a record of each model is made that breaks no rule."""


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    """The messages are in English unless a test says otherwise."""
    with override("en"):
        yield


def test_database_has_one_register_row() -> None:
    Register.next_number()

    with pytest.raises(IntegrityError, match="register_is_one"), transaction.atomic():
        Register.objects.create(pk=2)
    with pytest.raises(IntegrityError, match="register_is_one"), transaction.atomic():
        Register.objects.update(id=2)


def test_a_form_shows_the_messages_of_all_rules_that_are_broken() -> None:
    agreement = factories.agreement(signed="AD 2016")
    agreement.expires, agreement.status = date("AD 2015"), "ended"

    with pytest.raises(ValidationError) as caught:
        agreement.full_clean()
    assert caught.value.message_dict == {
        "__all__": [
            "An agreement cannot expire before it is signed.",
            "Say why the agreement was suspended or ended.",
        ]
    }


def test_dates_that_may_be_right_are_not_refused() -> None:
    agreement = factories.agreement(
        signed="SH 1395", expires="AD 2016", notice_by="AD 2016", in_force_from="AD 2016-12"
    )

    agreement.full_clean()


@pytest.mark.parametrize(
    "given", [{"number": 7}, {"submission": "0b0a6a5e-6f0f-4f2c-9f3e-2f6d8e0c1a11"}], ids=["number", "submission"]
)
def test_a_number_and_a_submission_are_of_one_agreement_alone(given: dict[str, Any]) -> None:
    factories.agreement(**given)

    with pytest.raises(IntegrityError), transaction.atomic():
        factories.agreement(**given)


# --- Register numbers ---------------------------------------------------------------------------------


def test_numbers_count_from_one() -> None:
    assert [factories.agreement().number for _ in range(3)] == [1, 2, 3]


def test_the_number_of_a_deleted_draft_is_not_given_again() -> None:
    factories.agreement()
    factories.agreement().delete()

    assert factories.agreement().number == 3


def test_all_numbers_stay_taken_when_every_draft_is_deleted() -> None:
    for _ in range(3):
        factories.agreement()
    Agreement.objects.all().delete()

    assert factories.agreement().number == 4


def test_a_number_given_from_outside_is_taken() -> None:
    factories.agreement(number=40)
    factories.agreement(number=12)

    assert factories.agreement().number == 41


def test_a_number_that_was_not_used_after_all_is_given_to_the_next() -> None:
    factories.agreement()
    with pytest.raises(IntegrityError), transaction.atomic():
        factories.agreement(status="gone")

    assert factories.agreement().number == 2


def test_a_number_does_not_change() -> None:
    agreement = factories.agreement()
    agreement.summary_en = "Changed."
    agreement.save()

    assert (Agreement.objects.get().number, Register.objects.get().last_number) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_two_threads_never_get_the_same_number() -> None:
    home, partner = factories.home_city(), factories.istanbul()
    start, failures = threading.Barrier(2), []

    def record() -> None:
        try:
            start.wait()
            for _ in range(10):
                Agreement.objects.create(home_city=home, partner=partner)
        except Exception as failure:
            failures.append(failure)
        finally:
            connection.close()

    threads = [threading.Thread(target=record) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failures == []
    assert list(Agreement.objects.order_by("number").values_list("number", flat=True)) == list(range(1, 21))


# --- Names, dates and what is derived -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "english", "persian"),
    [
        ("sister", "Sister-city agreement of Tabriz and Istanbul", "پیمان خواهرخواندگی تبریز و استانبول"),
        (
            "friendship",
            "Friendship and cooperation agreement of Tabriz and Istanbul",
            "تفاهم‌نامه دوستی و همکاری تبریز و استانبول",
        ),
        ("project", "Project partnership of Tabriz and Istanbul", "همکاری پروژه‌ای تبریز و استانبول"),
        ("contact", "Contact between Tabriz and Istanbul", "ارتباط تبریز و استانبول"),
    ],
)
@pytest.mark.parametrize("language", ["fa", "en"])
def test_an_empty_name_becomes_the_usual_one_whatever_the_language(
    language: str, kind: str, english: str, persian: str
) -> None:
    with override(language):
        agreement = factories.agreement(partner=factories.istanbul(), kind=kind)

    assert (agreement.name_en, agreement.name_fa) == (english, persian)


def test_a_name_that_was_given_stays() -> None:
    agreement = factories.agreement(name_fa="میثاق", name_en="Covenant")

    assert (agreement.name_fa, agreement.name_en, str(agreement)) == ("میثاق", "Covenant", "1. Covenant")
    with override("fa"):
        assert str(agreement) == "۱. میثاق"


def test_there_is_no_usual_name_without_the_cities_names() -> None:
    agreement = factories.agreement(partner=factories.city(name_en=""))

    assert (bool(agreement.name_fa), agreement.name_en) == (True, "")


def test_home_city_is_filled_in() -> None:
    agreement = factories.agreement()

    assert agreement.home_city == City.objects.home()


def test_search_text_is_folded_and_holds_no_internal_note() -> None:
    agreement = factories.agreement(
        name_fa="پیمان", name_en="Pact", title_fa="خواهر‌خواندگی", summary_en="Öğrenci", internal_note="Secret"
    )

    assert agreement.search_text == "پیمان\npact\nخواهرخواندگی\nogrenci"


def test_bounds_follow_the_date_at_once_and_when_it_is_cleared() -> None:
    agreement = factories.agreement(signed="SH 1380")
    assert (agreement.signed_first, agreement.signed_last) == (datetime.date(2001, 3, 21), datetime.date(2002, 3, 20))

    agreement.signed = None
    assert (agreement.signed_first, agreement.signed_last) == (None, None)
    agreement.save()
    assert Agreement.objects.filter(signed="", signed_first=None, signed_last=None).exists()


def test_unknown_dates_are_none_and_stored_as_empty_text() -> None:
    agreement = Agreement.objects.get(pk=factories.agreement().pk)

    assert [getattr(agreement, name) for name in bounded(Agreement)] == [None] * 5
    assert Agreement.objects.filter(signed="").count() == 1


# --- Rules that no single row can hold ----------------------------------------------------------------


def test_partner_must_not_be_the_home_city() -> None:
    with pytest.raises(ValidationError) as caught:
        Agreement(partner=factories.home_city()).full_clean()

    assert caught.value.message_dict["partner"] == ["The home city cannot have an agreement with itself."]


def test_there_is_no_agreement_without_a_home_city() -> None:
    with pytest.raises(ValidationError) as caught:
        Agreement(partner=factories.istanbul()).full_clean()

    assert caught.value.messages == ["Choose the home city first: without it there can be no agreement."]


@pytest.mark.parametrize(
    ("codes", "wrong"), [("fa tr en", ""), ("", ""), ("fa xx  q1 en", "xx, q1"), ("Persian", "Persian")]
)
def test_authentic_languages_are_language_codes(codes: str, wrong: str) -> None:
    agreement = factories.agreement()
    agreement.authentic_languages = codes

    if not wrong:
        agreement.full_clean()
        return
    with pytest.raises(ValidationError) as caught:
        agreement.full_clean()
    assert caught.value.message_dict == {"authentic_languages": [f"These are not language codes: {wrong}."]}


def test_languages_are_named_in_the_readers_language() -> None:
    agreement = Agreement(authentic_languages="fa tr")

    assert agreement.get_languages_display() == ["Persian", "Turkish"]
    with override("fa"):
        assert agreement.get_languages_display() == ["فارسی", "ترکی استانبولی"]


GROUNDS = {"status": ["An agreement in force needs a date of signing or a source that supports it."]}


@pytest.mark.parametrize("status", ["prospect", "negotiation", "approved", "suspended", "ended"])
def test_only_force_needs_grounds(status: str) -> None:
    factories.agreement(status=status, status_reason_en="It stopped.").check_grounds()


def test_force_needs_somebodys_word() -> None:
    agreement = factories.agreement(status="in_force")
    factories.source(agreement, stance="contradicts")
    factories.source(agreement, stance="mentions")

    with pytest.raises(ValidationError) as caught:
        agreement.check_grounds()
    assert caught.value.message_dict == GROUNDS
    factories.source(agreement, stance="supports")
    agreement.check_grounds()


def test_a_date_of_signing_is_ground_enough() -> None:
    factories.agreement(status="in_force", signed="SH 1387").check_grounds()


def test_approval_by_the_council_is_no_ground() -> None:
    agreement = factories.agreement(status="in_force")
    agreement.resolutions.add(factories.resolution())

    with pytest.raises(ValidationError):
        agreement.check_grounds()


def test_grounds_can_be_asked_of_sources_that_are_not_stored_yet() -> None:
    agreement = Agreement(status="in_force")

    agreement.check_grounds([Source(stance="contradicts"), Source(stance="supports")])
    for sources in ([], [Source(stance="mentions")], None):
        with pytest.raises(ValidationError):
            agreement.check_grounds(sources)


def test_dates_that_may_be_wrong_are_warned_of() -> None:
    warned = Agreement(status="in_force", signed=date("SH 1395"), expires=date("AD 2016"))
    certain = Agreement(status="in_force", signed=date("SH 1395"), expires=date("AD 2018"))

    assert warned.warnings() == ["“expires” may lie before “signed”: the dates do not rule that out."]
    assert certain.warnings() == Agreement().warnings() == []


@pytest.mark.parametrize(
    ("status", "warnings"),
    [
        ("approved", ["It has a date of signing, and its status says that it is not signed."]),
        ("in_force", []),
        ("ended", []),
    ],
)
def test_date_of_signing_under_a_status_that_denies_it_is_warned_of(status: str, warnings: list[str]) -> None:
    assert Agreement(status=status, signed=date("SH 1395")).warnings() == warnings


def test_predecessors_cannot_go_in_a_circle() -> None:
    first = factories.agreement()
    second = factories.agreement(predecessor=first)
    first.predecessor = second

    with pytest.raises(ValidationError) as refused:
        first.full_clean()

    assert refused.value.message_dict == {"predecessor": ["By way of others, it would be its own predecessor."]}
    Agreement.objects.get(pk=second.pk).full_clean()


def test_usual_name_follows_another_partner() -> None:
    agreement = factories.agreement(partner=factories.istanbul())
    agreement = Agreement.objects.get(pk=agreement.pk)

    agreement.partner = factories.baku()
    agreement.save()

    assert agreement.name_en == "Sister-city agreement of Tabriz and Baku"
    assert agreement.name_fa == "پیمان خواهرخواندگی تبریز و باکو"


def test_usual_name_follows_a_city_that_is_renamed_with_an_entry_in_the_history() -> None:
    usual = factories.agreement(partner=factories.istanbul())
    own = factories.agreement(
        partner=factories.istanbul(), kind="contact", name_fa="منشور", name_en="The Istanbul Charter"
    )

    city = City.objects.get(slug="istanbul")
    city.name_en = "İstanbul"
    city.save()

    usual.refresh_from_db()
    own.refresh_from_db()
    assert usual.name_en == "Sister-city agreement of Tabriz and İstanbul"
    assert own.name_en == "The Istanbul Charter"
    assert [entry.history_change_reason for entry in usual.history.all()] == ["The city was renamed", None]
    assert own.history.count() == 1


def test_deleting_a_draft_leaves_the_reason_in_the_history_of_its_sources() -> None:
    agreement = factories.agreement()
    source = factories.source(agreement)
    kept = source.pk
    agreement._change_reason = "recorded by mistake"

    agreement.delete()

    entry = Source.history.filter(id=kept).latest()
    assert (entry.history_type, entry.history_change_reason) == ("-", "recorded by mistake")


@pytest.mark.parametrize(
    ("claim", "contradicts"),
    [
        ("SH 1387", False),
        ("AD 2008-06", False),
        ("AD 2009", False),
        ("AD 2013-04-13", True),
        ("SH 1388", True),
        (None, False),
    ],
)
def test_a_source_contradicts_the_signing_only_where_it_certainly_does(claim: str, contradicts: bool) -> None:
    source = factories.source(factories.agreement(signed="SH 1387"), signed_claim=claim)

    assert source.contradicts_signed is contradicts


def test_no_claim_contradicts_a_signing_that_is_not_known() -> None:
    assert not factories.source(factories.agreement(), signed_claim="SH 1387").contradicts_signed


@pytest.mark.parametrize("url", ["javascript:alert(1)", "ftp://example.org/x", "file:///etc/passwd"])
def test_the_address_of_a_source_is_on_the_web(url: str) -> None:
    source = factories.source(factories.agreement())
    source.url = url

    with pytest.raises(ValidationError) as caught:
        source.full_clean()
    assert set(caught.value.message_dict) == {"url"}


# --- Publishing, withdrawing, deleting ----------------------------------------------------------------


def test_publish_says_when_and_by_whom_in_one_entry() -> None:
    user, agreement = factories.manager(), factories.agreement()

    before = timezone.now()
    agreement.publish(by=user, reason="checked")

    stored = Agreement.objects.get()
    assert (stored.publication, stored.published_by, stored.version) == ("published", user, 2)
    assert before <= stored.published_at <= timezone.now()
    newest, _first = stored.history.all()
    assert (newest.history_user, newest.history_change_reason, newest.published_at) == (
        user,
        "checked",
        stored.published_at,
    )


def test_publish_refuses_what_is_published() -> None:
    agreement = factories.agreement(published=True)

    with pytest.raises(ValidationError) as caught:
        agreement.publish(by=None)
    assert (caught.value.messages, caught.value.code) == (["This agreement is published already."], "published")


def test_publish_needs_names_in_both_languages() -> None:
    agreement = factories.agreement(partner=factories.city(name_fa=""))

    with pytest.raises(ValidationError) as caught:
        agreement.publish(by=None)
    assert caught.value.messages == ["A published agreement needs a name in both languages."]
    assert Agreement.objects.get().publication == "draft"


def test_publish_needs_grounds_for_force() -> None:
    agreement = factories.agreement(status="in_force")

    with pytest.raises(ValidationError) as caught:
        agreement.publish(by=None)
    assert caught.value.message_dict == GROUNDS


def test_withdraw_says_when_by_whom_and_why() -> None:
    user, agreement = factories.manager(), factories.agreement(published=True)

    agreement.withdraw(by=user, reason="  named the wrong city ")

    stored = Agreement.objects.get()
    assert (stored.publication, stored.withdrawn_by, stored.withdrawal_reason) == (
        "withdrawn",
        user,
        "named the wrong city",
    )
    assert (stored.number, stored.published_at, stored.history.count()) == (1, agreement.published_at, 2)


def test_withdraw_takes_a_reason_of_any_length() -> None:
    agreement = factories.agreement(published=True)

    agreement.withdraw(by=None, reason="because " * 200)

    assert agreement.history.first().history_change_reason.strip() == Agreement.objects.get().withdrawal_reason


@pytest.mark.parametrize("reason", ["", "  \n"])
def test_withdraw_needs_a_reason(reason: str) -> None:
    agreement = factories.agreement(published=True)

    with pytest.raises(ValidationError) as caught:
        agreement.withdraw(by=None, reason=reason)
    assert (caught.value.messages, caught.value.code) == (["Say why the agreement is withdrawn."], "reason")


@pytest.mark.parametrize("given", [{}, {"withdrawn": True}], ids=["draft", "withdrawn"])
def test_withdraw_takes_only_what_is_published(given: dict[str, bool]) -> None:
    agreement = factories.agreement(**given)

    with pytest.raises(ValidationError) as caught:
        agreement.withdraw(by=None, reason="wrong city")
    assert caught.value.messages == ["Only a published agreement can be withdrawn."]


def test_publish_brings_a_withdrawn_agreement_back_with_its_first_publication() -> None:
    first, second = factories.editor(), factories.manager()
    agreement = factories.agreement()
    agreement.publish(by=first)
    published_at = agreement.published_at
    agreement.withdraw(by=first, reason="wrong city")

    agreement.publish(by=second, reason="right after all")

    stored = Agreement.objects.get()
    assert (stored.publication, stored.published_at, stored.published_by) == ("published", published_at, first)
    assert (stored.withdrawn_at, stored.withdrawn_by, stored.withdrawal_reason) == (None, None, "")
    assert stored.history.first().history_user == second


@pytest.mark.parametrize("given", [{"published": True}, {"withdrawn": True}], ids=["published", "withdrawn"])
def test_what_was_ever_published_is_not_deleted(given: dict[str, bool]) -> None:
    agreement = factories.agreement(**given)
    factories.agreement()

    for delete in (agreement.delete, Agreement.objects.all().delete):
        with pytest.raises(ValidationError) as caught:
            delete()
        assert caught.value.messages == ["A published agreement is withdrawn, not deleted."]
    assert Agreement.objects.count() == 2


def test_a_draft_is_deleted_with_its_sources_and_its_history_stays() -> None:
    agreement = factories.agreement()
    factories.source(agreement)
    agreement.delete()

    assert (Agreement.objects.count(), Source.objects.count()) == (0, 0)
    assert [entry.history_type for entry in Agreement.history.all()] == ["-", "+"]
    assert [entry.history_type for entry in Source.history.all()] == ["-", "+"]


def test_a_predecessor_cannot_be_deleted() -> None:
    first = factories.agreement(kind="friendship")
    factories.agreement(predecessor=first)

    with pytest.raises(ProtectedError):
        first.delete()


def test_what_agreements_rest_on_cannot_be_deleted() -> None:
    agreement = factories.agreement()
    resolution, domain, provision = factories.resolution(), factories.domain(), factories.provision()
    agreement.resolutions.add(resolution)
    agreement.domains.add(domain)
    agreement.provisions.add(provision)

    for record in (resolution, domain, provision):
        with pytest.raises(ValidationError):
            record.delete()
        with pytest.raises(ValidationError):
            type(record).objects.all().delete()
        assert type(record).objects.count() == 1


def test_accounts_can_go_and_what_they_published_stays() -> None:
    user, agreement = factories.manager(), factories.agreement()
    agreement.publish(by=user)
    user.delete()

    assert (Agreement.objects.get().published_by, Agreement.objects.get().publication) == (None, "published")


# --- What follows from the record ---------------------------------------------------------------------


def test_state_is_expired_only_when_it_has_certainly_run_out() -> None:
    agreement = Agreement(status="in_force", expires=date("SH 1403"))

    assert agreement.state_at(datetime.date(2025, 3, 20)) == "in_force"
    assert agreement.state_at(datetime.date(2025, 3, 21)) == "expired"
    assert agreement.state == agreement.state_at(timezone.localdate()) == "expired"


def test_state_in_words() -> None:
    agreement = Agreement(status="in_force", expires=date("SH 1403"))

    assert str(agreement.get_state_display()) == "expired"
    assert str(Agreement(status="approved").get_state_display()) == "approved, not signed"


def test_texts_of_the_parts() -> None:
    provision = factories.provision()
    source = Source(url="https://example.org", title_fa="خبر")

    assert str(provision) == "Article 146, Strategic plan"
    assert str(Provision(plan_fa="طرح جامع", plan_en="Master Plan")) == "Master Plan"
    assert str(source) == "خبر"
    assert str(Source(url="https://example.org")) == "https://example.org"
    assert str(factories.resolution(number="۱۲", title_en="Tie")) == "No. 12: Tie"
    assert str(Resolution(title_fa="پیوند")) == "پیوند"
    with override("fa"):
        assert str(provision) == "ماده ۱۴۶، برنامه راهبردی"
        assert str(Resolution(number="12", title_fa="پیوند")) == "شماره ۱۲: پیوند"


def test_predecessor_by_the_database_itself() -> None:
    agreement = factories.agreement()

    with pytest.raises(IntegrityError, match="agreement_not_its_own_predecessor"), transaction.atomic():
        Agreement.objects.update(predecessor=F("pk"))
    assert Agreement.objects.get(pk=agreement.pk).predecessor is None


def test_usual_name_follows_the_kind_when_that_is_corrected(db):
    agreement = factories.agreement(partner=factories.istanbul(), kind="sister")

    agreement.kind = "friendship"
    agreement.save()

    assert agreement.name_en == "Friendship and cooperation agreement of Tabriz and Istanbul"
    assert agreement.name_fa == "تفاهم‌نامه دوستی و همکاری تبریز و استانبول"


def test_own_name_stays_when_the_kind_is_corrected(db):
    agreement = factories.agreement(partner=factories.istanbul(), kind="sister", name_en="The Istanbul Charter")

    agreement.kind = "friendship"
    agreement.save()

    assert agreement.name_en == "The Istanbul Charter"
