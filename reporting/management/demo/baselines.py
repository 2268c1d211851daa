"""Baselines of a few plans: the first on paper, those after it by decisions of the CODIR, one that waits for one."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from django.db.models import F

from config.clock import BRUSSELS
from governance.enums import Subject
from governance.models import Sitting
from people.models import User
from portfolio.enums import BaselineState
from portfolio.models import Activity, Plan, PlanBaseline, Project
from portfolio.services.plan_baseline import propose_baseline
from reporting.management.demo.days import workday
from reporting.management.demo.history import happened
from reporting.management.demo.replay import Replay
from reporting.management.demo.schedule_drawing import Mark
from reporting.management.demo.schedules import Planned, chosen_projects, keep_version
from reporting.management.demo.sessions import Held, Matter, hold

FIRST = "Plan de la première autorisation, repris d’avant Cadran."
BEFORE_THE_SESSION = timedelta(days=7)


class Revision(NamedTuple):
    """A new baseline: of the project at that rank, how far it goes from the first approval to the last baseline."""

    rank: int
    share: float
    question: str
    text: str
    rationale: str


REVISIONS: dict[int, tuple[Revision, ...]] = {
    11: (
        Revision(
            1,
            0.5,
            "Remplacer la référence du plan après le report du gel des règles barémiques",
            "La référence du plan est remplacée ; la bascule suit le gel des règles.",
            "Les règles barémiques sont attendues du cabinet ; l’ancienne référence ne mesure plus rien.",
        ),
        Revision(
            2,
            0.6,
            "Remplacer la référence du plan après l’analyse d’impact complémentaire",
            "La référence du plan est remplacée ; l’analyse d’impact précède la maquette.",
            "L’autorité de contrôle a demandé une analyse complémentaire avant tout développement.",
        ),
    ),
    5: (
        Revision(
            1,
            1.0,
            "Remplacer la référence du plan pour deux bascules à blanc au lieu d’une",
            "La référence du plan est remplacée une seconde fois ; deux bascules à blanc y sont prévues.",
            "Une seule répétition ne suffit pas à mesurer les écarts de paie.",
        ),
        Revision(
            2,
            1.0,
            "Remplacer la référence du plan pour le pilote avec deux guichets",
            "La référence du plan est remplacée une seconde fois ; le pilote précède l’ouverture.",
            "Ouvrir sans pilote ferait porter le risque aux usagers.",
        ),
        Revision(
            5,
            1.0,
            "Remplacer la référence du plan après le pilote élargi à douze écoles",
            "La référence du plan est remplacée ; le pilote se tient avec douze écoles.",
            "Douze écoles donnent un échantillon que l’inspection accepte.",
        ),
    ),
}
"""By how many sessions of the CODIR ago they were decided."""
_RANKS = frozenset(revision.rank for revisions in REVISIONS.values() for revision in revisions)
NEXT_RANK, NEXT_REASON = 3, "Vague 3 replanifiée après le retard du raccordement des sites."


def open_at_first_approval(now: datetime) -> None:
    """In the transaction that opens the portfolio: the ends that decisions of the last weeks were still to move."""
    if len(_sittings(now)) >= max(REVISIONS):
        Project.objects.filter(priority_rank__in=_RANKS).update(planned_end=F("first_approved_end"))


def approve_on_paper(replay: Replay) -> None:
    """In the transaction that opens the portfolio: the first baselines, approved before Cadran."""
    if len(_sittings(replay.now)) >= max(REVISIONS):
        planned = {one.project.priority_rank or 0: one for one in chosen_projects()}
        for rank in sorted(_RANKS & planned.keys()):
            _approve_on_paper(planned[rank], replay)


def approve_baselines(replay: Replay) -> None:
    """What the CODIR decided since, the oldest session first."""
    sittings = _sittings(replay.now)
    if len(sittings) < max(REVISIONS):
        return
    planned = {one.project.priority_rank or 0: one for one in chosen_projects()}
    for ago, revisions in REVISIONS.items():
        found = [(planned[one.rank], one) for one in revisions if one.rank in planned]
        if found:
            _decide(found, ago, sittings[ago - 1].starts_at, replay)


def propose_next(replay: Replay) -> None:
    """A manager proposed the dates of his plan, which wait for a decision."""
    project = Project.objects.filter(priority_rank=NEXT_RANK).select_related("manager__user").first()
    plan = Plan.objects.filter(project=project).first()
    if project is not None and plan is not None:
        by = _manager(project, replay)
        propose_baseline(project=project, reason=NEXT_REASON, version=plan.version, by=by, now=replay.now)


def _approve_on_paper(one: Planned, replay: Replay) -> None:
    """The first baseline: its decision is in the minutes of a steering committee that met before Cadran."""
    begin = one.project.start or replay.today
    at = datetime.combine(begin, time(9), tzinfo=BRUSSELS)
    plan = keep_version(one, one.marks((row.first_approved, None) for row in one.milestones), at)
    row = propose_baseline(
        project=one.project, reason=FIRST, version=plan.version, by=_manager(one.project, replay), now=at
    )
    PlanBaseline.objects.filter(pk=row.pk).update(
        state=BaselineState.IN_FORCE, decision=f"PV {begin.year}-{one.rank:02d}", effective_on=begin
    )


def _decide(found: Iterable[tuple[Planned, Revision]], ago: int, starts_at: datetime, replay: Replay) -> None:
    """Managers propose the week before; the session decides, and its baselines are in force when it is closed."""
    proposed_at = starts_at - BEFORE_THE_SESSION
    ends = {plan.project.pk: plan.project.planned_end for plan in replay.plans}
    matters = []
    for one, revision in found:
        plan = keep_version(one, list(_moved(one, revision, proposed_at.astimezone(BRUSSELS).date())), proposed_at)
        by = _manager(one.project, replay)
        reason = revision.rationale
        propose_baseline(project=one.project, reason=reason, version=plan.version, by=by, now=proposed_at)
        matters.append(
            Matter(
                revision.rank,
                Subject.STAGE,
                revision.question,
                None,
                revision.text,
                revision.rationale,
                0,
                (),
                _between(one.project.first_approved_end, ends[one.project.pk], revision.share),
            )
        )
    with happened(starts_at + timedelta(days=1), Activity):
        hold(Held("CODIR", ago, (), tuple(matters)), replay)
    decided = PlanBaseline.objects.filter(state=BaselineState.IN_FORCE, proposed_at=proposed_at)
    decided.update(effective_on=(starts_at + timedelta(days=1)).astimezone(BRUSSELS).date())


def _moved(one: Planned, revision: Revision, day: date) -> Iterable[Mark]:
    """Its milestones on the way from their first approval to their last baseline; those before that day are reached."""
    days = []
    for row in one.milestones:
        shown = _between(row.first_approved, row.baseline, revision.share) or row.baseline
        days.append((shown, shown if shown <= day else None))
    return one.marks(days)


def _between(first: date | None, last: date | None, share: float) -> date | None:
    if first is None or last is None or share == 1:
        return last
    return workday(first + (last - first) * share)


def _sittings(now: datetime) -> list[Sitting]:
    """Those of the CODIR so far, the last one first, as sessions of the demonstration count them."""
    past = Sitting.objects.filter(body__code="CODIR", starts_at__lt=now - timedelta(days=1))
    return list(past.order_by("-starts_at"))


def _manager(project: Project, replay: Replay) -> User:
    manager = project.manager
    return manager.user if manager is not None and manager.user is not None else replay.cast.users["pso1"]
