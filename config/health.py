"""What a load balancer asks: is the process alive, and may it be given traffic?"""

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe


@require_safe
def healthz(_request: HttpRequest) -> JsonResponse:
    """The process answers; nothing else is asked."""
    return JsonResponse({"status": "ok"})


@require_safe
def readyz(_request: HttpRequest) -> JsonResponse:
    """The database answers and every migration is applied; 503 with the reason otherwise."""
    try:
        connection.ensure_connection()
        executor = MigrationExecutor(connection)
        pending = bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    except DatabaseError:
        return JsonResponse({"status": "unavailable", "database": False, "migrations": False}, status=503)
    status = "unavailable" if pending else "ok"
    return JsonResponse({"status": status, "database": True, "migrations": not pending}, status=503 if pending else 200)
