from pathlib import Path

import pytest

from reporting.charts.svg import Ink

CSS = Path(__file__).resolve().parents[3] / "static" / "css"


@pytest.mark.parametrize("ink", list(Ink), ids=lambda ink: ink.name)
def test_every_colour_role_follows_the_theme(ink):
    sheet = (CSS / "charts.css").read_text(encoding="utf-8")
    assert f".{ink.css}-fill {{ fill: var(--" in sheet
    assert f".{ink.css}-stroke {{ stroke: var(--" in sheet


@pytest.mark.parametrize("ink", list(Ink), ids=lambda ink: ink.name)
def test_every_light_colour_is_a_token(ink):
    assert ink.colour in (CSS / "tokens.css").read_text(encoding="utf-8")
