"""The line under the masthead. `reporting` registers who fills it; until then: week and date."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from django.http import HttpRequest
from django.utils.functional import Promise

from config import clock

Text = str | Promise


@dataclass(frozen=True, slots=True)
class Dateline:
    """What the dateline says; an empty part is not shown."""

    today: date
    cutoff: datetime | None = None
    is_cut: bool = False
    frozen_label: Text = ""
    received: int | None = None
    expected: int | None = None
    late_label: Text = ""
    late_url: str = ""
    pack_label: Text = ""
    pack_url: str = ""
    view_as: Text = ""


Provider = Callable[[HttpRequest], Dateline]
_providers: list[Provider] = []


def set_provider(provider: Provider) -> None:
    """Say who fills the dateline."""
    _providers[:] = [provider]


def dateline(request: HttpRequest) -> Dateline:
    """Answer the dateline of this request."""
    if _providers and request.user.is_authenticated:
        return _providers[0](request)
    return Dateline(today=clock.today())
