"""What a body answers to a gate review, carried out when its session is closed."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from config.web import formats
from governance.engines.gate_review import Ruling
from governance.enums import BodyKind, GateReviewState, OutcomeKind
from governance.models import ConfidenceAction, Decision, DecisionRequest, Effect, FollowUp, GateReview
from governance.selectors.gate_review import awaits_investment
from governance.services.gate_notices import tell_answered
from governance.services.gate_review import move_review
from people.models import User
from portfolio.engines.lifecycle import Gate, Phase, gates_ahead, gates_behind
from portfolio.models import Project
from portfolio.services import decided
from portfolio.services.decided import Change
from portfolio.services.stage_boundary import cross_boundary, reopen_last, step_back

_ACTS = {Ruling.PASS: "pass", Ruling.CONDITIONS: "condition", Ruling.REFUSE: "refuse"}


def rule_on(effect: Effect, decision: Decision, by: User) -> Change:
    """Pass, pass under conditions, refuse or send back; answers the phase before and after."""
    review = _reviewed(decision)
    project = Project.objects.get(pk=review.project_id)
    before = str(project.get_life_cycle_display())
    ruling = Ruling(effect.answer)
    if ruling in (Ruling.PASS, Ruling.CONDITIONS):
        _pass(review, project, effect, decision, by)
    elif ruling.back_to:
        _send_back(project, Gate(ruling.back_to), decision, by)
    move_review(review, _ACTS.get(ruling, "send_back"), by=by, closed_on=decision.taken_on, back_to=ruling.back_to)
    carry_actions(review, decision)
    tell_answered(review)
    project.refresh_from_db()
    return before, f"{review.gate} · {GateReviewState(review.state).label} · {project.get_life_cycle_display()}"[:160]


def turned_down(request: DecisionRequest, decision: Decision, by: User) -> None:
    """The vote failed: the gate is refused, and what was asked to be done is still to be done."""
    review = request.gate_review
    if review is not None and review.state == GateReviewState.SUBMITTED:
        move_review(review, "refuse", by=by, closed_on=decision.taken_on)
        carry_actions(review, decision)
        tell_answered(review)


def _reviewed(decision: Decision) -> GateReview:
    review = None if decision.request is None else decision.request.gate_review
    if review is None:
        raise ValidationError(_("Cette demande ne porte pas sur une revue de porte."))
    if review.state != GateReviewState.SUBMITTED:
        raise ValidationError(
            _("La revue %(number)s est « %(state)s ».") % {"number": review.number, "state": review.get_state_display()}
        )
    return review


def _pass(review: GateReview, project: Project, effect: Effect, decision: Decision, by: User) -> None:
    if (
        effect.answer == Ruling.CONDITIONS
        and not effect.outcome.parts.filter(kind__in=(OutcomeKind.PRECEDENT, OutcomeKind.SUBSEQUENT)).exists()
    ):
        raise ValidationError(_("Une porte passée sous conditions en porte au moins une au procès-verbal."))
    limit = None if decision.body.kind == BodyKind.INVESTMENT else awaits_investment(review, decision.taken_on)
    if limit is not None:
        raise ValidationError(
            _("Le projet coûte plus de %(limit)s : le Comité d’investissement décide avant la porte G1.")
            % {"limit": formats.euro(limit)}
        )
    gate = Gate(review.gate)
    target = gates_ahead(Phase(project.life_cycle)).get(gate)
    if target is None:
        raise ValidationError(
            _("Le projet est entre-temps « %(phase)s » : il n’est plus devant cette porte.")
            % {"phase": project.get_life_cycle_display()}
        )
    cross_boundary(project=project, gate=gate, on=decision.taken_on, by=by)
    decided.set_phase(project=project, phase=target, reason=_reason(decision), review_on=None, by=by)


def _send_back(project: Project, gate: Gate, decision: Decision, by: User) -> None:
    """To the phase before an earlier gate, which is then to be passed again."""
    target = gates_behind(Phase(project.life_cycle)).get(gate)
    if target is None:
        raise ValidationError(
            _("Un projet « %(phase)s » ne revient pas à %(gate)s.")
            % {"phase": project.get_life_cycle_display(), "gate": gate}
        )
    if target is Phase.STAGE:
        reopen_last(project=project, by=by)
    else:
        step_back(project=project, by=by)
    decided.set_phase(project=project, phase=target, reason=_reason(decision), review_on=None, by=by)


def _reason(decision: Decision) -> str:
    return f"{decision.number} : {decision.text}"


def carry_actions(review: GateReview, decision: Decision) -> None:
    """The mandatory actions not yet done become follow-ups of the decision."""
    rows = ConfidenceAction.objects.filter(
        confidence__project=review.project_id, done_on__isnull=True, follow_up__isnull=True
    ).select_related("owner")
    for row in rows:
        row.follow_up = FollowUp.objects.create(
            decision=decision, kind=OutcomeKind.ACTION, text=row.text, owner=row.owner, due=row.due
        )
        row.save(update_fields=["follow_up"])
