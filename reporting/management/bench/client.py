"""A load client that costs little beside what it measures: ready-made bytes out, the whole answer in."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

TIMEOUT = 60
_CHUNK = 1 << 16


class BadAnswerError(Exception):
    """The server answered something else than the page that was to be measured."""


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    head: str
    body: bytes

    def header(self, name: str) -> list[str]:
        lines = (line.partition(": ") for line in self.head.split("\r\n")[1:])
        return [value for key, _colon, value in lines if key.lower() == name.lower()]


@dataclass(frozen=True, slots=True)
class Latencies:
    """Milliseconds of one page, and the statuses that were not the expected ones."""

    milliseconds: list[float] = field(default_factory=list)
    errors: list[int] = field(default_factory=list)


def get(path: str, cookies: str) -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookies}\r\n\r\n".encode()


def post(path: str, cookies: str, fields: list[tuple[str, str]]) -> bytes:
    body = urlencode(fields).encode()
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookies}\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


class Connection:
    """One keep-alive connection; opened again when the server has closed it between two requests."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._socket = self._open()

    def _open(self) -> socket.socket:
        link = socket.create_connection(("127.0.0.1", self._port), timeout=TIMEOUT)
        link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return link

    def close(self) -> None:
        self._socket.close()

    def ask(self, request: bytes) -> Answer:
        try:
            self._socket.sendall(request)
            return self._read()
        except ConnectionError:
            self._socket.close()
            self._socket = self._open()
            self._socket.sendall(request)
            return self._read()

    def _read(self) -> Answer:
        data = b""
        while (end := data.find(b"\r\n\r\n")) < 0:
            data += self._more()
        head = data[:end].decode("latin-1")
        answer = Answer(int(head.split(" ", 2)[1]), head, b"")
        lengths = answer.header("content-length")
        if not lengths:
            raise BadAnswerError(f"an answer without a length: {head.splitlines()[0]}")
        parts, missing = [data[end + 4 :]], end + 4 + int(lengths[0]) - len(data)
        while missing > 0:
            parts.append(self._more())
            missing -= len(parts[-1])
        return Answer(answer.status, head, b"".join(parts))

    def _more(self) -> bytes:
        data = self._socket.recv(_CHUNK)
        if not data:
            raise ConnectionResetError
        return data


@dataclass(frozen=True, slots=True)
class Target:
    """One page of one server, for one person."""

    port: int
    request: bytes


def timed(connection: Connection, request: bytes, expected: int = 200) -> float:
    """Milliseconds from the first byte sent to the last one read."""
    started = time.perf_counter()
    answer = connection.ask(request)
    elapsed = (time.perf_counter() - started) * 1000
    if answer.status != expected:
        raise BadAnswerError(f"{request.split(b' HTTP')[0].decode()}: {answer.status}, not {expected}")
    return elapsed


def interleaved(targets: Mapping[str, Target], *, seconds: float, least: int = 20) -> dict[str, list[float]]:
    """One request to each target in turn, round after round, so that a noise of the machine meets them all alike."""
    connections = {port: Connection(port) for port in {target.port for target in targets.values()}}
    for _warm_up in range(5):
        for target in targets.values():
            timed(connections[target.port], target.request)
    found: dict[str, list[float]] = {name: [] for name in targets}
    until, rounds = time.perf_counter() + seconds, 0
    while rounds < least or time.perf_counter() < until:
        for name, target in targets.items():
            found[name].append(timed(connections[target.port], target.request))
        rounds += 1
    for connection in connections.values():
        connection.close()
    return found


def load(target: Target, *, clients: int, seconds: float) -> Latencies:
    """The page asked by `clients` at once, each on its own connection and without a pause."""
    found = Latencies()
    until = time.perf_counter() + seconds
    threads = [threading.Thread(target=_ask_until, args=(target, until, found)) for _client in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def _ask_until(target: Target, until: float, found: Latencies) -> None:
    connection = Connection(target.port)
    connection.ask(target.request)
    while (started := time.perf_counter()) < until:
        answer = connection.ask(target.request)
        found.milliseconds.append((time.perf_counter() - started) * 1000)
        if answer.status != 200:
            found.errors.append(answer.status)
    connection.close()
