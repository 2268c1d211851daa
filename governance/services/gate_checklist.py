"""Checklists and rules of gates, as dated data: a revision ends the old row and begins a new one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from governance.engines.gate_defaults import CHECKLISTS
from governance.models import GateCriterion, GateRules
from people.models import User
from people.services import audit
from portfolio.services.versioned import create_row, write_changes

TEXTS = frozenset({"text", "hint", "mandatory"})


@transaction.atomic
def add_criterion(*, method: str, gate: str, by: User, values: Mapping[str, Any], today: date) -> GateCriterion:
    """One more criterion at the end of the list, from today at the earliest: reviews begun keep their list."""
    if values["valid_from"] < today:
        raise ValidationError({"valid_from": _("Un critère vaut à partir d’aujourd’hui au plus tôt.")})
    last = GateCriterion.objects.filter(method=method, gate=gate).aggregate(last=Max("position"))["last"] or 0
    row = GateCriterion(method=method, gate=gate, position=last + 1, **values)
    return create_row(row, by=by, verb="gate_criterion.added")


@transaction.atomic
def revise_criterion(
    *, criterion: GateCriterion, by: User, changes: Mapping[str, Any], version: int, today: date
) -> GateCriterion:
    """Other words from today on; what earlier reviews answered keeps the words they were asked."""
    if criterion.valid_to is not None:
        raise ValidationError(_("Ce critère a pris fin ; ajoutez-en un autre."))
    if criterion.valid_from >= today and not criterion.answers.exists():
        return write_changes(
            criterion, changes=changes, allowed=TEXTS, version=version, by=by, verb="gate_criterion.revised"
        )
    if criterion.valid_from >= today:
        raise ValidationError(_("Une revue répond déjà à ce critère d’aujourd’hui : révisez-le demain."))
    kept = {name: getattr(criterion, name) for name in TEXTS}
    write_changes(
        criterion,
        changes={"valid_to": today - timedelta(days=1)},
        allowed=frozenset({"valid_to"}),
        version=version,
        by=by,
        verb="gate_criterion.ended",
    )
    row = GateCriterion(
        method=criterion.method,
        gate=criterion.gate,
        position=criterion.position,
        valid_from=today,
        **{**kept, **changes},
    )
    return create_row(row, by=by, verb="gate_criterion.revised")


@transaction.atomic
def end_criterion(*, criterion: GateCriterion, by: User, version: int, today: date) -> GateCriterion:
    """No longer asked after today."""
    return write_changes(
        criterion,
        changes={"valid_to": max(today, criterion.valid_from)},
        allowed=frozenset({"valid_to"}),
        version=version,
        by=by,
        verb="gate_criterion.ended",
    )


@transaction.atomic
def set_gate_rules(*, by: User, values: Mapping[str, Any], today: date) -> GateRules:
    """Another scale or another limit from a day on, never in the past."""
    rules = GateRules(**values)
    if rules.valid_from < today:
        raise ValidationError({"valid_from": _("De nouvelles règles valent à partir d’aujourd’hui au plus tôt.")})
    rules.full_clean()
    rules.save(force_insert=True)
    audit.record(by=by, verb="gate_rules.set", target=rules, data={"from": rules.valid_from, "scale": rules.scale})
    return rules


@transaction.atomic
def load_proposed(*, by: User | None, since: date) -> int:
    """The proposed checklists, for each method that has none yet; answers how many criteria are new."""
    present = set(GateCriterion.objects.values_list("method", flat=True))
    rows = [
        GateCriterion(
            method=method,
            gate=gate,
            position=position,
            text=line.text,
            hint=line.hint,
            mandatory=line.mandatory,
            valid_from=since,
        )
        for method, gates in CHECKLISTS.items()
        if method not in present
        for gate, lines in gates.items()
        for position, line in enumerate(lines, start=1)
    ]
    GateCriterion.objects.bulk_create(rows)
    if rows:
        audit.record(by=by, verb="gate_criterion.proposed_loaded", data={"criteria": len(rows)})
    return len(rows)
