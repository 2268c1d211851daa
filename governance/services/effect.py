"""The effects of a decision: written with the minutes, carried out by the services of the portfolio at closing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from governance.enums import EffectKind, OutcomeKind, SittingState
from governance.models import Decision, Effect, Outcome
from governance.services.session import guard_item
from people.models import User
from people.services import audit
from portfolio.models import Project
from portfolio.services import decided

_WRITING = (SittingState.IN_PROGRESS, SittingState.MINUTES_DRAFT)


@transaction.atomic
def add_effect(*, outcome: Outcome, by: User, values: Mapping[str, Any]) -> Effect:
    """One more effect of a decision on a project; nothing changes before the session is closed."""
    guard_item(outcome.item, by, *_WRITING)
    if outcome.kind != OutcomeKind.DECISION or outcome.item.request is None:
        raise ValidationError(_("Seule une décision sur un projet porte un effet."))
    effect = Effect(outcome=outcome, **values)
    effect.full_clean()
    effect.save(force_insert=True)
    audit.record(by=by, verb="session.effect_added", target=outcome.item.sitting, data={"kind": effect.kind})
    return effect


@transaction.atomic
def remove_effect(*, effect: Effect, by: User) -> None:
    guard_item(effect.outcome.item, by, *_WRITING)
    audit.record(by=by, verb="session.effect_removed", target=effect.outcome.item.sitting, data={"kind": effect.kind})
    effect.delete()


def carry_out(decision: Decision, outcome: Outcome, by: User) -> None:
    """Apply every effect inside the closing's transaction; one that is refused refuses the closing."""
    if decision.project is None:
        return
    decided.name_decision(decision.number)
    for effect in outcome.effects.select_related("person"):
        try:
            before, after = _apply(effect, decision.project, decision.text, by)
        except ValidationError as error:
            words = " ".join(error.messages)
            raise ValidationError(
                _("L’effet « %(effect)s » de %(number)s est refusé : %(why)s")
                % {"effect": effect, "number": decision.number, "why": words}
            ) from error
        effect.decision, effect.before, effect.after = decision, before[:160], after[:160]
        effect.save(update_fields=["decision", "before", "after"])
        audit.record(
            by=by,
            verb="decision.effect",
            target=decision,
            data={"project": decision.project.code, "kind": effect.kind, "before": before, "after": after},
        )


def _apply(effect: Effect, project: Project, reason: str, by: User) -> tuple[str, str]:
    if effect.kind == EffectKind.BUDGET and effect.year is not None and effect.amount is not None:
        return decided.set_budget(
            project=project, year=effect.year, nature=effect.nature, approved=effect.amount, by=by
        )
    if effect.kind == EffectKind.RANK and effect.rank is not None:
        return decided.set_rank(project=project, rank=effect.rank, by=by)
    if effect.kind == EffectKind.MANAGER and effect.person is not None:
        return decided.set_manager(project=project, manager=effect.person, by=by)
    if effect.kind == EffectKind.BASELINE and effect.day is not None:
        return decided.set_baseline_end(project=project, day=effect.day, by=by)
    if effect.kind == EffectKind.TOLERANCE:
        return decided.set_tolerance(project=project, target=effect.target, minus=effect.minus, plus=effect.plus, by=by)
    return decided.set_phase(project=project, phase=effect.phase, reason=reason, review_on=effect.day, by=by)
