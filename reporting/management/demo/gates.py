"""Gates of the invented portfolio: passed before, decided by a committee, under review; what the PSO thinks."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

from django.db import transaction
from django.db.models import Exists, OuterRef, Subquery

from config.clock import BRUSSELS
from governance.enums import (
    GateReviewState,
    ItemKind,
    OutcomeKind,
    Presence,
    Publication,
    SeatRole,
    SittingState,
    VoteChoice,
)
from governance.models import AgendaItem, Body, GateAnswer, GateReview, GateRules, LessonAnswer, Sitting
from governance.selectors.voters import seats_of, voters_on
from governance.services.agenda import add_item
from governance.services.closing import add_outcome, close_session, write_notes
from governance.services.confidence import give_confidence
from governance.services.effect import add_effect
from governance.services.gate_checklist import load_proposed
from governance.services.gate_review import bypass_review, start_review, submit_review
from governance.services.session import adjourn, approve, open_session, publish
from governance.services.vote import cast_vote, close_poll, open_poll, set_attendance
from people.models import Person, User
from portfolio.enums import LifeCycle, Method, StageState
from portfolio.models import Project, Stage
from reporting.management.demo.lessons import record_lessons
from reporting.management.demo.replay import Replay

GED = "https://ged.example.org/projets/{code}/{gate}/{number:02d}"


class Ruled(NamedTuple):
    """What the committee answered to a review, in the order of the projects it was asked for."""

    answer: str
    text: str
    conditions: tuple[tuple[str, str, int], ...] = ()


RULINGS = (
    Ruled("pass", "La porte est passée ; la séquence suivante commence."),
    Ruled(
        "conditions",
        "La porte est passée sous deux conditions.",
        (
            ("Plan de reprise répété sur un échantillon de mille fiches", "pm7", 30),
            ("Accord écrit des services qui libèrent leurs testeurs", "pm9", 18),
        ),
    ),
    Ruled("refuse", "La porte est refusée : la recette du pilote n’est pas concluante."),
)
OPINIONS = (
    ("amber_red", "Deux jalons critiques glissent et le plan de secours n’a pas été essayé.", 2),
    ("amber", "Le calendrier tient à une équipe de trois personnes ; aucune marge après mars.", 1),
    ("red", "Le périmètre annoncé ne peut plus être livré avec le budget restant.", 2),
    ("amber_green", "Livraison probable si le marché est notifié avant la fin de l’année.", 0),
    ("green", "Produits acceptés au fil de l’eau, équipe stable, risques suivis.", 0),
    ("amber", "La qualité des données reprises n’est mesurée que sur un échantillon.", 1),
    ("amber_red", "La dépendance envers l’annuaire n’a plus de date ferme.", 1),
    ("green", "Deuxième version en service, retours favorables des écoles.", 0),
)
ACTIONS = (
    "Essayer le plan de secours et en remettre le procès-verbal",
    "Faire accepter par le comité un périmètre qui tient dans le budget restant",
    "Obtenir une date écrite du projet fournisseur",
)


def review_gates(replay: Replay) -> None:
    """Rules and checklists, the history, a committee that answered three reviews, four under way, eight opinions."""
    pso = replay.cast.users["pso1"]
    since = date(replay.today.year - 2, 1, 1)
    load_proposed(by=pso, since=since)
    GateRules.objects.create(
        valid_from=since,
        scale=5,
        investment_limit=Decimal(250_000),
        source="Règlement du comité d’investissement (données fictives)",
    )
    record_lessons(replay)
    _history(replay, pso)
    chosen = _projects()
    _sit(chosen[: len(RULINGS)], replay, pso)
    _under_way(chosen[len(RULINGS) :], replay, pso)
    _opinions(replay, pso)


def _projects() -> list[Project]:
    """Projects outside the top: a stage that runs and another one behind it, the soonest to end first."""
    planned = Stage.objects.filter(project=OuterRef("pk"), state=StageState.PLANNED)
    running = Stage.objects.filter(project=OuterRef("pk"), state=StageState.RUNNING)
    ends = Subquery(running.values("planned_end")[:1])
    rows = Project.objects.filter(Exists(planned), Exists(running), life_cycle=LifeCycle.STAGE, is_top=False)
    return list(rows.annotate(ends=ends).select_related("manager__user").order_by("ends", "code")[:8])


def _history(replay: Replay, pso: User) -> None:
    """G0 and G1 of the projects in their stages, taken over from before this tool: a date, no checklist."""
    rows = []
    for project in Project.objects.filter(life_cycle=LifeCycle.STAGE, start__isnull=False).order_by("code"):
        for serial, (gate, days) in enumerate((("G0", -60), ("G1", 0)), start=1):
            day = min((project.start or replay.today) + timedelta(days=days), replay.today)
            rows.append(
                GateReview(
                    number=f"{project.code}-G{serial:02d}",
                    project=project,
                    gate=gate,
                    method=Method.PRINCE2,
                    planned_on=day,
                    state=GateReviewState.PASSED,
                    submitted_on=day,
                    submitted_by=pso,
                    closed_on=day,
                    recommendation="Reprise de l’historique, avant les revues dans Cadran.",
                )
            )
    GateReview.objects.bulk_create(rows)


def _begin(project: Project, gate: str, on: date, *, answered: float, by: User) -> GateReview:
    """A review whose first share of lines is answered, with evidence that looks like evidence."""
    review = start_review(project=project, gate=gate, planned_on=on, by=by)
    answers = list(review.answers.select_related("criterion"))
    for position, row in enumerate(answers[: round(len(answers) * answered)]):
        row.reply = "partly" if position % 5 == 3 else "yes"
        row.evidence = (
            GED.format(code=project.code, gate=gate, number=position + 1)
            if position % 3
            else f"{row.criterion.hint or 'Document'}, version du {on - timedelta(days=20):%d.%m.%Y}"
        )
        row.comment = "Reste une réserve mineure, levée avant la séance." if position % 5 == 3 else ""
    GateAnswer.objects.bulk_update(answers, ["reply", "evidence", "comment"])
    lessons = list(review.lessons.all())
    for position, lesson in enumerate(lessons[: round(len(lessons) * answered)]):
        lesson.reply = "not_relevant" if position % 3 == 2 else "applied"
        lesson.words = (
            "Le projet n’a ni reprise de données ni marché."
            if position % 3 == 2
            else "Inscrite au plan de la séquence."
        )
    LessonAnswer.objects.bulk_update(lessons, ["reply", "words"])
    if answered >= 1:
        GateReview.objects.filter(pk=review.pk).update(
            business_case="valid",
            business_case_note="Bénéfices et coûts revus avec les chiffres du jour.",
            recommendation="Passer la porte : les produits sont acceptés et la suite est prête.",
        )
    review.refresh_from_db()
    return review


def _author(project: Project, pso: User) -> User:
    manager = project.manager
    return manager.user if manager is not None and manager.user is not None else pso


@transaction.atomic
def _sit(projects: Iterable[Project], replay: Replay, pso: User) -> None:
    """A past session of the CODIR that answered one review each, as the rulings say."""
    secretary = replay.cast.users["secretary"]
    body = Body.objects.get(code="CODIR")
    free = Sitting.objects.filter(
        body=body, state=SittingState.DRAFT, items__isnull=True, starts_at__lt=replay.now - timedelta(days=7)
    )
    sitting = free.order_by("-starts_at")[0]
    start, day = sitting.starts_at, sitting.starts_at.astimezone(BRUSSELS).date()
    pairs = []
    for project, ruled in zip(projects, RULINGS, strict=False):
        review = _begin(project, "Gn", day, answered=1, by=_author(project, pso))
        GateReview.objects.filter(pk=review.pk).update(amount=None)
        review.refresh_from_db()
        request = submit_review(review=review, by=_author(project, pso))
        GateReview.objects.filter(pk=review.pk).update(submitted_on=day - timedelta(days=12))
        if request.body_id != body.pk:
            continue
        pairs.append((add_item(sitting=sitting, by=secretary, kind=ItemKind.DECISION, request=request), ruled))
    if not pairs:
        return
    publish(sitting=sitting, by=secretary, now=start - timedelta(days=5))
    open_session(sitting=sitting, by=secretary, now=start)
    present = frozenset(seat.person_id for seat in seats_of(sitting) if seat.votes)
    set_attendance(sitting=sitting, by=secretary, present=present, proxies={}, now=start)
    for item, ruled in pairs:
        _answer(item, ruled, replay, start)
    adjourn(sitting=sitting, by=secretary, now=start + timedelta(minutes=80))
    approve(sitting=sitting, by=_presiding(sitting), now=start + timedelta(days=1))
    close_session(sitting=sitting, by=secretary, now=start + timedelta(days=1, hours=1))


def _answer(item: AgendaItem, ruled: Ruled, replay: Replay, start: datetime) -> None:
    secretary = replay.cast.users["secretary"]
    item.refresh_from_db()
    open_poll(item=item, by=secretary, now=start)
    paper = item.papers.order_by("-number")[0]
    for voter in voters_on(item):
        if voter.present and not voter.recused:
            person = Person.objects.get(pk=voter.key)
            cast_vote(
                item=item, by=secretary, person=person, choice=VoteChoice.FOR, paper=paper.number, now=start, dissent=""
            )
    close_poll(item=item, by=secretary)
    notes = "Le rapport de fin de séquence et la liste de contrôle sont parcourus."
    write_notes(item=item, by=secretary, text=notes, version=1)
    values = {"kind": OutcomeKind.DECISION, "text": ruled.text, "rationale": "", "publication": Publication.PORTFOLIO}
    decision = add_outcome(item=item, by=secretary, values=values)
    day = start.astimezone(BRUSSELS).date()
    for text, login, days in ruled.conditions:
        part = {
            "kind": OutcomeKind.SUBSEQUENT,
            "text": text,
            "parent": decision,
            "owner": replay.cast.people[login],
            "due": day + timedelta(days=days),
        }
        add_outcome(item=item, by=secretary, values=part)
    add_effect(outcome=decision, by=secretary, values={"kind": "gate", "answer": ruled.answer})


def _presiding(sitting: Sitting) -> User:
    """The chair, or the deputy when the chair stood aside."""
    recused = set(sitting.items.values_list("recusals__person", flat=True))
    there = set(sitting.attendances.filter(presence=Presence.PRESENT).values_list("person", flat=True))
    for seat in seats_of(sitting):
        user = seat.person.user
        if seat.role in (SeatRole.CHAIR, SeatRole.DEPUTY) and seat.person_id in there - recused and user is not None:
            return user
    raise ValueError(f"nobody can sign the minutes of {sitting}")


def _under_way(projects: list[Project], replay: Replay, pso: User) -> None:
    """One late and half answered, one to complete, one before its committee, one dispensed by the project office."""
    plans = ((0.5, -6), (0.8, 12), (1.0, 9), (0.4, 16))
    for position, (project, (share, days)) in enumerate(zip(projects, plans, strict=False)):
        author = _author(project, pso)
        review = _begin(project, "Gn", replay.today + timedelta(days=days), answered=share, by=author)
        if position == 2:
            submit_review(review=review, by=author)
        elif position == 3:
            reason = "Fin de support du matériel au 31 décembre : la bascule ne peut pas attendre la liste complète."
            bypass_review(review=review, by=pso, reason=reason)
        elif position == 1:
            review.reviewer = replay.cast.people["ciso"]
            review.save(update_fields=["reviewer"])


def _opinions(replay: Replay, pso: User) -> None:
    """What the project office thinks of eight projects, some of it graver than their colour."""
    office = (pso, replay.cast.users["pso2"])
    rows = Project.objects.filter(life_cycle=LifeCycle.STAGE, priority_rank__isnull=False).select_related(
        "manager", "deputy", "sponsor"
    )
    for position, (project, (level, reason, actions)) in enumerate(
        zip(rows.order_by("priority_rank")[: len(OPINIONS)], OPINIONS, strict=False)
    ):
        owner = project.manager or replay.cast.people["pso1"]
        give_confidence(
            project=project,
            by=office[position % 2],
            level=level,
            reason=reason,
            on=replay.today - timedelta(days=3 + 4 * position),
            actions=[
                {
                    "text": ACTIONS[(position + turn) % 3],
                    "owner": owner,
                    "due": replay.today + timedelta(days=10 + turn),
                }
                for turn in range(actions)
            ],
        )
