"""What the project manager writes about an exception: the report, then the plan where a body asks for one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import translation
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from config import clock
from config.web import formats
from config.web.languages import own_language
from governance.engines.exception import Lack, lacks
from governance.enums import ExceptionAnswer, ExceptionClosing, ExceptionState, Subject, ToleranceLevel
from governance.models import DecisionRequest, ProjectException
from governance.selectors.exception_answer import OWN_ANSWERS
from governance.services.decision_request import open_request
from governance.services.exception import close_exception, due_on, move_exception
from people.models import Person, User
from portfolio.enums import TargetChoice
from portfolio.services.standing import refresh_standing
from portfolio.services.versioned import write_changes

REPORT = frozenset({"cause", "consequences", "options", "business_case", "recommendation", "lessons", "amount"})
PLAN = frozenset({"plan_summary", "plan_end", "plan_year", "plan_nature", "plan_budget", "plan_tolerances"})
RECOMMENDATION_ASKED = 150
WRITABLE = (ExceptionState.RAISED, ExceptionState.REPORT_DRAFTED)


_LACKING = {
    Lack.CAUSE: ("cause", gettext_lazy("Dites la cause.")),
    Lack.CONSEQUENCES: ("consequences", gettext_lazy("Dites les conséquences.")),
    Lack.BUSINESS_CASE: ("business_case", gettext_lazy("Dites l’effet sur la justification du projet.")),
    Lack.RECOMMENDATION: ("recommendation", gettext_lazy("Dites ce que vous recommandez.")),
    Lack.OPTIONS: ("option2_label", gettext_lazy("Donnez au moins deux options.")),
    Lack.EFFECTS: ("option1_label", gettext_lazy("Chaque option dit son effet sur les sept cibles.")),
    Lack.RECOMMENDED: ("recommended", gettext_lazy("Marquez l’option que vous recommandez.")),
}


@transaction.atomic
def save_report(*, exception: ProjectException, by: User, changes: Mapping[str, Any], version: int) -> ProjectException:
    """Keep what is written; the first words put the report in preparation."""
    if exception.state not in WRITABLE:
        raise ValidationError(_("Ce rapport est remis ; il ne se modifie plus."))
    row = write_changes(
        exception, changes=changes, allowed=REPORT, version=version, by=by, verb="exception.report_saved"
    )
    if row.state == ExceptionState.RAISED:
        row = move_exception(exception=row, act="draft", by=by, author=_person(by))
    return row


@transaction.atomic
def submit_report(*, exception: ProjectException, by: User, version: int) -> DecisionRequest:
    """Hand in a complete report: the lowest competent body is asked, within the reaction time of its level."""
    lacking = lacks(
        cause=exception.cause,
        consequences=exception.consequences,
        business_case=exception.business_case,
        recommendation=exception.recommendation,
        options=exception.options,
    )
    if lacking:
        raise ValidationError({field: str(words) for field, words in map(_LACKING.__getitem__, lacking)})
    today = clock.today()
    due = due_on(exception.level, today)
    row = move_exception(
        exception=exception,
        act="submit",
        by=by,
        version=version,
        submitted_on=today,
        answer="",
        due_on=due,
        author=_person(by),
    )
    return _ask(row, by, due, _question(row), row.options)


@transaction.atomic
def save_plan(*, exception: ProjectException, by: User, changes: Mapping[str, Any], version: int) -> ProjectException:
    if not awaits_plan(exception):
        raise ValidationError(_("Aucun plan d’exception n’est demandé."))
    return write_changes(exception, changes=changes, allowed=PLAN, version=version, by=by, verb="exception.plan_saved")


@transaction.atomic
def submit_plan(*, exception: ProjectException, by: User, version: int) -> DecisionRequest:
    """The plan comes back as a request; approved, its proposals become effects of the decision."""
    if not awaits_plan(exception):
        raise ValidationError(_("Aucun plan d’exception n’est demandé."))
    if not exception.plan_summary.strip():
        raise ValidationError({"plan_summary": _("Décrivez le plan d’exception.")})
    if not (exception.plan_end or exception.plan_budget is not None or exception.plan_tolerances):
        raise ValidationError({"plan_end": _("Proposez une fin, un budget ou une tolérance.")})
    due = due_on(exception.level, clock.today())
    row = move_exception(exception=exception, act="submit_plan", by=by, version=version, due_on=due)
    with translation.override(own_language()):
        question = _("Plan d’exception de %(number)s : l’approuver ?") % {"number": row.number}
        options = [
            {"label": _("Approuver le plan"), "consequence": _plan_words(row)[:200], "recommended": True},
            {
                "label": _("Demander un complément"),
                "consequence": _("le plan revient au chef de projet"),
                "recommended": False,
            },
            {
                "label": _("Clore le projet avant terme"),
                "consequence": _("le coût engagé est perdu, les leçons sont gardées"),
                "recommended": False,
            },
        ]
    return _ask(row, by, due, question, options)


@transaction.atomic
def settle(*, exception: ProjectException, by: User, answer: str, reason: str, version: int) -> ProjectException:
    """The project manager's own answer on a work package."""
    if exception.level != ToleranceLevel.WORK_PACKAGE:
        raise ValidationError(_("Une instance en décide : remettez votre rapport."))
    if answer not in OWN_ANSWERS:
        raise ValidationError({"answer": _("Cette réponse n’appartient pas au chef de projet.")})
    if not reason.strip():
        raise ValidationError({"reason": _("Dites pourquoi.")})
    today = clock.today()
    row = move_exception(
        exception=exception,
        act="settle",
        by=by,
        version=version,
        answer=answer,
        reason=reason.strip(),
        decided_on=today,
        due_on=due_on(exception.level, today),
    )
    if answer == ExceptionAnswer.ACCEPT:
        return close_exception(row, ExceptionClosing.ACCEPTED, by)
    refresh_standing([row.project_id], now=clock.now())
    row.refresh_from_db()
    return row


def awaits_plan(exception: ProjectException) -> bool:
    return exception.state == ExceptionState.DECIDED and exception.answer == ExceptionAnswer.PLAN


def _ask(
    row: ProjectException, by: User, needed_on: date, question: str, options: list[dict[str, Any]]
) -> DecisionRequest:
    return open_request(
        project=row.project,
        by=by,
        values={
            "exception": row,
            "kind": Subject.EXCEPTION,
            "level": row.level,
            "question": question[:220],
            "needed_on": needed_on,
            "amount": row.amount,
            "options": [{name: option[name] for name in ("label", "consequence", "recommended")} for option in options],
            "recommendation": row.recommendation,
            "cost_of_waiting": row.consequences[:300],
            "owner": row.project.manager,
        },
    )


def _question(row: ProjectException) -> str:
    """What is recommended, as the question of the agenda and the pack, in the language of the organisation."""
    with translation.override(own_language()):
        targets = ", ".join(str(TargetChoice(target).label).lower() for target in row.breaches)
        said = {
            "recommendation": Truncator(row.recommendation.rstrip(" .")).chars(RECOMMENDATION_ASKED),
            "number": row.number,
            "targets": targets,
        }
        return _("%(recommendation)s ? (%(number)s : %(targets)s hors tolérance)") % said


def _plan_words(row: ProjectException) -> str:
    parts = []
    if row.plan_end:
        parts.append(_("fin de référence au %(day)s") % {"day": formats.date_short(row.plan_end)})
    if row.plan_budget is not None:
        parts.append(
            _("budget %(year)s de %(amount)s") % {"year": row.plan_year, "amount": formats.euro(row.plan_budget)}
        )
    if row.plan_tolerances:
        labels = ", ".join(str(TargetChoice(target).label) for target in row.plan_tolerances)
        parts.append(_("tolérances : %(targets)s") % {"targets": labels})
    return " · ".join(parts)


def _person(by: User) -> Person | None:
    return Person.objects.filter(user=by).first()
