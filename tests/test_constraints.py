"""The rules that the database keeps: each is broken round the form, and each is put into words in both languages.

The rules stand with the tests of the models that they are of; see tests/constraints.py.
"""

import datetime
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils.translation import override

from sistercities.dates import UncertainDate
from tests.constraints import Case, Rule, bounded, constraints, declared

pytestmark = pytest.mark.django_db

APPS = ("cities", "partnerships")
CASES = {model: make for app in APPS for model, make in declared("CASES", app).items()}
RULES = [(model, rule) for app in APPS for model, rules in declared("RULES", app).items() for rule in rules]
BOUNDED = [(model, name) for model in CASES for name in bounded(model)]
TESTED_ELSEWHERE = {"register_is_one"}

every_rule = pytest.mark.parametrize(("model", "rule"), RULES, ids=[str(rule) for _model, rule in RULES])
every_date = pytest.mark.parametrize(("model", "name"), BOUNDED, ids=[f"{one._meta}.{name}" for one, name in BOUNDED])


@pytest.fixture
def case(model: type[models.Model]) -> Case:
    """A record of the model that breaks no rule."""
    return CASES[model]()


def test_every_constraint_is_broken_below() -> None:
    bounds = {f"{model._meta.model_name}_{name}_has_its_bounds" for model, name in BOUNDED}

    assert {name for app in APPS for name in constraints(app)} == {
        *(rule.name for _model, rule in RULES),
        *bounds,
        *TESTED_ELSEWHERE,
    }


@every_rule
def test_database_refuses_an_update(model: Any, rule: Rule, case: Case) -> None:
    stored = model._base_manager.filter(pk=case.record.pk)
    before = stored.values().get()
    for breach in rule.breaches:
        values = {name: value(case.record) if callable(value) else value for name, value in breach.items()}
        with pytest.raises(IntegrityError, match=rule.said_by_database), transaction.atomic():
            stored.update(**values)
        assert stored.values().get() == before


@every_rule
def test_database_refuses_a_new_record(model: Any, rule: Rule, case: Case) -> None:
    """By `bulk_create`, which no `save` and no `clean` sees."""
    records = model._base_manager
    before = records.count()
    for breach in rule.breaches:
        with pytest.raises(IntegrityError, match=rule.said_by_database), transaction.atomic():
            records.bulk_create([case.broken(breach, pk=1_000_000)])
        assert records.count() == before


@every_rule
def test_rule_is_told_in_both_languages(model: Any, rule: Rule, case: Case) -> None:
    """Validation tells the rule, and no other."""
    for breach in rule.breaches:
        for language, words in rule.words.items():
            record = case.broken(breach, pk=1_000_000)
            with override(language):
                with pytest.raises(ValidationError) as caught:
                    record.validate_constraints()
                assert caught.value.messages == [words], caught.value.messages


@every_date
def test_database_keeps_a_date_and_its_bounds_together(model: Any, name: str, case: Case) -> None:
    stored = model.objects.filter(pk=case.record.pk)
    first, last = f"{name}_first", f"{name}_last"
    date, day = UncertainDate.from_stored("AD 2016"), datetime.date(2016, 5, 22)
    stored.update(**{name: None, first: None, last: None})

    for halved in (
        {name: date},
        {first: day, last: day},
        {name: date, first: day},
        {name: date, last: day},
        {name: date, first: day, last: day - datetime.timedelta(days=1)},
    ):
        with (
            pytest.raises(IntegrityError, match=f"{model._meta.model_name}_{name}_has_its_bounds"),
            transaction.atomic(),
        ):
            stored.update(**halved)
    stored.update(**{name: date, first: date.first, last: date.last})


@every_date
def test_rule_of_bounds_is_in_both_languages(model: Any, name: str) -> None:
    told = f"{model._meta.model_name}_{name}_has_its_bounds"
    rule = next(one for one in model._meta.constraints if one.name == told)
    words = {}
    for language in ("en", "fa"):
        with override(language):
            words[language] = str(rule.get_violation_error_message())

    assert words == {
        "en": "A date and its first and last possible day are known together.",
        "fa": "هر تاریخ با نخستین و واپسین روز ممکنش شناخته می‌شود.",
    }
