"""Plans of 100 and of 500 activities: taken in, and their page with its Gantt as people get it."""

from __future__ import annotations

import random
import time
from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from statistics import median
from typing import Any

from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from config import clock
from people.models import User
from portfolio.engines.mspdi_writer import write_mspdi
from portfolio.engines.network import ConstraintType, LinkType
from portfolio.engines.schedule_file import (
    Assignment,
    Baseline,
    Calendar,
    CalendarException,
    Link,
    ProjectHeader,
    Resource,
    ScheduleFile,
    Span,
    Task,
)
from portfolio.engines.working_calendar import legal_holidays
from portfolio.models import Plan, Project
from portfolio.services.importers.plan_import import import_plan
from reporting.management.bench.client import interleaved
from reporting.management.bench.figures import Figures
from reporting.management.bench.probes import client_of, cookie_of, counted
from reporting.management.bench.web import Site

SIZES = (100, 500)
WIDTH = 20
_DAY = 480
_WEEK = tuple(((480, 720), (780, 1020)) if day < 5 else () for day in range(7))
_LINKS = ((LinkType.FS, 8), (LinkType.SS, 2), (LinkType.FF, 1), (LinkType.SF, 1))
_LAGS = (
    Span(Decimal(0)),
    Span(Decimal(0)),
    Span(Decimal(_DAY)),
    Span(Decimal(-240)),
    Span(Decimal(2880), is_elapsed=True),
)


def probe_plans() -> dict[str, Any]:
    """Take both plans in, the smaller first; statements of their pages inside the process, bytes, who asks."""
    user = User.objects.get(username="director")
    client = client_of(user)
    found: dict[str, Any] = {"cookies": {"director": cookie_of(user)}, "plans": {}}
    free = Project.objects.filter(plan=None, start__isnull=False).order_by("code")
    for size, project in zip(SIZES, [*free, *Project.objects.exclude(plan=None)][: len(SIZES)], strict=True):
        Plan.objects.filter(project=project).delete()
        data = write_mspdi(drawn(size))
        started = time.process_time()
        import_plan(project=project, data=data, file_name=f"{size}.xml", by=user, now=clock.now())
        taken = time.process_time() - started
        address = reverse("portfolio:plan", args=[project.code])
        client.get(address)
        cache.clear()
        with counted() as seen:
            answer = client.get(address)
        found["plans"][str(size)] = {
            "address": address,
            "statements": len(seen),
            "bytes": len(answer.content),
            "import": taken,
            "processor": median(_processor(client, address) for _ in range(7)),
        }
    return found


def _processor(client: Client, address: str) -> float:
    """Seconds of processor for the page with nothing kept: the database and the network do their part elsewhere."""
    cache.clear()
    started = time.process_time()
    client.get(address)
    return time.process_time() - started


def pages(found: Mapping[str, Any], port: int, figures: Figures) -> None:
    """Milliseconds of both pages beside a view that does nothing, with what they weigh and ask of the database."""
    site = Site(port, {**found, "project": "", "week": ""})
    rows = found["plans"]
    targets = {"hello": site.target("director", "/bench/hello")}
    for size, row in rows.items():
        targets[f"{size} uncached"] = site.target("director", f"/bench/uncached{row['address']}")
        targets[f"{size} sql"] = site.target("director", f"/bench/sql{row['address']}")
    times = {name: median(taken) for name, taken in interleaved(targets, seconds=10).items()}
    small, large = (str(size) for size in SIZES)
    for size, row in rows.items():
        figures.add(f"p50 plan page of {size} activities", times[f"{size} uncached"], "ms")
        figures.add(f"p50 plan page of {size} activities, its sql alone", times[f"{size} sql"], "ms")
        figures.add(f"plan page of {size} activities, processor", row["processor"] * 1000, "ms")
        figures.add(f"plan page of {size} activities, weight", row["bytes"] / 1000, "kB")
        figures.add(f"plan page of {size} activities, statements", row["statements"], "statements")
        figures.add(f"plan page of {size} activities / hello", times[f"{size} uncached"] / times["hello"], "x")
        figures.add(f"import of {size} activities, processor", row["import"] * 1000, "ms")
    figures.add("plan page 500 / 100 activities", times[f"{large} uncached"] / times[f"{small} uncached"], "x", 6)
    more = rows[large]["statements"] - rows[small]["statements"]
    figures.add("plan page, statements more at 500 than at 100", more, "statements", 0)
    figures.add("import 500 / 100 activities", rows[large]["import"] / rows[small]["import"], "x", 6)


def drawn(count: int) -> ScheduleFile:
    """Summaries of twenty, all link types, lags, constraints, deadlines, two calendars, a baseline and people."""
    rng = random.Random(count)  # noqa: S311 -- a plan to measure on
    start = datetime.combine(clock.today() - timedelta(days=200), datetime.min.time()).replace(hour=8)
    tasks: list[Task] = []
    for uid in range(1, count + 1):
        is_summary = uid % WIDTH == 1
        tasks.append(_summary(uid) if is_summary else _activity(uid, start, rng))
    free = legal_holidays(start.date(), start.date() + timedelta(days=5 * 365))
    off = tuple(CalendarException(day, day, (), name) for day, name in free.items())
    busy = [task.uid for task in tasks if not task.is_summary]
    return ScheduleFile(
        format="mspdi",
        header=ProjectHeader(title=f"Plan {count}", start=start, calendar=1),
        calendars=(
            Calendar(1, 0, "Belgique", days=_WEEK, exceptions=off),
            Calendar(2, 0, "Sans le mercredi", days=(*_WEEK[:2], (), *_WEEK[3:]), exceptions=off),
        ),
        tasks=tuple(tasks),
        resources=tuple(Resource(uid, 0, uid, f"Équipe {uid}") for uid in range(1, 6)),
        assignments=tuple(Assignment(uid, 0, uid, 1 + uid % 5, Decimal(1)) for uid in busy),
    )


def _summary(uid: int) -> Task:
    return Task(uid=uid, row=0, number=uid, name=f"Lot {uid // WIDTH + 1}", is_summary=True)


def _activity(uid: int, start: datetime, rng: random.Random) -> Task:
    """Links reach back ten rows, over summaries too; one in twenty is bound by a date, one in fifty has a deadline."""
    first = max(uid - 10, 2)
    before = sorted(
        {one for one in (rng.randrange(first, uid + 1) for _ in range(2)) if one < uid and one % WIDTH != 1}
    )
    then = start + timedelta(days=uid // 2)
    bound = rng.random() < 0.05
    return Task(
        uid=uid,
        row=0,
        number=uid,
        name=f"Activité {uid} du lot {uid // WIDTH + 1}",
        outline_level=2,
        duration=Span(Decimal(rng.randint(1, 10) * _DAY)),
        constraint=ConstraintType.SNET if bound else ConstraintType.ASAP,
        constraint_date=then if bound else None,
        deadline=then + timedelta(days=60) if rng.random() < 0.02 else None,
        calendar=2 if rng.random() < 0.1 else None,
        links=tuple(
            Link(one, rng.choices([kind for kind, _ in _LINKS], [often for _, often in _LINKS])[0], rng.choice(_LAGS))
            for one in before
        ),
        baselines=(Baseline(0, then, then + timedelta(days=7)),),
    )
