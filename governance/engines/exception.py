"""Exceptions by rule: which breaches raise one, what a complete report is, and whose clock runs.

A forecast outside tolerance raises an exception only after the project was authorised (stage or exception). A
deviation that a body accepted is covered: the same target raises again only when it drifts further on the same side.
Source: domain reference A1, A2 and F; docs/formulas/exception.md.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from portfolio.engines.lifecycle import Phase
from portfolio.engines.verdict import Verdict
from portfolio.engines.vocabulary import Target

WATCHED_PHASES = frozenset({Phase.STAGE, Phase.EXCEPTION})
"""A tolerance binds from authorisation to closing."""

OPTIONS_MIN, OPTIONS_MAX = 2, 4
LABEL_MAX, WORDS_MAX = 140, 200
_OPTION_KEYS = {"label", "consequence", "case", "effects", "recommended"}


class Lack(enum.StrEnum):
    """What a report still lacks before it may be handed in."""

    CAUSE = "cause"
    CONSEQUENCES = "consequences"
    BUSINESS_CASE = "business_case"
    RECOMMENDATION = "recommendation"
    OPTIONS = "options"
    EFFECTS = "effects"
    RECOMMENDED = "recommended"


@dataclass(frozen=True, slots=True)
class Pace:
    """Working days a level has to react, from a day on."""

    level: int
    days: int
    valid_from: date


DEFAULT_DAYS = {1: 2, 2: 5, 3: 10, 4: 10}
"""The ladder of the domain reference: manager, board, programme board; where no dated row is in force."""


def reaction_days(level: int, on: date, paces: Sequence[Pace]) -> int:
    """The working days in force at `level` on that day."""
    in_force = [one for one in paces if one.level == level and one.valid_from <= on]
    return max(in_force, key=lambda one: one.valid_from).days if in_force else DEFAULT_DAYS[level]


def uncovered(breaches: Mapping[str, Verdict], accepted: Mapping[str, Decimal]) -> dict[str, Verdict]:
    """The breaches that no accepted deviation covers; `accepted` holds signed deviations by target."""
    return {
        target: verdict for target, verdict in breaches.items() if not _covers(accepted.get(target), deviation(verdict))
    }


def deviation(verdict: Verdict) -> Decimal | None:
    """The signed distance from the baseline, in the unit of the target."""
    found = verdict.facts.get("deviation")
    return found if isinstance(found, Decimal) else None


def _covers(granted: Decimal | None, now: Decimal | None) -> bool:
    if granted is None or now is None or (granted > 0) != (now > 0):
        return False
    return abs(now) <= abs(granted)


def lacks(
    *, cause: str, consequences: str, business_case: str, recommendation: str, options: Sequence[Mapping[str, object]]
) -> list[Lack]:
    """What a report lacks: two options at least, each with its effect on the seven targets, one recommended."""
    texts = {
        Lack.CAUSE: cause,
        Lack.CONSEQUENCES: consequences,
        Lack.BUSINESS_CASE: business_case,
        Lack.RECOMMENDATION: recommendation,
    }
    found = [lack for lack, text in texts.items() if not text.strip()]
    if len(options) < OPTIONS_MIN:
        found.append(Lack.OPTIONS)
    if any(not _is_whole(option) for option in options):
        found.append(Lack.EFFECTS)
    if sum(bool(option.get("recommended")) for option in options) != 1:
        found.append(Lack.RECOMMENDED)
    return found


def _is_whole(option: Mapping[str, object]) -> bool:
    effects = option.get("effects")
    return isinstance(effects, dict) and all(effects.get(target.value) for target in Target)


def options_fit(value: object) -> bool:
    """Whether it is a list of options as described; every text is one short line."""
    return isinstance(value, list) and len(value) <= OPTIONS_MAX and all(_fits(option) for option in value)


def _fits(option: object) -> bool:
    if not isinstance(option, dict) or set(option) - _OPTION_KEYS:
        return False
    effects = option.get("effects", {})
    if not isinstance(effects, dict) or not set(effects) <= {target.value for target in Target}:
        return False
    texts = [option.get("label"), option.get("consequence"), option.get("case", ""), *effects.values()]
    return all(isinstance(text, str) and len(text) <= WORDS_MAX for text in texts)


def tolerances_fit(value: object) -> bool:
    """Whether it is a mapping of targets to {"minus", "plus"}: decimal texts without sign, or empty."""
    if not isinstance(value, dict) or not set(value) <= {target.value for target in Target}:
        return False
    bounds = [one for one in value.values() if isinstance(one, dict) and not set(one) - {"minus", "plus"}]
    return len(bounds) == len(value) and all(_is_bound(text) for one in bounds for text in one.values())


def _is_bound(text: object) -> bool:
    try:
        return text == "" or (isinstance(text, str) and 0 <= Decimal(text) < 10**12)
    except InvalidOperation:
        return False
