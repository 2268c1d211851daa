"""The filtered list of issues as a file, through the same selector as its page."""

from __future__ import annotations

import structlog
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from config import clock
from governance.enums import ChangeKind, ChangeState
from governance.selectors.change import changes_of
from governance.views.change import read_query
from people.permissions.catalogue import Permission
from people.permissions.decorators import AuthenticatedRequest, requires
from reporting.exports.changes import COLUMNS, change_table
from reporting.exports.workbook import Origin, table_as_csv, table_as_xlsx
from reporting.views.export import download

log = structlog.get_logger("cadran.exports")


@requires(Permission.EXPORT)
@require_safe
def export_changes(request: AuthenticatedRequest, kind: str) -> HttpResponse:
    """All issues of the address's filter, whatever the page shows; `kind` is xlsx or csv."""
    if kind not in ("xlsx", "csv"):
        raise Http404
    query = read_query(request)
    lines = change_table(changes_of(request.user, query, clock.today()))
    if kind == "csv":
        content = table_as_csv([str(column.label) for column in COLUMNS], lines)
    else:
        parts = [
            str(dict(ChangeState.choices).get(query.state, "")),
            str(dict(ChangeKind.choices).get(query.kind, "")),
            _("en retard") if query.late else "",
        ]
        origin = Origin(
            at=localtime(clock.now()),
            by=request.user.full_name,
            selection=" ; ".join(part for part in parts if part) or _("Toutes les incidences que l’on peut voir"),
            source=request.build_absolute_uri(reverse("governance:changes")),
        )
        content = table_as_xlsx(_("Incidences"), COLUMNS, lines, origin)
    log.info("changes.exported", user=request.user.pk, kind=kind, rows=len(lines))
    return download(content, f"incidences-{clock.today().isoformat()}.{kind}")
