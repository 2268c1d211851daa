"""What a body or a person left unanswered goes up by itself: one job per row, found by the calendar."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from config import clock
from config.clock import BRUSSELS
from governance.selectors.arbitration_work import work_of_arbitrations
from governance.selectors.ladder import unanswered
from governance.services.arbitration_overdue import overdue_steps, raise_step
from governance.services.ladder import raise_overdue
from people.models import Job
from people.services import jobs, schedule
from portfolio.services.work_port import register_source

REQUEST = "raise_request"
STEP = "raise_arbitration"


def register() -> None:
    jobs.register_handler(REQUEST, _raise_request)
    jobs.register_handler(STEP, _raise_step)
    schedule.register_watch("governance.requests", queue_overdue_requests)
    schedule.register_watch("governance.arbitrations", queue_overdue_steps)
    register_source("governance.arbitrations", work_of_arbitrations)


def queue_overdue_requests(now: datetime) -> list[Job]:
    """One job per request that its body left unanswered, ever."""
    return _queue(REQUEST, unanswered(now.astimezone(BRUSSELS).date()).values_list("pk", flat=True))


def queue_overdue_steps(now: datetime) -> list[Job]:
    """One job per step of an arbitration whose clock ran out, ever."""
    return _queue(STEP, overdue_steps(now.astimezone(BRUSSELS).date()).values_list("pk", flat=True))


def _queue(kind: str, found: Iterable[int]) -> list[Job]:
    wanted = {f"{kind}:{key}": key for key in found}
    known = set(Job.objects.filter(key__in=wanted).values_list("key", flat=True)) if wanted else set()
    return [
        jobs.enqueue(kind=kind, key=key, payload={"row": row}, by=None)
        for key, row in wanted.items()
        if key not in known
    ]


def _run(act: Callable[..., object | None], run: jobs.JobRun, name: str) -> Mapping[str, Any]:
    done = act(**{name: int(run.payload["row"])}, on=clock.today())
    return {"raised": done is not None}


def _raise_request(run: jobs.JobRun) -> Mapping[str, Any]:
    return _run(raise_overdue, run, "request_id")


def _raise_step(run: jobs.JobRun) -> Mapping[str, Any]:
    return _run(raise_step, run, "step_id")
