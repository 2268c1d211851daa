"""Delete what has been kept long enough; `--dry-run` only counts."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from config import clock
from people.services import retention


class Command(BaseCommand):
    help = "Delete every row past the term of its kind; --dry-run only counts."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true")
        parser.add_argument("--json", action="store_true", help="answer as JSON")

    def handle(self, *_args: Any, dry_run: bool, json: bool, **_options: Any) -> None:
        now = clock.now()
        items = retention.due(now) if dry_run else retention.purge(now)
        rows: list[dict[str, Any]] = [
            {
                "name": item.rule.name,
                "days": item.rule.term.days,
                "rows": item.count,
                "deletes": bool(item.rule.rows),
                **({"listed": list(item.listed)} if item.listed else {}),
            }
            for item in items
        ]
        if json:
            self._dump({"dry_run": dry_run, "rules": rows})
            return
        for row in rows:
            self.stdout.write(f"{row['name']:<20} {row['days']:>6} d {row['rows']:>8}")
            for line in row.get("listed", ()):
                self.stdout.write(f"    {line}")

    def _dump(self, answer: dict[str, Any]) -> None:
        self.stdout.write(json.dumps(answer))
