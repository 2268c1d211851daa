"""Hash chain of the audit trail, as pure functions. Construction and limits: docs/security.md, "Audit chain".

Each entry's hash is SHA-256 over the canonical JSON of its facts and of the hash before it. A change, a deletion, an
insertion or a new order breaks the chain at an exact number. A tail cut off leaves a sound shorter chain: only an
anchor kept elsewhere (each pack prints one) shows it.

What may name a person (the two labels, each detail) is not hashed itself but sealed: the chain holds HMAC-SHA-256 of
the part under a key of its own. Destroying part and key erases it for good, the seal says nothing without the key, and
the chain still verifies, provided that a later entry announces the erasure.
"""

import hashlib
import hmac
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum

GENESIS = "0" * 64
ERASED = "person.erased"
ACTOR, TARGET = "actor", "target"
_DETAIL = "data."
NOBODY = "N.N."
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
    seals: Mapping[str, str]
    keys: Mapping[str, str]
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


def parts(link: Link) -> dict[str, object]:
    """What of the entry may name a person, by the name of its seal; empty labels are left out."""
    labels = {ACTOR: link.actor_label, TARGET: link.target_label}
    return {name: label for name, label in labels.items() if label} | {
        f"{_DETAIL}{name}": value for name, value in link.data.items()
    }


def sealed(link: Link, keys: Mapping[str, str]) -> Link:
    """The entry with its seals, ready to be hashed; one key per part, in hexadecimal."""
    seals = {name: _seal(name, value, keys[name]) for name, value in parts(link).items()}
    return replace(link, seals=seals, keys=dict(keys))


def without(link: Link, erased: Iterable[str]) -> Link:
    """The entry after the parts named and their keys are destroyed: a pseudonym stays of a label, nothing of a detail.

    Parts erased before are left as they are; `seals` and `hash` never change.
    """
    gone = {name for name in erased if name in link.keys}
    return replace(
        link,
        actor_label=pseudonym(link.actor_id) if ACTOR in gone else link.actor_label,
        target_label=NOBODY if TARGET in gone else link.target_label,
        data={name: value for name, value in link.data.items() if f"{_DETAIL}{name}" not in gone},
        keys={name: key for name, key in link.keys.items() if name not in gone},
    )


def pseudonym(account_id: int | None) -> str:
    """What stands in place of the erased name of an account, in any language."""
    return f"{NOBODY} {account_id}"


def link_hash(link: Link) -> str:
    facts = {
        "number": link.number,
        "at": link.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "actor_id": link.actor_id,
        "channel": link.channel,
        "verb": link.verb,
        "target_type": link.target_type,
        "target_id": link.target_id,
        "seals": link.seals,
        "previous_hash": link.previous_hash,
    }
    return hashlib.sha256(canonical_json(facts).encode()).hexdigest()


def ranges(numbers: Iterable[int]) -> str:
    """Numbers as a short text: 3, 4, 5 and 9 are "3-5,9"."""
    spans: list[list[int]] = []
    for number in sorted(set(numbers)):
        if spans and number == spans[-1][1] + 1:
            spans[-1][1] = number
        else:
            spans.append([number, number])
    return ",".join(str(first) if first == last else f"{first}-{last}" for first, last in spans)


def parse_anchor(text: str) -> Anchor:
    """Read `1234:9f2c…` as printed in a pack; ValueError if it is not one."""
    match = _ANCHOR.fullmatch(text.strip().lower())
    if match is None:
        raise ValueError(text)
    return Anchor(int(match["number"]), match["hash"])


def verify(links: Iterable[Link], anchor: Anchor | None = None) -> Verdict:
    """Walk the links in order of number and stop at the first one that does not fit.

    Erased parts that no later entry announces count as changed content.
    """
    head = Anchor(0, GENESIS)
    unannounced: set[tuple[int, str]] = set()
    for link in links:
        fault = _fault(link, head, anchor)
        if fault is not None:
            bad = head.number + 1 if fault is Fault.NUMBERING else link.number
            return Verdict(checked=head.number, head=head, first_bad=bad, fault=fault)
        unannounced.update((link.number, name) for name in link.seals if name not in link.keys)
        if link.verb == ERASED:
            unannounced.difference_update(_announced(link, unannounced))
        head = Anchor(link.number, link.hash)
    if unannounced:
        return Verdict(checked=head.number, head=head, first_bad=min(unannounced)[0], fault=Fault.CONTENT)
    if anchor is not None and anchor.number > head.number:
        return Verdict(checked=head.number, head=head, first_bad=head.number + 1, fault=Fault.MISSING_TAIL)
    return Verdict(checked=head.number, head=head)


def _fault(link: Link, head: Anchor, anchor: Anchor | None) -> Fault | None:
    if link.number != head.number + 1:
        return Fault.NUMBERING
    if link.previous_hash != head.hash:
        return Fault.PREVIOUS
    if link_hash(link) != link.hash or not _fits_its_seals(link):
        return Fault.CONTENT
    if anchor is not None and anchor.number == link.number and not link.hash.startswith(anchor.hash):
        return Fault.ANCHOR
    return None


def _fits_its_seals(link: Link) -> bool:
    """Every part with a key is the one sealed; every part without one is erased, and nothing was added."""
    present = parts(link)
    if not present.keys() | link.keys.keys() <= link.seals.keys():
        return False
    replaced = {ACTOR: pseudonym(link.actor_id), TARGET: NOBODY}
    for name, seal in link.seals.items():
        if name in link.keys:
            if name not in present or not hmac.compare_digest(_seal(name, present[name], link.keys[name]), seal):
                return False
        elif present.get(name) != replaced.get(name):
            return False
    return True


def _seal(name: str, value: object, key: str) -> str:
    return hmac.new(bytes.fromhex(key), canonical_json([name, value]).encode(), hashlib.sha256).hexdigest()


def _announced(link: Link, erased: Iterable[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    """Those of the erased parts that the entry announces in its detail "entries": ranges of numbers by part."""
    listed = link.data.get("entries")
    spans = {name: _spans(str(text)) for name, text in listed.items()} if isinstance(listed, Mapping) else {}
    for number, name in list(erased):
        if any(first <= number <= last for first, last in spans.get(name, ())):
            yield number, name


def _spans(text: str) -> list[tuple[int, int]]:
    pairs = (span.partition("-") for span in text.split(",") if span)
    return [(int(first), int(last or first)) for first, _dash, last in pairs]
