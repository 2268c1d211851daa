"""Levelling: who has too much in which week, what could wait and what that does to the end; applied by an act alone."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from config import clock
from config.web import formats
from config.web.htmx import see_other
from config.web.versioned import StaleVersionError
from people.permissions.catalogue import Permission
from people.permissions.decorators import AuthenticatedRequest, requires
from portfolio.engines.plan_levelling import WeekLoad
from portfolio.enums import PlanAct
from portfolio.models.project import Project
from portfolio.selectors.plan_file import plan_of_project
from portfolio.selectors.plan_levelling import PlanLevelling, plan_levelling
from portfolio.services.plan_edit import hold_back, last_edit
from portfolio.views.plan import editable_plan

WEEKS_NAMED = 12


@requires(Permission.MILESTONE_EDIT)
@require_http_methods(["GET", "POST"])
def plan_levelling_page(request: AuthenticatedRequest, code: str) -> HttpResponse:
    """A proposal: nothing moves before somebody who may change the plan says so, in the version shown."""
    project = editable_plan(request, code)
    if plan_of_project(project) is None:
        raise Http404
    found = plan_levelling(project, clock.today())
    if request.method == "GET" or found is None:
        return _page(request, project, found)
    version = request.POST.get("version", "")
    try:
        hold_back(
            project=project,
            starts=found.starts,
            version=int(version) if version.isascii() and version.isdigit() else 0,
            by=request.user,
            now=clock.now(),
        )
    except StaleVersionError:
        notice = _("Le plan a changé depuis : voici ce que le nivellement donne maintenant, rien n’a été modifié.")
        return _page(request, project, found, notice=notice, status=409)
    except ValidationError as error:
        return _page(request, project, found, notice=" ".join(error.messages), status=422)
    messages.success(request, _("Charge nivelée ; l’acte s’annule d’ici tant que le plan n’a pas changé."))
    return see_other(reverse("portfolio:plan_levelling", args=[code]))


def _page(
    request: AuthenticatedRequest, project: Project, found: PlanLevelling | None, *, notice: str = "", status: int = 200
) -> HttpResponse:
    context: dict[str, Any] = {"project": project, "found": found, "notice": notice}
    if found is not None:
        edit = last_edit(found.plan)
        context |= {
            "headline": headline(found),
            "resources": [(one, _weeks(one.before), _weeks(one.after)) for one in found.resources],
            "undo": edit if edit is not None and edit.verb == PlanAct.LEVEL else None,
            "slip": (found.finish - found.free_finish).days,
        }
    return render(request, "portfolio/plan/levelling.html", context, status=status)


def headline(found: PlanLevelling) -> str:
    """How much is too much, and what levelling it costs."""
    if not found.overloads:
        return _("Personne n’a trop de travail : il n’y a rien à niveler")
    many = ngettext("%(n)s semaine en surcharge", "%(n)s semaines en surcharge", found.overloads) % {
        "n": found.overloads
    }
    days = (found.finish - found.free_finish).days
    if not found.moves:
        return _("%(many)s, et rien qui puisse attendre") % {"many": many}
    if not days:
        return _("%(many)s ; nivelé, le plan finit le même jour, le %(day)s") % {
            "many": many,
            "day": formats.date_short(found.finish),
        }
    return _("%(many)s ; nivelé, le plan finit le %(day)s au lieu du %(free)s") % {
        "many": many,
        "day": formats.date_short(found.finish),
        "free": formats.date_short(found.free_finish),
    }


def _weeks(loads: tuple[WeekLoad, ...]) -> str:
    """The overloaded weeks in short, the first dozen of them."""
    told = [f"{formats.week(one.monday)} {formats.percent(one.percent, 0)}" for one in loads[:WEEKS_NAMED]]
    if len(loads) > WEEKS_NAMED:
        told.append(_("et %(n)s autres") % {"n": len(loads) - WEEKS_NAMED})
    return " · ".join(told)
