"""Rows: migrations follow the models, and each model says which of its fields are about a person."""

from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db.models import Model

from people.enums import PersonalData
from tests.architecture.tree import APPS

OWN = [
    model
    for app in APPS
    for model in apps.get_app_config(app).get_models()
    if not model._meta.proxy and not hasattr(model, "pgh_tracked_model")
]


@pytest.mark.django_db
def test_migrations_follow_the_models() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


@pytest.mark.parametrize("model", OWN, ids=lambda model: model._meta.label)
def test_model_declares_its_personal_data(model: type[Model]) -> None:
    declared: dict[str, Any] = vars(model).get("personal_data", getattr(model, "personal_data", None))
    assert declared is not None
    assert set(declared) <= {field.name for field in model._meta.get_fields()}
    assert all(isinstance(value, PersonalData) for value in declared.values())
