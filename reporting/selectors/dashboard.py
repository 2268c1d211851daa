"""What the director must know first: who needs him, why, what is asked; then how the portfolio is.

Selection rule (published on the help page): a decision is asked of the director's level or above,
or the project is red and worsening, or it is one of the top 24 and silent. Ranked by exposure.
Every block is one SQL statement whatever the number of projects.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, OuterRef, Q, Subquery, Sum, Value, Window
from django.db.models.functions import Coalesce

from config.web.languages import Worded, in_reach, name_in_reach
from governance.enums import OPEN_REQUESTS
from governance.models import DecisionRequest, ProjectException
from people.enums import Role
from people.models import User
from people.permissions.catalogue import Permission
from people.permissions.checks import has_permission
from portfolio.enums import REPORTING_STATES
from portfolio.models.project import ProjectQuerySet
from portfolio.selectors.project import visible_projects
from portfolio.selectors.register_row import language
from portfolio.selectors.shown_state import seen_on, shown_state
from portfolio.selectors.status_reading import StatusReader, status_reader
from reporting.selectors.dashboard_words import (
    Ask,
    Facts,
    Reader,
    ask_of,
    changed_dimension,
    why_of,
)

TRIAGE_ROWS = 5
TRIAGE_ALL = 60
DIRECTOR_LEVEL = 5
GLYPHS_PER_AXIS = 24
SEVERITY = {"red": 3, "amber": 2, "green": 1}
_COUNTED = frozenset({"red", "amber", "green", "stale"})
HEALTH_ORDER = ("red", "amber", "stale", "green", "paused", "none")


@dataclass(frozen=True, slots=True)
class TriageRow:
    """One project that needs somebody."""

    code: str
    name: Worded
    manager: str
    state: str
    previous: str
    why: str
    ask: Ask
    exposure: Decimal | None


@dataclass(frozen=True, slots=True)
class Triage:
    """The projects that need somebody: the first ones and how many there are."""

    rows: tuple[TriageRow, ...]
    total: int
    never_reported: bool = False

    @property
    def more(self) -> int:
        return self.total - len(self.rows)

    @property
    def largest(self) -> Decimal:
        return max((row.exposure for row in self.rows if row.exposure is not None), default=Decimal(0))


@dataclass(frozen=True, slots=True)
class AxisHealth:
    """One axis: its glyphs (state, belongs to the top), gravest first."""

    code: str
    name: Worded
    glyphs: tuple[tuple[str, bool], ...]
    total: int

    @property
    def more(self) -> int:
        return self.total - len(self.glyphs)


@dataclass(frozen=True, slots=True)
class StateCount:
    state: str
    count: int
    delta: int | None


@dataclass(frozen=True, slots=True)
class Health:
    axes: tuple[AxisHealth, ...]
    counts: tuple[StateCount, ...]
    total: int
    is_frozen: bool

    @property
    def reported(self) -> int:
        """Projects with a status that still counts."""
        return sum(one.count for one in self.counts if one.state in SEVERITY)


@dataclass(frozen=True, slots=True)
class Change:
    code: str
    name: Worded
    state: str
    previous: str
    dimension: str


@dataclass(frozen=True, slots=True)
class Changes:
    worse: tuple[Change, ...]
    better: tuple[Change, ...]
    worse_total: int
    better_total: int


@dataclass(frozen=True, slots=True)
class AxisBudget:
    """Money of one axis; an empty code is the projects without axis."""

    code: str
    name: Worded
    budget: Decimal
    actual: Decimal
    forecast: Decimal


def reader_of(user: User) -> Reader:
    """What the words of the page depend on."""
    return Reader(is_director=Role.DIRECTOR in user.role_set, may_chase=has_permission(user, Permission.CHASE_VIEW))


def sees_only_his_own(user: User) -> bool:
    """Whether the home page is about the programmes he manages alone."""
    return user.role_set == {Role.PROGRAMME_MANAGER}


def dashboard_projects(user: User) -> ProjectQuerySet:
    """The running projects the home page is about: a programme manager's own, else all he may see."""
    projects = visible_projects(user).active()
    if sees_only_his_own(user):
        return projects.filter(programme__manager__user=user)
    return projects


def _with_states(user: User, today: date) -> ProjectQuerySet:
    """Those projects with what the reader is shown of them, now and a week before."""
    told = status_reader(user).standing
    return dashboard_projects(user).annotate(state=shown_state(user, today), previous=F(f"{told}__previous_overall"))


def triage(user: User, today: date, limit: int = TRIAGE_ROWS) -> Triage:
    """The projects that need somebody, the most exposed first."""
    told = status_reader(user).standing
    projects = _with_request(_with_states(user, today))
    asked = Q(request_level__gte=DIRECTOR_LEVEL)
    worsening = Q(state="red", **{f"{told}__worsened": True})
    silent_top = Q(state="stale", is_top=True)
    exposed = F(f"{told}__exposure").desc(nulls_last=True)
    needing = projects.filter(asked | worsening | silent_top).order_by(exposed, "code")
    return _rows(user, needing, today, limit=limit)


def largest_silent(user: User, today: date) -> Triage:
    """The largest projects of a portfolio that has never reported: what its list alone can say."""
    projects = _with_request(_with_states(user, today))
    ordered = projects.order_by(F(f"{status_reader(user).standing}__bac").desc(nulls_last=True), "code")
    found = _rows(user, ordered, today, figure="bac")
    return Triage(rows=found.rows, total=found.total, never_reported=True)


def _with_request(projects: ProjectQuerySet) -> ProjectQuerySet:
    """Each project with its highest open request (number, question, body, day) and its open exception."""
    top = DecisionRequest.objects.filter(project=OuterRef("pk"), state__in=OPEN_REQUESTS).order_by(
        "-body__level", "needed_on"
    )
    spoken = language()
    outside = ProjectException.objects.filter(project=OuterRef("pk"), closed_on__isnull=True).order_by("-level", "pk")
    return projects.annotate(
        exception_number=Subquery(outside.values("number")[:1]),
        request_level=Subquery(top.values("body__level")[:1]),
        request_number=Subquery(top.values("number")[:1]),
        request_question=Subquery(top.values("question")[:1]),
        request_on=Subquery(top.values("needed_on")[:1]),
        request_body=Subquery(top.values("body__code")[:1]),
        request_body_name=Subquery(top.values(f"body__name_{spoken}")[:1]),
    )


_TRIAGE_COLUMNS = (
    "code",
    "name_fr",
    "name_nl",
    "name_en",
    "is_top",
    "state",
    "previous",
    "manager__first_name",
    "manager__last_name",
    "manager__user_id",
    "deputy__user_id",
    "programme__manager__user_id",
    "request_level",
    "request_number",
    "request_question",
    "request_on",
    "request_body",
    "exception_number",
)


_TOLD = (
    "computed",
    "computed_at",
    "last_status_on",
    "message",
    "message_language",
    "last_report_cycle__frozen_at",
    "exposure",
    "bac",
    "next_milestone",
    "next_milestone_on",
)


def _rows(
    user: User, projects: ProjectQuerySet, today: date, *, figure: str = "exposure", limit: int = TRIAGE_ROWS
) -> Triage:
    reader, told_to = status_reader(user), reader_of(user)
    counted = projects.annotate(found=Window(Count("pk")))
    told = (f"{reader.standing}__{name}" for name in _TOLD)
    raws = list(counted.values(*_TRIAGE_COLUMNS, *told, "found")[:limit])
    rows = tuple(_triage_row(raw, today, figure, reader, told_to) for raw in raws)
    return Triage(rows=rows, total=raws[0]["found"] if raws else 0)


def _triage_row(raw: Mapping[str, Any], today: date, figure: str, reader: StatusReader, told_to: Reader) -> TriageRow:
    told = {name: raw[f"{reader.standing}__{name}"] for name in _TOLD}
    readable = reader.may_read(
        frozen_at=told["last_report_cycle__frozen_at"],
        manager_user=raw["manager__user_id"],
        deputy_user=raw["deputy__user_id"],
        programme_user=raw["programme__manager__user_id"],
    )
    first, last = raw["manager__first_name"], raw["manager__last_name"]
    facts = Facts(
        state=raw["state"],
        computed=told["computed"] or {},
        last_status_on=told["last_status_on"],
        message=Worded((told["message"] or "") if readable else "", told["message_language"] or ""),
        milestone=told["next_milestone"] or "",
        milestone_on=told["next_milestone_on"],
        manager=f"{first} {last}" if last else "",
        request_number=raw["request_number"] or "",
        request_question=raw["request_question"] or "",
        request_body=raw["request_body"] or "",
        request_on=raw["request_on"],
        exception_number=raw["exception_number"] or "",
    )
    return TriageRow(
        code=raw["code"],
        name=name_in_reach(raw),
        manager=facts.manager,
        state=raw["state"],
        previous=raw["previous"] or "none",
        why=why_of(facts, seen_on(reader, told["computed_at"], today)),
        ask=ask_of(facts, told_to),
        exposure=told[figure],
    )


def health(user: User, today: date) -> Health:
    """Counts by state with last week's difference, and the glyphs of each axis."""
    spoken = language()
    groups = (
        _with_states(user, today)
        .order_by()
        .values_list(
            "axis__position",
            "axis__code",
            Coalesce(f"axis__name_{spoken}", Value("")),
            "axis__name_fr",
            "state",
            "previous",
            "is_top",
        )
        .annotate(count=Count("pk"))
    )
    now: dict[str, int] = {}
    before: dict[str, int] = {}
    axes: dict[tuple[int, str, Worded], dict[tuple[str, bool], int]] = {}
    for position, code, name, name_fr, state, previous, is_top, count in groups:
        now[state] = now.get(state, 0) + count
        earlier = previous or state
        before[earlier] = before.get(earlier, 0) + count
        cells = axes.setdefault((position or 0, code or "", in_reach(name_fr, name)), {})
        cells[state, is_top] = cells.get((state, is_top), 0) + count
    counts = tuple(
        StateCount(state, now.get(state, 0), now.get(state, 0) - before.get(state, 0) if state in _COUNTED else None)
        for state in HEALTH_ORDER
        if now.get(state) or state in _COUNTED
    )
    rows = tuple(_axis(code, name, axes[position, code, name]) for position, code, name in sorted(axes))
    return Health(rows, counts, total=sum(now.values()), is_frozen=not status_reader(user).reads_open_week)


def _axis(code: str, name: Worded, cells: Mapping[tuple[str, bool], int]) -> AxisHealth:
    glyphs: list[tuple[str, bool]] = []
    for state in HEALTH_ORDER:
        for is_top in (True, False):
            glyphs += [(state, is_top)] * cells.get((state, is_top), 0)
    return AxisHealth(code=code, name=name, glyphs=tuple(glyphs[:GLYPHS_PER_AXIS]), total=len(glyphs))


def changes(user: User, today: date, limit: int = 5) -> Changes:
    """Projects whose state differs from last week's, the worsened ones first."""
    told = status_reader(user).standing
    moved = (
        _with_states(user, today)
        .filter(Q(previous__in=[*SEVERITY, "stale"]) & ~Q(state=F("previous")), life_cycle__in=REPORTING_STATES)
        .order_by("priority_rank", "code")
    )
    worse: list[Change] = []
    better: list[Change] = []
    columns = (
        "code",
        "name_fr",
        "name_nl",
        "name_en",
        "state",
        "previous",
    )
    declared = F(f"{told}__declared")
    for raw in moved.values(*columns, declared=declared, previous_declared=F(f"{told}__previous_declared")):
        change = Change(
            code=raw["code"],
            name=name_in_reach(raw),
            state=raw["state"],
            previous=raw["previous"],
            dimension=changed_dimension(raw["state"], raw["declared"] or {}, raw["previous_declared"] or {}),
        )
        (worse if _is_worse(change) else better).append(change)
    return Changes(
        worse=tuple(worse[:limit]),
        better=tuple(better[:limit]),
        worse_total=len(worse),
        better_total=len(better),
    )


def _is_worse(change: Change) -> bool:
    """Falling silent is worse than any colour; a silence that ends in red or amber is no improvement either."""
    if "stale" in (change.state, change.previous):
        return change.state != "green"
    return SEVERITY.get(change.state, 0) > SEVERITY.get(change.previous, 0)


def budget_year(user: User, today: date) -> tuple[int | None, list[AxisBudget]]:
    """Money by axis for this year, or for all years when this one has no line yet."""
    projects = dashboard_projects(user)
    rows = _budget_rows(projects.filter(budget_lines__year=today.year))
    if rows:
        return today.year, rows
    return None, _budget_rows(projects.filter(budget_lines__isnull=False))


def _budget_rows(projects: ProjectQuerySet) -> list[AxisBudget]:
    spoken, line = language(), "budget_lines__"
    rows = (
        projects.order_by("axis__position", "axis__code")
        .values_list("axis__position", "axis__code", "axis__name_fr", f"axis__name_{spoken}")
        .annotate(
            budget=Sum(f"{line}approved"),
            actual=Sum(f"{line}actual"),
            forecast=Sum(Coalesce(f"{line}forecast", f"{line}approved")),
        )
    )
    return [
        AxisBudget(code or "", in_reach(name_fr, name), budget, actual, forecast)
        for _position, code, name_fr, name, budget, actual, forecast in rows
    ]
