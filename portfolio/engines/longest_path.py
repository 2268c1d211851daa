"""Critical path of a plain network: numbers for durations, no calendar, no constraint; linear in activities and links.

Every link is an offset between two starts: FS d_p + lag, SS lag, FF d_p + lag - d_s, SF lag - d_s. So ES_s = max(0,
ES_p + offset) forward and LS_p = min(length - d_p, LS_s - offset) backward. Monte Carlo, levelling and the audit of
published networks share it; a plan with dates goes through `critical_path`.
Source: domain reference C; docs/formulas/critical_path.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from operator import add, itemgetter, sub
from typing import TypeAlias, TypeVar

from portfolio.engines.network import LinkType, topological_order

Number: TypeAlias = int | float
EdgeT = TypeVar("EdgeT")


@dataclass(frozen=True, slots=True)
class PlainLink:
    """A link between the places of two activities, its lag in the unit of the durations."""

    predecessor: int
    successor: int
    type: LinkType = LinkType.FS
    lag: Number = 0


@dataclass(frozen=True, slots=True)
class PathLengths:
    """Early and late starts by place."""

    length: Number
    starts: list[Number]
    late_starts: list[Number]

    def slack(self, place: int) -> Number:
        return self.late_starts[place] - self.starts[place]


def longest_path(durations: Sequence[Number], links: Sequence[tuple[int, int]]) -> PathLengths:
    """The passes over finish-to-start links without lags, given as (predecessor, successor).

    Where every predecessor has the smaller place, as in a plan that reads from top to bottom, links sorted by successor
    are in topological order: each pass is one walk along them.
    """
    if not _in_order(links):
        if not all(before < then for before, then in links):
            return _by_activity(durations, links)
        links = sorted(links, key=itemgetter(1))
    starts: list[Number] = [0] * len(durations)
    for before, then in links:
        finish = starts[before] + durations[before]
        if starts[then] < finish:
            starts[then] = finish
    length = max(map(add, starts, durations), default=0)
    late = [length] * len(durations)
    for before, then in reversed(links):
        start = late[then] - durations[then]
        if late[before] > start:
            late[before] = start
    return PathLengths(length, starts, list(map(sub, late, durations)))


def _by_activity(durations: Sequence[Number], links: Sequence[tuple[int, int]]) -> PathLengths:
    """The same passes activity by activity, each taken once all its predecessors are."""
    count = len(durations)
    after: list[list[int]] = [[] for _ in range(count)]
    waiting = [0] * count
    for before, then in links:
        after[before].append(then)
        waiting[then] += 1
    starts: list[Number] = [0] * count
    order = [place for place in range(count) if not waiting[place]]
    for place in order:
        finish = starts[place] + durations[place]
        for then in after[place]:
            if starts[then] < finish:
                starts[then] = finish
            waiting[then] -= 1
            if not waiting[then]:
                order.append(then)
    if len(order) < count:
        topological_order(count, links, [str(place) for place in range(count)])
    length = max(map(add, starts, durations), default=0)
    late = list(durations)
    for place in reversed(order):
        finish = length
        for then in after[place]:
            if late[then] < finish:
                finish = late[then]
        late[place] = finish - durations[place]
    return PathLengths(length, starts, late)


def typed_path(durations: Sequence[Number], links: Sequence[PlainLink]) -> PathLengths:
    """The passes over links of all types with lags."""
    count = len(durations)
    edges = ordered_edges(durations, links)
    starts: list[Number] = [0] * count
    for before, then, gap in edges:
        starts[then] = max(starts[then], starts[before] + gap)
    length = max(map(add, starts, durations), default=0)
    late: list[Number] = [length - duration for duration in durations]
    for before, then, gap in reversed(edges):
        late[before] = min(late[before], late[then] - gap)
    return PathLengths(length, starts, late)


def ordered_edges(durations: Sequence[Number], links: Sequence[PlainLink]) -> list[tuple[int, int, Number]]:
    """(predecessor, successor, offset) so that all links into an activity come before any link out of it."""
    pairs = [(link.predecessor, link.successor) for link in links]
    edges = [(link.predecessor, link.successor, offset(link, durations)) for link in links]
    return in_topological_order(len(durations), pairs, edges)


def in_topological_order(count: int, pairs: Sequence[tuple[int, int]], edges: Sequence[EdgeT]) -> list[EdgeT]:
    """The edges by the rank of their successor; `pairs` holds their two ends."""
    order = topological_order(count, pairs, [str(place) for place in range(count)])
    ranks = [0] * count
    for rank, place in enumerate(order):
        ranks[place] = rank
    by_rank = sorted(range(len(edges)), key=lambda number: ranks[pairs[number][1]])
    return [edges[number] for number in by_rank]


def _in_order(links: Sequence[tuple[int, int]]) -> bool:
    """Whether the links already come by successor, each predecessor having the smaller place."""
    last = 0
    for before, then in links:
        if before >= then or then < last:
            return False
        last = then
    return True


def offset(link: PlainLink, durations: Sequence[Number]) -> Number:
    """How long after the start of the predecessor the successor may start."""
    before, then = durations[link.predecessor], durations[link.successor]
    return {
        LinkType.FS: before + link.lag,
        LinkType.SS: link.lag,
        LinkType.FF: before + link.lag - then,
        LinkType.SF: link.lag - then,
    }[link.type]
