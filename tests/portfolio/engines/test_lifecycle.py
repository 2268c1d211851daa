import itertools

import pytest

from portfolio.engines.lifecycle import (
    CLOSED_PHASES,
    REPORTING_PHASES,
    TRANSITIONS,
    Gate,
    InvalidMoveError,
    Phase,
    can_move,
    gates_ahead,
    gates_behind,
    moves_from,
    transition,
)

MAIN_LINE = [
    "idea",
    "mandate",
    "preparation",
    "initiation",
    "stage",
    "closing",
    "closed",
    "benefits_tracking",
    "archived",
]


def test_main_line_is_walkable():
    for source, target in itertools.pairwise(MAIN_LINE):
        assert can_move(source, target)


@pytest.mark.parametrize(
    ("source", "target", "gate"),
    [
        ("preparation", "initiation", Gate.G0),
        ("initiation", "stage", Gate.G1),
        ("stage", "stage", Gate.GN),
        ("stage", "closing", Gate.GC),
        ("idea", "mandate", None),
    ],
)
def test_gates_stand_where_the_method_puts_them(source, target, gate):
    assert transition(Phase(source), Phase(target)).gate is gate


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("idea", "stage"),
        ("closed", "stage"),
        ("archived", "idea"),
        ("initiation", "exception"),
        ("closed", "cancelled"),
    ],
)
def test_moves_outside_the_table_are_refused(source, target):
    assert not can_move(Phase(source), Phase(target))
    with pytest.raises(InvalidMoveError):
        transition(Phase(source), Phase(target))


def test_side_states_need_a_reason():
    side = {Phase.EXCEPTION, Phase.ON_HOLD, Phase.CANCELLED}
    assert all(move.needs_reason for move in TRANSITIONS if move.target in side)


def test_table_holds_each_pair_once_and_only_archived_is_final():
    assert len({(move.source, move.target) for move in TRANSITIONS}) == len(TRANSITIONS)
    assert [phase for phase in Phase if not moves_from(phase)] == [Phase.ARCHIVED]


def test_every_phase_can_be_reached_from_an_idea():
    reached, waiting = {Phase.IDEA}, [Phase.IDEA]
    while waiting:
        for move in moves_from(waiting.pop()):
            if move.target not in reached:
                reached.add(move.target)
                waiting.append(move.target)
    assert reached == set(Phase)


def test_closed_projects_do_not_report():
    assert REPORTING_PHASES.isdisjoint(CLOSED_PHASES)


def test_a_project_is_sent_back_to_the_phase_before_an_earlier_gate():
    assert gates_behind(Phase.INITIATION) == {Gate.G0: Phase.PREPARATION}
    assert gates_behind(Phase.STAGE) == {Gate.G0: Phase.PREPARATION, Gate.G1: Phase.INITIATION}
    assert gates_behind(Phase.CLOSING)[Gate.GC] is Phase.STAGE
    assert gates_behind(Phase.PREPARATION) == {}
    assert all(move.needs_reason for move in TRANSITIONS if move.back_to)


def test_the_gates_ahead_are_those_of_the_phase():
    assert gates_ahead(Phase.STAGE) == {Gate.GN: Phase.STAGE, Gate.GC: Phase.CLOSING}
    assert gates_ahead(Phase.EXCEPTION) == {Gate.GC: Phase.CLOSING}
    assert gates_ahead(Phase.CLOSED) == {}
