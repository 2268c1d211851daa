"""The port through which other apps hear that a forecast left its tolerance or came back, in the same transaction."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from portfolio.selectors.breach import Position

Listener = Callable[[Sequence[Position], datetime], None]

_listeners: list[Listener] = []


def listen(listener: Listener) -> None:
    """Called once at start-up by the app that raises exceptions."""
    if listener not in _listeners:
        _listeners.append(listener)


def is_heard() -> bool:
    return bool(_listeners)


def positions_changed(positions: Sequence[Position], now: datetime) -> None:
    for listener in _listeners:
        listener(positions, now)
