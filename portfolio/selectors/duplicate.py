"""Projects that resemble a new one."""

from __future__ import annotations

from typing import Any

from django.db.models import Case, IntegerField, Value, When

from people.models.user import User
from portfolio.models.project import Project
from portfolio.selectors.project import visible_projects


def similar_projects(user: User, name: str, limit: int = 5) -> list[Project]:
    """Visible projects that share at least half of the long words of a name."""
    words = [word for word in name.split() if len(word) > 3][:6]
    if not words:
        return []
    shared: Any = Value(0, output_field=IntegerField())
    for word in words:
        shared = shared + Case(When(name_fr__icontains=word, then=Value(1)), default=Value(0))
    near = visible_projects(user).annotate(shared=shared).filter(shared__gte=max(1, (len(words) + 1) // 2))
    return list(near.select_related("manager").order_by("-shared", "code")[:limit])
