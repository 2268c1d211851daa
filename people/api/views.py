"""The base of every API view: rights, an allow-list of query parameters, writes that may be repeated safely."""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any, ClassVar, cast

from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.generics import GenericAPIView
from rest_framework.permissions import IsAuthenticated
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from config.web.versioned import StaleVersionError
from people.api.base import ApiChannel
from people.api.errors import StaleVersion, domain_refusals
from people.api.parsers import StrictJsonParser, refuse_large_body
from people.api.permissions import HasPermission
from people.api.serializers import PAGING, NoQuery
from people.models import User
from people.permissions.catalogue import Permission
from people.services import idempotency
from people.services.idempotency import Answer

_KEY = re.compile(r"[\x21-\x7e]{1,100}")


class Resource(ApiChannel, GenericAPIView[Any]):
    """One address of the API. A subclass names its permissions and, per method, reads or writes."""

    permission_classes = (IsAuthenticated, HasPermission)
    parser_classes = (StrictJsonParser,)
    http_method_names = ("get", "head", "post", "put", "patch")
    required_permission: ClassVar[Permission]
    write_permission: ClassVar[Permission | None] = None
    query: ClassVar[type[serializers.Serializer[Any]]] = NoQuery

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        refuse_large_body(int(request.META.get("CONTENT_LENGTH") or 0))
        wanted = self.query if request.method in ("GET", "HEAD") else NoQuery
        asked = wanted(data=request.query_params.dict(), context=self.get_serializer_context())
        asked.is_valid(raise_exception=True)
        self.asked: dict[str, Any] = dict(asked.validated_data)

    @property
    def user(self) -> User:
        return cast("User", self.request.user)

    @property
    def filters(self) -> dict[str, Any]:
        """What was asked of the rows, apart from which page of them."""
        return {name: value for name, value in self.asked.items() if name not in PAGING}

    def answer(self, row: Any, reading: type[serializers.BaseSerializer[Any]]) -> Any:
        """The row as plain JSON values, ready to be stored and repeated."""
        data = reading(row, context=self.get_serializer_context()).data
        return json.loads(JSONRenderer().render(data))

    def listing(self, rows: Any, reading: type[serializers.BaseSerializer[Any]]) -> Response:
        page = self.paginate_queryset(rows)
        many = reading(page, many=True, context=self.get_serializer_context())
        return self.get_paginated_response(many.data)

    def read_body(self, writing: type[serializers.Serializer[Any]], **kwargs: Any) -> dict[str, Any]:
        """The valid fields of the body; anything else is 400."""
        body = writing(data=self.request.data, context=self.get_serializer_context(), **kwargs)
        body.is_valid(raise_exception=True)
        return dict(body.validated_data)

    def write(self, act: Callable[[], Answer]) -> Response:
        """Run the act once per `Idempotency-Key`; its repetition gets the same answer."""
        key = self.request.headers.get("Idempotency-Key", "")
        if key and not _KEY.fullmatch(key):
            raise serializers.ValidationError({"Idempotency-Key": [_("De 1 à 100 signes visibles, sans espace.")]})
        with domain_refusals():
            answer = self._once(key, act) if key else act()
        headers = {"Location": answer.location} if answer.location else {}
        if answer.repeated:
            headers["Idempotency-Replayed"] = "true"
        return Response(answer.body, status=answer.status, headers=headers)

    def _once(self, key: str, act: Callable[[], Answer]) -> Answer:
        body = json.dumps(self.request.data, sort_keys=True, ensure_ascii=False).encode()
        digest = idempotency.request_hash(str(self.request.method), self.request.path, body)
        return idempotency.run_once(user=self.user, key=f"api:{key}", request_hash=digest, action=act)

    def create(
        self,
        writing: type[serializers.Serializer[Any]],
        reading: type[serializers.BaseSerializer[Any]],
        save: Callable[[dict[str, Any]], Any],
        address: Callable[[Any], str],
    ) -> Response:
        """201 with the new row and where it is."""
        values = self.read_body(writing)

        def act() -> Answer:
            row = save(values)
            return Answer(201, self.answer(row, reading), address(row))

        return self.write(act)

    def change(
        self,
        row: Any,
        writing: type[serializers.Serializer[Any]],
        reading: type[serializers.BaseSerializer[Any]],
        save: Callable[[Mapping[str, Any], int], Any],
        again: Callable[[], Any],
    ) -> Response:
        """200 with the row as saved; 409 with both versions when it moved on since `version`."""
        changes = self.read_body(writing, instance=row)
        version = changes.pop("version")

        def act() -> Answer:
            return Answer(200, self.answer(save(changes, version), reading))

        try:
            return self.write(act)
        except StaleVersionError as error:
            raise StaleVersion(current=self.answer(again(), reading), yours=self.request.data) from error
