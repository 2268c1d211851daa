import pytest
from hypothesis import given
from hypothesis import strategies as st

from portfolio.engines.merge import Clash, changed_fields, three_way

FIELDS = st.sampled_from("abcdef")
VALUES = st.none() | st.integers(0, 3) | st.sampled_from(["x", "y", "x\ny", "x\r\ny"])
VERSIONS = st.dictionaries(FIELDS, VALUES)


def full(values: st.SearchStrategy) -> st.SearchStrategy:
    return st.fixed_dictionaries(dict.fromkeys("abcdef", values))


@pytest.mark.parametrize(
    ("base", "theirs", "mine", "merged"),
    [("A", "A", "A", "A"), ("A", "B", "A", "B"), ("A", "A", "C", "C"), ("A", "B", "B", "B")],
)
def test_worked_cases_merge(base, theirs, mine, merged):
    result = three_way({"f": base}, {"f": theirs}, {"f": mine})
    assert result.merged == {"f": merged}
    assert result.is_clean


def test_two_changes_of_one_field_clash():
    result = three_way({"f": "A", "g": 1}, {"f": "B", "g": 1}, {"f": "C", "g": 2})
    assert result.clashes == (Clash("f", "A", "B", "C"),)
    assert result.merged == {"g": 2}
    assert result.clashing_fields == ("f",)


def test_field_not_on_the_form_keeps_theirs():
    assert three_way({"f": "A"}, {"f": "B"}, {}).merged == {"f": "B"}


def test_line_endings_are_not_a_change():
    result = three_way({"f": "a\nb"}, {"f": "a\nc"}, {"f": "a\r\nb"})
    assert result.merged == {"f": "a\nc"}
    assert changed_fields({"f": "a\nb", "g": 1}, {"f": "a\r\nb", "g": 2}) == ("g",)


def test_emptied_field_is_a_change():
    assert three_way({"f": "A"}, {"f": "A"}, {"f": ""}).merged == {"f": ""}


@given(base=full(VALUES), theirs=full(VALUES), mine=full(VALUES))
def test_no_change_is_lost_silently(base, theirs, mine):
    result = three_way(base, theirs, mine)
    clashing = set(result.clashing_fields)
    for field in changed_fields(base, mine):
        assert field in clashing or not changed_fields({field: result.merged[field]}, {field: mine[field]})
    for field in changed_fields(base, theirs):
        assert field in clashing or not changed_fields({field: result.merged[field]}, {field: theirs[field]})
    assert clashing.isdisjoint(result.merged)
    assert clashing | set(result.merged) == set("abcdef")


@given(base=VERSIONS, theirs=VERSIONS, mine=VERSIONS)
def test_merging_the_result_again_changes_nothing(base, theirs, mine):
    once = three_way(base, theirs, mine)
    if once.is_clean:
        again = three_way(base, once.merged, mine)
        assert again.is_clean
        assert dict(again.merged) == dict(once.merged)


@given(base=full(VALUES), data=st.data())
def test_changes_to_different_fields_always_merge(base, data):
    theirs_fields = data.draw(st.sets(FIELDS))
    mine_fields = data.draw(st.sets(FIELDS)) - theirs_fields
    theirs = {**base, **{field: data.draw(VALUES) for field in sorted(theirs_fields)}}
    mine = {**base, **{field: data.draw(VALUES) for field in sorted(mine_fields)}}
    assert three_way(base, theirs, mine).is_clean


@given(base=VERSIONS, theirs=VERSIONS, mine=VERSIONS)
def test_clashes_are_symmetric(base, theirs, mine):
    on_both = {field: value for field, value in mine.items() if field in theirs}
    one, other = three_way(base, theirs, on_both), three_way(base, on_both, theirs)
    clashing_here = {field for field in one.clashing_fields if field in on_both}
    assert clashing_here == {field for field in other.clashing_fields if field in on_both}
