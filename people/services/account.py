"""Accounts, and the roles they hold."""

from datetime import date

from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from config import clock
from people.enums import Language, RequestState, ReviewerKind, Role, RoleAction, Theme
from people.models import Person, RoleAssignment, RoleRequest, User
from people.services import audit

_NEVER_EMPTY = frozenset({Role.ADMINISTRATOR, Role.AUDITOR})


@transaction.atomic
def create_account(
    *, username: str, email: str, by: User | None, person: Person | None = None, password: str | None = None
) -> User:
    """An account without any role, tied to the person if one is given. Without password: single sign-on or reset."""
    language = person.language if person else Language.FRENCH
    user = User(username=username.lower(), email=User.objects.normalize_email(email).lower(), language=language)
    user.set_password(password)
    user.full_clean()
    user.save(force_insert=True)
    if person is not None:
        person.user = user
        person.full_clean()
        person.save(update_fields=["user"])
    audit.record(by=by, verb="account.created", target=user)
    return user


@transaction.atomic
def close_account(*, user: User, by: User) -> None:
    """No more log-in: sessions and API keys end at once, what he did keeps his name."""
    if user.pk == by.pk:
        raise ValidationError(_("Personne ne ferme son propre compte."))
    user.is_active = False
    user.save(update_fields=["is_active"])
    user.api_tokens.filter(revoked_at__isnull=True).update(revoked_at=clock.now())
    end_sessions(user=user)
    audit.record(by=by, verb="account.closed", target=user)


def end_sessions(*, user: User, but: str | None = None) -> int:
    """End the sessions of the user, except that key; how many there were."""
    ended = 0
    for session in Session.objects.filter(expire_date__gt=clock.now()).exclude(pk=but).order_by("pk"):
        if session.get_decoded().get("_auth_user_id") == str(user.pk):
            session.delete()
            ended += 1
    return ended


def end_session(*, key: str) -> None:
    """Sign out that browser."""
    Session.objects.filter(pk=key).delete()


@transaction.atomic
def save_preferences(
    *, user: User, language: Language, theme: Theme, compact_rows: bool, single_key_shortcuts: bool
) -> User:
    user.language, user.theme = language, theme
    user.compact_rows, user.single_key_shortcuts = compact_rows, single_key_shortcuts
    user.full_clean(exclude=["password"])
    user.save(update_fields=["language", "theme", "compact_rows", "single_key_shortcuts"])
    return user


@transaction.atomic
def assign_role(
    *,
    user: User,
    role: Role,
    valid_from: date,
    granted_by: User | None,
    reviewer_kind: ReviewerKind | str = "",
    valid_to: date | None = None,
) -> RoleAssignment:
    """Give a role at once: for the set-up of an instance (`granted_by=None`) and for an approved request."""
    assignment = RoleAssignment(
        user=user,
        role=role,
        reviewer_kind=reviewer_kind,
        valid_from=valid_from,
        valid_to=valid_to,
        granted_by=granted_by,
    )
    assignment.full_clean()
    assignment.save(force_insert=True)
    audit.record(
        by=granted_by,
        verb="role.granted",
        target=user,
        data={"role": role, "reviewer_kind": reviewer_kind, "from": valid_from, "to": valid_to},
    )
    return assignment


@transaction.atomic
def propose_role_change(
    *,
    action: RoleAction,
    user: User,
    role: Role,
    by: User,
    reason: str,
    valid_from: date | None = None,
    valid_to: date | None = None,
    reviewer_kind: ReviewerKind | str = "",
) -> RoleRequest:
    """First person: ask for a role to be given to, or taken from, somebody else."""
    request = RoleRequest(
        action=action,
        user=user,
        role=role,
        reviewer_kind=reviewer_kind,
        valid_from=valid_from or clock.today(),
        valid_to=valid_to,
        reason=reason.strip(),
        requested_by=by,
        requested_at=clock.now(),
    )
    request.full_clean()
    request.save(force_insert=True)
    audit.record(
        by=by,
        verb="role_request.created",
        target=user,
        data={"request": request.pk, "action": action, "role": role, "reviewer_kind": reviewer_kind},
    )
    return request


@transaction.atomic
def decide_role_change(*, request: RoleRequest, by: User, approve: bool) -> RoleRequest:
    """Second person: approve or refuse; the approved change holds from the next request of the user on."""
    locked = RoleRequest.objects.select_for_update(of=("self",)).get(pk=request.pk)
    if locked.state != RequestState.PENDING:
        raise ValidationError(_("Cette demande est déjà décidée."))
    locked.state = RequestState.APPROVED if approve else RequestState.REFUSED
    locked.decided_by, locked.decided_at = by, clock.now()
    locked.full_clean()
    locked.save(update_fields=["state", "decided_by", "decided_at"])
    audit.record(
        by=by,
        verb="role_request.approved" if approve else "role_request.refused",
        target=locked.user,
        data={"request": locked.pk, "action": locked.action, "role": locked.role},
    )
    if approve:
        _carry_out(locked, by)
    return locked


def _carry_out(request: RoleRequest, by: User) -> None:
    role = Role(request.role)
    if request.action == RoleAction.GRANT:
        assign_role(
            user=request.user,
            role=role,
            reviewer_kind=request.reviewer_kind,
            valid_from=request.valid_from,
            valid_to=request.valid_to,
            granted_by=by,
        )
        return
    today = clock.today()
    held = RoleAssignment.objects.filter(user=request.user, role=role, reviewer_kind=request.reviewer_kind)
    ended = 0
    for assignment in held.valid_on(today).select_for_update(of=("self",)).order_by("pk"):
        assignment.valid_to = today
        assignment.save(update_fields=["valid_to"])
        ended += 1
    if not ended:
        raise ValidationError(_("Cette personne n’a pas ce rôle aujourd’hui."))
    _somebody_remains(role, today)
    audit.record(by=by, verb="role.revoked", target=request.user, data={"role": role})


def _somebody_remains(role: Role, today: date) -> None:
    if role not in _NEVER_EMPTY:
        return
    if not RoleAssignment.objects.filter(role=role, user__is_active=True).valid_on(today).exists():
        raise ValidationError(_("Le dernier compte « %(role)s » ne peut pas perdre ce rôle.") % {"role": role.label})
