"""Guards of every test: a real PostgreSQL, no network, no undefined template variable, a fixed language and zone.

The rest of the guards are options of pytest in pyproject.toml: random order, sockets to the loopback only, warnings as
errors, strict markers.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache import cache
from django.utils import timezone, translation

from config import embedded_postgres


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Bring the private PostgreSQL up unless DATABASE_URL names another one; it is left running.

    Each process of a parallel run has a database of its own: the fixture asked for names it.
    """
    if settings.EMBEDDED_POSTGRES:
        embedded_postgres.start(settings.VAR_DIR)


@pytest.fixture(scope="session", autouse=True)
def separate_files_and_quick_hashes(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Nothing of a test reaches the folders of the demo, and hashing a password costs no time."""
    home: Path = tmp_path_factory.mktemp("files")
    settings.MEDIA_ROOT = home / "media"
    settings.PACKS_ROOT = home / "packs"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    settings.CELERY_TASK_ALWAYS_EAGER = True
    settings.CELERY_TASK_EAGER_PROPAGATES = True


@pytest.fixture(autouse=True)
def same_surroundings() -> Iterator[None]:
    """French, Brussels, and no throttle or cached fragment left by the test before."""
    cache.clear()
    timezone.deactivate()
    with translation.override("fr"):
        yield
