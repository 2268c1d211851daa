"""The checklists in force, by gate, and the rules of gates over time; reference data that every reader may see."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.http import Http404

from governance.enums import GateChoice
from governance.models import GateCriterion, GateRules


@dataclass(frozen=True, slots=True)
class Checklist:
    """The criteria of one gate."""

    gate: str
    label: str
    criteria: tuple[GateCriterion, ...]


def checklists_on(method: str, day: date) -> list[Checklist]:
    """One list per gate, the empty ones too; criteria to come are shown with their date."""
    rows = list(
        GateCriterion.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day), method=method).order_by(
            "gate", "position", "valid_from"
        )
    )
    return [
        Checklist(gate, str(label), tuple(row for row in rows if row.gate == gate))
        for gate, label in GateChoice.choices
    ]


def get_criterion(key: int) -> GateCriterion:
    row = GateCriterion.objects.filter(pk=key).first()
    if row is None:
        raise Http404
    return row


def rules_history() -> list[GateRules]:
    """Newest first."""
    return list(GateRules.objects.order_by("-valid_from"))
