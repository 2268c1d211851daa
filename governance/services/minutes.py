"""Minutes: their content frozen in the closing transaction, then printed once by a job, for each who may read what."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.template.loader import render_to_string
from django.utils import timezone, translation

from config import clock
from config.clock import BRUSSELS
from config.web import formats
from governance.models import AgendaItem, Decision, Minutes, MinutesPrint, Outcome, Sitting
from governance.selectors.minutes import variants_of
from governance.selectors.voters import seats_of
from people.engines.audit_chain import canonical_json
from people.services import audit, jobs
from people.services.jobs import JobRun
from people.services.printing import print_pdf, printer, read_whole, store

KIND = "governance.minutes"
LANGUAGE = "fr"
"""The minutes are an act of the administration: written in its language whoever reads them."""


def freeze_minutes(sitting: Sitting, *, now: datetime) -> Minutes:
    """Keep what the minutes say, with the head of the audit chain; a job prints them after the commit."""
    with translation.override(LANGUAGE), timezone.override(BRUSSELS):
        data = content_of(sitting)
    head = audit.head()
    data["chain"] = {"number": head.number, "hash": head.hash}
    minutes = Minutes.objects.create(sitting=sitting, data=data, data_hash=hash_of(data), frozen_at=now)
    jobs.demand(kind=KIND, key=f"{KIND}:{minutes.pk}", payload={"minutes": minutes.pk}, by=None)
    return minutes


def hash_of(data: Mapping[str, Any]) -> str:
    return hashlib.sha256(canonical_json(dict(data)).encode()).hexdigest()


def content_of(sitting: Sitting) -> dict[str, Any]:
    """What was said and decided, as plain values: the names and words of this moment."""
    there = {row.person_id: row for row in sitting.attendances.select_related("proxy_to")}
    rows = sitting.items.select_related("request__project").prefetch_related(
        "recusals__person", "votes__person", "papers", "outcomes__owner", "decisions__effects"
    )
    return {
        "format": 1,
        "body": {"code": sitting.body.code, "name": sitting.body.name_fr},
        "mode": sitting.mode,
        "place": sitting.place,
        "starts_at": _instant(sitting.starts_at),
        "opened_at": _instant(sitting.opened_at),
        "adjourned_at": _instant(sitting.adjourned_at),
        "written_until": sitting.written_until.isoformat() if sitting.written_until else "",
        "approved_at": _instant(sitting.approved_at),
        "approved_by": sitting.approved_by.full_name if sitting.approved_by else "",
        "closed_at": _instant(sitting.closed_at),
        "members": [
            {
                "name": seat.person.full_name,
                "role": seat.get_role_display(),
                "votes": seat.votes,
                "presence": row.get_presence_display() if (row := there.get(seat.person_id)) else "",
                "proxy_to": row.proxy_to.full_name if row and row.proxy_to else "",
            }
            for seat in seats_of(sitting)
        ],
        "items": [_item(item) for item in rows.order_by("position")],
    }


def _item(item: AgendaItem) -> dict[str, Any]:
    request = item.request
    paper = max(item.papers.all(), key=lambda row: row.number, default=None)
    return {
        "position": item.position,
        "title": item.title,
        "kind": item.get_kind_display(),
        "request": request.number if request else "",
        "project": f"{request.project.code} {request.project.name_fr}" if request else "",
        "paper": {"version": paper.number, "hash": paper.data_hash} if paper else None,
        "recused": [{"name": row.person.full_name, "ground": row.get_ground_display()} for row in item.recusals.all()],
        "verdict": item.get_verdict_display() if item.verdict else "",
        "tally": item.tally,
        "dissent": [{"name": row.person.full_name, "text": row.dissent} for row in item.votes.all() if row.dissent],
        "notes": item.notes,
        "outcomes": [_outcome(row) for row in item.outcomes.all()],
        "decisions": [_decision(row) for row in sorted(item.decisions.all(), key=lambda row: row.serial)],
    }


def _outcome(row: Outcome) -> dict[str, Any]:
    return {
        "kind": row.get_kind_display(),
        "text": row.text,
        "rationale": row.rationale,
        "owner": row.owner.full_name if row.owner else "",
        "due": formats.date_short(row.due) if row.due else "",
    }


def _decision(row: Decision) -> dict[str, Any]:
    return {
        "number": row.number,
        "hash": row.content_hash,
        "effects": [
            {"kind": effect.get_kind_display(), "before": effect.before, "after": effect.after}
            for effect in row.effects.all()
        ],
    }


def _instant(moment: datetime | None) -> str:
    return moment.isoformat() if moment else ""


def html_of(minutes: Minutes, withheld: str) -> str:
    """The whole page that becomes the PDF, without the items of these positions."""
    hidden = frozenset(withheld.split(",")) - {""}
    context = {
        "minutes": minutes,
        "data": _with_moments(minutes.data),
        "items": [(item, str(item["position"]) in hidden) for item in minutes.data["items"]],
        "assets": printer().assets,
    }
    with translation.override(LANGUAGE), timezone.override(BRUSSELS):
        return render_to_string("governance/print/minutes.html", context)


def _with_moments(data: Mapping[str, Any]) -> dict[str, Any]:
    moments = ("starts_at", "opened_at", "adjourned_at", "approved_at", "closed_at")
    return {**data, **{name: datetime.fromisoformat(data[name]) for name in moments if data[name]}}


def print_minutes(run: JobRun) -> Mapping[str, Any]:
    """Handler of the job of some minutes: a print for everybody, and one for each set of items somebody may not read.

    Running it again writes no second print; a file that got lost is printed anew to the same bytes.
    """
    minutes = Minutes.objects.select_related("sitting__body").get(pk=run.payload["minutes"])
    wanted = variants_of(minutes.sitting)
    for done, withheld in enumerate(wanted, start=1):
        _print(minutes, withheld, run)
        run.progress(100 * done // len(wanted))
    return {"prints": len(wanted)}


def _print(minutes: Minutes, withheld: str, run: JobRun) -> None:
    known = minutes.prints.filter(withheld=withheld).first()
    if known is not None and read_whole(known.path, known.pdf_sha256) is not None:
        return
    identifier = f"minutes/{minutes.sitting_id}/{minutes.data_hash}/{withheld}"
    printed = print_pdf(html_of(minutes, withheld), identifier=identifier, heartbeat=run.heartbeat)
    path = store(printed)
    now = clock.now()
    row = MinutesPrint(
        minutes=minutes,
        withheld=withheld,
        path=path,
        pdf_sha256=printed.sha256,
        pages=printed.pages,
        size=len(printed.data),
        rendered_at=now,
    )
    MinutesPrint.objects.bulk_create([row], ignore_conflicts=True)
    if known is None and minutes.prints.filter(withheld=withheld, rendered_at=now).exists():
        audit.record(
            by=None,
            verb="minutes.printed",
            target=minutes.sitting,
            data={"pdf_sha256": printed.sha256, "pages": printed.pages},
        )
