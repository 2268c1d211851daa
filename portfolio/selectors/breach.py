"""Where projects, stages and work packages stand against their tolerances, three levels by the same rules."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import DecimalField, F, OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce

from config.clock import BRUSSELS
from portfolio.engines.health import ProjectFacts, Rag, ToleranceFacts, assess
from portfolio.engines.verdict import Verdict
from portfolio.engines.verdict_codec import decode_verdict
from portfolio.engines.vocabulary import Target, Unit
from portfolio.enums import StageState, WorkPackageState
from portfolio.models.standing import Standing
from portfolio.models.tolerance import PartTolerance
from portfolio.models.work_package import WorkPackage
from portfolio.selectors.facts import ProjectRow

_OVER = (StageState.COMPLETED, WorkPackageState.COMPLETED, WorkPackageState.CANCELLED)


@dataclass(frozen=True, slots=True)
class Position:
    """One project, or one of its stages or work packages, with the targets that are outside tolerance now."""

    project_id: int
    life_cycle: str
    breaches: Mapping[str, Verdict]
    stage_id: int | None = None
    work_package_id: int | None = None

    @property
    def part(self) -> tuple[int, int | None, int | None]:
        return (self.project_id, self.stage_id, self.work_package_id)


@dataclass(frozen=True, slots=True)
class PartVerdicts:
    """The seven targets of one stage or work package, judged."""

    project_id: int
    stage_id: int | None
    work_package_id: int | None
    over: bool
    targets: Mapping[Target, Verdict]
    has_tolerance: frozenset[Target]


def positions_of(rows: Sequence[ProjectRow], standings: Iterable[Standing], now: datetime) -> list[Position]:
    """The projects whose standings were just computed, and their parts that carry a tolerance."""
    known = {row.pk: row for row in rows}
    found = [
        Position(standing.project_id, known[standing.project_id].life_cycle, _of_project(known, standing))
        for standing in standings
    ]
    for part in part_verdicts([row.pk for row in rows], now):
        breaches = {
            target.value: verdict
            for target, verdict in part.targets.items()
            if target in part.has_tolerance and verdict.rag is Rag.RED and not part.over
        }
        life_cycle = known[part.project_id].life_cycle
        found.append(Position(part.project_id, life_cycle, breaches, part.stage_id, part.work_package_id))
    return found


def _of_project(known: Mapping[int, ProjectRow], standing: Standing) -> dict[str, Verdict]:
    targets = standing.computed.get("targets", {})
    return {
        target.value: decode_verdict(targets[target.value])
        for target in known[standing.project_id].tolerances
        if targets.get(target.value, {}).get("rag") == Rag.RED
    }


def part_verdicts(project_ids: Iterable[int], now: datetime) -> list[PartVerdicts]:
    """Every stage and work package of these projects that carries a tolerance, in one statement."""
    rows = PartTolerance.objects.filter(project_id__in=list(project_ids)).values(
        "project_id",
        "stage_id",
        "work_package_id",
        *("target", "unit", "measure", "minus", "plus", "baseline", "forecast"),
        *(f"stage__{name}" for name in ("state", "start", "planned_end", "forecast_end", "actual_end")),
        *(f"work_package__{name}" for name in ("state", "start", "planned_end", "forecast_end", "actual_end")),
        *("work_package__budget", "work_package__forecast_cost"),
        stage_budget=_sum_of_packages(F("budget")),
        stage_forecast=_sum_of_packages(Coalesce(F("forecast_cost"), F("budget"))),
    )
    parts: dict[tuple[int | None, int | None], list[dict[str, Any]]] = {}
    for row in rows.order_by("project_id", "stage__number", "work_package__code", "target"):
        parts.setdefault((row["stage_id"], row["work_package_id"]), []).append(row)
    today = now.astimezone(BRUSSELS).date()
    return [_judged(lines, today) for lines in parts.values()]


def _sum_of_packages(amount: Any) -> Subquery:
    packages = (
        WorkPackage.objects.filter(stage=OuterRef("stage_id"))
        .exclude(state=WorkPackageState.CANCELLED)
        .order_by()
        .values("stage")
        .annotate(total=Sum(amount))
    )
    return Subquery(packages.values("total"), output_field=DecimalField(max_digits=16, decimal_places=2))


def _judged(lines: Sequence[Mapping[str, Any]], today: date) -> PartVerdicts:
    first = lines[0]
    is_stage = first["stage_id"] is not None
    kind = "stage" if is_stage else "work_package"
    money: tuple[Decimal | None, Decimal | None] = (
        (first["stage_budget"], first["stage_forecast"])
        if is_stage
        else (first["work_package__budget"], first["work_package__forecast_cost"])
    )
    tolerances = {Target(line["target"]): _bounds(line) for line in lines}
    facts = ProjectFacts(
        as_of=today,
        baseline_start=first[f"{kind}__start"],
        baseline_end=first[f"{kind}__planned_end"],
        forecast_end=first[f"{kind}__forecast_end"] or first[f"{kind}__planned_end"],
        actual_end=first[f"{kind}__actual_end"],
        bac=money[0],
        eac=money[1],
        tolerances=tolerances,
    )
    return PartVerdicts(
        project_id=first["project_id"],
        stage_id=first["stage_id"],
        work_package_id=first["work_package_id"],
        over=first[f"{kind}__state"] in _OVER,
        targets=assess(facts).targets,
        has_tolerance=frozenset(tolerances),
    )


def _bounds(line: Mapping[str, Any]) -> ToleranceFacts:
    return ToleranceFacts(
        minus=line["minus"],
        plus=line["plus"],
        baseline=line["baseline"],
        forecast=line["forecast"],
        unit=Unit(line["unit"]),
        measure=line["measure"],
    )
