"""Governance's side of the ask port: a status that asks for a decision opens a request."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.urls import reverse

from config import clock
from governance.enums import OPEN_REQUESTS
from governance.models import Body, DecisionRequest
from governance.selectors.body import askable_bodies
from governance.selectors.clock import answer_by
from governance.services.decision_request import move_request, next_number, person_of
from people.models.user import User
from people.services import audit
from portfolio.enums import AskKind
from portfolio.models import Project, StatusReport
from portfolio.services.ask_port import AskDestination

SITTINGS_OFFERED = 4


class BodiesGateway:
    """Offers the bodies and keeps one open request per project and body in step with its status."""

    def destinations(self, project: Project, on: date) -> list[AskDestination]:
        return [
            AskDestination(
                code=body.code,
                label=body.name,
                dates=tuple(
                    sitting.starts_at.astimezone(clock.BRUSSELS).date()
                    for sitting in body.coming[:SITTINGS_OFFERED]  # type: ignore[attr-defined]
                ),
            )
            for body in askable_bodies(on)
        ]

    def sync(self, report: StatusReport, by: User) -> None:
        """Open or update the request the status asks for; withdraw the ones it no longer asks."""
        asked = report.ask_kind == AskKind.DECISION
        born_here = DecisionRequest.objects.select_for_update(of=("self",)).filter(
            project=report.project_id, state__in=OPEN_REQUESTS, report__isnull=False
        )
        kept: DecisionRequest | None = None
        for request in born_here.select_related("body"):
            if asked and request.body.code == report.ask_body:
                kept = request
            else:
                move_request(request=request, act="withdraw", by=by)
        if asked:
            _ask(report, kept, by)

    def addresses(self, projects: Collection[Project]) -> dict[int, str]:
        """The page of the open request that each project's status stands for, by project."""
        born_here = DecisionRequest.objects.filter(project__in=projects, state__in=OPEN_REQUESTS, report__isnull=False)
        rows = born_here.order_by("-needed_on").values_list("project_id", "number")
        return {project: reverse("governance:request", args=[number]) for project, number in rows}


def _ask(report: StatusReport, kept: DecisionRequest | None, by: User) -> None:
    if kept is None:
        body = Body.objects.get(code=report.ask_body)
        kept = DecisionRequest(
            number=next_number(body, clock.today().year),
            project=report.project,
            body=body,
            owner=report.project.manager,
            raised_by=person_of(by),
        )
        verb = "decision_request.opened"
    elif (kept.question, kept.needed_on) == (report.ask_text, report.ask_on):
        return
    else:
        kept.version += 1
        verb = "decision_request.updated"
    if report.ask_on is None:
        raise ValueError("a decision is asked for a date")
    kept.report, kept.question, kept.needed_on = report, report.ask_text, report.ask_on
    since = kept.created_at.astimezone(clock.BRUSSELS).date() if kept.created_at else clock.today()
    kept.answer_by = answer_by(kept.body, since, kept.needed_on)
    kept.full_clean()
    kept.save()
    audit.record(by=by, verb=verb, target=kept, data={"project": report.project.code})
