"""What the status form and the read-only status show, worked out before any template runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.forms import BoundField
from django.utils.translation import gettext as _

from config.clock import BRUSSELS
from portfolio.engines.deviation import milestone_slip
from portfolio.engines.health import Assessment, Verdict
from portfolio.engines.merge import changed_fields
from portfolio.engines.status_checks import JUDGED, OVERALL, Level, check_status, needs_reason
from portfolio.engines.tolerance import days_allowed, measure
from portfolio.engines.verdict_codec import decode_verdict
from portfolio.engines.vocabulary import Dimension, Rag, Target
from portfolio.enums import AskKind
from portfolio.forms.status_report import StatusReportForm
from portfolio.models import StatusReport
from portfolio.selectors.facts import ProjectRow, facts_of
from portfolio.selectors.product_counts import products_at
from portfolio.selectors.status_report import (
    ON,
    MilestoneLine,
    RiskLine,
    StatusSheet,
    assess_values,
    codir_line,
    entry_of,
    rag_of,
)
from portfolio.selectors.status_wording import check_lines, judged_word
from portfolio.selectors.wording import rule_text

REACHED_SHOWN_DAYS = 21
FINDING = "finding"  # an error that names its subject itself
Values = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class VerdictRow:
    """One judged line: last week, the choice, the computation in words, and the texts that explain."""

    name: str
    word: str
    previous: str
    computed: Verdict
    text: str
    gap: bool
    declared: str = ""
    cause_text: str = ""
    reason_text: str = ""
    field: BoundField | None = None
    cause: BoundField | None = None
    reason: BoundField | None = None
    modified: bool = False

    @property
    def is_overall(self) -> bool:
        return self.name == OVERALL


@dataclass(frozen=True, slots=True)
class MilestoneRow:
    """A milestone with its live difference; without fields once reached."""

    line: MilestoneLine
    expected: date | None
    slip: int | None
    state: str
    day: BoundField | None = None
    reached: BoundField | None = None
    modified: bool = False
    shown_initial: str = ""
    products: tuple[int, int] | None = None
    """(accepted, due) at this milestone."""


@dataclass(frozen=True, slots=True)
class RiskRow:
    line: RiskLine
    name: str
    checked: bool
    was: bool


@dataclass(frozen=True, slots=True)
class SourceFigure:
    """A figure read from another system, with its origin and date."""

    amount: Decimal | None
    source: str
    on: date | None


@dataclass(frozen=True, slots=True)
class Trend:
    """Share of the tolerance used, week by week, oldest first."""

    values: tuple[float | None, ...]
    last: Decimal | None

    @property
    def percent(self) -> Decimal | None:
        return None if self.last is None else self.last * 100


def rows_to_show(sheet: StatusSheet, now: datetime) -> dict[str, str]:
    """The fields of the open milestones and open risks, by name, with their labels."""
    names: dict[str, str] = {}
    for item in sheet.milestones:
        if item.actual is None:
            names[f"milestone-{item.pk}"] = item.name
            names[f"reached-{item.pk}"] = item.name
    return names | {f"risk-{risk.pk}": f"{risk.title} {risk.code}" for risk in sheet.risks}


def form_context(sheet: StatusSheet, form: StatusReportForm, values: Values, now: datetime) -> dict[str, Any]:
    """Everything the form and its live part print."""
    base = {name: str(value) for name, value in form.initial.items()}
    changed = [name for name in changed_fields(base, values) if name in base]
    kind = values.get("ask_kind") or AskKind.NONE
    live, owed = live_context(sheet, values, now, form=form), products_at(sheet.project)
    rows = tuple(replace(row, products=owed.get(row.line.pk)) for row in live["milestone_rows"])
    return {
        **live,
        "milestone_rows": rows,
        "sheet": sheet,
        "form": form,
        "is_live": False,
        "problems": _problems(form),
        "modified": len(changed),
        "is_first": sheet.source is None,
        "risk_rows": _risk_rows(sheet, values, base),
        "ask_modified": bool({"ask_kind", "ask_text", "ask_to"} & set(changed)),
        "ask_kind": kind,
        "ask_to_initial": base.get("ask_to", ""),
        **side_context(sheet),
    }


def live_context(
    sheet: StatusSheet, values: Values, now: datetime, form: StatusReportForm | None = None
) -> dict[str, Any]:
    """The parts that follow the typing: computation, checks, differences, the CODIR line."""
    assessment = assess_values(sheet, values, now)
    findings = check_status(entry_of(sheet, values, assessment), now.astimezone(BRUSSELS).date())
    lines = check_lines(findings)
    return {
        "verdicts": _verdict_rows(sheet, values, assessment, form),
        "milestone_rows": _milestone_rows(sheet, values, now, form),
        "checks": lines,
        "checks_met": sum(1 for line in lines if line.level == Level.OK),
        "line": codir_line(sheet, values, now),
    }


def side_context(sheet: StatusSheet) -> dict[str, Any]:
    """What does not move: twelve weeks, figures of the source systems."""
    standing = getattr(sheet.project, "standing", None)
    return {
        "history": list(standing.history) if standing else [],
        "time_trend": _trend(sheet.reports, Target.TIME),
        "cost_trend": _trend(sheet.reports, Target.COST),
        "figures": _figures(sheet.row),
    }


def reading_rows(report: StatusReport, previous: StatusReport | None) -> tuple[VerdictRow, ...]:
    """The judged lines of a submitted status, with the computation frozen in it."""
    computed = {OVERALL: report.computed.get("overall"), **report.computed.get("dimensions", {})}
    rows = []
    for name in JUDGED:
        verdict = decode_verdict(computed.get(name))
        declared = getattr(report, name)
        rows.append(
            VerdictRow(
                name=name,
                word=judged_word(name),
                previous=getattr(previous, name, "none"),
                computed=verdict,
                text=rule_text(verdict),
                gap=needs_reason(Rag(declared), verdict.rag),
                declared=declared,
                cause_text=getattr(report, f"cause_{name}", ""),
                reason_text=getattr(report, f"reason_{name}"),
            )
        )
    return tuple(rows)


def _verdict_rows(
    sheet: StatusSheet, values: Values, assessment: Assessment, form: StatusReportForm | None
) -> tuple[VerdictRow, ...]:
    verdicts = {OVERALL: assessment.overall} | {item.value: assessment.dimensions[item] for item in Dimension}
    rows = []
    for name in JUDGED:
        declared = values.get(name, "")
        verdict = verdicts[name]
        rows.append(
            VerdictRow(
                name=name,
                word=judged_word(name),
                previous=getattr(sheet.previous, name, "none"),
                computed=verdict,
                text=rule_text(verdict),
                gap=needs_reason(rag_of(declared), verdict.rag),
                declared=declared,
                cause_text=values.get(f"cause_{name}", ""),
                field=form[name] if form else None,
                cause=form[f"cause_{name}"] if form and name != OVERALL else None,
                reason=form[f"reason_{name}"] if form else None,
                modified=form is not None and declared != str(form.initial.get(name, "")),
            )
        )
    return tuple(rows)


def _milestone_rows(
    sheet: StatusSheet, values: Values, now: datetime, form: StatusReportForm | None
) -> tuple[MilestoneRow, ...]:
    today = now.astimezone(BRUSSELS).date()
    rows = []
    for item in sheet.milestones:
        if item.actual and (today - item.actual).days > REACHED_SHOWN_DAYS:
            continue
        typed = _day(values.get(f"milestone-{item.pk}", "")) or item.expected
        ticked = values.get(f"reached-{item.pk}") == ON
        slip = None
        if typed and item.baseline:
            reached = typed if ticked else None
            slip = milestone_slip(baseline=item.baseline, forecast=typed, actual=reached, today=today)
        editable = form is not None and f"milestone-{item.pk}" in form.fields
        rows.append(
            MilestoneRow(
                line=item,
                expected=typed,
                slip=slip,
                state="closed" if ticked else _milestone_state(sheet, typed, slip, today, now),
                day=form[f"milestone-{item.pk}"] if editable and form else None,
                reached=form[f"reached-{item.pk}"] if editable and form else None,
                modified=bool(form and typed and typed.isoformat() != form.initial.get(f"milestone-{item.pk}")),
                shown_initial=str(form.initial.get(f"milestone-{item.pk}", "")) if form else "",
            )
        )
    return tuple(rows)


def _milestone_state(sheet: StatusSheet, expected: date | None, slip: int | None, today: date, now: datetime) -> str:
    """By the project's tolerance of time; without one, late is amber and overdue is red."""
    if expected is None or slip is None:
        return "none"
    if expected < today:
        return Rag.RED.value
    tolerance = sheet.row.tolerances.get(Target.TIME)
    allowed = days_allowed(tolerance, facts_of(sheet.row, now).planned_days) if tolerance else None
    if allowed is None:
        return Rag.AMBER.value if slip > 0 else Rag.GREEN.value
    return measure(Decimal(0), Decimal(slip), allowed).rag.value


def _problems(form: StatusReportForm) -> list[tuple[str, str]]:
    """Where each error is repaired, and its sentence, which names the field unless it does so itself."""
    found = []
    for name, errors in form.errors.as_data().items():
        radios = name in JUDGED or name == "ask_kind"
        target = f"f_{name}_0" if radios else f"f_{name}"
        for error in errors:
            text = " ".join(map(str, error.messages))
            if name not in form.fields:
                found.append(("", text))
            else:
                named = _("%(label)s : %(value)s") % {"label": form.fields[name].label, "value": text}
                found.append((target, text if error.code == FINDING else named))
    return found


def _risk_rows(sheet: StatusSheet, values: Values, base: Values) -> tuple[RiskRow, ...]:
    return tuple(
        RiskRow(
            line=risk,
            name=f"risk-{risk.pk}",
            checked=values.get(f"risk-{risk.pk}") == ON,
            was=base.get(f"risk-{risk.pk}") == ON,
        )
        for risk in sheet.risks
    )


def _trend(reports: Sequence[StatusReport], target: Target) -> Trend:
    uses = [(report.computed.get("targets", {}).get(target.value) or {}).get("use") for report in reversed(reports)]
    known = [Decimal(use) for use in uses if use is not None]
    return Trend(values=tuple(None if use is None else float(use) for use in uses), last=known[-1] if known else None)


def _figures(row: ProjectRow) -> dict[str, SourceFigure]:
    booked = [line for line in row.budget if line.actual_on is not None]
    latest = max(booked, key=lambda line: line.actual_on or date.min, default=None)
    return {
        "actual": SourceFigure(
            row.actual, latest.actual_source if latest else "", latest.actual_on if latest else None
        ),
        "eac": SourceFigure(row.eac, "", None),
        "bac": SourceFigure(row.bac, "", None),
    }


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
