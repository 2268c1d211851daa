"""Waiting times between the attempts of a job, and of a mail."""

from datetime import timedelta

_FIRST = timedelta(seconds=10)
_FACTOR: int = 6
_MAIL_MINUTES = (1, 5, 15, 60, 120, 240, 480, 720)


def delay_after(attempts: int) -> timedelta:
    """10 s after the first failure, 1 min after the second, 6 min after a third."""
    factor: int = _FACTOR ** max(0, attempts - 1)
    return _FIRST * factor


def mail_delay_after(attempts: int) -> timedelta | None:
    """1, 5, 15 and 60 minutes, 2, 4, 8 and 12 hours after so many failures; then None: somebody must look."""
    if not 1 <= attempts <= len(_MAIL_MINUTES):
        return None
    return timedelta(minutes=_MAIL_MINUTES[attempts - 1])
