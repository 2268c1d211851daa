"""One sample of every chart, with a hostile title and hostile labels."""

from datetime import date
from decimal import Decimal

from reporting.charts import (
    budget_bars,
    s_curve,
    scatter,
    sparkline,
    timeline_strip,
    variance_bar,
    weeks_strip,
)

HOSTILE = "</title><script>alert(1)</script> \"'&"
MILLION = Decimal(1_000_000)

ROWS = (
    budget_bars.BudgetRow(HOSTILE, 7 * MILLION, 5 * MILLION, 8 * MILLION),
    budget_bars.BudgetRow("Socle", 4 * MILLION, None, 3 * MILLION),
    budget_bars.BudgetRow("Vide", None, None, None),
)
CURVE = s_curve.SCurve(
    periods=("T1", "T2", "T3", HOSTILE),
    planned=tuple(Decimal(value) * MILLION for value in (1, 2, 3, 4)),
    actual=(MILLION, Decimal("1.5") * MILLION, None, None),
    forecast=(None, None, Decimal("2.5") * MILLION, 5 * MILLION),
    earned=(MILLION, MILLION, None, None),
)
POINTS = scatter.Scatter(
    points=(
        scatter.ScatterPoint(HOSTILE, Decimal("0.84"), Decimal("0.98"), "red"),
        scatter.ScatterPoint("P-002", Decimal("1.02"), Decimal("1.01"), "green"),
    ),
    x_name="délai : SPI",
    y_name="coût : CPI",
    tolerance=Decimal("0.95"),
)
LANES = (
    timeline_strip.Lane(
        HOSTILE,
        (
            timeline_strip.TimelineMark(date(2026, 11, 25), "green", "a"),
            timeline_strip.TimelineMark(date(2026, 11, 25), "red", "b", date(2026, 11, 20)),
            timeline_strip.TimelineMark(date(2027, 6, 1), "amber", "out of range"),
        ),
    ),
)
WEEKS = tuple(
    weeks_strip.WeekState(f"S{number}", state)
    for number, state in enumerate(("green", "amber", "red", "stale", "none"), start=43)
)
VARIANCES = tuple(
    variance_bar.VarianceBar(text, None if text == "?" else Decimal(text), Decimal(5))
    for text in ("11.1", "-1.2", "1.7", "0", "?", "60", "-40")
)
FIRST, LAST = date(2026, 11, 21), date(2026, 12, 21)


def figures(title: str = HOSTILE) -> dict[str, str]:
    """Every chart by name."""
    charts = {
        "sparkline": sparkline.sparkline(
            [Decimal(1), None, Decimal(3), Decimal(2)], title=title, chart_id="sp", reference=Decimal(2)
        ),
        "sparkline-empty": sparkline.sparkline([], title=title, chart_id="spe"),
        "weeks": weeks_strip.weeks_strip(WEEKS, title=title, chart_id="we"),
        "legend": budget_bars.legend(title=title, chart_id="le"),
        "budget-bars": budget_bars.budget_bars(ROWS, title=title, chart_id="bb", total=ROWS[0]),
        "budget-bar": budget_bars.budget_bar(ROWS[0], scale_max=budget_bars.scale_of(ROWS), title=title, chart_id="b1"),
        "timeline": timeline_strip.timeline_strip(
            LANES, first=FIRST, last=LAST, today=FIRST, title=title, chart_id="tl"
        ),
        "timeline-empty": timeline_strip.timeline_strip((), first=FIRST, last=LAST, title=title, chart_id="tle"),
        "s-curve": s_curve.s_curve(CURVE, title=title, chart_id="sc"),
        "s-curve-empty": s_curve.s_curve(s_curve.SCurve((), (), ()), title=title, chart_id="sce"),
        "scatter": scatter.scatter(POINTS, title=title, chart_id="sca"),
        "scatter-empty": scatter.scatter(scatter.Scatter((), "x", "y"), title=title, chart_id="scae"),
    }
    for index, bar in enumerate(VARIANCES):
        charts[f"variance-{index}"] = variance_bar.variance_bar(
            bar, scale_percent=variance_bar.scale_of(VARIANCES), title=title, chart_id=f"va{index}"
        )
    return charts
