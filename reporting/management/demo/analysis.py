"""How sure the plans are: three points on open activities, what risks would delay, who waits for whom."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise
from random import Random

from portfolio.enums import ActivityKind, Confidentiality, PlanLinkType, RiskState
from portfolio.models import Activity, Plan, Risk
from portfolio.services.cross_link import End, add_cross_link
from portfolio.services.risk_delay import state_risk_delay
from reporting.management.demo.replay import Replay

HALF_DAY = 240
ESTIMATED = 0.75
DELAYS = ((5, 10, 25), (3, 5, 15))


def analyse_plans(replay: Replay) -> None:
    for plan in Plan.objects.select_related("project__manager__user").order_by("project__priority_rank"):
        rng = Random(f"analysis {plan.project.code}")  # noqa: S311 -- invented data
        rows = list(
            plan.activities.filter(kind=ActivityKind.TASK, actual_finish__isnull=True, duration__gt=0).order_by(
                "position"
            )
        )
        _estimate(rows, rng)
        _threaten(plan, rows, rng, replay)
    _tie_plans(replay)


def _estimate(rows: list[Activity], rng: Random) -> None:
    """Most activities may last longer by more than they may end early, as is usual."""
    estimated = [row for row in rows if rng.random() < ESTIMATED]
    for row in estimated:
        likely = row.duration or Decimal(0)
        row.optimistic = _halves(likely * Decimal(rng.choice(("0.75", "0.85", "0.9"))))
        row.most_likely = likely
        row.pessimistic = max(_halves(likely * Decimal(rng.choice(("1.25", "1.5", "1.9")))), likely)
        row.optimistic = min(row.optimistic, likely)
    Activity.objects.bulk_update(estimated, ["optimistic", "most_likely", "pessimistic"])


def _threaten(plan: Plan, rows: list[Activity], rng: Random, replay: Replay) -> None:
    """The first open risks would each delay one activity."""
    manager = plan.project.manager
    by = manager.user if manager and manager.user else replay.cast.users["pso1"]
    risks = Risk.objects.filter(project=plan.project, state=RiskState.OPEN).order_by("number")
    for risk, (low, likely, high) in zip(risks, DELAYS, strict=False):
        if rows:
            row = rng.choice(rows)
            state_risk_delay(
                risk=risk, activity_uid=row.uid, optimistic=low, most_likely=likely, pessimistic=high, by=by
            )


def _halves(minutes: Decimal) -> Decimal:
    return Decimal(round(minutes / HALF_DAY) * HALF_DAY)


def _tie_plans(replay: Replay) -> None:
    """Each plan gives something to the next one: the first link clashes, the others have room."""
    open_to_all = Plan.objects.exclude(project__confidentiality=Confidentiality.RESTRICTED)
    plans = list(open_to_all.select_related("project__manager__user").order_by("project__priority_rank"))
    for place, (giver, waiter) in enumerate(pairwise(plans[:5])):
        given = giver.activities.filter(kind=ActivityKind.MILESTONE, actual_finish__isnull=True).order_by("finish")
        rows = waiter.activities.filter(kind=ActivityKind.TASK, actual_start__isnull=True).order_by("start")
        mark = given.first()
        if mark is None or mark.finish is None:
            continue
        later, sooner = rows.filter(start__gte=mark.finish).first(), rows.filter(start__lt=mark.finish).last()
        row = (sooner or later) if place % 2 == 0 else (later or sooner)
        by = waiter.project.manager.user if waiter.project.manager else None
        if row is not None:
            add_cross_link(
                giver=End(giver.project, f"a{mark.uid}"),
                waiter=End(waiter.project, f"a{row.uid}"),
                kind=PlanLinkType.FS,
                lag_days=0,
                on_behalf_of=waiter.project,
                by=by or replay.cast.users["pso1"],
                now=replay.now,
            )
