"""The way out for one mail, phase by phase: until the text is handed over nothing was sent; after that, who knows."""

import contextlib
import re
import smtplib
import socket
import ssl
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection

_SMTP_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
_CHUNK = 32_768
_ANSWER_PATIENCE = 3  # the last answer may take longer: many servers scan the text before they give it


class Refused(Exception):  # noqa: N818 -- named as what happened
    """The server said no for good to this sender, address or text; its words."""


class NotNow(Exception):  # noqa: N818 -- named as what happened
    """No connection, or the server said no for now: nothing was sent; why."""


class AnswerLost(Exception):  # noqa: N818 -- named as what happened
    """The text was handed over, or partly, and no answer came: it may have arrived; why."""


Handing = Callable[[], None]


def deliver(message: EmailMessage, *, sender: str, recipient: str, handing: Handing) -> str:
    """Give the message to the configured server for one address; its words of acceptance.

    `handing` is called once the address is accepted, just before the text: if it raises, nothing is sent.
    """
    if settings.EMAIL_BACKEND == _SMTP_BACKEND:
        with _connected() as server:
            return _transact(server, message, sender, recipient, handing)
    handing()
    parcel = _Parcel(str(message["Subject"]), "", sender, [recipient])
    parcel.wrap(message)
    get_connection().send_messages([parcel])
    return f"250 {settings.EMAIL_BACKEND.rsplit('.', 2)[-2]}"


@contextlib.contextmanager
def _connected() -> Iterator[smtplib.SMTP]:
    """A session that has greeted, and logged in where asked; whatever fails until then is NotNow."""
    server = None
    try:
        server = _open()
        server.ehlo_or_helo_if_needed()
        if settings.EMAIL_USE_TLS:
            server.starttls(context=ssl.create_default_context())
            server.ehlo()
        if settings.EMAIL_HOST_USER:
            server.login(settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD)
    except (OSError, smtplib.SMTPException) as error:
        if server is not None:
            server.close()
        raise NotNow(_words(error)) from error
    try:
        yield server
    finally:
        _leave(server)


def _open() -> smtplib.SMTP:
    host, port, timeout = settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT
    name = urlsplit(settings.BASE_URL).hostname or "localhost"  # else smtplib asks the DNS for its own name
    if settings.EMAIL_USE_SSL:
        return smtplib.SMTP_SSL(host, port, name, timeout=timeout, context=ssl.create_default_context())
    return smtplib.SMTP(host, port, name, timeout)


def _transact(server: smtplib.SMTP, message: EmailMessage, sender: str, recipient: str, handing: Handing) -> str:
    try:
        _accepted(server.mail(sender), {250})
        _accepted(server.rcpt(recipient), {250, 251})
        handing()
        _accepted(server.docmd("DATA"), {354})
    except (OSError, smtplib.SMTPException) as error:
        raise NotNow(_words(error)) from error
    try:
        for piece in _pieces(message.as_bytes()):
            server.send(piece)
        _be_patient(server)
        answer = server.getreply()
    except (OSError, smtplib.SMTPException) as error:
        raise AnswerLost(_words(error)) from error
    return _accepted(answer, {250})


def _accepted(answer: tuple[int, bytes], wanted: set[int]) -> str:
    code, words = answer
    reply = f"{code} {words.decode('utf-8', 'replace')}".strip()
    if code in wanted:
        return reply
    raise Refused(reply) if code // 100 == 5 else NotNow(reply)


def _pieces(content: bytes) -> Iterator[bytes]:
    """The text as it travels, leading dots doubled, with its closing dot; each piece has a time-out of its own."""
    whole = re.sub(rb"(?m)^\.", b"..", content)
    whole += b".\r\n" if whole.endswith(b"\r\n") else b"\r\n.\r\n"
    for start in range(0, len(whole), _CHUNK):
        yield whole[start : start + _CHUNK]


def _be_patient(server: smtplib.SMTP) -> None:
    if isinstance(server.sock, socket.socket):
        server.sock.settimeout(settings.EMAIL_TIMEOUT * _ANSWER_PATIENCE)


def _leave(server: smtplib.SMTP) -> None:
    """Say goodbye if the line still holds; how it goes changes nothing."""
    with contextlib.suppress(OSError, smtplib.SMTPException):
        if server.sock is not None:
            server.sock.settimeout(1)
        server.quit()
    server.close()


def _words(error: Exception) -> str:
    """The server's own words where it spoke, else what the line said."""
    if isinstance(error, smtplib.SMTPResponseException):
        text = error.smtp_error.decode("utf-8", "replace") if isinstance(error.smtp_error, bytes) else error.smtp_error
        return f"{error.smtp_code} {text}".strip()
    return str(error) or type(error).__name__


class _Parcel(EmailMultiAlternatives):
    """Our own message inside Django's envelope, for the backends that print or keep mail."""

    def wrap(self, message: EmailMessage) -> None:
        self._mime = message
        self.body = _part(message, "plain")
        if html := _part(message, "html"):
            self.attach_alternative(html, "text/html")
        for part in message.iter_attachments():
            self.attach(part.get_filename() or "", part.get_content(), part.get_content_type())
        self.extra_headers = {"Message-ID": str(message["Message-ID"])}

    def message(self, **_options: Any) -> Any:
        return self._mime


def _part(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    return str(part.get_content()) if part is not None else ""
