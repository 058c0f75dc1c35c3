"""Whatever stands in an address, a header, a form or a record: an answer, never a failure, and nothing invalid is
stored."""

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, urlencode
from xml.etree import ElementTree

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from cities.models import City
from partnerships.models import Affinity, Agreement, Document, Domain, Provision, Resolution, Source
from partnerships.statistics import CHARTS
from sistercities.text import clean_text
from tests import factories
from tests.desk import fields
from tests.pages import DATA, Page

pytestmark = pytest.mark.django_db

settings.register_profile(
    "bounded",
    max_examples=24,
    derandomize=True,
    deadline=None,
    database=None,
    phases=[Phase.generate, Phase.shrink],
)
bounded = settings.get_profile("bounded")

NASTY = [
    "",
    " ",
    "\0",
    "1\0",
    "\u200c",
    "\u202e\u2066",
    "\ufeff",
    "\ud7ff\uffff",
    "﷽" * 300,
    "باكو",
    "۱۳۸۷",
    "٢٠١٦",
    "1387",
    "0",
    "-1",
    "00000",
    "99999",
    "9" * 4000,
    "1e9",
    "1.5",
    "½",
    "²",
    "Ⅷ",
    "NaN",
    "null",
    "None",
    "true",
    "[]",
    "{}",
    "'",
    '"><script>alert(1)</script>',
    "' OR 1=1 --",
    "%",
    "_",
    "\\",
    "%00",
    "%s%n",
    "{{ 7|add:7 }}",
    "{% now %}",
    "../../etc/passwd",
    "//example.org",
    "https://example.org/",
    "javascript:alert(1)",
    "=1+1",
    "a" * 10_000,
    "\r\nSet-Cookie: a=b",
]
RIGHT = ["TR", "tr", "sister", "in_force", "number", "-signed", "cultural", "map", "timeline", "25", "-400"]
PARAMETERS = (
    "q country kind status domain verification record signed_from signed_to sort view per_page page zoom east north"
).split()
APART = [
    (["list"], ["q"]),
    (["list"], ["country", "kind", "status", "domain", "verification", "record"]),
    (["list"], ["signed_from", "signed_to"]),
    (["list"], ["per_page", "view"]),
    (["map", "timeline"], ["sort", "page"]),
    (["map"], ["zoom", "east", "north"]),
]
"""Views, and parameters that are read one by one in them: what is wrong with one hides nothing of the others."""

texts = st.one_of(st.sampled_from([*NASTY, *RIGHT]), st.text(max_size=40))
names = st.one_of(
    st.sampled_from([*PARAMETERS, "signed", "publication", "columns", "next", "discard", "place", "by_hand"]), texts
)
queries = st.lists(st.tuples(names, texts), max_size=6).map(urlencode)
bytewise = st.binary(max_size=30).map(quote)
languages = st.sampled_from(["fa", "en"])


def sound(response, address: str) -> None:
    """Assert that the answer is a page on which nothing of what was sent has become markup."""
    page = Page(address, response.content.decode())
    assert page.faults == []
    assert len(page.named("h1")) == 1
    run = [one["src"] for one in page.named("script") if one["type"] != DATA]
    assert [address for address in run if not address.startswith("/static/")] == []


def test_every_parameter_is_sent_with_every_text():
    assert sorted(name for _views, names in APART for name in names) == sorted(PARAMETERS)


@pytest.mark.markup
@pytest.mark.parametrize(("view", "names"), [(view, names) for views, names in APART for view in views])
def test_browsing_answers_each_parameter_with_anything(accounts, view, names):
    for turn in range(len(NASTY)):
        # Each parameter gets every text once, and never the one beside it.
        sent = {name: NASTY[(turn + 5 * place) % len(NASTY)] for place, name in enumerate(names)}
        response = accounts["visitor"].get("/fa/partnerships/", {"view": view} | sent, follow=True)
        assert response.status_code == 200, sent
        sound(response, "/fa/partnerships/")


@bounded
@given(languages, texts)
def test_search_box_is_answered_whatever_is_typed(accounts, language, text):
    response = accounts["visitor"].get(f"/{language}/partnerships/suggest/", {"q": text})
    assert response.status_code == 200
    assert Page("", response.content.decode()).faults == []


@bounded
@given(languages, st.one_of(queries, bytewise))
def test_browsing_answers_every_query(accounts, language, query):
    response = accounts["visitor"].get(f"/{language}/partnerships/?{query}", follow=True)
    assert response.status_code == 200
    sound(response, response.request["PATH_INFO"])
    assert {one.number for one in response.context["filter"].shown} <= set(range(1, 13))


@pytest.mark.markup
@bounded
@given(languages, st.one_of(queries, bytewise))
def test_statistics_answer_every_query(accounts, language, query):
    response = accounts["visitor"].get(f"/{language}/statistics/?{query}", follow=True)
    assert response.status_code == 200
    sound(response, response.request["PATH_INFO"])
    assert response.context["statistics"].total <= 12


@bounded
@given(st.sampled_from(list(CHARTS)), st.one_of(queries, bytewise))
def test_figures_are_given_or_refused_for_every_query(accounts, chart, query):
    response = accounts["visitor"].get(f"/data/statistics/{chart}.csv?{query}")
    assert response.status_code in {200, 400}
    assert response["Content-Type"].startswith("text/csv" if response.status_code == 200 else "text/plain")


@bounded
@given(
    languages,
    st.sampled_from(
        ["/", "/about/", "/open-data/", "/partnerships/8/", "/cities/baku/", "/countries/TR/", "/resolutions/"]
    ),
    st.one_of(queries, bytewise),
)
def test_public_pages_answer_every_query(accounts, language, address, query):
    response = accounts["visitor"].get(f"/{language}{address}?{query}")
    assert response.status_code == 200
    sound(response, address)


@bounded
@given(
    st.sampled_from(
        [
            *("/data/partnerships.csv", "/data/partnerships.json", "/data/partnerships.geojson"),
            *("/feeds/partnerships.atom", "/calendar/anniversaries.ics"),
        ]
    ),
    st.one_of(queries, bytewise),
)
def test_open_data_answers_every_query_or_refuses_it(accounts, address, query):
    response = accounts["visitor"].get(f"{address}?{query}")
    assert response.status_code in (200, 400)
    text = (response.getvalue() if response.streaming else response.content).decode()
    assert text
    assert response["Content-Type"] != "text/html"


@bounded
@given(
    languages,
    st.sampled_from(
        "partnerships cities resolutions domains provisions memberships milestones milestone-kinds activities "
        "commitments contacts documents notes partnerships/together activities/together".split()
    ),
    st.one_of(queries, bytewise),
)
def test_lists_of_the_staff_answer_every_query(accounts, language, model, query):
    response = accounts["manager"].get(f"/{language}/staff/{model}/?{query}", follow=True)
    assert response.status_code == 200
    sound(response, response.request["PATH_INFO"])


@bounded
@given(
    st.sampled_from(["visitor", "manager"]),
    st.sampled_from(
        [
            "/{}",
            "/{}/partnerships/",
            "/fa/{}/",
            "/en/partnerships/{}/",
            "/fa/cities/{}/",
            "/en/countries/{}/",
            "/fa/resolutions/{}/",
            "/fa/staff/{}",
            "/fa/staff/partnerships/{}/edit/",
            "/en/staff/partnerships/{}/history/",
            "/fa/staff/cities/{}/edit/",
            "/fa/staff/resolutions/{}/delete/",
        ]
    ),
    texts,
)
def test_every_address_is_answered(accounts, reader, address, text):
    response = accounts[reader].get(address.format(quote(text, safe="")))
    assert response.status_code in {200, 301, 302, 404}


def header(text: str) -> str:
    """The text as a server hands it on: on one line, read as Latin-1, without NUL, which servers refuse."""
    return text.encode()[:4_000].decode("latin-1").translate({0: "", 10: " ", 13: " "})


def headers(*names: str) -> st.SearchStrategy:
    """Some of these headers with whatever in them."""
    odd = st.one_of(texts, st.sampled_from(["sessionid=1", "django_language=../x", "fa-IR,*;q=2", "1\x0b", "a;b=c;=d"]))
    return st.dictionaries(st.sampled_from([f"HTTP_{name}" for name in names]), odd.map(header))


@bounded
@given(
    headers(
        "ACCEPT_LANGUAGE",
        "COOKIE",
        "REFERER",
        "HX_REQUEST",
        "HX_TARGET",
        "HX_CURRENT_URL",
        "IF_MODIFIED_SINCE",
        "IF_NONE_MATCH",
        "X_FORWARDED_PROTO",
        "X_FORWARDED_FOR",
    )
)
def test_every_header_is_answered(accounts, sent):
    assert accounts["visitor"].get("/fa/partnerships/", **sent).status_code == 200
    assert accounts["visitor"].get("/", **sent).status_code == 302


FORMS = [
    "/fa/staff/partnerships/add/",
    "/en/staff/partnerships/8/edit/",
    "/en/staff/cities/add/?by_hand=1",
    "/fa/staff/cities/baku/edit/",
    "/en/staff/cities/baku/shared/add/",
    "/fa/staff/resolutions/{resolution}/edit/",
    "/fa/staff/activities/add/?agreement=8",
    "/en/staff/partnerships/8/commitments/add/",
    "/en/staff/cities/baku/contacts/add/",
    "/en/staff/domains/add/",
    "/fa/staff/provisions/add/",
    "/fa/staff/memberships/add/",
    "/fa/staff/partnerships/8/documents/add/",
    "/en/staff/documents/{document}/edit/",
]


@pytest.fixture(scope="module", params=FORMS)
def address(request, tabriz) -> str:
    """The address of each form."""
    document = factories.document(agreement=Agreement.objects.get(number=8))
    return request.param.format(resolution=Resolution.objects.earliest("pk").pk, document=document.pk)


def stored() -> dict[tuple[type, int], Any]:
    """Every record by model and key."""
    models = (City, Agreement, Source, Resolution, Affinity, Domain, Provision, Document)
    return {(model, record.pk): record for model in models for record in model.objects.all()}


def send(client, address: str, form: dict[str, Any], wrong: dict[str, Any]) -> bool:
    """Send the form with what is wrong in it, and assert that it stores all or nothing, and nothing invalid.

    Whether it was stored, so that the form has to be opened anew.
    """
    before = stored()
    response = client.post(address, form | wrong)
    after = stored()
    written = [record for key, record in after.items() if key not in before or record.version != before[key].version]
    if response.status_code == 302:
        for record in written:
            record.full_clean()
        return True
    assert response.status_code in {200, 409}
    sound(response, address)
    assert (written, len(after)) == ([], len(before))
    return False


def long_or_strange(text: str):
    """A text that a form refuses, or not, before any database sees it."""
    return pytest.param(text, marks=pytest.mark.markup)


@pytest.mark.parametrize(
    "text",
    [*map(long_or_strange, ["a" * 10_000, "۹" * 400, "-1e999", "<b>"]), "\0", "\u200b\u202e", "2147483648"],
)
def test_every_form_is_answered_with_one_text_everywhere(accounts, address, text):
    client = accounts["manager"]
    form = fields(client.get(address))
    names = [name for name in form if not name.startswith("csrf")]
    if send(client, address, form, dict.fromkeys(names, text)):
        form = fields(client.get(address))
    # The form's own parts as they were, so that the fields themselves are read.
    send(client, address, form, {name: text for name in names if not name.endswith(("_FORMS", "-id", "version"))})


FIELDS: dict[str, list[str]] = {}
"""The fields of each form as it was opened first: what one example saves must not change what the next may draw."""


@pytest.mark.markup
@settings(bounded, max_examples=8)
@given(st.data())
def test_every_form_is_answered_with_anything(accounts, address, data):
    client = accounts["manager"]
    form = fields(client.get(address))
    names = FIELDS.setdefault(address, sorted(form))
    wrong = st.dictionaries(st.sampled_from(names), st.lists(texts, max_size=2), min_size=1, max_size=8)
    send(client, address, form, data.draw(wrong))


@pytest.mark.parametrize("address", ["/fa/accounts/login/", long_or_strange("/admin/login/")])
@pytest.mark.parametrize("name", ["username", "password", "next", "held", "HTTP_USER_AGENT", "HTTP_REFERER"])
def test_sign_in_answers_each_field_with_anything(accounts, address, name):
    for text in NASTY:
        sent = {"username": "nobody", "password": "nothing"} | ({} if name.startswith("HTTP_") else {name: text})
        said = {name: header(text)} if name.startswith("HTTP_") else {}
        response = accounts["visitor"].post(address, sent, **said)
        assert response.status_code in {200, 429}, text[:20]


@bounded
@given(
    st.dictionaries(st.sampled_from(["username", "password", "next", "held", "csrfmiddlewaretoken"]), texts),
    headers("USER_AGENT", "ACCEPT", "X_FORWARDED_FOR", "REFERER"),
)
def test_sign_in_is_answered_and_leads_nowhere_else(accounts, sent, said):
    response = accounts["visitor"].post("/fa/accounts/login/", sent, **said)
    assert response.status_code in {200, 429}
    sound(response, "/fa/accounts/login/")


# --- What somebody has recorded ---------------------------------------------------------------------------


RECORDED = [
    "<script>alert(1)</script>",
    "</script><script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>' onmouseover='alert(1)",
    "=cmd|' /C calc'!A0",
    "@SUM(1)\t+1\n-1",
    "a\r\nX-EVIL:1\nEND:VCALENDAR\rBEGIN:VEVENT",
    "\u202eevil\u2067\ufffe\uffff\ufdd0\x1b\u2028",
    "W" * 119,
    "﷽" * 100,
    "{{ 7|add:7 }} %(x)s {0} ]]> --> &lt;b&gt;",
    "\\n\\,;:🏙️👩‍👩‍👧‍👦٠١٢",
]


@pytest.fixture(scope="module")
def recorded(accounts, django_db_blocker) -> Iterator[list[str]]:
    """Published records with each of RECORDED in every name and text; the addresses of their pages and pictures."""
    pages = []
    with django_db_blocker.unblock():
        for number, typed in enumerate(RECORDED):
            text = clean_text(typed)  # as every form and every file of the register does
            short = text[:80]
            city = factories.city(
                **dict.fromkeys(("name_fa", "name_en", "name_local", "other_names", "region_fa", "region_en"), text),
                longitude=10.0 * number,
            )
            made = factories.agreement(
                published=True,
                partner=city,
                signed=f"AD 2010-05-{number + 1:02}",
                **dict.fromkeys(("title_fa", "title_en", "summary_fa", "summary_en", "place_signed_en"), text),
                **dict.fromkeys(("signatories_home_fa", "signatories_partner_en", "renewal_rule_fa"), text),
            )
            by = dict.fromkeys(("publisher_fa", "publisher_en"), text)
            said = dict.fromkeys(("title_fa", "title_en", "says_fa", "says_en", "reference"), text)
            factories.source(made, **by, **said, url='https://example.org/?"><script>')
            resolution = factories.resolution(title_fa=text, title_en=text, body_en=text, number=text[:60])
            made.resolutions.add(resolution)
            made.provisions.add(factories.provision(f"odd-{number}", plan_en=text, article_en=short))
            made.domains.add(factories.domain(f"odd-{number}", name_fa=short, name_en=short))
            factories.affinity(city, attribution_fa=text, attribution_en=text)
            factories.membership(f"odd-{number}", name_fa=text, name_en=text, is_public=True, **by)
            pages += [made.get_absolute_url(), city.get_absolute_url(), resolution.get_absolute_url()]
            pages += [f"/fa/domains/odd-{number}/", f"/pictures/partnerships/{made.number}.en.png"]
        yield pages


def read(client, address: str) -> bytes:
    """What stands at the address."""
    response = client.get(address)
    assert response.status_code == 200, address
    return response.getvalue()


def test_recorded_names_become_no_markup(accounts, recorded):
    client = accounts["visitor"]
    lists = "", "domains/", "provisions/", "memberships/", "statistics/", "partnerships/", "countries/TR/", "about/"
    queries = "partnerships/?view=map", "partnerships/?view=timeline", "partnerships/suggest/?q=alert"
    pages = [page for page in recorded if page.startswith("/fa/")]
    for address in [f"/{code}/{page}" for code in ("fa", "en") for page in (*lists, *queries)] + pages:
        html = read(client, address).decode()
        page = Page(address, html)
        assert page.faults == []
        assert [one for one in page.elements if any(name.startswith("on") for name in one.attributes)] == []
        scripts = [one["src"] for one in page.named("script") if one["type"] != DATA]
        assert [source for source in scripts if not source.startswith("/static/")] == []
        assert [one["src"] for one in page.named("img") if not one["src"].startswith(("/static/", "/maps/"))] == []
        for data in re.findall(rf'<script type="{re.escape(DATA)}">(.*?)</script>', html, re.DOTALL):
            json.loads(data)


def test_recorded_names_leave_every_file_whole(accounts, recorded):
    client, count = accounts["visitor"], Agreement.objects.published().count()
    for extension, member in (("json", "agreements"), ("geojson", "features")):
        assert len(json.loads(read(client, f"/data/partnerships.{extension}"))[member]) == count
    rows = list(csv.reader(io.StringIO(read(client, "/data/partnerships.csv").decode("utf-8-sig"), newline="")))
    assert (len(rows), {len(row) for row in rows}) == (count + 1, {len(rows[0])})
    assert [cell for row in rows for cell in row if re.match(r"[=+@\t\r\n]|-\D", cell)] == []
    with zipfile.ZipFile(io.BytesIO(read(client, "/data/partnerships.xlsx"))) as book:
        parts = [ElementTree.fromstring(book.read(name)) for name in book.namelist() if name.endswith(".xml")]
    assert [cell for part in parts for cell in part.iter() if cell.tag.endswith("}f")] == []
    feed = ElementTree.fromstring(read(client, "/feeds/partnerships.atom"))
    assert len(feed.findall("{*}entry")) == count
    ElementTree.fromstring(read(client, "/sitemap-cities-1.xml"))


def test_recorded_names_stay_in_their_line_of_the_calendar(accounts, recorded):
    lines = read(accounts["visitor"], "/calendar/anniversaries.ics?lang=en").split(b"\r\n")
    assert [line for line in lines if len(line) > 75 or b"\r" in line or b"\n" in line] == []
    assert [line for line in lines if line.startswith(b"X-EVIL")] == []
    events = Calendar.from_ical(b"\r\n".join(lines)).walk("VEVENT")
    assert lines.count(b"BEGIN:VEVENT") == len(events) >= 10 * len(RECORDED)


def test_recorded_names_are_drawn(accounts, recorded):
    for address in recorded:
        if address.startswith("/pictures/"):
            assert read(accounts["visitor"], address).startswith(b"\x89PNG")
