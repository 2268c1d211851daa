"""Background work of governance: ids in, one service call."""

from __future__ import annotations

from datetime import datetime, time

from config import clock
from config.clock import BRUSSELS
from governance.selectors.gate_work import work_of_gates
from governance.selectors.my_work import work_of_bodies
from governance.services import minutes, reminding, written
from people.models import Job
from people.selectors.jobs import known_keys
from people.services import jobs, schedule
from people.tasks import poke
from portfolio.services.work_port import register_source

REMIND = "follow_up.remind"
SETTLE = "written.settle"
MORNING = time(7, 30)


def register() -> None:
    """Called at start-up."""
    jobs.register_handler(minutes.KIND, minutes.print_minutes)
    jobs.register_handler(REMIND, remind)
    jobs.register_handler(SETTLE, settle)
    reminding.register()
    schedule.register_watch(REMIND, queue_reminders)
    schedule.register_watch(SETTLE, queue_settling)
    register_source("governance", work_of_bodies)
    register_source("governance.gates", work_of_gates)


def queue_reminders(now: datetime) -> list[Job]:
    """The job of the day, from the morning on, where something may be due: one statement when it was queued."""
    local = now.astimezone(BRUSSELS)
    key = f"{REMIND}:{local.date().isoformat()}"
    if local.time() < MORNING or known_keys([key]) or not reminding.any_waiting(local.date()):
        return []
    job = jobs.enqueue(kind=REMIND, key=key, payload={}, by=None)
    poke(job)
    return [job]


def remind(_run: jobs.JobRun) -> dict[str, int]:
    """Send the reminders that are due when the job runs; running it twice sends none."""
    return {"told": reminding.remind_due(clock.now())}


def queue_settling(now: datetime) -> list[Job]:
    """The job of the day that closes the written procedures whose last day is over; one statement when none is."""
    today = now.astimezone(BRUSSELS).date()
    key = f"{SETTLE}:{today.isoformat()}"
    if not written.any_due(today) or known_keys([key]):
        return []
    job = jobs.enqueue(kind=SETTLE, key=key, payload={}, by=None)
    poke(job)
    return [job]


def settle(_run: jobs.JobRun) -> dict[str, int]:
    """Close what is due when the job runs; each procedure once."""
    return {"settled": written.settle_due(clock.now())}
