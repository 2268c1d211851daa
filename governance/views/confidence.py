"""Confidence in delivery: what was given on a project, giving one, and closing the actions it made mandatory."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from config import clock
from config.web.htmx import render_page, see_other
from governance.forms.body import add_errors
from governance.forms.gate_review import ConfidenceForm
from governance.forms.session import EvidenceForm
from governance.models import GateReview
from governance.selectors.confidence import (
    confidences_of,
    get_action,
    is_done,
    may_give,
    meanings_on,
    standpoint,
)
from governance.selectors.gate_review import get_review
from governance.services.confidence import close_action, give_confidence
from people.permissions.catalogue import Permission
from people.permissions.decorators import AuthenticatedRequest, requires
from people.selectors.roster import choosable_people
from portfolio.models import Project
from portfolio.selectors.project import get_project
from portfolio.views.frame import project_frame


@requires(Permission.PORTFOLIO_VIEW)
@require_safe
def project_confidence(request: AuthenticatedRequest, code: str) -> HttpResponse:
    """Every confidence given on the project; for htmx, the last one beside the colour declared."""
    project, today = get_project(request.user, code), clock.today()
    frame = project_frame(request.user, project, "governance:project_gates", today)
    declared = frame["told"].declared_overall
    context = {
        **frame,
        "declared": declared,
        "standpoint": standpoint(project, declared, today),
        "rows": confidences_of(project),
        "meanings": meanings_on(today),
        "may_give": may_give(request.user, project),
    }
    return render_page(request, "governance/confidence/project.html", "governance/confidence/_standpoint.html", context)


@requires(Permission.CONFIDENCE_GIVE)
@require_http_methods(["GET", "POST"])
def confidence_new(request: AuthenticatedRequest, code: str) -> HttpResponse:
    project = get_project(request.user, code)
    return _give(request, project, None, reverse("governance:project_confidence", args=[code]))


@requires(Permission.CONFIDENCE_GIVE)
@require_http_methods(["GET", "POST"])
def gate_confidence(request: AuthenticatedRequest, number: str) -> HttpResponse:
    """With the review it belongs to: the project office, or who reads it over."""
    review = get_review(request.user, number)
    return _give(request, review.project, review, review.get_absolute_url())


def _give(request: AuthenticatedRequest, project: Project, review: GateReview | None, back: str) -> HttpResponse:
    user, today = request.user, clock.today()
    if not may_give(user, project, review):
        raise PermissionDenied(
            _("La confiance est donnée par le PSO ou un relecteur, jamais par le chef de projet ou son suppléant.")
        )
    meanings = meanings_on(today)
    people = choosable_people(user, today)
    form = ConfidenceForm(
        request.POST or None,
        levels=[(one.level, one.label) for one in meanings],
        people=people,
    )
    if request.method == "POST" and form.is_valid():
        try:
            give_confidence(
                project=project,
                by=user,
                level=form.cleaned_data["level"],
                reason=form.cleaned_data["reason"],
                on=today,
                review=review,
                actions=form.actions,
            )
        except ValidationError as error:
            add_errors(form, error)
        else:
            return see_other(back)
    context = {"project": project, "review": review, "form": form, "meanings": meanings, "back": back}
    return render(request, "governance/confidence/new.html", context, status=422 if form.errors else 200)


@requires(Permission.PORTFOLIO_VIEW)
@require_http_methods(["GET", "POST"])
def confidence_action(request: AuthenticatedRequest, action_id: int) -> HttpResponse:
    """A mandatory action; its owner says what he did and where it can be seen."""
    action = get_action(request.user, action_id)
    form = EvidenceForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            close_action(action=action, by=request.user, evidence=form.cleaned_data["evidence"], on=clock.today())
        except ValidationError as error:
            add_errors(form, error)
        else:
            return see_other(reverse("governance:project_confidence", args=[action.confidence.project.code]))
    context = {
        "action": action,
        "project": action.confidence.project,
        "form": form,
        "is_mine": action.owner.user_id == request.user.pk and not is_done(action) and action.follow_up is None,
        "done": is_done(action),
    }
    return render(request, "governance/confidence/action.html", context, status=422 if form.errors else 200)
