"""Write a reconciled list into the portfolio: one transaction, one audit row, one refresh."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError, transaction

from config.clock import BRUSSELS
from people.models.user import User
from people.services import audit
from portfolio.enums import LifeCycle, StageState
from portfolio.models.cost import BudgetLine
from portfolio.models.import_run import ImportRun
from portfolio.models.project import Project
from portfolio.models.stage import Stage
from portfolio.models.strategic_axis import StrategicAxis
from portfolio.services.importers.mapping import Mapping
from portfolio.services.importers.mapping_file import mapping_as_json
from portfolio.services.importers.reading import read
from portfolio.services.importers.reconciliation import Fate, Reconciliation, reconcile
from portfolio.services.importers.records import Record, extract
from portfolio.services.importers.refusals import ImportRefusedError
from portfolio.services.importers.report import Counts, ImportReport, Waiting
from portfolio.services.standing import refresh_standing

BATCH = 500
_PROJECT_FIELDS = (
    *("name_fr", "purpose", "axis", "start", "first_approved_end", "planned_end", "forecast_end", "actual_end"),
    *("life_cycle", "first_approved_cost", "external_url", "source_values", "version", "updated_at"),
)


def import_portfolio(
    *,
    data: bytes,
    file_name: str,
    mapping: Mapping,
    by: User | None,
    now: datetime,
    as_of: date | None = None,
    dry_run: bool = False,
    expected: str | None = None,
) -> ImportReport:
    """Bring a list of projects into the portfolio, entirely or not at all.

    A dry run answers the same report and writes nothing; so does a file whose every row is already
    known. `expected` is the fingerprint of the reconciliation somebody agreed to.
    """
    try:
        with transaction.atomic():
            return _import(data, file_name, mapping, by, now, as_of, dry_run=dry_run, expected=expected)
    except (DataError, IntegrityError, ValidationError) as error:
        raise ImportRefusedError("portfolio_rule", problem=_reason(error)) from error


def _import(
    data: bytes,
    file_name: str,
    mapping: Mapping,
    by: User | None,
    now: datetime,
    as_of: date | None,
    *,
    dry_run: bool,
    expected: str | None,
) -> ImportReport:
    reading = read(data, mapping)
    extraction = extract(reading)
    valid_on = as_of or reading.variant.edition or now.astimezone(BRUSSELS).date()
    outcome = reconcile(reading, extraction, lock=not dry_run)
    if expected is not None and outcome.fingerprint != expected:
        raise ImportRefusedError("changed_meanwhile")
    report = ImportReport(
        file=file_name,
        sha256=hashlib.sha256(data).hexdigest(),
        reading=reading,
        extraction=extraction,
        counts=_counts(outcome),
        absent=tuple(project.code for project in outcome.absent),
        waiting=tuple(
            Waiting(fate.record.row, fate.code, change.name, str(change.old), str(change.new))
            for fate, change in outcome.waiting()
        ),
        as_of=valid_on,
    )
    if dry_run or not report.changes_something:
        return report
    run = _apply(report, outcome, by, now)
    return replace(report, run_id=run.pk)


def _apply(report: ImportReport, outcome: Reconciliation, by: User | None, now: datetime) -> ImportRun:
    touched = _write(outcome, report.reading.mapping, report.as_of, now)
    run = _keep_run(report, by, now)
    audit.record(by=by, verb="portfolio.imported", target=run, data=_audited(report, outcome))
    refresh_standing(touched, now=now)
    return run


def _counts(outcome: Reconciliation) -> Counts:
    return Counts(*(len(outcome.of_kind(kind)) for kind in ("created", "updated", "unchanged")))


def _audited(report: ImportReport, outcome: Reconciliation) -> dict[str, object]:
    return {
        "file": report.file,
        "sha256": report.sha256,
        "format": report.reading.mapping.name,
        "rows": report.extraction.rows,
        "created": [fate.code for fate in outcome.of_kind("created")],
        "updated": [fate.code for fate in outcome.of_kind("updated")],
        "skipped": len(report.extraction.skipped),
        "waiting": [f"{one.code} {one.field}" for one in report.waiting],
    }


def _keep_run(report: ImportReport, by: User | None, now: datetime) -> ImportRun:
    return ImportRun.objects.create(
        source=report.reading.mapping.source,
        mapping=f"{report.reading.mapping.name} {report.reading.variant.name}"[:80],
        file_name=report.file[:255],
        sha256=report.sha256,
        options=mapping_as_json(report.reading.mapping, report.reading.variant),
        report=report.as_json(),
        rows=report.extraction.rows,
        created=report.counts.created,
        updated=report.counts.updated,
        unchanged=report.counts.unchanged,
        skipped=len(report.extraction.skipped),
        as_of=report.as_of,
        by=by,
        at=now,
    )


def _write(outcome: Reconciliation, mapping: Mapping, valid_on: date, now: datetime) -> list[int]:
    axes = _axes([fate.record for fate in outcome.fates if fate.kind != "unchanged"])
    created, updated = outcome.of_kind("created"), outcome.of_kind("updated")
    projects = [_new_project(fate, mapping, axes, valid_on) for fate in created]
    projects = Project.objects.bulk_create(projects, batch_size=BATCH)
    known = [_updated_project(fate, axes, valid_on, now) for fate in updated]
    Project.objects.bulk_update(known, _PROJECT_FIELDS, batch_size=BATCH)
    placed = [*zip(projects, created, strict=True), *zip(known, updated, strict=True)]
    _write_budgets(placed, valid_on, now)
    _write_stages(placed, now)
    return [project.pk for project, _fate in placed]


def _axes(records: Sequence[Record]) -> dict[str, StrategicAxis]:
    """Every axis by its code in lower case, those the records name first created in the order of the file."""
    wanted: dict[str, Record] = {}
    for record in records:
        if record.axis_code:
            wanted.setdefault(record.axis_code.casefold(), record)
    axes = {axis.code.casefold(): axis for axis in StrategicAxis.objects.all()}
    last = StrategicAxis.objects.order_by("-position").values_list("position", flat=True).first() or 0
    for offset, key in enumerate((key for key in wanted if key not in axes), 1):
        first = wanted[key]
        axis = StrategicAxis(code=first.axis_code, name_fr=first.axis_name, position=min(last + offset, 32_000))
        axis.full_clean()
        axis.save(force_insert=True)
        axes[key] = axis
    return axes


def _new_project(fate: Fate, mapping: Mapping, axes: dict[str, StrategicAxis], valid_on: date) -> Project:
    record = fate.record
    return Project(
        code=fate.code,
        name_fr=record.name,
        purpose=record.purpose,
        axis=axes.get(record.axis_code.casefold()),
        life_cycle=record.life_cycle,
        start=record.start,
        first_approved_end=record.end,
        planned_end=record.end,
        forecast_end=record.end,
        actual_end=_actual_end(record, valid_on),
        first_approved_cost=record.cost,
        external_url=record.link,
        source=mapping.source,
        source_key=fate.source_key,
        source_values=record.source_values,
    )


def _actual_end(record: Record, valid_on: date) -> date | None:
    closed = record.life_cycle == LifeCycle.CLOSED and record.end is not None
    return min(record.end, valid_on) if closed and record.end else None


def _updated_project(fate: Fate, axes: dict[str, StrategicAxis], valid_on: date, now: datetime) -> Project:
    project, record = fate.project, fate.record
    if project is None:
        raise AssertionError(fate.code)
    changed = {change.name for change in fate.changes if not (change.kept or change.waits)}
    for name, value in (
        ("name_fr", record.name),
        ("purpose", record.purpose),
        ("axis", axes.get(record.axis_code.casefold())),
        ("start", record.start),
        ("forecast_end", record.end),
        ("external_url", record.link),
        ("life_cycle", record.life_cycle),
    ):
        if name in changed:
            setattr(project, name, value)
    if changed & {"life_cycle", "forecast_end"}:
        project.actual_end = _actual_end(record, valid_on) if project.life_cycle == LifeCycle.CLOSED else None
    if record.end and project.planned_end is None and (project.start is None or record.end >= project.start):
        project.first_approved_end = project.planned_end = record.end
    if "cost" in changed and project.first_approved_cost is None:
        project.first_approved_cost = record.cost
    project.source_values = record.source_values
    project.version += 1
    project.updated_at = now
    return project


def _write_budgets(placed: list[tuple[Project, Fate]], valid_on: date, now: datetime) -> None:
    """The whole-life amount on one line: approved once, at its first statement; a forecast when the source moves it."""
    held = {line.project_id: line for line in BudgetLine.objects.filter(project__in=[item for item, _fate in placed])}
    new, moved = [], []
    for project, fate in placed:
        cost, line = fate.record.cost, held.get(project.pk)
        if fate.kind == "updated" and fate.new("cost") is None:
            continue
        if line is not None:
            line.forecast, line.updated_at = cost, now
            line.version += 1
            moved.append(line)
        elif cost is not None:
            new.append(BudgetLine(project=project, year=valid_on.year, approved=cost))
    BudgetLine.objects.bulk_create(new, batch_size=BATCH)
    BudgetLine.objects.bulk_update(moved, ("forecast", "version", "updated_at"), batch_size=BATCH)


def _write_stages(placed: list[tuple[Project, Fate]], now: datetime) -> None:
    """The phase of the source as the one running stage; a closed project has none left running."""
    projects = [project for project, _fate in placed]
    running = {stage.project_id: stage for stage in Stage.objects.filter(project__in=projects, state="running")}
    numbers = set(Stage.objects.filter(project__in=projects).values_list("project_id", "number"))
    new, moved = [], []
    for project, fate in placed:
        record, stage = fate.record, running.get(project.pk)
        if fate.kind == "updated" and fate.new("stage") is None:
            continue
        number = record.stage if (project.pk, record.stage) not in numbers else None
        if stage is None and number:
            new.append(Stage(project=project, number=number, name=record.phase, state=StageState.RUNNING))
        elif stage is not None:
            _move_stage(stage, record, number, project.actual_end or now.date())
            stage.version, stage.updated_at = stage.version + 1, now
            moved.append(stage)
    Stage.objects.bulk_create(new, batch_size=BATCH)
    fields = ("number", "name", "state", "actual_end", "version", "updated_at")
    Stage.objects.bulk_update(moved, fields, batch_size=BATCH)


def _move_stage(stage: Stage, record: Record, number: int | None, ended_on: date) -> None:
    if record.stage:
        stage.number, stage.name = number or stage.number, record.phase[:120]
    else:
        stage.state, stage.actual_end = StageState.COMPLETED, ended_on


def _reason(error: DataError | IntegrityError | ValidationError) -> str:
    """The rule that refused, in the words of its model where it has any."""
    if isinstance(error, ValidationError):
        return str(error.messages[0])
    broken = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
    for model in (Project, BudgetLine, Stage, StrategicAxis):
        for rule in model._meta.constraints:
            if rule.name == broken:
                return str(rule.violation_error_message)
    return str(error).splitlines()[0][:300]
