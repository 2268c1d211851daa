"""A mail server on the loopback that does as a test tells it: accepts, refuses, is busy, hangs up or says nothing."""

from __future__ import annotations

import asyncio
import email
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller
from django.conf import settings

BACKEND = "django.core.mail.backends.smtp.EmailBackend"


@dataclass
class Sink:
    """Keeps what it accepted; `texts` also counts what it received and then hung up on."""

    refused: dict[str, str] = field(default_factory=dict)
    busy: int = 0
    hang_up: bool = False
    silent: bool = False
    answer: str = "250 2.0.0 gardé"
    texts: list[tuple[str, EmailMessage]] = field(default_factory=list)
    sessions: int = 0

    async def handle_MAIL(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        self.sessions += 1
        envelope.mail_from = address
        return "250 2.1.0 ok"

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        if address in self.refused:
            return self.refused[address]
        if self.busy:
            self.busy -= 1
            return "451 4.7.1 revenez plus tard"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 ok"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        parsed = email.message_from_bytes(envelope.content, policy=default)
        self.texts.append((envelope.rcpt_tos[0], parsed))  # type: ignore[arg-type]
        if self.hang_up:
            server.transport.abort()
        if self.silent:
            await asyncio.sleep(30)
        return self.answer

    def of(self, address: str) -> list[EmailMessage]:
        return [message for one, message in self.texts if one == address]


@contextmanager
def running(sink: Sink) -> Iterator[Sink]:
    """The server, and settings that send mail to it."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(sink, hostname="127.0.0.1", port=port)
    controller.start()
    before = {name: getattr(settings, name) for name in ("EMAIL_BACKEND", "EMAIL_HOST", "EMAIL_PORT", "EMAIL_TIMEOUT")}
    settings.EMAIL_BACKEND, settings.EMAIL_HOST = BACKEND, "127.0.0.1"
    settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = port, 1
    try:
        yield sink
    finally:
        controller.stop(no_assert=True)
        for name, value in before.items():
            setattr(settings, name, value)
