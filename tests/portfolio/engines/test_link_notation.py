import pytest
from hypothesis import given
from hypothesis import strategies as st

from portfolio.engines.link_notation import NotationError, TypedLink, read_links, write_links
from portfolio.engines.network import Lag, LagKind, LinkType


@pytest.mark.parametrize(
    ("text", "links"),
    [
        ("", ()),
        ("12", (TypedLink(12),)),
        ("12FS+3j", (TypedLink(12, LinkType.FS, Lag(1440)),)),
        ("12fd + 3 j", (TypedLink(12, LinkType.FS, Lag(1440)),)),
        ("12FS+3", (TypedLink(12, LinkType.FS, Lag(1440)),)),
        ("4DD-50%; 7", (TypedLink(4, LinkType.SS, Lag(-50, LagKind.PERCENT)), TypedLink(7))),
        ("4,7,9DF", (TypedLink(4), TypedLink(7), TypedLink(9, LinkType.SF))),
        ("4+1,5j,7", (TypedLink(4, LinkType.FS, Lag(720)), TypedLink(7))),
        ("4FS+1,13", (TypedLink(4, LinkType.FS, Lag(480)), TypedLink(13))),
        ("4FF−2s;", (TypedLink(4, LinkType.FF, Lag(-4800)),)),
        (
            "4FS+2je; 5SS+90min; 6SS+1.5h",
            (
                TypedLink(4, LinkType.FS, Lag(2880, LagKind.ELAPSED)),
                TypedLink(5, LinkType.SS, Lag(90)),
                TypedLink(6, LinkType.SS, Lag(90)),
            ),
        ),
        ("4FS+0j", (TypedLink(4),)),
    ],
)
def test_a_cell_is_read_as_planners_type_it(text, links):
    assert read_links(text) == links


def test_days_are_those_of_the_calendar():
    assert read_links("1+2j;2+1s", 456, 2280) == (
        TypedLink(1, LinkType.FS, Lag(912)),
        TypedLink(2, LinkType.FS, Lag(2280)),
    )


@pytest.mark.parametrize(
    ("text", "rest"),
    [("12;x", "x"), ("12XX", "12XX"), ("12FS+", "12FS+"), ("12FS+3jours", "12FS+3jours"), ("1 2", "1 2"), ("-3", "-3")],
)
def test_what_is_no_link_is_refused_where_it_begins(text, rest):
    with pytest.raises(NotationError) as refused:
        read_links(text)
    assert refused.value.rest == rest


def test_lag_beyond_any_plan_is_refused():
    with pytest.raises(NotationError):
        read_links("1FS+999999999j")


LINKS = st.builds(
    TypedLink,
    st.integers(1, 9999),
    st.sampled_from(LinkType),
    st.one_of(
        st.builds(Lag, st.integers(-20_000, 20_000)),
        st.builds(Lag, st.integers(-20_000, 20_000).filter(bool), st.sampled_from((LagKind.ELAPSED, LagKind.PERCENT))),
    ),
)


@given(links=st.lists(LINKS, max_size=5).map(tuple), minutes=st.sampled_from((120, 420, 450, 456, 480, 1440)))
def test_written_links_read_back_the_same(links, minutes):
    assert read_links(write_links(links, minutes), minutes) == links


def test_links_are_written_in_the_largest_exact_unit():
    links = read_links("12; 3SS; 4FD+16h; 5FS-90min; 6FF+25%")
    assert write_links(links) == "12; 3SS; 4FS+2j; 5FS-90min; 6FF+25%"
