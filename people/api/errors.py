"""Refusals of the domain as HTTP answers; the body is written by `config.web.errors.api_exception`."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import IntegrityError
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.exceptions import APIException

from people.services.idempotency import KeyReused


class StaleVersion(APIException):
    """Somebody was faster: both versions, so that the client may merge and try again."""

    status_code = 409
    default_code = "stale_version"

    def __init__(self, *, current: Any, yours: Any) -> None:
        super().__init__(_("Cette fiche a changé depuis que vous l’avez lue ; rien n’a été écrit."))
        self.details = {"code": self.default_code, "current": current, "yours": yours}


class Conflict(APIException):
    """The state of the row does not allow the act."""

    status_code = 409
    default_code = "conflict"


class ReusedKey(APIException):
    status_code = 422
    default_code = "idempotency_key_reused"


@contextmanager
def domain_refusals() -> Iterator[None]:
    """Rules of models and services as 400 by field; a race that the database stopped as 409."""
    try:
        yield
    except ValidationError as error:
        raise serializers.ValidationError(by_field(error)) from error
    except IntegrityError as error:
        raise Conflict(_("Une autre écriture l’a emporté au même instant ; relisez puis recommencez.")) from error
    except KeyReused as error:
        raise ReusedKey(str(error)) from error


def by_field(error: ValidationError) -> dict[str, list[str]]:
    """The messages of a model's or a service's refusal, by field."""
    if hasattr(error, "error_dict"):
        return {
            "non_field_errors" if name == NON_FIELD_ERRORS else name: list(messages)
            for name, messages in error.message_dict.items()
        }
    if getattr(error, "code", "") == "forbidden_field" and isinstance(error.params, dict):
        return {name: list(error.messages) for name in str(error.params.get("names", "")).split(", ")}
    return {"non_field_errors": list(error.messages)}
