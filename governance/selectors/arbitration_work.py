"""What arbitrations wait for from one person: the office's judgement and follow-up, or an analysis that is his."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext as _

from config.clock import BRUSSELS
from config.web import formats
from governance.engines.arbitration import Holder
from governance.enums import ArbitrationState
from governance.selectors.arbitration import OVER, Position, positions, visible_arbitrations
from people.models import User
from people.permissions.catalogue import Permission
from people.permissions.checks import has_permission
from portfolio.services.work_port import WorkBlock, WorkLine

_ANALYSED = (ArbitrationState.ADMISSIBLE, ArbitrationState.ANALYSIS)


def work_of_arbitrations(user: User, now: datetime) -> list[WorkBlock]:
    """One block, the nearest clock first; at most three statements."""
    mine = Q(analyst__user=user, state__in=_ANALYSED)
    if has_permission(user, Permission.ARBITRATION_JUDGE):
        mine |= ~Q(state__in=(*OVER, *_ANALYSED))
    rows = list(visible_arbitrations(user).filter(mine))
    found = positions(rows, now.astimezone(BRUSSELS).date()) if rows else []
    waiting = (one for one in found if one.holder in (Holder.PSO, Holder.ANALYST))
    return [WorkBlock(_("Arbitrages"), tuple(_line(one) for one in waiting))]


def _line(one: Position) -> WorkLine:
    return WorkLine(
        text=one.row.question,
        address=one.row.get_absolute_url(),
        code=one.row.number,
        end=formats.date_short(one.due) if one.due is not None else "",
        overdue=one.late,
    )
