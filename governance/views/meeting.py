"""Sessions: the list, the cockpit, the projector, the minutes, and the steps of a session's life."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from config import clock
from config.web.htmx import see_other
from governance.enums import OutcomeKind, SittingState
from governance.forms.body import add_errors
from governance.forms.session import AttendanceForm, ItemForm, NotesForm, OutcomeForm, ReasonForm, RecusalForm
from governance.models import AgendaItem, Sitting
from governance.selectors.answer import answers_to
from governance.selectors.arbitration_table import subject_of
from governance.selectors.decision import replaceable
from governance.selectors.meetings import meetings_of
from governance.selectors.session import cockpit, followed_by, standing_for
from governance.selectors.sitting import get_sitting
from governance.selectors.voters import members_of, seats_of
from governance.services.agenda import add_item, fill_agenda, paper_content, paper_hash, waiting_for
from governance.services.closing import close_session
from governance.services.session import adjourn, approve, cancel, open_session, publish, resume, withdraw
from governance.services.vote import set_attendance
from people.permissions.catalogue import Permission
from people.permissions.checks import has_permission
from people.permissions.decorators import AuthenticatedRequest, requires
from people.selectors.roster import choosable_people

WRITING = (SittingState.IN_PROGRESS, SittingState.MINUTES_DRAFT)


@require_safe
@requires(Permission.BODY_VIEW)
def meetings(request: AuthenticatedRequest) -> HttpResponse:
    context = {"page": meetings_of(request.user, clock.now())}
    return render(request, "governance/meeting/list.html", context)


@require_safe
@requires(Permission.BODY_VIEW)
def meeting(request: AuthenticatedRequest, sitting_id: int) -> HttpResponse:
    return meeting_page(request, get_sitting(request.user, sitting_id), _chosen(request))


@require_safe
@requires(Permission.BODY_VIEW)
def meeting_screen(request: AuthenticatedRequest, sitting_id: int) -> HttpResponse:
    sitting = get_sitting(request.user, sitting_id)
    page = cockpit(request.user, sitting, _chosen(request))
    context = {"page": page, "follow_up": followed_by(page.view.item) if page.view else None}
    return render(request, "governance/meeting/screen.html", context)


def _fill(sitting: Sitting, request: AuthenticatedRequest) -> None:
    fill_agenda(sitting=sitting, by=request.user)


def _with_reason(service: Callable[..., Any]) -> Callable[[Sitting, AuthenticatedRequest], None]:
    def act(sitting: Sitting, request: AuthenticatedRequest) -> None:
        form = ReasonForm(request.POST)
        service(sitting=sitting, by=request.user, reason=form.cleaned_data["reason"] if form.is_valid() else "")

    return act


def _timed(service: Callable[..., Any]) -> Callable[[Sitting, AuthenticatedRequest], None]:
    def act(sitting: Sitting, request: AuthenticatedRequest) -> None:
        service(sitting=sitting, by=request.user, now=clock.now())

    return act


def _resume(sitting: Sitting, request: AuthenticatedRequest) -> None:
    resume(sitting=sitting, by=request.user)


ACTS: dict[str, Callable[[Sitting, AuthenticatedRequest], None]] = {
    "fill": _fill,
    "publish": _timed(publish),
    "withdraw": _with_reason(withdraw),
    "cancel": _with_reason(cancel),
    "open": _timed(open_session),
    "adjourn": _timed(adjourn),
    "resume": _resume,
    "approve": _timed(approve),
    "close": _timed(close_session),
}
CHAIRS = frozenset({"approve"})
"""Acts of the chair; all others are the secretary's."""


@require_POST
@requires(Permission.BODY_VIEW)
def meeting_act(request: AuthenticatedRequest, sitting_id: int, act: str) -> HttpResponse:
    sitting = get_sitting(request.user, sitting_id)
    if act not in ACTS:
        raise Http404
    if act not in CHAIRS:
        require_record(request)
    try:
        ACTS[act](sitting, request)
    except ValidationError as error:
        return meeting_page(request, get_sitting(request.user, sitting_id), None, refusal=error)
    return see_other(sitting.get_absolute_url())


@require_POST
@requires(Permission.DECISION_RECORD)
def item_add(request: AuthenticatedRequest, sitting_id: int) -> HttpResponse:
    sitting = get_sitting(request.user, sitting_id)
    form = ItemForm(request.POST, requests=waiting_for(sitting))
    if form.is_valid():
        try:
            item = add_item(sitting=sitting, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            add_errors(form, error)
        else:
            return see_other(address(item))
    return meeting_page(request, sitting, None, bound={"item_form": form}, status=422)


@require_POST
@requires(Permission.DECISION_RECORD)
def attendance(request: AuthenticatedRequest, sitting_id: int) -> HttpResponse:
    sitting = get_sitting(request.user, sitting_id)
    form = AttendanceForm(request.POST, seats=seats_of(sitting))
    if not form.is_valid():
        raise Http404
    try:
        set_attendance(sitting=sitting, by=request.user, present=form.there, proxies=form.proxies, now=clock.now())
    except ValidationError as error:
        return meeting_page(request, sitting, _chosen(request), refusal=error)
    asked = _chosen(request)
    return see_other(f"{sitting.get_absolute_url()}?item={asked}" if asked else sitting.get_absolute_url())


def require_record(request: AuthenticatedRequest) -> None:
    if not has_permission(request.user, Permission.DECISION_RECORD):
        raise PermissionDenied(_("Seul le secrétariat tient la séance."))


def address(item: AgendaItem) -> str:
    return f"{item.sitting.get_absolute_url()}?item={item.pk}"


def meeting_page(
    request: AuthenticatedRequest,
    sitting: Sitting,
    item_id: int | None,
    *,
    bound: dict[str, Any] | None = None,
    refusal: ValidationError | None = None,
    status: int = 200,
) -> HttpResponse:
    """The cockpit; a refusal of a service stands above it, with status 422."""
    page = cockpit(request.user, sitting, item_id)
    context: dict[str, Any] = {"page": page, "refusal": " ".join(refusal.messages) if refusal else ""}
    if page.records:
        context |= _secretary_forms(request, sitting)
    if page.view is not None:
        item = page.view.item
        paper = page.view.paper
        context |= {"standing": standing_for(request.user, item), "follow_up": followed_by(item)}
        context["subject"] = subject_of(request.user, item.request, clock.now())
        context["stale"] = paper is not None and paper.data_hash != paper_hash(paper_content(item))
        answering = sitting.is_written and sitting.state == SittingState.IN_PROGRESS
        if page.records and sitting.state in WRITING and not answering:
            context["notes_form"] = NotesForm(
                initial={"notes": item.notes, "base": item.notes, "version": item.notes_version}
            )
            context["outcome_form"] = outcome_form(request, item, act=_asked_act(request))
        context["recusal_form"] = RecusalForm(people=members_of(sitting))
    return render(
        request, "governance/meeting/cockpit.html", context | (bound or {}), status=422 if refusal else status
    )


def _secretary_forms(request: AuthenticatedRequest, sitting: Sitting) -> dict[str, Any]:
    if sitting.state == SittingState.DRAFT:
        return {"item_form": ItemForm(requests=waiting_for(sitting)), "reason_form": ReasonForm()}
    return {"reason_form": ReasonForm()}


def outcome_form(request: AuthenticatedRequest, item: AgendaItem, data: Any = None, act: str = "") -> OutcomeForm:
    return OutcomeForm(
        data,
        initial={"kind": act, "text": _proposed(item) if act == OutcomeKind.DECISION else ""} if act else None,
        people=choosable_people(request.user, clock.today()),
        decisions=item.outcomes.filter(kind="decision"),
        replaceable=replaceable(request.user, item.sitting.body_id),
    )


def _proposed(item: AgendaItem) -> str:
    """The wording to begin with: the option preferred; a status asks in its own words, and recommends in them."""
    request = item.request
    if request is None or item.outcomes.filter(kind=OutcomeKind.DECISION).exists():
        return ""
    preferred = next((one["label"] for one in request.options or () if one.get("recommended")), "")
    return str(preferred if answers_to(request) else request.recommendation or preferred)


def _asked_act(request: AuthenticatedRequest) -> str:
    """The nature of outcome a key or link asked to begin with."""
    act = request.GET.get("act", "")
    return act if act in OutcomeKind else ""


def _chosen(request: AuthenticatedRequest) -> int | None:
    asked = request.GET.get("item", "")
    return int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 10 else None
