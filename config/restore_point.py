"""Backups of the private PostgreSQL and the files beside it, and the way back to any second since the first one.

`backup(var, folder, files)` writes a base backup and keeps the server's journal (WAL) archived from then on; `restore(
folder, var, to)` brings the whole database back as it stood at that second, with the files of the last backup before
it. Files are stored once each under their own SHA-256. A backup folder holds secrets: keep it on an encrypted disk.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tarfile
import time
from argparse import ArgumentParser
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from config import clock, embedded_postgres
from config.env import Environment

SECRETS = ("postgres.password", "secret_key")
ARCHIVE_SECONDS = 60
"""The journal is shipped at least this often: what a lost disk may cost."""
_WAIT_SECONDS = 600


class RestorePointError(Exception):
    """The backup or the restore cannot be done; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Backup:
    """One base backup and the files of the same moment, as its manifest says."""

    name: str
    begun_at: str
    ended_at: str
    database_bytes: int
    files: Mapping[str, str]
    secrets: Mapping[str, str]

    @property
    def ended(self) -> datetime:
        return datetime.fromisoformat(self.ended_at)


def backup(var: Path, folder: Path, files: Mapping[str, Path]) -> Backup:
    """A base backup now, verified, and every file below the named folders; the journal is archived from now on."""
    folder = folder.absolute()
    folder.mkdir(mode=0o755, parents=True, exist_ok=True)
    if not embedded_postgres.reachable(folder / "wal"):
        raise RestorePointError(f"The user of the database server cannot enter {folder}: choose another folder.")
    _archive_into(var, folder / "wal")
    begun = clock.now()
    name = begun.strftime("%Y%m%dT%H%M%SZ")
    base = folder / "base" / name
    base.parent.mkdir(exist_ok=True)
    base.mkdir(mode=0o700)
    _program(
        var, "pg_basebackup", "--pgdata", str(base), "--format=tar", "--gzip", "--checkpoint=fast",
        "--no-password", "--wal-method=fetch", "--label", name,
    )  # fmt: skip
    _program(var, "pg_verifybackup", "--no-parse-wal", "--quiet", str(base))
    made = Backup(
        name=name,
        begun_at=begun.isoformat(),
        ended_at=clock.now().isoformat(),
        database_bytes=sum(file.stat().st_size for file in base.iterdir()),
        files=_keep_files(folder / "files", files),
        secrets={secret: (var / secret).read_text(encoding="utf-8") for secret in SECRETS if (var / secret).exists()},
    )
    _write_private(folder / "base" / f"{name}.json", json.dumps(asdict(made), indent=1))
    with _administrator(var) as link:
        link.execute("SELECT pg_switch_wal()")
    return made


def backups(folder: Path) -> list[Backup]:
    """The backups of a folder, oldest first."""
    manifests = sorted((folder / "base").glob("*.json"))
    return [Backup(**json.loads(manifest.read_text(encoding="utf-8"))) for manifest in manifests]


def restore(folder: Path, var: Path, to: datetime | None, files: Mapping[str, Path]) -> dict[str, Any]:
    """Bring `var` to the state of that second (or of the last archived one); what stood in `var` is moved aside.

    Answers the backup used, the seconds it took and where the old data are. Raises RestorePointError when no backup
    is old enough or the journal does not reach that second.
    """
    started, folder = time.monotonic(), folder.absolute()
    chosen = _choose(backups(folder), to)
    if embedded_postgres.running(var):
        embedded_postgres.stop(var)
    var.mkdir(parents=True, exist_ok=True)
    aside = _set_aside(var)
    for name, text in chosen.secrets.items():
        _write_private(var / name, text)
    data = embedded_postgres.home(var) / "data"
    _unpack(folder / "base" / chosen.name, data)
    _ask_for_recovery(data, folder / "wal", to)
    _hand_over(data)
    try:
        embedded_postgres.start(var)
    except embedded_postgres.EmbeddedPostgresError as error:
        raise RestorePointError(f"The journal does not lead to {to}: {error}") from error
    _wait_for_promotion(var)
    _bring_files_back(folder / "files", chosen.files, files)
    return {
        "backup": chosen.name,
        "to": to.isoformat() if to else None,
        "seconds": round(time.monotonic() - started, 1),
        "files": len(chosen.files),
        "aside": str(aside) if aside else None,
    }


def _archive_into(var: Path, wal: Path) -> None:
    """Have the server copy every finished part of its journal to `wal`, and finish one a minute."""
    wal.mkdir(mode=0o700, exist_ok=True)
    embedded_postgres.give(wal)
    file = f"{_quoted(wal)}/%f"
    command = f"test -f {file} || {{ cp %p {file}.part && sync {file}.part && mv {file}.part {file}; }}"
    with _administrator(var) as link:
        if link.execute("SHOW archive_mode").fetchone() != ("on",):
            raise RestorePointError("This database was made without journal archiving: set archive_mode = on.")
        link.execute(sql.SQL("ALTER SYSTEM SET archive_command = {}").format(sql.Literal(command)))
        link.execute(sql.SQL("ALTER SYSTEM SET archive_timeout = {}").format(sql.Literal(f"{ARCHIVE_SECONDS}s")))
        link.execute("SELECT pg_reload_conf()")


def _quoted(path: Path) -> str:
    text = str(path)
    if "'" in text or "%" in text:
        raise RestorePointError(f"The folder may hold neither ' nor %: {path}")
    return f"'{text}'"


def _administrator(var: Path) -> psycopg.Connection[Any]:
    return psycopg.connect(
        host=str(embedded_postgres.socket_dir(var)),
        port=5432,
        user="postgres",
        password=embedded_postgres.password(var),
        dbname="postgres",
        autocommit=True,
    )


def _program(var: Path, name: str, *arguments: str) -> None:
    environment = {
        "PATH": os.defpath,
        "PGHOST": str(embedded_postgres.socket_dir(var)),
        "PGPORT": "5432",
        "PGUSER": "postgres",
        "PGPASSWORD": embedded_postgres.password(var),
        "LC_ALL": "C.UTF-8",
    }
    done = subprocess.run(  # noqa: S603 -- our own server, no text of a user
        [str(embedded_postgres.programs(var) / name), *arguments],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RestorePointError(f"{name}: {(done.stderr or done.stdout).strip()}")


def _keep_files(store: Path, roots: Mapping[str, Path]) -> dict[str, str]:
    """Copy what the store does not hold yet; `root/relative path` -> SHA-256."""
    store.mkdir(mode=0o700, exist_ok=True)
    kept: dict[str, str] = {}
    for label, root in sorted(roots.items()):
        for file in sorted(root.rglob("*")) if root.is_dir() else ():
            if file.is_symlink() or not file.is_file() or file.suffix == ".tmp":
                continue
            digest = hashlib.sha256(file.read_bytes()).hexdigest()
            kept[f"{label}/{file.relative_to(root).as_posix()}"] = digest
            if not (store / digest).exists():
                part = store / f"{digest}.part"
                shutil.copyfile(file, part)
                part.replace(store / digest)
    return kept


def _bring_files_back(store: Path, kept: Mapping[str, str], roots: Mapping[str, Path]) -> None:
    for name, digest in kept.items():
        label, _, relative = name.partition("/")
        if label not in roots:
            continue
        target = roots[label] / relative
        target.parent.mkdir(parents=True, exist_ok=True)
        if not target.exists() or hashlib.sha256(target.read_bytes()).hexdigest() != digest:
            shutil.copyfile(store / digest, target.with_name(f"{target.name}.tmp"))
            target.with_name(f"{target.name}.tmp").replace(target)


def _choose(made: Sequence[Backup], to: datetime | None) -> Backup:
    fitting = [one for one in made if to is None or one.ended <= to]
    if not fitting:
        oldest = f"the oldest ended at {made[0].ended_at}" if made else "there is none"
        raise RestorePointError(f"No backup is old enough for {to}: {oldest}.")
    return fitting[-1]


def _set_aside(var: Path) -> Path | None:
    """Nothing is deleted: the data that stood there keep lying beside the new ones."""
    data = embedded_postgres.home(var) / "data"
    if not data.exists():
        return None
    aside = data.with_name(f"data-before-{clock.now():%Y%m%dT%H%M%S}")
    data.rename(aside)
    return aside


def _unpack(base: Path, data: Path) -> None:
    data.mkdir(mode=0o700)
    with tarfile.open(base / "base.tar.gz") as archive:
        archive.extractall(data, filter="data")


def _ask_for_recovery(data: Path, wal: Path, to: datetime | None) -> None:
    lines = [
        "archive_command = 'true'",
        f'restore_command = \'cp "{wal}/%f" "%p"\'',
        "recovery_target_action = 'promote'",
        *([f"recovery_target_time = '{to.astimezone(UTC).isoformat()}'"] if to else []),
    ]
    with (data / "postgresql.auto.conf").open("a", encoding="utf-8") as settings:
        settings.write("\n".join(lines) + "\n")
    (data / "recovery.signal").touch(mode=0o600)


def _hand_over(data: Path) -> None:
    for path in (data, *data.rglob("*")):
        embedded_postgres.give(path)


def _wait_for_promotion(var: Path) -> None:
    deadline = time.monotonic() + _WAIT_SECONDS
    while time.monotonic() < deadline:
        with _administrator(var) as link:
            if link.execute("SELECT pg_is_in_recovery()").fetchone() == (False,):
                for name in ("restore_command", "recovery_target_time", "recovery_target_action"):
                    link.execute(sql.SQL("ALTER SYSTEM RESET {}").format(sql.Identifier(name)))
                return
        time.sleep(0.2)
    raise RestorePointError(f"The database did not come back within {_WAIT_SECONDS} s.")


def _write_private(path: Path, text: str) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)


def main(arguments: Sequence[str]) -> int:
    parser = ArgumentParser(prog="bin/restore", description="Bring Cadran back to a second of the past.")
    parser.add_argument("folder", type=Path, help="the folder bin/backup wrote")
    parser.add_argument("--to", type=datetime.fromisoformat, help="instant with offset, as 2026-11-23T12:00:00+01:00")
    options = parser.parse_args(arguments)
    if options.to is not None and options.to.tzinfo is None:
        parser.error("--to needs an offset, as in 2026-11-23T12:00:00+01:00")
    var = Path(Environment().text("CADRAN_VAR", str(Path(__file__).resolve().parent.parent / "var"))).absolute()
    media = Path(Environment().text("MEDIA_ROOT", str(var / "media")))
    report = restore(options.folder, var, options.to, {"media": media, "packs": var / "packs"})
    sys.stdout.write(f"{json.dumps(report)}\n")
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except (RestorePointError, embedded_postgres.EmbeddedPostgresError) as problem:
        sys.exit(f"{problem}")
