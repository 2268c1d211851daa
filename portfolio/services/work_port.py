"""The port through which apps above this one say what a person has to do, for the page of his work."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from people.models import User


@dataclass(frozen=True, slots=True)
class WorkLine:
    """One thing to do and its page; `end` says for when or whom, `overdue` that its day has passed.

    `text` is what somebody wrote, in the organisation's language, unless it is the product's own words (`is_ours`).
    """

    text: str
    address: str
    code: str = ""
    end: str = ""
    overdue: bool = False
    is_ours: bool = False


@dataclass(frozen=True, slots=True)
class WorkBlock:
    """A run of things to do of one kind."""

    title: str
    lines: tuple[WorkLine, ...]
    note: str = ""


Source = Callable[[User, datetime], Sequence[WorkBlock]]
"""What one app knows that waits for the person; blocks without lines are not shown."""

_sources: dict[str, Source] = {}


def register_source(name: str, source: Source) -> None:
    """Called once at start-up by each app that knows of work; shown in the order of names."""
    _sources[name] = source


def work_blocks(user: User, now: datetime) -> list[WorkBlock]:
    """Everything that waits for the person beside his statuses."""
    found = [block for name in sorted(_sources) for block in _sources[name](user, now)]
    return [block for block in found if block.lines]
