"""Create and change project sheets; move a project through its life cycle; rank it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from operator import attrgetter
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from config import clock
from config.web.versioned import StaleVersionError
from people.models.person import Person
from people.models.user import User
from people.services import audit
from portfolio.engines.authority import move_needs_decision
from portfolio.engines.lifecycle import CLOSED_PHASES, InvalidMoveError, Phase, transition
from portfolio.enums import BudgetNature, Confidentiality, LifeCycle, Method
from portfolio.models.cost import BudgetLine
from portfolio.models.programme import Programme
from portfolio.models.project import Project
from portfolio.models.strategic_axis import StrategicAxis
from portfolio.selectors.field_rights import RANKING, awaiting_decision, decided_fields, project_fields
from portfolio.services.standing import refresh_standing
from portfolio.services.versioned import create_row, write_changes


class NeedsDecisionError(ValidationError):
    """The project is authorised: what it was given by a decision changes by a decision."""

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__(dict.fromkeys(names, self.words()))

    @staticmethod
    def words() -> str:
        return _("Projet autorisé : ce champ ne change que par une décision de l’instance compétente.")


class ChangedMeanwhileError(Exception):
    """Some of the rows chosen have moved on since they were shown; the message names them."""


@transaction.atomic
def create_project(
    *,
    by: User,
    code: str,
    name_fr: str,
    purpose: str = "",
    sponsor: Person | None = None,
    manager: Person | None = None,
    programme: Programme | None = None,
    axis: StrategicAxis | None = None,
    method: str = Method.HYBRID,
    confidentiality: str = Confidentiality.INTERNAL,
    start: date | None = None,
    planned_end: date | None = None,
    cost: Decimal | None = None,
) -> Project:
    """A new project in the state `mandate`; end and cost given here are its first approved ones."""
    project = create_row(
        Project(
            code=code,
            name_fr=name_fr,
            purpose=purpose,
            sponsor=sponsor,
            manager=manager,
            programme=programme,
            axis=axis or (programme.axis if programme else None),
            method=method,
            confidentiality=confidentiality,
            start=start,
            planned_end=planned_end,
            first_approved_end=planned_end,
            forecast_end=planned_end,
            first_approved_cost=cost,
        ),
        by=by,
        verb="project.created",
    )
    _open_budget(project=project, by=by)
    refresh_standing([project.pk], now=clock.now())
    return project


def _open_budget(*, project: Project, by: User) -> None:
    """The estimate at creation is the first approved amount, in the year the project starts."""
    if not project.first_approved_cost:
        return
    year = (project.start or clock.today()).year
    line = BudgetLine(project=project, year=year, nature=BudgetNature.CAPEX, approved=project.first_approved_cost)
    create_row(line, by=by, verb="budget_line.created")


@transaction.atomic
def update_project(*, project: Project, changes: Mapping[str, Any], version: int, by: User) -> Project:
    """Change fields of the sheet that `by` may change; a taken rank pushes the others down by one.

    Raises NeedsDecisionError on what only a decision changes, the rank of an authorised project pushed down included.
    """
    if waiting := awaiting_decision(by, project, changes):
        raise NeedsDecisionError(waiting)
    moved: list[str] = []
    if changes.get("priority_rank") and changes.keys() <= project_fields(by, project):
        moved = make_room(rank=changes["priority_rank"], project=project, is_decided=False)
    saved = write_changes(
        project,
        changes=changes,
        allowed=project_fields(by, project),
        version=version,
        by=by,
        verb="project.ranked" if changes.keys() <= RANKING else "project.updated",
    )
    if moved:
        audit.record(
            by=by,
            verb="project.ranks_shifted",
            target=saved,
            data={"project": saved.code, "shifted": moved, "from_rank": saved.priority_rank},
        )
    refresh_standing([saved.pk], now=clock.now())
    return saved


@transaction.atomic
def assign_projects(
    *, projects: Sequence[Project], versions: Mapping[str, int], changes: Mapping[str, Any], by: User
) -> int:
    """Give all of `projects` the same manager or programme, each with its own audit entry; answers how many changed.

    `versions` are those the person saw, by code. Raises ChangedMeanwhileError with every row that has moved on;
    then, as with any other refusal, nothing is written.
    """
    stale, written = [], 0
    for project in sorted(projects, key=attrgetter("pk")):
        seen = versions.get(project.code, 0)
        try:
            with transaction.atomic():
                saved = update_project(project=project, changes=changes, version=seen, by=by)
        except NeedsDecisionError as error:
            raise ValidationError(f"{project.code} : {NeedsDecisionError.words()}") from error
        except StaleVersionError:
            stale.append(project.code)
        else:
            written += saved.version != seen
    if stale:
        raise ChangedMeanwhileError(", ".join(stale))
    return written


def make_room(*, rank: int, project: Project, is_decided: bool = True) -> list[str]:
    """Shift the unbroken run of ranks from `rank` on by one; answers the codes shifted.

    Raises NeedsDecisionError where an authorised project would be pushed down without a decision.
    """
    rows = (
        Project.objects.select_for_update(of=("self",))
        .filter(priority_rank__gte=rank)
        .exclude(pk=project.pk)
        .order_by("priority_rank")
    )
    run: list[str] = []
    for one in rows:
        if one.priority_rank != rank + len(run):
            break
        if not is_decided and "priority_rank" in decided_fields(one):
            raise NeedsDecisionError(["priority_rank"])
        run.append(one.code)
    if run:
        Project.objects.filter(code__in=run).update(priority_rank=F("priority_rank") + 1, version=F("version") + 1)
    return run


@transaction.atomic
def move_project(
    *,
    project: Project,
    target: str,
    version: int,
    by: User,
    reason: str = "",
    review_on: date | None = None,
    actual_end: date | None = None,
) -> Project:
    """Move a project along the transition table where no decision is needed; else NeedsDecisionError.

    Before G1 the PSO moves it, with the reason at a gate; the audit entry names the gate.
    """
    _check_move(project, target, reason)
    if move_needs_decision(project.life_cycle, target):
        raise NeedsDecisionError(["target"])
    return carry_move(
        project=project,
        target=target,
        version=version,
        by=by,
        reason=reason,
        review_on=review_on,
        actual_end=actual_end,
    )


def carry_move(
    *,
    project: Project,
    target: str,
    version: int,
    by: User,
    reason: str,
    review_on: date | None = None,
    actual_end: date | None = None,
) -> Project:
    """The move itself, for whoever has the right to it: the PSO before G1, a decision afterwards."""
    _check_move(project, target, reason)
    changes: dict[str, Any] = {
        "life_cycle": target,
        "life_cycle_reason": reason.strip(),
        "review_on": review_on if target == LifeCycle.ON_HOLD else None,
    }
    if Phase(target) in CLOSED_PHASES and target != LifeCycle.CANCELLED:
        changes["actual_end"] = actual_end or project.actual_end
    saved = write_changes(
        project, changes=changes, allowed=frozenset(changes), version=version, by=by, verb="project.moved"
    )
    refresh_standing([saved.pk], now=clock.now())
    return saved


def _check_move(project: Project, target: str, reason: str) -> None:
    """Raises ValidationError on a move the table does not hold, or without the reason it asks for."""
    try:
        move = transition(Phase(project.life_cycle), Phase(target))
    except (InvalidMoveError, ValueError) as error:
        raise ValidationError(
            _("De « %(source)s », on ne passe pas à « %(target)s ».")
            % {"source": project.get_life_cycle_display(), "target": dict(LifeCycle.choices).get(target, target)}
        ) from error
    if (move.needs_reason or move.gate) and not reason.strip():
        raise ValidationError({"reason": _("Dites le motif, ou la décision qui ouvre cette porte.")})
