"""Hash chain of the audit trail, as pure functions. Construction and limits: docs/security.md, "Audit chain".

Each entry's hash is SHA-256 over the canonical JSON of its facts and of the hash before it. A change, a deletion, an
insertion or a new order breaks the chain at an exact number. A tail cut off leaves a sound shorter chain: only an
anchor kept elsewhere (each pack prints one) shows it.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

GENESIS = "0" * 64
_ANCHOR = re.compile(r"(?P<number>[0-9]{1,18})[:\-](?P<hash>[0-9a-f]{8,64})")


@dataclass(frozen=True, slots=True)
class Link:
    """One entry as stored."""

    number: int
    at: datetime
    actor_id: int | None
    actor_label: str
    channel: str
    verb: str
    target_type: str
    target_id: str
    target_label: str
    data: Mapping[str, object]
    previous_hash: str
    hash: str = ""


@dataclass(frozen=True, slots=True)
class Anchor:
    """A chain head noted outside the database; the hash may be shortened to its first eight signs or more."""

    number: int
    hash: str


class Fault(StrEnum):
    NUMBERING = "numbering"
    PREVIOUS = "previous"
    CONTENT = "content"
    ANCHOR = "anchor"
    MISSING_TAIL = "missing_tail"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a verification found: the first bad number, or the sound head."""

    checked: int
    head: Anchor
    first_bad: int | None = None
    fault: Fault | None = None

    @property
    def sound(self) -> bool:
        return self.fault is None


def canonical_json(value: object) -> str:
    """One text for one value: sorted keys, no spaces, plain Unicode, no NaN."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def link_hash(link: Link) -> str:
    facts = {
        "number": link.number,
        "at": link.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "actor_id": link.actor_id,
        "actor_label": link.actor_label,
        "channel": link.channel,
        "verb": link.verb,
        "target_type": link.target_type,
        "target_id": link.target_id,
        "target_label": link.target_label,
        "data": link.data,
        "previous_hash": link.previous_hash,
    }
    return hashlib.sha256(canonical_json(facts).encode()).hexdigest()


def parse_anchor(text: str) -> Anchor:
    """Read `1234:9f2c…` as printed in a pack; ValueError if it is not one."""
    match = _ANCHOR.fullmatch(text.strip().lower())
    if match is None:
        raise ValueError(text)
    return Anchor(int(match["number"]), match["hash"])


def verify(links: Iterable[Link], anchor: Anchor | None = None) -> Verdict:
    """Walk the links in order of number and stop at the first one that does not fit."""
    head = Anchor(0, GENESIS)
    for link in links:
        fault = _fault(link, head, anchor)
        if fault is not None:
            bad = head.number + 1 if fault is Fault.NUMBERING else link.number
            return Verdict(checked=head.number, head=head, first_bad=bad, fault=fault)
        head = Anchor(link.number, link.hash)
    if anchor is not None and anchor.number > head.number:
        return Verdict(checked=head.number, head=head, first_bad=head.number + 1, fault=Fault.MISSING_TAIL)
    return Verdict(checked=head.number, head=head)


def _fault(link: Link, head: Anchor, anchor: Anchor | None) -> Fault | None:
    if link.number != head.number + 1:
        return Fault.NUMBERING
    if link.previous_hash != head.hash:
        return Fault.PREVIOUS
    if link_hash(link) != link.hash:
        return Fault.CONTENT
    if anchor is not None and anchor.number == link.number and not link.hash.startswith(anchor.hash):
        return Fault.ANCHOR
    return None
