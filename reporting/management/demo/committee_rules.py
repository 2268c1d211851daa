"""How the invented bodies work: reach, voting rules, rhythm, declared interests, and the RACI matrix."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal

from governance.enums import ClosedDayRule, InterestKind, RaciLetter, RaciRole, Rhythm, TieRule
from governance.models import (
    Body,
    BodyRules,
    Interest,
    InterestStatement,
    MeetingRule,
    RaciActivity,
    RaciCell,
    Seat,
)
from people.models import Employer
from portfolio.models import Programme, Project
from reporting.management.demo.accounts import Cast
from reporting.management.demo.committees import BODIES, sittings_of

SOURCE = "Règlement d’ordre intérieur (données fictives)"
PROGRAMME_OF = {"COPIL-PAIE": "pgm1", "COPIL-GUICHET": "pgm2", "COPIL-SOCLE": "pgm3"}
UNSTATED = ("codir4", "ic5")
"""Members whose yearly statement is missing."""

_A, _R, _AR, _C, _I = RaciLetter.ACCOUNTABLE, RaciLetter.RESPONSIBLE, RaciLetter.BOTH, "C", "I"
_EXEC, _PM, _USER, _PSO = RaciRole.EXECUTIVE, RaciRole.PROJECT_MANAGER, RaciRole.SENIOR_USER, RaciRole.PSO
MATRIX: tuple[tuple[str, str, str, dict[RaciRole, str]], ...] = (
    (
        "Cas d’affaire",
        "Business case",
        "Business case",
        {_EXEC: _A, _PM: _R, _USER: _C, RaciRole.FINANCE: _C, _PSO: _I},
    ),
    (
        "Rapport de progression",
        "Hoofdpuntenrapport",
        "Highlight report",
        {_PM: _AR, RaciRole.TEAM: _C, RaciRole.BOARD: _I, _PSO: _I},
    ),
    ("Plan de séquence", "Faseplan", "Stage plan", {RaciRole.BOARD: _A, _PM: _R}),
    ("Registre des risques", "Risicoregister", "Risk register", {_EXEC: _A, _PM: _R}),
    (
        "Priorisation",
        "Prioritering",
        "Prioritisation",
        {RaciRole.CODIR: _A, RaciRole.ARBITRATION: _R, _PSO: _C, _PM: _I},
    ),
    (
        "Dossier d’investissement",
        "Investeringsdossier",
        "Investment dossier",
        {_EXEC: _A, _PM: _R, RaciRole.FINANCE: _C, RaciRole.PROCUREMENT: _C, RaciRole.REVIEWERS: _C},
    ),
    (
        "Revue des bénéfices",
        "Batenreview",
        "Benefits review",
        {_USER: _A, RaciRole.CHANGE_MANAGER: _R},
    ),
    (
        "Méthode et standards",
        "Methode en standaarden",
        "Method and standards",
        {RaciRole.HEAD_OF_CENTRE: _A, _PSO: _R},
    ),
)


def load_committee_rules(bodies: Mapping[str, Body], cast: Cast, *, today: date, since: date) -> None:
    """Everything a body works by; needs the programmes and projects."""
    for code, manager in PROGRAMME_OF.items():
        programme = Programme.objects.filter(manager=cast.people[manager]).order_by("code").first()
        Body.objects.filter(pk=bodies[code].pk).update(programme=programme)
    BodyRules.objects.bulk_create(_rules(body, since) for body in bodies.values())
    MeetingRule.objects.bulk_create(
        MeetingRule(
            body=bodies[spec.code],
            rhythm=Rhythm.WEEKLY,
            every=spec.every,
            weekday=spec.weekday,
            at=spec.at,
            minutes=120 if spec.level > 2 else 90,
            place=spec.place,
            closed_day=ClosedDayRule.NEXT,
            valid_from=next(sittings_of(spec, today)).date(),
        )
        for spec in BODIES
    )
    _interests(cast, today)
    _matrix()


def _rules(body: Body, since: date) -> BodyRules:
    """The investment committee needs two thirds, and lets a tie go up."""
    strict = body.code == "CI"
    return BodyRules(
        body=body,
        valid_from=since,
        quorum_share=Decimal("0.67") if strict else Decimal("0.50"),
        tie=TieRule.ESCALATE if strict else TieRule.CHAIR,
        source=SOURCE,
    )


def _interests(cast: Cast, today: date) -> None:
    seated = sorted(set(Seat.objects.values_list("person", flat=True)))
    missing = {cast.people[login].pk for login in UNSTATED}
    stated = today - timedelta(days=120)
    InterestStatement.objects.bulk_create(
        InterestStatement(person_id=pk, declared_on=stated, valid_to=stated + timedelta(days=365))
        for pk in seated
        if pk not in missing
    )
    supplier = Employer.objects.filter(is_home=False).order_by("pk").first()
    project = Project.objects.filter(priority_rank=2).first()
    Interest.objects.bulk_create(
        [
            Interest(
                person=cast.people["ic3"],
                kind=InterestKind.SUPPLIER,
                employer=supplier,
                note="Administrateur jusqu’en 2025 (données fictives)",
                declared_on=stated,
                ended_on=date(today.year - 1, 6, 30),
            ),
            Interest(
                person=cast.people["codir8"],
                kind=InterestKind.FAMILY,
                other=project.manager if project else cast.people["pm2"],
                declared_on=stated,
            ),
        ]
    )


def _matrix() -> None:
    rows = RaciActivity.objects.bulk_create(
        RaciActivity(position=position, name_fr=fr, name_nl=nl, name_en=en)
        for position, (fr, nl, en, _cells) in enumerate(MATRIX, start=1)
    )
    RaciCell.objects.bulk_create(
        RaciCell(activity=row, role=role, letter=letter)
        for row, (_fr, _nl, _en, cells) in zip(rows, MATRIX, strict=True)
        for role, letter in cells.items()
    )
