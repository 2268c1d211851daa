"""Plans as their managers would bring them from MS Project: activities whose working time fills what lies between two
milestones exactly, so that a plan says what the milestones already say. The activities of a project are thought up
once; every version of its plan dates the same ones, and a late milestone lengthens the last activity before it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from random import Random
from typing import NamedTuple

from people.models import Person
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
from portfolio.engines.working_calendar import DAY, STANDARD, WorkingClock, legal_holidays, midnight, moment

WORKDAY = 480
STEPS, ROWS = (2, 5), 40
WEEK = tuple(((480, 720), (780, 1020)) if day < 5 else () for day in range(7))
BELGIUM, SCHOOLS = 1, 2
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
DPO, TO_SCHOOLS, LICENCES = "Avis du DPO", "Communication aux écoles", "Achat des licences"
SIDE = ("Suivi du fournisseur", TO_SCHOOLS, DPO, "Plan de continuité", LICENCES)
ADDED, DROPPED = "Répétition de la bascule", "Revue à mi-parcours"
TEAMS = ("Équipe métier", "Développement", "Architecture", "Exploitation")
HOLIDAYS = ((1, 1, 1, 3), (2, 16, 3, 1), (4, 27, 5, 10), (7, 4, 8, 24), (10, 19, 11, 1), (12, 21, 12, 31))
"""First and last day and month of what schools are closed for, each year."""


class Mark(NamedTuple):
    """A milestone as one version of the plan knows it."""

    name: str
    shown: date
    baseline: date
    reached: date | None = None


class Step(NamedTuple):
    """An activity of a stretch: where it begins and ends in working minutes, and how it hangs on the one before."""

    name: str
    begin: int
    end: int
    link: LinkType


class Stretch(NamedTuple):
    """What leads to a milestone: a chain, and an activity beside it."""

    steps: tuple[Step, ...]
    side: str
    length: int
    delay: int


@dataclass(slots=True)
class Outline:
    """What a plan consists of, thought up once for all its versions."""

    title: str
    begin: date
    manager: Person | None
    stretches: tuple[Stretch, ...]
    clock: WorkingClock
    schools: WorkingClock
    deadline: bool = False
    """The last milestone has its baseline for a deadline."""


def outline(title: str, begin: date, marks: Sequence[Mark], manager: Person | None, rng: Random) -> Outline:
    """The activities of a plan between its milestones, at their baseline dates."""
    clock, schools = _clocks(begin.year)
    found, since = [], begin
    for mark in marks:
        span = max(clock.between(_evening(since), _evening(mark.baseline)), WORKDAY)
        found.append(_stretch(span, min(rng.randint(*STEPS), ROWS // len(marks) - 3), rng))
        since = mark.baseline
    return Outline(title, begin, manager, tuple(found), clock, schools)


def _stretch(span: int, wanted: int, rng: Random) -> Stretch:
    count = max(min(wanted, span // (4 * WORKDAY)), 1)
    shares = [(place + rng.uniform(-0.3, 0.3)) / count for place in range(1, count)]
    cuts = [0, *(round(share * span / WORKDAY) * WORKDAY for share in shares), span]
    words = sorted(rng.sample(range(len(WORDS)), count))
    steps: list[Step] = []
    for place, word in enumerate(words):
        begin, link = cuts[place], LinkType.FS
        if steps and steps[-1].link == LinkType.FS:
            before = steps[-1].end - steps[-1].begin
            link = rng.choices((LinkType.FS, LinkType.SS, LinkType.FF), (6, 2, 1))[0]
            if link == LinkType.SS:
                begin -= before // 2 // WORKDAY * WORKDAY
            elif link == LinkType.FF or (before > 4 * WORKDAY and rng.random() < 0.2):
                begin -= WORKDAY
        steps.append(Step(WORDS[word], begin, cuts[place + 1], link))
    length = max(span // 3 // WORKDAY * WORKDAY, WORKDAY)
    return Stretch(tuple(steps), rng.choice(SIDE), length, rng.choice((0, 2 * WORKDAY)))


@dataclass(slots=True)
class Drawing:
    """One version of the plan as of `today`; with `news`, what was added to it and what was dropped from it lately."""

    outline: Outline
    marks: Sequence[Mark]
    today: date
    news: bool | None = None
    tasks: list[Task] = field(default_factory=list)

    def file(self) -> ScheduleFile:
        last: int | None = None
        since = Mark("", self.outline.begin, self.outline.begin)
        for before, mark, stretch in zip((since, *self.marks), self.marks, self.outline.stretches, strict=False):
            after, last = last, self.stretch(mark, before, stretch, last)
        if self.news is not None and after is not None:
            self.last_minute(after, self.marks[-2])
        start = moment(self.outline.clock.next_start(midnight(self.outline.begin)))
        return ScheduleFile(
            format="mspdi",
            header=ProjectHeader(
                title=self.outline.title,
                start=start,
                status_date=moment(_evening(self.today)),
                calendar=BELGIUM,
            ),
            calendars=_calendars(self.outline.begin),
            tasks=tuple(self.tasks),
            resources=tuple(self.people()),
            assignments=tuple(self.work()),
        )

    def stretch(self, mark: Mark, before: Mark, stretch: Stretch, last: int | None) -> int:
        """A summary, its chain that ends at the milestone, one activity beside it; answers the milestone's UID."""
        clock = self.outline.clock
        origin, was = (_evening_of(clock, day, self.outline.begin) for day in (before.shown, before.baseline))
        span = max(clock.between(origin, clock.last_finish(_evening(mark.shown))), WORKDAY)
        self.add(f"Vers « {mark.name} »", level=1, summary=True)
        places = _placed(stretch, span)
        previous: int | None = None
        for step, (begin, end), earlier in zip(stretch.steps, places, (None, *places), strict=False):
            dates = moment(clock.add(was, step.begin)), moment(clock.add(was, step.end))
            link = self.hung(last, LinkType.FS, 0)
            if previous is not None and earlier is not None:
                gaps = {LinkType.FS: begin - earlier[1], LinkType.SS: begin - earlier[0], LinkType.FF: end - earlier[1]}
                link = self.hung(previous, step.link, gaps[step.link])
            previous = self.add(step.name, length=end - begin, links=link, at=clock.add(origin, begin), was=dates)
        side = self.side(stretch, origin, last, _evening(mark.shown))
        reached = moment(_evening(mark.reached)) if mark.reached else None
        then = moment(clock.last_finish(_evening(mark.baseline)))
        deadline = then if self.outline.deadline and mark is self.marks[-1] else None
        links = (*self.hung(previous, LinkType.FS, 0), *self.hung(side, LinkType.FS, 0))
        return self.add(mark.name, links=links, milestone=True, was=(then, then), reached=reached, deadline=deadline)

    def side(self, stretch: Stretch, origin: int, last: int | None, until: int) -> int:
        """An activity with float: on the calendar of the schools, after elapsed days, or not before a date."""
        calendar, clock = None, self.outline.clock
        lag, elapsed, constraint, on = stretch.delay, False, ConstraintType.ASAP, None
        if last is None or clock.between(origin, until) < 15 * WORKDAY:
            lag = 0
        begin = clock.add(origin, lag)
        if stretch.side == DPO and lag:
            lag, elapsed, begin = 14 * DAY, True, origin + 14 * DAY
        elif stretch.side == LICENCES:
            constraint, on = ConstraintType.SNET, moment(clock.next_start(begin))
        elif stretch.side == TO_SCHOOLS and self.outline.schools.add(begin, stretch.length) <= until:
            calendar, clock = SCHOOLS, self.outline.schools
        left = max(clock.between(begin, until), 0)
        return self.add(
            stretch.side,
            length=min(stretch.length, left // WORKDAY * WORKDAY),
            links=() if last is None else (Link(last, LinkType.FS, Span(Decimal(lag), is_elapsed=elapsed)),),
            at=begin,
            calendar=calendar,
            constraint=constraint,
            constraint_date=on,
        )

    def last_minute(self, after: int, before: Mark) -> None:
        """What a manager put into the plan this week, and what it replaces."""
        clock = self.outline.clock
        at = clock.add(clock.last_finish(_evening(before.shown)), WORKDAY)
        name, shift = (ADDED, 500) if self.news else (DROPPED, 501)
        uid = self.add(name, length=3 * WORKDAY, links=self.hung(after, LinkType.FS, WORKDAY), at=at)
        self.tasks[-1] = _renumbered(self.tasks[-1], uid + shift)

    def hung(self, after: int | None, kind: LinkType, lag: int) -> tuple[Link, ...]:
        return () if after is None else (Link(after, kind, Span(Decimal(lag))),)

    def add(
        self,
        name: str,
        *,
        length: int = 0,
        level: int = 2,
        summary: bool = False,
        milestone: bool = False,
        links: tuple[Link, ...] = (),
        at: int | None = None,
        was: tuple[datetime, datetime] | None = None,
        reached: datetime | None = None,
        deadline: datetime | None = None,
        calendar: int | None = None,
        constraint: ConstraintType = ConstraintType.ASAP,
        constraint_date: datetime | None = None,
    ) -> int:
        uid = len(self.tasks) + 1
        done = Progress() if reached is None else Progress(100, 100, 100, reached, reached, Decimal(0), Decimal(0))
        clock = self.outline.schools if calendar == SCHOOLS else self.outline.clock
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
                constraint=constraint,
                constraint_date=constraint_date,
                deadline=deadline,
                calendar=calendar,
                links=links,
                progress=done if at is None else _progress(clock, at, length, self.today),
                baselines=() if was is None else (Baseline(0, *was),),
            )
        )
        return uid

    def people(self) -> Iterator[Resource]:
        manager = self.outline.manager
        if manager is not None:
            yield Resource(1, 0, 1, manager.full_name, email=manager.email)
        yield from (Resource(uid, 0, uid, name) for uid, name in enumerate(TEAMS, 2))

    def work(self) -> Iterator[Assignment]:
        busy = [task for task in self.tasks if not task.is_summary and not task.is_milestone]
        for number, task in enumerate(busy, 1):
            mine = self.outline.manager is not None and number % 5 == 0
            yield Assignment(task.uid, 0, task.uid, 1 if mine else 2 + task.uid * 7 % len(TEAMS), Decimal(1))


def _placed(stretch: Stretch, span: int) -> list[tuple[int, int]]:
    """Each step within a stretch of that length: as it was meant, the last one up to the end; scaled when it shrank."""
    meant = stretch.steps[-1].end
    shrunk = span < stretch.steps[-1].begin + WORKDAY

    def place(at: int) -> int:
        return at * span // meant // WORKDAY * WORKDAY if shrunk else at

    places = [(place(step.begin), place(step.end)) for step in stretch.steps]
    return [*places[:-1], (places[-1][0], span)]


def _progress(clock: WorkingClock, at: int, length: int, today: date) -> Progress:
    """What lies before today is done, what goes on is done as far as time has passed."""
    begun = clock.next_start(at)
    spent = clock.between(begun, _evening(today))
    if spent <= 0 or not length:
        return Progress()
    if spent >= length:
        end = moment(clock.add(begun, length))
        return Progress(100, 100, 0, moment(begun), end, Decimal(length), Decimal(0))
    return Progress(spent * 100 // length, 0, 0, moment(begun), None, Decimal(spent), Decimal(length - spent))


def _renumbered(task: Task, uid: int) -> Task:
    return Task(**{**{name: getattr(task, name) for name in task.__slots__}, "uid": uid})


@cache
def _clocks(year: int) -> tuple[WorkingClock, WorkingClock]:
    free = legal_holidays(date(year, 1, 1), date(year + 6, 12, 31))
    closed = [day for first, last in _closed(date(year, 1, 1)) for day in _days(first, last)]
    return WorkingClock(STANDARD.without(free)), WorkingClock(STANDARD.without([*free, *closed]))


def _calendars(begin: date) -> tuple[Calendar, ...]:
    free = legal_holidays(date(begin.year, 1, 1), date(begin.year + 6, 12, 31))
    off = tuple(CalendarException(day, day, (), name) for day, name in free.items())
    spans = list(_closed(begin))
    closed = tuple(CalendarException(first, last, (), "Congés scolaires") for first, last in spans)
    open_ = tuple(one for one in off if not any(first <= one.first <= last for first, last in spans))
    return (
        Calendar(BELGIUM, 0, "Belgique", days=WEEK, exceptions=off),
        Calendar(SCHOOLS, 0, "Écoles ouvertes", days=WEEK, exceptions=(*open_, *closed)),
    )


def _closed(begin: date) -> Iterator[tuple[date, date]]:
    for year in range(begin.year, begin.year + 7):
        yield from ((date(year, a, b), date(year, c, d)) for a, b, c, d in HOLIDAYS)


def _days(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=ahead) for ahead in range((last - first).days + 1))


def _evening(day: date) -> int:
    return midnight(day) + 17 * 60


def _evening_of(clock: WorkingClock, day: date, begin: date) -> int:
    """The end of that working day, or the first morning of the plan."""
    return clock.next_start(midnight(begin)) if day == begin else clock.last_finish(_evening(day))
