"""Two people who save the same form at the same time: nothing is lost unseen, other fields are let be."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from threading import Barrier
from typing import Any
from urllib.parse import urlencode

from django.db import connections
from django.test import Client
from django.urls import reverse

from people.enums import Role
from people.selectors.holders import holders_of
from portfolio.models import Milestone, Project, ReportingCycle, StatusReport
from reporting.management.bench.pages import edited_form
from reporting.management.bench.probes import client_of
from reporting.management.drill.findings import Findings
from reporting.management.drill.visitor import Fields, changed, sent_anew

FALSE_CONFLICTS_MOST = 0.01
SAVED, CONFLICT = 303, 409
_JITTER = 0.02
_FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class Arena:
    """A form that two people have open: where it is, its two free fields, a new text for each, what is stored."""

    name: str
    path: str
    fields: tuple[str, str]
    typed: Callable[[str, int, str], str]
    stored: Callable[[], dict[str, str]]
    writers: tuple[Client, Client]
    action: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one race ended."""

    statuses: tuple[int, int]
    kept: tuple[bool, bool]

    @property
    def lost(self) -> int:
        """Texts that their author was told were saved and that are nowhere."""
        return sum(status == SAVED and not kept for status, kept in zip(self.statuses, self.kept, strict=True))

    @property
    def conflicts(self) -> int:
        return self.statuses.count(CONFLICT)

    @property
    def errors(self) -> int:
        return sum(status not in (SAVED, CONFLICT) for status in self.statuses)


def run(*, races: int, seed: int) -> Findings:
    """So many races, in turn on each form, half of them on one field and half on two."""
    rng = Random(seed)  # noqa: S311 -- who is first
    arenas, found = list(_arenas()), Findings()
    with ThreadPoolExecutor(2) as pool:
        for number in range(races):
            arena = arenas[number % len(arenas)]
            same = (number // len(arenas)) % 2 == 0
            outcome = _race(arena, number, same, rng, pool)
            _note(found, f"{arena.name}, {'same field' if same else 'two fields'}", outcome)
        both = Barrier(2)
        for leaving in [pool.submit(_leave, both), pool.submit(_leave, both)]:
            leaving.result()
    _judge(found)
    return found


def _note(found: Findings, row: str, outcome: Outcome) -> None:
    found.count(row, "races")
    found.count(row, "both saved", int(outcome.statuses == (SAVED, SAVED)))
    found.count(row, "409", outcome.conflicts)
    found.count(row, "lost unseen", outcome.lost)
    found.count(row, "other answers", outcome.errors)


def _judge(found: Findings) -> None:
    rows = found.rows
    apart = [cells for name, cells in rows.items() if name.endswith("two fields")]
    together = [cells for name, cells in rows.items() if name.endswith("same field")]
    clashes = sum(cells["409"] for cells in apart) / max(1, sum(cells["races"] for cells in apart))
    found.expect("texts lost unseen", sum(cells["lost unseen"] for cells in rows.values()), 0)
    found.expect("same field saved by both", sum(cells["both saved"] for cells in together), 0)
    found.expect_at_most("false conflicts, share of races on two fields", clashes, FALSE_CONFLICTS_MOST)
    found.expect("answers that are neither saved nor 409", sum(cells["other answers"] for cells in rows.values()), 0)


def _race(arena: Arena, number: int, same: bool, rng: Random, pool: ThreadPoolExecutor) -> Outcome:
    names = (arena.fields[0], arena.fields[0 if same else 1])
    texts = (arena.typed(names[0], number, "A"), arena.typed(names[1], number, "B"))
    seen = _open(arena)
    start = Barrier(2)
    turns = [
        pool.submit(_write, arena, place, changed(sent_anew(seen), **{names[place]: texts[place]}), start, delay)
        for place, delay in enumerate((rng.uniform(0, _JITTER), rng.uniform(0, _JITTER)))
    ]
    statuses = (turns[0].result(), turns[1].result())
    stored = arena.stored()
    return Outcome(statuses, (stored[names[0]] == texts[0], stored[names[1]] == texts[1]))


def _open(arena: Arena) -> Fields:
    return edited_form(arena.writers[0].get(arena.path).content.decode())


def _write(arena: Arena, place: int, fields: Fields, start: Barrier, delay: float) -> int:
    more = [("action", arena.action)] if arena.action else []
    start.wait(30)
    time.sleep(delay)
    return int(arena.writers[place].post(arena.path, urlencode([*fields, *more]), content_type=_FORM).status_code)


def _leave(both: Barrier) -> None:
    """Each of the two threads closes its own connection."""
    both.wait(30)
    connections.close_all()


def _arenas() -> Iterator[Arena]:
    """The status and the sheet of one project, and one of its milestones."""
    cycle = ReportingCycle.objects.filter(frozen_at=None).latest("iso_year", "iso_week")
    project = _project()
    manager = project.manager.user if project.manager else None
    if manager is None:
        raise LookupError("nobody leads a project with milestones here")
    first, second = holders_of(Role.PSO)[:2]
    both = (client_of(first), client_of(second))
    yield _status_arena(project, cycle, (client_of(manager), client_of(manager)))
    yield Arena(
        name="project sheet",
        path=reverse("portfolio:project_edit", args=[project.code]),
        fields=("name_nl", "purpose"),
        typed=_text,
        stored=lambda: _values(Project, project.pk, "name_nl", "purpose"),
        writers=both,
    )
    milestone = project.milestones.order_by("pk")[0]
    yield Arena(
        name="milestone",
        path=reverse("portfolio:milestone_edit", args=[project.code, milestone.pk]),
        fields=("name", "forecast"),
        typed=_milestone_text,
        stored=lambda: _values(Milestone, milestone.pk, "name", "forecast"),
        writers=both,
    )


def _project() -> Project:
    """One whose leader can report this week, and with a milestone still to come."""
    rows = Project.objects.filter(manager__user__isnull=False, milestones__actual=None, milestones__isnull=False)
    chosen = [row for row in rows.distinct().order_by("code") if row.owes_status]
    return chosen[0]


def _status_arena(project: Project, cycle: ReportingCycle, writers: tuple[Client, Client]) -> Arena:
    def stored() -> dict[str, str]:
        row = StatusReport.objects.get(project=project, cycle=cycle)
        return {"message": row.message, "cause_cost": row.cause_cost}

    arena = Arena(
        name="status",
        path=reverse("portfolio:status", args=[project.code, cycle.slug]),
        fields=("message", "cause_cost"),
        typed=_text,
        stored=stored,
        writers=writers,
        action="publish",
    )
    judged = {
        "cost": "amber",
        "cause_cost": "Avant",
        "reason_cost": "Avant",
        "overall": "amber",
        "reason_overall": "Avant",
    }
    if _write(arena, 0, changed(_open(arena), **judged), Barrier(1), 0) != SAVED:
        raise LookupError("the status cannot be published")
    return arena


def _text(_field: str, number: int, who: str) -> str:
    return f"Course {number}, {who}"


def _milestone_text(field: str, number: int, who: str) -> str:
    if field == "forecast":
        return (date(2027, 1, 4) + timedelta(days=number % 300)).isoformat()
    return _text(field, number, who)


def _values(model: Any, key: int, *names: str) -> dict[str, str]:
    row = model.objects.filter(pk=key).values(*names).get()
    return {name: value.isoformat() if isinstance(value, date) else str(value) for name, value in row.items()}
