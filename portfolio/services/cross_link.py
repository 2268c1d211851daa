"""Tie an activity or a milestone of one project to one of another, or untie them; the other manager is told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils.translation import gettext as _

from people.models.user import User
from people.services import audit
from portfolio.engines.cross_schedule import cross_schedule
from portfolio.engines.network import CycleError
from portfolio.models.cross_link import CrossLink
from portfolio.models.project import Project
from portfolio.selectors.cross_link import CrossNet, ends_of, labels_of, links_around
from portfolio.selectors.project import visible_projects
from portfolio.services import cross_link_notices


@dataclass(frozen=True, slots=True)
class End:
    """An end as forms write it: `a` and the UID of an activity, or `m` and the key of a milestone."""

    project: Project
    key: str


@transaction.atomic
def add_cross_link(
    *, giver: End, waiter: End, kind: str, lag_days: int, on_behalf_of: Project, by: User, now: datetime
) -> CrossLink:
    """`on_behalf_of` is the side of the one who acts; a link that closes a circle is refused with its path."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('cross_link'))")
    other = waiter.project if on_behalf_of == giver.project else giver.project
    _refuse_unknown(other, on_behalf_of)
    row = CrossLink(
        predecessor_project=giver.project,
        successor_project=waiter.project,
        kind=kind,
        lag_days=lag_days,
        created_by=by,
        created_at=now,
        **_end("predecessor", giver),
        **_end("successor", waiter),
    )
    row.full_clean()
    _refuse_circle(row, by)
    row.save(force_insert=True)
    _record(row, "cross_link.added", by)
    cross_link_notices.tell(row, cross_link_notices.ADDED, to=other, by=by)
    return row


@transaction.atomic
def remove_cross_link(*, link: CrossLink, on_behalf_of: Project, by: User) -> None:
    """Nothing where somebody has removed it meanwhile."""
    row = CrossLink.objects.select_for_update(of=("self",)).filter(pk=link.pk).first()
    if row is None:
        return
    _record(row, "cross_link.removed", by)
    other = row.successor_project if row.predecessor_project_id == on_behalf_of.pk else row.predecessor_project
    cross_link_notices.tell(row, cross_link_notices.REMOVED, to=other, by=by)
    row.delete()


def _end(side: str, end: End) -> dict[str, int]:
    """The columns of that end; only what the project has may be named."""
    if end.key not in dict(ends_of(end.project)):
        raise ValidationError(_("Cette activité ou ce jalon n’est plus dans %(code)s.") % {"code": end.project.code})
    name = "uid" if end.key.startswith("a") else "milestone_id"
    return {f"{side}_{name}": int(end.key[1:])}


def _refuse_unknown(other: Project, mine: Project) -> None:
    """The manager of the other project will read of this one: he must be allowed to know of it."""
    user = other.manager.user if other.manager else None
    if user is not None and not visible_projects(user).filter(pk=mine.pk).exists():
        raise ValidationError(
            _("Le chef de projet de %(other)s ne peut pas connaître %(code)s : un lien le lui apprendrait.")
            % {"other": other.code, "code": mine.code}
        )


def _refuse_circle(row: CrossLink, by: User) -> None:
    """Every link counts, also those of projects the person may not know of; only those he may know of are named."""
    links = [*CrossLink.objects.select_related("predecessor_project", "successor_project"), row]
    around = links_around(links, row.predecessor_project)
    net = CrossNet(around)
    try:
        cross_schedule(net.projects(), [net.tie(one) for one in around])
    except CycleError as error:
        codes = {end.partition("/")[0] for end in error.path}
        if visible_projects(by).filter(code__in=codes).count() < len(codes):
            raise ValidationError(_("Ce lien fermerait un cercle.")) from error
        told = _("Ce lien fermerait un cercle : %(path)s") % {"path": net.told(error.path)}
        raise ValidationError(told) from error


def _record(row: CrossLink, verb: str, by: User) -> None:
    giver, waiter = labels_of([row])[row.pk]
    data = {
        "project": row.predecessor_project.code,
        "other": row.successor_project.code,
        "ends": [giver, waiter],
        "kind": row.kind,
        "lag_days": row.lag_days,
    }
    audit.record(by=by, verb=verb, target=row, data=data)
