"""The whole run: make the databases, measure on each, drop them, write what was found."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from statistics import median
from typing import Any

from django.conf import settings

from reporting.management.bench import databases, engines, pgbench, plans, web
from reporting.management.bench.figures import Figures
from reporting.management.bench.server import serving
from reporting.management.bench.web import Site

SIZES = (5, 50, 500, 5000)
WEEKS = "2"
PACK, PACK_PROJECTS, PACK_WEEKS = "pack", "50", "26"
FREEZE = "freeze"
ENGINES, PLANS = "engines", "plans"
SMALLEST = "5"
SQL_GOALS = {"dashboard": 6, "project": 8, "status_save": 8}
Say = Callable[[str], object]


def run(*, keep: bool, only: str | None, say: Say) -> None:
    """Every figure, or those of one part; the databases of the run are dropped at its end unless they are kept."""
    figures, started = Figures(), time.perf_counter()
    databases.folder().mkdir(parents=True, exist_ok=True)
    made = [*map(str, SIZES), PACK, FREEZE, databases.EMPTY, pgbench.NAME]
    if not keep:
        databases.drop(*made)
    try:
        if only != ENGINES:
            prepare(say, [SMALLEST] if only == PLANS else [*map(str, SIZES), PACK])
        for name, part in PARTS.items():
            if only not in (None, name):
                continue
            say(f"{time.perf_counter() - started:4.0f} s  {(part.__doc__ or '').splitlines()[0]}")
            part(figures)
    finally:
        databases.drop(*(made[-3:] if keep else made))
        figures.add("whole run", time.perf_counter() - started, "s")
        for line in figures.table():
            say(line)
    path = Path(settings.VAR_DIR) / ("bench.json" if only is None else f"bench-{only}.json")
    figures.write(path)
    goals = sum(row.goal is not None for row in figures.rows)
    say(f"{goals - len(figures.missed)} goals of {goals} met; all figures in {path}")


def prepare(say: Say, names: Sequence[str]) -> None:
    """Fictional portfolios of those sizes, the largest one loading beside the others."""
    missing = [name for name in names if not databases.exists(name)]
    if missing:
        say(f"Loading the portfolios of {', '.join(missing)}")
        databases.create(databases.EMPTY)
        databases.manage(databases.EMPTY, "migrate", "--verbosity", "0")
        for name in missing:
            databases.copy(databases.EMPTY, name)
        largest = [databases.start(name, *_seed(name)) for name in missing if name == str(SIZES[-1])]
        for name in missing:
            if name != str(SIZES[-1]):
                databases.manage(name, *_seed(name))
        for child in largest:
            databases.finish(child)
        for name in missing:
            databases.analyse(name)
    databases.manage(SMALLEST, "collectstatic", "--no-input", "--verbosity", "0")
    pgbench.prepare()


def _seed(name: str) -> tuple[str, ...]:
    if name == PACK:
        return ("seed_demo", "--projects", PACK_PROJECTS, "--weeks", PACK_WEEKS)
    return ("seed_demo", "--projects", name, "--weeks", WEEKS)


def probe(name: str, what: str) -> Any:
    return json.loads(databases.manage(name, "bench", "--probe", what))


def freezing(figures: Figures) -> None:
    """Freezing the week at 50 and at 5,000 projects"""
    found: dict[str, list[float]] = {"50": [], "5000": []}
    for name in ("50", "5000", "50"):
        databases.copy(name, FREEZE)
        found[name].append(probe(FREEZE, "freeze")["seconds"])
    small, large = median(found["50"]), median(found["5000"])
    figures.add("freeze of 50 projects", small, "s")
    figures.add("freeze of 5000 projects", large, "s")
    figures.add("freeze 5000 / 50 projects", large / small, "x", 110)


def packs(figures: Figures) -> None:
    """The pack beside bare WeasyPrint, its growth and its memory"""
    databases.copy(PACK, FREEZE)
    found = probe(FREEZE, "pack")
    rounds = found["rounds"]
    figures.add("pack, pages", rounds[0]["pages"], "pages")
    figures.add("pack, end to end on one processor", median(row["whole"] for row in rounds), "s")
    figures.add("bare WeasyPrint of the same HTML", median(row["bare"] for row in rounds), "s")
    figures.add("15 pack / bare WeasyPrint", median(row["whole"] / row["bare"] for row in rounds), "x", 1)
    figures.add("pack, peak memory of its renderer", rounds[0]["child_mb"], "MB", 300)
    figures.add("pack, peak memory of the job around it", found["parent_mb"], "MB")
    growth = probe("500", "growth")
    small, large = growth["60"], growth["240"]
    for row in (small, large):
        figures.add(f"pack of {row['pages']} pages", row["seconds"], "s")
        figures.add(f"pack of {row['pages']} pages, peak memory of its renderer", row["child_mb"], "MB")
    figures.add("17 pack 240 / 60 pages", large["seconds"] / small["seconds"], "x", 4.4)


def statements(figures: Figures) -> None:
    """SQL statements of each page at 5, 50 and 5,000 projects"""
    counts = {name: probe(name, "statements")["counts"] for name in ("5", "50", "5000")}
    for page in counts["50"]:
        seen = [counts[name][page] for name in counts]
        figures.add(f"5 {page} statements", max(seen), "statements", SQL_GOALS.get(page))
        figures.add(f"5 {page} statements more at 5000 than at 5", max(seen) - min(seen), "statements", 0)


def served(figures: Figures) -> None:
    """Pages and writes of real servers"""
    with ExitStack() as stack:
        sites = {}
        for size in (50, 500, 5000):
            people = probe(str(size), "people")
            sites[size] = Site(stack.enter_context(serving(str(size), _free_port())), people)
        web.against_floors(sites[50], figures)
        web.flat(sites[50], sites[5000], figures)
        web.export(sites, figures)
        web.saves(sites[50], figures)
        web.crowded(sites[50], figures)


def building(figures: Figures) -> None:
    """Eight readers, alone and while packs are built beside them"""
    databases.copy(PACK, FREEZE)
    people = probe("50", "people")
    with serving("50", _free_port()) as port:
        web.while_building(Site(port, people), figures, lambda: databases.start(FREEZE, "bench", "--probe", "pack"))


def planning(figures: Figures) -> None:
    """Plans of 100 and of 500 activities"""
    databases.copy(SMALLEST, FREEZE)
    found = probe(FREEZE, "plans")
    with serving(FREEZE, _free_port()) as port:
        plans.pages(found, port, figures)


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
    return port


PARTS: Mapping[str, Callable[[Figures], None]] = {
    "freeze": freezing,
    "pack": packs,
    "statements": statements,
    "web": served,
    "building": building,
    PLANS: planning,
    ENGINES: engines.measure,
}
