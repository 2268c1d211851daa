"""An exception on its way: raised, moved along its table, closed; every move is one conditional UPDATE."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import F
from django.utils.translation import gettext as _

from config import clock
from config.web.versioned import StaleVersionError
from governance.engines.exception import Pace, reaction_days
from governance.engines.lifecycles import EXCEPTION, IllegalMoveError
from governance.engines.working_days import add_working_days
from governance.enums import OPEN_REQUESTS, ExceptionClosing, RequestState, ToleranceLevel
from governance.models import DecisionRequest, ExceptionClock, ProjectException
from governance.services.decision_request import move_request
from governance.services.exception_notices import tell_raised
from people.models import User
from people.services import audit
from portfolio.engines.verdict import Verdict
from portfolio.engines.verdict_codec import encode_verdict
from portfolio.models import Project
from portfolio.selectors.breach import Position
from portfolio.selectors.closing_day import closed_days
from portfolio.services.versioned import create_row


def raise_exception(
    position: Position, breaches: Mapping[str, Verdict], project: Project, on: date
) -> ProjectException:
    """A new exception of the project, stage or work package; the caller holds the lock on the project."""
    row = ProjectException(
        number=_next_number(project),
        project=project,
        level=level_of(position),
        stage_id=position.stage_id,
        work_package_id=position.work_package_id,
        breaches=encoded(breaches),
        raised_on=on,
        due_on=due_on(ToleranceLevel.WORK_PACKAGE, on),
    )
    create_row(row, by=None, verb="exception.raised")
    tell_raised(row)
    return row


def level_of(position: Position) -> int:
    if position.work_package_id is not None:
        return ToleranceLevel.WORK_PACKAGE
    return ToleranceLevel.PROJECT if position.stage_id is None else ToleranceLevel.STAGE


def encoded(breaches: Mapping[str, Verdict]) -> dict[str, Any]:
    """The verdicts as the row keeps them: lists, as JSON gives them back."""
    return {
        target: {
            **encode_verdict(verdict),
            "facts": {name: list(fact) for name, fact in encode_verdict(verdict)["facts"].items()},
        }
        for target, verdict in breaches.items()
    }


def move_exception(
    *, exception: ProjectException, act: str, by: User | None, version: int | None = None, **values: Any
) -> ProjectException:
    """One row of the table of moves, by conditional UPDATE on state and version."""
    try:
        target = EXCEPTION.target(act, exception.state)
    except IllegalMoveError as error:
        raise ValidationError(
            _("L’exception %(number)s est « %(state)s » : cela ne se fait plus.")
            % {"number": exception.number, "state": exception.get_state_display()}
        ) from error
    expected = exception.version if version is None else version
    source = exception.state
    moved = ProjectException.objects.filter(pk=exception.pk, state=source, version=expected).update(
        state=target, version=F("version") + 1, updated_at=clock.now(), **values
    )
    if moved != 1:
        raise StaleVersionError
    exception.refresh_from_db()
    data = {"project": exception.project.code, "changes": {"state": [source, target]}}
    if values.get("answer"):
        data["answer"] = values["answer"]
    audit.record(by=by, verb=f"exception.{act}", target=exception, data=data)
    return exception


def close_exception(
    exception: ProjectException, closing: ExceptionClosing, by: User | None, on: date | None = None
) -> ProjectException:
    """Over, with its reason; a request that still waits for it is withdrawn."""
    day = on or clock.today()
    closed = move_exception(exception=exception, act="close", by=by, closed_on=day, closing=closing, due_on=None)
    for request in DecisionRequest.objects.filter(exception=closed, state__in=OPEN_REQUESTS):
        if request.state != RequestState.ON_AGENDA:
            move_request(request=request, act="withdraw", by=by)
    return closed


def open_request_of(exception: ProjectException) -> DecisionRequest | None:
    """The request that stands for it now, wherever it has gone up to."""
    rows = DecisionRequest.objects.filter(exception=exception, state__in=OPEN_REQUESTS)
    return rows.select_related("body").order_by("-pk").first()


def due_on(level: int, since: date) -> date:
    """The working day on which the reaction time of the level runs out."""
    rows = ExceptionClock.objects.filter(level=level).values_list("level", "days", "valid_from")
    days = reaction_days(level, since, [Pace(*row) for row in rows])
    return add_working_days(since, days, closed_days(since, since + timedelta(days=2 * days + 30)))


def _next_number(project: Project) -> str:
    prefix = f"{project.code}-E"
    taken = ProjectException.objects.filter(number__startswith=prefix).values_list("number", flat=True)
    serials = [int(number.removeprefix(prefix)) for number in taken if number.removeprefix(prefix).isdecimal()]
    return f"{prefix}{max(serials, default=0) + 1:02d}"
