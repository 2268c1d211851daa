"""The clocks in force: how long a step may take on a day, and the day it ends."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.db.models import QuerySet

from config.clock import BRUSSELS
from governance.engines.arbitration import Clock as Name
from governance.engines.arbitration import Pace, default_pace, due_on
from governance.enums import SittingState
from governance.models import Body, Clock, Sitting
from portfolio.selectors.closing_day import closed_days

_REACH = timedelta(days=150)
"""More than any clock lasts, weekends and closed days included."""


def clocks() -> QuerySet[Clock]:
    """Every dated clock, those of one kind together, latest first."""
    return Clock.objects.order_by("kind", "body_kind", "-valid_from")


def pace_on(name: Name, on: date, body_kind: str = "") -> Pace:
    """The pace in force that day; the default until the first row begins."""
    row = Clock.objects.filter(kind=name, body_kind=body_kind, valid_from__lte=on).order_by("-valid_from").first()
    return default_pace(name, body_kind) if row is None else Pace(row.days, row.next_session)


def deadline(name: Name, since: date, body: Body | None = None) -> date:
    """The last day of a step entered on `since`, before the body where one is to answer."""
    kind = body.kind if body is not None and name is Name.REACTION else ""
    pace = pace_on(name, since, kind)
    session = next_session(body, since) if body is not None and pace.next_session else None
    return due_on(since, pace, closed_days(since, since + _REACH), session)


def answer_by(body: Body, since: date, needed_on: date) -> date:
    """When the body is late with its answer: after its reaction time, and not before the answer is needed."""
    return max(deadline(Name.REACTION, since, body), needed_on)


def next_session(body: Body, after: date) -> date | None:
    """The day of the body's first session after that day."""
    midnight = datetime.combine(after + timedelta(days=1), time(), BRUSSELS)
    sittings = Sitting.objects.filter(body=body, starts_at__gte=midnight).exclude(state=SittingState.CANCELLED)
    start = sittings.order_by("starts_at").values_list("starts_at", flat=True).first()
    return None if start is None else start.astimezone(BRUSSELS).date()
