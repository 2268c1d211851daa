"""Mail to people: a row each, written with what it is about, sent at most once by a job of its own."""

import hashlib
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from email.utils import parseaddr
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import structlog
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Concat
from django.utils import translation
from django.utils.translation import gettext as _

from config import clock
from people.engines import backoff, letter
from people.engines.letter import Enclosure, Letter
from people.enums import JobState, MailState, Purpose
from people.models import Job, Mail, User
from people.services import audit, jobs, schedule, smtp
from people.services.jobs import JobPostponed, JobRun, LeaseLost
from people.services.schedule import Schedule

KIND = "people.mail"
LOST_KIND = "people.mail_lost"
MAX_KEY = 190
_FREE: dict[str, None] = {"lease_until": None, "lease_token": None}
log = structlog.get_logger("cadran.mail")


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file below PACKS_ROOT, read when the mail leaves; one whose hash is no longer `sha256` is not sent.

    A short text, such as a calendar entry, may be kept whole in `content` instead.
    """

    name: str
    path: str
    content_type: str
    sha256: str
    content: str = ""


class Unsendable(Exception):  # noqa: N818 -- named as what happened
    """The mail cannot be written as it should be; why, for the PSO."""


def queue_mail(
    *,
    key: str,
    purpose: Purpose,
    to: User,
    subject: str,
    text: str,
    html: str = "",
    attachments: Sequence[Attachment] = (),
) -> Mail:
    """The mail of that key, in the caller's transaction: a new row and its job, or the row that exists already.

    An account that is closed or has no address gets a row that says so, and nothing is sent.
    """
    if not 0 < len(key) <= MAX_KEY:
        raise ValueError(key)
    now = clock.now()
    obstacle = _obstacle(to)
    row = Mail(
        key=key,
        purpose=purpose,
        recipient=to,
        address=to.email,
        language=to.language,
        subject=letter.one_line(subject, 200),
        text=letter.body(text),
        html=letter.body(html),
        attachments=[asdict(one) for one in attachments],
        message_id=message_id(key),
        state=MailState.REFUSED if obstacle else MailState.QUEUED,
        reply=obstacle,
        run_after=now,
        created_at=now,
    )
    with transaction.atomic():
        Mail.objects.bulk_create([row], ignore_conflicts=True)
        mail = Mail.objects.get(key=key)
        if mail.state == MailState.QUEUED:
            jobs.enqueue(kind=KIND, key=job_key(mail), payload={"mail": mail.pk}, by=None)
    return mail


def message_id(key: str) -> str:
    """The same for the same key at every attempt, so that a mailbox knows a second copy for one."""
    host = urlsplit(settings.BASE_URL).hostname or "localhost"
    return f"<{hashlib.sha256(key.encode()).hexdigest()[:32]}@{host}>"


def job_key(mail: Mail) -> str:
    return f"mail:{mail.key}"


def send(run: JobRun) -> Mapping[str, Any]:
    """Handler of the job of one mail: bring it to an end, or ask for a later turn."""
    mail = Mail.objects.select_related("recipient__person").filter(pk=run.payload["mail"]).first()
    if mail is None:
        return {"state": "gone"}
    if mail.state == MailState.SENDING and mail.handed_at is not None:
        _settle_doubt(mail)
    elif mail.state in (MailState.QUEUED, MailState.SENDING):
        _claim(mail, run.extend)
        _attempt(mail, run.extend)
    mail.refresh_from_db(fields=["state", "reply"])
    return {"state": str(mail.state), "reply": mail.reply}


def settle_lost() -> int:
    """Close the mails whose job was set aside: unknown if they were handed over, parked if not; how many."""
    now, closed = clock.now(), 0
    for mail in _lost().order_by("pk"):
        handed = mail.handed_at is not None
        values: dict[str, Any] = {"state": MailState.UNKNOWN if handed else MailState.PARKED, **_FREE}
        values["reply"] = mail.reply or _("Le processus s’est arrêté trois fois pendant cet envoi.")
        still = Mail.objects.filter(pk=mail.pk, state=mail.state, lease_token=mail.lease_token)
        closed += still.filter(Q(lease_until=None) | Q(lease_until__lt=now)).update(**values)
    return closed


def run_settling(_run: JobRun) -> Mapping[str, Any]:
    """Handler of the job that closes them."""
    return {"closed": settle_lost()}


def any_lost(_now: datetime) -> bool:
    return _lost().exists()


LOST = Schedule(name=LOST_KIND, latest_due=schedule.every(timedelta(minutes=1)), kind=LOST_KIND, needed=any_lost)


def drain() -> int:
    """Try everything that waits once, now, in this process, without regard to back-off; how many were tried."""
    now = clock.now()
    settle_lost()
    with transaction.atomic():
        Mail.objects.filter(state=MailState.QUEUED, run_after__gt=now).update(run_after=now)
        Job.objects.filter(kind=KIND, state=JobState.QUEUED, run_after__gt=now).update(run_after=now)
    waiting = list(Job.objects.claimable(now).filter(kind=KIND).order_by("pk").values_list("pk", flat=True))
    return sum(jobs.run_now(job_id) is not None for job_id in waiting)


@transaction.atomic
def mark_arrived(*, mail: Mail, by: User) -> Mail:
    """A person found that the mail of unknown outcome arrived."""
    known = Mail.objects.filter(pk=mail.pk, state=MailState.UNKNOWN)
    if not known.update(state=MailState.SENT, sent_at=mail.handed_at or clock.now()):
        raise ValidationError(_("Le sort de ce courriel est déjà connu."))
    audit.record(by=by, verb="mail.arrived", target=mail)
    mail.refresh_from_db()
    return mail


@transaction.atomic
def send_again(*, mail: Mail, by: User) -> Mail:
    """A person has a mail of unknown outcome, refused or set aside tried anew, to the account's address of today."""
    waiting: dict[str, Any] = {"state": MailState.QUEUED, "attempts": 0, "handed_at": None, "run_after": clock.now()}
    if mail.recipient is not None:
        if obstacle := _obstacle(mail.recipient):
            raise ValidationError(obstacle)
        waiting["address"] = mail.recipient.email
    over = Mail.objects.filter(pk=mail.pk, state__in=[MailState.UNKNOWN, MailState.REFUSED, MailState.PARKED])
    before = mail.state
    if not over.update(**waiting):
        raise ValidationError(_("Ce courriel n’attend aucune décision."))
    jobs.enqueue_again(kind=KIND, key=job_key(mail), payload={"mail": mail.pk}, by=by)
    audit.record(by=by, verb="mail.sent_again", target=mail, data={"before": before})
    mail.refresh_from_db()
    return mail


def _lost() -> QuerySet[Mail]:
    alive = Job.objects.filter(
        key=Concat(Value("mail:"), OuterRef("key")), state__in=[JobState.QUEUED, JobState.RUNNING]
    )
    open_ = Mail.objects.filter(Q(state=MailState.QUEUED) | Q(state=MailState.SENDING, lease_until__lt=clock.now()))
    return open_.exclude(Exists(alive))


def _settle_doubt(mail: Mail) -> None:
    """Its sender died, or is still waiting for the answer: unknown as soon as its lease is over."""
    if mail.lease_until is not None and mail.lease_until >= clock.now():
        raise JobPostponed(mail.lease_until + timedelta(seconds=1))
    held = Mail.objects.filter(pk=mail.pk, state=MailState.SENDING, lease_token=mail.lease_token)
    held.update(state=MailState.UNKNOWN, reply=_("Remis au serveur ; sa réponse n’a pas été enregistrée."), **_FREE)
    log.warning("mail.unknown", mail=mail.key)


def _claim(mail: Mail, lease: timedelta) -> None:
    now, token = clock.now(), uuid.uuid4()
    due = Mail.objects.claimable(now).filter(pk=mail.pk)
    if not due.update(
        state=MailState.SENDING, lease_token=token, lease_until=now + lease, attempts=F("attempts") + 1, handed_at=None
    ):
        raise JobPostponed(mail.lease_until or max(mail.run_after, now + timedelta(seconds=1)))
    mail.refresh_from_db(fields=["state", "lease_token", "lease_until", "attempts"])


def _attempt(mail: Mail, lease: timedelta) -> None:
    """One transaction with the server; every way it may end is written down."""
    with translation.override(mail.language):
        try:
            written = letter.mime(_letter(mail))
        except Unsendable as reason:
            _close(mail, MailState.PARKED, str(reason))
            return
    try:
        reply = smtp.deliver(
            written,
            sender=parseaddr(settings.DEFAULT_FROM_EMAIL)[1],
            recipient=letter.ascii_address(mail.address),
            handing=lambda: _hand(mail, lease),
        )
    except smtp.Refused as answer:
        _close(mail, MailState.REFUSED, str(answer))
    except smtp.AnswerLost as why:
        _close(mail, MailState.UNKNOWN, str(why))
    except smtp.NotNow as why:
        _put_back(mail, str(why))
    else:
        _close(mail, MailState.SENT, reply, sent_at=clock.now())


def _hand(mail: Mail, lease: timedelta) -> None:
    """The last moment at which another sender may take over: from here on the text may arrive."""
    now = clock.now()
    held = Mail.objects.filter(pk=mail.pk, state=MailState.SENDING, lease_token=mail.lease_token, handed_at=None)
    if not held.update(handed_at=now, lease_until=now + lease):
        raise LeaseLost(mail.key)
    mail.handed_at = now


def _close(mail: Mail, state: MailState, reply: str, **values: Any) -> None:
    """Write the end down; an answer that comes after the lease still beats `unknown`."""
    mine = Q(state=MailState.SENDING, lease_token=mail.lease_token)
    if mail.handed_at is not None:
        mine |= Q(state=MailState.UNKNOWN, handed_at=mail.handed_at)
    text = letter.body(reply) or str(state)
    if not Mail.objects.filter(mine, pk=mail.pk).update(state=state, reply=text, **_FREE, **values):
        raise LeaseLost(mail.key)
    log.info("mail.closed", mail=mail.key, state=str(state), attempts=mail.attempts)


def _put_back(mail: Mail, reply: str) -> None:
    """Nothing was sent: again later, or set aside after the last attempt."""
    delay = backoff.mail_delay_after(mail.attempts)
    if delay is None:
        _close(mail, MailState.PARKED, reply)
        return
    until = clock.now() + delay
    _close(mail, MailState.QUEUED, reply, run_after=until, handed_at=None)
    raise JobPostponed(until)


def _letter(mail: Mail) -> Letter:
    if mail.recipient is not None and (obstacle := _obstacle(mail.recipient)):
        raise Unsendable(obstacle)
    try:
        letter.ascii_address(mail.address)
    except ValueError as error:
        raise Unsendable(_("Cette adresse ne peut pas recevoir de courriel.")) from error
    return Letter(
        message_id=mail.message_id,
        sender=settings.DEFAULT_FROM_EMAIL,
        address=mail.address,
        name=mail.recipient.full_name if mail.recipient else "",
        subject=mail.subject,
        text=mail.text,
        html=mail.html,
        language=mail.language,
        written_at=clock.now(),
        enclosures=[_enclosure(Attachment(**one)) for one in mail.attachments],
    )


def _enclosure(file: Attachment) -> Enclosure:
    home = Path(settings.PACKS_ROOT).resolve()
    path = (home / file.path).resolve()
    try:
        content = file.content.encode() or (path.read_bytes() if path.is_relative_to(home) else b"")
    except OSError as error:
        raise Unsendable(_("La pièce jointe « %(name)s » est introuvable.") % {"name": file.name}) from error
    if hashlib.sha256(content).hexdigest() != file.sha256:
        raise Unsendable(_("La pièce jointe « %(name)s » n’est plus celle qui devait partir.") % {"name": file.name})
    return Enclosure(file.name, content, file.content_type)


def _obstacle(user: User) -> str:
    if not user.is_active:
        return _("Ce compte est fermé.")
    return "" if user.email else _("Ce compte n’a pas d’adresse e-mail.")
