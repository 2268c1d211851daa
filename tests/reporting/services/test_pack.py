"""One immutable file per pack and language, whatever is interrupted, repeated or raced."""

import hashlib
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from config import clock
from config.web.versioned import StaleVersionError
from people.enums import Role
from people.models import AuditEntry
from people.services import printing
from portfolio.models import Project
from reporting.engines.edition import PackChoices
from reporting.enums import PackState
from reporting.models import Pack, PackRendition, Snapshot
from reporting.services import pack as service
from reporting.services import pdf
from reporting.services.freeze import draft_pack, freeze_cycle
from tests.factories.guards import guards_off
from tests.factories.people import user_with
from tests.reporting.services.test_freeze import portfolio

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(settings, "PACKS_ROOT", tmp_path / "packs")
    return tmp_path / "packs"


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_build_writes_one_file_under_its_hash_and_its_readable_name(own_folder: Path) -> None:
    cycle = portfolio(2)
    built = service.build_pack(cycle=cycle, language="fr", by=None, now=clock.now())
    assert built.path.name == f"CODIR-{cycle.slug}-fr-v1.pdf"
    data = built.path.read_bytes()
    assert data.startswith(b"%PDF")
    assert hashlib.sha256(data).hexdigest() == built.rendition.pdf_sha256
    assert files(own_folder) == sorted([built.path.name, f"{built.rendition.pdf_sha256}.pdf"])
    assert Pack.objects.get().state == PackState.RENDERED
    assert (built.received, built.expected) == (1, 2)


def test_building_again_changes_neither_row_nor_file_and_audits_nothing_more(own_folder: Path) -> None:
    cycle = portfolio(2)
    first = service.build_pack(cycle=cycle, language="fr", by=None, now=clock.now())
    before = first.path.stat()
    second = service.build_pack(cycle=cycle, language="fr", by=None, now=clock.now())
    assert second.rendition == first.rendition
    assert (second.path.stat().st_mtime_ns, second.path.stat().st_ino) == (before.st_mtime_ns, before.st_ino)
    assert AuditEntry.objects.filter(verb="pack.rendered").count() == 1


def test_later_changes_of_the_portfolio_do_not_reach_a_frozen_pack() -> None:
    cycle = portfolio(2)
    snapshot = freeze_cycle(cycle, None, clock.now())
    with guards_off("portfolio_project"):
        Project.objects.update(name_fr="Autre nom", planned_end=clock.today() + timedelta(days=900))
    document = service.document_of(Pack.objects.select_related("snapshot").get(), language="fr")
    assert document.data_hash == snapshot.data_hash
    assert "Autre nom" not in service.html_of(document)


def test_a_lost_file_is_printed_again_with_the_same_bytes(own_folder: Path) -> None:
    cycle = portfolio(2)
    first = service.build_pack(cycle=cycle, language="fr", by=None, now=clock.now())
    for path in own_folder.iterdir():
        path.unlink()
    second = service.build_pack(cycle=cycle, language="fr", by=None, now=clock.now())
    assert hashlib.sha256(second.path.read_bytes()).hexdigest() == first.rendition.pdf_sha256
    assert PackRendition.objects.count() == 1


def test_a_render_that_fails_leaves_the_frozen_week_and_no_file(
    own_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cycle = portfolio(1)

    def fail(*_args: Any, **_kwargs: Any) -> None:
        raise pdf.RenderError("no")

    monkeypatch.setattr(pdf, "render", fail)
    with pytest.raises(pdf.RenderError):
        service.build_pack(cycle=cycle, language="fr", by=None, now=clock.now())
    assert (Snapshot.objects.count(), PackRendition.objects.count()) == (1, 0)
    assert not own_folder.exists() or files(own_folder) == []
    monkeypatch.undo()


def test_the_file_is_never_half_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(_handle: int) -> None:
        raise OSError("disk")

    monkeypatch.setattr(printing.os, "fsync", crash)
    with pytest.raises(OSError, match="disk"):
        printing.write_whole(tmp_path / "x.pdf", b"abc")
    assert list(tmp_path.iterdir()) == []


def test_choices_are_frozen_with_the_week() -> None:
    cycle, by = portfolio(1), user_with(Role.PSO)
    pack = draft_pack(cycle)
    changes = {"director_message": "Bonjour", "hidden_pages": ["finances"], "state": "rendered"}
    pack = service.update_choices(pack=pack, by=by, version=pack.version, changes=changes)
    assert (pack.version, pack.state) == (2, PackState.DRAFT)
    edition = service.edition_of(freeze_cycle(cycle, None, clock.now()))
    assert edition.choices == PackChoices(director_message="Bonjour", hidden_pages=("finances",))
    with pytest.raises(service.PackFrozenError):
        service.update_choices(pack=pack, by=by, version=pack.version, changes={"director_message": "Trop tard"})


def test_a_stale_version_is_refused_and_the_first_choice_stays() -> None:
    by = user_with(Role.PSO)
    pack = draft_pack(portfolio(1))
    service.update_choices(pack=pack, by=by, version=1, changes={"director_message": "Un"})
    with pytest.raises(StaleVersionError):
        service.update_choices(pack=Pack.objects.get(), by=by, version=1, changes={"director_message": "Deux"})
    assert Pack.objects.get().director_message == "Un"


def test_a_rendition_cannot_be_changed() -> None:
    service.build_pack(cycle=portfolio(1), language="fr", by=None, now=clock.now())
    from django.db.utils import DatabaseError

    with pytest.raises(DatabaseError):
        PackRendition.objects.update(pages=1)
