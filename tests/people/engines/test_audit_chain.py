"""The chain as pure data: every kind of tampering is found at its exact number."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from people.engines.audit_chain import (
    ERASED,
    GENESIS,
    Anchor,
    Fault,
    Link,
    canonical_json,
    link_hash,
    parse_anchor,
    parts,
    ranges,
    sealed,
    verify,
    without,
)

START = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


def chain(length: int) -> list[Link]:
    links, previous = [], GENESIS
    for number in range(1, length + 1):
        link = Link(
            number=number,
            at=START + timedelta(seconds=number),
            actor_id=7,
            actor_label="Claire Dubois",
            channel="web",
            verb="status_report.submitted",
            target_type="portfolio.project",
            target_id="12",
            target_label="P-012",
            data={"amount": "1240.50", "état": "é"},
            seals={},
            keys={},
            previous_hash=previous,
        )
        links.append(closed(link))
        previous = links[-1].hash
    return links


def closed(link: Link) -> Link:
    """The entry as the service writes it: sealed, then hashed."""
    link = sealed(link, dict.fromkeys(parts(link), f"{link.number:032x}"))
    return replace(link, hash=link_hash(link))


def announced(links: list[Link], entries: dict[str, str]) -> list[Link]:
    last = links[-1]
    act = replace(last, number=last.number + 1, verb=ERASED, data={"entries": entries}, previous_hash=last.hash)
    return [*links, closed(act)]


def test_verify_sound_chain_answers_its_head() -> None:
    links = chain(20)
    verdict = verify(links, Anchor(20, links[-1].hash))
    assert verdict.sound
    assert (verdict.checked, verdict.head) == (20, Anchor(20, links[-1].hash))


def test_verify_empty_chain_is_sound() -> None:
    assert verify([]).sound


@pytest.mark.parametrize(
    "change", [{"data": {"amount": "9.99"}}, {"actor_id": 8}, {"verb": "x"}, {"at": START}, {"target_label": "P-013"}]
)
def test_verify_changed_entry_is_named(change: dict[str, object]) -> None:
    links = chain(9)
    links[4] = replace(links[4], **change)
    verdict = verify(links)
    assert (verdict.first_bad, verdict.fault) == (5, Fault.CONTENT)


def test_verify_changed_entry_with_recomputed_hash_breaks_the_next() -> None:
    links = chain(9)
    forged = replace(links[4], verb="x")
    links[4] = replace(forged, hash=link_hash(forged))
    verdict = verify(links)
    assert (verdict.first_bad, verdict.fault) == (6, Fault.PREVIOUS)


def test_verify_deleted_entry_is_named() -> None:
    links = chain(9)
    del links[3]
    assert (verify(links).first_bad, verify(links).fault) == (4, Fault.NUMBERING)


def test_verify_reordered_entries_are_named() -> None:
    links = chain(9)
    third, fourth = links[2], links[3]
    links[2], links[3] = replace(fourth, number=3), replace(third, number=4)
    assert verify(links).first_bad == 3


def test_verify_cut_tail_needs_an_anchor() -> None:
    links = chain(9)
    anchor = Anchor(9, links[-1].hash)
    assert verify(links[:6]).sound
    verdict = verify(links[:6], anchor)
    assert (verdict.first_bad, verdict.fault) == (7, Fault.MISSING_TAIL)


def test_verify_chain_rewritten_from_the_start_differs_from_its_anchor() -> None:
    anchor = Anchor(9, chain(9)[-1].hash[:16])
    rewritten, previous = [], GENESIS
    for link in chain(9):
        rewritten.append(closed(replace(link, actor_label="Quelqu’un d’autre", previous_hash=previous)))
        previous = rewritten[-1].hash
    assert (verify(rewritten, anchor).first_bad, verify(rewritten, anchor).fault) == (9, Fault.ANCHOR)


def test_canonical_json_is_one_text_for_one_value() -> None:
    assert canonical_json({"b": 1, "a": "é"}) == canonical_json({"a": "é", "b": 1}) == '{"a":"é","b":1}'


@pytest.mark.parametrize("text", ["12:9f2c6a01", " 12-9F2C6A01 "])
def test_parse_anchor_reads_what_a_pack_prints(text: str) -> None:
    assert parse_anchor(text) == Anchor(12, "9f2c6a01")


@pytest.mark.parametrize("text", ["", "12", "x:9f2c6a01", "12:zz", "12:9f"])
def test_parse_anchor_refuses_what_is_none(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        parse_anchor(text)


def test_verify_after_an_announced_erasure_is_sound_and_the_names_are_gone() -> None:
    links = chain(9)
    links[2] = without(links[2], ["actor", "target"])
    links[5] = without(links[5], ["actor", "data.amount"])
    after = announced(links, {"actor": "3,6", "target": "3", "data.amount": "6"})
    assert verify(after).sound
    assert (links[2].actor_label, links[2].target_label) == ("N.N. 7", "N.N.")
    assert links[5].data == {"état": "é"}
    assert "actor" not in links[5].keys


@pytest.mark.parametrize("entries", [{}, {"actor": "1-2,4-9"}, {"target": "3"}])
def test_verify_erasure_that_nobody_announced_is_named(entries: dict[str, str]) -> None:
    links = chain(9)
    links[2] = without(links[2], ["actor"])
    verdict = verify(announced(links, entries))
    assert (verdict.first_bad, verdict.fault) == (3, Fault.CONTENT)


@pytest.mark.parametrize(
    "change", [{"actor_label": "Quelqu’un d’autre"}, {"data": {"amount": "1240.50", "état": "é", "x": 1}}, {"keys": {}}]
)
def test_verify_erased_entry_takes_no_other_content(change: dict[str, object]) -> None:
    links = chain(9)
    links[2] = replace(without(links[2], ["actor"]), **change)
    verdict = verify(announced(links, {"actor": "3"}))
    assert (verdict.first_bad, verdict.fault) == (3, Fault.CONTENT)


def test_ranges_are_short() -> None:
    assert ranges([9, 3, 4, 5, 3]) == "3-5,9"
    assert ranges([]) == ""
