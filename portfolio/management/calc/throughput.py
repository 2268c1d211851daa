"""`throughput`: within how many weeks a backlog is done if weeks go on as they went."""

from django.utils.translation import gettext as _

from portfolio.engines.throughput import RUNS, Forecast, WeekSample, forecast, samples_of
from portfolio.management.calc.registry import Answer, Question, register
from portfolio.management.calc.values import items, refused, whole

MOST_RUNS, MOST_WEEKS = 100_000, 2_000
LARGEST = 10**9


def throughput(question: Question) -> Answer:
    """Weeks to P50, P80 and P90 after the one the history ends in, without and with the growth of the scope."""
    remaining, runs = _bounded(question, "remaining", 0), _bounded(question, "iterations", RUNS)
    if not 1 <= runs <= MOST_RUNS:
        raise refused("iterations", _("de 1 à 100 000 tirages."))
    weeks = items(question, "weeks")
    if len(weeks) > MOST_WEEKS:
        raise refused("weeks", _("2 000 semaines au plus."))
    history = [WeekSample(_bounded(one, "done", 0), _bounded(one, "scope_change", 0, low=-LARGEST)) for one in weeks]
    samples, seed = samples_of(history), _bounded(question, "seed", 0)
    steady = forecast(remaining, samples, runs=runs, seed=seed)
    growing = forecast(remaining, samples, with_growth=True, runs=runs, seed=seed)
    return {**_told(steady), "samples": str(len(samples)), "with_growth": _told(growing)}


def _bounded(question: Question, field: str, default: int, *, low: int = 0) -> int:
    found = whole(question, field, default)
    if not low <= found <= LARGEST:
        raise refused(field, _("ce nombre est hors limites."))
    return found


def _told(found: Forecast | None) -> Answer:
    weeks = {f"p{share}": None if found is None else found.percentile(share) for share in (50, 80, 90)}
    return {name: None if value is None else str(value) for name, value in weeks.items()}


def register_calculations() -> None:
    register(throughput=throughput)
