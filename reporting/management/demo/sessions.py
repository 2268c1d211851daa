"""Sessions of the invented bodies: two held and closed, one convened, each through the services that people use."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

from django.db import transaction
from django.db.models import Q

from config.clock import BRUSSELS
from governance.enums import EffectKind, ItemKind, OutcomeKind, Presence, Publication, SeatRole, Subject, VoteChoice
from governance.models import AgendaItem, Body, DecisionRequest, FollowUp, Sitting
from governance.selectors.voters import seats_of, voters_on
from governance.services.agenda import add_item, fill_agenda
from governance.services.closing import add_outcome, close_session, write_notes
from governance.services.decision_request import next_number
from governance.services.effect import add_effect
from governance.services.follow_up import submit_evidence
from governance.services.session import adjourn, approve, open_session, publish
from governance.services.vote import cast_vote, close_poll, open_poll, set_attendance
from governance.services.written import open_written
from people.enums import MailState
from people.models import Job, Mail, Person, User
from people.services import mail
from portfolio.models import Project
from reporting.management.demo.accounts import Cast
from reporting.management.demo.replay import Replay


class Matter(NamedTuple):
    """A request brought to a past session, and what came of it."""

    rank: int
    kind: Subject
    question: str
    amount: int | None
    text: str
    rationale: str
    against: int
    parts: tuple[tuple[OutcomeKind, str, str, int], ...]
    end: date | None = None
    """The end of the baseline that the decision sets."""


class Held(NamedTuple):
    """A past session: the body, how many of its sessions ago, who was away, what it decided."""

    body: str
    ago: int
    away: tuple[str, ...]
    matters: tuple[Matter, ...]


SESSIONS = (
    Held(
        "CODIR",
        3,
        ("codir7",),
        (
            Matter(
                5,
                Subject.BUDGET,
                "Transférer 180 k€ de 2027 à 2026 pour tenir la reprise des données",
                180_000,
                "Le transfert de 180 000 € de l’exercice 2027 vers 2026 est approuvé.",
                "La reprise commencée ne peut être suspendue sans double saisie dans les écoles.",
                0,
                (
                    (OutcomeKind.PRECEDENT, "Avis du contrôle financier joint au dossier", "finance", -10),
                    (OutcomeKind.SUBSEQUENT, "Plan de réduction du coût de la reprise présenté au CODIR", "pm5", -4),
                ),
            ),
            Matter(
                9,
                Subject.STAGE,
                "Ouvrir la séquence de déploiement avant la fin des tests de charge",
                None,
                "L’ouverture anticipée est refusée ; la porte est revue après les tests de charge.",
                "Le risque d’indisponibilité à la rentrée l’emporte sur le gain de six semaines.",
                5,
                (),
            ),
        ),
    ),
    Held(
        "ARBITRAGE",
        1,
        (),
        (
            Matter(
                12,
                Subject.PRIORITY,
                "Affecter les deux architectes d’intégration au premier trimestre",
                None,
                "Les deux architectes vont au projet le mieux classé jusqu’au 31 mars.",
                "Sans eux, deux jalons du programme glissent de huit semaines.",
                1,
                ((OutcomeKind.ACTION, "Replanifier les projets qui attendent un architecte", "pgm5", 21),),
            ),
        ),
    ),
)


def hold_past(code: str, replay: Replay) -> None:
    """Play the past sessions of one body, before or after others of its sessions: numbers follow the calendar."""
    for held in SESSIONS:
        if held.body == code:
            hold(held, replay)


def hold(held: Held, replay: Replay) -> None:
    """A past session from its invitation to its minutes; nothing where its projects are not in the demonstration."""
    _hold(held, replay)
    _posted(replay)


def convene_sessions(replay: Replay) -> None:
    """What the past sessions left to do, and the next sessions."""
    _evidence(replay)
    _ask_in_writing(replay)
    _convene("CODIR", replay)
    _prepare("ARBITRAGE", replay)
    _posted(replay)


@transaction.atomic
def _hold(held: Held, replay: Replay) -> None:
    cast, secretary = replay.cast, replay.cast.users["secretary"]
    body = Body.objects.get(code=held.body)
    past = Sitting.objects.filter(body=body, starts_at__lt=replay.now - timedelta(days=1)).order_by("-starts_at")
    sitting = past[held.ago - 1]
    start = sitting.starts_at
    matters = [matter for matter in held.matters if Project.objects.filter(priority_rank=matter.rank).exists()]
    if not matters:
        return
    items = [(_bring(matter, sitting, secretary, replay), matter) for matter in matters]
    publish(sitting=sitting, by=secretary, now=start - timedelta(days=5))
    open_session(sitting=sitting, by=secretary, now=start)
    away = {cast.people[login].pk for login in held.away}
    present = frozenset(seat.person_id for seat in seats_of(sitting) if seat.votes) - away
    set_attendance(sitting=sitting, by=secretary, present=present, proxies={}, now=start)
    for item, matter in items:
        _decide(item, matter, cast, secretary, start)
    adjourn(sitting=sitting, by=secretary, now=start + timedelta(minutes=95))
    approve(sitting=sitting, by=_presiding(sitting), now=start + timedelta(days=1))
    close_session(sitting=sitting, by=secretary, now=start + timedelta(days=1, hours=1))


def _bring(matter: Matter, sitting: Sitting, secretary: User, replay: Replay) -> AgendaItem:
    request = _request(matter, sitting.body, sitting.starts_at.astimezone(BRUSSELS).date())
    return add_item(sitting=sitting, by=secretary, kind=ItemKind.DECISION, request=request)


def _request(matter: Matter, body: Body, day: date) -> DecisionRequest:
    """What is asked of the body for that day, instead of what the project asked it before."""
    project = Project.objects.get(priority_rank=matter.rank)
    DecisionRequest.objects.filter(project=project, body=body, state="open").update(state="withdrawn", closed_on=day)
    return DecisionRequest.objects.create(
        number=next_number(body, day.year),
        project=project,
        body=body,
        kind=matter.kind,
        needed_on=day,
        question=matter.question,
        amount=None if matter.amount is None else Decimal(matter.amount),
        options=[
            {"label": "Accepter", "consequence": "le plan en vigueur tient", "recommended": True},
            {"label": "Refuser", "consequence": "le projet se replanifie en janvier", "recommended": False},
            {
                "label": "Ne rien faire",
                "consequence": "le retard se reporte sur les projets liés",
                "recommended": False,
            },
        ],
        recommendation="Accepter, sous conditions",
        cost_of_waiting="Quatre semaines de retard par mois d’attente",
        owner=project.manager,
    )


def _decide(item: AgendaItem, matter: Matter, cast: Cast, secretary: User, start: datetime) -> None:
    item.refresh_from_db()
    open_poll(item=item, by=secretary, now=start)
    paper = item.papers.order_by("-number")[0]
    entitled = [voter for voter in voters_on(item) if voter.present and not voter.recused]
    for position, voter in enumerate(reversed(entitled)):
        against = position < matter.against
        cast_vote(
            item=item,
            by=secretary,
            person=Person.objects.get(pk=voter.key),
            choice=VoteChoice.AGAINST if against else VoteChoice.FOR,
            paper=paper.number,
            now=start,
            dissent="Le coût n’est pas documenté." if against and position == 0 else "",
        )
    close_poll(item=item, by=secretary)
    write_notes(item=item, by=secretary, text="Le projet est présenté, les options sont débattues.", version=1)
    day = start.astimezone(BRUSSELS).date()
    decision = add_outcome(
        item=item,
        by=secretary,
        values={
            "kind": OutcomeKind.DECISION,
            "text": matter.text,
            "rationale": matter.rationale,
            "publication": Publication.PORTFOLIO,
        },
    )
    if matter.end is not None:
        add_effect(outcome=decision, by=secretary, values={"kind": EffectKind.BASELINE, "day": matter.end})
    for kind, text, login, days in matter.parts:
        due = day + timedelta(days=28 + days)
        values = {"kind": kind, "text": text, "parent": decision, "owner": cast.people[login], "due": due}
        add_outcome(item=item, by=secretary, values=values)


def _presiding(sitting: Sitting) -> User:
    """The chair, or the deputy when the chair stood aside or has no account."""
    recused = set(sitting.items.values_list("recusals__person", flat=True))
    there = set(sitting.attendances.filter(presence=Presence.PRESENT).values_list("person", flat=True))
    for seat in seats_of(sitting):
        user = seat.person.user
        if seat.role in (SeatRole.CHAIR, SeatRole.DEPUTY) and seat.person_id in there - recused and user is not None:
            return user
    raise ValueError(f"nobody can sign the minutes of {sitting}")


def _evidence(replay: Replay) -> None:
    row = FollowUp.objects.filter(owner=replay.cast.people["finance"]).first()
    if row is not None:
        submit_evidence(
            follow_up=row,
            by=replay.cast.users["finance"],
            evidence="Avis favorable joint au dossier (données fictives).",
            on=replay.today,
        )


WRITTEN = Matter(
    7,
    Subject.PRIORITY,
    "Prêter un analyste au projet voisin jusqu’à la fin du mois",
    None,
    "L’analyste est prêté jusqu’à la fin du mois ; son projet garde son jalon.",
    "La charge de son projet le permet d’après le plan de la semaine.",
    0,
    (),
)


@transaction.atomic
def _ask_in_writing(replay: Replay) -> None:
    """A question put to the arbitration committee yesterday; two members have answered."""
    body = Body.objects.get(code="ARBITRAGE")
    secretary = replay.cast.users["secretary"]
    if not Project.objects.filter(priority_rank=WRITTEN.rank).exists():
        return
    asked_at = replay.now - timedelta(hours=20)
    request = _request(WRITTEN, body, (asked_at + timedelta(days=7)).astimezone(BRUSSELS).date())
    sitting = open_written(request=request, by=secretary, text=WRITTEN.text, rationale=WRITTEN.rationale, now=asked_at)
    item = sitting.items.select_related("sitting__body", "request__project").get()
    paper = item.papers.get()
    answers = [seat for seat in seats_of(sitting) if seat.votes and seat.person.user is not None]
    recused = set(item.recusals.values_list("person", flat=True))
    for seat in [seat for seat in answers if seat.person_id not in recused][:2]:
        if seat.person.user is not None:
            cast_vote(
                item=item,
                by=seat.person.user,
                person=seat.person,
                choice=VoteChoice.FOR,
                paper=paper.number,
                now=asked_at + timedelta(hours=3),
            )


def _posted(replay: Replay) -> None:
    """The invitations of these sessions were accepted by the mail server."""
    letters = Mail.objects.filter(Q(key__startswith="invitation:") | Q(key__startswith="written:"))
    keys = [mail.job_key(letter) for letter in letters]
    letters.update(
        state=MailState.SENT,
        reply="250 2.0.0 Ok: queued",
        attempts=1,
        handed_at=replay.now,
        sent_at=replay.now,
    )
    Job.objects.filter(key__in=keys).delete()


def _next(code: str, replay: Replay) -> Sitting:
    coming = Sitting.objects.filter(body__code=code, starts_at__gt=replay.now).order_by("starts_at")
    return coming[0]


def _convene(code: str, replay: Replay) -> None:
    sitting, secretary = _next(code, replay), replay.cast.users["secretary"]
    fill_agenda(sitting=sitting, by=secretary)
    add_item(
        sitting=sitting,
        by=secretary,
        kind=ItemKind.INFORMATION,
        title="Pack de la semaine : ce qui a changé",
    )
    publish(sitting=sitting, by=secretary, now=replay.now)


def _prepare(code: str, replay: Replay) -> None:
    fill_agenda(sitting=_next(code, replay), by=replay.cast.users["secretary"])
