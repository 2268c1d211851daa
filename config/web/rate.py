"""How often one visitor may call an address that asks for no log-in: counted in the cache, per fixed window."""

from __future__ import annotations

import hashlib

from django.core.cache import cache
from django.http import HttpRequest

from config import clock


def is_over(request: HttpRequest, *, scope: str, limit: int, seconds: int) -> bool:
    """Count this call; whether its visitor has made more than `limit` of them in the current window."""
    window = int(clock.now().timestamp()) // seconds
    visitor = hashlib.sha256(str(request.META.get("REMOTE_ADDR", "")).encode()).hexdigest()[:24]
    key = f"rate:{scope}:{visitor}:{window}"
    if cache.add(key, 1, timeout=seconds):
        return limit < 1
    try:
        return int(cache.incr(key)) > limit
    except ValueError:
        return False
