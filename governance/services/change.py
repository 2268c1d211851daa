"""An issue on its way: captured, assessed, recommended, brought before a body, put off, merged, closed.

Who answers it is in `services/change_ruling.py`. Every move is a conditional UPDATE along `engines.lifecycles.CHANGE`,
and sets the clock of the next step.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import translation
from django.utils.translation import gettext as _

from config import clock
from config.web import formats
from config.web.languages import own_language
from config.web.versioned import StaleVersionError
from governance.engines.change import ClockFacts, clock_days
from governance.engines.lifecycles import CHANGE, IllegalMoveError
from governance.engines.working_days import add_working_days
from governance.enums import (
    ChangeAnswer,
    ChangeKind,
    ChangeState,
    ChangeStep,
    FollowUpState,
    Subject,
    ToleranceLevel,
)
from governance.models import Change, ChangeClock, DecisionRequest
from governance.models.change import ENDED
from governance.selectors.change_room import route_of
from governance.services.decision_request import move_request, open_request
from people.models import Person, User
from people.services import audit
from portfolio.models import Project
from portfolio.selectors.closing_day import closed_days
from portfolio.services.versioned import create_row, write_changes

CAPTURED = frozenset(
    {
        "kind",
        "title",
        "description",
        "cause",
        "severity",
        "priority",
        "author",
        "owner",
        "risk",
        "milestone",
        "stage",
    }
)
ASSESSED = frozenset({"impacts", "size", "cost", "days"})
RECOMMENDED = frozenset({"recommended", "recommendation", "if_rejected"})
OPEN_TO_CHANGE = (ChangeState.CAPTURED, ChangeState.ASSESSED, ChangeState.RECOMMENDED, ChangeState.POSTPONED)
_TO_ASSESS = {
    ChangeState.CAPTURED: "assess",
    ChangeState.EXCEPTION_PLAN: "assess",
    ChangeState.RECOMMENDED: "revise",
}


@transaction.atomic
def capture_change(*, project: Project, by: User | None, values: Mapping[str, Any], on: date | None = None) -> Change:
    """A new issue of the project, numbered `P-007-C01`; its clock to be assessed starts."""
    day = on or clock.today()
    person = person_of(by)
    author = values.get("author") or person
    if author is None:
        raise ValidationError({"author": _("Dites qui a relevé l’incidence.")})
    fields = {name: value for name, value in values.items() if name in CAPTURED and name != "author"}
    change = Change(project=project, author=author, recorded_by=person, raised_on=day, **fields)
    _check_links(change)
    change.number = _next_number(project)
    change.due_on = due_on(change.severity, ChangeStep.ASSESS, day)
    return create_row(change, by=by, verb="change.captured")


@transaction.atomic
def update_change(*, change: Change, by: User, changes: Mapping[str, Any], version: int) -> Change:
    """What was captured, until somebody is asked to answer; another severity is another clock."""
    _still_open(change)
    for name, value in changes.items():
        setattr(change, name, value)
    _check_links(change)
    saved = write_changes(change, changes=changes, allowed=CAPTURED, version=version, by=by, verb="change.updated")
    if "severity" in changes:
        Change.objects.filter(pk=saved.pk).update(due_on=next_due(saved, ChangeState(saved.state), clock.today()))
        saved.refresh_from_db()
    return saved


@transaction.atomic
def assess_change(
    *, change: Change, by: User, changes: Mapping[str, Any], version: int, on: date | None = None
) -> Change:
    """The impact on the seven targets, size, cost and days; a recommendation already given is open again."""
    _still_open(change, ChangeState.EXCEPTION_PLAN)
    if change.state == ChangeState.POSTPONED:
        raise ValidationError(_("Reprenez d’abord cette incidence ajournée."))
    saved = write_changes(change, changes=changes, allowed=ASSESSED, version=version, by=by, verb="change.assessed")
    if saved.size is None:
        raise ValidationError({"size": _("Donnez une taille de 1 à 5.")})
    act = _TO_ASSESS.get(ChangeState(saved.state))
    day = on or clock.today()
    return saved if act is None else move_change(change=saved, act=act, by=by, on=day, assessed_on=day)


@transaction.atomic
def recommend_change(
    *, change: Change, by: User, changes: Mapping[str, Any], version: int, on: date | None = None
) -> Change:
    """The answer proposed, why, and what happens if nothing is done; then it waits for whoever answers it."""
    if change.state not in (ChangeState.ASSESSED, ChangeState.RECOMMENDED):
        raise _out_of_turn(change)
    proposed = changes.get("recommended", change.recommended)
    if proposed == ChangeAnswer.CONCESSION and change.kind != ChangeKind.OFF_SPECIFICATION:
        raise ValidationError({"recommended": _("Une concession accepte un hors-spécification, rien d’autre.")})
    saved = write_changes(
        change, changes=changes, allowed=RECOMMENDED, version=version, by=by, verb="change.recommended"
    )
    if saved.state == ChangeState.RECOMMENDED:
        return saved
    return move_change(change=saved, act="recommend", by=by, on=on or clock.today())


@transaction.atomic
def submit_change(*, change: Change, by: User, version: int, needed_on: date | None = None) -> DecisionRequest:
    """Bring it before the lowest competent body: beyond what the manager and the change authority may answer."""
    today = clock.today()
    view = route_of(change, clock.now(), today)
    moved = move_change(change=change, act="submit", by=by, on=today, version=version)
    level = ToleranceLevel.PROJECT if view.route.exceeds_project else ToleranceLevel.STAGE
    with translation.override(own_language()):
        options = _options(moved)
    return open_request(
        project=moved.project,
        by=by,
        values={
            "change": moved,
            "kind": Subject.CHANGE,
            "level": level,
            "question": f"{moved.title} ({moved.number})",
            "needed_on": needed_on or max(moved.due_on or today, today + timedelta(days=1)),
            "amount": moved.cost,
            "options": options,
            "recommendation": moved.recommendation,
            "cost_of_waiting": moved.if_rejected,
            "owner": moved.owner or moved.project.manager,
        },
    )


@transaction.atomic
def recall_change(*, change: Change, by: User, version: int) -> Change:
    """Take it back from the body; the request that still waits is withdrawn."""
    moved = move_change(change=change, act="recall", by=by, on=clock.today(), version=version)
    for request in change.requests.filter(state__in=("open", "deferred")):
        move_request(request=request, act="withdraw", by=by)
    if change.requests.filter(state="on_agenda").exists():
        raise ValidationError(
            _("L’instance l’a déjà à son ordre du jour : demandez à son secrétariat de l’en retirer.")
        )
    return moved


@transaction.atomic
def postpone_change(
    *, change: Change, by: User, version: int, review_on: date, reason: str, on: date | None = None
) -> Change:
    """Put off to a day on which it comes back."""
    day = on or clock.today()
    if review_on <= day:
        raise ValidationError({"review_on": _("La date de revue est à venir.")})
    return move_change(
        change=change, act="postpone", by=by, on=day, version=version, review_on=review_on, note=_said(reason)
    )


@transaction.atomic
def resume_change(*, change: Change, by: User, version: int) -> Change:
    return move_change(change=change, act="resume", by=by, on=clock.today(), version=version, review_on=None)


@transaction.atomic
def merge_change(*, change: Change, by: User, version: int, into: Change, reason: str) -> Change:
    """Ended, and carried on in another living issue of the same project."""
    if into.project_id != change.project_id or into.pk == change.pk or into.state in ENDED:
        raise ValidationError({"into": _("Choisissez une autre incidence ouverte du même projet.")})
    today = clock.today()
    return move_change(
        change=change, act="merge", by=by, on=today, version=version, merged_into=into, note=_said(reason)
    )


@transaction.atomic
def close_change(*, change: Change, by: User, version: int, note: str) -> Change:
    """Carried out, with every action closed and at least one by its evidence; or a concession that has served."""
    left = change.actions.filter(state__in=(FollowUpState.OPEN, FollowUpState.SUBMITTED)).count()
    if left:
        raise ValidationError(_("Il reste %(count)d action à clore par sa preuve.") % {"count": left})
    proven = change.actions.filter(state=FollowUpState.MET).exists()
    if change.state == ChangeState.IMPLEMENTING and not proven:
        raise ValidationError(_("Une incidence acceptée se clôt par la preuve d’une action au moins."))
    return move_change(change=change, act="close", by=by, on=clock.today(), version=version, note=_said(note))


def move_change(
    *, change: Change, act: str, by: User | None, on: date, version: int | None = None, **values: Any
) -> Change:
    """One row of the table of moves, by conditional UPDATE on state and version."""
    try:
        target = ChangeState(CHANGE.target(act, change.state))
    except IllegalMoveError as error:
        raise _out_of_turn(change) from error
    if target in ENDED:
        values["closed_on"] = on
    change_after = {"due_on": next_due(change, target, on, values), **values}
    expected = change.version if version is None else version
    moved = Change.objects.filter(pk=change.pk, state=change.state, version=expected).update(
        state=target, version=F("version") + 1, updated_at=clock.now(), **change_after
    )
    if moved != 1:
        raise StaleVersionError
    source = change.state
    change.refresh_from_db()
    data = {"project": change.project.code, "changes": {"state": [source, str(target)]}}
    audit.record(by=by, verb=f"change.{act}", target=change, data=data)
    return change


def next_due(change: Change, state: ChangeState, on: date, values: Mapping[str, Any] | None = None) -> date | None:
    """The day the step of `state` is due: by its clock, by its review, or never."""
    values = values or {}
    if state == ChangeState.CAPTURED:
        since = change.raised_on if change.state == ChangeState.CAPTURED else on
        return due_on(change.severity, ChangeStep.ASSESS, since)
    if state == ChangeState.IMPLEMENTING:
        return due_on(change.severity, ChangeStep.IMPLEMENT, on)
    if state in (ChangeState.POSTPONED, ChangeState.CONCEDED):
        due: date | None = values.get("review_on", change.review_on)
        return due
    return None if state in ENDED else due_on(change.severity, ChangeStep.DECIDE, change.raised_on)


def due_on(severity: int, step: str, since: date) -> date:
    """The working day on which the clock of that severity runs out."""
    rows = [
        ClockFacts(*row)
        for row in ChangeClock.objects.filter(severity=severity, step=step).values_list(
            "severity", "step", "days", "valid_from"
        )
    ]
    days = clock_days(severity, step, since, rows)
    return add_working_days(since, days, closed_days(since, since + timedelta(days=days * 2 + 30)))


def person_of(user: User | None) -> Person | None:
    return None if user is None else Person.objects.filter(user=user).first()


def _next_number(project: Project) -> str:
    """The number after the last one; the lock on the project keeps two people apart."""
    Project.objects.select_for_update(of=("self",)).get(pk=project.pk)
    prefix = f"{project.code}-C"
    taken = Change.objects.filter(project=project, number__startswith=prefix).values_list("number", flat=True)
    serials = [int(number.removeprefix(prefix)) for number in taken if number.removeprefix(prefix).isdecimal()]
    return f"{prefix}{max(serials, default=0) + 1:02d}"


def _check_links(change: Change) -> None:
    """Risk, milestone and stage belong to the project of the issue."""
    for name in ("risk", "milestone", "stage"):
        row = getattr(change, name)
        if row is not None and row.project_id != change.project_id:
            raise ValidationError({name: _("Choisissez une ligne de ce projet.")})


def _still_open(change: Change, *also: ChangeState) -> None:
    if change.state not in (*OPEN_TO_CHANGE, *also):
        raise _out_of_turn(change)


def _out_of_turn(change: Change) -> ValidationError:
    return ValidationError(
        _("L’incidence %(number)s est « %(state)s » : cela ne se fait plus.")
        % {"number": change.number, "state": change.get_state_display()}
    )


def _said(text: str) -> str:
    if not text.strip():
        raise ValidationError({"reason": _("Dites pourquoi.")})
    return text.strip()


def _options(change: Change) -> list[dict[str, Any]]:
    """What the body may answer, with the consequence of each, in the language of the organisation."""
    answers = [ChangeAnswer.ACCEPT, ChangeAnswer.REJECT]
    if change.kind == ChangeKind.OFF_SPECIFICATION:
        answers.append(ChangeAnswer.CONCESSION)
    if change.recommended == ChangeAnswer.EXCEPTION_PLAN:
        answers.append(ChangeAnswer.EXCEPTION_PLAN)
    consequences = {
        ChangeAnswer.ACCEPT: _consequence(change),
        ChangeAnswer.REJECT: change.if_rejected or _("rien ne change"),
        ChangeAnswer.CONCESSION: _("le produit est accepté tel quel, pour un temps ou sous condition"),
        ChangeAnswer.EXCEPTION_PLAN: _("le projet revient avec un plan d’exception"),
    }
    return [
        {
            "label": str(answer.label),
            "consequence": consequences[answer][:200],
            "recommended": answer == change.recommended,
        }
        for answer in answers
    ]


def _consequence(change: Change) -> str:
    cost = _("coût non chiffré") if change.cost is None else str(formats.euro(change.cost))
    days = Decimal(change.impacts.get("time", {}).get("amount") or 0)
    moved = f", {formats.delta_days(int(days))}" if days else ""
    words = ", ".join(one["words"] for one in change.impacts.values() if one.get("words"))
    return f"{cost}{moved}{' : ' if words else ''}{words}"
