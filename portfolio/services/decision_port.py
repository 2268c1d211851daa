"""The port through which a page of the portfolio says who decides what it may no longer write, and where to ask."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from people.models import User
from portfolio.engines.authority import Matter
from portfolio.models import Project

NAMES: dict[Matter, Promise] = {
    Matter.BUDGET: gettext_lazy("le budget approuvé"),
    Matter.BASELINE: gettext_lazy("la fin de référence"),
    Matter.TOLERANCE: gettext_lazy("une tolérance"),
    Matter.RANK: gettext_lazy("le rang de priorité"),
    Matter.MANAGER: gettext_lazy("le chef de projet"),
    Matter.PHASE: gettext_lazy("l’étape du cycle de vie"),
}


@dataclass(frozen=True, slots=True)
class DecisionNeeded:
    """Why a value is only read here, who decides, and the page that asks for it; empty where the reader may not ask."""

    sentence: str
    body: str = ""
    address: str = ""


class DecisionGateway(Protocol):
    """What governance answers."""

    def needed(self, user: User, project: Project, matter: Matter) -> DecisionNeeded:
        """Who decides on this matter of this project, as the reader may know it."""


class _Nobody:
    """Without governance: the rule holds, no body is known."""

    def needed(self, user: User, project: Project, matter: Matter) -> DecisionNeeded:
        return DecisionNeeded(reserved(matter))


def reserved(matter: Matter) -> str:
    """The rule in words, without the body."""
    return _("Projet autorisé : %(what)s change par une décision de l’instance compétente.") % {"what": NAMES[matter]}


_gateways: list[DecisionGateway] = []


def register_gateway(gateway: DecisionGateway) -> None:
    """Called once at start-up by the app that knows the bodies; the last registration wins."""
    _gateways[:] = [gateway]


def gateway() -> DecisionGateway:
    return _gateways[0] if _gateways else _Nobody()
