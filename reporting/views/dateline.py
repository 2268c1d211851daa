"""What the line under the masthead says to this reader."""

from __future__ import annotations

from datetime import datetime

from django.core.cache import cache
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from config import clock
from config.web import formats
from config.web.dateline import Dateline
from people.enums import Role
from people.models import User
from people.permissions.catalogue import Permission
from people.permissions.checks import has_permission
from reporting.enums import PackState
from reporting.selectors.week import WeekFigures, week_figures
from reporting.views.version import portfolio_version

KEPT_SECONDS = 600


def line(request: HttpRequest) -> Dateline:
    """Week, data cut, statuses received, pack; kept until the portfolio changes."""
    user = request.user
    if not isinstance(user, User) or not has_permission(user, Permission.PORTFOLIO_VIEW):
        return Dateline(today=clock.today())
    now = clock.now()
    key = f"dateline:{portfolio_version(request)}:{user.pk}:{get_language()}:{now:%Y%m%d%H%M}"
    kept: Dateline | None = cache.get(key)
    if kept is None:
        kept = _line(user, week_figures(user, now, clock.today()), now)
        cache.set(key, kept, KEPT_SECONDS)
    return kept


def _line(user: User, week: WeekFigures | None, now: datetime) -> Dateline:
    view_as = " · ".join(str(Role(role).label) for role in sorted(user.role_set))
    if week is None:
        return Dateline(today=clock.today(), frozen_label=_("Aucune semaine n’est encore gelée"), view_as=view_as)
    late_label, late_url = "", ""
    if week.missing and has_permission(user, Permission.CHASE_VIEW):
        late_url = reverse("reporting:late")
        late_label = _late(week)
    return Dateline(
        today=clock.today(),
        cutoff=week.cycle.cut_at,
        is_cut=week.cycle.cut_at <= now,
        frozen_label=_frozen(week) if week.frozen else "",
        received=week.received,
        expected=week.expected,
        late_label=late_label,
        late_url=late_url,
        pack_label=_pack(week),
        pack_url=_pack_url(user, week),
        view_as=view_as,
    )


def _late(week: WeekFigures) -> str:
    missing = ngettext("%(count)d manquant", "%(count)d manquants", week.missing) % {"count": week.missing}
    if not week.stale:
        return missing
    stale = ngettext("dont %(count)d périmé", "dont %(count)d périmés", week.stale) % {"count": week.stale}
    return f"{missing}, {stale}"


def _frozen(week: WeekFigures) -> str:
    return _("Données gelées de la semaine %(week)s") % {"week": week.cycle.iso_week}


def _pack(week: WeekFigures) -> str:
    if week.pack_state == PackState.DRAFT:
        return _("Pack CODIR %(week)s brouillon, gel %(at)s") % {
            "week": formats.week(week.cycle.slug),
            "at": formats.datetime_short(week.cycle.freeze_at),
        }
    return _("Pack CODIR %(week)s gelé") % {"week": formats.week(week.cycle.slug)}


def _pack_url(user: User, week: WeekFigures) -> str:
    readable = has_permission(user, Permission.PACK_PREVIEW) or (
        week.pack_state != PackState.DRAFT and has_permission(user, Permission.PACK_READ)
    )
    return reverse("reporting:pack", args=[week.cycle.slug]) if readable else ""
