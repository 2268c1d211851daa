"""What people do while something breaks: a status saved over and over, and how long each save took."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from statistics import quantiles
from typing import Any

from django.urls import reverse

from people.enums import Role
from people.models import User
from people.selectors.holders import holders_of
from portfolio.models import Project, ReportingCycle, StatusReport
from reporting.management.drill.stand import wait_for
from reporting.management.drill.visitor import Fields, Reply, Visitor, changed

_NUMBERS = count(1)


@dataclass(slots=True)
class Desk:
    """The status of one project, open in the browser of who leads it."""

    visitor: Visitor
    project: Project
    cycle: ReportingCycle

    @property
    def path(self) -> str:
        return reverse("portfolio:status", args=[self.project.code, self.cycle.slug])

    def typed(self) -> Fields:
        """The form with a message nobody has typed before."""
        return [*changed(self.visitor.form(self.path), message=f"Envoi {next(_NUMBERS)}"), ("action", "publish")]

    def send(self, fields: Fields) -> Reply:
        return self.visitor.post(self.path, fields)

    def message(self) -> str:
        """The message as it is stored."""
        return StatusReport.objects.get(project=self.project, cycle=self.cycle).message


@dataclass(slots=True)
class Taken:
    """How long the saves of one state took, in milliseconds, and what they were answered."""

    milliseconds: list[float] = field(default_factory=list)
    answers: Counter[int] = field(default_factory=Counter)

    def time(self, act: Callable[[], Reply]) -> Reply:
        started = time.perf_counter()
        reply = act()
        self.milliseconds.append((time.perf_counter() - started) * 1000)
        self.answers[reply.status] += 1
        return reply

    def figures(self) -> dict[str, Any]:
        cuts = quantiles(self.milliseconds, n=20) if len(self.milliseconds) > 1 else self.milliseconds * 19
        total = self.answers.total()
        return {
            "saves": total,
            "saved %": round(100 * self.answers[303] / total, 1) if total else 0.0,
            "p50 ms": round(cuts[9]),
            "p95 ms": round(cuts[18]),
        }


def desk(port: int) -> Desk:
    """A project that owes a status this week, and its leader at the server on that port."""
    return desks(port, 1)[0]


def desks(port: int, number: int) -> list[Desk]:
    """So many of them, each with a status that has been published once."""
    cycle = ReportingCycle.objects.filter(frozen_at=None).latest("iso_year", "iso_week")
    rows = Project.objects.filter(manager__user__isnull=False).select_related("manager__user").order_by("code")
    chosen = [row for row in rows if row.owes_status][:number]
    found = [Desk(Visitor.named(port, _leader(project)), project, cycle) for project in chosen]
    for one in found:
        if not one.send(one.typed()).saved:
            raise LookupError(f"{one.project.code}: its status cannot be published")
    return found


def patiently(typed: Callable[[], Fields]) -> Fields:
    """The form, as soon as its page is served."""
    while True:
        try:
            return typed()
        except ValueError:
            time.sleep(0.3)


def office(port: int) -> Visitor:
    return Visitor.named(port, holders_of(Role.PSO)[0])


def wait_for_web(port: int) -> float:
    """Seconds until the log-in page is served."""
    return wait_for("the web server", lambda: Visitor(port).get("/accounts/login/").status == 200, 60)


def saves(at: Desk, number: int) -> Taken:
    """So many saves one after the other; each accepted one is read back from the database."""
    taken = Taken()
    for _turn in range(number):
        fields = at.typed()
        reply = taken.time(partial(at.send, fields))
        if reply.saved and at.message() != dict(fields)["message"]:
            taken.answers[303] -= 1
            taken.answers[0] += 1
    return taken


def _leader(project: Project) -> User:
    user = project.manager.user if project.manager else None
    if user is None:
        raise LookupError(project.code)
    return user
