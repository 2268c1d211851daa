"""The private PostgreSQL of demo, tests and development."""

import hashlib
from pathlib import Path
from urllib.parse import quote

from config.env import own_secret


def socket_dir(var: Path) -> Path:
    return Path("/tmp") / f"cadran-{hashlib.sha256(bytes(var)).hexdigest()[:12]}"  # noqa: S108


def url(var: Path) -> str:
    password = own_secret(var / "postgres.password")
    return f"postgresql://cadran:{quote(password, safe='')}@{quote(str(socket_dir(var)), safe='')}/cadran"
