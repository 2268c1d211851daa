"""Planning by hand: a table to add to and reshape from the keyboard, and one page per activity."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from config import clock
from config.web.htmx import see_other
from config.web.versioned import StaleVersionError, VersionedForm
from people.permissions.catalogue import Permission
from people.permissions.decorators import AuthenticatedRequest, requires
from portfolio.engines.duration_notation import read_duration, write_duration
from portfolio.engines.link_notation import read_links
from portfolio.engines.network import ConstraintType, LagKind
from portfolio.engines.plan_editing import progressed
from portfolio.engines.schedule_file import Link, ProjectHeader, Span, Task, TimeUnit
from portfolio.enums import PlanAct
from portfolio.forms.plan_edit import SHAPES, ActivityForm, ActivityNewForm, PlanActForm
from portfolio.models.plan import Activity, Plan
from portfolio.models.project import Project
from portfolio.selectors.plan_file import header_of, plan_of_project
from portfolio.selectors.plan_page import plan_page
from portfolio.selectors.plan_rows import activity_of, milestones_to_join, predecessors_of, uids_by_number
from portfolio.services.plan_edit import add_activity, change_activity, last_edit, shape_plan, undo_last
from portfolio.views.editing import Editing, add_errors, edit_page
from portfolio.views.plan import editable_plan
from portfolio.views.plan_schedule import shown_line

ESTIMATES = ("optimistic", "most_likely", "pessimistic")


@requires(Permission.MILESTONE_EDIT)
@require_http_methods(["GET", "POST"])
def plan_edit(request: AuthenticatedRequest, code: str) -> HttpResponse:
    """The table, and at its foot the line for the next activity: Enter adds it."""
    project = editable_plan(request, code)
    plan = plan_of_project(project)
    header, numbers = _header(plan), uids_by_number(plan)
    form = ActivityNewForm(request.POST if request.method == "POST" else None, header=header, numbers=numbers)
    if form.is_bound and form.is_valid():
        cleaned = form.cleaned_data
        try:
            uid = add_activity(
                project=project,
                name=cleaned["name"],
                duration=read_duration(cleaned["duration"], header),
                links=links_of(cleaned["links"], header, numbers),
                after=cleaned["row"] if cleaned["row"] in numbers.values() else None,
                by=request.user,
                now=clock.now(),
            )
        except ValidationError as error:
            add_errors(form, error)
        else:
            return see_other(f"{reverse('portfolio:plan_edit', args=[code])}?row={uid}")
    return _table(request, project, plan, form, status=422 if form.errors else 200)


@requires(Permission.MILESTONE_EDIT)
@require_POST
def plan_act(request: AuthenticatedRequest, code: str) -> HttpResponse:
    """Indent, outdent, move, delete the row chosen; undo the last change. 409 when the plan has moved on."""
    project = editable_plan(request, code)
    form = PlanActForm(request.POST)
    if not form.is_valid():
        return _told(request, project, _("Choisissez une ligne du tableau, puis l’acte."), 422)
    act, uid, version = form.cleaned_data["act"], form.cleaned_data["row"], form.cleaned_data["version"]
    try:
        if act == PlanAct.UNDO:
            edit = undo_last(project=project, version=version, by=request.user, now=clock.now())
            messages.success(request, _("Annulé : %(what)s") % {"what": str(edit)})
        elif uid is None:
            return _told(request, project, _("Choisissez une ligne du tableau, puis l’acte."), 422)
        else:
            shape_plan(project=project, act=act, uid=uid, version=version, by=request.user, now=clock.now())
    except StaleVersionError:
        return _told(request, project, _("Le plan a changé depuis : le voici, rien n’a été modifié."), 409)
    except ValidationError as error:
        return _told(request, project, " ".join(error.messages), 422)
    anchor = "" if act in (PlanAct.DELETE, PlanAct.UNDO) else f"?row={uid}"
    return see_other(reverse("portfolio:plan_edit", args=[code]) + anchor)


@requires(Permission.MILESTONE_EDIT)
@require_http_methods(["GET", "POST"])
def activity_edit(request: AuthenticatedRequest, code: str, uid: int) -> HttpResponse:
    project = editable_plan(request, code)
    row = activity_of(project, uid)
    if row is None:
        raise Http404

    return edit_page(
        request,
        Editing(
            title=_("Activité %(number)s : %(name)s") % {"number": row.number, "name": row.name},
            back=f"{reverse('portfolio:plan_edit', args=[code])}?row={uid}",
            build=lambda data: _bound(project, uid, data),
            save=lambda changes, version: _save(request, project, uid, changes, version),
            context={"project": project},
        ),
    )


def _bound(project: Project, uid: int, data: Any) -> tuple[VersionedForm, Model]:
    current = activity_of(project, uid)
    if current is None:
        raise Http404
    form = ActivityForm(
        data,
        header=header_of(current.plan),
        numbers=uids_by_number(current.plan),
        own_number=current.number,
        milestones=milestones_to_join(current),
        initial=_values(current),
        version=current.version,
    )
    return form, current


def _save(request: AuthenticatedRequest, project: Project, uid: int, changes: Mapping[str, Any], version: int) -> None:
    current = activity_of(project, uid)
    if current is None:
        raise Http404
    values = {**_values(current), **changes}
    header, numbers = header_of(current.plan), uids_by_number(current.plan)
    change_activity(
        activity=current,
        change=lambda task: _changed(task, values, changes, header, numbers),
        owned=_owned(values, header),
        version=version,
        by=request.user,
        now=clock.now(),
    )


def links_of(text: str, header: ProjectHeader, numbers: Mapping[int, int]) -> tuple[Link, ...]:
    found = []
    for typed in read_links(text, header.minutes_per_day, header.minutes_per_week):
        unit = TimeUnit.PERCENT if typed.lag.kind is LagKind.PERCENT else TimeUnit.DAYS
        span = Span(Decimal(typed.lag.value), unit, typed.lag.kind is LagKind.ELAPSED)
        found.append(Link(numbers[typed.row], typed.type, span))
    return tuple(found)


def _changed(
    task: Task, values: Mapping[str, Any], changes: Mapping[str, Any], header: ProjectHeader, numbers: Mapping[int, int]
) -> Task:
    """Only what was changed is touched: the rest of the row stays as its file stated it."""
    task = replace(task, name=values["name"])
    if {"duration", "percent"} & changes.keys():
        task = progressed(task, values["percent"], read_duration(values["duration"], header))
    if "links" in changes:
        task = replace(task, links=links_of(values["links"], header, numbers))
    if {"constraint", "constraint_date"} & changes.keys():
        kind = ConstraintType(values["constraint"])
        late = kind in (ConstraintType.FNET, ConstraintType.FNLT, ConstraintType.MFO)
        moment = _moment(values["constraint_date"], header.day_ends if late else header.day_starts)
        task = replace(task, constraint=kind, constraint_date=moment if kind.dated else None)
    if "deadline" in changes:
        task = replace(task, deadline=_moment(values["deadline"], header.day_ends))
    return task


def _owned(values: Mapping[str, Any], header: ProjectHeader) -> dict[str, Any]:
    found: dict[str, Any] = {
        name: read_duration(values[name], header).amount if values[name] else None for name in ESTIMATES
    }
    return {**found, "milestone_id": values["milestone"].pk if values["milestone"] else None}


def _values(row: Activity) -> dict[str, Any]:
    header = header_of(row.plan)
    span = Span(Decimal(row.duration or 0), TimeUnit(row.duration_unit), row.is_elapsed)
    estimates = {
        name: "" if (minutes := getattr(row, name)) is None else write_duration(Span(Decimal(minutes)), header)
        for name in ESTIMATES
    }
    return {
        "name": row.name,
        "duration": write_duration(span, header),
        "links": predecessors_of(row),
        "percent": row.percent_complete,
        "constraint": row.constraint,
        "constraint_date": row.constraint_date.date() if row.constraint_date else None,
        "deadline": row.deadline.date() if row.deadline else None,
        **estimates,
        "milestone": row.milestone,
    }


def _moment(day: date | None, at: time) -> datetime | None:
    return None if day is None else datetime.combine(day, at)


def _header(plan: Plan | None) -> ProjectHeader:
    return ProjectHeader() if plan is None else header_of(plan)


def _told(request: AuthenticatedRequest, project: Project, text: str, status: int) -> HttpResponse:
    plan = plan_of_project(project)
    form = ActivityNewForm(header=_header(plan), numbers=())
    return _table(request, project, plan, form, notice=text, status=status)


def _table(
    request: AuthenticatedRequest,
    project: Project,
    plan: Plan | None,
    form: ActivityNewForm,
    *,
    notice: str = "",
    status: int = 200,
) -> HttpResponse:
    page = plan_page(project, clock.today())
    lines = page.lines if page else ()
    chosen = request.GET.get("row", "")
    undo = last_edit(plan) if plan else None
    context = {
        "project": project,
        "version": plan.version if plan else 0,
        "rows": [shown_line(line, plan.minutes_per_day) for line in lines] if plan else [],
        "chosen": chosen,
        "acts": [(act.value, act.label) for act in SHAPES],
        "undo": undo,
        "form": form,
        "notice": notice,
    }
    return render(request, "portfolio/plan/edit.html", context, status=status)
