from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _

from people.enums import PersonalData, RequestState, ReviewerKind, Role, RoleAction
from people.models.history import tracked

_REVIEWER_SAYS_WHICH = Q(role=Role.REVIEWER, reviewer_kind__in=ReviewerKind.values) | (
    ~Q(role=Role.REVIEWER) & Q(reviewer_kind="")
)


class _DateRange(Func):
    function = "DATERANGE"
    output_field = DateRangeField()


class RoleAssignmentQuerySet(models.QuerySet["RoleAssignment"]):
    def valid_on(self, day: date) -> RoleAssignmentQuerySet:
        return self.filter(valid_from__lte=day).filter(Q(valid_to__isnull=True) | Q(valid_to__gt=day))


@tracked
class RoleAssignment(models.Model):
    """A role held from `valid_from` until the day before `valid_to`; granted by somebody else, or by the set-up."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="role_assignments",
        verbose_name=_("utilisateur"),
    )
    role = models.CharField(_("rôle"), max_length=24, choices=Role.choices)
    reviewer_kind = models.CharField(_("relecture"), max_length=12, choices=ReviewerKind.choices, blank=True)
    valid_from = models.DateField(_("dès le"))
    valid_to = models.DateField(_("jusqu’au (non compris)"), null=True, blank=True)
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("attribué par"),
    )

    objects = RoleAssignmentQuerySet.as_manager()

    personal_data: ClassVar[dict[str, PersonalData]] = {
        "user": PersonalData.IDENTITY,
        "role": PersonalData.EMPLOYMENT,
        "reviewer_kind": PersonalData.EMPLOYMENT,
        "granted_by": PersonalData.IDENTITY,
    }

    class Meta:
        verbose_name = _("rôle attribué")
        verbose_name_plural = _("rôles attribués")
        ordering = ("user", "role", "valid_from")
        constraints = (
            models.CheckConstraint(
                condition=Q(granted_by__isnull=True) | ~Q(granted_by=F("user")),
                name="role_not_granted_to_oneself",
                violation_error_message=_("Personne ne s’attribue un rôle à soi-même."),
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="role_ends_after_start",
                violation_error_message=_("Le rôle finit avant de commencer."),
            ),
            models.CheckConstraint(
                condition=Q(role__in=Role.values),
                name="role_known",
                violation_error_message=_("Ce rôle n’existe pas."),
            ),
            models.CheckConstraint(
                condition=_REVIEWER_SAYS_WHICH,
                name="role_reviewer_says_which",
                violation_error_message=_("Un relecteur dit de quelle relecture il s’agit, et lui seul."),
            ),
            ExclusionConstraint(
                name="role_no_overlap",
                expressions=(
                    ("user", RangeOperators.EQUAL),
                    ("role", RangeOperators.EQUAL),
                    ("reviewer_kind", RangeOperators.EQUAL),
                    (_DateRange("valid_from", "valid_to"), RangeOperators.OVERLAPS),
                ),
                violation_error_message=_("Cette personne a déjà ce rôle pendant cette période."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.user_id}: {self.get_role_display()}"


@tracked
class RoleRequest(models.Model):
    """A role change proposed by one person and decided by another one; the one concerned is neither."""

    action = models.CharField(_("action"), max_length=6, choices=RoleAction.choices)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("utilisateur")
    )
    role = models.CharField(_("rôle"), max_length=24, choices=Role.choices)
    reviewer_kind = models.CharField(_("relecture"), max_length=12, choices=ReviewerKind.choices, blank=True)
    valid_from = models.DateField(_("dès le"))
    valid_to = models.DateField(_("jusqu’au (non compris)"), null=True, blank=True)
    reason = models.CharField(_("motif"), max_length=200)
    state = models.CharField(_("état"), max_length=8, choices=RequestState.choices, default=RequestState.PENDING)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("proposé par")
    )
    requested_at = models.DateTimeField(_("proposé le"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("décidé par"),
    )
    decided_at = models.DateTimeField(_("décidé le"), null=True, blank=True)

    personal_data: ClassVar[dict[str, PersonalData]] = {
        "user": PersonalData.IDENTITY,
        "role": PersonalData.EMPLOYMENT,
        "reviewer_kind": PersonalData.EMPLOYMENT,
        "requested_by": PersonalData.IDENTITY,
        "decided_by": PersonalData.IDENTITY,
        "reason": PersonalData.FREE_TEXT,
    }

    class Meta:
        verbose_name = _("demande de rôle")
        verbose_name_plural = _("demandes de rôle")
        ordering = ("-requested_at", "-pk")
        constraints = (
            models.CheckConstraint(
                condition=~Q(requested_by=F("user")),
                name="role_request_not_for_oneself",
                violation_error_message=_("Personne ne demande un rôle pour soi-même."),
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | (~Q(decided_by=F("requested_by")) & ~Q(decided_by=F("user"))),
                name="role_request_second_person",
                violation_error_message=_("Une deuxième personne décide : ni le demandeur, ni l’intéressé."),
            ),
            models.CheckConstraint(
                condition=(Q(state=RequestState.PENDING, decided_by__isnull=True, decided_at__isnull=True))
                | (
                    Q(state__in=[RequestState.APPROVED, RequestState.REFUSED])
                    & Q(decided_by__isnull=False, decided_at__isnull=False)
                ),
                name="role_request_state_matches_decision",
                violation_error_message=_("Une demande décidée dit par qui et quand."),
            ),
            models.CheckConstraint(
                condition=_REVIEWER_SAYS_WHICH,
                name="role_request_reviewer_says_which",
                violation_error_message=_("Un relecteur dit de quelle relecture il s’agit, et lui seul."),
            ),
            models.CheckConstraint(
                condition=Q(role__in=Role.values, action__in=RoleAction.values) & ~Q(reason=""),
                name="role_request_complete",
                violation_error_message=_("La demande nomme un rôle connu et son motif."),
            ),
            models.UniqueConstraint(
                fields=("action", "user", "role", "reviewer_kind"),
                condition=Q(state=RequestState.PENDING),
                name="role_request_pending_once",
                violation_error_message=_("La même demande attend déjà une décision."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_action_display()} {self.get_role_display()}"
