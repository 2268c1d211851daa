"""Who the client is, and what it may do."""

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from people.api.schema import reads
from people.api.serializers import language_field
from people.api.views import Resource
from people.enums import Role, TokenScope
from people.models import ApiToken
from people.permissions.catalogue import Permission
from people.permissions.checks import has_permission


class KeySerializer(serializers.Serializer[Any]):
    """The key in use; its secret is shown once, at its creation."""

    name = serializers.CharField(read_only=True)
    scopes = serializers.ListField(child=serializers.ChoiceField(choices=TokenScope.choices), read_only=True)
    expires_at = serializers.DateTimeField(read_only=True)


class MeSerializer(serializers.Serializer[Any]):
    username = serializers.CharField(read_only=True)
    name = serializers.CharField(source="full_name", read_only=True)
    email = serializers.CharField(read_only=True)
    language = language_field(read_only=True)
    roles = serializers.ListField(child=serializers.ChoiceField(choices=Role.choices), read_only=True)
    permissions = serializers.ListField(child=serializers.CharField(), read_only=True)
    key = KeySerializer(read_only=True, allow_null=True)


class Me(Resource):
    required_permission = Permission.ACCOUNT_EDIT

    @reads(MeSerializer, about="The account behind the request")
    def get(self, request: Request) -> Response:
        user = self.user
        row = {
            "username": user.username,
            "full_name": user.full_name,
            "email": user.email,
            "language": user.language,
            "roles": sorted(user.role_set),
            "permissions": sorted(one for one in Permission if has_permission(user, one)),
            "key": request.auth if isinstance(request.auth, ApiToken) else None,
        }
        return Response(MeSerializer(row).data)
