"""What the charts of plans are drawn with: light colours as attributes, themes by class, every text escaped."""

from __future__ import annotations

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

FONT = "Registre Sans, Source Sans 3, sans-serif"
INK, INK_2, FAINT, RULE, SHEET = "#17191F", "#4A4D57", "#63666F", "#D8D5CB", "#FFFFFF"
STRONG, ACCENT, RED = "#8A867A", "#34388C", "#8E1A15"


def picture(inner: str, title: str, chart_id: str, width: float, height: float) -> SafeString:
    """The whole image, named by its title."""
    return mark_safe(  # noqa: S308 -- every text below went through escape
        f'<svg xmlns="http://www.w3.org/2000/svg" class="chart gantt" id="{chart_id}" role="img" '
        f'aria-labelledby="{chart_id}-title" width="{width:.0f}" height="{height:.0f}" '
        f'viewBox="0 0 {width:.0f} {height:.0f}" font-family="{FONT}">'
        f'<title id="{chart_id}-title">{escape(title)}</title>{inner}</svg>'
    )


def block(x: float, y: float, width: float, height: float, fill: str, css: str) -> str:
    return f'<rect class="{css}" x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" fill="{fill}"/>'


def word(
    x: float,
    y: float,
    text: str,
    size: float,
    fill: str,
    css: str,
    *,
    weight: int = 0,
    anchor: str = "",
    lang: str | None = None,
) -> str:
    more = f' font-weight="{weight}"' if weight else ""
    more += f' text-anchor="{anchor}"' if anchor else ""
    more += f' lang="{escape(lang)}"' if lang else ""
    return f'<text class="{css}" x="{x:.1f}" y="{y:.1f}" font-size="{size:g}" fill="{fill}"{more}>{escape(text)}</text>'
