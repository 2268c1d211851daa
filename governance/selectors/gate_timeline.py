"""Gates over time: those a project passed with their decisions, the next ones, and what is late in the portfolio."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from governance.enums import GateChoice, GateReviewState
from governance.models import Decision, GateReview
from governance.selectors.gate_review import visible_reviews
from people.models import User
from portfolio.engines.lifecycle import Gate, Phase, gates_ahead
from portfolio.enums import LifeCycle, StageState
from portfolio.models import Project, Stage
from portfolio.selectors.project import visible_projects

AHEAD = timedelta(days=28)
OPEN = (GateReviewState.DRAFT, GateReviewState.SUBMITTED)


@dataclass(frozen=True, slots=True)
class Step:
    """One gate of a project: decided, under review or still to come; `on` is when, or when it is expected."""

    gate: str
    label: str
    on: date | None
    review: GateReview | None = None
    decision: Decision | None = None
    stage: str = ""
    late: bool = False

    @property
    def is_past(self) -> bool:
        return self.review is not None and not self.review.is_open


def timeline(user: User, project: Project, today: date) -> list[Step]:
    """What was decided, oldest first, then what is under review, then the gates expected."""
    reviews = list(visible_reviews(user).filter(project=project).exclude(state=GateReviewState.DROPPED).order_by("pk"))
    decisions = decisions_on(reviews)
    steps = [_reviewed(row, decisions.get(row.pk), today) for row in reviews]
    steps.sort(key=lambda step: (not step.is_past, step.on or date.max))
    return steps + _expected(project, today, is_open=any(row.is_open for row in reviews))


def _reviewed(row: GateReview, decision: Decision | None, today: date) -> Step:
    return Step(
        gate=row.gate,
        label=str(GateChoice(row.gate).label),
        on=row.closed_on or row.planned_on,
        review=row,
        decision=decision,
        stage="" if row.stage is None else row.stage.name,
        late=row.is_open and row.planned_on < today,
    )


def decisions_on(reviews: Iterable[GateReview]) -> dict[int, Decision]:
    """The last decision on each review, in one statement."""
    rows = Decision.objects.filter(request__gate_review__in=[row.pk for row in reviews])
    return {
        key: row
        for row in rows.select_related("request", "body").order_by("taken_on", "pk")
        if row.request is not None and (key := row.request.gate_review_id) is not None
    }


def _expected(project: Project, today: date, *, is_open: bool) -> list[Step]:
    """The gate at the end of each stage to come, and the one before closing."""
    phase = Phase(project.life_cycle)
    if phase in (Phase.PREPARATION, Phase.INITIATION) and not is_open:
        return [_coming(gate, project.start, "", today) for gate in gates_ahead(phase)]
    if phase is not Phase.STAGE:
        return []
    stages = list(
        Stage.objects.filter(project=project, state__in=(StageState.RUNNING, StageState.PLANNED)).order_by("number")
    )
    last = len(stages) - 1
    steps = [
        _coming(Gate.GC if index == last else Gate.GN, stage.planned_end, stage.name, today)
        for index, stage in enumerate(stages)
    ]
    return steps[1:] if is_open else steps


def _coming(gate: Gate, on: date | None, stage: str, today: date) -> Step:
    return Step(gate.value, str(GateChoice(gate.value).label), on, stage=stage, late=on is not None and on < today)


@dataclass(frozen=True, slots=True)
class Coming:
    """A line of the project office's list: a review under way, or a stage that ends without one."""

    project: Project
    gate: str
    on: date
    late: bool
    review: GateReview | None
    stage: str
    words: str


def coming_gates(user: User, today: date) -> list[Coming]:
    """Reviews under way and stages that end within four weeks without one, the most urgent first."""
    reviews = list(visible_reviews(user).filter(state__in=OPEN))
    lines = [
        Coming(
            project=row.project,
            gate=row.gate,
            on=row.planned_on,
            late=row.planned_on < today,
            review=row,
            stage="" if row.stage is None else row.stage.name,
            words=str(row.get_state_display()),
        )
        for row in reviews
    ]
    lines += _ending(user, today, {row.project_id for row in reviews})
    return sorted(lines, key=lambda line: (line.on, line.project.code))


def _ending(user: User, today: date, reviewed: set[int]) -> list[Coming]:
    """The stages that end soon, or should have, and whose project has no review under way."""
    ending = (
        Stage.objects.filter(
            project__in=visible_projects(user).values("pk"),
            project__life_cycle=LifeCycle.STAGE,
            state=StageState.RUNNING,
            planned_end__lte=today + AHEAD,
        )
        .exclude(project__in=reviewed)
        .select_related("project__manager")
    )
    followed = set(
        Stage.objects.filter(project__in=[row.project_id for row in ending], state=StageState.PLANNED).values_list(
            "project", flat=True
        )
    )
    return [
        Coming(
            project=row.project,
            gate="Gn" if row.project_id in followed else "Gc",
            on=row.planned_end,
            late=row.planned_end < today,
            review=None,
            stage=row.name,
            words=_("revue à commencer"),
        )
        for row in ending
        if row.planned_end is not None
    ]
