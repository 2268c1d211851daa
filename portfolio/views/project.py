"""Project pages: read, create, edit, move along the life cycle."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Model
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from config import clock
from config.web.htmx import see_other
from config.web.versioned import StaleVersionError, VersionedForm
from people.permissions.catalogue import Permission
from people.permissions.checks import has_permission
from people.permissions.decorators import AuthenticatedRequest, requires
from people.selectors.absence import absences_on
from portfolio.engines.authority import Matter, is_authorised
from portfolio.engines.reporting_calendar import IsoWeek
from portfolio.forms.project import MoveForm, ProjectForm, ProjectNewForm, project_values
from portfolio.selectors.duplicate import similar_projects
from portfolio.selectors.field_rights import frozen_reason, project_fields
from portfolio.selectors.project import get_project
from portfolio.selectors.project_page import project_page
from portfolio.services.project import create_project, move_project, update_project
from portfolio.views.decided import decided, decided_sheet
from portfolio.views.editing import Editing, add_errors, edit_page, form_page
from portfolio.views.frame import project_frame

SHEET_GROUPS = (
    (gettext_lazy("Identité"), ("name_fr", "name_nl", "name_en", "purpose", "external_url")),
    (
        gettext_lazy("Pilotage"),
        ("priority_rank", "is_top", "manager", "deputy", "sponsor", "programme", "axis", "method"),
    ),
    (
        gettext_lazy("Calendrier et coût approuvés"),
        ("start", "first_approved_end", "planned_end", "forecast_end", "first_approved_cost"),
    ),
    (
        gettext_lazy("Conformité"),
        ("confidentiality", "has_procurement", "handles_personal_data", "data_protection"),
    ),
)
NEW_GROUPS = (
    (gettext_lazy("L’essentiel"), ("code", "name_fr", "manager", "axis", "planned_end", "cost")),
    (
        gettext_lazy("Si vous le savez déjà"),
        ("purpose", "sponsor", "programme", "method", "start", "confidentiality"),
    ),
)


@requires(Permission.PORTFOLIO_VIEW)
@require_GET
def project(request: AuthenticatedRequest, code: str) -> HttpResponse:
    row = get_project(request.user, code)
    today = clock.today()
    editable = not frozen_reason(row)
    context = {
        **project_frame(request.user, row, "project", today),
        "page": project_page(request.user, row, today),
        "absence": absences_on(today, [row.manager_id]).get(row.manager_id) if row.manager_id else None,
        "head_actions": "portfolio/project/_actions.html",
        "week": str(IsoWeek.of(today)),
        "may_edit": editable and has_permission(request.user, Permission.PROJECT_EDIT, row),
        "may_report": editable and has_permission(request.user, Permission.STATUS_SUBMIT, row),
        "may_move": has_permission(request.user, Permission.PROJECT_RANK, row),
        "may_plan": editable and has_permission(request.user, Permission.MILESTONE_EDIT, row),
        "may_fund": editable and has_permission(request.user, Permission.FINANCE_EDIT, row),
        "may_see_source": bool(row.source) and has_permission(request.user, Permission.FINANCE_VIEW, row),
        "may_raise": editable and has_permission(request.user, Permission.RISK_EDIT, row),
        "may_see_decisions": has_permission(request.user, Permission.DECISION_VIEW, row),
    }
    return render(request, "portfolio/project/detail.html", context)


@requires(Permission.PROJECT_CREATE)
@require_http_methods(["GET", "POST"])
def project_new(request: AuthenticatedRequest) -> HttpResponse:
    form = ProjectNewForm(request.POST or None, today=clock.today())
    similar = []
    if request.method == "POST" and form.is_valid():
        data = dict(form.cleaned_data)
        checked = data.pop("duplicate_checked")
        similar = [] if checked else similar_projects(request.user, data["name_fr"])
        if not similar:
            try:
                row = create_project(by=request.user, **data)
            except ValidationError as error:
                add_errors(form, error)
            else:
                messages.success(request, _("Projet créé. Restent ses jalons, son budget et ses tolérances."))
                return see_other(row.get_absolute_url())
    return form_page(
        request,
        form=form,
        title=_("Nouveau projet"),
        back="/projects/",
        groups=NEW_GROUPS,
        template="portfolio/project/new.html",
        context={"similar": similar},
    )


@requires(Permission.PROJECT_EDIT)
@require_http_methods(["GET", "POST"])
def project_edit(request: AuthenticatedRequest, code: str) -> HttpResponse:
    row = get_project(request.user, code, may=Permission.PROJECT_EDIT)
    if reason := frozen_reason(row):
        raise PermissionDenied(reason)

    def build(data: Any) -> tuple[VersionedForm, Model]:
        current = get_project(request.user, code, may=Permission.PROJECT_EDIT)
        form = ProjectForm(
            data,
            initial=project_values(current),
            version=current.version,
            allowed=project_fields(request.user, current),
            today=clock.today(),
        )
        return form, current

    return edit_page(
        request,
        Editing(
            title=_("Fiche de %(code)s · %(name)s") % {"code": row.code, "name": row.name},
            back=row.get_absolute_url(),
            build=build,
            save=lambda changes, version: update_project(
                project=row, changes=changes, version=version, by=request.user
            ),
            groups=SHEET_GROUPS,
            context={"project": row, "decided": decided_sheet(request.user, row)},
        ),
    )


@requires(Permission.PROJECT_RANK)
@require_http_methods(["GET", "POST"])
def project_move(request: AuthenticatedRequest, code: str) -> HttpResponse:
    """Move along the transition table; the gate's decision goes into the reason."""
    row = get_project(request.user, code, may=Permission.PROJECT_RANK)
    form = MoveForm(request.POST or None, project=row)
    if request.method == "POST" and form.is_valid():
        try:
            move_project(project=row, by=request.user, **form.cleaned_data)
        except StaleVersionError:
            form.add_error(None, _("L’étape de ce projet a changé entre-temps : relisez la fiche, puis recommencez."))
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, _("Étape enregistrée."))
            return see_other(row.get_absolute_url())
    return form_page(
        request,
        form=form,
        title=_("Étape de %(code)s : %(phase)s") % {"code": row.code, "phase": row.get_life_cycle_display()},
        back=row.get_absolute_url(),
        template="portfolio/project/move.html",
        context={
            "project": row,
            "decided": [decided(request.user, row, Matter.PHASE, ())] if is_authorised(row.life_cycle) else [],
        },
    )
