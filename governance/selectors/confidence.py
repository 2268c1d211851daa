"""Confidence in delivery: the last one given, the meanings of its levels, who may give one, what is still to do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.http import Http404
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from governance.engines.confidence import SCALES, Level, disagrees, on_scale
from governance.enums import ConfidenceLevel, FollowUpState
from governance.models import Confidence, ConfidenceAction
from governance.selectors.gate_review import rules_on
from people.models import User
from people.permissions.catalogue import Permission
from people.permissions.checks import has_permission
from portfolio.models import Project
from portfolio.permissions import leads_project, stands_in_on_project
from portfolio.selectors.project import visible_projects

MEANINGS: Mapping[str, Promise] = {
    Level.GREEN: _("Livrer à temps, au coût et à la qualité prévus est très probable ; rien d’important ne menace."),
    Level.AMBER_GREEN: _("Livrer est probable, à condition d’une attention constante pour que rien ne s’aggrave."),
    Level.AMBER: _("Livrer est possible ; des difficultés sérieuses sont à résoudre maintenant, et peuvent l’être."),
    Level.AMBER_RED: _("Livrer est douteux : des risques majeurs touchent l’essentiel, il faut agir d’urgence."),
    Level.RED: _("Livrer paraît hors d’atteinte : revoir le périmètre, ou se demander s’il faut continuer."),
}


@dataclass(frozen=True, slots=True)
class Meaning:
    level: str
    label: str
    words: str
    state: str


@dataclass(frozen=True, slots=True)
class Standpoint:
    """The last confidence given, as the scale of the day shows it, beside the colour declared."""

    row: Confidence
    level: str
    label: str
    meaning: str
    state: str
    graver: bool
    open_actions: tuple[ConfidenceAction, ...]


def meanings_on(day: date) -> list[Meaning]:
    """The levels of the scale in force with what each means."""
    return [_meaning(level) for level in SCALES[rules_on(day).scale]]


def _meaning(level: Level) -> Meaning:
    return Meaning(level.value, str(ConfidenceLevel(level).label), str(MEANINGS[level]), _state(level))


def _state(level: Level) -> str:
    """The glyph of a level: that of its reduction to three."""
    return on_scale(level, 3).value


def may_give(user: User, project: Project, review: object = None) -> bool:
    """The project office, or who reads the review over; never who leads the project or stands in for him."""
    if leads_project(user, project) or stands_in_on_project(user, project):
        return False
    return has_permission(user, Permission.CONFIDENCE_GIVE, project if review is None else review)


def confidences_of(project: Project) -> list[Confidence]:
    """Newest first."""
    rows = Confidence.objects.filter(project=project).select_related("given_by__person", "review")
    return list(rows.prefetch_related("actions__owner", "actions__follow_up__decision"))


def latest(projects: Iterable[int]) -> dict[int, Confidence]:
    """The last confidence of each project, in one statement."""
    rows = (
        Confidence.objects.filter(project__in=list(projects))
        .order_by("project_id", "-given_on", "-pk")
        .distinct("project_id")
        .select_related("given_by__person")
        .prefetch_related("actions__owner", "actions__follow_up")
    )
    return {row.project_id: row for row in rows}


def standpoint(project: Project, declared: str, day: date) -> Standpoint | None:
    row = latest([project.pk]).get(project.pk)
    return None if row is None else standpoint_of(row, declared, rules_on(day).scale)


def standpoint_of(row: Confidence, declared: str, scale: int) -> Standpoint:
    level = on_scale(Level(row.level), scale)
    return Standpoint(
        row=row,
        level=level.value,
        label=str(ConfidenceLevel(level).label),
        meaning=str(MEANINGS[level]),
        state=_state(level),
        graver=disagrees(level, declared),
        open_actions=tuple(action for action in row.actions.all() if not is_done(action)),
    )


def is_done(action: ConfidenceAction) -> bool:
    """Done by its own evidence, or by that of the follow-up it became."""
    if action.follow_up is not None:
        return action.follow_up.state in (FollowUpState.MET, FollowUpState.WAIVED)
    return action.done_on is not None


def get_action(user: User, key: int) -> ConfidenceAction:
    """The action of a project the user may know of, or 404."""
    row = (
        ConfidenceAction.objects.select_related("confidence__project__manager", "owner", "follow_up__decision")
        .filter(pk=key, confidence__project__in=visible_projects(user).values("pk"))
        .first()
    )
    if row is None:
        raise Http404
    return row


def confidences_seen(user: User) -> QuerySet[Confidence]:
    """Those of the projects the user may know of, newest first."""
    rows = Confidence.objects.filter(project__in=visible_projects(user).values("pk"))
    return rows.select_related("project", "review").order_by("-given_on", "-pk")
