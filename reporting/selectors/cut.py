"""Read the whole portfolio for one week: a constant number of statements, linear in projects.

It takes no user: the cut is the portfolio itself. Its callers hold `CYCLE_FREEZE` or `PACK_PREVIEW`,
whose holders may all know of every project.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Q

from config.clock import BRUSSELS
from governance.enums import BodyKind
from people.models import Person
from people.services import audit
from portfolio.engines.reporting_calendar import IsoWeek
from portfolio.enums import ACTIVE_STATES, LifeCycle
from portfolio.models import Programme, Project, ReportingCycle, Standing, StatusReport, StrategicAxis
from portfolio.models.status_report import DIMENSIONS
from reporting.engines import edition as facts
from reporting.engines.edition import Edition, Names, PersonName, PreviousFacts, ProjectFacts, StatusFacts, VerdictFacts
from reporting.engines.edition_decisions import RequestFacts
from reporting.models import Snapshot
from reporting.selectors import cut_details

WEEKS_SHOWN = 12


@dataclass(frozen=True, slots=True)
class _Week:
    """What all projects share while they are read."""

    week: IsoWeek
    weeks: tuple[IsoWeek, ...]
    reports: Mapping[int, StatusReport]
    earlier: Mapping[int, StatusReport]
    given: Mapping[int, Mapping[IsoWeek, str]]
    frozen: Mapping[str, Mapping[str, Any]]
    has_previous: bool


def collect(cycle: ReportingCycle, *, as_of: datetime, choices: facts.PackChoices) -> Edition:
    """Every fact the pack of `cycle` may print, as the database stands now."""
    week = IsoWeek(cycle.iso_year, cycle.iso_week)
    today = as_of.astimezone(BRUSSELS).date()
    shared = _week(cycle, week)
    projects = _projects(shared, today)
    requests, bodies = cut_details.requests(today), cut_details.bodies(as_of)
    head = audit.head()
    return Edition(
        schema=facts.SCHEMA_VERSION,
        week=str(week),
        as_of=as_of,
        publish_at=cycle.publish_at,
        axes=tuple(
            facts.AxisFacts(axis.code, Names(axis.name_fr, axis.name_nl, axis.name_en))
            for axis in StrategicAxis.objects.order_by("position", "code")
        ),
        programmes=tuple(
            facts.ProgrammeFacts(row.code, Names(row.name_fr, row.name_nl, row.name_en))
            for row in Programme.objects.order_by("code")
        ),
        projects=projects,
        requests=requests,
        decisions=cut_details.decisions(today),
        follow_ups=cut_details.follow_ups(today),
        exceptions=cut_details.exceptions(),
        bodies=bodies,
        previous=_previous_totals(week, shared, projects, _executive(requests, bodies), today),
        choices=choices,
        audit_number=head.number,
        audit_hash=head.hash,
    )


def _week(cycle: ReportingCycle, week: IsoWeek) -> _Week:
    before = ReportingCycle.objects.filter(iso_year=week.previous.year, iso_week=week.previous.week).first()
    reports: dict[int, StatusReport] = {}
    earlier: dict[int, StatusReport] = {}
    wanted = [cycle.pk] if before is None else [cycle.pk, before.pk]
    for report in StatusReport.objects.filter(cycle__in=wanted).select_related("author__person", "for_person"):
        (reports if report.cycle_id == cycle.pk else earlier)[report.project_id] = report
    frozen: dict[str, Mapping[str, Any]] = {}
    if before is not None:
        data = Snapshot.objects.filter(cycle=before).values_list("data__projects", flat=True).first()
        frozen = {row["code"]: row for row in data or ()}
    return _Week(week, week.last(WEEKS_SHOWN), reports, earlier, _given(week), frozen, bool(earlier or frozen))


def _given(week: IsoWeek) -> dict[int, dict[IsoWeek, str]]:
    """Declared colours of the weeks shown, by project."""
    first = week.plus(1 - WEEKS_SHOWN)
    since = Q(cycle__iso_year=first.year, cycle__iso_week__gte=first.week) | Q(cycle__iso_year__gt=first.year)
    given: defaultdict[int, dict[IsoWeek, str]] = defaultdict(dict)
    rows = StatusReport.objects.filter(since).values_list("project_id", "cycle__iso_year", "cycle__iso_week", "overall")
    for project, year, number, overall in rows:
        given[project][IsoWeek(year, number)] = overall
    return given


def _projects(shared: _Week, today: date) -> tuple[ProjectFacts, ...]:
    rows = (
        Project.objects.filter(life_cycle__in=ACTIVE_STATES)
        .select_related("manager", "sponsor", "programme", "axis", "standing")
        .order_by("priority_rank", "code")
    )
    milestones, budgets = cut_details.milestones(), cut_details.budgets()
    tolerances, risks = cut_details.tolerances(), cut_details.risks(today)
    confidences, rebaselined = cut_details.confidences(today), cut_details.rebaselined()
    return tuple(
        _project(
            row,
            shared,
            milestones=milestones.get(row.pk, ()),
            budget=budgets.get(row.pk, ()),
            tolerances=tolerances.get(row.pk, ()),
            risks=risks.get(row.pk, ()),
            rebaselined=rebaselined.get(row.pk, 0),
            **confidences.get(row.pk, {}),
        )
        for row in rows
    )


def _project(row: Project, shared: _Week, **details: Any) -> ProjectFacts:
    report = shared.reports.get(row.pk)
    history = _history(row, shared)
    standing: Standing = row.standing
    return ProjectFacts(
        code=row.code,
        names=Names(row.name_fr, row.name_nl, row.name_en),
        state=_shown_state(row, report),
        owes_status=row.owes_status,
        life_cycle=str(row.life_cycle),
        manager=_person(row.manager),
        sponsor=_person(row.sponsor),
        programme=row.programme.code if row.programme else "",
        axis=row.axis.code if row.axis else "",
        rank=row.priority_rank,
        is_top=row.is_top,
        purpose=row.purpose,
        start=row.start,
        first_approved_end=row.first_approved_end,
        planned_end=row.planned_end,
        forecast_end=standing.forecast_end,
        first_approved_cost=row.first_approved_cost,
        bac=standing.bac,
        eac=standing.eac,
        actual=standing.actual,
        exposure=standing.exposure,
        status=_status(report) if report else None,
        previous=_previous(row, shared, history),
        last_state=standing.declared_overall,
        last_status_on=standing.last_status_on,
        computed_overall=standing.computed_overall,
        computed=verdicts(standing.computed),
        gap_weeks=standing.gap_weeks,
        history=history,
        confidentiality=str(row.confidentiality),
        **details,
    )


def _shown_state(row: Project, report: StatusReport | None) -> str:
    """The declared colour of this week; silence is `stale`, whatever the colour was before."""
    if row.life_cycle == LifeCycle.ON_HOLD:
        return facts.PAUSED
    if not row.owes_status:
        return facts.NOT_OWED
    return report.overall if report else facts.STALE


def _history(row: Project, shared: _Week) -> tuple[str, ...]:
    """The declared state of the last twelve weeks, this one last."""
    given = shared.given.get(row.pk, {})
    known_since = min(given, default=IsoWeek.of(row.created_at.astimezone(BRUSSELS).date()))
    last = shared.week
    return tuple(
        given.get(week)
        or (facts.STALE if row.owes_status and (week >= known_since or week == last) else facts.NOT_OWED)
        for week in shared.weeks
    )


def _previous(row: Project, shared: _Week, history: tuple[str, ...]) -> PreviousFacts | None:
    """One week before: from that week's snapshot, else from that week's status."""
    if not shared.has_previous:
        return None
    report, frozen = shared.earlier.get(row.pk), shared.frozen.get(row.code)
    if frozen is not None:
        return PreviousFacts(
            state=frozen["state"],
            declared=(frozen["status"] or {}).get("declared", {}),
            eac=_decimal(frozen["eac"]),
            end=date.fromisoformat(frozen["forecast_end"]) if frozen["forecast_end"] else None,
        )
    if report is None:
        return PreviousFacts(state=history[-2], declared={})
    return PreviousFacts(state=history[-2], declared=report.declared(), eac=_forecast_cost(report))


def _forecast_cost(report: StatusReport) -> Decimal | None:
    """The estimate at completion that the computation of that status used."""
    pair = report.computed.get("dimensions", {}).get("cost", {}).get("facts", {}).get("forecast")
    return Decimal(pair[1]) if pair else None


def _status(report: StatusReport) -> StatusFacts:
    return StatusFacts(
        overall=report.overall,
        declared=report.declared(),
        causes={name: text for name in DIMENSIONS if (text := getattr(report, f"cause_{name}"))},
        reasons={name: text for name in ("overall", *DIMENSIONS) if (text := getattr(report, f"reason_{name}"))},
        message=report.message,
        language=report.message_language,
        ask_kind=str(report.ask_kind),
        ask_text=report.ask_text,
        ask_body=report.ask_body,
        ask_on=report.ask_on,
        author=report.author.full_name,
        submitted_at=report.submitted_at,
        unchanged=report.unchanged,
        for_person=report.for_person.full_name if report.for_person else "",
    )


def verdicts(computed: Mapping[str, Any]) -> dict[str, VerdictFacts]:
    """The overall verdict, the dimensions by name and the targets as `target:<name>`."""
    named = {"overall": computed.get("overall"), **computed.get("dimensions", {})}
    named.update({f"target:{name}": verdict for name, verdict in computed.get("targets", {}).items()})
    return {
        name: VerdictFacts(
            rag=verdict["rag"],
            rule=verdict["rule"],
            facts={key: tuple(pair) for key, pair in verdict["facts"].items()},
            use=_decimal(verdict["use"]),
        )
        for name, verdict in named.items()
        if verdict
    }


def _executive(requests: tuple[RequestFacts, ...], bodies: tuple[facts.BodyFacts, ...]) -> tuple[RequestFacts, ...]:
    """The requests the cover counts: those of the executive board, all of them where no such body is known."""
    codes = [body.code for body in bodies if body.kind == BodyKind.EXECUTIVE]
    return tuple(item for item in requests if not codes or item.body == codes[0])


def _previous_totals(
    week: IsoWeek,
    shared: _Week,
    projects: tuple[ProjectFacts, ...],
    requests: tuple[RequestFacts, ...],
    today: date,
) -> facts.PreviousWeek | None:
    if not shared.has_previous:
        return None
    states = Counter(row.previous.state for row in projects if row.previous)
    expected = sum(row.owes_status for row in projects)
    before = today.toordinal() - 7
    open_then = sum(
        1
        for item in requests
        if item.asked_on
        and item.asked_on.toordinal() <= before
        and (item.closed_on is None or item.closed_on.toordinal() > before)
    )
    return facts.PreviousWeek(
        week=str(week.previous),
        counts=dict(states),
        received=expected - states[facts.STALE],
        expected=expected,
        decisions=open_then,
    )


def _person(person: Person | None) -> PersonName | None:
    return PersonName(person.full_name, person.last_name) if person else None


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
