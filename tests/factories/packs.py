"""Packs in each state of their life, with small real files instead of the costly printed ones."""

from __future__ import annotations

import hashlib
import io
from datetime import datetime
from pathlib import Path

import pikepdf
from django.conf import settings

from config import clock
from people.enums import Role
from people.models import User
from portfolio.models import ReportingCycle
from reporting.enums import PackState
from reporting.models import Pack, PackRendition
from reporting.services.freeze import freeze_cycle
from reporting.services.pack_life import approve, publish
from tests.factories.people import user_with


def small_pdf(word: str = "pack") -> bytes:
    """One empty page that any reader opens; another word gives other bytes."""
    with pikepdf.new() as document:
        document.add_blank_page(page_size=(842, 595))
        document.docinfo["/Title"] = word
        written = io.BytesIO()
        document.save(written, deterministic_id=True)
    return written.getvalue()


def file_for(pack: Pack, language: str = "fr", now: datetime | None = None) -> PackRendition:
    """The file of that edition and language, as printing would leave it; the pack is then ready to approve."""
    data = small_pdf(f"{pack.pk}/{language}")
    digest = hashlib.sha256(data).hexdigest()
    folder = Path(settings.PACKS_ROOT)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{digest}.pdf").write_bytes(data)
    Pack.objects.filter(pk=pack.pk, state=PackState.FROZEN).update(state=PackState.RENDERED)
    return PackRendition.objects.create(
        pack=pack,
        language=language,
        path=f"{digest}.pdf",
        pdf_sha256=digest,
        pages=1,
        size=len(data),
        rendered_at=now or clock.now(),
    )


def rendered_pack(cycle: ReportingCycle, by: User | None = None) -> Pack:
    """Frozen by that person (None: the calendar) and printed in French."""
    freeze_cycle(cycle, by, clock.now())
    pack = Pack.objects.get(cycle=cycle)
    file_for(pack)
    return reread(pack)


def published_pack(cycle: ReportingCycle, director: User | None = None) -> Pack:
    """Printed, approved by the director and published by him."""
    pack, by = rendered_pack(cycle), director or user_with(Role.DIRECTOR)
    approve(pack=pack, by=by, now=clock.now())
    publish(pack=pack, by=by, now=clock.now())
    return reread(pack)


def reread(pack: Pack) -> Pack:
    return Pack.objects.select_related("cycle", "snapshot").get(pk=pack.pk)
