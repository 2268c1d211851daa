"""The figures of a run beside their goals (docs/performance.md), as a table and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured value; without a goal it only explains another one."""

    name: str
    value: float
    unit: str
    goal: float | None = None

    @property
    def ok(self) -> bool:
        return self.goal is None or self.value <= self.goal


@dataclass(slots=True)
class Figures:
    """What the run has found so far, in the order of the table."""

    rows: list[Figure] = field(default_factory=list)

    def add(self, name: str, value: float, unit: str, goal: float | None = None) -> None:
        self.rows.append(Figure(name, round(value, 3), unit, goal))

    @property
    def missed(self) -> list[Figure]:
        return [row for row in self.rows if not row.ok]

    def table(self) -> Iterator[str]:
        width = max((len(row.name) for row in self.rows), default=0)
        for row in self.rows:
            goal = "" if row.goal is None else f"<= {row.goal:g}"
            verdict = "" if row.goal is None else "ok" if row.ok else "MISSED"
            yield f"{row.name:<{width}}  {row.value:>10g} {row.unit:<12} {goal:<10} {verdict}".rstrip()

    def write(self, path: Path) -> None:
        """All of it at once: the old file, or the new one."""
        found = {row.name: {"value": row.value, "goal": row.goal, "unit": row.unit, "ok": row.ok} for row in self.rows}
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_suffix(".draft")
        draft.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
        draft.replace(path)
