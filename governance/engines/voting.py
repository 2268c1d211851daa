"""Quorum and votes of one agenda item.

Quorum is counted per item, after recusals: a recused member is neither present
nor in the base. A member absent may be represented by one present; what a
recused member gave is void, and so is what a recused member holds. Consensus
first, else simple majority of the votes cast; abstentions do not count; a tie is
broken by the chair or goes up. Without quorum the answer is an advice. Source:
domain reference F (quorum, vote, written procedure, proxies); trust S1;
docs/formulas/voting.md.
"""

from __future__ import annotations

import enum
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, Decimal

from governance.engines.working_days import add_working_days


class Choice(enum.StrEnum):
    FOR = "for"
    AGAINST = "against"
    ABSTAIN = "abstain"


class Rank(enum.IntEnum):
    """Who presides: the chair, failing him the deputy."""

    MEMBER = 0
    DEPUTY = 1
    CHAIR = 2


class Tie(enum.StrEnum):
    CHAIR = "chair"
    ESCALATE = "escalate"


@dataclass(frozen=True, slots=True)
class VotingRules:
    """The rules of a body on a day; the defaults are those of domain reference F."""

    quorum_share: Decimal = Decimal("0.5")
    chair_required: bool = True
    voters_min: int = 2
    proxies_max: int = 1
    tie: Tie = Tie.CHAIR
    written_days: int = 3


@dataclass(frozen=True, slots=True)
class Voter:
    """A voting seat as it stands for one item; `proxy_to` is the member an absent one is represented by."""

    key: int
    rank: Rank = Rank.MEMBER
    present: bool = True
    recused: bool = False
    proxy_to: int | None = None


class QuorumReason(enum.StrEnum):
    MET = "met"
    TOO_FEW_VOTERS = "too_few_voters"
    BELOW_SHARE = "below_share"
    NO_CHAIR = "no_chair"


@dataclass(frozen=True, slots=True)
class Quorum:
    """`base` voting seats, `needed` of them present or represented, `counted` are; `presiding` leads the item."""

    base: int
    needed: int
    counted: int
    present: int
    presiding: int | None
    reason: QuorumReason

    @property
    def met(self) -> bool:
        return self.reason is QuorumReason.MET


def represented(voters: Sequence[Voter], rules: VotingRules) -> dict[int, int]:
    """Who votes for whom: absent member -> present member, at most `proxies_max` each, in seat order."""
    able = {voter.key for voter in voters if voter.present and not voter.recused}
    held: dict[int, int] = {}
    for voter in voters:
        holder = voter.proxy_to
        if voter.present or voter.recused or holder is None or holder not in able:
            continue
        if sum(1 for one in held.values() if one == holder) < rules.proxies_max:
            held[voter.key] = holder
    return held


def quorum(voters: Sequence[Voter], rules: VotingRules) -> Quorum:
    """Whether the item can be decided, and by how much it can or cannot."""
    base = [voter for voter in voters if not voter.recused]
    present = [voter for voter in base if voter.present]
    counted = len(present) + len(represented(voters, rules))
    needed = max(int((rules.quorum_share * len(base)).to_integral_value(ROUND_CEILING)), 1)
    leaders = [voter for voter in present if voter.rank is not Rank.MEMBER]
    presiding = max(leaders, key=lambda voter: voter.rank).key if leaders else None
    if len(present) < rules.voters_min:
        reason = QuorumReason.TOO_FEW_VOTERS
    elif counted < needed:
        reason = QuorumReason.BELOW_SHARE
    elif rules.chair_required and presiding is None:
        reason = QuorumReason.NO_CHAIR
    else:
        reason = QuorumReason.MET
    return Quorum(len(base), needed, counted, len(present), presiding, reason)


class Outcome(enum.StrEnum):
    ADOPTED = "adopted"
    REJECTED = "rejected"
    ESCALATED = "escalated"
    ADVICE = "advice"


class How(enum.StrEnum):
    """What settled it."""

    CONSENSUS = "consensus"
    MAJORITY = "majority"
    CASTING_VOTE = "casting_vote"
    TIE = "tie"
    NOBODY_VOTED = "nobody_voted"
    NO_QUORUM = "no_quorum"


@dataclass(frozen=True, slots=True)
class Tally:
    outcome: Outcome
    how: How
    in_favour: int
    against: int
    abstained: int


class IneligibleVoteError(ValueError):
    """A vote by somebody who is recused, absent without proxy, or no voting member."""


def tally(voters: Sequence[Voter], votes: Mapping[int, Choice], rules: VotingRules) -> Tally:
    """The result of the votes cast; IneligibleVoteError when one of them may not be counted."""
    held = represented(voters, rules)
    entitled = {voter.key for voter in voters if voter.present and not voter.recused} | held.keys()
    if strangers := votes.keys() - entitled:
        raise IneligibleVoteError(f"not entitled to vote: {sorted(strangers)}")
    counts = {choice: sum(1 for vote in votes.values() if vote is choice) for choice in Choice}
    answer = quorum(voters, rules)
    outcome, how = _result(counts[Choice.FOR], counts[Choice.AGAINST], answer, votes, rules)
    return Tally(outcome, how, counts[Choice.FOR], counts[Choice.AGAINST], counts[Choice.ABSTAIN])


def _result(
    in_favour: int, against: int, answer: Quorum, votes: Mapping[int, Choice], rules: VotingRules
) -> tuple[Outcome, How]:
    if not answer.met:
        return Outcome.ADVICE, How.NO_QUORUM
    if in_favour == against == 0:
        return Outcome.ESCALATED, How.NOBODY_VOTED
    if against == 0:
        return Outcome.ADOPTED, How.CONSENSUS
    if in_favour != against:
        return (Outcome.ADOPTED if in_favour > against else Outcome.REJECTED), How.MAJORITY
    casting = votes.get(answer.presiding) if answer.presiding is not None else None
    if rules.tie is Tie.ESCALATE or casting not in (Choice.FOR, Choice.AGAINST):
        return Outcome.ESCALATED, How.TIE
    return (Outcome.ADOPTED if casting is Choice.FOR else Outcome.REJECTED), How.CASTING_VOTE


class WrittenState(enum.StrEnum):
    """How a written procedure stands; both last ones send the item to the next session."""

    OPEN = "open"
    ADOPTED = "adopted"
    OBJECTED = "objected"
    LAPSED = "lapsed"


@dataclass(frozen=True, slots=True)
class Written:
    state: WrittenState
    deadline: date
    missing: tuple[int, ...]


def written_procedure(
    opened_on: date,
    voters: Iterable[Voter],
    votes: Mapping[int, Choice],
    rules: VotingRules,
    today: date,
    closed: Collection[date] = frozenset(),
) -> Written:
    """All voting members answer within `written_days` working days; one objection sends the item to a session.

    Presence and proxies play no part. The last day counts whole.
    """
    asked = [voter.key for voter in voters if not voter.recused]
    if strangers := votes.keys() - set(asked):
        raise IneligibleVoteError(f"not entitled to vote: {sorted(strangers)}")
    deadline = add_working_days(opened_on, rules.written_days, closed)
    missing = tuple(key for key in asked if key not in votes)
    if Choice.AGAINST in votes.values():
        state = WrittenState.OBJECTED
    elif not missing and len(asked) >= rules.voters_min:
        state = WrittenState.ADOPTED if Choice.FOR in votes.values() else WrittenState.LAPSED
    else:
        state = WrittenState.LAPSED if today > deadline else WrittenState.OPEN
    return Written(state, deadline, missing)
