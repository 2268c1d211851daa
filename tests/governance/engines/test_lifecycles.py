import itertools

import pytest

from governance.engines.lifecycles import MACHINES, REQUEST, REQUEST_OPEN, IllegalMoveError, Machine

LEGAL = [(machine, act, source, target) for machine in MACHINES for act, source, target in machine.moves]
ILLEGAL = [
    (machine, act, source)
    for machine in MACHINES
    for act, source in itertools.product(sorted(machine.acts), sorted(machine.states))
    if not machine.allows(act, source)
]


@pytest.mark.parametrize(("machine", "act", "source", "target"), LEGAL)
def test_each_move_leads_where_the_table_says(machine: Machine, act, source, target):
    assert machine.target(act, source) == target
    assert source in machine.sources(act)


@pytest.mark.parametrize(("machine", "act", "source"), ILLEGAL)
def test_every_other_move_is_refused(machine: Machine, act, source):
    with pytest.raises(IllegalMoveError):
        machine.target(act, source)


@pytest.mark.parametrize("machine", MACHINES, ids=lambda machine: machine.name)
def test_every_state_is_reached_and_something_is_final(machine: Machine):
    reached, before = {machine.initial}, set()
    while reached != before:
        before = set(reached)
        reached |= {target for _act, source, target in machine.moves if source in reached}
    assert reached == machine.states
    assert machine.final or "reopen" in machine.acts


def test_an_open_request_is_one_that_may_still_be_settled():
    assert set(REQUEST_OPEN) == REQUEST.states - REQUEST.final
