"""How sure the end of the plan is: the sentence first, the curve, what sets the end, which risks count and how."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from config import clock
from config.web import formats
from config.web.htmx import see_other
from people.permissions.catalogue import Permission
from people.permissions.checks import has_permission
from people.permissions.decorators import AuthenticatedRequest, requires
from portfolio.charts.risk_curve import CurveMark, CurvePoint, risk_curve
from portfolio.forms.plan_risk import RiskDelayForm, TargetForm
from portfolio.models.project import Project
from portfolio.selectors.field_rights import frozen_reason
from portfolio.selectors.plan_file import plan_of_project
from portfolio.selectors.plan_risk import (
    RiskyActivity,
    ScheduleRisk,
    get_risk_delay,
    open_activities,
    risks_to_state,
    schedule_risk,
    target_of,
)
from portfolio.selectors.project import get_project
from portfolio.selectors.risk import get_risk
from portfolio.services.risk_delay import remove_risk_delay, state_risk_delay
from portfolio.views.editing import add_errors
from portfolio.views.plan_words import minutes_text

SHOWN = 10
TOLD = (10, 50, 80, 90)
TWIN = range(5, 100, 5)


@requires(Permission.RISK_VIEW)
@require_http_methods(["GET", "POST"])
def plan_risk(request: AuthenticatedRequest, code: str) -> HttpResponse:
    """Computed at each request: the same plan, the same day and the same risks give the same figures."""
    project = _editable(request, code) if request.method == "POST" else _readable(request, code)
    plan = plan_of_project(project)
    if plan is None:
        raise Http404
    data = request.POST if request.method == "POST" else None
    form = RiskDelayForm(data, risks=risks_to_state(project), activities=open_activities(plan))
    if form.is_bound and form.is_valid():
        cleaned = form.cleaned_data
        risk = get_risk(project, cleaned.pop("risk"))
        try:
            state_risk_delay(risk=risk, activity_uid=cleaned.pop("activity"), by=request.user, **cleaned)
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, _("Retard retenu : il compte dans la simulation."))
            return see_other(reverse("portfolio:plan_risk", args=[code]))
    return _page(request, project, form)


@requires(Permission.RISK_EDIT)
@require_POST
def risk_delay_remove(request: AuthenticatedRequest, code: str, key: int) -> HttpResponse:
    project = _editable(request, code)
    remove_risk_delay(delay=get_risk_delay(project, key), by=request.user)
    messages.success(request, _("Retard retiré : il ne compte plus."))
    return see_other(reverse("portfolio:plan_risk", args=[code]))


def _readable(request: AuthenticatedRequest, code: str) -> Project:
    return get_project(request.user, code, may=Permission.RISK_VIEW)


def _editable(request: AuthenticatedRequest, code: str) -> Project:
    project = get_project(request.user, code, may=Permission.RISK_EDIT)
    if reason := frozen_reason(project):
        raise PermissionDenied(reason)
    return project


def _page(request: AuthenticatedRequest, project: Project, form: RiskDelayForm) -> HttpResponse:
    target = target_of(project)
    asked = TargetForm(request.GET if request.GET.get("target") else None, initial={"target": target})
    if asked.is_bound and asked.is_valid():
        target = asked.cleaned_data["target"]
    found = schedule_risk(project, clock.today(), target)
    context: dict[str, Any] = {
        "project": project,
        "risk": found,
        "form": form,
        "asked": asked,
        "may_edit": not frozen_reason(project) and has_permission(request.user, Permission.RISK_EDIT, project),
        "may_plan": not frozen_reason(project) and has_permission(request.user, Permission.MILESTONE_EDIT, project),
    }
    if found is not None:
        context |= _figures(found)
    return render(request, "portfolio/plan/risk.html", context, status=422 if form.errors or asked.errors else 200)


def _figures(found: ScheduleRisk) -> dict[str, Any]:
    title = headline(found)
    return {
        "headline": title,
        "curve": _curve(found, title),
        "told": [(f"P{number}", found.day(number)) for number in TOLD],
        "twin": [(number, found.day(number)) for number in TWIN],
        "chance": _chance(found.simulation.probability_of_target),
        "pert_chance": _chance(found.pert.probability_of_target),
        "contingency": minutes_text(Decimal(round(found.simulation.contingency)), found.plan.minutes_per_day),
        "rows": [_row(one, found.plan.minutes_per_day) for one in found.activities[:SHOWN]],
        "risks": [(one, _chance(float(one.chance)), _chance(one.struck)) for one in found.risks],
        "runs": formats.number(found.runs),
    }


def headline(found: ScheduleRisk) -> str:
    """The day to commit to, and the chance of the target."""
    if found.is_certain:
        told = _("Personne n’a estimé d’incertitude : le plan finit le %(day)s, sans plus") % {
            "day": formats.date_short(found.day(80))
        }
    else:
        told = _("4 chances sur 5 de finir au plus tard le %(day)s") % {"day": formats.date_short(found.day(80))}
    if found.target is None:
        return told
    return _("%(told)s ; objectif du %(target)s : %(chance)s") % {
        "told": told,
        "target": formats.date_short(found.target),
        "chance": _chance(found.simulation.probability_of_target),
    }


def _chance(share: float | None) -> str:
    """Never nought nor a hundred percent where some run said otherwise."""
    if share is None:
        return "—"
    if 0 < share < 0.01:
        return f"< {formats.percent(1, 0)}"
    if 0.99 < share < 1:
        return f"> {formats.percent(99, 0)}"
    return formats.percent(share * 100, 0)


def _curve(found: ScheduleRisk, title: str) -> SafeString:
    points = [CurvePoint(day, number) for number, day in enumerate(found.days, 1)]
    marks = [CurveMark(found.day(number), f"P{number}", number) for number in (50, 80)]
    share = found.simulation.probability_of_target
    if found.target is not None and share is not None and _is_near(found.target, found.days):
        marks.append(CurveMark(found.target, _("objectif"), share * 100, is_target=True))
    return risk_curve(points, marks, title=title, chart_id="risk-curve")


def _is_near(target: date, days: tuple[date, ...]) -> bool:
    """A target a long way off would squeeze the curve into a corner."""
    width = max((days[-1] - days[0]).days, 30)
    return abs((target - days[49]).days) <= 3 * width


def _row(one: RiskyActivity, minutes_per_day: int) -> tuple[RiskyActivity, str, float, str, str]:
    points = "—"
    if one.points is not None:
        points = " · ".join(minutes_text(Decimal(str(point)), minutes_per_day) for point in one.points)
    share = one.criticality * 100
    return one, points, share, _chance(one.criticality), formats.number(one.sensitivity, 2)
