"""What the demo accounts were told in the last weeks, most of it read, and what became of each mail."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from people.enums import MailState
from people.models import Job, Notification
from people.services import mail
from portfolio.engines.chasing import Step
from portfolio.models import Project, ReportingCycle
from portfolio.selectors.chasing import plan_of
from portfolio.services import chase_notices
from reporting.management.demo.replay import Replay
from reporting.models import Pack
from reporting.services import pack_notices

WEEKS = 3
_ACCEPTED = "250 2.0.0 Ok: queued as %08X"
_ODD = {
    1: (MailState.REFUSED, "550 5.1.1 <%s>: Recipient address rejected: User unknown in local recipient table"),
    2: (MailState.UNKNOWN, "timed out"),
}


@transaction.atomic
def fill_inboxes(replay: Replay) -> None:
    """First reminders to project managers and notices about packs, oldest first; nothing is left to send."""
    cycles = ReportingCycle.objects.filter(frozen_at__isnull=False).order_by("-iso_year", "-iso_week")[:WEEKS]
    for cycle in reversed(cycles):
        _remind(replay, cycle)
        _announce(cycle)
    _settle(replay.now)


def _remind(replay: Replay, cycle: ReportingCycle) -> None:
    first = next((one for one in plan_of(cycle) if one.step == Step.FIRST), None)
    if first is None:
        return
    owned: dict[int, list[Project]] = {}
    for plan in replay.plans:
        if plan.project.manager_id and plan.project.owes_status:
            owned.setdefault(plan.project.manager_id, []).append(plan.project)
    for person in replay.cast.managers:
        if person.user is not None and person.pk in owned:
            chase_notices.tell(user=person.user, step=Step.FIRST, cycle=cycle, projects=owned[person.pk])
    _date(chase_notices.key_of(cycle, Step.FIRST), first.at)


def _announce(cycle: ReportingCycle) -> None:
    pack = Pack.objects.filter(cycle=cycle).order_by("-edition").first()
    if pack is None or cycle.frozen_at is None:
        return
    pack_notices.tell_to_approve(pack)
    _date(f"{pack_notices.TO_APPROVE}:{pack.pk}", cycle.frozen_at + timedelta(minutes=12))
    pack_notices.tell_approved(pack)
    _date(f"{pack_notices.APPROVED}:{pack.pk}", cycle.frozen_at + timedelta(hours=2))


def _date(key: str, at: datetime) -> None:
    """Told then, and read two hours later."""
    Notification.objects.filter(key=key).update(created_at=at, read_at=at + timedelta(hours=2))


def _settle(now: datetime) -> None:
    """Every mail left a minute after its notice, but one refused and one whose answer was lost; the last is unread."""
    notes = list(Notification.objects.exclude(mail=None).select_related("mail").order_by("created_at", "pk"))
    for number, note in enumerate(notes):
        letter = note.mail
        if letter is None:
            continue
        at = min(note.created_at + timedelta(minutes=1), now)
        letter.state, reply = _ODD.get(number, (MailState.SENT, _ACCEPTED % (0x4A10C000 + number)))
        letter.reply = reply % letter.address if "%s" in reply else reply
        letter.created_at, letter.attempts, letter.handed_at = min(note.created_at, at), 1, at
        letter.sent_at = at if letter.state == MailState.SENT else None
        letter.save(update_fields=["state", "reply", "created_at", "attempts", "handed_at", "sent_at"])
    Job.objects.filter(kind=mail.KIND).delete()
    if notes:
        Notification.objects.filter(created_at=notes[-1].created_at).update(read_at=None)
