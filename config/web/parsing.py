"""Read amounts and dates as people type them in the three languages."""

import re
from datetime import date
from decimal import Decimal, InvalidOperation

from config.web.formats import MINUS, Notation, notation

MONEY_LIMIT = Decimal(10) ** 12


class UnreadableInputError(ValueError):
    """What was typed is no amount or no date; `code` says why, for the form's message."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


_GROUP_SPACES = re.compile(r"(?<=[0-9])[ \u00a0\u202f\u2009'’](?=[0-9]{3}(?![0-9]))")
_PLAIN_AMOUNT = re.compile(r"[0-9]+(?:\.[0-9]{1,2})?")


def parse_money(text: str, *, lang: str | None = None) -> Decimal:
    """Answer an amount typed in any of the three notations, exact to the cent.

    Both separators present: the last one is the decimal sign. One alone, followed by
    exactly three digits, groups thousands only where the language groups with it.
    Raises UnreadableInputError with code "empty", "amount" or "amount_limit".
    """
    cleaned = text.strip().replace(MINUS, "-")
    cleaned = re.sub(r"^(-?)\s*(?:€|EUR)\s*|\s*(?:€|EUR)$", r"\1", cleaned).strip()
    if not cleaned:
        raise UnreadableInputError("empty")
    negative, unsigned = cleaned.startswith("-"), cleaned.removeprefix("-")
    plain = _plain_amount(_GROUP_SPACES.sub("", unsigned), notation(lang))
    if not _PLAIN_AMOUNT.fullmatch(plain):
        raise UnreadableInputError("amount")
    try:
        amount = Decimal(plain).quantize(Decimal("0.01"))
    except InvalidOperation as error:
        raise UnreadableInputError("amount_limit") from error
    if amount >= MONEY_LIMIT:
        raise UnreadableInputError("amount_limit")
    return -amount if negative and amount else amount


def _plain_amount(text: str, style: Notation) -> str:
    """Answer the text with groups removed and a dot as the decimal sign, or as it is."""
    last_comma, last_dot = text.rfind(","), text.rfind(".")
    if last_comma >= 0 and last_dot >= 0:
        point = "," if last_comma > last_dot else "."
        return _ungroup(text, "." if point == "," else ",", point)
    separator = "," if last_comma >= 0 else "."
    groups = style.point != separator
    if text.count(separator) > 1 or (groups and re.fullmatch(rf"[0-9]{{1,3}}{re.escape(separator)}[0-9]{{3}}", text)):
        return _ungroup(text, separator, "\0")
    return text.replace(",", ".")


def _ungroup(text: str, group: str, point: str) -> str:
    whole, _, fraction = text.partition(point)
    if not re.fullmatch(rf"[0-9]{{1,3}}(?:{re.escape(group)}[0-9]{{3}})+", whole):
        return "unreadable"
    digits = whole.replace(group, "")
    return f"{digits}.{fraction}" if fraction or point in text else digits


_ISO_DATE = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")
_DAY_FIRST = re.compile(r"([0-9]{1,2})[/.\-]([0-9]{1,2})[/.\-]([0-9]{4})")


def parse_date(text: str) -> date:
    """Answer the date typed as 2026-11-20 (date picker) or 20/11/2026, 20.11.2026, 20-11-2026.

    Raises UnreadableInputError with code "empty" or "date".
    """
    cleaned = text.strip()
    if not cleaned:
        raise UnreadableInputError("empty")
    try:
        if match := _ISO_DATE.fullmatch(cleaned):
            day = date(int(match[1]), int(match[2]), int(match[3]))
        elif match := _DAY_FIRST.fullmatch(cleaned):
            day = date(int(match[3]), int(match[2]), int(match[1]))
        else:
            raise UnreadableInputError("date")
    except ValueError as error:
        raise UnreadableInputError("date") from error
    if not 1990 <= day.year <= 2100:
        raise UnreadableInputError("date")
    return day
