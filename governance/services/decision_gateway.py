"""Governance's side of the decision port: the lowest competent body, and the request already filled in."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from config import clock
from governance.enums import Subject
from governance.selectors.competence import decide
from people.models import User
from people.permissions.catalogue import Permission
from people.permissions.checks import has_permission
from portfolio.engines.authority import Matter
from portfolio.models import Project
from portfolio.services.decision_port import NAMES, DecisionNeeded, reserved

SUBJECTS: dict[Matter, Subject] = {
    Matter.BUDGET: Subject.BUDGET,
    Matter.BASELINE: Subject.CHANGE,
    Matter.TOLERANCE: Subject.EXCEPTION,
    Matter.RANK: Subject.PRIORITY,
    Matter.MANAGER: Subject.APPOINTMENT,
    Matter.PHASE: Subject.STAGE,
}


class CompetentBody:
    """Names the body of today; who may edit the project may ask it."""

    def needed(self, user: User, project: Project, matter: Matter) -> DecisionNeeded:
        answer = decide(kind=SUBJECTS[matter], amount=None, on=clock.today(), level=None, project=project)
        may_ask = has_permission(user, Permission.PROJECT_EDIT, project) and has_permission(
            user, Permission.DECISION_VIEW, project
        )
        address = f"{reverse('governance:request_new', args=[project.code])}?matter={matter}" if may_ask else ""
        return DecisionNeeded(reserved(matter), answer.body.name if answer.body else "", address)


def proposed_question(matter: Matter, project: Project) -> str:
    """The question a request begins with."""
    return _("Changer %(what)s de %(code)s") % {"what": NAMES[matter], "code": project.code}
