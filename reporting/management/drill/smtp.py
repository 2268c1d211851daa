"""Mails and saves while the mail server refuses, hangs, hangs up or is away; then it is well again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from config import clock
from people.enums import MailState, Purpose
from people.models import Job, Mail, User
from people.services.mail import job_key, queue_mail
from reporting.management.drill import traffic
from reporting.management.drill.findings import Findings
from reporting.management.drill.sink import REFUSAL, Sink, listening
from reporting.management.drill.stand import Stand, free_port, running, wait_for
from reporting.management.drill.traffic import Desk

MAILS = 6
STATE_SECONDS, RECOVERY_SECONDS = 150, 60
_OPEN = (MailState.QUEUED, MailState.SENDING)


@dataclass(frozen=True, slots=True)
class Manner:
    """How the server behaves, and what must become of the mails meanwhile and afterwards."""

    name: str
    sink: Sink
    away: bool = False
    refused: int = 0
    unknown: int = 0

    @property
    def delivered(self) -> int:
        return MAILS - self.refused - self.unknown


def manners(addresses: list[str]) -> Iterator[Manner]:
    yield Manner("well", Sink())
    yield Manner("refuses one address", Sink(refused=frozenset(addresses[:1])), refused=1)
    yield Manner("refuses all", Sink(refuse_all=True), refused=MAILS)
    yield Manner("hangs from the start", Sink(silent=True))
    yield Manner("hangs up after the text", Sink(drop_after_data=True), unknown=MAILS)
    yield Manner("falls silent after the text", Sink(mute_after_data=True), unknown=MAILS)
    yield Manner("away", Sink(), away=True)


def run(stand: Stand, *, saves: int) -> Findings:
    """Each manner in turn, with the same readers; while the mails wait, statuses are saved."""
    found = Findings()
    people = list(User.objects.filter(is_active=True).exclude(email="").order_by("pk")[:MAILS])
    Mail.objects.filter(state__in=_OPEN).update(state=MailState.PARKED, reply="drill")
    mail_port, web_port = free_port(), free_port()
    mail = f"smtp://127.0.0.1:{mail_port}"
    runners = [stand.runner(f"runner-{number}", EMAIL_URL=mail) for number in (1, 2)]
    with running(stand.web(port=web_port, EMAIL_URL=mail), *runners):
        traffic.wait_for_web(web_port)
        desk = traffic.desk(web_port)
        for number, manner in enumerate(manners([user.email for user in people])):
            _one(found, manner, [_write(user, number) for user in people], desk, mail_port, saves)
    return found


def _one(found: Findings, manner: Manner, mails: list[Mail], desk: Desk, port: int, saves: int) -> None:
    with _served(manner, port) as stack:
        taken = traffic.saves(desk, saves)
        wait_for(f"{manner.name}: each mail tried", lambda: all(_tried(mail) for mail in mails), STATE_SECONDS)
        meanwhile = _states(mails)
        _get_well(manner, port, stack)
        wait_for(f"{manner.name}: each mail closed", lambda: _closed(mails), RECOVERY_SECONDS)
    copies = manner.sink.copies
    states, total = _states(mails), taken.figures()
    delivered = sum(mail.state == MailState.SENT and _in(copies, mail) == 1 for mail in _again(mails))
    verbatim = sum(REFUSAL in mail.reply for mail in _again(mails) if mail.state == MailState.REFUSED)
    found.row(
        f"server {manner.name}",
        mails=len(mails),
        waiting=meanwhile.get("queued", 0) + meanwhile.get("sending", 0),
        delivered=delivered,
        **{"refused verbatim": verbatim, "unknown": states.get("unknown", 0), "duplicates": manner.sink.duplicates},
        **total,
    )
    seen = (delivered, verbatim, states.get("unknown", 0), manner.sink.duplicates)
    wanted = (manner.delivered, manner.refused, manner.unknown, 0)
    found.expect(f"{manner.name}: delivered, refused verbatim, unknown, duplicates", seen, wanted)
    found.expect(f"{manner.name}: saves that succeeded, %", total["saved %"], 100.0)


@contextmanager
def _served(manner: Manner, port: int) -> Iterator[ExitStack]:
    with ExitStack() as stack:
        if not manner.away:
            stack.enter_context(listening(manner.sink, port))
        yield stack


def _get_well(manner: Manner, port: int, stack: ExitStack) -> None:
    """The server behaves from now on; the minutes until the next attempt of each mail have passed."""
    manner.sink.silent = manner.sink.refuse_all = False
    manner.sink.drop_after_data = manner.sink.mute_after_data = False
    manner.sink.refused = frozenset()
    if manner.away:
        stack.enter_context(listening(manner.sink, port))
    now = clock.now()
    Mail.objects.filter(state=MailState.QUEUED, run_after__gt=now).update(run_after=now)
    Job.objects.filter(kind="people.mail", state="queued", run_after__gt=now).update(run_after=now)


def _write(user: User, number: int) -> Mail:
    words = f"Essai {number}"
    key = f"drill:{number}:{user.pk}:{clock.now().timestamp()}"
    return queue_mail(key=key, purpose=Purpose.ALERT, to=user, subject=words, text=words)


def _again(mails: list[Mail]) -> list[Mail]:
    return list(Mail.objects.filter(pk__in=[mail.pk for mail in mails]))


def _states(mails: list[Mail]) -> dict[str, int]:
    states = [str(mail.state) for mail in _again(mails)]
    return {state: states.count(state) for state in set(states)}


def _tried(mail: Mail) -> bool:
    row = Mail.objects.get(pk=mail.pk)
    return row.attempts > 0 and row.state != MailState.SENDING


def _closed(mails: list[Mail]) -> bool:
    keys = [job_key(mail) for mail in mails]
    return (
        not any(mail.state in _OPEN for mail in _again(mails))
        and not Job.objects.filter(key__in=keys, state__in=("queued", "running")).exists()
    )


def _in(copies: dict[tuple[str, str], int], mail: Mail) -> int:
    return copies.get((mail.message_id, mail.address), 0)
