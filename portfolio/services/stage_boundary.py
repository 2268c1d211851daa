"""What passing a gate does to the stages of a project: one ends, the next begins, or the running one waits again."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from config import clock
from people.models.user import User
from portfolio.engines.lifecycle import Gate
from portfolio.enums import StageState
from portfolio.models.project import Project
from portfolio.models.stage import Stage
from portfolio.services.standing import refresh_standing
from portfolio.services.versioned import write_changes


def next_stage(project: Project) -> Stage | None:
    """The first stage that is planned and not begun."""
    return Stage.objects.filter(project=project, state=StageState.PLANNED).order_by("number").first()


def running_stage(project: Project) -> Stage | None:
    return Stage.objects.filter(project=project, state=StageState.RUNNING).first()


@transaction.atomic
def cross_boundary(*, project: Project, gate: Gate, on: date, by: User) -> None:
    """What runs ends; behind G1 and Gn the next stage begins, behind Gc none does; G0 touches no stage."""
    if gate is Gate.G0:
        return
    _end(running_stage(project), on, by)
    if gate is not Gate.GC:
        following = next_stage(project)
        if following is None:
            raise ValidationError(_("Aucune séquence n’est planifiée derrière cette porte : complétez le plan."))
        _begin(following, on, by)
    refresh_standing([project.pk], now=clock.now())


@transaction.atomic
def step_back(*, project: Project, by: User) -> None:
    """A project sent back before its stages: the running one is planned again, what was completed stays."""
    stage = running_stage(project)
    if stage is not None:
        _write(stage, by, state=StageState.PLANNED)
    refresh_standing([project.pk], now=clock.now())


@transaction.atomic
def reopen_last(*, project: Project, by: User) -> None:
    """A project sent back from closing goes on with its last stage."""
    last = Stage.objects.filter(project=project, state=StageState.COMPLETED).order_by("-number").first()
    if running_stage(project) is None and last is not None:
        _write(last, by, state=StageState.RUNNING, actual_end=None)
    refresh_standing([project.pk], now=clock.now())


def _end(stage: Stage | None, on: date, by: User) -> None:
    if stage is not None:
        _write(stage, by, state=StageState.COMPLETED, actual_end=on)


def _begin(stage: Stage, on: date, by: User) -> None:
    """The day it really begins, unless its planned end is already past."""
    late = stage.planned_end is not None and stage.planned_end < on
    _write(stage, by, state=StageState.RUNNING, start=stage.start if late else on)


def _write(stage: Stage, by: User, **changes: object) -> None:
    write_changes(
        stage, changes=changes, allowed=frozenset(changes), version=stage.version, by=by, verb="stage.decided"
    )
