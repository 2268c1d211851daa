"""A verdict in words, in the reader's language.

Engines name a rule and give typed facts; this module says it: «Fin prévue 18 j
après la référence ; tolérance 20 j (u = 0,90)».
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from types import MappingProxyType

from django.utils.translation import gettext, ngettext, pgettext

from config.web import formats
from portfolio.engines.verdict import FactValue, Rule, Verdict
from portfolio.engines.vocabulary import Dimension, Target, Unit

Facts = Mapping[str, FactValue]


def rule_text(verdict: Verdict) -> str:
    """The rule that gave `verdict`, with its facts, in one short sentence."""
    writer = _WRITERS.get(verdict.rule)
    return writer(verdict) if writer is not None else _tolerance_text(verdict)


def fact_text(verdict: Verdict) -> str:
    """The measured fact and its tolerance without the share used: what fits one line of a list."""
    return rule_text(verdict).rsplit(" (u = ", 1)[0]


def silence_text(days: int | None) -> str:
    """How long a project has been silent."""
    if days is None:
        return gettext("Aucun statut n’a jamais été reçu.")
    return ngettext("Aucun statut depuis %(days)d jour.", "Aucun statut depuis %(days)d jours.", days) % {"days": days}


def dimension_word(dimension: Dimension | str) -> str:
    """The name of a dimension."""
    words = {
        Dimension.TIME: pgettext("dimension", "délai"),
        Dimension.COST: pgettext("dimension", "budget"),
        Dimension.SCOPE: pgettext("dimension", "périmètre"),
        Dimension.RESOURCES: pgettext("dimension", "ressources"),
        Dimension.RISK: pgettext("dimension", "risques"),
    }
    return words[Dimension(dimension)]


def target_word(target: Target | str) -> str:
    """The name of a tolerance target."""
    words = {
        Target.BENEFITS: pgettext("target", "bénéfices"),
        Target.COST: pgettext("target", "coût"),
        Target.TIME: pgettext("target", "délai"),
        Target.QUALITY: pgettext("target", "qualité"),
        Target.SCOPE: pgettext("target", "périmètre"),
        Target.SUSTAINABILITY: pgettext("target", "durabilité"),
        Target.RISK: pgettext("target", "risque"),
    }
    return words[Target(target)]


def _tolerance_text(verdict: Verdict) -> str:
    """A measured tolerance, said for dates, money or another unit."""
    facts = verdict.facts
    if isinstance(facts.get("forecast"), date):
        sentence = _end_sentence(_whole(facts.get("deviation")))
    elif facts.get("target") == Target.RISK and facts.get("unit") in (Unit.COUNT, Unit.SCORE):
        return _counted_text(verdict)
    elif facts.get("target"):
        sentence = _target_sentence(facts)
    else:
        sentence = _money_sentence(facts)
    if not facts.get("deviation") and facts.get("allowed") is None:
        return sentence
    return _with_room(sentence, verdict)


def _end_sentence(days: int | None) -> str:
    if not days:
        return gettext("Fin prévue à la date de référence")
    gap = {"days": formats.number(abs(days))}
    if days > 0:
        return gettext("Fin prévue %(days)s j après la référence") % gap
    return gettext("Fin prévue %(days)s j avant la référence") % gap


def _money_sentence(facts: Facts) -> str:
    deviation, baseline = _decimal(facts.get("deviation")), _decimal(facts.get("baseline"))
    if deviation is None or deviation == 0:
        return gettext("Coût final estimé égal au budget")
    share = "" if not baseline else f" ({formats.delta_percent(deviation / baseline * 100)})"
    return gettext("Coût final estimé %(forecast)s, écart %(deviation)s%(share)s") % {
        "forecast": formats.keuro(_decimal(facts.get("forecast"))),
        "deviation": formats.delta_keuro(deviation),
        "share": share,
    }


def _target_sentence(facts: Facts) -> str:
    named = target_word(str(facts["target"])).capitalize()
    if facts.get("measure"):
        named = gettext("%(target)s, « %(measure)s »") % {"target": named, "measure": str(facts["measure"])}
    return gettext("%(target)s : prévu %(forecast)s pour une référence de %(baseline)s") % {
        "target": named,
        "forecast": _in_unit(_decimal(facts.get("forecast")), facts),
        "baseline": _in_unit(_decimal(facts.get("baseline")), facts),
    }


def _counted_text(verdict: Verdict) -> str:
    measured = _whole(verdict.facts.get("forecast")) or 0
    if verdict.facts.get("unit") == Unit.COUNT:
        sentence = ngettext("%(count)d risque critique", "%(count)d risques critiques", measured) % {"count": measured}
    else:
        sentence = gettext("Niveau de risque maximal %(level)d") % {"level": measured}
    return _with_room(sentence, verdict)


def _with_room(sentence: str, verdict: Verdict) -> str:
    return gettext("%(sentence)s ; %(room)s") % {"sentence": sentence, "room": _room(verdict)}


def _room(verdict: Verdict) -> str:
    """The tolerance on that side and the share of it that is used."""
    allowed = _decimal(verdict.facts.get("allowed"))
    if allowed is None:
        return gettext("ce sens n’est pas limité")
    if verdict.use is None:
        return gettext("aucun écart n’est toléré")
    return gettext("tolérance %(allowed)s (u = %(use)s)") % {
        "allowed": _in_unit(allowed, verdict.facts),
        "use": formats.number(verdict.use, 2),
    }


def _in_unit(allowed: Decimal | None, facts: Facts) -> str:
    if isinstance(facts.get("forecast"), date) or isinstance(facts.get("baseline"), date):
        return gettext("%(days)s j") % {"days": formats.number(allowed)}
    if facts.get("unit") == Unit.EUR or (facts.get("unit") == Unit.PERCENT and not facts.get("target")):
        return formats.keuro(allowed)
    return _plain(allowed)


def _milestone_late(verdict: Verdict) -> str:
    days = _whole(verdict.facts.get("deviation"))
    sentence = gettext("Jalon « %(name)s » : écart de %(gap)s") % {
        "name": str(verdict.facts.get("milestone", "")),
        "gap": formats.delta_days(days),
    }
    return _with_room(sentence, verdict)


def _milestone_overdue(verdict: Verdict) -> str:
    facts = verdict.facts
    sentence = gettext("Jalon « %(name)s » attendu le %(date)s et non atteint") % {
        "name": str(facts.get("milestone", "")),
        "date": _day(facts.get("forecast")),
    }
    return sentence if "allowed" not in facts else _with_room(_since_baseline(sentence, facts), verdict)


def _since_baseline(sentence: str, facts: Facts) -> str:
    """The overdue date with the days the tolerance is used by: from the baseline to the day of the computation."""
    days = _whole(facts.get("deviation")) or 0
    told = {"sentence": sentence, "days": formats.number(abs(days))}
    if days < 0:
        return gettext("%(sentence)s, %(days)s j avant la référence") % told
    return gettext("%(sentence)s, %(days)s j après la référence") % told


def _end_overdue(verdict: Verdict) -> str:
    sentence = gettext("Fin prévue le %(date)s dépassée, projet non terminé") % {
        "date": _day(verdict.facts.get("forecast")),
    }
    facts = verdict.facts
    return sentence if "allowed" not in facts else _with_room(_since_baseline(sentence, facts), verdict)


def _risk_bands(verdict: Verdict) -> str:
    facts = verdict.facts
    count = _whole(facts.get("open")) or 0
    if count == 0:
        return gettext("Aucune menace ouverte au registre")
    return ngettext(
        "%(count)d menace ouverte, niveau le plus haut %(level)d sur 25",
        "%(count)d menaces ouvertes, niveau le plus haut %(level)d sur 25",
        count,
    ) % {"count": count, "level": _whole(facts.get("score")) or 0}


def _worst_dimension(verdict: Verdict) -> str:
    names = str(verdict.facts.get("dimensions", "")).split(",")
    listed = ", ".join(dimension_word(name) for name in names if name)
    if verdict.rag == "green":
        return gettext("Toutes les dimensions mesurées tiennent dans la moitié de leur tolérance.")
    return gettext("Pire dimension : %(dimensions)s.") % {"dimensions": listed}


def _incomplete(verdict: Verdict) -> str:
    names = str(verdict.facts.get("missing", "")).split(",")
    listed = ", ".join(dimension_word(name) for name in names if name)
    return gettext("Pas de vert sans mesure : %(dimensions)s.") % {"dimensions": listed}


def _fixed(rule: Rule) -> str:
    texts = {
        Rule.NO_TOLERANCE: gettext("Aucune tolérance fixée"),
        Rule.NO_BASELINE: gettext("Aucune référence approuvée"),
        Rule.NO_FORECAST: gettext("Aucune prévision"),
        Rule.NO_MEASURE: gettext("Aucune mesure"),
        Rule.NO_FACTS: gettext("Aucune donnée mesurable : état inconnu."),
    }
    return texts[rule]


def _fixed_text(verdict: Verdict) -> str:
    return _fixed(verdict.rule)


_WRITERS: Mapping[Rule, Callable[[Verdict], str]] = MappingProxyType(
    {
        Rule.NO_TOLERANCE: _fixed_text,
        Rule.NO_BASELINE: _fixed_text,
        Rule.NO_FORECAST: _fixed_text,
        Rule.NO_MEASURE: _fixed_text,
        Rule.NO_FACTS: _fixed_text,
        Rule.MILESTONE_LATE: _milestone_late,
        Rule.MILESTONE_OVERDUE: _milestone_overdue,
        Rule.END_OVERDUE: _end_overdue,
        Rule.RISK_BANDS: _risk_bands,
        Rule.WORST_DIMENSION: _worst_dimension,
        Rule.INCOMPLETE_EVIDENCE: _incomplete,
    }
)


def _decimal(value: FactValue) -> Decimal | None:
    return Decimal(value) if isinstance(value, Decimal | int) else None


def _whole(value: FactValue) -> int | None:
    return int(value) if isinstance(value, Decimal | int) else None


def _day(value: FactValue) -> str:
    return formats.date_short(value if isinstance(value, date) else None)


def _plain(value: FactValue) -> str:
    number = _decimal(value)
    if number is None:
        return formats.EMPTY
    return formats.number(number, 0 if number == number.to_integral_value() else 1)
