from decimal import Decimal
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from governance.enums import ClosedDayRule, MonthWeek, Rhythm, TieRule, Weekday
from governance.models.body import Body
from people.enums import PersonalData
from people.models.history import tracked


@tracked
class BodyRules(models.Model):
    """How a body counts its quorum and its votes from a day on, until the next rules begin."""

    body = models.ForeignKey(Body, verbose_name=_("instance"), on_delete=models.CASCADE, related_name="rules")
    valid_from = models.DateField(_("du"))
    quorum_share = models.DecimalField(
        _("part des voix à réunir"), max_digits=3, decimal_places=2, default=Decimal("0.50")
    )
    chair_required = models.BooleanField(_("présidence ou vice-présidence requise"), default=True)
    voters_min = models.PositiveSmallIntegerField(_("votants présents au moins"), default=2)
    proxies_max = models.PositiveSmallIntegerField(_("procurations par personne"), default=1)
    tie = models.CharField(_("à égalité"), max_length=8, choices=TieRule, default=TieRule.CHAIR)
    written_days = models.PositiveSmallIntegerField(_("jours ouvrables d’une procédure écrite"), default=3)
    source = models.CharField(_("base"), max_length=200, blank=True, default="")

    personal_data: ClassVar[dict[str, PersonalData]] = {}

    class Meta:
        verbose_name = _("règles de vote")
        verbose_name_plural = _("règles de vote")
        ordering = ("body", "-valid_from")
        constraints = [
            models.UniqueConstraint(
                name="rules_one_a_day",
                fields=("body", "valid_from"),
                violation_error_message=_("Des règles commencent déjà ce jour."),
            ),
            models.CheckConstraint(
                name="rules_share_range",
                condition=Q(quorum_share__gte=0, quorum_share__lte=1),
                violation_error_message=_("La part des voix va de 0 à 1."),
            ),
            models.CheckConstraint(
                name="rules_two_voters",
                condition=Q(voters_min__gte=2),
                violation_error_message=_("Au moins deux votants décident."),
            ),
            models.CheckConstraint(
                name="rules_proxies_few",
                condition=Q(proxies_max__lte=3),
                violation_error_message=_("Au plus trois procurations par personne."),
            ),
            models.CheckConstraint(
                name="rules_written_days",
                condition=Q(written_days__range=(1, 20)),
                violation_error_message=_("Une procédure écrite dure de 1 à 20 jours ouvrables."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.body_id} {self.valid_from}"

    @property
    def quorum_percent(self) -> Decimal:
        return self.quorum_share * 100


@tracked
class MeetingRule(models.Model):
    """When a body meets: every so many weeks, or on the n-th weekday of the month."""

    body = models.ForeignKey(Body, verbose_name=_("instance"), on_delete=models.CASCADE, related_name="meeting_rules")
    rhythm = models.CharField(_("rythme"), max_length=8, choices=Rhythm, default=Rhythm.MONTHLY)
    every = models.PositiveSmallIntegerField(_("toutes les … semaines"), default=1)
    month_week = models.SmallIntegerField(_("quel jour du mois"), choices=MonthWeek, default=MonthWeek.FIRST)
    weekday = models.PositiveSmallIntegerField(_("jour"), choices=Weekday)
    at = models.TimeField(_("heure"))
    minutes = models.PositiveSmallIntegerField(_("durée (minutes)"), default=120)
    place = models.CharField(_("lieu"), max_length=120, blank=True, default="")
    closed_day = models.CharField(
        _("un jour de fermeture"), max_length=8, choices=ClosedDayRule, default=ClosedDayRule.NEXT
    )
    valid_from = models.DateField(_("du"))
    valid_to = models.DateField(_("au"), null=True, blank=True)

    personal_data: ClassVar[dict[str, PersonalData]] = {}

    class Meta:
        verbose_name = _("rythme des séances")
        verbose_name_plural = _("rythmes des séances")
        ordering = ("body", "-valid_from")
        constraints = [
            models.UniqueConstraint(
                name="meeting_rule_one_open",
                fields=("body",),
                condition=Q(valid_to__isnull=True),
                violation_error_message=_("Cette instance a déjà un rythme sans date de fin."),
            ),
            models.CheckConstraint(
                name="meeting_rule_dates",
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                violation_error_message=_("Le rythme finit après son début."),
            ),
            models.CheckConstraint(
                name="meeting_rule_every",
                condition=Q(every__range=(1, 26)),
                violation_error_message=_("Une séance toutes les 1 à 26 semaines."),
            ),
            models.CheckConstraint(
                name="meeting_rule_weekday",
                condition=Q(weekday__range=(1, 5)),
                violation_error_message=_("Une séance tombe du lundi au vendredi."),
            ),
            models.CheckConstraint(
                name="meeting_rule_minutes",
                condition=Q(minutes__range=(15, 480)),
                violation_error_message=_("Une séance dure de 15 minutes à 8 heures."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.body_id} {self.rhythm} {self.valid_from}"
