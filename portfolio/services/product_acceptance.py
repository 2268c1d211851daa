"""Accept or refuse a product handed over: never by its producer, always against its criteria as they read that day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from config import clock
from people.models.user import User
from portfolio.engines.product import Answer, Finding
from portfolio.enums import AcceptanceVerdict, ProductState
from portfolio.models.product import Product, ProductCriterion
from portfolio.models.product_review import ProductAcceptance
from portfolio.selectors.product_rights import acceptance_right, speaks_for_himself
from portfolio.services.product import lock_product, move


@transaction.atomic
def answer_product(*, product: Product, by: User, version: int, answer: Answer) -> ProductAcceptance:
    """Kept as a row that nobody edits; an accepted product carries its date and who accepted it.

    Who accepts for somebody without access writes down where that acceptance can be seen.
    """
    locked = lock_product(product, version)
    if not acceptance_right(by, locked):
        raise PermissionDenied(_("Le responsable de l’acceptation répond lui-même, et jamais le producteur."))
    person, producer = locked.acceptor, locked.producer
    if person is None or producer is None:
        raise ValidationError(_("Nommez d’abord le producteur et le responsable de l’acceptation."))
    criteria = list(locked.criteria.order_by("number"))
    _refuse(locked, criteria, answer)
    if not speaks_for_himself(person, locked.project) and not answer.evidence.strip():
        raise ValidationError(
            {"evidence": _("Dites où se voit l’acceptation de %(name)s.") % {"name": person.full_name}}
        )
    row = ProductAcceptance(
        product=locked,
        verdict=AcceptanceVerdict(answer.verdict),
        person=person,
        producer=producer,
        on=answer.on,
        criteria=_kept(criteria, answer.findings),
        note=answer.note.strip(),
        evidence=answer.evidence.strip(),
        recorded_by=by,
        recorded_at=clock.now(),
    )
    row.full_clean()
    row.save(force_insert=True)
    if answer.verdict == AcceptanceVerdict.REFUSED:
        move(locked, "refuse", by, state_reason=row.note[:300])
    else:
        move(locked, "accept", by, accepted_on=answer.on, accepted_by=person, state_reason="")
    return row


def _refuse(product: Product, criteria: Sequence[ProductCriterion], answer: Answer) -> None:
    """What does not make an acceptance, whoever gives it."""
    if product.state != ProductState.READY:
        raise ValidationError(
            _("Ce produit est « %(state)s » : il s’accepte une fois remis, contrôles réussis et suites closes.")
            % {"state": product.get_state_display().lower()}
        )
    if answer.verdict not in AcceptanceVerdict.values:
        raise ValidationError({"verdict": _("Choisissez un verdict.")})
    if answer.on > clock.today():
        raise ValidationError({"on": _("Une acceptation n’est pas dans le futur.")})
    if not criteria or {row.number for row in criteria} != set(answer.findings):
        raise ValidationError(_("Répondez à chaque critère ; un produit sans critère ne s’accepte pas."))
    unmet = [number for number, one in answer.findings.items() if not one.met]
    if answer.verdict == AcceptanceVerdict.ACCEPTED and unmet:
        raise ValidationError({"verdict": _("Un critère n’est pas satisfait : acceptez avec réserves, ou refusez.")})
    if answer.verdict != AcceptanceVerdict.ACCEPTED and not answer.note.strip():
        raise ValidationError({"note": _("Des réserves ou un refus se motivent.")})


def _kept(criteria: Sequence[ProductCriterion], findings: Mapping[int, Finding]) -> list[dict[str, str | int | bool]]:
    """Each criterion as it reads today, with what was found."""
    return [
        {
            "number": row.number,
            "text": row.text,
            "method": row.method,
            "tolerance": row.tolerance,
            "met": findings[row.number].met,
            "found": findings[row.number].found.strip(),
        }
        for row in criteria
    ]
