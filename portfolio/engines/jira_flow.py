"""Work that comes in, leaves and gets done, week by week, from the issues of a team.

An issue is in scope while one of its groups is followed: from the day it was created, or came into such a group, until
it left it, was dropped or vanished from a complete source. It is done once, on the day it was last finished.
docs/formulas/throughput.md.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from portfolio.engines.jira_item import Category, Grouping, Issue, IssueRole
from portfolio.engines.reporting_calendar import IsoWeek

WEEKS_SHOWN = 26
SATURDAY = 6


@dataclass(frozen=True, slots=True)
class Tracked:
    """An issue as it is kept; `gone_on` is when a complete source no longer had it."""

    issue: Issue
    gone_on: date | None = None


@dataclass(frozen=True, slots=True)
class Passage:
    """One stay of an issue in the scope; without `entered` it was always there."""

    entered: date | None
    left: date | None
    done: date | None = None
    is_done: bool = False


@dataclass(frozen=True, slots=True)
class FlowWeek:
    """What a week added, removed and finished, and how much was open at its end."""

    week: IsoWeek
    added: int
    removed: int
    done: int
    open: int

    @property
    def scope_change(self) -> int:
        return self.added - self.removed


@dataclass(frozen=True, slots=True)
class Flow:
    """`weeks` are complete ones, oldest first; `current` is the one the data end in, unless it is complete.

    `undated` issues are done, or in scope, on a day the source does not tell.
    """

    as_of: date
    weeks: tuple[FlowWeek, ...]
    current: FlowWeek | None
    total: int
    done: int
    undated: int

    @property
    def remaining(self) -> int:
        return self.total - self.done


@dataclass(frozen=True, slots=True)
class Progress:
    done: int
    started: int
    total: int

    @property
    def percent(self) -> int | None:
        """Share of what is done, half up; a hundred only when nothing remains, None without work."""
        if not self.total:
            return None
        share = (200 * self.done + self.total) // (2 * self.total)
        return share if self.done == self.total else min(share, 99)


def groups_of(issue: Issue, grouping: Grouping) -> tuple[str, ...]:
    """The groups of the issue; one empty name for none."""
    found = {
        Grouping.EPIC: (issue.epic,) if issue.epic else (),
        Grouping.COMPONENT: issue.components,
        Grouping.VERSION: issue.versions,
    }[grouping]
    return found or ("",)


def counts(issue: Issue) -> bool:
    return issue.role is IssueRole.WORK


def passages_of(tracked: Tracked, grouping: Grouping, followed: Collection[str]) -> list[Passage]:
    """The stays of an issue in the scope, oldest first; the last one is the present one when it has no end."""
    issue = tracked.issue
    if not counts(issue):
        return []
    stays: list[tuple[date | None, date | None]] = []
    since: date | None = None
    inside = False
    for day, groups in _timeline(issue, grouping):
        now = any(group in followed for group in groups)
        if now and not inside:
            since = day
        elif inside and not now:
            stays.append((since, day))
        inside = now
    end = tracked.gone_on or (issue.done_on if issue.is_dropped else None)
    lost = tracked.gone_on is not None or issue.is_dropped
    if inside and not (lost and end is None):
        stays.append((since, end))
    found = [Passage(*stay) for stay in stays]
    if inside and not lost and issue.category is Category.DONE:
        found[-1] = _finished(since, issue.done_on)
    return found


def _finished(since: date | None, done: date | None) -> Passage:
    """What was put into its group once it was done, as for a release, is taken to have been there by then."""
    entered = min(since, done) if since and done else since
    return Passage(entered, None, done, is_done=True)


def _timeline(issue: Issue, grouping: Grouping) -> list[tuple[date | None, tuple[str, ...]]]:
    """The groups of the issue from each day on, walked back from those of today."""
    now = {group for group in groups_of(issue, grouping) if group}
    steps: list[tuple[date | None, tuple[str, ...]]] = []
    for move in reversed([one for one in issue.moves if one.grouping is grouping]):
        steps.append((move.day, tuple(now) or ("",)))
        now.discard(move.entered)
        if move.left:
            now.add(move.left)
    steps.append((issue.created_on, tuple(now) or ("",)))
    return steps[::-1]


def flow_of(issues: Iterable[Tracked], grouping: Grouping, followed: Collection[str], as_of: date) -> Flow:
    """The weeks up to `as_of`, of which a Saturday or Sunday completes its week."""
    stays = [stay for one in issues for stay in passages_of(one, grouping, followed)]
    added, removed = _by_week(stay.entered for stay in stays), _by_week(stay.left for stay in stays)
    done = _by_week(stay.done for stay in stays if stay.is_done)
    present = [stay for stay in stays if stay.left is None or stay.left > as_of]
    dated = [week for found in (added, removed, done) for week in found]
    weeks = _weeks(min(dated, default=None), as_of)
    always = sum(stay.entered is None for stay in stays) - sum(stay.is_done and stay.done is None for stay in stays)
    rows = _rows(weeks, added, removed, done, always)
    whole = as_of.isoweekday() >= SATURDAY
    return Flow(
        as_of=as_of,
        weeks=tuple(rows if whole else rows[:-1]),
        current=None if whole or not rows else rows[-1],
        total=len(present),
        done=sum(stay.is_done for stay in present),
        undated=sum((stay.is_done and stay.done is None) or stay.entered is None for stay in present),
    )


def _by_week(days: Iterable[date | None]) -> Counter[IsoWeek]:
    return Counter(IsoWeek.of(day) for day in days if day is not None)


def _weeks(first: IsoWeek | None, as_of: date) -> list[IsoWeek]:
    last = IsoWeek.of(as_of)
    if first is None or first > last:
        return []
    return list(last.last(last.weeks_since(first) + 1))


def _rows(
    weeks: Sequence[IsoWeek], added: Counter[IsoWeek], removed: Counter[IsoWeek], done: Counter[IsoWeek], always: int
) -> list[FlowWeek]:
    rows, still = [], always
    for week in weeks:
        still += added[week] - removed[week] - done[week]
        rows.append(FlowWeek(week, added[week], removed[week], done[week], still))
    return rows


def progress_of(issues: Iterable[Tracked]) -> Progress:
    """How far these issues are; what was dropped or is gone does not count."""
    states = Counter(
        one.issue.category for one in issues if counts(one.issue) and one.gone_on is None and not one.issue.is_dropped
    )
    return Progress(states[Category.DONE], states[Category.DOING], sum(states.values()))
