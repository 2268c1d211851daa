"""An OpenID Connect provider on the loopback: discovery, log-in page, code with PKCE, signed identity token, keys."""

from __future__ import annotations

import base64
import hashlib
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT, SECRET = "cadran", "mot de passe du client"


@dataclass
class Provider:
    """Who is logged in there, and what it was asked."""

    address: str = ""
    email: str = ""
    email_verified: bool = True
    refuses: bool = False
    audience: str = CLIENT
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    traded: list[dict[str, str]] = field(default_factory=list)

    @cached_property
    def key(self) -> rsa.RSAPrivateKey:
        return rsa.generate_private_key(public_exponent=65537, key_size=2048)

    @property
    def settings(self) -> dict[str, Any]:
        app = {"provider_id": "sso", "name": "Annuaire", "client_id": CLIENT, "secret": SECRET}
        return {
            "openid_connect": {
                "OAUTH_PKCE_ENABLED": True,
                "APPS": [{**app, "settings": {"server_url": self.address}}],
            }
        }

    def discovery(self) -> dict[str, Any]:
        return {
            "issuer": self.address,
            "authorization_endpoint": f"{self.address}/authorize",
            "token_endpoint": f"{self.address}/token",
            "userinfo_endpoint": f"{self.address}/userinfo",
            "jwks_uri": f"{self.address}/keys",
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
            "response_types_supported": ["code"],
            "id_token_signing_alg_values_supported": ["RS256"],
        }

    def claims(self) -> dict[str, Any]:
        return {"sub": f"annuaire-{self.email}", "email": self.email, "email_verified": self.email_verified}

    def authorize(self, asked: dict[str, str]) -> str:
        """Where the browser goes next: back, with a code or a refusal."""
        back = {"state": asked["state"]}
        if self.refuses:
            back["error"] = "access_denied"
        else:
            back["code"] = f"code-{len(self.codes) + 1}"
            self.codes[back["code"]] = asked
        return f"{asked['redirect_uri']}?{urlencode(back)}"

    def trade(self, asked: dict[str, str]) -> dict[str, Any] | None:
        """A code for tokens, once, to the client who can prove that he asked for it."""
        first = self.codes.pop(asked.get("code", ""), None)
        digest = hashlib.sha256(asked.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        known = (asked.get("client_id"), asked.get("client_secret")) == (CLIENT, SECRET)
        if first is None or not known or first.get("code_challenge") != challenge:
            return None
        self.traded.append(asked)
        now = int(time.time())
        token = {**self.claims(), "iss": self.address, "aud": self.audience, "iat": now, "exp": now + 300}
        signed = jwt.encode(token, self.key, algorithm="RS256", headers={"kid": "1"})
        return {"access_token": "jeton", "token_type": "Bearer", "expires_in": 300, "id_token": signed}

    def keys(self) -> dict[str, Any]:
        public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key()))
        return {"keys": [{**public, "kid": "1", "use": "sig", "alg": "RS256"}]}


def _handler(provider: Provider) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            address = urlsplit(self.path)
            match address.path:
                case "/.well-known/openid-configuration":
                    self.answer(provider.discovery())
                case "/authorize":
                    asked = {name: values[0] for name, values in parse_qs(address.query).items()}
                    self.send_response(302)
                    self.send_header("Location", provider.authorize(asked))
                    self.end_headers()
                case "/keys":
                    self.answer(provider.keys())
                case "/userinfo":
                    self.answer(provider.claims())
                case _:
                    self.answer({}, 404)

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            tokens = provider.trade({name: values[0] for name, values in parse_qs(body).items()})
            self.answer(tokens or {"error": "invalid_grant"}, 200 if tokens else 400)

        def answer(self, content: dict[str, Any], status: int = 200) -> None:
            data = json.dumps(content).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, format: str, *args: Any) -> None:
            """Nothing: a test says what it needs."""

    return Handler


@contextmanager
def identity_provider() -> Iterator[Provider]:
    provider = Provider()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(provider))
    provider.address = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
