"""Clocks of issues: who is reminded of an overdue step, whom it goes up to, and concessions that have run out."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction

from config import clock
from config.clock import BRUSSELS
from governance.engines.working_days import add_working_days
from governance.enums import ChangeState, FollowUpState
from governance.models import Change, ChangeAction
from governance.models.change import ENDED
from governance.selectors.change_room import money_of
from governance.services.change import move_change
from governance.services.change_notices import tell_action_late, tell_expired, tell_late
from people.enums import Role
from people.models import User
from people.selectors.holders import holders_of
from people.services import jobs, schedule
from portfolio.selectors.closing_day import closed_days

ESCALATED_AFTER = 3
"""Working days after the due day at which the level above is told (proposed)."""


KIND = "changes.clocks"
DAILY = schedule.Schedule(name="changes.clocks", latest_due=schedule.daily_at(6, 40), kind=KIND)


def register() -> None:
    jobs.register_handler(KIND, lambda _run: run_clocks(clock.now()))
    schedule.register(DAILY)


def run_clocks(now: datetime) -> dict[str, int]:
    """Remind once per overdue step, escalate once, end concessions; running it twice tells nobody twice."""
    today = now.astimezone(BRUSSELS).date()
    return {
        "expired": sum(_expire(change, today) for change in _expired(today)),
        "told": sum(_remind(change, today) for change in overdue(today)),
        "actions": sum(tell_action_late(action) for action in _late_actions(today)),
    }


def overdue(today: date) -> list[Change]:
    """Living issues whose step is past its day."""
    rows = Change.objects.filter(due_on__lt=today).exclude(state__in=ENDED)
    return list(
        rows.select_related("project__manager__user", "project__programme__manager__user", "owner__user", "author")
    )


def _expired(today: date) -> list[Change]:
    rows = Change.objects.filter(state=ChangeState.CONCEDED, review_on__lt=today)
    return list(rows.select_related("project__manager__user", "owner__user"))


@transaction.atomic
def _expire(change: Change, today: date) -> int:
    """The concession has ended: the off-specification is there again, to be assessed."""
    move_change(change=change, act="expire", by=None, on=today, review_on=None)
    tell_expired(change)
    return 1


@transaction.atomic
def _remind(change: Change, today: date) -> int:
    told = tell_late(change, kind="change_late", users=_carriers(change, today))
    due = change.due_on or today
    closed = closed_days(due, due + timedelta(days=30))
    if add_working_days(due, ESCALATED_AFTER, closed) < today:
        told += tell_late(change, kind="change_escalated", users=_above(change))
    return told


def _carriers(change: Change, today: date) -> list[User]:
    """Who has the next step in hand: the change authority for an answer, else the owner and the project manager."""
    people = [change.owner, change.project.manager]
    if change.state == ChangeState.RECOMMENDED:
        delegation = money_of(change.project, today).delegation
        people += [delegation.person] if delegation is not None else []
    return [person.user for person in people if person is not None and person.user is not None]


def _above(change: Change) -> list[User]:
    programme = change.project.programme
    manager = programme.manager.user if programme is not None and programme.manager is not None else None
    return [*([manager] if manager is not None else []), *holders_of(Role.PSO)]


def _late_actions(today: date) -> list[ChangeAction]:
    rows = ChangeAction.objects.filter(state=FollowUpState.OPEN, due__lt=today).exclude(change__state__in=ENDED)
    return list(rows.select_related("owner__user", "change"))
