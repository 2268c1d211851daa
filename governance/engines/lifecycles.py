"""The life cycles of sessions, requests, decisions and follow-up, each as one table of moves (ADR 0006).

A service moves a row by UPDATE ... WHERE state = source and acts only if one row
changed. Source: domain reference F, ux 3.8; docs/formulas/lifecycles.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property


class IllegalMoveError(ValueError):
    """The table holds no such act from that state."""


@dataclass(frozen=True)
class Machine:
    """`moves` are (act, source, target); an act leads from a state to one state only."""

    name: str
    initial: str
    moves: tuple[tuple[str, str, str], ...]

    @cached_property
    def _table(self) -> dict[tuple[str, str], str]:
        return {(act, source): target for act, source, target in self.moves}

    @property
    def states(self) -> frozenset[str]:
        return frozenset(state for _act, source, target in self.moves for state in (source, target))

    @property
    def acts(self) -> frozenset[str]:
        return frozenset(act for act, _source, _target in self.moves)

    @property
    def final(self) -> frozenset[str]:
        """States that nothing leaves."""
        return self.states - {source for _act, source, _target in self.moves}

    def target(self, act: str, source: str) -> str:
        try:
            return self._table[act, source]
        except KeyError:
            raise IllegalMoveError(f"{self.name}: {act} from {source}") from None

    def allows(self, act: str, source: str) -> bool:
        return (act, source) in self._table

    def sources(self, act: str) -> tuple[str, ...]:
        """The states from which the act is possible."""
        return tuple(source for one, source, _target in self.moves if one == act)


SESSION = Machine(
    "session",
    "draft",
    (
        ("publish", "draft", "published"),
        ("withdraw", "published", "draft"),
        ("open", "published", "in_progress"),
        ("adjourn", "in_progress", "minutes_draft"),
        ("resume", "minutes_draft", "in_progress"),
        ("approve", "minutes_draft", "approved"),
        ("close", "approved", "closed"),
        ("cancel", "draft", "cancelled"),
        ("cancel", "published", "cancelled"),
    ),
)

REQUEST = Machine(
    "request",
    "open",
    (
        ("table", "open", "on_agenda"),
        ("table", "deferred", "on_agenda"),
        ("untable", "on_agenda", "open"),
        ("defer", "on_agenda", "deferred"),
        ("settle", "on_agenda", "settled"),
        ("escalate", "on_agenda", "escalated"),
        ("escalate", "open", "escalated"),
        ("escalate", "deferred", "escalated"),
        ("withdraw", "open", "withdrawn"),
        ("withdraw", "deferred", "withdrawn"),
        ("withdraw", "on_agenda", "withdrawn"),
    ),
)
REQUEST_OPEN = ("open", "on_agenda", "deferred")
"""Still waiting for its decision."""

DECISION = Machine(
    "decision",
    "draft",
    (
        ("validate", "draft", "validated"),
        ("apply", "validated", "in_force"),
        ("execute", "in_force", "executed"),
        ("supersede", "in_force", "superseded"),
        ("supersede", "executed", "superseded"),
        ("revoke", "in_force", "revoked"),
        ("revoke", "executed", "revoked"),
    ),
)

FOLLOW_UP = Machine(
    "follow_up",
    "open",
    (
        ("submit", "open", "submitted"),
        ("meet", "submitted", "met"),
        ("reject", "submitted", "open"),
        ("waive", "open", "waived"),
        ("waive", "submitted", "waived"),
    ),
)

MACHINES = (SESSION, REQUEST, DECISION, FOLLOW_UP)
