"""API keys: the rights of the owner at most, reading or writing, never deciding."""

import pytest
from django.http import HttpRequest
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.test import APIRequestFactory
from rest_framework.views import APIView

from people.api.authentication import TokenAuthentication
from people.api.base import ApiChannel
from people.api.permissions import HasPermission
from people.enums import Channel, Role
from people.models import AuditEntry, User
from people.permissions.catalogue import Permission
from people.services import audit
from people.services.api_token import TokenScope, create_token
from tests.factories.people import user_with

pytestmark = pytest.mark.django_db


class Things(ApiChannel, APIView):
    authentication_classes = [TokenAuthentication]
    permission_classes = [HasPermission]
    throttle_classes = []
    required_permission = Permission.PORTFOLIO_VIEW
    write_permission: Permission | None = Permission.PROJECT_EDIT

    def get(self, _request: Request) -> Response:
        return Response({})

    def post(self, request: Request) -> Response:
        audit.record(by=request.user, verb="thing.created")
        return Response({}, status=201)


class Decisions(Things):
    write_permission = Permission.DECISION_RECORD


def call(view: type[APIView], key: str, method: str = "get") -> int:
    request: HttpRequest = getattr(APIRequestFactory(), method)("/", headers={"Authorization": f"Token {key}"})
    return view.as_view()(request).status_code


def key_of(user: User, *scopes: TokenScope) -> str:
    return create_token(owner=user, name="essai", scopes=scopes, days=1).key


def test_reading_key_reads_and_does_not_write() -> None:
    key = key_of(user_with(Role.PSO), TokenScope.READ)
    assert (call(Things, key), call(Things, key, "post")) == (200, 403)


def test_writing_key_acts_over_the_api_channel() -> None:
    key = key_of(user_with(Role.PSO), TokenScope.READ, TokenScope.WRITE)
    assert call(Things, key, "post") == 201
    assert AuditEntry.objects.get(verb="thing.created").channel == Channel.API


def test_key_never_decides() -> None:
    key = key_of(user_with(Role.PSO), TokenScope.READ, TokenScope.WRITE)
    assert (call(Decisions, key), call(Decisions, key, "post")) == (200, 403)


def test_key_has_no_more_rights_than_its_owner() -> None:
    assert call(Things, key_of(user_with(Role.ADMINISTRATOR), TokenScope.READ)) == 403


@pytest.mark.parametrize("key", ["cadran_unknown", "", "é"])
def test_unknown_key_is_401(key: str) -> None:
    assert call(Things, key) == 401


def test_revoked_key_is_401_at_once() -> None:
    user = user_with(Role.PSO)
    key = key_of(user, TokenScope.READ)
    user.api_tokens.update(revoked_at=user.date_joined)
    assert call(Things, key) == 401


def test_view_without_permission_is_closed() -> None:
    class Bare(Things):
        required_permission = None  # type: ignore[assignment]

    assert call(Bare, key_of(user_with(Role.PSO), TokenScope.READ)) == 403
