"""The mail of the product, for who watches over it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min, QuerySet
from django.http import Http404

from people.enums import MailState
from people.models import Mail, User
from people.permissions.catalogue import Permission
from people.permissions.checks import has_permission

NEED_A_HAND = (MailState.UNKNOWN, MailState.REFUSED, MailState.PARKED)
WAITING = (MailState.QUEUED, MailState.SENDING)


@dataclass(frozen=True, slots=True)
class OutboxState:
    """How many mails are in each state, and since when the oldest waits."""

    counts: Mapping[MailState, int]
    oldest_waiting: datetime | None

    @property
    def waiting(self) -> int:
        return sum(self.counts[state] for state in WAITING)

    @property
    def needing(self) -> int:
        return sum(self.counts[state] for state in NEED_A_HAND)


def mails(user: User, *, state: MailState | None = None) -> QuerySet[Mail]:
    """Every mail, newest first, for who may see mail."""
    rows = Mail.objects.select_related("recipient__person").defer("text", "html").order_by("-created_at", "-pk")
    if not has_permission(user, Permission.MAIL_VIEW):
        return rows.none()
    return rows.filter(state=state) if state else rows


def mails_needing_a_hand(user: User) -> QuerySet[Mail]:
    """Of unknown outcome, refused or set aside: the oldest first."""
    return mails(user).filter(state__in=NEED_A_HAND).order_by("created_at", "pk")


def get_mail(user: User, mail_id: int) -> Mail:
    mail = mails(user).filter(pk=mail_id).first()
    if mail is None:
        raise Http404
    return mail


def outbox_state() -> OutboxState:
    """For the status page and the command: one statement, whatever the number of mails."""
    rows = {
        row["state"]: row
        for row in Mail.objects.order_by().values("state").annotate(n=Count("pk"), old=Min("created_at"))
    }
    since = [rows[state]["old"] for state in WAITING if state in rows]
    return OutboxState(
        counts={state: rows[state]["n"] if state in rows else 0 for state in MailState},
        oldest_waiting=min(since, default=None),
    )
