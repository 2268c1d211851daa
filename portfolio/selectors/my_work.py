"""What one person has to do this week: statuses owed, risks to review, asks waiting, projects of his programmes."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, F, OuterRef, QuerySet, Subquery

from config.clock import BRUSSELS
from people.models.user import User
from people.permissions.catalogue import Permission
from people.permissions.checks import has_permission
from portfolio.enums import AskKind, RiskState
from portfolio.models import Project, ReportingCycle, Risk, StatusDraft, StatusReport
from portfolio.models.project import ProjectQuerySet
from portfolio.permissions import managers_replaced
from portfolio.selectors.chasing import replaced_names
from portfolio.selectors.project import visible_projects

REVIEW_RISKS_AFTER = timedelta(days=28)


@dataclass(frozen=True, slots=True)
class QueueItem:
    """A project whose status this person writes; `state` is `given`, `begun` or `missing`."""

    code: str
    name: str
    name_language: str
    rank: int | None
    overall: str
    state: str
    draft: dict[str, Any] = field(default_factory=dict)
    draft_saved_at: datetime | None = None
    replaced: str = ""


@dataclass(frozen=True, slots=True)
class Queue:
    """The statuses of one person and week, in the fixed order of ranks then codes."""

    items: tuple[QueueItem, ...]

    @property
    def waiting(self) -> tuple[QueueItem, ...]:
        return tuple(item for item in self.items if item.state != "given")

    @property
    def waiting_first(self) -> tuple[QueueItem, ...]:
        """As a list to work through: what is owed, then what is given."""
        return (*self.waiting, *(item for item in self.items if item.state == "given"))

    def item(self, code: str) -> QueueItem | None:
        return next((item for item in self.items if item.code == code), None)

    def position(self, code: str) -> int:
        """1 for the first; 0 when the project is not in the queue."""
        return next((at for at, item in enumerate(self.items, 1) if item.code == code), 0)

    def neighbours(self, code: str) -> tuple[QueueItem | None, QueueItem | None]:
        """The projects before and after, round the corner; none when alone."""
        at = self.position(code)
        if not at or len(self.items) < 2:
            return None, None
        return self.items[at - 2], self.items[at % len(self.items)]

    def next_waiting(self, code: str) -> QueueItem | None:
        """The next project after this one that still owes its status."""
        at = self.position(code)
        following = (*self.items[at:], *self.items[:at])
        return next((item for item in following if item.state != "given" and item.code != code), None)


def status_queue(user: User, cycle: ReportingCycle) -> Queue:
    """One statement: the projects the user reports on, for himself or for who is absent, with his draft of each."""
    if not has_permission(user, Permission.STATUS_SUBMIT):
        return Queue(())
    draft = StatusDraft.objects.filter(project=OuterRef("pk"), cycle=cycle, author=user)
    rows = (
        _answered_by(user)
        .reporting()
        .annotate(
            given=Exists(StatusReport.objects.filter(project=OuterRef("pk"), cycle=cycle)),
            draft=Subquery(draft.values("data")[:1]),
            draft_saved_at=Subquery(draft.values("saved_at")[:1]),
        )
    )
    replaced = replaced_names(user)
    return Queue(tuple(_queue_item(row, replaced.get(row.manager_id or 0, "")) for row in rows))


def risks_to_review(user: User, now: datetime) -> QuerySet[Risk]:
    """Open risks of one's projects that nobody confirmed for four weeks, oldest first."""
    limit = now.astimezone(BRUSSELS).date() - REVIEW_RISKS_AFTER
    confirmed = Risk.objects.filter(project__in=_own(user).values("pk"), state=RiskState.OPEN).exclude(
        confirmed_on__gte=limit
    )
    return confirmed.select_related("project").order_by(F("confirmed_on").asc(nulls_first=True), "project__code")


def open_asks(user: User) -> ProjectQuerySet:
    """One's projects whose last status asks something of governance."""
    return _own(user).exclude(standing__ask_kind=AskKind.NONE).filter(standing__isnull=False)


def programme_projects(user: User, cycle: ReportingCycle) -> ProjectQuerySet:
    """The running projects of the programmes one manages, with whether this week's status came."""
    return (
        visible_projects(user)
        .active()
        .filter(programme__manager__user=user)
        .annotate(given=Exists(StatusReport.objects.filter(project=OuterRef("pk"), cycle=cycle)))
        .select_related("programme", "manager", "standing")
        .order_by("programme__code", F("priority_rank").asc(nulls_last=True), "code")
    )


def _own(user: User) -> ProjectQuerySet:
    return _ordered(visible_projects(user).led_by(user))


def _answered_by(user: User) -> ProjectQuerySet:
    """One's own projects, and those of the absent project managers one stands in for today."""
    projects = visible_projects(user)
    replaced = managers_replaced(user)
    return _ordered(
        projects.led_by(user) | projects.filter(manager__in=replaced) if replaced else projects.led_by(user)
    )


def _ordered(projects: ProjectQuerySet) -> ProjectQuerySet:
    return projects.select_related("standing").order_by(F("priority_rank").asc(nulls_last=True), "code")


def _queue_item(row: Project, replaced: str) -> QueueItem:
    standing = getattr(row, "standing", None)
    saved_at = row.draft_saved_at  # type: ignore[attr-defined]
    begun = "begun" if saved_at else "missing"
    return QueueItem(
        code=row.code,
        name=row.name,
        name_language=row.name_language,
        rank=row.priority_rank,
        overall=standing.declared_overall if standing and standing.declared_overall else "none",
        state="given" if row.given else begun,  # type: ignore[attr-defined]
        draft=row.draft or {},  # type: ignore[attr-defined]
        draft_saved_at=saved_at,
        replaced=replaced,
    )
