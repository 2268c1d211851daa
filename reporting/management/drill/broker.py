"""Saves and requests for background work while the broker is up, down, hung or emptied."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

from django.urls import reverse

from config import clock
from people.enums import JobState
from people.models import Job
from reporting.management.drill import traffic
from reporting.management.drill.findings import Findings
from reporting.management.drill.proxy import Mode, Proxy, between
from reporting.management.drill.stand import Process, Stand, TooLongError, free_port, running, to_redis, wait_for
from reporting.management.drill.traffic import Desk, Taken
from reporting.services.proof_queue import PROVE

STATES = {"up": Mode.OPEN, "down": Mode.CLOSED, "hung": Mode.HUNG, "flushed": Mode.OPEN}
RECOVERY_SECONDS = 150
LONGEST_MS = 2000
_WAITING = (JobState.QUEUED, JobState.RUNNING)


@dataclass(frozen=True, slots=True)
class Scene:
    """A web server, a worker and a beat whose line to Redis can be broken."""

    proxy: Proxy
    desk: Desk
    port: int
    empty: Callable[[], object]


def run(stand: Stand, *, saves: int, carriers: str) -> Findings:
    found = Findings()
    with _scene(stand, carriers) as scene:
        for state, mode in STATES.items():
            scene.proxy.mode = mode
            before = scene.empty if state == "flushed" else None
            taken = traffic.saves(scene.desk, saves)
            asked = _requests(scene, max(2, saves // 2), before)
            scene.proxy.mode = Mode.OPEN
            found.row(f"Redis {state}: status", **taken.figures())
            found.row(f"Redis {state}: request for a job", **asked.figures(), **_recovery())
            _judge(found, state, taken, asked)
    return found


def _judge(found: Findings, state: str, taken: Taken, asked: Taken) -> None:
    lost = sum(total for one in (taken, asked) for status, total in one.answers.items() if status != 303)
    found.expect(f"Redis {state}: saves that failed", lost, 0)
    found.expect_at_most(f"Redis {state}: slowest request, ms", max(asked.milliseconds), LONGEST_MS)
    left = Job.objects.filter(state__in=_WAITING, run_after__lte=clock.now()).count()
    found.expect(f"Redis {state}: jobs left after the recovery", left, 0)


def _recovery() -> dict[str, object]:
    """Until nothing that is due waits; the jobs of this state are then done."""

    def over() -> bool:
        return not Job.objects.filter(state__in=_WAITING, run_after__lte=clock.now()).exists()

    try:
        return {"recovered after s": round(wait_for("the jobs", over, RECOVERY_SECONDS), 1)}
    except TooLongError:
        return {"recovered after s": "never"}


def _requests(scene: Scene, number: int, before: Callable[[], object] | None) -> Taken:
    """Jobs that had been set aside, asked for again on their page: each request brings one to the broker."""
    visitor, taken = traffic.office(scene.port), Taken()
    page = reverse("people:jobs")
    for job in _set_aside(number):
        fields = [("csrfmiddlewaretoken", _token(visitor.get(page).text))]
        taken.time(partial(visitor.post, reverse("people:job_retry", args=[job.pk]), fields))
        if before is not None:
            before()
    return taken


def _set_aside(number: int) -> list[Job]:
    now = clock.now()
    stamp = now.isoformat()
    rows = [
        Job(kind=PROVE, key=f"drill:{stamp}:{place}", state=JobState.PARKED, error="drill", finished_at=now)
        for place in range(number)
    ]
    return Job.objects.bulk_create(rows)


def _token(page: str) -> str:
    return page.partition('name="csrfmiddlewaretoken" value="')[2].partition('"')[0]


@contextmanager
def _scene(stand: Stand, carriers: str) -> Iterator[Scene]:
    with between(partial(to_redis, carriers)) as proxy:
        url, port = f"redis://127.0.0.1:{proxy.port}/0", free_port()
        with running(stand.web(port=port, REDIS_URL=url), *_celery(stand, url)):
            traffic.wait_for_web(port)
            yield Scene(proxy, traffic.desk(port), port, partial(_flush, carriers))


def _flush(url: str) -> None:
    """Everything Redis holds is gone."""
    with to_redis(url) as line:
        line.sendall(b"FLUSHALL\r\n")
        if line.recv(100)[:1] != b"+":
            raise ConnectionError("FLUSHALL was refused")


def _celery(stand: Stand, url: str) -> Iterator[Process]:
    celery, more = ("-m", "celery", "-A", "config.celery"), {"REDIS_URL": url}
    where = str(stand.folder / "beat")
    yield stand.process("beat", (*celery, "beat", "--schedule", where, "--pidfile", ""), more)
    yield stand.process("worker", (*celery, "worker", "--concurrency", "1", "-l", "INFO"), more)
