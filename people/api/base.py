"""What every API view of the product shares."""

from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from people.enums import Channel
from people.services import audit


class ApiChannel:
    """Mixin for API views: acts recorded while it answers carry the channel `api`."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        with audit.via(Channel.API):
            response: HttpResponseBase = super().dispatch(request, *args, **kwargs)  # type: ignore[misc]
            return response
