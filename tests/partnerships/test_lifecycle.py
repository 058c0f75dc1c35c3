"""The life of an agreement: kinds of milestones, the checklist, and the verbs that change its status."""

from typing import Any

from partnerships.models import Milestone, MilestoneKind
from sistercities.dates import UncertainDate
from tests import factories
from tests.constraints import Case, Rule


def dated(**codes: str) -> dict[str, Any]:
    """Dates together with their bounds, as an update has to give them."""
    values: dict[str, Any] = {}
    for name, code in codes.items():
        date = UncertainDate.from_stored(code)
        values |= {name: date, f"{name}_first": date.first, f"{name}_last": date.last}
    return values


# --- What the database refuses (see tests/test_constraints.py) ----------------------------------------

RULES = {
    MilestoneKind: [
        Rule(
            "milestonekind_has_both_names",
            "A kind of milestone has a name in Persian and in English.",
            "نوع گام به فارسی و انگلیسی نام دارد.",
            {"name_fa": ""},
            {"name_en": ""},
        ),
        Rule(
            "milestonekind_verb_is_known",
            "Choose one of the verbs.",
            "یکی از کنش‌ها را برگزینید.",
            {"verb": "marry"},
        ),
        Rule(
            "milestonekind_verb_once",
            "Another kind of milestone stands for this change of status.",
            "نوع دیگری از گام برای این تغییر وضعیت هست.",
            {"verb": "sign"},
            columns="verb",
        ),
    ],
    Milestone: [
        Rule(
            "milestone_outcome_is_known",
            "Choose one of the outcomes.",
            "یکی از نتیجه‌ها را برگزینید.",
            {"outcome": "forgotten"},
        ),
        Rule(
            "milestone_status_before_is_known",
            "Choose one of the statuses.",
            "یکی از وضعیت‌ها را برگزینید.",
            {"status_before": "expired"},
        ),
        Rule(
            "milestone_answered_with_an_outcome",
            "It has a date on which it was answered or done: say with what outcome.",
            "تاریخ پاسخ یا انجام دارد: نتیجه آن را هم بنویسید.",
            {"outcome": ""},
        ),
        Rule(
            "milestone_answered_after_sent",
            "It cannot be answered or done before it was sent or begun.",
            "پاسخ یا انجام نمی‌تواند پیش از ارسال یا آغاز باشد.",
            dated(sent="AD 2021", answered="AD 2020"),
        ),
    ],
}


def _kind() -> Case:
    factories.milestone_kind("signing", verb="sign")
    return Case(factories.milestone_kind("justification"), {"key": "another"})


def _milestone() -> Case:
    return Case(factories.milestone(factories.agreement(), answered="AD 2020", outcome="done"), {})


CASES = {MilestoneKind: _kind, Milestone: _milestone}
"""How a record of each model is made that breaks no rule."""
