"""The audit trail: the only writer of `AuditEntry`, and its verification."""

import json
import secrets
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, transaction
from django.db.models import Model, Q, QuerySet, TextField
from django.db.models.functions import Cast

from config import clock
from people.engines import audit_chain
from people.engines.audit_chain import Anchor, Link, Verdict
from people.engines.naming import Naming
from people.enums import Channel
from people.models import AuditEntry, User

_LOCK = 0x43414452414E  # one advisory lock for the whole chain, released with the transaction
_FIELDS = tuple(Link.__dataclass_fields__)
_ERASABLE = ("actor_label", "target_label", "data", "keys")
_channel: ContextVar[Channel | None] = ContextVar("audit_channel", default=None)
SYSTEM = "Cadran"


@dataclass(frozen=True, slots=True)
class ChainHead:
    """Number and hash of the last entry; the number rises with every act, so it also versions the portfolio."""

    number: int
    hash: str

    @property
    def short(self) -> str:
        """As printed in packs and accepted by `audit_verify --anchor`."""
        return f"{self.number}:{self.hash[:16]}"


@contextmanager
def via(channel: Channel) -> Iterator[None]:
    """Acts recorded inside carry this channel: set by the runner, the commands and the API."""
    token = _channel.set(channel)
    try:
        yield
    finally:
        _channel.reset(token)


def record(
    *,
    by: User | None,
    verb: str,
    target: Model | None = None,
    data: Mapping[str, object] | None = None,
    channel: Channel | None = None,
) -> AuditEntry:
    """Append one act to the chain, inside the caller's transaction: both are kept, or neither."""
    with transaction.atomic():
        hold()
        previous = head()
        link = Link(
            number=previous.number + 1,
            at=clock.now(),
            actor_id=by.pk if by else None,
            actor_label=_label(by) if by else SYSTEM,
            channel=str(channel or _channel.get() or _channel_of_process()),
            verb=verb,
            target_type=target._meta.label_lower if target is not None else "",
            target_id=str(target.pk) if target is not None else "",
            target_label=_clean(str(target))[:200] if target is not None else "",
            data=_plain(data or {}),
            seals={},
            keys={},
            previous_hash=previous.hash,
        )
        link = audit_chain.sealed(link, {part: secrets.token_hex(16) for part in audit_chain.parts(link)})
        values = {name: getattr(link, name) for name in _FIELDS}
        values["hash"] = audit_chain.link_hash(link)
        return AuditEntry.objects.create(**values)


def hold() -> None:
    """Until the transaction ends, nobody else writes an entry."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def forget(*, account_id: int | None, targets: Collection[tuple[str, str]], naming: Naming) -> dict[str, str]:
    """Destroy each part that names a person: as author, as one of the targets (type, id), or in its text.

    The caller must record the answer in the same transaction, as detail "entries" of an act `audit_chain.ERASED`:
    without that announcement the chain does not verify.
    """
    hold()
    erased: dict[str, list[int]] = {}
    changed = []
    for entry in _entries_naming(account_id, targets, naming):
        link = Link(*(getattr(entry, name) for name in _FIELDS))
        always = set()
        if account_id is not None and link.actor_id == account_id:
            always.add(audit_chain.ACTOR)
        if (link.target_type, link.target_id) in targets:
            always.add(audit_chain.TARGET)
        named = {part for part, value in audit_chain.parts(link).items() if part in always or naming.found_in(value)}
        for part in sorted(named & link.keys.keys()):
            erased.setdefault(part, []).append(link.number)
        after = audit_chain.without(link, named)
        if after.keys != link.keys:
            for name in _ERASABLE:
                setattr(entry, name, getattr(after, name))
            changed.append(entry)
    AuditEntry.objects.bulk_update(changed, _ERASABLE, batch_size=500)
    return {part: audit_chain.ranges(numbers) for part, numbers in erased.items()}


def head() -> ChainHead:
    """The last entry; number 0 before the first act."""
    row = AuditEntry.objects.order_by("-number").values_list("number", "hash").first()
    return ChainHead(*row) if row else ChainHead(0, audit_chain.GENESIS)


def verify(anchor: str | None = None) -> Verdict:
    """Recompute the whole chain; ValueError if the anchor is not one."""
    wanted: Anchor | None = audit_chain.parse_anchor(anchor) if anchor else None
    return audit_chain.verify(_links(), wanted)


def _links() -> Iterator[Link]:
    rows = AuditEntry.objects.order_by("number").values_list(*_FIELDS)
    for row in rows.iterator(chunk_size=5000):
        yield Link(*row)


def _entries_naming(
    account_id: int | None, targets: Collection[tuple[str, str]], naming: Naming
) -> QuerySet[AuditEntry]:
    about = Q(actor_id=account_id) if account_id is not None else Q()
    for target_type, target_id in targets:
        about |= Q(target_type=target_type, target_id=target_id)
    about |= Q(target_label__iregex=naming.regex) | Q(detail__iregex=naming.regex)
    return AuditEntry.objects.annotate(detail=Cast("data", TextField())).filter(about).order_by("number")


def _channel_of_process() -> Channel:
    return Channel.WEB if settings.PROCESS == "web" else Channel.COMMAND


def _label(user: User) -> str:
    name = user.full_name
    return _clean(name if name == user.username else f"{name} ({user.username})")[:200]


def _clean(text: str) -> str:
    return text.replace("\x00", "")


def _plain(data: Mapping[str, object]) -> dict[str, object]:
    """As the database gives it back: decimals and dates as text, keys as text, no NUL sign."""
    plain: dict[str, object] = json.loads(_clean(json.dumps(data, cls=DjangoJSONEncoder).replace("\\u0000", "")))
    return plain
