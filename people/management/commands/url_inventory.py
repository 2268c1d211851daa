"""Every address of the product with what guards it."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from people.management.inventory import inventory


class Command(BaseCommand):
    help = "List every URL pattern: name, path, methods, permission, class of personal data."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="answer as JSON")

    def handle(self, *_args: Any, json: bool, **_options: Any) -> None:
        rows = inventory()
        if json:
            self.stdout.write(_as_json(rows))
            return
        for row in rows:
            guard = row["permission"] if isinstance(row["permission"], str) else ", ".join(row["permission"])
            self.stdout.write(f"{row['path']:<60} {row['name'] or '-':<36} {guard or '-':<36} {row['personal_data']}")


def _as_json(rows: list[dict[str, Any]]) -> str:
    return json.dumps(rows, ensure_ascii=False, indent=1)
