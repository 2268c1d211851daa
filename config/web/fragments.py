"""Parts of pages kept until the portfolio changes.

The key names everything the part depends on: the number of the last audited act (every write
raises it), the reader, his language and the hour, because time alone makes a status stale.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from django.core.cache import cache
from django.utils.safestring import SafeString, mark_safe

KEPT_SECONDS = 3600


def kept(name: str, *, parts: tuple[object, ...], render: Callable[[], str]) -> SafeString:
    """The rendered part, from the cache while none of `parts` has changed."""
    digest = hashlib.sha256("|".join(str(part) for part in parts).encode()).hexdigest()
    key = f"fragment:{name}:{digest}"
    text: str | None = cache.get(key)
    if text is None:
        text = str(render())
        cache.set(key, text, KEPT_SECONDS)
    return mark_safe(text)  # noqa: S308 -- rendered by a template of ours, kept as it was
