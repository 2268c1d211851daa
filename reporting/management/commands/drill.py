"""Drills of what may go wrong while the week runs: docs/operations.md."""

import json
import sys
from argparse import SUPPRESS, ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from reporting.management.drill.inside import INSIDE
from reporting.management.drill.run import DRILLS, Options, run

BROKEN = 1


class Command(BaseCommand):
    help = "Kill, cut, fill and race Cadran on a private copy: a table, and drill.json under var/; 1 if a rule broke."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("drill", choices=(*DRILLS, "all"))
        parser.add_argument("--kills", type=int, default=Options.kills, metavar="N")
        parser.add_argument("--races", type=int, default=Options.races, metavar="N")
        parser.add_argument("--saves", type=int, default=Options.saves, metavar="N", help="forms sent in each state")
        parser.add_argument("--seed", type=int, default=Options.seed, metavar="N")
        parser.add_argument("--keep", action="store_true", help="keep the private copy for the next run")
        for hidden in ("--calendar", "--carriers"):
            parser.add_argument(hidden, default="", help=SUPPRESS)
        parser.add_argument("--inside", action="store_true", help=SUPPRESS)

    def handle(self, *_args: Any, drill: str, inside: bool, **options: Any) -> None:
        if inside:
            self.stdout.write(json.dumps(INSIDE[drill](options).as_json()))
            return
        names = tuple(DRILLS) if drill == "all" else (drill,)
        wanted = Options(options["kills"], options["races"], options["saves"], options["seed"], options["keep"])
        if not run(names, wanted, self.stdout.write):
            sys.exit(BROKEN)
