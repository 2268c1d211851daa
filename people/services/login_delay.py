"""How long a guesser waits (django-axes): longer with each series of failures, per account and address, never for ever.

Somebody else's guesses, from another address, never delay the account's owner.
"""

from datetime import timedelta

from axes.helpers import get_client_username
from axes.models import AccessFailureLog
from django.http import HttpRequest

from config import clock

_MEMORY = timedelta(hours=1)
_STEPS = ((20, timedelta(minutes=15)), (10, timedelta(minutes=5)), (0, timedelta(minutes=1)))


def wait_after(failures: int) -> timedelta:
    """1 minute after the first five failures, 5 minutes from ten on, 15 minutes from twenty on."""
    return next(wait for least, wait in _STEPS if failures >= least)


def cool_off(request: HttpRequest | None = None) -> timedelta:
    """The wait in force for this log-in attempt."""
    if request is None:
        return _STEPS[0][1]
    username = getattr(request, "axes_account", None) or get_client_username(request)
    failures = AccessFailureLog.objects.filter(
        username=username,
        ip_address=getattr(request, "axes_ip_address", None),
        attempt_time__gt=clock.now() - _MEMORY,
    ).count()
    return wait_after(failures)
