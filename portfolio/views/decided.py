"""What a page shows instead of a field that only a decision changes: the value, why, and where to ask."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from config.web import formats
from people.models import Person, User
from portfolio.engines.authority import SHEET, Matter
from portfolio.models import Milestone, Project
from portfolio.selectors.field_rights import awaiting_decision, milestone_waits
from portfolio.services.decision_port import DecisionNeeded, gateway


@dataclass(frozen=True, slots=True)
class ReadOnly:
    """Values under one sentence: `values` are (label, text)."""

    matter: Matter
    values: tuple[tuple[str, str], ...]
    needed: DecisionNeeded


def decided_sheet(user: User, project: Project) -> list[ReadOnly]:
    """The approved fields of the sheet that this person would write were the project not authorised, by matter."""
    waiting = awaiting_decision(user, project, SHEET)
    return [
        decided(user, project, matter, [(name, getattr(project, name)) for name in SHEET if name in names])
        for matter in dict.fromkeys(SHEET.values())
        if (names := {name for name in waiting if SHEET[name] is matter})
    ]


def decided_milestone(user: User, milestone: Milestone) -> list[ReadOnly]:
    """The approved dates of a milestone, once its project is authorised."""
    waiting = milestone_waits(milestone.project)
    if not waiting:
        return []
    fields = (field for field in Milestone._meta.concrete_fields if field.name in waiting)
    shown = tuple((str(field.verbose_name), _text(getattr(milestone, field.name))) for field in fields)
    return [ReadOnly(Matter.BASELINE, shown, gateway().needed(user, milestone.project, Matter.BASELINE))]


def decided(user: User, project: Project, matter: Matter, values: Iterable[tuple[str, Any]]) -> ReadOnly:
    labels = {field.name: str(field.verbose_name) for field in Project._meta.concrete_fields}
    shown = tuple((labels.get(name, name), _text(value)) for name, value in values)
    return ReadOnly(matter, shown, gateway().needed(user, project, matter))


def _text(value: Any) -> str:
    if value is None or value == "":
        return formats.EMPTY
    if isinstance(value, Person):
        return value.full_name
    if isinstance(value, Decimal):
        return str(formats.euro(value))
    return str(formats.date_short(value)) if isinstance(value, date) else str(value)
