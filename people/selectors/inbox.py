"""A reader's own notifications."""

from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet
from django.http import Http404

from people.enums import Purpose
from people.models import Notification, User


def inbox(user: User, *, purpose: Purpose | None = None, unread: bool | None = None) -> QuerySet[Notification]:
    """One's own, the unread first, then the newest first."""
    rows = Notification.objects.filter(user=user)
    if purpose:
        rows = rows.filter(purpose=purpose)
    if unread is not None:
        rows = rows.filter(read_at__isnull=unread)
    return rows.order_by(ExpressionWrapper(Q(read_at__isnull=False), BooleanField()), "-created_at", "-pk")


def get_note(user: User, note_id: int) -> Notification:
    """That notification of the user's own, else 404."""
    note = Notification.objects.filter(user=user, pk=note_id).first()
    if note is None:
        raise Http404
    return note


def unread_count(user: User) -> int:
    """How many the masthead shows; read with the account itself where a request brought it."""
    known = getattr(user, "unread_notes", None)
    return Notification.objects.filter(user=user, read_at=None).count() if known is None else int(known)
