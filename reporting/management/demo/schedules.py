"""Plans of activities for the first projects, as their managers would have brought them from MS Project.

Each stretch between two milestones is a summary of chained activities whose working time fills it exactly, so that the
plan says what the milestones already say; side activities have float. Everything goes in through the import.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from itertools import pairwise
from random import Random

from portfolio.engines.mspdi_writer import write_mspdi
from portfolio.engines.network import ConstraintType, LinkType
from portfolio.engines.schedule_file import (
    Assignment,
    Baseline,
    Calendar,
    CalendarException,
    Link,
    Progress,
    ProjectHeader,
    Resource,
    ScheduleFile,
    Span,
    Task,
    TimeUnit,
)
from portfolio.engines.working_calendar import STANDARD, WorkingClock, instant, legal_holidays, moment
from portfolio.models import Milestone, Project
from portfolio.services.importers.plan_import import import_plan
from reporting.management.demo.replay import Replay

PLANS, STEPS = 8, (3, 6)
WEEK = tuple(((480, 720), (780, 1020)) if day < 5 else () for day in range(7))
WORDS = (
    "Recueil des besoins",
    "Ateliers avec les métiers",
    "Analyse d’impact",
    "Dossier d’architecture",
    "Cahier des charges",
    "Maquettes et tests d’usage",
    "Développement du lot",
    "Reprise des données",
    "Interfaces avec la paie",
    "Tests d’intégration",
    "Tests de charge",
    "Recette métier",
    "Formation des agents",
    "Conduite du changement",
    "Revue de sécurité",
    "Documentation d’exploitation",
    "Préparation de la bascule",
)
SIDE = ("Suivi du fournisseur", "Communication aux écoles", "Avis du DPO", "Plan de continuité", "Achat des licences")
TEAMS = ("Équipe métier", "Développement", "Architecture", "Exploitation")


def load_schedules(replay: Replay) -> None:
    """The plans of the first projects that have milestones ahead."""
    chosen = (
        Project.objects.active()
        .filter(priority_rank__isnull=False, start__isnull=False)
        .select_related("manager__user")
        .order_by("priority_rank")
    )
    made = 0
    for project in chosen:
        begin = project.start
        if made == PLANS or begin is None:
            continue
        milestones = [row for row in project.milestones.order_by("forecast", "pk") if row.forecast > begin]
        if len(milestones) < 2:
            continue
        file = _Drawing(project, begin, milestones, replay.today, Random(f"plan {project.code}")).file()  # noqa: S311 -- invented data
        by = project.manager.user if project.manager else None
        import_plan(project=project, data=write_mspdi(file), file_name=f"{project.code}.xml", by=by, now=replay.now)
        made += 1


@dataclass(slots=True)
class _Drawing:
    project: Project
    begin: date
    milestones: Sequence[Milestone]
    today: date
    rng: Random
    tasks: list[Task] = field(default_factory=list)
    clock: WorkingClock = field(init=False)

    def __post_init__(self) -> None:
        days = legal_holidays(date(self.begin.year, 1, 1), date(self.begin.year + 6, 12, 31))
        self.clock = WorkingClock(STANDARD.without(days))

    def file(self) -> ScheduleFile:
        last: int | None = None
        marks = [(_morning(self.begin), _morning(self.begin)), *(self.dates(row) for row in self.milestones)]
        for (mark, before), row in zip(pairwise(marks), self.milestones, strict=True):
            last = self.stretch(row, mark, before, last)
        holidays = legal_holidays(date(self.begin.year, 1, 1), date(self.begin.year + 6, 12, 31))
        off = tuple(CalendarException(day, day, (), name) for day, name in holidays.items())
        return ScheduleFile(
            format="mspdi",
            header=ProjectHeader(
                title=str(self.project), start=self.earliest(), status_date=_evening(self.today), calendar=1
            ),
            calendars=(Calendar(1, 0, "Belgique", days=WEEK, exceptions=off),),
            tasks=tuple(self.tasks),
            resources=tuple(self.people()),
            assignments=tuple(self.work()),
        )

    def dates(self, row: Milestone) -> tuple[datetime, datetime]:
        """Now expected, and once approved; a day off counts as the working day before it."""
        return tuple(  # type: ignore[return-value]
            moment(self.clock.last_finish(instant(_evening(day)))) for day in (row.actual or row.forecast, row.baseline)
        )

    def earliest(self) -> datetime:
        return moment(self.clock.next_start(instant(_morning(self.begin))))

    def stretch(
        self, row: Milestone, since: tuple[datetime, datetime], until: tuple[datetime, datetime], last: int | None
    ) -> int:
        """A summary, its chain that ends at the milestone, one activity beside it; answers the milestone's UID."""
        spans = [max(self.clock.between(instant(a), instant(b)), 480) for a, b in zip(since, until, strict=True)]
        count = max(min(self.rng.randint(*STEPS), spans[0] // 960), 1)
        self.add(f"Vers « {row.name} »", level=1, summary=True)
        shares = sorted(self.rng.sample(range(1, 12), count - 1)) if count > 1 else []
        cuts = [0, *(round(share / 12 * spans[0] / 480) * 480 for share in shares), spans[0]]
        plan = [round(cut * spans[1] / spans[0]) for cut in cuts]
        words = self.rng.sample(WORDS, count)
        first, before = last, last
        for place, name in enumerate(words):
            length = cuts[place + 1] - cuts[place]
            begun = self.later(since[1], plan[place]), self.later(since[1], plan[place + 1])
            before = self.add(
                name, length=max(length, 0), after=before, at=self.later(since[0], cuts[place]), was=begun
            )
        side = self.rng.choice(SIDE)
        self.add(
            side, length=spans[0] // 3 // 480 * 480, after=first, at=since[0], was=None, lag=self.rng.choice((0, 960))
        )
        reached = _evening(row.actual) if row.actual else None
        shown = row.name if until[0].date() == (row.actual or row.forecast) else f"Livrables : {row.name}"
        return self.add(shown, after=before, milestone=True, was=(until[1], until[1]), reached=reached)

    def later(self, since: datetime, work: int) -> datetime:
        return moment(self.clock.add(instant(since), work))

    def add(
        self,
        name: str,
        *,
        length: int = 0,
        level: int = 2,
        summary: bool = False,
        milestone: bool = False,
        after: int | None = None,
        at: datetime | None = None,
        was: tuple[datetime, datetime] | None = None,
        reached: datetime | None = None,
        lag: int = 0,
    ) -> int:
        uid = len(self.tasks) + 1
        links = () if after is None else (Link(after, LinkType.FS, Span(Decimal(lag))),)
        done = Progress() if reached is None else Progress(100, 100, 100, reached, reached, Decimal(0), Decimal(0))
        self.tasks.append(
            Task(
                uid=uid,
                row=0,
                number=uid,
                name=name[:255],
                outline_level=level,
                is_summary=summary,
                is_milestone=milestone,
                duration=None if summary else Span(Decimal(length), TimeUnit.DAYS),
                constraint=ConstraintType.ASAP,
                links=links,
                progress=done if at is None else self.progress(at, length),
                baselines=() if was is None else (Baseline(0, *was),),
            )
        )
        return uid

    def progress(self, start: datetime, length: int) -> Progress:
        """What lies before today is done, what goes on is done as far as time has passed."""
        now, begun = instant(_evening(self.today)), self.clock.next_start(instant(start))
        spent = self.clock.between(begun, now)
        if spent <= 0 or not length:
            return Progress()
        if spent >= length:
            end = moment(self.clock.add(begun, length))
            return Progress(100, 100, 0, moment(begun), end, Decimal(length), Decimal(0))
        return Progress(spent * 100 // length, 0, 0, moment(begun), None, Decimal(spent), Decimal(length - spent))

    def people(self) -> list[Resource]:
        manager = self.project.manager
        named = [Resource(1, 0, 1, manager.full_name, email=manager.email)] if manager else []
        return [*named, *(Resource(uid, 0, uid, name) for uid, name in enumerate(TEAMS, 2))]

    def work(self) -> list[Assignment]:
        busy = [task for task in self.tasks if not task.is_summary and not task.is_milestone]
        found = []
        for number, task in enumerate(busy, 1):
            resource = 1 if self.project.manager and number % 5 == 0 else self.rng.randrange(2, 2 + len(TEAMS))
            found.append(Assignment(number, 0, task.uid, resource, Decimal(1)))
        return found


def _morning(day: date) -> datetime:
    return datetime.combine(day, time(8))


def _evening(day: date) -> datetime:
    return datetime.combine(day, time(17))
