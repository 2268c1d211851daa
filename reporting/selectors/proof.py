"""What is known of the pieces of packs: proved, failed, or not tried yet."""

from __future__ import annotations

from collections.abc import Collection

from people.enums import Role
from people.models import User
from people.selectors.holders import holders_of
from portfolio.models import Project
from reporting.enums import ProofState
from reporting.models import FragmentProof

_HASHES_AT_ONCE = 1000


def tried(hashes: Collection[str]) -> set[str]:
    """Those of the pieces that have been proved or have failed."""
    asked = sorted(hashes)
    found: set[str] = set()
    for start in range(0, len(asked), _HASHES_AT_ONCE):
        part = asked[start : start + _HASHES_AT_ONCE]
        found |= set(FragmentProof.objects.filter(content_hash__in=part).values_list("content_hash", flat=True))
    return found


def failures() -> dict[str, tuple[str, ...]]:
    """The texts withheld of each failed piece, by content hash."""
    rows = FragmentProof.objects.filter(state=ProofState.FAILED).values_list("content_hash", "field")
    return {content: tuple(field.split(",")) for content, field in rows}


def people_to_tell(project: Project | None) -> list[User]:
    """The PSO, and who leads the project."""
    manager = project.manager.user if project and project.manager else None
    return [*holders_of(Role.PSO), *([manager] if manager is not None else [])]
