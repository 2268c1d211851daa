"""One line of the register: which columns it reads, and the plain values a template gets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from config.web.languages import Worded, name_in_reach, page_language
from portfolio.engines.deviation import days_between, percent_of
from portfolio.enums import LifeCycle
from portfolio.models.project import ProjectQuerySet
from portfolio.selectors.plan_baseline import times_rebaselined
from portfolio.selectors.status_reading import StatusReader


@dataclass(frozen=True, slots=True)
class RegisterRow:
    """One line, plain values only."""

    pk: int
    version: int
    code: str
    name: Worded
    rank: int | None
    is_top: bool
    state: str
    previous: str
    manager: str
    programme_code: str
    programme: Worded
    axis_code: str
    axis: Worded
    life_cycle: str
    message: str
    message_language: str
    milestone: str
    milestone_on: date | None
    milestone_slip: int | None
    end_slip: int | None
    first_end_slip: int | None
    bac: Decimal | None
    eac: Decimal | None
    exposure: Decimal | None
    computed: str
    gap_weeks: int
    greener: bool
    history: list[str] = field(default_factory=list)
    last_status_on: date | None = None
    week_end_slip: int | None = None
    rebaselined: int = 0

    @property
    def variance(self) -> Decimal | None:
        return None if self.bac is None or self.eac is None else self.eac - self.bac

    @property
    def variance_percent(self) -> Decimal | None:
        return percent_of(self.variance, self.bac)


@dataclass(frozen=True, slots=True)
class Group:
    """A run of rows under one axis or programme."""

    label: Worded
    rows: list[RegisterRow]

    @property
    def bac(self) -> Decimal:
        return sum((row.bac for row in self.rows if row.bac is not None), Decimal(0))

    @property
    def eac(self) -> Decimal:
        return sum((row.bac or Decimal(0) if row.eac is None else row.eac for row in self.rows), Decimal(0))


_COLUMNS = (
    "pk",
    "version",
    "code",
    "name_fr",
    "name_nl",
    "name_en",
    "priority_rank",
    "is_top",
    "life_cycle",
    "state",
    "manager__first_name",
    "manager__last_name",
    "programme__code",
    "programme__name_fr",
    "programme__name_nl",
    "programme__name_en",
    "axis__code",
    "axis__name_fr",
    "axis__name_nl",
    "axis__name_en",
    "manager__user_id",
    "deputy__user_id",
    "programme__manager__user_id",
)
_TOLD = (
    "previous_overall",
    "message",
    "message_language",
    "computed_overall",
    "gap_weeks",
    "greener_than_evidence",
    "history",
    "last_status_on",
    "last_report_cycle__frozen_at",
    "next_milestone",
    "next_milestone_on",
    "next_milestone_slip",
    "forecast_end",
    "end_slip_days",
    "first_end_slip_days",
    "bac",
    "eac",
    "exposure",
)


def raw_rows(projects: ProjectQuerySet, reader: StatusReader) -> QuerySet[Any, dict[str, Any]]:
    """What lines read: the projects as they are, where they stand from the week the reader may know."""
    told = tuple(f"{reader.standing}__{name}" for name in _TOLD)
    past = ("frozen_standing__forecast_end",) if reader.reads_open_week else ()
    rows: QuerySet[Any, dict[str, Any]] = projects.values(*_COLUMNS, *told, *past, rebaselined=times_rebaselined())
    return rows


def _readable(raw: Mapping[str, Any], reader: StatusReader) -> bool:
    return reader.may_read(
        frozen_at=raw[f"{reader.standing}__last_report_cycle__frozen_at"],
        manager_user=raw["manager__user_id"],
        deputy_user=raw["deputy__user_id"],
        programme_user=raw["programme__manager__user_id"],
    )


def read_row(raw: Mapping[str, Any], reader: StatusReader) -> RegisterRow:
    """The line as the reader may see it: the words of a status only within his reach."""
    first, last = raw["manager__first_name"], raw["manager__last_name"]
    told = {name: raw[f"{reader.standing}__{name}"] for name in _TOLD}
    return RegisterRow(
        pk=raw["pk"],
        version=raw["version"],
        code=raw["code"],
        name=name_in_reach(raw),
        rank=raw["priority_rank"],
        is_top=raw["is_top"],
        state=raw["state"],
        previous=told["previous_overall"] or "none",
        manager=f"{first} {last}" if last else "",
        programme_code=raw["programme__code"] or "",
        programme=name_in_reach(raw, "programme__"),
        axis_code=raw["axis__code"] or "",
        axis=name_in_reach(raw, "axis__"),
        life_cycle=str(dict(LifeCycle.choices)[raw["life_cycle"]]),
        message=(told["message"] or "") if _readable(raw, reader) else "",
        message_language=told["message_language"] or "fr",
        milestone=told["next_milestone"] or "",
        milestone_on=told["next_milestone_on"],
        milestone_slip=told["next_milestone_slip"],
        end_slip=told["end_slip_days"],
        first_end_slip=told["first_end_slip_days"],
        bac=told["bac"],
        eac=told["eac"],
        exposure=told["exposure"],
        computed=told["computed_overall"] or "unknown",
        gap_weeks=told["gap_weeks"] or 0,
        greener=bool(told["greener_than_evidence"]),
        history=told["history"] or [],
        last_status_on=told["last_status_on"],
        week_end_slip=days_between(raw.get("frozen_standing__forecast_end"), told["forecast_end"])
        if reader.reads_open_week
        else None,
        rebaselined=raw["rebaselined"],
    )


def language() -> str:
    """Which of the three name columns is the reader's."""
    code = page_language()
    return code if code in ("nl", "en") else "fr"


def grouped(rows: list[RegisterRow], by: str) -> list[Group]:
    groups: list[Group] = []
    for row in rows:
        label = row.axis if by == "axis" else row.programme
        if not groups or groups[-1].label != label:
            groups.append(Group(label, []))
        groups[-1].rows.append(row)
    return groups
