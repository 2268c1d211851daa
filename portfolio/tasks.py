"""Background work of the portfolio: ids in, one service call."""

from __future__ import annotations

from datetime import datetime

from config import clock
from people.models import Job
from people.selectors.jobs import known_keys
from people.services import jobs, schedule
from people.tasks import poke
from portfolio.services import chase, chase_notices, cross_link_notices, span_move
from portfolio.services.importers import jira_live
from portfolio.services.importers.uploads import purge_expired
from portfolio.services.standing import refresh_standing, restore_frozen_standings

REFRESH = "standing.refresh"
PURGE = "imports.purge"
CHASE = "status.chase"
JIRA_READS = "jira.reads"
NIGHTLY = schedule.Schedule(name="standing.nightly", latest_due=schedule.daily_at(2, 10), kind=REFRESH)
NIGHTLY_JIRA = schedule.Schedule(name="jira.reads", latest_due=schedule.daily_at(4, 10), kind=JIRA_READS)
NIGHTLY_PURGE = schedule.Schedule(name="imports.purge", latest_due=schedule.daily_at(2, 20), kind=PURGE)


def register() -> None:
    """Time alone makes a milestone overdue and a status stale: every standing is rebuilt each night."""
    jobs.register_handler(REFRESH, refresh_all)
    jobs.register_handler(PURGE, purge_uploads)
    jobs.register_handler(CHASE, remind)
    jobs.register_handler(jira_live.FETCH, jira_live.fetch)
    jobs.register_handler(jira_live.READ, jira_live.read)
    jobs.register_handler(JIRA_READS, queue_jira_reads)
    chase_notices.register()
    cross_link_notices.register()
    span_move.register()
    schedule.register_watch("status.chase", queue_due_reminders)
    schedule.register(NIGHTLY)
    schedule.register(NIGHTLY_PURGE)
    schedule.register(NIGHTLY_JIRA)


def queue_due_reminders(now: datetime) -> list[Job]:
    """The job of the last step of each open week, unless it exists: two statements a week when nothing is due."""
    due = {f"{CHASE}:{cycle.slug}:{step}": cycle for cycle, step in chase.latest_steps(now)}
    known = known_keys(due)
    queued = [
        jobs.enqueue(kind=CHASE, key=key, payload={"week": cycle.slug}, by=None)
        for key, cycle in due.items()
        if key not in known
    ]
    for job in queued:
        poke(job)
    return queued


def remind(_run: jobs.JobRun) -> dict[str, int]:
    """Send the reminders that are due when the job runs, not when it was queued; running it twice sends none."""
    return {"told": chase.remind_due(clock.now())}


def refresh_all(run: jobs.JobRun) -> None:
    """Rebuild where every project stands; running it twice changes nothing.

    A week frozen before frozen standings were kept gets them here.
    """
    refresh_standing(None, now=clock.now())
    restore_frozen_standings()
    run.progress(100)


def purge_uploads(run: jobs.JobRun) -> None:
    """Remove the files whose import nobody confirmed in time; running it twice changes nothing."""
    purge_expired(clock.now())
    run.progress(100)


def queue_jira_reads(_run: jobs.JobRun) -> dict[str, int]:
    """A job for each backlog that Jira keeps; running it twice in a day queues none."""
    due = jira_live.reads_due(clock.today())
    for one in due:
        poke(jobs.enqueue(**one))
    return {"queued": len(due)}
