"""The life line of a pack: approve, publish, see where each copy went, end a link."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from config import clock
from config.web.htmx import see_other
from people.models import User
from people.permissions.catalogue import Permission
from people.permissions.checks import has_permission
from people.permissions.decorators import AuthenticatedRequest, requires
from reporting.engines import pack_life
from reporting.enums import PackState
from reporting.models import Pack
from reporting.selectors.corrections import corrections_of
from reporting.selectors.edition import distribution_job, editions_of, get_pack
from reporting.selectors.pack_recipients import downloads_of, intended_recipients, recipient_in, recipient_lines
from reporting.services.distribution import channel_of, revoke_link
from reporting.services.pack_life import PackStepError, approve, publish
from reporting.tasks import wake_distribution


@dataclass(frozen=True, slots=True)
class Stage:
    """One state of the life line; `is_done` once the pack has come that far."""

    label: str
    is_done: bool
    is_current: bool


def life_context(user: User, pack: Pack) -> dict[str, Any]:
    """Where the pack stands, what this person may do next, and who received it."""
    sees_delivery = has_permission(user, Permission.PACK_PREVIEW)
    intended = sees_delivery and pack.state in (PackState.RENDERED, PackState.APPROVED)
    delivered = sees_delivery and pack.state in pack_life.READABLE
    corrections = corrections_of(user, pack.cycle) if pack.cycle.frozen_at else []
    decides = has_permission(user, Permission.CORRECTION_DECIDE)
    return {
        "stages": _stages(pack),
        "may_approve": pack.state == PackState.RENDERED and has_permission(user, Permission.PACK_APPROVE, pack),
        "is_builder": pack.built_by_id == user.pk,
        "may_publish": pack.state == PackState.APPROVED and has_permission(user, Permission.PACK_PUBLISH, pack),
        "sees_delivery": sees_delivery,
        "intended": intended_recipients() if intended else None,
        "by_link": intended and channel_of(pack) == "link",
        "recipients": recipient_lines(pack) if delivered else [],
        "downloads": downloads_of(pack) if delivered else [],
        "distribution": distribution_job(pack) if delivered else None,
        "may_revoke": has_permission(user, Permission.PACK_DISTRIBUTE),
        "editions": editions_of(user, pack.cycle) if pack.pk else [],
        "corrections": corrections,
        "may_decide": decides,
        "may_prepare": decides
        and pack.state in pack_life.READABLE
        and any(row.state == "accepted" for row in corrections),
    }


@requires(Permission.PACK_APPROVE)
@require_POST
def approve_pack(request: AuthenticatedRequest, week: str) -> HttpResponse:
    """Approve the edition on the page; refused for who built it."""
    shown = get_pack(request.user, week, edition=_posted_edition(request))
    if not shown.pk:
        raise Http404
    try:
        approve(pack=shown, by=request.user, now=clock.now())
    except PackStepError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Pack approuvé. Il paraîtra à l’heure prévue, ou dès que vous le publiez."))
    return see_other(reverse("reporting:pack", args=[week]))


@requires(Permission.PACK_PUBLISH)
@require_http_methods(["GET", "POST"])
@never_cache
def publish_pack(request: AuthenticatedRequest, week: str) -> HttpResponse:
    """Ask once more with the list of recipients, then publish and queue the mails."""
    shown = get_pack(request.user, week, edition=_posted_edition(request))
    here = reverse("reporting:pack", args=[week])
    if not shown.pk:
        raise Http404
    if request.method == "GET":
        if shown.state != PackState.APPROVED:
            return see_other(here)
        context = {"pack": shown, "life": life_context(request.user, shown)}
        return render(request, "reporting/pack/publish.html", context)
    try:
        wake_distribution(publish(pack=shown, by=request.user, now=clock.now()))
    except PackStepError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Pack publié. Les courriels partent."))
    return see_other(here)


@requires(Permission.PACK_DISTRIBUTE)
@require_POST
def revoke(request: AuthenticatedRequest, week: str, key: int) -> HttpResponse:
    """End the personal link of one recipient at once."""
    shown = get_pack(request.user, week)
    line = recipient_in(shown.cycle, key)
    if line is None:
        raise Http404
    if revoke_link(recipient=line, by=request.user, now=clock.now()):
        messages.success(request, _("Le lien de %(name)s ne vaut plus.") % {"name": line.user.full_name})
    else:
        messages.info(request, _("Ce lien ne valait déjà plus."))
    return see_other(reverse("reporting:pack", args=[week]))


def _posted_edition(request: AuthenticatedRequest) -> int | None:
    text = request.POST.get("edition", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 4 else None


def _stages(pack: Pack) -> list[Stage]:
    return [
        Stage(str(PackState(state).label), pack_life.has_passed(pack.state, state), pack.state == state)
        for state in pack_life.ORDER
    ]
