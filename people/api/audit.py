"""The audit trail as far as the reader's right reaches: all of it for the auditor, one's own acts otherwise."""

from typing import Any

from django.http import Http404
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from people.api.schema import reads
from people.api.serializers import Query, Reading
from people.api.views import Resource
from people.enums import Channel
from people.models import AuditEntry
from people.permissions.catalogue import Permission
from people.selectors.audit import AuditFilter, entries


class AuditEntrySerializer(Reading):
    class Meta:
        model = AuditEntry
        fields = (
            "number",
            "at",
            "actor_label",
            "channel",
            "verb",
            "target_type",
            "target_id",
            "target_label",
            "data",
            "seals",
            "previous_hash",
            "hash",
        )


class AuditQuery(Query):
    verb = serializers.CharField(required=False, max_length=80)
    actor = serializers.CharField(required=False, max_length=80)
    target = serializers.CharField(required=False, max_length=80)
    channel = serializers.ChoiceField(required=False, choices=Channel.choices)
    since = serializers.DateField(required=False)
    until = serializers.DateField(required=False)

    def validate_until(self, day: Any) -> Any:
        if day.year >= 9999:
            raise serializers.ValidationError(self.fields["until"].error_messages["invalid"])
        return day


class AuditEntries(Resource):
    required_permission = Permission.AUDIT_VIEW
    query = AuditQuery

    @reads(AuditEntrySerializer, many=True, query=AuditQuery, about="Entries, newest first")
    def get(self, _request: Request) -> Response:
        return self.listing(entries(self.user, AuditFilter(**self.filters)), AuditEntrySerializer)


class AuditEntryDetail(Resource):
    required_permission = Permission.AUDIT_VIEW

    @reads(AuditEntrySerializer, about="One entry by its number")
    def get(self, _request: Request, number: int) -> Response:
        entry = entries(self.user).filter(number=number).first()
        if entry is None:
            raise Http404
        return Response(AuditEntrySerializer(entry).data)
