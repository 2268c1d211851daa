from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from config import clock
from people.enums import DECISION_MAKERS, Language, PersonalData, ReviewerKind, Role, Theme
from people.models.history import tracked_except


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
        if not self.is_active:
            return ()
        rows = self.role_assignments.valid_on(clock.today()).order_by("role", "reviewer_kind")
        return tuple((Role(role), kind) for role, kind in rows.values_list("role", "reviewer_kind"))

    @cached_property
    def role_set(self) -> frozenset[Role]:
        return frozenset(role for role, _kind in self.current_roles)

    @cached_property
    def reviewer_kinds(self) -> frozenset[ReviewerKind]:
        return frozenset(ReviewerKind(kind) for _role, kind in self.current_roles if kind)

    @property
    def is_decision_maker(self) -> bool:
        """Whether a second factor is required of the account."""
        return not DECISION_MAKERS.isdisjoint(self.role_set)
