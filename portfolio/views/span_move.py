"""What if a project ended on another day: its tolerance, who feels it; proposed with a reason, never written."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from config import clock
from config.web import formats
from config.web.htmx import see_other
from people.permissions.catalogue import Permission
from people.permissions.checks import has_permission
from people.permissions.decorators import AuthenticatedRequest, requires
from portfolio.forms.span_move import SpanMoveForm, SpanProposalForm
from portfolio.models.project import Project
from portfolio.selectors.span_move import SpanMove, span_move
from portfolio.selectors.wording import rule_text
from portfolio.services.span_move import propose_span_move
from portfolio.views.plan import editable_plan

WEEK = timedelta(days=7)
STEPS = (-4, -1, 1, 4)
NAMED = 3


@requires(Permission.MILESTONE_EDIT)
@require_http_methods(["GET", "POST"])
def span_move_page(request: AuthenticatedRequest, code: str) -> HttpResponse:
    """Without a day: the end expected now, from which to go by a week or to any day."""
    project = editable_plan(request, code)
    proposal = SpanProposalForm(request.POST, today=clock.today()) if request.method == "POST" else None
    asked = SpanMoveForm(request.GET, today=clock.today()) if "end" in request.GET else None
    if proposal is not None and proposal.is_valid():
        found = span_move(request.user, project, proposal.cleaned_data["end"], clock.now())
        if found is not None:
            told = propose_span_move(
                project=project,
                end=found.end,
                new_end=found.new_end,
                reason=proposal.cleaned_data["reason"],
                by=request.user,
            )
            messages.success(
                request,
                _("Proposition transmise au chef de projet.") if told else _("Proposition notée au journal du projet."),
            )
            return see_other(f"{reverse('portfolio:span_move', args=[code])}?end={found.new_end.isoformat()}")
    return _page(request, project, asked, proposal)


def _page(
    request: AuthenticatedRequest, project: Project, asked: SpanMoveForm | None, proposal: SpanProposalForm | None
) -> HttpResponse:
    wrong = (asked is not None and not asked.is_valid()) or (proposal is not None and not proposal.is_valid())
    day = proposal.cleaned_data.get("end") if proposal is not None else None
    if day is None and asked is not None and asked.is_valid():
        day = asked.cleaned_data["end"]
    now = clock.now()
    found = span_move(request.user, project, day, now)
    context: dict[str, Any] = {"project": project, "found": found}
    if found is not None:
        shown = {"end": found.new_end}
        context |= {
            "headline": headline(found),
            "rule": rule_text(found.verdict),
            "form": asked if wrong and asked is not None else SpanMoveForm(initial=shown, today=now.date()),
            "proposal": proposal or SpanProposalForm(initial=shown, today=now.date()),
            "steps": [(f"{weeks:+d}".replace("-", "−"), found.new_end + weeks * WEEK) for weeks in STEPS],
            "effects": [
                (one, one.rows[:NAMED], max(len(one.rows) - NAMED, 0), formats.signed(round(one.end_days)))
                for one in found.effects
            ],
            "may_raise": has_permission(request.user, Permission.RISK_EDIT, project),
        }
    return render(request, "portfolio/roadmap/move.html", context, status=422 if wrong else 200)


def headline(found: SpanMove) -> str:
    """The end and how far it goes, then who feels it."""
    end = formats.date_short(found.new_end)
    if not found.days:
        return _("Fin prévue le %(end)s : et si elle changeait ?") % {"end": end}
    first = _("Fin le %(end)s, %(days)s") % {"end": end, "days": formats.delta_days(found.days)}
    if not found.effects:
        return _("%(first)s : aucun autre projet ne le sent") % {"first": first}
    many = ngettext("%(n)s projet le sent", "%(n)s projets le sentent", len(found.effects)) % {"n": len(found.effects)}
    return f"{first} : {many}"
