"""The money page says who drives a deviation only where one axis does, and puts the actual on its day."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from reporting.charts.s_curve import SCurve, s_curve
from reporting.engines.edition import BudgetFacts
from reporting.packs.codir import compose
from tests.factories.reporting import AS_OF, edition, unreported


def page(document, key):
    return next(item for item in document.pages if item.key == key)


def title_of(*overruns: int) -> str:
    """One project of ten million per axis, each over by so many thousands this year."""
    whole = edition(len(overruns), top=0)
    projects = tuple(
        replace(
            row,
            axis=f"A{position}",
            budget=(BudgetFacts(2026, "capex", Decimal(10_000_000), Decimal(0), Decimal(10_000_000 + over * 1000)),),
        )
        for position, (row, over) in enumerate(zip(whole.projects, overruns, strict=True))
    )
    return page(compose(replace(whole, projects=projects), language="fr"), "finances").title


def test_an_axis_is_named_where_it_explains_most_of_the_deviation() -> None:
    assert "l’axe Services à l’usager en explique 0,9" in title_of(900, 200)


@pytest.mark.parametrize("overruns", [(210, 200, 190), (500, 490), (300, 250, 250, 250)])
def test_no_axis_is_named_where_several_explain_as_much(overruns: tuple[int, ...]) -> None:
    assert "explique" not in title_of(*overruns)


def test_a_portfolio_nobody_forecast_announces_no_final_cost() -> None:
    whole = unreported(20)
    bare = tuple(
        replace(row, eac=None, budget=tuple(replace(line, forecast=None) for line in row.budget))
        for row in whole.projects
    )
    title = page(compose(replace(whole, projects=bare), language="fr"), "finances").title
    assert "sans prévision du coût final" in title
    assert "finira" not in title


def test_the_actual_ends_on_the_day_it_was_taken() -> None:
    def drawn(share: float) -> str:
        whole = SCurve(("2025", "2026"), (Decimal(1), Decimal(2)), (Decimal(1), Decimal(2)), (), actual_share=share)
        return s_curve(whole, title="t", chart_id="c", width=480)

    day = date(2026, 10, 31).timetuple().tm_yday / 365
    assert drawn(1.0) != drawn(day)
    width = (480 - 92 - 34) / 2
    end = 34 + width + day * width
    assert f"{end:.1f}"[:4] in drawn(day)


def test_a_cut_after_its_instant_says_so_on_the_cover() -> None:
    whole = edition(3)
    assert page(compose(whole, language="fr"), "cover").body.late == ""
    late = replace(whole, planned_at=AS_OF - timedelta(days=5))
    assert page(compose(late, language="fr"), "cover").body.late.startswith("Gelé en retard")
