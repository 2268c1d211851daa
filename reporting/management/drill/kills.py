"""From the freeze to the last mail while processes die: one pack, one file a language, one mail a recipient."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from django.db.models import Count

from config import clock
from people.enums import JobState, MailState, Role
from people.models import AuditEntry, Job, Mail, User
from people.selectors.holders import holders_of
from people.services import audit, jobs
from portfolio.models import ReportingCycle
from reporting.enums import PackState
from reporting.management.drill.findings import Findings
from reporting.management.drill.sink import Sink, listening
from reporting.management.drill.stand import Process, Stand, TooLongError, running
from reporting.models import Pack, PackRecipient, PackRendition, Snapshot
from reporting.selectors.pack_recipients import intended_recipients
from reporting.services import pack_life
from reporting.services.pack import file_of

WALK_SECONDS = 300
WALK_OF_LEASES = 1200
"""A job of a Celery worker that died is free again after a minute, so a walk of such deaths takes longer."""
AIMED = 0.7
RUNNERS = 5
PRINT_SECONDS = 2.5
PRINTING = 0.4
"""The share of the kills that may fall before the publication."""
_KINDS = {"freeze": "freeze and print", "distribute": "distribution", "mail": "mail"}
_OF_THE_PACK = ("pack:", "distribute_pack:", "mail:pack:")
_WAITING = (JobState.QUEUED, JobState.RUNNING)
_ACTS = ("cycle.frozen", "pack.rendered", "pack.approved", "pack.published", "pack.distributed")
_OPEN_MAIL = (MailState.QUEUED, MailState.SENDING)


@dataclass(frozen=True, slots=True)
class Kill:
    """Who died, the key of the job in his hands, and whether its row was still claimed when he was dead."""

    victim: str
    job: str
    held: bool


@dataclass(slots=True)
class Walk:
    """One week from its freeze to its last mail; the calendar freezes, the director approves and publishes."""

    cycle: ReportingCycle
    director: User
    office: User
    by_calendar: bool
    since: datetime = field(default_factory=clock.now)
    retried: int = 0
    is_sending: bool = False

    @property
    def pack(self) -> Pack | None:
        return Pack.objects.filter(cycle=self.cycle, edition=1).select_related("cycle").first()

    def push(self) -> bool:
        """Do what people do as soon as it is possible; whether everything has come to its end."""
        for parked in Job.objects.filter(state=JobState.PARKED).exclude(kind="people.mail"):
            jobs.retry(job=parked, by=self.office)
            self.retried += 1
        pack = self.pack
        if pack is None:
            return False
        if pack.state == PackState.RENDERED:
            pack_life.approve(pack=pack, by=self.director, now=clock.now())
        elif pack.state == PackState.APPROVED and not self.by_calendar:
            pack_life.publish(pack=pack, by=self.director, now=clock.now())
        self.is_sending = pack.state in (PackState.PUBLISHED, PackState.DISTRIBUTED)
        return pack.state == PackState.DISTRIBUTED and not is_busy()


def is_busy() -> bool:
    """Whether anything that may go on now has not ended."""
    soon = clock.now() + timedelta(seconds=30)
    return (
        Job.objects.filter(state__in=_WAITING, run_after__lte=soon).exists()
        or Mail.objects.filter(state__in=_OPEN_MAIL, run_after__lte=soon).exists()
    )


def open_week(*, by_calendar: bool) -> Walk:
    """The latest week that nobody has frozen, with its instants in the past from now on."""
    cycle = ReportingCycle.objects.filter(frozen_at=None).latest("iso_year", "iso_week")
    now = clock.now()
    late = now if by_calendar else now + timedelta(hours=2)
    before = min(cycle.due_at, now - timedelta(seconds=2))
    ReportingCycle.objects.filter(pk=cycle.pk).update(
        opens_at=min(cycle.opens_at, before - timedelta(hours=1)),
        due_at=before,
        cut_at=before,
        freeze_at=now,
        publish_at=late,
    )
    cycle.refresh_from_db()
    return Walk(cycle, holders_of(Role.DIRECTOR)[0], holders_of(Role.PSO)[0], by_calendar)


def one_round(
    stand: Stand,
    *,
    kills: int,
    seed: int,
    by_calendar: bool = False,
    carriers: str = "",
    runners: int = RUNNERS,
    at_work: bool = False,
) -> Findings:
    """Walk one week while up to `kills` processes die; `carriers` is the Redis of Celery's workers, if they are it.

    With `at_work` nobody dies but who holds a claimed job.
    """
    rng = Random(seed)  # noqa: S311 -- when and who
    sink = Sink(slowness=1.5, rng=Random(seed))  # noqa: S311 -- how slow
    findings = Findings()
    with listening(sink) as port:
        processes = list(crew(stand, f"smtp://127.0.0.1:{port}", carriers, runners))
        with running(*processes):
            walk = open_week(by_calendar=by_calendar)
            started = time.monotonic()
            try:
                fallen = _walk(walk, processes, kills, rng, at_work=at_work)
            except TooLongError as error:
                fallen = []
                findings.expect("the walk came to its end", str(error), "yes")
            findings.row("rounds", total=1, seconds=round(time.monotonic() - started, 1))
    _outcomes(fallen, findings)
    if at_work:
        findings.expect("kills of a process whose job was claimed", sum(kill.held for kill in fallen), kills)
    findings.row("set aside after three deaths, retried by hand", total=walk.retried)
    _judge(walk, sink, stand, findings)
    return findings


def crew(stand: Stand, mail: str, carriers: str, runners: int) -> Iterator[Process]:
    """Two beats and three workers; without a broker each of the five is both."""
    if not carriers:
        for number in range(1, runners + 1):
            yield stand.runner(f"runner-{number}", EMAIL_URL=mail)
        return
    celery, more = ("-m", "celery", "-A", "config.celery"), {"EMAIL_URL": mail, "REDIS_URL": carriers}
    for number in (1, 2):
        where = str(stand.folder / f"beat-{number}")
        yield stand.process(f"beat-{number}", (*celery, "beat", "--schedule", where, "--pidfile", ""), more)
    for number in (1, 2, 3):
        alone = ("worker", "-n", f"w{number}@drill", "--concurrency", "1", "-l", "INFO")
        yield stand.process(f"worker-{number}", (*celery, *alone), more)


def _walk(walk: Walk, processes: Sequence[Process], kills: int, rng: Random, *, at_work: bool) -> list[Kill]:
    fallen: list[Kill] = []
    next_kill = time.monotonic() + (0 if at_work else rng.uniform(4, 7))
    seconds = WALK_OF_LEASES if at_work else WALK_SECONDS
    until = time.monotonic() + seconds
    while not walk.push():
        if time.monotonic() > until:
            raise TooLongError(f"still at {walk.pack.state if walk.pack else 'nothing'} after {seconds} s")
        time.sleep(0.05)
        sending = walk.is_sending
        counted = sum(kill.held for kill in fallen) if at_work else len(fallen)
        if counted >= (kills if sending else kills * PRINTING) or time.monotonic() < next_kill:
            continue
        victim = _holder(processes, rng, sending=sending) if at_work else _anyone(processes, rng)
        if victim is not None:
            fallen.append(_kill(victim))
            next_kill = time.monotonic() + (rng.uniform(0.1, 0.9) if sending else rng.uniform(0.2, 2.5))
    return fallen


def _anyone(processes: Sequence[Process], rng: Random) -> Process:
    """Any process, or more often one that is seen to work."""
    busy = [process for process in processes if process.in_hand()]
    return rng.choice(busy) if busy and rng.random() < AIMED else rng.choice(processes)


def _holder(processes: Sequence[Process], rng: Random, *, sending: bool) -> Process | None:
    """One whose log says that it works on a job of the pack, which the database says is claimed."""
    claimed = set(Job.objects.filter(state=JobState.RUNNING).values_list("key", flat=True))
    hands = {process.name: process.in_hand() for process in processes}
    holders = [one for one in processes if hands[one.name] in claimed and hands[one.name].startswith(_OF_THE_PACK)]
    if not holders:
        return None
    if not sending:
        time.sleep(rng.uniform(0, PRINT_SECONDS))
    return rng.choice(holders)


def _kill(victim: Process) -> Kill:
    """Another takes its place at once."""
    victim.kill()
    key = victim.in_hand()
    held = bool(key) and Job.objects.filter(key=key, state=JobState.RUNNING).exists()
    victim.start()
    return Kill(victim.name, key, held)


def _outcomes(fallen: Sequence[Kill], findings: Findings) -> None:
    for kill in fallen:
        row = _kind(kill.job)
        findings.count(row, "kills")
        findings.count(row, "with a claimed job", int(kill.held))
        if not kill.job:
            continue
        job = Job.objects.filter(key=kill.job).first()
        if row == "mail":
            mail = Mail.objects.get(key=kill.job.removeprefix("mail:"))
            findings.count(row, str(mail.state))
        elif job is not None:
            findings.count(row, str(job.state))
        if job is not None and job.attempts > 1:
            findings.count(row, "requeued")


def _kind(key: str) -> str:
    if not key:
        return "idle or starting"
    for word, name in _KINDS.items():
        if key.startswith("mail:") if word == "mail" else word in key:
            return name
    return "other jobs"


def _judge(walk: Walk, sink: Sink, stand: Stand, findings: Findings) -> None:
    """Every invariant, on the rows, on the disk and in the mailbox."""
    pack, wanted = walk.pack, intended_recipients()
    findings.expect("snapshots of the week", Snapshot.objects.filter(cycle=walk.cycle).count(), 1)
    doubles = Pack.objects.values("kind", "cycle", "edition").annotate(rows=Count("pk")).filter(rows__gt=1)
    findings.expect("packs more than one per kind, week and version", doubles.count(), 0)
    findings.expect("packs of the week", Pack.objects.filter(cycle=walk.cycle).count(), 1)
    if pack is None:
        return
    findings.expect("state of the pack", str(pack.state), str(PackState.DISTRIBUTED))
    rows = list(PackRendition.objects.filter(pack=pack))
    findings.expect("files, one a language", sorted(row.language for row in rows), list(wanted.languages))
    whole = [(stand.media / "packs" / file_of(row).name).is_file() for row in rows]
    findings.expect("files on the disk", all(whole), True)
    findings.expect("leftovers of broken writing", _leftovers(stand.media / "packs"), 0)
    served = PackRecipient.objects.filter(pack=pack).values_list("user_id", flat=True)
    findings.expect("recipients", sorted(served) == sorted(user.pk for user in wanted.reached), True)
    _judge_mails(walk, pack, sink, findings)
    acts = AuditEntry.objects.filter(verb__in=_ACTS, at__gte=walk.since)
    twice = {verb: acts.filter(verb=verb).count() - (len(rows) if verb == "pack.rendered" else 1) for verb in _ACTS}
    findings.expect("acts more or fewer than one each", sum(abs(value) for value in twice.values()), 0)
    findings.expect("audit chain sound", audit.verify().sound, True)
    findings.expect("jobs or mails stuck", int(is_busy()), 0)


def _judge_mails(walk: Walk, pack: Pack, sink: Sink, findings: Findings) -> None:
    copies = sink.copies
    findings.expect("second copies of a mail in the mailboxes", sink.duplicates, 0)
    for mail in Mail.objects.filter(pack_recipient__pack=pack):
        findings.count("mails of the pack", str(mail.state))
        findings.count("mails of the pack", "in a mailbox", copies[(mail.message_id, mail.address)])
    sent = Mail.objects.filter(state=MailState.SENT, created_at__gte=walk.since)
    missing = sum((mail.message_id, mail.address) not in copies for mail in sent)
    findings.expect("mails said to be sent that never arrived", missing, 0)


def _leftovers(folder: Path) -> int:
    return sum(path.name.startswith(".pack-") for path in folder.iterdir()) if folder.is_dir() else 0
