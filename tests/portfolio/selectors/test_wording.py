from datetime import date
from decimal import Decimal

import pytest
from django.utils import translation

from portfolio.engines.health import (
    MilestoneFacts,
    ProjectFacts,
    RiskFacts,
    Rule,
    ToleranceFacts,
    Unit,
    Verdict,
    assess,
)
from portfolio.engines.vocabulary import Dimension, Rag, Target
from portfolio.selectors.wording import dimension_word, rule_text, silence_text, target_word

TODAY = date(2026, 11, 20)


@pytest.fixture(autouse=True)
def french():
    with translation.override("fr"):
        yield


def project(**changes) -> ProjectFacts:
    facts = {
        "as_of": TODAY,
        "last_status_on": TODAY,
        "baseline_end": date(2027, 3, 1),
        "forecast_end": date(2027, 3, 19),
        "bac": Decimal(400_000),
        "eac": Decimal(412_000),
        "tolerances": {
            Target.COST: ToleranceFacts(minus=Decimal(10), plus=Decimal(5)),
            Target.TIME: ToleranceFacts(plus=Decimal(20), unit=Unit.DAYS),
        },
    }
    return ProjectFacts(**{**facts, **changes})


def said(dimension: Dimension, **changes) -> str:
    text = rule_text(assess(project(**changes)).dimensions[dimension])
    return text.replace("\u202f", " ").replace("\u00a0", " ")


def test_time_rule():
    assert said(Dimension.TIME) == "Fin prévue 18 j après la référence ; tolérance 20 j (u = 0,90)"


def test_early_end_is_not_limited():
    text = said(Dimension.TIME, forecast_end=date(2027, 2, 24))
    assert text == "Fin prévue 5 j avant la référence ; ce sens n’est pas limité"


def test_cost_rule():
    text = said(Dimension.COST)
    assert text == "Coût final estimé 412 k€, écart +12 k€ (+3,0 %) ; tolérance 20 k€ (u = 0,60)"


def test_zero_tolerance_rule():
    room = {Target.COST: ToleranceFacts(minus=Decimal(0), plus=Decimal(0))}
    assert said(Dimension.COST, tolerances=room).endswith("; aucun écart n’est toléré")


def test_overdue_milestone_rule():
    late = (MilestoneFacts("Lot 3", date(2026, 11, 10), date(2026, 11, 16)),)
    text = said(Dimension.TIME, milestones=late, forecast_end=date(2027, 3, 1))
    assert text == (
        "Jalon « Lot 3 » attendu le 16 nov. 2026 et non atteint, 10 j après la référence ; tolérance 20 j (u = 0,50)"
    )


def test_late_milestone_rule():
    late = (MilestoneFacts("Lot 3", date(2026, 12, 1), date(2026, 12, 20)),)
    assert said(Dimension.TIME, milestones=late).startswith("Jalon « Lot 3 » : écart de +19 j ; tolérance 20 j")


def test_risk_rules():
    risks = (RiskFacts(4, 4), RiskFacts(2, 2))
    assert said(Dimension.RISK, risks=risks) == "2 menaces ouvertes, niveau le plus haut 16 sur 25"
    room = {Target.RISK: ToleranceFacts(plus=Decimal(2), unit=Unit.COUNT)}
    text = said(Dimension.RISK, risks=risks, tolerances=room)
    assert text == "1 risque critique ; tolérance 2 (u = 0,50)"


def test_scope_rule_names_its_target():
    room = {Target.BENEFITS: ToleranceFacts(minus=Decimal(10), baseline=Decimal(100), forecast=Decimal(85))}
    text = said(Dimension.SCOPE, tolerances=room)
    assert text == "Bénéfices : prévu 85 pour une référence de 100 ; tolérance 10 (u = 1,50)"


def test_scope_rule_says_what_its_number_counts():
    room = {
        Target.SCOPE: ToleranceFacts(
            plus=Decimal(6),
            baseline=Decimal(0),
            forecast=Decimal(10),
            unit=Unit.COUNT,
            measure="demandes de changement ouvertes",
        )
    }
    text = said(Dimension.SCOPE, tolerances=room)
    assert text.startswith("Périmètre, « demandes de changement ouvertes » : prévu 10 pour une référence de 0")


def test_nothing_measured():
    assert said(Dimension.RESOURCES) == "Aucune mesure"
    assert said(Dimension.COST, tolerances={}) == "Aucune tolérance fixée"


def test_silence_is_counted_in_days():
    assert silence_text(21).replace("\u00a0", " ") == "Aucun statut depuis 21 jours."
    assert silence_text(None) == "Aucun statut n’a jamais été reçu."


@pytest.mark.parametrize("rule", list(Rule))
@pytest.mark.parametrize("language", ["fr", "nl", "en"])
def test_every_rule_has_words_even_without_facts(rule, language):
    with translation.override(language):
        assert rule_text(Verdict(Rag.UNKNOWN, rule))


def test_every_name_has_a_word():
    assert all(dimension_word(item) for item in Dimension)
    assert all(target_word(item) for item in Target)
