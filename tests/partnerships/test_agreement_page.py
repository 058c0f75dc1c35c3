"""One agreement's page: what it says, what it says is not known, how it is proven, and what it never tells."""

import datetime

import pytest
from django.test import RequestFactory
from django.utils.translation import override

from partnerships.models import Agreement
from partnerships.views import AgreementDetail
from sistercities.dates import UncertainDate
from tests import factories
from tests.pages import Page

pytestmark = [pytest.mark.django_db, pytest.mark.markup]


def see(client, agreement, language="en", status=200):
    """The agreement's page."""
    address = f"/{language}/partnerships/{agreement.number}/"
    response = client.get(address)
    assert response.status_code == status
    return Page(address, response.content.decode())


def words(page, name):
    """The words of the elements of a class."""
    return [one.words for one in page.of_class(name)]


def facts(page):
    """The particulars: what is said of each."""
    (box,) = page.of_class("facts")
    names = [one.words for one in box.all if one.name == "dt"]
    return dict(zip(names, [one.words for one in box.all if one.name == "dd"], strict=True))


def known(page):
    """The particulars without the day of publication."""
    told = facts(page)
    del told["In this register"]
    return told


@pytest.fixture
def gaza():
    """Sources disagree on the date: a year by the record's own source, a later day by another."""
    made = factories.agreement(
        True,
        partner=factories.city(name_fa="غزه", name_en="Gaza", country="PS"),
        status="in_force",
        verification="disputed",
        signed="SH 1387",
    )
    made.resolutions.add(factories.resolution(decided="SH 1387"))
    factories.source(made, issued="SH 1399-11-25", signed_claim="SH 1387", says_fa="۱۳۸۷", says_en="Signed in 1387.")
    factories.source(
        made,
        publisher_fa="ایرنا",
        publisher_en="IRNA",
        stance="contradicts",
        signed_claim="AD 2013-04-13",
        says_fa="۱۳ آوریل",
        says_en="Signed on 13 April.",
        url="https://ar.irna.ir/news/80612947?a=b",
    )
    return made


# --- Who may see what ----------------------------------------------------------------------------------


def test_draft_is_as_unknown_as_a_number_never_given(client):
    draft = factories.agreement()
    unknown = Agreement(number=4711)

    def without_number(page, number):
        return page.html.replace(f"/{number}/", "/")

    assert without_number(see(client, draft, status=404), draft.number) == without_number(
        see(client, unknown, status=404), unknown.number
    )


@pytest.mark.parametrize("number", ["0", "9" * 30, "9" * 5000])
def test_number_that_cannot_be_is_not_found(client, number):
    assert client.get(f"/en/partnerships/{number}/").status_code == 404


@pytest.mark.parametrize(
    ("language", "heading"),
    [("en", "Agreement no. 1 was withdrawn"), ("fa", "پیمان شماره ۱ پس گرفته شده است")],
)
def test_withdrawn_agreement_says_so(client, language, heading):
    page = see(client, factories.agreement(withdrawn=True), language, 410)
    assert page.one("h1").words == heading
    assert "named the wrong city" not in page.html


def test_page_never_tells_what_is_internal(client):
    manager = factories.manager()
    manager.username = "m.mirzaei"
    manager.save()
    made = factories.agreement(
        True,
        status="in_force",
        signed="AD 2009",
        internal_note="ask the embassy",
        verified_by=manager,
        published_by=manager,
    )
    html = see(client, made).html
    assert [secret for secret in ("ask the embassy", "mirzaei", "m.mirzaei") if secret in html] == []


# --- The head ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "title", "heading", "name", "marks", "top"),
    [
        (
            "en",
            "No. 1: Tabriz and Gaza – Sister Cities of Tabriz",
            "Tabriz and Gaza",
            "Sister-city agreement of Tabriz and Gaza",
            "Sister city In force Disputed",
            "Register number 1",
        ),
        (
            "fa",
            "پیمان شماره ۱: تبریز و غزه – شهرهای خواهرخوانده تبریز",
            "تبریز و غزه",
            "پیمان خواهرخواندگی تبریز و غزه",
            "خواهرخواندگی جاری مورد اختلاف",
            "شماره ثبت ۱",
        ),
    ],
)
def test_head_names_the_agreement(client, gaza, language, title, heading, name, marks, top):
    page = see(client, gaza, language)
    assert page.one("title").words == title
    assert page.one("h1").words == heading
    assert words(page, "instrument__name") == [name]
    assert words(page, "instrument__marks") == [marks]
    assert page.of_class("instrument__top")[0].children[0].words == top


# --- Conflicts -----------------------------------------------------------------------------------------


def test_conflicting_dates_stand_side_by_side(client, gaza):
    panel = see(client, gaza).section("conflict")
    sides = [one for one in panel.all if one["class"] == "conflict__side"]
    assert [[part.words for part in side.children if not isinstance(part, str)] for side in sides] == [
        ["1387", "(March 2008 – March 2009)", "Signed in 1387.", "News agency 25 Bahman 1399 (13 February 2021)"],
        ["13 April 2013", "(24 Farvardin 1392)", "Signed on 13 April.", "IRNA ar.irna.ir/news/80612947"],
    ]


def test_dates_of_other_precision_are_no_conflict(client):
    made = factories.agreement(True, status="in_force", signed="SH 1387")
    factories.source(made, signed_claim="AD 2009-01-02", stance="supports")
    page = see(client, made)
    assert page.of_class("conflict") == []


def test_source_that_contradicts_the_record_stands_beside_it(client):
    made = factories.agreement(True, status="in_force")
    factories.source(made)
    factories.source(made, stance="contradicts", says_en="Still being discussed.", publisher_en="Report")
    panel = see(client, made).section("opposed")
    sides = [one for one in panel.all if one["class"] == "conflict__side"]
    assert [side.words for side in sides] == [
        "In force as this register holds it",
        "Still being discussed. Report",
    ]


# --- Steps ---------------------------------------------------------------------------------------------


def chronicle(page):
    """The steps: date, what and by whom."""
    return [
        [part.words for part in step.children if not isinstance(part, str) and part.name == "p"]
        for step in page.of_class("chronicle__item")
    ]


def test_steps_stand_in_time_with_what_is_known_of_them(client, gaza):
    assert chronicle(see(client, gaza)) == [
        ["1387 (March 2008 – March 2009)", "Resolution of the Islamic City Council of Tabriz"],
        ["1387 (March 2008 – March 2009)", "Signing"],
    ]


def test_steps_of_an_ended_agreement(client):
    made = factories.agreement(
        True,
        status="ended",
        status_since="AD 2022-03",
        status_reason_en="The partner gave notice.",
        status_reason_fa="شهر دیگر اعلام پایان کرد.",
        signed="AD 2009-05-06",
        place_signed_en="Tabriz",
        signatories_home_en="The mayor",
        in_force_from="AD 2009-06",
    )
    made.resolutions.add(factories.resolution(number="12", session="3", decided="AD 2008-01-02"))
    assert chronicle(see(client, made)) == [
        [
            "2 January 2008 (12 Dey 1386)",
            "Resolution of the Islamic City Council of Tabriz",
            "No. 12, session 3",
        ],
        ["6 May 2009 (16 Ordibehesht 1388)", "Signing", "Tabriz; The mayor"],
        ["June 2009 (Khordad–Tir 1388)", "Entry into force"],
        ["March 2022 (Esfand 1400 – Farvardin 1401)", "End", "The partner gave notice."],
    ]


def test_agreement_in_force_was_signed_on_an_unknown_day_and_that_is_told_once(client):
    page = see(client, factories.agreement(True, status="in_force"))
    assert page.of_class("chronicle") == []
    assert page.section("steps").words == "Steps No step is known with its date."
    assert page.document.words.count("When it was signed") == 1


def test_approved_agreement_was_not_signed(client):
    made = factories.agreement(True, status="approved")
    made.resolutions.add(factories.resolution(number="7", decided="SH 1401-03-01"))
    page = see(client, made)
    assert chronicle(page) == [
        [
            "1 Khordad 1401 (22 May 2022)",
            "Resolution of the Islamic City Council of Tabriz",
            "No. 7",
        ]
    ]
    assert facts(page)["Signed"] == "not signed yet"
    assert "Place signed" not in facts(page)
    assert page.of_class("unknowns") == []


def test_expiry_is_a_step_once_it_is_past(client):
    made = factories.agreement(True, status="in_force", signed="AD 2009", expires="AD 2014-05-06")
    assert [step[1] for step in chronicle(see(client, made))] == ["Signing", "Expiry"]
    made = factories.agreement(True, status="in_force", signed="AD 2009", expires="AD 2090-05-06")
    assert [step[1] for step in chronicle(see(client, made))] == ["Signing"]


def test_prospect_has_no_steps_and_says_so(client):
    page = see(client, factories.agreement(True))
    assert page.section("steps").words == "Steps No step is on record yet."


# --- Sources -------------------------------------------------------------------------------------------


def test_sources_say_their_stance_and_link_safely(client, gaza):
    page = see(client, gaza)
    assert [claim.words for claim in page.of_class("claim")] == [
        "Supports Signed in 1387. News agency 25 Bahman 1399 (13 February 2021) "
        "Signed, by its account: 1387 (March 2008 – March 2009)",
        "Contradicts Signed on 13 April. IRNA ar.irna.ir/news/80612947 "
        "Signed, by its account: 13 April 2013 (24 Farvardin 1392)",
    ]
    outside = {(one["href"], one["rel"]) for one in page.named("a") if "irna" in one["href"]}
    assert outside == {("https://ar.irna.ir/news/80612947?a=b", "nofollow noopener noreferrer")}


def test_source_with_another_scheme_is_no_link(client):
    made = factories.agreement(True, status="in_force")
    factories.source(made, url="javascript:alert(1)")
    assert "javascript" not in see(client, made).html


def test_record_without_sources_says_so(client):
    page = see(client, factories.agreement(True))
    assert page.section("sources").words == "Sources No source is attached to this record."


def test_text_in_the_other_language_is_marked(client):
    made = factories.agreement(True, status="in_force")
    factories.source(made, says_en="", publisher_en="")
    page = see(client, made)
    said = [one for one in page.of_class("claim__says")[0].all if one.name == "bdi"]
    assert [(one["lang"], one["dir"], one.words) for one in said] == [("fa", "rtl", "پیمان امضا شد.")]


# --- Particulars and what is not known -----------------------------------------------------------------


def test_each_unknown_is_told_once(client):
    page = see(client, factories.agreement(True, partner=factories.istanbul(), status="in_force"))
    assert known(page) == {"City": "Istanbul, Türkiye", "Kind": "Sister city", "Status": "In force"}
    assert [one.words for one in page.named("a") if one["href"] == "#unknown"] == ["9 things are not known"]
    assert [one.words for one in page.of_class("unknowns")[0].all if one.name == "li"] == [
        "When it was signed",
        "Where it was signed",
        "Who signed for Tabriz",
        "Who signed for Istanbul",
        "The exact title on the instrument",
        "The authentic languages",
        "When it came into force",
        "When it expires, or how it is renewed",
        "The council’s resolution",
    ]


def test_unknowns_are_told_in_persian(client, gaza):
    (box,) = see(client, gaza, "fa").of_class("unknowns")
    assert [one.words for one in box.all if one.name == "li"] == [
        "روز امضا",
        "محل امضا",
        "امضاکننده از سوی تبریز",
        "امضاکننده از سوی غزه",
        "عنوان دقیق سند",
        "زبان‌های معتبر سند",
        "تاریخ آغاز اعتبار",
        "تاریخ پایان یا شیوه تمدید",
        "شماره مصوبه شورا",
    ]


def test_whole_record_lacks_nothing(client):
    made = factories.agreement(
        True,
        partner=factories.istanbul(),
        status="in_force",
        signed="AD 2009-05-06",
        place_signed_en="Tabriz",
        signatories_home_en="The mayor",
        signatories_partner_en="The other mayor",
        title_en="Protocol",
        authentic_languages="fa tr",
        in_force_from="AD 2009-06-01",
        renewal_rule_en="every five years",
    )
    made.resolutions.add(factories.resolution(number="12"))
    page = see(client, made)
    assert page.of_class("unknowns") == []
    assert known(page) == {
        "City": "Istanbul, Türkiye",
        "Kind": "Sister city",
        "Status": "In force",
        "Title on the instrument": "Protocol",
        "Resolution": "No. 12, date not known",
        "Signed": "6 May 2009 (16 Ordibehesht 1388) Known to the day, a Wednesday",
        "Place signed": "Tabriz",
        "Signed for Tabriz": "The mayor",
        "Signed for Istanbul": "The other mayor",
        "In force from": "1 June 2009 (11 Khordad 1388) Known to the day, a Monday",
        "Renewal": "every five years",
        "Authentic languages": "Persian, Turkish",
    }


def test_ended_agreement_without_a_date_may_never_have_been_signed(client):
    made = factories.agreement(True, status="ended", status_reason_en="given up")
    page = see(client, made)
    assert [one.words for one in page.of_class("unknowns")[0].all if one.name == "li"] == [
        "Whether it was signed, and when",
        "The council’s resolution",
        "When it was suspended or ended",
    ]
    assert facts(page)["Status"] == "Ended given up"


def test_domains_and_provisions_are_named(client):
    made = factories.agreement(True)
    made.domains.add(factories.domain("cultural", name_en="cultural", name_fa="فرهنگی"))
    made.provisions.add(factories.provision(text_en="Strengthen its standing.", text_fa="تقویت جایگاه"))
    page = see(client, made)
    assert facts(page)["Domains"] == "Cultural"
    assert page.section("domains") is None
    assert page.section("provisions").words == "By which plan Article 146, Strategic plan Strengthen its standing."


def test_only_public_predecessors_and_successors_are_named(client):
    first = factories.agreement(True, kind="friendship")
    draft, withdrawn = factories.agreement(), factories.agreement(withdrawn=True)
    second = factories.agreement(True, predecessor=first)
    factories.agreement(predecessor=second, name_en="a draft", name_fa="پیش‌نویس")
    factories.agreement(withdrawn=True, predecessor=second, name_en="withdrawn", name_fa="پس‌گرفته")
    third = factories.agreement(True, predecessor=second)
    page = see(client, second)
    assert {name: said for name, said in facts(page).items() if name.startswith("Continue")} == {
        "Continues": f"No. {first.number}, {first.name_en}",
        "Continued by": f"No. {third.number}, {third.name_en}",
    }
    for hidden in (draft, withdrawn):
        after = factories.agreement(True, predecessor=hidden)
        assert "Continues" not in facts(see(client, after))


# --- Proof and citation --------------------------------------------------------------------------------


def test_ladder_marks_the_level_of_proof(client):
    made = factories.agreement(True, verification="press", verified_on=datetime.date(2026, 5, 6))
    page = see(client, made)
    (ladder,) = page.of_class("ladder")
    assert [(one.words, one["aria-current"]) for one in ladder.all if one.name == "li"] == [
        ("Document the signed text has been seen", ""),
        ("Official an official body says so", ""),
        ("Press the press says so", "true"),
        ("Unverified not yet checked", ""),
    ]
    assert page.section("proof").children[-4].words == "Checked on 6 May 2026 (16 Ordibehesht 1405)"
    assert [one["href"] for one in page.section("proof").all if one.name == "a"] == ["/en/about/#verification-press"]


def test_ladder_says_when_it_is_disputed(client, gaza):
    (ladder,) = see(client, gaza).of_class("ladder")
    assert [one.words for one in ladder.all if one["aria-current"]] == ["Disputed sources contradict each other"]


@pytest.mark.parametrize(
    ("language", "full", "short"),
    [
        (
            "en",
            "Municipality of Tabriz. “Sister-city agreement of Tabriz and Gaza.” Register of Sister Cities, "
            "no. 1, revision 3, as of 6 May 2026 (16 Ordibehesht 1405).",
            "Sister-city agreement of Tabriz and Gaza. Register of Sister Cities of Tabriz, no. 1",
        ),
        (
            "fa",
            "شهرداری تبریز. «پیمان خواهرخواندگی تبریز و غزه». دفتر شهرهای خواهرخوانده، شماره ۱، ویرایش ۳، "
            "به‌روز تا ۱۶ اردیبهشت ۱۴۰۵ (۶ مه ۲۰۲۶).",
            "پیمان خواهرخواندگی تبریز و غزه. دفتر شهرهای خواهرخوانده تبریز، شماره ۱",
        ),
    ],
)
def test_citation_names_revision_and_day(client, gaza, language, full, short):
    changed = datetime.datetime(2026, 5, 5, 22, tzinfo=datetime.UTC)  # the sixth in Tabriz
    Agreement.objects.filter(pk=gaza.pk).update(version=3, updated_at=changed)
    page = see(client, gaza, language)
    assert words(page, "citation__text") == [full, short]
    assert words(page, "citation__address") == [f"http://testserver/{language}/partnerships/1/"]


# --- Preview -------------------------------------------------------------------------------------------


def test_preview_shows_a_draft_with_a_banner(rf: RequestFactory):
    draft = factories.agreement(partner=factories.istanbul())
    draft.resolutions.add(factories.resolution())
    with override("en"):
        request = rf.get("/en/staff/")
        request.user = factories.editor()
        request._messages = []
        response = AgreementDetail.as_view(preview=True)(request, number=draft.number)
        page = Page("", response.render().content.decode())
    assert words(page, "message") == ["Preview: this is how the page will look. It is not public."]
    assert page.one("h1").words == "Tabriz and Istanbul"
    # Neither the city nor the resolution has a page before the agreement is public.
    assert [link for link in page.links() if "/cities/" in link or "/resolutions/" in link] == ["/en/resolutions/"] * 3


def test_public_page_has_no_banner(client, gaza):
    assert see(client, gaza).of_class("message") == []


# --- The dossier by itself -----------------------------------------------------------------------------


def test_dates_that_contradict_are_those_that_certainly_do(gaza):
    with override("en"):
        assert [(side.date.code, len(side.sources)) for side in gaza.dossier.sides] == [
            ("SH 1387", 1),
            ("AD 2013-04-13", 1),
        ]
    gaza.signed = UncertainDate.from_stored("AD 2013")
    gaza.sources.filter(stance="supports").delete()
    assert Agreement.objects.get(pk=gaza.pk).dossier.sides != []
    gaza.save()
    assert Agreement.objects.get(pk=gaza.pk).dossier.sides == []


def test_story_joins_steps_and_reports_in_time(gaza):
    with override("en"):
        assert [(step.date.code, step.what) for step in gaza.dossier.story] == [
            ("SH 1387", "Resolution of the Islamic City Council of Tabriz"),
            ("SH 1387", "Signing"),
            ("SH 1399-11-25", "Signed in 1387."),
        ]


def test_unknown_day_of_the_check_is_said(client):
    page = see(client, factories.agreement(True, verification="press"))
    assert page.section("proof").children[-4].words == "The day this was checked is not known."


# --- What leads on ----------------------------------------------------------------------------------------


def test_agreements_lead_on_by_number_past_what_is_not_published(client):
    first, last = factories.agreement(True), None
    factories.agreement()
    middle = factories.agreement(True)
    factories.agreement(withdrawn=True)
    last = factories.agreement(True)
    ways = {
        made.number: [(one["rel"], one["href"]) for one in see(client, made).of_class("turn__page")]
        for made in (first, middle, last)
    }
    assert ways == {
        1: [("next", "/en/partnerships/3/")],
        3: [("prev", "/en/partnerships/1/"), ("next", "/en/partnerships/5/")],
        5: [("prev", "/en/partnerships/3/")],
    }


def test_page_says_how_many_sources_stand_how(client):
    made = factories.agreement(True)
    factories.source(made)
    factories.source(made, reference="2")
    factories.source(made, reference="3", stance="contradicts")
    page = see(client, made)
    assert [one.words for one in page.of_class("evidence")[0].all if one.name == "li"] == [
        "Supports 2",
        "Contradicts 1",
    ]


def test_citations_are_texts_that_buttons_copy(client):
    page = see(client, factories.agreement(True))
    buttons = page.of_class("citation__copy")
    assert [(one["data-copies"], "hidden" in one.attributes) for one in buttons] == [
        ("cite-full", True),
        ("cite-short", True),
        ("cite-address", True),
    ]
    assert {one["data-copies"] for one in buttons} <= {one["id"] for one in page.elements}


def test_month_is_explained(client):
    made = factories.agreement(True, status="in_force", signed="SH 1395-03")
    assert facts(see(client, made))["Signed"] == (
        "Khordad 1395 (May–June 2016) Known to the month: any day from 1 to 31 Khordad 1395 (21 May to 20 June 2016)"
    )


@pytest.mark.parametrize(
    ("settings_given", "links"),
    [
        ({}, []),
        ({"CONTACT_EMAIL": "office@example.org"}, ["mailto:office@example.org"]),
        (
            {"CONTACT_EMAIL": "office@example.org", "CONTACT_URL": "https://example.org/contact"},
            ["mailto:office@example.org", "https://example.org/contact"],
        ),
    ],
)
def test_gaps_say_where_to_send_a_document_only_if_there_is_a_way(client, settings, settings_given, links):
    for name, value in settings_given.items():
        setattr(settings, name, value)
    page = see(client, factories.agreement(True, status="in_force"))
    assert [one["href"] for one in page.section("unknown").all if one.name == "a"] == links
    (foot,) = page.named("footer")
    assert [one["href"] for one in foot.all if one.name == "a" and one["href"] in links] == links
