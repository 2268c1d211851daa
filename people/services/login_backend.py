"""Who a session belongs to, read with everything a page asks about him."""

from __future__ import annotations

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend

from config import clock
from people.models import User
from people.selectors.account import account_with_rights


class AccountBackend(AuthenticationBackend):  # type: ignore[misc]
    """allauth's log-in; the account of a request comes with its person and roles in one statement."""

    def get_user(self, user_id: Any) -> User | None:
        user = account_with_rights(user_id, clock.today())
        return user if user is not None and self.user_can_authenticate(user) else None
