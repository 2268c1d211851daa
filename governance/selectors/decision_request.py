"""Decisions asked: who may know of them, and in which order they are wanted."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import Http404

from governance.enums import OPEN_REQUESTS
from governance.models import DecisionRequest
from people.models.user import User
from people.permissions.catalogue import Permission, Scope
from people.permissions.checks import granted_scopes
from portfolio.models import Project
from portfolio.selectors.project import visible_projects


def reachable_projects(user: User) -> QuerySet[Project]:
    """The projects `user` may know of, as far as his right to see decisions reaches."""
    scopes = granted_scopes(user, Permission.DECISION_VIEW)
    projects = visible_projects(user)
    if Scope.ALL in scopes:
        return projects
    allowed = projects.none()
    if Scope.OWN in scopes:
        allowed = allowed | projects.led_by(user)
    if Scope.PROGRAMME in scopes:
        allowed = allowed | projects.filter(programme__manager__user=user)
    return allowed


def visible_requests(user: User) -> QuerySet[DecisionRequest]:
    """The requests on projects `user` may know of, as far as his right to see decisions reaches."""
    return (
        DecisionRequest.objects.filter(project__in=reachable_projects(user).values("pk"))
        .select_related("project__manager", "body", "owner")
        .order_by("needed_on", "number")
    )


def open_requests(user: User) -> QuerySet[DecisionRequest]:
    return visible_requests(user).filter(state__in=OPEN_REQUESTS)


def get_request(user: User, number: str) -> DecisionRequest:
    """The request of that number, or 404."""
    request = visible_requests(user).filter(number=number).first()
    if request is None:
        raise Http404
    return request


def project_requests(user: User, project_id: int) -> list[DecisionRequest]:
    """What one project asks, open ones first."""
    rows = visible_requests(user).filter(project_id=project_id)
    return sorted(rows, key=lambda row: (not row.is_open, row.needed_on))
