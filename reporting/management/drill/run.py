"""A whole drill: a private server with a small fictional portfolio, a fresh copy for each round, the table."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from psycopg import sql

from config import embedded_postgres
from reporting.management.drill import findings as figures
from reporting.management.drill.findings import Findings
from reporting.management.drill.stand import Stand, free_port, is_open, redis_server, wait_for

PROJECTS, WEEKS = "8", "2"
ROUND_SECONDS = 1500
KILLS_A_ROUND, KILLS_BY_CELERY, KILLS_AT_WORK, RACES_A_ROUND = 7, 8, 10, 240
Say = Callable[[str], object]


@dataclass(frozen=True)
class Options:
    """How much of each drill; `keep` leaves the private copy, and its server, for the next run."""

    kills: int = 50
    races: int = 2000
    saves: int = 40
    seed: int = 47
    keep: bool = False


def run(drills: tuple[str, ...], options: Options, say: Say) -> bool:
    """Run the drills one after the other; whether every invariant held."""
    folder = Path(settings.VAR_DIR) / "drill"
    sound = True
    with _server(folder, say, keep=options.keep) as stand:
        for name in drills:
            started = time.perf_counter()
            say(f"== {name}")
            found = DRILLS[name](stand, options, say)
            found.row("duration", seconds=round(time.perf_counter() - started))
            for line in found.table():
                say(line)
            figures.write(Path(settings.VAR_DIR) / "drill.json", name, found)
            sound = sound and not found.broken
    say(f"All figures in {Path(settings.VAR_DIR) / 'drill.json'}")
    return sound


def kills(stand: Stand, options: Options, say: Say) -> Findings:
    """Rounds of one week each until so many processes died; then one round with Celery and a real Redis."""
    total, number = Findings(), 0
    while (done := _fallen(total)) < options.kills:
        number += 1
        most = min(KILLS_A_ROUND, options.kills - done)
        calendar = "1" if number % 4 == 0 else ""
        total.merge(inside(stand, "kills", kills=most, seed=options.seed + number, calendar=calendar))
        say(f"round {number}: {_fallen(total)} of {options.kills} kills")
    if redis_server() and options.kills >= KILLS_BY_CELERY:
        with redis(stand) as url:
            found = inside(stand, "kills", kills=KILLS_BY_CELERY, seed=options.seed, carriers=url)
        total.merge(Findings({f"{row} (Celery)": cells for row, cells in found.rows.items()}, found.checks))
    return total


def workers(stand: Stand, options: Options, say: Say) -> Findings:
    """One week by Celery and a real Redis in which every `kill -9` falls on a worker with a claimed job in hand."""
    if not redis_server():
        raise SystemExit("This drill needs redis-server or valkey-server.")
    with redis(stand) as url:
        return inside(stand, "workers", kills=min(KILLS_AT_WORK, options.kills), seed=options.seed, carriers=url)


def _fallen(found: Findings) -> int:
    return sum(int(cells.get("kills", 0)) for cells in found.rows.values())


def races(stand: Stand, options: Options, say: Say) -> Findings:
    """Two writers at once, in one process with real connections; a fresh copy after some hundred races."""
    total, begun = Findings(), 0
    while begun < options.races:
        number = min(RACES_A_ROUND, options.races - begun)
        total.merge(inside(stand, "races", races=number, seed=options.seed + begun))
        begun += number
        say(f"{begun} of {options.races} races, {len(total.broken)} rules broken")
    return total


def broker(stand: Stand, options: Options, say: Say) -> Findings:
    """Redis up, down, hung and flushed under saves."""
    if not redis_server():
        raise SystemExit("This drill needs redis-server or valkey-server.")
    with redis(stand) as url:
        return inside(stand, "broker", saves=options.saves, carriers=url)


def smtp(stand: Stand, options: Options, say: Say) -> Findings:
    """A mail server that refuses, hangs, drops or is away."""
    return inside(stand, "smtp", saves=options.saves)


def faults(stand: Stand, options: Options, say: Say) -> Findings:
    """A database restarted, a COMMIT unheard, full disks."""
    return inside(stand, "faults", saves=options.saves)


DRILLS: Mapping[str, Callable[[Stand, Options, Say], Findings]] = {
    "kills": kills,
    "workers": workers,
    "broker": broker,
    "smtp": smtp,
    "races": races,
    "faults": faults,
}


def inside(stand: Stand, name: str, **options: Any) -> Findings:
    """The drill in a process of its own, on a fresh copy of the portfolio."""
    url = _copy(stand, name)
    one = Stand(stand.folder, url)
    given = [f"--{key}={value}" for key, value in options.items() if value != ""]
    output = _manage(one, "drill", name, "--inside", *given)
    return figures.from_json(json.loads(output.splitlines()[-1]))


@contextmanager
def _server(folder: Path, say: Say, *, keep: bool) -> Iterator[Stand]:
    """A PostgreSQL of the drill's own, with a migrated and filled database to copy."""
    embedded_postgres.start(folder)
    try:
        stand = Stand(folder, embedded_postgres.url(folder))
        stand.media.mkdir(parents=True, exist_ok=True)
        say("Loading a small portfolio")
        _manage(stand, "migrate", "--verbosity", "0")
        _manage(stand, "seed_demo", "--projects", PROJECTS, "--weeks", WEEKS)
        _manage(stand, "collectstatic", "--no-input", "--verbosity", "0", CADRAN_PROCESS="collect")
        yield stand
    finally:
        if not keep:
            embedded_postgres.stop(folder)
            shutil.rmtree(embedded_postgres.home(folder))
            shutil.rmtree(folder)


@contextmanager
def redis(stand: Stand) -> Iterator[str]:
    """A Redis that keeps nothing on disk, until the block ends."""
    port = free_port()
    command = [
        str(redis_server()),
        "--port",
        str(port),
        "--bind",
        "127.0.0.1",
        "--save",
        "",
        "--dir",
        str(stand.folder),
    ]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as server:  # noqa: S603 -- found on this machine
        try:
            wait_for("redis", lambda: is_open(port), 10)
            yield f"redis://127.0.0.1:{port}/0"
        finally:
            server.terminate()


def _copy(stand: Stand, name: str) -> str:
    target = f"drill_{name}"
    with psycopg.connect(embedded_postgres.url(stand.folder, "postgres"), autocommit=True) as link:
        link.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(target)))
        statement = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY")
        link.execute(statement.format(sql.Identifier(target), sql.Identifier(embedded_postgres.NAME)))
    return embedded_postgres.url(stand.folder, target)


def _manage(stand: Stand, *arguments: str, **more: str) -> str:
    done = subprocess.run(  # noqa: S603 -- our own interpreter and command
        [sys.executable, str(Path(settings.BASE_DIR) / "manage.py"), *arguments],
        cwd=settings.BASE_DIR,
        env=stand.environment(**more),
        capture_output=True,
        text=True,
        timeout=ROUND_SECONDS,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{arguments}: {done.stderr[-3000:]}")
    return done.stdout
