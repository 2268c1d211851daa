"""The port through which the ask of a weekly status reaches the bodies that decide, without importing them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from people.models import User
from portfolio.models import Project, StatusReport


@dataclass(frozen=True, slots=True)
class AskDestination:
    """A body that may be asked, and its coming sittings, soonest first."""

    code: str
    label: str
    dates: tuple[date, ...]


class AskGateway(Protocol):
    """What governance offers to a weekly status."""

    def destinations(self, project: Project, on: date) -> list[AskDestination]:
        """The bodies this project may ask from `on` on."""

    def sync(self, report: StatusReport, by: User) -> None:
        """Open, keep, move or withdraw the request that `report` stands for; runs inside its transaction."""

    def addresses(self, projects: Collection[Project]) -> dict[int, str]:
        """The page of the open request that each project's status stands for, by project."""


class _NoBodies:
    """The gateway of an installation without governance: nothing to ask, nobody to tell."""

    def destinations(self, project: Project, on: date) -> list[AskDestination]:
        return []

    def sync(self, report: StatusReport, by: User) -> None:
        return None

    def addresses(self, projects: Collection[Project]) -> dict[int, str]:
        return {}


_gateways: list[AskGateway] = []


def register_gateway(gateway: AskGateway) -> None:
    """Called once at start-up by the app that knows the bodies; the last registration wins."""
    _gateways[:] = [gateway]


def gateway() -> AskGateway:
    return _gateways[0] if _gateways else _NoBodies()
