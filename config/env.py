"""Strict readers of environment variables: a value is right, defaulted or refused with a hint; never guessed."""

import contextlib
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

_TRUE = frozenset({"1", "true", "yes", "on"})
_FALSE = frozenset({"0", "false", "no", "off", ""})
_WITHOUT_SERVER = {
    "console": "django.core.mail.backends.console.EmailBackend",
    "memory": "django.core.mail.backends.locmem.EmailBackend",
}


class Environment:
    """Environment variables of one process; `NAME_FILE` names a file holding the value of `NAME`."""

    def __init__(self, values: Mapping[str, str] | None = None) -> None:
        self._values = os.environ if values is None else values

    def get(self, name: str) -> str | None:
        """Value of `name` or the content of the file `name`_FILE; None when neither is set."""
        value = self._values.get(name)
        path = self._values.get(f"{name}_FILE")
        if value is not None and path is not None:
            raise ImproperlyConfigured(f"Set {name} or {name}_FILE, not both.")
        if path is None:
            return value
        try:
            return Path(path).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise ImproperlyConfigured(f"{name}_FILE names {path}, which cannot be read: {error.strerror}.") from error

    def text(self, name: str, default: str | None = None, *, hint: str = "") -> str:
        value = self.get(name)
        if value:
            return value
        if default is None:
            raise ImproperlyConfigured(f"{name} is missing. {hint}".strip())
        return default

    def boolean(self, name: str, *, default: bool) -> bool:
        value = self.get(name)
        if value is None:
            return default
        word = value.strip().lower()
        if word in _TRUE or word in _FALSE:
            return word in _TRUE
        raise ImproperlyConfigured(f"{name} must be 1 or 0, not {value!r}.")

    def integer(self, name: str, default: int, *, low: int = 0, high: int = 2**31) -> int:
        value = self.get(name)
        if not value:
            return default
        if not value.strip().isdecimal() or not low <= int(value) <= high:
            raise ImproperlyConfigured(f"{name} must be a whole number from {low} to {high}, not {value!r}.")
        return int(value)

    def words(self, name: str, default: list[str] | None = None, *, hint: str = "") -> list[str]:
        """Comma-separated values, blanks dropped."""
        value = self.get(name)
        if value and (found := [word.strip() for word in value.split(",") if word.strip()]):
            return found
        if default is None:
            raise ImproperlyConfigured(f"{name} is missing. {hint}".strip())
        return default


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mail leaves by: the parts of EMAIL_URL."""

    backend: str
    host: str = ""
    port: int = 25
    user: str = ""
    password: str = ""
    start_tls: bool = False
    ssl: bool = False
    folder: str = ""


def mail_server(url: str) -> MailServer:
    """Read `console://`, `memory://`, `file:///folder`, `smtp://`, `smtp+tls://` (STARTTLS) or `smtps://`."""
    parts = urlsplit(url)
    if parts.scheme in _WITHOUT_SERVER:
        return MailServer(_WITHOUT_SERVER[parts.scheme])
    if parts.scheme == "file" and parts.path:
        return MailServer("django.core.mail.backends.filebased.EmailBackend", folder=unquote(parts.path))
    ports = {"smtp": 25, "smtp+tls": 587, "smtps": 465}
    if parts.scheme not in ports or not parts.hostname:
        raise ImproperlyConfigured("EMAIL_URL must be as in smtp+tls://user:password@mail.example.org:587.")
    return MailServer(
        backend="django.core.mail.backends.smtp.EmailBackend",
        host=parts.hostname,
        port=parts.port or ports[parts.scheme],
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        start_tls=parts.scheme == "smtp+tls",
        ssl=parts.scheme == "smtps",
    )


def own_secret(path: Path) -> str:
    """A random secret of this installation, kept in a 0600 file; the same one at each call."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    with contextlib.suppress(FileExistsError):
        if not path.exists():
            draft.touch(mode=0o600)
            draft.write_text(secrets.token_urlsafe(48), encoding="ascii")
            os.link(draft, path)
    draft.unlink(missing_ok=True)
    return path.read_text(encoding="ascii")
