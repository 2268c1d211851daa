"""The next thirty days: milestones that come, those that are threatened, and the bodies that meet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count

from config.clock import BRUSSELS
from config.web.languages import Worded, in_reach
from governance.models import Sitting
from governance.selectors.body import upcoming_sittings
from governance.selectors.decision_request import open_requests
from people.models import User
from portfolio.engines.deviation import milestone_rag
from portfolio.models import Milestone
from portfolio.selectors.register_row import language
from reporting.selectors.dashboard import dashboard_projects

DAYS = 30


@dataclass(frozen=True, slots=True)
class ComingMilestone:
    """An open milestone expected soon; `slip` in days against its baseline."""

    code: str
    project: Worded
    name: str
    on: date
    baseline: date
    slip: int
    state: str

    @property
    def threatened(self) -> bool:
        return self.slip > 0


@dataclass(frozen=True, slots=True)
class ComingSitting:
    """A session of a body and how many decisions are asked of it."""

    sitting: Sitting
    requests: int

    @property
    def on(self) -> date:
        return self.sitting.starts_at.astimezone(BRUSSELS).date()


def coming_milestones(user: User, today: date) -> list[ComingMilestone]:
    """Open milestones whose forecast falls within thirty days, soonest first."""
    spoken = language()
    rows = (
        Milestone.objects.filter(
            project__in=dashboard_projects(user).values("pk"),
            actual__isnull=True,
            forecast__range=(today, today + timedelta(days=DAYS)),
        )
        .order_by("forecast", "project__priority_rank", "pk")
        .values_list("project__code", "project__name_fr", f"project__name_{spoken}", "name", "forecast", "baseline")
    )
    return [
        ComingMilestone(
            code=code,
            project=in_reach(name_fr, translated),
            name=name,
            on=forecast,
            baseline=baseline,
            slip=(forecast - baseline).days,
            state=milestone_rag((forecast - baseline).days).value,
        )
        for code, name_fr, translated, name, forecast, baseline in rows
    ]


def coming_sittings(user: User, now: datetime, limit: int = 5) -> list[ComingSitting]:
    """The next sessions, with the decisions asked of each body until then."""
    sittings = upcoming_sittings(user, now, limit)
    asked: dict[tuple[int, date], int] = {
        (body, day): count
        for body, day, count in open_requests(user)
        .order_by()
        .filter(body__in={sitting.body_id for sitting in sittings})
        .values_list("body", "needed_on")
        .annotate(count=Count("pk"))
    }
    return [
        ComingSitting(
            sitting=sitting,
            requests=asked.get((sitting.body_id, sitting.starts_at.astimezone(BRUSSELS).date()), 0),
        )
        for sitting in sittings
    ]
