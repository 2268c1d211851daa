"""Work packages, tolerances of stages and work packages, and exceptions at each step of their way."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from governance.enums import ExceptionAnswer, ExceptionClosing, ExceptionState, ToleranceLevel
from governance.models import ProjectException
from governance.services.exception import due_on
from governance.services.exception_clock import run_clocks
from governance.services.exception_report import save_report, settle, submit_report
from people.enums import MailState
from people.models import Job, Mail, User
from people.services import mail
from portfolio.engines.vocabulary import Target, Unit
from portfolio.enums import LifeCycle, StageState, WorkPackageState
from portfolio.models import PartTolerance, Project, Stage, WorkPackage
from portfolio.services.standing import refresh_standing
from reporting.management.demo.replay import Replay

PROJECTS = 6


class Lot(NamedTuple):
    """A work package: what it delivers, its share of the way, what it costs and will cost (k€), days late."""

    name: str
    progress: int
    budget: int
    forecast: int
    late: int
    state: WorkPackageState = WorkPackageState.RUNNING


LOTS = (
    Lot("Analyse et dossier fonctionnel", 100, 42, 41, 0, WorkPackageState.COMPLETED),
    Lot("Développement et intégration", 62, 118, 121, 6),
    Lot("Reprise des données", 35, 54, 57, 4),
    Lot("Formation et accompagnement", 0, 28, 28, 0, WorkPackageState.PLANNED),
)
STRAYING = Lot("Reprise des données", 35, 54, 63, 19)
"""Of the third project: beyond what its project manager allowed."""


class Told(NamedTuple):
    """What a project manager wrote in his report."""

    cause: str
    consequences: str
    business_case: str
    recommendation: str
    lessons: str
    amount: int
    labels: tuple[tuple[str, str, str, str], ...]


TOLD = (
    Told(
        "Le deuxième lot du marché a été attribué 9 % au-dessus de l’estimation, et la reprise des données anciennes "
        "demande un nettoyage que le cahier des charges ne prévoyait pas.",
        "Sans décision, le budget de l’exercice est épuisé à la fin du premier trimestre et l’équipe de recette part.",
        "Les économies attendues couvrent encore le surcoût ; le retour est repoussé de deux trimestres.",
        "Relever le budget de l’exercice et garder la date de mise en service.",
        "Faire estimer la qualité des données avant d’attribuer le lot.",
        96_000,
        (
            ("Relever le budget", "Mise en service à la date prévue.", "inchangé", "+96 k€"),
            ("Réduire le périmètre", "Les écrans de consultation attendent 2028.", "inchangé", "+12 k€"),
            ("Ne rien faire", "Le chantier s’arrête en mars.", "+110 jours", "inchangé"),
        ),
    ),
    Told(
        "L’autorité de contrôle a demandé une analyse d’impact complémentaire, rendue avec sept semaines de retard.",
        "La mise en service glisse au-delà de la rentrée ; les écoles garderaient l’ancien formulaire un an de plus.",
        "Le bénéfice de la première année est perdu, les suivants sont inchangés.",
        "Déplacer la fin de référence et livrer les pilotes à la date prévue.",
        "Saisir l’autorité dès le mandat, pas à la fin de l’analyse.",
        38_000,
        (
            ("Déplacer la fin de référence", "Les pilotes démarrent comme prévu.", "+45 jours", "+38 k€"),
            ("Renforcer l’équipe", "Deux analystes externes pendant trois mois.", "+20 jours", "+85 k€"),
        ),
    ),
)


def play_exceptions(replay: Replay) -> None:
    """Plan the packages of a few projects, let the forecasts raise what they raise, then play each step once."""
    running = Project.objects.filter(life_cycle=LifeCycle.STAGE, priority_rank__isnull=False)
    projects = list(running.select_related("manager__user").order_by("priority_rank")[:PROJECTS])
    for number, project in enumerate(projects):
        _packages(project, number, replay)
    refresh_standing(None, now=replay.now)
    rows = list(
        ProjectException.objects.filter(closed_on__isnull=True, project__manager__user__isnull=False)
        .select_related("project__manager__user")
        .order_by("project__priority_rank", "number")
    )
    of_projects = [row for row in rows if row.level == ToleranceLevel.PROJECT]
    for index, row in enumerate(of_projects[:3]):
        _began(row, replay.today - timedelta(days=6 - index))
        _report(row, TOLD[0] if Target.COST in row.breaches else TOLD[1], hand_in=index < 2)
    for index, row in enumerate(of_projects[3:5]):
        _began(row, replay.today - timedelta(days=7 if index else 1))
    for row in of_projects[5:]:
        _accepted_before(row, replay.today)
    for row in [row for row in rows if row.level == ToleranceLevel.WORK_PACKAGE][:1]:
        settle(
            exception=row,
            by=_manager(row),
            answer=ExceptionAnswer.REMOVE_CAUSE,
            reason="Le nettoyage des données passe à l’équipe interne ; le prestataire reprend le jalon suivant.",
            version=row.version,
        )
    run_clocks(replay.now)
    _posted(replay)


def _began(row: ProjectException, day: date) -> None:
    """Raised that day instead of when the replay played its week; the manager has two working days."""
    ProjectException.objects.filter(pk=row.pk).update(raised_on=day, due_on=due_on(ToleranceLevel.WORK_PACKAGE, day))
    row.refresh_from_db()


def _accepted_before(row: ProjectException, today: date) -> None:
    """A deviation that a steering committee accepted before its sessions were kept here."""
    day = min(row.raised_on + timedelta(days=5), today)
    ProjectException.objects.filter(pk=row.pk).update(
        state=ExceptionState.CLOSED,
        closing=ExceptionClosing.ACCEPTED,
        answer=ExceptionAnswer.ACCEPT,
        reason="Écart accepté par le comité de pilotage, procès-verbal papier.",
        decided_on=day,
        closed_on=day,
        due_on=None,
    )


def _posted(replay: Replay) -> None:
    """These notices were accepted by the mail server."""
    letters = Mail.objects.filter(key__contains=":exception_", state=MailState.QUEUED)
    keys = [mail.job_key(letter) for letter in letters]
    letters.update(
        state=MailState.SENT, reply="250 2.0.0 Ok: queued", attempts=1, handed_at=replay.now, sent_at=replay.now
    )
    Job.objects.filter(key__in=keys).delete()


def _packages(project: Project, number: int, replay: Replay) -> None:
    """Four packages of the running stage, with their tolerances; the board's on the stage."""
    today = replay.today
    stage = Stage.objects.filter(project=project, state=StageState.RUNNING).first()
    for index, base in enumerate(LOTS):
        lot = STRAYING if number == 2 and index == 2 else base
        end = today + timedelta(days=30 * index - 45 if lot.progress == 100 else 30 * index + 10)
        package = WorkPackage.objects.create(
            project=project,
            stage=stage,
            code=f"LT-{index + 1:02d}",
            name=lot.name,
            owner=project.deputy or project.manager,
            start=today - timedelta(days=120 - 30 * index),
            planned_end=end,
            forecast_end=end + timedelta(days=lot.late),
            actual_end=end if lot.progress == 100 else None,
            budget=Decimal(lot.budget * 1000),
            forecast_cost=Decimal(lot.forecast * 1000),
            progress=lot.progress,
            state=lot.state,
        )
        _bounds(project, {"work_package": package}, ((Target.TIME, 15, Unit.DAYS), (Target.COST, 10, Unit.PERCENT)))
    if stage is not None:
        days = 12 if number == 4 else 6
        if stage.planned_end is not None:
            Stage.objects.filter(pk=stage.pk).update(forecast_end=stage.planned_end + timedelta(days=days))
        _bounds(project, {"stage": stage}, ((Target.TIME, 10, Unit.DAYS), (Target.COST, 8, Unit.PERCENT)))


def _bounds(project: Project, part: dict[str, Any], bounds: tuple[tuple[Target, int, Unit], ...]) -> None:
    PartTolerance.objects.bulk_create(
        PartTolerance(project=project, target=target, plus=Decimal(plus), unit=unit, **part)
        for target, plus, unit in bounds
    )


def _report(row: ProjectException, told: Told, *, hand_in: bool) -> None:
    options = [
        {
            "label": label,
            "consequence": consequence,
            "case": "inchangé" if index else "justifié",
            "effects": {target.value: _effect(target, time, cost) for target in Target},
            "recommended": index == 0,
        }
        for index, (label, consequence, time, cost) in enumerate(told.labels)
    ]
    changes = {
        "cause": told.cause,
        "consequences": told.consequences,
        "business_case": told.business_case,
        "recommendation": told.recommendation,
        "lessons": told.lessons,
        "amount": Decimal(told.amount),
        "options": options,
    }
    saved = save_report(exception=row, by=_manager(row), changes=changes, version=row.version)
    if hand_in:
        submit_report(exception=saved, by=_manager(row), version=saved.version)


def _effect(target: Target, time: str, cost: str) -> str:
    return {Target.TIME: time, Target.COST: cost}.get(target, "inchangé")


def _manager(row: ProjectException) -> User:
    manager = row.project.manager
    if manager is None or manager.user is None:
        raise ValueError(f"{row.project.code} has no project manager with an account")
    return manager.user
