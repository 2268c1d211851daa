"""The fonts hold every glyph the pages and packs print, within the weight budget."""

from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

FONTS = Path(__file__).resolve().parents[2] / "static/fonts"
FILES = sorted(FONTS.glob("*.woff2"))
SIGNS = "Δ≥≤→←↑↓−±≈≠’‘“”«»œŒæÆ€·–—…×½✓■●○◆\u00a0\u202f"
LATIN = "".join(map(chr, [*range(0x20, 0x7F), *range(0xC0, 0x180)]))
NOT_IN_SERIF = set("●○ĬĭĲĳŦŧ")  # upstream draws none of them; no name in our three languages needs one


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_font_holds_every_sign_we_print(path):
    covered = TTFont(path).getBestCmap()
    needed = set(SIGNS + LATIN) - (NOT_IN_SERIF if "serif" in path.stem else set())
    assert {sign for sign in needed if ord(sign) not in covered} == set()


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_font_does_not_use_the_reserved_name(path):
    names = {str(record) for record in TTFont(path)["name"].names if record.nameID in (1, 3, 4, 6, 16)}
    assert not [name for name in names if "Source" in name]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_font_has_tabular_figures(path):
    font = TTFont(path)
    figures = {font["hmtx"][font.getBestCmap()[ord(digit)]][0] for digit in "0123456789"}
    features = {record.FeatureTag for record in font["GSUB"].table.FeatureList.FeatureRecord}
    assert "tnum" in features or len(figures) == 1


def test_fonts_weigh_at_most_180_kilobytes():
    assert len(FILES) == 7
    assert sum(path.stat().st_size for path in FILES) <= 180 * 1024


def test_licence_is_beside_the_fonts():
    assert "SIL OPEN FONT LICENSE" in (FONTS / "OFL.txt").read_text(encoding="utf-8")
