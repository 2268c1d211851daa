"""Migrations follow the models."""

import pytest
from django.core.management import call_command


@pytest.mark.django_db
def test_migrations_follow_the_models() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
