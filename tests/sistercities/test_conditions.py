"""Conditions of constraints as they are told without the database: never that one holds which the database refuses."""

import pytest
from django.db import models

from sistercities.conditions import holds
from tests.constraints import declared

pytestmark = pytest.mark.django_db

ASKED_OF_THE_DATABASE = {"country_code_is_two_capitals"}
"""A pattern is for the database to tell."""

APPS = ("cities", "partnerships")
CASES = {model: make for app in APPS for model, make in declared("CASES", app).items()}
RULES = [(model, rule) for app in APPS for model, rules in declared("RULES", app).items() for rule in rules]


@pytest.mark.parametrize("model", CASES, ids=[model.__name__ for model in CASES])
def test_every_condition_holds_of_a_record_that_is_valid(model: type[models.Model]) -> None:
    record = CASES[model]().record
    checks = [one for one in model._meta.constraints if isinstance(one, models.CheckConstraint)]

    assert {one.name for one in checks if not holds(one.condition, record)} <= ASKED_OF_THE_DATABASE


@pytest.mark.parametrize("model", CASES, ids=[model.__name__ for model in CASES])
def test_no_condition_holds_of_a_record_that_breaks_it(model: type[models.Model]) -> None:
    case, named = CASES[model](), {one.name: one for one in model._meta.constraints}
    rules = [rule for of, rule in RULES if of is model and isinstance(named[rule.name], models.CheckConstraint)]

    assert [
        rule.name
        for rule in rules
        for breach in rule.breaches
        if holds(named[rule.name].condition, case.broken(breach))
    ] == []
