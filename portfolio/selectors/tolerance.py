"""The seven tolerances of a project, a stage or a work package, set or not, each with its use u and the rule."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import QuerySet
from django.http import Http404

from people.models.user import User
from portfolio.engines.verdict import Rule, Verdict
from portfolio.engines.verdict_codec import decode_verdict
from portfolio.engines.vocabulary import Rag, Target
from portfolio.enums import TargetChoice
from portfolio.models.project import Project
from portfolio.models.stage import Stage
from portfolio.models.tolerance import PartTolerance, Tolerance
from portfolio.models.work_package import WorkPackage
from portfolio.selectors.breach import part_verdicts
from portfolio.selectors.field_rights import part_tolerance_fields
from portfolio.selectors.plan import get_stage, get_work_package, stages_of, work_packages_of
from portfolio.selectors.wording import rule_text

STAGE, WORK_PACKAGE = "stage", "work_package"
LEVELS = (STAGE, WORK_PACKAGE)
_NOT_SET = Verdict(Rag.UNKNOWN, Rule.NO_TOLERANCE)


@dataclass(frozen=True, slots=True)
class ToleranceLine:
    """One target; `tolerance` is None while nobody has set it."""

    target: str
    label: str
    tolerance: Tolerance | PartTolerance | None
    state: str
    use: Decimal | None
    rule: str


@dataclass(frozen=True, slots=True)
class PartLines:
    """A stage or work package with its seven lines; `key` names it in addresses, `rights` is what may be written."""

    level: str
    key: str
    part: Stage | WorkPackage
    lines: list[ToleranceLine]
    rights: frozenset[str]
    may_set: bool

    @property
    def may_edit(self) -> bool:
        return bool(self.rights)

    @property
    def set_lines(self) -> int:
        return sum(line.tolerance is not None for line in self.lines)


def tolerance_lines(project: Project) -> list[ToleranceLine]:
    """Seven lines, in the order of the method."""
    rows = {row.target: row for row in Tolerance.objects.filter(project=project)}
    standing = getattr(project, "standing", None)
    verdicts = (standing.computed if standing else {}).get("targets", {})
    judged = {target: decode_verdict(verdicts.get(target, {})) for target in TargetChoice.values}
    return [_line(target, rows.get(target), judged[target]) for target in TargetChoice.values]


def part_lines(user: User, project: Project, level: str, now: datetime) -> list[PartLines]:
    """The stages or the work packages of the project in order, each with its seven lines."""
    if level not in LEVELS:
        raise Http404
    parts: list[Stage | WorkPackage] = list(stages_of(project)) if level == STAGE else list(work_packages_of(project))
    tolerances: dict[int, dict[str, PartTolerance]] = {}
    for row in PartTolerance.objects.filter(project=project, **{f"{level}__isnull": False}):
        tolerances.setdefault(getattr(row, f"{level}_id"), {})[row.target] = row
    judged = {getattr(one, f"{level}_id"): one.targets for one in part_verdicts([project.pk], now)}
    found = []
    for part in parts:
        part.project = project
        rows, verdicts = tolerances.get(part.pk, {}), judged.get(part.pk, {})
        lines = [
            _line(target, rows.get(target), verdicts.get(Target(target), _NOT_SET)) for target in TargetChoice.values
        ]
        found.append(
            PartLines(
                level=level,
                key=part_key(part),
                part=part,
                lines=lines,
                rights=part_tolerance_fields(user, part),
                may_set="plus" in part_tolerance_fields(user, part, new=True),
            )
        )
    return found


def part_tolerances_of(project: Project) -> QuerySet[PartTolerance]:
    rows = PartTolerance.objects.filter(project=project).select_related("stage", "work_package")
    return rows.order_by("stage__number", "work_package__code", "target")


def part_key(part: Stage | WorkPackage) -> str:
    return str(part.number) if isinstance(part, Stage) else part.code


def get_part(project: Project, level: str, key: str) -> Stage | WorkPackage:
    """The stage of that number or the work package of that code, inside the project; else 404."""
    if level == WORK_PACKAGE:
        return get_work_package(project, key)
    if level != STAGE or not key.isdecimal():
        raise Http404
    return get_stage(project, int(key))


def get_part_tolerance(part: Stage | WorkPackage, target: str) -> PartTolerance | None:
    if target not in TargetChoice.values:
        raise Http404
    mine = {"stage": part} if isinstance(part, Stage) else {"work_package": part}
    rows = PartTolerance.objects.select_related("project", "stage__project", "work_package__project")
    return rows.filter(target=target, **mine).first()


def _line(target: str, tolerance: Tolerance | PartTolerance | None, verdict: Verdict) -> ToleranceLine:
    return ToleranceLine(
        target=target,
        label=str(TargetChoice(target).label),
        tolerance=tolerance,
        state=verdict.rag.value if verdict.is_measured else "none",
        use=verdict.use,
        rule=rule_text(_named(verdict, target)),
    )


def _named(verdict: Verdict, target: str) -> Verdict:
    """The verdict saying its target; time and cost have sentences of their own."""
    if target in (Target.TIME, Target.COST):
        return verdict
    return Verdict(verdict.rag, verdict.rule, {**verdict.facts, "target": target}, verdict.use)


def get_tolerance(project: Project, target: str) -> Tolerance | None:
    """The tolerance of a known target, None if it is not set; an unknown target is 404."""
    if target not in TargetChoice.values:
        raise Http404
    return Tolerance.objects.select_related("project").filter(project=project, target=target).first()
