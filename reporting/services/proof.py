"""Prove that what people typed can be printed, before it may enter a pack; withhold and report what cannot.

A piece is tried once: its content hash is the key of its row. What fails is withheld text by text, where each
is known to be at fault and the rest was proved without it; otherwise all texts of the piece are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import structlog
from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from config.clock import BRUSSELS
from people.enums import Purpose
from people.services.notify import Kind, Wording, notify, register_kind
from portfolio.models import Project, ReportingCycle
from portfolio.selectors.reporting_cycle import awaiting_cycle
from reporting.engines.edition import Edition
from reporting.engines.fragment import ALL, Fragment, fragments
from reporting.enums import ProofState
from reporting.models import FragmentProof, Pack
from reporting.packs.codir import Document
from reporting.packs.proof import LANGUAGE, Piece, document
from reporting.sections.base import top_projects
from reporting.sections.unprinted import Withheld, notice
from reporting.selectors.cut import collect
from reporting.selectors.proof import failures, people_to_tell, tried
from reporting.services import pdf
from reporting.services.freeze import choices_of
from reporting.services.trial import Trial, try_documents

PIECES_A_DOCUMENT = 12
FAILED = "proof.failed"
FIELD_MAX = 300
log = structlog.get_logger("cadran.proof")


def register() -> None:
    register_kind(Kind(FAILED, Purpose.ALERT, _word_failed))


def _word_failed(data: Mapping[str, Any]) -> Wording:
    code = str(data["project"])
    title = _("Texte non imprimable, projet %(code)s") % {"code": code} if code else _("Texte non imprimable du pack")
    return Wording(title, notice(code, data["fields"]))


def pieces_of(edition: Edition) -> tuple[Fragment, ...]:
    """Every piece of the cut, as the pack of this cut would print it."""
    return fragments(edition, {row.code for row in top_projects(edition)})


def withheld_of(edition: Edition) -> Withheld:
    """The texts of this cut that are known not to print, by piece; nothing is tried."""
    failed = failures()
    if not failed:
        return {}
    known = {piece.code: piece.content_hash for piece in pieces_of(edition)}
    return {code: failed[content] for code, content in known.items() if content in failed}


def prove_edition(edition: Edition, *, now: datetime) -> Withheld:
    """Try every piece that has no row yet, all together where that goes well; the texts to withhold."""
    pieces = pieces_of(edition)
    known = tried({piece.content_hash for piece in pieces})
    unproved = [piece for piece in pieces if piece.content_hash not in known]
    for piece, trial in _suspects(edition, unproved, now=now):
        _accuse(edition, piece, trial, now=now)
    return withheld_of(edition)


def prove_week(cycle_id: int | None, *, now: datetime) -> Withheld:
    """Try what the pack of that week, or of the week now open, would print today; a frozen week has its build."""
    cycle = ReportingCycle.objects.filter(pk=cycle_id).first() if cycle_id else awaiting_cycle(now)
    if cycle is None or cycle.frozen_at is not None:
        return {}
    pack = Pack.objects.filter(cycle=cycle).order_by("-edition").first() or Pack(cycle=cycle)
    return prove_edition(collect(cycle, as_of=now, choices=choices_of(pack)), now=now)


def _suspects(edition: Edition, pieces: Sequence[Fragment], *, now: datetime) -> list[tuple[Fragment, Trial]]:
    """Write down who is proved, a dozen in one document, then one by one where the dozen failed; answer the others."""
    dozens = [pieces[start : start + PIECES_A_DOCUMENT] for start in range(0, len(pieces), PIECES_A_DOCUMENT)]
    alone: list[Fragment] = []
    for dozen, trial in zip(dozens, _try(edition, [[Piece(one) for one in dozen] for dozen in dozens]), strict=True):
        if not trial.cause:
            _write_proved(dozen, trial, now=now)
        else:
            alone += dozen
    failed = []
    for piece, trial in zip(alone, _try(edition, [[Piece(one)] for one in alone]), strict=True):
        if trial.cause:
            failed.append((piece, trial))
        else:
            _write_proved([piece], trial, now=now)
    return failed


def _accuse(edition: Edition, fragment: Fragment, trial: Trial, *, now: datetime) -> None:
    """Find which texts of a failed piece are at fault, prove the rest without them, and tell those concerned."""
    piece = Piece(fragment)
    each = _try(edition, [[piece.only(item.path)] for item in fragment.texts])
    guilty = [item.path for item, one in zip(fragment.texts, each, strict=True) if one.cause]
    rest = _try(edition, [[Piece(fragment, frozenset(guilty))]])[0] if guilty else trial
    field = ",".join(guilty)
    if rest.cause or len(field) > FIELD_MAX:
        field = ALL
    _write_failed(fragment, field, trial, now=now)


@transaction.atomic
def _write_failed(fragment: Fragment, field: str, trial: Trial, *, now: datetime) -> None:
    project = _project(fragment.code)
    row = _row(fragment, trial, now=now, project=project, state=ProofState.FAILED)
    row.field, row.cause = field, trial.cause[:300]
    FragmentProof.objects.bulk_create([row], ignore_conflicts=True)
    log.warning("proof.failed", project=fragment.code, field=field, cause=trial.cause)
    notify(
        users=people_to_tell(project),
        kind=FAILED,
        key=f"{FAILED}:{fragment.content_hash}",
        data={"project": fragment.code, "fields": field.split(",")},
        path=project.get_absolute_url() if project else "",
    )


def _write_proved(pieces: Sequence[Fragment], trial: Trial, *, now: datetime) -> None:
    projects = {row.code: row for row in Project.objects.filter(code__in=[piece.code for piece in pieces])}
    share = Trial("", trial.seconds / len(pieces), trial.peak_kb)
    FragmentProof.objects.bulk_create(
        [_row(one, share, now=now, project=projects.get(one.code), state=ProofState.PROVED) for one in pieces],
        ignore_conflicts=True,
    )


def _row(
    fragment: Fragment, trial: Trial, *, now: datetime, project: Project | None, state: ProofState
) -> FragmentProof:
    return FragmentProof(
        content_hash=fragment.content_hash,
        project=project,
        state=state,
        seconds=trial.seconds,
        peak_kb=trial.peak_kb,
        checked_at=now,
    )


def _project(code: str) -> Project | None:
    return Project.objects.select_related("manager__user").filter(code=code).first() if code else None


def _try(edition: Edition, documents: Sequence[Sequence[Piece]]) -> list[Trial]:
    if not documents:
        return []
    pages = [_html(document(edition, pieces)) for pieces in documents]
    return try_documents(pages, static_root=Path(settings.BASE_DIR) / "static")


def _html(made: Document) -> str:
    context = {"document": made, "assets": pdf.ASSETS, "created": made.facts.as_of.isoformat()}
    with translation.override(LANGUAGE), timezone.override(BRUSSELS):
        return render_to_string("packs/codir.html", context)
