"""Every hostile text in every text field: taken whole or refused with a sentence, never an error of ours."""

import django.forms
import pytest
from django.core.exceptions import ValidationError
from django.db import models
from rest_framework import serializers

from config.web.limits import HIDDEN
from tests.hostile.corpus import FORBIDDEN, TEXTS
from tests.hostile.discovery import form_fields, model_fields, serializer_fields

HIDDEN_STATE = {"base"}
LONGEST = 60_000


def storable(value: object) -> bool:
    return not isinstance(value, str) or not HIDDEN.search(value)


def test_the_corpus_is_large_enough() -> None:
    assert len(TEXTS) >= 30
    assert set(TEXTS) >= FORBIDDEN


@pytest.mark.django_db
def test_every_field_of_every_form_takes_or_refuses_every_text() -> None:
    fields = form_fields()
    assert len(fields) > 40
    tried, silent = 0, []
    for where, field in fields.items():
        for name, text in TEXTS.items():
            tried += 1
            try:
                value = field.clean(text)
            except ValidationError as refusal:
                silent += [(where, name)] if not all(message.strip() for message in refusal.messages) else []
            else:
                assert storable(value), (where, name)
    assert silent == []
    assert tried == len(fields) * len(TEXTS)


def test_every_text_field_of_a_form_has_a_limit() -> None:
    without = {
        where
        for where, field in form_fields().items()
        if (field.max_length or LONGEST + 1) > LONGEST and not isinstance(field, django.forms.RegexField)
    }
    assert {where for where in without if ".styleguide." not in where and not where.endswith(".password")} == set()


@pytest.mark.django_db
def test_every_field_of_the_api_takes_or_refuses_every_text() -> None:
    fields = serializer_fields()
    assert len(fields) > 20
    for where, field in fields.items():
        for name, text in TEXTS.items():
            try:
                value = field.run_validation(text)
            except (serializers.ValidationError, ValidationError):
                continue
            assert storable(value), (where, name)


def test_every_text_field_of_the_api_has_a_limit() -> None:
    without = [
        where
        for where, field in serializer_fields().items()
        if not any(getattr(rule, "limit_value", None) for rule in field.validators)
        and not any(hasattr(rule, "regex") for rule in field.validators)
    ]
    assert sorted(without) == []


def test_every_column_a_person_fills_refuses_what_cannot_be_stored_or_printed() -> None:
    fields = model_fields()
    assert len(fields) > 60
    for where, field in fields.items():
        for name in FORBIDDEN:
            with pytest.raises(ValidationError):
                field.run_validators(TEXTS[name])
            assert not storable(TEXTS[name]) or name == "zalgo", (where, name)
        if isinstance(field, models.CharField):
            with pytest.raises(ValidationError):
                field.run_validators(TEXTS["header injection"])


def test_the_message_names_the_sign() -> None:
    from portfolio.forms.project import ProjectForm

    with pytest.raises(ValidationError) as refusal:
        ProjectForm.base_fields["purpose"].clean("un\u202edeux")
    assert refusal.value.messages == [
        "Ce texte contient un signe invisible (U+202E) : retirez-le, ou retapez le texte."
    ]
