"""The seven tolerances of a project, set or not, each with its use u and the rule in words."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.http import Http404

from portfolio.engines.verdict import Verdict
from portfolio.engines.verdict_codec import decode_verdict
from portfolio.engines.vocabulary import Target
from portfolio.enums import TargetChoice
from portfolio.models.project import Project
from portfolio.models.tolerance import Tolerance
from portfolio.selectors.wording import rule_text


@dataclass(frozen=True, slots=True)
class ToleranceLine:
    """One target; `tolerance` is None while nobody has set it."""

    target: str
    label: str
    tolerance: Tolerance | None
    state: str
    use: Decimal | None
    rule: str


def tolerance_lines(project: Project) -> list[ToleranceLine]:
    """Seven lines, in the order of the method."""
    rows = {row.target: row for row in Tolerance.objects.filter(project=project)}
    standing = getattr(project, "standing", None)
    verdicts = (standing.computed if standing else {}).get("targets", {})
    lines = []
    for target, label in TargetChoice.choices:
        verdict = decode_verdict(verdicts.get(target, {}))
        lines.append(
            ToleranceLine(
                target=target,
                label=str(label),
                tolerance=rows.get(target),
                state=verdict.rag.value if verdict.is_measured else "none",
                use=verdict.use,
                rule=rule_text(_named(verdict, target)),
            )
        )
    return lines


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
