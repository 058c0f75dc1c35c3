"""The conditions of constraints, asked of a record without asking the database.

Django asks the database once for each constraint of each record that is checked, some twenty times for an agreement:
that is most of what checking costs. What holds by what the record says need not be asked. What does not, or what cannot
be told here, is asked of the database as ever; and whatever anybody thinks, the database keeps its constraints itself.
"""

import operator
from collections.abc import Callable
from typing import Any

from django.db import models
from django.db.models import F, Q

_COMPARED: dict[str, Callable[[Any, Any], bool]] = {
    "exact": operator.eq,
    "in": lambda value, those: value in those,
    "gt": operator.gt,
    "gte": operator.ge,
    "lt": operator.lt,
    "lte": operator.le,
}


def holds(condition: Q, record: models.Model) -> bool:
    """Whether the condition of a constraint certainly holds of a record, as in SQL where a value is not known."""
    try:
        return _truth(condition, record) is not False
    except (_Unknown, TypeError):
        return False


class _Unknown(Exception):
    """Something is asked that only the database can tell."""


def _truth(condition: Q, record: models.Model) -> bool | None:
    """None where something is compared that is not known."""
    if condition.connector not in (Q.AND, Q.OR):
        raise _Unknown
    parts = [_truth(part, record) if isinstance(part, Q) else _comparison(record, part) for part in condition.children]
    decisive = condition.connector == Q.OR
    truth = decisive if decisive in parts else None if None in parts else not decisive
    return not truth if condition.negated and truth is not None else truth


def _comparison(record: models.Model, part: Any) -> bool | None:
    if not isinstance(part, tuple):
        raise _Unknown
    path, value = part
    name, _separator, lookup = path.partition("__")
    stored = _stored(record, name)
    if lookup == "isnull":
        return (stored is None) == value
    if lookup and lookup not in _COMPARED:
        raise _Unknown
    if isinstance(value, F):
        value = _stored(record, value.name)
    elif hasattr(value, "resolve_expression"):
        raise _Unknown
    if stored is None or value is None:
        return None
    return _COMPARED[lookup or "exact"](stored, value)


def _stored(record: models.Model, name: str) -> Any:
    """What the record's column would hold."""
    column = record._meta.pk if name == "pk" else record._meta.get_field(name)
    value = getattr(record, column.attname)
    return column.get_prep_value(value) if value is None or not column.is_relation else value
