"""Working days of committees: Monday to Friday, without the closed days given.

docs/formulas/recurrence.md.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta

ONE = timedelta(days=1)


def is_working(day: date, closed: Collection[date]) -> bool:
    return day.isoweekday() <= 5 and day not in closed


def nearest_working(day: date, step: int, closed: Collection[date]) -> date:
    """`day` itself if it is a working day, else the next one forward (step 1) or backward (step -1)."""
    while not is_working(day, closed):
        day += step * ONE
    return day


def add_working_days(day: date, count: int, closed: Collection[date] = frozenset()) -> date:
    """The `count`-th working day after `day`; the day itself is not counted."""
    if count < 0:
        raise ValueError("working days are counted forward")
    for _ in range(count):
        day = nearest_working(day + ONE, 1, closed)
    return day
