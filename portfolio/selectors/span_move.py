"""A project moved as a what-if: its tolerance, its deviations, and which projects a reader knows of feel it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from people.models.user import User
from portfolio.engines.deviation import DateDeviation, date_deviation
from portfolio.engines.health import assess
from portfolio.engines.network import CycleError
from portfolio.engines.span_move import span_effects
from portfolio.engines.verdict import Verdict
from portfolio.engines.vocabulary import Rag, Target
from portfolio.models.cross_link import CrossLink
from portfolio.models.project import Project
from portfolio.selectors.cross_link import CrossNet, HitProject, links_around, visible_links
from portfolio.selectors.facts import facts_of, project_rows


@dataclass(frozen=True, slots=True)
class SpanMove:
    """`end` is what is expected now, `new_end` what is asked about; `links` is how many were followed."""

    end: date
    new_end: date
    deviation: DateDeviation
    verdict: Verdict
    effects: tuple[HitProject, ...]
    links: int

    @property
    def days(self) -> int:
        return (self.new_end - self.end).days

    @property
    def is_beyond(self) -> bool:
        return self.verdict.rag is Rag.RED


def span_move(user: User, project: Project, new_end: date | None, now: datetime) -> SpanMove | None:
    """Without a day: the end as it is expected. None for a project that expects none."""
    (row,) = project_rows([project.pk])
    end = row.expected_end
    if end is None:
        return None
    new_end = new_end or end
    facts = replace(facts_of(row, now), forecast_end=new_end, milestones=())
    links = links_around(visible_links(user), project)
    return SpanMove(
        end=end,
        new_end=new_end,
        deviation=date_deviation(
            new_end, first_approved=row.first_approved_end, baseline=row.planned_end, last_week=end
        ),
        verdict=assess(facts).targets[Target.TIME],
        effects=_effects(CrossNet(links), links, project, end, new_end) if links else (),
        links=len(links),
    )


def _effects(
    net: CrossNet, links: Sequence[CrossLink], project: Project, end: date, new_end: date
) -> tuple[HitProject, ...]:
    try:
        found = span_effects(net.projects(), [net.tie(link) for link in links], project.code, end, new_end)
    except CycleError:
        return ()
    known = {one.code: one for one in net.known.values()}
    return tuple(
        HitProject(
            known[one.project],
            one.end_days,
            tuple((net.labels.get((one.project, name), name), days) for name, days in one.rows),
        )
        for one in found
    )
