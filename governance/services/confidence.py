"""Confidence in delivery: given by the project office or a reviewer, with the actions it makes mandatory."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from governance.models import Confidence, ConfidenceAction, GateReview
from governance.selectors.confidence import is_done, may_give
from governance.selectors.gate_review import rules_on
from people.models import User
from people.services import audit
from portfolio.models import Project


@transaction.atomic
def give_confidence(
    *,
    project: Project,
    by: User,
    level: str,
    reason: str,
    on: date,
    review: GateReview | None = None,
    actions: Iterable[Mapping[str, Any]] = (),
) -> Confidence:
    """A new view beside the former ones; refused to who leads the project, here and in the database."""
    if not may_give(by, project, review):
        raise ValidationError(
            _("La confiance est donnée par le PSO ou un relecteur, jamais par le chef de projet ou son suppléant.")
        )
    row = Confidence(
        project=project,
        review=review,
        scale=rules_on(on).scale,
        level=level,
        reason=reason.strip(),
        given_by=by,
        given_on=on,
    )
    row.full_clean()
    row.save(force_insert=True)
    for values in actions:
        action = ConfidenceAction(confidence=row, **values)
        action.full_clean()
        action.save(force_insert=True)
    audit.record(by=by, verb="confidence.given", target=row, data={"project": project.code, "level": level})
    return row


@transaction.atomic
def close_action(*, action: ConfidenceAction, by: User, evidence: str, on: date) -> ConfidenceAction:
    """Its owner says what he did and where it can be seen; one that follows a decision is closed there."""
    if action.owner.user_id != by.pk:
        raise ValidationError(_("Le responsable remet lui-même la preuve."))
    if action.follow_up is not None or is_done(action):
        raise ValidationError(_("Cette action est faite, ou suivie avec la décision."))
    if not evidence.strip():
        raise ValidationError({"evidence": _("Dites ce qui est fait, et où on le voit.")})
    action.evidence, action.done_on = evidence.strip(), on
    action.full_clean()
    action.save(update_fields=["evidence", "done_on"])
    project = action.confidence.project
    audit.record(by=by, verb="confidence.action_done", target=action.confidence, data={"project": project.code})
    return action
