"""This app's printer, lent to the others through the port of people."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from django.conf import settings

from people.services.printing import Printed, Printer, register_printer
from reporting.services import pdf


def register() -> None:
    register_printer(Printer(assets=pdf.ASSETS, render=_render))


def _render(html: str, identifier: str, variant: str, heartbeat: Callable[[], None]) -> Printed:
    static = Path(settings.BASE_DIR) / "static"
    done = pdf.render(html, identifier=identifier, static_root=static, variant=variant, heartbeat=heartbeat)
    return Printed(data=done.data, pages=done.pages)
