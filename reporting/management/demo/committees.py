"""The invented bodies: ladder, seats, mandates and sittings around the simulated today."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import NamedTuple

from config.clock import BRUSSELS
from governance.engines.working_days import nearest_working
from governance.enums import BodyKind, SeatRole, Subject, ToleranceLevel
from governance.models import Body, Mandate, Seat, Sitting
from portfolio.engines.reporting_calendar import IsoWeek
from portfolio.selectors.closing_day import closed_days
from reporting.management.demo.accounts import Cast

PAST_WEEKS, COMING_WEEKS = 12, 8


class Power(NamedTuple):
    """What a body may decide: up to an amount, within a tolerance."""

    kind: Subject
    subject: str
    limit: int | None = None
    level: ToleranceLevel | None = None


BOARD_POWERS = tuple(
    Power(kind, f"{words} dans la tolérance de la séquence", 50_000, ToleranceLevel.STAGE)
    for kind, words in (
        (Subject.STAGE, "Séquences et portes"),
        (Subject.CHANGE, "Changements"),
        (Subject.EXCEPTION, "Exceptions"),
    )
)


class BodySpec(NamedTuple):
    """A body, who sits in it and when: weekday, hour, every so many weeks from week `phase`.

    Members: the chair first, then the deputy; `=` adds a PRINCE2 role, a final `-` takes the vote.
    """

    code: str
    fr: str
    nl: str
    en: str
    kind: BodyKind
    level: int
    cadence: str
    members: tuple[str, ...]
    weekday: int
    at: time
    every: int
    phase: int
    place: str
    mandates: tuple[Power, ...]


BODIES = (
    BodySpec(
        "COMITE-PROJET",
        "Comité de projet",
        "Projectcomité",
        "Project committee",
        BodyKind.PROJECT_COMMITTEE,
        1,
        "Chaque jeudi",
        ("pm1", "pm3", "pm7", "pso1"),
        4,
        time(10, 0),
        1,
        0,
        "En ligne",
        (Power(Subject.ACTION, "Actions dans la tolérance du lot de travaux", 10_000, ToleranceLevel.WORK_PACKAGE),),
    ),
    BodySpec(
        "COPIL-PAIE",
        "Comité de pilotage Paie et carrières",
        "Stuurgroep Loon en loopbaan",
        "Pay and careers steering board",
        BodyKind.PROJECT_BOARD,
        2,
        "Toutes les quatre semaines",
        ("codir3=executive", "codir6=senior_user", "finance=senior_supplier", "pgm1-", "pm1-"),
        5,
        time(9, 30),
        4,
        1,
        "Salle Escaut",
        BOARD_POWERS,
    ),
    BodySpec(
        "COPIL-GUICHET",
        "Comité de pilotage Guichet numérique",
        "Stuurgroep Digitaal loket",
        "Digital desk steering board",
        BodyKind.PROJECT_BOARD,
        2,
        "Toutes les quatre semaines",
        ("codir2=executive", "codir7=senior_user", "head=senior_supplier", "pgm2-", "pm10-", "dpo=assurance-"),
        5,
        time(14, 0),
        4,
        1,
        "Salle Lesse",
        BOARD_POWERS,
    ),
    BodySpec(
        "COPIL-SOCLE",
        "Comité de pilotage Socle et réseaux",
        "Stuurgroep Fundament en netwerken",
        "Foundations steering board",
        BodyKind.PROJECT_BOARD,
        2,
        "Toutes les quatre semaines",
        ("codir5=executive", "codir1=senior_user", "finance=senior_supplier", "pgm3-", "pm4-", "ciso=assurance-"),
        5,
        time(11, 0),
        4,
        1,
        "Salle Ourthe",
        BOARD_POWERS,
    ),
    BodySpec(
        "PROGRAMMES",
        "Comité des programmes",
        "Programmacomité",
        "Programme board",
        BodyKind.PROGRAMME_BOARD,
        3,
        "Toutes les quatre semaines",
        ("director", "pgm1", "pgm2", "pgm3", "pgm4", "pgm5", "pgm6", "head"),
        3,
        time(9, 0),
        4,
        3,
        "Salle Meuse",
        (
            Power(Subject.TRANCHE, "Tranches, bénéfices et risques communs d’un programme", 100_000),
            Power(Subject.EXCEPTION, "Exceptions hors de la tolérance d’un projet", 100_000, ToleranceLevel.PROJECT),
        ),
    ),
    BodySpec(
        "ARBITRAGE",
        "Comité d’arbitrage",
        "Arbitragecomité",
        "Arbitration committee",
        BodyKind.ARBITRATION,
        4,
        "Toutes les deux semaines",
        ("director", "pgm1", "pgm3", "pgm5", "pso1", "finance"),
        3,
        time(14, 0),
        2,
        2,
        "Salle Meuse",
        (
            Power(Subject.PRIORITY, "Priorités, conflits de capacité, ordre des projets"),
            Power(Subject.APPOINTMENT, "Désignation des chefs de projet"),
        ),
    ),
    BodySpec(
        "DIR",
        "Direction IT transversale",
        "Transversale IT-directie",
        "Transversal IT directorate",
        BodyKind.DIRECTOR,
        5,
        "Chaque lundi",
        ("director", "head", "pso1"),
        1,
        time(14, 0),
        1,
        0,
        "Bureau de la direction",
        (Power(Subject.BUDGET, "Engagements courants et mises en demeure", 250_000),),
    ),
    BodySpec(
        "CI",
        "Comité d’investissement",
        "Investeringscomité",
        "Investment committee",
        BodyKind.INVESTMENT,
        6,
        "Toutes les quatre semaines",
        ("ic1", "ic2", "ic3", "ic4", "ic5", "ic6", "ic7"),
        4,
        time(14, 0),
        4,
        1,
        "Salle Sambre",
        (
            Power(Subject.INVESTMENT, "Dossiers d’investissement au-delà de 250 000 €", 5_000_000),
            Power(Subject.TRANCHE, "Libération des tranches"),
        ),
    ),
    BodySpec(
        "CODIR",
        "Comité de direction",
        "Directiecomité",
        "Executive board",
        BodyKind.EXECUTIVE,
        7,
        "Chaque mardi",
        ("codir1", "codir2", "codir3", "codir4", "codir5", "codir6", "codir7", "codir8"),
        2,
        time(9, 0),
        1,
        0,
        "Salle du conseil",
        (
            Power(Subject.STRATEGY, "Stratégie et escalades"),
            Power(Subject.EXCEPTION, "Exceptions de toute tolérance"),
            Power(Subject.CHANGE, "Changements au-delà des comités"),
            Power(Subject.BUDGET, "Budgets approuvés et transferts"),
            Power(Subject.STAGE, "Séquences et portes de tout projet"),
            Power(Subject.PRIORITY, "Priorités du portefeuille"),
            Power(Subject.INVESTMENT, "Programmes au-delà de 5 000 000 €"),
        ),
    ),
)


def load_bodies(cast: Cast, *, today: date, since: date) -> dict[str, Body]:
    """All bodies by code, with seats, mandates and sittings from twelve weeks back to eight ahead."""
    rows = Body.objects.bulk_create(
        Body(
            code=spec.code,
            name_fr=spec.fr,
            name_nl=spec.nl,
            name_en=spec.en,
            kind=spec.kind,
            level=spec.level,
            cadence=spec.cadence,
        )
        for spec in BODIES
    )
    bodies = {body.code: body for body in rows}
    Seat.objects.bulk_create(seat for spec in BODIES for seat in _seats(spec, bodies[spec.code], cast, since))
    Mandate.objects.bulk_create(
        Mandate(
            body=bodies[spec.code],
            kind=power.kind,
            subject=power.subject,
            amount_max=None if power.limit is None else Decimal(power.limit),
            level=power.level,
            valid_from=since,
            source="Règlement d’ordre intérieur (données fictives)",
        )
        for spec in BODIES
        for power in spec.mandates
    )
    Sitting.objects.bulk_create(
        Sitting(body=bodies[spec.code], starts_at=starts_at, place=spec.place)
        for spec in BODIES
        for starts_at in sittings_of(spec, today)
    )
    return bodies


def sittings_of(spec: BodySpec, today: date) -> Iterator[datetime]:
    """Instants of the sittings, on the working day before a closed one; week 0 is the one of `today`."""
    current = IsoWeek.of(today)
    closed = closed_days(current.plus(-PAST_WEEKS).monday, current.plus(COMING_WEEKS).sunday)
    for offset in range(-PAST_WEEKS, COMING_WEEKS + 1):
        if offset % spec.every == spec.phase % spec.every:
            day = current.plus(offset).day(spec.weekday)
            yield datetime.combine(nearest_working(day, -1, closed), spec.at, tzinfo=BRUSSELS)


def next_sitting(code: str, after: date, today: date) -> date:
    """The first sitting of the body after the day given."""
    spec = next(spec for spec in BODIES if spec.code == code)
    coming = (moment.date() for moment in sittings_of(spec, today))
    return next((day for day in coming if day > after), after + timedelta(days=7))


def _seats(spec: BodySpec, body: Body, cast: Cast, since: date) -> Iterator[Seat]:
    for index, member in enumerate(spec.members):
        role = SeatRole.CHAIR if index == 0 else SeatRole.DEPUTY if index == 1 else SeatRole.MEMBER
        login, _, board_role = member.removesuffix("-").partition("=")
        yield Seat(
            body=body,
            person=cast.people[login],
            role=role,
            board_role=board_role,
            votes=not member.endswith("-"),
            valid_from=since,
        )
    if spec.level >= BODIES[4].level:
        yield Seat(body=body, person=cast.people["secretary"], role=SeatRole.SECRETARY, votes=False, valid_from=since)
