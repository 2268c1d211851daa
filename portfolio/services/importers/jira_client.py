"""Jira Cloud's REST API, read only: the issues of one project with their changelog, page after page.

The one address that is ever called comes from the settings; redirections are not followed, proxies of the environment
are not asked, the certificate is checked, and what comes back is bounded in bytes, pages and time. Nothing of the token
appears in an error, a log or the database. See docs/jira.md.
"""

from __future__ import annotations

import http.client
import json
import re
import ssl
import time
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import SplitResult, quote, urlencode, urlsplit

from django.conf import settings

from portfolio.engines.jira_item import MOST_ISSUES
from portfolio.models.jira import JIRA_PROJECT
from portfolio.services.importers.jira_reading import Document
from portfolio.services.importers.refusals import ImportRefusedError

SEARCH = "/rest/api/3/search/jql"
FIELDS = (
    *("summary", "issuetype", "status", "resolution", "resolutiondate", "statuscategorychangedate"),
    *("created", "updated", "parent", "components", "fixVersions"),
)
CHANGES = frozenset(("status", "parent", "epic link", "issueparentassociation", "component", "fix version"))
PAGE, MOST_PAGES, MOST_BYTES = 100, 400, 10 * 1024 * 1024
CONNECT_SECONDS, WHOLE_SECONDS, ATTEMPTS, LONGEST_PAUSE = 10.0, 90.0, 4, 30.0
_LOOPBACK = frozenset(("127.0.0.1", "::1", "localhost"))
_PASSING = frozenset((408, 425, 429, 500, 502, 503, 504))


@dataclass(frozen=True, slots=True)
class JiraAccess:
    """Where Jira is and who asks; the token shows in no representation."""

    base_url: str
    email: str = ""
    token: str = field(default="", repr=False)

    @classmethod
    def of_settings(cls) -> JiraAccess | None:
        """None where no Jira is configured."""
        url = settings.JIRA_BASE_URL
        return cls(url, settings.JIRA_EMAIL, settings.JIRA_API_TOKEN) if url and settings.JIRA_API_TOKEN else None

    def authorization(self) -> str:
        if self.email:
            return "Basic " + b64encode(f"{self.email}:{self.token}".encode()).decode("ascii")
        return f"Bearer {self.token}"


class _PassingError(Exception):
    """Try again, after so many seconds if the server said."""

    def __init__(self, code: str, after: float | None = None) -> None:
        super().__init__(code)
        self.code, self.after = code, after


@dataclass(slots=True)
class JiraCloud:
    """A source of the issues of one Jira project."""

    access: JiraAccess
    jira_project: str
    pause: Callable[[float], None] = time.sleep
    seconds: float = WHOLE_SECONDS
    until: float = field(init=False, repr=False, default=0.0)

    def document(self) -> Document:
        """All issues of the project as one answer of the search, reduced to what is read."""
        if not re.fullmatch(JIRA_PROJECT, self.jira_project):
            raise ImportRefusedError("jira_no_project")
        self.until = time.monotonic() + self.seconds
        issues = [self.whole(issue) for issue in self.found()]
        data = json.dumps({"issues": issues}, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
        return Document(f"{self.jira_project} (Jira)", data, is_complete=True)

    def found(self) -> Iterator[dict[str, Any]]:
        """The issues of every page; a page that names itself as the next one is no end, but an error."""
        token, seen, count = "", set(), 0
        for _page in range(MOST_PAGES):
            page = self.get(SEARCH, self.query(token))
            issues = page.get("issues")
            if not isinstance(issues, list):
                raise ImportRefusedError("jira_unreadable")
            count += len(issues)
            if count > MOST_ISSUES:
                raise ImportRefusedError("too_many_issues", limit=MOST_ISSUES)
            yield from (issue for issue in issues if isinstance(issue, dict))
            following = page.get("nextPageToken")
            if not following or page.get("isLast") is True:
                return
            if not isinstance(following, str) or following in seen:
                raise ImportRefusedError("jira_unreadable")
            seen.add(following)
            token = following
        raise ImportRefusedError("too_many_issues", limit=MOST_PAGES * PAGE)

    def query(self, token: str) -> dict[str, str]:
        stated = {
            "jql": f'project = "{self.jira_project}" ORDER BY key ASC',
            "fields": ",".join(FIELDS),
            "expand": "changelog",
            "maxResults": str(PAGE),
        }
        return {**stated, "nextPageToken": token} if token else stated

    def whole(self, issue: dict[str, Any]) -> dict[str, Any]:
        """The issue with the whole of its changelog, of which the search gives the latest part only."""
        fields = issue.get("fields")
        kept = {
            "id": issue.get("id"),
            "key": issue.get("key"),
            "fields": {name: fields.get(name) for name in FIELDS} if isinstance(fields, dict) else {},
        }
        log = issue.get("changelog")
        if not isinstance(log, dict) or not isinstance(log.get("histories"), list):
            return kept
        histories, total = log["histories"], log.get("total")
        if type(total) is int and total > len(histories) and isinstance(kept["key"], str):
            histories = list(self.histories(kept["key"]))
        return {**kept, "changelog": {"histories": [slim for one in histories if (slim := _slim(one))]}}

    def histories(self, key: str) -> Iterator[Any]:
        start = 0
        for _page in range(MOST_PAGES):
            page = self.get(f"/rest/api/3/issue/{quote(key, safe='')}/changelog", {"startAt": str(start)})
            values = page.get("values")
            if not isinstance(values, list):
                raise ImportRefusedError("jira_unreadable")
            yield from values
            start += len(values)
            if page.get("isLast") is True or not values:
                return

    def get(self, path: str, query: Mapping[str, str]) -> dict[str, Any]:
        """One answer; what passes is tried again, within the time there is."""
        wait = 1.0
        for attempt in range(1, ATTEMPTS + 1):
            try:
                return self.once(path, query)
            except _PassingError as error:
                after = wait if error.after is None else error.after
                is_over = attempt == ATTEMPTS or after > LONGEST_PAUSE or time.monotonic() + after > self.until
                if is_over:
                    raise ImportRefusedError(error.code, seconds=round(after)) from error
                self.pause(after)
                wait *= 2
        raise ImportRefusedError("jira_away", seconds=0)

    def once(self, path: str, query: Mapping[str, str]) -> dict[str, Any]:
        parts = urlsplit(self.access.base_url)
        connection = _connection(parts, min(CONNECT_SECONDS, self.left()))
        headers = {
            "Accept": "application/json",
            "Authorization": self.access.authorization(),
            "User-Agent": "Cadran",
            "Connection": "close",
        }
        try:
            connection.request("GET", f"{parts.path.rstrip('/')}{path}?{urlencode(query)}", headers=headers)
            with closing(connection.getresponse()) as answer:
                body = self.body(answer)
        except ssl.SSLCertVerificationError as error:
            raise ImportRefusedError("jira_certificate") from error
        except TimeoutError as error:
            raise _PassingError("jira_slow") from error
        except (OSError, http.client.HTTPException) as error:
            raise _PassingError("jira_away") from error
        finally:
            connection.close()
        _refuse_status(answer)
        return _object(body)

    def body(self, answer: http.client.HTTPResponse) -> bytes:
        """The whole body, or what stops it: its size, the time, a connection cut before its end."""
        parts, size = [], 0
        while chunk := answer.read1(65_536):
            size += len(chunk)
            if size > MOST_BYTES:
                raise ImportRefusedError("jira_too_big", limit=MOST_BYTES // 1024 // 1024)
            self.left()
            parts.append(chunk)
        stated = answer.headers.get("Content-Length", "")
        if stated.isdecimal() and size < int(stated):
            raise _PassingError("jira_unreadable")
        return b"".join(parts)

    def left(self) -> float:
        seconds = self.until - time.monotonic()
        if seconds <= 0:
            raise ImportRefusedError("jira_slow")
        return seconds


def _connection(address: SplitResult, seconds: float) -> http.client.HTTPConnection:
    """Encrypted, unless the server is this very machine."""
    host = address.hostname or ""
    try:
        port = address.port
    except ValueError as error:
        raise ImportRefusedError("jira_address") from error
    if address.scheme == "https" and host:
        return http.client.HTTPSConnection(host, port, timeout=seconds, context=ssl.create_default_context())
    if address.scheme == "http" and host in _LOOPBACK:
        return http.client.HTTPConnection(host, port, timeout=seconds)
    raise ImportRefusedError("jira_address")


def _refuse_status(answer: http.client.HTTPResponse) -> None:
    status = answer.status
    if status == 200:
        return
    if status in _PASSING:
        stated = answer.headers.get("Retry-After", "")
        raise _PassingError(
            "jira_busy" if status == 429 else "jira_away", float(stated) if stated.isdecimal() else None
        )
    if status in (401, 403):
        raise ImportRefusedError("jira_unauthorised")
    if status == 400:
        raise ImportRefusedError("jira_unknown_project")
    raise ImportRefusedError("jira_answer", status=status)


def _object(body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise _PassingError("jira_unreadable") from error
    if not isinstance(found, dict):
        raise ImportRefusedError("jira_unreadable")
    return found


def _slim(history: Any) -> dict[str, Any] | None:
    """The day of a history and the changes that are read; nobody's name."""
    if not isinstance(history, dict) or not isinstance(history.get("items"), list):
        return None
    items = [
        {name: item.get(name) for name in ("field", "from", "fromString", "to", "toString")}
        for item in history["items"]
        if isinstance(item, dict) and str(item.get("field")).casefold() in CHANGES
    ]
    return {"created": history.get("created"), "items": items} if items else None
