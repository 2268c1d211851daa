"""When who answers for a condition or action is reminded, and when it goes up to the body.

Three working days before the day it is due, on the first day after it, and five working days after it. Source: domain
reference F (follow-up of decisions); docs/formulas/lifecycles.md.
"""

from __future__ import annotations

import enum
from collections.abc import Collection
from datetime import date

from governance.engines.working_days import ONE, add_working_days, is_working

BEFORE = 3
UP_AFTER = 5


class Reminder(enum.StrEnum):
    """`SOON` and `OVERDUE` go to the owner, `RAISED` to the secretary and the chair of the body."""

    SOON = "soon"
    OVERDUE = "overdue"
    RAISED = "raised"


def reminder_due(due: date, today: date, closed: Collection[date] = frozenset()) -> Reminder | None:
    """The reminder whose time has come, the latest only; None before the first."""
    if today >= add_working_days(due, UP_AFTER, closed):
        return Reminder.RAISED
    if today > due:
        return Reminder.OVERDUE
    return Reminder.SOON if today >= _before(due, closed) else None


def _before(due: date, closed: Collection[date]) -> date:
    day, left = due, BEFORE
    while left:
        day -= ONE
        left -= is_working(day, closed)
    return day
