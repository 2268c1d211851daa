"""A write request repeated with the same key gets the first answer again and writes nothing."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from people.models import IdempotencyKey, User


@dataclass(frozen=True, slots=True)
class Answer:
    """What is stored and given again: status, JSON body, address of the result; nothing is stored unless `kept`."""

    status: int
    body: Any = None
    location: str = ""
    repeated: bool = False
    kept: bool = True


class KeyReused(Exception):  # noqa: N818 -- named as what happened
    """The key already served for another request: 422."""

    def __init__(self) -> None:
        super().__init__(_("Cette clé d’idempotence a déjà servi pour une autre demande."))


def request_hash(method: str, path: str, body: bytes) -> str:
    """What makes two requests the same one."""
    digest = hashlib.sha256(f"{method.upper()} {path}\n".encode())
    digest.update(body)
    return digest.hexdigest()


@transaction.atomic
def run_once(*, user: User, key: str, request_hash: str, action: Callable[[], Answer]) -> Answer:
    """Run the action and keep its answer in the same transaction; a second call waits for the first and repeats it.

    An exception keeps nothing, so the request may be tried again with the same key.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [user.pk % 2**31, key])
    known = IdempotencyKey.objects.filter(user=user, key=key).first()
    if known is not None:
        if known.request_hash != request_hash:
            raise KeyReused
        return Answer(known.status, known.body, known.location, repeated=True)
    answer = action()
    if not answer.kept:
        return answer
    IdempotencyKey.objects.create(
        user=user,
        key=key,
        request_hash=request_hash,
        status=answer.status,
        body=answer.body,
        location=answer.location,
    )
    return answer
