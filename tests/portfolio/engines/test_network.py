import pytest

from portfolio.engines.longest_path import longest_path
from portfolio.engines.network import (
    Activity,
    ConstraintType,
    CycleError,
    DuplicateActivityError,
    InvalidActivityError,
    Link,
    Mode,
    UnknownActivityError,
    build_network,
)


def activities(names):
    return [Activity(name, 1) for name in names]


@pytest.mark.parametrize(
    ("links", "path"),
    [
        ([("A", "B"), ("B", "C"), ("C", "A")], "A -> B -> C -> A"),
        ([("D", "A"), ("C", "B"), ("B", "C"), ("C", "D")], "B -> C -> B"),
        ([("A", "A")], "A -> A"),
    ],
)
def test_cycle_is_refused_with_its_path(links, path):
    with pytest.raises(CycleError, match=f"^{path}$") as refused:
        build_network(activities("ABCD"), [Link(*link) for link in links])
    assert refused.value.path[0] == refused.value.path[-1]


def test_cycle_through_a_summary_names_the_activities_below():
    below = [Activity("S"), Activity("S1", 1, parent="S"), Activity("B", 1)]
    with pytest.raises(CycleError, match="S1 -> B -> S1"):
        build_network(below, [Link("S", "B"), Link("B", "S1")])


def test_summary_inside_itself_is_refused():
    with pytest.raises(CycleError):
        build_network([Activity("S", parent="T"), Activity("T", parent="S")], [])


def test_plain_cycle_is_refused_too():
    with pytest.raises(CycleError, match="0 -> 1 -> 2 -> 0"):
        longest_path([1, 1, 1], [(0, 1), (1, 2), (2, 0)])


def test_unknown_and_doubled_activities_are_named():
    with pytest.raises(UnknownActivityError, match="Z"):
        build_network(activities("AB"), [Link("A", "Z")])
    with pytest.raises(UnknownActivityError, match="P"):
        build_network([Activity("A", parent="P")], [])
    with pytest.raises(DuplicateActivityError, match="A"):
        build_network(activities("ABA"), [])


@pytest.mark.parametrize(
    "fields",
    [
        {"duration": -1},
        {"constraint": ConstraintType.MSO},
        {"mode": Mode.MANUAL, "start": 3},
        {"actual_finish": 3},
        {"actual_start": 3, "remaining": -1},
    ],
)
def test_activity_refuses_what_cannot_be(fields):
    with pytest.raises(InvalidActivityError, match=r"^A: "):
        Activity("A", **fields)


def test_order_keeps_the_plan_where_the_links_leave_a_choice():
    network = build_network(activities("DCBA"), [Link("A", "C")])
    assert [one.id for one in network.activities] == ["D", "B", "A", "C"]
