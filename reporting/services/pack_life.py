"""From a printed pack to a published one: approved by the director, by nobody who built it, published once.

Each step is one conditional UPDATE from the state before it: of two who press at once, one acts and the
other reads the result.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from config import clock
from people.enums import Role
from people.models import Absence, User
from people.permissions.catalogue import Permission
from people.permissions.checks import has_permission
from people.permissions.roles import GRANTS
from people.services import audit, jobs
from portfolio.models import ReportingCycle
from reporting.engines import pack_life
from reporting.enums import PackState
from reporting.models import Pack
from reporting.selectors.edition import distribution_key
from reporting.services import pack_notices

DISTRIBUTE = "distribute_pack"


class PackStepError(Exception):
    """The step is refused; the message says why."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@transaction.atomic
def approve(*, pack: Pack, by: User, now: datetime) -> Pack:
    """Say that this edition may be published: the director, or the deputy of an absent one, once.

    Raises PackStepError for who may not, for who built it (or stands in for who built it), and for a pack that is
    not printed or that somebody has approved already.
    """
    if not has_permission(by, Permission.PACK_APPROVE, pack):
        message = _("Seul le directeur, ou son suppléant pendant une absence, approuve un pack.")
        raise PackStepError("not_yours", message)
    director = _stood_in_for(by, now)
    current = Pack.objects.select_related("cycle").get(pk=pack.pk)
    if current.built_by_id is not None and current.built_by_id in (by.pk, director.pk if director else None):
        message = _("Qui a construit le pack ne l’approuve pas : une autre personne doit le faire.")
        raise PackStepError("built_by_you", message)
    _move(current, "approve", approved_by=by, approved_for=director, approved_at=now)
    audit.record(
        by=by,
        verb="pack.approved",
        target=current,
        data={"edition": current.edition, "for": director.pk if director else None},
    )
    pack_notices.tell_approved(current)
    return current


@transaction.atomic
def publish(*, pack: Pack, by: User | None, now: datetime) -> Pack:
    """Open an approved pack to its readers and queue its distribution; `by` None when the calendar does it."""
    if by is not None and not has_permission(by, Permission.PACK_PUBLISH, pack):
        raise PackStepError("not_yours", _("Vos rôles ne permettent pas de publier un pack."))
    current = Pack.objects.select_related("cycle").get(pk=pack.pk)
    _move(current, "publish", published_at=now)
    if current.edition == 1:
        ReportingCycle.objects.filter(pk=current.cycle_id, published_at__isnull=True).update(published_at=now)
    audit.record(by=by, verb="pack.published", target=current, data={"edition": current.edition})
    jobs.enqueue(kind=DISTRIBUTE, key=distribution_key(current), payload={"pack": current.pk}, by=by)
    return current


def publish_due(now: datetime) -> list[Pack]:
    """Publish every approved pack whose planned time has passed; say once that one still waits for approval."""
    published = []
    for pack in _approved_and_due(now):
        try:
            published.append(publish(pack=pack, by=None, now=now))
        except PackStepError:
            continue
    late = _unapproved_and_due(now)
    if late is not None:
        pack_notices.tell_not_approved(late)
    return published


def is_publication_due(now: datetime) -> bool:
    """Whether `publish_due` would do anything that has not been done."""
    if _approved_and_due(now):
        return True
    late = _unapproved_and_due(now)
    return late is not None and not pack_notices.was_told_not_approved(late)


def _approved_and_due(now: datetime) -> list[Pack]:
    waiting = Pack.objects.filter(state=PackState.APPROVED, cycle__publish_at__lte=now)
    return list(waiting.select_related("cycle").order_by("cycle__publish_at", "edition"))


def _unapproved_and_due(now: datetime) -> ReportingCycle | None:
    """The latest week whose time of publication has passed while its first edition waited for approval."""
    cycle = ReportingCycle.objects.filter(publish_at__lte=now).order_by("-publish_at").first()
    if cycle is None or cycle.published_at is not None:
        return None
    approved = Q(state=PackState.APPROVED) | Q(state__in=pack_life.READABLE)
    return None if Pack.objects.filter(approved, cycle=cycle, edition=1).exists() else cycle


def _move(pack: Pack, verb: str, **values: object) -> None:
    """Make the step if the pack still stands where the step begins; PackStepError says where it stands otherwise."""
    step = pack_life.step(verb)
    moved = Pack.objects.filter(pk=pack.pk, state=step.source).update(
        state=step.target, version=F("version") + 1, updated_at=clock.now(), **values
    )
    pack.refresh_from_db()
    if not moved:
        done = pack_life.has_passed(pack.state, step.target)
        raise PackStepError("done_already" if done else "not_yet", _refusal(pack, done=done))


def _refusal(pack: Pack, *, done: bool) -> str:
    if done:
        return _("C’est déjà fait : le pack est à l’état « %(state)s ».") % {"state": pack.get_state_display()}
    return _("Trop tôt : le pack est à l’état « %(state)s ».") % {"state": pack.get_state_display()}


def _stood_in_for(user: User, now: datetime) -> User | None:
    """The absent director for whom the user acts; None when his own roles let him."""
    if any(Permission.PACK_APPROVE in GRANTS[role] for role in user.role_set):
        return None
    today = now.astimezone(clock.BRUSSELS).date()
    absences = Absence.objects.in_force_on(today).filter(deputy__user=user).select_related("person__user")
    directors = (one.person.user for one in absences if one.person.user is not None)
    return next((one for one in directors if one.is_active and Role.DIRECTOR in one.role_set), None)
