"""The register as a file for the archives: every decision the reader may read, with its hashes and the chain's head."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation

from config.clock import BRUSSELS
from governance.enums import DecisionState, EffectKind, FollowUpState, Subject, Verdict
from governance.models import Decision, Effect, FollowUp
from governance.selectors.decision import register
from people.engines.audit_chain import canonical_json
from people.models import AuditEntry, User
from people.services import audit
from people.services.printing import ARCHIVAL, Printed, print_pdf, printer

FORMAT = "cadran.decisions/1"
LANGUAGE = "fr"
PRINTED_MAX = 300
"""Beyond this a print would keep the reader waiting: he chooses a body or a state."""


class TooManyError(ValueError):
    """More decisions than one PDF holds; the message is their number."""


@transaction.atomic
def export_register(*, by: User, asked: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """The file, and its audit entry: what left the house is written down."""
    content = register_file(by, asked, now)
    audit.record(
        by=by, verb="decision_register.exported", data={"entries": content["count"], "sha256": content["sha256"]}
    )
    return content


def print_register(content: Mapping[str, Any], now: datetime) -> Printed:
    """The same as a tagged PDF/A-2a, in the language of the decisions; TooManyError beyond PRINTED_MAX."""
    if content["count"] > PRINTED_MAX:
        raise TooManyError(content["count"])
    decisions = [_with_words(row) for row in content["decisions"]]
    context = {"content": content, "decisions": decisions, "now": now, "assets": printer().assets}
    with translation.override(LANGUAGE), timezone.override(BRUSSELS):
        html = render_to_string("governance/print/register.html", context)
    return print_pdf(html, identifier=f"register/{content['sha256']}/{content['exported_at']}", variant=ARCHIVAL)


def _with_words(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        **row,
        "day": date.fromisoformat(row["taken_on"]),
        "verdict_words": Verdict(row["verdict"]).label,
        "state_words": DecisionState(row["state"]).label,
        "kind_words": Subject(row["kind"]).label if row["kind"] else "",
        "effects": [{**one, "kind_words": EffectKind(one["kind"]).label} for one in row["effects"]],
        "follow_ups": [
            {**one, "due": date.fromisoformat(one["due"]), "state_words": FollowUpState(one["state"]).label}
            for one in row["follow_ups"]
        ],
    }


def register_file(user: User, asked: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """Plain values, oldest decision first; `sha256` is that of the canonical JSON of `decisions`.

    The head is the last act of the audit chain: whoever has a later anchor can prove that nothing was cut before it.
    """
    rows = register(
        user,
        words=asked.get("q", ""),
        body=asked.get("body", ""),
        state=asked.get("state", ""),
        undone=asked.get("undone", False),
    )
    found = list(rows.order_by("taken_on", "body__code", "serial").prefetch_related("follow_ups__owner", "effects"))
    hashes = dict(
        AuditEntry.objects.filter(number__in=[row.audit_number for row in found]).values_list("number", "hash")
    )
    decisions = [_decision(row, hashes.get(row.audit_number, "")) for row in found]
    head = audit.head()
    return {
        "format": FORMAT,
        "exported_at": now.isoformat(),
        "exported_by": user.full_name,
        "criteria": {name: value for name, value in asked.items() if value},
        "chain": {"number": head.number, "hash": head.hash},
        "count": len(decisions),
        "sha256": hashlib.sha256(canonical_json(decisions).encode()).hexdigest(),
        "decisions": decisions,
    }


def _decision(row: Decision, audit_hash: str) -> dict[str, Any]:
    return {
        "number": row.number,
        "body": row.body.code,
        "session": row.item.sitting.starts_at.isoformat(),
        "project": row.project.code if row.project else None,
        "request": row.request.number if row.request else None,
        "kind": row.kind,
        "verdict": row.verdict,
        "question": row.question,
        "text": row.text,
        "rationale": row.rationale,
        "record": row.record,
        "taken_on": row.taken_on.isoformat(),
        "effect_on": row.effect_on.isoformat(),
        "publication": row.publication,
        "supersedes": row.supersedes.number if row.supersedes else None,
        "state": row.state,
        "content_hash": row.content_hash,
        "audit": {"number": row.audit_number, "hash": audit_hash},
        "effects": [_effect(one) for one in _sorted(row.effects.all())],
        "follow_ups": [_follow_up(one) for one in _sorted(row.follow_ups.all())],
    }


def _sorted(rows: Iterable[Any]) -> list[Any]:
    return sorted(rows, key=lambda row: row.pk)


def _effect(row: Effect) -> dict[str, Any]:
    return {"kind": row.kind, "before": row.before, "after": row.after}


def _follow_up(row: FollowUp) -> dict[str, Any]:
    return {
        "kind": row.kind,
        "text": row.text,
        "owner": row.owner.full_name,
        "due": row.due.isoformat(),
        "state": row.state,
        "evidence": row.evidence,
        "closed_on": row.closed_on.isoformat() if row.closed_on else None,
    }
