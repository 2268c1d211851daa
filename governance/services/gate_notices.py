"""What people are told of gates: that they read a review over, and what the body answered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from governance.enums import GateReviewState
from governance.models import GateReview
from people.enums import Purpose
from people.models import Person
from people.services import notify
from people.services.notify import Kind, Wording


def register() -> None:
    notify.register_kind(Kind("gate_reviewer", Purpose.DECISION, _word_reviewer))
    notify.register_kind(Kind("gate_answered", Purpose.DECISION, _word_answered))


def tell_reviewer(review: GateReview) -> int:
    """Who was named to read the review over."""
    key = f"gate_reviewer:{review.pk}:{review.reviewer_id}"
    return _tell([review.reviewer], "gate_reviewer", key, review)


def tell_answered(review: GateReview) -> int:
    """The manager of the project and who read the review over, once the body answered."""
    people = [review.project.manager, review.project.deputy, review.reviewer]
    return _tell(people, "gate_answered", f"gate_answered:{review.pk}", review)


def _tell(people: Iterable[Person | None], kind: str, key: str, review: GateReview) -> int:
    users = [person.user for person in people if person is not None and person.user is not None]
    data = {"number": review.number, "gate": review.gate, "state": review.state}
    return notify.notify(users=users, kind=kind, key=key, data=data, path=review.get_absolute_url())


def _word_reviewer(data: Mapping[str, Any]) -> Wording:
    return Wording(
        _("Une revue de porte à relire : %(number)s") % data,
        _("Vous êtes nommé relecteur : lisez la liste de contrôle et donnez votre confiance dans la livraison."),
    )


def _word_answered(data: Mapping[str, Any]) -> Wording:
    state = GateReviewState(data["state"]).label
    return Wording(_("Porte %(gate)s, %(number)s : %(state)s") % {**data, "state": state})
