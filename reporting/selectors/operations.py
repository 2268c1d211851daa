"""Whether the service does its work by itself: queues, packs, backups, audit chain, room on disk."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path

from django.conf import settings
from django.db.models import Count, Min, Q
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from config.web import formats
from people.enums import JobState, MailState, OperationKind
from people.models import Job, Mail, OperationMark, User
from people.permissions.catalogue import Permission
from people.permissions.checks import has_permission
from people.services import audit
from portfolio.selectors.reporting_cycle import missed_weeks
from reporting.models import Pack

WAITS_LONG = timedelta(minutes=5)
BACKUP_EVERY = timedelta(hours=26)
DRILL_EVERY = timedelta(days=120)
LEAST_ROOM = 1 << 30


class Condition(StrEnum):
    GOOD = "good"
    WATCH = "watch"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the page: what, how it is, in which condition, and where to act."""

    name: str | Promise
    text: str
    condition: Condition
    url: str = ""


def checks(user: User, now: datetime) -> list[Check]:
    """Every check, in a fixed order; a constant number of statements. Links lead only where the user may go."""
    return [*_queues(user, now), *_packs(user, now), *_operations(now), *_evidence(), *_room()]


def _queues(user: User, now: datetime) -> Iterator[Check]:
    yield from _jobs(now)
    yield from _mails(now, reverse("people:outbox") if has_permission(user, Permission.MAIL_VIEW) else "")


def _jobs(now: datetime) -> Iterator[Check]:
    jobs = Job.objects.aggregate(
        waiting=Count("pk", filter=Q(state__in=[JobState.QUEUED, JobState.RUNNING])),
        oldest=Min("run_after", filter=Q(state=JobState.QUEUED)),
        parked=Count("pk", filter=Q(state__in=[JobState.PARKED, JobState.FAILED])),
    )
    late = now - jobs["oldest"] if jobs["oldest"] else timedelta(0)
    yield Check(
        gettext_lazy("Tâches en attente"),
        _queue_text(jobs["waiting"], late),
        Condition.BAD if late > WAITS_LONG else Condition.GOOD,
        reverse("people:jobs"),
    )
    yield Check(
        gettext_lazy("Tâches mises de côté"),
        ngettext("%(count)d tâche", "%(count)d tâches", jobs["parked"]) % {"count": jobs["parked"]},
        Condition.WATCH if jobs["parked"] else Condition.GOOD,
        reverse("people:jobs"),
    )


def _mails(now: datetime, url: str) -> Iterator[Check]:
    mails = Mail.objects.aggregate(
        waiting=Count("pk", filter=Q(state__in=[MailState.QUEUED, MailState.SENDING])),
        oldest=Min("created_at", filter=Q(state__in=[MailState.QUEUED, MailState.SENDING])),
        doubtful=Count("pk", filter=Q(state=MailState.UNKNOWN)),
        failed=Count(
            "pk", filter=Q(state__in=[MailState.REFUSED, MailState.PARKED], created_at__gte=now - timedelta(7))
        ),
    )
    age = now - mails["oldest"] if mails["oldest"] else timedelta(0)
    yield Check(
        gettext_lazy("Courriels en attente"),
        _queue_text(mails["waiting"], age),
        Condition.BAD if age > WAITS_LONG else Condition.GOOD,
        url,
    )
    doubtful = _("%(count)d d’issue inconnue") % {"count": mails["doubtful"]}
    failed = ngettext("%(count)d refusé en sept jours", "%(count)d refusés en sept jours", mails["failed"])
    yield Check(
        gettext_lazy("Courriels refusés ou d’issue inconnue"),
        f"{doubtful}, {failed % {'count': mails['failed']}}",
        Condition.WATCH if mails["doubtful"] or mails["failed"] else Condition.GOOD,
        url,
    )


def _queue_text(waiting: int, age: timedelta) -> str:
    if not waiting:
        return _("Rien n’attend")
    counted = ngettext("%(count)d en attente", "%(count)d en attente", waiting) % {"count": waiting}
    minutes = int(age.total_seconds() // 60)
    return _("%(counted)s, le plus ancien depuis %(minutes)d min") % {"counted": counted, "minutes": max(0, minutes)}


def _packs(user: User, now: datetime) -> Iterator[Check]:
    last = (
        Pack.objects.select_related("cycle", "snapshot").exclude(state="draft").order_by("-snapshot__frozen_at").first()
    )
    if last is None or last.snapshot is None:
        yield Check(gettext_lazy("Dernier pack"), _("Aucune semaine n’a encore été gelée"), Condition.WATCH)
    else:
        late = last.snapshot.frozen_at - last.snapshot.as_of > timedelta(minutes=2)
        values = {
            "week": formats.week(last.cycle.slug),
            "state": last.get_state_display(),
            "frozen": formats.datetime_short(last.snapshot.frozen_at),
        }
        text = (
            _("%(week)s, %(state)s, gelé en retard %(frozen)s") if late else _("%(week)s, %(state)s, gelé %(frozen)s")
        )
        yield Check(
            gettext_lazy("Dernier pack"),
            text % values,
            Condition.WATCH if late else Condition.GOOD,
            reverse("reporting:pack", args=[last.cycle.slug]) if has_permission(user, Permission.PACK_PREVIEW) else "",
        )
    missed = missed_weeks(now)[:3]
    if missed:
        weeks = ", ".join(formats.week(cycle.slug) for cycle in missed)
        yield Check(gettext_lazy("Semaines sans pack"), weeks, Condition.WATCH)


def _operations(now: datetime) -> Iterator[Check]:
    marks = {
        kind: OperationMark.objects.filter(kind=kind, ok=True).order_by("-at").first()
        for kind in (OperationKind.BACKUP, OperationKind.DRILL)
    }
    for kind, limit in ((OperationKind.BACKUP, BACKUP_EVERY), (OperationKind.DRILL, DRILL_EVERY)):
        mark = marks[kind]
        if mark is None:
            yield Check(kind.label, _("Jamais"), Condition.BAD if kind == OperationKind.BACKUP else Condition.WATCH)
        else:
            old = now - mark.at > limit
            bad = Condition.BAD if kind == OperationKind.BACKUP else Condition.WATCH
            yield Check(kind.label, formats.datetime_short(mark.at), bad if old else Condition.GOOD)


def _evidence() -> Iterator[Check]:
    head = audit.head()
    yield Check(gettext_lazy("Tête de la chaîne d’audit"), head.short, Condition.GOOD)


def _room() -> Iterator[Check]:
    folder = Path(settings.PACKS_ROOT)
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    yield Check(
        gettext_lazy("Place pour les fichiers"),
        _("%(free)s Go libres") % {"free": formats.number(free // 10**9)},
        Condition.BAD if free < LEAST_ROOM else Condition.GOOD,
    )
