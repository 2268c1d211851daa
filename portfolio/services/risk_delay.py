"""State, and take back, what a risk would add to an activity of the plan."""

from __future__ import annotations

from django.db import transaction

from people.models.user import User
from people.services import audit
from portfolio.models.risk import Risk
from portfolio.models.risk_delay import RiskDelay


@transaction.atomic
def state_risk_delay(
    *, risk: Risk, activity_uid: int, optimistic: int, most_likely: int, pessimistic: int, by: User
) -> RiskDelay:
    row = RiskDelay(
        risk=risk,
        activity_uid=activity_uid,
        optimistic=optimistic,
        most_likely=most_likely,
        pessimistic=pessimistic,
    )
    row.full_clean()
    row.save(force_insert=True)
    audit.record(by=by, verb="risk_delay.stated", target=row, data=_data(row))
    return row


@transaction.atomic
def remove_risk_delay(*, delay: RiskDelay, by: User) -> None:
    """Nothing where somebody has removed it meanwhile."""
    row = RiskDelay.objects.select_for_update(of=("self",)).filter(pk=delay.pk).first()
    if row is None:
        return
    audit.record(by=by, verb="risk_delay.removed", target=row, data=_data(row))
    row.delete()


def _data(row: RiskDelay) -> dict[str, object]:
    return {
        "project": row.risk.project.code,
        "risk": row.risk.number,
        "activity": row.activity_uid,
        "days": [row.optimistic, row.most_likely, row.pessimistic],
    }
