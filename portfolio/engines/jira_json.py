"""Answers of Jira's search: a page, a list of pages or a list of issues, with the changelog of each issue if asked for.

The changelog tells when work was last finished and when an issue came into an epic, a component or a version; without
it the date of the resolution and of the status category do. See docs/jira.md.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NoReturn

from portfolio.engines.jira_dates import day_of_instant
from portfolio.engines.jira_item import (
    Account,
    Category,
    Grouping,
    Issue,
    IssueRole,
    JiraFile,
    JiraRefusedError,
    Move,
    category_named,
    category_of_status,
    is_dropped,
    name_text,
    names_of,
    role_of,
)

MOST_CHANGES = 2_000
SPEAKS = {
    "summary": "summary",
    "kind": "issuetype",
    "epic": "parent",
    "components": "components",
    "versions": "fixVersions",
}
"""Fields of an issue by that of the answer, which is silent where no issue has it: Jira leaves out an empty parent."""
_MOVED_BY = {
    "parent": Grouping.EPIC,
    "epic link": Grouping.EPIC,
    "issueparentassociation": Grouping.EPIC,
    "component": Grouping.COMPONENT,
    "fix version": Grouping.VERSION,
}


def read_jira_json(data: bytes, *, today: date) -> JiraFile:
    """The issues of the answer; raises JiraRefusedError for the answer as a whole."""
    listed = list(_issues(_parsed(data)))
    if not listed:
        raise JiraRefusedError("no_issues")
    told = {name for raw in listed for name in _fields(raw)}
    silent = frozenset(name for name, field_name in SPEAKS.items() if field_name not in told)
    reading = _Reading(today, _done_words(listed), _keys_by_id(listed), silent)
    for row, raw in enumerate(listed, 1):
        reading.take(row, raw)
    return reading.account.file("jira-json", reading.names)


def _parsed(data: bytes) -> Any:
    try:
        return json.loads(data.decode("utf-8-sig"), parse_constant=_no_constant)
    except UnicodeDecodeError as error:
        raise JiraRefusedError("json_broken", problem=f"byte {error.start}") from error
    except json.JSONDecodeError as error:
        raise JiraRefusedError("json_broken", line=error.lineno, problem=error.msg[:80]) from error
    except (RecursionError, ValueError) as error:
        raise JiraRefusedError("json_broken", problem="JSON") from error


def _no_constant(name: str) -> NoReturn:
    raise ValueError(name)


def _issues(parsed: Any) -> Iterator[Any]:
    pages = parsed if isinstance(parsed, list) else [parsed]
    for page in pages:
        if isinstance(page, dict) and isinstance(page.get("issues"), list):
            yield from page["issues"]
        elif isinstance(page, dict) and "key" in page:
            yield page
        else:
            raise JiraRefusedError("not_jira_json")


def _fields(raw: Any) -> Mapping[str, Any]:
    fields = raw.get("fields") if isinstance(raw, dict) else None
    return fields if isinstance(fields, dict) else {}


def _text(value: Any, *path: str) -> str:
    """The text, or the number, at the end of the path; empty for anything else."""
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value if isinstance(value, str) else str(value) if type(value) is int else ""


def _status_category(status: Any) -> Category | None:
    stated = category_named(_text(status, "statusCategory", "key"))
    return (
        stated or category_named(_text(status, "statusCategory", "name")) or category_of_status(_text(status, "name"))
    )


def _done_words(listed: Sequence[Any]) -> dict[str, bool]:
    """Which statuses are done ones, by number and by name, as the issues of the answer show them."""
    found: dict[str, bool] = {}
    for raw in listed:
        status = _fields(raw).get("status")
        category = _status_category(status)
        if category is not None:
            for word in (_text(status, "id"), _text(status, "name").casefold()):
                found[word] = category is Category.DONE
    found.pop("", None)
    return found


def _keys_by_id(listed: Sequence[Any]) -> dict[str, str]:
    return {_text(raw, "id"): _text(raw, "key").upper() for raw in listed if _text(raw, "id")}


@dataclass(frozen=True, slots=True)
class _Change:
    day: date
    field: str
    left: str
    left_name: str
    entered: str
    entered_name: str


@dataclass(slots=True)
class _Reading:
    today: date
    done_words: Mapping[str, bool]
    keys: Mapping[str, str]
    silent: frozenset[str]
    account: Account = field(default_factory=Account)
    names: dict[str, str] = field(default_factory=dict)

    def take(self, row: int, raw: Any) -> None:
        fields = _fields(raw)
        key, status = _text(raw, "key").strip().upper(), name_text(_text(fields, "status", "name"))
        if not self.account.takes(row, key, status):
            return
        changes = self.changes(row, raw)
        category = self.category(row, fields, status)
        role = self.role(fields)
        self.account.issues.append(
            Issue(
                key=key,
                row=row,
                summary=name_text(_text(fields, "summary")),
                kind=name_text(_text(fields, "issuetype", "name"))[:80],
                status=status[:80],
                category=category,
                role=role,
                is_dropped=category is Category.DONE and is_dropped(_text(fields, "resolution", "name"), status),
                created_on=self.day(row, fields, "created"),
                done_on=self.done_on(row, fields, category, status, changes),
                updated_on=self.day(row, fields, "updated"),
                epic="" if role is IssueRole.CONTAINER else self.epic(fields),
                components=_names(fields.get("components")),
                versions=_names(fields.get("fixVersions")),
                moves=self.moves(changes),
                has_log=isinstance(raw.get("changelog"), dict),
                silent=self.silent,
            )
        )

    def role(self, fields: Mapping[str, Any]) -> IssueRole:
        kind = fields.get("issuetype")
        level = kind.get("hierarchyLevel") if isinstance(kind, dict) else None
        if type(level) is int:
            return IssueRole.CONTAINER if level > 0 else IssueRole.PART if level < 0 else IssueRole.WORK
        if isinstance(kind, dict) and kind.get("subtask") is True:
            return IssueRole.PART
        return role_of(_text(kind, "name"))

    def category(self, row: int, fields: Mapping[str, Any], status: str) -> Category:
        found = _status_category(fields.get("status"))
        if found is None:
            found = Category.DONE if _text(fields, "resolutiondate") else Category.DOING
            self.account.doubt(row, "status", status, found.value)
        return found

    def day(self, row: int, fields: Mapping[str, Any], name: str) -> date | None:
        text = _text(fields, name)
        if not text:
            return None
        day = day_of_instant(text)
        if day is None or day > self.today:
            self.account.doubt(row, name, text)
            return None
        return day

    def done_on(
        self, row: int, fields: Mapping[str, Any], category: Category, status: str, changes: Sequence[_Change]
    ) -> date | None:
        if category is not Category.DONE:
            return None
        day = self.last_finished(status, changes)
        day = day or self.day(row, fields, "resolutiondate") or self.day(row, fields, "statuscategorychangedate")
        if day is None and (updated := day_of_instant(_text(fields, "updated"))) and updated <= self.today:
            day = updated
            self.account.doubt(row, "resolutiondate", "", day.isoformat())
        return day

    def last_finished(self, status: str, changes: Sequence[_Change]) -> date | None:
        """The day of the last step from work that was not done to work that is."""
        day, was_done = None, False
        for change in changes:
            if change.field == "status":
                is_done = self.is_done(change.entered, change.entered_name, status)
                if is_done and not (was_done or self.is_done(change.left, change.left_name, status)):
                    day = change.day
                was_done = is_done
        return day

    def is_done(self, number: str, name: str, now: str) -> bool:
        stated = self.done_words.get(number, self.done_words.get(name.casefold()))
        return stated if stated is not None else category_of_status(name) is Category.DONE or name == now

    def changes(self, row: int, raw: Any) -> list[_Change]:
        """Steps of the changelog that matter, oldest first; unreadable ones are doubted."""
        log = raw.get("changelog")
        histories = log.get("histories") if isinstance(log, dict) else None
        if not isinstance(histories, list):
            return []
        total = log.get("total") if isinstance(log, dict) else None
        if type(total) is int and total > len(histories):
            self.account.doubt(row, "changelog", str(total), str(len(histories)))
        found = []
        for history in histories[:MOST_CHANGES]:
            day = day_of_instant(_text(history, "created"))
            items = history.get("items") if isinstance(history, dict) else None
            if day is None or day > self.today or not isinstance(items, list):
                self.account.doubt(row, "changelog", _text(history, "created"))
                continue
            found += [(_text(history, "created"), _change(day, item)) for item in items[:50]]
        found.sort(key=lambda one: (one[1].day, one[0]))
        return [change for _at, change in found]

    def moves(self, changes: Sequence[_Change]) -> tuple[Move, ...]:
        moves = []
        for change in changes:
            grouping = _MOVED_BY.get(change.field)
            if grouping is Grouping.EPIC:
                sides = [
                    self.epic_key(change.left, change.left_name),
                    self.epic_key(change.entered, change.entered_name),
                ]
            elif grouping is not None:
                sides = [name_text(change.left_name), name_text(change.entered_name)]
            if grouping is not None and sides[0] != sides[1]:
                moves.append(Move(change.day, grouping, *sides))
        return tuple(moves)

    def epic_key(self, number: str, name: str) -> str:
        """Changelogs name an epic by its number; its key stands beside it, or among the issues."""
        return name_text(self.keys.get(number, name).upper())[:60]

    def epic(self, fields: Mapping[str, Any]) -> str:
        parent = fields.get("parent")
        key = name_text(_text(parent, "key").upper())[:60]
        if key and (name := name_text(_text(parent, "fields", "summary"))):
            self.names[key] = name
        return key


def _change(day: date, item: Any) -> _Change:
    return _Change(
        day,
        _text(item, "field").casefold(),
        _text(item, "from"),
        _text(item, "fromString"),
        _text(item, "to"),
        _text(item, "toString"),
    )


def _names(value: Any) -> tuple[str, ...]:
    return names_of([_text(one, "name") for one in value]) if isinstance(value, list) else ()
