"""What is mine to do this week: the home page of project managers."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from config import clock
from people.enums import Role
from people.permissions.catalogue import Permission
from people.permissions.checks import has_permission
from people.permissions.decorators import AuthenticatedRequest, requires
from people.selectors.absence import absence_of
from portfolio.engines.reporting_calendar import InvalidWeekError, IsoWeek
from portfolio.selectors.my_work import (
    open_asks,
    programme_projects,
    risks_to_review,
    status_queue,
)
from portfolio.services.ask_port import gateway
from portfolio.services.reporting_cycle import current_cycle
from portfolio.services.work_port import work_blocks


@requires(Permission.MY_WORK_VIEW)
def my_work(request: AuthenticatedRequest) -> HttpResponse:
    """Statuses due, risks to review, asks waiting, projects of one's programmes; empty says so."""
    user, now = request.user, clock.now()
    cycle = current_cycle(now)
    queue = status_queue(user, cycle)
    manages = Role.PROGRAMME_MANAGER in user.role_set
    programme = list(programme_projects(user, cycle)) if manages else []
    risks = list(risks_to_review(user, now)) if queue.items else []
    asks = list(open_asks(user)) if queue.items else []
    requests = gateway().addresses(asks) if asks else {}
    blocks = work_blocks(user, now)
    context = {
        "cycle": cycle,
        "state": cycle.state(now),
        "now": now,
        "queue": queue,
        "given": len(queue.items) - len(queue.waiting),
        "risks": risks,
        "asks": [(project, requests.get(project.pk) or project.get_absolute_url()) for project in asks],
        "programme": programme,
        "done_week": _done(request.GET.get("done", "")),
        "absence": absence_of(user, clock.today()),
        "blocks": blocks,
        "is_empty": not (queue.items or programme or blocks),
        "may_steer": has_permission(user, Permission.DASHBOARD_VIEW),
    }
    return render(request, "portfolio/my/my_work.html", context)


def _done(text: str) -> int | None:
    """The week whose queue the person has just finished, from the address."""
    try:
        return IsoWeek.parse(text).week
    except InvalidWeekError:
        return None
