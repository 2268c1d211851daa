"""Note an operation done by other tools: a backup of an own database server, a restore, a drill."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from people.enums import OperationKind
from people.services.operations import record_operation


class Command(BaseCommand):
    help = "Note that an operation took place, so that /status/ shows it as the last of its kind."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("kind", choices=OperationKind.values)
        parser.add_argument("--failed", action="store_true", help="it did not succeed")

    def handle(self, *_args: Any, kind: str, failed: bool, **_options: Any) -> None:
        mark = record_operation(OperationKind(kind), ok=not failed)
        self.stdout.write(json.dumps({"kind": kind, "at": mark.at.isoformat(), "ok": mark.ok}))
