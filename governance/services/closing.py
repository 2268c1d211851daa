"""Writing down what a body said, and closing its session: decisions, follow-up and requests in one transaction."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Max
from django.utils.translation import gettext as _

from config import clock
from governance.engines.notes_merge import merged
from governance.enums import (
    FOLLOWED,
    DecisionState,
    ItemKind,
    OutcomeKind,
    Presence,
    RequestState,
    SittingState,
    Verdict,
)
from governance.models import AgendaItem, Body, Decision, FollowUp, Outcome, Sitting
from governance.selectors.voters import day_of, seats_of
from governance.services.decision_request import body_above, escalate_request, move_request
from governance.services.effect import carry_out
from governance.services.minutes import freeze_minutes
from governance.services.session import guard_item, move
from governance.services.session_notices import tell_members
from people.engines.audit_chain import canonical_json
from people.models import User
from people.services import audit

_WRITING = (SittingState.IN_PROGRESS, SittingState.MINUTES_DRAFT)
NOTES_MAX = 8000
_DECIDED = (Verdict.ADOPTED, Verdict.REJECTED)


@transaction.atomic
def write_notes(*, item: AgendaItem, by: User, text: str, version: int, base: str | None = None) -> AgendaItem:
    """The live minutes of an item.

    What another secretary kept since `version` is merged with it line by line, if the `base` he began from is known;
    refused where both changed the same lines.
    """
    guard_item(item, by, *_WRITING)
    kept = AgendaItem.objects.select_for_update(of=("self",)).get(pk=item.pk)
    if kept.notes_version != version:
        both = None if base is None else merged(base, kept.notes, text)
        if both is None or len(both) > NOTES_MAX:
            raise ValidationError(
                {"notes": _("Un autre secrétaire a écrit ici entre-temps : son texte est au-dessus.")}
            )
        text = both
    AgendaItem.objects.filter(pk=item.pk).update(notes=text, notes_version=F("notes_version") + 1)
    item.refresh_from_db()
    return item


@transaction.atomic
def add_outcome(*, item: AgendaItem, by: User, values: Mapping[str, Any]) -> Outcome:
    """One more outcome of the item; a decision only after a vote, a condition only under a decision."""
    guard_item(item, by, *_WRITING)
    outcome = Outcome(item=item, **values)
    if outcome.kind == OutcomeKind.DECISION:
        if item.kind != ItemKind.DECISION or not item.verdict:
            raise ValidationError({"kind": _("Une décision suit un vote : ouvrez-le et comptez-le d’abord.")})
        if outcome.supersedes is not None and outcome.supersedes.body_id != item.sitting.body_id:
            raise ValidationError({"supersedes": _("Une instance remplace ses propres décisions.")})
    if outcome.parent is not None and (
        outcome.parent.item_id != item.pk or outcome.parent.kind != OutcomeKind.DECISION
    ):
        raise ValidationError({"parent": _("Choisissez une décision de ce point.")})
    outcome.full_clean()
    outcome.save(force_insert=True)
    audit.record(
        by=by, verb="session.outcome_added", target=item.sitting, data={"item": item.title, "kind": outcome.kind}
    )
    return outcome


@transaction.atomic
def remove_outcome(*, outcome: Outcome, by: User) -> None:
    """Take back what was written in the minutes before they are approved."""
    guard_item(outcome.item, by, *_WRITING)
    audit.record(
        by=by,
        verb="session.outcome_removed",
        target=outcome.item.sitting,
        data={"item": outcome.item.title, "kind": outcome.kind, "text": outcome.text},
    )
    outcome.delete()


@transaction.atomic
def close_session(*, sitting: Sitting, by: User, now: datetime) -> list[Decision]:
    """Turn approved minutes into the register: all decisions, follow-up and moves of requests, or nothing.

    What the minutes say is frozen here too; a job prints it afterwards.
    """
    Body.objects.select_for_update(of=("self",)).get(pk=sitting.body_id)
    move(sitting, "close", by=by, closed_at=now)
    decisions: list[Decision] = []
    for item in sitting.items.select_related("request__project", "request__report", "sitting__body"):
        taken = [_register(outcome, by) for outcome in item.outcomes.filter(kind=OutcomeKind.DECISION)]
        decisions += [decision for decision in taken if decision is not None]
        _settle(item, [decision for decision in taken if decision is not None], by)
    freeze_minutes(sitting, now=now)
    tell_members(sitting=sitting, kind="minutes")
    return decisions


def _register(outcome: Outcome, by: User) -> Decision | None:
    """The decision of an outcome under the next number of the body and year; None for an advice."""
    item = outcome.item
    if item.verdict not in _DECIDED:
        return None
    sitting = item.sitting
    day = min(day_of(sitting), clock.today())
    last = Decision.objects.filter(body=sitting.body_id, year=day.year).aggregate(last=Max("serial"))["last"] or 0
    decision = Decision(
        number=f"{day.year}-{sitting.body.code}-{last + 1:03d}",
        body=sitting.body,
        year=day.year,
        serial=last + 1,
        item=item,
        request=item.request,
        project=item.request.project if item.request else None,
        kind=item.request.kind if item.request else "",
        verdict=item.verdict,
        question=item.title,
        text=outcome.text,
        rationale=outcome.rationale,
        record=_record(item),
        taken_on=day,
        effect_on=day,
        publication=outcome.publication,
        supersedes=outcome.supersedes,
    )
    _enter(decision, by)
    carry_out(decision, outcome, by)
    if outcome.supersedes is not None:
        _supersede(outcome.supersedes, decision, by)
    FollowUp.objects.bulk_create(
        FollowUp(decision=decision, kind=part.kind, text=part.text, owner=part.owner, due=part.due)
        for part in outcome.parts.filter(kind__in=FOLLOWED).select_related("owner")
        if part.owner is not None and part.due is not None
    )
    return decision


def _enter(decision: Decision, by: User) -> None:
    """Write the row with its hash, which the audit chain keeps too."""
    decision.content_hash = content_hash(decision)
    data = {"number": decision.number, "content_hash": decision.content_hash}
    if decision.project is not None:
        data["project"] = decision.project.code
    entry = audit.record(by=by, verb="decision.registered", target=decision.item.sitting, data=data)
    decision.audit_number = entry.number
    decision.save(force_insert=True)


def _record(item: AgendaItem) -> dict[str, Any]:
    """Who was there, who stood aside, how each voted, and on which papers."""
    sitting = item.sitting
    there = {row.person_id: row.presence for row in sitting.attendances.all()}
    seats = [seat for seat in seats_of(sitting) if seat.votes]
    recused = {row.person_id: row.ground for row in item.recusals.all()}
    paper = item.papers.order_by("-number").first()
    return {
        "present": [
            seat.person.full_name
            for seat in seats
            if there.get(seat.person_id) == Presence.PRESENT and seat.person_id not in recused
        ],
        "absent": [seat.person.full_name for seat in seats if there.get(seat.person_id) != Presence.PRESENT],
        "recused": [
            {"name": seat.person.full_name, "ground": recused[seat.person_id]}
            for seat in seats
            if seat.person_id in recused
        ],
        "votes": [
            {"name": vote.person.full_name, "choice": vote.choice, "dissent": vote.dissent}
            for vote in item.votes.select_related("person")
        ],
        "tally": item.tally,
        "options": paper.data.get("options", []) if paper else [],
        "paper": {"version": paper.number, "hash": paper.data_hash} if paper else None,
    }


def content_hash(decision: Decision) -> str:
    """SHA-256 of everything a decision says; the audit chain keeps it."""
    content = {
        "number": decision.number,
        "verdict": decision.verdict,
        "question": decision.question,
        "text": decision.text,
        "rationale": decision.rationale,
        "record": decision.record,
        "taken_on": decision.taken_on.isoformat(),
        "effect_on": decision.effect_on.isoformat(),
        "supersedes": decision.supersedes.number if decision.supersedes else None,
    }
    return hashlib.sha256(canonical_json(content).encode()).hexdigest()


def _supersede(old: Decision, new: Decision, by: User) -> None:
    moved = Decision.objects.filter(pk=old.pk, state__in=(DecisionState.IN_FORCE, DecisionState.EXECUTED)).update(
        state=DecisionState.SUPERSEDED
    )
    if moved != 1:
        raise ValidationError(_("La décision %(number)s n’est plus en vigueur.") % {"number": old.number})
    audit.record(by=by, verb="decision.superseded", target=old, data={"by": new.number})


def _settle(item: AgendaItem, taken: list[Decision], by: User) -> None:
    """What becomes of the request of an item: settled, sent up, or waiting for another session."""
    request = item.request
    if request is None or request.state != RequestState.ON_AGENDA:
        return
    if taken:
        move_request(request=request, act="settle", by=by)
    elif item.verdict == Verdict.ESCALATED and body_above(request, day_of(item.sitting)) is not None:
        escalate_request(request=request, by=by, reason=_("Partage des voix"), on=day_of(item.sitting))
    else:
        move_request(request=request, act="defer", by=by)
