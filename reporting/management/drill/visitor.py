"""Somebody at a browser: a session, the form as it came, an answer or the lack of one."""

from __future__ import annotations

import http.client
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

from people.models import User
from reporting.management.bench.pages import edited_form
from reporting.management.bench.probes import cookie_of

TIMEOUT = 40
ONCE = "once"
Fields = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back; status 0 when the line broke."""

    status: int
    text: str = ""
    reference: str = ""

    @property
    def saved(self) -> bool:
        return self.status == 303

    @property
    def says_reference(self) -> bool:
        """Whether the page shows the number that the logs carry."""
        return bool(self.reference) and self.reference in self.text


@dataclass(slots=True)
class Visitor:
    """One logged-in person and the server on that port."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)

    @classmethod
    def named(cls, port: int, user: User) -> Visitor:
        name, _equals, value = cookie_of(user).partition("=")
        return cls(port, {name: value})

    def get(self, path: str) -> Reply:
        return self._ask("GET", path, "")

    def form(self, path: str) -> Fields:
        """The edit form of the page, with its once key and its token."""
        return edited_form(self.get(path).text)

    def post(self, path: str, fields: Fields) -> Reply:
        return self._ask("POST", path, urlencode(fields), "application/x-www-form-urlencoded")

    def upload(self, path: str, fields: Fields, name: str, content: bytes) -> Reply:
        """The fields and one file."""
        mark = secrets.token_hex(12)
        parts = [
            f'--{mark}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n' for key, value in fields
        ]
        head = f'--{mark}\r\nContent-Disposition: form-data; name="{name}"; filename="drill.csv"\r\n\r\n'
        body = "".join(parts).encode() + head.encode() + content + f"\r\n--{mark}--\r\n".encode()
        return self._ask("POST", path, body, f"multipart/form-data; boundary={mark}")

    def _ask(self, method: str, path: str, body: str | bytes, kind: str = "") -> Reply:
        link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=TIMEOUT)
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        headers = {"Cookie": cookies, **({"Content-Type": kind} if kind else {})}
        try:
            link.request(method, path, body or None, headers)
            answer = link.getresponse()
            text = answer.read().decode("utf-8", "replace")
        except (OSError, http.client.HTTPException):
            return Reply(0)
        finally:
            link.close()
        self._keep(answer.headers.get_all("Set-Cookie") or [])
        return Reply(answer.status, text, reference=answer.headers.get("X-Request-ID", ""))

    def _keep(self, given: Sequence[str]) -> None:
        for line in given:
            name, _equals, value = line.partition(";")[0].partition("=")
            self.cookies[name] = value


def changed(fields: Fields, **values: str) -> Fields:
    """The form with other values typed in."""
    return [(name, values.get(name, value)) for name, value in fields]


def sent_anew(fields: Fields) -> Fields:
    """The same form from another tab: a once key of its own."""
    return changed(fields, **{ONCE: secrets.token_hex(16)})
