"""Pages and writes over HTTP: beside their floors, at 50 and 5,000 projects, for one reader and for eight."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from statistics import median, quantiles
from typing import Any

from django.urls import reverse

from reporting.management.bench import pgbench
from reporting.management.bench.client import BadAnswerError, Connection, Target, get, interleaved, load, post
from reporting.management.bench.figures import Figures
from reporting.management.bench.pages import filled, pages_of

FLOORS = ("dashboard", "dashboard_full", "register", "project")
EXPORT = "/projects/export.csv"
READ = ("dashboard", "register", "project")
CLIENTS = 8
SLOW_MS = 5
SAVES = 15
STARTED = 4.0  # seconds until the builder has read its settings and begun


@dataclass(frozen=True, slots=True)
class Site:
    """A server of the run and who may ask it for what."""

    port: int
    people: Mapping[str, Any]

    @property
    def pages(self) -> dict[str, tuple[str, str]]:
        return pages_of(self.people["project"], self.people["week"])

    def target(self, reader: str, address: str) -> Target:
        return Target(self.port, get(address, self.people["cookies"][reader] if reader else ""))

    def page(self, name: str, prefix: str = "") -> Target:
        reader, address = self.pages[name]
        return self.target(reader, f"{prefix}{address}")


def against_floors(site: Site, figures: Figures) -> None:
    """Goals 1 to 3; each page comes right after its uncached twin, which throws away what others kept."""
    targets = {
        "hello": site.target("director", "/bench/hello"),
        "hello without log-in": site.target("", "/bench/hello"),
    }
    for name in FLOORS:
        targets[f"{name} uncached"] = site.page(name, "/bench/uncached")
        targets[name] = site.page(name)
        targets[f"{name} sql"] = site.page(name, "/bench/sql")
    found = {name: median(times) for name, times in interleaved(targets, seconds=12).items()}
    for name, value in found.items():
        figures.add(f"p50 {name}", value, "ms")
    for name in FLOORS:
        figures.add(f"1 {name} uncached / sql", found[f"{name} uncached"] / found[f"{name} sql"], "x", 3)
    for name in FLOORS:
        figures.add(f"2 {name} uncached / hello", found[f"{name} uncached"] / found["hello"], "x", 12)
    for name in ("dashboard", "dashboard_full"):
        figures.add(f"3 {name} again / hello", found[name] / found["hello"], "x", 2.5)


def flat(small: Site, large: Site, figures: Figures) -> None:
    """Goal 4: the same page at 5,000 projects."""
    targets = {}
    for name in FLOORS:
        targets[f"{name} 50"] = small.page(name, "/bench/uncached")
        targets[f"{name} 5000"] = large.page(name, "/bench/uncached")
    found = {name: median(times) for name, times in interleaved(targets, seconds=12).items()}
    for name in FLOORS:
        figures.add(f"p50 {name} uncached, 5000 projects", found[f"{name} 5000"], "ms")
        goal = 1.05 if name == "project" else None if name == "dashboard_full" else 1.25
        figures.add(f"4 {name} 5000 / 50 projects", found[f"{name} 5000"] / found[f"{name} 50"], "x", goal)


def export(sites: Mapping[int, Site], figures: Figures) -> None:
    """Goal 6: all rows of the register as a file."""
    targets = {str(size): site.target("director", EXPORT) for size, site in sites.items()}
    found = {name: median(times) for name, times in interleaved(targets, seconds=8, least=4).items()}
    figures.add("export of 5000 rows", found["5000"], "ms")
    figures.add("6 export 5000 / 500 rows", found["5000"] / found["500"], "x", 12)
    figures.add("6 export 5000 / 50 rows", found["5000"] / found["50"], "x", 110)


def saves(site: Site, figures: Figures) -> None:
    """Goal 7: a status corrected over and over, in turn with pgbench's own write transaction."""
    connection = Connection(site.port)
    times: list[float] = []
    floors: list[float] = []
    for turn in range(3):
        times += [_save(site, connection, turn * SAVES + number) for number in range(SAVES)]
        floors.append(pgbench.latency())
    connection.close()
    figures.add("p50 status save", median(times), "ms")
    figures.add(f"p50 write transaction ({pgbench.means()})", median(floors), "ms")
    figures.add("7 status save / write transaction", median(times) / median(floors), "x", 12)


def _save(site: Site, connection: Connection, number: int) -> float:
    address = reverse("portfolio:status", args=[site.people["project"], site.people["week"]])
    cookie = str(site.people["cookies"]["manager"])
    form = connection.ask(get(address, cookie))
    given = [line.partition(";")[0] for line in form.header("set-cookie")]
    fields = filled(form.body.decode(), number)
    request = post(address, "; ".join([cookie, *given]), fields)
    started = time.perf_counter()
    answer = connection.ask(request)
    elapsed = (time.perf_counter() - started) * 1000
    if answer.status != 303:
        raise BadAnswerError(f"POST {address}: {answer.status}, not 303")
    return elapsed


def crowded(site: Site, figures: Figures) -> None:
    """Goal 8: eight readers at once; a page that is fast enough for one has no goal."""
    errors = 0
    for name in site.pages:
        target = site.page(name)
        alone = median(interleaved({name: target}, seconds=0.5, least=10)[name])
        found = load(target, clients=CLIENTS, seconds=2)
        cuts = quantiles(found.milliseconds, n=20)
        errors += len(found.errors)
        figures.add(f"p50 {name}, {CLIENTS} readers", cuts[9], "ms")
        figures.add(f"8 {name} p95 / p50", cuts[18] / cuts[9], "x", 2 if alone > SLOW_MS else None)
    figures.add("8 answers that were errors", errors, "answers", 0)


def while_building(site: Site, figures: Figures, start: Callable[[], subprocess.Popen[str]]) -> None:
    """Rate and p95 of eight readers, alone and then while another process builds packs of 50 projects."""
    alone = {name: _read(site, name) for name in READ}
    builder = start()
    time.sleep(STARTED)
    beside = {name: _read(site, name) for name in READ}
    if builder.poll() is not None:
        raise RuntimeError("The packs were built before the readers had read.")
    builder.communicate()
    for name in READ:
        figures.add(f"{name}, {CLIENTS} readers", alone[name][0], "requests/s")
        figures.add(f"{name}, {CLIENTS} readers while packs are built", beside[name][0], "requests/s")
        figures.add(f"p95 {name}, {CLIENTS} readers while packs are built", beside[name][1], "ms")
        figures.add(f"p95 {name}, while packs are built / alone", beside[name][1] / alone[name][1], "x")


def _read(site: Site, name: str) -> tuple[float, float]:
    """Requests a second and p95 in milliseconds of three seconds of reading."""
    found = load(site.page(name), clients=CLIENTS, seconds=3)
    if found.errors:
        raise BadAnswerError(f"{name}: {found.errors[:3]}")
    return len(found.milliseconds) / 3, quantiles(found.milliseconds, n=20)[18]
