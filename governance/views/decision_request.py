"""Decisions asked: the list, one request, and the fragment on a project page."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from config import clock
from config.web.htmx import render_page, see_other
from config.web.versioned import StaleVersionError, conflict_page
from governance.forms.body import add_errors
from governance.forms.decision_request import DecisionRequestForm
from governance.forms.session import ReasonForm
from governance.models import DecisionRequest
from governance.selectors.arbitration import project_arbitrations
from governance.selectors.arbitration_table import subject_of
from governance.selectors.competence import competence_of
from governance.selectors.decision import project_decisions
from governance.selectors.decision_request import get_request, open_requests, project_requests
from governance.selectors.ladder import ladder_of, late_requests, may_acknowledge
from governance.selectors.precedents import precedents_of_request
from governance.selectors.splitting import splitting_alarm
from governance.services.decision_request import FIELDS, body_above, escalate_request, update_request
from governance.services.ladder import acknowledge
from people.models import User
from people.permissions.catalogue import Permission
from people.permissions.checks import has_permission
from people.permissions.decorators import AuthenticatedRequest, requires
from people.selectors.roster import choosable_people
from portfolio.selectors.project import get_project


@require_safe
@requires(Permission.DECISION_VIEW)
def requests(request: AuthenticatedRequest) -> HttpResponse:
    today = clock.today()
    late = late_requests(request.user, today)
    only_late = "late" in request.GET
    context = {
        "requests": list(late if only_late else open_requests(request.user)),
        "late": late.count(),
        "only_late": only_late,
        "today": today,
    }
    return render(request, "governance/request/list.html", context)


@require_safe
@requires(Permission.DECISION_VIEW)
def project_requests_fragment(request: AuthenticatedRequest, code: str) -> HttpResponse:
    project = get_project(request.user, code)
    context = {
        "project": project,
        "requests": project_requests(request.user, project.pk),
        "arbitrations": list(project_arbitrations(request.user, project.pk)),
        "decisions": project_decisions(request.user, project.pk),
        "today": clock.today(),
    }
    return render_page(request, "governance/request/project.html", "governance/request/_project.html", context)


@require_safe
@requires(Permission.DECISION_VIEW)
def decision_request(request: AuthenticatedRequest, number: str) -> HttpResponse:
    row = get_request(request.user, number)
    context = {
        "row": row,
        "may_edit": may_edit(request.user, row),
        "splitting": splitting_alarm(request.user, row),
        "today": clock.today(),
        "subject": subject_of(request.user, row, clock.now()),
        "ladder": ladder_of(row, clock.today()),
        "may_acknowledge": may_acknowledge(request.user, row, clock.today()),
        "may_raise": row.is_open and has_permission(request.user, Permission.DECISION_RECORD),
        "decisions": [one for one in project_decisions(request.user, row.project_id) if one.request_id == row.pk],
        "competence": competence_of(row, clock.today()) if row.is_open else None,
        "precedents": precedents_of_request(request.user, row) if row.is_open else [],
    }
    return render(request, "governance/request/detail.html", context)


@require_POST
@requires(Permission.DECISION_VIEW)
def decision_request_acknowledge(request: AuthenticatedRequest, number: str) -> HttpResponse:
    """The office of the body says that the request has arrived."""
    row = get_request(request.user, number)
    if row.acknowledged_at is not None:
        return see_other(row.get_absolute_url())
    if not may_acknowledge(request.user, row, clock.today()):
        raise PermissionDenied(_("La présidence ou le secrétariat de l’instance accuse réception."))
    try:
        acknowledge(request=row, by=request.user, now=clock.now())
    except ValidationError as error:
        raise PermissionDenied(" ".join(error.messages)) from error
    return see_other(row.get_absolute_url())


@requires(Permission.DECISION_VIEW)
def decision_request_edit(request: AuthenticatedRequest, number: str) -> HttpResponse:
    row = get_request(request.user, number)
    if not may_edit(request.user, row):
        raise PermissionDenied(_("Seuls le porteur du projet et le PSO complètent une demande ouverte."))
    form = DecisionRequestForm(
        request.POST or None,
        initial={name: getattr(row, name) for name in FIELDS},
        version=row.version,
        people=choosable_people(request.user, clock.today()),
    )
    if request.method == "POST" and form.is_valid():
        merge = form.merge()
        if merge.conflicts:
            return conflict_page(request, form=form, merge=merge, title=row.number, back=row.get_absolute_url())
        try:
            update_request(request=row, by=request.user, changes=merge.changes, version=row.version)
        except StaleVersionError:
            return see_other(request.path)
        except ValidationError as error:
            form.add_domain_errors(error)
        else:
            return see_other(row.get_absolute_url())
    context = {"row": row, "form": form}
    return render(request, "governance/request/edit.html", context, status=422 if form.errors else 200)


@requires(Permission.DECISION_RECORD)
def decision_request_escalate(request: AuthenticatedRequest, number: str) -> HttpResponse:
    row = get_request(request.user, number)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            raised = escalate_request(
                request=row, by=request.user, reason=form.cleaned_data["reason"], on=clock.today()
            )
        except ValidationError as error:
            add_errors(form, error)
        else:
            return see_other(raised.get_absolute_url())
    context = {"row": row, "form": form, "above": body_above(row, clock.today())}
    return render(request, "governance/request/escalate.html", context, status=422 if form.errors else 200)


def may_edit(user: User, row: DecisionRequest) -> bool:
    """An open request is completed by whoever may edit its project."""
    return row.is_open and has_permission(user, Permission.PROJECT_EDIT, row)
