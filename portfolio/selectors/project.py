"""Which projects a person may know of: the single path of every list, count, search and export."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404
from django.utils.translation import gettext as _

from config import clock
from people.enums import Role
from people.models.user import User
from people.permissions.catalogue import Permission, Scope
from people.permissions.checks import granted_scopes, has_permission
from portfolio.enums import Confidentiality
from portfolio.models.project import Project, ProjectQuerySet
from portfolio.permissions import managers_replaced
from portfolio.selectors.shown_state import stale_after
from portfolio.selectors.status_reading import status_reader

SEES_RESTRICTED = frozenset({Role.PSO, Role.DIRECTOR, Role.CODIR, Role.HEAD_OF_CENTRE, Role.FINANCE, Role.AUDITOR})


def visible_projects(user: User) -> ProjectQuerySet:
    """Every project `user` may know of; a restricted one only for its team, PSO and direction."""
    projects: ProjectQuerySet = Project.objects.all()
    if Scope.ALL not in granted_scopes(user, Permission.PORTFOLIO_VIEW):
        return projects.none()
    if SEES_RESTRICTED & user.role_set:
        return projects
    own = Q(manager__user=user) | Q(deputy__user=user) | Q(sponsor__user=user) | Q(programme__manager__user=user)
    own |= Q(manager__in=managers_replaced(user))
    return projects.filter(~Q(confidentiality=Confidentiality.RESTRICTED) | own)


def get_project(user: User, code: str, may: Permission = Permission.PORTFOLIO_VIEW) -> Project:
    """The project of that code; 404 when the user may not know of it, 403 when he may not do `may`."""
    standings = {"standing", status_reader(user).standing}
    project = (
        visible_projects(user)
        .select_related("manager", "deputy", "sponsor", "programme__manager", "axis", *standings)
        .annotate(stale_after_days=stale_after(clock.today()))
        .filter(code=code)
        .first()
    )
    if project is None:
        raise Http404
    if not has_permission(user, may, project):
        raise PermissionDenied(
            _("Vos rôles ne donnent pas ce droit sur ce projet : %(wanted)s.") % {"wanted": may.label}
        )
    return project


def get_projects(user: User, codes: Sequence[str], may: Permission) -> list[Project]:
    """Those projects in that order, in one statement; 404 when the user may not know of one of them."""
    found = {
        row.code: row for row in visible_projects(user).select_related("manager", "programme").filter(code__in=codes)
    }
    if set(codes) - set(found):
        raise Http404
    if not all(has_permission(user, may, row) for row in found.values()):
        raise PermissionDenied(
            _("Vos rôles ne donnent pas ce droit sur ce projet : %(wanted)s.") % {"wanted": may.label}
        )
    return [found[code] for code in codes]
