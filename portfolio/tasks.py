"""Background work of the portfolio: ids in, one service call."""

from __future__ import annotations

from config import clock
from people.services import jobs, schedule
from portfolio.models import FrozenStanding
from portfolio.selectors.reporting_cycle import last_frozen_cycle
from portfolio.services.importers.uploads import purge_expired
from portfolio.services.standing import refresh_standing, store_frozen_standings

REFRESH = "standing.refresh"
PURGE = "imports.purge"
NIGHTLY = schedule.Schedule(name="standing.nightly", latest_due=schedule.daily_at(2, 10), kind=REFRESH)
NIGHTLY_PURGE = schedule.Schedule(name="imports.purge", latest_due=schedule.daily_at(2, 20), kind=PURGE)


def register() -> None:
    """Time alone makes a milestone overdue and a status stale: every standing is rebuilt each night."""
    jobs.register_handler(REFRESH, refresh_all)
    jobs.register_handler(PURGE, purge_uploads)
    schedule.register(NIGHTLY)
    schedule.register(NIGHTLY_PURGE)


def refresh_all(run: jobs.JobRun) -> None:
    """Rebuild where every project stands; running it twice changes nothing.

    A week frozen before frozen standings were kept gets them here.
    """
    refresh_standing(None, now=clock.now())
    frozen = last_frozen_cycle()
    if frozen is not None and frozen.frozen_at is not None and not FrozenStanding.objects.exists():
        store_frozen_standings(frozen, now=frozen.frozen_at)
    run.progress(100)


def purge_uploads(run: jobs.JobRun) -> None:
    """Remove the files whose import nobody confirmed in time; running it twice changes nothing."""
    purge_expired(clock.now())
    run.progress(100)
