"""A submitted status as the values of the form, checked by the form itself: one set of rules for both doors."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from rest_framework import serializers

from portfolio.engines.status_checks import JUDGED
from portfolio.enums import AskKind
from portfolio.forms.status_report import StatusReportForm
from portfolio.models import Project
from portfolio.selectors.status_report import ON, TEXTS, destination
from portfolio.services.ask_port import gateway

_NAMES = {"ask_to": "ask_body"}


def submitted_values(project: Project, base: Mapping[str, str], body: Mapping[str, Any], today: date) -> dict[str, str]:
    """The values of the fields given; a field left out is not among them. Raises 400 by field."""
    typed = {name: str(body[name]) for name in (*JUDGED, *TEXTS, "ask_kind", "ask_text") if name in body}
    if "ask_body" in body or "ask_on" in body:
        typed["ask_to"] = destination(body.get("ask_body", ""), body.get("ask_on"))
    if body.get("ask_kind") == AskKind.NONE:
        typed.update(ask_text="", ask_to="")
    rows = _rows(body)
    form = StatusReportForm(
        {**{name: value for name, value in base.items() if name not in rows}, **typed, **rows},
        initial=base,
        rows=dict.fromkeys(rows, ""),
        destinations=lambda: gateway().destinations(project, today),
    )
    if not form.is_valid():
        raise serializers.ValidationError(
            {_NAMES.get(name, name): [str(text) for text in texts] for name, texts in form.errors.items()}
        )
    values = form.values()
    return {name: value for name, value in values.items() if name in typed or name in rows}


def _rows(body: Mapping[str, Any]) -> dict[str, str]:
    """Milestones and risks as the form names them."""
    rows: dict[str, str] = {}
    for news in body.get("milestones", ()):
        rows[f"milestone-{news['id']}"] = news["expected"].isoformat()
        rows[f"reached-{news['id']}"] = ON if news.get("reached") else ""
    return rows | {f"risk-{key}": ON for key in body.get("confirmed_risks", ())}
