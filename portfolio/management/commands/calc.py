"""`calc NAME`: any figure recomputed from its inputs, JSON on standard input, JSON on standard output (contract.md)."""

import json
import sys
from decimal import Decimal
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _

from portfolio.management.calc.registry import Answer, CalculationRefusedError, calculate, names

REFUSED = 1
LARGEST_QUESTION = 64 * 1024 * 1024


class Command(BaseCommand):
    help = "Recompute a figure with the engines alone: JSON on standard input, JSON on standard output."
    requires_system_checks = []
    requires_migrations_checks = False

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", metavar="NAME", choices=names(), help=", ".join(names()))
        parser.add_argument("--json", action="store_true", help="errors as JSON on standard output too")

    def handle(self, *_args: Any, name: str, json: bool, **_options: Any) -> None:
        try:
            answer = calculate(name, _question())
        except CalculationRefusedError as error:
            if json:
                self.stdout.write(_as_json(error.as_json()))
            else:
                self.stderr.write(self.style.ERROR(error.message))
            raise SystemExit(REFUSED) from error
        self.stdout.write(_as_json(answer))


def _question() -> dict[str, Any]:
    """The JSON object on standard input, its decimals exact."""
    raw = sys.stdin.read(LARGEST_QUESTION + 1)
    if len(raw) > LARGEST_QUESTION:
        raise CalculationRefusedError("too_big", _("La question dépasse la limite de 64 Mo."))
    try:
        found = json.loads(raw, parse_float=Decimal)
    except (ValueError, RecursionError) as error:
        raise CalculationRefusedError("invalid_json", _("L’entrée n’est pas du JSON.")) from error
    if not isinstance(found, dict):
        raise CalculationRefusedError("invalid_json", _("Un objet JSON est attendu."))
    return found


def _as_json(answer: Answer) -> str:
    return json.dumps(answer, ensure_ascii=False, indent=1)
