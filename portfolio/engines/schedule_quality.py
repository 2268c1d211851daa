"""The gate before a baseline: fourteen checks of a schedule, each with its figure, its limit and who is concerned.

The checks are those of the DCMA 14-point assessment; the limits are data. Only open activities count: active, not a
summary, not completed. A check without anything to count is not applicable rather than passed.
Source: domain reference C; docs/formulas/schedule_quality.md.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from portfolio.engines.critical_path import Rules, Schedule, ScheduledActivity, schedule
from portfolio.engines.network import Activity, Link, LinkType, Mode, Network, build_network
from portfolio.engines.working_calendar import Clock

CRITICAL_TEST_DAYS = 600


class QualityCheck(enum.StrEnum):
    """In the order of the assessment."""

    LOGIC = "logic"
    LEADS = "leads"
    LAGS = "lags"
    LINK_TYPES = "link_types"
    HARD_CONSTRAINTS = "hard_constraints"
    HIGH_FLOAT = "high_float"
    NEGATIVE_FLOAT = "negative_float"
    HIGH_DURATION = "high_duration"
    INVALID_DATES = "invalid_dates"
    RESOURCES = "resources"
    MISSED = "missed"
    CRITICAL_PATH_TEST = "critical_path_test"
    CPLI = "cpli"
    BEI = "bei"


@dataclass(frozen=True, slots=True)
class Limits:
    """Shares from 0 to 1; days are working days."""

    shares: Mapping[QualityCheck, float] = field(
        default_factory=lambda: {
            QualityCheck.LOGIC: 0.05,
            QualityCheck.LEADS: 0,
            QualityCheck.LAGS: 0.05,
            QualityCheck.LINK_TYPES: 0.10,
            QualityCheck.HARD_CONSTRAINTS: 0.05,
            QualityCheck.HIGH_FLOAT: 0.05,
            QualityCheck.NEGATIVE_FLOAT: 0,
            QualityCheck.HIGH_DURATION: 0.05,
            QualityCheck.INVALID_DATES: 0,
            QualityCheck.RESOURCES: 0,
            QualityCheck.MISSED: 0.05,
        }
    )
    high_days: int = 44
    least_index: float = 0.95


@dataclass(frozen=True, slots=True)
class PlanToCheck:
    """A plan with what it was scheduled by. `baseline` holds approved finishes, `resourced` who has somebody."""

    activities: Sequence[Activity]
    links: Sequence[Link]
    clocks: Mapping[str, Clock]
    rules: Rules
    data_date: int
    minutes_per_day: int = 480
    baseline: Mapping[str, int] = field(default_factory=dict)
    resourced: Collection[str] | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """The activity to look at, and the other end where a link is meant."""

    activity: str
    other: str | None = None


@dataclass(frozen=True, slots=True)
class CheckResult:
    """`passed` is None where there was nothing to count; `value` is a share, or the index."""

    check: QualityCheck
    passed: bool | None
    value: float | None
    limit: float
    counted: int
    findings: tuple[Finding, ...] = ()


def assess(plan: PlanToCheck, limits: Limits | None = None) -> tuple[CheckResult, ...]:
    """All fourteen results in order; raises a NetworkError for what is no network."""
    return _Assessment(plan, limits or Limits()).results()


def may_be_proposed(results: Sequence[CheckResult]) -> bool:
    """Whether a baseline may be proposed: no check has failed."""
    return all(result.passed is not False for result in results)


class _Assessment:
    def __init__(self, plan: PlanToCheck, limits: Limits) -> None:
        self.plan, self.limits = plan, limits
        self.network: Network = build_network(plan.activities, plan.links)
        self.schedule: Schedule = schedule(self.network, plan.clocks, plan.rules)
        self.open = [one for one in self.network.activities if not one.completed]

    def results(self) -> tuple[CheckResult, ...]:
        shares: dict[QualityCheck, Callable[[], tuple[list[Finding], int]]] = {
            QualityCheck.LOGIC: self.logic,
            QualityCheck.LEADS: lambda: self.links(lambda link: link.lag.value < 0),
            QualityCheck.LAGS: lambda: self.links(lambda link: link.lag.value > 0),
            QualityCheck.LINK_TYPES: lambda: self.links(lambda link: link.type is not LinkType.FS),
            QualityCheck.HARD_CONSTRAINTS: lambda: self.each(lambda one: one.constraint.hard),
            QualityCheck.HIGH_FLOAT: lambda: self.each(lambda one: self.row(one).total_float > self.high),
            QualityCheck.NEGATIVE_FLOAT: lambda: self.each(lambda one: self.row(one).total_float < 0),
            QualityCheck.HIGH_DURATION: lambda: self.each(lambda one: one.duration > self.high),
            QualityCheck.INVALID_DATES: self.invalid_dates,
            QualityCheck.RESOURCES: self.resources,
            QualityCheck.MISSED: self.missed,
        }
        found = [self.shared(check, *count()) for check, count in shares.items()]
        return (*found, self.critical_path_test(), self.cpli(), self.bei())

    @property
    def high(self) -> int:
        return self.limits.high_days * self.plan.minutes_per_day

    def row(self, one: Activity) -> ScheduledActivity:
        return self.schedule.activities[one.id]

    def shared(self, check: QualityCheck, findings: list[Finding], counted: int) -> CheckResult:
        limit = self.limits.shares[check]
        if not counted:
            return CheckResult(check, None, None, limit, 0)
        share = len(findings) / counted
        return CheckResult(check, share <= limit, share, limit, counted, tuple(findings))

    def each(self, wrong: Callable[[Activity], bool]) -> tuple[list[Finding], int]:
        return [Finding(one.id) for one in self.open if wrong(one)], len(self.open)

    def links(self, wrong: Callable[[Link], bool]) -> tuple[list[Finding], int]:
        """The links into what is open."""
        closed = {one.id for one in self.plan.activities if one.completed or one.mode is Mode.INACTIVE}
        counted = [link for link in self.plan.links if link.successor not in closed]
        return [Finding(link.successor, link.predecessor) for link in counted if wrong(link)], len(counted)

    def logic(self) -> tuple[list[Finding], int]:
        """Without predecessor or without successor, but for the one that begins the plan and the one that ends it."""
        network = self.network
        loose = [one for one in network.activities if not network.incoming[network.places[one.id]]]
        first = min(loose, key=lambda one: self.row(one).start, default=None)
        dangling = [one for one in network.activities if not network.outgoing[network.places[one.id]]]
        last = max(dangling, key=lambda one: self.row(one).finish, default=None)
        wrong = {one.id for one in loose if one is not first} | {one.id for one in dangling if one is not last}
        return self.each(lambda one: one.id in wrong)

    def invalid_dates(self) -> tuple[list[Finding], int]:
        """Something done after the data date, or something still to do before it."""
        now, wrong = self.plan.data_date, []
        for one in self.network.activities:
            actual = [at for at in (one.actual_start, one.actual_finish) if at is not None]
            row = self.row(one)
            ahead = not one.completed and (row.finish < now or (not one.started and row.start < now))
            if any(at > now for at in actual) or ahead:
                wrong.append(Finding(one.id))
        return wrong, len(self.network.activities)

    def resources(self) -> tuple[list[Finding], int]:
        named = self.plan.resourced
        if named is None:
            return [], 0
        working = [one for one in self.open if one.duration]
        return [Finding(one.id) for one in working if one.id not in named], len(working)

    def due(self) -> list[Activity]:
        """What should have finished by the data date by its baseline."""
        baseline = self.plan.baseline
        return [
            one
            for one in self.network.activities
            if baseline.get(one.id, self.plan.data_date + 1) <= self.plan.data_date
        ]

    def missed(self) -> tuple[list[Finding], int]:
        due, baseline = self.due(), self.plan.baseline
        late = [one for one in due if one.actual_finish is None or one.actual_finish > baseline[one.id]]
        return [Finding(one.id) for one in late], len(due)

    def last(self) -> Activity | None:
        """The open activity that ends the plan."""
        return max(self.open, key=lambda one: (self.row(one).finish, self.row(one).start), default=None)

    def critical_path_test(self) -> CheckResult:
        """The first critical activity made 600 days longer must move the last by as many: the path is one of logic."""
        check, least, last = QualityCheck.CRITICAL_PATH_TEST, self.limits.least_index, self.last()
        movable = {one.id for one in self.open if not one.fixed}
        tried = next((name for name in self.schedule.critical_path if name in movable), None)
        if tried is None or last is None:
            return CheckResult(check, None, None, least, 0)
        extra = CRITICAL_TEST_DAYS * self.plan.minutes_per_day
        longer = [_longer(one, extra) if one.id == tried else one for one in self.plan.activities]
        moved = schedule(build_network(longer, self.plan.links), self.plan.clocks, self.plan.rules)
        clock = self.plan.clocks[self.network.activities[self.network.places[tried]].calendar]
        share = clock.between(self.row(last).finish, moved.activities[last.id].finish) / extra
        passed = share >= least
        return CheckResult(check, passed, share, least, 1, () if passed else (Finding(tried, last.id),))

    def cpli(self) -> CheckResult:
        """(length + total float) / length, the length from the data date to the finish."""
        last = self.last()
        begin = max(self.plan.data_date, self.schedule.start)
        length = 0 if last is None else self.plan.clocks[last.calendar].between(begin, self.schedule.finish)
        if last is None or length <= 0:
            return CheckResult(QualityCheck.CPLI, None, None, self.limits.least_index, 0)
        index = (length + self.row(last).total_float) / length
        passed = index >= self.limits.least_index
        findings = () if passed else (Finding(last.id),)
        return CheckResult(QualityCheck.CPLI, passed, index, self.limits.least_index, 1, findings)

    def bei(self) -> CheckResult:
        """What is done of what has a baseline, by what was due."""
        due = self.due()
        if not due:
            return CheckResult(QualityCheck.BEI, None, None, self.limits.least_index, 0)
        done = [one for one in self.network.activities if one.completed and one.id in self.plan.baseline]
        index = len(done) / len(due)
        findings = tuple(Finding(one.id) for one in due if not one.completed)
        return CheckResult(
            QualityCheck.BEI, index >= self.limits.least_index, index, self.limits.least_index, len(due), findings
        )


def _longer(one: Activity, extra: int) -> Activity:
    remaining = None if one.remaining is None else one.remaining + extra
    return replace(one, duration=one.duration + extra, remaining=remaining)
