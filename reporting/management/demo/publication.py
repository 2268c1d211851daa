"""The past weeks are published, the last one sent; one week has an erratum and the last one a correction to decide."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from people.enums import MailState, Purpose
from people.models import Job, Mail, Notification, User
from people.services.mail import queue_mail
from portfolio.models import Project, ReportingCycle
from reporting.enums import DeliveryChannel, PackState
from reporting.management.demo.replay import Replay
from reporting.models import Correction, Pack, PackRecipient
from reporting.selectors.pack_recipients import intended_recipients, token_hash
from reporting.services import errata, pack_life

TOLD = 3
_REFUSED = 3
_ACCEPTED = "250 2.0.0 Ok: queued"
_UNKNOWN_USER = "550 5.1.1 <%s>: Recipient address rejected: User unknown in local recipient table"


@transaction.atomic
def publish_past_weeks(replay: Replay) -> None:
    """Approved by the director two hours after each freeze, published at the planned time; nothing is left to send."""
    director, pso = replay.cast.users["director"], replay.cast.users["pso1"]
    packs = list(
        Pack.objects.filter(state=PackState.FROZEN, cycle__publish_at__lte=replay.now)
        .select_related("cycle", "snapshot")
        .order_by("-cycle__iso_year", "-cycle__iso_week")
    )
    for pack in packs[TOLD:]:
        _note_published(pack, director)
    for pack in reversed(packs[:TOLD]):
        _publish(pack, director)
    if packs:
        _deliver(packs[0])
        _report(replay, packs[0].cycle, "Le lot 2 a été livré le vendredi, après la remise du statut.", rank=1)
    if len(packs) > 1:
        cycle = packs[1].cycle
        row = _report(replay, cycle, "Le montant engagé comprend la commande du 12, oubliée dans le statut.", rank=0)
        errata.decide_correction(correction=row, accept=True, by=pso, version=row.version)
        at = cycle.publish_at + timedelta(hours=18)
        _publish(errata.prepare_erratum(cycle=cycle, by=pso, now=at), director, at=at + timedelta(hours=1))
    Job.objects.filter(kind=pack_life.DISTRIBUTE).delete()


def _publish(pack: Pack, director: User, at: datetime | None = None) -> None:
    published_at = at or pack.cycle.publish_at
    approved_at = published_at - timedelta(minutes=30) if at else min(_two_hours_later(pack.cycle), published_at)
    Pack.objects.filter(pk=pack.pk).update(state=PackState.RENDERED)
    pack_life.approve(pack=pack, by=director, now=approved_at)
    pack_life.publish(pack=pack, by=director, now=published_at)
    Pack.objects.filter(pk=pack.pk).update(
        state=PackState.DISTRIBUTED, distributed_at=published_at + timedelta(minutes=2)
    )
    Notification.objects.filter(key__endswith=f":{pack.pk}", kind__startswith="pack_").update(
        created_at=approved_at, read_at=approved_at + timedelta(hours=1)
    )


def _note_published(pack: Pack, director: User) -> None:
    at = pack.cycle.publish_at
    Pack.objects.filter(pk=pack.pk).update(
        state=PackState.DISTRIBUTED,
        approved_by=director,
        approved_at=min(_two_hours_later(pack.cycle), at),
        published_at=at,
        distributed_at=at + timedelta(minutes=2),
    )
    ReportingCycle.objects.filter(pk=pack.cycle_id).update(published_at=at)


def _two_hours_later(cycle: ReportingCycle) -> datetime:
    return (cycle.frozen_at or cycle.freeze_at) + timedelta(hours=2)


def _deliver(pack: Pack) -> None:
    """The mails of the last week, all accepted by the server but one."""
    at = pack.cycle.publish_at + timedelta(minutes=1)
    for number, user in enumerate(intended_recipients().reached):
        subject = f"Pack CODIR, semaine {pack.cycle.iso_week} de {pack.cycle.iso_year}"
        letter = queue_mail(
            key=f"pack:{pack.pk}:{user.pk}", purpose=Purpose.PACK, to=user, subject=subject, text=subject
        )
        refused = number == _REFUSED
        Mail.objects.filter(pk=letter.pk).update(
            state=MailState.REFUSED if refused else MailState.SENT,
            reply=_UNKNOWN_USER % user.email if refused else _ACCEPTED,
            created_at=at,
            handed_at=at,
            attempts=1,
            sent_at=None if refused else at,
        )
        PackRecipient.objects.create(
            pack=pack,
            user=user,
            language=user.language,
            channel=DeliveryChannel.LINK,
            token_hash=token_hash(secrets.token_urlsafe(32)),
            created_at=at,
            expires_at=at + timedelta(days=settings.PACK_LINK_DAYS),
            mail=letter,
        )


def _report(replay: Replay, cycle: ReportingCycle, text: str, *, rank: int) -> Correction:
    plans = [plan for plan in replay.plans if plan.project.is_top and plan.project.owes_status] or replay.plans
    project = Project.objects.select_related("manager__user").get(pk=plans[min(rank, len(plans) - 1)].project.pk)
    author = project.manager.user if project.manager and project.manager.user else replay.cast.users["pso1"]
    return errata.propose_correction(project=project, cycle=cycle, by=author, text=text)
