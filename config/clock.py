"""The only two readings of the clock; every rule receives its time as an argument."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

BRUSSELS = ZoneInfo("Europe/Brussels")


def now() -> datetime:
    """This instant, aware, in UTC: what is stored."""
    return datetime.now(UTC)


def today() -> date:
    """The business date in Brussels."""
    return now().astimezone(BRUSSELS).date()
