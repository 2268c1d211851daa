"""Every typed text of a cut is known by a path, and only those texts change the hash of their piece."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from typing import get_args, get_type_hints

from reporting.engines import edition as facts
from reporting.engines.edition import Edition, Names
from reporting.engines.fragment import ALL, CLOSED, TYPED, fragments, rewrite, withhold
from tests.factories.reporting import edition


def kinds_of(hint: object) -> set[type]:
    """The plain types a field may hold, through tuples, unions and mappings."""
    arguments = [item for item in get_args(hint) if item is not Ellipsis]
    if not arguments:
        return {hint} if isinstance(hint, type) else set()
    return set().union(*(kinds_of(item) for item in arguments))


def reached(kind: type, seen: set[type]) -> set[type]:
    if is_dataclass(kind) and kind not in seen:
        seen.add(kind)
        for hint in get_type_hints(kind).values():
            for inner in kinds_of(hint):
                reached(inner, seen)
    return seen


def test_every_text_of_an_edition_is_declared_typed_or_closed() -> None:
    missing = []
    for kind in reached(Edition, set()):
        hints = get_type_hints(kind)
        declared = TYPED.get(kind, frozenset()) | CLOSED.get(kind, frozenset())
        for item in fields(kind):
            is_text = str in kinds_of(hints[item.name]) and item.name != "facts"
            counts = isinstance(hints[item.name], Mapping) or hints[item.name] == Mapping[str, int]
            nested = any(is_dataclass(inner) for inner in kinds_of(hints[item.name]))
            if is_text and not counts and not nested and item.name not in declared:
                missing.append(f"{kind.__name__}.{item.name}")
    assert missing == []


def test_paths_are_unique_and_hiding_all_of_them_leaves_no_typed_text() -> None:
    whole = edition(6, silent=1, top=3)
    pieces = fragments(whole, {"P-001"})
    assert [piece.code for piece in pieces] == [row.code for row in whole.projects] + [""]
    for piece in pieces:
        paths = [item.path for item in piece.texts]
        assert len(paths) == len(set(paths))
    hidden = withhold(whole, {piece.code: (ALL,) for piece in pieces}, "HIDDEN")
    left = {item.text for piece in fragments(hidden, ()) for item in piece.texts}
    assert left == {"HIDDEN", *(f"{row.code} HIDDEN" for row in whole.projects)}


def test_one_text_is_hidden_and_the_rest_stays_as_typed() -> None:
    whole = edition(4, silent=0, top=2)
    hidden = withhold(whole, {"P-002": ("status.message",)}, "HIDDEN")
    assert hidden.projects[1].status.message == "HIDDEN"
    assert replace(hidden.projects[1], status=whole.projects[1].status) == whole.projects[1]
    assert hidden.projects[0] == whole.projects[0]
    assert withhold(whole, {}, "HIDDEN") is whole


def test_the_hash_follows_the_texts_and_nothing_else() -> None:
    whole = edition(2, silent=0, top=2)
    row = whole.projects[0]

    def hash_of(changed: facts.ProjectFacts, sheets: tuple[str, ...] = ("P-001",)) -> str:
        one = replace(whole, projects=(changed, *whole.projects[1:]))
        return fragments(one, sheets)[0].content_hash

    first = hash_of(row)
    assert hash_of(replace(row, bac=row.bac + 1, state="red")) == first
    assert hash_of(replace(row, names=Names("Autre"))) != first
    assert hash_of(row, ()) != first
    assert hash_of(rewrite(row, lambda _path, text: text)) == first
