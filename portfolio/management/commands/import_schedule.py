import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _

from config import clock
from people.enums import Channel
from people.services import audit
from portfolio.engines.schedule_difference import Fate
from portfolio.models.project import Project
from portfolio.services.importers.plan_import import PlanReport, import_plan
from portfolio.services.importers.refusals import MAX_FILE_SIZE, ImportRefusedError

REFUSED, MISUSED = 1, 2
_MISUSES = frozenset({"unknown_project", "unreadable_file"})


class Command(BaseCommand):
    """`import_schedule PROJECT_CODE FILE`: contract.md; kinds of file in docs/schedules.md."""

    help = "Import the plan of a project from MS Project (XML, MPP, MPX), Primavera, Planner or GanttProject."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("project", metavar="PROJECT_CODE")
        parser.add_argument("file", metavar="FILE")
        parser.add_argument("--dry-run", action="store_true", help="report only, write nothing")
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

    def _print_summary(self, report: PlanReport, *, dry_run: bool) -> None:
        self.stdout.write(
            _(
                "%(file)s : %(rows)s lignes, %(created)s créées, %(updated)s modifiées, %(unchanged)s inchangées, "
                "%(skipped)s écartées ; %(removed)s retirées du plan, %(warnings)s remarques."
            )
            % {
                "file": report.name,
                "rows": report.rows,
                "created": report.count(Fate.CREATED),
                "updated": report.count(Fate.UPDATED),
                "unchanged": report.count(Fate.UNCHANGED),
                "skipped": len(report.file.account.skipped),
                "removed": report.count(Fate.REMOVED),
                "warnings": len(report.file.account.warnings),
            }
        )
        for item in report.file.account.warnings:
            self.stdout.write(f"  {item.row}  {item.column}  {item.value[:80]!r} -> {item.kept_as}")
        if dry_run:
            self.stdout.write(_("Essai à blanc : rien n’a été écrit."))


def _run(options: dict[str, Any]) -> PlanReport:
    project = Project.objects.filter(code=options["project"]).first()
    if project is None:
        raise ImportRefusedError("unknown_project", project=options["project"])
    path = Path(options["file"])
    return import_plan(
        project=project,
        data=_read(path),
        file_name=path.name,
        by=None,
        now=clock.now(),
        dry_run=options["dry_run"],
    )


def _read(path: Path) -> bytes:
    """The bytes of the file, one more than the limit at most: enough to refuse it."""
    try:
        with path.open("rb") as stream:
            return stream.read(MAX_FILE_SIZE + 1)
    except OSError as error:
        raise ImportRefusedError("unreadable_file", problem=f"{path.name} ({error.strerror})") from error
