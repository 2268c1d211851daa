"""What a person typed for a week that takes no status any more: kept for him, field by field, to copy or report."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from config.web import formats, glyphs
from people.models.user import User
from portfolio.engines.merge import changed_fields
from portfolio.engines.status_checks import JUDGED
from portfolio.enums import AskKind
from portfolio.models import Milestone, Project, ReportingCycle, StatusDraft
from portfolio.models.status_report import DIMENSIONS
from portfolio.selectors.status_report import split_destination
from portfolio.selectors.status_wording import judged_word


@dataclass(frozen=True, slots=True)
class TypedLine:
    """One field as it was typed; `is_free` texts are in the language of their author."""

    label: str
    text: str
    is_free: bool = False


def typed_lines(user: User, project: Project, cycle: ReportingCycle) -> tuple[TypedLine, ...]:
    """The fields the user changed and did not publish, in the order of the form."""
    draft = StatusDraft.objects.filter(project=project, cycle=cycle, author=user).first()
    if draft is None:
        return ()
    base: Mapping[str, str] = draft.data.get("base", {})
    values: Mapping[str, str] = draft.data.get("values", {})
    changed = {name: str(values[name]) for name in changed_fields(base, values)}
    return (*_status_lines(changed), *_milestone_lines(project, changed))


def _status_lines(changed: Mapping[str, str]) -> Iterator[TypedLine]:
    for name in JUDGED:
        if changed.get(name):
            yield TypedLine(judged_word(name), glyphs.state_word(glyphs.known_state(changed[name])))
    for name, label in _texts().items():
        if changed.get(name):
            yield TypedLine(label, changed[name], is_free=True)
    if changed.get("ask_kind") in AskKind.values:
        yield TypedLine(_("Demande à la gouvernance"), str(AskKind(changed["ask_kind"]).label))
    if changed.get("ask_to"):
        body, day = split_destination(changed["ask_to"])
        yield TypedLine(_("Instance"), f"{body}, {formats.date_short(day)}" if day else body)


def _texts() -> dict[str, str]:
    causes = {f"cause_{name}": _("%(name)s, cause") % {"name": judged_word(name)} for name in DIMENSIONS}
    reasons = {f"reason_{name}": _("%(name)s, justification") % {"name": judged_word(name)} for name in JUDGED}
    return {"message": _("Message au CODIR"), **causes, **reasons, "ask_text": _("Demande")}


def _milestone_lines(project: Project, changed: Mapping[str, str]) -> Iterator[TypedLine]:
    for pk, name in Milestone.objects.filter(project=project).values_list("pk", "name"):
        day = changed.get(f"milestone-{pk}", "")
        if day:
            yield TypedLine(name, _day_text(day))
        if changed.get(f"reached-{pk}"):
            yield TypedLine(name, _("atteint"))


def _day_text(text: str) -> str:
    try:
        return formats.date_long(date.fromisoformat(text))
    except ValueError:
        return text
