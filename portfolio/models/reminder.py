from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from people.enums import PersonalData
from people.models.person import Person
from people.models.user import User
from portfolio.enums import ReminderKind
from portfolio.models.project import Project
from portfolio.models.reporting_cycle import ReportingCycle

NOTE_MAX = 220


class Reminder(models.Model):
    """That a person was reminded of the status of one project and week; each automatic kind once."""

    cycle = models.ForeignKey(ReportingCycle, on_delete=models.PROTECT, related_name="reminders")
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="reminders")
    kind = models.CharField(_("nature"), max_length=10, choices=ReminderKind)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", verbose_name=_("rappelé à"))
    by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("par")
    )
    sent_at = models.DateTimeField(_("le"))

    personal_data: ClassVar[dict[str, PersonalData]] = {
        "person": PersonalData.ACTIVITY,
        "by": PersonalData.IDENTITY,
    }

    class Meta:
        verbose_name = _("rappel")
        verbose_name_plural = _("rappels")
        ordering = ("-sent_at", "-pk")
        constraints = [
            models.UniqueConstraint(
                name="reminder_once",
                fields=("cycle", "project", "kind", "person"),
                condition=~Q(kind="manual"),
                violation_error_message=_("Ce rappel est déjà parti."),
            ),
            models.CheckConstraint(
                name="reminder_by_hand_has_author", condition=~Q(kind="manual") | Q(by__isnull=False)
            ),
        ]
        indexes = [models.Index(fields=("cycle", "project"), name="reminder_of_week")]

    def __str__(self) -> str:
        return f"{self.cycle_id} {self.project_id} {self.kind}"


class ChaseNote(models.Model):
    """What the project office heard when it spoke to somebody about a missing status."""

    cycle = models.ForeignKey(ReportingCycle, on_delete=models.PROTECT, related_name="chase_notes")
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="chase_notes")
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("auteur"))
    text = models.CharField(_("note"), max_length=NOTE_MAX)
    created_at = models.DateTimeField(_("le"))

    personal_data: ClassVar[dict[str, PersonalData]] = {
        "author": PersonalData.IDENTITY,
        "text": PersonalData.FREE_TEXT,
    }

    class Meta:
        verbose_name = _("note de relance")
        ordering = ("-created_at", "-pk")
        constraints = [
            models.CheckConstraint(
                name="chase_note_has_text",
                condition=~Q(text=""),
                violation_error_message=_("La note est vide."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.cycle_id} {self.project_id}"
