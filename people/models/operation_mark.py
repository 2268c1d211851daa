from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from people.enums import OperationKind, PersonalData


class OperationMark(models.Model):
    """That an operation took place: a backup, a restore drill; what `/status` shows as the last of its kind."""

    kind = models.CharField(_("opération"), max_length=12, choices=OperationKind.choices)
    at = models.DateTimeField(_("le"), default=timezone.now)
    ok = models.BooleanField(_("réussie"), default=True)
    data: models.JSONField[Any, Any] = models.JSONField(_("données"), default=dict)

    personal_data: ClassVar[dict[str, PersonalData]] = {}

    class Meta:
        verbose_name = _("opération")
        verbose_name_plural = _("opérations")
        ordering = ("-at", "-pk")
        indexes = (models.Index(fields=("kind", "-at"), name="operation_last"),)
        constraints = (models.CheckConstraint(condition=Q(kind__in=OperationKind.values), name="operation_kind_known"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.at:%Y-%m-%d %H:%M}"
