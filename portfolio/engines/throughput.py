"""When a backlog is done if weeks go on as they went: seeded Monte Carlo on weekly throughput.

Each run draws one past week after the other, with replacement, and takes off what that week finished until nothing is
left; with growth it also adds what that same week added. A percentile is the least number of weeks within which that
share of the runs is over. Source: bootstrap of an empirical distribution; docs/formulas/throughput.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from random import Random

RUNS, HORIZON = 10_000, 156
WINDOW, FEWEST = 12, 6


@dataclass(frozen=True, slots=True)
class WeekSample:
    """A past week: what it finished, and by how much it changed the scope."""

    done: int
    scope_change: int = 0


@dataclass(frozen=True, slots=True)
class Forecast:
    """`ended[k - 1]` runs were over after exactly k weeks; the rest of `runs` not within the horizon."""

    runs: int
    ended: tuple[int, ...]

    def percentile(self, share: int) -> int | None:
        """The least number of weeks that suffices in `share` percent of the runs; None beyond the horizon."""
        needed = share * self.runs
        return next((weeks for weeks, over in enumerate(accumulate(self.ended), 1) if 100 * over >= needed), None)

    def probability_within(self, weeks: int) -> float:
        """The share of the runs that are over after so many weeks."""
        return sum(self.ended[: max(weeks, 0)]) / self.runs

    @property
    def beyond(self) -> int:
        return self.runs - sum(self.ended)


def samples_of(weeks: Sequence[WeekSample]) -> tuple[WeekSample, ...]:
    """The weeks to draw from: the last ones since work was first finished; none where they are too few or all empty.

    What lies before filled the backlog and says nothing about a pace.
    """
    begun = next((place for place, week in enumerate(weeks) if week.done), len(weeks))
    window = tuple(weeks[begun:][-WINDOW:])
    return window if len(window) >= FEWEST and any(week.done for week in window) else ()


def forecast(
    remaining: int, samples: Sequence[WeekSample], *, with_growth: bool = False, runs: int = RUNS, seed: int = 0
) -> Forecast | None:
    """How many weeks the rest takes; None without weeks to draw from or without anything left to do."""
    if remaining <= 0 or not samples or not 1 <= runs <= 1_000_000:
        return None
    gains = [week.done - (week.scope_change if with_growth else 0) for week in samples]
    ended = [0] * HORIZON
    if max(gains) * HORIZON >= remaining:
        rng, left, still = Random(seed), [remaining] * runs, list(range(runs))  # noqa: S311 -- a simulation, no secret
        for week in range(HORIZON):
            # Every run draws every week, over or not: what is asked changes no draw, so answers can be compared.
            drawn = rng.choices(gains, k=runs)
            for run in still:
                left[run] -= drawn[run]
            over = len(still)
            still = [run for run in still if left[run] > 0]
            ended[week] = over - len(still)
            if not still:
                break
    return Forecast(runs, tuple(ended))
