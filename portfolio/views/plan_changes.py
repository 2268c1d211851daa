"""What changed in a plan between any two days, in the same table: added, removed, changed, old value struck through."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from config import clock
from config.web import formats
from people.permissions.catalogue import Permission
from people.permissions.decorators import AuthenticatedRequest, requires
from portfolio.engines.deviation import days_between, difference
from portfolio.enums import ActivityConstraint, ActivityKind
from portfolio.forms.plan_baseline import PeriodForm
from portfolio.selectors.plan_changes import ChangedActivity, ChangedField, ChangedFigure, plan_comparison
from portfolio.selectors.plan_file import plan_of_project
from portfolio.selectors.project import get_project
from portfolio.views.plan_words import minutes_text

WEEK = timedelta(days=7)
LABELS: dict[str, Promise] = {
    "name": gettext_lazy("Nom"),
    "kind": gettext_lazy("Nature"),
    "outline_level": gettext_lazy("Niveau"),
    "duration": gettext_lazy("Durée"),
    "start": gettext_lazy("Début"),
    "finish": gettext_lazy("Fin"),
    "percent_complete": gettext_lazy("Avancement"),
    "predecessors": gettext_lazy("Prédécesseurs"),
    "constraint": gettext_lazy("Contrainte"),
    "constraint_date": gettext_lazy("Date de la contrainte"),
    "deadline": gettext_lazy("Échéance"),
    "actual_start": gettext_lazy("Début réel"),
    "actual_finish": gettext_lazy("Fin réelle"),
    "is_active": gettext_lazy("Active"),
}
FIGURES: dict[str, Promise] = {
    "progress": gettext_lazy("Avancement, pondéré par les durées"),
    "finish": gettext_lazy("Fin du plan"),
    "planned_end": gettext_lazy("Fin de référence"),
    "forecast_end": gettext_lazy("Fin prévue du projet"),
    "approved": gettext_lazy("Budget approuvé"),
    "actual": gettext_lazy("Réel"),
    "forecast": gettext_lazy("Coût final estimé (EAC)"),
}


@requires(Permission.PORTFOLIO_VIEW)
@require_GET
def plan_changes_page(request: AuthenticatedRequest, code: str) -> HttpResponse:
    """Without days: since a week ago."""
    project = get_project(request.user, code)
    plan = plan_of_project(project)
    if plan is None:
        raise Http404
    today = clock.today()
    form = PeriodForm(request.GET or None, initial={"since": today - WEEK, "until": today})
    since, until = today - WEEK, today
    if form.is_bound and form.is_valid():
        since, until = form.cleaned_data["since"] or since, form.cleaned_data["until"] or until
    since, until = min(since, until), max(since, until)
    plan.project = project
    found = plan_comparison(request.user, plan, _end_of(since), _end_of(until))
    rows = found.rows
    context = {
        "project": project,
        "form": form,
        "since": since,
        "until": until,
        "figures": [_figure(one) for one in found.figures],
        "rows": [(row, _fields(row, plan.minutes_per_day)) for row in rows],
        **{f"{fate}_count": sum(row.fate == fate for row in rows) for fate in ("added", "removed", "changed")},
    }
    return render(request, "portfolio/plan/changes.html", context, status=422 if form.errors else 200)


def _figure(one: ChangedFigure) -> tuple[ChangedFigure, str, str, str, str]:
    """Its name, both values and their difference, and what is bad of a difference."""
    label = str(FIGURES[one.name])
    if one.kind == "money":
        delta = formats.delta_keuro(difference(one.old, one.new))
        return one, label, formats.keuro(one.old), formats.keuro(one.new), delta
    if one.kind == "day":
        delta = formats.delta_days(days_between(one.old, one.new))
        return one, label, formats.date_short(one.old), formats.date_short(one.new), delta
    return (
        one,
        label,
        formats.percent(one.old),
        formats.percent(one.new),
        formats.signed(difference(one.old, one.new), 1),
    )


def _end_of(day: date) -> datetime:
    return datetime.combine(day, time(23, 59, 59), tzinfo=clock.BRUSSELS)


def _fields(row: ChangedActivity, minutes_per_day: int) -> list[tuple[str, str, str]]:
    return [
        (str(LABELS[one.name]), _shown(one, one.old, minutes_per_day), _shown(one, one.new, minutes_per_day))
        for one in row.fields
    ]


def _shown(field: ChangedField, value: Any, minutes_per_day: int) -> str:
    if value is None or value == "":
        return "—"
    if isinstance(value, bool):
        return _("oui") if value else _("non")
    if isinstance(value, datetime):
        return formats.date_short(value.date())
    if isinstance(value, Decimal):
        return minutes_text(value, minutes_per_day)
    if field.name == "constraint":
        return str(ActivityConstraint(value).label)
    if field.name == "kind":
        return str(ActivityKind(value).label)
    return f"{value} %" if field.name == "percent_complete" else str(value)
