"""A project board seen with PRINCE2's eyes: whose projects it directs, and which roles it lacks or mixes up."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from governance.engines.responsibility import BoardFault, BoardSeat, board_faults
from governance.engines.responsibility import BoardRole as Role
from governance.enums import BodyKind
from governance.models import Body, Seat
from portfolio.models import Project

FAULTS = {
    BoardFault.NO_EXECUTIVE: _("Aucun siège ne tient le rôle d’exécutif."),
    BoardFault.SEVERAL_EXECUTIVES: _("Plusieurs sièges tiennent le rôle d’exécutif ; il en faut un seul."),
    BoardFault.NO_SENIOR_USER: _("Aucun utilisateur principal ne siège."),
    BoardFault.NO_SENIOR_SUPPLIER: _("Aucun fournisseur principal ne siège."),
    BoardFault.EXECUTIVE_IS_MANAGER: _("L’exécutif est chef d’un projet que ce comité dirige."),
    BoardFault.MANAGER_IN_ASSURANCE: _("Un chef de projet dirigé ici siège à l’assurance projet."),
}


def managers_directed(body: Body) -> frozenset[int]:
    """The project managers of the projects in the reach of a body that has one."""
    if body.programme_id is None and body.project_id is None:
        return frozenset()
    reach = Q(pk=body.project_id) if body.project_id else Q(programme=body.programme_id)
    managers = Project.objects.active().filter(reach, manager__isnull=False).values_list("manager", flat=True)
    return frozenset(pk for pk in managers if pk is not None)


def board_findings(body: Body, seats: Iterable[Seat]) -> list[str]:
    """What is wrong with the roles of a project board; nothing to say of another body."""
    if body.kind != BodyKind.PROJECT_BOARD:
        return []
    held = [BoardSeat(seat.person_id, Role(seat.board_role)) for seat in seats]
    return [str(FAULTS[fault]) for fault in board_faults(held, managers_directed(body))]
