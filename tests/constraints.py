"""The rules that the database keeps, as the tests of each model declare them."""

import copy
import importlib
import pkgutil
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import models


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


def declared(name: str, app: str) -> dict[type[models.Model], Any]:
    """What the test modules of an app declare under `name`, by model: `RULES` or `CASES`.

    A module that tests a model gives the model's rules in `RULES`, and in `CASES` how a valid record of it is made;
    tests/test_constraints.py then breaks every rule in every way.
    """
    package = importlib.import_module(f"tests.{app}")
    found: dict[type[models.Model], Any] = {}
    for module in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
        for model, given in getattr(importlib.import_module(module.name), name, {}).items():
            assert model not in found, f"two modules give {name} of {model.__name__}"
            found[model] = given
    return found


def constraints(app: str) -> set[str]:
    """The names of all constraints of an app's models."""
    return {one.name for model in apps.get_app_config(app).get_models() for one in model._meta.constraints}


def bounded(model: type[models.Model]) -> list[str]:
    """The names of a model's dates that the database keeps together with their first and last possible day."""
    kept = {one.name for one in model._meta.constraints}
    return [one.name for one in model._meta.fields if f"{model._meta.model_name}_{one.name}_has_its_bounds" in kept]
