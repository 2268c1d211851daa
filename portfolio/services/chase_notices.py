"""What people are told about statuses that are expected or missing: the words of each notice, and its page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from config.web import formats
from people.enums import Purpose
from people.models import User
from people.services import notify
from people.services.notify import Kind, Wording
from portfolio.engines.chasing import Step
from portfolio.models import Project, ReportingCycle

MANUAL = "manual"
_LISTED = 20


def register() -> None:
    for kind, purpose, word in (
        (Step.FIRST, Purpose.STATUS_DUE, _word_before),
        (Step.SECOND, Purpose.STATUS_DUE, _word_before),
        (Step.OVERDUE, Purpose.STATUS_DUE, _word_overdue),
        (Step.PROGRAMME, Purpose.ESCALATION, _word_programme),
        (Step.CENTRE, Purpose.ESCALATION, _word_centre),
        (MANUAL, Purpose.STATUS_DUE, _word_manual),
    ):
        notify.register_kind(Kind(kind_of(kind), purpose, word))
    notify.register_kind(Kind(kind_of(Step.OPENING), Purpose.STATUS_DUE, _word_opening, mailed=False))


def kind_of(step: str) -> str:
    return f"status_{step}"


def key_of(cycle: ReportingCycle, step: str) -> str:
    """One per week and step; with the reader it is unique."""
    return f"{kind_of(step)}:{cycle.slug}"


def tell(
    *, user: User, step: str, cycle: ReportingCycle, projects: Sequence[Project], key: str = "", by: User | None = None
) -> int:
    """One notice about these projects, in the caller's transaction."""
    return notify.notify(
        users=[user],
        kind=kind_of(step),
        key=key or key_of(cycle, step),
        data=_data(user, cycle, projects, by),
        path=_path(step, cycle, projects),
    )


def _data(user: User, cycle: ReportingCycle, projects: Sequence[Project], by: User | None) -> dict[str, Any]:
    with translation.override(user.language):
        listed = [{"code": one.code, "name": str(one.name)} for one in projects]
    return {
        "week": cycle.slug,
        "due": cycle.due_at.isoformat(),
        "freeze": cycle.freeze_at.isoformat(),
        "projects": listed,
        "by": by.full_name if by else "",
    }


def _path(step: str, cycle: ReportingCycle, projects: Sequence[Project]) -> str:
    """The right form: of the one project, or the list of one's own."""
    if step == Step.CENTRE:
        return reverse("reporting:late")
    if len(projects) != 1:
        return reverse("portfolio:my_work")
    if step == Step.PROGRAMME:
        return reverse("portfolio:project", args=[projects[0].code])
    return reverse("portfolio:status", args=[projects[0].code, cycle.slug])


def _spoken(data: Mapping[str, Any]) -> dict[str, Any]:
    projects = data["projects"]
    lines = [f"{one['code']} {one['name']}" for one in projects[:_LISTED]]
    if len(projects) > _LISTED:
        lines.append(_("et %(count)d autres") % {"count": len(projects) - _LISTED})
    return {
        "week": formats.week(str(data["week"])),
        "due": _instant(str(data["due"])),
        "freeze": _instant(str(data["freeze"])),
        "count": len(projects),
        "code": projects[0]["code"] if projects else "",
        "list": "\n".join(f"– {line}" for line in lines),
        "by": data.get("by", ""),
    }


def _instant(text: str) -> str:
    at = datetime.fromisoformat(text)
    return _("%(day)s à %(time)s") % {"day": formats.date_weekday(at), "time": formats.time_short(at)}


def _title(data: Mapping[str, Any], one: str, several: str) -> str:
    values = _spoken(data)
    return (one if values["count"] == 1 else several) % values


def _word_opening(data: Mapping[str, Any]) -> Wording:
    values = _spoken(data)
    return Wording(
        _("La semaine %(week)s est ouverte") % values,
        ngettext(
            "Un statut vous attend, à remettre %(due)s :\n%(list)s",
            "%(count)d statuts vous attendent, à remettre %(due)s :\n%(list)s",
            values["count"],
        )
        % values,
    )


def _word_before(data: Mapping[str, Any]) -> Wording:
    return Wording(
        _title(
            data,
            _("Statut %(week)s de %(code)s : à remettre %(due)s"),
            _("%(count)d statuts %(week)s à remettre %(due)s"),
        ),
        _("À remettre %(due)s :\n%(list)s") % _spoken(data),
    )


def _word_overdue(data: Mapping[str, Any]) -> Wording:
    return Wording(
        _title(data, _("Statut %(week)s de %(code)s : échéance passée"), _("%(count)d statuts %(week)s en retard")),
        _("L’échéance est passée. Sans statut avant le gel, %(freeze)s, le pack dira le projet muet :\n%(list)s")
        % _spoken(data),
    )


def _word_manual(data: Mapping[str, Any]) -> Wording:
    return Wording(
        _title(data, _("Statut %(week)s de %(code)s attendu"), _("%(count)d statuts %(week)s attendus")),
        _("%(by)s, du bureau de projets, vous demande votre statut. Gel %(freeze)s :\n%(list)s") % _spoken(data),
    )


def _word_programme(data: Mapping[str, Any]) -> Wording:
    values = _spoken(data)
    return Wording(
        ngettext(
            "%(week)s : un projet de votre programme se tait",
            "%(week)s : %(count)d projets de votre programme se taisent",
            values["count"],
        )
        % values,
        _("Aucun statut reçu après l’échéance. Gel %(freeze)s :\n%(list)s") % values,
    )


def _word_centre(data: Mapping[str, Any]) -> Wording:
    values = _spoken(data)
    return Wording(
        ngettext("%(week)s : un statut manque encore", "%(week)s : %(count)d statuts manquent encore", values["count"])
        % values,
        _("Rappels et signalement au programme n’ont pas suffi. Gel %(freeze)s :\n%(list)s") % values,
    )
