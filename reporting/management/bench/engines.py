"""The engines of plans beside what they are measured against, side by side in one process."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from statistics import median
from typing import Any

import numpy as np

from portfolio.engines.critical_path import Rules, schedule
from portfolio.engines.longest_path import longest_path
from portfolio.engines.network import (
    NO_LAG,
    Activity,
    ConstraintType,
    Lag,
    LagKind,
    Link,
    LinkType,
    Network,
    build_network,
)
from portfolio.engines.schedule_risk import Runs, simulate
from portfolio.engines.three_point import Estimate, RiskActivity, RiskEvent, RiskLink
from portfolio.engines.working_calendar import (
    BELGIAN_WEEK,
    CONTINUOUS,
    STANDARD,
    Clock,
    WorkingClock,
    legal_holidays,
    midnight,
)
from reporting.management.bench.figures import Figures

SIZES = {1_000: 25, 10_000: 15, 100_000: 7}
MONTE_CARLO = 1_000
RUNS = 10_000
START = midnight(date(2026, 1, 5)) + 480
_DATED = (ConstraintType.SNET, ConstraintType.FNET, ConstraintType.SNLT, ConstraintType.FNLT, ConstraintType.MSO)
_LAGS = (NO_LAG, NO_LAG, Lag(480), Lag(-240), Lag(2880, LagKind.ELAPSED), Lag(50, LagKind.PERCENT))


def measure(figures: Figures) -> None:
    """Critical paths and simulations beside a graph library and bare random numbers"""
    plain_networks(figures)
    dated_networks(figures)
    monte_carlo(figures)


def seconds(work: Callable[[], Any]) -> float:
    """Processor time: all of it is reckoning on one processor, and others may be at work."""
    started = time.process_time()
    work()
    return time.process_time() - started


def drawn(count: int) -> tuple[list[int], list[tuple[int, int]]]:
    """Durations, and about two predecessors each, written in the order of the plan."""
    rng = random.Random(count)  # noqa: S311 -- a network to measure on
    durations = [rng.randint(1, 20) for _ in range(count)]
    links = [(before, then) for then in range(1, count) for before in {rng.randrange(then), rng.randrange(then)}]
    return durations, links


def plain_networks(figures: Figures) -> None:
    """Full early and late starts, beside rustworkx's longest path with the building of its graph."""
    import rustworkx  # noqa: PLC0415 -- of the tests, not of production

    def by_library(durations: list[int], links: list[tuple[int, int]]) -> float:
        graph = rustworkx.PyDiGraph()
        graph.add_nodes_from(durations)
        graph.add_edges_from([(before, then, durations[before]) for before, then in links])
        return rustworkx.dag_longest_path_length(graph, weight_fn=lambda _before, _then, weight: weight)

    own: dict[int, float] = {}
    for count, rounds in SIZES.items():
        durations, links = drawn(count)
        shuffled = random.Random(1).sample(links, len(links))  # noqa: S311 -- an order to measure on
        for order, given, goal in (("in order", links, 1), ("in no order", shuffled, 1.6)):
            taken = [
                (seconds(partial(longest_path, durations, given)), seconds(partial(by_library, durations, given)))
                for _ in range(rounds)
            ]
            ratio = median(mine / theirs for mine, theirs in taken)
            figures.add(f"10 critical path / rustworkx at {count}, links {order}", ratio, "x", goal)
            own.setdefault(count, min(mine for mine, _theirs in taken))
        figures.add(f"critical path of {count} activities", own[count] * 1000, "ms")
    figures.add("10 critical path 100000 / 10000", own[100_000] / own[10_000], "x", 15)


def dated_networks(figures: Figures) -> None:
    """The second figure of goal 10: calendars, all link types, lags, constraints and deadlines."""
    free = legal_holidays(date(2020, 1, 1), date(2080, 1, 1))
    calendars = {"": STANDARD.without(free), "38 h": BELGIAN_WEEK.without(free), "24 h": CONTINUOUS}
    clocks: dict[str, Clock] = {name: WorkingClock(calendar) for name, calendar in calendars.items()}
    taken = {}
    for count in (100, 1_000, 10_000):
        run, plain = partial(schedule, dated(count), clocks, Rules(start=START)), partial(longest_path, *drawn(count))
        pairs = [(seconds(run), seconds(plain)) for _ in range(5)]
        taken[count] = median(mine for mine, _plain in pairs)
        ratio = median(mine / bare for mine, bare in pairs)
        figures.add(f"10 the same with calendars and constraints / plain at {count}", ratio, "x")
        figures.add(f"plan of {count} activities with calendars and constraints", taken[count] * 1000, "ms")
    figures.add("plan with calendars and constraints 10000 / 1000", taken[10_000] / taken[1_000], "x", 15)


def dated(count: int) -> Network:
    rng = random.Random(count)  # noqa: S311 -- a plan to measure on
    activities, links = [], []
    for place in range(count):
        kind = rng.choice(_DATED) if rng.random() < 0.05 else ConstraintType.ASAP
        activities.append(
            Activity(
                str(place),
                rng.randint(1, 15) * 480,
                calendar=rng.choice(("", "", "", "38 h", "24 h")),
                constraint=kind,
                constraint_date=START + rng.randint(0, 400) * 1440 if kind.dated else None,
                deadline=START + rng.randint(100, 800) * 1440 if rng.random() < 0.02 else None,
            )
        )
        for before in {rng.randrange(max(0, place - 200), place) for _ in range(2)} if place else ():
            link_type = rng.choices(list(LinkType), [8, 1, 1, 0.2])[0]
            links.append(Link(str(before), str(place), link_type, rng.choice(_LAGS)))
    return build_network(activities, links)


def monte_carlo(figures: Figures) -> None:
    """Simulation with criticality, beside numpy drawing the same number of durations and doing nothing else."""
    rng = random.Random(2)  # noqa: S311 -- a network to measure on
    likely = [rng.uniform(2, 20) for _ in range(MONTE_CARLO)]
    _durations, links = drawn(MONTE_CARLO)
    activities = [RiskActivity(str(place), Estimate(one * 0.7, one, one * 1.8)) for place, one in enumerate(likely)]
    risk_links = [RiskLink(str(before), str(then)) for before, then in links]

    def only_draw() -> None:
        generator = np.random.default_rng(1)
        for one in likely:
            generator.triangular(one * 0.7, one, one * 1.8, RUNS)

    taken = [
        (seconds(lambda: simulate(activities, risk_links, Runs(iterations=RUNS))), seconds(only_draw)) for _ in range(9)
    ]
    figures.add("simulation of 1000 activities, 10000 runs", median(row[0] for row in taken) * 1000, "ms")
    figures.add("11 simulation / bare draws", median(row[0] / row[1] for row in taken), "x", 1.2)
    p80 = simulate(activities, risk_links, Runs(iterations=RUNS)).percentile(80)
    exact = plain_p80(likely, links)
    figures.add("11 P80 off the plain loop", abs(p80 / exact - 1) * 100, "%", 0.2)
    bound, typed, risks = _bound(activities, risk_links)
    taken = [
        (seconds(lambda: simulate(bound, typed, Runs(iterations=RUNS), risks)), seconds(only_draw)) for _ in range(5)
    ]
    figures.add("11 the same with all link types, dates and risks", median(row[0] for row in taken) * 1000, "ms")
    ratio = median(row[0] / row[1] for row in taken)
    figures.add("11 the same with all link types, dates and risks / bare draws", ratio, "x")


def _bound(
    activities: Sequence[RiskActivity], links: Sequence[RiskLink]
) -> tuple[list[RiskActivity], list[RiskLink], list[RiskEvent]]:
    """The same plan with lags and all link types, one activity in twenty bound by a date, thirty risks."""
    rng = random.Random(4)  # noqa: S311 -- a plan to measure on
    kinds = rng.choices(list(LinkType), [8, 1, 1, 0.2], k=len(links))
    typed = [
        RiskLink(one.predecessor, one.successor, kind, rng.choice((0.0, 0.0, 1.0, -0.5)))
        for one, kind in zip(links, kinds, strict=True)
    ]
    bound = [
        RiskActivity(one.id, one.estimate, rng.uniform(0, 200) if rng.random() < 0.05 else 0) for one in activities
    ]
    impact = Estimate(1, 3, 8)
    risks = [RiskEvent(str(place), rng.uniform(0.05, 0.6), (rng.choice(activities).id,), impact) for place in range(30)]
    return bound, typed, risks


def plain_p80(likely: list[float], links: list[tuple[int, int]]) -> float:
    """The same simulation by the plainest loop."""
    rng, finishes = random.Random(3), []  # noqa: S311 -- a simulation
    incoming: list[list[int]] = [[] for _ in likely]
    for before, then in links:
        incoming[then].append(before)
    for _ in range(RUNS):
        ends: list[float] = []
        for place, one in enumerate(likely):
            start = max([ends[before] for before in incoming[place]], default=0.0)
            ends.append(start + rng.triangular(one * 0.7, one * 1.8, one))
        finishes.append(max(ends))
    return sorted(finishes)[RUNS * 8 // 10]
