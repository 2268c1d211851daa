"""The pack of a week: what may still be chosen, then one immutable PDF per language."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.template.loader import render_to_string
from django.utils import timezone, translation

from config import clock
from config.clock import BRUSSELS
from config.web.versioned import StaleVersionError
from people.models import User
from people.services import audit
from people.services.printing import write_whole
from portfolio.models import ReportingCycle
from reporting.engines.canonical import restore
from reporting.engines.edition import Edition
from reporting.enums import PackState
from reporting.models import Pack, PackRendition, Snapshot
from reporting.packs.codir import Document, compose
from reporting.selectors.cut import collect
from reporting.selectors.edition import frozen_pack
from reporting.services import pack_notices, pdf, proof
from reporting.services.freeze import choices_of, draft_pack, freeze_cycle
from reporting.services.week import instant_read

Progress = Callable[[int, str], None]
_EDITABLE = frozenset({"director_message", "decision_order", "hidden_pages"})


class PackFrozenError(Exception):
    """The week is frozen: nothing of its pack may change any more."""


@dataclass(frozen=True, slots=True)
class BuiltPack:
    """A finished pack file and what stands behind it."""

    pack: Pack
    snapshot: Snapshot
    rendition: PackRendition
    path: Path
    received: int
    expected: int


def quiet(_percent: int, _text: str) -> None:
    """Progress that nobody watches."""


@transaction.atomic
def update_choices(*, pack: Pack, by: User, version: int, changes: Mapping[str, Any]) -> Pack:
    """Write the director's message, the order of decisions or the page switches of a draft.

    Raises PackFrozenError after the freeze and StaleVersionError when somebody else was faster.
    """
    values = {name: value for name, value in changes.items() if name in _EDITABLE}
    written = Pack.objects.filter(pk=pack.pk, version=version, state=PackState.DRAFT, cycle__frozen_at=None).update(
        **values, version=F("version") + 1, updated_at=clock.now()
    )
    pack.refresh_from_db()
    if not written:
        raise PackFrozenError if pack.state != PackState.DRAFT else StaleVersionError
    audit.record(by=by, verb="pack.chosen", target=pack, data={"fields": sorted(values)})
    return pack


def edition_of(snapshot: Snapshot) -> Edition:
    """The facts as they were frozen."""
    return restore(Edition, snapshot.data)


def document_of(pack: Pack, *, language: str) -> Document:
    """The frozen pack in one language; the same for ever."""
    if pack.snapshot is None:
        raise ValueError("a draft has no frozen document")
    edition = edition_of(pack.snapshot)
    return compose(
        edition,
        language=language,
        number=pack.edition,
        data_hash=pack.snapshot.data_hash,
        withheld=proof.withheld_of(edition),
    )


def draft_document(cycle: ReportingCycle, *, language: str, now: datetime) -> Document:
    """The pack as it would be if the week were frozen now; stored nowhere."""
    pack = Pack.objects.filter(cycle=cycle).order_by("-edition").first() or Pack(cycle=cycle)
    edition = collect(cycle, as_of=now, choices=choices_of(pack))
    return compose(edition, language=language, draft=True, withheld=proof.withheld_of(edition))


def html_of(document: Document) -> str:
    """The whole page that becomes the PDF."""
    context = {"document": document, "assets": pdf.ASSETS, "created": document.facts.as_of.isoformat()}
    with translation.override(document.language), timezone.override(BRUSSELS):
        return render_to_string("packs/codir.html", context)


def build_pack(
    *,
    cycle: ReportingCycle,
    language: str,
    by: User | None,
    now: datetime,
    as_of: datetime | None = None,
    progress: Progress = quiet,
) -> BuiltPack:
    """Freeze the week if nobody has (as it stood at `as_of`, if given), then the PDF in that language; both once."""
    progress(5, "freeze")
    snapshot = freeze_cycle(cycle, by, now, as_of=as_of)
    progress(25, "compose")
    pack = draft_pack(cycle)
    rendition, edition = _rendition(pack, snapshot, language=language, by=by, now=now, progress=progress)
    return BuiltPack(
        pack=pack,
        snapshot=snapshot,
        rendition=rendition,
        path=friendly_path(pack, rendition),
        received=edition.received,
        expected=edition.expected,
    )


def build_pack_of(
    *,
    cycle_id: int,
    by_id: int | None,
    language: str,
    now: datetime,
    by_calendar: bool = False,
    progress: Progress = quiet,
) -> BuiltPack:
    """As `build_pack`, from the ids that a job carries; a freeze that the calendar asked for keeps its own instant."""
    by = User.objects.filter(pk=by_id).first() if by_id else None
    cycle = ReportingCycle.objects.get(pk=cycle_id)
    as_of = instant_read(cycle, now) if by_calendar else None
    return build_pack(cycle=cycle, language=language, by=by, now=now, as_of=as_of, progress=progress)


def print_edition(
    *, pack: Pack, language: str, by: User | None, now: datetime, progress: Progress = quiet
) -> PackRendition:
    """The PDF of a frozen edition in that language: the one that exists, or a new one."""
    if pack.snapshot is None:
        raise ValueError("a draft has nothing to print")
    return _rendition(pack, pack.snapshot, language=language, by=by, now=now, progress=progress)[0]


def print_edition_of(
    *, pack_id: int, by_id: int | None, language: str, now: datetime, progress: Progress = quiet
) -> PackRendition:
    """As `print_edition`, from the ids that a job carries."""
    by = User.objects.filter(pk=by_id).first() if by_id else None
    return print_edition(pack=frozen_pack(pack_id), language=language, by=by, now=now, progress=progress)


def _rendition(
    pack: Pack, snapshot: Snapshot, *, language: str, by: User | None, now: datetime, progress: Progress
) -> tuple[PackRendition, Edition]:
    edition = edition_of(snapshot)
    known = PackRendition.objects.filter(pack=pack, language=language).first()
    if known is not None and file_is_whole(known):
        _name(pack, known)
        return known, edition
    progress(30, "prove")
    withheld = proof.prove_edition(edition, now=now)
    progress(40, "compose")
    document = compose(edition, language=language, number=pack.edition, data_hash=snapshot.data_hash, withheld=withheld)
    html = html_of(document)
    progress(45, "render")
    printed = pdf.render(
        html,
        identifier=f"{pack.kind}/{edition.week}/{pack.edition}/{language}/{snapshot.data_hash}",
        static_root=Path(settings.BASE_DIR) / "static",
        heartbeat=lambda: progress(60, "render"),
    )
    progress(90, "store")
    path = _store(printed)
    rendition = _record(pack, language, printed, path, by=by, now=now)
    _name(pack, rendition)
    return rendition, edition


@transaction.atomic
def _record(
    pack: Pack, language: str, printed: pdf.RenderedPdf, path: Path, *, by: User | None, now: datetime
) -> PackRendition:
    """The one row of that pack and language: the first to write it wins, the others answer it."""
    row = PackRendition(
        pack=pack,
        language=language,
        path=path.name,
        pdf_sha256=printed.sha256,
        pages=printed.pages,
        size=len(printed.data),
        rendered_at=now,
    )
    PackRendition.objects.bulk_create([row], ignore_conflicts=True)
    rendition = PackRendition.objects.get(pack=pack, language=language)
    if by is not None:
        Pack.objects.filter(pk=pack.pk, state=PackState.FROZEN, built_by=None).update(built_by=by)
    if Pack.objects.filter(pk=pack.pk, state=PackState.FROZEN).update(state=PackState.RENDERED):
        pack_notices.tell_to_approve(pack)
    if rendition.rendered_at == now:
        audit.record(
            by=by,
            verb="pack.rendered",
            target=pack,
            data={"language": language, "pdf_sha256": rendition.pdf_sha256, "pages": rendition.pages},
        )
    return rendition


def file_of(rendition: PackRendition) -> Path:
    """The file, named by its own hash."""
    return Path(settings.PACKS_ROOT) / rendition.path


def file_is_whole(rendition: PackRendition) -> bool:
    path = file_of(rendition)
    return path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() == rendition.pdf_sha256


def friendly_name(pack: Pack, rendition: PackRendition) -> str:
    return f"CODIR-{pack.cycle.slug}-{rendition.language}-v{pack.edition}.pdf"


def friendly_path(pack: Pack, rendition: PackRendition) -> Path:
    return Path(settings.PACKS_ROOT) / friendly_name(pack, rendition)


def _store(printed: pdf.RenderedPdf) -> Path:
    root = Path(settings.PACKS_ROOT)
    root.mkdir(parents=True, exist_ok=True)
    path = root / f"{printed.sha256}.pdf"
    if not path.exists():
        write_whole(path, printed.data)
    return path


def _name(pack: Pack, rendition: PackRendition) -> None:
    """A second name that people recognise, for the same bytes."""
    named = friendly_path(pack, rendition)
    stored = file_of(rendition)
    if not named.exists() or not named.samefile(stored):
        spare = named.with_suffix(f".{os.getpid()}.tmp")
        spare.unlink(missing_ok=True)
        os.link(stored, spare)
        spare.replace(named)
