from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from config import clock
from people.enums import DECISION_MAKERS, Language, PersonalData, ReviewerKind, Role, Theme
from people.models.absence import Absence
from people.models.history import tracked_except
from people.models.role_assignment import RoleAssignment

# These never stand in for anybody: the one acts on nothing, the other sees no content.
NEVER_DEPUTY: frozenset[Role] = frozenset({Role.AUDITOR, Role.ADMINISTRATOR})


@dataclass(frozen=True, slots=True)
class StandIn:
    """An absent person for whom somebody acts today, with the roles that person holds today."""

    person_id: int
    user_id: int
    roles: frozenset[Role]


class UserManager(BaseUserManager["User"]):
    def create_user(self, username: str, email: str = "", password: str | None = None, **fields: Any) -> User:
        """A user without any role; without password he can only come in by single sign-on."""
        user = self.model(username=username.lower(), email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(username__iexact=username)


@tracked_except("password", "last_login")
class User(AbstractBaseUser):
    """An account. Rights come from `RoleAssignment` rows alone: there is no superuser and no staff flag."""

    username = models.CharField(_("nom d’utilisateur"), max_length=80, unique=True)
    email = models.EmailField(_("adresse e-mail"), blank=True)
    is_active = models.BooleanField(_("compte actif"), default=True)
    date_joined = models.DateTimeField(_("créé le"), default=timezone.now)
    language = models.CharField(_("langue"), max_length=2, choices=Language.choices, default=Language.FRENCH)
    theme = models.CharField(_("thème"), max_length=5, choices=Theme.choices, default=Theme.AUTO)
    compact_rows = models.BooleanField(_("lignes compactes"), default=False)
    single_key_shortcuts = models.BooleanField(_("raccourcis à une touche"), default=True)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["email"]

    personal_data: ClassVar[dict[str, PersonalData]] = {
        "username": PersonalData.IDENTITY,
        "email": PersonalData.CONTACT,
        "password": PersonalData.CREDENTIAL,
        "last_login": PersonalData.ACTIVITY,
        "date_joined": PersonalData.ACTIVITY,
    }

    class Meta:
        verbose_name = _("utilisateur")
        verbose_name_plural = _("utilisateurs")
        ordering = ("username",)
        constraints = (
            models.UniqueConstraint(
                Lower("username"),
                name="user_username_unique_any_case",
                violation_error_message=_("Ce nom d’utilisateur est déjà pris."),
            ),
            models.UniqueConstraint(
                Lower("email"),
                condition=~models.Q(email=""),
                name="user_email_unique",
                violation_error_message=_("Cette adresse e-mail a déjà un compte."),
            ),
            models.CheckConstraint(
                condition=models.Q(language__in=Language.values),
                name="user_language_known",
                violation_error_message=_("La langue est le français, le néerlandais ou l’anglais."),
            ),
            models.CheckConstraint(
                condition=models.Q(theme__in=Theme.values),
                name="user_theme_known",
                violation_error_message=_("Ce thème n’existe pas."),
            ),
        )

    def __str__(self) -> str:
        return self.full_name

    @cached_property
    def full_name(self) -> str:
        """Name of the person behind the account, else the log-in name."""
        person = getattr(self, "person", None)
        return person.full_name if person else self.username

    def get_full_name(self) -> str:
        return self.full_name

    @property
    def initials(self) -> str:
        """Two letters for the masthead: "Marie Dupont-Lambert" gives MD."""
        words = self.full_name.replace("-", " ").split()
        letters = [word[0] for word in words[:2]] or ["?"]
        return "".join(letters).upper()

    @cached_property
    def current_roles(self) -> tuple[tuple[Role, str], ...]:
        """(role, reviewer kind) pairs valid today; read once per request, so a revocation bites on the next one."""
        return tuple((Role(role), kind) for owner, _person, role, kind in self._assignments if owner == self.pk)

    @cached_property
    def stand_ins(self) -> tuple[StandIn, ...]:
        """The absent people he stands in for today. What they stand in for themselves is not passed on."""
        if NEVER_DEPUTY & self.role_set:
            return ()
        held: dict[tuple[int, int], set[Role]] = {}
        for owner, person, role, _kind in self._assignments:
            if owner != self.pk and person is not None:
                held.setdefault((person, owner), set()).add(Role(role))
        return tuple(StandIn(person, owner, frozenset(roles)) for (person, owner), roles in sorted(held.items()))

    @cached_property
    def _assignments(self) -> tuple[tuple[int, int | None, str, str], ...]:
        """One statement: his own roles of today, and those of the active people he stands in for today."""
        if not self.is_active:
            return ()
        today = clock.today()
        away = Absence.objects.in_force_on(today).filter(deputy__user=self.pk)
        reach = models.Q(user=self.pk) | models.Q(user__is_active=True, user__person__in=away.values("person"))
        rows = RoleAssignment.objects.valid_on(today).filter(reach).order_by("role", "reviewer_kind")
        return tuple(rows.values_list("user_id", "user__person__id", "role", "reviewer_kind"))

    @cached_property
    def role_set(self) -> frozenset[Role]:
        return frozenset(role for role, _kind in self.current_roles)

    @cached_property
    def reviewer_kinds(self) -> frozenset[ReviewerKind]:
        return frozenset(ReviewerKind(kind) for _role, kind in self.current_roles if kind)

    @property
    def is_decision_maker(self) -> bool:
        """Whether a second factor is required of the account; standing in for a decision maker asks for one too."""
        acting = self.role_set.union(*(one.roles for one in self.stand_ins))
        return not DECISION_MAKERS.isdisjoint(acting)
