"""Celery's side of the jobs: ids in, one service call. Losing a message loses nothing, the sweep sends it again."""

import structlog
from celery import shared_task
from django.conf import settings
from django.db import transaction

from people.models import Job
from people.services import jobs, schedule

log = structlog.get_logger("cadran.jobs")


@shared_task(name="people.run_job")  # type: ignore[untyped-decorator]
def run_job(job_id: int) -> str | None:
    """Run that job if it is still waiting."""
    state = jobs.run_now(job_id)
    return str(state) if state else None


@shared_task(name="people.sweep_jobs")  # type: ignore[untyped-decorator]
def sweep_jobs() -> int:
    """Send again every row that waits; how many."""
    waiting = jobs.sweep()
    for job_id in waiting:
        run_job.delay(job_id)
    return len(waiting)


@shared_task(name="people.run_schedule")  # type: ignore[untyped-decorator]
def run_schedule() -> int:
    """Queue the recurring runs that are due; how many."""
    due = schedule.run_due()
    for job in due:
        run_job.delay(job.pk)
    return len(due)


def poke(job: Job) -> None:
    """Tell a worker, after the commit, that the row waits. Without a broker, or if it is down, the sweep finds it."""
    if not settings.REDIS_URL or job.is_finished:
        return
    transaction.on_commit(lambda: _publish(job.pk))


def _publish(job_id: int) -> None:
    try:
        run_job.apply_async(args=[job_id], retry=False)
    except Exception:
        log.exception("job.poke_failed", job_id=job_id)
