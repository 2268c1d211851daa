"""A conflict as its page shows it: before, theirs and mine of each field both people changed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.forms import CharField, ChoiceField
from django.utils.translation import gettext as _

from config.web import formats
from config.web.fields import DayField
from portfolio.engines.merge import Clash
from portfolio.enums import AskKind, RagChoice
from portfolio.forms.status_report import StatusReportForm
from portfolio.selectors.status_report import ON, split_destination


@dataclass(frozen=True, slots=True)
class ConflictRow:
    """`texts` may be kept both, one after the other; a colour or a date may not."""

    name: str
    label: str
    base: str
    theirs: str
    mine: str
    is_text: bool


def conflict_rows(
    clashes: Sequence[Clash], form: StatusReportForm, offers: Callable[[], Any]
) -> tuple[ConflictRow, ...]:
    bodies = {one.code: one.label for one in offers()} if any(one.field == "ask_to" for one in clashes) else {}
    return tuple(_row(clash, form, bodies) for clash in clashes)


def _row(clash: Clash, form: StatusReportForm, bodies: dict[str, str]) -> ConflictRow:
    field = form.fields.get(clash.field)
    label = str(field.label) if field else clash.field
    if clash.field.startswith(("cause_", "reason_")):
        judged = form.fields[clash.field.partition("_")[2]]
        label = _("%(label)s : %(value)s") % {"label": judged.label, "value": label}
    text = isinstance(field, CharField) and not isinstance(field, ChoiceField | DayField) and clash.field != "ask_to"
    shown = [_shown(clash.field, str(value or ""), bodies) for value in (clash.base, clash.theirs, clash.mine)]
    return ConflictRow(clash.field, label, shown[0], shown[1], shown[2], text)


def _shown(name: str, value: str, bodies: dict[str, str]) -> str:
    if name.startswith(("reached-", "risk-")):
        return _("oui") if value == ON else _("non")
    if not value:
        return _("(vide)")
    if name.startswith("milestone-"):
        _body, day = split_destination(f"@{value}")
        return formats.date_short(day) if day else value
    if name == "ask_to":
        body, day = split_destination(value)
        return f"{bodies.get(body, body)}, {formats.date_short(day)}"
    if name == "ask_kind" and value in AskKind.values:
        return str(AskKind(value).label)
    return str(RagChoice(value).label) if value in RagChoice.values else value
