from datetime import date
from decimal import Decimal

import pytest

from portfolio.engines.exposure import money_at_stake
from portfolio.engines.health import ProjectFacts, RiskFacts
from portfolio.engines.risk_exposure import band_rag, emv, exposure_of, open_threats, risk_band
from tests.formula_tables import worked


def decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def risks(text: str | None) -> tuple[RiskFacts, ...]:
    pairs = [part.split("x") for part in (text or "").split()]
    return tuple(RiskFacts(3, 3, impact_eur=Decimal(eur), chance=Decimal(chance)) for chance, eur in pairs)


@pytest.mark.parametrize("row", worked("exposure", ""), ids=lambda row: str(row["total"]))
def test_exposure_worked_numbers(row):
    end = row["forecast end"]
    facts = ProjectFacts(
        as_of=date(2026, 11, 20),
        baseline_start=date(2026, 1, 1),
        baseline_end=date(2026, 12, 27),
        forecast_end=None if end is None else date.fromisoformat(end),
        bac=decimal(row["bac"]),
        eac=decimal(row["eac"]),
        risks=risks(row["threats"]),
    )
    exposure = money_at_stake(facts)
    assert exposure.overrun == decimal(row["overrun"])
    assert exposure.delay == decimal(row["delay"])
    assert exposure.threats == decimal(row["loss"])
    assert exposure.total == decimal(row["total"])


@pytest.mark.parametrize("row", worked("risk_exposure", "bands"), ids=lambda row: row["level"])
def test_bands_worked_numbers(row):
    band = risk_band(int(row["level"]))
    assert (band, band_rag(band)) == (row["band"], row["rag"])


@pytest.mark.parametrize("score", [0, 26, -1])
def test_risk_level_outside_the_matrix_is_refused(score):
    with pytest.raises(ValueError, match=r"1\.\.25"):
        risk_band(score)


def test_decision_tree_of_the_pmbok():
    build = (
        RiskFacts(4, 4, impact_eur=Decimal(80), chance=Decimal("0.6"), is_opportunity=True),
        RiskFacts(3, 3, impact_eur=Decimal(30), chance=Decimal("0.4")),
    )
    assert exposure_of(build).net == 36


def test_emv_uses_the_middle_of_the_likelihood_band():
    assert emv(RiskFacts(2, 3, impact_eur=Decimal(1000))) == 200
    assert emv(RiskFacts(2, 3)) is None


def test_exposure_counts_what_has_no_value():
    facts = (RiskFacts(5, 5), RiskFacts(1, 1, impact_eur=Decimal(100)), RiskFacts(5, 5, is_open=False))
    exposure = exposure_of(facts)
    assert (exposure.valued, exposure.not_valued, exposure.threats) == (1, 1, 5)


def test_open_threats_are_sorted_by_level():
    low, high = RiskFacts(1, 2), RiskFacts(4, 5)
    gain, closed = RiskFacts(5, 5, is_opportunity=True), RiskFacts(5, 5, is_open=False)
    assert open_threats((low, gain, high, closed)) == (high, low)


@pytest.mark.parametrize("scores", [(0, 1), (1, 6)])
def test_scores_outside_one_to_five_are_refused(scores):
    with pytest.raises(ValueError):
        RiskFacts(*scores)
