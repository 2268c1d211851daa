"""Baselines of a plan: the fourteen checks first, then the proposal; below, every baseline there ever was."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from config import clock
from config.web import formats
from config.web.htmx import see_other
from people.permissions.catalogue import Permission
from people.permissions.checks import has_permission
from people.permissions.decorators import AuthenticatedRequest, requires
from portfolio.engines.schedule_quality import CheckResult, QualityCheck
from portfolio.forms.plan_baseline import BaselineForm
from portfolio.models.project import Project
from portfolio.selectors.field_rights import frozen_reason
from portfolio.selectors.plan_baseline import baselines_of, proposed_baseline
from portfolio.selectors.plan_file import plan_of_project
from portfolio.selectors.plan_quality import Quality, quality_of
from portfolio.selectors.project import get_project
from portfolio.services.plan_baseline import propose_baseline, withdraw_baseline
from portfolio.views.editing import add_errors
from portfolio.views.plan import editable_plan

NAMED = 8
INDEXES = (QualityCheck.CRITICAL_PATH_TEST, QualityCheck.CPLI, QualityCheck.BEI)
CHECKS: dict[QualityCheck, Promise] = {
    QualityCheck.LOGIC: gettext_lazy("Activités sans prédécesseur ou sans successeur"),
    QualityCheck.LEADS: gettext_lazy("Liens avec avance"),
    QualityCheck.LAGS: gettext_lazy("Liens avec décalage"),
    QualityCheck.LINK_TYPES: gettext_lazy("Liens autres que fin-début"),
    QualityCheck.HARD_CONSTRAINTS: gettext_lazy("Contraintes dures"),
    QualityCheck.HIGH_FLOAT: gettext_lazy("Marge de plus de 44 jours"),
    QualityCheck.NEGATIVE_FLOAT: gettext_lazy("Marge négative"),
    QualityCheck.HIGH_DURATION: gettext_lazy("Durée de plus de 44 jours"),
    QualityCheck.INVALID_DATES: gettext_lazy("Dates réelles futures ou prévues passées"),
    QualityCheck.RESOURCES: gettext_lazy("Activités sans personne"),
    QualityCheck.MISSED: gettext_lazy("Finies après leur référence"),
    QualityCheck.CRITICAL_PATH_TEST: gettext_lazy("Essai du chemin critique"),
    QualityCheck.CPLI: gettext_lazy("Indice de longueur du chemin critique (CPLI)"),
    QualityCheck.BEI: gettext_lazy("Indice d’exécution de la référence (BEI)"),
}


@dataclass(frozen=True, slots=True)
class ShownCheck:
    """One check in words; `findings` are UID and name of the activities to look at, `more` how many others."""

    label: str
    state: str
    value: str
    limit: str
    counted: int
    findings: list[tuple[str, str]]
    more: int


@requires(Permission.PORTFOLIO_VIEW)
@require_http_methods(["GET", "POST"])
def plan_baseline(request: AuthenticatedRequest, code: str) -> HttpResponse:
    project = editable_plan(request, code) if request.method == "POST" else get_project(request.user, code)
    plan = plan_of_project(project)
    if plan is None:
        raise Http404
    form = BaselineForm(request.POST if request.method == "POST" else None, initial={"version": plan.version})
    if form.is_bound and form.is_valid():
        try:
            propose_baseline(project=project, by=request.user, now=clock.now(), **form.cleaned_data)
        except ValidationError as error:
            add_errors(form, error)
            form.data = {**form.data, "version": str(plan.version)}
        else:
            messages.success(request, _("Référence proposée : elle entre en vigueur par une décision."))
            return see_other(reverse("portfolio:plan_baseline", args=[code]))
    return _page(request, project, quality_of(plan, clock.today()), form)


@requires(Permission.MILESTONE_EDIT)
@require_POST
def baseline_withdraw(request: AuthenticatedRequest, code: str) -> HttpResponse:
    project = editable_plan(request, code)
    row = proposed_baseline(project)
    if row is None:
        messages.info(request, _("Aucune référence n’est proposée."))
    else:
        withdraw_baseline(baseline=row, by=request.user)
        messages.success(request, _("Proposition retirée."))
    return see_other(reverse("portfolio:plan_baseline", args=[code]))


def _page(request: AuthenticatedRequest, project: Project, quality: Quality | None, form: BaselineForm) -> HttpResponse:
    rows = baselines_of(project)
    checks = [_shown(one, quality) for one in quality.results] if quality else []
    context = {
        "project": project,
        "checks": checks,
        "failed": sum(one.state == "red" for one in checks),
        "baselines": rows,
        "proposed": next((row for row in rows if row.state == "proposed"), None),
        "form": form,
        "may_edit": not frozen_reason(project) and has_permission(request.user, Permission.MILESTONE_EDIT, project),
    }
    return render(request, "portfolio/plan/baseline.html", context, status=422 if form.errors else 200)


def _shown(one: CheckResult, quality: Quality) -> ShownCheck:
    is_index = one.check in INDEXES
    named = list(dict.fromkeys(finding.activity for finding in one.findings))
    return ShownCheck(
        label=str(CHECKS[one.check]),
        state="none" if one.passed is None else "green" if one.passed else "red",
        value=_figure(one.value, is_index=is_index),
        limit=("≥ " if is_index else "≤ ") + _figure(one.limit, is_index=is_index),
        counted=one.counted,
        findings=[(uid, quality.names.get(uid, uid)) for uid in named[:NAMED]],
        more=max(len(named) - NAMED, 0),
    )


def _figure(value: float | None, *, is_index: bool) -> str:
    if value is None:
        return "—"
    return formats.number(value, 2) if is_index else formats.percent(value * 100, 0)
