"""The revision of what the public sees. It moves with every write to a public table, in the writer's own transaction.

Whoever reads the revision first and the data afterwards has data that are at least as new as the revision says: an
answer kept under a revision is found by nobody once something public has changed. Nothing is counted, since a number
that was rolled back, or that a restored backup knows nothing of, would be given a second time: each writer puts a new
random token into a row that no other transaction holds, so that none waits for another (a long import holds a row of
its own until it ends), and the tokens together are the revision.

Writers need not know of it. Every statement that goes to the database is looked at, so that bulk writes, relations to
many, cascades and SQL of one's own count too. The table decides; only a record that is saved by itself, and knows that
nobody can see it before or after, is left out (`Record.public_when`): work on a draft makes no page anew.
"""

import re
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from django.apps import apps
from django.db import DEFAULT_DB_ALIAS, connections, models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

PRIVATE = {
    "cities.place": "the gazetteer is offered to the office alone",
    "cities.tieimport": "a list on its way; what is taken of it is written to the ties",
    "cities.tieimportrow": "a row of it",
    "partnerships.contact": "people at the partners are never public",
    "partnerships.note": "the office's own",
    "partnerships.desk": "one person's settings",
    "partnerships.savedfilter": "one person's lists",
    "partnerships.register": "the number given last; it is public in the agreement that has it",
    "partnerships.import": "a table on its way; what is taken of it is written to the register",
    "partnerships.importrow": "a row of it",
    "partnerships.columnmatch": "what the columns of such tables mean",
    "sistercities.revision": "the revision itself",
}
"""The project's models of which nothing stands on a public page, each with the reason."""

FOREIGN = frozenset({"admin", "auth", "axes", "contenttypes", "sessions"})
"""Apps that are not ours: accounts, sessions and permissions; no public page names an account."""

_WRITING = re.compile(r"\s*(?:INSERT(?: OR \w+)? INTO|UPDATE|DELETE FROM) \"?(\w+)", re.IGNORECASE)

_migrating: set[str] = set()


class Moved:
    """Stands among what a transaction does after its commit, and says that the revision has moved in it.

    The database layer takes it away with the savepoint in which that was done, so that it never says so in vain.
    """

    def __init__(self) -> None:
        self.is_seen = False
        """Whether somebody has read the revision since, in the same transaction; the next write then needs another."""

    def __call__(self) -> None:
        """Nothing is left to do."""


def is_public(model: type[models.Model]) -> bool:
    """Whether a write to the model's table can change what the public sees."""
    is_history = model._meta.model_name.startswith("historical")
    return not (is_history or model._meta.app_label in FOREIGN or model._meta.label_lower in PRIVATE)


@cache
def public_tables() -> frozenset[str]:
    """The tables of which every write moves the revision, those of relations to many included."""
    return frozenset(model._meta.db_table for model in apps.get_models(include_auto_created=True) if is_public(model))


def current(using: str = DEFAULT_DB_ALIAS) -> tuple[int, ...]:
    """The revision as it stands for this connection. Costs one small query."""
    connection = connections[using]
    with connection.cursor() as cursor:
        cursor.execute(*_question(connection.vendor))
        tokens = cursor.fetchall()
    for _savepoints, hook, _robust in connection.run_on_commit:
        if isinstance(hook, Moved):
            hook.is_seen = True
    return tuple(token for (token,) in tokens)


@cache
def _question(vendor: str) -> tuple[str, tuple[Any, ...]]:
    # The same every time, and asked by every visitor: it is put into words once.
    return _parts(DEFAULT_DB_ALIAS).order_by("pk").values_list("token").query.sql_with_params()


def _parts(using: str) -> models.QuerySet:
    return apps.get_model("sistercities", "Revision").objects.using(using)


def has_moved(connection: BaseDatabaseWrapper) -> bool:
    """Whether the revision has moved in the running transaction, and nobody has read it there since."""
    return any(isinstance(hook, Moved) and not hook.is_seen for _savepoints, hook, _robust in connection.run_on_commit)


def move(connection: BaseDatabaseWrapper) -> None:
    """Move the revision in the running transaction, once for all that it writes."""
    if has_moved(connection):
        return
    parts, token = _parts(connection.alias), secrets.randbits(63)
    free = parts.select_for_update(skip_locked=True).order_by("pk").values("pk")[:1]
    if not parts.filter(pk=models.Subquery(free)).update(token=token):
        parts.bulk_create([parts.model(token=token)])
    transaction.on_commit(Moved(), using=connection.alias)


@contextmanager
def left_to_writer(connection: BaseDatabaseWrapper, table: str) -> Iterator[None]:
    """Leave it to the writer of the block to move the revision for what it writes to one table."""
    left = connection.__dict__.setdefault("tables_left_to_writer", [])
    left.append(table)
    try:
        yield
    finally:
        left.pop()


def watch(execute: Callable, sql: Any, params: Any, many: bool, context: dict[str, Any]) -> Any:
    """Execute a statement; one that writes to a public table moves the revision first.

    Raises TransactionManagementError for a row inserted outside a transaction: its key is read after the statement,
    so that nothing could be written beside it that holds or falls with it.
    """
    written = not sql.startswith("SELECT") and _WRITING.match(sql) if isinstance(sql, str) else None
    connection = context["connection"]
    if not written or written[1] not in public_tables() or connection.alias in _migrating:
        return execute(sql, params, many, context)
    if written[1] in connection.__dict__.get("tables_left_to_writer", ()):
        return execute(sql, params, many, context)
    if connection.in_atomic_block:
        move(connection)
        return execute(sql, params, many, context)
    if " RETURNING " in sql:
        raise transaction.TransactionManagementError(
            f"What the public sees is written in a transaction: {written[0]} stands outside one."
        )
    with transaction.atomic(using=connection.alias):
        move(connection)
        return execute(sql, params, many, context)


def watch_connection(connection: BaseDatabaseWrapper, **kwargs: Any) -> None:
    """Look at every statement of a connection. Connected to connection_created."""
    if watch not in connection.execute_wrappers:
        connection.execute_wrappers.insert(0, watch)  # others put theirs at the end, and take the last one away


def pause(using: str, **kwargs: Any) -> None:
    """Look away while a migration runs, in which the table of the revision need not exist. Connected to pre_migrate."""
    _migrating.add(using)


def resume(using: str, apps: Any = None, plan: Any = True, **kwargs: Any) -> None:
    """Look on after a migration, and move the revision if anything was done. Connected to post_migrate.

    Emptying the database ends with the same signal and has no `plan`.
    """
    _migrating.discard(using)
    if plan and connections[using].introspection.table_names().count(_parts(using).model._meta.db_table):
        with transaction.atomic(using=using):
            move(connections[using])
