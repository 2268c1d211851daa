"""Waiting times between the attempts of a job."""

from datetime import timedelta

_FIRST = timedelta(seconds=10)
_FACTOR: int = 6


def delay_after(attempts: int) -> timedelta:
    """10 s after the first failure, 1 min after the second, 6 min after a third."""
    factor: int = _FACTOR ** max(0, attempts - 1)
    return _FIRST * factor
