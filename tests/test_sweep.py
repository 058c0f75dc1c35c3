"""Every page of Tabriz's register, in both languages: what must hold for a page whatever stands on it."""

import re
from collections import Counter
from collections.abc import Iterator
from urllib.parse import urldefrag, urlsplit

import pytest
from django.contrib.auth.models import User
from django.contrib.staticfiles import finders
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import resolve
from django.utils import timezone
from django.utils.translation import override

from cities import staff_urls as cities_desk
from cities.models import TieImport
from partnerships import staff_urls as partnerships_desk
from partnerships.models import Agreement, Domain, Import, ImportRow, SavedFilter
from sistercities.staff import restore_pages
from tests import factories
from tests.desk import errors, fields
from tests.pages import DATA, FILES, Element, Page, crawl, is_ours, is_upload

pytestmark = [pytest.mark.django_db, pytest.mark.markup]

DIRECTIONS = {"fa": "rtl", "en": "ltr"}
ALIKE = (
    r"(partnerships/(?!2/|8/|12/|13/|9[89]/(resume/|reopen/|\?|$))\d+/"
    r"|partnerships/\d+/(milestones/add/\?kind=(?!proposal$)|history/\?of=(?!signed$))"
    r"|cities/(?!tabriz/|baku/|bursa/|add/)[\w-]+/"
    r"|(domains|milestone-kinds)/(?![12]/)\d+/|sources/(?!19/|22/)\d+/"
    r"|(?!partnerships/)[\w-]+/\?sort=|components/\?page=)"
)
"""Staff pages but those that stand for all. Agreements and cities: disputed, dated by month, a draft, home; what only
a suspended or an ended agreement (98, 99) has; of the milestones that can be begun the first, of the histories of one
fact that of the date of signing; two of the domains, kinds of milestones and sources; the orders of one list."""

FORMS = [
    "/staff/partnerships/add/",
    "/staff/partnerships/8/edit/",
    "/staff/partnerships/8/sources/add/",
    "/staff/partnerships/8/documents/add/",
    "/staff/partnerships/8/milestones/add/",
    "/staff/partnerships/13/sign/",
    "/staff/partnerships/12/renew/",
    "/staff/partnerships/12/status/",
    "/staff/milestone-kinds/add/",
    "/staff/cities/add/?by_hand=1",
    "/staff/cities/baku/edit/",
    "/staff/cities/baku/shared/add/",
    "/staff/activities/add/",
    "/staff/partnerships/8/commitments/add/",
    "/staff/cities/baku/contacts/add/",
    "/staff/resolutions/add/",
    "/staff/domains/add/",
    "/staff/provisions/add/",
    "/staff/memberships/add/",
]
KEPT = ("csrfmiddlewaretoken", "version", "seen", "submission", "_FORMS", "-id", "next")
"""What a form sends beside what people fill in."""

FRAGMENTS = {
    "home_city",  # where none is chosen: see tests/partnerships/test_import_pages.py
    "import_again",
    "import_cancel",
    "import_template",
    "import_wrong",
    "candidate_take",
    "place_suggest",
    "agreement_together",
    "activity_together",
    "document_version",
    "document_picture",
    "report_file",
    "agreement_table_csv",
    "agreement_table_xlsx",
    "savedfilter_add",
    "tieimport_report",
}
"""Addresses of the staff that are no pages: a form asks them, one while somebody types, or a file stands there."""


def both(address: str) -> list[str]:
    """The address in each language."""
    return [f"/{language}{address}" for language in DIRECTIONS]


@pytest.fixture(scope="module")
def documents(accounts) -> None:
    """Documents as readers and staff find them: an internal one, a public one, and photos."""
    agreement = Agreement.objects.select_related("partner").get(number=8)
    said = {"alt_fa": "دو شهردار", "alt_en": "Two mayors", "credit_fa": "شهرداری", "credit_en": "Municipality"}
    factories.document(agreement=agreement, title_fa="متن امضاشده", title_en="Signed text")
    factories.document(agreement=agreement, is_public=True, title_fa="متن روسی", title_en="Russian text", language="ru")
    for owner in ({"agreement": agreement}, {"city": agreement.partner}):
        photo = factories.document(
            **owner, **said, title_fa="", title_en="", kind="photo", is_public=True
        ).versions.get()
        photo.media_type, photo.width, photo.height = "image/jpeg", 640, 480
        photo.thumbnail.save("thumbnail.webp", ContentFile(b"RIFF"))


@pytest.fixture(scope="module")
def deeds(accounts) -> None:
    """What has come of an agreement: an activity that is published and a draft, a promise, a contact, a note; ties."""
    agreement = Agreement.objects.select_related("partner").get(number=8)
    said = {"title_fa": "سفر شهردار", "title_en": "Visit of the mayor", "begun": "SH 1403-02-07"}
    visit = factories.activity(agreement, published=True, **said, participants=14, cost=1200, currency="IRR")
    factories.activity(agreement, title_fa="کارگاه", title_en="Workshop", follows=visit)
    factories.commitment(agreement, activity=visit, is_public=True, due="SH 1404", article="۷")
    factories.contact(agreement.partner)
    factories.note(agreement, "…")
    berlin = factories.city(
        slug="berlin", country="DE", name_fa="برلین", name_en="Berlin", latitude=52.5, longitude=13.4
    )
    for sister, since in ((agreement.partner, "AD 1989"), (factories.istanbul(), None), (factories.home_city(), None)):
        factories.tie(berlin, sister, **({"since": since} if since else {}))
    SavedFilter.objects.create(user=User.objects.get(username="manager"), list="agreement", name="…")


@pytest.fixture(scope="module")
def ties(accounts) -> None:
    """A tie of two cities without a page, its source, and the list that brought it, with a row to be decided."""
    source = factories.tie_source()
    named = {"name_fa": "شهر یکم", "name_en": "First"}, {"name_fa": "شهر دوم", "name_en": "Second"}
    factories.tie(*(factories.city(**names) for names in named), source=source, since="AD 1990")
    said = {"title_fa": source.title_fa, "title_en": source.title_en, "as_of": source.as_of}
    sent = TieImport.objects.create(**said, name="ties.csv", content=b"city1,city2", stage="checked", source=source)
    told = {"problems": [{"code": "several", "city": "Springfield", "told": {}}], "candidates": [[], []]}
    sent.rows.create(number=2, verdict="asked", cells=["Trier", "Springfield"], **told)


@pytest.fixture(scope="module")
def halted(accounts) -> None:
    """A suspended draft, which alone can be resumed, and one that ended, which alone can be reopened; a milestone."""
    factories.milestone(Agreement.objects.get(number=8), "exchange", sent="AD 2013")
    for number, status, name in ((98, "suspended", "شهر معلق"), (99, "ended", "شهر پایان‌یافته")):
        partner = factories.city(name_fa=name)
        factories.agreement(
            number=number, partner=partner, status=status, status_reason_fa="جنگ", status_reason_en="War"
        )


@pytest.fixture(scope="module")
def public(accounts, documents, deeds) -> dict[str, Page]:
    """What a visitor finds from the first pages on."""
    return crawl(accounts["visitor"], *both("/"))


@pytest.fixture(scope="module")
def tables(accounts) -> None:
    """Tables on their way: one with a wrong row, one that can be taken, and one that was."""
    wrong = [{"column": 0, "fa": "نادرست است.", "en": "It is wrong."}]
    for verdict, problems, stage, taken_at in (
        ("wrong", wrong, "checked", None),
        ("new", [], "checked", None),
        ("new", [], "taken", timezone.now()),
    ):
        made = Import.objects.create(
            name="list.csv", headings=["شهر"], fields=["city"], stage=stage, taken_at=taken_at, encoding="utf-8"
        )
        ImportRow.objects.create(of=made, number=2, cells=["بورسا"], verdict=verdict, problems=problems)


@pytest.fixture(scope="module")
def found_at_the_desk(accounts, documents, deeds, ties, tables, halted) -> dict[str, Page]:
    """What a manager finds from the first page of the staff on, without what is ALIKE; of a domain an older version."""
    domain = Domain.objects.get(key="cultural")
    with domain.one_entry(reason="نامه"):
        domain.text_fa, domain.text_en = "هنر و میراث", "Art and heritage"
        domain.save()
    return crawl(accounts["manager"], *both("/staff/"), within="/staff/", without=f"/staff/{ALIKE}")


@pytest.fixture(scope="module")
def desk(found_at_the_desk) -> dict[str, Page]:
    """The staff's own pages among them."""
    return {address: page for address, page in found_at_the_desk.items() if "/staff/" in address}


@pytest.fixture(scope="module")
def refusals(accounts) -> dict[str, Page]:
    """What is said where there is nothing, nothing any more, or nothing for this reader."""
    number = factories.agreement(withdrawn=True).number
    found = {}
    for reader, address, status in [
        ("visitor", "/nowhere/", 404),
        ("visitor", f"/partnerships/{number}/", 410),
        ("editor", "/staff/domains/add/", 403),
    ]:
        for page in both(address):
            response = accounts[reader].get(page)
            assert response.status_code == status, page
            found[page] = Page(page, response.content.decode(), status)
    return found


@pytest.fixture(scope="module")
def mistakes(accounts) -> dict[str, Page]:
    """Every form of the staff as it comes back when nothing in it is right."""
    found = {}
    for address in FORMS:
        for page in both(address):
            sent = fields(accounts["manager"].get(page))
            wrong = {name: "***" for name in sent if not name.endswith(KEPT)}
            response = accounts["manager"].post(page, sent | wrong)
            assert errors(response), page
            found[page] = Page(page, response.content.decode())
    return found


@pytest.fixture(scope="module", params=["public", "desk", "mistakes", "refusals"])
def pages(request) -> dict[str, Page]:
    """The pages of one of the sets above."""
    return request.getfixturevalue(request.param)


def language(page: Page) -> str:
    """The language that the page is in."""
    return page.address.split("/")[1]


def complaints(pages: dict[str, Page], judge) -> dict[str, list[str]]:
    """What `judge`, a function from a page to complaints, has against each page that it has something against."""
    return {address: found for address, page in pages.items() if (found := list(judge(page)))}


# --- Addresses -----------------------------------------------------------------------------------------


def test_visitors_find_all_that_is_published_and_nothing_else(public):
    published = list(Agreement.objects.published().select_related("partner"))
    countries = {one.partner.country_id for one in published}
    resolutions = {one.pk for agreement in published for one in agreement.resolutions.all()}
    addresses = {
        *("/", "/about/", "/open-data/", "/partnerships/", "/resolutions/", "/staff/", "/accounts/login/"),
        "/statistics/",
        *("/domains/", "/provisions/", "/memberships/", "/network/"),
        *(f"/domains/{one.key}/" for one in Domain.objects.all()),
        *(f"/partnerships/{one.number}/" for one in published),
        *(f"/cities/{one.partner.slug}/" for one in published),
        *(f"/countries/{code}/" for code in countries),
        *(f"/resolutions/{pk}/" for pk in resolutions),
    }
    assert (len(published), len(countries), len(resolutions)) == (12, 8, 1)
    assert {urlsplit(address).path for address in public} == {one for address in addresses for one in both(address)}


def test_sitemap_names_what_visitors_find_and_search_engines_may(accounts, public):
    paths = {urlsplit(address).path for address in public}
    index = accounts["visitor"].get("/sitemap.xml").getvalue().decode()
    files = [
        accounts["visitor"].get(urlsplit(one).path).getvalue().decode() for one in re.findall("<loc>(.*?)<", index)
    ]
    named = {urlsplit(one).path for file in files for one in re.findall("<loc>(.*?)<", file)}
    closed = {one for one in paths if "/staff/" in one or "/accounts/" in one}
    assert len(closed) == 4
    assert named == paths - closed


def test_the_staff_page_asks_visitors_to_sign_in(public):
    assert {address: public[address].address for address in both("/staff/")} == {
        "/fa/staff/": "/fa/accounts/login/?next=/fa/staff/",
        "/en/staff/": "/en/accounts/login/?next=/en/staff/",
    }


def test_managers_find_every_page_of_the_staff(desk):
    pages = {pattern.name for module in (partnerships_desk, cities_desk) for pattern in module.urlpatterns}
    for code in DIRECTIONS:
        with override(code):
            linked = {resolve(urlsplit(address).path).url_name for address in in_language(desk, code)}
        assert "domain_restore" in linked
        assert linked - {page.name for page in restore_pages()} == pages - FRAGMENTS | {"dashboard", "components"}


def test_links_lead_to_pages(public, found_at_the_desk):
    found = {**public, **found_at_the_desk}
    assert {address: page.status for address, page in found.items() if page.status != 200} == {}


def test_sitemap_holds_every_page_that_may_be_found(accounts, public):
    held = set()
    for file in re.findall(
        "<loc>http://testserver(.*?)</loc>", accounts["visitor"].get("/sitemap.xml").getvalue().decode()
    ):
        held |= set(re.findall("<loc>http://testserver(.*?)</loc>", accounts["visitor"].get(file).getvalue().decode()))
    hidden = {address for address, page in public.items() if any(one["name"] == "robots" for one in page.named("meta"))}
    assert held == {urlsplit(address).path for address in set(public) - hidden}


def answer(client: Client, link: str) -> int:
    """The status of a file's address. An uploaded file is read to its end, which closes it."""
    response = client.get(link) if is_upload(link) else client.head(link)
    if response.streaming:
        b"".join(response.streaming_content)
    return response.status_code


def test_links_lead_to_files(accounts, public):
    """To every sort of file: the downloads, the feed and the calendar, as the list and the page about them offer."""
    linked = {link for page in public.values() for link in page.links() if link.startswith(FILES[1:])}
    assert {urlsplit(link).path for link in linked} >= {
        *(f"/data/partnerships.{extension}" for extension in ("csv", "xlsx", "json", "geojson")),
        "/feeds/partnerships.atom",
        "/calendar/anniversaries.ics",
    }
    plain = sorted(link for link in linked if link.count("&") < 1)
    assert {link: status for link in plain if (status := answer(accounts["visitor"], link)) != 200} == {}


@pytest.mark.parametrize("address", ["/partnerships/13/", "/partnerships/14/", "/cities/bursa/", "/cities/almaty/"])
@pytest.mark.parametrize("language", DIRECTIONS)
def test_drafts_and_their_cities_are_not_there(accounts, halted, language, address):
    assert Agreement.objects.drafts().count() == 4
    assert accounts["visitor"].get(f"/{language}{address}").status_code == 404


def test_links_to_a_part_of_a_page_find_it(pages, public, found_at_the_desk):
    # A page has the same parts wherever one comes back to from it. Of pages that were not opened nothing is known here.
    known = {**public, **found_at_the_desk, **pages}
    ids = {urlsplit(address).path: {one["id"] for one in page.elements} for address, page in known.items()}

    def dangling(page: Page) -> Iterator[str]:
        own = {one["id"] for one in page.elements}
        for link in page.links():
            address, fragment = urldefrag(link)
            there = own if address == page.address else ids.get(urlsplit(address).path)
            if fragment and there is not None and is_ours(link) and fragment not in there:
                yield link

    assert complaints(pages, dangling) == {}


def test_public_pages_name_each_other_as_translations(public):
    def mistakes(page: Page) -> Iterator[str]:
        path = urlsplit(page.address).path
        named = {
            one["hreflang"]: one["href"] for one in page.named("link") if one["rel"] == "alternate" and one["hreflang"]
        }
        rest = path.removeprefix(f"/{language(page)}")
        origin = "http://testserver"
        default = origin + ("/" if rest == "/" else f"/fa{rest}")
        expected = {"fa": f"{origin}/fa{rest}", "en": f"{origin}/en{rest}", "x-default": default}
        if named != expected:
            yield f"alternates {named}"
        canonical = [one["href"] for one in page.named("link") if one["rel"] == "canonical"]
        if canonical != [origin + path]:
            yield f"canonical {canonical}"
        switches = [one["href"] for one in page.named("a") if one["hreflang"]]
        other = {"fa": "en", "en": "fa"}[language(page)]
        if switches != [f"/{other}{page.address.removeprefix(f'/{language(page)}')}"]:
            yield f"switch {switches}"

    indexed = {address: page for address, page in public.items() if "/accounts/login/" not in page.address}
    assert len(indexed) == len(public) - 4
    assert complaints(indexed, mistakes) == {}


# --- Form ----------------------------------------------------------------------------------------------


def test_elements_are_closed_in_order(pages):
    assert complaints(pages, lambda page: page.faults) == {}


def test_page_says_its_language_and_direction(pages):
    def wrong(page: Page) -> Iterator[str]:
        if page.one("html").attributes != {"lang": language(page), "dir": DIRECTIONS[language(page)]}:
            yield str(page.one("html"))

    assert complaints(pages, wrong) == {}


def test_page_has_one_heading_of_the_first_level_and_skips_none(pages):
    def jumps(page: Page) -> Iterator[str]:
        levels = [int(one.name[1]) for one in page.named("h1", "h2", "h3", "h4", "h5", "h6")]
        if levels.count(1) != 1:
            yield f"{levels.count(1)} h1"
        for above, below in zip([0, *levels], levels, strict=False):
            if below > above + 1 and above:
                yield f"h{below} follows h{above}"

    assert complaints(pages, jumps) == {}


def test_headings_and_links_and_buttons_have_words(pages):
    def mute(page: Page) -> Iterator[str]:
        for one in page.named("h1", "h2", "h3", "h4", "a", "button", "th", "label", "legend", "summary", "title"):
            pictured = any(inner["alt"] for inner in one.all if inner.name == "img")
            if not (one.words or one["aria-label"] or pictured):
                yield str(one)

    assert complaints(pages, mute) == {}


def test_no_two_public_pages_have_one_title(public):
    plain = [page for page in public.values() if "?" not in page.address]
    # A mark on a map that has no room for its name has a title of its own.
    titles = Counter(one.words for page in plain for one in page.named("title") if one.parent.name == "head")
    assert titles.total() == len(plain)
    assert [title for title, count in titles.items() if count > 1] == []


def test_ids_are_unique_and_references_find_them(pages):
    def astray(page: Page) -> Iterator[str]:
        ids = Counter(one["id"] for one in page.elements if one["id"])
        yield from (f"{count} × {name}" for name, count in ids.items() if count > 1)
        for one in page.elements:
            for attribute in ("for", "aria-labelledby", "aria-describedby", "aria-controls", "list", "form"):
                yield from (f"{attribute} {name}" for name in one[attribute].split() if name not in ids)

    assert complaints(pages, astray) == {}


def test_everything_to_fill_in_has_a_label(pages):
    def unnamed(page: Page) -> Iterator[str]:
        named = {one["for"] for one in page.named("label")}
        for one in page.named("input", "select", "textarea"):
            is_named = one["id"] in named or one["aria-label"] or one["aria-labelledby"]
            is_inside = any(outer.name == "label" and outer.words for outer in one.lineage)
            if one["type"] not in {"hidden", "submit"} and not (is_named or is_inside):
                yield str(one)

    assert complaints(pages, unnamed) == {}


def test_pictures_are_described_or_silent(pages):
    def undescribed(page: Page) -> Iterator[str]:
        yield from (str(one) for one in page.named("img") if "alt" not in one.attributes)
        for one in page.named("svg"):
            whole = next(part for part in reversed(list(one.lineage)) if part.name == "svg")
            if whole["aria-hidden"] != "true" and not (whole["role"] in ("img", "group") and whole["aria-label"]):
                yield str(one)

    assert complaints(pages, undescribed) == {}


def test_forms_that_write_carry_a_token(pages):
    def unguarded(page: Page) -> Iterator[str]:
        for form in page.named("form"):
            tokens = [one for one in form.all if one["name"] == "csrfmiddlewaretoken"]
            if len(tokens) != (form["method"] == "post"):
                yield str(form)

    assert complaints(pages, unguarded) == {}


# --- Safety --------------------------------------------------------------------------------------------


def test_page_has_no_inline_style_or_script(pages):
    def inline(page: Page) -> Iterator[str]:
        for one in page.elements:
            if one.name == "style" or (one.name == "script" and not one["src"] and one["type"] != DATA):
                yield str(one)
            yield from (f"{name} of {one}" for name in one.attributes if name == "style" or name.startswith("on"))
            if one["href"].strip().lower().startswith(("javascript:", "data:")):
                yield str(one)

    assert complaints(pages, inline) == {}


def test_page_loads_only_what_is_here(pages, accounts):
    parts = {address for page in pages.values() for address in page.parts}
    drawn = {address for address in parts if address.startswith("/maps/") or is_upload(address)}
    found = {address for address in drawn if answer(accounts["manager"], address) == 200}

    def missing(page: Page) -> Iterator[str]:
        for address in {*page.parts} - found:
            if not address.startswith("/static/") or finders.find(address.removeprefix("/static/")) is None:
                yield address

    assert complaints(pages, missing) == {}


def test_forms_are_sent_to_this_site(pages):
    def elsewhere(page: Page) -> Iterator[str]:
        for one in page.elements:
            for attribute in ("action", "formaction"):
                if not is_ours(one[attribute]):
                    yield str(one)

    assert complaints(pages, elsewhere) == {}


# --- Language and script -------------------------------------------------------------------------------


PERSIAN = "[\u0600-\u06ff\ufb50-\ufdff\ufe70-\ufeff]"


def own_words(page: Page) -> Iterator[tuple[Element, str]]:
    """The words of a page that are its own language's, with their element: not marked as another's, and no code."""
    for one, text in page.texts():
        # On a page that runs from right to left, what is told to run the other way is an address or the like.
        is_code = any(outer.name == "code" or (outer.name != "html" and outer["dir"] == "ltr") for outer in one.lineage)
        if one.language == language(page) and not is_code and not is_typed(one):
            yield one, " ".join(text.split())


def is_typed(one: Element) -> bool:
    """Whether words are as somebody typed them, in whatever language: in a box, or beside a "direction: auto"."""
    return any(outer.name == "textarea" or outer["dir"] == "auto" for outer in one.lineage)


def unlike(pattern: str, names_too: bool = True):
    """A judge that complains about own words with a match of the pattern; names may be as somebody gave them."""

    def judge(page: Page) -> Iterator[str]:
        for one, text in own_words(page):
            is_name = any(outer.name == "bdi" for outer in one.lineage)
            judged = text if names_too else re.sub("\u2068[^\u2069]*\u2069", "", text)  # a choice can hold no element
            if re.search(pattern, judged) and (names_too or not is_name):
                yield text

    return judge


def in_language(pages: dict[str, Page], code: str) -> dict[str, Page]:
    """Those of the pages that are in this language."""
    chosen = {address: page for address, page in pages.items() if language(page) == code}
    assert chosen
    return chosen


def test_persian_pages_have_persian_digits(pages):
    assert complaints(in_language(pages, "fa"), unlike("[0-9٠-٩]")) == {}


def test_persian_pages_have_persian_letters(pages):
    assert complaints(in_language(pages, "fa"), unlike("[يىكةۀ\u0640]")) == {}


def test_persian_pages_have_persian_punctuation(pages):
    assert complaints(in_language(pages, "fa"), unlike("[,;?%“”\"']", names_too=False)) == {}


def test_persian_pages_are_translated(pages):
    # Codes of languages have two letters, and these names have no Persian form.
    names = "GeoNames|Wikidata|Asia/Tehran|PDF|JPEG|PNG|WebP|TIFF|Word|Excel|PowerPoint|OpenDocument|XLSX|CSV|TSV"
    latin_word = rf"\b(?!{names})(?<!/)[A-Za-zÀ-ɏ]{{3,}}"
    assert complaints(in_language(pages, "fa"), unlike(latin_word, names_too=False)) == {}


def test_english_pages_mark_what_is_persian(pages):
    assert complaints(in_language(pages, "en"), unlike(PERSIAN, names_too=False)) == {}
