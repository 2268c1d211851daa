"""When and where a session is held, and its entry for a calendar."""

from __future__ import annotations

from typing import Any

from django.db.models import Model
from django.http import Http404, HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from config import clock
from config.web.versioned import VersionedForm
from governance.engines.invitation import Method
from governance.enums import SittingState
from governance.forms.session import SittingChangeForm
from governance.selectors.sitting import get_sitting
from governance.services.invitation import calendar_of
from governance.services.session import WHEN_AND_WHERE, reschedule
from people.permissions.catalogue import Permission
from people.permissions.decorators import AuthenticatedRequest, requires
from portfolio.views.editing import Editing, edit_page

_CHANGEABLE = (SittingState.DRAFT, SittingState.PUBLISHED)


@requires(Permission.DECISION_RECORD)
def meeting_edit(request: AuthenticatedRequest, sitting_id: int) -> HttpResponse:
    """Another day, length or place; two secretaries are merged field by field."""
    sitting = get_sitting(request.user, sitting_id)
    if sitting.is_written or sitting.state not in _CHANGEABLE:
        raise Http404

    def build(data: Any) -> tuple[VersionedForm, Model]:
        row = get_sitting(request.user, sitting_id)
        initial = {name: getattr(row, name) for name in WHEN_AND_WHERE}
        return SittingChangeForm(data, initial=initial, version=row.version), row

    return edit_page(
        request,
        Editing(
            title=_("Déplacer la séance"),
            back=sitting.get_absolute_url(),
            build=build,
            save=lambda changes, version: reschedule(
                sitting=get_sitting(request.user, sitting_id),
                by=request.user,
                changes=changes,
                version=version,
                now=clock.now(),
            ),
            template="governance/meeting/edit.html",
            context={"sitting": sitting},
        ),
    )


@require_safe
@requires(Permission.BODY_VIEW)
def meeting_calendar(request: AuthenticatedRequest, sitting_id: int) -> HttpResponse:
    """The session as a file for a calendar; nothing to download before it is convened."""
    sitting = get_sitting(request.user, sitting_id)
    if (
        sitting.is_written
        or sitting.published_at is None
        or sitting.state in (SittingState.DRAFT, SittingState.CANCELLED)
    ):
        raise Http404
    text = calendar_of(sitting, Method.PUBLISH, stamp=sitting.published_at)
    response = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    name = f"{sitting.body.code}-{sitting.starts_at:%Y-%m-%d}.ics"
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response["Cache-Control"] = "no-store"
    return response
