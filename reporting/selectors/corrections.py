"""The corrections of a frozen week: all of them for who decides, one's own for who proposed."""

from __future__ import annotations

from django.http import Http404

from people.models import User
from people.permissions.catalogue import Permission
from people.permissions.checks import has_permission
from portfolio.models import Project, ReportingCycle
from reporting.enums import CorrectionState
from reporting.models import Correction


def corrections_of(user: User, cycle: ReportingCycle) -> list[Correction]:
    """What was reported about that week, what waits first; only the own ones for who decides nothing."""
    rows = Correction.objects.filter(cycle=cycle).select_related(
        "project", "author__person", "decided_by__person", "pack"
    )
    if not has_permission(user, Permission.CORRECTION_DECIDE):
        rows = rows.filter(author=user)
    order = list(CorrectionState.values)
    return sorted(rows, key=lambda row: (order.index(row.state), row.pk))


def corrections_of_project(project: Project, cycle: ReportingCycle) -> list[Correction]:
    rows = Correction.objects.filter(cycle=cycle, project=project)
    return list(rows.select_related("author__person", "pack").order_by("pk"))


def get_correction(cycle: ReportingCycle, key: int) -> Correction:
    """The correction of that week; Http404 for one of another week."""
    row = Correction.objects.filter(cycle=cycle, pk=key).select_related("project", "cycle", "author").first()
    if row is None:
        raise Http404
    return row
