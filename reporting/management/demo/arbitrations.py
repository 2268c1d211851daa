"""Arbitrations of the invented projects: one decided and carried out, one before its body, one sent up by the clock,
one whose analysis is late, one just asked, one inadmissible. Each through the services that people use.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction

from config.clock import BRUSSELS
from governance.enums import (
    ClockKind,
    ItemKind,
    OutcomeKind,
    Presence,
    Publication,
    SeatRole,
    SittingState,
    VoteChoice,
)
from governance.models import AgendaItem, Arbitration, Body, DecisionRequest, FollowUp, Sitting
from governance.selectors.arbitration import decision_of
from governance.selectors.voters import seats_of, voters_on
from governance.services import arbitration as steps
from governance.services.agenda import add_item
from governance.services.arbitration_body import table
from governance.services.arbitration_options import write_option
from governance.services.arbitration_overdue import overdue_steps, raise_step
from governance.services.clock import set_clock
from governance.services.closing import add_outcome, close_session, write_notes
from governance.services.effect import add_effect
from governance.services.follow_up import accept_evidence, submit_evidence
from governance.services.ladder import acknowledge, raise_overdue
from governance.services.session import adjourn, approve, open_session, publish
from governance.services.vote import cast_vote, close_poll, open_poll, set_attendance
from people.models import Person, User
from portfolio.engines.health import ProjectFacts, assess
from portfolio.engines.vocabulary import Rag, Target
from portfolio.enums import LifeCycle
from portfolio.models import Project
from portfolio.selectors.facts import facts_of, project_rows
from reporting.management.demo.conflicts import (
    ARCHITECTS,
    BUDGET,
    DEPENDENCY,
    PLATFORM,
    PRIORITY,
    WITHIN_ONE,
    Conflict,
    Effect,
)
from reporting.management.demo.days import workday
from reporting.management.demo.replay import Replay

_NEEDED = 15


@transaction.atomic
def play_arbitrations(replay: Replay) -> None:
    """In the order they were asked; nothing where the portfolio is too small to quarrel."""
    projects = _projects(replay)
    if len(projects) < _NEEDED:
        return
    _clocks(replay)
    pso, head = replay.cast.users["pso2"], replay.cast.people["head"]
    within = _ask(WITHIN_ONE, projects[12:14], replay)
    _take(steps.reject, within, pso, _day(replay, 43), reason="Un seul projet décide de cet achat, dans son budget.")
    architects = _ripe(ARCHITECTS, projects[0:3], replay, pso, head)
    _decided(architects, replay, pso)
    budget = _ripe(BUDGET, projects[3:5], replay, pso, replay.cast.people["pso3"])
    _sent_up(budget, replay, pso)
    platform = _ripe(PLATFORM, projects[5:7], replay, pso, head)
    _before_the_body(platform, replay, pso)
    _late(_ripe(DEPENDENCY, projects[7:10], replay, pso, replay.cast.people["pso3"]), replay)
    _ask(PRIORITY, projects[10:12], replay)


def _projects(replay: Replay) -> list[Project]:
    """Running projects whose parties are not the committee that arbitrates: it must keep its quorum."""
    body = Body.objects.get(code="ARBITRAGE")
    members = [seat.person_id for seat in body.seats.all()]
    rows = Project.objects.filter(life_cycle=LifeCycle.STAGE, manager__user__isnull=False, planned_end__gt=replay.today)
    rows = rows.exclude(sponsor__in=members).exclude(manager__in=members).exclude(programme__manager__in=members)
    ranked = list(rows.select_related("manager__user").order_by("priority_rank", "code"))
    facts = {one.pk: facts_of(one, replay.now) for one in project_rows([row.pk for row in ranked])}
    return sorted(ranked, key=lambda row: _outside(facts[row.pk]))[:_NEEDED]


def _outside(facts: ProjectFacts) -> bool:
    """Already beyond a tolerance: such a one would be red under every option."""
    targets = assess(facts).targets
    return any(targets[one].rag is not Rag.GREEN for one in (Target.TIME, Target.COST))


def _clocks(replay: Replay) -> None:
    """Two clocks of the house, dated; the others keep their default."""
    by = replay.cast.users["pso1"]
    for kind, days, source in (
        (ClockKind.ADMISSIBILITY, 2, "Règlement d’arbitrage, art. 4 (données fictives)"),
        (ClockKind.ANALYSIS, 5, "Règlement d’arbitrage, art. 6 (données fictives)"),
    ):
        since = date(replay.today.year, 1, 1)
        values = {"kind": kind, "days": days, "valid_from": since, "source": source}
        set_clock(by=by, values=values, on=since)


def _day(replay: Replay, ago: int) -> date:
    return workday(replay.today - timedelta(days=ago))


def _ask(conflict: Conflict, projects: list[Project], replay: Replay) -> Arbitration:
    first, *others = projects
    if first.manager is None or first.manager.user is None:
        raise ValueError(f"{first.code} has no project manager with an account")
    return steps.request_arbitration(
        project=first,
        others=list(zip(others, conflict.roles[1:], strict=True)),
        by=first.manager.user,
        values={
            "kind": conflict.kind,
            "question": conflict.question,
            "facts": conflict.facts,
            "cost_of_waiting": conflict.waiting,
        },
        on=_day(replay, conflict.ago),
    )


def _ripe(conflict: Conflict, projects: list[Project], replay: Replay, pso: User, analyst: Person) -> Arbitration:
    """Asked, admitted, analysed, its options posed."""
    row = _ask(conflict, projects, replay)
    if analyst.user is None:
        raise ValueError(f"{analyst} has no account")
    _take(steps.admit, row, pso, _day(replay, conflict.ago - 1), analyst=analyst)
    _take(steps.analyse, row, analyst.user, _day(replay, conflict.ago - 2))
    changes = {"recommendation": conflict.recommendation}
    steps.update_arbitration(row=row, by=analyst.user, changes=changes, version=row.version)
    row.refresh_from_db()
    _take(steps.propose, row, analyst.user, _day(replay, conflict.ago - 5))
    for place, way in enumerate(conflict.ways):
        effects = {
            project.pk: _impact(effect, conflict) for project, effect in zip(projects, way.effects, strict=False)
        }
        values = {"label": way.label, "description": way.description}
        write_option(
            row=row,
            by=analyst.user,
            version=row.version,
            values={**values, "recommended": bool(conflict.recommendation) and place == conflict.best},
            impacts=effects,
            option=None if place else row.options.get(do_nothing=True),
        )
    return row


def _impact(effect: Effect, conflict: Conflict) -> dict[str, Any]:
    return {
        "days": effect.days,
        "cost": Decimal(effect.cost),
        "capacity": Decimal(str(effect.capacity)),
        "quarter": conflict.quarter if effect.capacity else "",
        "broken": effect.broken,
        "note": effect.note,
        "benefits": effect.benefits,
        "risk": effect.risk,
    }


def _take(act: Callable[..., Any], row: Arbitration, by: User, on: date, **values: Any) -> None:
    row.refresh_from_db()
    act(row=row, by=by, version=row.version, on=on, **values)
    row.refresh_from_db()


def _request(row: Arbitration, pso: User, on: date, answer: date) -> DecisionRequest:
    """Ask the body, on a past day."""
    row.refresh_from_db()
    request = table(row=row, by=pso, version=row.version, on=on)
    asked = datetime.combine(on, datetime.min.time(), BRUSSELS) + timedelta(hours=10)
    DecisionRequest.objects.filter(pk=request.pk).update(created_at=asked, needed_on=answer, answer_by=answer)
    request.refresh_from_db()
    return request


def _decided(row: Arbitration, replay: Replay, pso: User) -> None:
    """The committee retained the recommended option; one action is done, one runs."""
    past = Sitting.objects.filter(
        body__code="ARBITRAGE", starts_at__lt=replay.now - timedelta(days=2), state=SittingState.DRAFT
    ).order_by("-starts_at")
    sitting = next(iter(reversed(past[:2])), None)
    if sitting is None:
        return
    day = sitting.starts_at.astimezone(BRUSSELS).date()
    request = _request(row, pso, workday(day - timedelta(days=6)), day)
    acknowledge(request=request, by=replay.cast.users["secretary"], now=sitting.starts_at - timedelta(days=5))
    _hear(sitting, request, replay)
    follow_ups = list(FollowUp.objects.filter(decision=decision_of(row)).order_by("due"))
    _take(steps.notify_concerned, row, pso, day + timedelta(days=1))
    note = "Plan de charge du centre de compétences vérifié : les 84 jours sont réservés."
    _take(steps.execute, row, pso, min(day + timedelta(days=9), replay.today), note=note)
    first = follow_ups[0]
    if first.owner.user is not None:
        evidence = "Plan de charge du premier trimestre, version 4 (GED, données fictives)."
        submit_evidence(follow_up=first, by=first.owner.user, evidence=evidence, on=replay.today)
        accept_evidence(follow_up=first, by=pso, on=replay.today)


def _hear(sitting: Sitting, request: DecisionRequest, replay: Replay) -> None:
    """The session, its vote, the decision with its actions and what it changes on two projects."""
    secretary, start = replay.cast.users["secretary"], sitting.starts_at
    item = add_item(sitting=sitting, by=secretary, kind=ItemKind.DECISION, request=request)
    publish(sitting=sitting, by=secretary, now=start - timedelta(days=5))
    open_session(sitting=sitting, by=secretary, now=start)
    present = frozenset(seat.person_id for seat in seats_of(sitting) if seat.votes)
    set_attendance(sitting=sitting, by=secretary, present=present, proxies={}, now=start)
    item.refresh_from_db()
    _vote(item, secretary, start)
    _write(item, request, replay)
    adjourn(sitting=sitting, by=secretary, now=start + timedelta(minutes=50))
    approve(sitting=sitting, by=_presiding(sitting), now=start + timedelta(days=1))
    close_session(sitting=sitting, by=secretary, now=start + timedelta(days=1, hours=1))


def _vote(item: AgendaItem, secretary: User, start: datetime) -> None:
    open_poll(item=item, by=secretary, now=start)
    paper = item.papers.order_by("-number")[0].number
    for voter in voters_on(item):
        if voter.present and not voter.recused:
            person = Person.objects.get(pk=voter.key)
            cast_vote(item=item, by=secretary, person=person, choice=VoteChoice.FOR, paper=paper, now=start, dissent="")
    close_poll(item=item, by=secretary)


def _write(item: AgendaItem, request: DecisionRequest, replay: Replay) -> None:
    secretary, people = replay.cast.users["secretary"], replay.cast.people
    day = item.sitting.starts_at.astimezone(BRUSSELS).date()
    write_notes(item=item, by=secretary, text="Les trois chefs de projet sont entendus, puis se retirent.", version=1)
    text = "Les deux architectes d’intégration vont au projet demandeur jusqu’au 31 mars."
    values = {"kind": OutcomeKind.DECISION, "text": text, "publication": Publication.PORTFOLIO}
    values["rationale"] = "C’est la seule option qui tient la reprise de février sans rompre de dépendance."
    decision = add_outcome(item=item, by=secretary, values=values)
    second = request.project if request.arbitration is None else _second(request.arbitration)
    owner = second.manager or people["head"]
    for words, who, days in (
        ("Réserver les deux architectes dans le plan de charge", people["head"], 7),
        ("Replanifier au 1er avril les essais de charge du projet en concurrence", owner, 35),
    ):
        part = {"kind": OutcomeKind.ACTION, "text": words, "parent": decision, "owner": who}
        add_outcome(item=item, by=secretary, values={**part, "due": workday(day + timedelta(days=days))})
    add_effect(outcome=decision, by=secretary, values={"kind": "arbitration", "answer": "2"})
    if second.planned_end is not None:
        end = workday(second.planned_end + timedelta(days=21))
        add_effect(outcome=decision, by=secretary, values={"kind": "baseline", "day": end, "project": second})


def _second(row: Arbitration) -> Project:
    return row.concerned.select_related("project__manager").exclude(project=row.project_id).order_by("pk")[0].project


def _sent_up(row: Arbitration, replay: Replay, pso: User) -> None:
    """The committee acknowledged, let its time pass, and the clock sent the request up."""
    asked, answer = _day(replay, 22), _day(replay, 2)
    request = _request(row, pso, asked, answer)
    noon = datetime.combine(asked + timedelta(days=1), datetime.min.time(), BRUSSELS) + timedelta(hours=12)
    acknowledge(request=request, by=replay.cast.users["secretary"], now=noon)
    raise_overdue(request_id=request.pk, on=replay.today)


def _before_the_body(row: Arbitration, replay: Replay, pso: User) -> None:
    """On the agenda of the next session, if one is being prepared."""
    coming = Sitting.objects.filter(body__code="ARBITRAGE", starts_at__gt=replay.now, state=SittingState.DRAFT)
    sitting = coming.order_by("starts_at").first()
    answer = replay.today + timedelta(days=12) if sitting is None else sitting.starts_at.astimezone(BRUSSELS).date()
    request = _request(row, pso, _day(replay, 8), answer)
    if sitting is not None:
        add_item(sitting=sitting, by=replay.cast.users["secretary"], kind=ItemKind.DECISION, request=request)


def _late(row: Arbitration, replay: Replay) -> None:
    """The analysis let its clock run out: the office of the committee was told."""
    for step in overdue_steps(replay.today).filter(arbitration=row):
        raise_step(step_id=step.pk, on=replay.today)


def _presiding(sitting: Sitting) -> User:
    """The chair, or the deputy when the chair stood aside."""
    recused = set(sitting.items.values_list("recusals__person", flat=True))
    there = set(sitting.attendances.filter(presence=Presence.PRESENT).values_list("person", flat=True))
    for seat in seats_of(sitting):
        user = seat.person.user
        if seat.role in (SeatRole.CHAIR, SeatRole.DEPUTY) and seat.person_id in there - recused and user is not None:
            return user
    raise ValueError(f"nobody can sign the minutes of {sitting}")
