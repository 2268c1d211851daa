"""Addresses of many rows: the pattern is looked up once, then filled."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import quote

from django.urls import reverse

_PLACE = "-place-"
_KEPT = "!$&'()*+,;=/~:@"
"""What `reverse` leaves as it is."""


def filled_address(name: str) -> Callable[[str], str]:
    """The address of the page `name`, which takes one text, as a function of that text."""
    before, _place, after = reverse(name, args=[_PLACE]).partition(_PLACE)
    return lambda text: f"{before}{quote(text, safe=_KEPT)}{after}"
