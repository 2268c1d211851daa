"""What people typed in a cut, piece by piece: to be proved printable, and to be withheld where it is not.

A piece is one project with the requests, decisions and follow-up that hang from it, or (code "") what belongs to no
project: the director's message, the corrections, the names of axes, programmes and bodies. A text is known by its
path inside its piece, as in `status.causes.time`. Nothing here knows how a page looks; `LAYOUT` changes when that does.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from functools import cache
from typing import Any, TypeVar, cast

from reporting.engines import edition as facts
from reporting.engines.edition import Edition, ProjectFacts
from reporting.engines.edition_decisions import (
    DecisionFacts,
    EffectFacts,
    ExceptionFacts,
    FollowUpFacts,
    OptionFacts,
    RequestFacts,
)

LAYOUT = 3
ALL = "*"
"""In place of paths: every text of the piece."""

TYPED: Mapping[type, frozenset[str]] = {
    facts.Names: frozenset({"fr", "nl", "en"}),
    facts.PersonName: frozenset({"full", "last"}),
    facts.MilestoneFacts: frozenset({"name"}),
    facts.BudgetFacts: frozenset({"actual_source"}),
    facts.RiskFacts: frozenset({"title", "cause", "event", "effect", "owner", "action"}),
    facts.ToleranceFacts: frozenset({"measure"}),
    facts.StatusFacts: frozenset({"causes", "reasons", "message", "ask_text", "author", "for_person"}),
    facts.ProjectFacts: frozenset({"purpose"}),
    OptionFacts: frozenset({"label", "consequence"}),
    RequestFacts: frozenset({"question", "recommendation", "cost_of_waiting", "owner"}),
    EffectFacts: frozenset({"before", "after"}),
    DecisionFacts: frozenset({"text"}),
    FollowUpFacts: frozenset({"text", "owner"}),
    ExceptionFacts: frozenset({"cause", "recommendation"}),
    facts.PackChoices: frozenset({"director_message"}),
    facts.CorrectionFacts: frozenset({"text", "author"}),
}
CLOSED: Mapping[type, frozenset[str]] = {
    facts.AxisFacts: frozenset({"code"}),
    facts.ProgrammeFacts: frozenset({"code"}),
    facts.MilestoneFacts: frozenset({"kind"}),
    facts.BudgetFacts: frozenset({"nature"}),
    facts.RiskFacts: frozenset({"response", "proximity"}),
    facts.ToleranceFacts: frozenset({"target", "unit"}),
    facts.VerdictFacts: frozenset({"rag", "rule"}),
    facts.StatusFacts: frozenset({"overall", "declared", "language", "ask_kind", "ask_body"}),
    facts.PreviousFacts: frozenset({"state", "declared"}),
    facts.ProjectFacts: frozenset(
        {"code", "state", "life_cycle", "programme", "axis", "last_state", "computed_overall", "history"}
        | {"confidentiality", "confidence"}
    ),
    RequestFacts: frozenset({"number", "project", "body", "state"}),
    EffectFacts: frozenset({"kind"}),
    DecisionFacts: frozenset({"number", "project", "body", "verdict", "request"}),
    FollowUpFacts: frozenset({"number", "decision", "project", "body", "kind", "state"}),
    ExceptionFacts: frozenset({"number", "project", "state"}),
    facts.BodyFacts: frozenset({"code", "kind"}),
    facts.PreviousWeek: frozenset({"week"}),
    facts.PackChoices: frozenset({"decision_order", "hidden_pages"}),
    facts.CorrectionFacts: frozenset({"project", "kind", "declared"}),
    facts.Edition: frozenset({"week", "audit_hash"}),
}
"""Texts of a closed vocabulary or of a strict pattern; a test holds both tables together complete."""

Change = Callable[[str, str], str]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class TypedText:
    path: str
    text: str


@dataclass(frozen=True, slots=True)
class Fragment:
    """One piece: its texts, and whether the pack gives it a sheet of its own."""

    code: str
    has_sheet: bool
    texts: tuple[TypedText, ...]

    @property
    def content_hash(self) -> str:
        """Of what is typed, and of the layout it was proved in."""
        content = [LAYOUT, self.code, self.has_sheet, [[item.path, item.text] for item in self.texts]]
        return hashlib.sha256(json.dumps(content).encode("ascii")).hexdigest()


def fragments(edition: Edition, sheets: Collection[str]) -> tuple[Fragment, ...]:
    """Every piece of the cut that holds a text; `sheets` are the projects with a sheet."""
    own = _hanging(edition)
    pieces = [Fragment(row.code, row.code in sheets, _texts(row, own.get(row.code, ()))) for row in edition.projects]
    pieces.append(Fragment("", False, _shared_texts(edition)))
    return tuple(piece for piece in pieces if piece.texts)


def withhold(edition: Edition, withheld: Mapping[str, Collection[str]], placeholder: str) -> Edition:
    """The cut with a placeholder for the named texts, by piece; the name of a project gives way to its code."""
    if not withheld:
        return edition
    codes = {row.code for row in edition.projects}
    projects = tuple(
        rewrite(row, _hiding(withheld[row.code], placeholder, row.code)) if row.code in withheld else row
        for row in edition.projects
    )
    shared: dict[str, Any] = {
        name: tuple(
            rewrite(row, _hiding(withheld[piece], placeholder), f"{name}.{row.number}") if piece in withheld else row
            for row, piece in ((row, row.project if row.project in codes else "") for row in getattr(edition, name))
        )
        for name in _HUNG
    }
    if "" in withheld:
        change = _hiding(withheld[""], placeholder)
        shared |= {name: rewrite(getattr(edition, name), change, name) for name in _SHARED}
    return replace(edition, projects=projects, **shared)


def rewrite(value: T, change: Change, path: str = "") -> T:
    """The same value with each typed text replaced by what `change(path, text)` answers."""
    if is_dataclass(value) and not isinstance(value, type):
        return cast(T, _rewrite_fields(value, change, path))
    if isinstance(value, tuple):
        return cast(T, tuple(rewrite(item, change, _join(path, _key(item, n))) for n, item in enumerate(value)))
    if isinstance(value, Mapping):
        return cast(T, {key: rewrite(item, change, _join(path, str(key))) for key, item in value.items()})
    return value


_QUOTED = frozenset({"milestone", "risk"})
_HUNG = ("requests", "decisions", "follow_ups", "exceptions")
"""What hangs from projects by their code."""
_SHARED = ("axes", "programmes", "bodies", "choices", "corrections")


def _rewrite_fields(value: Any, change: Change, path: str) -> Any:
    if isinstance(value, facts.VerdictFacts):
        return replace(value, facts=_rewrite_verdict(value, change, _join(path, "facts")))
    typed = TYPED.get(type(value), frozenset())
    changes, kind = {}, cast(Any, type(value))
    for name in _nested(kind):
        item, where = getattr(value, name), _join(path, name)
        if name not in typed:
            changes[name] = rewrite(item, change, where)
        elif isinstance(item, Mapping):
            changes[name] = {key: _changed(change, _join(where, key), text) for key, text in item.items()}
        else:
            changes[name] = _changed(change, where, item)
    return replace(value, **changes) if changes else value


def _rewrite_verdict(value: facts.VerdictFacts, change: Change, path: str) -> dict[str, tuple[str, ...]]:
    """A rule quotes names (a milestone, a risk): they are typed, the numbers and dates beside them are not."""
    return {
        key: (pair[0], _changed(change, _join(path, key), pair[1])) if key in _QUOTED else pair
        for key, pair in value.facts.items()
    }


@cache
def _nested(kind: Any) -> tuple[str, ...]:
    """The fields that are, or may hold, a typed text."""
    closed = CLOSED.get(kind, frozenset())
    return tuple(item.name for item in fields(kind) if item.name not in closed)


def _changed(change: Change, path: str, text: str) -> str:
    return change(path, text) if text else text


def _texts(project: ProjectFacts, hanging: Iterable[tuple[str, object]]) -> tuple[TypedText, ...]:
    found: list[TypedText] = []
    rewrite(project, _into(found))
    for path, row in hanging:
        rewrite(row, _into(found), path)
    return tuple(found)


def _shared_texts(edition: Edition) -> tuple[TypedText, ...]:
    found: list[TypedText] = []
    for name in _SHARED:
        rewrite(getattr(edition, name), _into(found), name)
    for path, row in _hanging(edition).get("", ()):
        rewrite(row, _into(found), path)
    return tuple(found)


def _hanging(edition: Edition) -> dict[str, list[tuple[str, object]]]:
    """By project, or "" for what belongs to none: the path and the row of everything that hangs there."""
    codes = {row.code for row in edition.projects}
    groups: dict[str, list[tuple[str, object]]] = {}
    for name in _HUNG:
        for row in getattr(edition, name):
            groups.setdefault(row.project if row.project in codes else "", []).append((f"{name}.{row.number}", row))
    return groups


def _into(found: list[TypedText]) -> Change:
    def note(path: str, text: str) -> str:
        found.append(TypedText(path, text))
        return text

    return note


def _hiding(paths: Collection[str], placeholder: str, code: str = "") -> Change:
    def hide(path: str, text: str) -> str:
        if ALL not in paths and path not in paths:
            return text
        return f"{code} {placeholder}" if code and path.startswith("names.") else placeholder

    return hide


def _key(item: object, position: int) -> str:
    """Rows with a code or a number are known by it, the others by their place."""
    for name in ("code", "number"):
        known = getattr(item, name, None)
        if known is not None:
            return str(known)
    return str(position)


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name
