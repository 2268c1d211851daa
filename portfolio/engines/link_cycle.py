"""The first circle among links, as the path that closes it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

LONGEST_PATH = 40


def cycle_of(predecessors: Mapping[int, Sequence[int]]) -> list[int]:
    """Nodes in the order of the work, the first one repeated at the end; empty without a circle.

    Takes away what has no predecessor left; whoever remains stands on a circle or behind one.
    """
    waiting = {node: len(found) for node, found in predecessors.items()}
    followers: dict[int, list[int]] = {node: [] for node in predecessors}
    for node, found in predecessors.items():
        for before in found:
            followers[before].append(node)
    free = [node for node, count in waiting.items() if count == 0]
    while free:
        for after in followers[free.pop()]:
            waiting[after] -= 1
            if waiting[after] == 0:
                free.append(after)
    stuck = {node for node, count in waiting.items() if count > 0}
    if not stuck:
        return []
    path = [next(node for node in predecessors if node in stuck)]
    while (before := next(node for node in predecessors[path[-1]] if node in stuck)) not in path:
        path.append(before)
    circle = [*path[path.index(before) :], before]
    return _shortened(circle[::-1])


def _shortened(circle: list[int]) -> list[int]:
    half = LONGEST_PATH // 2
    return circle if len(circle) <= LONGEST_PATH else [*circle[:half], *circle[-half:]]
