import csv
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portfolio.engines.levelling import OverDemandError, PriorityRule, Task, TaskLink, level
from portfolio.engines.network import CycleError, LinkType
from tests.portfolio.engines.networks import read_instance
from tests.shared_data import shared, shared_files


def assert_feasible(tasks, links, capacities, starts):
    by_id = {task.id: task for task in tasks}
    used = Counter()
    for task in tasks:
        for at in range(starts[task.id], starts[task.id] + task.duration):
            used.update({(resource, at): demand for resource, demand in task.demands.items()})
    assert all(amount <= capacities[resource] for (resource, _at), amount in used.items())
    for link in links:
        before, then = by_id[link.predecessor], by_id[link.successor]
        own = starts[before.id] + (0 if link.type in (LinkType.SS, LinkType.SF) else before.duration)
        bound = starts[then.id] + (0 if link.type in (LinkType.FS, LinkType.SS) else then.duration)
        assert bound >= own + link.lag


def published(name):
    instance = read_instance(shared(name))
    tasks = [
        Task(str(place), duration, {f"R{n}": demand for n, demand in enumerate(instance.demands[place])})
        for place, duration in enumerate(instance.durations)
    ]
    links = [TaskLink(str(before), str(then)) for before, then in instance.links]
    return tasks, links, {f"R{n}": capacity for n, capacity in enumerate(instance.capacities)}


def test_published_instances_are_levelled_near_their_optimum():
    with shared("psplib-rcpsp/known_answers.csv").open() as stream:
        known = {row["file"]: row["resource_constrained_optimum"] for row in csv.DictReader(stream)}
    names = shared_files("psplib-rcpsp", "*.sm") + shared_files("psplib-rcpsp", "*.rcp")
    gaps = []
    for name in names:
        tasks, links, capacities = published(name)
        found = level(tasks, links, capacities)
        assert_feasible(tasks, links, capacities, found.starts)
        low, *_rest, high = known[name.split("/")[1]].split("..") * 2
        assert found.finish >= max(found.unlimited_finish, int(low or 0))
        assert found.finish == min(found.finish_by_rule.values())
        gaps.append(found.finish / int(high) - 1)
    assert len(gaps) == 46
    assert sum(gaps) / len(gaps) < 0.035
    assert max(gaps) < 0.15
    assert sum(gap <= 0 for gap in gaps) >= 25


def test_more_samples_are_never_worse_and_repeat_with_their_seed():
    plan = published("psplib-rcpsp/j3013_1.sm")
    plain, sampled = level(*plan), level(*plan, samples=10, seed=3)
    assert sampled.finish <= plain.finish
    assert sampled == level(*plan, samples=10, seed=3)


def test_two_who_need_the_same_person_take_turns():
    tasks = [Task("A", 5, {"Ana": 1}), Task("B", 3, {"Ana": 1}), Task("C", 4)]
    found = level(tasks, [], {"Ana": 1})
    assert (found.finish, found.unlimited_finish) == (8, 5)
    assert sorted(found.delays.values()) == [0, 0, 5] or sorted(found.delays.values()) == [0, 0, 3]


def test_what_has_begun_stays_and_what_waits_for_a_date_waits():
    tasks = [Task("A", 4, {"R": 1}, start=1), Task("B", 2, {"R": 1}), Task("C", 2, {"R": 1}, earliest=9)]
    found = level(tasks, [], {"R": 1})
    assert found.starts == {"A": 1, "B": 5, "C": 9}


def test_resource_without_capacity_limit_binds_nobody():
    assert level([Task("A", 5, {"X": 9}), Task("B", 5, {"X": 9})], [], {}).finish == 5


def test_demand_beyond_the_capacity_is_refused_by_name():
    with pytest.raises(OverDemandError, match="A needs more of R"):
        level([Task("A", 1, {"R": 2})], [], {"R": 1})
    with pytest.raises(CycleError, match="A -> B -> A"):
        level([Task("A", 1), Task("B", 1)], [TaskLink("A", "B"), TaskLink("B", "A")], {})


@settings(max_examples=60, deadline=None)
@given(
    plan=st.integers(2, 9).flatmap(
        lambda count: st.tuples(
            st.lists(
                st.tuples(st.integers(0, 6), st.integers(0, 3), st.integers(0, 2)), min_size=count, max_size=count
            ),
            st.lists(
                st.tuples(
                    st.integers(0, count - 1), st.integers(0, count - 1), st.sampled_from(LinkType), st.integers(-2, 3)
                ).filter(lambda link: link[0] < link[1]),
                max_size=count,
            ),
        )
    )
)
def test_every_levelled_plan_keeps_links_and_capacities(plan):
    tasks = [Task(str(n), duration, {"R": r, "S": s}) for n, (duration, r, s) in enumerate(plan[0])]
    links = [TaskLink(str(before), str(then), kind, lag) for before, then, kind, lag in plan[1]]
    found = level(tasks, links, {"R": 3, "S": 2})
    assert_feasible(tasks, links, {"R": 3, "S": 2}, found.starts)
    assert min(found.starts.values()) >= 0
    assert found.finish >= found.unlimited_finish
    assert set(found.finish_by_rule) == set(PriorityRule) - {PriorityRule.SAMPLED}
