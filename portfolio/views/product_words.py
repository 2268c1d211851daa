"""Words and choices of the product pages."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portfolio.engines.product import OVER, Element
from portfolio.enums import ProductKind
from portfolio.selectors.product import ProductLine, ProductPage

LACKS: Mapping[Element, Promise] = {
    Element.PURPOSE: _("le but"),
    Element.PRODUCER: _("le producteur"),
    Element.ACCEPTOR: _("qui accepte"),
    Element.CRITERIA: _("un critère"),
    Element.METHODS: _("une méthode de contrôle"),
    Element.TOLERANCES: _("une tolérance"),
    Element.PLANNED: _("la date de référence"),
    Element.PLACE: _("le jalon ou le lot"),
}
SHOWN = (("", _("Tout")), ("open", _("À accepter")), ("deliverables", _("Livrables")), ("incomplete", _("Incomplets")))


def lacking(line: ProductLine) -> list[str]:
    """What the description lacks, in words; methods and tolerances are not missing where criteria are."""
    lacks = [one for one in line.lacks if Element.CRITERIA not in line.lacks or one not in _OF_CRITERIA]
    return [str(LACKS[one]) for one in lacks]


_OF_CRITERIA = (Element.METHODS, Element.TOLERANCES)


def shown_lines(page: ProductPage, shown: str) -> list[ProductLine]:
    """The breakdown cut to what was asked; an unknown choice shows all of it."""
    return [line for line in page.lines if _is_shown(line, shown)]


def _is_shown(line: ProductLine, shown: str) -> bool:
    if shown == "open":
        return not line.row.is_group and line.row.state not in OVER
    if shown == "deliverables":
        return line.row.kind == ProductKind.DELIVERABLE
    return shown != "incomplete" or (bool(line.lacks) and line.row.state not in OVER)
