"""Issues of projects: who may know of them, lists with the late ones first, and what is on one page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Case, Count, F, Q, QuerySet, When
from django.http import Http404

from governance.enums import ChangeKind, ChangeState
from governance.models import Change, ChangeAction, ChangeRuling, DecisionRequest
from governance.models.change import ENDED
from people.models.user import User
from people.permissions.catalogue import Permission, Scope
from people.permissions.checks import granted_scopes
from portfolio.models import Project
from portfolio.selectors.project import visible_projects

WAITING = (
    ChangeState.CAPTURED,
    ChangeState.ASSESSED,
    ChangeState.RECOMMENDED,
    ChangeState.SUBMITTED,
    ChangeState.EXCEPTION_PLAN,
)
"""Nobody has answered yet."""


@dataclass(frozen=True, slots=True)
class ChangeQuery:
    """What a list shows; empty strings mean everything."""

    state: str = ""
    kind: str = ""
    project: str = ""
    late: bool = False


def visible_changes(user: User) -> QuerySet[Change]:
    """Issues of projects whose risks `user` reads, those a body was asked about, and those he has a part in."""
    projects = visible_projects(user)
    risks, decisions = (granted_scopes(user, one) for one in (Permission.RISK_VIEW, Permission.DECISION_VIEW))
    acted_on = ChangeAction.objects.filter(owner__user=user).values("change")
    delegated = Project.objects.filter(change_budgets__delegations__person__user=user).values("pk")
    reach = Q(author__user=user) | Q(owner__user=user) | Q(pk__in=acted_on) | Q(project__in=delegated)
    if Scope.ALL in risks:
        reach = Q()
    elif Scope.TOP in risks:
        reach |= Q(project__is_top=True)
    if Scope.STAND_IN in risks and Scope.ALL not in risks:
        reach |= Q(project__in=projects.led_by(user).values("pk"))
    if Scope.ALL in decisions and Scope.ALL not in risks:
        asked = DecisionRequest.objects.filter(change__isnull=False).values("change")
        reach |= Q(pk__in=asked)
    return (
        Change.objects.filter(reach, project__in=projects.values("pk"))
        .select_related("project__manager", "author", "owner")
        .order_by("number")
    )


def get_change(user: User, number: str) -> Change:
    """The issue of that number, or 404."""
    row = (
        visible_changes(user)
        .select_related("project__manager", "project__deputy", "project__programme__manager", "author", "owner")
        .select_related("risk", "milestone", "stage", "merged_into", "recorded_by")
        .filter(number=number)
        .first()
    )
    if row is None:
        raise Http404
    return row


def changes_of(user: User, query: ChangeQuery, today: date) -> QuerySet[Change]:
    """Late ones first, then by clock, severity and priority; ended ones last."""
    rows = visible_changes(user).annotate(
        place=Case(When(state__in=ENDED, then=2), When(due_on__lt=today, then=0), default=1)
    )
    if query.project:
        rows = rows.filter(project__code=query.project)
    if query.kind:
        rows = rows.filter(kind=query.kind)
    if query.late:
        rows = rows.filter(due_on__lt=today).exclude(state__in=ENDED)
    if query.state == "open":
        rows = rows.exclude(state__in=ENDED)
    elif query.state:
        rows = rows.filter(state=query.state)
    return rows.order_by("place", F("due_on").asc(nulls_last=True), "-severity", "-priority", "number")


@dataclass(frozen=True, slots=True)
class ChangeCounts:
    """How many issues a reader may know of, by state and by type."""

    total: int
    open: int
    late: int
    waiting: int
    conceded: int
    by_state: Mapping[str, int]
    by_kind: Mapping[str, int]


def counts_of(rows: QuerySet[Change], today: date) -> ChangeCounts:
    """One statement for the figures above a list and for its filters."""
    pairs = list(
        rows.order_by()
        .values_list("state", "kind")
        .annotate(count=Count("pk", distinct=True), late=Count("pk", filter=Q(due_on__lt=today), distinct=True))
    )
    by_state = {state: sum(count for one, _kind, count, _late in pairs if one == state) for state in ChangeState.values}
    by_kind = {kind: sum(count for _state, one, count, _late in pairs if one == kind) for kind in ChangeKind.values}
    return ChangeCounts(
        total=sum(by_state.values()),
        open=sum(count for state, count in by_state.items() if state not in ENDED),
        late=sum(late for state, _kind, _count, late in pairs if state not in ENDED),
        waiting=sum(by_state[state] for state in WAITING),
        conceded=by_state[ChangeState.CONCEDED],
        by_state=by_state,
        by_kind=by_kind,
    )


@dataclass(frozen=True, slots=True)
class ChangeFile:
    """What hangs on one issue."""

    rulings: tuple[ChangeRuling, ...]
    actions: tuple[ChangeAction, ...]
    requests: tuple[DecisionRequest, ...]
    merged: tuple[Change, ...]

    @property
    def concession(self) -> ChangeRuling | None:
        return next((row for row in reversed(self.rulings) if row.answer == "concession"), None)


def file_of(change: Change) -> ChangeFile:
    return ChangeFile(
        rulings=tuple(change.rulings.select_related("person", "decision__body").order_by("pk")),
        actions=tuple(change.actions.select_related("owner")),
        requests=tuple(change.requests.select_related("body").order_by("pk")),
        merged=tuple(change.merged.order_by("number")),
    )


def get_action(user: User, action_id: int) -> ChangeAction:
    """An action of an issue the reader may know of, or 404."""
    rows = ChangeAction.objects.select_related("change__project__manager", "owner")
    row = rows.filter(pk=action_id, change__in=visible_changes(user).order_by().values("pk")).first()
    if row is None:
        raise Http404
    return row


def mergeable(change: Change) -> QuerySet[Change]:
    """The other living issues of the project, into which this one may be merged."""
    return Change.objects.filter(project=change.project_id).exclude(pk=change.pk).exclude(state__in=ENDED)


def latest_concessions(changes: Iterable[Change]) -> dict[int, ChangeRuling]:
    """The concession in force of each of the issues, by issue."""
    rows = ChangeRuling.objects.filter(change__in=[row.pk for row in changes], answer="concession").order_by("pk")
    return {row.change_id: row for row in rows}
