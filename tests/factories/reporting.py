"""Editions without a database: what a cut of a portfolio of a given size would hold."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from portfolio.engines.exposure import money_at_stake
from portfolio.engines.health import MilestoneFacts as EngineMilestone
from portfolio.engines.health import ProjectFacts as EngineProject
from portfolio.engines.health import RiskFacts as EngineRisk
from portfolio.engines.health import Target, ToleranceFacts, Unit, assess
from portfolio.engines.verdict_codec import encode_assessment
from reporting.engines import edition as facts
from reporting.engines.edition_decisions import OptionFacts, RequestFacts
from reporting.selectors.cut import verdicts

AS_OF = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)
TODAY = AS_OF.date()
AXES = ("Services à l’usager", "Enseignement numérique", "Cybersécurité", "Socle et cloud", "Données", "Organisation")
SUBJECTS = (
    "Migration cœur paie enseignants",
    "Identité numérique",
    "Réseau écoles, phase 3",
    "Archivage probant",
    "Dossier élève unique",
    "Espace agent",
    "SOC mutualisé",
    "Portail aides sociales",
    "Guichet unique des bourses",
    "Interconnexion des registres",
    "Résilience des centres de données",
    "Catalogue de données",
    "Gestion des subventions",
    "Messagerie collaborative",
    "Gestion des identités et accès",
    "Décompte du temps enseignants",
)
PEOPLE = ("Lemaire", "Benali", "Verbeke", "Coppens", "Dupuis", "Maes", "Haddad", "Noël", "Peeters", "Claes")
MESSAGES = (
    "Bascule de janvier intenable : report à mars ou périmètre réduit. Arbitrage demandé au CODIR.",
    "Fournisseur en défaut depuis trois semaines. Mise en demeure à signer avant le 23.",
    "Coût final 9,4 % au-dessus du budget, hors tolérance. Rapport d’exception joint.",
    "Deux architectes partis vers un autre projet ; remplacement le 1er décembre.",
    "Mise en production confirmée le 25 novembre ; formation à 92 %.",
    "Rien à signaler : 310 jeux décrits sur 1 140, selon le plan.",
)
MILESTONES = ("Recette lot 1", "Choix de l’éditeur", "Pilote 12 écoles", "Bascule à blanc", "Mise en service", "Bilan")


def edition(projects: int = 50, *, silent: int = 5, top: int = 24, weeks: int = 12, seed: int = 7) -> facts.Edition:
    """A reporting portfolio; `silent` projects owe a status and gave none."""
    dice = random.Random(seed)
    rows = tuple(_project(number, number >= projects - silent, top, weeks, dice) for number in range(projects))
    received = sum(row.status is not None for row in rows)
    before = [row.previous.state for row in rows if row.previous]
    return facts.Edition(
        schema=facts.SCHEMA_VERSION,
        week="2026-W47",
        as_of=AS_OF,
        publish_at=AS_OF + timedelta(hours=5),
        axes=tuple(facts.AxisFacts(f"A{n}", facts.Names(name)) for n, name in enumerate(AXES)),
        programmes=(facts.ProgrammeFacts("PG1", facts.Names("Services en ligne")),),
        projects=rows,
        requests=_requests(rows),
        bodies=(
            facts.BodyFacts("CODIR", facts.Names("Comité de direction"), "executive", 5, (AS_OF + timedelta(days=1),)),
            facts.BodyFacts("CI", facts.Names("Comité d’investissement"), "investment", 4),
        ),
        previous=facts.PreviousWeek(
            "2026-W46", {state: before.count(state) for state in set(before)}, received + 1, projects, 1
        ),
        choices=facts.PackChoices(
            director_message="La semaine est **tendue** sur la paie.\n\nDeux décisions ne peuvent attendre."
        ),
        audit_number=4312,
        audit_hash="7f3a9c" + "0" * 58,
    )


def unreported(projects: int = 61, seed: int = 3) -> facts.Edition:
    """An imported portfolio: budgets and dates, nobody named, nobody ever reported."""
    dice = random.Random(seed)
    rows = tuple(
        facts.ProjectFacts(
            code=f"P-{n + 1:03d}",
            names=facts.Names(f"{SUBJECTS[n % len(SUBJECTS)]} {n + 1}"),
            state=facts.STALE,
            owes_status=True,
            life_cycle="stage",
            axis=f"A{n % 6}",
            start=date(2014, 1, 1),
            planned_end=date(2018, 6, 1),
            forecast_end=date(2018, 6, 1) + timedelta(days=30 * (n % 7)),
            bac=(cost := Decimal(dice.randrange(2, 180)) * 1_000_000),
            eac=cost + Decimal(dice.randrange(-2, 6)) * 500_000,
            computed_overall="unknown",
            history=("none",) * 11 + ("stale",),
            budget=(facts.BudgetFacts(2015, "capex", cost, Decimal(0), cost + 1_000_000),),
        )
        for n in range(projects)
    )
    return facts.Edition(
        schema=facts.SCHEMA_VERSION,
        week="2026-W47",
        as_of=AS_OF,
        publish_at=AS_OF,
        axes=tuple(facts.AxisFacts(f"A{n}", facts.Names(name)) for n, name in enumerate(AXES)),
        programmes=(),
        projects=rows,
        requests=(),
        bodies=(),
        previous=None,
        choices=facts.PackChoices(),
        audit_number=12,
        audit_hash="a" * 64,
    )


def _project(number: int, is_silent: bool, top: int, weeks: int, dice: random.Random) -> facts.ProjectFacts:
    budget = Decimal(dice.randrange(180, 4200)) * 1000
    drift = Decimal(dice.choice((-4, -3, -2, -1, 0, 0, 0, 1, 2, 3, 6, 9, 11)))
    slip = dice.choice((0, 0, 0, -5, 7, 12, 15, 28, 45))
    milestones = _milestones(dice, slip)
    risks = _risks(dice)
    base = EngineProject(
        as_of=TODAY,
        last_status_on=TODAY - timedelta(days=3),
        baseline_start=date(2025, 3, 1),
        baseline_end=date(2027, 6, 30),
        forecast_end=date(2027, 6, 30) + timedelta(days=slip),
        milestones=tuple(EngineMilestone(m.name, m.baseline, m.forecast, m.actual) for m in milestones),
        bac=budget,
        eac=budget * (100 + drift) / 100,
        tolerances={
            Target.TIME: ToleranceFacts(minus=Decimal(30), plus=Decimal(20), unit=Unit.DAYS),
            Target.COST: ToleranceFacts(minus=Decimal(10), plus=Decimal(5), unit=Unit.PERCENT),
        },
        risks=tuple(
            EngineRisk(risk.probability, risk.impact, impact_eur=risk.amount, title=risk.title) for risk in risks
        ),
    )
    assessed = assess(base)
    computed = assessed.overall.rag.value
    history = _history(dice, computed, weeks, is_silent)
    return facts.ProjectFacts(
        code=f"P-{number + 1:03d}",
        names=facts.Names(
            SUBJECTS[number % len(SUBJECTS)] + (f" {number // len(SUBJECTS) + 1}" if number >= 16 else "")
        ),
        state=facts.STALE if is_silent else history[-1],
        owes_status=True,
        life_cycle="stage",
        manager=facts.PersonName(f"Alix {PEOPLE[number % 10]}", PEOPLE[number % 10]),
        sponsor=facts.PersonName(f"Sacha {PEOPLE[(number + 3) % 10]}", PEOPLE[(number + 3) % 10]),
        programme="PG1",
        axis=f"A{number % 6}",
        rank=number + 1,
        is_top=number < top,
        purpose="Remplacer un système de 2009 dont le support s’arrête, sans rupture de service.",
        start=base.baseline_start,
        first_approved_end=date(2027, 3, 31),
        planned_end=base.baseline_end,
        forecast_end=base.forecast_end,
        bac=base.bac,
        eac=base.eac,
        actual=budget * Decimal("0.4"),
        exposure=money_at_stake(base).total or Decimal(0),
        status=None if is_silent else _status(dice, history[-1]),
        previous=facts.PreviousFacts(
            history[-2], {}, eac=(base.eac or budget) - dice.choice((0, 0, 0, 45_000, -20_000))
        ),
        last_state=history[-2],
        last_status_on=TODAY - timedelta(days=17 if is_silent else 3),
        computed_overall=computed,
        computed=verdicts(encode_assessment(assessed)),
        gap_weeks=dice.choice((0, 0, 0, 0, 0, 4)),
        history=history,
        milestones=milestones,
        budget=_budget(budget, drift),
        risks=risks,
        tolerances=(
            facts.ToleranceFacts("cost", Decimal(10), Decimal(5), "percent"),
            facts.ToleranceFacts("time", Decimal(30), Decimal(20), "days"),
        ),
    )


def _history(dice: random.Random, computed: str, weeks: int, is_silent: bool) -> tuple[str, ...]:
    last = computed if computed != "unknown" else "amber"
    turn = dice.randrange(1, weeks)
    early = dice.choice(("green", "green", "amber"))
    states = [early] * turn + [last] * (weeks - turn)
    if is_silent:
        states[-1] = facts.STALE
    return tuple(states)


def _status(dice: random.Random, overall: str) -> facts.StatusFacts:
    declared = dict.fromkeys(facts.DIMENSIONS, "green")
    for name in dice.sample(facts.DIMENSIONS, 2):
        declared[name] = overall
    worst = [name for name, state in declared.items() if state != "green"]
    return facts.StatusFacts(
        overall=overall,
        declared=declared,
        causes=dict.fromkeys(worst, "Prestataire en retard de livraison"),
        reasons={"overall": "Le plan de rattrapage est validé par l’exécutif"} if dice.random() < 0.3 else {},
        message=dice.choice(MESSAGES),
        language="fr",
        ask_kind="none",
        ask_text="",
        ask_body="",
        ask_on=None,
        author="Alix Lemaire",
        submitted_at=AS_OF - timedelta(days=3),
    )


def _milestones(dice: random.Random, slip: int) -> tuple[facts.MilestoneFacts, ...]:
    rows = []
    for position, name in enumerate(MILESTONES):
        baseline = TODAY + timedelta(days=dice.randrange(0, 40) + (position - 2) * 45)
        late = dice.choice((0, 0, slip))
        done = baseline + timedelta(days=late) < TODAY
        actual = baseline + timedelta(days=late) if done and dice.random() < 0.93 else None
        rows.append(
            facts.MilestoneFacts(
                name, "delivery", baseline - timedelta(days=20), baseline, baseline + timedelta(days=late), actual
            )
        )
    return tuple(rows)


def _budget(total: Decimal, drift: Decimal) -> tuple[facts.BudgetFacts, ...]:
    shares = ((2025, Decimal("0.25")), (2026, Decimal("0.45")), (2027, Decimal("0.30")))
    rows = []
    for year, share in shares:
        approved = total * share
        spent = approved if year == 2025 else approved * Decimal("0.6") if year == 2026 else Decimal(0)
        forecast = approved if year == 2025 else approved * (100 + drift) / 100
        source = "Comptabilité" if spent else ""
        rows.append(
            facts.BudgetFacts(year, "capex", approved, spent, forecast, source, date(2026, 10, 31) if spent else None)
        )
    return tuple(rows)


def _risks(dice: random.Random) -> tuple[facts.RiskFacts, ...]:
    titles = (
        "Défaillance du fournisseur",
        "Départ d’un profil clé",
        "Reprise de données incomplète",
        "Recours au marché",
    )
    return tuple(
        facts.RiskFacts(
            number=n + 1,
            title=title,
            cause="Cause",
            event="Événement",
            effect="Effet",
            probability=dice.randrange(1, 5),
            impact=dice.randrange(1, 5),
            amount=Decimal(dice.randrange(10, 200)) * 1000,
            owner=f"Alix {dice.choice(PEOPLE)}",
            response="reduce",
            action="Clause de pénalité activée, second fournisseur consulté",
            proximity="this_stage",
            raised_on=TODAY - timedelta(days=dice.randrange(1, 90)),
        )
        for n, title in enumerate(titles[: dice.randrange(1, 5)])
    )


def _requests(rows: tuple[facts.ProjectFacts, ...]) -> tuple[RequestFacts, ...]:
    if len(rows) < 4:
        return ()
    return (
        RequestFacts(
            number="D-2026-014",
            project=rows[0].code,
            body="CODIR",
            needed_on=TODAY + timedelta(days=1),
            question="Reporter la bascule de la paie de janvier à mars 2027",
            state="open",
            amount=Decimal("180000.00"),
            options=(
                OptionFacts("Reporter à mars", "Deux mois de double exploitation, 180 k€", True),
                OptionFacts("Réduire le périmètre", "Bascule en janvier sans les remplaçants, reprise manuelle"),
                OptionFacts("Maintenir", "Risque d’un salaire non versé à 3 400 enseignants"),
            ),
            recommendation="Reporter à mars, avec un point de contrôle le 15 janvier",
            cost_of_waiting="12 k€ par semaine de double exploitation",
            owner="Alix Lemaire",
            asked_on=TODAY - timedelta(days=3),
        ),
        RequestFacts(
            number="D-2026-015",
            project=rows[2].code,
            body="CODIR",
            needed_on=TODAY + timedelta(days=1),
            question="Relever le budget du réseau des écoles de 190 k€",
            state="open",
            amount=Decimal("190000.00"),
            owner="Alix Verbeke",
            cost_of_waiting="Le lot 4 ne peut pas être commandé avant la décision",
            asked_on=TODAY - timedelta(days=9),
        ),
        RequestFacts(
            number="D-2026-016",
            project=rows[3].code,
            body="CI",
            needed_on=TODAY + timedelta(days=9),
            question="Avis sur le dossier d’archivage probant",
            state="open",
            asked_on=TODAY - timedelta(days=2),
        ),
    )
