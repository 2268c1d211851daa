"""Records against the portfolio: which project each one is, and what it would change.

A project keeps the references of its first import (approved amount, first and
baseline end); later editions move its forecasts, so the drift stays visible.
A value people changed in Cadran is left alone until the source itself says
something new about it. A move along its life that needs a decision is told and
waits: the rest of the row is written.
"""

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal

from portfolio.engines.authority import move_needs_decision
from portfolio.engines.source_fields import Field
from portfolio.engines.tabular import identity
from portfolio.enums import StageState
from portfolio.models.cost import BudgetLine
from portfolio.models.project import Project
from portfolio.models.stage import Stage
from portfolio.services.importers.mapping import Variant
from portfolio.services.importers.mapping_file import IMPORTED_STATES
from portfolio.services.importers.reading import Reading
from portfolio.services.importers.records import Extraction, Record

Value = str | date | Decimal | None
Kind = Literal["created", "updated", "unchanged"]
LONGEST_PREFIX = 9
LONGEST_NUMBER = 6

_FED_BY: dict[str, tuple[Field, ...]] = {
    "name_fr": (Field.NAME,),
    "purpose": (Field.PURPOSE,),
    "axis": (Field.AXIS_CODE,),
    "start": (Field.START,),
    "forecast_end": (Field.END, Field.START, Field.DURATION_YEARS),
    "life_cycle": (Field.PHASE,),
    "stage": (Field.PHASE,),
    "external_url": (Field.LINK,),
    "cost": (Field.COST,),
}


@dataclass(frozen=True, slots=True)
class Change:
    """`name` is a field of the project, or a column of the source kept beside it (`kept`).

    What `waits` for a decision is told, not written.
    """

    name: str
    old: Value
    new: Value
    kept: bool = False
    waits: bool = False


@dataclass(frozen=True, slots=True)
class Fate:
    """What becomes of one record: a new project under `code`, or changes to an existing one."""

    record: Record
    code: str
    source_key: str
    project: Project | None = None
    changes: tuple[Change, ...] = ()

    @property
    def kind(self) -> Kind:
        if self.project is None:
            return "created"
        return "updated" if self.changes else "unchanged"

    def new(self, name: str) -> Change | None:
        written = (change for change in self.changes if not (change.kept or change.waits))
        return next((change for change in written if change.name == name), None)


@dataclass(frozen=True, slots=True)
class Reconciliation:
    fates: tuple[Fate, ...]
    absent: tuple[Project, ...]

    def of_kind(self, kind: Kind) -> list[Fate]:
        return [fate for fate in self.fates if fate.kind == kind]

    def waiting(self) -> list[tuple[Fate, Change]]:
        """The differences that only a decision may write, by project."""
        return [(fate, change) for fate in self.fates for change in fate.changes if change.waits]

    @property
    def fingerprint(self) -> str:
        """Equal for two reconciliations that would write the same thing."""
        said = [
            [fate.code, fate.kind, [[change.name, str(change.old), str(change.new)] for change in fate.changes]]
            for fate in self.fates
        ]
        return hashlib.sha256(json.dumps(said).encode()).hexdigest()


@dataclass(slots=True)
class _Known:
    """The projects already imported from this source, found by number first, then by name."""

    by_number: dict[str, Project] = field(default_factory=dict)
    by_key: dict[str, Project] = field(default_factory=dict)
    matched: set[int] = field(default_factory=set)

    def take(self, project: Project | None) -> Project | None:
        if project is None or project.pk in self.matched:
            return None
        self.matched.add(project.pk)
        return project


def reconcile(reading: Reading, extraction: Extraction, *, lock: bool = False) -> Reconciliation:
    """Compare without writing; with `lock` the projects of this source stay locked until commit."""
    source = reading.mapping.source
    rows = Project.objects.filter(source=source).select_related("axis").order_by("pk")
    if lock:
        rows = rows.select_for_update(of=("self",))
    projects = list(rows)
    known = _index(projects, reading)
    numbered = {record.row: known.take(known.by_number.get(record.number)) for record in extraction.records}
    held = _Held.of(projects)
    codes = CodeNumbers(Project.objects.values_list("code", flat=True))
    keys = {project.source_key for project in projects}
    fates = []
    for record in extraction.records:
        project = numbered[record.row] or known.take(known.by_key.get(reading.mapping.canonical(record.key)))
        if project is not None:
            changes = tuple(_changes(record, project, reading.variant, held))
            fates.append(Fate(record, project.code, project.source_key, project, changes))
            continue
        key = record.key if record.key not in keys else f"{record.key[:150]} {record.number or record.row}"
        keys.add(key)
        fates.append(Fate(record, codes.next(record.axis_code), key))
    absent = tuple(project for project in projects if project.pk not in known.matched)
    return Reconciliation(tuple(fates), absent)


def _index(projects: Iterable[Project], reading: Reading) -> _Known:
    known, variant, canonical = _Known(), reading.variant, reading.mapping.canonical
    column = variant.column(Field.NUMBER)
    for project in projects:
        known.by_key[canonical(project.source_key)] = project
        latest_name = project.source_values.get(_heading(variant, Field.NAME), "")
        known.by_key.setdefault(canonical(identity(latest_name)), project)
        number = " ".join(project.source_values.get(column.header, "").split()) if column else ""
        if number:
            known.by_number[number] = project
    return known


def _heading(variant: Variant, feeds: Field) -> str:
    column = variant.column(feeds)
    return column.header if column else ""


@dataclass(frozen=True, slots=True)
class _Held:
    """What hangs on the known projects: budget lines and the running stage, by project."""

    lines: dict[int, list[BudgetLine]]
    stages: dict[int, Stage]

    @classmethod
    def of(cls, projects: list[Project]) -> "_Held":
        lines: dict[int, list[BudgetLine]] = {}
        for line in BudgetLine.objects.filter(project__in=projects).order_by("year", "nature"):
            lines.setdefault(line.project_id, []).append(line)
        running = Stage.objects.filter(project__in=projects, state=StageState.RUNNING)
        return cls(lines, {stage.project_id: stage for stage in running})


def _changes(record: Record, project: Project, variant: Variant, held: _Held) -> Iterable[Change]:
    before, after = project.source_values, record.source_values
    if before == after:
        return
    lines, stage = held.lines.get(project.pk, []), held.stages.get(project.pk)
    current, wanted = _current(project, lines, stage), _wanted(record, project, lines)
    told: set[str] = set()
    for name, feeds in _FED_BY.items():
        headings = [heading for heading in (_heading(variant, item) for item in feeds) if heading]
        if name not in wanted or all(before.get(heading) == after.get(heading) for heading in headings):
            continue
        if current[name] != wanted[name]:
            told.update(headings)
            waits = name in ("life_cycle", "stage") and move_needs_decision(project.life_cycle, record.life_cycle)
            yield Change(name, current[name], wanted[name], waits=waits and project.life_cycle != record.life_cycle)
    for heading in sorted({*before, *after}):
        if before.get(heading) != after.get(heading) and heading not in told:
            yield Change(heading, before.get(heading), after.get(heading), kept=True)


def _current(project: Project, lines: list[BudgetLine], stage: Stage | None) -> dict[str, Value]:
    return {
        "name_fr": project.name_fr,
        "purpose": project.purpose,
        "axis": project.axis.code if project.axis else "",
        "start": project.start,
        "forecast_end": project.forecast_end,
        "life_cycle": project.life_cycle,
        "stage": stage.name if stage else "",
        "external_url": project.external_url,
        "cost": _stated_cost(lines[0]) if lines else None,
    }


def _stated_cost(line: BudgetLine) -> Decimal:
    """What the source last said: its first amount was approved, a later one is the forecast."""
    return line.approved if line.forecast is None else line.forecast


def _wanted(record: Record, project: Project, lines: list[BudgetLine]) -> dict[str, Value]:
    """What the source asks for, without what people have taken over in Cadran.

    That is: a state the import never sets, a budget they split over several lines, and a start
    that would lie after the baseline end.
    """
    wanted: dict[str, Value] = {
        "name_fr": record.name,
        "purpose": record.purpose,
        "axis": _same_spelling(record.axis_code, project.axis.code if project.axis else ""),
        "forecast_end": record.end,
        "external_url": record.link,
    }
    if len(lines) <= 1:
        wanted["cost"] = record.cost
    if not (record.start and project.planned_end and record.start > project.planned_end):
        wanted["start"] = record.start
    if project.life_cycle in IMPORTED_STATES:
        wanted["life_cycle"] = str(record.life_cycle)
        wanted["stage"] = record.stage_name
    return wanted


def _same_spelling(wanted: str, current: str) -> str:
    """DfT and DFT are one department: a change of capitals changes no axis."""
    return current if wanted.casefold() == current.casefold() else wanted


class CodeNumbers:
    """Gives the next number under a prefix, `MAA-07`: once, in the order asked for, and for good."""

    def __init__(self, taken: Iterable[str]) -> None:
        self._last: dict[str, int] = {}
        for code in taken:
            stem, _dash, number = code.rpartition("-")
            if stem and number.isascii() and number.isdigit() and len(number) <= LONGEST_NUMBER:
                self._last[stem] = max(self._last.get(stem, 0), int(number))

    def next(self, prefix: str) -> str:
        plain = unicodedata.normalize("NFKD", prefix).encode("ascii", "ignore").decode().upper()
        stem = re.sub(r"[^A-Z0-9]+", "-", plain).strip("-")[:LONGEST_PREFIX].strip("-") or "P"
        self._last[stem] = self._last.get(stem, 0) + 1
        return f"{stem}-{self._last[stem]:02d}"
