"""A written procedure: the members of a body answer by a last day; one objection, or silence, sends it to a session.

It is a session without a room: the same papers, recusals, votes, minutes and register. Domain reference F.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import translation
from django.utils.translation import gettext as _

from config.clock import BRUSSELS
from config.web import formats
from governance.engines.working_days import add_working_days
from governance.enums import (
    ItemKind,
    OutcomeKind,
    Presence,
    SittingMode,
    SittingState,
)
from governance.models import AgendaItem, Attendance, DecisionRequest, Outcome, Sitting
from governance.selectors.body import rules_on
from governance.selectors.voters import seats_of, voters_on
from governance.services.agenda import add_item, freeze_paper, recuse_the_conflicted
from governance.services.session import move
from governance.services.vote import open_poll, settle_written
from people.enums import Purpose
from people.models import User
from people.services import audit
from people.services.mail import queue_mail
from people.services.notify import Wording, absolute, letter_texts
from portfolio.enums import Confidentiality
from portfolio.models import Project
from portfolio.selectors.closing_day import closed_days

SEARCH_AHEAD = timedelta(days=60)


def last_day(request: DecisionRequest, today: date) -> date:
    """The last day of answers to a procedure opened today, by the rules of the body."""
    rules = rules_on(request.body, today)
    return add_working_days(today, rules.written_days, closed_days(today, today + SEARCH_AHEAD))


@transaction.atomic
def open_written(*, request: DecisionRequest, by: User, text: str, rationale: str, now: datetime) -> Sitting:
    """Put the proposed decision to every voting member in writing; papers frozen and conflicts computed as ever."""
    until = last_day(request, now.astimezone(BRUSSELS).date())
    sitting = Sitting(body=request.body, starts_at=now, mode=SittingMode.WRITTEN)
    sitting.full_clean()
    sitting.save(force_insert=True)
    item = add_item(sitting=sitting, by=by, kind=ItemKind.DECISION, request=request)
    item = AgendaItem.objects.select_related("sitting__body", "request__project").get(pk=item.pk)
    move(sitting, "publish", by=by, published_at=now, written_until=until, revision=F("revision") + 1)
    freeze_paper(item=item, now=now)
    recuse_the_conflicted(item=item, now=now)
    move(sitting, "open", by=by, opened_at=now)
    voting = [seat for seat in seats_of(sitting) if seat.votes]
    Attendance.objects.bulk_create(
        Attendance(sitting=sitting, person=seat.person, presence=Presence.PRESENT) for seat in voting
    )
    item.sitting = sitting
    if sum(1 for voter in voters_on(item) if not voter.recused) < rules_on(request.body, until).voters_min:
        raise ValidationError(_("Trop peu de membres peuvent répondre : la demande va en séance."))
    open_poll(item=item, by=by, now=now)
    outcome = Outcome(item=item, kind=OutcomeKind.DECISION, text=text, rationale=rationale)
    outcome.full_clean()
    outcome.save(force_insert=True)
    audit.record(
        by=by,
        verb="session.written_opened",
        target=sitting,
        data={"request": request.number, "until": until.isoformat()},
    )
    _ask(item, text)
    return sitting


def _ask(item: AgendaItem, text: str) -> None:
    """One mail per member who may answer, whatever he chose for other notices: the clock runs for him."""
    sitting = item.sitting
    asked = {voter.key for voter in voters_on(item) if not voter.recused}
    for seat in seats_of(sitting):
        user = seat.person.user
        if user is None or seat.person_id not in asked:
            continue
        with translation.override(user.language):
            title = _("%(body)s : votre réponse par écrit avant le %(day)s") % {
                "body": sitting.body.name,
                "day": formats.date_short(sitting.written_until),
            }
            link = absolute(sitting.get_absolute_url())
            words = Wording(title, _words(item, text))
            body, html = letter_texts("notification", {"words": words, "link": link, "user": user}, user.language)
        queue_mail(
            key=f"written:{sitting.pk}:{user.pk}",
            purpose=Purpose.DECISION,
            to=user,
            subject=title,
            text=body,
            html=html,
        )


def _words(item: AgendaItem, text: str) -> str:
    """What a mail may say: nothing of a project whose readers are restricted."""
    project: Project | None = item.request.project if item.request else None
    if project is not None and project.confidentiality == Confidentiality.RESTRICTED:
        return _("Une proposition attend votre réponse.")
    return _("Proposition : %(text)s") % {"text": text}


def settle_due(now: datetime) -> int:
    """Close the procedures whose last day is over; how many."""
    today = now.astimezone(BRUSSELS).date()
    rows = Sitting.objects.filter(
        mode=SittingMode.WRITTEN, state=SittingState.IN_PROGRESS, written_until__lt=today
    ).select_related("body")
    return sum(settle_written(sitting=row, by=None, now=now) for row in rows)


def any_due(today: date) -> bool:
    return Sitting.objects.filter(
        mode=SittingMode.WRITTEN, state=SittingState.IN_PROGRESS, written_until__lt=today
    ).exists()
