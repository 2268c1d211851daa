"""Which projects a request is about: the one that asks, and those that an arbitration concerns too."""

from __future__ import annotations

from django.db.models import QuerySet

from governance.models import ConcernedProject, DecisionRequest
from people.models import User
from portfolio.models import Project
from portfolio.selectors.project import visible_projects


def concerned_ids(request: DecisionRequest) -> frozenset[int]:
    """The keys of the projects; one alone where the request stands for no arbitration."""
    if request.arbitration_id is None:
        return frozenset({request.project_id})
    others = ConcernedProject.objects.filter(arbitration=request.arbitration_id).values_list("project", flat=True)
    return frozenset({request.project_id, *others})


def concerned_by(user: User, request: DecisionRequest | None) -> QuerySet[Project]:
    """The projects concerned, of those the reader may know of."""
    keys = concerned_ids(request) if request is not None else frozenset()
    return visible_projects(user).filter(pk__in=keys).order_by("code")
