"""Background work: rows in, claimed by lease, run by a registered handler. Carriers (Celery, runner) only bring ids."""

import errno
import threading
import traceback
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.db import DatabaseError, connection, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from config import clock
from people.engines import backoff
from people.enums import Channel, JobState
from people.models import Job, User
from people.models.job import FINISHED, MAX_ATTEMPTS
from people.services import audit

LEASE = timedelta(seconds=60)
NO_ROOM_PAUSE = timedelta(minutes=1)
_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT})
log = structlog.get_logger("cadran.jobs")


class JobRefused(Exception):  # noqa: N818 -- named as what happened
    """Raised by a handler whose rules forbid the work: no second attempt, the message is shown to the user."""


class LeaseLost(Exception):  # noqa: N818 -- named as what happened
    """Another runner has taken the job over: stop without writing."""


class JobPostponed(Exception):  # noqa: N818 -- named as what happened
    """Raised by a handler that can do nothing before that instant: back in the queue, no attempt used."""

    def __init__(self, until: datetime) -> None:
        super().__init__(until.isoformat())
        self.until = until


class UnknownKind(Exception):  # noqa: N818 -- named as what happened
    """No handler is registered for the job's kind."""


@dataclass(slots=True)
class JobRun:
    """What a handler sees of its job."""

    job_id: int
    kind: str
    key: str
    payload: Mapping[str, Any]
    attempt: int
    created_by_id: int | None
    token: uuid.UUID
    extend: timedelta = field(default=LEASE)

    def progress(self, percent: int, text: str = "") -> None:
        """Show how far the work is and keep the lease; LeaseLost if it is no longer ours."""
        self._write(progress=max(0, min(100, percent)), progress_text=text[:200])

    def heartbeat(self) -> None:
        """Keep the lease of a long step; LeaseLost if it is no longer ours."""
        self._write()

    def _write(self, **values: Any) -> None:
        rows = _held(self).update(lease_until=clock.now() + self.extend, **values)
        if not rows:
            raise LeaseLost(self.key)


Handler = Callable[[JobRun], Mapping[str, Any] | None]
_HANDLERS: dict[str, Handler] = {}


def register_handler(kind: str, handler: Handler) -> None:
    """Called by each app at start-up. A handler may run twice and must then harm nothing."""
    _HANDLERS[kind] = handler


def demand(*, kind: str, key: str, payload: Mapping[str, Any], by: User | None) -> None:
    """The job of that key shall run, once: one statement, its row is not read back."""
    now = clock.now()
    row = Job(kind=kind, key=key, payload=dict(payload), created_by=by, created_at=now, run_after=now)
    Job.objects.bulk_create([row], ignore_conflicts=True)


def enqueue(*, kind: str, key: str, payload: Mapping[str, Any], by: User | None) -> Job:
    """The job of that key: a new row, or the one that exists already."""
    demand(kind=kind, key=key, payload=payload, by=by)
    return Job.objects.get(key=key)


def enqueue_again(*, kind: str, key: str, payload: Mapping[str, Any], by: User | None) -> Job:
    """The job of that key, waiting: one that had ended starts anew with three attempts."""
    job = enqueue(kind=kind, key=key, payload=payload, by=by)
    over = Job.objects.filter(pk=job.pk, state__in=FINISHED)
    if over.update(state=JobState.QUEUED, run_after=clock.now(), **_ANEW):
        job.refresh_from_db()
    return job


def claim(job_id: int | None = None, *, lease: timedelta = LEASE) -> JobRun | None:
    """Take one due job (or that one) under a lease; None if there is nothing to take."""
    now = clock.now()
    with transaction.atomic():
        due = Job.objects.claimable(now).select_for_update(skip_locked=True, of=("self",))
        if job_id is not None:
            due = due.filter(pk=job_id)
        job = due.order_by("run_after", "pk").first()
        if job is None:
            return None
        if job.attempts >= MAX_ATTEMPTS:
            _close(job, JobState.PARKED, job.error or _("Le processus s’est arrêté trois fois pendant cette tâche."))
            return None
        job.state, job.attempts = JobState.RUNNING, job.attempts + 1
        job.lease_token, job.lease_until = uuid.uuid4(), now + lease
        job.started_at = job.started_at or now
        job.save(update_fields=["state", "attempts", "lease_token", "lease_until", "started_at"])
        return JobRun(
            job_id=job.pk,
            kind=job.kind,
            key=job.key,
            payload=job.payload,
            attempt=job.attempts,
            created_by_id=job.created_by_id,
            token=job.lease_token,
            extend=lease,
        )


def execute(run: JobRun) -> JobState:
    """Run the handler of a claimed job and write down how it ended."""
    log.info("job.started", job=run.key, attempt=run.attempt)
    try:
        handler = _HANDLERS.get(run.kind)
        if handler is None:
            raise UnknownKind(run.kind)
        with audit.via(Channel.JOB), _beating(run):
            result = handler(run)
        finish(run, result)
    except LeaseLost:
        log.warning("job.lease_lost", job=run.key)
        return JobState.RUNNING
    except JobPostponed as later:
        return postpone(run, later.until)
    except JobRefused as refusal:
        return _end(run, JobState.FAILED, str(refusal))
    except Exception as error:
        log.exception("job.error", job=run.key, attempt=run.attempt)
        if _lacks_room(error):
            return postpone(run, clock.now() + NO_ROOM_PAUSE, cause=_("Le disque est plein."))
        return fail(run, error)
    log.info("job.done", job=run.key)
    return JobState.DONE


def run_now(job_id: int) -> JobState | None:
    """Claim and run that job in this process; None if somebody else has it or it is finished."""
    run = claim(job_id)
    return execute(run) if run else None


def finish(run: JobRun, result: Mapping[str, Any] | None) -> None:
    values = {"progress": 100, "error": "", "result": dict(result) if result is not None else None}
    if not _held(run).update(state=JobState.DONE, finished_at=clock.now(), **_FREE, **values):
        raise LeaseLost(run.key)


def fail(run: JobRun, error: BaseException) -> JobState:
    """After an unexpected error: back in the queue later, or set aside with its cause after the last attempt."""
    cause = "".join(traceback.format_exception_only(error)).strip().replace("\x00", "")
    if run.attempt >= MAX_ATTEMPTS:
        return _end(run, JobState.PARKED, cause)
    _held(run).update(
        state=JobState.QUEUED, run_after=clock.now() + backoff.delay_after(run.attempt), error=cause, **_FREE
    )
    return JobState.QUEUED


def postpone(run: JobRun, until: datetime, *, cause: str = "") -> JobState:
    """Back in the queue until then, as if this attempt had not been; `cause` is shown meanwhile."""
    rows = _held(run).update(state=JobState.QUEUED, run_after=until, attempts=F("attempts") - 1, error=cause, **_FREE)
    log.info("job.postponed", job=run.key, until=until.isoformat())
    return JobState.QUEUED if rows else JobState.RUNNING


def sweep() -> list[int]:
    """Park what used up its attempts; the ids of the rows that wait for a runner, oldest first."""
    now = clock.now()
    dead = Job.objects.claimable(now).filter(attempts__gte=MAX_ATTEMPTS)
    with transaction.atomic():
        for job in dead.select_for_update(skip_locked=True, of=("self",)).order_by("pk"):
            _close(job, JobState.PARKED, job.error or _("Le processus s’est arrêté trois fois pendant cette tâche."))
    waiting = Job.objects.claimable(now).order_by("run_after", "pk")
    return list(waiting.values_list("pk", flat=True)[:200])


@transaction.atomic
def retry(*, job: Job, by: User) -> Job:
    """Give a job that was set aside or refused three new attempts."""
    again = Job.objects.filter(pk=job.pk, state__in=[JobState.PARKED, JobState.FAILED]).update(
        state=JobState.QUEUED, run_after=clock.now(), **_ANEW
    )
    job.refresh_from_db()
    if again:
        audit.record(by=by, verb="job.retried", target=job, data={"kind": job.kind})
    return job


@transaction.atomic
def stop(*, job: Job, by: User) -> bool:
    """Take a job out of the queue, or from its runner, which notices at its next sign of life and ends its child.

    False when it had ended already. What the handler has committed until then stays.
    """
    cause = _("Annulée par %(name)s.") % {"name": by.full_name}
    waiting = Job.objects.filter(pk=job.pk, state__in=[JobState.QUEUED, JobState.RUNNING])
    stopped = waiting.update(state=JobState.STOPPED, error=cause, finished_at=clock.now(), **_FREE)
    job.refresh_from_db()
    if stopped:
        audit.record(by=by, verb="job.stopped", target=job, data={"kind": job.kind})
    return bool(stopped)


@contextmanager
def _beating(run: JobRun) -> Iterator[None]:
    """Keep the lease while the handler works, from a thread and a connection of its own."""
    over = threading.Event()
    thread = threading.Thread(target=_beat, args=(run, over), daemon=True, name=f"lease-{run.job_id}")
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _beat(run: JobRun, over: threading.Event) -> None:
    try:
        while not over.wait(run.extend.total_seconds() / 3):
            run.heartbeat()
    except LeaseLost:
        log.warning("job.lease_lost", job=run.key)
    except DatabaseError:
        log.exception("job.heartbeat_failed", job=run.key)
    finally:
        connection.close()


_FREE: dict[str, None] = {"lease_until": None, "lease_token": None}
_ANEW: dict[str, Any] = {
    "attempts": 0,
    "finished_at": None,
    "started_at": None,
    "progress": 0,
    "progress_text": "",
}


def _lacks_room(error: BaseException | None) -> bool:
    """Whether a full disk is behind it: nothing is wrong with the job, it goes on once there is room."""
    while error is not None:
        if isinstance(error, OSError) and error.errno in _NO_ROOM:
            return True
        error = error.__cause__ or error.__context__
    return False


def _held(run: JobRun) -> Any:
    return Job.objects.filter(pk=run.job_id, state=JobState.RUNNING, lease_token=run.token)


def _end(run: JobRun, state: JobState, cause: str) -> JobState:
    rows = _held(run).update(state=state, error=cause or run.kind, finished_at=clock.now(), **_FREE)
    log.warning("job.parked" if state == JobState.PARKED else "job.refused", job=run.key, cause=cause)
    return state if rows else JobState.RUNNING


def _close(job: Job, state: JobState, cause: str) -> None:
    job.state, job.error, job.finished_at = state, cause, clock.now()
    job.lease_until = job.lease_token = None
    job.save(update_fields=["state", "error", "finished_at", "lease_until", "lease_token"])
    log.warning("job.parked", job=job.key, cause=cause)
