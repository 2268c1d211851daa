"""The only formatter of money, dates, weeks, percentages and differences.

Every function takes the value and an explicit `lang` ("fr", "nl", "en"); None means the
active language. A missing value answers an em dash. Rounding is half up. French groups
digits with U+202F; a unit is held to its number by U+00A0 (U+202F before %). A minus is
U+2212 and a change of nothing is ±0.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from types import MappingProxyType
from zoneinfo import ZoneInfo

from django.utils.translation import get_language

NARROW = "\u202f"
NBSP = "\u00a0"
MINUS = "\u2212"
PLUS_MINUS = "\u00b1"
EMPTY = "—"
BUSINESS_ZONE = ZoneInfo("Europe/Brussels")
THOUSAND = Decimal(1000)
MILLION = Decimal(1_000_000)

Number = Decimal | int | float
WeekLike = date | tuple[int, int] | str


@dataclass(frozen=True, slots=True)
class Notation:
    """How one language writes numbers, dates and units. Templates use {} for the number."""

    group: str
    point: str
    euro: str
    keuro: str
    meuro: str
    signed_money: str
    percent: str
    months: tuple[str, ...]
    months_short: tuple[str, ...]
    weekdays: tuple[str, ...]
    weekdays_short: tuple[str, ...]
    first_day: str
    week: str
    day_unit: str
    clock: str
    at: str


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


NOTATIONS: Mapping[str, Notation] = MappingProxyType(
    {
        "fr": Notation(
            group=NARROW,
            point=",",
            euro=f"{{}}{NBSP}€",
            keuro=f"{{}}{NBSP}k€",
            meuro=f"{{}}{NBSP}M€",
            signed_money="{sign}{money}",
            percent=f"{{}}{NARROW}%",
            months=_words("janvier février mars avril mai juin juillet août septembre octobre novembre décembre"),
            months_short=_words("janv. févr. mars avr. mai juin juil. août sept. oct. nov. déc."),
            weekdays=_words("lundi mardi mercredi jeudi vendredi samedi dimanche"),
            weekdays_short=_words("lun. mar. mer. jeu. ven. sam. dim."),
            first_day="1er",
            week="S",
            day_unit="j",
            clock=f"{{h}}{NBSP}h{NBSP}{{m:02d}}",
            at="à",
        ),
        "nl": Notation(
            group=".",
            point=",",
            euro=f"€{NBSP}{{}}",
            keuro=f"€{NBSP}{{}}{NBSP}k",
            meuro=f"€{NBSP}{{}}{NBSP}mln.",
            signed_money=f"€{NBSP}{{sign}}{{bare}}",
            percent="{}%",
            months=_words("januari februari maart april mei juni juli augustus september oktober november december"),
            months_short=_words("jan feb mrt apr mei jun jul aug sep okt nov dec"),
            weekdays=_words("maandag dinsdag woensdag donderdag vrijdag zaterdag zondag"),
            weekdays_short=_words("ma di wo do vr za zo"),
            first_day="1",
            week="W",
            day_unit="d",
            clock="{h}:{m:02d}",
            at="om",
        ),
        "en": Notation(
            group=",",
            point=".",
            euro="€{}",
            keuro="€{}k",
            meuro="€{}m",
            signed_money="{sign}{money}",
            percent="{}%",
            months=_words("January February March April May June July August September October November December"),
            months_short=_words("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec"),
            weekdays=_words("Monday Tuesday Wednesday Thursday Friday Saturday Sunday"),
            weekdays_short=_words("Mon Tue Wed Thu Fri Sat Sun"),
            first_day="1",
            week="W",
            day_unit="d",
            clock="{h}:{m:02d}",
            at="at",
        ),
    }
)


def active_language(lang: str | None = None) -> str:
    """Answer "fr", "nl" or "en": the language asked for, else the active one, else French."""
    code = (lang or get_language() or "fr")[:2].lower()
    return code if code in NOTATIONS else "fr"


def notation(lang: str | None = None) -> Notation:
    return NOTATIONS[active_language(lang)]


def round_half_up(value: Number, decimals: int = 0) -> Decimal:
    """Answer the value rounded half up, never minus zero."""
    exact = value if isinstance(value, Decimal) else Decimal(str(value))
    rounded = exact.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    return abs(rounded) if rounded == 0 else rounded


def _digits(value: Decimal, decimals: int, style: Notation) -> str:
    whole, _, fraction = f"{abs(value):.{decimals}f}".partition(".")
    grouped = f"{int(whole):,}".replace(",", style.group)
    return f"{grouped}{style.point}{fraction}" if fraction else grouped


def number(value: Number | None, decimals: int = 0, *, lang: str | None = None) -> str:
    if value is None:
        return EMPTY
    rounded = round_half_up(value, decimals)
    return (MINUS if rounded < 0 else "") + _digits(rounded, decimals, notation(lang))


def signed(value: Number | None, decimals: int = 0, *, lang: str | None = None) -> str:
    """Answer the number with its sign always written: +3, −3, ±0."""
    if value is None:
        return EMPTY
    rounded = round_half_up(value, decimals)
    return _sign(rounded) + _digits(rounded, decimals, notation(lang))


def _sign(value: Decimal) -> str:
    return PLUS_MINUS if value == 0 else "+" if value > 0 else MINUS


def _money(scaled: Decimal, decimals: int, pattern: str, style: Notation, *, show_plus: bool = False) -> str:
    rounded = round_half_up(scaled, decimals)
    digits = _digits(rounded, decimals, style)
    if rounded >= 0 and not show_plus:
        return pattern.format(digits)
    sign = _sign(rounded)
    bare = pattern.format(digits).removeprefix(f"€{NBSP}")
    return style.signed_money.format(sign=sign, money=pattern.format(digits), bare=bare)


def _decimal(value: Number) -> Decimal:
    return value if isinstance(value, Decimal) else Decimal(str(value))


def euro(value: Number | None, *, lang: str | None = None) -> str:
    """Answer a full amount of euros with cents, for contracts and dossiers."""
    if value is None:
        return EMPTY
    style = notation(lang)
    return _money(_decimal(value), 2, style.euro, style)


def keuro(value: Number | None, decimals: int = 0, *, lang: str | None = None) -> str:
    """Answer an amount of euros in thousands with its unit."""
    if value is None:
        return EMPTY
    style = notation(lang)
    return _money(_decimal(value) / THOUSAND, decimals, style.keuro, style)


def keuro_bare(value: Number | None, decimals: int = 0, *, lang: str | None = None) -> str:
    """Answer an amount of euros in thousands without its unit, for columns headed k€."""
    return EMPTY if value is None else number(_decimal(value) / THOUSAND, decimals, lang=lang)


def meuro(value: Number | None, decimals: int = 1, *, lang: str | None = None) -> str:
    """Answer an amount of euros in millions with its unit."""
    if value is None:
        return EMPTY
    style = notation(lang)
    return _money(_decimal(value) / MILLION, decimals, style.meuro, style)


def meuro_bare(value: Number | None, decimals: int = 1, *, lang: str | None = None) -> str:
    """Answer an amount of euros in millions without its unit, for columns headed M€."""
    return EMPTY if value is None else number(_decimal(value) / MILLION, decimals, lang=lang)


def delta_keuro(value: Number | None, *, lang: str | None = None) -> str:
    """Answer a difference of euros in thousands, signed; a rounded zero is ±0 without unit."""
    if value is None:
        return EMPTY
    style = notation(lang)
    scaled = _decimal(value) / THOUSAND
    if round_half_up(scaled) == 0:
        return f"{PLUS_MINUS}0"
    return _money(scaled, 0, style.keuro, style, show_plus=True)


def delta_meuro_bare(value: Number | None, decimals: int = 1, *, lang: str | None = None) -> str:
    """Answer a difference of euros in millions, signed, without unit."""
    return EMPTY if value is None else signed(_decimal(value) / MILLION, decimals, lang=lang)


def delta_days(value: int | None, *, lang: str | None = None) -> str:
    """Answer a difference of days: +32 j, −5 j, ±0."""
    if value is None:
        return EMPTY
    text = signed(value, lang=lang)
    return text if value == 0 else f"{text}{NBSP}{notation(lang).day_unit}"


def percent(value: Number | None, decimals: int = 1, *, lang: str | None = None) -> str:
    """Answer a percentage; the value is already in per cent (12.3 for 12,3 %)."""
    if value is None:
        return EMPTY
    return notation(lang).percent.format(number(value, decimals, lang=lang))


def delta_percent(value: Number | None, decimals: int = 1, *, lang: str | None = None) -> str:
    """Answer a signed percentage; the value is already in per cent."""
    if value is None:
        return EMPTY
    return notation(lang).percent.format(signed(value, decimals, lang=lang))


def business_date(value: date) -> date:
    """Answer the Brussels day of an aware instant, or the date itself."""
    if not isinstance(value, datetime):
        return value
    return value.astimezone(BUSINESS_ZONE).date() if value.tzinfo else value.date()


def _day(day: date, style: Notation) -> str:
    return style.first_day if day.day == 1 else str(day.day)


def date_short(value: date | None, *, lang: str | None = None) -> str:
    """Answer 20 nov. 2026."""
    if value is None:
        return EMPTY
    day, style = business_date(value), notation(lang)
    return f"{_day(day, style)}{NBSP}{style.months_short[day.month - 1]}{NBSP}{day.year:04d}"


def date_day(value: date | None, *, lang: str | None = None) -> str:
    """Answer 20 nov., for places where the year is plain."""
    if value is None:
        return EMPTY
    day, style = business_date(value), notation(lang)
    return f"{_day(day, style)}{NBSP}{style.months_short[day.month - 1]}"


def date_weekday(value: date | None, *, lang: str | None = None) -> str:
    """Answer ven. 20 nov."""
    if value is None:
        return EMPTY
    day = business_date(value)
    return f"{notation(lang).weekdays_short[day.weekday()]}{NBSP}{date_day(day, lang=lang)}"


def date_long(value: date | None, *, lang: str | None = None) -> str:
    """Answer vendredi 20 novembre 2026."""
    if value is None:
        return EMPTY
    day, style = business_date(value), notation(lang)
    month = style.months[day.month - 1]
    return f"{style.weekdays[day.weekday()]} {_day(day, style)}{NBSP}{month} {day.year:04d}"


def time_short(value: datetime | None, *, lang: str | None = None) -> str:
    """Answer 12 h 00, in Brussels time."""
    if value is None:
        return EMPTY
    local = value.astimezone(BUSINESS_ZONE) if value.tzinfo else value
    return notation(lang).clock.format(h=local.hour, m=local.minute)


def datetime_short(value: datetime | None, *, lang: str | None = None) -> str:
    """Answer 23 nov. 2026 à 12 h 00, in Brussels time."""
    if value is None:
        return EMPTY
    return f"{date_short(value, lang=lang)} {notation(lang).at} {time_short(value, lang=lang)}"


def iso_week(value: WeekLike) -> tuple[int, int]:
    """Answer the ISO (year, week) of a date, a pair or a text such as 2026-W47."""
    if isinstance(value, tuple):
        return value
    if isinstance(value, date):
        year, number_, _ = business_date(value).isocalendar()
        return year, number_
    match = re.fullmatch(r"([0-9]{4})-W([0-9]{2})", value)
    if match is None:
        raise ValueError(f"not an ISO week: {value}")
    return int(match[1]), int(match[2])


def week(value: WeekLike | None, *, lang: str | None = None) -> str:
    """Answer S47 (W47 in Dutch and English)."""
    return EMPTY if value is None else f"{notation(lang).week}{iso_week(value)[1]:02d}"


def week_year(value: WeekLike | None, *, lang: str | None = None) -> str:
    """Answer S47 2026, for lists that cross a year."""
    return EMPTY if value is None else f"{week(value, lang=lang)}{NBSP}{iso_week(value)[0]}"


def labelled(label: str, text: str, *, lang: str | None = None) -> str:
    """Answer Délai : rouge (Tijd: rood in Dutch, Time: red in English)."""
    return f"{label}{' ' if active_language(lang) == 'fr' else ''}: {text}"
