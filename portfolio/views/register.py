"""The register: one table, its filters, and the three cells the PSO edits in place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from config import clock
from config.web.glyphs import state_word
from config.web.htmx import render_page, saved, wants_fragment
from config.web.versioned import Merge, StaleVersionError
from people.permissions.catalogue import Permission, Scope
from people.permissions.checks import granted_scopes, has_permission
from people.permissions.decorators import AuthenticatedRequest, requires
from portfolio.engines.authority import Matter
from portfolio.enums import LifeCycle, Method
from portfolio.forms.project import ProjectRowForm
from portfolio.forms.register import COLUMNS, DEFAULT_COLUMNS, LABELS, UnknownFilterError, lead_span, read_query
from portfolio.models.project import Project
from portfolio.selectors.field_rights import frozen_reason, project_fields
from portfolio.selectors.log import last_author
from portfolio.selectors.project import get_project
from portfolio.selectors.register import (
    GROUPS,
    MOVES,
    PRESETS,
    RegisterQuery,
    Totals,
    find_register,
    find_row,
    options,
    preset_counts,
)
from portfolio.selectors.shown_state import STATES
from portfolio.selectors.status_reading import status_reader
from portfolio.services.project import update_project
from portfolio.views.decided import decided_sheet
from portfolio.views.editing import refused, unknown_fields
from portfolio.views.register_lines import Duties, table_context


@dataclass(frozen=True, slots=True)
class Criterion:
    """One filter in force and the address of the register without it."""

    name: str
    label: str
    value: str
    url: str


@requires(Permission.PORTFOLIO_VIEW)
@require_GET
def register(request: AuthenticatedRequest) -> HttpResponse:
    today = clock.today()
    choices = options(request.user)
    try:
        query = read_query(request.GET, choices)
    except UnknownFilterError as error:
        return render(request, "portfolio/register/unknown_filter.html", {"name": str(error)}, status=400)
    found = find_register(request.user, query, today)
    exports, may_rank = _exports(request), has_permission(request.user, Permission.PROJECT_RANK)
    may_read = has_permission(request.user, Permission.STATUS_VIEW)
    may_remind = has_permission(request.user, Permission.CHASE_REMIND)
    duties = Duties(pick=bool(exports) or may_rank or may_remind, status=may_read, rank=may_rank)
    criteria = _criteria(request, query, choices)
    context = {
        "register": found,
        "exports": exports,
        "may_remind": may_remind,
        "query": query,
        **table_context(found.rows, query.columns, duties, found.groups),
        "lead_span": lead_span(query.columns),
        "headline": headline(found.totals, query, is_frozen=not status_reader(request.user).reads_open_week),
        "criteria": [one for one in criteria if one.name not in ("preset", "q")],
        "may_fill": has_permission(request.user, Permission.PROJECT_CREATE),
        "sees_assigned_only": granted_scopes(request.user, Permission.PORTFOLIO_VIEW) == {Scope.ASSIGNED},
        "emptied_by": next((one for one in criteria if one.name == found.emptied_by), None),
    }
    if wants_fragment(request) and request.htmx.target == "register-more":
        return render(request, "portfolio/register/_more.html", context)
    if not wants_fragment(request):
        context |= _furniture(request, query, choices)
    response = render_page(request, "portfolio/register/list.html", "portfolio/register/_results.html", context)
    if wants_fragment(request):
        response["HX-Push-Url"] = _address(request, query)
    return response


def _address(request: AuthenticatedRequest, query: RegisterQuery) -> str:
    """The address to share: what differs from the plain register, and nothing else."""
    params = request.GET.copy()
    for name in list(params):
        if not params[name] or name == "offset" or (name == "columns" and query.columns == DEFAULT_COLUMNS):
            del params[name]
    return f"{request.path}?{params.urlencode()}" if params else request.path


def _furniture(
    request: AuthenticatedRequest, query: RegisterQuery, choices: Mapping[str, list[tuple[str, str]]]
) -> dict[str, Any]:
    """Chips, choosers and columns around the table: only the whole page needs them."""
    counts = preset_counts(request.user, clock.today())
    return {
        "presets": [(name, label, counts[name]) for name, label in PRESETS.items() if name != "mine" or counts[name]],
        "filters": [
            ("axis", LABELS["axis"], choices["axis"], query.axis),
            ("programme", LABELS["programme"], choices["programme"], query.programme),
            ("manager", LABELS["manager"], choices["manager"], query.manager),
            ("state", LABELS["state"], [(state, state_word(state)) for state in STATES], query.state),
            ("life_cycle", LABELS["life_cycle"], LifeCycle.choices, query.life_cycle),
            ("method", LABELS["method"], Method.choices, query.method),
            ("group", _("Grouper par"), [(name, LABELS[name]) for name in GROUPS], query.group),
        ],
        "all_columns": [(name, label, name in query.columns) for name, label in COLUMNS.items()],
        "may_create": has_permission(request.user, Permission.PROJECT_CREATE),
        "may_import": has_permission(request.user, Permission.PORTFOLIO_IMPORT),
    }


def _exports(request: AuthenticatedRequest) -> list[tuple[str, str]]:
    """Files of the filtered register; they live in reporting, which may not be installed, or not be allowed."""
    if not has_permission(request.user, Permission.EXPORT):
        return []
    try:
        return [(kind.upper(), reverse("reporting:export", args=[kind])) for kind in ("xlsx", "csv")]
    except NoReverseMatch:
        return []


def headline(totals: Totals, query: RegisterQuery, *, is_frozen: bool = False) -> str:
    """The answer first: how many projects, and how many of them not green."""
    count = ngettext("%(count)s projet", "%(count)s projets", totals.count) % {"count": totals.count}
    loud = [
        f"{totals.states[state]} {word}"
        for state, word in (
            ("red", ngettext("rouge", "rouges", totals.states.get("red", 0))),
            ("amber", _("orange")),
            ("stale", _("sans statut") if is_frozen else ngettext("périmé", "périmés", totals.states.get("stale", 0))),
        )
        if totals.states.get(state)
    ]
    if not loud or query.state:
        return count
    return _("%(count)s, dont %(loud)s") % {"count": count, "loud": ", ".join(loud)}


def _criteria(
    request: AuthenticatedRequest, query: RegisterQuery, choices: Mapping[str, list[tuple[str, str]]]
) -> list[Criterion]:
    """The criteria in force, in words, each with the address that drops it."""
    words: dict[str, Mapping[Any, Any]] = {
        "preset": PRESETS,
        "state": {state: state_word(state) for state in STATES},
        "life_cycle": dict(LifeCycle.choices),
        "method": dict(Method.choices),
        "moved": MOVES,
        **{name: dict(pairs) for name, pairs in choices.items()},
    }
    found = []
    for name in query.criteria():
        value = getattr(query, name)
        params = request.GET.copy()
        for dropped in (name, "offset", *(key for key in request.GET if not request.GET[key])):
            params.pop(dropped, None)
        url = f"{reverse('portfolio:register')}?{params.urlencode()}"
        found.append(Criterion(name, str(LABELS[name]), str(words.get(name, {}).get(value, value)), url))
    return found


@requires(Permission.PROJECT_RANK)
@require_http_methods(["GET", "POST"])
def register_row(request: AuthenticatedRequest, code: str) -> HttpResponse:
    """One row: `?show=1` reads it, GET edits it, POST saves it; a clash comes back as a row with both values."""
    project = get_project(request.user, code, may=Permission.PROJECT_RANK)
    if reason := frozen_reason(project):
        raise PermissionDenied(reason)
    if request.method == "GET" and request.GET.get("show"):
        return _plain_row(request, project)
    form = _row_form(request, project)
    if unknown := unknown_fields(request, form, "shown"):
        return refused(request, unknown)
    if request.method == "POST" and form.is_valid():
        for _attempt in range(3):
            merge = form.merge()
            if merge.conflicts:
                return _row_page(request, project, form, status=409, merge=merge)
            try:
                update_project(project=project, changes=merge.changes, version=form.initial["version"], by=request.user)
            except StaleVersionError:
                project = get_project(request.user, code, may=Permission.PROJECT_RANK)
                form = _row_form(request, project)
                form.is_valid()
            except ValidationError as error:
                form.add_domain_errors(error)
                break
            else:
                return _plain_row(request, project)
    return _row_page(request, project, form, status=422 if form.is_bound else 200)


_ROW_MATTERS = (Matter.RANK, Matter.MANAGER)


def _row_form(request: AuthenticatedRequest, project: Project) -> ProjectRowForm:
    initial = {"priority_rank": project.priority_rank, "manager": project.manager, "programme": project.programme}
    return ProjectRowForm(
        request.POST or None,
        initial=initial,
        version=project.version,
        allowed=project_fields(request.user, project),
        today=clock.today(),
    )


def _row_page(
    request: AuthenticatedRequest, project: Project, form: ProjectRowForm, *, status: int, merge: Merge | None = None
) -> HttpResponse:
    row = find_row(request.user, project.code, clock.today())
    context = {
        "project": project,
        "row": row,
        "form": form,
        "decided": [one for one in decided_sheet(request.user, project) if one.matter in _ROW_MATTERS],
        "conflicts": merge.conflicts if merge else (),
        "carried": merge.carried if merge else (),
        "base": merge.base if merge else form["base"].value(),
        "version": form.initial["version"],
        "changed_by": last_author(project) if merge else "",
        "shown": ",".join(_columns_of(request)),
    }
    return render_page(
        request, "portfolio/register/row_page.html", "portfolio/register/_row_edit.html", context, status=status
    )


def _plain_row(request: AuthenticatedRequest, project: Project) -> HttpResponse:
    row = find_row(request.user, project.code, clock.today())
    if row is None:
        raise Http404
    duties = Duties(pick=True, status=has_permission(request.user, Permission.STATUS_VIEW), rank=True)
    context = {**table_context([row], _columns_of(request), duties), "focus": True}
    if request.method == "POST":
        context |= {"saved_code": row.code, "saved_rank": row.rank or "—"}
    return saved(request, reverse("portfolio:register"), "portfolio/register/_rows.html", context)


def _columns_of(request: AuthenticatedRequest) -> tuple[str, ...]:
    """The columns of the page the row belongs to, from its own address."""
    params = request.GET if request.method == "GET" else request.POST
    chosen = tuple(name for name in params.get("shown", "").split(",") if name in COLUMNS)
    return chosen or DEFAULT_COLUMNS
