"""A life cycle as one table of moves (ADR 0006).

A service moves a row by UPDATE ... WHERE state = source and acts only if one row changed.
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
