"""Rebuild where projects stand: one statement reads the facts, one writes the rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from operator import itemgetter
from typing import Any, TypeVar

from django.db import transaction

from portfolio.engines.deviation import milestone_slip
from portfolio.engines.exposure import money_at_stake
from portfolio.engines.health import (
    Assessment,
    Gap,
    Rag,
    assess,
    declared_gap,
    gap_weeks,
    greener_than_evidence,
)
from portfolio.engines.reporting_calendar import IsoWeek, current_week
from portfolio.engines.risk_exposure import HIGH_FROM
from portfolio.engines.verdict_codec import encode_assessment
from portfolio.enums import REPORTING_STATES, AskKind
from portfolio.models.reporting_cycle import ReportingCycle
from portfolio.models.standing import WEEKS_SHOWN, FrozenStanding, Standing, StandingFields
from portfolio.selectors.breach import positions_of
from portfolio.selectors.facts import ProjectRow, ReportRow, facts_of, project_rows
from portfolio.selectors.reporting_cycle import last_frozen_cycle, week_of
from portfolio.services import breach_port

Row = TypeVar("Row", bound=StandingFields)
STALE = "stale"
NOT_OWED = "none"
_FIELDS = [field.name for field in Standing._meta.fields if field.name != "project"]


@transaction.atomic
def refresh_standing(project_ids: Iterable[int] | None, *, now: datetime) -> None:
    """Recompute the standings of the projects named, or of the whole portfolio.

    Called by every service that changes a fact, inside its transaction, and every night because
    time alone makes milestones overdue. The number of statements does not depend on the number of projects. Who
    listens to the breach port hears which forecasts are outside tolerance.
    """
    store_standings(project_rows(project_ids), now=now)


def store_standings(facts: Iterable[ProjectRow], *, now: datetime) -> None:
    """As `refresh_standing`, from facts the caller has just read under its own lock."""
    weeks, rows = _weeks_shown(now), list(facts)
    standings = [_standing(Standing, row, weeks, now) for row in rows]
    _store(Standing, standings)
    if rows and breach_port.is_heard():
        breach_port.positions_changed(positions_of(rows, standings, now), now)


def store_frozen_standings(cycle: ReportingCycle, *, now: datetime) -> None:
    """Keep where every project stood at the freeze of `cycle`, whatever was said of later weeks meanwhile.

    Nothing where a later week is frozen already: the last one is what readers of frozen weeks are shown.
    """
    last, until = last_frozen_cycle(), week_of(cycle)
    if last is not None and week_of(last) > until:
        return
    weeks = dict.fromkeys(until.last(WEEKS_SHOWN), True)
    rows = []
    for row in project_rows(None):
        known = replace(row, reports=tuple(report for report in row.reports if report.week <= until))
        rows.append(_standing(FrozenStanding, known, weeks, now))
    _store(FrozenStanding, rows)


def restore_frozen_standings() -> None:
    """Those of the last frozen week where none are kept: it was frozen before they were."""
    frozen = last_frozen_cycle()
    if frozen is not None and frozen.frozen_at is not None and not FrozenStanding.objects.exists():
        store_frozen_standings(frozen, now=frozen.frozen_at)


def _store(model: type[Standing] | type[FrozenStanding], rows: Sequence[Any]) -> None:
    model._default_manager.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["project"],
        update_fields=_FIELDS,
        batch_size=1000,
    )


def _weeks_shown(now: datetime) -> dict[IsoWeek, bool]:
    """The last twelve weeks that opened, oldest first; True where the status is already due."""
    cycles = (
        ReportingCycle.objects.filter(opens_at__lte=now)
        .order_by("-iso_year", "-iso_week")
        .values_list("iso_year", "iso_week", "due_at", "frozen_at")[:WEEKS_SHOWN]
    )
    due = {IsoWeek(year, week): frozen_at is not None or now >= due_at for year, week, due_at, frozen_at in cycles}
    last = max(due, default=current_week(now))
    return {week: due.get(week, False) for week in last.last(WEEKS_SHOWN)}


def _standing(model: type[Row], row: ProjectRow, weeks: dict[IsoWeek, bool], now: datetime) -> Row:
    facts = facts_of(row, now)
    computed = assess(facts)
    history = _history(row, weeks)
    standing = model(
        project_id=row.pk,
        computed_at=now,
        computed_overall=computed.overall.rag.value,
        computed=encode_assessment(computed),
        history=history,
        previous_overall=history[-2] if len(history) > 1 else "",
        exposure=money_at_stake(facts).total or Decimal(0),
        bac=row.bac,
        eac=row.eac,
        actual=row.actual,
        baseline_end=row.planned_end,
        forecast_end=row.actual_end or row.expected_end,
        end_slip_days=_days(row.actual_end or row.expected_end, row.planned_end),
        first_end_slip_days=_days(row.actual_end or row.expected_end, row.first_approved_end),
        open_risks=len(row.risks),
        high_risks=sum(1 for risk in row.risks if risk.score >= HIGH_FROM),
    )
    _set_next_milestone(standing, row, facts.as_of)
    if row.reports:
        _set_declaration(standing, row.reports, computed, history)
    return standing


def _set_declaration(
    standing: StandingFields, reports: tuple[ReportRow, ...], computed: Assessment, history: list[str]
) -> None:
    latest = reports[0]
    standing.last_report_cycle_id = latest.cycle_id
    standing.last_status_on = latest.submitted_on
    standing.declared_overall = latest.overall
    standing.declared = latest.declared
    standing.previous_declared = reports[1].declared if len(reports) > 1 else {}
    standing.message = latest.message
    standing.message_language = latest.message_language
    standing.ask_kind = latest.ask_kind or AskKind.NONE
    standing.ask_text = latest.ask_text
    standing.ask_body = latest.ask_body
    standing.ask_on = latest.ask_on
    gaps = [
        declared_gap(Rag(latest.declared[name.value]), verdict.rag) for name, verdict in computed.dimensions.items()
    ]
    standing.gap_count = sum(gap in (Gap.GREENER, Gap.GRAVER) for gap in gaps)
    standing.greener_than_evidence = greener_than_evidence(Rag(latest.overall), computed.overall.rag)
    standing.gap_weeks = gap_weeks(
        [(Rag(report.overall), Rag(report.computed_overall)) for report in reversed(reports)]
    )
    standing.worsened = len(history) > 1 and _severity(history[-1]) > _severity(history[-2]) > 0


def _history(row: ProjectRow, weeks: dict[IsoWeek, bool]) -> list[str]:
    """The declared state per week; a week not yet due and not yet given is left out."""
    given = {report.week: report.overall for report in row.reports}
    first = min(given, default=None)
    owed = row.life_cycle in REPORTING_STATES
    known_since = IsoWeek.of(row.created_on)
    states: list[str] = []
    for week, due in weeks.items():
        if week in given:
            states.append(given[week])
        elif not due:
            continue
        elif owed and (week >= known_since if first is None else week >= first):
            states.append(STALE)
        else:
            states.append(NOT_OWED)
    return states


def _set_next_milestone(standing: StandingFields, row: ProjectRow, today: date) -> None:
    upcoming = [(item.forecast, item) for item in row.milestones if item.actual is None and item.forecast is not None]
    if not upcoming:
        return
    forecast, item = min(upcoming, key=itemgetter(0))
    standing.next_milestone = item.name
    standing.next_milestone_on = forecast
    if item.baseline is not None:
        standing.next_milestone_slip = milestone_slip(
            baseline=item.baseline, forecast=forecast, actual=None, today=today
        )


def _days(later: date | None, earlier: date | None) -> int | None:
    return None if later is None or earlier is None else (later - earlier).days


def _severity(state: str) -> int:
    return Rag(state).severity if state in {"green", "amber", "red"} else 0
