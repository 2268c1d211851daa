"""The data sets beside the repository that nobody of the project wrote; tests on them skip by name without them."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("CADRAN_SHARED_DATA", ROOT.parent / "shared" / "data"))


def shared(name: str) -> Path:
    path = SHARED / name
    if not path.exists():
        pytest.skip(f"{name} is not here: set CADRAN_SHARED_DATA")
    return path


def shared_files(folder: str, pattern: str) -> list[str]:
    """Names under the folder for parametrize; the folder's own name when it is absent, so that the test says so."""
    found = sorted(f"{folder}/{path.name}" for path in (SHARED / folder).glob(pattern))
    return found or [f"{folder}/{pattern}"]
