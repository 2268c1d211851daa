"""Ask for a decision on a project: what a page of the portfolio no longer writes, already filled in."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from config import clock
from config.web.htmx import see_other
from governance.forms.body import add_errors
from governance.forms.decision_request import DecisionRequestForm
from governance.services.decision_gateway import SUBJECTS, proposed_question
from governance.services.decision_request import FIELDS, open_request
from people.permissions.catalogue import Permission
from people.permissions.decorators import AuthenticatedRequest, requires
from people.selectors.roster import choosable_people
from portfolio.engines.authority import Matter
from portfolio.selectors.field_rights import frozen_reason
from portfolio.selectors.project import get_project


@requires(Permission.PROJECT_EDIT)
def request_new(request: AuthenticatedRequest, code: str) -> HttpResponse:
    """The request goes to the lowest competent body; `?matter=` says what it is about."""
    project = get_project(request.user, code, may=Permission.PROJECT_EDIT)
    if reason := frozen_reason(project):
        raise PermissionDenied(reason)
    asked = request.GET.get("matter", "")
    initial: dict[str, Any] = {"owner": getattr(request.user, "person", None), "options": []}
    if asked in set(Matter):
        initial |= {"kind": SUBJECTS[Matter(asked)], "question": proposed_question(Matter(asked), project)}
    form = DecisionRequestForm(
        request.POST or None, initial=initial, version=0, people=choosable_people(request.user, clock.today())
    )
    if request.method == "POST" and form.is_valid():
        values = {name: form.cleaned_data[name] for name in FIELDS}
        try:
            row = open_request(project=project, by=request.user, values=values)
        except ValidationError as error:
            add_errors(form, error)
        else:
            return see_other(row.get_absolute_url())
    context = {"project": project, "form": form, "title": _("Demander une décision")}
    return render(request, "governance/request/new.html", context, status=422 if form.errors else 200)
