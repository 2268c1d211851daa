"""What a reader does with his notifications."""

from collections.abc import Mapping

from django.db import transaction

from config import clock
from people.enums import MailChoice, Purpose
from people.models import Notification, NotificationSetting, User


def mark_read(*, note: Notification) -> Notification:
    """The first reading counts; one more changes nothing."""
    Notification.objects.filter(pk=note.pk, read_at=None).update(read_at=clock.now())
    note.refresh_from_db(fields=["read_at"])
    return note


def mark_all_read(*, user: User, purpose: Purpose | None = None) -> int:
    """All of the user's unread notifications, or those of one purpose; how many."""
    rows = Notification.objects.filter(user=user, read_at=None)
    return (rows.filter(purpose=purpose) if purpose else rows).update(read_at=clock.now())


@transaction.atomic
def save_choices(*, user: User, choices: Mapping[Purpose, MailChoice]) -> None:
    """How the user wants the mail of each purpose named; the last saving holds."""
    rows = [NotificationSetting(user=user, purpose=purpose, choice=choice) for purpose, choice in choices.items()]
    NotificationSetting.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["user", "purpose"], update_fields=["choice"]
    )
