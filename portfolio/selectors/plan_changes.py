"""What changed in a plan between two instants, from the history of every write: old and new value of each field."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.apps import apps

from people.models.user import User
from people.permissions.catalogue import Permission
from people.permissions.checks import has_permission
from portfolio.engines.link_notation import TypedLink, write_links
from portfolio.engines.network import LinkType
from portfolio.enums import ActivityKind
from portfolio.models.cost import BudgetLine
from portfolio.models.plan import ActivityLink, Plan
from portfolio.selectors.finance import MoneyTotals, totals_of
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


@dataclass(frozen=True, slots=True)
class ChangedFigure:
    """A figure of the whole project at both instants; `kind` is money, days or share."""

    name: str
    kind: str
    old: Any
    new: Any

    @property
    def changed(self) -> bool:
        return bool(self.old != self.new)


@dataclass(frozen=True, slots=True)
class PlanComparison:
    rows: tuple[ChangedActivity, ...]
    figures: tuple[ChangedFigure, ...]


def plan_comparison(user: User, plan: Plan, since: datetime, until: datetime) -> PlanComparison:
    """What changed row by row, and the project's figures at both ends; money for who may read totals. In ten
    statements at most."""
    old, new = _state(plan, since), _state(plan, until)
    figures = [
        ChangedFigure("progress", "share", _progress(old), _progress(new)),
        ChangedFigure("finish", "day", _finish(old), _finish(new)),
    ]
    was, now = (_project(plan, at) for at in (since, until))
    figures += [ChangedFigure(name, "day", was.get(name), now.get(name)) for name in ("planned_end", "forecast_end")]
    if has_permission(user, Permission.FINANCE_TOTALS_VIEW, plan.project):
        spent, spends = (_money(plan, at) for at in (since, until))
        figures += [
            ChangedFigure(name, "money", getattr(spent, name, None), getattr(spends, name, None))
            for name in ("approved", "actual", "forecast")
        ]
    known = tuple(one for one in figures if one.old is not None or one.new is not None)
    return PlanComparison(tuple(_changes(old, new)), known)


def _changes(old: Mapping[int, Mapping[str, Any]], new: Mapping[int, Mapping[str, Any]]) -> list[ChangedActivity]:
    """By row number."""
    found = [ChangedActivity("added", row["number"], row["name"]) for key, row in new.items() if key not in old]
    found += [ChangedActivity("removed", row["number"], row["name"]) for key, row in old.items() if key not in new]
    for key in old.keys() & new.keys():
        was, now = old[key], new[key]
        fields = tuple(ChangedField(name, was[name], now[name]) for name in COMPARED if was[name] != now[name])
        if fields:
            found.append(ChangedActivity("changed", now["number"], now["name"], fields))
    return sorted(found, key=lambda row: (row.number, row.fate))


def _progress(rows: Mapping[int, Mapping[str, Any]]) -> Decimal | None:
    """Percent done, each activity weighing its duration; None without any duration."""
    tasks = [row for row in rows.values() if row["kind"] == ActivityKind.TASK and row["is_active"] and row["duration"]]
    whole = sum((row["duration"] for row in tasks), Decimal(0))
    done = sum((row["duration"] * row["percent_complete"] for row in tasks), Decimal(0))
    return round(done / whole, 1) if whole else None


def _finish(rows: Mapping[int, Mapping[str, Any]]) -> date | None:
    ends = [row["finish"] for row in rows.values() if row["is_active"] and row["finish"] is not None]
    return max(ends).date() if ends else None


def _project(plan: Plan, at: datetime) -> dict[str, Any]:
    history = apps.get_model("portfolio", "ProjectEvent")._default_manager
    rows = history.filter(pgh_obj_id=plan.project_id, pgh_created_at__lte=at).order_by("-pgh_id")
    return rows.values("planned_end", "forecast_end").first() or {}


def _money(plan: Plan, at: datetime) -> MoneyTotals | None:
    history = apps.get_model("portfolio", "BudgetLineEvent")._default_manager
    rows = history.filter(project_id=plan.project_id, pgh_created_at__lte=at).order_by("pgh_obj_id", "-pgh_id")
    names = ("approved", "actual", "forecast")
    latest = rows.distinct("pgh_obj_id").values("pgh_label", *names)
    lines = [BudgetLine(**{name: row[name] for name in names}) for row in latest if row["pgh_label"] != "delete"]
    return totals_of(lines) if lines else None


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
