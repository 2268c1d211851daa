"""One mail a day with what a person chose not to receive at once."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import groupby

from django.db import transaction
from django.utils import translation
from django.utils.translation import ngettext

from config import clock
from people.enums import MailChoice, Purpose
from people.models import Mail, Notification
from people.services import schedule
from people.services.jobs import JobRun
from people.services.mail import queue_mail
from people.services.notify import INBOX, absolute, choices, letter_texts, worded
from people.services.schedule import Schedule

KIND = "people.digest"
DAILY = Schedule(name=KIND, latest_due=schedule.daily_at(7, 30), kind=KIND)
_REACH = timedelta(days=7)


def run(job: JobRun) -> dict[str, int]:
    """Handler of the daily job."""
    return {"mails": send_digests(datetime.fromisoformat(job.payload["due"]))}


def send_digests(due: datetime) -> int:
    """Queue the digests of that instant; how many. Called again, it makes none: the key is the person and the day."""
    waiting = Notification.objects.filter(
        mail=None, read_at=None, user__is_active=True, created_at__gt=due - _REACH, created_at__lte=due
    )
    rows = waiting.select_related("user__person").order_by("user_id", "created_at", "pk")
    notes = list(rows)
    chosen = choices(note.user for note in notes)
    wanted = [note for note in notes if chosen[note.user_id][Purpose(note.purpose)] == MailChoice.DIGEST]
    return sum(_digest(list(own), due) for _user, own in groupby(wanted, key=lambda note: note.user_id))


@transaction.atomic
def _digest(notes: list[Notification], due: datetime) -> int:
    """One person's mail and what it told, kept together or not at all."""
    user = notes[0].user
    key = f"digest:{user.pk}:{due.astimezone(clock.BRUSSELS).date().isoformat()}"
    if Mail.objects.filter(key=key).exists():
        return 0
    with translation.override(user.language):
        total = len(notes)
        subject = ngettext(
            "Cadran : %(total)s notification à lire", "Cadran : %(total)s notifications à lire", total
        ) % {"total": total}
        context = {"subject": subject, "groups": _groups(notes), "inbox": absolute(INBOX)}
        text, html = letter_texts("digest", context, user.language)
    mail = queue_mail(key=key, purpose=_main_purpose(notes), to=user, subject=subject, text=text, html=html)
    Notification.objects.filter(pk__in=[note.pk for note in notes], mail=None).update(mail=mail)
    return 1


def _groups(notes: Iterable[Notification]) -> list[dict[str, object]]:
    """The notes by purpose, each with its words and address."""
    by_purpose = sorted(notes, key=lambda note: (list(Purpose).index(Purpose(note.purpose)), note.created_at))
    return [
        {
            "title": Purpose(purpose).label,
            "notes": [{"words": worded(note), "link": absolute(note.path) if note.path else ""} for note in own],
        }
        for purpose, own in groupby(by_purpose, key=lambda note: note.purpose)
    ]


def _main_purpose(notes: list[Notification]) -> Purpose:
    return Purpose(notes[0].purpose)
