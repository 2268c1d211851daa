"""Disks without room: a tiny memory disk mounted over a folder, and the device that is always full."""

from __future__ import annotations

import ctypes
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

FULL_DEVICE = Path("/dev/full")
_SIZE = "size=16k"


def may_mount() -> bool:
    """Whether this process may mount: only root may."""
    return os.geteuid() == 0


@contextmanager
def full_disk(folder: Path) -> Iterator[None]:
    """The folder is a disk of 16 KB while the block runs; what was in it is hidden, then there again."""
    folder.mkdir(parents=True, exist_ok=True)
    system = ctypes.CDLL(None, use_errno=True)
    _done(system.mount(b"tmpfs", bytes(folder), b"tmpfs", 0, _SIZE.encode()))
    try:
        yield
    finally:
        _done(system.umount2(bytes(folder), 2))


def _done(answer: int) -> None:
    if answer:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
