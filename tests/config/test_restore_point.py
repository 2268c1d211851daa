"""The drill: back to the second that was asked for, rows and files, on a real server."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest

from config import embedded_postgres, restore_point

ROWS = 200_000


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder that the server's user may enter, with every server in it stopped afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="cadran-drill-"))
    folder.chmod(0o755)
    yield folder
    for var in (folder / "live", folder / "new"):
        if embedded_postgres.running(var):
            embedded_postgres.stop(var)
        shutil.rmtree(embedded_postgres.socket_dir(var), ignore_errors=True)
    shutil.rmtree(folder, ignore_errors=True)


def connect(var: Path) -> psycopg.Connection[tuple[object, ...]]:
    return psycopg.connect(embedded_postgres.url(var), autocommit=True)


def add(var: Path, count: int, note: str) -> None:
    with connect(var) as link:
        link.execute("CREATE TABLE IF NOT EXISTS saved (id bigserial PRIMARY KEY, note text NOT NULL)")
        link.execute("INSERT INTO saved (note) SELECT %s FROM generate_series(1, %s)", [note, count])


def counts(var: Path) -> dict[object, object]:
    with connect(var) as link:
        return dict(link.execute("SELECT note, count(*) FROM saved GROUP BY note").fetchall())


def archived(folder: Path, var: Path) -> None:
    """Finish the current part of the journal and wait until it lies in the archive."""
    with restore_point._administrator(var) as link:
        wanted = link.execute("SELECT pg_walfile_name(pg_switch_wal())").fetchone()
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        if wanted and (folder / "wal" / str(wanted[0])).exists():
            return
        time.sleep(0.1)
    raise AssertionError(f"{wanted} was not archived")


def test_drill_restores_rows_and_files_to_the_second(place: Path) -> None:
    live, new, store = place / "live", place / "new", place / "store"
    packs = live / "packs"
    packs.mkdir(parents=True)
    (packs / "a.pdf").write_bytes(b"%PDF-1.7 first")
    embedded_postgres.start(live)
    add(live, ROWS, "before the backup")
    made = restore_point.backup(live, store, {"packs": packs})
    add(live, 500, "before the second")
    time.sleep(0.2)
    second = datetime.now(UTC)
    time.sleep(0.2)
    add(live, 7_000, "after the second")
    (packs / "a.pdf").write_bytes(b"%PDF-1.7 overwritten by accident")
    archived(store, live)
    embedded_postgres.stop(live)

    begun = time.monotonic()
    report = restore_point.restore(store, new, second, {"packs": new / "packs"})

    assert counts(new) == {"before the backup": ROWS, "before the second": 500}
    assert (new / "packs" / "a.pdf").read_bytes() == b"%PDF-1.7 first"
    assert report["backup"] == made.name
    assert time.monotonic() - begun < 60
    add(new, 1, "written after the restore")
    assert counts(new)["written after the restore"] == 1


def test_second_backup_stores_an_unchanged_file_once(place: Path) -> None:
    live, store = place / "live", place / "store"
    packs = live / "packs"
    packs.mkdir(parents=True)
    (packs / "a.pdf").write_bytes(b"same")
    embedded_postgres.start(live)
    restore_point.backup(live, store, {"packs": packs})
    time.sleep(1.1)
    restore_point.backup(live, store, {"packs": packs})
    assert len(list((store / "files").iterdir())) == 1
    assert len(restore_point.backups(store)) == 2
    assert (store / "base").stat().st_mode & 0o077 in (0o55, 0)
    assert all(manifest.stat().st_mode & 0o077 == 0 for manifest in (store / "base").glob("*.json"))


def test_restore_to_before_the_first_backup_is_refused_and_touches_nothing(place: Path) -> None:
    live, store = place / "live", place / "store"
    embedded_postgres.start(live)
    add(live, 3, "kept")
    restore_point.backup(live, store, {})
    with pytest.raises(restore_point.RestorePointError, match="No backup is old enough"):
        restore_point.restore(store, live, datetime(2020, 1, 1, tzinfo=UTC), {})
    assert counts(live) == {"kept": 3}
