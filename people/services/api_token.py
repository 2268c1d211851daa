"""Keys of the API: at most the rights of their owner, one year, shown once."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction

from config import clock
from people.enums import TokenScope
from people.models import ApiToken, User
from people.services import audit

PREFIX = "cadran_"
_USE_GRAIN = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class NewToken:
    """The only time the key itself exists outside its owner's hands."""

    token: ApiToken
    key: str


@transaction.atomic
def create_token(*, owner: User, name: str, scopes: Sequence[TokenScope], days: int) -> NewToken:
    key = PREFIX + secrets.token_urlsafe(32)
    now = clock.now()
    token = ApiToken(
        owner=owner,
        name=name.strip(),
        digest=_digest(key),
        hint=key[-4:],
        scopes=[str(scope) for scope in scopes],
        created_at=now,
        expires_at=now + timedelta(days=days),
    )
    token.full_clean()
    token.save(force_insert=True)
    audit.record(by=owner, verb="api_token.created", target=token, data={"scopes": token.scopes, "days": days})
    return NewToken(token, key)


@transaction.atomic
def revoke_token(*, token: ApiToken, by: User) -> None:
    """The key stops working with the next request."""
    if ApiToken.objects.filter(pk=token.pk, revoked_at__isnull=True).update(revoked_at=clock.now()):
        audit.record(by=by, verb="api_token.revoked", target=token)


def find_token(key: str) -> ApiToken | None:
    """The usable token of that key; notes its use at most every five minutes."""
    now = clock.now()
    token = ApiToken.objects.usable(now).select_related("owner").filter(digest=_digest(key)).first()
    if token and (token.last_used is None or now - token.last_used > _USE_GRAIN):
        ApiToken.objects.filter(pk=token.pk).update(last_used=now)
    return token


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
