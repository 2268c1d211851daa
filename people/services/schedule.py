"""Recurring runs: what is due is computed from the clock and a mark in the database, never from a process's memory."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from django.db import transaction

from config import clock
from people.models import Job, ScheduleMark
from people.services import jobs

LatestDue = Callable[[datetime], datetime]
Watch = Callable[[datetime], Iterable[Job]]
"""Looks at the rows for work that is due and not begun, and queues it under keys that exist once."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """One recurring run: `latest_due(now)` gives the last instant, not after now, at which it should have run.

    `needed(now)`, where given, says whether there is anything to do: if not, no row is written.
    """

    name: str
    latest_due: LatestDue
    kind: str
    needed: Callable[[datetime], bool] | None = None


_SCHEDULES: dict[str, Schedule] = {}
_WATCHES: dict[str, Watch] = {}


def register(schedule: Schedule) -> None:
    """Called by each app at start-up."""
    _SCHEDULES[schedule.name] = schedule


def register_watch(name: str, watch: Watch) -> None:
    """Called by each app at start-up. A watch runs every few seconds in every process: it must be cheap when idle."""
    _WATCHES[name] = watch


def registered() -> tuple[Schedule, ...]:
    return tuple(_SCHEDULES[name] for name in sorted(_SCHEDULES))


def run_due(now: datetime | None = None) -> list[Job]:
    """Queue one job for each run whose latest instant was not served. However many were missed, one is caught up.

    Then ask every watch for work whose instant lies in the data. Any number of processes may call this at once:
    the mark is locked, and the job's key is unique.
    """
    instant = now or clock.now()
    queued = [job for schedule in registered() if (job := _serve(schedule, instant)) is not None]
    for name in sorted(_WATCHES):
        queued.extend(job for job in _WATCHES[name](instant) if not job.is_finished)
    return queued


@transaction.atomic
def _serve(schedule: Schedule, now: datetime) -> Job | None:
    if schedule.needed is not None and not schedule.needed(now):
        return None
    due = schedule.latest_due(now)
    ScheduleMark.objects.bulk_create([ScheduleMark(name=schedule.name)], ignore_conflicts=True)
    mark = ScheduleMark.objects.select_for_update(skip_locked=True, of=("self",)).filter(name=schedule.name).first()
    if mark is None or (mark.last_due is not None and mark.last_due >= due):
        return None
    key = f"{schedule.name}:{due.astimezone(UTC).isoformat(timespec='seconds')}"
    job = jobs.enqueue(kind=schedule.kind, key=key, payload={"due": due.isoformat()}, by=None)
    mark.last_due, mark.last_run = due, now
    mark.save(update_fields=["last_due", "last_run"])
    return job


def every(period: timedelta) -> LatestDue:
    """Instants at whole multiples of the period, in UTC."""
    seconds = int(period.total_seconds())

    def latest(now: datetime) -> datetime:
        stamp = int(now.timestamp())
        return datetime.fromtimestamp(stamp - stamp % seconds, UTC)

    return latest


def daily_at(hour: int, minute: int = 0) -> LatestDue:
    """That wall-clock time in Brussels, once a day: also on the days of 23 and 25 hours."""

    def latest(now: datetime) -> datetime:
        day = now.astimezone(clock.BRUSSELS).date()
        due = datetime.combine(day, time(hour, minute), clock.BRUSSELS).astimezone(UTC)
        if due > now:
            due = datetime.combine(day - timedelta(days=1), time(hour, minute), clock.BRUSSELS).astimezone(UTC)
        return due

    return latest
