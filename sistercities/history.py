"""A record's history as people read it: who, when and why, and what changed, as was and is.

The columns that only serve the machine (versions, bounds, search text) do not show. Values read as they do
elsewhere: choices by their label, dates in both calendars, related records by their name.
"""

import datetime
import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher
from functools import cached_property
from typing import Any

from django.contrib.auth import get_user_model
from django.core.exceptions import ObjectDoesNotExist
from django.db import models
from django.db.models import OuterRef, Subquery, Value
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import get_language, gettext

from sistercities.dates import Calendar, UncertainDate
from sistercities.fields import FirstDayField, UncertainDateField
from sistercities.rendering import LANGUAGE_BY_SUFFIX
from sistercities.roles import unseen_by
from sistercities.text import LocalText, figures, localize_digits, number

SILENT = frozenset({"id", "version", "submission", "created_at", "updated_at", "home_city"})
"""Columns of which nobody asks how they changed."""

LONG = 60
"""Characters from which on two texts are compared word by word."""

LONGEST = 3_000
"""Words up to which they are: beyond it both stand in full."""

LOOKED_THROUGH = 500
"""Entries of one record among which those of a column are looked for."""

ALIKE = 0.4
"""How much of two texts has to be the same for that: what was written anew reads better in full."""


@dataclass(frozen=True)
class Change:
    """One column that changed. `was` and `now` are as shown, "" when there was nothing; `words` compares long texts."""

    name: str
    label: str
    was: Any
    now: Any

    @cached_property
    def words(self) -> list[tuple[str, str]]:
        """Pieces of a long text, each "same", "added" or "removed"; empty where the two read better side by side."""
        if not (self.was and self.now) or max(len(self.was), len(self.now)) < LONG:
            return []
        old, new = (re.findall(r"\S+\s*|\s+", text) for text in (self.was, self.now))
        if max(len(old), len(new)) > LONGEST:
            return []
        matcher = SequenceMatcher(None, old, new, autojunk=False)
        if matcher.ratio() < ALIKE:
            return []
        pieces: list[tuple[str, str]] = []
        for tag, i, j, k, m in matcher.get_opcodes():
            if tag == "equal":
                pieces.append(("same", "".join(old[i:j])))
            else:
                changed = (("removed", "".join(old[i:j])), ("added", "".join(new[k:m])))
                pieces += [(how, text) for how, text in changed if text]
        return pieces

    @property
    def lang(self) -> str:
        """The language of the text, "" where it has none of its own."""
        return LANGUAGE_BY_SUFFIX.get(self.name[-3:], ("", ""))[0]

    @property
    def dir(self) -> str:
        """The direction of the text, "auto" where it has no language of its own."""
        return LANGUAGE_BY_SUFFIX.get(self.name[-3:], ("", "auto"))[1]


@dataclass(frozen=True)
class Entry:
    """One step: `type` is "+" (recorded), "~" (changed) or "-" (deleted).

    `record` is the record as it was then, not to be saved; `part` names it if it is a part, else it is "".
    """

    record: models.Model
    part: str
    type: str
    at: datetime.datetime
    by: str
    reason: str
    version: int
    changes: list[Change] = field(default_factory=list)
    id: int = 0
    """The key of its historical row."""
    way_back: str = ""
    """The address at which the record is restored as it was then; "" where the reader may not, or it is so now."""


@dataclass(frozen=True)
class Headline:
    """One step in short: what sort of record it was about, `type` as in `Entry`, when, by whom and why."""

    what: str
    type: str
    at: datetime.datetime
    by: str
    reason: str


class RecordHistory:
    """The entries of a record and its parts, newest first; give it to a Paginator or take a slice.

    Each of `parts` is a model with a history and what singles out its entries, as in `(Agreement, {"number": 8})`;
    the first is the record itself. The columns `unseen` do not show. A slice costs the same number of queries however
    long the history is.
    """

    def __init__(self, *parts: tuple[type[models.Model], dict[str, Any]], unseen: frozenset[str] = frozenset()) -> None:
        self.parts = parts
        self.unseen = unseen

    @classmethod
    def as_seen_by(cls, user: Any, *parts: tuple[type[models.Model], dict[str, Any]]) -> "RecordHistory":
        """The history without the parts, and without the columns, that are not for `user`."""
        seen = [
            (model, where)
            for at, (model, where) in enumerate(parts)
            if at == 0 or user.has_perm(f"{model._meta.app_label}.view_{model._meta.model_name}")
        ]
        return cls(*seen, unseen=unseen_by(user))

    @cached_property
    def _length(self) -> int:
        return sum(model.history.filter(**where).count() for model, where in self.parts)

    def __len__(self) -> int:
        return self._length

    def __getitem__(self, at: slice) -> list[Entry]:
        found = []
        for part, (model, where) in enumerate(self.parts):
            newest = model.history.filter(**where).order_by("-history_date", "-history_id")[: at.stop]
            found += [(date, part, entry) for date, entry in newest.values_list("history_date", "history_id")]
        # Of entries of one moment the record's own comes first: its parts are written inside the same step.
        found.sort(key=lambda row: (row[0], -row[1], row[2]), reverse=True)
        chosen = [row[1:] for row in found[at]]
        pairs = [self._pairs(part, [entry for one, entry in chosen if one == part]) for part in range(len(self.parts))]
        names = _names(row for part in pairs for pair in part.values() for row in pair if row is not None)
        return [self._entry(part, *pairs[part][entry], names) for part, entry in chosen]

    def since(self, version: int) -> list[Entry]:
        """What happened after the record was at `version`, newest first; at most the last fifty entries."""
        entries = []
        for entry in self[:50]:
            if not entry.part and entry.version <= version:
                break
            entries.append(entry)
        return entries

    def of_columns(self, names: Iterable[str]) -> list[Entry]:
        """The record's own entries in which one of these columns changed, newest first, with these changes alone.

        The last LOOKED_THROUGH entries are looked through.
        """
        wanted, own = {*names}, type(self)(self.parts[0], unseen=self.unseen)
        told = ((entry, [one for one in entry.changes if one.name in wanted]) for entry in own[:LOOKED_THROUGH])
        return [replace(entry, changes=changes) for entry, changes in told if changes]

    def headlines(self, count: int) -> list[Headline]:
        """The newest `count` entries in short: one query, however many parts there are."""
        columns = ("history_date", "history_id", "history_type", "history_change_reason")
        user = [f"history_user__{name}" for name in ("first_name", "last_name", "username")]
        several = [
            model.history.filter(**where).order_by().annotate(part=Value(part)).values_list(*columns, *user, "part")
            for part, (model, where) in enumerate(self.parts)
        ]
        found = several[0].union(*several[1:], all=True).order_by("-history_date", "part", "-history_id")[:count]
        return [
            Headline(
                what=capfirst(str(self.parts[part][0]._meta.verbose_name)),
                type=type_,
                at=at,
                by=" ".join(filter(None, (first, last))) or username or "",
                reason=reason or "",
            )
            for at, _id, type_, reason, first, last, username, part in found
        ]

    def _pairs(self, part: int, chosen: list[int]) -> dict[int, tuple[models.Model, models.Model | None]]:
        """The historical rows of the entries `chosen` of a part, by id, each with the same record's row before it."""
        if not chosen:
            return {}
        model = self.parts[part][0]
        key = model._meta.pk.attname
        earlier = model.history.filter(**{key: OuterRef(key)}, history_id__lt=OuterRef("history_id"))
        before = dict(
            model.history.filter(history_id__in=chosen)
            .annotate(before=Subquery(earlier.order_by("-history_id").values("history_id")[:1]))
            .values_list("history_id", "before")
        )
        needed = {*before, *before.values()} - {None}
        found = model.history.filter(history_id__in=needed).select_related("history_user")
        rows = {row.history_id: row for row in found}
        for relation in model.history.model._history_m2m_fields:
            for row in rows.values():
                row.__dict__[f"_{relation.name}"] = []
            through = model.history_keeper.m2m_models[relation]
            target = f"{relation.m2m_reverse_field_name()}_id"
            links = through.objects.filter(history_id__in=rows).order_by(target).values_list("history_id", target)
            for entry, other in links:
                rows[entry].__dict__[f"_{relation.name}"].append(other)
        return {entry: (rows[entry], rows.get(before[entry])) for entry in chosen}

    def _entry(self, part, row, before, names) -> Entry:
        model, where = self.parts[part]
        record = row.history_object
        for column in model._meta.concrete_fields:
            if column.is_relation and (other := names.get(column.related_model, {}).get(getattr(row, column.attname))):
                setattr(record, column.name, other)
        changes = [
            Change(column.name, capfirst(str(column.verbose_name)), was, now)
            for column in columns_of(model)
            if not (part and column.attname in where)  # the record that it is a part of is the page's subject
            and column.name not in self.unseen
            for was, now in [(_shown(column, before, names), _shown(column, row, names))]
            if was != now
        ]
        return Entry(
            record=record,
            part=f"{capfirst(str(model._meta.verbose_name))}: {_called(record)}" if part else "",
            type=row.history_type,
            at=row.history_date,
            by=person(row.history_user),
            reason=row.history_change_reason or "",
            version=getattr(row, "version", 0),
            changes=[] if row.history_type == "-" else changes,
            id=row.history_id,
        )


def difference(record: models.Model, row: models.Model) -> list[Change]:
    """The columns in which the stored `record` (was) differs from the historical row of an earlier version (now)."""
    for relation in row._history_m2m_fields:
        keys = getattr(record, relation.name).order_by("pk").values_list("pk", flat=True)
        record.__dict__[f"_{relation.name}"] = list(keys)
    columns = columns_of(type(record))
    names = _names((record, row))
    return [
        Change(column.name, capfirst(str(column.verbose_name)), was, now)
        for column in columns
        for was, now in [(_shown(column, record, names), _shown(column, row, names))]
        if was != now
    ]


def deed_of(row: models.Model) -> str:
    """When the step of a historical row was done, in both calendars, that of the reader's language first."""
    return _day(row.history_date, Calendar.SOLAR_HIJRI if get_language() == "fa" else Calendar.GREGORIAN)


def _called(record: models.Model) -> str:
    """The name of a record as it was; its number where what it is named after is gone."""
    try:
        return str(record)
    except ObjectDoesNotExist:
        return gettext("no. %(key)s") % {"key": figures(record.pk)}


def value_in(row: models.Model, column: models.Field) -> Any:
    """The value of a column in a historical row; of a relation to many the list of keys."""
    if not column.many_to_many:
        return getattr(row, column.attname)
    if f"_{column.name}" in row.__dict__:
        return row.__dict__[f"_{column.name}"]
    target = f"{column.m2m_reverse_field_name()}_id"
    return list(getattr(row, column.name).order_by(target).values_list(target, flat=True))


def person(user: Any) -> str:
    """The name under which a user stands in the history; "" for none (a command, or an account since deleted)."""
    return user.get_full_name() or user.get_username() if user else ""


def shown(column: models.Field, value: Any) -> str:
    """A value as people read it; "" for nothing. Of relations the related objects themselves are wanted."""
    if isinstance(value, (list, tuple, models.QuerySet)):
        return gettext(", ").join(str(one) for one in value)
    if value is None or value == "":
        return ""
    if column.choices:
        return capfirst(str(dict(column.flatchoices).get(value, value)))
    if isinstance(value, UncertainDate):
        return value.display()
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, datetime.date):
        return _day(value)
    if isinstance(value, models.Model):
        return person(value) if isinstance(value, get_user_model()) else str(value)
    if isinstance(column, (models.PositiveBigIntegerField, models.DecimalField)):
        return number(value)
    if isinstance(value, (int, float)):
        return figures(value)
    # What was typed into a column of no certain language stands as it was typed.
    return LocalText(value, LANGUAGE_BY_SUFFIX.get(column.name[-3:], ("",))[0])


def _day(value: datetime.date, calendar: Calendar = Calendar.GREGORIAN) -> str:
    """A day, or a moment to the minute, in both calendars."""
    clock = ""
    if isinstance(value, datetime.datetime):
        value = timezone.localtime(value)
        clock = localize_digits(date_format(value, "H:i"))
    day = UncertainDate.on(datetime.date(value.year, value.month, value.day), calendar).display()
    return gettext("%(day)s, %(time)s") % {"day": day, "time": clock} if clock else day


def columns_of(model: type[models.Model]) -> list[models.Field]:
    """The columns and relations whose changes show, in the order of the model."""
    kept = {column.name for column in model.history.model.tracked_fields}
    plain = [
        column
        for column in model._meta.concrete_fields
        if column.name in kept and column.name not in SILENT and not isinstance(column, FirstDayField)
    ]
    return plain + [model._meta.get_field(relation.name) for relation in model.history.model._history_m2m_fields]


def _names(rows: Iterable[models.Model]) -> dict[type[models.Model], dict[Any, models.Model]]:
    """The related objects that rows, historical or stored, refer to, by model and key: one query for each model."""
    keys: dict[type[models.Model], set[Any]] = {}
    for row in rows:
        for column in columns_of(getattr(row, "instance_type", type(row))):
            if column.is_relation:
                value = value_in(row, column)
                keys.setdefault(column.related_model, set()).update(value if column.many_to_many else {value} - {None})
    return {model: model._base_manager.in_bulk(wanted) if wanted else {} for model, wanted in keys.items()}


def _shown(column: models.Field, row: models.Model | None, names: dict) -> str:
    """What `row` holds in a column, as people read it."""
    if row is None:
        return ""
    value = value_in(row, column)
    if column.is_relation:
        known = names[column.related_model]
        gone = gettext("deleted since (no. %(key)s)")
        keys = value if column.many_to_many else [value] if value is not None else []
        several = [known.get(key) or gone % {"key": figures(key)} for key in keys]
        return shown(column, several if column.many_to_many else next(iter(several), None))
    if isinstance(column, UncertainDateField):
        value = column.to_python(value)
    return shown(column, value)
