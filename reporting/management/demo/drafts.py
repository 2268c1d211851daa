"""Two project managers have begun typing and not published yet."""

from __future__ import annotations

from portfolio.models import StatusReport
from portfolio.selectors.status_report import load_sheet, stored_values
from portfolio.services.reporting_cycle import ensure_cycle
from portfolio.services.status_report import save_draft
from reporting.management.demo.replay import Replay

BEGUN = 2


def begin_drafts(replay: Replay) -> None:
    """A draft of the current week for the first and the last of the silent projects, stale ones apart."""
    cycle = ensure_cycle(replay.current)
    given = set(StatusReport.objects.filter(cycle=cycle).values_list("project_id", flat=True))
    late = [
        plan
        for plan in replay.plans
        if plan.project.owes_status and plan.project.pk not in given and len(plan.story.silent) <= 1
    ]
    for plan in late if len(late) <= BEGUN else (late[0], late[-1]):
        person = plan.project.manager
        if person is None or person.user is None:
            continue
        base = stored_values(load_sheet(plan.project, cycle, weeks=2), replay.now)
        values = {
            **base,
            "message": f"Recette en cours pour {plan.spec.thing} ; reste à confirmer avec {plan.spec.actor}",
        }
        save_draft(project=plan.project, cycle=cycle, by=person.user, values=values, base=base, now=replay.now)
