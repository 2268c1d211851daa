"""Marks of a printed page: state glyphs as backgrounds, rich text, marked differences.

A background is decoration to a screen reader and to a tagged PDF: the words stand beside it, in the
cell or in a text for readers who hear the page.
"""

from decimal import Decimal

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from config.web import formats, glyphs
from config.web.richtext import rich as rich_text

register = template.Library()
TIED_SIGNS = 16


@register.filter
def rich(text: str) -> SafeString:
    """The little Markdown people may write, as safe HTML."""
    return rich_text(text or "")


@register.filter
def tied(text: str) -> str:
    """The title with its last words held together, so that no line begins with the last of them alone."""
    words = str(text).split(" ")
    tail = words.pop()
    while words and len(tail) < TIED_SIGNS:
        tail = f"{words.pop()}\u00a0{tail}"
    return " ".join([*words, tail])


@register.simple_tag
def mark(*, state: object, past: bool = False) -> SafeString:
    """The lettered glyph of a state as decoration; the caller says the state in words."""
    name = glyphs.known_state(state)
    letter = glyphs.LETTERS[formats.active_language()].get(name, "")
    shape = f"g-{name}-{letter}" if name in ("green", "amber") else f"g-{name}"
    return format_html('<span class="g {}{}"></span>', shape, " g-past" if past else "")


@register.filter
def week_word(state: object) -> str:
    """The state of a project in the week of the pack, in words."""
    return glyphs.week_word(state)


@register.simple_tag
def mini(*, state: object) -> SafeString:
    """The small glyph without letter, as decoration."""
    return format_html('<span class="m m-{}"></span>', glyphs.known_state(state))


def _tone(value: Decimal | int | None) -> str:
    return "zero" if not value else "bad" if value > 0 else "good"


@register.simple_tag
def late(*, days: int | None, quiet: int = 0) -> SafeString:
    """A signed number of days: later than `quiet` is bad, up to `quiet` it is said without colour."""
    text = "?" if days is None else formats.signed(days)
    tone = "plain" if days is not None and 0 < days <= quiet else _tone(days)
    return format_html('<span class="d d-{}">{}</span>', tone, text)


@register.simple_tag
def dearer(
    *, value: Decimal | None, unit: str = "percent", decimals: int = 1, quiet: Decimal | None = None
) -> SafeString:
    """A signed amount or percentage: more than `quiet` is bad. unit: percent, keuro or meuro."""
    if value is None:
        return format_html('<span class="d">{}</span>', formats.EMPTY)
    divisor = {"percent": Decimal(1), "keuro": formats.THOUSAND, "meuro": formats.MILLION}[unit]
    text = formats.signed(value / divisor, decimals)
    tone = "zero" if text.startswith(formats.PLUS_MINUS) else _tone(value)
    if quiet is not None and tone == "bad" and value <= quiet:
        tone = "plain"
    return format_html('<span class="d d-{}">{}</span>', tone, text)
