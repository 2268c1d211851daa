"""The lessons log: a lesson is recorded, and says in time where it was applied."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import connection, transaction

from governance.models import Lesson
from people.models import User
from portfolio.models import Project
from portfolio.services.versioned import create_row, write_changes

FIELDS = frozenset({"kind", "event", "effect", "cause", "early_warning", "recommendation", "where_applied"})
_LOCK = 0x6C6573736F6E


@transaction.atomic
def record_lesson(*, project: Project, by: User, on: date, values: Mapping[str, Any]) -> Lesson:
    """The next lesson of the year."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    prefix = f"L-{on.year}-"
    taken = Lesson.objects.filter(number__startswith=prefix).values_list("number", flat=True)
    serial = max((int(number.removeprefix(prefix)) for number in taken), default=0) + 1
    author = getattr(by, "person", None)
    lesson = Lesson(number=f"{prefix}{serial:03d}", project=project, author=author, recorded_on=on, **values)
    return create_row(lesson, by=by, verb="lesson.recorded")


@transaction.atomic
def update_lesson(*, lesson: Lesson, by: User, changes: Mapping[str, Any], version: int) -> Lesson:
    return write_changes(lesson, changes=changes, allowed=FIELDS, version=version, by=by, verb="lesson.updated")
