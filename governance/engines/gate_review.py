"""The rules of a gate review: which checklist, what is missing before it goes to the body, what an answer does.

A mandatory criterion is answered, with evidence unless it does not apply, and a
comment explains every "no" and "not applicable"; every lesson proposed is
answered with how it is applied or why it is not relevant. The readiness is the
share of applicable criteria met, half for "partly". Source: domain reference A1
(end stage report), A2, A3 (phase-exit checklists); docs/formulas/gate-review.md.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal


class Reply(enum.StrEnum):
    """What is answered to a criterion."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"
    NOT_APPLICABLE = "na"


class Ruling(enum.StrEnum):
    """What a body answers to a review."""

    PASS = "pass"  # noqa: S105 -- an answer, no password
    CONDITIONS = "conditions"
    REFUSE = "refuse"
    BACK_G0 = "back_G0"
    BACK_G1 = "back_G1"
    BACK_GC = "back_Gc"

    @property
    def back_to(self) -> str:
        """The gate to pass again; empty for the other answers."""
        return self.value.partition("back_")[2]


class Gap(enum.StrEnum):
    """Why a review cannot be submitted."""

    ANSWER = "answer"
    EVIDENCE = "evidence"
    COMMENT = "comment"
    LESSON = "lesson"
    REPORT = "report"
    CASE = "case"


@dataclass(frozen=True, slots=True)
class Criterion:
    """One line of the checklist with what was answered."""

    key: int
    mandatory: bool
    reply: str
    evidence: str
    comment: str


@dataclass(frozen=True, slots=True)
class Missing:
    """What is missing, and on which line; `key` is 0 for what belongs to the review as a whole."""

    gap: Gap
    key: int = 0


_WEIGHT = {Reply.YES: Decimal(1), Reply.PARTLY: Decimal("0.5"), Reply.NO: Decimal(0)}
_EVIDENCE = re.compile(r"https://\S+\Z|(?!\w+:).{3,}\Z", re.DOTALL)
FALLBACK = "prince2"


def is_evidence(text: str) -> bool:
    """An https address, or the reference of a document in words; never another kind of address."""
    return bool(_EVIDENCE.match(text.strip())) and not text.strip().startswith("//")


def checklist_method(method: str, known: Collection[str]) -> str:
    """The method whose checklist applies: the project's own, else PRINCE2's."""
    return method if method in known else FALLBACK


def readiness(criteria: Iterable[Criterion]) -> Decimal | None:
    """Share of the applicable criteria that are met, from 0 to 1; a mandatory one without answer is not met.

    None while nothing applicable is answered.
    """
    applicable = [item for item in criteria if item.reply != Reply.NOT_APPLICABLE and (item.reply or item.mandatory)]
    weights = [_WEIGHT[Reply(item.reply)] for item in applicable if item.reply]
    return sum(weights, Decimal(0)) / len(applicable) if weights else None


def gaps_of(criterion: Criterion) -> list[Missing]:
    """What a line lacks; an optional line without answer lacks nothing."""
    if not criterion.reply:
        return [Missing(Gap.ANSWER, criterion.key)] if criterion.mandatory else []
    explained = criterion.reply in (Reply.NO, Reply.NOT_APPLICABLE)
    if explained:
        return [] if criterion.comment.strip() else [Missing(Gap.COMMENT, criterion.key)]
    if criterion.mandatory and not is_evidence(criterion.evidence):
        return [Missing(Gap.EVIDENCE, criterion.key)]
    return []


def missing_before_submission(
    criteria: Iterable[Criterion],
    lessons: Iterable[tuple[int, str, str]],
    *,
    performance: str,
    forecast: str,
    business_case: str,
) -> list[Missing]:
    """Everything to complete, line by line; `lessons` are (key, reply, words). Empty when the review may go."""
    missing = [gap for criterion in criteria for gap in gaps_of(criterion)]
    missing += [Missing(Gap.LESSON, key) for key, reply, words in lessons if not (reply and words.strip())]
    if not (performance.strip() and forecast.strip()):
        missing.append(Missing(Gap.REPORT))
    if not business_case:
        missing.append(Missing(Gap.CASE))
    return missing


def needs_investment_decision(gate: str, cost: Decimal | None, limit: Decimal | None) -> bool:
    """Whether the Investment Committee decides before this gate: at G1, for a cost above the limit of the day."""
    return gate == "G1" and cost is not None and limit is not None and cost > limit
