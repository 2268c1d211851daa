import argparse
import json
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _

from config import clock
from people.enums import Channel
from people.services import audit
from portfolio.services.importers.mapping_file import load_mapping
from portfolio.services.importers.portfolio_list import import_portfolio
from portfolio.services.importers.presets import PRESETS
from portfolio.services.importers.refusals import MAX_FILE_SIZE, ImportRefusedError
from portfolio.services.importers.report import ImportReport

REFUSED, MISUSED = 1, 2
_MISUSES = frozenset({"unknown_mapping", "unreadable_file"})


class Command(BaseCommand):
    """`import_portfolio FILE --mapping NAME_OR_FILE`: contract.md; formats in docs/importing.md."""

    help = "Import a CSV or XLSX list of projects under a declared format."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE")
        parser.add_argument(
            "--mapping",
            required=True,
            metavar="NAME_OR_FILE",
            help=f"{', '.join(sorted(PRESETS))}, or the path of a JSON format (docs/importing.md)",
        )
        parser.add_argument("--dry-run", action="store_true", help="report only, write nothing")
        parser.add_argument("--as-of", type=_day, metavar="DATE", help="date the facts are valid at (yyyy-mm-dd)")
        parser.add_argument("--json", action="store_true", help="the report, or the error, as JSON on stdout")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with audit.via(Channel.COMMAND):
                report = _run(options)
        except ImportRefusedError as error:
            if options["json"]:
                self._print_json(error.as_json())
            else:
                self.stderr.write(self.style.ERROR(error.message))
            raise SystemExit(MISUSED if error.code in _MISUSES else REFUSED) from error
        if options["json"]:
            self._print_json(report.as_json())
        else:
            self._print_summary(report, dry_run=options["dry_run"])

    def _print_json(self, answer: dict[str, Any]) -> None:
        self.stdout.write(json.dumps(answer, ensure_ascii=False, indent=2))

    def _print_summary(self, report: ImportReport, *, dry_run: bool) -> None:
        counts, extraction = report.counts, report.extraction
        self.stdout.write(
            _(
                "%(file)s : %(rows)s lignes, %(created)s créées, %(updated)s modifiées, %(unchanged)s inchangées, "
                "%(skipped)s écartées, %(warnings)s remarques."
            )
            % {
                "file": report.file,
                "rows": extraction.rows,
                "created": counts.created,
                "updated": counts.updated,
                "unchanged": counts.unchanged,
                "skipped": len(extraction.skipped),
                "warnings": len(extraction.warnings),
            }
        )
        for item in extraction.warnings:
            self.stdout.write(f"  {item.row}  {item.column}  {item.value[:80]!r} -> {item.kept_as}")
        if dry_run:
            self.stdout.write(_("Essai à blanc : rien n’a été écrit."))


def _run(options: dict[str, Any]) -> ImportReport:
    mapping = load_mapping(options["mapping"])
    path = Path(options["file"])
    return import_portfolio(
        data=_read(path),
        file_name=path.name,
        mapping=mapping,
        by=None,
        now=clock.now(),
        as_of=options["as_of"],
        dry_run=options["dry_run"],
    )


def _read(path: Path) -> bytes:
    """The bytes of the file, one more than the limit at most: enough to refuse it."""
    try:
        with path.open("rb") as stream:
            return stream.read(MAX_FILE_SIZE + 1)
    except OSError as error:
        raise ImportRefusedError("unreadable_file", problem=f"{path.name} ({error.strerror})") from error


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r}: yyyy-mm-dd") from error
