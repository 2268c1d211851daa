"""A line between two processes that can be cut, closed, made to hang, or cut right after a COMMIT arrived."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import Enum

_CHUNK = 1 << 16
COMMIT = b"COMMIT"


class Mode(Enum):
    OPEN = "open"
    CLOSED = "closed"
    HUNG = "hung"
    CUT_AFTER_COMMIT = "cut after commit"


class Proxy:
    """Listens on the loopback and forwards to `connect()` as its mode says."""

    def __init__(self, connect: Callable[[], socket.socket]) -> None:
        self._connect = connect
        self._door = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._door.getsockname()[1]
        self._mode = Mode.OPEN
        self._lines: list[socket.socket] = []
        self._over = False
        self.cuts = 0
        threading.Thread(target=self._serve, daemon=True).start()

    @property
    def mode(self) -> Mode:
        return self._mode

    @mode.setter
    def mode(self, mode: Mode) -> None:
        """Lines that stand go on only under OPEN and CUT_AFTER_COMMIT."""
        self._mode = mode
        if mode in (Mode.CLOSED, Mode.HUNG):
            self.cut()

    def cut(self) -> None:
        """Every line that stands ends now."""
        lines, self._lines = self._lines, []
        for line in lines:
            _close(line)

    def close(self) -> None:
        self._over = True
        self.cut()
        _close(self._door)

    def _serve(self) -> None:
        while not self._over:
            try:
                near, _address = self._door.accept()
            except OSError:
                return
            if self._mode == Mode.CLOSED:
                _close(near)
                continue
            self._lines.append(near)
            if self._mode != Mode.HUNG:
                self._join(near)

    def _join(self, near: socket.socket) -> None:
        try:
            far = self._connect()
        except OSError:
            _close(near)
            return
        self._lines.append(far)
        threading.Thread(target=self._carry, args=(near, far, True), daemon=True).start()
        threading.Thread(target=self._carry, args=(far, near, False), daemon=True).start()

    def _carry(self, source: socket.socket, target: socket.socket, outward: bool) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(_CHUNK):
                if outward and self._mode == Mode.CUT_AFTER_COMMIT and COMMIT in data:
                    self._commit_unheard(source, target, data)
                    return
                target.sendall(data)
        _close(source)
        _close(target)

    def _commit_unheard(self, near: socket.socket, far: socket.socket, data: bytes) -> None:
        """The caller loses the line first; the server still gets the COMMIT and the time to do it."""
        self._mode = Mode.OPEN
        self.cuts += 1
        _close(near)
        far.sendall(data)
        with contextlib.suppress(OSError):
            far.settimeout(2)
            far.recv(_CHUNK)
        _close(far)


def _close(line: socket.socket) -> None:
    with contextlib.suppress(OSError):
        line.shutdown(socket.SHUT_RDWR)
    line.close()


@contextmanager
def between(connect: Callable[[], socket.socket]) -> Iterator[Proxy]:
    proxy = Proxy(connect)
    try:
        yield proxy
    finally:
        proxy.close()
