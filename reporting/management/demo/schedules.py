"""Plans of the first projects, version by version: as they stood when a baseline was proposed, eight days ago, today.

Today's goes in through the import; the ones before are kept as if they had been imported on their day.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from django.db import transaction

from config.clock import BRUSSELS
from portfolio.engines.mspdi_reader import read_mspdi
from portfolio.engines.mspdi_writer import write_mspdi
from portfolio.engines.schedule_mapping import reckoned
from portfolio.models import Activity, Milestone, Plan, Project
from portfolio.models.plan import ActivityLink
from portfolio.selectors.milestone_history import milestones_at
from portfolio.services.importers.plan_import import import_plan
from portfolio.services.plan_store import store_schedule
from reporting.management.demo.history import happened
from reporting.management.demo.replay import Replay
from reporting.management.demo.schedule_drawing import Drawing, Mark, Outline, outline

PLANS = 10
LATELY = timedelta(days=8)
NEWS = 3


@dataclass(frozen=True, slots=True)
class Planned:
    """A project with what its plan consists of; `rank` is its place among those that have a plan."""

    project: Project
    milestones: tuple[Milestone, ...]
    outline: Outline
    rank: int

    def marks(self, dates: Iterable[tuple[date, date | None]]) -> list[Mark]:
        """Its milestones shown and reached on those days, in the same order."""
        rows = zip(self.outline.stretches, self.milestones, self.named(), dates, strict=False)
        return [Mark(name, shown, row.baseline, reached) for _stretch, row, name, (shown, reached) in rows]

    def named(self) -> list[str]:
        """A milestone on a day off cannot be fed by the plan: what it stands for has another name."""
        clock = self.outline.clock.calendar
        days = [row.actual or row.forecast for row in self.milestones]
        return [
            row.name if clock.works_on(day) else f"Livrables : {row.name}"
            for row, day in zip(self.milestones, days, strict=True)
        ]


def chosen_projects() -> list[Planned]:
    """The first projects that have milestones ahead."""
    rows = (
        Project.objects.active()
        .filter(priority_rank__isnull=False, start__isnull=False)
        .select_related("manager__user")
        .order_by("priority_rank")
    )
    found: list[Planned] = []
    for project in rows:
        begin = project.start
        if len(found) == PLANS or begin is None:
            continue
        milestones = [row for row in project.milestones.order_by("baseline", "pk") if row.baseline > begin]
        if len(milestones) < 2:
            continue
        marks = [Mark(row.name, row.baseline, row.baseline) for row in milestones]
        rng = Random(f"plan {project.code}")  # noqa: S311 -- invented data
        drawn = outline(str(project), begin, marks, project.manager, rng)
        drawn.deadline = not found
        found.append(Planned(project, tuple(milestones), drawn, len(found) + 1))
    return found


def load_schedules(planned: Iterable[Planned], replay: Replay) -> None:
    """The plan of a week ago, then that of today."""
    for one in planned:
        lately = replay.today - LATELY
        then = milestones_at(one.project, _evening(lately))
        if then:
            by_key = {line.pk: (line.shown, line.actual) for line in then}
            dates = [by_key.get(row.pk, (row.baseline, None)) for row in one.milestones]
            keep_version(one, one.marks(dates), _evening(lately), news=False)
        _import_today(one, replay)


@transaction.atomic
def keep_version(one: Planned, marks: list[Mark], at: datetime, *, news: bool | None = None) -> Plan:
    """The plan as it was imported at an earlier instant; the milestones of the project stay as they are."""
    day = at.astimezone(BRUSSELS).date()
    file = read_mspdi(write_mspdi(Drawing(one.outline, marks, day, _news(one, news=news)).file()))
    with happened(at, Plan, Activity, ActivityLink):
        plan, made = Plan.objects.get_or_create(project=one.project)
        plan.version += 0 if made else 1
        plan.source_format, plan.source_name, plan.imported_at = file.format, f"{one.project.code}.xml", at
        store_schedule(plan, file, *reckoned(file), own=(), now=at)
        plan.save()
    return plan


def _import_today(one: Planned, replay: Replay) -> None:
    marks = one.marks((row.actual or row.forecast, row.actual) for row in one.milestones)
    import_plan(
        project=one.project,
        data=write_mspdi(Drawing(one.outline, marks, replay.today, _news(one, news=True)).file()),
        file_name=f"{one.project.code}.xml",
        by=one.project.manager.user if one.project.manager else None,
        now=replay.now,
    )


def _news(one: Planned, *, news: bool | None) -> bool | None:
    return news if one.rank % NEWS == 1 else None


def _evening(day: date) -> datetime:
    return datetime.combine(day, time(18), tzinfo=BRUSSELS)
