"""An arbitration before its body: the request that asks, what moves with it, and the option that comes back."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from config import clock
from config.web import formats
from governance.engines.arbitration import Clock
from governance.enums import OPEN_REQUESTS, ArbitrationState, Subject
from governance.models import Arbitration, Decision, DecisionRequest, Effect
from governance.selectors.arbitration import Effects, effects_on
from governance.selectors.clock import deadline
from governance.selectors.competence import decide
from governance.services.arbitration import move
from governance.services.decision_request import open_request
from people.models import User

_CONSEQUENCE = 200


@transaction.atomic
def table(*, row: Arbitration, by: User, version: int, on: date) -> DecisionRequest:
    """Ask the lowest body competent for the whole portfolio: no project's own board settles between projects."""
    effects = effects_on(row, clock.now())
    if not effects.complete:
        raise ValidationError(
            _("Posez au moins deux options et « ne rien faire », chacune avec son effet sur chaque projet concerné.")
        )
    if row.requests.filter(state__in=OPEN_REQUESTS).exists():
        raise ValidationError(_("Une demande est encore devant l’instance."))
    chosen = [option.pk for option in effects.options if not option.do_nothing]
    dearest = max(effects.comparison.totals[key].cost for key in chosen)
    amount = dearest if dearest > 0 else None
    body = decide(kind=Subject.PRIORITY, amount=amount, on=on, level=None, project=None).body
    if body is None:
        raise ValidationError(_("Aucune instance active n’a le mandat d’en décider : complétez les mandats."))
    move(row, "table", by=by, version=version, on=on)
    return open_request(
        project=row.project,
        by=by,
        body=body,
        values={
            "arbitration": row,
            "kind": Subject.PRIORITY,
            "question": row.question,
            "needed_on": deadline(Clock.DECISION, on, body),
            "amount": amount,
            "options": _options(effects),
            "recommendation": row.recommendation,
            "cost_of_waiting": row.cost_of_waiting,
            "owner": row.analyst,
        },
    )


def _options(effects: Effects) -> list[dict[str, object]]:
    """The options as the papers carry them, each with its sums."""
    return [
        {
            "label": option.label,
            "consequence": _consequence(effects, option.pk, option.description),
            "recommended": option.recommended,
        }
        for option in effects.options
    ]


def _consequence(effects: Effects, option: int, description: str) -> str:
    total = effects.comparison.totals[option]
    sums = ngettext(
        "coût %(cost)s, délai le plus long %(days)s, %(beyond)s projet hors tolérance",
        "coût %(cost)s, délai le plus long %(days)s, %(beyond)s projets hors tolérance",
        total.beyond,
    ) % {"cost": formats.delta_keuro(total.cost), "days": formats.delta_days(total.longest), "beyond": total.beyond}
    room = _CONSEQUENCE - len(sums) - 3
    return f"{description[:room]} – {sums}" if description else sums


def follow(request: DecisionRequest, act: str, by: User | None) -> None:
    """The arbitration goes where its request goes; settling is done by the decision's own effect."""
    row = request.arbitration
    if row is None:
        return
    today = clock.today()
    if act == "escalate":
        move(row, "escalate", by=by, on=today)
    elif act in ("defer", "withdraw") and row.state in (ArbitrationState.ON_AGENDA, ArbitrationState.ESCALATED):
        move(row, "defer", by=by, on=today)
    elif act == "table" and row.state == ArbitrationState.DEFERRED:
        move(row, "table", by=by, on=today)


def retain(effect: Effect, decision: Decision, by: User) -> tuple[str, str]:
    """Carry out the answer of the body: the option at that place is retained."""
    row = _row(decision)
    option = row.options.filter(position=int(effect.answer)).first() if effect.answer.isdecimal() else None
    if option is None:
        raise ValidationError(_("Cet arbitrage n’a pas cette option."))
    move(row, "decide", by=by, on=decision.taken_on, note=f"{decision.number} – {option.label}", retained=option)
    return "", option.label


def turned_down(request: DecisionRequest, decision: Decision, by: User) -> None:
    """The body adopted none: the arbitration goes back, to be worked out again."""
    row = _row(decision)
    if row.state in (ArbitrationState.ON_AGENDA, ArbitrationState.ESCALATED):
        move(row, "defer", by=by, on=decision.taken_on, note=f"{decision.number} – {decision.text}"[:600])


def _row(decision: Decision) -> Arbitration:
    if decision.request is None or decision.request.arbitration is None:
        raise ValidationError(_("Cette décision ne répond à aucun arbitrage."))
    return decision.request.arbitration
