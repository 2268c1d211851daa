"""What people should know: one row per person and occasion, worded in the reader's language, mailed as he chose."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import translation

from config import clock
from people.enums import MailChoice, Purpose
from people.models import Mail, Notification, NotificationSetting, User
from people.services.mail import MAX_KEY, queue_mail

DEFAULT_CHOICES: Mapping[Purpose, MailChoice] = {
    Purpose.STATUS_DUE: MailChoice.NOW,
    Purpose.ESCALATION: MailChoice.NOW,
    Purpose.DECISION: MailChoice.DIGEST,
    Purpose.PACK: MailChoice.NOW,
    Purpose.REPLACEMENT: MailChoice.NOW,
    Purpose.ALERT: MailChoice.NOW,
    Purpose.ACCOUNT: MailChoice.NOW,
}

INBOX = "/inbox/"
_MAX_KEY = MAX_KEY - 30  # a mail's key also names the person


@dataclass(frozen=True, slots=True)
class Wording:
    """A title of one line and a text of some sentences, in the language that is active."""

    title: str
    text: str = ""


Word = Callable[[Mapping[str, Any]], Wording]


@dataclass(frozen=True, slots=True)
class Kind:
    """A nature of notification; `word` words its data, called under the reader's language.

    One that is not `mailed` is for the inbox alone, and for the daily mail of who asked for one.
    """

    name: str
    purpose: Purpose
    word: Word
    mailed: bool = True


_KINDS: dict[str, Kind] = {}


def register_kind(kind: Kind) -> None:
    """Called by each app at start-up."""
    _KINDS[kind.name] = kind


def worded(note: Notification) -> Wording:
    """The notification in the active language; one whose kind no longer exists keeps its purpose."""
    kind = _KINDS.get(note.kind)
    return kind.word(note.data) if kind else Wording(str(Purpose(note.purpose).label))


@transaction.atomic
def notify(*, users: Iterable[User], kind: str, key: str, data: Mapping[str, Any], path: str = "") -> int:
    """Tell each of them once per key, in the caller's transaction; how many had not been told yet.

    `path` is the page to go to, on this site. Closed accounts are told nothing.
    """
    known = _KINDS[kind]
    if not 0 < len(key) <= _MAX_KEY:
        raise ValueError(key)
    if path and (not path.startswith("/") or path.startswith("//")):
        raise ValueError(path)
    people = {user.pk: user for user in users if user.is_active}
    told = set(Notification.objects.filter(key=key, user__in=people).values_list("user_id", flat=True))
    fresh = [user for pk, user in sorted(people.items()) if pk not in told]
    now = clock.now()
    rows = [
        Notification(user=user, key=key, kind=kind, purpose=known.purpose, data=dict(data), path=path, created_at=now)
        for user in fresh
    ]
    Notification.objects.bulk_create(rows, ignore_conflicts=True)
    if not known.mailed:
        return len(fresh)
    chosen = choices(fresh)
    for note in Notification.objects.filter(key=key, user__in=fresh, mail=None).select_related("user__person"):
        if chosen[note.user_id][known.purpose] == MailChoice.NOW:
            note.mail = _mail_now(note)
            note.save(update_fields=["mail"])
    return len(fresh)


def choices(users: Iterable[User]) -> dict[int, dict[Purpose, MailChoice]]:
    """How each of them wants the mail of each purpose."""
    found = {user.pk: dict(DEFAULT_CHOICES) for user in users}
    rows = NotificationSetting.objects.filter(user__in=list(found)).values_list("user_id", "purpose", "choice")
    for user_id, purpose, choice in rows:
        found[user_id][Purpose(purpose)] = MailChoice(choice)
    return found


def letter_texts(template: str, context: Mapping[str, Any], language: str) -> tuple[str, str]:
    """Plain and HTML texts of `templates/mail/<template>`, in that language, with absolute addresses."""
    with translation.override(language):
        full = {"inbox_settings": absolute(f"{INBOX}#settings"), "language": language, **context}
        return render_to_string(f"mail/{template}.txt", full), render_to_string(f"mail/{template}.html", full)


def absolute(path: str) -> str:
    """The address of a page as a mail names it: by the configured base, never by a request."""
    return f"{settings.BASE_URL}{path}"


def _mail_now(note: Notification) -> Mail:
    user = note.user
    with translation.override(user.language):
        words = worded(note)
    context = {"words": words, "link": absolute(note.path) if note.path else "", "user": user}
    text, html = letter_texts("notification", context, user.language)
    return queue_mail(
        key=f"note:{user.pk}:{note.key}",
        purpose=Purpose(note.purpose),
        to=user,
        subject=words.title,
        text=text,
        html=html,
    )
