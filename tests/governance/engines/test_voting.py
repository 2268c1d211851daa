from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.engines.voting import (
    Choice,
    IneligibleVoteError,
    Outcome,
    QuorumReason,
    Rank,
    Tie,
    Voter,
    VotingRules,
    WrittenState,
    quorum,
    represented,
    tally,
    written_procedure,
)
from tests.formula_tables import worked

RULES = VotingRules()
SEATS = {"C": 8, "D": 9, **{str(number): number for number in range(1, 6)}}
RANKS = {"C": Rank.CHAIR, "D": Rank.DEPUTY}
SIGNS = {"+": Choice.FOR, "-": Choice.AGAINST, "0": Choice.ABSTAIN}


def seats(present: str, recused: str = "", proxies: str = "") -> list[Voter]:
    given_to = dict(pair.split(">") for pair in proxies.split())
    return [
        Voter(
            key,
            RANKS.get(name, Rank.MEMBER),
            name in present.split(),
            name in recused.split(),
            SEATS[given_to[name]] if name in given_to else None,
        )
        for name, key in SEATS.items()
    ]


def votes(text: str) -> dict[int, Choice]:
    return {SEATS[word[0]]: SIGNS[word[1]] for word in text.split()}


@pytest.mark.parametrize("row", worked("voting", "quorum"), ids=lambda row: f"{row['present']}|{row['recused']}")
def test_worked_quorum(row):
    answer = quorum(seats(row["present"], row["recused"], row["proxies"]), RULES)
    expected = (int(row["base"]), int(row["needed"]), int(row["counted"]), row["reason"])
    assert (answer.base, answer.needed, answer.counted, answer.reason) == expected


@pytest.mark.parametrize("row", worked("voting", "vote"), ids=lambda row: row["votes"])
def test_worked_votes(row):
    result = tally(seats(" ".join(SEATS)), votes(row["votes"]), RULES)
    assert (result.outcome, result.how) == (row["outcome"], row["how"])


@pytest.mark.parametrize("row", worked("voting", "written procedure"), ids=lambda row: f"{row['votes']}|{row['today']}")
def test_worked_written_procedure(row):
    voters = [voter for voter in seats("") if voter.key in (8, 1, 2)]
    answer = written_procedure(
        date(2026, 11, 10),
        voters,
        votes(row["votes"]),
        RULES,
        date.fromisoformat(row["today"]),
        {date(2026, 11, 11)},
    )
    assert (answer.state, answer.deadline) == (row["state"], date.fromisoformat(row["deadline"]))


def test_a_written_procedure_leaves_out_the_recused_and_needs_two_voters():
    voters = [Voter(1, Rank.CHAIR), Voter(2, recused=True)]
    alone = written_procedure(date(2026, 11, 2), voters, {1: Choice.FOR}, RULES, date(2026, 11, 3))
    assert alone.state is WrittenState.OPEN
    with pytest.raises(IneligibleVoteError):
        written_procedure(date(2026, 11, 2), voters, {2: Choice.FOR}, RULES, date(2026, 11, 3))


def test_an_absent_member_votes_through_the_one_who_holds_his_proxy():
    voters = seats("C 1 2", proxies="3>1")
    assert represented(voters, RULES) == {3: 1}
    result = tally(voters, votes("C+ 1+ 2- 3+"), RULES)
    assert (result.outcome, result.in_favour) == (Outcome.ADOPTED, 3)


@pytest.mark.parametrize("vote", ["4+", "5-"])
def test_the_absent_and_the_recused_cannot_vote(vote):
    with pytest.raises(IneligibleVoteError):
        tally(seats("C D 1 2 5", recused="5"), votes(f"C+ {vote}"), RULES)


def test_without_quorum_unanimity_is_an_advice():
    assert tally(seats("C 1 2"), votes("C+ 1+ 2+"), RULES).outcome is Outcome.ADVICE


def test_a_tie_goes_up_where_the_chair_has_no_casting_vote():
    rules = VotingRules(tie=Tie.ESCALATE)
    assert tally(seats("C D 1 2 3"), votes("C+ D- 1+ 2-"), rules).outcome is Outcome.ESCALATED


def test_a_share_is_rounded_up():
    assert quorum(seats("C 1 2 3"), VotingRules(quorum_share=Decimal("0.6"))).needed == 5


voters_of = st.lists(
    st.builds(
        lambda rank, present, recused, proxy: (rank, present, recused, proxy),
        st.sampled_from(Rank),
        st.booleans(),
        st.booleans(),
        st.none() | st.integers(0, 9),
    ),
    max_size=10,
).map(lambda rows: [Voter(key, *row) for key, row in enumerate(rows)])


@given(voters_of, st.dictionaries(st.integers(0, 9), st.sampled_from(Choice)))
def test_nothing_is_decided_without_quorum_or_by_a_conflicted_voter(voters, cast):
    recused = {voter.key for voter in voters if voter.recused}
    held = represented(voters, RULES)
    assert recused.isdisjoint(held)
    assert recused.isdisjoint(held.values())
    try:
        result = tally(voters, cast, RULES)
    except IneligibleVoteError:
        return
    assert recused.isdisjoint(cast)
    answer = quorum(voters, RULES)
    if result.outcome in (Outcome.ADOPTED, Outcome.REJECTED):
        assert answer.reason is QuorumReason.MET
        assert answer.present >= RULES.voters_min
        assert answer.counted >= answer.needed
