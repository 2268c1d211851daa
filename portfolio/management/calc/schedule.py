"""`critical-path`, `schedule-risk` and `working-days`."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, TypeVar

from django.utils.translation import gettext as _

from portfolio.engines.critical_path import Rules, schedule
from portfolio.engines.network import (
    Activity,
    ConstraintType,
    CycleError,
    Lag,
    Link,
    LinkType,
    NetworkError,
    UnknownActivityError,
    build_network,
)
from portfolio.engines.three_point import (
    Distribution,
    Estimate,
    InvalidEstimateError,
    RiskActivity,
    RiskEvent,
    RiskLink,
    pert,
)
from portfolio.engines.working_calendar import STANDARD, PlainClock, community_days, legal_holidays
from portfolio.management.calc.registry import Answer, CalculationRefusedError, Question, register
from portfolio.management.calc.values import day, items, number, refused, shown, text, whole

WordT = TypeVar("WordT", bound=StrEnum)
# Working units are reckoned as whole billionths, so that no sum of decimals is off.
UNIT = 10**9
LONG_NAMES = {
    "AS_SOON_AS_POSSIBLE": "ASAP",
    "AS_LATE_AS_POSSIBLE": "ALAP",
    "START_NO_EARLIER_THAN": "SNET",
    "START_NO_LATER_THAN": "SNLT",
    "FINISH_NO_EARLIER_THAN": "FNET",
    "FINISH_NO_LATER_THAN": "FNLT",
    "MUST_START_ON": "MSO",
    "MUST_FINISH_ON": "MFO",
}
CALENDARS = ("BE", "BE-FWB")
FIRST_YEAR, LAST_YEAR = 1900, 2199


def critical_path(question: Question) -> Answer:
    """Dates and floats of a network in working units, counted from the start of the plan."""
    try:
        activities = [_activity(one) for one in items(question, "activities")]
        links = [
            Link(text(one, "from"), text(one, "to"), _link_type(one), Lag(_units(one, "lag", Decimal(0))))
            for one in items(question, "links", required=False)
        ]
        found = schedule(build_network(activities, links), {"": PlainClock()}, Rules())
    except NetworkError as error:
        raise _network_refused(error) from error
    rows = []
    for activity in activities:
        one = found.activities[activity.id]
        rows.append(
            {
                "id": one.id,
                "es": _shown(one.start),
                "ef": _shown(one.finish),
                "ls": _shown(one.late_start),
                "lf": _shown(one.late_finish),
                "total_float": _shown(one.total_float),
                "free_float": _shown(one.free_float),
                "critical": one.critical,
            }
        )
    return {"duration": _shown(found.finish), "activities": rows}


def schedule_risk(question: Question) -> Answer:
    """The simulated finish of a plan with three-point estimates, and what PERT says of it."""
    from portfolio.engines.schedule_risk import Runs, simulate  # noqa: PLC0415 -- numpy is slow to start

    target = float(number(question, "target")) if question.get("target") is not None else None
    try:
        activities = [RiskActivity(text(one, "id"), _estimate(one)) for one in items(question, "activities")]
        links = [
            RiskLink(text(one, "from"), text(one, "to"), _link_type(one), float(number(one, "lag", Decimal(0))))
            for one in items(question, "links", required=False)
        ]
        kind = _word(Distribution, question, "distribution", "triangular")
        runs = Runs(kind, whole(question, "iterations", 10_000), whole(question, "seed", 0), target)
        events = [_event(one) for one in items(question, "risks", required=False)]
        found, analytic = simulate(activities, links, runs, events), pert(activities, links, target)
    except NetworkError as error:
        raise _network_refused(error) from error
    except InvalidEstimateError as error:
        raise CalculationRefusedError("invalid_estimate", str(error)) from error
    return {
        "mean": shown(found.mean),
        "sd": shown(found.sd),
        **{f"p{level}": shown(found.percentile(level)) for level in (10, 50, 80, 90)},
        "probability_of_target": shown(found.probability_of_target),
        "criticality": {name: shown(found.criticality[name]) for name in (one.id for one in activities)},
        "pert": {
            "mean": shown(analytic.mean),
            "variance": shown(analytic.variance),
            "probability_of_target": shown(analytic.probability_of_target),
        },
    }


def working_days(question: Question) -> Answer:
    """Monday to Friday without the legal holidays; `BE-FWB` without the days of the French Community too."""
    first, last = day(question, "from"), day(question, "to")
    calendar = str(question.get("calendar", "BE"))
    if calendar not in CALENDARS:
        raise refused("calendar", _("calendriers connus : %(known)s.") % {"known": ", ".join(CALENDARS)})
    if not (first <= last and first.year >= FIRST_YEAR and last.year <= LAST_YEAR):
        raise refused("to", _("la fin précède le début, ou l’année est hors du calendrier."))
    off: set[date] = set(legal_holidays(first, last))
    if calendar == "BE-FWB":
        off |= set(community_days(first, last))
    return {
        "working_days": str(STANDARD.without(off).working_days(first, last)),
        "holidays": [one.isoformat() for one in sorted(off)],
    }


def _activity(one: Mapping[str, Any]) -> Activity:
    constraint = one.get("constraint") or {"type": "ASAP"}
    if not isinstance(constraint, dict):
        raise refused("constraint", _("un objet est attendu."))
    kind = _word(ConstraintType, constraint, "type", "ASAP")
    return Activity(
        id=text(one, "id"),
        duration=_units(one, "duration"),
        constraint=kind,
        constraint_date=_units(constraint, "value") if kind.dated else None,
        deadline=_units(one, "deadline") if one.get("deadline") is not None else None,
    )


def _estimate(one: Mapping[str, Any]) -> Estimate:
    kind = _word(Distribution, one, "distribution", "triangular") if one.get("distribution") is not None else None
    low, likely, high = (float(number(one, field)) for field in ("optimistic", "most_likely", "pessimistic"))
    return Estimate(low, likely, high, kind)


def _event(one: Mapping[str, Any]) -> RiskEvent:
    touched = one.get("activities")
    if not isinstance(touched, list) or not all(isinstance(name, (str, int)) for name in touched):
        raise refused("activities", _("une liste d’activités est attendue."))
    return RiskEvent(text(one, "id"), float(number(one, "probability")), tuple(map(str, touched)), _estimate(one))


def _link_type(one: Mapping[str, Any]) -> LinkType:
    return _word(LinkType, one, "type", "FS")


def _word(kind: type[WordT], question: Mapping[str, Any], field: str, default: str) -> WordT:
    """A word of a closed list, whatever its case and hyphens."""
    said = str(question.get(field) or default)
    plain = said.strip().upper().replace("-", "_").replace(" ", "_")
    known = {one.value.upper(): one for one in kind}
    found = known.get(LONG_NAMES.get(plain, plain))
    if found is None:
        raise refused(field, _("« %(said)s » est inconnu.") % {"said": said})
    return found


def _units(question: Mapping[str, Any], field: str, default: Decimal | None = None) -> int:
    return int((number(question, field, default) * UNIT).to_integral_value())


def _shown(units: int) -> str | None:
    return shown(Decimal(units) / UNIT)


def _network_refused(error: NetworkError) -> CalculationRefusedError:
    if isinstance(error, CycleError):
        path = " -> ".join(error.path)
        return CalculationRefusedError(
            "cycle", _("Les liens forment une boucle : %(path)s.") % {"path": path}, path=list(error.path)
        )
    if isinstance(error, UnknownActivityError):
        message = _("L’activité %(id)s n’existe pas.") % {"id": error.activity}
        return CalculationRefusedError("unknown_activity", message, id=error.activity)
    return CalculationRefusedError("invalid_network", str(error))


def register_calculations() -> None:
    register(critical_path=critical_path, schedule_risk=schedule_risk, working_days=working_days)
