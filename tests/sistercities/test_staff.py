"""What every staff page has in common: signing in without losing what was typed, lists, confirmations, histories."""

import json
from urllib.parse import quote, urlencode

import pytest
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.test import Client, RequestFactory

from partnerships.models import Agreement, Domain, Resolution
from sistercities.records import StaleRecord
from sistercities.sign_in import OWNER, client_address, local, pack, unpack
from tests import factories
from tests.desk import errors, fields, messages, page

pytestmark = pytest.mark.django_db

PASSWORD = "a long enough password"
SAME_ORIGIN = {"HTTP_SEC_FETCH_SITE": "same-origin"}


@pytest.fixture
def editor(client) -> User:
    """An editor, signed in."""
    account = factories.editor()
    client.force_login(account)
    return account


@pytest.fixture
def resolution() -> Resolution:
    """A resolution whose key is not by chance that of its entry in the history."""
    for _ in range(3):
        other = factories.resolution(title_en="Other")
        other.save()
    return factories.resolution(title_en="A tie")


@pytest.fixture
def manager(client) -> User:
    """A manager, signed in."""
    account = factories.manager()
    client.force_login(account)
    return account


def sign_in(client: Client, response, username: str = "editor", password: str = PASSWORD):
    """The answer to the sign-in form of `response`, filled in."""
    typed = fields(response, "sign-in__form") | {"username": username, "password": password}
    (form,) = [one for one in page(response).named("form") if one["class"] == "sign-in__form"]
    return client.post(form["action"], typed)


# --- Signing in ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["fa", "en"])
def test_visitor_signs_in_and_comes_to_the_page_asked_for(client, language):
    factories.editor()
    asked = f"/{language}/staff/partnerships/?q=baku"
    response = client.get(asked, follow=True)

    response = sign_in(client, response)

    assert (response.status_code, response["Location"]) == (302, asked)


def test_without_a_page_asked_for_one_comes_to_the_work(client):
    factories.editor()

    assert sign_in(client, client.get("/en/accounts/login/"))["Location"] == "/en/staff/"


@pytest.mark.parametrize(
    "elsewhere", ["https://example.org/", "//example.org/", "/\\example.org", "javascript:alert(1)"]
)
def test_signing_in_leads_to_no_other_site(client, elsewhere):
    factories.editor()
    response = client.get("/en/accounts/login/", {"next": elsewhere})

    assert sign_in(client, response)["Location"] == "/en/staff/"


def test_who_is_signed_in_is_not_asked_again(client, editor):
    response = client.get("/fa/accounts/login/", {"next": "/fa/staff/partnerships/"})

    assert (response.status_code, response["Location"]) == (302, "/fa/staff/partnerships/")


def test_signing_out_leads_to_the_public_site(client, editor):
    response = client.post("/en/accounts/logout/")

    assert response["Location"] == "/en/"
    assert client.get("/en/staff/").status_code == 302


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("/fa/staff/?q=1", "/fa/staff/?q=1"),
        ("https://testserver/fa/", ""),
        ("//example.org", ""),
        ("/\\example.org", ""),
        ("staff/", ""),
        ("", ""),
    ],
)
def test_only_paths_of_this_site_are_local(address, expected):
    assert local(RequestFactory().get("/"), address) == expected


# --- What was typed is not lost ------------------------------------------------------------------------------------


def new_resolution(client: Client) -> dict[str, list[str]]:
    """A new resolution as typed by somebody who is signed in."""
    typed = fields(client.get("/en/staff/resolutions/add/"))
    return typed | {
        "title_fa": ["مصوبه «۱۲»"],
        "title_en": ["O'Neill & <sons>"],
        "body_fa": ["شورا"],
        "body_en": ["Council"],
        "text_en": ["a\nb"],
    }


def test_expired_session_loses_nothing(client, editor):
    typed = new_resolution(client)
    client.logout()

    response = client.post("/en/staff/resolutions/add/?next=/en/staff/", typed)
    assert response.status_code == 403
    response = sign_in(client, response)
    assert response["Location"] == "/en/staff/resolutions/add/?next=/en/staff/"
    response = client.get(response["Location"])

    kept = fields(response)
    assert {name: kept[name] for name in ("title_fa", "title_en", "body_fa", "text_en", "submission")} == {
        name: typed[name] for name in ("title_fa", "title_en", "body_fa", "text_en", "submission")
    }
    assert "You were signed out. What you typed is here; it is not saved yet." in page(response).document.words
    assert errors(response) == []
    assert Resolution.objects.count() == 0


def test_held_form_is_told_in_persian(client, editor):
    typed = new_resolution(client)
    client.logout()
    sign_in(client, client.post("/fa/staff/resolutions/add/", typed))

    told = page(client.get("/fa/staff/resolutions/add/")).document.words

    assert "از سامانه خارج شده بودید. آنچه نوشته‌اید همین‌جاست و هنوز ذخیره نشده است." in told


def test_held_form_is_saved_when_it_is_sent(client, editor):
    typed = new_resolution(client)
    client.logout()
    sign_in(client, client.post("/en/staff/resolutions/add/", typed))

    response = client.post("/en/staff/resolutions/add/", fields(client.get("/en/staff/resolutions/add/")))

    assert response.status_code == 302
    assert Resolution.objects.get().title_en == "O'Neill & <sons>"
    assert fields(client.get("/en/staff/resolutions/add/"))["title_fa"] == [""]


def test_held_form_is_there_until_it_is_sent(client, editor):
    typed = new_resolution(client)
    client.logout()
    sign_in(client, client.post("/en/staff/resolutions/add/", typed))

    for _ in range(2):
        assert fields(client.get("/en/staff/resolutions/add/"))["title_fa"] == ["مصوبه «۱۲»"]


def test_held_form_can_be_discarded(client, editor):
    typed = new_resolution(client)
    client.logout()
    sign_in(client, client.post("/en/staff/resolutions/add/", typed))

    response = client.get("/en/staff/resolutions/add/?discard", follow=True)

    assert fields(response)["title_fa"] == [""]


def test_wrong_password_loses_nothing(client, editor):
    typed = new_resolution(client)
    client.logout()
    response = sign_in(client, client.post("/en/staff/resolutions/add/", typed), password="wrong")
    assert response.status_code == 200

    response = client.get(sign_in(client, response)["Location"])

    assert fields(response)["title_fa"] == ["مصوبه «۱۲»"]


def test_too_many_attempts_lose_nothing(client, editor, settings):
    settings.AXES_FAILURE_LIMIT = 2
    typed = new_resolution(client)
    client.logout()
    response = client.post("/en/staff/resolutions/add/", typed)
    sign_in(client, response, password="wrong")

    locked = sign_in(client, response, password="wrong")

    assert locked.status_code == 429
    form = fields(locked, "sign-in__form")
    assert unpack(form["held"][0])["title_fa"] == ["مصوبه «۱۲»"]
    assert form["next"] == ["/en/staff/resolutions/add/"]
    assert "password" not in form["held"][0]


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "To protect the account, signing in is closed. Try again in 30 minutes."),
        ("fa", "برای حفاظت از حساب، ورود بسته شده است. ۳۰ دقیقه دیگر دوباره بکوشید."),
    ],
)
def test_too_many_attempts_close_the_door_for_a_while(client, settings, language, sentence):
    settings.AXES_FAILURE_LIMIT = 2
    factories.editor()
    for _ in range(2):
        response = sign_in(client, client.get(f"/{language}/accounts/login/"), password="wrong")

    assert response.status_code == 429
    assert sentence in page(response).document.words
    assert sign_in(client, client.get(f"/{language}/accounts/login/")).status_code == 429


def other_account(client: Client, typed: dict[str, list[str]]):
    """The form again, after the session of who typed it ended and somebody else signed in on that page."""
    factories.manager()
    client.logout()
    return client.get(sign_in(client, client.post("/en/staff/resolutions/add/", typed), "manager")["Location"])


NOT_KEPT = "What was typed here belongs to another account and was not kept."


def test_what_one_person_typed_is_not_shown_to_another(client, editor):
    response = other_account(client, new_resolution(client))

    assert fields(response)["title_fa"] == [""]
    assert messages(response) == [NOT_KEPT]
    assert client.session["held"] == {}


@pytest.mark.parametrize("owner", [[], [""], ["1"], ["1:forged"]])
def test_what_nobody_can_be_shown_to_have_typed_is_not_kept(client, editor, owner):
    typed = new_resolution(client) | {OWNER: owner}
    client.logout()

    response = client.get(sign_in(client, client.post("/en/staff/resolutions/add/", typed))["Location"])

    assert fields(response)["title_fa"] == [""]
    assert messages(response) == [NOT_KEPT]


def test_reason_that_one_person_typed_is_not_shown_to_another(client, resolution):
    first, second = factories.manager(), factories.user("second", "Managers")
    client.force_login(first)
    address = f"/en/staff/resolutions/{resolution.pk}/delete/"
    typed = fields(client.get(address)) | {"reason": "recorded twice"}
    for account, shown in ((first, "recorded twice"), (second, "")):
        client.logout()
        response = client.get(sign_in(client, client.post(address, typed), account.username)["Location"])
        assert fields(response)["reason"] == [shown]


@pytest.mark.parametrize("address", ["/en/staff/", "/en/staff/resolutions/", "/en/staff/resolutions/add/"])
def test_staff_pages_are_kept_for_one_person_and_asked_for_again(client, editor, address):
    assert set(client.get(address)["Cache-Control"].split(", ")) == {"private", "no-cache"}


def test_sign_in_page_that_carries_what_was_typed_is_kept_for_one_person(client):
    response = client.post("/en/staff/resolutions/add/", {"title_fa": "مصوبه"})

    assert set(response["Cache-Control"].split(", ")) == {"private", "no-cache"}


def test_public_pages_may_be_kept_and_are_asked_for_again(client):
    assert client.get("/en/")["Cache-Control"] == "no-cache"


def test_signing_out_empties_the_cache_of_the_browser(client, editor):
    assert "Clear-Site-Data" not in client.get("/en/staff/")
    assert client.post("/en/accounts/logout/")["Clear-Site-Data"] == '"cache"'


@pytest.mark.parametrize("held", ["", "[]", "nonsense", '{"a": 1}', '{"a": [1]}', "[" * 100_000, '{"a": "b"}'])
def test_forged_leftovers_are_ignored(client, held):
    factories.editor()

    response = client.post(
        "/en/accounts/login/",
        {"username": "editor", "password": PASSWORD, "next": "/en/staff/resolutions/add/", "held": held},
    )

    assert response.status_code == 302
    assert fields(client.get(response["Location"]))["title_fa"] == [""]


def test_what_is_packed_is_unpacked_without_secrets():
    request = RequestFactory().post("/", {"a": ["1", "۲"], "csrfmiddlewaretoken": "x", "password": "y"})

    assert unpack(pack(request.POST)) == {"a": ["1", "۲"]}


def test_visitor_leaves_nothing_in_the_database(client):
    client.post("/en/staff/resolutions/add/", {"title_fa": "x" * 1000})

    assert Session.objects.count() == 0


def test_session_holds_a_few_forms_only(client, editor):
    for number in range(7):
        client.logout()
        response = client.post(f"/en/staff/resolutions/{number}/edit/", {"title_fa": str(number)})
        sign_in(client, response)

    assert list(client.session["held"]) == [f"/en/staff/resolutions/{number}/edit/" for number in range(7)][-1:]


# --- Tokens that are no longer good --------------------------------------------------------------------------------


@pytest.fixture
def strict() -> Client:
    """A browser whose forms need a good token, signed in as editor."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(factories.editor())
    return client


@pytest.mark.parametrize("proof", [SAME_ORIGIN, {"HTTP_ORIGIN": "http://testserver"}])
def test_form_with_an_old_token_comes_back_as_typed(strict, proof):
    typed = new_resolution(strict) | {"title_fa": "مصوبه", "csrfmiddlewaretoken": "x" * 64}

    response = strict.post("/en/staff/resolutions/add/?next=/en/staff/", typed, **proof)
    assert (response.status_code, response["Location"]) == (302, "/en/staff/resolutions/add/?next=/en/staff/")
    response = strict.get(response["Location"])

    assert fields(response)["title_fa"] == ["مصوبه"]
    assert "The page had expired. What you typed is here; it is not saved yet." in page(response).document.words
    assert Resolution.objects.count() == 0


@pytest.mark.parametrize(
    "proof",
    [
        {},
        {"HTTP_SEC_FETCH_SITE": "cross-site"},
        {"HTTP_SEC_FETCH_SITE": "none"},
        {"HTTP_ORIGIN": "https://example.org"},
    ],
)
def test_form_of_another_site_is_refused(strict, proof):
    response = strict.post("/en/staff/resolutions/add/", {"title_fa": "planted"}, **proof)

    assert response.status_code == 403
    assert "held" not in strict.session
    assert "planted" not in response.content.decode()


def test_two_tabs_with_one_form_are_held_each_by_itself(client, editor):
    typed = [new_resolution(client) | {"number": [number]} for number in ("12", "13")]
    client.logout()
    pages = [client.post("/en/staff/resolutions/add/", one) for one in typed]
    address = [sign_in(client, one)["Location"] for one in pages][0]

    shown = fields(client.get(address))
    assert shown["number"] == ["13"]
    client.post(address, shown)
    assert fields(client.get(address))["number"] == ["12"]
    client.get(f"{address}?discard")
    assert fields(client.get(address))["number"] == [""]
    assert [one.number for one in Resolution.objects.all()] == ["13"]


@pytest.mark.parametrize("page_of", ["add", "withdraw"])
def test_draft_that_a_browser_kept_is_shown_and_not_saved(client, manager, page_of):
    factories.agreement(published=True, number=5)
    address = {"add": "/en/staff/resolutions/add/", "withdraw": "/en/staff/partnerships/5/withdraw/"}[page_of]
    typed = fields(client.get(address)) | {"go": ["bring_back"], "reason": ["kept"], "title_fa": ["مصوبه"]}

    response = client.post(address, typed)

    shown = fields(response)
    name = {"add": "title_fa", "withdraw": "reason"}[page_of]
    assert (response.status_code, shown[name], errors(response)) == (200, typed[name], [])
    assert "What you typed before is here; it is not saved yet." in response.content.decode()
    assert (Resolution.objects.count(), Agreement.objects.get().publication) == (0, "published")


def test_confirmation_with_an_old_token_comes_back_with_its_reason(strict):
    agreement = factories.agreement()
    strict.force_login(factories.manager())
    address = f"/en/staff/partnerships/{agreement.number}/delete/"

    typed = fields(strict.get(address)) | {"reason": "recorded twice", "csrfmiddlewaretoken": ""}

    response = strict.post(address, typed, **SAME_ORIGIN)

    assert (response.status_code, response["Location"]) == (302, address)
    assert fields(strict.get(address))["reason"] == ["recorded twice"]
    assert Agreement.objects.count() == 1


def test_old_token_and_no_session_ask_to_sign_in(strict):
    strict.logout()

    response = strict.post("/en/staff/resolutions/add/", {"title_fa": "مصوبه"}, **SAME_ORIGIN)

    assert response.status_code == 403
    assert unpack(fields(response, "sign-in__form")["held"][0]) == {"title_fa": ["مصوبه"]}


def test_old_sign_in_page_keeps_what_it_carries(strict):
    strict.logout()
    typed = {
        "username": "editor",
        "password": PASSWORD,
        "next": "/en/staff/resolutions/add/",
        "held": '{"title_fa": ["م"]}',
    }

    response = strict.post("/en/accounts/login/", typed, **SAME_ORIGIN)

    form = fields(response, "sign-in__form")
    assert response.status_code == 403
    assert (form["username"], form["password"], form["next"], form["held"]) == (
        ["editor"],
        [""],
        ["/en/staff/resolutions/add/"],
        ['{"title_fa": ["م"]}'],
    )


def test_old_sign_in_page_after_signing_in_elsewhere_goes_on(strict):
    held = {"title_fa": ["م"], OWNER: new_resolution(strict)[OWNER]}
    typed = {"next": "/en/staff/resolutions/add/", "held": json.dumps(held)}

    response = strict.post("/en/accounts/login/", typed, **SAME_ORIGIN)

    assert fields(strict.get(response["Location"]))["title_fa"] == ["م"]


@pytest.mark.parametrize("address", ["/en/accounts/logout/", "/language/", "/admin/login/"])
def test_other_forms_with_an_old_token_are_refused(strict, address):
    assert strict.post(address, {}, **SAME_ORIGIN).status_code == 403


# --- Lists ----------------------------------------------------------------------------------------------------------


def test_list_leads_back_to_where_one_was(client, editor):
    for number in range(60):
        factories.resolution(title_en=f"Tie {number}")
    listed = "/en/staff/resolutions/?q=tie&page=2"
    (link, *_) = [one for one in page(client.get(listed)).links() if "/edit/" in one]
    assert link.endswith("/edit/?" + urlencode({"next": listed}))

    form = client.get(link)
    cancel = [one["href"] for one in page(form).named("a") if one.words == "Leave without saving"]
    saved = client.post(link, fields(form) | {"title_en": "Another tie"})

    assert cancel == [listed]
    assert saved["Location"] == listed


@pytest.mark.parametrize("elsewhere", ["https://example.org/", "//example.org/"])
def test_way_back_leads_to_no_other_site(client, editor, elsewhere, resolution):
    address = f"/en/staff/resolutions/{resolution.pk}/edit/?next={quote(elsewhere)}"

    response = client.post(address, fields(client.get(address)) | {"title_en": "Another", "next": elsewhere})

    assert response["Location"] == "/en/staff/resolutions/"


def test_list_tells_wrong_parameters_and_shows_the_rest(client, editor):
    factories.resolution()

    response = client.get("/en/staff/resolutions/?page=99999&colour=blue")

    assert response.status_code == 200
    assert "There is no page 99999" in page(response).document.words
    assert "“\u2068colour\u2069” is not a filter of this page." in page(response).document.words


@pytest.mark.parametrize("count", [1, 300])
@pytest.mark.parametrize(
    ("address", "queries"), [("/en/staff/resolutions/", 9), ("/en/staff/domains/", 9), ("/en/staff/cities/", 10)]
)
def test_list_costs_the_same_for_one_record_and_for_hundreds(
    client, editor, django_assert_max_num_queries, count, address, queries
):
    factories.home_city()
    for number in range(count):
        factories.resolution()
        factories.domain(f"domain-{number}")
        factories.city()

    with django_assert_max_num_queries(queries):
        assert client.get(address).status_code == 200


# --- Forms ----------------------------------------------------------------------------------------------------------


def test_new_record_is_said_to_be_recorded(client, editor):
    response = client.post("/en/staff/resolutions/add/", new_resolution(client), follow=True)

    assert messages(response) == ["“O'Neill & <sons>” is recorded."]


def test_second_click_says_the_same_as_the_first(client, editor):
    typed = new_resolution(client)
    said = [messages(client.post("/en/staff/resolutions/add/", typed, follow=True)) for _ in range(2)]

    assert said == [["“O'Neill & <sons>” is recorded."]] * 2
    assert Resolution.objects.count() == 1


def test_unchanged_form_is_not_saved(client, editor, resolution):
    address = f"/en/staff/resolutions/{resolution.pk}/edit/"

    response = client.post(address, fields(client.get(address)), follow=True)

    assert messages(response) == ["Nothing was changed, so nothing was saved."]
    assert resolution.history.count() == 1


def test_error_keeps_what_was_typed_and_leads_to_its_field(client, editor):
    wrong = {"title_fa": [""], "decided_year": ["1404"], "decided_month": ["13"], "decided_calendar": ["solar_hijri"]}

    response = client.post("/en/staff/resolutions/add/", new_resolution(client) | wrong)

    assert page(response).one("title").words.startswith("Error: New council resolution")
    assert [one["href"] for one in page(response).named("a") if one["href"].startswith("#id_")] == [
        "#id_title_fa",
        "#id_decided_month",
    ]
    assert fields(response)["decided_month"] == ["13"]


def test_record_that_was_deleted_meanwhile_can_be_recorded_anew(client, editor, resolution):
    address = f"/en/staff/resolutions/{resolution.pk}/edit/"
    typed = fields(client.get(address)) | {"title_en": ["Typed for an hour"]}
    resolution._history_user = factories.manager()
    resolution.delete()

    response = client.post(address, typed)

    assert response.status_code == 409
    assert "was deleted while you were editing it. Nothing is saved. manager ·" in page(response).document.words
    (form,) = [one for one in page(response).named("form") if one["class"] == "form"]
    assert form["action"] == "/en/staff/resolutions/add/"
    client.post(form["action"], fields(response) | {"distinct": "on"})
    assert Resolution.objects.order_by("-pk").first().title_en == "Typed for an hour"


def test_record_that_never_was_is_not_found(client, editor):
    for method in (client.get, client.post):
        assert method("/en/staff/resolutions/999/edit/").status_code == 404
        assert method("/en/staff/resolutions/99999999999999999999999/edit/").status_code == 404


# --- Confirmations ------------------------------------------------------------------------------------------------


def test_deleting_is_asked_once_more_and_leaves_its_history(client, manager, resolution):
    address = f"/en/staff/resolutions/{resolution.pk}/delete/"
    response = client.get(address)
    assert Resolution.objects.filter(pk=resolution.pk).exists()

    response = client.post(address, fields(response) | {"reason": "recorded twice"}, follow=True)

    assert messages(response) == ["“A tie” is deleted. Undo"]
    last = Resolution.history.first()
    assert (last.history_type, last.history_user, last.history_change_reason) == ("-", manager, "recorded twice")


def test_second_click_on_delete_is_told_that_it_is_done(client, manager, resolution):
    address = f"/en/staff/resolutions/{resolution.pk}/delete/"
    typed = fields(client.get(address))
    client.post(address, typed)

    assert messages(client.post(address, typed, follow=True)) == ["“A tie” is deleted. Undo", "It is deleted."]


def test_deleting_what_never_was_is_not_found(client, manager):
    assert client.post("/en/staff/resolutions/999/delete/").status_code == 404


def test_record_that_was_changed_meanwhile_is_not_deleted_unseen(client, manager, resolution):
    address = f"/en/staff/resolutions/{resolution.pk}/delete/"
    typed = fields(client.get(address)) | {"reason": ["recorded twice"]}
    resolution.title_en = "Another tie"
    resolution.save()

    response = client.post(address, typed)

    assert messages(response) == ["Somebody has changed this since you opened the page. Look at it once more."]
    assert fields(response)["reason"] == ["recorded twice"]
    assert Resolution.objects.filter(pk=resolution.pk).exists()
    client.post(address, fields(response))
    assert not Resolution.objects.filter(pk=resolution.pk).exists()


def test_record_that_others_rest_on_is_not_deleted(client, manager):
    domain = factories.domain("cultural")
    factories.agreement().domains.add(domain)

    response = client.get(f"/en/staff/domains/{domain.pk}/delete/")

    assert "Agreements lie in this domain:" in page(response).document.words
    client.post(f"/en/staff/domains/{domain.pk}/delete/", {"version": domain.version})
    assert Domain.objects.count() == 1


def test_record_written_since_it_was_read_is_not_deleted():
    agreement = factories.agreement()
    Agreement.objects.get(pk=agreement.pk).publish(by=None)

    with pytest.raises(StaleRecord):
        agreement.delete()
    assert Agreement.objects.count() == 1


# --- Histories ------------------------------------------------------------------------------------------------------


def test_history_page_tells_what_changed(client, manager, resolution):
    address = f"/en/staff/resolutions/{resolution.pk}/"
    client.post(
        address + "edit/", fields(client.get(address + "edit/")) | {"title_en": "Another tie", "reason": "a slip"}
    )

    steps = [one.words for one in page(client.get(address + "history/")).named("li") if one["class"] == "step"]

    assert len(steps) == 2
    assert steps[0].startswith("Changed manager · ")
    assert "Reason: a slip Title, in English was A tie is Another tie" in steps[0]
    assert steps[1].startswith("Recorded the system · ")


def test_history_page_of_a_deleted_record_stays(client, manager, resolution):
    address = f"/en/staff/resolutions/{resolution.pk}/history/"
    resolution.delete()

    response = client.get(address)

    assert "This record is deleted. Its history stays." in page(response).document.words
    assert [one.words.split()[0] for one in page(response).named("li") if one["class"] == "step"] == [
        "Deleted",
        "Recorded",
    ]


def test_history_of_what_never_was_is_not_found(client, manager):
    assert client.get("/en/staff/resolutions/999/history/").status_code == 404


@pytest.mark.parametrize("steps", [1, 60])
def test_history_page_costs_the_same_however_long_it_is(client, manager, django_assert_num_queries, steps, resolution):
    for number in range(steps):
        resolution.title_en = f"Tie {number}"
        resolution.save()

    with django_assert_num_queries(15):
        client.get(f"/en/staff/resolutions/{resolution.pk}/history/")


# --- The first page ---------------------------------------------------------------------------------------------------


def test_packed_text_is_readable():
    assert json.loads(pack(RequestFactory().post("/", {"a": "پیمان"}).POST)) == {"a": ["پیمان"]}


@pytest.mark.parametrize(
    ("behind_proxy", "address"),
    [pytest.param(True, "203.0.113.7", id="behind-a-proxy"), pytest.param(False, "192.0.2.1", id="without-one")],
)
def test_client_address_is_the_one_that_cannot_be_claimed(rf, settings, behind_proxy, address):
    settings.BEHIND_PROXY = behind_proxy
    request = rf.get("/", headers={"X-Forwarded-For": "198.51.100.9, 203.0.113.7"}, REMOTE_ADDR="192.0.2.1")

    assert client_address(request) == address


@pytest.mark.parametrize("forwarded", ["", "unknown", "203.0.113.7, -", "203.0.113.7:443", "1" * 5000, "\u0663.1.1.1"])
def test_garbage_is_no_client_address(rf, settings, forwarded):
    settings.BEHIND_PROXY = True
    request = rf.get("/", HTTP_X_FORWARDED_FOR=forwarded, REMOTE_ADDR="192.0.2.1")

    assert client_address(request) == "192.0.2.1"
