"""One mail as bytes: built by the standard library's policy, so that no typed text becomes a header."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

_POLICY = SMTP.clone(cte_type="7bit")
_SPECIALS = re.compile(r'[()<>\[\]:;@\\,"]')
"""Signs that mean something in an address: a long name is folded without its quotes."""
_CALENDAR = "text/calendar; method="
_DIRECTION = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A file that goes with a mail."""

    name: str
    content: bytes
    content_type: str


@dataclass(frozen=True, slots=True)
class Letter:
    """What is sent to one address; plain values, as kept in the row."""

    message_id: str
    sender: str
    address: str
    subject: str
    text: str
    html: str
    language: str
    written_at: datetime
    name: str = ""
    enclosures: Sequence[Enclosure] = ()


def one_line(text: str, limit: int) -> str:
    """The text without control or direction signs, on one line, cut at `limit` with an ellipsis."""
    words = "".join(" " if sign.isspace() else sign for sign in text if sign.isspace() or _printable(sign))
    line = " ".join(words.split())
    return line if len(line) <= limit else f"{line[: limit - 1].rstrip()}…"


def body(text: str) -> str:
    """The text as it may be stored and sent: line ends and tabs are the only control signs."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(sign for sign in plain if sign in "\n\t" or _printable(sign))


def ascii_address(address: str) -> str:
    """The address with its domain as the mail servers know it; ValueError if it cannot be written so."""
    local, _at, domain = address.strip().rpartition("@")
    if not local or not domain or not local.isascii() or re.search(r"[\s<>()\[\],;:\\\"]", local):
        raise ValueError(address)
    return f"{local}@{domain.encode('idna').decode('ascii')}"


def mime(letter: Letter) -> EmailMessage:
    """The message: plain text, its HTML twin if there is one, then the files.

    A calendar entry stands twice, as RFC 6047 readers expect it: as another form of the text, and as a file.
    """
    message = EmailMessage(policy=_POLICY)
    message["Message-ID"] = letter.message_id
    message["Date"] = format_datetime(letter.written_at)
    message["From"] = letter.sender
    message["To"] = Address(one_line(_SPECIALS.sub(" ", letter.name), 80), addr_spec=ascii_address(letter.address))
    message["Subject"] = one_line(letter.subject, 200)
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    message["Content-Language"] = letter.language
    message.set_content(body(letter.text), cte="quoted-printable")
    if letter.html:
        message.add_alternative(body(letter.html), subtype="html", cte="quoted-printable")
    for one in letter.enclosures:
        if one.content_type.startswith(_CALENDAR):
            message.add_alternative(
                one.content.decode(), subtype="calendar", params={"method": one.content_type.removeprefix(_CALENDAR)}
            )
    for one in letter.enclosures:
        content_type = "application/ics" if one.content_type.startswith(_CALENDAR) else one.content_type
        kind, _slash, subtype = content_type.partition("/")
        message.add_attachment(one.content, maintype=kind, subtype=subtype, filename=file_name(one.name))
    return message


def file_name(name: str) -> str:
    """A name no mail program takes for a path."""
    return re.sub(r'[/\\:*?"<>|]', "-", one_line(name, 120)).strip(". ") or "document"


def _printable(sign: str) -> bool:
    return unicodedata.category(sign) not in ("Cc", "Cs") and sign not in _DIRECTION
