"""What may be answered to an issue, and by whom."""

from __future__ import annotations

from governance.engines.change import Rank
from governance.enums import ChangeAnswer, ChangeKind, ChangeState
from governance.models import Change, DecisionRequest
from governance.selectors.change_room import RouteView
from people.models import User
from portfolio.permissions import leads_project, stands_in_on_project

BELOW_BODIES = (ChangeAnswer.ACCEPT, ChangeAnswer.REJECT, ChangeAnswer.MORE_INFO)


def answers_below(change: Change) -> list[ChangeAnswer]:
    """What the manager or the change authority may answer; a concession is for an off-specification."""
    concedes = change.kind == ChangeKind.OFF_SPECIFICATION
    return [*BELOW_BODIES, ChangeAnswer.CONCESSION] if concedes else list(BELOW_BODIES)


def answers_on(request: DecisionRequest) -> list[tuple[str, str]]:
    """What a body may answer to the issue a request stands for."""
    concedes = request.change is not None and request.change.kind == ChangeKind.OFF_SPECIFICATION
    answers = [one for one in ChangeAnswer if concedes or one != ChangeAnswer.CONCESSION]
    return [(one.value, str(one.label)) for one in answers]


def may_answer(user: User, change: Change, view: RouteView) -> bool:
    """Whether this person is the one to answer this issue now."""
    if change.state != ChangeState.RECOMMENDED:
        return False
    if view.route.rank is Rank.MANAGER:
        return leads_project(user, change) or stands_in_on_project(user, change)
    return view.person is not None and view.person.user_id == user.pk
