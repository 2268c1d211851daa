"""Submitted statuses to read: one week, the weeks of a project, and what differs between two."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from config import clock
from config.web import formats, glyphs
from people.permissions.catalogue import Permission
from people.permissions.checks import has_permission
from people.permissions.decorators import AuthenticatedRequest, requires
from portfolio.engines.status_checks import JUDGED
from portfolio.models import Project, ReportingCycle, StatusReport
from portfolio.models.status_report import DIMENSIONS
from portfolio.selectors.milestone_history import milestones_at
from portfolio.selectors.project import get_project
from portfolio.selectors.status_report import is_given, report_of_week, visible_reports
from portfolio.selectors.status_typed import typed_lines
from portfolio.selectors.status_wording import judged_word
from portfolio.services.ask_port import gateway
from portfolio.services.reporting_cycle import current_cycle
from portfolio.views.frame import project_frame
from portfolio.views.status_page import reading_rows


@dataclass(frozen=True, slots=True)
class Difference:
    """One field of two weeks; `is_state` values are colours."""

    label: str
    before: str
    after: str
    is_state: bool = False


def reading_page(
    request: AuthenticatedRequest,
    project: Project,
    cycle: ReportingCycle,
    *,
    now: datetime,
    may_write: bool,
    status: int = 200,
) -> HttpResponse:
    """The status of one week as text, or the sentence that says why there is none."""
    if not may_write and not _may_know(request, project):
        raise PermissionDenied(_("Vos rôles ne donnent pas ce droit : %(wanted)s.") % {"wanted": _("lire ce statut")})
    reports = visible_reports(request.user, project)
    report = next((one for one in reports if one.cycle_id == cycle.pk), None)
    previous = next((one for one in reports if _earlier(one.cycle, cycle)), None)
    context = {
        **project_frame(request.user, project, "statuses", clock.today()),
        "cycle": cycle,
        "report": report,
        "kept_back": report is None and is_given(project, cycle),
        "rows": reading_rows(report, previous) if report else (),
        "body_label": _body_label(project, report),
        "reason": _reason(project, cycle, now),
        "may_correct": cycle.frozen_at is not None
        and has_permission(request.user, Permission.CORRECTION_PROPOSE, project),
        "typed": typed_lines(request.user, project, cycle) if may_write else (),
        "past": cycle.frozen_at is not None,
        "milestones": milestones_at(project, cycle.frozen_at) if cycle.frozen_at and report else None,
        "weeks": reports[:12],
        "now": now,
    }
    return render(request, "portfolio/status/read.html", context, status=status)


@requires(Permission.STATUS_SUBMIT, Permission.STATUS_VIEW)
def statuses(request: AuthenticatedRequest, code: str) -> HttpResponse:
    """The weeks of a project, newest first; `?compare=2026-W46&compare=2026-W47` shows what differs."""
    project = get_project(request.user, code)
    may_write = has_permission(request.user, Permission.STATUS_SUBMIT, project)
    if not may_write and not _may_know(request, project):
        raise PermissionDenied(_("Vos rôles ne donnent pas ce droit : %(wanted)s.") % {"wanted": _("lire ce statut")})
    reports = visible_reports(request.user, project)
    wanted = sorted({slug for text in request.GET.getlist("compare") for slug in text.split("..")})
    context: dict[str, Any] = {
        **project_frame(request.user, project, "statuses", clock.today()),
        "reports": reports,
        "may_write": may_write,
        "may_read_sheets": has_permission(request.user, Permission.PACK_READ, project),
        "current": current_cycle(clock.now()),
    }
    if len(wanted) == 2:
        older, newer = (report_of_week(reports, slug) for slug in wanted)
        context |= {"older": older, "newer": newer, "differences": differences(older, newer)}
    elif len(wanted) > 2:
        raise Http404
    return render(request, "portfolio/status/history.html", context)


def differences(older: StatusReport, newer: StatusReport) -> list[Difference]:
    """The fields whose values differ, colours first."""
    found = [
        Difference(judged_word(name), getattr(older, name), getattr(newer, name), is_state=True)
        for name in JUDGED
        if getattr(older, name) != getattr(newer, name)
    ]
    texts = [("message", _("Message au CODIR"))]
    texts += [(f"cause_{name}", _("%(name)s, cause") % {"name": judged_word(name)}) for name in DIMENSIONS]
    texts += [(f"reason_{name}", _("%(name)s, justification") % {"name": judged_word(name)}) for name in JUDGED]
    texts += [("ask_text", _("Demande")), ("ask_body", _("Instance"))]
    for name, label in texts:
        before, after = getattr(older, name), getattr(newer, name)
        if before != after:
            found.append(Difference(label, before, after))
    if older.ask_on != newer.ask_on:
        before, after = (formats.date_short(day) if day else "" for day in (older.ask_on, newer.ask_on))
        found.append(Difference(_("Date demandée"), before, after))
    for name in JUDGED:
        before, after = (_computed(report, name) for report in (older, newer))
        if before != after:
            label = _("%(name)s, calcul") % {"name": judged_word(name)}
            found.append(Difference(label, before, after, is_state=True))
    return found


def _computed(report: StatusReport, name: str) -> str:
    verdict = report.computed.get("overall") if name == "overall" else report.computed.get("dimensions", {}).get(name)
    return glyphs.known_state((verdict or {}).get("rag", "none"))


def _may_know(request: AuthenticatedRequest, project: Project) -> bool:
    """Whether some status of this project can be within the reader's reach; each one is checked on its own."""
    return has_permission(request.user, Permission.STATUS_VIEW) or has_permission(
        request.user, Permission.STATUS_VIEW, project
    )


def _earlier(one: ReportingCycle, other: ReportingCycle) -> bool:
    return (one.iso_year, one.iso_week) < (other.iso_year, other.iso_week)


def _reason(project: Project, cycle: ReportingCycle, now: datetime) -> str:
    """Why this page cannot be edited; empty when the week is open."""
    if cycle.frozen_at is not None:
        return _("Semaine %(week)s gelée le %(at)s.") % {
            "week": cycle.iso_week,
            "at": formats.datetime_short(cycle.frozen_at),
        }
    if not cycle.takes_statuses(now):
        return _("Semaine %(week)s close le %(at)s, l’heure de son gel.") % {
            "week": cycle.iso_week,
            "at": formats.datetime_short(cycle.freeze_at),
        }
    if not project.owes_status:
        return _("Aucun statut attendu : projet %(state)s.") % {"state": project.get_life_cycle_display().lower()}
    return ""


def _body_label(project: Project, report: StatusReport | None) -> str:
    if report is None or not report.ask_body:
        return ""
    offered = gateway().destinations(project, report.ask_on or clock.today())
    return next((one.label for one in offered if one.code == report.ask_body), report.ask_body)
