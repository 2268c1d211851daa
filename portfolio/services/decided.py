"""What a decision changes on a project: the writes reserved to it, each with the decision's number in the audit trail.

Rights play no part here: the caller is the service that closes the session of the body that decided. Every function
answers the value before and after, as text.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from config import clock
from people.models import Person, User
from portfolio.models import BudgetLine, PartTolerance, Project, Stage, Tolerance
from portfolio.services.plan_baseline import adopt_proposed
from portfolio.services.project import carry_move, make_room
from portfolio.services.standing import refresh_standing
from portfolio.services.versioned import create_row, plain, write_changes

Change = tuple[str, str]


def name_decision(number: str) -> None:
    """Tell the database which decision this transaction carries out, until it ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('cadran.decision_id', %s, true)", [number])


@transaction.atomic
def set_budget(*, project: Project, year: int, nature: str, approved: Decimal, by: User) -> Change:
    """The approved amount of a year and nature."""
    line = BudgetLine.objects.filter(project=project, year=year, nature=nature).first()
    before = Decimal(0) if line is None else line.approved
    if line is None:
        line = BudgetLine(project=project, year=year, nature=nature, approved=approved)
        create_row(line, by=by, verb="budget_line.decided")
    else:
        _write(line, {"approved": approved}, by, "budget_line.decided")
    refresh_standing([project.pk], now=clock.now())
    return str(before), str(approved)


@transaction.atomic
def transfer_budget(*, giver: Project, receiver: Project, year: int, nature: str, amount: Decimal, by: User) -> Change:
    """Move an approved amount from one project to another: both sides or none, their sum stays the same."""
    if giver.pk == receiver.pk:
        raise ValidationError(_("Un transfert va d’un projet à un autre."))
    if amount <= 0:
        raise ValidationError(_("Un transfert a un montant positif."))
    pair = {
        line.project_id: line
        for line in BudgetLine.objects.select_for_update(of=("self",))
        .filter(project__in=(giver, receiver), year=year, nature=nature)
        .order_by("project_id")
    }
    before = {key: pair[key].approved if key in pair else Decimal(0) for key in (giver.pk, receiver.pk)}
    if before[giver.pk] < amount:
        raise ValidationError(
            _("%(code)s n’a que %(held)s € approuvés en %(year)s : le transfert les dépasse.")
            % {"code": giver.code, "held": before[giver.pk], "year": year}
        )
    after = {giver.pk: before[giver.pk] - amount, receiver.pk: before[receiver.pk] + amount}
    for project in (giver, receiver):
        set_budget(project=project, year=year, nature=nature, approved=after[project.pk], by=by)
    return (
        f"{giver.code} {before[giver.pk]} · {receiver.code} {before[receiver.pk]}",
        f"{giver.code} {after[giver.pk]} · {receiver.code} {after[receiver.pk]}",
    )


@transaction.atomic
def set_rank(*, project: Project, rank: int, by: User) -> Change:
    """The priority rank; a taken one pushes the others down by one."""
    make_room(rank=rank, project=project)
    return _set(project, {"priority_rank": rank}, by)


@transaction.atomic
def set_manager(*, project: Project, manager: Person, by: User) -> Change:
    before = project.manager.full_name if project.manager else ""
    _set(project, {"manager": manager}, by)
    return before, manager.full_name


@transaction.atomic
def set_baseline_end(*, project: Project, day: date, by: User) -> Change:
    """The end of the baseline in force; the first approved one stays what it was, or begins here.

    The dates of a proposed plan become the baseline with it. Where none is proposed, the milestones still to come take
    the dates they were announced for when the body decided.
    """
    row = Project.objects.get(pk=project.pk)
    if row.first_approved_end is None:
        _write(row, {"first_approved_end": day}, by, "project.decided")
    if adopt_proposed(row, by=by, today=clock.today()) is None:
        for milestone in row.milestones.filter(actual__isnull=True).exclude(baseline=F("forecast")):
            _write(milestone, {"baseline": milestone.forecast}, by, "milestone.decided")
    return _set(project, {"planned_end": day}, by)


@transaction.atomic
def set_tolerance(*, project: Project, target: str, minus: Decimal | None, plus: Decimal | None, by: User) -> Change:
    """The bounds of one target, in its unit; a target without tolerance gets one in percent."""
    row = Tolerance.objects.filter(project=project, target=target).first()
    before = "" if row is None else _bounds(row.minus, row.plus)
    if row is None:
        create_row(Tolerance(project=project, target=target, minus=minus, plus=plus), by=by, verb="tolerance.decided")
    else:
        _write(row, {"minus": minus, "plus": plus}, by, "tolerance.decided")
    refresh_standing([project.pk], now=clock.now())
    return before, _bounds(minus, plus)


@transaction.atomic
def set_stage_tolerance(*, stage: Stage, target: str, minus: Decimal | None, plus: Decimal | None, by: User) -> Change:
    """The bounds of one target of a stage, in its unit; a target without tolerance gets one in percent."""
    row = PartTolerance.objects.filter(stage=stage, target=target).first()
    before = "" if row is None else _bounds(row.minus, row.plus)
    if row is None:
        new = PartTolerance(project=stage.project, stage=stage, target=target, minus=minus, plus=plus)
        create_row(new, by=by, verb="part_tolerance.decided")
    else:
        _write(row, {"minus": minus, "plus": plus}, by, "part_tolerance.decided")
    refresh_standing([stage.project_id], now=clock.now())
    return before, _bounds(minus, plus)


@transaction.atomic
def set_stage_end(*, stage: Stage, day: date, by: User) -> Change:
    """The end of a stage's baseline."""
    row = Stage.objects.get(pk=stage.pk)
    before = "" if row.planned_end is None else str(row.planned_end)
    _write(row, {"planned_end": day}, by, "stage.decided")
    refresh_standing([row.project_id], now=clock.now())
    return before, str(day)


@transaction.atomic
def set_phase(*, project: Project, phase: str, reason: str, review_on: date | None, by: User) -> Change:
    """Pass a gate, hold, resume or cancel, along the table of moves."""
    row = Project.objects.get(pk=project.pk)
    before = row.life_cycle
    carry_move(project=row, target=phase, version=row.version, by=by, reason=reason[:220], review_on=review_on)
    return str(before), phase


def _set(project: Project, changes: Mapping[str, Any], by: User) -> Change:
    (name,) = changes
    row = Project.objects.get(pk=project.pk)
    before = plain(getattr(row, name))
    _write(row, changes, by, "project.decided")
    refresh_standing([project.pk], now=clock.now())
    return "" if before is None else str(before), str(plain(changes[name]))


def _write(row: Any, changes: Mapping[str, Any], by: User, verb: str) -> None:
    write_changes(row, changes=changes, allowed=frozenset(changes), version=row.version, by=by, verb=verb)


def _bounds(minus: Decimal | None, plus: Decimal | None) -> str:
    return f"−{'—' if minus is None else minus} / +{'—' if plus is None else plus}"
