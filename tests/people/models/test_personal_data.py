"""Every model of ours says which of its fields are personal data, and of which class."""

import pytest
from django.apps import apps
from django.db.models import EmailField, Model
from pghistory.models import Event

from people.enums import PersonalData
from people.models import User
from people.selectors.history import OUR_APPS

MODELS = [
    model
    for model in apps.get_models()
    if model._meta.app_label in OUR_APPS and not issubclass(model, Event) and not model._meta.auto_created
]


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_model_declares_its_personal_data(model: type[Model]) -> None:
    declared = vars(model).get("personal_data", getattr(model, "personal_data", None))
    assert isinstance(declared, dict), f"{model._meta.label} declares no personal_data"
    fields = {field.name for field in model._meta.get_fields()} | {
        field.attname for field in model._meta.concrete_fields
    }
    assert set(declared) <= fields
    assert all(isinstance(kind, PersonalData) for kind in declared.values())


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_fields_that_name_people_are_declared(model: type[Model]) -> None:
    declared = getattr(model, "personal_data", {})
    missing = [
        field.name
        for field in model._meta.concrete_fields
        if (isinstance(field, EmailField) or field.related_model in (User, apps.get_model("people", "Person")))
        and field.name not in declared
    ]
    assert missing == []
