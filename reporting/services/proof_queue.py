"""When texts are tried: as soon as a status is published, and each night for what was typed elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from config import clock
from people.selectors.jobs import is_followed
from people.services import jobs, schedule
from portfolio.models import StatusReport
from portfolio.services.after_status import listen
from reporting.services import proof

PROVE = "prove_texts"
NIGHTLY = schedule.Schedule(name="proof.nightly", latest_due=schedule.daily_at(2, 40), kind=PROVE)


def register() -> None:
    jobs.register_handler(PROVE, prove)
    schedule.register(NIGHTLY)
    listen(queue_proof)
    proof.register()


def queue_proof(report: StatusReport) -> None:
    """A job, in the transaction of the status, that tries its texts; the runner finds the row by itself."""
    key = f"proof:{report.pk}:{report.version}"
    jobs.demand(kind=PROVE, key=key, payload={"cycle": report.cycle_id}, by=None)


def prove(run: jobs.JobRun) -> Mapping[str, Any]:
    """Try every text of the open week that was not tried yet; of many such jobs that wait, the last does it all."""
    if is_followed(kind=PROVE, job_id=run.job_id, now=clock.now()):
        return {}
    return {"withheld": sorted(proof.prove_week(run.payload.get("cycle"), now=clock.now()))}
