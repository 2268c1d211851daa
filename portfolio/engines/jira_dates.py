"""Days as Jira writes them: ISO in its API, and in CSV the format of the site in the language of who exported.

A day of a CSV file is read with the order of the whole file: what `12/03/25` means follows from another row, or from
what somebody states; a file that never shows it is refused. Hours are dropped; an instant counts on its day in
Brussels.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime
from typing import Literal
from zoneinfo import ZoneInfo

from portfolio.engines.jira_item import JiraRefusedError
from portfolio.engines.tabular import identity

BRUSSELS = ZoneInfo("Europe/Brussels")
FIRST_YEAR, LAST_YEAR = 1990, 2199
DayOrder = Literal["day", "month"]

_MONTHS = {
    word: month
    for month, words in enumerate(
        (
            ("jan", "janv", "january", "janvier", "januari"),
            ("feb", "fev", "fevr", "february", "fevrier", "februari"),
            ("mar", "mars", "mrt", "maa", "march", "maart"),
            ("apr", "avr", "april", "avril"),
            ("may", "mai", "mei"),
            ("jun", "juin", "june", "juni"),
            ("jul", "juil", "july", "juillet", "juli"),
            ("aug", "aou", "aout", "august", "augustus"),
            ("sep", "sept", "september", "septembre"),
            ("oct", "okt", "october", "octobre", "oktober"),
            ("nov", "november", "novembre"),
            ("dec", "december", "decembre"),
        ),
        1,
    )
    for word in words
}
_ISO = re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?:[T ].*)?")
_NAMED = re.compile(r"(\d{1,2})[/\-. ]+([^\W\d_]+)\.?[/\-. ]+(\d{4}|\d{2})(?:[ ,T].*)?")
_FIGURES = re.compile(r"(\d{1,2})[/\-.](\d{1,2})[/\-.](\d{4}|\d{2})(?:[ ,T].*)?")
LONGEST = 60


def day_of_instant(text: str) -> date | None:
    """`2026-11-21T10:00:00.000+0100` on its day in Brussels; None for what is no such instant."""
    if not isinstance(text, str) or len(text) > LONGEST:
        return None
    spelled = re.sub(r"([+-]\d{2})(\d{2})$", r"\1:\2", text.strip())
    try:
        moment = datetime.fromisoformat(spelled)
    except ValueError:
        return None
    try:
        day = moment.date() if moment.tzinfo is None else moment.astimezone(BRUSSELS).date()
    except OverflowError:
        return None
    return day if FIRST_YEAR <= day.year <= LAST_YEAR else None


def order_of(texts: Iterable[str]) -> DayOrder | None:
    """What comes first in days written in figures; None where no row tells, refused where rows contradict."""
    first = second = ""
    for text in texts:
        if (found := _FIGURES.fullmatch(text.strip())) and len(text) <= LONGEST:
            first = first or (text if int(found[1]) > 12 else "")
            second = second or (text if int(found[2]) > 12 else "")
    if first and second:
        raise JiraRefusedError("mixed_dates", one=first, other=second)
    return "day" if first else "month" if second else None


def needs_order(texts: Iterable[str]) -> str:
    """A day in figures that reads both ways, empty where there is none."""
    for text in texts:
        found = _FIGURES.fullmatch(text.strip()) if len(text) <= LONGEST else None
        if found and found[1].zfill(2) != found[2].zfill(2):
            return text
    return ""


def parse_day(text: str, order: DayOrder | None) -> date | None:
    """The day, None for what is none."""
    text = text.strip()
    if len(text) > LONGEST or not text.isprintable():
        return None
    if text[4:5] == "-" and "T" in text:
        return day_of_instant(text)
    if found := _ISO.fullmatch(text):
        return _day(found[1], int(found[2]), found[3])
    if found := _NAMED.fullmatch(text):
        month = _MONTHS.get(identity(found[2]).rstrip("."))
        return _day(found[3], month, found[1]) if month else None
    if found := _FIGURES.fullmatch(text):
        day, month_text = (found[2], found[1]) if order == "month" else (found[1], found[2])
        return _day(found[3], int(month_text), day)
    return None


def _day(year: str, month: int, day: str) -> date | None:
    try:
        whole = date(int(year) + (2000 if len(year) == 2 else 0), month, int(day))
    except ValueError:
        return None
    return whole if FIRST_YEAR <= whole.year <= LAST_YEAR else None
