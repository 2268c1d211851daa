"""Gate reviews: the list, the timeline of a project, the review with its checklist, and what sends it to the body."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Model
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from config import clock
from config.web.htmx import see_other
from config.web.versioned import VersionedForm
from governance.enums import GateChoice
from governance.forms.gate_review import (
    BypassForm,
    GateReviewForm,
    GateStartForm,
    ReviewerForm,
    review_values,
    split_changes,
)
from governance.models import GateReview
from governance.selectors.confidence import may_give, meanings_on, standpoint
from governance.selectors.gate_review import (
    awaits_investment,
    figures_of,
    gap_words,
    get_review,
    missing_in,
    readiness_of,
)
from governance.selectors.gate_timeline import coming_gates, decisions_on, timeline
from governance.selectors.lesson import project_lessons
from governance.services.gate_review import (
    bypass_review,
    drop_review,
    name_reviewer,
    start_review,
    submit_review,
    take_back,
    write_review,
)
from people.models import User
from people.permissions.catalogue import Permission
from people.permissions.checks import has_permission
from people.permissions.decorators import AuthenticatedRequest, requires
from people.selectors.roster import choosable_people
from portfolio.engines.lifecycle import Phase, gates_ahead
from portfolio.selectors.field_rights import frozen_reason
from portfolio.selectors.project import get_project
from portfolio.selectors.status_reading import status_reader
from portfolio.views.editing import Editing, add_errors, edit_page, form_page
from portfolio.views.frame import project_frame

_ACTS = {"submit": submit_review, "take-back": take_back, "drop": drop_review}


@requires(Permission.PORTFOLIO_VIEW)
@require_safe
def gates(request: AuthenticatedRequest) -> HttpResponse:
    """Reviews under way and stages that end without one."""
    today = clock.today()
    lines = coming_gates(request.user, today)
    context = {"lines": lines, "late": sum(1 for line in lines if line.late), "today": today}
    return render(request, "governance/gate/list.html", context)


@requires(Permission.PORTFOLIO_VIEW)
@require_safe
def project_gates(request: AuthenticatedRequest, code: str) -> HttpResponse:
    project, today = get_project(request.user, code), clock.today()
    frame = project_frame(request.user, project, "governance:project_gates", today)
    steps = timeline(request.user, project, today)
    may_edit = not frozen_reason(project) and has_permission(request.user, Permission.MILESTONE_EDIT, project)
    context = {
        **frame,
        "steps": steps,
        "may_edit": may_edit,
        "may_start": may_edit
        and bool(gates_ahead(Phase(project.life_cycle)))
        and not any(step.review and step.review.is_open for step in steps),
        "lessons": project_lessons(request.user, project),
        "standpoint": standpoint(project, frame["told"].declared_overall, today),
        "may_give": may_give(request.user, project),
    }
    return render(request, "governance/gate/project.html", context)


@requires(Permission.MILESTONE_EDIT)
@require_http_methods(["GET", "POST"])
def gate_start(request: AuthenticatedRequest, code: str) -> HttpResponse:
    project = get_project(request.user, code, may=Permission.MILESTONE_EDIT)
    ahead = [gate.value for gate in gates_ahead(Phase(project.life_cycle))]
    form = GateStartForm(request.POST or None, gates=ahead)
    if request.method == "POST" and form.is_valid():
        try:
            review = start_review(project=project, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            add_errors(form, error)
        else:
            return see_other(reverse("governance:gate_review_edit", args=[review.number]))
    return form_page(
        request,
        form=form,
        title=_("Préparer une porte de %(code)s") % {"code": code},
        back=reverse("governance:project_gates", args=[code]),
        context={"project": project},
    )


@requires(Permission.PORTFOLIO_VIEW, Permission.CONFIDENCE_GIVE)
@require_safe
def gate_review(request: AuthenticatedRequest, number: str) -> HttpResponse:
    return review_page(request, get_review(request.user, number))


def review_page(
    request: AuthenticatedRequest, review: GateReview, *, refusal: ValidationError | None = None
) -> HttpResponse:
    """The review as it stands; with `refusal`, 422 and why nothing was done."""
    user, today = request.user, clock.today()
    missing = missing_in(review) if review.is_draft else []
    declared = review.figures.get("declared", "") if review.figures else _declared(user, review)
    manages = has_permission(user, Permission.GATE_MANAGE)
    context = {
        "review": review,
        "project": review.project,
        "figures": figures_of(review),
        "answers": review.answers.select_related("criterion"),
        "lessons": review.lessons.select_related("lesson"),
        "gaps": gap_words(missing),
        "readiness": readiness_of(review),
        "limit": awaits_investment(review, today) if review.is_open else None,
        "requests": review.requests.select_related("body").order_by("pk"),
        "decision": decisions_on([review]).get(review.pk),
        "standpoint": standpoint(review.project, declared, today),
        "declared": declared,
        "meanings": meanings_on(today),
        "may_edit": review.is_open and _may_edit(user, review),
        "may_bypass": review.is_draft and manages,
        "may_give": review.is_open and may_give(user, review.project, review),
        "reviewer_form": _reviewer_form(user, review) if manages and review.is_open else None,
        "refusal": refusal,
    }
    return render(request, "governance/gate/detail.html", context, status=422 if refusal else 200)


def _declared(user: User, review: GateReview) -> str:
    told = status_reader(user).standing_of(review.project)
    return "" if told is None else str(told.declared_overall)


def _may_edit(user: User, review: GateReview) -> bool:
    return not frozen_reason(review.project) and has_permission(user, Permission.MILESTONE_EDIT, review.project)


def _reviewer_form(user: User, review: GateReview, data: Any = None) -> ReviewerForm:
    return ReviewerForm(data, initial={"reviewer": review.reviewer_id}, people=choosable_people(user, clock.today()))


def _editable(request: AuthenticatedRequest, number: str) -> GateReview:
    review = get_review(request.user, number)
    if not _may_edit(request.user, review):
        raise PermissionDenied(_("Seuls le porteur du projet et le PSO tiennent une revue de porte."))
    return review


@requires(Permission.MILESTONE_EDIT)
@require_http_methods(["GET", "POST"])
def gate_review_edit(request: AuthenticatedRequest, number: str) -> HttpResponse:
    """Report, checklist and lessons on one page; 409 when two people changed the same line."""
    review = _editable(request, number)
    if not review.is_draft:
        raise PermissionDenied(_("Cette revue est devant l’instance ; elle ne se modifie plus."))

    def build(data: Any) -> tuple[VersionedForm, Model]:
        current = get_review(request.user, number)
        form = GateReviewForm(
            data,
            initial=review_values(current),
            version=current.version,
            answers=list(current.answers.select_related("criterion")),
            lessons=list(current.lessons.select_related("lesson__project")),
        )
        return form, current

    def save(changes: Any, version: int) -> object:
        report, answers, lessons = split_changes(changes)
        return write_review(
            review=review, by=request.user, changes=report, answers=answers, lessons=lessons, version=version
        )

    return edit_page(
        request,
        Editing(
            title=_("%(number)s · %(gate)s") % {"number": number, "gate": GateChoice(review.gate).label},
            back=review.get_absolute_url(),
            build=build,
            save=save,
            template="governance/gate/edit.html",
            context={"project": review.project, "review": review, "figures": figures_of(review)},
        ),
    )


@requires(Permission.MILESTONE_EDIT)
@require_POST
def gate_act(request: AuthenticatedRequest, number: str, act: str) -> HttpResponse:
    """Submit, take back or drop."""
    if act not in _ACTS:
        raise Http404
    review = _editable(request, number)
    try:
        _ACTS[act](review=review, by=request.user)
    except ValidationError as error:
        return review_page(request, get_review(request.user, number), refusal=error)
    return see_other(review.get_absolute_url())


@requires(Permission.GATE_MANAGE)
@require_http_methods(["GET", "POST"])
def gate_bypass(request: AuthenticatedRequest, number: str) -> HttpResponse:
    """The project office sends a review without its complete checklist, and says why."""
    review = get_review(request.user, number)
    form = BypassForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            bypass_review(review=review, by=request.user, reason=form.cleaned_data["reason"])
        except ValidationError as error:
            add_errors(form, error)
        else:
            return see_other(review.get_absolute_url())
    return form_page(
        request,
        form=form,
        title=_("Dispenser %(number)s de sa liste de contrôle") % {"number": number},
        back=review.get_absolute_url(),
        template="governance/gate/bypass.html",
        context={"project": review.project, "review": review},
    )


@requires(Permission.GATE_MANAGE)
@require_POST
def gate_reviewer(request: AuthenticatedRequest, number: str) -> HttpResponse:
    review = get_review(request.user, number)
    form = _reviewer_form(request.user, review, request.POST)
    if not form.is_valid():
        raise Http404
    try:
        name_reviewer(review=review, reviewer=form.cleaned_data["reviewer"], by=request.user)
    except ValidationError as error:
        return review_page(request, get_review(request.user, number), refusal=error)
    messages.success(request, _("Relecteur nommé."))
    return see_other(review.get_absolute_url())
