"""The pages of imports: a table is sent, matched, looked at, decided, taken and undone; a register gets its home."""

import io
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import Workbook, load_workbook

from cities.models import City
from partnerships.models import Agreement, ColumnMatch, Import, ImportRow
from sistercities.long_work import SILENCE
from tests import factories
from tests.desk import errors, fields, messages, page, say
from tests.pages import Guarded

pytestmark = [pytest.mark.django_db, pytest.mark.markup]

LIST = """city;country;kind;date of signing
Erfurt;Germany;sister;خرداد ۹۵
Springfield;TR;sister;2009
Springfield;TR;friendship;13 April 2013
Istanbul;Türkiye;sister;
Baku;Azerbaijan;friendship;c. 1980
"""


@pytest.fixture
def world(db):
    """A home city, Istanbul and Baku with an agreement each, Erfurt and two towns of one name in the gazetteer."""
    factories.country("DE")
    factories.home_city()
    factories.agreement(partner=factories.istanbul(), status="in_force", signed="SH 1380")
    factories.agreement(partner=factories.baku())
    factories.place(name="Erfurt", name_fa="ارفورت", country="DE", latitude=50.98, longitude=11.03)
    factories.place(name="Springfield", geonames_id=11, admin1="34", latitude=40.0, longitude=30.0)
    factories.place(name="Springfield", geonames_id=12, admin1="35", latitude=38.0, longitude=40.0)


@pytest.fixture
def manager(world) -> Guarded:
    """A manager's browser."""
    client = Guarded()
    client.force_login(factories.manager())
    return client


@pytest.fixture
def press(manager, django_capture_on_commit_callbacks):
    """Sends what a page's form holds, with other values for some of it; long work is done at once."""

    def send(address, css_class="form", by=manager, **values):
        sent = fields(by.get(address), css_class) | values
        with django_capture_on_commit_callbacks(execute=True):
            return by.post(address, sent)

    return send


def file(content, name="list.csv"):
    """A file as a browser sends it."""
    return SimpleUploadedFile(name, content.encode() if isinstance(content, str) else content)


def sent(manager, content=LIST, name="list.csv", language="en") -> Import:
    """The import of a table that was just sent."""
    response = manager.post(f"/{language}/staff/imports/add/", {"file": file(content, name)})
    made = Import.objects.latest("pk")
    assert response["Location"] == f"/{language}/staff/imports/{made.pk}/columns/"
    return made


@pytest.fixture
def checked(manager, press) -> Import:
    """The import of LIST, every row judged."""
    made = sent(manager)
    assert press(f"/en/staff/imports/{made.pk}/columns/", "form--wide")["Location"] == f"/en/staff/imports/{made.pk}/"
    made.refresh_from_db()
    return made


def decide(manager, record, **answers):
    """What the page says after these answers, by the number of the row."""
    data = {name.replace("_", "-"): value for name, value in answers.items()}
    return manager.post(f"/en/staff/imports/{record.pk}/", data, follow=True)


def verdicts(record) -> dict[int, str]:
    return dict(record.rows.values_list("number", "verdict"))


def tabs(response) -> list[str]:
    """The verdicts above the rows with their counts."""
    return [one.words for one in page(response).of_class("tab")]


# --- Sending ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "name", "language", "told"),
    [
        (None, "", "en", "Choose a file."),
        ("", "empty.csv", "fa", "فایل خالی است و هیچ بایتی ندارد."),
        (b"MZ\x90\x00\x03\x00\x00\x00\x04", "list.csv", "en", "This is not a table."),
        ("<!doctype html><p>city</p>", "list.xlsx", "en", "This is a web page or another kind of document"),
        (b"PK\x03\x04 and no more", "list.xlsx", "en", "The file is damaged"),
    ],
)
def test_file_that_is_no_table_is_told_at_the_box(manager, content, name, language, told):
    data = {} if content is None else {"file": file(content, name)}
    response = manager.post(f"/{language}/staff/imports/add/", data)

    (error,) = errors(response)
    assert told in error
    assert page(response).one("main").of_class("field--invalid") != []
    assert Import.objects.count() == 0


def test_file_above_the_limit_is_refused(manager, settings):
    settings.UPLOAD_BYTES = 30

    (error,) = errors(manager.post("/en/staff/imports/add/", {"file": file(LIST)}))
    assert error.endswith("Files of up to 30 bytes are taken.")


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ('"><script>alert(1)</script>.csv', "script>.csv"),
        ("..\\..\\پیمان\u202ecsv.exe", "پیمانcsv.exe"),
        ("x" * 400 + ".csv", None),
    ],
)
def test_name_of_the_file_is_shown_harmless(manager, name, kept):
    made = sent(manager, name=name)
    response = manager.get(f"/en/staff/imports/{made.pk}/columns/")

    assert kept is None or made.name == kept
    assert len(made.name) <= 255
    assert b"<script>alert" not in response.content
    assert manager.get("/en/staff/imports/").status_code == 200


@pytest.mark.parametrize(("ending", "language"), [("xlsx", "fa"), ("csv", "en")])
def test_template_comes_back_as_a_row_to_be_taken(manager, press, ending, language):
    template = manager.get(f"/{language}/staff/imports/template.{ending}")
    made = sent(manager, b"".join(template.streaming_content), f"agreements.{ending}", language)

    assert "" not in made.fields
    press(f"/{language}/staff/imports/{made.pk}/columns/", "form--wide")
    row = made.rows.get()
    assert [problem["en"] for problem in row.problems] == []


# --- Columns ---------------------------------------------------------------------------------------------------


def test_columns_are_shown_with_their_first_values_and_the_guess(manager):
    made = sent(manager, "City,Nonsense\nErfurt,a\nBaku,a\nErfurt,\nKazan,b\nRome,c\n")
    rows = page(manager.get(f"/en/staff/imports/{made.pk}/columns/")).of_class("match__row")

    assert [
        [one.words for one in row.of_class("match__values")[0].children if not isinstance(one, str)] for row in rows
    ] == [
        ["Erfurt", "Baku", "Kazan"],
        ["a", "b", "c"],
    ]
    assert [[one["value"] for one in row.all if "selected" in one.attributes] for row in rows] == [["city"], [""]]
    assert [bool(row.of_class("match__guess")) for row in rows] == [True, False]


def test_field_that_two_columns_fill_is_told_at_both(manager, press):
    made = sent(manager)
    response = press(f"/en/staff/imports/{made.pk}/columns/", "form--wide", column_1="city")

    assert [one.partition(":")[0] for one in errors(response)] == ["City", "Country"]
    made.refresh_from_db()
    assert made.stage == "columns"


def test_match_that_says_no_city_is_refused(manager, press):
    made = sent(manager)
    (error,) = errors(press(f"/en/staff/imports/{made.pk}/columns/", "form--wide", column_0=""))

    assert error == say("en", "One column has to say which city a row is about, or which agreement.")


def test_match_is_kept_and_chosen_for_the_next_table(manager, press):
    first = sent(manager, "town;what\nErfurt;sister\n")
    press(f"/fa/staff/imports/{first.pk}/columns/", "form--wide", column_0="city", column_1="kind", keep="ministry’s")
    second = sent(manager, "what;town\nsister;Erfurt\n")
    kept = ColumnMatch.objects.get()
    response = manager.get(f"/fa/staff/imports/{second.pk}/columns/?kept={kept.pk}")

    assert kept.name == "ministry’s"
    form = fields(response, "form--wide")
    assert (form["column_0"], form["column_1"]) == (["kind"], ["city"])


def test_table_is_read_anew_in_another_way(manager):
    made = sent(manager, "city;country\nBaku;Azerbaijan, Republic of\nErfurt;Germany\n")
    response = manager.post(
        f"/en/staff/imports/{made.pk}/columns/", {"go": "read", "encoding": "utf-8", "delimiter": ","}, follow=True
    )

    anew = Import.objects.get()
    assert response.request["PATH_INFO"] == f"/en/staff/imports/{anew.pk}/columns/"
    assert (anew.delimiter, anew.headings[1]) == (",", "Republic of")


def test_another_sheet_of_a_workbook_is_chosen(manager):
    book, content = Workbook(), io.BytesIO()
    book.active.append(["a title page"])
    book.active.append(["nothing"])
    sheet = book.create_sheet("پیمان‌ها")
    for row in (["شهر", "کشور"], ["ارفورت", "آلمان"]):
        sheet.append(row)
    book.save(content)
    made = sent(manager, content.getvalue(), "list.xlsx")
    manager.post(f"/fa/staff/imports/{made.pk}/columns/", {"go": "read", "sheet": "پیمان‌ها"})

    anew = Import.objects.get()
    assert (anew.sheet, anew.fields) == ("پیمان‌ها", ["city", "country"])


def test_file_of_somebody_else_is_not_read_anew(manager):
    made = sent(manager)
    other = Guarded()
    other.force_login(factories.administrator())
    response = other.post(f"/en/staff/imports/{made.pk}/columns/", {"go": "read", "encoding": "utf-8"}, follow=True)

    assert messages(response) == ["The file itself is not here any more. Send it again."]
    assert Import.objects.get() == made


# --- Looking at the rows ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["fa", "en"])
def test_rows_are_shown_as_they_will_be(manager, checked, language):
    response = manager.get(f"/{language}/staff/imports/{checked.pk}/")
    shown = {one["id"]: one for one in page(response).of_class("will__row")}

    assert verdicts(checked) == {2: "new", 3: "question", 4: "question", 5: "unchanged", 6: "wrong"}
    counts = {"fa": "۱ ۲ ۱ ۱ ۵", "en": "1 2 1 1 5"}[language].split()
    order = [ImportRow.Verdict.WRONG, ImportRow.Verdict.QUESTION, ImportRow.Verdict.NEW, ImportRow.Verdict.UNCHANGED]
    labels = [say(language, str(one.label)).capitalize() for one in order]
    assert tabs(response)[1:] == [f"{label} {count}" for label, count in zip(labels, counts, strict=False)]
    dated = {"fa": "خرداد ۱۳۹۵ (مه – ژوئن ۲۰۱۶)", "en": "Khordad 1395 (May–June 2016)"}[language]
    assert dated in shown["row-2"].words
    places = [one["value"] for one in shown["row-3"].all if one["type"] == "radio"]
    assert places == ["place:11", "place:12", "leave"]
    (cell,) = shown["row-6"].of_class("cells__cell--wrong")
    assert "c. 1980" in cell.words
    assert say(language, "Take all…") not in page(response).one("main").words


def test_rows_of_one_verdict_are_asked_for_in_the_address(manager, checked):
    response = manager.get(f"/en/staff/imports/{checked.pk}/?verdict=wrong")
    unknown = manager.get(f"/en/staff/imports/{checked.pk}/?verdict=odd&page=99")

    assert [one["id"] for one in page(response).of_class("will__row")] == ["row-6"]
    assert len(page(unknown).of_class("will__row")) == 5
    assert "“⁨odd⁩” is none of the verdicts: all rows are shown." in page(unknown).one("main").words


def test_answer_holds_for_all_rows_that_say_the_same(manager, checked):
    response = decide(manager, checked, answer_3="place:12", alike_3="on", answer_6="leave")

    assert messages(response) == ["3 rows are decided."]
    assert verdicts(checked) == {2: "new", 3: "new", 4: "new", 5: "unchanged", 6: "left_out"}


def test_row_that_repeats_one_above_is_recorded_or_left_out(manager, press):
    made = sent(manager, "city;country;kind\nErfurt;Germany;sister\nErfurt;DE;sister\n")
    press(f"/en/staff/imports/{made.pk}/columns/", "form--wide")
    shown = page(manager.get(f"/en/staff/imports/{made.pk}/")).of_class("will__row")[1]
    decide(manager, made, answer_3="new")

    assert "The same city and kind as in row 2 of this table." in shown.words
    assert [one["value"] for one in shown.all if one["type"] == "radio"] == ["new", "leave"]
    assert verdicts(made) == {2: "new", 3: "new"}


def test_answer_for_one_row_leaves_the_others(manager, checked):
    decide(manager, checked, answer_3="place:12")

    assert verdicts(checked)[4] == "question"


def test_row_that_was_left_out_is_taken_after_all(manager, checked):
    decide(manager, checked, answer_6="leave")
    decide(manager, checked, answer_6="")

    assert verdicts(checked)[6] == "wrong"


@pytest.mark.parametrize(
    ("wish", "left"), [("leave:wrong", {6}), ("leave:question", {3, 4}), ("leave:new", set()), ("leave:", set())]
)
def test_rows_that_stand_against_it_are_left_out_at_once(manager, checked, wish, left):
    manager.post(f"/en/staff/imports/{checked.pk}/", {"go": wish})

    assert {number for number, verdict in verdicts(checked).items() if verdict == "left_out"} == left


@pytest.mark.parametrize("answer", ["place:1", "city:999999", "agreement:x", "nonsense", "\0", "new" * 300])
def test_answer_that_is_none_is_told(manager, checked, answer):
    response = decide(manager, checked, answer_3=answer, answer_x="new", answer_99999999999="new")

    assert len(messages(response)) == 1
    assert verdicts(checked)[3] == "question"


def test_answers_that_could_not_be_kept_stand_on_the_page_again(manager, checked):
    response = decide(manager, checked, answer_3="place:12", answer_4="nonsense")
    (chosen,) = [one for one in page(response).named("input") if "checked" in one.attributes and one["type"] == "radio"]

    assert (chosen["name"], chosen["value"]) == ("answer-3", "place:12")
    assert verdicts(checked)[3] == "question"


@pytest.mark.parametrize(
    ("end", "typed", "shown"),
    [
        ("columns/", {"keep": "of the ministry"}, b'value="of the ministry"'),
        ("", {"answer-3": "place:12"}, b'value="place:12" checked'),
    ],
)
def test_what_was_typed_comes_back_after_signing_in(manager, checked, end, typed, shown):
    address = f"/en/staff/imports/{checked.pk}/{end}"
    owner = next(one["value"] for one in page(manager.get(address)).named("input") if one["name"] == "owner")
    manager.logout()
    form = fields(manager.post(address, typed | {"owner": owner}), "sign-in__form")
    signed_in = form | {"username": "manager", "password": "a long enough password"}
    response = manager.post("/en/accounts/login/", signed_in, follow=True)

    assert response.request["PATH_INFO"] == address
    assert shown in response.content
    assert "What you typed is here; it is not saved yet." in page(response).one("main").words


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_wrong_rows_are_downloaded_with_their_reasons(manager, checked, ending):
    response = manager.get(f"/en/staff/imports/{checked.pk}/wrong.{ending}")
    content = b"".join(response.streaming_content)

    if ending == "xlsx":
        (heads, row) = load_workbook(io.BytesIO(content)).active.iter_rows(values_only=True)
        assert heads[1:] == ("city", "country", "kind", "date of signing")
        assert row[1:] == ("Baku", "Azerbaijan", "friendship", "c. 1980")
    else:
        assert b"c. 1980" in content
        assert b"Erfurt" not in content


def many(count: int) -> Import:
    """An import with `count` rows of each sort, without a process."""
    record = Import.objects.create(name="many.csv", stage="checked", headings=["city"], fields=["city"])
    cities = [factories.city() for _number in range(min(count, 3))]
    wrong = [{"column": 0, "fa": "نادرست", "en": "wrong"}]
    rows = []
    for number in range(count):
        city = cities[number % len(cities)]
        candidates = [
            {"key": f"city:{city.pk}", "fa": "شهر", "en": "City"},
            {"key": f"place:{11 + number % 2}", "fa": "جا", "en": "Place"},
        ]
        for at, verdict in enumerate(("question", "wrong", "new")):
            rows.append(
                ImportRow(
                    of=record,
                    number=2 + number * 3 + at,
                    cells=[f"City {number}"],
                    verdict=verdict,
                    candidates=candidates if verdict == "question" else [],
                    problems=wrong if verdict == "wrong" else [],
                    differences=[{"field": "signed", "before": "", "after": "AD 2009"}],
                )
            )
    ImportRow.objects.bulk_create(rows)
    return record


def test_pages_cost_the_same_for_few_rows_and_many(manager):
    found = {}
    for count in (1, 300):
        record = many(count)
        for end in ("", "?verdict=question", "columns/"):
            with CaptureQueriesContext(connection) as queries:
                assert manager.get(f"/en/staff/imports/{record.pk}/{end}").status_code == 200
            found.setdefault(end, []).append(len(queries))
        Import.objects.filter(pk=record.pk).update(stage="taken", taken_at=timezone.now())
        with CaptureQueriesContext(connection) as queries:
            assert manager.get(f"/en/staff/imports/{record.pk}/").status_code == 200
        found.setdefault("taken", []).append(len(queries))

    assert found == {"": [15, 15], "?verdict=question": [14, 14], "columns/": [11, 11], "taken": [13, 13]}


# --- Taking and undoing ----------------------------------------------------------------------------------------


@pytest.fixture
def ready(manager, checked) -> Import:
    """The import with every row decided."""
    decide(manager, checked, answer_3="place:12", alike_3="on", answer_6="leave")
    return checked


def test_import_is_taken_with_a_reason_and_undone(manager, press, ready):
    address = f"/en/staff/imports/{ready.pk}/"
    asked = manager.get(f"{address}take/")
    promised = [one.words for one in page(asked).of_class("unknowns")[0].all if one.name == "li"]
    refused = press(f"{address}take/", reason="")
    press(f"{address}take/", reason="council’s letter")
    response = manager.get(address)

    assert promised == [
        "3 new agreements are recorded.",
        "2 cities are made for it.",
        "2 rows change nothing.",
        "New ones are drafts: nobody sees them before somebody who may publish does so.",
    ]
    assert errors(refused) == ["Reason: Say why: it stands in the history of each record."]
    assert sorted(map(str, City.objects.filter(geonames_id__isnull=False))) == ["Erfurt", "Springfield"]
    assert [one.words for one in page(response).of_class("figure__value")] == ["3", "0", "2"]
    numbers = Agreement.objects.filter(partner__name_en="Springfield").values_list("number", flat=True)
    links = [one["href"] for one in page(response).named("a")]
    assert len(numbers) == 2
    assert {f"/en/staff/partnerships/{number}/" for number in numbers} < {*links}
    assert Agreement.history.filter(history_change_reason__contains="council’s letter").count() == 3

    press(f"{address}undo/", reason="wrong list")
    ready.refresh_from_db()
    assert ready.stage == "undone"
    assert Agreement.objects.count() == 2
    assert "It was undone" in page(manager.get(address)).one("main").words


def test_second_click_takes_nothing_twice(manager, press, ready, django_capture_on_commit_callbacks):
    address = f"/en/staff/imports/{ready.pk}/take/"
    form = fields(manager.get(address)) | {"reason": "once"}
    for _click in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            response = manager.post(address, form, follow=True)

    assert messages(response) == ["“\u2068list.csv\u2069” is taken."]
    assert Agreement.objects.count() == 5


def test_page_that_promises_something_else_by_now_asks_again(manager, ready):
    address = f"/en/staff/imports/{ready.pk}/take/"
    form = fields(manager.get(address)) | {"reason": "once"}
    ready.rows.get(number=2).decide({"duplicate": "leave"})
    response = manager.post(address, form)

    assert response.status_code == 200
    assert Agreement.objects.count() == 2


def test_import_with_open_rows_cannot_be_taken(manager, checked):
    response = manager.get(f"/fa/staff/imports/{checked.pk}/take/")

    assert "ردیف‌هایی نادرست‌اند یا تکلیفشان روشن نیست" in page(response).one("main").words
    assert page(response).named("textarea") == []


def test_import_that_was_not_taken_is_discarded(manager, press, checked):
    press(f"/en/staff/imports/{checked.pk}/delete/")
    again = manager.post(f"/en/staff/imports/{checked.pk}/delete/", {})

    assert Import.objects.count() == 0
    assert again["Location"] == "/en/staff/imports/"


def test_import_that_was_taken_is_not_discarded(manager, checked):
    Import.objects.filter(pk=checked.pk).update(stage="taken", taken_at=timezone.now())
    manager.post(f"/en/staff/imports/{checked.pk}/delete/", {"version": "0", "reason": ""})

    assert Import.objects.count() == 1


def test_import_that_somebody_takes_meanwhile_is_not_discarded(checked):
    Import.objects.filter(pk=checked.pk).update(progress="running", last_word=timezone.now())

    with pytest.raises(ValidationError):
        checked.discard()
    assert (Import.objects.count(), checked.rows.count() > 0) == (1, True)


# --- Long work -------------------------------------------------------------------------------------------------


def at_work(record, **values) -> str:
    """Let a process be at it; the address of the import."""
    given = {"progress": "running", "done": 40, "total": 100, "last_word": timezone.now(), "stage": "columns"} | values
    Import.objects.filter(pk=record.pk).update(**given)
    return f"/en/staff/imports/{record.pk}/"


def test_progress_is_told_with_and_without_a_script(manager, checked):
    address = at_work(checked)
    whole, part = manager.get(address), manager.get(address, headers={"HX-Request": "true"})

    assert "40 of 100 rows" in page(whole).one("main").words
    assert b'<noscript><meta http-equiv="refresh" content="3"></noscript>' in whole.content
    assert part.content.decode().startswith('<div id="how-far" hx-get=')
    assert b"<html" not in part.content


def test_end_of_the_work_leads_on(manager, checked):
    part = manager.get(f"/en/staff/imports/{checked.pk}/", headers={"HX-Request": "true"})

    assert part["HX-Redirect"] == f"/en/staff/imports/{checked.pk}/"


def test_work_is_cancelled(manager, checked):
    address = at_work(checked)
    response = manager.post(f"{address}cancel/", follow=True)

    checked.refresh_from_db()
    assert checked.cancel_asked
    assert "It will stop in a moment" in page(response).one("main").words


def test_silent_work_is_started_again(manager, checked, django_capture_on_commit_callbacks):
    address = at_work(checked, last_word=timezone.now() - SILENCE - timedelta(seconds=1))
    asked = manager.get(address)
    with django_capture_on_commit_callbacks(execute=True):
        manager.post(f"{address}again/")

    assert "Nothing has been heard of it for a minute" in page(asked).one("main").words
    checked.refresh_from_db()
    assert (checked.stage, checked.progress) == ("checked", "done")


# --- A home for the register -----------------------------------------------------------------------------------


@pytest.fixture
def homeless(db) -> Guarded:
    """A manager of a register without a home city."""
    factories.country("DE")
    factories.place(name="Erfurt", name_fa="ارفورت", geonames_id=21, country="DE", population=218_793)
    factories.place(name="Erfurt", name_fa="", geonames_id=22, admin1="07", population=20_000)
    client = Guarded()
    client.force_login(factories.manager())
    return client


@pytest.mark.parametrize("language", ["fa", "en"])
def test_desk_without_a_home_city_leads_to_its_choice(homeless, language):
    links = [one["href"] for one in page(homeless.get(f"/{language}/staff/")).one("main").all if one.name == "a"]
    found = page(homeless.get(f"/{language}/staff/home-city/?q=erfurt"))

    assert f"/{language}/staff/home-city/" in links
    assert [one["href"] for one in found.of_class("picker__place")] == [
        f"/{language}/staff/home-city/?place=21",
        f"/{language}/staff/home-city/?place=22",
    ]
    assert (
        say(language, "This register has no home city yet.")
        in page(homeless.get(f"/{language}/staff/imports/add/")).one("main").words
    )


def test_home_city_is_chosen_and_the_site_bears_its_name(homeless):
    address = "/en/staff/home-city/?place=21"
    form = fields(homeless.get(address))
    response = homeless.post(address, form)
    again = homeless.post(address, form)

    home = City.objects.home()
    assert (form["name_fa"], form["name_en"]) == (["ارفورت"], ["Erfurt"])
    assert (home.name_fa, home.country_id, home.geonames_id) == ("ارفورت", "DE", 21)
    assert response["Location"] == again["Location"] == "/en/staff/imports/add/"
    assert City.objects.count() == 1
    assert page(homeless.get("/fa/")).one("title").words == "دفتر – شهرهای خواهرخوانده ارفورت"


def test_home_city_needs_a_name_in_both_languages(homeless):
    address = "/en/staff/home-city/?place=22"
    response = homeless.post(address, fields(homeless.get(address)))

    assert errors(response) == ["Name in Persian: This field is required."]
    assert City.objects.home() is None


def test_home_city_gives_way_as_long_as_no_agreement_is_recorded(homeless):
    for place, name in ((21, "ارفورت"), (22, "ارفورت دیگر")):
        address = f"/en/staff/home-city/?place={place}"
        homeless.post(address, fields(homeless.get(address)) | {"name_fa": name})

    assert City.objects.home().geonames_id == 22
    factories.agreement()
    refused = homeless.post("/en/staff/home-city/?place=21", {"name_fa": "ارفورت", "name_en": "Erfurt"})
    assert City.objects.home().geonames_id == 22
    assert "It remains so." in page(refused).one("main").words
    assert page(homeless.get("/en/staff/home-city/")).named("search") == []


def test_place_that_does_not_exist_is_told(homeless):
    for asked in ("999", "x", "۹" * 40):
        response = homeless.get("/en/staff/home-city/", {"place": asked})
        assert messages(response) == ["There is no such place in the gazetteer. Look it up by its name."]
        assert homeless.post("/en/staff/home-city/?place=x", follow=True).status_code == 200
