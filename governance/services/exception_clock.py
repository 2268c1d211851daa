"""Clocks of exceptions: who is reminded, and when an exception goes up one level by itself.

Before a body its request carries the clock, and the ladder of requests sends it up. Before that the project manager's
does: reminded the working day before and on the day, then the executive, the programme manager and the project office
are told, once.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction

from config import clock
from config.clock import BRUSSELS
from governance.engines.working_days import add_working_days
from governance.enums import ExceptionState
from governance.models import ExceptionClock, ProjectException
from governance.services.exception_notices import tell_due, tell_late
from people.models import User
from people.services import audit, jobs, schedule
from portfolio.selectors.closing_day import closed_days

KIND = "exceptions.clocks"
DAILY = schedule.Schedule(name=KIND, latest_due=schedule.daily_at(6, 50), kind=KIND)
AT_THE_MANAGER = (ExceptionState.RAISED, ExceptionState.REPORT_DRAFTED, ExceptionState.DECIDED)


def register() -> None:
    jobs.register_handler(KIND, lambda _run: run_clocks(clock.now()))
    schedule.register(DAILY)


def run_clocks(now: datetime) -> dict[str, int]:
    """Remind and send up what is due; running it twice tells nobody twice."""
    today = now.astimezone(BRUSSELS).date()
    tomorrow = add_working_days(today, 1, closed_days(today, today + timedelta(days=20)))
    rows = ProjectException.objects.filter(state__in=AT_THE_MANAGER, due_on__lte=tomorrow).select_related(
        "project__manager__user", "project__deputy__user", "project__sponsor__user", "project__programme__manager__user"
    )
    told = raised = 0
    for row in rows:
        if row.due_on is not None and row.due_on >= today:
            told += tell_due(row)
        else:
            raised += _raise(row, today)
    return {"told": told, "raised": raised}


@transaction.atomic
def _raise(row: ProjectException, today: date) -> int:
    """One level up, once per due day."""
    late = ProjectException.objects.filter(pk=row.pk, due_on=row.due_on, state=row.state).exclude(
        escalated_on__gt=row.due_on
    )
    if not late.update(escalated_on=today):
        return 0
    tell_late(row)
    data = {"project": row.project.code, "state": row.state, "due": str(row.due_on)}
    audit.record(by=None, verb="exception.escalated", target=row, data=data)
    return 1


@transaction.atomic
def set_clock(*, by: User, level: int, days: int, valid_from: date, source: str = "") -> ExceptionClock:
    """The reaction time of a level from a day on."""
    row = ExceptionClock(level=level, days=days, valid_from=valid_from, source=source.strip())
    row.full_clean()
    row.save(force_insert=True)
    audit.record(by=by, verb="exception.clock_set", target=row, data={"level": level, "days": days})
    return row
