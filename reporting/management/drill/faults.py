"""A database restarted, a COMMIT whose answer is lost, disks that are full: what people are told, and who recovers."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.urls import reverse

from config import clock, embedded_postgres
from people.enums import JobState, Role
from people.models import Job
from people.selectors.holders import holders_of
from portfolio.models import ImportUpload, ReportingCycle, StatusReport
from portfolio.services.importers.presets import PRESETS
from reporting.management.bench.pages import form_with
from reporting.management.drill import traffic
from reporting.management.drill.disks import FULL_DEVICE, full_disk, may_mount
from reporting.management.drill.findings import Findings
from reporting.management.drill.proxy import Mode, Proxy, between
from reporting.management.drill.stand import Stand, free_port, own_url, running, to_database, wait_for
from reporting.management.drill.traffic import Desk
from reporting.management.drill.visitor import Fields, Reply, Visitor
from reporting.models import PackRendition
from reporting.tasks import queue_freeze

WRITERS, RESTARTS, PAUSE_SECONDS = 3, 3, 3
AGAIN_SECONDS = 60
PACK_SECONDS = 240
UPLOAD = b"Code;Nom\n" + b"".join(b"P-%06d;Projet\n" % number for number in range(9000))


@dataclass(slots=True)
class Ledger:
    """Every answer one writer got, and what he was told is saved."""

    answers: list[Reply] = field(default_factory=list)
    accepted: int = 0
    repeated: int = 0

    @property
    def failures(self) -> list[Reply]:
        return [reply for reply in self.answers if not reply.saved]


def run(stand: Stand, *, saves: int) -> Findings:
    found = Findings()
    restarted(stand, found)
    unheard(stand, found, max(3, saves // 4))
    full_log(stand, found, max(2, saves // 8))
    if may_mount():
        full_media(stand, found)
    return found


def restarted(stand: Stand, found: Findings) -> None:
    """The server stops under writers and comes back; everybody sends his form again until it is taken."""
    port, over = free_port(), threading.Event()
    with running(stand.web(port=port), stand.runner("runner")) as (_web, runner):
        traffic.wait_for_web(port)
        desks = traffic.desks(port, WRITERS)
        versions = {desk.project.pk: _version(desk) for desk in desks}
        ledgers = [Ledger() for _desk in desks]
        pairs = zip(desks, ledgers, strict=True)
        threads = [threading.Thread(target=_write, args=pair, kwargs={"over": over}) for pair in pairs]
        for thread in threads:
            thread.start()
        back = [_restart(port) for _turn in range(RESTARTS)]
        over.set()
        for thread in threads:
            thread.join()
        stored = sum(_version(desk) - versions[desk.project.pk] for desk in desks)
        _judge_restart(found, ledgers, back, stored)
        found.expect("database restarted: the runner still runs", runner.alive, True)
        found.row("database restarted", **{"jobs done after s": round(wait_for("the jobs", _no_job_left), 1)})


def _judge_restart(found: Findings, ledgers: list[Ledger], back: list[float], stored: int) -> None:
    accepted = sum(one.accepted for one in ledgers)
    failures = [reply for one in ledgers for reply in one.failures]
    pages = [reply for reply in failures if reply.status]
    found.row(
        "database restarted",
        saves=accepted,
        failed=len(failures),
        **{"503 page": sum(one.status == 503 for one in pages), "back after s": round(max(back), 1)},
    )
    found.expect("database restarted: saves accepted and stored", stored, accepted)
    found.expect("database restarted: failures were seen", bool(pages), True)
    found.expect("database restarted: every failure is a 503", {one.status for one in pages} - {503}, set())
    found.expect("database restarted: failures without a reference", _without_reference(pages), 0)


def _restart(port: int) -> float:
    """Down for some seconds; how long until a page is served after the server is up again."""
    time.sleep(PAUSE_SECONDS)
    connection.close()
    embedded_postgres.stop(Path(settings.VAR_DIR))
    time.sleep(PAUSE_SECONDS)
    embedded_postgres.start(Path(settings.VAR_DIR))
    return traffic.wait_for_web(port)


def _write(desk: Desk, ledger: Ledger, *, over: threading.Event) -> None:
    """Save, save again what was not taken, and so on; the same form with the same key each time."""
    try:
        while not over.is_set():
            fields = traffic.patiently(desk.typed)
            until = time.monotonic() + AGAIN_SECONDS
            while time.monotonic() < until:
                reply = desk.send(fields)
                ledger.answers.append(reply)
                if reply.saved:
                    ledger.accepted += 1
                    break
                ledger.repeated += 1
                time.sleep(0.3)
    finally:
        connection.close()


def unheard(stand: Stand, found: Findings, number: int) -> None:
    """The line breaks between COMMIT and its answer; the form sent again makes no second version."""
    with between(to_database) as proxy:
        port, url = free_port(), own_url("127.0.0.1", proxy.port)
        with running(stand.web(port=port, DATABASE_URL=url)):
            traffic.wait_for_web(port)
            desk = traffic.desk(port)
            rounds = [_one_unheard(desk, proxy) for _turn in range(number)]
    first, again, versions = zip(*rounds, strict=True)
    found.row(
        "COMMIT unheard",
        saves=number,
        failed=sum(not reply.saved for reply in first),
        **{"503 page": sum(reply.status == 503 for reply in first)},
    )
    found.expect("COMMIT unheard: lines cut", proxy.cuts, number)
    found.expect("COMMIT unheard: first answers", {reply.status for reply in first}, {503})
    found.expect("COMMIT unheard: answers without a reference", _without_reference(list(first)), 0)
    found.expect("COMMIT unheard: sent again with the same key", {reply.status for reply in again}, {303})
    found.expect("COMMIT unheard: versions written by both sendings", set(versions), {1})


def _one_unheard(desk: Desk, proxy: Proxy) -> tuple[Reply, Reply, int]:
    fields, before = desk.typed(), _version(desk)
    proxy.mode = Mode.CUT_AFTER_COMMIT
    first = desk.send(fields)
    proxy.mode = Mode.OPEN
    again = desk.send(fields)
    return first, again, _version(desk) - before


def full_media(stand: Stand, found: Findings) -> None:
    """No room for an uploaded file, nor for the pack; both go on by themselves once there is."""
    port = free_port()
    with running(stand.web(port=port), stand.runner("runner")):
        traffic.wait_for_web(port)
        visitor, path = traffic.office(port), reverse("portfolio:import")
        fields = upload_fields(visitor, path)
        with full_disk(stand.media):
            refused = visitor.upload(path, fields, "file", UPLOAD)
            left = [file for file in stand.media.rglob("*") if file.is_file()]
            rows = ImportUpload.objects.count()
            job = _pack_that_waits()
        again = visitor.upload(path, fields, "file", UPLOAD)
        done = wait_for("the pack", lambda: Job.objects.get(pk=job.pk).state == JobState.DONE, PACK_SECONDS)
    job.refresh_from_db()
    found.row("media disk full: upload", saves=1, failed=1, **{"507 page": int(refused.status == 507)})
    found.row("media disk full: pack", saves=1, **{"back after s": round(done, 1)})
    found.expect("media disk full: answer", refused.status, 507)
    found.expect("media disk full: answers without a reference", _without_reference([refused]), 0)
    found.expect("media disk full: rows and files left", (rows, len(left)), (0, 0))
    found.expect("media disk full: the same upload once there is room", again.status, 303)
    files = PackRendition.objects.filter(pack__cycle=job.payload["cycle"]).count()
    found.expect("media disk full: the pack, by itself", (str(job.state), files), ("done", 1))


def upload_fields(visitor: Visitor, path: str) -> Fields:
    """What the form of an import carries beside its file."""
    given = [pair for pair in form_with(visitor.get(path).text, "file") if pair[0] not in ("file", "description")]
    return [*given, ("format", next(iter(PRESETS)))]


def _pack_that_waits() -> Job:
    """The open week asked for while nothing can be written; back when the first attempt has failed."""
    cycle = ReportingCycle.objects.filter(frozen_at=None).latest("iso_year", "iso_week")
    job = queue_freeze(cycle, holders_of(Role.PSO)[0])

    def failed() -> bool:
        row = Job.objects.get(pk=job.pk)
        return row.state == JobState.QUEUED and row.run_after > row.created_at and row.started_at is not None

    wait_for("the pack to fail", failed, PACK_SECONDS)
    return job


def full_log(stand: Stand, found: Findings, number: int) -> None:
    """Nothing can be written to the log: saves and jobs go on."""
    port = free_port()
    with running(stand.web(port=port, output=FULL_DEVICE), stand.runner("runner", output=FULL_DEVICE)):
        traffic.wait_for_web(port)
        desk = traffic.desk(port)
        taken = traffic.saves(desk, number)
        seconds = wait_for("the jobs", _no_job_left)
    found.row("log disk full", failed=0, **taken.figures(), **{"jobs done after s": round(seconds, 1)})
    found.expect("log disk full: saves that succeeded, %", taken.figures()["saved %"], 100.0)


def _version(desk: Desk) -> int:
    return StatusReport.objects.get(project=desk.project, cycle=desk.cycle).version


def _no_job_left() -> bool:
    return not Job.objects.filter(state__in=(JobState.QUEUED, JobState.RUNNING), run_after__lte=clock.now()).exists()


def _without_reference(replies: list[Reply]) -> int:
    return sum(not reply.says_reference for reply in replies)
