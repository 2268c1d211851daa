"""The tokens hold the contrast ratios the visual language publishes (WCAG 1.4.3, 1.4.11)."""

import re
from pathlib import Path

import pytest

TOKENS = Path(__file__).resolve().parents[2] / "static/css/tokens.css"


def _palette(selector: str) -> dict[str, str]:
    css = TOKENS.read_text(encoding="utf-8")
    block = re.search(re.escape(selector) + r"\s*\{(.*?)\}", css, re.DOTALL)
    assert block, selector
    return dict(re.findall(r"--([a-z0-9-]+):\s*(#[0-9A-F]{6});", block[1]))


LIGHT = _palette(":root")
DARK = _palette(':root[data-theme="dark"]')
DARK_BY_DEVICE = _palette(':root:not([data-theme="light"])')


def _luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """The WCAG ratio of two colours."""
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


PUBLISHED_LIGHT = [
    ("ink", "canvas", 16.1), ("ink", "sheet", 17.6), ("ink", "sunken", 14.6),
    ("ink-2", "canvas", 7.7), ("ink-2", "sheet", 8.4), ("ink-2", "sunken", 7.0),
    ("ink-3", "canvas", 5.3), ("ink-3", "sheet", 5.7), ("ink-3", "sunken", 4.8),
    ("rule-strong", "canvas", 3.3), ("rule-strong", "sheet", 3.6), ("rule-strong", "sunken", 3.0),
    ("encre", "canvas", 9.2), ("encre", "sheet", 10.1), ("encre", "sunken", 8.4), ("on-encre", "encre", 10.1),
    ("encre", "encre-tint", 8.4),
    ("red", "canvas", 8.3), ("red", "sheet", 9.1), ("red", "sunken", 7.6), ("on-red", "red", 9.1),
    ("on-amber", "amber", 8.7), ("amber-ink", "canvas", 6.8), ("amber-ink", "sheet", 7.4), ("amber", "sheet", 2.0),
    ("green", "canvas", 4.6), ("green", "sheet", 5.1), ("green", "sunken", 4.2),
    ("green-ink", "canvas", 5.7), ("green-ink", "sheet", 6.2), ("green-ink", "sunken", 5.1),
    ("ink", "red-tint", 14.9), ("ink", "amber-tint", 15.9), ("ink", "green-tint", 15.2),
]  # fmt: skip

PUBLISHED_DARK = [
    ("ink", "canvas", 15.3), ("ink", "sheet", 13.9),
    ("ink-2", "canvas", 9.9), ("ink-2", "sheet", 9.1),
    ("ink-3", "canvas", 6.7), ("ink-3", "sheet", 6.2),
    ("rule-strong", "canvas", 4.7), ("rule-strong", "sheet", 4.3),
    ("encre", "canvas", 8.7), ("encre", "sheet", 7.9), ("on-encre", "encre", 8.7), ("encre", "encre-tint", 6.4),
    ("red", "canvas", 5.5), ("red", "sheet", 5.0), ("on-red", "red", 5.5),
    ("amber", "canvas", 14.1), ("amber", "sheet", 12.9), ("on-amber", "amber", 14.1),
    ("green", "canvas", 8.7), ("green", "sheet", 8.0),
    ("ink", "red-tint", 12.8), ("ink", "amber-tint", 11.8), ("ink", "green-tint", 11.9),
]  # fmt: skip


@pytest.mark.parametrize(("text", "ground", "ratio"), PUBLISHED_LIGHT)
def test_light_ratio_is_as_published(text, ground, ratio):
    assert contrast(LIGHT[text], LIGHT[ground]) == pytest.approx(ratio, abs=0.1)


@pytest.mark.parametrize(("text", "ground", "ratio"), PUBLISHED_DARK)
def test_dark_ratio_is_as_published(text, ground, ratio):
    assert contrast(DARK[text], DARK[ground]) == pytest.approx(ratio, abs=0.1)


def test_dark_by_device_and_by_choice_are_the_same():
    assert DARK_BY_DEVICE == DARK


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("ground", ["canvas", "sheet", "sunken"])
def test_every_text_colour_reads_on_every_ground(palette, ground):
    for text in ("ink", "ink-2", "ink-3", "encre", "encre-hover", "red", "green-ink", "amber-ink"):
        assert contrast(palette[text], palette[ground]) >= 4.5, text


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_text_on_its_own_tint_reads(palette):
    for text, tint in (("red", "red-tint"), ("amber-ink", "amber-tint"), ("green-ink", "green-tint")):
        assert contrast(palette[text], palette[tint]) >= 4.5, text
    assert contrast(palette["on-encre"], palette["encre-hover"]) >= 4.5


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_lines_that_mean_something_are_seen(palette):
    for line in ("rule-strong", "green", "amber-ink", "red", "encre"):
        for ground in ("canvas", "sheet"):
            assert contrast(palette[line], palette[ground]) >= 3, (line, ground)
