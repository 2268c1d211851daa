"""A server on the loopback that speaks Jira Cloud's search: pages by token, and does badly what a test tells it to."""

from __future__ import annotations

import json
import threading
import time
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

EMAIL, TOKEN = "robot@example.org", "jeton-secret-42"


@dataclass
class FakeJira:
    """`script` holds what the next requests meet, in order; then all is well. `requests` are those that came."""

    issues: list[dict[str, Any]]
    page: int = 2
    histories_in_search: int = 2
    script: list[Any] = field(default_factory=list)
    requests: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    url: str = ""

    def answer(self, path: str, query: dict[str, str]) -> dict[str, Any]:
        if path == "/rest/api/3/search/jql":
            start = int(query.get("nextPageToken", "t0")[1:])
            shown = [self.shown(one) for one in self.issues[start : start + self.page]]
            following = start + self.page
            if following >= len(self.issues):
                return {"issues": shown, "isLast": True}
            return {"issues": shown, "isLast": False, "nextPageToken": f"t{following}"}
        key, start = path.split("/")[-2], int(query["startAt"])
        whole = next(one for one in self.issues if one["key"] == key)["changelog"]["histories"]
        values = whole[start : start + 3]
        return {"values": values, "isLast": start + 3 >= len(whole), "total": len(whole)}

    def shown(self, issue: dict[str, Any]) -> dict[str, Any]:
        histories = issue.get("changelog", {}).get("histories", [])
        part = histories[-self.histories_in_search :]
        return {**issue, "changelog": {"histories": part, "total": len(histories), "maxResults": len(part)}}


class _Handler(BaseHTTPRequestHandler):
    jira: FakeJira

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        self.jira.requests.append((parts.path, query))
        expected = "Basic " + b64encode(f"{EMAIL}:{TOKEN}".encode()).decode()
        if self.headers["Authorization"] != expected:
            self.send(401, b'{"errorMessages": ["no"]}')
            return
        step = self.jira.script.pop(0) if self.jira.script else "well"
        body = json.dumps(self.jira.answer(parts.path, query)).encode()
        if isinstance(step, tuple):
            self.send(step[0], b"<html>oops</html>", step[1])
        elif step == "cut":
            self.send(200, body[: len(body) // 2], length=len(body))
        elif step == "half":
            self.send(200, body[: len(body) // 2])
        elif step == "slow":
            time.sleep(1.5)
            self.send(200, body)
        elif step == "hang up":
            self.close_connection = True
        elif isinstance(step, bytes):
            self.send(200, step)
        else:
            self.send(200, body)

    def send(self, status: int, body: bytes, headers: dict[str, str] | None = None, length: int | None = None) -> None:
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body) if length is None else length))
        self.end_headers()
        try:
            self.wfile.write(body)
        except (BrokenPipeError, ConnectionResetError):
            return

    def log_message(self, *_args: Any) -> None:
        return


@contextmanager
def jira_server(issues: list[dict[str, Any]], **options: Any) -> Iterator[FakeJira]:
    jira = FakeJira(issues, **options)
    handler = type("Handler", (_Handler,), {"jira": jira})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    jira.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield jira
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
