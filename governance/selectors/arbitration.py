"""Arbitrations: who may know of which, where each stands on its clock, and what its options would do."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404

from governance.engines.arbitration import Comparison, Holder, Impact, compare, holder_of, is_late
from governance.enums import OPEN_REQUESTS, ArbitrationState, FollowUpState, Verdict
from governance.models import (
    Arbitration,
    ArbitrationOption,
    ArbitrationStep,
    ConcernedProject,
    Decision,
    DecisionRequest,
    FollowUp,
    OptionImpact,
)
from people.models import User
from people.permissions.catalogue import Permission, Scope
from people.permissions.checks import granted_scopes, has_permission
from portfolio.models import Project
from portfolio.selectors.facts import facts_of, project_rows
from portfolio.selectors.project import visible_projects

OVER = (ArbitrationState.CLOSED, ArbitrationState.REJECTED)
_JUDGED = ("admit", "reject", "table", "notify", "execute", "verify", "close")
_ANALYSED = ("analyse", "propose", "rework")


@dataclass(frozen=True, slots=True)
class Position:
    """Where an arbitration stands: who has the ball, until when, and whether the time has run out."""

    row: Arbitration
    step: ArbitrationStep | None
    request: DecisionRequest | None
    holder: Holder
    due: date | None
    late: bool

    @property
    def raised_to(self) -> str:
        """Who was told that the step went unanswered; empty while it did not."""
        return self.step.raised_to if self.step else ""


@dataclass(frozen=True, slots=True)
class Effects:
    """Options and concerned projects in their order, what is written, and what it comes to."""

    options: Sequence[ArbitrationOption]
    concerned: Sequence[ConcernedProject]
    impacts: dict[tuple[int, int], OptionImpact]
    comparison: Comparison

    @property
    def missing(self) -> int:
        """Effects that nobody has written yet."""
        return len(self.options) * len(self.concerned) - len(self.impacts)

    @property
    def choices(self) -> int:
        return sum(1 for option in self.options if not option.do_nothing)

    @property
    def complete(self) -> bool:
        """Fit to go before a body: two options and doing nothing, each with its effect on each project."""
        return self.choices >= 2 and self.choices < len(self.options) and not self.missing


def visible_arbitrations(user: User) -> QuerySet[Arbitration]:
    """Those within the reach of his right to see decisions, or that he analyses, if he may know all their projects."""
    scopes = granted_scopes(user, Permission.DECISION_VIEW)
    rows = Arbitration.objects.select_related("project", "requested_by", "analyst", "retained")
    if not scopes:
        return rows.none()
    projects = visible_projects(user)
    concerned = ConcernedProject.objects.filter(arbitration=OuterRef("pk"))
    rows = rows.filter(~Exists(concerned.exclude(project__in=projects.values("pk"))))
    if Scope.ALL in scopes:
        return rows
    reach = projects.none()
    if Scope.OWN in scopes:
        reach = reach | projects.led_by(user)
    if Scope.PROGRAMME in scopes:
        reach = reach | projects.filter(programme__manager__user=user)
    return rows.filter(Exists(concerned.filter(project__in=reach.values("pk"))) | Q(analyst__user=user))


def get_arbitration(user: User, number: str) -> Arbitration:
    """The arbitration of that number, or 404."""
    row = visible_arbitrations(user).filter(number=number).first()
    if row is None:
        raise Http404
    return row


def positions(rows: Iterable[Arbitration], today: date) -> list[Position]:
    """Where each stands, the one whose clock ends first at the top."""
    rows = list(rows)
    keys = [row.pk for row in rows]
    steps = {
        step.arbitration_id: step for step in ArbitrationStep.objects.filter(arbitration__in=keys, left_on__isnull=True)
    }
    asked = DecisionRequest.objects.filter(arbitration__in=keys, state__in=OPEN_REQUESTS).select_related("body")
    requests = {request.arbitration_id: request for request in asked}
    found = [_position(row, steps.get(row.pk), requests.get(row.pk), today) for row in rows]
    return sorted(found, key=lambda one: (one.row.state in OVER, one.due or date.max, one.row.number))


def _position(row: Arbitration, step: ArbitrationStep | None, request: DecisionRequest | None, today: date) -> Position:
    holder = holder_of(row.state)
    if holder is Holder.BODY and request is None:
        holder = Holder.PSO
    due = request.answer_by if request is not None else (step.due_on if step else None)
    return Position(row, step, request, holder, due, row.state not in OVER and is_late(due, today))


def effects_on(row: Arbitration, now: datetime) -> Effects:
    """The options against the projects, in five statements whatever their number."""
    options = list(row.options.all())
    concerned = list(row.concerned.select_related("project__manager", "project__programme"))
    impacts = {
        (impact.option_id, impact.project_id): impact for impact in OptionImpact.objects.filter(option__in=options)
    }
    facts = {one.pk: facts_of(one, now) for one in project_rows([item.project_id for item in concerned])}
    ordered = {item.project_id: facts[item.project_id] for item in concerned}
    plain = {
        key: Impact(days=one.days, cost=one.cost, capacity=one.capacity, broken=one.broken)
        for key, one in impacts.items()
    }
    return Effects(options, concerned, impacts, compare([one.pk for one in options], ordered, plain))


def steps_of(row: Arbitration) -> list[ArbitrationStep]:
    return list(row.steps.select_related("by"))


def requests_of(row: Arbitration) -> list[DecisionRequest]:
    """Every request to a body, first to last."""
    return list(row.requests.select_related("body").order_by("pk"))


def decision_of(row: Arbitration) -> Decision | None:
    """The decision that retained the option."""
    rows = Decision.objects.filter(request__arbitration=row, verdict=Verdict.ADOPTED)
    return rows.order_by("-taken_on", "-pk").first()


def undone_of(decision: Decision | None) -> QuerySet[FollowUp]:
    """Actions and conditions that are not met nor waived."""
    open_states = (FollowUpState.OPEN, FollowUpState.SUBMITTED)
    return FollowUp.objects.filter(decision=decision, state__in=open_states).select_related("owner")


def option_at(row: Arbitration, position: int) -> ArbitrationOption:
    """The option at that place of this arbitration and of no other."""
    option = row.options.filter(position=position).first()
    if option is None:
        raise Http404
    return option


def askable_projects(user: User) -> QuerySet[Project]:
    """The projects in whose name the account may ask for an arbitration."""
    scopes = granted_scopes(user, Permission.PROJECT_EDIT)
    projects = visible_projects(user).active()
    if Scope.ALL in scopes:
        return projects.order_by("code")
    asked = projects.none()
    if Scope.OWN in scopes:
        asked = asked | projects.led_by(user)
    if Scope.PROGRAMME in scopes:
        asked = asked | projects.filter(programme__manager__user=user)
    if Scope.DIRECTED in scopes:
        asked = asked | projects.filter(Q(is_top=True) | Q(sponsor__user=user))
    return asked.order_by("code")


def may_take(user: User, row: Arbitration, act: str) -> bool:
    """Whether the step is his: the PSO judges and follows, the analyst analyses, who asked may ask again."""
    judges = has_permission(user, Permission.ARBITRATION_JUDGE)
    if act in _JUDGED:
        return judges
    if act in _ANALYSED or act == "edit":
        return judges or (row.analyst is not None and row.analyst.user_id == user.pk)
    return act == "reopen" and (judges or has_permission(user, Permission.PROJECT_EDIT, row))


def who_may_know(row: Arbitration, users: Collection[User]) -> list[User]:
    """Those of the accounts that may open the page: nobody is told of what he may not know."""
    return [user for user in users if visible_arbitrations(user).filter(pk=row.pk).exists()]


def arbitration_for(user: User, request: DecisionRequest | None) -> Arbitration | None:
    """What the request stands for, if it is an arbitration that the reader may know of."""
    if request is None or request.arbitration_id is None:
        return None
    return visible_arbitrations(user).filter(pk=request.arbitration_id).first()


def options_on(request: DecisionRequest) -> list[tuple[str, str]]:
    """The options a body chooses from, as the secretary enters them."""
    row = request.arbitration
    return [] if row is None else [(str(option.position), option.label) for option in row.options.all()]


def project_arbitrations(user: User, project_id: int) -> QuerySet[Arbitration]:
    """The arbitrations that concern a project, latest first."""
    return visible_arbitrations(user).filter(concerned__project=project_id).order_by("-number")
