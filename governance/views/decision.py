"""The decision register, one decision, and what is done of it."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from config import clock
from config.web.htmx import see_other
from governance.enums import DecisionState
from governance.forms.session import EvidenceForm, RegisterForm
from governance.models import FollowUp
from governance.selectors.decision import (
    deciding_bodies,
    effects_of,
    follow_ups_of,
    get_decision,
    get_follow_up,
    own_follow_ups,
    register,
    register_counts,
)
from governance.selectors.precedents import precedents_of_decision
from governance.selectors.sitting import visible_sittings
from governance.services.follow_up import accept_evidence, refuse_evidence, submit_evidence, waive
from people.models import User
from people.permissions.catalogue import Permission
from people.permissions.checks import has_permission
from people.permissions.decorators import AuthenticatedRequest, requires

PAGE = 50


@require_safe
@requires(Permission.DECISION_VIEW)
def decisions(request: AuthenticatedRequest) -> HttpResponse:
    form = RegisterForm(request.GET)
    asked = form.cleaned_data if form.is_valid() else {}
    rows = register(
        request.user,
        words=asked.get("q", ""),
        body=asked.get("body", ""),
        state=asked.get("state", ""),
        undone=asked.get("undone", False),
    )
    context = {
        "page_obj": Paginator(rows, PAGE).get_page(request.GET.get("page")),
        "counts": register_counts(request.user, clock.today()),
        "bodies": deciding_bodies(request.user),
        "states": DecisionState.choices,
        "asked": asked,
        "query": request.GET.urlencode(),
        "mine": own_follow_ups(request.user),
        "today": clock.today(),
    }
    return render(request, "governance/decision/list.html", context)


@require_safe
@requires(Permission.DECISION_VIEW)
def decision(request: AuthenticatedRequest, number: str) -> HttpResponse:
    row = get_decision(request.user, number)
    context = {
        "row": row,
        "follow_ups": follow_ups_of(row),
        "effects": effects_of(row),
        "precedents": precedents_of_decision(request.user, row),
        "successor": getattr(row, "superseded_by", None),
        "session": visible_sittings(request.user).filter(pk=row.item.sitting_id).first(),
        "today": clock.today(),
    }
    return render(request, "governance/decision/detail.html", context)


@requires(Permission.BODY_VIEW)
def follow_up(request: AuthenticatedRequest, follow_up_id: int) -> HttpResponse:
    """A condition or action: its owner gives the evidence, the secretary accepts, refuses or waives it."""
    row = get_follow_up(request.user, follow_up_id)
    owns = row.owner.user_id == request.user.pk
    judges = has_permission(request.user, Permission.DECISION_RECORD) and not owns
    form = EvidenceForm(request.POST or None, initial={"evidence": row.evidence})
    refusal = ""
    if request.method == "POST":
        act = request.POST.get("act", "")
        if act == "submit" and not owns:
            raise PermissionDenied(_("Le responsable remet lui-même la preuve."))
        if act in ("accept", "refuse", "waive") and not judges:
            raise PermissionDenied(_("Le secrétariat de l’instance juge la preuve."))
        words = form.cleaned_data["evidence"] if form.is_valid() else ""
        try:
            _carry_out(act, row, request.user, words)
        except ValidationError as error:
            refusal = " ".join(error.messages)
        else:
            return see_other(request.path)
    context = {"row": row, "form": form, "owns": owns, "judges": judges, "refusal": refusal, "today": clock.today()}
    return render(request, "governance/decision/follow_up.html", context, status=422 if refusal else 200)


def _carry_out(act: str, row: FollowUp, by: User, words: str) -> None:
    if act == "submit":
        submit_evidence(follow_up=row, by=by, evidence=words, on=clock.today())
    elif act == "accept":
        accept_evidence(follow_up=row, by=by, on=clock.today())
    elif act == "refuse":
        refuse_evidence(follow_up=row, by=by)
    elif act == "waive":
        waive(follow_up=row, by=by, reason=words, on=clock.today())
    else:
        raise ValidationError(
            _("Cette suite est « %(state)s » : cela ne se fait plus.") % {"state": row.get_state_display()}
        )
