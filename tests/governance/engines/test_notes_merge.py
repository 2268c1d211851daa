"""What two secretaries write at once is kept, or shown to one of them; never lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.engines.notes_merge import merged

LINES = st.lists(st.sampled_from(["a", "b", "c", "d"]), max_size=6).map("\n".join)


@pytest.mark.parametrize(
    ("base", "theirs", "mine", "expected"),
    [
        ("", "A", "B", "A\nB"),
        ("un", "un\ndeux", "un\ntrois", "un\ndeux\ntrois"),
        ("un\ndeux", "UN\ndeux", "un\nDEUX", "UN\nDEUX"),
        ("un\ndeux", "UN\ndeux", "Un\ndeux", None),
        ("un\ndeux", "un", "un\nDEUX", None),
        ("un", "deux", "deux", "deux"),
        ("un", "un", "deux", "deux"),
    ],
)
def test_lines_of_both_are_kept_unless_they_are_the_same_ones(
    base: str, theirs: str, mine: str, expected: str | None
) -> None:
    assert merged(base, theirs, mine) == expected


@given(base=LINES, text=LINES)
def test_one_side_alone_is_taken_as_it_is_and_equal_sides_agree(base: str, text: str) -> None:
    lines = "\n".join(text.splitlines())
    assert merged(base, text, base) == lines
    assert merged(base, base, text) == lines
    assert merged(base, text, text) == lines


@given(base=LINES, theirs=LINES, mine=LINES)
def test_a_line_one_side_added_is_never_lost(base: str, theirs: str, mine: str) -> None:
    result = merged(base, theirs, f"{mine}\nnouveau" if mine else "nouveau")
    assert result is None or "nouveau" in result.splitlines()
