"""The seven tolerances of a project, its stages and its work packages, with their use."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Model
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from config import clock
from config.web.htmx import see_other
from config.web.versioned import VersionedForm
from people.models import User
from people.permissions.catalogue import Permission
from people.permissions.decorators import AuthenticatedRequest, requires
from portfolio.engines.authority import BOUNDS, Matter
from portfolio.enums import TargetChoice
from portfolio.forms.tolerance import ToleranceForm, tolerance_values
from portfolio.models.project import Project
from portfolio.models.stage import Stage
from portfolio.models.work_package import WorkPackage
from portfolio.selectors.field_rights import (
    TOLERANCE_APPROVED,
    decided_bounds,
    frozen_reason,
    part_tolerance_fields,
    tolerance_fields,
)
from portfolio.selectors.project import get_project
from portfolio.selectors.tolerance import (
    get_part,
    get_part_tolerance,
    get_tolerance,
    part_lines,
    tolerance_lines,
)
from portfolio.services.decision_port import gateway
from portfolio.services.tolerance import (
    create_part_tolerance,
    create_tolerance,
    update_part_tolerance,
    update_tolerance,
)
from portfolio.views.decided import ReadOnly, decided
from portfolio.views.editing import Editing, add_errors, edit_page, form_page
from portfolio.views.frame import project_frame


@requires(Permission.PORTFOLIO_VIEW)
@require_GET
def tolerances(request: AuthenticatedRequest, code: str) -> HttpResponse:
    row = get_project(request.user, code)
    fields = frozenset() if frozen_reason(row) else tolerance_fields(request.user, row)
    level = request.GET.get("level", "")
    context = {
        **project_frame(request.user, row, "tolerances", clock.today()),
        "level": level,
        "parts": part_lines(request.user, row, level, clock.now()) if level else [],
        "lines": [] if level else tolerance_lines(row),
        "may_edit": bool(fields),
        "may_set": tolerance_fields(request.user, row, new=True) >= BOUNDS and bool(fields),
        "decided": _decided(request.user, row) if fields else [],
    }
    return render(request, "portfolio/tolerance/detail.html", context)


def _who_sets(user: User, project: Project) -> str:
    if decided_bounds(project):
        return gateway().needed(user, project, Matter.TOLERANCE).sentence
    return _("Le PSO fixe les tolérances approuvées ; vous en mettez la prévision à jour.")


def _decided(user: User, project: Project) -> list[ReadOnly]:
    """The word on the bounds, which a decision sets once the project is authorised."""
    return [decided(user, project, Matter.TOLERANCE, ())] if decided_bounds(project) else []


def _editable(request: AuthenticatedRequest, code: str) -> Project:
    """The project when the reader may change its tolerances; 403 with the reason when it is closed."""
    row = get_project(request.user, code, may=Permission.TOLERANCE_EDIT)
    if reason := frozen_reason(row):
        raise PermissionDenied(reason)
    return row


@requires(Permission.TOLERANCE_EDIT)
@require_http_methods(["GET", "POST"])
def tolerance_edit(request: AuthenticatedRequest, code: str, target: str) -> HttpResponse:
    """Edit the tolerance of a target, or set it where there is none yet."""
    row = _editable(request, code)
    tolerance = get_tolerance(row, target)
    allowed = tolerance_fields(request.user, row)
    title = _("Tolérance : %(target)s") % {"target": dict(TargetChoice.choices)[target]}
    if tolerance is None:
        allowed = tolerance_fields(request.user, row, new=True)
        if not allowed >= BOUNDS:
            raise PermissionDenied(_who_sets(request.user, row))
        return _set_tolerance(
            request,
            row,
            title=title,
            back=reverse("portfolio:tolerances", args=[code]),
            allowed=allowed,
            create=lambda values: create_tolerance(project=row, by=request.user, target=target, **values),
        )

    def build(data: Any) -> tuple[VersionedForm, Model]:
        current = get_tolerance(row, target) or tolerance
        form = ToleranceForm(data, initial=tolerance_values(current), version=current.version, allowed=allowed)
        return form, current

    return edit_page(
        request,
        Editing(
            title=title,
            back=reverse("portfolio:tolerances", args=[code]),
            build=build,
            save=lambda changes, version: update_tolerance(
                tolerance=tolerance, changes=changes, version=version, by=request.user
            ),
            context={"project": row, "decided": _decided(request.user, row)},
        ),
    )


@requires(Permission.TOLERANCE_EDIT)
@require_http_methods(["GET", "POST"])
def part_tolerance_edit(request: AuthenticatedRequest, code: str, level: str, key: str, target: str) -> HttpResponse:
    """The tolerance of a stage or work package: set where there is none, else edited, as far as its level allows."""
    row = _editable(request, code)
    part = get_part(row, level, key)
    tolerance = get_part_tolerance(part, target)
    title = _("Tolérance de %(part)s : %(target)s") % {"part": part, "target": dict(TargetChoice.choices)[target]}
    back = f"{reverse('portfolio:tolerances', args=[code])}?level={level}"
    if tolerance is None:
        allowed = part_tolerance_fields(request.user, part, new=True)
        if not allowed & TOLERANCE_APPROVED:
            raise PermissionDenied(_whose_level(part))
        return _set_tolerance(
            request,
            row,
            title=title,
            back=back,
            allowed=allowed,
            create=lambda values: create_part_tolerance(part=part, by=request.user, target=target, values=values),
        )
    kept = tolerance

    def build(data: Any) -> tuple[VersionedForm, Model]:
        current = get_part_tolerance(part, target) or kept
        allowed = part_tolerance_fields(request.user, part)
        form = ToleranceForm(data, initial=tolerance_values(current), version=current.version, allowed=allowed)
        return form, current

    return edit_page(
        request,
        Editing(
            title=title,
            back=back,
            build=build,
            save=lambda changes, version: update_part_tolerance(
                tolerance=kept, changes=changes, version=version, by=request.user
            ),
            context={"project": row},
        ),
    )


def _whose_level(part: Stage | WorkPackage) -> str:
    if isinstance(part, Stage):
        return _("Les tolérances d’une séquence sont celles du comité de pilotage.")
    return _("Les tolérances d’un lot de travaux sont celles du chef de projet.")


def _set_tolerance(
    request: AuthenticatedRequest,
    project: Project,
    *,
    title: str,
    back: str,
    allowed: frozenset[str],
    create: Callable[[dict[str, Any]], object],
) -> HttpResponse:
    form = ToleranceForm(request.POST or None, initial={"unit": "percent"}, allowed=allowed)
    if request.method == "POST" and form.is_valid():
        try:
            create({name: form.cleaned_data[name] for name in form.own_fields})
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, _("Tolérance fixée."))
            return see_other(back)
    return form_page(request, form=form, title=title, back=back, context={"project": project})
