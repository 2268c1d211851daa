"""The effects of a decision: written with the minutes, carried out by the services of the portfolio at closing."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from governance.enums import EffectKind, OutcomeKind, SittingState, Verdict
from governance.models import Decision, DecisionRequest, Effect, Outcome
from governance.selectors.concerned import concerned_ids
from governance.services import arbitration_body, change_ruling, exception_ruling, gate_ruling
from governance.services.session import guard_item
from people.models import User
from people.services import audit
from portfolio.models import Project
from portfolio.services import decided
from portfolio.services.decided import Change

_WRITING = (SittingState.IN_PROGRESS, SittingState.MINUTES_DRAFT)


@transaction.atomic
def add_effect(*, outcome: Outcome, by: User, values: Mapping[str, Any]) -> Effect:
    """One more effect of a decision on a project; nothing changes before the session is closed."""
    guard_item(outcome.item, by, *_WRITING)
    if outcome.kind != OutcomeKind.DECISION or outcome.item.request is None:
        raise ValidationError(_("Seule une décision sur un projet porte un effet."))
    effect = Effect(outcome=outcome, **values)
    if effect.project is not None and effect.project.pk not in concerned_ids(outcome.item.request):
        raise ValidationError({"project": _("Cette demande ne concerne pas ce projet.")})
    if effect.project_id == outcome.item.request.project_id:
        effect.project = None
    effect.full_clean()
    effect.save(force_insert=True)
    audit.record(by=by, verb="session.effect_added", target=outcome.item.sitting, data={"kind": effect.kind})
    for proposed in exception_ruling.proposals(effect) if effect.kind == EffectKind.EXCEPTION else ():
        add_effect(outcome=outcome, by=by, values=proposed)
    return effect


@transaction.atomic
def remove_effect(*, effect: Effect, by: User) -> None:
    guard_item(effect.outcome.item, by, *_WRITING)
    audit.record(by=by, verb="session.effect_removed", target=effect.outcome.item.sitting, data={"kind": effect.kind})
    effect.delete()


def carry_out(decision: Decision, outcome: Outcome, by: User) -> None:
    """Apply every effect of an adopted decision inside the closing's transaction; one refused refuses the closing."""
    if decision.project is None:
        return
    decided.name_decision(decision.number)
    effects = (
        list(outcome.effects.select_related("project", "person", "other_project"))
        if decision.verdict == Verdict.ADOPTED
        else []
    )
    answer_subject(decision, {effect.kind for effect in effects}, by)
    for effect in effects:
        try:
            before, after = _APPLY[effect.kind](effect, decision, by)
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
            data={
                "project": (effect.project or decision.project).code,
                "kind": effect.kind,
                "before": before,
                "after": after,
            },
        )


def _project(effect: Effect, decision: Decision) -> Project:
    """The project the effect is on: its own where it names one of those concerned, else the decision's."""
    project = effect.project or decision.project
    if project is None:
        raise ValidationError(_("Seule une décision sur un projet porte un effet."))
    return project


def _budget(effect: Effect, decision: Decision, by: User) -> Change:
    if effect.year is None or effect.amount is None:
        raise ValidationError(_("Cet effet demande une année et un montant."))
    return decided.set_budget(
        project=_project(effect, decision), year=effect.year, nature=effect.nature, approved=effect.amount, by=by
    )


def _rank(effect: Effect, decision: Decision, by: User) -> Change:
    if effect.rank is None:
        raise ValidationError(_("Cet effet demande un rang."))
    return decided.set_rank(project=_project(effect, decision), rank=effect.rank, by=by)


def _manager(effect: Effect, decision: Decision, by: User) -> Change:
    if effect.person is None:
        raise ValidationError(_("Cet effet demande une personne."))
    return decided.set_manager(project=_project(effect, decision), manager=effect.person, by=by)


def _baseline(effect: Effect, decision: Decision, by: User) -> Change:
    if effect.day is None:
        raise ValidationError(_("Cet effet demande une date."))
    if (stage := exception_ruling.stage_of(decision)) is not None:
        return decided.set_stage_end(stage=stage, day=effect.day, by=by)
    return decided.set_baseline_end(project=_project(effect, decision), day=effect.day, by=by)


def _tolerance(effect: Effect, decision: Decision, by: User) -> Change:
    if (stage := exception_ruling.stage_of(decision)) is not None:
        return decided.set_stage_tolerance(
            stage=stage, target=effect.target, minus=effect.minus, plus=effect.plus, by=by
        )
    return decided.set_tolerance(
        project=_project(effect, decision), target=effect.target, minus=effect.minus, plus=effect.plus, by=by
    )


def _phase(effect: Effect, decision: Decision, by: User) -> Change:
    return decided.set_phase(
        project=_project(effect, decision), phase=effect.phase, reason=decision.text, review_on=effect.day, by=by
    )


def _transfer(effect: Effect, decision: Decision, by: User) -> Change:
    if effect.year is None or effect.amount is None or effect.other_project is None:
        raise ValidationError(_("Cet effet demande une année, un montant et le projet qui reçoit."))
    return decided.transfer_budget(
        giver=_project(effect, decision),
        receiver=effect.other_project,
        year=effect.year,
        nature=effect.nature,
        amount=effect.amount,
        by=by,
    )


_APPLY: dict[str, Callable[[Effect, Decision, User], Change]] = {
    EffectKind.BUDGET: _budget,
    EffectKind.BASELINE: _baseline,
    EffectKind.TOLERANCE: _tolerance,
    EffectKind.RANK: _rank,
    EffectKind.MANAGER: _manager,
    EffectKind.PHASE: _phase,
    EffectKind.TRANSFER: _transfer,
    EffectKind.GATE: gate_ruling.rule_on,
    EffectKind.CHANGE: change_ruling.answer_as_body,
    EffectKind.ARBITRATION: arbitration_body.retain,
    EffectKind.EXCEPTION: exception_ruling.rule_on,
}
"""How each kind of effect is carried out; answers the value before and after, as text."""

_ANSWERED: dict[str, tuple[str, Callable[[DecisionRequest, Decision, User], None]]] = {
    "gate_review": (EffectKind.GATE, gate_ruling.turned_down),
    "change": (EffectKind.CHANGE, change_ruling.turn_down),
    "arbitration": (EffectKind.ARBITRATION, arbitration_body.turned_down),
    "exception": (EffectKind.EXCEPTION, exception_ruling.turned_down),
}
"""By name of what a request may stand for: the effect that answers it, and what a decision that fails does to it."""


def answer_subject(decision: Decision, kinds: Collection[str], by: User) -> None:
    """A decision on an exception, a gate, a change or an arbitration says which answer it gives."""
    request = decision.request
    for name, (kind, turned_down) in _ANSWERED.items():
        if request is None or getattr(request, f"{name}_id") is None:
            continue
        if decision.verdict != Verdict.ADOPTED:
            turned_down(request, decision, by)
        elif kind not in kinds:
            raise ValidationError(
                _("%(number)s : ajoutez l’effet « %(effect)s », qui dit ce que l’instance répond.")
                % {"number": request.number, "effect": EffectKind(kind).label}
            )
