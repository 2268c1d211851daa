"""Inline SVG of the state glyphs, the twelve-week strip and the icons.

Shape, fill and letter each carry the state, so it survives greyscale print. Presentation
attributes hold the light palette (WeasyPrint applies no page CSS inside an SVG); the
classes let the screen themes and forced colours override them.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, pgettext_lazy

from config.web.formats import active_language, labelled

STATES = ("green", "amber", "red", "stale", "paused", "closed", "none")

LETTERS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "fr": {"green": "V", "amber": "O", "red": "R", "stale": "?"},
        "nl": {"green": "G", "amber": "O", "red": "R", "stale": "?"},
        "en": {"green": "G", "amber": "A", "red": "R", "stale": "?"},
    }
)

_LETTER_PATHS: Mapping[str, str] = MappingProxyType(
    {
        "V": "M8.8 14.1 6.4 5.9H8.4L9.3 9.7Q9.4 10.2 9.5 10.6 9.6 11.1 9.7 11.5 9.8 11.9 10 12.4"
        "H10Q10.1 11.9 10.2 11.5 10.3 11.1 10.5 10.6 10.6 10.2 10.7 9.7L11.7 5.9H13.6L11.1 14.1Z",
        "O": "M10 14.3Q8.9 14.3 8 13.8 7.2 13.3 6.7 12.3 6.2 11.3 6.2 10 6.2 8.6 6.7 7.7 7.2 6.7 8 6.2"
        " 8.9 5.7 10 5.7 11.1 5.7 12 6.2 12.8 6.7 13.3 7.7 13.8 8.6 13.8 10 13.8 11.3 13.3 12.3"
        " 12.8 13.3 12 13.8 11.1 14.3 10 14.3ZM10 12.7Q10.6 12.7 11 12.3 11.4 12 11.6 11.4"
        " 11.8 10.8 11.8 10 11.8 9.1 11.6 8.5 11.4 8 11 7.6 10.6 7.3 10 7.3 9.4 7.3 9 7.6"
        " 8.6 8 8.4 8.5 8.2 9.1 8.2 10 8.2 10.8 8.4 11.4 8.6 12 9 12.3 9.4 12.7 10 12.7Z",
        "R": "M6.7 14.1V5.9H9.7Q10.6 5.9 11.3 6.1 12 6.3 12.5 6.9 12.9 7.5 12.9 8.4 12.9 9.4 12.5 10"
        " 12 10.6 11.3 10.9 10.6 11.2 9.7 11.2H8.6V14.1ZM8.6 9.7H9.5Q10.3 9.7 10.7 9.4"
        " 11.1 9 11.1 8.4 11.1 7.8 10.7 7.6 10.3 7.3 9.5 7.3H8.6ZM11.2 14.1 9.4 10.7 10.6 9.5 13.3 14.1Z",
        "G": "M10.7 14.3Q9.5 14.3 8.6 13.8 7.7 13.3 7.1 12.4 6.6 11.5 6.6 10.1 6.6 9 6.9 8.2"
        " 7.2 7.4 7.8 6.8 8.4 6.3 9.1 6 9.8 5.7 10.6 5.7 11.6 5.7 12.2 6 12.9 6.3 13.3 6.8L12.3 7.9"
        "Q12 7.6 11.6 7.5 11.2 7.3 10.7 7.3 10.1 7.3 9.6 7.6 9.1 8 8.8 8.6 8.5 9.2 8.5 10"
        " 8.5 10.8 8.8 11.4 9 12 9.6 12.4 10.1 12.7 10.9 12.7 11.1 12.7 11.3 12.6 11.6 12.6 11.7 12.4"
        "V11H10.4V9.5H13.4V13.3Q13 13.7 12.3 14 11.5 14.3 10.7 14.3Z",
        "A": "M6.3 14.1 8.9 5.9H11.1L13.7 14.1H11.7L10.7 9.9Q10.5 9.3 10.3 8.6 10.1 7.9 10 7.3H9.9"
        "Q9.8 7.9 9.6 8.6 9.5 9.3 9.3 9.9L8.2 14.1ZM8 12.2V10.7H12V12.2Z",
        "?": "M9 11.3Q8.9 10.8 9.1 10.4 9.2 10 9.5 9.6 9.7 9.3 10 9 10.3 8.7 10.4 8.5 10.6 8.2 10.6 7.9"
        " 10.6 7.6 10.5 7.5 10.4 7.3 10.2 7.2 10 7.1 9.8 7.1 9.4 7.1 9.2 7.3 8.9 7.4 8.6 7.7L7.6 6.7"
        "Q8 6.2 8.7 5.9 9.3 5.6 10 5.6 10.7 5.6 11.2 5.8 11.8 6 12.1 6.5 12.4 7 12.4 7.8"
        " 12.4 8.2 12.2 8.6 12 9 11.8 9.3 11.5 9.6 11.2 9.9 10.9 10.2 10.8 10.5 10.6 10.9 10.7 11.3Z"
        "M9.8 14.4Q9.4 14.4 9 14.1 8.7 13.7 8.7 13.2 8.7 12.7 9 12.4 9.4 12.1 9.8 12.1"
        " 10.3 12.1 10.6 12.4 11 12.7 11 13.2 11 13.7 10.6 14.1 10.3 14.4 9.8 14.4Z",
    }
)

_SHAPES: Mapping[str, str] = MappingProxyType(
    {
        "green": '<circle class="g-line" cx="10" cy="10" r="8.4" fill="none" stroke="#0A7D6A" stroke-width="{w}"/>',
        "amber": '<path class="g-body" d="M10 .9 19.1 10 10 19.1 .9 10Z" fill="#F2A900" stroke="#7A4B00"'
        ' stroke-width="{thin}" stroke-linejoin="round"/>',
        "red": '<rect class="g-body" x="1.5" y="1.5" width="17" height="17" rx=".6" fill="#8E1A15"/>',
        "stale": '<circle class="g-line" cx="10" cy="10" r="8.4" fill="none" stroke="#63666F"'
        ' stroke-width="{w}" stroke-dasharray="3.4 3.2"/>',
        "paused": '<path class="g-body" d="M5.5 4h3v12h-3zM11.5 4h3v12h-3z" fill="#17191F"/>',
        "closed": '<circle class="g-body" cx="10" cy="10" r="8.8" fill="#17191F"/>'
        '<path class="g-mark" d="m6 10.3 2.8 2.8L14.2 7.4" fill="none" stroke="#FFFFFF" stroke-width="2"/>',
        "none": '<path class="g-line" d="M6 10h8" fill="none" stroke="#63666F" stroke-width="1.6"/>',
    }
)

_LETTER_FILLS: Mapping[str, str] = MappingProxyType(
    {"green": "#0A7D6A", "amber": "#17191F", "red": "#FFFFFF", "stale": "#63666F"}
)


_WORDS = {
    "green": pgettext_lazy("state", "vert"),
    "amber": pgettext_lazy("state", "orange"),
    "red": pgettext_lazy("state", "rouge"),
    "stale": pgettext_lazy("state", "périmé"),
    "paused": pgettext_lazy("state", "en pause"),
    "closed": pgettext_lazy("state", "clos"),
    "none": pgettext_lazy("state", "sans état"),
}


def known_state(state: object) -> str:
    """Answer the state as one of STATES; anything missing or unknown is "none"."""
    text = str(state).lower() if state else "none"
    return text if text in STATES else "none"


def state_word(state: object) -> str:
    """Answer the state in words in the active language."""
    return str(_WORDS[known_state(state)])


def week_word(state: object) -> str:
    """The state a project had in one week: there `stale` is a status owed and not given, however old the last is."""
    return gettext("sans statut") if known_state(state) == "stale" else state_word(state)


def shape(state: str, *, small: bool = False, letter: bool = True, lang: str | None = None) -> str:
    """Answer the drawing of one state in a box of 20 by 20."""
    drawing = _SHAPES[state].format(w="3" if small else "1.9", thin="2" if small else "1.4")
    sign = LETTERS[active_language(lang)].get(state, "")
    if small or not letter or not sign:
        return drawing
    return f'{drawing}<path class="g-letter" d="{_LETTER_PATHS[sign]}" fill="{_LETTER_FILLS[state]}"/>'


def glyph_svg(*, state: object, size: int = 20, label: str = "", past: bool = False, title: bool = True) -> str:
    """Answer the SVG of a state; `title=False` only where the word stands beside it."""
    name = known_state(state)
    word = state_word(name)
    spoken = labelled(label, word) if label else word
    naming = f"<title>{escape(spoken)}</title>" if title else ""
    role = 'role="img"' if title else 'aria-hidden="true"'
    classes = f"glyph glyph-{name}" + (" glyph-past" if past else "")
    return (
        f'<svg class="{classes}" {role} width="{size}" height="{size}" viewBox="0 0 20 20">'
        f"{naming}{shape(name, small=size < 15)}</svg>"
    )


def pair(*, previous: object, current: object, size: int = 20, always: bool = False) -> SafeString:
    """Answer last week's glyph, faded, then this week's; only the current one where nothing changed."""
    return _pair(known_state(previous), known_state(current), size, always, active_language())


@lru_cache(maxsize=1024)
def _pair(before: str, now: str, size: int, always: bool, _language: str) -> SafeString:
    if (before in (now, "none")) and not always:
        return format_html(
            '<span class="glyph-pair glyph-pair-same">{}</span>',
            mark_safe(glyph_svg(state=now, size=size)),  # noqa: S308
        )
    sentence = gettext("%(previous)s la semaine passée, %(current)s maintenant") % {
        "previous": state_word(before),
        "current": state_word(now),
    }
    return format_html(
        '<span class="glyph-pair"><span class="sr-only">{}</span>{}'
        '<span class="glyph-arrow" aria-hidden="true">→</span>{}</span>',
        sentence,
        mark_safe(glyph_svg(state=before, size=max(15, round(size * 0.85)), past=True, title=False)),  # noqa: S308
        mark_safe(glyph_svg(state=now, size=size, title=False)),  # noqa: S308
    )


def strip_title(states: Sequence[str]) -> str:
    """Answer the spoken form of a strip: the counts, then the last state."""
    counts = ", ".join(
        f"{states.count(name)} {week_word(name)}" for name in ("green", "amber", "red", "stale") if name in states
    )
    last = week_word(states[-1]) if states else state_word("none")
    return gettext("%(weeks)d semaines : %(counts)s ; dernière : %(last)s") % {
        "weeks": len(states),
        "counts": counts or state_word("none"),
        "last": last,
    }


_BARS: Mapping[str, str] = MappingProxyType(
    {
        "green": '<path class="glyph-green g-line" d="M{x} 14h7" stroke="#0A7D6A" stroke-width="2.4"/>',
        "amber": '<rect class="glyph-amber g-body" x="{x}.5" y="6.5" width="6" height="8.5" fill="#F2A900"'
        ' stroke="#7A4B00"/>',
        "red": '<rect class="glyph-red g-body" x="{x}" y="2" width="7" height="13.5" fill="#8E1A15"/>',
        "stale": '<path class="glyph-stale g-line" d="M{x} 14h7" stroke="#63666F" stroke-width="2.4"'
        ' stroke-dasharray="1.8 2"/>',
    }
)


def strip_svg(*, states: Sequence[object], weeks: int = 12, bars: bool = False) -> str:
    """Answer the last weeks, oldest first, as one picture with one spoken title."""
    known = [known_state(state) for state in states][-weeks:]
    padded = ["none"] * (weeks - len(known)) + known
    pitch = 9 if bars else 16
    marks = []
    for position, state in enumerate(padded):
        if bars:
            drawing = _BARS.get(state, '<circle class="glyph-none g-dot" cx="{c}" cy="14" r="1" fill="#63666F"/>')
            marks.append(drawing.format(x=position * pitch + 1, c=position * pitch + 4))
        else:
            scale = f"translate({position * pitch + 2} 2) scale(.6)"
            marks.append(f'<g class="glyph-{state}" transform="{scale}">{shape(state, small=True)}</g>')
    width = weeks * pitch
    return (
        f'<svg class="strip" role="img" width="{width}" height="16" viewBox="0 0 {width} 16">'
        f"<title>{escape(strip_title(known))}</title>{''.join(marks)}</svg>"
    )


def strip(states: tuple[str, ...]) -> SafeString:
    """Answer the compact strip of tables; the same twelve states are drawn once."""
    return _strip(states, active_language())


@lru_cache(maxsize=4096)
def _strip(states: tuple[str, ...], _language: str) -> SafeString:
    return mark_safe(strip_svg(states=states, bars=True))  # noqa: S308


ICONS: Mapping[str, str] = MappingProxyType(
    {
        "search": '<circle cx="7" cy="7" r="4.3"/><path d="m10.2 10.2 4 4"/>',
        "filter": '<path d="M2 3.5h12M4.5 8h7M6.7 12.5h2.6"/>',
        "sort": '<path d="M5 13V3M2.5 5.5 5 3l2.5 2.5M11 3v10M8.5 10.5 11 13l2.5-2.5"/>',
        "external": '<path d="M9.5 2.5h4v4M13.5 2.5 7.5 8.5M11.5 9.5v4h-9v-9h4"/>',
        "download": '<path d="M8 2v8M4.7 7 8 10.2 11.3 7M2.5 13.5h11"/>',
        "print": '<path d="M4.5 6V2.5h7V6M4.5 11.5h-2V6h11v5.5h-2M4.5 9.5h7v4h-7z"/>',
        "edit": '<path d="m10.7 2.8 2.5 2.5-7.6 7.6-3.1.6.6-3.1zM9 4.5 11.5 7"/>',
        "lock": '<path d="M3.5 7.5h9v6h-9zM5.3 7.3V5a2.7 2.7 0 0 1 5.4 0v2.3"/>',
        "clock": '<circle cx="8" cy="8" r="5.7"/><path d="M8 4.8V8l2.3 1.6"/>',
        "person": '<circle cx="8" cy="5.3" r="2.8"/><path d="M2.7 13.8c.5-3 2.5-4.3 5.3-4.3s4.8 1.3 5.3 4.3"/>',
        "calendar": '<path d="M2.5 4h11v9.5h-11zM2.5 7h11M5.5 2v3M10.5 2v3"/>',
        "attach": '<path d="m12.7 7.3-5 5a2.9 2.9 0 0 1-4.1-4.1l5.3-5.3a1.9 1.9 0 0 1 2.7 2.7'
        'l-5 5a.9.9 0 0 1-1.3-1.3l4.3-4.3"/>',
        "expand": '<path d="m4 6 4 4 4-4"/>',
        "close": '<path d="m3.5 3.5 9 9M12.5 3.5l-9 9"/>',
        "check": '<path d="m3 8.5 3.3 3.3L13 4.7"/>',
        "arrow": '<path d="M2.5 8h10.5M9.5 4.5 13 8l-3.5 3.5"/>',
        "theme": '<circle cx="8" cy="8" r="5.7"/><path d="M8 2.3v11.4a5.7 5.7 0 0 0 0-11.4z" fill="currentColor"/>',
        "add": '<path d="M8 3v10M3 8h10"/>',
    }
)


def icon_svg(*, name: str, label: str = "", size: int = 16) -> str:
    """Answer an icon; without a label it is decoration beside its own words."""
    naming = f"<title>{escape(label)}</title>" if label else ""
    role = 'role="img"' if label else 'aria-hidden="true"'
    return (
        f'<svg class="icon icon-{name}" {role} width="{size}" height="{size}" viewBox="0 0 16 16" fill="none"'
        f' stroke="currentColor" stroke-width="1.5" stroke-linecap="round" stroke-linejoin="round">'
        f"{naming}{ICONS[name]}</svg>"
    )
