"""A tiny SVG builder: every text and attribute escaped, no style, no script.

Colours stand twice: as a presentation attribute (the light palette, which is
all that print applies inside an SVG) and as a class, which screen themes and
forced colours may override. `figure` is the only way to make a whole chart, so
each chart is an image whose first child is its title.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.utils.html import conditional_escape, escape
from django.utils.safestring import SafeString, mark_safe

from config.web.languages import language_apart

Coordinate = float | int | Decimal
Attribute = str | Coordinate | None

FONT = "Registre Sans, Source Sans 3, sans-serif"
_FORBIDDEN = ("style", "href", "xlink:href")


class Ink(enum.Enum):
    """A colour role: its class and its light value."""

    INK = ("c-ink", "#17191F")
    INK_2 = ("c-ink-2", "#4A4D57")
    FAINT = ("c-faint", "#63666F")
    RULE = ("c-rule", "#D8D5CB")
    RULE_STRONG = ("c-rule-strong", "#8A867A")
    SHEET = ("c-sheet", "#FFFFFF")
    SUNKEN = ("c-sunken", "#ECEAE3")
    ACCENT = ("c-accent", "#34388C")
    RED = ("c-red", "#8E1A15")
    AMBER = ("c-amber", "#F2A900")
    AMBER_LINE = ("c-amber-line", "#7A4B00")
    GREEN = ("c-green", "#0A7D6A")
    GREEN_TEXT = ("c-green-text", "#0B6E5B")
    RED_TINT = ("c-red-tint", "#F9E9E6")
    AMBER_TINT = ("c-amber-tint", "#FFF3D1")
    GREEN_TINT = ("c-green-tint", "#E2F2EE")

    @property
    def css(self) -> str:
        return self.value[0]

    @property
    def colour(self) -> str:
        return self.value[1]


class Weight(enum.IntEnum):
    """Font weights that the bundled family holds."""

    NORMAL = 400
    MEDIUM = 500
    SEMIBOLD = 600
    BOLD = 700


@dataclass(frozen=True, slots=True)
class Pen:
    """How a shape is painted; `dash` is an SVG dash array."""

    fill: Ink | None = None
    stroke: Ink | None = None
    width: float = 1
    dash: str = ""

    def attributes(self) -> dict[str, Attribute]:
        classes = []
        if self.fill is not None:
            classes.append(f"{self.fill.css}-fill")
        if self.stroke is not None:
            classes.append(f"{self.stroke.css}-stroke")
        return {
            "class": " ".join(classes) or None,
            "fill": self.fill.colour if self.fill is not None else "none",
            "stroke": self.stroke.colour if self.stroke is not None else None,
            "stroke-width": self.width if self.stroke is not None else None,
            "stroke-dasharray": self.dash or None,
        }


def number(value: Coordinate) -> str:
    """A coordinate with at most two decimals."""
    text = f"{float(value):.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def element(name: str, attributes: dict[str, Attribute], children: Iterable[str] = ()) -> SafeString:
    """One element; children that are not already SVG are escaped as text."""
    written = "".join(
        f' {key}="{escape(value if isinstance(value, str) else number(value))}"'
        for key, value in attributes.items()
        if value is not None
    )
    for key in attributes:
        if key.lower() in _FORBIDDEN or key.lower().startswith("on"):
            raise ValueError(f"attribute {key} is not allowed in a chart")
    inner = "".join(conditional_escape(child) for child in children)
    body = f"<{name}{written}>{inner}</{name}>" if inner else f"<{name}{written}/>"
    return mark_safe(body)  # noqa: S308


def group(children: Iterable[str], *, transform: str | None = None, css: str | None = None) -> SafeString:
    return element("g", {"class": css, "transform": transform}, children)


def line(x1: Coordinate, y1: Coordinate, x2: Coordinate, y2: Coordinate, pen: Pen) -> SafeString:
    return element("line", {"x1": x1, "y1": y1, "x2": x2, "y2": y2, **pen.attributes()})


def rect(x: Coordinate, y: Coordinate, width: Coordinate, height: Coordinate, pen: Pen) -> SafeString:
    return element("rect", {"x": x, "y": y, "width": width, "height": height, **pen.attributes()})


def circle(x: Coordinate, y: Coordinate, radius: Coordinate, pen: Pen) -> SafeString:
    return element("circle", {"cx": x, "cy": y, "r": radius, **pen.attributes()})


def path(data: str, pen: Pen) -> SafeString:
    return element("path", {"d": data, **pen.attributes(), "stroke-linejoin": "round"})


def polyline(points: Iterable[tuple[Coordinate, Coordinate]], pen: Pen) -> SafeString:
    """An open line through `points`."""
    drawn = " ".join(f"{number(x)},{number(y)}" for x, y in points)
    attributes = {"points": drawn, **pen.attributes(), "stroke-linejoin": "round", "stroke-linecap": "round"}
    return element("polyline", attributes)


def label(
    x: Coordinate,
    y: Coordinate,
    text: str,
    *,
    size: float = 12,
    ink: Ink = Ink.INK,
    weight: Weight = Weight.NORMAL,
    anchor: str = "start",
) -> SafeString:
    """A text on its baseline."""
    return element(
        "text",
        {
            "class": f"{ink.css}-fill",
            "x": x,
            "y": y,
            "font-size": size,
            "font-weight": None if weight is Weight.NORMAL else str(int(weight)),
            "text-anchor": None if anchor == "start" else anchor,
            "fill": ink.colour,
            "lang": language_apart(text),
        },
        [text],
    )


def hatch_id(chart_id: str) -> str:
    return f"{chart_id}-hatch"


def hatch(chart_id: str) -> SafeString:
    """The IBCS forecast hatching; gradients that repeat do not print, patterns do."""
    stripe = element(
        "path",
        {"class": "c-ink-stroke", "d": "M-1 1 1 -1M0 5 5 0M4 6 6 4", "stroke": Ink.INK.colour, "stroke-width": 1.6},
    )
    attributes: dict[str, Attribute] = {
        "id": hatch_id(chart_id),
        "width": 5,
        "height": 5,
        "patternUnits": "userSpaceOnUse",
    }
    return element("defs", {}, [element("pattern", attributes, [stripe])])


def hatched(
    chart_id: str, x: Coordinate, y: Coordinate, width: Coordinate, height: Coordinate, *, outline: float = 1
) -> SafeString:
    """A hatched bar with an ink outline."""
    return element(
        "rect",
        {
            "class": "c-ink-stroke",
            "x": x,
            "y": y,
            "width": width,
            "height": height,
            "fill": f"url(#{hatch_id(chart_id)})",
            "stroke": Ink.INK.colour,
            "stroke-width": outline,
        },
    )


def figure(
    *,
    kind: str,
    title: str,
    chart_id: str,
    width: Coordinate,
    height: Coordinate,
    children: Iterable[str],
) -> SafeString:
    """The whole chart: an image named by its first child, the message sentence."""
    heading = element("title", {"id": f"{chart_id}-title"}, [title])
    return element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "class": f"chart chart-{kind}",
            "id": chart_id,
            "role": "img",
            "aria-labelledby": f"{chart_id}-title",
            "width": width,
            "height": height,
            "viewBox": f"0 0 {number(width)} {number(height)}",
            "font-family": FONT,
        },
        [heading, *children],
    )
