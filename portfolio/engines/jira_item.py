"""What a source of Jira issues says, in one neutral form: nothing about people, no description, no comment.

An issue has one role: work that counts, a container (epic) or a part of other work (sub-task). Its status is one of
the three categories of Jira; where the source does not state the category, the words below do. See docs/jira.md.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from portfolio.engines.tabular import identity, without_unsafe

MOST_ISSUES, MOST_DOUBTS = 10_000, 2_000
LONGEST_NAME, LONGEST_KEY, MOST_NAMES = 255, 60, 20
_UNSTORABLE = re.compile("[\ud800-\udfff\ufeff\ufff9-\ufffc]")
_MARKS = "[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]"
_STACKED = re.compile(rf"({_MARKS}{{6}}){_MARKS}+")
KEY = re.compile(r"[A-Z][A-Z0-9_]{1,29}-[1-9][0-9]{0,9}")


class Category(enum.StrEnum):
    TODO = "todo"
    DOING = "doing"
    DONE = "done"


class IssueRole(enum.StrEnum):
    WORK = "work"
    CONTAINER = "container"
    PART = "part"


class Grouping(enum.StrEnum):
    """By what issues belong to a work package."""

    EPIC = "epic"
    COMPONENT = "component"
    VERSION = "version"


class JiraRefusedError(Exception):
    """The source as a whole is refused; `code` names the reason, `details` its figures."""

    def __init__(self, code: str, **details: object) -> None:
        super().__init__(code)
        self.code = code
        self.details = details


@dataclass(frozen=True, slots=True)
class Move:
    """On that day the issue left a group and came into another; empty: none."""

    day: date
    grouping: Grouping
    left: str
    entered: str

    def as_json(self) -> list[str]:
        return [self.day.isoformat(), self.grouping.value, self.left, self.entered]

    @classmethod
    def from_json(cls, stored: list[str]) -> Move:
        day, grouping, left, entered = stored
        return cls(date.fromisoformat(day), Grouping(grouping), left, entered)


@dataclass(frozen=True, slots=True)
class Issue:
    """One issue; `is_dropped` tells an end without delivery, on `done_on` as well.

    Without `has_log` nothing is said about earlier groups; nothing about the fields in `silent` either.
    """

    key: str
    row: int
    summary: str = ""
    kind: str = ""
    status: str = ""
    category: Category = Category.TODO
    role: IssueRole = IssueRole.WORK
    is_dropped: bool = False
    created_on: date | None = None
    done_on: date | None = None
    updated_on: date | None = None
    epic: str = ""
    components: tuple[str, ...] = ()
    versions: tuple[str, ...] = ()
    moves: tuple[Move, ...] = ()
    has_log: bool = False
    silent: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A row that is not taken, and why."""

    row: int
    reason: str
    shown: str = ""

    def as_json(self) -> dict[str, object]:
        return {"row": self.row, "reason": self.reason, "shown": self.shown}


@dataclass(frozen=True, slots=True)
class Doubt:
    """A value that is none: its place stays empty, or takes `kept_as`."""

    row: int
    column: str
    value: str
    kept_as: str = ""

    def as_json(self) -> dict[str, object]:
        return {"row": self.row, "column": self.column, "value": self.value, "kept_as": self.kept_as}


@dataclass(frozen=True, slots=True)
class JiraFile:
    """Every row of the source is an issue or refused. `names` are those of epics the source knows by name only."""

    format: str
    issues: tuple[Issue, ...]
    refused: tuple[RefusedRow, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        return len(self.issues) + len(self.refused)

    @property
    def latest(self) -> date | None:
        """The last day anything in the source bears."""
        days = [day for one in self.issues for day in (one.created_on, one.done_on, one.updated_on) if day]
        return max(days, default=None)


@dataclass(slots=True)
class Account:
    """What becomes of the rows while they are read."""

    issues: list[Issue] = field(default_factory=list)
    refused: list[RefusedRow] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)

    def refuse(self, row: int, reason: str, shown: str = "") -> None:
        self.refused.append(RefusedRow(row, reason, shown_text(shown)))

    def doubt(self, row: int, column: str, value: str, kept_as: str = "") -> None:
        self.doubts.append(Doubt(row, column, shown_text(value), kept_as))
        if len(self.doubts) > MOST_DOUBTS:
            raise JiraRefusedError("too_many_doubts", limit=MOST_DOUBTS)

    def takes(self, row: int, key: str, status: str) -> bool:
        """Whether the row may be an issue; if not, it is refused."""
        reason = "no_key" if not key else "bad_key" if not KEY.fullmatch(key) else ""
        reason = reason or ("repeated_key" if key in self.seen else "no_status" if not status else "")
        if reason:
            self.refuse(row, reason, key)
            return False
        self.seen.add(key)
        if len(self.seen) > MOST_ISSUES:
            raise JiraRefusedError("too_many_issues", limit=MOST_ISSUES)
        return True

    def file(self, form: str, names: Mapping[str, str]) -> JiraFile:
        return JiraFile(form, tuple(self.issues), tuple(self.refused), tuple(self.doubts), names)


_CONTAINERS = frozenset(("epic", "epopee", "epique", "initiative", "initiatief"))
_PARTS = frozenset(("sub-task", "subtask", "sous-tache", "subtaak", "sub-taak", "technical task"))
_CATEGORIES = {
    "to do": Category.TODO,
    "new": Category.TODO,
    "a faire": Category.TODO,
    "te doen": Category.TODO,
    "undefined": Category.TODO,
    "no category": Category.TODO,
    "in progress": Category.DOING,
    "indeterminate": Category.DOING,
    "en cours": Category.DOING,
    "in uitvoering": Category.DOING,
    "wordt uitgevoerd": Category.DOING,
    "bezig": Category.DOING,
    "done": Category.DONE,
    "complete": Category.DONE,
    "termine": Category.DONE,
    "termine(e)": Category.DONE,
    "gereed": Category.DONE,
    "klaar": Category.DONE,
}
_STATUSES = {
    **_CATEGORIES,
    **dict.fromkeys(("open", "backlog", "reopened", "selected for development", "ready", "todo"), Category.TODO),
    **dict.fromkeys(("ouvert", "rouvert", "nouveau", "pret", "carnet de produit", "heropend"), Category.TODO),
    **dict.fromkeys(
        ("in review", "review", "in test", "testing", "test", "blocked", "patch available"), Category.DOING
    ),
    **dict.fromkeys(("en revue", "en test", "bloque", "in ontwikkeling", "geblokkeerd"), Category.DOING),
    **dict.fromkeys(("closed", "resolved", "released", "deployed", "accepted", "cancelled", "canceled"), Category.DONE),
    **dict.fromkeys(("ferme", "resolu", "livre", "annule", "abandonne", "en production"), Category.DONE),
    **dict.fromkeys(("gesloten", "opgelost", "afgerond", "geannuleerd", "voltooid"), Category.DONE),
}
_DROPPED = frozenset(
    (
        *("won't do", "won't fix", "wont do", "wont fix", "will not fix", "duplicate", "cannot reproduce", "declined"),
        *("incomplete", "invalid", "not a bug", "not a problem", "abandoned", "obsolete", "rejected", "later"),
        *("cancelled", "canceled", "known error", "out of scope"),
        *("ne sera pas fait", "ne sera pas corrige", "doublon", "annule", "annulee", "abandonne", "abandonnee"),
        *("refuse", "refusee", "rejete", "rejetee", "non reproductible", "impossible a reproduire", "hors perimetre"),
        *("wordt niet gedaan", "zal niet worden gedaan", "duplicaat", "dubbel", "geannuleerd", "geweigerd"),
        *("afgewezen", "niet reproduceerbaar", "kan niet worden gereproduceerd", "buiten scope"),
    )
)


def _word(text: str) -> str:
    return identity(text).replace("’", "'")


def role_of(kind: str) -> IssueRole:
    """By the name of the issue type, for sources that do not state its level."""
    word = _word(kind)
    return IssueRole.CONTAINER if word in _CONTAINERS else IssueRole.PART if word in _PARTS else IssueRole.WORK


def category_named(text: str) -> Category | None:
    return _CATEGORIES.get(_word(text))


def category_of_status(status: str) -> Category | None:
    return _STATUSES.get(_word(status))


def is_dropped(resolution: str, status: str) -> bool:
    """Whether these words tell an end without delivery."""
    return _word(resolution) in _DROPPED or _word(status) in _DROPPED


def name_text(text: str) -> str:
    """A name on one line as long as its column, without signs that nobody sees and piles of accents."""
    plain = _UNSTORABLE.sub("\ufffd", without_unsafe(" ".join(text.split())))
    return _STACKED.sub(r"\1", plain)[:LONGEST_NAME].strip()


def shown_text(text: str) -> str:
    return name_text(text[:400])[:80]


def names_of(texts: list[str]) -> tuple[str, ...]:
    """Distinct names in order, some at most."""
    return tuple(dict.fromkeys(name for text in texts if (name := name_text(text))))[:MOST_NAMES]
