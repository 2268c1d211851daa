"""The decision register: who may read which decision, search, and what remains to be done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db.models import Count, F, Q, QuerySet
from django.http import Http404

from governance.enums import DecisionState, FollowUpState, Publication
from governance.models import Body, Decision, Effect, FollowUp, Seat
from people.models import User
from people.permissions.catalogue import Permission, Scope
from people.permissions.checks import granted_scopes, has_permission
from portfolio.selectors.project import visible_projects

SEARCH_CONFIG = "french"
"""The language decisions are written in."""
_UNDONE = Q(follow_ups__state__in=(FollowUpState.OPEN, FollowUpState.SUBMITTED))


@dataclass(frozen=True, slots=True)
class RegisterCounts:
    """What the reader can see at a glance."""

    total: int
    undone: int
    overdue: int


def decision_text() -> SearchVector:
    """What is searched of a decision: the question, what was decided and why."""
    return SearchVector("question", "text", "rationale", config=SEARCH_CONFIG)


def visible_decisions(user: User) -> QuerySet[Decision]:
    """Decisions on projects the user may know of; those kept to the body only for its members and the record."""
    scopes = granted_scopes(user, Permission.DECISION_VIEW)
    rows = Decision.objects.select_related("body", "project", "request", "supersedes", "item__sitting")
    if not scopes:
        return rows.none()
    projects = visible_projects(user)
    if Scope.ALL in scopes:
        reach = Q(project__isnull=True) | Q(project__in=projects.values("pk"))
    else:
        allowed = projects.none()
        if Scope.OWN in scopes:
            allowed = allowed | projects.led_by(user)
        if Scope.PROGRAMME in scopes:
            allowed = allowed | projects.filter(programme__manager__user=user)
        reach = Q(project__in=allowed.values("pk"))
    if not (has_permission(user, Permission.DECISION_RECORD) or has_permission(user, Permission.AUDIT_VERIFY)):
        bodies = Seat.objects.filter(person__user=user).values("body")
        reach &= Q(publication=Publication.PORTFOLIO) | Q(body__in=bodies)
    return rows.filter(reach)


def get_decision(user: User, number: str) -> Decision:
    """The decision of that number, or 404."""
    decision = visible_decisions(user).filter(number=number).first()
    if decision is None:
        raise Http404
    return decision


def register(
    user: User, *, words: str = "", body: str = "", state: str = "", undone: bool = False
) -> QuerySet[Decision]:
    """The register, latest first; `words` are all looked for in number, question, decision and motivation.

    A word is found as it is typed, and in its other forms: « budgets » finds « budget ».
    """
    rows = visible_decisions(user).annotate(left=Count("follow_ups", filter=_UNDONE, distinct=True))
    for word in words.split()[:8]:
        rows = rows.alias(said=decision_text()).filter(
            Q(said=SearchQuery(word, config=SEARCH_CONFIG))
            | Q(number__icontains=word)
            | Q(question__icontains=word)
            | Q(text__icontains=word)
            | Q(rationale__icontains=word)
            | Q(project__code__iexact=word)
        )
    if body:
        rows = rows.filter(body__code=body)
    if state:
        rows = rows.filter(state=state)
    if undone:
        rows = rows.filter(left__gt=0)
    return rows.order_by("-taken_on", "-year", "-serial", "number")


def register_counts(user: User, today: date) -> RegisterCounts:
    rows = visible_decisions(user)
    return RegisterCounts(
        total=rows.count(),
        undone=rows.filter(_UNDONE).distinct().count(),
        overdue=rows.filter(_UNDONE, follow_ups__due__lt=today).distinct().count(),
    )


def deciding_bodies(user: User) -> QuerySet[Body]:
    """The bodies with a decision the user may read."""
    return Body.objects.filter(pk__in=visible_decisions(user).values("body")).order_by("-level", "code")


def follow_ups_of(decision: Decision) -> list[FollowUp]:
    return list(decision.follow_ups.select_related("owner"))


def effects_of(decision: Decision) -> list[Effect]:
    """What the decision changed by itself."""
    return list(decision.effects.select_related("person"))


def get_follow_up(user: User, pk: int) -> FollowUp:
    """A condition or action: of a decision the user may read, or his own; else 404."""
    row = FollowUp.objects.select_related("decision__body", "decision__project", "owner").filter(pk=pk).first()
    if row is None:
        raise Http404
    if row.owner.user_id != user.pk and not visible_decisions(user).filter(pk=row.decision_id).exists():
        raise Http404
    return row


def own_follow_ups(user: User) -> list[FollowUp]:
    """What the user has to do, the earliest first."""
    rows = FollowUp.objects.filter(owner__user=user, state=FollowUpState.OPEN)
    return list(rows.select_related("decision__body").order_by("due", "pk"))


def undone_of_body(user: User, body_id: int) -> list[FollowUp]:
    """Decided and not executed: what the body asked for and nobody has done, the oldest first."""
    rows = FollowUp.objects.filter(
        decision__in=visible_decisions(user).filter(body=body_id).values("pk"),
        state__in=(FollowUpState.OPEN, FollowUpState.SUBMITTED),
    )
    return list(rows.select_related("decision", "owner").order_by("due", "pk"))


def follow_ups(
    user: User, *, state: str = "", body: str = "", mine: bool = False, overdue_on: date | None = None
) -> QuerySet[FollowUp]:
    """Conditions and actions of decisions the user may read, and his own, the earliest first."""
    own = Q(owner__user=user)
    reach = own if mine else own | Q(decision__in=visible_decisions(user).values("pk"))
    rows = FollowUp.objects.filter(reach).select_related("decision__body", "decision__project", "owner")
    if state:
        rows = rows.filter(state=state)
    if body:
        rows = rows.filter(decision__body__code=body)
    if overdue_on is not None:
        rows = rows.filter(state__in=(FollowUpState.OPEN, FollowUpState.SUBMITTED), due__lt=overdue_on)
    return rows.order_by("due", "pk")


def project_decisions(user: User, project_id: int) -> list[Decision]:
    """What was decided on one project, latest first."""
    rows = visible_decisions(user).filter(project_id=project_id).annotate(left=Count("follow_ups", filter=_UNDONE))
    return list(rows.order_by("-taken_on", "-serial"))


def replaceable(user: User, body_id: int) -> QuerySet[Decision]:
    """Decisions of the body that a new one may supersede."""
    return (
        visible_decisions(user)
        .filter(body=body_id, state__in=(DecisionState.IN_FORCE, DecisionState.EXECUTED))
        .order_by(F("taken_on").desc())
    )
