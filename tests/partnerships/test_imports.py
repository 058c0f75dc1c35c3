"""Tables on their way into the register: rows judged, taken together or not at all, and taken back."""

import datetime
import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.translation import override

from cities.models import City
from partnerships import editing, imports
from partnerships.models import Agreement, ColumnMatch, Import, ImportRow, Register, Source
from sistercities.long_work import SILENCE, Cancelled
from sistercities.spreadsheets import csv_lines
from tests import factories
from tests.constraints import Case, Rule

pytestmark = pytest.mark.django_db


def _import() -> Case:
    return Case(Import.objects.create(name="list.csv", taken_at=timezone.now()), {})


def _row() -> Case:
    import_ = Import.objects.create(name="list.csv")
    ImportRow.objects.create(of=import_, number=2)
    return Case(ImportRow.objects.create(of=import_, number=3), {"number": 4})


def _match() -> Case:
    return Case(ColumnMatch.objects.create(name="list of the ministry"), {"name": "another list"})


CASES = {Import: _import, ImportRow: _row, ColumnMatch: _match}

RULES = {
    Import: [
        Rule(
            "import_stage_is_known",
            "Choose one of the stages.",
            "یکی از مرحله‌ها را برگزینید.",
            {"stage": "sent"},
        ),
        Rule(
            "import_taken_before_undone",
            "Only an import that was taken can be undone.",
            "تنها درون‌ریزی‌ای برگرداندنی است که ثبت شده باشد.",
            {"taken_at": None, "undone_at": timezone.now()},
        ),
    ],
    ImportRow: [
        Rule(
            "importrow_number_once",
            "This row is there already.",
            "این ردیف پیش‌تر آمده است.",
            {"number": 2},
            columns="partnerships_importrow.of_id, partnerships_importrow.number",
        ),
        Rule(
            "importrow_verdict_is_known",
            "Choose one of the verdicts.",
            "یکی از نتیجه‌ها را برگزینید.",
            {"verdict": "odd"},
        ),
    ],
    ColumnMatch: [
        Rule("columnmatch_has_a_name", "Give the match a name.", "برای این تطبیق نامی بنویسید.", {"name": ""}),
    ],
}


def received(table: str | bytes, by: Any = None, **defaults: str) -> Import:
    """The import of a table, with the match that is guessed."""
    content = table if isinstance(table, bytes) else table.encode()
    made = Import.receive(content, "list.csv", by, "en")
    made.match(made.fields, defaults)
    return made


def done(import_: Import, asked: Callable[..., None], *args: Any, **kwargs: Any) -> Import:
    """The import after what was asked of it was done."""
    import_.is_done_here = True
    asked(*args, **kwargs)
    import_.run()
    import_.refresh_from_db()
    return import_


def checked(table: str | bytes, by: Any = None, **defaults: str) -> Import:
    """As `received`, with every row judged."""
    import_ = received(table, by, **defaults)
    return done(import_, import_.check_rows, by)


def verdicts(import_: Import) -> dict[int, str]:
    return dict(import_.rows.values_list("number", "verdict"))


def row(import_: Import, number: int) -> ImportRow:
    return import_.rows.get(number=number)


def stored() -> dict[str, int]:
    """How much the register holds, history included."""
    models = (Agreement, Source, City, Agreement.history.model, Source.history.model, City.history.model)
    return {model._meta.label: model._base_manager.count() for model in models} | {
        "last number": Register.objects.values_list("last_number", flat=True).first() or 0
    }


@pytest.fixture
def world(db: None) -> None:
    """A home city, Istanbul and Baku with an agreement each, and a gazetteer with homonyms."""
    factories.country("DE")
    factories.home_city()
    factories.agreement(partner=factories.istanbul(), kind="sister", status="in_force", signed="SH 1380")
    factories.agreement(partner=factories.baku(), kind="sister", status="ended", status_reason_en="as agreed")
    for name, country, point in (
        ("Erfurt", "DE", (50.98, 11.03)),
        ("Kazan", "RU", (55.79, 49.12)),
        ("Springfield", "TR", (40.0, 30.0)),
        ("Springfield", "TR", (38.0, 40.0)),
    ):
        factories.place(name=name, country=country, latitude=point[0], longitude=point[1])


LIST = """city,country,kind,status,signed,latitude,longitude,url,what the source says,published
Erfurt,Germany,sister,in force,خرداد ۹۵,,,,,
Erfurt,آلمان,friendship,,2009,,,,,
Erfurt,Deutschland,sister,,2011,,,,,
Istanbul,TR,sister,,1996,,,,,
İstanbul,TR,sister,,SH 1380,,,,,
Baku,AZ,sister,,2020,,,,,
Springfield,TR,sister,,13 April 2013,,,,,
Nowhere,DE,contact,,,50.0,10.0,,,
Nowhere else,DE,contact,,,,,,,
Kazan,Russia,sister,,c. 1980,,,,,
Kazan,Russia,friendship,in force,,,,,,
Kazan,Russia,project,in force,,,,https://example.org/1,It was signed.,
Kazan,Atlantis,sister,,,,,,,
Tabriz,Iran,sister,,,,,,,
Kazan,Russia,contact,,,,,,,yes
Kazan,Russia,twinned,,,95,10,,,
"""


def test_rows_are_judged(world: None) -> None:
    import_ = checked(LIST)

    assert verdicts(import_) == {
        2: "new",
        3: "new",  # of another kind: raised later
        4: "duplicate",  # of row 2
        5: "duplicate",  # of an agreement
        6: "unchanged",  # says nothing else than that agreement
        7: "new",  # what was before has ended
        8: "question",
        9: "new",  # made of the row
        10: "wrong",
        11: "wrong",
        12: "wrong",
        13: "new",
        14: "wrong",
        15: "wrong",
        16: "wrong",
        17: "wrong",
    }
    offered = {number: [one["key"] for one in row(import_, number).candidates] for number in (4, 5, 8)}
    number = Agreement.objects.get(partner__slug="istanbul").number
    assert offered[4] == ["row:2"]
    assert offered[5] == [f"agreement:{number}"]
    assert sorted(key.partition(":")[0] for key in offered[8]) == ["place", "place"]
    columns = {one.number: [import_.headings[p["column"]] for p in one.problems] for one in import_.rows.wrong()}
    assert columns == {
        10: ["city"],
        11: ["signed"],
        12: ["status"],
        14: ["country"],
        15: ["city"],
        16: ["published"],
        17: ["kind"],
    }
    assert row(import_, 12).problems[0] | {"column": None} == {
        "column": None,
        "en": "An agreement in force needs a date of signing or a source that supports it.",
        "fa": "پیمان جاری باید تاریخ امضا یا منبعی داشته باشد که گواه آن باشد.",
    }
    assert row(import_, 2).differences == [
        {"field": "kind", "before": "", "after": "sister"},
        {"field": "status", "before": "", "after": "in_force"},
        {"field": "signed", "before": "", "after": "خرداد ۹۵"},
    ]


def test_a_row_whose_cells_have_moved_is_told(world: None) -> None:
    import_ = checked("city,country,kind,signed\nErfurt,DE,sister,2009\nKazan,RU,2010\nKazan,RU,sister,2011,x\n,,,\n")

    told = {
        one.number: [(p["column"], p["en"]) for p in one.problems if p["column"] is None]
        for one in import_.rows.wrong()
    }
    assert told == {
        3: [(None, "This row has 3 cells, and there are 4 columns.")],
        4: [(None, "This row has 5 cells, and there are 4 columns.")],
    }


def test_checking_writes_nothing_to_the_register(world: None) -> None:
    before = stored()

    import_ = checked(LIST)

    assert (import_.stage, import_.progress, stored()) == ("checked", "done", before)


def test_checking_many_rows_asks_no_more_than_a_few(world: None) -> None:
    domain = factories.domain("cultural")
    queries = {}
    for many in (2, 40):
        for _ in range(many):
            factories.agreement(predecessor=Agreement.objects.first()).domains.add(domain)
        lines = [f"{number},,cultural,2" for number in Agreement.objects.values_list("number", flat=True)[2:]]
        lines += [f",Erfurt,{kind}," for kind in ("sister", "friendship", "project", "contact")] * (many // 2)
        import_ = received("number,city,domains,predecessor\n" + "\n".join(lines))
        with CaptureQueriesContext(
            connection,
        ) as asked:
            imports.Checking(import_).judge(list(import_.rows.select_related("of")))
        queries[many] = len(asked)

    assert queries[2] == queries[40]


def test_taking_writes_all_with_who_and_why(world: None) -> None:
    manager = factories.manager()
    domain = factories.domain("cultural")
    last = Register.objects.get().last_number
    table = (
        "city,country,kind,signed,domains,url,what the source says,published,name_fa,name_en\n"
        "Erfurt,DE,friendship,2009,cultural,https://example.org/1,It was signed.,yes,پیمان ارفورت,\n"
        "Erfurt,DE,sister,2011,,,,,,\n"
        "Kazan,RU,sister,1987-12-07,,,,,,\n"
    )
    import_ = checked(table, manager)
    assert verdicts(import_) == {2: "new", 3: "new", 4: "new"}

    done(import_, import_.take, manager, "the council's list")

    assert (import_.stage, import_.taken_by, import_.progress) == ("taken", manager, "done")
    made = list(Agreement.objects.filter(number__gt=last).order_by("number"))
    assert [(one.number, one.kind, one.partner.name_en) for one in made] == [
        (last + 1, "friendship", "Erfurt"),
        (last + 2, "sister", "Erfurt"),
        (last + 3, "sister", "Kazan"),
    ]
    assert [row(import_, number).agreement for number in (2, 3, 4)] == made
    assert City.objects.filter(name_en="Erfurt").count() == 1
    first = made[0]
    assert (first.publication, first.published_by, first.name_en) == (
        "published",
        manager,
        "Friendship and cooperation agreement of Tabriz and Erfurt",
    )
    assert [*first.domains.all()] == [domain]
    assert [source.url for source in first.sources.all()] == ["https://example.org/1"]
    entries = [
        (entry.history_type, entry.history_user, entry.history_change_reason)
        for record in (first, first.partner, first.sources.get())
        for entry in record.history.all()
    ]
    assert entries == [("+", manager, "Import of list.csv: the council's list")] * 3
    assert [one.domain for one in first.history.get().domains.all()] == [domain]
    assert first.search_text == Agreement.objects.get(pk=first.pk).search_text != ""


def test_a_row_that_fails_in_the_middle_leaves_nothing(world: None, monkeypatch: pytest.MonkeyPatch) -> None:
    table = "city,country,kind\nErfurt,DE,sister\nErfurt,DE,friendship\nKazan,RU,sister\n"
    import_ = checked(table)
    before = stored()
    sign = imports.Taking.sign

    def spoil(taking: imports.Taking, one: imports.Judged) -> None:
        sign(taking, one)
        if one.row.number == 3:
            one.agreement.kind = "nonsense"  # the database refuses it

    monkeypatch.setattr(imports.Taking, "sign", spoil)
    done(import_, import_.take, None, "")

    assert (import_.progress, import_.stage, stored()) == ("failed", "checked", before)
    assert import_.failure == "Somebody changed the register at the same time. Nothing was written: try it again."
    monkeypatch.undo()
    done(import_, import_.take, None, "")
    assert (import_.progress, import_.stage, Agreement.objects.count()) == ("done", "taken", 5)


def test_what_was_changed_since_the_check_is_refused_and_shown(world: None) -> None:
    agreement = Agreement.objects.get(partner__slug="istanbul")
    import_ = checked(f"number,summary_en\n{agreement.number},A text\n,\n")
    import_ = checked(f"number,city,country,summary_en\n{agreement.number},,,A text\n,Erfurt,DE,\n")
    assert verdicts(import_) == {2: "changed", 3: "new"}
    agreement.summary_en = "Another text"
    agreement.save()
    before = stored()

    done(import_, import_.take, None, "")

    assert (import_.progress, import_.stage, stored()) == ("failed", "checked", before)
    changed = row(import_, 2)
    assert changed.differences == [{"field": "summary_en", "before": "Another text", "after": "A text"}]
    assert (
        changed.problems[0]["en"]
        == "The register was changed after this row was checked; it is shown as it stands now."
    )
    done(import_, import_.take, None, "")
    agreement.refresh_from_db()
    assert (import_.stage, agreement.summary_en) == ("taken", "A text")


@pytest.mark.django_db(transaction=True)
def test_two_managers_at_once_take_it_once() -> None:
    factories.home_city()
    factories.place(name="Erfurt", country="DE")
    import_ = checked("city,country\nErfurt,DE\n")
    outcomes: list[str] = []

    def take() -> None:
        try:
            Import.objects.get(pk=import_.pk).take(None, "")
            outcomes.append("taken")
        except ValidationError as error:
            outcomes.extend(error.messages)
        finally:
            connection.close()

    threads = [threading.Thread(target=take) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    refused = {
        "این درون‌ریزی پیش‌تر ثبت شده است.",
        "کاری با این درون‌ریزی در دست است؛ تا پایان آن درنگ کنید.",
        "This import was taken already.",
        "Something is being done with this import. Wait until it is done.",
    }
    assert (Agreement.objects.count(), City.objects.filter(name_en="Erfurt").count()) == (1, 1)
    assert sorted(one == "taken" for one in outcomes) == [False, True]
    assert {one for one in outcomes if one != "taken"} <= refused


def test_a_process_that_was_killed_can_be_started_again(world: None) -> None:
    import_ = checked("city,country\nErfurt,DE\n")
    Import.objects.update(progress="running", task="take", last_word=timezone.now())
    with override("en"), pytest.raises(ValidationError, match="Something is being done with this import"):
        import_.take(None, "")
    Import.objects.update(last_word=timezone.now() - SILENCE - datetime.timedelta(seconds=1))

    done(import_, import_.take, None, "")

    assert (import_.stage, Agreement.objects.count()) == ("taken", 3)


def test_a_process_that_wakes_up_late_leaves_what_another_has_done(world: None) -> None:
    import_ = checked("city,country\nErfurt,DE\n")
    late = {}
    for task in ("check", "take"):
        Import.objects.update(progress="running", task=task, last_word=timezone.now())
        late[task] = Import.objects.get()
    Import.objects.update(last_word=timezone.now() - SILENCE - datetime.timedelta(seconds=1))
    done(import_, import_.take, None, "")
    before = stored(), verdicts(import_)

    for one in late.values():
        with pytest.raises((Cancelled, ValidationError)):
            one.carry_out()
        one._end(progress="failed")

    import_.refresh_from_db()
    assert (import_.stage, import_.progress, import_.failure) == ("taken", "done", "")
    assert (stored(), verdicts(import_)) == before


def test_what_somebody_records_between_the_check_and_the_taking_is_not_recorded_twice(
    world: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    import_ = checked("city,country,kind\nIstanbul,TR,friendship\nErfurt,DE,sister\n")
    prepare = imports.Taking.prepare
    partner = City.objects.get(slug="istanbul")

    def and_somebody(taking: imports.Taking, kind: str) -> list[imports.Judged]:
        judged = prepare(taking)
        if kind not in Agreement.objects.filter(partner=partner).values_list("kind", flat=True):
            factories.agreement(partner=partner, kind=kind)
        return judged

    monkeypatch.setattr(imports.Taking, "prepare", lambda taking: and_somebody(taking, "friendship"))
    done(import_, import_.take, None, "")
    assert (import_.progress, import_.stage, verdicts(import_)) == ("failed", "checked", {2: "unchanged", 3: "new"})
    monkeypatch.setattr(imports.Taking, "prepare", lambda taking: and_somebody(taking, "contact"))
    done(import_, import_.take, None, "")

    assert (import_.stage, import_.failure) == ("taken", "")
    assert Agreement.objects.filter(partner=partner, kind="friendship").count() == 1


def test_checking_can_be_cancelled(world: None) -> None:
    import_ = received("city,country\nErfurt,DE\n")
    import_.is_done_here = True
    import_.check_rows(None)
    import_.cancel()

    import_.run()

    import_.refresh_from_db()
    assert (import_.progress, import_.stage) == ("cancelled", "columns")


def test_undoing_leaves_the_register_as_it_was_and_tells(world: None) -> None:
    manager = factories.manager()
    old = Agreement.objects.get(partner__slug="istanbul")
    old.domains.add(factories.domain("cultural"))
    before = editing.said_of(Agreement.objects.get(pk=old.pk))
    table = (
        "number,city,country,kind,summary_en,domains,url,what the source says,published,name_fa\n"
        f"{old.number},,,sister,New text,,https://example.org/1,It says so.,,\n"
        ",Erfurt,DE,sister,,,https://example.org/2,It says so.,,\n"
        ",Kazan,RU,sister,,,,,yes,پیمان قازان\n"
    )
    import_ = checked(table, manager)
    done(import_, import_.take, manager, "a list")
    last = Register.objects.get().last_number
    draft, public = row(import_, 3).agreement, row(import_, 4).agreement

    done(import_, import_.undo, manager, "the wrong list")

    assert (import_.stage, import_.undone_by, import_.failure) == ("undone", manager, "")
    assert editing.said_of(Agreement.objects.get(pk=old.pk)) == before
    assert not Agreement.objects.filter(pk=draft.pk).exists()
    assert not City.objects.filter(name_en="Erfurt").exists()
    public.refresh_from_db()
    assert (public.publication, public.withdrawal_reason) == (
        "withdrawn",
        "Undoing the import of list.csv: the wrong list",
    )
    assert {one.history_type for one in Agreement.history.filter(id=draft.pk)} == {"+", "-"}
    newest = Agreement.history.filter(id=draft.pk).order_by("-history_id").first()
    assert (newest.history_user, newest.history_change_reason) == (
        manager,
        "Undoing the import of list.csv: the wrong list",
    )
    assert Register.objects.get().last_number == last
    assert factories.agreement().number == last + 1


def test_undoing_refuses_what_was_changed_since_unless_it_is_left(world: None) -> None:
    import_ = checked("city,country,kind\nErfurt,DE,sister\nErfurt,DE,friendship\nKazan,RU,sister\n")
    done(import_, import_.take, None, "")
    changed, noted = row(import_, 2).agreement, row(import_, 3).agreement
    changed.summary_en = "A text of somebody"
    changed.save()
    factories.note(noted)
    before = stored()

    done(import_, import_.undo, None, "")

    assert (import_.progress, import_.stage, stored()) == ("failed", "taken", before)
    assert [row(import_, number).problems[0]["en"] for number in (2, 3)] == [
        "The agreement or its source was changed after the import.",
        "More was recorded of the agreement after the import.",
    ]
    done(import_, import_.undo, None, "", leaving=True)
    assert import_.stage == "undone"
    assert {one.pk for one in Agreement.objects.filter(partner__slug__in=["erfurt", "kazan"])} == {changed.pk, noted.pk}
    assert [*City.objects.filter(slug__in=["erfurt", "kazan"]).values_list("slug", flat=True)] == ["erfurt"]


@pytest.mark.django_db(transaction=True)
def test_undoing_is_not_hindered_by_another_table_that_found_the_agreement() -> None:
    factories.home_city()
    factories.baku()
    table = "city,country,kind\nBaku,AZ,sister\n"
    import_ = checked(table)
    done(import_, import_.take, None, "")
    again = checked(table)
    assert row(again, 2).agreement is not None

    done(import_, import_.undo, None, "")

    assert (import_.stage, import_.failure, Agreement.objects.count()) == ("undone", "", 0)
    assert row(again, 2).agreement is None


def test_undoing_overwrites_nothing_that_somebody_changes_meanwhile(
    world: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    agreement = Agreement.objects.get(partner__slug="istanbul")
    import_ = checked(f"number,summary_en\n{agreement.number},A text\n")
    done(import_, import_.take, None, "")

    def and_somebody(rows: list[ImportRow]) -> dict[ImportRow, Callable[[], str]]:
        changed = Agreement.objects.get(pk=agreement.pk)
        changed.summary_en = "A text of somebody"
        changed.save()
        return {}

    monkeypatch.setattr(imports, "obstacles", and_somebody)
    done(import_, import_.undo, None, "")

    agreement.refresh_from_db()
    assert (import_.stage, import_.progress, agreement.summary_en) == ("taken", "failed", "A text of somebody")


def test_number_zero_is_no_agreement(world: None) -> None:
    import_ = checked("city,country,kind,predecessor\nErfurt,DE,sister,0\n")

    assert [problem["en"] for problem in row(import_, 2).problems] == ["There is no agreement with this number."]


def test_a_decision_is_taken_over_by_rows_that_name_the_city_alike(world: None) -> None:
    import_ = checked("city,country,kind\nSpringfield,TR,sister\nSpringfield,TR,friendship\nSpringfield,,sister\n")
    assert set(verdicts(import_).values()) == {"question"}
    asked = row(import_, 2)
    key = asked.candidates[0]["key"]

    assert asked.decide({"city": key}, everywhere=True) == 2

    assert verdicts(import_) == {2: "new", 3: "new", 4: "question"}
    row(import_, 4).decide({"city": key})
    assert verdicts(import_)[4] == "duplicate"
    assert [one["key"] for one in row(import_, 4).candidates if one["key"].startswith("row:")] == ["row:2"]
    row(import_, 4).decide({"duplicate": "leave"})
    done(import_, import_.take, None, "")
    assert City.objects.filter(name_en="Springfield").count() == 1
    for wrong in (
        {},
        {"city": "city:999999"},
        {"city": f"place:{'9' * 5000}"},
        {"duplicate": "agreement:999"},
        {"undo": "leave"},
    ):
        with pytest.raises(ValidationError):
            row(import_, 2).decide(wrong)


def test_wrong_rows_can_be_mended_and_sent_again(world: None) -> None:
    import_ = checked("شهر,کشور,تاریخ امضا\nErfurt,آلمان,حدود ۱۳۶۰\nKazan,RU,۱۳۶۶\n")
    with override("fa"):
        lines = list(import_.wrong_rows())
    assert [line[1:] for line in lines] == [["شهر", "کشور", "تاریخ امضا"], ["Erfurt", "آلمان", "حدود ۱۳۶۰"]]
    assert lines[1][0] == row(import_, 2).problems[0]["fa"]
    lines[1][3] = "۱۳۶۰"

    again = checked("".join(csv_lines(lines)))

    assert again.fields == ["", "city", "country", "signed"]
    assert verdicts(again) == {2: "new"}


def test_a_match_is_kept_for_the_next_table_and_a_wrong_one_told(world: None) -> None:
    import_ = Import.receive(b"Ort,Staat,Notiz\nErfurt,DE,x\n", "list.csv", None, "en")
    with override("en"), pytest.raises(ValidationError) as caught:
        import_.match(["country", "country", "nonsense"], {"signed": "c. 1980"})
    assert {name: len(reasons) for name, reasons in caught.value.message_dict.items()} == {
        "1": 1,
        "2": 1,
        "signed": 1,
        "__all__": 1,
    }
    import_.match(["city", "country", "summary_en"], {})
    ColumnMatch.keep("Liste", import_, None)

    assert received("NOTIZ,Ort,Staat,kind\nx,Erfurt,DE,sister\n").fields == ["summary_en", "city", "country", "kind"]


def test_what_holds_for_all_rows_is_said_of_new_agreements_alone(world: None) -> None:
    old = Agreement.objects.get(partner__slug="istanbul")
    table = f"number,city,country,kind,url\n{old.number},,,,\n,Erfurt,,friendship,\n,Kazan,RU,,https://example.org/9\n"
    import_ = checked(
        table,
        country="DE",
        kind="project",
        status="in_force",
        source_title_en="The list of 2026",
        source_says_en="It is in the list.",
    )
    assert verdicts(import_) == {2: "changed", 3: "new", 4: "new"}

    done(import_, import_.take, None, "")

    old.refresh_from_db()
    assert (old.kind, [one.title_en for one in old.sources.all()]) == ("sister", ["The list of 2026"])
    erfurt, kazan = row(import_, 3).agreement, row(import_, 4).agreement
    assert (erfurt.kind, erfurt.status, kazan.kind) == ("friendship", "in_force", "project")
    assert [(one.url, one.title_en, one.says_en) for one in kazan.sources.all()] == [
        ("https://example.org/9", "", "It is in the list.")
    ]


def test_a_city_that_is_made_takes_the_names_of_its_row(world: None) -> None:
    table = "city_fa,city_en,country,latitude,longitude\nارفورت,Erfurt,DE,,\nهیچستان,Nowhere,DE,50,10\n"
    import_ = checked(table)

    done(import_, import_.take, None, "")

    made = [(one.name_fa, one.name_en, one.slug) for one in City.objects.filter(slug__in=["erfurt", "nowhere"])]
    assert made == [("ارفورت", "Erfurt", "erfurt"), ("هیچستان", "Nowhere", "nowhere")]
    assert row(import_, 2).agreement.name_fa == "پیمان خواهرخواندگی تبریز و ارفورت"


def test_only_who_may_publish_takes_rows_that_do(world: None) -> None:
    import_ = checked("city,country,published,name_fa\nErfurt,DE,yes,پیمان ارفورت\n")

    with override("en"), pytest.raises(ValidationError, match="which you may not"):
        import_.take(factories.editor(), "")

    done(import_, import_.take, factories.manager(), "")
    assert Agreement.objects.get(partner__slug="erfurt").publication == "published"


def test_a_row_by_number_does_not_change_the_city(world: None) -> None:
    agreement = Agreement.objects.get(partner__slug="istanbul")

    import_ = checked(f"number,city,country,latitude\n{agreement.number},Erfurt,DE,1\n999,Erfurt,DE,1\n")

    told = {one.number: [(p["column"], p["en"][:40]) for p in one.problems] for one in import_.rows.wrong()}
    assert told == {
        2: [(1, f"Agreement {agreement.number} is with Istanbul. Leave the ")],
        3: [(0, "The register has no agreement 999. Leave")],
    }


# --- The command ------------------------------------------------------------------------------------------


@pytest.fixture
def own_list(tmp_path: Any) -> str:
    file = tmp_path / "list.csv"
    file.write_text("Partnerstadt,Land,seit,Form\nKazan,Russland,1988,p\nErfurt,Deutschland,c. 1990,f\n", "utf-8")
    return str(file)


def test_one_command_makes_an_empty_register_a_citys(own_list: str, capsys: pytest.CaptureFixture[str]) -> None:
    places = ("Erfurt", "DE"), ("Kazan", "RU"), ("Lille", "TR"), ("Springfield", "TR"), ("Springfield", "TR")
    for at, (name, country) in enumerate(places):
        factories.place(name=name, country=country, latitude=50.0 + at, longitude=11.0)

    with pytest.raises(CommandError, match="Give its number in GeoNames"):
        call_command("import_agreements", own_list, home="Springfield, TR")
    call_command("import_agreements", own_list, home="Lille, TR", dry_run=True)
    assert (City.objects.count(), Import.objects.count()) == (0, 0)
    with pytest.raises(CommandError, match="1 row is wrong or not decided"):
        call_command("import_agreements", own_list, home="Lille, TR", all=["status=in_force"])
    call_command("import_agreements", own_list, home="Lille, TR", all=["status=in_force"], leave_out=True)

    made = Agreement.objects.get()
    assert (made.home_city.name_en, made.partner.name_en, made.kind, made.status, str(made.signed.year)) == (
        "Lille",
        "Kazan",
        "sister",
        "in_force",
        "1988",
    )
    told = capsys.readouterr()
    assert "row 3: Erfurt | Deutschland | c. 1990 | f" in told.err
    assert "1 row was taken." in told.out
    with pytest.raises(CommandError, match="The home city of this register is Lille"):
        call_command("import_agreements", own_list, home="Kazan, RU")
