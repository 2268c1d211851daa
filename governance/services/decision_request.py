"""A decision request on its way: completed, put on an agenda, deferred, sent up, settled or withdrawn."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from config import clock
from governance.engines.lifecycles import REQUEST, REQUEST_OPEN, IllegalMoveError
from governance.models import Body, DecisionRequest
from governance.selectors.clock import answer_by
from governance.selectors.competence import competence_of
from governance.services.voided import voids_votes
from people.models import Person, User
from people.services import audit
from portfolio.models import Project
from portfolio.services.versioned import create_row, write_changes

FIELDS = frozenset(
    {"kind", "level", "question", "needed_on", "amount", "options", "recommendation", "cost_of_waiting", "owner"}
)
_SUBJECTS: tuple[str, ...] = ("arbitration", "gate_review", "change", "exception")
"""The rows a request may stand for; at most one is set, and it goes up with the request."""
FOLLOWED_BY: dict[str, Callable[[DecisionRequest, str, User | None], None]] = {}
"""By name of what a request stands for: what a move of the request does to it; filled at start-up."""
_CARRIED = ("project", "kind", "level", "needed_on", "question", "amount", "options", "recommendation", "owner")


@transaction.atomic
def open_request(
    *, project: Project, by: User | None, values: Mapping[str, Any], body: Body | None = None
) -> DecisionRequest:
    """Ask the lowest competent body of the day, or `body`, for a decision on the project.

    `values` are fields of FIELDS, and the row the request stands for under its own name.
    """
    today = clock.today()
    request = DecisionRequest(project=project, **values)
    target = body or competence_of(request, today).body
    if target is None:
        raise ValidationError(_("Aucune instance active n’a le mandat d’en décider : complétez les mandats."))
    request.body = target
    request.number = next_number(target, today.year)
    request.raised_by = request.raised_by or person_of(by)
    request.answer_by = answer_by(target, today, request.needed_on)
    return create_row(request, by=by, verb="decision_request.opened")


def person_of(user: User | None) -> Person | None:
    """Who the account belongs to; nobody for the clock."""
    return getattr(user, "person", None)


@transaction.atomic
@voids_votes
def update_request(*, request: DecisionRequest, by: User, changes: Mapping[str, Any], version: int) -> DecisionRequest:
    """Write the changed fields of an open request; a closed one stays as it was."""
    if not request.is_open:
        raise ValidationError(_("Cette demande est close ; elle ne se modifie plus."))
    if "needed_on" in changes:
        since = request.created_at.astimezone(clock.BRUSSELS).date()
        changes = {**changes, "answer_by": answer_by(request.body, since, changes["needed_on"])}
    return write_changes(
        request,
        changes=changes,
        allowed=FIELDS | {"answer_by"},
        version=version,
        by=by,
        verb="decision_request.updated",
    )


@transaction.atomic
def move_request(*, request: DecisionRequest, act: str, by: User | None) -> DecisionRequest:
    """One row of the table of moves, by conditional UPDATE."""
    try:
        target = REQUEST.target(act, request.state)
    except IllegalMoveError as error:
        raise ValidationError(
            _("La demande %(number)s est « %(state)s » : cela ne se fait plus.")
            % {"number": request.number, "state": request.get_state_display()}
        ) from error
    closed_on = None if target in REQUEST_OPEN else clock.today()
    moved = DecisionRequest.objects.filter(pk=request.pk, state=request.state).update(
        state=target, closed_on=closed_on, version=F("version") + 1, updated_at=clock.now()
    )
    if moved != 1:
        raise ValidationError(_("La demande %(number)s a changé entre-temps.") % {"number": request.number})
    request.refresh_from_db()
    for name, follow in FOLLOWED_BY.items():
        if getattr(request, f"{name}_id") is not None:
            follow(request, act, by)
    audit.record(
        by=by, verb=f"decision_request.{act}", target=request, data={"project": request.project.code, "state": target}
    )
    return request


@transaction.atomic
def escalate_request(*, request: DecisionRequest, by: User | None, reason: str, on: date) -> DecisionRequest:
    """Send it to the lowest competent body above; the request there is a new one that keeps the reason."""
    target = body_above(request, on)
    if target is None:
        raise ValidationError(_("Aucune instance plus haute n’a ce mandat."))
    if not reason.strip():
        raise ValidationError({"reason": _("Dites pourquoi la demande monte.")})
    move_request(request=request, act="escalate", by=by)
    raised = DecisionRequest(
        number=next_number(target, on.year),
        body=target,
        report=None,
        cost_of_waiting=request.cost_of_waiting,
        raised_from=request,
        raised_because=reason.strip(),
        raised_by=person_of(by),
        answer_by=answer_by(target, on, request.needed_on),
        **{name: getattr(request, name) for name in (*_CARRIED, *_SUBJECTS)},
    )
    return create_row(raised, by=by, verb="decision_request.raised")


def body_above(request: DecisionRequest, on: date) -> Body | None:
    """The competent body when it stands above the one asked, else the next one up whose mandate has this subject."""
    competent = competence_of(request, on).body
    if competent is not None and competent.level > request.body.level:
        return competent
    return (
        Body.objects.filter(active=True, level__gt=request.body.level, mandates__kind=request.kind)
        .order_by("level", "code")
        .first()
    )


def next_number(body: Body, year: int) -> str:
    """The next free number of a request to the body in the year: `2026-CODIR-D007`. The body's row is the lock."""
    Body.objects.select_for_update(of=("self",)).get(pk=body.pk)
    prefix = f"{year}-{body.code}-D"
    taken = DecisionRequest.objects.filter(number__startswith=prefix).values_list("number", flat=True)
    serials = [int(number.removeprefix(prefix)) for number in taken if number.removeprefix(prefix).isdecimal()]
    return f"{prefix}{max(serials, default=0) + 1:03d}"
