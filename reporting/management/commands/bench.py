"""Performance figures as ratios taken side by side in one run: docs/performance.md."""

import json
from argparse import SUPPRESS, ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from reporting.management.bench import packs, plans, probes

PROBES = {
    "people": probes.people,
    "statements": probes.statements,
    "freeze": probes.freeze,
    "pack": packs.end_to_end,
    "growth": packs.growth,
    "plans": plans.probe_plans,
}
PARTS = ("building", "engines", "freeze", "pack", "plans", "statements", "web")


class Command(BaseCommand):
    help = "Measure Cadran against its goals: a table, and bench.json under var/."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--keep", action="store_true", help="keep the databases of the run for the next one")
        parser.add_argument("--only", choices=PARTS, help="one part of the run")
        parser.add_argument("--probe", choices=PROBES, help=SUPPRESS)

    def handle(self, *_args: Any, keep: bool, only: str | None, probe: str | None, **_options: Any) -> None:
        if probe:
            self.stdout.write(json.dumps(PROBES[probe]()))
            return
        from reporting.management.bench.run import run  # noqa: PLC0415

        run(keep=keep, only=only, say=self.stdout.write)
