"""What an import of Jira would do, or did: every row of the source, every group, every work package it moves."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any

from portfolio.engines.jira_flow import Tracked, counts
from portfolio.engines.jira_item import Grouping, JiraFile
from portfolio.engines.jira_merge import IssueFate, Merged
from portfolio.selectors.jira import GroupLine, PackageLine, package_lines


@dataclass(frozen=True, slots=True)
class JiraReport:
    """`fingerprint` is of what somebody agrees to: another file, or a backlog that moved on, has another."""

    name: str
    sha256: str
    file: JiraFile
    as_of: date
    grouping: Grouping
    kept_grouping: Grouping | None
    kept_on: date | None
    merged: Merged
    groups: tuple[GroupLine, ...]
    fingerprint: str
    run_id: int | None = None

    @property
    def rows(self) -> int:
        return self.file.rows

    @property
    def packages(self) -> tuple[PackageLine, ...]:
        led = [(line.value, line.package) for line in self.groups if line.package is not None]
        return package_lines(led, list(self.merged.issues.values()), self.grouping)

    @property
    def moves_packages(self) -> bool:
        return any(line.after is not None and line.after != line.package.progress for line in self.packages)

    @property
    def changes_something(self) -> bool:
        """An issue, the day of the data, the grouping, a group, or the progress of a package.

        A document without one issue that can be read tells neither a day nor a grouping: it must not lock out others.
        """
        differs = any(change.fate is not IssueFate.UNCHANGED for change in self.merged.changes)
        told = bool(self.file.issues) and (self.grouping, self.as_of) != (self.kept_grouping, self.kept_on)
        return differs or told or any(line.is_changed for line in self.groups) or self.moves_packages

    def count(self, fate: IssueFate) -> int:
        return self.merged.count(fate)

    def as_json(self) -> dict[str, Any]:
        """The report of contract.md; rows = created + updated + unchanged + skipped."""
        return {
            "file": self.name,
            "format": self.file.format,
            "as_of": self.as_of.isoformat(),
            "grouping": self.grouping.value,
            "rows": self.rows,
            "created": self.count(IssueFate.CREATED),
            "updated": self.count(IssueFate.UPDATED),
            "unchanged": self.count(IssueFate.UNCHANGED),
            "gone": self.count(IssueFate.GONE),
            "absent": list(self.merged.absent),
            "skipped": [item.as_json() for item in self.file.refused],
            "warnings": [item.as_json() for item in self.file.doubts],
            "work_packages": [
                {
                    "code": line.package.code,
                    "done": line.progress.done,
                    "total": line.progress.total,
                    "progress": line.after,
                }
                for line in self.packages
            ],
            "totals": self._totals(),
            "hash": self.sha256,
        }

    def _totals(self) -> dict[str, Any]:
        held = [one for one in self.merged.issues.values() if _is_held(one)]
        states = Counter(one.issue.category.value for one in held)
        return {
            "issues": len(self.merged.issues),
            "counted": len(held),
            **{name: states[name] for name in ("todo", "doing", "done")},
            "dropped": sum(one.issue.is_dropped for one in self.merged.issues.values()),
            "groups": len(self.groups),
        }


def _is_held(tracked: Tracked) -> bool:
    return counts(tracked.issue) and tracked.gone_on is None and not tracked.issue.is_dropped
