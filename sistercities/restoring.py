"""Earlier versions of a record, and how one of them becomes the record's newest.

Restoring writes a new version; nothing of the history is touched. It goes through every rule that a form goes through.
Whether a record is published is not restored: publishing and withdrawing are decisions of their own.
"""

from collections.abc import Iterator
from functools import cached_property
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext

from sistercities.history import Change, deed_of, difference, value_in
from sistercities.records import Record

PUBLICATION = frozenset(
    {"published_at", "published_by", "withdrawn_at", "withdrawn_by", "withdrawal_reason", "is_public"}
)
"""Columns that say whether everybody can read the record. A record that is brought back is not published."""

KEPT = PUBLICATION | {"id", "version", "submission", "created_at", "updated_at", "home_city"}
"""Columns that restoring leaves as they are."""


class Version:
    """A record as it was in the historical row `row`.

    `stored` is the record as it is now, None if it is deleted; then the version in which it was deleted can be
    brought back, with its own key and with the parts that were deleted in the same step.
    """

    def __init__(self, row: models.Model) -> None:
        self.row = row
        self.model: type[Record] = row.instance_type
        self.key = getattr(row, self.model._meta.pk.attname)
        self.stored: Record | None = self.model._base_manager.filter(pk=self.key).first()

    @property
    def is_deletion(self) -> bool:
        """Whether the row tells of the record's deletion."""
        return self.row.history_type == "-"

    @cached_property
    def changes(self) -> list[Change]:
        """What restoring would change: of each column what is stored now, and what was then."""
        if self.stored is None:
            return []
        return [one for one in difference(self.stored, self._with_relations()) if one.name not in KEPT]

    @cached_property
    def missing(self) -> list[str]:
        """What the version had and does not exist any more, so that it stays away: each a sentence."""
        gone = [sentence for column, sentence in self._gone() if column.null or column.many_to_many]
        lost = self._lost_parts() if self.stored is None else ()
        return gone + [gettext("“%(record)s” went with it for good.") % {"record": part.row.instance} for part in lost]

    @cached_property
    def obstacles(self) -> list[str]:
        """What forbids it before any rule of the model is asked, each a sentence."""
        found = [sentence for column, sentence in self._gone() if not (column.null or column.many_to_many)]
        if self.stored is not None:
            return found
        if self.model.is_personal:
            return [gettext("What was deleted here is gone for good.")]
        if not self.is_deletion:
            return [gettext("It is deleted. Bring it back first: the last entry of its history leads there.")]
        if is_final(self.model):
            found.append(gettext("What it consisted of was destroyed with it. Record it anew."))
        return found

    def restore(self, by: Any, reason: str = "") -> Record:
        """Make this version the record's newest, or bring the deleted record back. Returns it.

        Raises ValidationError, with every message, when the rules of today forbid it, StaleRecord when somebody was
        quicker, and IntegrityError when somebody has brought it back already.
        """
        if self.obstacles:
            raise ValidationError(self.obstacles)
        record = self.stored or self._anew()
        said = gettext("brought back as of %(day)s") if self.stored is None else gettext("restored as of %(day)s")
        why = gettext(" – ").join(filter(None, [said % {"day": deed_of(self.row)}, reason]))
        row = self._with_relations()
        with record.one_entry(by=by, reason=why):
            for column in self._columns():
                setattr(record, column.attname, self._value(column))
            _check(record)
            record.save(**({"force_insert": True} if self.stored is None else {}))
            for relation in self.model.history.model._history_m2m_fields:
                getattr(record, relation.name).set(self._existing(relation, value_in(row, relation)))
            if self.stored is None:
                self._bring_back_parts(by, why)
            record.check_grounds()
        return record

    def _anew(self):
        record = self.model(pk=self.key)
        record.version = self.row.version + 1  # above that of every form of it that is still open somewhere
        return record

    def _columns(self) -> list[models.Field]:
        kept = KEPT - ({"home_city"} if self.stored is None else set())
        tracked = {column.name for column in self.model.history.model.tracked_fields}
        return [one for one in self.model._meta.concrete_fields if one.name in tracked - kept]

    def _value(self, column):
        value = value_in(self.row, column)
        if column.is_relation:
            return next(iter(self._existing(column, [value])), None)
        return column.to_python(value)

    def _existing(self, column, keys):
        keys = [key for key in keys if key is not None]
        return column.related_model._base_manager.filter(pk__in=keys).values_list("pk", flat=True) if keys else []

    def _gone(self) -> Iterator[tuple[models.Field, str]]:
        row = self._with_relations()
        for column in (*self._columns(), *self.model.history.model._history_m2m_fields):
            if not column.is_relation:
                continue
            keys = value_in(row, column) if column.many_to_many else [getattr(row, column.attname)]
            if lost := len({*keys} - {None}) - len(self._existing(column, keys)):
                yield (
                    column,
                    gettext("“%(field)s” of that time does not exist any more.") % {"field": column.verbose_name}
                    if lost == 1
                    else gettext("Some of “%(field)s” of that time do not exist any more.")
                    % {"field": column.verbose_name},
                )

    def _with_relations(self) -> models.Model:
        """The row that knows the relations to many: in a deletion they are gone already, so it is the one before."""
        if not self.is_deletion:
            return self.row
        earlier = self.model.history.filter(**{self.model._meta.pk.attname: self.key})
        return earlier.filter(history_id__lt=self.row.history_id).order_by("-history_id").first() or self.row

    def _parts(self) -> Iterator["Version"]:
        """The records that were deleted in the same step because they belonged to this one."""
        for relation in _rests_on(self.model):
            if not issubclass(relation.related_model, Record):
                continue
            then = relation.related_model.history.filter(
                **{relation.field.attname: self.key}, history_type="-", history_date=self.row.history_date
            )
            yield from (Version(row) for row in then.order_by("history_id"))

    def _lost_parts(self) -> Iterator["Version"]:
        """Those of its parts, and of theirs, that stay away."""
        for part in self._parts():
            yield from (part,) if is_final(part.model) else part._lost_parts()

    def _bring_back_parts(self, by, reason):
        for part in self._parts():
            if not is_final(part.model):
                part.restore(by, reason)


def is_final(model: type[Record]) -> bool:
    """Whether what is deleted of this model stays so: personal data, and what loses its files with it."""
    return model.is_personal or any(not issubclass(one.related_model, Record) for one in _rests_on(model))


def parts_lost_with(records: models.QuerySet) -> Iterator[Record]:
    """The records that go with these when they are deleted, and do not come back with them."""
    for relation in _rests_on(records.model):
        if issubclass(relation.related_model, Record):
            parts = relation.related_model.objects.filter(**{f"{relation.field.name}__in": records.values("pk")})
            yield from parts if is_final(relation.related_model) else parts_lost_with(parts)


def _rests_on(model: type[Record]) -> Iterator[Any]:
    """The relations by which parts of a record are deleted with it."""
    for relation in model._meta.related_objects:
        if relation.on_delete is models.CASCADE and not relation.related_model._meta.auto_created:
            yield relation


def _check(record: Record) -> None:
    """Raise ValidationError, with each message under the name of its column, when a rule of the model is broken."""
    record.derive()
    untyped = {column.name for column in record._meta.concrete_fields if column.name in KEPT}
    try:
        record.full_clean(exclude=untyped, validate_constraints=False)
        record.validate_constraints()
    except ValidationError as error:
        if not hasattr(error, "error_dict"):
            raise
        labels = {column.name: capfirst(str(column.verbose_name)) for column in record._meta.fields}
        raise ValidationError(
            [
                f"{labels[name]}: {message}" if name in labels else message
                for name, messages in error.message_dict.items()
                for message in messages
            ]
        ) from error
