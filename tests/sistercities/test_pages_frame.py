"""The frame of every page, the tags and the fields that pages are made of, and the pages for what goes wrong."""

import datetime
import re
from html.parser import HTMLParser

import pytest
from django import forms
from django.conf.urls.i18n import i18n_patterns
from django.contrib.auth.forms import AuthenticationForm
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.core.paginator import Paginator
from django.template import Context, RequestContext, Template
from django.template.loader import render_to_string
from django.urls import path
from django.utils import timezone
from django.utils.translation import override

from cities.models import City
from sistercities import errors, urls
from sistercities.context import frame
from sistercities.dates import UncertainDate
from sistercities.fields import UncertainDateFormField
from sistercities.text import LocalText
from tests import factories


def failing(error):
    """A view that raises `error`."""

    def view(request):
        raise error

    return view


urlpatterns = [
    *i18n_patterns(
        path("bad/", failing(SuspiciousOperation("not readable"))),
        path("forbidden/", failing(PermissionDenied("the reason is nobody's business"))),
        path("broken/", failing(RuntimeError("something secret"))),
    ),
    *urls.urlpatterns,
]
handler400, handler403, handler404, handler500 = (
    errors.bad_request,
    errors.forbidden,
    errors.not_found,
    errors.server_error,
)

pytestmark = pytest.mark.urls(__name__)


class _Elements(HTMLParser):
    def __init__(self, html, tag):
        super().__init__()
        self.tag, self.found = tag, []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        if self.tag in (tag, None):
            self.found.append(dict(attrs))


def elements(html, tag=None):
    """The attributes of every element, or of every `tag`, in the order of the page."""
    return _Elements(html if isinstance(html, str) else html.content.decode(), tag).found


def links(html, name):
    """What the page's <link>s of this relation point to."""
    return [link["href"] for link in elements(html, "link") if link["rel"] == name]


def title(response):
    return re.search("<title>(.*?)</title>", response.content.decode(), re.DOTALL).group(1)


def words(html):
    """The text of a piece of HTML, with single spaces."""
    return " ".join(re.sub("<[^>]*>", " ", html if isinstance(html, str) else html.content.decode()).split())


def draw(template, language="en", request=None, **context):
    with override(language):
        within = RequestContext(request, context) if request else Context(context)
        return Template(template).render(within).strip()


# --- Language ------------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize(("language", "direction"), [("fa", "rtl"), ("en", "ltr")])
def test_page_declares_its_language_and_direction(client, language, direction):
    assert elements(client.get(f"/{language}/about/"), "html") == [{"lang": language, "dir": direction}]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("here", "there", "code", "label"),
    [
        ("/fa/partnerships/", "/en/partnerships/", "en", "English"),
        ("/en/partnerships/", "/fa/partnerships/", "fa", "فارسی"),
        (
            "/fa/partnerships/?q=%D8%A8%D8%A7%DA%A9%D9%88&country=TR&country=AZ",
            "/en/partnerships/?q=%D8%A8%D8%A7%DA%A9%D9%88&country=TR&country=AZ",
            "en",
            "English",
        ),
    ],
)
def test_language_switch_leads_to_the_same_address_in_the_other_language(client, here, there, code, label):
    page = client.get(here)
    switch = {"class": "tools__link", "href": there, "lang": code, "hreflang": code}
    assert [link for link in elements(page, "a") if "hreflang" in link] == [switch]
    assert f'hreflang="{code}">{label}</a>' in page.content.decode()


@pytest.mark.django_db
def test_page_names_itself_in_every_language_without_its_query(client):
    page = client.get("/en/partnerships/?q=baku")
    assert links(page, "canonical") == ["http://testserver/en/partnerships/"]
    assert [(link["hreflang"], link["href"]) for link in elements(page, "link") if "hreflang" in link] == [
        ("fa", "http://testserver/fa/partnerships/"),
        ("x-default", "http://testserver/fa/partnerships/"),
        ("en", "http://testserver/en/partnerships/"),
    ]


@pytest.mark.django_db
def test_home_page_leaves_the_language_to_the_visitor(client):
    default = [link for link in elements(client.get("/en/"), "link") if link.get("hreflang") == "x-default"]
    assert [link["href"] for link in default] == ["http://testserver/"]


# --- Masthead and foot ---------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("language", "name", "site"),
    [("fa", "شهرداری تبریز", "شهرهای خواهرخوانده تبریز"), ("en", "Municipality of Tabriz", "Sister Cities of Tabriz")],
)
def test_page_bears_the_name_of_the_home_city(client, language, name, site):
    factories.home_city()
    page = client.get(f"/{language}/about/")
    assert re.findall('<span class="wordmark__city">(.*?)</span>', page.content.decode()) == [name]
    assert title(page).endswith(f" – {site}")


@pytest.mark.django_db
def test_page_stands_without_a_home_city(client):
    page = client.get("/en/about/")
    assert page.status_code == 200
    assert title(page).endswith(" – Sister Cities")
    assert "wordmark__city" not in page.content.decode()


@pytest.mark.django_db
def test_skip_link_leads_to_the_content(client):
    page = client.get("/en/about/")
    first = elements(page, "a")[0]
    assert (first["class"], first["href"]) == ("skip", "#content")
    assert [main["id"] for main in elements(page, "main")] == ["content"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "current"),
    [
        ("/en/", []),
        ("/en/partnerships/", [("/en/partnerships/", "page")]),
        ("/en/resolutions/", [("/en/resolutions/", "page")]),
        ("/en/about/", [("/en/about/", "page")]),
    ],
)
def test_navigation_marks_the_present_page(client, address, current):
    links = [link for link in elements(client.get(address), "a") if link.get("class") == "nav__link"]
    marked = [(link["href"], link["aria-current"]) for link in links if "aria-current" in link]
    # The bar of wide screens and the menu of narrow ones.
    assert marked == current * 2


@pytest.mark.django_db
def test_navigation_marks_the_section_of_an_inner_page(client):
    number = factories.agreement(published=True, partner=factories.istanbul()).number
    page = client.get(f"/en/partnerships/{number}/")
    marked = [link["href"] for link in elements(page, "a") if link.get("aria-current") == "true"]
    assert marked == ["/en/partnerships/"] * 2


@pytest.mark.django_db
def test_foot_says_when_the_register_last_changed(client):
    changed = factories.agreement(published=True)
    page = client.get("/en/about/")
    day = timezone.localtime(changed.published_at).date()
    foot = page.content.decode().partition("footer__base")[2]
    assert [time["datetime"] for time in elements(foot, "time")] == [day.isoformat()]


@pytest.mark.django_db
def test_foot_gives_no_date_before_anything_is_published(client):
    factories.agreement()
    page = client.get("/en/about/")
    assert elements(page.content.decode().partition("footer__base")[2], "time") == []


@pytest.mark.django_db
def test_page_of_a_visitor_depends_on_no_cookie(client):
    page = client.get("/fa/about/")
    assert "Cookie" not in page.headers.get("Vary", "")
    assert page.cookies == {}


@pytest.mark.django_db
def test_frame_asks_nothing_before_it_is_printed(rf, django_assert_num_queries):
    factories.agreement(published=True)
    with django_assert_num_queries(0):
        frame(rf.get("/fa/"))


@pytest.mark.django_db
def test_home_city_is_read_once_in_a_request(rf, django_assert_num_queries):
    factories.home_city()
    request = rf.get("/fa/")
    with django_assert_num_queries(2):  # the revision by which it is kept, and the city
        assert [frame(request)["home_city"].slug for _again in range(2)] == ["tabriz", "tabriz"]
    with django_assert_num_queries(1):
        assert frame(rf.get("/fa/"))["home_city"].slug == "tabriz"


# --- Pages for what goes wrong -------------------------------------------------------------------------

FAILURES = [("missing/", 404), ("bad/", 400), ("forbidden/", 403), ("broken/", 500)]
HEADINGS = {
    "fa": {
        400: "درخواست خوانده نشد",
        403: "حساب شما اجازه این کار را ندارد",
        404: "در این نشانی صفحه‌ای نیست",
        500: "خطایی از سوی ما رخ داد",
    },
    "en": {
        400: "The request could not be read",
        403: "Your account may not do this",
        404: "There is no page at this address",
        500: "Something failed on our side",
    },
}


def heading(response):
    return re.search("<h1[^>]*>(.*?)</h1>", response.content.decode(), re.DOTALL).group(1)


@pytest.fixture
def visitor(client):
    """A browser to which failures come as pages."""
    client.raise_request_exception = False
    return client


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["fa", "en"])
@pytest.mark.parametrize(("address", "status"), FAILURES)
def test_error_page_speaks_the_language_of_the_address(visitor, language, address, status):
    page = visitor.get(f"/{language}/{address}", headers={"Accept-Language": "en" if language == "fa" else "fa"})
    assert (page.status_code, heading(page)) == (status, HEADINGS[language][status])
    assert elements(page, "html")[0]["lang"] == language


@pytest.mark.django_db
@pytest.mark.parametrize(("wanted", "language"), [("en-GB,en;q=0.9", "en"), ("fa", "fa"), ("de", "fa"), ("", "fa")])
def test_error_page_without_a_language_in_its_address_speaks_the_browsers_else_persian(visitor, wanted, language):
    visitor.get("/en/about/" if language == "fa" else "/fa/about/")
    page = visitor.get("/data/missing.csv", headers={"Accept-Language": wanted})
    assert (page.status_code, heading(page)) == (404, HEADINGS[language][404])


@pytest.mark.django_db
@pytest.mark.parametrize("handler", [errors.bad_request, errors.forbidden, errors.not_found])
def test_error_page_takes_nothing_from_the_request_before(rf, handler):
    # An error in an early middleware comes before the language of this request is chosen.
    with override("en"):
        page = handler(rf.get("/fa/about/"), Exception())
    assert elements(page, "html")[0]["lang"] == "fa"


@pytest.mark.django_db
@pytest.mark.parametrize(("address", "status"), FAILURES)
def test_error_page_is_not_for_search_engines(visitor, address, status):
    page = visitor.get(f"/en/{address}")
    assert page.status_code == status
    assert [meta["content"] for meta in elements(page, "meta") if meta.get("name") == "robots"] == ["noindex"]
    assert links(page, "canonical") + links(page, "alternate") == []


@pytest.mark.django_db
@pytest.mark.parametrize(("address", "status"), FAILURES)
def test_error_page_tells_nothing_of_the_error(visitor, address, status):
    page = visitor.get(f"/en/{address}")
    assert page.status_code == status
    assert [secret for secret in ("not readable", "reason", "secret") if secret in page.content.decode()] == []


@pytest.mark.django_db
def test_missing_page_offers_the_search(visitor):
    page = visitor.get("/fa/missing/")
    assert [(form["action"], form["method"]) for form in elements(page, "form")] == [("/fa/partnerships/", "get")]
    assert [field["name"] for field in elements(page, "input")] == ["q"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "there"), [("/fa/missing/?a=1", "/en/missing/?a=1"), ("/data/missing.csv", "/en/")]
)
def test_missing_page_offers_the_other_language(visitor, address, there):
    assert [link["href"] for link in elements(visitor.get(address), "a") if "hreflang" in link] == [there]


@pytest.mark.django_db
def test_request_for_a_host_that_is_not_ours_gets_the_page_for_bad_requests(visitor):
    page = visitor.get("/en/about/", headers={"Host": "elsewhere.example"})
    assert (page.status_code, heading(page)) == (400, HEADINGS["en"][400])


def test_page_for_our_own_failures_does_without_the_database(rf):
    # No mark for the database here: whatever asks it fails the test.
    page = errors.server_error(rf.get("/fa/about/"))
    assert (page.status_code, heading(page)) == (500, HEADINGS["fa"][500])


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("language", "text", "day"),
    [
        ("fa", "پیمان شماره\N{NO-BREAK SPACE}۱۸ پس گرفته شده است", "۲ آذر ۱۴۰۵ (۲۳ نوامبر ۲۰۲۶)"),
        ("en", "Agreement no.\N{NO-BREAK SPACE}18 was withdrawn", "23 November 2026 (2 Azar 1405)"),
    ],
)
def test_page_of_a_withdrawn_agreement_gives_its_number_and_the_day(rf, language, text, day):
    with override(language):
        context = {"number": 18, "withdrawn_at": datetime.date(2026, 11, 23)}
        page = render_to_string("410.html", context, rf.get(f"/{language}/partnerships/18/"))
    assert re.search("<h1>(.*?)</h1>", page).group(1) == text
    assert f'<time datetime="2026-11-23">{day}</time>' in page


@pytest.mark.django_db
def test_page_of_a_refused_form_says_that_nothing_is_lost(rf):
    with override("en"):
        page = render_to_string("403_csrf.html", {}, rf.post("/en/staff/"))
    assert "Nothing you typed is lost." in words(page)


# --- Sign-in -------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_sign_in_page_tells_what_failed_and_keeps_the_name(client):
    page = client.post("/en/accounts/login/?next=/en/staff/", {"username": "parvin", "password": "wrong"})
    assert title(page).startswith("Error: Sign in")
    assert "You could not be signed in" in words(page)
    fields = {field["name"]: field.get("value") for field in elements(page, "input")}
    assert (fields["username"], fields["password"], fields["next"]) == ("parvin", None, "/en/staff/")


@pytest.mark.django_db
@pytest.mark.parametrize(("address", "said"), [("?next=/en/staff/", True), ("", False)])
def test_sign_in_page_says_where_the_reader_goes_on(client, address, said):
    page = client.get(f"/en/accounts/login/{address}")
    assert ("You come back to the page that you asked for." in words(page)) is said


@pytest.mark.django_db
def test_sign_in_page_carries_on_what_was_typed_before(rf):
    context = {"form": AuthenticationForm(), "next": "/en/staff/agreements/8/", "held": '{"note": ["a “long” text"]}'}
    with override("en"):
        page = render_to_string("registration/login.html", context, rf.get("/en/staff/agreements/8/"))
    assert [form["action"] for form in elements(page, "form")] == ["/en/accounts/login/"]
    carried = {field["name"]: field["value"] for field in elements(page, "input") if field["type"] == "hidden"}
    assert (carried["next"], carried["held"]) == (context["next"], context["held"])


@pytest.mark.django_db
def test_sign_in_page_carries_nothing_where_nothing_was_typed(rf):
    context = {"form": AuthenticationForm(), "next": "", "held": ""}
    page = render_to_string("registration/login.html", context, rf.get("/en/"))
    assert "held" not in [field["name"] for field in elements(page, "input")]


# --- Filters and tags ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("template", "value", "fa", "en"),
    [
        ("{{ value|figures }}", 16484, "۱۶۴۸۴", "16484"),
        ("{{ value|number }}", 16484, "۱۶٬۴۸۴", "16,484"),
        ("{{ value|number }}", None, "", ""),
        ("{{ value|digits }}", "12/ب", "۱۲/ب", "12/ب"),
        ("{{ value|plain }}", LocalText("Baku", "en"), "Baku", "Baku"),
        ("{{ value|plain }}", "a & b", "a &amp; b", "a &amp; b"),
    ],
)
def test_filters_write_as_the_language_does(template, value, fa, en):
    assert (draw(template, "fa", value=value), draw(template, "en", value=value)) == (fa, en)


def test_uncertain_date_stands_in_both_calendars():
    drawn = draw("{% uncertain date %}", date=UncertainDate.from_stored("SH 1395-03"))
    assert words(drawn) == "Khordad 1395 (May–June 2016)"


def test_uncertain_date_that_is_not_known_says_so():
    assert words(draw("{% uncertain date %}", date=None)) == "date not known"


LATE = datetime.datetime(2026, 11, 22, 21, 5, tzinfo=datetime.UTC)


@pytest.mark.parametrize(
    ("template", "value", "language", "html"),
    [
        (
            "{% day value %}",
            datetime.date(2026, 11, 23),
            "fa",
            '<time datetime="2026-11-23">۲ آذر ۱۴۰۵ (۲۳ نوامبر ۲۰۲۶)</time>',
        ),
        (
            "{% day value %}",
            datetime.date(2026, 11, 23),
            "en",
            '<time datetime="2026-11-23">23 November 2026 (2 Azar 1405)</time>',
        ),
        # Past midnight in Tehran.
        ("{% day value %}", LATE, "en", '<time datetime="2026-11-23">23 November 2026 (2 Azar 1405)</time>'),
        (
            "{% day value clock=True %}",
            LATE,
            "en",
            '<time datetime="2026-11-23T00:35+03:30">23 November 2026 (2 Azar 1405), 00:35</time>',
        ),
        (
            "{% day value clock=True %}",
            LATE,
            "fa",
            '<time datetime="2026-11-23T00:35+03:30">۲ آذر ۱۴۰۵ (۲۳ نوامبر ۲۰۲۶)، ساعت ۰۰:۳۵</time>',
        ),
    ],
)
def test_day_stands_in_both_calendars_the_readers_first(settings, template, value, language, html):
    settings.TIME_ZONE = "Asia/Tehran"
    assert draw(template, language, value=value) == html


TABRIZ = City(name_fa="تبریز", name_en="Tabriz", latitude=38.08, longitude=46.2919)
BAKU = City(name_fa="باکو", name_en="Baku", latitude=40.37767, longitude=49.89201)


@pytest.mark.parametrize(
    ("language", "label"), [("fa", "۴۰۲ کیلومتر، در شمال شرقی تبریز"), ("en", "402 km, north-east of Tabriz")]
)
def test_bearing_dial_says_in_words_what_it_shows(language, label):
    drawn = draw("{% bearing city %}", language, home_city=TABRIZ, city=BAKU)
    assert [(svg["role"], svg["aria-label"]) for svg in elements(drawn, "svg")] == [("img", label)]
    assert draw("{% distance city %}", language, home_city=TABRIZ, city=BAKU) == label


def test_bearing_dial_is_drawn_with_machine_numbers_in_every_language():
    drawings = [
        re.sub('aria-label="[^"]*"', "", draw("{% bearing city %}", language, home_city=TABRIZ, city=BAKU))
        for language in ("fa", "en")
    ]
    assert drawings[0] == drawings[1]
    assert elements(drawings[0], "circle")[-1] == {"class": "bearing__city", "cx": "34.9", "cy": "22.1", "r": "2.8"}


@pytest.mark.parametrize("home", [None, City(name_en="Tabriz")], ids=["no home city", "home without coordinates"])
@pytest.mark.parametrize("tag", ["bearing", "distance"])
def test_bearing_is_left_out_where_it_is_not_known(tag, home):
    assert draw(f"{{% {tag} city %}}", home_city=home, city=BAKU) == ""


def test_crumbs_link_all_but_the_page_itself():
    drawn = draw('{% crumbs "Partnerships" "/en/partnerships/" name %}', name=LocalText("باکو", "fa"))
    assert [link["href"] for link in elements(drawn, "a")] == ["/en/partnerships/"]
    assert '<span aria-current="page"><bdi lang="fa" dir="rtl">باکو</bdi></span>' in drawn


@pytest.mark.parametrize(
    ("include", "words_shown"),
    [
        ('{% include "includes/verification.html" with level="disputed" label="disputed" %}', "Disputed"),
        ('{% include "includes/status.html" with status="in_force" label="in force" %}', "In force"),
        ('{% include "includes/stance.html" with stance="mentions" label="mentions" %}', "Mentions"),
    ],
)
def test_mark_never_stands_without_its_word(include, words_shown):
    drawn = draw(include)
    assert words(drawn) == words_shown
    assert [svg["aria-hidden"] for svg in elements(drawn, "svg")] == ["true"] * drawn.count("<svg")


def test_verification_levels_have_marks_of_their_own():
    levels = ["document", "official", "press", "unverified", "disputed"]
    marks = {draw('{% include "includes/verification_mark.html" %}', level=level) for level in levels}
    assert len(marks) == len(levels)


def test_chips_are_removed_one_by_one_and_all_at_once():
    chips = [{"label": "Country: Türkiye", "url": "?kind=sister"}, {"label": "Kind", "url": "?country=TR"}]
    drawn = draw('{% include "includes/chips.html" with clear_url="?" %}', chips=chips)
    assert [link["href"] for link in elements(drawn, "a")] == ["?kind=sister", "?country=TR", "?"]
    assert draw('{% include "includes/chips.html" with clear_url="?" %}', chips=[]) == ""


# --- Pages of a list -----------------------------------------------------------------------------------


def pages(rf, count, number, query="", language="en"):
    page = Paginator(range(count), 10).get_page(number)
    return draw("{% pagination page %}", language, request=rf.get(f"/en/partnerships/{query}"), page=page)


def test_pagination_links_first_last_and_near_pages(rf):
    assert words(pages(rf, 500, 7)) == "Previous Page 1 … Page 6 Page 7 Page 8 … Page 50 Next"


def test_pagination_has_persian_figures_on_persian_pages(rf):
    assert re.findall("[۰-۹]+|[0-9]+", words(pages(rf, 500, 7, language="fa"))) == ["۱", "۶", "۷", "۸", "۵۰"]


def test_pagination_keeps_every_other_parameter(rf):
    found = [link["href"] for link in elements(pages(rf, 20, 1, "?country=TR&country=AZ&page=1&q=a%26b"), "a")]
    kept = "?country=TR&country=AZ&page={}&q=a%26b"
    assert found == [kept.format(1), kept.format(2), kept.format(2)]


def test_pagination_marks_the_present_page(rf):
    found = elements(pages(rf, 30, 2), "a")
    assert [link["href"] for link in found if link.get("aria-current") == "page"] == ["?page=2"]


def test_pagination_is_left_out_of_a_single_page(rf):
    assert pages(rf, 10, 1) == ""


# --- Fields --------------------------------------------------------------------------------------------


class Everything(forms.Form):
    """One field of each sort that pages have."""

    title_fa = forms.CharField(label="title in Persian", required=False)
    title_en = forms.CharField(help_text="as on the instrument")
    name_local = forms.CharField(required=False)
    website = forms.URLField(required=False, assume_scheme="https")
    kind = forms.ChoiceField(choices=[("sister", "sister city")], widget=forms.RadioSelect, help_text="what was signed")
    domains = forms.MultipleChoiceField(
        choices=[("a", "cultural"), ("b", "social")], widget=forms.CheckboxSelectMultiple, required=False
    )
    signed = UncertainDateFormField(required=False)
    is_home = forms.BooleanField(required=False)
    token = forms.CharField(widget=forms.HiddenInput)


Rows = forms.formset_factory(Everything, can_delete=True)


def rows(*each):
    data = {"form-TOTAL_FORMS": str(len(each)), "form-INITIAL_FORMS": "0"}
    return Rows(data | {f"form-{at}-{name}": value for at, row in enumerate(each) for name, value in row.items()})


def drawn_fields(form):
    with override("en"):
        return {field.name: field.as_field_group() for field in form}


def only(html, tag):
    (found,) = elements(html, tag)
    return found


@pytest.mark.parametrize(
    ("name", "language"),
    [
        ("title_fa", {"lang": "fa", "dir": "rtl"}),
        ("title_en", {"lang": "en", "dir": "ltr"}),
        ("name_local", {"dir": "auto"}),
        ("website", {"dir": "ltr"}),
    ],
)
def test_input_has_the_language_and_direction_of_what_is_typed_in_it(name, language):
    box = only(drawn_fields(Everything())[name], "input")
    assert {key: value for key, value in box.items() if key in ("lang", "dir")} == language


def test_field_keeps_the_direction_that_its_widget_asks_for():
    class Form(forms.Form):
        note_fa = forms.CharField(widget=forms.TextInput({"dir": "auto"}))

    box = only(drawn_fields(Form())["note_fa"], "input")
    assert (box["lang"], box["dir"]) == ("fa", "auto")


def test_label_belongs_to_its_input():
    drawn = drawn_fields(Everything())["title_fa"]
    assert only(drawn, "label")["for"] == only(drawn, "input")["id"]
    assert words(drawn) == "Title in Persian"


def test_required_field_says_so_where_another_is_not():
    assert words(drawn_fields(Everything())["title_en"]) == "Title en (required) as on the instrument"


def test_required_fields_say_nothing_where_all_are():
    class Form(forms.Form):
        name = forms.CharField()

    assert words(drawn_fields(Form())["name"]) == "Name"


def test_hint_and_error_describe_the_input():
    drawn = drawn_fields(Everything({}))["title_en"]
    box = only(drawn, "input")
    assert (box["aria-invalid"], box["aria-describedby"]) == ("true", "id_title_en_helptext id_title_en_error")
    assert set(box["aria-describedby"].split()) <= {element.get("id") for element in elements(drawn)}
    assert "Error: This field is required." in words(drawn)


def test_hint_and_error_describe_a_group_of_choices():
    drawn = drawn_fields(Everything({}))["kind"]
    assert only(drawn, "fieldset")["aria-describedby"] == "id_kind_helptext id_kind_error"
    assert words(drawn) == "Kind (required) what was signed Error: This field is required. Sister city"
    assert {"id_kind_helptext", "id_kind_error"} <= {element.get("id") for element in elements(drawn)}


def test_uncertain_date_is_a_group_with_a_name():
    drawn = drawn_fields(Everything())["signed"]
    assert len(elements(drawn, "fieldset")) == 1
    assert words(drawn.partition("</legend>")[0]) == "Signed"


def test_tick_stands_in_its_label():
    drawn = drawn_fields(Everything())["is_home"]
    assert words(drawn) == "Is home"
    assert drawn.index("<label") < drawn.index("<input") < drawn.index("</label>")


def test_hidden_field_has_no_label():
    assert elements(drawn_fields(Everything())["token"]) == [
        {"type": "hidden", "name": "token", "id": "id_token"},
    ]


def test_ids_of_a_form_are_its_own():
    drawn = "".join(drawn_fields(Everything({"signed_day": "12", "signed_year": "1404"})).values())
    ids = [element["id"] for element in elements(drawn) if "id" in element]
    assert len(ids) == len(set(ids))


# --- The summary of errors -----------------------------------------------------------------------------


def summary(*sources, language="en", **context):
    names = " ".join(f"source{at}" for at in range(len(sources)))
    context |= {f"source{at}": source for at, source in enumerate(sources)}
    return draw(f"{{% error_summary {names} %}}", language, **context)


def told(drawn):
    """(where a line leads, what it says) of each line."""
    lines = re.findall("<li>(.*?)</li>", drawn, re.DOTALL)
    return [(elements(line, "a")[0]["href"] if "<a" in line else "", words(line)) for line in lines]


REQUIRED = {"title_en": "Tabriz and Gaza", "kind": "sister", "token": "t"}


def test_error_summary_is_left_out_without_errors():
    assert (summary(Everything(REQUIRED)), summary(Everything()), summary(None)) == ("", "", "")


def test_error_summary_names_every_field_and_leads_to_it():
    form = Everything(REQUIRED | {"title_en": "", "kind": "", "signed_day": "12", "signed_year": "1404"})
    drawn = summary(form)
    assert told(drawn) == [
        ("#id_title_en", "Title en: This field is required."),
        ("#id_kind_0", "Kind: This field is required."),
        ("#id_signed_month", "Signed: A day needs its month: add the month or remove the day"),
    ]
    there = {element.get("id") for field in drawn_fields(form).values() for element in elements(field)}
    assert {link[1:] for link, _line in told(drawn)} <= there


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"title_en": ""}, "There is one thing to put right. Nothing you typed is lost."),
        ({"title_en": "", "kind": ""}, "There are 2 things to put right. Nothing you typed is lost."),
    ],
)
def test_error_summary_counts_its_errors(given, sentence):
    drawn = summary(Everything(REQUIRED | given))
    assert words(drawn.partition("</h2>")[0]) == sentence
    assert elements(drawn, "div")[0]["role"] == "alert"


def test_error_summary_counts_in_persian_figures():
    drawn = summary(Everything(REQUIRED | {"title_en": "", "kind": ""}), language="fa")
    assert words(drawn.partition("</h2>")[0]) == "۲ جا را درست کنید؛ چیزی از نوشته‌هایتان از دست نرفته است"


def test_error_summary_tells_errors_of_no_field_without_a_link():
    form = Everything(REQUIRED)
    form.add_error(None, "expires <before> it is signed")
    assert told(summary(form)) == [("", "expires &lt;before&gt; it is signed")]


def test_error_summary_tells_in_which_row_of_a_formset_an_error_is():
    formset = rows(REQUIRED, REQUIRED | {"title_en": ""})
    assert told(summary(Everything(REQUIRED), [formset])) == [
        ("#id_form-1-title_en", "Row 2 – Title en: This field is required.")
    ]


def test_error_summary_leads_to_the_first_field_of_a_row_that_is_wrong_as_a_whole():
    formset = rows(REQUIRED)
    formset.forms[0].add_error(None, "twice")
    assert told(summary(formset)) == [("#id_form-0-title_fa", "Row 1: twice")]


def test_error_summary_leaves_out_rows_that_are_to_be_removed():
    assert summary(rows(REQUIRED | {"title_en": "", "DELETE": "on"})) == ""
