"""A schedule file into the plan of a project: what would change, then all of it or nothing.

Merges by UID. The file decides on its own rows; tasks made in Cadran, links to the project's milestones, estimates,
who a resource is and every baseline stay. See docs/schedules.md.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import DataError, IntegrityError, transaction

from config.clock import BRUSSELS
from people.models.user import User
from people.services import audit
from portfolio.engines.critical_path import Schedule
from portfolio.engines.schedule_difference import Difference, Fate, RowKind, difference, rows_of
from portfolio.engines.schedule_file import ScheduleFile, ScheduleRefusedError
from portfolio.engines.schedule_mapping import Plan as ReckonedPlan
from portfolio.engines.schedule_mapping import reckoned
from portfolio.engines.schedule_merge import merged
from portfolio.engines.schedule_totals import ScheduleTotals, totals_of
from portfolio.models.import_run import ImportRun
from portfolio.models.plan import Plan
from portfolio.models.project import Project
from portfolio.selectors.plan_file import stored_file
from portfolio.services.importers.refusals import ImportRefusedError, refusal
from portfolio.services.importers.schedule_reading import read_schedule
from portfolio.services.plan_milestones import feed_milestones, link_by_name
from portfolio.services.plan_people import propose_people
from portfolio.services.plan_store import store_schedule
from portfolio.services.standing import refresh_standing

SOURCE = "schedule"


@dataclass(frozen=True, slots=True)
class PlanReport:
    """What the file holds (`file`), what of it is new here, and what stays although the file does not have it."""

    name: str
    sha256: str
    file: ScheduleFile
    found: Difference
    kept: tuple[int, ...]
    totals: ScheduleTotals
    departures: tuple[tuple[int, str], ...]
    run_id: int | None = None

    @property
    def rows(self) -> int:
        return sum(self.file.account.rows.values())

    @property
    def changes_something(self) -> bool:
        return not self.found.is_empty

    @property
    def fingerprint(self) -> str:
        """Of what somebody agrees to: another file, or a plan that moved on, has another."""
        told = [self.sha256, [repr(row) for row in self.found.rows if row.fate is not Fate.UNCHANGED]]
        return hashlib.sha256(json.dumps(told).encode()).hexdigest()

    def count(self, fate: Fate) -> int:
        """Rows of the file of that fate; what Cadran keeps on its own account is none of them."""
        stated = {key for key, _record in rows_of(self.file)}
        return sum(row.fate is fate and (row.key in stated or fate is Fate.REMOVED) for row in self.found.rows)

    def as_json(self) -> dict[str, Any]:
        """The report of contract.md; rows = created + updated + unchanged + skipped."""
        account = self.file.account
        return {
            "file": self.name,
            "format": self.file.format,
            "rows": self.rows,
            "created": self.count(Fate.CREATED),
            "updated": self.count(Fate.UPDATED),
            "unchanged": self.count(Fate.UNCHANGED),
            "removed": self.count(Fate.REMOVED),
            "kept": list(self.kept),
            "skipped": [item.as_json() for item in account.skipped],
            "warnings": [item.as_json() for item in account.warnings],
            "not_read": dict(account.not_read),
            "departures": [{"uid": uid, "reason": reason} for uid, reason in self.departures],
            "totals": self.totals.as_json(),
            "hash": self.sha256,
        }


def import_plan(
    *,
    project: Project,
    data: bytes,
    file_name: str,
    by: User | None,
    now: datetime,
    expected: str | None = None,
    dry_run: bool = False,
) -> PlanReport:
    """Bring the plan of the project to the file; a dry run, or a file that says nothing new, writes nothing.

    `expected` is the fingerprint of the difference somebody agreed to.
    """
    file = read_schedule(data)
    try:
        with transaction.atomic():
            return _import(project, file, data, file_name, by, now, expected, dry_run=dry_run)
    except ScheduleRefusedError as error:
        raise refusal(error) from error
    except (DataError, IntegrityError) as error:
        raise ImportRefusedError("portfolio_rule", problem=str(error).splitlines()[0]) from error


def _import(
    project: Project,
    file: ScheduleFile,
    data: bytes,
    file_name: str,
    by: User | None,
    now: datetime,
    expected: str | None,
    *,
    dry_run: bool,
) -> PlanReport:
    if not dry_run:
        Project.objects.select_for_update(of=("self",)).get(pk=project.pk)
    plan = Plan.objects.filter(project=project).first()
    stored = None if plan is None else stored_file(plan)
    own = set() if plan is None else set(plan.activities.filter(is_own=True).values_list("uid", flat=True))
    whole = merged(file, stored, own)
    own -= {task.uid for task in file.tasks}
    network, schedule = reckoned(whole)
    report = PlanReport(
        name=file_name,
        sha256=hashlib.sha256(data).hexdigest(),
        file=file,
        found=difference(stored, whole),
        kept=tuple(sorted(own)),
        totals=totals_of(file, *(reckoned(file) if own else (network, schedule))),
        departures=tuple((uid, reason.value) for uid, reason in network.departures),
    )
    if expected is not None and report.fingerprint != expected:
        raise ImportRefusedError("changed_meanwhile")
    if dry_run or not report.changes_something:
        return report
    _write(project, plan, whole, network, schedule, own, report, by, now)
    run = _keep_run(project, report, by, now)
    audit.record(by=by, verb="plan.imported", target=run, data=_audited(project, report))
    return replace(report, run_id=run.pk)


def _write(
    project: Project,
    plan: Plan | None,
    whole: ScheduleFile,
    network: ReckonedPlan,
    schedule: Schedule,
    own: set[int],
    report: PlanReport,
    by: User | None,
    now: datetime,
) -> None:
    if plan is None:
        plan = Plan.objects.create(project=project)
    else:
        plan.version += 1
    plan.source_format, plan.source_name, plan.source_sha256 = report.file.format, report.name[-255:], report.sha256
    plan.imported_at = now
    store_schedule(plan, whole, network, schedule, own=own, now=now)
    plan.save()
    propose_people(plan)
    link_by_name(plan)
    feed_milestones(plan, by=by, now=now)
    refresh_standing([project.pk], now=now)


def _keep_run(project: Project, report: PlanReport, by: User | None, now: datetime) -> ImportRun:
    stated = report.as_json()
    return ImportRun.objects.create(
        source=SOURCE,
        project=project,
        mapping=report.file.format,
        file_name=report.name[-255:],
        sha256=report.sha256,
        report=stated,
        rows=stated["rows"],
        created=stated["created"],
        updated=stated["updated"],
        unchanged=stated["unchanged"],
        skipped=len(stated["skipped"]),
        as_of=(report.file.header.status_date or now.astimezone(BRUSSELS)).date(),
        by=by,
        at=now,
    )


def _audited(project: Project, report: PlanReport) -> dict[str, object]:
    changed = [row for row in report.found.rows if row.fate is not Fate.UNCHANGED and row.key.kind is RowKind.TASK]
    return {
        "project": project.code,
        "file": report.name,
        "sha256": report.sha256,
        "format": report.file.format,
        **{fate.value: report.count(fate) for fate in Fate},
        "activities": [f"{row.fate.value} {row.key.uid}" for row in changed[:200]],
    }
