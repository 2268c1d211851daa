"""An arbitration step by step: asked, judged, analysed, decided by a body, carried out, verified.

Each step is one conditional UPDATE along the table of moves, with a row that keeps who, why and the clock.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from config import clock
from config.web.versioned import StaleVersionError
from governance.engines.arbitration import Clock, clock_of
from governance.engines.lifecycles import ARBITRATION, IllegalMoveError
from governance.enums import ConcernedRole
from governance.models import Arbitration, ArbitrationStep, ConcernedProject
from governance.selectors.arbitration import decision_of, undone_of, who_may_know
from governance.selectors.clock import deadline
from governance.services.arbitration_notices import tell_analyst, tell_concerned, tell_judges
from governance.services.arbitration_options import pose_doing_nothing
from governance.services.decision_request import person_of
from people.models import Person, User
from people.services import audit
from portfolio.models import Project
from portfolio.services.versioned import create_row, write_changes

FIELDS = frozenset({"kind", "question", "facts", "recommendation", "cost_of_waiting"})
Others = Iterable[tuple[Project, str]]


@transaction.atomic
def request_arbitration(
    *, project: Project, others: Others, by: User, values: Mapping[str, Any], on: date
) -> Arbitration:
    """A project asks for an arbitration with the others concerned, each with its role."""
    concerned = {other.pk: (other, role) for other, role in others if other.pk != project.pk}
    if not concerned:
        raise ValidationError({"others": _("Un arbitrage concerne au moins deux projets.")})
    row = Arbitration(project=project, number=_next_number(on.year), requested_by=person_of(by), **values)
    create_row(row, by=by, verb="arbitration.requested")
    ConcernedProject.objects.create(arbitration=row, project=project, role=ConcernedRole.ASKS)
    for other, role in concerned.values():
        link = ConcernedProject(arbitration=row, project=other, role=role)
        link.full_clean()
        link.save(force_insert=True)
    _enter(row, "request", by, row.question, on)
    tell_judges(row)
    return row


@transaction.atomic
def update_arbitration(*, row: Arbitration, by: User, changes: Mapping[str, Any], version: int) -> Arbitration:
    """Write the changed fields while the facts are still gathered."""
    if row.state not in ("requested", "admissible", "analysis", "options"):
        raise ValidationError(_("L’instance en est saisie : les faits et les options ne changent plus."))
    return write_changes(row, changes=changes, allowed=FIELDS, version=version, by=by, verb="arbitration.updated")


@transaction.atomic
def admit(*, row: Arbitration, by: User, analyst: Person, version: int, on: date) -> Arbitration:
    """The PSO takes it up and names who analyses it; never for his own request."""
    _not_the_requester(row, by)
    if analyst.user is None or not who_may_know(_with(row, analyst), [analyst.user]):
        raise ValidationError(
            {"analyst": _("Cette personne ne peut pas ouvrir cet arbitrage : choisissez-en une autre.")}
        )
    move(row, "admit", by=by, version=version, on=on, analyst=analyst)
    tell_analyst(row)
    return row


@transaction.atomic
def reject(*, row: Arbitration, by: User, reason: str, version: int, on: date) -> Arbitration:
    _not_the_requester(row, by)
    move(row, "reject", by=by, version=version, on=on, note=reason, reason=reason)
    tell_concerned(row, "rejected")
    return row


@transaction.atomic
def analyse(*, row: Arbitration, by: User, version: int, on: date) -> Arbitration:
    return move(row, "analyse", by=by, version=version, on=on)


@transaction.atomic
def propose(*, row: Arbitration, by: User, version: int, on: date) -> Arbitration:
    """The facts are established; the options are next."""
    if not row.facts.strip():
        raise ValidationError({"facts": _("Établissez les faits avant de poser les options.")})
    pose_doing_nothing(row)
    return move(row, "propose", by=by, version=version, on=on)


@transaction.atomic
def rework(*, row: Arbitration, by: User, reason: str, version: int, on: date) -> Arbitration:
    """Back to the analysis: the options are not ripe, or the body turned them down."""
    if row.requests.filter(state__in=("open", "on_agenda", "deferred")).exists():
        raise ValidationError(_("Une demande est encore devant l’instance."))
    return move(row, "rework", by=by, version=version, on=on, note=reason)


@transaction.atomic
def notify_concerned(*, row: Arbitration, by: User, version: int, on: date) -> Arbitration:
    """Every project manager and programme manager concerned is told, once."""
    move(row, "notify", by=by, version=version, on=on)
    tell_concerned(row, "decided")
    return row


@transaction.atomic
def execute(*, row: Arbitration, by: User, note: str, version: int, on: date) -> Arbitration:
    """The first follow-up: what was found when it was checked that the actions have begun."""
    return move(row, "execute", by=by, version=version, on=on, note=note)


@transaction.atomic
def verify(*, row: Arbitration, by: User, evidence: str, version: int, on: date) -> Arbitration:
    """What was decided is done, on evidence; by nobody who had to do it."""
    decision = decision_of(row)
    if undone_of(decision).exists():
        raise ValidationError(_("Des actions de cette décision ne sont pas levées."))
    if decision is not None and decision.follow_ups.filter(owner__user=by).exists():
        raise ValidationError(_("Une autre personne que les responsables des actions vérifie l’exécution."))
    return move(row, "verify", by=by, version=version, on=on, note=evidence, evidence=evidence)


@transaction.atomic
def close(*, row: Arbitration, by: User, version: int, on: date) -> Arbitration:
    return move(row, "close", by=by, version=version, on=on)


@transaction.atomic
def reopen(*, row: Arbitration, by: User, new_fact: str, version: int, on: date) -> Arbitration:
    """Only with a fact that was not known: neither the facts established nor a former reason to reopen."""
    fact = new_fact.strip()
    known = {step.note.strip().casefold() for step in row.steps.filter(act="reopen")}
    if not fact or fact.casefold() in known or fact.casefold() in row.facts.casefold():
        raise ValidationError({"new_fact": _("Rouvrir demande un fait nouveau, qui n’était pas connu.")})
    move(row, "reopen", by=by, version=version, on=on, note=fact, new_fact=fact, retained=None, evidence="", reason="")
    tell_judges(row)
    return row


@transaction.atomic
def move(
    row: Arbitration, act: str, *, by: User | None, on: date, version: int | None = None, note: str = "", **values: Any
) -> Arbitration:
    """One row of the table of moves; without `version` the state alone is compared."""
    try:
        target = ARBITRATION.target(act, row.state)
    except IllegalMoveError as error:
        raise ValidationError(
            _("L’arbitrage %(number)s est « %(state)s » : cela ne se fait plus.")
            % {"number": row.number, "state": row.get_state_display()}
        ) from error
    for name, value in {**values, "state": target}.items():
        setattr(row, name, value)
    row.full_clean()
    here = Arbitration.objects.filter(pk=row.pk, state__in=ARBITRATION.sources(act))
    if version is not None:
        here = here.filter(version=version)
    if here.update(state=target, version=F("version") + 1, updated_at=clock.now(), **values) != 1:
        raise StaleVersionError
    row.refresh_from_db()
    _enter(row, act, by, note, on)
    audit.record(by=by, verb=f"arbitration.{act}", target=row, data={"project": row.project.code, "state": target})
    return row


def _enter(row: Arbitration, act: str, by: User | None, note: str, on: date) -> None:
    """End the step before and begin the next; one that shares the clock keeps its end, and that it was sent up."""
    before = ArbitrationStep.objects.filter(arbitration=row, left_on__isnull=True).first()
    if before is not None:
        before.left_on = on
        before.save(update_fields=["left_on"])
    now = clock_of(row.state)
    step = ArbitrationStep(
        arbitration=row, act=act, state=row.state, by=person_of(by), note=note.strip(), entered_on=on
    )
    if before is not None and now is not None and clock_of(before.state) is now:
        step.due_on, step.raised_on, step.raised_to = before.due_on, before.raised_on, before.raised_to
    elif now is not None and now is not Clock.DECISION:
        step.due_on = deadline(now, on)
    step.full_clean()
    step.save(force_insert=True)


def _with(row: Arbitration, analyst: Person) -> Arbitration:
    """The row as it will stand in the register once the analyst is named, inside this transaction."""
    Arbitration.objects.filter(pk=row.pk).update(analyst=analyst)
    return row


def _not_the_requester(row: Arbitration, by: User) -> None:
    if row.requested_by is not None and row.requested_by.user_id == by.pk:
        raise ValidationError(_("Une autre personne que le demandeur juge la recevabilité."))


def _next_number(year: int) -> str:
    """`2026-A007`; one request at a time counts."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('arbitration.number'))")
    prefix = f"{year}-A"
    taken = Arbitration.objects.filter(number__startswith=prefix).values_list("number", flat=True)
    return f"{prefix}{max((int(number.removeprefix(prefix)) for number in taken), default=0) + 1:03d}"
