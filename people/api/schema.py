"""What the OpenAPI schema says of each address; decorators that keep the types of the methods."""

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from drf_spectacular.extensions import OpenApiSerializerExtension
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers

from people.api.serializers import Strict

F = TypeVar("F", bound=Callable[..., Any])
_READING = (400, 401, 403, 404, 406, 429)
_WRITING = (*_READING, 409, 413, 415, 422)
Kind = type[serializers.BaseSerializer[Any]]

_KEY = OpenApiParameter(
    "Idempotency-Key",
    {"type": "string", "pattern": "^[!-~]{1,100}$"},
    OpenApiParameter.HEADER,
    description="Same key, same request: the first answer again and nothing written. Another request: 422.",
)


class ErrorBody(serializers.Serializer[Any]):
    code = serializers.CharField(read_only=True, help_text="Stable word for programs.")
    message = serializers.CharField(read_only=True, help_text="Sentence for people, in their language.")
    details = serializers.DictField(read_only=True, help_text="By field; for `stale_version`: `current` and `yours`.")
    reference = serializers.CharField(read_only=True, help_text="Number of the request, also in the logs.")


class Error(serializers.Serializer[Any]):
    """Every refusal has this shape."""

    error = ErrorBody(read_only=True)


class StrictObject(OpenApiSerializerExtension):  # type: ignore[no-untyped-call]
    """Says that a body with a key nobody knows is refused; registered by being defined."""

    target_class = Strict
    match_subclasses = True

    def map_serializer(self, auto_schema: Any, direction: str) -> Any:
        schema = auto_schema._map_serializer(self.target, direction, bypass_extensions=True)
        if direction == "request":
            schema["additionalProperties"] = False
        return schema


def reads(
    answer: Kind, *, many: bool = False, query: type[serializers.Serializer[Any]] | None = None, about: str = ""
) -> Callable[[F], F]:
    """GET of one row or of a page of rows."""
    return extend_schema(
        summary=about or None,
        parameters=[query] if query else [],
        responses={200: answer(many=True) if many else answer, **_errors(_READING)},
    )


def writes(body: Kind | None, answer: Kind, *, status: int = 200, about: str = "") -> Callable[[F], F]:
    """POST, PUT or PATCH that answers the row."""
    statuses = {200, 201} if status == 0 else {status}
    return extend_schema(
        summary=about or None,
        parameters=[_KEY],
        request=body,
        responses={**dict.fromkeys(statuses, answer), **_errors(_WRITING)},
    )


def downloads(media_type: str, about: str) -> Callable[[F], F]:
    """GET of a file."""
    binary = OpenApiResponse({"type": "string", "format": "binary"}, description=about)
    refused = {(status, "application/json"): OpenApiResponse(Error) for status in _READING}
    return extend_schema(summary=about, responses={(200, media_type): binary, **refused})


def _errors(statuses: Iterable[int]) -> dict[Any, Any]:
    return {status: OpenApiResponse(Error) for status in statuses}
