"""A forecast outside tolerance raises an exception by itself, in the transaction that computed it; back within, it
closes by itself.

Heard through the breach port of the portfolio, whichever service moved the forecast: a cost, a date, a weekly status,
an import, or the night alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Q

from config.clock import BRUSSELS
from config.web.versioned import StaleVersionError
from governance.engines.exception import WATCHED_PHASES, deviation, uncovered
from governance.enums import ExceptionAnswer, ExceptionClosing, ExceptionState, RequestState
from governance.models import ProjectException
from governance.services.exception import close_exception, encoded, raise_exception
from portfolio.engines.lifecycle import CLOSED_PHASES, Phase
from portfolio.engines.verdict import Verdict
from portfolio.engines.verdict_codec import decode_verdict
from portfolio.models import Project
from portfolio.selectors.breach import Position
from portfolio.services import breach_port

Part = tuple[int, int | None, int | None]
_BEFORE_A_BODY = (ExceptionState.SUBMITTED, ExceptionState.PLAN_SUBMITTED)


def register() -> None:
    breach_port.listen(follow_positions)


def follow_positions(positions: Sequence[Position], now: datetime) -> None:
    """One statement when nothing is outside and nothing is open."""
    today = now.astimezone(BRUSSELS).date()
    known = _known({position.project_id for position in positions})
    missing = []
    for position in positions:
        row, accepted = known.get(position.part, (None, {}))
        if row is not None:
            _keep_up(row, position, today)
        elif position.life_cycle in WATCHED_PHASES and uncovered(position.breaches, accepted):
            missing.append(position)
    if missing:
        _raise(missing, today)


def _raise(missing: Sequence[Position], today: date) -> None:
    """Lock the projects first: whoever comes second finds the exception of the first."""
    ids = {position.project_id for position in missing}
    locked = Project.objects.select_for_update(of=("self",), no_key=True).select_related("manager__user")
    projects = {project.pk: project for project in locked.filter(pk__in=ids).order_by("pk")}
    known = _known(ids)
    for position in missing:
        row, accepted = known.get(position.part, (None, {}))
        fresh = uncovered(position.breaches, accepted)
        if row is None and fresh:
            raise_exception(position, fresh, projects[position.project_id], today)


def _known(project_ids: set[int]) -> dict[Part, tuple[ProjectException | None, dict[str, Decimal]]]:
    """Per part: the open exception, and the deviations accepted before."""
    rows = ProjectException.objects.filter(
        Q(closed_on__isnull=True) | Q(answer=ExceptionAnswer.ACCEPT), project_id__in=project_ids
    ).select_related("project")
    found: dict[Part, tuple[ProjectException | None, dict[str, Decimal]]] = {}
    for row in rows.order_by("pk"):
        part = (row.project_id, row.stage_id, row.work_package_id)
        current, accepted = found.get(part, (None, {}))
        if row.is_open:
            current = row
        else:
            accepted = {**accepted, **_deviations(row)}
        found[part] = (current, accepted)
    return found


def _deviations(row: ProjectException) -> dict[str, Decimal]:
    measured = {target: deviation(decode_verdict(raw)) for target, raw in row.breaches.items()}
    return {target: value for target, value in measured.items() if value is not None}


def _keep_up(row: ProjectException, position: Position, today: date) -> None:
    """Close what is over, and keep the figures of what is not those of the day; somebody else's move comes first."""
    with suppress(StaleVersionError):
        _settle(row, position, today)


def _settle(row: ProjectException, position: Position, today: date) -> None:
    if position.life_cycle in CLOSED_PHASES or position.life_cycle == Phase.CLOSING:
        if not _is_before_a_body(row):
            close_exception(row, _ended(row), None, today)
    elif not position.breaches:
        if row.answer != ExceptionAnswer.PLAN and not _is_before_a_body(row):
            close_exception(row, ExceptionClosing.BACK, None, today)
    else:
        _renew(row, position.breaches)


def _ended(row: ProjectException) -> ExceptionClosing:
    early = row.answer == ExceptionAnswer.PREMATURE_CLOSURE
    return ExceptionClosing.PREMATURE if early else ExceptionClosing.ENDED


def _renew(row: ProjectException, breaches: Mapping[str, Verdict]) -> None:
    figures = encoded(breaches)
    if figures != row.breaches:
        ProjectException.objects.filter(pk=row.pk, closed_on__isnull=True).update(breaches=figures)


def _is_before_a_body(row: ProjectException) -> bool:
    """Its request stands on an agenda: the body answers, even if the forecast has come back meanwhile."""
    return row.state in _BEFORE_A_BODY and row.requests.filter(state=RequestState.ON_AGENDA).exists()
