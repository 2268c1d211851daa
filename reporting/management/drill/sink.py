"""A mail server on the loopback that keeps what it receives and misbehaves as it is told."""

from __future__ import annotations

import socketserver
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from random import Random

REFUSAL = "550 5.1.1 Adresse inconnue ici"
_DATA_END = b".\r\n"


@dataclass(slots=True)
class Sink:
    """The mails received, and the manner of the server: change it while it runs."""

    refused: frozenset[str] = frozenset()
    refuse_all: bool = False
    silent: bool = False
    drop_after_data: bool = False
    mute_after_data: bool = False
    slowness: float = 0
    texts: list[tuple[str, str]] = field(default_factory=list)
    rng: Random = field(default_factory=lambda: Random(47))  # noqa: S311 -- how long the server thinks

    @property
    def copies(self) -> Counter[tuple[str, str]]:
        """How often each message came for each address."""
        return Counter(self.texts)

    @property
    def duplicates(self) -> int:
        return sum(times - 1 for times in self.copies.values())

    def refuses(self, address: str) -> bool:
        return self.refuse_all or address in self.refused


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    sink: Sink


class _Session(socketserver.StreamRequestHandler):
    server: _Server

    def handle(self) -> None:
        try:
            self._talk()
        except OSError:
            return

    def _talk(self) -> None:
        if self.server.sink.silent:
            time.sleep(60)
            return
        self._say("220 sink")
        address = ""
        while line := self.rfile.readline(2000):
            verb, words = line[:4].upper().strip(), line.decode("utf-8", "replace")
            if verb == b"RCPT":
                address = words.partition("<")[2].partition(">")[0]
                self._say(REFUSAL if self.server.sink.refuses(address) else "250 2.1.5 ok")
            elif verb == b"DATA":
                self._say("354 go on")
                if not self._keep(address):
                    return
            elif verb == b"QUIT":
                self._say("221 bye")
                return
            else:
                self._say("250 ok")

    def _keep(self, address: str) -> bool:
        """Note the text as received, then answer, late or never; whether the line still stands."""
        lines: list[bytes] = []
        while (line := self.rfile.readline(100_000)) != _DATA_END:
            if not line:
                return False
            lines.append(line)
        sink = self.server.sink
        sink.texts.append((str(message_from_bytes(b"".join(lines))["Message-ID"]), address))
        if sink.drop_after_data:
            return False
        if sink.mute_after_data:
            time.sleep(60)
            return False
        time.sleep(sink.rng.uniform(0, sink.slowness))
        self._say("250 2.0.0 kept")
        return True

    def _say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())


@contextmanager
def listening(sink: Sink, port: int = 0) -> Iterator[int]:
    """The server, in a thread, at that port or a free one."""
    with _Server(("127.0.0.1", port), _Session) as server:
        server.sink = sink
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield server.server_address[1]
        finally:
            server.shutdown()
            thread.join()
