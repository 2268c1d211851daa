"""The drills as they run inside their own process, by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from reporting.management.drill import broker, faults, kills, races, smtp
from reporting.management.drill.findings import Findings
from reporting.management.drill.stand import Stand


def _kills(options: Mapping[str, Any]) -> Findings:
    return kills.one_round(
        Stand.here(),
        kills=options["kills"],
        seed=options["seed"],
        by_calendar=bool(options["calendar"]),
        carriers=options["carriers"],
    )


def _workers(options: Mapping[str, Any]) -> Findings:
    return kills.one_round(
        Stand.here(), kills=options["kills"], seed=options["seed"], carriers=options["carriers"], at_work=True
    )


def _races(options: Mapping[str, Any]) -> Findings:
    return races.run(races=options["races"], seed=options["seed"])


def _broker(options: Mapping[str, Any]) -> Findings:
    return broker.run(Stand.here(), saves=options["saves"], carriers=options["carriers"])


def _smtp(options: Mapping[str, Any]) -> Findings:
    return smtp.run(Stand.here(), saves=options["saves"])


def _faults(options: Mapping[str, Any]) -> Findings:
    return faults.run(Stand.here(), saves=options["saves"])


INSIDE: Mapping[str, Callable[[Mapping[str, Any]], Findings]] = {
    "kills": _kills,
    "workers": _workers,
    "races": _races,
    "broker": _broker,
    "smtp": _smtp,
    "faults": _faults,
}
