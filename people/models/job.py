from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from people.enums import JobState, PersonalData

MAX_ATTEMPTS = 3
FINISHED = (JobState.DONE, JobState.FAILED, JobState.PARKED, JobState.STOPPED)


class JobQuerySet(models.QuerySet["Job"]):
    def claimable(self, now: datetime) -> JobQuerySet:
        """Queued and due, or running under a lease that ran out: its runner is dead."""
        return self.filter(
            Q(state=JobState.QUEUED, run_after__lte=now) | Q(state=JobState.RUNNING, lease_until__lt=now)
        )


class Job(models.Model):
    """A piece of background work. This row is the truth; whatever carries its id may be lost without harm."""

    kind = models.CharField(_("nature"), max_length=60)
    key = models.CharField(_("clé"), max_length=200, unique=True)
    payload = models.JSONField(_("données"), default=dict)
    state = models.CharField(_("état"), max_length=8, choices=JobState.choices, default=JobState.QUEUED)
    run_after = models.DateTimeField(_("pas avant"), default=timezone.now)
    lease_until = models.DateTimeField(_("bail jusqu’à"), null=True, blank=True)
    lease_token = models.UUIDField(_("jeton de bail"), null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(_("tentatives"), default=0)
    progress = models.PositiveSmallIntegerField(_("avancement"), default=0)
    progress_text = models.CharField(_("étape"), max_length=200, blank=True)
    error = models.TextField(_("cause"), blank=True)
    result: models.JSONField[Any, Any] = models.JSONField(_("résultat"), null=True, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("demandée par"),
    )
    created_at = models.DateTimeField(_("créée le"), default=timezone.now)
    started_at = models.DateTimeField(_("commencée le"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finie le"), null=True, blank=True)

    objects = JobQuerySet.as_manager()

    personal_data: ClassVar[dict[str, PersonalData]] = {
        "created_by": PersonalData.IDENTITY,
        "payload": PersonalData.FREE_TEXT,
        "result": PersonalData.FREE_TEXT,
        "error": PersonalData.FREE_TEXT,
    }

    class Meta:
        verbose_name = _("tâche de fond")
        verbose_name_plural = _("tâches de fond")
        ordering = ("-created_at", "-pk")
        indexes = (
            # read every second by each runner, and by the sweep
            models.Index(fields=("run_after", "id"), condition=Q(state__in=["queued", "running"]), name="job_waiting"),
            models.Index(fields=("kind", "-created_at"), name="job_by_kind"),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(attempts__lte=MAX_ATTEMPTS),
                name="job_three_attempts",
                violation_error_message=_("Une tâche est essayée trois fois au plus."),
            ),
            models.CheckConstraint(
                condition=Q(progress__lte=100),
                name="job_progress_percent",
                violation_error_message=_("L’avancement va de 0 à 100."),
            ),
            models.CheckConstraint(
                condition=Q(state__in=JobState.values),
                name="job_state_known",
                violation_error_message=_("Cet état de tâche n’existe pas."),
            ),
            models.CheckConstraint(
                condition=Q(state=JobState.RUNNING, lease_until__isnull=False, lease_token__isnull=False)
                | (~Q(state=JobState.RUNNING) & Q(lease_until__isnull=True, lease_token__isnull=True)),
                name="job_lease_while_running",
                violation_error_message=_("Une tâche a un bail quand elle est en cours, et alors seulement."),
            ),
            models.CheckConstraint(
                condition=Q(state__in=FINISHED, finished_at__isnull=False)
                | Q(state__in=[JobState.QUEUED, JobState.RUNNING], finished_at__isnull=True),
                name="job_finished_says_when",
                violation_error_message=_("Une tâche finie dit quand."),
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[JobState.FAILED, JobState.PARKED, JobState.STOPPED]) | ~Q(error=""),
                name="job_failure_says_why",
                violation_error_message=_("Une tâche refusée, annulée ou mise de côté dit pourquoi."),
            ),
        )

    def __str__(self) -> str:
        return self.key

    @property
    def is_finished(self) -> bool:
        return self.state in FINISHED
