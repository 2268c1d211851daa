"""Plays the weeks one after the other: facts move, statuses come in, requests open, each week freezes."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random

from django.db import transaction
from django.db.models import Model

from config.clock import BRUSSELS
from governance.enums import RequestState
from governance.models import DecisionRequest
from people.models import User
from people.services import audit
from portfolio.engines.reporting_calendar import IsoWeek
from portfolio.enums import REPORTING_STATES, AskKind, StageState
from portfolio.models import BudgetLine, Milestone, Project, ReportingCycle, Risk, Stage, StatusReport, Tolerance
from portfolio.services.ask_port import gateway
from portfolio.services.reporting_cycle import ensure_cycle
from reporting.management.demo.accounts import Cast
from reporting.management.demo.authoring import WeekDesk, write_status
from reporting.management.demo.committees import next_sitting
from reporting.management.demo.history import happened, write_back
from reporting.management.demo.plan import Plan
from reporting.management.demo.story import Ask
from reporting.management.demo.words import Words, typeset
from reporting.services.freeze import freeze_cycle

_MOVING: dict[type[Model], tuple[str, ...]] = {
    Project: ("forecast_end",),
    Milestone: ("forecast", "actual"),
    BudgetLine: ("actual", "actual_on", "actual_source", "forecast"),
    Tolerance: ("forecast",),
    Risk: ("probability", "impact", "confirmed_on"),
    Stage: ("state", "actual_end"),
}
BATCH = 500


@dataclass(slots=True)
class Replay:
    """The whole simulation; `last` holds the latest status of each project, `absent` last week's casual silences."""

    plans: list[Plan]
    cast: Cast
    now: datetime
    weeks: int
    frozen_weeks: int
    rng: Random
    last: dict[int, StatusReport] = field(default_factory=dict)
    absent: set[int] = field(default_factory=set)

    @property
    def today(self) -> date:
        return self.now.astimezone(BRUSSELS).date()

    @property
    def current(self) -> IsoWeek:
        return IsoWeek.of(self.today)

    def run(self) -> None:
        """Every week, oldest first; the current one stays open."""
        owing = [plan for plan in self.plans if plan.project.life_cycle in REPORTING_STATES]
        for model in _MOVING:
            write_back(datetime.combine(self.current.plus(-self.weeks).monday, time(8), tzinfo=BRUSSELS), model)
        for ago in range(self.weeks - 1, -1, -1):
            cycle = ensure_cycle(self.current.plus(-ago))
            self._play(owing, cycle, ago)
            if ago:
                self._close(cycle, ago)
        self._write()

    @transaction.atomic
    def _play(self, owing: list[Plan], cycle: ReportingCycle, ago: int) -> None:
        week = self.current.plus(-ago)
        desk = WeekDesk(week, ago, self.today, Random(f"{self.rng.random()} {week}"))  # noqa: S311 -- invented data
        silent = self._silent(owing, ago)
        reports = []
        for plan in owing:
            plan.pass_time(min(week.day(5), self.today))
            started = plan.project.start is not None and plan.project.start <= week.monday
            if plan.project.pk in silent or not started:
                continue
            at = self._submitted_at(cycle, week, desk.rng)
            plan.report(ago, at.astimezone(BRUSSELS).date())
            author = self._author(plan, desk.rng)
            previous = self.last.get(plan.project.pk)
            report = write_status(plan, desk, cycle=cycle, author=author, at=at, previous=previous)
            self._aim(report, plan.story.ask(ago))
            plan.last_status_on = at.astimezone(BRUSSELS).date()
            self.last[plan.project.pk] = report
            reports.append(report)
        StatusReport.objects.bulk_create(reports, batch_size=BATCH)
        by_project = {report.project_id: report for report in reports}
        for plan in owing:
            if plan.story.asks and plan.project.pk in by_project:
                self._ask(plan, by_project[plan.project.pk], ago)
        if ago == 0:
            for report in reports[:: max(len(reports) // 200, 1)]:
                _record(report, cycle)

    def _silent(self, owing: list[Plan], ago: int) -> set[int]:
        """Who does not report: by the stories, then the habitually late and a few others, never twice in a row."""
        fixed = [plan.project.pk for plan in owing if ago in plan.story.silent]
        share = len(owing) / 50
        wanted = round(5 * share) if ago < 2 else max(round(self.rng.randint(2, 5) * share), 1)
        kept = self.absent.union(fixed)
        others = [plan for plan in owing if not plan.story.lines and plan.project.pk not in kept]
        late = {self.cast.managers[3].pk, self.cast.managers[11].pk}
        others.sort(key=lambda plan: self.rng.random() * (0.35 if plan.project.manager_id in late else 1.0))
        self.absent = {plan.project.pk for plan in others[: max(wanted - len(fixed), 0)]}
        return self.absent.union(fixed)

    def _submitted_at(self, cycle: ReportingCycle, week: IsoWeek, rng: Random) -> datetime:
        weekday = rng.choices((3, 4, 5, 5, 5), (1, 3, 4, 3, 2))[0]
        moment = time(rng.randint(8, 15), rng.randrange(60), rng.randrange(60))
        at = datetime.combine(week.day(weekday), moment, tzinfo=BRUSSELS)
        if at < self.now:
            return at
        first = min(cycle.opens_at, self.now - timedelta(hours=1))
        return first + (self.now - first) * rng.uniform(0.1, 0.97)

    def _author(self, plan: Plan, rng: Random) -> User:
        person = plan.project.manager
        if plan.project.deputy is not None and rng.random() < 0.06:
            person = plan.project.deputy
        if person is None or person.user is None:
            raise ValueError(f"{plan.project.code} has no project manager with an account")
        return person.user

    def _aim(self, report: StatusReport, ask: Ask | None) -> None:
        if ask is None:
            return
        report.ask_kind, report.ask_text = ask.kind, self._dated(ask.text)
        if ask.kind == AskKind.DECISION:
            report.ask_body = ask.body
            report.ask_on = next_sitting(ask.body, report.submitted_at.astimezone(BRUSSELS).date(), self.today)

    def _ask(self, plan: Plan, report: StatusReport, ago: int) -> None:
        """Carry the ask to governance as the status form does, then give the request its past dates and its file."""
        ask, before = plan.story.ask(ago), plan.story.ask(ago + 1)
        day = report.submitted_at
        requests = DecisionRequest.objects.filter(project=plan.project)
        known = set(requests.filter(state=RequestState.OPEN).values_list("pk", flat=True))
        if before is not None and before.settled and ask is not before:
            requests.filter(pk__in=known).update(
                state=RequestState.SETTLED, closed_on=day.astimezone(BRUSSELS).date(), report=None
            )
        if (ask or before) is None:
            return
        gateway().sync(report, report.author)
        requests.filter(pk__in=known, state=RequestState.WITHDRAWN).update(closed_on=day.astimezone(BRUSSELS).date())
        if ask is not None:
            requests.filter(state=RequestState.OPEN).exclude(pk__in=known).update(created_at=day, **self._file(ask))

    def _dated(self, text: str) -> str:
        """The text with its days and months around the simulated today."""
        return typeset(text.format_map(Words({"base": self.today})))

    def _file(self, ask: Ask) -> dict[str, object]:
        """What the committee reads beside the question."""
        return {
            "amount": None if ask.amount is None else Decimal(ask.amount),
            "options": [
                {"label": self._dated(label), "consequence": self._dated(consequence), "recommended": recommended}
                for label, consequence, recommended in ask.options
            ],
            "recommendation": self._dated(ask.recommendation),
            "cost_of_waiting": self._dated(ask.cost_of_waiting),
        }

    def _close(self, cycle: ReportingCycle, ago: int) -> None:
        at = min(cycle.freeze_at, self.now - timedelta(minutes=5))
        if ago <= self.frozen_weeks:
            with happened(at, *_MOVING):
                self._write()
            freeze_cycle(cycle, by=self.cast.users["pso1"], now=at)
        else:
            ReportingCycle.objects.filter(pk=cycle.pk).update(frozen_at=at)

    @transaction.atomic
    def _write(self) -> None:
        """Bring the database to the facts of the week: what moved since the last time."""
        moved: dict[type[Model], list[Model]] = {}
        for plan in self.plans:
            for row in plan.dirty.values():
                moved.setdefault(type(row), []).append(row)
            plan.dirty.clear()
        for model, rows in moved.items():
            for part in _in_order(rows):
                model._default_manager.bulk_create(
                    part, batch_size=BATCH, update_conflicts=True, unique_fields=["pk"], update_fields=_MOVING[model]
                )


def _in_order(rows: list[Model]) -> list[list[Model]]:
    """Finished stages first: a project never has two stages running, not even between two rows."""
    finished: list[Model] = [row for row in rows if isinstance(row, Stage) and row.state == StageState.COMPLETED]
    done = set(map(id, finished))
    return [finished, [row for row in rows if id(row) not in done]] if finished else [rows]


def _record(report: StatusReport, cycle: ReportingCycle) -> None:
    audit.record(
        by=report.author,
        verb="status_report.submitted",
        target=report,
        data={
            "project": report.project.code,
            "week": cycle.slug,
            "declared": {"overall": report.overall, **report.declared()},
            "unchanged": report.unchanged,
        },
    )
