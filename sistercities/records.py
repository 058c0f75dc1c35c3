"""What every civic record has in common: a version that guards against lost updates, and its history.

A record is written through `save()` or, with its relations as one step, inside `one_entry()`. Both refuse to
overwrite what somebody else has written since the instance was read.
"""

import datetime
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, ClassVar

from django.db import models, transaction
from django.db.models import Count, F, Q, Window
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from simple_history.manager import HistoricalQuerySet
from simple_history.models import HistoricalRecords

from sistercities import revision
from sistercities.conditions import holds


class StaleRecord(Exception):
    """The record was changed or deleted by somebody else after this instance was read.

    `record` is the instance that could not be written; what is stored now is read anew by its key.
    """

    def __init__(self, record: "Record") -> None:
        super().__init__(f"{record._meta.label} {record.pk} is no longer at version {record.version}")
        self.record = record


class HistoryIsFixed(Exception):
    """What stands in a history is neither changed nor deleted."""


class Fixed(models.QuerySet):
    """Rows that are written once. The database itself does not refuse: see README, "History"."""

    def update(self, **kwargs: Any) -> int:
        """Raises HistoryIsFixed."""
        raise HistoryIsFixed

    def delete(self) -> tuple[int, dict[str, int]]:
        """Raises HistoryIsFixed."""
        raise HistoryIsFixed

    def bulk_update(self, *args: Any, **kwargs: Any) -> int:
        """Raises HistoryIsFixed."""
        raise HistoryIsFixed

    def erase(self) -> int:
        """Delete the rows for good, and tell how many. For personal data alone, which nobody may keep for ever."""
        return super().delete()[0]

    update.alters_data = delete.alters_data = bulk_update.alters_data = erase.alters_data = True
    delete.queryset_only = erase.queryset_only = True


class FixedHistory(Fixed, HistoricalQuerySet):
    """The historical rows of a model."""


class FixedRow(models.Model):
    """A row of a history."""

    objects = Fixed.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write a new row. Raises HistoryIsFixed for one that stands there already."""
        if not self._state.adding:
            raise HistoryIsFixed
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Raises HistoryIsFixed."""
        raise HistoryIsFixed


class History(HistoricalRecords):
    """django-simple-history with fixed rows, remembered on the model so that several writes can become one entry."""

    def __init__(self, **kwargs: Any) -> None:
        kinds = {"bases": [FixedRow], "m2m_bases": [FixedRow], "historical_queryset": FixedHistory}
        super().__init__(**(kinds | kwargs))

    def finalize(self, sender: type[models.Model], **kwargs: Any) -> None:
        """Attach to `sender`, the model that declared this history."""
        super().finalize(sender, **kwargs)
        if getattr(sender, "_meta", None) and hasattr(sender._meta, "simple_history_manager_attribute"):
            sender.history_keeper = self

    def post_save(self, instance: models.Model, created: bool, **kwargs: Any) -> None:
        """As django-simple-history's; a new record that is saved by itself has no relations to many yet."""
        if created and not hasattr(instance, "skip_history_when_saving"):
            instance.is_without_relations = True
        super().post_save(instance, created, **kwargs)

    def create_historical_record_m2ms(self, history_instance: models.Model, instance: models.Model) -> None:
        """Keep the relations to many with the entry: their keys alone, and nothing where there are none.

        The original fetches every related record with all that it refers to, for each entry.
        """
        if instance.__dict__.pop("is_without_relations", False):
            return
        for field in history_instance._history_m2m_fields:
            through = getattr(type(instance), field.name).through
            columns = [column.attname for column in through._meta.fields]
            rows = through.objects.filter(**{field.m2m_field_name(): instance}).values(*columns)
            kept = self.m2m_models[field]
            kept.objects.bulk_create(kept(history=history_instance, **row) for row in rows)


def _is_kept(constraint: models.BaseConstraint, record: models.Model) -> bool:
    return isinstance(constraint, models.CheckConstraint) and holds(constraint.condition, record)


class RecordQuerySet(models.QuerySet):
    """What holds for every set of records."""

    def with_total(self) -> "RecordQuerySet":
        """Each annotated with `total`: how many there are of them all, however few of them are fetched."""
        return self.annotate(total=Window(Count("pk")))

    def in_order_of(self, *columns: Any, descending: bool = False) -> "RecordQuerySet":
        """By these columns or expressions, then by key, so that pages never overlap; what is not known comes last.

        `descending` turns the first of them round, the others break ties. `{language}` in a name is the reader's.
        """
        keys = [F(one.format(language=get_language())) if isinstance(one, str) else one for one in columns]
        first, *others = keys
        turned = first.desc(nulls_last=True) if descending else first.asc(nulls_last=True)
        return self.order_by(turned, *(key.asc(nulls_last=True) for key in others), "pk")

    def among(self, column: str, values: Iterable[Any]) -> "RecordQuerySet":
        """Those that hold one of `values` in `column`."""
        return self.filter(**{f"{column}__in": list(values)})

    def possibly_within(self, date: str, first: datetime.date, last: datetime.date) -> "RecordQuerySet":
        """Those whose uncertain `date` can lie in the period; an unknown one lies in none."""
        return self.filter(**{f"{date}_first__lte": last, f"{date}_last__gte": first})

    def delete(self) -> tuple[int, dict[str, int]]:
        """Delete all of them or none. Raises ValidationError when one must not be, see `Record.check_deletable`."""
        deleted: Counter[str] = Counter()
        with transaction.atomic():
            for record in self:
                deleted.update(record.delete()[1])
        return deleted.total(), dict(deleted)

    delete.alters_data = True
    delete.queryset_only = True


class Record(models.Model):
    """A row that people edit: it has a version, and whoever holds an older one cannot overwrite a newer one."""

    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    submission = models.UUIDField(
        _("submission"),
        null=True,
        unique=True,
        editable=False,
        help_text=_("The form that made this record; a second click on the same form finds it again."),
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    is_personal = False
    """Whether it is about a person: then it is erased with its history, and no browser keeps a draft of it."""

    public_when: ClassVar[Q | None] = None
    """What its own columns say where the public can see it; None: it always can. See sistercities/revision.py."""

    class Meta:
        abstract = True

    def derive(self) -> None:
        """Fill the columns that follow from others (search text, sort keys). Called before every write."""

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write the record as its next version.

        Raises StaleRecord, and writes nothing, when the stored version is not the one this instance was read at.
        """
        self.derive()
        kwargs.pop("update_fields", None)  # always the whole row: the version and what is derived belong to each write
        if self._state.adding:
            with transaction.atomic(savepoint=False), self._writing_row():
                super().save(*args, **kwargs)
            return
        read_at = self.version
        try:
            with transaction.atomic(), self._writing_row():
                self.version = read_at + 1
                super().save(*args, **kwargs)
        except Exception:
            self.version = read_at
            raise

    def get_constraints(self) -> list[tuple[type[models.Model], list[models.BaseConstraint]]]:
        """As Django's, without those that hold by what the record says: the database is not asked about these."""
        return [
            (model, [one for one in constraints if not _is_kept(one, self)])
            for model, constraints in super().get_constraints()
        ]

    def check_grounds(self) -> None:
        """Raise ValidationError when what the record says does not rest on its parts. Asked once these are stored."""

    def check_deletable(self) -> None:
        """Raise ValidationError, with the reason, when the record must not be deleted.

        Rows that a foreign key protects are not asked about here: the database and Django see to them.
        """

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Delete the record.

        Raises ValidationError when it must not be, ProtectedError when others rest on it, and StaleRecord when
        somebody has written to it since this instance was read.
        """
        is_part = "_history_date" in self.__dict__
        if not is_part:
            self._history_date = timezone.now()  # by which the parts that went in this step are known again
        try:
            with transaction.atomic():
                # The lock also keeps others from tying a row to this one after it was asked what rests on it.
                type(self)._base_manager.select_for_update().filter(pk=self.pk).first()
                self.check_deletable()
                self._claim()
                parts = self._delete_parts()
                deleted = Counter(super().delete(*args, **kwargs)[1]) + parts
        finally:
            if not is_part:
                del self._history_date
        return deleted.total(), dict(deleted)

    def _delete_parts(self) -> Counter[str]:
        """Delete the records that go with this one, each by itself: its history then says who and why as well."""
        deleted: Counter[str] = Counter()
        for relation in self._meta.related_objects:
            if relation.on_delete is not models.CASCADE or not issubclass(relation.related_model, Record):
                continue
            for part in getattr(self, relation.get_accessor_name()).all():
                for told in ("_history_user", "_change_reason", "_history_date"):
                    if told in self.__dict__:
                        setattr(part, told, self.__dict__[told])
                deleted.update(part.delete()[1])
        return deleted

    def _claim(self) -> None:
        # Counting the version up also keeps others from writing until the transaction ends.
        if not type(self)._base_manager.filter(pk=self.pk, version=self.version).update(version=F("version") + 1):
            raise StaleRecord(self)

    @contextmanager
    def _writing_row(self) -> Iterator[None]:
        # Whether the public can see the row is asked once nobody else can write to it.
        connection = transaction.get_connection()
        if self.public_when is None or revision.has_moved(connection):
            if not self._state.adding:
                self._claim()
            yield
            return
        with revision.left_to_writer(connection, self._meta.db_table):
            was_public = False
            if not self._state.adding:
                self._claim()
                was_public = self._is_public()
            yield
        if was_public or self._is_public():
            revision.move(connection)

    def _is_public(self) -> bool:
        return type(self)._base_manager.filter(self.public_when, pk=self.pk).exists()

    @contextmanager
    def one_entry(self, by: Any = None, reason: str = "") -> Iterator[None]:
        """Make everything written to this record inside the block one step: all of it or nothing, one history entry.

        `by` is the user (None: whoever the current request belongs to), `reason` is why.
        """
        created = self._state.adding
        with transaction.atomic():
            self.skip_history_when_saving = True
            try:
                yield
            finally:
                del self.skip_history_when_saving
            if by is not None:
                self._history_user = by
            self._change_reason = reason or None
            try:
                self.history_keeper.create_historical_record(self, "+" if created else "~")
            finally:
                self.__dict__.pop("_history_user", None)
                self.__dict__.pop("_change_reason", None)
