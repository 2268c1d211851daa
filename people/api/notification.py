"""The reader's own notifications."""

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from people.api.schema import reads, writes
from people.api.serializers import Query, Reading
from people.api.views import Resource
from people.enums import Purpose
from people.models import Notification
from people.permissions.catalogue import Permission
from people.selectors.inbox import get_note, inbox
from people.services.idempotency import Answer
from people.services.inbox import mark_read
from people.services.notify import absolute, worded


class NotificationSerializer(Reading):
    title = serializers.SerializerMethodField(help_text="In the language of the answer.")
    text = serializers.SerializerMethodField(help_text="In the language of the answer.")
    url = serializers.SerializerMethodField(help_text="Page to go to; empty if there is none.")

    class Meta:
        model = Notification
        fields = ("id", "purpose", "title", "text", "url", "created_at", "read_at")

    def get_title(self, note: Notification) -> str:
        return worded(note).title

    def get_text(self, note: Notification) -> str:
        return worded(note).text

    def get_url(self, note: Notification) -> str:
        return absolute(note.path) if note.path else ""


class NotificationQuery(Query):
    purpose = serializers.ChoiceField(required=False, choices=Purpose.choices)
    unread = serializers.BooleanField(required=False, allow_null=True, default=None)


class Notifications(Resource):
    required_permission = Permission.INBOX_VIEW
    query = NotificationQuery

    @reads(NotificationSerializer, many=True, query=NotificationQuery, about="One's own, the unread first")
    def get(self, _request: Request) -> Response:
        wanted: dict[str, Any] = {name: self.asked[name] for name in ("purpose", "unread") if name in self.asked}
        return self.listing(inbox(self.user, **wanted), NotificationSerializer)


class NotificationRead(Resource):
    required_permission = Permission.INBOX_VIEW
    write_permission = Permission.INBOX_VIEW

    @writes(None, NotificationSerializer, about="Mark as read")
    def post(self, _request: Request, note_id: int) -> Response:
        note = get_note(self.user, note_id)
        return self.write(lambda: Answer(200, self.answer(mark_read(note=note), NotificationSerializer)))
