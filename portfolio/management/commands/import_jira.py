import json
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _

from config import clock
from people.enums import Channel
from people.services import audit
from portfolio.engines.jira_item import Grouping
from portfolio.engines.jira_merge import IssueFate
from portfolio.models.project import Project
from portfolio.services.importers.jira_import import JiraOptions, import_jira
from portfolio.services.importers.jira_live import live_source
from portfolio.services.importers.jira_reading import Document
from portfolio.services.importers.jira_report import JiraReport
from portfolio.services.importers.jira_words import refused_text
from portfolio.services.importers.refusals import MAX_FILE_SIZE, ImportRefusedError

REFUSED, MISUSED = 1, 2
_MISUSES = frozenset({"unknown_project", "unreadable_file", "jira_file_or_live"})


class Command(BaseCommand):
    """`import_jira PROJECT_CODE FILE`, or `--live`: contract.md; what is read in docs/jira.md."""

    help = (
        "Import the issues of a project from an export of Jira (CSV), an answer of its search (JSON), or Jira itself."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("project", metavar="PROJECT_CODE")
        parser.add_argument("file", metavar="FILE", nargs="?")
        parser.add_argument("--live", action="store_true", help="read the project designated in Jira itself")
        parser.add_argument("--by", choices=[one.value for one in Grouping], help="what work packages follow")
        parser.add_argument("--complete", action="store_true", help="issues the file lacks have left the scope")
        parser.add_argument("--dates", choices=["day", "month"], help="what comes first in dates written in figures")
        parser.add_argument("--as-of", type=date.fromisoformat, help="the day the file speaks of (2026-11-21)")
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

    def _print_summary(self, report: JiraReport, *, dry_run: bool) -> None:
        self.stdout.write(
            _(
                "%(file)s : %(rows)s lignes, %(created)s créées, %(updated)s modifiées, %(unchanged)s inchangées, "
                "%(skipped)s écartées ; %(gone)s sorties du périmètre, %(warnings)s remarques."
            )
            % {
                "file": report.name,
                "rows": report.rows,
                "created": report.count(IssueFate.CREATED),
                "updated": report.count(IssueFate.UPDATED),
                "unchanged": report.count(IssueFate.UNCHANGED),
                "skipped": len(report.file.refused),
                "gone": report.count(IssueFate.GONE),
                "warnings": len(report.file.doubts),
            }
        )
        for item in report.file.refused:
            self.stdout.write(f"  {item.row}  {refused_text(item.reason)}  {item.shown}")
        for line in report.packages:
            after = "—" if line.after is None else f"{line.after} %"
            self.stdout.write(f"  {line.package.code}  {line.progress.done}/{line.progress.total}  {after}")
        if dry_run:
            self.stdout.write(_("Essai à blanc : rien n’a été écrit."))


def _run(options: dict[str, Any]) -> JiraReport:
    project = Project.objects.filter(code=options["project"]).first()
    if project is None:
        raise ImportRefusedError("unknown_project", project=options["project"])
    if bool(options["file"]) == options["live"]:
        raise ImportRefusedError("jira_file_or_live")
    now = clock.now()
    document = live_source(project).document() if options["live"] else _read(Path(options["file"]))
    return import_jira(
        project=project,
        document=document,
        options=JiraOptions(
            grouping=Grouping(options["by"]) if options["by"] else None,
            is_complete=options["complete"],
            order=options["dates"],
            as_of=clock.today() if options["live"] else options["as_of"],
        ),
        by=None,
        now=now,
        dry_run=options["dry_run"],
    )


def _read(path: Path) -> Document:
    """The bytes of the file, one more than the limit at most: enough to refuse it."""
    try:
        with path.open("rb") as stream:
            return Document(path.name, stream.read(MAX_FILE_SIZE + 1))
    except OSError as error:
        raise ImportRefusedError("unreadable_file", problem=f"{path.name} ({error.strerror})") from error
