"""A source of issues against what is kept of it: merged by key, told field by field.

Issues the source no longer has stay, unless it is said to be complete: then they are gone from that day on. A source
without changelog says nothing about earlier groups: what is known of them stays, and a group that differs is a move of
the day of the data; one without a column says nothing about that field. docs/jira.md.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from portfolio.engines.jira_flow import Tracked
from portfolio.engines.jira_item import Category, Grouping, Issue, JiraFile, Move

TOLD = (
    *("summary", "kind", "status", "category", "role", "is_dropped", "created_on", "done_on"),
    *("epic", "components", "versions"),
)


class IssueFate(enum.StrEnum):
    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class FieldChange:
    name: str
    old: object
    new: object


@dataclass(frozen=True, slots=True)
class IssueChange:
    """What happens to one issue; `fields` are empty for what comes, goes or stays."""

    key: str
    summary: str
    fate: IssueFate
    fields: tuple[FieldChange, ...] = ()


@dataclass(frozen=True, slots=True)
class Merged:
    """All issues as they will be, and what happened to each of the source; `absent` are kept though it lacks them."""

    issues: Mapping[str, Tracked]
    changes: tuple[IssueChange, ...]
    absent: tuple[str, ...]

    def of(self, fate: IssueFate) -> tuple[IssueChange, ...]:
        return tuple(change for change in self.changes if change.fate is fate)

    def count(self, fate: IssueFate) -> int:
        return len(self.of(fate))


def merge(kept: Mapping[str, Tracked], file: JiraFile, *, as_of: date, complete: bool) -> Merged:
    """The issues after the import; nothing is lost, a key is one issue for ever."""
    issues, changes = dict(kept), []
    for incoming in file.issues:
        before = kept.get(incoming.key)
        if before is None:
            issues[incoming.key] = Tracked(incoming)
            changes.append(IssueChange(incoming.key, incoming.summary, IssueFate.CREATED))
            continue
        after = _brought_up(before.issue, incoming, as_of)
        issues[incoming.key] = Tracked(after)
        fields = _differences(before, after)
        fate = IssueFate.UPDATED if fields else IssueFate.UNCHANGED
        changes.append(IssueChange(incoming.key, after.summary, fate, fields))
    stated = {one.key for one in file.issues}
    missing = [key for key, one in kept.items() if key not in stated and one.gone_on is None]
    if complete:
        for key in missing:
            issues[key] = replace(kept[key], gone_on=as_of)
            changes.append(IssueChange(key, kept[key].issue.summary, IssueFate.GONE))
    return Merged(issues, tuple(changes), () if complete else tuple(missing))


def _brought_up(before: Issue, incoming: Issue, as_of: date) -> Issue:
    """The incoming issue with what its source does not know: fields it is silent about, days, where it was before."""
    known = {name: getattr(before, name) for name in incoming.silent}
    whole = replace(incoming, **known, created_on=incoming.created_on or before.created_on)
    if whole.done_on is None and whole.category is Category.DONE:
        whole = replace(whole, done_on=before.done_on)
    return whole if whole.has_log else replace(whole, moves=(*before.moves, *_moves(before, whole, as_of)))


def _moves(before: Issue, incoming: Issue, as_of: date) -> list[Move]:
    found = []
    if before.epic != incoming.epic:
        found.append(Move(as_of, Grouping.EPIC, before.epic, incoming.epic))
    for grouping, old, new in (
        (Grouping.COMPONENT, before.components, incoming.components),
        (Grouping.VERSION, before.versions, incoming.versions),
    ):
        found += [Move(as_of, grouping, name, "") for name in old if name not in new]
        found += [Move(as_of, grouping, "", name) for name in new if name not in old]
    return found


def _differences(before: Tracked, after: Issue) -> tuple[FieldChange, ...]:
    found = [
        FieldChange(name, old, new)
        for name in TOLD
        if (old := getattr(before.issue, name)) != (new := getattr(after, name))
    ]
    if before.issue.moves != after.moves:
        found.append(FieldChange("moves", len(before.issue.moves), len(after.moves)))
    if before.gone_on is not None:
        found.append(FieldChange("gone_on", before.gone_on, None))
    return tuple(found)
