"""Which projects a request is about: the one that asks, and those that what it stands for concerns too."""

from __future__ import annotations

from collections.abc import Callable

from django.db.models import QuerySet

from governance.models import DecisionRequest
from portfolio.models import Project

_CONCERNED: dict[str, Callable[[DecisionRequest], set[int]]] = {}
"""By name of what a request may stand for: the keys of the projects concerned, where there are several."""


def concerned_ids(request: DecisionRequest) -> frozenset[int]:
    found = {request.project_id}
    for name, keys in _CONCERNED.items():
        if getattr(request, f"{name}_id") is not None:
            found |= keys(request)
    return frozenset(found)


def concerned_projects(request: DecisionRequest) -> QuerySet[Project]:
    return Project.objects.filter(pk__in=concerned_ids(request)).order_by("code")
