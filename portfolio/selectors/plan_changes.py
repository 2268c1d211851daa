"""What changed in a plan between two instants, from the history of every write: old and new value of each field."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.apps import apps

from portfolio.engines.link_notation import TypedLink, write_links
from portfolio.engines.network import LinkType
from portfolio.enums import ActivityKind
from portfolio.models.plan import ActivityLink, Plan
from portfolio.selectors.plan_page import lag_of

COMPARED = (
    *("name", "kind", "outline_level", "duration", "start", "finish", "percent_complete", "predecessors"),
    *("constraint", "constraint_date", "deadline", "actual_start", "actual_finish", "is_active"),
)


@dataclass(frozen=True, slots=True)
class ChangedField:
    name: str
    old: Any
    new: Any


@dataclass(frozen=True, slots=True)
class ChangedActivity:
    """`fate` is added, removed or changed."""

    fate: str
    number: int
    name: str
    fields: tuple[ChangedField, ...] = ()


def plan_changes(plan: Plan, since: datetime, until: datetime) -> list[ChangedActivity]:
    """By row number, in four statements."""
    old, new = _state(plan, since), _state(plan, until)
    found = [ChangedActivity("added", row["number"], row["name"]) for key, row in new.items() if key not in old]
    found += [ChangedActivity("removed", row["number"], row["name"]) for key, row in old.items() if key not in new]
    for key in old.keys() & new.keys():
        was, now = old[key], new[key]
        fields = tuple(ChangedField(name, was[name], now[name]) for name in COMPARED if was[name] != now[name])
        if fields:
            found.append(ChangedActivity("changed", now["number"], now["name"], fields))
    return sorted(found, key=lambda row: (row.number, row.fate))


def _state(plan: Plan, at: datetime) -> dict[int, dict[str, Any]]:
    """The activities as they stood, by UID."""
    rows = [row for row in _events("ActivityEvent", plan, at) if row["kind"] != ActivityKind.PROJECT]
    numbers = {row["pgh_obj_id"]: row["number"] for row in rows}
    typed: dict[int, list[TypedLink]] = defaultdict(list)
    for link in _events("ActivityLinkEvent", plan, at):
        if link["predecessor_id"] in numbers:
            names = ("kind", "lag", "lag_unit", "is_elapsed")
            lag = lag_of(ActivityLink(**{name: link[name] for name in names}))
            typed[link["successor_id"]].append(TypedLink(numbers[link["predecessor_id"]], LinkType(link["kind"]), lag))
    for row in rows:
        links = sorted(typed[row["pgh_obj_id"]], key=lambda one: one.row)
        row["predecessors"] = write_links(links, plan.minutes_per_day)
        row["duration"] = None if row["duration"] is None else Decimal(row["duration"])
    return {row["uid"]: row for row in rows}


def _events(model: str, plan: Plan, at: datetime) -> list[dict[str, Any]]:
    history = apps.get_model("portfolio", model)._default_manager.filter(plan_id=plan.pk, pgh_created_at__lte=at)
    latest = history.order_by("pgh_obj_id", "-pgh_id").distinct("pgh_obj_id")
    return [row for row in latest.values() if row["pgh_label"] != "delete"]
