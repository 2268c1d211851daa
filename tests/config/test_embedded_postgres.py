"""The launcher: what was committed survives a stop and a crash, and no folder of others changes its mode."""

import os
import shutil
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from config import embedded_postgres as launcher

pytestmark = pytest.mark.slow


@pytest.fixture
def var(tmp_path: Path) -> Iterator[Path]:
    """A folder closed to others, as /root or a home is."""
    folder = tmp_path / "closed/var"
    folder.mkdir(parents=True)
    folder.parent.chmod(0o700)
    yield folder
    launcher.stop(folder)
    home = (folder / "postgres").resolve()
    shutil.rmtree(home)
    shutil.rmtree(launcher.socket_dir(folder))


def modes(path: Path) -> dict[Path, int]:
    return {folder: folder.stat().st_mode for folder in [path, *path.parents]}


def execute(var: Path, statement: str) -> list[tuple[object, ...]]:
    with psycopg.connect(launcher.url(var)) as link:
        cursor = link.execute(statement)
        return cursor.fetchall() if cursor.description else []


def test_start_crash_and_restart_keep_the_rows_and_the_modes(var: Path) -> None:
    before = modes(var)
    launcher.start(var)
    assert launcher.running(var)
    execute(var, "CREATE TABLE kept (n int)")
    execute(var, "INSERT INTO kept VALUES (1)")
    data = (var / "postgres").resolve() / "data"
    postmaster = int((data / "postmaster.pid").read_text().split()[0])
    os.kill(postmaster, signal.SIGKILL)
    deadline = time.monotonic() + 10
    while launcher.running(var) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert (data / "postmaster.pid").exists()

    launcher.start(var)
    execute(var, "INSERT INTO kept VALUES (2)")
    launcher.stop(var)
    assert not launcher.running(var)
    (data / "postmaster.pid").write_text(f"{os.getpid()}\n{data}\n")

    launcher.start(var)
    launcher.start(var)
    assert execute(var, "SELECT n FROM kept ORDER BY n") == [(1,), (2,)]
    assert modes(var) == before

    refused = launcher.url(var).replace(launcher.password(var), "wrong")
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(refused)
    assert execute(var, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user") == [(False,)]
    assert execute(var, "SELECT current_setting('listen_addresses'), current_setting('data_checksums')") == [("", "on")]
    assert (var / "postgres.password").stat().st_mode & 0o777 == 0o600
    assert launcher.socket_dir(var).stat().st_mode & 0o777 == 0o700
    if os.geteuid() == 0:
        assert data.stat().st_uid != 0


def test_socket_folder_of_somebody_else_is_refused(tmp_path: Path) -> None:
    folder = launcher.socket_dir(tmp_path)
    folder.mkdir(mode=0o755)
    folder.chmod(0o755)
    try:
        with pytest.raises(launcher.EmbeddedPostgresError, match="is not a private folder"):
            launcher._prepare_socket_dir(tmp_path)
    finally:
        folder.rmdir()


def test_wrong_use_is_status_2() -> None:
    assert launcher.main(["restart"]) == 2
