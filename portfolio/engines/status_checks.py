"""Coherence of a weekly status: what a declaration must explain before it may be published.

Rules (docs/formulas/status_checks.md): a declared colour that differs from a known computed one carries
a reason; a dimension that got worse carries a cause, or for time a moved milestone; an open milestone
lies ahead; a milestone reached lies behind. Warnings never stop a publication.
"""

from __future__ import annotations

import enum
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from portfolio.engines.vocabulary import Dimension, Rag

OVERALL = "overall"
NO_ASK = "none"
DECISION_ASK = "decision"
JUDGED = (OVERALL, *(dimension.value for dimension in Dimension))


class Level(enum.StrEnum):
    OK = "ok"
    WARNING = "warning"
    ERROR = "error"


class Check(enum.StrEnum):
    """Every rule of this module."""

    COLOUR_MISSING = "colour_missing"
    MESSAGE_MISSING = "message_missing"
    ASK_INCOMPLETE = "ask_incomplete"
    ASK_PAST = "ask_past"
    REASON_MISSING = "reason_missing"
    REASON_GIVEN = "reason_given"
    NO_GAP = "no_gap"
    CAUSE_MISSING = "cause_missing"
    CAUSE_GIVEN = "cause_given"
    MILESTONE_PAST = "milestone_past"
    REACHED_AHEAD = "reached_ahead"
    DATES_COHERENT = "dates_coherent"
    OVERALL_MILDER = "overall_milder"
    MESSAGE_UNCHANGED = "message_unchanged"
    RISKS_UNCONFIRMED = "risks_unconfirmed"
    RISKS_CONFIRMED = "risks_confirmed"


@dataclass(frozen=True, slots=True)
class MilestoneEntry:
    """A milestone as the form holds it; `moved` against what was stored."""

    key: int
    name: str
    expected: date | None
    reached: bool
    moved: bool


@dataclass(frozen=True, slots=True)
class StatusEntry:
    """A whole status as typed, beside the computation and last week; an empty colour was not chosen."""

    declared: Mapping[str, Rag | None]
    previous: Mapping[str, Rag | None]
    computed: Mapping[str, Rag]
    causes: Mapping[str, str] = field(default_factory=dict)
    reasons: Mapping[str, str] = field(default_factory=dict)
    message: str = ""
    previous_message: str = ""
    milestones: tuple[MilestoneEntry, ...] = ()
    ask_kind: str = NO_ASK
    ask_text: str = ""
    ask_body: str = ""
    ask_on: date | None = None
    risks_open: int = 0
    risks_confirmed: int = 0


@dataclass(frozen=True, slots=True)
class Finding:
    """One check and its outcome; `field` names the form field that answers it."""

    check: Check
    level: Level
    field: str = ""
    dimension: str = ""
    declared: Rag | None = None
    computed: Rag | None = None
    subject: str = ""
    day: date | None = None
    count: int = 0


def needs_reason(declared: Rag | None, computed: Rag) -> bool:
    """Whether a declaration differs from a computation that knows something."""
    return declared is not None and computed.is_known and declared is not computed


def worsened(declared: Rag | None, previous: Rag | None) -> bool:
    """Whether a dimension is graver than last week; without last week, whether it is not green."""
    if declared is None:
        return False
    return declared.severity > (previous.severity if previous is not None else Rag.GREEN.severity)


def check_status(entry: StatusEntry, as_of: date) -> tuple[Finding, ...]:
    """All findings, errors first, then warnings, then what is in order."""
    findings = [
        *_missing(entry),
        *_reasons(entry),
        *_causes(entry),
        *_dates(entry, as_of),
        *_ask(entry, as_of),
        *_story(entry),
        *_risks(entry),
    ]
    order = {Level.ERROR: 0, Level.WARNING: 1, Level.OK: 2}
    return tuple(sorted(findings, key=lambda finding: order[finding.level]))


def errors(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    return tuple(finding for finding in findings if finding.level is Level.ERROR)


def _missing(entry: StatusEntry) -> Iterator[Finding]:
    for name in JUDGED:
        if entry.declared.get(name) is None:
            yield Finding(check=Check.COLOUR_MISSING, level=Level.ERROR, field=name, dimension=name)
    if not entry.message:
        yield Finding(check=Check.MESSAGE_MISSING, level=Level.ERROR, field="message")


def _ask(entry: StatusEntry, as_of: date) -> Iterator[Finding]:
    if entry.ask_kind == NO_ASK:
        return
    if not entry.ask_text:
        yield Finding(check=Check.ASK_INCOMPLETE, level=Level.ERROR, field="ask_text")
    if entry.ask_kind != DECISION_ASK:
        return
    if not entry.ask_body or entry.ask_on is None:
        yield Finding(check=Check.ASK_INCOMPLETE, level=Level.ERROR, field="ask_to")
    elif entry.ask_on < as_of:
        yield Finding(check=Check.ASK_PAST, level=Level.ERROR, field="ask_to", day=entry.ask_on)


def _reasons(entry: StatusEntry) -> Iterator[Finding]:
    gaps = 0
    for name in JUDGED:
        declared, computed = entry.declared.get(name), entry.computed.get(name, Rag.UNKNOWN)
        if not needs_reason(declared, computed):
            continue
        gaps += 1
        given = bool(entry.reasons.get(name))
        yield Finding(
            check=Check.REASON_GIVEN if given else Check.REASON_MISSING,
            level=Level.WARNING if given else Level.ERROR,
            field=f"reason_{name}",
            dimension=name,
            declared=declared,
            computed=computed,
        )
    if not gaps:
        yield Finding(check=Check.NO_GAP, level=Level.OK)


def _causes(entry: StatusEntry) -> Iterator[Finding]:
    moved = any(item.moved for item in entry.milestones)
    for dimension in Dimension:
        name = dimension.value
        declared = entry.declared.get(name)
        if not worsened(declared, entry.previous.get(name)):
            continue
        given = bool(entry.causes.get(name)) or (dimension is Dimension.TIME and moved)
        yield Finding(
            check=Check.CAUSE_GIVEN if given else Check.CAUSE_MISSING,
            level=Level.OK if given else Level.ERROR,
            field=f"cause_{name}",
            dimension=name,
            declared=declared,
        )


def _dates(entry: StatusEntry, as_of: date) -> Iterator[Finding]:
    faults = 0
    for item in entry.milestones:
        if item.expected is None:
            continue
        if item.reached and item.expected > as_of:
            check = Check.REACHED_AHEAD
        elif not item.reached and item.expected < as_of:
            check = Check.MILESTONE_PAST
        else:
            continue
        faults += 1
        yield Finding(
            check=check, level=Level.ERROR, field=f"milestone-{item.key}", subject=item.name, day=item.expected
        )
    if entry.milestones and not faults:
        yield Finding(check=Check.DATES_COHERENT, level=Level.OK)


def _story(entry: StatusEntry) -> Iterator[Finding]:
    chosen = [entry.declared.get(dimension.value) for dimension in Dimension]
    gravest = max((rag for rag in chosen if rag is not None), key=lambda rag: rag.severity, default=None)
    overall = entry.declared.get(OVERALL)
    told = needs_reason(overall, entry.computed.get(OVERALL, Rag.UNKNOWN))
    if overall is not None and gravest is not None and not told and overall.severity < gravest.severity:
        yield Finding(
            check=Check.OVERALL_MILDER, level=Level.WARNING, field=OVERALL, declared=overall, computed=gravest
        )
    changed = any(
        entry.declared.get(name) is not entry.previous[name] for name in JUDGED if entry.previous.get(name) is not None
    )
    if changed and entry.message and entry.message == entry.previous_message:
        yield Finding(check=Check.MESSAGE_UNCHANGED, level=Level.WARNING, field="message")


def _risks(entry: StatusEntry) -> Iterator[Finding]:
    if not entry.risks_open:
        return
    left = entry.risks_open - entry.risks_confirmed
    yield Finding(
        check=Check.RISKS_UNCONFIRMED if left else Check.RISKS_CONFIRMED,
        level=Level.WARNING if left else Level.OK,
        field="risks" if left else "",
        count=left or entry.risks_open,
    )
