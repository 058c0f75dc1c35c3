"""The rules that the database keeps: each is broken round the form, and each is put into words in both languages."""

import copy
from dataclasses import dataclass
from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils.translation import override


class Rule:
    """A named constraint, what it says, and the breaches of it: values that break it in a record that is valid.

    A value may be a function of the record. `columns` are those of a unique constraint, by which SQLite calls it.
    """

    def __init__(self, name: str, english: str, persian: str, *breaches: dict[str, Any], columns: str = "") -> None:
        self.name, self.words, self.breaches = name, {"en": english, "fa": persian}, breaches
        self.said_by_database = rf"\b{name}\b" + (rf"|\b{columns}\b" if columns else "")

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True)
class Case:
    """A record that is valid, and the values by which a copy of it would be another record."""

    record: models.Model
    another: dict[str, Any]

    def broken(self, breach: dict[str, Any], **values: Any) -> models.Model:
        """A copy that is not stored, with `values` and the breach."""
        record = copy.copy(self.record)
        record._state = copy.copy(record._state)
        record._state.adding = True
        for name, value in {**self.another, **values}.items():
            setattr(record, name, value)
        for name, value in breach.items():
            setattr(record, name, value(record) if callable(value) else value)
        return record


def assert_update_refused(rule: Rule, case: Case) -> None:
    """The database refuses the rule's breaches by `QuerySet.update`, and says which rule it is."""
    stored = type(case.record)._base_manager.filter(pk=case.record.pk)
    before = stored.values().get()
    for breach in rule.breaches:
        values = {name: value(case.record) if callable(value) else value for name, value in breach.items()}
        with pytest.raises(IntegrityError, match=rule.said_by_database), transaction.atomic():
            stored.update(**values)
        assert stored.values().get() == before


def assert_creation_refused(rule: Rule, case: Case) -> None:
    """The database refuses a new record with the breach by `bulk_create`, which no `save` and no `clean` sees."""
    records = type(case.record)._base_manager
    before = records.count()
    for breach in rule.breaches:
        with pytest.raises(IntegrityError, match=rule.said_by_database), transaction.atomic():
            records.bulk_create([case.broken(breach, pk=1_000_000)])
        assert records.count() == before


def assert_told(rule: Rule, case: Case) -> None:
    """Validation tells the rule, and no other, in both languages."""
    for breach in rule.breaches:
        for language, words in rule.words.items():
            record = case.broken(breach, pk=1_000_000)
            with override(language):
                with pytest.raises(ValidationError) as caught:
                    record.validate_constraints()
                assert caught.value.messages == [words], caught.value.messages


def constraints(app: str) -> set[str]:
    """The names of all constraints of an app's models."""
    return {one.name for model in apps.get_app_config(app).get_models() for one in model._meta.constraints}
