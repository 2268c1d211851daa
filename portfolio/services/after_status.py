"""The port through which other apps hear of a published status, inside its transaction, without being imported."""

from __future__ import annotations

from collections.abc import Callable

from portfolio.models import StatusReport

Listener = Callable[[StatusReport], None]

_listeners: list[Listener] = []


def listen(listener: Listener) -> None:
    """Called once at start-up; a listener leaves a row and does no work."""
    if listener not in _listeners:
        _listeners.append(listener)


def status_published(report: StatusReport) -> None:
    for listener in _listeners:
        listener(report)
