import itertools
import re
from decimal import Decimal

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from reporting.charts import (
    budget_bars,
    s_curve,
    scatter,
    svg,
    timeline_strip,
    variance_bar,
    weeks_strip,
)
from reporting.charts.scale import DateScale, LinearScale, nice_step, spread, ticks_from_zero
from tests.reporting.charts import samples


@pytest.mark.parametrize(
    ("span", "step"), [(22.4, "6"), (7.9, "2"), (4, "1"), (0.215, "0.06"), (100, "25"), (0, "1"), (8, "2")]
)
def test_nice_step_covers_the_span_in_four(span, step):
    assert nice_step(span) == Decimal(step)


@given(st.floats(1e-6, 1e12))
def test_ticks_always_cover_the_largest_value(high):
    ticks = ticks_from_zero(high)
    assert ticks[0] == 0
    assert float(ticks[-1]) >= high * (1 - 1e-6)


@given(st.lists(st.floats(0, 200), min_size=1, max_size=5))
def test_spread_keeps_labels_apart_and_in_order(positions):
    placed = spread(list(positions), 14, 0, 300)
    ordered = sorted(range(len(positions)), key=lambda index: positions[index])
    for one, other in itertools.pairwise(ordered):
        assert placed[other] - placed[one] >= 14 - 1e-6


def test_scales_of_one_value_do_not_divide_by_zero():
    assert LinearScale(3, 3, 10, 20)(3) == 10
    assert DateScale(samples.FIRST, samples.FIRST, 5, 9)(samples.FIRST) == 5


@pytest.mark.parametrize("name", ["style", "onclick", "href", "OnLoad"])
def test_builder_refuses_dangerous_attributes(name):
    with pytest.raises(ValueError, match="not allowed"):
        svg.element("rect", {name: "x"})


def test_builder_escapes_text_and_attributes():
    drawn = svg.element("text", {"class": '"><b>'}, ["<i>&"])
    assert drawn == '<text class="&quot;&gt;&lt;b&gt;">&lt;i&gt;&amp;</text>'


def test_coordinates_are_short():
    assert [svg.number(value) for value in (1.005, -0.001, 12.0, Decimal("3.14159"))] == ["1", "0", "12", "3.14"]


def rects(drawn: str) -> list[dict[str, str]]:
    return [dict(re.findall(r'([\w-]+)="([^"]*)"', tag)) for tag in re.findall(r"<rect[^>]*>", drawn)]


def test_budget_bar_draws_budget_outlined_forecast_hatched_actual_solid():
    row = budget_bars.BudgetRow("x", Decimal(80), Decimal(50), Decimal(100))
    drawn = budget_bars.budget_bar(row, scale_max=Decimal(100), title="t", chart_id="c", width=102.4)
    budget, forecast, actual = rects(drawn)
    assert [float(bar["width"]) for bar in (budget, forecast, actual)] == [80, 50, 50]
    assert budget["fill"] == "#FFFFFF"
    assert forecast["fill"] == "url(#c-hatch)"
    assert actual["fill"] == "#17191F"
    assert float(forecast["x"]) == float(actual["x"]) + float(actual["width"])


def test_budget_rows_share_one_zero_based_scale():
    assert budget_bars.scale_of(samples.ROWS) == 8_000_000


def test_budget_tones_say_over_under_and_equal():
    drawn = budget_bars.budget_bars(samples.ROWS, title="t", chart_id="c")
    assert "+1,0" in drawn
    assert "−1,0" in drawn
    assert "#8E1A15" in drawn
    assert "#0B6E5B" in drawn


@pytest.mark.parametrize(
    ("deviation", "fill", "beyond"),
    [("11.1", "#8E1A15", True), ("5", "#17191F", False), ("1.7", "#17191F", False), ("-4", "#FFFFFF", False)],
)
def test_variance_bar_says_it_by_fill(deviation, fill, beyond):
    bar = variance_bar.VarianceBar("x", Decimal(deviation), Decimal(5))
    assert bar.is_beyond is beyond
    (drawn,) = rects(variance_bar.variance_bar(bar, scale_percent=Decimal(12), title="t", chart_id="c"))
    assert drawn["fill"] == fill


def test_variance_without_figure_draws_no_bar():
    bar = variance_bar.VarianceBar("x", None, Decimal(5))
    assert not rects(variance_bar.variance_bar(bar, scale_percent=Decimal(12), title="t", chart_id="c"))


def test_variance_scale_is_capped():
    assert variance_bar.scale_of(samples.VARIANCES) == 25
    assert variance_bar.scale_of([]) == 8


def test_weeks_strip_always_has_twelve_places():
    drawn = weeks_strip.weeks_strip(samples.WEEKS, title="t", chart_id="c")
    assert drawn.count("<g>") == 12
    assert drawn.count("<circle") == 8


def test_timeline_leaves_out_what_is_out_of_range_and_stacks_what_meets():
    drawn = timeline_strip.timeline_strip(
        samples.LANES, first=samples.FIRST, last=samples.LAST, title="t", chart_id="c"
    )
    places = re.findall(r'class="glyph-(\w+)" transform="translate\(([\d.]+) ([\d.]+)\)', drawn)
    assert [place[0] for place in places] == ["green", "red"]
    assert places[0][2] != places[1][2]


@pytest.mark.parametrize(("language", "label"), [("fr", "S48"), ("nl", "W48"), ("en", "W48")])
def test_timeline_weeks_follow_the_language(language, label):
    with translation.override(language):
        drawn = timeline_strip.timeline_strip((), first=samples.FIRST, last=samples.LAST, title="t", chart_id="c")
    assert f">{label}<" in drawn


def test_s_curve_unit_follows_the_amounts():
    small = s_curve.SCurve(("T1",), (Decimal(40_000),), (None,))
    assert s_curve.unit_of(small) == 1000
    assert s_curve.unit_of(samples.CURVE) == 1_000_000
    assert "BU 40" in s_curve.s_curve(small, title="t", chart_id="c")


def test_s_curve_forecast_starts_at_the_last_actual():
    drawn = s_curve.s_curve(samples.CURVE, title="t", chart_id="c")
    lines = re.findall(r'<polyline points="([^"]+)"', drawn)
    assert lines[-1].split()[0] == lines[-2].split()[-1]
    assert "PRÉV 5,0" in drawn


def test_scatter_names_only_what_is_not_green():
    drawn = scatter.scatter(samples.POINTS, title="t", chart_id="c")
    assert "P-002" not in drawn
    assert "0,95" in drawn


def test_data_twins_hold_every_figure():
    tables = (
        budget_bars.table_rows(samples.ROWS),
        variance_bar.table_rows(samples.VARIANCES),
        weeks_strip.table_rows(samples.WEEKS),
        timeline_strip.table_rows(samples.LANES),
        s_curve.table_rows(samples.CURVE),
        scatter.table_rows(samples.POINTS),
    )
    assert [len(table.rows) for table in tables] == [3, 7, 5, 3, 4, 2]
    for table in tables:
        assert all(len(row) == len(table.columns) for row in table.rows)


def test_data_twin_says_missing_figures_as_missing():
    assert budget_bars.table_rows(samples.ROWS).rows[2] == ("Vide", "—", "—", "—", "—")
