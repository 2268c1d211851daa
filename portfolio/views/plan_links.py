"""The links of a project with others: who is hit first, then each link with its room, then the next one to make."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from config import clock
from config.web.htmx import see_other
from people.permissions.catalogue import Permission
from people.permissions.checks import has_permission
from people.permissions.decorators import AuthenticatedRequest, requires
from portfolio.forms.plan_links import WAITS, CrossLinkForm, OtherProjectForm
from portfolio.models.project import Project
from portfolio.selectors.cross_link import ends_of, link_of_project, link_page
from portfolio.selectors.field_rights import frozen_reason
from portfolio.selectors.project import get_project, visible_projects
from portfolio.services.cross_link import End, add_cross_link, remove_cross_link
from portfolio.views.editing import add_errors
from portfolio.views.link_words import links_headline, named_hits
from portfolio.views.plan import editable_plan


@requires(Permission.PORTFOLIO_VIEW)
@require_http_methods(["GET", "POST"])
def plan_links(request: AuthenticatedRequest, code: str) -> HttpResponse:
    """Without JavaScript in two steps: the other project, then the two ends."""
    project = editable_plan(request, code) if request.method == "POST" else get_project(request.user, code)
    other = _other(request, project)
    data = request.POST if request.method == "POST" else None
    form = None if other is None else CrossLinkForm(data, mine=ends_of(project), theirs=ends_of(other))
    if (
        form is not None
        and other is not None
        and form.is_bound
        and form.is_valid()
        and _added(request, form, project, other)
    ):
        return see_other(reverse("portfolio:plan_links", args=[code]))
    return _page(request, project, other, form)


def _added(request: AuthenticatedRequest, form: CrossLinkForm, project: Project, other: Project) -> bool:
    cleaned = form.cleaned_data
    mine, theirs = End(project, cleaned["mine"]), End(other, cleaned["theirs"])
    giver, waiter = (theirs, mine) if cleaned["direction"] == WAITS else (mine, theirs)
    try:
        add_cross_link(
            giver=giver,
            waiter=waiter,
            kind=cleaned["kind"],
            lag_days=cleaned["lag_days"],
            on_behalf_of=project,
            by=request.user,
            now=clock.now(),
        )
    except ValidationError as error:
        add_errors(form, error)
        return False
    messages.success(request, _("Lien créé ; le chef de projet de %(code)s en est averti.") % {"code": other.code})
    return True


@requires(Permission.MILESTONE_EDIT)
@require_POST
def plan_link_remove(request: AuthenticatedRequest, code: str, key: int) -> HttpResponse:
    """Either side may untie; the other is told."""
    project = editable_plan(request, code)
    row = link_of_project(request.user, project, key)
    if row is None:
        raise Http404
    remove_cross_link(link=row, on_behalf_of=project, by=request.user)
    messages.success(request, _("Lien retiré ; l’autre chef de projet en est averti."))
    return see_other(reverse("portfolio:plan_links", args=[code]))


def _other(request: AuthenticatedRequest, project: Project) -> Project | None:
    code = request.GET.get("other", "")
    if not code:
        return None
    row = visible_projects(request.user).active().select_related("manager__user").filter(code=code).first()
    if row is None or row.pk == project.pk:
        raise Http404
    return row


def _page(
    request: AuthenticatedRequest, project: Project, other: Project | None, form: CrossLinkForm | None
) -> HttpResponse:
    page = link_page(request.user, project)
    may_edit = not frozen_reason(project) and has_permission(request.user, Permission.MILESTONE_EDIT, project)
    context: dict[str, Any] = {
        "project": project,
        "page": page,
        "headline": links_headline(page),
        "hits": named_hits(page),
        "other": other,
        "form": form,
        "may_edit": may_edit,
        "chooser": _chooser(request, project, other) if may_edit else None,
    }
    return render(request, "portfolio/plan/links.html", context, status=422 if form and form.errors else 200)


def _chooser(request: AuthenticatedRequest, project: Project, other: Project | None) -> OtherProjectForm:
    rows = visible_projects(request.user).active().exclude(pk=project.pk).order_by("code")
    choices = [(row.code, f"{row.code} · {row.name}") for row in rows]
    return OtherProjectForm(projects=choices, initial={"other": other.code if other else ""})
