"""A gate review on its way: begun with its checklist and lessons, written, sent or dispensed, taken back, dropped."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import translation
from django.utils.translation import gettext as _

from config import clock
from config.web import formats
from config.web.languages import own_language
from config.web.versioned import StaleVersionError
from governance.engines.gate_review import is_evidence
from governance.engines.lifecycles import GATE_REVIEW, IllegalMoveError
from governance.enums import GateChoice, GateReviewState, RequestState, Subject
from governance.models import DecisionRequest, GateAnswer, GateReview, LessonAnswer
from governance.selectors.gate_review import (
    awaits_investment,
    criteria_on,
    gap_words,
    missing_in,
    read_figures,
    running_stage_of,
    stage_figures,
)
from governance.selectors.lesson import lessons_for
from governance.services.decision_request import move_request, open_request
from governance.services.gate_notices import tell_reviewer
from people.models import Person, User
from people.services import audit
from portfolio.engines.lifecycle import Gate, Phase, gates_ahead, gates_behind
from portfolio.enums import LifeCycle
from portfolio.models import Project
from portfolio.services.versioned import create_row, write_changes

REPORT = frozenset(
    {
        "planned_on",
        "amount",
        "performance",
        "forecast",
        "business_case",
        "business_case_note",
        "recommendation",
    }
)
ANSWER = ("reply", "evidence", "comment")
LESSON = ("reply", "words")


@transaction.atomic
def start_review(*, project: Project, gate: str, planned_on: date, by: User) -> GateReview:
    """Begin the review of a gate that lies ahead: the checklist of the day, similar lessons, a report begun."""
    Project.objects.select_for_update(of=("self",)).get(pk=project.pk)
    if gate not in gates_ahead(Phase(project.life_cycle)):
        raise ValidationError(
            _("Un projet « %(phase)s » n’est pas devant cette porte.") % {"phase": project.get_life_cycle_display()}
        )
    today = clock.today()
    criteria = criteria_on(gate, project.method, today)
    if not criteria:
        raise ValidationError(_("Aucune liste de contrôle n’est en vigueur pour cette porte."))
    stage = running_stage_of(project) if gate in (Gate.GN, Gate.GC) else None
    figures = stage_figures(project, stage)
    performance, forecast = report_begun(figures)
    review = GateReview(
        number=_next_number(project),
        project=project,
        gate=gate,
        stage=stage,
        method=criteria[0].method,
        planned_on=planned_on,
        amount=_amount_ahead(gate, figures),
        performance=performance,
        forecast=forecast,
    )
    create_row(review, by=by, verb="gate_review.started")
    GateAnswer.objects.bulk_create(GateAnswer(review=review, criterion=row) for row in criteria)
    LessonAnswer.objects.bulk_create(LessonAnswer(review=review, lesson=row) for row in lessons_for(project))
    return review


def _next_number(project: Project) -> str:
    prefix = f"{project.code}-G"
    taken = GateReview.objects.filter(project=project).values_list("number", flat=True)
    serials = [int(number.removeprefix(prefix)) for number in taken if number.removeprefix(prefix).isdecimal()]
    return f"{prefix}{max(serials, default=0) + 1:02d}"


def _amount_ahead(gate: str, figures: Mapping[str, Any]) -> Decimal | None:
    """What the body lets the project spend: all of it at G1, what remains at the end of a stage."""
    read = read_figures(figures)
    if gate == Gate.G1:
        return read.eac if read.eac is not None else read.bac
    return read.remaining if gate in (Gate.GN, Gate.GC) else None


def report_begun(figures: Mapping[str, Any]) -> tuple[str, str]:
    """The first sentences of the two texts of the report, in the organisation's language."""
    read = read_figures(figures)
    with translation.override(own_language()):
        given = []
        if read.stage:
            given.append(
                _("La séquence %(stage)s devait finir le %(day)s.")
                % {"stage": read.stage, "day": formats.date_short(read.stage_end)}
            )
        given.append(
            _("Jalons de référence atteints : %(met)d sur %(due)d.")
            % {"met": read.milestones_met, "due": read.milestones_due}
        )
        if read.actual is not None and read.bac is not None:
            given.append(
                _("Réalisé : %(actual)s sur %(bac)s approuvés.")
                % {"actual": formats.keuro(read.actual), "bac": formats.keuro(read.bac)}
            )
        ahead = [
            _("Fin prévue le %(day)s, référence %(baseline)s.")
            % {"day": formats.date_short(read.forecast_end), "baseline": formats.date_short(read.baseline_end)},
            _("Coût final estimé : %(eac)s.") % {"eac": formats.keuro(read.eac)},
            _("Risques ouverts : %(open)d, dont élevés : %(high)d.")
            % {"open": read.open_risks, "high": read.high_risks},
        ]
    return " ".join(given), " ".join(ahead)


@transaction.atomic
def write_review(
    *,
    review: GateReview,
    by: User,
    changes: Mapping[str, Any],
    answers: Mapping[int, Mapping[str, str]],
    lessons: Mapping[int, Mapping[str, str]],
    version: int,
) -> GateReview:
    """Keep the report, the answers to criteria and to lessons by their keys; all under the version of the review.

    Raises StaleVersionError when somebody else wrote since `version`.
    """
    locked = GateReview.objects.select_for_update(of=("self",)).get(pk=review.pk)
    if locked.version != version:
        raise StaleVersionError
    if not locked.is_draft:
        raise ValidationError(_("Cette revue est devant l’instance ; elle ne se modifie plus."))
    for values in answers.values():
        if values.get("evidence") and not is_evidence(values["evidence"]):
            raise ValidationError(_("Une preuve est une adresse https:// ou la référence d’un document."))
    written = _write_rows(GateAnswer, locked, answers, ANSWER) + _write_rows(LessonAnswer, locked, lessons, LESSON)
    saved = write_changes(locked, changes=changes, allowed=REPORT, version=version, by=by, verb="gate_review.updated")
    if written and saved.version == version:
        GateReview.objects.filter(pk=saved.pk).update(version=F("version") + 1, updated_at=clock.now())
        saved.refresh_from_db()
        audit.record(
            by=by, verb="gate_review.updated", target=saved, data={"project": saved.project.code, "lines": written}
        )
    return saved


def _write_rows(
    model: Any, review: GateReview, values: Mapping[int, Mapping[str, str]], allowed: tuple[str, ...]
) -> int:
    """Write what differs; a key of another review is ignored."""
    written = 0
    for row in model.objects.select_for_update(of=("self",)).filter(review=review, pk__in=list(values)):
        differing = {
            name: value for name, value in values[row.pk].items() if name in allowed and getattr(row, name) != value
        }
        if differing:
            for name, value in differing.items():
                setattr(row, name, value)
            row.full_clean()
            row.save(update_fields=list(differing))
            written += 1
    return written


@transaction.atomic
def name_reviewer(*, review: GateReview, reviewer: Person | None, by: User) -> GateReview:
    """Who reads the review over besides the project office; never who leads the project."""
    project = review.project
    if reviewer is not None and reviewer.pk in (project.manager_id, project.deputy_id):
        raise ValidationError({"reviewer": _("Le chef de projet et son suppléant ne relisent pas leur propre revue.")})
    saved = write_changes(
        review,
        changes={"reviewer": reviewer},
        allowed=frozenset({"reviewer"}),
        version=review.version,
        by=by,
        verb="gate_review.reviewer_named",
    )
    tell_reviewer(saved)
    return saved


@transaction.atomic
def submit_review(*, review: GateReview, by: User) -> DecisionRequest:
    """Send a complete review to the lowest competent body; nothing of it changes afterwards."""
    if missing := missing_in(review):
        raise ValidationError(_("La revue n’est pas complète : %(gaps)s.") % {"gaps": " ; ".join(gap_words(missing))})
    return _send(review, "submit", by, bypass_reason="")


@transaction.atomic
def bypass_review(*, review: GateReview, by: User, reason: str) -> DecisionRequest:
    """Send it without a complete checklist, for a reason everybody reads; the body still decides (ADR 0018)."""
    if not reason.strip():
        raise ValidationError({"reason": _("Dites pourquoi la revue est dispensée de sa liste de contrôle.")})
    return _send(review, "bypass", by, bypass_reason=reason.strip())


def _send(review: GateReview, act: str, by: User, *, bypass_reason: str) -> DecisionRequest:
    today = clock.today()
    limit = awaits_investment(review, today)
    if limit is not None:
        raise ValidationError(
            _("Le projet coûte plus de %(limit)s : le Comité d’investissement décide avant la porte G1.")
            % {"limit": formats.euro(limit)}
        )
    figures = stage_figures(review.project, review.stage)
    move_review(
        review,
        act,
        by=by,
        figures=figures,
        submitted_on=today,
        submitted_by=by,
        bypass_reason=bypass_reason,
    )
    return open_request(project=review.project, by=by, values=_question(review, today))


def _question(review: GateReview, today: date) -> dict[str, Any]:
    with translation.override(own_language()):
        gate = str(GateChoice(review.gate).label)
        question = _("Passer la porte %(gate)s de %(project)s ?") % {"gate": gate, "project": review.project.name}
        options = _options(review)
    return {
        "gate_review": review,
        "kind": Subject.STAGE,
        "question": question[:220],
        "needed_on": max(review.planned_on, today),
        "amount": review.amount,
        "options": options,
        "recommendation": review.recommendation,
        "owner": review.project.manager,
    }


def _options(review: GateReview) -> list[dict[str, Any]]:
    """What the body may answer, with what each does; the first one is what the review asks for."""
    phase = Phase(review.project.life_cycle)
    target = LifeCycle(gates_ahead(phase)[Gate(review.gate)]).label
    options = [
        (_("Passer"), _("le projet entre en « %(phase)s »") % {"phase": target}),
        (_("Passer sous conditions"), _("le projet avance ; chaque condition a un responsable et une échéance")),
        (_("Refuser"), _("le projet reste où il est et représente la porte")),
    ]
    options += [
        (
            _("Renvoyer à %(gate)s") % {"gate": gate},
            _("le projet revient en « %(phase)s »") % {"phase": LifeCycle(back).label},
        )
        for gate, back in gates_behind(phase).items()
    ]
    return [
        {"label": str(label), "consequence": str(consequence), "recommended": position == 0}
        for position, (label, consequence) in enumerate(options[:5])
    ]


@transaction.atomic
def take_back(*, review: GateReview, by: User) -> GateReview:
    """Before it is on an agenda, a review comes back to be completed; its request is withdrawn."""
    request = review.requests.filter(state__in=(RequestState.OPEN, RequestState.DEFERRED)).first()
    if request is None:
        raise ValidationError(_("La revue est à l’ordre du jour d’une séance : demandez son report."))
    move_request(request=request, act="withdraw", by=by)
    review.refresh_from_db()
    return review


def follow_request(request: DecisionRequest, act: str, by: User | None) -> None:
    """A request that is withdrawn gives its review back to who prepares it."""
    review = request.gate_review
    if act == "withdraw" and review is not None and review.state == GateReviewState.SUBMITTED:
        move_review(review, "take_back", by=by, figures={}, submitted_on=None, submitted_by=None, bypass_reason="")


@transaction.atomic
def drop_review(*, review: GateReview, by: User) -> GateReview:
    """Give up a review in preparation; another one may then begin."""
    return move_review(review, "drop", by=by, closed_on=clock.today())


def move_review(review: GateReview, act: str, *, by: User | None, **values: Any) -> GateReview:
    """One row of the table of moves, by conditional UPDATE."""
    try:
        target = GATE_REVIEW.target(act, review.state)
    except IllegalMoveError as error:
        raise ValidationError(
            _("La revue %(number)s est « %(state)s » : cela ne se fait plus.")
            % {"number": review.number, "state": review.get_state_display()}
        ) from error
    moved = GateReview.objects.filter(pk=review.pk, state=review.state).update(
        state=GateReviewState(target), version=F("version") + 1, updated_at=clock.now(), **values
    )
    if moved != 1:
        raise ValidationError(_("La revue %(number)s a changé entre-temps.") % {"number": review.number})
    review.refresh_from_db()
    audit.record(
        by=by, verb=f"gate_review.{act}", target=review, data={"project": review.project.code, "gate": review.gate}
    )
    return review
