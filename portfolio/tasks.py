"""Background work of the portfolio: ids in, one service call."""

from __future__ import annotations

from config import clock
from people.services import jobs, schedule
from portfolio.services.standing import refresh_standing

REFRESH = "standing.refresh"
NIGHTLY = schedule.Schedule(name="standing.nightly", latest_due=schedule.daily_at(2, 10), kind=REFRESH)


def register() -> None:
    """Time alone makes a milestone overdue and a status stale: every standing is rebuilt each night."""
    jobs.register_handler(REFRESH, refresh_all)
    schedule.register(NIGHTLY)


def refresh_all(run: jobs.JobRun) -> None:
    """Rebuild where every project stands; running it twice changes nothing."""
    refresh_standing(None, now=clock.now())
    run.progress(100)
