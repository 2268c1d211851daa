"""A step of an arbitration whose clock ran out goes up one level by itself, once."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from governance.enums import Subject
from governance.models import ArbitrationStep
from governance.selectors.competence import decide
from governance.selectors.ladder import office_holders
from governance.services.arbitration_notices import tell_overdue
from people.services import audit


def overdue_steps(on: date) -> QuerySet[ArbitrationStep]:
    """Late, still open, and not sent up yet; before a body the request itself goes up."""
    return ArbitrationStep.objects.filter(left_on__isnull=True, raised_on__isnull=True, due_on__lt=on)


@transaction.atomic
def raise_step(*, step_id: int, on: date) -> ArbitrationStep | None:
    """Tell the office of the body that arbitrates; None where nothing is late any more."""
    rows = overdue_steps(on).select_for_update(of=("self",))
    step = rows.select_related("arbitration__project").filter(pk=step_id).first()
    if step is None:
        return None
    body = decide(kind=Subject.PRIORITY, amount=None, on=on, level=None, project=None).body
    step.raised_on, step.raised_to = on, body.name_fr if body is not None else _("aucune instance")
    step.save(update_fields=["raised_on", "raised_to"])
    tell_overdue(step, office_holders(body, on) if body is not None else [], step.raised_to)
    audit.record(
        by=None,
        verb="arbitration.raised",
        target=step.arbitration,
        data={"project": step.arbitration.project.code, "state": step.state, "to": step.raised_to},
    )
    return step
