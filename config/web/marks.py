"""Small SVG marks that stand in a table row: bars, bullets and lines. Zero-based, one scale."""

from collections.abc import Sequence
from decimal import Decimal

from django.utils.html import escape

from config.web.formats import PLUS_MINUS

Number = Decimal | float

_TONES = {"ink": "#17191F", "red": "#8E1A15", "amber": "#F2A900", "green": "#0A7D6A", "encre": "#34388C"}


def _plain(value: float) -> str:
    return f"{value:.1f}".rstrip("0").rstrip(".")


def _share(value: Number, maximum: Number, width: float) -> float:
    scale = float(maximum)
    return 0.0 if scale <= 0 else max(0.0, min(float(value) / scale, 1.0)) * width


def _hatch(left: float, right: float, top: float, bottom: float, pitch: float = 5, lean: float = 9) -> str:
    """Answer slanted strokes cut to the box, without a clip path so no id can collide."""
    strokes, foot = [], left - lean
    while foot < right:
        low, high = max(foot, left), min(foot + lean, right)
        if high > low:
            rise = (bottom - top) / lean
            start, end = bottom - (low - foot) * rise, bottom - (high - foot) * rise
            strokes.append(f"M{_plain(low)} {_plain(start)}L{_plain(high)} {_plain(end)}")
        foot += pitch
    return "".join(strokes)


def bar_svg(*, value: Number | None, maximum: Number, tone: str = "ink", width: int = 84) -> str:
    """Answer a thin bar on its track, right-aligned under a figure."""
    length = _share(value or 0, maximum, width)
    colour = _TONES.get(tone, _TONES["ink"])
    return (
        f'<svg class="bar" aria-hidden="true" width="{width}" height="3" viewBox="0 0 {width} 3">'
        f'<rect class="m-track" width="{width}" height="3" fill="#ECEAE3"/>'
        f'<rect class="m-{tone}" x="{_plain(width - length)}" width="{_plain(length)}" height="3"'
        f' fill="{colour}"/></svg>'
    )


def ibcs_bar_svg(
    *, actual: Number, forecast: Number, plan: Number, maximum: Number, title: str, width: int = 240
) -> str:
    """Answer the plan outlined behind, the actual solid, then hatching up to the forecast total."""
    inner = width - 2
    done, total, planned = (_share(part, maximum, inner) for part in (actual, forecast, plan))
    rest = max(0.0, total - done)
    return (
        f'<svg class="ibcs" role="img" width="{width}" height="20" viewBox="0 0 {width} 20">'
        f"<title>{escape(title)}</title>"
        f'<rect class="m-plan" x="1" y="1.5" width="{_plain(planned)}" height="14" fill="#FFFFFF" stroke="#17191F"/>'
        f'<rect class="m-hatch" x="{_plain(1 + done)}" y="4.5" width="{_plain(rest)}" height="11" fill="#FFFFFF"/>'
        f'<path class="m-stroke" d="{_hatch(1 + done, 1 + done + rest, 4.5, 15.5)}" stroke="#17191F"'
        f' stroke-width="1.4"/>'
        f'<rect class="m-outline" x="{_plain(1 + done)}" y="4.5" width="{_plain(rest)}" height="11" fill="none"'
        f' stroke="#17191F"/>'
        f'<rect class="m-ink" x="1" y="4.5" width="{_plain(done)}" height="11" fill="#17191F"/></svg>'
    )


def bullet_svg(*, value: Number, target: Number, maximum: Number, title: str, width: int = 240) -> str:
    """Answer a measure in ink, its limit as a red line, and the excess hatched by tone."""
    length, limit = _share(value, maximum, width - 2), _share(target, maximum, width - 2)
    within = min(length, limit)
    over = max(0.0, length - limit)
    return (
        f'<svg class="bullet" role="img" width="{width}" height="22" viewBox="0 0 {width} 22">'
        f"<title>{escape(title)}</title>"
        f'<rect class="m-plan" x="1" y="4.5" width="{_plain(limit)}" height="13" fill="#FFFFFF" stroke="#17191F"/>'
        f'<rect class="m-ink" x="1" y="7.5" width="{_plain(within)}" height="7" fill="#17191F"/>'
        f'<rect class="m-red" x="{_plain(1 + limit)}" y="7.5" width="{_plain(over)}" height="7" fill="#8E1A15"/>'
        f'<path class="m-stroke-red" d="M{_plain(1 + limit)} 1v20" stroke="#8E1A15" stroke-width="2"/></svg>'
    )


def sparkline_svg(
    *, values: Sequence[Number | None], title: str, reference: float | None = None, width: int = 200, height: int = 22
) -> str:
    """Answer a line with a dot on the last known value; a missing value is a gap."""
    known = [float(value) for value in values if value is not None]
    scale = [*known, *([reference] if reference is not None else [])]
    low, high = (min(scale), max(scale)) if scale else (0.0, 1.0)
    span = (high - low) or 1.0
    step = (width - 10) / max(len(values) - 1, 1)

    def place(position: int, value: float) -> tuple[float, float]:
        return 4 + position * step, 4 + (height - 8) * (1 - (value - low) / span)

    points = [place(i, float(value)) if value is not None else None for i, value in enumerate(values)]
    path = "".join(
        f"{'L' if i and points[i - 1] else 'M'}{_plain(point[0])} {_plain(point[1])}"
        for i, point in enumerate(points)
        if point
    )
    last = next((point for point in reversed(points) if point), None)
    dot = (
        f'<circle class="m-ink" cx="{_plain(last[0])}" cy="{_plain(last[1])}" r="2.6" fill="#17191F"/>' if last else ""
    )
    base = ""
    if reference is not None:
        level = _plain(place(0, reference)[1])
        base = (
            f'<path class="m-stroke-faint" d="M4 {level}H{width - 6}" stroke="#63666F" stroke-dasharray="2 2"'
            ' fill="none"/>'
        )
    return (
        f'<svg class="spark" role="img" width="{width}" height="{height}" viewBox="0 0 {width} {height}">'
        f"<title>{escape(title)}</title>{base}"
        f'<path class="m-stroke" d="{path}" fill="none" stroke="#17191F" stroke-width="1.5"/>{dot}</svg>'
    )


def tone(value: Number | None, text: str, *, bad: str = "up") -> str:
    """Answer how a difference is coloured: bad, good, or zero where its text rounds to nothing."""
    if value is None or text.startswith(PLUS_MINUS):
        return "zero"
    return "bad" if (value > 0) == (bad == "up") else "good"
