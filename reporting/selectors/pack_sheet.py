"""The sheet of one project in published packs: who may read it, and in which weeks there is one."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.http import Http404

from people.models import User
from people.permissions.catalogue import Permission, Scope
from people.permissions.checks import granted_scopes, has_permission
from portfolio.models import Project
from portfolio.selectors.project import get_project, visible_projects
from portfolio.selectors.reporting_cycle import get_cycle
from reporting.engines.pack_life import READABLE
from reporting.enums import PackKind
from reporting.models import Pack

WEEKS_SHOWN = 60


def get_own_project(user: User, code: str) -> Project:
    """The project whose sheets the user may read without reading whole packs; Http404 for every other."""
    project = get_project(user, code)
    if not has_permission(user, Permission.PACK_READ, project):
        raise Http404
    return project


def sheet_projects(user: User) -> list[Project]:
    """The priority projects whose sheets the user may read without reading whole packs, by rank."""
    scopes = granted_scopes(user, Permission.PACK_READ)
    projects = visible_projects(user)
    held = projects.none()
    if Scope.OWN in scopes:
        held = held | projects.led_by(user)
    if Scope.PROGRAMME in scopes:
        held = held | projects.filter(programme__manager__user=user)
    return list(held.filter(is_top=True).distinct().order_by("priority_rank", "code"))


def get_sheet_pack(project: Project, slug: str) -> Pack:
    """The latest published edition of that week's pack; Http404 before it is published."""
    cycle = get_cycle(slug)
    pack = _published().filter(cycle=cycle).select_related("cycle", "snapshot").order_by("-edition").first()
    if pack is None or not _holds_sheets(project).filter(pk=pack.pk).exists():
        raise Http404
    return pack


def sheet_packs(project: Project) -> list[Pack]:
    """The packs that hold a sheet of the project, latest week first, the latest published edition of each."""
    packs = (
        _holds_sheets(project)
        .filter(snapshot__data__projects__contains=[{"code": project.code, "is_top": True}])
        .select_related("cycle")
        .order_by("-cycle__iso_year", "-cycle__iso_week", "-edition")[: 2 * WEEKS_SHOWN]
    )
    latest: dict[int, Pack] = {}
    for pack in packs:
        latest.setdefault(pack.cycle_id, pack)
    return list(latest.values())[:WEEKS_SHOWN]


def _published() -> QuerySet[Pack]:
    return Pack.objects.filter(kind=PackKind.CODIR, state__in=READABLE)


def _holds_sheets(project: Project) -> QuerySet[Pack]:
    without = Q(snapshot__data__choices__hidden_pages__contains=["sheets"])
    return _published().filter(snapshot__data__projects__contains=[{"code": project.code}]).exclude(without)
