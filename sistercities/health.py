"""What monitors ask: is the process alive, and can it serve the register?

Both answers are for machines: no language, never cached, and never more than which part fails; the reason is in
the log. Neither needs a session, so that they answer while the database does not.
"""

import logging

from django.db import Error, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

logger = logging.getLogger(__name__)


@never_cache
@require_safe
@transaction.non_atomic_requests
def live(request: HttpRequest) -> HttpResponse:
    """The process answers. Asks nothing of the database: restarting the process would not mend that."""
    return HttpResponse("ok", content_type="text/plain")


@never_cache
@require_safe
@transaction.non_atomic_requests
def ready(request: HttpRequest) -> JsonResponse:
    """The register can be served: 200, or 503 when the database is unreachable or lacks migrations."""
    database, migrations = _database()
    is_ready = database == migrations == "ok"
    return JsonResponse(
        {"status": "ok" if is_ready else "unavailable", "database": database, "migrations": migrations},
        status=200 if is_ready else 503,
    )


def _database() -> tuple[str, str]:
    """The database ("ok", "unreachable") and its migrations ("ok", "pending", "unknown")."""
    try:
        executor = MigrationExecutor(connection)
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except Error:
        logger.warning("The database cannot be reached.", exc_info=True)
        return "unreachable", "unknown"
    return "ok", "pending" if plan else "ok"
