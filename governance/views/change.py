"""Issues under change control: lists, one issue, capture, assessment, recommendation and the answer."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db.models import Model
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from config import clock
from config.web.htmx import see_other
from config.web.versioned import StaleVersionError, VersionedForm
from governance.enums import ChangeKind, ChangeState
from governance.forms.change import (
    ASSESS_GROUPS,
    CAPTURE_GROUPS,
    ActForm,
    ActionForm,
    AnswerForm,
    AssessForm,
    CaptureForm,
    RecommendForm,
    assess_values,
    assessed,
    capture_values,
    recommend_values,
)
from governance.models import Change
from governance.selectors.change import (
    ChangeQuery,
    changes_of,
    counts_of,
    file_of,
    get_change,
    mergeable,
    visible_changes,
)
from governance.selectors.change_answer import answers_below, may_answer
from governance.selectors.change_room import money_of, route_of
from governance.selectors.exception import project_exceptions
from governance.services.change import assess_change, capture_change, recommend_change, update_change
from governance.services.change_ruling import Answer, answer_change
from people.models import User
from people.permissions.catalogue import Permission
from people.permissions.checks import has_permission
from people.permissions.decorators import AuthenticatedRequest, requires
from portfolio.models import Project
from portfolio.selectors.field_rights import frozen_reason
from portfolio.selectors.project import get_project
from portfolio.views.editing import Editing, add_errors, edit_page, form_page
from portfolio.views.frame import project_frame

TAB = "governance:project_changes"
PAGE = 50
_STEPS = {
    ChangeState.CAPTURED: 1,
    ChangeState.POSTPONED: 1,
    ChangeState.EXCEPTION_PLAN: 1,
    ChangeState.ASSESSED: 2,
    ChangeState.RECOMMENDED: 3,
    ChangeState.SUBMITTED: 3,
    ChangeState.IMPLEMENTING: 4,
    ChangeState.CONCEDED: 4,
}
"""The step that is to be done next; an ended issue is past the last."""


def read_query(request: AuthenticatedRequest, project: str = "") -> ChangeQuery:
    """The filters of the address; what it does not know is left out."""
    state, kind = request.GET.get("state", "open"), request.GET.get("kind", "")
    return ChangeQuery(
        state=state if state in (*ChangeState.values, "open") else "",
        kind=kind if kind in ChangeKind.values else "",
        project=project,
        late=request.GET.get("late") == "1",
    )


@requires(Permission.DECISION_VIEW)
@require_safe
def changes(request: AuthenticatedRequest) -> HttpResponse:
    """All issues a reader may know of, the late ones first."""
    today, query = clock.today(), read_query(request)
    rows = changes_of(request.user, query, today)
    context = {
        **_list_context(request, query),
        "page_obj": Paginator(rows, PAGE).get_page(request.GET.get("page")),
        "counts": counts_of(visible_changes(request.user), today),
        "may_export": has_permission(request.user, Permission.EXPORT),
        "address": request.GET.urlencode(),
    }
    return render(request, "governance/change/list.html", context)


@requires(Permission.DECISION_VIEW)
@require_safe
def project_changes(request: AuthenticatedRequest, code: str) -> HttpResponse:
    project, today = get_project(request.user, code), clock.today()
    query = read_query(request, project.code)
    context = {
        **project_frame(request.user, project, TAB, today),
        **_list_context(request, query),
        "rows": list(changes_of(request.user, query, today)),
        "counts": counts_of(visible_changes(request.user).filter(project=project), today),
        "money": money_of(project, today),
        "exceptions": project_exceptions(request.user, project, today),
        "may_capture": may_edit(request.user, project),
        "may_see_money": has_permission(request.user, Permission.FINANCE_TOTALS_VIEW, project),
        "may_set_money": has_permission(request.user, Permission.DECISION_RECORD),
    }
    return render(request, "governance/change/project.html", context)


def _list_context(request: AuthenticatedRequest, query: ChangeQuery) -> dict[str, Any]:
    states = [("open", _("pas encore terminées")), *ChangeState.choices]
    return {"query": query, "states": states, "kinds": ChangeKind.choices, "today": clock.today()}


@requires(Permission.DECISION_VIEW)
@require_safe
def change(request: AuthenticatedRequest, number: str) -> HttpResponse:
    return change_page(request, get_change(request.user, number))


def change_page(
    request: AuthenticatedRequest,
    row: Change,
    *,
    act_form: ActForm | None = None,
    action_form: ActionForm | None = None,
    refusal: ValidationError | None = None,
    status: int = 200,
) -> HttpResponse:
    """One issue with what its reader may do next; `refusal` is what the last act met."""
    today, view = clock.today(), route_of(row, clock.now(), clock.today())
    edits = may_edit(request.user, row.project)
    context = {
        "row": row,
        "view": view,
        "file": file_of(row),
        "may_edit": edits,
        "may_answer": may_answer(request.user, row, view),
        "may_see_money": has_permission(request.user, Permission.FINANCE_TOTALS_VIEW, row.project),
        "act_form": act_form or ActForm(others=mergeable(row), auto_id="act_%s"),
        "action_form": action_form or ActionForm(today=today, initial={"due": row.due_on}, auto_id="action_%s"),
        "refusal": " ".join(refusal.messages) if refusal else "",
        "steps": steps_of(row),
        "today": today,
    }
    return render(request, "governance/change/detail.html", context, status=422 if refusal else status)


def steps_of(row: Change) -> list[tuple[str, bool]]:
    """The steps every issue goes through, and where this one stands."""
    labels = (_("relever"), _("évaluer"), _("proposer"), _("répondre"), _("exécuter"), _("clore"))
    at = _STEPS.get(ChangeState(row.state), len(labels) - 1)
    return [(label, place == at) for place, label in enumerate(labels)]


def may_edit(user: User, project: Project) -> bool:
    """Whoever keeps the risks of a living project keeps its issues."""
    return not frozen_reason(project) and has_permission(user, Permission.RISK_EDIT, project)


def editable(request: AuthenticatedRequest, number: str) -> Change:
    row = get_change(request.user, number)
    if not has_permission(request.user, Permission.RISK_EDIT, row.project):
        raise PermissionDenied(_("Le chef du projet et le gestionnaire de son programme traitent ses incidences."))
    if reason := frozen_reason(row.project):
        raise PermissionDenied(reason)
    return row


@requires(Permission.RISK_EDIT)
@require_http_methods(["GET", "POST"])
def change_new(request: AuthenticatedRequest, code: str) -> HttpResponse:
    project = get_project(request.user, code, may=Permission.RISK_EDIT)
    if reason := frozen_reason(project):
        raise PermissionDenied(reason)
    back = reverse(TAB, args=[code])
    person = getattr(request.user, "person", None)
    initial = {"kind": ChangeKind.PROBLEM, "severity": 3, "priority": 3, "author": person, "owner": project.manager}
    form = CaptureForm(request.POST or None, initial=initial, project=project, today=clock.today())
    if request.method == "POST" and form.is_valid():
        values = {name: form.cleaned_data[name] for name in form.own_fields}
        try:
            row = capture_change(project=project, by=request.user, values=values)
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, _("Incidence relevée : %(number)s.") % {"number": row.number})
            return see_other(row.get_absolute_url())
    title = _("Nouvelle incidence de %(code)s") % {"code": project.code}
    return form_page(request, form=form, title=title, back=back, groups=CAPTURE_GROUPS, context={"project": project})


@requires(Permission.RISK_EDIT)
@require_http_methods(["GET", "POST"])
def change_edit(request: AuthenticatedRequest, number: str) -> HttpResponse:
    row = editable(request, number)

    def build(data: Any) -> tuple[VersionedForm, Model]:
        kept = get_change(request.user, number)
        form = CaptureForm(
            data, initial=capture_values(kept), version=kept.version, project=kept.project, today=clock.today()
        )
        return form, kept

    return edit_page(
        request,
        Editing(
            title=_("Modifier %(number)s") % {"number": row.number},
            back=row.get_absolute_url(),
            build=build,
            save=lambda changed, version: update_change(change=row, by=request.user, changes=changed, version=version),
            groups=CAPTURE_GROUPS,
            context={"project": row.project},
        ),
    )


@requires(Permission.RISK_EDIT)
@require_http_methods(["GET", "POST"])
def change_assess(request: AuthenticatedRequest, number: str) -> HttpResponse:
    """The impact on the seven targets, each beside what is left of its tolerance."""
    row = editable(request, number)
    built: list[AssessForm] = []

    def build(data: Any) -> tuple[VersionedForm, Model]:
        kept = get_change(request.user, number)
        form = AssessForm(data, initial=assess_values(kept), version=kept.version)
        built[:] = [form]
        return form, kept

    def save(changed: Any, version: int) -> object:
        kept = get_change(request.user, number)
        return assess_change(change=kept, by=request.user, changes=assessed(kept, changed), version=version)

    _form, _kept = build(request.POST or None)
    view = route_of(row, clock.now(), clock.today())
    return edit_page(
        request,
        Editing(
            title=_("Évaluer %(number)s") % {"number": row.number},
            back=row.get_absolute_url(),
            build=build,
            save=save,
            groups=ASSESS_GROUPS,
            template="governance/change/assess.html",
            context={"project": row.project, "row": row, "lines": built[0].lines(view.lines)},
        ),
    )


@requires(Permission.RISK_EDIT)
@require_http_methods(["GET", "POST"])
def change_recommend(request: AuthenticatedRequest, number: str) -> HttpResponse:
    row = editable(request, number)

    def build(data: Any) -> tuple[VersionedForm, Model]:
        kept = get_change(request.user, number)
        return RecommendForm(data, initial=recommend_values(kept), version=kept.version, kind=kept.kind), kept

    def save(changed: Any, version: int) -> object:
        kept = get_change(request.user, number)
        proposed = {"recommended": recommend_values(kept)["recommended"], **changed}
        return recommend_change(change=kept, by=request.user, changes=proposed, version=version)

    return edit_page(
        request,
        Editing(
            title=_("Proposer une réponse à %(number)s") % {"number": row.number},
            back=row.get_absolute_url(),
            build=build,
            save=save,
            context={"project": row.project},
        ),
    )


@requires(Permission.DECISION_VIEW)
@require_http_methods(["GET", "POST"])
def change_answer(request: AuthenticatedRequest, number: str) -> HttpResponse:
    """The answer of the manager or of the change authority; 409 when what he read has changed meanwhile."""
    row = get_change(request.user, number)
    view = route_of(row, clock.now(), clock.today())
    if not may_answer(request.user, row, view):
        raise PermissionDenied(_("Cette incidence n’attend pas votre réponse."))
    initial = {"answer": row.recommended}
    form = AnswerForm(request.POST or None, initial=initial, version=row.version, answers=answers_below(row))
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            _give(request, row, form)
        except StaleVersionError:
            status = 409
            form = AnswerForm(initial=form.cleaned_data, version=row.version, answers=answers_below(row))
        except ValidationError as error:
            form.add_domain_errors(error)
        else:
            messages.success(request, _("Réponse enregistrée."))
            return see_other(row.get_absolute_url())
    context = {"row": row, "view": view, "form": form, "project": row.project, "stale": status == 409}
    return render(request, "governance/change/answer.html", context, status=422 if form.errors else status)


def _give(request: AuthenticatedRequest, row: Change, form: AnswerForm) -> None:
    given = form.cleaned_data
    if given["version"] != row.version:
        raise StaleVersionError
    answer = Answer(given["answer"], given["reason"], given.get("until"), given.get("condition", ""))
    answer_change(change=row, by=request.user, given=answer, version=row.version)
