"""What the bodies wait for from one person: votes, minutes to approve, papers, things to do, sessions to prepare."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from config.clock import BRUSSELS
from config.web import formats
from governance.engines.voting import represented
from governance.enums import FollowUpState, ItemKind, Polling, SeatRole, SittingState
from governance.models import AgendaItem, FollowUp, Seat, Sitting
from governance.selectors.change_work import issues_to_handle
from governance.selectors.decision import own_follow_ups
from governance.selectors.exception import exceptions_to_report
from governance.selectors.sitting import visible_sittings
from governance.selectors.voters import day_of, rules_of, voters_on
from people.models import User
from portfolio.services.work_port import WorkBlock, WorkLine

READ_AHEAD = timedelta(days=14)
PREPARE_AHEAD = timedelta(days=10)
_LEADS = (SeatRole.CHAIR, SeatRole.DEPUTY)


def work_of_bodies(user: User, now: datetime) -> list[WorkBlock]:
    """The blocks of a person who sits or answers for a follow-up; six statements for who does neither."""
    today = now.astimezone(BRUSSELS).date()
    seats = {seat.body_id: seat for seat in _seats_on(user, today)}
    blocks = [
        WorkBlock(_("Exceptions à traiter"), tuple(_exceptions(user, today))),
        WorkBlock(_("Incidences à traiter"), tuple(issues_to_handle(user, today))),
        WorkBlock(_("Conditions et actions à faire"), tuple(_to_do(row, today) for row in own_follow_ups(user))),
    ]
    if not seats:
        return blocks
    kept = [body for body, seat in seats.items() if seat.role == SeatRole.SECRETARY]
    led = [body for body, seat in seats.items() if seat.role in _LEADS]
    sittings = visible_sittings(user).filter(body__in=seats)
    return [
        WorkBlock(_("Votes attendus"), tuple(_votes(user, seats, sittings))),
        WorkBlock(_("Procès-verbaux à approuver"), tuple(_sessions(_of(sittings, led, SittingState.MINUTES_DRAFT)))),
        *blocks,
        WorkBlock(_("Preuves à juger"), tuple(_to_do(row, today) for row in _to_judge(user, kept))),
        WorkBlock(_("Pièces à lire"), tuple(_papers(sittings, kept, now))),
        WorkBlock(_("Séances à préparer"), tuple(_to_prepare(sittings, kept, now))),
    ]


def _exceptions(user: User, today: date) -> Iterable[WorkLine]:
    """Exceptions of one's own projects that wait for their report or their plan."""
    for row in exceptions_to_report(user):
        yield WorkLine(
            text=_("rapport ou plan d’exception à remettre"),
            address=row.get_absolute_url(),
            code=row.number,
            end=formats.date_short(row.due_on) if row.due_on else "",
            overdue=row.due_on is not None and row.due_on < today,
            is_ours=True,
        )


def _seats_on(user: User, today: date) -> QuerySet[Seat]:
    not_over = Q(valid_to__isnull=True) | Q(valid_to__gte=today)
    return Seat.objects.filter(not_over, person__user=user, valid_from__lte=today)


def _votes(user: User, seats: dict[int, Seat], sittings: QuerySet[Sitting]) -> Iterable[WorkLine]:
    """Open votes on which the person has a voice and has not used it."""
    items = AgendaItem.objects.filter(
        sitting__in=sittings.filter(state=SittingState.IN_PROGRESS).values("pk"), polling=Polling.OPEN
    ).exclude(recusals__person__user=user)
    for item in items.select_related("sitting__body").order_by("sitting__starts_at", "position"):
        me = seats[item.sitting.body_id].person_id
        voters = {voter.key: voter for voter in voters_on(item)}
        held = represented(list(voters.values()), rules_of(item.sitting))
        entitled = me in voters and (voters[me].present or me in held)
        if not entitled or item.votes.filter(person=me).exists():
            continue
        until = item.sitting.written_until
        yield WorkLine(
            text=item.title,
            address=f"{item.sitting.get_absolute_url()}?item={item.pk}",
            code=item.sitting.body.code,
            end=_("avant le %(day)s") % {"day": formats.date_short(until)} if until else _("en séance"),
        )


def _of(sittings: QuerySet[Sitting], bodies: list[int], state: SittingState) -> QuerySet[Sitting]:
    return sittings.filter(body__in=bodies, state=state).order_by("starts_at")


def _sessions(rows: Iterable[Sitting]) -> Iterable[WorkLine]:
    for row in rows:
        yield WorkLine(
            text=row.body.name, address=row.get_absolute_url(), code=row.body.code, end=formats.date_short(day_of(row))
        )


def _papers(sittings: QuerySet[Sitting], kept: list[int], now: datetime) -> Iterable[WorkLine]:
    rows = sittings.filter(state=SittingState.PUBLISHED, starts_at__range=(now, now + READ_AHEAD))
    for row in rows.exclude(body__in=kept).prefetch_related("items").order_by("starts_at"):
        count = sum(1 for item in row.items.all() if item.kind == ItemKind.DECISION)
        words = ngettext("%(count)d point à décider", "%(count)d points à décider", count) % {"count": count}
        yield WorkLine(
            text=row.body.name,
            address=row.get_absolute_url(),
            code=row.body.code,
            end=f"{words} · {formats.datetime_short(row.starts_at)}",
        )


def _to_prepare(sittings: QuerySet[Sitting], kept: list[int], now: datetime) -> Iterable[WorkLine]:
    rows = sittings.filter(body__in=kept, state=SittingState.DRAFT, starts_at__range=(now, now + PREPARE_AHEAD))
    for row in rows.prefetch_related("items").order_by("starts_at"):
        count = len(row.items.all())
        words = ngettext("%(count)d point", "%(count)d points", count) % {"count": count}
        yield WorkLine(
            text=row.body.name,
            address=row.get_absolute_url(),
            code=row.body.code,
            end=f"{words if count else _('ordre du jour vide')} · {formats.datetime_short(row.starts_at)}",
        )


def _to_judge(user: User, kept: list[int]) -> QuerySet[FollowUp]:
    rows = FollowUp.objects.filter(decision__body__in=kept, state=FollowUpState.SUBMITTED).exclude(owner__user=user)
    return rows.select_related("decision").order_by("due", "pk")


def _to_do(row: FollowUp, today: date) -> WorkLine:
    return WorkLine(
        text=row.text,
        address=reverse("governance:follow_up", args=[row.pk]),
        code=row.decision.number,
        end=formats.date_short(row.due),
        overdue=row.due < today,
    )
