from datetime import datetime, time
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from people.enums import PersonalData
from people.models.history import tracked
from portfolio.engines.reporting_calendar import CycleState


@tracked
class ReportingCalendar(models.Model):
    """The rhythm of the operating week from `valid_from` on; times are Europe/Brussels.

    Weekdays are ISO (1 Monday .. 7 Sunday). The freeze and the publication fall in the week
    after the reported one when `freeze_next_week` says so.
    """

    valid_from = models.DateField(_("valable dès le"), unique=True)
    open_weekday = models.PositiveSmallIntegerField(_("jour d’ouverture"), default=1)
    open_time = models.TimeField(_("heure d’ouverture"), default=time(7, 0))
    due_weekday = models.PositiveSmallIntegerField(_("jour d’échéance"), default=5)
    due_time = models.TimeField(_("heure d’échéance"), default=time(16, 0))
    cut_weekday = models.PositiveSmallIntegerField(_("jour d’arrêt des données"), default=5)
    cut_time = models.TimeField(_("heure d’arrêt des données"), default=time(18, 0))
    freeze_weekday = models.PositiveSmallIntegerField(_("jour du gel"), default=1)
    freeze_time = models.TimeField(_("heure du gel"), default=time(12, 0))
    publish_weekday = models.PositiveSmallIntegerField(_("jour de publication"), default=1)
    publish_time = models.TimeField(_("heure de publication"), default=time(17, 0))
    stale_after_days = models.PositiveSmallIntegerField(_("périmé après (jours)"), default=14)
    first_reminder_hours = models.PositiveSmallIntegerField(_("premier rappel, heures avant l’échéance"), default=48)
    second_reminder_hours = models.PositiveSmallIntegerField(_("dernier rappel, heures avant l’échéance"), default=6)
    overdue_reminder_hours = models.PositiveSmallIntegerField(_("rappel, heures après l’échéance"), default=1)
    programme_escalation_hours = models.PositiveSmallIntegerField(
        _("signalé au responsable de programme, heures avant le gel"), default=4
    )
    centre_escalation_hours = models.PositiveSmallIntegerField(
        _("signalé au responsable du centre, heures avant le gel"), default=2
    )

    personal_data: ClassVar[dict[str, PersonalData]] = {}

    class Meta:
        verbose_name = _("rythme du suivi")
        ordering = ("-valid_from",)
        constraints = [
            models.CheckConstraint(
                name="calendar_weekdays",
                condition=Q(
                    open_weekday__range=(1, 7),
                    due_weekday__range=(1, 7),
                    cut_weekday__range=(1, 7),
                    freeze_weekday__range=(1, 7),
                    publish_weekday__range=(1, 7),
                ),
                violation_error_message=_("Les jours vont de 1 (lundi) à 7 (dimanche)."),
            ),
            models.CheckConstraint(
                name="calendar_stale_range",
                condition=Q(stale_after_days__range=(7, 60)),
                violation_error_message=_("Le délai de péremption va de 7 à 60 jours."),
            ),
            models.CheckConstraint(
                name="calendar_reminders_ordered",
                condition=Q(
                    first_reminder_hours__gt=F("second_reminder_hours"),
                    second_reminder_hours__gte=1,
                    programme_escalation_hours__gt=F("centre_escalation_hours"),
                ),
                violation_error_message=_(
                    "Le premier rappel précède le dernier, et le programme est averti avant le centre."
                ),
            ),
        ]

    def __str__(self) -> str:
        return str(self.valid_from)


@tracked
class ReportingCycle(models.Model):
    """One ISO week of reporting. Instants are planned; `frozen_at`, `published_at` are facts."""

    iso_year = models.PositiveSmallIntegerField(_("année ISO"))
    iso_week = models.PositiveSmallIntegerField(_("semaine ISO"))
    opens_at = models.DateTimeField(_("ouverture"))
    due_at = models.DateTimeField(_("échéance"))
    cut_at = models.DateTimeField(_("arrêt des données"))
    freeze_at = models.DateTimeField(_("gel prévu"))
    publish_at = models.DateTimeField(_("publication prévue"))
    frozen_at = models.DateTimeField(_("gelée le"), null=True, blank=True)
    published_at = models.DateTimeField(_("publiée le"), null=True, blank=True)

    personal_data: ClassVar[dict[str, PersonalData]] = {}

    class Meta:
        verbose_name = _("semaine de suivi")
        ordering = ("iso_year", "iso_week")
        constraints = [
            models.UniqueConstraint(name="cycle_week_unique", fields=("iso_year", "iso_week")),
            models.CheckConstraint(
                name="cycle_week_range",
                condition=Q(iso_week__range=(1, 53), iso_year__range=(2000, 2100)),
            ),
            models.CheckConstraint(
                name="cycle_instants_ordered",
                condition=Q(
                    opens_at__lt=F("due_at"),
                    due_at__lte=F("cut_at"),
                    cut_at__lte=F("freeze_at"),
                    freeze_at__lte=F("publish_at"),
                ),
                violation_error_message=_("Ouverture, échéance, arrêt, gel, publication : dans l’ordre."),
            ),
            models.CheckConstraint(
                name="cycle_published_after_frozen",
                condition=Q(published_at__isnull=True) | Q(frozen_at__isnull=False),
                violation_error_message=_("Une semaine se publie après son gel."),
            ),
        ]

    def __str__(self) -> str:
        return self.slug

    @property
    def slug(self) -> str:
        """The week as in URLs and packs: `2026-W47`."""
        return f"{self.iso_year}-W{self.iso_week:02d}"

    def takes_statuses(self, now: datetime) -> bool:
        """Whether a status may still be published: by the clock, also when nothing has frozen the week yet."""
        return self.frozen_at is None and now < self.freeze_at

    def state(self, now: datetime) -> CycleState:
        """A cycle past its freeze time that nobody froze stays `DUE`."""
        if self.published_at:
            return CycleState.PUBLISHED
        if self.frozen_at:
            return CycleState.FROZEN
        if now >= self.due_at:
            return CycleState.DUE
        return CycleState.OPEN if now >= self.opens_at else CycleState.PLANNED
